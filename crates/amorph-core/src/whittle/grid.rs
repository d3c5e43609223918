//! Periodograms of a windowed map and their expectations.

use std::f64::consts::PI;

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
use rayon::prelude::*;

use crate::fft::{ColumnPass, Complex64, RealFft2, good_size};

/// A window over a map: the mask times a taper. Knows the periodogram of a map seen through it, and its expectation for any
/// covariance.
///
/// Periodograms are `[rows, columns / 2 + 1]`, the half with non-negative column frequency of
/// `I(k) = |sum_x g(x) [z(x) - m] exp(-i k x)|^2 / sum_x g(x)^2`, with `m` the mean weighted by the window g: `I(0) = 0`, and white
/// noise of variance 1 has expectation 1 elsewhere.
#[derive(Debug, Clone)]
pub struct SpectralGrid {
    window: Array2<f64>,
    pitch: (f64, f64),
    fft: RealFft2,
    overlaps: Overlaps,
    /// How much each frequency of the half plane counts: 1, or 1/2 where its mirror image is in the half plane; 0 where it is not used.
    weights: Array2<f64>,
    sum: f64,
    energy: f64,
    parallel: bool,
}

/// Overlap of the window with itself, relative to that at lag zero, and its squared transform relative to that at zero: how much of the
/// variance of the mean a frequency loses.
#[derive(Debug, Clone)]
enum Overlaps {
    /// Of a window without gaps: products of those of its two sides.
    Product {
        /// Overlaps at row lags and column lags from 0.
        lags: [Vec<f64>; 2],
        /// Leaks at row and column frequencies from 0.
        leaks: [Vec<f64>; 2],
    },
    /// Of a window with gaps.
    Table {
        /// Overlaps, `[row lag, column lag]` from 0.
        near: Array2<f64>,
        /// The same, column lags less the number of columns.
        far: Array2<f64>,
        /// Leak of every frequency of the half plane.
        leak: Array2<f64>,
    },
}

impl SpectralGrid {
    /// Prepares a window for maps like `valid`, with pixels of `pitch = (dy, dx)`. The taper is a cosine bell over the share `taper`
    /// (0 to 0.5) of each side at either end. Column frequencies below `first_column` (number of waves across the map) are not used,
    /// nor is frequency zero, which the removal of the mean empties.
    ///
    /// `None` where fewer than two pixels may be used.
    pub fn new(valid: &ArrayView2<'_, bool>, pitch: (f64, f64), taper: f64, first_column: usize) -> Option<Self> {
        let (rows, columns) = valid.dim();
        let (down, across) = (bell(rows, taper), bell(columns, taper));
        let window =
            Array2::from_shape_fn(
                (rows, columns),
                |(row, column)| if valid[(row, column)] { down[row] * across[column] } else { 0.0 },
            );
        if valid.iter().filter(|valid| **valid).count() < 2 {
            return None;
        }
        let (sum, energy) = (window.sum(), window.iter().map(|g| g * g).sum::<f64>());
        let fft = RealFft2::new(rows, columns);
        let overlaps = if valid.iter().all(|valid| *valid) {
            let lags = [line_overlap(&down), line_overlap(&across)];
            Overlaps::Product { lags, leaks: [line_leak(&down), line_leak(&across)] }
        } else {
            let (near, far) = overlap(&window, energy);
            let leak = fft.forward(&window.view()).mapv(|value| value.norm_sqr() / (sum * sum));
            Overlaps::Table { near, far, leak }
        };
        let weights = Array2::from_shape_fn((rows, fft.half()), |(row, column)| match (row, column) {
            (0, 0) => 0.0,
            (_, column) if column < first_column => 0.0,
            (_, column) if column == 0 || 2 * column == columns => 0.5,
            _ => 1.0,
        });
        Some(Self { window, pitch, fft, overlaps, weights, sum, energy, parallel: true })
    }

    /// The same on the calling thread only; for use inside an outer parallel loop. The results are the same.
    #[must_use]
    pub fn sequential(mut self) -> Self {
        self.fft = self.fft.sequential();
        self.parallel = false;
        self
    }

    /// Rows and columns of the map.
    pub fn shape(&self) -> (usize, usize) {
        self.window.dim()
    }

    /// Pixel size (dy, dx).
    pub fn pitch(&self) -> (f64, f64) {
        self.pitch
    }

    /// Rows and columns of periodograms.
    pub fn spectrum_shape(&self) -> (usize, usize) {
        self.weights.dim()
    }

