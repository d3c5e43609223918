//! How far the data are from the law, where sizes are not seen as they are: replicates go through the same imperfections and are fitted
//! again.

use rand::RngExt;
use rayon::prelude::*;

use super::blurred::{Blurred, Detection, Measured};
use super::scan::{tally, zeta_distance, zeta_exponent};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::random::{Rng, derive_seed, rng, standard_normals};
use crate::core::stats::power_law::{Distribution, Maximum, TruncatedPowerLaw};

/// Draws in a row that may yield nothing.
const MOST_ROUNDS: usize = 1000;

/// Distance and the probability of a larger one by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Goodness {
    pub distance: f64,
    pub p: Option<f64>,
}

/// Of rounded sizes, in units of `xmin`.
pub(super) fn rounded(
    sizes: &[f64],
    (step, lowest): (f64, f64),
    law: TruncatedPowerLaw,
    fit: impl Fn(&Blurred) -> Maximum + Sync,
    replicates: usize,
    ctx: &Ctx,
) -> Result<Goodness, Cancelled> {
    let edge = lowest - 0.5 * step;
    // In units of the lower edge.
    let scaled = |law: TruncatedPowerLaw| Distribution::of(TruncatedPowerLaw { lambda: law.lambda * edge, ..law });
    let distance_of = |sizes: &[f64], law: TruncatedPowerLaw| {
        let cells = tally(sizes);
        let edges: Vec<f64> = cells.iter().map(|(size, _)| ((size + 0.5 * step) / edge).ln()).collect();
        let n = sizes.len() as f64;
        let (mut below, mut largest) = (0.0, 0.0f64);
        for ((_, count), survival) in cells.iter().zip(scaled(law).survival(&edges)) {
            below += count;
            largest = largest.max((below / n - (1.0 - survival)).abs());
        }
        largest
    };
    let distance = distance_of(sizes, law);
    let distribution = scaled(law);
    let one = |replicate: usize| -> Result<bool, Cancelled> {
        ctx.check_cancelled()?;
        let mut ln = Vec::new();
        distribution.sample(sizes.len(), derive_seed(ctx.seed, &["rounded".into(), replicate.into()]), &mut ln);
        let drawn: Vec<f64> = ln.iter().map(|u| ((edge * u.exp() / step).round() * step).max(lowest)).collect();
        Ok(distance_of(&drawn, fit(&Blurred::rounded(&drawn, step, lowest)).law) >= distance)
    };
    Ok(Goodness { distance, p: share(replicates, one)? })
}

/// Of sizes that were detected in part and measured with errors.
pub(super) fn detected(
    sizes: &[f64],
    detection: &Detection,
    law: TruncatedPowerLaw,
    fit: impl Fn(&Blurred) -> Maximum + Sync,
    replicates: usize,
    ctx: &Ctx,
) -> Result<Goodness, Cancelled> {
    let largest = |sizes: &[f64]| sizes.last().copied().unwrap_or(1.0);
    let distance = Measured::of(law, detection, largest(sizes)).distance(sizes);
    let distribution = Distribution::of(TruncatedPowerLaw { lambda: law.lambda * detection.smallest, ..law });
    let one = |replicate: usize| -> Result<bool, Cancelled> {
        ctx.check_cancelled()?;
        let seed = derive_seed(ctx.seed, &["detected".into(), replicate.into()]);
        let drawn = draw(&distribution, detection, sizes.len(), seed);
        let again = fit(&Blurred::detected(&drawn, detection)).law;
        Ok(Measured::of(again, detection, largest(&drawn)).distance(&drawn) >= distance)
    };
    Ok(Goodness { distance, p: share(replicates, one)? })
}

/// Of counts.
pub(super) fn counted(sizes: &[f64], alpha: f64, xmin: f64, replicates: usize, ctx: &Ctx) -> Result<Goodness, Cancelled> {
    let distance = zeta_distance(&tally(sizes), alpha, f64::INFINITY);
    let one = |replicate: usize| -> Result<bool, Cancelled> {
        ctx.check_cancelled()?;
        let mut rng = rng(derive_seed(ctx.seed, &["counted".into(), replicate.into()]));
        let mut drawn: Vec<f64> = (0..sizes.len()).map(|_| zeta_deviate(alpha, xmin, &mut rng)).collect();
        drawn.sort_unstable_by(f64::total_cmp);
        let sum_ln = drawn.iter().map(|size| size.ln()).sum();
        let again = zeta_exponent(drawn.len() as f64, sum_ln, xmin).map_or(alpha, |(alpha, _)| alpha);
        Ok(zeta_distance(&tally(&drawn), again, f64::INFINITY) >= distance)
    };
    Ok(Goodness { distance, p: share(replicates, one)? })
}

fn share(replicates: usize, one: impl Fn(usize) -> Result<bool, Cancelled> + Sync) -> Result<Option<f64>, Cancelled> {
    if replicates == 0 {
        return Ok(None);
    }
    let farther = (0..replicates).into_par_iter().map(&one).collect::<Result<Vec<bool>, _>>()?;
    let count = farther.into_iter().filter(|farther| *farther).count();
    Ok(Some((1 + count) as f64 / (replicates + 1) as f64))
}

/// A count with probability proportional to `k^-α`, `k >= xmin`: by rejection from a continuous power law (Devroye 1986, section X.6).
pub(super) fn zeta_deviate(alpha: f64, xmin: f64, rng: &mut Rng) -> f64 {
    // The continuous law on cells [k, k+1) has weights g(k) = k^(1-α) - (k+1)^(1-α); k^-α/g(k) is largest at xmin.
    let cell = |k: f64| -(k.powf(1.0 - alpha)) * ((1.0 - alpha) * (1.0 / k).ln_1p()).exp_m1();
    let most = xmin.powf(-alpha) / cell(xmin);
    loop {
        let k = (xmin * (1.0 - rng.random::<f64>()).powf(-1.0 / (alpha - 1.0))).floor();
        // Beyond 2^53 whole numbers are no longer apart, and the ratio is 1/(α-1) to the last digit.
        let ratio = if k < 9e15 { k.powf(-alpha) / cell(k) } else { 1.0 / (alpha - 1.0) };
        if rng.random::<f64>() * most <= ratio {
            return k;
        }
    }
}

/// Sizes as they would be found, ascending.
fn draw(distribution: &Distribution, detection: &Detection, n: usize, seed: u64) -> Vec<f64> {
    let mut rng = rng(derive_seed(seed, &["found".into()]));
    let (mut kept, mut ln): (Vec<f64>, Vec<f64>) = (Vec::with_capacity(2 * n), Vec::new());
    for round in 0..MOST_ROUNDS {
        let of_round = derive_seed(seed, &[round.into()]);
        distribution.sample(2 * n, of_round, &mut ln);
        let errors = standard_normals(derive_seed(of_round, &["errors".into()]), 2 * n);
        for (u, z) in ln.iter().zip(errors) {
            let truth = detection.smallest * u.exp();
            let size = truth * (1.0 + detection.bias) + detection.spread * z;
            let decides = if detection.of_true_size { truth } else { size };
            if size >= 1.0 && rng.random::<f64>() < detection.share(decides) {
                kept.push(size);
            }
        }
        if kept.len() >= n {
            break;
        }
    }
    // Each round is in order of size: which ones stay is left to chance.
    for place in 0..n.min(kept.len()) {
        let other = rng.random_range(place..kept.len());
        kept.swap(place, other);
    }
    kept.truncate(n);
    kept.sort_unstable_by(f64::total_cmp);
    kept
}
