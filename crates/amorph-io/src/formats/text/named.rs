//! Columns of numbers that the user names: patterns and curves whose files say little or nothing about their columns.

use amorph_core::data::{Column, ColumnValues, Table};
use amorph_core::unit::Unit;

use super::cells::{Line, Separator, number};
use super::table::{cells, heading};
use crate::IoError;
use crate::traces::{ColumnPlace, NamedColumn};
use crate::units::keep_column;

/// Lines of numbers in a row that begin the data.
const RUN: usize = 3;

/// Finds the block of numbers below any header, and gives its columns the names and units that the user states.
///
/// Where the user states no unit, that of the column's own name is taken, in the last line above the numbers that has as many cells.
pub(super) fn read(file: &str, text: &str, columns: &[NamedColumn]) -> Result<Table, IoError> {
    let all: Vec<Line<'_>> = text
        .lines()
        .enumerate()
        .map(|(index, line)| Line { number: index + 1, text: line.trim_matches([' ', '\r']) })
        .filter(|line| !line.text.trim().is_empty())
        .collect();
    let first = beginning(&all).ok_or_else(|| IoError::Empty { file: file.to_owned() })?;
    let separator = Separator::of(all[first].text);
    let width = separator.split(all[first].text).count();
    let names = names(&all[..first], width);
    let places: Vec<usize> = columns.iter().map(|column| place(file, column, &names, width)).collect::<Result<_, _>>()?;
    let mut values: Vec<Vec<f64>> = columns.iter().map(|_| Vec::with_capacity(all.len() - first)).collect();
    for line in all[first..].iter().filter(|line| !line.text.starts_with('#')) {
        let cells: Vec<&str> = separator.split(line.text).collect();
        if cells.len() != width {
            return Err(IoError::Ragged { file: file.to_owned(), row: line.number, expected: width, found: cells.len() });
        }
        for (values, &column) in values.iter_mut().zip(&places) {
            let cell = cells[column];
            let value = if cell.is_empty() { Some(f64::NAN) } else { number(cell, separator.decimal_comma()) };
            values.push(value.ok_or_else(|| IoError::Cell {
                file: file.to_owned(),
                row: line.number,
                column: column + 1,
                found: cell.chars().take(40).collect(),
            })?);
        }
    }
    let mut table = Table::new("table", file);
    for ((column, &place), mut values) in columns.iter().zip(&places).zip(values) {
        let written = column.unit.clone().or_else(|| names.get(place).map(|(_, unit)| unit.clone()));
        let unit = keep_column(&written.unwrap_or_else(Unit::one), &mut values);
        table.columns.push(Column { name: column.name.clone(), unit, values: ColumnValues::Numbers(values) });
    }
    Ok(table)
}

/// How many columns of numbers a text without names has; `None` where it has no block of numbers.
pub(super) fn width(text: &str) -> Option<usize> {
    let all: Vec<Line<'_>> = text
        .lines()
        .take(1000)
        .enumerate()
        .map(|(index, line)| Line { number: index + 1, text: line.trim_matches([' ', '\r']) })
        .filter(|line| !line.text.trim().is_empty())
        .collect();
    let line = all[beginning(&all)?].text;
    Some(Separator::of(line).split(line).count())
}

