//! Robust losses and iteratively reweighted least squares.

use super::FitError;
use crate::stats::{MEDIAN_OF_ABSOLUTE_NORMAL, median_in_place};

/// How a residual counts. `z` is the residual in units of its scale.
///
/// Least squares minimises `Σ z²`; the robust losses minimise `2 Σ ρ(z)` with a
/// `ρ` that grows slower than `z²/2` beyond the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Loss {
    /// `ρ = z²/2`.
    #[default]
    Squares,
    /// Quadratic inside, linear outside the threshold (Huber 1964).
    Huber {
        /// Threshold in standard deviations.
        threshold: f64,
    },
    /// `ρ = k² (√(1 + (z/k)²) - 1)`, a smooth Huber loss.
    SoftL1 {
        /// Threshold in standard deviations.
        threshold: f64,
    },
    /// `ρ = (k²/2) ln(1 + (z/k)²)`: the likelihood of a Cauchy distribution.
    Cauchy {
        /// Threshold in standard deviations.
        threshold: f64,
    },
}

impl Loss {
    /// Huber's loss at the threshold 1.345, 95 % efficient for Gaussian errors.
    pub fn huber() -> Self {
        Loss::Huber { threshold: 1.345 }
    }

    /// The smooth Huber loss at the threshold 1.345.
    pub fn soft_l1() -> Self {
        Loss::SoftL1 { threshold: 1.345 }
    }

    /// The Cauchy loss at the threshold 2.385, 95 % efficient for Gaussian errors.
    pub fn cauchy() -> Self {
        Loss::Cauchy { threshold: 2.385 }
    }

    /// `ρ(z)`.
    pub fn rho(self, z: f64) -> f64 {
        match self {
            Loss::Squares => 0.5 * z * z,
            Loss::Huber { threshold: k } if z.abs() <= k => 0.5 * z * z,
            Loss::Huber { threshold: k } => k * (z.abs() - 0.5 * k),
            Loss::SoftL1 { threshold: k } => k * k * ((1.0 + (z / k).powi(2)).sqrt() - 1.0),
            Loss::Cauchy { threshold: k } => 0.5 * k * k * (z / k).powi(2).ln_1p(),
        }
    }

    /// Weight `ψ(z)/z` with `ψ = ρ'`.
    pub fn weight(self, z: f64) -> f64 {
        match self {
            Loss::Squares => 1.0,
            Loss::Huber { threshold: k } => (k / z.abs()).min(1.0),
            Loss::SoftL1 { threshold: k } => 1.0 / (1.0 + (z / k).powi(2)).sqrt(),
            Loss::Cauchy { threshold: k } => 1.0 / (1.0 + (z / k).powi(2)),
        }
    }

    /// Curvature `ψ'(z)`.
    fn curvature(self, z: f64) -> f64 {
        match self {
            Loss::Squares => 1.0,
            Loss::Huber { threshold: k } => f64::from(z.abs() <= k),
            Loss::SoftL1 { threshold: k } => (1.0 + (z / k).powi(2)).powf(-1.5),
            Loss::Cauchy { threshold: k } => {
                let q = (z / k).powi(2);
                (1.0 - q) / (1.0 + q).powi(2)
            }
        }
    }

    /// Variance of a unit-design coefficient, in squared residual units.
    ///
    /// Huber's asymptotic variance `s² [Σψ²/(n-p)] / [Σψ'/n]²`
    /// (Huber 1973, doi:10.1214/aos/1176342503); plain `Σz²/(n-p)` for squares.
    pub(super) fn variance(self, residuals: &[f64], scale: f64, dof: usize) -> f64 {
        let n = residuals.len() as f64;
        let (mut psi2, mut slope) = (0.0, 0.0);
        for r in residuals {
            let z = r / scale;
            psi2 += (z * self.weight(z)).powi(2);
            slope += self.curvature(z);
        }
        scale * scale * psi2 / dof.max(1) as f64 / (slope / n).powi(2)
    }
}

/// Robust standard deviation: median absolute residual over 0.6745.
pub(super) fn robust_scale(residuals: &[f64]) -> f64 {
    let mut magnitude: Vec<f64> = residuals.iter().map(|r| r.abs()).collect();
    median_in_place(&mut magnitude) / MEDIAN_OF_ABSOLUTE_NORMAL
}

const MAX_ROUNDS: usize = 500;

/// Repeats a weighted fit until the weights of `loss` settle.
///
/// `solve` gets one weight per residual and returns its solution with the
/// unweighted residuals. Returns the last solution, its residuals and the scale.
pub(super) fn reweight<S>(
    loss: Loss,
    known_scale: Option<f64>,
    n: usize,
    mut solve: impl FnMut(&[f64], Option<&S>) -> Result<(S, Vec<f64>), FitError>,
) -> Result<(S, Vec<f64>, f64), FitError> {
    let mut weights = vec![1.0; n];
    let (mut solution, mut residuals) = solve(&weights, None)?;
    if loss == Loss::Squares {
        return Ok((solution, residuals, known_scale.unwrap_or(1.0)));
    }
    let mut change = f64::INFINITY;
    for _ in 0..MAX_ROUNDS {
        let scale = known_scale.unwrap_or_else(|| robust_scale(&residuals));
        if scale == 0.0 || change < 1e-8 {
            return Ok((solution, residuals, scale));
        }
        change = 0.0;
        for (weight, r) in weights.iter_mut().zip(&residuals) {
            let new = loss.weight(r / scale);
            change = f64::max(change, (new - *weight).abs());
            *weight = new;
        }
        (solution, residuals) = solve(&weights, Some(&solution))?;
    }
    Err(FitError::WeightsNotSettled { iterations: MAX_ROUNDS, change })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_is_slope_and_curvature_its_derivative() {
        for loss in [Loss::Squares, Loss::huber(), Loss::soft_l1(), Loss::cauchy()] {
            for z in [-7.0, -2.5, -0.4, 0.3, 1.1, 3.7] {
                let h = 1e-5;
                let slope = (loss.rho(z + h) - loss.rho(z - h)) / (2.0 * h);
                assert!((slope - z * loss.weight(z)).abs() < 1e-8, "{loss:?} {z}");
                let psi = |z: f64| z * loss.weight(z);
                let bend = (psi(z + h) - psi(z - h)) / (2.0 * h);
                assert!((bend - loss.curvature(z)).abs() < 1e-8, "{loss:?} {z}");
            }
        }
    }

    #[test]
    fn scale_is_the_median_of_even_and_odd_counts() {
        assert!((robust_scale(&[3.0, -1.0, 2.0]) - 2.0 / 0.674_489_750_196_081_7).abs() < 1e-14);
        assert!((robust_scale(&[1.0, -2.0, 3.0, 10.0]) - 2.5 / 0.674_489_750_196_081_7).abs() < 1e-14);
    }
}
