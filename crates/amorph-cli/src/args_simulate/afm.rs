//! Options of `amorph simulate afm`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::{Args, ValueEnum};

use super::quantity;

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
