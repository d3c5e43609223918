//! How a delimited text is laid out: separator, decimal mark, where the numbers begin, what the columns are called.

use super::names::{heading, of_catalogue, quantity, unit_row};
use super::numbers::{is_missing, number};
use super::options::TraceOptions;
use super::rows::Style;
use crate::IoError;
use amorph_core::data::TraceQuantity;

/// Lines that decide about the layout.
const SAMPLE: usize = 200;
/// Lines of a head; longer ones are no head of a table.
const HEAD_MAX: usize = 2000;

/// The layout of a table in text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    pub style: Style,
    /// Name and unit of every column.
    pub columns: Vec<(String, Option<String>)>,
    /// Whether the columns have names in the file.
    pub named: bool,
    /// Index of the first line of numbers.
    pub first: usize,
    /// Index of the first line of the header, or of the numbers without one.
    pub header: usize,
    /// Mean length of a line of numbers, bytes.
    pub line_length: usize,
}

impl Layout {
    /// From the first lines of a text; `None` without two columns of numbers.
    pub(crate) fn of(file: &str, lines: &[String], options: &TraceOptions) -> Result<Option<Self>, IoError> {
        let Some((style, n_columns)) = style(lines, options) else { return Ok(None) };
        let is_row = |line: &&String| fields(style, line) == Some(n_columns);
        let Some(first) = lines.iter().position(|line| is_row(&line)) else { return Ok(None) };
        refuse_doubtful(file, lines, first, style, n_columns, options)?;
        let rows: Vec<usize> = lines[first..].iter().filter(is_row).map(|line| line.len() + 1).collect();
        let line_length = (rows.iter().sum::<usize>() / rows.len().max(1)).max(1);
        let (columns, header, named) = names(lines, first, style, n_columns);
        Ok(Some(Self { style, columns, named, first, header, line_length }))
    }

    /// Whether this is a trace by itself: a column of time and one of load, depth, current or the like, or a spectrum of moduli, compliances or permittivities
    /// over frequency, or heat or a shear modulus over temperature, and no column of a catalogue of events.
    pub(crate) fn is_trace(&self) -> bool {
        let found: Vec<TraceQuantity> = self.columns.iter().filter_map(|(name, _)| quantity(name)).map(|(q, _)| q).collect();
        let over_time = found.contains(&TraceQuantity::Time) && found.iter().any(|quantity| *quantity != TraceQuantity::Time);
        let frequency = [TraceQuantity::Frequency, TraceQuantity::AngularFrequency];
        let over_frequency = found.iter().any(|quantity| frequency.contains(quantity)) && has_spectrum(&found);
        let of_glass = [TraceQuantity::HeatFlow, TraceQuantity::SpecificHeat, TraceQuantity::ShearModulus];
        let over_temperature =
            found.contains(&TraceQuantity::Temperature) && found.iter().any(|quantity| of_glass.contains(quantity));
        self.named
            && (over_time || over_frequency || over_temperature)
            && !self.columns.iter().any(|(name, _)| of_catalogue(name))
    }
}

/// Whether a storage and its loss are among these quantities.
pub(crate) fn has_spectrum(found: &[TraceQuantity]) -> bool {
    const PAIRS: [[TraceQuantity; 2]; 3] = [
        [TraceQuantity::StorageModulus, TraceQuantity::LossModulus],
        [TraceQuantity::StorageCompliance, TraceQuantity::LossCompliance],
        [TraceQuantity::Permittivity, TraceQuantity::DielectricLoss],
    ];
    PAIRS.iter().any(|pair| pair.iter().all(|quantity| found.contains(quantity)))
}

/// Whether points and commas stand in one number.
fn thousands(field: &[u8]) -> bool {
    let digits = field.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'+'));
    digits && field.contains(&b'.') && field.contains(&b',')
}

/// Fields of a line of nothing but numbers and missing values, of which the first or second is a number.
fn fields(style: Style, line: &str) -> Option<usize> {
    let (mut n, mut numbers, mut texts) = (0, 0, 0);
    for field in style.fields(line.as_bytes()) {
        n += 1;
        match number(field, style.decimal) {
            Some(_) => numbers += 1,
            None if is_missing(field) => {}
            // For now a number: it is refused once the layout is known.
            None if thousands(field) => numbers += 1,
            None => texts += 1,
        }
    }
    if line.trim_end_matches([' ', '\r']).as_bytes().last() == Some(&style.delimiter) && style.delimiter != b' ' {
        n -= 1;
    }
    // A column of times of day or of remarks may stand among the numbers.
    (n >= 2 && numbers >= 2 && texts * 3 <= n).then_some(n)
}

