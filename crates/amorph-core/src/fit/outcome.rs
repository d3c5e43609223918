//! What a nonlinear fit returns, and the covariance of its parameters.

use super::jacobian::natural_jacobian;
use super::{FitError, Parameter, ResidualModel};
use nalgebra::DMatrix;
use ndarray::Array2;

/// Why the minimiser stopped. All three are minima.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Convergence {
    /// Parameters, objective or gradient within the tolerance.
    Tolerance,
    /// Nothing smaller can be reached in double precision.
    Rounding,
    /// All residuals are zero.
    ExactFit,
}

/// Where the size of the errors comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorScale {
    /// From the scatter of the residuals: weights are relative and the covariance
    /// is multiplied by `s² = Σ w r² / dof`.
    #[default]
    Residuals,
    /// From the weights: the standard deviations given are absolute.
    Absolute,
}

/// A converged nonlinear least-squares fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Parameter names, in the order of the problem.
    pub names: Vec<String>,
    /// Parameter values, natural units.
    pub params: Vec<f64>,
    /// Covariance of all parameters in natural units, shape (n, n); zero rows and
    /// columns for fixed ones.
    pub covariance: Array2<f64>,
    /// Square roots of the covariance diagonal; zero for fixed parameters. The
    /// value on a bound has a one-sided error: use a profile interval there.
    pub std_errors: Vec<f64>,
    /// Whether each parameter ended on one of its bounds.
    pub at_bound: Vec<bool>,
    /// Unweighted residuals at the minimum.
    pub residuals: Vec<f64>,
    /// `Σ w r²`; with a robust loss `2 s² Σ ρ(√w r / s)` at the robust scale `s`.
    pub residual_sum: f64,
    /// Number of residuals.
    pub n_data: usize,
    /// Number of free parameters.
    pub n_free: usize,
    /// Residuals minus free parameters.
    pub dof: usize,
    /// Variance of a residual of unit weight: one for absolute errors,
    /// `residual_sum / dof` otherwise, the robust scale squared for a robust loss.
    pub variance: f64,
    /// Akaike information criterion: `Σ w r² + 2k` for absolute errors,
    /// `n ln(Σ w r² / n) + 2k` otherwise. Compare equal data and equal loss only.
    pub aic: f64,
    /// Bayesian information criterion: as `aic` with `k ln n` for `2k`.
    pub bic: f64,
    /// Why the minimiser stopped.
    pub convergence: Convergence,
    /// Evaluations of the model, differences included.
    pub evaluations: usize,
}

impl Fit {
    /// Correlation coefficient of two parameters; zero where one is fixed.
    pub fn correlation(&self, a: usize, b: usize) -> f64 {
        let product = self.std_errors[a] * self.std_errors[b];
        if product == 0.0 { 0.0 } else { self.covariance[[a, b]] / product }
    }
}

/// AIC and BIC of a residual sum with `k` free parameters and `n` residuals.
pub(super) fn information(sum: f64, n: usize, k: usize, scale: ErrorScale) -> (f64, f64) {
    let (n, k) = (n as f64, k as f64);
    let deviance = match scale {
        ErrorScale::Absolute => sum,
        ErrorScale::Residuals => n * (sum / n).ln(),
    };
    (deviance + 2.0 * k, deviance + k * n.ln())
}

/// `(Jᵀ W J)⁻¹` of the free parameters in natural units, embedded among all.
pub(super) fn unit_covariance(
    model: &impl ResidualModel,
    parameters: &[Parameter],
    params: &[f64],
    weights: &[f64],
) -> Result<(Array2<f64>, usize), FitError> {
    let free: Vec<usize> = (0..params.len()).filter(|&i| !parameters[i].is_fixed()).collect();
    let (jacobian, evaluations) = natural_jacobian(model, parameters, &free, params, weights.len());
    let mut jacobian = jacobian.ok_or_else(|| FitError::NotFinite {
        what: "derivative of residual",
        index: 0,
        value: f64::NAN,
        params: params.to_vec(),
    })?;
    for (mut row, w) in jacobian.row_iter_mut().zip(weights) {
        row *= w.sqrt();
    }
    let inverse = inverse_normal(jacobian, MAX_CONDITION).map_err(|singular| FitError::Unidentifiable {
        parameter: parameters[free[singular.column]].name.clone(),
        condition: singular.condition,
    })?;
    let mut covariance = Array2::zeros((params.len(), params.len()));
    for (a, &i) in free.iter().enumerate() {
        for (b, &j) in free.iter().enumerate() {
            covariance[[i, j]] = inverse[(a, b)];
        }
    }
    Ok((covariance, evaluations))
}

/// Largest condition number of a column-scaled Jacobian that is believed: central
/// differences resolve dependent columns to about 1e-10. The hardest NIST problem has 6e4.
const MAX_CONDITION: f64 = 1e8;

/// A design without a unique solution.
pub(super) struct Singular {
    /// Column that dominates the undetermined direction.
    pub column: usize,
    pub condition: f64,
}

/// `(AᵀA)⁻¹`, refused above a condition number of `limit`, by QR and the singular values of the column-scaled triangle, which
/// never squares the condition number of `A`.
pub(super) fn inverse_normal(mut a: DMatrix<f64>, limit: f64) -> Result<DMatrix<f64>, Singular> {
    let norms: Vec<f64> = a.column_iter().map(|c| c.norm()).collect();
    if let Some(column) = norms.iter().position(|&n| n == 0.0) {
        return Err(Singular { column, condition: f64::INFINITY });
    }
    for (mut column, norm) in a.column_iter_mut().zip(&norms) {
        column /= *norm;
    }
    let (n, p) = a.shape();
    let svd = a.qr().r().svd(false, true);
    let right = svd.v_t.ok_or(Singular { column: 0, condition: f64::NAN })?;
    let (weakest, smallest) = svd.singular_values.argmin();
    let condition = svd.singular_values.max() / smallest;
    if n < p || condition.is_nan() || condition > limit {
        let column = right.row(weakest).transpose().iamax();
        return Err(Singular { column, condition });
    }
    let mut half = right.transpose();
    for (mut column, s) in half.column_iter_mut().zip(svd.singular_values.iter()) {
        column /= *s;
    }
    let mut inverse = &half * half.transpose();
    for i in 0..p {
        for j in 0..p {
            inverse[(i, j)] /= norms[i] * norms[j];
        }
    }
    Ok(inverse)
}
