use amorph_core::data::Table;
use amorph_core::random::standard_normals;

use crate::SimulationError;
use amorph_core::constants::GAS;

/// Temperatures of one event at several heating or cooling rates, as a table brings them.
#[derive(Debug, Clone, PartialEq)]
pub struct RateSeries {
    /// What happens.
    pub law: RateLaw,
    /// Rates, K/s.
    pub rates: Vec<f64>,
    /// Standard error of a temperature, K.
    pub error: f64,
    /// Whether the table states it.
    pub stated: bool,
}

/// How the temperature of an event depends on the rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RateLaw {
    /// Peak of a reaction of first order, `E q/(R T^2) = k0 exp(-E/RT)`.
    ReactionPeak {
        /// k0, 1/s.
        prefactor: f64,
        /// E, J/mol.
        energy: f64,
    },
    /// `ln q = ln q0 - B/(T - T0)`, q0 in K/s.
    Vft {
        /// ln q0.
        ln_prefactor: f64,
        /// B, K.
        b: f64,
        /// T0, K; zero for an Arrhenius law.
        t0: f64,
    },
}

/// Conversions of a reaction of first order over the heating rate.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversions {
    /// k0, 1/s.
    pub prefactor: f64,
    /// E at no conversion, and what it gains up to full conversion, J/mol.
    pub energy: [f64; 2],
    /// Rates, K/s.
    pub rates: Vec<f64>,
    /// Conversions.
    pub conversions: Vec<f64>,
    /// Standard error of a temperature, K.
    pub error: f64,
}

impl Default for RateSeries {
    /// Crystallisation with 300 kJ/mol at five rates from 5 to 80 K/min, temperatures to 0.4 K.
    fn default() -> Self {
        Self {
            law: RateLaw::ReactionPeak { prefactor: 2e17, energy: 300e3 },
            rates: [5.0, 10.0, 20.0, 40.0, 80.0].iter().map(|rate| rate / 60.0).collect(),
            error: 0.4,
            stated: true,
        }
    }
}

impl Default for Conversions {
    fn default() -> Self {
        let RateSeries { rates, error, .. } = RateSeries::default();
        Self { prefactor: 2e17, energy: [300e3, 0.0], rates, conversions: (1..10).map(|k| 0.1 * f64::from(k)).collect(), error }
    }
}

impl RateLaw {
    /// ln of the rate at which the event is at a temperature.
    pub fn ln_rate(self, temperature: f64) -> f64 {
        match self {
            Self::ReactionPeak { prefactor, energy } => {
                let reduced = energy / GAS;
                (prefactor * temperature * temperature / reduced).ln() - reduced / temperature
            }
            Self::Vft { ln_prefactor, b, t0 } => ln_prefactor - b / (temperature - t0),
        }
    }

    /// The temperature at a rate (K/s).
    pub fn temperature(self, rate: f64) -> f64 {
        let lowest = if let Self::Vft { t0, .. } = self { t0 } else { 0.0 };
        rising(|t| self.ln_rate(t), rate.ln(), lowest)
    }
}

impl RateSeries {
    /// A table with `heating_rate`, `temperature` and, where it is stated, `temperature_error`.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn table(&self, seed: u64) -> Result<Table, SimulationError> {
        SimulationError::require_not_negative("error", self.error)?;
        self.rates.iter().try_for_each(|rate| SimulationError::require_positive("rate", *rate))?;
        let normals = standard_normals(seed, self.rates.len());
        let temperatures = self.rates.iter().zip(normals).map(|(q, z)| self.law.temperature(*q) + self.error * z).collect();
        let table = Table::new("rates", "Temperatures at several rates")
            .with_numbers("heating_rate", "K/s", self.rates.clone())
            .with_numbers("temperature", "K", temperatures);
        let errors = vec![self.error; self.rates.len()];
        Ok(if self.stated { table.with_numbers("temperature_error", "K", errors) } else { table })
    }
}

impl Conversions {
    /// The temperature at which a conversion is reached at a rate (K/s): `∫ k dT/q = -ln(1 - α)` with the energy of that conversion.
    pub fn temperature(&self, conversion: f64, rate: f64) -> f64 {
        let energy = self.energy[0] + self.energy[1] * conversion;
        let wanted = (-(1.0 - conversion).ln() * rate * GAS / (self.prefactor * energy)).ln();
        rising(|t| ln_temperature_integral(energy / (GAS * t)), wanted, 0.0)
    }

    /// A table with `heating_rate`, `temperature`, `conversion` and `conversion_rate`.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn table(&self, seed: u64) -> Result<Table, SimulationError> {
        SimulationError::require_positive("prefactor", self.prefactor)?;
        SimulationError::require_not_negative("error", self.error)?;
        self.rates.iter().try_for_each(|rate| SimulationError::require_positive("rate", *rate))?;
        let possible = |conversion: &f64| *conversion > 0.0 && *conversion < 1.0;
        if let Some(value) = self.conversions.iter().copied().find(|conversion| !possible(conversion)) {
            return Err(SimulationError::Parameter { name: "conversion", value, allowed: "between 0 and 1" });
        }
        let pairs: Vec<(f64, f64)> =
            self.rates.iter().flat_map(|q| self.conversions.iter().map(move |conversion| (*q, *conversion))).collect();
        let true_ones: Vec<f64> = pairs.iter().map(|(q, conversion)| self.temperature(*conversion, *q)).collect();
        let speed = |((_, conversion), t): (&(f64, f64), &f64)| {
            let energy = self.energy[0] + self.energy[1] * conversion;
            self.prefactor * (-energy / (GAS * t)).exp() * (1.0 - conversion)
        };
        let speeds = pairs.iter().zip(&true_ones).map(speed).collect();
        let normals = standard_normals(seed, pairs.len());
        Ok(Table::new("conversions", "Temperatures of conversions at several rates")
            .with_numbers("heating_rate", "K/s", pairs.iter().map(|pair| pair.0).collect())
            .with_numbers("temperature", "K", true_ones.iter().zip(normals).map(|(t, z)| t + self.error * z).collect())
            .with_numbers("conversion", "", pairs.iter().map(|pair| pair.1).collect())
            .with_numbers("conversion_rate", "1/s", speeds))
    }
}

/// `ln ∫_x^∞ exp(-z)/z^2 dz` by the rational approximation of Senum and Yang (J. Therm. Anal. 11, 445 (1977)), good to 1e-6 above 10.
fn ln_temperature_integral(x: f64) -> f64 {
    let above = ((x + 18.0) * x + 86.0) * x + 96.0;
    let below = (((x + 20.0) * x + 120.0) * x + 240.0) * x + 120.0;
    (above / below / x).ln() - x
}

/// Where a rising function has a value, between `lowest` and 20 000 K.
fn rising(f: impl Fn(f64) -> f64, value: f64, lowest: f64) -> f64 {
    let (mut lo, mut hi) = (lowest + 1e-6, 2e4);
    for _ in 0..80 {
        let middle = 0.5 * (lo + hi);
        if f(middle) < value { lo = middle } else { hi = middle }
    }
    0.5 * (lo + hi)
}
