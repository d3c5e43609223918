use approx::assert_relative_eq;
use serde_json::json;

use super::*;
use crate::core::data::{Channel, Record, Recording, TraceQuantity};
use crate::core::random::standard_normals;
use crate::methods::indentation::testing::{dataset, holds, refusal, run};

const ID: &str = FlatPunch::INFO.id;

/// Elastic and plastic loading to `peak`, then an elastic unloading of stiffness 2 E* a.
fn pressed(peak: f64, stiffness: f64, noise: f64, seed: u64) -> Record {
    let n = 200;
    let up = (1..=n).map(|i| (peak * f64::from(i) / f64::from(n), 1.5 * peak / stiffness * f64::from(i) / f64::from(n)));
    let down = (1..=n).map(|i| {
        let load = peak * (1.0 - f64::from(i) / f64::from(n));
        (load, 1.5 * peak / stiffness - (peak - load) / stiffness)
    });
    let rows: Vec<(f64, f64)> = up.chain(down).collect();
    let z = standard_normals(seed, rows.len());
    let recording = Recording::of_test(vec![
        Channel::new(TraceQuantity::Time, (0..rows.len()).map(|i| i as f64 * 0.1).collect()),
        Channel::new(TraceQuantity::Load, rows.iter().map(|row| row.0).collect()),
        Channel::new(TraceQuantity::Depth, rows.iter().zip(z).map(|(row, z)| row.1 + noise * z).collect()),
    ]);
    Record::of_test("press", recording)
}

const STATED: [(&str, &str); 3] = [("punch_radius", "5 um"), ("hardness", "6 GPa"), ("film_thickness", "1 um")];

#[test]
fn the_loads_of_the_paper_are_judged() {
    let low = run(ID, json!({}), &dataset(pressed(40e-3, 1e6, 0.0, 1), &STATED)).unwrap();
    assert_relative_eq!(low.estimate("mean_pressure").unwrap().value, 0.5093e9, max_relative = 1e-4);
    assert!(low.notes.iter().any(|note| note.code == "below_yield"));
    let high = run(ID, json!({}), &dataset(pressed(3.0, 5e6, 0.0, 1), &STATED)).unwrap();
    assert_relative_eq!(high.estimate("mean_pressure").unwrap().value, 38.20e9, max_relative = 1e-4);
    for code in ["above_hardness", "deep_in_film"] {
        assert!(high.notes.iter().any(|note| note.code == code), "{code}");
    }
}

#[test]
fn stiffness_modulus_and_residual_depth_are_the_truth() {
    let mut hits = 0;
    for seed in 0..400 {
        let outcome = run(ID, json!({}), &dataset(pressed(40e-3, 1e6, 0.3e-9, seed), &STATED)).unwrap();
        hits += usize::from(holds(outcome.estimate("reduced_modulus").unwrap(), 1e6 / 10e-6));
        let residual = outcome.estimate("residual_depth").unwrap().value;
        assert!((residual - 0.5 * 40e-9 - 0.05 * 40e-9).abs() < 2e-9, "{residual:e}");
    }
    // 400 trials: standard error 1.1 %.
    assert!((366..=394).contains(&hits), "{hits}");
}

#[test]
fn bad_input_is_refused() {
    assert!(refusal(ID, json!({}), &dataset(pressed(1e-3, 1e6, 0.0, 1), &[])).contains("punch_radius"));
    assert!(refusal(ID, json!({}), &dataset(Record::default(), &STATED)).contains("none of 0 tests"));
    let mut held = pressed(1e-3, 1e6, 0.0, 1);
    for channel in &mut held.tests[0].tables[0].channels {
        channel.values.truncate(200);
    }
    let outcome = run(ID, json!({}), &dataset(held, &STATED)).unwrap();
    assert!(outcome.estimate("reduced_modulus").is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "no_unloading"));
}
