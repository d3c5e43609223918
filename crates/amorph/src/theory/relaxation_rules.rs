//! Relaxation times, viscosities and the rules that tie their energies to the glass transition.

use std::f64::consts::{LN_10, TAU};

use super::constants::{BOLTZMANN, GAS};
use super::model::{Argument, GLASS_TEMPERATURE, Model, POSITIVE, SHEAR_MODULUS, TEMPERATURE, argument, output};
use super::references::QIAO;
use super::{Group, TheoryError};

const ENERGY: Argument = argument("energy", "E", "eV", "activation energy", POSITIVE);
const FREQUENCY: Argument = argument("frequency", "f", "Hz", "frequency of the loss peak", POSITIVE);
const ATTEMPT_TIME: Argument =
    argument("attempt_time", "τ0", "s", "relaxation time at infinite temperature, without default", POSITIVE);
const VISCOSITY: Argument = argument("viscosity", "η", "Pa s", "shear viscosity", POSITIVE);
const RELAXATION_TIME: Argument = argument("relaxation_time", "τ", "s", "relaxation time", POSITIVE);
const FRAGILITY: Argument = argument("fragility", "m", "", "slope of log10 η over Tg/T at Tg", POSITIVE);
const VFT_TEMPERATURE: Argument = argument("vft_temperature", "T0", "K", "temperature at which the VFT law diverges", POSITIVE);
const VFT_SLOPE: Argument = argument("vft_slope", "B", "K", "slope of the VFT law", POSITIVE);

static FRAGILITY_FROM_ENERGY: Model = Model {
    id: "fragility_from_energy",
    title: "Fragility from the activation energy at the glass transition",
    summary: "Slope in the Angell plot from the apparent activation energy.",
    equation: "m = E/(kB Tg ln 10)",
    arguments: &[ENERGY, GLASS_TEMPERATURE],
    outputs: &[output("fragility", "m", "", "fragility")],
    validity: "The apparent energy at Tg. 50 to 170 R Tg is m = 21.7 to 73.8.",
    references: &[QIAO],
    covers: &["Q19-2.1-c", "Q19-2.1.1-c", "Q19-4.1-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![fragility_from_energy(a[0], a[1])?]),
};

/// Fragility from the activation energy, `m = E/(kB Tg ln 10)`.
pub fn fragility_from_energy(energy: f64, glass_transition_temperature: f64) -> Result<f64, TheoryError> {
    FRAGILITY_FROM_ENERGY.check(&[energy, glass_transition_temperature])?;
    FRAGILITY_FROM_ENERGY.finite(fragility_of_energy(energy, glass_transition_temperature))
}

/// Fragility of an apparent activation energy at the glass transition; without checks, for arrays.
pub fn fragility_of_energy(energy: f64, glass_transition_temperature: f64) -> f64 {
    energy / (BOLTZMANN * glass_transition_temperature * LN_10)
}

static ENERGY_FROM_FRAGILITY: Model = Model {
    id: "energy_from_fragility",
    title: "Activation energy at the glass transition from the fragility",
    summary: "Apparent activation energy of the supercooled liquid at Tg.",
    equation: "E = m kB Tg ln 10",
    arguments: &[FRAGILITY, GLASS_TEMPERATURE],
    outputs: &[output("energy", "E", "J", "apparent activation energy")],
    validity: "At Tg only; a fragile liquid has no single energy.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-c"],
    variant_of: None,
    evaluate: |a| Ok(vec![energy_from_fragility(a[0], a[1])?]),
};

/// Activation energy from the fragility, `E = m kB Tg ln 10`, J; the inverse of [`fragility_from_energy`].
pub fn energy_from_fragility(fragility: f64, glass_transition_temperature: f64) -> Result<f64, TheoryError> {
    ENERGY_FROM_FRAGILITY.check(&[fragility, glass_transition_temperature])?;
    ENERGY_FROM_FRAGILITY.finite(fragility * BOLTZMANN * glass_transition_temperature * LN_10)
}

