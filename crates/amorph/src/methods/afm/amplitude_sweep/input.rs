//! From a table to points of known ratio and energy.

use super::{AmplitudeSweep, FEWEST_ROWS, LARGEST_RATIO, SweepError};
use crate::core::data::{ColumnValues, DataError, Table};
use crate::core::unit::Unit;
use crate::method::{Dataset, Method, MethodError};
use crate::methods::afm::dissipation::Form;
use crate::methods::afm::dissipation::algorithm::Cantilever;
use crate::methods::afm::dissipation::calibration::{Calibration, Convention, Reference};
use crate::methods::afm::{
    self,
    stated::{Required, Stated},
};

/// One point of a sweep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SweepPoint {
    /// Amplitude over free amplitude.
    pub ratio: f64,
    /// Energy per cycle, J.
    pub energy: f64,
    /// Its standard error, J.
    pub std_error: Option<f64>,
    /// Lag, deg, where the energy was made from a phase.
    pub lag: Option<f64>,
}

/// What [`AmplitudeSweep`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) points: Vec<SweepPoint>,
    pub(super) n_dropped: usize,
    pub(super) phase_note: Option<String>,
}

/// A column of numbers in SI (phases in degrees) with the unit it came in.
struct Numbers {
    values: Vec<f64>,
    unit: Unit,
    name: String,
}

pub(super) fn collect(method: &AmplitudeSweep, dataset: &Dataset) -> Result<Input, MethodError> {
    let table = dataset.table()?;
    let mut constants = Stated::new(dataset, AmplitudeSweep::INFO.id);
    let amplitude = required(table, method.amplitude.as_deref(), &["amplitude_ratio", "a_ratio", "ratio", "amplitude"])?;
    let is_length = amplitude.unit.is_compatible(&Unit::of("m"));
    if !is_length && !amplitude.unit.is_compatible(&Unit::one()) {
        return Err(wrong_unit(&amplitude, "m"));
    }
    let energy = column(table, method.energy.as_deref(), &["dissipated_energy", "energy"])?;
    let (rows, phase_note) = match energy {
        Some(energy) => {
            let free = if is_length { constants.positive(&afm::FREE_AMPLITUDE, Required::Always)?.value } else { 1.0 };
            constants.finish()?;
            (from_energy(method, table, &amplitude, free, &energy)?, None)
        }
        None => {
            let calibration = calibration(&mut constants)?;
            let free = calibration.cantilever.free_amplitude;
            let phase = required(table, method.phase.as_deref(), &["phase"])?;
            let note = format!(
                "phase read as '{}', reference '{}', free phase {:.3} deg as stored",
                calibration.convention.name(),
                calibration.reference.name(),
                calibration.free_phase
            );
            (from_phase(&calibration, &amplitude, if is_length { free } else { 1.0 }, &phase)?, Some(note))
        }
    };
    let points: Vec<SweepPoint> = rows.iter().copied().filter(|p| p.ratio.is_finite() && p.energy.is_finite()).collect();
    require_sweep(&points)?;
    Ok(Input { n_dropped: rows.len() - points.len(), points, phase_note })
}

fn from_energy(
    method: &AmplitudeSweep,
    table: &Table,
    amplitude: &Numbers,
    free: f64,
    energy: &Numbers,
) -> Result<Vec<SweepPoint>, MethodError> {
    let error = column(table, method.energy_error.as_deref(), &["energy_error", "dissipated_energy_error", "std_error"])?;
    for numbers in std::iter::once(energy).chain(&error) {
        if !numbers.unit.is_compatible(&Unit::of("J")) {
            return Err(wrong_unit(numbers, "J"));
        }
    }
    let point = |(row, (amplitude, energy)): (usize, (&f64, &f64))| SweepPoint {
        ratio: amplitude / free,
        energy: *energy,
        std_error: error.as_ref().map(|error| error.values[row]).filter(|error| *error > 0.0),
        lag: None,
    };
    Ok(amplitude.values.iter().zip(&energy.values).enumerate().map(point).collect())
}

