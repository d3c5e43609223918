//! Virtual shear moduli of a glass and of its crystal, as files with their truth and a study that analyses them.

use std::fmt::Write as _;
use std::path::Path;

use super::tables::{Column, csv};
use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::data::TraceQuantity;
use crate::core::unit::format_significant;
use crate::sim::SimulationError;
use crate::sim::calorimetry::{Interstitial, InterstitialTest};

/// Steps of the integral of the heat.
const STEPS: usize = 4000;

/// Shear moduli of a glass with defects and of its crystal over temperature.
#[derive(Debug, Clone, PartialEq)]
pub struct InterstitialMeasurement {
    /// The glass, its crystal and the measurement.
    pub sample: Interstitial,
    /// Temperatures before and after structural relaxation, K.
    pub limits: [f64; 2],
    /// Relaxation volume of a defect, of an atomic volume.
    pub relaxation_volume: f64,
    /// Seed of the noise.
    pub seed: u64,
}

impl InterstitialMeasurement {
    /// Writes moduli, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        let [from, to] = self.limits;
        let [first, last, _] = self.sample.temperatures;
        if !(first <= from && from < to && to <= last) {
            let allowed = "within the temperatures of the moduli, and the second above the first";
            let (name, value) = if first <= from && from < last { ("annealed_to", to) } else { ("annealed_from", from) };
            return Err(SimulationError::Parameter { name, value, allowed }.into());
        }
        let study = new_study(folder)?;
        let test = self.sample.measure(self.seed)?;
        make_folder(folder)?;
        let columns = [
            Column::new(TraceQuantity::Time, "time (s)", 1.0),
            Column::new(TraceQuantity::Temperature, "temperature (K)", 1.0),
            Column::new(TraceQuantity::ShearModulus, "shear modulus (GPa)", 1e-9),
        ];
        let mut files = Vec::new();
        for (name, record) in [("glass.csv", &test.glass), ("crystal.csv", &test.crystal)] {
            let path = folder.join(name);
            write_text(&path, csv(record, &columns))?;
            files.push(path);
        }
        let truth = folder.join("truth.csv");
        write_text(&truth, truth_text(&test))?;
        write_text(&study, self.study())?;
        Ok(WrittenFiles { files, truth, study })
    }

    /// Heat that structural relaxation gives off, J/kg.
    fn heat(&self) -> f64 {
        let [from, to] = self.limits;
        let step = (to - from) / STEPS as f64;
        let at = |k: usize| {
            let t = from + step * (k as f64 + 0.5);
            -self.sample.alpha * self.sample.glass_at(t) * self.sample.concentration_at(t).1 / self.sample.density
        };
        step * (0..STEPS).map(at).sum::<f64>()
    }

    fn study(&self) -> String {
        let number = |value: f64| format_significant(value, 6);
        let sample = &self.sample;
        let [from, to] = self.limits;
        let (before, after) = (sample.concentration_at(from).0, sample.concentration_at(to).0);
        let excess = (sample.crystal_at(from) - sample.glass_at(from)) / (sample.beta * sample.density);
        format!(
            "# Written by `amorph simulate interstitial`: the shear modulus of a virtual glass with defects, and of its crystal. Concentration and\n\
             # heat flow at every temperature are in truth.csv, what is true of the glass below its state.\n\n\
             [study]\ntitle = \"Virtual shear moduli\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual glass\"\n\n  [[sample.state]]\n  id = \"virtual\"\n  [sample.state.truth]\n  \
             interstitial_concentration = {}\n  annealed_concentration = {}\n  heat_released = \"{} J/kg\"\n  excess_energy = \"{} J/kg\"\n\n\
             [[measurement]]\nsample = \"virtual glass\"\nstate = \"virtual\"\ntechnique = \"shear_modulus\"\nfiles = [[\"glass.csv\", \"crystal.csv\"]]\n\
             shear_susceptibility = {}\ndefect_alpha = {}\ndensity = \"{} kg/m^3\"\nheating_rate = \"{} K/min\"\nrelaxation_volume = {}\n\n\
             methods = [\"calorimetry.interstitialcy\"]\n\n\
             [method.\"calorimetry.interstitialcy\"]\nannealed_from = {}\nannealed_to = {}\n",
            self.seed,
            number(before),
            number(before - after),
            number(self.heat()),
            number(excess),
            number(sample.beta),
            number(sample.alpha),
            number(sample.density),
            number(60.0 * sample.rate),
            number(self.relaxation_volume),
            number(from),
            number(to),
        )
    }
}

fn truth_text(test: &InterstitialTest) -> String {
    let mut text = "temperature (K),concentration,heat flow (W/kg)\n".to_owned();
    for ((temperature, concentration), heat) in test.temperature.iter().zip(&test.concentration).zip(&test.heat_flow) {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{temperature:.3},{concentration:.8},{heat:.6}");
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::Data;

    fn measurement() -> InterstitialMeasurement {
        let sample = Interstitial::default();
        InterstitialMeasurement { sample, limits: [350.0, 575.0], relaxation_volume: 1.6, seed: 3 }
    }

    #[test]
    fn moduli_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let written = measurement().write(folder.path()).unwrap();
        for (path, exact) in written.files.iter().zip([Interstitial::glass_at, Interstitial::crystal_at]) {
            let Data::Record(record) = crate::io::open(path).unwrap().data else { panic!("no record") };
            let moduli = record.tests[0].measurement().unwrap().values(TraceQuantity::ShearModulus).unwrap();
            // Six standard errors.
            assert!((moduli[0] / exact(&Interstitial::default(), 320.0) - 1.0).abs() < 1.2e-3, "{path:?}");
        }
        // The heat is the mean modulus times what anneals out: 2.1e-3 of 32.2 GPa over 9400 kg/m^3.
        assert!((measurement().heat() / 7.2e3 - 1.0).abs() < 0.05, "{}", measurement().heat());
        let problems = crate::study::check(&crate::study::Study::open(&written.study, &[]).unwrap());
        assert!(problems.is_empty(), "{problems:?}");
        assert!(matches!(measurement().write(folder.path()), Err(SimulateError::Exists { .. })));
    }

    #[test]
    fn limits_beyond_the_moduli_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for limits in [[300.0, 575.0], [575.0, 350.0], [350.0, 700.0]] {
            let wrong = InterstitialMeasurement { limits, ..measurement() };
            assert!(wrong.write(folder.path()).is_err(), "{limits:?}");
        }
    }
}
