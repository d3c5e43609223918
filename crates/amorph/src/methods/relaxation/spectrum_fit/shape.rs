//! Relaxation functions.

use serde::{Deserialize, Serialize};

use crate::core::special::ln_gamma;
use crate::methods::relaxation::kernels::{Slopes, havriliak_negami, stretched, stretched_alone};
use crate::theory::viscoelastic_functions::{havriliak_negami_loss_peak, kww_loss_peak};

/// A relaxation function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One relaxation time.
    Debye,
    /// Symmetric.
    ColeCole,
    /// Broad on the high-frequency side.
    ColeDavidson,
    /// Both.
    HavriliakNegami,
    /// The stretched exponential.
    Kww,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Debye, Self::ColeCole, Self::ColeDavidson, Self::HavriliakNegami, Self::Kww];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Debye => "debye",
            Self::ColeCole => "cole_cole",
            Self::ColeDavidson => "cole_davidson",
            Self::HavriliakNegami => "havriliak_negami",
            Self::Kww => "kww",
        }
    }

    /// Number of shape parameters.
    pub fn n_shapes(self) -> usize {
        match self {
            Self::Debye => 0,
            Self::HavriliakNegami => 2,
            _ => 1,
        }
    }

    /// Exponents of the loss below and above its peak.
    pub fn wings(self, shapes: &[f64]) -> (f64, f64) {
        match (self, shapes) {
            (Self::ColeCole, [alpha, ..]) => (*alpha, *alpha),
            (Self::ColeDavidson | Self::Kww, [exponent, ..]) => (1.0, *exponent),
            (Self::HavriliakNegami, [alpha, kappa, ..]) => (*alpha, *kappa),
            _ => (1.0, 1.0),
        }
    }

    /// `χ` at many `ωτ`, with slopes where asked for; the first shape of Cole and Cole moves both exponents.
    pub fn slopes(self, x: &[f64], shapes: &[f64], with_slopes: bool) -> Vec<Slopes> {
        if self == Self::Kww {
            return if with_slopes { stretched(x, shapes[0]) } else { stretched_alone(x, shapes[0]) };
        }
        let (alpha, kappa) = self.wings(shapes);
        let of = |x: &f64| {
            let mut slopes = havriliak_negami(*x, alpha, kappa);
            match self {
                Self::ColeCole => {
                    let [a, b] = slopes.by_shape;
                    slopes.by_shape[0] = (a.0 + b.0, a.1 + b.1);
                }
                Self::ColeDavidson => slopes.by_shape[0] = slopes.by_shape[1],
                _ => {}
            }
            slopes
        };
        x.iter().map(of).collect()
    }

    /// ln of `ωτ` at the loss peak.
    pub fn ln_peak(self, shapes: &[f64]) -> Option<f64> {
        let position = match self {
            Self::Kww => kww_loss_peak(shapes[0].clamp(0.1, 1.0)).ok()?.position,
            _ => {
                let (alpha, kappa) = self.wings(shapes);
                havriliak_negami_loss_peak(alpha, (kappa / alpha).min(1.0 / alpha)).ok()?.position
            }
        };
        Some(position.ln())
    }

    /// ln of mean over model time; `None` where the mean is infinite.
    pub fn ln_mean(self, shapes: &[f64]) -> Option<f64> {
        match self {
            Self::Debye => Some(0.0),
            Self::ColeDavidson => Some(shapes[0].ln()),
            Self::Kww => Some(ln_gamma(1.0 / shapes[0]) - shapes[0].ln()),
            Self::ColeCole | Self::HavriliakNegami => None,
        }
    }
}
