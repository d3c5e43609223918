//! A penalised spline whose smoothness is chosen by restricted maximum likelihood, with its posterior.

use ndarray::Array2;

use crate::core::random::standard_normals;

/// Cubic B-splines on equal segments with a penalty on second differences of the coefficients (Eilers & Marx 1996).
#[derive(Debug, Clone)]
pub struct PenalisedSpline {
    low: f64,
    step: f64,
    segments: usize,
    coefficients: Vec<f64>,
    /// Lower Cholesky factor of the precision of the coefficients.
    factor: Array2<f64>,
    /// Variance of a datum of weight one.
    variance: f64,
}

/// Exponents of ten of the penalties that are tried.
const PENALTIES: std::ops::RangeInclusive<i32> = -24..=24;

impl PenalisedSpline {
    /// Fits `y` at `x` with weights, on equal segments over the range of `x`.
    ///
    /// The scale of the errors is found from the residuals, so that only ratios of the weights matter. `None` for fewer than
    /// five points, no range, or weights that are not positive.
    pub fn fit(x: &[f64], y: &[f64], weights: &[f64], segments: usize) -> Option<Self> {
        let (low, high) = x.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
        let usable = x.len() >= 5 && high > low && weights.iter().all(|weight| *weight > 0.0 && weight.is_finite());
        if !usable {
            return None;
        }
        let step = (high - low) / segments as f64;
        let grid = Self { low, step, segments, coefficients: Vec::new(), factor: Array2::zeros((0, 0)), variance: 0.0 };
        let n = segments + 3;
        let mean_weight = weights.iter().sum::<f64>() / weights.len() as f64;
        let (mut gram, mut right) = (Array2::<f64>::zeros((n, n)), vec![0.0; n]);
        for ((x, y), weight) in x.iter().zip(y).zip(weights) {
            let (first, basis) = grid.basis(*x);
            for (a, value) in basis.iter().enumerate() {
                right[first + a] += weight / mean_weight * value * y;
                for (b, other) in basis.iter().enumerate() {
                    gram[[first + a, first + b]] += weight / mean_weight * value * other;
                }
            }
        }
        let penalty = second_differences(n);
        let sum = |coefficients: &[f64]| {
            let residual =
                |((x, y), weight): ((&f64, &f64), &f64)| weight / mean_weight * (y - grid.value(coefficients, *x)).powi(2);
            x.iter().zip(y).zip(weights).map(residual).sum::<f64>()
        };
        let dof = (x.len() - 2) as f64;
        let mut best: Option<(f64, Self)> = None;
        for exponent in PENALTIES {
            let lambda = 10f64.powf(0.25 * f64::from(exponent));
            let Some(factor) = cholesky(&(&gram + &(&penalty * lambda))) else { continue };
            let coefficients = solve(&factor, &right);
            let roughness = quadratic(&penalty, &coefficients);
            let variance = ((sum(&coefficients) + lambda * roughness) / dof).max(f64::MIN_POSITIVE);
            let log_determinant: f64 = 2.0 * factor.diag().iter().map(|value| value.ln()).sum::<f64>();
            let criterion = dof * variance.ln() + log_determinant - (n - 2) as f64 * lambda.ln();
            if best.as_ref().is_none_or(|(least, _)| criterion < *least) {
                best = Some((criterion, Self { coefficients, factor, variance, ..grid.clone() }));
            }
        }
        best.map(|(_, spline)| spline)
    }

    /// Value and standard error at `x`; outside the data the spline at their end.
    pub fn at(&self, x: f64) -> (f64, f64) {
        self.linear(&self.coefficients, self.basis(x))
    }

    /// Derivative and its standard error.
    pub fn derivative(&self, x: f64) -> (f64, f64) {
        self.linear(&self.coefficients, self.basis_derivative(x))
    }

    /// Value of the spline with other coefficients, for instance of [`PenalisedSpline::draw`].
    pub fn value(&self, coefficients: &[f64], x: f64) -> f64 {
        let (first, basis) = self.basis(x);
        basis.iter().enumerate().map(|(a, value)| value * coefficients[first + a]).sum()
    }

