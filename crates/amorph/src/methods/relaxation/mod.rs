//! Relaxation: spectra of the complex modulus, their superposition over temperature, and the relaxation times behind them.

mod columns;
pub mod constant_loss;
mod constants;
pub mod creep;
pub mod creep_stress;
pub mod decay;
mod error;
pub mod flow_unit_ageing;
pub mod holds;
pub mod kernels;
pub mod log_spectrum;
pub mod loss_tangent;
pub mod master_by_state;
pub mod master_curve;
mod numerics;
pub mod photon_correlation;
pub mod prony;
pub mod quasi_point_defect;
/// Readings of a complex modulus, by temperature.
pub mod spectra;
pub mod spectrum_fit;
pub mod stress_relaxation;
pub mod surface;
pub mod tangent_ageing;
pub mod tangent_by_state;
pub mod temperature_law;
#[cfg(test)]
mod testing;
mod time_curves;
pub mod time_spectrum;
pub mod well_ageing;

pub use constants::{
    CREEP_STRESS, GLASS_TRANSITION, HARDENING_MODULUS, MODULUS_KIND, SHEAR_MODULUS, TAYLOR_FACTOR, TEMPERATURE,
    THERMAL_EXPANSION, UNLOADING_MODULUS,
};
pub use error::RelaxationError;

use crate::method::TechniqueInfo;

/// Mechanical spectroscopy.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "dma",
    title: "Mechanical spectroscopy",
    data: "traces",
    constants: constants::ALL,
    also: &[],
    starter: include_str!("starter.toml"),
};

/// Tables of relaxation times, viscosities or peak frequencies.
pub const TIMES: TechniqueInfo = TechniqueInfo {
    id: "relaxation_times",
    title: "Relaxation times over temperature",
    data: "table",
    constants: constants::OF_TIMES,
    also: &[],
    starter: include_str!("starter_times.toml"),
};

/// Stress at constant strain over time.
pub const STRESS_RELAXATION: TechniqueInfo = TechniqueInfo {
    id: "stress_relaxation",
    title: "Stress relaxation",
    data: "traces",
    constants: constants::OF_HOLDS,
    also: &[],
    starter: include_str!("starter_stress.toml"),
};

/// Strain at constant stress over time.
pub const CREEP: TechniqueInfo = TechniqueInfo {
    id: "creep",
    title: "Creep",
    data: "traces",
    constants: constants::OF_CREEP,
    also: &[],
    starter: include_str!("starter_creep.toml"),
};

/// Tables of the intensity correlation of speckles over the delay.
pub const CORRELATION: TechniqueInfo = TechniqueInfo {
    id: "xpcs",
    title: "Photon correlation (XPCS)",
    data: "table",
    constants: &[],
    also: &[],
    starter: include_str!("starter_correlation.toml"),
};

/// Tables of a property over ageing time at one temperature.
pub const AGEING: TechniqueInfo = TechniqueInfo {
    id: "property_ageing",
    title: "A property over ageing time",
    data: "table",
    constants: &[],
    also: &[],
    starter: include_str!("starter_ageing.toml"),
};
