use super::input::Errors;
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::special::gamma;
use crate::core::stats::chi_squared_tail;
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::decay::{Decay, Form, fit, place};

/// Probability below which the stated errors do not explain what the fit leaves.
const MISFIT: f64 = 0.01;
/// Ends of the exponent.
const EXPONENTS: (f64, f64) = (0.2, 2.2);

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let text = "τ is that of the field correlation exp(-(t/τ)^b); its square times the contrast is g2 - 1, so that g2 - 1 falls to A exp(-2) at τ";
    outcome.notes.push(Note::info("convention", text));
    let form = Form { rate: 2.0, amplitude: (0.0, 1.0), base: input.free_baseline.then_some((-0.5, 0.5)), exponent: EXPONENTS };
    let failed = |error: crate::core::fit::FitError| RelaxationError::NotFitted {
        what: "the correlation".to_owned(),
        reason: error.to_string(),
    };
    let decay = fit(form, &input.readings).map_err(failed)?;
    let (square, dof) = decay.misfit(&input.readings);
    let p = if input.errors == Errors::Stated { chi_squared_tail(square, dof).unwrap_or(f64::NAN) } else { f64::NAN };
    numbers(input, &decay, &mut outcome);
    if input.errors == Errors::Stated {
        let why = "a probability has no interval";
        outcome.estimates.push(Estimate::without_interval("xpcs_misfit_p", "p", p, "", why));
        if p < MISFIT {
            let text = format!(
                "the stated errors do not explain what the fit leaves (p = {p:.4}): they are too small, g2 is no single decay, or its baseline is not 1; no interval is given"
            );
            outcome.notes.push(Note::warning("misfit", text));
        }
    }
    if decay.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals are alike (correlation {:.2}), as where delays share frames: errors are multiplied by {:.2}",
            decay.correlation, decay.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    outcome.tables.push(table(input, &decay));
    outcome.figures = figures::all(input, &decay);
    Ok(outcome)
}

fn numbers(input: &Input, decay: &Decay, outcome: &mut Outcome) {
    let (square, dof) = decay.misfit(&input.readings);
    let rejected = input.errors == Errors::Stated && chi_squared_tail(square, dof).is_ok_and(|p| p < MISFIT);
    let unexplained = "the stated errors do not explain what the fit leaves";
    let mut push = |key: &str, symbol: &str, unit: &str, index: usize, of: fn(f64) -> f64, interval: Option<(f64, f64)>| {
        let (number, error) = decay.number(index);
        let value = of(number);
        let estimate = match interval {
            _ if rejected => Estimate::without_interval(key, symbol, value, unit, unexplained).flag("misfit"),
            Some((lo, hi)) => {
                let error = if index == place::LN_TIME { value * error } else { error };
                if let Some(why) = input.no_interval {
                    outcome.estimates.push(Estimate::without_interval(key, symbol, value, unit, why).std_error(error));
                    return;
                }
                Estimate::with_interval(key, symbol, value, unit, (of(lo), of(hi)), Basis::Likelihood).std_error(error)
            }
            None => Estimate::without_interval(key, symbol, value, unit, "not identified: the delays do not reach far enough"),
        };
        outcome.estimates.push(estimate);
    };
    let interval = |index| decay.interval(&input.readings, index);
    push("xpcs_time", "τ", "s", place::LN_TIME, f64::exp, interval(place::LN_TIME));
    let exponent = decay.exponent_interval(&input.readings);
    push("xpcs_exponent", "b", "", place::EXPONENT, |b| b, exponent.map(|found| found.0));
    push("xpcs_contrast", "A", "", place::AMPLITUDE, |a| a, interval(place::AMPLITUDE));
    if input.free_baseline {
        push("xpcs_baseline", "B", "", place::BASE, |b| b, interval(place::BASE));
    }
    let (ln_time, b) = (decay.fit.params[place::LN_TIME], decay.fit.params[place::EXPONENT]);
    let why = "follows from τ and b, which have intervals of their own";
    let mean = ln_time.exp() * gamma(1.0 / b) / b;
    outcome.estimates.push(Estimate::without_interval("xpcs_mean_time", "⟨τ⟩", mean, "s", why));
    let Some(((lo, hi), open)) = exponent.filter(|_| !rejected && input.no_interval.is_none()) else { return };
    if open {
        let text = format!(
            "an end of the interval of the exponent is that of its range ({:.1} to {:.1}): the readings do not bound it there",
            EXPONENTS.0, EXPONENTS.1
        );
        outcome.notes.push(Note::info("exponent_open", text));
    }
    let (code, text) = if lo > 1.0 {
        (
            "compressed",
            "the exponent is above 1: compressed, as by stresses that relax through ballistic moves; no distribution of relaxation times makes it",
        )
    } else if hi < 1.0 {
        ("stretched", "the exponent is below 1: stretched, as by a distribution of relaxation times")
    } else {
        ("exponent_one", "the interval of the exponent holds 1: neither stretched nor compressed is told")
    };
    outcome.notes.push(Note::info(code, text));
}

fn table(input: &Input, decay: &Decay) -> Table {
    let readings = &input.readings;
    let table = Table::new("correlation", "Intensity correlation and the decay through it")
        .with_numbers("delay_time", "s", readings.times.clone())
        .with_numbers("g2_minus_1", "", readings.values.clone())
        .with_numbers("model", "", readings.times.iter().map(|t| decay.at(*t)).collect());
    if input.errors == Errors::Scatter { table } else { table.with_numbers("std_error", "", readings.errors.clone()) }
}
