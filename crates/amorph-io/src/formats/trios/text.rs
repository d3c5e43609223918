//! Text that TRIOS exports for laboratory databases; the layout is described in `SPEC.md`.

use amorph_core::data::Metadata;

use super::{Step, quantity, tests};
use crate::IoError;
use crate::formats::{Format, Reader};
use crate::maps::Parsed;
use crate::traces::numbers::number;
use crate::traces::{Builder, RawColumn, TraceInput, chosen, decode, parsed};

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

fn recognises(bytes: &[u8]) -> bool {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = decode::text(&head[..head.len().min(200)]);
    head.starts_with("[Version]") && head.contains("TA Instruments LIMS export format version")
}

/// A step while its lines are read.
#[derive(Default)]
struct Lines {
    step: Step,
    names: Vec<String>,
    units: Vec<String>,
    columns: Vec<Vec<f64>>,
}

fn read(input: &mut TraceInput<'_>) -> Result<Parsed, IoError> {
    let (file, options) = (input.file, input.options);
    let mut head = Metadata::default();
    let mut version = None;
    let steps = input.lines(|lines, _| {
        let mut steps: Vec<Lines> = Vec::new();
        let mut section = String::new();
        while let Some(line) = lines.next()? {
            let text = decode::text(line);
            let text = text.trim_end_matches(['\r', '\n']);
            if let Some(name) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name.clone_into(&mut section);
                if name == "Step" {
                    steps.push(Lines::default());
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
    let steps = steps.into_iter().map(Lines::finish).collect();
    let found = tests(&mut builder, steps, "no [Step] holds data points")?;
    Ok(parsed(chosen(file, found, &options.tests)?, head, version, builder.notes))
}

impl Lines {
    fn take(&mut self, key: &str, value: &str) {
        match key {
            "Step name" => value.trim().clone_into(&mut self.step.name),
            "Number of points" => self.step.declared = value.trim().parse().ok(),
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
            _ => self.step.metadata.push("Step", key, value),
        }
    }

    fn finish(self) -> Step {
        let units = self.units;
        let columns = self.names.into_iter().zip(self.columns).enumerate();
        let columns = columns.map(|(index, (name, values))| RawColumn {
            quantity: Some(quantity(&name)),
            unit: units.get(index).filter(|unit| !unit.is_empty()).cloned(),
            name,
            values,
        });
        Step { columns: columns.collect(), ..self.step }
    }
}
