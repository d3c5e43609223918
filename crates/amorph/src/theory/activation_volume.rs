//! Activation volumes, their distribution, and the zones of shear they stand for.

use super::constants::BOLTZMANN;
use super::model::{Argument, Model, NOT_NEGATIVE, POSITIVE, SHARE, TEMPERATURE, argument, output};
use super::references::{IDRISSI, JOHNSON_SAMWER, YANG};
use super::{Group, TheoryError};

const VOLUME: Argument = argument("volume", "V", "A^3", "activation volume", POSITIVE);
const MEAN_FREE_VOLUME: Argument = argument("mean_free_volume", "Vf", "A^3", "mean free volume of the cells", POSITIVE);
const CRITICAL_VOLUME: Argument =
    argument("critical_volume", "Vc", "A^3", "smallest volume of a liquid-like cell", NOT_NEGATIVE);
const LIQUID_SHARE: Argument = argument("liquid_like_fraction", "pLLR", "", "share of liquid-like regions", SHARE);
const SHEAR_STRESS: Argument = argument("shear_stress", "τ", "MPa", "shear stress (half the uniaxial stress)", NOT_NEGATIVE);
const STRESS: Argument = argument("stress", "σ", "GPa", "flow stress in the same sense as the Taylor factor", POSITIVE);
const SENSITIVITY: Argument =
    argument("rate_sensitivity", "m", "", "strain-rate sensitivity d ln σ/d ln (strain rate)", POSITIVE);
const TAYLOR_FACTOR: Argument = argument(
    "taylor_factor",
    "M",
    "",
    "flow stress over shear stress: sqrt(3) for a glass (von Mises), 3.06 for a polycrystal, 1 for shear",
    POSITIVE,
);
const TIME: Argument = argument("time", "t", "h", "time since release", POSITIVE);
const LOG_STRAIN: Argument =
    argument("log_strain", "A1/L", "", "slope of the displacement over ln t, per gauge length", POSITIVE);

static DENSITY: Model = Model {
    id: "activation_volume_density",
    title: "Distribution of activation volumes",
    summary: "Density of activation volumes of liquid-like cells (Cohen and Grest).",
    equation: "f(V) = (pLLR/Vf) exp(-(V - Vc)/Vf), V >= Vc",
    arguments: &[VOLUME, MEAN_FREE_VOLUME, CRITICAL_VOLUME, LIQUID_SHARE],
    outputs: &[output("density", "f", "1/m^3", "density of activation volumes")],
    validity: "V at least Vc.",
    references: &[YANG],
    covers: &["Y12-22"],
    variant_of: None,
    evaluate: |a| Ok(vec![activation_volume_density(a[0], a[1], a[2], a[3])?]),
};

fn above_critical(model: &Model, volume: f64, critical_volume: f64, mean_free_volume: f64) -> Result<(), TheoryError> {
    let excess = (volume - critical_volume) / mean_free_volume;
    let reason = "smaller cells are not liquid-like";
    if excess >= 0.0 {
        Ok(())
    } else {
        Err(model.relation("(volume - critical_volume)/mean_free_volume", excess, "at least", 0.0, reason))
    }
}

/// Density of activation volumes, `f = (pLLR/Vf) exp(-(V-Vc)/Vf)`, 1/m^3.
pub fn activation_volume_density(
    volume: f64,
    mean_free_volume: f64,
    critical_volume: f64,
    liquid_like_fraction: f64,
) -> Result<f64, TheoryError> {
    DENSITY.check(&[volume, mean_free_volume, critical_volume, liquid_like_fraction])?;
    above_critical(&DENSITY, volume, critical_volume, mean_free_volume)?;
    DENSITY.finite(liquid_like_fraction / mean_free_volume * (-(volume - critical_volume) / mean_free_volume).exp())
}

