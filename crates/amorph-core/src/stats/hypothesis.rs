//! Tests of hypotheses and the correction for many of them.

use super::error::require;
use super::resample::item_seed;
use super::{Moments, StatsError, quantile, student_t_quantile, student_t_tail};
use crate::random;
use rand::seq::SliceRandom;
use rayon::prelude::*;

/// Difference of two means without assuming equal variances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WelchTest {
    /// Mean of the first minus mean of the second sample.
    pub difference: f64,
    /// Lower end of its interval.
    pub lower: f64,
    /// Upper end of its interval.
    pub upper: f64,
    /// t statistic.
    pub t: f64,
    /// Degrees of freedom (Welch & Satterthwaite).
    pub dof: f64,
    /// Two-sided probability.
    pub p_value: f64,
}

/// Welch's t test (Welch 1947) with the interval of the difference at `level`.
///
/// # Errors
/// Fewer than two values in a sample, values not finite, no spread in either
/// sample, a level outside (0, 1).
pub fn welch_test(a: &[f64], b: &[f64], level: f64) -> Result<WelchTest, StatsError> {
    super::error::require_level("level", level)?;
    let (a, b) = (Moments::of(a)?, Moments::of(b)?);
    let (va, vb) = (a.std_error().powi(2), b.std_error().powi(2));
    if va + vb == 0.0 {
        return Err(StatsError::NoSpread { n: a.n + b.n });
    }
    let dof = (va + vb).powi(2) / (va * va / (a.n as f64 - 1.0) + vb * vb / (b.n as f64 - 1.0));
    let std_error = (va + vb).sqrt();
    let difference = a.mean - b.mean;
    let t = difference / std_error;
    let half = std_error * student_t_quantile(0.5 + 0.5 * level, dof)?;
    let p_value = 2.0 * student_t_tail(t.abs(), dof)?;
    Ok(WelchTest { difference, lower: difference - half, upper: difference + half, t, dof, p_value })
}

/// Outcome of a permutation test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PermutationTest {
    /// Statistic of the samples as they are.
    pub statistic: f64,
    /// Two-sided probability of a statistic at least as large in magnitude.
    pub p_value: f64,
    /// Whether all divisions were tried.
    pub exhaustive: bool,
    /// Divisions tried, the given one included.
    pub divisions: usize,
    /// 95 % quantile of the magnitude of the statistic over the divisions tried: what chance alone reaches.
    pub chance_level: f64,
}

/// Tests whether two samples are exchangeable, with any `statistic` that is near
/// zero if they are (a difference, a distance).
///
/// All divisions of the pooled values are tried if there are no more than
/// `replicates`; otherwise `replicates` random ones, with the probability
/// `(1 + k)/(1 + replicates)` (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585).
///
/// # Errors
/// An empty sample, fewer than three values in all, values not finite.
pub fn permutation_test(
    a: &[f64],
    b: &[f64],
    statistic: impl Fn(&[f64], &[f64]) -> f64 + Sync,
    replicates: usize,
    seed: u64,
) -> Result<PermutationTest, StatsError> {
    require(a, 1)?;
    require(b, 1)?;
    let pooled: Vec<f64> = a.iter().chain(b).copied().collect();
    require(&pooled, 3)?;
    let values = |items: &[usize]| items.iter().map(|&item| pooled[item]).collect::<Vec<f64>>();
    permutation_test_of_items(a.len(), b.len(), |a, b| statistic(&values(a), &values(b)), replicates, seed)
}

/// As [`permutation_test`], for items of any kind: the first `n_a` are one sample, the next `n_b` the other, and `statistic` is
/// given the numbers of the items of both sides.
///
/// # Errors
/// An empty sample, or fewer than three items in all.
pub fn permutation_test_of_items(
    n_a: usize,
    n_b: usize,
    statistic: impl Fn(&[usize], &[usize]) -> f64 + Sync,
    replicates: usize,
    seed: u64,
) -> Result<PermutationTest, StatsError> {
    let n = n_a + n_b;
    let needed = if n_a.min(n_b) == 0 { n + 1 } else { 3 };
    if n < needed {
        return Err(StatsError::TooFew { found: n, needed });
    }
    let items: Vec<usize> = (0..n).collect();
    let observed = statistic(&items[..n_a], &items[n_a..]);
    let magnitude = |first: &[usize], second: &[usize]| statistic(first, second).abs();
    let exhaustive = n_divisions(n, n_a, replicates).is_some();
    let magnitudes: Vec<f64> = if exhaustive {
        let by_division = |division: &Vec<bool>| {
            let pick = |side: bool| -> Vec<usize> { (0..n).filter(|&item| division[item] == side).collect() };
            magnitude(&pick(true), &pick(false))
        };
        let all: Vec<Vec<bool>> = Divisions::new(n, n_a).collect();
        all.par_iter().map(by_division).collect()
    } else {
        let at_random = |replicate: usize| {
            let mut shuffled = items.clone();
            shuffled.shuffle(&mut random::rng(item_seed(seed, "permutation", replicate)));
            let (first, second) = shuffled.split_at(n_a);
            magnitude(first, second)
        };
        (0..replicates).into_par_iter().map(at_random).collect()
    };
    // Equal divisions must count as equal whatever the order of their sums.
    let limit = observed.abs() * (1.0 - 1e-12);
    let hits = magnitudes.iter().filter(|value| **value >= limit).count();
    // All divisions hold the given one; random ones do not.
    let own = usize::from(!exhaustive);
    let divisions = magnitudes.len() + own;
    let p_value = (hits + own) as f64 / divisions as f64;
    let chance_level = quantile(&magnitudes, 0.95)?;
    Ok(PermutationTest { statistic: observed, p_value, exhaustive, divisions, chance_level })
}

