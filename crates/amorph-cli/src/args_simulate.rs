//! What can be typed after `amorph simulate`.

use std::path::PathBuf;

use amorph::core::unit::{Quantity, Unit, UnitError};
use clap::{Args, ValueEnum};

/// `amorph simulate afm`
#[derive(Args)]
#[command(after_help = "\
Every option makes something whose truth is known, and most of them make an analysis err in a known way. Run the study
and compare: the report shows the truth beside every result.

  what                     what it does to the correlation length and its companions
  --blur '1 nm'            longer: at 1 nm per pixel a length of 4 nm is found 45 % too long; aspects become smaller
  --noise '1 deg'          shorter, with a smaller exponent, where the model has no noise of its own (nugget = false)
  --row-offset '1 deg'     stripes: power on one axis of the spectrum; levelling the rows instead costs 4 to 12 %
  --flicker '1 deg'        streaks along the fast axis: an ellipse that is not in the glass
  --response '2 nm'        longer along the fast axis: the same; trace and retrace are displaced, which gives it away
  --drift-x, --drift-y     sheared or stretched: an ellipse on a diagonal or an axis; --turned tells it from the glass
  --cross-talk '2 deg/nm'  the length of the topography mixes with that of the energy
  --size '100 nm'          fewer than 30 lengths per image: too uncertain for an interval, biased, and it says so
  --skewness 0.5           surrogates with Gaussian values would be wrong: see method.dafm.regions and marginal

  amorph simulate afm --out drift --aspect 1.5 --angle '30 deg' --drift-x '0.05 nm/s' --turned
  amorph run drift/study.toml")]
pub struct SimulateAfm {
    /// Folder to write to
    #[arg(long, default_value = "amorph-virtual")]
    pub out: PathBuf,
    /// Number of sites
    #[arg(long, default_value_t = 10)]
    pub sites: usize,
    /// Pixels per side
    #[arg(long, default_value_t = 512, value_parser = clap::value_parser!(u64).range(16..=8192))]
    pub pixels: u64,
    /// Side of the image
    #[arg(long, default_value = "500 nm", value_parser = quantity("m"))]
    pub size: Quantity,
    /// Seed of the film and of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Format of the scans
    #[arg(long, value_enum, default_value = "ibw")]
    pub format: SimulatedFormat,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
    /// The glass.
    #[command(flatten)]
    pub film: Film,
    /// The microscope.
    #[command(flatten)]
    pub scan: Scan,
}

/// The glass.
#[derive(Args)]
#[command(next_help_heading = "Film")]
pub struct Film {
    /// Correlation length of the dissipated energy, along the long axis
    #[arg(long, default_value = "4.1 nm", value_parser = quantity("m"))]
    pub xi: Quantity,
    /// Exponent of the correlation exp(-(r/xi)^(2 alpha)): 0.5 exponential, 1 Gaussian
    #[arg(long, default_value_t = 0.5)]
    pub exponent: f64,
    /// Correlation length along the long axis over that along the short one
    #[arg(long, default_value_t = 1.0)]
    pub aspect: f64,
    /// Direction of the long axis, counter-clockwise from the right
    #[arg(long, default_value = "0 deg", value_parser = quantity("rad"))]
    pub angle: Quantity,
    /// Mean dissipated energy per tap
    #[arg(long, default_value = "40 eV", value_parser = quantity("J"))]
    pub energy: Quantity,
    /// Standard deviation of the dissipated energy
    #[arg(long, default_value = "2.5 eV", value_parser = quantity("J"))]
    pub spread: Quantity,
    /// Standard deviation of the logarithm of a log-normal distribution; 0 for a Gaussian one
    #[arg(long, default_value_t = 0.0)]
    pub skewness: f64,
    /// Number of soft regions, elliptical, of twice the aspect of the field
    #[arg(long, default_value_t = 0)]
    pub regions: usize,
    /// Radius of the circle of the area of a soft region
    #[arg(long, default_value = "4 nm", value_parser = quantity("m"))]
    pub region_radius: Quantity,
    /// Energy added in soft regions
    #[arg(long, default_value = "5 eV", value_parser = quantity("J"))]
    pub region_energy: Quantity,
    /// Roughness of the surface
    #[arg(long, default_value = "0.7 nm", value_parser = quantity("m"))]
    pub roughness: Quantity,
}

