//! Errors of the inputs, carried to the results of any model.
//!
//! To first order by derivatives from Ridders' extrapolated differences. Where the relative error of a result or of an input
//! exceeds 20 %, or the range of the model is too near, by seeded Monte Carlo: normal inputs, percentiles of the results.
//! Statistical and systematic errors are carried apart.

use super::{Given, Model, Output, TheoryError};
use crate::core::outcome::{Basis, Estimate};
use crate::core::random::{derive_seed, standard_normals};
use crate::core::stats::{NORMAL_95, quantiles};

/// Relative error above which the first order is not trusted.
const LINEAR_LIMIT: f64 = 0.2;
/// Draws of the Monte Carlo; the 2.5 % quantile is then known to 0.16 % of probability.
const DRAWS: usize = 10_000;
/// Share of draws outside the range of the model above which there is no interval.
const REJECTED_FOR_INTERVAL: f64 = 0.01;
/// Share above which there is no result.
const REJECTED_FOR_RESULT: f64 = 0.5;
/// How errors were carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// There were none.
    Exact,
    /// By derivatives.
    FirstOrder,
    /// By simulation.
    MonteCarlo,
}

/// The results of a model with their errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Propagated {
    /// One per output. `std_error` and `interval` are statistical, `systematic_error` is apart.
    pub estimates: Vec<Estimate>,
    /// How the statistical errors of each output were carried.
    pub routes: Vec<Route>,
    /// Derivative of each output with each argument, SI; NaN where there is none.
    pub sensitivities: Vec<Vec<f64>>,
}

/// Evaluates a model and carries the errors of its inputs to its outputs.
///
/// # Errors
/// [`TheoryError`] where the model means nothing at the given values, or where most draws within the errors are outside its range.
pub fn propagate(model: &Model, given: &[Given], seed: u64) -> Result<Propagated, TheoryError> {
    let values: Vec<f64> = given.iter().map(|g| g.value).collect();
    let centre = model.run(&values)?;
    let mut sensitivities = vec![vec![f64::NAN; values.len()]; centre.len()];
    for (i, g) in given.iter().enumerate() {
        let scale = if g.value == 0.0 { g.std_error.max(g.systematic_error) } else { g.value.abs() };
        for (output, row) in sensitivities.iter_mut().enumerate() {
            row[i] = derivative(|x| at(model, &values, i, x, output), g.value, 0.02 * scale).unwrap_or(f64::NAN);
        }
    }
    let statistical = Carrier::new(
        model,
        &values,
        given.iter().map(|g| g.std_error).collect(),
        derive_seed(seed, &[model.id.into(), "statistical".into()]),
    );
    let systematic = Carrier::new(
        model,
        &values,
        given.iter().map(|g| g.systematic_error).collect(),
        derive_seed(seed, &[model.id.into(), "systematic".into()]),
    );
    let (random, common) = (statistical.carry(&centre, &sensitivities)?, systematic.carry(&centre, &sensitivities)?);
    let estimates = model.outputs.iter().zip(&centre).zip(random.iter().zip(&common));
    let estimates = estimates.map(|((output, value), (random, common))| estimate(output, *value, random, common)).collect();
    Ok(Propagated { estimates, routes: random.iter().map(|carried| carried.route).collect(), sensitivities })
}

fn at(model: &Model, values: &[f64], index: usize, x: f64, output: usize) -> Option<f64> {
    let mut moved = values.to_vec();
    moved[index] = x;
    model.run(&moved).ok().and_then(|results| results.get(output).copied())
}

/// Derivative by Ridders' method: central differences of falling steps, extrapolated to none (Ridders, Adv. Eng. Softw. 4, 75
/// (1982)). The first step shrinks until both sides are within the range of the function.
fn derivative(function: impl Fn(f64) -> Option<f64>, x: f64, first_step: f64) -> Option<f64> {
    const COLUMNS: usize = 10;
    const SHRINK: f64 = 1.4;
    if first_step == 0.0 {
        return None;
    }
    let difference = |step: f64| Some((function(x + step)? - function(x - step)?) / (2.0 * step));
    let mut step = first_step;
    while difference(step).is_none() {
        step *= 0.1;
        if step < 1e-7 * first_step {
            return None;
        }
    }
    let mut previous = vec![difference(step)?];
    let (mut best, mut error) = (previous[0], f64::INFINITY);
    for _ in 1..COLUMNS {
        step /= SHRINK;
        let mut row = vec![difference(step)?];
        let mut factor = SHRINK * SHRINK;
        for j in 0..previous.len() {
            let extrapolated = (row[j] * factor - previous[j]) / (factor - 1.0);
            factor *= SHRINK * SHRINK;
            let spread = (extrapolated - row[j]).abs().max((extrapolated - previous[j]).abs());
            if spread <= error {
                error = spread;
                best = extrapolated;
            }
            row.push(extrapolated);
        }
        let last = |row: &[f64]| row[row.len() - 1];
        if (last(&row) - last(&previous)).abs() >= 2.0 * error {
            break;
        }
        previous = row;
    }
    best.is_finite().then_some(best)
}

/// An error of one output.
struct Carried {
    route: Route,
    std_error: f64,
    interval: Option<(f64, f64)>,
    /// Why there is no interval.
    why: Option<String>,
}

/// One kind of error of all arguments.
struct Carrier<'a> {
    model: &'a Model,
    values: &'a [f64],
    errors: Vec<f64>,
    seed: u64,
}

