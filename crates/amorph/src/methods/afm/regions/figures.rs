//! The map with its regions, and the distributions of their shape beside the null model.

use ndarray::Array2;

use super::Input;
use super::algorithm::{Found, Measured, Search};
use crate::core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, Scale};
use crate::core::image::{Contours, Labelling, contours};
use crate::core::unit::Unit;

/// Bins of each histogram.
const BINS: usize = 18;

/// Outlines where shapes come from pixels.
pub(super) fn trace(search: &Search<'_>, values: &Array2<f64>, labelling: &Labelling, found: &Found) -> Contours {
    contours(&values.view(), labelling, found.threshold, search.pitch)
}

pub(super) fn all(
    input: &Input<'_>,
    found: &Found,
    null: &[&Found],
    min_pixels: u64,
    outlines: Vec<Vec<[f64; 2]>>,
) -> Vec<Figure> {
    vec![map(input, outlines), distributions(found, null, min_pixels)]
}

fn map(input: &Input<'_>, polygons: Vec<Vec<[f64; 2]>>) -> Figure {
    let unit = Unit::of("m").preferred(input.size.0);
    let colour = ColourAxis {
        label: input.map.quantity.replace('_', " "),
        unit: input.map.display_unit(),
        range: None,
        palette: Palette::Sequential,
        scale: Scale::Linear,
    };
    // Outlines count from the corner of the map, images lie where their extent says.
    let origin = input.map.extent.as_ref().map_or([0.0, 0.0], |e| [e.unit.to_si(e.x[0]), e.unit.to_si(e.y[0])]);
    let shift = |polygon: Vec<[f64; 2]>| polygon.into_iter().map(|p| [p[0] + origin[0], p[1] + origin[1]]).collect();
    let polygons = polygons.into_iter().map(shift).collect();
    let panel = Panel::map("", Axis::linear("x", unit.clone()), Axis::linear("y", unit))
        .with(Mark::Image { map: input.map.quantity.clone(), colour })
        .with(Mark::Outlines { name: "regions".to_owned(), role: Role::Highlight, polygons });
    Figure {
        key: "regions".to_owned(),
        title: "Regions".to_owned(),
        caption:
            "The map with the outlines of the regions that are measured; smaller ones and those at the border are not drawn."
                .to_owned(),
        panels: vec![panel],
    }
}

fn distributions(found: &Found, null: &[&Found], min_pixels: u64) -> Figure {
    let aspect = |r: &Measured| r.moments.aspect();
    let req = |r: &Measured| r.moments.equivalent_radius();
    let angle = |r: &Measured| r.moments.angle();
    let largest = |read: &dyn Fn(&Measured) -> f64, least: f64| {
        let values = found.of_size(min_pixels).map(read).filter(|value| value.is_finite());
        values.fold(least, f64::max)
    };
    let length = largest(&req, f64::MIN_POSITIVE);
    let panels = vec![
        histogram(found, null, min_pixels, Axis::linear("aspect ratio", Unit::one()), (1.0, largest(&aspect, 2.0)), &aspect),
        histogram(
            found,
            null,
            min_pixels,
            Axis::linear("equivalent radius", Unit::of("m").preferred(length)),
            (0.0, length),
            &req,
        ),
        histogram(
            found,
            null,
            min_pixels,
            Axis::linear("angle of the major axis", Unit::of("deg")),
            (0.0, std::f64::consts::PI),
            &angle,
        ),
    ];
    Figure {
        key: "distributions".to_owned(),
        title: "Shape, size and orientation".to_owned(),
        caption:
            "Distributions over the regions (bars) and the mean over the null model (line): isotropic noise with the same \
                  correlation and the same values. Shares per bin, border weights included."
                .to_owned(),
        panels,
    }
}

/// Shares of the regions in equal bins over `range`.
fn histogram(
    found: &Found,
    null: &[&Found],
    min_pixels: u64,
    axis: Axis,
    (low, high): (f64, f64),
    read: &dyn Fn(&Measured) -> f64,
) -> Panel {
    let width = (high - low) / BINS as f64;
    let shares = |all: &mut dyn Iterator<Item = &Measured>| {
        let mut sums = vec![0.0; BINS];
        let mut total = 0.0;
        for region in all {
            let bin = (read(region) - low) / width;
            total += region.weight;
            // The upper edge belongs to the last bin.
            let bin = if read(region) == high { BINS as f64 - 1.0 } else { bin.floor() };
            if bin >= 0.0 && bin < BINS as f64 {
                sums[bin as usize] += region.weight;
            }
        }
        sums.into_iter().map(|sum| if total > 0.0 { sum / total } else { 0.0 }).collect::<Vec<f64>>()
    };
    let edges: Vec<f64> = (0..=BINS).map(|bin| low + bin as f64 * width).collect();
    let centres: Vec<f64> = edges.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect();
    let mut panel = Panel::new("", axis, Axis::linear("share of regions", Unit::one())).with(Mark::Bars {
        name: "map".to_owned(),
        role: Role::Data,
        edges,
        heights: shares(&mut found.of_size(min_pixels)),
    });
    if !null.is_empty() {
        let expected = shares(&mut null.iter().flat_map(|found| found.of_size(min_pixels)));
        panel = panel.with(Mark::line("null model", Role::Null, centres, expected));
    }
    panel
}
