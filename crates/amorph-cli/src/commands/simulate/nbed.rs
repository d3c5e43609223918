//! `amorph simulate nbed`

use std::path::Path;
use std::process::ExitCode;

use amorph::sim::nbed::{Nbed, NbedFromAtoms};
use amorph::simulate::{AtomMeasurement, NbedMeasurement};

use super::tell;
use crate::args::SimulateNbed;
use crate::failure::Failure;
use crate::progress;

/// Writes scans of foils at several strains.
pub(super) fn nbed(arguments: &SimulateNbed) -> Result<ExitCode, Failure> {
    if let Some(atoms) = &arguments.model.atoms {
        return scan_of_atoms(arguments, atoms);
    }
    let plain = NbedMeasurement::default();
    let series = NbedMeasurement::series(&arguments.strains, &arguments.shares)?;
    let measurement = NbedMeasurement {
        nbed: Nbed {
            scan: [arguments.side as usize; 2],
            dose: arguments.dose,
            modes: arguments.modes,
            amplitudes: (arguments.weakest, arguments.strongest),
            ..plain.nbed.clone()
        },
        series,
        overdispersion: arguments.overdispersion,
        fields: arguments.fields,
        seed: arguments.seed,
        ..plain
    };
    let written = measurement.write(&arguments.out, progress::counter("fields"))?;
    let line =
        format!("{} scans in {}, the truth in {}", written.scans.len(), arguments.out.display(), written.truth.display());
    Ok(tell(&written, arguments.json, &line, &written.study))
}

/// Share of scattered electrons up to which single scattering describes a foil.
const KINEMATIC: f64 = 0.1;

/// Writes a scan of a model of atoms.
fn scan_of_atoms(arguments: &SimulateNbed, atoms: &Path) -> Result<ExitCode, Failure> {
    let model = &arguments.model;
    let cell = match model.cell.as_slice() {
        [x, y, z, ..] => Some([x.value, y.value, z.value]),
        [side, ..] => Some([side.value; 3]),
        [] => None,
    };
    let side = model.detector as usize;
    let foil = NbedFromAtoms {
        layers: model.layers,
        shifted_layers: model.shifted_layers,
        slices: model.slices,
        scan: [arguments.side as usize; 2],
        scan_step: model.step.value,
        detector: [side; 2],
        centre: [0.5 * (side as f64 - 1.0); 2],
        q_pixel: model.q_pixel.value,
        beam_voltage: model.voltage.value,
        convergence_semi_angle: model.semi_angle.value,
        defocus: model.defocus.value,
        spherical_aberration: model.spherical_aberration.value,
        dose: model.electrons,
        direct_beam: model.direct_beam,
        gain: model.gain,
        gain_noise: model.gain_noise,
        blur: model.blur,
        ..NbedFromAtoms::default()
    };
    let written = AtomMeasurement::of_file(atoms, cell, foil, arguments.seed)?.write(&arguments.out)?;
    let share = written.scattered_share.unwrap_or(0.0);
    let thick = if share > KINEMATIC { "; above a tenth multiple scattering, which is not in it, matters" } else { "" };
    let line = format!(
        "1 scan in {}, the truth in {}; {:.2} of the electrons scattered{thick}",
        arguments.out.display(),
        written.truth.display(),
        share
    );
    Ok(tell(&written, arguments.json, &line, &written.study))
}
