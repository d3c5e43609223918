//! Bootstrap and jackknife on indices, so that any data can be resampled.

use super::error::{require, require_level};
use super::quantile::quantile_sorted;
use super::{StatsError, normal_cdf, normal_quantile};
use crate::random;
use rand::RngExt;
use rayon::prelude::*;

/// How indices are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resampling {
    /// `n` independent items.
    Independent {
        /// Number of items.
        n: usize,
    },
    /// A sequence of `n` items in overlapping blocks, which keep the correlation
    /// along the sequence (Künsch 1989, doi:10.1214/aos/1176347265).
    MovingBlock {
        /// Length of the sequence.
        n: usize,
        /// Length of a block; several correlation lengths.
        block: usize,
    },
    /// A map in overlapping tiles laid side by side. Indices are row-major
    /// (`row * columns + column`).
    Tiles {
        /// Rows and columns of the map.
        shape: (usize, usize),
        /// Rows and columns of a tile; several correlation lengths.
        tile: (usize, usize),
    },
}

impl Resampling {
    /// Number of items.
    pub fn len(self) -> usize {
        match self {
            Resampling::Independent { n } | Resampling::MovingBlock { n, .. } => n,
            Resampling::Tiles { shape, .. } => shape.0 * shape.1,
        }
    }

    /// Whether there is nothing to draw from.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    fn check(self) -> Result<(), StatsError> {
        if self.len() < 2 {
            return Err(StatsError::TooFew { found: self.len(), needed: 2 });
        }
        let fits = match self {
            Resampling::Independent { .. } => true,
            Resampling::MovingBlock { n, block } => (1..=n).contains(&block),
            Resampling::Tiles { shape, tile } => (1..=shape.0).contains(&tile.0) && (1..=shape.1).contains(&tile.1),
        };
        let value = match self {
            Resampling::Independent { .. } => 1.0,
            Resampling::MovingBlock { block, .. } => block as f64,
            Resampling::Tiles { tile, .. } => tile.0.max(tile.1) as f64,
        };
        match fits {
            true => Ok(()),
            false => Err(StatsError::OutOfRange { what: "block length", value, rule: "1 to the extent of the data" }),
        }
    }

    /// One resample: as many indices as items.
    fn draw(self, seed: u64) -> Vec<usize> {
        let mut rng = random::rng(seed);
        match self {
            Resampling::Independent { n } => (0..n).map(|_| rng.random_range(0..n)).collect(),
            Resampling::MovingBlock { n, block } => {
                let mut indices = Vec::with_capacity(n + block);
                while indices.len() < n {
                    let start = rng.random_range(0..=n - block);
                    indices.extend(start..start + block);
                }
                indices.truncate(n);
                indices
            }
            Resampling::Tiles { shape, tile } => {
                let mut indices = vec![0; shape.0 * shape.1];
                for top in (0..shape.0).step_by(tile.0) {
                    for left in (0..shape.1).step_by(tile.1) {
                        let from = (rng.random_range(0..=shape.0 - tile.0), rng.random_range(0..=shape.1 - tile.1));
                        for row in 0..tile.0.min(shape.0 - top) {
                            for column in 0..tile.1.min(shape.1 - left) {
                                indices[(top + row) * shape.1 + left + column] = (from.0 + row) * shape.1 + from.1 + column;
                            }
                        }
                    }
                }
                indices
            }
        }
    }

    /// Groups of items that the jackknife leaves out one at a time: single items or
    /// adjoining blocks, at most [`MAX_GROUPS`].
    fn group_of(self) -> (Vec<usize>, usize) {
        let n = self.len();
        let runs = |n: usize, length: usize| {
            let length = length.max(n.div_ceil(MAX_GROUPS));
            ((0..n).map(|i| i / length).collect::<Vec<_>>(), n.div_ceil(length))
        };
        match self {
            Resampling::Independent { n } => runs(n, 1),
            Resampling::MovingBlock { block, .. } => runs(n, block),
            Resampling::Tiles { shape, tile } => {
                let (mut high, mut wide) = tile;
                while shape.0.div_ceil(high) * shape.1.div_ceil(wide) > MAX_GROUPS {
                    (high, wide) = (2 * high, 2 * wide);
                }
                let across = shape.1.div_ceil(wide);
                let group = |i: usize| i / shape.1 / high * across + i % shape.1 / wide;
                ((0..n).map(group).collect(), shape.0.div_ceil(high) * across)
            }
        }
    }
}

/// Groups the jackknife uses at most; more add time and no precision.
const MAX_GROUPS: usize = 400;

