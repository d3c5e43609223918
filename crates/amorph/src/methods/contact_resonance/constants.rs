use super::lever::N_MODES;
use crate::method::{Choice, ConstantInfo, ConstantKind};

/// Constants of a contact-resonance measurement.
pub(super) const ALL: &[ConstantInfo] = &[
    TIP_POSITION,
    LEVER_SHAPE,
    FREE_FREQUENCY[0],
    FREE_FREQUENCY[1],
    FREE_FREQUENCY[2],
    FREE_QUALITY_FACTOR[0],
    FREE_QUALITY_FACTOR[1],
    FREE_QUALITY_FACTOR[2],
    FREQUENCY_NOISE[0],
    FREQUENCY_NOISE[1],
    FREQUENCY_NOISE[2],
    SPRING_CONSTANT,
    SPRING_CONSTANT_AT,
    CONTACT_GEOMETRY,
    TIP_MODULUS,
    REFERENCE_MODULUS,
    REFERENCE_STIFFNESS_RATIO,
    REFERENCE_STIFFNESS_RATIO_AFTER,
    REFERENCE_FREQUENCY[0],
    REFERENCE_FREQUENCY[1],
    REFERENCE_FREQUENCY[2],
    REFERENCE_FREQUENCY_AFTER[0],
    REFERENCE_FREQUENCY_AFTER[1],
    REFERENCE_FREQUENCY_AFTER[2],
    SLOW_SCAN,
    FORCE,
    ADHESION_FORCE,
    TIP_RADIUS,
    CONTACT_RADIUS,
];

/// Where the tip sits on the lever.
pub const TIP_POSITION: ConstantInfo = ConstantInfo::quantity(
    "tip_position",
    &["L1/L"],
    "L₁/L",
    "",
    "distance of the tip from the clamped end over the length of the lever",
    "a side view of the lever, or two modes: contact_resonance.tip_position; it changes the modulus by tens of per cent and has no default",
);

/// Shape of the lever.
pub const LEVER_SHAPE: ConstantInfo = ConstantInfo {
    key: "lever_shape",
    aliases: &["cantilever.shape"],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "rectangular", description: "a beam of uniform cross-section" },
        Choice { name: "v_shaped", description: "two arms; the beam equations do not hold" },
    ]),
    description: "shape of the cantilever; rectangular is assumed",
    found_by: "the maker's data sheet",
};

const FREE: &str = "free resonance frequency of a flexural mode";
const FREE_BY: &str = "the spectrum of the same lever out of contact, near the surface";

/// Free resonance frequencies by mode.
pub const FREE_FREQUENCY: [ConstantInfo; N_MODES] = [
    ConstantInfo::quantity("free_frequency_mode_1", &["free_frequency.mode_1"], "f₀₁", "Hz", FREE, FREE_BY),
    ConstantInfo::quantity("free_frequency_mode_2", &["free_frequency.mode_2"], "f₀₂", "Hz", FREE, FREE_BY),
    ConstantInfo::quantity("free_frequency_mode_3", &["free_frequency.mode_3"], "f₀₃", "Hz", FREE, FREE_BY),
];

const FREE_Q: &str = "quality factor of the free mode, whose damping by the air is subtracted";

/// Free quality factors by mode.
pub const FREE_QUALITY_FACTOR: [ConstantInfo; N_MODES] = [
    ConstantInfo::quantity("free_quality_factor_mode_1", &["free_quality_factor.mode_1"], "Q₀₁", "", FREE_Q, FREE_BY),
    ConstantInfo::quantity("free_quality_factor_mode_2", &["free_quality_factor.mode_2"], "Q₀₂", "", FREE_Q, FREE_BY),
    ConstantInfo::quantity("free_quality_factor_mode_3", &["free_quality_factor.mode_3"], "Q₀₃", "", FREE_Q, FREE_BY),
];

const NOISE: &str = "standard deviation of the noise of the contact-resonance frequency of one pixel";
const NOISE_BY: &str =
    "repeated spectra at one place, or the error of the fit of the resonance; trace and retrace maps replace it";

/// Noise of the frequencies by mode.
pub const FREQUENCY_NOISE: [ConstantInfo; N_MODES] = [
    ConstantInfo::quantity("frequency_noise_mode_1", &["frequency_noise.mode_1"], "s_f1", "Hz", NOISE, NOISE_BY),
    ConstantInfo::quantity("frequency_noise_mode_2", &["frequency_noise.mode_2"], "s_f2", "Hz", NOISE, NOISE_BY),
    ConstantInfo::quantity("frequency_noise_mode_3", &["frequency_noise.mode_3"], "s_f3", "Hz", NOISE, NOISE_BY),
];

/// Static spring constant.
pub const SPRING_CONSTANT: ConstantInfo = ConstantInfo::quantity(
    "spring_constant",
    &["cantilever.spring_constant", "cantilever.k"],
    "k_c",
    "N/m",
    "static spring constant of the lever, with its error; needs spring_constant_at",
    "the thermal tune, or the maker's data sheet",
);

/// Where the spring constant holds.
pub const SPRING_CONSTANT_AT: ConstantInfo = ConstantInfo {
    key: "spring_constant_at",
    aliases: &["cantilever.at"],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "tip", description: "at the position of the tip: 3EI/L1^3" },
        Choice { name: "end", description: "at the free end: 3EI/L^3; it is multiplied by (L/L1)^3" },
    ]),
    description: "the place on the lever that the spring constant belongs to",
    found_by: "the calibration: a tune that is read at the tip gives `tip`, a formula from the dimensions `end`; the factor is 14 % at L1/L = 0.95",
};

