//! What a measurement says about its files of traces: columns, units, signs, tests, segments.

use super::frames;
use super::node::{self, Node, Span, Table, Value};
use super::problem::{Problem, ProblemKind, StudyError};
use super::reader::Reader;
use crate::core::data::{SegmentKind, TraceQuantity};
use crate::core::unit::{Quantity, Unit, UnitError};
use crate::io::{
    ColumnMapping, ColumnPlace, DepthSign, NamedColumn, SegmentRange, StatedSegment, StatedSet, TRACE_PRESETS, TraceOptions,
    TracePreset,
};

/// Keys of a measurement that are about files of traces.
pub(super) const TRACE_KEYS: &[&str] = &[
    "columns",
    "sets",
    "preset",
    "depth_sign",
    "tests",
    "sheet",
    "segments",
    "decimal",
    "delimiter",
    "in_stretches",
    "format",
];

/// Reads these keys from a text of their own, as `amorph info --set` and `amorph.open` give them.
///
/// # Errors
/// [`StudyError::Invalid`] with every mistake and its place.
pub fn trace_options(text: &str) -> Result<TraceOptions, StudyError> {
    let mut problems = Vec::new();
    let options = match node::parse(text) {
        Ok(table) => {
            let mut reader = Reader::new("what is said about traces", table, 0..text.len(), &mut problems);
            let options = read(&mut reader, Names::Any);
            reader.finish();
            options
        }
        Err((message, span)) => {
            problems.push(Problem { span, kind: ProblemKind::Toml { message } });
            TraceOptions::default()
        }
    };
    if problems.is_empty() {
        return Ok(options);
    }
    Err(StudyError::Invalid { path: "what is said about traces".to_owned(), text: text.to_owned(), problems })
}

/// Which names columns may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Those of the quantities that traces have.
    Quantities,
    /// Any: the methods say which columns of a table they look for.
    Free,
    /// Quantities of traces, and any other as columns of a table.
    Any,
}

/// Takes the keys about traces out of a measurement.
pub(super) fn read(reader: &mut Reader<'_>, names: Names) -> TraceOptions {
    let columns = reader.table("columns").map(|(table, _)| table).unwrap_or_default();
    let sets = reader.tables("sets");
    let preset = reader.word("preset");
    let sign = reader.word("depth_sign");
    let tests = reader.texts("tests").unwrap_or_default();
    let sheet = reader.text("sheet");
    let segments = reader.tables("segments");
    let decimal = reader.word("decimal");
    let delimiter = reader.word("delimiter");
    let in_stretches = reader.flag("in_stretches");
    let format = reader.word("format");
    let frames = frames::read(reader);
    let problems = reader.problems();
    let preset = preset.and_then(|(name, span)| {
        let found = TracePreset::find(&name);
        if found.is_none() {
            let known = TRACE_PRESETS.iter().map(|preset| preset.name.to_owned()).collect();
            problems.push(unknown("preset", name, known, span));
        }
        found
    });
    let depth_sign = sign.and_then(|(word, span)| match word.as_str() {
        "as-written" => Some(DepthSign::AsWritten),
        "inverted" => Some(DepthSign::Inverted),
        _ => {
            problems.push(unknown("depth sign", word, vec!["as-written".to_owned(), "inverted".to_owned()], span));
            None
        }
    });
    let format = format.and_then(|(id, span)| {
        let known: Vec<String> = crate::io::formats().iter().map(|format| format.id.to_owned()).collect();
        if known.contains(&id) {
            return Some(id);
        }
        problems.push(unknown("file format", id, known, span));
        None
    });
    let (columns, named) = read_columns(&columns, names, problems);
    let read_set = |(index, (table, span)): (usize, (Table, Span))| read_set(index + 1, table, span, problems);
    let sets = sets.into_iter().enumerate().map(read_set).collect();
    TraceOptions {
        format,
        columns,
        sets,
        named,
        preset,
        depth_sign,
        tests: tests.into_iter().map(|(name, _)| name).collect(),
        sheet,
        segments: segments.into_iter().filter_map(|(table, span)| read_segment(table, span, problems)).collect(),
        decimal: decimal.and_then(|word| mark("decimal", word, &[".", ","], problems)),
        delimiter: delimiter.and_then(|word| mark("delimiter", word, &["\t", ";", ",", "|", " "], problems)),
        in_stretches,
        member_limit: None,
        frames,
    }
}

