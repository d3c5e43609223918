//! Linear least squares by QR, with weights and robust losses.

use super::loss::reweight;
use super::nonlinear::check_weights;
use super::outcome::inverse_normal;
use super::{ErrorScale, FitError, Loss};
use nalgebra::{DMatrix, DVector};
use ndarray::{Array2, ArrayView2};

/// A linear model fitted to data.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearFit {
    /// Coefficients, one per column of the design.
    pub coefficients: Vec<f64>,
    /// Covariance of the coefficients.
    pub covariance: Array2<f64>,
    /// Square roots of the covariance diagonal.
    pub std_errors: Vec<f64>,
    /// Data minus model, unweighted.
    pub residuals: Vec<f64>,
    /// `Σ w r²`.
    pub residual_sum: f64,
    /// Share of the weighted variance about the weighted mean that the model
    /// explains; negative for a model without constant that does worse than the
    /// mean, zero for constant data.
    pub r_squared: f64,
    /// Data minus coefficients.
    pub dof: usize,
    /// Scale of the residuals: `√(Σ w r²/dof)`, or the robust scale.
    pub residual_std: f64,
}

/// A linear least-squares problem: minimise `Σ wᵢ (yᵢ - Σⱼ Xᵢⱼ bⱼ)²`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinearLeastSquares {
    /// Weights of the squared residuals; all one if absent.
    pub weights: Option<Vec<f64>>,
    /// Loss; the scale of a robust one is found along with the fit.
    pub loss: Loss,
    /// Whether weights are relative or `1/σ²`.
    pub error_scale: ErrorScale,
}

impl LinearLeastSquares {
    /// Fits `y` (length n) with the columns of `design` (shape (n, p)).
    ///
    /// # Errors
    /// Unequal lengths, values that are not finite, fewer than p data (p + 1 if the
    /// errors come from the residuals), or dependent columns.
    pub fn fit(&self, design: ArrayView2<'_, f64>, y: &[f64]) -> Result<LinearFit, FitError> {
        let (n, p) = design.dim();
        let weights = self.check(design, y)?;
        let x = DMatrix::from_fn(n, p, |i, j| design[[i, j]]);
        let data = DVector::from_column_slice(y);
        let known = (self.error_scale == ErrorScale::Absolute).then_some(1.0);
        let ((coefficients, residuals), standardised, scale) = reweight(self.loss, known, n, |robust, _| {
            let roots: Vec<f64> = weights.iter().zip(robust).map(|(w, r)| (w * r).sqrt()).collect();
            let b = solve(&x, &data, &roots)?;
            let r = &data - &x * &b;
            let z = r.iter().zip(&weights).map(|(r, w)| r * w.sqrt()).collect();
            Ok(((b, r), z))
        })?;
        let mut scaled = x;
        for (mut row, w) in scaled.row_iter_mut().zip(&weights) {
            row *= w.sqrt();
        }
        let inverse = inverse_normal(scaled, 1.0 / (f64::EPSILON * p as f64)).map_err(undetermined)?;
        let dof = n - p;
        let residual_sum: f64 = standardised.iter().map(|z| z * z).sum();
        let squares = self.loss == Loss::Squares;
        let factor = match (self.error_scale, squares || scale == 0.0) {
            (ErrorScale::Absolute, true) => 1.0,
            (ErrorScale::Residuals, true) => residual_sum / dof as f64,
            (_, false) => self.loss.variance(&standardised, scale, dof),
        };
        let covariance = Array2::from_shape_fn((p, p), |(i, j)| factor * inverse[(i, j)]);
        let plain = (residual_sum / dof.max(1) as f64).sqrt();
        Ok(LinearFit {
            coefficients: coefficients.iter().copied().collect(),
            std_errors: covariance.diag().iter().map(|v| v.max(0.0).sqrt()).collect(),
            covariance,
            residuals: residuals.iter().copied().collect(),
            residual_sum,
            r_squared: r_squared(y, &weights, residual_sum),
            dof,
            residual_std: if squares { plain } else { scale },
        })
    }

    fn check(&self, design: ArrayView2<'_, f64>, y: &[f64]) -> Result<Vec<f64>, FitError> {
        let (n, p) = design.dim();
        if y.len() != n {
            return Err(FitError::LengthMismatch { what: "the data", found: y.len(), expected: n });
        }
        if p == 0 {
            return Err(FitError::NoFreeParameter { n_parameters: 0 });
        }
        let needed = p + usize::from(self.error_scale == ErrorScale::Residuals);
        if n < needed {
            return Err(FitError::TooFewData { found: n, needed, free: p });
        }
        for (what, mut values) in
            [("datum", Box::new(y.iter()) as Box<dyn Iterator<Item = &f64>>), ("design entry", Box::new(design.iter()))]
        {
            if let Some((index, &value)) = values.by_ref().enumerate().find(|(_, v)| !v.is_finite()) {
                return Err(FitError::NotFinite { what, index, value, params: Vec::new() });
            }
        }
        let weights = self.weights.clone().unwrap_or_else(|| vec![1.0; n]);
        check_weights(&weights, n)?;
        Ok(weights)
    }
}

fn undetermined(singular: super::outcome::Singular) -> FitError {
    let parameter = format!("column {}", singular.column);
    FitError::Unidentifiable { parameter, condition: singular.condition }
}

/// Solves the weighted problem by Householder QR of the column-scaled design.
fn solve(x: &DMatrix<f64>, y: &DVector<f64>, roots: &[f64]) -> Result<DVector<f64>, FitError> {
    let mut a = x.clone();
    let mut b = y.clone();
    for (i, w) in roots.iter().enumerate() {
        a.row_mut(i).scale_mut(*w);
        b[i] *= w;
    }
    let norms: Vec<f64> = a.column_iter().map(|c| c.norm()).collect();
    for (mut column, norm) in a.column_iter_mut().zip(&norms) {
        column /= *norm;
    }
    let columns = a.ncols();
    let qr = a.qr();
    qr.q_tr_mul(&mut b);
    let mut solution = qr
        .r()
        .solve_upper_triangular(&b.rows(0, columns))
        .filter(|s| s.iter().all(|v| v.is_finite()))
        .ok_or(FitError::Unidentifiable { parameter: "column 0".into(), condition: f64::INFINITY })?;
    for (value, norm) in solution.iter_mut().zip(&norms) {
        *value /= norm;
    }
    Ok(solution)
}

fn r_squared(y: &[f64], weights: &[f64], residual_sum: f64) -> f64 {
    let total: f64 = weights.iter().sum();
    let mean = y.iter().zip(weights).map(|(y, w)| w * y).sum::<f64>() / total;
    let spread: f64 = y.iter().zip(weights).map(|(y, w)| w * (y - mean).powi(2)).sum();
    if spread > 0.0 { 1.0 - residual_sum / spread } else { 0.0 }
}

/// Fits `y = b₀ + b₁ x`; coefficients are [intercept, slope].
///
/// # Errors
/// As [`LinearLeastSquares::fit`].
pub fn straight_line(x: &[f64], y: &[f64], problem: &LinearLeastSquares) -> Result<LinearFit, FitError> {
    let design = Array2::from_shape_fn((x.len(), 2), |(i, j)| if j == 0 { 1.0 } else { x[i] });
    problem.fit(design.view(), y)
}
