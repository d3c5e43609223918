use crate::method::Refusal;

/// Why there is no thickness.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum ThicknessError {
    /// Neither a spectrum nor a spectrum image.
    #[error("a spectrum (table of energy and counts) or a spectrum image with an energy axis is needed, found {found}")]
    NoSpectrum { found: String },
    /// An energy axis without a unit or step.
    #[error("the energy axis '{axis}' has no usable unit or step ({found}); it must be in eV")]
    NoEnergy { axis: String, found: String },
    /// An axis that does not rise evenly.
    #[error(
        "the energies in column '{column}' do not rise in equal steps: row {row} has a step of {step:.4} eV after {expected:.4} eV"
    )]
    Uneven { column: String, row: usize, step: f64, expected: f64 },
    /// No zero loss where it should be.
    #[error("no zero-loss peak: the axis runs from {first:.1} to {last:.1} eV, and {reason}")]
    NoZeroLoss { first: f64, last: f64, reason: &'static str },
    /// More data than memory.
    #[error("the spectrum image needs {needed} MiB in memory; {allowed} MiB are allowed")]
    TooLarge { needed: usize, allowed: usize },
    /// The file is cut.
    #[error("{missing} of {total} frames of the spectrum image are missing")]
    Missing { missing: usize, total: usize },
}

impl Refusal for ThicknessError {
    fn hint(&self) -> String {
        match self {
            Self::NoSpectrum { .. } => "`amorph info <file>` shows what the file holds".to_owned(),
            Self::NoEnergy { .. } => {
                "calibrate the axis in the acquisition program, or write the table with a column in eV".to_owned()
            }
            Self::Uneven { .. } => "resample the spectrum to equal steps".to_owned(),
            Self::NoZeroLoss { .. } => {
                "give the low-loss spectrum, with the zero-loss peak and at least ten of its widths before it".to_owned()
            }
            Self::TooLarge { .. } => "crop or bin the spectrum image, or allow more memory".to_owned(),
            Self::Missing { .. } => "copy the file again from the microscope".to_owned(),
        }
    }
}