static PROBABILITY: Model = Model {
    id: "activation_probability",
    title: "Probability of activation beyond a volume",
    summary: "Net transitions of all cells larger than a volume, linear in stress, and its share of all transitions.",
    equation: "P(>=V) = (pLLR τ Vf exp(Vc/Vf)/(kB T)) (1 + V/Vf) exp(-V/Vf)",
    arguments: &[VOLUME, MEAN_FREE_VOLUME, CRITICAL_VOLUME, LIQUID_SHARE, SHEAR_STRESS, TEMPERATURE],
    outputs: &[
        output("probability", "P", "", "net transitions of cells at least as large"),
        output("normalised", "P/P(Vc)", "", "share of all net transitions"),
    ],
    validity: "V at least Vc; equals the integral of (τV/kT) f(V). P is a probability only while τV/kT is small.",
    references: &[YANG],
    covers: &["Y12-23", "Y12-35"],
    variant_of: None,
    evaluate: |a| activation_probability(a[0], a[1], a[2], a[3], a[4], a[5]).map(|p| vec![p.probability, p.normalised]),
};

/// Net transitions of cells beyond a volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ActivationProbability {
    /// `P(>=V)`.
    pub probability: f64,
    /// Over that of all cells, `P/P(Vc)`.
    pub normalised: f64,
}

/// Probability of activation beyond a volume (Yang et al., eq. 4).
pub fn activation_probability(
    volume: f64,
    mean_free_volume: f64,
    critical_volume: f64,
    liquid_like_fraction: f64,
    shear_stress: f64,
    temperature: f64,
) -> Result<ActivationProbability, TheoryError> {
    let given = [volume, mean_free_volume, critical_volume, liquid_like_fraction, shear_stress, temperature];
    PROBABILITY.check(&given)?;
    above_critical(&PROBABILITY, volume, critical_volume, mean_free_volume)?;
    let (x, xc) = (volume / mean_free_volume, critical_volume / mean_free_volume);
    let scale = liquid_like_fraction * shear_stress * mean_free_volume / (BOLTZMANN * temperature);
    let probability = PROBABILITY.finite(scale * (1.0 + x) * (xc - x).exp())?;
    Ok(ActivationProbability { probability, normalised: (1.0 + x) / (1.0 + xc) * (xc - x).exp() })
}

static ACTIVATION_VOLUME: Model = Model {
    id: "activation_volume",
    title: "Activation volume from the rate sensitivity",
    summary: "Apparent activation volume of plastic flow.",
    equation: "V = M kB T/(m σ)",
    arguments: &[SENSITIVITY, STRESS, TEMPERATURE, TAYLOR_FACTOR],
    outputs: &[output("activation_volume", "V", "m^3", "activation volume")],
    validity: "m = 0.03 at 3.25 GPa gives 73 Å^3 with sqrt(3) and 129 Å^3 with 3.06: the 100 to 200 Å^3 of Idrissi et al. need the Taylor \
               factor of a polycrystal, which they do not state.",
    references: &[IDRISSI],
    covers: &["I19-08", "I19-09"],
    variant_of: None,
    evaluate: |a| Ok(vec![activation_volume(a[0], a[1], a[2], a[3])?]),
};

/// Activation volume from the rate sensitivity, `V = M kT/(mσ)`, m^3.
pub fn activation_volume(rate_sensitivity: f64, stress: f64, temperature: f64, taylor_factor: f64) -> Result<f64, TheoryError> {
    ACTIVATION_VOLUME.check(&[rate_sensitivity, stress, temperature, taylor_factor])?;
    ACTIVATION_VOLUME.finite(taylor_factor * BOLTZMANN * temperature / (rate_sensitivity * stress))
}

static RATE_SENSITIVITY: Model = Model {
    id: "rate_sensitivity",
    title: "Rate sensitivity from two tests",
    summary: "Strain-rate sensitivity from two stresses and their strain rates.",
    equation: "m = ln(σ2/σ1)/ln(r2/r1)",
    arguments: &[
        STRESS.named("stress", "σ1", "first stress"),
        STRESS.named("new_stress", "σ2", "second stress"),
        argument("rate", "r1", "1/s", "first strain rate", POSITIVE),
        argument("new_rate", "r2", "1/s", "second strain rate", POSITIVE),
    ],
    outputs: &[output("rate_sensitivity", "m", "", "strain-rate sensitivity")],
    validity: "The rates must differ.",
    references: &[IDRISSI],
    covers: &["I19-08"],
    variant_of: None,
    evaluate: |a| Ok(vec![rate_sensitivity(a[0], a[1], a[2], a[3])?]),
};

