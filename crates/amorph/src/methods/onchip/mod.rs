//! On-chip tension: specimens stretched by released actuators, and how they relax over weeks.

mod constants;
mod mechanics;
mod records;
pub mod relaxation;
pub mod stress_strain;

pub use constants::{
    ACTUATOR_MISMATCH, ACTUATOR_MODULUS, ACTUATOR_THICKNESS, ACTUATOR_WIDTH, GLASS_TRANSITION, POISSON_RATIO,
    SPECIMEN_MISMATCH, SPECIMEN_MODULUS, SPECIMEN_THICKNESS, TEMPERATURE, UNDERETCH,
};
pub use mechanics::{Chip, Geometry, Loaded, Reading, Specimen};

use crate::method::TechniqueInfo;

/// On-chip tensile tests.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "onchip",
    title: "On-chip tensile tests",
    data: "table",
    constants: constants::ALL,
    also: &[],
    starter: include_str!("starter.toml"),
};
