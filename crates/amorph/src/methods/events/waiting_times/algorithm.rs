//! Times between events: exponential or not, with dead time, censored ends and rates that change.

use crate::core::fit::{brent_minimise, brent_root};
use crate::core::stats::{chi_squared_tail, poisson_interval};

/// Shapes that are looked at, as logarithms.
const SHAPES: [f64; 2] = [-3.0, 3.0];
/// Half of the 95 % quantile of chi-squared with one degree of freedom.
const DROP: f64 = 1.920_729;

/// The time from one event to the next, or to the end of the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wait {
    /// How long.
    pub time: f64,
    /// So much of it in which no event could have been seen.
    pub dead: f64,
    /// Whether the record ended before the next event.
    pub is_censored: bool,
}

/// Events of one stretch, which has a rate of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Start and end of the record, s.
    pub window: [f64; 2],
    /// Times of the events, ascending.
    pub times: Vec<f64>,
}

/// What the times between events say.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingFit {
    /// Number of waiting times that ended in an event.
    pub n: usize,
    /// Time spent waiting, dead time off.
    pub waited: f64,
    /// Events per time of waiting.
    pub rate: f64,
    /// Its 95 % interval.
    pub rate_interval: (f64, f64),
    /// Shape of a Weibull distribution: below one events cluster, above they avoid each other.
    pub shape: f64,
    /// Its 95 % interval.
    pub shape_interval: (f64, f64),
    /// Twice the log-likelihood ratio against the exponential distribution.
    pub ratio: f64,
    /// Probability of so large a likelihood ratio against the exponential distribution.
    pub p: f64,
}

impl Stretch {
    /// The waits between its events, dead time after each; the last one is censored by the end of the record.
    pub fn waits(&self, dead: f64) -> Vec<Wait> {
        let ends = self.times.iter().skip(1).map(|time| (*time, false)).chain([(self.window[1], true)]);
        let waits = self.times.iter().zip(ends).map(|(from, (to, is_censored))| Wait { time: to - from, dead, is_censored });
        // Within the dead time nothing is learned.
        waits.filter(|wait| wait.time > wait.dead).collect()
    }

    /// Slope of the logarithm of the rate, per time, and the probability of so large a likelihood ratio against a constant rate.
    ///
    /// Maximum likelihood of ln λ(t) = a + b t given the number of events; `None` for fewer than five.
    pub fn trend(&self) -> Option<(f64, f64)> {
        let n = self.times.len();
        let length = self.window[1] - self.window[0];
        if n < 5 || length.is_nan() || length <= 0.0 {
            return None;
        }
        let places: Vec<f64> = self.times.iter().map(|time| (time - self.window[0]) / length - 0.5).collect();
        let sum: f64 = places.iter().sum();
        // ln L = b Σx - n ln(sinh(b/2)/(b/2)), concave in b.
        let ln_norm = |b: f64| if b.abs() < 1e-4 { b * b / 24.0 } else { ((0.5 * b).sinh() / (0.5 * b)).ln() };
        let negative = |b: f64| n as f64 * ln_norm(b) - b * sum;
        let minimum = brent_minimise(negative, -60.0, 60.0, 1e-8).ok()?;
        let ratio = (-2.0 * minimum.value).max(0.0);
        Some((minimum.x / length, chi_squared_tail(ratio, 1.0).ok()?))
    }

    /// The same stretch in a time in which its rate is constant, scaled so that it keeps its length.
    #[must_use]
    pub fn steady(&self, slope: f64) -> Self {
        let length = self.window[1] - self.window[0];
        let b = slope * length;
        if b.abs() < 1e-6 {
            return self.clone();
        }
        let operational = |time: f64| self.window[0] + length * (b * (time - self.window[0]) / length).exp_m1() / b.exp_m1();
        Self { window: self.window, times: self.times.iter().map(|time| operational(*time)).collect() }
    }

    /// Waits in that time, with the dead time of each event.
    pub fn rescaled(&self, slope: f64, dead: f64) -> Vec<Wait> {
        let length = self.window[1] - self.window[0];
        let b = slope * length;
        if b.abs() < 1e-6 {
            return self.waits(dead);
        }
        let operational = |time: f64| length * (b * (time - self.window[0]) / length).exp_m1() / b.exp_m1();
        let ends = self.times.iter().skip(1).map(|time| (*time, false)).chain([(self.window[1], true)]);
        let wait = |(from, (to, is_censored)): (&f64, (f64, bool))| {
            let start = operational(*from);
            Wait { time: operational(to) - start, dead: operational((from + dead).min(to)) - start, is_censored }
        };
        self.times.iter().zip(ends).map(wait).filter(|wait| wait.time > wait.dead).collect()
    }
}

/// Fits waits of stretches with rates of their own and one shape.
///
/// ln L = Σ [ln f(w) - ln S(d)] over waits that ended, ln S(w) - ln S(d) over the others; for a given shape the scale of each stretch
/// is known in closed form. `None` for fewer than five waits.
pub fn fit(stretches: &[Vec<Wait>]) -> Option<WaitingFit> {
    let ended = |waits: &[Wait]| waits.iter().filter(|wait| !wait.is_censored).count();
    let n: usize = stretches.iter().map(|waits| ended(waits)).sum();
    if n < 5 {
        return None;
    }
    let waited: f64 = stretches.iter().flatten().map(|wait| wait.time - wait.dead).sum();
    let ln_likelihood = |ln_shape: f64| -> f64 {
        let k = ln_shape.exp();
        let of_stretch = |waits: &Vec<Wait>| {
            let n = ended(waits) as f64;
            if n == 0.0 {
                return 0.0;
            }
            let spent: f64 = waits.iter().map(|wait| wait.time.powf(k) - wait.dead.powf(k)).sum();
            let ln_w: f64 = waits.iter().filter(|wait| !wait.is_censored).map(|wait| wait.time.ln()).sum();
            n * k.ln() + (k - 1.0) * ln_w - n * (spent / n).ln() - n
        };
        stretches.iter().map(of_stretch).sum()
    };
    let best = brent_minimise(|x| -ln_likelihood(x), SHAPES[0], SHAPES[1], 1e-10).ok()?;
    let top = -best.value;
    let drop = |x: f64| top - ln_likelihood(x) - DROP;
    let end = |edge: f64| {
        if drop(edge) <= 0.0 { Some(edge) } else { brent_root(drop, edge.min(best.x), edge.max(best.x), 1e-10).ok() }
    };
    let ratio = 2.0 * (top - ln_likelihood(0.0));
    let (lo, hi) = poisson_interval(n, 0.95).ok()?;
    Some(WaitingFit {
        n,
        waited,
        rate: n as f64 / waited,
        rate_interval: (lo / waited, hi / waited),
        shape: best.x.exp(),
        shape_interval: (end(SHAPES[0])?.exp(), end(SHAPES[1])?.exp()),
        ratio: ratio.max(0.0),
        p: chi_squared_tail(ratio.max(0.0), 1.0).ok()?,
    })
}
