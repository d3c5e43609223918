//! Sizes of events by the free-volume law of Yang et al., and how their imbalance decays at constant stress.

use rand::RngExt;

use crate::core::fit::{brent_minimise, rise_towards};
use crate::core::random::{Rng, derive_seed, rng};
use crate::core::stats::CHI_SQUARED_95;

/// Biases that are told from the limits: below the first the linear law holds, above the last all events go forward.
pub const BIASES: [f64; 2] = [0.01, 100.0];
/// Nodes of the integral of the exact law.
const NODES: usize = 400;

/// What the bias does to the probability of a net transition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// In proportion to the volume (eq. 4 of Yang et al.).
    Linear,
    /// tanh of the bias; it is this at the mean volume.
    Exact(f64),
}

impl Law {
    /// Net probability at a volume `v` in units of the mean excess, up to a factor.
    fn weight(self, v: f64) -> f64 {
        match self {
            Self::Linear => v,
            Self::Exact(bias) => (bias * v).tanh(),
        }
    }

    /// ∫ from v of weight(v') exp(-v') dv'.
    pub fn tail(self, v: f64) -> f64 {
        match self {
            Self::Linear => (1.0 + v) * (-v).exp(),
            // With u = 1 - exp(-(v'-v)) the integral of exp(-v') is that of a bounded function over 0..1.
            Self::Exact(_) => {
                let node = |k: usize| (k as f64 + 0.5) / NODES as f64;
                let sum: f64 = (0..NODES).map(|k| self.weight(v - (1.0 - node(k)).ln())).sum();
                (-v).exp() * sum / NODES as f64
            }
        }
    }
}

/// Sizes above the smallest that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Sizes {
    values: Vec<f64>,
    sum: f64,
    sum_ln: f64,
    /// Smallest size that counts.
    pub from: f64,
}

/// A fitted law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fitted {
    /// The law.
    pub law: Law,
    /// Size of an event of the mean excess volume.
    pub scale: f64,
    /// Twice the negative log likelihood.
    pub misfit: f64,
}

impl Sizes {
    /// Of values above `from`; the rest is left out.
    pub fn new(values: &[f64], from: f64) -> Self {
        let mut values: Vec<f64> = values.iter().copied().filter(|value| *value >= from && value.is_finite()).collect();
        values.sort_unstable_by(f64::total_cmp);
        let (sum, sum_ln) = (values.iter().sum(), values.iter().map(|value| value.ln()).sum());
        Self { values, sum, sum_ln, from }
    }

    /// Number.
    pub fn n(&self) -> usize {
        self.values.len()
    }

    /// In ascending order.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Twice the negative log likelihood of f(s) = weight(s/scale) exp(-s/scale) / (scale tail(from/scale)).
    pub fn misfit(&self, law: Law, scale: f64) -> f64 {
        let n = self.n() as f64;
        let weights = match law {
            Law::Linear => self.sum_ln - n * scale.ln(),
            Law::Exact(_) => self.values.iter().map(|value| law.weight(value / scale).ln()).sum(),
        };
        -2.0 * (weights - self.sum / scale - n * (scale * law.tail(self.from / scale)).ln())
    }

    /// Largest likelihood of a law over its scale; `None` without events.
    pub fn fit(&self, law: Law) -> Option<Fitted> {
        let mean = self.sum / self.n().max(1) as f64;
        let (lo, hi) = ((1e-3 * mean).ln(), (30.0 * mean).ln());
        let best = brent_minimise(|ln| self.misfit(law, ln.exp()), lo, hi, 1e-9).ok()?;
        (self.n() > 1).then_some(Fitted { law, scale: best.x.exp(), misfit: best.value })
    }

    /// 95 % interval of the scale by the likelihood ratio; an end is missing where the likelihood never falls so far.
    pub fn scale_interval(&self, fitted: &Fitted) -> (Option<f64>, Option<f64>) {
        let at = |ln: f64| self.misfit(fitted.law, ln.exp());
        let x = fitted.scale.ln();
        let end = |by: f64| rise_towards(at, fitted.misfit + CHI_SQUARED_95, x, x + by, 1e-9).map(f64::exp);
        (end(-4.0), end(4.0))
    }

