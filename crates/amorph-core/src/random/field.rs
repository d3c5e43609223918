//! Stationary Gaussian random fields by circulant embedding.

use std::f64::consts::PI;

use ndarray::Array2;
use rayon::prelude::*;

use super::{SeedPart, derive_seed, fill_standard_normal, rng};
use crate::fft::{ColumnPass, Complex64, RealFft2, good_size, signed_frequency};

/// Covariance of a stationary Gaussian field.
///
/// `C(r) = sigma^2 exp(-(s/xi)^(2 alpha))` with `s/xi` the elliptical distance, smoothed by a Gaussian instrument of standard
/// deviation `blur_sd`, plus white noise of standard deviation `nugget_sd` per pixel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldModel {
    /// Standard deviation of the field before blur, in the unit of the values.
    pub sigma: f64,
    /// Correlation length along the major axis, m.
    pub xi_major: f64,
    /// Correlation length along the minor axis, m.
    pub xi_minor: f64,
    /// Direction of the major axis, rad from +x towards +y (up; row 0 is the top).
    pub angle: f64,
    /// Exponent, in (0, 1]: 0.5 exponential, 1 Gaussian correlation.
    pub alpha: f64,
    /// Standard deviation of the Gaussian point-spread function, m.
    pub blur_sd: f64,
    /// Standard deviation of the white noise added after the blur.
    pub nugget_sd: f64,
}

/// What keeps a field from being sampled.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FieldError {
    /// A parameter out of range.
    #[error("field parameter `{name}` is {value}; it must be {allowed}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// What was given.
        value: f64,
        /// What is possible.
        allowed: &'static str,
    },
    /// No pixels.
    #[error("a field of {rows} x {columns} pixels has no pixels")]
    Empty {
        /// Rows.
        rows: usize,
        /// Columns.
        columns: usize,
    },
}

impl FieldModel {
    /// Equal in all directions, without blur and noise.
    pub fn isotropic(sigma: f64, xi: f64, alpha: f64) -> Self {
        Self { sigma, xi_major: xi, xi_minor: xi, angle: 0.0, alpha, blur_sd: 0.0, nugget_sd: 0.0 }
    }

    /// Covariance at the lag (`x`, `y`) in metres, y up, before blur and without nugget.
    pub fn covariance(&self, x: f64, y: f64) -> f64 {
        let (sin, cos) = self.angle.sin_cos();
        let major = (x * cos + y * sin) / self.xi_major;
        let minor = (y * cos - x * sin) / self.xi_minor;
        self.sigma.powi(2) * (-(major * major + minor * minor).powf(self.alpha)).exp()
    }

    fn check(&self) -> Result<(), FieldError> {
        let positive = |v: f64| v > 0.0 && v.is_finite();
        let not_negative = |v: f64| v >= 0.0 && v.is_finite();
        let rules: [(&'static str, f64, bool, &'static str); 7] = [
            ("sigma", self.sigma, not_negative(self.sigma), "finite and >= 0"),
            ("xi_major", self.xi_major, positive(self.xi_major), "finite and > 0"),
            ("xi_minor", self.xi_minor, positive(self.xi_minor), "finite and > 0"),
            ("angle", self.angle, self.angle.is_finite(), "finite"),
            ("alpha", self.alpha, self.alpha > 0.0 && self.alpha <= 1.0, "in (0, 1]"),
            ("blur_sd", self.blur_sd, not_negative(self.blur_sd), "finite and >= 0"),
            ("nugget_sd", self.nugget_sd, not_negative(self.nugget_sd), "finite and >= 0"),
        ];
        match rules.iter().find(|(_, _, allowed, _)| !allowed) {
            Some((name, value, _, allowed)) => Err(FieldError::Parameter { name, value: *value, allowed }),
            None => Ok(()),
        }
    }
}

/// Negative eigenvalues up to this share are cut off without a larger embedding.
const CLIPPED_TOLERATED: f64 = 1e-7;
/// Embeddings grow from twice the map up to this multiple and this number of points.
const LARGEST_MULTIPLE: usize = 8;
const LARGEST_EMBEDDING: usize = 1 << 25;

