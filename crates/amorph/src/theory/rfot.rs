//! Random first-order transition theory: lengths, energies and the strength of a glass.

use super::constants::BOLTZMANN;
use super::model::{
    Argument, Model, NOT_NEGATIVE, POISSON_RATIO, POSITIVE, SHEAR_MODULUS, TEMPERATURE, argument, between, output,
};
use super::references::QIAO;
use super::{Group, TheoryError};

const WISITSORASAK: &str = "Wisitsorasak and Wolynes, PNAS 109, 16068 (2012)";
const SURFACE: Argument = argument(
    "surface_energy",
    "σs",
    "J/m^2",
    "surface energy between states for a droplet of the unit length, J/m^2 at a unit of 1 m^θ; given by none of the papers",
    POSITIVE,
);
const ENTROPY: Argument =
    argument("configurational_entropy", "Sc", "J/(m^3 K)", "configurational entropy per volume", POSITIVE);
const DIMENSION: Argument = argument("dimension", "d", "", "dimension", between(2.0, 3.0)).or(3.0);
const THETA: Argument = argument("theta", "θ", "", "exponent of the surface energy; d/2 in the theory", between(0.0, 2.9));
const ONSET: Argument = argument("onset_temperature", "TA", "K", "temperature at which landscape dynamics sets in", POSITIVE);

