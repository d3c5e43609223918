//! Avalanches of sites that all feel each other, and the law they follow.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use amorph_core::random::{Rng, derive_seed, rng};
use rand::RngExt;
use rand_distr::{Distribution, Exp1};

use super::truncated_power_law;
use crate::SimulationError;

/// Sites that yield under a slowly growing stress and hand their stress drop on to all others in equal parts.
///
/// Each site is some stress away from yielding, exponentially distributed with mean `reserve` at first and mean one after it has yielded.
/// A site that yields drops by its new distance, and every site is loaded by that over the number of sites: the mean stress is that
/// of the load. The mean number of sites that one triggers is then exactly `1 - (F_c - F)/reserve` at the stress `F`, with
/// `F_c = reserve - 1`: linear in the stress, so that sizes go with `S^(-3/2) exp(-S/S_max)`, `S_max ~ (1 - F/F_c)^-2` (Dahmen, Ben-Zion and
/// Uhl 2009, doi:10.1103/PhysRevLett.102.175501).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanField {
    /// Number of sites.
    pub sites: usize,
    /// Mean distance from yielding at the start, in mean stress drops of a site; above one.
    pub reserve: f64,
}

/// One avalanche.
#[derive(Debug, Clone, PartialEq)]
pub struct Avalanche {
    /// Stress at which it was triggered, over the critical one.
    pub stress: f64,
    /// Sites that yielded, in each of the steps one after the other.
    pub yielded: Vec<usize>,
}

impl Avalanche {
    /// Sites that yielded.
    pub fn size(&self) -> usize {
        self.yielded.iter().sum()
    }

    /// Number of steps.
    pub fn duration(&self) -> usize {
        self.yielded.len()
    }

    /// Most sites that yielded in one step.
    pub fn largest_step(&self) -> usize {
        self.yielded.iter().copied().max().unwrap_or(0)
    }
}

/// A threshold in units of 2^-40 of the stress, so that it has a total order.
fn key(threshold: f64) -> u64 {
    const SCALE: f64 = (1u64 << 40) as f64;
    (threshold * SCALE) as u64
}

impl MeanField {
    /// Avalanches while the stress grows from zero to a fraction of the critical one.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for fewer than two sites, a reserve of one or less, or a stress beyond the critical one.
    pub fn load(&self, to: f64, seed: u64) -> Result<Vec<Avalanche>, SimulationError> {
        let parameter = |name, value, allowed| Err(SimulationError::Parameter { name, value, allowed });
        if self.sites < 2 {
            return parameter("sites", self.sites as f64, "at least 2");
        }
        if !(self.reserve > 1.0 && self.reserve.is_finite()) {
            return parameter("reserve", self.reserve, "finite and above 1");
        }
        if !(to > 0.0 && to <= 1.0) {
            return parameter("to", to, "above 0 and at most 1");
        }
        let mut rng = rng(seed);
        let deviate = |mean: f64, rng: &mut Rng| -> f64 {
            let deviate: f64 = Exp1.sample(rng);
            mean * deviate
        };
        let mut thresholds: BinaryHeap<Reverse<u64>> =
            (0..self.sites).map(|_| Reverse(key(deviate(self.reserve, &mut rng)))).collect();
        let critical = self.reserve - 1.0;
        let unit = 1.0 / key(1.0) as f64;
        // What every site has been loaded by: the stress applied, and what others handed on.
        let (mut loaded, mut handed_on) = (0.0, 0.0);
        let mut avalanches = Vec::new();
        while let Some(Reverse(next)) = thresholds.peek() {
            loaded = f64::max(loaded, *next as f64 * unit);
            let stress = (loaded - handed_on) / critical;
            if stress > to {
                break;
            }
            let mut yielded = Vec::new();
            loop {
                let reached = key(loaded);
                let (mut count, mut drops) = (0, 0.0);
                while thresholds.peek().is_some_and(|Reverse(threshold)| *threshold <= reached) {
                    let drop = deviate(1.0, &mut rng);
                    thresholds.pop();
                    thresholds.push(Reverse(reached + 1 + key(drop)));
                    drops += drop;
                    count += 1;
                }
                if count == 0 {
                    break;
                }
                yielded.push(count);
                loaded += drops / self.sites as f64;
                handed_on += drops / self.sites as f64;
            }
            avalanches.push(Avalanche { stress, yielded });
        }
        Ok(avalanches)
    }
}

