use super::algorithm::Series;
use crate::core::data::Table;
use crate::core::outcome::Note;
use crate::core::unit::Unit;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::columns::{column, has};

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) series: Series,
    /// Largest value of the property, in its unit.
    pub(super) scale: f64,
    pub(super) unit: Unit,
    pub(super) notes: Vec<Note>,
}

/// Fewest readings, and decades of time above zero.
const FEWEST: usize = 8;
const DECADES: f64 = 1.0;

struct Row {
    time: f64,
    value: f64,
    error: Option<f64>,
}

pub(super) fn input(dataset: &Dataset) -> Result<Input, MethodError> {
    let table = dataset.table()?;
    let mut notes = Vec::new();
    let unit = table.numbers("property")?.0.clone();
    let rows = rows(table, &mut notes)?;
    if rows.len() < FEWEST {
        let what = "readings of the property".to_owned();
        return Err(RelaxationError::TooFew { what, found: rows.len(), needed: FEWEST }.into());
    }
    let positive = rows.iter().map(|row| row.time).filter(|t| *t > 0.0);
    let (first, last) = positive.fold((f64::INFINITY, 0.0), |(lo, hi), t| (t.min(lo), t.max(hi)));
    if (last / first).log10() < DECADES {
        let reason = format!("the times run from {first:.3e} to {last:.3e} s; a law of powers shows over a decade or more");
        return Err(not_fitted(reason).into());
    }
    let scale = rows.iter().fold(0.0, |most: f64, row| most.max(row.value));
    let third = (rows.len() / 3).max(1);
    let mean = |rows: &[Row]| rows.iter().map(|row| row.value).sum::<f64>() / rows.len() as f64;
    if mean(&rows[rows.len() - third..]) < mean(&rows[..third]) {
        let reason = "the property falls over time, and the law M∞/(1 + c) with fewer and fewer flow units rises; give what was lost since the start \
                      (or the inverse of the property)";
        return Err(not_fitted(reason.to_owned()).into());
    }
    let errors: Option<Vec<f64>> = rows.iter().map(|row| row.error.map(|error| error / scale)).collect();
    let series = Series {
        times: rows.iter().map(|row| row.time).collect(),
        values: rows.iter().map(|row| row.value / scale).collect(),
        errors,
    };
    Ok(Input { series, scale, unit, notes })
}

pub(super) fn not_fitted(reason: String) -> RelaxationError {
    RelaxationError::NotFitted { what: "the ageing of the property".to_owned(), reason }
}

/// Rows with numbers, by rising time.
fn rows(table: &Table, notes: &mut Vec<Note>) -> Result<Vec<Row>, MethodError> {
    let times = column(table, "ageing_time", "s")?;
    let (unit, values) = table.numbers("property")?;
    let errors = if has(table, "property_error") {
        let (own, errors) = table.numbers("property_error")?;
        if own != unit {
            own.require(unit)?;
        }
        Some(errors)
    } else {
        None
    };
    let impossible = |row: usize, column: &str, value: f64, rule| {
        let column = column.to_owned();
        Err(RelaxationError::Impossible { row: row + 1, column, value, rule }.into())
    };
    let (mut rows, mut missing) = (Vec::new(), 0);
    for (i, (time, value)) in times.iter().zip(values).enumerate() {
        let error = errors.map(|errors| errors[i]);
        if !(time.is_finite() && value.is_finite() && error.unwrap_or(1.0).is_finite()) {
            missing += 1;
            continue;
        }
        if *time < 0.0 {
            return impossible(i, "ageing_time", *time, "is below zero");
        }
        if *value < 0.0 {
            return impossible(
                i,
                "property",
                *value,
                "is below zero, and M∞/(1 + c) is not; give the change with the sign that grows",
            );
        }
        if let Some(error) = error.filter(|error| *error <= 0.0) {
            return impossible(i, "property_error", error, "is not above zero");
        }
        rows.push(Row { time: *time, value: *value, error });
    }
    if missing > 0 {
        notes.push(Note::info("rows_missing", format!("{missing} rows without a number in one of the columns are left out")));
    }
    rows.sort_by(|a, b| a.time.total_cmp(&b.time));
    if rows.iter().all(|row| row.value == 0.0) && !rows.is_empty() {
        return Err(not_fitted("every reading is zero".to_owned()).into());
    }
    Ok(rows)
}
