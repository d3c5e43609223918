//! A virtual map of indents, as files with their truth.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{SimulateError, make_folder, write_text};
use crate::core::data::{Data, Loaded, Metadata, Record, Source};
use crate::core::unit::format_significant;
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
    /// All indents with their places: time, load, depth.
    pub indents: PathBuf,
    /// How many they are.
    pub n_indents: usize,
    /// Modulus and relaxation time of every site.
    pub truth: PathBuf,
    /// The study that analyses the indents.
    pub study: PathBuf,
}

impl IndentationMeasurement {
    /// Writes indents, truth and study into `folder`.
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
        make_folder(folder)?;
        let indents = folder.join("indents.csv");
        write_text(&indents, text(record.clone()))?;
        write_text(&truth, self.truth(&known))?;
        let study = folder.join("study.toml");
        write_text(&study, self.study())?;
        Ok(WrittenIndents { indents, n_indents: record.tests.len(), truth, study })
    }

    fn study(&self) -> String {
        let number = |value: f64| format_significant(value, 6);
        let (mean, spread) = self.sites.shear_modulus;
        let mut truth = format!("  shear_modulus_mean = \"{} GPa\"\n", number(1e-9 * mean));
        if spread > 0.0 {
            truth += &format!("  shear_modulus_intrinsic_sd = \"{} GPa\"\n", number(1e-9 * spread));
        }
        let mut constants = format!(
            "tip_radius = \"{} um\"\npoisson_ratio = {}\n",
            number(1e6 * self.indenter.radius),
            number(self.indenter.poisson_ratio)
        );
        if let Some(transducer) = &self.indenter.transducer {
            constants += &format!(
                "transducer_mass = \"{} g\"\ntransducer_damping = \"{} N s/m\"\ntransducer_stiffness = \"{} N/m\"\n",
                number(1e3 * transducer.mass),
                number(transducer.damping),
                number(transducer.stiffness)
            );
        }
        format!(
            "# Written by `amorph simulate indentation`: indents by a virtual sphere. What is true of the film is stated below the\n\
             # state, and site by site in truth.csv.\n\n\
             [study]\ntitle = \"A virtual film under a virtual sphere\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual film\"\n\n  [[sample.state]]\n  id = \"virtual\"\n  [sample.state.truth]\n{truth}\n\
             [[measurement]]\nsample = \"virtual film\"\nstate = \"virtual\"\ntechnique = \"indentation\"\nfiles = [\"indents.csv\"]\n\
             {constants}\n\
             methods = [\"indentation.anelastic_contact\", \"indentation.anelastic_map\"]\n\n\
             [method.\"indentation.anelastic_contact\"]\nmodel = \"kelvin\"\ndrift = {}\n",
            self.seed,
            self.indenter.drift_rate != 0.0
        )
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

/// The lossless text of traces, in which every test has its place.
fn text(record: Record) -> String {
    let source = Source {
        path: "virtual indenter".to_owned(),
        sha256: String::new(),
        format: "simulation".to_owned(),
        format_version: None,
    };
    let data = Data::Record(record.clone());
    let loaded = Loaded { source, data, metadata: Metadata::default(), constants: Vec::new(), notes: Vec::new() };
    String::from_utf8_lossy(&crate::io::record_bytes(&loaded, &record)).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
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
        assert_eq!(written.n_indents, 6);
        let Data::Record(read) = crate::io::open(&written.indents).unwrap().data else { panic!("traces are expected") };
        let (known, _) = measurement.sites.measure(&measurement.indenter, &measurement.load, 1).unwrap();
        assert_eq!(read.tests.len(), 6);
        for (read, known) in read.tests.iter().zip(&known.tests) {
            assert_eq!((&read.name, read.position), (&known.name, known.position));
            assert_eq!(read.tables[0].channels[2].values, known.tables[0].channels[2].values);
        }
        assert_eq!(std::fs::read_to_string(&written.truth).unwrap().lines().count(), 7);
        let study = crate::study::Study::open(&written.study, &[]).unwrap();
        assert_eq!((study.measurements.len(), study.measurements[0].methods.len()), (1, 2));
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
