use super::algorithm::{Curve, Difference, Measured, difference, mean, ratio};
use super::input::{AtFrequency, State};
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;

/// Ratio of a state to the reference at one temperature.
#[derive(Debug, Clone)]
pub(super) struct Ratio {
    pub state: String,
    pub frequency: f64,
    pub temperature: f64,
    pub value: f64,
    pub interval: (f64, f64),
}

pub(super) fn outcome(input: &Input) -> Outcome {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let middle = &input.frequencies[input.middle];
    let text = format!(
        "areas and heights at {:.4} Hz between {:.1} and {:.1} K; other frequencies are in the table",
        middle.frequency, middle.range.0, middle.range.1
    );
    outcome.notes.push(Note::info("convention", text));
    for state in &middle.states {
        estimates(middle, state, &mut outcome);
    }
    let single = |state: &State| state.curves.len() < 2;
    if middle.states.iter().chain(std::iter::once(&middle.reference)).any(single) {
        let text = "a state with one specimen: the errors are those of the readings, and hold neither the scatter between specimens nor that of mounting; two or more \
                    specimens per state make the test one of states";
        outcome.notes.push(Note::warning("one_specimen", text));
    }
    let ratios = ratios(&input.frequencies);
    outcome.tables.push(differences(&input.frequencies));
    outcome.tables.push(ratio_table(&ratios));
    outcome.figures = figures::all(middle, &ratios);
    outcome
}

fn areas(state: &State, range: (f64, f64)) -> Vec<Measured> {
    state.curves.iter().filter_map(|curve| curve.area(range.0, range.1)).collect()
}

/// Heights, where every specimen has one.
fn heights(state: &State, range: (f64, f64)) -> Option<Vec<Measured>> {
    state.curves.iter().map(|curve: &Curve| curve.height(range.0, range.1).map(|found| found.0)).collect()
}

fn height_difference(at: &AtFrequency, state: &State) -> Option<Difference> {
    difference(&heights(state, at.range)?, &heights(&at.reference, at.range)?)
}

fn estimates(at: &AtFrequency, state: &State, outcome: &mut Outcome) {
    let pair = format!("{}-{}", state.name, at.reference.name);
    let key = |name: &str| format!("{name}@{pair}");
    let (own, reference) = (areas(state, at.range), areas(&at.reference, at.range));
    let why = "a probability has no interval";
    if let Some(found) = difference(&own, &reference) {
        let basis = if found.between_specimens { Basis::Replicate } else { Basis::Likelihood };
        let area = Estimate::with_interval(&key("tangent_area_change"), "ΔA", found.value, "K", found.interval, basis);
        outcome.estimates.push(area.std_error(found.error).n(own.len() as f64));
        outcome.estimates.push(Estimate::without_interval(&key("tangent_area_p"), "p", found.p, "", why));
    }
    if let Some((value, error)) = ratio(mean(&own), mean(&reference)) {
        let why = "follows from the areas; its standard error is that of the readings";
        outcome
            .estimates
            .push(Estimate::without_interval(&key("tangent_area_ratio"), "A/A_ref", value, "", why).std_error(error));
    }
    match height_difference(at, state) {
        Some(found) => {
            let why_not = "where a maximum is looked for depends on the errors: an interval was not tested";
            let height = Estimate::without_interval(&key("tangent_height_change"), "Δh", found.value, "", why_not);
            outcome.estimates.push(height.std_error(found.error));
            outcome.estimates.push(Estimate::without_interval(&key("tangent_height_p"), "p", found.p, "", why));
        }
        None => {
            let text = format!("{pair}: not every specimen has a maximum inside the range, so that no heights are compared");
            outcome.notes.push(Note::info("no_maximum", text));
        }
    }
}

fn differences(all: &[AtFrequency]) -> Table {
    let rows: Vec<(&AtFrequency, &State)> = all.iter().flat_map(|at| at.states.iter().map(move |state| (at, state))).collect();
    let area = |(at, state): &(&AtFrequency, &State)| difference(&areas(state, at.range), &areas(&at.reference, at.range));
    let column = |of: &dyn Fn(&(&AtFrequency, &State)) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
    let number = |found: Option<Difference>, of: fn(Difference) -> f64| found.map_or(f64::NAN, of);
    Table::new("differences", "States less the reference, by frequency")
        .with_text("state", rows.iter().map(|(_, state)| state.name.clone()).collect())
        .with_text("reference", rows.iter().map(|(at, _)| at.reference.name.clone()).collect())
        .with_numbers("frequency", "Hz", column(&|row| row.0.frequency))
        .with_numbers("from", "K", column(&|row| row.0.range.0))
        .with_numbers("to", "K", column(&|row| row.0.range.1))
        .with_numbers("specimens", "", column(&|row| row.1.curves.len() as f64))
        .with_numbers("reference_specimens", "", column(&|row| row.0.reference.curves.len() as f64))
        .with_numbers("area_change", "K", column(&|row| number(area(row), |found| found.value)))
        .with_numbers("area_std_error", "K", column(&|row| number(area(row), |found| found.error)))
        .with_numbers("area_p", "", column(&|row| number(area(row), |found| found.p)))
        .with_numbers("height_change", "", column(&|row| number(height_difference(row.0, row.1), |found| found.value)))
        .with_numbers("height_std_error", "", column(&|row| number(height_difference(row.0, row.1), |found| found.error)))
}

/// Ratios at the temperatures of the first specimen of the reference.
fn ratios(all: &[AtFrequency]) -> Vec<Ratio> {
    let mut ratios = Vec::new();
    for at in all {
        for state in &at.states {
            let grid = at.reference.curves[0].temperatures.iter().filter(|t| (at.range.0..=at.range.1).contains(*t));
            for temperature in grid {
                let of = |state: &State| {
                    let values: Option<Vec<Measured>> = state.curves.iter().map(|curve| curve.at(*temperature)).collect();
                    values.map(|values| mean(&values))
                };
                let Some((value, error)) = of(state).zip(of(&at.reference)).and_then(|(a, b)| ratio(a, b)) else { continue };
                let half = NORMAL_95 * error;
                ratios.push(Ratio {
                    state: state.name.clone(),
                    frequency: at.frequency,
                    temperature: *temperature,
                    value,
                    interval: (value - half, value + half),
                });
            }
        }
    }
    ratios
}

fn ratio_table(ratios: &[Ratio]) -> Table {
    let column = |of: fn(&Ratio) -> f64| ratios.iter().map(of).collect::<Vec<f64>>();
    Table::new("ratios", "Loss tangent over that of the reference, with the 95 % interval of the readings at each temperature")
        .with_text("state", ratios.iter().map(|ratio| ratio.state.clone()).collect())
        .with_numbers("frequency", "Hz", column(|ratio| ratio.frequency))
        .with_numbers("temperature", "K", column(|ratio| ratio.temperature))
        .with_numbers("ratio", "", column(|ratio| ratio.value))
        .with_numbers("low", "", column(|ratio| ratio.interval.0))
        .with_numbers("high", "", column(|ratio| ratio.interval.1))
}
