//! A virtual map of indents, as files with their truth.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{SimulateError, make_folder, write_text};
use crate::core::data::{Channel, Record, Test, TraceQuantity};
use crate::sim::indentation::{Indenter, LoadFunction, SiteTruth, Sites};

/// A film of known modulus and relaxation time under a virtual indenter.
#[derive(Debug, Clone, PartialEq)]
pub struct IndentationMeasurement {
    /// The film and the grid.
    pub sites: Sites,
    /// The instrument.
    pub indenter: Indenter,
    /// The load of every indent.
    pub load: LoadFunction,
    /// Seed of the film and of the noise.
    pub seed: u64,
}

/// The files that were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenIndents {
    /// One file per indent: time, load, depth.
    pub indents: Vec<PathBuf>,
    /// Modulus and relaxation time of every site.
    pub truth: PathBuf,
}

impl IndentationMeasurement {
    /// Writes indents and truth into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing truth is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenIndents, SimulateError> {
        let truth = folder.join("truth.csv");
        if truth.exists() {
            return Err(SimulateError::Exists { path: truth.display().to_string() });
        }
        let (record, known) = self.sites.measure(&self.indenter, &self.load, self.seed)?;
        if record.tests.is_empty() {
            return Err(SimulateError::NoSites);
        }
        let indents = folder.join("indents");
        make_folder(&indents)?;
        let indents = write_record(&indents, &record)?;
        write_text(&truth, &self.truth(&known))?;
        Ok(WrittenIndents { indents, truth })
    }

    fn truth(&self, known: &SiteTruth) -> String {
        let mut text = "x (nm),y (nm),shear modulus (GPa),relaxation time (ms),measured\n".to_owned();
        for ((row, column), modulus) in known.shear_modulus.indexed_iter() {
            let [x, y] = self.sites.position(row, column);
            let time = known.relaxation_time[[row, column]];
            let measured = if known.missing[[row, column]] { "no" } else { "yes" };
            text.push_str(&format!("{:.3},{:.3},{:.6},{:.6},{measured}\n", 1e9 * x, 1e9 * y, 1e-9 * modulus, 1e3 * time));
        }
        text
    }
}

/// Writes every test of a record as a table of its own; the one place that knows the format of virtual indents.
fn write_record(folder: &Path, record: &Record) -> Result<Vec<PathBuf>, SimulateError> {
    let mut written = Vec::new();
    for test in &record.tests {
        let path = folder.join(format!("{}.csv", test.name.replace(' ', "_")));
        write_text(&path, &table(test))?;
        written.push(path);
    }
    Ok(written)
}

fn table(test: &Test) -> String {
    let channels: &[Channel] = test.measurement().map_or(&[], |recording| &recording.channels);
    let shown = |channel: &Channel| match channel.quantity {
        TraceQuantity::Load => ("uN".to_owned(), 1e6),
        TraceQuantity::Depth => ("nm".to_owned(), 1e9),
        _ => (channel.unit.symbol().to_owned(), 1.0),
    };
    let head = |channel: &Channel| format!("{} ({})", channel.quantity.word(), shown(channel).0);
    let heads: Vec<String> = channels.iter().map(head).collect();
    let mut text = format!("{}\n", heads.join(","));
    for row in 0..channels.first().map_or(0, |channel| channel.values.len()) {
        let cells: Vec<String> =
            channels.iter().map(|channel| format!("{:.9}", shown(channel).1 * channel.values[row])).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn indents_and_truth_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let measurement = IndentationMeasurement {
            sites: Sites { shape: (2, 3), ..Sites::default() },
            indenter: Indenter::default(),
            load: LoadFunction::trapezoid(800e-6, 1e-3, 2e-3, 0.0),
            seed: 1,
        };
        let written = measurement.write(folder.path()).unwrap();
        assert_eq!(written.indents.len(), 6);
        let text = std::fs::read_to_string(&written.indents[0]).unwrap();
        assert!(text.starts_with("time (s),load (uN),depth (nm)\n"), "{text}");
        assert_eq!(text.lines().count(), 92);
        assert_eq!(std::fs::read_to_string(&written.truth).unwrap().lines().count(), 7);
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
