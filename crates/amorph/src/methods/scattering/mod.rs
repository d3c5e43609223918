//! Scattering of X-rays, neutrons or electrons: pair distributions, and what a load does to them.

pub mod affine_share_by_stress;
pub mod anisotropic_pdf;
pub mod box_counting;
mod constants;
pub mod density_correlation;
pub mod form_factors;
pub mod pair_distribution;
mod patterns;
pub mod peak_strain;
pub mod percolation;
pub mod random_fields;
pub mod resolution;
pub mod structure_by_spread;
pub mod structure_factor;
#[cfg(test)]
mod testing;
pub mod transform;
pub mod volume;
pub mod volume_statistics;
pub mod voxels;

pub use constants::{APPLIED_STRESS, COMMON_RESOLUTION, NUMBER_DENSITY, POISSON_RATIO, RESOLUTION, VOXEL_SIZE, WAVELENGTH};

use crate::method::TechniqueInfo;

/// Scattering patterns as tables.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "scattering",
    title: "Scattering of X-rays, neutrons and electrons",
    data: "table",
    constants: constants::ALL,
    also: &[],
    starter: include_str!("starter.toml"),
};

/// Reconstructed volumes: grey values that follow the density.
pub const TOMOGRAPHY: TechniqueInfo = TechniqueInfo {
    id: "tomography",
    title: "Tomography",
    data: "volume",
    constants: constants::OF_VOLUMES,
    also: &[],
    starter: include_str!("tomography.toml"),
};
