//! Options of `amorph simulate xpcs`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate xpcs`
#[derive(Args)]
#[command(after_help = "\
Writes g2.csv (delay, intensity correlation and its error), truth.csv with the correlation without error, and study.toml.

  amorph simulate xpcs --out speckle
  amorph simulate xpcs --exponent 0.6                     stretched in place of compressed
  amorph simulate xpcs --last '100 s'                     delays that end before the decay does
  amorph simulate xpcs --repetitions 12 --without-errors  errors from the scatter of repetitions
  amorph simulate xpcs --baseline 0.004                   g2 that does not come down to 1
  amorph run speckle/study.toml")]
pub struct SimulateXpcs {
    /// Folder to write to
    #[arg(long, default_value = "amorph-xpcs")]
    pub out: PathBuf,
    /// Relaxation time
    #[arg(long, default_value = "200 s", value_parser = quantity("s"))]
    pub time: Quantity,
    /// Exponent: below 1 stretched, above 1 compressed
    #[arg(long, default_value_t = 1.5)]
    pub exponent: f64,
    /// Speckle contrast
    #[arg(long, default_value_t = 0.12)]
    pub contrast: f64,
    /// What g2 comes down to, less 1
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    pub baseline: f64,
    /// First delay
    #[arg(long, default_value = "1 s", value_parser = quantity("s"))]
    pub first: Quantity,
    /// Last delay
    #[arg(long, default_value = "3000 s", value_parser = quantity("s"))]
    pub last: Quantity,
    /// Number of delays
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub points: u64,
    /// Number of repetitions
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub repetitions: u64,
    /// Standard error of one curve at the first delay; it grows with the delay
    #[arg(long, default_value_t = 0.001)]
    pub noise: f64,
    /// State no errors in the file
    #[arg(long)]
    pub without_errors: bool,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
