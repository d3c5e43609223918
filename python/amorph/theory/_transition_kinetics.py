# Generated from the registry of models by `amorph generate`; change the model instead.
"""Frequency, barrier and kinetics."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


def barrier_from_frequency(
    *,
    frequency: Value,
    temperature: Value,
    attempt_frequency: Value,
) -> Number:
    """Barrier from the frequency of a drive.

    Barrier of the events that just follow a drive of a known frequency.

    `ΔG = kB T ln(2 ω₀/f)`

    f below 2 ω₀. The attempt frequency is decisive: at 300 K a factor 100 in it is 0.12 eV.

    Arguments:
        frequency: frequency of the drive (f), for instance in Hz; above 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_frequency: attempt frequency of the event, in each direction (ω₀), for instance in 1/s; above 0.

    Returns:
        Barrier, J.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "barrier_from_frequency",
        frequency=frequency,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
    )
    return results[0]


def frequency_from_barrier(
    *,
    barrier: Value,
    temperature: Value,
    attempt_frequency: Value,
) -> Number:
    """Rate of an event from its barrier.

    Frequency that events of a known barrier just follow; the rate at which a population relaxes.

    `f = 2 ω₀ exp(-ΔG/(kB T))`

    Inverse of barrier_from_frequency.

    Arguments:
        barrier: barrier of the event (ΔG), for instance in eV; at least 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_frequency: attempt frequency of the event, in each direction (ω₀), for instance in 1/s; above 0.

    Returns:
        Frequency, 1/s.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "frequency_from_barrier",
        barrier=barrier,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
    )
    return results[0]


def attempt_frequency_from_barrier(
    *,
    barrier: Value,
    frequency: Value,
    temperature: Value,
) -> Number:
    """Attempt frequency that a barrier at a frequency implies.

    Whether a barrier and the frequency at which it was seen belong to a vibration of atoms.

    `ω₀ = f exp(ΔG/(kB T))/2`

    0.62 eV at 1 kHz and 298 K gives 1.5e13 1/s, a Debye frequency.

    Arguments:
        barrier: barrier of the event (ΔG), for instance in eV; at least 0.
        frequency: frequency of the drive (f), for instance in Hz; above 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        Attempt frequency, 1/s.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "attempt_frequency_from_barrier",
        barrier=barrier,
        frequency=frequency,
        temperature=temperature,
    )
    return results[0]


def barrier_shift(
    *,
    barrier: Value,
    frequency: Value,
    new_frequency: Value,
    temperature: Value,
) -> Number:
    """Barrier at another frequency.

    Converts a barrier between the frequencies of two experiments; no attempt frequency is needed.

    `ΔG2 = ΔG1 - kB T ln(f2/f1)`

    0.62 eV at 1 kHz is 0.502 eV at 100 kHz and 0.474 eV at 300 kHz (298 K). Refused where the barrier would vanish.

    Arguments:
        barrier: barrier of the event (ΔG), for instance in eV; at least 0.
        frequency: frequency at which the barrier was seen (f1), for instance in Hz; above 0.
        new_frequency: frequency to convert to (f2), for instance in Hz; above 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        Barrier at the new frequency, J.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "barrier_shift",
        barrier=barrier,
        frequency=frequency,
        new_frequency=new_frequency,
        temperature=temperature,
    )
    return results[0]


def event_relaxation_time(
    *,
    barrier: Value,
    temperature: Value,
    attempt_frequency: Value,
) -> Number:
    """Relaxation time of an event.

    Time in which the excess of forward events decays.

    `tR = exp(+ΔG/(kB T))/(2 ω₀)`

    Eq. 3 of Yang et al. prints exp(-ΔG/kT); their Eq. 2 gives the sign used here. At high stress see two_state_transition.

    Arguments:
        barrier: barrier of the event (ΔG), for instance in eV; at least 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_frequency: attempt frequency of the event, in each direction (ω₀), for instance in 1/s; above 0.

    Returns:
        Relaxation time, s.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "event_relaxation_time",
        barrier=barrier,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
    )
    return results[0]


