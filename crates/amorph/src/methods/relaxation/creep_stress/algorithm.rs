//! Rates of flow over stress: a power, and one event that stress helps.

use crate::core::fit::{Fit, LeastSquares, Parameter, brent_root};
use crate::core::stats::student_t_quantile;

/// Rates of several specimens.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates {
    /// ln of stresses.
    pub ln_stresses: Vec<f64>,
    /// ln of rates.
    pub ln_rates: Vec<f64>,
    /// Standard errors of these from the tests alone.
    pub errors: Vec<f64>,
}

/// A number with its standard error and 95 % interval; an end is absent where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Value.
    pub value: f64,
    /// Standard error.
    pub error: f64,
    /// Interval.
    pub interval: (Option<f64>, Option<f64>),
}

/// What the rates say.
#[derive(Debug, Clone, PartialEq)]
pub struct StressLaw {
    /// Stress exponent n of `ε̇ ~ σ^n`.
    pub exponent: Found,
    /// ln of the rate at the geometric mean of the stresses, under that law.
    pub ln_rate: f64,
    /// ln of the geometric mean of the stresses.
    pub ln_stress: f64,
    /// Scatter of ln ε̇ between specimens beyond the errors of the tests.
    pub scatter: f64,
    /// Two-sided probability of an exponent as far from 1.
    pub newtonian_p: f64,
    /// ln of stress over rate, under n = 1.
    pub ln_viscosity: Found,
    /// `x` of `ε̇ ~ sinh(x σ/σ_mean)`, σ_mean the geometric mean.
    pub activation: Option<Found>,
}

/// Probability below which an exponent differs from 1.
const DIFFERS: f64 = 0.05;

impl StressLaw {
    /// Whether neither law rules out Newtonian flow.
    pub fn may_be_newtonian(&self) -> bool {
        let helped = self.activation.is_some_and(|found| found.interval.0.is_some());
        self.newtonian_p >= DIFFERS && !helped
    }
}

/// Weighted line through centred values: slope, mean, Σwxx, residual sum.
fn line(x: &[f64], y: &[f64], weights: &[f64]) -> (f64, f64, f64, f64, f64) {
    let total: f64 = weights.iter().sum();
    let mean = |v: &[f64]| v.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / total;
    let (mx, my) = (mean(x), mean(y));
    let xx: f64 = x.iter().zip(weights).map(|(x, w)| w * (x - mx).powi(2)).sum();
    let xy: f64 = x.iter().zip(y).zip(weights).map(|((x, y), w)| w * (x - mx) * (y - my)).sum();
    let slope = xy / xx;
    let sum: f64 = x.iter().zip(y).zip(weights).map(|((x, y), w)| w * (y - my - slope * (x - mx)).powi(2)).sum();
    (slope, mx, my, xx, sum)
}

/// Scatter between specimens by which the residuals of the better law are as large as they should be (Mandel and Paule); zero where
/// the errors suffice.
fn scatter(rates: &Rates) -> f64 {
    let dof = rates.ln_rates.len() as f64 - 2.0;
    let excess = |variance: f64| {
        let weights: Vec<f64> = rates.errors.iter().map(|error| 1.0 / (error * error + variance)).collect();
        let (slope, _, _, _, sum) = line(&rates.ln_stresses, &rates.ln_rates, &weights);
        let other = activated(rates, &weights, slope).map_or(f64::INFINITY, |found| found.1.residual_sum);
        sum.min(other) - dof
    };
    if excess(0.0) <= 0.0 {
        return 0.0;
    }
    let spread = rates.ln_rates.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)));
    let most = 4.0 * (spread.1 - spread.0).powi(2) + 1.0;
    brent_root(excess, 0.0, most, 1e-12 * most).map_or(0.0, f64::sqrt)
}

