//! A virtual glass in a calorimeter, as files with their truth and a study that analyses them.

use std::fmt::Write as _;
use std::path::Path;

use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::constants::GAS;
use crate::core::data::TraceQuantity;
use crate::core::random::derive_seed;
use crate::core::unit::format_significant;
use crate::sim::SimulationError;
use crate::sim::calorimetry::{Dsc, DscTest, HeatSign, Program};

/// Relaxation time at the glass transition of the truth, s.
const TRANSITION_TIME: f64 = 100.0;

/// Heating scans of one glass after coolings at several rates, and after an annealing.
#[derive(Debug, Clone, PartialEq)]
pub struct DscMeasurement {
    /// Glass and calorimeter; the program is set for every scan.
    pub dsc: Dsc,
    /// Rates of the coolings, K/s.
    pub coolings: Vec<f64>,
    /// Rate of the heatings, K/s.
    pub heating: f64,
    /// Hottest and coldest temperature, K.
    pub range: [f64; 2],
    /// Temperature (K) and time (s) of an annealing below the transition, with the scan that it is compared with; absent for none.
    pub annealing: Option<(f64, f64)>,
    /// Seed of the noise.
    pub seed: u64,
}

impl DscMeasurement {
    /// Writes scans, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        if self.coolings.is_empty() && self.annealing.is_none() {
            return Err(SimulateError::NoTests);
        }
        let study = new_study(folder)?;
        let [high, low] = self.range;
        if !(low > 0.0 && high > low) {
            let allowed = "above the coldest temperature, which is above 0 K";
            return Err(SimulationError::Parameter { name: "hottest", value: high, allowed }.into());
        }
        let scans: Result<Vec<DscTest>, SimulateError> = self
            .coolings
            .iter()
            .enumerate()
            .map(|(k, rate)| self.scan(Program::cycle(high, low, *rate, self.heating), &format!("cooled {k}")))
            .collect();
        let scans = scans?;
        let annealed = match self.annealing {
            Some((at, time)) => {
                let rates = [self.heating; 2];
                let annealed = self.scan(Program::annealed(high, low, rates, at, time), "annealed")?;
                Some([annealed, self.scan(Program::cycle(high, low, self.heating, self.heating), "reference")?])
            }
            None => None,
        };
        make_folder(folder)?;
        let mut files = Vec::new();
        let mut save = |name: String, test: &DscTest| -> Result<String, SimulateError> {
            let path = folder.join(&name);
            write_text(&path, text(test))?;
            files.push(path);
            Ok(name)
        };
        let mut cooled = Vec::new();
        for (k, test) in scans.iter().enumerate() {
            cooled.push(save(format!("cooled_{}.csv", k + 1), test)?);
        }
        if let Some([annealed, reference]) = &annealed {
            save("annealed.csv".to_owned(), annealed)?;
            save("reference.csv".to_owned(), reference)?;
        }
        let truth = folder.join("truth.csv");
        let all = cooled.iter().map(String::as_str).chain(["annealed.csv", "reference.csv"]);
        write_text(&truth, truth_text(all.zip(scans.iter().chain(annealed.iter().flatten()))))?;
        write_text(&study, self.study(&cooled, annealed.as_ref()))?;
        Ok(WrittenFiles { files, truth, study })
    }

    fn scan(&self, program: Program, name: &str) -> Result<DscTest, SimulateError> {
        let seed = derive_seed(self.seed, &["dsc".into(), name.into()]);
        Ok(Dsc { program, ..self.dsc.clone() }.measure(seed)?)
    }

    fn study(&self, cooled: &[String], annealed: Option<&[DscTest; 2]>) -> String {
        let number = |value: f64| format_significant(value, 6);
        let per_minute = |rate: f64| format!("\"{} K/min\"", number(60.0 * rate));
        let sign = match self.dsc.sign {
            HeatSign::ExoUp => "exo_up",
            HeatSign::EndoUp => "endo_up",
        };
        let constants = format!(
            "technique = \"dsc\"\nheat_flow_sign = \"{sign}\"\nheating_rate = {}\nsample_mass = \"{} mg\"\n",
            per_minute(self.heating),
            number(1e6 * self.dsc.mass)
        );
        let mut states = String::new();
        let mut measurements = String::new();
        let mut settings = String::new();
        if let (false, Some(process)) = (cooled.is_empty(), self.dsc.relaxing.first()) {
            let tnm = process.tnm;
            let transition = tnm.enthalpy / GAS / (TRANSITION_TIME.ln() - tnm.ln_prefactor);
            let _ = write!(
                states,
                "\n  [[sample.state]]\n  id = \"cooled\"\n  [sample.state.truth]\n  glass_transition_tau100s = \"{} K\"\n  \
                 tnm_enthalpy = \"{} kJ/mol\"\n  tnm_nonlinearity = {}\n  tnm_exponent = {}\n",
                number(transition),
                number(1e-3 * tnm.enthalpy),
                number(tnm.nonlinearity),
                number(tnm.exponent)
            );
            let quoted: Vec<String> = cooled.iter().map(|name| format!("\"{name}\"")).collect();
            let _ = write!(
                measurements,
                "\n[[measurement]]\nsample = \"virtual glass\"\nstate = \"cooled\"\nfiles = [[{}]]\n{constants}methods = [\"calorimetry.tnm_fit\"]\n",
                quoted.join(", ")
            );
            let rates: Vec<String> = self.coolings.iter().map(|rate| per_minute(*rate)).collect();
            let _ = write!(settings, "\n[method.\"calorimetry.tnm_fit\"]\ncooling_rates = [{}]\n", rates.join(", "));
        }
        if let Some([annealed, reference]) = annealed {
            let rise =
                |test: &DscTest| test.enthalpy.last().copied().unwrap_or(0.0) - test.enthalpy.first().copied().unwrap_or(0.0);
            let _ = write!(
                states,
                "\n  [[sample.state]]\n  id = \"annealed\"\n  [sample.state.truth]\n  recovery_enthalpy = \"{} J/g\"\n",
                number(1e-3 * (rise(annealed) - rise(reference)))
            );
            let _ = write!(
                measurements,
                "\n[[measurement]]\nsample = \"virtual glass\"\nstate = \"annealed\"\nfiles = [[\"annealed.csv\", \"reference.csv\"]]\n{constants}\
                 methods = [\"calorimetry.glass_transition\", \"calorimetry.recovery_enthalpy\"]\n"
            );
        }
        format!(
            "# Written by `amorph simulate dsc`: a virtual glass that relaxes by Tool, Narayanaswamy and Moynihan, in a calorimeter. Its heat\n\
             # capacity and fictive temperature are in truth.csv, scan by scan.\n\n\
             [study]\ntitle = \"Virtual calorimetry\"\nseed = {}\n\n[[sample]]\nid = \"virtual glass\"\n{states}{measurements}{settings}",
            self.seed
        )
    }
}

