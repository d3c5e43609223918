//! Scanning transmission electron microscopy with a pixelated detector: a diffraction pattern at every probe position.

pub mod angular_correlation;
pub mod annular_sum;
pub mod association;
pub mod bragg_detection;
mod calibration;
mod constants;
pub mod drift;
pub mod fluctuation;
pub mod fraction_by_strain;
mod panels;
pub mod scan_image;
pub mod virtual_image;

pub use constants::{
    BEAM_VOLTAGE, CONVERGENCE_SEMI_ANGLE, DARK_LEVEL, DETECTOR_GAIN, FOIL, Q_PIXEL, RELATIVE_THICKNESS, SCAN_STEP, STRAIN,
};

use crate::method::TechniqueInfo;

/// Four-dimensional scanning transmission electron microscopy.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "stem",
    title: "Four-dimensional scanning transmission electron microscopy",
    data: "scan",
    constants: constants::ALL,
    also: &[],
    starter: include_str!("starter.toml"),
};