/// How an interval is read off the bootstrap distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BootstrapKind {
    /// Quantiles of the replicates.
    Percentile,
    /// Quantiles reflected about the estimate.
    Basic,
    /// Bias-corrected and accelerated (Efron 1987, doi:10.2307/2289144).
    #[default]
    BiasCorrected,
}

/// A bootstrap: how many resamples, from which seed, which interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Number of resamples.
    pub replicates: usize,
    /// Seed; the same seed gives the same interval on any number of threads.
    pub seed: u64,
    /// Confidence level.
    pub level: f64,
    /// Kind of interval.
    pub kind: BootstrapKind,
}

/// A bootstrap interval.
#[derive(Debug, Clone, PartialEq)]
pub struct BootstrapInterval {
    /// Statistic of the data.
    pub estimate: f64,
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Confidence level.
    pub level: f64,
    /// Standard deviation of the replicates.
    pub std_error: f64,
    /// Replicates on which the statistic was defined, ascending.
    pub replicates: Vec<f64>,
    /// Resamples drawn.
    pub drawn: usize,
}

/// Share of the resamples on which the statistic must be defined.
const DEFINED_SHARE: f64 = 0.9;

impl Bootstrap {
    /// A bias-corrected 95 % bootstrap.
    pub fn new(replicates: usize, seed: u64) -> Self {
        Self { replicates, seed, level: 0.95, kind: BootstrapKind::BiasCorrected }
    }

    /// Interval of `statistic`, a function of the drawn indices. It may be
    /// undefined (`None` or not finite) on a tenth of the resamples.
    ///
    /// # Errors
    /// Fewer than two items or 100 resamples, a block that does not fit, a level
    /// outside (0, 1), a statistic undefined on the data or on too many resamples,
    /// or, for the bias-corrected kind, on the data without one group.
    pub fn interval(
        &self,
        scheme: Resampling,
        statistic: impl Fn(&[usize]) -> Option<f64> + Sync,
    ) -> Result<BootstrapInterval, StatsError> {
        require_level("level", self.level)?;
        if self.replicates < 100 {
            return Err(StatsError::TooFew { found: self.replicates, needed: 100 });
        }
        let all: Vec<usize> = (0..scheme.len()).collect();
        let drawn = resample(scheme, self.replicates, self.seed, &statistic)?;
        let mut replicates: Vec<f64> = drawn.into_iter().flatten().filter(|v| v.is_finite()).collect();
        let needed = (DEFINED_SHARE * self.replicates as f64).ceil() as usize;
        let estimate = statistic(&all).filter(|v| v.is_finite());
        let (Some(estimate), true) = (estimate, replicates.len() >= needed) else {
            let (found, total) = (replicates.len(), self.replicates);
            return Err(StatsError::TooFewReplicates { found, total, needed });
        };
        replicates.sort_unstable_by(f64::total_cmp);
        let alpha = 0.5 * (1.0 - self.level);
        let (low, high) = match self.kind {
            BootstrapKind::BiasCorrected => {
                let acceleration = jackknife(scheme, &statistic)?.acceleration();
                corrected(&replicates, estimate, acceleration, alpha)?
            }
            _ => (alpha, 1.0 - alpha),
        };
        let (mut lower, mut upper) = (quantile_sorted(&replicates, low)?, quantile_sorted(&replicates, high)?);
        if self.kind == BootstrapKind::Basic {
            (lower, upper) = (2.0 * estimate - upper, 2.0 * estimate - lower);
        }
        let std_error = super::Moments::of(&replicates)?.std_dev;
        Ok(BootstrapInterval { estimate, lower, upper, level: self.level, std_error, replicates, drawn: self.replicates })
    }

    /// Interval of a statistic of independent values.
    ///
    /// # Errors
    /// As [`Bootstrap::interval`], and values that are not finite.
    pub fn of_values(
        &self,
        values: &[f64],
        statistic: impl Fn(&[f64]) -> Option<f64> + Sync,
    ) -> Result<BootstrapInterval, StatsError> {
        require(values, 2)?;
        self.interval(Resampling::Independent { n: values.len() }, |indices| {
            let drawn: Vec<f64> = indices.iter().map(|&i| values[i]).collect();
            statistic(&drawn)
        })
    }
}

