//! Virtual instruments of relaxation: a mechanical spectrometer, and tables of relaxation times over temperature.

mod dma;
mod process;
mod stress_relaxation;
mod temperature_law;
#[cfg(test)]
mod tests;

pub use dma::{Crystallisation, Dma, DmaNoise, DmaTest};
pub use process::{Process, Shape, TimeLaw};
pub use stress_relaxation::{StressLaw, StressRelaxation};
pub use temperature_law::TimesOverTemperature;