fn unknown(what: &'static str, found: String, known: Vec<String>, span: Span) -> Problem {
    Problem { span, kind: ProblemKind::UnknownWord { what, found, known } }
}

fn mark(what: &'static str, (word, span): (String, Span), known: &[&str], problems: &mut Vec<Problem>) -> Option<char> {
    if known.contains(&word.as_str()) {
        return word.chars().next();
    }
    problems.push(unknown(what, word, known.iter().map(|mark| format!("{mark:?}")).collect(), span));
    None
}

const COLUMN: &str = "the name or the number of a column, or a table { column = \"Force\", unit = \"mN\" }";

fn read_columns(table: &Table, names: Names, problems: &mut Vec<Problem>) -> (Vec<ColumnMapping>, Vec<NamedColumn>) {
    let (mut mappings, mut named) = (Vec::new(), Vec::new());
    for entry in &table.entries {
        let quantity = TraceQuantity::parse(&entry.key).filter(|_| names != Names::Free);
        if quantity.is_none() && names != Names::Quantities {
            named.extend(read_named(&entry.key, &entry.node, problems));
            continue;
        }
        let Some(quantity) = quantity else {
            let known = TraceQuantity::ALL.iter().map(|quantity| quantity.word().to_owned()).collect();
            let kind = ProblemKind::UnknownKey { key: entry.key.clone(), table: "columns".to_owned(), known };
            problems.push(Problem { span: entry.key_span.clone(), kind });
            continue;
        };
        let plain = place(&entry.node).map(|column| ColumnMapping { quantity, column, unit: None, scale: 1.0, offset: 0.0 });
        let mapping = match (&entry.node.value, plain) {
            (_, Some(mapping)) => Some(mapping),
            (Value::Table(table), None) => read_column(quantity, table.clone(), entry.node.span.clone(), problems),
            _ => {
                let found = entry.node.kind();
                let kind = ProblemKind::WrongKind { key: entry.key.clone(), expected: COLUMN, found };
                problems.push(Problem { span: entry.node.span.clone(), kind });
                None
            }
        };
        mappings.extend(mapping);
    }
    (mappings, named)
}

/// One of several curves beside each other; without a name it is called by its temperature, or its number.
fn read_set(number: usize, table: Table, span: Span, problems: &mut Vec<Problem>) -> StatedSet {
    let mut reader = Reader::new("a set of columns", table, span, problems);
    let name = reader.text("name");
    let temperature = reader.quantity("temperature", "K", "\"97 degC\"").map(|quantity| quantity.value);
    let columns = reader.table("columns").map(|(table, _)| table);
    reader.require(
        "columns",
        columns.is_some(),
        "columns = { time = { column = 1, unit = \"s\" }, creep_compliance = { column = 2, unit = \"1/GPa\" } }",
    );
    reader.finish();
    let (columns, _) = read_columns(&columns.unwrap_or_default(), Names::Quantities, problems);
    let usual = || temperature.map_or_else(|| format!("set {number}"), |kelvin| format!("{kelvin:.2} K"));
    StatedSet { name: name.unwrap_or_else(usual), temperature, columns }
}

/// A column of a table under the name that a method looks for.
fn read_named(name: &str, node: &Node, problems: &mut Vec<Problem>) -> Option<NamedColumn> {
    let name = name.to_owned();
    if let Some(column) = place(node) {
        return Some(NamedColumn { name, column, unit: None });
    }
    let Value::Table(table) = &node.value else {
        let kind = ProblemKind::WrongKind { key: name, expected: COLUMN, found: node.kind() };
        problems.push(Problem { span: node.span.clone(), kind });
        return None;
    };
    let mut reader = Reader::new("a column", table.clone(), node.span.clone(), problems);
    let column = reader.node("column");
    let unit = reader.word("unit");
    reader.require("column", column.is_some(), "column = \"Force\", or its number, counted from 1");
    reader.finish();
    let unit = unit.and_then(|(text, span)| {
        let wrong = |error| Problem { span, kind: unit_problem(error) };
        Unit::parse(&text).map_err(|error| problems.push(wrong(error))).ok()
    });
    Some(NamedColumn { name, column: stated_place(&column?, problems)?, unit })
}

