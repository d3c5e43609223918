use super::super::constants::{SERIES_RESISTANCE, TOP_DIAMETER, VOLTAGE};
use super::super::trace::{Prepared, mask_standstills, prepare};
use super::Spikes;
use super::error::SpikesError;
use crate::core::data::{Channel, Test, TraceQuantity};
use crate::core::outcome::Note;
use crate::core::series::{running_median, running_scale};
use crate::method::{Constants, Dataset, MethodError};

/// Most samples that may have no logarithm.
const WRONG_SIGN: f64 = 0.05;
/// Noise this many times that of the hold has not settled.
const SETTLED: f64 = 1.5;
/// Time over which it must have, s.
const SETTLED_FOR: f64 = 0.5;

/// Tests whose spikes can be looked for.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) tests: Vec<Pressed>,
    /// Cross-section of the top, m².
    pub(super) area: Option<f64>,
    pub(super) is_apparent: bool,
    pub(super) notes: Vec<Note>,
}

/// One test: channels and pieces, and the logarithm of the resistance.
#[derive(Debug, Clone)]
pub(super) struct Pressed {
    pub name: String,
    pub prepared: Prepared,
    /// ln R up to a constant; NaN where it is left out.
    pub ln_resistance: Vec<f64>,
    /// Time that was left out at the start, s.
    pub settling: f64,
}

pub(super) fn collect(method: &Spikes, dataset: &Dataset) -> Result<Input, MethodError> {
    check_parameters(method)?;
    let record = dataset.record()?;
    if record.tests.is_empty() {
        return Err(SpikesError::NoTest.into());
    }
    let diameter = dataset.constants.quantity(&TOP_DIAMETER)?.map(|quantity| quantity.value);
    let series = dataset.constants.quantity(&SERIES_RESISTANCE)?.map(|quantity| quantity.value);
    let mut notes = Vec::new();
    if series.is_none() {
        notes.push(Note::info(
            "contact_not_separated",
            "contact resistance not separated: sizes are apparent relative changes of the resistivity; give series_resistance to take it off",
        ));
    }
    if diameter.is_none() {
        notes.push(Note::info("no_stress", "without top_diameter the events carry no stress"));
    }
    let tests = record.tests.iter().map(|test| pressed(method, test, &dataset.constants, series, &mut notes));
    let tests = tests.collect::<Result<Vec<_>, _>>()?;
    let area = diameter.map(|diameter| std::f64::consts::PI / 4.0 * diameter * diameter);
    Ok(Input { tests, area, is_apparent: series.is_none(), notes })
}

fn check_parameters(method: &Spikes) -> Result<(), SpikesError> {
    let wrong = |name, found: String, needed| Err(SpikesError::Parameter { name, found, needed });
    if !(method.false_alarms > 0.0 && method.false_alarms < 0.5) {
        return wrong("false_alarms", method.false_alarms.to_string(), "a probability between 0 and 0.5");
    }
    if !(1..=256).contains(&method.widest) {
        return wrong("widest", method.widest.to_string(), "a number of samples from 1 to 256");
    }
    if !(method.threshold > 0.0 && method.threshold < 1.0) {
        return wrong("threshold", method.threshold.to_string(), "a relative change between 0 and 1");
    }
    match &method.false_alarm_rate {
        Some(rate) if rate.value.is_nan() || rate.value <= 0.0 => {
            wrong("false_alarm_rate", rate.to_string(), "a rate above zero, as in \"0.1 1/s\"")
        }
        _ => Ok(()),
    }
}

fn pressed(
    method: &Spikes,
    test: &Test,
    constants: &Constants,
    series: Option<f64>,
    notes: &mut Vec<Note>,
) -> Result<Pressed, MethodError> {
    let recording = test.measurement()?;
    let name = || test.name.clone();
    if !recording.channels.iter().any(|channel| channel.quantity == TraceQuantity::Current) {
        let channels = recording.channels.iter().map(Channel::describe).collect();
        return Err(SpikesError::NoCurrent { test: name(), channels }.into());
    }
    if !recording.channels.iter().any(|channel| channel.quantity == TraceQuantity::Time) {
        return Err(SpikesError::NoTime { test: name() }.into());
    }
    let time = recording.values(TraceQuantity::Time)?;
    let mut prepared = prepare(recording, time);
    notes.append(&mut prepared.notes);
    let mut current = recording.values(TraceQuantity::Current)?.to_vec();
    mask_standstills(&mut current, "current", notes);
    let known: Vec<f64> = current.iter().copied().filter(|value| value.is_finite()).collect();
    let falls = known.iter().filter(|value| **value < 0.0).count() * 2 > known.len();
    let sign = if falls { -1.0 } else { 1.0 };
    let bad = known.iter().filter(|value| **value * sign <= 0.0).count();
    if bad as f64 > WRONG_SIGN * known.len() as f64 {
        return Err(SpikesError::NotOneSign { test: name(), bad, total: known.len() }.into());
    }
    if bad > 0 {
        notes.push(Note::warning("current_sign", format!("{bad} samples without a logarithm of the current were left out")));
    }
    let voltage = constants.quantity(&VOLTAGE)?.map(|quantity| quantity.value);
    let mut ln_resistance: Vec<f64> = match (series, voltage) {
        (None, _) => current.iter().map(|value| -(value * sign).ln()).collect(),
        (Some(_), None) => {
            return Err(MethodError::MissingConstants { method: "events.spikes", missing: vec![constants.missing(&VOLTAGE)] });
        }
        (Some(series), Some(voltage)) => {
            let smallest = known.iter().map(|value| voltage.abs() / value.abs()).fold(f64::INFINITY, f64::min);
            if smallest <= series {
                return Err(SpikesError::SeriesTooLarge { test: name(), series, total: smallest }.into());
            }
            current.iter().map(|value| (voltage.abs() / (value * sign) - series).ln()).collect()
        }
    };
    ln_resistance.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = f64::NAN);
    let settling = match &method.settling_time {
        Some(time) => time.value,
        None => settled_after(&prepared, &ln_resistance),
    };
    let start = time.first().copied().unwrap_or(0.0);
    let left_out = time.iter().take_while(|time| **time - start < settling).count();
    ln_resistance[..left_out].fill(f64::NAN);
    if prepared.pieces.is_empty() {
        let reason = format!("{} samples of uneven sampling", time.len());
        return Err(SpikesError::TooShort { test: name(), reason }.into());
    }
    Ok(Pressed { name: name(), prepared, ln_resistance, settling })
}

/// The first time after which the noise stays within 1.5 times its median over the test, for half a second.
fn settled_after(prepared: &Prepared, values: &[f64]) -> f64 {
    let Some(piece) = prepared.pieces.first() else { return 0.0 };
    let window = ((0.25 / piece.step) as usize).max(50);
    let part = &values[piece.first..piece.end];
    if part.len() < 8 * window {
        return 0.0;
    }
    let drift = running_median(part, window);
    let residual: Vec<f64> = part.iter().enumerate().map(|(t, value)| value - drift.at(t)).collect();
    let scale = running_scale(&residual, window);
    let local: Vec<f64> = (0..part.len() / window).map(|k| scale.at(k * window + window / 2)).collect();
    let Ok(usual) = crate::core::stats::median(&local) else { return 0.0 };
    let lasting = (SETTLED_FOR / (window as f64 * piece.step)).ceil() as usize;
    let is_quiet = |from: usize| local[from..(from + lasting).min(local.len())].iter().all(|scale| *scale <= SETTLED * usual);
    let first = (0..local.len()).find(|from| is_quiet(*from)).unwrap_or(0);
    (first * window) as f64 * piece.step
}