/// Corrected tail probabilities (Efron 1987, equation 2.3). Ties with the estimate
/// count half, so a discrete statistic is not biased by them.
fn corrected(replicates: &[f64], estimate: f64, acceleration: f64, alpha: f64) -> Result<(f64, f64), StatsError> {
    let n = replicates.len() as f64;
    let below = replicates.partition_point(|v| *v < estimate);
    let up_to = replicates.partition_point(|v| *v <= estimate);
    let share = (0.5 * (below + up_to) as f64 / n).clamp(0.5 / n, 1.0 - 0.5 / n);
    let bias = normal_quantile(share)?;
    let tail = |p: f64| -> Result<f64, StatsError> {
        let shifted = bias + normal_quantile(p)?;
        Ok(normal_cdf(bias + shifted / (1.0 - acceleration * shifted)))
    };
    Ok((tail(alpha)?, tail(1.0 - alpha)?))
}

/// Values of `statistic` on resamples of the indices, in order of the resample.
/// One generator per resample: the result does not depend on the threads.
///
/// # Errors
/// Fewer than two items or a block that does not fit.
pub fn resample<T: Send>(
    scheme: Resampling,
    replicates: usize,
    seed: u64,
    statistic: impl Fn(&[usize]) -> T + Sync,
) -> Result<Vec<T>, StatsError> {
    scheme.check()?;
    let one = |replicate: usize| statistic(&scheme.draw(item_seed(seed, "resample", replicate)));
    Ok((0..replicates).into_par_iter().map(one).collect())
}

/// Seed of one item of a seeded job.
pub(super) fn item_seed(seed: u64, job: &str, item: usize) -> u64 {
    random::derive_seed(seed, &[job.into(), item.into()])
}

/// Values of a statistic with one group of items left out at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Jackknife {
    /// Statistic of all items.
    pub estimate: f64,
    /// Bias, to be subtracted from the estimate.
    pub bias: f64,
    /// Standard error.
    pub std_error: f64,
    /// Statistic without each group.
    pub left_out: Vec<f64>,
}

impl Jackknife {
    /// A sixth of the skewness of the left-out values: Efron's acceleration.
    fn acceleration(&self) -> f64 {
        let n = self.left_out.len() as f64;
        let mean = self.left_out.iter().sum::<f64>() / n;
        let sum = |power| self.left_out.iter().map(|v| (mean - v).powi(power)).sum::<f64>();
        let second = sum(2);
        if second > 0.0 { sum(3) / (6.0 * second.powf(1.5)) } else { 0.0 }
    }
}

