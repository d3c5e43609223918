//! Intervals of proportions, and the coverage of intervals.

use super::error::require_level;
use super::resample::item_seed;
use super::{StatsError, beta_quantile, normal_quantile};
use rayon::prelude::*;

/// Wilson's score interval of a proportion (Wilson 1927).
///
/// # Errors
/// No trial, more successes than trials, a level outside (0, 1).
pub fn wilson_interval(successes: usize, trials: usize, level: f64) -> Result<(f64, f64), StatsError> {
    check(successes, trials, level)?;
    let (k, n) = (successes as f64, trials as f64);
    let z = normal_quantile(0.5 + 0.5 * level)?;
    let z2 = z * z;
    let centre = (k + 0.5 * z2) / (n + z2);
    let half = z / (n + z2) * (k * (n - k) / n + 0.25 * z2).sqrt();
    let lower = if successes == 0 { 0.0 } else { (centre - half).max(0.0) };
    let upper = if successes == trials { 1.0 } else { (centre + half).min(1.0) };
    Ok((lower, upper))
}

/// Exact interval of a proportion (Clopper & Pearson 1934): covers at least the level.
///
/// # Errors
/// As [`wilson_interval`].
pub fn clopper_pearson_interval(successes: usize, trials: usize, level: f64) -> Result<(f64, f64), StatsError> {
    check(successes, trials, level)?;
    let (k, n) = (successes as f64, trials as f64);
    let alpha = 0.5 * (1.0 - level);
    let lower = if successes == 0 { 0.0 } else { beta_quantile(alpha, k, n - k + 1.0)? };
    let upper = if successes == trials { 1.0 } else { beta_quantile(1.0 - alpha, k + 1.0, n - k)? };
    Ok((lower, upper))
}

fn check(successes: usize, trials: usize, level: f64) -> Result<(), StatsError> {
    require_level("level", level)?;
    if trials == 0 {
        return Err(StatsError::TooFew { found: 0, needed: 1 });
    }
    if successes > trials {
        let (what, rule) = ("number of successes", "no larger than the number of trials");
        return Err(StatsError::OutOfRange { what, value: successes as f64, rule });
    }
    Ok(())
}

/// How often an interval held the truth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Intervals that held the truth.
    pub covered: usize,
    /// Trials with an interval.
    pub trials: usize,
    /// Trials without one.
    pub undefined: usize,
    /// `covered / trials`.
    pub fraction: f64,
    /// Lower end of the 95 % Wilson interval of the fraction.
    pub lower: f64,
    /// Upper end of the 95 % Wilson interval of the fraction.
    pub upper: f64,
}

/// Runs `trial` with `n` seeds derived from `seed`, in parallel, and counts how often
/// its interval holds `truth` (ends included). An open side is given as infinity.
///
/// # Errors
/// No trial gave an interval.
pub fn coverage(
    n: usize,
    seed: u64,
    truth: f64,
    trial: impl Fn(u64) -> Option<(f64, f64)> + Sync,
) -> Result<Coverage, StatsError> {
    let intervals: Vec<Option<(f64, f64)>> = (0..n).into_par_iter().map(|i| trial(item_seed(seed, "trial", i))).collect();
    let trials = intervals.iter().flatten().count();
    let covered = intervals.iter().flatten().filter(|(lower, upper)| (*lower..=*upper).contains(&truth)).count();
    let (lower, upper) = wilson_interval(covered, trials, 0.95)?;
    let fraction = covered as f64 / trials as f64;
    Ok(Coverage { covered, trials, undefined: n - trials, fraction, lower, upper })
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;
    use proptest::prelude::*;

    #[test]
    fn published_intervals() {
        // Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E,
        // table I: 81/263, 15/148, 0/20, 1/29.
        let cases = [
            (81, 263, 0.2553, 0.3662, 0.2527, 0.3676),
            (15, 148, 0.0624, 0.1605, 0.0578, 0.1617),
            (0, 20, 0.0, 0.1611, 0.0, 0.1684),
            (1, 29, 0.0061, 0.1718, 0.0009, 0.1776),
        ];
        for (k, n, w0, w1, c0, c1) in cases {
            let (lower, upper) = wilson_interval(k, n, 0.95).unwrap();
            assert!((lower - w0).abs() < 5.1e-5 && (upper - w1).abs() < 5.1e-5, "{k}/{n}: {lower} {upper}");
            let (lower, upper) = clopper_pearson_interval(k, n, 0.95).unwrap();
            assert!((lower - c0).abs() < 5.1e-5 && (upper - c1).abs() < 5.1e-5, "{k}/{n}: {lower} {upper}");
        }
    }

    proptest! {
        #[test]
        fn intervals_mirror_and_hold_the_share(k in 0..60usize, more in 0..60usize) {
            prop_assume!(k + more > 0);
            for interval in [wilson_interval, clopper_pearson_interval] {
                let (a, b) = interval(k, k + more, 0.9).unwrap();
                let (c, d) = interval(more, k + more, 0.9).unwrap();
                let share = k as f64 / (k + more) as f64;
                prop_assert!(a <= share && share <= b);
                prop_assert!((a - (1.0 - d)).abs() < 1e-9 && (b - (1.0 - c)).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn no_success_gives_the_rule_of_three() {
        // Upper end 1 - alpha^(1/n) in closed form.
        let (_, upper) = clopper_pearson_interval(0, 50, 0.95).unwrap();
        assert_relative_eq!(upper, 1.0 - 0.025f64.powf(0.02), max_relative = 1e-9);
    }

    #[test]
    fn coverage_counts_what_is_there() {
        // Intervals hold 0 for even seeds; a quarter of the seeds gives none.
        let found = coverage(2000, 3, 0.0, |s| (s % 4 != 3).then_some(((s % 2) as f64, 2.0))).unwrap();
        assert_eq!(found.trials + found.undefined, 2000);
        assert!((found.fraction - 2.0 / 3.0).abs() < 0.05 && found.lower < found.fraction && found.fraction < found.upper);
        assert!(coverage(10, 3, 0.0, |_| None).is_err());
    }
}
