//! Interstitialcy theory: defects of the shear-dumbbell kind, counted by the shear modulus.
//!
//! Granato's theory in the form of the review: `G = μ exp(-α β c)`. `α`, `β` and `α_i` are inputs with ranges, never defaults.

use super::constants::BOLTZMANN;
use super::model::{ANY, Argument, Model, POSITIVE, SHEAR_MODULUS, TEMPERATURE, argument, output};
use super::references::QIAO;
use super::{Group, TheoryError};

const GRANATO: &str = "Granato, Phys. Rev. Lett. 68, 974 (1992)";
const ALPHA: Argument = argument("alpha", "α", "", "formation enthalpy over G Ω, about 1", POSITIVE);
const BETA: Argument =
    argument("shear_susceptibility", "β", "", "shear susceptibility, 15 to 21 (Pd-based glasses 17)", POSITIVE);
const GLASS_MODULUS: Argument = SHEAR_MODULUS.named("shear_modulus", "G", "shear modulus of the glass");
const CRYSTAL_MODULUS: Argument = SHEAR_MODULUS.named("crystal_modulus", "μ", "shear modulus of the maternal crystal");
const CONCENTRATION: Argument = argument("concentration", "c", "%", "defects per atom", ANY);
const ATOMIC_VOLUME: Argument = argument("atomic_volume", "Ω", "A^3", "volume per atom", POSITIVE);
const RELAXATION_VOLUME: Argument =
    argument("relaxation_volume", "α_i", "", "volume of a defect over that of an atom, about 1.6", POSITIVE);
const DENSITY: Argument = argument("density", "ρ", "g/cm^3", "density", POSITIVE);

static CONCENTRATION_FROM_MODULUS: Model = Model {
    id: "interstitialcy_concentration",
    title: "Defect concentration from the shear modulus",
    summary: "Concentration of defects from the moduli of glass and crystal.",
    equation: "c = ln(μ/G)/(α β)",
    arguments: &[CRYSTAL_MODULUS, GLASS_MODULUS, ALPHA, BETA],
    outputs: &[output("concentration", "c", "", "defects per atom")],
    validity: "Deficits of 20 to 40 % and β = 20 give 1.1 to 2.6 %; the review also says 10 to 30 %, which gives 0.5 to 1.8 %.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-k"],
    variant_of: None,
    evaluate: |a| Ok(vec![interstitialcy_concentration(a[0], a[1], a[2], a[3])?]),
};

/// Defect concentration from the shear modulus, `ln(μ/G)/(αβ)`.
pub fn interstitialcy_concentration(
    crystal_modulus: f64,
    shear_modulus: f64,
    alpha: f64,
    shear_susceptibility: f64,
) -> Result<f64, TheoryError> {
    CONCENTRATION_FROM_MODULUS.check(&[crystal_modulus, shear_modulus, alpha, shear_susceptibility])?;
    CONCENTRATION_FROM_MODULUS.finite((crystal_modulus / shear_modulus).ln() / (alpha * shear_susceptibility))
}

static MODULUS_FROM_CONCENTRATION: Model = Model {
    id: "interstitialcy_modulus",
    title: "Shear modulus from the defect concentration",
    summary: "How defects soften a crystal or a glass.",
    equation: "G = μ exp(-α β c)",
    arguments: &[CRYSTAL_MODULUS, CONCENTRATION, ALPHA, BETA],
    outputs: &[output("shear_modulus", "G", "Pa", "shear modulus")],
    validity: "μ is the modulus without defects: that of the crystal (G0 in eq. 4.4, μ in eq. 4.5).",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-i", "Q19-4.2-k"],
    variant_of: None,
    evaluate: |a| Ok(vec![interstitialcy_modulus(a[0], a[1], a[2], a[3])?]),
};

/// Shear modulus from the defect concentration, `μ exp(-αβc)`, Pa; the inverse of [`interstitialcy_concentration`].
pub fn interstitialcy_modulus(
    crystal_modulus: f64,
    concentration: f64,
    alpha: f64,
    shear_susceptibility: f64,
) -> Result<f64, TheoryError> {
    MODULUS_FROM_CONCENTRATION.check(&[crystal_modulus, concentration, alpha, shear_susceptibility])?;
    MODULUS_FROM_CONCENTRATION.finite(crystal_modulus * (-alpha * shear_susceptibility * concentration).exp())
}

