//! A straight fit to a logarithmic histogram, as in papers: for comparison.

use ndarray::Array2;

use crate::core::fit::LinearLeastSquares;

/// Bins per decade.
const PER_DECADE: f64 = 10.0;

/// Bins and the fit to them.
#[derive(Debug, Clone, PartialEq)]
pub struct HistogramFit {
    /// Edges of the bins, in units of the smallest size.
    pub edges: Vec<f64>,
    /// Share of events per size.
    pub density: Vec<f64>,
    /// Exponent.
    pub alpha: f64,
    /// Smallest size over the cut-off; negative where the fit bends upwards.
    pub lambda: f64,
    /// Logarithm of the prefactor.
    pub ln_scale: f64,
}

/// Least squares of `ln density = c - α ln y - λ y` over the bins that are not empty; `None` for fewer than four of them.
pub fn fit(ln_y: &[f64]) -> Option<HistogramFit> {
    let largest = ln_y.iter().copied().fold(0.0, f64::max);
    let bins = ((largest / std::f64::consts::LN_10 * PER_DECADE).ceil() as usize).max(1);
    let width = (largest * (1.0 + 1e-12)) / bins as f64;
    let mut counts = vec![0.0; bins];
    for u in ln_y {
        counts[((u / width) as usize).min(bins - 1)] += 1.0;
    }
    let edges: Vec<f64> = (0..=bins).map(|k| (k as f64 * width).exp()).collect();
    let density: Vec<f64> =
        counts.iter().zip(edges.windows(2)).map(|(count, edge)| count / ln_y.len() as f64 / (edge[1] - edge[0])).collect();
    let filled: Vec<usize> = (0..bins).filter(|k| counts[*k] > 0.0).collect();
    if filled.len() < 4 {
        return None;
    }
    let middle = |k: usize| (edges[k] * edges[k + 1]).sqrt();
    let design = Array2::from_shape_fn((filled.len(), 3), |(row, column)| match column {
        0 => 1.0,
        1 => middle(filled[row]).ln(),
        _ => middle(filled[row]),
    });
    let values: Vec<f64> = filled.iter().map(|k| density[*k].ln()).collect();
    let found = LinearLeastSquares::default().fit(design.view(), &values).ok()?;
    let [ln_scale, minus_alpha, minus_lambda] = *found.coefficients.as_slice() else { return None };
    Some(HistogramFit { edges, density, alpha: -minus_alpha, lambda: -minus_lambda, ln_scale })
}