/// Draws Gaussian fields of one model on one grid; the spectrum is computed once.
///
/// The covariance is embedded in a periodic one on at least twice the map in each direction, which is exact when its eigenvalues
/// are not negative (Dietrich & Newsam 1997, doi:10.1137/S1064827592240555; Wood & Chan 1994). Where they are, the embedding
/// grows; what remains negative is cut off, the rest scaled so that the variance stays exact, and the share reported by
/// [`FieldSampler::clipped_fraction`].
///
/// The blur acts on the continuous field: eigenvalues are damped by `exp(-q^2 s^2)` on a grid fine enough for the blur and then
/// folded onto the pixels.
#[derive(Debug, Clone)]
pub struct FieldSampler {
    shape: (usize, usize),
    fft: RealFft2,
    /// `sqrt(eigenvalue / points)`, column after column of the half spectrum.
    amplitudes: Vec<f64>,
    clipped_fraction: f64,
    variance: f64,
}

impl FieldSampler {
    /// Prepares fields of `shape = (rows, columns)` with pixels of `pitch = (dy, dx)` metres.
    ///
    /// # Errors
    /// [`FieldError`] for parameters out of range and empty grids.
    pub fn new(model: &FieldModel, shape: (usize, usize), pitch: (f64, f64)) -> Result<Self, FieldError> {
        model.check()?;
        let (rows, columns) = shape;
        if rows == 0 || columns == 0 {
            return Err(FieldError::Empty { rows, columns });
        }
        for (name, value) in [("pitch along y", pitch.0), ("pitch along x", pitch.1)] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(FieldError::Parameter { name, value, allowed: "finite and > 0" });
            }
        }
        let mut multiple = 2;
        loop {
            let fft = RealFft2::new(good_size(multiple * rows), good_size(multiple * columns));
            let eigenvalues = eigenvalues(model, &fft, pitch);
            let sampler = Self::from_eigenvalues(shape, fft, eigenvalues);
            multiple += 1;
            let exhausted = multiple > LARGEST_MULTIPLE || multiple * rows * multiple * columns > LARGEST_EMBEDDING;
            if sampler.clipped_fraction <= CLIPPED_TOLERATED || exhausted {
                return Ok(sampler);
            }
        }
    }

    fn from_eigenvalues(shape: (usize, usize), fft: RealFft2, mut eigenvalues: Vec<f64>) -> Self {
        let (rows, columns) = fft.shape();
        let (mut positive, mut negative) = (0.0, 0.0);
        for (column, values) in eigenvalues.chunks_exact(rows).enumerate() {
            let weight = if column == 0 || 2 * column == columns { 1.0 } else { 2.0 };
            for value in values {
                if *value > 0.0 { positive += weight * value } else { negative -= weight * value }
            }
        }
        let points = (rows * columns) as f64;
        let scale = if positive > 0.0 { (positive - negative) / positive / points } else { 0.0 };
        for value in &mut eigenvalues {
            *value = (value.max(0.0) * scale).sqrt();
        }
        let clipped_fraction = if negative > 0.0 { negative / (positive + negative) } else { 0.0 };
        let variance = (positive - negative) / points;
        Self { shape, fft, amplitudes: eigenvalues, clipped_fraction, variance }
    }

    /// Share of negative eigenvalues (sum of their magnitudes over the sum of all magnitudes) that was cut off.
    pub fn clipped_fraction(&self) -> f64 {
        self.clipped_fraction
    }

    /// Variance of a pixel, blur and nugget included.
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// Rows and columns of the periodic embedding.
    pub fn embedding(&self) -> (usize, usize) {
        self.fft.shape()
    }

    /// Covariance of two pixels that are `(rows, columns)` apart, for all lags of the map: what the samples have, blur, nugget,
    /// cut-off eigenvalues and all. Entry `[r, c]` is the lag of r rows down and c columns right.
    pub fn covariance(&self) -> Array2<f64> {
        self.transform(&self.fft, |column, spectrum| {
            for (value, amplitude) in spectrum.iter_mut().zip(self.column(column)) {
                *value = Complex64::new(amplitude * amplitude, 0.0);
            }
        })
    }

    /// One field, `[rows, columns]`, of mean 0; it depends on `seed` alone, not on the number of threads.
    pub fn sample(&self, seed: u64) -> Array2<f64> {
        self.sample_with(&self.fft, seed)
    }

    /// One result per seed: `each(k, field k)`, fields in parallel. The same fields as those of [`FieldSampler::sample`].
    pub fn sample_each<T: Send>(&self, seeds: &[u64], each: impl Fn(usize, Array2<f64>) -> T + Sync) -> Vec<T> {
        let fft = self.fft.clone().sequential();
        seeds.par_iter().enumerate().map(|(k, seed)| each(k, self.sample_with(&fft, *seed))).collect()
    }

    fn sample_with(&self, fft: &RealFft2, seed: u64) -> Array2<f64> {
        self.transform(fft, |column, spectrum| self.fill_noise(seed, column, spectrum))
    }

    fn transform(&self, fft: &RealFft2, fill: impl Fn(usize, &mut [Complex64]) + Sync) -> Array2<f64> {
        let (rows, columns) = self.shape;
        let pass = ColumnPass { inputs: &[], slots: 1, outputs: 1, rows_out: rows, inverse: true };
        let half_rows = fft.columns(&pass, |column, slots| slots.iter_mut().for_each(|slot| fill(column, slot)));
        let values = half_rows
            .first()
            .map(|half| fft.rows_inverse(half, columns, |_, row, out| out.copy_from_slice(&row[..columns])))
            .unwrap_or_default();
        let mut field = Array2::zeros((rows, columns));
        field.iter_mut().zip(values).for_each(|(to, from)| *to = from);
        field
    }

    fn column(&self, column: usize) -> &[f64] {
        let rows = self.fft.shape().0;
        &self.amplitudes[column * rows..(column + 1) * rows]
    }

    /// Complex noise with the variances of one column of eigenvalues; each column has its own seed.
    fn fill_noise(&self, seed: u64, column: usize, spectrum: &mut [Complex64]) {
        let (rows, columns) = self.fft.shape();
        let mut generator = rng(derive_seed(seed, &[SeedPart::Text("column"), SeedPart::Number(column as u64)]));
        let mut normals = vec![0.0; 2 * rows];
        fill_standard_normal(&mut generator, &mut normals);
        let amplitudes = self.column(column);
        for ((value, pair), amplitude) in spectrum.iter_mut().zip(normals.chunks_exact(2)).zip(amplitudes) {
            *value = Complex64::new(pair[0], pair[1]) * (amplitude * std::f64::consts::FRAC_1_SQRT_2);
        }
        if column == 0 || 2 * column == columns {
            // These columns hold both f and -f: the field is real when they are conjugates.
            for row in [0, rows / 2] {
                spectrum[row] = Complex64::new(normals[2 * row] * amplitudes[row], 0.0);
            }
            for row in 1..rows / 2 {
                spectrum[rows - row] = spectrum[row].conj();
            }
        }
    }
}

