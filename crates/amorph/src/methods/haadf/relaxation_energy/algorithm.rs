//! Relaxation times over temperature: the laws of Arrhenius and of Vogel, Fulcher and Tammann.

use ndarray::Array2;

use crate::core::constants::BOLTZMANN;
use crate::core::fit::{ErrorScale, LinearLeastSquares, brent_minimise};
use crate::core::stats::student_t_quantile;

/// A relaxation time at a temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// K.
    pub temperature: f64,
    /// s.
    pub tau: f64,
    /// Standard error of ln tau.
    pub ln_error: f64,
}

/// `tau = tau_m exp(E/k (1/T - 1/T_m))`, T_m the harmonic mean of the temperatures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrhenius {
    /// E, J.
    pub energy: f64,
    /// Its standard error from the scatter about the line, J.
    pub energy_error: f64,
    /// Half of its 95 % interval; absent with fewer than three temperatures.
    pub half: Option<f64>,
    /// 1/T_m, 1/K.
    pub centre: f64,
    /// ln tau_m.
    pub ln_tau: f64,
    /// Scatter about the line over what the errors of the times give; NaN with two temperatures.
    pub scatter: f64,
}

/// `ln tau = a + B/(T - T0)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vogel {
    /// a.
    pub intercept: f64,
    /// B, K.
    pub strength: f64,
    /// T0, K.
    pub temperature: f64,
    /// Standard errors of B and T0.
    pub errors: [f64; 2],
}

/// Standard error that the energy will have, before anything is fitted: `k s / sqrt(sum (1/T - mean)^2)` with s the root mean square of the errors of ln tau. J.
pub fn expected_error(points: &[Point]) -> f64 {
    let n = points.len() as f64;
    let mean = points.iter().map(|point| 1.0 / point.temperature).sum::<f64>() / n;
    let spread: f64 = points.iter().map(|point| (1.0 / point.temperature - mean).powi(2)).sum();
    let s = (points.iter().map(|point| point.ln_error.powi(2)).sum::<f64>() / n).sqrt();
    BOLTZMANN * s / spread.sqrt()
}

fn weights(points: &[Point]) -> Vec<f64> {
    points.iter().map(|point| point.ln_error.powi(-2)).collect()
}

/// The line through ln tau over 1/T, weighted by the errors of the times; its own errors are from the scatter about it. `None` with fewer than two different
/// temperatures.
pub fn arrhenius(points: &[Point]) -> Option<Arrhenius> {
    let n = points.len();
    let weights = weights(points);
    let total: f64 = weights.iter().sum();
    let centre = points.iter().zip(&weights).map(|(point, w)| w / point.temperature).sum::<f64>() / total;
    let ln_tau: Vec<f64> = points.iter().map(|point| point.tau.ln()).collect();
    let design =
        Array2::from_shape_fn((n, 2), |(i, j)| if j == 0 { 1.0 } else { (1.0 / points[i].temperature - centre) * 1e4 });
    let problem =
        LinearLeastSquares { weights: Some(weights), error_scale: ErrorScale::Absolute, ..LinearLeastSquares::default() };
    let fit = problem.fit(design.view(), &ln_tau).ok()?;
    let dof = n as f64 - 2.0;
    let scatter = (fit.residual_sum / dof).sqrt();
    let unit = BOLTZMANN * 1e4;
    let error = if dof > 0.0 { fit.std_errors[1] * scatter } else { fit.std_errors[1] };
    let t = student_t_quantile(0.975, dof).ok().filter(|_| dof > 0.0);
    Some(Arrhenius {
        energy: fit.coefficients[1] * unit,
        energy_error: error * unit,
        half: t.map(|t| t * error * unit),
        centre,
        ln_tau: fit.coefficients[0],
        scatter: if dof > 0.0 { scatter } else { f64::NAN },
    })
}

impl Arrhenius {
    /// s.
    pub fn tau(&self, temperature: f64) -> f64 {
        (self.ln_tau + self.energy / BOLTZMANN * (1.0 / temperature - self.centre)).exp()
    }
}

/// The law of Vogel, Fulcher and Tammann of least squares, T0 from 0 up to the lowest temperature. `None` with fewer than five temperatures, or where T0 comes to
/// lie at either end: then the line of Arrhenius is as good, or the times rise too fast for the law.
pub fn vogel(points: &[Point]) -> Option<Vogel> {
    let n = points.len();
    let lowest = points.iter().map(|point| point.temperature).fold(f64::INFINITY, f64::min);
    let highest = points.iter().map(|point| point.temperature).fold(0.0, f64::max);
    if n < 5 {
        return None;
    }
    let ln_tau: Vec<f64> = points.iter().map(|point| point.tau.ln()).collect();
    let problem = LinearLeastSquares {
        weights: Some(weights(points)),
        error_scale: ErrorScale::Absolute,
        ..LinearLeastSquares::default()
    };
    let at = |t0: f64| {
        // Scaled to the lowest temperature, so that columns are of the order of one.
        let design =
            Array2::from_shape_fn((n, 2), |(i, j)| if j == 0 { 1.0 } else { (lowest - t0) / (points[i].temperature - t0) });
        problem.fit(design.view(), &ln_tau).ok()
    };
    let closest = lowest - 0.1 * (highest - lowest);
    let misfit = |t0: f64| at(t0).map_or(f64::INFINITY, |fit| fit.residual_sum);
    let best = brent_minimise(misfit, 0.0, closest, 1e-6 * lowest).ok()?.x;
    if best < 1e-3 * lowest || best > closest - 1e-3 * lowest {
        return None;
    }
    let fit = at(best)?;
    let strength = fit.coefficients[1] * (lowest - best);
    let design = Array2::from_shape_fn((n, 3), |(i, j)| {
        let below = points[i].temperature - best;
        match j {
            0 => 1.0,
            1 => (lowest - best) / below,
            _ => strength * (lowest - best) / (below * below),
        }
    });
    let tangent = problem.fit(design.view(), &ln_tau).ok()?;
    let scale = (lowest - best).abs();
    let errors = [tangent.std_errors[1] * scale, tangent.std_errors[2] * scale];
    (strength > 0.0).then_some(Vogel { intercept: fit.coefficients[0], strength, temperature: best, errors })
}