fn style(lines: &[String], options: &TraceOptions) -> Option<(Style, usize)> {
    let stated = |stated: Option<char>, all: &[u8]| match stated.and_then(|c| u8::try_from(c).ok()) {
        Some(byte) => vec![byte],
        None => all.to_vec(),
    };
    let mut best: Option<(usize, Style, usize)> = None;
    for delimiter in stated(options.delimiter, b"\t;,| ") {
        for decimal in stated(options.decimal, b".,") {
            if decimal == delimiter {
                continue;
            }
            let style = Style { delimiter, decimal };
            let mut counts: Vec<(usize, usize)> = Vec::new();
            for n in lines.iter().filter_map(|line| fields(style, line)).take(SAMPLE) {
                match counts.iter_mut().find(|(known, _)| *known == n) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((n, 1)),
                }
            }
            if let Some((n, count)) = counts.into_iter().max_by_key(|(_, count)| *count)
                && best.is_none_or(|(most, _, _)| count > most)
            {
                best = Some((count, style, n));
            }
        }
    }
    best.map(|(_, style, n)| (style, n))
}

/// Commas that may be decimal marks or separators, and marks of thousands.
fn refuse_doubtful(
    file: &str,
    lines: &[String],
    first: usize,
    style: Style,
    n_columns: usize,
    options: &TraceOptions,
) -> Result<(), IoError> {
    let doubtful = |index: usize, problem: String| IoError::CommaMeaning {
        file: file.to_owned(),
        line: index + 1,
        sample: lines[index].chars().take(60).collect(),
        problem,
    };
    if options.decimal.is_some() && options.delimiter.is_some() {
        return Ok(());
    }
    if style.delimiter == b',' && first > 0 {
        let names = split_names(style, &lines[first - 1], n_columns).len();
        let has_text = lines[first - 1].chars().any(char::is_alphabetic);
        if has_text && names >= 2 && names < n_columns && n_columns <= 2 * names {
            let problem =
                format!("has {n_columns} fields under {names} names: its commas may be decimal marks as well as separators");
            return Err(doubtful(first, problem));
        }
    }
    for (index, line) in lines.iter().enumerate().skip(first).take(SAMPLE) {
        if style.delimiter != b',' && style.fields(line.as_bytes()).any(thousands) {
            return Err(doubtful(index, "has points and commas in one number, as marks of thousands".to_owned()));
        }
    }
    Ok(())
}

type Names = (Vec<(String, Option<String>)>, usize, bool);

/// The names above the numbers, their units beside them or in a row of their own.
fn names(lines: &[String], first: usize, style: Style, n_columns: usize) -> Names {
    let unnamed = || (1..=n_columns).map(|number| (format!("column {number}"), None)).collect();
    let above = |from: usize| (0..from).rev().take(HEAD_MAX).find(|&index| !bare(&lines[index]).trim().is_empty());
    let Some(nearest) = above(first) else { return (unnamed(), first, false) };
    let cells = |index: usize| split_names(style, bare(&lines[index]), n_columns);
    let mut header = nearest;
    let mut units = None;
    if let Some(row) = unit_row(&cells(nearest))
        && let Some(upper) = above(nearest).filter(|&upper| cells(upper).len() == n_columns)
    {
        units = Some(row);
        header = upper;
    }
    let found = cells(header);
    if found.len() < 2 || found.len() > n_columns + 1 || !found.iter().any(|cell| cell.chars().any(char::is_alphabetic)) {
        return (unnamed(), first, false);
    }
    let column = |index: usize| {
        let (name, unit) = found
            .get(index)
            .filter(|cell| !cell.is_empty())
            .map_or((format!("column {}", index + 1), None), |cell| heading(cell));
        let own = units.as_ref().and_then(|units| units.get(index).cloned().flatten());
        (name, own.or(unit))
    };
    ((0..n_columns).map(column).collect(), header, true)
}

/// Without the mark of a comment.
fn bare(line: &str) -> &str {
    line.trim_start().trim_start_matches(['#', '%']).trim_end_matches('\r')
}

/// The names of a line. Blanks separate names as well as the words of one: the parts of `Time (s)` are put together.
pub(crate) fn split_names(style: Style, line: &str, n_columns: usize) -> Vec<String> {
    if style.delimiter != b' ' {
        let mut cells = quoted(line, char::from(style.delimiter));
        if cells.len() == n_columns + 1 && cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        return cells;
    }
    let wide: Vec<String> = line
        .split(['\t'])
        .flat_map(|part| part.split("  "))
        .map(str::trim)
        .filter(|cell| !cell.is_empty())
        .map(str::to_owned)
        .collect();
    if wide.len() == n_columns {
        return wide;
    }
    let mut cells: Vec<String> = Vec::new();
    let mut joins = false;
    for word in line.split_whitespace() {
        let belongs = joins || word.starts_with(['(', '[']) || word == "/";
        match cells.last_mut().filter(|_| belongs) {
            Some(last) => {
                last.push(' ');
                last.push_str(word);
            }
            None => cells.push(word.to_owned()),
        }
        joins = word == "/" || word.ends_with(',');
    }
    cells
}

/// Cells between marks; marks inside quotes belong to the cell.
fn quoted(line: &str, mark: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut inside = false;
    for c in line.chars() {
        match c {
            '"' => inside = !inside,
            c if c == mark && !inside => cells.push(String::new()),
            c => {
                if let Some(cell) = cells.last_mut() {
                    cell.push(c);
                }
            }
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}
