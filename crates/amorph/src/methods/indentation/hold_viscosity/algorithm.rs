//! Steady flow at the end of a hold.

use ndarray::Array2;

use crate::core::fit::FitError;
use crate::core::stats::{autocorrelated_fit, half_width};

/// Strain rate at the end of a hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    /// Rate, 1/s.
    pub rate: f64,
    /// Standard error.
    pub std_error: f64,
    /// 95 % interval.
    pub interval: (f64, f64),
    /// First row of the part that was fitted.
    pub from: usize,
    /// Change of the rate over its error in that part: beyond two the flow is not steady yet.
    pub change: f64,
}

/// Share of the hold that is fitted.
const TAIL: f64 = 0.5;
/// Change of the rate over its error from which a third power is fitted along.
const CUBIC: f64 = 2.75;

/// Slope at the end of a parabola through the last half of the hold; of a cubic where the parabola bends beyond its error.
///
/// A straight line would be four times as sharp and wrong: what is left of the first creep bends it by less than its scatter shows, and
/// to look for the part in which it does not lets noise choose.
///
/// # Errors
/// Fewer than 20 samples, or a fit that fails.
pub fn steady(time: &[f64], strain: &[f64]) -> Result<Steady, FitError> {
    let n = time.len();
    if n < 20 {
        return Err(FitError::TooFewData { found: n, needed: 20, free: 3 });
    }
    let from = ((1.0 - TAIL) * n as f64) as usize;
    let (t, y) = (&time[from..], &strain[from..]);
    let (end, half) = (t[t.len() - 1], 0.5 * (t[t.len() - 1] - t[0]));
    // About the end: its slope is a coefficient, and its error that of the coefficient.
    let through = |powers: usize| {
        let design = Array2::from_shape_fn((t.len(), powers), |(i, j)| ((t[i] - end) / half).powi(j as i32));
        autocorrelated_fit(design.view(), y, &[])
    };
    let parabola = through(3)?;
    let change = parabola.fit.coefficients[2] / parabola.fit.std_errors[2];
    // An exponential that bends so much has a third power, which would take 2.4 times its coefficient off the slope at the end.
    let fit = if change.abs() > CUBIC { through(4)? } else { parabola };
    let width = half_width(&fit, 1).unwrap_or(f64::INFINITY) / half;
    let rate = fit.fit.coefficients[1] / half;
    Ok(Steady { rate, std_error: fit.fit.std_errors[1] / half, interval: (rate - width, rate + width), from, change })
}