/// `n` pairs of stress over the critical one, even between 0 and `to`, and size, with density proportional to
/// `S^-exponent exp(-S/(scale (1 - f)^-power))` above `smallest`.
///
/// # Errors
/// As [`truncated_power_law`], and for a stress that is not between 0 and 1.
pub fn avalanches_under_stress(
    (exponent, power): (f64, f64),
    (smallest, scale): (f64, f64),
    to: f64,
    n: usize,
    seed: u64,
) -> Result<Vec<(f64, f64)>, SimulationError> {
    if !(to > 0.0 && to < 1.0) {
        return Err(SimulationError::Parameter { name: "to", value: to, allowed: "between 0 and 1" });
    }
    let mut rng = rng(derive_seed(seed, &["stress".into()]));
    (0..n)
        .map(|place| {
            let stress = to * rng.random::<f64>();
            let cutoff = scale * (1.0 - stress).powf(-power);
            let size = truncated_power_law(exponent, smallest, cutoff, 1, derive_seed(seed, &["size".into(), place.into()]))?;
            Ok((stress, size[0]))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A site triggers `n = 1 - (F_c - F)/reserve` others on average, so that the mean size is `1/(1 - n)`.
    #[test]
    fn sizes_have_the_mean_of_a_branching_process() {
        let model = MeanField { sites: 200_000, reserve: 4.0 };
        let avalanches = model.load(0.8, 3).unwrap();
        for (from, to) in [(0.0, 0.1), (0.35, 0.45), (0.7, 0.8)] {
            let here: Vec<f64> =
                avalanches.iter().filter(|one| (from..to).contains(&one.stress)).map(|one| one.size() as f64).collect();
            let n = here.len() as f64;
            let mean = here.iter().sum::<f64>() / n;
            let error = (here.iter().map(|size| (size - mean).powi(2)).sum::<f64>() / n / n).sqrt();
            let missing = 3.0 * (1.0 - 0.5 * (from + to)) / 4.0;
            // Within a bin the inverse changes by a few per cent.
            assert!((mean - 1.0 / missing).abs() < 4.0 * error + 0.05 * mean, "{from}: {mean} {error} {}", 1.0 / missing);
        }
        // Triggered by the load alone: sites times their density times the stress, both known.
        let of_load = avalanches.iter().filter(|one| one.stress < 0.1).count() as f64;
        let expected = 200_000.0 * 0.3 * (1.0 - 3.0 * 0.95 / 4.0);
        assert!((of_load - expected).abs() < 4.0 * expected.sqrt() + 0.01 * expected, "{of_load} {expected}");
        assert!(model.load(1.5, 1).is_err() && MeanField { reserve: 1.0, ..model }.load(0.5, 1).is_err());
    }

    #[test]
    fn pairs_follow_their_law() {
        let pairs = avalanches_under_stress((1.5, 2.0), (0.1, 1.0), 0.9, 4000, 1).unwrap();
        assert!(pairs.iter().all(|(stress, size)| (0.0..0.9).contains(stress) && *size >= 0.1));
        let mean = |from: f64, to: f64| {
            let here: Vec<f64> =
                pairs.iter().filter(|(stress, _)| (from..to).contains(stress)).map(|(_, size)| *size).collect();
            here.iter().sum::<f64>() / here.len() as f64
        };
        assert!(mean(0.8, 0.9) > 2.0 * mean(0.0, 0.1));
        assert!(avalanches_under_stress((1.5, 2.0), (0.1, 1.0), 1.0, 4, 1).is_err());
    }
}
