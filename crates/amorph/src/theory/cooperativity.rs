//! Number of units that relax together: Donth, and Berthier.

use std::f64::consts::{E, LN_10};

use super::constants::{AVOGADRO, BOLTZMANN, GAS};
use super::model::{Argument, Model, POSITIVE, TEMPERATURE, argument, between, output};
use super::references::QIAO;
use super::viscoelastic_functions::kww_loss_peak;
use super::{Group, TheoryError};

const DONTH: &str = "Donth, J. Non-Cryst. Solids 53, 325 (1982)";
const BERTHIER: &str = "Berthier et al., Science 310, 1797 (2005)";
const MASS: Argument = argument("molar_mass", "m0", "g/mol", "mean molar mass of the atoms", POSITIVE);
const WIDTH: Argument = argument("temperature_width", "δT", "K", "temperature fluctuation: width of the transition", POSITIVE);
const RECIPROCAL: Argument = argument(
    "reciprocal_step",
    "Δ(1/cp)",
    "g K/J",
    "1/cp of the glass minus 1/cp of the liquid; contradicts the printed cp in one row of the review",
    POSITIVE,
);
const STEP: Argument =
    argument("heat_capacity_step", "Δcp", "J/(g K)", "heat capacity of the liquid minus that of the glass", POSITIVE);
const BETA: Argument = argument("stretching_exponent", "β", "", "stretching exponent of the relaxation", between(0.1, 1.0));
const PEAK_WIDTH: Argument =
    argument("spectral_width", "δ ln ω", "", "width of the loss peak in ln ω times β: 1.07 in the review", POSITIVE);
const SLOPE: Argument = argument("time_slope", "|d ln τ/dT|", "1/K", "logarithmic slope of the relaxation time", POSITIVE);

static DONTH_NUMBER: Model = Model {
    id: "donth_number",
    title: "Cooperative number by thermal fluctuations",
    summary: "Number of units that relax together, from the width of the glass transition (Donth).",
    equation: "Nα = R T^2 Δ(1/cp)/(m0 δT^2)",
    arguments: &[TEMPERATURE, WIDTH, RECIPROCAL, MASS],
    outputs: &[output("number", "Nα", "", "number of units")],
    validity: "T in kelvin: the column of the review is in degrees Celsius under a head that says K. Fails against three of its four rows.",
    references: &[QIAO, DONTH],
    covers: &["Q19-4.2-aa", "Q19-4.2-ad"],
    variant_of: None,
    evaluate: |a| Ok(vec![donth_number(a[0], a[1], a[2], a[3])?]),
};

/// Cooperative number by thermal fluctuations, `RT²Δ(1/cp)/(m0 δT²)`.
pub fn donth_number(
    temperature: f64,
    temperature_width: f64,
    reciprocal_step: f64,
    molar_mass: f64,
) -> Result<f64, TheoryError> {
    DONTH_NUMBER.check(&[temperature, temperature_width, reciprocal_step, molar_mass])?;
    DONTH_NUMBER.finite(GAS * (temperature / temperature_width).powi(2) * reciprocal_step / molar_mass)
}

static BERTHIER_NUMBER: Model = Model {
    id: "berthier_number",
    title: "Cooperative number by dynamic susceptibility",
    summary: "Lower bound of the number of units that relax together (Berthier).",
    equation: "Nc = (R/(m0 Δcp)) T^2 (max χT)^2, max χT = (β/e) |d ln τ/dT|",
    arguments: &[TEMPERATURE, BETA, SLOPE, STEP, MASS],
    outputs: &[
        output("number", "Nc", "", "number of units"),
        output("susceptibility", "max χT", "1/K", "largest susceptibility"),
    ],
    validity: "A lower bound. With the slope of donth_slope it gives 82 to 85 % of the printed values in all four rows.",
    references: &[QIAO, BERTHIER],
    covers: &["Q19-4.2-ab", "Q19-4.2-ad"],
    variant_of: None,
    evaluate: |a| Ok(vec![berthier_number(a[0], a[1], a[2], a[3], a[4])?, a[1] / E * a[2]]),
};

/// Cooperative number by dynamic susceptibility, `(R/(m0Δcp)) T² ((β/e) d ln τ/dT)²`.
pub fn berthier_number(
    temperature: f64,
    stretching_exponent: f64,
    time_slope: f64,
    heat_capacity_step: f64,
    molar_mass: f64,
) -> Result<f64, TheoryError> {
    BERTHIER_NUMBER.check(&[temperature, stretching_exponent, time_slope, heat_capacity_step, molar_mass])?;
    let susceptibility = stretching_exponent / E * time_slope;
    BERTHIER_NUMBER.finite(GAS / (molar_mass * heat_capacity_step) * (temperature * susceptibility).powi(2))
}

