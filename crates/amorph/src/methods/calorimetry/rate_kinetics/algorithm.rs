//! Temperatures of an event at several rates: straight and bent laws of the rate, with all error in the temperature.

use crate::core::fit::{ErrorScale, Fit, LeastSquares, Parameter};
use crate::core::stats::student_t_tail;
use crate::methods::calorimetry::DECADE;
use crate::theory::constants::GAS;

/// `ln(q/T^k) = c - B E/(R T)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Form {
    /// k.
    pub power: f64,
    /// B.
    pub factor: f64,
}

/// Readings of one event.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readings {
    /// ln of the rate.
    pub ln_rates: Vec<f64>,
    /// Temperatures, K.
    pub temperatures: Vec<f64>,
    /// Their standard errors, K, where they are stated.
    pub errors: Option<Vec<f64>>,
}

/// A number with its error and 95 % interval, where the profile closes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Value.
    pub value: f64,
    /// Standard error to first order.
    pub error: f64,
    /// Interval.
    pub interval: Option<(f64, f64)>,
}

/// A straight law through readings.
#[derive(Debug, Clone, PartialEq)]
pub struct Straight {
    /// Its form.
    pub form: Form,
    /// E, J/mol.
    pub energy: Found,
    /// c: ln(q/T^k) at infinite temperature.
    pub intercept: Found,
    /// Mean of 1/T, where the law is centred, and its value there.
    pub centre: (f64, f64),
    /// Sum of the squares of what is left, in errors (in K where they are not stated).
    pub sum: f64,
    /// Degrees of freedom.
    pub dof: f64,
    /// Probability of at least so much curvature by chance; `None` for three readings without stated errors.
    pub curvature_p: Option<f64>,
}

/// ln q over T with a bend, by its slope and value where the rate is `reference`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bent {
    /// Temperature at the reference rate, K.
    pub temperature: Found,
    /// Fragility there, d log10 q/d(-Tg/T).
    pub fragility: Found,
    /// T0, K; zero for the Arrhenius law.
    pub t0: Option<Found>,
    /// ln of the reference rate.
    pub ln_reference: f64,
    /// Sum of the squares of what is left.
    pub sum: f64,
}

impl Bent {
    /// ln of the rate at a temperature.
    pub fn at(&self, temperature: f64) -> f64 {
        let (tg, t0) = (self.temperature.value, self.t0.map_or(0.0, |t0| t0.value));
        let b = self.fragility.value * DECADE * (tg - t0).powi(2) / tg;
        self.ln_reference + b * (1.0 / (tg - t0) - 1.0 / (temperature - t0))
    }
}

impl Straight {
    /// ln(q/T^k) at 1/T.
    pub fn at(&self, inverse: f64) -> f64 {
        self.centre.1 - self.form.factor * self.energy.value / GAS * (inverse - self.centre.0)
    }

    /// Energy from the slope between two readings, J/mol.
    pub fn between(&self, readings: &Readings, (a, b): (usize, usize)) -> f64 {
        let y = |i: usize| ordinate(readings, self.form, i);
        let slope = (y(b) - y(a)) / (1.0 / readings.temperatures[b] - 1.0 / readings.temperatures[a]);
        -slope * GAS / self.form.factor
    }
}

/// `ln(q/T^k)` of a reading.
pub fn ordinate(readings: &Readings, form: Form, i: usize) -> f64 {
    readings.ln_rates[i] - form.power * readings.temperatures[i].ln()
}

impl Readings {
    fn scale(&self) -> ErrorScale {
        if self.errors.is_some() { ErrorScale::Absolute } else { ErrorScale::Residuals }
    }

    fn error(&self, i: usize) -> f64 {
        self.errors.as_ref().map_or(1.0, |errors| errors[i])
    }

    /// Mean of 1/T.
    fn centre(&self) -> f64 {
        self.temperatures.iter().map(|t| 1.0 / t).sum::<f64>() / self.temperatures.len() as f64
    }
}

/// Profile interval of a parameter, where both ends close.
fn found(problem: &LeastSquares, residuals: &impl Fn(&[f64]) -> Vec<f64>, fitted: &Fit, index: usize) -> Found {
    let interval = problem.profile_interval(residuals, fitted, index, 0.95).ok();
    let interval = interval.and_then(|ends| Some((ends.lower?, ends.upper?)));
    Found { value: fitted.params[index], error: fitted.std_errors[index], interval }
}

