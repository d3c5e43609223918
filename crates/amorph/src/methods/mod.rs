//! The methods, by family. One method is one folder; see `CONTRIBUTING.md`.

pub mod afm;
pub mod compare;
pub mod contact_resonance;
pub mod events;
pub mod indentation;
#[cfg(test)]
mod reference;
pub mod stem;
