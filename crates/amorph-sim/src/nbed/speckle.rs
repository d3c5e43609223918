//! Speckle of a disordered foil below a focused probe.

use amorph_core::fft::{Complex64, RealFft2, signed_frequency};
use amorph_core::random::{Rng, derive_seed, rng};
use ndarray::Array2;
use rand_distr::{Distribution, StandardNormal};

use crate::SimulationError;

/// Random diffracted intensity of mean one whose neighbouring pixels are alike within a disk.
///
/// A coherent amplitude is complex white noise summed over disks of radius `grain`; its intensity is exponentially distributed.
/// The mean of several such intensities with weights `w` is nearly a gamma distribution of shape `M = 1/Σw²`. With Friedel
/// symmetry `I(c + g) = I(c - g)` to the last digit, for any centre `c`, as for a thin foil that only shifts the phase.
#[derive(Debug, Clone)]
pub struct Speckle {
    fft: RealFft2,
    /// Spectrum of a disk over half the frequencies, normalised to an intensity of one.
    filter: Array2<f64>,
    weights: Vec<f64>,
    /// Shift of the middle of the detector's first pixel to the centre.
    shift: Array2<Complex64>,
}

impl Speckle {
    /// On a detector of `shape` (rows, columns) pixels, for grains of radius `grain` pixels, `modes >= 1` (any number, not
    /// only whole ones) and the unscattered beam at `centre` (y, x).
    ///
    /// # Errors
    /// [`SimulationError::Parameter`].
    pub fn new(shape: [usize; 2], centre: [f64; 2], grain: f64, modes: f64) -> Result<Self, SimulationError> {
        SimulationError::require_positive("grain", grain)?;
        if !(1.0..=1e4).contains(&modes) {
            return Err(SimulationError::Parameter { name: "modes", value: modes, allowed: "at least one, at most 10000" });
        }
        let [rows, columns] = shape;
        let disk = Array2::from_shape_fn((rows, columns), |(y, x)| {
            let r = signed_frequency(y, rows).hypot(signed_frequency(x, columns));
            (grain + 0.5 - r).clamp(0.0, 1.0)
        });
        let fft = RealFft2::new(rows, columns).sequential();
        let mut filter = fft.forward(&disk.view()).mapv(|value| value.re);
        // At the highest frequency a shift by part of a pixel has no meaning.
        for ((y, x), value) in filter.indexed_iter_mut() {
            if 2 * y == rows || 2 * x == columns {
                *value = 0.0;
            }
        }
        let twice = |x: usize| if x == 0 { 1.0 } else { 2.0 };
        let power: f64 = filter.indexed_iter().map(|((_, x), value)| twice(x) * value * value).sum();
        // The inverse transform divides by the number of points; real and imaginary part have half the intensity each.
        let norm = (rows * columns) as f64 / (2.0 * power).sqrt();
        filter.mapv_inplace(|value| value * norm);
        let shift = Array2::from_shape_fn(filter.dim(), |(y, x)| {
            let turns = signed_frequency(y, rows) * centre[0] / rows as f64 + x as f64 * centre[1] / columns as f64;
            Complex64::from_polar(1.0, -std::f64::consts::TAU * turns)
        });
        Ok(Self { fft, filter, weights: mode_weights(modes), shift })
    }

    /// One pattern; row by row.
    pub fn sample(&self, rng: &mut Rng, friedel: bool) -> Vec<f64> {
        let (rows, columns) = self.fft.shape();
        let mut intensity = vec![0.0; rows * columns];
        for weight in &self.weights {
            for imaginary in [false, true] {
                let amplitude = self.fft.inverse(&self.spectrum(rng, friedel, imaginary).view());
                for (sum, value) in intensity.iter_mut().zip(&amplitude) {
                    *sum += weight * value * value;
                }
            }
        }
        intensity
    }

