use super::algorithm::{Ageing, Series, fit, place};
use super::input::not_fitted;
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::fit::FitError;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::f_tail;
use crate::method::MethodError;
use crate::methods::relaxation::decay::{self, Decay, Form, Readings};

/// Probability above which nothing changes.
const NO_CHANGE: f64 = 0.01;
/// Difference of BIC from which one law is told from another.
const TOLD: f64 = 6.0;

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let series = &input.series;
    let open =
        |_: FitError| not_fitted("the readings do not tell M∞, c(0), b and β apart; begin earlier or age longer".to_owned());
    let ageing = fit(series).map_err(open)?;
    // Where the other law finds no best numbers there is nothing to compare with.
    let stretched = stretched(series).ok();
    let p = change(&ageing, series);
    outcome.estimates.push(Estimate::without_interval("flow_unit_p", "p", p, "", "a probability has no interval"));
    outcome.tables.push(table(input, &ageing, stretched.as_ref()));
    outcome.figures = figures::all(input, &ageing, stretched.as_ref());
    if p.is_nan() || p > NO_CHANGE {
        let text = format!("the property does not change beyond its scatter (p = {p:.3}): no flow units are told");
        outcome.notes.push(Note::refused("no_ageing", text));
        return Ok(outcome);
    }
    numbers(input, &ageing, &mut outcome);
    if let Some(stretched) = &stretched {
        compare(series, &ageing, stretched, &mut outcome);
    }
    if ageing.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals are alike (correlation {:.2}): errors are multiplied by {:.2}; drift, or ageing of another form",
            ageing.correlation, ageing.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    Ok(outcome)
}

/// `B + A exp(-(t/τ)^b)`, which has as many numbers.
fn stretched(series: &Series) -> Result<Decay, FitError> {
    let readings = Readings {
        times: series.times.clone(),
        values: series.values.clone(),
        errors: series.errors.clone().unwrap_or_else(|| vec![1.0; series.times.len()]),
        stated: series.errors.is_some(),
    };
    decay::fit(Form { rate: 1.0, amplitude: (-5.0, 5.0), base: Some((0.0, 6.0)), exponent: (0.05, 2.0) }, &readings)
}

fn squares(series: &Series, model: impl Fn(f64) -> f64) -> f64 {
    let error = |i: usize| series.errors.as_ref().map_or(1.0, |errors| errors[i]);
    (0..series.times.len()).map(|i| ((series.values[i] - model(series.times[i])) / error(i)).powi(2)).sum()
}

/// Probability of as large a gain over a constant where there is nothing but one, with residuals that are alike counted once.
fn change(ageing: &Ageing, series: &Series) -> f64 {
    let weight = |i: usize| series.errors.as_ref().map_or(1.0, |errors| errors[i].powi(-2));
    let (sum, total) =
        (0..series.times.len()).fold((0.0, 0.0), |(sum, total), i| (sum + weight(i) * series.values[i], total + weight(i)));
    let (constant, left) = (squares(series, |_| sum / total), squares(series, |t| ageing.at(t)));
    let dof = series.times.len() as f64 - 4.0;
    let gain = (constant - left) / 3.0 / ageing.inflation.powi(2);
    f_tail((gain / (left / dof).max(f64::MIN_POSITIVE)).max(0.0), 3.0, dof).unwrap_or(f64::NAN)
}

fn numbers(input: &Input, ageing: &Ageing, outcome: &mut Outcome) {
    let series = &input.series;
    let unit = input.unit.symbol();
    type Transform<'a> = &'a dyn Fn(f64) -> f64;
    let scaled = |value: f64| value * input.scale;
    let (exp, scaled): (Transform<'_>, Transform<'_>) = (&f64::exp, &scaled);
    for (key, symbol, unit, index, of) in [
        ("flow_unit_start", "c(0)", "", place::LN_START, exp),
        ("flow_unit_exponent", "β", "", place::LN_EXPONENT, exp),
        ("flow_unit_start_time", "b", "s", place::LN_AGE, exp),
        ("flow_unit_settled", "M∞", unit, place::SETTLED, scaled),
    ] {
        let (number, error) = ageing.number(index);
        let value = of(number);
        let error = if index == place::SETTLED { of(error) } else { value * error };
        outcome.estimates.push(match ageing.interval(series, index) {
            Some((lo, hi)) => {
                Estimate::with_interval(key, symbol, value, unit, (of(lo), of(hi)), Basis::Likelihood).std_error(error)
            }
            None => {
                let why = "not identified: M∞, c(0), b and β replace each other over these times; begin earlier or age longer";
                Estimate::without_interval(key, symbol, value, unit, why)
            }
        });
    }
    let of = |index: usize| ageing.fit.params[index];
    let amplitude = (of(place::LN_AGE) + of(place::LN_START) / of(place::LN_EXPONENT).exp()).exp();
    let why = "b c(0)^(1/β); these have intervals of their own";
    outcome.estimates.push(Estimate::without_interval("flow_unit_amplitude_time", "a", amplitude, "s", why));
    let last = ageing.concentration(series.times[series.times.len() - 1]);
    let why = "follows from the law, whose numbers have intervals of their own";
    outcome.estimates.push(Estimate::without_interval("flow_unit_last", "c(t_N)", last, "", why));
}

/// Both laws have four numbers, so that BIC differs by the misfit alone.
fn compare(series: &Series, ageing: &Ageing, stretched: &Decay, outcome: &mut Outcome) {
    let (own, other) = (squares(series, |t| ageing.at(t)), squares(series, |t| stretched.at(t)));
    let n = series.times.len() as f64;
    let deviance = |sum: f64| if series.errors.is_some() { sum } else { n * sum.max(f64::MIN_POSITIVE).ln() };
    let difference = (deviance(other) - deviance(own)) / ageing.inflation.powi(2);
    let why = "a difference of criteria has no interval";
    outcome.estimates.push(Estimate::without_interval("flow_unit_delta_bic", "ΔBIC", difference, "", why));
    let (code, text) = if difference > TOLD {
        ("flow_units_better", "the law of flow units describes the series better than a stretched exponential")
    } else if difference < -TOLD {
        (
            "stretched_better",
            "a stretched exponential describes the series better than the law of flow units: its numbers are those of a law that does not hold",
        )
    } else {
        ("laws_alike", "a stretched exponential describes the series as well: the series does not tell the laws apart")
    };
    let text = format!("{text} (ΔBIC = {difference:.1})");
    outcome.notes.push(if code == "stretched_better" { Note::warning(code, text) } else { Note::info(code, text) });
}

fn table(input: &Input, ageing: &Ageing, stretched: Option<&Decay>) -> Table {
    let (series, unit) = (&input.series, input.unit.symbol());
    let of = |model: &dyn Fn(f64) -> f64| series.times.iter().map(|t| model(*t)).collect::<Vec<f64>>();
    Table::new("property", "The property over ageing time, the law of flow units and a stretched exponential through it")
        .with_numbers("ageing_time", "s", series.times.clone())
        .with_numbers("property", unit, series.values.iter().map(|value| value * input.scale).collect())
        .with_numbers("model", unit, of(&|t| ageing.at(t) * input.scale))
        .with_numbers("stretched", unit, of(&|t| stretched.map_or(f64::NAN, |law| law.at(t)) * input.scale))
        .with_numbers("concentration", "", of(&|t| ageing.concentration(t)))
}
