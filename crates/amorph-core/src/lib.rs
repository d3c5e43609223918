//! Quantities, data types, numerics and figure specifications of Amorph.
#![forbid(unsafe_code)]

pub mod constants;
pub mod ctx;
pub mod data;
pub mod dense;
pub mod dossier;
pub mod electron_scattering;
pub mod fft;
pub mod figure;
pub mod fit;
pub mod image;
pub mod outcome;
pub mod random;
pub mod relaxation;
pub mod serde_float;
pub mod series;
pub mod special;
pub mod stats;
pub mod stream;
pub mod trace;
pub mod unit;
pub mod whittle;
