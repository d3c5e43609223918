use amorph_core::figure::{Axis, RuleAxis, Scale};

use super::{Conversion, Layer, Shape};
use crate::raster;

/// Space beside the data, as a fraction of their range.
const PADDING: f64 = 0.04;

/// What an axis shows: the range it states, else what its layers need.
pub(super) fn range(axis: &Axis, which: RuleAxis, conversion: Conversion, layers: &[Layer]) -> [f64; 2] {
    let stated = axis.range.map(|[lo, hi]| [conversion.value(lo), conversion.value(hi)]);
    if let Some([lo, hi]) = stated.filter(|[lo, hi]| hi > lo) {
        return [lo, hi];
    }
    if !axis.categories.is_empty() {
        return [-0.5, axis.categories.len() as f64 - 0.5];
    }
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut tight = [false; 2];
    for layer in layers {
        visit(&layer.shape, which, &mut |value: f64| {
            if value.is_finite() && (axis.scale == Scale::Linear || value > 0.0) {
                lo = lo.min(value);
                hi = hi.max(value);
            }
        });
    }
    for layer in layers {
        tighten(&layer.shape, which, [lo, hi], &mut tight);
    }
    if lo > hi {
        return if axis.scale == Scale::Log { [1.0, 10.0] } else { [0.0, 1.0] };
    }
    pad(raster::widen([lo, hi], axis.scale), axis.scale, tight)
}

/// Images fill the panel and histograms stand on its floor.
fn tighten(shape: &Shape, which: RuleAxis, [lo, hi]: [f64; 2], tight: &mut [bool; 2]) {
    match (shape, which) {
        (Shape::Image(picture), RuleAxis::X) => {
            tight[0] |= picture.x[0] <= lo;
            tight[1] |= picture.x[1] >= hi;
        }
        (Shape::Image(picture), RuleAxis::Y) => {
            tight[0] |= picture.y[0] <= lo;
            tight[1] |= picture.y[1] >= hi;
        }
        (Shape::Steps { .. }, RuleAxis::Y) => tight[0] |= lo >= 0.0,
        _ => {}
    }
}

fn pad([lo, hi]: [f64; 2], scale: Scale, [tight_lo, tight_hi]: [bool; 2]) -> [f64; 2] {
    let share = |tight: bool| if tight { 0.0 } else { PADDING };
    match scale {
        Scale::Linear => {
            let span = hi - lo;
            [lo - share(tight_lo) * span, hi + share(tight_hi) * span]
        }
        Scale::Log => {
            let ratio = hi / lo;
            [lo / ratio.powf(share(tight_lo)), hi * ratio.powf(share(tight_hi))]
        }
    }
}

/// Every coordinate of a shape along an axis.
fn visit(shape: &Shape, which: RuleAxis, see: &mut impl FnMut(f64)) {
    let on_x = which == RuleAxis::X;
    match shape {
        Shape::Line { x, y, .. } => both(x, y, on_x, see),
        Shape::Points { x, y, x_interval, y_interval } => {
            both(x, y, on_x, see);
            let interval = if on_x { x_interval } else { y_interval };
            interval.iter().flatten().for_each(|value| see(*value));
        }
        Shape::Band { x, lo, hi } => {
            both(x, lo, on_x, see);
            both(x, hi, on_x, see);
        }
        Shape::Steps { edges, .. } if on_x => edges.iter().for_each(|value| see(*value)),
        Shape::Steps { heights, .. } => {
            see(0.0);
            heights.iter().for_each(|value| see(*value));
        }
        Shape::Image(picture) => (if on_x { picture.x } else { picture.y }).into_iter().for_each(see),
        Shape::Outlines(polygons) => polygons.iter().flatten().for_each(|[x, y]| see(if on_x { *x } else { *y })),
        Shape::Rule { axis, at } => {
            if *axis == which {
                see(*at);
            }
        }
    }
}

/// Coordinates of the points that are visible in both directions.
fn both(x: &[f64], y: &[f64], on_x: bool, see: &mut impl FnMut(f64)) {
    for (x, y) in x.iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite()) {
        see(if on_x { *x } else { *y });
    }
}
