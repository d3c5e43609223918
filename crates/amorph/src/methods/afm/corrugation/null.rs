//! What a spectrum without a ring looks like: a falling density with the scatter of the measured one.

use rayon::prelude::*;

use super::algorithm::{LineSpectra, falling_fit};
use crate::core::random::{derive_seed, standard_normals};
use crate::core::stats::quantile;

/// Weight of the neighbours that gives bins of a Hann window their correlation of 0.44.
const NEIGHBOUR: f64 = 0.24;

/// The null model: largest ratio to the falling fit by chance, and the band of the densities.
#[derive(Debug, Clone, PartialEq)]
pub struct Null {
    /// Share of surrogates whose highest bin stands out as far.
    pub p: f64,
    /// Ratio to the falling fit that 95 % of the surrogates do not reach.
    pub ratio_95: f64,
    /// The falling fit of the measured density.
    pub background: Vec<f64>,
}

/// Draws `surrogates` spectra with the falling fit as expectation and chi-squared scatter (Wilson and Hilferty 1931).
pub fn null(spectra: &LineSpectra, density: &[f64], ratio: f64, surrogates: usize, seed: u64) -> Null {
    let background = falling_fit(density);
    let dof = spectra.degrees_of_freedom().max(2.0);
    let n = density.len();
    let norm = (1.0 + 2.0 * NEIGHBOUR * NEIGHBOUR).sqrt();
    let ratios: Vec<f64> = (0..surrogates)
        .into_par_iter()
        .map(|surrogate| {
            let white = standard_normals(derive_seed(seed, &["falling spectrum".into(), surrogate.into()]), n + 2);
            let scattered = |i: usize| {
                let z = (white[i + 1] + NEIGHBOUR * (white[i] + white[i + 2])) / norm;
                let spread = 2.0 / (9.0 * dof);
                background[i] * (1.0 - spread + z * spread.sqrt()).max(1e-3).powi(3)
            };
            spectra.highest(&(0..n).map(scattered).collect::<Vec<f64>>()).1
        })
        .collect();
    let reached = ratios.iter().filter(|other| **other >= ratio).count();
    Null {
        p: (reached + 1) as f64 / (surrogates + 1) as f64,
        ratio_95: quantile(&ratios, 0.95).unwrap_or(f64::NAN),
        background,
    }
}
