//! Bursts of velocity with a known average shape.

use amorph_core::random::{derive_seed, fill_standard_normal, rng};
use rand::RngExt;
use rand_distr::{Distribution, Gamma};

use crate::SimulationError;

/// Bursts whose mean velocity at a part `x` of the duration `T` goes with `T^(γ - 1) x^a (1 - x)^b`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bursts {
    /// Power of sizes with durations, γ.
    pub exponent: f64,
    /// Powers of the rise and of the fall, `a` and `b`; both one for a parabola.
    pub shape: [f64; 2],
    /// Fewest and most samples of a burst; their number goes with `n^-2` between.
    pub samples: [usize; 2],
    /// Standard deviation of the logarithm of sizes of one duration.
    pub size_scatter: f64,
    /// Standard deviation of a velocity over its mean, independent between samples.
    pub roughness: f64,
}

/// Points of the mean velocity within a sample.
const WITHIN: usize = 16;

impl Bursts {
    /// Velocities of `n` bursts, sample by sample; the mean size of one of one sample would be one.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for powers that are not positive, scatter that is negative, or no range of samples.
    pub fn measure(&self, n: usize, seed: u64) -> Result<Vec<Vec<f64>>, SimulationError> {
        SimulationError::require_positive("exponent", self.exponent)?;
        self.shape.iter().try_for_each(|power| SimulationError::require_positive("shape", *power))?;
        SimulationError::require_not_negative("size_scatter", self.size_scatter)?;
        SimulationError::require_not_negative("roughness", self.roughness)?;
        let [fewest, most] = self.samples;
        if fewest == 0 || most <= fewest {
            return Err(SimulationError::Parameter { name: "samples", value: most as f64, allowed: "more than the fewest" });
        }
        let rough = Gamma::new(self.roughness.powi(-2), self.roughness.powi(2)).ok().filter(|_| self.roughness > 0.0);
        let one = |place: usize| {
            let mut rng = rng(derive_seed(seed, &["burst".into(), place.into()]));
            let share: f64 = rng.random();
            // The inverse of the distribution function of n^-2.
            let (low, high) = (1.0 / fewest as f64, 1.0 / (most + 1) as f64);
            let length = ((1.0 / (low - share * (low - high))) as usize).clamp(fewest, most);
            let mut deviate = [0.0];
            fill_standard_normal(&mut rng, &mut deviate);
            let scale =
                (self.size_scatter * (deviate[0] - 0.5 * self.size_scatter)).exp() * (length as f64).powf(self.exponent);
            let mean = self.mean(length);
            let mut velocity = |mean: &f64| scale * mean * rough.as_ref().map_or(1.0, |law| law.sample(&mut rng));
            mean.iter().map(&mut velocity).collect()
        };
        Ok((0..n).map(one).collect())
    }

    /// The mean shape over `length` samples, with a sum of one.
    fn mean(&self, length: usize) -> Vec<f64> {
        let at = |k: usize| {
            let x = (k as f64 + 0.5) / (length * WITHIN) as f64;
            x.powf(self.shape[0]) * (1.0 - x).powf(self.shape[1])
        };
        let cells: Vec<f64> = (0..length).map(|cell| (0..WITHIN).map(|k| at(cell * WITHIN + k)).sum()).collect();
        let total: f64 = cells.iter().sum();
        cells.into_iter().map(|cell| cell / total).collect()
    }

    /// First moment about the middle, over half the duration, and second moment, over its square.
    pub fn moments(&self) -> [f64; 2] {
        let [a, b] = self.shape.map(|power| power + 1.0);
        let mean = a / (a + b);
        let variance = a * b / ((a + b).powi(2) * (a + b + 1.0));
        [2.0 * mean - 1.0, variance + (mean - 0.5).powi(2)]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn sizes_and_shapes_are_those_asked_for() {
        let bursts = Bursts { exponent: 2.0, shape: [1.0, 1.0], samples: [8, 200], size_scatter: 0.4, roughness: 0.5 };
        let drawn = bursts.measure(20_000, 3).unwrap();
        let ratio: Vec<f64> = drawn.iter().map(|v| v.iter().sum::<f64>() / (v.len() as f64).powi(2)).collect();
        let mean = ratio.iter().sum::<f64>() / ratio.len() as f64;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!(drawn.iter().all(|v| (8..=200).contains(&v.len())));
        // n^-2 between 8 and 200: the share above 16 is (1/17 - 1/201)/(1/8 - 1/201), the mean of whole numbers aside.
        let share = drawn.iter().filter(|v| v.len() > 16).count() as f64 / 20_000.0;
        assert!((share - (1.0 / 17.0 - 1.0 / 201.0) / (1.0 / 8.0 - 1.0 / 201.0)).abs() < 0.015, "{share}");
        assert!((bursts.moments()[1] - 0.05).abs() < 1e-12 && bursts.moments()[0].abs() < 1e-12);
        let skewed = Bursts { shape: [1.0, 2.0], ..bursts };
        let first: f64 = skewed.mean(1000).iter().enumerate().map(|(k, v)| v * (2.0 * (k as f64 + 0.5) / 1000.0 - 1.0)).sum();
        assert!((first - skewed.moments()[0]).abs() < 1e-4);
        assert!(Bursts { samples: [8, 8], ..bursts }.measure(1, 1).is_err());
    }
}
