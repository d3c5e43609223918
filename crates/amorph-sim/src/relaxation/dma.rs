use std::f64::consts::PI;

use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use super::process::{Process, Shape, TimeLaw, product};
use crate::SimulationError;

/// Frequency sweeps of one sample at several temperatures.
#[derive(Debug, Clone, PartialEq)]
pub struct Dma {
    /// Unrelaxed modulus at the reference temperature, Pa.
    pub unrelaxed_modulus: f64,
    /// Relative fall of the unrelaxed modulus per kelvin, 1/K.
    pub softening: f64,
    /// Temperature at which the modulus is stated, K.
    pub reference_temperature: f64,
    /// The processes; their strengths add up to at most 1.
    pub processes: Vec<Process>,
    /// Whether the processes after the first decay with it, by Williams and Watts: `φ = φ1 [d1 + d2 φ2 + ...]`. The first is then a KWW
    /// process, the others have Gaussian barriers or a Cole-Cole shape.
    pub williams_watts: bool,
    /// A loss that is nearly the same at all frequencies.
    pub constant_loss: Option<ConstantLoss>,
    /// Temperatures of the isotherms, K.
    pub temperatures: Vec<f64>,
    /// First and last frequency, Hz.
    pub frequencies: (f64, f64),
    /// Frequencies per isotherm, equal steps of the logarithm.
    pub points: usize,
    /// Errors of a reading.
    pub noise: DmaNoise,
    /// Standard deviation of the temperature of an isotherm around the one that is written, K.
    pub temperature_error: f64,
    /// What crystals add to the storage modulus.
    pub crystallisation: Option<Crystallisation>,
}

/// A loss that is the same at all frequencies, with the storage `(2/π) ln(ω/ω0)` of it that causality ties to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConstantLoss {
    /// Share of the unrelaxed modulus at the reference temperature.
    pub share: f64,
    /// It grows as `exp(T/T_N)`: T_N, K.
    pub temperature: f64,
}

/// Crystals that grow while the sample is heated: the storage modulus gains a share of the unrelaxed one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crystallisation {
    /// Temperature at which half of it has happened, K.
    pub temperature: f64,
    /// Width of a logistic step, K.
    pub width: f64,
    /// Share of the unrelaxed modulus that is gained at last.
    pub share: f64,
}

/// Errors of a reading.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DmaNoise {
    /// Of the modulus (a share of it) and of the phase (rad), independent of each other: what force and displacement sensors make.
    ModulusAndPhase {
        /// Relative error of the modulus.
        modulus: f64,
        /// Error of the phase, rad.
        phase: f64,
    },
    /// The same share of the storage and of the loss modulus, independent of each other.
    Relative(f64),
}

/// Such a measurement with its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct DmaTest {
    /// Frequency, temperature, storage and loss modulus.
    pub record: Record,
    /// Relaxation time of every process at every temperature, s.
    pub times: Vec<Vec<f64>>,
}

impl Default for Dma {
    /// Ten isotherms of a glass above its transition, 50 frequencies from 0.01 to 100 Hz.
    fn default() -> Self {
        let alpha = Process {
            strength: 1.0,
            shape: Shape::HavriliakNegami { alpha: 0.95, gamma: 0.41 },
            time: TimeLaw::Vft { prefactor: 1e-13, b: 2800.0, t0: 380.0 },
        };
        Self {
            unrelaxed_modulus: 30e9,
            softening: 0.0,
            reference_temperature: 470.0,
            processes: vec![alpha],
            williams_watts: false,
            constant_loss: None,
            temperatures: (0..10).map(|i| 450.0 + 5.0 * f64::from(i)).collect(),
            frequencies: (0.01, 100.0),
            points: 50,
            noise: DmaNoise::ModulusAndPhase { modulus: 0.01, phase: 0.01 },
            temperature_error: 0.0,
            crystallisation: None,
        }
    }
}

impl Dma {
    /// Storage and loss modulus without error, Pa, at an angular frequency (rad/s) and a temperature (K).
    pub fn modulus(&self, omega: f64, temperature: f64) -> (f64, f64) {
        let unrelaxed = self.unrelaxed_modulus * (1.0 - self.softening * (temperature - self.reference_temperature));
        let (mut storage, mut loss) = (1.0, 0.0);
        for (k, process) in self.processes.iter().enumerate() {
            let (re, im) = if k > 0 && self.williams_watts {
                self.with_first(process, omega, temperature)
            } else {
                process.shape.susceptibility(omega * process.time.at(temperature), temperature)
            };
            storage -= process.strength * re;
            loss += process.strength * im;
        }
        if let Some(constant) = self.constant_loss {
            let share = constant.share * ((temperature - self.reference_temperature) / constant.temperature).exp();
            let middle = PI * 2.0 * (self.frequencies.0 * self.frequencies.1).sqrt();
            storage += share * std::f64::consts::FRAC_2_PI * (omega / middle).ln();
            loss += share;
        }
        let gained = self.crystallisation.map_or(0.0, |c| c.share / (1.0 + ((c.temperature - temperature) / c.width).exp()));
        (unrelaxed * (storage + gained), unrelaxed * loss)
    }

    /// `(χ', χ'')` of a process that decays with the first one; of shapes that cannot, NaN.
    fn with_first(&self, process: &Process, omega: f64, temperature: f64) -> (f64, f64) {
        let Some((first, spectrum)) = self.processes.first().zip(process.shape.spectrum(temperature)) else {
            return (f64::NAN, f64::NAN);
        };
        let Shape::Kww { beta } = first.shape else { return (f64::NAN, f64::NAN) };
        let tau = first.time.at(temperature);
        let ratio = tau / process.time.at(temperature);
        let rates: Vec<(f64, f64)> = spectrum.into_iter().map(|(time, weight)| (ratio / time, weight)).collect();
        product(beta, omega * tau, &rates)
    }

