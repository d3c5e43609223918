//! Distributions pooled over the sites of a state, and what tells those of two states apart.

use crate::methods::afm::distribution::levels::Levels;

/// Bins at most, whatever the outliers.
const MAX_BINS: i64 = 4096;

/// The sites of all states on one grid of levels.
#[derive(Debug, Clone)]
pub struct Pool {
    /// Distance between levels, SI.
    pub step: f64,
    /// The levels that matter, ascending, in steps.
    pub indices: Vec<i64>,
    /// Places in `indices` at which the bins begin and end.
    pub bins: Vec<usize>,
    /// Share of the pixels of each site below each level, states beside each other.
    pub below: Vec<Vec<Vec<f64>>>,
}

impl Pool {
    /// Puts the sites of all states on the coarsest of their grids. Bins have the width of Freedman and Diaconis,
    /// `2 IQR n^(-1/3)`, the smallest over the states, rounded down to whole steps.
    pub fn of(states: &[Vec<&Levels>]) -> Self {
        let all = || states.iter().flatten();
        let step = all().map(|levels| levels.step).fold(f64::MIN_POSITIVE, f64::max);
        let mut indices: Vec<i64> = all().flat_map(|levels| levels.edges(step)).collect();
        indices.sort_unstable();
        indices.dedup();
        let mut pool = Self { step, indices, bins: Vec::new(), below: Vec::new() };
        pool.fill(states);
        let widths = states.iter().zip(0..).map(|(sites, state)| {
            let n = sites.iter().map(|levels| levels.n_pixels()).sum::<u64>() as f64;
            let cumulated = pool.pooled(state);
            let spread = pool.quantile(&cumulated, 0.75) - pool.quantile(&cumulated, 0.25);
            2.0 * spread / n.cbrt() / step
        });
        let width = widths.filter(|width| width.is_finite()).fold(f64::INFINITY, f64::min);
        let range = pool.indices.last().zip(pool.indices.first()).map_or(1, |(last, first)| last - first);
        let width = if width.is_finite() { width.floor() as i64 } else { 1 };
        let width = width.max(range / MAX_BINS + 1);
        let edges: Vec<i64> = {
            let occupied = pool.indices.iter().flat_map(|index| [index.div_euclid(width), index.div_euclid(width) + 1]);
            let mut edges: Vec<i64> = occupied.map(|bin| bin * width).collect();
            edges.sort_unstable();
            edges.dedup();
            edges
        };
        pool.indices.extend(&edges);
        pool.indices.sort_unstable();
        pool.indices.dedup();
        pool.bins = edges.iter().map(|edge| pool.indices.partition_point(|index| index < edge)).collect();
        pool.fill(states);
        pool
    }

    fn fill(&mut self, states: &[Vec<&Levels>]) {
        let of_state = |sites: &Vec<&Levels>| sites.iter().map(|l| l.shares_below(&self.indices, self.step)).collect();
        self.below = states.iter().map(of_state).collect();
    }

    /// A level, SI.
    pub fn level(&self, place: usize) -> f64 {
        self.indices[place] as f64 * self.step
    }

    /// Share of the pixels of a state below each level: every site counts alike.
    pub fn pooled(&self, state: usize) -> Vec<f64> {
        let sites: Vec<&[f64]> = self.below[state].iter().map(Vec::as_slice).collect();
        mean_of(&sites)
    }

    /// Quantile of a cumulated distribution, linear between levels.
    pub fn quantile(&self, cumulated: &[f64], p: f64) -> f64 {
        let above = cumulated.partition_point(|share| *share < p).min(cumulated.len() - 1);
        let Some(below) = above.checked_sub(1) else { return self.level(above) };
        let rise = cumulated[above] - cumulated[below];
        let fraction = if rise > 0.0 { (p - cumulated[below]) / rise } else { 1.0 };
        self.level(below) + fraction * (self.level(above) - self.level(below))
    }

