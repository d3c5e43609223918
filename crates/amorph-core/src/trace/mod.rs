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

/// The median of finite values, which are reordered; NaN where there are none.
pub fn median_in_place(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let middle = values.len() / 2;
    let upper = *values.select_nth_unstable_by(middle, f64::total_cmp).1;
    if values.len() % 2 == 1 {
        return upper;
    }
    let lower = values[..middle].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    0.5 * (lower + upper)
}
