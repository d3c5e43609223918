//! Virtual measurements of the gallery, and studies of them.

use amorph::theory::constants::ELEMENTARY_CHARGE;
use std::error::Error;
use std::f64::consts::{PI, TAU};
use std::path::Path;

use amorph::core::data::{Extent, Map, Metadata};
use amorph::core::random::standard_normals;
use amorph::core::unit::Unit;
use amorph::method::{Scope, registry};
use amorph::sim::afm::{CrossTalk, EnergyField, Microscope, PhaseConvention, Regime, Specimen};
use amorph::sim::oscillator::Oscillator;
use amorph::simulate::{AfmMeasurement, FileFormat};
use ndarray::Array2;

type Outcome = Result<(), Box<dyn Error>>;

/// Pixels and width of the images: small, so that the pictures are.
const PIXELS: usize = 208;
const WIDTH: f64 = 312e-9;
/// Sites of each state: what the guide recommends at least.
const SITES: usize = 5;

/// The states of the film: name, folder, correlation length, mean energy in eV.
const STATES: [(&str, &str, f64, f64); 3] =
    [("as-deposited", "as-deposited", 4.1e-9, 40.0), ("40 mN", "40mN", 9.3e-9, 41.0), ("3 N", "3N", 9.7e-9, 42.0)];

/// Writes everything into a folder.
pub fn write(folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder)?;
    film(folder)?;
    series(folder)?;
    tables(folder)?;
    frequency_modulation(folder)?;
    corrugation(folder)
}

fn specimen(correlation_length: f64, mean: f64) -> Specimen {
    let energy = EnergyField { mean: mean * ELEMENTARY_CHARGE, correlation_length, ..Specimen::default().energy };
    Specimen { rows: PIXELS, columns: PIXELS, width: WIDTH, height: WIDTH, energy, ..Specimen::default() }
}

fn measurement(specimen: Specimen, microscope: Microscope, sites: usize, seed: u64) -> AfmMeasurement {
    let microscope = Microscope { phase_convention: PhaseConvention::Lag, ..microscope };
    let (scan_angle, turned, retrace, format) = (0.0, false, false, FileFormat::Ibw);
    AfmMeasurement { specimen, microscope, sites, scan_angle, turned, retrace, format, seed }
}

/// Three states, five sites each, and every method of the registry that works on images.
fn film(folder: &Path) -> Outcome {
    let cross_talk = CrossTalk { height: 0.3e9, ..CrossTalk::default() };
    let microscope = Microscope { phase_noise: 0.3, amplitude_noise: 5e-12, cross_talk, ..Microscope::default() };
    for (index, (_, name, length, energy)) in STATES.into_iter().enumerate() {
        measurement(specimen(length, energy), microscope, SITES, 1 + index as u64).write(&folder.join(name), |_, _| {})?;
    }
    let mut text = head("A virtual Zr70Ni30 film under a flat punch");
    for (state, _, length, _) in STATES {
        text.push_str(&format!(
            "\n  [[sample.state]]\n  id = \"{state}\"\n  [sample.state.truth]\n  correlation_length = \"{:.1} nm\"\n",
            1e9 * length
        ));
    }
    text.push_str(&format!(
        "\n[[measurement]]\nstate = \"as-deposited\"\ntechnique = \"afm\"\nfiles = [\"as-deposited/scans/*.ibw\"]\n{CONVENTIONS}methods = [\n{}]\n",
        list(&[Scope::Item, Scope::State])
    ));
    for (state, name, _, _) in &STATES[1..] {
        text.push_str(&format!(
            "\n[[measurement]]\nlike = \"as-deposited\"\nstate = \"{state}\"\nfiles = [\"{name}/scans/*.ibw\"]\n"
        ));
    }
    let further = list(&[Scope::Study]);
    text.push_str(&format!("\n[compare]\nacross = \"state\"\nmethods = [\n{further}]\n"));
    text.push_str(
        "\n[method.\"dafm.clusters\"]\nmode = \"area\"\narea_fraction = 0.4\n\n\
         [method.\"dafm.two_state_energy\"]\nisotropic = \"as-deposited\"\nlocalised = [\"40 mN\", \"3 N\"]\ntemperature = \"298 K\"\n",
    );
    Ok(std::fs::write(folder.join("film.toml"), text)?)
}

const CONVENTIONS: &str =
    "phase_convention = \"lag\"\nphase_reference = \"absolute\"\nscan_angle = \"0 deg\"\ntemperature = \"298 K\"\n";

fn head(title: &str) -> String {
    format!("[study]\ntitle = \"{title}\"\nseed = 1\n\n[[sample]]\nid = \"virtual\"\n")
}

/// The methods of the registry that have one of these scopes, as lines of a list.
fn list(scopes: &[Scope]) -> String {
    let infos = registry().iter().map(|method| method.info());
    let fits = infos.filter(|info| info.technique == "afm" && scopes.contains(&info.scope));
    fits.map(|info| format!("  \"{}\",\n", info.id)).collect()
}

/// A study of one state.
fn one_state(folder: &Path, name: &str, title: &str, measurement: &str) -> Outcome {
    let text = format!(
        "{}\n  [[sample.state]]\n  id = \"virtual\"\n\n[[measurement]]\nstate = \"virtual\"\ntechnique = \"afm\"\n{measurement}",
        head(title)
    );
    Ok(std::fs::write(folder.join(name), text)?)
}

