//! Relaxation functions in time and frequency, their loss peaks, and the moduli they make.
//!
//! Susceptibilities are normalised, `χ = χ' - iχ''` with `χ(0) = 1`; `x = ωτ` is angular frequency times relaxation time.

mod stretched;

use std::f64::consts::{FRAC_PI_2, PI};

use super::model::{ANY, Argument, Model, NOT_NEGATIVE, POSITIVE, Range, STRETCHING, argument, between, output};
use super::numerics::root;
use super::references::QIAO;
use super::{Group, Output, TheoryError};
use stretched::Complex;

const PHASE: Argument = argument("phase", "ωτ", "", "angular frequency times relaxation time", POSITIVE);
const BETA: Argument = argument("stretching_exponent", "β", "", "stretching exponent", STRETCHING);
/// The transform is tested from here on.
const BETA_TESTED: Argument = Argument { range: between(0.1, 1.0), ..BETA };
const ALPHA: Argument = argument("width_exponent", "α", "", "exponent of the low-frequency wing", STRETCHING);
const GAMMA: Argument = argument("asymmetry_exponent", "γ", "", "exponent of the asymmetry; α γ at most 1", POSITIVE);
const TIME: Argument = argument("time", "t", "s", "time", NOT_NEGATIVE);
const RELAXATION_TIME: Argument = argument("relaxation_time", "τ", "s", "relaxation time", POSITIVE);
const FREQUENCY: Argument = argument("angular_frequency", "ω", "1/s", "angular frequency, 2π times one in Hz", POSITIVE);
const MODULUS: Argument = argument("modulus", "M", "GPa", "modulus", POSITIVE);
const SPECTRUM: &[Output] =
    &[output("storage", "χ'", "", "real part"), output("loss", "χ''", "", "loss: minus the imaginary part")];
const PEAK: &[Output] = &[
    output("position", "ωτ at the peak", "", "angular frequency of the peak times relaxation time"),
    output("height", "max χ''", "", "height of the peak"),
    output("width", "FWHM", "", "full width at half height, decades of frequency"),
];

/// Real part and loss of a susceptibility, `χ = χ' - iχ''`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Susceptibility {
    /// `χ'`.
    pub storage: f64,
    /// `χ''`.
    pub loss: f64,
}

impl Susceptibility {
    fn values(self) -> Vec<f64> {
        vec![self.storage, self.loss]
    }
}

/// A loss peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossPeak {
    /// `ωτ` at the peak.
    pub position: f64,
    /// Height.
    pub height: f64,
    /// Full width at half height, decades.
    pub width: f64,
}

impl LossPeak {
    fn values(self) -> Vec<f64> {
        vec![self.position, self.height, self.width]
    }

    /// Height and width of a peak whose position is known.
    fn around(position: f64, loss: impl Fn(f64) -> f64) -> Option<Self> {
        const DECADES: f64 = 60.0;
        let height = loss(position);
        let excess = |decades: f64| loss(position * 10f64.powf(decades)) - 0.5 * height;
        let width = root(excess, 0.0, DECADES)? - root(excess, -DECADES, 0.0)?;
        Some(Self { position, height, width })
    }
}

static KWW_RELAXATION: Model = Model {
    id: "kww_relaxation",
    title: "Stretched exponential in time",
    summary: "Relaxation function of Kohlrausch, Williams and Watts.",
    equation: "φ = exp(-(t/τ)^β)",
    arguments: &[TIME, RELAXATION_TIME, BETA],
    outputs: &[output("relaxation", "φ", "", "relaxation function")],
    validity: "0 < β <= 1; about 0.5 for the α relaxation of metallic glasses.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-h", "Q19-2.1-h"],
    variant_of: None,
    evaluate: |a| Ok(vec![kww_relaxation(a[0], a[1], a[2])?]),
};

