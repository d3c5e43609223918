//! Exact k-means on a line.

use super::StatsError;
use super::error::require;

/// Groups of values on a line with the least sum of squared distances to their means.
#[derive(Debug, Clone, PartialEq)]
pub struct LineClusters {
    /// Means of the groups, ascending.
    pub means: Vec<f64>,
    /// Values that separate neighbouring groups: the middle between their means.
    pub edges: Vec<f64>,
    /// Numbers of values in the groups.
    pub counts: Vec<usize>,
    /// Sum of squared distances.
    pub inertia: f64,
}

impl LineClusters {
    /// Number of the group of a value.
    pub fn group(&self, value: f64) -> usize {
        self.edges.partition_point(|edge| *edge < value)
    }
}

/// Sums that give the cost of any stretch of sorted values at once.
struct Sums {
    first: Vec<f64>,
    second: Vec<f64>,
}

impl Sums {
    fn of(sorted: &[f64], centre: f64) -> Self {
        let (mut first, mut second) = (vec![0.0], vec![0.0]);
        let (mut a, mut b) = (0.0, 0.0);
        for value in sorted {
            let x = value - centre;
            a += x;
            b += x * x;
            first.push(a);
            second.push(b);
        }
        Self { first, second }
    }

    /// Squared distances of values `from..to` to their mean.
    fn cost(&self, from: usize, to: usize) -> f64 {
        let n = (to - from) as f64;
        let sum = self.first[to] - self.first[from];
        (self.second[to] - self.second[from] - sum * sum / n).max(0.0)
    }
}

/// The best grouping into `k` groups: a dynamic programme over the sorted values whose split points ascend (Wang & Song 2011,
/// doi:10.32614/RJ-2011-015), in O(k n log n). It depends on no seed.
///
/// # Errors
/// Values that are not finite, `k` of zero, or fewer different values than groups.
pub fn line_clusters(values: &[f64], k: usize) -> Result<LineClusters, StatsError> {
    require(values, k.max(1))?;
    if k == 0 {
        return Err(StatsError::OutOfRange { what: "number of groups", value: 0.0, rule: "at least 1" });
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let different = 1 + sorted.windows(2).filter(|pair| pair[0] < pair[1]).count();
    if different < k {
        return Err(StatsError::TooFew { found: different, needed: k });
    }
    let n = sorted.len();
    let sums = Sums::of(&sorted, sorted[n / 2]);
    let mut best: Vec<f64> = (0..=n).map(|to| if to == 0 { 0.0 } else { sums.cost(0, to) }).collect();
    let mut splits: Vec<Vec<usize>> = Vec::new();
    for group in 1..k {
        let (mut next, mut split) = (vec![f64::INFINITY; n + 1], vec![0; n + 1]);
        layer(&sums, &best, (&mut next, &mut split), (group + 1, n), (group, n - 1));
        splits.push(split);
        best = next;
    }
    let mut ends = vec![n];
    for split in splits.iter().rev() {
        let end = ends[ends.len() - 1];
        ends.push(split[end]);
    }
    ends.push(0);
    ends.reverse();
    let means: Vec<f64> = ends.windows(2).map(|e| sorted[e[0]..e[1]].iter().sum::<f64>() / (e[1] - e[0]) as f64).collect();
    Ok(LineClusters {
        edges: means.windows(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect(),
        counts: ends.windows(2).map(|e| e[1] - e[0]).collect(),
        inertia: ends.windows(2).map(|e| sums.cost(e[0], e[1])).sum(),
        means,
    })
}

/// Fills one layer for ends `lo..=hi`, whose best splits lie within `from..=to`.
fn layer(
    sums: &Sums,
    best: &[f64],
    out: (&mut Vec<f64>, &mut Vec<usize>),
    (lo, hi): (usize, usize),
    (from, to): (usize, usize),
) {
    if lo > hi {
        return;
    }
    let (next, split) = out;
    let middle = usize::midpoint(lo, hi);
    let candidates = from..=to.min(middle - 1);
    let scored = candidates.map(|at| (best[at] + sums.cost(at, middle), at));
    let (value, at) = scored.fold((f64::INFINITY, from), |a, b| if b.0 < a.0 { b } else { a });
    (next[middle], split[middle]) = (value, at);
    if middle > lo {
        layer(sums, best, (next, split), (lo, middle - 1), (from, at));
    }
    layer(sums, best, (next, split), (middle + 1, hi), (at, to));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{rng, standard_normals};
    use rand::RngExt;

    /// Lloyd's algorithm from random values.
    fn lloyd(values: &[f64], k: usize, seed: u64) -> f64 {
        let mut random = rng(seed);
        let mut means: Vec<f64> = (0..k).map(|_| values[random.random_range(0..values.len())]).collect();
        let mut inertia = f64::INFINITY;
        for _ in 0..200 {
            let mut sums = vec![(0.0, 0.0); k];
            let mut total = 0.0;
            for value in values {
                let nearest = (0..k).min_by(|a, b| (value - means[*a]).abs().total_cmp(&(value - means[*b]).abs())).unwrap();
                total += (value - means[nearest]).powi(2);
                sums[nearest] = (sums[nearest].0 + value, sums[nearest].1 + 1.0);
            }
            inertia = total;
            for (mean, (sum, n)) in means.iter_mut().zip(sums) {
                *mean = if n > 0.0 { sum / n } else { *mean };
            }
        }
        inertia
    }

    #[test]
    fn no_seeded_run_is_better() {
        let values: Vec<f64> = standard_normals(3, 400).iter().enumerate().map(|(i, z)| z + 3.0 * (i % 3) as f64).collect();
        for k in 1..6 {
            let exact = line_clusters(&values, k).unwrap();
            assert_eq!(exact.counts.iter().sum::<usize>(), 400);
            for seed in 0..20 {
                assert!(exact.inertia <= lloyd(&values, k, seed) * (1.0 + 1e-9), "{k} {seed}");
            }
            let direct: f64 = values.iter().map(|v| (v - exact.means[exact.group(*v)]).powi(2)).sum();
            assert!((direct - exact.inertia).abs() < 1e-9 * direct.max(1.0));
        }
    }

    #[test]
    fn small_lists_are_as_by_trying_all() {
        let values = [5.0, 1.0, 1.5, 9.0, 5.5, 9.2, 1.1];
        let found = line_clusters(&values, 3).unwrap();
        assert_eq!(found.counts, [3, 2, 2]);
        assert!(matches!(line_clusters(&[1.0, 1.0], 2), Err(StatsError::TooFew { found: 1, .. })));
        assert!(line_clusters(&[1.0, f64::NAN], 1).is_err());
        assert!(line_clusters(&[1.0], 0).is_err());
    }
}
