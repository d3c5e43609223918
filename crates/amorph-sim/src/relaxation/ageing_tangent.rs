use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// The loss tangent of a glass at one temperature and frequency while it ages: `A + B exp(-(t/τ)^b)`.
#[derive(Debug, Clone, PartialEq)]
pub struct AgeingTangent {
    /// A, what it comes down to.
    pub settled: f64,
    /// B, what it loses.
    pub lost: f64,
    /// τ, s.
    pub time: f64,
    /// b.
    pub exponent: f64,
    /// How long it is measured, s.
    pub duration: f64,
    /// Time between two readings, s.
    pub interval: f64,
    /// Error of the phase, rad.
    pub noise: f64,
    /// Storage modulus, Pa.
    pub storage: f64,
    /// Frequency, Hz.
    pub frequency: f64,
    /// Temperature, K.
    pub temperature: f64,
}

impl Default for AgeingTangent {
    /// A day at 1 Hz and 593 K, a reading every minute.
    fn default() -> Self {
        Self {
            settled: 0.02,
            lost: 0.015,
            time: 7200.0,
            exponent: 0.55,
            duration: 86_400.0,
            interval: 60.0,
            noise: 3e-4,
            storage: 70e9,
            frequency: 1.0,
            temperature: 593.0,
        }
    }
}

impl AgeingTangent {
    /// Loss tangent without error.
    pub fn value(&self, t: f64) -> f64 {
        self.settled + self.lost * (-(t / self.time).powf(self.exponent)).exp()
    }

    /// A trace with time, temperature, frequency, storage and loss modulus.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Record, SimulationError> {
        for (name, value) in [
            ("time", self.time),
            ("exponent", self.exponent),
            ("interval", self.interval),
            ("duration", self.duration),
            ("storage", self.storage),
            ("frequency", self.frequency),
            ("temperature", self.temperature),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("noise", self.noise)?;
        let n = (self.duration / self.interval).floor() as usize;
        let times: Vec<f64> = (1..=n).map(|i| self.interval * i as f64).collect();
        let phase = |(t, z): (&f64, f64)| self.value(*t).atan() + self.noise * z;
        let phases: Vec<f64> = times.iter().zip(standard_normals(seed, n)).map(phase).collect();
        let storage = phases.iter().map(|phase| self.storage * phase.cos()).collect();
        let loss = phases.iter().map(|phase| self.storage * phase.sin()).collect();
        let channels = vec![
            Channel::new(TraceQuantity::Temperature, vec![self.temperature; n]),
            Channel::new(TraceQuantity::Frequency, vec![self.frequency; n]),
            Channel::new(TraceQuantity::StorageModulus, storage),
            Channel::new(TraceQuantity::LossModulus, loss),
            Channel::new(TraceQuantity::Time, times),
        ];
        Ok(Record::of_test("ageing", Recording::of_test(channels)))
    }
}
