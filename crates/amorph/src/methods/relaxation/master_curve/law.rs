//! Laws of the shifts over temperature, fitted with their full covariance.

use crate::core::dense::Cholesky;
use crate::core::fit::{ErrorScale, FitError, LeastSquares, Parameter};
use crate::core::stats::chi_squared_tail;
use crate::theory::constants::GAS;

/// A fitted law.
#[derive(Debug, Clone, PartialEq)]
pub struct Law {
    /// Its parameters.
    pub values: Vec<f64>,
    /// Their standard errors.
    pub std_errors: Vec<f64>,
    /// Their 95 % profile intervals; open where the profile is.
    pub intervals: Vec<(f64, f64)>,
    /// Weighted sum of squares.
    pub chi_squared: f64,
    /// Probability of one at least as large.
    pub p: f64,
    /// Bayesian information criterion.
    pub bic: f64,
}

/// `ln a` by C1 and C2 (K) at a temperature this far above the reference (K); `None` at and below the pole of the law.
pub fn wlf_shift([c1, c2]: [f64; 2], above: f64) -> Option<f64> {
    (c2 + above > 0.0).then(|| -std::f64::consts::LN_10 * c1 * above / (c2 + above))
}

/// `ln a` by an energy (J/mol) between two temperatures (K).
pub fn arrhenius_shift(energy: f64, temperature: f64, reference: f64) -> f64 {
    energy / GAS * (1.0 / temperature - 1.0 / reference)
}

/// Shifts but the reference with their covariance, ready to be fitted.
pub struct Shifts<'a> {
    /// Temperatures, K.
    pub temperatures: &'a [f64],
    /// `ln a`.
    pub values: &'a [f64],
    /// Covariance, row by row.
    pub covariance: &'a [f64],
    /// Temperature at which `ln a = 0`, K.
    pub reference: f64,
}

impl Shifts<'_> {
    /// `log10 a = -C1 (T - Tr)/(C2 + T - Tr)`: C1 and C2 (K).
    ///
    /// # Errors
    /// As [`LeastSquares::fit`].
    pub fn wlf(&self) -> Result<Law, FitError> {
        let coldest = self.temperatures.iter().fold(self.reference, |coldest, t| coldest.min(*t));
        let least = 1.0 + (self.reference - coldest) * 1.0001;
        let model = |p: &[f64], t: f64| wlf_shift([p[0], p[1]], t - self.reference).unwrap_or(f64::NAN);
        let best = [1.2, 2.0, 4.0, 10.0, 30.0].into_iter().filter_map(|factor| {
            let start = vec![Parameter::new("C1", 10.0), Parameter::new("C2", least * factor + 10.0).at_least(least)];
            self.law(start, model).ok()
        });
        best.min_by(|a, b| a.chi_squared.total_cmp(&b.chi_squared)).map_or_else(
            || self.law(vec![Parameter::new("C1", 10.0), Parameter::new("C2", 100.0 + least).at_least(least)], model),
            Ok,
        )
    }

    /// `ln a = (E/R)(1/T - 1/Tr)`: E (J/mol).
    ///
    /// # Errors
    /// As [`LeastSquares::fit`].
    pub fn arrhenius(&self) -> Result<Law, FitError> {
        let model = |p: &[f64], t: f64| arrhenius_shift(p[0], t, self.reference);
        self.law(vec![Parameter::new("E", 3e5)], model)
    }

    fn law(&self, parameters: Vec<Parameter>, model: impl Fn(&[f64], f64) -> f64) -> Result<Law, FitError> {
        let n = self.values.len();
        let free = parameters.len();
        let too_few = FitError::TooFewData { found: n, needed: free + 1, free };
        if n <= free {
            return Err(too_few);
        }
        let Some(cholesky) = Cholesky::of(self.covariance, n) else { return Err(too_few) };
        let residuals = |p: &[f64]| {
            let raw: Vec<f64> = self.temperatures.iter().zip(self.values).map(|(t, y)| model(p, *t) - y).collect();
            cholesky.whiten(&raw)
        };
        let problem = LeastSquares::new(parameters).error_scale(ErrorScale::Absolute);
        let fitted = problem.fit(&residuals)?;
        let p = chi_squared_tail(fitted.residual_sum, fitted.dof.max(1) as f64).unwrap_or(f64::NAN);
        let interval = |index: usize| {
            let found = problem.profile_interval(&residuals, &fitted, index, 0.95)?;
            Ok((found.lower.unwrap_or(f64::NAN), found.upper.unwrap_or(f64::NAN)))
        };
        let intervals = (0..free).map(interval).collect::<Result<Vec<_>, FitError>>()?;
        let bic = fitted.residual_sum + free as f64 * (n as f64).ln();
        Ok(Law { values: fitted.params, std_errors: fitted.std_errors, intervals, chi_squared: fitted.residual_sum, p, bic })
    }
}
