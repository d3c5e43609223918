//! Nonlinear least squares with bounds, weights and robust losses.

use super::loss::reweight;
use super::outcome::{information, unit_covariance};
use super::solver::{Minimum, Settings, minimise};
use super::{ErrorScale, Fit, FitError, Loss, Parameter};
use ndarray::Array2;

/// Residuals of a model, `model - data` or the reverse, as a function of all
/// parameters (fixed ones included) in natural units.
///
/// Any `Fn(&[f64]) -> Vec<f64>` is one. The number of residuals must not depend on
/// the parameters. An infinity or NaN away from the start rejects the step.
pub trait ResidualModel {
    /// Residual vector at the parameters.
    fn residuals(&self, params: &[f64]) -> Vec<f64>;

    /// Derivatives `∂residual_i/∂param_j`, shape (residuals, parameters); `None`
    /// (the default) asks for central differences.
    fn jacobian(&self, _params: &[f64]) -> Option<Array2<f64>> {
        None
    }
}

impl<F: Fn(&[f64]) -> Vec<f64>> ResidualModel for F {
    fn residuals(&self, params: &[f64]) -> Vec<f64> {
        self(params)
    }
}

/// A nonlinear least-squares problem: minimise `Σ wᵢ rᵢ(p)²` within bounds.
///
/// Levenberg-Marquardt in the MINPACK formulation (Moré 1978) on smoothly
/// transformed parameters; the covariance is that of the natural parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastSquares {
    pub(super) parameters: Vec<Parameter>,
    pub(super) weights: Option<Vec<f64>>,
    pub(super) loss: Loss,
    pub(super) error_scale: ErrorScale,
    pub(super) settings: Settings,
}

impl LeastSquares {
    /// A problem with unit weights, the squared loss and errors from the residuals.
    pub fn new(parameters: Vec<Parameter>) -> Self {
        Self {
            parameters,
            weights: None,
            loss: Loss::Squares,
            error_scale: ErrorScale::Residuals,
            settings: Settings { tolerance: 1e-14, patience: 500 },
        }
    }

    /// Relative weights of the squared residuals; zero leaves a residual out of the
    /// sum but not out of the count.
    pub fn weights(self, weights: Vec<f64>) -> Self {
        Self { weights: Some(weights), error_scale: ErrorScale::Residuals, ..self }
    }

    /// Absolute standard deviations of the residuals: weights `1/σ²`, covariance
    /// not rescaled by the residual scatter.
    pub fn sigma(self, sigma: &[f64]) -> Self {
        let weights = sigma.iter().map(|s| 1.0 / (s * s)).collect();
        Self { weights: Some(weights), error_scale: ErrorScale::Absolute, ..self }
    }

    /// Chooses where the size of the errors comes from.
    pub fn error_scale(self, error_scale: ErrorScale) -> Self {
        Self { error_scale, ..self }
    }

    /// Chooses the loss. With errors from the residuals, the scale of a robust loss
    /// is the median absolute residual over 0.6745, found along with the fit.
    pub fn loss(self, loss: Loss) -> Self {
        Self { loss, ..self }
    }

    /// Relative tolerance on parameters and objective (default 1e-14).
    pub fn tolerance(self, tolerance: f64) -> Self {
        let settings = Settings { tolerance: tolerance.abs(), ..self.settings };
        Self { settings, ..self }
    }

    /// Trial steps allowed per free parameter (default 500).
    pub fn patience(self, patience: usize) -> Self {
        let settings = Settings { patience: patience.max(1), ..self.settings };
        Self { settings, ..self }
    }

    /// The parameters of the problem.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The fit with the smallest sum of squares of several problems that differ in where they start.
    ///
    /// # Errors
    /// That of the last problem where none has a fit; [`FitError::NoFreeParameter`] where there is no problem.
    pub fn best_of(problems: impl IntoIterator<Item = Self>, model: &impl ResidualModel) -> Result<(Self, Fit), FitError> {
        let mut outcome: Result<(Self, Fit), FitError> = Err(FitError::NoFreeParameter { n_parameters: 0 });
        for problem in problems {
            match (problem.fit(model), &outcome) {
                (Ok(found), Ok((_, before))) if found.residual_sum >= before.residual_sum => {}
                (Ok(found), _) => outcome = Ok((problem, found)),
                (Err(error), Err(_)) => outcome = Err(error),
                (Err(_), Ok(_)) => {}
            }
        }
        outcome
    }

