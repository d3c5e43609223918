use amorph_core::relaxation::lag;

use crate::SimulationError;

/// An isotropic body by its creep compliance in shear; Poisson's ratio is constant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Body {
    /// `J = 1/G`.
    Elastic {
        /// Shear modulus, Pa.
        shear_modulus: f64,
    },
    /// `J = (1 - exp(-t/tc))/G`.
    Kelvin {
        /// Relaxed shear modulus, Pa.
        shear_modulus: f64,
        /// Retardation time, s.
        relaxation_time: f64,
    },
    /// `J = 1/Gu + (1 - exp(-t/tc))/Gd`.
    StandardLinear {
        /// Instantaneous shear modulus, Pa.
        instantaneous_modulus: f64,
        /// Modulus of the delayed part, Pa.
        delayed_modulus: f64,
        /// Retardation time, s.
        relaxation_time: f64,
    },
}

impl Body {
    /// `1/Gu`, `1/Gd` and `tc`.
    pub(super) fn parts(self) -> (f64, f64, f64) {
        match self {
            Self::Elastic { shear_modulus } => (1.0 / shear_modulus, 0.0, 0.0),
            Self::Kelvin { shear_modulus, relaxation_time } => (0.0, 1.0 / shear_modulus, relaxation_time),
            Self::StandardLinear { instantaneous_modulus, delayed_modulus, relaxation_time } => {
                (1.0 / instantaneous_modulus, 1.0 / delayed_modulus, relaxation_time)
            }
        }
    }

    /// Creep compliance at a time, 1/Pa.
    pub fn compliance(self, time: f64) -> f64 {
        let (instantaneous, delayed, tau) = self.parts();
        let rise = if tau > 0.0 { -(-time / tau).exp_m1() } else { 1.0 };
        instantaneous + delayed * rise
    }

    /// Strain-like response `∫ J(t-s) dP(s)` to a load that is a polygon in time and zero before it, N/Pa.
    pub fn response(self, time: &[f64], load: &[f64]) -> Vec<f64> {
        let (instantaneous, delayed, tau) = self.parts();
        let mut lagged = Vec::new();
        lag(time, load, tau, &mut lagged);
        load.iter().zip(&lagged).map(|(p, y)| instantaneous * p + delayed * y).collect()
    }

    pub(super) fn check(self) -> Result<(), SimulationError> {
        match self {
            Self::Elastic { shear_modulus } => SimulationError::require_positive("shear_modulus", shear_modulus),
            Self::Kelvin { shear_modulus, relaxation_time } => {
                SimulationError::require_positive("shear_modulus", shear_modulus)?;
                SimulationError::require_positive("relaxation_time", relaxation_time)
            }
            Self::StandardLinear { instantaneous_modulus, delayed_modulus, relaxation_time } => {
                SimulationError::require_positive("instantaneous_modulus", instantaneous_modulus)?;
                SimulationError::require_positive("delayed_modulus", delayed_modulus)?;
                SimulationError::require_positive("relaxation_time", relaxation_time)
            }
        }
    }
}
