use amorph_core::constants::GAS;

use super::StretchedKernel;
use crate::SimulationError;

/// Structural relaxation of Tool, Narayanaswamy and Moynihan: `ln τ = ln A + x Δh/(R T) + (1 - x) Δh/(R Tf)`, decay `exp(-(∫dt/τ)^b)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tnm {
    /// ln A, A in s.
    pub ln_prefactor: f64,
    /// Δh*, J/mol.
    pub enthalpy: f64,
    /// x: share of the temperature in the relaxation time; the fictive temperature has the rest.
    pub nonlinearity: f64,
    /// Stretching exponent b.
    pub exponent: f64,
    /// How the relaxation time goes with both temperatures.
    pub slowing: Slowing,
}

/// How the relaxation time goes with temperature and fictive temperature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Slowing {
    /// `x Δh/(R T) + (1 - x) Δh/(R Tf)`, as above.
    Narayanaswamy,
    /// Adam and Gibbs, by Scherer: `Q/(T (1 - T2/Tf))`. In equilibrium at `reference` (K) time, Δh and x are those of the other law:
    /// `T2 = (1 - x) reference`, `Q = x² Δh/R`.
    AdamGibbs {
        /// Where both laws are alike, K.
        reference: f64,
    },
}

/// Least `1 - T2/Tf` of Adam and Gibbs: below it nothing relaxes.
const LEAST_ENTROPY: f64 = 1e-2;

/// Fictive temperature along a thermal history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fictive {
    /// At every node, K.
    pub temperature: Vec<f64>,
    /// Its change per time at every node, K/s: the mean over the intervals beside it, of the one before it where the program turns.
    pub rate: Vec<f64>,
    /// Steps that were taken.
    pub steps: usize,
}

/// Largest change of either temperature within a step, K.
const STEP: f64 = 0.5;

impl Tnm {
    /// ln of the relaxation time in s.
    pub fn ln_time(&self, temperature: f64, fictive: f64) -> f64 {
        let (reduced, x) = (self.enthalpy / GAS, self.nonlinearity);
        match self.slowing {
            Slowing::Narayanaswamy => self.ln_prefactor + reduced * (x / temperature + (1.0 - x) / fictive),
            Slowing::AdamGibbs { reference } => {
                let entropy = (1.0 - (1.0 - x) * reference / fictive).max(LEAST_ENTROPY);
                self.ln_prefactor + reduced * ((1.0 - x) / reference + x * x / (temperature * entropy))
            }
        }
    }

    /// Fails for parameters that no glass has.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`].
    pub fn check(&self) -> Result<(), SimulationError> {
        SimulationError::require_positive("enthalpy", self.enthalpy)?;
        if let Slowing::AdamGibbs { reference } = self.slowing {
            SimulationError::require_positive("reference", reference)?;
        }
        let possible = self.nonlinearity > 0.0 && self.nonlinearity <= 1.0;
        if possible && self.ln_prefactor.is_finite() {
            return Ok(());
        }
        Err(SimulationError::Parameter { name: "nonlinearity", value: self.nonlinearity, allowed: "above 0 and at most 1" })
    }

    /// Fictive temperature at the nodes (time in s, temperature in K) of a history that is linear between them and starts in equilibrium.
    /// Steps are as short as the faster of temperature and fictive temperature asks for; `kernel` is that of the exponent.
    pub fn fictive(&self, kernel: &StretchedKernel, nodes: &[(f64, f64)]) -> Fictive {
        self.fictive_with_step(kernel, nodes, STEP)
    }