/// `free` is the free amplitude where the column holds lengths, 1 where it holds ratios.
fn from_phase(
    calibration: &Calibration,
    amplitude: &Numbers,
    free: f64,
    phase: &Numbers,
) -> Result<Vec<SweepPoint>, MethodError> {
    if !phase.unit.is_compatible(&Unit::of("deg")) {
        return Err(wrong_unit(phase, "deg"));
    }
    let degrees: Vec<f64> = phase.values.iter().map(|phase| phase.to_degrees()).collect();
    let stored = ndarray::Array2::from_shape_vec((1, degrees.len()), degrees).unwrap_or_default();
    let lag = calibration.lag(&stored);
    let point = |(amplitude, phi): (&f64, &f64)| {
        let ratio = amplitude / free;
        let metres = ratio * calibration.cantilever.free_amplitude;
        let energy = calibration.energy(Form::PowerBalance, metres, *phi, lag.free);
        SweepPoint { ratio, energy, std_error: None, lag: Some(*phi) }
    };
    Ok(amplitude.values.iter().zip(&lag.map).map(point).collect())
}

fn calibration(constants: &mut Stated<'_>) -> Result<Calibration, MethodError> {
    let convention = constants.choice(&afm::PHASE_CONVENTION)?;
    let reference = constants.choice(&afm::PHASE_REFERENCE)?;
    let free_phase = constants.quantity(&afm::FREE_PHASE, Required::Always)?;
    let mut positive = |info| constants.positive(info, Required::Always).map(|quantity| quantity.value);
    let spring_constant = positive(&afm::SPRING_CONSTANT)?;
    let quality_factor = positive(&afm::QUALITY_FACTOR)?;
    let (resonance, drive) = (positive(&afm::RESONANCE_FREQUENCY)?, positive(&afm::DRIVE_FREQUENCY)?);
    let free_amplitude = positive(&afm::FREE_AMPLITUDE)?;
    constants.finish()?;
    let cantilever = Cantilever { spring_constant, quality_factor, frequency_ratio: drive / resonance, free_amplitude };
    let calibration = Calibration {
        cantilever,
        convention: Convention::of(convention),
        reference: Reference::of(reference),
        free_phase: free_phase.value.to_degrees(),
    };
    calibration.require_meaning(Form::PowerBalance, f64::INFINITY)?;
    Ok(calibration)
}

fn require_sweep(points: &[SweepPoint]) -> Result<(), SweepError> {
    if points.len() < FEWEST_ROWS {
        return Err(SweepError::TooFewRows { found: points.len(), needed: FEWEST_ROWS });
    }
    if let Some(row) = points.iter().position(|point| !(point.ratio > 0.0 && point.ratio <= LARGEST_RATIO)) {
        return Err(SweepError::Amplitude { row: row + 1, ratio: points[row].ratio });
    }
    let largest = points.iter().map(|point| point.energy).fold(f64::NEG_INFINITY, f64::max);
    if largest > 0.0 { Ok(()) } else { Err(SweepError::NoEnergy { largest }) }
}

fn required(table: &Table, stated: Option<&str>, usual: &[&str]) -> Result<Numbers, MethodError> {
    let found = || table.columns.iter().map(|column| column.name.clone()).collect();
    column(table, stated, usual)?.ok_or_else(|| DataError::NoSuchColumn { wanted: usual.join(" or "), found: found() }.into())
}

/// The column that was asked for, else the first of the usual names.
fn column(table: &Table, stated: Option<&str>, usual: &[&str]) -> Result<Option<Numbers>, MethodError> {
    let has = |name: &&&str| table.columns.iter().any(|c| c.name == **name && matches!(c.values, ColumnValues::Numbers(_)));
    let Some(name) = stated.or_else(|| usual.iter().find(has).copied()) else { return Ok(None) };
    let (unit, values) = table.numbers(name)?;
    let values = values.iter().map(|value| unit.to_si(*value)).collect();
    Ok(Some(Numbers { values, unit: unit.clone(), name: name.to_owned() }))
}

fn wrong_unit(numbers: &Numbers, expected: &str) -> MethodError {
    let (map, found) = (numbers.name.clone(), numbers.unit.to_string());
    DataError::WrongUnit { map, found, expected: expected.to_owned() }.into()
}

impl Input {
    /// The points of the sweep.
    pub(in crate::methods::afm) fn points(&self) -> &[SweepPoint] {
        &self.points
    }
}
