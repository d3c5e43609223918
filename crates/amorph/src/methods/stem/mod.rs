//! Scanning transmission electron microscopy with a pixelated detector: a diffraction pattern at every probe position.

pub mod annular_sum;
mod constants;

pub use constants::{Q_PIXEL, SCAN_STEP};

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