/// The microscope.
#[derive(Args)]
#[command(next_help_heading = "Microscope")]
pub struct Scan {
    /// Standard deviation of the Gaussian blur by the tip
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"))]
    pub blur: Quantity,
    /// Standard deviation of the white noise of the phase
    #[arg(long, default_value = "0.3 deg", value_parser = quantity("rad"))]
    pub noise: Quantity,
    /// Standard deviation of the 1/f noise of the phase
    #[arg(long, default_value = "0 deg", value_parser = quantity("rad"))]
    pub flicker: Quantity,
    /// Standard deviation of the phase offset of scan lines
    #[arg(long, default_value = "0 deg", value_parser = quantity("rad"))]
    pub row_offset: Quantity,
    /// Length over which phase and height follow the surface along the fast axis
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"))]
    pub response: Quantity,
    /// Error of the amplitude per slope of the surface: the feedback is too slow
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"))]
    pub feedback_lag: Quantity,
    /// Drift along the fast axis
    #[arg(long, default_value = "0 nm/s", value_parser = quantity("m/s"), allow_hyphen_values = true)]
    pub drift_x: Quantity,
    /// Drift along the slow axis, upwards
    #[arg(long, default_value = "0 nm/s", value_parser = quantity("m/s"), allow_hyphen_values = true)]
    pub drift_y: Quantity,
    /// Displacement along both axes that fades within a minute: the image bends
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"), allow_hyphen_values = true)]
    pub creep: Quantity,
    /// Time of a line, there and back
    #[arg(long, default_value = "1 s", value_parser = quantity("s"))]
    pub line_time: Quantity,
    /// Leakage of the height into the phase
    #[arg(long, default_value = "0 deg/nm", value_parser = quantity("rad/m"), allow_hyphen_values = true)]
    pub cross_talk: Quantity,
    /// Number of strokes per image: stretches of a line that are offset
    #[arg(long, default_value_t = 0)]
    pub strokes: usize,
    /// Number of dust grains of 10 nm below which nothing is measured
    #[arg(long, default_value_t = 0)]
    pub dust: usize,
    /// Share of pixels that are lost
    #[arg(long, default_value_t = 0.0)]
    pub lost: f64,
    /// Direction of the fast axis in the film
    #[arg(long, default_value = "0 deg", value_parser = quantity("rad"), allow_hyphen_values = true)]
    pub scan_angle: Quantity,
    /// Scan every site again, turned by 90 deg
    #[arg(long)]
    pub turned: bool,
    /// Record the trace alone
    #[arg(long)]
    pub trace_only: bool,
}

/// Formats of virtual scans.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulatedFormat {
    /// Asylum: all channels and all constants in one file
    Ibw,
    /// Gwyddion: all channels in one file, constants in the study
    Gwy,
    /// Gwyddion simple field: one channel per file
    Gsf,
    /// NumPy with a sidecar: one channel per file
    Npy,
}

