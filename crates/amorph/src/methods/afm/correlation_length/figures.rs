//! The structure function with its fit, and the map.

use super::Input;
use super::algorithm::Measured;
use super::bootstrap::Bootstrap;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::image::{PairStatistics, RadialLag};
use crate::core::stats::quantiles;
use crate::core::unit::Unit;
use crate::methods::afm::field::FieldFit;

pub(super) fn all(
    input: &Input<'_>,
    measured: &Measured,
    pairs: &PairStatistics,
    fit: Option<&FieldFit>,
    bootstrap: Option<&Bootstrap>,
) -> Vec<Figure> {
    vec![structure(input, measured, pairs, fit, bootstrap), map(input)]
}

/// Normalised by twice the variance, so that a field without correlation is 1.
fn structure(
    input: &Input<'_>,
    measured: &Measured,
    pairs: &PairStatistics,
    fit: Option<&FieldFit>,
    bootstrap: Option<&Bootstrap>,
) -> Figure {
    let reach = fit.map_or(f64::INFINITY, |fit| 1.5 * fit.r_max);
    let shown: Vec<RadialLag> = measured.radial.iter().copied().filter(|lag| lag.distance <= reach).collect();
    let scale = 2.0 * measured.variance;
    let distance: Vec<f64> = shown.iter().map(|lag| lag.distance).collect();
    let unit = Unit::of("m").preferred(distance.last().copied().unwrap_or(input.size.0));
    let axis = || Axis::linear("distance r", unit.clone());
    let mut panel = Panel::new("", axis(), Axis::linear("H(r) / 2 variance", Unit::one()));
    if let Some(band) = bootstrap.and_then(|bootstrap| band(bootstrap, reach)) {
        panel = panel.with(band);
    }
    for (name, role, section) in
        [("fast axis", Role::Series(1), pairs.fast_axis()), ("slow axis", Role::Series(2), pairs.slow_axis())]
    {
        let inside: Vec<RadialLag> = section.into_iter().filter(|lag| lag.distance <= reach).collect();
        let (x, y) = inside.iter().map(|lag| (lag.distance, lag.structure / scale)).unzip();
        panel = panel.with(Mark::line(name, role, x, y));
    }
    let y: Vec<f64> = shown.iter().map(|lag| lag.structure / scale).collect();
    panel = panel.with(Mark::points("radial mean", Role::Data, distance.clone(), y.clone()));
    let mut panels = Vec::new();
    if let Some(fit) = fit {
        let model: Vec<f64> = distance.iter().map(|r| fit.structure_at(*r) / scale).collect();
        let residual = y.iter().zip(&model).map(|(y, m)| y - m).collect();
        let limit = |at: f64| Mark::Rule { name: "end of fit".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at };
        panels.push(panel.with(Mark::line("fit", Role::Model, distance.clone(), model)).with(limit(fit.r_max)));
        panels.push(
            Panel::new("", axis(), Axis::linear("residual", Unit::one()))
                .with(Mark::points("", Role::Data, distance, residual))
                .with(Mark::Rule { name: String::new(), role: Role::Model, axis: RuleAxis::Y, at: 0.0 })
                .with(limit(fit.r_max)),
        );
    } else {
        panels.push(panel);
    }
    let caption = "Structure function, averaged over directions (points) and along the scan axes (lines), with the fitted stretched \
                   exponential. Band: 95 % of surrogates of the fitted field; neighbouring points move together.";
    Figure { key: "structure_function".to_owned(), title: "Structure function".to_owned(), caption: caption.to_owned(), panels }
}

/// Pointwise 95 % band of the surrogates, each normalised by its own variance.
fn band(bootstrap: &Bootstrap, reach: f64) -> Option<Mark> {
    let first = bootstrap.replicates.first()?;
    let (mut x, mut lo, mut hi) = (Vec::new(), Vec::new(), Vec::new());
    for (index, lag) in first.radial.iter().enumerate().take_while(|(_, lag)| lag.distance <= reach) {
        let values: Vec<f64> = bootstrap
            .replicates
            .iter()
            .filter_map(|replicate| Some(replicate.radial.get(index)?.structure / (2.0 * replicate.variance)))
            .collect();
        if let [low, high] = quantiles(&values, &[0.025, 0.975]).ok()?[..] {
            x.push(lag.distance);
            lo.push(low);
            hi.push(high);
        }
    }
    Some(Mark::Band { name: "surrogates, 95 %".to_owned(), role: Role::Null, x, lo, hi })
}

fn map(input: &Input<'_>) -> Figure {
    let unit = Unit::of("m").preferred(input.size.0);
    let colour = ColourAxis {
        label: input.map.quantity.replace('_', " "),
        unit: input.map.display_unit(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    let panel = Panel::map("", Axis::linear("x", unit.clone()), Axis::linear("y", unit))
        .with(Mark::Image { map: input.map.quantity.clone(), colour });
    Figure {
        key: "map".to_owned(),
        title: "Map".to_owned(),
        caption: "The map whose fluctuations are analysed.".to_owned(),
        panels: vec![panel],
    }
}
