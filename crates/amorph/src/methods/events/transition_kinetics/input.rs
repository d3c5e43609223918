use super::super::constants::{ATTEMPT_FREQUENCY, TEMPERATURE};
use super::super::found::{Found, SignChoice, texts};
use super::TransitionKinetics;
use super::algorithm::{Held, Sizes};
use crate::method::{Dataset, MethodError, Refusal};

/// Fewest sizes whose law is worth a fit.
const FEWEST: usize = 20;

/// Why there is no law.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum KineticsError {
    /// Nothing before it.
    #[error("there is no result of events.spikes for this file")]
    NoSpikes,
    /// Nothing says from where on all events are found.
    #[error("nothing says from which size on all events are found")]
    NoThreshold,
    /// Too few.
    #[error("{found} events of at least {from:.2e}; at least {FEWEST} are needed")]
    TooFew { found: usize, from: f64 },
    /// A parameter or constant out of range.
    #[error("{name} = {found} is not {needed}")]
    Parameter { name: &'static str, found: f64, needed: &'static str },
    /// The fit has no maximum.
    #[error("the sizes have no most probable scale: they are all equal")]
    NoScale,
}

impl Refusal for KineticsError {
    fn hint(&self) -> String {
        match self {
            Self::NoSpikes => "put \"events.spikes\" among the methods of the measurement".to_owned(),
            Self::NoThreshold => "let events.spikes inject events (injections above zero), or state xmin".to_owned(),
            Self::TooFew { .. } => "record longer, or take both signs".to_owned(),
            Self::Parameter { .. } => "correct it in the study".to_owned(),
            Self::NoScale => "check the sizes of the events".to_owned(),
        }
    }
}

/// Sizes, events of holds, and the constants that are known.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) sizes: Sizes,
    pub(super) held: Vec<Held>,
    /// Longest hold, s.
    pub(super) length: f64,
    pub(super) temperature: Option<f64>,
    pub(super) attempt_frequency: Option<f64>,
}

pub(super) fn collect(method: &TransitionKinetics, dataset: &Dataset) -> Result<Input, MethodError> {
    let wrong = |name, found: f64, needed| Err(KineticsError::Parameter { name, found, needed }.into());
    if !(99..=100_000).contains(&method.draws) {
        return wrong("draws", method.draws as f64, "a number from 99 to 100000");
    }
    if let Some(xmin) = method.xmin.filter(|xmin| !(*xmin > 0.0 && xmin.is_finite())) {
        return wrong("xmin", xmin, "above zero");
    }
    let found = Found::of(dataset).ok_or(KineticsError::NoSpikes)?;
    let from = method.xmin.or_else(|| found.complete_from()).ok_or(KineticsError::NoThreshold)?;
    let column = |name: &str| found.table.numbers(name).map_or(&[][..], |(_, values)| values);
    let all = column("size");
    let values: Vec<f64> = found.rows(method.sign).iter().map(|row| all[*row]).collect();
    let sizes = Sizes::new(&values, from);
    if sizes.n() < FEWEST {
        return Err(KineticsError::TooFew { found: sizes.n(), from }.into());
    }
    let (held, length) = of_holds(&found);
    let mut known = [None; 2];
    for (place, info) in known.iter_mut().zip([&TEMPERATURE, &ATTEMPT_FREQUENCY]) {
        *place = dataset.constants.quantity(info)?.map(|quantity| quantity.value);
        if let Some(value) = place.filter(|value| !(*value > 0.0 && value.is_finite())) {
            return wrong(info.key, value, "above zero");
        }
    }
    Ok(Input { sizes, held, length, temperature: known[0], attempt_frequency: known[1] })
}

/// Spikes of both signs in holds that come after a loading, with the time since the hold began.
fn of_holds(found: &Found<'_>) -> (Vec<Held>, f64) {
    let Some(segments) = found.outcome.table("segments") else { return (Vec::new(), 0.0) };
    let number = |name: &str| segments.numbers(name).map_or(&[][..], |(_, values)| values);
    let (starts, ends) = (number("start"), number("end"));
    let (tests, kinds) = (texts(segments, "test"), texts(segments, "segment"));
    let (times, signs) = (found.table.numbers("time").map_or(&[][..], |(_, values)| values), texts(found.table, "sign"));
    let of_spike = texts(found.table, "test");
    let rows = found.rows(SignChoice::Both);
    let mut held = Vec::new();
    let mut length = 0.0f64;
    for hold in 0..kinds.len() {
        let follows_load = hold > 0 && kinds[hold - 1] == "load" && tests[hold - 1] == tests[hold];
        if kinds[hold] != "hold" || !follows_load {
            continue;
        }
        length = length.max(ends[hold] - starts[hold]);
        let here =
            rows.iter().filter(|row| of_spike[**row] == tests[hold] && (starts[hold]..ends[hold]).contains(&times[**row]));
        held.extend(here.map(|row| Held { time: times[*row] - starts[hold], is_rising: signs[*row] == "rising" }));
    }
    (held, length)
}