    /// Mean, standard deviation (over the pixels), skewness and excess kurtosis of a cumulated distribution, bins taken as
    /// points at their centres and their own variance `step^2 / 12` taken off (Sheppard).
    pub fn moments(&self, cumulated: &[f64]) -> [f64; 4] {
        let bins: Vec<(f64, f64)> = (1..self.indices.len())
            .map(|i| (0.5 * (self.level(i - 1) + self.level(i)), cumulated[i] - cumulated[i - 1]))
            .filter(|(_, share)| *share > 0.0)
            .collect();
        let mean = bins.iter().map(|(x, share)| share * x).sum::<f64>();
        let central = |power| bins.iter().map(|(x, share)| share * (x - mean).powi(power)).sum::<f64>();
        let (w2, raw2, raw4) = (self.step * self.step, central(2), central(4));
        let variance = (raw2 - w2 / 12.0).max(0.0);
        let fourth = raw4 - 0.5 * w2 * raw2 + 7.0 / 240.0 * w2 * w2;
        [mean, variance.sqrt(), central(3) / variance.powf(1.5), fourth / variance.powi(2) - 3.0]
    }

    /// Density in each bin, 1/SI: mean and standard deviation over the sites of a state.
    pub fn density(&self, state: usize) -> Vec<(f64, f64)> {
        let sites = &self.below[state];
        let n = sites.len() as f64;
        let bin = |pair: &[usize]| {
            let width = self.level(pair[1]) - self.level(pair[0]);
            let of_site = |below: &Vec<f64>| (below[pair[1]] - below[pair[0]]) / width;
            let mean = sites.iter().map(of_site).sum::<f64>() / n;
            let squares = sites.iter().map(|below| (of_site(below) - mean).powi(2)).sum::<f64>();
            (mean, (squares / (n - 1.0).max(1.0)).sqrt())
        };
        self.bins.windows(2).map(bin).collect()
    }

    /// Centre of each bin, SI.
    pub fn centres(&self) -> Vec<f64> {
        self.bins.windows(2).map(|pair| 0.5 * (self.level(pair[0]) + self.level(pair[1]))).collect()
    }
}

/// Mean over the sites, level by level.
pub fn mean_of(sites: &[&[f64]]) -> Vec<f64> {
    let mut mean = vec![0.0; sites.first().map_or(0, |site| site.len())];
    for site in sites {
        mean.iter_mut().zip(*site).for_each(|(sum, share)| *sum += share);
    }
    let n = sites.len().max(1) as f64;
    mean.iter_mut().for_each(|sum| *sum /= n);
    mean
}

/// How far the low tails of two distributions lie apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TailDistance {
    /// Largest difference of the shares of pixels below any level of the tail.
    pub ks: f64,
    /// `2 sum min(p_a, p_b) / sum (p_a + p_b)` over the bins of the tail: 1 for equal, 0 for disjoint tails.
    pub overlap: f64,
}

/// Compares the parts of two cumulated distributions below the quantile `tail` of the second, on bins that end at `bins`.
pub fn tail_distance(state: &[f64], reference: &[f64], bins: &[usize], tail: f64) -> TailDistance {
    let end = reference.partition_point(|share| *share < tail).min(reference.len() - 1);
    let differences = state[..=end].iter().zip(reference).map(|(a, b)| (a - b).abs());
    let ks = differences.fold(0.0, f64::max);
    let last = bins.partition_point(|place| *place < end);
    let ends = bins[..last].iter().copied().chain([end]);
    let (mut common, mut before) = (0.0, (0.0, 0.0));
    for place in ends {
        let now = (state[place], reference[place]);
        common += (now.0 - before.0).min(now.1 - before.1);
        before = now;
    }
    let both = state[end] + reference[end];
    TailDistance { ks, overlap: if both > 0.0 { 2.0 * common / both } else { 1.0 } }
}
