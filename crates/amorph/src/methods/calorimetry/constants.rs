use crate::method::{Choice, ConstantInfo, ConstantKind, Constants, Dataset, MethodError};

/// Constants of calorimetry.
pub(super) const ALL: &[ConstantInfo] = &[
    HEAT_FLOW_SIGN,
    SAMPLE_MASS,
    REFERENCE_MASS,
    SAPPHIRE_MASS,
    HEATING_RATE,
    SENSOR_LAG,
    RATE_EVENT,
    MOLAR_MASS,
    STRETCHING,
    FRAGILITY,
    ATOMIC_VOLUME,
];

/// Constants of shear moduli over temperature.
pub(super) const OF_MODULI: &[ConstantInfo] =
    &[SHEAR_SUSCEPTIBILITY, DEFECT_ALPHA, DENSITY, HEATING_RATE, RELAXATION_VOLUME, ATTEMPT_FREQUENCY];

/// Shear susceptibility of the defects.
pub const SHEAR_SUSCEPTIBILITY: ConstantInfo = ConstantInfo::quantity(
    "shear_susceptibility",
    &["beta"],
    "β",
    "",
    "how strongly defects soften the shear modulus; concentration and heat go with 1/β",
    "15 to 21 for metallic glasses: 17 for Pd-based, 20 is typical; from the heat of crystallisation, β = (μ - G)/(ρ Q)",
);

/// Enthalpy of a defect.
pub const DEFECT_ALPHA: ConstantInfo = ConstantInfo::quantity(
    "defect_alpha",
    &["alpha"],
    "α",
    "",
    "formation enthalpy of a defect over shear modulus times volume of an atom",
    "about 1 for shear defects",
);

/// Density.
pub const DENSITY: ConstantInfo =
    ConstantInfo::quantity("density", &["rho"], "ρ", "kg/m^3", "density of the glass", "weighing in a liquid");

/// Relaxation volume of a defect.
pub const RELAXATION_VOLUME: ConstantInfo = ConstantInfo::quantity(
    "relaxation_volume",
    &[],
    "α_i",
    "",
    "volume of a defect over that of an atom; for the change of the density",
    "about 1.6 for split interstitials in fcc metals",
);

/// Attempt frequency.
pub const ATTEMPT_FREQUENCY: ConstantInfo = ConstantInfo::quantity(
    "attempt_frequency",
    &[],
    "ν",
    "1/s",
    "attempt frequency of the elementary event; the energies of a spectrum go with its logarithm",
    "the Debye frequency of the glass, about 1e13 1/s",
);

/// Mean atomic mass.
pub const MOLAR_MASS: ConstantInfo = ConstantInfo::quantity(
    "molar_mass",
    &[],
    "m0",
    "kg/mol",
    "mean molar mass of what is counted: of the atoms, for a number of atoms",
    "the composition: Pd40Ni10Cu30P20 has 73.7 g/mol",
);

/// Stretching exponent of the alpha relaxation.
pub const STRETCHING: ConstantInfo = ConstantInfo::quantity(
    "stretching_exponent",
    &[],
    "β",
    "",
    "stretching exponent of the alpha relaxation near the glass transition",
    "mechanical spectroscopy: relaxation.spectrum_fit",
);

/// Fragility.
pub const FRAGILITY: ConstantInfo = ConstantInfo::quantity(
    "fragility_index",
    &[],
    "m",
    "",
    "d log10 τ/d(Tg/T) at the glass transition",
    "relaxation.temperature_law, or calorimetry.rate_kinetics",
);

/// Volume of an atom.
pub const ATOMIC_VOLUME: ConstantInfo = ConstantInfo::quantity(
    "atomic_volume",
    &[],
    "v",
    "m^3",
    "mean volume of what is counted; for a diameter",
    "molar mass over density and Avogadro's number",
);

/// Constants of tables of recovery enthalpies.
pub(super) const OF_ANNEALING: &[ConstantInfo] = &[ANNEALING_TEMPERATURE, SPECIFIC_HEAT_STEP, FICTIVE_TEMPERATURE];

/// Annealing temperature.
pub const ANNEALING_TEMPERATURE: ConstantInfo = ConstantInfo::quantity(
    "annealing_temperature",
    &[],
    "Ta",
    "K",
    "temperature of the annealing, where the table has no such column",
    "the thermocouple at the sample",
);

/// Step of the heat capacity.
pub const SPECIFIC_HEAT_STEP: ConstantInfo = ConstantInfo::quantity(
    "specific_heat_step",
    &[],
    "Δcp",
    "J/(kg K)",
    "step of the heat capacity at the glass transition; with the fictive temperature it bounds the recovery enthalpy",
    "calorimetry.glass_transition",
);

