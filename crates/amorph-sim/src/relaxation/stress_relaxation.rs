use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// A specimen held at a strain after a ramp.
#[derive(Debug, Clone, PartialEq)]
pub struct StressRelaxation {
    /// How its stress falls.
    pub law: StressLaw,
    /// Stress at the end of the ramp, Pa.
    pub initial_stress: f64,
    /// How long loading takes, s.
    pub ramp_time: f64,
    /// How long the strain is held, s.
    pub duration: f64,
    /// Time between two readings, s.
    pub interval: f64,
    /// Standard deviation of a reading, Pa.
    pub noise: f64,
    /// Correlation of neighbouring readings' errors.
    pub correlation: f64,
}

/// How a stress falls at constant strain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StressLaw {
    /// `σ0 - S ln(1 + t/c)`: one barrier that stress lowers.
    Logarithmic {
        /// S, Pa.
        slope: f64,
        /// c, s.
        start: f64,
    },
    /// `(σ0 - σr) exp(-(t/τ)^β) + σr`.
    Stretched {
        /// σr over σ0.
        remnant: f64,
        /// τ, s.
        time: f64,
        /// β.
        exponent: f64,
    },
}

impl StressLaw {
    fn check(&self) -> Result<(), SimulationError> {
        match *self {
            Self::Logarithmic { slope, start } => {
                SimulationError::require_not_negative("slope of the logarithmic law", slope)?;
                SimulationError::require_positive("start of the logarithmic law", start)
            }
            Self::Stretched { remnant, time, exponent } => {
                SimulationError::require_not_negative("remnant", remnant)?;
                SimulationError::require_positive("time of the stretched law", time)?;
                SimulationError::require_positive("exponent of the stretched law", exponent)
            }
        }
    }
}

impl Default for StressRelaxation {
    /// 1 GPa held for an hour, one reading per second; 20 MPa lost per unit of ln t.
    fn default() -> Self {
        Self {
            law: StressLaw::Logarithmic { slope: 20e6, start: 2.0 },
            initial_stress: 1e9,
            ramp_time: 1.0,
            duration: 3600.0,
            interval: 1.0,
            noise: 1e6,
            correlation: 0.0,
        }
    }
}

impl StressRelaxation {
    /// Stress at a time after the end of the ramp, Pa.
    pub fn stress(&self, time: f64) -> f64 {
        match self.law {
            StressLaw::Logarithmic { slope, start } => self.initial_stress - slope * (time / start).ln_1p(),
            StressLaw::Stretched { remnant, time: tau, exponent } => {
                self.initial_stress * (remnant + (1.0 - remnant) * (-(time / tau).powf(exponent)).exp())
            }
        }
    }

    /// Time and stress, the linear ramp included.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Record, SimulationError> {
        self.law.check()?;
        SimulationError::require_positive("initial_stress", self.initial_stress)?;
        SimulationError::require_positive("ramp_time", self.ramp_time)?;
        SimulationError::require_positive("duration", self.duration)?;
        SimulationError::require_positive("interval", self.interval)?;
        SimulationError::require_not_negative("noise", self.noise)?;
        SimulationError::require_not_negative("correlation", self.correlation)?;
        SimulationError::require_positive("1 less the correlation", 1.0 - self.correlation)?;
        // Four readings on the ramp, then the hold.
        let ramp = (0..4).map(|i| self.ramp_time * f64::from(i) / 4.0);
        let n = (self.duration / self.interval).floor() as usize;
        let hold = (0..=n).map(|i| self.ramp_time + i as f64 * self.interval);
        let times: Vec<f64> = ramp.chain(hold).collect();
        let exact = |t: f64| {
            if t < self.ramp_time { self.initial_stress * t / self.ramp_time } else { self.stress(t - self.ramp_time) }
        };
        let normals = standard_normals(seed, times.len());
        let mut error = 0.0;
        let fresh = (1.0 - self.correlation * self.correlation).sqrt();
        let stresses = times.iter().zip(normals).enumerate().map(|(i, (t, z))| {
            error = if i == 0 { z } else { self.correlation * error + fresh * z };
            exact(*t) + self.noise * error
        });
        let stresses = stresses.collect();
        let channels = vec![Channel::new(TraceQuantity::Time, times), Channel::new(TraceQuantity::Stress, stresses)];
        Ok(Record::of_test("stress relaxation", Recording::of_test(channels)))
    }
}
