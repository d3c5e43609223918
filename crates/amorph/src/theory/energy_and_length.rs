//! Size of a thermally bounded plastic event and its energy.
//!
//! An event of `N` particles costs `ΔU = ε N^(a-1)` per particle (Hentschel et al., as used by Lu et al. 2016); it ends where
//! `ΔU = kT`, at `N* = (ε/kT)^(1/(1-a))` particles, whose size in `d` dimensions is `l = λ N*^(1/d)`.

use super::constants::BOLTZMANN;
use super::model::{Argument, INNER, Model, POSITIVE, TEMPERATURE, argument, between, output};
use super::references::{HENTSCHEL, LU};
use super::{Group, TheoryError};

/// The material and the model: thermal energy, range of the interaction, scaling exponent. Pure formulas, for arrays.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SizeScaling {
    /// `kT`, J.
    pub thermal_energy: f64,
    /// Interaction length `λ`, m.
    pub interaction_length: f64,
    /// Exponent `a` of the energy per particle.
    pub exponent: f64,
}

impl SizeScaling {
    /// `N* = (ε/kT)^(1/(1-a))`: particles of an event.
    pub fn particles(&self, energy: f64) -> f64 {
        (energy / self.thermal_energy).powf(1.0 / (1.0 - self.exponent))
    }

    /// `l = λ (ε/kT)^(1/(d(1-a)))`, m.
    pub fn length_from_energy(&self, energy: f64, dimension: f64) -> f64 {
        self.interaction_length * (energy / self.thermal_energy).powf(1.0 / self.power(dimension))
    }

    /// `ε = kT (l/λ)^(d(1-a))`, J: rises with `l`, so that an interval of `l` becomes one of `ε`.
    pub fn energy_from_length(&self, length: f64, dimension: f64) -> f64 {
        self.thermal_energy * (length / self.interaction_length).powf(self.power(dimension))
    }

    /// `d = ln(ε/kT) / ((1-a) ln(l/λ))`, for an energy that is known otherwise.
    pub fn dimension(&self, energy: f64, length: f64) -> f64 {
        (energy / self.thermal_energy).ln() / ((1.0 - self.exponent) * (length / self.interaction_length).ln())
    }

    /// `d(1-a)`: relative error of the energy over relative error of the length.
    pub fn power(&self, dimension: f64) -> f64 {
        dimension * (1.0 - self.exponent)
    }
}

/// `d2 d3 (1-a)/(d3-d2)`: relative error of the two-state energy over relative error of the ratio of lengths.
pub fn two_state_power(exponent: f64, lower: f64, upper: f64) -> f64 {
    lower * upper * (1.0 - exponent) / (upper - lower)
}

const ENERGY: Argument = argument("energy", "ε", "eV", "activation energy of the elementary event", POSITIVE);
const LENGTH: Argument = argument("length", "l", "nm", "correlation length", POSITIVE);
const INTERACTION_LENGTH: Argument =
    argument("interaction_length", "λ", "nm", "range of the interaction; Lu et al. take about 1 nm", POSITIVE);
const DIMENSION: Argument =
    argument("dimension", "d", "", "dimension of the event: 3, or 2 where it is localised into planes", between(1.0, 3.0));
const EXPONENT: Argument = argument("exponent", "a", "", "exponent of the energy per particle", INNER).or(0.4);
const VALIDITY: &str = "ε above kT, l above λ. λ is assumed, not measured; it enters with the power d(1-a).";

const fn scaling(temperature: f64, interaction_length: f64, exponent: f64) -> SizeScaling {
    SizeScaling { thermal_energy: BOLTZMANN * temperature, interaction_length, exponent }
}

fn above_thermal(model: &Model, energy: f64, temperature: f64) -> Result<(), TheoryError> {
    let ratio = energy / (BOLTZMANN * temperature);
    match ratio > 1.0 {
        true => Ok(()),
        false => Err(model.relation("energy/(kB temperature)", ratio, "above", 1.0, "an event below kT has no size")),
    }
}