static DONTH_SLOPE: Model = Model {
    id: "donth_slope",
    title: "Slope of the relaxation time from the width of the transition",
    summary: "How fast the relaxation time changes, from the width in temperature and the width in frequency; with energy and fragility.",
    equation: "|d ln τ/dT| = w/(β δT), m = T |d ln τ/dT|/ln 10, E = kB T^2 |d ln τ/dT|",
    arguments: &[TEMPERATURE, WIDTH, BETA, PEAK_WIDTH],
    outputs: &[
        output("slope", "|d ln τ/dT|", "1/K", "slope of the relaxation time"),
        output("fragility", "m", "", "fragility"),
        output("energy", "E", "J", "apparent activation energy"),
        output("molar_energy", "E", "J/mol", "apparent activation energy per mole"),
    ],
    validity: "w = 1.07 as in the review. The four Pd glasses give m of 58 to 70.",
    references: &[QIAO],
    covers: &["Q19-4.2-ag"],
    variant_of: None,
    evaluate: |a| {
        let slope = donth_slope(a[0], a[1], a[2], a[3])?;
        let energy = BOLTZMANN * a[0].powi(2) * slope;
        Ok(vec![slope, a[0] * slope / LN_10, energy, energy * AVOGADRO])
    },
};

/// Slope of the relaxation time from the width of the transition, `w/(βδT)`, 1/K.
pub fn donth_slope(
    temperature: f64,
    temperature_width: f64,
    stretching_exponent: f64,
    spectral_width: f64,
) -> Result<f64, TheoryError> {
    DONTH_SLOPE.check(&[temperature, temperature_width, stretching_exponent, spectral_width])?;
    DONTH_SLOPE.finite(spectral_width / (stretching_exponent * temperature_width))
}

static RATIO: Model = Model {
    id: "donth_berthier_ratio",
    title: "Ratio of both cooperative numbers",
    summary: "Factor between the numbers of Donth and Berthier.",
    equation: "Nα/Nc = (e/w)^2 Δcp Δ(1/cp)",
    arguments: &[STEP, RECIPROCAL, PEAK_WIDTH],
    outputs: &[output("ratio", "Nα/Nc", "", "ratio of the numbers"), output("factor", "(e/w)^2", "", "6.45 for w = 1.07")],
    validity: "w = 1.07 for every β, as in the review; spectral_width computes w from the loss peak.",
    references: &[QIAO],
    covers: &["Q19-4.2-ac"],
    variant_of: None,
    evaluate: |a| Ok(vec![donth_berthier_ratio(a[0], a[1], a[2])?, (E / a[2]).powi(2)]),
};

/// Ratio of both cooperative numbers, `(e/w)² Δcp Δ(1/cp)`.
pub fn donth_berthier_ratio(heat_capacity_step: f64, reciprocal_step: f64, spectral_width: f64) -> Result<f64, TheoryError> {
    RATIO.check(&[heat_capacity_step, reciprocal_step, spectral_width])?;
    RATIO.finite((E / spectral_width).powi(2) * heat_capacity_step * reciprocal_step)
}

static SHAPE_FACTOR: Model = Model {
    id: "spectral_width",
    title: "Width of the loss peak in the sense of Donth",
    summary: "Standard deviation of ln ω of a Gaussian with the width of the loss peak, times β.",
    equation: "w = β FWHM ln 10/(2 sqrt(2 ln 2))",
    arguments: &[BETA],
    outputs: &[output("spectral_width", "w", "", "width times β"), output("factor", "(e/w)^2", "", "factor between Nα and Nc")],
    validity: "1.07 at β = 0.5, rounded; the factor is 6.45 only there.",
    references: &[QIAO],
    covers: &["Q19-4.2-ac"],
    variant_of: None,
    evaluate: |a| spectral_width(a[0]).map(|width| vec![width, (E / width).powi(2)]),
};

/// Width of the loss peak of a stretched exponential in ln ω, times `β`.
pub fn spectral_width(stretching_exponent: f64) -> Result<f64, TheoryError> {
    SHAPE_FACTOR.check(&[stretching_exponent])?;
    let width = kww_loss_peak(stretching_exponent)?.width * LN_10;
    Ok(stretching_exponent * width / (2.0 * (2.0 * std::f64::consts::LN_2).sqrt()))
}

static SIZE: Model = Model {
    id: "cooperative_size",
    title: "Size of a cooperative region",
    summary: "Diameter of a sphere that holds a number of units.",
    equation: "d = (6 N v/π)^(1/3)",
    arguments: &[
        argument("number", "N", "", "number of units", POSITIVE),
        argument("unit_volume", "v", "A^3", "volume of a unit", POSITIVE),
    ],
    outputs: &[output("diameter", "d", "m", "diameter")],
    validity: "570 to 1090 atoms are 2.4 to 3.2 nm.",
    references: &[QIAO],
    covers: &["Q19-4.2-aa"],
    variant_of: None,
    evaluate: |a| Ok(vec![cooperative_size(a[0], a[1])?]),
};

/// Size of a cooperative region, `(6Nv/π)^(1/3)`, m.
pub fn cooperative_size(number: f64, unit_volume: f64) -> Result<f64, TheoryError> {
    SIZE.check(&[number, unit_volume])?;
    super::activation_volume::sphere_diameter(number * unit_volume)
}

pub(super) const GROUP: Group = Group {
    id: "cooperativity",
    title: "Cooperative numbers",
    summary: "Number of units that relax together: Donth, and Berthier.",
    models: &[&DONTH_NUMBER, &BERTHIER_NUMBER, &DONTH_SLOPE, &RATIO, &SHAPE_FACTOR, &SIZE],
};
