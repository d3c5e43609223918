//! Instability of flow, shear bands and what softens them.

use std::f64::consts::TAU;

use super::model::{ANY, Argument, Model, POISSON_RATIO, POSITIVE, argument, class, output};
use super::references::QIAO;
use super::{Group, TheoryError};

const SURFACE: Argument = argument("surface_tension", "γ", "J/m^2", "surface tension", POSITIVE);
const YOUNG: Argument = argument("young_modulus", "E", "GPa", "Young modulus", POSITIVE);

static MENISCUS: Model = Model {
    id: "meniscus_wavelength",
    title: "Wavelength of the meniscus instability",
    summary: "Period of the corrugation that an advancing crack leaves, with the length of the plastic zone as opening.",
    equation: "λ = 2π sqrt(γ δ/σ)",
    arguments: &[
        SURFACE,
        argument(
            "opening",
            "δ",
            "nm",
            "length over which the stress acts: the plastic zone (0.4 to 1.5 µm reproduces 65 and 92 nm)",
            POSITIVE,
        ),
        argument("stress", "σ", "GPa", "stress at the front", POSITIVE),
    ],
    outputs: &[output("wavelength", "λ", "m", "wavelength")],
    validity: "The review takes δ of 0.1 to 0.4 nm and reports 65 and 92 nm, which these do not give: 0.75 to 2.0 nm (see meniscus_wavelength_printed).",
    references: &[QIAO],
    covers: &["Q19-5.3-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![meniscus_wavelength(a[0], a[1], a[2])?]),
};

/// Wavelength of the meniscus instability, `2π sqrt(γδ/σ)`, m.
pub fn meniscus_wavelength(surface_tension: f64, opening: f64, stress: f64) -> Result<f64, TheoryError> {
    MENISCUS.check(&[surface_tension, opening, stress])?;
    MENISCUS.finite(TAU * (surface_tension * opening / stress).sqrt())
}

static MENISCUS_PRINTED: Model = Model {
    id: "meniscus_wavelength_printed",
    title: "Wavelength of the meniscus instability, as printed",
    summary: "The same with the theoretical strength E/10.",
    equation: "λ = 2π sqrt(10 γ δ/E)",
    arguments: &[SURFACE, argument("opening", "δ", "nm", "opening, 0.1 to 0.4 nm in the review", POSITIVE), YOUNG],
    outputs: &[output("wavelength", "λ", "m", "wavelength")],
    validity: "0.75 to 2.0 nm for the printed constants, not the 65 and 92 nm that are observed.",
    references: &[QIAO],
    covers: &["Q19-5.3-a"],
    variant_of: Some("meniscus_wavelength"),
    evaluate: |a| Ok(vec![meniscus_wavelength_printed(a[0], a[1], a[2])?]),
};

/// Wavelength of the meniscus instability with a strength of `E/10`, m.
pub fn meniscus_wavelength_printed(surface_tension: f64, opening: f64, young_modulus: f64) -> Result<f64, TheoryError> {
    MENISCUS_PRINTED.check(&[surface_tension, opening, young_modulus])?;
    meniscus_wavelength(surface_tension, opening, young_modulus / 10.0)
}

static CRITICAL_RATE: Model = Model {
    id: "critical_shear_rate",
    title: "Critical shear rate of viscous flow",
    summary: "Shear rate at which a viscous liquid becomes unstable because its viscosity depends on pressure.",
    equation: "r_c = 1/(dη/dp)_T",
    arguments: &[argument("pressure_slope", "dη/dp", "Pa s/GPa", "slope of the viscosity with pressure", POSITIVE)],
    outputs: &[output("rate", "r_c", "1/s", "critical shear rate")],
    validity: "p is pressure: the review prints a density, which has the wrong units.",
    references: &[QIAO],
    covers: &["Q19-5.3-f"],
    variant_of: None,
    evaluate: |a| Ok(vec![critical_shear_rate(a[0])?]),
};

/// Critical shear rate of viscous flow, `1/(dη/dp)`, 1/s.
pub fn critical_shear_rate(pressure_slope: f64) -> Result<f64, TheoryError> {
    CRITICAL_RATE.check(&[pressure_slope])?;
    CRITICAL_RATE.finite(pressure_slope.recip())
}

static INSTABILITY: Model = Model {
    id: "instability_type",
    title: "Type of a flow instability",
    summary: "Liquid-like, solid-like or viscoelastic, by the times of relaxation and deformation.",
    equation: "t* = τ (dlnG/dlnρ)/(dlnτ/dlnρ); liquid τ < t0; viscoelastic t* < t0 <= τ; solid t0 <= t*",
    arguments: &[
        argument("relaxation_time", "τ", "s", "relaxation time", POSITIVE),
        argument("deformation_time", "t0", "s", "time of the deformation", POSITIVE),
        argument("modulus_slope", "dlnG/dlnρ", "", "logarithmic slope of the modulus with density", POSITIVE),
        argument("time_slope", "dlnτ/dlnρ", "", "logarithmic slope of the relaxation time with density", POSITIVE),
    ],
    outputs: &[
        class("kind", "type of the instability", &["liquid", "viscoelastic", "solid"]),
        output("softening_time", "t*", "s", "lower end of the viscoelastic window"),
    ],
    validity: "The review separates the regimes by much smaller than; the limits here are where they meet.",
    references: &[QIAO],
    covers: &["Q19-5.3-e"],
    variant_of: None,
    evaluate: |a| {
        let softening = softening_time(a[0], a[2], a[3])?;
        let kind = if a[0] < a[1] { 0.0 } else { f64::from(u8::from(a[1] <= softening)) + 1.0 };
        Ok(vec![kind, softening])
    },
};

/// Lower end of the window of viscoelastic instability, `τ (dlnG/dlnρ)/(dlnτ/dlnρ)`, s.
pub fn softening_time(relaxation_time: f64, modulus_slope: f64, time_slope: f64) -> Result<f64, TheoryError> {
    INSTABILITY.check(&[relaxation_time, 1.0, modulus_slope, time_slope])?;
    INSTABILITY.finite(relaxation_time * modulus_slope / time_slope)
}

static VISCOSITY: Model = Model {
    id: "viscosity_from_test",
    title: "Viscosity of steady flow",
    summary: "Shear stress over shear rate.",
    equation: "η = τ/r",
    arguments: &[
        argument("shear_stress", "τ", "MPa", "shear stress", POSITIVE),
        argument("rate", "r", "1/s", "shear rate", POSITIVE),
    ],
    outputs: &[output("viscosity", "η", "Pa s", "viscosity")],
    validity: "1e11 to 1e14 Pa s before shear bands form.",
    references: &[QIAO],
    covers: &["Q19-5.3-h"],
    variant_of: None,
    evaluate: |a| Ok(vec![viscosity_from_test(a[0], a[1])?]),
};

/// Viscosity of steady flow, `τ/r`, Pa s.
pub fn viscosity_from_test(shear_stress: f64, rate: f64) -> Result<f64, TheoryError> {
    VISCOSITY.check(&[shear_stress, rate])?;
    VISCOSITY.finite(shear_stress / rate)
}

static EXPONENT: Model = Model {
    id: "stress_exponent",
    title: "Stress exponent of flow",
    summary: "Slope of the strain rate over the stress, both logarithmic, from two tests.",
    equation: "n = ln(r2/r1)/ln(σ2/σ1)",
    arguments: &[
        argument("stress", "σ1", "MPa", "first stress", POSITIVE),
        argument("new_stress", "σ2", "MPa", "second stress", POSITIVE),
        argument("rate", "r1", "1/s", "first strain rate", POSITIVE),
        argument("new_rate", "r2", "1/s", "second strain rate", POSITIVE),
    ],
    outputs: &[output("stress_exponent", "n", "", "stress exponent")],
    validity: "1 for Newtonian flow. For more than two points fit a line.",
    references: &[QIAO],
    covers: &["Q19-misc-h", "Q19-2.1-n"],
    variant_of: None,
    evaluate: |a| Ok(vec![stress_exponent(a[0], a[1], a[2], a[3])?]),
};

/// Stress exponent of flow from two tests, `ln(r2/r1)/ln(σ2/σ1)`.
pub fn stress_exponent(stress: f64, new_stress: f64, rate: f64, new_rate: f64) -> Result<f64, TheoryError> {
    EXPONENT.check(&[stress, new_stress, rate, new_rate])?;
    let span = (new_stress / stress).ln();
    if span == 0.0 {
        return Err(EXPONENT.relation("new_stress/stress", 1.0, "different from", 1.0, "a slope needs two stresses"));
    }
    EXPONENT.finite((new_rate / rate).ln() / span)
}

static MISMATCH: Model = Model {
    id: "thermal_mismatch_stress",
    title: "Stress by a mismatch of thermal expansion",
    summary: "Stress between regions that expand differently, on cooling or cycling.",
    equation: "σ = E Δα ΔT/(1 - ν)",
    arguments: &[
        YOUNG,
        argument("expansion_difference", "Δα", "1/K", "difference of the linear expansion coefficients", ANY),
        argument("temperature_change", "ΔT", "K", "change of the temperature", ANY),
        POISSON_RATIO,
    ],
    outputs: &[output("stress", "σ", "Pa", "stress")],
    validity: "A constrained film or layer (equal biaxial stress).",
    references: &[QIAO],
    covers: &["Q19-5.4-c"],
    variant_of: None,
    evaluate: |a| Ok(vec![thermal_mismatch_stress(a[0], a[1], a[2], a[3])?]),
};

/// Stress by a mismatch of thermal expansion, `EΔαΔT/(1-ν)`, Pa.
pub fn thermal_mismatch_stress(
    young_modulus: f64,
    expansion_difference: f64,
    temperature_change: f64,
    poisson_ratio: f64,
) -> Result<f64, TheoryError> {
    MISMATCH.check(&[young_modulus, expansion_difference, temperature_change, poisson_ratio])?;
    MISMATCH.finite(young_modulus * expansion_difference * temperature_change / (1.0 - poisson_ratio))
}

static NANOGLASS: Model = Model {
    id: "nanoglass_soft_fraction",
    title: "Share of soft interfaces of a nanoglass",
    summary: "Share of the volume in the interfaces of grains.",
    equation: "f = 1 - (1 - w/d)^3",
    arguments: &[
        argument("interface_width", "w", "nm", "width of the interfaces", POSITIVE),
        argument("grain_size", "d", "nm", "size of the grains", POSITIVE),
    ],
    outputs: &[output("fraction", "f", "", "share of soft interfaces")],
    validity: "w below d. The 29 % of a nanoglass in the review exceed the 25 % above which, by the same review, it would be a liquid.",
    references: &[QIAO],
    covers: &["Q19-5.4-h"],
    variant_of: None,
    evaluate: |a| Ok(vec![nanoglass_soft_fraction(a[0], a[1])?]),
};

/// Share of soft interfaces of a nanoglass, `1 - (1-w/d)³`.
pub fn nanoglass_soft_fraction(interface_width: f64, grain_size: f64) -> Result<f64, TheoryError> {
    NANOGLASS.check(&[interface_width, grain_size])?;
    let ratio = interface_width / grain_size;
    if ratio >= 1.0 {
        return Err(NANOGLASS.relation(
            "interface_width/grain_size",
            ratio,
            "below",
            1.0,
            "the interfaces would fill the grains",
        ));
    }
    Ok(1.0 - (1.0 - ratio).powi(3))
}

pub(super) const GROUP: Group = Group {
    id: "flow_instability",
    title: "Instability of flow and shear bands",
    summary: "Instability of flow, shear bands and what softens them.",
    models: &[&MENISCUS, &MENISCUS_PRINTED, &CRITICAL_RATE, &INSTABILITY, &VISCOSITY, &EXPONENT, &MISMATCH, &NANOGLASS],
};
