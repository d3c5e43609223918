//! Options of `amorph simulate dsc`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate dsc`
#[derive(Args)]
#[command(after_help = "\
Writes a heating scan for every cooling rate, one of an annealed sample with its reference, truth.csv with heat capacity and
fictive temperature, and study.toml.

  amorph simulate dsc --out glass
  amorph simulate dsc --coolings 20                     one history: which parameters are then told apart?
  amorph simulate dsc --flicker 1                       a calorimeter that drifts
  amorph simulate dsc --anneal-time '10 d' --exo-up     deep relaxation
  amorph run glass/study.toml")]
pub struct SimulateDsc {
    /// Folder to write to
    #[arg(long, default_value = "amorph-dsc")]
    pub out: PathBuf,
    /// Rates of the coolings, K/min
    #[arg(long, value_delimiter = ',', default_values_t = [2.0, 10.0, 50.0])]
    pub coolings: Vec<f64>,
    /// Rate of the heatings
    #[arg(long, default_value = "20 K/min", value_parser = quantity("K/s"))]
    pub heating: Quantity,
    /// Hottest temperature
    #[arg(long, default_value = "700 K", value_parser = quantity("K"))]
    pub hottest: Quantity,
    /// Coldest temperature
    #[arg(long, default_value = "480 K", value_parser = quantity("K"))]
    pub coldest: Quantity,
    /// Annealing temperature
    #[arg(long, default_value = "590 K", value_parser = quantity("K"))]
    pub anneal_at: Quantity,
    /// Annealing time; 0 for no annealing
    #[arg(long, default_value = "1 h", value_parser = quantity("s"))]
    pub anneal_time: Quantity,
    /// Activation enthalpy of the relaxation time
    #[arg(long, default_value = "648.5 kJ/mol", value_parser = quantity("J/mol"))]
    pub enthalpy: Quantity,
    /// Share of the temperature in the relaxation time; the fictive temperature has the rest
    #[arg(long, default_value_t = 0.6)]
    pub nonlinearity: f64,
    /// Stretching exponent
    #[arg(long, default_value_t = 0.5)]
    pub exponent: f64,
    /// Time between samples
    #[arg(long, default_value = "1.5 s", value_parser = quantity("s"))]
    pub interval: Quantity,
    /// Standard deviation of the white noise, W/kg (1 W/kg is 1 mW/g)
    #[arg(long, default_value_t = 0.1)]
    pub noise: f64,
    /// Standard deviation of the 1/f noise, W/kg
    #[arg(long, default_value_t = 0.0)]
    pub flicker: f64,
    /// Slope of the baseline, W/(kg K)
    #[arg(long, default_value_t = 0.02, allow_hyphen_values = true)]
    pub drift: f64,
    /// Time constant of the sensor
    #[arg(long, default_value = "0 s", value_parser = quantity("s"))]
    pub lag: Quantity,
    /// Count exothermic signals as positive
    #[arg(long)]
    pub exo_up: bool,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
