//! Whether events bring other events: a self-exciting process, the variance of counts, and the law of the waits as a whole.

use rand::RngExt;

use super::algorithm::{Stretch, Wait};
use crate::core::fit::{brent_minimise, brent_root};
use crate::core::random::{derive_seed, rng};
use crate::core::special::{ln_gamma, ln_upper_incomplete_gamma};
use crate::core::stats::{chi_squared_quantile, chi_squared_tail};

/// Half of the 95 % quantile of chi-squared with one degree of freedom.
const DROP: f64 = 1.920_729_410_347_062;
/// Branching ratios that are looked at.
const LARGEST: f64 = 0.98;
/// Decay rates that are tried before the best is refined.
const DECAYS: usize = 14;
/// Shapes of a gamma law that are looked at, as logarithms.
const SHAPES: [f64; 2] = [-2.5, 3.0];

/// A self-exciting process: each event brings `branching` others, on average `decay` later.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Excitation {
    /// Mean number of events that one brings.
    pub branching: f64,
    /// Its 95 % interval; it starts at zero where independent events are not excluded.
    pub interval: (f64, f64),
    /// Mean time in which it does, s.
    pub decay: f64,
    /// Twice the log-likelihood ratio against independent events.
    pub ratio: f64,
}

/// Log-likelihood of `λ(t) = μ + b β Σ exp(-β (t - t_i))` with a background `μ` of its own in each stretch.
///
/// Nothing is seen within the dead time after an event, so that `∫λ` is over the rest.
fn ln_likelihood(stretches: &[Stretch], dead: f64, branching: f64, beta: f64) -> f64 {
    let mut sum = 0.0;
    for stretch in stretches.iter().filter(|stretch| !stretch.times.is_empty()) {
        let n = stretch.times.len();
        let mut live = stretch.times[0] - stretch.window[0];
        let (mut brought, mut expected, mut memory) = (vec![0.0; n], 0.0, 0.0f64);
        for (place, time) in stretch.times.iter().enumerate() {
            if place > 0 {
                memory *= (-beta * (time - stretch.times[place - 1])).exp();
            }
            brought[place] = branching * beta * memory;
            memory += 1.0;
            let end = stretch.times.get(place + 1).copied().unwrap_or(stretch.window[1]);
            let wait = (end - time).max(dead);
            live += wait - dead;
            expected += branching * memory * ((-beta * dead).exp() - (-beta * wait).exp());
        }
        // Where the likelihood is largest Σ 1/(μ + e_i) is the time in which events could be seen.
        let slope = |mu: f64| brought.iter().map(|brought| 1.0 / (mu + brought)).sum::<f64>() - live;
        let most = n as f64 / live;
        let least = 1e-9 * most;
        let mu = if slope(least) <= 0.0 {
            least
        } else if branching == 0.0 {
            most
        } else {
            brent_root(slope, least, most * (1.0 + 1e-9), 1e-9 * most).unwrap_or(most)
        };
        sum += brought.iter().map(|brought| (mu + brought).ln()).sum::<f64>() - mu * live - expected;
    }
    sum
}

/// The most likely self-exciting process; `None` for fewer than ten events.
pub fn excitation(stretches: &[Stretch], dead: f64) -> Option<Excitation> {
    let n: usize = stretches.iter().map(|stretch| stretch.times.len()).sum();
    let length: f64 = stretches.iter().map(|stretch| stretch.window[1] - stretch.window[0]).sum();
    if n < 10 || length.is_nan() || length <= 0.0 {
        return None;
    }
    let wait = length / n as f64;
    // From a tenth of the mean wait to a twentieth of a record.
    let (slow, fast) = ((20.0 * stretches.len() as f64 / length).min(0.5 / wait), 10.0 / wait);
    let at = |branching: f64| -> (f64, f64) {
        let value = |ln_beta: f64| -ln_likelihood(stretches, dead, branching, ln_beta.exp());
        let step = (fast / slow).ln() / (DECAYS - 1) as f64;
        let place = |k: usize| slow.ln() + k as f64 * step;
        let best = (0..DECAYS).min_by(|a, b| value(place(*a)).total_cmp(&value(place(*b)))).unwrap_or(0);
        let (low, high) = (place(best.saturating_sub(1)), place((best + 1).min(DECAYS - 1)));
        brent_minimise(value, low, high, 1e-3).map_or((-value(place(best)), place(best)), |found| (-found.value, found.x))
    };
    let none = at(0.0).0;
    let best = brent_minimise(|b| -at(b).0, 0.0, LARGEST, 1e-4).ok()?;
    let (top, branching) = if -best.value > none { (-best.value, best.x) } else { (none, 0.0) };
    let drop = |b: f64| top - at(b).0 - DROP;
    let lower = if branching == 0.0 || drop(0.0) <= 0.0 { 0.0 } else { brent_root(drop, 0.0, branching, 1e-4).ok()? };
    let upper = if drop(LARGEST) <= 0.0 { 1.0 } else { brent_root(drop, branching, LARGEST, 1e-4).ok()? };
    Some(Excitation { branching, interval: (lower, upper), decay: (-at(branching).1).exp(), ratio: 2.0 * (top - none) })
}

