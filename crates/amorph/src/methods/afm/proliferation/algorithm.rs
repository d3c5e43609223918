//! Area and number of the regions above one absolute level in every state, sites as replicates.

use crate::core::stats::{Moments, PermutationTest, permutation_test_of_items, student_t_quantile, student_t_tail};
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

/// How the level is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// A share of the pixels of the reference lies above it.
    Share(f64),
    /// A value, SI.
    At(f64),
}

/// A level between two of the grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The level of the grid below.
    pub below: usize,
    /// Part of the way to the next.
    pub fraction: f64,
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

/// How a state differs from the reference in one count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// State minus reference.
    pub difference: f64,
    /// Its 95 % interval; absent for fewer than three sites in a state.
    pub interval: Option<(f64, f64)>,
    /// Two-sided probability of a larger difference by Student's t.
    pub p_value: f64,
    /// State over reference.
    pub ratio: f64,
    /// Its 95 % interval; absent for fewer than three sites in a state or where a mean is zero.
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

    /// The level that a rule finds with these sites (shares below each level) as the reference.
    pub fn place(&self, reference: &[&[f64]], rule: Rule) -> Place {
        let last = self.pool.indices.len() - 1;
        let between = |above: usize, wanted: f64, at: &dyn Fn(usize) -> f64| match above.min(last).checked_sub(1) {
            Some(below) if above <= last && at(above) > at(below) => {
                Place { below, fraction: (wanted - at(below)) / (at(above) - at(below)) }
            }
            _ => Place { below: above.min(last), fraction: 0.0 },
        };
        match rule {
            Rule::Share(share) => {
                let mean = mean_of(reference);
                between(mean.partition_point(|below| *below < 1.0 - share), 1.0 - share, &|place| mean[place])
            }
            Rule::At(value) => {
                let above = (0..=last).find(|place| self.pool.level(*place) >= value).unwrap_or(last + 1);
                between(above, value, &|place| self.pool.level(place))
            }
        }
    }

    /// The shares below each level of the sites of a state.
    pub fn below(&self, state: usize) -> Vec<&[f64]> {
        self.pool.below[state].iter().map(Vec::as_slice).collect()
    }

    /// The level itself, SI.
    pub fn level(&self, place: Place) -> f64 {
        let next = (place.below + 1).min(self.pool.indices.len() - 1);
        self.pool.level(place.below) + place.fraction * (self.pool.level(next) - self.pool.level(place.below))
    }

    /// What is above each level, site by site; `None` for numbers of regions in images without a size.
    fn counts(&self, state: usize, count: Count) -> Option<Vec<Vec<f64>>> {
        match count {
            Count::Area => {
                let above = |below: &Vec<f64>| below.iter().map(|below| 1.0 - below).collect();
                Some(self.pool.below[state].iter().map(above).collect())
            }
            Count::Number => Some(self.regions.as_ref()?[state].clone()),
        }
    }

    /// A count of every site of a state above a level; `None` for numbers of regions in images without a size.
    pub fn sites(&self, state: usize, count: Count, place: Place) -> Option<Vec<f64>> {
        Some(self.counts(state, count)?.iter().map(|curve| at(curve, place)).collect())
    }

    /// Compares a state with the reference; `None` for fewer than two sites or without any scatter.
    ///
    /// The error of the reference is that of the jackknife: every site is left out once, and the level found again without it.
    pub fn change(
        &self,
        (state, reference): (usize, usize),
        count: Count,
        rule: Rule,
        (permutations, seed): (usize, u64),
    ) -> Option<Change> {
        let all: Vec<Vec<f64>> = [self.counts(state, count)?, self.counts(reference, count)?].concat();
        let below: Vec<&[f64]> = [self.below(state), self.below(reference)].concat();
        let (n_a, n_b) = (self.pool.below[state].len(), self.pool.below[reference].len());
        let level = |items: &[usize]| self.place(&items.iter().map(|item| below[*item]).collect::<Vec<_>>(), rule);
        let mean =
            |items: &[usize], place: Place| items.iter().map(|item| at(&all[*item], place)).sum::<f64>() / items.len() as f64;
        let (sites, references): (Vec<usize>, Vec<usize>) = ((0..n_a).collect(), (n_a..n_a + n_b).collect());
        if n_a.min(n_b) < 2 {
            return None;
        }
        let place = level(&references);
        let of_state = SiteMean::of(&sites.iter().map(|site| at(&all[*site], place)).collect::<Vec<_>>());
        let of_reference = mean(&references, place);
        let left_out: Vec<(f64, f64)> = references
            .iter()
            .map(|left_out| {
                let rest: Vec<usize> = references.iter().copied().filter(|item| item != left_out).collect();
                let place = level(&rest);
                (mean(&sites, place), mean(&rest, place))
            })
            .collect();
        let interval = |value: f64, error: f64, read: &dyn Fn((f64, f64)) -> f64| {
            let scatter = jackknife_variance(&left_out.iter().map(|means| read(*means)).collect::<Vec<_>>());
            Contrast::of(value, (error * error, n_a), (scatter, n_b))
        };
        let error = of_state.std_error?;
        let difference = interval(of_state.mean - of_reference, error, &|(a, b)| a - b)?;
        let ratio = interval((of_state.mean / of_reference).ln(), error / of_state.mean, &|(a, b)| (a / b).ln());
        let statistic = |a: &[usize], b: &[usize]| {
            let place = level(b);
            mean(a, place) - mean(b, place)
        };
        let permutation = permutation_test_of_items(n_a, n_b, statistic, permutations, seed).ok()?;
        let enough = n_a.min(n_b) >= FEWEST_SITES;
        Some(Change {
            difference: difference.value,
            interval: enough.then_some(difference.interval),
            p_value: difference.p_value,
            ratio: of_state.mean / of_reference,
            ratio_interval: ratio.filter(|_| enough).map(|ratio| (ratio.interval.0.exp(), ratio.interval.1.exp())),
            permutation,
        })
    }
}

fn at(curve: &[f64], place: Place) -> f64 {
    let next = (place.below + 1).min(curve.len() - 1);
    curve[place.below] + place.fraction * (curve[next] - curve[place.below])
}

fn jackknife_variance(left_out: &[f64]) -> f64 {
    let n = left_out.len() as f64;
    let mean = left_out.iter().sum::<f64>() / n;
    (n - 1.0) / n * left_out.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
}

/// A number with two independent sources of error.
struct Contrast {
    value: f64,
    interval: (f64, f64),
    p_value: f64,
}

impl Contrast {
    /// Student's t with the degrees of freedom of Welch and Satterthwaite; `None` without any error.
    fn of(value: f64, (va, n_a): (f64, usize), (vb, n_b): (f64, usize)) -> Option<Self> {
        let dof = (va + vb).powi(2) / (va * va / (n_a as f64 - 1.0) + vb * vb / (n_b as f64 - 1.0));
        let std_error = (va + vb).sqrt();
        let half = student_t_quantile(0.975, dof).ok()? * std_error;
        let p_value = 2.0 * student_t_tail((value / std_error).abs(), dof).ok()?;
        half.is_finite().then_some(Self { value, interval: (value - half, value + half), p_value })
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
