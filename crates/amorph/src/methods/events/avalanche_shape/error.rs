use super::algorithm::FEWEST_SAMPLES;
use crate::method::Refusal;

/// Fewest avalanches whose shape is averaged.
pub(super) const FEWEST_BURSTS: usize = 50;

/// Why there is no average shape.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum ShapeError {
    /// Too few that are resolved.
    #[error(
        "{n} of {total} avalanches have {FEWEST_SAMPLES} samples and more and a size above zero; at least {FEWEST_BURSTS} are needed"
    )]
    TooFew { n: usize, total: usize },
    /// Nothing to take velocities from.
    #[error("there is neither a table of velocities nor a result of events.pop_ins")]
    NoVelocities,
    /// An entry that is none.
    #[error("column '{column}' has {value} in row {row}: {what}")]
    BadEntry { column: String, value: f64, row: usize, what: &'static str },
    /// Samples of an avalanche that are not even.
    #[error("avalanche {event}: its samples are {least:e} to {most:e} s apart; shapes need even sampling")]
    Uneven { event: f64, least: f64, most: f64 },
}

impl Refusal for ShapeError {
    fn hint(&self) -> String {
        match self {
            Self::TooFew { .. } => "sample faster, or record more avalanches: a shape needs samples within it".to_owned(),
            Self::NoVelocities => {
                "give a table with one row per sample (event, time, velocity), or put \"events.pop_ins\" before it".to_owned()
            }
            Self::BadEntry { .. } => {
                "remove the row, or name the columns: event_column, time_column, velocity_column".to_owned()
            }
            Self::Uneven { .. } => "interpolate to even times, or split avalanches that have a gap".to_owned(),
        }
    }
}