/// The first of three lines of numbers with the same number of cells, or of as many as there are.
fn beginning(lines: &[Line<'_>]) -> Option<usize> {
    // Remarks may stand between numbers.
    let data: Vec<usize> = (0..lines.len()).filter(|index| !lines[*index].text.starts_with('#')).collect();
    let begins = |first: &usize| {
        let separator = Separator::of(lines[data[*first]].text);
        let is_number = |cell: &&str| number(cell, separator.decimal_comma()).is_some();
        let count = |place: usize| {
            let cells: Vec<&str> = separator.split(lines[place].text).collect();
            let numbers = cells.iter().any(is_number) && cells.iter().all(|cell| cell.is_empty() || is_number(cell));
            numbers.then_some(cells.len())
        };
        let found = count(data[*first]);
        found.is_some() && data[*first..(*first + RUN).min(data.len())].iter().all(|place| count(*place) == found)
    };
    (0..data.len()).find(begins).map(|first| data[first])
}

/// Names and units in the last line above the data that has as many cells, a comment or not.
fn names(header: &[Line<'_>], width: usize) -> Vec<(String, Unit)> {
    let cells_of = |line: &Line<'_>| -> Vec<String> {
        let text = line.text.trim_start_matches('#').trim();
        cells(Separator::of(text), text).collect()
    };
    let found = header.iter().rev().map(cells_of).find(|cells| cells.len() == width && width > 1);
    found.unwrap_or_default().iter().map(|cell| heading(cell)).collect()
}

fn place(file: &str, column: &NamedColumn, names: &[(String, Unit)], width: usize) -> Result<usize, IoError> {
    let found = match &column.column {
        ColumnPlace::Number(number) => number.checked_sub(1).filter(|index| *index < width),
        ColumnPlace::Name(wanted) => names.iter().position(|(name, _)| name.eq_ignore_ascii_case(wanted.trim())),
    };
    let shown = |index: usize| match names.get(index) {
        Some((name, _)) => format!("{} '{name}'", index + 1),
        None => (index + 1).to_string(),
    };
    found.ok_or_else(|| IoError::NoSuchColumn {
        file: file.to_owned(),
        quantity: column.name.clone(),
        wanted: column.column.to_string(),
        found: (0..width).map(shown).collect(),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn column(name: &str, column: ColumnPlace, unit: Option<&str>) -> NamedColumn {
        NamedColumn { name: name.to_owned(), column, unit: unit.map(Unit::of) }
    }

    fn numbers(table: &Table, name: &str) -> (Unit, Vec<f64>) {
        let (unit, values) = table.numbers(name).unwrap();
        (unit.clone(), values.to_vec())
    }

    #[test]
    fn columns_without_names_get_those_of_the_study_and_si() {
        let text = "3 710.5\r\n3.1 709\r\n3.2 708\r\n\r\n";
        let wanted = [column("q", ColumnPlace::Number(1), Some("1/A")), column("intensity", ColumnPlace::Number(2), None)];
        let table = read("a.chi", text, &wanted).unwrap();
        assert_eq!(numbers(&table, "q"), (Unit::of("1/m"), vec![3e10, 3.1e10, 3.2e10]));
        assert_eq!(numbers(&table, "intensity").1, [710.5, 709.0, 708.0]);
        assert_eq!(width(text), Some(2));
    }

    #[test]
    fn headers_of_any_kind_are_passed_and_names_in_them_are_found() {
        let text = "'Id: \"\" Anode: \"Cu\" 1 2'\n12 lines\n#  2theta (deg)\tI\n10\t1,5\n20\t2,5\n# a remark\n30\t\n";
        let wanted = [
            column("two_theta", ColumnPlace::Name("2Theta".to_owned()), None),
            column("intensity", ColumnPlace::Number(2), None),
        ];
        let table = read("b.xy", text, &wanted).unwrap();
        assert_eq!(numbers(&table, "two_theta"), (Unit::of("deg"), vec![10.0, 20.0, 30.0]));
        let (_, intensity) = numbers(&table, "intensity");
        assert!(intensity[0] == 1.5 && intensity[1] == 2.5 && intensity[2].is_nan());
    }

    #[test]
    fn what_does_not_fit_is_named_with_its_line() {
        let wanted = [column("q", ColumnPlace::Number(3), None)];
        let error = read("c.xy", "1 2\n3 4\n5 6\n", &wanted).unwrap_err().to_string();
        assert!(error.contains("columns.q names column 3") && error.contains("c.xy"), "{error}");
        let wanted = [column("q", ColumnPlace::Number(1), None)];
        assert!(matches!(read("d.xy", "1 2\n3 4\n5 6\n7\n", &wanted), Err(IoError::Ragged { row: 4, .. })));
        assert!(matches!(read("e.xy", "1 2\n3 4\n5 6\nend of data\n", &wanted), Err(IoError::Ragged { row: 4, .. })));
        assert!(matches!(read("f.xy", "1 2\n3 4\n5 6\nx 8\n", &wanted), Err(IoError::Cell { row: 4, column: 1, .. })));
        assert!(matches!(read("g.xy", "no numbers at all\n", &wanted), Err(IoError::Empty { .. })));
        assert_eq!(width("prose\n"), None);
    }
}
