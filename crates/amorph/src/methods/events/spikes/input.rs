use super::super::circuit::Circuit;
use super::super::constants::TOP_DIAMETER;
use super::super::trace::{Prepared, mask_standstills, prepare, settled_after};
use super::Spikes;
use super::error::SpikesError;
use super::rows::Rows;
use crate::core::data::{Channel, Data, LongRecord, Test, TraceQuantity};
use crate::core::outcome::Note;
use crate::method::{Constants, Dataset, MethodError};

/// Tests of more samples are searched part by part, whether they are in memory or in their file.
pub(super) const WHOLE: usize = 1 << 20;

/// Tests whose spikes can be looked for.
#[derive(Debug)]
pub struct Input<'a> {
    pub(super) tests: Vec<Pressed<'a>>,
    /// Cross-section of the top, m².
    pub(super) area: Option<f64>,
    pub(super) is_apparent: bool,
    pub(super) notes: Vec<Note>,
}

/// One test.
#[derive(Debug)]
pub(super) enum Pressed<'a> {
    /// Short enough to be prepared as a whole.
    Short(Short),
    /// Its rows are taken part by part.
    Long(Long<'a>),
}

/// A test with channels, pieces, and the logarithm of the resistance.
#[derive(Debug, Clone)]
pub(super) struct Short {
    pub name: String,
    pub prepared: Prepared,
    /// ln R up to a constant; NaN where it is left out.
    pub ln_resistance: Vec<f64>,
    /// Time that was left out at the start, s.
    pub settling: f64,
}

/// A test whose rows are read when they are needed.
#[derive(Debug)]
pub(super) struct Long<'a> {
    pub name: String,
    pub rows: Rows<'a>,
    pub circuit: Circuit,
}

pub(super) fn collect<'a>(method: &Spikes, dataset: &'a Dataset) -> Result<Input<'a>, MethodError> {
    check_parameters(method)?;
    let diameter = dataset.constants.quantity(&TOP_DIAMETER)?.map(|quantity| quantity.value);
    let circuit = Circuit::of(&dataset.constants)?;
    let mut notes = Vec::new();
    notes.extend(circuit.note());
    if diameter.is_none() {
        notes.push(Note::info("no_stress", "without top_diameter the events carry no stress"));
    }
    let mut tests = Vec::new();
    for record in dataset.data.iter().filter_map(long_record) {
        tests.push(long(Rows::Filed(record), &record.name, &circuit, &dataset.constants)?);
    }
    if tests.is_empty() {
        for test in &dataset.record()?.tests {
            tests.push(of_test(method, test, &circuit, &dataset.constants, &mut notes)?);
        }
    }
    if tests.is_empty() {
        return Err(SpikesError::NoTest.into());
    }
    let area = diameter.map(|diameter| std::f64::consts::PI / 4.0 * diameter * diameter);
    Ok(Input { tests, area, is_apparent: circuit.is_apparent(), notes })
}

fn long_record(data: &Data) -> Option<&LongRecord> {
    match data {
        Data::LongRecord(record) => Some(record),
        _ => None,
    }
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

/// Time and current are needed.
fn check_channels(name: &str, channels: &[Channel]) -> Result<(), SpikesError> {
    let has = |quantity| channels.iter().any(|channel| channel.quantity == quantity);
    if !has(TraceQuantity::Current) {
        return Err(SpikesError::NoCurrent {
            test: name.to_owned(),
            channels: channels.iter().map(Channel::describe).collect(),
        });
    }
    if !has(TraceQuantity::Time) {
        return Err(SpikesError::NoTime { test: name.to_owned() });
    }
    Ok(())
}

fn of_test<'a>(
    method: &Spikes,
    test: &'a Test,
    circuit: &Circuit,
    constants: &Constants,
    notes: &mut Vec<Note>,
) -> Result<Pressed<'a>, MethodError> {
    let recording = test.measurement()?;
    if recording.n_rows() > WHOLE {
        return long(Rows::Held(recording), &test.name, circuit, constants);
    }
    let circuit = circuit.of_test("events.spikes", recording, constants)?;
    check_channels(&test.name, &recording.channels)?;
    let time = recording.values(TraceQuantity::Time)?;
    let mut prepared = prepare(recording, time);
    notes.append(&mut prepared.notes);
    let mut current = recording.values(TraceQuantity::Current)?.to_vec();
    mask_standstills(&mut current, "current", notes);
    let mut ln_resistance = circuit.ln_resistance(&test.name, &current, notes).map_err(SpikesError::from)?;
    let settling = match &method.settling_time {
        Some(time) => time.value,
        None => settled_after(&prepared.pieces, &ln_resistance),
    };
    let start = time.first().copied().unwrap_or(0.0);
    let left_out = time.iter().take_while(|time| **time - start < settling).count();
    ln_resistance[..left_out].fill(f64::NAN);
    if prepared.pieces.is_empty() {
        let reason = format!("{} samples of uneven sampling", time.len());
        return Err(SpikesError::TooShort { test: test.name.clone(), reason }.into());
    }
    Ok(Pressed::Short(Short { name: test.name.clone(), prepared, ln_resistance, settling }))
}

fn long<'a>(rows: Rows<'a>, name: &str, circuit: &Circuit, constants: &Constants) -> Result<Pressed<'a>, MethodError> {
    check_channels(name, rows.channels())?;
    // Its voltage is that of the beginning.
    let circuit = circuit.of_test("events.spikes", &*rows.beginning()?, constants)?;
    Ok(Pressed::Long(Long { name: name.to_owned(), rows, circuit }))
}
