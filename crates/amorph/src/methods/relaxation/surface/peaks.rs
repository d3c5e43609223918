//! Maxima of the loss of an isochrone, for readings at one frequency.

use crate::methods::relaxation::spectra::Reading;

/// A maximum of the loss over temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak {
    /// Temperature, K.
    pub temperature: f64,
    /// Loss modulus there, Pa.
    pub loss: f64,
    /// Width at half of it, K; NaN where the loss does not fall so far on both sides.
    pub width: f64,
    /// Angular frequency, rad/s.
    pub omega: f64,
}

/// Readings on either side that smooth a value.
const REACH: usize = 3;
/// Rise above the higher of both flanks that makes a maximum: share of it, and in errors.
const PROMINENCE: (f64, f64) = (0.02, 5.0);

/// Maxima of a smoothed isochrone by rising temperature.
pub fn peaks(isochrone: &[Reading]) -> Vec<Peak> {
    let n = isochrone.len();
    if n < 2 * REACH + 3 {
        return Vec::new();
    }
    let smooth: Vec<(f64, f64)> = (0..n).map(|i| parabola(isochrone, i)).collect();
    let mut left: Vec<f64> = isochrone.iter().zip(&smooth).map(|(r, s)| (r.loss - s.0).abs()).collect();
    let error = crate::core::stats::median_in_place(&mut left) / crate::core::stats::MEDIAN_OF_ABSOLUTE_NORMAL;
    let is_top = |i: &usize| (1..=2).all(|k| smooth[*i].0 >= smooth[i - k].0 && smooth[*i].0 >= smooth[i + k].0);
    let mut found = Vec::new();
    for top in (2..n - 2).filter(is_top) {
        let height = smooth[top].0;
        let side = |range: &mut dyn Iterator<Item = usize>| {
            let mut lowest = height;
            for i in range {
                if smooth[i].0 > height {
                    break;
                }
                lowest = smooth[i].0.min(lowest);
            }
            lowest
        };
        let base = side(&mut (0..top).rev()).max(side(&mut (top + 1..n)));
        if height - base < (PROMINENCE.0 * height).max(PROMINENCE.1 * error) {
            continue;
        }
        let crossing = |range: &mut dyn Iterator<Item = usize>| {
            let mut before = top;
            for i in range {
                if smooth[i].0 < 0.5 * height {
                    let (a, b) = (smooth[before].0, smooth[i].0);
                    let share = (a - 0.5 * height) / (a - b);
                    let (ta, tb) = (isochrone[before].temperature, isochrone[i].temperature);
                    return Some(ta + share * (tb - ta));
                }
                before = i;
            }
            None
        };
        let ends = crossing(&mut (0..top).rev()).zip(crossing(&mut (top + 1..n)));
        found.push(Peak {
            temperature: isochrone[top].temperature + smooth[top].1,
            loss: height,
            width: ends.map_or(f64::NAN, |(lo, hi)| hi - lo),
            omega: isochrone[top].omega,
        });
    }
    found
}

/// Value at a reading of the parabola through its neighbours, and how far its top lies away (at most to the neighbours), K.
fn parabola(isochrone: &[Reading], centre: usize) -> (f64, f64) {
    let (lo, hi) = (centre.saturating_sub(REACH), (centre + REACH).min(isochrone.len() - 1));
    let t0 = isochrone[centre].temperature;
    let scale = (isochrone[hi].temperature - isochrone[lo].temperature).max(1e-9);
    let mut sums = [0.0; 5];
    let mut right = [0.0; 3];
    for reading in &isochrone[lo..=hi] {
        let x = (reading.temperature - t0) / scale;
        (0..5).for_each(|k| sums[k] += x.powi(k as i32));
        (0..3).for_each(|k| right[k] += reading.loss * x.powi(k as i32));
    }
    let matrix = [sums[0], sums[1], sums[2], sums[1], sums[2], sums[3], sums[2], sums[3], sums[4]];
    let Some(solver) = crate::core::dense::Cholesky::of(&matrix, 3) else {
        return (isochrone[centre].loss, 0.0);
    };
    let c = solver.solve(&right);
    let top = if c[2] < 0.0 { -0.5 * c[1] / c[2] * scale } else { 0.0 };
    let step = scale / (hi - lo).max(1) as f64;
    (c[0], top.clamp(-step, step))
}
