use crate::core::fit::FitError;
use crate::method::Refusal;

/// Fewest events that are fitted.
pub(super) const FEWEST_EVENTS: usize = 30;

/// Why there is no size distribution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum SizesError {
    /// Several columns.
    #[error("the table has {} columns of numbers: {}", columns.len(), columns.join(", "))]
    WhichColumn { columns: Vec<String> },
    /// No column of numbers.
    #[error("the table has no column of numbers")]
    NoColumn,
    /// Sizes that are none.
    #[error("{count} of {total} sizes in column '{column}' are zero, negative or infinite; the first is {value} in row {row}")]
    NotSizes { column: String, count: usize, total: usize, value: f64, row: usize },
    /// Too few.
    #[error("fit not attempted, n = {n} events at or above xmin = {xmin:e}; at least {needed} are needed")]
    TooFew { n: usize, xmin: f64, needed: usize },
    /// The threshold excludes everything.
    #[error("xmin = {xmin:e} is above the largest size; column '{column}' ranges from {smallest:e} to {largest:e}")]
    AboveAll { xmin: f64, column: String, smallest: f64, largest: f64 },
    /// A threshold that is none.
    #[error("xmin = {xmin:e} is not a size")]
    BadThreshold { xmin: f64 },
    /// No spread.
    #[error("all {n} sizes in column '{column}' are {value:e}; they have no distribution")]
    AllEqual { n: usize, column: String, value: f64 },
    /// Too few replicates.
    #[error("bootstrap = {found}; at least {needed} replicates are needed for a probability")]
    TooFewReplicates { found: usize, needed: usize },
    /// Parameters that exclude each other, or one out of range.
    #[error("{name} = {found}: {reason}")]
    Parameter { name: &'static str, found: String, reason: &'static str },
    /// Sizes between the steps.
    #[error("{count} of {total} sizes in column '{column}' are no multiples of rounding = {step:e}; the first is {value:e}")]
    NotRounded { column: String, count: usize, total: usize, step: f64, value: f64 },
    /// Counts that are none.
    #[error("{count} of {total} sizes in column '{column}' are no whole numbers; the first is {value}")]
    NotCounts { column: String, count: usize, total: usize, value: f64 },
    /// Too few bins.
    #[error("the histogram of {n} events has fewer than four bins with events")]
    FewBins { n: usize },
    /// No end of an interval.
    #[error("the likelihood of the exponent has no end: {0}")]
    NoInterval(#[from] FitError),
}

impl Refusal for SizesError {
    fn hint(&self) -> String {
        match self {
            Self::WhichColumn { .. } => "name the one with the sizes: column = \"...\"".to_owned(),
            Self::NoColumn => "write the list as CSV with one header line and one event per row".to_owned(),
            Self::NotSizes { .. } => {
                "events of two signs are two lists: fit them apart; or choose the column that holds the sizes".to_owned()
            }
            Self::TooFew { .. } => {
                "collect more events or lower xmin; with so few no exponent can be told from another".to_owned()
            }
            Self::AboveAll { .. } | Self::BadThreshold { .. } => {
                "give xmin as a positive size with the unit of the column, as in \"2 nm\"".to_owned()
            }
            Self::AllEqual { .. } => "check that the sizes were not rounded to one value".to_owned(),
            Self::TooFewReplicates { .. } => "leave bootstrap at its default of 1000".to_owned(),
            Self::Parameter { .. } => "`amorph method show events.size_distribution` lists the parameters".to_owned(),
            Self::NotRounded { .. } => {
                "give the step of the instrument, with its unit; sizes from fits are not rounded".to_owned()
            }
            Self::NotCounts { .. } => "counts = true is for numbers of something, as in \"7 atoms\"".to_owned(),
            Self::FewBins { .. } => "use method = \"likelihood\"".to_owned(),
            Self::NoInterval(_) => "the sizes do not follow a power law with a cut-off; plot them first".to_owned(),
        }
    }
}