static VFT: Model = Model {
    id: "vft_viscosity",
    title: "Viscosity by the Vogel-Fulcher-Tammann law",
    summary: "Viscosity of a supercooled liquid.",
    equation: "η = η0 exp(B/(T - T0))",
    arguments: &[
        VISCOSITY.named("limit_viscosity", "η0", "viscosity at infinite temperature"),
        VFT_SLOPE,
        VFT_TEMPERATURE,
        TEMPERATURE,
    ],
    outputs: &[output("viscosity", "η", "Pa s", "viscosity")],
    validity: "Above T0; used between Tg and 1.2 Tg. Below Tg the glass follows an Arrhenius law.",
    references: &[QIAO],
    covers: &["Q19-2.1-d"],
    variant_of: None,
    evaluate: |a| Ok(vec![vft_viscosity(a[0], a[1], a[2], a[3])?]),
};

fn above_divergence(model: &Model, temperature: f64, vft_temperature: f64) -> Result<(), TheoryError> {
    let ratio = temperature / vft_temperature;
    let reason = "the VFT law diverges there";
    if ratio > 1.0 { Ok(()) } else { Err(model.relation("temperature/vft_temperature", ratio, "above", 1.0, reason)) }
}

/// Viscosity by the Vogel-Fulcher-Tammann law, `η0 exp(B/(T-T0))`, Pa s.
pub fn vft_viscosity(limit_viscosity: f64, vft_slope: f64, vft_temperature: f64, temperature: f64) -> Result<f64, TheoryError> {
    VFT.check(&[limit_viscosity, vft_slope, vft_temperature, temperature])?;
    above_divergence(&VFT, temperature, vft_temperature)?;
    VFT.finite(limit_viscosity * (vft_slope / (temperature - vft_temperature)).exp())
}

static VFT_FRAGILITY: Model = Model {
    id: "vft_fragility",
    title: "Fragility of a VFT law",
    summary: "Slope in the Angell plot of a Vogel-Fulcher-Tammann law.",
    equation: "m = B Tg/(ln 10 (Tg - T0)^2)",
    arguments: &[VFT_SLOPE, VFT_TEMPERATURE, GLASS_TEMPERATURE],
    outputs: &[output("fragility", "m", "", "fragility")],
    validity: "Tg above T0.",
    references: &[QIAO],
    covers: &["Q19-2.1-c", "Q19-2.1-d"],
    variant_of: None,
    evaluate: |a| Ok(vec![vft_fragility(a[0], a[1], a[2])?]),
};

/// Fragility of a VFT law, `B Tg/(ln 10 (Tg-T0)²)`.
pub fn vft_fragility(vft_slope: f64, vft_temperature: f64, glass_transition_temperature: f64) -> Result<f64, TheoryError> {
    VFT_FRAGILITY.check(&[vft_slope, vft_temperature, glass_transition_temperature])?;
    above_divergence(&VFT_FRAGILITY, glass_transition_temperature, vft_temperature)?;
    let distance = glass_transition_temperature - vft_temperature;
    VFT_FRAGILITY.finite(vft_slope * glass_transition_temperature / (LN_10 * distance.powi(2)))
}

static ANGELL: Model = Model {
    id: "angell_viscosity",
    title: "Viscosity from fragility and glass transition",
    summary: "The VFT law that has a given fragility and a given viscosity at Tg and at infinite temperature.",
    equation: "log10(η/η0) = D^2 x/(m - (m - D) x), x = Tg/T, D = log10(η(Tg)/η0)",
    arguments: &[
        FRAGILITY,
        GLASS_TEMPERATURE,
        TEMPERATURE,
        VISCOSITY.named("glass_viscosity", "η(Tg)", "viscosity at the glass transition").or(1e12),
        VISCOSITY.named("limit_viscosity", "η0", "viscosity at infinite temperature"),
    ],
    outputs: &[output("viscosity", "η", "Pa s", "viscosity")],
    validity: "m at least log10(η(Tg)/η0), the value of a strong liquid.",
    references: &[QIAO],
    covers: &["Q19-2.1-f"],
    variant_of: None,
    evaluate: |a| Ok(vec![angell_viscosity(a[0], a[1], a[2], a[3], a[4])?]),
};

