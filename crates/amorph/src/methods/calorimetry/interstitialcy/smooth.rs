//! Smooth curve through noisy samples with its derivative, by penalised B-splines whose smoothness the data weigh.

use crate::core::dense::{Cholesky, dot, quadratic};

/// Most intervals of the spline.
const INTERVALS: usize = 56;
/// Samples for an interval.
const PER_INTERVAL: usize = 4;
/// Order of the penalised difference: a smooth derivative is wanted.
const ORDER: usize = 3;
/// Exponents of the penalty, base 10, from and to, and their step.
const PENALTIES: (f64, f64, f64) = (-6.0, 10.0, 0.5);
/// Exact data have no noise.
const NOTHING: f64 = 1e-28;

/// A curve as a sum of cubic B-splines, with the covariance of its coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Smooth {
    lo: f64,
    wide: f64,
    n: usize,
    coefficients: Vec<f64>,
    covariance: Vec<f64>,
    /// Standard deviation of a sample.
    pub noise: f64,
}

/// Weights of the four splines that are not zero at a place (in intervals from the first knot), or of their derivatives.
fn four(u: f64, derivative: bool) -> [f64; 4] {
    if derivative {
        [-0.5 * (1.0 - u).powi(2), 0.5 * (3.0 * u * u - 4.0 * u), 0.5 * (1.0 + 2.0 * u - 3.0 * u * u), 0.5 * u * u]
    } else {
        let cube = u.powi(3);
        [
            (1.0 - u).powi(3) / 6.0,
            (4.0 - 6.0 * u * u + 3.0 * cube) / 6.0,
            (1.0 + 3.0 * u + 3.0 * u * u - 3.0 * cube) / 6.0,
            cube / 6.0,
        ]
    }
}

impl Smooth {
    /// Through samples at rising `x`; `None` with fewer than 12.
    pub fn of(x: &[f64], y: &[f64]) -> Option<Self> {
        if x.len() < 12 || x.len() != y.len() {
            return None;
        }
        let intervals = (x.len() / PER_INTERVAL).clamp(6, INTERVALS);
        let n = intervals + 3;
        let lo = x[0];
        let wide = (x[x.len() - 1] - lo) / intervals as f64;
        if wide.is_nan() || wide <= 0.0 {
            return None;
        }
        let mut curve = Self { lo, wide, n, coefficients: vec![0.0; n], covariance: Vec::new(), noise: 0.0 };
        let (mut normal, mut right, mut square) = (vec![0.0; n * n], vec![0.0; n], 0.0);
        // About the mean, so that no digits are lost.
        let mean = y.iter().sum::<f64>() / y.len() as f64;
        for (x, y) in x.iter().zip(y) {
            let (first, weights) = curve.place(*x, false);
            square += (y - mean).powi(2);
            for (a, wa) in weights.iter().enumerate() {
                right[first + a] += wa * (y - mean);
                for (b, wb) in weights.iter().enumerate() {
                    normal[(first + a) * n + first + b] += wa * wb;
                }
            }
        }
        curve.weigh(&normal, &right, square, x.len())?;
        curve.coefficients.iter_mut().for_each(|c| *c += mean);
        Some(curve)
    }

    /// Mean and covariance over all penalties by their restricted likelihood.
    fn weigh(&mut self, normal: &[f64], right: &[f64], square: f64, samples: usize) -> Option<()> {
        let n = self.n;
        let penalty = differences(n);
        let dof = (samples - ORDER) as f64;
        let count = ((PENALTIES.1 - PENALTIES.0) / PENALTIES.2) as usize;
        let mut candidates: Vec<(f64, f64, Vec<f64>, Vec<f64>)> = Vec::new();
        for k in 0..=count {
            let lambda = 10f64.powf(PENALTIES.0 + PENALTIES.2 * k as f64);
            let matrix: Vec<f64> = normal.iter().zip(&penalty).map(|(a, p)| a + lambda * p).collect();
            let Some(cholesky) = Cholesky::of(&matrix, n) else { continue };
            let solved = cholesky.solve(right);
            // Residuals and penalty together are yy - y B c.
            let variance = ((square - dot(&solved, right)).max(0.0) / dof).max(NOTHING);
            let weight = -0.5 * (dof * variance.ln() + cholesky.ln_determinant() - (n - ORDER) as f64 * lambda.ln());
            candidates.push((weight, variance, solved, cholesky.inverse()));
        }
        let best = candidates.iter().map(|c| c.0).fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = candidates.iter().map(|c| (c.0 - best).exp()).sum();
        if !(total.is_finite() && total > 0.0) {
            return None;
        }
        self.covariance = vec![0.0; n * n];
        let mut variance = 0.0;
        for (weight, own, solved, inverse) in &candidates {
            let share = (weight - best).exp() / total;
            variance += share * own;
            for (coefficient, value) in self.coefficients.iter_mut().zip(solved) {
                *coefficient += share * value;
            }
            for (entry, value) in self.covariance.iter_mut().zip(inverse) {
                *entry += share * own * value;
            }
        }
        // What the penalties differ by.
        for (weight, _, solved, _) in &candidates {
            let share = (weight - best).exp() / total;
            if share < 1e-9 {
                continue;
            }
            let away: Vec<f64> = solved.iter().zip(&self.coefficients).map(|(a, b)| a - b).collect();
            for i in 0..n {
                for j in 0..n {
                    self.covariance[i * n + j] += share * away[i] * away[j];
                }
            }
        }
        self.noise = variance.sqrt();
        Some(())
    }

    /// First of four splines at a place, and their weights.
    fn place(&self, x: f64, derivative: bool) -> (usize, [f64; 4]) {
        let z = ((x - self.lo) / self.wide).clamp(0.0, (self.n - 3) as f64);
        let first = (z.floor() as usize).min(self.n - 4);
        let mut weights = four(z - first as f64, derivative);
        if derivative {
            weights.iter_mut().for_each(|w| *w /= self.wide);
        }
        (first, weights)
    }

    /// The functional `Σ w f(x)`, or of the derivative, as weights of the coefficients.
    pub fn functional(&self, terms: &[(f64, f64)], derivative: bool) -> Vec<f64> {
        let mut all = vec![0.0; self.n];
        for (x, w) in terms {
            let (first, weights) = self.place(*x, derivative);
            for (a, weight) in weights.iter().enumerate() {
                all[first + a] += w * weight;
            }
        }
        all
    }

    /// Value and variance of a functional.
    pub fn apply(&self, functional: &[f64]) -> (f64, f64) {
        (dot(functional, &self.coefficients), quadratic(&self.covariance, functional).max(0.0))
    }

    /// Value and variance at a place.
    pub fn at(&self, x: f64) -> (f64, f64) {
        self.apply(&self.functional(&[(x, 1.0)], false))
    }

    /// Derivative and its variance.
    pub fn slope(&self, x: f64) -> (f64, f64) {
        self.apply(&self.functional(&[(x, 1.0)], true))
    }
}

/// Squared third differences as a matrix.
fn differences(n: usize) -> Vec<f64> {
    const STENCIL: [f64; ORDER + 1] = [-1.0, 3.0, -3.0, 1.0];
    let mut matrix = vec![0.0; n * n];
    for row in 0..n - ORDER {
        for (a, va) in STENCIL.iter().enumerate() {
            for (b, vb) in STENCIL.iter().enumerate() {
                matrix[(row + a) * n + row + b] += va * vb;
            }
        }
    }
    matrix
}
