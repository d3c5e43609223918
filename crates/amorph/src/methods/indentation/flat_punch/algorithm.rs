//! A flat punch on and off.

use crate::core::fit::{LinearLeastSquares, straight_line};
use crate::methods::indentation::Curve;

/// What a test shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Press {
    /// Largest load, N.
    pub peak_load: f64,
    /// Largest depth, m.
    pub largest_depth: f64,
    /// Depth left at the end of the unloading, m.
    pub residual_depth: Option<f64>,
    /// Slope of the unloading between 95 and 70 % of the peak (N/m), its standard error, degrees of freedom.
    pub stiffness: Option<(f64, f64, f64)>,
}

/// Loads over the peak between which the unloading is straight, and below which it has ended.
const STRAIGHT: (f64, f64) = (0.95, 0.7);
const OFF: f64 = 0.05;

/// Reads a curve, the drift taken off.
pub fn press(curve: &Curve, drift_rate: f64) -> Press {
    let start = curve.time.first().copied().unwrap_or(0.0);
    let depth: Vec<f64> = curve.depth.iter().zip(&curve.time).map(|(h, t)| h - drift_rate * (t - start)).collect();
    let peak_load = curve.peak();
    let unloading = curve.loaded_end.min(depth.len())..depth.len();
    let (load, fall) = (&curve.load[unloading.clone()], &depth[unloading]);
    let inside = |p: f64| p <= STRAIGHT.0 * peak_load && p >= STRAIGHT.1 * peak_load;
    let rows: Vec<usize> = (0..load.len()).filter(|row| inside(load[*row])).collect();
    // The depth over the load: the depth carries the noise.
    let x: Vec<f64> = rows.iter().map(|row| load[*row]).collect();
    let y: Vec<f64> = rows.iter().map(|row| fall[*row]).collect();
    let line = (rows.len() >= 5).then(|| straight_line(&x, &y, &LinearLeastSquares::default()).ok()).flatten();
    let stiffness = line.filter(|fit| fit.coefficients[1] > 0.0).map(|fit| {
        let slope = fit.coefficients[1];
        (1.0 / slope, fit.std_errors[1] / (slope * slope), fit.dof as f64)
    });
    let residual_depth = load.iter().position(|p| *p <= OFF * peak_load).map(|row| fall[row]);
    Press { peak_load, largest_depth: depth.iter().fold(f64::NEG_INFINITY, |a, h| a.max(*h)), residual_depth, stiffness }
}