/// Viscosity from fragility and glass transition by a VFT law through both, Pa s.
pub fn angell_viscosity(
    fragility: f64,
    glass_transition_temperature: f64,
    temperature: f64,
    glass_viscosity: f64,
    limit_viscosity: f64,
) -> Result<f64, TheoryError> {
    ANGELL.check(&[fragility, glass_transition_temperature, temperature, glass_viscosity, limit_viscosity])?;
    let decades = (glass_viscosity / limit_viscosity).log10();
    if decades <= 0.0 || fragility < decades {
        let reason = "a liquid cannot be stronger than an Arrhenius law between both viscosities";
        return Err(ANGELL.relation(
            "fragility/log10(glass_viscosity/limit_viscosity)",
            fragility / decades,
            "at least",
            1.0,
            reason,
        ));
    }
    // In x = Tg/T: log10 η = log10 η0 + decades² x/(m - (m - decades) x).
    let x = glass_transition_temperature / temperature;
    let denominator = fragility - (fragility - decades) * x;
    if denominator <= 0.0 {
        return Err(ANGELL.relation(
            "Tg/temperature",
            x,
            "below",
            fragility / (fragility - decades),
            "the VFT law diverges there",
        ));
    }
    ANGELL.finite(limit_viscosity * 10f64.powf(decades.powi(2) * x / denominator))
}

