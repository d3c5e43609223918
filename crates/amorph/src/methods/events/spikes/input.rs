use super::super::circuit::Circuit;
use super::super::constants::TOP_DIAMETER;
use super::super::trace::{Prepared, mask_standstills, prepare, settled_after};
use super::Spikes;
use super::error::SpikesError;
use crate::core::data::{Channel, Test, TraceQuantity};
use crate::core::outcome::Note;
use crate::method::{Constants, Dataset, MethodError};

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
    let circuit = Circuit::of(&dataset.constants)?;
    let mut notes = Vec::new();
    notes.extend(circuit.note());
    if diameter.is_none() {
        notes.push(Note::info("no_stress", "without top_diameter the events carry no stress"));
    }
    let tests = record.tests.iter().map(|test| pressed(method, test, &circuit, &dataset.constants, &mut notes));
    let tests = tests.collect::<Result<Vec<_>, _>>()?;
    let area = diameter.map(|diameter| std::f64::consts::PI / 4.0 * diameter * diameter);
    Ok(Input { tests, area, is_apparent: circuit.is_apparent(), notes })
}

fn check_parameters(method: &Spikes) -> Result<(), SpikesError> {
    let wrong = |name, found: String, needed| Err(SpikesError::Parameter { name, found, needed });
    if !(method.false_alarms > 0.0 && method.false_alarms < 0.5) {
        return wrong("false_alarms", method.false_alarms.to_string(), "a probability between 0 and 0.5");
    }
    if !(method.false_discovery > 0.0 && method.false_discovery < 0.5) {
        return wrong("false_discovery", method.false_discovery.to_string(), "a share between 0 and 0.5");
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
    circuit: &Circuit,
    constants: &Constants,
    notes: &mut Vec<Note>,
) -> Result<Pressed, MethodError> {
    let recording = test.measurement()?;
    let circuit = circuit.of_test("events.spikes", recording, constants)?;
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
    let mut ln_resistance = circuit.ln_resistance(&test.name, &current, notes).map_err(SpikesError::from)?;
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
