//! What stands beside the relaxation function: the step, viscous flow and a nearly constant loss, of a modulus, a compliance or a permittivity.

use std::f64::consts::FRAC_2_PI;

use serde::{Deserialize, Serialize};

use crate::core::fit::Parameter;
use crate::methods::relaxation::log_spectrum::Curve;

/// What both numbers of a reading are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// `M* = M' + iM''`, Pa: the storage rises with the frequency.
    Modulus,
    /// `J* = J' - iJ''`, 1/Pa: the storage falls.
    Compliance,
    /// `ε* = ε' - iε''`: the storage falls.
    Permittivity,
}

/// What is fitted beside times and shapes. Parameters: `ln` of the value at high frequency, strength, flow, constant loss; the last two
/// only where they are fitted, in units of the largest loss at the middle of the frequencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// What was measured.
    pub measured: Measured,
    /// Whether a modulus relaxes to zero.
    pub liquid: bool,
    /// Whether a loss `ωη` of a modulus, `1/(ωη)` of a compliance or `σ/(ωε0)` of a permittivity is added.
    pub flow: bool,
    /// Whether a loss that does not depend on the frequency is added, with the storage that causality gives it.
    pub constant_loss: bool,
}

/// Bounds of the logarithm of a step over the value at high frequency.
const STEP: (f64, f64) = (-12.0, 25.0);

impl Terms {
    /// A relaxation function alone.
    pub fn alone(measured: Measured, liquid: bool) -> Self {
        Self { measured, liquid, flow: false, constant_loss: false }
    }

    /// `1` where the storage rises with the frequency, `-1` where it falls.
    pub fn sign(self) -> f64 {
        if self.measured == Measured::Modulus { 1.0 } else { -1.0 }
    }

    /// Step over the value at high frequency.
    pub fn share(self, p: &[f64]) -> f64 {
        if self.measured == Measured::Modulus { p[1] } else { p[1].exp() }
    }

    /// Storage and loss where the function is `chi` (`(χ', -χ'')`), at `ln_reduced` above the middle of the frequencies.
    pub fn value(self, p: &[f64], chi: (f64, f64), ln_reduced: f64, unit: f64) -> (f64, f64) {
        let (high, sign) = (p[0].exp(), self.sign());
        let step = high * self.share(p);
        let mut value = (high - sign * step * chi.0, -step * chi.1);
        let added = self.added(ln_reduced, unit);
        for (amplitude, (storage, loss)) in p[2..].iter().zip(added) {
            value = (value.0 + amplitude * storage, value.1 + amplitude * loss);
        }
        value
    }

    /// What a change of the function adds to storage and loss.
    pub fn change(self, p: &[f64], chi: (f64, f64)) -> (f64, f64) {
        let step = p[0].exp() * self.share(p);
        (-self.sign() * step * chi.0, -step * chi.1)
    }

    /// Derivatives of storage and loss by every parameter.
    pub fn slopes(self, p: &[f64], chi: (f64, f64), ln_reduced: f64, unit: f64) -> Vec<(f64, f64)> {
        let (high, relaxed) = (p[0].exp(), self.change(p, chi));
        let by_strength = if self.measured == Measured::Modulus { (-high * chi.0, -high * chi.1) } else { relaxed };
        let mut slopes = vec![(high + relaxed.0, relaxed.1), by_strength];
        slopes.extend(self.added(ln_reduced, unit));
        slopes
    }

    /// Storage and loss of one unit of flow and of constant loss.
    fn added(self, ln_reduced: f64, unit: f64) -> Vec<(f64, f64)> {
        let flow = self.flow.then(|| (0.0, unit * (self.sign() * ln_reduced).exp()));
        // A loss of one everywhere has the storage (2/π) ln ω.
        let constant = self.constant_loss.then(|| (self.sign() * unit * FRAC_2_PI * ln_reduced, unit));
        flow.into_iter().chain(constant).collect()
    }

    /// The parameters with their bounds.
    pub fn parameters(self, start: &[f64]) -> Vec<Parameter> {
        let strength = Parameter::new("strength", start[1]);
        let mut parameters = vec![
            Parameter::new("ln_high", start[0]).scale(1.0),
            match self.measured {
                Measured::Modulus if self.liquid => strength.fixed(),
                Measured::Modulus => strength.within(0.0, 1.0),
                _ => strength.within(STEP.0, STEP.1),
            },
        ];
        parameters.extend(start[2..].iter().map(|amplitude| Parameter::new("amplitude", *amplitude).scale(0.1).at_least(0.0)));
        parameters
    }

    /// Start values; those of every `i` differ.
    pub fn start(self, curve: &Curve, i: usize) -> Vec<f64> {
        let largest = curve.storage.iter().copied().fold(0.0, f64::max);
        let smallest = curve.storage.iter().copied().fold(f64::INFINITY, f64::min);
        let mut start = if self.measured == Measured::Modulus {
            let high = largest * [1.02, 1.3][i % 2];
            let share = if self.liquid { 1.0 } else { (1.0 - [1.0, 0.3][(i / 2) % 2] * smallest / high).clamp(0.02, 0.98) };
            vec![high.ln(), share]
        } else {
            let high = smallest * [0.98, 0.7][i % 2];
            let step = [1.0, 2.0][(i / 2) % 2] * (largest / high - 1.0);
            vec![high.ln(), step.max(1e-4).ln()]
        };
        if self.flow {
            start.push(self.of_flow(curve) * [0.9, 0.2, 0.01][i % 3]);
        }
        if self.constant_loss {
            let least = curve.loss.iter().copied().fold(f64::INFINITY, f64::min).max(0.0);
            let unit = curve.loss.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
            start.push(least / unit * [0.7, 0.05][(i / 3) % 2] + 1e-6);
        }
        start
    }

    /// The flow that would be all of the loss where flow shows most, in units of the largest loss.
    fn of_flow(self, curve: &Curve) -> f64 {
        let unit = curve.loss.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let (Some(first), Some(last)) = (curve.ln_omega.first(), curve.ln_omega.last()) else { return 0.0 };
        let at = if self.sign() > 0.0 { curve.loss.len() - 1 } else { 0 };
        (curve.loss[at].max(0.0) / unit * (-0.5 * (last - first)).exp()).max(1e-12)
    }
}
