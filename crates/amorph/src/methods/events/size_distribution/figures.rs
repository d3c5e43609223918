use super::{Input, Model};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::stats::power_law::{Distribution, Maximum, TruncatedPowerLaw};
use crate::core::unit::Unit;

/// Most points that are drawn of the data.
const MOST_POINTS: usize = 400;

/// Points of a model's line.
const LINE_POINTS: usize = 160;

/// Share of events larger than x, with the fit and the pure power law.
pub(super) fn survival(input: &Input, fit: &Maximum, pure: &Maximum, model: Model) -> Figure {
    let n = input.sizes.len();
    // Evenly spaced in the logarithm of the rank, so that the tail is complete.
    let points = MOST_POINTS.min(n);
    let rank = |i: usize| ((n as f64).powf(1.0 - i as f64 / (points - 1) as f64).round() as usize).clamp(1, n);
    let mut ranks: Vec<usize> = (0..points).map(rank).collect();
    ranks.dedup();
    let x = ranks.iter().map(|rank| input.sizes[n - rank]).collect();
    let y = ranks.iter().map(|rank| *rank as f64 / n as f64).collect();
    let largest = input.sizes[n - 1] / input.xmin;
    let line = |name: &str, role, law: TruncatedPowerLaw, dashed| {
        let ln_y: Vec<f64> = (0..LINE_POINTS).map(|i| 1.2 * largest.ln() * i as f64 / (LINE_POINTS - 1) as f64).collect();
        // Down to shares that no event of this many could show.
        let visible = |share: &f64| *share > 0.3 / n as f64;
        let share: Vec<f64> = Distribution::of(law).survival(&ln_y).take_while(visible).collect();
        let x = ln_y.iter().take(share.len()).map(|u| input.xmin * u.exp()).collect();
        Mark::Line { name: name.to_owned(), role, x, y: share, dashed }
    };
    let unit = if input.unit.is_known() { input.unit.clone() } else { Unit::one() };
    let panel = Panel::new("", Axis::log(&input.column, unit), Axis::log("share of larger events", Unit::one()))
        .with(Mark::points("events", Role::Data, x, y));
    let panel = match model {
        Model::TruncatedPowerLaw => panel.with(line("pure power law", Role::Null, pure.law, true)).with(line(
            "truncated power law",
            Role::Model,
            fit.law,
            false,
        )),
        Model::PowerLaw => panel.with(line("power law", Role::Model, fit.law, false)),
    };
    Figure {
        key: "size_distribution".to_owned(),
        title: "Size distribution".to_owned(),
        caption:
            "Share of events at least as large as a size. A cut-off bends the data below the straight line of a pure power law."
                .to_owned(),
        panels: vec![panel],
    }
}
