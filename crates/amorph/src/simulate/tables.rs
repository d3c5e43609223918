//! Tables of readings, as an instrument would export them.

use std::fmt::Write as _;

use crate::core::data::{Record, TraceQuantity};
use crate::core::unit::format_significant;

/// Digits of a reading.
const DIGITS: usize = 8;

/// A column of a table.
pub(super) struct Column {
    /// What it holds.
    pub quantity: TraceQuantity,
    /// Name and unit.
    pub head: &'static str,
    /// Unit of the column per unit of SI.
    pub per_si: f64,
}

impl Column {
    pub(super) fn new(quantity: TraceQuantity, head: &'static str, per_si: f64) -> Self {
        Self { quantity, head, per_si }
    }
}

/// The first test of a record as comma-separated values; columns that it lacks are left out.
pub(super) fn csv(record: &Record, columns: &[Column]) -> String {
    let table = record.tests.first().and_then(|test| test.measurement().ok());
    let present: Vec<(&Column, &[f64])> =
        columns.iter().filter_map(|column| Some((column, table?.values(column.quantity).ok()?))).collect();
    let mut text = present.iter().map(|(column, _)| column.head).collect::<Vec<_>>().join(",");
    text.push('\n');
    let rows = present.iter().map(|(_, values)| values.len()).min().unwrap_or(0);
    for row in 0..rows {
        for (k, (column, values)) in present.iter().enumerate() {
            let comma = if k > 0 { "," } else { "" };
            // Writing into a string does not fail.
            let _ = write!(text, "{comma}{}", format_significant(column.per_si * values[row], DIGITS));
        }
        text.push('\n');
    }
    text
}
