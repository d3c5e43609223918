//! Elastic constants, the barrier of cooperative shear, and the stress at which a glass yields.

use std::f64::consts::PI;

use super::model::{
    Argument, GLASS_TEMPERATURE, Model, NOT_NEGATIVE, POISSON_RATIO, POSITIVE, Range, SHARE, SHEAR_MODULUS, TEMPERATURE,
    argument, output,
};
use super::references::{IDRISSI, JOHNSON_SAMWER, LU, QIAO, YANG};
use super::{Group, TheoryError};

const YOUNG: Argument = argument("young_modulus", "E", "GPa", "Young modulus", POSITIVE);
const STRESS: Argument = argument("stress", "σ", "GPa", "stress", POSITIVE);
const FORCE: Argument = argument("force", "P", "uN", "force", POSITIVE);
const CRITICAL_STRAIN: Argument = argument(
    "critical_strain",
    "γc",
    "",
    "shear strain at which a zone yields; about 0.027, assumed where no paper gives it",
    POSITIVE,
);
const ZETA: Argument = argument(
    "zeta",
    "ζ",
    "",
    "correction for the confinement of the zone by the matrix; 2 to 4, assumed where no paper gives it",
    POSITIVE,
);
const ZONE_VOLUME: Argument = argument("zone_volume", "Ω", "nm^3", "volume of the zone", POSITIVE);
const SHAPE: Argument = argument("shape_factor", "R", "", "prefactor of Johnson and Samwer, about 1/4", POSITIVE);
/// Below the strength there is a barrier.
const STRESS_RATIO: Argument = argument(
    "stress_ratio",
    "τ/τc",
    "",
    "shear stress over the strength without thermal agitation",
    Range { lo: 0.0, hi: 1.0, with_lo: true, with_hi: false },
);
const BARRIER: Argument = argument("barrier", "W", "eV", "barrier of the zone", POSITIVE);

static ISOTROPIC: Model = Model {
    id: "isotropic_constants",
    title: "Shear and bulk modulus of an isotropic solid",
    summary: "Shear modulus, bulk modulus and their ratio from Young modulus and Poisson ratio.",
    equation: "G = E/(2 (1 + ν)), B = E/(3 (1 - 2ν)), G/B = 3 (1 - 2ν)/(2 (1 + ν))",
    arguments: &[YOUNG, POISSON_RATIO],
    outputs: &[
        output("shear_modulus", "G", "Pa", "shear modulus"),
        output("bulk_modulus", "B", "Pa", "bulk modulus"),
        output("ratio", "G/B", "", "shear over bulk modulus"),
    ],
    validity: "Isotropic, -1 < ν < 1/2.",
    references: &[IDRISSI, QIAO],
    covers: &["I19-16"],
    variant_of: None,
    evaluate: |a| {
        isotropic_constants(a[0], a[1]).map(|c| vec![c.shear_modulus, c.bulk_modulus, c.shear_modulus / c.bulk_modulus])
    },
};

/// Elastic constants of an isotropic solid, Pa.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IsotropicConstants {
    /// Shear modulus.
    pub shear_modulus: f64,
    /// Bulk modulus.
    pub bulk_modulus: f64,
}

/// Shear modulus `E/(2(1+ν))` and bulk modulus `E/(3(1-2ν))`, Pa.
pub fn isotropic_constants(young_modulus: f64, poisson_ratio: f64) -> Result<IsotropicConstants, TheoryError> {
    ISOTROPIC.check(&[young_modulus, poisson_ratio])?;
    Ok(IsotropicConstants {
        shear_modulus: ISOTROPIC.finite(young_modulus / (2.0 * (1.0 + poisson_ratio)))?,
        bulk_modulus: ISOTROPIC.finite(young_modulus / (3.0 * (1.0 - 2.0 * poisson_ratio)))?,
    })
}

