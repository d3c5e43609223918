//! Random effects between methods, with tails heavier than normal.

use ndarray::Array2;

use super::consistency::Estimates;
use super::linear::symmetric_solve;
use crate::core::stats::student_t_quantile;

/// Degrees of freedom of the random effects: heavy tails, finite variance.
const TAILS: f64 = 4.0;
/// Fewest estimates for which a spread between methods is estimated.
const FEWEST: usize = 4;
/// Steps along the common value.
const STEPS: usize = 40;

/// The common value where methods differ by more than their errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RandomEffects {
    /// The common value.
    pub mean: f64,
    /// Its 95 % interval, from the profile of the likelihood with Student's t in place of the normal quantile.
    pub interval: [f64; 2],
    /// Scale of the spread between methods.
    pub between: f64,
}

/// Student-t random effects with spread τ between methods: every estimate deviates with scale √(s² + τ²), systematics stay
/// shared. `None` for fewer than four estimates.
pub fn random_effects(estimates: &Estimates) -> Option<RandomEffects> {
    let n = estimates.y.len();
    if n < FEWEST {
        return None;
    }
    let total = |i: usize| (estimates.s[i].powi(2) + estimates.a[i].iter().map(|a| a * a).sum::<f64>()).sqrt();
    let largest = (0..n).map(total).fold(0.0, f64::max);
    let lowest = estimates.y.iter().fold(f64::INFINITY, |m, y| m.min(*y));
    let highest = estimates.y.iter().fold(f64::NEG_INFINITY, |m, y| m.max(*y));
    let spread = (highest - lowest).max(1e-6 * largest);
    let taus: Vec<f64> = std::iter::once(0.0).chain((0..6).map(|k| spread * 2.5f64.powi(-k))).collect();
    let profile = |mu: f64| {
        let of = |tau: &f64| (misfit(estimates, mu, *tau), *tau);
        taus.iter().map(of).min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((f64::INFINITY, 0.0))
    };
    let reach = 4.0 * largest + spread;
    let (first, step) = (lowest - reach, (highest - lowest + 2.0 * reach) / STEPS as f64);
    let grid: Vec<(f64, f64)> = (0..=STEPS).map(|k| first + step * k as f64).map(|mu| (mu, profile(mu).0)).collect();
    let start = grid.iter().min_by(|a, b| a.1.total_cmp(&b.1))?.0;
    let best = golden(|mu| profile(mu).0, start - step, start + step);
    let (least, between) = profile(best);
    let limit = least + student_t_quantile(0.975, n as f64 - 1.0).ok()?.powi(2);
    let inside: Vec<f64> = grid.iter().filter(|(_, value)| *value <= limit).map(|(mu, _)| *mu).chain([best]).collect();
    let (lo, hi) = (inside.iter().fold(best, |m, x| m.min(*x)), inside.iter().fold(best, |m, x| m.max(*x)));
    let crossing = |inside: f64, outside: f64| halve(|mu| profile(mu).0 <= limit, inside, outside);
    Some(RandomEffects { mean: best, interval: [crossing(lo, lo - step), crossing(hi, hi + step)], between })
}

/// -2 ln of the likelihood at a common value and a spread, systematics at their best.
fn misfit(estimates: &Estimates, mu: f64, tau: f64) -> f64 {
    let n_systematics = estimates.n_systematics();
    let mut b = vec![0.0; n_systematics];
    let slope = |i: usize, j: usize| estimates.a[i].get(j).copied().unwrap_or(0.0);
    let variance = |i: usize| estimates.s[i].powi(2) + tau * tau;
    let residual = |i: usize, b: &[f64]| estimates.y[i] - mu - (0..n_systematics).map(|j| slope(i, j) * b[j]).sum::<f64>();
    for _ in 0..if n_systematics == 0 { 0 } else { 8 } {
        let weight = |i: usize| (TAILS + 1.0) / (TAILS * variance(i) + residual(i, &b).powi(2));
        let weights: Vec<f64> = (0..estimates.y.len()).map(weight).collect();
        let normal = Array2::from_shape_fn((n_systematics, n_systematics), |(j, k)| {
            let shared = weights.iter().enumerate().map(|(i, w)| w * slope(i, j) * slope(i, k));
            shared.sum::<f64>() + f64::from(u8::from(j == k))
        });
        let right: Vec<f64> = (0..n_systematics)
            .map(|j| weights.iter().enumerate().map(|(i, w)| w * slope(i, j) * (estimates.y[i] - mu)).sum())
            .collect();
        let Some(next) = symmetric_solve(&normal, &right) else { break };
        let moved = next.iter().zip(&b).map(|(new, old)| (new - old).abs()).fold(0.0, f64::max);
        b = next;
        if moved < 1e-4 {
            break;
        }
    }
    let deviance = |i: usize| {
        let variance = variance(i);
        (TAILS + 1.0) * (residual(i, &b).powi(2) / (TAILS * variance)).ln_1p() + variance.ln()
    };
    (0..estimates.y.len()).map(deviance).sum::<f64>() + b.iter().map(|b| b * b).sum::<f64>()
}

fn golden(f: impl Fn(f64) -> f64, mut lo: f64, mut hi: f64) -> f64 {
    const RATIO: f64 = 0.618_033_988_749_895;
    for _ in 0..14 {
        let (left, right) = (hi - RATIO * (hi - lo), lo + RATIO * (hi - lo));
        if f(left) < f(right) { hi = right } else { lo = left }
    }
    0.5 * (lo + hi)
}

fn halve(is_inside: impl Fn(f64) -> bool, mut inside: f64, mut outside: f64) -> f64 {
    for _ in 0..10 {
        let middle = 0.5 * (inside + outside);
        if is_inside(middle) { inside = middle } else { outside = middle }
    }
    0.5 * (inside + outside)
}
