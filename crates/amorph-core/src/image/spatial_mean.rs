//! The mean of a correlated field and its interval, from the field's own fluctuations at long wavelengths.
//!
//! The variance of the mean of a stationary field over an area is its spectral density at zero wavevector divided by the
//! number of pixels. The density is estimated from the longest waves that fit into the image; each wave is two degrees of
//! freedom of a chi-squared, so that the mean follows Student's t. No correlation length and no model are needed.

use std::f64::consts::TAU;

use ndarray::ArrayView2;

use crate::stats::student_t_quantile;

/// Waves that are averaged: those of the lowest wavevectors.
const N_WAVES: usize = 10;
/// Waves across the scan lines that are examined for scan-line noise.
const N_LINE_WAVES: usize = 4;
/// 99.9 % quantile of F with 8 and 16 degrees of freedom: scan-line noise is present above this ratio of powers.
const LINE_NOISE_RATIO: f64 = 6.19;
/// Below this number of independent areas the spectrum is not flat over the waves used and the interval is too short.
const N_EFFECTIVE_MIN: f64 = 50.0;

/// The mean of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpatialMean {
    /// The mean, in the unit of the field.
    pub mean: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Number of independent pixels that would give the same error: the area divided by the integral range.
    pub n_effective: f64,
    /// 95 % interval; absent where fewer than 50 independent areas fit into the image.
    pub interval: Option<(f64, f64)>,
    /// Whether scan-line noise dominates the error.
    pub line_noise: bool,
}

impl SpatialMean {
    /// Why there is no interval.
    pub fn no_interval(&self) -> String {
        format!(
            "only {:.0} independent areas fit into the image; {N_EFFECTIVE_MIN} are needed for an interval that covers",
            self.n_effective
        )
    }
}

/// The mean of the finite values of a field (rows, columns) with pixel pitches (y, x) in any common unit.
///
/// `None` when nothing is finite or all is equal.
pub fn spatial_mean(field: ArrayView2<'_, f64>, pitch: (f64, f64)) -> Option<SpatialMean> {
    let finite = || field.iter().copied().filter(|value| value.is_finite());
    let n = finite().count() as f64;
    let mean = finite().sum::<f64>() / n;
    let variance = finite().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    if !(n > 0.0 && variance > 0.0) {
        return None;
    }
    let waves = longest_waves(field.dim(), pitch);
    let power: Vec<f64> = powers(field, mean, &waves).into_iter().map(|power| power / n).collect();
    let average = |powers: &[f64]| powers.iter().sum::<f64>() / powers.len() as f64;
    let lines: Vec<(i32, i32)> = (1..=N_LINE_WAVES as i32).map(|j| (j, 0)).collect();
    let line_density = average(&powers(field, mean, &lines)) / n;
    let off_lines: Vec<f64> = waves.iter().zip(&power).filter(|((_, i), _)| *i != 0).map(|(_, p)| *p).collect();
    let line_noise = line_density > LINE_NOISE_RATIO * average(&off_lines);
    let (density, n_waves) = if line_noise { (line_density, N_LINE_WAVES) } else { (average(&power), N_WAVES) };
    let std_error = (density / n).sqrt();
    let n_effective = variance / std_error.powi(2);
    let t = student_t_quantile(0.975, 2.0 * n_waves as f64).ok()?;
    let interval = (n_effective >= N_EFFECTIVE_MIN || line_noise).then_some((mean - t * std_error, mean + t * std_error));
    Some(SpatialMean { mean, std_error, n_effective, interval, line_noise })
}

/// Integer wave numbers (along y, along x) of the longest waves, one of each pair of opposite ones.
fn longest_waves((rows, columns): (usize, usize), (pitch_y, pitch_x): (f64, f64)) -> Vec<(i32, i32)> {
    let (height, width) = (rows as f64 * pitch_y, columns as f64 * pitch_x);
    let most = N_WAVES as i32;
    let half_plane = (0..=most).flat_map(|j| (-most..=most).map(move |i| (j, i))).filter(|(j, i)| *j > 0 || *i > 0);
    let mut waves: Vec<(i32, i32)> = half_plane.collect();
    let length = |(j, i): &(i32, i32)| (f64::from(*j) / height).hypot(f64::from(*i) / width);
    waves.sort_by(|a, b| length(a).total_cmp(&length(b)));
    waves.truncate(N_WAVES);
    waves
}

/// `|Σ (E - mean) exp(-i k r)|²` for each wave; missing values count as the mean.
fn powers(field: ArrayView2<'_, f64>, mean: f64, waves: &[(i32, i32)]) -> Vec<f64> {
    let (rows, columns) = field.dim();
    let highest = waves.iter().map(|(_, i)| i.unsigned_abs() as usize).max().unwrap_or(0);
    // Row transforms for i = 0..=highest are shared by all waves; a negative i is the conjugate.
    let table: Vec<Vec<(f64, f64)>> = (0..=highest).map(|i| phasors(i as f64, columns)).collect();
    let row_sums: Vec<Vec<(f64, f64)>> =
        table.iter().map(|phasor| field.rows().into_iter().map(|row| transform(row.iter(), mean, phasor)).collect()).collect();
    let power = |&(j, i): &(i32, i32)| {
        let sign = f64::from(i.signum());
        let (mut re, mut im) = (0.0, 0.0);
        for ((c, s), (a, b)) in phasors(f64::from(j), rows).into_iter().zip(&row_sums[i.unsigned_abs() as usize]) {
            let b = if i < 0 { sign * b } else { *b };
            re += c * a - s * b;
            im += c * b + s * a;
        }
        re * re + im * im
    };
    waves.iter().map(power).collect()
}

