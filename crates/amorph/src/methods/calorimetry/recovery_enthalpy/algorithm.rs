//! Difference of two heat capacities between two limits, over a baseline that only the outside shows.

use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::curve::trapezoid;
use crate::methods::calorimetry::noise::{Bins, Noise, Predicted};

/// Points for which the unseen baseline is asked.
const POINTS: usize = 60;

/// An enthalpy, J/kg.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recovered {
    /// Its value.
    pub enthalpy: f64,
    /// Error from noise and baseline.
    pub std: f64,
    /// Ends of its 95 % interval.
    pub interval: (f64, f64),
    /// The baseline's integral, J/kg.
    pub baseline: f64,
    /// Standard deviation of the white noise of a sample, J/(kg K).
    pub white: f64,
    /// Standard deviation of the 1/f noise, J/(kg K).
    pub flicker: f64,
}

/// `(T, aged - reference)` where both scans have values: at the temperatures of the first, the second interpolated between its neighbours.
pub fn difference(aged: (&[f64], &[f64]), reference: (&[f64], &[f64])) -> (Vec<f64>, Vec<f64>) {
    let (rx, ry) = reference;
    let mut x = Vec::new();
    let mut d = Vec::new();
    for (t, value) in aged.0.iter().zip(aged.1) {
        let k = rx.partition_point(|r| r < t);
        if k == 0 || k == rx.len() {
            continue;
        }
        let share = (t - rx[k - 1]) / (rx[k] - rx[k - 1]);
        x.push(*t);
        d.push(value - (ry[k - 1] + share * (ry[k] - ry[k - 1])));
    }
    (x, d)
}

/// Integral of a difference `d` (J/(kg K)) over rising `x` (K) within `limits`, less the straight baseline with 1/f noise that stretches of `window`
/// (K) outside of the limits show.
///
/// # Errors
/// [`CalorimetryError`] where the windows hold too few samples.
pub fn recovered(x: &[f64], d: &[f64], limits: (f64, f64), window: f64) -> Result<Recovered, CalorimetryError> {
    let row = |t: f64| x.partition_point(|v| *v < t);
    let (a, b) = (row(limits.0), row(limits.1));
    let windows = [(row(limits.0 - window), a), (b, row(limits.1 + window))];
    let fewest = windows.iter().map(|(a, b)| b.saturating_sub(*a)).min().unwrap_or(0);
    if fewest < 8 || b < a + 8 {
        return Err(CalorimetryError::TooFew { what: "samples beside the limits", found: fewest, needed: 8 });
    }
    let middle = 0.5 * (limits.0 + limits.1);
    let scale = limits.1 - limits.0;
    let columns: [&dyn Fn(f64) -> f64; 2] = [&|_| 1.0, &|t| (t - middle) / scale];
    let range = scale + 2.0 * window;
    let unclear =
        || CalorimetryError::NotFitted { what: "the baseline".to_owned(), reason: "the windows tell no noise".to_owned() };
    let noise = Noise::about(Bins::of(x, d, &windows), &columns, range).ok_or_else(unclear)?;
    let (inner, values) = (&x[a..b], &d[a..b]);
    let weights = trapezoid(inner);
    let area: f64 = weights.iter().zip(values).map(|(w, d)| w * d).sum();
    let white: f64 = weights.iter().map(|w| w * w).sum();
    let length = inner[inner.len() - 1] - inner[0];
    let targets: Vec<(f64, f64)> =
        (0..POINTS).map(|i| (inner[0] + length * (i as f64 + 0.5) / POINTS as f64, length / POINTS as f64)).collect();
    let Predicted { mean, std, interval: (lo, hi) } = noise.predict(&targets, &columns, white).ok_or_else(unclear)?;
    let sizes = noise.sizes();
    Ok(Recovered {
        enthalpy: area - mean,
        std,
        interval: (area - hi, area - lo),
        baseline: mean,
        white: sizes.0,
        flicker: sizes.1,
    })
}
