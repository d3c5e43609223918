//! Virtual tests of a pillar, as files with their truth and a study that analyses them.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{SimulateError, make_folder, new_study, write_text};
use crate::core::unit::format_significant;
use crate::io::testfiles::triboscan_bytes;
use crate::sim::pillar::{EventLaw, LoadFunction, Pillar, PillarTest, TraceNoise};

/// Pillars of one glass, pressed one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct PillarMeasurement {
    /// The pillar and its circuit.
    pub pillar: Pillar,
    /// The load of every test.
    pub load: LoadFunction,
    /// What the instrument adds.
    pub noise: TraceNoise,
    /// What happens in the glass.
    pub events: EventLaw,
    /// How many tests.
    pub tests: usize,
    /// Seed of events and noise.
    pub seed: u64,
}

/// The files that were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrittenPillars {
    /// One TriboScan text per test: depth, load, time, current, voltage.
    pub tests: Vec<PathBuf>,
    /// Every spike and pop-in as it happened.
    pub truth: PathBuf,
    /// The study that analyses the tests.
    pub study: PathBuf,
}

impl PillarMeasurement {
    /// Writes tests, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path, progress: impl Fn(usize, usize)) -> Result<WrittenPillars, SimulateError> {
        let study = new_study(folder)?;
        if self.tests == 0 {
            return Err(SimulateError::NoTests);
        }
        let place = folder.join("tests");
        make_folder(&place)?;
        let mut truth = "test,event,time (s),size,depth (nm),samples\n".to_owned();
        let mut tests = Vec::new();
        for number in 1..=self.tests {
            progress(number - 1, self.tests);
            let test = self.pillar.press(&self.load, &self.noise, &self.events, self.seed.wrapping_add(number as u64))?;
            let name = format!("pillar_{number:02}");
            let path = place.join(format!("{name}.txt"));
            write_text(&path, triboscan_bytes(&test.recording)?)?;
            truth += &self.truth(&name, &test);
            tests.push(path);
        }
        progress(self.tests, self.tests);
        let path = folder.join("truth.csv");
        write_text(&path, truth)?;
        write_text(&study, self.study())?;
        Ok(WrittenPillars { tests, truth: path, study })
    }

    fn truth(&self, name: &str, test: &PillarTest) -> String {
        let time = |index: usize| index as f64 / self.load.rate;
        let spikes = test
            .spikes
            .iter()
            .map(|spike| format!("{name},spike,{:.6},{:.6e},,{}\n", time(spike.index), spike.size, spike.width));
        let pop_ins = test
            .pop_ins
            .iter()
            .map(|pop_in| format!("{name},pop-in,{:.6},,{:.3},{}\n", time(pop_in.index), 1e9 * pop_in.depth, pop_in.width));
        spikes.chain(pop_ins).collect()
    }

    fn study(&self) -> String {
        let number = |value: f64| format_significant(value, 6);
        let pillar = &self.pillar;
        let mut truth = format!("  size_exponent = {}\n", number(self.events.exponent));
        if self.events.rates.iter().flatten().sum::<f64>() == 0.0 {
            truth = "  spike_rate = \"0 1/s\"\n".to_owned();
        }
        let mut constants = format!(
            "top_diameter = \"{} um\"\npillar_height = \"{} um\"\npoisson_ratio = {}\n",
            number(1e6 * pillar.top_diameter),
            number(1e6 * pillar.height),
            number(pillar.poisson_ratio)
        );
        if pillar.series_resistance > 0.0 {
            constants += &format!("series_resistance = \"{} ohm\"\n", number(pillar.series_resistance));
        }
        format!(
            "# Written by `amorph simulate pillar`: virtual pillars pressed with an electrical contact. What is true of them is stated\n\
             # below the state, and event by event in truth.csv.\n\n\
             [study]\ntitle = \"Virtual pillars\"\nseed = {}\n\n\
             [[sample]]\nid = \"pillar\"\n\n  [[sample.state]]\n  id = \"virtual\"\n  [sample.state.truth]\n{truth}\n\
             [[measurement]]\nsample = \"pillar\"\nstate = \"virtual\"\ntechnique = \"pillar\"\nfiles = [\"tests/*.txt\"]\n\
             {constants}\n\
             methods = [\n  \"events.stress_strain\", \"events.spikes\", \"events.pop_ins\", \"events.coincidence\",\n  \
             \"events.waiting_times\", \"events.size_distribution\", \"events.imbalance\",\n]\n",
            self.seed
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::{Data, TraceQuantity};

    #[test]
    fn tests_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let measurement = PillarMeasurement {
            pillar: Pillar::default(),
            load: LoadFunction { segment: 0.5, ..LoadFunction::default() },
            noise: TraceNoise::default(),
            events: EventLaw::default(),
            tests: 2,
            seed: 1,
        };
        let written = measurement.write(folder.path(), |_, _| {}).unwrap();
        assert_eq!(written.tests.len(), 2);
        let Data::Record(record) = crate::io::open(&written.tests[0]).unwrap().data else { panic!("no record") };
        let recording = record.tests[0].measurement().unwrap();
        assert_eq!(recording.n_rows(), 1500);
        assert!((recording.values(TraceQuantity::Load).unwrap()[600] - 2e-3).abs() < 2e-6);
        let study = crate::study::Study::open(&written.study, &[]).unwrap();
        assert_eq!(study.title, "Virtual pillars");
        assert!(std::fs::read_to_string(&written.truth).unwrap().lines().count() > 3);
        assert!(matches!(measurement.write(folder.path(), |_, _| {}), Err(SimulateError::Exists { .. })));
    }
}
