//! Relaxation: spectra of the complex modulus, their superposition over temperature, and the relaxation times behind them.

mod constants;
mod dense;
mod error;
pub mod kernels;
pub mod log_spectrum;
pub mod master_curve;
mod numerics;
/// Readings of a complex modulus, by temperature.
pub mod spectra;
pub mod spectrum_fit;
#[cfg(test)]
mod testing;
pub mod time_spectrum;

pub use constants::{GLASS_TRANSITION, MODULUS_KIND, THERMAL_EXPANSION};
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
