# Generated from the registry of models by `amorph generate`; change the model instead.
"""Ductility and modes of deformation."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Class, Number, Value, classes, evaluate


class DuctilityByPoisson(NamedTuple):
    """Ductility by Poisson ratio."""

    ductility: Class
    """Where the criterion puts the glass: brittle, undecided, ductile."""
    ratio: Number
    """Shear over bulk modulus."""


def ductility_by_poisson(
    *,
    poisson_ratio: Value,
) -> DuctilityByPoisson:
    """Ductility by Poisson ratio.

    Ductile above a Poisson ratio of 0.31 to 0.32, with the ratio of moduli that belongs to it.

    `brittle ν < 0.31, ductile ν > 0.32; G/B = 3 (1 - 2ν)/(2 (1 + ν))`

    A tendency: Pd36Pt9.3Cu25Ni9.3P20.4 is brittle at high ν, Zr53.8Cu31.6Ag7.0Al7.6 ductile at low ν. 0.31 is G/B = 0.435, 0.32 is 0.409.

    Arguments:
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "ductility_by_poisson",
        poisson_ratio=poisson_ratio,
    )
    return DuctilityByPoisson(classes(results[0], ("brittle", "undecided", "ductile",)), results[1])


class DuctilityByModulusRatio(NamedTuple):
    """Ductility by the ratio of moduli."""

    ductility: Class
    """Where the criterion puts the glass: brittle, undecided, ductile."""
    poisson_ratio: Number
    """Poisson ratio."""


def ductility_by_modulus_ratio(
    *,
    ratio: Value,
) -> DuctilityByModulusRatio:
    """Ductility by the ratio of moduli.

    Ductile below a shear over bulk modulus of 0.41 to 0.43, with the Poisson ratio that belongs to it.

    `brittle G/B > 0.43, ductile G/B < 0.41; ν = (3 - 2 G/B)/(6 + 2 G/B)`

    A variant of `ductility_by_poisson`, which is the form to use.

    As ductility_by_poisson; the two thresholds agree only roughly.

    Arguments:
        ratio: shear over bulk modulus (G/B); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "ductility_by_modulus_ratio",
        ratio=ratio,
    )
    return DuctilityByModulusRatio(classes(results[0], ("brittle", "undecided", "ductile",)), results[1])


class MixingRuleBeta(NamedTuple):
    """Enthalpies of mixing and the β peak."""

    mean: Number
    """Mean pair enthalpy, J/mol."""
    spread: Number
    """Spread of the pair enthalpies, J/mol."""


def mixing_rule_beta(
    *,
    first_enthalpy: Value,
    second_enthalpy: Value,
    third_enthalpy: Value,
    first_fraction: Value,
    second_fraction: Value,
) -> MixingRuleBeta:
    """Enthalpies of mixing and the β peak.

    Mean and spread of the pair enthalpies of a ternary alloy: similar and negative ones go with a pronounced β peak.

    `H = Σ ci cj Hij/Σ ci cj, s^2 = Σ ci cj (Hij - H)^2/Σ ci cj, i < j`

    A descriptor: the review gives no threshold. mixing_spread takes any number of pairs.

    Arguments:
        first_enthalpy: enthalpy of mixing of elements 1 and 2 (H12), for instance in kJ/mol; a finite number.
        second_enthalpy: enthalpy of mixing of elements 1 and 3 (H13), for instance in kJ/mol; a finite number.
        third_enthalpy: enthalpy of mixing of elements 2 and 3 (H23), for instance in kJ/mol; a finite number.
        first_fraction: atomic share of element 1 (c1); at least 0 and at most 1.
        second_fraction: atomic share of element 2 (c2); at least 0 and at most 1.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "mixing_rule_beta",
        first_enthalpy=first_enthalpy,
        second_enthalpy=second_enthalpy,
        third_enthalpy=third_enthalpy,
        first_fraction=first_fraction,
        second_fraction=second_fraction,
    )
    return MixingRuleBeta(results[0], results[1])


