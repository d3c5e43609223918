//! Every number against the cut-off, with the null band.

use super::CutoffSweep;
use super::report::{FOLLOWED, Followed, Swept};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::unit::Unit;

pub(super) fn sweep(swept: &Swept<'_>, method: &CutoffSweep) -> Figure {
    Figure {
        key: "cutoff_sweep".to_owned(),
        title: "Regions against the cut-off".to_owned(),
        caption:
            "Mean aspect ratio, size and number of the regions at each cut-off (points with 95 % intervals) and where 95 % of isotropic \
             noise with the same correlation and the same values lies (band). Points inside the band tell nothing about the material."
                .to_owned(),
        panels: FOLLOWED.iter().map(|followed| panel(swept, followed, &method.cutoffs)).collect(),
    }
}

fn panel(swept: &Swept<'_>, followed: &Followed, cutoffs: &[f64]) -> Panel {
    let values: Vec<f64> = (0..cutoffs.len()).map(|index| swept.value(followed, index)).collect();
    let shown: Vec<usize> = (0..cutoffs.len()).filter(|index| values[*index].is_finite()).collect();
    let largest = values.iter().copied().filter(|value| value.is_finite()).fold(f64::MIN_POSITIVE, f64::max);
    let unit = if followed.unit.is_empty() { Unit::one() } else { Unit::of(followed.unit).preferred(largest) };
    let mut panel = Panel::new("", Axis::log("cut-off", Unit::one()), Axis::linear(followed.label, unit));
    let band: Vec<_> =
        cutoffs.iter().enumerate().filter_map(|(index, cutoff)| Some((*cutoff, swept.comparison(followed, index)?))).collect();
    if !band.is_empty() {
        let x: Vec<f64> = band.iter().map(|(cutoff, _)| *cutoff).collect();
        panel = panel
            .with(Mark::Band {
                name: "noise, 95 %".to_owned(),
                role: Role::Null,
                x: x.clone(),
                lo: band.iter().map(|(_, c)| c.band.0).collect(),
                hi: band.iter().map(|(_, c)| c.band.1).collect(),
            })
            .with(Mark::line("noise, mean", Role::Null, x, band.iter().map(|(_, c)| c.mean).collect()));
    }
    let intervals: Option<Vec<[f64; 2]>> =
        shown.iter().map(|index| swept.interval(followed, *index).map(|(lo, hi)| [lo, hi])).collect();
    panel.with(Mark::Points {
        name: "map".to_owned(),
        role: Role::Data,
        x: shown.iter().map(|index| cutoffs[*index]).collect(),
        y: shown.iter().map(|index| values[*index]).collect(),
        y_interval: intervals.unwrap_or_default(),
        x_interval: Vec::new(),
    })
}
