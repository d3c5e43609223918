//! Virtual creep tests, as files with their truth and a study that analyses them.

use std::fmt::Write as _;
use std::path::Path;

use super::tables::{Column, csv};
use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::data::TraceQuantity;
use crate::core::random::derive_seed;
use crate::core::unit::format_significant;
use crate::sim::SimulationError;
use crate::sim::relaxation::{Creep, Retardation, StressActivatedFlow};
use crate::theory::constants::BOLTZMANN;

/// Fewest stresses from which a law of the stress is asked for.
const LAW_OF_STRESS: usize = 3;

/// Creep of one glass at several stresses, one test per stress.
#[derive(Debug, Clone, PartialEq)]
pub struct CreepMeasurement {
    /// What is alike in all tests; its stress is not used, and its viscosity is that at low stress.
    pub creep: Creep,
    /// Stresses of the holds, Pa.
    pub stresses: Vec<f64>,
    /// Activation volume of the flow, m³; zero where it is Newtonian.
    pub activation_volume: f64,
    /// Normal over shear stress.
    pub taylor_factor: f64,
    /// Temperature, K.
    pub temperature: f64,
    /// Seed of the noise.
    pub seed: u64,
}

impl CreepMeasurement {
    /// Writes tests, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        if self.stresses.is_empty() {
            return Err(SimulateError::NoTests);
        }
        let study = new_study(folder)?;
        let tests: Vec<Creep> = self.stresses.iter().map(|stress| self.test(*stress)).collect::<Result<_, _>>()?;
        let columns = [
            Column::new(TraceQuantity::Time, "time (s)", 1.0),
            Column::new(TraceQuantity::Stress, "stress (MPa)", 1e-6),
            Column::new(TraceQuantity::Strain, "strain (%)", 100.0),
        ];
        let texts: Vec<String> = tests
            .iter()
            .enumerate()
            .map(|(k, test)| {
                let record = test.measure(derive_seed(self.seed, &["creep".into(), k.into()]))?;
                Ok(csv(&record, &columns))
            })
            .collect::<Result<_, SimulateError>>()?;
        make_folder(folder)?;
        let mut files = Vec::new();
        for (k, text) in texts.into_iter().enumerate() {
            let path = folder.join(format!("creep_{}.csv", k + 1));
            write_text(&path, text)?;
            files.push(path);
        }
        let truth = folder.join("truth.csv");
        write_text(&truth, truth_text(&tests))?;
        write_text(&study, self.study(&tests))?;
        Ok(WrittenFiles { files, truth, study })
    }

    fn test(&self, stress: f64) -> Result<Creep, SimulationError> {
        let allowed = |name, value: f64, fine: bool, allowed| {
            if fine { Ok(()) } else { Err(SimulationError::Parameter { name, value, allowed }) }
        };
        let above = "finite and greater than zero";
        allowed("stress", stress, stress > 0.0 && stress.is_finite(), above)?;
        allowed("temperature", self.temperature, self.temperature > 0.0 && self.temperature.is_finite(), above)?;
        allowed("taylor_factor", self.taylor_factor, self.taylor_factor > 0.0 && self.taylor_factor.is_finite(), above)?;
        let volume = self.activation_volume;
        allowed("activation_volume", volume, volume >= 0.0 && volume.is_finite(), "finite and not negative")?;
        if volume == 0.0 {
            return Ok(Creep { stress, ..self.creep.clone() });
        }
        // ε̇ = r sinh(σV/(M kT)), which is σ/η at low stress.
        let unit = self.taylor_factor * BOLTZMANN * self.temperature / volume;
        let flow = StressActivatedFlow {
            rate: unit / self.creep.viscosity,
            activation_volume: volume,
            taylor_factor: self.taylor_factor,
            temperature: self.temperature,
        };
        Ok(Creep { stress, viscosity: stress / flow.strain_rate(stress), ..self.creep.clone() })
    }

    fn study(&self, tests: &[Creep]) -> String {
        let number = |value: f64| format_significant(value, 6);
        let newtonian = self.activation_volume == 0.0;
        let of_stress = tests.len() >= LAW_OF_STRESS;
        let mut truth = String::new();
        if let Retardation::Stretched { compliance, time, exponent } = self.creep.retardation {
            let _ = write!(
                truth,
                "  retardation_time = \"{} s\"\n  retardation_exponent = {}\n  retarded_compliance = \"{} 1/Pa\"\n",
                number(time),
                number(exponent),
                number(compliance)
            );
        }
        if let (true, Some(test)) = (newtonian || tests.len() == 1, tests.first()) {
            let _ = writeln!(truth, "  creep_viscosity = \"{} Pa s\"", number(test.viscosity));
        }
        if of_stress && newtonian {
            truth.push_str("  stress_exponent = 1\n");
        } else if of_stress {
            let _ = writeln!(truth, "  activation_volume = \"{} A^3\"", number(1e30 * self.activation_volume));
        }
        let methods = if of_stress { "\"relaxation.creep\", \"relaxation.creep_stress\"" } else { "\"relaxation.creep\"" };
        format!(
            "# Written by `amorph simulate creep`: virtual creep tests of one glass, one per stress. The rates of flow are in truth.csv, what is\n\
             # true of the glass below its state. Near the end of a hold retarded strain still comes; the strain rate there is not yet the flow.\n\n\
             [study]\ntitle = \"Virtual creep\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual glass\"\n\n  [[sample.state]]\n  id = \"virtual\"\n  [sample.state.truth]\n{truth}\n\
             [[measurement]]\nsample = \"virtual glass\"\nstate = \"virtual\"\ntechnique = \"creep\"\nfiles = [\"creep_*.csv\"]\n\
             temperature = \"{} K\"\ntaylor_factor = {}\n\nmethods = [{methods}]\n",
            self.seed,
            number(self.temperature),
            number(self.taylor_factor),
        )
    }
}