/// One area at several set points: close to the free amplitude the tip is held by attraction.
fn series(folder: &Path) -> Outcome {
    for tenths in (30..=180).step_by(10) {
        let setpoint = 1e-10 * f64::from(tenths);
        let regime = if setpoint > 14.5e-9 { Regime::Attractive } else { Regime::Repulsive };
        let microscope = Microscope { setpoint_amplitude: setpoint, phase_noise: 0.3, regime, ..Microscope::default() };
        let place = folder.join(format!("setpoint_{:03.0}A", 1e10 * setpoint));
        measurement(specimen(4.1e-9, 26.0), microscope, 1, 5).write(&place, |_, _| {})?;
    }
    let methods =
        "methods = [\"dafm.dissipation\", \"dafm.correlation_length\", \"dafm.regime\", \"dafm.amplitude_dependence\"]\n";
    one_state(
        folder,
        "series.toml",
        "One area at several set points",
        &format!("files = [\"setpoint_*/scans/*.ibw\"]\n{CONVENTIONS}{methods}"),
    )
}

/// A sweep of the amplitude over a viscoelastic sample, and a resonance curve, each with a little noise.
fn tables(folder: &Path) -> Outcome {
    let oscillator = Oscillator::default();
    let heights: Vec<f64> = (0..44).map(|step| 21.5e-9 - 0.47e-9 * f64::from(step)).collect();
    let mut sweep = String::from("a_ratio,energy (eV)\n");
    for (tap, noise) in oscillator.approach(&heights)?.iter().zip(standard_normals(1, heights.len())) {
        let energy = tap.energy / ELEMENTARY_CHARGE + 0.8 * noise;
        sweep.push_str(&format!("{:.5},{energy:.4}\n", tap.amplitude / oscillator.free_amplitude));
    }
    std::fs::write(folder.join("sweep.csv"), sweep)?;
    let constants = "spring_constant = \"40 N/m\"\nquality_factor = 60\nresonance_frequency = \"300 kHz\"\ndrive_frequency = \"300 kHz\"\nfree_amplitude = \"20 nm\"\n";
    let methods = "methods = [\"dafm.amplitude_sweep\", \"dafm.mechanism\"]\n\n\
                   [method.\"dafm.mechanism\"]\nreduced_modulus = \"2 GPa\"\ntip_radius = \"10 nm\"\n";
    one_state(folder, "sweep.toml", "A sweep of the amplitude", &format!("files = [\"sweep.csv\"]\n{constants}{methods}"))?;
    let (quality, resonance) = (412.0, 300.0);
    let mut curve = String::from("frequency (kHz),amplitude (nm)\n");
    for (index, noise) in standard_normals(2, 241).into_iter().enumerate() {
        let frequency = resonance - 3.0 + 0.025 * index as f64;
        let ratio = frequency / resonance;
        let amplitude = 20.0 / quality / (1.0 - ratio * ratio).hypot(ratio / quality);
        curve.push_str(&format!("{frequency:.4},{:.5}\n", amplitude + 0.08 * noise));
    }
    std::fs::write(folder.join("resonance.csv"), curve)?;
    one_state(
        folder,
        "resonance.toml",
        "A resonance curve",
        "files = [\"resonance.csv\"]\nmethods = [\"dafm.resonance_curve\"]\n",
    )
}

fn extent() -> Option<Extent> {
    Some(Extent::metres(WIDTH, WIDTH))
}

/// The excitation that keeps the amplitude constant over the film.
fn frequency_modulation(folder: &Path) -> Outcome {
    let (spring_constant, quality_factor, amplitude, free) = (20.0, 400.0, 5e-9, 0.1);
    let energy = specimen(4.1e-9, 40.0).surface(7)?.energy;
    let of_air = PI * spring_constant * amplitude * amplitude / quality_factor;
    let excitation = energy.mapv(|energy| free * (1.0 + energy / of_air));
    let map = Map::new("excitation", excitation, Unit::of("V"), extent());
    amorph::io::write_gwy(&folder.join("excitation.gwy"), &[map], &Metadata::default())?;
    one_state(
        folder,
        "frequency_modulation.toml",
        "Frequency modulation",
        "files = [\"excitation.gwy\"]\nspring_constant = \"20 N/m\"\nquality_factor = 400\noscillation_amplitude = \"5 nm\"\nexcitation_free = \"100 mV\"\n\
         methods = [\"dafm.frequency_modulation\"]\n",
    )
}

/// A fracture surface with waves of 65 nm across the crack.
fn corrugation(folder: &Path) -> Outcome {
    let width = 2e-6;
    let pitch = width / PIXELS as f64;
    let rough = standard_normals(3, PIXELS * PIXELS);
    let height = Array2::from_shape_fn((PIXELS, PIXELS), |(row, column)| {
        1.5e-9 * (TAU * column as f64 * pitch / 65e-9).sin() + 0.8e-9 * rough[PIXELS * row + column]
    });
    let map = Map::new("height", height, Unit::of("m"), Some(Extent::metres(width, width)));
    amorph::io::write_gwy(&folder.join("fracture.gwy"), &[map], &Metadata::default())?;
    one_state(
        folder,
        "fracture.toml",
        "A fracture surface",
        "files = [\"fracture.gwy\"]\nmethods = [\"dafm.corrugation\"]\n\n[method.\"dafm.corrugation\"]\ncrack_direction = \"0 deg\"\n",
    )
}
