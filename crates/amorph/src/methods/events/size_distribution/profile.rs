//! Intervals from the profile of a likelihood in exponent and cut-off.

use crate::core::fit::{FitError, brent_root};
use crate::core::stats::power_law::{Intervals, Maximum, Sums, TruncatedPowerLaw, intervals, power_law_interval};
use crate::core::stats::{CHI_SQUARED_90, CHI_SQUARED_95};

use super::blurred::Blurred;

/// Doublings of the search step.
const MAX_DOUBLINGS: usize = 40;
/// Points of a tabulated profile on either side of the maximum, and how far it reaches.
const PROFILE_POINTS: i32 = 20;
const PROFILE_REACH: f64 = 3.0;

/// A likelihood of sizes: exact ones, of which three sums are enough, or blurred ones.
#[derive(Debug, Clone)]
pub enum Likelihood {
    /// Sizes are seen as they are.
    Exact(Sums),
    /// Sizes are rounded, or measured with an error, or detected in part.
    Blurred(Box<Blurred>),
}

impl Likelihood {
    /// Number of events.
    pub fn n(&self) -> f64 {
        match self {
            Self::Exact(sums) => sums.n,
            Self::Blurred(blurred) => blurred.n(),
        }
    }

    /// The most likely truncated power law.
    pub fn fit(&self) -> Maximum {
        match self {
            Self::Exact(sums) => sums.fit(),
            Self::Blurred(blurred) => blurred.fit(),
        }
    }

    /// The most likely pure power law.
    pub fn fit_power_law(&self) -> Maximum {
        match self {
            Self::Exact(sums) => sums.fit_power_law(),
            Self::Blurred(blurred) => blurred.fit_power_law(),
        }
    }

    /// Covariance of exponent and `λ`.
    pub fn covariance(&self, law: TruncatedPowerLaw) -> [f64; 3] {
        match self {
            Self::Exact(sums) => law.covariance(sums.n),
            Self::Blurred(blurred) => blurred.covariance(law).unwrap_or([f64::NAN; 3]),
        }
    }

    fn typical(&self) -> f64 {
        match self {
            Self::Exact(sums) => sums.mean,
            Self::Blurred(blurred) => blurred.typical(),
        }
    }

    fn fit_at_alpha(&self, alpha: f64, lambda_guess: f64) -> f64 {
        match self {
            Self::Exact(sums) => sums.fit_at_alpha(alpha, lambda_guess).ln_likelihood,
            Self::Blurred(blurred) => blurred.fit_at_alpha(alpha, lambda_guess).ln_likelihood,
        }
    }

    /// The parameters whose profile likelihood ratio is below the 95 % quantile of chi-squared.
    ///
    /// # Errors
    /// [`FitError`] where a side of an interval has no end.
    pub fn intervals(&self, fit: &Maximum) -> Result<Intervals, FitError> {
        let blurred = match self {
            Self::Exact(sums) => return intervals(sums, fit),
            Self::Blurred(blurred) => blurred,
        };
        let [var_alpha, _, var_lambda] = self.covariance(fit.law);
        let finite =
            |variance: f64, otherwise: f64| if variance > 0.0 && variance.is_finite() { variance.sqrt() } else { otherwise };
        let guess = if fit.law.lambda > 0.0 { fit.law.lambda } else { 1e-3 / self.typical() };
        let at_alpha = |alpha: f64| 2.0 * (fit.ln_likelihood - self.fit_at_alpha(alpha, guess)) - CHI_SQUARED_95;
        let at_lambda = |lambda: f64, threshold: f64| {
            2.0 * (fit.ln_likelihood - blurred.fit_at_lambda(lambda, fit.law.alpha).ln_likelihood) - threshold
        };
        let alpha_step = finite(var_alpha, 1.0 / self.n().sqrt());
        let lambda_step = finite(var_lambda, 0.0).max(1e-4 / self.typical());
        let upper = |threshold: f64| end(|lambda| at_lambda(lambda, threshold), fit.law.lambda, lambda_step);
        let lower = if fit.law.lambda == 0.0 || at_lambda(0.0, CHI_SQUARED_95) <= 0.0 {
            0.0
        } else {
            brent_root(|lambda| at_lambda(lambda, CHI_SQUARED_95), 0.0, fit.law.lambda, 1e-7 * fit.law.lambda)?
        };
        Ok(Intervals {
            alpha: (end(at_alpha, fit.law.alpha, -alpha_step)?, end(at_alpha, fit.law.alpha, alpha_step)?),
            lambda: (lower, upper(CHI_SQUARED_95)?),
            lambda_below: upper(CHI_SQUARED_90)?,
        })
    }

    /// The interval of the exponent of a pure power law.
    ///
    /// # Errors
    /// As [`Likelihood::intervals`].
    pub fn power_law_interval(&self, fit: &Maximum) -> Result<(f64, f64), FitError> {
        let blurred = match self {
            Self::Exact(sums) => return power_law_interval(sums, fit),
            Self::Blurred(blurred) => blurred,
        };
        let drop = |alpha: f64| {
            let value = blurred.value(TruncatedPowerLaw { alpha, lambda: 0.0 });
            2.0 * (fit.ln_likelihood - value).min(1e300) - CHI_SQUARED_95
        };
        let step = (fit.law.alpha - 1.0) / self.n().sqrt();
        let low = 1.0 + 1e-9 * (fit.law.alpha - 1.0);
        Ok((brent_root(drop, low, fit.law.alpha, 1e-8)?, end(drop, fit.law.alpha, step)?))
    }

    /// The log-likelihood maximised over the cut-off, relative to its maximum, for exponents that are close together near the best one:
    /// what a common exponent of several samples needs to know.
    pub fn profile(&self, fit: &Maximum) -> Vec<(f64, f64)> {
        let guess = if fit.law.lambda > 0.0 { fit.law.lambda } else { 1e-3 / self.typical() };
        let place = |k: i32| fit.law.alpha + PROFILE_REACH * (f64::from(k) / f64::from(PROFILE_POINTS)).powi(3);
        let at = |alpha: f64| (alpha, (self.fit_at_alpha(alpha, guess) - fit.ln_likelihood).min(0.0));
        let all = (-PROFILE_POINTS..=PROFILE_POINTS).map(|k| if k == 0 { (fit.law.alpha, 0.0) } else { at(place(k)) });
        all.filter(|(_, value)| value.is_finite()).collect()
    }
}

/// Where `excess` turns positive on the way from `start`, first looked for at `start + step`.
fn end(excess: impl Fn(f64) -> f64, start: f64, step: f64) -> Result<f64, FitError> {
    let (mut inner, mut step) = (start, step);
    for _ in 0..MAX_DOUBLINGS {
        let outer = start + step;
        if excess(outer) > 0.0 {
            return brent_root(excess, inner.min(outer), inner.max(outer), 1e-6 * (outer - start).abs());
        }
        inner = outer;
        step *= 2.0;
    }
    Err(FitError::BadInterval { lower: start, upper: inner })
}
