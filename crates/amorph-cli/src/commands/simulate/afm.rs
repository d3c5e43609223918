//! `amorph simulate afm`

use std::process::ExitCode;

use amorph::core::unit::{Quantity, Unit};
use amorph::sim::afm::{
    CrossTalk, Drift, Dust, EnergyField, Marginal, Microscope, PhaseConvention, Scanning, SoftRegions, Specimen, Strokes,
    Topography,
};
use amorph::simulate::{AfmMeasurement, FileFormat};

use super::tell;
use crate::args::SimulateAfm;
use crate::args_simulate::{Film, Scan, SimulatedFormat};
use crate::failure::Failure;
use crate::progress;

/// Writes scans of a film.
pub(super) fn afm(arguments: &SimulateAfm) -> Result<ExitCode, Failure> {
    let written = measurement(arguments).write(&arguments.out, progress::counter("scans"))?;
    let line =
        format!("{} scans in {}, the truth in {}", written.scans.len(), arguments.out.display(), written.truth.display());
    Ok(tell(&written, arguments.json, &line, &written.study))
}

fn measurement(arguments: &SimulateAfm) -> AfmMeasurement {
    let format = match arguments.format {
        SimulatedFormat::Ibw => FileFormat::Ibw,
        SimulatedFormat::Gwy => FileFormat::Gwy,
        SimulatedFormat::Gsf => FileFormat::Gsf,
        SimulatedFormat::Npy => FileFormat::Npy,
    };
    AfmMeasurement {
        specimen: specimen(arguments, &arguments.film),
        microscope: microscope(&arguments.scan),
        sites: arguments.sites,
        scan_angle: arguments.scan.scan_angle.value,
        turned: arguments.scan.turned,
        retrace: !arguments.scan.trace_only,
        format,
        seed: arguments.seed,
    }
}

fn specimen(arguments: &SimulateAfm, film: &Film) -> Specimen {
    let pixels = arguments.pixels as usize;
    let marginal = if film.skewness == 0.0 { Marginal::Gaussian } else { Marginal::LogNormal { sd_of_log: film.skewness } };
    let energy = EnergyField {
        mean: film.energy.value,
        sd: film.spread.value,
        correlation_length: film.xi.value,
        aspect: film.aspect,
        angle: film.angle.value,
        exponent: film.exponent,
        marginal,
    };
    let regions = SoftRegions {
        count: film.regions,
        equivalent_radius: film.region_radius.value,
        aspect: 2.0 * film.aspect,
        angle: None,
        energy: film.region_energy.value,
    };
    let topography = Topography { roughness: film.roughness.value, ..Specimen::default().topography };
    let (width, height) = (arguments.size.value, arguments.size.value);
    let regions = (film.regions > 0).then_some(regions);
    Specimen { rows: pixels, columns: pixels, width, height, energy, regions, topography }
}

fn microscope(scan: &Scan) -> Microscope {
    let drift = Drift {
        velocity: (scan.drift_x.value, scan.drift_y.value),
        creep: (scan.creep.value, scan.creep.value),
        ..Drift::default()
    };
    let scanning = Scanning {
        line_time: scan.line_time.value,
        drift,
        response_length: scan.response.value,
        flicker: in_degrees(&scan.flicker),
        strokes: Strokes { count: scan.strokes, length: 20e-9, offset: 5.0 },
        dust: Dust { count: scan.dust, radius: 10e-9 },
        ..Scanning::default()
    };
    Microscope {
        phase_convention: PhaseConvention::Lag,
        blur: scan.blur.value,
        phase_noise: in_degrees(&scan.noise),
        row_offset: in_degrees(&scan.row_offset),
        feedback_lag: scan.feedback_lag.value,
        amplitude_noise: 5e-12,
        cross_talk: CrossTalk { height: in_degrees(&scan.cross_talk), ..CrossTalk::default() },
        lost_pixels: scan.lost,
        scanning,
        ..Microscope::default()
    }
}

/// Degrees, per metre where the quantity is per length.
fn in_degrees(quantity: &Quantity) -> f64 {
    Unit::of("deg").convert_si(quantity.value)
}
