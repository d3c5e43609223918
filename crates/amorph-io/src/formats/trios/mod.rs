//! What TRIOS of TA Instruments exports: text for laboratory databases, and JSON.

pub(crate) mod json;
pub(crate) mod text;

use amorph_core::data::{Metadata, RecordingRole, Test, TraceQuantity};
use amorph_core::outcome::Note;

use crate::IoError;
use crate::traces::{Builder, RawColumn, RawTable};

/// Names that tell a quantity, in whatever case; all other columns have look-alikes and are kept as something else.
const COLUMNS: [(&str, TraceQuantity); 16] = [
    ("Angular frequency", TraceQuantity::AngularFrequency),
    ("Frequency", TraceQuantity::Frequency),
    ("Temperature", TraceQuantity::Temperature),
    ("Storage modulus", TraceQuantity::StorageModulus),
    ("Loss modulus", TraceQuantity::LossModulus),
    ("Tan(delta)", TraceQuantity::TanDelta),
    ("Time", TraceQuantity::Time),
    ("Stress", TraceQuantity::Stress),
    ("Oscillation strain", TraceQuantity::Strain),
    ("Relaxation modulus", TraceQuantity::RelaxationModulus),
    ("Creep compliance", TraceQuantity::CreepCompliance),
    ("Storage compliance", TraceQuantity::StorageCompliance),
    ("Loss compliance", TraceQuantity::LossCompliance),
    ("Heat flow", TraceQuantity::HeatFlow),
    ("Heat flow (normalized)", TraceQuantity::HeatFlow),
    ("Heat capacity", TraceQuantity::SpecificHeat),
];

/// A step named by a temperature further from its own than this is worth a warning, K.
const TEMPERATURE_STEP: f64 = 1.0;

/// What a column of this name holds.
fn quantity(name: &str) -> TraceQuantity {
    let known = COLUMNS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    known.map_or(TraceQuantity::Other, |(_, quantity)| *quantity)
}

/// One step of a procedure, as far as it was measured.
#[derive(Default)]
struct Step {
    name: String,
    /// Points that the file promises.
    declared: Option<usize>,
    columns: Vec<RawColumn>,
    metadata: Metadata,
}

impl Step {
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
}

/// One test per step that holds points.
fn tests(builder: &mut Builder<'_>, steps: Vec<Step>, wanted: &str) -> Result<Vec<Test>, IoError> {
    let file = builder.file;
    let mut tests = Vec::new();
    for (index, step) in steps.into_iter().enumerate() {
        let name = format!("step {}: {}", index + 1, step.name);
        let found = step.columns.first().map_or(0, |column| column.values.len());
        if found == 0 {
            builder.notes.push(Note::warning("no_data_rows", format!("{file}: no data rows in {name}")));
            continue;
        }
        if let Some(declared) = step.declared.filter(|declared| *declared != found) {
            let text = format!("{file}: {name} declares {declared} points and has {found}; those that are there are kept");
            builder.notes.push(Note::warning("points_missing", text));
        }
        let stated = step.name_temperature();
        let table = RawTable::new(&step.name, RecordingRole::Test, step.columns);
        let recording = builder.recording(&name, table)?;
        if let (Some(stated), Ok(values)) = (stated, recording.values(TraceQuantity::Temperature)) {
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            if (mean - stated).abs() > TEMPERATURE_STEP {
                let text = format!("{file}: {name} has a mean temperature of {mean:.2} K; the column counts");
                builder.notes.push(Note::warning("step_temperature", text));
            }
        }
        tests.push(Test { name, head: step.metadata, tables: vec![recording], ..Test::default() });
    }
    if tests.is_empty() {
        return Err(IoError::NoTests {
            file: file.to_owned(),
            wanted: wanted.to_owned(),
            found: Vec::new(),
            remedy: "; export the steps with their data",
        });
    }
    Ok(tests)
}
