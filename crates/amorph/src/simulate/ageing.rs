//! Virtual glasses that age in a mechanical spectrometer, as files with their truth and a study that analyses them.

use std::fmt::Write as _;
use std::path::Path;

use super::tables::{Column, csv};
use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::data::TraceQuantity;
use crate::core::random::derive_seed;
use crate::core::unit::format_significant;
use crate::sim::relaxation::{AgeingTangent, AgeingWells};
use crate::theory::constants::ELEMENTARY_CHARGE;

/// A loss peak that is swept after rising ageing times, and a loss tangent that is followed at one frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct AgeingMeasurement {
    /// The glass with double wells.
    pub wells: AgeingWells,
    /// The glass whose loss tangent is followed.
    pub tangent: AgeingTangent,
    /// Seed of the noise.
    pub seed: u64,
}

impl AgeingMeasurement {
    /// Writes sweeps, trace, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        let study = new_study(folder)?;
        let seed = |name: &str| derive_seed(self.seed, &["ageing".into(), name.into()]);
        let records =
            [("sweeps.csv", self.wells.measure(seed("sweeps"))?), ("tangent.csv", self.tangent.measure(seed("tangent"))?)];
        make_folder(folder)?;
        let columns = [
            Column::new(TraceQuantity::Time, "time (s)", 1.0),
            Column::new(TraceQuantity::Temperature, "temperature (K)", 1.0),
            Column::new(TraceQuantity::Frequency, "frequency (Hz)", 1.0),
            Column::new(TraceQuantity::StorageModulus, "storage modulus (MPa)", 1e-6),
            Column::new(TraceQuantity::LossModulus, "loss modulus (MPa)", 1e-6),
        ];
        let mut files = Vec::new();
        for (name, record) in &records {
            let path = folder.join(name);
            write_text(&path, csv(record, &columns))?;
            files.push(path);
        }
        let truth = folder.join("truth.csv");
        write_text(&truth, self.truth())?;
        write_text(&study, self.study())?;
        Ok(WrittenFiles { files, truth, study })
    }

    /// First and last ageing time of the sweeps, s.
    fn ends(&self) -> (f64, f64) {
        let times = &self.wells.ageing_times;
        (times.first().copied().unwrap_or(0.0), times.last().copied().unwrap_or(0.0))
    }

    fn truth(&self) -> String {
        let mut text = "ageing time (s),barrier (eV),asymmetry (eV),relaxation time (s),loss peak (MPa)\n".to_owned();
        for time in &self.wells.ageing_times {
            let ((barrier, asymmetry), (tau, height)) = (self.wells.wells(*time), self.wells.peak(*time));
            // Writing into a string does not fail.
            let _ = writeln!(
                text,
                "{},{:.8},{:.8},{tau:.6e},{:.5}",
                format_significant(*time, 8),
                barrier / ELEMENTARY_CHARGE,
                asymmetry / ELEMENTARY_CHARGE,
                1e-6 * height
            );
        }
        text
    }

    fn study(&self) -> String {
        let number = |value: f64| format_significant(value, 6);
        let ev = |joules: f64| number(joules / ELEMENTARY_CHARGE);
        let (first, last) = self.ends();
        let (before, after) = (self.wells.wells(first), self.wells.wells(last));
        let measured = |state: &str, file: &str, method: &str| {
            format!(
                "\n[[measurement]]\nstate = \"{state}\"\ntechnique = \"dma\"\nfiles = [\"{file}\"]\n\
                 modulus_kind = \"shear\"\nmethods = [\"{method}\"]\n"
            )
        };
        format!(
            "# Written by `amorph simulate ageing`: a loss peak of double wells, swept after rising ageing times at {} K (sweeps.csv), and the loss\n\
             # tangent of another glass, followed at {} Hz and {} K (tangent.csv). Barrier and asymmetry at every ageing time are in truth.csv.\n\
             # At one temperature only the changes of barrier and asymmetry are told. Their sizes need two constants that a real glass seldom\n\
             # gives; of this one they are known: well_attempt_time = \"{} s\" and well_loss_amplitude = \"{} MPa\".\n\n\
             [study]\ntitle = \"Virtual ageing\"\nseed = {}\n\n\
             [[sample]]\nid = \"glass with double wells\"\n\n  [[sample.state]]\n  id = \"double wells\"\n  [sample.state.truth]\n  adwp_slope = {}\n  \
             asymmetry_change = \"{} eV\"\n  barrier_change = \"{} eV\"\n  cole_cole_exponent = {}\n\n\
             [[sample]]\nid = \"glass at one frequency\"\n\n  [[sample.state]]\n  id = \"loss tangent\"\n  [sample.state.truth]\n  tangent_settled = {}\n  \
             tangent_lost = {}\n  ageing_time = \"{} s\"\n  ageing_exponent = {}\n{}{}",
            number(self.wells.temperature),
            number(self.tangent.frequency),
            number(self.tangent.temperature),
            number(self.wells.attempt_time),
            number(1e-6 * self.wells.loss_amplitude),
            self.seed,
            number(self.wells.slope),
            ev(after.1 - before.1),
            ev(after.0 - before.0),
            number(self.wells.exponent),
            number(self.tangent.settled),
            number(self.tangent.lost),
            number(self.tangent.time),
            number(self.tangent.exponent),
            measured("double wells", "sweeps.csv", "relaxation.well_ageing"),
            measured("loss tangent", "tangent.csv", "relaxation.tangent_ageing"),
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::Data;

    #[test]
    fn sweeps_trace_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let measurement = AgeingMeasurement {
            wells: AgeingWells::default(),
            tangent: AgeingTangent { interval: 600.0, ..AgeingTangent::default() },
            seed: 3,
        };
        let written = measurement.write(folder.path()).unwrap();
        let rows: Vec<usize> = written
            .files
            .iter()
            .map(|path| {
                let Data::Record(record) = crate::io::open(path).unwrap().data else { panic!("no record") };
                let table = record.tests[0].measurement().unwrap();
                assert!(table.values(TraceQuantity::LossModulus).unwrap().iter().all(|loss| *loss > 1e8));
                table.values(TraceQuantity::Time).unwrap().len()
            })
            .collect();
        assert_eq!(rows, [250, 144]);
        assert_eq!(std::fs::read_to_string(&written.truth).unwrap().lines().count(), 11);
        let study = crate::study::Study::open(&written.study, &[]).unwrap();
        let problems = crate::study::check(&study);
        assert!(problems.is_empty() && study.measurements.len() == 2, "{problems:?}");
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
