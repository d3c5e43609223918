//! Power spectral density of a map.

use std::f64::consts::{PI, TAU};

use ndarray::{Array2, ArrayView2};

use super::passes::BLOCK;
use super::{ColumnPass, Complex64, RealFft2, signed_frequency};

/// Weighting of the map before its transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// None: leakage from the edges, exact power.
    Rectangular,
    /// Product of two periodic Hann windows, `(1 - cos(2 pi i / n)) / 2`; the density is divided by the mean squared window.
    Hann,
}

/// How a spectrum shares the power between `f` and `-f`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// `S(f) = S(-f)`, the integral over the whole plane is the mean square.
    Two,
    /// Doubled where `f` and `-f` are different points of the half plane that is kept; its integral is the mean square.
    One,
}

/// Power spectral density `S(fx, fy) = |F|^2 dx dy / (n <w^2>)` of a map of n pixels of dx by dy.
///
/// Unit: value squared times metre squared, per spatial frequency `f` in cycles per metre; the angular wave number is `2 pi f`.
/// `S` is also the Fourier transform of the autocovariance, `integral C(r) exp(-2 pi i f r) d2r`.
#[derive(Debug, Clone, PartialEq)]
pub struct PowerSpectrum {
    /// Density, `[rows, columns / 2 + 1]`, the half with `fx >= 0`; see [`PowerSpectrum::frequency`].
    pub density: Array2<f64>,
    /// Columns of the map.
    pub columns: usize,
    /// Distance of frequencies along x and y, 1/m.
    pub step: [f64; 2],
    /// Sharing of the power.
    pub sides: Sides,
    /// Lines on each side of `fx = 0` and `fy = 0` onto which the window spreads what lives on them: 1 for Hann.
    pub guard: usize,
}

/// Average of a two-sided spectrum over a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RadialBin {
    /// Mean magnitude of the frequencies in the ring, 1/m.
    pub frequency: f64,
    /// Mean two-sided density.
    pub density: f64,
    /// Number of points of the whole plane in the ring.
    pub n: usize,
}

/// Power spectral density of `values` with pixels of `pitch = (dy, dx)` metres.
///
/// The map is used as it is: remove the mean or the plane before. Missing values (NaN) make the result NaN.
/// Source: Parseval's theorem fixes the factor; ISO 25178-2 for the areal spectrum.
pub fn power_spectrum(values: &ArrayView2<'_, f64>, pitch: (f64, f64), window: Window, sides: Sides) -> PowerSpectrum {
    let (rows, columns) = values.dim();
    let fft = RealFft2::new(rows, columns);
    let (window_y, window_x) = (weights(rows, window), weights(columns, window));
    let mean_square = |w: &[f64]| w.iter().map(|v| v * v).sum::<f64>() / w.len().max(1) as f64;
    let half_rows = fft.rows_forward(rows, |row, buffer| {
        for ((to, from), w) in buffer.iter_mut().zip(values.row(row)).zip(&window_x) {
            *to = from * w * window_y[row];
        }
    });
    let pass = ColumnPass { inputs: &[&half_rows], slots: 1, outputs: 1, rows_out: rows, inverse: false };
    let power = fft.columns_as(&pass, |_, _| {}, |value| value.norm_sqr());
    let n = (rows * columns).max(1) as f64;
    let factor = pitch.0 * pitch.1 / (n * mean_square(&window_y) * mean_square(&window_x));
    let doubled = |column: usize| sides == Sides::One && has_partner(column, columns);
    let factors: Vec<f64> = (0..fft.half()).map(|column| if doubled(column) { 2.0 * factor } else { factor }).collect();
    let mut density = Array2::zeros((rows, fft.half()));
    if let Some(data) = density.as_slice_mut() {
        fft.for_each_chunk(
            data,
            fft.half(),
            || (),
            |row, out, ()| {
                for (piece, (out, factors)) in
                    power.iter().flat_map(|power| power.row(row)).zip(out.chunks_mut(BLOCK).zip(factors.chunks(BLOCK)))
                {
                    out.iter_mut().zip(piece).zip(factors).for_each(|((to, from), factor)| *to = from * factor);
                }
            },
        );
    }
    let step = [1.0 / (columns as f64 * pitch.1), 1.0 / (rows as f64 * pitch.0)];
    let guard = usize::from(window == Window::Hann);
    PowerSpectrum { density, columns, step, sides, guard }
}

/// Whether the mirror image of a half-plane column lies outside the half plane.
fn has_partner(column: usize, columns: usize) -> bool {
    column != 0 && 2 * column != columns
}

