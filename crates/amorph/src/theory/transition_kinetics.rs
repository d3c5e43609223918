//! Barrier, frequency and time of a thermally activated event between two states.
//!
//! The convention of the source papers is used throughout: jumps in both directions at `ω₀ exp(-ΔG/kT)`, so that a population
//! relaxes at `2 ω₀ exp(-ΔG/kT)`.

use super::constants::BOLTZMANN;
use super::model::{ATTEMPT_FREQUENCY, Argument, Model, NOT_NEGATIVE, POSITIVE, TEMPERATURE, argument, between, output};
use super::references::{LU, YANG};
use super::{Group, TheoryError};

/// Barrier of an event that follows a drive of frequency `f` (Hz): `ΔG = kT ln(2ω/f)` from `1/f = exp(ΔG/kT)/(2ω)`, J.
///
/// Without checks, for arrays; [`barrier_from_frequency`] checks.
pub fn barrier_of_frequency(thermal_energy: f64, attempt_frequency: f64, frequency: f64) -> f64 {
    thermal_energy * (2.0 * attempt_frequency / frequency).ln()
}

/// The barrier seen at frequency `f2` when it is `barrier` at `f1`: `ΔG2 = ΔG1 - kT ln(f2/f1)`, J; without checks.
pub fn barrier_at_frequency(thermal_energy: f64, barrier: f64, f1: f64, f2: f64) -> f64 {
    barrier - thermal_energy * (f2 / f1).ln()
}

/// The attempt frequency that a barrier at a frequency implies: `ω = f exp(ΔG/kT)/2`, 1/s; without checks.
pub fn implied_attempt_frequency(thermal_energy: f64, barrier: f64, frequency: f64) -> f64 {
    0.5 * frequency * (barrier / thermal_energy).exp()
}

const BARRIER: Argument = argument("barrier", "ΔG", "eV", "barrier of the event", NOT_NEGATIVE);
const FREQUENCY: Argument = argument("frequency", "f", "Hz", "frequency of the drive", POSITIVE);
const TIME: Argument = argument("time", "t", "s", "time since the stress was applied", NOT_NEGATIVE);
const DURATION: Argument = argument("duration", "Δt", "ms", "duration of the event", POSITIVE);
const STRESS: Argument = argument("shear_stress", "τ", "MPa", "shear stress (half the uniaxial stress)", NOT_NEGATIVE);
const VOLUME: Argument = argument("activation_volume", "V", "A^3", "activation volume", NOT_NEGATIVE);
const START: Argument = argument("initial_polarisation", "p0", "", "excess of forward events at time zero", between(-1.0, 1.0));
const ORDER_NOTE: &str = "The attempt frequency is decisive: at 300 K a factor 100 in it is 0.12 eV.";

static BARRIER_FROM_FREQUENCY: Model = Model {
    id: "barrier_from_frequency",
    title: "Barrier from the frequency of a drive",
    summary: "Barrier of the events that just follow a drive of a known frequency.",
    equation: "ΔG = kB T ln(2 ω₀/f)",
    arguments: &[FREQUENCY, TEMPERATURE, ATTEMPT_FREQUENCY],
    outputs: &[output("barrier", "ΔG", "J", "barrier")],
    validity: "f below 2 ω₀. The attempt frequency is decisive: at 300 K a factor 100 in it is 0.12 eV.",
    references: &[LU],
    covers: &["L16-29", "Q19-3.2-d"],
    variant_of: None,
    evaluate: |a| Ok(vec![barrier_from_frequency(a[0], a[1], a[2])?]),
};

/// Barrier from the frequency of a drive, `ΔG = kT ln(2ω₀/f)`, J.
pub fn barrier_from_frequency(frequency: f64, temperature: f64, attempt_frequency: f64) -> Result<f64, TheoryError> {
    let model = &BARRIER_FROM_FREQUENCY;
    model.check(&[frequency, temperature, attempt_frequency])?;
    not_faster(model, frequency / (2.0 * attempt_frequency))?;
    model.finite(barrier_of_frequency(BOLTZMANN * temperature, attempt_frequency, frequency))
}

fn not_faster(model: &Model, ratio: f64) -> Result<(), TheoryError> {
    let reason = "nothing is faster than the attempts";
    if ratio <= 1.0 { Ok(()) } else { Err(model.relation("rate/(2 attempt_frequency)", ratio, "at most", 1.0, reason)) }
}