fn above_interaction(model: &Model, length: f64, interaction_length: f64) -> Result<(), TheoryError> {
    let ratio = length / interaction_length;
    let reason = "an event is larger than the range of the interaction";
    if ratio > 1.0 { Ok(()) } else { Err(model.relation("length/interaction_length", ratio, "above", 1.0, reason)) }
}

static LU_LENGTH: Model = Model {
    id: "lu_length",
    title: "Correlation length from the activation energy",
    summary: "Size at which a plastic event of known energy is bounded by thermal agitation.",
    equation: "l = λ (ε/(kB T))^(1/(d(1-a)))",
    arguments: &[ENERGY, TEMPERATURE, INTERACTION_LENGTH, DIMENSION, EXPONENT],
    outputs: &[output("length", "l", "m", "correlation length")],
    validity: VALIDITY,
    references: &[LU, HENTSCHEL],
    covers: &["L16-23", "L16-24"],
    variant_of: None,
    evaluate: |a| Ok(vec![lu_length(a[0], a[1], a[2], a[3], a[4])?]),
};

/// Correlation length from the activation energy, `l = λ (ε/kT)^(1/(d(1-a)))`, m (Lu et al. 2016, eq. 1).
pub fn lu_length(
    energy: f64,
    temperature: f64,
    interaction_length: f64,
    dimension: f64,
    exponent: f64,
) -> Result<f64, TheoryError> {
    LU_LENGTH.check(&[energy, temperature, interaction_length, dimension, exponent])?;
    above_thermal(&LU_LENGTH, energy, temperature)?;
    LU_LENGTH.finite(scaling(temperature, interaction_length, exponent).length_from_energy(energy, dimension))
}

static LU_ENERGY: Model = Model {
    id: "lu_energy",
    title: "Activation energy from the correlation length",
    summary: "Energy of the elementary event that a correlation length implies under an assumed interaction length.",
    equation: "ε = kB T (l/λ)^(d(1-a))",
    arguments: &[LENGTH, TEMPERATURE, INTERACTION_LENGTH, DIMENSION, EXPONENT],
    outputs: &[output("energy", "ε", "J", "activation energy")],
    validity: VALIDITY,
    references: &[LU, HENTSCHEL],
    covers: &["L16-25"],
    variant_of: None,
    evaluate: |a| Ok(vec![lu_energy(a[0], a[1], a[2], a[3], a[4])?]),
};

/// Activation energy from the correlation length, `ε = kT (l/λ)^(d(1-a))`, J; the inverse of [`lu_length`].
pub fn lu_energy(
    length: f64,
    temperature: f64,
    interaction_length: f64,
    dimension: f64,
    exponent: f64,
) -> Result<f64, TheoryError> {
    LU_ENERGY.check(&[length, temperature, interaction_length, dimension, exponent])?;
    above_interaction(&LU_ENERGY, length, interaction_length)?;
    LU_ENERGY.finite(scaling(temperature, interaction_length, exponent).energy_from_length(length, dimension))
}

static LU_PARTICLES: Model = Model {
    id: "lu_particles",
    title: "Particles of an event",
    summary: "Number of particles at which an event of known energy is bounded by thermal agitation.",
    equation: "N* = (ε/(kB T))^(1/(1-a))",
    arguments: &[ENERGY, TEMPERATURE, EXPONENT],
    outputs: &[output("particles", "N*", "", "particles of an event")],
    validity: "ε above kT.",
    references: &[LU, HENTSCHEL],
    covers: &["L16-22"],
    variant_of: None,
    evaluate: |a| Ok(vec![lu_particles(a[0], a[1], a[2])?]),
};

/// Particles of an event, `N* = (ε/kT)^(1/(1-a))`.
pub fn lu_particles(energy: f64, temperature: f64, exponent: f64) -> Result<f64, TheoryError> {
    LU_PARTICLES.check(&[energy, temperature, exponent])?;
    above_thermal(&LU_PARTICLES, energy, temperature)?;
    LU_PARTICLES.finite(scaling(temperature, 1.0, exponent).particles(energy))
}

