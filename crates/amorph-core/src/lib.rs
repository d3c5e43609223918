//! Quantities, data types, numerics and figure specifications of Amorph.
#![forbid(unsafe_code)]

pub mod fft;
pub mod fit;
pub mod image;
pub mod random;
pub mod stats;
