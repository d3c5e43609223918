# Generated from the registry of models by `amorph generate`; change the model instead.
"""Energy and length."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


def lu_length(
    *,
    energy: Value,
    temperature: Value,
    interaction_length: Value,
    dimension: Value,
    exponent: Value = 0.4,
) -> Number:
    """Correlation length from the activation energy.

    Size at which a plastic event of known energy is bounded by thermal agitation.

    `l = λ (ε/(kB T))^(1/(d(1-a)))`

    ε above kT, l above λ. λ is assumed, not measured; it enters with the power d(1-a).

    Arguments:
        energy: activation energy of the elementary event (ε), for instance in eV; above 0.
        temperature: temperature (T), for instance in K; above 0.
        interaction_length: range of the interaction; Lu et al. take about 1 nm (λ), for instance in nm; above 0.
        dimension: dimension of the event: 3, or 2 where it is localised into planes (d); at least 1 and at most 3.
        exponent: exponent of the energy per particle (a); above 0 and below 1; 0.4 by default.

    Returns:
        Correlation length, m.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016); Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010).
    """
    results = evaluate(
        "lu_length",
        energy=energy,
        temperature=temperature,
        interaction_length=interaction_length,
        dimension=dimension,
        exponent=exponent,
    )
    return results[0]


def lu_energy(
    *,
    length: Value,
    temperature: Value,
    interaction_length: Value,
    dimension: Value,
    exponent: Value = 0.4,
) -> Number:
    """Activation energy from the correlation length.

    Energy of the elementary event that a correlation length implies under an assumed interaction length.

    `ε = kB T (l/λ)^(d(1-a))`

    ε above kT, l above λ. λ is assumed, not measured; it enters with the power d(1-a).

    Arguments:
        length: correlation length (l), for instance in nm; above 0.
        temperature: temperature (T), for instance in K; above 0.
        interaction_length: range of the interaction; Lu et al. take about 1 nm (λ), for instance in nm; above 0.
        dimension: dimension of the event: 3, or 2 where it is localised into planes (d); at least 1 and at most 3.
        exponent: exponent of the energy per particle (a); above 0 and below 1; 0.4 by default.

    Returns:
        Activation energy, J.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016); Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010).
    """
    results = evaluate(
        "lu_energy",
        length=length,
        temperature=temperature,
        interaction_length=interaction_length,
        dimension=dimension,
        exponent=exponent,
    )
    return results[0]


class LuTwoState(NamedTuple):
    """Energy and interaction length from two states."""

    energy: Number
    """Activation energy common to both states, J."""
    interaction_length: Number
    """Interaction length common to both states, m."""


def lu_two_state(
    *,
    upper_length: Value,
    lower_length: Value,
    temperature: Value,
    upper_dimension: Value = 3.0,
    lower_dimension: Value = 2.0,
    exponent: Value = 0.4,
) -> LuTwoState:
    """Energy and interaction length from two states.

    Activation energy without an assumed interaction length, from the lengths of two states with events of dimension d3 and d2.

    `ε = kB T (l2/l3)^(d2 d3 (1-a)/(d3-d2)), ln λ = (d3 ln l3 - d2 ln l2)/(d3-d2)`

    Assumes the same ε and λ in both states; derived here, not in the paper. Relative errors of the lengths come back 3.6 times larger.

    Arguments:
        upper_length: length of the state with events of the higher dimension (as prepared) (l3), for instance in nm; above 0.
        lower_length: length of the state with localised events (deformed) (l2), for instance in nm; above 0.
        temperature: temperature (T), for instance in K; above 0.
        upper_dimension: higher dimension (d3); at least 1 and at most 3; 3 by default.
        lower_dimension: lower dimension (d2); at least 1 and at most 3; 2 by default.
        exponent: exponent of the energy per particle (a); above 0 and below 1; 0.4 by default.

    Returns:
        The results, by name.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "lu_two_state",
        upper_length=upper_length,
        lower_length=lower_length,
        temperature=temperature,
        upper_dimension=upper_dimension,
        lower_dimension=lower_dimension,
        exponent=exponent,
    )
    return LuTwoState(results[0], results[1])