/// Stretched exponential in time, `exp(-(t/τ)^β)`.
pub fn kww_relaxation(time: f64, relaxation_time: f64, stretching_exponent: f64) -> Result<f64, TheoryError> {
    KWW_RELAXATION.check(&[time, relaxation_time, stretching_exponent])?;
    Ok((-(time / relaxation_time).powf(stretching_exponent)).exp())
}

static KWW_SPECTRUM: Model = Model {
    id: "kww_spectrum",
    title: "Stretched exponential in frequency",
    summary: "Susceptibility of the stretched exponential, to twelve digits of its loss.",
    equation: "χ = ∫_0^∞ (-dφ/dt) exp(-iωt) dt = χ' - iχ'', φ = exp(-(t/τ)^β)",
    arguments: &[PHASE, BETA_TESTED],
    outputs: SPECTRUM,
    validity: "0.1 <= β <= 1. Slopes of the loss: +1 at low, -β at high frequency.",
    references: &[QIAO, "Trefethen and Weideman, SIAM Rev. 56, 385 (2014)"],
    covers: &["Q19-2.1.1-e"],
    variant_of: None,
    evaluate: |a| Ok(kww_spectrum(a[0], a[1])?.values()),
};

/// Stretched exponential in frequency at `ωτ = phase`.
pub fn kww_spectrum(phase: f64, stretching_exponent: f64) -> Result<Susceptibility, TheoryError> {
    KWW_SPECTRUM.check(&[phase, stretching_exponent])?;
    let Complex { re, im } = stretched::susceptibility(stretching_exponent, phase);
    Ok(Susceptibility { storage: KWW_SPECTRUM.finite(re)?, loss: KWW_SPECTRUM.finite(im)? })
}

static KWW_PEAK: Model = Model {
    id: "kww_loss_peak",
    title: "Loss peak of the stretched exponential",
    summary: "Position, height and width of the loss peak.",
    equation: "dχ''/dω = 0; χ'' = max χ''/2 at both ends of the width",
    arguments: &[BETA_TESTED],
    outputs: PEAK,
    validity: "0.1 <= β <= 1. β = 0.5: ωτ = 0.7370, height 0.2735, width 2.189 decades.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-e", "Q19-2.1.1-k"],
    variant_of: None,
    evaluate: |a| Ok(kww_loss_peak(a[0])?.values()),
};

/// Loss peak of the stretched exponential.
pub fn kww_loss_peak(stretching_exponent: f64) -> Result<LossPeak, TheoryError> {
    KWW_PEAK.check(&[stretching_exponent])?;
    let beta = stretching_exponent;
    let logarithm = root(|x| stretched::loss_slope(beta, x.exp()), -20.0, 10.0).map_or(f64::NAN, f64::exp);
    let peak = LossPeak::around(logarithm, |phase| stretched::susceptibility(beta, phase).im);
    peak.ok_or(TheoryError::Overflow { model: KWW_PEAK.id, output: "width" })
}

static HN_SPECTRUM: Model = Model {
    id: "havriliak_negami_spectrum",
    title: "Havriliak-Negami susceptibility",
    summary: "Susceptibility with a width and an asymmetry.",
    equation: "χ = (1 + (iωτ)^α)^(-γ) = χ' - iχ''",
    arguments: &[PHASE, ALPHA, GAMMA],
    outputs: SPECTRUM,
    validity: "0 < α <= 1, 0 < α γ <= 1. Metallic glasses: α = 0.95, γ = 0.41.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-f", "Q19-2.1.1-j"],
    variant_of: None,
    evaluate: |a| Ok(havriliak_negami_spectrum(a[0], a[1], a[2])?.values()),
};

fn product_allowed(model: &Model, alpha: f64, gamma: f64) -> Result<(), TheoryError> {
    let product = alpha * gamma;
    let reason = "the loss cannot fall faster than 1/frequency";
    if product <= 1.0 {
        Ok(())
    } else {
        Err(model.relation("width_exponent asymmetry_exponent", product, "at most", 1.0, reason))
    }
}

