//! Indentation: elastic and anelastic contact, hardness and modulus, rate jumps, cycles, pop-ins, and their maps.

pub mod anelastic_contact;
pub mod anelastic_map;
mod constants;
pub mod cyclic;
pub mod dynamic_stiffness;
mod error;
pub mod flat_punch;
pub mod hold_viscosity;
pub mod modulus_classes;
pub mod oliver_pharr;
pub mod pop_in_statistics;
pub mod rate_jump;
mod records;
pub mod sphere;
#[cfg(test)]
mod testing;
pub mod thermal_pop_ins;
pub mod tilt;
pub mod transition_energy;

pub use error::IndentationError;
pub use records::{Curve, Tried};

use crate::method::TechniqueInfo;

/// Depth-sensing indentation.
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "indentation",
    title: "Indentation",
    data: "traces",
    constants: constants::ALL,
    also: &["events.pop_ins"],
    starter: include_str!("starter.toml"),
};
