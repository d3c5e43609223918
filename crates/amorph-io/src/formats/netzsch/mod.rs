//! Text that Proteus of NETZSCH exports; the layout is described in `SPEC.md`.

use amorph_core::data::{Metadata, RecordingRole, Test, TraceQuantity};
use amorph_core::outcome::Note;

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::numbers::number;
use crate::traces::rows::{Rows, Style};
use crate::traces::{Builder, RawColumn, RawTable, TraceInput, chosen, parsed, test_name};

pub(crate) const FORMAT: Format = Format {
    id: "netzsch",
    title: "NETZSCH Proteus text",
    endings: &[".txt", ".csv"],
    magic: "`#FORMAT:` with `NETZSCH` in the first lines",
    channels: "one test per segment: temperature, time, heat flow per mass, mass and whatever else was exported",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

/// Lines among which the format must be named.
const HEAD_LINES: usize = 60;

fn recognises(bytes: &[u8]) -> bool {
    let lines = crate::traces::head_lines(&bytes[..bytes.len().min(8192)], bytes.len() > 8192);
    lines.iter().take(HEAD_LINES).any(|line| line.starts_with("#FORMAT:") && line.contains("NETZSCH"))
}

/// What the head says about the table.
#[derive(Default)]
struct Head {
    separator: Option<u8>,
    decimal: Option<u8>,
    mass: Option<f64>,
    metadata: Metadata,
}

impl Head {
    fn take(&mut self, line: &str) {
        let Some((key, value)) = line.split_once(':') else { return };
        let key = key.trim_start_matches('#').trim();
        let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
        match (key, value) {
            ("SEPARATOR", "SEMICOLON") => self.separator = Some(b';'),
            ("SEPARATOR", "COMMA") => self.separator = Some(b','),
            ("SEPARATOR", "TAB") => self.separator = Some(b'\t'),
            ("DECIMAL", "COMMA") => self.decimal = Some(b','),
            ("DECIMAL", "POINT") => self.decimal = Some(b'.'),
            ("SAMPLE MASS /mg", mass) => self.mass = number(mass.replace(',', ".").as_bytes(), b'.').filter(|mass| *mass > 0.0),
            _ => {}
        }
        self.metadata.push("", key, value);
    }

    fn style(&self, input: &TraceInput<'_>) -> Result<Style, IoError> {
        let missing = |field: &'static str, remedy: &str| IoError::NoTests {
            file: input.file.to_owned(),
            wanted: format!("its head does not state #{field}"),
            found: Vec::new(),
            remedy: if remedy == "decimal" {
                "; state `decimal` in the measurement"
            } else {
                "; state `delimiter` in the measurement"
            },
        };
        let said = |stated: Option<char>| stated.and_then(|mark| u8::try_from(mark).ok());
        let delimiter = said(input.options.delimiter).or(self.separator).ok_or_else(|| missing("SEPARATOR", "delimiter"))?;
        let decimal = said(input.options.decimal).or(self.decimal).ok_or_else(|| missing("DECIMAL", "decimal"))?;
        if delimiter == decimal {
            return Err(IoError::NoTests {
                file: input.file.to_owned(),
                wanted: "its head states one sign as the decimal mark and as the separator".to_owned(),
                found: Vec::new(),
                remedy: "; export the file with another separator",
            });
        }
        Ok(Style { delimiter, decimal })
    }
}

/// `Gas Flow(purge1)/(ml/min)`: the last slash outside of brackets parts name and unit.
fn heading(cell: &str) -> (String, Option<String>) {
    let mut depth = 0i32;
    let mut at = None;
    for (index, c) in cell.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '/' if depth == 0 => at = Some(index),
            _ => {}
        }
    }
    match at {
        None => (cell.trim().to_owned(), None),
        Some(at) => {
            let unit = cell[at + 1..].trim();
            let inner = unit.strip_prefix('(').and_then(|unit| unit.strip_suffix(')')).unwrap_or(unit);
            (cell[..at].trim().to_owned(), Some(inner.to_owned()))
        }
    }
}