/// Rate sensitivity from two tests, `m = ln(σ2/σ1)/ln(r2/r1)`.
pub fn rate_sensitivity(stress: f64, new_stress: f64, rate: f64, new_rate: f64) -> Result<f64, TheoryError> {
    RATE_SENSITIVITY.check(&[stress, new_stress, rate, new_rate])?;
    let decades = (new_rate / rate).ln();
    if decades == 0.0 {
        return Err(RATE_SENSITIVITY.relation(
            "ln(new_rate/rate)",
            0.0,
            "different from",
            0.0,
            "one rate says nothing about rates",
        ));
    }
    RATE_SENSITIVITY.finite((new_stress / stress).ln() / decades)
}

static LOG_LAW_RATE: Model = Model {
    id: "log_law_rate",
    title: "Plastic strain rate of logarithmic creep",
    summary: "Rate at a time after release, where the displacement follows u = A1 ln(A2 t).",
    equation: "r = (A1/L)/t",
    arguments: &[LOG_STRAIN, TIME],
    outputs: &[output("rate", "r", "1/s", "plastic strain rate")],
    validity: "Derived from the law that Idrissi et al. fit; 1e-9 1/s at 51 days means A1/L = 4.4e-3.",
    references: &[IDRISSI],
    covers: &["I19-07"],
    variant_of: None,
    evaluate: |a| Ok(vec![log_law_rate(a[0], a[1])?]),
};

/// Plastic strain rate of logarithmic creep, `(A1/L)/t`, 1/s.
pub fn log_law_rate(log_strain: f64, time: f64) -> Result<f64, TheoryError> {
    LOG_LAW_RATE.check(&[log_strain, time])?;
    LOG_LAW_RATE.finite(log_strain / time)
}

static LOG_LAW_STRAIN: Model = Model {
    id: "log_law_strain",
    title: "Strain gained in logarithmic creep",
    summary: "Plastic strain between two times after release.",
    equation: "Δε = (A1/L) ln(t2/t1)",
    arguments: &[LOG_STRAIN, TIME.named("time", "t1", "first time"), TIME.named("new_time", "t2", "second time")],
    outputs: &[output("strain", "Δε", "", "strain gained")],
    validity: "As log_law_rate.",
    references: &[IDRISSI],
    covers: &["I19-07"],
    variant_of: None,
    evaluate: |a| Ok(vec![log_law_strain(a[0], a[1], a[2])?]),
};

/// Strain gained in logarithmic creep, `(A1/L) ln(t2/t1)`.
pub fn log_law_strain(log_strain: f64, time: f64, new_time: f64) -> Result<f64, TheoryError> {
    LOG_LAW_STRAIN.check(&[log_strain, time, new_time])?;
    LOG_LAW_STRAIN.finite(log_strain * (new_time / time).ln())
}

static STRESS_AFTER: Model = Model {
    id: "stress_after",
    title: "Stress relaxation from the rate sensitivity",
    summary: "Stress at a later time, where the rate falls as 1/t.",
    equation: "σ2 = σ1 (t2/t1)^(-m)",
    arguments: &[STRESS, TIME.named("time", "t1", "first time"), TIME.named("new_time", "t2", "second time"), SENSITIVITY],
    outputs: &[output("stress", "σ2", "Pa", "stress at the second time")],
    validity: "A factor 612 in time and m = 0.03 leave 82.5 %.",
    references: &[IDRISSI],
    covers: &["I19-10"],
    variant_of: None,
    evaluate: |a| Ok(vec![stress_after(a[0], a[1], a[2], a[3])?]),
};

