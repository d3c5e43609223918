//! The error of a loss tangent, from the curve itself.

use crate::core::stats::{MEDIAN_OF_ABSOLUTE_NORMAL, median_in_place};

/// Loss tangents at one frequency, by rising temperature.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Frequency, Hz.
    pub frequency: f64,
    /// Temperatures, K.
    pub temperatures: Vec<f64>,
    /// Loss tangents.
    pub values: Vec<f64>,
    /// Standard errors.
    pub errors: Vec<f64>,
}

/// What a reading is off the cubic through its four neighbours, over the error that makes of an error of 1 rad in every phase. An error `σ` of the
/// phase is one of `σ (1 + tan²δ)` of the loss tangent.
fn departures(temperatures: &[f64], values: &[f64]) -> Vec<f64> {
    let at = |i: usize| {
        let near = [i - 2, i - 1, i + 1, i + 2];
        let t = temperatures[i];
        let weight = |k: usize| {
            let others = near.iter().filter(|j| **j != k);
            others.map(|j| (t - temperatures[*j]) / (temperatures[k] - temperatures[*j])).product::<f64>()
        };
        let size = |k: usize| 1.0 + values[k] * values[k];
        let (mut departure, mut square) = (values[i], size(i).powi(2));
        for k in near {
            departure -= weight(k) * values[k];
            square += (weight(k) * size(k)).powi(2);
        }
        departure / square.sqrt()
    };
    let apart = |i: &usize| temperatures[i - 2..=i + 2].windows(2).all(|pair| pair[1] > pair[0]);
    (2..temperatures.len().saturating_sub(2)).filter(apart).map(at).collect()
}

/// Error of the phase, rad, common to all curves: from the median of departures, which a few outliers and bends do not move. `None` below 10 of them.
pub fn phase_error(curves: &[(Vec<f64>, Vec<f64>)]) -> Option<f64> {
    let mut all: Vec<f64> = curves.iter().flat_map(|(t, values)| departures(t, values)).map(f64::abs).collect();
    if all.len() < 10 {
        return None;
    }
    Some(median_in_place(&mut all) / MEDIAN_OF_ABSOLUTE_NORMAL)
}
