//! Where the law begins: the smallest size from which on it is closest to the data.

use rayon::prelude::*;

use crate::core::ctx::{Cancelled, Ctx};
use crate::core::fit::brent_minimise;
use crate::core::random::{derive_seed, rng};
use crate::core::special::hurwitz_zeta;
use crate::core::stats::power_law::{Distribution, Sums, TruncatedPowerLaw, ks_distance};
use rand::RngExt;

/// Candidates of a scan under the truncated power law.
const CANDIDATES: usize = 60;
/// Fewest events above a candidate of that scan: fewer fit any law.
const FEWEST: usize = 100;
/// Places at which a candidate is looked at before all are.
const LOOKS: usize = 64;
/// Exponents that counts may have.
const EXPONENTS: [f64; 2] = [1.000_1, 12.0];

/// A smallest size and the law above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chosen {
    /// The smallest size.
    pub xmin: f64,
    /// Events at or above it.
    pub n: usize,
    /// The law above it.
    pub law: TruncatedPowerLaw,
    /// Largest distance between the cumulative distributions.
    pub distance: f64,
}

/// Sums over the upper ends of an ascending list.
struct Suffixes<'a> {
    sizes: &'a [f64],
    ln: Vec<f64>,
    of_ln: Vec<f64>,
    of_size: Vec<f64>,
}

impl<'a> Suffixes<'a> {
    fn of(sizes: &'a [f64]) -> Self {
        let ln: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
        let cumulate = |values: &[f64]| {
            let mut sums: Vec<f64> = values
                .iter()
                .rev()
                .scan(0.0, |sum, value| {
                    *sum += value;
                    Some(*sum)
                })
                .collect();
            sums.reverse();
            sums
        };
        Self { of_ln: cumulate(&ln), of_size: cumulate(sizes), ln, sizes }
    }

    fn sums(&self, first: usize) -> Sums {
        let n = (self.sizes.len() - first) as f64;
        Sums {
            n,
            mean_ln: (self.of_ln[first] / n - self.ln[first]).max(0.0),
            mean: self.of_size[first] / (n * self.sizes[first]),
        }
    }

    fn ln_y(&self, first: usize) -> Vec<f64> {
        self.ln[first..].iter().map(|ln| ln - self.ln[first]).collect()
    }
}

/// First places of distinct values, the largest left out.
fn distinct(sizes: &[f64]) -> Vec<usize> {
    let largest = sizes.last().copied().unwrap_or(f64::NAN);
    let is_first = |place: &usize| (*place == 0 || sizes[*place] > sizes[*place - 1]) && sizes[*place] < largest;
    (0..sizes.len()).filter(is_first).collect()
}

/// At most so many of the places, spaced evenly in the logarithm of the number of events above; at least `fewest` events are left.
pub(super) fn spread_out(sizes: &[f64], most: usize, fewest: usize) -> Vec<usize> {
    let places = distinct(sizes);
    let n = sizes.len() as f64;
    if sizes.len() <= fewest {
        return places.first().copied().into_iter().collect();
    }
    let wanted = (0..most).map(|k| {
        let left = n * (fewest as f64 / n).powf(k as f64 / (most - 1) as f64);
        (n - left).round() as usize
    });
    let mut chosen: Vec<usize> = wanted
        .filter_map(|place| {
            let index = places.partition_point(|first| *first <= place).checked_sub(1)?;
            Some(places[index])
        })
        .collect();
    chosen.dedup();
    chosen
}

/// The candidate from which on a truncated power law is closest to the data; sizes ascending. `None` where there is no candidate.
pub fn truncated_power_law(sizes: &[f64]) -> Option<Chosen> {
    let suffixes = Suffixes::of(sizes);
    let one = |first: usize| {
        let law = suffixes.sums(first).fit().law;
        let distance = ks_distance(&Distribution::of(law), &suffixes.ln_y(first));
        Chosen { xmin: sizes[first], n: sizes.len() - first, law, distance }
    };
    spread_out(sizes, CANDIDATES, FEWEST).into_iter().map(one).min_by(|a, b| a.distance.total_cmp(&b.distance))
}

/// The distinct value from which on a pure power law is closest to the data: every one is tried (Clauset et al. 2009, section 3.3).
pub fn power_law(sizes: &[f64]) -> Option<Chosen> {
    let suffixes = Suffixes::of(sizes);
    let mut best: Option<Chosen> = None;
    // From the far end: what is too far away there is seen at a few places here.
    for first in distinct(sizes).into_iter().rev() {
        let n = sizes.len() - first;
        let slope = 1.0 / suffixes.sums(first).mean_ln;
        let nearest = best.map_or(f64::INFINITY, |best| best.distance);
        let at = |index: usize| {
            let below = -(-slope * (suffixes.ln[first + index] - suffixes.ln[first])).exp_m1();
            ((index + 1) as f64 / n as f64 - below).max(below - index as f64 / n as f64)
        };
        // A few places show most candidates to be too far away.
        let mut distance = (0..n).step_by((n / LOOKS).max(1)).map(at).fold(0.0, f64::max);
        if distance < nearest {
            distance = (0..n).map(at).fold(distance, f64::max);
        }
        if distance < nearest {
            let law = TruncatedPowerLaw { alpha: 1.0 + slope, lambda: 0.0 };
            best = Some(Chosen { xmin: sizes[first], n, law, distance });
        }
    }
    best
}