/// Stress relaxation from the rate sensitivity, `σ1 (t2/t1)^(-m)`, Pa.
pub fn stress_after(stress: f64, time: f64, new_time: f64, rate_sensitivity: f64) -> Result<f64, TheoryError> {
    STRESS_AFTER.check(&[stress, time, new_time, rate_sensitivity])?;
    STRESS_AFTER.finite(stress * (new_time / time).powf(-rate_sensitivity))
}

static LOG_LAW_SENSITIVITY: Model = Model {
    id: "log_law_sensitivity",
    title: "Stress per logarithm of the rate in an on-chip test",
    summary: "Why logarithmic creep of a specimen on its actuator gives a constant rate sensitivity.",
    equation: "S = dσ/d ln r = K A1",
    arguments: &[
        argument("unloading_stiffness", "K", "MPa/nm", "loss of stress per displacement of the actuator", POSITIVE),
        argument("log_displacement", "A1", "nm", "slope of the displacement over ln t", POSITIVE),
    ],
    outputs: &[output("stress_sensitivity", "S", "Pa", "stress per logarithm of the rate")],
    validity: "m = S/σ, V = M kT/S.",
    references: &[IDRISSI],
    covers: &["I19-43"],
    variant_of: None,
    evaluate: |a| Ok(vec![log_law_sensitivity(a[0], a[1])?]),
};

/// Stress per logarithm of the rate, `S = K A1`, Pa.
pub fn log_law_sensitivity(unloading_stiffness: f64, log_displacement: f64) -> Result<f64, TheoryError> {
    LOG_LAW_SENSITIVITY.check(&[unloading_stiffness, log_displacement])?;
    LOG_LAW_SENSITIVITY.finite(unloading_stiffness * log_displacement)
}

static STZ_VOLUME: Model = Model {
    id: "stz_volume",
    title: "Volume of a shear transformation zone from the activation volume",
    summary: "Zone volume as a multiple of the activation volume (Pan et al.).",
    equation: "Ω = C' V",
    arguments: &[
        VOLUME,
        argument("factor", "C'", "", "zone volume over activation volume; Pan et al. take about 10", POSITIVE),
    ],
    outputs: &[output("zone_volume", "Ω", "m^3", "volume of the zone")],
    validity: "A volume: 1 to 2 nm^3 is 1.24 to 1.56 nm across (sphere_diameter), not 2 nm. stz_volume_ratio gives the factor.",
    references: &[IDRISSI, "Pan, Inoue, Sakurai, Chen, PNAS 105, 14769 (2008)"],
    covers: &["I19-12"],
    variant_of: None,
    evaluate: |a| Ok(vec![stz_volume(a[0], a[1])?]),
};

/// Volume of a shear transformation zone from the activation volume, `Ω = C' V`, m^3.
pub fn stz_volume(volume: f64, factor: f64) -> Result<f64, TheoryError> {
    STZ_VOLUME.check(&[volume, factor])?;
    STZ_VOLUME.finite(factor * volume)
}

const RATIO_ARGUMENTS: &[Argument] = &[
    argument("shape_factor", "R", "", "prefactor of the barrier, about 1/4", POSITIVE),
    argument("zeta", "ζ", "", "correction for the confinement by the matrix, 2 to 4", POSITIVE),
    argument("critical_strain", "γc", "", "shear strain at which a zone yields, about 0.027", POSITIVE),
    argument("modulus_ratio", "G0/τc", "", "shear modulus over athermal shear strength", POSITIVE),
    argument(
        "stress_ratio",
        "τ/τc",
        "",
        "shear stress over athermal shear strength",
        super::model::Range { lo: 0.0, hi: 1.0, with_lo: true, with_hi: false },
    ),
];