static YOUNG_FROM_SHEAR: Model = Model {
    id: "young_modulus",
    title: "Young modulus from shear modulus and Poisson ratio",
    summary: "Inverse of isotropic_constants.",
    equation: "E = 2 G (1 + ν)",
    arguments: &[SHEAR_MODULUS, POISSON_RATIO],
    outputs: &[output("young_modulus", "E", "Pa", "Young modulus")],
    validity: "Isotropic.",
    references: &[QIAO],
    covers: &["I19-16"],
    variant_of: None,
    evaluate: |a| Ok(vec![young_modulus(a[0], a[1])?]),
};

/// Young modulus from shear modulus and Poisson ratio, `2G(1+ν)`, Pa.
pub fn young_modulus(shear_modulus: f64, poisson_ratio: f64) -> Result<f64, TheoryError> {
    YOUNG_FROM_SHEAR.check(&[shear_modulus, poisson_ratio])?;
    YOUNG_FROM_SHEAR.finite(2.0 * shear_modulus * (1.0 + poisson_ratio))
}

static CSM_BARRIER: Model = Model {
    id: "csm_barrier",
    title: "Barrier of cooperative shear",
    summary: "Barrier of a shear transformation zone without stress.",
    equation: "W = (8/π^2) G γc^2 ζ Ω",
    arguments: &[SHEAR_MODULUS, CRITICAL_STRAIN, ZETA, ZONE_VOLUME],
    outputs: &[output("barrier", "W", "J", "barrier")],
    validity: "0.41 eV per nm^3 at G = 37 GPa, γc = 0.027, ζ = 3. ζ of 2 to 4 is a factor 2 in W or Ω.",
    references: &[QIAO, JOHNSON_SAMWER],
    covers: &["Q19-2.2.3-c"],
    variant_of: None,
    evaluate: |a| Ok(vec![csm_barrier(a[0], a[1], a[2], a[3])?]),
};

/// Barrier of cooperative shear, `(8/π²) G γc² ζ Ω`, J.
pub fn csm_barrier(shear_modulus: f64, critical_strain: f64, zeta: f64, zone_volume: f64) -> Result<f64, TheoryError> {
    CSM_BARRIER.check(&[shear_modulus, critical_strain, zeta, zone_volume])?;
    CSM_BARRIER.finite(8.0 / PI.powi(2) * shear_modulus * critical_strain.powi(2) * zeta * zone_volume)
}

static JS_BARRIER: Model = Model {
    id: "johnson_samwer_barrier",
    title: "Barrier of cooperative shear, prefactor of Johnson and Samwer",
    summary: "The same barrier with the prefactor 4 R in place of 8/π^2, under stress.",
    equation: "W = 4 R G γc^2 ζ Ω (1 - τ/τc)^(3/2)",
    arguments: &[SHEAR_MODULUS, CRITICAL_STRAIN, ZETA, ZONE_VOLUME, SHAPE, STRESS_RATIO],
    outputs: &[output("barrier", "W", "J", "barrier")],
    validity: "With R = 1/4 the prefactor is 1.00 against 0.81: volumes from one energy differ by 23 %.",
    references: &[JOHNSON_SAMWER, QIAO],
    covers: &["Q19-2.2.3-c", "Q19-2.2.3-h"],
    variant_of: Some("csm_barrier"),
    evaluate: |a| Ok(vec![johnson_samwer_barrier(a[0], a[1], a[2], a[3], a[4], a[5])?]),
};

/// Barrier of cooperative shear with the prefactor of Johnson and Samwer, `4R G γc² ζ Ω (1-τ/τc)^(3/2)`, J.
pub fn johnson_samwer_barrier(
    shear_modulus: f64,
    critical_strain: f64,
    zeta: f64,
    zone_volume: f64,
    shape_factor: f64,
    stress_ratio: f64,
) -> Result<f64, TheoryError> {
    JS_BARRIER.check(&[shear_modulus, critical_strain, zeta, zone_volume, shape_factor, stress_ratio])?;
    let barrier = 4.0 * shape_factor * shear_modulus * critical_strain.powi(2) * zeta * zone_volume;
    JS_BARRIER.finite(barrier * (1.0 - stress_ratio).powf(1.5))
}

