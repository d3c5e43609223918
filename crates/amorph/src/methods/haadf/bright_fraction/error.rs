use crate::method::Refusal;

/// Why there is no share of a phase.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum BrightFractionError {
    /// Strips that do not fit.
    #[error("strip_px = {found} must be at least 8 and at most {rows}, the depth of the image in pixels")]
    Strip { found: usize, rows: usize },
    /// Too few pixels.
    #[error("the image is {rows} pixels deep and {columns} wide; at least 32 are needed along each")]
    TooSmall { rows: usize, columns: usize },
    /// Too many missing pixels.
    #[error("{:.0} % of the pixels are missing or masked; at most {:.0} % may be", 100.0 * share, 100.0 * allowed)]
    TooManyMissing { share: f64, allowed: f64 },
    /// Nothing varies.
    #[error("every pixel has the value {value}; there are no two phases")]
    NoVariance { value: f64 },
    /// One phase, or two that cannot be told apart.
    #[error("the phases are {separation:.2} standard deviations of a pixel apart; at least {needed} are needed to tell two")]
    OnePhase { separation: f64, needed: f64 },
    /// No law.
    #[error("no two phases can be fitted to the image")]
    NoFit,
}

impl Refusal for BrightFractionError {
    fn hint(&self) -> String {
        match self {
            Self::Strip { .. } => "choose a strip of at least one period of the network".to_owned(),
            Self::TooSmall { .. } => "give a larger image, or do not bin it".to_owned(),
            Self::TooManyMissing { .. } => "mask less, or crop the image to what is known".to_owned(),
            Self::NoVariance { .. } => "give the raw image".to_owned(),
            Self::OnePhase { .. } | Self::NoFit => {
                "bin the image, or count longer; where the field is one phase there is no share to give".to_owned()
            }
        }
    }
}
