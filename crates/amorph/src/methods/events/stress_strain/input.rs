use super::super::circuit::Circuit;
use super::super::constants::{
    BASE_MODULUS, BASE_POISSON_RATIO, FRAME_COMPLIANCE, PILLAR_HEIGHT, POISSON_RATIO, PUNCH_MODULUS, PUNCH_POISSON_RATIO,
    TAPER_ANGLE, TOP_DIAMETER,
};
use super::super::trace::{mask_standstills, prepare, settled_after};
use super::algorithm::{Compliance, HalfSpace, Pillar};
use super::error::StressStrainError;
use super::{Geometry, StressStrain};
use crate::core::data::{Channel, Segment, Test, TraceQuantity};
use crate::core::outcome::Note;
use crate::method::{ConstantInfo, Constants, Dataset, MethodError};

/// Tests with what is needed for their stress and strain.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) pillar: Pillar,
    /// Relative errors of diameter and height.
    pub(super) errors: [f64; 2],
    pub(super) tests: Vec<Pressed>,
    pub(super) is_apparent: bool,
    pub(super) notes: Vec<Note>,
}

/// One test.
#[derive(Debug, Clone)]
pub(super) struct Pressed {
    pub name: String,
    pub time: Vec<f64>,
    pub load: Vec<f64>,
    /// Depth with the yielding of frame, base and punch taken off, m.
    pub compression: Vec<f64>,
    pub segments: Vec<Segment>,
    pub electric: Option<Electric>,
}

/// The circuit of a test.
#[derive(Debug, Clone)]
pub(super) struct Electric {
    pub current: Vec<f64>,
    /// ln R; NaN until the noise has settled and where there is no current.
    pub ln_resistance: Vec<f64>,
    pub voltage: Option<f64>,
}

pub(super) fn collect(method: &StressStrain, dataset: &Dataset) -> Result<Input, MethodError> {
    check_parameters(method)?;
    let record = dataset.record()?;
    if record.tests.is_empty() {
        return Err(StressStrainError::NoTest.into());
    }
    let has_current =
        record.tests.iter().any(|test| test.measurement().is_ok_and(|recording| recording.has(TraceQuantity::Current)));
    let (pillar, errors) = pillar(method, &dataset.constants, has_current)?;
    let compliance = compliance(&dataset.constants)?;
    let circuit = Circuit::of(&dataset.constants)?;
    let mut notes = Vec::new();
    if pillar.taper == 0.0 {
        notes.push(Note::info("no_taper", "the pillar is taken as a cylinder; give taper_angle where its side is inclined"));
    }
    if compliance == Compliance::default() {
        let message = "nothing is taken off for frame, base and punch: the strain is too large by what they yield; give frame_compliance, base_modulus and punch_modulus";
        notes.push(Note::info("compliance_not_taken_off", message));
    }
    if has_current {
        notes.extend(circuit.note());
    } else {
        notes.push(Note::info("no_current", "no channel of current: stress and strain alone"));
    }
    let mut tests = Vec::new();
    for test in &record.tests {
        tests.push(pressed(method, test, &pillar, &compliance, &circuit, &dataset.constants, &mut notes)?);
    }
    Ok(Input { pillar, errors, tests, is_apparent: circuit.is_apparent(), notes })
}

fn check_parameters(method: &StressStrain) -> Result<(), StressStrainError> {
    let wrong = |name, found: String, needed| Err(StressStrainError::Parameter { name, found, needed });
    let [lo, hi] = method.elastic_range;
    if !(lo >= 0.0 && hi <= 1.0 && hi - lo >= 0.05) {
        return wrong("elastic_range", format!("[{lo}, {hi}]"), "two shares of the peak load, at least 0.05 apart");
    }
    if method.rows < 10 {
        return wrong("rows", method.rows.to_string(), "a number from 10 on");
    }
    Ok(())
}