static FREQUENCY_FROM_BARRIER: Model = Model {
    id: "frequency_from_barrier",
    title: "Rate of an event from its barrier",
    summary: "Frequency that events of a known barrier just follow; the rate at which a population relaxes.",
    equation: "f = 2 ω₀ exp(-ΔG/(kB T))",
    arguments: &[BARRIER, TEMPERATURE, ATTEMPT_FREQUENCY],
    outputs: &[output("frequency", "f", "1/s", "frequency")],
    validity: "Inverse of barrier_from_frequency.",
    references: &[LU],
    covers: &["L16-29", "Q19-3.2-d"],
    variant_of: None,
    evaluate: |a| Ok(vec![frequency_from_barrier(a[0], a[1], a[2])?]),
};

/// Rate of an event from its barrier, `f = 2ω₀ exp(-ΔG/kT)`, 1/s; the inverse of [`barrier_from_frequency`].
pub fn frequency_from_barrier(barrier: f64, temperature: f64, attempt_frequency: f64) -> Result<f64, TheoryError> {
    FREQUENCY_FROM_BARRIER.check(&[barrier, temperature, attempt_frequency])?;
    FREQUENCY_FROM_BARRIER.finite(2.0 * attempt_frequency * (-barrier / (BOLTZMANN * temperature)).exp())
}

static ATTEMPT_FROM_BARRIER: Model = Model {
    id: "attempt_frequency_from_barrier",
    title: "Attempt frequency that a barrier at a frequency implies",
    summary: "Whether a barrier and the frequency at which it was seen belong to a vibration of atoms.",
    equation: "ω₀ = f exp(ΔG/(kB T))/2",
    arguments: &[BARRIER, FREQUENCY, TEMPERATURE],
    outputs: &[output("attempt_frequency", "ω₀", "1/s", "attempt frequency")],
    validity: "0.62 eV at 1 kHz and 298 K gives 1.5e13 1/s, a Debye frequency.",
    references: &[LU],
    covers: &["L16-29"],
    variant_of: None,
    evaluate: |a| Ok(vec![attempt_frequency_from_barrier(a[0], a[1], a[2])?]),
};

/// Attempt frequency that a barrier at a frequency implies, `ω₀ = f exp(ΔG/kT)/2`, 1/s.
pub fn attempt_frequency_from_barrier(barrier: f64, frequency: f64, temperature: f64) -> Result<f64, TheoryError> {
    ATTEMPT_FROM_BARRIER.check(&[barrier, frequency, temperature])?;
    ATTEMPT_FROM_BARRIER.finite(implied_attempt_frequency(BOLTZMANN * temperature, barrier, frequency))
}

static BARRIER_SHIFT: Model = Model {
    id: "barrier_shift",
    title: "Barrier at another frequency",
    summary: "Converts a barrier between the frequencies of two experiments; no attempt frequency is needed.",
    equation: "ΔG2 = ΔG1 - kB T ln(f2/f1)",
    arguments: &[
        BARRIER,
        FREQUENCY.named("frequency", "f1", "frequency at which the barrier was seen"),
        FREQUENCY.named("new_frequency", "f2", "frequency to convert to"),
        TEMPERATURE,
    ],
    outputs: &[output("barrier", "ΔG2", "J", "barrier at the new frequency")],
    validity: "0.62 eV at 1 kHz is 0.502 eV at 100 kHz and 0.474 eV at 300 kHz (298 K). Refused where the barrier would vanish.",
    references: &[LU],
    covers: &["L16-30"],
    variant_of: None,
    evaluate: |a| Ok(vec![barrier_shift(a[0], a[1], a[2], a[3])?]),
};

/// Barrier at another frequency, `ΔG2 = ΔG1 - kT ln(f2/f1)`, J.
pub fn barrier_shift(barrier: f64, frequency: f64, new_frequency: f64, temperature: f64) -> Result<f64, TheoryError> {
    let model = &BARRIER_SHIFT;
    model.check(&[barrier, frequency, new_frequency, temperature])?;
    let thermal = BOLTZMANN * temperature;
    let shifted = barrier_at_frequency(thermal, barrier, frequency, new_frequency);
    match shifted >= 0.0 {
        true => model.finite(shifted),
        false => {
            Err(model.relation("barrier/(kB temperature)", shifted / thermal, "at least", 0.0, "no barrier would be left"))
        }
    }
}

static EVENT_RELAXATION_TIME: Model = Model {
    id: "event_relaxation_time",
    title: "Relaxation time of an event",
    summary: "Time in which the excess of forward events decays.",
    equation: "tR = exp(+ΔG/(kB T))/(2 ω₀)",
    arguments: &[BARRIER, TEMPERATURE, ATTEMPT_FREQUENCY],
    outputs: &[output("relaxation_time", "tR", "s", "relaxation time")],
    validity: "Eq. 3 of Yang et al. prints exp(-ΔG/kT); their Eq. 2 gives the sign used here. At high stress see two_state_transition.",
    references: &[YANG],
    covers: &["Y12-20", "Q19-3.2-d"],
    variant_of: None,
    evaluate: |a| Ok(vec![event_relaxation_time(a[0], a[1], a[2])?]),
};

