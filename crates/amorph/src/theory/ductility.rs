//! Whether a glass is ductile, and where it passes from one mode of deformation to another.

use super::constants::BOLTZMANN;
use super::elasticity_and_yield::johnson_samwer_yield;
use super::model::{
    ANY, Argument, GLASS_TEMPERATURE, Model, POISSON_RATIO, POSITIVE, SHARE, SHEAR_MODULUS, TEMPERATURE, argument, class,
    output,
};
use super::references::QIAO;
use super::{Group, TheoryError};

const CLASSES: &[&str] = &["brittle", "undecided", "ductile"];
const RATE: Argument = argument("rate", "r", "1/s", "strain rate of the transition at the temperature", POSITIVE);
const ENTHALPY: Argument = argument("first_enthalpy", "H12", "kJ/mol", "enthalpy of mixing of elements 1 and 2", ANY);

/// Where a criterion puts a glass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ductility {
    /// Below the brittle end of the printed range.
    Brittle,
    /// Inside the printed range of the threshold.
    Undecided,
    /// Above the ductile end.
    Ductile,
}

impl Ductility {
    fn value(self) -> f64 {
        match self {
            Self::Brittle => 0.0,
            Self::Undecided => 1.0,
            Self::Ductile => 2.0,
        }
    }
}

static BY_POISSON: Model = Model {
    id: "ductility_by_poisson",
    title: "Ductility by Poisson ratio",
    summary: "Ductile above a Poisson ratio of 0.31 to 0.32, with the ratio of moduli that belongs to it.",
    equation: "brittle ν < 0.31, ductile ν > 0.32; G/B = 3 (1 - 2ν)/(2 (1 + ν))",
    arguments: &[POISSON_RATIO],
    outputs: &[
        class("ductility", "where the criterion puts the glass", CLASSES),
        output("ratio", "G/B", "", "shear over bulk modulus"),
    ],
    validity: "A tendency: Pd36Pt9.3Cu25Ni9.3P20.4 is brittle at high ν, Zr53.8Cu31.6Ag7.0Al7.6 ductile at low ν. 0.31 is G/B = 0.435, 0.32 is 0.409.",
    references: &[QIAO],
    covers: &["Q19-2.2.3-e", "Q19-2.1-g"],
    variant_of: None,
    evaluate: |a| Ok(vec![ductility_by_poisson(a[0])?.value(), modulus_ratio(a[0])?]),
};

/// Ductility by Poisson ratio.
pub fn ductility_by_poisson(poisson_ratio: f64) -> Result<Ductility, TheoryError> {
    BY_POISSON.check(&[poisson_ratio])?;
    Ok(match poisson_ratio {
        ratio if ratio < 0.31 => Ductility::Brittle,
        ratio if ratio > 0.32 => Ductility::Ductile,
        _ => Ductility::Undecided,
    })
}

/// Shear over bulk modulus from the Poisson ratio, `3(1-2ν)/(2(1+ν))`.
pub fn modulus_ratio(poisson_ratio: f64) -> Result<f64, TheoryError> {
    BY_POISSON.check(&[poisson_ratio])?;
    Ok(3.0 * (1.0 - 2.0 * poisson_ratio) / (2.0 * (1.0 + poisson_ratio)))
}

static BY_RATIO: Model = Model {
    id: "ductility_by_modulus_ratio",
    title: "Ductility by the ratio of moduli",
    summary: "Ductile below a shear over bulk modulus of 0.41 to 0.43, with the Poisson ratio that belongs to it.",
    equation: "brittle G/B > 0.43, ductile G/B < 0.41; ν = (3 - 2 G/B)/(6 + 2 G/B)",
    arguments: &[argument("ratio", "G/B", "", "shear over bulk modulus", POSITIVE)],
    outputs: &[
        class("ductility", "where the criterion puts the glass", CLASSES),
        output("poisson_ratio", "ν", "", "Poisson ratio"),
    ],
    validity: "As ductility_by_poisson; the two thresholds agree only roughly.",
    references: &[QIAO],
    covers: &["Q19-2.2.3-e"],
    variant_of: Some("ductility_by_poisson"),
    evaluate: |a| Ok(vec![ductility_by_modulus_ratio(a[0])?.value(), poisson_from_modulus_ratio(a[0])?]),
};

/// Ductility by the ratio of moduli.
pub fn ductility_by_modulus_ratio(ratio: f64) -> Result<Ductility, TheoryError> {
    BY_RATIO.check(&[ratio])?;
    Ok(match ratio {
        ratio if ratio > 0.43 => Ductility::Brittle,
        ratio if ratio < 0.41 => Ductility::Ductile,
        _ => Ductility::Undecided,
    })
}

