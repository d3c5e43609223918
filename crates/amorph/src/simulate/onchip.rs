//! A virtual chip of on-chip tensile tests, as a table with its truth and a study that analyses it.

use std::fmt::Write as _;
use std::path::Path;

use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::unit::format_significant;
use crate::sim::onchip::{Chip, Structure};

/// Displacements of all structures of a chip over time.
#[derive(Debug, Clone, PartialEq)]
pub struct OnchipMeasurement {
    /// The chip.
    pub chip: Chip,
    /// Median strain at fracture and Weibull modulus of it; absent where nothing breaks.
    pub fracture: Option<(f64, f64)>,
    /// Seed of lengths, noise and fracture.
    pub seed: u64,
}

impl OnchipMeasurement {
    /// Writes table, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        if self.chip.structures == 0 || self.chip.times.is_empty() {
            return Err(SimulateError::NoTests);
        }
        let study = new_study(folder)?;
        let structures = self.chip.release(self.seed)?;
        let breaks = match self.fracture {
            Some((median, modulus)) => self.chip.breaks(&structures, median, modulus, self.seed)?,
            None => vec![None; structures.len()],
        };
        make_folder(folder)?;
        let table = folder.join("chip.csv");
        write_text(&table, self.table(&structures, &breaks))?;
        let truth = folder.join("truth.csv");
        write_text(&truth, self.truth(&structures))?;
        write_text(&study, self.study())?;
        Ok(WrittenFiles { files: vec![table], truth, study })
    }

    fn table(&self, structures: &[Structure], breaks: &[Option<usize>]) -> String {
        let mut text = "structure,specimen_length (um),specimen_width (um),actuator_length (um),time (h),displacement (nm),\
                        displacement_error (nm),broken\n"
            .to_owned();
        for (number, (structure, breaks)) in structures.iter().zip(breaks).enumerate() {
            for (index, (time, u)) in self.chip.times.iter().zip(&structure.displacement).enumerate() {
                // Nothing is read of a structure after it has been seen broken.
                if breaks.is_some_and(|first| index > first) {
                    continue;
                }
                let broken = if *breaks == Some(index) { "yes" } else { "no" };
                // Writing into a string does not fail.
                let _ = writeln!(
                    text,
                    "S{:03},{:.3},{:.3},{:.3},{},{:.3},{},{broken}",
                    number + 1,
                    1e6 * structure.length,
                    1e6 * structure.width,
                    1e6 * structure.actuator_length,
                    format_significant(time / 3600.0, 9),
                    1e9 * u,
                    format_significant(1e9 * self.chip.noise.max(1e-12), 6),
                );
            }
        }
        text
    }

    fn truth(&self, structures: &[Structure]) -> String {
        let mut text = "structure,time (h),stress (MPa),strain,displacement per ln t (nm)\n".to_owned();
        for (number, structure) in structures.iter().enumerate() {
            for ((time, stress), strain) in self.chip.times.iter().zip(&structure.stress).zip(&structure.strain) {
                let hours = format_significant(time / 3600.0, 9);
                let gain = 1e9 * structure.log_displacement;
                let _ = writeln!(text, "S{:03},{hours},{:.4},{strain:.6},{gain:.4}", number + 1, 1e-6 * stress);
            }
        }
        text
    }

    fn study(&self) -> String {
        let chip = &self.chip;
        let number = |value: f64| format_significant(value, 6);
        let mut truth = format!(
            "  youngs_modulus = \"{} GPa\"\n  yield_stress = \"{} GPa\"\n",
            number(1e-9 * chip.modulus),
            number(1e-9 * chip.yield_stress)
        );
        if chip.rate_sensitivity > 0.0 {
            let _ = write!(
                truth,
                "  rate_sensitivity_m = {}\n  threshold_stress = \"{} GPa\"\n",
                number(chip.rate_sensitivity),
                number(1e-9 * chip.threshold)
            );
        }
        let fracture = match self.fracture {
            Some((median, modulus)) => {
                format!("# Strains at fracture: median {}, Weibull modulus {}.\n", number(median), number(modulus))
            }
            None => String::new(),
        };
        format!(
            "# Written by `amorph simulate onchip`: a virtual chip of {} structures. Stress and strain of every structure at every time\n\
             # are in truth.csv, what is true of the film below its state.\n{fracture}\n\
             [study]\ntitle = \"Virtual on-chip tension\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual film\"\n\n  [[sample.state]]\n  id = \"virtual\"\n  [sample.state.truth]\n{truth}\n\
             [[measurement]]\nsample = \"virtual film\"\nstate = \"virtual\"\ntechnique = \"onchip\"\nfiles = [\"chip.csv\"]\n\
             actuator_modulus = \"{} GPa\"\nactuator_mismatch = {}\nactuator_width = \"{} um\"\nactuator_thickness = \"{} nm\"\n\
             specimen_thickness = \"{} nm\"\nspecimen_modulus = \"{} GPa\"\nspecimen_mismatch = {}\ntemperature = \"298 K\"\n\n\
             methods = [\"onchip.stress_strain\", \"onchip.relaxation\"]\n",
            chip.structures,
            self.seed,
            number(1e-9 * chip.actuator_modulus),
            number(chip.actuator_mismatch),
            number(1e6 * chip.actuator_width),
            number(1e9 * chip.actuator_thickness),
            number(1e9 * chip.thickness),
            number(1e-9 * chip.modulus),
            number(chip.mismatch),
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn chip_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let chip = Chip { structures: 12, ..Chip::default() };
        let measurement = OnchipMeasurement { chip, fracture: Some((0.08, 4.0)), seed: 3 };
        let written = measurement.write(folder.path()).unwrap();
        let table = std::fs::read_to_string(&written.files[0]).unwrap();
        let structures = measurement.chip.release(3).unwrap();
        let first: Vec<&str> = table.lines().nth(1).unwrap().split(',').collect();
        assert_eq!(first[0], "S001");
        assert!((first[5].parse::<f64>().unwrap() - 1e9 * structures[0].displacement[0]).abs() < 1e-3);
        // A broken structure ends its readings.
        let broken: Vec<&str> = table.lines().filter(|line| line.ends_with(",yes")).collect();
        let of = |name: &str| table.lines().rfind(|line| line.starts_with(name)).unwrap();
        assert!(broken.iter().all(|line| of(line.split(',').next().unwrap()) == *line));
        assert_eq!(std::fs::read_to_string(&written.truth).unwrap().lines().count(), 49);
        let problems = crate::study::check(&crate::study::Study::open(&written.study, &[]).unwrap());
        assert!(problems.is_empty(), "{problems:?}");
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
