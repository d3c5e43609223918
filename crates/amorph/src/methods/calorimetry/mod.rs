//! Calorimetry: heat capacity of a glass over temperature, its glass transition, and the enthalpy that annealing took out of it.

mod constants;
pub mod cooperative_number;
mod curve;
pub mod cycling;
pub mod diffusion;
pub mod enthalpy_kinetics;
mod error;
pub mod glass_transition;
pub mod interstitialcy;
mod lines;
mod noise;
pub mod rate_kinetics;
mod ratio;
pub mod recovery_enthalpy;
/// Ramps with their heat capacity.
pub mod scans;
pub mod specific_heat;
#[cfg(test)]
mod testing;
pub mod tnm_fit;

pub use constants::{
    ANNEALING_TEMPERATURE, ATOMIC_VOLUME, ATTEMPT_FREQUENCY, DEFECT_ALPHA, DENSITY, DIFFUSING_RADIUS, FICTIVE_TEMPERATURE,
    FRAGILITY, HEAT_FLOW_SIGN, HEATING_RATE, MOLAR_MASS, RATE_EVENT, REFERENCE_MASS, RELAXATION_VOLUME, SAMPLE_MASS,
    SENSOR_LAG, SHEAR_SUSCEPTIBILITY, SPECIFIC_HEAT_STEP, STRETCHING,
};
pub use error::CalorimetryError;

use crate::method::TechniqueInfo;

/// A decade on a scale of natural logarithms.
const DECADE: f64 = std::f64::consts::LN_10;
/// Probability below which stated errors are called too small.
const UNLIKELY: f64 = 0.01;

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

/// Tables of recovery enthalpies over annealing time and temperature.
pub const ANNEALING: TechniqueInfo = TechniqueInfo {
    id: "annealing_series",
    title: "Recovery enthalpies over annealing",
    data: "table",
    constants: constants::OF_ANNEALING,
    also: &[],
    starter: include_str!("starter_annealing.toml"),
};

/// Shear moduli of a glass and of its crystal over temperature.
pub const MODULI: TechniqueInfo = TechniqueInfo {
    id: "shear_modulus",
    title: "Shear modulus over temperature",
    data: "traces",
    constants: constants::OF_MODULI,
    also: &[],
    starter: include_str!("starter_moduli.toml"),
};

/// Tables of diffusion coefficients and viscosities over temperature.
pub const TRANSPORT: TechniqueInfo = TechniqueInfo {
    id: "transport_series",
    title: "Diffusion and viscosity over temperature",
    data: "table",
    constants: constants::OF_TRANSPORT,
    also: &[],
    starter: include_str!("starter_transport.toml"),
};

/// Tables of excess enthalpies over the number of thermal cycles.
pub const CYCLING: TechniqueInfo = TechniqueInfo {
    id: "cycling_series",
    title: "Excess enthalpies over thermal cycles",
    data: "table",
    constants: constants::OF_CYCLING,
    also: &[],
    starter: include_str!("starter_cycling.toml"),
};
