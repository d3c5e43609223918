//! Text that TRIOS of TA Instruments exports for laboratory databases; the layout is described in `SPEC.md`.

use amorph_core::data::{Metadata, RecordingRole, Test, TraceQuantity};
use amorph_core::outcome::Note;

use super::{Format, Reader};
use crate::IoError;
use crate::maps::Parsed;
use crate::traces::numbers::number;
use crate::traces::{Builder, RawColumn, RawTable, TraceInput, chosen, decode, parsed};

pub(crate) const FORMAT: Format = Format {
    id: "trios",
    title: "TRIOS text for LIMS",
    endings: &[".txt"],
    magic: "`[Version]`, then `TA Instruments LIMS export format version`",
    channels: "one test per step: angular frequency, temperature, storage and loss modulus, time, stress, strain, heat flow",
    can_write: false,
    needs_sidecar: false,
    constants: &[],
    layout: include_str!("SPEC.md"),
    recognises,
    read: Reader::Traces(read),
};

const COLUMNS: &[(&str, TraceQuantity)] = &[
    ("Angular frequency", TraceQuantity::AngularFrequency),
    ("Frequency", TraceQuantity::Frequency),
    ("Temperature", TraceQuantity::Temperature),
    ("Storage modulus", TraceQuantity::StorageModulus),
    ("Loss modulus", TraceQuantity::LossModulus),
    ("Tan(delta)", TraceQuantity::TanDelta),
    ("Time", TraceQuantity::Time),
    ("Stress", TraceQuantity::Stress),
    ("Oscillation strain", TraceQuantity::Strain),
    ("Heat flow", TraceQuantity::HeatFlow),
    ("Heat flow (normalized)", TraceQuantity::HeatFlow),
    ("Heat capacity", TraceQuantity::SpecificHeat),
];

/// A step named by a temperature further from its own than this is worth a warning, K.
const TEMPERATURE_STEP: f64 = 1.0;

fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = decode::text(&head[..head.len().min(200)]);
    head.starts_with("[Version]") && head.contains("TA Instruments LIMS export format version")
}

#[derive(Default)]
struct Step {
    name: String,
    declared: Option<usize>,
    names: Vec<String>,
    units: Vec<String>,
    columns: Vec<Vec<f64>>,
    metadata: Metadata,
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options) = (input.file, input.options);
    let mut head = Metadata::default();
    let mut version = None;
    let steps = input.lines(|lines, _| {
        let mut steps: Vec<Step> = Vec::new();
        let mut section = String::new();
        while let Some(line) = lines.next()? {
            let text = decode::text(line);
            let text = text.trim_end_matches(['\r', '\n']);
            if let Some(name) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name.clone_into(&mut section);
                if name == "Step" {
                    steps.push(Step::default());
                }
                continue;
            }
            let Some((key, value)) = text.split_once('\t') else { continue };
            match steps.last_mut().filter(|_| section == "Step") {
                Some(step) => step.take(key, value),
                None if section == "Version" => version = Some(value.trim().to_owned()),
                None => head.push(&section, key, value),
            }
        }
        Ok(steps)
    })?;
    let mut builder = Builder::new(file, options);
    let mut tests = Vec::new();
    for (index, step) in steps.into_iter().enumerate() {
        let name = format!("step {}: {}", index + 1, step.name);
        let found = step.columns.first().map_or(0, Vec::len);
        if found == 0 {
            builder.notes.push(Note::warning("no_data_rows", format!("{file}: no data rows in {name}")));
            continue;
        }
        if let Some(declared) = step.declared.filter(|declared| *declared != found) {
            let text = format!("{file}: {name} declares {declared} points and has {found}; those that are there are kept");
            builder.notes.push(Note::warning("points_missing", text));
        }
        let stated = step.name_temperature();
        let metadata = step.metadata.clone();
        let recording = builder.recording(&name, step.into_table())?;
        if let (Some(stated), Ok(values)) = (stated, recording.values(TraceQuantity::Temperature)) {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            if (mean - stated).abs() > TEMPERATURE_STEP {
                let text = format!("{file}: {name} has a mean temperature of {mean:.2} K; the column counts");
                builder.notes.push(Note::warning("step_temperature", text));
            }
        }
        tests.push(Test { name, head: metadata, tables: vec![recording], ..Test::default() });
    }
    if tests.is_empty() {
        return Err(IoError::NoTests {
            file: file.to_owned(),
            wanted: "no [Step] holds data points".to_owned(),
            found: Vec::new(),
            remedy: "; export the steps with their data",
        });
    }
    Ok(parsed(chosen(file, tests, &options.tests)?, head, version, builder.notes))
}

impl Step {
    fn take(&mut self, key: &str, value: &str) {
        match key {
            "Step name" => value.trim().clone_into(&mut self.name),
            "Number of points" => self.declared = value.trim().parse().ok(),
            "Variables" => self.names = value.split('\t').map(|cell| cell.trim().to_owned()).collect(),
            "Units" => self.units = value.split('\t').map(|cell| cell.trim().to_owned()).collect(),
            "Data point" => {
                self.columns.resize(self.names.len(), Vec::new());
                let mut cells = value.split('\t');
                for column in &mut self.columns {
                    let cell = cells.next().unwrap_or("");
                    column.push(number(cell.trim().as_bytes(), b'.').unwrap_or(f64::NAN));
                }
            }
            _ => self.metadata.push("Step", key, value),
        }
    }

    /// The temperature in the name of the step, K.
    fn name_temperature(&self) -> Option<f64> {
        let inner = self.name.rsplit_once('(')?.1.strip_suffix(')')?;
        let (value, unit) = inner.trim().split_once(' ')?;
        let value: f64 = value.parse().ok()?;
        match unit.trim() {
            "°C" | "C" => Some(value + 273.15),
            "K" => Some(value),
            _ => None,
        }
    }

    fn into_table(self) -> RawTable {
        let quantity =
            |name: &str| COLUMNS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, quantity)| *quantity);
        let units = self.units;
        let columns = self.names.into_iter().zip(self.columns).enumerate();
        let columns = columns.map(|(index, (name, values))| RawColumn {
            quantity: Some(quantity(&name).unwrap_or(TraceQuantity::Other)),
            unit: units.get(index).filter(|unit| !unit.is_empty()).cloned(),
            name,
            values,
        });
        RawTable::new(&self.name, RecordingRole::Test, columns.collect())
    }
}
