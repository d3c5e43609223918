//! Options of `amorph simulate creep`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate creep`
#[derive(Args)]
#[command(after_help = "\
Writes a file per stress (time, stress and strain, the ramp included), truth.csv with the rates of flow, and study.toml.

  amorph simulate creep --out creep
  amorph simulate creep --duration '10 min'                     a hold that ends before the flow shows: is that said?
  amorph simulate creep --activation-volume '40 A^3' --stresses 300,600,900,1200    stress helps the flow: n above 1
  amorph simulate creep --exponent 1                            one Kelvin element: told from spread times?
  amorph simulate creep --memory 0.5                            errors of neighbouring readings are alike
  amorph run creep/study.toml")]
pub struct SimulateCreep {
    /// Folder to write to
    #[arg(long, default_value = "amorph-creep")]
    pub out: PathBuf,
    /// Stresses of the holds, MPa; three or more tell the law of the stress
    #[arg(long, value_delimiter = ',', default_values_t = [300.0, 500.0, 800.0])]
    pub stresses: Vec<f64>,
    /// Viscosity at low stress
    #[arg(long, default_value = "1e15 Pa s", value_parser = quantity("Pa s"))]
    pub viscosity: Quantity,
    /// Activation volume of the flow; 0 for Newtonian flow
    #[arg(long, default_value = "0 A^3", value_parser = quantity("m^3"))]
    pub activation_volume: Quantity,
    /// Temperature
    #[arg(long, default_value = "420 K", value_parser = quantity("K"))]
    pub temperature: Quantity,
    /// Normal over shear stress
    #[arg(long, default_value_t = 1.732)]
    pub taylor_factor: f64,
    /// Strain at once over stress
    #[arg(long, default_value = "1e-11 1/Pa", value_parser = quantity("1/Pa"))]
    pub unrelaxed: Quantity,
    /// Retarded strain over stress
    #[arg(long, default_value = "5e-12 1/Pa", value_parser = quantity("1/Pa"))]
    pub retarded: Quantity,
    /// Retardation time
    #[arg(long, default_value = "300 s", value_parser = quantity("s"))]
    pub time: Quantity,
    /// Exponent of the retarded strain
    #[arg(long, default_value_t = 0.6)]
    pub exponent: f64,
    /// Time of loading
    #[arg(long, default_value = "2 s", value_parser = quantity("s"))]
    pub ramp: Quantity,
    /// How long the stress is held
    #[arg(long, default_value = "2 h", value_parser = quantity("s"))]
    pub duration: Quantity,
    /// Time between readings
    #[arg(long, default_value = "2 s", value_parser = quantity("s"))]
    pub interval: Quantity,
    /// Standard deviation of a reading of the strain
    #[arg(long, default_value_t = 1e-5)]
    pub noise: f64,
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
