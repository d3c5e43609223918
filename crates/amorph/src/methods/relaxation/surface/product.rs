//! A beta process alone, and beside an alpha process whose decay it shares (Williams and Watts).

use super::model::BetaShape;
use crate::methods::relaxation::kernels::{Pair, over, times};

/// A susceptibility at complex `z = sτ`: `χ`, `z dχ/dz` and `∂χ/∂` width.
#[derive(Debug, Clone, Copy, Default)]
pub struct Susceptibility {
    /// `χ(z)`.
    pub chi: Pair,
    /// `z dχ/dz`.
    pub by_ln_z: Pair,
    /// Change with the Cole-Cole exponent, or with the standard deviation of `ln τ`.
    pub by_width: Pair,
}

/// Steps of `ln τ` under a distribution, in its standard deviation and absolute: the trapezoidal rule is then good to 1e-6.
const STEPS: (f64, f64) = (0.9, 0.7);
/// Standard deviations on either side that count.
const REACH: f64 = 5.2;

/// `χ(z)` of a Cole-Cole process of an exponent, or of barriers around a mean: the mean of `1/(1 + zτ'/τ)` over a Gaussian `ln τ'` of a
/// standard deviation.
pub fn beta(shape: BetaShape, z: Pair, width: f64) -> Susceptibility {
    let ln_z = (0.5 * (z.0 * z.0 + z.1 * z.1).ln(), z.1.atan2(z.0));
    match shape {
        BetaShape::ColeCole => {
            let size = (width * ln_z.0).min(600.0).exp();
            let (sin, cos) = (width * ln_z.1).sin_cos();
            let chi = over((1.0, 0.0), (1.0 + size * cos, size * sin));
            let square = times(chi, chi);
            // z^α χ² = χ - χ²
            let fall = (square.0 - chi.0, square.1 - chi.1);
            Susceptibility { chi, by_ln_z: (width * fall.0, width * fall.1), by_width: times(fall, ln_z) }
        }
        BetaShape::GaussianBarriers => gaussian(z, width),
    }
}

fn gaussian(z: Pair, width: f64) -> Susceptibility {
    let step = STEPS.0.min(STEPS.1 / width);
    let n = (REACH / step).ceil() as i32;
    let factor = (width * step).exp();
    let mut ratio = (-width * step * f64::from(n)).exp();
    let mut found = Susceptibility::default();
    let mut total = 0.0;
    for k in -n..=n {
        let place = step * f64::from(k);
        let weight = (-0.5 * place * place).exp();
        let chi = over((1.0, 0.0), (1.0 + ratio * z.0, ratio * z.1));
        let square = times(chi, chi);
        let fall = (weight * (square.0 - chi.0), weight * (square.1 - chi.1));
        found.chi = (found.chi.0 + weight * chi.0, found.chi.1 + weight * chi.1);
        found.by_ln_z = (found.by_ln_z.0 + fall.0, found.by_ln_z.1 + fall.1);
        found.by_width = (found.by_width.0 + place * fall.0, found.by_width.1 + place * fall.1);
        total += weight;
        ratio *= factor;
    }
    let mean = |pair: Pair| (pair.0 / total, pair.1 / total);
    Susceptibility { chi: mean(found.chi), by_ln_z: mean(found.by_ln_z), by_width: mean(found.by_width) }
}

/// Largest exponent at which the rates of a stretched exponential are still spread enough for sums.
pub const LARGEST: f64 = 0.95;
/// Share of the decay that is faster than the fastest rate; it counts as done at once.
const AT_ONCE: f64 = 1e-4;
const DIFFERENCE: f64 = 1e-4;

/// A stretched exponential as a sum of exponentials.
#[derive(Debug, Clone)]
pub struct Rates {
    /// Rate times `τ`, weight, and its change with `β`.
    nodes: Vec<(f64, f64, f64)>,
}

