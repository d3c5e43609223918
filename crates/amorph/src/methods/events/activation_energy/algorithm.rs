//! The mean duration of events from the samples that they last.

use crate::core::fit::{brent_minimise, brent_root};
use crate::core::stats::{CHI_SQUARED_90, CHI_SQUARED_95, clopper_pearson_interval};

/// Events of one duration in samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lasting {
    /// Samples above half of the height.
    pub samples: usize,
    /// Time between samples, s.
    pub step: f64,
}

/// The mean duration of exponentially distributed ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanDuration {
    /// Maximum of the likelihood, s; zero where no event is resolved.
    pub value: f64,
    /// Two-sided 95 % interval by the likelihood ratio, s; starts at zero where no event is resolved.
    pub interval: (f64, f64),
    /// At least 95 % of true values lie below, s.
    pub upper: f64,
}

/// Minus twice the log likelihood at a mean duration.
///
/// An event of exponential duration that starts anywhere between two samples covers w of them with the geometric probability
/// e^(-x(w-1)) (1 - e^(-x)), x = step/mean, among those that cover one. Events of fewer than `resolved` samples count as just that: what
/// they last is the instrument's.
pub fn misfit(events: &[Lasting], resolved: usize, mean: f64) -> f64 {
    let each = |event: &Lasting| {
        let x = event.step / mean;
        if event.samples < resolved {
            // 1 - e^(-x(resolved-1))
            (-f64::exp_m1(-x * (resolved - 1) as f64)).ln()
        } else {
            -x * (event.samples - 1) as f64 + (-f64::exp_m1(-x)).ln()
        }
    };
    -2.0 * events.iter().map(each).sum::<f64>()
}

/// Mean duration with its interval; `None` without events.
pub fn mean_duration(events: &[Lasting], resolved: usize) -> Option<MeanDuration> {
    let step = events.iter().map(|event| event.step).fold(f64::NAN, f64::max);
    let longest = events.iter().map(|event| event.samples).max()?;
    // ln mean between a hundredth of a step and far beyond the longest event.
    let (lo, hi) = ((0.01 * step).ln(), (1e4 * step * longest as f64).ln());
    let at = |ln: f64| misfit(events, resolved, ln.exp());
    let best = brent_minimise(at, lo, hi, 1e-9).ok()?;
    let any_resolved = events.iter().any(|event| event.samples >= resolved);
    let (x, least) = if any_resolved { (best.x, best.value) } else { (lo, 0.0) };
    let end = |rise: f64, from: f64, to: f64| brent_root(|ln| at(ln) - least - rise, from, to, 1e-9).ok().map(f64::exp);
    let below = if any_resolved { end(CHI_SQUARED_95, lo, x).unwrap_or(0.0) } else { 0.0 };
    let value = if any_resolved { x.exp() } else { 0.0 };
    let upper = bound(events, resolved, step).or_else(|| end(CHI_SQUARED_90, x, hi))?;
    Some(MeanDuration { value, interval: (below, end(CHI_SQUARED_95, x, hi)?), upper })
}

/// Exact bound from the share of resolved events, e^(-(resolved-1) step/mean) (Clopper and Pearson 1934): the likelihood ratio is too narrow
/// where few are. `None` where most are resolved.
fn bound(events: &[Lasting], resolved: usize, step: f64) -> Option<f64> {
    let n_resolved = events.iter().filter(|event| event.samples >= resolved).count();
    if 2 * n_resolved >= events.len() {
        return None;
    }
    let (_, share) = clopper_pearson_interval(n_resolved, events.len(), 0.9).ok()?;
    Some(-((resolved - 1) as f64) * step / share.ln())
}
