//! JSON that TRIOS exports; the layout is described in `SPEC_JSON.md`.
//!
//! Rows are read one by one into columns, so that a long file takes little more memory than its numbers, and what stands before a cut is
//! kept.

mod cells;

use std::collections::HashSet;
use std::io::{BufReader, SeekFrom};

use amorph_core::data::Metadata;
use amorph_core::outcome::Note;
use serde::de::DeserializeSeed as _;
use serde_json::Value;

use self::cells::{Column, Found, Level, Walk};
use super::{Step, quantity, tests};
use crate::IoError;
use crate::formats::{Format, Reader};
use crate::maps::Parsed;
use crate::traces::{Builder, RawColumn, TraceInput, chosen, parsed};

pub(crate) const FORMAT: Format = Format {
    id: "trios_json",
    title: "TRIOS JSON",
    endings: &[".json"],
    magic: "`{`, and `TRIOSJSONExportSchema` among the first 64 KiB",
    channels: "one test per step of the results: angular frequency, temperature, storage and loss modulus, time, stress, strain, heat flow",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC_JSON.md"),
    recognises,
    read: Reader::Traces(read),
};

const SCHEMA: &[u8] = b"TRIOSJSONExportSchema";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const HEADERS: &str = "Results.Processed.ColumnHeaders";
/// The densest element has 22.6 g/cm³, kg/m³.
const DENSEST: f64 = 22_600.0;

fn recognises(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(crate::formats::HEAD)];
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    text.first() == Some(&b'{') && text.windows(SCHEMA.len()).any(|part| part == SCHEMA)
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options, length) = (input.file, input.options, input.length);
    let start = if input.head.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() as u64 } else { 0 };
    input.source.seek(SeekFrom::Start(start)).map_err(|source| IoError::Read { file: file.to_owned(), source })?;
    let mut found = Found::default();
    let mut text = serde_json::Deserializer::from_reader(BufReader::new(&mut *input.source));
    let walked = Walk { level: Level::Root, found: &mut found }.deserialize(&mut text).and_then(|()| text.end());
    let mut builder = Builder::new(file, options);
    if let Err(error) = walked {
        if error.is_io() {
            return Err(IoError::Read { file: file.to_owned(), source: error.into() });
        }
        if !error.is_eof() || found.n_rows() == 0 || found.headers.is_none() {
            return Err(IoError::Damaged { file: file.to_owned(), part: found.place.to_owned(), reason: error.to_string() });
        }
        let text = format!("{file} ends within {}: the {} rows before the cut are kept", found.place, found.n_rows());
        builder.notes.push(Note::warning("cut_short", text));
    }
    let Some(headers) = found.headers.take() else {
        return Err(IoError::MissingField { file: file.to_owned(), field: HEADERS.to_owned(), place: "the file".to_owned() });
    };
    let mut metadata = Metadata::default();
    head(file, &found.descriptions, &mut metadata, &mut builder.notes);
    let steps = steps(&mut builder, found, &headers, length)?;
    let read = tests(&mut builder, steps, "Results.Processed.Rows holds no numbers")?;
    let schema = metadata.get("Url").map(str::to_owned);
    Ok(parsed(chosen(file, read, &options.tests)?, metadata, schema, builder.notes))
}

/// Name, unit and whether it holds numbers, of a column in `ColumnHeaders`.
struct Heading {
    name: String,
    unit: Option<String>,
    numeric: bool,
}

impl Heading {
    fn of(file: &str, key: &str, header: &Value) -> Result<Self, IoError> {
        let wrong = |part: &str, value: &Value, needed: &'static str| IoError::Field {
            file: file.to_owned(),
            field: format!("{HEADERS}.'{key}'{part}"),
            found: value.to_string().chars().take(60).collect(),
            needed,
        };
        let Value::Object(fields) = header else {
            return Err(wrong("", header, "an object with DisplayName, ValueType and Unit"));
        };
        let text = |field: &str| match fields.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(other) => Err(wrong(&format!(".{field}"), other, "a text")),
        };
        let unit = match fields.get("Unit") {
            None | Some(Value::Null) => None,
            Some(unit) => match unit.get("Name") {
                Some(Value::String(name)) => Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
                Some(Value::Null) => None,
                _ => return Err(wrong(".Unit", unit, "an object { \"Name\": \"Pa\" }")),
            },
        };
        let name = text("DisplayName")?.unwrap_or(key).trim().to_owned();
        let numeric = matches!(text("ValueType")?, None | Some("Number" | "Integer"));
        Ok(Self { name, unit, numeric })
    }
}

