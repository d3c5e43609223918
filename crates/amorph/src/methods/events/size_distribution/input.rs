use super::super::found::Found;
use super::SizeDistribution;
use super::error::{FEWEST_EVENTS, SizesError};
use crate::core::data::{ColumnValues, Table};
use crate::core::outcome::Note;
use crate::core::unit::Unit;
use crate::method::{Dataset, MethodError};

/// Sizes that can be fitted.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) column: String,
    /// Unit of the sizes; the values are SI.
    pub(super) unit: Unit,
    pub(super) xmin: f64,
    /// Sizes at or above `xmin`, ascending.
    pub(super) sizes: Vec<f64>,
    pub(super) notes: Vec<Note>,
}

/// Fewest replicates of a goodness-of-fit test.
const FEWEST_REPLICATES: usize = 20;

pub(super) fn collect(method: &SizeDistribution, dataset: &Dataset) -> Result<Input, MethodError> {
    let found = Found::of(dataset).filter(|_| dataset.table().is_err());
    let made = found.map(|found| sizes_of(method, &found)).transpose()?;
    let table = match &made {
        Some(table) => table,
        None => dataset.table()?,
    };
    let column = match &method.column {
        Some(column) => column.clone(),
        None => only_numbers(table)?,
    };
    let (unit, values) = table.numbers(&column)?;
    if method.bootstrap != 0 && method.bootstrap < FEWEST_REPLICATES {
        return Err(SizesError::TooFewReplicates { found: method.bootstrap, needed: FEWEST_REPLICATES }.into());
    }
    let mut notes = Vec::new();
    let missing = values.iter().filter(|value| value.is_nan()).count();
    if missing > 0 {
        notes.push(Note::warning("sizes_missing", format!("{missing} rows without a number in '{column}' were left out")));
    }
    let wrong = |value: f64| value <= 0.0 || value.is_infinite();
    if let Some(row) = values.iter().position(|value| wrong(*value)) {
        let count = values.iter().filter(|value| wrong(**value)).count();
        return Err(SizesError::NotSizes { column, count, total: values.len(), value: values[row], row: row + 1 }.into());
    }
    let mut sizes: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    sizes.sort_unstable_by(f64::total_cmp);
    let (Some(&smallest), Some(&largest)) = (sizes.first(), sizes.last()) else {
        return Err(SizesError::TooFew { n: 0, xmin: 0.0, needed: FEWEST_EVENTS }.into());
    };
    let xmin = match &method.xmin {
        Some(xmin) => {
            if unit.is_known() {
                xmin.unit.require(unit)?;
            }
            xmin.value
        }
        None if found.is_some_and(|found| complete_from(&found).is_some()) => {
            let from = found.and_then(|found| complete_from(&found)).unwrap_or(smallest);
            let message =
                format!("sizes are fitted from {from:.3e}: 95 % of larger spikes are found, and errors of sizes matter little");
            notes.push(Note::info("xmin_from_efficiency", message));
            from
        }
        None => {
            notes.push(Note::info(
                "xmin_smallest",
                "the smallest size was taken as xmin; give xmin if small events are missed or cut off".to_owned(),
            ));
            smallest
        }
    };
    if !(xmin > 0.0 && xmin.is_finite()) {
        return Err(SizesError::BadThreshold { xmin }.into());
    }
    if xmin > largest {
        return Err(SizesError::AboveAll { xmin, column, smallest, largest }.into());
    }
    let below = sizes.partition_point(|size| *size < xmin);
    let sizes = sizes.split_off(below);
    if below > 0 {
        notes.push(Note::info("below_xmin", format!("{below} events below xmin were left out")));
    }
    if sizes.len() < FEWEST_EVENTS {
        return Err(SizesError::TooFew { n: sizes.len(), xmin, needed: FEWEST_EVENTS }.into());
    }
    if sizes[0] == largest {
        return Err(SizesError::AllEqual { n: sizes.len(), column, value: largest }.into());
    }
    Ok(Input { column, unit: unit.clone(), xmin, sizes, notes })
}

/// Sizes of the spikes of an earlier result, as a list.
fn sizes_of(method: &SizeDistribution, found: &Found<'_>) -> Result<Table, MethodError> {
    let (unit, sizes) = found.table.numbers("size")?;
    let chosen = found.rows(method.sign).into_iter().map(|row| sizes[row]).collect();
    Ok(Table::new("spikes", "Sizes of spikes").with_numbers("size", unit.symbol(), chosen))
}

/// The size from which on spikes are found and measured well enough to be fitted.
fn complete_from(found: &Found<'_>) -> Option<f64> {
    let value = |key: &str| found.outcome.estimate(key).map(|estimate| estimate.value);
    Some(value("detection_efficiency_95")?.max(2.0 * value("detection_efficiency_50")?))
}

fn only_numbers(table: &Table) -> Result<String, SizesError> {
    let numbers = table.columns.iter().filter(|column| matches!(column.values, ColumnValues::Numbers(_)));
    let mut names: Vec<String> = numbers.map(|column| column.name.clone()).collect();
    match names.len() {
        0 => Err(SizesError::NoColumn),
        1 => Ok(names.remove(0)),
        _ => Err(SizesError::WhichColumn { columns: names }),
    }
}
