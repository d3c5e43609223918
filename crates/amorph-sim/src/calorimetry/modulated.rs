use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::{derive_seed, standard_normals};

use super::dsc::flicker;
use crate::SimulationError;

/// Complex heat capacity over temperature from a modulated calorimeter: a transition whose temperature fluctuates normally.
#[derive(Debug, Clone, PartialEq)]
pub struct ModulatedDsc {
    /// Middle of the transition, K.
    pub temperature: f64,
    /// Standard deviation of the temperature, K.
    pub width: f64,
    /// Heat capacity of the glass at `temperature`, J/(kg K), and its slope, J/(kg K^2).
    pub glass: [f64; 2],
    /// The same for the liquid.
    pub liquid: [f64; 2],
    /// -d ln τ/dT, 1/K.
    pub slope: f64,
    /// Background of the imaginary part at `temperature` and its slope, J/(kg K) and J/(kg K^2).
    pub background: [f64; 2],
    /// First and last temperature and their step, K.
    pub temperatures: [f64; 3],
    /// White noise of both parts, J/(kg K).
    pub noise: f64,
    /// Noise of a spectrum 1/f of both parts, J/(kg K).
    pub flicker: f64,
}

impl Default for ModulatedDsc {
    /// Pd40Ni10Cu30P20 as in Table 1 of Qiao et al. 2019.
    fn default() -> Self {
        Self {
            temperature: 567.65,
            width: 6.5,
            glass: [330.0, 0.1],
            liquid: [550.0, -0.2],
            slope: 0.27,
            background: [4.0, 0.02],
            temperatures: [500.0, 635.0, 0.25],
            noise: 0.5,
            flicker: 0.0,
        }
    }
}

impl ModulatedDsc {
    /// Heat capacities of glass and liquid at a temperature, J/(kg K).
    pub fn lines(&self, temperature: f64) -> [f64; 2] {
        [self.glass, self.liquid].map(|[value, slope]| value + slope * (temperature - self.temperature))
    }

    /// Real and imaginary part at a temperature, J/(kg K): the step is a normal distribution, and the loss `π/2` of its slope over ln ω.
    pub fn at(&self, temperature: f64) -> [f64; 2] {
        let z = (temperature - self.temperature) / self.width;
        let [glass, liquid] = self.lines(temperature);
        let density = (-0.5 * z * z).exp() / (self.width * (2.0 * std::f64::consts::PI).sqrt());
        let loss = std::f64::consts::FRAC_PI_2 * (self.liquid[0] - self.glass[0]) * density / self.slope;
        let background = self.background[0] + self.background[1] * (temperature - self.temperature);
        [glass + (liquid - glass) * amorph_core::stats::normal_cdf(z), loss + background]
    }

    /// One measurement.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Record, SimulationError> {
        let [first, last, step] = self.temperatures;
        let span = last - first;
        for (name, value) in
            [("temperature", self.temperature), ("width", self.width), ("slope", self.slope), ("step", step), ("span", span)]
        {
            SimulationError::require_positive(name, value)?;
        }
        SimulationError::require_not_negative("noise", self.noise)?;
        SimulationError::require_not_negative("flicker", self.flicker)?;
        let n = (span / step).round() as usize + 1;
        let temperatures: Vec<f64> = (0..n).map(|i| first + step * i as f64).collect();
        let part = |name: &str, k: usize| {
            let white = standard_normals(derive_seed(seed, &[name.into(), "white".into()]), n);
            let slow = flicker(derive_seed(seed, &[name.into(), "flicker".into()]), n);
            (0..n).map(|i| self.at(temperatures[i])[k] + self.noise * white[i] + self.flicker * slow[i]).collect()
        };
        let channels = vec![
            Channel::new(TraceQuantity::SpecificHeat, part("real", 0)),
            Channel::new(TraceQuantity::SpecificHeatLoss, part("imaginary", 1)),
            Channel::new(TraceQuantity::Temperature, temperatures),
        ];
        Ok(Record::of_test("modulated", Recording::of_test(channels)))
    }
}