static ENTHALPY: Model = Model {
    id: "interstitialcy_enthalpy",
    title: "Formation enthalpy of a defect",
    summary: "Enthalpy to form one defect.",
    equation: "H = α G Ω",
    arguments: &[ALPHA, GLASS_MODULUS, ATOMIC_VOLUME],
    outputs: &[output("enthalpy", "H", "J", "formation enthalpy")],
    validity: "α about 1.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-h"],
    variant_of: None,
    evaluate: |a| Ok(vec![interstitialcy_enthalpy(a[0], a[1], a[2])?]),
};

/// Formation enthalpy of a defect, `αGΩ`, J.
pub fn interstitialcy_enthalpy(alpha: f64, shear_modulus: f64, atomic_volume: f64) -> Result<f64, TheoryError> {
    ENTHALPY.check(&[alpha, shear_modulus, atomic_volume])?;
    ENTHALPY.finite(alpha * shear_modulus * atomic_volume)
}

static ENERGY: Model = Model {
    id: "interstitialcy_energy",
    title: "Internal energy per defect",
    summary: "Change of the internal energy with the defect concentration.",
    equation: "dU/dc = α1 G Ω + α2 B Ω",
    arguments: &[
        ALPHA.named("alpha", "α1", "weight of the shear energy, about 1"),
        argument("bulk_alpha", "α2", "", "weight of the dilatational energy, much smaller", ANY),
        GLASS_MODULUS,
        argument("bulk_modulus", "B", "GPa", "bulk modulus", POSITIVE),
        ATOMIC_VOLUME,
    ],
    outputs: &[output("energy", "dU/dc", "J", "energy per defect")],
    validity: "α1 much larger than α2.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-g"],
    variant_of: None,
    evaluate: |a| Ok(vec![interstitialcy_energy(a[0], a[1], a[2], a[3], a[4])?]),
};

/// Internal energy per defect, `α1GΩ + α2BΩ`, J.
pub fn interstitialcy_energy(
    alpha: f64,
    bulk_alpha: f64,
    shear_modulus: f64,
    bulk_modulus: f64,
    atomic_volume: f64,
) -> Result<f64, TheoryError> {
    ENERGY.check(&[alpha, bulk_alpha, shear_modulus, bulk_modulus, atomic_volume])?;
    ENERGY.finite((alpha * shear_modulus + bulk_alpha * bulk_modulus) * atomic_volume)
}

static SUSCEPTIBILITY: Model = Model {
    id: "shear_susceptibility",
    title: "Shear susceptibility",
    summary: "Curvature of the shear modulus with shear strain.",
    equation: "β = -(1/(4 G)) d2G/dε2",
    arguments: &[
        GLASS_MODULUS,
        argument("curvature", "d2G/dε2", "GPa", "second derivative of the shear modulus with shear strain", ANY),
    ],
    outputs: &[output("shear_susceptibility", "β", "", "shear susceptibility")],
    validity: "15 to 21 in metallic glasses.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-j"],
    variant_of: None,
    evaluate: |a| Ok(vec![shear_susceptibility(a[0], a[1])?]),
};

/// Shear susceptibility, `-(1/(4G)) d²G/dε²`.
pub fn shear_susceptibility(shear_modulus: f64, curvature: f64) -> Result<f64, TheoryError> {
    SUSCEPTIBILITY.check(&[shear_modulus, curvature])?;
    SUSCEPTIBILITY.finite(-curvature / (4.0 * shear_modulus))
}

static LOG_TIME: Model = Model {
    id: "log_time_energy",
    title: "Energy of the events of a time",
    summary: "Barrier of the events that take place at a time after a change (logarithmic kinetics).",
    equation: "E* = kB T ln(ν t)",
    arguments: &[
        TEMPERATURE,
        argument("time", "t", "s", "time", POSITIVE),
        argument("attempt_frequency", "ν", "1/s", "attempt frequency", POSITIVE),
    ],
    outputs: &[output("energy", "E*", "J", "barrier")],
    validity: "ν t above 1.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-l"],
    variant_of: None,
    evaluate: |a| Ok(vec![log_time_energy(a[0], a[1], a[2])?]),
};

/// Energy of the events of a time, `kT ln(νt)`, J.
pub fn log_time_energy(temperature: f64, time: f64, attempt_frequency: f64) -> Result<f64, TheoryError> {
    LOG_TIME.check(&[temperature, time, attempt_frequency])?;
    let attempts = attempt_frequency * time;
    let reason = "there must have been an attempt";
    if attempts < 1.0 {
        return Err(LOG_TIME.relation("attempt_frequency time", attempts, "at least", 1.0, reason));
    }
    LOG_TIME.finite(BOLTZMANN * temperature * attempts.ln())
}

