//! A virtual contact-resonance microscope: a vibrating beam whose tip touches the specimen.
//!
//! [`Lever`] solves the clamped beam with a spring at its tip by transfer matrices, [`finite_element`] the same beam by finite
//! elements, so that closed forms can be checked against two independent solutions. A [`ContactSpecimen`] is a glass of known
//! contact stiffness; a [`ContactMicroscope`] turns it into maps of contact-resonance frequency and quality factor.
//!
//! ```
//! use amorph_sim::beam::{ContactMicroscope, ContactSpecimen};
//! let specimen = ContactSpecimen { rows: 16, columns: 16, ..ContactSpecimen::default() };
//! let site = specimen.site(1)?;
//! let scan = ContactMicroscope::default().scan(&site, 1)?;
//! assert_eq!(scan.maps().count(), 4);
//! # Ok::<(), amorph_sim::SimulationError>(())
//! ```

pub mod finite_element;
mod lever;
mod microscope;
mod specimen;
#[cfg(test)]
mod tests;

pub use lever::{Branch, Lever};
pub use microscope::{ContactMicroscope, ContactScan, FlexuralMode, ModeScan};
pub use specimen::{Contact, ContactSite, ContactSpecimen, Disk, Geometry};
