//! A solid with soft regions: relaxed modulus, Zener solid, Poisson ratio.

use super::constants::BOLTZMANN;
use super::model::{
    ANY, Argument, INNER, Model, NOT_NEGATIVE, POISSON, POISSON_RATIO, POSITIVE, Range, SHARE, SHEAR_MODULUS, TEMPERATURE,
    above, argument, output,
};
use super::references::QIAO;
use super::{Group, TheoryError};

const VISCOSITY: Argument = argument("viscosity", "η", "Pa s", "viscosity of the cores", POSITIVE);
const FIRST: Argument = argument("elastic_modulus", "G_I", "GPa", "modulus of the matrix alone (relaxed)", POSITIVE);
const SECOND: Argument = argument("relaxing_modulus", "G_II", "GPa", "modulus in series with the viscous cores", POSITIVE);

static RELAXED_MODULUS: Model = Model {
    id: "relaxed_modulus",
    title: "Relaxed modulus of a solid with liquid-like cores",
    summary: "Modulus after the cores have relaxed.",
    equation: "G = G∞/(1 + α), α = β G∞ Ω/(kB T)",
    arguments: &[
        SHEAR_MODULUS.named("unrelaxed_modulus", "G∞", "unrelaxed modulus"),
        argument("softening", "β", "", "strength of the cores; its meaning is not stated by the source", POSITIVE),
        argument("zone_volume", "Ω", "nm^3", "volume of a zone", POSITIVE),
        TEMPERATURE,
    ],
    outputs: &[output("modulus", "G", "Pa", "relaxed modulus"), output("coupling", "α", "", "softening G∞/G - 1")],
    validity: "A loss of 24 % is α = 0.316, which for 1 nm^3, 30 GPa and 298 K is β = 4.3e-5.",
    references: &[QIAO],
    covers: &["Q19-5.1-a"],
    variant_of: None,
    evaluate: |a| {
        let coupling = modulus_coupling(a[0], a[1], a[2], a[3])?;
        Ok(vec![a[0] / (1.0 + coupling), coupling])
    },
};

/// Softening by the cores, `α = βG∞Ω/kT`; the relaxed modulus is `G∞/(1+α)`.
pub fn modulus_coupling(
    unrelaxed_modulus: f64,
    softening: f64,
    zone_volume: f64,
    temperature: f64,
) -> Result<f64, TheoryError> {
    RELAXED_MODULUS.check(&[unrelaxed_modulus, softening, zone_volume, temperature])?;
    RELAXED_MODULUS.finite(softening * unrelaxed_modulus * zone_volume / (BOLTZMANN * temperature))
}

static COUPLING_FROM_LOSS: Model = Model {
    id: "coupling_from_modulus_loss",
    title: "Softening from a loss of modulus",
    summary: "Inverse of relaxed_modulus.",
    equation: "α = 1/(1 - x) - 1, β = α kB T/(G∞ Ω)",
    arguments: &[
        argument("loss", "x", "", "share of the modulus that is lost", INNER),
        SHEAR_MODULUS.named("unrelaxed_modulus", "G∞", "unrelaxed modulus"),
        argument("zone_volume", "Ω", "nm^3", "volume of a zone", POSITIVE),
        TEMPERATURE,
    ],
    outputs: &[output("coupling", "α", "", "softening G∞/G - 1"), output("softening", "β", "", "strength of the cores")],
    validity: "0 < x < 1.",
    references: &[QIAO],
    covers: &["Q19-5.1-a"],
    variant_of: None,
    evaluate: |a| {
        let coupling = coupling_from_modulus_loss(a[0])?;
        Ok(vec![coupling, coupling * BOLTZMANN * a[3] / (a[1] * a[2])])
    },
};

/// Softening from a loss of modulus, `1/(1-x) - 1`.
pub fn coupling_from_modulus_loss(loss: f64) -> Result<f64, TheoryError> {
    COUPLING_FROM_LOSS.check(&[loss, 1.0, 1.0, 1.0])?;
    COUPLING_FROM_LOSS.finite(loss / (1.0 - loss))
}