impl<'a> Carrier<'a> {
    fn new(model: &'a Model, values: &'a [f64], errors: Vec<f64>, seed: u64) -> Self {
        Self { model, values, errors, seed }
    }

    fn carry(&self, centre: &[f64], sensitivities: &[Vec<f64>]) -> Result<Vec<Carried>, TheoryError> {
        let too_wide = |(value, error): (&f64, &f64)| *error > LINEAR_LIMIT * value.abs() && *value != 0.0;
        let inputs_linear = !self.values.iter().zip(&self.errors).any(too_wide);
        let mut drawn = None;
        let mut carried = Vec::new();
        for (index, (value, row)) in centre.iter().zip(sensitivities).enumerate() {
            if self.errors.iter().all(|error| *error == 0.0) || !self.model.outputs[index].classes.is_empty() {
                carried.push(Carried { route: Route::Exact, std_error: 0.0, interval: None, why: None });
                continue;
            }
            let terms = row.iter().zip(&self.errors).filter(|(_, error)| **error > 0.0);
            let error = terms.map(|(slope, error)| (slope * error).powi(2)).sum::<f64>().sqrt();
            if inputs_linear && error <= LINEAR_LIMIT * value.abs() {
                let interval = Some((value - NORMAL_95 * error, value + NORMAL_95 * error));
                carried.push(Carried { route: Route::FirstOrder, std_error: error, interval, why: None });
                continue;
            }
            if drawn.is_none() {
                drawn = Some(self.draw()?);
            }
            if let Some(results) = &drawn {
                carried.push(summary(results, index));
            }
        }
        Ok(carried)
    }

    /// Results of draws within the range of the model, and how many were outside.
    fn draw(&self) -> Result<Draws, TheoryError> {
        let uncertain: Vec<usize> = (0..self.errors.len()).filter(|i| self.errors[*i] > 0.0).collect();
        let deviates = standard_normals(self.seed, DRAWS * uncertain.len());
        let mut draws = Draws { results: Vec::with_capacity(DRAWS), rejected: 0 };
        let mut moved = self.values.to_vec();
        for deviate in deviates.chunks(uncertain.len()) {
            for (i, z) in uncertain.iter().zip(deviate) {
                moved[*i] = self.values[*i] + z * self.errors[*i];
            }
            match self.model.run(&moved) {
                Ok(results) => draws.results.push(results),
                Err(_) => draws.rejected += 1,
            }
        }
        if draws.rejected as f64 > REJECTED_FOR_RESULT * DRAWS as f64 {
            return Err(TheoryError::ErrorsTooLarge { model: self.model.id, rejected: draws.rejected, drawn: DRAWS });
        }
        Ok(draws)
    }
}

struct Draws {
    results: Vec<Vec<f64>>,
    rejected: usize,
}

/// Percentiles of one output: half the central 68 % as standard error, the central 95 % as interval.
fn summary(draws: &Draws, output: usize) -> Carried {
    let values: Vec<f64> = draws.results.iter().map(|results| results[output]).collect();
    let ends = quantiles(&values, &[0.025, 0.158_655, 0.841_345, 0.975]).unwrap_or_else(|_| vec![f64::NAN; 4]);
    let share = draws.rejected as f64 / DRAWS as f64;
    let is_open = share > REJECTED_FOR_INTERVAL;
    Carried {
        route: Route::MonteCarlo,
        std_error: 0.5 * (ends[2] - ends[1]),
        interval: (!is_open).then_some((ends[0], ends[3])),
        why: is_open
            .then(|| format!("{:.0} % of the draws within the errors are outside the range of the model", 100.0 * share)),
    }
}

fn estimate(output: &Output, value: f64, random: &Carried, common: &Carried) -> Estimate {
    let without = |why: &str| Estimate::without_interval(output.key, output.symbol, value, output.unit, why);
    let mut estimate = match (&random.interval, &random.why) {
        (Some(interval), _) => {
            Estimate::with_interval(output.key, output.symbol, value, output.unit, *interval, Basis::Propagated)
        }
        (None, Some(why)) => without(why),
        (None, None) if !output.classes.is_empty() => without("a class"),
        (None, None) => without("the inputs have no statistical errors"),
    };
    if random.route != Route::Exact {
        estimate = estimate.std_error(random.std_error);
    }
    if random.route == Route::MonteCarlo {
        estimate = estimate.flag("monte_carlo");
    }
    if common.route != Route::Exact { estimate.systematic_error(common.std_error) } else { estimate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_have_ten_digits() {
        for (function, x, slope) in [
            ((|x: f64| x.exp()) as fn(f64) -> f64, 1.5, 1.5_f64.exp()),
            (|x: f64| x.powf(1.8), 4.1e-9, 1.8 * 4.1e-9_f64.powf(0.8)),
            (|x: f64| x.ln(), 300.0, 1.0 / 300.0),
        ] {
            let found = derivative(|x| Some(function(x)), x, 0.02 * x).unwrap();
            assert!((found / slope - 1.0).abs() < 1e-10, "{found} {slope}");
        }
        // Near an edge the step shrinks; at the edge there is no derivative.
        let edge = |x: f64| (x > 0.999).then(|| x.powi(2));
        assert!((derivative(edge, 1.0, 0.02).unwrap() - 2.0).abs() < 1e-9);
        assert_eq!(derivative(|x| (x >= 1.0).then_some(x), 1.0, 0.02), None);
    }
}
