//! `amorph simulate tomography`

use std::process::ExitCode;

use amorph::sim::fractal::Fractal;
use amorph::simulate::TomographyMeasurement;

use super::tell_files;
use crate::args::SimulateTomography;
use crate::args_simulate::SimulatedSet;
use crate::failure::Failure;

/// Writes a volume.
pub(super) fn tomography(arguments: &SimulateTomography) -> Result<ExitCode, Failure> {
    let fractal = match arguments.set {
        SimulatedSet::Curdling => Fractal::Curdling { base: arguments.base as usize, keep: arguments.keep },
        SimulatedSet::Menger => Fractal::Menger,
        SimulatedSet::CutOut => Fractal::CutOut { dimension: arguments.dimension },
        SimulatedSet::Layer => Fractal::Layer { thickness: arguments.thickness as usize },
        SimulatedSet::Random => Fractal::Random { share: arguments.share },
        SimulatedSet::LevelSet => Fractal::LevelSet { length: arguments.length, share: arguments.share },
    };
    let measurement = TomographyMeasurement {
        fractal,
        shape: [arguments.size as usize; 3],
        voxel: arguments.voxel.value,
        noise: arguments.noise,
        seed: arguments.seed,
    };
    let written = measurement.write(&arguments.out)?;
    let what = format!("{0} x {0} x {0} voxels", arguments.size);
    Ok(tell_files(&written, arguments.json, &what, &arguments.out))
}
