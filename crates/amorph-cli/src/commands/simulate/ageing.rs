//! `amorph simulate ageing`

use std::process::ExitCode;

use amorph::sim::relaxation::{AgeingTangent, AgeingWells, DmaNoise};
use amorph::simulate::AgeingMeasurement;

use super::tell_files;
use crate::args::SimulateAgeing;
use crate::failure::Failure;

/// Ageing time of the second sweep over that of the last; the first sweep is made at once.
const SECOND: f64 = 1e-3;

/// Writes sweeps and a loss tangent of glasses that age.
pub(super) fn ageing(arguments: &SimulateAgeing) -> Result<ExitCode, Failure> {
    let last = arguments.sweeps.saturating_sub(2).max(1) as f64;
    let after = |k: u64| match k {
        0 => 0.0,
        k => arguments.longest.value * SECOND.powf(1.0 - (k - 1) as f64 / last),
    };
    let wells = AgeingWells {
        temperature: arguments.temperature.value,
        barrier: arguments.barrier.value,
        asymmetry: arguments.asymmetry.value,
        asymmetry_gain: arguments.asymmetry_gain.value,
        slope: arguments.slope,
        exponent: arguments.shape,
        ageing_times: (0..arguments.sweeps).map(after).collect(),
        frequencies: (arguments.lowest.value, arguments.highest.value),
        points: arguments.points as usize,
        noise: DmaNoise::ModulusAndPhase { modulus: arguments.modulus_noise, phase: arguments.phase_noise },
        ..AgeingWells::default()
    };
    let tangent = AgeingTangent {
        settled: arguments.settled,
        lost: arguments.lost,
        time: arguments.time.value,
        exponent: arguments.exponent,
        duration: arguments.duration.value,
        interval: arguments.interval.value,
        noise: arguments.tangent_noise,
        ..AgeingTangent::default()
    };
    let written = AgeingMeasurement { wells, tangent, seed: arguments.seed }.write(&arguments.out)?;
    let what = format!("{} sweeps and a loss tangent", arguments.sweeps);
    Ok(tell_files(&written, arguments.json, &what, &arguments.out))
}
