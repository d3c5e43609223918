//! The stretched exponential on a grid, for fits that ask for it a million times.

use crate::core::special::ln_gamma;
use crate::methods::relaxation::kernels::{Pair, Slopes, Stretched};

const LOWEST_BETA: f64 = 0.16;
const BETA_STEP: f64 = 0.02;
const BETAS: usize = 43;
/// Ends of the grid in `ln ωτ`; series beyond.
const LOWEST: f64 = -11.6;
const HIGHEST: f64 = 7.0;
const STEP: f64 = 0.15;
const TERMS: usize = 40;

/// `χ` and `∂χ/∂ln τ` on a grid of `β` and `ln ωτ`.
#[derive(Debug, Clone)]
pub struct KwwTable {
    nodes: Vec<Vec<(Pair, Pair)>>,
}

/// Smallest exponent of the table.
pub const SMALLEST: f64 = LOWEST_BETA + BETA_STEP;

impl Default for KwwTable {
    fn default() -> Self {
        Self::new()
    }
}

impl KwwTable {
    /// Computes the grid.
    pub fn new() -> Self {
        let n = ((HIGHEST - LOWEST) / STEP).ceil() as usize + 1;
        let row = |j: usize| {
            let here = Stretched::new(beta_at(j));
            (0..n).map(|i| here.at((LOWEST + STEP * i as f64).exp())).collect()
        };
        Self { nodes: (0..BETAS).map(row).collect() }
    }

    /// The function at one exponent, `0.18 <= β <= 1`.
    pub fn with(&self, beta: f64) -> Kww {
        let place = (beta - LOWEST_BETA) / BETA_STEP;
        let first = (place.floor() as usize).clamp(1, BETAS - 3) - 1;
        let (weights, slopes) = lagrange(place - first as f64);
        let node = |i: usize| {
            let mut node = Node::default();
            for (k, (w, s)) in weights.iter().zip(&slopes).enumerate() {
                let (chi, by_ln_tau) = self.nodes[first + k][i];
                let slope = s / BETA_STEP;
                let all = [w * chi.0, w * chi.1, w * by_ln_tau.0, w * by_ln_tau.1];
                let more = [slope * chi.0, slope * chi.1, slope * by_ln_tau.0, slope * by_ln_tau.1];
                node.value.iter_mut().zip(all).for_each(|(sum, add)| *sum += add);
                node.by_beta.iter_mut().zip(more).for_each(|(sum, add)| *sum += add);
            }
            node
        };
        let early = |beta: f64| (ln_gamma(1.0 + 1.0 / beta), ln_gamma(1.0 + 2.0 / beta));
        let late = |beta: f64| -> Vec<f64> {
            (1..=TERMS).map(|k| ln_gamma(1.0 + k as f64 * beta) - ln_gamma(1.0 + k as f64)).collect()
        };
        let around = [beta, beta + DIFFERENCE, beta - DIFFERENCE];
        Kww {
            nodes: (0..self.nodes[0].len()).map(node).collect(),
            betas: around,
            early: around.map(early),
            late: around.map(late),
        }
    }
}

/// Values and slopes by `ln τ` at a node, and what a change of `β` adds to them: real, imaginary, real, imaginary.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    value: [f64; 4],
    by_beta: [f64; 4],
}

/// The stretched exponential at one exponent.
#[derive(Debug, Clone)]
pub struct Kww {
    nodes: Vec<Node>,
    /// The exponent, and two beside it for the slope.
    betas: [f64; 3],
    early: [(f64, f64); 3],
    late: [Vec<f64>; 3],
}

impl Kww {
    /// `χ` with slopes by `ln τ` and by `β`; the latter only where asked for.
    pub fn at(&self, ln_x: f64, with_slopes: bool) -> Slopes {
        if !(LOWEST..=HIGHEST).contains(&ln_x) {
            let of = |k: usize| if ln_x < LOWEST { self.early(ln_x, k) } else { self.late(ln_x, k) };
            let (chi, by_ln_tau) = of(0);
            let mut slope = (0.0, 0.0);
            if with_slopes {
                let (up, down) = (of(1).0, of(2).0);
                slope = ((up.0 - down.0) / (2.0 * DIFFERENCE), (up.1 - down.1) / (2.0 * DIFFERENCE));
            }
            return Slopes { chi, by_ln_tau, by_shape: [slope, (0.0, 0.0)] };
        }
        let place = (ln_x - LOWEST) / STEP;
        let i = (place.floor() as usize).min(self.nodes.len() - 2);
        let u = place - i as f64;
        let (p, q) = (&self.nodes[i], &self.nodes[i + 1]);
        let (re, re_slope) = hermite(u, p.value[0], q.value[0], p.value[2], q.value[2]);
        let (im, im_slope) = hermite(u, p.value[1], q.value[1], p.value[3], q.value[3]);
        let mut slope = (0.0, 0.0);
        if with_slopes {
            slope.0 = hermite(u, p.by_beta[0], q.by_beta[0], p.by_beta[2], q.by_beta[2]).0;
            slope.1 = hermite(u, p.by_beta[1], q.by_beta[1], p.by_beta[3], q.by_beta[3]).0;
        }
        Slopes { chi: (re, im), by_ln_tau: (re_slope, im_slope), by_shape: [slope, (0.0, 0.0)] }
    }