class ReducedGlassTemperature(NamedTuple):
    """Reduced glass transition temperature."""

    ratio: Number
    """Reduced glass transition temperature."""
    range: Class
    """Against the limit of the review: below 0.7, 0.7 or above: unusual."""


def reduced_glass_temperature(
    *,
    glass_transition_temperature: Value,
    melting_temperature: Value,
) -> ReducedGlassTemperature:
    """Reduced glass transition temperature.

    Glass transition over melting temperature, and whether it is below the 0.7 of the review.

    `Trg = Tg/Tm`

    Tg below Tm.

    Arguments:
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.
        melting_temperature: melting (liquidus) temperature (Tm), for instance in K; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "reduced_glass_temperature",
        glass_transition_temperature=glass_transition_temperature,
        melting_temperature=melting_temperature,
    )
    return ReducedGlassTemperature(results[0], classes(results[1], ("below 0.7", "0.7 or above: unusual",)))


def transition_energy(
    *,
    rate: Value,
    new_rate: Value,
    temperature: Value,
    new_temperature: Value,
) -> Number:
    """Energy of a transition of the deformation mode.

    Activation energy from the strain rates of a transition at two temperatures.

    `E = kB ln(r2/r1)/(1/T1 - 1/T2), from ln r = c - E/(kB T)`

    Localised to homogeneous flow: 0.3 to 0.5 eV, a quarter to a half of the barrier of a zone. Brittle to ductile: that of the slow β relaxation. For more than two points fit ln r over 1/T.

    Arguments:
        rate: strain rate of the transition at T1 (r1), for instance in 1/s; above 0.
        new_rate: strain rate of the transition at T2 (r2), for instance in 1/s; above 0.
        temperature: first temperature (T1), for instance in K; above 0.
        new_temperature: second temperature (T2), for instance in K; above 0.

    Returns:
        Activation energy, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "transition_energy",
        rate=rate,
        new_rate=new_rate,
        temperature=temperature,
        new_temperature=new_temperature,
    )
    return results[0]


class DeformationRegime(NamedTuple):
    """Mode of deformation."""

    regime: Class
    """Mode of deformation: Newtonian, homogeneous, not Newtonian, localised."""
    flow_stress: Number
    """Shear stress that homogeneous flow needs, Pa."""
    yield_stress: Number
    """Shear stress at which the glass yields, Pa."""


def deformation_regime(
    *,
    temperature: Value,
    glass_transition_temperature: Value,
    shear_modulus: Value,
    rate: Value,
    flow_time: Value,
    activation_volume: Value,
) -> DeformationRegime:
    """Mode of deformation.

    Localised or homogeneous, Newtonian or not, from the stress that homogeneous flow would need (after Spaepen).

    `σ_flow = (2 kB T/V) asinh(r tau_f); localised if above τy of johnson_samwer_yield; Newtonian if τ V/(2 kB T) < 1`

    T up to Tg. The flow time is that of the temperature asked for.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.
        shear_modulus: shear modulus (G), for instance in GPa; above 0.
        rate: shear strain rate (r), for instance in 1/s; above 0.
        flow_time: inverse of the rate prefactor of flow: strain rate = sinh(τV/2kT)/tau_f (tau_f), for instance in s; above 0.
        activation_volume: activation volume of flow (V), for instance in A^3; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Spaepen, Acta Metall. 25, 407 (1977).
    """
    results = evaluate(
        "deformation_regime",
        temperature=temperature,
        glass_transition_temperature=glass_transition_temperature,
        shear_modulus=shear_modulus,
        rate=rate,
        flow_time=flow_time,
        activation_volume=activation_volume,
    )
    return DeformationRegime(classes(results[0], ("Newtonian", "homogeneous, not Newtonian", "localised",)), results[1], results[2])
