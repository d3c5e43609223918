use crate::method::Refusal;
use crate::theory::constants::ELEMENTARY_CHARGE;

/// Why no energy is given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DissipationError {
    /// The energy is negative in too many pixels.
    #[error(
        "the dissipated energy is negative in {:.2} % of the pixels (mean {:.4} eV); at most {:.2} % are accepted",
        100.0 * fraction, mean / ELEMENTARY_CHARGE, 100.0 * allowed
    )]
    NegativeEnergy {
        /// Share of pixels below zero.
        fraction: f64,
        /// The share that is accepted.
        allowed: f64,
        /// Mean energy, J.
        mean: f64,
    },
    /// The phase cannot be shifted to 90 degrees because the drive was off resonance.
    #[error(
        "phase_reference = 'free_is_90' needs a drive at resonance, but |f/f0 - 1| = {detuning:.3e} exceeds 1/(2 Q) = {limit:.3e}"
    )]
    OffResonance {
        /// `|f/f0 - 1|`.
        detuning: f64,
        /// `1/(2 Q)`.
        limit: f64,
    },
    /// The drive delivers no energy in air.
    #[error("the lag in free air is {free_lag:.3} deg, so sin(lag) = 0: the oscillator would take up no energy in air")]
    FreeLagWithoutPower {
        /// Lag in free air, deg.
        free_lag: f64,
    },
    /// A form that assumes resonance is asked for away from it.
    #[error(
        "form = '{form}' assumes a lag of 90 deg in free air, but it is {free_lag:.3} deg; {allowed:.3} deg of difference are accepted"
    )]
    FormNeedsResonance {
        /// The form.
        form: &'static str,
        /// Lag in free air, deg.
        free_lag: f64,
        /// Difference from 90 deg that is accepted, deg.
        allowed: f64,
    },
    /// There are pixels without oscillation.
    #[error("the amplitude is zero or negative in {count} pixels, first in row {}, column {} ({value:.3e} m)", first.0, first.1)]
    AmplitudeNotPositive {
        /// Number of such pixels.
        count: usize,
        /// Row and column of the first.
        first: (usize, usize),
        /// Its amplitude, m.
        value: f64,
    },
}

impl Refusal for DissipationError {
    fn hint(&self) -> String {
        match self {
            Self::NegativeEnergy { mean, .. } if *mean < 0.0 => {
                "most likely phase_convention is not that of the instrument: compare the sign of the stored phase in contact with the three conventions"
                    .to_owned()
            }
            Self::NegativeEnergy { .. } => {
                "most likely the phase reference: free_phase or phase_reference is not that of this image, or free_amplitude was measured at another frequency; \
                 the table phase_reference_scan of `amorph method show dafm.dissipation` tells what each reference assumes. \
                 max_negative_fraction raises the limit where the noise itself is that large"
                    .to_owned()
            }
            Self::OffResonance { .. } => {
                "use phase_reference = 'free_is_model' (the free lag follows from f, f0 and Q) or 'absolute'".to_owned()
            }
            Self::FreeLagWithoutPower { .. } => "check free_phase and phase_convention".to_owned(),
            Self::FormNeedsResonance { .. } => {
                "use form = 'power_balance', which holds at any drive frequency; max_free_lag_offset raises the limit to reproduce a published number"
                    .to_owned()
            }
            Self::AmplitudeNotPositive { .. } => {
                "check setpoint_amplitude, amplitude_sensitivity and the sign of the amplitude-error channel (amplitude_error), or mask these pixels"
                    .to_owned()
            }
        }
    }
}
