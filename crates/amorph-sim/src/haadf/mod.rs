//! A virtual scanning transmission electron microscope on a metallic-glass foil: HAADF images, maps of elements, energy-loss
//! spectra, networks of two phases, and series of dark-field images in which every place fluctuates.

mod core_loss;
mod drift;
mod field;
mod film;
mod flicker;
mod low_loss;
mod network;
mod strip;
#[cfg(test)]
mod tests;

pub use core_loss::{CoreEdge, CoreLoss, SpectrumImage};
pub use drift::ImagePair;
pub use field::{gaussian_blur, shell_field, shell_volume};
pub use film::{Film, FilmImages};
pub use flicker::Flicker;
pub use low_loss::LowLoss;
pub use network::{NetworkImage, PhaseNetwork};
pub use strip::ShearBandStrip;