static ZENER: Model = Model {
    id: "zener_solid",
    title: "Moduli of a solid with one relaxation",
    summary: "Storage and loss modulus of a spring beside a Maxwell element.",
    equation: "M' = G_I + G_II x^2/(1 + x^2), M'' = G_II x/(1 + x^2), x = ω η/G_II",
    arguments: &[FIRST, SECOND, VISCOSITY, argument("angular_frequency", "ω", "1/s", "angular frequency", POSITIVE)],
    outputs: &[
        output("storage_modulus", "M'", "Pa", "storage modulus"),
        output("loss_modulus", "M''", "Pa", "loss modulus"),
        output("effective_viscosity", "η_eff", "Pa s", "viscosity of the Kelvin form, η (1 + G_I/G_II)"),
    ],
    validity: "G∞ = G_I + G_II. Differential form: τ + (η/G_II) dτ/dt = G_I γ + η (1 + G_I/G_II) dγ/dt.",
    references: &[QIAO],
    covers: &["Q19-5.1-b", "Q19-3.2-b", "Q19-3.2-c"],
    variant_of: None,
    evaluate: |a| {
        let (storage, loss) = zener_moduli(a[0], a[1], a[2], a[3])?;
        Ok(vec![storage, loss, a[2] * (1.0 + a[0] / a[1])])
    },
};

/// Storage and loss modulus of a Zener solid, Pa.
pub fn zener_moduli(
    elastic_modulus: f64,
    relaxing_modulus: f64,
    viscosity: f64,
    angular_frequency: f64,
) -> Result<(f64, f64), TheoryError> {
    ZENER.check(&[elastic_modulus, relaxing_modulus, viscosity, angular_frequency])?;
    let time = viscosity / relaxing_modulus;
    let (storage, loss) = super::viscoelastic_functions::maxwell_moduli(relaxing_modulus, angular_frequency, time)?;
    Ok((elastic_modulus + storage, loss))
}

static ZENER_TIME: Model = Model {
    id: "zener_response",
    title: "Creep and relaxation of a solid with one relaxation",
    summary: "Compliance after a step of stress and modulus after a step of strain.",
    equation: "J = 1/G_I - G_II/(G_I (G_I + G_II)) exp(-t/τJ), M = G_I + G_II exp(-t/τM), τM = η/G_II, τJ = τM (1 + G_II/G_I)",
    arguments: &[FIRST, SECOND, VISCOSITY, argument("time", "t", "s", "time after the step", NOT_NEGATIVE)],
    outputs: &[
        output("compliance", "J", "1/Pa", "creep compliance"),
        output("modulus", "M", "Pa", "relaxation modulus"),
        output("relaxation_time", "τM", "s", "relaxation time at constant strain"),
        output("retardation_time", "τJ", "s", "retardation time at constant stress"),
    ],
    validity: "As zener_solid.",
    references: &[QIAO],
    covers: &["Q19-5.1-b", "Q19-3.2-c"],
    variant_of: None,
    evaluate: |a| {
        let (compliance, modulus) = zener_response(a[0], a[1], a[2], a[3])?;
        let time = a[2] / a[1];
        Ok(vec![compliance, modulus, time, time * (1.0 + a[1] / a[0])])
    },
};

/// Creep compliance, 1/Pa, and relaxation modulus, Pa, of a Zener solid.
pub fn zener_response(
    elastic_modulus: f64,
    relaxing_modulus: f64,
    viscosity: f64,
    time: f64,
) -> Result<(f64, f64), TheoryError> {
    ZENER_TIME.check(&[elastic_modulus, relaxing_modulus, viscosity, time])?;
    let relaxation = viscosity / relaxing_modulus;
    let retardation = relaxation * (1.0 + relaxing_modulus / elastic_modulus);
    let share = relaxing_modulus / (elastic_modulus * (elastic_modulus + relaxing_modulus));
    let compliance = ZENER_TIME.finite(1.0 / elastic_modulus - share * (-time / retardation).exp())?;
    Ok((compliance, elastic_modulus + relaxing_modulus * (-time / relaxation).exp()))
}