/// Havriliak-Negami susceptibility, `(1 + (iωτ)^α)^(-γ)`.
pub fn havriliak_negami_spectrum(
    phase: f64,
    width_exponent: f64,
    asymmetry_exponent: f64,
) -> Result<Susceptibility, TheoryError> {
    HN_SPECTRUM.check(&[phase, width_exponent, asymmetry_exponent])?;
    product_allowed(&HN_SPECTRUM, width_exponent, asymmetry_exponent)?;
    Ok(negami(phase, width_exponent, asymmetry_exponent))
}

/// The loss from its own phase, not as a difference, so that the low-frequency wing keeps its digits.
fn negami(phase: f64, alpha: f64, gamma: f64) -> Susceptibility {
    let power = phase.powf(alpha);
    let (sin, cos) = (alpha * FRAC_PI_2).sin_cos();
    let (re, im) = (1.0 + power * cos, power * sin);
    let (modulus, angle) = (re.hypot(im).powf(-gamma), gamma * im.atan2(re));
    Susceptibility { storage: modulus * angle.cos(), loss: modulus * angle.sin() }
}

static COLE_COLE: Model = Model {
    id: "cole_cole_spectrum",
    title: "Cole-Cole susceptibility",
    summary: "Symmetric broadening: Havriliak-Negami with γ = 1.",
    equation: "χ = 1/(1 + (iωτ)^α)",
    arguments: &[PHASE, ALPHA],
    outputs: SPECTRUM,
    validity: "Symmetric; the α peak of metallic glasses is not.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-f"],
    variant_of: Some("havriliak_negami_spectrum"),
    evaluate: |a| Ok(cole_cole_spectrum(a[0], a[1])?.values()),
};

/// Cole-Cole susceptibility, `1/(1 + (iωτ)^α)`.
pub fn cole_cole_spectrum(phase: f64, width_exponent: f64) -> Result<Susceptibility, TheoryError> {
    COLE_COLE.check(&[phase, width_exponent])?;
    Ok(negami(phase, width_exponent, 1.0))
}

static COLE_DAVIDSON: Model = Model {
    id: "cole_davidson_spectrum",
    title: "Cole-Davidson susceptibility",
    summary: "Broadening on the high-frequency side only: Havriliak-Negami with α = 1.",
    equation: "χ = (1 + iωτ)^(-γ)",
    arguments: &[PHASE, Argument { range: STRETCHING, ..GAMMA }],
    outputs: SPECTRUM,
    validity: "0 < γ <= 1.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-f"],
    variant_of: Some("havriliak_negami_spectrum"),
    evaluate: |a| Ok(cole_davidson_spectrum(a[0], a[1])?.values()),
};

/// Cole-Davidson susceptibility, `(1 + iωτ)^(-γ)`.
pub fn cole_davidson_spectrum(phase: f64, asymmetry_exponent: f64) -> Result<Susceptibility, TheoryError> {
    COLE_DAVIDSON.check(&[phase, asymmetry_exponent])?;
    Ok(negami(phase, 1.0, asymmetry_exponent))
}

static DEBYE: Model = Model {
    id: "debye_spectrum",
    title: "Debye susceptibility",
    summary: "One relaxation time.",
    equation: "χ = 1/(1 + iωτ)",
    arguments: &[PHASE],
    outputs: SPECTRUM,
    validity: "Peak at ωτ = 1, height 1/2, width 1.144 decades.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-f", "Q19-2.1.1-j"],
    variant_of: Some("havriliak_negami_spectrum"),
    evaluate: |a| Ok(debye_spectrum(a[0])?.values()),
};

/// Debye susceptibility, `1/(1 + iωτ)`.
pub fn debye_spectrum(phase: f64) -> Result<Susceptibility, TheoryError> {
    DEBYE.check(&[phase])?;
    Ok(negami(phase, 1.0, 1.0))
}

