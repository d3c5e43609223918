use crate::method::{ConstantInfo, ConstantKind};

/// Constants of a four-dimensional scan.
pub(super) const ALL: &[ConstantInfo] = &[SCAN_STEP, Q_PIXEL, BEAM_VOLTAGE, CONVERGENCE_SEMI_ANGLE];

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
