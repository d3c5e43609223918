//! Options of `amorph simulate scattering`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate scattering`
#[derive(Args)]
#[command(after_help = "\
Writes loaded.csv (the structure factor in sectors about the load axis), truth.csv with what strains do to the pair distribution,
and study.toml.

  amorph simulate scattering --out rod
  amorph simulate scattering --strain 0                  no load: is a share of it made up?
  amorph simulate scattering --strain -0.008 --affine-share 0.6
  amorph simulate scattering --noise 0.02 --q-max '16 1/A'
  amorph run rod/study.toml")]
pub struct SimulateScattering {
    /// Folder to write to
    #[arg(long, default_value = "amorph-rod")]
    pub out: PathBuf,
    /// Applied strain, affine and anelastic together
    #[arg(long, default_value_t = 0.0125, allow_hyphen_values = true)]
    pub strain: f64,
    /// Affine share of it
    #[arg(long, default_value_t = 0.76)]
    pub affine_share: f64,
    /// Poisson's ratio
    #[arg(long, default_value_t = 0.37)]
    pub poisson_ratio: f64,
    /// Atoms per volume
    #[arg(long, default_value = "0.056 1/A^3", value_parser = quantity("1/m^3"))]
    pub number_density: Quantity,
    /// Largest scattering vector
    #[arg(long, default_value = "24 1/A", value_parser = quantity("1/m"))]
    pub q_max: Quantity,
    /// Number of scattering vectors
    #[arg(long, default_value_t = 800, value_parser = clap::value_parser!(u64).range(20..=20_000))]
    pub points: u64,
    /// Sectors of the azimuth
    #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub sectors: u64,
    /// Standard deviation of every value of S
    #[arg(long, default_value_t = 0.002)]
    pub noise: f64,
    /// Wavelength
    #[arg(long, default_value = "0.01 nm", value_parser = quantity("m"))]
    pub wavelength: Quantity,
    /// Stretch distances by their full strain instead of to first order
    #[arg(long)]
    pub finite: bool,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
