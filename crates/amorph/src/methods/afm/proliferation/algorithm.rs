//! Area and number of the regions above one absolute level in every state, sites as replicates.

use crate::core::stats::{Moments, PermutationTest, WelchTest, permutation_test_of_items, student_t_quantile, welch_test};
use crate::methods::afm::distribution::levels::Levels;
use crate::methods::afm::distributions_by_state::algorithm::{Pool, mean_of};

/// Fewest sites of an interval.
pub const FEWEST_SITES: usize = 3;

/// What is counted above a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Share of the area.
    Area,
    /// Regions per area, 1/m^2.
    Number,
}

/// Area and number against the level, for every site of every state, on one grid of levels.
#[derive(Debug, Clone)]
pub struct Curves {
    /// The grid and the shares below its levels.
    pub pool: Pool,
    /// Regions per area above each level, 1/m^2, by state and site; `None` where an image has no size.
    pub regions: Option<Vec<Vec<Vec<f64>>>>,
}

/// Mean over the sites of a state with its 95 % interval by Student's t.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SiteMean {
    /// Number of sites.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard error; absent for one site.
    pub std_error: Option<f64>,
    /// Interval; absent for fewer than three sites.
    pub interval: Option<(f64, f64)>,
}

/// How a state differs from the reference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Difference state - reference with its interval (Welch).
    pub welch: WelchTest,
    /// State over reference.
    pub ratio: f64,
    /// Interval of the ratio; absent for fewer than three sites in a state or where a mean is zero.
    pub ratio_interval: Option<(f64, f64)>,
    /// Probability if the sites of both states were exchangeable, the level found anew for each division.
    pub permutation: PermutationTest,
}

impl Curves {
    /// Puts all sites on one grid.
    pub fn of(states: &[Vec<&Levels>]) -> Self {
        let pool = Pool::of(states);
        let of_state = |sites: &Vec<&Levels>| {
            sites.iter().map(|levels| levels.regions_above(&pool.indices, pool.step)).collect::<Option<Vec<_>>>()
        };
        let regions = states.iter().map(of_state).collect();
        Self { pool, regions }
    }

    /// Place of the level above which a share of the pixels of these sites lies.
    pub fn level_of(&self, below: &[&[f64]], share: f64) -> usize {
        let mean = mean_of(below);
        mean.partition_point(|below| *below < 1.0 - share).min(mean.len() - 1)
    }

    /// Place of the first level at or above a value (SI).
    pub fn level_at(&self, value: f64) -> usize {
        let places = 0..self.pool.indices.len();
        places.clone().find(|place| self.pool.level(*place) >= value).unwrap_or(places.end - 1)
    }

    /// A count of every site of a state above a level; `None` for numbers of regions in images without a size.
    pub fn sites(&self, state: usize, count: Count, place: usize) -> Option<Vec<f64>> {
        match count {
            Count::Area => Some(self.pool.below[state].iter().map(|below| 1.0 - below[place]).collect()),
            Count::Number => Some(self.regions.as_ref()?[state].iter().map(|regions| regions[place]).collect()),
        }
    }

    /// Compares a state with the reference above the level `place`; with `share`, permutations find their own level from the
    /// sites that stand for the reference. `None` for fewer than two sites, or without any scatter.
    pub fn change(
        &self,
        (state, reference): (usize, usize),
        count: Count,
        place: usize,
        share: Option<f64>,
        (permutations, seed): (usize, u64),
    ) -> Option<Change> {
        let (a, b) = (self.sites(state, count, place)?, self.sites(reference, count, place)?);
        let welch = welch_test(&a, &b, 0.95).ok()?;
        let both = |of: usize| self.pool.below[of].iter().map(Vec::as_slice);
        let below: Vec<&[f64]> = both(state).chain(both(reference)).collect();
        let regions: Option<Vec<&[f64]>> =
            self.regions.as_ref().map(|all| all[state].iter().chain(&all[reference]).map(Vec::as_slice).collect());
        let difference = |first: &[usize], second: &[usize]| {
            let level = match share {
                Some(share) => self.level_of(&second.iter().map(|item| below[*item]).collect::<Vec<_>>(), share),
                None => place,
            };
            let value = |item: &usize| match (count, &regions) {
                (Count::Number, Some(regions)) => regions[*item][level],
                _ => 1.0 - below[*item][level],
            };
            let mean = |items: &[usize]| items.iter().map(value).sum::<f64>() / items.len() as f64;
            mean(first) - mean(second)
        };
        let permutation = permutation_test_of_items(a.len(), b.len(), difference, permutations, seed).ok()?;
        let (of_a, of_b) = (SiteMean::of(&a), SiteMean::of(&b));
        Some(Change { welch, ratio: of_a.mean / of_b.mean, ratio_interval: ratio_interval(&of_a, &of_b), permutation })
    }
}

impl SiteMean {
    /// Of the values of the sites.
    pub fn of(values: &[f64]) -> Self {
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        let std_error = Moments::of(values).ok().map(|moments| moments.std_error());
        let half = std_error
            .filter(|_| n >= FEWEST_SITES)
            .and_then(|error| student_t_quantile(0.975, n as f64 - 1.0).ok().map(|t| t * error));
        Self { n, mean, std_error, interval: half.map(|half| (mean - half, mean + half)) }
    }
}

/// Interval of a ratio of means: that of the difference of their logarithms, with Welch's degrees of freedom.
fn ratio_interval(a: &SiteMean, b: &SiteMean) -> Option<(f64, f64)> {
    if a.n.min(b.n) < FEWEST_SITES || a.mean.min(b.mean) <= 0.0 {
        return None;
    }
    let (va, vb) = ((a.std_error? / a.mean).powi(2), (b.std_error? / b.mean).powi(2));
    let dof = (va + vb).powi(2) / (va * va / (a.n as f64 - 1.0) + vb * vb / (b.n as f64 - 1.0));
    let half = student_t_quantile(0.975, dof).ok()? * (va + vb).sqrt();
    let ratio = a.mean / b.mean;
    half.is_finite().then(|| (ratio * (-half).exp(), ratio * half.exp()))
}
