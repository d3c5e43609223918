//! Where the exotherm of a heating scan is highest.

use crate::methods::calorimetry::curve::{local_polynomial, smoothed};
use crate::methods::calorimetry::scans::Scan;

/// Share of the height down to which the peak is fitted.
const DOWN_TO: f64 = 0.6;
/// An exotherm is higher than the range of the signal before it by this factor.
const CLEAR: f64 = 1.0;

/// A peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Its temperature, K.
    pub temperature: f64,
    /// Half of the width over which it was fitted, K.
    pub half: f64,
    /// Heat capacity there, J/(kg K).
    pub value: f64,
}

/// Finds the largest exotherm and fits a local cubic to its top; `None` without one.
pub fn exotherm(scan: &Scan, smoothing: f64) -> Option<Peak> {
    let (x, y) = (&scan.temperature, &scan.heat_capacity);
    let n = x.len();
    let smooth = smoothed(x, y, smoothing);
    let lowest = (0..n).min_by(|a, b| smooth[*a].total_cmp(&smooth[*b]))?;
    if lowest < n / 4 || x[n - 1] - x[lowest] < smoothing {
        return None;
    }
    let mut first: Vec<f64> = smooth[..n / 4].to_vec();
    first.sort_by(f64::total_cmp);
    let usual = first[first.len() / 2];
    let highest = smooth[..lowest].iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let depth = usual - smooth[lowest];
    if depth <= CLEAR * (highest - usual) || depth <= 0.0 {
        return None;
    }
    let limit = usual - DOWN_TO * depth;
    let left = (0..lowest).rev().find(|i| smooth[*i] > limit)?;
    let right = (lowest..n).find(|i| smooth[*i] > limit).unwrap_or(n - 1);
    let half = (0.5 * (x[right] - x[left])).max(smoothing);
    let mut at = x[lowest];
    let mut value = smooth[lowest];
    for _ in 0..30 {
        let c = local_polynomial(x, y, at, half, 3)?;
        if c[2] <= 0.0 {
            return None;
        }
        let shift = (-c[1] / (2.0 * c[2])).clamp(-0.5 * half, 0.5 * half);
        at += shift;
        value = c[0];
        if shift.abs() < 1e-5 {
            break;
        }
    }
    (at > x[0] && at < x[n - 1]).then_some(Peak { temperature: at, half, value })
}
