use super::algorithm::FEWEST_EVENTS;
use crate::method::Refusal;

/// Why there is no model of the rates.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum RateModelError {
    /// Nothing before it.
    #[error("no file of this state has a result of events.spikes")]
    NoSpikes,
    /// Too few events of every kind of segment.
    #[error(
        "no kind of segment has {FEWEST_EVENTS} events of each sign beyond its false alarms over {segments} segments: no ratio of rates is fitted"
    )]
    TooFew { segments: usize },
    /// The search ran away.
    #[error("the likelihood of the rates has no maximum for {events} events in {cells} counts")]
    NoMaximum { events: usize, cells: usize },
}

impl Refusal for RateModelError {
    fn hint(&self) -> String {
        match self {
            Self::NoSpikes => "put \"events.spikes\" among the methods of the measurement".to_owned(),
            Self::TooFew { .. } => "record longer or more pillars; events.imbalance is exact for few events".to_owned(),
            Self::NoMaximum { .. } => {
                "set stress_rate = false or pillars = \"alike\", and look at the table of counts".to_owned()
            }
        }
    }
}
