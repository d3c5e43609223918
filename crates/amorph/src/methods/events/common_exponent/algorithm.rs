//! The sum of profile likelihoods: each sample has the cut-off that suits it best for the exponent looked at.

use crate::core::fit::{brent_minimise, brent_root};
use crate::core::stats::chi_squared_tail;

/// Half of the 95 % quantile of chi-squared with one degree of freedom.
const DROP: f64 = 1.920_729_410_347_062;

/// A log-likelihood relative to its maximum over an exponent, tabulated.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    alpha: Vec<f64>,
    value: Vec<f64>,
    best: usize,
}

/// A common exponent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Common {
    /// The exponent.
    pub alpha: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
    /// Twice the log-likelihood ratio of own exponents against the common one.
    pub ratio: f64,
    /// Probability of a larger one by chance.
    pub p: f64,
}

impl Profile {
    /// From ascending exponents and values; `None` for fewer than four or unequal numbers of them.
    pub fn new(alpha: Vec<f64>, value: Vec<f64>) -> Option<Self> {
        let is_ascending = alpha.windows(2).all(|pair| pair[1] > pair[0]);
        let finite = alpha.iter().chain(&value).all(|number| number.is_finite());
        let best = (0..value.len()).max_by(|a, b| value[*a].total_cmp(&value[*b]))?;
        (alpha.len() >= 4 && alpha.len() == value.len() && is_ascending && finite).then_some(Self { alpha, value, best })
    }

    /// The exponent of the sample alone.
    pub fn alpha(&self) -> f64 {
        self.alpha[self.best]
    }

    /// The log-likelihood at an exponent: cubic between its points, straight beyond them.
    pub fn at(&self, alpha: f64) -> f64 {
        let last = self.alpha.len() - 1;
        if alpha <= self.alpha[0] || alpha >= self.alpha[last] {
            let (end, inner) = if alpha <= self.alpha[0] { (0, 1) } else { (last, last - 1) };
            let slope = (self.value[end] - self.value[inner]) / (self.alpha[end] - self.alpha[inner]);
            return self.value[end] + slope * (alpha - self.alpha[end]);
        }
        let above = self.alpha.partition_point(|place| *place <= alpha);
        let first = above.saturating_sub(2).min(last - 3);
        (first..first + 4)
            .map(|k| {
                let others = (first..first + 4).filter(|other| *other != k);
                let weight: f64 =
                    others.map(|other| (alpha - self.alpha[other]) / (self.alpha[k] - self.alpha[other])).product();
                weight * self.value[k]
            })
            .sum()
    }
}

/// The exponent that all share; `None` without a maximum or an end of the interval.
pub fn common(profiles: &[&Profile]) -> Option<Common> {
    let total = |alpha: f64| profiles.iter().map(|profile| profile.at(alpha)).sum::<f64>();
    let own = profiles.iter().map(|profile| profile.alpha());
    let (low, high) = own.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), alpha| (lo.min(alpha), hi.max(alpha)));
    // Where all are alike the maximum is there.
    let width = (high - low).max(1e-6);
    let best = brent_minimise(|alpha| -total(alpha), low - 0.01 * width, high + 0.01 * width, 1e-9).ok()?;
    let drop = |alpha: f64| -best.value - total(alpha) - DROP;
    let end = |direction: f64| {
        let mut step = 1e-4;
        for _ in 0..40 {
            let outer = best.x + direction * step;
            if drop(outer) > 0.0 {
                return brent_root(drop, outer.min(best.x), outer.max(best.x), 1e-9).ok();
            }
            step *= 2.0;
        }
        None
    };
    let ratio = (2.0 * best.value).max(0.0);
    let p = chi_squared_tail(ratio, profiles.len() as f64 - 1.0).ok()?;
    Some(Common { alpha: best.x, interval: (end(-1.0)?, end(1.0)?), ratio, p })
}