/// Reads a quantity of the dimension of `unit`.
fn quantity(unit: &'static str) -> impl Fn(&str) -> Result<Quantity, UnitError> + Clone + Send + Sync + 'static {
    move |text| Quantity::parse_as(text, &Unit::of(unit))
}

/// `amorph simulate indentation`
#[derive(Args)]
#[command(after_help = "\
Writes indents.csv with time, load and depth of every indent and its place, and truth.csv with modulus and relaxation time of every site.

  amorph simulate indentation --out map --rows 11 --columns 11 --noise '0.2 nm'
  amorph simulate indentation --modulus-spread '0 GPa' --noise '1 nm'     a map whose scatter is the measurement's alone
  amorph simulate indentation --mass '0.25 g' --damping '0.5 N s/m'       inertia that looks like a relaxation time")]
pub struct SimulateIndentation {
    /// Folder to write to
    #[arg(long, default_value = "amorph-indents")]
    pub out: PathBuf,
    /// Rows of the grid
    #[arg(long, default_value_t = 11)]
    pub rows: usize,
    /// Columns of the grid
    #[arg(long, default_value_t = 11)]
    pub columns: usize,
    /// Distance between neighbouring sites
    #[arg(long, default_value = "100 nm", value_parser = quantity("m"))]
    pub spacing: Quantity,
    /// Mean shear modulus
    #[arg(long, default_value = "30 GPa", value_parser = quantity("Pa"))]
    pub modulus: Quantity,
    /// Standard deviation of the shear modulus between sites
    #[arg(long, default_value = "2 GPa", value_parser = quantity("Pa"))]
    pub modulus_spread: Quantity,
    /// Mean relaxation time
    #[arg(long, default_value = "0.3 ms", value_parser = quantity("s"))]
    pub time: Quantity,
    /// Standard deviation of the relaxation time between sites
    #[arg(long, default_value = "0.05 ms", value_parser = quantity("s"))]
    pub time_spread: Quantity,
    /// Correlation length of both; 0 for sites that know nothing of each other
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"))]
    pub xi: Quantity,
    /// Share of sites that are lost
    #[arg(long, default_value_t = 0.0)]
    pub lost: f64,
    /// Radius of the tip
    #[arg(long, default_value = "2 um", value_parser = quantity("m"))]
    pub radius: Quantity,
    /// Poisson's ratio of the film
    #[arg(long, default_value_t = 0.363)]
    pub poisson_ratio: f64,
    /// Largest load
    #[arg(long, default_value = "800 uN", value_parser = quantity("N"))]
    pub load: Quantity,
    /// Time of the rise of the load
    #[arg(long, default_value = "1 ms", value_parser = quantity("s"))]
    pub rise: Quantity,
    /// Time at the largest load
    #[arg(long, default_value = "20 ms", value_parser = quantity("s"))]
    pub hold: Quantity,
    /// Samples per second
    #[arg(long, default_value = "30 kHz", value_parser = quantity("Hz"))]
    pub rate: Quantity,
    /// Standard deviation of the noise of the depth
    #[arg(long, default_value = "0.2 nm", value_parser = quantity("m"))]
    pub noise: Quantity,
    /// Thermal drift
    #[arg(long, default_value = "0 nm/s", value_parser = quantity("m/s"), allow_hyphen_values = true)]
    pub drift: Quantity,
    /// Depth that is shown at contact
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"), allow_hyphen_values = true)]
    pub offset: Quantity,
    /// Moving mass of the indenter; 0 follows the load at once
    #[arg(long, default_value = "0 g", value_parser = quantity("kg"))]
    pub mass: Quantity,
    /// Damping of the indenter
    #[arg(long, default_value = "0 N s/m", value_parser = quantity("N s/m"))]
    pub damping: Quantity,
    /// Seed of the film and of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}

/// `amorph simulate dma`
#[derive(Args)]
#[command(after_help = "\
Writes sweeps.csv (temperature, frequency, storage and loss modulus), truth.csv with the time of every process at every
temperature, and study.toml.

  amorph simulate dma --out ribbon
  amorph simulate dma --frequencies 1                    one frequency: temperatures of peaks, and no energy
  amorph simulate dma --slow-strength 0                  the alpha process alone: is a second one found?
  amorph simulate dma --fast-strength 0.04               a third process deep in the glass
  amorph run ribbon/study.toml")]
pub struct SimulateDma {
    /// Folder to write to
    #[arg(long, default_value = "amorph-dma")]
    pub out: PathBuf,
    /// Number of frequencies
    #[arg(long, default_value_t = 5)]
    pub frequencies: usize,
    /// Lowest frequency
    #[arg(long, default_value = "0.5 Hz", value_parser = quantity("Hz"))]
    pub lowest: Quantity,
    /// Highest frequency
    #[arg(long, default_value = "16 Hz", value_parser = quantity("Hz"))]
    pub highest: Quantity,
    /// Number of temperatures
    #[arg(long, default_value_t = 80)]
    pub temperatures: usize,
    /// Coldest temperature
    #[arg(long, default_value = "250 K", value_parser = quantity("K"))]
    pub coldest: Quantity,
    /// Hottest temperature
    #[arg(long, default_value = "470 K", value_parser = quantity("K"))]
    pub hottest: Quantity,
    /// Share of the modulus that the slow beta process relaxes; 0 for none
    #[arg(long, default_value_t = 0.06)]
    pub slow_strength: f64,
    /// Energy of the slow beta process
    #[arg(long, default_value = "0.948 eV", value_parser = quantity("J"))]
    pub slow_energy: Quantity,
    /// Share of the modulus that the fast beta process relaxes; 0 for none
    #[arg(long, default_value_t = 0.0)]
    pub fast_strength: f64,
    /// Energy of the fast beta process
    #[arg(long, default_value = "0.33 eV", value_parser = quantity("J"))]
    pub fast_energy: Quantity,
    /// Relative error of the modulus
    #[arg(long, default_value_t = 0.005)]
    pub modulus_noise: f64,
    /// Error of the phase, rad
    #[arg(long, default_value_t = 0.001)]
    pub phase_noise: f64,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}

/// `amorph simulate pillar`
#[derive(Args)]
#[command(after_help = "\
Writes one TriboScan text per test (depth, load, time, current, voltage), truth.csv with every event, and study.toml.

  amorph simulate pillar --out pillars --tests 4
  amorph simulate pillar --rising 0 --falling 0 --pop-ins 0       no event at all: what a search finds is false
  amorph simulate pillar --flicker 2e-4 --telegraph 5e-4          noise that looks like events
  amorph simulate pillar --smallest 2e-4 --cutoff 1e-3            sizes whose exponent no thousand events tell
  amorph run pillars/study.toml")]
pub struct SimulatePillar {
    /// Folder to write to
    #[arg(long, default_value = "amorph-pillars")]
    pub out: PathBuf,
    /// Number of tests
    #[arg(long, default_value_t = 4)]
    pub tests: usize,
    /// Diameter of the top
    #[arg(long, default_value = "2.074 um", value_parser = quantity("m"))]
    pub diameter: Quantity,
    /// Height
    #[arg(long, default_value = "5 um", value_parser = quantity("m"))]
    pub height: Quantity,
    /// Largest load
    #[arg(long, default_value = "2000 uN", value_parser = quantity("N"))]
    pub load: Quantity,
    /// Time of loading, of holding, and of unloading
    #[arg(long, default_value = "10 s", value_parser = quantity("s"))]
    pub segment: Quantity,
    /// Samples per second
    #[arg(long, default_value = "1 kHz", value_parser = quantity("Hz"))]
    pub rate: Quantity,
    /// Resistance of the circuit without the pillar
    #[arg(long, default_value = "0 ohm", value_parser = quantity("ohm"))]
    pub series: Quantity,
    /// Resistance of the contact under the largest load
    #[arg(long, default_value = "0 ohm", value_parser = quantity("ohm"))]
    pub contact: Quantity,
    /// Spikes per second that raise the resistivity
    #[arg(long, default_value = "3 1/s", value_parser = quantity("1/s"))]
    pub rising: Quantity,
    /// Spikes per second that lower it
    #[arg(long, default_value = "2 1/s", value_parser = quantity("1/s"))]
    pub falling: Quantity,
    /// Exponent of the sizes of spikes
    #[arg(long, default_value_t = 1.5)]
    pub exponent: f64,
    /// Smallest relative change of the resistivity
    #[arg(long, default_value_t = 5e-4)]
    pub smallest: f64,
    /// Cut-off of the sizes
    #[arg(long, default_value_t = 1e-2)]
    pub cutoff: f64,
    /// Longest spike, samples
    #[arg(long, default_value_t = 4)]
    pub longest: usize,
    /// Pop-ins per second of loading
    #[arg(long, default_value = "0.3 1/s", value_parser = quantity("1/s"))]
    pub pop_ins: Quantity,
    /// Mean depth of a pop-in above 2 nm
    #[arg(long, default_value = "4 nm", value_parser = quantity("m"))]
    pub pop_in_depth: Quantity,
    /// Standard deviation of the logarithm of the current
    #[arg(long, default_value_t = 1e-4)]
    pub noise: f64,
    /// Memory of that noise from one sample to the next
    #[arg(long, default_value_t = 0.7)]
    pub memory: f64,
    /// Random walk of the logarithm of the current per root of a second
    #[arg(long, default_value_t = 1e-3)]
    pub drift: f64,
    /// Standard deviation of 1/f noise of the logarithm of the current
    #[arg(long, default_value_t = 0.0)]
    pub flicker: f64,
    /// Step of noise that switches between two levels, once a second
    #[arg(long, default_value_t = 0.0)]
    pub telegraph: f64,
    /// Seed of events and noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}

/// The model of atoms of `amorph simulate nbed`.
#[derive(Args)]
#[command(next_help_heading = "Model of atoms (kinematic scattering)")]
pub struct AtomModel {
    /// Scan the atoms of this .xyz file (element x y z in ångström) instead of speckle with disks
    #[arg(long, conflicts_with_all = ["strains", "shares", "fields", "overdispersion", "dose", "modes", "weakest", "strongest"])]
    pub atoms: Option<PathBuf>,
    /// Sides x,y,z of the cell that repeats, or one for a cube; those that the file states if absent
    #[arg(long, value_delimiter = ',', value_parser = quantity("m"), requires = "atoms")]
    pub cell: Vec<Quantity>,
    /// Copies of the cell above each other
    #[arg(long, default_value_t = 1, requires = "atoms")]
    pub layers: usize,
    /// Move every copy sideways, so that a glass does not repeat along the beam
    #[arg(long, requires = "atoms")]
    pub shifted_layers: bool,
    /// Slices of the foil whose intensities add instead of their amplitudes
    #[arg(long, default_value_t = 1, requires = "atoms")]
    pub slices: usize,
    /// Distance between probe positions
    #[arg(long, default_value = "0.2 nm", value_parser = quantity("m"), requires = "atoms")]
    pub step: Quantity,
    /// Accelerating voltage
    #[arg(long, default_value = "200 kV", value_parser = quantity("V"), requires = "atoms")]
    pub voltage: Quantity,
    /// Half the opening angle of the probe
    #[arg(long, default_value = "3.8 mrad", value_parser = quantity("rad"), requires = "atoms")]
    pub semi_angle: Quantity,
    /// Defocus, positive for underfocus
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"), requires = "atoms", allow_hyphen_values = true)]
    pub defocus: Quantity,
    /// Spherical aberration of third order
    #[arg(long, default_value = "0 mm", value_parser = quantity("m"), requires = "atoms", allow_hyphen_values = true)]
    pub spherical_aberration: Quantity,
    /// Detector pixels along each side
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u64).range(16..=1024), requires = "atoms")]
    pub detector: u64,
    /// Reciprocal length of a detector pixel, 1/d
    #[arg(long, default_value = "0.2 1/nm", value_parser = quantity("1/m"), requires = "atoms")]
    pub q_pixel: Quantity,
    /// Electrons per pattern
    #[arg(long, default_value_t = 1e6, requires = "atoms")]
    pub electrons: f64,
    /// Share of the electrons in the disk of the unscattered beam
    #[arg(long, default_value_t = 0.0, requires = "atoms")]
    pub direct_beam: f64,
    /// Counts per electron
    #[arg(long, default_value_t = 1.0, requires = "atoms")]
    pub gain: f64,
    /// Standard deviation of the counts of one electron over their mean
    #[arg(long, default_value_t = 0.0, requires = "atoms")]
    pub gain_noise: f64,
    /// Standard deviation, in pixels, over which the camera spreads an electron
    #[arg(long, default_value_t = 0.0, requires = "atoms")]
    pub blur: f64,
}

