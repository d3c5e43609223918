//! Options of `amorph simulate interstitial`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate interstitial`
#[derive(Args)]
#[command(after_help = "\
Writes glass.csv and crystal.csv (temperature and shear modulus), truth.csv with concentration and heat flow, and study.toml.

  amorph simulate interstitial --out moduli
  amorph simulate interstitial --noise 1e-3           a worse resonator: what of the heat is still told?
  amorph simulate interstitial --annealed 0           nothing anneals out
  amorph run moduli/study.toml")]
pub struct SimulateInterstitial {
    /// Folder to write to
    #[arg(long, default_value = "amorph-interstitial")]
    pub out: PathBuf,
    /// Concentration of defects as frozen in
    #[arg(long, default_value_t = 0.017)]
    pub concentration: f64,
    /// What structural relaxation takes away
    #[arg(long, default_value_t = 0.0023)]
    pub annealed: f64,
    /// Temperature of the middle of that
    #[arg(long, default_value = "530 K", value_parser = quantity("K"))]
    pub annealing: Quantity,
    /// Shear susceptibility β
    #[arg(long, default_value_t = 17.0)]
    pub beta: f64,
    /// α: enthalpy of a defect over modulus and volume
    #[arg(long, default_value_t = 1.0)]
    pub alpha: f64,
    /// Density
    #[arg(long, default_value = "9.4 g/cm^3", value_parser = quantity("kg/m^3"))]
    pub density: Quantity,
    /// Heating rate
    #[arg(long, default_value = "5 K/min", value_parser = quantity("K/s"))]
    pub heating: Quantity,
    /// Coldest temperature
    #[arg(long, default_value = "320 K", value_parser = quantity("K"))]
    pub coldest: Quantity,
    /// Hottest temperature
    #[arg(long, default_value = "610 K", value_parser = quantity("K"))]
    pub hottest: Quantity,
    /// Step of the temperature
    #[arg(long, default_value = "1 K", value_parser = quantity("K"))]
    pub step: Quantity,
    /// Temperature before structural relaxation
    #[arg(long, default_value = "350 K", value_parser = quantity("K"))]
    pub annealed_from: Quantity,
    /// Temperature after it
    #[arg(long, default_value = "575 K", value_parser = quantity("K"))]
    pub annealed_to: Quantity,
    /// Relative error of a modulus
    #[arg(long, default_value_t = 2e-4)]
    pub noise: f64,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