static ARRHENIUS_VISCOSITY: Model = Model {
    id: "arrhenius_viscosity",
    title: "Viscosity by an Arrhenius law",
    summary: "Viscosity of a strong liquid, or of a glass below Tg.",
    equation: "η = η0 exp(E/(kB T))",
    arguments: &[VISCOSITY.named("limit_viscosity", "η0", "viscosity at infinite temperature"), ENERGY, TEMPERATURE],
    outputs: &[output("viscosity", "η", "Pa s", "viscosity")],
    validity: "One barrier at all temperatures.",
    references: &[QIAO],
    covers: &["Q19-2.1-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![arrhenius_viscosity(a[0], a[1], a[2])?]),
};

/// Viscosity by an Arrhenius law, `η0 exp(E/kT)`, Pa s.
pub fn arrhenius_viscosity(limit_viscosity: f64, energy: f64, temperature: f64) -> Result<f64, TheoryError> {
    ARRHENIUS_VISCOSITY.check(&[limit_viscosity, energy, temperature])?;
    ARRHENIUS_VISCOSITY.finite(limit_viscosity * (energy / (BOLTZMANN * temperature)).exp())
}

static MAXWELL_TIME: Model = Model {
    id: "maxwell_time",
    title: "Relaxation time from the viscosity",
    summary: "Maxwell relation of a liquid.",
    equation: "τ = η/G",
    arguments: &[VISCOSITY, SHEAR_MODULUS],
    outputs: &[output("relaxation_time", "τ", "s", "relaxation time")],
    validity: "1e12 Pa s and 30 GPa give 33 s: the conventions η(Tg) = 1e12 Pa s and τ(Tg) = 100 s differ by a factor 3.",
    references: &[QIAO],
    covers: &["Q19-2.1-a", "Q19-2.1.1-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![maxwell_time(a[0], a[1])?]),
};

/// Relaxation time from the viscosity, `η/G`, s.
pub fn maxwell_time(viscosity: f64, shear_modulus: f64) -> Result<f64, TheoryError> {
    MAXWELL_TIME.check(&[viscosity, shear_modulus])?;
    MAXWELL_TIME.finite(viscosity / shear_modulus)
}

static MAXWELL_MODULUS: Model = Model {
    id: "maxwell_modulus",
    title: "Modulus that a viscosity and a relaxation time imply",
    summary: "Whether two conventions for the glass transition agree.",
    equation: "G = η/τ",
    arguments: &[VISCOSITY, RELAXATION_TIME],
    outputs: &[output("shear_modulus", "G", "Pa", "shear modulus")],
    validity: "1e12 Pa s and 100 s give 10 GPa; metallic glasses have about 30 GPa.",
    references: &[QIAO],
    covers: &["Q19-2.1-a", "Q19-2.1.1-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![maxwell_modulus(a[0], a[1])?]),
};

/// Modulus that a viscosity and a relaxation time imply, `η/τ`, Pa.
pub fn maxwell_modulus(viscosity: f64, relaxation_time: f64) -> Result<f64, TheoryError> {
    MAXWELL_MODULUS.check(&[viscosity, relaxation_time])?;
    MAXWELL_MODULUS.finite(viscosity / relaxation_time)
}

static ENERGY_IN_RTG: Model = Model {
    id: "energy_from_glass_transition",
    title: "Energy in units of the glass transition",
    summary: "What `x R Tg` is for one event.",
    equation: "E = x kB Tg",
    arguments: &[argument("multiple", "x", "", "energy over R Tg", POSITIVE), GLASS_TEMPERATURE],
    outputs: &[output("energy", "E", "J", "energy of one event"), output("molar_energy", "E", "J/mol", "energy per mole")],
    validity: "α relaxation above Tg: 50 to 170; below Tg: 25 to 50; slow β: 26. 170 R Tg at 700 K is 10.3 eV, beyond the 2 to 8 eV of the review.",
    references: &[QIAO],
    covers: &["Q19-2.1.1-c", "Q19-2.1.1-d"],
    variant_of: None,
    evaluate: |a| energy_from_glass_transition(a[0], a[1]).map(|energy| vec![energy, energy * GAS / BOLTZMANN]),
};

/// Energy in units of the glass transition, `x kB Tg`, J.
pub fn energy_from_glass_transition(multiple: f64, glass_transition_temperature: f64) -> Result<f64, TheoryError> {
    ENERGY_IN_RTG.check(&[multiple, glass_transition_temperature])?;
    ENERGY_IN_RTG.finite(multiple * BOLTZMANN * glass_transition_temperature)
}

static BETA_RULE: Model = Model {
    id: "beta_rule",
    title: "Energy of the slow β relaxation",
    summary: "Activation energy of the slow β relaxation from the glass transition.",
    equation: "Eβ = 26 kB Tg",
    arguments: &[GLASS_TEMPERATURE],
    outputs: &[output("energy", "Eβ", "J", "activation energy"), output("scatter", "ΔEβ", "J", "scatter of the rule, 2 kB Tg")],
    validity: "26 ± 2 over metallic glasses. The printed window of 0.5 to 1.5 eV would need Tg from 223 to 669 K.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![beta_rule(a[0])?, 2.0 * BOLTZMANN * a[0]]),
};

/// Energy of the slow β relaxation, `26 kB Tg`, J; the rule scatters by `2 kB Tg`.
pub fn beta_rule(glass_transition_temperature: f64) -> Result<f64, TheoryError> {
    BETA_RULE.check(&[glass_transition_temperature])?;
    energy_from_glass_transition(26.0, glass_transition_temperature)
}

static GLASS_FROM_BETA: Model = Model {
    id: "glass_transition_from_beta",
    title: "Glass transition that a slow β energy implies",
    summary: "Inverse of the rule 26 R Tg.",
    equation: "Tg = Eβ/(26 kB)",
    arguments: &[ENERGY],
    outputs: &[output("glass_transition_temperature", "Tg", "K", "glass transition temperature")],
    validity: "0.5 eV would need 223 K.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![glass_transition_from_beta(a[0])?]),
};

/// Glass transition that a slow β energy implies, `E/(26 kB)`, K.
pub fn glass_transition_from_beta(energy: f64) -> Result<f64, TheoryError> {
    GLASS_FROM_BETA.check(&[energy])?;
    GLASS_FROM_BETA.finite(energy / (26.0 * BOLTZMANN))
}

static FAST_BETA_RULE: Model = Model {
    id: "fast_beta_rule",
    title: "Energy of the fast β relaxation",
    summary: "Activation energy of the fast β relaxation as a share of that of the slow one.",
    equation: "Eβ' = r Eβ",
    arguments: &[
        ENERGY,
        argument("ratio", "r", "", "0.5 in brittle (Ce, Mg, La), 0.3 in ductile (Zr, Cu, Pd) glasses", POSITIVE),
    ],
    outputs: &[output("fast_energy", "Eβ'", "J", "activation energy of the fast β relaxation")],
    validity: "r = 0.5 is the rule; the ratios of the review correlate with ductility.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-r", "Q19-2.2.3-i"],
    variant_of: None,
    evaluate: |a| Ok(vec![fast_beta_rule(a[0], a[1])?]),
};

/// Energy of the fast β relaxation, `r E`, J.
pub fn fast_beta_rule(energy: f64, ratio: f64) -> Result<f64, TheoryError> {
    FAST_BETA_RULE.check(&[energy, ratio])?;
    FAST_BETA_RULE.finite(ratio * energy)
}

static FAST_BETA_FREQUENCY: Model = Model {
    id: "fast_beta_frequency",
    title: "Angular frequency of the fast β peak",
    summary: "Peak frequency of a thermally activated process from its prefactor.",
    equation: "ω = ω∞ exp(-E/(kB T))",
    arguments: &[
        ENERGY,
        TEMPERATURE,
        argument("prefactor", "ω∞", "1/s", "angular frequency at infinite temperature (2π times one in Hz)", POSITIVE),
    ],
    outputs: &[output("angular_frequency", "ω", "1/s", "angular frequency of the peak")],
    validity: "The review prints a plus sign and 2.7e14 rad/s; with minus and a prefactor of 1e14 Hz, 2π 1e14 exp(-E/kT) = 2.69e14 rad/s.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-p"],
    variant_of: None,
    evaluate: |a| Ok(vec![fast_beta_frequency(a[0], a[1], a[2])?]),
};

/// Angular frequency of the fast β peak, `ω∞ exp(-E/kT)`, 1/s.
pub fn fast_beta_frequency(energy: f64, temperature: f64, prefactor: f64) -> Result<f64, TheoryError> {
    FAST_BETA_FREQUENCY.check(&[energy, temperature, prefactor])?;
    FAST_BETA_FREQUENCY.finite(prefactor * (-energy / (BOLTZMANN * temperature)).exp())
}

static FAST_BETA_PRINTED: Model = Model {
    id: "fast_beta_frequency_printed",
    title: "Angular frequency of the fast β peak, as printed",
    summary: "The form of the review, with the plus sign.",
    equation: "ω = ω∞ exp(+E/(kB T))",
    arguments: FAST_BETA_FREQUENCY.arguments,
    outputs: &[output("angular_frequency", "ω", "1/s", "angular frequency of the peak")],
    validity: "A barrier slows a process: the sign is a slip.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-p"],
    variant_of: Some("fast_beta_frequency"),
    evaluate: |a| Ok(vec![fast_beta_frequency_printed(a[0], a[1], a[2])?]),
};

