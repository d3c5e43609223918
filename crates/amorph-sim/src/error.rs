use amorph_core::electron_scattering::UnknownElement;
use amorph_core::random::FieldError;

/// Why a simulation cannot be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimulationError {
    /// The random field cannot be sampled.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A parameter out of range.
    #[error("`{name}` is {value}; it must be {allowed}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// What was given, SI.
        value: f64,
        /// What is possible.
        allowed: &'static str,
    },
    /// An element without a scattering factor.
    #[error(transparent)]
    UnknownElement(#[from] UnknownElement),
    /// The scan leaves the surface.
    #[error(
        "{pixels} pixels of the scan lie beyond the surface; scan angle and drift need the larger one of `Specimen::patch`"
    )]
    OutsideSurface {
        /// How many.
        pixels: usize,
    },
    /// The oscillator cannot deliver the energy that the specimen is to dissipate.
    #[error(
        "the specimen dissipates up to {wanted:.4e} J per cycle, but the cantilever delivers at most {possible:.4e} J; \
         raise the free amplitude or lower the energy"
    )]
    EnergyTooHigh {
        /// Highest energy of the specimen, J.
        wanted: f64,
        /// Energy at a lag of 90 deg, J.
        possible: f64,
    },
    /// The amplitude does not come down to the set point.
    #[error(
        "on approach the amplitude of the tip goes from {above:.4} to {below:.4} of the free one without staying at {wanted:.4}; \
         choose another set point, a stiffer cantilever or a larger free amplitude"
    )]
    NoSuchAmplitude {
        /// Amplitude that was asked for, over the free one.
        wanted: f64,
        /// Closest amplitude above it, over the free one.
        above: f64,
        /// Closest amplitude below it, over the free one.
        below: f64,
    },
}

impl SimulationError {
    /// Fails unless `value` is finite and greater than zero.
    pub(crate) fn require_positive(name: &'static str, value: f64) -> Result<(), Self> {
        let possible = value > 0.0 && value.is_finite();
        if possible { Ok(()) } else { Err(Self::Parameter { name, value, allowed: "finite and greater than zero" }) }
    }

    /// Fails unless `value` is finite and not negative.
    pub(crate) fn require_not_negative(name: &'static str, value: f64) -> Result<(), Self> {
        let possible = value >= 0.0 && value.is_finite();
        if possible { Ok(()) } else { Err(Self::Parameter { name, value, allowed: "finite and not negative" }) }
    }
}
