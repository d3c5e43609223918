//! Virtual mechanical spectroscopy of a ribbon, as a file with its truth and a study that counts its relaxations.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{SimulateError, make_folder, new_study, write_text};
use crate::core::data::TraceQuantity;
use crate::core::unit::format_significant;
use crate::sim::relaxation::Dma;
use crate::theory::constants::{BOLTZMANN, ELEMENTARY_CHARGE};

/// Modulus over frequency and temperature of one ribbon.
#[derive(Debug, Clone, PartialEq)]
pub struct DmaMeasurement {
    /// Ribbon and spectrometer. The first process is the alpha process, the second, where there is one, the slow beta process.
    pub dma: Dma,
    /// Glass transition of the ribbon, K.
    pub glass_transition: f64,
    /// Energies of the beta processes, J, in the order of the processes.
    pub beta_energies: Vec<f64>,
    /// Seed of the noise.
    pub seed: u64,
}

/// The files that were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenDma {
    /// Temperature, frequency, storage and loss modulus.
    pub sweeps: PathBuf,
    /// Relaxation time of every process at every temperature.
    pub truth: PathBuf,
    /// The study that analyses the sweeps.
    pub study: PathBuf,
    /// How many readings there are.
    pub n_readings: usize,
}

impl DmaMeasurement {
    /// Writes sweeps, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenDma, SimulateError> {
        let study = new_study(folder)?;
        let test = self.dma.measure(self.seed)?;
        make_folder(folder)?;
        let mut text = "temperature (K),frequency (Hz),storage modulus (MPa),loss modulus (MPa)\n".to_owned();
        let columns: Vec<&[f64]> =
            [TraceQuantity::Temperature, TraceQuantity::Frequency, TraceQuantity::StorageModulus, TraceQuantity::LossModulus]
                .into_iter()
                .filter_map(|quantity| test.record.tests.first()?.measurement().ok()?.values(quantity).ok())
                .collect();
        let n_readings = columns.first().map_or(0, |column| column.len());
        let rows = (0..n_readings).map(|row| columns.iter().map(|column| column[row]).collect::<Vec<f64>>());
        for row in rows {
            let value = |column: usize| row[column];
            // Writing into a string does not fail.
            let _ = writeln!(text, "{:.3},{:.6},{:.5},{:.5}", value(0), value(1), 1e-6 * value(2), 1e-6 * value(3));
        }
        let sweeps = folder.join("sweeps.csv");
        write_text(&sweeps, text)?;
        let truth = folder.join("truth.csv");
        write_text(&truth, self.truth(&test.times))?;
        write_text(&study, self.study())?;
        Ok(WrittenDma { sweeps, truth, study, n_readings })
    }

    fn truth(&self, times: &[Vec<f64>]) -> String {
        let mut text = "process,strength,temperature (K),relaxation time (s)\n".to_owned();
        for (k, (process, times)) in self.dma.processes.iter().zip(times).enumerate() {
            let name = ["alpha", "slow beta", "fast beta"].get(k).copied().unwrap_or("other");
            for (temperature, time) in self.dma.temperatures.iter().zip(times) {
                let _ = writeln!(text, "{name},{},{temperature:.3},{time:.6e}", process.strength);
            }
        }
        text
    }

    fn study(&self) -> String {
        let number = |value: f64| format_significant(value, 6);
        let mut truth = format!("  [sample.state.truth]\n  relaxation_processes = {}\n", self.dma.processes.len());
        for (key, energy) in ["slow_beta_energy", "fast_beta_energy"].into_iter().zip(&self.beta_energies) {
            let _ = writeln!(truth, "  {key} = \"{} eV\"", number(energy / ELEMENTARY_CHARGE));
        }
        if let Some(slow) = self.beta_energies.first() {
            let _ = writeln!(truth, "  slow_beta_energy_rtg = {}", number(slow / (BOLTZMANN * self.glass_transition)));
        }
        if self.dma.points < 2 {
            // One frequency tells neither how many processes there are nor their energies: nothing to compare with.
            truth.clear();
        }
        format!(
            "# Written by `amorph simulate dma`: a virtual ribbon in a mechanical spectrometer. What is true of it is in\n\
             # truth.csv, process by process, and below the state as far as these sweeps can tell it.\n\n\
             [study]\ntitle = \"Virtual relaxations\"\nseed = {}\n\n\
             [[sample]]\nid = \"ribbon\"\n\n  [[sample.state]]\n  id = \"virtual\"\n{truth}\n\
             [[measurement]]\nsample = \"ribbon\"\nstate = \"virtual\"\ntechnique = \"dma\"\nfiles = [\"sweeps.csv\"]\n\
             modulus_kind = \"tensile\"\nglass_transition_temperature = \"{} K\"\n\n\
             methods = [\"relaxation.surface\"]\n",
            self.seed,
            number(self.glass_transition)
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::Data;

    #[test]
    fn sweeps_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let temperatures = (0..24).map(|k| 290.0 + 8.0 * f64::from(k)).collect();
        let dma = Dma { temperatures, ..Dma::ribbon() };
        let measurement = DmaMeasurement { dma, glass_transition: 423.0, beta_energies: vec![1.52e-19], seed: 3 };
        let written = measurement.write(folder.path()).unwrap();
        assert_eq!(written.n_readings, 120);
        let Data::Record(record) = crate::io::open(&written.sweeps).unwrap().data else { panic!("no record") };
        let read = record.tests[0].measurement().unwrap();
        let exact = measurement.dma.measure(3).unwrap().record;
        let exact = exact.tests[0].measurement().unwrap();
        for quantity in
            [TraceQuantity::Temperature, TraceQuantity::Frequency, TraceQuantity::StorageModulus, TraceQuantity::LossModulus]
        {
            for (a, b) in read.values(quantity).unwrap().iter().zip(exact.values(quantity).unwrap()) {
                assert!((a - b).abs() < 1e-5 * b.abs() + 10.0, "{quantity:?} {a} {b}");
            }
        }
        let study = crate::study::Study::open(&written.study, &[]).unwrap();
        assert_eq!(study.title, "Virtual relaxations");
        let problems = crate::study::check(&study);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(std::fs::read_to_string(&written.truth).unwrap().lines().count(), 49);
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