/// Poisson ratio from shear over bulk modulus, `(3 - 2G/B)/(6 + 2G/B)`; the inverse of [`modulus_ratio`].
pub fn poisson_from_modulus_ratio(ratio: f64) -> Result<f64, TheoryError> {
    BY_RATIO.check(&[ratio])?;
    BY_RATIO.finite((3.0 - 2.0 * ratio) / (6.0 + 2.0 * ratio))
}

static MIXING: Model = Model {
    id: "mixing_rule_beta",
    title: "Enthalpies of mixing and the β peak",
    summary: "Mean and spread of the pair enthalpies of a ternary alloy: similar and negative ones go with a pronounced β peak.",
    equation: "H = Σ ci cj Hij/Σ ci cj, s^2 = Σ ci cj (Hij - H)^2/Σ ci cj, i < j",
    arguments: &[
        ENTHALPY,
        ENTHALPY.named("second_enthalpy", "H13", "enthalpy of mixing of elements 1 and 3"),
        ENTHALPY.named("third_enthalpy", "H23", "enthalpy of mixing of elements 2 and 3"),
        argument("first_fraction", "c1", "", "atomic share of element 1", SHARE),
        argument("second_fraction", "c2", "", "atomic share of element 2", SHARE),
    ],
    outputs: &[
        output("mean", "H", "J/mol", "mean pair enthalpy"),
        output("spread", "s", "J/mol", "spread of the pair enthalpies"),
    ],
    validity: "A descriptor: the review gives no threshold. mixing_spread takes any number of pairs.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-d"],
    variant_of: None,
    evaluate: |a| {
        let third = 1.0 - a[3] - a[4];
        if third < -1e-12 {
            return Err(MIXING.relation(
                "first_fraction + second_fraction",
                a[3] + a[4],
                "at most",
                1.0,
                "shares add up to one",
            ));
        }
        let weights = [a[3] * a[4], a[3] * third.max(0.0), a[4] * third.max(0.0)];
        mixing_spread(&a[..3], &weights).map(|(mean, spread)| vec![mean, spread])
    },
};

/// Mean and spread of pair enthalpies under weights `ci cj`, J/mol.
pub fn mixing_spread(pair_enthalpies: &[f64], weights: &[f64]) -> Result<(f64, f64), TheoryError> {
    if pair_enthalpies.len() != weights.len() {
        return Err(TheoryError::Count { model: MIXING.id, found: weights.len(), needed: pair_enthalpies.len() });
    }
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return Err(MIXING.relation("sum of weights", total, "above", 0.0, "a pure element has no pairs"));
    }
    let mean = pair_enthalpies.iter().zip(weights).map(|(h, w)| h * w).sum::<f64>() / total;
    let square = pair_enthalpies.iter().zip(weights).map(|(h, w)| w * (h - mean).powi(2)).sum::<f64>() / total;
    Ok((MIXING.finite(mean)?, MIXING.finite(square.sqrt())?))
}

static REDUCED_TG: Model = Model {
    id: "reduced_glass_temperature",
    title: "Reduced glass transition temperature",
    summary: "Glass transition over melting temperature, and whether it is below the 0.7 of the review.",
    equation: "Trg = Tg/Tm",
    arguments: &[GLASS_TEMPERATURE, argument("melting_temperature", "Tm", "K", "melting (liquidus) temperature", POSITIVE)],
    outputs: &[
        output("ratio", "Trg", "", "reduced glass transition temperature"),
        class("range", "against the limit of the review", &["below 0.7", "0.7 or above: unusual"]),
    ],
    validity: "Tg below Tm.",
    references: &[QIAO],
    covers: &["Q19-2.2.1-f"],
    variant_of: None,
    evaluate: |a| reduced_glass_temperature(a[0], a[1]).map(|ratio| vec![ratio, f64::from(u8::from(ratio >= 0.7))]),
};

/// Reduced glass transition temperature, `Tg/Tm`.
pub fn reduced_glass_temperature(glass_transition_temperature: f64, melting_temperature: f64) -> Result<f64, TheoryError> {
    REDUCED_TG.check(&[glass_transition_temperature, melting_temperature])?;
    let ratio = glass_transition_temperature / melting_temperature;
    let reason = "a glass transition lies below the melting temperature";
    if ratio < 1.0 { Ok(ratio) } else { Err(REDUCED_TG.relation("Tg/Tm", ratio, "below", 1.0, reason)) }
}

