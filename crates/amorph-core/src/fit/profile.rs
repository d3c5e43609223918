//! Profile-likelihood intervals.

use super::scalar::try_brent_root;
use super::solver::minimise;
use super::{ErrorScale, Fit, FitError, LeastSquares, Loss, Parameter, ResidualModel};
use crate::stats::{chi_squared_quantile, student_t_quantile};

/// Confidence interval of one parameter from its profile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProfileInterval {
    /// Lower end; `None` where the profile stays below the threshold up to the
    /// bound or as far as it was searched.
    pub lower: Option<f64>,
    /// Upper end; `None` as for the lower end.
    pub upper: Option<f64>,
    /// Confidence level.
    pub level: f64,
    /// Refits of the other parameters.
    pub refits: usize,
}

/// Doublings of the search step before a side is called unbounded.
const MAX_EXPANSIONS: usize = 40;

impl LeastSquares {
    /// Interval in which the residual sum, minimised over the other parameters,
    /// rises by no more than the threshold of `level`: `χ²₁(level)` for absolute
    /// errors, `s² t²_dof` for errors from the residuals (Bates & Watts 1988,
    /// section 6.1).
    ///
    /// # Errors
    /// A level outside (0, 1), a fixed parameter, a robust loss, a failed refit, or
    /// [`FitError::BetterMinimum`] where the profile falls below the fit.
    pub fn profile_interval(
        &self,
        model: &impl ResidualModel,
        fit: &Fit,
        index: usize,
        level: f64,
    ) -> Result<ProfileInterval, FitError> {
        let n_parameters = self.parameters.len();
        let parameter = self.parameters.get(index).ok_or(FitError::NoSuchParameter { index, n_parameters })?;
        if parameter.is_fixed() {
            return Err(FitError::FixedParameter { parameter: parameter.name.clone() });
        }
        if self.loss != Loss::Squares {
            return Err(FitError::ProfileOfRobustFit);
        }
        let threshold = self.threshold(fit, level)?;
        let weights = self.checked_weights(model)?;
        let mut profile = Profile { problem: self, model, fit, index, weights, threshold, refits: 0 };
        let lower = profile.side(-1.0)?;
        let upper = profile.side(1.0)?;
        Ok(ProfileInterval { lower, upper, level, refits: profile.refits })
    }

    /// Rise of the residual sum at the ends of the interval.
    fn threshold(&self, fit: &Fit, level: f64) -> Result<f64, FitError> {
        if !(level > 0.0 && level < 1.0) {
            return Err(FitError::BadLevel { level });
        }
        let quantile = match self.error_scale {
            ErrorScale::Absolute => chi_squared_quantile(level, 1.0),
            ErrorScale::Residuals => student_t_quantile(0.5 + 0.5 * level, fit.dof as f64).map(|t| t * t),
        };
        Ok(fit.variance * quantile.map_err(|_| FitError::BadLevel { level })?)
    }
}

struct Profile<'a, M> {
    problem: &'a LeastSquares,
    model: &'a M,
    fit: &'a Fit,
    index: usize,
    weights: Vec<f64>,
    threshold: f64,
    refits: usize,
}

impl<M: ResidualModel> Profile<'_, M> {
    /// Root of the profile on one side of the fit; `sign` is -1 or 1.
    fn side(&mut self, sign: f64) -> Result<Option<f64>, FitError> {
        let best = self.fit.params[self.index];
        let parameter = &self.problem.parameters[self.index];
        let limits = parameter.bound.limits();
        let limit = if sign < 0.0 { limits.0 } else { limits.1 };
        let mut step = self.first_step(parameter);
        let mut inner = best;
        let mut warm = self.fit.params.clone();
        for _ in 0..MAX_EXPANSIONS {
            if inner == limit {
                return Ok(None);
            }
            let outer = (best + sign * step).clamp(limits.0, limits.1);
            let mut start = warm.clone();
            if self.height(outer, &mut warm)? > 0.0 {
                let root = try_brent_root(
                    |value| {
                        let mut trial = start.clone();
                        let height = self.height(value, &mut trial)?;
                        if height < 0.0 {
                            start = trial;
                        }
                        Ok(height)
                    },
                    inner,
                    outer,
                    1e-10 * (outer - best).abs(),
                )?;
                return Ok(Some(root));
            }
            inner = outer;
            step *= 2.0;
        }
        Ok(None)
    }

    fn first_step(&self, parameter: &Parameter) -> f64 {
        let linear = self.fit.covariance[[self.index, self.index]] / self.fit.variance;
        let guess = (linear * self.threshold).sqrt();
        if guess.is_finite() && guess > 0.0 { guess } else { 1e-3 * parameter.scale }
    }

    /// `√(rise) - √(threshold)` at `value`: nearly linear, so the root is found in
    /// few refits. `warm` holds start values and receives the refitted parameters.
    fn height(&mut self, value: f64, warm: &mut [f64]) -> Result<f64, FitError> {
        if value == self.fit.params[self.index] {
            return Ok(-self.threshold.sqrt());
        }
        warm[self.index] = value;
        let mut parameters = self.problem.starting_at(warm);
        parameters[self.index] = parameters[self.index].clone().fixed();
        self.refits += 1;
        let minimum = minimise(self.model, &parameters, &self.weights, self.problem.settings)?;
        warm.copy_from_slice(&minimum.params);
        let rise = minimum.objective - self.fit.residual_sum;
        if rise < -1e-6 * self.threshold {
            return Err(FitError::BetterMinimum {
                parameter: self.problem.parameters[self.index].name.clone(),
                value,
                found: minimum.objective,
                fitted: self.fit.residual_sum,
            });
        }
        Ok(rise.max(0.0).sqrt() - self.threshold.sqrt())
    }
}
