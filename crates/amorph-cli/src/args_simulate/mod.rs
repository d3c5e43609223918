//! What can be typed after `amorph simulate`.

mod afm;
mod ageing;
mod creep;
mod dma;
mod dsc;
mod haadf;
mod indentation;
mod interstitial;
mod nbed;
mod onchip;
mod pillar;
mod scattering;
mod stress_relaxation;
mod tomography;
mod xpcs;

pub use afm::{Film, Scan, SimulateAfm, SimulatedFormat};
pub use ageing::SimulateAgeing;
pub use creep::SimulateCreep;
pub use dma::SimulateDma;
pub use dsc::SimulateDsc;
pub use haadf::SimulateHaadf;
pub use indentation::SimulateIndentation;
pub use interstitial::SimulateInterstitial;
pub use nbed::SimulateNbed;
pub use onchip::SimulateOnchip;
pub use pillar::SimulatePillar;
pub use scattering::SimulateScattering;
pub use stress_relaxation::{SimulateStressRelaxation, SimulatedRelaxation};
pub use tomography::{SimulateTomography, SimulatedSet};
pub use xpcs::SimulateXpcs;

use amorph::core::unit::{Quantity, Unit, UnitError};

/// Reads a quantity of the dimension of `unit`.
fn quantity(unit: &'static str) -> impl Fn(&str) -> Result<Quantity, UnitError> + Clone + Send + Sync + 'static {
    move |text| Quantity::parse_as(text, &Unit::of(unit))
}
