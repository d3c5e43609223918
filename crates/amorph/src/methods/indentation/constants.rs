use crate::method::{Choice, ConstantInfo, ConstantKind};

/// Constants of an indentation.
pub(super) const ALL: &[ConstantInfo] = &[
    TIP_RADIUS,
    PUNCH_RADIUS,
    POISSON_RATIO,
    TIP_MODULUS,
    TIP_POISSON_RATIO,
    AREA[0],
    AREA[1],
    AREA[2],
    AREA[3],
    AREA[4],
    AREA[5],
    AREA[6],
    AREA[7],
    AREA[8],
    DRIFT_RATE,
    FRAME_COMPLIANCE,
    FILM_THICKNESS,
    TEMPERATURE,
    ATTEMPT_FREQUENCY,
    ENERGY_CONVENTION,
    GLASS_TRANSITION,
    ATOMIC_VOLUME,
    REFERENCE_TIME,
    TRANSDUCER_MASS,
    TRANSDUCER_DAMPING,
    TRANSDUCER_STIFFNESS,
    REDUCED_MODULUS,
    SHEAR_MODULUS,
    HARDNESS,
];

/// Radius of a spherical tip.
pub const TIP_RADIUS: ConstantInfo = ConstantInfo::quantity(
    "tip_radius",
    &["tip.radius"],
    "R",
    "m",
    "radius of the spherical tip, with its error; the modulus goes with its inverse root",
    "indents of fused silica, or an electron micrograph",
);

/// Radius of a flat punch.
pub const PUNCH_RADIUS: ConstantInfo = ConstantInfo::quantity(
    "punch_radius",
    &["punch.radius"],
    "a",
    "m",
    "radius of the flat punch",
    "an electron micrograph of the punch",
);

/// Poisson's ratio of the sample.
pub const POISSON_RATIO: ConstantInfo = ConstantInfo::quantity(
    "poisson_ratio",
    &[],
    "ν",
    "",
    "Poisson's ratio of the sample; the shear modulus goes with 1 - ν",
    "ultrasound, or the literature of the alloy (Vit105: 0.363)",
);

/// Young's modulus of the tip.
pub const TIP_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "tip_modulus",
    &["tip.modulus"],
    "E_i",
    "Pa",
    "Young's modulus of the tip; with tip_poisson_ratio and poisson_ratio the modulus of the sample follows from the reduced one",
    "the material of the tip; diamond is usually taken as 1140 GPa",
);

/// Poisson's ratio of the tip.
pub const TIP_POISSON_RATIO: ConstantInfo = ConstantInfo::quantity(
    "tip_poisson_ratio",
    &["tip.poisson_ratio"],
    "ν_i",
    "",
    "Poisson's ratio of the tip",
    "the material of the tip; diamond is usually taken as 0.07",
);

const AREA_TEXT: &str =
    "coefficient of the area function A = Σ C_k h_c^(2/2^k), as instruments write it: depth in nm, area in nm^2";
const AREA_BY: &str = "the head of the file, or the calibration on fused silica; 24.5 alone is a perfect Berkovich tip";

/// Coefficients of the area function.
pub const AREA: [ConstantInfo; 9] = [
    ConstantInfo::quantity("area_c0", &["area.c0"], "C0", "", AREA_TEXT, AREA_BY),
    ConstantInfo::quantity("area_c1", &["area.c1"], "C1", "", AREA_TEXT, AREA_BY),
    ConstantInfo::quantity("area_c2", &["area.c2"], "C2", "", AREA_TEXT, AREA_BY),
    ConstantInfo::quantity("area_c3", &["area.c3"], "C3", "", AREA_TEXT, AREA_BY),
    ConstantInfo::quantity("area_c4", &["area.c4"], "C4", "", AREA_TEXT, AREA_BY),
    ConstantInfo::quantity("area_c5", &["area.c5"], "C5", "", AREA_TEXT, AREA_BY),
    ConstantInfo::quantity("area_c6", &["area.c6"], "C6", "", AREA_TEXT, AREA_BY),
    ConstantInfo::quantity("area_c7", &["area.c7"], "C7", "", AREA_TEXT, AREA_BY),
    ConstantInfo::quantity("area_c8", &["area.c8"], "C8", "", AREA_TEXT, AREA_BY),
];

/// Thermal drift.
pub const DRIFT_RATE: ConstantInfo = ConstantInfo::quantity(
    "drift_rate",
    &[],
    "v_d",
    "m/s",
    "thermal drift that the depths still hold, with its error",
    "a hold at low load, or the head of the file",
);

