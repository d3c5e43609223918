use crate::method::Refusal;

/// Why there is no profile.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum BandError {
    /// No width.
    #[error("band_width is not stated; how many rows belong to the band cannot be guessed")]
    NoWidth,
    /// No dark level.
    #[error("the image is not above its dark level of {dark}: its mean is {mean:.4}")]
    BelowDark { dark: f64, mean: f64 },
    /// Values for display.
    #[error("the values are made for display; a change of density needs counts")]
    Display,
    /// Too little matrix.
    #[error("a band of {width:.1} rows around row {row:.1} leaves too little matrix on one side of the {rows} rows")]
    NoMatrix { width: f64, row: f64, rows: usize },
    /// Too short.
    #[error("the band is {columns} pixels long; at least {needed} are needed")]
    TooShort { columns: usize, needed: usize },
}

impl Refusal for BandError {
    fn hint(&self) -> String {
        match self {
            Self::NoWidth => "measure it in the image: band_width = \"20 nm\"".to_owned(),
            Self::BelowDark { .. } => "correct dark_level, or use the raw counts".to_owned(),
            Self::Display => "use the raw image, and state intensity_scale = \"linear\"".to_owned(),
            Self::NoMatrix { .. } => {
                "rotate and crop the image so that the band runs along x with matrix on both sides, or state band_row"
                    .to_owned()
            }
            Self::TooShort { .. } => "take a longer part of the band".to_owned(),
        }
    }
}