static HN_PEAK: Model = Model {
    id: "havriliak_negami_loss_peak",
    title: "Loss peak of Havriliak and Negami",
    summary: "Position, height and width of the loss peak.",
    equation: "ωτ = (sin(π α/(2 + 2γ))/sin(π α γ/(2 + 2γ)))^(1/α)",
    arguments: &[ALPHA, GAMMA],
    outputs: PEAK,
    validity: "0 < α <= 1, 0 < α γ <= 1. For 0.95/0.41: ωτ = 2.154, width 1.90 decades.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-f"],
    variant_of: None,
    evaluate: |a| Ok(havriliak_negami_loss_peak(a[0], a[1])?.values()),
};

/// Loss peak of Havriliak and Negami.
pub fn havriliak_negami_loss_peak(width_exponent: f64, asymmetry_exponent: f64) -> Result<LossPeak, TheoryError> {
    let (alpha, gamma) = (width_exponent, asymmetry_exponent);
    HN_PEAK.check(&[alpha, gamma])?;
    product_allowed(&HN_PEAK, alpha, gamma)?;
    let sine = |factor: f64| (PI * alpha * factor / (2.0 + 2.0 * gamma)).sin();
    let position = HN_PEAK.finite((sine(1.0) / sine(gamma)).powf(1.0 / alpha))?;
    let peak = LossPeak::around(position, |phase| negami(phase, alpha, gamma).loss);
    peak.ok_or(TheoryError::Overflow { model: HN_PEAK.id, output: "width" })
}

static HN_WINGS: Model = Model {
    id: "havriliak_negami_wings",
    title: "Wings of the Havriliak-Negami loss",
    summary: "Exponents of the loss far below and far above the peak.",
    equation: "χ'' ~ (ωτ)^α below, (ωτ)^(-α γ) above",
    arguments: &[ALPHA, GAMMA],
    outputs: &[
        output("low_frequency_exponent", "α", "", "slope below the peak"),
        output("high_frequency_exponent", "α γ", "", "minus the slope above the peak"),
    ],
    validity: "0.95/0.41 gives 0.39; the review says 0.4 to 0.5.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-g"],
    variant_of: None,
    evaluate: |a| Ok(vec![a[0], high_frequency_exponent(a[0], a[1])?]),
};

/// Minus the slope of the Havriliak-Negami loss above its peak, `α γ`.
pub fn high_frequency_exponent(width_exponent: f64, asymmetry_exponent: f64) -> Result<f64, TheoryError> {
    HN_WINGS.check(&[width_exponent, asymmetry_exponent])?;
    product_allowed(&HN_WINGS, width_exponent, asymmetry_exponent)?;
    Ok(width_exponent * asymmetry_exponent)
}

const ALVAREZ: &str = "Alvarez, Alegría, Colmenero, Phys. Rev. B 44, 7306 (1991)";
const PRODUCT: Argument = argument("product", "α γ", "", "product of both exponents of Havriliak and Negami", STRETCHING);

static KWW_FROM_HN: Model = Model {
    id: "stretching_from_havriliak_negami",
    title: "Stretching exponent of a Havriliak-Negami shape",
    summary: "The stretched exponential closest to a Havriliak-Negami peak.",
    equation: "β = (α γ)^(1/1.23)",
    arguments: &[PRODUCT],
    outputs: &[output("stretching_exponent", "β", "", "stretching exponent")],
    validity: "An empirical relation; 0.39 gives 0.465.",
    references: &[QIAO, ALVAREZ],
    covers: &["Q19-2.1.1-i"],
    variant_of: None,
    evaluate: |a| Ok(vec![stretching_from_havriliak_negami(a[0])?]),
};

/// Stretching exponent of a Havriliak-Negami shape, `(αγ)^(1/1.23)`.
pub fn stretching_from_havriliak_negami(product: f64) -> Result<f64, TheoryError> {
    KWW_FROM_HN.check(&[product])?;
    Ok(product.powf(1.0 / 1.23))
}