/// Compliance of the frame.
pub const FRAME_COMPLIANCE: ConstantInfo = ConstantInfo::quantity(
    "frame_compliance",
    &[],
    "C_f",
    "m/N",
    "compliance of the load frame that the depths still hold",
    "the calibration of the instrument",
);

/// Thickness of a film.
pub const FILM_THICKNESS: ConstantInfo = ConstantInfo::quantity(
    "film_thickness",
    &[],
    "t",
    "m",
    "thickness of the film; for the warnings about the substrate",
    "a cross-section or the deposition protocol",
);

/// Temperature.
pub const TEMPERATURE: ConstantInfo =
    ConstantInfo::quantity("temperature", &[], "T", "K", "temperature of the sample", "the protocol of the measurement");

/// Attempt frequency.
pub const ATTEMPT_FREQUENCY: ConstantInfo = ConstantInfo::quantity(
    "attempt_frequency",
    &[],
    "ω",
    "1/s",
    "attempt frequency of the elementary event; a factor of 10 is 0.059 eV at room temperature",
    "the Debye frequency of the glass; 0.62 eV at 1 kHz in Lu et al. imply 1.5e13 1/s",
);

/// What a frequency is.
pub const ENERGY_CONVENTION: ConstantInfo = ConstantInfo {
    key: "energy_convention",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "peak", description: "the time of an event is 1/(2π f): right for the frequency of a loss peak" },
        Choice { name: "paper", description: "the time of an event is 1/f, as Lu et al. (2016) write; 0.047 eV more at 298 K" },
    ]),
    description: "how a frequency becomes the time of an event",
    found_by: "peak, unless numbers of Lu et al. are to be compared",
};

/// Glass transition.
pub const GLASS_TRANSITION: ConstantInfo = ConstantInfo::quantity(
    "glass_transition_temperature",
    &["Tg"],
    "Tg",
    "K",
    "glass transition temperature, for the athermal limit of the shear strength",
    "calorimetry at the rate that the source of the constants used",
);

/// Volume of an atom.
pub const ATOMIC_VOLUME: ConstantInfo = ConstantInfo::quantity(
    "atomic_volume",
    &[],
    "Ω_a",
    "m^3",
    "mean volume of an atom; for counts of atoms",
    "density and composition; 17 to 18 A^3 in Zr-based glasses",
);

/// Relaxation time that an elastic reference shows.
pub const REFERENCE_TIME: ConstantInfo = ConstantInfo::quantity(
    "reference_relaxation_time",
    &["reference.relaxation_time"],
    "t_ref",
    "s",
    "upper limit of the relaxation time that the same load function shows on an elastic body: what the instrument adds",
    "this method on a record of fused silica",
);

/// Mass of the moving part of the indenter.
pub const TRANSDUCER_MASS: ConstantInfo = ConstantInfo::quantity(
    "transducer_mass",
    &["transducer.mass"],
    "m_t",
    "kg",
    "mass of the moving part of the indenter; with transducer_damping its inertia is part of the fit",
    "the free oscillation of the indenter in air, or its manufacturer",
);

/// Damping of the moving part of the indenter.
pub const TRANSDUCER_DAMPING: ConstantInfo = ConstantInfo::quantity(
    "transducer_damping",
    &["transducer.damping"],
    "c_t",
    "N s/m",
    "damping of the moving part of the indenter",
    "the free oscillation of the indenter in air",
);

/// Stiffness of the suspension of the indenter.
pub const TRANSDUCER_STIFFNESS: ConstantInfo = ConstantInfo::quantity(
    "transducer_stiffness",
    &["transducer.stiffness"],
    "k_t",
    "N/m",
    "stiffness of the suspension of the indenter that the load still holds; 0 where the instrument has taken it off",
    "the free oscillation of the indenter in air",
);

/// Reduced modulus.
pub const REDUCED_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "reduced_modulus",
    &[],
    "E*",
    "Pa",
    "reduced modulus of sample and tip",
    "indentation.oliver_pharr on the same sample",
);

/// Shear modulus.
pub const SHEAR_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "shear_modulus",
    &[],
    "G",
    "Pa",
    "shear modulus of the sample",
    "ultrasound, or the literature of the alloy",
);

/// Hardness.
pub const HARDNESS: ConstantInfo =
    ConstantInfo::quantity("hardness", &[], "H", "Pa", "hardness of the sample", "indentation.oliver_pharr on the same sample");