fn weights(n: usize, window: Window) -> Vec<f64> {
    match window {
        Window::Hann if n > 1 => (0..n).map(|i| 0.5 - 0.5 * (TAU * i as f64 / n as f64).cos()).collect(),
        _ => vec![1.0; n],
    }
}

impl PowerSpectrum {
    /// Frequency `[fx, fy]` of an entry of `density`, 1/m, x to the right and y up (row 0 of the map is its top).
    pub fn frequency(&self, row: usize, column: usize) -> [f64; 2] {
        [column as f64 * self.step[0], -signed_frequency(row, self.density.nrows()) * self.step[1]]
    }

    /// Integral over all frequencies: the (window-weighted) mean square of the map.
    pub fn total_power(&self) -> f64 {
        let sum: f64 = self.points().map(|(_, density, weight)| density * weight).sum();
        sum * self.step[0] * self.step[1]
    }

    /// Entries as frequency, two-sided density and number of points of the whole plane they stand for.
    fn points(&self) -> impl Iterator<Item = ([f64; 2], f64, f64)> + '_ {
        self.density.indexed_iter().map(|((row, column), density)| {
            let weight = if has_partner(column, self.columns) { 2.0 } else { 1.0 };
            let shared = if self.sides == Sides::One { density / weight } else { *density };
            (self.frequency(row, column), shared, weight)
        })
    }

    /// Averages over rings of width `width` (1/m), ring i around `i * width`; the point at zero and empty rings are left out.
    pub fn radial(&self, width: f64) -> Vec<RadialBin> {
        let mut sums: Vec<[f64; 3]> = Vec::new();
        for ([fx, fy], density, weight) in self.points() {
            let magnitude = fx.hypot(fy);
            if magnitude == 0.0 {
                continue;
            }
            let bin = (magnitude / width).round() as usize;
            if sums.len() <= bin {
                sums.resize(bin + 1, [0.0; 3]);
            }
            sums[bin][0] += weight;
            sums[bin][1] += weight * magnitude;
            sums[bin][2] += weight * density;
        }
        let ring = |[n, f, s]: [f64; 3]| RadialBin { frequency: f / n, density: s / n, n: n as usize };
        sums.into_iter().filter(|sum| sum[0] > 0.0).map(ring).collect()
    }

    /// Mean two-sided density in `n_bins` equal sectors of direction, first sector from 0 to `pi / n_bins` counted from +x
    /// towards +y (up), over `low <= |f| <= high` (1/m), as [`PowerSpectrum::band`]. An empty sector is NaN.
    pub fn angular(&self, low: f64, high: f64, n_bins: usize) -> Vec<f64> {
        let mut sums = vec![[0.0; 2]; n_bins];
        for (frequency, density) in self.band(low, high) {
            let sector = ((direction(frequency) / PI * n_bins as f64) as usize).min(n_bins.saturating_sub(1));
            if let Some(sum) = sums.get_mut(sector) {
                sum[0] += 1.0;
                sum[1] += density;
            }
        }
        sums.into_iter().map(|[n, s]| s / n).collect()
    }

    /// `sum S exp(i order theta) / sum S` over a band: `order` 2 is the quadrupole, 4 its partner.
    pub fn multipole(&self, order: i32, low: f64, high: f64) -> Complex64 {
        let (mut sum, mut total) = (Complex64::default(), 0.0);
        for (frequency, density) in self.band(low, high) {
            sum += Complex64::from_polar(density, f64::from(order) * direction(frequency));
            total += density;
        }
        sum / total
    }

    /// Frequency and two-sided density of every point of the half plane `fx > 0` with `low <= |f| <= high` (1/m).
    ///
    /// The lines `fx = 0` and `fy = 0`, where scan-line noise lives, are left out, together with the neighbours onto which the
    /// window spreads them (`guard`).
    pub fn band(&self, low: f64, high: f64) -> impl Iterator<Item = ([f64; 2], f64)> + '_ {
        let (rows, columns) = (self.density.nrows(), self.density.ncols());
        let [last_row, last_column] = [1, 0].map(|axis| (high / self.step[axis]).min(rows.max(columns) as f64) as usize);
        let wanted = move |row: &usize| {
            let distance = (*row).min(rows - *row);
            distance > self.guard && distance <= last_row
        };
        (0..rows).filter(wanted).flat_map(move |row| {
            (self.guard + 1..columns.min(last_column + 1)).filter_map(move |column| {
                let [fx, fy] = self.frequency(row, column);
                let doubled = self.sides == Sides::One && has_partner(column, self.columns);
                let density = self.density[(row, column)] * if doubled { 0.5 } else { 1.0 };
                (low..=high).contains(&fx.hypot(fy)).then_some(([fx, fy], density))
            })
        })
    }
}

