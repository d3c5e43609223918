//! A stretched or compressed exponential through readings: `y = B + A exp(-r (t/τ)^b)`.

use super::numerics::correlation_inflation;
use crate::core::fit::{Fit, FitError, LeastSquares, Parameter};

/// Which numbers are found, and within which ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// r: 1 for a decay, 2 for the square of one.
    pub rate: f64,
    /// Ends of A.
    pub amplitude: (f64, f64),
    /// Ends of B; absent: B is 0.
    pub base: Option<(f64, f64)>,
    /// Ends of b.
    pub exponent: (f64, f64),
}

/// Readings by rising time.
#[derive(Debug, Clone, PartialEq)]
pub struct Readings {
    /// Times of zero or more, s.
    pub times: Vec<f64>,
    /// Values.
    pub values: Vec<f64>,
    /// Standard errors, or numbers in proportion to them.
    pub errors: Vec<f64>,
    /// Whether they are standard errors; else their size comes from the scatter.
    pub stated: bool,
}

/// Places of the parameters.
pub mod place {
    /// A.
    pub const AMPLITUDE: usize = 0;
    /// B.
    pub const BASE: usize = 1;
    /// ln τ.
    pub const LN_TIME: usize = 2;
    /// b.
    pub const EXPONENT: usize = 3;
}

/// A fitted decay.
#[derive(Debug, Clone)]
pub struct Decay {
    /// Its form.
    pub form: Form,
    /// The fit.
    pub fit: Fit,
    /// What errors are multiplied by for residuals that are alike.
    pub inflation: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
    problem: LeastSquares,
}

/// Decades by which τ may lie beyond the readings.
const REACH: (f64, f64) = (2.0, 3.0);

fn value(rate: f64, p: &[f64], t: f64) -> f64 {
    p[place::BASE] + p[place::AMPLITUDE] * (-rate * (p[place::EXPONENT] * (t.ln() - p[place::LN_TIME])).exp()).exp()
}

fn residuals(rate: f64, readings: &Readings) -> impl Fn(&[f64]) -> Vec<f64> {
    move |p: &[f64]| readings.times.iter().zip(&readings.values).map(|(t, y)| value(rate, p, *t) - y).collect()
}

/// Fits a decay.
///
/// # Errors
/// As [`LeastSquares::fit`].
pub fn fit(form: Form, readings: &Readings) -> Result<Decay, FitError> {
    let first = readings.times.iter().find(|t| **t > 0.0).map_or(f64::NEG_INFINITY, |t| t.ln());
    let last = readings.times[readings.times.len() - 1].ln();
    let ends = (first - REACH.0 * std::f64::consts::LN_10, last + REACH.1 * std::f64::consts::LN_10);
    let (early, late) = (readings.values[0], readings.values[readings.values.len() - 1]);
    let inside = |value: f64, (lo, hi): (f64, f64)| value.clamp(lo + 1e-3 * (hi - lo), hi - 1e-3 * (hi - lo));
    let size = (early - late).abs().max(1e-3 * early.abs()).max(1e-9);
    let base = match form.base {
        Some((lo, hi)) => Parameter::new("B", inside(late, (lo, hi))).scale(size).within(lo, hi),
        None => Parameter::new("B", 0.0).fixed(),
    };
    let rise = if form.base.is_some() { early - late } else { early };
    let starts = [0.15, 0.4, 0.65, 0.9].into_iter().flat_map(|part| [0.5, 1.0, 1.7].map(|b| (part, b)));
    let problem = |(part, b): (f64, f64)| {
        let (lo, hi) = form.exponent;
        let parameters = vec![
            Parameter::new("A", inside(1.1 * rise, form.amplitude)).scale(size).within(form.amplitude.0, form.amplitude.1),
            base.clone(),
            Parameter::new("ln τ", first + part * (last - first)).scale(1.0).within(ends.0, ends.1),
            Parameter::new("b", inside(b, form.exponent)).within(lo, hi),
        ];
        let problem = LeastSquares::new(parameters).tolerance(1e-12).patience(300);
        if readings.stated {
            problem.sigma(&readings.errors)
        } else {
            problem.weights(readings.errors.iter().map(|error| 1.0 / (error * error)).collect())
        }
    };
    let model = residuals(form.rate, readings);
    let (problem, fit) = LeastSquares::best_of(starts.map(problem), &model)?;
    let weighted: Vec<f64> = fit.residuals.iter().zip(&readings.errors).map(|(r, error)| r / error).collect();
    let (inflation, correlation) = correlation_inflation(std::iter::once(weighted.as_slice()));
    Ok(Decay { form, fit, inflation, correlation, problem })
}

impl Decay {
    /// Value at a time.
    pub fn at(&self, t: f64) -> f64 {
        value(self.form.rate, &self.fit.params, t)
    }

    /// A number and its standard error, widened for residuals that are alike.
    pub fn number(&self, index: usize) -> (f64, f64) {
        (self.fit.params[index], self.inflation * self.fit.std_errors[index])
    }

    /// 95 % profile interval of a number, widened for residuals that are alike; `None` where a side is open or the number ended at the end of its
    /// range.
    pub fn interval(&self, readings: &Readings, index: usize) -> Option<(f64, f64)> {
        if self.fit.at_bound[index] {
            return None;
        }
        let (lower, upper) = self.sides(readings, index)?;
        Some((lower?, upper?))
    }

    /// The interval of the exponent, with the end of its range where a side is open; and whether one is.
    pub fn exponent_interval(&self, readings: &Readings) -> Option<((f64, f64), bool)> {
        let (lo, hi) = self.form.exponent;
        let (lower, upper) = self.sides(readings, place::EXPONENT)?;
        let ends = (lower.map_or(lo, |end| end.max(lo)), upper.map_or(hi, |end| end.min(hi)));
        Some((ends, lower.is_none() || upper.is_none()))
    }

    fn sides(&self, readings: &Readings, index: usize) -> Option<(Option<f64>, Option<f64>)> {
        let model = residuals(self.form.rate, readings);
        let found = self.problem.profile_interval(&model, &self.fit, index, 0.95).ok()?;
        let number = self.fit.params[index];
        let wide = |end: f64| number + self.inflation * (end - number);
        Some((found.lower.map(wide), found.upper.map(wide)))
    }

    /// Sum of the squared residuals in errors, and degrees of freedom.
    pub fn misfit(&self, readings: &Readings) -> (f64, f64) {
        let sum = self.fit.residuals.iter().zip(&readings.errors).map(|(r, error)| (r / error).powi(2)).sum();
        (sum, readings.times.len() as f64 - self.fit.n_free as f64)
    }
}
