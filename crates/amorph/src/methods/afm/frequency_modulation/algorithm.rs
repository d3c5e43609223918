//! The energy balance of a cantilever that is driven at its own resonance with constant amplitude.

use std::f64::consts::PI;

/// A self-driven cantilever. SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SelfDriven {
    /// Spring constant `k`, N/m.
    pub spring_constant: f64,
    /// Quality factor `Q` without the sample.
    pub quality_factor: f64,
    /// Amplitude `A` that the controller keeps, m.
    pub amplitude: f64,
}

impl SelfDriven {
    /// `E0 = π k A²/Q`: what air and cantilever take in a cycle, J.
    pub fn intrinsic_loss(&self) -> f64 {
        PI * self.spring_constant * self.amplitude.powi(2) / self.quality_factor
    }

    /// `E = E0 (Exc/Exc0 - 1)`, J: at resonance and constant amplitude the drive delivers what is lost, and it delivers in proportion to the
    /// excitation. The shift of the frequency is left out; it changes `E` by its own share, 1e-3 or less.
    pub fn energy(&self, excitation_ratio: f64) -> f64 {
        self.intrinsic_loss() * (excitation_ratio - 1.0)
    }
}
