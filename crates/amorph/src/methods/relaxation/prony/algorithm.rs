//! Sums of exponentials with weights of zero or more, on times in equal steps of the logarithm.

use crate::core::dense::{Cholesky, dot, quadratic};
use crate::methods::relaxation::numerics::correlation_inflation;

/// A series `M(t) = M_r + Σ M_k exp(-t/τ_k)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// `τ_k`, s, rising.
    pub times: Vec<f64>,
    /// `M_k`, Pa, above zero.
    pub strengths: Vec<f64>,
    /// `M_r`, Pa; zero where all relaxes.
    pub at_rest: f64,
    /// Covariance of the strengths and, where it is above zero, of the modulus at rest, row by row.
    pub covariance: Vec<f64>,
    /// Times per decade among which the terms were found.
    pub per_decade: f64,
    /// Residuals relative to the reading.
    pub residuals: Vec<f64>,
    /// What errors were multiplied by for the correlation of neighbouring residuals.
    pub inflation: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
    /// Bayesian information criterion.
    pub bic: f64,
}

/// Spacings among which the criterion chooses, times per decade.
const SPACINGS: [f64; 10] = [0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0];
/// Places of the first time within a step that are tried.
const OFFSETS: usize = 4;

impl Series {
    /// Number of exponentials.
    pub fn n_terms(&self) -> usize {
        self.times.len()
    }

    /// Modulus at a time, Pa.
    pub fn modulus(&self, time: f64) -> f64 {
        self.at_rest + self.times.iter().zip(&self.strengths).map(|(tau, m)| m * (-time / tau).exp()).sum::<f64>()
    }

    /// Standard error of that.
    pub fn modulus_std(&self, time: f64) -> f64 {
        let mut gradient: Vec<f64> = self.times.iter().map(|tau| (-time / tau).exp()).collect();
        if self.at_rest > 0.0 {
            gradient.push(1.0);
        }
        quadratic(&self.covariance, &gradient).max(0.0).sqrt()
    }

    /// Standard error of a strength, Pa.
    pub fn strength_std(&self, term: usize) -> f64 {
        let n = self.times.len() + usize::from(self.at_rest > 0.0);
        self.covariance[term * n + term].max(0.0).sqrt()
    }

    /// Standard error of the modulus at rest, Pa.
    pub fn at_rest_std(&self) -> Option<f64> {
        (self.at_rest > 0.0).then(|| self.strength_std(self.times.len()))
    }

    /// Root of the mean square of the relative residuals.
    pub fn rms(&self) -> f64 {
        (dot(&self.residuals, &self.residuals) / self.residuals.len() as f64).sqrt()
    }
}

/// The series with the least criterion for readings at rising times; `per_decade` holds the spacing. `None` where none can be found.
pub fn series(times: &[f64], values: &[f64], per_decade: Option<f64>) -> Option<Series> {
    let spacings = per_decade.map_or_else(|| SPACINGS.to_vec(), |spacing| vec![spacing]);
    let tries = spacings.iter().flat_map(|spacing| (0..OFFSETS).map(move |offset| (*spacing, offset as f64 / OFFSETS as f64)));
    let found = tries.filter_map(|(spacing, offset)| on_grid(times, values, spacing, offset));
    found.min_by(|a, b| a.bic.total_cmp(&b.bic))
}

