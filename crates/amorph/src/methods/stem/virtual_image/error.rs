use crate::method::Refusal;

/// Why there is no virtual image.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum NoVirtualImage {
    /// Nothing is asked for.
    #[error("no detector is stated, and the radius of a diffraction disk is not known")]
    NoDetector,
    /// A detector without pixels.
    #[error("the detector '{name}' has none of the {rows} x {columns} pixels")]
    Empty { name: String, rows: usize, columns: usize },
    /// A pixel beyond the detector.
    #[error("pixel [{y}, {x}] is not on the detector of {rows} x {columns} pixels")]
    NoSuchPixel { y: usize, x: usize, rows: usize, columns: usize },
    /// A parameter that cannot be.
    #[error("{name} is {value}; it must be {allowed}")]
    Parameter { name: &'static str, value: f64, allowed: &'static str },
    /// No frame in the file.
    #[error("none of the {expected} frames of the scan is in the file")]
    NoFrames { expected: usize },
}

impl Refusal for NoVirtualImage {
    fn hint(&self) -> String {
        match self {
            Self::NoDetector => {
                "state bright_field = 5, dark_field = [20, 60], disks = [[y, x, radius]], rectangles or pixels; or beam_voltage, convergence_semi_angle and q_pixel".to_owned()
            }
            Self::Empty { .. } | Self::NoSuchPixel { .. } => {
                "positions are detector pixels [row, column], counted from 0; `amorph info` tells the size of the detector".to_owned()
            }
            Self::Parameter { .. } => "`amorph method show stem.virtual_image` lists the parameters".to_owned(),
            Self::NoFrames { .. } => "copy the file again from the microscope".to_owned(),
        }
    }
}
