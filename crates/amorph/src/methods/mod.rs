//! The methods, by family. One method is one folder; see `CONTRIBUTING.md`.

pub mod afm;
pub mod calorimetry;
pub mod compare;
pub mod contact_resonance;
pub mod events;
pub mod haadf;
pub mod indentation;
pub mod onchip;
pub mod relaxation;
pub mod scattering;
pub mod stem;
#[cfg(test)]
mod testing;
