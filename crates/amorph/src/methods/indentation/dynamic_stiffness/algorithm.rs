//! Moduli from the stiffness of a small oscillation.

use std::f64::consts::PI;

use ndarray::Array2;

use crate::core::fit::FitError;
use crate::core::stats::{autocorrelated_fit, half_width};

/// `(S/(2β)) sqrt(π/A)`, Pa: the reduced storage modulus of the stiffness in phase, the reduced loss modulus of that out of phase.
pub fn reduced_modulus(stiffness: f64, area: f64, beta: f64) -> f64 {
    0.5 * stiffness / beta * (PI / area).sqrt()
}

/// Mean over a range of depths, its trend taken off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// At the mean depth.
    pub value: f64,
    /// Standard error.
    pub std_error: f64,
    /// 95 % interval.
    pub interval: (f64, f64),
    /// Change over the range, over the mean.
    pub trend: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
    /// Samples.
    pub n: usize,
}

/// Fewest samples of a mean.
pub const FEWEST: usize = 10;

/// The mean of values over depth with a straight trend and errors that are correlated from sample to sample.
///
/// # Errors
/// Fewer than ten samples, or a fit that fails.
pub fn mean(depth: &[f64], values: &[f64]) -> Result<Mean, FitError> {
    let rows: Vec<usize> = (0..values.len()).filter(|row| values[*row].is_finite() && depth[*row].is_finite()).collect();
    let n = rows.len();
    if n < FEWEST {
        return Err(FitError::TooFewData { found: n, needed: FEWEST, free: 2 });
    }
    let centre = rows.iter().map(|row| depth[*row]).sum::<f64>() / n as f64;
    let reach = rows.iter().map(|row| (depth[*row] - centre).abs()).fold(f64::MIN_POSITIVE, f64::max);
    let scale = rows.iter().map(|row| values[*row].abs()).sum::<f64>() / n as f64;
    let scale = if scale > 0.0 { scale } else { 1.0 };
    let design = Array2::from_shape_fn((n, 2), |(i, j)| if j == 0 { 1.0 } else { (depth[rows[i]] - centre) / reach });
    let y: Vec<f64> = rows.iter().map(|row| values[*row] / scale).collect();
    let fit = autocorrelated_fit(design.view(), &y, &[])?;
    let half = half_width(&fit, 0).unwrap_or(f64::INFINITY);
    let (value, trend) = (fit.fit.coefficients[0], fit.fit.coefficients[1]);
    Ok(Mean {
        value: scale * value,
        std_error: scale * fit.fit.std_errors[0],
        interval: (scale * (value - half), scale * (value + half)),
        trend: 2.0 * trend / value,
        correlation: fit.correlation,
        n,
    })
}