/// A gamma law of the waits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaFit {
    /// Shape: one for independent events.
    pub shape: f64,
    /// Twice the log-likelihood ratio against the exponential law.
    pub ratio: f64,
    /// Probability of a larger one by chance.
    pub p: f64,
}

/// Fits waits of stretches with rates of their own and one shape: as the Weibull law, with `S = Q(k, r w)`.
pub fn gamma(stretches: &[Vec<Wait>]) -> Option<GammaFit> {
    let ln_survival = |shape: f64, x: f64| if x > 0.0 { ln_upper_incomplete_gamma(shape, x) - ln_gamma(shape) } else { 0.0 };
    let of_stretch = |waits: &[Wait], shape: f64| -> f64 {
        let ended = || waits.iter().filter(|wait| !wait.is_censored);
        let n = ended().count() as f64;
        if n == 0.0 {
            return 0.0;
        }
        let (sum, sum_ln) = ended().fold((0.0, 0.0), |(sum, ln), wait| (sum + wait.time, ln + wait.time.ln()));
        let spent: f64 = waits.iter().map(|wait| wait.time - wait.dead).sum();
        let negative = |ln_rate: f64| {
            let rate = ln_rate.exp();
            let seen = n * (shape * ln_rate - ln_gamma(shape)) + (shape - 1.0) * sum_ln - rate * sum;
            let cut: f64 = waits.iter().filter(|wait| wait.is_censored).map(|wait| ln_survival(shape, rate * wait.time)).sum();
            let dead: f64 = waits.iter().map(|wait| ln_survival(shape, rate * wait.dead)).sum();
            -(seen + cut - dead)
        };
        let guess = (n / spent).ln() + shape.ln().max(0.0);
        brent_minimise(negative, guess - 5.0, guess + 3.0, 1e-7).map_or(f64::NEG_INFINITY, |best| -best.value)
    };
    let total = |ln_shape: f64| stretches.iter().map(|waits| of_stretch(waits, ln_shape.exp())).sum::<f64>();
    let best = brent_minimise(|x| -total(x), SHAPES[0], SHAPES[1], 1e-5).ok()?;
    let ratio = (2.0 * (-best.value - total(0.0))).max(0.0);
    Some(GammaFit { shape: best.x.exp(), ratio, p: chi_squared_tail(ratio, 1.0).ok()? })
}

/// Variance over mean of counts in windows of one length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fano {
    /// Length of a window, s.
    pub window: f64,
    /// Number of windows.
    pub n: usize,
    /// Variance over mean.
    pub value: f64,
    /// Where 95 % of such ratios of independent events lie.
    pub expected: (f64, f64),
}

/// Variance over mean of counts in windows; `None` for fewer than ten of them or no events.
pub fn fano(stretches: &[Stretch], window: f64) -> Option<Fano> {
    let mut counts = Vec::new();
    for stretch in stretches {
        let n = ((stretch.window[1] - stretch.window[0]) / window).floor() as usize;
        let mut of_stretch = vec![0.0; n];
        for time in &stretch.times {
            if let Some(count) = of_stretch.get_mut(((time - stretch.window[0]) / window) as usize) {
                *count += 1.0;
            }
        }
        counts.extend(of_stretch);
    }
    if counts.len() < 10 {
        return None;
    }
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let bound = |p: f64| chi_squared_quantile(p, n - 1.0).map_or(f64::NAN, |chi| chi / (n - 1.0));
    (mean > 0.0).then(|| Fano { window, n: counts.len(), value: variance / mean, expected: (bound(0.025), bound(0.975)) })
}

/// Distance of the waits, each stretch in units of its own mean, from an exponential law, and the probability of a larger one: replicates
/// have as many waits in each stretch and are scaled again.
pub fn exponential_p(stretches: &[Vec<Wait>], replicates: usize, seed: u64) -> (f64, f64) {
    let of: Vec<Vec<f64>> = stretches
        .iter()
        .map(|waits| waits.iter().filter(|wait| !wait.is_censored).map(|wait| wait.time - wait.dead).collect())
        .collect();
    let distance = |stretches: &[Vec<f64>]| -> f64 {
        let mut scaled = Vec::new();
        for waits in stretches.iter().filter(|waits| !waits.is_empty()) {
            let mean = waits.iter().sum::<f64>() / waits.len() as f64;
            scaled.extend(waits.iter().map(|wait| wait / mean));
        }
        scaled.sort_unstable_by(f64::total_cmp);
        let n = scaled.len() as f64;
        scaled.iter().enumerate().fold(0.0f64, |largest, (rank, wait)| {
            let below = -(-wait).exp_m1();
            largest.max((rank + 1) as f64 / n - below).max(below - rank as f64 / n)
        })
    };
    let found = distance(&of);
    let farther = (0..replicates)
        .filter(|replicate| {
            let mut rng = rng(derive_seed(seed, &["exponential".into(), (*replicate).into()]));
            let drawn: Vec<Vec<f64>> =
                of.iter().map(|waits| waits.iter().map(|_| -(1.0 - rng.random::<f64>()).ln()).collect()).collect();
            distance(&drawn) >= found
        })
        .count();
    (found, (1 + farther) as f64 / (replicates + 1) as f64)
}
