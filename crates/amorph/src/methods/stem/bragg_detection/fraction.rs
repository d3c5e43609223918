//! The share of patterns with reflections, from the share that is flagged.

use super::selfcheck::SelfCheck;
use crate::core::stats::wilson_interval;

/// A share with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Corrected {
    /// The share.
    pub value: f64,
    /// Its interval, for patterns that are independent of each other.
    pub interval: (f64, f64),
}

/// `(flagged share - false) / (found - false)` (Rogan & Gladen 1978); the ends of Wilson's interval moved alike, with the
/// errors of both rates added in quadrature. `None` where nothing was flagged or too little of it would be found.
pub fn corrected_fraction(n_flagged: usize, n: usize, check: &SelfCheck) -> Option<Corrected> {
    let false_rate = check.n_false as f64 / check.n as f64;
    let gap = check.found - false_rate;
    if n_flagged == 0 || gap.is_nan() || gap < 0.1 {
        return None;
    }
    let share = n_flagged as f64 / n as f64;
    let (lo, hi) = wilson_interval(n_flagged, n, 0.95).ok()?;
    let value = (share - false_rate) / gap;
    let smoothed = (check.n_false as f64 + 0.5) / (check.n as f64 + 1.0);
    let of_false = (1.0 - value) / gap * (smoothed * (1.0 - smoothed) / check.n as f64).sqrt();
    let of_found = value / gap * check.found_std;
    let rates = 1.96 * of_false.hypot(of_found);
    let end = |edge: f64| ((edge - share) / gap).hypot(rates);
    let interval = ((value - end(lo)).clamp(0.0, 1.0), (value + end(hi)).clamp(0.0, 1.0));
    Some(Corrected { value: value.clamp(0.0, 1.0), interval })
}
