//! `amorph simulate xpcs`

use std::process::ExitCode;

use amorph::sim::relaxation::PhotonCorrelation;
use amorph::simulate::PhotonMeasurement;

use super::tell_files;
use crate::args::SimulateXpcs;
use crate::failure::Failure;

/// Writes the intensity correlation of speckles.
pub(super) fn xpcs(arguments: &SimulateXpcs) -> Result<ExitCode, Failure> {
    let correlation = PhotonCorrelation {
        contrast: arguments.contrast,
        time: arguments.time.value,
        exponent: arguments.exponent,
        baseline: arguments.baseline,
        delays: (arguments.first.value, arguments.last.value),
        points: arguments.points as usize,
        repetitions: arguments.repetitions as usize,
        noise: arguments.noise,
    };
    let measurement = PhotonMeasurement { correlation, with_errors: !arguments.without_errors, seed: arguments.seed };
    let written = measurement.write(&arguments.out)?;
    let what = match arguments.repetitions {
        1 => format!("{} delays", arguments.points),
        repetitions => format!("{} delays, {repetitions} times,", arguments.points),
    };
    Ok(tell_files(&written, arguments.json, &what, &arguments.out))
}