static LENGTH: Model = Model {
    id: "rfot_length",
    title: "Length of the mosaic",
    summary: "Size at which surface energy and configurational entropy balance, relative to a unit length.",
    equation: "ξ/u = (σs/(T Sc u))^(1/(d-θ))",
    arguments: &[
        SURFACE,
        TEMPERATURE,
        ENTROPY,
        argument(
            "unit_length",
            "u",
            "nm",
            "length at which the surface energy is given (about the distance of the atoms)",
            POSITIVE,
        ),
        DIMENSION,
        THETA,
    ],
    outputs: &[output("length", "ξ", "m", "length of the mosaic")],
    validity: "θ below d. The papers give neither σs nor Sc.",
    references: &[QIAO],
    covers: &["Q19-4.1-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![rfot_length(a[0], a[1], a[2], a[3], a[4], a[5])?]),
};

/// Length of the mosaic, `u (σs/(T Sc u))^(1/(d-θ))`, m.
pub fn rfot_length(
    surface_energy: f64,
    temperature: f64,
    configurational_entropy: f64,
    unit_length: f64,
    dimension: f64,
    theta: f64,
) -> Result<f64, TheoryError> {
    LENGTH.check(&[surface_energy, temperature, configurational_entropy, unit_length, dimension, theta])?;
    below_dimension(&LENGTH, dimension, theta)?;
    let ratio = surface_energy / (temperature * configurational_entropy * unit_length);
    LENGTH.finite(unit_length * ratio.powf(1.0 / (dimension - theta)))
}

fn below_dimension(model: &Model, dimension: f64, theta: f64) -> Result<(), TheoryError> {
    let reason = "the surface must grow more slowly than the volume";
    if theta < dimension { Ok(()) } else { Err(model.relation("theta/dimension", theta / dimension, "below", 1.0, reason)) }
}

static FREE_ENERGY: Model = Model {
    id: "rfot_free_energy",
    title: "Free energy of a droplet",
    summary: "Energy to rearrange a droplet of a radius.",
    equation: "F = σs u^2 (R/u)^θ - T Sc u^3 (R/u)^d",
    arguments: &[
        SURFACE,
        TEMPERATURE,
        ENTROPY,
        argument("unit_length", "u", "nm", "unit length", POSITIVE),
        DIMENSION,
        THETA,
        argument("radius", "R", "nm", "radius of the droplet", NOT_NEGATIVE),
    ],
    outputs: &[output("free_energy", "F", "J", "free energy")],
    validity: "As rfot_length; without factors of the geometry.",
    references: &[QIAO],
    covers: &["Q19-4.1-b"],
    variant_of: None,
    evaluate: |a| Ok(vec![rfot_free_energy(a[0], a[1], a[2], a[3], a[4], a[5], a[6])?]),
};

/// Free energy of a droplet, `σs u² (R/u)^θ - T Sc u³ (R/u)^d`, J.
pub fn rfot_free_energy(
    surface_energy: f64,
    temperature: f64,
    configurational_entropy: f64,
    unit_length: f64,
    dimension: f64,
    theta: f64,
    radius: f64,
) -> Result<f64, TheoryError> {
    FREE_ENERGY.check(&[surface_energy, temperature, configurational_entropy, unit_length, dimension, theta, radius])?;
    below_dimension(&FREE_ENERGY, dimension, theta)?;
    let size = radius / unit_length;
    let surface = surface_energy * unit_length.powi(2) * size.powf(theta);
    FREE_ENERGY.finite(surface - temperature * configurational_entropy * unit_length.powi(3) * size.powf(dimension))
}

static LENGTH_RATIO: Model = Model {
    id: "rfot_length_ratio",
    title: "Length of the mosaic against the Kauzmann temperature",
    summary: "Ratio of the lengths at two temperatures.",
    equation: "ξ(T)/ξ(T1) = ((T1 - TK)/(T - TK))^(1/(d-θ))",
    arguments: &[
        TEMPERATURE,
        TEMPERATURE.named("reference_temperature", "T1", "temperature of the reference length"),
        TEMPERATURE.named("kauzmann_temperature", "TK", "Kauzmann temperature"),
        DIMENSION,
        THETA,
    ],
    outputs: &[output("ratio", "ξ/ξ1", "", "ratio of the lengths")],
    validity: "Both temperatures above TK; in the glass T is Tg. θ = d/2 gives an exponent of 2/3 in three dimensions.",
    references: &[QIAO],
    covers: &["Q19-5.4-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![rfot_length_ratio(a[0], a[1], a[2], a[3], a[4])?]),
};

/// Ratio of the lengths of the mosaic at two temperatures.
pub fn rfot_length_ratio(
    temperature: f64,
    reference_temperature: f64,
    kauzmann_temperature: f64,
    dimension: f64,
    theta: f64,
) -> Result<f64, TheoryError> {
    LENGTH_RATIO.check(&[temperature, reference_temperature, kauzmann_temperature, dimension, theta])?;
    below_dimension(&LENGTH_RATIO, dimension, theta)?;
    let lower = temperature.min(reference_temperature) / kauzmann_temperature;
    if lower <= 1.0 {
        return Err(LENGTH_RATIO.relation(
            "temperature/kauzmann_temperature",
            lower,
            "above",
            1.0,
            "the length diverges there",
        ));
    }
    let ratio = (reference_temperature - kauzmann_temperature) / (temperature - kauzmann_temperature);
    LENGTH_RATIO.finite(ratio.powf(1.0 / (dimension - theta)))
}

static KAPPA: Model = Model {
    id: "rfot_kappa",
    title: "Elastic factor of the strength",
    summary: "Factor of the elastic energy of a rearranging region in its matrix.",
    equation: "κ = 3 - 6/(7 - 5ν)",
    arguments: &[POISSON_RATIO],
    outputs: &[output("kappa", "κ", "", "elastic factor")],
    validity: "1.909 at ν = 0.3; the printed 1.8 belongs to ν = 0.4.",
    references: &[QIAO, WISITSORASAK],
    covers: &["Q19-5.2-d", "Q19-5.2-f"],
    variant_of: None,
    evaluate: |a| Ok(vec![rfot_kappa(a[0])?]),
};

/// Elastic factor of the strength, `3 - 6/(7-5ν)`.
pub fn rfot_kappa(poisson_ratio: f64) -> Result<f64, TheoryError> {
    KAPPA.check(&[poisson_ratio])?;
    Ok(3.0 - 6.0 / (7.0 - 5.0 * poisson_ratio))
}

static MODULUS: Model = Model {
    id: "rfot_modulus",
    title: "Shear modulus from the onset temperature",
    summary: "Shear modulus by a Lindemann criterion.",
    equation: "G = 24.9 kB TA/V_bead",
    arguments: &[
        ONSET,
        argument("bead_volume", "V_bead", "A^3", "volume of one moving unit, not of a rearranging region", POSITIVE),
    ],
    outputs: &[output("shear_modulus", "G", "Pa", "shear modulus")],
    validity: "100 atoms in place of one bead would give 0.19 GPa.",
    references: &[QIAO, WISITSORASAK],
    covers: &["Q19-5.2-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![rfot_modulus(a[0], a[1])?]),
};

/// Shear modulus from the onset temperature, `24.9 kB TA/V`, Pa.
pub fn rfot_modulus(onset_temperature: f64, bead_volume: f64) -> Result<f64, TheoryError> {
    MODULUS.check(&[onset_temperature, bead_volume])?;
    MODULUS.finite(24.9 * BOLTZMANN * onset_temperature / bead_volume)
}

static BEAD: Model = Model {
    id: "rfot_bead_volume",
    title: "Volume of a bead from the shear modulus",
    summary: "Inverse of rfot_modulus.",
    equation: "V_bead = 24.9 kB TA/G",
    arguments: &[ONSET, SHEAR_MODULUS],
    outputs: &[output("bead_volume", "V_bead", "m^3", "volume of one moving unit")],
    validity: "37 GPa and 937 K give 8.7 Å^3, half an atom; the 100 atoms of the review are a rearranging region.",
    references: &[QIAO, WISITSORASAK],
    covers: &["Q19-5.2-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![rfot_bead_volume(a[0], a[1])?]),
};

/// Volume of a bead from the shear modulus, `24.9 kB TA/G`, m^3.
pub fn rfot_bead_volume(onset_temperature: f64, shear_modulus: f64) -> Result<f64, TheoryError> {
    BEAD.check(&[onset_temperature, shear_modulus])?;
    BEAD.finite(24.9 * BOLTZMANN * onset_temperature / shear_modulus)
}

static YIELD: Model = Model {
    id: "rfot_yield",
    title: "Strength by random first-order theory",
    summary: "Shear strength in proportion to the shear modulus, from the bracket of eq. 5.4.",
    equation: "τy = G sqrt((2/(24.9 κ)) X), X = bracket/(kB TA)",
    arguments: &[
        SHEAR_MODULUS,
        POISSON_RATIO,
        argument("bracket", "X", "", "bracket of eq. 5.4 over kB TA; not printed in the source papers", POSITIVE),
    ],
    outputs: &[output("yield_stress", "τy", "Pa", "shear strength"), output("yield_strain", "τy/G", "", "yield strain")],
    validity: "X must be given: the text of the review lacks the bracket. Yield strains of 0.0267, 0.05 and 0.08 need X of 0.017, 0.059 and 0.152 at ν = 0.3.",
    references: &[QIAO, WISITSORASAK],
    covers: &["Q19-5.2-d", "Q19-5.2-f"],
    variant_of: None,
    evaluate: |a| rfot_yield(a[0], a[1], a[2]).map(|stress| vec![stress, stress / a[0]]),
};

/// Strength by random first-order theory, `G sqrt((2/(24.9κ)) X)`, Pa.
pub fn rfot_yield(shear_modulus: f64, poisson_ratio: f64, bracket: f64) -> Result<f64, TheoryError> {
    YIELD.check(&[shear_modulus, poisson_ratio, bracket])?;
    YIELD.finite(shear_modulus * (2.0 / (24.9 * rfot_kappa(poisson_ratio)?) * bracket).sqrt())
}

pub(super) const GROUP: Group = Group {
    id: "rfot",
    title: "Random first-order transition theory",
    summary: "Lengths, energies and the strength of a glass in random first-order transition theory.",
    models: &[&LENGTH, &FREE_ENERGY, &LENGTH_RATIO, &KAPPA, &MODULUS, &BEAD, &YIELD],
};
