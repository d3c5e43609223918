//! A virtual calorimeter: fictive temperature, heat capacity and heat flow of a glass over a thermal history; and the shear modulus of a glass with
//! defects.

mod annealing;
mod cycling;
mod dsc;
mod interstitial;
mod kernel;
mod modulated;
mod rates;
#[cfg(test)]
mod tests;
mod tnm;
mod transport;

pub use annealing::AnnealingSeries;
pub use cycling::CyclingSeries;
pub use dsc::{Crystallisation, Dsc, DscTest, HeatSign, Program, Relaxing, Stage};
pub use interstitial::{Interstitial, InterstitialTest};
pub use kernel::StretchedKernel;
pub use modulated::ModulatedDsc;
pub use rates::{Conversions, RateLaw, RateSeries};
pub use tnm::{Fictive, Slowing, Tnm};
pub use transport::Transport;