    /// `1 - i x Γ(1 + 1/β) - x² Γ(1 + 2/β)/2`, with its slope by ln x.
    fn early(&self, ln_x: f64, k: usize) -> (Pair, Pair) {
        let first = (ln_x + self.early[k].0).exp();
        let second = 0.5 * (2.0 * ln_x + self.early[k].1).exp();
        ((1.0 - second, -first), (-2.0 * second, -first))
    }

    /// `Σ (-1)^(k-1) Γ(1 + kβ)/k! (ix)^(-kβ)`, with its slope by ln x.
    fn late(&self, ln_x: f64, which: usize) -> (Pair, Pair) {
        let beta = self.betas[which];
        let (mut chi, mut slope) = ((0.0, 0.0), (0.0, 0.0));
        let mut sign = 1.0;
        for (k, ln_factor) in self.late[which].iter().enumerate() {
            let n = (k + 1) as f64 * beta;
            let size = sign * (ln_factor - n * ln_x).exp();
            let (sin, cos) = (n * std::f64::consts::FRAC_PI_2).sin_cos();
            chi = (chi.0 + size * cos, chi.1 - size * sin);
            slope = (slope.0 - n * size * cos, slope.1 + n * size * sin);
            if size.abs() < 1e-12 * chi.1.abs() {
                break;
            }
            sign = -sign;
        }
        (chi, slope)
    }
}

/// Difference of `β` for its slope, where series are used.
const DIFFERENCE: f64 = 1e-5;

fn beta_at(j: usize) -> f64 {
    (LOWEST_BETA + BETA_STEP * j as f64).min(1.0)
}

/// Weights of the cubic through 0, 1, 2, 3 at `u`, and their derivatives.
fn lagrange(u: f64) -> ([f64; 4], [f64; 4]) {
    let (a, b, c, d) = (u, u - 1.0, u - 2.0, u - 3.0);
    (
        [-b * c * d / 6.0, a * c * d / 2.0, -a * b * d / 2.0, a * b * c / 6.0],
        [
            -(c * d + b * d + b * c) / 6.0,
            (c * d + a * d + a * c) / 2.0,
            -(b * d + a * d + a * b) / 2.0,
            (b * c + a * c + a * b) / 6.0,
        ],
    )
}

/// Value and slope at a share `u` of a step between two nodes whose values and slopes are known.
fn hermite(u: f64, a: f64, b: f64, a_slope: f64, b_slope: f64) -> (f64, f64) {
    let (da, db) = (a_slope * STEP, b_slope * STEP);
    let (c2, c3) = (3.0 * (b - a) - 2.0 * da - db, 2.0 * (a - b) + da + db);
    (a + u * (da + u * (c2 + u * c3)), (da + u * (2.0 * c2 + 3.0 * u * c3)) / STEP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methods::relaxation::kernels::stretched;
    use crate::theory::viscoelastic_functions::kww_spectrum;

    #[test]
    fn the_grid_is_the_function() {
        let table = KwwTable::new();
        for beta in [0.2, 0.333, 0.5, 0.617, 0.9, 0.995] {
            for ln_x in [-14.0f64, -11.0, -3.03, 0.11, 2.7, 6.9, 7.1, 12.0] {
                let found = table.with(beta).at(ln_x, true);
                let exact = kww_spectrum(ln_x.exp(), beta).unwrap();
                let error = (found.chi.0 - exact.storage).hypot(found.chi.1 + exact.loss);
                assert!(error < 3e-6, "{beta} {ln_x}: {error}");
                if (-11.0..6.9).contains(&ln_x) {
                    let slopes = stretched(&[ln_x.exp()], beta)[0];
                    let off = (found.by_shape[0].0 - slopes.by_shape[0].0).hypot(found.by_shape[0].1 - slopes.by_shape[0].1);
                    let size = slopes.by_shape[0].0.hypot(slopes.by_shape[0].1);
                    assert!(off < 2e-3 + 0.05 * size, "{beta} {ln_x}: {off}");
                }
            }
        }
    }
}
