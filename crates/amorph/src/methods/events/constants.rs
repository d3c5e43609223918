use crate::method::ConstantInfo;

/// Constants of a pillar test.
pub(super) const ALL: &[ConstantInfo] = &[
    TOP_DIAMETER,
    PILLAR_HEIGHT,
    TAPER_ANGLE,
    POISSON_RATIO,
    FRAME_COMPLIANCE,
    BASE_MODULUS,
    BASE_POISSON_RATIO,
    PUNCH_MODULUS,
    PUNCH_POISSON_RATIO,
    VOLTAGE,
    SERIES_RESISTANCE,
    TEMPERATURE,
    ATTEMPT_FREQUENCY,
];

/// Diameter of the top.
pub const TOP_DIAMETER: ConstantInfo = ConstantInfo::quantity(
    "top_diameter",
    &["diameter"],
    "d",
    "m",
    "diameter of the top of the pillar",
    "an electron micrograph of the pillar before the test; micrometres, not the \"mm\" of extracted text",
);
/// Height.
pub const PILLAR_HEIGHT: ConstantInfo = ConstantInfo::quantity(
    "pillar_height",
    &["height"],
    "H₀",
    "m",
    "height of the pillar",
    "an electron micrograph of the pillar before the test",
);
/// Taper.
pub const TAPER_ANGLE: ConstantInfo = ConstantInfo::quantity(
    "taper_angle",
    &["taper"],
    "θ",
    "deg",
    "angle between the side of the pillar and its axis",
    "an electron micrograph of the pillar from the side; 0 for a cylinder",
);
/// Poisson ratio of the sample.
pub const POISSON_RATIO: ConstantInfo = ConstantInfo::quantity(
    "poisson_ratio",
    &["nu"],
    "ν",
    "",
    "Poisson ratio of the pillar",
    "ultrasound on the bulk glass, or a table; it scales what strain does to the resistance",
);
/// Compliance of the instrument.
pub const FRAME_COMPLIANCE: ConstantInfo = ConstantInfo::quantity(
    "frame_compliance",
    &["compliance"],
    "C_f",
    "m/N",
    "what the frame of the instrument yields per load",
    "the calibration of the instrument on fused silica; 0 where its software takes it off already",
);
/// Young's modulus of what the pillar stands on.
pub const BASE_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "base_modulus",
    &["substrate_modulus"],
    "E_s",
    "Pa",
    "Young's modulus of the base, into which the pillar sinks",
    "for a pillar milled into its own material, that of the glass",
);
/// Poisson ratio of what the pillar stands on.
pub const BASE_POISSON_RATIO: ConstantInfo = ConstantInfo::quantity(
    "base_poisson_ratio",
    &[],
    "ν_s",
    "",
    "Poisson ratio of the base",
    "for a pillar milled into its own material, that of the glass",
);
/// Young's modulus of the punch.
pub const PUNCH_MODULUS: ConstantInfo =
    ConstantInfo::quantity("punch_modulus", &[], "E_i", "Pa", "Young's modulus of the punch", "diamond: 1140 GPa");
/// Poisson ratio of the punch.
pub const PUNCH_POISSON_RATIO: ConstantInfo =
    ConstantInfo::quantity("punch_poisson_ratio", &[], "ν_i", "", "Poisson ratio of the punch", "diamond: 0.07");
/// Voltage across the circuit.
pub const VOLTAGE: ConstantInfo = ConstantInfo::quantity(
    "voltage",
    &["bias"],
    "V",
    "V",
    "voltage that is kept across punch, pillar and base",
    "the settings of the test; the source paper prints 5 V in one place and 15 V in another, so there is no default",
);
/// Resistance of the rest of the circuit.
pub const SERIES_RESISTANCE: ConstantInfo = ConstantInfo::quantity(
    "series_resistance",
    &["R_series"],
    "R_s",
    "Ω",
    "resistance of everything in the circuit but the pillar: contacts, punch, base",
    "a test of the punch on a conductor of known resistance; without it changes of the resistivity are apparent",
);
/// Temperature of the test.
pub const TEMPERATURE: ConstantInfo =
    ConstantInfo::quantity("temperature", &["T"], "T", "K", "temperature of the pillar", "a thermometer at the stage");
/// Attempt frequency.
pub const ATTEMPT_FREQUENCY: ConstantInfo = ConstantInfo::quantity(
    "attempt_frequency",
    &["omega"],
    "ω₀",
    "1/s",
    "how often an event is tried",
    "a model: the Debye frequency is near 1e13 1/s; a factor of ten is 0.06 eV at room temperature, so there is no default",
);
