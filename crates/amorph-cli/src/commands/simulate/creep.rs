//! `amorph simulate creep`

use std::process::ExitCode;

use amorph::sim::relaxation::{Creep, Retardation};
use amorph::simulate::CreepMeasurement;

use super::tell_files;
use crate::args::SimulateCreep;
use crate::failure::Failure;

/// Pascals of a megapascal.
const MEGAPASCAL: f64 = 1e6;

/// Writes creep tests.
pub(super) fn creep(arguments: &SimulateCreep) -> Result<ExitCode, Failure> {
    let measurement = CreepMeasurement {
        creep: Creep {
            unrelaxed_compliance: arguments.unrelaxed.value,
            retardation: Retardation::Stretched {
                compliance: arguments.retarded.value,
                time: arguments.time.value,
                exponent: arguments.exponent,
            },
            viscosity: arguments.viscosity.value,
            ramp_time: arguments.ramp.value,
            duration: arguments.duration.value,
            interval: arguments.interval.value,
            noise: arguments.noise,
            correlation: arguments.memory,
            ..Creep::default()
        },
        stresses: arguments.stresses.iter().map(|stress| MEGAPASCAL * stress).collect(),
        activation_volume: arguments.activation_volume.value,
        taylor_factor: arguments.taylor_factor,
        temperature: arguments.temperature.value,
        seed: arguments.seed,
    };
    let written = measurement.write(&arguments.out)?;
    let what = format!("creep at {} stresses", arguments.stresses.len());
    Ok(tell_files(&written, arguments.json, &what, &arguments.out))
}
