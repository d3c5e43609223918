//! `amorph simulate indentation`

use std::process::ExitCode;

use amorph::sim::indentation::{Indenter, LoadFunction, Sites, Transducer};
use amorph::simulate::IndentationMeasurement;

use super::tell;
use crate::args::SimulateIndentation;
use crate::failure::Failure;

/// Writes a map of indents.
pub(super) fn indentation(arguments: &SimulateIndentation) -> Result<ExitCode, Failure> {
    let transducer = Transducer { mass: arguments.mass.value, damping: arguments.damping.value, stiffness: 0.0 };
    let measurement = IndentationMeasurement {
        sites: Sites {
            shape: (arguments.rows, arguments.columns),
            spacing: arguments.spacing.value,
            shear_modulus: (arguments.modulus.value, arguments.modulus_spread.value),
            relaxation_time: (arguments.time.value, arguments.time_spread.value),
            correlation_length: arguments.xi.value,
            missing: arguments.lost,
            ..Sites::default()
        },
        indenter: Indenter {
            radius: arguments.radius.value,
            poisson_ratio: arguments.poisson_ratio,
            sampling_rate: arguments.rate.value,
            depth_noise: arguments.noise.value,
            drift_rate: arguments.drift.value,
            contact_offset: arguments.offset.value,
            transducer: (transducer.mass > 0.0).then_some(transducer),
            ..Indenter::default()
        },
        load: LoadFunction::trapezoid(arguments.load.value, arguments.rise.value, arguments.hold.value, 0.0),
        seed: arguments.seed,
    };
    let written = measurement.write(&arguments.out)?;
    let line =
        format!("{} indents in {}, the truth in {}", written.n_indents, written.indents.display(), written.truth.display());
    Ok(tell(&written, arguments.json, &line, &written.study))
}
