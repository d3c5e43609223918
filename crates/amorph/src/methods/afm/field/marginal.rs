use ndarray::{Array2, ArrayView2};

use crate::core::random::impose_marginal;
use crate::core::stats::{normal_cdf, normal_quantile};

/// Steps of the table, which spans [`-REACH`, `REACH`] standard normal deviates.
const STEPS: usize = 1024;
const REACH: f64 = 5.0;
/// Terms of the Hermite series.
const TERMS: usize = 24;

/// The transform from standard normal deviates to values with the distribution of a map, `F^-1(Phi(z))`, as a table.
#[derive(Debug, Clone)]
pub struct Marginal {
    values: Vec<f64>,
    /// Squared Hermite coefficients: the covariance at correlation `rho` is `sum c_n rho^n`, n from 1.
    coefficients: Vec<f64>,
}

impl Marginal {
    /// From the usable values of a map, in rising order, at least one.
    pub fn of_sorted(sorted: &[f64]) -> Self {
        let last = sorted.len() - 1;
        let value = |step: usize| {
            let place = normal_cdf(deviate(step)) * sorted.len() as f64 - 0.5;
            let place = place.clamp(0.0, last as f64);
            let below = place as usize;
            sorted[below] + (place - below as f64) * (sorted[(below + 1).min(last)] - sorted[below])
        };
        let values: Vec<f64> = (0..=STEPS).map(value).collect();
        let coefficients = hermite(&values).into_iter().skip(1).map(|c| c * c).collect();
        Self { values, coefficients }
    }

    /// Replaces standard normal deviates by values of the map's distribution.
    pub fn apply(&self, field: &mut Array2<f64>) {
        field.mapv_inplace(|z| {
            let place = ((z + REACH) / (2.0 * REACH) * STEPS as f64).clamp(0.0, STEPS as f64);
            let below = (place as usize).min(STEPS - 1);
            self.values[below] + (place - below as f64) * (self.values[below + 1] - self.values[below])
        });
    }

    /// Covariance of two transformed deviates of correlation `rho`; at 1 it is the variance.
    pub fn covariance(&self, rho: f64) -> f64 {
        self.coefficients.iter().rev().fold(0.0, |sum, c| (sum + c) * rho)
    }
}

fn deviate(step: usize) -> f64 {
    REACH * (2.0 * step as f64 / STEPS as f64 - 1.0)
}

/// Coefficients in normalised probabilists' Hermite polynomials. What the last terms miss of the variance is given to the last one,
/// so that the series is exact at correlation 1.
fn hermite(values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; TERMS];
    let (mut square, mut weight) = (0.0, 0.0);
    for (step, value) in values.iter().enumerate() {
        let z = deviate(step);
        let density = (-0.5 * z * z).exp();
        let (mut previous, mut current) = (0.0, 1.0);
        for (n, sum) in sums.iter_mut().enumerate() {
            *sum += density * value * current;
            // Normalised recursion: sqrt(n + 1) h_{n+1} = z h_n - sqrt(n) h_{n-1}.
            let next = (z * current - (n as f64).sqrt() * previous) / (n as f64 + 1.0).sqrt();
            (previous, current) = (current, next);
        }
        square += density * value * value;
        weight += density;
    }
    sums.iter_mut().for_each(|sum| *sum /= weight);
    let missed = square / weight - sums.iter().map(|c| c * c).sum::<f64>();
    if let Some(last) = sums.last_mut() {
        *last = (*last * *last + missed.max(0.0)).sqrt();
    }
    sums
}

/// The map with every usable value replaced by the standard normal deviate of its rank; elsewhere NaN.
pub fn normal_scores(values: &Array2<f64>, valid: &ArrayView2<'_, bool>) -> Array2<f64> {
    let n = valid.iter().filter(|valid| **valid).count();
    let score = |rank: usize| normal_quantile((rank as f64 + 0.5) / n as f64).unwrap_or(0.0);
    let scores: Vec<f64> = (0..n).map(score).collect();
    let mut field = values.clone();
    impose_marginal(&mut field, Some(valid), &scores);
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For a log-normal marginal `exp(s z)` the covariance is `exp(s^2) (exp(s^2 rho) - 1)`.
    #[test]
    fn log_normal_covariance_has_a_closed_form() {
        let (s, n) = (0.5, 200_000);
        let sorted: Vec<f64> =
            (0..n).map(|i| (s * normal_quantile((f64::from(i) + 0.5) / f64::from(n)).unwrap()).exp()).collect();
        let marginal = Marginal::of_sorted(&sorted);
        for rho in [0.1, 0.5, 0.9, 1.0f64] {
            let expected = (s * s).exp() * ((s * s * rho).exp() - 1.0);
            assert!((marginal.covariance(rho) / expected - 1.0).abs() < 2e-3, "{rho}: {}", marginal.covariance(rho));
        }
        let mut field = Array2::from_elem((1, 1), 1.0);
        marginal.apply(&mut field);
        assert!((field[(0, 0)] / s.exp() - 1.0).abs() < 1e-4);
    }

    #[test]
    fn scores_keep_the_order_and_leave_out_what_is_not_valid() {
        let values = ndarray::arr2(&[[5.0, 100.0, -3.0], [7.0, 6.0, 0.0]]);
        let valid = values.mapv(|v| v < 50.0);
        let scores = normal_scores(&values, &valid.view());
        assert!(scores[(0, 1)].is_nan());
        assert!(scores[(0, 2)] < scores[(1, 2)] && scores[(1, 2)] < scores[(0, 0)] && scores[(1, 1)] < scores[(1, 0)]);
        assert!(scores[(0, 0)].abs() < 1e-12);
    }
}
