use std::f64::consts::PI;

use super::Body;
use crate::SimulationError;

/// A tap: a sphere pressed by half a sine of load onto a half space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tap {
    /// Radius of the sphere, m.
    pub radius: f64,
    /// Poisson's ratio.
    pub poisson_ratio: f64,
    /// Highest load, N.
    pub peak_load: f64,
    /// Duration of the contact, s.
    pub duration: f64,
    /// Samples.
    pub samples: usize,
}

/// The loop of a tap.
#[derive(Debug, Clone, PartialEq)]
pub struct Loop {
    /// Time, s.
    pub time: Vec<f64>,
    /// Load, N.
    pub load: Vec<f64>,
    /// Depth, m.
    pub depth: Vec<f64>,
    /// Energy lost, `∮P dh`, J.
    pub dissipated: f64,
    /// Size of the contact `sqrt(R h)` at the largest depth, m.
    pub interaction_size: f64,
}

impl Tap {
    /// The loop on a body. While the contact shrinks the superposition of the growing contact is kept, which is exact for an
    /// elastic body and for loops that are small against the mean depth.
    ///
    /// # Errors
    /// [`SimulationError`] for parameters out of range.
    pub fn on(&self, body: Body) -> Result<Loop, SimulationError> {
        body.check()?;
        for (name, value) in [
            ("radius", self.radius),
            ("peak_load", self.peak_load),
            ("duration", self.duration),
            ("samples", self.samples as f64),
        ] {
            SimulationError::require_positive(name, value)?;
        }
        let time: Vec<f64> = (0..=self.samples).map(|i| self.duration * i as f64 / self.samples as f64).collect();
        let load: Vec<f64> = time.iter().map(|t| self.peak_load * (PI * t / self.duration).sin().max(0.0)).collect();
        let factor = 3.0 * (1.0 - self.poisson_ratio) / (8.0 * self.radius.sqrt());
        let response = body.response(&time, &load);
        let depth: Vec<f64> = response.iter().map(|r| (factor * r.max(0.0)).powf(2.0 / 3.0)).collect();
        let steps = load.windows(2).zip(depth.windows(2));
        let dissipated = steps.map(|(p, h)| 0.5 * (p[0] + p[1]) * (h[1] - h[0])).sum();
        let deepest = depth.iter().fold(0.0, |deepest: f64, h| deepest.max(*h));
        Ok(Loop { time, load, depth, dissipated, interaction_size: (self.radius * deepest).sqrt() })
    }
}
