use super::super::panels::{brightness, map_panel};
use super::algorithm::Drift as Found;
use super::{Drift, Input};
use crate::core::data::Map;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::stats::Histogram;
use crate::core::unit::Unit;

/// Both images.
pub(super) fn images(maps: &[Map]) -> Figure {
    let panel = |map: &Map| {
        let title = if map.quantity == "image_before" { "before" } else { "after" };
        map_panel(map, title, brightness("brightness"))
    };
    Figure {
        key: "before_and_after".to_owned(),
        title: "Before and after the scan".to_owned(),
        caption: "The images that are compared.".to_owned(),
        panels: maps.iter().map(panel).collect(),
    }
}

/// Shift of every block and the circle of what is accepted, in steps of the scan.
pub(super) fn blocks(found: &Found, method: &Drift, input: &Input<'_>) -> Figure {
    let steps = |pixels: f64| pixels / input.pixels_per_step;
    let of = |axis: usize| found.blocks.iter().map(|(_, by)| steps(by[axis])).collect::<Vec<f64>>();
    let circle: Vec<[f64; 2]> =
        (0..=90).map(|i| std::f64::consts::TAU * f64::from(i) / 90.0).map(|a| [a.cos(), a.sin()]).collect();
    let radius = method.accepted_steps;
    let along = |axis: usize| circle.iter().map(|point| radius * point[axis]).collect::<Vec<f64>>();
    let [dy, dx] = found.shift.by.map(steps);
    let ends = |at: f64, half: f64| vec![[at - steps(half), at + steps(half)]];
    let whole = Mark::Points {
        name: "whole image, 95 %".to_owned(),
        role: Role::Highlight,
        x: vec![dx],
        y: vec![dy],
        y_interval: ends(dy, found.half_width[0]),
        x_interval: ends(dx, found.half_width[1]),
    };
    let axis = |direction: &str| Axis::linear(&format!("shift in {direction} (steps of the scan)"), Unit::one());
    let panel = Panel::map("", axis("x"), axis("y"))
        .with(Mark::line("accepted", Role::Bound, along(0), along(1)))
        .with(Mark::points("blocks", Role::Data, of(1), of(0)))
        .with(whole);
    Figure {
        key: "drift".to_owned(),
        title: "Shift during the scan".to_owned(),
        caption: "Shift of the whole image and of blocks that look for it on their own; x to the right, y downwards. The scan is accepted where the shift and twice its error lie within the circle.".to_owned(),
        panels: vec![panel],
    }
}

/// The peak of the correlation against images without anything in common.
pub(super) fn peaks(chance: &[f64], peak: f64) -> Figure {
    let mut panel = Panel::new("", Axis::linear("height of the peak", Unit::one()), Axis::linear("density", Unit::one()));
    if let Ok(histogram) = Histogram::freedman_diaconis(&[chance]) {
        let heights = histogram.density(0).unwrap_or_default();
        panel = panel.with(Mark::Bars {
            name: "images with nothing in common".to_owned(),
            role: Role::Null,
            edges: histogram.edges,
            heights,
        });
    }
    let found = Mark::Rule { name: "found".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: peak };
    Figure {
        key: "match".to_owned(),
        title: "Is it the same field?".to_owned(),
        caption:
            "Height of the correlation at its peak, and of the peaks against images with the same spectrum and random phases."
                .to_owned(),
        panels: vec![panel.with(found)],
    }
}
