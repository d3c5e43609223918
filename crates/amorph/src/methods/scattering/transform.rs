//! Spherical Bessel transforms between scattering vectors and distances, l = 0 and 2.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::special::{spherical_j0, spherical_j2};

/// Weight of large scattering vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// None: sharp peaks with ripples.
    None,
    /// sin(πQ/Qmax)/(πQ/Qmax): broader peaks, few ripples (Lorch 1969).
    #[default]
    Lorch,
}

impl Window {
    /// The weight at a share of the largest Q.
    pub fn weight(self, share: f64) -> f64 {
        match self {
            Self::None => 1.0,
            Self::Lorch => spherical_j0(std::f64::consts::PI * share),
        }
    }
}

/// Weights of the trapezoidal rule on any grid.
pub fn trapezoid(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let gap = |k: usize| if k + 1 < n { x[k + 1] - x[k] } else { 0.0 };
    (0..n).map(|k| 0.5 * (gap(k) + if k > 0 { gap(k - 1) } else { 0.0 })).collect()
}

/// From a structure factor to distances: rows of weights, one per distance, so that g_l(r) = Σ row·X (+ 1 for l = 0), with
/// X = S₀ - 1 for l = 0 and S₂ for l = 2.
///
/// g₀ - 1 = 1/(2π²ρ₀) ∫ (S₀ - 1) j₀(Qr) M Q² dQ;  g₂ = -1/(2π²ρ₀) ∫ S₂ j₂(Qr) M Q² dQ. The same window for both.
#[derive(Debug, Clone, PartialEq)]
pub struct ToDistances {
    q: Vec<f64>,
    /// Q² M dQ/(2π²ρ₀).
    weights: Vec<f64>,
}

impl ToDistances {
    /// For a grid of Q (1/m) and a number density (1/m³).
    pub fn new(q: &[f64], window: Window, number_density: f64) -> Self {
        let q_max = q.last().copied().unwrap_or(1.0);
        let factor = 1.0 / (2.0 * std::f64::consts::PI.powi(2) * number_density);
        let weights = q.iter().zip(trapezoid(q)).map(|(q, dq)| factor * q * q * window.weight(q / q_max) * dq).collect();
        Self { q: q.to_vec(), weights }
    }

    /// The weights of a distance for l = 0.
    pub fn isotropic(&self, radius: f64) -> impl Iterator<Item = f64> {
        self.q.iter().zip(&self.weights).map(move |(q, weight)| weight * spherical_j0(q * radius))
    }

    /// The weights of a distance for l = 2.
    pub fn quadrupole(&self, radius: f64) -> impl Iterator<Item = f64> {
        self.q.iter().zip(&self.weights).map(move |(q, weight)| -weight * spherical_j2(q * radius))
    }
}

/// S₂(Q) = -4πρ₀ ∫ g₂ j₂(Qr) r² dr of a function on an even grid that starts at one step.
pub fn quadrupole_to_q(values: &[f64], step: f64, number_density: f64, q: &[f64]) -> Vec<f64> {
    let factor = -4.0 * std::f64::consts::PI * number_density * step;
    let at = |q: &f64| {
        let each = |(k, value): (usize, &f64)| {
            let radius = (k + 1) as f64 * step;
            value * spherical_j2(q * radius) * radius * radius
        };
        factor * values.iter().enumerate().map(each).sum::<f64>()
    };
    q.iter().map(at).collect()
}
