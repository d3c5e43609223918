use amorph_core::data::{Column, ColumnValues, Table};
use amorph_core::unit::Unit;

use super::cells::{Line, Separator, number};
use crate::IoError;
use crate::traces::names::bracketed;
use crate::units::{instrument_unit, keep_column};

/// Far more columns than anybody names.
const COLUMNS_MAX: usize = 10_000;

/// Reads named columns: a row of names, each with its unit in brackets where it has one, then one line per row.
///
/// A column whose first filled cell is a number holds numbers, and text in it is an error; empty cells are missing.
pub(super) fn read<'a>(
    file: &str,
    lines: impl Iterator<Item = Line<'a>> + Clone,
    separator: Separator,
) -> Result<Table, IoError> {
    let mut lines = lines;
    let Some(names) = lines.next() else { return Err(IoError::Empty { file: file.to_owned() }) };
    let headings: Vec<(String, Unit)> = cells(separator, names.text).take(COLUMNS_MAX + 1).map(|cell| heading(&cell)).collect();
    if headings.len() > COLUMNS_MAX {
        return Err(IoError::TooLarge {
            file: file.to_owned(),
            field: "the row of column names".to_owned(),
            claimed: "more than 10000 columns".to_owned(),
            available: COLUMNS_MAX as u64,
        });
    }
    if lines.clone().next().is_none() {
        return Err(IoError::Empty { file: file.to_owned() });
    }
    let mut columns: Vec<Values> = headings.iter().map(|_| Values::Empty(0)).collect();
    for line in lines {
        let mut found = 0;
        for cell in cells(separator, line.text) {
            if let Some(column) = columns.get_mut(found) {
                column.push(&cell, separator).ok_or_else(|| IoError::Cell {
                    file: file.to_owned(),
                    row: line.number,
                    column: found + 1,
                    found: cell.chars().take(40).collect(),
                })?;
            }
            found += 1;
        }
        if found != headings.len() {
            return Err(IoError::Ragged { file: file.to_owned(), row: line.number, expected: headings.len(), found });
        }
    }
    let mut table = Table::new("table", file);
    table.columns = headings.into_iter().zip(columns).map(|((name, unit), values)| values.column(name, &unit)).collect();
    Ok(table)
}

/// The cells of a line, without the quotes that spreadsheets put around text.
pub(super) fn cells(separator: Separator, line: &str) -> impl Iterator<Item = String> {
    let mut parts = separator.split(line);
    let joint = match separator {
        Separator::Character { mark, .. } => mark,
        Separator::Blanks => ' ',
    };
    std::iter::from_fn(move || {
        let first = parts.next()?;
        let Some(mut inside) = first.strip_prefix('"').map(str::to_owned) else { return Some(first.to_owned()) };
        // A separator inside quotes belongs to the cell.
        while !inside.ends_with('"') {
            let Some(next) = parts.next() else { break };
            inside.push(joint);
            inside += next;
        }
        Some(inside.strip_suffix('"').unwrap_or(&inside).replace("\"\"", "\""))
    })
}

/// Name and unit of `size (nm)` or `size [nm]`; without brackets a plain number.
pub(super) fn heading(cell: &str) -> (String, Unit) {
    let plain = || (cell.trim().to_owned(), Unit::one());
    bracketed(cell).map_or_else(plain, |(name, unit)| (name.to_owned(), instrument_unit(unit)))
}

enum Values {
    /// So many empty cells so far.
    Empty(usize),
    Numbers(Vec<f64>),
    Text(Vec<String>),
}

impl Values {
    /// `None` when text stands among numbers.
    fn push(&mut self, cell: &str, separator: Separator) -> Option<()> {
        let value = number(cell, separator.decimal_comma());
        match self {
            Self::Empty(count) if cell.is_empty() => *count += 1,
            Self::Empty(count) => {
                *self = match value {
                    Some(value) => Self::Numbers(std::iter::repeat_n(f64::NAN, *count).chain([value]).collect()),
                    None => Self::Text(std::iter::repeat_n(String::new(), *count).chain([cell.to_owned()]).collect()),
                };
            }
            Self::Numbers(values) if cell.is_empty() => values.push(f64::NAN),
            Self::Numbers(values) => values.push(value?),
            Self::Text(values) => values.push(cell.to_owned()),
        }
        Some(())
    }

    fn column(self, name: String, unit: &Unit) -> Column {
        match self {
            Self::Empty(count) => Column { name, unit: unit.clone(), values: ColumnValues::Numbers(vec![f64::NAN; count]) },
            Self::Text(values) => Column { name, unit: Unit::one(), values: ColumnValues::Text(values) },
            Self::Numbers(mut values) => {
                let kept = keep_column(unit, &mut values);
                Column { name, unit: kept, values: ColumnValues::Numbers(values) }
            }
        }
    }
}