    /// As [`Self::fictive`], with the largest change of a temperature within a step (K).
    pub fn fictive_with_step(&self, kernel: &StretchedKernel, nodes: &[(f64, f64)], step: f64) -> Fictive {
        let mut found = Fictive::default();
        let Some(&(_, first)) = nodes.first() else { return found };
        let mut memory = Memory { kernel, terms: vec![0.0; kernel.rates.len()], trial: Vec::new() };
        let (mut temperature, mut fictive) = (first, first);
        found.temperature.push(fictive);
        for pair in nodes.windows(2) {
            let (duration, change) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            let mut left = 1.0;
            while left > 0.0 && duration > 0.0 {
                let time = self.ln_time(temperature, fictive).exp();
                let speed = (change.abs() / duration).max(memory.flow().abs() / time);
                let wanted = if speed > 0.0 { step / (speed * duration) } else { 1.0 };
                // A remainder shorter than the step is no step of its own.
                let share = if wanted * 1.5 >= left { left } else { wanted };
                let (dt, heating) = (share * duration, share * change);
                let next = temperature + heating;
                fictive = self.advance(&mut memory, (temperature, fictive), next, dt);
                temperature = next;
                left -= share;
                found.steps += 1;
                if left < 1e-12 {
                    break;
                }
            }
            temperature = pair[1].1;
            found.temperature.push(fictive);
        }
        found.rate = rates(nodes, &found.temperature);
        found
    }

    /// One step of predictor and corrector; gives the new fictive temperature.
    fn advance(&self, memory: &mut Memory<'_>, from: (f64, f64), to: f64, dt: f64) -> f64 {
        let before = self.ln_time(from.0, from.1);
        let guess = self.ln_time(to, from.1);
        let predicted = to - memory.moved(reduced(before, guess, dt), to - from.0);
        let after = self.ln_time(to, predicted);
        let left = memory.moved(reduced(before, after, dt), to - from.0);
        memory.keep();
        to - left
    }
}

fn rates(nodes: &[(f64, f64)], fictive: &[f64]) -> Vec<f64> {
    let slope = |i: usize, of: &dyn Fn(usize) -> f64| (of(i) - of(i - 1)) / (nodes[i].0 - nodes[i - 1].0);
    let last = nodes.len() - 1;
    let rate = |i: usize| {
        let own = slope(i.max(1), &|i| fictive[i]);
        let programmed = |i: usize| slope(i, &|i| nodes[i].1);
        let runs_on = i > 0 && i < last && (programmed(i + 1) - programmed(i)).abs() <= 0.01 * programmed(i).abs();
        if runs_on { 0.5 * (own + slope(i + 1, &|i| fictive[i])) } else { own }
    };
    if last == 0 { vec![0.0] } else { (0..nodes.len()).map(rate).collect() }
}

/// `∫ dt/τ` over a step along which ln τ is linear.
fn reduced(before: f64, after: f64, dt: f64) -> f64 {
    let difference = after - before;
    let mean = if difference.abs() < 1e-6 { (-before).exp() } else { ((-before).exp() - (-after).exp()) / difference };
    dt * mean
}

/// What is left of all changes of temperature, by rate.
struct Memory<'a> {
    kernel: &'a StretchedKernel,
    terms: Vec<f64>,
    trial: Vec<f64>,
}

impl Memory<'_> {
    /// Terms after `dt` of reduced time with a steady change of temperature; gives `T - Tf`.
    fn moved(&mut self, reduced: f64, change: f64) -> f64 {
        let mut left = 0.0;
        let StretchedKernel { rates, weights } = self.kernel;
        self.trial.clear();
        for ((term, rate), weight) in self.terms.iter().zip(rates).zip(weights) {
            let z = rate * reduced;
            let (decay, mean) = if z > 40.0 {
                (0.0, 1.0 / z)
            } else if z < 1e-5 {
                (1.0 - z, 1.0 - 0.5 * z)
            } else {
                let decay = (-z).exp();
                (decay, (1.0 - decay) / z)
            };
            let next = term * decay + change * mean;
            left += weight * next;
            self.trial.push(next);
        }
        left
    }

    fn keep(&mut self) {
        std::mem::swap(&mut self.terms, &mut self.trial);
    }

    /// Change of the fictive temperature per reduced time.
    fn flow(&self) -> f64 {
        self.terms
            .iter()
            .zip(&self.kernel.rates)
            .zip(&self.kernel.weights)
            .map(|((term, rate), weight)| term * rate * weight)
            .sum()
    }
}