/// Binomial coefficient `n` over `k` if no larger than `limit`.
fn n_divisions(n: usize, k: usize, limit: usize) -> Option<usize> {
    let mut total = 1usize;
    for i in 0..k.min(n - k) {
        // Exact: a product of i + 1 consecutive integers is divisible by (i + 1)!.
        total = total.checked_mul(n - i)? / (i + 1);
        if total > limit {
            return None;
        }
    }
    Some(total)
}

/// All ways to mark `k` of `n` items, in lexicographic order.
struct Divisions {
    next: Option<Vec<bool>>,
}

impl Divisions {
    fn new(n: usize, k: usize) -> Self {
        Self { next: Some((0..n).map(|i| i < k).collect()) }
    }
}

impl Iterator for Divisions {
    type Item = Vec<bool>;

    fn next(&mut self) -> Option<Vec<bool>> {
        let current = self.next.take()?;
        // The rightmost mark with room moves right; those after it close up behind it.
        if let Some(at) = (0..current.len() - 1).rev().find(|&i| current[i] && !current[i + 1]) {
            let mut following = current.clone();
            let marks = current[at + 1..].iter().filter(|m| **m).count();
            following[at] = false;
            for (i, mark) in following[at + 1..].iter_mut().enumerate() {
                *mark = i <= marks;
            }
            self.next = Some(following);
        }
        Some(current)
    }
}

/// Holm's step-down correction: probabilities adjusted for testing all of them,
/// in the given order (Holm 1979).
///
/// # Errors
/// A probability outside [0, 1].
pub fn holm(p_values: &[f64]) -> Result<Vec<f64>, StatsError> {
    if let Some(&value) = p_values.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        return Err(StatsError::OutOfRange { what: "probability", value, rule: "within 0 and 1" });
    }
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut running = 0.0f64;
    for (rank, &index) in order.iter().enumerate() {
        let factor = (p_values.len() - rank) as f64;
        running = running.max((factor * p_values[index]).min(1.0));
        adjusted[index] = running;
    }
    Ok(adjusted)
}

/// Preferred direction of axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AxialDirection {
    /// Number of axes.
    pub n: usize,
    /// Mean axis in [0, π) rad.
    pub mean: f64,
    /// Length of the mean vector of doubled angles: 0 isotropic, 1 parallel.
    pub order: f64,
    /// Rayleigh probability of this order without a preferred direction.
    pub p_value: f64,
}

