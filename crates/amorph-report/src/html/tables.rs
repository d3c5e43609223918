use amorph_core::data::{Column, ColumnValues, Table};
use amorph_core::unit::Unit;
use maud::{Markup, PreEscaped, html};

use super::words::{counted, script_json};
use crate::{csv, typeset};

/// Rows that are shown of a table that lists things; the saved file has all.
const ROWS_SHOWN: usize = 20;
/// Rows that are shown of a table that results are read from.
const ROWS_SHOWN_OPEN: usize = 100;

/// A table, folded when it is long, with a button that saves all of it.
pub fn table(table: &Table) -> Markup {
    folding(table, table.n_rows() <= 6, ROWS_SHOWN)
}

/// A table that is open whatever its length, for results that are read from it.
pub fn open_table(table: &Table) -> Markup {
    folding(table, true, ROWS_SHOWN_OPEN)
}

fn folding(table: &Table, is_open: bool, rows_shown: usize) -> Markup {
    let rows = table.n_rows();
    let columns: Vec<Shown> = table.columns.iter().map(Shown::new).collect();
    html! {
        details.table open[is_open] {
            summary {
                span { (table.title) } " " span.faint { (counted(rows, "row", "rows")) }
            }
            div.tools { button type="button" data-save="table" data-name=(table.key) { "CSV" } }
            div.scroll { table {
                thead { tr { @for column in &columns { th.number[column.numeric] { (column.heading) } } } }
                tbody { @for row in 0..rows.min(rows_shown) {
                    tr { @for column in &columns { td.number[column.numeric] { (column.cells.get(row).map_or("", String::as_str)) } } }
                } }
            } }
            @if rows > rows_shown { p.faint { "The first " (rows_shown) " of " (rows) " rows; the CSV file has all of them." } }
            script type="application/json" { (PreEscaped(script_json(&csv::table(table).into()))) }
        }
    }
}

/// A column as text.
struct Shown {
    heading: String,
    numeric: bool,
    cells: Vec<String>,
}

impl Shown {
    /// The first rows; numbers in the unit in which the median of their sizes reads best.
    fn new(column: &Column) -> Self {
        match &column.values {
            ColumnValues::Text(values) => Self {
                heading: typeset::words(&column.name),
                numeric: false,
                cells: values.iter().take(ROWS_SHOWN_OPEN).cloned().collect(),
            },
            ColumnValues::Numbers(values) => {
                let unit = display_unit(&column.unit, values);
                let shown = |value: &f64| if unit.is_known() { unit.convert_si(column.unit.to_si(*value)) } else { *value };
                Self {
                    heading: typeset::label(&typeset::words(&column.name), &unit),
                    numeric: true,
                    cells: values.iter().take(ROWS_SHOWN_OPEN).map(|value| typeset::count(shown(value))).collect(),
                }
            }
        }
    }
}

fn display_unit(unit: &Unit, values: &[f64]) -> Unit {
    let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).filter(|size| size.is_finite() && *size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).map_or_else(|| unit.clone(), |middle| unit.preferred(unit.to_si(*middle)))
}
