use std::f64::consts::{PI, TAU};

use amorph_core::data::{Channel, Record, Recording, Test, TraceQuantity};
use amorph_core::random::{derive_seed, standard_normals};

use crate::SimulationError;

/// What loses energy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    /// Loss tangent at the top of the peak of one relaxation time.
    pub peak: f64,
    /// Relaxation time, s.
    pub relaxation_time: f64,
    /// Standard deviation of ln τ over elements; 0 for one time.
    pub spread: f64,
}

/// Cyclic indentation at several frequencies about a mean load.
#[derive(Debug, Clone, PartialEq)]
pub struct Cycles {
    /// What is measured.
    pub loss: Loss,
    /// Frequencies, Hz.
    pub frequencies: Vec<f64>,
    /// Cycles of each.
    pub n_cycles: usize,
    /// Samples per cycle.
    pub samples: usize,
    /// Mean load and its amplitude, N.
    pub load: (f64, f64),
    /// Stiffness of the contact, N/m.
    pub stiffness: f64,
    /// Standard deviation of the noise of the depth, m.
    pub depth_noise: f64,
    /// Drift, m per cycle.
    pub drift_per_cycle: f64,
}

/// Such a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct CyclicTest {
    /// One test per frequency, with time, load and depth.
    pub record: Record,
    /// True loss tangent at each frequency.
    pub loss_tangents: Vec<f64>,
    /// True energy per cycle, J.
    pub energies: Vec<f64>,
}

impl Loss {
    /// `tan δ = peak 2x/(1 + x²)`, `x = 2π f τ`, averaged over the spread of ln τ.
    pub fn tangent(&self, frequency: f64) -> f64 {
        let debye = |z: f64| {
            let x = TAU * frequency * self.relaxation_time * (self.spread * z).exp();
            self.peak * 2.0 * x / (1.0 + x * x)
        };
        if self.spread == 0.0 {
            return debye(0.0);
        }
        // Trapezoidal rule over the normal density: exponentially accurate.
        let nodes: Vec<f64> = (-60..=60).map(|i| f64::from(i) * 0.1).collect();
        let weight = |z: &f64| (-0.5 * z * z).exp();
        let total: f64 = nodes.iter().map(weight).sum();
        nodes.iter().map(|z| weight(z) * debye(*z)).sum::<f64>() / total
    }
}

impl Default for Cycles {
    fn default() -> Self {
        Self {
            loss: Loss { peak: 0.05, relaxation_time: 1e-3, spread: 0.0 },
            frequencies: vec![10.0, 30.0, 100.0, 300.0, 1000.0],
            n_cycles: 20,
            samples: 64,
            load: (500e-6, 100e-6),
            stiffness: 40e3,
            depth_noise: 0.02e-9,
            drift_per_cycle: 0.01e-9,
        }
    }
}

impl Cycles {
    /// One measurement.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn measure(&self, seed: u64) -> Result<CyclicTest, SimulationError> {
        SimulationError::require_positive("stiffness", self.stiffness)?;
        SimulationError::require_positive("relaxation_time", self.loss.relaxation_time)?;
        SimulationError::require_positive("load amplitude", self.load.1)?;
        let loss_tangents: Vec<f64> = self.frequencies.iter().map(|f| self.loss.tangent(*f)).collect();
        let amplitude = self.load.1 / self.stiffness;
        let mut tests = Vec::new();
        for (number, (frequency, tangent)) in self.frequencies.iter().zip(&loss_tangents).enumerate() {
            SimulationError::require_positive("frequency", *frequency)?;
            let lag = tangent.atan();
            let n = self.n_cycles * self.samples;
            let noise = standard_normals(derive_seed(seed, &["cycle".into(), number.into()]), n);
            let phase: Vec<f64> = (0..n).map(|i| i as f64 / self.samples as f64).collect();
            let depth = phase.iter().zip(&noise).map(|(cycles, z)| {
                let wave = amplitude * (TAU * cycles - lag).sin();
                self.load.0 / self.stiffness + wave + self.drift_per_cycle * cycles + self.depth_noise * z
            });
            let recording = Recording::of_test(vec![
                Channel::new(TraceQuantity::Time, phase.iter().map(|cycles| cycles / frequency).collect()),
                Channel::new(TraceQuantity::Load, phase.iter().map(|c| self.load.0 + self.load.1 * (TAU * c).sin()).collect()),
                Channel::new(TraceQuantity::Depth, depth.collect()),
            ]);
            tests.push(Test { name: format!("{frequency} Hz"), tables: vec![recording], ..Test::default() });
        }
        let energies = loss_tangents.iter().map(|tangent| PI * self.load.1 * amplitude * tangent.atan().sin()).collect();
        Ok(CyclicTest { record: Record { tests }, loss_tangents, energies })
    }
}
