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
