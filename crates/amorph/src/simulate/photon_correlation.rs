//! A virtual photon correlation (XPCS), as a table with its truth and a study that analyses it.

use std::fmt::Write as _;
use std::path::Path;

use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::unit::format_significant;
use crate::sim::relaxation::PhotonCorrelation;

/// The intensity correlation of speckles over the delay.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotonMeasurement {
    /// The decay and how it is measured.
    pub correlation: PhotonCorrelation,
    /// Whether the table states its errors; else they come from repetitions.
    pub with_errors: bool,
    /// Seed of the noise.
    pub seed: u64,
}

impl PhotonMeasurement {
    /// Writes table, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        let study = new_study(folder)?;
        let table = self.correlation.measure(self.seed, self.with_errors)?;
        if table.n_rows() == 0 {
            return Err(SimulateError::NoTests);
        }
        make_folder(folder)?;
        let column = |name: &str| table.numbers(name).map(|(_, values)| values).unwrap_or_default();
        let (delays, values, errors) = (column("delay_time"), column("g2"), column("g2_error"));
        let mut text = if self.with_errors { "delay_time (s),g2,g2_error\n" } else { "delay_time (s),g2\n" }.to_owned();
        for (row, (delay, value)) in delays.iter().zip(values).enumerate() {
            // Writing into a string does not fail.
            let _ = write!(text, "{},{value:.8}", format_significant(*delay, 8));
            let _ = match errors.get(row) {
                Some(error) => writeln!(text, ",{}", format_significant(error.max(1e-12), 6)),
                None => writeln!(text),
            };
        }
        let file = folder.join("g2.csv");
        write_text(&file, text)?;
        let truth = folder.join("truth.csv");
        write_text(&truth, self.truth())?;
        write_text(&study, self.study())?;
        Ok(WrittenFiles { files: vec![file], truth, study })
    }

    fn truth(&self) -> String {
        let mut text = "delay_time (s),g2 without error,error of one curve\n".to_owned();
        for delay in self.correlation.delay_times() {
            let (value, error) = (self.correlation.value(delay), self.correlation.error(delay));
            let _ = writeln!(text, "{},{value:.8},{error:.3e}", format_significant(delay, 8));
        }
        text
    }

    fn study(&self) -> String {
        let number = |value: f64| format_significant(value, 6);
        let truth = &self.correlation;
        let (baseline, settings) = if truth.baseline == 0.0 {
            (String::new(), "")
        } else {
            (
                format!("  xpcs_baseline = {}\n", number(truth.baseline)),
                "\n# g2 does not come down to 1 here; held at 1, the fit would bend the decay.\n\
                 [method.\"relaxation.photon_correlation\"]\nfree_baseline = true\n",
            )
        };
        format!(
            "# Written by `amorph simulate xpcs`: the correlation of virtual speckles. g2 without error is in truth.csv, what is true of its decay\n\
             # below the state.\n\n\
             [study]\ntitle = \"Virtual photon correlation\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual glass\"\n\n  [[sample.state]]\n  id = \"virtual\"\n  [sample.state.truth]\n  xpcs_time = \"{} s\"\n  \
             xpcs_exponent = {}\n  xpcs_contrast = {}\n{baseline}\n\
             [[measurement]]\nsample = \"virtual glass\"\nstate = \"virtual\"\ntechnique = \"xpcs\"\nfiles = [\"g2.csv\"]\n\n\
             methods = [\"relaxation.photon_correlation\"]\n{settings}",
            self.seed,
            number(truth.time),
            number(truth.exponent),
            number(truth.contrast),
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::Data;

    #[test]
    fn table_truth_and_study_are_written_once() {
        for (with_errors, baseline, columns) in [(true, 0.0, 3), (false, 0.004, 2)] {
            let folder = tempfile::tempdir().unwrap();
            let correlation = PhotonCorrelation { baseline, repetitions: 2, ..PhotonCorrelation::default() };
            let measurement = PhotonMeasurement { correlation, with_errors, seed: 3 };
            let written = measurement.write(folder.path()).unwrap();
            let Data::Table(table) = crate::io::open(&written.files[0]).unwrap().data else { panic!("no table") };
            assert_eq!((table.n_rows(), table.columns.len()), (80, columns));
            let (_, g2) = table.numbers("g2").unwrap();
            assert!((g2[0] - measurement.correlation.value(1.0)).abs() < 5e-3, "{}", g2[0]);
            let problems = crate::study::check(&crate::study::Study::open(&written.study, &[]).unwrap());
            assert!(problems.is_empty(), "{problems:?}");
            assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
        }
    }

    #[test]
    fn a_correlation_without_delays_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let correlation = PhotonCorrelation { points: 0, ..PhotonCorrelation::default() };
        let none = PhotonMeasurement { correlation, with_errors: true, seed: 3 };
        assert!(matches!(none.write(folder.path()), Err(SimulateError::NoTests)));
    }
}
