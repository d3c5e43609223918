use crate::method::Refusal;

/// Why no pop-ins are looked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum PopInsError {
    /// Neither depth nor load.
    #[error("test '{test}' has no channel of time with depth or load; its channels are: {}", channels.join(", "))]
    NoChannels { test: String, channels: Vec<String> },
    /// Nothing long enough.
    #[error("no segment of the file is long enough to learn its noise: {reason}")]
    TooShort { reason: String },
    /// A parameter out of range.
    #[error("{name} = {found} is not {needed}")]
    Parameter { name: &'static str, found: String, needed: &'static str },
    /// No test.
    #[error("the file holds no test")]
    NoTest,
}

impl Refusal for PopInsError {
    fn hint(&self) -> String {
        match self {
            Self::NoChannels { .. } => {
                "map the columns in the study, columns = { time = ..., depth = { column = \"...\", unit = \"nm\" } }".to_owned()
            }
            Self::TooShort { .. } => "record more samples, or lower `slowest`".to_owned(),
            Self::Parameter { .. } => {
                "correct the parameter; `amorph method show events.pop_ins` lists what is possible".to_owned()
            }
            Self::NoTest => "open it with `amorph info` to see what is in it".to_owned(),
        }
    }
}