/// On times `spacing` to the decade between the first and the last reading, the first of them `offset` steps after the first reading.
fn on_grid(times: &[f64], values: &[f64], spacing: f64, offset: f64) -> Option<Series> {
    let (first, last) = (*times.first()?, *times.last()?);
    let decades = (last / first).log10();
    let n_times = (decades * spacing - offset).floor().max(0.0) as usize + 1;
    let grid: Vec<f64> = (0..n_times).map(|j| first * 10f64.powf((j as f64 + offset) / spacing)).collect();
    let mut columns: Vec<Vec<f64>> =
        grid.iter().map(|tau| times.iter().zip(values).map(|(t, value)| (-t / tau).exp() / value).collect()).collect();
    columns.push(values.iter().map(|value| 1.0 / value).collect());
    // Columns of like length keep the normal matrix well scaled.
    let lengths: Vec<f64> = columns.iter().map(|column| dot(column, column).sqrt()).collect();
    columns.iter_mut().zip(&lengths).for_each(|(column, length)| column.iter_mut().for_each(|value| *value /= length));
    let weights = non_negative(&columns)?;
    let used: Vec<usize> = (0..columns.len()).filter(|j| weights[*j] > 0.0).collect();
    let terms: Vec<usize> = used.iter().copied().filter(|j| *j < n_times).collect();
    let residual = |i: usize| used.iter().map(|j| weights[*j] * columns[*j][i]).sum::<f64>() - 1.0;
    let residuals: Vec<f64> = (0..times.len()).map(residual).collect();
    let n = times.len() as f64;
    let free = n - used.len() as f64;
    if terms.is_empty() || free < 1.0 {
        return None;
    }
    let square = dot(&residuals, &residuals);
    let (inflation, correlation) = correlation_inflation(std::iter::once(residuals.as_slice()));
    let scale = square / free * inflation * inflation;
    let inverse = Cholesky::of(&gram(&columns, &used), used.len())?.inverse();
    let m = used.len();
    let covariance =
        (0..m * m).map(|place| scale * inverse[place] / (lengths[used[place / m]] * lengths[used[place % m]])).collect();
    // The offset and the spacing were chosen too.
    let bic = n * (square / n).max(1e-300).ln() + (used.len() as f64 + 2.0) * n.ln();
    let strength = |j: usize| weights[j] / lengths[j];
    Some(Series {
        times: terms.iter().map(|j| grid[*j]).collect(),
        strengths: terms.iter().map(|j| strength(*j)).collect(),
        at_rest: strength(n_times),
        covariance,
        per_decade: spacing,
        residuals,
        inflation,
        correlation,
        bic,
    })
}

fn gram(columns: &[Vec<f64>], used: &[usize]) -> Vec<f64> {
    used.iter().flat_map(|a| used.iter().map(move |b| dot(&columns[*a], &columns[*b]))).collect()
}

/// Weights of zero or more whose sum of columns is nearest to ones (Lawson and Hanson, Solving Least Squares Problems, 1974, ch. 23).
fn non_negative(columns: &[Vec<f64>]) -> Option<Vec<f64>> {
    let n = columns.len();
    let sums: Vec<f64> = columns.iter().map(|column| column.iter().sum()).collect();
    let all: Vec<usize> = (0..n).collect();
    let matrix = gram(columns, &all);
    let mut weights = vec![0.0; n];
    let mut used: Vec<usize> = Vec::new();
    // Columns that made the matrix singular are not tried again.
    let mut barred = vec![false; n];
    for _ in 0..10 * n {
        let gradient = |j: usize| sums[j] - (0..n).map(|i| matrix[j * n + i] * weights[i]).sum::<f64>();
        let open = (0..n).filter(|j| !barred[*j] && !used.contains(j));
        let best = open.map(|j| (j, gradient(j))).max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((entering, _)) = best.filter(|(j, slope)| *slope > 1e-9 * sums[*j]) else { break };
        used.push(entering);
        loop {
            let sub: Vec<f64> =
                used.iter().flat_map(|a| used.iter().map(|b| matrix[a * n + b]).collect::<Vec<f64>>()).collect();
            let Some(cholesky) = Cholesky::of(&sub, used.len()) else {
                used.retain(|j| *j != entering);
                barred[entering] = true;
                break;
            };
            let solved = cholesky.solve(&used.iter().map(|j| sums[*j]).collect::<Vec<f64>>());
            if solved.iter().all(|value| *value > 0.0) {
                used.iter().zip(&solved).for_each(|(j, value)| weights[*j] = *value);
                break;
            }
            // As far towards the solution as no weight falls below zero.
            let limit = |(j, value): (&usize, &f64)| weights[*j] / (weights[*j] - value);
            let falling = used.iter().zip(&solved).filter(|(_, value)| **value <= 0.0);
            let step = falling.map(limit).fold(1.0, f64::min);
            for (j, value) in used.iter().zip(&solved) {
                weights[*j] += step * (value - weights[*j]);
            }
            let dropped: Vec<usize> = used.iter().copied().filter(|j| weights[*j] <= 1e-14).collect();
            if dropped.contains(&entering) {
                barred[entering] = true;
            }
            dropped.iter().for_each(|j| weights[*j] = 0.0);
            used.retain(|j| !dropped.contains(j));
            if used.is_empty() {
                break;
            }
        }
    }
    (!used.is_empty()).then_some(weights)
}
