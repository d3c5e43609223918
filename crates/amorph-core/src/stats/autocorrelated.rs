//! Straight and other linear models of a sequence whose errors are correlated from sample to sample.

use ndarray::{Array2, ArrayView2};

use super::StatsError;
use crate::fit::{FitError, LinearFit, LinearLeastSquares, brent_minimise};

/// A linear model with errors `e_i = ρ e_(i-1) + u_i`.
#[derive(Debug, Clone, PartialEq)]
pub struct AutocorrelatedFit {
    /// The fit of the whitened sequence: coefficients and covariance are those of the model.
    pub fit: LinearFit,
    /// Correlation of neighbouring errors, by maximum likelihood.
    pub correlation: f64,
}

/// Fits `y` with the columns of `design`, both in the order of the sequence; `starts` are the rows at which the sequence begins anew
/// (the first row always does).
///
/// # Errors
/// As [`LinearLeastSquares::fit`].
pub fn autocorrelated_fit(design: ArrayView2<'_, f64>, y: &[f64], starts: &[usize]) -> Result<AutocorrelatedFit, FitError> {
    let begins = |row: usize| row == 0 || starts.contains(&row);
    let begin: Vec<bool> = (0..y.len()).map(begins).collect();
    let n_starts = begin.iter().filter(|begin| **begin).count() as f64;
    let whitened = |rho: f64| {
        let root = (1.0 - rho * rho).sqrt();
        let mut x = Array2::zeros(design.dim());
        let mut z = vec![0.0; y.len()];
        for row in 0..y.len() {
            let (own, before) = if begin[row] { (root, 0.0) } else { (1.0, rho) };
            for column in 0..design.ncols() {
                let last = if before != 0.0 { before * design[[row - 1, column]] } else { 0.0 };
                x[[row, column]] = own * design[[row, column]] - last;
            }
            z[row] = own * y[row] - if begin[row] { 0.0 } else { rho * y[row - 1] };
        }
        LinearLeastSquares::default().fit(x.view(), &z)
    };
    let dof = y.len().saturating_sub(design.ncols()) as f64;
    // Restricted likelihood: with few samples the plain one finds too little correlation.
    let deviance = |rho: f64| {
        whitened(rho).map_or(f64::NAN, |fit| {
            let (_, ln_determinant) = covariance_scale(&fit);
            dof * fit.residual_sum.ln() - n_starts * (1.0 - rho * rho).ln() - ln_determinant
        })
    };
    let rho = brent_minimise(deviance, -0.95, 0.995, 1e-6).map(|minimum| minimum.x)?;
    Ok(AutocorrelatedFit { fit: whitened(rho)?, correlation: rho })
}

/// Determinant of the covariance without the scale of the residuals, by elimination: number of columns and logarithm.
fn covariance_scale(fit: &LinearFit) -> (usize, f64) {
    let p = fit.coefficients.len();
    let scale = fit.residual_std.powi(2).max(f64::MIN_POSITIVE);
    let mut m = fit.covariance.mapv(|v| v / scale);
    let mut ln_determinant = 0.0;
    for i in 0..p {
        let pivot = m[[i, i]].max(f64::MIN_POSITIVE);
        ln_determinant += pivot.ln();
        for j in i + 1..p {
            let factor = m[[j, i]] / pivot;
            for k in i..p {
                m[[j, k]] -= factor * m[[i, k]];
            }
        }
    }
    (p, ln_determinant)
}

/// Half of the 95 % interval of a coefficient.
///
/// # Errors
/// [`StatsError`] for a fit without degrees of freedom.
pub fn half_width(fit: &AutocorrelatedFit, coefficient: usize) -> Result<f64, StatsError> {
    let n = (fit.fit.dof + fit.fit.coefficients.len()) as f64;
    // Correlated samples count less: as many as would tell the mean as well.
    let effective = n * (1.0 - fit.correlation.max(0.0)) / (1.0 + fit.correlation.max(0.0));
    let dof = (effective - fit.fit.coefficients.len() as f64).clamp(2.0, fit.fit.dof as f64);
    Ok(super::student_t_quantile(0.975, dof)? * fit.fit.std_errors[coefficient])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normals;
    use crate::stats::coverage;

    #[test]
    fn the_interval_of_a_slope_covers() {
        for rho in [0.0, 0.5, 0.9] {
            let trial = |seed: u64| {
                let n = 300;
                let mut noise = standard_normals(seed, n);
                for i in 1..n {
                    noise[i] = rho * noise[i - 1] + f64::sqrt(1.0 - rho * rho) * noise[i];
                }
                let step = |i: usize| f64::from(u8::from((i / 60) % 2 == 1));
                let design = Array2::from_shape_fn((n, 3), |(i, j)| [1.0, i as f64 / n as f64, step(i)][j]);
                let y: Vec<f64> = (0..n).map(|i| 2.0 * step(i) + i as f64 * 0.01 + noise[i]).collect();
                let fit = autocorrelated_fit(design.view(), &y, &[]).ok()?;
                let half = half_width(&fit, 2).ok()?;
                Some((fit.fit.coefficients[2] - half, fit.fit.coefficients[2] + half))
            };
            let rate = coverage(800, 7, 2.0, trial).unwrap().fraction;
            // 800 trials: standard error 0.008.
            assert!((0.925..0.975).contains(&rate), "{rho}: {rate}");
        }
    }
}
