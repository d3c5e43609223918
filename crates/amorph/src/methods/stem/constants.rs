use crate::method::{ConstantInfo, ConstantKind};

/// Constants of a four-dimensional scan.
pub(super) const ALL: &[ConstantInfo] = &[SCAN_STEP, Q_PIXEL];

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