    /// Number of pixels with equal weight that would hold as much power: the squared sum of the squared window over the sum of its
    /// fourth powers.
    pub fn effective_pixels(&self) -> f64 {
        self.energy * self.energy / self.window.iter().map(|g| g.powi(4)).sum::<f64>()
    }

    /// How much each frequency counts in sums over the half plane: 1, 1/2 where its mirror image is in it too, 0 where it is not used.
    pub fn weights(&self) -> &Array2<f64> {
        &self.weights
    }

    /// Length of the wave vector of an entry of a periodogram, rad per unit of the pitch.
    pub fn wave_number(&self, row: usize, column: usize) -> f64 {
        let (rows, columns) = self.shape();
        let y = crate::fft::signed_frequency(row, rows) / (rows as f64 * self.pitch.0);
        let x = column as f64 / (columns as f64 * self.pitch.1);
        2.0 * PI * (x * x + y * y).sqrt()
    }

    /// Whether threads may be used.
    pub(super) fn parallel(&self) -> bool {
        self.parallel
    }

    /// Periodogram of a map; values outside the mask may be anything.
    pub fn periodogram(&self, values: &ArrayView2<'_, f64>) -> Array2<f64> {
        let pairs = || values.iter().zip(&self.window).filter(|(_, g)| **g > 0.0);
        let mean = pairs().map(|(z, g)| g * z).sum::<f64>() / self.sum;
        let half_rows = self.fft.rows_forward(values.nrows(), |row, buffer| {
            for ((to, z), g) in buffer.iter_mut().zip(values.row(row)).zip(self.window.row(row)) {
                *to = if *g > 0.0 { g * (z - mean) } else { 0.0 };
            }
        });
        let factor = 1.0 / self.energy;
        self.columns(&half_rows, |value| factor * value.norm_sqr())
    }

    /// Expected periodogram of a field with covariance `covariance[row lag, column lag]` (lags from 0, of the shape of the map), the
    /// same for opposite signs of either lag.
    ///
    /// `E I(k) = sum_d C(d) (g * g)(d) / sum g^2 exp(-i k d)`, less what the removal of the mean takes: the variance of the mean times
    /// the squared transform of the window, which is exact at zero and where the window is constant.
    pub fn expected(&self, covariance: &Array2<f64>) -> Array2<f64> {
        let rows = self.shape().0;
        // Rows a and n - a have conjugate transforms: half of them, the ends counted half, and twice the real part of the result.
        let half_rows = self.fft.rows_forward(rows / 2 + 1, |row, buffer| {
            self.fold(row, covariance, buffer);
            if row == 0 || 2 * row == rows {
                buffer.iter_mut().for_each(|value| *value *= 0.5);
            }
        });
        let mut expected = self.columns(&half_rows, |value| 2.0 * value.re);
        let at_zero = expected[(0, 0)];
        expected.indexed_iter_mut().for_each(|(at, value)| *value -= self.leak(at) * at_zero);
        expected
    }

    /// How much of the variance of the mean a frequency loses.
    fn leak(&self, at: (usize, usize)) -> f64 {
        match &self.overlaps {
            Overlaps::Product { leaks: [rows, columns], .. } => rows[at.0.min(self.shape().0 - at.0)] * columns[at.1],
            Overlaps::Table { leak, .. } => leak[at],
        }
    }

    /// Expected periodogram of white noise of unit variance.
    pub fn expected_noise(&self) -> Array2<f64> {
        Array2::from_shape_fn(self.spectrum_shape(), |at| 1.0 - self.leak(at))
    }

    /// Row `a` of the covariance times the overlap, lags that differ by the size of the map added up.
    fn fold(&self, a: usize, covariance: &Array2<f64>, buffer: &mut [f64]) {
        let (rows, columns) = self.shape();
        match &self.overlaps {
            Overlaps::Product { lags: [of_rows, of_columns], .. } => {
                buffer.fill(0.0);
                for lag in [Some(a), (a > 0).then(|| rows - a)].into_iter().flatten() {
                    let (factor, c) = (of_rows[lag], covariance.row(lag));
                    buffer[0] += factor * c[0];
                    for b in 1..columns {
                        buffer[b] += factor * (of_columns[b] * c[b] + of_columns[columns - b] * c[columns - b]);
                    }
                }
            }
            Overlaps::Table { near: all_near, far: all_far, .. } => {
                let (near, far, c) = (all_near.row(a), all_far.row(a), covariance.row(a));
                buffer[0] = near[0] * c[0];
                for b in 1..columns {
                    buffer[b] = near[b] * c[b] + far[b] * c[columns - b];
                }
                if a > 0 {
                    let (near, far, c) = (all_near.row(rows - a), all_far.row(rows - a), covariance.row(rows - a));
                    buffer[0] += near[0] * c[0];
                    for b in 1..columns {
                        buffer[b] += far[columns - b] * c[b] + near[columns - b] * c[columns - b];
                    }
                }
            }
        }
    }

