//! Rows of numbers in text.

use amorph_core::data::Repair;

use super::numbers::{is_missing, leading, number};
use crate::IoError;

/// How the numbers of a line are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// What separates them; a blank stands for any number of blanks and tabs.
    pub delimiter: u8,
    /// Decimal mark.
    pub decimal: u8,
}

impl Style {
    pub(crate) const TABS: Self = Self { delimiter: b'\t', decimal: b'.' };

    /// The fields of a line, trimmed.
    pub(crate) fn fields(self, line: &[u8]) -> Fields<'_> {
        Fields { rest: Some(line), delimiter: self.delimiter }
    }
}

pub(crate) struct Fields<'a> {
    rest: Option<&'a [u8]>,
    delimiter: u8,
}

/// A field of a line of numbers.
enum Cell<'a> {
    Number(f64),
    Other(&'a [u8]),
}

impl<'a> Fields<'a> {
    /// The next field, read in one pass where a number stands right between two separators.
    fn next_cell(&mut self, decimal: u8) -> Option<Cell<'a>> {
        let rest = if self.delimiter == b' ' { self.rest?.trim_ascii_start() } else { self.rest? };
        if let Some((value, end)) = leading(rest, decimal) {
            if end == rest.len() {
                self.rest = None;
                return Some(Cell::Number(value));
            }
            if rest[end] == self.delimiter {
                self.rest = Some(&rest[end + 1..]);
                return Some(Cell::Number(value));
            }
        }
        self.next().map(|field| number(field, decimal).map_or(Cell::Other(field), Cell::Number))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        if self.delimiter == b' ' {
            let rest = rest.trim_ascii_start();
            if rest.is_empty() {
                self.rest = None;
                return None;
            }
            let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
            self.rest = Some(&rest[end..]);
            return Some(&rest[..end]);
        }
        match rest.iter().position(|&byte| byte == self.delimiter) {
            Some(end) => {
                self.rest = Some(&rest[end + 1..]);
                Some(rest[..end].trim_ascii())
            }
            None => {
                self.rest = None;
                Some(rest.trim_ascii())
            }
        }
    }
}

/// Lines whose numbers are listed in a repair.
const LISTED: usize = 5;

/// Columns that grow line by line.
pub(crate) struct Rows {
    style: Style,
    columns: Vec<Vec<f64>>,
    n_rows: usize,
    uneven: Lines,
    texts: Vec<usize>,
    text_cells: Lines,
    /// Fields and line of the row before, where it was too short.
    short: Option<(usize, usize)>,
}

#[derive(Default)]
struct Lines {
    count: usize,
    first_row: usize,
    numbers: Vec<usize>,
}

impl Lines {
    fn add(&mut self, row: usize, line: usize) {
        if self.count == 0 {
            self.first_row = row;
        }
        if self.numbers.len() < LISTED {
            self.numbers.push(line);
        }
        self.count += 1;
    }

    fn repair(&self, kind: &str, what: &str) -> Option<Repair> {
        let shown: Vec<String> = self.numbers.iter().map(usize::to_string).collect();
        let more = if self.count > LISTED { ", ..." } else { "" };
        let text = format!("{} rows {what}: lines {}{more}", self.count, shown.join(", "));
        (self.count > 0).then(|| Repair { kind: kind.to_owned(), rows: self.count, first: self.first_row, text })
    }
}

