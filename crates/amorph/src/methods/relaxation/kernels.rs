//! Normalised susceptibilities with their slopes, for fits.
//!
//! The values agree with `theory::viscoelastic_functions`; what a fit needs beside them are derivatives, and speed.

use std::f64::consts::FRAC_PI_2;

/// Real and imaginary part.
pub type Pair = (f64, f64);

/// Product of two complex numbers.
pub fn times(a: Pair, b: Pair) -> Pair {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Ratio of two complex numbers.
pub fn over(a: Pair, b: Pair) -> Pair {
    let square = b.0 * b.0 + b.1 * b.1;
    ((a.0 * b.0 + a.1 * b.1) / square, (a.1 * b.0 - a.0 * b.1) / square)
}

/// `χ = χ' - iχ''` as `(χ', -χ'')` with its derivatives by `ln τ` and by two shapes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Slopes {
    /// `χ`.
    pub chi: Pair,
    /// `∂χ/∂ln τ`.
    pub by_ln_tau: Pair,
    /// `∂χ/∂` shape, at most two.
    pub by_shape: [Pair; 2],
}

/// `(1 + (ix)^α)^(-γ)` with `γ = κ/α`; shapes `α` and `κ`, the exponents of both wings of the loss.
pub fn havriliak_negami(x: f64, alpha: f64, kappa: f64) -> Slopes {
    let gamma = kappa / alpha;
    let power = x.powf(alpha);
    let (sin, cos) = (alpha * FRAC_PI_2).sin_cos();
    let u = (power * cos, power * sin);
    let base = (1.0 + u.0, u.1);
    let ln_base = (0.5 * (base.0 * base.0 + base.1 * base.1).ln(), base.1.atan2(base.0));
    let size = (-gamma * ln_base.0).exp();
    let (sin, cos) = (-gamma * ln_base.1).sin_cos();
    let chi = (size * cos, size * sin);
    // -χ u/(1 + u)
    let ratio = over(u, base);
    let fall = times((-chi.0, -chi.1), ratio);
    let by_gamma = times((-chi.0, -chi.1), ln_base);
    let by_alpha = times(fall, (gamma * x.ln(), gamma * FRAC_PI_2));
    let share = -gamma / alpha;
    Slopes {
        chi,
        by_ln_tau: (kappa * fall.0, kappa * fall.1),
        by_shape: [
            (by_alpha.0 + share * by_gamma.0, by_alpha.1 + share * by_gamma.1),
            (by_gamma.0 / alpha, by_gamma.1 / alpha),
        ],
    }
}

/// Transform of `exp(-(t/τ)^β)` on nodes that depend on `β` alone.
///
/// Trapezoidal rule in `ln s` along `t = s exp(-iθ)`, `θ = π/(2(1+β))`, where `(t/τ)^β` and `iωt` are at the same angle. Good to
/// 1e-7 of the value at rest for `0.15 <= β <= 1`, `ωτ` up to 1e4.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretched {
    sin: f64,
    cos: f64,
    /// `s`, and `β u exp(-u e^{-iβθ} - iβθ)` times the step.
    nodes: Vec<(f64, Pair)>,
    /// What lies below the first node.
    tail: Pair,
}

/// `u = s^β` where the nodes begin.
const FIRST: f64 = 1e-6;
const STEP: f64 = 0.25;

impl Stretched {
    /// For one exponent.
    pub fn new(beta: f64) -> Self {
        let angle = beta * FRAC_PI_2 / (1.0 + beta);
        let (sin, cos) = angle.sin_cos();
        let first = FIRST.ln() / beta;
        let last = (40.0 / cos).ln() / beta;
        let n = ((last - first) / STEP).ceil() as usize;
        let node = |i: usize| {
            let ln_s = first + i as f64 * STEP;
            let u = (beta * ln_s).exp();
            let weight = if i == 0 { 0.5 } else { 1.0 } * STEP * beta * u * (-u * cos).exp();
            let (imaginary, real) = (u * sin - angle).sin_cos();
            (ln_s.exp(), (weight * real, weight * imaginary))
        };
        Self { sin, cos, nodes: (0..=n).map(node).collect(), tail: (FIRST * cos, -FIRST * sin) }
    }