/// Rayleigh test of axes, angles in rad that are equal modulo π.
///
/// The probability is the approximation of Wilkie 1983 (doi:10.2307/2347954).
///
/// # Errors
/// Fewer than five angles (the approximation fails), or one that is not finite.
pub fn axial_rayleigh_test(angles: &[f64]) -> Result<AxialDirection, StatsError> {
    require(angles, 5)?;
    let n = angles.len() as f64;
    let (mut c, mut s) = (0.0, 0.0);
    for angle in angles {
        let (sine, cosine) = (2.0 * angle).sin_cos();
        c += cosine;
        s += sine;
    }
    let length = c.hypot(s).min(n);
    let p_value = ((1.0 + 4.0 * n + 4.0 * (n * n - length * length)).sqrt() - (1.0 + 2.0 * n)).exp();
    let mean = (0.5 * s.atan2(c)).rem_euclid(std::f64::consts::PI);
    Ok(AxialDirection { n: angles.len(), mean, order: length / n, p_value: p_value.min(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{coverage, ks_distance, mean};
    use approx::assert_relative_eq;
    use proptest::prelude::*;
    use rand::RngExt;
    use rand_distr::{Distribution, Normal};

    fn difference(a: &[f64], b: &[f64]) -> f64 {
        mean(a).unwrap() - mean(b).unwrap()
    }

    #[test]
    fn welch_by_hand() {
        // Means 2 and 5, variances 1 and 2.25.
        let test = welch_test(&[1.0, 2.0, 3.0], &[3.5, 5.0, 6.5], 0.95).unwrap();
        let (va, vb) = (1.0f64 / 3.0, 2.25 / 3.0);
        assert_relative_eq!(test.t, -3.0 / (va + vb).sqrt(), max_relative = 1e-12);
        assert_relative_eq!(test.dof, (va + vb) * (va + vb) / (va * va / 2.0 + vb * vb / 2.0), max_relative = 1e-12);
        assert!(test.lower < -3.0 && -3.0 < test.upper && test.p_value < 0.06);
        assert!(welch_test(&[1.0, 1.0], &[2.0, 2.0], 0.95).is_err());
    }

    #[test]
    fn welch_interval_covers_with_unequal_spreads() {
        let trial = |seed| {
            let mut rng = random::rng(seed);
            let (narrow, wide) = (Normal::new(3.0, 1.0).ok()?, Normal::new(1.0, 5.0).ok()?);
            let a: Vec<f64> = (0..20).map(|_| narrow.sample(&mut rng)).collect();
            let b: Vec<f64> = (0..8).map(|_| wide.sample(&mut rng)).collect();
            let test = welch_test(&a, &b, 0.95).ok()?;
            Some((test.lower, test.upper))
        };
        let found = coverage(2000, 1, 2.0, trial).unwrap();
        assert!((0.935..=0.965).contains(&found.fraction), "{found:?}");
    }

    #[test]
    fn exhaustive_permutation_by_hand() {
        // 1 2 3 | 10 11 12: only the given division and its mirror are as extreme.
        let test = permutation_test(&[1.0, 2.0, 3.0], &[10.0, 11.0, 12.0], difference, 20, 1).unwrap();
        assert!(test.exhaustive && test.divisions == 20);
        assert_relative_eq!(test.p_value, 2.0 / 20.0);
        assert_eq!(Divisions::new(6, 3).count(), 20);
        let monte = permutation_test(&[1.0, 2.0, 3.0], &[10.0, 11.0, 12.0], difference, 19, 1).unwrap();
        assert!(!monte.exhaustive && monte.p_value >= 0.05);
    }

    #[test]
    fn random_permutations_agree_with_all_of_them() {
        let a = [0.3, 1.2, 2.2, 0.1, 1.9, 0.8];
        let b = [1.4, 2.6, 3.1, 0.9, 2.2, 2.0, 1.7];
        let exact = permutation_test(&a, &b, difference, 2000, 1).unwrap();
        let drawn = permutation_test(&a, &b, difference, 1500, 1).unwrap();
        assert!(exact.exhaustive && !drawn.exhaustive);
        let sampling = (exact.p_value * (1.0 - exact.p_value) / 1500.0).sqrt();
        assert!((drawn.p_value - exact.p_value).abs() < 4.0 * sampling);
    }

    #[test]
    fn permutation_level_is_exact_for_a_distance() {
        let rejects = |seed| {
            let mut rng = random::rng(seed);
            let a: Vec<f64> = (0..12).map(|_| rng.random()).collect();
            let b: Vec<f64> = (0..15).map(|_| rng.random()).collect();
            let distance = |x: &[f64], y: &[f64]| ks_distance(x, y).unwrap_or(0.0);
            let test = permutation_test(&a, &b, distance, 99, seed).ok()?;
            Some(if test.p_value <= 0.1 { (0.0, 0.0) } else { (1.0, 1.0) })
        };
        let found = coverage(800, 5, 0.0, rejects).unwrap();
        // Never above the level; the ties of the statistic make it smaller.
        assert!(found.lower <= 0.1 && found.upper >= 0.05, "{found:?}");
    }

    #[test]
    fn holm_by_hand() {
        let adjusted = holm(&[0.01, 0.04, 0.03, 0.005]).unwrap();
        for (found, want) in adjusted.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert_relative_eq!(*found, want, max_relative = 1e-12);
        }
        assert!(holm(&[1.5]).is_err());
        assert!(holm(&[]).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn axes_turn_with_the_sample(turn in 0.0..3.0f64, angles in prop::collection::vec(0.0..1.2f64, 5..40)) {
            let a = axial_rayleigh_test(&angles).unwrap();
            let moved: Vec<f64> = angles.iter().enumerate().map(|(i, v)| v + turn + std::f64::consts::PI * (i % 3) as f64).collect();
            let b = axial_rayleigh_test(&moved).unwrap();
            prop_assert!((a.order - b.order).abs() < 1e-12);
            let gap = (b.mean - a.mean - turn).rem_euclid(std::f64::consts::PI);
            prop_assert!(gap.min(std::f64::consts::PI - gap) < 1e-9 / a.order.max(1e-6));
        }
    }

    #[test]
    fn rayleigh_probability_is_uniform_for_isotropic_axes() {
        let trial = |seed| {
            let mut rng = random::rng(seed);
            let angles: Vec<f64> = (0..30).map(|_| rng.random_range(0.0..std::f64::consts::PI)).collect();
            Some((axial_rayleigh_test(&angles).ok()?.p_value, f64::INFINITY))
        };
        for level in [0.05, 0.3] {
            let found = coverage(4000, 9, level, trial).unwrap();
            let sampling = (level * (1.0 - level) / 4000f64).sqrt();
            assert!((found.fraction - level).abs() < 4.0 * sampling, "{found:?}");
        }
    }
}
