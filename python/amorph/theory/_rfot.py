# Generated from the registry of models by `amorph generate`; change the model instead.
"""Random first-order transition theory."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


def rfot_length(
    *,
    surface_energy: Value,
    temperature: Value,
    configurational_entropy: Value,
    unit_length: Value,
    dimension: Value = 3.0,
    theta: Value,
) -> Number:
    """Length of the mosaic.

    Size at which surface energy and configurational entropy balance, relative to a unit length.

    `ξ/u = (σs/(T Sc u))^(1/(d-θ))`

    θ below d. The papers give neither σs nor Sc.

    Arguments:
        surface_energy: surface energy between states for a droplet of the unit length, J/m^2 at a unit of 1 m^θ; given by none of the papers (σs), for instance in J/m^2; above 0.
        temperature: temperature (T), for instance in K; above 0.
        configurational_entropy: configurational entropy per volume (Sc), for instance in J/(m^3 K); above 0.
        unit_length: length at which the surface energy is given (about the distance of the atoms) (u), for instance in nm; above 0.
        dimension: dimension (d); at least 2 and at most 3; 3 by default.
        theta: exponent of the surface energy; d/2 in the theory (θ); at least 0 and at most 2.9.

    Returns:
        Length of the mosaic, m.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "rfot_length",
        surface_energy=surface_energy,
        temperature=temperature,
        configurational_entropy=configurational_entropy,
        unit_length=unit_length,
        dimension=dimension,
        theta=theta,
    )
    return results[0]


def rfot_free_energy(
    *,
    surface_energy: Value,
    temperature: Value,
    configurational_entropy: Value,
    unit_length: Value,
    dimension: Value = 3.0,
    theta: Value,
    radius: Value,
) -> Number:
    """Free energy of a droplet.

    Energy to rearrange a droplet of a radius.

    `F = σs u^2 (R/u)^θ - T Sc u^3 (R/u)^d`

    As rfot_length; without factors of the geometry.

    Arguments:
        surface_energy: surface energy between states for a droplet of the unit length, J/m^2 at a unit of 1 m^θ; given by none of the papers (σs), for instance in J/m^2; above 0.
        temperature: temperature (T), for instance in K; above 0.
        configurational_entropy: configurational entropy per volume (Sc), for instance in J/(m^3 K); above 0.
        unit_length: unit length (u), for instance in nm; above 0.
        dimension: dimension (d); at least 2 and at most 3; 3 by default.
        theta: exponent of the surface energy; d/2 in the theory (θ); at least 0 and at most 2.9.
        radius: radius of the droplet (R), for instance in nm; at least 0.

    Returns:
        Free energy, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "rfot_free_energy",
        surface_energy=surface_energy,
        temperature=temperature,
        configurational_entropy=configurational_entropy,
        unit_length=unit_length,
        dimension=dimension,
        theta=theta,
        radius=radius,
    )
    return results[0]


def rfot_length_ratio(
    *,
    temperature: Value,
    reference_temperature: Value,
    kauzmann_temperature: Value,
    dimension: Value = 3.0,
    theta: Value,
) -> Number:
    """Length of the mosaic against the Kauzmann temperature.

    Ratio of the lengths at two temperatures.

    `ξ(T)/ξ(T1) = ((T1 - TK)/(T - TK))^(1/(d-θ))`

    Both temperatures above TK; in the glass T is Tg. θ = d/2 gives an exponent of 2/3 in three dimensions.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        reference_temperature: temperature of the reference length (T1), for instance in K; above 0.
        kauzmann_temperature: Kauzmann temperature (TK), for instance in K; above 0.
        dimension: dimension (d); at least 2 and at most 3; 3 by default.
        theta: exponent of the surface energy; d/2 in the theory (θ); at least 0 and at most 2.9.

    Returns:
        Ratio of the lengths.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "rfot_length_ratio",
        temperature=temperature,
        reference_temperature=reference_temperature,
        kauzmann_temperature=kauzmann_temperature,
        dimension=dimension,
        theta=theta,
    )
    return results[0]


def rfot_kappa(
    *,
    poisson_ratio: Value,
) -> Number:
    """Elastic factor of the strength.

    Factor of the elastic energy of a rearranging region in its matrix.

    `κ = 3 - 6/(7 - 5ν)`

    1.909 at ν = 0.3; the printed 1.8 belongs to ν = 0.4.

    Arguments:
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.

    Returns:
        Elastic factor.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Wisitsorasak and Wolynes, PNAS 109, 16068 (2012).
    """
    results = evaluate(
        "rfot_kappa",
        poisson_ratio=poisson_ratio,
    )
    return results[0]


def rfot_modulus(
    *,
    onset_temperature: Value,
    bead_volume: Value,
) -> Number:
    """Shear modulus from the onset temperature.

    Shear modulus by a Lindemann criterion.

    `G = 24.9 kB TA/V_bead`

    100 atoms in place of one bead would give 0.19 GPa.

    Arguments:
        onset_temperature: temperature at which landscape dynamics sets in (TA), for instance in K; above 0.
        bead_volume: volume of one moving unit, not of a rearranging region (V_bead), for instance in A^3; above 0.

    Returns:
        Shear modulus, Pa.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Wisitsorasak and Wolynes, PNAS 109, 16068 (2012).
    """
    results = evaluate(
        "rfot_modulus",
        onset_temperature=onset_temperature,
        bead_volume=bead_volume,
    )
    return results[0]


def rfot_bead_volume(
    *,
    onset_temperature: Value,
    shear_modulus: Value,
) -> Number:
    """Volume of a bead from the shear modulus.

    Inverse of rfot_modulus.

    `V_bead = 24.9 kB TA/G`

    37 GPa and 937 K give 8.7 Å^3, half an atom; the 100 atoms of the review are a rearranging region.

    Arguments:
        onset_temperature: temperature at which landscape dynamics sets in (TA), for instance in K; above 0.
        shear_modulus: shear modulus (G), for instance in GPa; above 0.

    Returns:
        Volume of one moving unit, m^3.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Wisitsorasak and Wolynes, PNAS 109, 16068 (2012).
    """
    results = evaluate(
        "rfot_bead_volume",
        onset_temperature=onset_temperature,
        shear_modulus=shear_modulus,
    )
    return results[0]


class RfotYield(NamedTuple):
    """Strength by random first-order theory."""

    yield_stress: Number
    """Shear strength, Pa."""
    yield_strain: Number
    """Yield strain."""


def rfot_yield(
    *,
    shear_modulus: Value,
    poisson_ratio: Value,
    bracket: Value,
) -> RfotYield:
    """Strength by random first-order theory.

    Shear strength in proportion to the shear modulus, from the bracket of eq. 5.4.

    `τy = G sqrt((2/(24.9 κ)) X), X = bracket/(kB TA)`

    X must be given: the text of the review lacks the bracket. Yield strains of 0.0267, 0.05 and 0.08 need X of 0.017, 0.059 and 0.152 at ν = 0.3.

    Arguments:
        shear_modulus: shear modulus (G), for instance in GPa; above 0.
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.
        bracket: bracket of eq. 5.4 over kB TA; not printed in the source papers (X); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Wisitsorasak and Wolynes, PNAS 109, 16068 (2012).
    """
    results = evaluate(
        "rfot_yield",
        shear_modulus=shear_modulus,
        poisson_ratio=poisson_ratio,
        bracket=bracket,
    )
    return RfotYield(results[0], results[1])