static HENTSCHEL_ENERGY: Model = Model {
    id: "hentschel_energy_per_particle",
    title: "Energy per particle of a plastic event",
    summary: "How the energy per particle falls with the size of the event.",
    equation: "ΔU = ε N^(a-1)",
    arguments: &[ENERGY, argument("particles", "N", "", "particles of the event", POSITIVE), EXPONENT],
    outputs: &[output("energy_per_particle", "ΔU", "J", "energy per particle")],
    validity: "Size scaling of simulated plastic events; a = 0.4 as Lu et al. use it.",
    references: &[HENTSCHEL, LU],
    covers: &["L16-21"],
    variant_of: None,
    evaluate: |a| Ok(vec![hentschel_energy_per_particle(a[0], a[1], a[2])?]),
};

/// Energy per particle of a plastic event, `ΔU = ε N^(a-1)`, J.
pub fn hentschel_energy_per_particle(energy: f64, particles: f64, exponent: f64) -> Result<f64, TheoryError> {
    HENTSCHEL_ENERGY.check(&[energy, particles, exponent])?;
    HENTSCHEL_ENERGY.finite(energy * particles.powf(exponent - 1.0))
}

static LU_DIMENSION: Model = Model {
    id: "lu_dimension",
    title: "Dimension of the events",
    summary: "Dimension at which a length agrees with an energy known from another experiment.",
    equation: "d = ln(ε/(kB T)) / ((1-a) ln(l/λ))",
    arguments: &[ENERGY, LENGTH, TEMPERATURE, INTERACTION_LENGTH, EXPONENT],
    outputs: &[output("dimension", "d", "", "dimension of the events")],
    validity: "ε above kT, l above λ. With λ = 1 nm and 0.5 eV the lengths of Lu et al. give 3.51 and 2.18; λ = 0.8 nm restores 3.",
    references: &[LU],
    covers: &["L16-27"],
    variant_of: None,
    evaluate: |a| Ok(vec![lu_dimension(a[0], a[1], a[2], a[3], a[4])?]),
};

/// Dimension of the events, `d = ln(ε/kT)/((1-a) ln(l/λ))`.
pub fn lu_dimension(
    energy: f64,
    length: f64,
    temperature: f64,
    interaction_length: f64,
    exponent: f64,
) -> Result<f64, TheoryError> {
    LU_DIMENSION.check(&[energy, length, temperature, interaction_length, exponent])?;
    above_thermal(&LU_DIMENSION, energy, temperature)?;
    above_interaction(&LU_DIMENSION, length, interaction_length)?;
    LU_DIMENSION.finite(scaling(temperature, interaction_length, exponent).dimension(energy, length))
}

static LU_TWO_STATE: Model = Model {
    id: "lu_two_state",
    title: "Energy and interaction length from two states",
    summary: "Activation energy without an assumed interaction length, from the lengths of two states with events of dimension d3 and d2.",
    equation: "ε = kB T (l2/l3)^(d2 d3 (1-a)/(d3-d2)), ln λ = (d3 ln l3 - d2 ln l2)/(d3-d2)",
    arguments: &[
        LENGTH.named("upper_length", "l3", "length of the state with events of the higher dimension (as prepared)"),
        LENGTH.named("lower_length", "l2", "length of the state with localised events (deformed)"),
        TEMPERATURE,
        DIMENSION.named("upper_dimension", "d3", "higher dimension").or(3.0),
        DIMENSION.named("lower_dimension", "d2", "lower dimension").or(2.0),
        EXPONENT,
    ],
    outputs: &[
        output("energy", "ε", "J", "activation energy common to both states"),
        output("interaction_length", "λ", "m", "interaction length common to both states"),
    ],
    validity: "Assumes the same ε and λ in both states; derived here, not in the paper. Relative errors of the lengths come back 3.6 times larger.",
    references: &[LU],
    covers: &["L16-26"],
    variant_of: None,
    evaluate: |a| lu_two_state(a[0], a[1], a[2], a[3], a[4], a[5]).map(|state| vec![state.energy, state.interaction_length]),
};

/// What two states share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoStateEvent {
    /// Activation energy, J.
    pub energy: f64,
    /// Interaction length, m.
    pub interaction_length: f64,
}