    /// The exact law of the largest likelihood and the 95 % interval of its bias; an end is missing where the limit suits as well.
    pub fn fit_exact(&self) -> Option<(Fitted, [Option<f64>; 2])> {
        let at = |ln: f64| self.fit(Law::Exact(ln.exp())).map_or(f64::INFINITY, |fitted| fitted.misfit);
        let [lo, hi] = BIASES.map(f64::ln);
        // The likelihood may have two humps: a grid finds the higher one.
        const STEPS: usize = 24;
        let place = |k: usize| lo + (hi - lo) * k as f64 / STEPS as f64;
        let best = (0..=STEPS).min_by(|a, b| at(place(*a)).total_cmp(&at(place(*b))))?;
        let around = (place(best.saturating_sub(1)), place((best + 1).min(STEPS)));
        let minimum = brent_minimise(at, around.0, around.1, 1e-5).ok()?;
        let fitted = self.fit(Law::Exact(minimum.x.exp()))?;
        let level = fitted.misfit + CHI_SQUARED_95;
        let end = |to: f64| rise_towards(at, level, minimum.x, to, 1e-5).map(f64::exp);
        Some((fitted, [end(lo), end(hi)]))
    }

    /// Kolmogorov's distance between the sizes and a fitted law.
    pub fn distance(&self, fitted: &Fitted) -> f64 {
        let n = self.n() as f64;
        let total = fitted.law.tail(self.from / fitted.scale);
        let each = |(k, value): (usize, &f64)| {
            let survival = fitted.law.tail(value / fitted.scale) / total;
            (1.0 - survival - k as f64 / n).abs().max((1.0 - survival - (k + 1) as f64 / n).abs())
        };
        self.values.iter().enumerate().map(each).fold(0.0, f64::max)
    }

    /// Probability of a distance at least as large, by sizes drawn from the linear law and fitted again: (1 + k)/(1 + n).
    pub fn goodness(&self, fitted: &Fitted, draws: usize, seed: u64) -> f64 {
        let observed = self.distance(fitted);
        let is_as_far = |index: usize| {
            let mut rng = rng(derive_seed(seed, &[index.into()]));
            let drawn: Vec<f64> =
                (0..self.n()).map(|_| draw_linear(self.from / fitted.scale, &mut rng) * fitted.scale).collect();
            let drawn = Self::new(&drawn, self.from);
            drawn.fit(Law::Linear).is_some_and(|again| drawn.distance(&again) >= observed)
        };
        let k = (0..draws).filter(|index| is_as_far(*index)).count();
        (1 + k) as f64 / (1 + draws) as f64
    }
}

/// A volume above `from` of density v exp(-v): the excess over it is that of one or of two exponential waits.
pub fn draw_linear(from: f64, rng: &mut Rng) -> f64 {
    let mut wait = || -(1.0 - rng.random::<f64>()).ln();
    let first = wait();
    let second = wait();
    // ∫(from + u) exp(-u) du has a share from/(1 + from) of single waits.
    let is_single = rng.random::<f64>() < from / (1.0 + from);
    from + first + if is_single { 0.0 } else { second }
}

/// An event at constant stress: time since the stress was reached, s, and whether it is of the sign that the loading favours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Held {
    /// Time since the hold began, s.
    pub time: f64,
    /// Rising.
    pub is_rising: bool,
}

/// The two ends of an interval; one is missing where the likelihood never falls so far.
type Ends = (Option<f64>, Option<f64>);

/// Which time the likelihood is a function of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Time {
    /// τ_R, in which the imbalance decays.
    Biased,
    /// τ_R cosh x, that of sites without stress, which the barrier alone sets.
    Unbiased,
}

/// A decaying imbalance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decay {
    /// At the start of the hold, tanh x.
    pub start: f64,
    /// Relaxation time, s.
    pub time: f64,
    /// Its 95 % interval; an end is missing where the likelihood never falls so far.
    pub interval: (Option<f64>, Option<f64>),
    /// Relaxation time without stress, s.
    pub unbiased: f64,
    /// Its 95 % interval.
    pub unbiased_interval: (Option<f64>, Option<f64>),
    /// Probability of such a gain in likelihood where signs do not depend on time.
    pub p: f64,
}

