use crate::method::{ConstantInfo, ConstantKind};

const fn quantity(
    key: &'static str,
    aliases: &'static [&'static str],
    symbol: &'static str,
    unit: &'static str,
    description: &'static str,
    found_by: &'static str,
) -> ConstantInfo {
    ConstantInfo { key, aliases, symbol, kind: ConstantKind::Quantity(unit), description, found_by }
}

/// Constants of a pillar test.
pub(super) const ALL: &[ConstantInfo] =
    &[TOP_DIAMETER, PILLAR_HEIGHT, TAPER_ANGLE, POISSON_RATIO, VOLTAGE, SERIES_RESISTANCE, TEMPERATURE, ATTEMPT_FREQUENCY];

/// Diameter of the top.
pub const TOP_DIAMETER: ConstantInfo = quantity(
    "top_diameter",
    &["diameter"],
    "d",
    "m",
    "diameter of the top of the pillar",
    "an electron micrograph of the pillar before the test; micrometres, not the \"mm\" of extracted text",
);
/// Height.
pub const PILLAR_HEIGHT: ConstantInfo = quantity(
    "pillar_height",
    &["height"],
    "H₀",
    "m",
    "height of the pillar",
    "an electron micrograph of the pillar before the test",
);
/// Taper.
pub const TAPER_ANGLE: ConstantInfo = quantity(
    "taper_angle",
    &["taper"],
    "θ",
    "deg",
    "angle between the side of the pillar and its axis",
    "an electron micrograph of the pillar from the side; 0 for a cylinder",
);
/// Poisson ratio of the sample.
pub const POISSON_RATIO: ConstantInfo = quantity(
    "poisson_ratio",
    &["nu"],
    "ν",
    "",
    "Poisson ratio of the pillar",
    "ultrasound on the bulk glass, or a table; it scales what strain does to the resistance",
);
/// Voltage across the circuit.
pub const VOLTAGE: ConstantInfo = quantity(
    "voltage",
    &["bias"],
    "V",
    "V",
    "voltage that is kept across punch, pillar and base",
    "the settings of the test; the source paper prints 5 V in one place and 15 V in another, so there is no default",
);
/// Resistance of the rest of the circuit.
pub const SERIES_RESISTANCE: ConstantInfo = quantity(
    "series_resistance",
    &["R_series"],
    "R_s",
    "Ω",
    "resistance of everything in the circuit but the pillar: contacts, punch, base",
    "a test of the punch on a conductor of known resistance; without it changes of the resistivity are apparent",
);
/// Temperature of the test.
pub const TEMPERATURE: ConstantInfo =
    quantity("temperature", &["T"], "T", "K", "temperature of the pillar", "a thermometer at the stage");
/// Attempt frequency.
pub const ATTEMPT_FREQUENCY: ConstantInfo = quantity(
    "attempt_frequency",
    &["omega"],
    "ω₀",
    "1/s",
    "how often an event is tried",
    "a model: the Debye frequency is near 1e13 1/s; a factor of ten is 0.06 eV at room temperature, so there is no default",
);
