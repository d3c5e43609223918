//! A virtual nanoindenter: bodies of known elasticity and relaxation under a sphere, a pyramid or a flat punch.
//!
//! [`Indenter`] measures a [`Body`] under a [`LoadFunction`]; [`Sites`] is a film whose modulus and relaxation time vary from place to
//! place; the other simulators make what one method needs: pop-in loads, rate jumps, cycles, modulus maps, unloading curves, touch
//! points, holds. Everything returns its truth.

mod body;
mod creep_hold;
mod cycles;
mod indenter;
mod load;
mod modulus_map;
mod pop_in;
mod rate_jump;
mod sites;
mod tap;
#[cfg(test)]
mod tests;
mod touch;
mod unloading;

pub use body::Body;
pub use creep_hold::CreepHold;
pub use cycles::{Cycles, CyclicTest, Loss};
pub use indenter::{Indent, Indenter, PopIn, Transducer};
pub use load::LoadFunction;
pub use modulus_map::{ClassMap, ClassMapScan, ModulusClass};
pub use pop_in::{PopInLoads, PopInSample, Strength};
pub use rate_jump::{RateJump, RateJumpTest};
pub use sites::{SiteTruth, Sites};
pub use tap::{Loop, Tap};
pub use touch::TouchPoints;
pub use unloading::{Unloading, UnloadingTest};
