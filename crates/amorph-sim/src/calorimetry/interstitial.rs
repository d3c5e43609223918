use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::{derive_seed, standard_normals};

use crate::SimulationError;

/// Shear modulus of a glass with defects and of its crystal, `G = μ exp(-α β c)` (Granato).
#[derive(Debug, Clone, PartialEq)]
pub struct Interstitial {
    /// Modulus of the crystal at 300 K, Pa, and its slope, Pa/K.
    pub crystal: [f64; 2],
    /// α: enthalpy of a defect over the modulus and volume.
    pub alpha: f64,
    /// β: shear susceptibility.
    pub beta: f64,
    /// Concentration as frozen in.
    pub concentration: f64,
    /// What structural relaxation below the transition takes away.
    pub annealed: f64,
    /// Temperature of the middle of that, and its width, K.
    pub annealing: [f64; 2],
    /// What heating through the transition adds per kelvin, 1/K, and where that begins, K.
    pub created: [f64; 2],
    /// First and last temperature, and their step, K.
    pub temperatures: [f64; 3],
    /// Heating rate, K/s.
    pub rate: f64,
    /// Density, kg/m^3.
    pub density: f64,
    /// Relative error of a modulus.
    pub noise: f64,
}

/// Both moduli and what lies behind them.
#[derive(Debug, Clone, PartialEq)]
pub struct InterstitialTest {
    /// Temperature and shear modulus of the glass.
    pub glass: Record,
    /// Temperature and shear modulus of the crystal.
    pub crystal: Record,
    /// Temperatures, K.
    pub temperature: Vec<f64>,
    /// Concentrations.
    pub concentration: Vec<f64>,
    /// Heat flow taken up, W/kg.
    pub heat_flow: Vec<f64>,
}

impl Default for Interstitial {
    fn default() -> Self {
        Self {
            crystal: [44e9, -8e6],
            alpha: 1.0,
            beta: 17.0,
            concentration: 0.017,
            annealed: 0.0023,
            annealing: [530.0, 18.0],
            created: [1.2e-4, 590.0],
            temperatures: [320.0, 610.0, 1.0],
            rate: 5.0 / 60.0,
            density: 9400.0,
            noise: 2e-4,
        }
    }
}

impl Interstitial {
    /// Concentration and its slope (1/K) at a temperature.
    pub fn concentration_at(&self, temperature: f64) -> (f64, f64) {
        let z = (temperature - self.annealing[0]) / self.annealing[1];
        let done = 1.0 / (1.0 + (-z).exp());
        let above = (temperature - self.created[1]) / 4.0;
        // Smooth onset of the transition over some kelvin.
        let begun = 1.0 / (1.0 + (-above).exp());
        let created = self.created[0] * 4.0 * if above > 30.0 { above } else { above.exp().ln_1p() };
        let slope = -self.annealed * done * (1.0 - done) / self.annealing[1] + self.created[0] * begun;
        (self.concentration - self.annealed * done + created, slope)
    }

    /// Modulus of the crystal, Pa.
    pub fn crystal_at(&self, temperature: f64) -> f64 {
        self.crystal[0] + self.crystal[1] * (temperature - 300.0)
    }

    /// Modulus of the glass, Pa.
    pub fn glass_at(&self, temperature: f64) -> f64 {
        self.crystal_at(temperature) * (-self.alpha * self.beta * self.concentration_at(temperature).0).exp()
    }

    /// One measurement of both.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<InterstitialTest, SimulationError> {
        let [first, last, step] = self.temperatures;
        for (name, value) in [
            ("crystal", self.crystal[0]),
            ("alpha", self.alpha),
            ("beta", self.beta),
            ("rate", self.rate),
            ("density", self.density),
            ("step", step),
            ("temperatures", last - first),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        let n = ((last - first) / step).round() as usize + 1;
        let temperature: Vec<f64> = (0..n).map(|i| first + step * i as f64).collect();
        let noisy = |name: &str, modulus: &dyn Fn(f64) -> f64| {
            let normals = standard_normals(derive_seed(seed, &[name.into()]), n);
            let values = temperature.iter().zip(normals).map(|(t, z)| modulus(*t) * (1.0 + self.noise * z)).collect();
            let time = temperature.iter().map(|t| (t - first) / self.rate).collect();
            let channels = vec![
                Channel::new(TraceQuantity::Time, time),
                Channel::new(TraceQuantity::Temperature, temperature.clone()),
                Channel::new(TraceQuantity::ShearModulus, values),
            ];
            Record::of_test(name, Recording::of_test(channels))
        };
        let concentration = temperature.iter().map(|t| self.concentration_at(*t).0).collect();
        // ρ W = α G Ṫ dc/dT.
        let heat = |t: &f64| self.alpha * self.glass_at(*t) * self.rate * self.concentration_at(*t).1 / self.density;
        Ok(InterstitialTest {
            glass: noisy("glass", &|t| self.glass_at(t)),
            crystal: noisy("crystal", &|t| self.crystal_at(t)),
            heat_flow: temperature.iter().map(heat).collect(),
            concentration,
            temperature,
        })
    }
}
