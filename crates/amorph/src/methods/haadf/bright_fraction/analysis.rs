//! From an image to the share of the bright phase in strips.

use ndarray::{Array2, Axis, Slice};

use super::algorithm::{PhaseFit, Phases, Pixel, fit, otsu};
use super::geometry::{chords, euler_number, smooth};
use super::{Illumination, PhaseModel};
use crate::core::stats::student_t_quantile;

/// Pixels to which levels and illumination are fitted at most.
const MOST_PIXELS: usize = 10_000;
/// Periods of the network along a block.
const PERIODS: f64 = 3.0;
/// Fewest blocks that give an interval.
pub const LEAST_BLOCKS: usize = 6;
/// Separation of the phases below which there are not two, and below which intervals are not shown.
pub const SEPARATIONS: (f64, f64) = (1.5, 3.0);
/// Thresholds of the sweep, from the dark level (0) to the bright one (1).
pub const SWEEP: [f64; 7] = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/// The share of the bright phase in a part of the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// First row and the row after the last.
    pub rows: (usize, usize),
    /// Share.
    pub value: f64,
    /// Standard error from blocks along the surface, and half of the 95 % interval.
    pub error: Option<(f64, f64)>,
}

/// Everything.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Levels and illumination.
    pub fit: PhaseFit,
    /// The image over its illumination, the surface at the first row; NaN where not known.
    pub even: Array2<f64>,
    /// The bright phase in the smoothed image.
    pub bright: Array2<Option<bool>>,
    /// The whole field.
    pub whole: Share,
    /// Strips from the surface down.
    pub strips: Vec<Share>,
    /// Share of pixels above each threshold of [`SWEEP`].
    pub sweep: Vec<f64>,
    /// Mean chords of the dark and the bright phase, pixels; absent without interfaces.
    pub chords: Option<[f64; 2]>,
    /// Euler number of the bright phase.
    pub euler: f64,
    /// Blocks along the surface, and their length in pixels.
    pub blocks: (usize, usize),
}

/// The strips of an image: all `depth` rows deep, the last one deeper where it does not divide.
fn strips(rows: usize, depth: usize) -> Vec<(usize, usize)> {
    let n = (rows / depth).max(1);
    (0..n).map(|strip| (strip * depth, if strip + 1 == n { rows } else { (strip + 1) * depth })).collect()
}

fn basis(illumination: Illumination, (row, column): (usize, usize), (rows, columns): (usize, usize)) -> Vec<f64> {
    let across = |at: usize, n: usize| 2.0 * (at as f64 + 0.5) / n as f64 - 1.0;
    let (y, x) = (across(row, rows), across(column, columns));
    match illumination {
        Illumination::Even => vec![1.0],
        Illumination::Plane => vec![1.0, y, x],
        Illumination::Quadratic => vec![1.0, y, x, y * y, y * x, x * x],
    }
}

/// Analyses an image whose surface is its first row; NaN where nothing is known. `None` where no two phases fit, or one fits as well.
pub fn analyse(image: &Array2<f64>, model: PhaseModel, illumination: Illumination, depth: usize) -> Option<Findings> {
    let shape = image.dim();
    let strips = strips(shape.0, depth);
    let strip_of = |row: usize| (row / depth).min(strips.len() - 1);
    let known: Vec<((usize, usize), f64)> =
        image.indexed_iter().filter(|(_, value)| value.is_finite()).map(|(at, value)| (at, *value)).collect();
    // A step without common factors with the width takes pixels of every column.
    let step = (known.len() / MOST_PIXELS).max(1) | 1;
    let pixels: Vec<Pixel> = known
        .iter()
        .step_by(step)
        .map(|(at, value)| Pixel { value: *value, strip: strip_of(at.0), basis: basis(illumination, *at, shape) })
        .collect();
    let fit = fit(&pixels, strips.len()).filter(|fit| fit.advantage > 0.0)?;
    let even = Array2::from_shape_fn(shape, |at| {
        let gain: f64 = fit.illumination.iter().zip(basis(illumination, at, shape)).map(|(c, b)| c * b).sum();
        image[at] / gain
    });
    let phases = fit.phases;
    let smoothed = smooth(&even);
    let bright = smoothed.mapv(|value| value.is_finite().then(|| value > phases.middle()));
    let chords = chords(&bright.view());
    let block = chords.map_or(shape.1, |[dark, light]| (PERIODS * (dark + light)).ceil() as usize);
    let n_blocks = shape.1 / block.max(1);
    let threshold = match model {
        PhaseModel::Mixture => None,
        PhaseModel::Otsu => Some(otsu(&even.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>())?),
    };
    let of_rows = |rows: (usize, usize)| share(&even, rows, n_blocks, phases, threshold);
    let finite: Vec<f64> = even.iter().copied().filter(|value| value.is_finite()).collect();
    let above = |at: f64| finite.iter().filter(|value| **value > phases.dark + at * phases.step).count() as f64;
    Some(Findings {
        whole: of_rows((0, shape.0))?,
        strips: strips.into_iter().filter_map(of_rows).collect(),
        sweep: SWEEP.iter().map(|at| above(*at) / finite.len() as f64).collect(),
        euler: euler_number(&bright.mapv(|pixel| pixel == Some(true)).view()),
        blocks: (n_blocks, block),
        fit,
        even,
        bright,
        chords,
    })
}

/// The share in some rows; its error from the scatter of blocks of columns, which is what a block bootstrap of their mean tends to, with Student's t.
fn share(even: &Array2<f64>, rows: (usize, usize), n_blocks: usize, phases: Phases, threshold: Option<f64>) -> Option<Share> {
    let columns = even.ncols();
    let of = |first: usize, last: usize| {
        let part = even.slice_axis(Axis(0), Slice::from(rows.0..rows.1));
        let part = part.slice_axis(Axis(1), Slice::from(first..last));
        let values = || part.iter().copied().filter(|value| value.is_finite());
        match threshold {
            None => phases.fraction(values()),
            Some(threshold) => {
                let n = values().count() as f64;
                (n > 0.0).then(|| values().filter(|value| *value >= threshold).count() as f64 / n)
            }
        }
    };
    let value = of(0, columns)?;
    let blocks: Option<Vec<f64>> = (0..n_blocks).map(|b| of(b * columns / n_blocks, (b + 1) * columns / n_blocks)).collect();
    let error = blocks.filter(|blocks| blocks.len() >= LEAST_BLOCKS).and_then(|blocks| {
        let n = blocks.len() as f64;
        let mean = blocks.iter().sum::<f64>() / n;
        let variance = blocks.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let error = (variance / n).sqrt();
        Some((error, error * student_t_quantile(0.975, n - 1.0).ok()?))
    });
    Some(Share { rows, value, error })
}
