use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use super::process::TimeLaw;
use crate::SimulationError;

/// Creep or stress relaxation of one sample at several temperatures, where all of it goes with one time: `x = t/τ(T)`.
#[derive(Debug, Clone, PartialEq)]
pub struct IsothermsOverTime {
    /// What is measured.
    pub response: ResponseOverTime,
    /// Shape of what is retarded or relaxes: `1 - exp(-x^β)`.
    pub exponent: f64,
    /// The relaxation time.
    pub time: TimeLaw,
    /// What the exponent gains per kelvin above the first temperature, 1/K: superposition fails where it is not zero.
    pub widening: f64,
    /// Temperatures of the isotherms, K.
    pub temperatures: Vec<f64>,
    /// First and last time, s.
    pub times: (f64, f64),
    /// Readings per isotherm, equal steps of the logarithm.
    pub points: usize,
    /// Relative error of a reading.
    pub noise: f64,
}

/// What is measured over time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ResponseOverTime {
    /// A compliance, `at_once + retarded (1 - exp(-x^β)) + flow x`, 1/Pa.
    Creep {
        /// At once.
        at_once: f64,
        /// What is retarded.
        retarded: f64,
        /// What has flowed at `t = τ`.
        flow: f64,
    },
    /// A modulus, `at_rest + relaxing exp(-x^β)`, Pa.
    Relaxation {
        /// What never relaxes.
        at_rest: f64,
        /// What does.
        relaxing: f64,
    },
}

impl Default for IsothermsOverTime {
    /// Eight creep curves of a glass from 450 to 485 K, 1 to 10 000 s.
    fn default() -> Self {
        Self {
            response: ResponseOverTime::Creep { at_once: 1e-10, retarded: 3e-9, flow: 2e-10 },
            exponent: 0.5,
            time: TimeLaw::Vft { prefactor: 1e-13, b: 3200.0, t0: 380.0 },
            widening: 0.0,
            temperatures: (0..8).map(|i| 450.0 + 5.0 * f64::from(i)).collect(),
            times: (1.0, 1e4),
            points: 30,
            noise: 0.01,
        }
    }
}

impl IsothermsOverTime {
    /// The response without error at a time (s) and a temperature (K).
    pub fn value(&self, time: f64, temperature: f64) -> f64 {
        let first = self.temperatures.first().copied().unwrap_or(temperature);
        let x = time / self.time.at(temperature);
        let left = (-x.powf(self.exponent + self.widening * (temperature - first))).exp();
        match self.response {
            ResponseOverTime::Creep { at_once, retarded, flow } => at_once + retarded * (1.0 - left) + flow * x,
            ResponseOverTime::Relaxation { at_rest, relaxing } => at_rest + relaxing * left,
        }
    }

    /// One measurement: temperature, time and response.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Record, SimulationError> {
        SimulationError::require_positive("exponent", self.exponent)?;
        SimulationError::require_positive("first time", self.times.0)?;
        SimulationError::require_positive("last time less the first", self.times.1 - self.times.0)?;
        SimulationError::require_not_negative("noise", self.noise)?;
        let mut normals = standard_normals(seed, self.temperatures.len() * self.points).into_iter();
        let last = (self.points.max(2) - 1) as f64;
        let mut columns: [Vec<f64>; 3] = Default::default();
        for &temperature in &self.temperatures {
            SimulationError::require_positive("relaxation time", self.time.at(temperature))?;
            for i in 0..self.points {
                let time = self.times.0 * (self.times.1 / self.times.0).powf(i as f64 / last);
                let value = self.value(time, temperature);
                SimulationError::require_positive("response", value)?;
                let value = value * (self.noise * normals.next().unwrap_or(0.0)).exp();
                columns.iter_mut().zip([temperature, time, value]).for_each(|(column, value)| column.push(value));
            }
        }
        let quantity = match self.response {
            ResponseOverTime::Creep { .. } => TraceQuantity::CreepCompliance,
            ResponseOverTime::Relaxation { .. } => TraceQuantity::RelaxationModulus,
        };
        let quantities = [TraceQuantity::Temperature, TraceQuantity::Time, quantity];
        let channels = quantities.into_iter().zip(columns).map(|(quantity, values)| Channel::new(quantity, values));
        Ok(Record::of_test("isotherms over time", Recording::of_test(channels.collect())))
    }
}
