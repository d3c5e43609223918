//! Distance between data and law, and how often chance alone makes it larger.

use rand::RngExt;
use rayon::prelude::*;

use super::law::{GAUSS, Maximum, Sums, TruncatedPowerLaw};
use crate::ctx::{Cancelled, Ctx};
use crate::random::{derive_seed, rng};

/// Steps of the table in `u = ln y`; its cubic interpolation is exact to about 1e-8.
const STEPS: usize = 512;

/// Cumulated hazard `w(u) = -ln P(ln y > u)` and its slope, on even steps: both the law and its inverse.
pub struct Distribution {
    step: f64,
    cumulated: Vec<f64>,
    hazard: Vec<f64>,
}

impl Distribution {
    /// Tabulates a law.
    pub fn of(law: TruncatedPowerLaw) -> Self {
        let (end, peak) = law.reach();
        let step = end / STEPS as f64;
        let density = |u: f64| (law.exponent(u, u.exp()) - peak).exp();
        // From the far end, so that small tails keep their digits. Beyond it the density falls like e^(-hazard u).
        let cut = if law.lambda > 0.0 { law.lambda * end.exp() } else { 0.0 };
        let slope = law.alpha - 1.0 + cut;
        let mut tail = density(end) / slope;
        let (mut tails, mut densities) = (vec![tail; STEPS + 1], vec![density(end); STEPS + 1]);
        for index in (0..STEPS).rev() {
            let middle = (index as f64 + 0.5) * step;
            let pair = |(node, weight): (f64, f64)| {
                weight * (density(middle - 0.5 * step * node) + density(middle + 0.5 * step * node))
            };
            tail += 0.5 * step * GAUSS.into_iter().map(pair).sum::<f64>();
            tails[index] = tail;
            densities[index] = density(index as f64 * step);
        }
        let cumulated = tails.iter().map(|part| (tail / part).ln()).collect();
        let hazard = tails.iter().zip(&densities).map(|(part, density)| density / part).collect();
        Self { step, cumulated, hazard }
    }

    /// Probability of a size above `y`, for `u = ln y` in ascending order.
    pub fn survival<'a>(&'a self, ascending: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.cumulated_hazard(ascending).map(|w| (-w).exp())
    }

    /// `-ln P(ln y > u)`, in ascending order of `u`.
    fn cumulated_hazard<'a>(&'a self, ascending: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        ascending.iter().map(|&u| {
            let position = (u / self.step).max(0.0);
            let index = (position as usize).min(STEPS - 1);
            let t = (position - index as f64).min(1.0);
            let (a, b) = (self.cumulated[index], self.cumulated[index + 1]);
            hermite(t, a, b, self.step * self.hazard[index], self.step * self.hazard[index + 1]).max(0.0)
        })
    }

    /// `n` values of `u = ln y` in ascending order.
    ///
    /// The cumulated hazards of a sample are exponential deviates; their order statistics are sums of independent
    /// ones (Rényi 1953), so that nothing needs to be sorted.
    pub fn sample(&self, n: usize, seed: u64, into: &mut Vec<f64>) {
        let mut rng = rng(seed);
        let (mut w, mut index) = (0.0f64, 0);
        into.clear();
        for left in (1..=n).rev() {
            w -= (1.0 - rng.random::<f64>()).ln() / left as f64;
            while index + 1 < STEPS && self.cumulated[index + 1] < w {
                index += 1;
            }
            let (a, b) = (self.cumulated[index], self.cumulated[index + 1]);
            let t = ((w - a) / (b - a)).min(1.0);
            let slope = |hazard: f64| (b - a) / hazard;
            let from = index as f64 * self.step;
            let to = from + self.step;
            into.push(hermite(t, from, to, slope(self.hazard[index]), slope(self.hazard[index + 1])).clamp(from, to));
        }
    }
}

/// Cubic through `a` at 0 and `b` at 1 with slopes `da` and `db`.
fn hermite(t: f64, a: f64, b: f64, da: f64, db: f64) -> f64 {
    let rise = b - a;
    a + t * (da + t * ((3.0 * rise - 2.0 * da - db) + t * (da + db - 2.0 * rise)))
}

