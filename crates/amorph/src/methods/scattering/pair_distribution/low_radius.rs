//! What a pair distribution shows where no two atoms can be, taken off the structure factor.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use crate::core::special::spherical_j0;
use crate::methods::scattering::transform::trapezoid;

/// Distances per half wave of the largest Q, and how few and many there are.
const PER_HALF_WAVE: f64 = 8.0;
const NODES: [usize; 2] = [32, 256];

/// The correction of a structure factor whose g(r) does not vanish below the shortest distance (Kaplow, Strong and Averbach 1965).
///
/// Below that distance G(r) = 4πrρ₀(g - 1) must be -4πrρ₀. The difference Δ = 4πrρ₀g there is transformed back and taken off,
/// `S → S - ∫ Δ sin(Qr)/Q dr`, the corrected S transformed, and so on. Every step is linear in S - 1, and so are all together:
/// the change of S is `-B N (F (S - 1) + f)`, where `F (S - 1) + f` is g below the shortest distance, B the way back and N the sum over the steps
/// of `(1 - F B)^k`.
#[derive(Debug, Clone, PartialEq)]
pub struct LowRadius {
    /// B: what g at one distance puts on S, one row per Q.
    to_q: Array2<f64>,
    /// N F, one row per distance.
    from_q: Array2<f64>,
    /// N f.
    offset: Array1<f64>,
}

impl LowRadius {
    /// For a grid of Q (1/m), the weights that a transform gives the rows at a distance (with its constant), the shortest distance (m), the number of steps and
    /// a number density (1/m³).
    pub fn new(q: &[f64], weights: impl Fn(f64) -> (f64, Vec<f64>), shortest: f64, steps: usize, number_density: f64) -> Self {
        let q_max = q.last().copied().unwrap_or(0.0);
        let half_waves = q_max * shortest / std::f64::consts::PI;
        let nodes = ((PER_HALF_WAVE * half_waves).ceil() as usize).clamp(NODES[0], NODES[1]);
        let radius: Vec<f64> = (1..=nodes).map(|k| shortest * k as f64 / nodes as f64).collect();
        // From zero on, where nothing is added.
        let whole: Vec<f64> = std::iter::once(0.0).chain(radius.iter().copied()).collect();
        let dr = trapezoid(&whole);
        let shell: Vec<f64> =
            radius.iter().zip(&dr[1..]).map(|(r, dr)| 4.0 * std::f64::consts::PI * number_density * r * r * dr).collect();
        let to_q = Array2::from_shape_fn((q.len(), nodes), |(row, k)| shell[k] * spherical_j0(q[row] * radius[k]));
        let mut forward = Array2::zeros((nodes, q.len()));
        let mut constant = Array1::zeros(nodes);
        for (k, r) in radius.iter().enumerate() {
            let (below, row) = weights(*r);
            constant[k] = 1.0 + below;
            forward.row_mut(k).assign(&ArrayView1::from(&row));
        }
        let left = Array2::<f64>::eye(nodes) - forward.dot(&to_q);
        let (mut power, mut sum) = (Array2::<f64>::eye(nodes), Array2::<f64>::zeros((nodes, nodes)));
        for _ in 0..steps {
            sum += &power;
            power = power.dot(&left);
        }
        Self { to_q, from_q: sum.dot(&forward), offset: sum.dot(&constant) }
    }

    /// S - 1 with the correction.
    pub fn corrected(&self, interference: &[f64]) -> Vec<f64> {
        let x = ArrayView1::from(interference);
        let taken = self.to_q.dot(&(self.from_q.dot(&x) + &self.offset));
        (&x - &taken).to_vec()
    }

    /// The weights on S - 1 as measured, of a sum with these weights on S - 1 as corrected.
    pub fn weights(&self, weights: &[f64]) -> Vec<f64> {
        let w = ArrayView1::from(weights);
        (&w - &w.dot(&self.to_q).dot(&self.from_q)).to_vec()
    }

    /// Standard errors of sums with these weights, one per row of weights on S - 1 as corrected, from the errors of S as measured.
    pub fn errors(&self, weights: &Array2<f64>, errors: &[f64]) -> Vec<f64> {
        let error = ArrayView1::from(errors);
        let of_measured = weights - &weights.dot(&self.to_q).dot(&self.from_q);
        let one = |row: ArrayView1<'_, f64>| (&row * &error).mapv(|value| value * value).sum().sqrt();
        of_measured.axis_iter(Axis(0)).map(one).collect()
    }
}
