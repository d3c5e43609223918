//! Structural heterogeneity of amorphous alloys, from instrument file to physical parameter with an honest interval.
//!
//! The [`methods`] are the heart: one folder each, collected by [`method::registry`]. A [`study`] runs them over files.
#![forbid(unsafe_code)]

pub use amorph_core as core;
pub use amorph_io as io;
pub use amorph_sim as sim;

pub mod demo;
pub mod literature;
pub mod method;
pub mod methods;
pub mod papers;
mod records;
pub mod simulate;
pub mod study;
pub mod synthesis;
pub mod theory;
pub mod traces;

/// Version of Amorph, as recorded in every provenance.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
