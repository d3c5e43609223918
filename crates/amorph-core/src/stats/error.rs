//! What can go wrong in a statistic, with the numbers.

/// Reasons why a statistic, interval or test has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// Fewer values than the statistic needs.
    #[error("{found} values where at least {needed} are needed")]
    TooFew {
        /// Values found.
        found: usize,
        /// Values needed.
        needed: usize,
    },
    /// A value is NaN or infinite.
    #[error("value {index} is {value}; mask or remove it first")]
    NotFinite {
        /// Position in the input.
        index: usize,
        /// The value.
        value: f64,
    },
    /// Two samples that must be paired differ in length.
    #[error("paired samples of {left} and {right} values")]
    LengthMismatch {
        /// Length of the first.
        left: usize,
        /// Length of the second.
        right: usize,
    },
    /// A parameter outside its range.
    #[error("{what} is {value}; it must be {rule}")]
    OutOfRange {
        /// Name of the parameter.
        what: &'static str,
        /// Value given.
        value: f64,
        /// What is allowed.
        rule: &'static str,
    },
    /// All values are equal where a spread is needed.
    #[error("all {n} values are equal; the statistic needs a spread")]
    NoSpread {
        /// Number of values.
        n: usize,
    },
    /// The statistic failed on too many resamples.
    #[error("the statistic is defined on {found} of {total} resamples; {needed} are needed")]
    TooFewReplicates {
        /// Resamples with a finite statistic.
        found: usize,
        /// Resamples drawn.
        total: usize,
        /// Resamples needed.
        needed: usize,
    },
}

/// Requires at least `needed` values, all finite.
pub(super) fn require(values: &[f64], needed: usize) -> Result<(), StatsError> {
    if values.len() < needed {
        return Err(StatsError::TooFew { found: values.len(), needed });
    }
    match values.iter().position(|v| !v.is_finite()) {
        None => Ok(()),
        Some(index) => Err(StatsError::NotFinite { index, value: values[index] }),
    }
}

/// Requires a probability strictly between zero and one.
pub(super) fn require_level(what: &'static str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value < 1.0 {
        return Ok(());
    }
    Err(StatsError::OutOfRange { what, value, rule: "between 0 and 1, ends excluded" })
}

/// Requires a positive finite number.
pub(super) fn require_positive(what: &'static str, value: f64) -> Result<(), StatsError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(StatsError::OutOfRange { what, value, rule: "positive and finite" })
}
