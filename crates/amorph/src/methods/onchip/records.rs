//! The table of structures, and the constants of their chip.

use super::constants::{
    ACTUATOR_MISMATCH, ACTUATOR_MODULUS, ACTUATOR_THICKNESS, ACTUATOR_WIDTH, SPECIMEN_MISMATCH, SPECIMEN_MODULUS,
    SPECIMEN_THICKNESS, UNDERETCH,
};
use super::mechanics::{Chip, Geometry, Reading, Specimen};
use crate::core::data::{ColumnValues, Table};
use crate::core::outcome::Note;
use crate::core::unit::{Quantity, Unit, format_significant};
use crate::method::{ConstantInfo, Dataset, MethodError, Refusal};

/// Longest correction of a length that is taken, m.
const LONGEST_CORRECTION: f64 = 1e-4;
/// Stresses outside of which a unit is wrong, Pa.
const PLAUSIBLE: [f64; 2] = [1e7, 20e9];
/// Longest specimen that is not asked about, m.
const LONGEST: f64 = 1e-3;

/// Names of the columns; those of the error and of the break may be absent.
const STRUCTURE: &str = "structure";
const SPECIMEN_LENGTH: &str = "specimen_length";
const SPECIMEN_WIDTH: &str = "specimen_width";
const ACTUATOR_LENGTH: &str = "actuator_length";
const TIME: &str = "time";
const DISPLACEMENT: &str = "displacement";
const DISPLACEMENT_ERROR: &str = "displacement_error";
const BROKEN: &str = "broken";