/// Counts that occur, ascending, and how often.
pub fn tally(sizes: &[f64]) -> Vec<(f64, f64)> {
    let mut tally: Vec<(f64, f64)> = Vec::new();
    for size in sizes {
        match tally.last_mut() {
            Some((value, count)) if value == size => *count += 1.0,
            _ => tally.push((*size, 1.0)),
        }
    }
    tally
}

/// The most likely exponent of `k^-α/ζ(α, xmin)` and its log-likelihood.
pub fn zeta_exponent(n: f64, sum_ln: f64, xmin: f64) -> Option<(f64, f64)> {
    let negative = |alpha: f64| n * hurwitz_zeta(alpha, xmin).ln() + alpha * sum_ln;
    let best = brent_minimise(negative, EXPONENTS[0], EXPONENTS[1], 1e-9).ok()?;
    Some((best.x, -best.value))
}

/// Largest distance between the cumulative distributions of counts and `k^-α/ζ(α, xmin)`, given up beyond `enough`.
pub fn zeta_distance(tally: &[(f64, f64)], alpha: f64, enough: f64) -> f64 {
    let Some(xmin) = tally.first().map(|(value, _)| *value) else { return 0.0 };
    let n: f64 = tally.iter().map(|(_, count)| count).sum();
    let norm = hurwitz_zeta(alpha, xmin);
    let (mut distance, mut below) = (0.0f64, 0.0);
    for (value, count) in tally {
        if *value > xmin {
            // Just before the next step of the data.
            distance = distance.max((1.0 - hurwitz_zeta(alpha, *value) / norm - below / n).abs());
        }
        below += count;
        distance = distance.max((below / n - (1.0 - hurwitz_zeta(alpha, value + 1.0) / norm)).abs());
        if distance >= enough {
            break;
        }
    }
    distance
}

/// The count from which on a discrete power law is closest to the data; every one is tried.
pub fn zeta(sizes: &[f64]) -> Option<Chosen> {
    let tally = tally(sizes);
    let (mut n, mut sum_ln) = (sizes.len() as f64, sizes.iter().map(|size| size.ln()).sum::<f64>());
    let mut best: Option<Chosen> = None;
    for (place, (xmin, count)) in tally.iter().enumerate().take(tally.len().saturating_sub(1)) {
        if let Some((alpha, _)) = zeta_exponent(n, sum_ln, *xmin) {
            let nearest = best.map_or(f64::INFINITY, |best| best.distance);
            let distance = zeta_distance(&tally[place..], alpha, nearest);
            if distance < nearest {
                best = Some(Chosen { xmin: *xmin, n: n as usize, law: TruncatedPowerLaw { alpha, lambda: 0.0 }, distance });
            }
        }
        n -= count;
        sum_ln -= count * xmin.ln();
    }
    best
}

/// Probability that data like these are at least as far from the law, the smallest size chosen again in every replicate.
///
/// Below the smallest size replicates are drawn from the data, above it from the law (Clauset et al. 2009, section 4.1).
///
/// # Errors
/// [`Cancelled`].
pub fn chosen_p(
    sizes: &[f64],
    chosen: &Chosen,
    replicates: usize,
    choose: fn(&[f64]) -> Option<Chosen>,
    ctx: &Ctx,
) -> Result<f64, Cancelled> {
    let distribution = Distribution::of(chosen.law);
    let below = &sizes[..sizes.len() - chosen.n];
    let one = |replicate: usize| -> Result<bool, Cancelled> {
        ctx.check_cancelled()?;
        let seed = derive_seed(ctx.seed, &["chosen".into(), replicate.into()]);
        let mut rng = rng(seed);
        let above = (0..sizes.len()).filter(|_| rng.random_range(0..sizes.len()) >= below.len()).count();
        let mut drawn: Vec<f64> = (above..sizes.len()).map(|_| below[rng.random_range(0..below.len())]).collect();
        drawn.sort_unstable_by(f64::total_cmp);
        let mut ln_y = Vec::new();
        distribution.sample(above, derive_seed(seed, &["law".into()]), &mut ln_y);
        drawn.extend(ln_y.iter().map(|u| chosen.xmin * u.exp()));
        Ok(choose(&drawn).is_some_and(|again| again.distance >= chosen.distance))
    };
    let farther = (0..replicates).into_par_iter().map(one).collect::<Result<Vec<bool>, _>>()?;
    let count = farther.into_iter().filter(|farther| *farther).count();
    Ok((1 + count) as f64 / (replicates + 1) as f64)
}

/// The exponent from one smallest size on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// The smallest size.
    pub xmin: f64,
    /// Events at or above it.
    pub n: usize,
    /// Exponent.
    pub alpha: f64,
    /// Its standard error.
    pub std_error: f64,
}

/// Exponents of truncated power laws from ever larger sizes on.
pub fn curve(sizes: &[f64], points: usize, fewest: usize) -> Vec<CurvePoint> {
    let suffixes = Suffixes::of(sizes);
    let point = |first: usize| {
        let sums = suffixes.sums(first);
        let law = sums.fit().law;
        let std_error =
            if law.lambda > 0.0 { law.covariance(sums.n)[0].sqrt() } else { (law.alpha - 1.0).abs() / sums.n.sqrt() };
        CurvePoint { xmin: sizes[first], n: sizes.len() - first, alpha: law.alpha, std_error }
    };
    spread_out(sizes, points, fewest).into_iter().map(point).collect()
}
