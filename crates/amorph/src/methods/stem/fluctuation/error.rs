use crate::method::Refusal;
use crate::methods::stem::bragg_detection::background::NoBackground;

/// Why there is no variance.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum FluctuationError {
    /// No size of the direct beam.
    #[error("the radius of a diffraction disk is not known; the direct beam must be left out")]
    NoDiskRadius,
    /// A parameter or constant out of range.
    #[error("{name} is {value}; it must be {allowed}")]
    Parameter { name: &'static str, value: f64, allowed: &'static str },
    /// Too few patterns.
    #[error("{found} patterns can be used, but {needed} are needed: a variance of fewer says nothing")]
    TooFewPatterns { found: usize, needed: usize },
    /// No geometry.
    #[error("{}", geometry(reason))]
    NoGeometry { reason: NoBackground },
    /// Nothing between the beam and the edge.
    #[error("no shell between {inner} and {outer} pixels from the beam has twelve pixels that can be used")]
    NoShell { inner: f64, outer: f64 },
    /// Too many pixels that are no numbers.
    #[error(
        "{invalid} of {total} pixels are NaN or infinite (at most 5 % are accepted); the first is in frame ({}, {})",
        frame.0, frame.1
    )]
    TooManyInvalid { invalid: usize, total: usize, frame: (usize, usize) },
}

fn geometry(reason: &NoBackground) -> String {
    match reason {
        NoBackground::NoHalo => "the mean pattern has no halo beyond the direct beam".to_owned(),
        NoBackground::DiskTooLarge { beam, halo_end } => {
            format!("the direct beam reaches {beam:.1} pixels, the halo ends at {halo_end:.1} pixels")
        }
        NoBackground::NothingSeen => "no complete disk is seen on the halo".to_owned(),
    }
}

impl Refusal for FluctuationError {
    fn hint(&self) -> String {
        match self {
            Self::NoDiskRadius => {
                "state disk_radius in detector pixels, or beam_voltage, convergence_semi_angle and q_pixel of the measurement"
                    .to_owned()
            }
            Self::Parameter { .. } => "`amorph method show stem.fluctuation` lists the parameters".to_owned(),
            Self::TooFewPatterns { .. } => "record more patterns".to_owned(),
            Self::NoGeometry { .. } | Self::NoShell { .. } => {
                "check disk_radius, centre, halo = [radius, width] and the masks".to_owned()
            }
            Self::TooManyInvalid { .. } => "find out why the camera wrote no numbers there".to_owned(),
        }
    }
}
