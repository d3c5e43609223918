//! Electrical resistivity of disordered metals and what it says about disorder.

use std::f64::consts::PI;

use super::constants::{ELEMENTARY_CHARGE, REDUCED_PLANCK};
use super::model::{ANY, Argument, GLASS_TEMPERATURE, Model, POISSON_RATIO, POSITIVE, argument, class, output};
use super::references::YANG;
use super::{Group, TheoryError};

const EXPANSION: Argument = argument("thermal_expansion", "α", "1/K", "linear thermal expansion coefficient", POSITIVE);

static ZIMAN: Model = Model {
    id: "ziman_resistivity",
    title: "Resistivity of a disordered metal",
    summary: "Resistivity from the structure factor and the pseudopotential, by way of their integral (ziman_integral).",
    equation: "ρ = 3 π v/(4 ħ e^2 vF^2 kF^4) I, I = ∫_0^(2kF) S(q) |m(q)|^2 q^3 dq",
    arguments: &[
        argument("atomic_volume", "v", "A^3", "volume per atom", POSITIVE),
        argument("fermi_velocity", "vF", "km/s", "Fermi velocity", POSITIVE),
        argument("fermi_wave_number", "kF", "1/nm", "Fermi wave number", POSITIVE),
        argument("scattering_integral", "I", "J^2/m^4", "integral of S(q) |m(q)|^2 q^3 over q from 0 to 2 kF", POSITIVE),
    ],
    outputs: &[output("resistivity", "ρ", "ohm m", "resistivity")],
    validity: "Nearly free electrons, weak scattering (Ziman).",
    references: &[YANG],
    covers: &["Y12-10"],
    variant_of: None,
    evaluate: |a| Ok(vec![ziman_resistivity(a[0], a[1], a[2], a[3])?]),
};

/// Resistivity of a disordered metal, `3πv/(4ħe²vF²kF⁴) I`, Ω m (Yang et al., eq. 1).
pub fn ziman_resistivity(
    atomic_volume: f64,
    fermi_velocity: f64,
    fermi_wave_number: f64,
    scattering_integral: f64,
) -> Result<f64, TheoryError> {
    ZIMAN.check(&[atomic_volume, fermi_velocity, fermi_wave_number, scattering_integral])?;
    let scale = 4.0 * REDUCED_PLANCK * (ELEMENTARY_CHARGE * fermi_velocity * fermi_wave_number.powi(2)).powi(2);
    ZIMAN.finite(3.0 * PI * atomic_volume / scale * scattering_integral)
}

/// `∫_0^(2kF) S(q) |m(q)|² q³ dq` of tabulated values, J²/m⁴, by the trapezoidal rule on the given wave numbers up to `2 kF`.
///
/// `wave_numbers` rise, 1/m; `structure_factor` is plain, `matrix_element` in J.
pub fn ziman_integral(
    wave_numbers: &[f64],
    structure_factor: &[f64],
    matrix_element: &[f64],
    fermi_wave_number: f64,
) -> Result<f64, TheoryError> {
    let n = wave_numbers.len();
    if n < 2 || structure_factor.len() != n || matrix_element.len() != n {
        return Err(TheoryError::Count {
            model: ZIMAN.id,
            found: n.min(structure_factor.len()).min(matrix_element.len()),
            needed: n.max(2),
        });
    }
    let end = 2.0 * fermi_wave_number;
    let reason = "the table must reach twice the Fermi wave number";
    if wave_numbers[n - 1] < end {
        return Err(ZIMAN.relation(
            "largest wave number/(2 fermi_wave_number)",
            wave_numbers[n - 1] / end,
            "at least",
            1.0,
            reason,
        ));
    }
    let value = |i: usize| structure_factor[i] * matrix_element[i].powi(2) * wave_numbers[i].powi(3);
    let mut total = 0.0;
    for i in 0..n - 1 {
        let (lo, hi) = (wave_numbers[i], wave_numbers[i + 1]);
        if lo >= end {
            break;
        }
        let share = ((end.min(hi) - lo) / (hi - lo)).max(0.0);
        let last = value(i) + share * (value(i + 1) - value(i));
        total += 0.5 * (value(i) + last) * share * (hi - lo);
    }
    ZIMAN.finite(total)
}

static KELTON_SPAEPEN: Model = Model {
    id: "kelton_spaepen",
    title: "Resistivity change by packing density",
    summary: "Change of the resistivity with that of the packing density.",
    equation: "Δρ = C Δξ",
    arguments: &[
        argument("density_change", "Δξ", "", "change of the packing density", ANY),
        argument("coupling", "C", "uohm cm", "resistivity per packing density", ANY),
    ],
    outputs: &[output("resistivity_change", "Δρ", "ohm m", "change of the resistivity")],
    validity: "C constant: the change of S(q) is neglected.",
    references: &[YANG],
    covers: &["Y12-11", "Y12-14"],
    variant_of: None,
    evaluate: |a| Ok(vec![kelton_spaepen(a[0], a[1])?]),
};

/// Resistivity change by packing density, `C Δξ`, Ω m.
pub fn kelton_spaepen(density_change: f64, coupling: f64) -> Result<f64, TheoryError> {
    KELTON_SPAEPEN.check(&[density_change, coupling])?;
    KELTON_SPAEPEN.finite(coupling * density_change)
}