/// Angular frequency of the fast β peak with the printed sign, `ω∞ exp(+E/kT)`, 1/s.
pub fn fast_beta_frequency_printed(energy: f64, temperature: f64, prefactor: f64) -> Result<f64, TheoryError> {
    FAST_BETA_PRINTED.check(&[energy, temperature, prefactor])?;
    FAST_BETA_PRINTED.finite(prefactor * (energy / (BOLTZMANN * temperature)).exp())
}

static PEAK_FREQUENCY: Model = Model {
    id: "peak_frequency",
    title: "Frequency of a loss peak from its energy",
    summary: "Frequency at which an Arrhenius process peaks.",
    equation: "f = exp(-E/(kB T))/(2π τ0)",
    arguments: &[ENERGY, TEMPERATURE, ATTEMPT_TIME],
    outputs: &[output("frequency", "f", "1/s", "frequency of the loss peak")],
    validity: "Loss peaks at 2π f τ = 1.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-a", "Q19-2.1.2-r"],
    variant_of: None,
    evaluate: |a| Ok(vec![peak_frequency(a[0], a[1], a[2])?]),
};

/// Frequency of a loss peak from its energy, `exp(-E/kT)/(2πτ0)`, Hz.
pub fn peak_frequency(energy: f64, temperature: f64, attempt_time: f64) -> Result<f64, TheoryError> {
    PEAK_FREQUENCY.check(&[energy, temperature, attempt_time])?;
    PEAK_FREQUENCY.finite((-energy / (BOLTZMANN * temperature)).exp() / (TAU * attempt_time))
}

