//! Contact resonance: frequency and damping of a lever whose tip touches the sample, and the modulus behind them.

mod constants;
mod contact;
mod error;
pub mod lever;
pub mod modulus;
mod readings;
mod statistics;
#[cfg(test)]
mod testing;
pub mod tip_position;
pub mod treatment;
pub mod zones;

pub use contact::Geometry;
pub use error::ContactResonanceError;

use crate::method::TechniqueInfo;

/// Contact-resonance atomic force microscopy, and maps of samples actuated by ultrasound in contact (CRUA).
pub const TECHNIQUE: TechniqueInfo = TechniqueInfo {
    id: "contact_resonance",
    title: "Contact-resonance atomic force microscopy",
    data: "maps",
    constants: constants::ALL,
    also: &["dafm.distribution", "dafm.correlation_length", "dafm.regions"],
    starter: include_str!("starter.toml"),
};
