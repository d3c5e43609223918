use std::path::Path;
use std::process::ExitCode;

use amorph::core::unit::{Quantity, Unit};
use amorph::sim::afm::{
    CrossTalk, Drift, Dust, EnergyField, Marginal, Microscope, PhaseConvention, Scanning, SoftRegions, Specimen, Strokes,
    Topography,
};
use amorph::sim::indentation::{Indenter, LoadFunction, Sites, Transducer};
use amorph::sim::nbed::{Nbed, NbedFromAtoms};
use amorph::sim::pillar::{EventLaw, Pillar, TraceNoise};
use amorph::sim::relaxation::{Dma, DmaNoise, Process, Shape, TimeLaw};
use amorph::simulate::{
    AfmMeasurement, AtomMeasurement, DmaMeasurement, FileFormat, IndentationMeasurement, NbedMeasurement, PillarMeasurement,
};
use amorph::synthesis::{SimulatedCard, to_toml};

use serde::Serialize;

use crate::args::{
    Simulate, SimulateAfm, SimulateCard, SimulateCommand, SimulateDma, SimulateIndentation, SimulateNbed, SimulatePillar,
};
use crate::args_simulate::{Film, Scan, SimulatedFormat};
use crate::failure::{self, Failure};
use crate::progress;

/// Writes a virtual measurement.
pub fn run(arguments: &Simulate) -> Result<ExitCode, Failure> {
    let arguments = match &arguments.command {
        SimulateCommand::Afm(arguments) => arguments,
        SimulateCommand::Indentation(arguments) => return indentation(arguments),
        SimulateCommand::Pillar(arguments) => return pillar(arguments),
        SimulateCommand::Dma(arguments) => return dma(arguments),
        SimulateCommand::Nbed(arguments) => return nbed(arguments),
        SimulateCommand::Card(arguments) => return card(arguments),
    };
    let written = measurement(arguments).write(&arguments.out, progress::counter("scans"))?;
    let line =
        format!("{} scans in {}, the truth in {}", written.scans.len(), arguments.out.display(), written.truth.display());
    Ok(tell(&written, arguments.json, &line, &written.study))
}

/// What was written: as JSON, or in a line and what to do next.
fn tell(written: &impl Serialize, as_json: bool, line: &str, study: &Path) -> ExitCode {
    if as_json {
        println!("{}", serde_json::to_string_pretty(written).unwrap_or_default());
    } else {
        println!("{line}");
        eprintln!("next: amorph run {}", study.display());
    }
    ExitCode::SUCCESS
}

/// Writes a map of indents.
fn indentation(arguments: &SimulateIndentation) -> Result<ExitCode, Failure> {
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

/// Writes tests of pillars.
fn pillar(arguments: &SimulatePillar) -> Result<ExitCode, Failure> {
    let measurement = PillarMeasurement {
        pillar: Pillar {
            top_diameter: arguments.diameter.value,
            height: arguments.height.value,
            series_resistance: arguments.series.value,
            contact_resistance: arguments.contact.value,
            ..Pillar::default()
        },
        load: amorph::sim::pillar::LoadFunction {
            peak: arguments.load.value,
            segment: arguments.segment.value,
            rate: arguments.rate.value,
        },
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

/// Glass transition of the virtual ribbon, K.
const RIBBON_TRANSITION: f64 = 423.0;

/// Writes the modulus of a ribbon over frequency and temperature.
fn dma(arguments: &SimulateDma) -> Result<ExitCode, Failure> {
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

/// Prints or writes what every technique would find of one event.
fn card(arguments: &SimulateCard) -> Result<ExitCode, Failure> {
    let text = to_toml(&SimulatedCard::of_technique(arguments.seed, arguments.wrong.as_deref()).draw());
    match &arguments.output {
        Some(path) => failure::write(path, text)?,
        None => print!("{text}"),
    }
    Ok(ExitCode::SUCCESS)
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

/// Writes scans of foils at several strains.
fn nbed(arguments: &SimulateNbed) -> Result<ExitCode, Failure> {
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
