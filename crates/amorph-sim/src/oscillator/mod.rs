//! A cantilever that taps on a sample: the equation of motion solved in time, with the energy measured on the tip itself.
//!
//! `z'' + z'/Q + z = (A0/Q) cos t + F(z_c + z, z')/k`, time in `1/ω0`, driven at resonance. What an instrument sees
//! (amplitude and lag of the first harmonic) stands beside what it does not: the work of the tip force over a cycle, its
//! virial, the indentation. Formulas that turn the one into the other are tested here.

mod harmonic;
mod law;
mod motion;
#[cfg(test)]
mod tests;

pub use harmonic::{Balance, Drive, HarmonicTable, Moments, Strengths};
pub use law::{Mechanism, TipSample};
pub use motion::{Cycle, Tap};

use std::f64::consts::{PI, TAU};

use crate::SimulationError;
use motion::{Motion, State};

/// A tapping cantilever over a sample. SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Oscillator {
    /// Spring constant `k`, N/m.
    pub spring_constant: f64,
    /// Quality factor `Q` in air.
    pub quality_factor: f64,
    /// Resonance frequency `f0`, Hz; the drive has the same.
    pub resonance_frequency: f64,
    /// Amplitude in free air `A0`, m.
    pub free_amplitude: f64,
    /// What the tip meets.
    pub sample: TipSample,
}

impl Default for Oscillator {
    /// A cantilever in air on a viscoelastic sample: k 40 N/m, Q 60, f0 300 kHz, A0 20 nm.
    fn default() -> Self {
        Self {
            spring_constant: 40.0,
            quality_factor: 60.0,
            resonance_frequency: 300e3,
            free_amplitude: 20e-9,
            sample: TipSample::default(),
        }
    }
}

impl Oscillator {
    /// `ω0`, 1/s.
    pub fn angular_frequency(&self) -> f64 {
        TAU * self.resonance_frequency
    }

    /// `E = (π k A A0/Q)(sin φ - A/A0)`, J: what the phase tells of the energy of a tap.
    pub fn energy_by_phase(&self, tap: &Tap) -> f64 {
        let scale = PI * self.spring_constant * tap.amplitude * self.free_amplitude / self.quality_factor;
        scale * (tap.lag.to_radians().sin() - tap.amplitude / self.free_amplitude)
    }

    /// `V = -(k A A0/2Q) cos φ`, J: what the phase tells of the virial of a tap.
    pub fn virial_by_phase(&self, tap: &Tap) -> f64 {
        -0.5 * self.spring_constant * tap.amplitude * self.free_amplitude / self.quality_factor * tap.lag.to_radians().cos()
    }

    /// Steady taps at falling rest heights (m above the sample), each reached from the one before: the branch that a tip
    /// follows as it comes down. The first is reached from the free oscillation.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`] for a parameter or height out of range.
    pub fn approach(&self, heights: &[f64]) -> Result<Vec<Tap>, SimulationError> {
        self.check()?;
        let mut state = State::free(self);
        let mut taps = Vec::with_capacity(heights.len());
        for &height in heights {
            let (tap, end) = self.steady(height, state)?;
            taps.push(tap);
            state = end;
        }
        Ok(taps)
    }

    /// The steady tap at which the amplitude on approach is `ratio` times the free one, to `1e-4` of the free one.
    ///
    /// # Errors
    /// [`SimulationError::Parameter`], or [`SimulationError::NoSuchAmplitude`] where the motion jumps across the set point.
    pub fn at_setpoint(&self, ratio: f64) -> Result<Tap, SimulationError> {
        self.check()?;
        if !(ratio > 0.05 && ratio < 1.0) {
            return Err(SimulationError::Parameter { name: "ratio", value: ratio, allowed: "above 0.05 and below 1" });
        }
        let free = self.free_amplitude;
        let target = ratio * free;
        let mut height = 1.05 * free + 2e-9;
        let (mut above, mut state) = self.steady(height, State::free(self))?;
        let step = (0.05 * free).min(1e-9);
        let below = loop {
            height -= step;
            let (tap, end) = self.steady(height, state)?;
            if tap.amplitude <= target || height < -free {
                break tap;
            }
            (above, state) = (tap, end);
        };
        self.refine(above, state, below, target)
    }

    /// Halves the step between a tap above the target and one below, always coming from above.
    fn refine(&self, mut above: Tap, mut state: State, mut below: Tap, target: f64) -> Result<Tap, SimulationError> {
        for _ in 0..40 {
            let near = |tap: &Tap| (tap.amplitude - target).abs() <= 1e-4 * self.free_amplitude;
            if let Some(tap) = [&above, &below].into_iter().find(|tap| near(tap)) {
                return Ok(tap.clone());
            }
            let height = 0.5 * (above.rest_height + below.rest_height);
            let (tap, end) = self.steady(height, state)?;
            if tap.amplitude > target {
                (above, state) = (tap, end);
            } else {
                below = tap;
            }
        }
        let over = |length: f64| length / self.free_amplitude;
        Err(SimulationError::NoSuchAmplitude {
            wanted: over(target),
            above: over(above.amplitude),
            below: over(below.amplitude),
        })
    }

    /// Distance and force through one steady cycle of a tap.
    ///
    /// # Errors
    /// As [`Oscillator::approach`].
    pub fn cycle(&self, tap: &Tap) -> Result<Cycle, SimulationError> {
        self.check()?;
        Ok(Motion::new(self, tap.rest_height).cycle(tap.end))
    }

    /// Distance and force through one cycle of a purely harmonic tap of an amplitude and a deepest indentation (m).
    pub fn harmonic_cycle(&self, amplitude: f64, indentation: f64) -> Cycle {
        let force = law::Force::of(self);
        let closest = self.sample.contact_distance - indentation;
        let point = |angle: f64| {
            let distance = closest + amplitude * (1.0 - angle.cos());
            (distance, force.at(distance, amplitude * angle.sin()))
        };
        // Dense at the turning point, where all the force is.
        let angle = |step: i32| PI * (f64::from(step) / 400.0).powi(3);
        let (distance, force) = (-400..=400).map(|step| point(angle(step))).unzip();
        Cycle { distance, force }
    }

    fn steady(&self, height: f64, from: State) -> Result<(Tap, State), SimulationError> {
        if !height.is_finite() {
            return Err(SimulationError::Parameter { name: "height", value: height, allowed: "finite" });
        }
        let tap = Motion::new(self, height).steady(from);
        let end = tap.end;
        Ok((tap, end))
    }

    fn check(&self) -> Result<(), SimulationError> {
        for (name, value) in [
            ("spring_constant", self.spring_constant),
            ("quality_factor", self.quality_factor),
            ("resonance_frequency", self.resonance_frequency),
            ("free_amplitude", self.free_amplitude),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        self.sample.check()
    }
}
