//! Unloading curves by Oliver and Pharr.

use std::f64::consts::PI;

use crate::core::fit::{Fit, FitError, LeastSquares, Parameter, WithJacobian};
use ndarray::Array2;

/// Unloading from the last sample near the peak on: load and depth, falling.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Level of the load at the peak, N.
    pub peak_load: f64,
    /// Depth of the first sample, m.
    pub first_depth: f64,
    /// Load, N.
    pub load: Vec<f64>,
    /// Depth, m.
    pub depth: Vec<f64>,
}

/// `P = B (h - hf)^m` fitted to a window of loads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerLaw {
    /// Stiffness at the start of the unloading, N/m.
    pub stiffness: f64,
    /// Its standard error from the scatter.
    pub stiffness_std: f64,
    /// Standard error of the depth at the peak, m.
    pub peak_depth_std: f64,
    /// Covariance of stiffness and depth at the peak, N.
    pub covariance: f64,
    /// Exponent.
    pub exponent: f64,
    /// Its standard error.
    pub exponent_std: f64,
    /// Depth at the peak load, m.
    pub peak_depth: f64,
    /// Final depth, m.
    pub final_depth: f64,
    /// Whether the exponent ended on a bound.
    pub at_bound: bool,
    /// Samples.
    pub n: usize,
}

/// Limits of the exponent.
pub const EXPONENTS: (f64, f64) = (1.0, 2.5);

/// Fits the samples whose load lies within `window` (upper, lower) of the peak.
///
/// # Errors
/// Fewer than six samples, no convergence.
pub fn power_law(branch: &Branch, window: (f64, f64)) -> Result<PowerLaw, FitError> {
    let peak = branch.peak_load;
    let inside = |load: &f64| *load <= window.0 * peak && *load >= window.1 * peak;
    let rows: Vec<(f64, f64)> =
        branch.load.iter().zip(&branch.depth).filter(|(p, _)| inside(p)).map(|(p, h)| (*h, p / peak)).collect();
    if rows.len() < 6 {
        return Err(FitError::TooFewData { found: rows.len(), needed: 6, free: 3 });
    }
    // The depth as a function of the load: the depth carries the noise that matters, and no power of a negative number appears.
    // In units of the peak: h = hf + s (P/Pmax)^(1/m).
    let (first, last) = (rows[0], rows[rows.len() - 1]);
    let span = (first.0 - last.0).abs().max(1e-12);
    let y: Vec<f64> = rows.iter().map(|(h, _)| h / span).collect();
    let residuals =
        |p: &[f64]| rows.iter().zip(&y).map(|((_, load), y)| p[0] + p[1] * load.powf(p[2]) - y).collect::<Vec<f64>>();
    let jacobian = |p: &[f64]| {
        Array2::from_shape_fn((rows.len(), 3), |(i, j)| {
            let load = rows[i].1;
            let power = load.powf(p[2]);
            [1.0, power, p[1] * power * load.ln()][j]
        })
    };
    let start = [y[0] - 1.2, 1.2, 0.8];
    let problem = LeastSquares::new(vec![
        Parameter::new("final", start[0]),
        Parameter::new("elastic", start[1]).at_least(1e-9),
        Parameter::new("inverse exponent", start[2]).within(1.0 / EXPONENTS.1, 1.0 / EXPONENTS.0),
    ]);
    let fit = problem.fit(&WithJacobian { residuals, jacobian })?;
    Ok(of_fit(&fit, peak, span, rows.len()))
}

fn of_fit(fit: &Fit, peak: f64, span: f64, n: usize) -> PowerLaw {
    let (elastic, inverse) = (fit.params[1], fit.params[2]);
    // dP/dh at the peak: m Pmax/(elastic depth).
    let stiffness = peak / (elastic * inverse * span);
    let c = &fit.covariance;
    let relative = c[[1, 1]] / (elastic * elastic) + c[[2, 2]] / (inverse * inverse) + 2.0 * c[[1, 2]] / (elastic * inverse);
    let deeper = (c[[0, 0]] + c[[1, 1]] + 2.0 * c[[0, 1]]).max(0.0);
    let together = (c[[0, 1]] + c[[1, 1]]) / elastic + (c[[0, 2]] + c[[1, 2]]) / inverse;
    PowerLaw {
        stiffness,
        stiffness_std: stiffness * relative.max(0.0).sqrt(),
        peak_depth_std: span * deeper.sqrt(),
        covariance: -stiffness * span * together,
        exponent: 1.0 / inverse,
        exponent_std: fit.std_errors[2] / (inverse * inverse),
        peak_depth: (fit.params[0] + elastic) * span,
        final_depth: fit.params[0] * span,
        at_bound: fit.at_bound[2],
        n,
    }
}