    /// Patterns at every position of a scan of `shape` whose amplitudes neighbours share: independent ones, averaged with a
    /// Gaussian of standard deviation `overlap` steps. The correlation of intensities at a distance of d steps is
    /// `exp(-d²/(2 overlap²))`.
    pub fn scan(&self, shape: [usize; 2], overlap: f64, friedel: bool, seed: u64) -> Vec<Vec<f64>> {
        let [n_y, n_x] = shape;
        let reach = (4.0 * overlap).ceil() as usize;
        let weights: Vec<f64> =
            (0..=2 * reach).map(|i| (-0.5 * ((i as f64 - reach as f64) / overlap.max(1e-9)).powi(2)).exp()).collect();
        let norm = weights.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        let (rows, columns) = self.fft.shape();
        let mut intensity = vec![vec![0.0; rows * columns]; n_y * n_x];
        let wide = n_x + 2 * reach;
        for (mode, weight) in self.weights.iter().enumerate() {
            for imaginary in [false, true] {
                let draw = |cell: usize| {
                    let part = usize::from(imaginary);
                    let parts = ["cell".into(), cell.into(), mode.into(), part.into()];
                    self.spectrum(&mut rng(derive_seed(seed, &parts)), friedel, imaginary)
                };
                let mean_of = |cells: &mut dyn Iterator<Item = &Array2<Complex64>>| {
                    let mut sum: Array2<Complex64> = Array2::zeros(self.filter.dim());
                    for (cell, weight) in cells.zip(&weights) {
                        sum.scaled_add(Complex64::new(weight / norm, 0.0), cell);
                    }
                    sum
                };
                // Rows of the scan that are averaged along x, as many as the average along y needs.
                let mut averaged: Vec<Array2<Complex64>> = Vec::new();
                for y in 0..n_y + 2 * reach {
                    let row: Vec<Array2<Complex64>> = (0..wide).map(|x| draw(y * wide + x)).collect();
                    averaged.extend((0..n_x).map(|x| mean_of(&mut row[x..].iter())));
                    if y < 2 * reach {
                        continue;
                    }
                    for x in 0..n_x {
                        let spectrum = mean_of(&mut averaged[x..].iter().step_by(n_x));
                        let amplitude = self.fft.inverse(&spectrum.view());
                        let position = &mut intensity[(y - 2 * reach) * n_x + x];
                        for (sum, value) in position.iter_mut().zip(&amplitude) {
                            *sum += weight * value * value;
                        }
                    }
                    averaged.drain(..n_x);
                }
            }
        }
        intensity
    }

    /// Half spectrum of the real or imaginary part of an amplitude.
    fn spectrum(&self, rng: &mut Rng, friedel: bool, imaginary: bool) -> Array2<Complex64> {
        let (rows, _) = self.fft.shape();
        let mut normal = || -> f64 { StandardNormal.sample(rng) };
        let mut spectrum = self.filter.mapv(|filter| {
            // A symmetric real part has real coefficients about the centre, an odd imaginary part imaginary ones.
            let (a, b) = (normal(), if friedel { 0.0 } else { normal() });
            let factor = if friedel { filter } else { filter * std::f64::consts::FRAC_1_SQRT_2 };
            if friedel && imaginary { Complex64::new(b, a) * factor } else { Complex64::new(a, b) * factor }
        });
        for y in 0..=rows / 2 {
            let mirror = (rows - y) % rows;
            let value = spectrum[[y, 0]];
            if mirror == y {
                let whole = if friedel { 1.0 } else { std::f64::consts::SQRT_2 };
                spectrum[[y, 0]] = Complex64::new(value.re * whole, 0.0);
            } else {
                spectrum[[mirror, 0]] = value.conj();
            }
        }
        if friedel {
            spectrum.zip_mut_with(&self.shift, |value, shift| *value *= shift);
        }
        spectrum
    }
}

