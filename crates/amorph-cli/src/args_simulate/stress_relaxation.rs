//! Options of `amorph simulate stress-relaxation`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::{Args, ValueEnum};

use super::quantity;

/// How a stress falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulatedRelaxation {
    /// σ0 - S ln(1 + t/c), S from the activation volume
    Logarithmic,
    /// (σ0 - σr) exp(-(t/τ)^β) + σr
    Stretched,
}

/// `amorph simulate stress-relaxation`
#[derive(Args)]
#[command(after_help = "\
Writes relaxation.csv (time and stress, the ramp included), truth.csv with the stress without error, and study.toml.

  amorph simulate stress-relaxation --out relaxation
  amorph simulate stress-relaxation --volume '100 A^3' --noise '5 MPa'
  amorph simulate stress-relaxation --law stretched --time '10 min' --remnant 0.3
  amorph simulate stress-relaxation --law stretched --duration '2 min'   a hold that ends before the stress settles
  amorph simulate stress-relaxation --memory 0.8                         drift: is the interval withheld?
  amorph run relaxation/study.toml")]
pub struct SimulateStressRelaxation {
    /// Folder to write to
    #[arg(long, default_value = "amorph-stress-relaxation")]
    pub out: PathBuf,
    /// How the stress falls
    #[arg(long, value_enum, default_value_t = SimulatedRelaxation::Logarithmic)]
    pub law: SimulatedRelaxation,
    /// Activation volume, of the logarithmic law
    #[arg(long, default_value = "300 A^3", value_parser = quantity("m^3"))]
    pub volume: Quantity,
    /// Time at which the logarithmic law begins
    #[arg(long, default_value = "2 s", value_parser = quantity("s"))]
    pub start: Quantity,
    /// Relaxation time, of the stretched law
    #[arg(long, default_value = "300 s", value_parser = quantity("s"))]
    pub time: Quantity,
    /// Exponent of the stretched law
    #[arg(long, default_value_t = 0.5)]
    pub exponent: f64,
    /// Stress that is left at last over the initial one, of the stretched law
    #[arg(long, default_value_t = 0.4)]
    pub remnant: f64,
    /// Stress at the end of the ramp
    #[arg(long, default_value = "1 GPa", value_parser = quantity("Pa"))]
    pub stress: Quantity,
    /// Temperature
    #[arg(long, default_value = "298 K", value_parser = quantity("K"))]
    pub temperature: Quantity,
    /// Normal over shear stress
    #[arg(long, default_value_t = 1.732)]
    pub taylor_factor: f64,
    /// Time of loading
    #[arg(long, default_value = "1 s", value_parser = quantity("s"))]
    pub ramp: Quantity,
    /// How long the strain is held
    #[arg(long, default_value = "1 h", value_parser = quantity("s"))]
    pub duration: Quantity,
    /// Time between readings
    #[arg(long, default_value = "1 s", value_parser = quantity("s"))]
    pub interval: Quantity,
    /// Standard deviation of a reading of the stress
    #[arg(long, default_value = "1 MPa", value_parser = quantity("Pa"))]
    pub noise: Quantity,
    /// Correlation of the errors of neighbouring readings
    #[arg(long, default_value_t = 0.0)]
    pub memory: f64,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
