//! Options of `amorph simulate pillar`.

use std::path::PathBuf;

use amorph::core::unit::Quantity;
use clap::Args;

use super::quantity;

/// `amorph simulate pillar`
#[derive(Args)]
#[command(after_help = "\
Writes one TriboScan text per test (depth, load, time, current, voltage), truth.csv with every event, and study.toml.

  amorph simulate pillar --out pillars --tests 4
  amorph simulate pillar --rising 0 --falling 0 --pop-ins 0       no event at all: what a search finds is false
  amorph simulate pillar --flicker 2e-4 --telegraph 5e-4          noise that looks like events
  amorph simulate pillar --smallest 2e-4 --cutoff 1e-3            sizes whose exponent no thousand events tell
  amorph run pillars/study.toml")]
pub struct SimulatePillar {
    /// Folder to write to
    #[arg(long, default_value = "amorph-pillars")]
    pub out: PathBuf,
    /// Number of tests
    #[arg(long, default_value_t = 4)]
    pub tests: usize,
    /// Diameter of the top
    #[arg(long, default_value = "2.074 um", value_parser = quantity("m"))]
    pub diameter: Quantity,
    /// Height
    #[arg(long, default_value = "5 um", value_parser = quantity("m"))]
    pub height: Quantity,
    /// Largest load
    #[arg(long, default_value = "2000 uN", value_parser = quantity("N"))]
    pub load: Quantity,
    /// Time of loading, of holding, and of unloading
    #[arg(long, default_value = "10 s", value_parser = quantity("s"))]
    pub segment: Quantity,
    /// Samples per second
    #[arg(long, default_value = "1 kHz", value_parser = quantity("Hz"))]
    pub rate: Quantity,
    /// Resistance of the circuit without the pillar
    #[arg(long, default_value = "0 ohm", value_parser = quantity("ohm"))]
    pub series: Quantity,
    /// Resistance of the contact under the largest load
    #[arg(long, default_value = "0 ohm", value_parser = quantity("ohm"))]
    pub contact: Quantity,
    /// Spikes per second that raise the resistivity
    #[arg(long, default_value = "3 1/s", value_parser = quantity("1/s"))]
    pub rising: Quantity,
    /// Spikes per second that lower it
    #[arg(long, default_value = "2 1/s", value_parser = quantity("1/s"))]
    pub falling: Quantity,
    /// Exponent of the sizes of spikes
    #[arg(long, default_value_t = 1.5)]
    pub exponent: f64,
    /// Smallest relative change of the resistivity
    #[arg(long, default_value_t = 5e-4)]
    pub smallest: f64,
    /// Cut-off of the sizes
    #[arg(long, default_value_t = 1e-2)]
    pub cutoff: f64,
    /// Longest spike, samples
    #[arg(long, default_value_t = 4)]
    pub longest: usize,
    /// Pop-ins per second of loading
    #[arg(long, default_value = "0.3 1/s", value_parser = quantity("1/s"))]
    pub pop_ins: Quantity,
    /// Mean depth of a pop-in above 2 nm
    #[arg(long, default_value = "4 nm", value_parser = quantity("m"))]
    pub pop_in_depth: Quantity,
    /// Standard deviation of the logarithm of the current
    #[arg(long, default_value_t = 1e-4)]
    pub noise: f64,
    /// Memory of that noise from one sample to the next
    #[arg(long, default_value_t = 0.7)]
    pub memory: f64,
    /// Random walk of the logarithm of the current per root of a second
    #[arg(long, default_value_t = 1e-3)]
    pub drift: f64,
    /// Standard deviation of 1/f noise of the logarithm of the current
    #[arg(long, default_value_t = 0.0)]
    pub flicker: f64,
    /// Step of noise that switches between two levels, once a second
    #[arg(long, default_value_t = 0.0)]
    pub telegraph: f64,
    /// Seed of events and noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,
}
