use super::algorithm::StressedFit;
use super::theories::predictions;
use super::{Input, SizeIs};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::Estimate;
use crate::core::stats::power_law::{LawMoments, TruncatedPowerLaw};
use crate::core::unit::Unit;

/// Windows of stress.
const WINDOWS: usize = 8;
/// Most points that are drawn.
const MOST_POINTS: usize = 2000;

/// Sizes and their means over the stress, with the mean of the law.
pub(super) fn by_stress(input: &Input, critical: f64, fit: &StressedFit) -> Figure {
    let every = input.events.len().div_ceil(MOST_POINTS);
    let shown: Vec<_> = input.events.iter().step_by(every).collect();
    let mut sorted = input.events.clone();
    sorted.sort_unstable_by(|a, b| a.stress.total_cmp(&b.stress));
    let (mut x, mut y, mut y_interval) = (Vec::new(), Vec::new(), Vec::new());
    for window in sorted.chunks(sorted.len().div_ceil(WINDOWS)) {
        let n = window.len() as f64;
        let mean = window.iter().map(|event| event.size).sum::<f64>() / n;
        let error = (window.iter().map(|event| (event.size - mean).powi(2)).sum::<f64>() / n / n).sqrt();
        x.push(window.iter().map(|event| event.stress).sum::<f64>() / n);
        y.push(mean);
        y_interval.push([(mean - 1.96 * error).max(0.05 * mean), mean + 1.96 * error]);
    }
    let low = sorted.first().map_or(0.0, |event| event.stress);
    let high = sorted.last().map_or(critical, |event| event.stress);
    let places: Vec<f64> = (0..=80).map(|k| low + (high - low) * f64::from(k) / 80.0).collect();
    let of_law = |stress: &f64| {
        let lambda = (fit.law.power * (1.0 - stress / critical).max(1e-9).ln()).exp() / fit.law.scale;
        input.xmin * LawMoments::of(TruncatedPowerLaw { alpha: fit.law.exponent, lambda }).mean
    };
    let means = places.iter().map(of_law).collect();
    let unit = if input.size_unit.is_known() { input.size_unit.clone() } else { Unit::one() };
    let panel = Panel::new("", Axis::linear("stress", Unit::of("MPa")), Axis::log("size", unit))
        .with(Mark::points(
            "events",
            Role::Null,
            shown.iter().map(|event| event.stress).collect(),
            shown.iter().map(|event| event.size).collect(),
        ))
        .with(Mark::Points { name: "mean".to_owned(), role: Role::Data, x, y, y_interval, x_interval: Vec::new() })
        .with(Mark::line("mean of the law", Role::Model, places, means));
    Figure {
        key: "sizes_by_stress".to_owned(),
        title: "Sizes under stress".to_owned(),
        caption: "Sizes of events at the stress at which they happened, their means with 95 % intervals, and the mean of the law whose cut-off grows towards the critical stress.".to_owned(),
        panels: vec![panel],
    }
}

/// Exponents beside those that theories predict.
pub(super) fn theory(size_is: SizeIs, estimates: &[Estimate]) -> Figure {
    let rows: Vec<_> = predictions(size_is)
        .into_iter()
        .filter_map(|row| Some((estimates.iter().find(|estimate| estimate.key == row.key)?.clone(), row)))
        .collect();
    let names = rows.iter().rev().map(|(_, row)| row.what.to_owned()).collect();
    let place = |k: usize| k as f64;
    let interval = |estimate: &Estimate| estimate.interval.map_or([estimate.value; 2], |interval| [interval.lo, interval.hi]);
    let elastoplastic: Vec<(f64, f64)> =
        rows.iter().rev().enumerate().filter_map(|(k, (_, row))| Some((row.elastoplastic?, place(k)))).collect();
    let mut panel = Panel::new("", Axis::linear("exponent", Unit::one()), Axis::categories("", names))
        .with(Mark::Points {
            name: "found".to_owned(),
            role: Role::Data,
            x: rows.iter().rev().map(|(estimate, _)| estimate.value).collect(),
            y: (0..rows.len()).map(place).collect(),
            x_interval: rows.iter().rev().map(|(estimate, _)| interval(estimate)).collect(),
            y_interval: Vec::new(),
        })
        .with(Mark::points(
            "mean field",
            Role::Model,
            rows.iter().rev().map(|(_, row)| row.mean_field).collect(),
            (0..rows.len()).map(|k| place(k) + 0.15).collect(),
        ));
    if !elastoplastic.is_empty() {
        let (x, y): (Vec<f64>, Vec<f64>) = elastoplastic.into_iter().map(|(x, y)| (x, y - 0.15)).unzip();
        panel = panel.with(Mark::points("elastoplastic", Role::Reference, x, y));
    }
    Figure {
        key: "avalanche_exponents".to_owned(),
        title: "Exponents of avalanches".to_owned(),
        caption: "Exponents that were found, with their 95 % intervals where they are known to cover, beside two theories."
            .to_owned(),
        panels: vec![panel],
    }
}