/// Kolmogorov-Smirnov distance between the law and `u = ln y` in ascending order.
pub fn ks_distance(distribution: &Distribution, ascending: &[f64]) -> f64 {
    let n = ascending.len() as f64;
    let mut largest = 0.0f64;
    for (index, survival) in distribution.survival(ascending).enumerate() {
        let below = 1.0 - survival;
        largest = largest.max((index + 1) as f64 / n - below).max(below - index as f64 / n);
    }
    largest
}

/// How far data are from a law.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distances {
    /// Largest distance between the cumulative distributions (Kolmogorov and Smirnov).
    pub largest: f64,
    /// Squared distances, the more weight the closer to both ends (Anderson and Darling).
    pub weighted: f64,
}

/// Both distances between the law and `u = ln y` in ascending order.
///
/// `A² = -n - Σ [(2i - 1) ln F_i + (2n - 2i + 1) ln S_i]/n`
pub fn distances(distribution: &Distribution, ascending: &[f64]) -> Distances {
    let n = ascending.len() as f64;
    let (mut largest, mut sum) = (0.0f64, 0.0);
    for (index, w) in distribution.cumulated_hazard(ascending).enumerate() {
        let below = -(-w).exp_m1();
        largest = largest.max((index + 1) as f64 / n - below).max(below - index as f64 / n);
        let twice = 2.0 * index as f64 + 1.0;
        sum += twice * below.max(f64::MIN_POSITIVE).ln() - (2.0 * n - twice) * w;
    }
    Distances { largest, weighted: -n - sum / n }
}

/// As [`ks_distance`], for sizes that each stand for as many events as their weight says.
pub fn weighted_ks_distance(distribution: &Distribution, ascending: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let (mut largest, mut cumulated) = (0.0f64, 0.0);
    for (survival, weight) in distribution.survival(ascending).zip(weights) {
        let below = 1.0 - survival;
        largest = largest.max((below - cumulated / total).abs());
        cumulated += weight;
        largest = largest.max((cumulated / total - below).abs());
    }
    largest
}

/// What is fitted to the data, and again to every replicate.
pub type Fitter = fn(&Sums) -> Maximum;

/// Probability that data from the fitted law, fitted again, lie at least as far from their law as `distance`:
/// `(1 + #{D* >= D})/(B + 1)` over `replicates` simulated sets of `n` events.
///
/// # Errors
/// [`Cancelled`].
pub fn bootstrap_p(
    law: TruncatedPowerLaw,
    n: usize,
    distance: f64,
    replicates: usize,
    fit: Fitter,
    ctx: &Ctx,
) -> Result<f64, Cancelled> {
    let observed = Distances { largest: distance, weighted: 0.0 };
    Ok(bootstrap_distances(law, n, observed, replicates, fit, ctx)?.largest)
}

/// As [`bootstrap_p`], for both distances: the probabilities of larger ones.
///
/// # Errors
/// [`Cancelled`].
pub fn bootstrap_distances(
    law: TruncatedPowerLaw,
    n: usize,
    observed: Distances,
    replicates: usize,
    fit: Fitter,
    ctx: &Ctx,
) -> Result<Distances, Cancelled> {
    let distribution = Distribution::of(law);
    let one = |u: &mut Vec<f64>, replicate: usize| -> Result<[bool; 2], Cancelled> {
        ctx.check_cancelled()?;
        distribution.sample(n, derive_seed(ctx.seed, &["goodness_of_fit".into(), replicate.into()]), u);
        let refitted = fit(&Sums::of_logarithms(u)).law;
        let found = distances(&Distribution::of(refitted), u);
        Ok([found.largest >= observed.largest, found.weighted >= observed.weighted])
    };
    let farther = (0..replicates).into_par_iter().map_init(Vec::new, one).collect::<Result<Vec<[bool; 2]>, _>>()?;
    let p = |which: usize| (1 + farther.iter().filter(|one| one[which]).count()) as f64 / (replicates + 1) as f64;
    Ok(Distances { largest: p(0), weighted: p(1) })
}
