//! Correlation length of values at scattered places whose errors are known, by maximum likelihood.

use crate::core::fit::{brent_minimise, brent_root};
use crate::core::stats::chi_squared_quantile;

/// Covariance `s² exp(-r/ξ)` between places and the squared error at each: length and its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Length {
    /// `ξ`, m.
    pub value: f64,
    /// 95 % profile interval; an open end is zero or infinite.
    pub interval: (f64, f64),
    /// Twice the logarithm of the likelihood over that of places that know nothing of each other.
    pub ratio: f64,
}

/// Values at places, in units that make the numbers near one.
struct Problem {
    values: Vec<f64>,
    variances: Vec<f64>,
    /// Distances of the lower triangle, row by row, in units of the nearest neighbours.
    distances: Vec<f64>,
}

/// Sum of products with eight partial sums, which the processor adds at once.
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a, b) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a.zip(b) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// Cholesky factor of a symmetric matrix, lower triangle by rows, in place; absent where it is not positive.
fn cholesky(a: &mut [f64], n: usize) -> Option<()> {
    for i in 0..n {
        let (before, rest) = a.split_at_mut(i * n);
        let row = &mut rest[..n];
        for j in 0..i {
            let other = &before[j * n..j * n + j];
            let known = dot(&row[..j], other);
            row[j] = (row[j] - known) / before[j * n + j];
        }
        let known = dot(&row[..i], &row[..i]);
        let left = row[i] - known;
        if left.is_nan() || left <= 0.0 {
            return None;
        }
        row[i] = left.sqrt();
    }
    Some(())
}

/// Solves `L x = b` in place.
fn forward(l: &[f64], b: &mut [f64]) {
    let n = b.len();
    for i in 0..n {
        let known = dot(&l[i * n..i * n + i], &b[..i]);
        b[i] = (b[i] - known) / l[i * n + i];
    }
}

impl Problem {
    /// Minus twice the logarithm of the restricted likelihood.
    fn deviance(&self, ln_sd: f64, length: f64) -> f64 {
        let n = self.values.len();
        let s2 = (2.0 * ln_sd).exp();
        let mut a = vec![0.0; n * n];
        let mut at = 0;
        for i in 0..n {
            for j in 0..i {
                a[i * n + j] = s2 * (-self.distances[at] / length).exp();
                at += 1;
            }
            a[i * n + i] = s2 + self.variances[i];
        }
        if cholesky(&mut a, n).is_none() {
            return f64::INFINITY;
        }
        let (mut y, mut one) = (self.values.clone(), vec![1.0; n]);
        forward(&a, &mut y);
        forward(&a, &mut one);
        let (information, cross) = (dot(&one, &one), dot(&one, &y));
        let ln_determinant: f64 = (0..n).map(|i| 2.0 * a[i * n + i].ln()).sum();
        ln_determinant + dot(&y, &y) - cross * cross / information + information.ln()
    }

    /// Least deviance at a length, and where it is; the search begins about a guess.
    fn profile(&self, ln_length: f64, guess: f64) -> (f64, f64) {
        let length = ln_length.exp();
        let (mut lo, mut hi) = (guess - 0.4, guess + 0.4);
        loop {
            let found = brent_minimise(|u| self.deviance(u, length), lo, hi, 2e-3);
            let Ok(found) = found else { return (f64::INFINITY, guess) };
            // At an end the minimum lies beyond; below e^-6 of the spread there is none.
            if found.x < lo + 0.01 && lo > -6.0 {
                (lo, hi) = (lo - 1.5, lo + 0.1);
            } else if found.x > hi - 0.01 && hi < 6.0 {
                (lo, hi) = (hi - 0.1, hi + 1.5);
            } else {
                return (found.value, found.x);
            }
        }
    }
}

/// Most places: the work grows with their cube.
pub const MOST: usize = 400;

/// Lengths that are tried, in units of the smallest distance and of the largest.
const SHORTEST: f64 = 0.2;
const LONGEST: f64 = 2.0;

/// Length over which values at places are alike; absent for too few or too many places, or where all values are alike.
pub fn correlation_length(values: &[f64], errors: &[f64], places: &[[f64; 2]]) -> Option<Length> {
    let n = values.len();
    if !(20..=MOST).contains(&n) {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    let spread = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1) as f64).sqrt();
    let distance = |i: usize, j: usize| (places[i][0] - places[j][0]).hypot(places[i][1] - places[j][1]);
    let distances: Vec<f64> = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| distance(i, j)).collect();
    let (nearest, farthest) = distances.iter().fold((f64::INFINITY, 0.0), |a: (f64, f64), d| (a.0.min(*d), a.1.max(*d)));
    if spread <= 0.0 || nearest <= 0.0 {
        return None;
    }
    let problem = Problem {
        values: values.iter().map(|v| (v - mean) / spread).collect(),
        variances: errors.iter().map(|e| (e / spread).powi(2)).collect(),
        distances: distances.iter().map(|d| d / nearest).collect(),
    };
    let (lo, hi) = (SHORTEST.ln(), (LONGEST * farthest / nearest).ln());
    let guess = std::cell::Cell::new(0.0);
    let profile = |u: f64| {
        let (value, at) = problem.profile(u, guess.get());
        guess.set(at);
        value
    };
    const GRID: usize = 8;
    let grid: Vec<(f64, f64)> = (0..=GRID).map(|i| lo + (hi - lo) * i as f64 / GRID as f64).map(|u| (u, profile(u))).collect();
    let best = (0..grid.len()).min_by(|a, b| grid[*a].1.total_cmp(&grid[*b].1))?;
    let ends = (grid[best.saturating_sub(1)].0, grid[(best + 1).min(GRID)].0);
    let found = brent_minimise(profile, ends.0, ends.1, 5e-3).ok()?;
    let (at, least) = if found.value < grid[best].1 { (found.x, found.value) } else { grid[best] };
    let rise = chi_squared_quantile(0.95, 1.0).ok()?;
    let excess = |u: f64| profile(u) - least - rise;
    let lower = if grid[0].1 - least < rise { 0.0 } else { brent_root(excess, lo, at, 5e-3).ok()?.exp() };
    let upper = if excess(hi) < 0.0 { f64::INFINITY } else { brent_root(excess, at, hi, 5e-3).ok()?.exp() };
    Some(Length { value: nearest * at.exp(), interval: (nearest * lower, nearest * upper), ratio: grid[0].1 - least })
}