/// Imbalance of the rates of independent two-state sites, as many forward as back at the start, D0 = tanh x:
/// sinh x cosh x E/(1 + sinh² x E) with E = exp(-t/τ_R).
fn imbalance(start: f64, faded: f64) -> f64 {
    start * faded / (1.0 - start * start * (1.0 - faded))
}

/// Twice the negative log likelihood of signs at a relaxation time, with the imbalance at the start that suits best.
fn decay_misfit(events: &[Held], time: f64, which: Time) -> (f64, f64) {
    let at = |d: f64| {
        let time = if which == Time::Biased { time } else { time * (1.0 - d * d).sqrt() };
        let each = |event: &Held| {
            let imbalance = imbalance(d, (-event.time / time).exp());
            (0.5 * (1.0 + if event.is_rising { imbalance } else { -imbalance })).ln()
        };
        -2.0 * events.iter().map(each).sum::<f64>()
    };
    let edge = 1.0 - 1e-6;
    match brent_minimise(at, -edge, edge, 1e-6) {
        Ok(best) => (best.value, best.x),
        Err(_) => (f64::INFINITY, 0.0),
    }
}

const GRID: usize = 12;

/// The time of the largest likelihood within a range, by a grid and a search around its best node, with its 95 % interval.
fn fit_time(events: &[Held], range: [f64; 2], which: Time) -> Option<(f64, Ends)> {
    let [lo, hi] = range.map(f64::ln);
    let place = |k: usize| lo + (hi - lo) * k as f64 / GRID as f64;
    let at = |ln: f64| decay_misfit(events, ln.exp(), which).0;
    let k = (0..=GRID).min_by(|a, b| at(place(*a)).total_cmp(&at(place(*b))))?;
    let minimum = brent_minimise(at, place(k.saturating_sub(1)), place((k + 1).min(GRID)), 1e-6).ok()?;
    let end = |to: f64| rise_towards(at, minimum.value + CHI_SQUARED_95, minimum.x, to, 1e-6).map(f64::exp);
    Some((minimum.x.exp(), (end(lo), end(hi))))
}

/// How the imbalance of signs decays in holds of at most `length` s; `None` for fewer than ten events.
///
/// The chance of the gain comes from permuted signs: where there is no imbalance the relaxation time has no meaning.
pub fn decay(events: &[Held], length: f64, permutations: usize, seed: u64) -> Option<Decay> {
    if events.len() < 10 {
        return None;
    }
    let range = [length / 300.0, 3.0 * length];
    let grid = |k: usize| range[0] * (range[1] / range[0]).powf(k as f64 / GRID as f64);
    // Of signs that do not depend on time the order is irrelevant: this is the same for all permutations.
    let best_of =
        |events: &[Held]| (0..=GRID).map(|k| decay_misfit(events, grid(k), Time::Biased).0).fold(f64::INFINITY, f64::min);
    let observed = best_of(events);
    let (time, interval) = fit_time(events, range, Time::Biased)?;
    let (unbiased, unbiased_interval) = fit_time(events, [range[0], 30.0 * range[1]], Time::Unbiased)?;
    let mut rng = rng(seed);
    let mut shuffled = events.to_vec();
    let mut at_least = 0;
    for _ in 0..permutations {
        for last in (1..shuffled.len()).rev() {
            let other = rng.random_range(0..=last);
            let (a, b) = (shuffled[last].is_rising, shuffled[other].is_rising);
            (shuffled[last].is_rising, shuffled[other].is_rising) = (b, a);
        }
        at_least += usize::from(best_of(&shuffled) <= observed + 1e-9);
    }
    let (_, start) = decay_misfit(events, time, Time::Biased);
    let p = (1 + at_least) as f64 / (1 + permutations) as f64;
    Some(Decay { start, time, interval, unbiased, unbiased_interval, p })
}
