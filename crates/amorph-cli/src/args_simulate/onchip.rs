//! Options of `amorph simulate onchip`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate onchip`
#[derive(Args)]
#[command(after_help = "\
Writes chip.csv (a row per structure and time), truth.csv with stress and strain of every structure, and study.toml.

  amorph simulate onchip --out chip
  amorph simulate onchip --noise '60 nm'                     a microscope that drifts: which structures still tell a stress?
  amorph simulate onchip --rate-sensitivity 0                nothing relaxes: is that said?
  amorph simulate onchip --fracture 0.08 --times 2,192,840   specimens that break
  amorph run chip/study.toml")]
pub struct SimulateOnchip {
    /// Folder to write to
    #[arg(long, default_value = "amorph-chip")]
    pub out: PathBuf,
    /// Number of structures
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub structures: u64,
    /// Times of the readings after the release, h
    #[arg(long, value_delimiter = ',', default_values_t = [2.0, 192.0, 840.0, 1224.0])]
    pub times: Vec<f64>,
    /// Standard deviation of one reading of a displacement
    #[arg(long, default_value = "15 nm", value_parser = quantity("m"))]
    pub noise: Quantity,
    /// Young's modulus of the film
    #[arg(long, default_value = "72 GPa", value_parser = quantity("Pa"))]
    pub modulus: Quantity,
    /// Yield stress at the first time
    #[arg(long, default_value = "3 GPa", value_parser = quantity("Pa"))]
    pub yield_stress: Quantity,
    /// Slope of stress over plastic strain
    #[arg(long, default_value = "2.5 GPa", value_parser = quantity("Pa"))]
    pub hardening: Quantity,
    /// Strain-rate sensitivity above the threshold
    #[arg(long, default_value_t = 0.03)]
    pub rate_sensitivity: f64,
    /// Stress below which nothing relaxes
    #[arg(long, default_value = "3 GPa", value_parser = quantity("Pa"))]
    pub threshold: Quantity,
    /// Mismatch strain of the actuator, negative for one under tension
    #[arg(long, default_value_t = -0.004, allow_hyphen_values = true)]
    pub actuator_mismatch: f64,
    /// Median strain at fracture; nothing breaks without it
    #[arg(long)]
    pub fracture: Option<f64>,
    /// Weibull modulus of the strain at fracture
    #[arg(long, default_value_t = 5.0, requires = "fracture")]
    pub fracture_modulus: f64,
    /// Seed of lengths, noise and fracture
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
