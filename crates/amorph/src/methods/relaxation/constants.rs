use crate::method::{Choice, ConstantInfo, ConstantKind, Constants, Dataset, MethodError};

/// Constants of tables of relaxation times.
pub(super) const OF_TIMES: &[ConstantInfo] = &[GLASS_TRANSITION, SHEAR_MODULUS];

/// Constants of a held strain.
pub(super) const OF_HOLDS: &[ConstantInfo] = &[TEMPERATURE, TAYLOR_FACTOR, HARDENING_MODULUS, UNLOADING_MODULUS];

/// Constants of a held stress.
pub(super) const OF_CREEP: &[ConstantInfo] = &[CREEP_STRESS, TEMPERATURE, TAYLOR_FACTOR];

/// Stress of a creep test.
pub const CREEP_STRESS: ConstantInfo = ConstantInfo::quantity(
    "creep_stress",
    &[],
    "σ",
    "Pa",
    "stress of a creep test, where no column holds it",
    "the load over the area of the specimen",
);

/// Temperature of a test.
pub const TEMPERATURE: ConstantInfo =
    ConstantInfo::quantity("temperature", &["T"], "T", "K", "temperature of the specimen", "a thermometer at the specimen");

/// Taylor factor.
pub const TAYLOR_FACTOR: ConstantInfo = ConstantInfo::quantity(
    "taylor_factor",
    &["M"],
    "M",
    "",
    "normal over shear stress; every activation volume is in proportion to it",
    "1.732 (the root of 3) for an isotropic glass; 3.06 for a face-centred cubic polycrystal; 1 for a shear test",
);

/// Work hardening during a hold.
pub const HARDENING_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "hardening_modulus",
    &[],
    "K",
    "Pa",
    "rise of the flow stress per plastic strain, for the activation volume without work hardening",
    "stresses reached again after repeated relaxations, or the slope of the curve of stress over plastic strain",
);

/// Fall of the stress by plastic strain at a strain that is held.
pub const UNLOADING_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "unloading_modulus",
    &[],
    "M_E",
    "Pa",
    "fall of the stress per plastic strain while the strain is held: the modulus of the specimen in series with the machine",
    "the slope of loading in the elastic range as the machine records it, the compliance of the frame not taken off",
);

/// Shear modulus.
pub const SHEAR_MODULUS: ConstantInfo = ConstantInfo::quantity(
    "shear_modulus",
    &["G"],
    "G",
    "Pa",
    "instantaneous shear modulus; makes relaxation times of viscosities and the reverse",
    "ultrasound near the glass transition; 10 GPa is a guess",
);

/// Constants of mechanical spectroscopy.
pub(super) const ALL: &[ConstantInfo] =
    &[MODULUS_KIND, THERMAL_EXPANSION, GLASS_TRANSITION, ATTEMPT_FREQUENCY, WELL_ATTEMPT_TIME, WELL_LOSS_AMPLITUDE];

/// Which modulus the columns hold.
pub const MODULUS_KIND: ConstantInfo = ConstantInfo {
    key: "modulus_kind",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "tensile", description: "Young's modulus in tension or compression" },
        Choice { name: "bending", description: "Young's modulus in bending, from the formula of a thin beam" },
        Choice { name: "shear", description: "shear modulus, in torsion or between plates" },
    ]),
    description: "which modulus the columns hold; tensile and shear differ by 2(1 + ν)",
    found_by: "the clamp or geometry of the instrument",
};

/// Expansion of the volume.
pub const THERMAL_EXPANSION: ConstantInfo = ConstantInfo::quantity(
    "thermal_expansion",
    &[],
    "α_V",
    "1/K",
    "relative change of the volume per kelvin; for vertical shifts by density times temperature",
    "dilatometry: three times the linear coefficient",
);

/// Glass transition.
pub const GLASS_TRANSITION: ConstantInfo = ConstantInfo::quantity(
    "glass_transition_temperature",
    &["Tg"],
    "Tg",
    "K",
    "glass transition temperature, for fragility and reduced energies",
    "calorimetry, with its heating rate; or the temperature of a relaxation time of 100 s",
);

/// Attempt frequency.
pub const ATTEMPT_FREQUENCY: ConstantInfo = ConstantInfo::quantity(
    "attempt_frequency",
    &[],
    "ω0",
    "1/s",
    "attempt frequency of the elementary event; for energies from relaxation times",
    "the Debye frequency of the glass",
);

/// Attempt time of double wells.
pub const WELL_ATTEMPT_TIME: ConstantInfo = ConstantInfo::quantity(
    "well_attempt_time",
    &[],
    "τ0",
    "s",
    "prefactor τ0 of τ = τ0 exp((2U + D)/2kT)/cosh(D/2kT) of an asymmetric double well, for its absolute barrier",
    "peak frequencies of the same glass at several temperatures",
);

/// Loss of symmetric double wells.
pub const WELL_LOSS_AMPLITUDE: ConstantInfo = ConstantInfo::quantity(
    "well_loss_amplitude",
    &[],
    "G0''",
    "Pa",
    "loss modulus that the same wells would have without asymmetry, for their absolute asymmetry",
    "the height of the peak over temperature",
);

/// The modulus that the columns hold.
///
/// # Errors
/// [`MethodError::MissingConstants`] when nobody says.
pub fn modulus_kind(dataset: &Dataset, method: &'static str) -> Result<&'static str, MethodError> {
    let constants: &Constants = &dataset.constants;
    let missing = || MethodError::MissingConstants { method, missing: vec![constants.missing(&MODULUS_KIND)] };
    constants.choice(&MODULUS_KIND)?.ok_or_else(missing)
}
