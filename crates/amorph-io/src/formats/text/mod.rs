//! Numbers as text: matrices, scattered grids and tables; the rules are in `SPEC.md`.

mod cells;
mod gwyddion_header;
mod named;
mod table;
mod xyz;

use std::path::Path;

use amorph_core::data::Map;
use ndarray::Array2;

use self::cells::{Line, Separator, lines, number};
use self::gwyddion_header::GwyddionHeader;
use super::{Format, Input, Reader};
use crate::IoError;
use crate::bytes::latin1;
use crate::maps::{Parsed, without_mask};
use crate::sidecar::{self, FirstRow, Layout, Sidecar};
use crate::write::write_atomically;

pub(crate) const FORMAT: Format = Format {
    id: "text",
    title: "text matrix, grid or table",
    endings: &[".csv", ".tsv", ".txt", ".dat", ".xy", ".chi", ".sq", ".gr"],
    magic: "printable text that no other format claims",
    channels: "one, with a sidecar; columns with names are a table",
    can_write: true,
    needs_sidecar: true,
    constants: crate::formats::gwy::CONSTANTS,
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Bytes(read),
};

/// More columns than this are rows of pixels.
const CURVES: usize = 8;

/// How much of a file is looked at to tell text from other bytes.
const SNIFFED: usize = 1 << 16;

fn recognises(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(SNIFFED)];
    head.iter().all(|&byte| byte >= 0x20 && byte != 0x7f || matches!(byte, b'\t' | b'\r' | b'\n' | 0x0c))
        && head.iter().filter(|byte| byte.is_ascii()).count() * 2 > head.len()
        && has_numbers(head)
}

/// Prose and markup are not data: one of the first lines that are not comments must hold a number or column names.
fn has_numbers(head: &[u8]) -> bool {
    let text = latin1(head);
    // Markup and JSON hold numbers, too.
    if text.trim_start().starts_with(['{', '<']) {
        return false;
    }
    let data = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).take(3);
    let is_number = |word: &str| number(word.trim(), true).is_some();
    let is_data = |line: &str| line.split([',', ';', '\t', ' ']).any(is_number);
    text.trim_start_matches('\u{feff}').starts_with('#') || data.into_iter().any(is_data)
}

fn read(input: &Input<'_>) -> Result<Parsed, IoError> {
    let bytes = input.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input.bytes);
    let text = std::str::from_utf8(bytes).map_or_else(|_| latin1(bytes), str::to_owned);
    if !input.options.named.is_empty() {
        return Ok(Parsed::table(named::read(input.file, &text, &input.options.named)?));
    }
    let header = GwyddionHeader::parse(&text);
    let lines = lines(&text);
    let Some(first) = lines.clone().next() else {
        return Err(IoError::Empty { file: input.file.to_owned() });
    };
    let separator = Separator::of(first.text);
    if let Some(sidecar) = input.sidecar {
        let map = map_with_sidecar(input.file, lines, separator, sidecar)?;
        let mut parsed = Parsed::maps(vec![map]);
        parsed.notes.extend(header.overridden(sidecar));
        parsed.metadata = header.metadata;
        return Ok(parsed);
    }
    if header.is_complete() {
        let values = matrix(input.file, lines, separator)?;
        let map = header.map(input.file, values)?;
        return Ok(Parsed { metadata: header.metadata, ..Parsed::maps(vec![map]) });
    }
    let has_names =
        separator.split(first.text).any(|cell| !cell.is_empty() && number(cell, separator.decimal_comma()).is_none());
    if !has_names {
        return Err(unnamed(input.file, &text, lines.count()));
    }
    table::read(input.file, lines, separator).map(Parsed::table)
}

/// Numbers without names: a few long columns are curves, anything else is a map.
fn unnamed(file: &str, text: &str, rows: usize) -> IoError {
    match named::width(text).filter(|columns| *columns <= CURVES && rows > 4 * columns) {
        Some(columns) => IoError::ColumnsUnnamed { file: file.to_owned(), columns },
        None => IoError::SidecarMissing { file: file.to_owned() },
    }
}

fn map_with_sidecar<'a>(
    file: &str,
    lines: impl Iterator<Item = Line<'a>> + Clone,
    separator: Separator,
    sidecar: &Sidecar,
) -> Result<Map, IoError> {
    // A complete sidecar is asked for first: without it there is no map, whatever the numbers are.
    sidecar.complete()?;
    let values = matrix(file, lines, separator)?;
    match sidecar.layout {
        None | Some(Layout::Matrix) => sidecar.map(values),
        Some(Layout::Xyz) => {
            let grid = xyz::grid(file, &values, sidecar)?;
            Sidecar { first_row: Some(FirstRow::Top), ..sidecar.clone() }.map(grid)
        }
    }
}

/// All numbers, one line per row.
fn matrix<'a>(file: &str, lines: impl Iterator<Item = Line<'a>> + Clone, separator: Separator) -> Result<Array2<f64>, IoError> {
    let columns = lines.clone().next().map_or(0, |line| separator.split(line.text).count());
    let rows = lines.clone().count();
    // Every number takes at least one byte and a separator, so this is bounded by the size of the file.
    let mut values = Vec::with_capacity(rows * columns.min(1 << 20));
    for line in lines {
        let before = values.len();
        for (column, cell) in separator.split(line.text).enumerate() {
            let value = number(cell, separator.decimal_comma()).ok_or_else(|| IoError::Cell {
                file: file.to_owned(),
                row: line.number,
                column: column + 1,
                found: cell.chars().take(40).collect(),
            })?;
            values.push(value);
        }
        let found = values.len() - before;
        if found != columns {
            return Err(IoError::Ragged { file: file.to_owned(), row: line.number, expected: columns, found });
        }
    }
    Ok(crate::maps::image(rows, columns, values))
}

/// Writes the values of a map as comma-separated text and its units and sizes as the sidecar `<path>.json`.
///
/// Numbers are written with as many digits as it takes to read the same 64 bits again; missing and masked ones as `nan`.
///
/// # Errors
/// [`IoError::Map`] when the map has no lateral size, [`IoError::Write`].
pub fn write_csv(path: &Path, map: &Map) -> Result<(), IoError> {
    let described =
        sidecar::describe(map).map_err(|source| IoError::Map { file: path.display().to_string(), source: Box::new(source) })?;
    write_atomically(path, to_text(map).as_bytes())?;
    write_atomically(&sidecar::path_of(path), described.to_string().as_bytes())
}

pub(crate) fn to_text(map: &Map) -> String {
    let mut text = String::new();
    for row in without_mask(map).rows() {
        let cells: Vec<String> =
            row.iter().map(|value| if value.is_nan() { "nan".to_owned() } else { format!("{value:e}") }).collect();
        text += &cells.join(",");
        text.push('\n');
    }
    text
}
