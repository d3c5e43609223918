//! Options of `amorph simulate nbed`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

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