impl Rates {
    /// For one exponent, at most [`LARGEST`].
    pub fn new(beta: f64) -> Self {
        let exponent = beta.min(LARGEST);
        let step = 0.5f64.min(1.0 - exponent);
        let ratio = exponent / (1.0 - exponent);
        // Below the slowest rate less than 1e-8 is left: the exponent of its density is 18 there.
        let slowest = -(18.0 / ((1.0 - exponent) * exponent.powf(ratio))).ln() / ratio;
        let n = ((-AT_ONCE.ln() / exponent - slowest) / step).ceil() as usize;
        let ln_rate = |i: usize| slowest + step * i as f64;
        let [here, above, below] = [0.0, DIFFERENCE, -DIFFERENCE].map(|off| Density::new(exponent + off));
        let node = |i: usize| {
            let at = ln_rate(i);
            let slope = (above.at(at) - below.at(at)) / (2.0 * DIFFERENCE);
            (at.exp(), step * here.at(at), step * slope)
        };
        Self { nodes: (0..=n).map(node).collect() }
    }

    /// Transform of the decay of the stretched exponential times that of a beta process, `x = ωτ` of both: `χ`, and its changes with `ln τ` of
    /// either, `β` and the width.
    pub fn product(&self, x: f64, shape: BetaShape, y: f64, width: f64) -> Product {
        let mut sums = [(0.0, 0.0); 5];
        for (rate, weight, by_beta) in &self.nodes {
            // s/ω, with s = rate + iω.
            let q = (rate / x, 1.0);
            let found = beta(shape, (q.0 * y, q.1 * y), width);
            let inverse = over((1.0, 0.0), q);
            let left = times((1.0 - found.chi.0, -found.chi.1), inverse);
            let by_ln_b = times((-found.by_ln_z.0, -found.by_ln_z.1), inverse);
            let by_q = times((by_ln_b.0 - left.0, by_ln_b.1 - left.1), inverse);
            let by_width = times((-found.by_width.0, -found.by_width.1), inverse);
            let parts = [(*weight, left), (-weight * q.0, by_q), (*by_beta, left), (*weight, by_ln_b), (*weight, by_width)];
            for (sum, (factor, part)) in sums.iter_mut().zip(parts) {
                *sum = (sum.0 + factor * part.0, sum.1 + factor * part.1);
            }
        }
        // Times -i.
        let [chi, by_ln_alpha, by_beta, by_ln_b, by_width] = sums.map(|sum: Pair| (sum.1, -sum.0));
        Product { chi: (1.0 + chi.0, chi.1), by_ln_alpha, by_beta, by_ln_b, by_width }
    }
}

/// A beta process that decays with the alpha process.
#[derive(Debug, Clone, Copy)]
pub struct Product {
    /// `χ`.
    pub chi: Pair,
    /// Change with `ln τ` of the alpha process.
    pub by_ln_alpha: Pair,
    /// Change with the exponent of the alpha process.
    pub by_beta: Pair,
    /// Change with `ln τ` of the beta process.
    pub by_ln_b: Pair,
    /// Change with the width of the beta process.
    pub by_width: Pair,
}

/// Density of `ln` rate of `exp(-t^β)`: that of a one-sided stable law, `(β/(1-β)) (1/π) ∫ z e^{-z} dθ` with `z = k^{-β/(1-β)} A(θ)`
/// (Zolotarev; Kanter 1975).
struct Density {
    ratio: f64,
    /// `ln A` and weight of every angle.
    angles: Vec<(f64, f64)>,
}

impl Density {
    fn new(beta: f64) -> Self {
        let pi = std::f64::consts::PI;
        let ratio = beta / (1.0 - beta);
        let step = 0.25f64.min(0.5 * (1.0 - beta));
        let n = (12.0 / step).ceil() as i32;
        // θ = π/(1 + e^{-v}), so that both ends are seen.
        let angle = |k: i32| {
            let v = step * f64::from(k);
            let (angle, rest) = (pi / (1.0 + (-v).exp()), pi / (1.0 + v.exp()));
            let sine = angle.min(rest).sin().ln();
            let ln_a = ((1.0 - beta) * angle).sin().ln() + ratio * (beta * angle).sin().ln() - sine / (1.0 - beta);
            (ln_a, ratio * step * angle * rest / (pi * pi))
        };
        Self { ratio, angles: (-n..=n).map(angle).collect() }
    }

    fn at(&self, ln_rate: f64) -> f64 {
        let term = |(ln_a, weight): &(f64, f64)| {
            let ln_z = ln_a - self.ratio * ln_rate;
            if ln_z < 5.0 { weight * (ln_z - ln_z.exp()).exp() } else { 0.0 }
        };
        self.angles.iter().map(term).sum()
    }
}
