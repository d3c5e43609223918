//! Numerics on traces: segments of the load, the sampling of time, the step of the digitiser, channels that stand still.
//!
//! Everything works on plain slices; NaN is a missing sample.

mod quantisation;
mod sampling;
mod segments;
mod standstill;

pub use quantisation::quantisation;
pub use sampling::{Gap, Sampling, Stretch, sampling};
pub use segments::{HOLD_RATE, HOLD_SAMPLES, detect};
pub use standstill::{Standstill, StandstillKind, standstills};
