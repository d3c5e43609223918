use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::core::random::standard_normals;
use crate::core::stats::coverage;
use crate::method::find;

/// Lengths at several ratios with relative scatter.
fn lengths(n: usize, slope: f64, scatter: f64, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let ratios: Vec<f64> = (0..n).map(|i| 0.3 + 0.6 * i as f64 / (n - 1) as f64).collect();
    let noise = standard_normals(seed, n);
    let values = ratios.iter().zip(noise).map(|(ratio, z)| 4e-9 * (slope * (ratio - 0.6) + scatter * z).exp()).collect();
    (ratios, values)
}

#[test]
fn the_interval_covers() {
    for (n, slope) in [(4, 0.0), (8, 0.3)] {
        let truth = (slope * 0.6f64).exp_m1();
        let trial = |seed: u64| {
            let (ratios, values) = lengths(n, slope, 0.05, seed);
            Trend::of(&ratios, &values).map(|trend| trend.change_interval())
        };
        let found = coverage(2000, 7, truth, trial).unwrap();
        // 2000 trials at 95 % scatter by 0.5 %.
        assert!((0.935..=0.965).contains(&found.fraction), "{n}: {}", found.fraction);
    }
}

fn dataset(ratios: &[f64], values: &[f64]) -> Dataset {
    let upstream = |method: &str, index: usize, estimate: Estimate| Upstream {
        job: String::new(),
        method: method.to_owned(),
        state: String::new(),
        item: format!("image {index}"),
        outcome: Arc::new(Outcome { estimates: vec![estimate], ..Outcome::default() }),
    };
    let mut all = Vec::new();
    for (index, (ratio, value)) in ratios.iter().zip(values).enumerate() {
        let ratio = Estimate::without_interval("amplitude_ratio", "", *ratio, "", "");
        let length = Estimate::without_interval("correlation_length", "", *value, "m", "");
        all.push(upstream("dafm.correlation_length", index, length));
        all.push(upstream("dafm.dissipation", index, ratio));
    }
    Dataset { upstream: all, ..Dataset::default() }
}

fn run(ratios: &[f64], values: &[f64]) -> Result<Outcome, MethodError> {
    find("dafm.amplitude_dependence").unwrap().run(&json!({}), &dataset(ratios, values), &Ctx::new(1))
}

#[test]
fn dependence_and_its_absence_are_told_apart() {
    let code = |slope: f64, scatter: f64| {
        let (ratios, values) = lengths(10, slope, scatter, 2);
        run(&ratios, &values).unwrap().notes[0].code.clone()
    };
    assert_eq!(code(0.0, 0.01), "amplitude_dependence_negligible");
    assert_eq!(code(1.0, 0.05), "amplitude_dependence");
    assert_eq!(code(0.0, 0.2), "amplitude_dependence_undecided");
    let (ratios, values) = lengths(10, 0.5, 1e-6, 2);
    let outcome = run(&ratios, &values).unwrap();
    assert!((outcome.estimate("log_slope").unwrap().value - 0.5).abs() < 1e-4);
    // ln ξ is linear, so the geometric mean is the value at the mean ratio, 0.6.
    assert!((outcome.estimate("amplitude_slope").unwrap().value / 2e-9 - 1.0).abs() < 1e-4);
    assert!((outcome.estimate("relative_change").unwrap().value - 0.3f64.exp_m1()).abs() < 1e-4);
}

#[test]
fn too_little_is_refused() {
    let (ratios, values) = lengths(10, 0.0, 0.01, 2);
    assert!(run(&ratios[..3], &values[..3]).unwrap_err().to_string().contains("3 images"));
    assert!(run(&[0.5, 0.51, 0.52, 0.53], &values[..4]).unwrap_err().to_string().contains("a range of 0.1"));
    let error =
        find("dafm.amplitude_dependence").unwrap().run(&json!({"negligible": 0.0}), &dataset(&ratios, &values), &Ctx::new(1));
    assert!(error.unwrap_err().to_string().contains("negligible"));
}
