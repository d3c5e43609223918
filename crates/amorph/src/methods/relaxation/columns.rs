//! Columns of tables, in SI.

use super::RelaxationError;
use crate::core::data::Table;
use crate::core::unit::Unit;
use crate::method::MethodError;

/// Whether a table has a column.
pub(super) fn has(table: &Table, name: &str) -> bool {
    table.columns.iter().any(|column| column.name == name)
}

/// A column of numbers whose unit is known and fits `unit`.
pub(super) fn column(table: &Table, name: &str, unit: &str) -> Result<Vec<f64>, MethodError> {
    let (found, values) = table.numbers(name)?;
    let expected = Unit::of(unit);
    if !found.is_known() || (found.symbol().is_empty() && !unit.is_empty()) {
        return Err(RelaxationError::NoUnit { column: name.to_owned(), unit: unit.to_owned() }.into());
    }
    found.require(&expected)?;
    Ok(values.iter().map(|value| found.to_si(*value)).collect())
}

/// As [`column`], where there is one.
pub(super) fn optional(table: &Table, name: &str, unit: &str) -> Result<Option<Vec<f64>>, MethodError> {
    if has(table, name) { column(table, name, unit).map(Some) } else { Ok(None) }
}