static STRESSED_BARRIER: Model = Model {
    id: "csm_barrier_under_stress",
    title: "Barrier of cooperative shear under stress",
    summary: "How a shear stress lowers the barrier.",
    equation: "W = W0 (1 - τ/τc)^(3/2)",
    arguments: &[BARRIER.named("barrier", "W0", "barrier without stress"), STRESS_RATIO],
    outputs: &[output("barrier", "W", "J", "barrier under stress")],
    validity: "0 <= τ/τc < 1.",
    references: &[JOHNSON_SAMWER, QIAO],
    covers: &["Q19-2.2.3-h"],
    variant_of: None,
    evaluate: |a| Ok(vec![csm_barrier_under_stress(a[0], a[1])?]),
};

/// Barrier of cooperative shear under stress, `W0 (1-τ/τc)^(3/2)`, J.
pub fn csm_barrier_under_stress(barrier: f64, stress_ratio: f64) -> Result<f64, TheoryError> {
    STRESSED_BARRIER.check(&[barrier, stress_ratio])?;
    Ok(barrier * (1.0 - stress_ratio).powf(1.5))
}

static CSM_VOLUME: Model = Model {
    id: "csm_volume",
    title: "Volume of a zone from its barrier",
    summary: "Inverse of csm_barrier.",
    equation: "Ω = W/((8/π^2) G γc^2 ζ)",
    arguments: &[BARRIER, SHEAR_MODULUS, CRITICAL_STRAIN, ZETA],
    outputs: &[output("zone_volume", "Ω", "m^3", "volume of the zone")],
    validity: "26 R Tg at 623 K and 37 GPa gives 3.4 nm^3; 0.3 to 0.5 eV at 25.7 GPa gives 1.05 to 1.76 nm^3 (0.79 to 2.64 for ζ of 4 to 2).",
    references: &[QIAO, JOHNSON_SAMWER],
    covers: &["Q19-2.2.3-c"],
    variant_of: None,
    evaluate: |a| Ok(vec![csm_volume(a[0], a[1], a[2], a[3])?]),
};

/// Volume of a zone from its barrier, `W/((8/π²) G γc² ζ)`, m^3; the inverse of [`csm_barrier`].
pub fn csm_volume(barrier: f64, shear_modulus: f64, critical_strain: f64, zeta: f64) -> Result<f64, TheoryError> {
    CSM_VOLUME.check(&[barrier, shear_modulus, critical_strain, zeta])?;
    CSM_VOLUME.finite(barrier / csm_barrier(shear_modulus, critical_strain, zeta, 1.0)?)
}

static CSM_BETA_RATIO: Model = Model {
    id: "csm_beta_ratio",
    title: "Barrier of cooperative shear over that of the β relaxation",
    summary: "Test of the identity of both barriers.",
    equation: "r = (8/π^2) G γc^2 ζ Ω/(26 kB Tg)",
    arguments: &[SHEAR_MODULUS, CRITICAL_STRAIN, ZETA, ZONE_VOLUME, GLASS_TEMPERATURE],
    outputs: &[output("ratio", "r", "", "ratio of the barriers")],
    validity: "1 within the 8 % of the rule 26 ± 2 if both are the same event.",
    references: &[QIAO],
    covers: &["Q19-2.2.3-d"],
    variant_of: None,
    evaluate: |a| Ok(vec![csm_beta_ratio(a[0], a[1], a[2], a[3], a[4])?]),
};

/// Barrier of cooperative shear over that of the β relaxation.
pub fn csm_beta_ratio(
    shear_modulus: f64,
    critical_strain: f64,
    zeta: f64,
    zone_volume: f64,
    glass_transition_temperature: f64,
) -> Result<f64, TheoryError> {
    CSM_BETA_RATIO.check(&[shear_modulus, critical_strain, zeta, zone_volume, glass_transition_temperature])?;
    let barrier = csm_barrier(shear_modulus, critical_strain, zeta, zone_volume)?;
    CSM_BETA_RATIO.finite(barrier / super::relaxation_rules::beta_rule(glass_transition_temperature)?)
}