/// Least squares of the distances in temperature: the rates are as good as exact, and a fit that takes ln q for the uncertain one
/// would find energies too small. `None` where nothing fits.
pub fn straight(readings: &Readings, form: Form) -> Option<Straight> {
    let n = readings.temperatures.len();
    let centre = readings.centre();
    let y: Vec<f64> = (0..n).map(|i| ordinate(readings, form, i)).collect();
    let u: Vec<f64> = readings.temperatures.iter().map(|t| 1.0 / t - centre).collect();
    let size = u.iter().map(|u| u * u).sum::<f64>();
    let mean = y.iter().sum::<f64>() / n as f64;
    let slope = u.iter().zip(&y).map(|(u, y)| u * (y - mean)).sum::<f64>() / size;
    let guess = -slope * GAS / form.factor;
    if !(size > 0.0 && guess > 0.0 && guess.is_finite()) {
        return None;
    }
    // Distance in K: what is left of y over |d(y - law)/dT|.
    let distance = |value: f64, energy: f64, bend: f64, i: usize| {
        let t = readings.temperatures[i];
        let steep = form.factor * energy / GAS;
        let left = y[i] - value + steep * u[i] - bend * (u[i] * u[i] - size / n as f64) / (size / n as f64);
        left / ((steep / t + form.power) / t) / readings.error(i)
    };
    let residuals = |p: &[f64]| (0..n).map(|i| distance(p[0], p[1], 0.0, i)).collect::<Vec<f64>>();
    let parameters = vec![Parameter::new("value", mean).scale(1.0), Parameter::new("energy", guess).at_least(1e-3 * guess)];
    let problem = LeastSquares::new(parameters).error_scale(readings.scale()).tolerance(1e-12);
    let fitted = problem.fit(&residuals).ok()?;
    let energy = found(&problem, &residuals, &fitted, 1);
    let intercept = intercept(readings, form, centre, &fitted, &distance);
    let bent = |p: &[f64]| (0..n).map(|i| distance(p[0], p[1], p[2], i)).collect::<Vec<f64>>();
    let enough = n > 3 || readings.errors.is_some();
    let curvature_p = enough.then(|| curvature(readings, &fitted, &bent)).flatten();
    let sum = fitted.residual_sum;
    let dof = n as f64 - 2.0;
    Some(Straight { form, energy, intercept, centre: (centre, fitted.params[0]), sum, dof, curvature_p })
}

/// The same law with its value at infinite temperature as a parameter.
fn intercept(
    readings: &Readings,
    form: Form,
    centre: f64,
    fitted: &Fit,
    distance: &impl Fn(f64, f64, f64, usize) -> f64,
) -> Found {
    let steep = form.factor / GAS * centre;
    let value = fitted.params[0] + steep * fitted.params[1];
    let none = Found { value, error: f64::NAN, interval: None };
    let residuals = |p: &[f64]| {
        let energy = (p[1] - p[0]) / steep;
        (0..readings.temperatures.len()).map(|i| distance(p[0], energy, 0.0, i)).collect::<Vec<f64>>()
    };
    let parameters = vec![Parameter::new("value", fitted.params[0]).scale(1.0), Parameter::new("intercept", value).scale(1.0)];
    let problem = LeastSquares::new(parameters).error_scale(readings.scale()).tolerance(1e-12);
    problem.fit(&residuals).map_or(none, |fitted| found(&problem, &residuals, &fitted, 1))
}

/// Two-sided probability of a quadratic term as far from zero.
fn curvature(readings: &Readings, straight: &Fit, bent: &impl Fn(&[f64]) -> Vec<f64>) -> Option<f64> {
    let parameters = vec![
        Parameter::new("value", straight.params[0]).scale(1.0),
        Parameter::new("energy", straight.params[1]).at_least(1e-3 * straight.params[1]),
        Parameter::new("bend", 0.0).scale(0.1),
    ];
    let problem = LeastSquares::new(parameters).error_scale(readings.scale()).tolerance(1e-12);
    let fitted = problem.fit(bent).ok()?;
    let ratio = fitted.params[2].abs() / fitted.std_errors[2];
    match readings.errors {
        Some(_) => Some(2.0 * crate::core::stats::normal_cdf(-ratio)),
        None => student_t_tail(ratio, fitted.dof as f64).ok().map(|p| 2.0 * p),
    }
}

/// `ln q = ln q_ref + s (f(Tg) - f(T))` with the slope at Tg that the fragility asks for; `curved` frees T0.
pub fn bent(readings: &Readings, ln_reference: f64, line: &Straight, curved: bool) -> Option<Bent> {
    let n = readings.temperatures.len();
    let coldest = readings.temperatures.iter().copied().fold(f64::INFINITY, f64::min);
    let steep = line.form.factor * line.energy.value / GAS;
    let start = 1.0 / (line.centre.0 + (line.centre.1 - ln_reference) / steep);
    if !(start.is_finite() && start > 0.0) {
        return None;
    }
    let residuals = |p: &[f64]| {
        let (tg, m, t0) = (p[0], p[1], p[2]);
        let b = m * DECADE * (tg - t0).powi(2) / tg;
        let one = |i: usize| {
            let t = readings.temperatures[i];
            let left = readings.ln_rates[i] - ln_reference - b * (1.0 / (tg - t0) - 1.0 / (t - t0));
            if tg > t0 { left * (t - t0).powi(2) / b / readings.error(i) } else { f64::NAN }
        };
        (0..n).map(one).collect::<Vec<f64>>()
    };
    let fragility = steep / (start * DECADE);
    let t0 = Parameter::new("T0", if curved { 0.7 * coldest } else { 0.0 }).scale(0.1 * coldest);
    let parameters = vec![
        Parameter::new("Tg", start),
        Parameter::new("m", fragility).at_least(1e-3 * fragility),
        if curved { t0.within(0.0, 0.99 * coldest.min(start)) } else { t0.fixed() },
    ];
    let problem = LeastSquares::new(parameters).error_scale(readings.scale()).tolerance(1e-12);
    let fitted = problem.fit(&residuals).ok()?;
    let of = |index: usize| found(&problem, &residuals, &fitted, index);
    let sum = fitted.residual_sum;
    Some(Bent { temperature: of(0), fragility: of(1), t0: curved.then(|| of(2)), ln_reference, sum })
}
