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

/// Where a conversion is reached, K, and its rate there, 1/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// Temperature, K.
    pub temperature: f64,
    /// Rate of conversion, 1/s.
    pub speed: f64,
}

/// How far the feet of an exotherm are sought, in half widths of its top: below and above.
const FEET: (f64, f64) = (5.0, 4.0);

/// Where an exotherm over a straight line between its feet has released these shares of its heat (rising); `None` where it is cut off.
pub fn conversions(scan: &Scan, peak: &Peak, smoothing: f64, shares: &[f64]) -> Option<Vec<Reached>> {
    let (x, y) = (&scan.temperature, &scan.heat_capacity);
    let smooth = smoothed(x, y, smoothing);
    let row = |t: f64| x.partition_point(|v| *v < t);
    let (first, top, end) =
        (row(peak.temperature - FEET.0 * peak.half), row(peak.temperature), row(peak.temperature + FEET.1 * peak.half));
    let highest = |rows: std::ops::Range<usize>| rows.max_by(|a, b| smooth[*a].total_cmp(&smooth[*b]));
    let (a, b) = (highest(first..top)?, highest(top..end.min(x.len()))?);
    // A scan that ends on the flank has no second foot.
    if b + 5 < a || x[b] < peak.temperature + peak.half || x[a] > peak.temperature - peak.half {
        return None;
    }
    let line = |t: f64| smooth[a] + (smooth[b] - smooth[a]) * (t - x[a]) / (x[b] - x[a]);
    let mut heat = vec![0.0];
    for i in a + 1..=b {
        let below = |k: usize| line(x[k]) - y[k];
        heat.push(heat[i - 1 - a] + 0.5 * (below(i) + below(i - 1)) * (x[i] - x[i - 1]));
    }
    let whole = *heat.last()?;
    let one = |share: &f64| {
        let after = heat.iter().position(|h| *h >= share * whole).filter(|after| *after > 0)?;
        let (h0, h1) = (heat[after - 1], heat[after]);
        let part = (share * whole - h0) / (h1 - h0);
        let temperature = x[a + after - 1] + part * (x[a + after] - x[a + after - 1]);
        let value = local_polynomial(x, y, temperature, smoothing, 2)?[0];
        Some(Reached { temperature, speed: (line(temperature) - value) / whole * scan.rate })
    };
    let found: Option<Vec<Reached>> = shares.iter().map(one).collect();
    found.filter(|all| whole > 0.0 && all.iter().all(|reached| reached.speed > 0.0))
}