def lu_particles(
    *,
    energy: Value,
    temperature: Value,
    exponent: Value = 0.4,
) -> Number:
    """Particles of an event.

    Number of particles at which an event of known energy is bounded by thermal agitation.

    `N* = (ε/(kB T))^(1/(1-a))`

    ε above kT.

    Arguments:
        energy: activation energy of the elementary event (ε), for instance in eV; above 0.
        temperature: temperature (T), for instance in K; above 0.
        exponent: exponent of the energy per particle (a); above 0 and below 1; 0.4 by default.

    Returns:
        Particles of an event.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016); Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010).
    """
    results = evaluate(
        "lu_particles",
        energy=energy,
        temperature=temperature,
        exponent=exponent,
    )
    return results[0]


def hentschel_energy_per_particle(
    *,
    energy: Value,
    particles: Value,
    exponent: Value = 0.4,
) -> Number:
    """Energy per particle of a plastic event.

    How the energy per particle falls with the size of the event.

    `ΔU = ε N^(a-1)`

    Size scaling of simulated plastic events; a = 0.4 as Lu et al. use it.

    Arguments:
        energy: activation energy of the elementary event (ε), for instance in eV; above 0.
        particles: particles of the event (N); above 0.
        exponent: exponent of the energy per particle (a); above 0 and below 1; 0.4 by default.

    Returns:
        Energy per particle, J.

    Source: Hentschel, Karmakar, Lerner, Procaccia, Phys. Rev. Lett. 104, 025501 (2010); Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "hentschel_energy_per_particle",
        energy=energy,
        particles=particles,
        exponent=exponent,
    )
    return results[0]


def lu_dimension(
    *,
    energy: Value,
    length: Value,
    temperature: Value,
    interaction_length: Value,
    exponent: Value = 0.4,
) -> Number:
    """Dimension of the events.

    Dimension at which a length agrees with an energy known from another experiment.

    `d = ln(ε/(kB T)) / ((1-a) ln(l/λ))`

    ε above kT, l above λ. With λ = 1 nm and 0.5 eV the lengths of Lu et al. give 3.51 and 2.18; λ = 0.8 nm restores 3.

    Arguments:
        energy: activation energy of the elementary event (ε), for instance in eV; above 0.
        length: correlation length (l), for instance in nm; above 0.
        temperature: temperature (T), for instance in K; above 0.
        interaction_length: range of the interaction; Lu et al. take about 1 nm (λ), for instance in nm; above 0.
        exponent: exponent of the energy per particle (a); above 0 and below 1; 0.4 by default.

    Returns:
        Dimension of the events.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "lu_dimension",
        energy=energy,
        length=length,
        temperature=temperature,
        interaction_length=interaction_length,
        exponent=exponent,
    )
    return results[0]


def lu_consistency(
    *,
    energy: Value,
    length: Value,
    temperature: Value,
    interaction_length: Value,
    dimension: Value,
    exponent: Value = 0.4,
) -> Number:
    """Predicted over measured length.

    How far the length that a known energy predicts is from the measured one.

    `l_theory/l = (λ/l) (ε/(kB T))^(1/(d(1-a)))`

    Lu et al. call ratios of 1.27 and 1.22 (0.5 eV, λ = 1 nm) very good agreement; one λ = 0.8 nm fits both states within 3 %.

    Arguments:
        energy: activation energy of the elementary event (ε), for instance in eV; above 0.
        length: correlation length (l), for instance in nm; above 0.
        temperature: temperature (T), for instance in K; above 0.
        interaction_length: range of the interaction; Lu et al. take about 1 nm (λ), for instance in nm; above 0.
        dimension: dimension of the event: 3, or 2 where it is localised into planes (d); at least 1 and at most 3.
        exponent: exponent of the energy per particle (a); above 0 and below 1; 0.4 by default.

    Returns:
        Predicted over measured length.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "lu_consistency",
        energy=energy,
        length=length,
        temperature=temperature,
        interaction_length=interaction_length,
        dimension=dimension,
        exponent=exponent,
    )
    return results[0]


def barrier_ratio(
    *,
    energy: Value,
    zone_energy: Value,
) -> Number:
    """Barrier of an event over that of a shear transformation zone.

    Whether the event seen by AFM is a fraction of a shear transformation.

    `r = ε/W`

    Lu et al. find about one half.

    Arguments:
        energy: activation energy of the elementary event (ε), for instance in eV; above 0.
        zone_energy: barrier of a shear transformation zone (W), for instance in eV; above 0.

    Returns:
        Ratio of the barriers.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "barrier_ratio",
        energy=energy,
        zone_energy=zone_energy,
    )
    return results[0]
