//! `amorph simulate stress-relaxation`

use std::process::ExitCode;

use amorph::sim::relaxation::{StressLaw, StressRelaxation};
use amorph::simulate::StressRelaxationMeasurement;

use super::tell_files;
use crate::args::SimulateStressRelaxation;
use crate::args_simulate::SimulatedRelaxation;
use crate::failure::Failure;

/// Writes a stress at constant strain.
pub(super) fn stress_relaxation(arguments: &SimulateStressRelaxation) -> Result<ExitCode, Failure> {
    let (taylor_factor, temperature) = (arguments.taylor_factor, arguments.temperature.value);
    let law = match arguments.law {
        SimulatedRelaxation::Logarithmic => {
            StressRelaxationMeasurement::logarithmic(arguments.volume.value, arguments.start.value, taylor_factor, temperature)
        }
        SimulatedRelaxation::Stretched => {
            StressLaw::Stretched { remnant: arguments.remnant, time: arguments.time.value, exponent: arguments.exponent }
        }
    };
    let test = StressRelaxation {
        law,
        initial_stress: arguments.stress.value,
        ramp_time: arguments.ramp.value,
        duration: arguments.duration.value,
        interval: arguments.interval.value,
        noise: arguments.noise.value,
        correlation: arguments.memory,
    };
    let written =
        StressRelaxationMeasurement { test, taylor_factor, temperature, seed: arguments.seed }.write(&arguments.out)?;
    Ok(tell_files(&written, arguments.json, "a stress at constant strain", &arguments.out))
}
