//! Options of `amorph simulate indentation`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate indentation`
#[derive(Args)]
#[command(after_help = "\
Writes indents.csv with time, load and depth of every indent and its place, and truth.csv with modulus and relaxation time of every site.

  amorph simulate indentation --out map --rows 11 --columns 11 --noise '0.2 nm'
  amorph simulate indentation --modulus-spread '0 GPa' --noise '1 nm'     a map whose scatter is the measurement's alone
  amorph simulate indentation --mass '0.25 g' --damping '0.5 N s/m'       inertia that looks like a relaxation time")]
pub struct SimulateIndentation {
    /// Folder to write to
    #[arg(long, default_value = "amorph-indents")]
    pub out: PathBuf,
    /// Rows of the grid
    #[arg(long, default_value_t = 11)]
    pub rows: usize,
    /// Columns of the grid
    #[arg(long, default_value_t = 11)]
    pub columns: usize,
    /// Distance between neighbouring sites
    #[arg(long, default_value = "100 nm", value_parser = quantity("m"))]
    pub spacing: Quantity,
    /// Mean shear modulus
    #[arg(long, default_value = "30 GPa", value_parser = quantity("Pa"))]
    pub modulus: Quantity,
    /// Standard deviation of the shear modulus between sites
    #[arg(long, default_value = "2 GPa", value_parser = quantity("Pa"))]
    pub modulus_spread: Quantity,
    /// Mean relaxation time
    #[arg(long, default_value = "0.3 ms", value_parser = quantity("s"))]
    pub time: Quantity,
    /// Standard deviation of the relaxation time between sites
    #[arg(long, default_value = "0.05 ms", value_parser = quantity("s"))]
    pub time_spread: Quantity,
    /// Correlation length of both; 0 for sites that know nothing of each other
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"))]
    pub xi: Quantity,
    /// Share of sites that are lost
    #[arg(long, default_value_t = 0.0)]
    pub lost: f64,
    /// Radius of the tip
    #[arg(long, default_value = "2 um", value_parser = quantity("m"))]
    pub radius: Quantity,
    /// Poisson's ratio of the film
    #[arg(long, default_value_t = 0.363)]
    pub poisson_ratio: f64,
    /// Largest load
    #[arg(long, default_value = "800 uN", value_parser = quantity("N"))]
    pub load: Quantity,
    /// Time of the rise of the load
    #[arg(long, default_value = "1 ms", value_parser = quantity("s"))]
    pub rise: Quantity,
    /// Time at the largest load
    #[arg(long, default_value = "20 ms", value_parser = quantity("s"))]
    pub hold: Quantity,
    /// Samples per second
    #[arg(long, default_value = "30 kHz", value_parser = quantity("Hz"))]
    pub rate: Quantity,
    /// Standard deviation of the noise of the depth
    #[arg(long, default_value = "0.2 nm", value_parser = quantity("m"))]
    pub noise: Quantity,
    /// Thermal drift
    #[arg(long, default_value = "0 nm/s", value_parser = quantity("m/s"), allow_hyphen_values = true)]
    pub drift: Quantity,
    /// Depth that is shown at contact
    #[arg(long, default_value = "0 nm", value_parser = quantity("m"), allow_hyphen_values = true)]
    pub offset: Quantity,
    /// Moving mass of the indenter; 0 follows the load at once
    #[arg(long, default_value = "0 g", value_parser = quantity("kg"))]
    pub mass: Quantity,
    /// Damping of the indenter
    #[arg(long, default_value = "0 N s/m", value_parser = quantity("N s/m"))]
    pub damping: Quantity,
    /// Seed of the film and of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
