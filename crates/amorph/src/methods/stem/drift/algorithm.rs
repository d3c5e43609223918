//! By how much one image is shifted against another.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::core::fft::{Complex64, RealFft2, signed_frequency};
use crate::core::random::{derive_seed, phase_randomised};
use crate::core::stats::student_t_quantile;

/// Steps of a pixel in the two stages of the refinement.
const STAGES: [f64; 3] = [0.1, 0.01, 0.001];

/// A shift and how sharp its peak is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// By how much (y, x) the second image lies further down and to the right, pixels.
    pub by: [f64; 2],
    /// Height of the correlation at its peak, 1 for images that are equal but for a shift.
    pub peak: f64,
}

/// The shift with the highest phase correlation, to a thousandth of a pixel; `reach` limits it in pixels.
///
/// Both images less their means are tapered by Hann's window; every wave counts by its phase and the square root of the product of its
/// amplitudes, so that waves which are noise alone count little. Refined by the Fourier sum itself: Guizar-Sicairos et al. 2008,
/// doi:10.1364/OL.33.000156.
pub fn shift(a: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>, reach: f64) -> Option<Shift> {
    let (rows, columns) = a.dim();
    if a.dim() != b.dim() || rows < 4 || columns < 4 {
        return None;
    }
    let fft = RealFft2::new(rows, columns).sequential();
    let (a, b) = (fft.forward(&tapered(a).view()), fft.forward(&tapered(b).view()));
    let mut cross = Array2::zeros(a.dim());
    let mut total = 0.0;
    ndarray::Zip::indexed(&mut cross).and(&a).and(&b).for_each(|(_, column), cross: &mut Complex64, a, b| {
        let product = b * a.conj();
        let size = product.norm().sqrt();
        *cross = if size > 0.0 { product / size } else { Complex64::default() };
        total += size * weight(column, columns);
    });
    if total <= 0.0 {
        return None;
    }
    let correlation = fft.inverse(&cross.view());
    let mut best = (f64::NEG_INFINITY, [0.0; 2]);
    for ((y, x), value) in correlation.indexed_iter() {
        let at = [signed_frequency(y, rows), signed_frequency(x, columns)];
        if at[0].abs() <= reach && at[1].abs() <= reach && *value > best.0 {
            best = (*value, at);
        }
    }
    let (mut at, mut width) = (best.1, 1.0);
    let mut height = best.0;
    for step in STAGES {
        (at, height) = finest(&cross, columns, at, width, step);
        width = step;
    }
    Some(Shift { by: at, peak: height / total })
}

/// Columns of a half spectrum stand for two, but for the first and that at Nyquist's frequency.
fn weight(column: usize, columns: usize) -> f64 {
    if column == 0 || 2 * column == columns { 1.0 } else { 2.0 }
}

fn tapered(image: &ArrayView2<'_, f64>) -> Array2<f64> {
    let (rows, columns) = image.dim();
    let hann = |i: usize, n: usize| 0.5 - 0.5 * (std::f64::consts::TAU * (i as f64 + 0.5) / n as f64).cos();
    let used = || image.iter().copied().filter(|value| value.is_finite());
    let mean = used().sum::<f64>() / used().count().max(1) as f64;
    Array2::from_shape_fn((rows, columns), |(y, x)| {
        let value = image[(y, x)];
        if value.is_finite() { (value - mean) * hann(y, rows) * hann(x, columns) } else { 0.0 }
    })
}

/// The highest point of the correlation on a fine grid within `width` pixels of `around`, and its height.
fn finest(cross: &Array2<Complex64>, columns: usize, around: [f64; 2], width: f64, step: f64) -> ([f64; 2], f64) {
    let (rows, half) = cross.dim();
    let n = (width / step).round() as i64;
    let offsets: Vec<f64> = (-n..=n).map(|i| i as f64 * step).collect();
    let wave = |k: f64, d: f64| Complex64::from_polar(1.0, std::f64::consts::TAU * k * d);
    // First over x, which leaves a value per row and offset, then over y.
    let mut partial = Array2::<Complex64>::zeros((rows, offsets.len()));
    for (j, dx) in offsets.iter().enumerate() {
        let waves: Vec<Complex64> =
            (0..half).map(|k| wave(k as f64 / columns as f64, around[1] + dx) * weight(k, columns)).collect();
        for (row, line) in cross.rows().into_iter().enumerate() {
            partial[(row, j)] = line.iter().zip(&waves).map(|(value, wave)| value * wave).sum();
        }
    }
    let mut best = (around, f64::NEG_INFINITY);
    for dy in &offsets {
        let waves: Vec<Complex64> = (0..rows).map(|k| wave(signed_frequency(k, rows) / rows as f64, around[0] + dy)).collect();
        for (j, dx) in offsets.iter().enumerate() {
            let value: f64 = partial.column(j).iter().zip(&waves).map(|(value, wave)| (value * wave).re).sum();
            if value > best.1 {
                best = ([around[0] + dy, around[1] + dx], value);
            }
        }
    }
    best
}

