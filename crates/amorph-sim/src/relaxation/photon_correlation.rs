use amorph_core::data::Table;
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// Intensity correlation of speckles (XPCS): `g2 - 1 = A exp(-2 (t/τ)^b)`.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotonCorrelation {
    /// Speckle contrast A.
    pub contrast: f64,
    /// τ, s.
    pub time: f64,
    /// b: below 1 stretched, above 1 compressed.
    pub exponent: f64,
    /// What g2 comes down to, less 1.
    pub baseline: f64,
    /// First and last delay, s.
    pub delays: (f64, f64),
    /// Delays per curve, equal steps of the logarithm.
    pub points: usize,
    /// Curves, one per repetition.
    pub repetitions: usize,
    /// Standard error of one curve at the first delay; it grows with the root of the delay over the first one, as pairs of frames become fewer, up to ten
    /// times.
    pub noise: f64,
}

impl Default for PhotonCorrelation {
    /// A glass with compressed decay, 40 delays from 1 to 3000 s.
    fn default() -> Self {
        Self {
            contrast: 0.12,
            time: 200.0,
            exponent: 1.5,
            baseline: 0.0,
            delays: (1.0, 3000.0),
            points: 40,
            repetitions: 1,
            noise: 0.001,
        }
    }
}

impl PhotonCorrelation {
    /// The delays, s.
    pub fn delay_times(&self) -> Vec<f64> {
        let (lo, hi) = (self.delays.0.ln(), self.delays.1.ln());
        let last = (self.points.max(2) - 1) as f64;
        (0..self.points).map(|i| (lo + (hi - lo) * i as f64 / last).exp()).collect()
    }

    /// g2 without error.
    pub fn value(&self, delay: f64) -> f64 {
        1.0 + self.baseline + self.contrast * (-2.0 * (delay / self.time).powf(self.exponent)).exp()
    }

    /// Standard error of one curve.
    pub fn error(&self, delay: f64) -> f64 {
        self.noise * (delay / self.delays.0).sqrt().min(10.0)
    }

    /// A table with `delay_time`, `g2` and, where asked for, `g2_error`; repetitions one after the other with their number in `repetition`.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64, with_errors: bool) -> Result<Table, SimulationError> {
        for (name, value) in [
            ("time", self.time),
            ("exponent", self.exponent),
            ("first delay", self.delays.0),
            ("last delay less the first", self.delays.1 - self.delays.0),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("contrast", self.contrast)?;
        SimulationError::require_not_negative("noise", self.noise)?;
        let delays = self.delay_times();
        let normals = standard_normals(seed, self.repetitions * delays.len());
        let all: Vec<f64> = (0..self.repetitions).flat_map(|_| delays.iter().copied()).collect();
        let values = all.iter().zip(normals).map(|(t, z)| self.value(*t) + self.error(*t) * z).collect();
        let mut table = Table::new("g2", "Intensity correlation")
            .with_numbers("delay_time", "s", all.clone())
            .with_numbers("g2", "", values);
        if with_errors {
            table = table.with_numbers("g2_error", "", all.iter().map(|t| self.error(*t)).collect());
        }
        if self.repetitions > 1 {
            let numbers = (0..self.repetitions).flat_map(|k| std::iter::repeat_n(1.0 + k as f64, delays.len()));
            table = table.with_numbers("repetition", "", numbers.collect());
        }
        Ok(table)
    }
}
