use crate::method::Refusal;

/// Why reflections are not looked for.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum BraggError {
    /// No size of a disk.
    #[error("the radius of a diffraction disk is not known; it is the matched filter")]
    NoDiskRadius,
    /// A parameter out of range.
    #[error("{name} is {value}; it must be {allowed}")]
    Parameter { name: &'static str, value: f64, allowed: &'static str },
    /// A masked pixel beyond the detector.
    #[error("masked_pixels names [{y}, {x}], but the detector has {rows} x {columns} pixels")]
    NoSuchPixel { y: usize, x: usize, rows: usize, columns: usize },
    /// Too few patterns.
    #[error("{found} patterns can be used, but {needed} are needed for a null from the scan itself")]
    TooFewPatterns { found: usize, needed: usize },
    /// No halo.
    #[error("the mean pattern has no halo beyond {beam:.1} pixels from the beam")]
    NoHalo { beam: f64 },
    /// The direct beam covers the halo.
    #[error(
        "a disk of {radius:.1} pixels is too large: the direct beam reaches {beam:.1} pixels, the halo ends at {halo_end:.1} pixels"
    )]
    DiskTooLarge { radius: f64, beam: f64, halo_end: f64 },
    /// No complete disk in the annulus.
    #[error("no disk of {radius:.1} pixels in the annulus is seen to 60 %")]
    NothingSeen { radius: f64 },
    /// All patterns alike.
    #[error("the statistic of the flattest patterns hardly varies; no null can be fitted")]
    NoNull,
    /// Too many pixels that are no numbers.
    #[error(
        "{invalid} of {total} pixels are NaN or infinite (at most 5 % are accepted); the first is in frame ({}, {})",
        frame.0, frame.1
    )]
    TooManyInvalid { invalid: usize, total: usize, frame: (usize, usize) },
}

impl Refusal for BraggError {
    fn hint(&self) -> String {
        match self {
            Self::NoDiskRadius => {
                "state disk_radius in detector pixels, or beam_voltage, convergence_semi_angle and q_pixel of the measurement"
                    .to_owned()
            }
            Self::Parameter { .. } => "`amorph method show stem.bragg_detection` lists the parameters".to_owned(),
            Self::NoSuchPixel { .. } => "give [row, column], counted from 0".to_owned(),
            Self::TooFewPatterns { .. } => {
                "record more patterns, or set null = \"parametric\": simulated speckle, which needs ten patterns".to_owned()
            }
            Self::NoHalo { .. } => {
                "state halo = [radius, width] in detector pixels, and check centre and disk_radius".to_owned()
            }
            Self::DiskTooLarge { .. } => {
                "use a smaller convergence angle or a longer camera length; check disk_radius".to_owned()
            }
            Self::NothingSeen { .. } => "check masked_pixels, centre and halo".to_owned(),
            Self::NoNull => "raise null_quantile, or set null = \"parametric\"".to_owned(),
            Self::TooManyInvalid { .. } => "find out why the camera wrote no numbers there".to_owned(),
        }
    }
}
