use super::{Kind, LiteratureValue, Paper};
use crate::core::unit::Unit;

/// Names of the columns, in order.
const COLUMNS: [&str; 17] = [
    "id",
    "key",
    "alloy",
    "property",
    "symbol",
    "value",
    "lo",
    "hi",
    "std_error",
    "unit",
    "kind",
    "as_printed",
    "condition",
    "origin",
    "paper",
    "sequence",
    "step",
];

/// What keeps a table of published values from being read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LiteratureError {
    /// The columns are not those expected.
    #[error("the columns are '{found}', but '{expected}' are needed")]
    Columns {
        /// The header found.
        found: String,
        /// The header needed.
        expected: String,
    },
    /// A row has another number of cells than the header.
    #[error("row {row} has {found} cells, {needed} are needed")]
    Cells {
        /// Number of the row, the header being 1.
        row: usize,
        /// Cells found.
        found: usize,
        /// Cells needed.
        needed: usize,
    },
    /// A cell cannot be read.
    #[error("row {row}, column {column}: '{found}' is not {needed}")]
    Cell {
        /// Number of the row, the header being 1.
        row: usize,
        /// The column.
        column: &'static str,
        /// Its text.
        found: String,
        /// What is needed.
        needed: &'static str,
    },
}

/// Reads a table of published values from CSV with a header; cells may be quoted, a quote in them is doubled.
///
/// # Errors
/// [`LiteratureError`] naming row and column.
pub fn parse(text: &str) -> Result<Vec<LiteratureValue>, LiteratureError> {
    let mut records = records(text).into_iter();
    let header = records.next().unwrap_or_default();
    if header != COLUMNS {
        return Err(LiteratureError::Columns { found: header.join(","), expected: COLUMNS.join(",") });
    }
    records.enumerate().map(|(index, cells)| value(index + 2, &cells)).collect()
}

fn value(row: usize, cells: &[String]) -> Result<LiteratureValue, LiteratureError> {
    if cells.len() != COLUMNS.len() {
        return Err(LiteratureError::Cells { row, found: cells.len(), needed: COLUMNS.len() });
    }
    let cell = |column: usize| cells[column].as_str();
    let bad =
        |column: usize, needed| LiteratureError::Cell { row, column: COLUMNS[column], found: cells[column].clone(), needed };
    let number = |column: usize| match cell(column) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| bad(column, "a number")),
    };
    let kind = match cell(10) {
        "value" => Kind::Value,
        "approximate" => Kind::Approximate,
        "range" => Kind::Range,
        "bound" => Kind::Bound,
        "text" => Kind::Text,
        _ => return Err(bad(10, "value, approximate, range, bound or text")),
    };
    let step = match cell(16) {
        "" => None,
        text => Some(text.parse().map_err(|_| bad(16, "a whole number"))?),
    };
    Ok(LiteratureValue {
        id: cell(0).to_owned(),
        key: cell(1).to_owned(),
        alloy: cell(2).to_owned(),
        property: cell(3).to_owned(),
        symbol: cell(4).to_owned(),
        value: number(5)?,
        lo: number(6)?,
        hi: number(7)?,
        std_error: number(8)?,
        unit: Unit::of(cell(9)),
        kind,
        as_printed: cell(11).to_owned(),
        condition: cell(12).to_owned(),
        is_computed: cell(13) == "computed",
        paper: Paper::from_tag(cell(14)).ok_or_else(|| bad(14, "L16, Q19, I19 or Y12"))?,
        sequence: step.map(|step| (cell(15).to_owned(), step)),
    })
}

/// The rows of a CSV text as cells.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut records = Vec::new();
    let (mut record, mut cell) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, quoted) {
            ('"', true) if characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', false) => record.push(std::mem::take(&mut cell)),
            ('\n', false) => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            ('\r', false) => {}
            (other, _) => cell.push(other),
        }
    }
    if !(cell.is_empty() && record.is_empty()) {
        record.push(cell);
        records.push(record);
    }
    records
}