/// Relaxation time of an event, `tR = exp(ΔG/kT)/(2ω₀)`, s.
pub fn event_relaxation_time(barrier: f64, temperature: f64, attempt_frequency: f64) -> Result<f64, TheoryError> {
    EVENT_RELAXATION_TIME.check(&[barrier, temperature, attempt_frequency])?;
    EVENT_RELAXATION_TIME.finite((barrier / (BOLTZMANN * temperature)).exp() / (2.0 * attempt_frequency))
}

static BARRIER_FROM_DURATION: Model = Model {
    id: "barrier_from_duration",
    title: "Barrier from the duration of an event",
    summary: "Barrier that the duration of a spike implies.",
    equation: "ΔG = kB T ln(2 ω₀ Δt)",
    arguments: &[DURATION, TEMPERATURE, ATTEMPT_FREQUENCY],
    outputs: &[output("barrier", "ΔG", "J", "barrier")],
    validity: "Δt above 1/(2 ω₀). 1 ms at 300 K is 0.62 eV with a Debye frequency of 1.5e13 1/s and 0.50 eV with 1.25e11 1/s: Yang et al. \
               print about 0.5 eV without the frequency. A duration of one sample is an upper bound.",
    references: &[YANG],
    covers: &["Y12-26"],
    variant_of: None,
    evaluate: |a| Ok(vec![barrier_from_duration(a[0], a[1], a[2])?]),
};

/// Barrier from the duration of an event, `ΔG = kT ln(2ω₀Δt)`, J; the inverse of [`event_relaxation_time`].
pub fn barrier_from_duration(duration: f64, temperature: f64, attempt_frequency: f64) -> Result<f64, TheoryError> {
    let model = &BARRIER_FROM_DURATION;
    model.check(&[duration, temperature, attempt_frequency])?;
    not_faster(model, 1.0 / (2.0 * attempt_frequency * duration))?;
    model.finite(barrier_of_frequency(BOLTZMANN * temperature, attempt_frequency, 1.0 / duration))
}

static STRESS_BIAS: Model = Model {
    id: "stress_bias",
    title: "Work of the stress over the thermal energy",
    summary: "How far the stress biases an event; above 0.3 linear kinetics fails.",
    equation: "x = τ V/(kB T)",
    arguments: &[STRESS, VOLUME, TEMPERATURE],
    outputs: &[output("bias", "x", "", "work of the stress over kT")],
    validity: "3.6 at 296 MPa uniaxial and 100 Å^3: not a probability, as the linear model of Yang et al. would need.",
    references: &[YANG],
    covers: &["Y12-19", "Y12-21"],
    variant_of: None,
    evaluate: |a| Ok(vec![stress_bias(a[0], a[1], a[2])?]),
};

/// Work of the stress over the thermal energy, `τV/kT`.
pub fn stress_bias(shear_stress: f64, activation_volume: f64, temperature: f64) -> Result<f64, TheoryError> {
    STRESS_BIAS.check(&[shear_stress, activation_volume, temperature])?;
    STRESS_BIAS.finite(shear_stress * activation_volume / (BOLTZMANN * temperature))
}

/// How the excess of forward events evolves at constant stress.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transition {
    /// Excess of forward events at the time asked for.
    pub polarisation: f64,
    /// Where it goes.
    pub steady_state: f64,
    /// Relaxation time, s.
    pub relaxation_time: f64,
    /// Rate at the time asked for, 1/s.
    pub rate: f64,
}

impl Transition {
    fn towards(start: f64, steady_state: f64, relaxation_time: f64, time: f64) -> Self {
        let decay = (-time / relaxation_time).exp();
        let polarisation = steady_state + (start - steady_state) * decay;
        Self { polarisation, steady_state, relaxation_time, rate: (steady_state - polarisation) / relaxation_time }
    }

    fn values(&self) -> Vec<f64> {
        vec![self.polarisation, self.steady_state, self.relaxation_time, self.rate]
    }
}

const TRANSITION_ARGUMENTS: &[Argument] = &[TIME, START, BARRIER, VOLUME, STRESS, TEMPERATURE, ATTEMPT_FREQUENCY];
const TRANSITION_OUTPUTS: &[super::Output] = &[
    output("polarisation", "p", "", "excess of forward events"),
    output("steady_state", "p_ss", "", "excess in the steady state"),
    output("relaxation_time", "tR", "s", "relaxation time"),
    output("rate", "dp/dt", "1/s", "rate of change of the excess"),
];

