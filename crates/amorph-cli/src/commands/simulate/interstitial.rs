//! `amorph simulate interstitial`

use std::process::ExitCode;

use amorph::sim::calorimetry::Interstitial;
use amorph::simulate::InterstitialMeasurement;

use super::tell_files;
use crate::args::SimulateInterstitial;
use crate::failure::Failure;

/// Relaxation volume of a defect, of an atomic volume.
const RELAXATION_VOLUME: f64 = 1.6;

/// Writes shear moduli of a glass and of its crystal.
pub(super) fn interstitial(arguments: &SimulateInterstitial) -> Result<ExitCode, Failure> {
    let base = Interstitial::default();
    let [_, width] = base.annealing;
    let sample = Interstitial {
        alpha: arguments.alpha,
        beta: arguments.beta,
        concentration: arguments.concentration,
        annealed: arguments.annealed,
        annealing: [arguments.annealing.value, width],
        temperatures: [arguments.coldest.value, arguments.hottest.value, arguments.step.value],
        rate: arguments.heating.value,
        density: arguments.density.value,
        noise: arguments.noise,
        ..base
    };
    let measurement = InterstitialMeasurement {
        sample,
        limits: [arguments.annealed_from.value, arguments.annealed_to.value],
        relaxation_volume: RELAXATION_VOLUME,
        seed: arguments.seed,
    };
    let written = measurement.write(&arguments.out)?;
    Ok(tell_files(&written, arguments.json, "shear moduli of a glass and its crystal", &arguments.out))
}
