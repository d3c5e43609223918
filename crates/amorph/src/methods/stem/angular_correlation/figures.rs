use super::Correlated;
use super::report::Curves;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

/// The correlation on the first halo over the angle, and the power of every order.
pub(super) fn correlation(curves: &Curves, power: &[f64], correlated: &Correlated) -> Figure {
    let halo = &curves.halo;
    // The value at zero, which holds the speckle's contrast, would flatten the rest.
    let rest = |values: &[f64]| values.iter().skip(1).copied().collect::<Vec<f64>>();
    let (x, values, errors) = (rest(&curves.angles), rest(&halo.values), rest(&halo.std_errors));
    let edge = |sign: f64| values.iter().zip(&errors).map(|(value, error)| value + sign * error).collect::<Vec<f64>>();
    let (lo, hi) = (edge(-1.0), edge(1.0));
    let role = Role::Series(0);
    let over_angle = Panel::new("first halo", Axis::linear("angle", Unit::of("deg")), Axis::linear("C", Unit::one()))
        .with(Mark::Band { name: "standard error".to_owned(), role, x: in_radians(&x), lo, hi })
        .with(Mark::line("correlation", role, in_radians(&x), values));
    let numbers: Vec<f64> = (1..=power.len()).map(|order| order as f64).collect();
    let by_order = Panel::new("orders", Axis::linear("order of symmetry", Unit::one()), Axis::linear("power", Unit::one()))
        .with(Mark::line("power", role, numbers, power.to_vec()));
    Figure {
        key: "angular_correlation".to_owned(),
        title: "Correlation along the first halo".to_owned(),
        caption: format!(
            "Left: correlation of intensities an angle apart on the same ring, mean over {} patterns, with its standard error. Right: power of an n-fold modulation.",
            correlated.partial.n
        ),
        panels: vec![over_angle, by_order],
    }
}

/// Figures hold SI values.
fn in_radians(degrees: &[f64]) -> Vec<f64> {
    degrees.iter().map(|angle| angle.to_radians()).collect()
}