static HN_FROM_KWW: Model = Model {
    id: "havriliak_negami_from_stretching",
    title: "Havriliak-Negami exponents of a stretched exponential",
    summary: "Product of the exponents that is closest to a stretched exponential.",
    equation: "α γ = β^1.23",
    arguments: &[BETA],
    outputs: &[output("product", "α γ", "", "product of both exponents")],
    validity: "An empirical relation; 0.5 gives 0.426.",
    references: &[QIAO, ALVAREZ],
    covers: &["Q19-2.1.1-i"],
    variant_of: None,
    evaluate: |a| Ok(vec![havriliak_negami_from_stretching(a[0])?]),
};

/// Product of the Havriliak-Negami exponents of a stretched exponential, `β^1.23`.
pub fn havriliak_negami_from_stretching(stretching_exponent: f64) -> Result<f64, TheoryError> {
    HN_FROM_KWW.check(&[stretching_exponent])?;
    Ok(stretching_exponent.powf(1.23))
}

static MAXWELL_MODULI: Model = Model {
    id: "maxwell_moduli",
    title: "Storage and loss modulus of a Maxwell liquid",
    summary: "One relaxation time, no modulus at rest.",
    equation: "E' = E x^2/(1 + x^2), E'' = E x/(1 + x^2), x = ωτ",
    arguments: &[MODULUS.named("modulus", "E", "modulus at high frequency"), FREQUENCY, RELAXATION_TIME],
    outputs: &[output("storage_modulus", "E'", "Pa", "storage modulus"), output("loss_modulus", "E''", "Pa", "loss modulus")],
    validity: "One relaxation time.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-n"],
    variant_of: None,
    evaluate: |a| maxwell_moduli(a[0], a[1], a[2]).map(|(storage, loss)| vec![storage, loss]),
};

/// Storage and loss modulus of a Maxwell liquid, Pa.
pub fn maxwell_moduli(modulus: f64, angular_frequency: f64, relaxation_time: f64) -> Result<(f64, f64), TheoryError> {
    MAXWELL_MODULI.check(&[modulus, angular_frequency, relaxation_time])?;
    let x = angular_frequency * relaxation_time;
    // By 1/x above one, so that no square overflows.
    let (storage, loss) =
        if x > 1.0 { (1.0 / (1.0 + x.powi(-2)), 1.0 / (x + 1.0 / x)) } else { (x * x / (1.0 + x * x), x / (1.0 + x * x)) };
    Ok((modulus * storage, modulus * loss))
}

static MODULUS_FROM_CHI: Model = Model {
    id: "complex_modulus",
    title: "Complex modulus from the susceptibility",
    summary: "Storage and loss modulus of a solid that relaxes from one modulus to a lower one.",
    equation: "M' = Mu - ΔM χ', M'' = ΔM χ''",
    arguments: &[
        MODULUS.named("unrelaxed_modulus", "Mu", "unrelaxed modulus"),
        MODULUS.named("relaxation_strength", "ΔM", "relaxation strength, at most Mu"),
        argument("storage", "χ'", "", "real part of the susceptibility", ANY),
        argument("loss", "χ''", "", "loss of the susceptibility", NOT_NEGATIVE),
    ],
    outputs: &[output("storage_modulus", "M'", "Pa", "storage modulus"), output("loss_modulus", "M''", "Pa", "loss modulus")],
    validity: "ΔM at most Mu.",
    references: &[QIAO],
    covers: &["Q19-2.1-i"],
    variant_of: None,
    evaluate: |a| complex_modulus(a[0], a[1], a[2], a[3]).map(|(storage, loss)| vec![storage, loss]),
};

/// Complex modulus from the susceptibility, `M' = Mu - ΔM χ'`, `M'' = ΔM χ''`, Pa.
pub fn complex_modulus(
    unrelaxed_modulus: f64,
    relaxation_strength: f64,
    storage: f64,
    loss: f64,
) -> Result<(f64, f64), TheoryError> {
    MODULUS_FROM_CHI.check(&[unrelaxed_modulus, relaxation_strength, storage, loss])?;
    let share = relaxation_strength / unrelaxed_modulus;
    if share > 1.0 {
        let reason = "no more than the modulus can relax";
        return Err(MODULUS_FROM_CHI.relation("relaxation_strength/unrelaxed_modulus", share, "at most", 1.0, reason));
    }
    Ok((unrelaxed_modulus - relaxation_strength * storage, relaxation_strength * loss))
}

