use super::super::circuit::CircuitError;
use crate::method::Refusal;

/// Why there is no stress or strain.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum StressStrainError {
    /// A channel is missing.
    #[error("test '{test}' has no channel of {wanted}; its channels are: {}", channels.join(", "))]
    NoChannel { test: String, wanted: &'static str, channels: Vec<String> },
    /// No line through the rise of the load.
    #[error("the load of test '{test}' does not rise over ten samples between {} and {} of its peak; the contact is not found", between[0], between[1])]
    NoContact { test: String, between: [f64; 2] },
    /// A current that gives no resistance.
    #[error(transparent)]
    Circuit(#[from] CircuitError),
    /// A parameter or constant out of range.
    #[error("{name} = {found} is not {needed}")]
    Parameter { name: &'static str, found: String, needed: &'static str },
    /// No test.
    #[error("the file holds no test")]
    NoTest,
}

impl Refusal for StressStrainError {
    fn hint(&self) -> String {
        match self {
            Self::NoChannel { wanted, .. } => {
                format!("map the column in the study: columns = {{ {wanted} = {{ column = \"...\", unit = \"...\" }} }}")
            }
            Self::NoContact { .. } => "give contact_depth, or another elastic_range".to_owned(),
            Self::Circuit(error) => error.hint(),
            Self::Parameter { .. } => {
                "correct it in the study; `amorph method show events.stress_strain` lists what is possible".to_owned()
            }
            Self::NoTest => "open it with `amorph info` to see what is in it".to_owned(),
        }
    }
}
