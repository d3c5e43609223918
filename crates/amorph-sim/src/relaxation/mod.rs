//! A virtual mechanical spectrometer: storage and loss modulus over frequency and temperature.

mod dma;
mod process;
#[cfg(test)]
mod tests;

pub use dma::{Dma, DmaNoise, DmaTest};
pub use process::{Process, Shape, TimeLaw};
