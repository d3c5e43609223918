use crate::method::Refusal;

/// Why there is no annular image.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum AnnulusError {
    /// No radii.
    #[error("{missing} is not stated; which electrons make the image cannot be guessed")]
    NoRadius { missing: &'static str, largest: f64 },
    /// Radii that enclose nothing.
    #[error("the annulus from {inner} to {outer} pixels is empty; 0 <= inner_radius < outer_radius is needed")]
    BadRadii { inner: f64, outer: f64 },
    /// A centre that is not a position.
    #[error("centre = [{y}, {x}] is not a position")]
    BadCentre { y: f64, x: f64 },
    /// No pixel between the circles.
    #[error(
        "no pixel of the {rows} x {columns} detector lies between {inner} and {outer} pixels from the centre [{y}, {x}]; the distances of its pixels are {nearest:.2} to {farthest:.2}"
    )]
    Outside { rows: usize, columns: usize, inner: f64, outer: f64, y: f64, x: f64, nearest: f64, farthest: f64 },
    /// No frame in the file.
    #[error("none of the {expected} frames of the scan is in the file")]
    NoFrames { expected: usize },
    /// Too many pixels that are no numbers.
    #[error(
        "{invalid} of {total} pixels in the annulus are NaN or infinite ({:.1} %, at most {:.0} % are accepted); the first is in frame ({}, {}) at detector pixel ({}, {})",
        100.0 * *invalid as f64 / *total as f64, 100.0 * LARGEST_INVALID_FRACTION, frame.0, frame.1, pixel.0, pixel.1
    )]
    TooManyInvalid { invalid: usize, total: usize, frame: (usize, usize), pixel: (usize, usize) },
}

/// Largest fraction of pixels that may be NaN or infinite.
pub(super) const LARGEST_INVALID_FRACTION: f64 = 0.05;

impl Refusal for AnnulusError {
    fn hint(&self) -> String {
        match self {
            Self::NoRadius { largest, .. } => format!(
                "state inner_radius and outer_radius in detector pixels; the largest circle around the centre that fits the detector has {largest:.1}"
            ),
            Self::BadRadii { .. } => "give the radii in detector pixels, the smaller one first".to_owned(),
            Self::BadCentre { .. } => "give centre = [y, x] in detector pixels, counted from 0".to_owned(),
            Self::Outside { .. } => "choose radii within the detector, or correct centre = [y, x]".to_owned(),
            Self::NoFrames { .. } => "copy the file again from the microscope".to_owned(),
            Self::TooManyInvalid { .. } => {
                "find out why the camera wrote no numbers there, or use an annulus that avoids them".to_owned()
            }
        }
    }
}
