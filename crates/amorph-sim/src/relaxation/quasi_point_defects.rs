use std::f64::consts::PI;

use amorph_core::constants::BOLTZMANN;
use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use super::dma::DmaNoise;
use crate::SimulationError;

/// A glass whose loss is that of quasi-point defects: `tan δ = A exp(-U/kT) ω^(-χ) t0^(-χ)`, χ constant below the glass transition and
/// rising above it.
#[derive(Debug, Clone, PartialEq)]
pub struct QuasiPointDefects {
    /// Storage modulus, Pa.
    pub storage_modulus: f64,
    /// Energy of the elementary move U, J.
    pub energy: f64,
    /// Correlation parameter χ of the glass.
    pub chi: f64,
    /// What χ gains per kelvin above the transition, 1/K.
    pub chi_slope: f64,
    /// Temperature of the transition, K.
    pub transition: f64,
    /// Shortest time t0, s.
    pub short_time: f64,
    /// Loss tangent at the transition and 1 rad/s.
    pub loss_tangent: f64,
    /// Temperatures of the isotherms, K.
    pub temperatures: Vec<f64>,
    /// First and last frequency, Hz.
    pub frequencies: (f64, f64),
    /// Frequencies per isotherm.
    pub points: usize,
    /// Errors of a reading.
    pub noise: DmaNoise,
}

impl Default for QuasiPointDefects {
    /// Sixteen isotherms from 600 to 720 K, 20 frequencies from 0.01 to 100 Hz; χ = 0.38 below 680 K.
    fn default() -> Self {
        Self {
            storage_modulus: 80e9,
            energy: 0.9 * 1.602_176_634e-19,
            chi: 0.38,
            chi_slope: 1.5e-3,
            transition: 680.0,
            short_time: 1e-13,
            loss_tangent: 0.08,
            temperatures: (0..16).map(|i| 600.0 + 8.0 * f64::from(i)).collect(),
            frequencies: (0.01, 100.0),
            points: 20,
            noise: DmaNoise::ModulusAndPhase { modulus: 0.005, phase: 0.001 },
        }
    }
}

impl QuasiPointDefects {
    /// χ at a temperature (K).
    pub fn chi_at(&self, temperature: f64) -> f64 {
        self.chi + self.chi_slope * (temperature - self.transition).max(0.0)
    }

    /// Loss tangent at an angular frequency (rad/s) and a temperature (K).
    pub fn tangent(&self, omega: f64, temperature: f64) -> f64 {
        let boltzmann = self.energy / BOLTZMANN * (1.0 / self.transition - 1.0 / temperature);
        let chi = self.chi_at(temperature);
        let ln = boltzmann - chi * omega.ln() - (chi - self.chi) * self.short_time.ln();
        self.loss_tangent * ln.exp()
    }

    /// Frequency sweeps at all temperatures.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Record, SimulationError> {
        for (name, value) in [
            ("storage_modulus", self.storage_modulus),
            ("energy", self.energy),
            ("chi", self.chi),
            ("transition", self.transition),
            ("short_time", self.short_time),
            ("loss_tangent", self.loss_tangent),
            ("frequency", self.frequencies.0),
            ("last frequency less the first", self.frequencies.1 - self.frequencies.0),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        let normals = standard_normals(seed, 2 * self.points * self.temperatures.len());
        let mut columns: [Vec<f64>; 4] = Default::default();
        let last = (self.points.max(2) - 1) as f64;
        let mut next = normals.chunks(2);
        for &temperature in &self.temperatures {
            SimulationError::require_positive("temperature", temperature)?;
            for i in 0..self.points {
                let frequency = self.frequencies.0 * (self.frequencies.1 / self.frequencies.0).powf(i as f64 / last);
                let loss = self.storage_modulus * self.tangent(2.0 * PI * frequency, temperature);
                let normal = next.next().map_or([0.0; 2], |pair| [pair[0], pair[1]]);
                let (storage, loss) = self.noise.on(self.storage_modulus, loss, normal);
                columns.iter_mut().zip([temperature, frequency, storage, loss]).for_each(|(column, value)| column.push(value));
            }
        }
        let quantities =
            [TraceQuantity::Temperature, TraceQuantity::Frequency, TraceQuantity::StorageModulus, TraceQuantity::LossModulus];
        let channels = quantities.into_iter().zip(columns).map(|(quantity, values)| Channel::new(quantity, values));
        Ok(Record::of_test("frequency sweeps", Recording::of_test(channels.collect())))
    }
}
