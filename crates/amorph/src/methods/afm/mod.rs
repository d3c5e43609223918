//! Dynamic atomic force microscopy in tapping mode: dissipated energy and its spatial statistics.

pub mod activation_energy;
pub mod anisotropy;
pub mod anisotropy_by_state;
mod constants;
pub mod correlation_length;
pub mod dissipation;
pub mod distribution;
pub mod distributions_by_state;
pub mod field;
pub mod proliferation;
pub mod regions;
mod spatial_mean;
pub mod spectrum;
pub mod topography;
pub mod topography_correlation;

pub use constants::{
    AMPLITUDE_SENSITIVITY, DRIVE_FREQUENCY, FREE_AMPLITUDE, FREE_PHASE, PHASE_CONVENTION, PHASE_REFERENCE, QUALITY_FACTOR,
    RESONANCE_FREQUENCY, SCAN_ANGLE, SETPOINT_AMPLITUDE, SPRING_CONSTANT, TEMPERATURE,
};

use crate::method::TechniqueInfo;

/// Tapping-mode atomic force microscopy.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "afm",
    title: "Tapping-mode atomic force microscopy",
    data: "maps",
    constants: constants::ALL,
    starter: include_str!("starter.toml"),
};