static SPECTRUM: Model = Model {
    id: "interstitialcy_spectrum",
    title: "Activation energy spectrum from the modulus",
    summary: "Density of defects over activation energy from the slopes of both moduli with temperature.",
    equation: "n0 = (1/(β A)) (d ln G/dT - d ln μ/dT), E0 = A T",
    arguments: &[
        BETA,
        argument("energy_slope", "A", "eV/K", "activation energy over temperature, about kB ln(ν T/heating rate)", POSITIVE),
        argument("glass_slope", "d ln G/dT", "1/K", "logarithmic slope of the modulus of the glass", ANY),
        argument("crystal_slope", "d ln μ/dT", "1/K", "logarithmic slope of the modulus of the crystal", ANY),
    ],
    outputs: &[output("density", "n0", "1/J", "defects per atom and energy")],
    validity: "α = 1; derived from the modulus law. The integral of n0 is the change of the concentration.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-m"],
    variant_of: None,
    evaluate: |a| Ok(vec![interstitialcy_spectrum(a[0], a[1], a[2], a[3])?]),
};

/// Activation energy spectrum from the modulus, `(1/(βA))(d ln G/dT - d ln μ/dT)`, 1/J.
pub fn interstitialcy_spectrum(
    shear_susceptibility: f64,
    energy_slope: f64,
    glass_slope: f64,
    crystal_slope: f64,
) -> Result<f64, TheoryError> {
    SPECTRUM.check(&[shear_susceptibility, energy_slope, glass_slope, crystal_slope])?;
    SPECTRUM.finite((glass_slope - crystal_slope) / (shear_susceptibility * energy_slope))
}

static ANNEALED: Model = Model {
    id: "annealed_fraction",
    title: "Share of the defects that anneal out",
    summary: "Change of the concentration over the concentration.",
    equation: "f = Δc/c",
    arguments: &[
        argument("change", "Δc", "%", "change of the concentration", POSITIVE),
        argument("concentration", "c", "%", "concentration before", POSITIVE),
    ],
    outputs: &[output("fraction", "f", "", "share that anneals out")],
    validity: "0.0023 is 0.21 of 1.1 % and 0.09 of 2.6 %; the review says one tenth.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-n"],
    variant_of: None,
    evaluate: |a| Ok(vec![annealed_fraction(a[0], a[1])?]),
};

/// Share of the defects that anneal out, `Δc/c`.
pub fn annealed_fraction(change: f64, concentration: f64) -> Result<f64, TheoryError> {
    ANNEALED.check(&[change, concentration])?;
    let share = change / concentration;
    if share > 1.0 {
        return Err(ANNEALED.relation("change/concentration", share, "at most", 1.0, "no more than all defects anneal out"));
    }
    Ok(share)
}

static HEAT_FLOW: Model = Model {
    id: "interstitialcy_heat_flow",
    title: "Heat flow from the moduli",
    summary: "Heat that a glass takes up on heating, from the temperature dependence of both moduli.",
    equation: "W = (Tdot/(ρ β)) ((G/μ) dμ/dT - dG/dT)",
    arguments: &[
        argument("heating_rate", "Tdot", "K/min", "heating rate", POSITIVE),
        DENSITY,
        BETA,
        GLASS_MODULUS,
        CRYSTAL_MODULUS,
        argument("glass_slope", "dG/dT", "MPa/K", "slope of the modulus of the glass", ANY),
        argument("crystal_slope", "dμ/dT", "MPa/K", "slope of the modulus of the crystal", ANY),
    ],
    outputs: &[output("heat_flow", "W", "W/kg", "heat flow per mass, positive where heat is taken up")],
    validity: "α = 1.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-o"],
    variant_of: None,
    evaluate: |a| Ok(vec![interstitialcy_heat_flow(a[0], a[1], a[2], a[3], a[4], a[5], a[6])?]),
};

/// Heat flow from the moduli, `(Ṫ/(ρβ))((G/μ)dμ/dT - dG/dT)`, W/kg.
#[allow(clippy::too_many_arguments, reason = "the equation has seven quantities")]
pub fn interstitialcy_heat_flow(
    heating_rate: f64,
    density: f64,
    shear_susceptibility: f64,
    shear_modulus: f64,
    crystal_modulus: f64,
    glass_slope: f64,
    crystal_slope: f64,
) -> Result<f64, TheoryError> {
    HEAT_FLOW.check(&[
        heating_rate,
        density,
        shear_susceptibility,
        shear_modulus,
        crystal_modulus,
        glass_slope,
        crystal_slope,
    ])?;
    let slope = shear_modulus / crystal_modulus * crystal_slope - glass_slope;
    HEAT_FLOW.finite(heating_rate / (density * shear_susceptibility) * slope)
}