fn truth_text(tests: &[Creep]) -> String {
    let mut text = "file,stress (MPa),flow rate (1/s),viscosity (Pa s)\n".to_owned();
    for (k, test) in tests.iter().enumerate() {
        // Writing into a string does not fail.
        let _ = writeln!(
            text,
            "creep_{}.csv,{:.4},{:.6e},{:.6e}",
            k + 1,
            1e-6 * test.stress,
            test.stress / test.viscosity,
            test.viscosity
        );
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::Data;

    fn measurement(activation_volume: f64) -> CreepMeasurement {
        CreepMeasurement {
            creep: Creep { interval: 20.0, ..Creep::default() },
            stresses: vec![200e6, 400e6, 600e6],
            activation_volume,
            taylor_factor: 3f64.sqrt(),
            temperature: 420.0,
            seed: 3,
        }
    }

    #[test]
    fn tests_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let written = measurement(0.0).write(folder.path()).unwrap();
        assert_eq!(written.files.len(), 3);
        let Data::Record(record) = crate::io::open(&written.files[2]).unwrap().data else { panic!("no record") };
        let read = record.tests[0].measurement().unwrap();
        let hold = read.values(TraceQuantity::Stress).unwrap();
        assert!((hold[hold.len() - 1] / 600e6 - 1.0).abs() < 1e-7, "{hold:?}");
        // Strain in percent, noise of 2e-5.
        let strain = read.values(TraceQuantity::Strain).unwrap();
        let exact = Creep { stress: 600e6, ..measurement(0.0).creep }.strain(7202.0);
        assert!((strain[strain.len() - 1] - exact).abs() < 2e-4, "{} {exact}", strain[strain.len() - 1]);
        let study = crate::study::Study::open(&written.study, &[]).unwrap();
        let problems = crate::study::check(&study);
        assert!(problems.is_empty(), "{problems:?}");
        assert!(matches!(measurement(0.0).write(folder.path()), Err(SimulateError::Exists { .. })));
    }

    #[test]
    fn stress_helps_the_flow() {
        let flowing = measurement(60e-30);
        let viscosity = |stress: f64| flowing.test(stress).unwrap().viscosity;
        assert!((viscosity(1e3) / 1e15 - 1.0).abs() < 1e-6);
        let x: f64 = 600e6 * 60e-30 / (3f64.sqrt() * 1.380_649e-23 * 420.0);
        assert!((viscosity(600e6) / (1e15 * x / x.sinh()) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn impossible_tests_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let none = CreepMeasurement { stresses: Vec::new(), ..measurement(0.0) };
        assert!(matches!(none.write(folder.path()), Err(SimulateError::NoTests)));
        assert!(CreepMeasurement { stresses: vec![-1.0], ..measurement(0.0) }.write(folder.path()).is_err());
        assert!(measurement(-1e-30).write(folder.path()).is_err());
    }
}