/// The rows of every step, in the order in which steps appear among the rows; steps without rows come last.
fn steps(builder: &mut Builder<'_>, found: Found, headers: &Value, length: u64) -> Result<Vec<Step>, IoError> {
    let file = builder.file;
    let Value::Object(headers) = headers else {
        let found = headers.to_string().chars().take(60).collect();
        return Err(IoError::Field {
            file: file.to_owned(),
            field: HEADERS.to_owned(),
            found,
            needed: "an object by the keys of the rows",
        });
    };
    let mut columns: Vec<(Heading, Column)> = Vec::new();
    let mut unlisted = Vec::new();
    let Found { columns: by_key, row_steps, ids, step_names, .. } = found;
    for column in by_key {
        match headers.get(&column.key) {
            None => unlisted.push(format!("'{}'", column.key)),
            Some(header) => {
                let heading = Heading::of(file, &column.key, header)?;
                if heading.numeric && !column.cells.is_empty() {
                    columns.push((heading, column));
                }
            }
        }
    }
    if !unlisted.is_empty() {
        let text = format!("{file}: ColumnHeaders lacks {}; without a unit they are left out", unlisted.join(", "));
        builder.notes.push(Note::warning("columns_unlisted", text));
    }
    for (heading, column) in columns.iter().filter(|(_, column)| column.texts > 0) {
        let (texts, name) = (column.texts, &heading.name);
        let text = format!(
            "{file}: {texts} cells of '{name}' are no numbers, the first in row {}; they count as missing",
            column.first_text + 1
        );
        builder.notes.push(Note::warning("cells_no_numbers", text));
    }
    // Place of a row within its step.
    let mut sizes = vec![0; ids.len()];
    let places: Vec<usize> = row_steps
        .iter()
        .map(|step| {
            sizes[*step] += 1;
            sizes[*step] - 1
        })
        .collect();
    let held = |column: &Column| column.cells.iter().map(|(row, _)| row_steps[*row]).collect::<HashSet<usize>>();
    let cells: usize = columns.iter().flat_map(|(_, column)| held(column)).map(|step| sizes[step]).sum();
    // A cell takes several bytes of the text: rows that hold next to nothing must not claim gigabytes.
    if cells as u64 > length {
        return Err(IoError::TooLarge {
            file: file.to_owned(),
            field: "Results.Processed.Rows".to_owned(),
            claimed: format!("{cells} cells, nearly all of them empty"),
            available: length,
        });
    }
    let named =
        |id: &String| step_names.iter().find(|(known, _)| known == id).map_or_else(|| id.clone(), |(_, name)| name.clone());
    let mut steps: Vec<Step> = ids.iter().map(|id| Step { name: named(id), ..Step::default() }).collect();
    for (heading, column) in columns {
        let mut values: Vec<Option<Vec<f64>>> = vec![None; steps.len()];
        for (row, value) in column.cells {
            let step = row_steps[row];
            values[step].get_or_insert_with(|| vec![f64::NAN; sizes[step]])[places[row]] = value;
        }
        for (step, values) in steps.iter_mut().zip(values) {
            step.columns.extend(values.map(|values| RawColumn {
                quantity: Some(quantity(&heading.name)),
                name: heading.name.clone(),
                unit: heading.unit.clone(),
                values,
            }));
        }
    }
    let empty = step_names.into_iter().filter(|(id, _)| !ids.contains(id));
    steps.extend(empty.map(|(_, name)| Step { name, ..Step::default() }));
    Ok(steps)
}

/// What the file says about sample, procedure and instrument; who measured is left out.
fn head(file: &str, descriptions: &[(String, Value)], metadata: &mut Metadata, notes: &mut Vec<Note>) {
    for (key, value) in descriptions {
        let section = if value.is_object() { key.as_str() } else { "" };
        let name = if value.is_object() { "" } else { key.as_str() };
        entries(section, name, value, metadata);
    }
    let density = metadata.get("Density").and_then(|text| amorph_core::unit::Quantity::parse(&text.replace('³', "^3")).ok());
    if let Some(density) = density.filter(|density| density.unit.is_compatible(&amorph_core::unit::Unit::of("kg/m^3")))
        && density.value > DENSEST
    {
        let text = format!("{file}: a density of {:.0} kg/m³ is that of no material; check its unit in TRIOS", density.value);
        notes.push(Note::warning("density_implausible", text));
    }
}

/// Texts and numbers below a value, each under its own key; `{ Value, Unit: { Name } }` is one entry.
fn entries(section: &str, key: &str, value: &Value, metadata: &mut Metadata) {
    match value {
        Value::String(text) => metadata.push(section, key, text),
        Value::Number(_) | Value::Bool(_) => metadata.push(section, key, &value.to_string()),
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| entries(section, key, item, metadata)),
        Value::Object(fields) => match (fields.get("Value"), fields.get("Unit").and_then(|unit| unit.get("Name"))) {
            (Some(number), Some(Value::String(unit))) => metadata.push(section, key, &format!("{number} {unit}")),
            (Some(number), None) => entries(section, key, number, metadata),
            _ => fields.iter().filter(|(key, _)| !matches!(key.as_str(), "Operators" | "Steps" | "Id")).for_each(
                |(inner, value)| {
                    entries(section, if inner == "Name" && !key.is_empty() { key } else { inner }, value, metadata)
                },
            ),
        },
    }
}
