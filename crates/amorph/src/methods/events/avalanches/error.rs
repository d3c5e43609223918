use crate::core::fit::FitError;
use crate::method::Refusal;

/// Fewest events that are fitted: three parameters.
pub(super) const FEWEST_EVENTS: usize = 100;

/// Why there is no comparison with avalanches.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum AvalancheError {
    /// Too few.
    #[error("fit not attempted, n = {n} events with a stress and a size of at least {xmin:e}; at least {needed} are needed")]
    TooFew { n: usize, xmin: f64, needed: usize },
    /// Entries that are none.
    #[error("{count} of {total} entries of column '{column}' are {what}; the first is {value} in row {row}")]
    BadEntry { column: String, what: &'static str, count: usize, total: usize, value: f64, row: usize },
    /// Stresses that are all alike.
    #[error("stresses range from {low:e} to {high:e} Pa only; a cut-off that grows with the stress needs a ramp")]
    OneStress { low: f64, high: f64 },
    /// A critical stress below the largest.
    #[error("critical_stress = {critical:e} Pa is not above the largest stress of an event, {largest:e} Pa")]
    AboveCritical { critical: f64, largest: f64 },
    /// A threshold or another parameter that is none.
    #[error("{name} = {found:e} is not above zero")]
    NotPositive { name: &'static str, found: f64 },
    /// No maximum or no end of an interval.
    #[error("the likelihood of exponent and cut-off has no maximum or no end: {0}")]
    NoMaximum(#[from] FitError),
}

impl Refusal for AvalancheError {
    fn hint(&self) -> String {
        match self {
            Self::TooFew { .. } => "collect more events or lower xmin; events.size_distribution needs fewer".to_owned(),
            Self::BadEntry { .. } => {
                "remove the rows, or name the columns: size_column, stress_column, duration_column".to_owned()
            }
            Self::OneStress { .. } => "use events.size_distribution for events at one stress".to_owned(),
            Self::AboveCritical { .. } => {
                "give the stress at which the sample flows, or leave it out to have it fitted".to_owned()
            }
            Self::NotPositive { .. } => "give it as a positive quantity with its unit".to_owned(),
            Self::NoMaximum(_) => "look at the sizes by stress first: they may not grow with it".to_owned(),
        }
    }
}
