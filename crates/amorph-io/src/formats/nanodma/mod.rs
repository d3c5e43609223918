//! Text that Hysitron nanoDMA exports; the layout is described in `SPEC.md`.

use amorph_core::data::{Metadata, RecordingRole, Repair, Test, TraceQuantity};

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::names::heading;
use crate::traces::rows::{Rows, Style};
use crate::traces::{Builder, RawColumn, RawTable, TraceInput, chosen, decode, parsed, test_name};

pub(crate) const FORMAT: Format = Format {
    id: "nanodma",
    title: "Hysitron nanoDMA text",
    endings: &[".txt"],
    magic: "`nanoDMA Text Export Version`",
    channels: "load, depth, dynamic stiffness, moduli, phase, contact area over time",
    can_write: true,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).starts_with(MAGIC.as_bytes()),
    read: Reader::Traces(read),
};

const MAGIC: &str = "nanoDMA Text Export Version";

/// Columns by the beginning of their names.
const COLUMNS: &[(&str, TraceQuantity)] = &[
    ("test time", TraceQuantity::Time),
    ("indent disp. (", TraceQuantity::Depth),
    ("indent load (", TraceQuantity::Load),
    ("dynamic freq", TraceQuantity::Frequency),
    ("phase shift", TraceQuantity::Phase),
    ("storage mod", TraceQuantity::ReducedStorageModulus),
    ("loss mod", TraceQuantity::ReducedLossModulus),
    ("hardness", TraceQuantity::Hardness),
    ("tan-delta", TraceQuantity::TanDelta),
    ("storage stiff", TraceQuantity::ContactStiffness),
    ("loss stiff", TraceQuantity::LossStiffness),
    ("contact area", TraceQuantity::ContactArea),
    ("contact depth", TraceQuantity::ContactDepth),
];

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options, length) = (input.file, input.options, input.length);
    let mut version = None;
    let (columns, mut repairs) = input.lines(|lines, _| {
        let mut headings: Option<Vec<String>> = None;
        while headings.is_none() {
            let Some(line) = lines.next()? else { return Err(no_rows(file)) };
            let text = decode::text(line);
            match text.strip_prefix(MAGIC) {
                Some(rest) => version = Some(rest.trim().to_owned()),
                None if text.trim().is_empty() => {}
                None => headings = Some(text.trim_end().split('\t').map(|cell| cell.trim().to_owned()).collect()),
            }
        }
        let headings = headings.unwrap_or_default();
        let mut rows = Rows::new(file, Style::TABS, headings.len(), length / (10 * headings.len().max(1) as u64))?;
        loop {
            let number = lines.number() + 1;
            let Some(line) = lines.next()? else { break };
            if !line.trim_ascii().is_empty() {
                rows.push(line, number);
            }
        }
        if rows.len() == 0 {
            return Err(no_rows(file));
        }
        let (values, repairs) = rows.finish();
        Ok((headings.iter().zip(values).map(|(cell, values)| column(cell, values)).collect::<Vec<_>>(), repairs))
    })?;
    let columns: Vec<RawColumn> = columns.into_iter().map(|column| not_computed(column, &mut repairs)).collect();
    let mut builder = Builder::new(file, options);
    let table = RawTable { repairs, ..RawTable::new("test", RecordingRole::Test, columns) };
    let name = test_name(file);
    let test = Test { tables: vec![builder.recording(&name, table)?], name, ..Test::default() };
    Ok(parsed(chosen(file, vec![test], &options.tests)?, Metadata::default(), version, builder.notes))
}

fn column(cell: &str, values: Vec<f64>) -> RawColumn {
    let (name, unit) = heading(cell);
    let lower = cell.to_lowercase();
    let known = COLUMNS.iter().find(|(start, _)| lower.starts_with(start)).map(|(_, quantity)| *quantity);
    RawColumn { name, unit, values, quantity: Some(known.unwrap_or(TraceQuantity::Other)) }
}

/// A modulus, a hardness or an area of exactly zero was not computed.
fn not_computed(mut column: RawColumn, repairs: &mut Vec<Repair>) -> RawColumn {
    let name = column.name.to_lowercase();
    if !["mod.", "hardness", "contact area"].iter().any(|part| name.contains(part)) {
        return column;
    }
    let (mut rows, mut first) = (0, 0);
    for (row, value) in column.values.iter_mut().enumerate().filter(|(_, value)| **value == 0.0) {
        *value = f64::NAN;
        first = if rows == 0 { row } else { first };
        rows += 1;
    }
    if rows > 0 {
        let text = format!("'{}': {rows} values of exactly 0 were not computed and are missing", column.name);
        repairs.push(Repair { kind: "sentinel".to_owned(), rows, first, text });
    }
    column
}

fn no_rows(file: &str) -> IoError {
    IoError::MissingField { file: file.to_owned(), field: "the table of numbers".to_owned(), place: "the export".to_owned() }
}
