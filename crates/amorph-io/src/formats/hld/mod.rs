//! Hysitron .hld records; the layout is described in `SPEC.md`.

mod constants;
mod segments;

use amorph_core::data::{Metadata, RecordingRole, Repair, Test};

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::names::heading;
use crate::traces::rows::{Rows, Style};
use crate::traces::{Builder, Lines, RawColumn, RawTable, TraceInput, chosen, decode, head_lines, is_text, parsed, test_name};

pub(crate) const FORMAT: Format = Format {
    id: "hld",
    title: "Hysitron record",
    endings: &[".hld"],
    magic: "`File Version: Hysitron` or `Test Type:`, and `... Data Points:` below",
    channels: "time, depth, load and voltages; approach and drift in tables of their own",
    can_write: true,
    needs_sidecar: false,
    constants: constants::PLACES,
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

const POINTS: &str = "Data Points";
/// A head is longer than a picture of the first lines, but not by much.
const HEAD: usize = 1 << 16;

fn recognises(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    let starts = [&b"File Version: Hysitron"[..], b"Test Type:"].iter().any(|magic| head.starts_with(magic));
    starts && is_text(head) && head_lines(head, true).iter().any(|line| points(line).is_some())
}

/// Role and number of rows of `<Role> Data Points: N`.
fn points(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    Some((key.trim().strip_suffix(POINTS)?.trim(), value.trim()))
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options) = (input.file, input.options);
    let mut head = Metadata::default();
    let mut tables = Vec::new();
    input.lines(|lines, _| {
        while let Some(line) = lines.next()? {
            let text = decode::text(line);
            match (points(&text), text.split_once(':')) {
                (Some((role, n)), _) => tables.push(block(file, lines, role, n)?),
                (None, Some((key, value))) => head.push("", key.trim(), value.trim()),
                (None, None) => {}
            }
        }
        Ok(())
    })?;
    let measured = tables.iter().any(|table| table.role == RecordingRole::Test);
    if !measured {
        return Err(IoError::NoTests {
            file: file.to_owned(),
            wanted: "there is no block 'Test Data Points'".to_owned(),
            found: tables.iter().map(|table| format!("'{}'", table.name)).collect(),
            remedy: "; the measurement was stopped before the test",
        });
    }
    let mut builder = Builder::new(file, options);
    let name = test_name(file);
    let mut recordings = Vec::new();
    for mut table in tables {
        if table.role == RecordingRole::Test {
            segments::of_head(&head, &mut table);
        }
        recordings.push(builder.recording(&name, table)?);
    }
    let version = head.get("File Version").map(str::to_owned);
    let test = Test { name, head: head.clone(), tables: recordings, ..Test::default() };
    let constants = constants::of_head(&head);
    Ok(Parsed { constants, ..parsed(chosen(file, vec![test], &options.tests)?, head, version, builder.notes) })
}

fn role(name: &str) -> RecordingRole {
    let lower = name.to_lowercase();
    match lower.as_str() {
        "test" => RecordingRole::Test,
        _ if lower.contains("approach") => RecordingRole::Approach,
        _ if lower.contains("drift") => RecordingRole::Drift,
        _ if lower.contains("calibration") => RecordingRole::Calibration,
        _ => RecordingRole::Auxiliary,
    }
}

/// The names and rows below a count; the block ends where letters begin again.
fn block(file: &str, lines: &mut Lines<'_>, name: &str, stated: &str) -> Result<RawTable, IoError> {
    let role = role(name);
    let Some(header) = lines.next()?.map(decode::text) else {
        return Err(IoError::MissingField {
            file: file.to_owned(),
            field: "the line of column names".to_owned(),
            place: format!("the block '{name} {POINTS}'"),
        });
    };
    let headings: Vec<_> = header.trim_end().split('\t').map(heading).collect();
    let mut rows = Rows::new(file, Style::TABS, headings.len(), 0)?;
    while let Some(line) = lines.peek()? {
        let begin = line.trim_ascii_start().first().copied();
        if begin.is_some_and(|byte| byte.is_ascii_alphabetic()) && line.contains(&b':') {
            break;
        }
        let number = lines.number() + 1;
        if let Some(line) = lines.next()?
            && begin.is_some()
        {
            rows.push(line, number);
        }
    }
    let (values, mut repairs) = rows.finish();
    let n_rows = values.first().map_or(0, Vec::len);
    if stated.parse() != Ok(n_rows) {
        let text = format!("the head states {stated} points, the file holds {n_rows}; those are kept");
        repairs.push(Repair { kind: "count".to_owned(), rows: n_rows, first: 0, text });
    }
    let column = |((name, unit), values)| RawColumn { name, unit, values, quantity: None };
    let columns = headings.into_iter().zip(values).map(column).collect();
    Ok(RawTable { repairs, time_is_kept: true, ..RawTable::new(name, role, columns) })
}
