use std::f64::consts::PI;

use amorph_core::constants::{BOLTZMANN, GAS};
use amorph_core::data::Table;
use amorph_core::random::{derive_seed, standard_normals};

use crate::SimulationError;

/// Diffusion coefficients and viscosities over temperature: `ln D = ln D0 - B/(T - T0)` and a viscosity by Stokes and Einstein that leaves their
/// relation below a break.
#[derive(Debug, Clone, PartialEq)]
pub struct Transport {
    /// Temperatures, K.
    pub temperatures: Vec<f64>,
    /// ln of D0 (m^2/s).
    pub ln_prefactor: f64,
    /// B, K.
    pub b: f64,
    /// T0, K; zero for an Arrhenius law.
    pub t0: f64,
    /// Radius of what diffuses, m.
    pub radius: f64,
    /// Temperature (K) below which `D η/T` rises by `exp(E/R (1/T - 1/T_x))`, and E, J/mol.
    pub decoupled: Option<(f64, f64)>,
    /// Relative standard error of both.
    pub error: f64,
    /// Whether the table states it.
    pub stated: bool,
    /// Whether the table has viscosities.
    pub viscosity: bool,
}

impl Default for Transport {
    /// Small atoms in a Pd-based liquid: 165 kJ/mol at 14 temperatures from 560 to 760 K, errors of 8 %.
    fn default() -> Self {
        Self {
            temperatures: (0..14).map(|k| 560.0 + 200.0 / 13.0 * f64::from(k)).collect(),
            ln_prefactor: -13.0,
            b: 165e3 / GAS,
            t0: 0.0,
            radius: 1.3e-10,
            decoupled: Some((660.0, 60e3)),
            error: 0.08,
            stated: true,
            viscosity: true,
        }
    }
}

impl Transport {
    /// Diffusion coefficient at a temperature (K), m^2/s.
    pub fn diffusion_at(&self, temperature: f64) -> f64 {
        (self.ln_prefactor - self.b / (temperature - self.t0)).exp()
    }

    /// Viscosity at a temperature (K), Pa s.
    pub fn viscosity_at(&self, temperature: f64) -> f64 {
        let plain = BOLTZMANN * temperature / (6.0 * PI * self.diffusion_at(temperature) * self.radius);
        let more = self.decoupled.map_or(0.0, |(at, energy)| energy / GAS * (1.0 / temperature - 1.0 / at).max(0.0));
        plain * more.exp()
    }

    /// A table with `temperature`, `diffusion_coefficient` and, where they are asked for, `viscosity` and both errors; readings scatter on the scale of
    /// logarithms.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn table(&self, seed: u64) -> Result<Table, SimulationError> {
        SimulationError::require_not_negative("error", self.error)?;
        for (name, value) in [("b", self.b), ("radius", self.radius)] {
            SimulationError::require_positive(name, value)?;
        }
        for temperature in &self.temperatures {
            SimulationError::require_positive("temperature - t0", temperature - self.t0)?;
        }
        let noisy = |name: &str, of: &dyn Fn(f64) -> f64| {
            let normals = standard_normals(derive_seed(seed, &[name.into()]), self.temperatures.len());
            self.temperatures.iter().zip(normals).map(|(t, z)| of(*t) * (self.error * z).exp()).collect::<Vec<f64>>()
        };
        let errors = |values: &[f64]| values.iter().map(|value| value * self.error).collect::<Vec<f64>>();
        let diffusion = noisy("diffusion", &|t| self.diffusion_at(t));
        let viscosity = noisy("viscosity", &|t| self.viscosity_at(t));
        let mut table = Table::new("transport", "Diffusion coefficients and viscosities over temperature")
            .with_numbers("temperature", "K", self.temperatures.clone())
            .with_numbers("diffusion_coefficient", "m^2/s", diffusion.clone());
        if self.stated {
            table = table.with_numbers("diffusion_coefficient_error", "m^2/s", errors(&diffusion));
        }
        if self.viscosity {
            table = table.with_numbers("viscosity", "Pa s", viscosity.clone());
            if self.stated {
                table = table.with_numbers("viscosity_error", "Pa s", errors(&viscosity));
            }
        }
        Ok(table)
    }
}
