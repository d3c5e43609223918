//! Relative drops of positive numbers, by their logarithms.

use crate::core::stats::{Moments, student_t_quantile, welch_test};

/// A relative drop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drop {
    /// `1 - M_treated/M_untreated`.
    pub value: f64,
    /// Standard error.
    pub std_error: f64,
    /// 95 % interval; absent for fewer than three sites.
    pub interval: Option<(f64, f64)>,
}

const REPLICATES_MIN: usize = 3;

/// `ln M` of every site.
fn logs(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| value.ln()).collect()
}

/// From a difference of mean logarithms.
fn from_log(difference: f64, std_error: f64, interval: Option<(f64, f64)>) -> Drop {
    let ratio = difference.exp();
    Drop {
        value: 1.0 - ratio,
        std_error: ratio * std_error,
        interval: interval.map(|(lo, hi)| (1.0 - hi.exp(), 1.0 - lo.exp())),
    }
}

/// Drop between two groups of sites: Welch's interval of the difference of mean logarithms.
pub fn drop(untreated: &[f64], treated: &[f64]) -> Option<Drop> {
    let (before, after) = (logs(untreated), logs(treated));
    let error = Moments::of(&before).ok()?.std_error().hypot(Moments::of(&after).ok()?.std_error());
    let enough = before.len().min(after.len()) >= REPLICATES_MIN;
    let welch = welch_test(&after, &before, 0.95).ok()?;
    Some(from_log(welch.difference, error, enough.then_some((welch.lower, welch.upper))))
}

/// Drop of the same sites before and after: Student's interval of the differences of logarithms.
pub fn paired_drop(untreated: &[f64], treated: &[f64]) -> Option<Drop> {
    let differences: Vec<f64> = logs(treated).iter().zip(logs(untreated)).map(|(after, before)| after - before).collect();
    let moments = Moments::of(&differences).ok()?;
    let t = student_t_quantile(0.975, differences.len() as f64 - 1.0).ok()?;
    let half = t * moments.std_error();
    let interval = (differences.len() >= REPLICATES_MIN).then_some((moments.mean - half, moments.mean + half));
    Some(from_log(moments.mean, moments.std_error(), interval))
}

/// Mean of drops that were measured within single maps.
pub fn mean_drop(drops: &[f64]) -> Option<Drop> {
    let moments = Moments::of(drops).ok()?;
    let t = student_t_quantile(0.975, drops.len() as f64 - 1.0).ok()?;
    let half = t * moments.std_error();
    let interval = (drops.len() >= REPLICATES_MIN).then_some((moments.mean - half, moments.mean + half));
    Some(Drop { value: moments.mean, std_error: moments.std_error(), interval })
}
