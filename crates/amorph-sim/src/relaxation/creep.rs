use amorph_core::constants::BOLTZMANN;
use amorph_core::data::{Channel, Record, Recording, TraceQuantity};
use amorph_core::random::standard_normals;

use crate::SimulationError;

/// A specimen that is loaded by a ramp and held at a stress.
#[derive(Debug, Clone, PartialEq)]
pub struct Creep {
    /// Stress of the hold, Pa.
    pub stress: f64,
    /// Instantaneous compliance, machine included, 1/Pa.
    pub unrelaxed_compliance: f64,
    /// What is retarded.
    pub retardation: Retardation,
    /// Viscosity, stress over strain rate, Pa s; infinite where nothing flows.
    pub viscosity: f64,
    /// How long loading takes, s.
    pub ramp_time: f64,
    /// How long the stress is held, s.
    pub duration: f64,
    /// Time between two readings, s.
    pub interval: f64,
    /// Standard deviation of a strain reading.
    pub noise: f64,
    /// Correlation of neighbouring readings' errors.
    pub correlation: f64,
}

/// A compliance that comes later.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Retardation {
    /// `J1 [1 - exp(-(t/τ)^β)]`; one Kelvin element with β = 1.
    Stretched {
        /// J1, 1/Pa.
        compliance: f64,
        /// τ, s.
        time: f64,
        /// β.
        exponent: f64,
    },
    /// `A (t/1 s)^p`.
    Power {
        /// A, 1/Pa.
        compliance: f64,
        /// p.
        exponent: f64,
    },
}

/// Rates of flow of specimens of one glass over stress: `ε̇ = r sinh(σV/(M kT))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StressActivatedFlow {
    /// r, 1/s.
    pub rate: f64,
    /// Activation volume V, m³.
    pub activation_volume: f64,
    /// Normal over shear stress M.
    pub taylor_factor: f64,
    /// Temperature, K.
    pub temperature: f64,
}

impl StressActivatedFlow {
    /// Strain rate at a stress (Pa), 1/s.
    pub fn strain_rate(&self, stress: f64) -> f64 {
        self.rate * (stress * self.activation_volume / (self.taylor_factor * BOLTZMANN * self.temperature)).sinh()
    }
}

impl Default for Creep {
    /// 500 MPa held for two hours, one reading per second; half of a modulus of 100 GPa comes later, and 1e15 Pa s.
    fn default() -> Self {
        Self {
            stress: 500e6,
            unrelaxed_compliance: 1e-11,
            retardation: Retardation::Stretched { compliance: 5e-12, time: 300.0, exponent: 0.6 },
            viscosity: 1e15,
            ramp_time: 2.0,
            duration: 7200.0,
            interval: 1.0,
            noise: 2e-5,
            correlation: 0.0,
        }
    }
}

impl Creep {
    /// Compliance at a time after a sudden load, 1/Pa.
    pub fn compliance(&self, time: f64) -> f64 {
        let late = match self.retardation {
            Retardation::Stretched { compliance, time: tau, exponent } => compliance * -(-(time / tau).powf(exponent)).exp_m1(),
            Retardation::Power { compliance, exponent } => compliance * time.powf(exponent),
        };
        self.unrelaxed_compliance + late + time / self.viscosity
    }

    /// Strain at a time after loading began: the mean of the compliance over the age of the load (Boltzmann's superposition).
    pub fn strain(&self, time: f64) -> f64 {
        let loaded = time.min(self.ramp_time);
        if loaded <= 0.0 {
            return 0.0;
        }
        // In t = youngest + loaded x^3, where powers of the age are smooth, by the midpoint rule.
        const STEPS: usize = 64;
        let youngest = time - loaded;
        let part = |k: usize| {
            let x = (k as f64 + 0.5) / STEPS as f64;
            3.0 * x * x * self.compliance(youngest + loaded * x.powi(3))
        };
        let mean = (0..STEPS).map(part).sum::<f64>() / STEPS as f64;
        self.stress * loaded / self.ramp_time * mean
    }

    /// Time, stress and strain, the linear ramp included.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<Record, SimulationError> {
        self.check()?;
        let ramp = (0..4).map(|i| self.ramp_time * f64::from(i) / 4.0);
        let n = (self.duration / self.interval).floor() as usize;
        let times: Vec<f64> = ramp.chain((0..=n).map(|i| self.ramp_time + i as f64 * self.interval)).collect();
        let stresses = times.iter().map(|t| self.stress * (t / self.ramp_time).min(1.0)).collect();
        let normals = standard_normals(seed, times.len());
        let fresh = (1.0 - self.correlation * self.correlation).sqrt();
        let mut error = 0.0;
        let strains = times.iter().zip(normals).enumerate().map(|(i, (t, z))| {
            error = if i == 0 { z } else { self.correlation * error + fresh * z };
            self.strain(*t) + self.noise * error
        });
        let strains = strains.collect();
        let channels = vec![
            Channel::new(TraceQuantity::Time, times),
            Channel::new(TraceQuantity::Stress, stresses),
            Channel::new(TraceQuantity::Strain, strains),
        ];
        Ok(Record::of_test("creep", Recording::of_test(channels)))
    }

    fn check(&self) -> Result<(), SimulationError> {
        SimulationError::require_positive("stress", self.stress)?;
        SimulationError::require_positive("unrelaxed_compliance", self.unrelaxed_compliance)?;
        SimulationError::require_positive("viscosity, or its inverse", self.viscosity.min(1e300))?;
        SimulationError::require_positive("ramp_time", self.ramp_time)?;
        SimulationError::require_positive("duration", self.duration)?;
        SimulationError::require_positive("interval", self.interval)?;
        SimulationError::require_not_negative("noise", self.noise)?;
        SimulationError::require_not_negative("correlation", self.correlation)?;
        SimulationError::require_positive("1 less the correlation", 1.0 - self.correlation)?;
        let (compliance, exponent) = match self.retardation {
            Retardation::Stretched { compliance, time, exponent } => {
                SimulationError::require_positive("time of the retardation", time)?;
                (compliance, exponent)
            }
            Retardation::Power { compliance, exponent } => (compliance, exponent),
        };
        SimulationError::require_not_negative("compliance of the retardation", compliance)?;
        SimulationError::require_positive("exponent of the retardation", exponent)
    }
}