/// Why a chip cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum OnchipError {
    /// A number that cannot be.
    #[error("structure {structure}: {column} = {value:.4e} {rule}")]
    Impossible { structure: String, column: String, value: f64, rule: &'static str },
    /// Lengths of one structure differ.
    #[error("structure {structure} has two values of {column}: {first:.4e} and {second:.4e}")]
    TwoValues { structure: String, column: String, first: f64, second: f64 },
    /// The actuator would push.
    #[error("structure {structure}: at a displacement of {displacement:.4e} m the actuator would be compressed")]
    Compressed { structure: String, displacement: f64 },
    /// Stress out of any range.
    #[error("structure {structure} has a stress of {stress:.3e} Pa, outside 0.01 to 20 GPa")]
    Implausible { structure: String, stress: f64 },
    /// No error of the displacement.
    #[error("nothing says how large the error of a displacement is")]
    NoError,
    /// A word that says neither yes nor no.
    #[error("column '{column}' says '{word}' of structure {structure}")]
    UnknownWord { column: String, structure: String, word: String },
    /// Too few.
    #[error("{found} {what}; at least {needed} are needed")]
    TooFew { what: &'static str, found: usize, needed: usize },
    /// A parameter out of range.
    #[error("{name} = {found} is not {needed}")]
    Parameter { name: &'static str, found: f64, needed: &'static str },
}

impl Refusal for OnchipError {
    fn hint(&self) -> String {
        match self {
            Self::Impossible { .. } | Self::TwoValues { .. } => "correct the row, or leave the structure out".to_owned(),
            Self::Compressed { .. } => "check the units of displacement and actuator_length, and actuator_mismatch".to_owned(),
            Self::Implausible { .. } => {
                "check the units of the lengths (a lost micro sign makes 'um' to 'm' or 'mm') and the constants of the actuator"
                    .to_owned()
            }
            Self::NoError => {
                "add a column displacement_error, or state it: displacement_error = \"15 nm\" under [method]".to_owned()
            }
            Self::UnknownWord { .. } => "write yes or no".to_owned(),
            Self::TooFew { .. } => "add structures or times".to_owned(),
            Self::Parameter { .. } => "correct the parameter".to_owned(),
        }
    }
}

/// The constants of the chip; those that stresses need must be stated.
pub(super) fn chip(method: &'static str, dataset: &Dataset) -> Result<Chip, MethodError> {
    let mismatch = "must be negative for a tensile actuator";
    let stated: [(&ConstantInfo, Option<Quantity>); 5] = [
        (&ACTUATOR_MODULUS, dataset.constants.positive(&ACTUATOR_MODULUS)?),
        (&ACTUATOR_MISMATCH, dataset.constants.checked(&ACTUATOR_MISMATCH, |value| value < 0.0, mismatch)?),
        (&ACTUATOR_WIDTH, dataset.constants.positive(&ACTUATOR_WIDTH)?),
        (&ACTUATOR_THICKNESS, dataset.constants.positive(&ACTUATOR_THICKNESS)?),
        (&SPECIMEN_THICKNESS, dataset.constants.positive(&SPECIMEN_THICKNESS)?),
    ];
    let missing: Vec<_> =
        stated.iter().filter(|(_, found)| found.is_none()).map(|(info, _)| dataset.constants.missing(info)).collect();
    let [Some(actuator_modulus), Some(actuator_mismatch), Some(actuator_width), Some(actuator_thickness), Some(thickness)] =
        stated.map(|(_, found)| found)
    else {
        return Err(MethodError::MissingConstants { method, missing });
    };
    Ok(Chip {
        actuator_modulus,
        actuator_mismatch,
        actuator_width,
        actuator_thickness,
        thickness,
        modulus: dataset.constants.positive(&SPECIMEN_MODULUS)?,
        mismatch: dataset.constants.checked(&SPECIMEN_MISMATCH, |value| value.abs() < 0.5, "must lie between -0.5 and 0.5")?,
        underetch: dataset
            .constants
            .checked(&UNDERETCH, |value| value.abs() <= LONGEST_CORRECTION, "must lie between -100 and 100 um")?
            .unwrap_or_else(|| Quantity::si(0.0, Unit::of("m"))),
    })
}

/// All structures of the table, in the order in which they first appear; `error` where the table has none.
pub(super) fn specimens(dataset: &Dataset, error: Option<&Quantity>, chip: &Chip) -> Result<Vec<Specimen>, MethodError> {
    let table = dataset.table()?;
    let lengths = [SPECIMEN_LENGTH, SPECIMEN_WIDTH, ACTUATOR_LENGTH];
    let mut numbers = Vec::new();
    for name in lengths {
        numbers.push(table.numbers_in(name, "m")?);
    }
    let (times, displacements) = (table.numbers_in(TIME, "s")?, table.numbers_in(DISPLACEMENT, "m")?);
    let has_errors = table.columns.iter().any(|column| column.name == DISPLACEMENT_ERROR);
    let errors = if has_errors { Some(table.numbers_in(DISPLACEMENT_ERROR, "m")?) } else { None };
    if errors.is_none() && error.is_none() {
        return Err(OnchipError::NoError.into());
    }
    let names = words(table, STRUCTURE)?;
    let broken = words(table, BROKEN).ok();
    let mut found: Vec<Specimen> = Vec::new();
    // All states of every structure: the reading, and whether it was seen broken.
    let mut seen: Vec<Vec<(Reading, bool)>> = Vec::new();
    for row in 0..times.len() {
        let structure = names[row].clone();
        let wrong = |column: &str, value: f64, rule| -> MethodError {
            OnchipError::Impossible { structure: structure.clone(), column: column.to_owned(), value, rule }.into()
        };
        for (name, values) in lengths.into_iter().zip(&numbers) {
            if !(values[row] > 0.0 && values[row].is_finite()) {
                return Err(wrong(name, values[row], "is not greater than zero"));
            }
        }
        let geometry = Geometry { length: numbers[0][row], width: numbers[1][row], actuator_length: numbers[2][row] };
        let place = found.iter().position(|specimen| specimen.name == structure).unwrap_or(found.len());
        if place == found.len() {
            found.push(Specimen { name: structure.clone(), geometry, readings: Vec::new(), broken: None });
            seen.push(Vec::new());
        }
        same_lengths(&found[place], &geometry)?;
        let error = match &errors {
            Some(errors) => errors[row],
            None => error.map_or(f64::NAN, |error| error.value),
        };
        let reading = Reading { time: times[row], displacement: displacements[row], error };
        let is_broken = is_broken(broken.as_deref(), row, &structure)?;
        if !is_broken && reading.displacement.is_nan() {
            continue;
        }
        if !(reading.time > 0.0 && reading.time.is_finite()) {
            return Err(wrong(TIME, reading.time, "is not after the release"));
        }
        seen[place].push((reading, is_broken));
    }
    for (specimen, mut seen) in found.iter_mut().zip(seen) {
        seen.sort_by(|a, b| a.0.time.total_cmp(&b.0.time));
        // What is broken stays broken: the last state counts, and an earlier break before a whole state was a slip of the pen.
        let whole = seen.iter().rposition(|(_, is_broken)| !is_broken).map_or(0, |last| last + 1);
        specimen.broken = seen.get(whole).map(|(reading, _)| reading.time);
        for (reading, _) in seen.into_iter().take(whole).filter(|(reading, _)| !reading.displacement.is_nan()) {
            check(&reading, specimen, chip)?;
            specimen.readings.push(reading);
        }
    }
    Ok(found)
}

fn same_lengths(known: &Specimen, here: &Geometry) -> Result<(), OnchipError> {
    let all = [
        (SPECIMEN_LENGTH, known.geometry.length, here.length),
        (SPECIMEN_WIDTH, known.geometry.width, here.width),
        (ACTUATOR_LENGTH, known.geometry.actuator_length, here.actuator_length),
    ];
    match all.into_iter().find(|(_, first, second)| (first / second - 1.0).abs() > 1e-9) {
        Some((column, first, second)) => {
            Err(OnchipError::TwoValues { structure: known.name.clone(), column: column.to_owned(), first, second })
        }
        None => Ok(()),
    }
}

fn is_broken(words: Option<&[String]>, row: usize, structure: &str) -> Result<bool, OnchipError> {
    let word = words.map_or("", |words| words[row].trim());
    match word.to_lowercase().as_str() {
        "" | "no" | "false" | "0" => Ok(false),
        "yes" | "true" | "1" => Ok(true),
        _ => {
            let (column, structure) = (BROKEN.to_owned(), structure.to_owned());
            Err(OnchipError::UnknownWord { column, structure, word: word.to_owned() })
        }
    }
}

fn check(reading: &Reading, specimen: &Specimen, chip: &Chip) -> Result<(), OnchipError> {
    let wrong = |column: &str, value: f64, rule| OnchipError::Impossible {
        structure: specimen.name.clone(),
        column: column.to_owned(),
        value,
        rule,
    };
    if !(reading.error > 0.0 && reading.error.is_finite()) {
        return Err(wrong(DISPLACEMENT_ERROR, reading.error, "is not greater than zero"));
    }
    let free = chip.free(&specimen.geometry);
    for (column, length) in [(SPECIMEN_LENGTH, free.length), (ACTUATOR_LENGTH, free.actuator_length)] {
        if length <= 0.0 {
            return Err(wrong(column, length, "is what underetch leaves of it: nothing"));
        }
    }
    let displacement = reading.displacement;
    if !(displacement > 0.0 && displacement < specimen.geometry.actuator_length) {
        return Err(wrong(DISPLACEMENT, displacement, "is not between zero and the length of the actuator"));
    }
    let Some(loaded) = chip.state(&specimen.geometry, displacement) else {
        return Err(OnchipError::Compressed { structure: specimen.name.clone(), displacement });
    };
    if !(PLAUSIBLE[0]..=PLAUSIBLE[1]).contains(&loaded.stress) {
        return Err(OnchipError::Implausible { structure: specimen.name.clone(), stress: loaded.stress });
    }
    Ok(())
}

/// What is taken as length.
pub(super) fn length_note(chip: &Chip) -> Note {
    let micrometres = |metres: f64| format_significant(1e6 * metres, 3);
    let message = match (chip.underetch.value, chip.underetch.std_error) {
        (0.0, None) => "actuators and specimens are as long as the table says (underetch = 0)".to_owned(),
        (value, None) => {
            format!("actuators and specimens are {} um longer than the table says (underetch)", micrometres(value))
        }
        (value, Some(error)) => format!(
            "actuators and specimens are {} +- {} um longer than the table says (underetch); the error is common to the chip",
            micrometres(value),
            micrometres(error)
        ),
    };
    Note::info("underetch", message)
}

/// Whether a specimen is so long that a micro sign was lost.
pub(super) fn is_long(specimens: &[Specimen]) -> bool {
    specimens.iter().any(|specimen| specimen.geometry.length > LONGEST)
}

/// A column as words; numbers are written as such.
fn words(table: &Table, name: &str) -> Result<Vec<String>, MethodError> {
    match table.columns.iter().find(|column| column.name == name).map(|column| &column.values) {
        Some(ColumnValues::Text(words)) => Ok(words.clone()),
        Some(ColumnValues::Numbers(numbers)) => Ok(numbers.iter().map(f64::to_string).collect()),
        None => Err(table.numbers(name).map(|_| ()).err().map_or(OnchipError::NoError.into(), MethodError::from)),
    }
}
