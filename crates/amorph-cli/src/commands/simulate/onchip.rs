//! `amorph simulate onchip`

use std::process::ExitCode;

use amorph::sim::onchip::Chip;
use amorph::simulate::OnchipMeasurement;

use super::tell_files;
use crate::args::SimulateOnchip;
use crate::failure::Failure;

/// Seconds of an hour.
const HOUR: f64 = 3600.0;

/// Writes the displacements of a chip.
pub(super) fn onchip(arguments: &SimulateOnchip) -> Result<ExitCode, Failure> {
    let chip = Chip {
        actuator_mismatch: arguments.actuator_mismatch,
        modulus: arguments.modulus.value,
        yield_stress: arguments.yield_stress.value,
        hardening: arguments.hardening.value,
        rate_sensitivity: arguments.rate_sensitivity,
        threshold: arguments.threshold.value,
        noise: arguments.noise.value,
        times: arguments.times.iter().map(|hours| HOUR * hours).collect(),
        structures: arguments.structures as usize,
        ..Chip::default()
    };
    let fracture = arguments.fracture.map(|median| (median, arguments.fracture_modulus));
    let written = OnchipMeasurement { chip, fracture, seed: arguments.seed }.write(&arguments.out)?;
    let what = format!("{} structures at {} times", arguments.structures, arguments.times.len());
    Ok(tell_files(&written, arguments.json, &what, &arguments.out))
}