/// Eigenvalues of the periodic covariance with blur and nugget, column after column of the half spectrum.
fn eigenvalues(model: &FieldModel, fft: &RealFft2, pitch: (f64, f64)) -> Vec<f64> {
    let (rows, columns) = fft.shape();
    // Sub-pixels of at most half the blur: what their own resolution folds back is damped like the place it came from.
    let subdivide = |pitch: f64| match model.blur_sd {
        0.0 => 1,
        blur => ((2.0 * pitch / blur).ceil() as usize).clamp(1, 4),
    };
    let (sub_y, sub_x) = (subdivide(pitch.0), subdivide(pitch.1));
    let fine_pitch = (pitch.0 / sub_y as f64, pitch.1 / sub_x as f64);
    let fine = RealFft2::new(rows * sub_y, columns * sub_x);
    let half_rows = fine.rows_forward(rows * sub_y, |row, buffer| fill_covariance(model, &fine, fine_pitch, row, buffer));
    let pass = ColumnPass { inputs: &[&half_rows], slots: 1, outputs: 1, rows_out: rows * sub_y, inverse: false };
    let blocks = fine.columns(&pass, |column, slots| {
        let q_x = 2.0 * PI * column as f64 / (columns as f64 * pitch.1);
        for (row, value) in slots.iter_mut().flat_map(|slot| slot.iter_mut()).enumerate() {
            let q_y = 2.0 * PI * signed_frequency(row, rows * sub_y) / (rows as f64 * pitch.0);
            *value *= (-(q_x * q_x + q_y * q_y) * model.blur_sd.powi(2)).exp();
        }
    });
    let nugget = model.nugget_sd.powi(2);
    let mut folded = vec![nugget; rows * fft.half()];
    let share = 1.0 / (sub_y * sub_x) as f64;
    for fine_row in 0..rows * sub_y {
        for (fine_column, value) in blocks.iter().flat_map(|block| block.row(fine_row)).flatten().enumerate() {
            let partner = fine_column != 0 && 2 * fine_column != columns * sub_x;
            let mirror = (rows * sub_y - fine_row) % (rows * sub_y);
            let images = [(fine_row, fine_column), (mirror, columns * sub_x - fine_column)];
            for (row, column) in images.into_iter().take(if partner { 2 } else { 1 }) {
                let (row, column) = (row % rows, column % columns);
                if column < fft.half() {
                    folded[column * rows + row] += value.re * share;
                }
            }
        }
    }
    folded
}

