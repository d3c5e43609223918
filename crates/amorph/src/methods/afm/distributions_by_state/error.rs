use crate::method::Refusal;

/// Why the distributions of the states cannot be put together.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StatesError {
    /// No site has a level table.
    #[error("no image has a distribution")]
    NoDistributions,
    /// A state that was named has none.
    #[error("the state '{wanted}' has no distributions; states with distributions: {}", found.join(", "))]
    NoSuchState {
        /// The state named.
        wanted: String,
        /// States with distributions.
        found: Vec<String>,
    },
    /// Sites show different quantities.
    #[error("the distributions are of different quantities: {first} and {second}")]
    MixedMaps {
        /// One of them.
        first: String,
        /// Another.
        second: String,
    },
}

impl Refusal for StatesError {
    fn hint(&self) -> String {
        match self {
            Self::NoDistributions => "put \"dafm.distribution\" into `methods` of the measurements".to_owned(),
            Self::NoSuchState { .. } => {
                "correct `reference` or `noise_state` of the method, or run \"dafm.distribution\" for that state".to_owned()
            }
            Self::MixedMaps { .. } => "use the same `map` of \"dafm.distribution\" for all measurements".to_owned(),
        }
    }
}
