//! Rate sensitivity from hardness at several strain rates.

use ndarray::Array2;

use crate::core::fit::FitError;
use crate::core::stats::{AutocorrelatedFit, autocorrelated_fit, half_width};

/// Samples of one test, by depth.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Depth, m.
    pub depth: Vec<f64>,
    /// ln of the hardness (Pa).
    pub ln_hardness: Vec<f64>,
    /// ln of the strain rate (1/s).
    pub ln_rate: Vec<f64>,
    /// Stretch of one rate that the sample belongs to.
    pub stretch: Vec<usize>,
}

/// `m` and its 95 % interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// `d ln H/d ln rate`.
    pub value: f64,
    /// Standard error.
    pub std_error: f64,
    /// 95 % interval.
    pub interval: (f64, f64),
    /// ln H at the mean of depth and of ln rate.
    pub ln_hardness: f64,
    /// Its standard error.
    pub ln_hardness_std: f64,
    /// Change of ln H per depth, 1/m.
    pub depth_trend: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
    /// Samples used.
    pub n: usize,
}

/// Stretches of equal rate: a new one where the rate differs by more than `factor` from the start of the last.
pub fn stretches(rate: &[f64], factor: f64) -> Vec<usize> {
    let (mut number, mut level) = (0, rate.first().copied().unwrap_or(1.0));
    let of = |rate: &f64| {
        if (rate / level).ln().abs() > factor.ln() {
            (number, level) = (number + 1, *rate);
        }
        number
    };
    rate.iter().map(of).collect()
}

/// Without the samples within `share` of the depth after each jump.
pub fn without_transients(samples: &Samples, share: f64) -> Samples {
    let mut keep = Vec::new();
    let (mut last, mut from) = (usize::MAX, 0.0);
    for (row, (stretch, depth)) in samples.stretch.iter().zip(&samples.depth).enumerate() {
        if *stretch != last {
            (last, from) = (*stretch, *depth);
        }
        if *stretch == 0 || *depth >= from * (1.0 + share) {
            keep.push(row);
        }
    }
    let pick = |values: &[f64]| keep.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    Samples {
        depth: pick(&samples.depth),
        ln_hardness: pick(&samples.ln_hardness),
        ln_rate: pick(&samples.ln_rate),
        stretch: keep.iter().map(|row| samples.stretch[*row]).collect(),
    }
}

/// `ln H = a + m ln rate + b depth` with errors that are correlated from sample to sample.
///
/// # Errors
/// As [`autocorrelated_fit`].
pub fn sensitivity(samples: &Samples) -> Result<Sensitivity, FitError> {
    let n = samples.depth.len();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n as f64;
    let (depth, rate) = (mean(&samples.depth), mean(&samples.ln_rate));
    let scale = samples.depth.iter().map(|d| (d - depth).abs()).fold(f64::MIN_POSITIVE, f64::max);
    let row = |i: usize, j: usize| [1.0, samples.ln_rate[i] - rate, (samples.depth[i] - depth) / scale][j];
    let design = Array2::from_shape_fn((n, 3), |(i, j)| row(i, j));
    // A sequence begins anew where samples were left out.
    let starts: Vec<usize> = (1..n).filter(|i| samples.stretch[*i] != samples.stretch[*i - 1]).collect();
    let found: AutocorrelatedFit = autocorrelated_fit(design.view(), &samples.ln_hardness, &starts)?;
    let half = half_width(&found, 1).unwrap_or(f64::INFINITY);
    let (b, e) = (&found.fit.coefficients, &found.fit.std_errors);
    Ok(Sensitivity {
        value: b[1],
        std_error: e[1],
        interval: (b[1] - half, b[1] + half),
        ln_hardness: b[0],
        ln_hardness_std: e[0],
        depth_trend: b[2] / scale,
        correlation: found.correlation,
        n,
    })
}
