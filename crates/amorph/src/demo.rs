//! A study without data: a virtual film, measured by a virtual microscope, written as real instrument files.

use std::path::{Path, PathBuf};

use crate::core::random::derive_seed;
use crate::core::unit::format_significant;
use crate::io::testfiles::{IbwNumbers, write_ibw};
use crate::methods::afm::activation_energy::algorithm::SizeScaling;
use crate::sim::afm::{EnergyField, Microscope, PhaseConvention, Specimen};
use crate::simulate::{SimulateError, asylum_note, make_folder, write_text};
use crate::theory::constants::{BOLTZMANN, ELEMENTARY_CHARGE};

/// Thermal energy at 298 K, J.
const THERMAL_ENERGY: f64 = BOLTZMANN * 298.0;

/// How large the demo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoOptions {
    /// Seed of the virtual film.
    pub seed: u64,
    /// Sites per state.
    pub sites: usize,
    /// Pixels per side.
    pub pixels: usize,
}

impl Default for DemoOptions {
    /// Four sites per state of 320 x 320 pixels: enough for intervals, and done in less than a minute.
    fn default() -> Self {
        Self { seed: 1, sites: 4, pixels: 320 }
    }
}

/// A state of the virtual film. Lengths as in Lu et al. 2016, Table 1; energies are invented.
struct State {
    id: &'static str,
    files: &'static str,
    facts: &'static str,
    correlation_length: f64,
    mean_energy: f64,
}

const STATES: [State; 2] = [
    State {
        id: "as-deposited",
        files: "as-deposited",
        facts: "",
        correlation_length: 4.1e-9,
        mean_energy: 40.0 * ELEMENTARY_CHARGE,
    },
    State {
        id: "3 N",
        files: "3N",
        facts: "load = \"3 N\"\n",
        correlation_length: 9.7e-9,
        mean_energy: 42.0 * ELEMENTARY_CHARGE,
    },
];

/// Writes the scans of the virtual film and a study of them into `folder`; gives the path of the study.
///
/// # Errors
/// [`SimulateError`].
pub fn write(folder: &Path, options: &DemoOptions) -> Result<PathBuf, SimulateError> {
    let scans = folder.join("scans");
    make_folder(&scans)?;
    let microscope = microscope();
    let mut text = head(options);
    for state in &STATES {
        for site in 0..options.sites {
            let seed = derive_seed(options.seed, &[state.id.into(), site.into()]);
            let surface = specimen(state, options.pixels).surface(seed)?;
            let maps = microscope.scan(&surface, seed)?.maps();
            write_ibw(
                &scans.join(format!("{}_{site}.ibw", state.files)),
                &maps,
                &asylum_note(&microscope),
                IbwNumbers::default(),
            )?;
        }
        text.push_str(&state_text(state));
    }
    text.push_str(&measurements());
    let path = folder.join("study.toml");
    write_text(&path, &text)?;
    Ok(path)
}

fn microscope() -> Microscope {
    Microscope { phase_convention: PhaseConvention::Lag, phase_noise: 0.3, amplitude_noise: 5e-12, ..Microscope::default() }
}

fn specimen(state: &State, pixels: usize) -> Specimen {
    let energy =
        EnergyField { mean: state.mean_energy, correlation_length: state.correlation_length, ..Specimen::default().energy };
    Specimen { rows: pixels, columns: pixels, width: 400e-9, height: 400e-9, energy, ..Specimen::default() }
}

fn head(options: &DemoOptions) -> String {
    format!(
        "# Written by `amorph demo`: a virtual Zr-Ni film, measured by a virtual microscope.\n\
         # The scans are ordinary Igor binary waves; the truth behind them is stated below each state.\n\n\
         [study]\n\
         title = \"A virtual Zr70Ni30 film before and after loading\"\n\
         description = \"Every number here has a known truth: the film and the microscope are simulated. The analysis sees only the files.\"\n\
         seed = {}\n\n\
         [[sample]]\nid = \"virtual film\"\nalloy = \"Zr70Ni30\"\n",
        options.seed
    )
}

fn state_text(state: &State) -> String {
    let scaling = SizeScaling { thermal_energy: THERMAL_ENERGY, interaction_length: 1e-9, exponent: 0.4 };
    let energy = |dimension: f64| scaling.energy_from_length(state.correlation_length, dimension) / ELEMENTARY_CHARGE;
    let field = Specimen::default().energy;
    format!(
        "\n  [[sample.state]]\n  id = \"{}\"\n  {}\n  [sample.state.truth]\n  \
         correlation_length = \"{} nm\"\n  hurst_like_exponent = {}\n  dissipated_energy_mean = \"{} eV\"\n  \
         field_sd = \"{} eV\"\n  activation_energy_2d = \"{} eV\"\n  activation_energy_3d = \"{} eV\"\n",
        state.id,
        state.facts,
        format_significant(state.correlation_length * 1e9, 4),
        field.exponent,
        format_significant(state.mean_energy / ELEMENTARY_CHARGE, 6),
        format_significant(field.sd / ELEMENTARY_CHARGE, 6),
        format_significant(energy(2.0), 8),
        format_significant(energy(3.0), 8),
    )
}

fn measurements() -> String {
    let [first, second] = &STATES;
    format!(
        "\n[[measurement]]\n\
         state = \"{}\"\n\
         technique = \"afm\"\n\
         files = [\"scans/{}_*.ibw\"]\n\
         # No file states how its phase is meant; these two have no default. Everything else is in the files.\n\
         phase_convention = \"lag\"\n\
         phase_reference = \"absolute\"\n\
         temperature = \"298 K\"\n\
         methods = [\n  \"dafm.topography\", \"dafm.dissipation\", \"dafm.distribution\",\n  \"dafm.correlation_length\", \
         \"dafm.regions\", \"dafm.activation_energy\",\n]\n\n\
         [[measurement]]\n\
         like = \"{}\"\n\
         state = \"{}\"\n\
         files = [\"scans/{}_*.ibw\"]\n\n\
         [compare]\n\
         across = \"state\"\n",
        first.id, first.files, first.id, second.id, second.files
    )
}
