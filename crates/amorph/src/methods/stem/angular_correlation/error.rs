use crate::method::Refusal;
use crate::methods::stem::bragg_detection::background::NoBackground;

/// Why there is no correlation.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum NoCorrelation {
    /// No size of the direct beam.
    #[error("the radius of a diffraction disk is not known; the direct beam must be left out")]
    NoDiskRadius,
    /// A parameter or constant out of range.
    #[error("{name} is {value}; it must be {allowed}")]
    Parameter { name: &'static str, value: f64, allowed: &'static str },
    /// Too few patterns.
    #[error("{found} patterns can be used, but {needed} are needed")]
    TooFewPatterns { found: usize, needed: usize },
    /// No geometry.
    #[error("{}", geometry(reason))]
    NoGeometry { reason: NoBackground },
    /// Nothing between the beam and the edge.
    #[error("no ring fits between {inner:.1} and {outer:.1} pixels from the beam")]
    NoRing { inner: f64, outer: f64 },
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

impl Refusal for NoCorrelation {
    fn hint(&self) -> String {
        match self {
            Self::NoDiskRadius => {
                "state disk_radius in detector pixels, or beam_voltage, convergence_semi_angle and q_pixel of the measurement"
                    .to_owned()
            }
            Self::Parameter { .. } => "`amorph method show stem.angular_correlation` lists the parameters".to_owned(),
            Self::TooFewPatterns { .. } => "record more patterns".to_owned(),
            Self::NoGeometry { .. } | Self::NoRing { .. } => {
                "check disk_radius, ring_width, centre, halo = [radius, width] and the masks".to_owned()
            }
        }
    }
}