static FRENKEL: Model = Model {
    id: "frenkel_yield",
    title: "Yield stress of a periodic energy landscape",
    summary: "Energy density of a zone under shear and the stress at which it yields (Frenkel).",
    equation: "φ = φ0 sin^2(π γ/(4 γC)), τc = π φ0/(4 γC)",
    arguments: &[
        argument("energy_density", "φ0", "J/m^3", "height of the energy density", POSITIVE),
        CRITICAL_STRAIN.named("critical_strain", "γC", "shear strain at which the zone yields"),
        argument("strain", "γ", "", "shear strain", NOT_NEGATIVE),
    ],
    outputs: &[
        output("energy", "φ", "J/m^3", "energy density at the strain"),
        output("yield_stress", "τc", "Pa", "yield stress"),
    ],
    validity: "Strains up to 2 γC.",
    references: &[QIAO, JOHNSON_SAMWER],
    covers: &["Q19-5.2-b"],
    variant_of: None,
    evaluate: |a| frenkel_yield(a[0], a[1], a[2]).map(|(energy, stress)| vec![energy, stress]),
};

/// Energy density `φ0 sin²(πγ/(4γC))`, J/m^3, and yield stress `πφ0/(4γC)`, Pa.
pub fn frenkel_yield(energy_density: f64, critical_strain: f64, strain: f64) -> Result<(f64, f64), TheoryError> {
    FRENKEL.check(&[energy_density, critical_strain, strain])?;
    let ratio = strain / critical_strain;
    if ratio > 2.0 {
        return Err(FRENKEL.relation("strain/critical_strain", ratio, "at most", 2.0, "the next well begins there"));
    }
    Ok((energy_density * (PI * ratio / 4.0).sin().powi(2), FRENKEL.finite(PI * energy_density / (4.0 * critical_strain))?))
}