fn phasors(wave_number: f64, n: usize) -> Vec<(f64, f64)> {
    let angle = |m: usize| -TAU * wave_number * m as f64 / n as f64;
    (0..n).map(|m| (angle(m).cos(), angle(m).sin())).collect()
}

fn transform<'a>(row: impl Iterator<Item = &'a f64>, mean: f64, phasors: &[(f64, f64)]) -> (f64, f64) {
    row.zip(phasors).filter(|(value, _)| value.is_finite()).fold((0.0, 0.0), |(re, im), (value, (c, s))| {
        let deviation = value - mean;
        (re + deviation * c, im + deviation * s)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;
    use ndarray::Array2;

    /// A stationary field with correlation `exp(-(|dx| + |dy|)/range)` and unit variance.
    fn exponential_field(seed: u64, n: usize, range: f64) -> Array2<f64> {
        let a = (-1.0 / range).exp();
        let noise = standard_normals(seed, n * n);
        let mut field = Array2::from_shape_vec((n, n), noise).unwrap();
        let step = (1.0 - a * a).sqrt();
        for j in 0..n {
            for i in 1..n {
                field[[j, i]] = a * field[[j, i - 1]] + step * field[[j, i]];
            }
        }
        for j in 1..n {
            for i in 0..n {
                field[[j, i]] = a * field[[j - 1, i]] + step * field[[j, i]];
            }
        }
        field
    }

    fn coverage(replicates: u64, make: impl Fn(u64) -> Array2<f64>) -> f64 {
        let covered = |seed| {
            let result = spatial_mean(make(seed).view(), (1.0, 1.0)).unwrap();
            let (lo, hi) = result.interval.unwrap();
            lo < 0.0 && hi > 0.0
        };
        (0..replicates).filter(|&seed| covered(seed)).count() as f64 / replicates as f64
    }

    fn with_row_noise(seed: u64, sd: f64) -> Array2<f64> {
        let mut field = exponential_field(seed, 64, 1.0);
        for (mut row, offset) in field.rows_mut().into_iter().zip(standard_normals(seed + 1_000_000, 64)) {
            row += sd * offset;
        }
        field
    }

    fn masked(seed: u64) -> Array2<f64> {
        let mut field = exponential_field(seed, 64, 1.5);
        let hole = |(j, i): (usize, usize)| (10..30).contains(&j) && (20..35).contains(&i);
        field.indexed_iter_mut().filter(|(pixel, _)| hole(*pixel)).for_each(|(_, value)| *value = f64::NAN);
        field
    }

    #[test]
    fn interval_covers_the_true_mean() {
        // 400 replicates: the standard error of a rate of 0.95 is 0.011; three of them are allowed.
        for range in [0.5, 1.5, 3.0] {
            let rate = coverage(400, |seed| exponential_field(seed, 96, range));
            assert!((0.917..=0.983).contains(&rate), "range {range}: {rate}");
        }
        let rate = coverage(400, masked);
        assert!((0.917..=0.983).contains(&rate), "masked: {rate}");
        let rate = coverage(400, |seed| with_row_noise(seed, 2.0));
        assert!((0.917..=0.983).contains(&rate), "row noise: {rate}");
    }

    #[test]
    #[ignore = "full coverage, run by make validate"]
    fn interval_covers_the_true_mean_in_full() {
        for range in [0.5, 1.5, 3.0] {
            let rate = coverage(4000, |seed| exponential_field(seed, 128, range));
            assert!((0.92..=0.97).contains(&rate), "range {range}: {rate}");
        }
        let rate = coverage(4000, masked);
        assert!((0.92..=0.97).contains(&rate), "masked: {rate}");
        let rate = coverage(4000, |seed| with_row_noise(seed, 2.0));
        assert!((0.92..=0.97).contains(&rate), "row noise: {rate}");
    }

    #[test]
    fn number_of_independent_areas_is_area_over_integral_range() {
        // Integral range of the field: ((1 + a)/(1 - a))² pixels.
        let a = (-1.0 / 1.5f64).exp();
        let expected = 128.0 * 128.0 * ((1.0 - a) / (1.0 + a)).powi(2);
        let inverse = |seed| 1.0 / spatial_mean(exponential_field(seed, 128, 1.5).view(), (1.0, 1.0)).unwrap().n_effective;
        let found = 100.0 / (0..100).map(inverse).sum::<f64>();
        // Ten waves of two degrees of freedom, 100 fields: 3.2 % standard error, and a known bias of a few per cent.
        assert!((found / expected - 1.0).abs() < 0.12, "{found} {expected}");
    }

    #[test]
    fn transposition_and_units_do_not_matter() {
        let field = exponential_field(5, 64, 1.0);
        let a = spatial_mean(field.view(), (1.0, 2.0)).unwrap();
        let scaled = field.mapv(|value| 1e-18 * value);
        let b = spatial_mean(scaled.view(), (1e-9, 2e-9)).unwrap();
        assert!((a.std_error * 1e-18 / b.std_error - 1.0).abs() < 1e-9);
        assert!((a.n_effective / b.n_effective - 1.0).abs() < 1e-9);
        let c = spatial_mean(field.t(), (2.0, 1.0)).unwrap();
        assert!((a.std_error / c.std_error - 1.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_is_said_about_nothing() {
        assert!(spatial_mean(Array2::from_elem((9, 9), f64::NAN).view(), (1.0, 1.0)).is_none());
        assert!(spatial_mean(Array2::from_elem((9, 9), 2.0).view(), (1.0, 1.0)).is_none());
        let ramp = Array2::from_shape_fn((64, 64), |(j, i)| (j + i) as f64);
        assert!(spatial_mean(ramp.view(), (1.0, 1.0)).unwrap().interval.is_none());
    }
}