static STZ_VOLUME_RATIO: Model = Model {
    id: "stz_volume_ratio",
    title: "Zone volume over activation volume",
    summary: "The factor between the volume of a zone and its activation volume, from the barrier under stress.",
    equation: "C' = 1/(6 R ζ γc^2 (G0/τc) sqrt(1 - τ/τc))",
    arguments: RATIO_ARGUMENTS,
    outputs: &[output("factor", "C'", "", "zone volume over activation volume")],
    validity: "V = -dW/dτ of W = 4 R G0 γc^2 ζ Ω (1 - τ/τc)^(3/2). Keeping the square root doubles the factor that Idrissi et al. use.",
    references: &[JOHNSON_SAMWER, "Pan, Inoue, Sakurai, Chen, PNAS 105, 14769 (2008)", IDRISSI],
    covers: &["I19-12"],
    variant_of: None,
    evaluate: |a| Ok(vec![stz_volume_ratio(a[0], a[1], a[2], a[3], a[4])?]),
};

/// Zone volume over activation volume, `1/(6 R ζ γc² (G0/τc) sqrt(1 - τ/τc))`.
pub fn stz_volume_ratio(
    shape_factor: f64,
    zeta: f64,
    critical_strain: f64,
    modulus_ratio: f64,
    stress_ratio: f64,
) -> Result<f64, TheoryError> {
    STZ_VOLUME_RATIO.check(&[shape_factor, zeta, critical_strain, modulus_ratio, stress_ratio])?;
    let slope = 6.0 * shape_factor * zeta * critical_strain.powi(2) * modulus_ratio * (1.0 - stress_ratio).sqrt();
    STZ_VOLUME_RATIO.finite(1.0 / slope)
}

static SPHERE_DIAMETER: Model = Model {
    id: "sphere_diameter",
    title: "Diameter and atoms of a volume",
    summary: "Sphere of the same volume, so that volumes are never compared with lengths.",
    equation: "d = (6 Ω/π)^(1/3), n = Ω/Ωa",
    arguments: &[
        argument("zone_volume", "Ω", "nm^3", "volume of the zone", POSITIVE),
        argument("atomic_volume", "Ωa", "A^3", "volume of an atom; 17 to 18 Å^3 in Zr-based glasses", POSITIVE),
    ],
    outputs: &[output("diameter", "d", "m", "diameter of the sphere"), output("atoms", "n", "", "atoms in the volume")],
    validity: "1 to 2 nm^3 is 1.24 to 1.56 nm across; a diameter of 2 nm is 4.2 nm^3.",
    references: &[IDRISSI],
    covers: &["I19-13", "I19-45"],
    variant_of: None,
    evaluate: |a| Ok(vec![sphere_diameter(a[0])?, atoms_in_volume(a[0], a[1])?]),
};

/// Diameter of a sphere of a volume, `(6Ω/π)^(1/3)`, m.
pub fn sphere_diameter(zone_volume: f64) -> Result<f64, TheoryError> {
    SPHERE_DIAMETER.check(&[zone_volume, 1.0])?;
    SPHERE_DIAMETER.finite(diameter_of_sphere(zone_volume))
}

/// Diameter of a sphere of this volume, m; without checks, for arrays.
pub fn diameter_of_sphere(volume: f64) -> f64 {
    (6.0 * volume / std::f64::consts::PI).cbrt()
}

/// Atoms in a volume, `Ω/Ωa`.
pub fn atoms_in_volume(zone_volume: f64, atomic_volume: f64) -> Result<f64, TheoryError> {
    SPHERE_DIAMETER.check(&[zone_volume, atomic_volume])?;
    SPHERE_DIAMETER.finite(zone_volume / atomic_volume)
}

pub(super) const GROUP: Group = Group {
    id: "activation_volume",
    title: "Activation volume and shear transformation zone",
    summary: "Activation volumes, their distribution, and the zones of shear they stand for. Volumes and lengths are kept apart.",
    models: &[
        &ACTIVATION_VOLUME,
        &RATE_SENSITIVITY,
        &LOG_LAW_RATE,
        &LOG_LAW_STRAIN,
        &LOG_LAW_SENSITIVITY,
        &STRESS_AFTER,
        &STZ_VOLUME,
        &STZ_VOLUME_RATIO,
        &SPHERE_DIAMETER,
        &DENSITY,
        &PROBABILITY,
    ],
};