static COMPLIANCE: Model = Model {
    id: "compliance_from_modulus",
    title: "Compliance from the modulus",
    summary: "Storage and loss compliance from storage and loss modulus.",
    equation: "J' = M'/|M|^2, J'' = M''/|M|^2, tan δ = M''/M'",
    arguments: &[
        MODULUS.named("storage_modulus", "M'", "storage modulus"),
        Argument { range: NOT_NEGATIVE, ..MODULUS.named("loss_modulus", "M''", "loss modulus") },
    ],
    outputs: &[
        output("storage_compliance", "J'", "1/Pa", "storage compliance"),
        output("loss_compliance", "J''", "1/Pa", "loss compliance"),
        output("internal_friction", "tan δ", "", "internal friction"),
    ],
    validity: "Linear viscoelasticity.",
    references: &[QIAO],
    covers: &["Q19-2.1-j", "Q19-2.1-k"],
    variant_of: None,
    evaluate: |a| {
        let (storage, loss) = compliance_from_modulus(a[0], a[1])?;
        Ok(vec![storage, loss, internal_friction(a[0], a[1])?])
    },
};

/// Storage and loss compliance from storage and loss modulus, 1/Pa.
pub fn compliance_from_modulus(storage_modulus: f64, loss_modulus: f64) -> Result<(f64, f64), TheoryError> {
    COMPLIANCE.check(&[storage_modulus, loss_modulus])?;
    let square = storage_modulus.powi(2) + loss_modulus.powi(2);
    Ok((COMPLIANCE.finite(storage_modulus / square)?, COMPLIANCE.finite(loss_modulus / square)?))
}

/// Internal friction, `tan δ = M''/M'`.
pub fn internal_friction(storage_modulus: f64, loss_modulus: f64) -> Result<f64, TheoryError> {
    COMPLIANCE.check(&[storage_modulus, loss_modulus])?;
    COMPLIANCE.finite(loss_modulus / storage_modulus)
}

static RELAXATION_MODULUS: Model = Model {
    id: "relaxation_modulus",
    title: "Relaxation modulus from the relaxation function",
    summary: "Stress over strain while a step of strain relaxes.",
    equation: "M = (Δσ φ + σr)/ε",
    arguments: &[
        argument("relaxing_stress", "Δσ", "MPa", "stress that relaxes", NOT_NEGATIVE),
        argument("relaxation", "φ", "", "relaxation function, 1 to 0", between(0.0, 1.0)),
        argument("residual_stress", "σr", "MPa", "stress that stays", NOT_NEGATIVE),
        argument("strain", "ε", "%", "strain that is held", POSITIVE),
    ],
    outputs: &[output("modulus", "M", "Pa", "relaxation modulus")],
    validity: "Linear: the modulus does not depend on the strain.",
    references: &[QIAO],
    covers: &["Q19-2.1-h"],
    variant_of: None,
    evaluate: |a| Ok(vec![relaxation_modulus(a[0], a[1], a[2], a[3])?]),
};

/// Relaxation modulus, `(Δσ φ + σr)/ε`, Pa.
pub fn relaxation_modulus(
    relaxing_stress: f64,
    relaxation: f64,
    residual_stress: f64,
    strain: f64,
) -> Result<f64, TheoryError> {
    RELAXATION_MODULUS.check(&[relaxing_stress, relaxation, residual_stress, strain])?;
    RELAXATION_MODULUS.finite((relaxing_stress * relaxation + residual_stress) / strain)
}