/// Direction of a frequency, in [0, pi).
fn direction([fx, fy]: [f64; 2]) -> f64 {
    (fy / fx).atan().rem_euclid(PI)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;

    const PITCH: (f64, f64) = (2e-9, 0.5e-9);

    fn noise(rows: usize, columns: usize) -> Array2<f64> {
        Array2::from_shape_vec((rows, columns), standard_normals(21, rows * columns)).unwrap()
    }

    #[test]
    fn the_integral_is_the_mean_square() {
        for (rows, columns) in [(32, 32), (31, 27), (16, 45)] {
            let map = noise(rows, columns);
            let mean_square = map.iter().map(|v| v * v).sum::<f64>() / map.len() as f64;
            for sides in [Sides::One, Sides::Two] {
                let spectrum = power_spectrum(&map.view(), PITCH, Window::Rectangular, sides);
                assert!((spectrum.total_power() / mean_square - 1.0).abs() < 1e-12);
            }
            let one = power_spectrum(&map.view(), PITCH, Window::Hann, Sides::One);
            let (wy, wx) = (weights(rows, Window::Hann), weights(columns, Window::Hann));
            let weighted: f64 = map.indexed_iter().map(|((y, x), v)| (v * wy[y] * wx[x]).powi(2)).sum();
            let norm: f64 = wy.iter().flat_map(|a| wx.iter().map(move |b| (a * b).powi(2))).sum();
            assert!((one.total_power() / (weighted / norm) - 1.0).abs() < 1e-12);
            // The one-sided plane is summed as it stands.
            let sum: f64 = one.density.sum() * one.step[0] * one.step[1];
            assert!((sum / one.total_power() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn white_noise_is_flat_at_variance_times_pixel_area() {
        let spectrum = power_spectrum(&noise(128, 128).view(), PITCH, Window::Hann, Sides::Two);
        let width = spectrum.step[0].max(spectrum.step[1]);
        for ring in spectrum.radial(width) {
            let expected = PITCH.0 * PITCH.1;
            // A periodogram is exponential; half the points repeat the other half, and Hann correlates neighbours (factor 3 safe).
            let tolerance = 5.0 * expected * (6.0 / ring.n as f64).sqrt();
            assert!((ring.density - expected).abs() < tolerance, "{ring:?}");
        }
    }

    #[test]
    fn a_wave_is_found_at_its_frequency_and_direction() {
        // Rising to the right and up: fx > 0 and fy > 0, on a grid where rows count downwards.
        let (rows, columns) = (64, 64);
        let wave = |y: usize, x: usize| (TAU * (8.0 * x as f64 / 64.0 - 3.0 * y as f64 / 64.0)).cos();
        let map = Array2::from_shape_fn((rows, columns), |(y, x)| wave(y, x));
        let spectrum = power_spectrum(&map.view(), PITCH, Window::Rectangular, Sides::Two);
        let peak = spectrum.density.indexed_iter().max_by(|a, b| a.1.total_cmp(b.1)).unwrap().0;
        let [fx, fy] = spectrum.frequency(peak.0, peak.1);
        assert!((fx * 64.0 * PITCH.1 - 8.0).abs() < 1e-12);
        assert!((fy * 64.0 * PITCH.0 - 3.0).abs() < 1e-12);
        let quadrupole = spectrum.multipole(2, 0.0, f64::INFINITY);
        assert!((quadrupole.norm() - 1.0).abs() < 1e-9);
        assert!((quadrupole.arg() / 2.0 - fy.atan2(fx)).abs() < 1e-9);
        let sectors = spectrum.angular(0.0, f64::INFINITY, 18);
        let brightest = (0..18).max_by(|a, b| sectors[*a].total_cmp(&sectors[*b])).unwrap();
        assert_eq!(brightest, (fy.atan2(fx) / PI * 18.0) as usize);
    }

    #[test]
    fn offsets_of_rows_and_columns_leave_no_power_in_a_band() {
        let (rows, columns) = (48, 40);
        let (row, column) = (standard_normals(1, rows), standard_normals(2, columns));
        let map = Array2::from_shape_fn((rows, columns), |(y, x)| row[y] + column[x]);
        let power = |window: Window| {
            let spectrum = power_spectrum(&map.view(), PITCH, window, Sides::Two);
            let inside: f64 = spectrum.band(0.0, f64::INFINITY).map(|(_, density)| density).sum();
            inside / spectrum.density.sum()
        };
        assert!(power(Window::Hann) < 1e-24 && power(Window::Rectangular) < 1e-24);
    }
}
