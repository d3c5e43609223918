//! Options of `amorph simulate ageing`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate ageing`
#[derive(Args)]
#[command(after_help = "\
Writes sweeps.csv (a loss peak of double wells, swept after rising ageing times), tangent.csv (a loss tangent at one frequency
while a glass ages), truth.csv with barrier and asymmetry at every ageing time, and study.toml.

  amorph simulate ageing --out ageing
  amorph simulate ageing --slope 1                        another path of barrier and asymmetry: is it told from 2?
  amorph simulate ageing --asymmetry-gain '0.002 eV'      wells that hardly move: is that said?
  amorph simulate ageing --duration '1 h'                 a series shorter than the ageing
  amorph run ageing/study.toml")]
pub struct SimulateAgeing {
    /// Folder to write to
    #[arg(long, default_value = "amorph-ageing")]
    pub out: PathBuf,
    /// Temperature of the sweeps
    #[arg(long, default_value = "343 K", value_parser = quantity("K"))]
    pub temperature: Quantity,
    /// Number of sweeps
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=1000))]
    pub sweeps: u64,
    /// Longest ageing time of the sweeps
    #[arg(long, default_value = "1e5 s", value_parser = quantity("s"))]
    pub longest: Quantity,
    /// Frequencies per sweep
    #[arg(long, default_value_t = 25, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub points: u64,
    /// Lowest frequency of the sweeps
    #[arg(long, default_value = "0.01 Hz", value_parser = quantity("Hz"))]
    pub lowest: Quantity,
    /// Highest frequency of the sweeps
    #[arg(long, default_value = "100 Hz", value_parser = quantity("Hz"))]
    pub highest: Quantity,
    /// Barrier of the upper well before ageing
    #[arg(long, default_value = "0.8 eV", value_parser = quantity("J"))]
    pub barrier: Quantity,
    /// Asymmetry of the wells before ageing
    #[arg(long, default_value = "0.25 eV", value_parser = quantity("J"))]
    pub asymmetry: Quantity,
    /// What the asymmetry gains over the series
    #[arg(long, default_value = "0.021 eV", value_parser = quantity("J"))]
    pub asymmetry_gain: Quantity,
    /// Slope a of ln τ = b - a ln G''
    #[arg(long, default_value_t = 2.0)]
    pub slope: f64,
    /// Cole-Cole exponent of the peak
    #[arg(long, default_value_t = 0.45)]
    pub shape: f64,
    /// Relative error of the modulus of the sweeps
    #[arg(long, default_value_t = 0.002)]
    pub modulus_noise: f64,
    /// Error of the phase, rad, of the sweeps
    #[arg(long, default_value_t = 0.0005)]
    pub phase_noise: f64,
    /// Loss tangent at last
    #[arg(long, default_value_t = 0.02)]
    pub settled: f64,
    /// What the loss tangent loses
    #[arg(long, default_value_t = 0.015)]
    pub lost: f64,
    /// Time of that
    #[arg(long, default_value = "2 h", value_parser = quantity("s"))]
    pub time: Quantity,
    /// Exponent of that
    #[arg(long, default_value_t = 0.55)]
    pub exponent: f64,
    /// How long the loss tangent is followed
    #[arg(long, default_value = "24 h", value_parser = quantity("s"))]
    pub duration: Quantity,
    /// Time between its readings
    #[arg(long, default_value = "60 s", value_parser = quantity("s"))]
    pub interval: Quantity,
    /// Error of its phase, rad
    #[arg(long, default_value_t = 3e-4)]
    pub tangent_noise: f64,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