fn required(constants: &Constants, infos: &[&ConstantInfo]) -> Result<(), MethodError> {
    let mut missing = Vec::new();
    for info in infos {
        if constants.quantity(info)?.is_none() {
            missing.push(constants.missing(info));
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(MethodError::MissingConstants { method: "events.stress_strain", missing }) }
}

fn pillar(method: &StressStrain, constants: &Constants, has_current: bool) -> Result<(Pillar, [f64; 2]), MethodError> {
    let needs_poisson = has_current && method.geometry != Geometry::VolumeConserving;
    let mut needed = vec![&TOP_DIAMETER, &PILLAR_HEIGHT];
    if needs_poisson {
        needed.push(&POISSON_RATIO);
    }
    required(constants, &needed)?;
    let value = |info| Ok::<_, MethodError>(constants.quantity(info)?.map(|quantity| quantity.value));
    let error = |info| Ok::<_, MethodError>(constants.quantity(info)?.and_then(|quantity| quantity.relative_error()));
    let pillar = Pillar {
        top_diameter: value(&TOP_DIAMETER)?.unwrap_or(f64::NAN),
        height: value(&PILLAR_HEIGHT)?.unwrap_or(f64::NAN),
        taper: value(&TAPER_ANGLE)?.unwrap_or(0.0),
        poisson_ratio: value(&POISSON_RATIO)?,
    };
    let wrong = |name, found: f64, needed| Err(StressStrainError::Parameter { name, found: found.to_string(), needed }.into());
    if !(pillar.top_diameter > 0.0 && pillar.height > 0.0) {
        return wrong("top_diameter or pillar_height", pillar.top_diameter.min(pillar.height), "above zero");
    }
    if !(0.0..std::f64::consts::FRAC_PI_4).contains(&pillar.taper) {
        return wrong("taper_angle", pillar.taper.to_degrees(), "from 0 to 45 deg");
    }
    if let Some(nu) = pillar.poisson_ratio.filter(|nu| !(-1.0..=0.5).contains(nu)) {
        return wrong("poisson_ratio", nu, "from -1 to 0.5");
    }
    Ok((pillar, [error(&TOP_DIAMETER)?.unwrap_or(0.0), error(&PILLAR_HEIGHT)?.unwrap_or(0.0)]))
}

fn compliance(constants: &Constants) -> Result<Compliance, MethodError> {
    let half_space = |modulus: &ConstantInfo, ratio: &ConstantInfo| {
        let Some(modulus) = constants.quantity(modulus)?.map(|quantity| quantity.value) else { return Ok(None) };
        required(constants, &[ratio])?;
        let poisson_ratio = constants.quantity(ratio)?.map_or(f64::NAN, |quantity| quantity.value);
        Ok::<_, MethodError>(Some(HalfSpace { modulus, poisson_ratio }))
    };
    Ok(Compliance {
        frame: constants.quantity(&FRAME_COMPLIANCE)?.map_or(0.0, |quantity| quantity.value),
        base: half_space(&BASE_MODULUS, &BASE_POISSON_RATIO)?,
        punch: half_space(&PUNCH_MODULUS, &PUNCH_POISSON_RATIO)?,
    })
}

fn pressed(
    method: &StressStrain,
    test: &Test,
    pillar: &Pillar,
    compliance: &Compliance,
    circuit: &Circuit,
    constants: &Constants,
    notes: &mut Vec<Note>,
) -> Result<Pressed, MethodError> {
    let recording = test.measurement()?;
    for quantity in [TraceQuantity::Time, TraceQuantity::Load, TraceQuantity::Depth] {
        if !recording.channels.iter().any(|channel| channel.quantity == quantity) {
            let channels = recording.channels.iter().map(Channel::describe).collect();
            return Err(StressStrainError::NoChannel { test: test.name.clone(), wanted: quantity.word(), channels }.into());
        }
    }
    let mut prepared = prepare(recording, recording.values(TraceQuantity::Time)?);
    notes.append(&mut prepared.notes);
    let depth = recording.values(TraceQuantity::Depth)?;
    let yielded = depth.iter().zip(&prepared.load).map(|(depth, load)| pillar.compression(*depth, *load, compliance));
    let compression: Vec<f64> = yielded.collect();
    let electric = if recording.has(TraceQuantity::Current) {
        let circuit = circuit.of_test("events.stress_strain", recording, constants)?;
        let mut current = recording.values(TraceQuantity::Current)?.to_vec();
        mask_standstills(&mut current, "current", notes);
        let ln = circuit.ln_resistance(&test.name, &current, notes).map_err(StressStrainError::from)?;
        let settling = method.settling_time.as_ref().map_or_else(|| settled_after(&prepared.pieces, &ln), |time| time.value);
        let start = prepared.time.first().copied().unwrap_or(0.0);
        let settled = |(time, ln): (&f64, f64)| if time - start < settling { f64::NAN } else { ln };
        let ln_resistance = prepared.time.iter().zip(ln).map(settled).collect();
        Some(Electric { current, ln_resistance, voltage: circuit.voltage })
    } else {
        None
    };
    Ok(Pressed {
        name: test.name.clone(),
        time: prepared.time,
        load: prepared.load,
        compression,
        segments: prepared.segments,
        electric,
    })
}
