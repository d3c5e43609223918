//! Profile-likelihood intervals of the exponent and the cut-off.

use crate::fit::{FitError, brent_root};
use crate::stats::{CHI_SQUARED_90, CHI_SQUARED_95};

use super::law::{Maximum, Sums};

/// Doublings of the search step.
const MAX_DOUBLINGS: usize = 60;

/// 95 % intervals of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intervals {
    /// Of the exponent.
    pub alpha: (f64, f64),
    /// Of `λ`; the lower end is 0 where the data do not exclude a pure power law.
    pub lambda: (f64, f64),
    /// The one-sided 95 % upper bound of `λ`.
    pub lambda_below: f64,
}

/// The parameters whose profile likelihood ratio is below the 95 % quantile of chi-squared.
///
/// # Errors
/// [`FitError`] where a side of the interval has no end.
pub fn intervals(sums: &Sums, fit: &Maximum) -> Result<Intervals, FitError> {
    let drop = |profile: f64, threshold: f64| 2.0 * (fit.ln_likelihood - profile) - threshold;
    let [var_alpha, _, var_lambda] = fit.law.covariance(sums.n);
    let finite =
        |variance: f64, otherwise: f64| if variance > 0.0 && variance.is_finite() { variance.sqrt() } else { otherwise };
    let alpha_step = finite(var_alpha, 1.0 / sums.n.sqrt());
    let at_alpha = |alpha: f64| {
        let guess = if fit.law.lambda > 0.0 { fit.law.lambda } else { 1e-3 / sums.mean };
        drop(sums.fit_at_alpha(alpha, guess).ln_likelihood, CHI_SQUARED_95)
    };
    let at_lambda = |lambda: f64, threshold: f64| drop(sums.fit_at_lambda(lambda, fit.law.alpha).ln_likelihood, threshold);
    let lambda_step = finite(var_lambda, 0.0).max(1e-4 / sums.mean);
    let upper_lambda = |threshold: f64| end(|lambda| at_lambda(lambda, threshold), fit.law.lambda, lambda_step);
    let lower_lambda = if fit.law.lambda == 0.0 || at_lambda(0.0, CHI_SQUARED_95) <= 0.0 {
        0.0
    } else {
        brent_root(|lambda| at_lambda(lambda, CHI_SQUARED_95), 0.0, fit.law.lambda, 1e-9 * fit.law.lambda)?
    };
    Ok(Intervals {
        alpha: (end(at_alpha, fit.law.alpha, -alpha_step)?, end(at_alpha, fit.law.alpha, alpha_step)?),
        lambda: (lower_lambda, upper_lambda(CHI_SQUARED_95)?),
        lambda_below: upper_lambda(CHI_SQUARED_90)?,
    })
}

/// The interval of the exponent of a pure power law.
///
/// # Errors
/// As [`intervals`].
pub fn power_law_interval(sums: &Sums, fit: &Maximum) -> Result<(f64, f64), FitError> {
    // ln L = n [ln(α-1) - α ⟨ln y⟩]
    let excess = |alpha: f64| {
        let ln_likelihood = sums.n * ((alpha - 1.0).ln() - alpha * sums.mean_ln);
        2.0 * (fit.ln_likelihood - ln_likelihood).min(1e300) - CHI_SQUARED_95
    };
    let step = (fit.law.alpha - 1.0) / sums.n.sqrt();
    let lower = brent_root(excess, 1.0 + 1e-9 * (fit.law.alpha - 1.0), fit.law.alpha, 1e-10)?;
    Ok((lower, end(excess, fit.law.alpha, step)?))
}

/// Where `excess` turns positive on the way from `start`, first looked for at `start + step`.
fn end(excess: impl Fn(f64) -> f64, start: f64, step: f64) -> Result<f64, FitError> {
    let (mut inner, mut step) = (start, step);
    for _ in 0..MAX_DOUBLINGS {
        let outer = start + step;
        if excess(outer) > 0.0 {
            return brent_root(excess, inner.min(outer), inner.max(outer), 1e-8 * (outer - start).abs());
        }
        inner = outer;
        step *= 2.0;
    }
    Err(FitError::BadInterval { lower: start, upper: inner })
}
