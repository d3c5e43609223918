//! Dynamic atomic force microscopy in tapping mode: dissipated energy and its spatial statistics.

pub mod activation_energy;
pub mod amplitude_dependence;
pub mod amplitude_sweep;
pub mod anisotropy;
pub mod anisotropy_by_state;
pub mod cluster_sizes;
pub mod clusters;
mod constants;
pub mod correlation_length;
pub mod corrugation;
pub mod cutoff_sweep;
pub mod dissipation;
pub mod distribution;
pub mod distributions_by_state;
pub mod field;
pub mod frequency_modulation;
pub mod mechanism;
pub mod orientation;
pub mod orientation_by_site;
pub mod phase_reference_scan;
pub mod proliferation;
pub mod regime;
pub mod regions;
pub mod resonance_curve;
pub mod spectrum;
mod stated;
#[cfg(test)]
mod testing;
pub mod topography;
pub mod topography_correlation;
pub mod two_state_energy;

pub use constants::{
    AMPLITUDE_SENSITIVITY, DRIVE_FREQUENCY, EXCITATION_FREE, FREE_AMPLITUDE, FREE_PHASE, OSCILLATION_AMPLITUDE,
    PHASE_CONVENTION, PHASE_REFERENCE, QUALITY_FACTOR, RESONANCE_FREQUENCY, SCAN_ANGLE, SETPOINT_AMPLITUDE, SPRING_CONSTANT,
    TEMPERATURE,
};

use crate::method::TechniqueInfo;

/// Tapping-mode atomic force microscopy.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "afm",
    title: "Tapping-mode atomic force microscopy",
    data: "maps",
    constants: constants::ALL,
    also: &[],
    starter: include_str!("starter.toml"),
};