impl PowerLaw {
    /// The same without the creep that goes on while the load falls: `1/S = 1/S_fit + h'/|P'|` (Feng and Ngan 2002), `creep` being `h'/|P'|`.
    pub fn without_creep(self, creep: f64) -> Self {
        let stiffness = 1.0 / (1.0 / self.stiffness + creep);
        let change = (stiffness / self.stiffness).powi(2);
        Self { stiffness, stiffness_std: change * self.stiffness_std, covariance: change * self.covariance, ..self }
    }

    /// Whether another window gives another stiffness than the scatter of both explains; the larger window knows what the smaller knows.
    pub fn differs(&self, other: &Self) -> bool {
        let (own, others) = (self.stiffness_std.powi(2), other.stiffness_std.powi(2));
        let variance = if others > own { others - own } else { others + own };
        (other.stiffness - self.stiffness).powi(2) > 4.0 * variance
    }
}

/// Creep rate at the end of the hold over the rate at which the load then falls, m/N; absent without a hold.
pub fn creep_over_unloading(time: &[f64], load: &[f64], depth: &[f64], start: usize, level: f64) -> Option<f64> {
    let hold = load[..start].iter().rposition(|p| *p < 0.98 * level).map_or(0, |row| row + 1);
    let from = hold + (start - hold) / 2;
    let later = load[start..].iter().position(|p| *p < 0.7 * level).map(|row| start + row)?;
    let slope = |rows: std::ops::Range<usize>, y: &[f64]| {
        let n = rows.len() as f64;
        let (t, v) = rows.clone().fold((0.0, 0.0), |a, row| (a.0 + time[row] / n, a.1 + y[row] / n));
        let (xx, xy) = rows.fold((0.0, 0.0), |a, row| {
            let x = time[row] - t;
            (a.0 + x * x, a.1 + x * (y[row] - v))
        });
        (n >= 5.0 && xx > 0.0).then(|| xy / xx)
    };
    let (creep, unloading) = (slope(from..start, depth)?, slope(start..later + 1, load)?);
    (unloading < 0.0).then(|| creep / -unloading)
}

/// The unloading: from row `start`, after the last sample near the peak `level`, to the lowest load after it.
pub fn branch(load: &[f64], depth: &[f64], start: usize, level: f64) -> Option<Branch> {
    let from = start.checked_sub(1)?;
    let peak_load = level;
    let mut end = from + 1;
    let mut lowest = f64::INFINITY;
    for (row, value) in load.iter().enumerate().skip(from + 1) {
        if *value > lowest + 0.1 * peak_load {
            break;
        }
        lowest = lowest.min(*value);
        end = row + 1;
    }
    (end > from + 1).then(|| Branch {
        peak_load,
        first_depth: depth[from],
        load: load[from + 1..end].to_vec(),
        depth: depth[from + 1..end].to_vec(),
    })
}

/// Projected area at a contact depth, m^2: `A = Σ C_k h^(2/2^k)` with depth in nm and area in nm^2.
pub fn area(coefficients: &[f64], contact_depth: f64) -> f64 {
    let nm = contact_depth * 1e9;
    let term = |(k, c): (usize, &f64)| if *c == 0.0 { 0.0 } else { c * nm.max(0.0).powf(2.0 / f64::from(1u32 << k)) };
    coefficients.iter().enumerate().map(term).sum::<f64>() * 1e-18
}

/// `dA/dh`, m.
pub fn area_slope(coefficients: &[f64], contact_depth: f64) -> f64 {
    let step = 1e-4 * contact_depth;
    (area(coefficients, contact_depth + step) - area(coefficients, contact_depth - step)) / (2.0 * step)
}

/// Reduced modulus `sqrt(π)/(2β) S/sqrt(A)`, Pa.
pub fn reduced_modulus(stiffness: f64, area: f64, beta: f64) -> f64 {
    PI.sqrt() / (2.0 * beta) * stiffness / area.sqrt()
}

/// Modulus of the sample from the reduced one, Pa; negative where the tip would have to be stiffer.
pub fn sample_modulus(reduced: f64, poisson_ratio: f64, tip_modulus: f64, tip_poisson_ratio: f64) -> f64 {
    (1.0 - poisson_ratio.powi(2)) / (1.0 / reduced - (1.0 - tip_poisson_ratio.powi(2)) / tip_modulus)
}
