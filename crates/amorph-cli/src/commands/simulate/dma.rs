//! `amorph simulate dma`

use std::process::ExitCode;

use amorph::core::unit::Quantity;
use amorph::sim::relaxation::{Dma, DmaNoise, Process, Shape, TimeLaw};
use amorph::simulate::DmaMeasurement;

use super::tell;
use crate::args::SimulateDma;
use crate::failure::Failure;

/// Glass transition of the virtual ribbon, K.
const RIBBON_TRANSITION: f64 = 423.0;

/// Writes the modulus of a ribbon over frequency and temperature.
pub(super) fn dma(arguments: &SimulateDma) -> Result<ExitCode, Failure> {
    let base = Dma::ribbon();
    let beta = |strength: f64, prefactor: f64, energy: &Quantity| Process {
        strength,
        shape: Shape::HavriliakNegami { alpha: 0.4, gamma: 1.0 },
        time: TimeLaw::Arrhenius { prefactor, energy: energy.value },
    };
    let betas = [
        (beta(arguments.slow_strength, 1e-15, &arguments.slow_energy), arguments.slow_energy.value),
        (beta(arguments.fast_strength, 1e-13, &arguments.fast_energy), arguments.fast_energy.value),
    ];
    let present: Vec<(Process, f64)> = betas.into_iter().filter(|(process, _)| process.strength > 0.0).collect();
    let rest = 1.0 - present.iter().map(|(process, _)| process.strength).sum::<f64>();
    let alpha = base.processes.first().map(|alpha| Process { strength: rest, ..*alpha });
    let (coldest, hottest) = (arguments.coldest.value, arguments.hottest.value);
    let last = arguments.temperatures.saturating_sub(1).max(1) as f64;
    let measurement = DmaMeasurement {
        dma: Dma {
            processes: alpha.into_iter().chain(present.iter().map(|(process, _)| *process)).collect(),
            temperatures: (0..arguments.temperatures).map(|i| coldest + (hottest - coldest) * i as f64 / last).collect(),
            frequencies: (arguments.lowest.value, arguments.highest.value),
            points: arguments.frequencies,
            noise: DmaNoise::ModulusAndPhase { modulus: arguments.modulus_noise, phase: arguments.phase_noise },
            ..base
        },
        glass_transition: RIBBON_TRANSITION,
        beta_energies: present.iter().map(|(_, energy)| *energy).collect(),
        seed: arguments.seed,
    };
    let written = measurement.write(&arguments.out)?;
    let line =
        format!("{} readings in {}, the truth in {}", written.n_readings, written.sweeps.display(), written.truth.display());
    Ok(tell(&written, arguments.json, &line, &written.study))
}
