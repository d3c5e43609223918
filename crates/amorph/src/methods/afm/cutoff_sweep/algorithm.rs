//! Regions at a series of cut-offs, slopes against the logarithm of the cut-off, and a test over all cut-offs.

use ndarray::{Array2, ArrayView2};

use crate::methods::afm::regions::Rules;
use crate::methods::afm::regions::statistics::{Mean, Summary};

/// Regions at one cut-off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Threshold, unit of the map.
    pub threshold: f64,
    /// Averages over the regions.
    pub summary: Summary,
}

/// Measures the regions of `values` by each set of rules; `None` where one of them gives no threshold.
pub fn sweep(
    values: &Array2<f64>,
    valid: &ArrayView2<'_, bool>,
    pitch: (f64, f64),
    rules: &[Rules],
    min_pixels: u64,
) -> Option<Vec<Point>> {
    let point = |rules: &Rules| {
        let (found, ..) = rules.search(valid, pitch, min_pixels).run(values)?;
        Some(Point { threshold: found.threshold, summary: found.summary(min_pixels) })
    };
    rules.iter().map(point).collect()
}

/// Weights of the cut-offs in a straight line against `ln cutoff`.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What each value contributes to the slope.
    contributions: Vec<f64>,
    /// Weights that sum to one.
    weights: Vec<f64>,
    /// `ln(highest / lowest)` of the cut-offs with a weight.
    span: f64,
}

impl Line {
    /// A line fitted with these weights; those of weight zero are left out. `None` with fewer than three cut-offs.
    pub fn new(cutoffs: &[f64], weights: &[f64]) -> Option<Self> {
        let used: Vec<f64> = cutoffs.iter().zip(weights).filter(|(_, w)| **w > 0.0).map(|(cutoff, _)| cutoff.ln()).collect();
        let (lowest, highest) = (used.first()?, used.last()?);
        if used.len() < 3 {
            return None;
        }
        let total: f64 = weights.iter().sum();
        let weights: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
        let centre: f64 = cutoffs.iter().zip(&weights).map(|(cutoff, weight)| weight * cutoff.ln()).sum();
        let spread: f64 = cutoffs.iter().zip(&weights).map(|(cutoff, weight)| weight * (cutoff.ln() - centre).powi(2)).sum();
        let contributions = cutoffs.iter().zip(&weights).map(|(cutoff, w)| w * (cutoff.ln() - centre) / spread).collect();
        Some(Self { contributions, weights, span: highest - lowest })
    }

    /// Slope, with a standard error that takes the cut-offs as independent; surrogates correct for that.
    pub fn slope(&self, values: &[Mean]) -> Mean {
        let used = || self.contributions.iter().zip(values).filter(|(c, _)| **c != 0.0);
        Mean {
            value: used().map(|(c, mean)| c * mean.value).sum(),
            std_error: used().map(|(c, mean)| (c * mean.std_error).powi(2)).sum::<f64>().sqrt(),
        }
    }

    /// Weighted mean of the values.
    pub fn mean(&self, values: &[Mean]) -> f64 {
        self.weights.iter().zip(values).filter(|(weight, _)| **weight > 0.0).map(|(weight, mean)| weight * mean.value).sum()
    }

    /// `ln(highest / lowest)` of the cut-offs used.
    pub fn span(&self) -> f64 {
        self.span
    }
}

/// Probability that noise lies as far off its own mean at any cut-off as the map does: the largest deviation in standard deviations,
/// compared with that of every surrogate. Map and surrogates are pooled for mean and deviation, so that they are exchangeable under
/// the null. Cut-offs where one of them has no value are left out; `None` without any.
pub fn largest_deviation_p(map: &[f64], surrogates: &[Vec<f64>]) -> Option<f64> {
    let n = surrogates.len() as f64 + 1.0;
    let mut largest = vec![f64::NEG_INFINITY; surrogates.len() + 1];
    for index in 0..map.len() {
        let pooled: Vec<f64> = std::iter::once(map[index]).chain(surrogates.iter().map(|values| values[index])).collect();
        let mean = pooled.iter().sum::<f64>() / n;
        let deviation = (pooled.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt();
        if !(deviation > 0.0 && deviation.is_finite()) {
            continue;
        }
        largest.iter_mut().zip(&pooled).for_each(|(largest, value)| *largest = largest.max((value - mean).abs() / deviation));
    }
    let (map, surrogates) = largest.split_first()?;
    let as_far = surrogates.iter().filter(|deviation| *deviation >= map).count();
    map.is_finite().then(|| (1 + as_far) as f64 / n)
}