fn quantity(name: &str, unit: Option<&str>) -> TraceQuantity {
    let unit = unit.unwrap_or("");
    match name {
        "Temp." | "Temperature" => TraceQuantity::Temperature,
        "Time" => TraceQuantity::Time,
        "DSC" if unit.starts_with(['m', 'W']) && unit.contains('W') => TraceQuantity::HeatFlow,
        "Cp" | "cp" if unit.contains('J') => TraceQuantity::SpecificHeat,
        _ => TraceQuantity::Other,
    }
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let mut head = Head::default();
    let mut names: Vec<(String, Option<String>)> = Vec::new();
    let mut first = 0;
    for (index, line) in input.head_lines().iter().enumerate() {
        if let Some(columns) = line.strip_prefix("##") {
            let style = head.style(input)?;
            names = columns
                .split(char::from(style.delimiter))
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(heading)
                .collect();
            first = index + 1;
            break;
        }
        if line.starts_with('#') {
            head.take(line);
        }
    }
    let file = input.file;
    let nothing = |wanted: &str| IoError::NoTests {
        file: file.to_owned(),
        wanted: wanted.to_owned(),
        found: Vec::new(),
        remedy: "; export the measurement as text again",
    };
    if names.is_empty() {
        return Err(nothing("no line '##' names the columns"));
    }
    let style = head.style(input)?;
    let expected = input.length / (8 * names.len() as u64) + 1;
    let (values, repairs) = input.lines(|lines, encoding| {
        head.metadata.push("", "encoding", encoding.name());
        let mut rows = Rows::new(file, style, names.len(), expected)?;
        for _ in 0..first {
            lines.next()?;
        }
        loop {
            let at = lines.number() + 1;
            let Some(line) = lines.next()? else { break };
            if !line.trim_ascii().is_empty() && line.first() != Some(&b'#') {
                rows.push(line, at);
            }
        }
        Ok(rows.finish())
    })?;
    let n_rows = values.iter().map(Vec::len).max().unwrap_or(0);
    if n_rows == 0 {
        return Err(nothing("no data rows below the names of the columns"));
    }
    let columns: Vec<RawColumn> = names
        .into_iter()
        .zip(values)
        .map(|((name, unit), mut values)| {
            values.resize(n_rows, f64::NAN);
            RawColumn { quantity: Some(quantity(&name, unit.as_deref())), name, unit, values }
        })
        .collect();
    let mut builder = Builder::new(file, input.options);
    if let Some(exo) = head.metadata.get("EXO") {
        let text = format!("{file}: #EXO is {exo}; what that says about the sign is not documented: state heat_flow_sign");
        builder.notes.push(Note::info("exo_mark", text));
    }
    let mut own = Metadata::default();
    if let Some(mass) = head.mass {
        own.push("", "sample_mass", &format!("{mass} mg"));
    }
    let mut repairs = Some(repairs);
    let mut tests = Vec::new();
    for (name, rows) in segments(&columns, n_rows) {
        let part = |column: &RawColumn| RawColumn {
            name: column.name.clone(),
            unit: column.unit.clone(),
            quantity: column.quantity,
            values: column.values[rows.clone()].to_vec(),
        };
        let name = if name.is_empty() { test_name(file) } else { format!("{} {name}", test_name(file)) };
        let mut table = RawTable::new(&name, RecordingRole::Test, columns.iter().map(part).collect());
        table.repairs = repairs.take().unwrap_or_default();
        table.time_is_kept = true;
        tests.push(Test { tables: vec![builder.recording(&name, table)?], name, head: own.clone(), ..Test::default() });
    }
    let version = head.metadata.get("FORMAT").map(str::to_owned);
    Ok(parsed(chosen(file, tests, &input.options.tests)?, head.metadata, version, builder.notes))
}

/// Rows of every value of the column `Segment`; all of them where there is none.
fn segments(columns: &[RawColumn], n_rows: usize) -> Vec<(String, std::ops::Range<usize>)> {
    let Some(numbers) = columns.iter().find(|column| column.name.eq_ignore_ascii_case("segment")) else {
        return vec![(String::new(), 0..n_rows)];
    };
    let mut found = Vec::new();
    let mut first = 0;
    for row in 1..=n_rows {
        let changes = row == n_rows || numbers.values[row] != numbers.values[first] && numbers.values[row].is_finite();
        if changes {
            found.push((format!("segment {}", numbers.values[first]), first..row));
            first = row;
        }
    }
    found
}
