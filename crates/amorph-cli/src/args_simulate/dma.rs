//! Options of `amorph simulate dma`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

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
