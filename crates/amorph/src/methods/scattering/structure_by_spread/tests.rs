use std::sync::Arc;

use super::*;
use crate::core::outcome::Estimate;

fn upstream(method: &str, item: usize, estimates: &[(&str, f64, &str)]) -> Upstream {
    let one = |(key, value, unit): &(&str, f64, &str)| Estimate::without_interval(key, "", *value, unit, "");
    Upstream {
        job: format!("{method} {item}"),
        method: method.to_owned(),
        state: "as-cast".to_owned(),
        item: format!("volume {item}"),
        outcome: Arc::new(Outcome { estimates: estimates.iter().map(one).collect(), ..Outcome::default() }),
    }
}

/// Volumes of rising spread with these dimensions and lengths.
fn volumes(dimensions: &[f64], lengths: &[f64]) -> Vec<Upstream> {
    let of = |(item, (dimension, length)): (usize, (&f64, &f64))| {
        [
            upstream(VolumeStatistics::INFO.id, item, &[("g_std_micro", 0.01 * (item + 1) as f64, "")]),
            // The spread of the statistics counts.
            upstream(
                BoxCounting::INFO.id,
                item,
                &[("fractal_dimension_box", *dimension, ""), ("volume_fraction", 0.5, ""), ("g_std_micro", 0.5, "")],
            ),
            upstream(DensityCorrelation::INFO.id, item, &[("correlation_length", *length, "m")]),
            upstream(Percolation::INFO.id, item, &[("correlation_length_cluster", 2.0 * length, "m")]),
        ]
    };
    dimensions.iter().zip(lengths).enumerate().flat_map(of).collect()
}

fn run(upstream: Vec<Upstream>) -> Result<Outcome, MethodError> {
    let method = StructureBySpread::default();
    method.run(&method.check(&Dataset { upstream, ..Dataset::default() })?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

#[test]
fn volumes_stand_side_by_side() {
    let outcome = run(volumes(&[2.3, 2.4, 2.45, 2.5, 2.6], &[3e-7, 2.9e-7, 3.5e-7, 2.8e-7, 3.1e-7])).unwrap();
    assert!((value(&outcome, "dimension_trend") - 1.0).abs() < 1e-12);
    assert!((value(&outcome, "p_dimension_trend") - 1.0 / 60.0).abs() < 1e-12);
    assert!(value(&outcome, "p_length_trend") > 0.2);
    assert_eq!(value(&outcome, "length_trend"), value(&outcome, "cluster_length_trend"));
    assert!(outcome.notes.iter().any(|note| note.message.contains("the dimension rises")));
    assert!(StructureBySpread::INFO.outputs.iter().all(|output| outcome.estimate(output.key).is_some()));
    let (unit, spread) = outcome.table("volumes").unwrap().numbers("g_std_micro").unwrap();
    assert!((spread[4] - 0.05).abs() < 1e-12 && spread.len() == 5, "{unit:?}");
    assert_eq!(outcome.figures[0].panels.len(), 2);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let two = volumes(&[2.3, 2.4], &[3e-7, 3e-7]);
    assert!(run(two).unwrap_err().to_string().starts_with("2 volumes have"));
    let mut shares = volumes(&[2.3, 2.4, 2.5], &[3e-7, 3e-7, 4e-7]);
    shares[1] = upstream(BoxCounting::INFO.id, 0, &[("fractal_dimension_box", 2.3, ""), ("volume_fraction", 0.3, "")]);
    assert!(run(shares).unwrap().notes.iter().any(|note| note.code == "unequal_shares"));
    let mut units = volumes(&[2.3, 2.4, 2.5], &[3e-7, 3e-7, 4e-7]);
    units[2] = upstream(DensityCorrelation::INFO.id, 0, &[("correlation_length", 4.0, "")]);
    units[3] = upstream(Percolation::INFO.id, 0, &[("correlation_length_cluster", 9.0, "")]);
    let outcome = run(units).unwrap();
    assert!(outcome.estimate("length_trend").is_none() && outcome.estimate("dimension_trend").is_some());
    assert!(outcome.notes.iter().any(|note| note.code == "lengths_in_two_units"));
    // Without densities there is no spread.
    let mut none = volumes(&[2.3, 2.4, 2.5], &[3e-7, 3e-7, 4e-7]);
    none.retain(|upstream| upstream.method != VolumeStatistics::INFO.id && upstream.method != BoxCounting::INFO.id);
    assert!(run(none).unwrap_err().to_string().contains("g_std_micro"));
}
