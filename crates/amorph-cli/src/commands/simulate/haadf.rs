//! `amorph simulate haadf`

use std::process::ExitCode;

use amorph::sim::haadf::Film;
use amorph::simulate::HaadfMeasurement;

use super::tell_files;
use crate::args::SimulateHaadf;
use crate::failure::Failure;

/// Writes images of a film.
pub(super) fn haadf(arguments: &SimulateHaadf) -> Result<ExitCode, Failure> {
    let film = Film {
        shape: (arguments.rows as usize, arguments.columns as usize),
        pixel: arguments.pixel.value,
        thickness: arguments.thickness.value,
        layers: arguments.layers as usize,
        length: arguments.length.value,
        relative_width: arguments.relative_width,
        volume_fraction: arguments.phases,
        mean_fraction: arguments.mean_fraction,
        amplitude: arguments.amplitude,
        density_coupling: arguments.density_coupling,
        wedge: arguments.wedge,
        probe_fwhm: arguments.probe.value,
        dose: arguments.dose,
        seed: arguments.seed,
        ..Film::default()
    };
    let written = HaadfMeasurement { film }.write(&arguments.out)?;
    Ok(tell_files(&written, arguments.json, "3 images", &arguments.out))
}