/// One row of the periodic covariance. At half the period both signs of a lag are the same pixel: their mean is taken.
fn fill_covariance(model: &FieldModel, fft: &RealFft2, pitch: (f64, f64), row: usize, buffer: &mut [f64]) {
    let (rows, columns) = fft.shape();
    let y = -signed_frequency(row, rows) * pitch.0;
    let ambiguous_row = 2 * row == rows;
    for (column, value) in buffer.iter_mut().enumerate() {
        let x = signed_frequency(column, columns) * pitch.1;
        *value = model.covariance(x, y);
        if ambiguous_row || 2 * column == columns {
            *value = 0.5 * (*value + model.covariance(-x, y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PITCH: (f64, f64) = (1.5e-9, 1e-9);

    fn ellipse() -> FieldModel {
        FieldModel { xi_major: 6e-9, xi_minor: 3e-9, angle: 0.5, ..FieldModel::isotropic(2.0, 1.0, 0.5) }
    }

    #[test]
    fn the_embedding_holds_the_covariance_of_the_model() {
        for alpha in [0.5, 0.75, 1.0] {
            let model = FieldModel { alpha, nugget_sd: 0.7, ..ellipse() };
            let sampler = FieldSampler::new(&model, (40, 64), PITCH).unwrap();
            assert!(sampler.clipped_fraction() <= 1e-7, "{alpha}: {}", sampler.clipped_fraction());
            assert!((sampler.variance() - 4.49).abs() < 1e-12);
            for ((row, column), value) in sampler.covariance().indexed_iter() {
                let nugget = if row == 0 && column == 0 { 0.49 } else { 0.0 };
                let expected = model.covariance(column as f64 * PITCH.1, -(row as f64) * PITCH.0) + nugget;
                assert!((value - expected).abs() < 4.0 * 1e-6, "alpha {alpha} lag {row} {column}: {value} {expected}");
            }
        }
    }

    #[test]
    fn the_angle_counts_upwards() {
        // Major axis at +0.5 rad: right and up, that is smaller row numbers, stays correlated longer than right and down.
        let model = ellipse();
        assert!(model.covariance(5e-9, 2.7e-9) > 2.0 * model.covariance(5e-9, -2.7e-9));
    }

    /// Blur of a Gaussian correlation: xi_m^2 = xi^2 + 4 s^2, sigma_m^2 = sigma^2 xi^2 / (xi^2 + 4 s^2) in two dimensions.
    #[test]
    fn blur_acts_on_the_continuous_field() {
        for (xi, blur) in [(4.0, 1.0), (4.0, 0.3), (2.0, 0.6)] {
            let model = FieldModel { blur_sd: blur, ..FieldModel::isotropic(1.0, xi, 1.0) };
            let covariance = FieldSampler::new(&model, (32, 32), (1.0, 1.0)).unwrap().covariance();
            let xi2 = xi * xi + 4.0 * blur * blur;
            for ((row, column), value) in covariance.indexed_iter() {
                let expected = xi * xi / xi2 * (-((row * row + column * column) as f64) / xi2).exp();
                assert!((value - expected).abs() < 1e-6, "xi {xi} blur {blur} lag {row} {column}: {value} {expected}");
            }
        }
    }

    #[test]
    fn samples_have_the_variance_and_the_structure_of_the_model() {
        let model = FieldModel { nugget_sd: 0.5, ..ellipse() };
        let sampler = FieldSampler::new(&model, (96, 128), PITCH).unwrap();
        let seeds: Vec<u64> = (0..64).collect();
        for (dy, dx) in [(0, 0), (0, 3), (2, 0), (2, 3), (1, 9)] {
            let products = sampler.sample_each(&seeds, |_, field| {
                let pairs = (0..96 - dy).flat_map(|y| (0..128 - dx).map(move |x| (y, x)));
                pairs.map(|(y, x)| field[(y, x)] * field[(y + dy, x + dx)]).sum::<f64>() / ((96 - dy) * (128 - dx)) as f64
            });
            let n = products.len() as f64;
            let mean = products.iter().sum::<f64>() / n;
            let variance = products.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / (n - 1.0);
            let nugget = if (dy, dx) == (0, 0) { 0.25 } else { 0.0 };
            let expected = model.covariance(dx as f64 * PITCH.1, -(dy as f64) * PITCH.0) + nugget;
            let z = (mean - expected) / (variance / n).sqrt();
            assert!(z.abs() < 4.0, "lag {dy} {dx}: {mean} against {expected}, {z} standard errors");
        }
    }

    #[test]
    fn a_field_depends_on_its_seed_alone() {
        let sampler = FieldSampler::new(&ellipse(), (33, 20), PITCH).unwrap();
        let first = sampler.sample(5);
        let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        assert_eq!(first, pool(1).install(|| sampler.sample(5)));
        assert_eq!(first, pool(3).install(|| sampler.sample_each(&[1, 5, 9], |_, field| field).swap_remove(1)));
        assert_ne!(first, sampler.sample(6));
    }

    #[test]
    fn a_length_beyond_the_map_grows_the_embedding_and_keeps_the_variance() {
        let sampler = FieldSampler::new(&FieldModel::isotropic(1.5, 30.0, 1.0), (24, 24), (1.0, 1.0)).unwrap();
        assert!(sampler.embedding().0 > 48);
        assert!((sampler.covariance()[(0, 0)] - 2.25).abs() < 1e-9);
        assert!((sampler.variance() - 2.25).abs() < 1e-9);
    }

    #[test]
    fn impossible_parameters_are_refused_by_name() {
        for (model, name) in [
            (FieldModel::isotropic(1.0, 0.0, 0.5), "xi_major"),
            (FieldModel::isotropic(1.0, 1.0, 1.2), "alpha"),
            (FieldModel::isotropic(f64::NAN, 1.0, 0.5), "sigma"),
            (FieldModel { blur_sd: -1.0, ..ellipse() }, "blur_sd"),
        ] {
            match FieldSampler::new(&model, (8, 8), PITCH) {
                Err(FieldError::Parameter { name: found, .. }) => assert_eq!(found, name),
                other => panic!("{name}: {other:?}"),
            }
        }
        let model = ellipse();
        assert_eq!(FieldSampler::new(&model, (0, 8), PITCH).unwrap_err(), FieldError::Empty { rows: 0, columns: 8 });
        assert!(FieldSampler::new(&model, (8, 8), (1.0, 0.0)).is_err());
    }
}