fn unit_problem(error: UnitError) -> ProblemKind {
    ProblemKind::Quantity { key: "unit".to_owned(), error, expected: "as a unit, for instance \"mN\"".to_owned() }
}

fn stated_place(node: &Node, problems: &mut Vec<Problem>) -> Option<ColumnPlace> {
    let found = place(node);
    if found.is_none() {
        let expected = "the name of a column in quotes, or its number, counted from 1";
        let kind = ProblemKind::WrongKind { key: "column".to_owned(), expected, found: node.kind() };
        problems.push(Problem { span: node.span.clone(), kind });
    }
    found
}

fn place(node: &Node) -> Option<ColumnPlace> {
    match &node.value {
        Value::Text(name) => Some(ColumnPlace::Name(name.clone())),
        Value::Integer(number) => usize::try_from(*number).ok().filter(|number| *number > 0).map(ColumnPlace::Number),
        _ => None,
    }
}

fn read_column(quantity: TraceQuantity, table: Table, span: Span, problems: &mut Vec<Problem>) -> Option<ColumnMapping> {
    let mut reader = Reader::new("a column", table, span, problems);
    let column = reader.node("column");
    let unit = reader.word("unit");
    let (scale, offset) = (reader.node("scale"), reader.node("offset"));
    reader.require("column", column.is_some(), "column = \"Force\", or its number, counted from 1");
    reader.finish();
    let unit = unit.and_then(|(text, span)| {
        let target = quantity.unit();
        let read = Unit::parse(&text).and_then(|unit| target.map_or(Ok(()), |target| unit.require(&target)).map(|()| unit));
        let wrong = |error| Problem { span, kind: unit_problem(error) };
        read.map_err(|error| problems.push(wrong(error))).ok()
    });
    let scale = number("scale", scale, 1.0, problems);
    let offset = number("offset", offset, 0.0, problems);
    Some(ColumnMapping { quantity, column: stated_place(&column?, problems)?, unit, scale, offset })
}

fn number(key: &str, node: Option<Node>, absent: f64, problems: &mut Vec<Problem>) -> f64 {
    let Some(node) = node else { return absent };
    match node.value {
        Value::Integer(value) => value as f64,
        Value::Number(value) if value.is_finite() => value,
        _ => {
            let kind = ProblemKind::WrongKind { key: key.to_owned(), expected: "a number", found: node.kind() };
            problems.push(Problem { span: node.span, kind });
            absent
        }
    }
}

const KINDS: [SegmentKind; 6] =
    [SegmentKind::Load, SegmentKind::Hold, SegmentKind::Unload, SegmentKind::Drift, SegmentKind::Approach, SegmentKind::Other];

fn read_segment(table: Table, span: Span, problems: &mut Vec<Problem>) -> Option<StatedSegment> {
    let mut reader = Reader::new("a segment", table, span.clone(), problems);
    let kind = reader.word("kind");
    let (from, to) = (reader.quantity("from", "s", "\"0 s\""), reader.quantity("to", "s", "\"5 s\""));
    let (first, end) = (reader.whole_number("first_row"), reader.whole_number("end_row"));
    reader.require("kind", kind.is_some(), "kind = \"load\"");
    let by_time = matches!((&from, &to), (Some(_), Some(_)));
    let by_rows = matches!((first, end), (Some(_), Some(_)));
    reader.require("from", by_time || by_rows, "from = \"0 s\", to = \"5 s\"   (or first_row = 0, end_row = 500)");
    reader.finish();
    let (word, span) = kind?;
    let Some(kind) = KINDS.into_iter().find(|kind| kind.word() == word) else {
        problems.push(unknown("kind of segment", word, KINDS.iter().map(|kind| kind.word().to_owned()).collect(), span));
        return None;
    };
    let seconds = |quantity: Quantity| quantity.value;
    let range = match (from, to, first, end) {
        (Some(from), Some(to), ..) => SegmentRange::Time(seconds(from), seconds(to)),
        (_, _, Some(first), Some(end)) => SegmentRange::Rows(usize::try_from(first).ok()?, usize::try_from(end).ok()?),
        _ => return None,
    };
    Some(StatedSegment { kind, range })
}
