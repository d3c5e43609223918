//! Profile intervals of what the laws imply: each number stands once as a parameter of its own.

use super::algorithm::{Fitted, Series};
use crate::core::fit::{ErrorScale, LeastSquares, Parameter};

/// A number with its error and 95 % profile interval; an end is absent where the profile stays flat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Value.
    pub value: f64,
    /// Standard error to first order.
    pub error: f64,
    /// Interval.
    pub interval: (Option<f64>, Option<f64>),
}

const DECADE: f64 = std::f64::consts::LN_10;

/// Fits again with other parameters: `natural` gives a, b, θ of them.
fn again(
    series: &Series,
    found: &Fitted,
    parameters: Vec<Parameter>,
    natural: impl Fn(&[f64]) -> (f64, f64, f64),
    index: usize,
) -> Option<Found> {
    let residuals = |p: &[f64]| {
        let (a, b, theta) = natural(p);
        let law = |t: f64| a + b * found.law.shape(t, theta);
        let each = series.temperatures.iter().zip(&series.values).zip(&series.errors);
        each.map(|((t, y), error)| (law(*t) - y) / error).collect::<Vec<f64>>()
    };
    let scale = if series.stated { ErrorScale::Absolute } else { ErrorScale::Residuals };
    let problem = LeastSquares::new(parameters).error_scale(scale).tolerance(1e-13);
    let fitted = problem.fit(&residuals).ok()?;
    let interval = problem.profile_interval(&residuals, &fitted, index, 0.95).ok()?;
    Some(Found { value: fitted.params[index], error: fitted.std_errors[index], interval: (interval.lower, interval.upper) })
}

fn theta(series: &Series, found: &Fitted) -> Parameter {
    let (lo, hi) = found.law.range(series.temperatures[0]);
    let parameter = Parameter::new("θ", found.theta).scale(0.1 * series.temperatures[0]);
    if hi > lo { parameter.within(lo, hi) } else { parameter.fixed() }
}

fn middle(series: &Series) -> f64 {
    let inverse = series.temperatures.iter().map(|t| 1.0 / t).sum::<f64>();
    series.temperatures.len() as f64 / inverse
}

/// b and θ.
pub fn slope_and_theta(series: &Series, found: &Fitted) -> [Option<Found>; 2] {
    let t = middle(series);
    let parameters =
        || vec![Parameter::new("value", found.at(t)).scale(1.0), Parameter::new("b", found.b), theta(series, found)];
    let natural = |p: &[f64]| (p[0] - p[1] * found.law.shape(t, p[2]), p[1], p[2]);
    [1, 2].map(|index| {
        if index == 2 && theta(series, found).bound == crate::core::fit::Bound::Fixed {
            None
        } else {
            again(series, found, parameters(), natural, index)
        }
    })
}

/// a: ln y at infinite temperature.
pub fn prefactor(series: &Series, found: &Fitted) -> Option<Found> {
    let t = middle(series);
    let parameters =
        vec![Parameter::new("value", found.at(t)).scale(1.0), Parameter::new("a", found.a).scale(1.0), theta(series, found)];
    again(series, found, parameters, |p| (p[1], (p[0] - p[1]) / found.law.shape(t, p[2]), p[2]), 1)
}

/// Temperature at which ln y is `level`, and the fragility there.
pub fn transition_and_fragility(series: &Series, found: &Fitted, level: f64) -> Option<[Option<Found>; 2]> {
    let tg = found.temperature_of(level)?;
    let fragility = found.slope(tg) / (DECADE * tg);
    let natural = |p: &[f64]| {
        let b = p[1] * DECADE * p[0] / found.law.slope(p[0], p[2]);
        // Beyond T0 there is no such temperature.
        let valid = p[0] > 0.0 && (found.law != super::algorithm::Law::Vft || p[0] > p[2]);
        (if valid { level - b * found.law.shape(p[0], p[2]) } else { f64::NAN }, b, p[2])
    };
    let parameters = || vec![Parameter::new("Tg", tg).scale(1.0), Parameter::new("m", fragility), theta(series, found)];
    Some([0, 1].map(|index| again(series, found, parameters(), natural, index)))
}

/// Fragility at a stated temperature.
pub fn fragility_at(series: &Series, found: &Fitted, tg: f64) -> Option<Found> {
    let fragility = found.slope(tg) / (DECADE * tg);
    let natural = |p: &[f64]| {
        let b = p[1] * DECADE * tg / found.law.slope(tg, p[2]);
        (p[0] - b * found.law.shape(tg, p[2]), b, p[2])
    };
    let parameters =
        vec![Parameter::new("value", found.at(tg)).scale(1.0), Parameter::new("m", fragility), theta(series, found)];
    again(series, found, parameters, natural, 1)
}

/// The number of the best law with the hull of the intervals under all laws that the readings do not tell from it: which law holds is
/// part of what is not known.
pub fn hull(best: Option<Found>, rivals: &[Option<Found>]) -> Option<Found> {
    let mut all = best?;
    for rival in rivals {
        let rival = (*rival)?;
        let outer = |a: Option<f64>, b: Option<f64>, pick: fn(f64, f64) -> f64| Some(pick(a?, b?));
        all.interval = (outer(all.interval.0, rival.interval.0, f64::min), outer(all.interval.1, rival.interval.1, f64::max));
        all.error = all.error.max(rival.error);
    }
    Some(all)
}