    /// Transforms the columns of half rows and keeps a number of each value.
    fn columns(&self, half_rows: &[Complex64], number: impl Fn(Complex64) -> f64 + Sync) -> Array2<f64> {
        let (rows, half) = self.spectrum_shape();
        let pass = ColumnPass { inputs: &[half_rows], slots: 1, outputs: 1, rows_out: rows, inverse: false };
        let blocks = self.fft.columns(&pass, |_, _| {});
        let mut result = Array2::zeros((rows, half));
        if let Some(data) = result.as_slice_mut() {
            let fill = |(row, out): (usize, &mut [f64])| {
                for (to, from) in out.iter_mut().zip(blocks.iter().flat_map(|block| block.row(row)).flatten()) {
                    *to = number(*from);
                }
            };
            if self.parallel {
                data.par_chunks_mut(half).enumerate().for_each(fill);
            } else {
                data.chunks_mut(half).enumerate().for_each(fill);
            }
        }
        result
    }
}

/// A cosine bell: rises over the share `taper` of `n` points and falls at the end.
fn bell(n: usize, taper: f64) -> Vec<f64> {
    let width = taper.clamp(0.0, 0.5) * n as f64;
    let at = |i: usize| {
        let edge = (i as f64 + 0.5).min(n as f64 - i as f64 - 0.5);
        if edge < width { 0.5 - 0.5 * (PI * edge / width).cos() } else { 1.0 }
    };
    (0..n).map(at).collect()
}

/// Overlap of a line with itself at lags from 0, relative to that at 0.
fn line_overlap(line: &[f64]) -> Vec<f64> {
    let fft = RealFft2::new(1, good_size(2 * line.len())).sequential();
    let spectrum = fft.forward(&ArrayView1::from(line).insert_axis(Axis(0)));
    let overlap = fft.inverse(&spectrum.mapv(|value| Complex64::new(value.norm_sqr(), 0.0)).view());
    (0..line.len()).map(|lag| overlap[(0, lag)] / overlap[(0, 0)]).collect()
}

/// Squared transform of a line relative to that at zero, frequencies from 0.
fn line_leak(line: &[f64]) -> Vec<f64> {
    let spectrum = RealFft2::new(1, line.len()).sequential().forward(&ArrayView1::from(line).insert_axis(Axis(0)));
    spectrum.iter().map(|value| value.norm_sqr() / spectrum[(0, 0)].norm_sqr()).collect()
}

/// Overlap of the window with itself at lags from 0, and at column lags less the number of columns.
fn overlap(window: &Array2<f64>, energy: f64) -> (Array2<f64>, Array2<f64>) {
    let (rows, columns) = window.dim();
    let fft = RealFft2::new(good_size(2 * rows), good_size(2 * columns));
    let half_rows = fft.rows_forward(rows, |row, buffer| {
        buffer.iter_mut().zip(window.row(row)).for_each(|(to, from)| *to = *from);
    });
    let pass = ColumnPass { inputs: &[&half_rows], slots: 1, outputs: 1, rows_out: rows, inverse: true };
    let correlated = fft.columns(&pass, |_, slots| {
        for value in slots.iter_mut().flat_map(|slot| slot.iter_mut()) {
            *value = Complex64::new(value.norm_sqr(), 0.0);
        }
    });
    let padded = fft.shape().1;
    let factor = 1.0 / ((fft.shape().0 * padded) as f64 * energy);
    let both = correlated.first().map(|half| {
        fft.rows_inverse(half, 2 * columns, |_, values, out| {
            for (b, to) in out.iter_mut().enumerate() {
                // Lag -columns does not exist.
                let index = if b < columns { Some(b) } else { (b > columns).then(|| padded - 2 * columns + b) };
                *to = index.map_or(0.0, |index| factor * values[index]);
            }
        })
    });
    let both = both.and_then(|both| Array2::from_shape_vec((rows, 2 * columns), both).ok()).unwrap_or_default();
    let part = |first: usize| Array2::from_shape_fn((rows, columns), |(a, b)| both[(a, first + b)]);
    (part(0), part(columns))
}
