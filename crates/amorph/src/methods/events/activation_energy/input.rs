use super::super::constants::{ATTEMPT_FREQUENCY, TEMPERATURE};
use super::super::found::Found;
use super::ActivationEnergy;
use super::algorithm::Lasting;
use crate::method::{Dataset, MethodError, Refusal};

/// Fewest events whose durations are worth a number.
const FEWEST: usize = 10;

/// Why there is no energy.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum DurationError {
    /// Nothing before it.
    #[error("there is no result of events.spikes for this file")]
    NoSpikes,
    /// Too few.
    #[error("{found} events of this sign; at least {FEWEST} are needed for a mean duration")]
    TooFew { found: usize },
    /// A parameter or constant out of range.
    #[error("{name} = {found} is not {needed}")]
    Parameter { name: &'static str, found: String, needed: &'static str },
    /// The energy would be negative.
    #[error("events of {duration:.2e} s are faster than attempts at {frequency:.2e} 1/s: no barrier explains them")]
    FasterThanAttempts { duration: f64, frequency: f64 },
}

impl Refusal for DurationError {
    fn hint(&self) -> String {
        match self {
            Self::NoSpikes => "put \"events.spikes\" among the methods of the measurement".to_owned(),
            Self::TooFew { .. } => "record longer, or take both signs".to_owned(),
            Self::Parameter { .. } => "correct it in the study".to_owned(),
            Self::FasterThanAttempts { .. } => "check the unit of attempt_frequency".to_owned(),
        }
    }
}

/// Durations, temperature and attempt frequency.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) events: Vec<Lasting>,
    /// Heights, in the order of the events.
    pub(super) sizes: Vec<f64>,
    pub(super) temperature: f64,
    pub(super) attempt_frequency: f64,
}

pub(super) fn collect(method: &ActivationEnergy, dataset: &Dataset) -> Result<Input, MethodError> {
    let constants = &dataset.constants;
    let (temperature, frequency) = (constants.quantity(&TEMPERATURE)?, constants.quantity(&ATTEMPT_FREQUENCY)?);
    let (Some(temperature), Some(frequency)) = (temperature, frequency) else {
        let absent = [(temperature.is_none(), &TEMPERATURE), (frequency.is_none(), &ATTEMPT_FREQUENCY)];
        let missing = absent.iter().filter(|(is_absent, _)| *is_absent).map(|(_, info)| constants.missing(info)).collect();
        return Err(MethodError::MissingConstants { method: "events.activation_energy", missing });
    };
    let wrong = |name, found: String, needed| Err(DurationError::Parameter { name, found, needed }.into());
    for (name, value) in [("temperature", temperature.value), ("attempt_frequency", frequency.value)] {
        if !(value > 0.0 && value.is_finite()) {
            return wrong(name, value.to_string(), "above zero");
        }
    }
    if !(2..=1000).contains(&method.resolved) {
        return wrong("resolved", method.resolved.to_string(), "a number of samples from 2 to 1000");
    }
    if let Some([lo, hi]) = &method.attempt_range
        && !(lo.value > 0.0 && hi.value > lo.value)
    {
        return wrong("attempt_range", format!("[{lo}, {hi}]"), "two frequencies, the smaller first");
    }
    let found = Found::of(dataset).ok_or(DurationError::NoSpikes)?;
    let column = |name: &str| found.table.numbers(name).map_or(&[][..], |(_, values)| values);
    let (samples, durations, sizes) = (column("width_samples"), column("duration"), column("size"));
    let mut events = Vec::new();
    let mut kept = Vec::new();
    for row in found.rows(method.sign) {
        if samples[row] >= 1.0 {
            events.push(Lasting { samples: samples[row] as usize, step: durations[row] / samples[row] });
            kept.push(sizes[row]);
        }
    }
    if events.len() < FEWEST {
        return Err(DurationError::TooFew { found: events.len() }.into());
    }
    Ok(Input { events, sizes: kept, temperature: temperature.value, attempt_frequency: frequency.value })
}
