use crate::method::Refusal;

/// Why there is no thickness.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum ThicknessError {
    /// No zero loss where it should be.
    #[error("no zero-loss peak: the axis runs from {first:.1} to {last:.1} eV, and {reason}")]
    NoZeroLoss { first: f64, last: f64, reason: &'static str },
}

impl Refusal for ThicknessError {
    fn hint(&self) -> String {
        match self {
            Self::NoZeroLoss { .. } => {
                "give the low-loss spectrum, with the zero-loss peak and at least ten of its widths before it".to_owned()
            }
        }
    }
}
