use super::Cycling;
use super::algorithm::Group;
use crate::core::data::{ColumnValues, Table};
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::constants::{REFERENCE_ENTHALPY, optional};

/// Fewest samples without cycles.
const WITHOUT: usize = 2;

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    /// Samples by number of cycles, rising; the first saw none.
    pub(super) groups: Vec<Group>,
    /// Mean heterogeneity of each group, where the table has it.
    pub(super) heterogeneity: Option<Vec<f64>>,
    /// Recovery enthalpy to compare with, J/kg, and its standard error.
    pub(super) reference: Option<(f64, f64)>,
    pub(super) notes: Vec<Note>,
}

/// A sample with its scans.
struct Sample {
    name: String,
    cycles: f64,
    enthalpies: Vec<f64>,
    heterogeneities: Vec<f64>,
}

pub(super) fn input(method: &Cycling, dataset: &Dataset) -> Result<Input, MethodError> {
    let wrong = |message: &str| MethodError::Parameters { method: "calorimetry.cycling", message: message.to_owned() };
    let table = dataset.table()?;
    let mut notes = Vec::new();
    let samples = samples(table, &mut notes)?;
    let mut groups: Vec<(Group, Vec<f64>)> = Vec::new();
    for sample in samples {
        let place = groups.iter().position(|(group, _)| group.cycles == sample.cycles).unwrap_or_else(|| {
            groups.push((Group { cycles: sample.cycles, ..Group::default() }, Vec::new()));
            groups.len() - 1
        });
        groups[place].0.samples.push(mean(&sample.enthalpies));
        groups[place].1.extend(sample.heterogeneities);
    }
    groups.sort_by(|a, b| a.0.cycles.total_cmp(&b.0.cycles));
    let without = groups.first().filter(|(group, _)| group.cycles == 0.0).map_or(0, |(group, _)| group.samples.len());
    if without < WITHOUT {
        let what = "samples without cycles (cycles = 0): what cycling does shows against them alone";
        return Err(CalorimetryError::TooFewSamples { what, found: without, needed: WITHOUT }.into());
    }
    if groups.len() < 2 {
        let what = "numbers of cycles";
        return Err(CalorimetryError::TooFewSamples { what, found: groups.len(), needed: 2 }.into());
    }
    let n: usize = groups.iter().map(|(group, _)| group.samples.len()).sum();
    if n < groups.len() + 2 {
        let what = "samples: those of one number of cycles tell how much samples differ, and two more than there are numbers are needed";
        return Err(CalorimetryError::TooFewSamples { what, found: n, needed: groups.len() + 2 }.into());
    }
    let reference = match (optional(&dataset.constants, &REFERENCE_ENTHALPY)?, method.reference_error) {
        (None, _) => None,
        (Some(value), Some(error)) => Some((value, error * value)),
        (Some(_), None) => {
            return Err(wrong("reference_enthalpy needs reference_error, its relative standard error, for instance 0.05"));
        }
    };
    let heterogeneity =
        groups.iter().all(|(_, values)| !values.is_empty()).then(|| groups.iter().map(|(_, values)| mean(values)));
    let heterogeneity = heterogeneity.map(Iterator::collect);
    Ok(Input { heterogeneity, groups: groups.into_iter().map(|(group, _)| group).collect(), reference, notes })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Names of the samples; without a column of them each row is one.
fn names(table: &Table) -> Vec<String> {
    match table.columns.iter().find(|column| column.name == "sample").map(|column| &column.values) {
        Some(ColumnValues::Text(words)) => words.clone(),
        Some(ColumnValues::Numbers(numbers)) => numbers.iter().map(|number| format!("{number}")).collect(),
        None => (1..=table.n_rows()).map(|row| format!("row {row}")).collect(),
    }
}

fn samples(table: &Table, notes: &mut Vec<Note>) -> Result<Vec<Sample>, MethodError> {
    let (cycles, enthalpies) = (table.numbers_in("cycles", "")?, table.numbers_in("excess_enthalpy", "J/kg")?);
    let other = if table.has("heterogeneity") { Some(table.numbers("heterogeneity")?.1.to_vec()) } else { None };
    let (mut samples, mut left_out): (Vec<Sample>, usize) = (Vec::new(), 0);
    for (row, name) in names(table).into_iter().enumerate().take(cycles.len().min(enthalpies.len())) {
        let (count, enthalpy) = (cycles[row], enthalpies[row]);
        if !(count.is_finite() && enthalpy.is_finite()) {
            left_out += 1;
            continue;
        }
        let impossible = |rule| CalorimetryError::Impossible { row: row + 1, column: "cycles", value: count, rule };
        if count < 0.0 {
            return Err(impossible("is below zero").into());
        }
        let heterogeneity = other.as_ref().map(|values| values[row]).filter(|value| value.is_finite());
        let place = samples.iter().position(|sample| sample.name == name);
        if place.is_some_and(|place| samples[place].cycles != count) {
            let rule = "differs from that of an earlier row of the same sample; a sample that was heated in the calorimeter no longer holds what cycling put in: name another sample";
            return Err(impossible(rule).into());
        }
        let place = place.unwrap_or_else(|| {
            samples.push(Sample { name, cycles: count, enthalpies: Vec::new(), heterogeneities: Vec::new() });
            samples.len() - 1
        });
        samples[place].enthalpies.push(enthalpy);
        samples[place].heterogeneities.extend(heterogeneity);
    }
    if left_out > 0 {
        notes.push(Note::info(
            "rows_left_out",
            format!("{left_out} rows without a number of cycles or an enthalpy are left out"),
        ));
    }
    Ok(samples)
}
