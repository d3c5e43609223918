use crate::method::Refusal;

/// Why there are no waiting times.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum WaitingError {
    /// No times.
    #[error("there are no times of events: neither a result of events.spikes nor a column '{column}' in a table")]
    NoTimes { column: String },
    /// Too few.
    #[error("waiting times not attempted, n = {n} between events; at least {needed} are needed")]
    TooFew { n: usize, needed: usize },
    /// Times that are none.
    #[error("{count} entries of column '{column}' are no times; the first is in row {row}")]
    NotTimes { column: String, count: usize, row: usize },
    /// A dead time that is none.
    #[error("dead_time = {found} s is negative")]
    DeadTime { found: f64 },
}

impl Refusal for WaitingError {
    fn hint(&self) -> String {
        match self {
            Self::NoTimes { .. } => {
                "put events.spikes before it in `methods`, or name the column of a list of events: column = \"time\"".to_owned()
            }
            Self::TooFew { .. } => "collect more events; with so few nothing can be told from chance".to_owned(),
            Self::NotTimes { .. } => "remove the rows, or choose the column with the times of the events".to_owned(),
            Self::DeadTime { .. } => "give the time after an event in which no other can be seen, as in \"17 ms\"".to_owned(),
        }
    }
}