    /// A ribbon heated from 250 to 470 K at five frequencies: alpha (VFT above 423 K, half its slope below) and a slow beta process of
    /// 26 kB Tg.
    pub fn ribbon() -> Self {
        let alpha = Process {
            strength: 0.94,
            shape: Shape::Kww { beta: 0.5 },
            time: TimeLaw::Glass { prefactor: 1e-14, b: 5600.0, t0: 271.0, kink: 423.0, share: 0.5 },
        };
        let slow = Process {
            strength: 0.06,
            shape: Shape::HavriliakNegami { alpha: 0.4, gamma: 1.0 },
            time: TimeLaw::Arrhenius { prefactor: 1e-15, energy: 26.0 * 1.380_649e-23 * 423.0 },
        };
        Self {
            softening: 2e-4,
            reference_temperature: 300.0,
            processes: vec![alpha, slow],
            temperatures: (0..80).map(|i| 250.0 + 220.0 * f64::from(i) / 79.0).collect(),
            frequencies: (0.5, 16.0),
            points: 5,
            noise: DmaNoise::ModulusAndPhase { modulus: 0.005, phase: 0.001 },
            ..Self::default()
        }
    }

    /// Frequencies of an isotherm, Hz.
    pub fn sweep(&self) -> Vec<f64> {
        let (lo, hi) = (self.frequencies.0.ln(), self.frequencies.1.ln());
        let last = (self.points.max(2) - 1) as f64;
        (0..self.points).map(|i| (lo + (hi - lo) * i as f64 / last).exp()).collect()
    }

    /// One measurement, isotherm by isotherm.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<DmaTest, SimulationError> {
        self.check()?;
        let sweep = self.sweep();
        let normals = standard_normals(seed, self.temperatures.len() * (2 * self.points + 1));
        let mut normals = normals.into_iter();
        let mut next = || normals.next().unwrap_or(0.0);
        let mut columns: [Vec<f64>; 4] = Default::default();
        for &written in &self.temperatures {
            let temperature = written + self.temperature_error * next();
            for &frequency in &sweep {
                let (storage, loss) = self.modulus(2.0 * PI * frequency, temperature);
                let (storage, loss) = self.noise.on(storage, loss, [next(), next()]);
                columns.iter_mut().zip([written, frequency, storage, loss]).for_each(|(column, value)| column.push(value));
            }
        }
        let quantities =
            [TraceQuantity::Temperature, TraceQuantity::Frequency, TraceQuantity::StorageModulus, TraceQuantity::LossModulus];
        let channels = quantities.into_iter().zip(columns).map(|(quantity, values)| Channel::new(quantity, values));
        let record = Record::of_test("frequency sweeps", Recording::of_test(channels.collect()));
        let times = |process: &Process| self.temperatures.iter().map(|t| process.time.at(*t)).collect();
        Ok(DmaTest { record, times: self.processes.iter().map(times).collect() })
    }

    fn check(&self) -> Result<(), SimulationError> {
        SimulationError::require_positive("unrelaxed_modulus", self.unrelaxed_modulus)?;
        SimulationError::require_positive("frequency", self.frequencies.0)?;
        SimulationError::require_positive("last frequency less the first", self.frequencies.1 - self.frequencies.0)?;
        SimulationError::require_not_negative("temperature_error", self.temperature_error)?;
        let (mut sum, mut hottest) = (0.0, 0.0);
        for process in &self.processes {
            SimulationError::require_not_negative("strength", process.strength)?;
            process.shape.check()?;
            sum += process.strength;
        }
        SimulationError::require_not_negative("1 less the sum of the strengths", 1.0 - sum + 1e-12)?;
        if let Some(constant) = self.constant_loss {
            SimulationError::require_not_negative("share of a constant loss", constant.share)?;
            SimulationError::require_positive("T_N of a constant loss", constant.temperature)?;
        }
        let can_follow = |process: &Process| process.shape.spectrum(300.0).is_some();
        let is_kww = |process: &Process| matches!(process.shape, Shape::Kww { .. });
        if self.williams_watts && !(self.processes.first().is_some_and(is_kww) && self.processes.iter().skip(1).all(can_follow))
        {
            let allowed = "a Kww process first, then Cole-Cole (gamma 1, alpha below 1) or Gaussian barriers";
            return Err(SimulationError::Parameter { name: "processes by Williams and Watts", value: f64::NAN, allowed });
        }
        for temperature in &self.temperatures {
            SimulationError::require_positive("temperature", *temperature)?;
            for process in &self.processes {
                SimulationError::require_positive("relaxation time", process.time.at(*temperature))?;
            }
            hottest = temperature.max(hottest);
        }
        SimulationError::require_positive(
            "share of the modulus that softening leaves",
            1.0 - self.softening * (hottest - self.reference_temperature),
        )
    }
}

impl DmaNoise {
    pub(super) fn on(self, storage: f64, loss: f64, normal: [f64; 2]) -> (f64, f64) {
        match self {
            Self::ModulusAndPhase { modulus, phase } => {
                let (size, angle) = (storage.hypot(loss), loss.atan2(storage));
                let (size, angle) = (size * (modulus * normal[0]).exp(), angle + phase * normal[1]);
                (size * angle.cos(), size * angle.sin())
            }
            Self::Relative(share) => (storage * (1.0 + share * normal[0]), loss * (1.0 + share * normal[1])),
        }
    }
}
