//! `amorph simulate dsc`

use std::process::ExitCode;

use amorph::sim::calorimetry::{Dsc, HeatSign, Relaxing, Tnm};
use amorph::simulate::DscMeasurement;
use amorph::theory::constants::GAS;

use super::tell_files;
use crate::args::SimulateDsc;
use crate::failure::Failure;

/// Seconds of a minute.
const MINUTE: f64 = 60.0;
/// Temperature where the relaxation time of the virtual glass stays what it is when its enthalpy is changed, K.
const FIXED: f64 = 625.0;

/// Writes heating scans of a glass.
pub(super) fn dsc(arguments: &SimulateDsc) -> Result<ExitCode, Failure> {
    let base = Dsc::default();
    let relaxing = base.relaxing.iter().map(|process| {
        let (before, after) = (process.tnm.enthalpy, arguments.enthalpy.value);
        let tnm = Tnm {
            ln_prefactor: process.tnm.ln_prefactor + (before - after) / (GAS * FIXED),
            enthalpy: after,
            nonlinearity: arguments.nonlinearity,
            exponent: arguments.exponent,
            ..process.tnm
        };
        Relaxing { tnm, ..*process }
    });
    let offset = base.baseline[0];
    let dsc = Dsc {
        relaxing: relaxing.collect(),
        interval: arguments.interval.value,
        baseline: [offset, arguments.drift, 0.0],
        lag: arguments.lag.value,
        noise: arguments.noise,
        flicker: arguments.flicker,
        sign: if arguments.exo_up { HeatSign::ExoUp } else { HeatSign::EndoUp },
        ..base
    };
    let annealed = arguments.anneal_time.value > 0.0;
    let measurement = DscMeasurement {
        dsc,
        coolings: arguments.coolings.iter().map(|rate| rate / MINUTE).collect(),
        heating: arguments.heating.value,
        range: [arguments.hottest.value, arguments.coldest.value],
        annealing: annealed.then_some((arguments.anneal_at.value, arguments.anneal_time.value)),
        seed: arguments.seed,
    };
    let written = measurement.write(&arguments.out)?;
    let what = format!("{} scans", written.files.len());
    Ok(tell_files(&written, arguments.json, &what, &arguments.out))
}