def barrier_from_duration(
    *,
    duration: Value,
    temperature: Value,
    attempt_frequency: Value,
) -> Number:
    """Barrier from the duration of an event.

    Barrier that the duration of a spike implies.

    `ΔG = kB T ln(2 ω₀ Δt)`

    Δt above 1/(2 ω₀). 1 ms at 300 K is 0.62 eV with a Debye frequency of 1.5e13 1/s and 0.50 eV with 1.25e11 1/s: Yang et al. print about 0.5 eV without the frequency. A duration of one sample is an upper bound.

    Arguments:
        duration: duration of the event (Δt), for instance in ms; above 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_frequency: attempt frequency of the event, in each direction (ω₀), for instance in 1/s; above 0.

    Returns:
        Barrier, J.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "barrier_from_duration",
        duration=duration,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
    )
    return results[0]


def stress_bias(
    *,
    shear_stress: Value,
    activation_volume: Value,
    temperature: Value,
) -> Number:
    """Work of the stress over the thermal energy.

    How far the stress biases an event; above 0.3 linear kinetics fails.

    `x = τ V/(kB T)`

    3.6 at 296 MPa uniaxial and 100 Å^3: not a probability, as the linear model of Yang et al. would need.

    Arguments:
        shear_stress: shear stress (half the uniaxial stress) (τ), for instance in MPa; at least 0.
        activation_volume: activation volume (V), for instance in A^3; at least 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        Work of the stress over kT.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "stress_bias",
        shear_stress=shear_stress,
        activation_volume=activation_volume,
        temperature=temperature,
    )
    return results[0]


class TwoStateTransition(NamedTuple):
    """Net transitions between two states under stress."""

    polarisation: Number
    """Excess of forward events."""
    steady_state: Number
    """Excess in the steady state."""
    relaxation_time: Number
    """Relaxation time, s."""
    rate: Number
    """Rate of change of the excess, 1/s."""


def two_state_transition(
    *,
    time: Value,
    initial_polarisation: Value,
    barrier: Value,
    activation_volume: Value,
    shear_stress: Value,
    temperature: Value,
    attempt_frequency: Value,
) -> TwoStateTransition:
    """Net transitions between two states under stress.

    Excess of forward over backward events at constant stress, at any stress.

    `p = p_ss + (p0 - p_ss) exp(-t/tR), p_ss = tanh(τV/(kB T)), tR = exp(ΔG/(kB T))/(2 ω₀ cosh(τV/(kB T)))`

    Reduces to linear_transition at low stress; saturates above τV = kT, which explains the weak dependence on stress.

    Arguments:
        time: time since the stress was applied (t), for instance in s; at least 0.
        initial_polarisation: excess of forward events at time zero (p0); at least -1 and at most 1.
        barrier: barrier of the event (ΔG), for instance in eV; at least 0.
        activation_volume: activation volume (V), for instance in A^3; at least 0.
        shear_stress: shear stress (half the uniaxial stress) (τ), for instance in MPa; at least 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_frequency: attempt frequency of the event, in each direction (ω₀), for instance in 1/s; above 0.

    Returns:
        The results, by name.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "two_state_transition",
        time=time,
        initial_polarisation=initial_polarisation,
        barrier=barrier,
        activation_volume=activation_volume,
        shear_stress=shear_stress,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
    )
    return TwoStateTransition(results[0], results[1], results[2], results[3])


class LinearTransition(NamedTuple):
    """Net transitions between two states, linear in stress."""

    polarisation: Number
    """Excess of forward events."""
    steady_state: Number
    """Excess in the steady state."""
    relaxation_time: Number
    """Relaxation time, s."""
    rate: Number
    """Rate of change of the excess, 1/s."""


def linear_transition(
    *,
    time: Value,
    initial_polarisation: Value,
    barrier: Value,
    activation_volume: Value,
    shear_stress: Value,
    temperature: Value,
    attempt_frequency: Value,
) -> LinearTransition:
    """Net transitions between two states, linear in stress.

    The form that Yang et al. print; refused where the stress is not small.

    `p = p0 exp(-t/tR) + (τV/(kB T)) (1 - exp(-t/tR)), tR = exp(ΔG/(kB T))/(2 ω₀)`

    A variant of `two_state_transition`, which is the form to use.

    τV/kT below 0.3; at 100 Å^3 and 300 K that is a shear stress of 12 MPa. two_state_transition holds at any stress.

    Arguments:
        time: time since the stress was applied (t), for instance in s; at least 0.
        initial_polarisation: excess of forward events at time zero (p0); at least -1 and at most 1.
        barrier: barrier of the event (ΔG), for instance in eV; at least 0.
        activation_volume: activation volume (V), for instance in A^3; at least 0.
        shear_stress: shear stress (half the uniaxial stress) (τ), for instance in MPa; at least 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_frequency: attempt frequency of the event, in each direction (ω₀), for instance in 1/s; above 0.

    Returns:
        The results, by name.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "linear_transition",
        time=time,
        initial_polarisation=initial_polarisation,
        barrier=barrier,
        activation_volume=activation_volume,
        shear_stress=shear_stress,
        temperature=temperature,
        attempt_frequency=attempt_frequency,
    )
    return LinearTransition(results[0], results[1], results[2], results[3])