    /// The fitted coefficients.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Coefficients drawn from their posterior.
    pub fn draw(&self, seed: u64) -> Vec<f64> {
        let normal = standard_normals(seed, self.coefficients.len());
        let deviation = back_substitute(&self.factor, &normal);
        self.coefficients.iter().zip(deviation).map(|(c, d)| c + self.variance.sqrt() * d).collect()
    }

    fn linear(&self, coefficients: &[f64], (first, basis): (usize, [f64; 4])) -> (f64, f64) {
        let value = basis.iter().enumerate().map(|(a, b)| b * coefficients[first + a]).sum();
        let mut direction = vec![0.0; coefficients.len()];
        direction[first..first + 4].copy_from_slice(&basis);
        let forward = forward_substitute(&self.factor, &direction);
        (value, (self.variance * forward.iter().map(|v| v * v).sum::<f64>()).sqrt())
    }

    /// First of the four basis functions at `x`, and where in its segment `x` lies.
    fn place(&self, x: f64) -> (usize, f64) {
        let t = ((x - self.low) / self.step).clamp(0.0, self.segments as f64);
        let first = (t as usize).min(self.segments - 1);
        (first, t - first as f64)
    }

    fn basis(&self, x: f64) -> (usize, [f64; 4]) {
        let (first, u) = self.place(x);
        let v = 1.0 - u;
        let middle = |u: f64| (3.0 * u * u * u - 6.0 * u * u + 4.0) / 6.0;
        (first, [v * v * v / 6.0, middle(u), middle(v), u * u * u / 6.0])
    }

    fn basis_derivative(&self, x: f64) -> (usize, [f64; 4]) {
        let (first, u) = self.place(x);
        let v = 1.0 - u;
        let middle = |u: f64| (1.5 * u - 2.0) * u / self.step;
        (first, [-0.5 * v * v / self.step, middle(u), -middle(v), 0.5 * u * u / self.step])
    }
}

/// `D'D` of second differences.
fn second_differences(n: usize) -> Array2<f64> {
    let mut penalty = Array2::zeros((n, n));
    for row in 0..n - 2 {
        for (a, x) in [1.0, -2.0, 1.0].into_iter().enumerate() {
            for (b, y) in [1.0, -2.0, 1.0].into_iter().enumerate() {
                penalty[[row + a, row + b]] += x * y;
            }
        }
    }
    penalty
}

fn quadratic(matrix: &Array2<f64>, vector: &[f64]) -> f64 {
    matrix.indexed_iter().map(|((i, j), value)| value * vector[i] * vector[j]).sum()
}

/// Lower factor of a positive definite matrix; `None` where it is not.
fn cholesky(matrix: &Array2<f64>) -> Option<Array2<f64>> {
    let n = matrix.nrows();
    let mut factor = Array2::<f64>::zeros((n, n));
    for i in 0..n {
        for j in 0..=i {
            let rest = matrix[[i, j]] - (0..j).map(|k| factor[[i, k]] * factor[[j, k]]).sum::<f64>();
            factor[[i, j]] = if i != j {
                rest / factor[[j, j]]
            } else if rest > 1e-13 * matrix[[i, i]] {
                rest.sqrt()
            } else {
                return None;
            };
        }
    }
    Some(factor)
}

/// `L⁻¹ b`.
fn forward_substitute(factor: &Array2<f64>, right: &[f64]) -> Vec<f64> {
    let mut solution: Vec<f64> = Vec::with_capacity(right.len());
    for (i, value) in right.iter().enumerate() {
        let known: f64 = solution.iter().enumerate().map(|(k, x)| factor[[i, k]] * x).sum();
        solution.push((value - known) / factor[[i, i]]);
    }
    solution
}

/// `L⁻ᵀ b`.
fn back_substitute(factor: &Array2<f64>, right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let mut solution = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| factor[[k, i]] * solution[k]).sum();
        solution[i] = (right[i] - known) / factor[[i, i]];
    }
    solution
}

fn solve(factor: &Array2<f64>, right: &[f64]) -> Vec<f64> {
    back_substitute(factor, &forward_substitute(factor, right))
}
