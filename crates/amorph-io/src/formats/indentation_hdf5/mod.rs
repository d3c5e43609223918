//! HDF5 files of micromechanics; the layout is described in `SPEC.md`.

use std::collections::HashMap;

use amorph_core::data::{Metadata, RecordingRole, Repair, Segment, SegmentKind, SegmentOrigin, Test, TraceQuantity};
use amorph_core::outcome::Note;
use hdf5_pure::{AttrValue, File, Group};

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::{Builder, RawColumn, RawTable, TraceInput, chosen, parsed};

pub(crate) const FORMAT: Format = Format {
    id: "indentation-hdf5",
    title: "HDF5 of indentation tests (micromechanics)",
    endings: &[".hdf5", ".h5", ".hdf"],
    magic: "`\\x89HDF` at byte 0, 512, 1024, ...",
    channels: "force, displacement, time and more of every group with a child `data`",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises: super::hdf5::is_hdf5,
    read: Reader::Traces(read),
};

/// What a test must have.
const NEEDED: [&str; 3] = ["force", "displacement", "time"];

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options) = (input.file, input.options);
    let bytes = input.all()?;
    let limit = bytes.len() as u64;
    let damaged = |part: &str, reason: String| IoError::Damaged { file: file.to_owned(), part: part.to_owned(), reason };
    let opened = super::contained(|| File::from_bytes(bytes).map_err(|error| error.to_string()));
    let opened = opened.map_err(|reason| damaged("the file", reason))?;
    let root = opened.root();
    let groups = super::contained(|| root.groups().map_err(|error| error.to_string()));
    let mut names = groups.map_err(|reason| damaged("the root group", reason))?;
    names.sort_by_key(|name| (number_of(name), name.clone()));
    let mut metadata = Metadata::default();
    attributes(&root, "", &mut metadata);
    let mut builder = Builder::new(file, options);
    let (mut tests, mut failures) = (Vec::new(), Vec::new());
    for name in &names {
        let found = super::contained(|| test_of(&root, name, limit, &mut metadata));
        match found {
            Ok(Some(mut table)) => {
                let mut repairs = std::mem::take(&mut table.repairs);
                let auxiliary = beyond_indices(&mut table, &mut repairs);
                table.repairs = repairs;
                let mut tables = vec![builder.recording(name, table)?];
                if let Some(rest) = auxiliary {
                    tables.push(builder.recording(name, rest)?);
                }
                tests.push(Test { name: name.clone(), tables, ..Test::default() });
            }
            Ok(None) => {}
            Err(reason) => failures.push(damaged(&format!("group '{name}'"), reason)),
        }
    }
    if tests.is_empty() {
        let none = IoError::NoTests {
            file: file.to_owned(),
            wanted: "no group has a child 'data' with force, displacement and time".to_owned(),
            found: names.iter().map(|name| format!("group '{name}'")).collect(),
            remedy: "; HDF5 of other instruments (Nanosurf .nhf, Asylum .ardf, detectors) is not read as traces",
        };
        return Err(failures.into_iter().next().unwrap_or(none));
    }
    ignored(&mut tests, &metadata);
    builder.notes.extend(failures.iter().map(|error| Note::warning("group_unreadable", error.to_string())));
    let version = metadata.get("version").map(str::to_owned);
    Ok(parsed(chosen(file, tests, &options.tests)?, metadata, version, builder.notes))
}

/// `test_10` stands after `test_2`; groups without a number come first, by name.
fn number_of(name: &str) -> Option<u64> {
    let digits: String = name.chars().rev().take_while(char::is_ascii_digit).collect();
    digits.chars().rev().collect::<String>().parse().ok()
}

