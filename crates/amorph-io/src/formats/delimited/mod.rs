//! Delimited text of any other instrument or script; the rules are in `SPEC.md`.

pub(crate) mod long;

use amorph_core::data::{Metadata, RecordingRole, Test};

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::rows::Rows;
use crate::traces::{
    Builder, Layout, RawColumn, RawTable, TraceInput, TraceOptions, chosen, head_lines, is_text, parsed, recorded, test_name,
};

pub(crate) const FORMAT: Format = Format {
    id: "delimited",
    title: "delimited text of traces",
    endings: &[".csv", ".tsv", ".txt", ".dat"],
    magic: "text whose column names hold a time and a load, depth, current or the like, or a frequency and both moduli, and no size or duration of events",
    channels: "any; names and units from the header, or from `columns` in the study",
    can_write: true,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

/// How much is looked at to tell traces from other tables.
const SNIFFED: usize = 1 << 16;

fn recognises(bytes: &[u8]) -> bool {
    let more = bytes.len() > SNIFFED;
    let head = &bytes[..bytes.len().min(SNIFFED)];
    // Names are letters, markup and JSON begin otherwise; maps and curves of Gwyddion begin with comments.
    if !is_text(head) || head.starts_with(b"{") || head.starts_with(b"<") || head.starts_with(b"# Channel:") {
        return false;
    }
    match Layout::of("", &head_lines(head, more), &TraceOptions::default()) {
        Ok(layout) => layout.is_some_and(|layout| layout.is_trace()),
        // Doubtful commas below the names of a trace are for this reader to refuse.
        Err(_) => true,
    }
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options, length) = (input.file, input.options, input.length);
    let sample = input.head_lines();
    if !is_text(input.head) {
        return Err(super::not_text(file, input.head));
    }
    let Some(layout) = Layout::of(file, &sample, options)? else {
        return Err(IoError::NoTests {
            file: file.to_owned(),
            wanted: "there are no two columns of numbers".to_owned(),
            found: sample.iter().take(3).map(|line| format!("'{}'", line.chars().take(60).collect::<String>())).collect(),
            remedy: "; export the table of numbers",
        });
    };
    let mut metadata = Metadata::default();
    head_text(&sample[..layout.header.min(sample.len())], &mut metadata);
    let expected = length / layout.line_length as u64 + 1;
    let (values, repairs) = input.lines(|lines, encoding| {
        metadata.push("", "encoding", encoding.name());
        let mut rows = Rows::new(file, layout.style, layout.columns.len(), expected)?;
        for _ in 0..layout.first {
            lines.next()?;
        }
        loop {
            let number = lines.number() + 1;
            let Some(line) = lines.next()? else { break };
            if !line.trim_ascii().is_empty() && line.first() != Some(&b'#') {
                rows.push(line, number);
            }
        }
        Ok(rows.finish())
    })?;
    let columns = raw_columns(&layout, values);
    if !options.sets.is_empty() {
        let (tests, notes) = recorded(file, &columns, options)?;
        return Ok(parsed(chosen(file, tests, &options.tests)?, metadata, None, notes));
    }
    let mut builder = Builder { several_allowed: false, ..Builder::new(file, options) };
    let name = test_name(file);
    let table = RawTable { repairs, ..RawTable::new("test", RecordingRole::Test, columns) };
    let test = Test { tables: vec![builder.recording(&name, table)?], name, ..Test::default() };
    Ok(parsed(chosen(file, vec![test], &options.tests)?, metadata, None, builder.notes))
}

/// The columns of a table with their names and units.
fn raw_columns(layout: &Layout, values: Vec<Vec<f64>>) -> Vec<RawColumn> {
    let n_rows = values.iter().map(Vec::len).max().unwrap_or(0);
    let column = |((name, unit), values): (&(String, Option<String>), Vec<f64>)| {
        let (name, unit) = (name.clone(), unit.clone());
        if values.is_empty() && n_rows > 0 {
            // A column of text: its numbers are all missing, its place in the file stays.
            let quantity = Some(amorph_core::data::TraceQuantity::Other);
            return RawColumn { name, unit, values: vec![f64::NAN; n_rows], quantity };
        }
        RawColumn { name, unit, values, quantity: None }
    };
    layout.columns.iter().zip(values).map(column).collect()
}

/// `key: value` and `key = value` above the table.
fn head_text(lines: &[String], metadata: &mut Metadata) {
    for line in lines.iter().map(|line| line.trim_start_matches(['#', '%']).trim()).filter(|line| !line.is_empty()) {
        match line.split_once(':').or_else(|| line.split_once('=')) {
            Some((key, value)) => metadata.push("", key.trim(), value.trim()),
            None => metadata.push("", "text", line),
        }
    }
}
