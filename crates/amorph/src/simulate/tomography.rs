//! A virtual reconstruction of a set whose fractal dimension is known, as a file and a study that analyses it.

use std::path::Path;

use super::{SimulateError, WrittenFiles, make_folder, new_study, write_text};
use crate::core::data::{AxisRole, Data, FrameStack, Metadata, Pixels, ScanAxis};
use crate::core::unit::{Unit, format_significant};
use crate::io::write_frames;
use crate::sim::fractal::Fractal;

/// A volume of grey values.
#[derive(Debug, Clone, PartialEq)]
pub struct TomographyMeasurement {
    /// The set.
    pub fractal: Fractal,
    /// Voxels along z, y, x.
    pub shape: [usize; 3],
    /// Edge of a voxel, m.
    pub voxel: f64,
    /// Standard deviation of the grey values about 1 in the set and 0 outside.
    pub noise: f64,
    /// Seed of set and noise.
    pub seed: u64,
}

impl TomographyMeasurement {
    /// Writes volume, set and study into `folder`.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path) -> Result<WrittenFiles, SimulateError> {
        let study = new_study(folder)?;
        let volume = self.fractal.fill(self.shape, self.seed)?;
        make_folder(folder)?;
        let axes = || -> Vec<ScanAxis> {
            let axis = |(n, name): (&usize, &str)| ScanAxis {
                name: name.to_owned(),
                step: Some(1e9 * self.voxel),
                unit: Unit::of("nm"),
                ..ScanAxis::new(AxisRole::Other, *n)
            };
            self.shape.iter().zip(["z", "y", "x"]).map(axis).collect()
        };
        let save = |name: &str, pixels: Pixels| {
            let path = folder.join(name);
            let stack = FrameStack::of_pixels(name, axes(), pixels)?;
            write_frames(&path, &Data::Stack(stack), &Metadata::default(), |_, _| {})?;
            Ok::<_, SimulateError>(path)
        };
        let grey = save("volume.npy", Pixels::F32(volume.grey(self.noise, self.seed)))?;
        let truth = save("truth.npy", Pixels::U8(volume.inside.iter().map(|inside| u8::from(*inside)).collect()))?;
        let share = volume.inside.iter().filter(|inside| **inside).count() as f64 / volume.inside.len() as f64;
        write_text(&study, self.study(volume.dimension, share))?;
        Ok(WrittenFiles { files: vec![grey], truth, study })
    }

    fn study(&self, dimension: Option<f64>, share: f64) -> String {
        let number = |value: f64| format_significant(value, 6);
        let known = dimension.map_or_else(
            || "it has no single dimension".to_owned(),
            |dimension| format!("its dimension is {}", number(dimension)),
        );
        let level = format!("quantile = {}", number(1.0 - share));
        format!(
            "# Written by `amorph simulate tomography`: a virtual reconstruction. The set is in truth.npy; {known}.\n\
             # It fills {} of the volume.\n\n\
             [study]\ntitle = \"A virtual reconstruction\"\nseed = {}\n\n\
             [[sample]]\nid = \"virtual rod\"\n\n  [[sample.state]]\n  id = \"virtual\"\n\n\
             [[measurement]]\nsample = \"virtual rod\"\nstate = \"virtual\"\ntechnique = \"tomography\"\nfiles = [\"volume.npy\"]\n\
             voxel_size = \"{} nm\"\n\
             methods = [\"scattering.box_counting\", \"scattering.percolation\", \"scattering.density_correlation\"]\n\n{}",
            number(share),
            self.seed,
            number(1e9 * self.voxel),
            ["box_counting", "percolation", "density_correlation"]
                .map(|method| format!("[method.\"scattering.{method}\"]\nphase = \"high\"\n{level}\n\n"))
                .concat()
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn volume_set_and_study_are_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let fractal = Fractal::Curdling { base: 2, keep: 0.7 };
        let measurement = TomographyMeasurement { fractal, shape: [32, 36, 34], voxel: 30e-9, noise: 0.1, seed: 2 };
        let written = measurement.write(folder.path()).unwrap();
        let Data::Stack(stack) = crate::io::open(&written.truth).unwrap().data else { panic!("no stack") };
        assert_eq!(stack.shape(), [32, 36, 34]);
        assert_eq!(stack.axes[2].usable_step("m"), Some(30e-9));
        let mut pixels = Pixels::empty(stack.pixel);
        stack.read(0..32, &mut pixels).unwrap();
        let expected = fractal.fill([32, 36, 34], 2).unwrap();
        assert!(pixels.to_f64().iter().zip(&expected.inside).all(|(read, inside)| (*read == 1.0) == *inside));
        let problems = crate::study::check(&crate::study::Study::open(&written.study, &[]).unwrap());
        assert!(problems.is_empty(), "{problems:?}");
        assert!(matches!(measurement.write(folder.path()), Err(SimulateError::Exists { .. })));
    }
}