/// Fits both laws; `None` for fewer than three rates or stresses that do not differ. Errors come from the scatter around the law, with
/// weights by the errors of the tests and the scatter between specimens (Hartung and Knapp).
pub fn stress_law(rates: &Rates) -> Option<StressLaw> {
    let n = rates.ln_rates.len();
    let dof = n as f64 - 2.0;
    if n < 3 {
        return None;
    }
    let scatter = scatter(rates);
    let weights: Vec<f64> = rates.errors.iter().map(|error| 1.0 / error.hypot(scatter).powi(2)).collect();
    let (slope, mx, my, xx, sum) = line(&rates.ln_stresses, &rates.ln_rates, &weights);
    if !(xx > 0.0 && slope.is_finite()) {
        return None;
    }
    let error = (sum / dof / xx).sqrt();
    let t = student_t_quantile(0.975, dof).ok()?;
    let exponent = Found { value: slope, error, interval: (Some(slope - t * error), Some(slope + t * error)) };
    let newtonian_p = 2.0 * crate::core::stats::student_t_tail(((slope - 1.0) / error).abs(), dof).ok()?;
    let ln_mean = rates.ln_stresses.iter().sum::<f64>() / n as f64;
    Some(StressLaw {
        exponent,
        ln_rate: my + slope * (ln_mean - mx),
        ln_stress: ln_mean,
        scatter,
        newtonian_p,
        ln_viscosity: viscosity(rates, &weights)?,
        activation: activation(rates, &weights, slope),
    })
}

fn viscosity(rates: &Rates, weights: &[f64]) -> Option<Found> {
    let values: Vec<f64> = rates.ln_stresses.iter().zip(&rates.ln_rates).map(|(s, r)| s - r).collect();
    let (total, dof) = (weights.iter().sum::<f64>(), values.len() as f64 - 1.0);
    let mean = values.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>() / total;
    let sum: f64 = values.iter().zip(weights).map(|(v, w)| w * (v - mean).powi(2)).sum();
    let error = (sum / dof / total).sqrt();
    let t = student_t_quantile(0.975, dof).ok()?;
    Some(Found { value: mean, error, interval: (Some(mean - t * error), Some(mean + t * error)) })
}

/// Largest `x`: stress that helps by so many kT is no stress of a glass.
const STEEPEST: f64 = 300.0;

/// ln (sinh(x s)/x), which stays finite as x goes to zero.
pub fn ln_sinh(x: f64, s: f64) -> f64 {
    let z = x * s;
    if z < 1e-4 { s.ln() + z * z / 6.0 } else { z + (-(-2.0 * z).exp_m1()).ln() - (2.0 * x).ln() }
}

/// Residuals of `ln ε̇ = ln r + ln (sinh(x s)/x)`, s over the geometric mean of the stresses.
fn residuals(rates: &Rates) -> impl Fn(&[f64]) -> Vec<f64> {
    let mean = rates.ln_stresses.iter().sum::<f64>() / rates.ln_stresses.len() as f64;
    let stresses: Vec<f64> = rates.ln_stresses.iter().map(|ln| (ln - mean).exp()).collect();
    move |p: &[f64]| stresses.iter().zip(&rates.ln_rates).map(|(s, rate)| p[0] + ln_sinh(p[1], *s) - rate).collect()
}

/// The best fit of that, begun from the slope of the power law.
fn activated(rates: &Rates, weights: &[f64], slope: f64) -> Option<(LeastSquares, Fit)> {
    let model = residuals(rates);
    let start = if slope > 1.3 { slope } else { (3.0 * (slope - 1.0)).max(0.1).sqrt() };
    let mean = rates.ln_rates.iter().sum::<f64>() / rates.ln_rates.len() as f64;
    let fitted = [start, 0.3, 3.0].into_iter().filter_map(|x| {
        let x = x.min(0.9 * STEEPEST);
        let rate = Parameter::new("ln rate", mean - ln_sinh(x, 1.0)).scale(1.0);
        let problem = LeastSquares::new(vec![rate, Parameter::new("x", x).scale(1.0).within(1e-3, STEEPEST)])
            .weights(weights.to_vec())
            .tolerance(1e-12)
            .patience(200);
        problem.fit(&model).ok().map(|fit| (problem, fit))
    });
    fitted.min_by(|a, b| a.1.residual_sum.total_cmp(&b.1.residual_sum))
}

fn activation(rates: &Rates, weights: &[f64], slope: f64) -> Option<Found> {
    let (problem, fit) = activated(rates, weights, slope)?;
    let interval = problem.profile_interval(&residuals(rates), &fit, 1, 0.95).ok()?;
    Some(Found { value: fit.params[1], error: fit.std_errors[1], interval: (interval.lower, interval.upper) })
}
