use crate::method::ConstantInfo;

/// Constants of a chip.
pub(super) const ALL: &[ConstantInfo] = &[
    ACTUATOR_MODULUS,
    ACTUATOR_MISMATCH,
    ACTUATOR_WIDTH,
    ACTUATOR_THICKNESS,
    SPECIMEN_THICKNESS,
    SPECIMEN_MODULUS,
    SPECIMEN_MISMATCH,
    UNDERETCH,
    POISSON_RATIO,
    TEMPERATURE,
    GLASS_TRANSITION,
];

/// Young's modulus of the actuator.
pub const ACTUATOR_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "actuator_modulus",
    &["actuator.modulus"],
    "E_a",
    "Pa",
    "Young's modulus of the actuator, with its error; every stress scales with it",
    "nano-indentation or resonance of the actuator film",
);
/// Mismatch strain of the actuator.
pub const ACTUATOR_MISMATCH: ConstantInfo = ConstantInfo::quantity(
    "actuator_mismatch",
    &["actuator.mismatch"],
    "ε_a",
    "",
    "mismatch strain of the actuator, negative for one under tension",
    "actuators without a specimen: -u/L of a free beam; or -residual stress/modulus from wafer curvature",
);
/// Width of the actuator.
pub const ACTUATOR_WIDTH: ConstantInfo = ConstantInfo::quantity(
    "actuator_width",
    &["actuator.width"],
    "W_a",
    "m",
    "width of the actuator",
    "an electron micrograph",
);
/// Thickness of the actuator.
pub const ACTUATOR_THICKNESS: ConstantInfo = ConstantInfo::quantity(
    "actuator_thickness",
    &["actuator.thickness"],
    "t_a",
    "m",
    "thickness of the actuator",
    "ellipsometry or a cross-section",
);
/// Thickness of the specimens.
pub const SPECIMEN_THICKNESS: ConstantInfo = ConstantInfo::quantity(
    "specimen_thickness",
    &["specimen.thickness"],
    "t",
    "m",
    "thickness of the specimens",
    "a cross-section or a profilometer",
);
/// Young's modulus of the specimens.
pub const SPECIMEN_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "specimen_modulus",
    &["specimen.modulus"],
    "E",
    "Pa",
    "Young's modulus of the specimens; plastic strains need it",
    "indentation of the film, or the elastic structures of the chip",
);
/// Mismatch strain of the specimens.
pub const SPECIMEN_MISMATCH: ConstantInfo = ConstantInfo::quantity(
    "specimen_mismatch",
    &["specimen.mismatch"],
    "ε_s",
    "",
    "mismatch strain of the specimens; a residual stress shifts all strains",
    "free beams of the film, or wafer curvature; 0 for a film without stress",
);
/// Length correction.
pub const UNDERETCH: ConstantInfo = ConstantInfo::quantity(
    "underetch",
    &["length_correction"],
    "δ",
    "m",
    "length by which actuators and specimens are longer than drawn, because the release etch undercuts their anchors; negative where an overlap holds more than drawn; 0 if absent",
    "an electron micrograph of an anchor or an overlap, or actuators of several lengths without a specimen",
);
/// Poisson's ratio of the specimens.
pub const POISSON_RATIO: ConstantInfo = ConstantInfo::quantity(
    "poisson_ratio",
    &["nu"],
    "ν",
    "",
    "Poisson's ratio of the specimens; shear and bulk modulus need it",
    "ultrasound on the bulk glass, or a table",
);
/// Temperature.
pub const TEMPERATURE: ConstantInfo =
    ConstantInfo::quantity("temperature", &["T"], "T", "K", "temperature of the chip", "a thermometer where the chip is kept");
/// Glass transition.
pub const GLASS_TRANSITION: ConstantInfo = ConstantInfo::quantity(
    "glass_transition",
    &["Tg"],
    "Tg",
    "K",
    "glass transition temperature; the volume of a shear transformation zone in the cooperative shear model needs it",
    "calorimetry of the same alloy",
);