/// Shape of the contact.
pub const CONTACT_GEOMETRY: ConstantInfo = ConstantInfo {
    key: "contact_geometry",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "sphere", description: "a round tip (Hertz)" },
        Choice { name: "flat", description: "a worn, flat tip" },
    ]),
    description: "shape of the contact; the modulus is shown for both",
    found_by: "an electron micrograph of the tip; a worn tip is flat",
};

/// Modulus of the tip.
pub const TIP_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "tip_modulus",
    &["tip.modulus"],
    "M_t",
    "Pa",
    "indentation modulus E/(1-nu^2) of the tip",
    "the material of the tip; for silicon about 165 GPa is usual",
);

/// Modulus of the reference.
pub const REFERENCE_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "reference_modulus",
    &["reference.modulus"],
    "M_ref",
    "Pa",
    "indentation modulus of the reference sample",
    "nanoindentation or sound velocities of the reference",
);

/// Stiffness on the reference before the scan.
pub const REFERENCE_STIFFNESS_RATIO: ConstantInfo = ConstantInfo::quantity(
    "reference_stiffness_ratio",
    &["reference.stiffness_ratio"],
    "k_ref/k_c1",
    "",
    "contact stiffness on the reference over k_c1, before the scan",
    "contact resonances on the reference; or give reference_frequency_mode_1 and so on",
);

/// Stiffness on the reference after the scan.
pub const REFERENCE_STIFFNESS_RATIO_AFTER: ConstantInfo = ConstantInfo::quantity(
    "reference_stiffness_ratio_after",
    &["reference.stiffness_ratio_after"],
    "k_ref/k_c1",
    "",
    "the same after the scan: how far the tip has worn",
    "contact resonances on the reference after the scan",
);

const REFERENCE: &str = "contact-resonance frequency on the reference sample, before the scan";
const REFERENCE_BY: &str = "spectra on the reference sample with the same force, before the scan";

/// Frequencies on the reference before the scan, by mode.
pub const REFERENCE_FREQUENCY: [ConstantInfo; N_MODES] = [
    ConstantInfo::quantity(
        "reference_frequency_mode_1",
        &["reference.frequency_mode_1"],
        "f_ref1",
        "Hz",
        REFERENCE,
        REFERENCE_BY,
    ),
    ConstantInfo::quantity(
        "reference_frequency_mode_2",
        &["reference.frequency_mode_2"],
        "f_ref2",
        "Hz",
        REFERENCE,
        REFERENCE_BY,
    ),
    ConstantInfo::quantity(
        "reference_frequency_mode_3",
        &["reference.frequency_mode_3"],
        "f_ref3",
        "Hz",
        REFERENCE,
        REFERENCE_BY,
    ),
];

const AFTER: &str = "the same after the scan: how far the tip has worn";
const AFTER_BY: &str = "spectra on the reference sample after the scan";

/// Frequencies on the reference after the scan, by mode.
pub const REFERENCE_FREQUENCY_AFTER: [ConstantInfo; N_MODES] = [
    ConstantInfo::quantity(
        "reference_frequency_after_mode_1",
        &["reference.frequency_after_mode_1"],
        "f_ref1",
        "Hz",
        AFTER,
        AFTER_BY,
    ),
    ConstantInfo::quantity(
        "reference_frequency_after_mode_2",
        &["reference.frequency_after_mode_2"],
        "f_ref2",
        "Hz",
        AFTER,
        AFTER_BY,
    ),
    ConstantInfo::quantity(
        "reference_frequency_after_mode_3",
        &["reference.frequency_after_mode_3"],
        "f_ref3",
        "Hz",
        AFTER,
        AFTER_BY,
    ),
];

/// Direction of the slow scan axis.
pub const SLOW_SCAN: ConstantInfo = ConstantInfo {
    key: "slow_scan",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "top_to_bottom", description: "the upper edge was scanned first" },
        Choice { name: "bottom_to_top", description: "the lower edge was scanned first" },
    ]),
    description: "which edge of the map was scanned first; needed to correct tip wear line by line",
    found_by: "the instrument's log",
};

/// Applied force.
pub const FORCE: ConstantInfo = ConstantInfo::quantity(
    "force",
    &["F"],
    "F",
    "N",
    "normal force that the feedback applies, without adhesion",
    "set point of the deflection times its sensitivity times the spring constant",
);

/// Adhesion.
pub const ADHESION_FORCE: ConstantInfo = ConstantInfo::quantity(
    "adhesion_force",
    &["F_adh"],
    "F_adh",
    "N",
    "adhesion, which adds to the force (DMT); state 0 nN where there is none",
    "the pull-off force of a force curve",
);

/// Radius of the tip.
pub const TIP_RADIUS: ConstantInfo = ConstantInfo::quantity(
    "tip_radius",
    &["tip.radius"],
    "R",
    "m",
    "radius of curvature of the tip",
    "an electron micrograph, or a tip characteriser",
);

/// Radius of a flat contact.
pub const CONTACT_RADIUS: ConstantInfo = ConstantInfo::quantity(
    "contact_radius",
    &["tip.contact_radius"],
    "a",
    "m",
    "radius of a flat contact",
    "an electron micrograph of the worn tip",
);