static JS_YIELD: Model = Model {
    id: "johnson_samwer_yield",
    title: "Yield strain against temperature",
    summary: "Shear stress at yielding over the shear modulus, as it falls with temperature.",
    equation: "τy/G = γC0 - γC1 (T/Tg)^(2/3)",
    arguments: &[
        TEMPERATURE,
        GLASS_TEMPERATURE,
        argument("limit_strain", "γC0", "", "yield strain at zero temperature", POSITIVE).or(0.036),
        argument("slope", "γC1", "", "loss by thermal agitation; depends weakly on the strain rate", POSITIVE).or(0.016),
    ],
    outputs: &[output("yield_strain", "τy/G", "", "yield strain")],
    validity: "T up to Tg. 0.0240 to 0.0274 at 298 K for Tg of 461 to 750 K.",
    references: &[JOHNSON_SAMWER, QIAO],
    covers: &["Q19-5.2-c", "Q19-5.2-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![johnson_samwer_yield(a[0], a[1], a[2], a[3])?]),
};

/// Yield strain against temperature, `γC0 - γC1 (T/Tg)^(2/3)`.
pub fn johnson_samwer_yield(
    temperature: f64,
    glass_transition_temperature: f64,
    limit_strain: f64,
    slope: f64,
) -> Result<f64, TheoryError> {
    JS_YIELD.check(&[temperature, glass_transition_temperature, limit_strain, slope])?;
    let ratio = temperature / glass_transition_temperature;
    if ratio > 1.0 {
        return Err(JS_YIELD.relation(
            "temperature/glass_transition_temperature",
            ratio,
            "at most",
            1.0,
            "the law is for glasses",
        ));
    }
    let strain = limit_strain - slope * ratio.powf(2.0 / 3.0);
    if strain <= 0.0 {
        return Err(JS_YIELD.relation("yield strain", strain, "above", 0.0, "slope and limit_strain do not belong together"));
    }
    Ok(strain)
}

static ELASTIC_STRAIN: Model = Model {
    id: "elastic_yield_strain",
    title: "Elastic strain at yielding",
    summary: "Strain that is still elastic when a specimen yields in tension.",
    equation: "ε = σ/E",
    arguments: &[STRESS.named("yield_stress", "σ", "yield stress"), YOUNG],
    outputs: &[output("strain", "ε", "", "elastic strain")],
    validity: "4.5 % for the film of Idrissi et al.",
    references: &[IDRISSI],
    covers: &["I19-17"],
    variant_of: None,
    evaluate: |a| Ok(vec![elastic_yield_strain(a[0], a[1])?]),
};

/// Elastic strain at yielding, `σ/E`.
pub fn elastic_yield_strain(yield_stress: f64, young_modulus: f64) -> Result<f64, TheoryError> {
    ELASTIC_STRAIN.check(&[yield_stress, young_modulus])?;
    ELASTIC_STRAIN.finite(yield_stress / young_modulus)
}

static SHEAR_STRAIN: Model = Model {
    id: "shear_yield_strain",
    title: "Shear yield strain from a tensile strength",
    summary: "Shear stress at yielding over the shear modulus, to stand beside johnson_samwer_yield.",
    equation: "τ/G = σ/(2 G)",
    arguments: &[STRESS.named("yield_stress", "σ", "uniaxial yield stress"), SHEAR_MODULUS],
    outputs: &[output("strain", "τ/G", "", "shear yield strain")],
    validity: "Tresca: τ = σ/2.",
    references: &[QIAO, IDRISSI],
    covers: &["Q19-5.2-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![shear_yield_strain(a[0], a[1])?]),
};

/// Shear yield strain from a tensile strength, `σ/(2G)`.
pub fn shear_yield_strain(yield_stress: f64, shear_modulus: f64) -> Result<f64, TheoryError> {
    SHEAR_STRAIN.check(&[yield_stress, shear_modulus])?;
    SHEAR_STRAIN.finite(yield_stress / (2.0 * shear_modulus))
}

static COMPOSITE: Model = Model {
    id: "composite_modulus",
    title: "Bounds of the modulus of a composite",
    summary: "Highest and lowest modulus of a mixture of two phases (Voigt and Reuss).",
    equation: "M_V = f M1 + (1 - f) M2, 1/M_R = f/M1 + (1 - f)/M2",
    arguments: &[
        argument("first_modulus", "M1", "GPa", "modulus of the first phase", POSITIVE),
        argument("second_modulus", "M2", "GPa", "modulus of the second phase", POSITIVE),
        argument("fraction", "f", "", "volume share of the first phase", SHARE),
    ],
    outputs: &[
        output("voigt", "M_V", "Pa", "upper bound: equal strain"),
        output("reuss", "M_R", "Pa", "lower bound: equal stress"),
    ],
    validity: "Any arrangement lies between the bounds.",
    references: &[QIAO],
    covers: &["Q19-2.2.1-g"],
    variant_of: None,
    evaluate: |a| composite_modulus(a[0], a[1], a[2]).map(|(voigt, reuss)| vec![voigt, reuss]),
};

/// Upper (Voigt) and lower (Reuss) bound of the modulus of a mixture, Pa.
pub fn composite_modulus(first_modulus: f64, second_modulus: f64, fraction: f64) -> Result<(f64, f64), TheoryError> {
    COMPOSITE.check(&[first_modulus, second_modulus, fraction])?;
    let voigt = fraction * first_modulus + (1.0 - fraction) * second_modulus;
    Ok((voigt, 1.0 / (fraction / first_modulus + (1.0 - fraction) / second_modulus)))
}

static PILLAR_STRESS: Model = Model {
    id: "pillar_stress",
    title: "Engineering stress of a round pillar",
    summary: "Stress under a force on a round pillar.",
    equation: "σ = 4 P/(π d^2)",
    arguments: &[FORCE, argument("diameter", "d", "um", "diameter", POSITIVE)],
    outputs: &[output("stress", "σ", "Pa", "engineering stress")],
    validity: "Diameter at the top of a tapered pillar. The stresses of Yang et al. are those of a diameter of 2.074 µm.",
    references: &[YANG],
    covers: &["Y12-02"],
    variant_of: None,
    evaluate: |a| Ok(vec![pillar_stress(a[0], a[1])?]),
};

/// Engineering stress of a round pillar, `4P/(πd²)`, Pa.
pub fn pillar_stress(force: f64, diameter: f64) -> Result<f64, TheoryError> {
    PILLAR_STRESS.check(&[force, diameter])?;
    PILLAR_STRESS.finite(4.0 * force / (PI * diameter.powi(2)))
}

static PUNCH_PRESSURE: Model = Model {
    id: "punch_pressure",
    title: "Mean pressure under a flat punch",
    summary: "Force over contact area.",
    equation: "p = P/(π a^2)",
    arguments: &[FORCE, argument("radius", "a", "um", "radius of the punch", POSITIVE)],
    outputs: &[output("pressure", "p", "Pa", "mean pressure")],
    validity: "40 mN and 3 N on a radius of 5 µm are 0.51 and 38 GPa: below the yield stress and above any hardness of a glass.",
    references: &[LU],
    covers: &["L16-32"],
    variant_of: None,
    evaluate: |a| Ok(vec![punch_pressure(a[0], a[1])?]),
};

/// Mean pressure under a flat punch, `P/(πa²)`, Pa.
pub fn punch_pressure(force: f64, radius: f64) -> Result<f64, TheoryError> {
    PUNCH_PRESSURE.check(&[force, radius])?;
    PUNCH_PRESSURE.finite(force / (PI * radius.powi(2)))
}

static HERTZ: Model = Model {
    id: "hertz_depth",
    title: "Elastic depth under a sphere",
    summary: "Indentation of a half space by a rigid sphere (Hertz).",
    equation: "h^(3/2) = 3 P (1 - ν)/(8 G sqrt(R))",
    arguments: &[FORCE, argument("radius", "R", "um", "radius of the sphere", POSITIVE), SHEAR_MODULUS, POISSON_RATIO],
    outputs: &[output("depth", "h", "m", "depth")],
    validity: "Depth well below the radius. 800 µN, 2 µm, 30 GPa, 0.363: 27.3 nm.",
    references: &[QIAO],
    covers: &["Q19-3.2-e"],
    variant_of: None,
    evaluate: |a| Ok(vec![hertz_depth(a[0], a[1], a[2], a[3])?]),
};

/// Elastic depth under a sphere, `(3P(1-ν)/(8G√R))^(2/3)`, m.
pub fn hertz_depth(force: f64, radius: f64, shear_modulus: f64, poisson_ratio: f64) -> Result<f64, TheoryError> {
    HERTZ.check(&[force, radius, shear_modulus, poisson_ratio])?;
    let depth = (3.0 * force * (1.0 - poisson_ratio) / (8.0 * shear_modulus * radius.sqrt())).powf(2.0 / 3.0);
    if depth > radius {
        return Err(HERTZ.relation(
            "depth/radius",
            depth / radius,
            "at most",
            1.0,
            "the sphere would be buried; check force and radius",
        ));
    }
    HERTZ.finite(depth)
}

pub(super) const GROUP: Group = Group {
    id: "elasticity_and_yield",
    title: "Elasticity, cooperative shear and yielding",
    summary: "Elastic constants, the barrier of cooperative shear, and the stress at which a glass yields.",
    models: &[
        &ISOTROPIC,
        &YOUNG_FROM_SHEAR,
        &CSM_BARRIER,
        &JS_BARRIER,
        &STRESSED_BARRIER,
        &CSM_VOLUME,
        &CSM_BETA_RATIO,
        &FRENKEL,
        &JS_YIELD,
        &ELASTIC_STRAIN,
        &SHEAR_STRAIN,
        &COMPOSITE,
        &PILLAR_STRESS,
        &PUNCH_PRESSURE,
        &HERTZ,
    ],
};