/// A scan as its instrument would export it.
fn text(test: &DscTest) -> String {
    let mut text = "time (s),temperature (degC),heat flow (W/g)\n".to_owned();
    let trace = test.record.tests.first().and_then(|test| test.measurement().ok());
    let column = |quantity| trace.and_then(|trace| trace.values(quantity).ok()).unwrap_or_default();
    let heat = column(TraceQuantity::SpecificHeatFlow);
    for ((time, temperature), heat) in test.time.iter().zip(column(TraceQuantity::Temperature)).zip(heat) {
        // Writing into a string does not fail.
        let _ = writeln!(text, "{time:.3},{:.4},{:.7}", temperature - 273.15, 1e-3 * heat);
    }
    text
}

fn truth_text<'a>(scans: impl Iterator<Item = (&'a str, &'a DscTest)>) -> String {
    let mut text = "scan,temperature (K),heat capacity (J/(g K)),fictive temperature (K)\n".to_owned();
    for (name, test) in scans {
        for ((temperature, heat_capacity), fictive) in test.temperature.iter().zip(&test.heat_capacity).zip(&test.fictive) {
            let _ = writeln!(text, "{name},{temperature:.3},{:.6},{fictive:.4}", 1e-3 * heat_capacity);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn measurement() -> DscMeasurement {
        DscMeasurement {
            dsc: Dsc { interval: 6.0, ..Dsc::default() },
            coolings: vec![0.05, 0.2, 1.0],
            heating: 1.0 / 3.0,
            range: [700.0, 500.0],
            annealing: Some((590.0, 3600.0)),
            seed: 2,
        }
    }

    #[test]
    fn scans_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let written = measurement().write(folder.path()).unwrap();
        let names: Vec<_> = written.files.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["cooled_1.csv", "cooled_2.csv", "cooled_3.csv", "annealed.csv", "reference.csv"]);
        let first = std::fs::read_to_string(&written.files[0]).unwrap();
        let row: Vec<f64> = first.lines().nth(1).unwrap().split(',').map(|cell| cell.parse().unwrap()).collect();
        assert!((row[1] - (500.0 - 273.15)).abs() < 1e-3, "{row:?}");
        let study = crate::study::Study::open(&written.study, &[]).unwrap();
        let problems = crate::study::check(&study);
        assert!(problems.is_empty() && study.measurements.len() == 2, "{problems:?}");
        assert!(matches!(measurement().write(folder.path()), Err(SimulateError::Exists { .. })));
    }

    #[test]
    fn nothing_is_heated_zero_times() {
        let folder = tempfile::tempdir().unwrap();
        let none = DscMeasurement { coolings: Vec::new(), annealing: None, ..measurement() };
        assert!(matches!(none.write(folder.path()), Err(SimulateError::NoTests)));
        let cold = DscMeasurement { range: [500.0, 700.0], ..measurement() };
        assert!(cold.write(folder.path()).is_err());
    }
}