static DOUBLE_WELL: Model = Model {
    id: "asymmetric_double_well",
    title: "β relaxation of asymmetric double wells",
    summary: "Relaxation time and loss of events between two wells of different depth.",
    equation: "τβ = τ0 exp((2U + Δ)/(2 kB T)) sech(Δ/(2 kB T)), G''max = G0'' sech^2(Δ/(2 kB T))",
    arguments: &[
        argument("barrier", "U", "eV", "smaller barrier between the wells", POSITIVE),
        argument("asymmetry", "Δ", "eV", "difference of the depths", POSITIVE),
        super::model::TEMPERATURE,
        argument("attempt_time", "τ0", "s", "relaxation time at infinite temperature", POSITIVE),
        MODULUS.named("loss_scale", "G0''", "loss modulus of symmetric wells"),
    ],
    outputs: &[
        output("relaxation_time", "τβ", "s", "relaxation time"),
        output("loss_modulus", "G''max", "Pa", "loss modulus at the peak"),
        output(
            "slope",
            "a",
            "",
            "-d ln τβ/d ln G''max while only the asymmetry changes in proportion to the barrier: U/Δ for large Δ",
        ),
    ],
    validity: "Equations dropped from the text of the review and rebuilt (Dyre-Olsen form). Ageing along U/Δ = const gives a of about 2.",
    references: &[QIAO, "Dyre and Olsen, Phys. Rev. Lett. 91, 155703 (2003)"],
    covers: &["Q19-2.1.2-j", "Q19-2.1.2-k"],
    variant_of: None,
    evaluate: |a| {
        asymmetric_double_well(a[0], a[1], a[2], a[3], a[4]).map(|w| vec![w.relaxation_time, w.loss_modulus, w.slope])
    },
};

/// Relaxation of asymmetric double wells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DoubleWell {
    /// Relaxation time, s.
    pub relaxation_time: f64,
    /// Loss modulus at the peak, Pa.
    pub loss_modulus: f64,
    /// `-d ln τ/d ln G''` along constant `U/Δ`; `U/Δ` in the limit of large asymmetry.
    pub slope: f64,
}

/// β relaxation of asymmetric double wells.
pub fn asymmetric_double_well(
    barrier: f64,
    asymmetry: f64,
    temperature: f64,
    attempt_time: f64,
    loss_scale: f64,
) -> Result<DoubleWell, TheoryError> {
    DOUBLE_WELL.check(&[barrier, asymmetry, temperature, attempt_time, loss_scale])?;
    let thermal = super::constants::BOLTZMANN * temperature;
    let half = asymmetry / (2.0 * thermal);
    // exp(Δ/2kT) sech(Δ/2kT) = 2/(1 + exp(-Δ/kT)).
    let relaxation_time = DOUBLE_WELL.finite(attempt_time * (barrier / thermal).exp() * 2.0 / (1.0 + (-2.0 * half).exp()))?;
    let sech = 2.0 * (-half).exp() / (1.0 + (-2.0 * half).exp());
    let time_slope = barrier / thermal + half * (1.0 - half.tanh());
    let slope = time_slope / (2.0 * half * half.tanh());
    Ok(DoubleWell { relaxation_time, loss_modulus: loss_scale * sech.powi(2), slope: DOUBLE_WELL.finite(slope)? })
}

/// Range of a stretching exponent in which the transform is tested.
pub const TESTED_STRETCHING: Range = BETA_TESTED.range;

pub(super) const GROUP: Group = Group {
    id: "viscoelastic_functions",
    title: "Viscoelastic functions",
    summary: "Relaxation functions in time and frequency, their loss peaks, and the moduli they make.",
    models: &[
        &KWW_RELAXATION,
        &KWW_SPECTRUM,
        &KWW_PEAK,
        &HN_SPECTRUM,
        &COLE_COLE,
        &COLE_DAVIDSON,
        &DEBYE,
        &HN_PEAK,
        &HN_WINGS,
        &KWW_FROM_HN,
        &HN_FROM_KWW,
        &MAXWELL_MODULI,
        &MODULUS_FROM_CHI,
        &COMPLIANCE,
        &RELAXATION_MODULUS,
        &DOUBLE_WELL,
    ],
};
