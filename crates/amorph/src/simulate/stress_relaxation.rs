//! A virtual stress relaxation, as a file with its truth and a study that analyses it.

use std::fmt::Write as _;
use std::path::Path;

use super::tables::{Column, csv};
use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::data::TraceQuantity;
use crate::core::unit::format_significant;
use crate::sim::relaxation::{StressLaw, StressRelaxation};
use crate::theory::constants::BOLTZMANN;

/// Times of the hold in truth.csv, per decade.
const PER_DECADE: f64 = 20.0;

/// A stress at constant strain.
#[derive(Debug, Clone, PartialEq)]
pub struct StressRelaxationMeasurement {
    /// Specimen and test.
    pub test: StressRelaxation,
    /// Normal over shear stress.
    pub taylor_factor: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Seed of the noise.
    pub seed: u64,
}

impl StressRelaxationMeasurement {
    /// The logarithmic law `S = M kT/V` of an activation volume (m³), and its start c (s).
    pub fn logarithmic(volume: f64, start: f64, taylor_factor: f64, temperature: f64) -> StressLaw {
        StressLaw::Logarithmic { slope: taylor_factor * BOLTZMANN * temperature / volume, start }
    }

    /// Writes trace, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        let study = new_study(folder)?;
        let record = self.test.measure(self.seed)?;
        make_folder(folder)?;
        let columns =
            [Column::new(TraceQuantity::Time, "time (s)", 1.0), Column::new(TraceQuantity::Stress, "stress (MPa)", 1e-6)];
        let file = folder.join("relaxation.csv");
        write_text(&file, csv(&record, &columns))?;
        let truth = folder.join("truth.csv");
        write_text(&truth, self.truth())?;
        write_text(&study, self.study())?;
        Ok(WrittenFiles { files: vec![file], truth, study })
    }

    fn truth(&self) -> String {
        let mut text = "time since the ramp (s),stress (MPa)\n".to_owned();
        let (from, to) = (self.test.interval.ln(), self.test.duration.ln());
        let n = ((to - from) / std::f64::consts::LN_10 * PER_DECADE).ceil().max(1.0) as usize;
        for k in 0..=n {
            let time = (from + (to - from) * k as f64 / n as f64).exp();
            // Writing into a string does not fail.
            let _ = writeln!(text, "{},{:.5}", format_significant(time, 8), 1e-6 * self.test.stress(time));
        }
        text
    }

    fn study(&self) -> String {
        let number = |value: f64| format_significant(value, 6);
        let truth = match self.test.law {
            StressLaw::Logarithmic { slope, .. } => {
                let volume = self.taylor_factor * BOLTZMANN * self.temperature / slope;
                format!(
                    "  stress_per_ln_t = \"{} MPa\"\n  activation_volume = \"{} A^3\"\n",
                    number(1e-6 * slope),
                    number(1e30 * volume)
                )
            }
            StressLaw::Stretched { remnant, time, exponent } => format!(
                "  relaxation_time_kww = \"{} s\"\n  stretching_exponent = {}\n  remnant_fraction = {}\n",
                number(time),
                number(exponent),
                number(remnant)
            ),
        };
        format!(
            "# Written by `amorph simulate stress-relaxation`: a virtual specimen that is strained and held. Its stress without error is in\n\
             # truth.csv, what is true of its law below the state. Two laws are fitted; only the numbers of the true one are stated.\n\n\
             [study]\ntitle = \"Virtual stress relaxation\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual glass\"\n\n  [[sample.state]]\n  id = \"virtual\"\n  [sample.state.truth]\n{truth}\n\
             [[measurement]]\nsample = \"virtual glass\"\nstate = \"virtual\"\ntechnique = \"stress_relaxation\"\nfiles = [\"relaxation.csv\"]\n\
             temperature = \"{} K\"\ntaylor_factor = {}\n\nmethods = [\"relaxation.stress_relaxation\"]\n",
            self.seed,
            number(self.temperature),
            number(self.taylor_factor),
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::Data;

    #[test]
    fn trace_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let law = StressRelaxationMeasurement::logarithmic(300e-30, 2.0, 3f64.sqrt(), 298.0);
        let StressLaw::Logarithmic { slope, .. } = law else { panic!("{law:?}") };
        assert!((slope / 23.754e6 - 1.0).abs() < 1e-3, "{slope}");
        let test = StressRelaxation { law, noise: 0.0, ..StressRelaxation::default() };
        let measurement = StressRelaxationMeasurement { test, taylor_factor: 3f64.sqrt(), temperature: 298.0, seed: 3 };
        let written = measurement.write(folder.path()).unwrap();
        let Data::Record(record) = crate::io::open(&written.files[0]).unwrap().data else { panic!("no record") };
        let stress = record.tests[0].measurement().unwrap().values(TraceQuantity::Stress).unwrap();
        // An hour after a ramp of a second.
        assert!((stress[stress.len() - 1] / measurement.test.stress(3600.0) - 1.0).abs() < 1e-7);
        let truth = std::fs::read_to_string(&written.truth).unwrap();
        let last: f64 = truth.lines().last().unwrap().split(',').nth(1).unwrap().parse().unwrap();
        assert!((1e6 * last / measurement.test.stress(3600.0) - 1.0).abs() < 1e-7);
        let problems = crate::study::check(&crate::study::Study::open(&written.study, &[]).unwrap());
        assert!(problems.is_empty(), "{problems:?}");
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
