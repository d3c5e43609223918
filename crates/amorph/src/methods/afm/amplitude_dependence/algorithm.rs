//! A straight line through logarithms.

use crate::core::fit::{LinearLeastSquares, straight_line};
use crate::core::stats::student_t_quantile;

/// `ln value = a + slope (ratio - mean ratio)`, by least squares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Slope.
    pub slope: f64,
    /// Its standard error.
    pub slope_error: f64,
    /// Smallest ratio.
    pub low: f64,
    /// Largest ratio.
    pub high: f64,
    centre: f64,
    log_mean: f64,
    mean_error: f64,
    t: f64,
}

impl Trend {
    /// Of ratios and positive values; `None` for fewer than three points or equal ratios.
    pub fn of(ratios: &[f64], values: &[f64]) -> Option<Self> {
        let n = ratios.len() as f64;
        let centre = ratios.iter().sum::<f64>() / n;
        let x: Vec<f64> = ratios.iter().map(|ratio| ratio - centre).collect();
        let y: Vec<f64> = values.iter().map(|value| value.ln()).collect();
        let fit = straight_line(&x, &y, &LinearLeastSquares::default()).ok()?;
        Some(Self {
            slope: fit.coefficients[1],
            slope_error: fit.std_errors[1],
            low: ratios.iter().copied().fold(f64::INFINITY, f64::min),
            high: ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            centre,
            log_mean: fit.coefficients[0],
            mean_error: fit.std_errors[0],
            t: student_t_quantile(0.975, n - 2.0).ok()?,
        })
    }

    /// Geometric mean of the values.
    pub fn mean(&self) -> f64 {
        self.log_mean.exp()
    }

    /// 95 % interval of the slope.
    pub fn slope_interval(&self) -> (f64, f64) {
        (self.slope - self.t * self.slope_error, self.slope + self.t * self.slope_error)
    }

    /// Relative change from the smallest to the largest ratio.
    pub fn change(&self) -> f64 {
        (self.slope * (self.high - self.low)).exp_m1()
    }

    /// Its 95 % interval.
    pub fn change_interval(&self) -> (f64, f64) {
        let (lo, hi) = self.slope_interval();
        ((lo * (self.high - self.low)).exp_m1(), (hi * (self.high - self.low)).exp_m1())
    }

    /// The line, in the unit of the values.
    pub fn at(&self, ratio: f64) -> f64 {
        (self.log_mean + self.slope * (ratio - self.centre)).exp()
    }

    /// 95 % band of the line.
    pub fn band(&self, ratio: f64) -> (f64, f64) {
        let half = self.t * self.mean_error.hypot(self.slope_error * (ratio - self.centre));
        (self.at(ratio) * (-half).exp(), self.at(ratio) * half.exp())
    }
}
