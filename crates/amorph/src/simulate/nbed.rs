//! Virtual nanobeam scans of foils at several strains, as files with their truth and a study that analyses them.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{SimulateError, make_folder, new_study, write_text};
use crate::core::data::{Pixels, Scan4d};
use crate::core::random::derive_seed;
use crate::core::unit::format_significant;
use crate::io::testfiles::npy_scan_bytes;
use crate::sim::SimulationError;
use crate::sim::nbed::{Nbed, NbedScan, Order, OrderClass};

/// Foils of one glass, one per strain, several fields each.
#[derive(Debug, Clone, PartialEq)]
pub struct NbedMeasurement {
    /// Camera, probe and speckle; `order` is set for every strain.
    pub nbed: Nbed,
    /// Strains and the share of ordered patterns at each.
    pub series: Vec<(f64, f64)>,
    /// Correlation of two patterns of one field, beyond that of the strain.
    pub overdispersion: f64,
    /// Fields per strain.
    pub fields: usize,
    /// Distance between probe positions, m.
    pub scan_step: f64,
    /// Accelerating voltage, V.
    pub beam_voltage: f64,
    /// Half the opening angle of the probe, rad.
    pub convergence_semi_angle: f64,
    /// Seed of everything.
    pub seed: u64,
}

impl Default for NbedMeasurement {
    /// 8 fields of 10 x 10 patterns at four strains, without any change.
    fn default() -> Self {
        let nbed = Nbed {
            scan: [10, 10],
            detector: [64, 60],
            centre: [31.5, 29.5],
            disk_radius: 3.0,
            halo_radius: 18.0,
            halo_width: 3.0,
            ..Nbed::default()
        };
        Self {
            nbed,
            series: [0.0, 0.01, 0.05, 0.12].map(|strain| (strain, 0.6)).into(),
            overdispersion: 0.0,
            fields: 8,
            scan_step: 0.4e-9,
            beam_voltage: 200e3,
            convergence_semi_angle: 1.71e-3,
            seed: 1,
        }
    }
}

/// The files that were written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WrittenScans {
    /// One four-dimensional array per field.
    pub scans: Vec<PathBuf>,
    /// The class of every pattern.
    pub truth: PathBuf,
    /// The study that analyses the scans.
    pub study: PathBuf,
    /// Share of the electrons that atoms scattered beyond the unscattered beam, where atoms did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scattered_share: Option<f64>,
}

impl NbedMeasurement {
    /// A share for every strain; a single one stands for all.
    ///
    /// # Errors
    /// [`SimulateError::Shares`] where they do not fit.
    pub fn series(strains: &[f64], shares: &[f64]) -> Result<Vec<(f64, f64)>, SimulateError> {
        match shares {
            [only] => Ok(strains.iter().map(|strain| (*strain, *only)).collect()),
            _ if shares.len() == strains.len() => Ok(strains.iter().copied().zip(shares.iter().copied()).collect()),
            _ => Err(SimulateError::Shares { shares: shares.len(), strains: strains.len() }),
        }
    }

