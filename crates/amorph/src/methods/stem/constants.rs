use crate::method::{ConstantInfo, ConstantKind};

/// Constants of a four-dimensional scan.
pub(super) const ALL: &[ConstantInfo] =
    &[SCAN_STEP, Q_PIXEL, BEAM_VOLTAGE, CONVERGENCE_SEMI_ANGLE, DETECTOR_GAIN, DARK_LEVEL, STRAIN, FOIL, RELATIVE_THICKNESS];

/// Distance between neighbouring probe positions.
pub const SCAN_STEP: ConstantInfo = ConstantInfo {
    key: "scan_step",
    aliases: &["step"],
    symbol: "Δ",
    kind: ConstantKind::Quantity("m"),
    description: "distance between neighbouring probe positions, the same along both scan axes",
    found_by: "the microscope's scan settings; .npy files do not hold it",
};

/// Reciprocal length of one detector pixel.
pub const Q_PIXEL: ConstantInfo = ConstantInfo {
    key: "q_pixel",
    aliases: &[],
    symbol: "Δk",
    kind: ConstantKind::Quantity("1/m"),
    description: "reciprocal length of one detector pixel, k = 1/d (not 2π/d)",
    found_by: "a diffraction pattern of a crystal of known lattice, or the camera length; .npy files do not hold it",
};

/// Accelerating voltage of the microscope.
pub const BEAM_VOLTAGE: ConstantInfo = ConstantInfo {
    key: "beam_voltage",
    aliases: &[],
    symbol: "V",
    kind: ConstantKind::Quantity("V"),
    description: "accelerating voltage of the electrons",
    found_by: "the microscope's settings",
};

/// Half the opening angle of the probe.
pub const CONVERGENCE_SEMI_ANGLE: ConstantInfo = ConstantInfo {
    key: "convergence_semi_angle",
    aliases: &["convergence"],
    symbol: "α",
    kind: ConstantKind::Quantity("rad"),
    description: "half the opening angle of the convergent probe",
    found_by: "the radius of the direct beam on the calibrated detector, or the condenser settings",
};

/// Noise of the camera.
pub const DETECTOR_GAIN: ConstantInfo = ConstantInfo {
    key: "detector_gain",
    aliases: &[],
    symbol: "g",
    kind: ConstantKind::Quantity(""),
    description: "variance over mean of the counts of an evenly lit pixel, dark level taken off: 1 for a camera that counts electrons, counts per electron times its excess noise for others",
    found_by: "frames of an even illumination at several doses: the slope of the variance over the mean",
};

/// Counts without a beam.
pub const DARK_LEVEL: ConstantInfo = ConstantInfo {
    key: "dark_level",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Quantity(""),
    description: "counts of a pixel without a beam, where the file is not corrected for them",
    found_by: "a frame with the beam blanked",
};

/// Thickness of the foil.
pub const RELATIVE_THICKNESS: ConstantInfo = ConstantInfo {
    key: "relative_thickness",
    aliases: &["t_over_lambda"],
    symbol: "t/λ",
    kind: ConstantKind::Quantity(""),
    description: "thickness of the foil over the mean free path of inelastic scattering, in the field of this measurement",
    found_by: "energy losses of the same field: t_over_lambda of haadf.thickness, with its error (\"0.45 +- 0.02\")",
};

/// Strain of the specimen.
pub const STRAIN: ConstantInfo = ConstantInfo {
    key: "strain",
    aliases: &[],
    symbol: "ε",
    kind: ConstantKind::Quantity(""),
    description: "applied strain of the specimen in this measurement",
    found_by: "the deformation test; 0 for the undeformed foil",
};

/// Which specimen.
pub const FOIL: ConstantInfo = ConstantInfo {
    key: "foil",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Quantity(""),
    description: "number of the foil that was measured: scans with the same number are of one specimen",
    found_by: "the laboratory's list of specimens",
};
