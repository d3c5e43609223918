use amorph_core::data::Table;
use amorph_core::random::standard_normals;

use super::process::TimeLaw;
use crate::SimulationError;

/// A table of relaxation times over temperature, as other measurements bring it.
#[derive(Debug, Clone, PartialEq)]
pub struct TimesOverTemperature {
    /// The true law.
    pub law: TimeLaw,
    /// Temperatures, K.
    pub temperatures: Vec<f64>,
    /// Standard error of ln τ.
    pub error: f64,
    /// Standard deviation of the true temperature around the one that is written, K.
    pub temperature_error: f64,
    /// Modulus by which viscosities are made from times, Pa.
    pub modulus: f64,
}

impl Default for TimesOverTemperature {
    /// A liquid of fragility 48 at 423 K, 12 temperatures over twelve decades, times to 10 %.
    fn default() -> Self {
        Self {
            law: TimeLaw::Vft { prefactor: 1e-14, b: 5600.0, t0: 271.0 },
            temperatures: (0..12).map(|i| 425.0 + 12.0 * f64::from(i)).collect(),
            error: 0.1,
            temperature_error: 0.0,
            modulus: 1e10,
        }
    }
}

impl TimesOverTemperature {
    /// True ln τ at every temperature.
    pub fn truth(&self) -> Vec<f64> {
        self.temperatures.iter().map(|t| self.law.at(*t).ln()).collect()
    }

    /// Measured ln τ.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Vec<f64>, SimulationError> {
        SimulationError::require_not_negative("error", self.error)?;
        SimulationError::require_not_negative("temperature_error", self.temperature_error)?;
        SimulationError::require_positive("modulus", self.modulus)?;
        for t in &self.temperatures {
            SimulationError::require_positive("temperature", *t)?;
            SimulationError::require_positive("relaxation time", self.law.at(*t))?;
        }
        let normals = standard_normals(seed, 2 * self.temperatures.len());
        let of = |(t, z): (&f64, &[f64])| self.law.at(t + self.temperature_error * z[0]).ln() + self.error * z[1];
        Ok(self.temperatures.iter().zip(normals.chunks(2)).map(of).collect())
    }

    /// A table with `temperature`, `relaxation_time` and `relaxation_time_error`.
    ///
    /// # Errors
    /// As [`Self::measure`].
    pub fn times(&self, seed: u64) -> Result<Table, SimulationError> {
        let times: Vec<f64> = self.measure(seed)?.into_iter().map(f64::exp).collect();
        let errors = times.iter().map(|time| self.error * time).collect();
        Ok(Table::new("times", "Relaxation times")
            .with_numbers("temperature", "K", self.temperatures.clone())
            .with_numbers("relaxation_time", "s", times)
            .with_numbers("relaxation_time_error", "s", errors))
    }

    /// A table with `temperature` and `viscosity`, without errors.
    ///
    /// # Errors
    /// As [`Self::measure`].
    pub fn viscosities(&self, seed: u64) -> Result<Table, SimulationError> {
        let values = self.measure(seed)?.into_iter().map(|ln_time| self.modulus * ln_time.exp()).collect();
        Ok(Table::new("viscosities", "Viscosities").with_numbers("temperature", "K", self.temperatures.clone()).with_numbers(
            "viscosity",
            "Pa s",
            values,
        ))
    }
}
