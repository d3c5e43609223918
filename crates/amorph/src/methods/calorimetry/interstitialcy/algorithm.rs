//! Concentration, heat flow and barriers of the defects of a glass from its shear modulus and that of its crystal (Granato).

use super::smooth::Smooth;
use crate::theory::constants::BOLTZMANN;

/// What the theory needs beside the moduli.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Constants {
    /// α.
    pub alpha: f64,
    /// β.
    pub beta: f64,
    /// Density, kg/m³.
    pub density: f64,
    /// Heating rate, K/s.
    pub rate: f64,
}

/// A number with its standard error.
pub type Number = (f64, f64);

/// Smooth logarithms of both moduli, Pa.
#[derive(Debug, Clone, PartialEq)]
pub struct Moduli {
    /// Of the glass.
    pub glass: Smooth,
    /// Of the crystal.
    pub crystal: Smooth,
    /// What the theory needs.
    pub constants: Constants,
}

impl Moduli {
    /// A functional of `ln(μ/G)`: sum of terms (temperature, weight), or of its slope.
    fn functional(&self, terms: &[(f64, f64)], slope: bool) -> Number {
        let (a, va) = self.crystal.apply(&self.crystal.functional(terms, slope));
        let (b, vb) = self.glass.apply(&self.glass.functional(terms, slope));
        (a - b, (va + vb).sqrt())
    }

    /// `c = ln(μ/G)/(αβ)`.
    pub fn concentration(&self, t: f64) -> Number {
        let Constants { alpha, beta, .. } = self.constants;
        self.functional(&[(t, 1.0 / (alpha * beta))], false)
    }

    /// `c(a) - c(b)`.
    pub fn annealed(&self, a: f64, b: f64) -> Number {
        let w = 1.0 / (self.constants.alpha * self.constants.beta);
        self.functional(&[(a, w), (b, -w)], false)
    }

    /// Heat flow taken up, `W = (G Ṫ/(ρβ)) d ln(μ/G)/dT`, W/kg: the equation of Granato in other letters.
    pub fn heat_flow(&self, t: f64) -> Number {
        let Constants { beta, density, rate, .. } = self.constants;
        self.functional(&[(t, self.glass.at(t).0.exp() * rate / (density * beta))], true)
    }

    /// Heat given off between two temperatures, J/kg.
    pub fn heat(&self, from: f64, to: f64) -> Number {
        const PARTS: usize = 200;
        let Constants { beta, density, .. } = self.constants;
        let step = (to - from) / PARTS as f64;
        let terms: Vec<(f64, f64)> = (0..PARTS)
            .map(|k| {
                let t = from + step * (k as f64 + 0.5);
                (t, -step * self.glass.at(t).0.exp() / (density * beta))
            })
            .collect();
        self.functional(&terms, true)
    }

    /// Excess energy over the crystal, `(μ - G)/(βρ)`, J/kg.
    pub fn excess(&self, t: f64) -> Number {
        let Constants { beta, density, .. } = self.constants;
        let (mu, sm) = self.crystal.at(t);
        let (g, sg) = self.glass.at(t);
        let (mu, g) = (mu.exp(), g.exp());
        ((mu - g) / (beta * density), (mu * mu * sm + g * g * sg).sqrt() / (beta * density))
    }

    /// Energy (J) that relaxes at a temperature, `kT ln(νT/Ṫ)`, and the spectrum there, `n0 = -(dc/dT)/A` (1/J), `A = k ln(νT/Ṫ)`.
    pub fn spectrum(&self, t: f64, attempt_frequency: f64) -> (f64, Number) {
        let Constants { alpha, beta, rate, .. } = self.constants;
        let slope = BOLTZMANN * (attempt_frequency * t / rate).ln();
        (slope * t, self.functional(&[(t, -1.0 / (alpha * beta * slope))], true))
    }
}
