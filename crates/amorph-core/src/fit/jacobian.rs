//! Jacobians: analytic where the model has one, central differences otherwise.

use super::{Parameter, ResidualModel};
use nalgebra::DMatrix;
use ndarray::Array2;

/// A residual function together with its analytic Jacobian.
///
/// `jacobian(params)[[i, j]] = ∂residual_i/∂param_j`, shape (residuals, all parameters).
#[derive(Debug, Clone, Copy)]
pub struct WithJacobian<R, J> {
    /// Residuals at the parameters.
    pub residuals: R,
    /// Derivatives at the parameters.
    pub jacobian: J,
}

impl<R, J> ResidualModel for WithJacobian<R, J>
where
    R: Fn(&[f64]) -> Vec<f64>,
    J: Fn(&[f64]) -> Array2<f64>,
{
    fn residuals(&self, params: &[f64]) -> Vec<f64> {
        (self.residuals)(params)
    }

    fn jacobian(&self, params: &[f64]) -> Option<Array2<f64>> {
        Some((self.jacobian)(params))
    }
}

/// Jacobian with respect to the free parameters in their natural units, and the
/// number of residual evaluations it took. `None` if an entry is not finite.
pub(super) fn natural_jacobian(
    model: &impl ResidualModel,
    parameters: &[Parameter],
    free: &[usize],
    params: &[f64],
    n_residuals: usize,
) -> (Option<DMatrix<f64>>, usize) {
    if let Some(full) = model.jacobian(params) {
        if full.dim() != (n_residuals, parameters.len()) {
            return (None, 0);
        }
        let jacobian = DMatrix::from_fn(n_residuals, free.len(), |i, j| full[[i, free[j]]]);
        return (finite(jacobian), 0);
    }
    let mut jacobian = DMatrix::zeros(n_residuals, free.len());
    let mut evaluations = 0;
    for (column, &index) in free.iter().enumerate() {
        let stencil = Stencil::new(&parameters[index], params[index]);
        for (offset, factor) in stencil.points {
            if factor == 0.0 {
                continue;
            }
            let mut moved = params.to_vec();
            moved[index] = params[index] + offset;
            let residuals = model.residuals(&moved);
            evaluations += 1;
            if residuals.len() != n_residuals {
                return (None, evaluations);
            }
            for (entry, r) in jacobian.column_mut(column).iter_mut().zip(&residuals) {
                *entry += factor * r;
            }
        }
    }
    (finite(jacobian), evaluations)
}

fn finite(matrix: DMatrix<f64>) -> Option<DMatrix<f64>> {
    matrix.iter().all(|v| v.is_finite()).then_some(matrix)
}

/// Second-order difference formula that stays within the bounds.
struct Stencil {
    /// Offset from the value and factor of the function there.
    points: [(f64, f64); 3],
}

impl Stencil {
    fn new(parameter: &Parameter, value: f64) -> Self {
        let (lower, upper) = parameter.bound.limits();
        let wanted = f64::EPSILON.cbrt() * value.abs().max(1e-3 * parameter.scale);
        // The step that is really taken, so that its rounding does not enter the slope.
        let step = (value + wanted.min(0.25 * (upper - lower))) - value;
        if value - step >= lower && value + step <= upper {
            let half = 0.5 / step;
            return Self { points: [(-step, -half), (0.0, 0.0), (step, half)] };
        }
        let inward = if value + 2.0 * step <= upper { step } else { -step };
        Self { points: [(0.0, -1.5 / inward), (inward, 2.0 / inward), (2.0 * inward, -0.5 / inward)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slope(parameter: &Parameter, at: f64) -> f64 {
        let model = |p: &[f64]| vec![p[0].exp()];
        let parameters = [parameter.clone()];
        let (jacobian, _) = natural_jacobian(&model, &parameters, &[0], &[at], 1);
        jacobian.map_or(f64::NAN, |j| j[(0, 0)])
    }

    #[test]
    fn differences_are_second_order_also_on_a_bound() {
        let p = Parameter::new("p", 1.0);
        assert!((slope(&p, 1.0) - 1f64.exp()).abs() < 1e-9);
        for bounded in [p.clone().at_least(1.0), p.clone().at_most(1.0), p.clone().within(1.0, 9.0)] {
            assert!((slope(&bounded, 1.0) - 1f64.exp()).abs() < 1e-8, "{bounded:?}");
        }
    }

    #[test]
    fn model_is_never_called_outside_the_bounds() {
        // ln is NaN below zero: a stencil that crossed the bound would fail.
        let model = |p: &[f64]| vec![if p[0] < 0.0 || p[0] > 1.0 { f64::NAN } else { p[0] }];
        for at in [0.0, 1e-9, 0.5, 1.0 - 1e-9, 1.0] {
            let parameters = [Parameter::new("p", 0.5).within(0.0, 1.0)];
            let (jacobian, _) = natural_jacobian(&model, &parameters, &[0], &[at], 1);
            assert!(jacobian.is_some(), "{at}");
        }
    }
}
