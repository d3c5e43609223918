//! Annular dark-field images, maps of elements and energy-loss spectra of a foil.

pub mod bright_fraction;
mod brightness;
pub mod characteristic_length;
pub mod composition;
pub mod composition_correlation;
mod constants;
mod preparation;
pub mod relaxation_energy;
pub mod relaxation_map;
pub mod shear_band;
mod spectra;
pub mod thickness;

pub use constants::{
    ATOMIC_NUMBER_A, ATOMIC_NUMBER_B, BEAM_VOLTAGE, COLLECTION_SEMI_ANGLE, CONTRAST_EXPONENT, CONVERGENCE_SEMI_ANGLE,
    CROSS_SECTION_A, CROSS_SECTION_B, DARK_LEVEL, DISPLAY_GAMMA, EDGE_ENERGY_A, EDGE_ENERGY_B, FOIL_THICKNESS, FRAME_INTERVAL,
    GEOMETRY, GLASS_TRANSITION, INTENSITY_SCALE, K_FACTOR, MASS_DENSITY, MEAN_FRACTION_A, SURFACE_SIDE, TEMPERATURE,
};
pub use preparation::Background;

use crate::method::TechniqueInfo;

/// Annular dark-field images and energy-loss spectra in scanning transmission electron microscopy. Scans with a diffraction pattern
/// at every position are another technique, `stem`.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "haadf",
    title: "Annular dark-field images and energy-loss maps",
    data: "maps",
    constants: constants::ALL,
    also: &["dafm.spectrum", "dafm.anisotropy", "dafm.correlation_length"],
    starter: include_str!("starter.toml"),
};
