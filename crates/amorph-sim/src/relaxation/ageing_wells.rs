use std::f64::consts::{FRAC_PI_2, PI};

use amorph_core::constants::{BOLTZMANN, ELEMENTARY_CHARGE};
use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use super::dma::DmaNoise;
use crate::SimulationError;

/// A glass with one kind of asymmetric double well, whose loss peak is measured at one temperature after rising ageing times.
#[derive(Debug, Clone, PartialEq)]
pub struct AgeingWells {
    /// Temperature of the sweeps, K.
    pub temperature: f64,
    /// Barrier of the upper well before ageing, J.
    pub barrier: f64,
    /// Asymmetry before ageing, J.
    pub asymmetry: f64,
    /// What the asymmetry gains over the whole series, J; logarithmic in time.
    pub asymmetry_gain: f64,
    /// Slope a: `U + D/2 - (1 + 2a) kT ln cosh(D/2kT)` stays constant.
    pub slope: f64,
    /// Attempt time τ0, s.
    pub attempt_time: f64,
    /// Loss modulus of wells without asymmetry, Pa.
    pub loss_amplitude: f64,
    /// Cole-Cole exponent of the peak.
    pub exponent: f64,
    /// Loss modulus of the background at 1 rad/s, Pa, and the power with which it falls.
    pub background: (f64, f64),
    /// Storage modulus, Pa.
    pub storage_modulus: f64,
    /// Ageing times, s.
    pub ageing_times: Vec<f64>,
    /// First and last frequency, Hz.
    pub frequencies: (f64, f64),
    /// Frequencies per sweep.
    pub points: usize,
    /// Errors of a reading.
    pub noise: DmaNoise,
}

impl Default for AgeingWells {
    /// Ten sweeps at 343 K after 0 to 100 000 s of ageing: the peak falls to a half and slows by a factor of four (a = 2).
    fn default() -> Self {
        Self {
            temperature: 343.0,
            barrier: 0.80 * ELEMENTARY_CHARGE,
            asymmetry: 0.25 * ELEMENTARY_CHARGE,
            asymmetry_gain: 0.021 * ELEMENTARY_CHARGE,
            slope: 2.0,
            attempt_time: 5e-14,
            loss_amplitude: 1e12,
            exponent: 0.45,
            background: (2e8, 0.3),
            storage_modulus: 30e9,
            ageing_times: (0..10)
                .map(|i| if i == 0 { 0.0 } else { 100.0 * 10f64.powf(f64::from(i - 1) * 3.0 / 8.0) })
                .collect(),
            frequencies: (0.01, 100.0),
            points: 25,
            noise: DmaNoise::ModulusAndPhase { modulus: 0.002, phase: 0.0005 },
        }
    }
}

impl AgeingWells {
    /// Barrier U and asymmetry D after an ageing time, J.
    pub fn wells(&self, ageing_time: f64) -> (f64, f64) {
        let last = self.ageing_times.iter().copied().fold(0.0, f64::max);
        let first = self.ageing_times.iter().copied().filter(|t| *t > 0.0).fold(f64::INFINITY, f64::min);
        let share = if last > 0.0 { (ageing_time / first).ln_1p() / (last / first).ln_1p() } else { 0.0 };
        let d = self.asymmetry + self.asymmetry_gain * share;
        let kt = BOLTZMANN * self.temperature;
        let kept = |d: f64| 0.5 * d - (1.0 + 2.0 * self.slope) * kt * (0.5 * d / kt).cosh().ln();
        (self.barrier + kept(self.asymmetry) - kept(d), d)
    }

    /// Relaxation time (s) and loss modulus of the peak (Pa) after an ageing time: `τ = τ0 exp((2U + D)/2kT)/cosh(D/2kT)`,
    /// `G'' = G0 sech²(D/2kT)`.
    pub fn peak(&self, ageing_time: f64) -> (f64, f64) {
        let (u, d) = self.wells(ageing_time);
        let kt = BOLTZMANN * self.temperature;
        let cosh = (0.5 * d / kt).cosh();
        (self.attempt_time * ((u + 0.5 * d) / kt).exp() / cosh, self.loss_amplitude / (cosh * cosh))
    }

    /// Loss modulus at an angular frequency (rad/s) after an ageing time, Pa.
    pub fn loss(&self, omega: f64, ageing_time: f64) -> f64 {
        let (tau, height) = self.peak(ageing_time);
        let cos = (self.exponent * FRAC_PI_2).cos();
        let peak = (1.0 + cos) / ((self.exponent * (omega * tau).ln()).cosh() + cos);
        height * peak + self.background.0 * omega.powf(-self.background.1)
    }

    /// Sweep after sweep: time, temperature, frequency, storage and loss modulus.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Record, SimulationError> {
        for (name, value) in [
            ("temperature", self.temperature),
            ("barrier", self.barrier),
            ("attempt_time", self.attempt_time),
            ("loss_amplitude", self.loss_amplitude),
            ("exponent", self.exponent),
            ("storage_modulus", self.storage_modulus),
            ("frequency", self.frequencies.0),
            ("last frequency less the first", self.frequencies.1 - self.frequencies.0),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("asymmetry", self.asymmetry)?;
        SimulationError::require_not_negative("background", self.background.0)?;
        let normals = standard_normals(seed, 2 * self.points * self.ageing_times.len());
        let mut next = normals.chunks(2);
        let mut columns: [Vec<f64>; 5] = Default::default();
        let last = (self.points.max(2) - 1) as f64;
        for &time in &self.ageing_times {
            SimulationError::require_not_negative("ageing time", time)?;
            for i in 0..self.points {
                let frequency = self.frequencies.0 * (self.frequencies.1 / self.frequencies.0).powf(i as f64 / last);
                let normal = next.next().map_or([0.0; 2], |pair| [pair[0], pair[1]]);
                let (storage, loss) = self.noise.on(self.storage_modulus, self.loss(2.0 * PI * frequency, time), normal);
                let row = [time, self.temperature, frequency, storage, loss];
                columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
            }
        }
        let quantities = [
            TraceQuantity::Time,
            TraceQuantity::Temperature,
            TraceQuantity::Frequency,
            TraceQuantity::StorageModulus,
            TraceQuantity::LossModulus,
        ];
        let channels = quantities.into_iter().zip(columns).map(|(quantity, values)| Channel::new(quantity, values));
        Ok(Record::of_test("sweeps while ageing", Recording::of_test(channels.collect())))
    }
}