static MOOIJ: Model = Model {
    id: "mooij_sign",
    title: "Sign of the resistivity change on annealing",
    summary: "Whether annealing lowers the resistivity.",
    equation: "Δρ < 0 for α < 5e-5 1/K, else Δρ > 0",
    arguments: &[EXPANSION],
    outputs: &[class("sign", "what annealing does to the resistivity", &["falls on annealing", "rises on annealing"])],
    validity: "Boundary as quoted by Yang et al.",
    references: &[YANG],
    covers: &["Y12-12"],
    variant_of: None,
    evaluate: |a| Ok(vec![f64::from(u8::from(!falls_on_annealing(a[0])?))]),
};

/// Whether annealing lowers the resistivity: `α < 5e-5 1/K`.
pub fn falls_on_annealing(thermal_expansion: f64) -> Result<bool, TheoryError> {
    MOOIJ.check(&[thermal_expansion])?;
    Ok(thermal_expansion < 5e-5)
}

static KATO: Model = Model {
    id: "kato_expansion",
    title: "Thermal expansion from the glass transition",
    summary: "Linear thermal expansion of a metallic glass from its glass transition temperature.",
    equation: "α = 8.24e-3/Tg",
    arguments: &[GLASS_TEMPERATURE],
    outputs: &[output("thermal_expansion", "α", "1/K", "linear thermal expansion coefficient")],
    validity: "Mean of 13 metallic glasses.",
    references: &[YANG],
    covers: &["Y12-13"],
    variant_of: None,
    evaluate: |a| Ok(vec![kato_expansion(a[0])?]),
};

/// Thermal expansion from the glass transition, `8.24e-3/Tg`, 1/K.
pub fn kato_expansion(glass_transition_temperature: f64) -> Result<f64, TheoryError> {
    KATO.check(&[glass_transition_temperature])?;
    KATO.finite(8.24e-3 / glass_transition_temperature)
}

static STRAIN_COEFFICIENT: Model = Model {
    id: "strain_coefficient",
    title: "Strain coefficient of the relative resistance of a straight pillar",
    summary: "Relative change of the resistance of a straight cylinder per axial strain, at constant resistivity.",
    equation: "k = 1 + 2 ν",
    arguments: &[POISSON_RATIO],
    outputs: &[output("coefficient", "k", "", "strain coefficient")],
    validity: "Straight cylinder, R = ρ L/A.",
    references: &[YANG],
    covers: &["Y12-04"],
    variant_of: None,
    evaluate: |a| Ok(vec![strain_coefficient(a[0])?]),
};

/// Strain coefficient of a straight pillar, `1 + 2ν`.
pub fn strain_coefficient(poisson_ratio: f64) -> Result<f64, TheoryError> {
    STRAIN_COEFFICIENT.check(&[poisson_ratio])?;
    Ok(1.0 + 2.0 * poisson_ratio)
}

static STRAIN_COEFFICIENT_YANG: Model = Model {
    id: "strain_coefficient_yang",
    title: "Strain coefficient of the relative resistance, as printed",
    summary: "The coefficient that Yang et al. print for their tapered pillars.",
    equation: "k = 1 + 3 ν",
    arguments: &[POISSON_RATIO],
    outputs: &[output("coefficient", "k", "", "strain coefficient")],
    validity: "2 at ν = 1/3. It does not follow for a straight cylinder; the derivation for the taper is in a supplement.",
    references: &[YANG],
    covers: &["Y12-04"],
    variant_of: Some("strain_coefficient"),
    evaluate: |a| Ok(vec![strain_coefficient_yang(a[0])?]),
};

/// Strain coefficient as printed by Yang et al., `1 + 3ν`.
pub fn strain_coefficient_yang(poisson_ratio: f64) -> Result<f64, TheoryError> {
    STRAIN_COEFFICIENT_YANG.check(&[poisson_ratio])?;
    Ok(1.0 + 3.0 * poisson_ratio)
}

static CYLINDER_RESISTANCE: Model = Model {
    id: "cylinder_resistance",
    title: "Resistance of a pillar",
    summary: "What a pillar alone would resist; to be compared with the whole circuit.",
    equation: "R = 4 ρ L/(π d^2)",
    arguments: &[
        argument("resistivity", "ρ", "uohm cm", "resistivity", POSITIVE),
        argument("length", "L", "um", "length of the pillar", POSITIVE),
        argument("diameter", "d", "um", "diameter of the pillar", POSITIVE),
    ],
    outputs: &[output("resistance", "R", "ohm", "resistance")],
    validity: "200 µΩ cm, 5 µm long, 2 µm across: 3.2 Ω, so that contacts dominate the circuit of Yang et al.",
    references: &[YANG],
    covers: &["Y12-02"],
    variant_of: None,
    evaluate: |a| Ok(vec![cylinder_resistance(a[0], a[1], a[2])?]),
};

/// Resistance of a pillar, `4ρL/(πd²)`, Ω.
pub fn cylinder_resistance(resistivity: f64, length: f64, diameter: f64) -> Result<f64, TheoryError> {
    CYLINDER_RESISTANCE.check(&[resistivity, length, diameter])?;
    CYLINDER_RESISTANCE.finite(4.0 * resistivity * length / (PI * diameter.powi(2)))
}

pub(super) const GROUP: Group = Group {
    id: "resistivity",
    title: "Resistivity",
    summary: "Electrical resistivity of disordered metals and what it says about disorder.",
    models: &[&ZIMAN, &KELTON_SPAEPEN, &MOOIJ, &KATO, &STRAIN_COEFFICIENT, &STRAIN_COEFFICIENT_YANG, &CYLINDER_RESISTANCE],
};