/// Energy and interaction length from two states: `ε = kT (l2/l3)^(d2 d3 (1-a)/(d3-d2))`, J, and `λ`, m.
pub fn lu_two_state(
    upper_length: f64,
    lower_length: f64,
    temperature: f64,
    upper_dimension: f64,
    lower_dimension: f64,
    exponent: f64,
) -> Result<TwoStateEvent, TheoryError> {
    let model = &LU_TWO_STATE;
    model.check(&[upper_length, lower_length, temperature, upper_dimension, lower_dimension, exponent])?;
    if upper_dimension <= lower_dimension {
        let reason = "the two states must differ in the dimension of their events";
        return Err(model.relation(
            "upper_dimension - lower_dimension",
            upper_dimension - lower_dimension,
            "above",
            0.0,
            reason,
        ));
    }
    if lower_length <= upper_length {
        let reason = "localised events of the same energy are longer";
        return Err(model.relation("lower_length/upper_length", lower_length / upper_length, "above", 1.0, reason));
    }
    let power = two_state_power(exponent, lower_dimension, upper_dimension);
    let energy = model.finite(BOLTZMANN * temperature * (lower_length / upper_length).powf(power))?;
    let difference = upper_dimension - lower_dimension;
    let logarithm = (upper_dimension * upper_length.ln() - lower_dimension * lower_length.ln()) / difference;
    Ok(TwoStateEvent { energy, interaction_length: logarithm.exp() })
}

static LU_CONSISTENCY: Model = Model {
    id: "lu_consistency",
    title: "Predicted over measured length",
    summary: "How far the length that a known energy predicts is from the measured one.",
    equation: "l_theory/l = (λ/l) (ε/(kB T))^(1/(d(1-a)))",
    arguments: &[ENERGY, LENGTH, TEMPERATURE, INTERACTION_LENGTH, DIMENSION, EXPONENT],
    outputs: &[output("ratio", "l_theory/l", "", "predicted over measured length")],
    validity: "Lu et al. call ratios of 1.27 and 1.22 (0.5 eV, λ = 1 nm) very good agreement; one λ = 0.8 nm fits both states within 3 %.",
    references: &[LU],
    covers: &["L16-31"],
    variant_of: None,
    evaluate: |a| Ok(vec![lu_consistency(a[0], a[1], a[2], a[3], a[4], a[5])?]),
};

/// Predicted over measured length, [`lu_length`] over `length`.
pub fn lu_consistency(
    energy: f64,
    length: f64,
    temperature: f64,
    interaction_length: f64,
    dimension: f64,
    exponent: f64,
) -> Result<f64, TheoryError> {
    LU_CONSISTENCY.check(&[energy, length, temperature, interaction_length, dimension, exponent])?;
    Ok(lu_length(energy, temperature, interaction_length, dimension, exponent)? / length)
}

static BARRIER_RATIO: Model = Model {
    id: "barrier_ratio",
    title: "Barrier of an event over that of a shear transformation zone",
    summary: "Whether the event seen by AFM is a fraction of a shear transformation.",
    equation: "r = ε/W",
    arguments: &[ENERGY, ENERGY.named("zone_energy", "W", "barrier of a shear transformation zone")],
    outputs: &[output("ratio", "r", "", "ratio of the barriers")],
    validity: "Lu et al. find about one half.",
    references: &[LU],
    covers: &["L16-41"],
    variant_of: None,
    evaluate: |a| Ok(vec![barrier_ratio(a[0], a[1])?]),
};

/// Barrier of an event over that of a shear transformation zone, `ε/W`.
pub fn barrier_ratio(energy: f64, zone_energy: f64) -> Result<f64, TheoryError> {
    BARRIER_RATIO.check(&[energy, zone_energy])?;
    BARRIER_RATIO.finite(energy / zone_energy)
}

pub(super) const GROUP: Group = Group {
    id: "energy_and_length",
    title: "Energy and length",
    summary: "Size of a thermally bounded plastic event and its energy.",
    models: &[
        &LU_LENGTH,
        &LU_ENERGY,
        &LU_TWO_STATE,
        &LU_PARTICLES,
        &HENTSCHEL_ENERGY,
        &LU_DIMENSION,
        &LU_CONSISTENCY,
        &BARRIER_RATIO,
    ],
};
