use crate::method::Refusal;

/// Why an image is not analysed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum LengthError {
    /// Too few pixels.
    #[error("the image has {rows} x {columns} pixels; a spectrum needs at least {needed} along each side")]
    TooSmall { rows: usize, columns: usize, needed: usize },
    /// Too many missing pixels.
    #[error("{:.0} % of the pixels are missing or masked; at most {:.0} % may be", 100.0 * share, 100.0 * allowed)]
    TooManyMissing { share: f64, allowed: f64 },
    /// Nothing varies.
    #[error("every pixel has the value {value}; there is no structure")]
    NoVariance { value: f64 },
    /// The likelihood has no minimum.
    #[error("no spectrum can be fitted to the {rings} rings of the image")]
    NoFit { rings: String },
}

impl Refusal for LengthError {
    fn hint(&self) -> String {
        match self {
            Self::TooSmall { .. } => "take an image with more pixels; crop less".to_owned(),
            Self::TooManyMissing { .. } => "mask less, or analyse a part of the image that is complete".to_owned(),
            Self::NoVariance { .. } => "choose another channel; `amorph info <file>` lists them".to_owned(),
            Self::NoFit { .. } => "look at the image: it may be periodic, synthetic without noise, or nearly empty".to_owned(),
        }
    }
}
