//! Text of RepTate; the layout is described in `SPEC.md`.

use amorph_core::constants::CELSIUS_ZERO;
use amorph_core::data::{Metadata, RecordingRole, Test, TraceQuantity};
use amorph_core::outcome::Note;

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::names::quantity;
use crate::traces::numbers::number;
use crate::traces::rows::{Rows, Style};
use crate::traces::{Builder, RawColumn, RawTable, TraceInput, chosen, has_spectrum, head_lines, is_text, parsed, test_name};

pub(crate) const FORMAT: Format = Format {
    id: "reptate",
    title: "RepTate text",
    endings: &[".osc", ".tts", ".dls"],
    magic: "`key=value;` in line 1; in line 2 names of a frequency and of a storage and loss (moduli, compliances, permittivities), or numbers",
    channels: "one test: frequency, both parts of a modulus, compliance or permittivity, temperature and whatever else there is",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

const STYLE: Style = Style { delimiter: b' ', decimal: b'.' };
/// A set temperature this far from the mean of the column is worth a warning, K.
const TEMPERATURE_STEP: f64 = 1.0;

fn recognises(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(8192)];
    is_text(head) && Head::of(&head_lines(head, bytes.len() > 8192)).is_some()
}

/// What stands above the numbers.
struct Head {
    constants: Vec<(String, String)>,
    columns: Vec<RawColumn>,
    /// Whether line 2 names the columns.
    named: bool,
    /// Lines before the first of numbers.
    lines: usize,
}

impl Head {
    fn of(lines: &[String]) -> Option<Self> {
        let constants = constants(lines.first()?)?;
        let second = lines.get(1)?;
        let is_number = |cell: &str| number(cell.as_bytes(), b'.').is_some();
        if second.split_whitespace().count() > 1 && second.split_whitespace().all(is_number) {
            let columns = (1..=second.split_whitespace().count()).map(|number| column(format!("column {number}"), None));
            return Some(Self { constants, columns: columns.collect(), named: false, lines: 1 });
        }
        let third = lines.get(2).map_or("", String::as_str);
        let has_units = third.split_whitespace().next().is_some_and(|cell| !is_number(cell));
        let units = if has_units { cells(third) } else { Vec::new() };
        let unit = |index: usize| units.get(index).filter(|unit| !unit.is_empty()).cloned();
        let names = cells(second).into_iter().enumerate();
        let mut columns: Vec<RawColumn> = names.map(|(index, name)| column(name, unit(index))).collect();
        let known: Vec<TraceQuantity> = columns.iter().filter_map(held).collect();
        let frequency = [TraceQuantity::Frequency, TraceQuantity::AngularFrequency];
        if !known.iter().any(|q| frequency.contains(q)) || !has_spectrum(&known) {
            return None;
        }
        let first = 2 + usize::from(has_units);
        // The last names may have no numbers below them.
        if let Some(row) = lines.get(first) {
            columns.truncate(row.split_whitespace().count().max(1));
        }
        Some(Self { constants, columns, named: true, lines: first })
    }

    /// The set temperature, K.
    fn temperature(&self) -> Option<f64> {
        let (_, value) = self.constants.iter().find(|(key, _)| key == "T")?;
        number(value.as_bytes(), b'.').map(|celsius| celsius + CELSIUS_ZERO).filter(|kelvin| *kelvin > 0.0)
    }
}

/// `w` is the angular frequency, which RepTate has in rad/s throughout; other units are in the file or are asked for.
fn column(name: String, unit: Option<String>) -> RawColumn {
    if name == "w" {
        let unit = unit.or_else(|| Some("rad/s".to_owned()));
        return RawColumn { name, unit, quantity: Some(TraceQuantity::AngularFrequency), values: Vec::new() };
    }
    RawColumn { name, unit, ..RawColumn::default() }
}

/// What a column holds.
fn held(column: &RawColumn) -> Option<TraceQuantity> {
    column.quantity.or_else(|| quantity(&column.name).map(|(quantity, _)| quantity))
}

