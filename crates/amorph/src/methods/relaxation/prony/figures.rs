use super::algorithm::Series;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;
use crate::methods::relaxation::spectra::Isotherm;

/// Readings with the series, its terms, and residuals.
pub(super) fn series(times: &[f64], values: &[f64], found: &Series, isotherm: &Isotherm) -> Figure {
    let time = || Axis::log("time", Unit::of("s"));
    let (first, last) = (times[0], times[times.len() - 1]);
    let grid: Vec<f64> = (0..=300).map(|i| first * (last / first).powf(f64::from(i) / 300.0)).collect();
    let line = grid.iter().map(|t| found.modulus(*t)).collect();
    let modulus = Panel::new("", time(), Axis::log("relaxation modulus", Unit::of("GPa")))
        .with(Mark::points("readings", Role::Data, times.to_vec(), values.to_vec()))
        .with(Mark::line("series", Role::Model, grid, line));
    let terms = Panel::new("", Axis::log("relaxation time", Unit::of("s")), Axis::log("strength", Unit::of("GPa")))
        .with(Mark::points("terms", Role::Model, found.times.clone(), found.strengths.clone()));
    let residual = Panel::new("", time(), Axis::linear("series/reading - 1", Unit::of("%"))).with(Mark::points(
        "",
        Role::Data,
        times.to_vec(),
        found.residuals.clone(),
    ));
    Figure {
        key: "prony_series".to_owned(),
        title: format!("Prony series at {}", isotherm.label()),
        caption: "The relaxation modulus with the series through it, the strengths of its exponentials over their times, and residuals relative to the readings. \
                  Residuals that wave say that the times stand too far apart."
            .to_owned(),
        panels: vec![modulus, terms, residual],
    }
}