/// Leaves out single items, blocks or tiles, as the resampling has them; above 400
/// items, runs of them.
///
/// # Errors
/// Fewer than two groups, or a statistic undefined on one of the sets.
pub fn jackknife(scheme: Resampling, statistic: impl Fn(&[usize]) -> Option<f64> + Sync) -> Result<Jackknife, StatsError> {
    scheme.check()?;
    let (group, total) = scheme.group_of();
    if total < 2 {
        return Err(StatsError::TooFew { found: total, needed: 2 });
    }
    let without = |left_out: Option<usize>| {
        let kept: Vec<usize> = (0..group.len()).filter(|&i| Some(group[i]) != left_out).collect();
        statistic(&kept).filter(|v| v.is_finite())
    };
    let left_out: Vec<f64> = (0..total).into_par_iter().filter_map(|g| without(Some(g))).collect();
    let (Some(estimate), true) = (without(None), left_out.len() == total) else {
        return Err(StatsError::TooFewReplicates { found: left_out.len(), total, needed: total });
    };
    let n = total as f64;
    let mean = left_out.iter().sum::<f64>() / n;
    let spread: f64 = left_out.iter().map(|v| (v - mean).powi(2)).sum();
    Ok(Jackknife { estimate, bias: (n - 1.0) * (mean - estimate), std_error: ((n - 1.0) / n * spread).sqrt(), left_out })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{Moments, coverage, mean};
    use rand_distr::{Distribution, Exp1, StandardNormal};

    fn normal(n: usize, seed: u64) -> Vec<f64> {
        let mut rng = random::rng(seed);
        (0..n).map(|_| StandardNormal.sample(&mut rng)).collect()
    }

    #[test]
    fn error_of_the_mean_is_the_textbook_one() {
        let values = normal(200, 1);
        let of = |indices: &[usize]| mean(&indices.iter().map(|&i| values[i]).collect::<Vec<_>>()).ok();
        let exact = Moments::of(&values).unwrap().std_error();
        let knife = jackknife(Resampling::Independent { n: 200 }, of).unwrap();
        assert!((knife.std_error / exact - 1.0).abs() < 1e-10);
        assert!(knife.bias.abs() < 1e-12);
        // Standard deviation of a standard error over B replicates: 1/√(2B).
        let boot = Bootstrap::new(4000, 7).interval(Resampling::Independent { n: 200 }, of).unwrap();
        assert!((boot.std_error / exact - 1.0).abs() < 5.0 / 8000f64.sqrt());
    }

    #[test]
    fn jackknife_removes_the_bias_of_the_variance() {
        let values = normal(30, 2);
        let biased = |indices: &[usize]| {
            let drawn: Vec<f64> = indices.iter().map(|&i| values[i]).collect();
            let m = mean(&drawn).ok()?;
            Some(drawn.iter().map(|v| (v - m).powi(2)).sum::<f64>() / drawn.len() as f64)
        };
        let knife = jackknife(Resampling::Independent { n: 30 }, biased).unwrap();
        let unbiased = Moments::of(&values).unwrap().std_dev.powi(2);
        assert!((knife.estimate - knife.bias - unbiased).abs() < 1e-12);
    }

    #[test]
    fn intervals_of_a_skewed_mean_cover() {
        for (kind, least) in
            [(BootstrapKind::BiasCorrected, 0.92), (BootstrapKind::Percentile, 0.91), (BootstrapKind::Basic, 0.90)]
        {
            let trial = |seed: u64| {
                let mut rng = random::rng(seed);
                let values: Vec<f64> = (0..80).map(|_| Exp1.sample(&mut rng)).collect();
                let boot = Bootstrap { kind, ..Bootstrap::new(600, seed) };
                let interval = boot.of_values(&values, |v| mean(v).ok()).ok()?;
                Some((interval.lower, interval.upper))
            };
            let found = coverage(500, 11, 1.0, trial).unwrap();
            assert!(found.upper >= least && found.lower <= 0.97, "{kind:?}: {found:?}");
        }
    }

    #[test]
    fn blocks_see_the_correlation_that_single_items_miss() {
        // AR(1) with 0.8: the variance of the mean is (1+0.8)/(1-0.8) = 9 times larger.
        let noise = normal(20_000, 3);
        let mut series = vec![0.0; noise.len()];
        for i in 1..series.len() {
            series[i] = 0.8 * series[i - 1] + noise[i];
        }
        let of = |indices: &[usize]| mean(&indices.iter().map(|&i| series[i]).collect::<Vec<_>>()).ok();
        let n = series.len();
        let boot = Bootstrap { kind: BootstrapKind::Percentile, ..Bootstrap::new(400, 5) };
        let single = boot.interval(Resampling::Independent { n }, of).unwrap().std_error;
        let block = boot.interval(Resampling::MovingBlock { n, block: 200 }, of).unwrap().std_error;
        // Errors: 3.5 % from replicates each, 1/√(2·100 blocks) = 7 %; 4 % bias of the blocks.
        let ratio = (block / single).powi(2);
        assert!((ratio / 9.0 - 1.0).abs() < 0.35, "{ratio}");
    }

    #[test]
    fn tiles_are_contiguous_and_inside() {
        let (shape, tile) = ((7, 11), (3, 4));
        let drawn = Resampling::Tiles { shape, tile }.draw(9);
        assert_eq!(drawn.len(), 77);
        assert!(drawn.iter().all(|&i| i < 77));
        for row in 0..7 {
            for column in 1..11 {
                if column % 4 != 0 {
                    assert_eq!(drawn[row * 11 + column], drawn[row * 11 + column - 1] + 1);
                }
            }
        }
        let (group, total) = Resampling::Tiles { shape, tile }.group_of();
        assert_eq!(total, 9);
        assert_eq!(group.iter().max(), Some(&8));
    }

    #[test]
    fn threads_do_not_change_the_answer() {
        let values = normal(50, 4);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Bootstrap::new(300, 1).of_values(&values, |v| mean(v).ok()).unwrap())
        };
        assert_eq!(run(1), run(3));
    }

    #[test]
    fn impossible_requests_are_refused() {
        let ok = |_: &[usize]| Some(1.0);
        let boot = Bootstrap::new(200, 1);
        assert!(boot.interval(Resampling::MovingBlock { n: 5, block: 6 }, ok).is_err());
        assert!(boot.interval(Resampling::Tiles { shape: (4, 4), tile: (0, 2) }, ok).is_err());
        assert!(boot.interval(Resampling::Independent { n: 1 }, ok).is_err());
        assert!(Bootstrap::new(99, 1).interval(Resampling::Independent { n: 5 }, ok).is_err());
        let undefined = boot.interval(Resampling::Independent { n: 5 }, |_| None);
        assert_eq!(undefined, Err(StatsError::TooFewReplicates { found: 0, total: 200, needed: 180 }));
    }
}
