//! The pair distribution of a structure factor, with the error of every distance.

use super::origin::{Below, Extrapolation};
use crate::methods::scattering::transform::{ToDistances, Window, trapezoid};

/// The sine transform of a structure factor, with what stands for it below its first Q.
#[derive(Debug, Clone, PartialEq)]
pub struct Transform {
    measured: ToDistances,
    below: Below,
}

impl Transform {
    /// For a grid of Q (1/m) and a number density (1/m³).
    pub fn new(q: &[f64], window: Window, extrapolation: Extrapolation, number_density: f64) -> Self {
        let measured = ToDistances::new(q, window, number_density);
        Self { measured, below: Below::new(q, extrapolation, window, number_density) }
    }
}

/// A pair distribution.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// Distances, m.
    pub radius: Vec<f64>,
    /// g(r).
    pub g: Vec<f64>,
    /// Its standard error; empty where the errors of S are not known.
    pub error: Vec<f64>,
}

/// g(r) = 1 + 1/(2π²ρ₀r) ∫ (S - 1) Q sin(Qr) M(Q) dQ.
pub fn distribution(transform: &Transform, s: &[f64], errors: Option<&[f64]>, radius: &[f64]) -> Distribution {
    let interference: Vec<f64> = s.iter().map(|s| s - 1.0).collect();
    let mut g: Vec<f64> = transform.measured.isotropic_sums(&interference, radius).into_iter().map(|sum| 1.0 + sum).collect();
    let mut variances = errors.map_or_else(Vec::new, |errors| transform.measured.isotropic_variances(errors, radius));
    for (k, r) in radius.iter().enumerate() {
        let (constant, rows) = transform.below.at(*r);
        g[k] += constant + rows.iter().zip(&interference).map(|(weight, x)| weight * x).sum::<f64>();
        if let Some(errors) = errors {
            // A row counts twice, in what was measured and in what was extrapolated from it: the two are added before squaring.
            let more = |((below, measured), error): ((&f64, f64), &f64)| below * (below + 2.0 * measured) * error * error;
            variances[k] += rows.iter().zip(transform.measured.isotropic(*r)).zip(errors).map(more).sum::<f64>();
        }
    }
    let error = variances.into_iter().map(|variance| variance.max(0.0).sqrt()).collect();
    Distribution { radius: radius.to_vec(), g, error }
}

/// Neighbours between two distances.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordination {
    /// ∫ 4πr²ρ₀ g dr.
    pub number: f64,
    /// Its standard error; NaN where the errors of S are not known.
    pub error: f64,
}

/// Number of neighbours in a range of distances: a linear function of S, whose error follows without approximation.
pub fn coordination(
    transform: &Transform,
    s: &[f64],
    errors: Option<&[f64]>,
    range: [f64; 2],
    number_density: f64,
) -> Coordination {
    const NODES: usize = 400;
    let radius: Vec<f64> = (0..=NODES).map(|k| range[0] + (range[1] - range[0]) * k as f64 / NODES as f64).collect();
    let dr = trapezoid(&radius);
    let shell = |r: f64| 4.0 * std::f64::consts::PI * r * r * number_density;
    // Weights of S in the integral.
    let mut weights = vec![0.0; s.len()];
    let mut number = 0.0;
    for (r, dr) in radius.iter().zip(&dr) {
        number += shell(*r) * dr;
        let (constant, rows) = transform.below.at(*r);
        number += shell(*r) * dr * constant;
        weights.iter_mut().zip(rows).for_each(|(sum, weight)| *sum += shell(*r) * dr * weight);
        weights.iter_mut().zip(transform.measured.isotropic(*r)).for_each(|(sum, weight)| *sum += shell(*r) * dr * weight);
    }
    number += weights.iter().zip(s).map(|(weight, s)| weight * (s - 1.0)).sum::<f64>();
    let variance = |errors: &[f64]| weights.iter().zip(errors).map(|(weight, error)| (weight * error).powi(2)).sum::<f64>();
    Coordination { number, error: errors.map_or(f64::NAN, |errors| variance(errors).sqrt()) }
}

/// The first maximum above one half of the highest value, refined by a parabola: distance and height.
pub fn first_peak(radius: &[f64], g: &[f64]) -> Option<(f64, f64)> {
    let highest = g.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let place = (1..g.len().saturating_sub(1)).find(|k| g[*k] > 0.5 * highest && g[*k] >= g[k - 1] && g[*k] > g[k + 1])?;
    let (a, b, c) = (g[place - 1], g[place], g[place + 1]);
    let offset = 0.5 * (a - c) / (a - 2.0 * b + c);
    Some((radius[place] + offset * (radius[1] - radius[0]), b - 0.25 * (a - c) * offset))
}

/// The first minimum beyond a distance.
pub fn first_minimum(radius: &[f64], g: &[f64], beyond: f64) -> Option<f64> {
    (1..g.len().saturating_sub(1)).find(|k| radius[*k] > beyond && g[*k] <= g[k - 1] && g[*k] < g[k + 1]).map(|k| radius[k])
}