/// Weights of sum one and of `Σw² = 1/modes`: as many equal ones as fit, and a smaller one.
fn mode_weights(modes: f64) -> Vec<f64> {
    let n = modes.ceil();
    if n - modes < 1e-12 {
        return vec![1.0 / n; n as usize];
    }
    // (n-1) a + b = 1 and (n-1) a² + b² = 1/modes.
    let spread = ((1.0 / modes - 1.0 / n) / (n * (n - 1.0))).sqrt();
    let mut weights = vec![1.0 / n + spread; n as usize];
    weights[0] = 1.0 / n - (n - 1.0) * spread;
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_have_the_number_of_modes_asked_for() {
        for modes in [1.0, 1.2, 2.0, 3.5, 8.0, 29.9] {
            let weights = mode_weights(modes);
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            assert!((1.0 / weights.iter().map(|w| w * w).sum::<f64>() - modes).abs() < 1e-9, "{modes}: {weights:?}");
            assert!(weights.iter().all(|w| *w >= -1e-12));
        }
    }

    /// Mean one, variance 1/M, and the correlation of intensities that the overlap of two disks gives, squared.
    #[test]
    fn moments_and_grain_are_those_asked_for() {
        for (modes, friedel) in [(1.0, false), (3.5, false), (2.0, true)] {
            let speckle = Speckle::new([64, 64], [31.3, 30.9], 3.0, modes).unwrap();
            let mut rng = rng(7);
            let patterns: Vec<Vec<f64>> = (0..200).map(|_| speckle.sample(&mut rng, friedel)).collect();
            let n = (patterns.len() * 64 * 64) as f64;
            let over = |f: &dyn Fn(&[f64], usize) -> f64| {
                patterns.iter().map(|pattern| (0..pattern.len()).map(|i| f(pattern, i)).sum::<f64>()).sum::<f64>() / n
            };
            let mean = over(&|p, i| p[i]);
            let variance = over(&|p, i| (p[i] - 1.0).powi(2));
            // About 200 * 4096 / 28 independent grains.
            assert!((mean - 1.0).abs() < 5.0 * (28.0 / n / modes).sqrt(), "{mean}");
            assert!((variance * modes - 1.0).abs() < 0.08, "{}", variance * modes);
            let lag = |d: usize| over(&|p, i| if i % 64 + d < 64 { (p[i] - 1.0) * (p[i + d] - 1.0) } else { 0.0 }) * modes;
            // A sampled disk with an edge of a pixel, so no closed form.
            let disk = |y: i32, x: i32| (3.5 - f64::from(y).hypot(f64::from(x))).clamp(0.0, 1.0);
            let pixels = || (-4..=4).flat_map(|y| (-4..=4).map(move |x| (y, x)));
            let overlap = |d: i32| pixels().map(|(y, x)| disk(y, x) * disk(y, x - d)).sum::<f64>();
            for d in [2, 3, 4] {
                let expected = (overlap(d) / overlap(0)).powi(2) * (1.0 - f64::from(d) / 64.0);
                assert!((lag(d as usize) - expected).abs() < 0.04, "lag {d}: {} {expected}", lag(d as usize));
            }
            assert!(lag(8).abs() < 0.03);
        }
    }

    #[test]
    fn friedel_pairs_are_equal_about_the_centre() {
        let speckle = Speckle::new([32, 48], [15.5, 23.0], 2.0, 1.0).unwrap();
        let pattern = speckle.sample(&mut rng(3), true);
        for (y, x) in [(3, 5), (10, 40), (20, 9)] {
            let (value, partner) = (pattern[y * 48 + x], pattern[(31 - y) * 48 + 46 - x]);
            assert!((value - partner).abs() < 1e-9, "{value} {partner}");
        }
        let other = speckle.sample(&mut rng(3), false);
        assert!((other[3 * 48 + 5] - other[28 * 48 + 41]).abs() > 1e-6);
    }

    /// Neighbours are alike as stated, and the variance stays.
    #[test]
    fn neighbours_of_a_scan_share_their_speckle() {
        let speckle = Speckle::new([48, 48], [23.5, 23.5], 2.0, 2.0).unwrap();
        let patterns = speckle.scan([12, 14], 0.8, false, 3);
        assert_eq!(patterns.len(), 12 * 14);
        let n = 48.0 * 48.0;
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - 1.0) * (b - 1.0)).sum::<f64>() / n;
        let along = |step: usize| {
            let pairs = (0..12 * 14 - step).filter(|i| step >= 14 || i % 14 + step < 14);
            let values: Vec<f64> = pairs.map(|i| product(&patterns[i], &patterns[i + step])).collect();
            2.0 * values.iter().sum::<f64>() / values.len() as f64
        };
        let expected = |d: f64| (-d * d / (2.0 * 0.8 * 0.8)).exp();
        for (step, d) in [(0, 0.0), (1, 1.0), (14, 1.0), (2, 2.0), (4, 4.0)] {
            assert!((along(step) - expected(d)).abs() < 0.05, "{step}: {} {}", along(step), expected(d));
        }
    }
}