/// The attributes of a group, as text; what cannot be decoded is escaped.
fn attributes(group: &Group, section: &str, metadata: &mut Metadata) {
    let Ok(found) = super::contained(|| group.attrs().map_err(|error| error.to_string())) else { return };
    let mut found: Vec<(String, AttrValue)> = found.into_iter().collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    for (key, value) in found {
        let text = text(&value).unwrap_or_else(|| format!("{value:?}"));
        metadata.push(section, &key, &text.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"));
    }
}

fn text(value: &AttrValue) -> Option<String> {
    let debug = format!("{value:?}");
    let inner = debug.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(&debug);
    match value {
        AttrValue::String(text) | AttrValue::AsciiString(text) => Some(text.clone()),
        _ => Some(inner.trim_start_matches('[').trim_end_matches(']').trim_matches('"').to_owned()),
    }
}

/// The table of a group; `None` where it is no test.
fn test_of(root: &Group, name: &str, limit: u64, metadata: &mut Metadata) -> Result<Option<RawTable>, String> {
    let shown = |error: hdf5_pure::Error| error.to_string();
    let group = root.group(name).map_err(shown)?;
    attributes(&group, name, metadata);
    if !group.groups().map_err(shown)?.iter().any(|child| child == "data") {
        return Ok(None);
    }
    let data = group.group("data").map_err(shown)?;
    let names = data.datasets().map_err(shown)?;
    if !NEEDED.iter().all(|needed| names.iter().any(|name| name == needed)) {
        return Ok(None);
    }
    let mut table = RawTable::new("data", RecordingRole::Test, Vec::new());
    table.time_is_kept = true;
    for channel in &names {
        let set = data.dataset(channel).map_err(shown)?;
        let shape = set.shape().map_err(shown)?;
        let [length] = shape[..] else { continue };
        // Compressed data grow, but not without bounds.
        if length.saturating_mul(8) > limit.saturating_mul(1100) {
            return Err(format!("dataset '{channel}' states {length} values in a file of {limit} bytes"));
        }
        let values = set.read_f64().map_err(shown)?;
        if channel == "indices" {
            table.segments = counted(&values);
            continue;
        }
        let attributes = set.attrs().unwrap_or_default();
        let unit = unit(&attributes);
        table.columns.push(RawColumn { name: channel.clone(), unit, values, quantity: known(channel) });
    }
    let rows = table.columns.iter().find(|column| column.name == "force").map_or(0, |column| column.values.len());
    table.columns.retain(|column| column.values.len() == rows);
    Ok(Some(table))
}

fn known(name: &str) -> Option<TraceQuantity> {
    match name {
        "force" => Some(TraceQuantity::Load),
        "displacement" => Some(TraceQuantity::Depth),
        "time" => Some(TraceQuantity::Time),
        _ => None,
    }
}

fn unit(attributes: &HashMap<String, AttrValue>) -> Option<String> {
    attributes.get("unit").or_else(|| attributes.get("units")).and_then(text).map(|unit| unit.trim().to_owned())
}

/// `indices`: how many rows load, hold and unload have.
fn counted(counts: &[f64]) -> Vec<Segment> {
    let kinds = [SegmentKind::Load, SegmentKind::Hold, SegmentKind::Unload];
    let mut first = 0;
    let mut segments = Vec::new();
    for (count, kind) in counts.iter().zip(kinds) {
        let n = if *count >= 0.0 && *count < 1e12 { *count as usize } else { 0 };
        if n > 0 {
            segments.push(Segment { kind, first, end: first + n, origin: SegmentOrigin::File, demand: None });
        }
        first += n;
    }
    segments
}

/// Rows beyond the counted ones go into a table of their own: they belong to no segment of the test.
fn beyond_indices(table: &mut RawTable, repairs: &mut Vec<Repair>) -> Option<RawTable> {
    let end = table.segments.last()?.end;
    let rows = table.columns.first().map_or(0, |column| column.values.len());
    if end > rows {
        let text = format!("`indices` count {end} rows, there are {rows}; segments are found in the load");
        repairs.push(Repair { kind: "segments".to_owned(), rows, first: 0, text });
        table.segments.clear();
        return None;
    }
    if end == rows {
        return None;
    }
    let text = format!("{} rows after the unloading, beyond `indices`, are kept as an auxiliary table", rows - end);
    repairs.push(Repair { kind: "auxiliary_rows".to_owned(), rows: rows - end, first: end, text });
    let rest = table.columns.iter_mut().map(|column| RawColumn {
        name: column.name.clone(),
        unit: column.unit.clone(),
        values: column.values.split_off(end),
        quantity: column.quantity,
    });
    Some(RawTable { time_is_kept: true, ..RawTable::new("after the test", RecordingRole::Auxiliary, rest.collect()) })
}

/// Marks such as `{"test_1": {"ignore": true}}` are shown; nothing is deleted for them.
fn ignored(tests: &mut [Test], metadata: &Metadata) {
    for entry in &metadata.entries {
        let Ok(serde_json::Value::Object(marks)) = serde_json::from_str(&entry.value) else { continue };
        for test in tests.iter_mut() {
            let mark = marks.get(&test.name).and_then(|mark| mark.get("ignore"));
            test.ignored_by_instrument |= mark == Some(&serde_json::Value::Bool(true));
        }
    }
}
