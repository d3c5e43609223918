//! The correlation coefficient along the scan axes, with what chance gives.

use super::algorithm::{Lags, Reading};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::stats::quantiles;
use crate::core::unit::Unit;

/// `limit` is the 95 % quantile of the largest magnitude over all lags.
pub(super) fn sections(reading: &Reading, null: &[Reading], lags: &Lags, pitch: (f64, f64), limit: f64) -> Figure {
    let (rows, columns) = lags.reach();
    let unit = Unit::of("m").preferred(columns as f64 * pitch.1);
    let panel = |title: &str, reach: isize, pitch: f64, read: fn(&Reading) -> &[f64]| {
        let lag: Vec<f64> = (-reach..=reach).map(|lag| lag as f64 * pitch).collect();
        let rule = |at: f64| Mark::Rule { name: String::new(), role: Role::Null, axis: RuleAxis::Y, at };
        let (lo, hi) = (0..lag.len()).map(|index| middle(null.iter().map(|reading| read(reading)[index]))).unzip();
        Panel::new(title, Axis::linear("lag", unit.clone()), Axis::linear("correlation coefficient", Unit::one()))
            .with(Mark::Band { name: "surrogates, 95 % at each lag".to_owned(), role: Role::Null, x: lag.clone(), lo, hi })
            .with(rule(-limit))
            .with(rule(limit))
            .with(Mark::line("map and height", Role::Data, lag, read(reading).to_vec()))
    };
    Figure {
        key: "cross_correlation".to_owned(),
        title: "Correlation with the height".to_owned(),
        caption: "Correlation coefficient of the map, shifted by the lag, with the levelled height. Band: 95 % of surrogates at each lag. \
                  Lines: 95 % of surrogates stay between them at all lags, in all directions."
            .to_owned(),
        panels: vec![
            panel("fast axis", columns, pitch.1, |reading| &reading.fast),
            panel("slow axis (downwards)", rows, pitch.0, |reading| &reading.slow),
        ],
    }
}

/// 2.5 % and 97.5 % quantiles.
fn middle(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values: Vec<f64> = values.collect();
    match quantiles(&values, &[0.025, 0.975]).as_deref() {
        Ok([low, high]) => (*low, *high),
        _ => (f64::NAN, f64::NAN),
    }
}
