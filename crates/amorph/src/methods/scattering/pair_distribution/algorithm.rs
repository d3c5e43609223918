//! The pair distribution of a structure factor, with the error of every distance.

use ndarray::{Array2, ArrayView1};

use super::low_radius::LowRadius;
use super::origin::{Below, Extrapolation};
use crate::methods::scattering::transform::{ToDistances, Window, trapezoid};

/// The sine transform of a structure factor, with what stands for it below its first Q, and its correction where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Transform {
    measured: ToDistances,
    below: Below,
    correction: Option<LowRadius>,
}

impl Transform {
    /// For a grid of Q (1/m) and a number density (1/m³).
    pub fn new(q: &[f64], window: Window, extrapolation: Extrapolation, number_density: f64) -> Self {
        let measured = ToDistances::new(q, window, number_density);
        Self { measured, below: Below::new(q, extrapolation, window, number_density), correction: None }
    }

    /// With what g shows below a distance (m) taken off the structure factor in so many steps; the same Q and density.
    #[must_use]
    pub fn corrected_below(self, shortest: f64, steps: usize, q: &[f64], number_density: f64) -> Self {
        let correction = LowRadius::new(q, |r| self.weights(r), shortest, steps, number_density);
        Self { correction: Some(correction), ..self }
    }

    /// The structure factor that is transformed: with its correction where there is one.
    pub fn corrected(&self, s: &[f64]) -> Vec<f64> {
        self.interference(s).iter().map(|x| x + 1.0).collect()
    }

    /// S - 1 as it is transformed.
    fn interference(&self, s: &[f64]) -> Vec<f64> {
        let interference: Vec<f64> = s.iter().map(|s| s - 1.0).collect();
        match &self.correction {
            Some(correction) => correction.corrected(&interference),
            None => interference,
        }
    }

    /// g - 1 at a distance (m) of S = 1, and the weights of all rows of S - 1 in it.
    fn weights(&self, radius: f64) -> (f64, Vec<f64>) {
        let mut weights: Vec<f64> = self.measured.isotropic(radius).collect();
        let (constant, rows) = self.below.at(radius);
        weights.iter_mut().zip(rows).for_each(|(sum, weight)| *sum += weight);
        (constant, weights)
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
    let interference = transform.interference(s);
    let mut g: Vec<f64> = transform.measured.isotropic_sums(&interference, radius).into_iter().map(|sum| 1.0 + sum).collect();
    for (g, r) in g.iter_mut().zip(radius) {
        let (constant, rows) = transform.below.at(*r);
        *g += constant + rows.iter().zip(&interference).map(|(weight, x)| weight * x).sum::<f64>();
    }
    let error = match (errors, &transform.correction) {
        (None, _) => Vec::new(),
        (Some(errors), None) => uncorrected_errors(transform, errors, radius),
        (Some(errors), Some(correction)) => {
            let mut weights = Array2::zeros((radius.len(), errors.len()));
            for (mut row, r) in weights.rows_mut().into_iter().zip(radius) {
                row.assign(&ArrayView1::from(&transform.weights(*r).1));
            }
            correction.errors(&weights, errors)
        }
    };
    Distribution { radius: radius.to_vec(), g, error }
}

fn uncorrected_errors(transform: &Transform, errors: &[f64], radius: &[f64]) -> Vec<f64> {
    let mut variances = transform.measured.isotropic_variances(errors, radius);
    for (variance, r) in variances.iter_mut().zip(radius) {
        let (_, rows) = transform.below.at(*r);
        // A row counts twice, in what was measured and in what was extrapolated from it: the two are added before squaring.
        let more = |((below, measured), error): ((&f64, f64), &f64)| below * (below + 2.0 * measured) * error * error;
        *variance += rows.iter().zip(transform.measured.isotropic(*r)).zip(errors).map(more).sum::<f64>();
    }
    variances.into_iter().map(|variance| variance.max(0.0).sqrt()).collect()
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
        let (constant, rows) = transform.weights(*r);
        number += shell(*r) * dr * (1.0 + constant);
        weights.iter_mut().zip(rows).for_each(|(sum, weight)| *sum += shell(*r) * dr * weight);
    }
    number += weights.iter().zip(transform.interference(s)).map(|(weight, x)| weight * x).sum::<f64>();
    if let Some(correction) = &transform.correction {
        weights = correction.weights(&weights);
    }
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