static TRANSITION_ENERGY: Model = Model {
    id: "transition_energy",
    title: "Energy of a transition of the deformation mode",
    summary: "Activation energy from the strain rates of a transition at two temperatures.",
    equation: "E = kB ln(r2/r1)/(1/T1 - 1/T2), from ln r = c - E/(kB T)",
    arguments: &[
        RATE.named("rate", "r1", "strain rate of the transition at T1"),
        RATE.named("new_rate", "r2", "strain rate of the transition at T2"),
        TEMPERATURE.named("temperature", "T1", "first temperature"),
        TEMPERATURE.named("new_temperature", "T2", "second temperature"),
    ],
    outputs: &[output("energy", "E", "J", "activation energy")],
    validity: "Localised to homogeneous flow: 0.3 to 0.5 eV, a quarter to a half of the barrier of a zone. Brittle to ductile: that of the \
               slow β relaxation. For more than two points fit ln r over 1/T.",
    references: &[QIAO],
    covers: &["Q19-2.2.3-g", "Q19-5.3-i"],
    variant_of: None,
    evaluate: |a| Ok(vec![transition_energy(a[0], a[1], a[2], a[3])?]),
};

/// Energy of a transition of the deformation mode, J.
pub fn transition_energy(rate: f64, new_rate: f64, temperature: f64, new_temperature: f64) -> Result<f64, TheoryError> {
    TRANSITION_ENERGY.check(&[rate, new_rate, temperature, new_temperature])?;
    let difference = temperature.recip() - new_temperature.recip();
    if difference == 0.0 {
        let reason = "one temperature says nothing about a barrier";
        return Err(TRANSITION_ENERGY.relation("new_temperature/temperature", 1.0, "different from", 1.0, reason));
    }
    TRANSITION_ENERGY.finite(BOLTZMANN * (new_rate / rate).ln() / difference)
}

static REGIME: Model = Model {
    id: "deformation_regime",
    title: "Mode of deformation",
    summary: "Localised or homogeneous, Newtonian or not, from the stress that homogeneous flow would need (after Spaepen).",
    equation: "σ_flow = (2 kB T/V) asinh(r tau_f); localised if above τy of johnson_samwer_yield; Newtonian if τ V/(2 kB T) < 1",
    arguments: &[
        TEMPERATURE,
        GLASS_TEMPERATURE,
        SHEAR_MODULUS,
        argument("rate", "r", "1/s", "shear strain rate", POSITIVE),
        argument(
            "flow_time",
            "tau_f",
            "s",
            "inverse of the rate prefactor of flow: strain rate = sinh(τV/2kT)/tau_f",
            POSITIVE,
        ),
        argument("activation_volume", "V", "A^3", "activation volume of flow", POSITIVE),
    ],
    outputs: &[
        class("regime", "mode of deformation", &["Newtonian", "homogeneous, not Newtonian", "localised"]),
        output("flow_stress", "τ", "Pa", "shear stress that homogeneous flow needs"),
        output("yield_stress", "τy", "Pa", "shear stress at which the glass yields"),
    ],
    validity: "T up to Tg. The flow time is that of the temperature asked for.",
    references: &[QIAO, "Spaepen, Acta Metall. 25, 407 (1977)"],
    covers: &["Q19-2.2.3-a"],
    variant_of: None,
    evaluate: |a| {
        let flow = homogeneous_flow_stress(a[0], a[3], a[4], a[5])?;
        let strength = a[2] * johnson_samwer_yield(a[0], a[1], 0.036, 0.016)?;
        let bias = flow * a[5] / (2.0 * BOLTZMANN * a[0]);
        let regime = if flow > strength { 2.0 } else { f64::from(u8::from(bias >= 1.0)) };
        Ok(vec![regime, flow, strength])
    },
};

/// Shear stress that homogeneous flow needs, `(2kT/V) asinh(r τ_f)`, Pa.
pub fn homogeneous_flow_stress(
    temperature: f64,
    rate: f64,
    flow_time: f64,
    activation_volume: f64,
) -> Result<f64, TheoryError> {
    REGIME.check(&[temperature, 1.0, 1.0, rate, flow_time, activation_volume])?;
    REGIME.finite(2.0 * BOLTZMANN * temperature / activation_volume * (rate * flow_time).asinh())
}

pub(super) const GROUP: Group = Group {
    id: "ductility",
    title: "Ductility and modes of deformation",
    summary: "Whether a glass is ductile, and where it passes from one mode of deformation to another.",
    models: &[&BY_POISSON, &BY_RATIO, &MIXING, &REDUCED_TG, &TRANSITION_ENERGY, &REGIME],
};
