use amorph_core::data::Table;
use amorph_core::random::{derive_seed, standard_normals};

use crate::SimulationError;

/// Excess enthalpies of samples after thermal cycles: `ΔH = ΔH0 + A (1 - exp(-N/N0))`, samples that differ, and scans with errors.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclingSeries {
    /// Numbers of cycles.
    pub cycles: Vec<f64>,
    /// Samples of each.
    pub samples: usize,
    /// Scans of each sample.
    pub scans: usize,
    /// ΔH0, J/kg.
    pub start: f64,
    /// A, J/kg.
    pub saturation: f64,
    /// N0.
    pub constant: f64,
    /// Standard deviation between samples, J/kg.
    pub spread: f64,
    /// Standard error of a scan, J/kg.
    pub error: f64,
    /// Heterogeneity without cycles, what it gains with the enthalpy per J/kg, and its standard deviation between samples.
    pub heterogeneity: Option<[f64; 3]>,
}

impl Default for CyclingSeries {
    /// Six numbers of cycles from 0 to 60, four samples of each: 450 J/kg after many, samples to 80 J/kg, scans to 60.
    fn default() -> Self {
        Self {
            cycles: vec![0.0, 5.0, 10.0, 20.0, 40.0, 60.0],
            samples: 4,
            scans: 1,
            start: 0.0,
            saturation: 450.0,
            constant: 12.0,
            spread: 80.0,
            error: 60.0,
            heterogeneity: None,
        }
    }
}

impl CyclingSeries {
    /// Excess enthalpy after a number of cycles, J/kg.
    pub fn excess(&self, cycles: f64) -> f64 {
        self.start - self.saturation * (-cycles / self.constant).exp_m1()
    }

    /// A table with `cycles`, `sample`, `excess_enthalpy` and, where it is asked for, `heterogeneity`; a row for each scan.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn table(&self, seed: u64) -> Result<Table, SimulationError> {
        SimulationError::require_positive("constant", self.constant)?;
        SimulationError::require_not_negative("spread", self.spread)?;
        SimulationError::require_not_negative("error", self.error)?;
        self.cycles.iter().try_for_each(|cycles| SimulationError::require_not_negative("cycles", *cycles))?;
        let n = self.cycles.len() * self.samples;
        let normals = |name: &str, n: usize| standard_normals(derive_seed(seed, &[name.into()]), n);
        let (between, within, other) = (normals("sample", n), normals("scan", n * self.scans), normals("heterogeneity", n));
        let (mut cycles, mut sample, mut enthalpy, mut heterogeneity) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (row, error) in within.iter().enumerate() {
            let number = row / self.scans.max(1);
            let count = self.cycles[number / self.samples.max(1)];
            let own = self.excess(count) + self.spread * between[number];
            cycles.push(count);
            sample.push(format!("s{}", number + 1));
            enthalpy.push(own + self.error * error);
            if let Some([plain, gain, deviation]) = self.heterogeneity {
                heterogeneity.push(plain + gain * self.excess(count) + deviation * other[number]);
            }
        }
        let table = Table::new("cycling", "Excess enthalpies after thermal cycles")
            .with_numbers("cycles", "", cycles)
            .with_text("sample", sample)
            .with_numbers("excess_enthalpy", "J/kg", enthalpy);
        Ok(if self.heterogeneity.is_some() { table.with_numbers("heterogeneity", "", heterogeneity) } else { table })
    }
}
