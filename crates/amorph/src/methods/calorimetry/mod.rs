//! Calorimetry: heat capacity of a glass over temperature, its glass transition, and the enthalpy that annealing took out of it.

mod constants;
mod curve;
mod error;
pub mod glass_transition;
mod lines;
mod noise;
pub mod rate_kinetics;
pub mod recovery_enthalpy;
/// Ramps with their heat capacity.
pub mod scans;
#[cfg(test)]
mod testing;
pub mod tnm_fit;

pub use constants::{HEAT_FLOW_SIGN, HEATING_RATE, RATE_EVENT, REFERENCE_MASS, SAMPLE_MASS, SENSOR_LAG};
pub use error::CalorimetryError;

use crate::method::TechniqueInfo;

/// Differential scanning calorimetry.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "dsc",
    title: "Calorimetry",
    data: "traces",
    constants: constants::ALL,
    also: &["calorimetry.rate_kinetics"],
    starter: include_str!("starter.toml"),
};

/// Tables of temperatures at several rates.
pub const RATES: TechniqueInfo = TechniqueInfo {
    id: "rate_series",
    title: "Temperatures at several rates",
    data: "table",
    constants: constants::OF_RATES,
    also: &[],
    starter: include_str!("starter_rates.toml"),
};
