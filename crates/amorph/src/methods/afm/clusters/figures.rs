//! The mask, the number of clusters against their size, and the boxes that cover the largest.

use super::algorithm::BoxCount;
use super::report::Measured;
use super::sizes::{Rival, SizeFit};
use super::{Clusters, Input};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, Scale};
use crate::core::stats::quantiles;
use crate::core::unit::Unit;

/// Points of the data at most.
const MOST_POINTS: usize = 300;
/// Points of a line.
const LINE_POINTS: usize = 120;
/// Lines end where fewer clusters than this are expected.
const FEWEST_SHOWN: f64 = 0.3;

pub(super) fn all(
    method: &Clusters,
    input: &Input<'_>,
    measured: &Measured,
    null: &[Measured],
    radii: &[f64],
    rivals: &[Rival],
) -> Vec<Figure> {
    let mut figures = vec![mask(input)];
    figures.extend(sizes(method, measured, null, radii, rivals));
    figures.extend(measured.boxes.as_ref().map(|boxes| covering(input, boxes, null)));
    figures
}

fn mask(input: &Input<'_>) -> Figure {
    let unit = Unit::of("m").preferred(input.pitch.1 * input.map.shape().1 as f64);
    let colour = ColourAxis {
        label: "dense".to_owned(),
        unit: Unit::one(),
        range: Some([0.0, 1.0]),
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    let panel = Panel::map("", Axis::linear("x", unit.clone()), Axis::linear("y", unit))
        .with(Mark::Image { map: "dense_mask".to_owned(), colour });
    Figure {
        key: "dense_mask".to_owned(),
        title: "Dense regions".to_owned(),
        caption: "Pixels at or below the level (bright) and above it (dark).".to_owned(),
        panels: vec![panel],
    }
}

fn sizes(method: &Clusters, measured: &Measured, null: &[Measured], radii: &[f64], rivals: &[Rival]) -> Option<Figure> {
    let clusters = measured.found.of_size(method.min_pixels);
    let largest = clusters.last()?.radius;
    let unit = Unit::of("m").preferred(largest);
    let mut panel =
        Panel::new("", Axis::log("equivalent radius R", unit), Axis::log("clusters at least as large, N(≥R)", Unit::one()));
    if let Some(band) = null_band(null, radii) {
        panel = panel.with(band);
    }
    // Evenly spaced in the logarithm of the rank, so that the tail is complete.
    let n = clusters.len();
    let points = MOST_POINTS.min(n).max(2);
    let mut places: Vec<usize> =
        (0..points).map(|i| n - ((n as f64).powf(1.0 - i as f64 / (points - 1) as f64).round() as usize).clamp(1, n)).collect();
    places.dedup();
    let x: Vec<f64> = places.iter().map(|place| clusters[*place].radius).collect();
    let y = measured.found.cumulated(&x);
    panel = panel.with(Mark::points("clusters", Role::Data, x, y));
    if let Some(fit) = &measured.fit {
        panel = laws(panel, fit, rivals, measured);
    }
    Some(Figure {
        key: "cluster_sizes".to_owned(),
        title: "Sizes of the clusters".to_owned(),
        caption: "Number of clusters at least as large as a radius (border weights included), the power law with a cut-off fitted above \
                  the smallest radius, its rivals, and the band that holds 95 % of the surrogates of isotropic noise."
            .to_owned(),
        panels: vec![panel],
    })
}

fn laws(panel: Panel, fit: &SizeFit, rivals: &[Rival], measured: &Measured) -> Panel {
    let above = measured.found.cumulated(&[fit.r_min])[0];
    let ratio = 1.5 * fit.r_max / fit.r_min;
    let radii: Vec<f64> = (0..LINE_POINTS).map(|i| fit.r_min * ratio.powf(i as f64 / (LINE_POINTS - 1) as f64)).collect();
    let line = |name: &str, role, survival: Vec<f64>, dashed| {
        let shown: Vec<(f64, f64)> =
            radii.iter().copied().zip(survival.into_iter().map(|s| above * s)).take_while(|(_, n)| *n > FEWEST_SHOWN).collect();
        let (x, y) = shown.into_iter().unzip();
        Mark::Line { name: name.to_owned(), role, x, y, dashed }
    };
    let panel = panel.with(line("power law with cut-off", Role::Model, fit.survival(&radii), false));
    rivals.iter().zip(0..).fold(panel, |panel, (rival, index)| {
        panel.with(line(rival.name, Role::Series(index), rival.survival(&radii, fit.r_min), true))
    })
}

/// The band that holds 95 % of the surrogates, where it is above nothing.
fn null_band(null: &[Measured], radii: &[f64]) -> Option<Mark> {
    let (mut x, mut lo, mut hi) = (vec![], vec![], vec![]);
    for (index, radius) in radii.iter().enumerate() {
        let values: Vec<f64> = null.iter().filter_map(|measured| measured.cumulated.get(index).copied()).collect();
        let Ok(ends) = quantiles(&values, &[0.025, 0.975]) else { continue };
        if ends[1] > FEWEST_SHOWN {
            x.push(*radius);
            // A logarithmic axis has no zero.
            lo.push(ends[0].max(FEWEST_SHOWN));
            hi.push(ends[1]);
        }
    }
    (x.len() > 1).then(|| Mark::Band { name: "null model".to_owned(), role: Role::Null, x, lo, hi })
}

fn covering(input: &Input<'_>, boxes: &BoxCount, null: &[Measured]) -> Figure {
    let side = (input.pitch.0 * input.pitch.1).sqrt();
    let x: Vec<f64> = boxes.sides.iter().map(|n| *n as f64 * side).collect();
    let unit = Unit::of("m").preferred(x.last().copied().unwrap_or(side));
    let mut panel =
        Panel::new("", Axis::log("side of the boxes", unit), Axis::log("boxes that cover the cluster", Unit::one()));
    let ends: Vec<[f64; 2]> = (0..boxes.sides.len())
        .map_while(|index| {
            let same = |measured: &Measured| {
                let own = measured.boxes.as_ref()?;
                let place = own.sides.iter().position(|side| *side == boxes.sides[index])?;
                own.counts.get(place).copied()
            };
            let ends = quantiles(&null.iter().filter_map(same).collect::<Vec<f64>>(), &[0.025, 0.975]).ok()?;
            Some([ends[0], ends[1]])
        })
        .collect();
    if ends.len() > 1 {
        let (lo, hi) = ends.iter().map(|[lo, hi]| (*lo, *hi)).unzip();
        panel = panel.with(Mark::Band { name: "null model".to_owned(), role: Role::Null, x: x[..ends.len()].to_vec(), lo, hi });
    }
    let name = format!("dimension {:.2}", boxes.dimension);
    panel = panel.with(Mark::points("largest cluster", Role::Data, x.clone(), boxes.counts.clone())).with(Mark::line(
        &name,
        Role::Model,
        x,
        boxes.fitted.clone(),
    ));
    Figure {
        key: "boxes".to_owned(),
        title: "Box dimension of the largest cluster".to_owned(),
        caption: "Number of boxes that cover the largest cluster against their side. The slope, freed of the boxes that stand over the edge, is the box dimension over the range shown."
            .to_owned(),
        panels: vec![panel],
    }
}