impl Rows {
    /// Columns with room for about so many rows.
    pub(crate) fn new(file: &str, style: Style, n_columns: usize, expected: u64) -> Result<Self, IoError> {
        let mut columns = vec![Vec::new(); n_columns];
        for column in &mut columns {
            let rows = usize::try_from(expected).unwrap_or(usize::MAX);
            column.try_reserve_exact(rows).map_err(|_| IoError::TooLarge {
                file: file.to_owned(),
                field: "memory".to_owned(),
                claimed: format!("{expected} rows of {n_columns} columns"),
                available: 0,
            })?;
        }
        Ok(Self {
            style,
            columns,
            n_rows: 0,
            uneven: Lines::default(),
            texts: vec![0; n_columns],
            text_cells: Lines::default(),
            short: None,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.n_rows
    }

    /// Takes a line.
    pub(crate) fn push(&mut self, line: &[u8], line_number: usize) {
        if let Some((_, line)) = self.short.take() {
            self.uneven.add(self.n_rows - 1, line);
        }
        let n_columns = self.columns.len();
        let mut found = 0;
        let mut has_text = false;
        let mut fields = self.style.fields(line);
        while let Some(cell) = fields.next_cell(self.style.decimal) {
            if found == n_columns {
                // A delimiter at the end of the line opens no field.
                found += usize::from(!matches!(cell, Cell::Other([])));
                break;
            }
            let value = match cell {
                Cell::Number(value) => value,
                Cell::Other(field) => {
                    if !is_missing(field) {
                        has_text = true;
                        self.texts[found] += 1;
                    }
                    f64::NAN
                }
            };
            self.columns[found].push(value);
            found += 1;
        }
        for column in self.columns.iter_mut().skip(found) {
            column.push(f64::NAN);
        }
        if found < n_columns {
            self.short = Some((found, line_number));
        } else if found > n_columns {
            self.uneven.add(self.n_rows, line_number);
        }
        if has_text {
            self.text_cells.add(self.n_rows, line_number);
        }
        self.n_rows += 1;
    }

    /// As [`Self::finish`], for rows in the middle of a file: a last row that is too short stays.
    pub(crate) fn finish_part(mut self) -> (Vec<Vec<f64>>, Vec<Repair>) {
        if let Some((_, line)) = self.short.take() {
            self.uneven.add(self.n_rows - 1, line);
        }
        self.finish()
    }

    /// The columns; a last row that is too short was cut off and is dropped. Columns of nothing but text are empty.
    pub(crate) fn finish(mut self) -> (Vec<Vec<f64>>, Vec<Repair>) {
        let mut repairs = Vec::new();
        if let Some((found, line)) = self.short {
            self.n_rows -= 1;
            self.columns.iter_mut().for_each(|column| column.truncate(self.n_rows));
            let text = format!("line {line}: {found} of {} fields, dropped", self.columns.len());
            repairs.push(Repair { kind: "truncated".to_owned(), rows: 1, first: self.n_rows, text });
        }
        repairs.extend(self.uneven.repair("ragged", "have another number of fields, absent ones are missing"));
        let only_text = |texts: &usize| *texts > 0 && *texts >= self.n_rows;
        let partly_text = self.texts.iter().any(|texts| *texts > 0 && !only_text(texts));
        if partly_text {
            repairs.extend(self.text_cells.repair("text", "hold text where numbers stand, which is missing"));
        }
        for (column, _) in self.columns.iter_mut().zip(&self.texts).filter(|(_, texts)| only_text(texts)) {
            *column = Vec::new();
        }
        if self.n_rows > 0 {
            self.columns
                .iter_mut()
                .filter(|column| column.capacity() > column.len() + column.len() / 4)
                .for_each(Vec::shrink_to_fit);
        }
        (self.columns, repairs)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rows(style: Style, n: usize, lines: &[&str]) -> (Vec<Vec<f64>>, Vec<Repair>) {
        let mut rows = Rows::new("f", style, n, 0).unwrap();
        for (index, line) in lines.iter().enumerate() {
            rows.push(line.as_bytes(), index + 1);
        }
        rows.finish()
    }

    #[test]
    fn short_rows_inside_are_kept_and_at_the_end_dropped() {
        let comma = Style { delimiter: b',', decimal: b'.' };
        let (columns, repairs) = rows(comma, 3, &["1,2,3", "4,5", "6,7,8", "9,1"]);
        assert_eq!(columns[0], [1.0, 4.0, 6.0]);
        assert!(columns[2][1].is_nan());
        let texts: Vec<&str> = repairs.iter().map(|repair| repair.text.as_str()).collect();
        assert_eq!(
            texts,
            ["line 4: 2 of 3 fields, dropped", "1 rows have another number of fields, absent ones are missing: lines 2"]
        );
    }

    #[test]
    fn blanks_and_closing_delimiters_open_no_fields() {
        let blanks = Style { delimiter: b' ', decimal: b',' };
        assert_eq!(rows(blanks, 2, &["  1,5\t 2 ", "3 4"]).0, [[1.5, 3.0], [2.0, 4.0]]);
        let (columns, repairs) = rows(Style::TABS, 2, &["1\t2\t", "3\tNaN\t", "5\tx\t"]);
        assert_eq!(columns[0], [1.0, 3.0, 5.0]);
        assert_eq!(repairs.len(), 1, "{repairs:?}");
    }
}
