//! Virtual instruments: simulators with known truth.
//!
//! Every method of Amorph is tested on data from here before it sees a measurement. Simulators are pure: parameters and a
//! seed in, data types of `amorph-core` and the truth out; the same seed gives the same data on every machine.
#![forbid(unsafe_code)]

pub mod afm;
pub mod beam;
pub mod calorimetry;

mod error;
pub mod events;
pub mod fractal;
pub mod haadf;
pub mod indentation;
pub mod nbed;
pub mod onchip;
pub mod oscillator;
pub mod pillar;
pub mod relaxation;
pub mod scattering;

pub use error::SimulationError;
