//! Steady flow at the end of a hold.

use ndarray::Array2;

use crate::core::fit::FitError;
use crate::core::stats::{autocorrelated_fit, half_width};

/// Steady strain rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    /// Rate, 1/s.
    pub rate: f64,
    /// Standard error.
    pub std_error: f64,
    /// 95 % interval.
    pub interval: (f64, f64),
    /// First row of the steady part.
    pub from: usize,
    /// Whether the rate still changes in the shortest part that was tried.
    pub still_changing: bool,
}

/// Shares of the hold that are tried as steady, from the longest.
const TAILS: [f64; 3] = [0.5, 0.35, 0.25];

/// The longest tail in which the rate does not change: its curvature is below one standard error and a straight line describes it.
///
/// # Errors
/// Fewer than 20 samples, or a fit that fails.
pub fn steady(time: &[f64], strain: &[f64]) -> Result<Steady, FitError> {
    let n = time.len();
    if n < 20 {
        return Err(FitError::TooFewData { found: n, needed: 20, free: 2 });
    }
    let mut last = None;
    for share in TAILS {
        let from = ((1.0 - share) * n as f64) as usize;
        let (t, y) = (&time[from..], &strain[from..]);
        if t.len() < 12 {
            break;
        }
        let (middle, half) = (0.5 * (t[0] + t[t.len() - 1]), 0.5 * (t[t.len() - 1] - t[0]));
        let scaled = |i: usize| (t[i] - middle) / half;
        let bent = Array2::from_shape_fn((t.len(), 3), |(i, j)| scaled(i).powi(j as i32));
        let curved = autocorrelated_fit(bent.view(), y, &[])?;
        let straight = Array2::from_shape_fn((t.len(), 2), |(i, j)| scaled(i).powi(j as i32));
        let fit = autocorrelated_fit(straight.view(), y, &[])?;
        let width = half_width(&fit, 1).unwrap_or(f64::INFINITY) / half;
        let rate = fit.fit.coefficients[1] / half;
        let settled = curved.fit.coefficients[2].abs() <= curved.fit.std_errors[2];
        let interval = (rate - width, rate + width);
        last = Some(Steady { rate, std_error: fit.fit.std_errors[1] / half, interval, from, still_changing: !settled });
        if settled {
            break;
        }
    }
    last.ok_or(FitError::TooFewData { found: n, needed: 20, free: 2 })
}
