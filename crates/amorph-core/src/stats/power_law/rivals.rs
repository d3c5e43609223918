//! Laws that a power law with a cut-off is set against: Gaussian and log-normal above a threshold.

use std::f64::consts::TAU;

use crate::fit::brent_root;
use crate::stats::normal_cdf;

/// Density `c exp(-a t - b t^2)` on `t >= 0`, `b >= 0`: a Gaussian of which only one side of a threshold is seen. With `t = y - 1`
/// it is a Gaussian in the size `y >= 1`, with `t = ln y` a log-normal; `b = 0` is an exponential and a pure power law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianTail {
    a: f64,
    b: f64,
    c: f64,
}

/// Thresholds this many standard deviations above the centre leave an exponential.
const DEEPEST: f64 = 40.0;
const HIGHEST: f64 = 1e4;

impl GaussianTail {
    /// The most likely one where `t` has this mean and mean square; `None` unless both are positive and leave a spread.
    pub fn fit(mean: f64, mean_square: f64) -> Option<Self> {
        let ratio = mean_square / (mean * mean);
        if !(mean > 0.0 && ratio > ratio_of_moments(-HIGHEST) && ratio.is_finite()) {
            return None;
        }
        if ratio >= ratio_of_moments(DEEPEST) {
            return Some(Self { a: 1.0 / mean, b: 0.0, c: 1.0 / mean });
        }
        let k = brent_root(|k| ratio_of_moments(k) - ratio, -HIGHEST, DEEPEST, 1e-12).ok()?;
        let s = mean / (hazard(k) - k);
        Some(Self { a: k / s, b: 0.5 / (s * s), c: hazard(k) / s })
    }

    /// Logarithm of the density.
    pub fn ln_density(&self, t: f64) -> f64 {
        self.c.ln() - self.a * t - self.b * t * t
    }

    /// Probability of a larger value.
    pub fn survival(&self, t: f64) -> f64 {
        let fall = (-self.a * t - self.b * t * t).exp();
        if self.b == 0.0 {
            return fall;
        }
        let s = (0.5 / self.b).sqrt();
        let k = self.a * s;
        fall * hazard(k) / hazard(k + t / s)
    }
}

/// Hazard of the normal distribution, density over the probability beyond.
fn hazard(k: f64) -> f64 {
    if k < 4.0 {
        return (-0.5 * k * k).exp() / TAU.sqrt() / normal_cdf(-k);
    }
    // Laplace's continued fraction.
    k + (1..=80).rev().fold(0.0, |tail, n| f64::from(n) / (k + tail))
}

/// Mean square over squared mean of `Z - k` given `Z > k`, rising from 1 to 2 with `k`.
fn ratio_of_moments(k: f64) -> f64 {
    let mean = hazard(k) - k;
    (1.0 - k * mean) / (mean * mean)
}

/// Which of two laws that do not contain each other is closer to the data (Vuong 1989, doi:10.2307/1912557).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vuong {
    /// Log-likelihood ratio over its standard deviation: positive where the first law is closer.
    pub z: f64,
    /// Two-sided probability of a larger one where both are equally close.
    pub p_value: f64,
}

/// From the differences of the log-densities at each event and their weights; `None` without spread.
pub fn vuong(differences: &[f64], weights: &[f64]) -> Option<Vuong> {
    let total: f64 = weights.iter().sum();
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    let mean = differences.iter().zip(weights).map(|(d, w)| d * w).sum::<f64>() / total;
    let variance = differences.iter().zip(weights).map(|(d, w)| w * (d - mean).powi(2)).sum::<f64>() / total;
    let z = mean / (variance * squares).sqrt() * total;
    z.is_finite().then(|| Vuong { z, p_value: 2.0 * normal_cdf(-z.abs()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;

    /// Moments by quadrature, `t` up to where nothing is left.
    fn moments(law: &GaussianTail, end: f64) -> [f64; 3] {
        let (n, mut sums) = (200_000, [0.0; 3]);
        for i in 0..n {
            let t = (f64::from(i) + 0.5) * end / f64::from(n);
            let p = law.ln_density(t).exp() * end / f64::from(n);
            sums.iter_mut().zip([1.0, t, t * t]).for_each(|(sum, power)| *sum += p * power);
        }
        sums
    }

    #[test]
    fn the_fit_has_the_moments_of_the_data() {
        for (mean, ratio) in
            [(1.0, 1.01), (2.0, 1.3), (0.3, std::f64::consts::FRAC_PI_2), (1.0, 1.9), (5.0, 1.9999), (1.0, 2.7)]
        {
            let law = GaussianTail::fit(mean, ratio * mean * mean).unwrap();
            let [one, first, second] = moments(&law, 40.0 * mean);
            assert!((one - 1.0).abs() < 1e-6 && (first / mean - 1.0).abs() < 1e-5, "{ratio}: {one} {first}");
            // Beyond an exponential the family ends: the mean is kept, the mean square is not.
            assert!((second / (ratio.min(2.0) * mean * mean) - 1.0).abs() < 1e-4, "{ratio}: {second}");
            let half = 0.7 * mean;
            let step = 1e-5 * mean;
            let slope = (law.survival(half - step) - law.survival(half + step)) / (2.0 * step);
            assert!((slope / law.ln_density(half).exp() - 1.0).abs() < 1e-6, "{ratio}");
        }
        assert!(GaussianTail::fit(1.0, 1.0).is_none() && GaussianTail::fit(0.0, 0.0).is_none());
    }

    #[test]
    fn hazards_join() {
        // Q(4) = 3.167124183311992e-5 (Abramowitz and Stegun, table 26.1).
        let exact = (-8.0f64).exp() / TAU.sqrt() / 3.167_124_183_311_992e-5;
        assert!((hazard(4.0) / exact - 1.0).abs() < 1e-12 && (hazard(4.0 - 1e-9) / exact - 1.0).abs() < 1e-8);
    }

    #[test]
    fn equally_close_laws_give_uniform_probabilities() {
        let p = |seed: u64| vuong(&standard_normals(seed, 200), &[1.0; 200]).unwrap().p_value;
        let below = (0..1000).filter(|seed| p(*seed) < 0.05).count() as f64 / 1000.0;
        // Four standard errors of 0.05 in 1000.
        assert!((below - 0.05).abs() < 0.028, "{below}");
        assert!(vuong(&[1.0, 1.0], &[1.0, 1.0]).is_none());
        let shifted: Vec<f64> = standard_normals(1, 200).iter().map(|z| z + 1.0).collect();
        assert!(vuong(&shifted, &[1.0; 200]).unwrap().z > 5.0);
    }
}
