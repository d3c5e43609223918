use crate::method::Refusal;

/// Why there are no relaxation times.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum RelaxationMapError {
    /// No series of frames.
    #[error("a series of frames (three axes: time, rows, columns) is needed, found {found}")]
    NoSeries { found: String },
    /// The file is cut.
    #[error("{missing} of {total} frames of {file} are missing")]
    Missing { file: String, missing: usize, total: usize },
    /// Too short.
    #[error("{file} has {found} frames; at least {needed} are needed for a correlation in time")]
    TooFewFrames { file: String, found: usize, needed: usize },
    /// Frames that do not follow each other in equal steps.
    #[error("the time stamps of {file} are uneven: frame {frame} (counted from 0) {reason}")]
    Uneven { file: String, frame: usize, reason: &'static str },
    /// A parameter that cannot be.
    #[error("{name} is {value}; it must be {allowed}")]
    Parameter { name: &'static str, value: f64, allowed: &'static str },
    /// Nothing to correlate.
    #[error("no pixel of {file} has a mean above {level}; the largest is {largest:.4}")]
    NoObject { file: String, level: f64, largest: f64 },
    /// A skin or a core without pixels.
    #[error("{core} pixels in the core and {skin} in the skin of skin_px = {width}; both need some")]
    NoRegion { core: usize, skin: usize, width: f64 },
}

impl Refusal for RelaxationMapError {
    fn hint(&self) -> String {
        match self {
            Self::NoSeries { .. } => {
                "give a TIFF stack, an `.mrc` series or a `.npy` array [frame, row, column]; `amorph info <file>` shows the axes"
                    .to_owned()
            }
            Self::Missing { .. } => "copy the file again from the microscope".to_owned(),
            Self::TooFewFrames { .. } => "record at least ten relaxation times, fifty frames or more".to_owned(),
            Self::Uneven { .. } => {
                "cut the series where frames were dropped and give the longest part; nothing is interpolated".to_owned()
            }
            Self::Parameter { .. } => "`amorph method show haadf.relaxation_map` lists the parameters".to_owned(),
            Self::NoObject { .. } => "lower object_above; it is in counts above dark_level".to_owned(),
            Self::NoRegion { .. } => {
                "choose object_above between the counts beside the object and those on it, and skin_px below half its width".to_owned()
            }
        }
    }
}