static TWO_STATE_TRANSITION: Model = Model {
    id: "two_state_transition",
    title: "Net transitions between two states under stress",
    summary: "Excess of forward over backward events at constant stress, at any stress.",
    equation: "p = p_ss + (p0 - p_ss) exp(-t/tR), p_ss = tanh(τV/(kB T)), tR = exp(ΔG/(kB T))/(2 ω₀ cosh(τV/(kB T)))",
    arguments: TRANSITION_ARGUMENTS,
    outputs: TRANSITION_OUTPUTS,
    validity: "Reduces to linear_transition at low stress; saturates above τV = kT, which explains the weak dependence on stress.",
    references: &[YANG],
    covers: &["Y12-18", "Y12-19", "Y12-21"],
    variant_of: None,
    evaluate: |a| Ok(two_state_transition(a[0], a[1], a[2], a[3], a[4], a[5], a[6])?.values()),
};

/// Net transitions between two states under stress, with `p_ss = tanh(τV/kT)`.
#[allow(clippy::too_many_arguments, reason = "a state, a material, a loading: grouping them would only rename the arguments")]
pub fn two_state_transition(
    time: f64,
    initial_polarisation: f64,
    barrier: f64,
    activation_volume: f64,
    shear_stress: f64,
    temperature: f64,
    attempt_frequency: f64,
) -> Result<Transition, TheoryError> {
    let given = [time, initial_polarisation, barrier, activation_volume, shear_stress, temperature, attempt_frequency];
    TWO_STATE_TRANSITION.check(&given)?;
    let bias = stress_bias(shear_stress, activation_volume, temperature)?;
    let relaxation_time = event_relaxation_time(barrier, temperature, attempt_frequency)? / bias.cosh();
    Ok(Transition::towards(initial_polarisation, bias.tanh(), relaxation_time, time))
}

static LINEAR_TRANSITION: Model = Model {
    id: "linear_transition",
    title: "Net transitions between two states, linear in stress",
    summary: "The form that Yang et al. print; refused where the stress is not small.",
    equation: "p = p0 exp(-t/tR) + (τV/(kB T)) (1 - exp(-t/tR)), tR = exp(ΔG/(kB T))/(2 ω₀)",
    arguments: TRANSITION_ARGUMENTS,
    outputs: TRANSITION_OUTPUTS,
    validity: "τV/kT below 0.3; at 100 Å^3 and 300 K that is a shear stress of 12 MPa. two_state_transition holds at any stress.",
    references: &[YANG],
    covers: &["Y12-18", "Y12-19"],
    variant_of: Some("two_state_transition"),
    evaluate: |a| Ok(linear_transition(a[0], a[1], a[2], a[3], a[4], a[5], a[6])?.values()),
};

/// Net transitions between two states, linear in stress (Yang et al., eqs. 2 and 3), refused for `τV/kT` of 0.3 and more.
#[allow(clippy::too_many_arguments, reason = "as two_state_transition")]
pub fn linear_transition(
    time: f64,
    initial_polarisation: f64,
    barrier: f64,
    activation_volume: f64,
    shear_stress: f64,
    temperature: f64,
    attempt_frequency: f64,
) -> Result<Transition, TheoryError> {
    let given = [time, initial_polarisation, barrier, activation_volume, shear_stress, temperature, attempt_frequency];
    LINEAR_TRANSITION.check(&given)?;
    let bias = stress_bias(shear_stress, activation_volume, temperature)?;
    if bias >= 0.3 {
        let reason = "beyond it the linear form is no probability; use two_state_transition";
        return Err(LINEAR_TRANSITION.relation("shear_stress activation_volume/(kB temperature)", bias, "below", 0.3, reason));
    }
    let relaxation_time = event_relaxation_time(barrier, temperature, attempt_frequency)?;
    Ok(Transition::towards(initial_polarisation, bias, relaxation_time, time))
}

pub(super) const GROUP: Group = Group {
    id: "transition_kinetics",
    title: "Frequency, barrier and kinetics",
    summary: ORDER_NOTE,
    models: &[
        &BARRIER_FROM_FREQUENCY,
        &FREQUENCY_FROM_BARRIER,
        &ATTEMPT_FROM_BARRIER,
        &BARRIER_SHIFT,
        &EVENT_RELAXATION_TIME,
        &BARRIER_FROM_DURATION,
        &STRESS_BIAS,
        &TWO_STATE_TRANSITION,
        &LINEAR_TRANSITION,
    ],
};
