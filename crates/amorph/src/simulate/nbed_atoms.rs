//! A virtual nanobeam scan of a model of atoms, as a file with its truth and a study that analyses it.

use std::path::Path;

use super::nbed::{WrittenScans, scan_bytes};
use super::{SimulateError, make_folder, new_study, write_text};
use crate::core::unit::format_significant;
use crate::sim::nbed::{AtomScan, NbedFromAtoms};

/// A scan of a model of atoms.
#[derive(Debug, Clone, PartialEq)]
pub struct AtomMeasurement {
    /// Atoms, probe and camera.
    pub foil: NbedFromAtoms,
    /// Where the atoms come from, for the study's comment.
    pub model: String,
    /// Seed of the counts.
    pub seed: u64,
}

impl AtomMeasurement {
    /// The atoms of an `.xyz` file, in the cell (x, y, z), m, that it states, or in `cell`; the rest as in `foil`.
    ///
    /// # Errors
    /// [`SimulateError`] where the file cannot be read or nothing states a cell.
    pub fn of_file(path: &Path, cell: Option<[f64; 3]>, foil: NbedFromAtoms, seed: u64) -> Result<Self, SimulateError> {
        let atoms = crate::io::read_atoms(path)?;
        let sides = cell.or(atoms.sides).ok_or_else(|| SimulateError::NoCell { path: path.display().to_string() })?;
        let foil = NbedFromAtoms { elements: atoms.elements, positions: atoms.positions, sides, ..foil };
        let model = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        Ok(Self { foil, model, seed })
    }

    /// Writes scan, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenScans, SimulateError> {
        let study = new_study(folder)?;
        let measured = self.foil.measure(self.seed)?;
        make_folder(folder)?;
        let scan = folder.join("scan.npy");
        write_text(&scan, scan_bytes(&measured.scan))?;
        let truth = folder.join("truth.csv");
        write_text(&truth, self.truth(&measured))?;
        let n = measured.truth.len().max(1) as f64;
        let share = measured.truth.iter().map(|truth| truth.scattered).sum::<f64>() / n;
        write_text(&study, self.study(share))?;
        Ok(WrittenScans { scans: vec![scan], truth, study, scattered_share: Some(share) })
    }

    fn truth(&self, measured: &AtomScan) -> String {
        let columns = self.foil.scan[1].max(1);
        let frame = self.foil.detector[0] * self.foil.detector[1];
        let mut text =
            "scan y,scan x,model y (m),model x (m),atoms in the probe,scattered share,expected electrons\n".to_owned();
        for (index, (truth, expected)) in measured.truth.iter().zip(measured.expected.chunks_exact(frame.max(1))).enumerate() {
            let [y, x] = truth.position;
            let (row, column, electrons) = (index / columns, index % columns, expected.iter().sum::<f64>());
            text += &format!("{row},{column},{y:e},{x:e},{},{},{electrons}\n", truth.atoms, truth.scattered);
        }
        text
    }

    fn study(&self, share: f64) -> String {
        let foil = &self.foil;
        let number = |value: f64| format_significant(value, 6);
        // An excess of noise per electron adds to the variance over the mean.
        let gain = foil.gain * (1.0 + foil.gain_noise.powi(2));
        // A variance over positions needs positions.
        let fluctuation = if foil.scan[0] * foil.scan[1] >= 20 { ", \"stem.fluctuation\"" } else { "" };
        format!(
            "# Written by `amorph simulate nbed --atoms`: a virtual nanobeam scan of the atoms of '{}', kinematic scattering.\n\
             # truth.csv: where the probe was, how many atoms it saw, and which share of the electrons they scattered beyond the unscattered beam,\n\
             # {} % in the mean. Above a tenth multiple scattering, which is not in it, would matter.\n\n\
             [study]\ntitle = \"Virtual nanobeam scan of a model of atoms\"\nseed = {}\n\n\
             [[sample]]\nid = \"model\"\n\n  [[sample.state]]\n  id = \"as built\"\n\n\
             [[measurement]]\nstate = \"as built\"\nfiles = [\"scan.npy\"]\ntechnique = \"stem\"\n\
             scan_step = \"{} nm\"\nq_pixel = \"{} 1/nm\"\nbeam_voltage = \"{} kV\"\nconvergence_semi_angle = \"{} mrad\"\n\
             detector_gain = {}\ndark_level = 0\nmethods = [\"stem.virtual_image\"{fluctuation}]\n",
            self.model,
            format_significant(100.0 * share, 2),
            self.seed,
            number(1e9 * foil.scan_step),
            number(1e-9 * foil.q_pixel),
            number(1e-3 * foil.beam_voltage),
            number(1e3 * foil.convergence_semi_angle),
            number(gain),
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::{Data, Pixels};

    fn file(folder: &Path, second: &str) -> std::path::PathBuf {
        let path = folder.join("model.xyz");
        let atoms: String =
            (0..60).map(|i| format!("{} {} {} {}\n", ["Zr", "Cu"][i % 2], (7 * i) % 29, (11 * i) % 28, (5 * i) % 27)).collect();
        std::fs::write(&path, format!("60\n{second}\n{atoms}")).unwrap();
        path
    }

    #[test]
    fn scan_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let model = file(folder.path(), "29 28 27 a model");
        let foil = NbedFromAtoms {
            scan: [4, 5],
            detector: [24, 22],
            q_pixel: 0.5e9,
            gain: 2.0,
            gain_noise: 0.5,
            ..NbedFromAtoms::default()
        };
        let measurement = AtomMeasurement::of_file(&model, None, foil, 3).unwrap();
        assert!((measurement.foil.sides[1] - 2.8e-9).abs() < 1e-18);
        let out = folder.path().join("out");
        let written = measurement.write(&out).unwrap();
        let Data::Scan(scan) = crate::io::open(&written.scans[0]).unwrap().data else { panic!("no scan") };
        assert_eq!((scan.shape(), scan.n_present), ([4, 5, 24, 22], 20));
        let (mut found, mut made) = (Pixels::empty(scan.pixel), Pixels::empty(scan.pixel));
        scan.read(7..8, &mut found).unwrap();
        measurement.foil.measure(3).unwrap().scan.read(7..8, &mut made).unwrap();
        assert_eq!(found, made);
        let truth = std::fs::read_to_string(&written.truth).unwrap();
        assert_eq!(truth.lines().count(), 21);
        let study = crate::study::Study::open(&written.study, &[]).unwrap();
        let problems = crate::study::check(&study);
        assert!(problems.is_empty() && study.measurements.len() == 1, "{problems:?}");
        assert!(std::fs::read_to_string(&written.study).unwrap().contains("detector_gain = 2.5"));
        assert!(matches!(measurement.write(&out), Err(SimulateError::Exists { .. })));
    }

    #[test]
    fn a_cell_that_is_nowhere_stated_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let model = file(folder.path(), "a model");
        let of = |cell| AtomMeasurement::of_file(&model, cell, NbedFromAtoms::default(), 1);
        assert!(of(None).unwrap_err().to_string().contains("--cell"));
        assert_eq!(of(Some([3e-9; 3])).unwrap().foil.sides, [3e-9; 3]);
    }
}