/// `key=value;key=value;`, and nothing else.
fn constants(line: &str) -> Option<Vec<(String, String)>> {
    let parts = line.trim().strip_suffix(';')?.split(';');
    let pair = |part: &str| {
        let (key, value) = part.split_once('=')?;
        let key = key.trim();
        let is_name = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_');
        is_name.then(|| (key.to_owned(), value.trim().to_owned()))
    };
    parts.map(pair).collect()
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim_end_matches(['\r', '\n']);
    if line.contains('\t') {
        return line.trim_end_matches('\t').split('\t').map(|cell| cell.trim().to_owned()).collect();
    }
    line.split_whitespace().map(str::to_owned).collect()
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options, length) = (input.file, input.options, input.length);
    let Some(head) = Head::of(&input.head_lines()) else { return Err(super::not_text(file, input.head)) };
    let mut metadata = Metadata::default();
    head.constants.iter().for_each(|(key, value)| metadata.push("", key, value));
    let (values, repairs) = input.lines(|lines, encoding| {
        metadata.push("", "encoding", encoding.name());
        let mut rows = Rows::new(file, STYLE, head.columns.len(), length / (2 * head.columns.len() as u64).max(1) + 1)?;
        for _ in 0..head.lines {
            lines.next()?;
        }
        loop {
            let line_number = lines.number() + 1;
            let Some(line) = lines.next()? else { break };
            if !line.trim_ascii().is_empty() {
                rows.push(line, line_number);
            }
        }
        Ok(rows.finish())
    })?;
    let n_rows = values.iter().map(Vec::len).max().unwrap_or(0);
    if n_rows == 0 {
        return Err(IoError::NoTests {
            file: file.to_owned(),
            wanted: "there are no rows of numbers below the names".to_owned(),
            found: Vec::new(),
            remedy: "; export the file with its data",
        });
    }
    let set = head.temperature();
    let mut columns: Vec<RawColumn> = head
        .columns
        .into_iter()
        .zip(values)
        .map(|(column, mut values)| {
            values.resize(n_rows, f64::NAN);
            RawColumn { values, ..column }
        })
        .collect();
    let n_columns = columns.len();
    let measured = columns.iter().any(|column| held(column) == Some(TraceQuantity::Temperature));
    let mapped = options.columns.iter().any(|mapping| mapping.quantity == TraceQuantity::Temperature);
    if let Some(kelvin) = set.filter(|_| !measured && !mapped) {
        columns.push(RawColumn {
            name: "T of line 1".to_owned(),
            unit: Some("K".to_owned()),
            values: vec![kelvin; n_rows],
            quantity: Some(TraceQuantity::Temperature),
        });
    }
    let mut builder = Builder::new(file, options);
    if !head.named && options.columns.is_empty() {
        let text = format!(
            "{file}: nothing names its {n_columns} columns; say what they hold in the measurement, for a master curve of RepTate \
             columns = {{ angular_frequency = {{ column = 1, unit = \"rad/s\" }}, storage_modulus = {{ column = 2, unit = \"Pa\" }}, \
             loss_modulus = {{ column = 3, unit = \"Pa\" }} }}"
        );
        builder.notes.push(Note::warning("columns_unnamed", text));
    }
    let name = test_name(file);
    let table = RawTable { repairs, ..RawTable::new("test", RecordingRole::Test, columns) };
    let recording = builder.recording(&name, table)?;
    // The first of several columns; instruments print the temperature twice.
    let mut temperatures = recording.channels.iter().filter(|channel| channel.quantity == TraceQuantity::Temperature);
    if let (Some(kelvin), Some(channel)) = (set, temperatures.next()) {
        let finite: Vec<f64> = channel.values.iter().copied().filter(|value| value.is_finite()).collect();
        let mean = finite.iter().sum::<f64>() / finite.len() as f64;
        if (mean - kelvin).abs() > TEMPERATURE_STEP {
            let text = format!("{file}: line 1 states {kelvin:.2} K, the mean of the column is {mean:.2} K; the column counts");
            builder.notes.push(Note::warning("step_temperature", text));
        }
    }
    let test = Test { tables: vec![recording], name, ..Test::default() };
    Ok(parsed(chosen(file, vec![test], &options.tests)?, metadata, None, builder.notes))
}
