//! `amorph simulate scattering`

use std::process::ExitCode;

use amorph::sim::scattering::StrainedGlass;
use amorph::simulate::ScatteringMeasurement;

use super::tell_files;
use crate::args::SimulateScattering;
use crate::failure::Failure;

/// Writes a structure factor over the azimuth.
pub(super) fn scattering(arguments: &SimulateScattering) -> Result<ExitCode, Failure> {
    let glass = StrainedGlass {
        strain: arguments.strain,
        affine_share: arguments.affine_share,
        poisson_ratio: arguments.poisson_ratio,
        number_density: arguments.number_density.value,
        q_max: arguments.q_max.value,
        n_q: arguments.points as usize,
        sectors: arguments.sectors as usize,
        noise: arguments.noise,
        wavelength: arguments.wavelength.value,
        finite: arguments.finite,
    };
    let written = ScatteringMeasurement { glass, seed: arguments.seed }.write(&arguments.out)?;
    let what = format!("{} sectors", arguments.sectors);
    Ok(tell_files(&written, arguments.json, &what, &arguments.out))
}