static PEAK_ENERGY: Model = Model {
    id: "peak_energy",
    title: "Energy of a loss peak from its frequency",
    summary: "Activation energy of an Arrhenius process that peaks at a temperature and a frequency.",
    equation: "E = kB T ln(1/(2π f τ0))",
    arguments: &[FREQUENCY, TEMPERATURE, ATTEMPT_TIME],
    outputs: &[output("energy", "E", "J", "activation energy")],
    validity: "2π f τ0 below 1.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-a", "Q19-2.1.2-n"],
    variant_of: None,
    evaluate: |a| Ok(vec![peak_energy(a[0], a[1], a[2])?]),
};

/// Energy of a loss peak from its frequency, `kT ln(1/(2πfτ0))`, J; the inverse of [`peak_frequency`].
pub fn peak_energy(frequency: f64, temperature: f64, attempt_time: f64) -> Result<f64, TheoryError> {
    PEAK_ENERGY.check(&[frequency, temperature, attempt_time])?;
    let phase = TAU * frequency * attempt_time;
    if phase >= 1.0 {
        return Err(PEAK_ENERGY.relation(
            "2 pi frequency attempt_time",
            phase,
            "below",
            1.0,
            "nothing is faster than the attempts",
        ));
    }
    PEAK_ENERGY.finite(-BOLTZMANN * temperature * phase.ln())
}

static ATTEMPT_TIME_OF_PEAK: Model = Model {
    id: "attempt_time_from_peak",
    title: "Attempt time that a loss peak needs",
    summary: "Whether one Arrhenius process can explain a peak: below 1e-16 s it cannot.",
    equation: "τ0 = exp(-E/(kB T))/(2π f)",
    arguments: &[ENERGY, FREQUENCY, TEMPERATURE],
    outputs: &[output("attempt_time", "τ0", "s", "relaxation time at infinite temperature")],
    validity: "1.0 eV at 250 K and 1 Hz needs 1e-21 s, which no vibration has.",
    references: &[QIAO],
    covers: &["Q19-2.1.2-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![attempt_time_from_peak(a[0], a[1], a[2])?]),
};

/// Attempt time that a loss peak needs, `exp(-E/kT)/(2πf)`, s.
pub fn attempt_time_from_peak(energy: f64, frequency: f64, temperature: f64) -> Result<f64, TheoryError> {
    ATTEMPT_TIME_OF_PEAK.check(&[energy, frequency, temperature])?;
    ATTEMPT_TIME_OF_PEAK.finite((-energy / (BOLTZMANN * temperature)).exp() / (TAU * frequency))
}

pub(super) const GROUP: Group = Group {
    id: "relaxation_rules",
    title: "Relaxation: times, viscosities and energies",
    summary: "Relaxation times, viscosities and the rules that tie their energies to the glass transition.",
    models: &[
        &FRAGILITY_FROM_ENERGY,
        &ENERGY_FROM_FRAGILITY,
        &VFT,
        &VFT_FRAGILITY,
        &ANGELL,
        &ARRHENIUS_VISCOSITY,
        &MAXWELL_TIME,
        &MAXWELL_MODULUS,
        &ENERGY_IN_RTG,
        &BETA_RULE,
        &GLASS_FROM_BETA,
        &FAST_BETA_RULE,
        &FAST_BETA_FREQUENCY,
        &FAST_BETA_PRINTED,
        &PEAK_FREQUENCY,
        &PEAK_ENERGY,
        &ATTEMPT_TIME_OF_PEAK,
    ],
};
