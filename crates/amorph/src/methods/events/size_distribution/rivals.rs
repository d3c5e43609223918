//! Laws that a power law with a cut-off is set against, all above the same smallest size; sizes in its units.

use crate::core::fit::brent_minimise;
use crate::core::stats::chi_squared_tail;
use crate::core::stats::power_law::{GaussianTail, Maximum, Sums, TruncatedPowerLaw, vuong};

/// Differences of the information criterion below this tell nothing.
pub(super) const INDISTINCT: f64 = 2.0;
/// Stretching exponents that are looked at, as logarithms.
const STRETCHING: [f64; 2] = [-4.0, 2.5];

/// A law that was fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    /// `x^-α exp(-x/xc)`.
    TruncatedPowerLaw(TruncatedPowerLaw),
    /// `x^-α`.
    PowerLaw(f64),
    /// A log-normal law of which only sizes above the smallest are seen.
    LogNormal(GaussianTail),
    /// `x^(k-1) exp(-b x^k)`: Weibull's law, a stretched exponential.
    StretchedExponential {
        /// Its exponent `k`.
        exponent: f64,
        /// Its rate `b`.
        rate: f64,
    },
    /// `exp(-x/x0)`, with the rate `1/x0`.
    Exponential(f64),
}

/// How a law compares with the truncated power law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rival {
    /// The law.
    pub law: Family,
    /// Its log-likelihood, of sizes in units of the smallest.
    pub ln_likelihood: f64,
    /// Information criterion with the correction for few events (Hurvich and Tsai 1989).
    pub aicc: f64,
    /// Bayesian information criterion.
    pub bic: f64,
    /// Probability of such a likelihood ratio against the truncated power law by chance; absent for that law itself.
    pub p: Option<f64>,
    /// Statistic of that test: twice the likelihood ratio of nested laws, else Vuong's z, positive where the truncated power law is
    /// closer to the data.
    pub statistic: Option<f64>,
}

impl Family {
    /// For tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::TruncatedPowerLaw(_) => "truncated power law",
            Self::PowerLaw(_) => "power law",
            Self::LogNormal(_) => "log-normal",
            Self::StretchedExponential { .. } => "stretched exponential",
            Self::Exponential(_) => "exponential",
        }
    }

    fn parameters(self) -> f64 {
        if matches!(self, Self::PowerLaw(_) | Self::Exponential(_)) { 1.0 } else { 2.0 }
    }

    /// Logarithm of the density at `ln y`.
    pub(super) fn ln_density(self, u: f64) -> f64 {
        match self {
            Self::TruncatedPowerLaw(law) => -law.alpha * u - law.lambda * u.exp() - law.ln_normalisation(),
            Self::PowerLaw(alpha) => (alpha - 1.0).ln() - alpha * u,
            Self::LogNormal(law) => law.ln_density(u) - u,
            Self::StretchedExponential { exponent, rate } => {
                (rate * exponent).ln() + (exponent - 1.0) * u - rate * (exponent * u).exp_m1()
            }
            Self::Exponential(rate) => rate.ln() - rate * u.exp_m1(),
        }
    }

    fn ln_densities(self, ln_y: &[f64]) -> Vec<f64> {
        if let Self::TruncatedPowerLaw(law) = self {
            // One normalisation for all.
            let norm = law.ln_normalisation();
            return ln_y.iter().map(|u| -law.alpha * u - law.lambda * u.exp() - norm).collect();
        }
        ln_y.iter().map(|u| self.ln_density(*u)).collect()
    }
}

/// The truncated power law and its rivals, the one with the smallest AICc first.
pub fn compare(ln_y: &[f64], sums: &Sums, fit: &Maximum, pure: &Maximum) -> Vec<Rival> {
    let n = ln_y.len() as f64;
    let own = Family::TruncatedPowerLaw(fit.law);
    let reference = own.ln_densities(ln_y);
    let squares = ln_y.iter().map(|u| u * u).sum::<f64>() / n;
    let mut laws = vec![own, Family::PowerLaw(pure.law.alpha), Family::Exponential(1.0 / (sums.mean - 1.0))];
    laws.extend(GaussianTail::fit(sums.mean_ln, squares).map(Family::LogNormal));
    laws.extend(stretched_exponential(ln_y));
    let ones = vec![1.0; ln_y.len()];
    let rival = |law: Family| {
        let densities = law.ln_densities(ln_y);
        let ln_likelihood: f64 = densities.iter().sum();
        let k = law.parameters();
        let ratio = 2.0 * (fit.ln_likelihood - ln_likelihood).max(0.0);
        let tail = || chi_squared_tail(ratio, 1.0).unwrap_or(f64::NAN);
        let (statistic, p) = match law {
            Family::TruncatedPowerLaw(_) => (None, None),
            // The edge λ = 0 of the family: half of the chance lies on the edge (Self and Liang 1987).
            Family::PowerLaw(_) => (Some(ratio), Some(if ratio > 0.0 { 0.5 * tail() } else { 1.0 })),
            Family::Exponential(_) => (Some(ratio), Some(tail())),
            // As many parameters as the truncated power law: no correction for their number.
            _ => {
                let differences: Vec<f64> = reference.iter().zip(&densities).map(|(a, b)| a - b).collect();
                let test = vuong(&differences, &ones);
                (test.map(|test| test.z), test.map(|test| test.p_value))
            }
        };
        Rival {
            law,
            ln_likelihood,
            aicc: 2.0 * k - 2.0 * ln_likelihood + 2.0 * k * (k + 1.0) / (n - k - 1.0),
            bic: k * n.ln() - 2.0 * ln_likelihood,
            p,
            statistic,
        }
    };
    let mut rivals: Vec<Rival> = laws.into_iter().map(rival).collect();
    rivals.sort_by(|a, b| a.aicc.total_cmp(&b.aicc));
    rivals
}

/// The most likely stretched exponential: its rate is known for every exponent.
fn stretched_exponential(ln_y: &[f64]) -> Option<Family> {
    let n = ln_y.len() as f64;
    let sum_ln: f64 = ln_y.iter().sum();
    let rate = |k: f64| n / ln_y.iter().map(|u| (k * u).exp_m1()).sum::<f64>();
    let negative = |ln_k: f64| {
        let k = ln_k.exp();
        -(n * (rate(k) * k).ln() + (k - 1.0) * sum_ln - n)
    };
    let best = brent_minimise(negative, STRETCHING[0], STRETCHING[1], 1e-7).ok()?;
    let exponent = best.x.exp();
    Some(Family::StretchedExponential { exponent, rate: rate(exponent) })
}
