//! A virtual atomic force microscope in tapping mode.
//!
//! A [`Specimen`] says what the glass is like; [`Specimen::surface`] makes one site of it, with every true value known;
//! a [`Microscope`] scans the site and returns the images an instrument would store. A [`ShearedGlass`] yields event by event, each with
//! Eshelby's quadrupole, and dissipates where it has yielded.
//!
//! ```
//! use amorph_sim::afm::{Microscope, Specimen};
//! let specimen = Specimen { rows: 64, columns: 64, width: 60e-9, height: 60e-9, ..Specimen::default() };
//! let surface = specimen.surface(1)?;
//! let scan = Microscope::default().scan(&surface, 1)?;
//! assert_eq!(scan.phase.shape(), (64, 64));
//! # Ok::<(), amorph_sim::SimulationError>(())
//! ```

#[cfg(test)]
mod artefact_tests;
mod image;
mod microscope;
mod quadrupole;
mod scanning;
mod specimen;
#[cfg(test)]
mod tests;

pub use microscope::{CrossTalk, Microscope, PhaseConvention, Regime, Scan};
pub use quadrupole::{Kernel, ShearedGlass, ShearedSurface};
pub use scanning::{Drift, Dust, Frame, Scanning, Strokes};
pub use specimen::{Ellipse, EnergyField, Marginal, SoftRegions, Specimen, Surface, Topography};