/// Fictive temperature.
pub const FICTIVE_TEMPERATURE: ConstantInfo = ConstantInfo::quantity(
    "fictive_temperature",
    &[],
    "Tf",
    "K",
    "fictive temperature before the annealing",
    "calorimetry.glass_transition, on a scan of the sample as it was",
);

/// Constants of tables of excess enthalpies over thermal cycles.
pub(super) const OF_CYCLING: &[ConstantInfo] = &[REFERENCE_ENTHALPY];

/// Recovery enthalpy to compare with.
pub const REFERENCE_ENTHALPY: ConstantInfo = ConstantInfo::quantity(
    "reference_enthalpy",
    &[],
    "ΔH_ref",
    "J/kg",
    "enthalpy between the sample as it was and its relaxed reference, for the effect of cycling as a share of it",
    "calorimetry.recovery_enthalpy on a sample without cycles",
);

/// Constants of tables of diffusion coefficients and viscosities.
pub(super) const OF_TRANSPORT: &[ConstantInfo] = &[DIFFUSING_RADIUS];

/// Radius of what diffuses.
pub const DIFFUSING_RADIUS: ConstantInfo = ConstantInfo::quantity(
    "diffusing_radius",
    &[],
    "r",
    "m",
    "radius of the diffusing atom, for the viscosity by Stokes and Einstein",
    "half of the distance of neighbours, or the metallic or covalent radius of the element",
);

/// Constants of tables of temperatures at several rates.
pub(super) const OF_RATES: &[ConstantInfo] = &[RATE_EVENT];

/// What happens at temperatures that were measured at several rates.
pub const RATE_EVENT: ConstantInfo = ConstantInfo {
    key: "rate_event",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice {
            name: "reaction",
            description: "the peak of crystallisation, or of another reaction, or temperatures of equal conversion",
        },
        Choice {
            name: "glass_transition",
            description: "the glass transition on heating, or the fictive temperature over the rate of the cooling before",
        },
    ]),
    description: "what happens at the temperatures; the equation of the energy follows from it",
    found_by: "the column that was typed into the table",
};

/// Sign of the heat flow.
pub const HEAT_FLOW_SIGN: ConstantInfo = ConstantInfo {
    key: "heat_flow_sign",
    aliases: &[],
    symbol: "",
    kind: ConstantKind::Choice(&[
        Choice { name: "exo_up", description: "exothermic signals are positive in the file" },
        Choice { name: "endo_up", description: "endothermic signals are positive in the file" },
    ]),
    description: "which way the heat flow counts; the enthalpy has its sign from it",
    found_by: "the arrow on the plot of the instrument's program; crystallisation is exothermic",
};

/// Mass of the sample.
pub const SAMPLE_MASS: ConstantInfo = ConstantInfo::quantity(
    "sample_mass",
    &["mass"],
    "m",
    "kg",
    "mass of the sample, for heat flows that are not per mass",
    "the balance, before the sample went into the pan",
);

/// Mass of the reference sample.
pub const REFERENCE_MASS: ConstantInfo = ConstantInfo::quantity(
    "reference_mass",
    &[],
    "m_ref",
    "kg",
    "mass of the sample of the reference scan, where it is another sample",
    "the balance",
);

/// Mass of the sapphire.
pub const SAPPHIRE_MASS: ConstantInfo = ConstantInfo::quantity(
    "sapphire_mass",
    &[],
    "m_sap",
    "kg",
    "mass of the sapphire, for an absolute heat capacity",
    "the balance, or the certificate of the disc",
);

/// Heating rate as it was set.
pub const HEATING_RATE: ConstantInfo = ConstantInfo::quantity(
    "heating_rate",
    &["rate"],
    "q",
    "K/s",
    "heating rate as it was set; checked against the column of time, used where there is none",
    "the program of the measurement",
);

/// Time constant of the sensor.
pub const SENSOR_LAG: ConstantInfo = ConstantInfo::quantity(
    "sensor_lag",
    &[],
    "τ_lag",
    "s",
    "time constant of the sensor; the heat flow is corrected for it",
    "the flank of the melting peak of indium, or the step at the start of a ramp",
);

/// A constant that may be absent but must be above zero where it is there.
///
/// # Errors
/// [`MethodError::BadConstant`].
pub fn optional(constants: &Constants, info: &ConstantInfo) -> Result<Option<f64>, MethodError> {
    Ok(constants.positive(info)?.map(|quantity| quantity.value))
}

/// 1 for endothermic up, -1 for exothermic up.
///
/// # Errors
/// [`MethodError::MissingConstants`] where nobody says.
pub fn sign(dataset: &Dataset, method: &'static str) -> Result<f64, MethodError> {
    let missing = || MethodError::MissingConstants { method, missing: vec![dataset.constants.missing(&HEAT_FLOW_SIGN)] };
    let word = dataset.constants.choice(&HEAT_FLOW_SIGN)?.ok_or_else(missing)?;
    Ok(if word == "endo_up" { 1.0 } else { -1.0 })
}
