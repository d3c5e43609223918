//! Options of `amorph simulate tomography`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::{Args, ValueEnum};

use super::quantity;

/// `amorph simulate tomography`
#[derive(Args)]
#[command(after_help = "\
Writes volume.npy (grey values), truth.npy (the set) and study.toml. Sets with a known dimension, and two that look fractal and are not:

  amorph simulate tomography --set curdling --base 2 --keep 0.70711     2.5
  amorph simulate tomography --set menger --size 81                     2.7268
  amorph simulate tomography --set cut-out --dimension 2.5              balls of every size cut out
  amorph simulate tomography --set layer --thickness 3                  2 above three voxels
  amorph simulate tomography --set random --share 0.3                   3
  amorph simulate tomography --set level-set --length 12 --share 0.3    one length, no dimension
  amorph run amorph-volume/study.toml")]
pub struct SimulateTomography {
    /// Folder to write to
    #[arg(long, default_value = "amorph-volume")]
    pub out: PathBuf,
    /// What kind of set
    #[arg(long, value_enum, default_value = "curdling")]
    pub set: SimulatedSet,
    /// Voxels along every side
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u64).range(32..=1024))]
    pub size: u64,
    /// Edge of a voxel
    #[arg(long, default_value = "30 nm", value_parser = quantity("m"))]
    pub voxel: Quantity,
    /// Standard deviation of the grey values about 1 in the set and 0 outside
    #[arg(long, default_value_t = 0.1)]
    pub noise: f64,
    /// Curdling: parts along an axis
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(2..=64))]
    pub base: u64,
    /// Curdling: probability that a part is kept
    #[arg(long, default_value_t = std::f64::consts::FRAC_1_SQRT_2)]
    pub keep: f64,
    /// Cut-out: dimension
    #[arg(long, default_value_t = 2.5)]
    pub dimension: f64,
    /// Layer: voxels
    #[arg(long, default_value_t = 3)]
    pub thickness: u64,
    /// Level set: wavelength, voxels
    #[arg(long, default_value_t = 12.0)]
    pub length: f64,
    /// Random, level set: share of the voxels
    #[arg(long, default_value_t = 0.3)]
    pub share: f64,
    /// Seed of set and noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}

/// Kinds of sets.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulatedSet {
    /// Parts of a cube kept at random, again and again
    Curdling,
    /// The Menger sponge
    Menger,
    /// Balls of every size cut out
    CutOut,
    /// A flat layer
    Layer,
    /// Every voxel on its own
    Random,
    /// A field with one length above a level
    LevelSet,
}
