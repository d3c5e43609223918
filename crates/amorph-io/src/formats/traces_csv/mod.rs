//! The lossless text of a record in SI that Amorph writes; the layout is described in `SPEC.md`.

use amorph_core::data::{Channel, Metadata, Recording, RecordingRole, Repair, Segment, Test, TraceQuantity};
use amorph_core::unit::Unit;
use serde::Deserialize;

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::rows::{Rows, Style};
use crate::traces::{Lines, TraceInput, chosen, decode, parsed};

pub(crate) const FORMAT: Format = Format {
    id: "amorph-traces",
    title: "traces in SI as written by Amorph",
    endings: &[".csv"],
    magic: "`# amorph-traces-1`",
    channels: "all of a record, with segments and repairs",
    can_write: true,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: |bytes| bytes.starts_with(b"# amorph-traces-1"),
    read: Reader::Traces(read),
};

#[derive(Deserialize)]
struct TableHead {
    name: String,
    role: RecordingRole,
    rows: u64,
    channels: Vec<ChannelHead>,
    segments: Vec<Segment>,
    repairs: Vec<Repair>,
}

#[derive(Deserialize)]
struct ChannelHead {
    name: String,
    quantity: TraceQuantity,
    unit_in_file: String,
    unit: Unit,
    factor: f64,
    quantisation: Option<f64>,
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options, length) = (input.file, input.options, input.length);
    let mut metadata = Metadata::default();
    let mut tests: Vec<Test> = Vec::new();
    input.lines(|lines, _| {
        while let Some(line) = lines.next()? {
            let text = decode::text(line);
            let number = lines.number();
            let damaged = |error: serde_json::Error| IoError::Damaged {
                file: file.to_owned(),
                part: format!("line {number}"),
                reason: error.to_string(),
            };
            let Some((key, value)) = text.strip_prefix("# ").and_then(|rest| rest.split_once(": ")) else { continue };
            match key {
                "source" => metadata.push("", "source", value),
                "metadata" => {
                    let [section, key, value]: [String; 3] = serde_json::from_str(value).map_err(damaged)?;
                    metadata.push(&section, &key, &value);
                }
                "test" => tests.push(serde_json::from_str(value).map_err(damaged)?),
                "table" => {
                    let head: TableHead = serde_json::from_str(value).map_err(damaged)?;
                    let table = table(file, lines, head, length)?;
                    match tests.last_mut() {
                        Some(test) => test.tables.push(table),
                        None => tests.push(Test { name: "test".to_owned(), tables: vec![table], ..Test::default() }),
                    }
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    if tests.is_empty() {
        return Err(IoError::Empty { file: file.to_owned() });
    }
    Ok(parsed(chosen(file, tests, &options.tests)?, metadata, Some("1".to_owned()), Vec::new()))
}

fn table(file: &str, lines: &mut Lines<'_>, head: TableHead, length: u64) -> Result<Recording, IoError> {
    let n = head.channels.len();
    // A row takes at least a mark per channel or a line end.
    if head.rows.saturating_mul(n.max(1) as u64) > length {
        return Err(IoError::TooLarge {
            file: file.to_owned(),
            field: format!("rows of table '{}'", head.name),
            claimed: head.rows.to_string(),
            available: length / n.max(1) as u64,
        });
    }
    let style = Style { delimiter: b',', decimal: b'.' };
    let mut rows = Rows::new(file, style, n, head.rows)?;
    lines.next()?;
    for _ in 0..head.rows {
        let number = lines.number() + 1;
        match lines.next()? {
            Some(line) => rows.push(line, number),
            None => break,
        }
    }
    let (values, mut mended) = rows.finish();
    let n_rows = values.iter().map(Vec::len).max().unwrap_or(0);
    if (n_rows as u64) < head.rows {
        let text = format!("the head states {} rows, the file holds {n_rows}", head.rows);
        mended.push(Repair { kind: "count".to_owned(), rows: n_rows, first: 0, text });
    }
    let whole = |mut values: Vec<f64>| {
        values.resize(n_rows, f64::NAN);
        values
    };
    let channel = |(head, values): (ChannelHead, Vec<f64>)| Channel {
        name: head.name,
        quantity: head.quantity,
        unit_in_file: head.unit_in_file,
        unit: head.unit,
        factor: head.factor,
        quantisation: head.quantisation,
        values: whole(values),
    };
    Ok(Recording {
        name: head.name,
        role: head.role,
        channels: head.channels.into_iter().zip(values).map(channel).collect(),
        segments: head.segments.into_iter().filter(|segment| segment.end <= n_rows).collect(),
        repairs: head.repairs.into_iter().chain(mended).collect(),
    })
}