/// A shift with its error.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// Of the whole image.
    pub shift: Shift,
    /// Standard errors (y, x), pixels, from the scatter between blocks.
    pub std_error: [f64; 2],
    /// Half widths (y, x) of the 95 % intervals by Student's law.
    pub half_width: [f64; 2],
    /// Middle (y, x) and shift of every block.
    pub blocks: Vec<([f64; 2], [f64; 2])>,
}

/// The shift of two images, its error from the scatter of `n` x `n` blocks that each look for it on their own.
///
/// Blocks overlap by half; each is compared with the part of the second image that the shift of the whole brings to its place.
pub fn drift(a: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>, n: usize, reach: f64) -> Option<Drift> {
    let whole = aligned(a, b, shift(a, b, reach)?);
    let (rows, columns) = a.dim();
    let moved = whole.by.map(|by| by.round() as i64);
    let side = [rows, columns].map(|length| 2 * length / (n + 1));
    let place = |axis: usize, index: usize| (index * side[axis] / 2) as i64;
    let block = |index: usize| {
        // Both parts must lie within their image.
        let inside = |axis: usize, at: i64| {
            let length = [rows, columns][axis] as i64;
            at.min(length - side[axis] as i64 - moved[axis].max(0)).max(-moved[axis])
        };
        let corner = [inside(0, place(0, index / n)), inside(1, place(1, index % n))];
        let second = [corner[0] + moved[0], corner[1] + moved[1]];
        let (first, second) = (part(a, corner, side)?, part(b, second, side)?);
        let found = shift(&first.view(), &second.view(), 0.25 * side[0].min(side[1]) as f64)?;
        let middle = [0, 1].map(|axis| corner[axis] as f64 + 0.5 * side[axis] as f64);
        Some((middle, [0, 1].map(|axis| found.by[axis] + moved[axis] as f64)))
    };
    let blocks: Vec<([f64; 2], [f64; 2])> = (0..n * n).into_par_iter().filter_map(block).collect();
    if blocks.len() < 9 {
        return None;
    }
    // Blocks that overlap by half are worth as many as would lie beside each other, with the tails of their windows.
    let independent = blocks.len() as f64 * ((n + 1) as f64 / (2 * n) as f64).powi(2);
    let error = |axis: usize| {
        let m = blocks.len() as f64;
        let mean = blocks.iter().map(|(_, by)| by[axis]).sum::<f64>() / m;
        (blocks.iter().map(|(_, by)| (by[axis] - mean).powi(2)).sum::<f64>() / (m - 1.0) / independent).sqrt()
    };
    let std_error = [error(0), error(1)];
    let t = student_t_quantile(0.975, independent.max(2.0) - 1.0).ok()?;
    Some(Drift { shift: whole, std_error, half_width: std_error.map(|error| t * error), blocks })
}

/// The shift again, from the parts that both images have in common: windows that stand still draw a shift towards zero.
fn aligned(a: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>, first: Shift) -> Shift {
    let (rows, columns) = a.dim();
    let moved = first.by.map(|by| by.round() as i64);
    let side = [0, 1].map(|axis| [rows, columns][axis].saturating_sub(moved[axis].unsigned_abs() as usize));
    let parts = part(a, moved.map(|by| (-by).max(0)), side).zip(part(b, moved.map(|by| by.max(0)), side));
    match parts.and_then(|(a, b)| shift(&a.view(), &b.view(), 2.0)) {
        Some(rest) => Shift { by: [0, 1].map(|axis| rest.by[axis] + moved[axis] as f64), peak: rest.peak },
        None => first,
    }
}

fn part(image: &ArrayView2<'_, f64>, corner: [i64; 2], side: [usize; 2]) -> Option<Array2<f64>> {
    let (rows, columns) = image.dim();
    let from = [usize::try_from(corner[0]).ok()?, usize::try_from(corner[1]).ok()?];
    let inside = from[0] + side[0] <= rows && from[1] + side[1] <= columns;
    inside.then(|| Array2::from_shape_fn((side[0], side[1]), |(y, x)| image[(from[0] + y, from[1] + x)]))
}

/// Heights of the peak against `n` images with the spectrum of the second and random phases, which have nothing in common with the
/// first.
pub fn chance_peaks(a: &ArrayView2<'_, f64>, b: &ArrayView2<'_, f64>, reach: f64, n: usize, seed: u64) -> Vec<f64> {
    let used = || b.iter().copied().filter(|value| value.is_finite());
    let mean = used().sum::<f64>() / used().count().max(1) as f64;
    let filled = b.mapv(|value| if value.is_finite() { value } else { mean });
    let one = |index: usize| {
        let surrogate = phase_randomised(&filled.view(), derive_seed(seed, &["drift".into(), index.into()]));
        shift(a, &surrogate.view(), reach).map(|found| found.peak)
    };
    (0..n).into_par_iter().filter_map(one).collect()
}