    /// Finds the minimum and the covariance of the parameters.
    ///
    /// # Errors
    /// Start values outside bounds, bad weights, fewer residuals than free
    /// parameters (equal counts are allowed for absolute errors), a model that is
    /// not finite at the start, no convergence, or an undetermined parameter.
    pub fn fit(&self, model: &impl ResidualModel) -> Result<Fit, FitError> {
        let weights = self.checked_weights(model)?;
        let mut evaluations = 1;
        let known = (self.error_scale == ErrorScale::Absolute).then_some(1.0);
        let (minimum, standardised, scale) = reweight(self.loss, known, weights.len(), |robust, last: Option<&Minimum>| {
            let combined: Vec<f64> = weights.iter().zip(robust).map(|(w, r)| w * r).collect();
            let from = match last {
                Some(minimum) => self.starting_at(&minimum.params),
                None => self.parameters.clone(),
            };
            let minimum = minimise(model, &from, &combined, self.settings)?;
            evaluations += minimum.evaluations;
            let z = minimum.residuals.iter().zip(&weights).map(|(r, w)| r * w.sqrt()).collect();
            Ok((minimum, z))
        })?;
        self.outcome(model, minimum, &weights, &standardised, scale, evaluations)
    }

    fn outcome(
        &self,
        model: &impl ResidualModel,
        minimum: Minimum,
        weights: &[f64],
        standardised: &[f64],
        scale: f64,
        evaluations: usize,
    ) -> Result<Fit, FitError> {
        let n_data = weights.len();
        let n_free = self.n_free();
        let dof = n_data - n_free;
        let residual_sum = self.objective(standardised, scale);
        let absolute = self.error_scale == ErrorScale::Absolute;
        let squares = self.loss == Loss::Squares;
        let variance = match (absolute, squares) {
            (true, _) => 1.0,
            (false, true) => residual_sum / dof as f64,
            (false, false) => scale * scale,
        };
        let factor = match (absolute && squares) || scale == 0.0 {
            true => variance,
            false => self.loss.variance(standardised, scale, dof),
        };
        let (unit, more) = unit_covariance(model, &self.parameters, &minimum.params, weights)?;
        let covariance = unit * factor;
        let (aic, bic) = information(residual_sum, n_data, n_free, self.error_scale);
        let parameters = self.parameters.iter();
        Ok(Fit {
            names: parameters.clone().map(|p| p.name.clone()).collect(),
            std_errors: covariance.diag().iter().map(|v| v.max(0.0).sqrt()).collect(),
            at_bound: parameters.zip(&minimum.params).map(|(p, &v)| p.touches_bound(v)).collect(),
            params: minimum.params,
            covariance,
            residuals: minimum.residuals,
            residual_sum,
            n_data,
            n_free,
            dof,
            variance,
            aic,
            bic,
            convergence: minimum.convergence,
            evaluations: evaluations + more,
        })
    }

    /// `2 s² Σ ρ(z/s)`, which is `Σ z²` for the squared loss.
    fn objective(&self, standardised: &[f64], scale: f64) -> f64 {
        let s = if scale > 0.0 { scale } else { 1.0 };
        standardised.iter().map(|z| 2.0 * s * s * self.loss.rho(z / s)).sum()
    }

    fn n_free(&self) -> usize {
        self.parameters.iter().filter(|p| !p.is_fixed()).count()
    }

    /// The parameters with other start values.
    pub(super) fn starting_at(&self, values: &[f64]) -> Vec<Parameter> {
        let moved = self.parameters.iter().zip(values);
        moved.map(|(p, &start)| Parameter { start, ..p.clone() }).collect()
    }

    /// Checks the problem against the model; returns one weight per residual.
    pub(super) fn checked_weights(&self, model: &impl ResidualModel) -> Result<Vec<f64>, FitError> {
        self.parameters.iter().try_for_each(Parameter::check)?;
        let free = self.n_free();
        if free == 0 {
            return Err(FitError::NoFreeParameter { n_parameters: self.parameters.len() });
        }
        let start: Vec<f64> = self.parameters.iter().map(|p| p.start).collect();
        let found = model.residuals(&start).len();
        let needed = free + usize::from(self.error_scale == ErrorScale::Residuals);
        if found < needed {
            return Err(FitError::TooFewData { found, needed, free });
        }
        let weights = self.weights.clone().unwrap_or_else(|| vec![1.0; found]);
        check_weights(&weights, found)?;
        Ok(weights)
    }
}

/// Weights must be as many as the data, finite and not negative.
pub(super) fn check_weights(weights: &[f64], expected: usize) -> Result<(), FitError> {
    if weights.len() != expected {
        let found = weights.len();
        return Err(FitError::LengthMismatch { what: "the weights", found, expected });
    }
    match weights.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
        None => Ok(()),
        Some(index) => Err(FitError::BadWeight { what: "weight", index, value: weights[index], rule: "not negative" }),
    }
}