/// `amorph simulate nbed`
#[derive(Args)]
#[command(after_help = "\
Writes one .npy array per field (scan y, scan x, detector y, detector x), truth.csv with the class of every pattern, and study.toml.

  amorph simulate nbed --out foils                                         no change with strain
  amorph simulate nbed --strains 0,0.05,0.12 --shares 0.6,0.5,0.3          order that is lost
  amorph simulate nbed --overdispersion 0.05                               fields that differ from each other
  amorph simulate nbed --atoms model.xyz --layers 5 --shifted-layers       one scan of a model of atoms
  amorph run foils/study.toml")]
pub struct SimulateNbed {
    /// Folder to write to
    #[arg(long, default_value = "amorph-foils")]
    pub out: PathBuf,
    /// Strains, one foil each
    #[arg(long, value_delimiter = ',', default_values_t = [0.0, 0.01, 0.05, 0.12])]
    pub strains: Vec<f64>,
    /// Share of ordered patterns at every strain; one number stands for all
    #[arg(long, value_delimiter = ',', default_values_t = [0.6])]
    pub shares: Vec<f64>,
    /// Fields per strain
    #[arg(long, default_value_t = 8)]
    pub fields: usize,
    /// Probe positions along each side of a field
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(8..=256))]
    pub side: u64,
    /// Correlation of two patterns of one field beyond that of its strain
    #[arg(long, default_value_t = 0.0)]
    pub overdispersion: f64,
    /// Electrons per pixel on the halo
    #[arg(long, default_value_t = 20.0)]
    pub dose: f64,
    /// Independent modes of the speckle
    #[arg(long, default_value_t = 3.5)]
    pub modes: f64,
    /// Intensity of the weakest reflection over the background
    #[arg(long, default_value_t = 2.5)]
    pub weakest: f64,
    /// Intensity of the strongest reflection over the background
    #[arg(long, default_value_t = 8.0)]
    pub strongest: f64,
    /// Seed of foils and noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
    /// A model of atoms instead of speckle.
    #[command(flatten)]
    pub model: AtomModel,
}