    /// Writes scans, truth and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path, progress: impl Fn(usize, usize)) -> Result<WrittenScans, SimulateError> {
        let study = new_study(folder)?;
        let total = self.series.len() * self.fields;
        if total == 0 {
            return Err(SimulateError::NoSites);
        }
        let mut truth = "strain,field,scan y,scan x,class\n".to_owned();
        let mut scans = Vec::new();
        for (index, (strain, share)) in self.series.iter().enumerate() {
            let place = folder.join(format!("strain_{index}"));
            make_folder(&place)?;
            for field in 0..self.fields {
                progress(index * self.fields + field, total);
                let measured = self.measure(*share, index, field)?;
                let path = place.join(format!("field_{field}.npy"));
                write_text(&path, scan_bytes(&measured.scan))?;
                scans.push(path);
                truth += &self.truth(*strain, field, &measured);
            }
        }
        progress(total, total);
        let path = folder.join("truth.csv");
        write_text(&path, truth)?;
        write_text(&study, self.study()?)?;
        Ok(WrittenScans { scans, truth: path, study, scattered_share: None })
    }

    fn measure(&self, share: f64, strain: usize, field: usize) -> Result<NbedScan, SimulateError> {
        let order = Order::Fraction { fraction: share, overdispersion: self.overdispersion };
        let seed = derive_seed(self.seed, &["nbed".into(), strain.into(), field.into()]);
        Ok(Nbed { order, ..self.nbed.clone() }.measure(seed)?)
    }

    fn truth(&self, strain: f64, field: usize, measured: &NbedScan) -> String {
        let word = |class: OrderClass| match class {
            OrderClass::OnAxis => "on_axis",
            OrderClass::ThreeBeam => "three_beam",
            OrderClass::TwoBeam => "two_beam",
            OrderClass::None => "none",
        };
        let columns = self.nbed.scan[1].max(1);
        let line = |(index, pattern): (usize, &crate::sim::nbed::PatternTruth)| {
            format!("{strain},{field},{},{},{}\n", index / columns, index % columns, word(pattern.class))
        };
        measured.truth.iter().enumerate().map(line).collect()
    }

    /// 1/m per pixel, so that a disk has the radius that voltage and angle give.
    fn q_pixel(&self) -> Result<f64, SimulateError> {
        let impossible =
            |_| SimulationError::Parameter { name: "beam_voltage", value: self.beam_voltage, allowed: "greater than zero" };
        let wavelength = crate::theory::instruments::electron_wavelength(self.beam_voltage).map_err(impossible)?;
        Ok(self.convergence_semi_angle / wavelength / self.nbed.disk_radius)
    }

    fn study(&self) -> Result<String, SimulateError> {
        let number = |value: f64| format_significant(value, 6);
        let name = |strain: f64| format!("{} %", number(100.0 * strain));
        let states: String =
            self.series.iter().map(|(strain, _)| format!("\n  [[sample.state]]\n  id = \"{}\"\n", name(*strain))).collect();
        let shares: String = self.series.iter().map(|(strain, share)| format!("#   {}: {share}\n", name(*strain))).collect();
        let mut measurements = String::new();
        for (index, (strain, _)) in self.series.iter().enumerate() {
            let head = format!(
                "\n[[measurement]]\nstate = \"{}\"\nfiles = [\"strain_{index}/field_*.npy\"]\nstrain = {}\nfoil = {}\n",
                name(*strain),
                number(*strain),
                index + 1
            );
            measurements += &head;
            measurements += &if index == 0 {
                format!(
                    "technique = \"stem\"\nscan_step = \"{} nm\"\nq_pixel = \"{} 1/nm\"\nbeam_voltage = \"{} kV\"\nconvergence_semi_angle = \"{} mrad\"\nmethods = [\"stem.bragg_detection\"]\n",
                    number(1e9 * self.scan_step),
                    number(1e-9 * self.q_pixel()?),
                    number(1e-3 * self.beam_voltage),
                    number(1e3 * self.convergence_semi_angle)
                )
            } else {
                format!("like = \"{}\"\n", name(self.series[0].0))
            };
        }
        Ok(format!(
            "# Written by `amorph simulate nbed`: virtual nanobeam scans of strained foils, one foil per strain. The class of every pattern\n\
             # is in truth.csv; the shares of ordered patterns that were put in:\n{shares}\n\
             [study]\ntitle = \"Virtual nanobeam scans\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual foil\"\n{states}{measurements}\n\
             [compare]\nacross = \"state\"\nmethods = [\"stem.fraction_by_strain\"]\n",
            self.seed
        ))
    }
}

/// The scan as a four-dimensional array of unsigned 16-bit counts.
pub(super) fn scan_bytes(scan: &Scan4d) -> Vec<u8> {
    let mut pixels = Pixels::empty(scan.pixel);
    // A scan in memory can always be read.
    match (scan.read(0..scan.n_present, &mut pixels), &pixels) {
        (Ok(()), Pixels::U16(counts)) => npy_scan_bytes(scan.shape(), counts),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::core::data::Data;

    #[test]
    fn scans_truth_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let measurement = NbedMeasurement { fields: 2, series: vec![(0.0, 0.6), (0.05, 0.4)], ..NbedMeasurement::default() };
        let written = measurement.write(folder.path(), |_, _| {}).unwrap();
        assert_eq!(written.scans.len(), 4);
        let Data::Scan(scan) = crate::io::open(&written.scans[3]).unwrap().data else { panic!("no scan") };
        assert_eq!((scan.shape(), scan.n_present), ([10, 10, 64, 60], 100));
        let expected = measurement.measure(0.4, 1, 1).unwrap();
        let (mut found, mut made) = (Pixels::empty(scan.pixel), Pixels::empty(scan.pixel));
        scan.read(37..38, &mut found).unwrap();
        expected.scan.read(37..38, &mut made).unwrap();
        assert_eq!(found, made);
        assert_eq!(std::fs::read_to_string(&written.truth).unwrap().lines().count(), 401);
        let study = crate::study::Study::open(&written.study, &[]).unwrap();
        let problems = crate::study::check(&study);
        assert!(problems.is_empty() && study.measurements.len() == 2 && study.comparisons.len() == 2, "{problems:?}");
        assert!(matches!(measurement.write(folder.path(), |_, _| {}), Err(SimulateError::Exists { .. })));
    }

    #[test]
    fn shares_belong_to_strains() {
        assert_eq!(NbedMeasurement::series(&[0.0, 0.1], &[0.6]).unwrap(), [(0.0, 0.6), (0.1, 0.6)]);
        assert_eq!(NbedMeasurement::series(&[0.0, 0.1], &[0.6, 0.2]).unwrap(), [(0.0, 0.6), (0.1, 0.2)]);
        assert!(NbedMeasurement::series(&[0.0, 0.1], &[0.6, 0.5, 0.4]).is_err());
    }

    #[test]
    fn nothing_is_scanned_zero_times() {
        let folder = tempfile::tempdir().unwrap();
        let none = NbedMeasurement { fields: 0, ..NbedMeasurement::default() };
        assert!(matches!(none.write(folder.path(), |_, _| {}), Err(SimulateError::NoSites)));
    }
}
