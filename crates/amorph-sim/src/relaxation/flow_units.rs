use amorph_core::data::Table;
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// A modulus that rises as flow units disappear: `M = M∞/(1 + c)`, `c = c0 (1 + t/b)^-β`.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowUnits {
    /// M∞, Pa.
    pub settled: f64,
    /// c0, concentration of flow units at the start.
    pub start: f64,
    /// b, age at the start, s.
    pub age: f64,
    /// β.
    pub exponent: f64,
    /// First and last time after the reading at the start, s.
    pub times: (f64, f64),
    /// Readings after the one at the start, equal steps of the logarithm.
    pub points: usize,
    /// Standard error of a reading over M∞.
    pub noise: f64,
}

impl Default for FlowUnits {
    /// A shear modulus that lacks 12 % at first, followed for a month with an error of 0.1 %.
    fn default() -> Self {
        Self { settled: 36e9, start: 0.12, age: 600.0, exponent: 0.6, times: (30.0, 3e6), points: 30, noise: 1e-3 }
    }
}

impl FlowUnits {
    /// Concentration of flow units at a time.
    pub fn concentration(&self, t: f64) -> f64 {
        self.start * (1.0 + t / self.age).powf(-self.exponent)
    }

    /// A table with `ageing_time`, `property` and, where asked for, `property_error`.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64, with_errors: bool) -> Result<Table, SimulationError> {
        for (name, value) in [
            ("settled", self.settled),
            ("age", self.age),
            ("exponent", self.exponent),
            ("first time", self.times.0),
            ("last time less the first", self.times.1 - self.times.0),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("start", self.start)?;
        SimulationError::require_not_negative("noise", self.noise)?;
        let (lo, hi) = (self.times.0.ln(), self.times.1.ln());
        let steps = (self.points.max(2) - 1) as f64;
        let later = (0..self.points).map(|i| (lo + (hi - lo) * i as f64 / steps).exp());
        let times: Vec<f64> = std::iter::once(0.0).chain(later).collect();
        let normals = standard_normals(seed, times.len());
        let value = |(t, z): (&f64, f64)| self.settled * (1.0 / (1.0 + self.concentration(*t)) + self.noise * z);
        let values = times.iter().zip(normals).map(value).collect();
        let n = times.len();
        let table = Table::new("ageing", "A modulus over ageing time")
            .with_numbers("ageing_time", "s", times)
            .with_numbers("property", "Pa", values);
        Ok(if with_errors { table.with_numbers("property_error", "Pa", vec![self.noise * self.settled; n]) } else { table })
    }
}
