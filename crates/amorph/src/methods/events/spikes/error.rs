use super::super::circuit::CircuitError;
use crate::method::Refusal;

/// Why no spikes are looked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum SpikesError {
    /// No current.
    #[error("test '{test}' has no channel of current; its channels are: {}", channels.join(", "))]
    NoCurrent { test: String, channels: Vec<String> },
    /// No time.
    #[error("test '{test}' has no channel of time; events cannot be placed, nor rates be given")]
    NoTime { test: String },
    /// A current that gives no resistance.
    #[error(transparent)]
    Circuit(#[from] CircuitError),
    /// Nothing long enough.
    #[error("no stretch of test '{test}' is long enough to learn its noise: {reason}")]
    TooShort { test: String, reason: String },
    /// A parameter out of range.
    #[error("{name} = {found} is not {needed}")]
    Parameter { name: &'static str, found: String, needed: &'static str },
    /// No test.
    #[error("the file holds no test")]
    NoTest,
}

impl Refusal for SpikesError {
    fn hint(&self) -> String {
        match self {
            Self::NoCurrent { .. } => {
                "map the column in the study, columns = { current = { column = \"...\", unit = \"uA\" } }; without a current only events.pop_ins applies".to_owned()
            }
            Self::NoTime { .. } => "map the column in the study: columns = { time = { column = \"...\", unit = \"s\" } }".to_owned(),
            Self::Circuit(error) => error.hint(),
            Self::TooShort { .. } => "record longer segments at even sampling, or lower `widest`".to_owned(),
            Self::Parameter { .. } => "correct the parameter; `amorph method show events.spikes` lists what is possible".to_owned(),
            Self::NoTest => "open it with `amorph info` to see what is in it".to_owned(),
        }
    }
}
