use amorph_core::constants::GAS;
use amorph_core::data::Table;
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// A glass that loses enthalpy below its glass transition: `ΔH = Δcp (Tf - Ta) (1 - exp(-(t/τ)^β))`, with `τ` of Arrhenius.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnealingSeries {
    /// Step of the heat capacity, J/(kg K).
    pub specific_heat_step: f64,
    /// Fictive temperature before annealing, K.
    pub fictive_temperature: f64,
    /// Annealing temperatures, K.
    pub temperatures: Vec<f64>,
    /// Annealing times, s; the same at every temperature.
    pub times: Vec<f64>,
    /// τ at the first of the temperatures, s.
    pub tau: f64,
    /// Activation energy of τ, J/mol.
    pub energy: f64,
    /// β.
    pub stretching: f64,
    /// Standard error of a recovery enthalpy, J/kg.
    pub error: f64,
    /// Whether the table states it.
    pub stated: bool,
}

impl Default for AnnealingSeries {
    /// Zr-based: 0.12 J/(g K) below 660 K, 1.3 eV, β 0.45; times from a minute to a month.
    fn default() -> Self {
        Self {
            specific_heat_step: 120.0,
            fictive_temperature: 660.0,
            temperatures: vec![570.0, 590.0, 610.0],
            times: (0..14).map(|i| 60.0 * 10f64.powf(f64::from(i) * 0.36)).collect(),
            tau: 4e4,
            energy: 125e3,
            stretching: 0.45,
            error: 120.0,
            stated: true,
        }
    }
}

impl AnnealingSeries {
    /// τ at a temperature (K), s.
    pub fn tau_at(&self, temperature: f64) -> f64 {
        let first = self.temperatures.first().copied().unwrap_or(temperature);
        self.tau * (self.energy / GAS * (1.0 / temperature - 1.0 / first)).exp()
    }

    /// Recovery enthalpy after long annealing at a temperature (K), J/kg.
    pub fn equilibrium(&self, temperature: f64) -> f64 {
        self.specific_heat_step * (self.fictive_temperature - temperature)
    }

    /// A table with `annealing_temperature`, `annealing_time`, `recovery_enthalpy` and, where it is stated, `recovery_enthalpy_error`.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn table(&self, seed: u64) -> Result<Table, SimulationError> {
        SimulationError::require_not_negative("error", self.error)?;
        SimulationError::require_positive("tau", self.tau)?;
        SimulationError::require_positive("stretching", self.stretching)?;
        SimulationError::require_positive("specific_heat_step", self.specific_heat_step)?;
        for temperature in &self.temperatures {
            SimulationError::require_positive("temperature", *temperature)?;
            SimulationError::require_positive("fictive_temperature - temperature", self.fictive_temperature - temperature)?;
        }
        self.times.iter().try_for_each(|time| SimulationError::require_not_negative("time", *time))?;
        let n = self.temperatures.len() * self.times.len();
        let mut normals = standard_normals(seed, n).into_iter();
        let (mut temperature, mut time, mut enthalpy) = (Vec::new(), Vec::new(), Vec::new());
        for at in &self.temperatures {
            for t in &self.times {
                let share = 1.0 - (-(t / self.tau_at(*at)).powf(self.stretching)).exp();
                temperature.push(*at);
                time.push(*t);
                enthalpy.push(self.equilibrium(*at) * share + self.error * normals.next().unwrap_or(0.0));
            }
        }
        let table = Table::new("annealing", "Recovery enthalpies over annealing time and temperature")
            .with_numbers("annealing_temperature", "K", temperature)
            .with_numbers("annealing_time", "s", time)
            .with_numbers("recovery_enthalpy", "J/kg", enthalpy);
        let errors = vec![self.error; n];
        Ok(if self.stated { table.with_numbers("recovery_enthalpy_error", "J/kg", errors) } else { table })
    }
}
