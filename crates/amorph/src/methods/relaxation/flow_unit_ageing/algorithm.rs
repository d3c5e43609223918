use crate::core::fit::{Fit, FitError, LeastSquares, Parameter};
use crate::methods::relaxation::numerics::correlation_inflation;

/// A property over ageing time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Ageing times by rising order, s; the first may be 0.
    pub times: Vec<f64>,
    /// The property over its largest value.
    pub values: Vec<f64>,
    /// Standard errors over the same; absent: their common size comes from the scatter.
    pub errors: Option<Vec<f64>>,
}

/// Places of the parameters.
pub mod place {
    /// M∞ over the largest value.
    pub const SETTLED: usize = 0;
    /// ln c(0).
    pub const LN_START: usize = 1;
    /// ln b.
    pub const LN_AGE: usize = 2;
    /// ln β.
    pub const LN_EXPONENT: usize = 3;
}

/// The law `M = M∞/(1 + c)` through a series, `c = c0 (1 + t/b)^-β`.
#[derive(Debug, Clone)]
pub struct Ageing {
    /// The fit.
    pub fit: Fit,
    /// What errors are multiplied by for residuals that are alike.
    pub inflation: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
    problem: LeastSquares,
}

/// Ends of ln c(0): a property that changes by a millionth, or that begins at a thousandth of what it comes to.
const LN_START: (f64, f64) = (-14.0, 7.0);
/// Ends of ln β.
const LN_EXPONENT: (f64, f64) = (-4.0, 1.4);
/// Largest M∞ over the largest value.
const SETTLED: f64 = 1e3;
/// Decades by which b may lie beyond the times.
const REACH: f64 = 3.0;

fn concentration(p: &[f64], t: f64) -> f64 {
    (p[place::LN_START] - p[place::LN_EXPONENT].exp() * (t / p[place::LN_AGE].exp()).ln_1p()).exp()
}

fn value(p: &[f64], t: f64) -> f64 {
    p[place::SETTLED] / (1.0 + concentration(p, t))
}

fn residuals(series: &Series) -> impl Fn(&[f64]) -> Vec<f64> {
    move |p: &[f64]| series.times.iter().zip(&series.values).map(|(t, y)| value(p, *t) - y).collect()
}

/// Fits the law from several starts.
///
/// # Errors
/// As [`LeastSquares::fit`].
pub fn fit(series: &Series) -> Result<Ageing, FitError> {
    let positive = || series.times.iter().copied().filter(|t| *t > 0.0);
    let (first, last) = (positive().fold(f64::INFINITY, f64::min).ln(), positive().fold(0.0, f64::max).ln());
    let reach = REACH * std::f64::consts::LN_10;
    let (early, late) = (series.values[0], series.values[series.values.len() - 1]);
    let starts = [0.0, 0.3, 0.6, 0.9].into_iter().flat_map(|part| [-1.5, -0.5, 0.3].map(|exponent| (part, exponent)));
    let problem = |(part, exponent): (f64, f64)| {
        let age = first + part * (last - first);
        let settled = late + 0.3 * (late - early).max(1e-3 * late);
        let start = (settled / early.max(1e-3 * late) - 1.0).max(1e-5).ln();
        let inside = |value: f64, (lo, hi): (f64, f64)| value.clamp(lo + 1e-3, hi - 1e-3);
        let problem = LeastSquares::new(vec![
            Parameter::new("M∞", settled).scale(0.1).within(0.1, SETTLED),
            Parameter::new("ln c(0)", inside(start, LN_START)).scale(1.0).within(LN_START.0, LN_START.1),
            Parameter::new("ln b", age).scale(1.0).within(first - reach, last + reach),
            Parameter::new("ln β", exponent).scale(1.0).within(LN_EXPONENT.0, LN_EXPONENT.1),
        ])
        .tolerance(1e-12)
        .patience(400);
        match &series.errors {
            Some(errors) => problem.sigma(errors),
            None => problem,
        }
    };
    let model = residuals(series);
    let (problem, fit) = LeastSquares::best_of(starts.map(problem), &model)?;
    let error = |i: usize| series.errors.as_ref().map_or(1.0, |errors| errors[i]);
    let weighted: Vec<f64> = fit.residuals.iter().enumerate().map(|(i, r)| r / error(i)).collect();
    let (inflation, correlation) = correlation_inflation(std::iter::once(weighted.as_slice()));
    Ok(Ageing { fit, inflation, correlation, problem })
}

impl Ageing {
    /// The property at a time, over the largest value.
    pub fn at(&self, t: f64) -> f64 {
        value(&self.fit.params, t)
    }

    /// Concentration of flow units at a time.
    pub fn concentration(&self, t: f64) -> f64 {
        concentration(&self.fit.params, t)
    }

    /// A number and its standard error, widened for residuals that are alike.
    pub fn number(&self, index: usize) -> (f64, f64) {
        (self.fit.params[index], self.inflation * self.fit.std_errors[index])
    }

    /// 95 % profile interval of a number, widened for residuals that are alike; `None` where a side is open or the number ended at the end of
    /// its range.
    pub fn interval(&self, series: &Series, index: usize) -> Option<(f64, f64)> {
        if self.fit.at_bound[index] {
            return None;
        }
        let found = self.problem.profile_interval(&residuals(series), &self.fit, index, 0.95).ok()?;
        let number = self.fit.params[index];
        let wide = |end: f64| number + self.inflation * (end - number);
        Some((wide(found.lower?), wide(found.upper?)))
    }
}