static EXCESS: Model = Model {
    id: "interstitialcy_excess_energy",
    title: "Excess internal energy of a glass",
    summary: "Energy density of a glass above its crystal, to stand beside the heat of crystallisation.",
    equation: "ρ ΔU = (μ/β) (1 - G/μ)",
    arguments: &[CRYSTAL_MODULUS, GLASS_MODULUS, BETA],
    outputs: &[output("energy_density", "ρΔU", "J/m^3", "excess energy per volume")],
    validity: "α = 1; equals ρ Q of crystallisation in Pd- and Zr-based glasses.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-q", "Q19-4.2-r"],
    variant_of: None,
    evaluate: |a| Ok(vec![interstitialcy_excess_energy(a[0], a[1], a[2])?]),
};

/// Excess internal energy of a glass, `(μ/β)(1 - G/μ)`, J/m^3.
pub fn interstitialcy_excess_energy(
    crystal_modulus: f64,
    shear_modulus: f64,
    shear_susceptibility: f64,
) -> Result<f64, TheoryError> {
    EXCESS.check(&[crystal_modulus, shear_modulus, shear_susceptibility])?;
    EXCESS.finite((crystal_modulus - shear_modulus) / shear_susceptibility)
}

static VOLUME: Model = Model {
    id: "defect_volume_change",
    title: "Volume change by defects",
    summary: "Relative change of the volume.",
    equation: "ΔV/V = (α_i - 1) c",
    arguments: &[RELAXATION_VOLUME, CONCENTRATION],
    outputs: &[output("volume_change", "ΔV/V", "", "relative change of the volume")],
    validity: "α_i about 1.6 for split interstitials in fcc metals.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-s"],
    variant_of: None,
    evaluate: |a| Ok(vec![defect_volume_change(a[0], a[1])?]),
};

/// Volume change by defects, `(α_i - 1) c`.
pub fn defect_volume_change(relaxation_volume: f64, concentration: f64) -> Result<f64, TheoryError> {
    VOLUME.check(&[relaxation_volume, concentration])?;
    VOLUME.finite((relaxation_volume - 1.0) * concentration)
}

static DENSITY_CHANGE: Model = Model {
    id: "defect_density_change",
    title: "Density change on relaxation",
    summary: "Relative change of the density with that of the shear modulus.",
    equation: "Δρ/ρ = ((α_i - 1)/(α β)) ln(G/G0)",
    arguments: &[
        RELAXATION_VOLUME,
        ALPHA,
        BETA,
        SHEAR_MODULUS.named("shear_modulus", "G", "shear modulus after"),
        SHEAR_MODULUS.named("initial_modulus", "G0", "shear modulus before"),
    ],
    outputs: &[
        output("density_change", "Δρ/ρ", "", "relative change of the density"),
        output("slope", "(α_i - 1)/(α β)", "", "density change per ln(G/G0)"),
    ],
    validity: "α_i = 1.6 and β = 17 give 0.0353; the measured slope of 0.037 needs β = 16.2.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-t"],
    variant_of: None,
    evaluate: |a| defect_density_slope(a[0], a[1], a[2]).map(|slope| vec![slope * (a[3] / a[4]).ln(), slope]),
};

/// Density change per logarithm of the modulus, `(α_i - 1)/(αβ)`.
pub fn defect_density_slope(relaxation_volume: f64, alpha: f64, shear_susceptibility: f64) -> Result<f64, TheoryError> {
    DENSITY_CHANGE.check(&[relaxation_volume, alpha, shear_susceptibility, 1.0, 1.0])?;
    DENSITY_CHANGE.finite((relaxation_volume - 1.0) / (alpha * shear_susceptibility))
}

static LINDEMANN: Model = Model {
    id: "lindemann_rules",
    title: "Lindemann and Richards rules",
    summary: "Product of expansion and melting temperature, and heat of melting from the entropy of Richards.",
    equation: "k = α_th Tm, L = ΔS kB Tm with ΔS about 1.2",
    arguments: &[
        argument("thermal_expansion", "α_th", "1/K", "linear thermal expansion coefficient", POSITIVE),
        argument("melting_temperature", "Tm", "K", "melting temperature", POSITIVE),
        argument("melting_entropy", "ΔS/kB", "", "entropy of melting per atom, about 1.2", POSITIVE),
    ],
    outputs: &[
        output("product", "α_th Tm", "", "about constant over metals"),
        output("heat", "L", "J", "heat of melting per atom"),
    ],
    validity: "Rules of thumb for metals.",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-u"],
    variant_of: None,
    evaluate: |a| Ok(vec![lindemann_product(a[0], a[1])?, a[2] * BOLTZMANN * a[1]]),
};

