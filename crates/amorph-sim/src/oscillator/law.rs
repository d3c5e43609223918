//! Forces between tip and sample: a sum of terms, each a strength times a shape.

use std::f64::consts::PI;

use super::Oscillator;
use crate::SimulationError;

/// Distance over which the hysteresis of the surface energy builds up in contact, m.
const BONDING_DEPTH: f64 = 0.05e-9;
/// Speed at which a hysteresis changes sides, over `A0 ω0`.
const TURNING_SPEED: f64 = 0.02;

/// The tip, the sample, and how energy is lost between them. SI.
///
/// `F = (4/3) E* √R δ^1.5 - 4π R γ (a0/max(d, a0))² + dissipative term`, with `d` the distance and `δ = max(a0 - d, 0)`: Hertz with the adhesion of Derjaguin, Muller and Toporov, and van der Waals outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TipSample {
    /// Radius of the tip `R`, m.
    pub tip_radius: f64,
    /// Reduced modulus `E*`, Pa.
    pub modulus: f64,
    /// Surface energy `γ`, J/m².
    pub surface_energy: f64,
    /// Distance at which contact begins `a0`, m.
    pub contact_distance: f64,
    /// What dissipates.
    pub mechanism: Mechanism,
}

/// How a tap loses energy to the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mechanism {
    /// Not at all.
    Elastic,
    /// A viscous contact: `-η ω0 √(R δ) v`.
    Viscoelastic {
        /// Viscosity `η`, Pa s.
        viscosity: f64,
    },
    /// More adhesion on the way out than on the way in: `-4π R Δγ u (1 - exp(-δ/0.05 nm))`, in contact only.
    SurfaceEnergyHysteresis {
        /// Difference of the surface energies `Δγ`, J/m².
        surface_energy: f64,
    },
    /// An attraction that is stronger on the way out, outside contact as well: `-H u exp(-max(d - a0, 0)/λ)`.
    LongRange {
        /// Force `H`, N.
        force: f64,
        /// Range `λ`, m.
        range: f64,
    },
}

impl Default for TipSample {
    /// R 10 nm, E* 2 GPa, γ 5 mJ/m², a viscosity of 300 Pa s.
    fn default() -> Self {
        Self {
            tip_radius: 10e-9,
            modulus: 2e9,
            surface_energy: 5e-3,
            contact_distance: 0.165e-9,
            mechanism: Mechanism::Viscoelastic { viscosity: 300.0 },
        }
    }
}

/// Share of the adhesion that is there at a distance: all of it in contact.
pub(super) fn adhesion_shape(distance: f64, contact: f64) -> f64 {
    if distance <= contact { 1.0 } else { (contact / distance).powi(2) }
}

impl Mechanism {
    /// The dissipative force for unit strength; `velocity` in metres per `1/ω0`, `turning` in the same.
    ///
    /// Unit strength: `η ω0 √R`, `4π R Δγ`, `H`.
    pub(super) fn shape(&self, distance: f64, contact: f64, velocity: f64, turning: f64) -> f64 {
        let depth = (contact - distance).max(0.0);
        // Zero on the way in, one on the way out; the hyperbolic tangent is one to rounding beyond 20.
        let leaving = || match velocity / turning {
            speed if speed > 20.0 => 1.0,
            speed if speed < -20.0 => 0.0,
            speed => 0.5 * (1.0 + speed.tanh()),
        };
        match *self {
            Self::Elastic => 0.0,
            Self::Viscoelastic { .. } if depth == 0.0 => 0.0,
            Self::Viscoelastic { .. } => -depth.sqrt() * velocity,
            Self::SurfaceEnergyHysteresis { .. } if depth == 0.0 => 0.0,
            Self::SurfaceEnergyHysteresis { .. } => -leaving() * (1.0 - (-depth / BONDING_DEPTH).exp()),
            Self::LongRange { range, .. } => match leaving() {
                0.0 => 0.0,
                leaving => -leaving * (-(distance - contact).max(0.0) / range).exp(),
            },
        }
    }

    /// What multiplies [`Mechanism::shape`].
    pub(super) fn strength(&self, radius: f64, angular_frequency: f64) -> f64 {
        match *self {
            Self::Elastic => 0.0,
            Self::Viscoelastic { viscosity } => viscosity * angular_frequency * radius.sqrt(),
            Self::SurfaceEnergyHysteresis { surface_energy } => 4.0 * PI * radius * surface_energy,
            Self::LongRange { force, .. } => force,
        }
    }
}

/// The force with everything that does not change during a cycle worked out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Force {
    elastic: f64,
    adhesion: f64,
    strength: f64,
    contact: f64,
    turning: f64,
    mechanism: Mechanism,
}

impl Force {
    pub(super) fn of(oscillator: &Oscillator) -> Self {
        let sample = &oscillator.sample;
        Self {
            elastic: 4.0 / 3.0 * sample.modulus * sample.tip_radius.sqrt(),
            adhesion: 4.0 * PI * sample.tip_radius * sample.surface_energy,
            strength: sample.mechanism.strength(sample.tip_radius, oscillator.angular_frequency()),
            contact: sample.contact_distance,
            turning: turning_speed(oscillator.free_amplitude),
            mechanism: sample.mechanism,
        }
    }

    /// Force on the tip, N, positive away from the sample.
    pub(super) fn at(&self, distance: f64, velocity: f64) -> f64 {
        let depth = (self.contact - distance).max(0.0);
        self.elastic * depth * depth.sqrt() - self.adhesion * adhesion_shape(distance, self.contact)
            + self.strength * self.mechanism.shape(distance, self.contact, velocity, self.turning)
    }
}

/// Speed (m per `1/ω0`) at which a hysteresis changes sides.
pub(super) fn turning_speed(free_amplitude: f64) -> f64 {
    TURNING_SPEED * free_amplitude
}

impl TipSample {
    pub(super) fn check(&self) -> Result<(), SimulationError> {
        SimulationError::require_positive("tip_radius", self.tip_radius)?;
        SimulationError::require_positive("contact_distance", self.contact_distance)?;
        SimulationError::require_not_negative("modulus", self.modulus)?;
        SimulationError::require_not_negative("surface_energy", self.surface_energy)?;
        match self.mechanism {
            Mechanism::Elastic => Ok(()),
            Mechanism::Viscoelastic { viscosity } => SimulationError::require_not_negative("viscosity", viscosity),
            Mechanism::SurfaceEnergyHysteresis { surface_energy } => {
                SimulationError::require_not_negative("surface_energy of the hysteresis", surface_energy)
            }
            Mechanism::LongRange { force, range } => {
                SimulationError::require_not_negative("force", force)?;
                SimulationError::require_positive("range", range)
            }
        }
    }
}
