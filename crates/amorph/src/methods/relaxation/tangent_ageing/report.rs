use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::f_tail;
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::decay::{Decay, Form, Readings, fit, place};

/// Correlation of neighbouring readings above which no interval is given.
const ALIKE: f64 = 0.6;
/// Probability above which nothing changes.
const NO_CHANGE: f64 = 0.01;

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let place = if input.temperature.is_finite() { format!("{:.1} K and ", input.temperature) } else { String::new() };
    let text = format!("loss tangent at {place}{:.4} rad/s, means of readings in fortieths of a decade of time", input.omega);
    outcome.notes.push(Note::info("convention", text));
    let form = Form { rate: 1.0, amplitude: (-5.0, 5.0), base: Some((-2.0, 3.0)), exponent: (0.1, 1.5) };
    let failed = |error: crate::core::fit::FitError| RelaxationError::NotFitted {
        what: "the ageing of the loss tangent".to_owned(),
        reason: error.to_string(),
    };
    let decay = fit(form, &input.readings).map_err(failed)?;
    let p = change(&decay, &input.readings);
    let why = "a probability has no interval";
    outcome.estimates.push(Estimate::without_interval("ageing_p", "p", p, "", why));
    outcome.tables.push(table(input, &decay));
    outcome.figures = figures::all(input, &decay);
    if p.is_nan() || p > NO_CHANGE {
        let text = format!("the loss tangent does not change beyond its scatter (p = {p:.3}): no ageing is told");
        outcome.notes.push(Note::refused("no_ageing", text));
        return Ok(outcome);
    }
    numbers(input, &decay, &mut outcome);
    if decay.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals are alike (correlation {:.2}): errors are multiplied by {:.2}; drift, or a decay of another form",
            decay.correlation, decay.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    Ok(outcome)
}

/// Probability of as large a gain over a constant where there is nothing but one, with residuals that are alike counted once.
fn change(decay: &Decay, readings: &Readings) -> f64 {
    let weights: Vec<f64> = readings.errors.iter().map(|error| 1.0 / (error * error)).collect();
    let total: f64 = weights.iter().sum();
    let mean = weights.iter().zip(&readings.values).map(|(w, y)| w * y).sum::<f64>() / total;
    let constant: f64 = weights.iter().zip(&readings.values).map(|(w, y)| w * (y - mean).powi(2)).sum();
    let (left, dof) = decay.misfit(readings);
    let gain = (constant - left) / 3.0 / decay.inflation.powi(2);
    f_tail((gain / (left / dof).max(f64::MIN_POSITIVE)).max(0.0), 3.0, dof).unwrap_or(f64::NAN)
}

fn numbers(input: &Input, decay: &Decay, outcome: &mut Outcome) {
    let scaled = |value: f64| value * input.scale;
    type Transform<'a> = &'a dyn Fn(f64) -> f64;
    let (size, time, own): (Transform<'_>, Transform<'_>, Transform<'_>) = (&scaled, &f64::exp, &|value| value);
    for (key, symbol, unit, index, of) in [
        ("tangent_settled", "A", "", place::BASE, size),
        ("tangent_lost", "B", "", place::AMPLITUDE, size),
        ("ageing_time", "τ", "s", place::LN_TIME, time),
        ("ageing_exponent", "b", "", place::EXPONENT, own),
    ] {
        let (number, error) = decay.number(index);
        let (value, error) = (of(number), if index == place::LN_TIME { of(number) * error } else { of(error) });
        let estimate = match decay.interval(&input.readings, index) {
            _ if input.correlation > ALIKE => {
                let why = format!(
                    "errors of neighbouring readings are alike (correlation {:.2}): drift or a filter, beyond what the intervals were tested for",
                    input.correlation
                );
                Estimate::without_interval(key, symbol, value, unit, &why).flag("drift")
            }
            Some((lo, hi)) => {
                Estimate::with_interval(key, symbol, value, unit, (of(lo), of(hi)), Basis::Likelihood).std_error(error)
            }
            None => {
                let why = "not identified: the series ends before the loss tangent settles, or begins after most of the change";
                Estimate::without_interval(key, symbol, value, unit, why)
            }
        };
        outcome.estimates.push(estimate);
    }
}

fn table(input: &Input, decay: &Decay) -> Table {
    let times = &input.readings.times;
    Table::new("loss_tangent", "Means of the loss tangent in fortieths of a decade of time, and the decay through them")
        .with_numbers("time", "s", times.clone())
        .with_numbers("loss_tangent", "", input.readings.values.iter().map(|value| value * input.scale).collect())
        .with_numbers("model", "", times.iter().map(|t| decay.at(*t) * input.scale).collect())
        .with_numbers("readings", "", input.readings.errors.iter().map(|error| (1.0 / (error * error)).round()).collect())
}