static ACTIVATED: Model = Model {
    id: "activated_fraction",
    title: "Share of the liquid-like regions that are active",
    summary: "Density of shear transformation zones over that of liquid-like regions.",
    equation: "f = c_STZ/c_liquid",
    arguments: &[
        argument("zone_fraction", "c_STZ", "%", "share of the volume in active zones", SHARE),
        argument(
            "liquid_fraction",
            "c_liquid",
            "%",
            "share of the volume that is liquid-like",
            Range { with_hi: true, ..INNER },
        ),
    ],
    outputs: &[output("fraction", "f", "", "share that is active")],
    validity: "1 % of 24.3 % is 4.1 %, not the 10 % of the review.",
    references: &[QIAO],
    covers: &["Q19-5.1-c"],
    variant_of: None,
    evaluate: |a| Ok(vec![activated_fraction(a[0], a[1])?]),
};

/// Share of the liquid-like regions that are active.
pub fn activated_fraction(zone_fraction: f64, liquid_fraction: f64) -> Result<f64, TheoryError> {
    ACTIVATED.check(&[zone_fraction, liquid_fraction])?;
    ACTIVATED.finite(zone_fraction / liquid_fraction)
}

static TWO_PHASE: Model = Model {
    id: "two_phase_poisson",
    title: "Poisson ratio of a glass with soft spheres",
    summary: "Poisson and shear modulus change with the share of soft regions (Eshelby, dilute).",
    equation: "ν = [(1+ν0)(1+B Vf) - (1-2ν0)(1+A Vf)]/[2(1+ν0)(1+B Vf) + (1-2ν0)(1+A Vf)], G0/G = 1 + B Vf",
    arguments: &[
        POISSON_RATIO.named("matrix_poisson_ratio", "ν0", "Poisson ratio of the matrix"),
        argument("bulk_softening", "A", "", "softening of the bulk modulus per share", ANY),
        argument("shear_softening", "B", "", "softening of the shear modulus per share", ANY),
        argument("fraction", "Vf", "", "share of soft regions", SHARE),
    ],
    outputs: &[
        output("poisson_ratio", "ν", "", "Poisson ratio"),
        output("softening", "G0/G - 1", "", "softening of the shear modulus"),
    ],
    validity: "Dilute spheres. A/B below 1: shear softening, ν rises; above 1: dilatational, ν falls; 1: constant.",
    references: &[QIAO, "Eshelby, Proc. R. Soc. A 241, 376 (1957)"],
    covers: &["Q19-5.1-d", "Q19-5.1-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![two_phase_poisson(a[0], a[1], a[2], a[3])?, a[2] * a[3]]),
};

/// Poisson ratio of a glass with soft spheres.
pub fn two_phase_poisson(
    matrix_poisson_ratio: f64,
    bulk_softening: f64,
    shear_softening: f64,
    fraction: f64,
) -> Result<f64, TheoryError> {
    TWO_PHASE.check(&[matrix_poisson_ratio, bulk_softening, shear_softening, fraction])?;
    let (bulk, shear) = (1.0 + bulk_softening * fraction, 1.0 + shear_softening * fraction);
    if bulk <= 0.0 || shear <= 0.0 {
        return Err(TWO_PHASE.relation("1 + softening fraction", bulk.min(shear), "above", 0.0, "a modulus would be negative"));
    }
    let (p, q) = ((1.0 + matrix_poisson_ratio) * shear, (1.0 - 2.0 * matrix_poisson_ratio) * bulk);
    TWO_PHASE.finite((p - q) / (2.0 * p + q))
}

static SOFTENING: Model = Model {
    id: "two_phase_softening",
    title: "Softening of both moduli by soft spheres",
    summary: "The coefficients A and B of two_phase_poisson from the moduli of matrix and soft regions (Eshelby).",
    equation: "A = (K1-K0)/((K0-K1) a - K0), B = (G1-G0)/((G0-G1) b - G0), a = (1+ν0)/(3(1-ν0)), b = 2(4-5ν0)/(15(1-ν0))",
    arguments: &[
        POISSON_RATIO.named("matrix_poisson_ratio", "ν0", "Poisson ratio of the matrix"),
        argument("bulk_ratio", "K1/K0", "", "bulk modulus of the soft regions over that of the matrix", NOT_NEGATIVE),
        argument("shear_ratio", "G1/G0", "", "shear modulus of the soft regions over that of the matrix", NOT_NEGATIVE),
    ],
    outputs: &[
        output("bulk_softening", "A", "", "softening of the bulk modulus per share"),
        output("shear_softening", "B", "", "softening of the shear modulus per share"),
        output("ratio", "A/B", "", "below 1 shear softening, above 1 dilatational"),
    ],
    validity: "Dilute spheres; soft regions differ in shear.",
    references: &[QIAO, "Eshelby, Proc. R. Soc. A 241, 376 (1957)"],
    covers: &["Q19-5.1-d", "Q19-5.1-e"],
    variant_of: None,
    evaluate: |a| {
        let (bulk, shear) = two_phase_softening(a[0], a[1], a[2])?;
        if shear == 0.0 {
            return Err(SOFTENING.relation(
                "shear_ratio",
                a[2],
                "different from",
                1.0,
                "without a difference there is no ratio A/B",
            ));
        }
        Ok(vec![bulk, shear, bulk / shear])
    },
};

/// Softening of bulk and shear modulus per share of soft spheres, `A` and `B`.
pub fn two_phase_softening(matrix_poisson_ratio: f64, bulk_ratio: f64, shear_ratio: f64) -> Result<(f64, f64), TheoryError> {
    SOFTENING.check(&[matrix_poisson_ratio, bulk_ratio, shear_ratio])?;
    let nu = matrix_poisson_ratio;
    let (a, b) = ((1.0 + nu) / (3.0 * (1.0 - nu)), 2.0 * (4.0 - 5.0 * nu) / (15.0 * (1.0 - nu)));
    let coefficient = |ratio: f64, shape: f64| SOFTENING.finite((ratio - 1.0) / ((1.0 - ratio) * shape - 1.0));
    Ok((coefficient(bulk_ratio, a)?, coefficient(shear_ratio, b)?))
}

static SOFTENING_TYPE: Model = Model {
    id: "softening_type",
    title: "Type of softening from two states",
    summary: "A/B from Poisson ratio and shear modulus of a reference state and of another.",
    equation: "A/B = ((1 + x) q - 1)/x, q = (1+ν0)(1-2ν)/((1-2ν0)(1+ν)), x = G0/G - 1",
    arguments: &[
        POISSON_RATIO.named("matrix_poisson_ratio", "ν0", "Poisson ratio of the reference (annealed) state"),
        Argument { range: POISSON, ..POISSON_RATIO },
        argument("softening", "x", "", "G0/G - 1 of the other state", above(-1.0)),
    ],
    outputs: &[output("ratio", "A/B", "", "below 1 shear softening, above 1 dilatational")],
    validity: "x different from 0. Errors of ν are amplified by 1/x: give them.",
    references: &[QIAO],
    covers: &["Q19-5.1-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![softening_type(a[0], a[1], a[2])?]),
};

/// `A/B` from two states; the inverse of [`two_phase_poisson`].
pub fn softening_type(matrix_poisson_ratio: f64, poisson_ratio: f64, softening: f64) -> Result<f64, TheoryError> {
    SOFTENING_TYPE.check(&[matrix_poisson_ratio, poisson_ratio, softening])?;
    if softening == 0.0 {
        return Err(SOFTENING_TYPE.relation("softening", 0.0, "different from", 0.0, "nothing has softened"));
    }
    let (nu0, nu) = (matrix_poisson_ratio, poisson_ratio);
    let quotient = (1.0 + nu0) * (1.0 - 2.0 * nu) / ((1.0 - 2.0 * nu0) * (1.0 + nu));
    SOFTENING_TYPE.finite(((1.0 + softening) * quotient - 1.0) / softening)
}

pub(super) const GROUP: Group = Group {
    id: "two_phase",
    title: "A solid with soft regions",
    summary: "Relaxed modulus, Zener solid, and Poisson ratio of a solid with soft regions.",
    models: &[&RELAXED_MODULUS, &COUPLING_FROM_LOSS, &ZENER, &ZENER_TIME, &ACTIVATED, &TWO_PHASE, &SOFTENING, &SOFTENING_TYPE],
};
