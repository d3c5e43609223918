//! Levenberg-Marquardt on transformed parameters.

use super::jacobian::natural_jacobian;
use super::{Convergence, FitError, Parameter, ResidualModel};
use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt, TerminationReason};
use nalgebra::{DMatrix, DVector, Dyn, Owned};
use std::cell::Cell;

/// Stands in for a residual that is not finite, so that the step is rejected.
const REJECTED: f64 = 1e100;

/// Minimum of `Σ wᵢ rᵢ²` under the bounds.
#[derive(Debug, Clone)]
pub(super) struct Minimum {
    /// All parameters, natural units.
    pub params: Vec<f64>,
    /// Unweighted residuals there.
    pub residuals: Vec<f64>,
    /// `Σ wᵢ rᵢ²`.
    pub objective: f64,
    pub convergence: Convergence,
    pub evaluations: usize,
}

/// A weighted least-squares problem in unbounded coordinates.
struct Problem<'a, M> {
    model: &'a M,
    parameters: &'a [Parameter],
    free: &'a [usize],
    root_weights: Vec<f64>,
    u: DVector<f64>,
    evaluations: Cell<usize>,
}

impl<M: ResidualModel> Problem<'_, M> {
    fn natural(&self) -> Vec<f64> {
        let mut params: Vec<f64> = self.parameters.iter().map(|p| p.start).collect();
        for (&index, &u) in self.free.iter().zip(self.u.iter()) {
            params[index] = self.parameters[index].decode(u).0;
        }
        params
    }
}

impl<M: ResidualModel> LeastSquaresProblem<f64, Dyn, Dyn> for Problem<'_, M> {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, u: &DVector<f64>) {
        self.u.copy_from(u);
    }

    fn params(&self) -> DVector<f64> {
        self.u.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        self.evaluations.set(self.evaluations.get() + 1);
        let residuals = self.model.residuals(&self.natural());
        if residuals.len() != self.root_weights.len() {
            return None;
        }
        let weighted = residuals.iter().zip(&self.root_weights).map(|(r, w)| {
            let value = r * w;
            if value.is_finite() { value } else { REJECTED }
        });
        Some(DVector::from_iterator(residuals.len(), weighted))
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let params = self.natural();
        let n = self.root_weights.len();
        let (jacobian, evaluations) = natural_jacobian(self.model, self.parameters, self.free, &params, n);
        self.evaluations.set(self.evaluations.get() + evaluations);
        let mut jacobian = jacobian?;
        for (j, mut column) in jacobian.column_iter_mut().enumerate() {
            let slope = self.parameters[self.free[j]].decode(self.u[j]).1;
            for (entry, w) in column.iter_mut().zip(&self.root_weights) {
                *entry *= slope * w;
            }
        }
        Some(jacobian)
    }
}

/// Settings shared by every minimisation of a fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Settings {
    pub tolerance: f64,
    /// Residual evaluations allowed per free parameter, differences not counted.
    pub patience: usize,
}

/// Minimises `Σ wᵢ rᵢ²` from the parameters' start values.
pub(super) fn minimise<M: ResidualModel>(
    model: &M,
    parameters: &[Parameter],
    weights: &[f64],
    settings: Settings,
) -> Result<Minimum, FitError> {
    let first = run(model, parameters, weights, settings)?;
    let minimum = match snap_to_bounds(model, parameters, weights, settings, &first.0) {
        Some(snapped) => snapped,
        None if first.1 => first.0,
        None => {
            return Err(FitError::NotConverged { evaluations: first.0.evaluations, objective: first.0.objective });
        }
    };
    Ok(minimum)
}

/// One Levenberg-Marquardt run; the flag tells whether it converged.
fn run<M: ResidualModel>(
    model: &M,
    parameters: &[Parameter],
    weights: &[f64],
    settings: Settings,
) -> Result<(Minimum, bool), FitError> {
    let free: Vec<usize> = (0..parameters.len()).filter(|&i| !parameters[i].is_fixed()).collect();
    let start = free.iter().map(|&i| parameters[i].encode(parameters[i].start));
    let problem = Problem {
        model,
        parameters,
        free: &free,
        root_weights: weights.iter().map(|w| w.sqrt()).collect(),
        u: DVector::from_iterator(free.len(), start),
        evaluations: Cell::new(0),
    };
    check_start(&problem)?;
    if free.is_empty() {
        return finish(&problem, Convergence::Tolerance).map(|minimum| (minimum, true));
    }
    // First step no longer than the parameters: MINPACK's default of a hundred times
    // that throws BoxBOD onto a plateau.
    let algorithm = LevenbergMarquardt::new()
        .with_stepbound(1.0)
        .with_ftol(settings.tolerance)
        .with_xtol(settings.tolerance)
        .with_gtol(settings.tolerance)
        .with_patience(settings.patience);
    let (problem, report) = algorithm.minimize(problem);
    let convergence = match report.termination {
        TerminationReason::ResidualsZero => Some(Convergence::ExactFit),
        TerminationReason::Orthogonal | TerminationReason::Converged { .. } => Some(Convergence::Tolerance),
        TerminationReason::NoImprovementPossible(_) => Some(Convergence::Rounding),
        _ => None,
    };
    let minimum = finish(&problem, convergence.unwrap_or(Convergence::Rounding))?;
    Ok((minimum, convergence.is_some()))
}

fn check_start<M: ResidualModel>(problem: &Problem<'_, M>) -> Result<(), FitError> {
    let params = problem.natural();
    let residuals = problem.model.residuals(&params);
    let (found, expected) = (residuals.len(), problem.root_weights.len());
    if found != expected {
        return Err(FitError::LengthMismatch { what: "the residual vector", found, expected });
    }
    all_finite("residual", &residuals, &params)
}

fn all_finite(what: &'static str, values: &[f64], params: &[f64]) -> Result<(), FitError> {
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(index) => Err(FitError::NotFinite { what, index, value: values[index], params: params.to_vec() }),
    }
}

fn finish<M: ResidualModel>(problem: &Problem<'_, M>, convergence: Convergence) -> Result<Minimum, FitError> {
    let params = problem.natural();
    let residuals = problem.model.residuals(&params);
    all_finite("residual", &residuals, &params)?;
    let weighted = residuals.iter().zip(&problem.root_weights).map(|(r, w)| (r * w).powi(2));
    Ok(Minimum { objective: weighted.sum(), params, residuals, convergence, evaluations: problem.evaluations.get() + 2 })
}

/// Puts parameters that creep towards a bound on it and refits the others.
///
/// The transforms are flat on a bound, so the minimiser reaches a minimum there
/// only slowly. The result is kept only where it is no worse.
fn snap_to_bounds<M: ResidualModel>(
    model: &M,
    parameters: &[Parameter],
    weights: &[f64],
    settings: Settings,
    reached: &Minimum,
) -> Option<Minimum> {
    let mut snapped = parameters.to_vec();
    let mut any = false;
    for (parameter, &value) in snapped.iter_mut().zip(&reached.params) {
        parameter.start = value;
        if let Some(bound) = parameter.bound_near(value) {
            *parameter = Parameter { start: bound, ..parameter.clone() }.fixed();
            any = true;
        }
    }
    if !any {
        return None;
    }
    let (mut minimum, converged) = run(model, &snapped, weights, settings).ok()?;
    minimum.evaluations += reached.evaluations;
    (converged && minimum.objective <= reached.objective * (1.0 + 1e-12)).then_some(minimum)
}
