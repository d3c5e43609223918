//! Series of dark-field images of a liquid or glass in which every place forgets its speckle at its own rate.

use amorph_core::random::{derive_seed, rng};
use ndarray::{Array2, Array3};
use rand_distr::{Distribution, Poisson, StandardNormal};

use crate::SimulationError;

/// Independent complex Ornstein-Uhlenbeck processes, one per pixel: `z' = rho z + sqrt(1 - rho^2) w`, `rho = exp(-dt/tau)`, seen as
/// counted intensities `|z|^2`. Then `g2(t) - 1 = exp(-2 t / tau)` in the amplitude convention.
#[derive(Debug, Clone, PartialEq)]
pub struct Flicker {
    /// Relaxation time of the amplitude at every pixel, s.
    pub tau: Array2<f64>,
    /// Frames.
    pub frames: usize,
    /// Time between frames, s.
    pub interval: f64,
    /// Mean counts per pixel and frame; infinite for no counting noise.
    pub counts: f64,
    /// Relative change of the beam current from the first to the last frame.
    pub drift: f64,
    /// Seed.
    pub seed: u64,
}

impl Flicker {
    /// Intensities `[frame, row, column]`.
    ///
    /// # Errors
    /// Times or counts that are not positive.
    pub fn record(&self) -> Result<Array3<f64>, SimulationError> {
        SimulationError::require_positive("interval", self.interval)?;
        SimulationError::require_positive("frames", self.frames as f64)?;
        if self.counts.is_nan() || self.counts <= 0.0 {
            return Err(SimulationError::Parameter { name: "counts", value: self.counts, allowed: "greater than zero" });
        }
        for tau in &self.tau {
            SimulationError::require_positive("tau", *tau)?;
        }
        let (rows, columns) = self.tau.dim();
        let mut series = Array3::zeros((self.frames, rows, columns));
        for ((row, column), tau) in self.tau.indexed_iter() {
            let seed = derive_seed(self.seed, &["flicker".into(), row.into(), column.into()]);
            let mut rng = rng(seed);
            let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
            let rho = (-self.interval / tau).exp();
            let innovation = (0.5 * (1.0 - rho * rho)).sqrt();
            let half = 0.5f64.sqrt();
            let (mut re, mut im) = (half * normal(), half * normal());
            let mut intensities = Vec::with_capacity(self.frames);
            for frame in 0..self.frames {
                let beam = 1.0 + self.drift * (frame as f64 / self.frames as f64 - 0.5);
                intensities.push(beam * (re * re + im * im));
                (re, im) = (rho * re + innovation * normal(), rho * im + innovation * normal());
            }
            for (frame, intensity) in intensities.into_iter().enumerate() {
                series[(frame, row, column)] = if self.counts.is_finite() {
                    Poisson::new(self.counts * intensity).map_or(0.0, |law| law.sample(&mut rng))
                } else {
                    intensity
                };
            }
        }
        Ok(series)
    }
}
