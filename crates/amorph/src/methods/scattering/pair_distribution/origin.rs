//! The structure factor between Q = 0 and the first Q that was measured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::core::special::spherical_j0;
use crate::methods::scattering::transform::{Window, trapezoid};

/// What stands for the structure factor below its first Q.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Extrapolation {
    /// The integral begins at the first Q.
    #[default]
    None,
    /// A straight line from the first value to zero at Q = 0.
    LinearZero,
    /// a + b Q², fitted to the values up to 1.5 times the first Q, at least four.
    Quadratic,
}

/// Number of steps between zero and the first Q.
const STEPS: usize = 500;
/// Up to so many times the first Q a parabola is fitted.
const REACH: f64 = 1.5;
/// A parabola is fitted to so many values at least.
const FEWEST: usize = 4;

/// Its share of the pair distribution: at every distance a constant, and a weight on S - 1 of the first rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Below {
    q: Vec<f64>,
    /// Q² M dQ/(2π²ρ₀).
    weights: Vec<f64>,
    /// S - 1 at these Q where S is one at all rows.
    constant: Vec<f64>,
    /// S - 1 at these Q for each row, where S - 1 is one at that row and zero at all others.
    rows: Vec<Vec<f64>>,
}

impl Below {
    /// For a grid of Q (1/m) and a number density (1/m³).
    pub fn new(q: &[f64], extrapolation: Extrapolation, window: Window, number_density: f64) -> Self {
        let (first, last) = (q.first().copied().unwrap_or(0.0), q.last().copied().unwrap_or(1.0));
        if extrapolation == Extrapolation::None || first <= 0.0 {
            return Self { q: Vec::new(), weights: Vec::new(), constant: Vec::new(), rows: Vec::new() };
        }
        let below: Vec<f64> = (0..=STEPS).map(|k| first * k as f64 / STEPS as f64).collect();
        let factor = 1.0 / (2.0 * std::f64::consts::PI.powi(2) * number_density);
        let weight = |(q, dq): (&f64, f64)| factor * q * q * window.weight(q / last) * dq;
        let weights = below.iter().zip(trapezoid(&below)).map(weight).collect();
        let line: Vec<f64> = below.iter().map(|q| q / first).collect();
        let (constant, rows) = if extrapolation == Extrapolation::LinearZero {
            (line.iter().map(|share| share - 1.0).collect(), vec![line])
        } else {
            (vec![0.0; below.len()], parabola(q, &below))
        };
        Self { q: below, weights, constant, rows }
    }

    /// At a distance (m): the constant, and the weights on S - 1 of the first rows.
    pub fn at(&self, radius: f64) -> (f64, Vec<f64>) {
        let waves: Vec<f64> = self.q.iter().zip(&self.weights).map(|(q, weight)| weight * spherical_j0(q * radius)).collect();
        let sum = |values: &Vec<f64>| waves.iter().zip(values).map(|(wave, value)| wave * value).sum::<f64>();
        (sum(&self.constant), self.rows.iter().map(sum).collect())
    }
}

/// For each of the first rows, what it adds at `below` to a parabola without a linear term, by least squares.
fn parabola(q: &[f64], below: &[f64]) -> Vec<Vec<f64>> {
    let end = q.partition_point(|value| *value <= REACH * q[0]).max(FEWEST).min(q.len());
    let squares: Vec<f64> = q[..end].iter().map(|q| q * q).collect();
    let mean = squares.iter().sum::<f64>() / end as f64;
    let spread: f64 = squares.iter().map(|square| (square - mean).powi(2)).sum();
    let of_row =
        |square: &f64| below.iter().map(|q| 1.0 / end as f64 + (q * q - mean) * (square - mean) / spread).collect::<Vec<f64>>();
    squares.iter().map(of_row).collect()
}