    /// `χ` and `∂χ/∂ln τ` at `x = ωτ`.
    pub fn at(&self, x: f64) -> (Pair, Pair) {
        let (mut chi, mut slope) = (self.tail, (0.0, 0.0));
        for (s, weight) in &self.nodes {
            let phase = x * s;
            if phase * self.cos > 40.0 {
                break;
            }
            let size = (-phase * self.cos).exp();
            let (sin, cos) = (-phase * self.sin).sin_cos();
            let term = times(*weight, (size * cos, size * sin));
            chi = (chi.0 + term.0, chi.1 + term.1);
            // d/d ln x brings -x s e^{iβθ}.
            let change = times(term, (-phase * self.cos, -phase * self.sin));
            slope = (slope.0 + change.0, slope.1 + change.1);
        }
        (chi, slope)
    }
}

/// Difference of `β` for its slope.
const DIFFERENCE: f64 = 1e-4;

/// The stretched exponential at many `x` for one `β`, without slopes.
pub fn stretched_alone(x: &[f64], beta: f64) -> Vec<Slopes> {
    let here = Stretched::new(beta);
    x.iter().map(|x| Slopes { chi: here.at(*x).0, ..Slopes::default() }).collect()
}

/// Slopes of the stretched exponential at many `x` for one `β`.
pub fn stretched(x: &[f64], beta: f64) -> Vec<Slopes> {
    let (lower, upper) = (beta - DIFFERENCE, (beta + DIFFERENCE).min(1.0));
    let (here, below, above) = (Stretched::new(beta), Stretched::new(lower), Stretched::new(upper));
    let of = |x: &f64| {
        let (chi, by_ln_tau) = here.at(*x);
        let (a, b) = (above.at(*x).0, below.at(*x).0);
        let width = upper - lower;
        Slopes { chi, by_ln_tau, by_shape: [((a.0 - b.0) / width, (a.1 - b.1) / width), (0.0, 0.0)] }
    };
    x.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::viscoelastic_functions::{havriliak_negami_spectrum, kww_spectrum};

    #[test]
    fn values_are_those_of_the_theory() {
        for x in [1e-4, 0.03, 0.7, 1.0, 20.0, 1e4] {
            for (alpha, kappa) in [(0.95, 0.3895), (1.0, 1.0), (0.4, 0.4)] {
                let (re, im) = havriliak_negami(x, alpha, kappa).chi;
                let exact = havriliak_negami_spectrum(x, alpha, kappa / alpha).unwrap();
                assert!((re - exact.storage).abs() < 1e-13 && (im + exact.loss).abs() < 1e-13, "{x} {alpha}");
            }
            for beta in [0.2, 0.35, 0.5, 0.75, 1.0] {
                let ((re, im), _) = Stretched::new(beta).at(x);
                let exact = kww_spectrum(x, beta).unwrap();
                assert!((re - exact.storage).hypot(im + exact.loss) < 1e-7, "{x} {beta}: {re} {im} {exact:?}");
            }
        }
    }

    #[test]
    fn slopes_are_slopes() {
        let h = 1e-5;
        let close = |numeric: Pair, slope: Pair| (numeric.0 - slope.0).hypot(numeric.1 - slope.1) < 1e-6;
        let difference = |a: Pair, b: Pair, width: f64| ((a.0 - b.0) / width, (a.1 - b.1) / width);
        for x in [0.01, 1.0, 50.0] {
            let at = |ln_tau: f64, alpha: f64, kappa: f64| havriliak_negami(x * ln_tau.exp(), alpha, kappa).chi;
            let slopes = havriliak_negami(x, 0.8, 0.4);
            assert!(close(difference(at(h, 0.8, 0.4), at(-h, 0.8, 0.4), 2.0 * h), slopes.by_ln_tau), "{x}");
            assert!(close(difference(at(0.0, 0.8 + h, 0.4), at(0.0, 0.8 - h, 0.4), 2.0 * h), slopes.by_shape[0]), "{x}");
            assert!(close(difference(at(0.0, 0.8, 0.4 + h), at(0.0, 0.8, 0.4 - h), 2.0 * h), slopes.by_shape[1]), "{x}");
            let kww = |ln_tau: f64| Stretched::new(0.6).at(x * ln_tau.exp()).0;
            assert!(close(difference(kww(h), kww(-h), 2.0 * h), stretched(&[x], 0.6)[0].by_ln_tau), "{x}");
        }
    }
}
