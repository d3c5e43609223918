//! The map, and the correlation of the regions.

use super::analysis::Found;
use super::report::{Curve, TIME_MAP};
use super::{Convention, RelaxationMap};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, Scale};
use crate::core::unit::Unit;

pub(super) fn all(method: &RelaxationMap, found: &Found, curves: &[Curve<'_>], interval: f64, in_metres: bool) -> Vec<Figure> {
    let mut figures = Vec::new();
    if !curves.is_empty() {
        figures.push(correlation(found, curves, interval));
    }
    figures.push(map(method, in_metres));
    figures
}

fn correlation(found: &Found, curves: &[Curve<'_>], interval: f64) -> Figure {
    let time: Vec<f64> = found.lags.iter().map(|lag| *lag as f64 * interval).collect();
    let mut panel = Panel::new("", Axis::log("lag", Unit::of("s")), Axis::linear("g2 - 1", Unit::one()));
    for (index, curve) in curves.iter().enumerate() {
        let role = Role::Series(index as u16);
        let law = found.lags.iter().map(|lag| curve.law.excess(*lag as f64)).collect();
        panel = panel.with(Mark::points(curve.region.name(), role, time.clone(), curve.excess.clone())).with(Mark::line(
            "",
            role,
            time.clone(),
            law,
        ));
    }
    Figure {
        key: "intensity_correlation".to_owned(),
        title: "Correlation of the intensity in time".to_owned(),
        caption: "Pooled over the pixels of a region, what the mean over the record takes away given back, and the fitted law. Lag zero, which holds the counting noise, is left out.".to_owned(),
        panels: vec![panel],
    }
}

fn map(method: &RelaxationMap, in_metres: bool) -> Figure {
    let unit = || if in_metres { Unit::of("nm") } else { Unit::one() };
    let colour = ColourAxis {
        label: "relaxation time".to_owned(),
        unit: Unit::of("s"),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Log,
    };
    let convention = match method.convention {
        Convention::Amplitude => "amplitude",
        Convention::Intensity => "intensity",
    };
    Figure {
        key: "relaxation_time_map".to_owned(),
        title: "Relaxation times".to_owned(),
        caption: format!("Time of the {convention} at every place; empty where it is too short or too long to be known."),
        panels: vec![
            Panel::map("", Axis::linear("x", unit()), Axis::linear("y", unit()))
                .with(Mark::Image { map: TIME_MAP.to_owned(), colour }),
        ],
    }
}
