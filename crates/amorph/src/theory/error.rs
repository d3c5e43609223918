use crate::core::unit::{UnitError, format_significant};

/// Why a model gives no number.
///
/// The message names the model, the argument, what was found, what is possible, and why.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TheoryError {
    /// An argument outside the range in which the model means something.
    #[error("{model}: {argument} = {} {unit}must be {allowed}", format_significant(*value, 6))]
    OutOfRange {
        /// The model.
        model: &'static str,
        /// Key of the argument.
        argument: &'static str,
        /// What was given.
        value: f64,
        /// Its unit with a trailing blank; empty for plain numbers.
        unit: String,
        /// What is possible, in that unit.
        allowed: String,
    },
    /// Arguments that do not go together.
    #[error("{model}: {argument} = {} must be {relation} {}: {reason}", format_significant(*value, 6), format_significant(*limit, 6))]
    Relation {
        /// The model.
        model: &'static str,
        /// Key of the argument, or the combination of arguments.
        argument: &'static str,
        /// What was given.
        value: f64,
        /// `above`, `below` ...
        relation: &'static str,
        /// The limit.
        limit: f64,
        /// What lies behind the limit.
        reason: &'static str,
    },
    /// The result is beyond the range of numbers.
    #[error("{model}: {output} is beyond the range of numbers for these arguments; check their units")]
    Overflow {
        /// The model.
        model: &'static str,
        /// Key of the output.
        output: &'static str,
    },
    /// An argument that has no default is missing.
    #[error("{model} needs {key} ({meaning}); write {key}='<value>{}{unit}'{remedy}", if unit.is_empty() { "" } else { " " })]
    Missing {
        /// The model.
        model: &'static str,
        /// Key of the argument.
        key: &'static str,
        /// What it is.
        meaning: &'static str,
        /// A unit to write it in.
        unit: &'static str,
        /// Where it is found; may be empty.
        remedy: String,
    },
    /// A key that the model does not know.
    #[error("{model} has no argument '{key}'{}; it has {known}", nearest.as_ref().map(|n| format!("; did you mean '{n}'?")).unwrap_or_default())]
    Unknown {
        /// The model.
        model: &'static str,
        /// What was given.
        key: String,
        /// A known key that is close.
        nearest: Option<String>,
        /// All keys.
        known: String,
    },
    /// A value that cannot be read, or has the wrong unit.
    #[error("{model}: {key}: {source}")]
    Unit {
        /// The model.
        model: &'static str,
        /// Key of the argument.
        key: &'static str,
        /// What is wrong with it.
        source: UnitError,
    },
    /// A fixed number of arguments was expected.
    #[error("{model} takes {needed} arguments, not {found}")]
    Count {
        /// The model.
        model: &'static str,
        /// What was given.
        found: usize,
        /// What is needed.
        needed: usize,
    },
    /// The errors of the inputs reach so far outside the range of the model that no interval follows.
    #[error(
        "{model}: {rejected} of {drawn} draws within the stated errors lie outside the range of the model; state smaller errors, or \
         use the model at the ends of the range"
    )]
    ErrorsTooLarge {
        /// The model.
        model: &'static str,
        /// Draws outside the range.
        rejected: usize,
        /// All draws.
        drawn: usize,
    },
}

impl TheoryError {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::OutOfRange { model, .. } | Self::Relation { model, .. } | Self::Unit { model, .. } => {
                format!("`amorph theory show {model}` lists the arguments with their units and ranges")
            }
            Self::Missing { model, .. } | Self::Unknown { model, .. } | Self::Count { model, .. } => {
                format!("`amorph theory show {model}` lists the arguments")
            }
            Self::Overflow { .. } => "values are SI unless they carry a unit".to_owned(),
            Self::ErrorsTooLarge { .. } => "state smaller errors".to_owned(),
        }
    }
}
