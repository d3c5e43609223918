//! Small statistics that the methods of the family share.

use crate::core::fit::Fit;
use statrs::distribution::{ContinuousCDF, Normal};

/// Two-sided probability of as few or as many runs of one sign, by Wald and Wolfowitz; `None` below 10 values.
pub fn runs_test(residuals: &[f64]) -> Option<f64> {
    let signs: Vec<bool> = residuals.iter().filter(|r| r.is_finite()).map(|r| *r > 0.0).collect();
    let (n, up) = (signs.len() as f64, signs.iter().filter(|up| **up).count() as f64);
    if signs.len() < 10 || up == 0.0 || up == n {
        return None;
    }
    let runs = 1.0 + signs.windows(2).filter(|pair| pair[0] != pair[1]).count() as f64;
    let pairs = 2.0 * up * (n - up);
    let (mean, variance) = (pairs / n + 1.0, pairs * (pairs - n) / (n * n * (n - 1.0)));
    let z = (runs - mean) / variance.sqrt();
    let normal = Normal::new(0.0, 1.0).ok()?;
    Some(2.0 * normal.cdf(-z.abs()))
}

/// What errors are to be multiplied by where neighbouring residuals are alike: the root of `(1 + ρ)/(1 - ρ)` with their mean
/// correlation `ρ` over all sequences; 1 where `ρ` is no larger than twice its own error.
pub fn correlation_inflation<'a>(sequences: impl Iterator<Item = &'a [f64]>) -> (f64, f64) {
    let (mut products, mut squares, mut n) = (0.0, 0.0, 0.0);
    for sequence in sequences {
        for pair in sequence.windows(2) {
            products += pair[0] * pair[1];
            squares += 0.5 * (pair[0] * pair[0] + pair[1] * pair[1]);
            n += 1.0;
        }
    }
    let rho: f64 = if squares > 0.0 { (products / squares).clamp(-0.99, 0.99) } else { 0.0 };
    if rho > 2.0 / f64::sqrt(n) { (((1.0 + rho) / (1.0 - rho)).sqrt(), rho) } else { (1.0, rho) }
}

/// Akaike's criterion with the correction for few readings; `inflation` of the best law counts readings that are alike once.
pub fn aicc(fit: &Fit, inflation: f64) -> f64 {
    let n = fit.n_data as f64;
    let k = fit.n_free as f64 + 1.0;
    let deviance = n * (fit.residual_sum / n).max(1e-300).ln() / inflation.powi(2);
    deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0).max(1.0)
}
