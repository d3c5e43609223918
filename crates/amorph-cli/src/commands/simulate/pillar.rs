//! `amorph simulate pillar`

use std::process::ExitCode;

use amorph::sim::pillar::{EventLaw, LoadFunction, Pillar, TraceNoise};
use amorph::simulate::PillarMeasurement;

use super::tell;
use crate::args::SimulatePillar;
use crate::failure::Failure;
use crate::progress;

/// Writes tests of pillars.
pub(super) fn pillar(arguments: &SimulatePillar) -> Result<ExitCode, Failure> {
    let measurement = PillarMeasurement {
        pillar: Pillar {
            top_diameter: arguments.diameter.value,
            height: arguments.height.value,
            series_resistance: arguments.series.value,
            contact_resistance: arguments.contact.value,
            ..Pillar::default()
        },
        load: LoadFunction { peak: arguments.load.value, segment: arguments.segment.value, rate: arguments.rate.value },
        noise: TraceNoise {
            ln_current: arguments.noise,
            memory: arguments.memory,
            drift: arguments.drift,
            flicker: arguments.flicker,
            telegraph: [arguments.telegraph, 1.0],
            ..TraceNoise::default()
        },
        events: EventLaw {
            rates: [[arguments.rising.value, arguments.falling.value]; 3],
            exponent: arguments.exponent,
            smallest: arguments.smallest,
            cutoff: arguments.cutoff,
            longest: arguments.longest,
            pop_in_rate: arguments.pop_ins.value,
            pop_in_depth: arguments.pop_in_depth.value,
        },
        tests: arguments.tests,
        seed: arguments.seed,
    };
    let written = measurement.write(&arguments.out, progress::counter("tests"))?;
    let line =
        format!("{} tests in {}, the truth in {}", written.tests.len(), arguments.out.display(), written.truth.display());
    Ok(tell(&written, arguments.json, &line, &written.study))
}
