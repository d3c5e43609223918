use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// A pillar under constant stress: `ε = ε1 (1 - exp(-t/t1)) + rate t`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CreepHold {
    /// Uniaxial stress, Pa.
    pub stress: f64,
    /// Viscosity `σ/(3 rate)`, Pa s.
    pub viscosity: f64,
    /// Strain of the primary stage.
    pub primary_strain: f64,
    /// Its time, s.
    pub primary_time: f64,
    /// Duration, s.
    pub duration: f64,
    /// Samples.
    pub samples: usize,
    /// Standard deviation of the strain.
    pub noise: f64,
}

impl CreepHold {
    /// Steady strain rate, 1/s.
    pub fn steady_rate(&self) -> f64 {
        self.stress / (3.0 * self.viscosity)
    }

    /// Time, stress and strain.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Record, SimulationError> {
        for (name, value) in [
            ("stress", self.stress),
            ("viscosity", self.viscosity),
            ("primary_time", self.primary_time),
            ("duration", self.duration),
            ("samples", self.samples as f64),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        let noise = standard_normals(seed, self.samples);
        let time: Vec<f64> = (0..self.samples).map(|i| self.duration * i as f64 / self.samples as f64).collect();
        let strain = time.iter().zip(&noise).map(|(t, z)| {
            let primary = -self.primary_strain * (-t / self.primary_time).exp_m1();
            primary + self.steady_rate() * t + self.noise * z
        });
        let recording = Recording::of_test(vec![
            Channel::new(TraceQuantity::Strain, strain.collect()),
            Channel::new(TraceQuantity::Stress, vec![self.stress; self.samples]),
            Channel::new(TraceQuantity::Time, time),
        ]);
        Ok(Record::of_test("hold", recording))
    }
}
