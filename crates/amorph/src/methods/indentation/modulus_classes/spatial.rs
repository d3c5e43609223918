//! Classes whose neighbours are likely to be of the same class: a hidden Potts field, by mean-field expectation maximisation.

use ndarray::Array2;

use crate::core::fit::brent_minimise;
use crate::core::stats::Mixture;

/// A hidden Potts field over a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Preference for neighbours of the same class; 0 for pixels that know nothing of each other.
    pub beta: f64,
    /// Standard error of it by the sandwich over tiles.
    pub beta_std: f64,
    /// Means of the classes.
    pub means: Vec<f64>,
    /// Standard deviations of the classes.
    pub sds: Vec<f64>,
    /// Probabilities of the classes, per pixel; empty where the pixel is missing.
    pub posterior: Array2<Vec<f64>>,
}

/// Passes over the map.
const PASSES: usize = 60;
/// Strongest preference that is tried: far beyond the order of the field.
const STRONGEST: f64 = 4.0;

fn neighbours((row, column): (usize, usize), (rows, columns): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
    let up = row.checked_sub(1).map(|r| (r, column));
    let left = column.checked_sub(1).map(|c| (row, c));
    let down = (row + 1 < rows).then_some((row + 1, column));
    let right = (column + 1 < columns).then_some((row, column + 1));
    [up, left, down, right].into_iter().flatten()
}

/// Expected number of neighbours of every class.
fn field_at(posterior: &Array2<Vec<f64>>, cell: (usize, usize), k: usize) -> Vec<f64> {
    let mut counts = vec![0.0; k];
    for other in neighbours(cell, posterior.dim()) {
        counts.iter_mut().zip(&posterior[other]).for_each(|(count, p)| *count += p);
    }
    counts
}

fn normalised(logs: &[f64]) -> Vec<f64> {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let shares: Vec<f64> = logs.iter().map(|log| (log - largest).exp()).collect();
    let total: f64 = shares.iter().sum();
    shares.into_iter().map(|share| share / total).collect()
}

impl Field {
    /// From a mixture of two and more components; missing pixels are NaN.
    pub fn fit(values: &Array2<f64>, mixture: &Mixture) -> Self {
        let k = mixture.components.len();
        let start = values.mapv(|v| if v.is_finite() { mixture.posterior(v) } else { Vec::new() });
        let mut field = Self {
            beta: 0.0,
            beta_std: f64::NAN,
            means: mixture.components.iter().map(|c| c.mean).collect(),
            sds: mixture.components.iter().map(|c| c.sd).collect(),
            posterior: start,
        };
        let narrowest = field.sds.iter().copied().fold(f64::INFINITY, f64::min) * 0.1;
        for _ in 0..PASSES {
            let before = field.beta;
            field.beta = field.best_beta(k);
            // One colour of the chessboard after the other: no pixel uses what its neighbour is just becoming.
            for colour in 0..2 {
                field.update(values, k, colour);
            }
            field.maximise(values, k, narrowest);
            if (field.beta - before).abs() < 1e-5 {
                break;
            }
        }
        field.beta_std = field.sandwich(k);
        field
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.posterior.indexed_iter().filter(|(_, p)| !p.is_empty()).map(|(cell, _)| cell)
    }

    fn update(&mut self, values: &Array2<f64>, k: usize, colour: usize) {
        let cells: Vec<(usize, usize)> = self.cells().filter(|(row, column)| (row + column) % 2 == colour).collect();
        let new: Vec<Vec<f64>> = cells
            .iter()
            .map(|cell| {
                let counts = field_at(&self.posterior, *cell, k);
                let log = |c: usize| {
                    let z = (values[*cell] - self.means[c]) / self.sds[c];
                    self.beta * counts[c] - 0.5 * z * z - self.sds[c].ln()
                };
                normalised(&(0..k).map(log).collect::<Vec<f64>>())
            })
            .collect();
        for (cell, p) in cells.into_iter().zip(new) {
            self.posterior[cell] = p;
        }
    }

    fn maximise(&mut self, values: &Array2<f64>, k: usize, narrowest: f64) {
        for c in 0..k {
            let over =
                |of: &dyn Fn(f64) -> f64| self.cells().map(|cell| self.posterior[cell][c] * of(values[cell])).sum::<f64>();
            let weight = over(&|_| 1.0);
            if weight < 1.0 {
                continue;
            }
            let mean = over(&|v| v) / weight;
            let sd = (over(&|v| (v - mean).powi(2)) / weight).sqrt().max(narrowest);
            (self.means[c], self.sds[c]) = (mean, sd);
        }
    }

    /// Maximum of the pseudo-likelihood of the expected labels.
    fn best_beta(&self, k: usize) -> f64 {
        let counts: Vec<((usize, usize), Vec<f64>)> =
            self.cells().map(|cell| (cell, field_at(&self.posterior, cell, k))).collect();
        let minus = |beta: f64| -> f64 {
            let of = |(cell, counts): &((usize, usize), Vec<f64>)| {
                let largest = counts.iter().copied().fold(0.0, f64::max) * beta;
                let total = counts.iter().map(|n| (beta * n - largest).exp()).sum::<f64>().ln() + largest;
                total - beta * counts.iter().zip(&self.posterior[*cell]).map(|(n, p)| n * p).sum::<f64>()
            };
            counts.iter().map(of).sum()
        };
        brent_minimise(minus, 0.0, STRONGEST, 1e-6).map_or(0.0, |found| found.x)
    }

    /// Standard error of the preference: scores summed over tiles, because those of neighbours hang together.
    fn sandwich(&self, k: usize) -> f64 {
        let (rows, columns) = self.posterior.dim();
        let tile = (rows.min(columns) / 6).max(2);
        let tiles = (rows.div_ceil(tile), columns.div_ceil(tile));
        let mut scores = vec![0.0; tiles.0 * tiles.1];
        let mut curvature = 0.0;
        for cell in self.cells() {
            let counts = field_at(&self.posterior, cell, k);
            let p = normalised(&counts.iter().map(|n| self.beta * n).collect::<Vec<f64>>());
            let mean: f64 = counts.iter().zip(&p).map(|(n, p)| n * p).sum();
            let square: f64 = counts.iter().zip(&p).map(|(n, p)| n * n * p).sum();
            let observed: f64 = counts.iter().zip(&self.posterior[cell]).map(|(n, p)| n * p).sum();
            scores[cell.0 / tile * tiles.1 + cell.1 / tile] += observed - mean;
            curvature += square - mean * mean;
        }
        scores.iter().map(|score| score * score).sum::<f64>().sqrt() / curvature
    }
}
