//! The spectrum with its zero loss; the map.

use super::algorithm::{EnergyAxis, LogRatio};
use super::report::RATIO_MAP;
use crate::core::data::Map;
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use crate::core::unit::Unit;

pub(super) fn all(total: &[f64], axis: EnergyAxis, ratio: &LogRatio, map: Option<&Map>) -> Vec<Figure> {
    let mut figures = vec![spectrum(total, axis, ratio)];
    figures.extend(map.map(thickness_map));
    figures
}

fn spectrum(total: &[f64], axis: EnergyAxis, ratio: &LogRatio) -> Figure {
    let unit = Unit::of("eV");
    let energy: Vec<f64> = (0..total.len()).map(|i| unit.to_si(axis.first + axis.step * i as f64)).collect();
    let positive: Vec<f64> = total.iter().map(|count| if *count > 0.0 { *count } else { f64::NAN }).collect();
    let last = energy.last().copied().unwrap_or_default();
    let panel = Panel::new(
        "",
        Axis::linear("energy loss", unit.clone()).within(unit.to_si(axis.first), last),
        Axis::log("counts", Unit::one()),
    )
    .with(Mark::line("sum of all spectra", Role::Data, energy, positive))
    .with(Mark::Rule {
        name: "zero loss".to_owned(),
        role: Role::Highlight,
        axis: RuleAxis::X,
        at: unit.to_si(ratio.zero),
    });
    Figure {
        key: "low_loss".to_owned(),
        title: "Low-loss spectrum".to_owned(),
        caption: format!("Sum of all spectra and the fitted place of the zero loss; t/lambda = {:.3}.", ratio.t_over_lambda),
        panels: vec![panel],
    }
}

fn thickness_map(map: &Map) -> Figure {
    let unit = || if map.extent.is_some() { Unit::of("nm") } else { Unit::one() };
    let colour = ColourAxis {
        label: "t/lambda".to_owned(),
        unit: Unit::one(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    Figure {
        key: "thickness_map".to_owned(),
        title: "Thickness".to_owned(),
        caption: "Thickness over the mean free path at every position.".to_owned(),
        panels: vec![
            Panel::map("", Axis::linear("x", unit()), Axis::linear("y", unit()))
                .with(Mark::Image { map: RATIO_MAP.to_owned(), colour }),
        ],
    }
}
