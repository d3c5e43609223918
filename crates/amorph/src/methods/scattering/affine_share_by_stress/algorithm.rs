//! A weighted mean and a weighted line, with the errors of the readings.

use crate::core::stats::{chi_squared_tail, normal_cdf};

/// Readings of one quantity over another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Weighted mean, and its standard error.
    pub mean: (f64, f64),
    /// Slope of the weighted line, and its standard error.
    pub slope: (f64, f64),
    /// Value of the line at zero.
    pub intercept: f64,
    /// Probability of so steep a line where there is none.
    pub p_slope: f64,
    /// Probability of so much scatter about the line by the errors alone; NaN of two readings.
    pub p_scatter: f64,
}

/// Weighted least squares of `y = a + b x` and of `y = m` with known standard errors; `None` for fewer than two different `x`.
pub fn trend(x: &[f64], y: &[f64], errors: &[f64]) -> Option<Trend> {
    let rows = || x.iter().zip(y).zip(errors).map(|((x, y), error)| (*x, *y, error.powi(-2)));
    let total: f64 = rows().map(|(.., w)| w).sum();
    let (x_mean, mean) = rows().fold((0.0, 0.0), |sum, (x, y, w)| (sum.0 + w * x / total, sum.1 + w * y / total));
    let (xx, xy) = rows().fold((0.0, 0.0), |sum, (x, y, w)| {
        let from_mean = x - x_mean;
        (sum.0 + w * from_mean * from_mean, sum.1 + w * from_mean * (y - mean))
    });
    if xx.is_nan() || xx <= 0.0 {
        return None;
    }
    let (slope, error) = (xy / xx, xx.sqrt().recip());
    let residuals: f64 = rows().map(|(x, y, w)| w * (y - mean - slope * (x - x_mean)).powi(2)).sum();
    let p_scatter = if x.len() > 2 { chi_squared_tail(residuals, x.len() as f64 - 2.0).ok()? } else { f64::NAN };
    Some(Trend {
        mean: (mean, total.sqrt().recip()),
        slope: (slope, error),
        intercept: mean - slope * x_mean,
        p_slope: 2.0 * (1.0 - normal_cdf((slope / error).abs())),
        p_scatter,
    })
}