/// Product of expansion and melting temperature, `α_th Tm`.
pub fn lindemann_product(thermal_expansion: f64, melting_temperature: f64) -> Result<f64, TheoryError> {
    LINDEMANN.check(&[thermal_expansion, melting_temperature, 1.0])?;
    LINDEMANN.finite(thermal_expansion * melting_temperature)
}

static ROUTES: Model = Model {
    id: "interstitialcy_routes",
    title: "Defect concentration by four routes",
    summary: "Concentrations from modulus, heat of crystallisation, density and spectrum, and their spread.",
    equation: "c_G = ln(μ/G)/(α β), c_Q = -ln(1 - ρQ β/μ)/(α β), c_ρ = -(Δρ/ρ)/(α_i - 1), c_n = ∫ n0 dE",
    arguments: &[
        CRYSTAL_MODULUS,
        GLASS_MODULUS,
        ALPHA,
        BETA,
        argument("heat", "ρQ", "J/m^3", "heat of crystallisation per volume", POSITIVE),
        argument("density_change", "Δρ/ρ", "", "density of the glass over that of the crystal, minus 1", ANY),
        RELAXATION_VOLUME,
        argument("spectrum_integral", "∫n0 dE", "%", "integral of the activation energy spectrum", POSITIVE),
    ],
    outputs: &[
        output("from_modulus", "c_G", "", "from the modulus"),
        output("from_heat", "c_Q", "", "from the heat of crystallisation"),
        output("from_density", "c_ρ", "", "from the density"),
        output("from_spectrum", "c_n", "", "from the spectrum; only what relaxes"),
        output("spread", "max/min", "", "largest over smallest of the first three"),
    ],
    validity: "One concentration if the theory holds; the spectrum counts only what relaxes (about one tenth).",
    references: &[QIAO, GRANATO],
    covers: &["Q19-4.2-ae"],
    variant_of: None,
    evaluate: |a| {
        let found = interstitialcy_routes(a[0], a[1], a[2], a[3], a[4], a[5], a[6])?;
        let (lo, hi) = found.iter().fold((f64::INFINITY, 0.0_f64), |(lo, hi), c| (lo.min(c.abs()), hi.max(c.abs())));
        if lo == 0.0 {
            return Err(ROUTES.relation("smallest concentration", 0.0, "above", 0.0, "one route finds no defects"));
        }
        Ok(vec![found[0], found[1], found[2], a[7], hi / lo])
    },
};

/// Concentrations from modulus, heat of crystallisation and density.
#[allow(clippy::too_many_arguments, reason = "three experiments and the constants they share")]
pub fn interstitialcy_routes(
    crystal_modulus: f64,
    shear_modulus: f64,
    alpha: f64,
    shear_susceptibility: f64,
    heat: f64,
    density_change: f64,
    relaxation_volume: f64,
) -> Result<[f64; 3], TheoryError> {
    ROUTES.check(&[
        crystal_modulus,
        shear_modulus,
        alpha,
        shear_susceptibility,
        heat,
        density_change,
        relaxation_volume,
        1.0,
    ])?;
    let product = alpha * shear_susceptibility;
    let from_modulus = interstitialcy_concentration(crystal_modulus, shear_modulus, alpha, shear_susceptibility)?;
    let share = heat * shear_susceptibility / crystal_modulus;
    if share >= 1.0 {
        return Err(ROUTES.relation(
            "heat shear_susceptibility/crystal_modulus",
            share,
            "below",
            1.0,
            "the glass would have no modulus",
        ));
    }
    if relaxation_volume == 1.0 {
        return Err(ROUTES.relation("relaxation_volume", 1.0, "different from", 1.0, "such defects do not change the density"));
    }
    Ok([
        from_modulus,
        ROUTES.finite(-(1.0 - share).ln() / product)?,
        ROUTES.finite(-density_change / (relaxation_volume - 1.0))?,
    ])
}

pub(super) const GROUP: Group = Group {
    id: "defects",
    title: "Interstitialcy theory",
    summary: "Defects of the shear-dumbbell kind, counted by the shear modulus.",
    models: &[
        &CONCENTRATION_FROM_MODULUS,
        &MODULUS_FROM_CONCENTRATION,
        &ENTHALPY,
        &ENERGY,
        &SUSCEPTIBILITY,
        &LOG_TIME,
        &SPECTRUM,
        &ANNEALED,
        &HEAT_FLOW,
        &EXCESS,
        &VOLUME,
        &DENSITY_CHANGE,
        &LINDEMANN,
        &ROUTES,
    ],
};
