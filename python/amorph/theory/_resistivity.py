# Generated from the registry of models by `amorph generate`; change the model instead.
"""Resistivity."""

from __future__ import annotations

from .._theory import Class, Number, Value, classes, evaluate


def ziman_resistivity(
    *,
    atomic_volume: Value,
    fermi_velocity: Value,
    fermi_wave_number: Value,
    scattering_integral: Value,
) -> Number:
    """Resistivity of a disordered metal.

    Resistivity from the structure factor and the pseudopotential, by way of their integral (ziman_integral).

    `ρ = 3 π v/(4 ħ e^2 vF^2 kF^4) I, I = ∫_0^(2kF) S(q) |m(q)|^2 q^3 dq`

    Nearly free electrons, weak scattering (Ziman).

    Arguments:
        atomic_volume: volume per atom (v), for instance in A^3; above 0.
        fermi_velocity: Fermi velocity (vF), for instance in km/s; above 0.
        fermi_wave_number: Fermi wave number (kF), for instance in 1/nm; above 0.
        scattering_integral: integral of S(q) |m(q)|^2 q^3 over q from 0 to 2 kF (I), for instance in J^2/m^4; above 0.

    Returns:
        Resistivity, ohm m.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "ziman_resistivity",
        atomic_volume=atomic_volume,
        fermi_velocity=fermi_velocity,
        fermi_wave_number=fermi_wave_number,
        scattering_integral=scattering_integral,
    )
    return results[0]


def kelton_spaepen(
    *,
    density_change: Value,
    coupling: Value,
) -> Number:
    """Resistivity change by packing density.

    Change of the resistivity with that of the packing density.

    `Δρ = C Δξ`

    C constant: the change of S(q) is neglected.

    Arguments:
        density_change: change of the packing density (Δξ); a finite number.
        coupling: resistivity per packing density (C), for instance in uohm cm; a finite number.

    Returns:
        Change of the resistivity, ohm m.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "kelton_spaepen",
        density_change=density_change,
        coupling=coupling,
    )
    return results[0]


def mooij_sign(
    *,
    thermal_expansion: Value,
) -> Class:
    """Sign of the resistivity change on annealing.

    Whether annealing lowers the resistivity.

    `Δρ < 0 for α < 5e-5 1/K, else Δρ > 0`

    Boundary as quoted by Yang et al.

    Arguments:
        thermal_expansion: linear thermal expansion coefficient (α), for instance in 1/K; above 0.

    Returns:
        What annealing does to the resistivity.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "mooij_sign",
        thermal_expansion=thermal_expansion,
    )
    return classes(results[0], ("falls on annealing", "rises on annealing",))


def kato_expansion(
    *,
    glass_transition_temperature: Value,
) -> Number:
    """Thermal expansion from the glass transition.

    Linear thermal expansion of a metallic glass from its glass transition temperature.

    `α = 8.24e-3/Tg`

    Mean of 13 metallic glasses.

    Arguments:
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.

    Returns:
        Linear thermal expansion coefficient, 1/K.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "kato_expansion",
        glass_transition_temperature=glass_transition_temperature,
    )
    return results[0]


def strain_coefficient(
    *,
    poisson_ratio: Value,
) -> Number:
    """Strain coefficient of the relative resistance of a straight pillar.

    Relative change of the resistance of a straight cylinder per axial strain, at constant resistivity.

    `k = 1 + 2 ν`

    Straight cylinder, R = ρ L/A.

    Arguments:
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.

    Returns:
        Strain coefficient.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "strain_coefficient",
        poisson_ratio=poisson_ratio,
    )
    return results[0]


def strain_coefficient_yang(
    *,
    poisson_ratio: Value,
) -> Number:
    """Strain coefficient of the relative resistance, as printed.

    The coefficient that Yang et al. print for their tapered pillars.

    `k = 1 + 3 ν`

    A variant of `strain_coefficient`, which is the form to use.

    2 at ν = 1/3. It does not follow for a straight cylinder; the derivation for the taper is in a supplement.

    Arguments:
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.

    Returns:
        Strain coefficient.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "strain_coefficient_yang",
        poisson_ratio=poisson_ratio,
    )
    return results[0]


def cylinder_resistance(
    *,
    resistivity: Value,
    length: Value,
    diameter: Value,
) -> Number:
    """Resistance of a pillar.

    What a pillar alone would resist; to be compared with the whole circuit.

    `R = 4 ρ L/(π d^2)`

    200 µΩ cm, 5 µm long, 2 µm across: 3.2 Ω, so that contacts dominate the circuit of Yang et al.

    Arguments:
        resistivity: resistivity (ρ), for instance in uohm cm; above 0.
        length: length of the pillar (L), for instance in um; above 0.
        diameter: diameter of the pillar (d), for instance in um; above 0.

    Returns:
        Resistance, ohm.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "cylinder_resistance",
        resistivity=resistivity,
        length=length,
        diameter=diameter,
    )
    return results[0]
