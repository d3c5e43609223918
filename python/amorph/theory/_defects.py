# Generated from the registry of models by `amorph generate`; change the model instead.
"""Interstitialcy theory."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


def interstitialcy_concentration(
    *,
    crystal_modulus: Value,
    shear_modulus: Value,
    alpha: Value,
    shear_susceptibility: Value,
) -> Number:
    """Defect concentration from the shear modulus.

    Concentration of defects from the moduli of glass and crystal.

    `c = ln(μ/G)/(α β)`

    Deficits of 20 to 40 % and β = 20 give 1.1 to 2.6 %; the review also says 10 to 30 %, which gives 0.5 to 1.8 %.

    Arguments:
        crystal_modulus: shear modulus of the maternal crystal (μ), for instance in GPa; above 0.
        shear_modulus: shear modulus of the glass (G), for instance in GPa; above 0.
        alpha: formation enthalpy over G Ω, about 1 (α); above 0.
        shear_susceptibility: shear susceptibility, 15 to 21 (Pd-based glasses 17) (β); above 0.

    Returns:
        Defects per atom.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "interstitialcy_concentration",
        crystal_modulus=crystal_modulus,
        shear_modulus=shear_modulus,
        alpha=alpha,
        shear_susceptibility=shear_susceptibility,
    )
    return results[0]


def interstitialcy_modulus(
    *,
    crystal_modulus: Value,
    concentration: Value,
    alpha: Value,
    shear_susceptibility: Value,
) -> Number:
    """Shear modulus from the defect concentration.

    How defects soften a crystal or a glass.

    `G = μ exp(-α β c)`

    μ is the modulus without defects: that of the crystal (G0 in eq. 4.4, μ in eq. 4.5).

    Arguments:
        crystal_modulus: shear modulus of the maternal crystal (μ), for instance in GPa; above 0.
        concentration: defects per atom (c), for instance in %; a finite number.
        alpha: formation enthalpy over G Ω, about 1 (α); above 0.
        shear_susceptibility: shear susceptibility, 15 to 21 (Pd-based glasses 17) (β); above 0.

    Returns:
        Shear modulus, Pa.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "interstitialcy_modulus",
        crystal_modulus=crystal_modulus,
        concentration=concentration,
        alpha=alpha,
        shear_susceptibility=shear_susceptibility,
    )
    return results[0]


def interstitialcy_enthalpy(
    *,
    alpha: Value,
    shear_modulus: Value,
    atomic_volume: Value,
) -> Number:
    """Formation enthalpy of a defect.

    Enthalpy to form one defect.

    `H = α G Ω`

    α about 1.

    Arguments:
        alpha: formation enthalpy over G Ω, about 1 (α); above 0.
        shear_modulus: shear modulus of the glass (G), for instance in GPa; above 0.
        atomic_volume: volume per atom (Ω), for instance in A^3; above 0.

    Returns:
        Formation enthalpy, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "interstitialcy_enthalpy",
        alpha=alpha,
        shear_modulus=shear_modulus,
        atomic_volume=atomic_volume,
    )
    return results[0]


def interstitialcy_energy(
    *,
    alpha: Value,
    bulk_alpha: Value,
    shear_modulus: Value,
    bulk_modulus: Value,
    atomic_volume: Value,
) -> Number:
    """Internal energy per defect.

    Change of the internal energy with the defect concentration.

    `dU/dc = α1 G Ω + α2 B Ω`

    α1 much larger than α2.

    Arguments:
        alpha: weight of the shear energy, about 1 (α1); above 0.
        bulk_alpha: weight of the dilatational energy, much smaller (α2); a finite number.
        shear_modulus: shear modulus of the glass (G), for instance in GPa; above 0.
        bulk_modulus: bulk modulus (B), for instance in GPa; above 0.
        atomic_volume: volume per atom (Ω), for instance in A^3; above 0.

    Returns:
        Energy per defect, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "interstitialcy_energy",
        alpha=alpha,
        bulk_alpha=bulk_alpha,
        shear_modulus=shear_modulus,
        bulk_modulus=bulk_modulus,
        atomic_volume=atomic_volume,
    )
    return results[0]


def shear_susceptibility(
    *,
    shear_modulus: Value,
    curvature: Value,
) -> Number:
    """Shear susceptibility.

    Curvature of the shear modulus with shear strain.

    `β = -(1/(4 G)) d2G/dε2`

    15 to 21 in metallic glasses.

    Arguments:
        shear_modulus: shear modulus of the glass (G), for instance in GPa; above 0.
        curvature: second derivative of the shear modulus with shear strain (d2G/dε2), for instance in GPa; a finite number.

    Returns:
        Shear susceptibility.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "shear_susceptibility",
        shear_modulus=shear_modulus,
        curvature=curvature,
    )
    return results[0]


def log_time_energy(
    *,
    temperature: Value,
    time: Value,
    attempt_frequency: Value,
) -> Number:
    """Energy of the events of a time.

    Barrier of the events that take place at a time after a change (logarithmic kinetics).

    `E* = kB T ln(ν t)`

    ν t above 1.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        time: time (t), for instance in s; above 0.
        attempt_frequency: attempt frequency (ν), for instance in 1/s; above 0.

    Returns:
        Barrier, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "log_time_energy",
        temperature=temperature,
        time=time,
        attempt_frequency=attempt_frequency,
    )
    return results[0]


def interstitialcy_spectrum(
    *,
    shear_susceptibility: Value,
    energy_slope: Value,
    glass_slope: Value,
    crystal_slope: Value,
) -> Number:
    """Activation energy spectrum from the modulus.

    Density of defects over activation energy from the slopes of both moduli with temperature.

    `n0 = (1/(β A)) (d ln G/dT - d ln μ/dT), E0 = A T`

    α = 1; derived from the modulus law. The integral of n0 is the change of the concentration.

    Arguments:
        shear_susceptibility: shear susceptibility, 15 to 21 (Pd-based glasses 17) (β); above 0.
        energy_slope: activation energy over temperature, about kB ln(ν T/heating rate) (A), for instance in eV/K; above 0.
        glass_slope: logarithmic slope of the modulus of the glass (d ln G/dT), for instance in 1/K; a finite number.
        crystal_slope: logarithmic slope of the modulus of the crystal (d ln μ/dT), for instance in 1/K; a finite number.

    Returns:
        Defects per atom and energy, 1/J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "interstitialcy_spectrum",
        shear_susceptibility=shear_susceptibility,
        energy_slope=energy_slope,
        glass_slope=glass_slope,
        crystal_slope=crystal_slope,
    )
    return results[0]


def annealed_fraction(
    *,
    change: Value,
    concentration: Value,
) -> Number:
    """Share of the defects that anneal out.

    Change of the concentration over the concentration.

    `f = Δc/c`

    0.0023 is 0.21 of 1.1 % and 0.09 of 2.6 %; the review says one tenth.

    Arguments:
        change: change of the concentration (Δc), for instance in %; above 0.
        concentration: concentration before (c), for instance in %; above 0.

    Returns:
        Share that anneals out.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "annealed_fraction",
        change=change,
        concentration=concentration,
    )
    return results[0]


def interstitialcy_heat_flow(
    *,
    heating_rate: Value,
    density: Value,
    shear_susceptibility: Value,
    shear_modulus: Value,
    crystal_modulus: Value,
    glass_slope: Value,
    crystal_slope: Value,
) -> Number:
    """Heat flow from the moduli.

    Heat that a glass takes up on heating, from the temperature dependence of both moduli.

    `W = (Tdot/(ρ β)) ((G/μ) dμ/dT - dG/dT)`

    α = 1.

    Arguments:
        heating_rate: heating rate (Tdot), for instance in K/min; above 0.
        density: density (ρ), for instance in g/cm^3; above 0.
        shear_susceptibility: shear susceptibility, 15 to 21 (Pd-based glasses 17) (β); above 0.
        shear_modulus: shear modulus of the glass (G), for instance in GPa; above 0.
        crystal_modulus: shear modulus of the maternal crystal (μ), for instance in GPa; above 0.
        glass_slope: slope of the modulus of the glass (dG/dT), for instance in MPa/K; a finite number.
        crystal_slope: slope of the modulus of the crystal (dμ/dT), for instance in MPa/K; a finite number.

    Returns:
        Heat flow per mass, positive where heat is taken up, W/kg.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "interstitialcy_heat_flow",
        heating_rate=heating_rate,
        density=density,
        shear_susceptibility=shear_susceptibility,
        shear_modulus=shear_modulus,
        crystal_modulus=crystal_modulus,
        glass_slope=glass_slope,
        crystal_slope=crystal_slope,
    )
    return results[0]


def interstitialcy_excess_energy(
    *,
    crystal_modulus: Value,
    shear_modulus: Value,
    shear_susceptibility: Value,
) -> Number:
    """Excess internal energy of a glass.

    Energy density of a glass above its crystal, to stand beside the heat of crystallisation.

    `ρ ΔU = (μ/β) (1 - G/μ)`

    α = 1; equals ρ Q of crystallisation in Pd- and Zr-based glasses.

    Arguments:
        crystal_modulus: shear modulus of the maternal crystal (μ), for instance in GPa; above 0.
        shear_modulus: shear modulus of the glass (G), for instance in GPa; above 0.
        shear_susceptibility: shear susceptibility, 15 to 21 (Pd-based glasses 17) (β); above 0.

    Returns:
        Excess energy per volume, J/m^3.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "interstitialcy_excess_energy",
        crystal_modulus=crystal_modulus,
        shear_modulus=shear_modulus,
        shear_susceptibility=shear_susceptibility,
    )
    return results[0]


def defect_volume_change(
    *,
    relaxation_volume: Value,
    concentration: Value,
) -> Number:
    """Volume change by defects.

    Relative change of the volume.

    `ΔV/V = (α_i - 1) c`

    α_i about 1.6 for split interstitials in fcc metals.

    Arguments:
        relaxation_volume: volume of a defect over that of an atom, about 1.6 (α_i); above 0.
        concentration: defects per atom (c), for instance in %; a finite number.

    Returns:
        Relative change of the volume.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "defect_volume_change",
        relaxation_volume=relaxation_volume,
        concentration=concentration,
    )
    return results[0]


class DefectDensityChange(NamedTuple):
    """Density change on relaxation."""

    density_change: Number
    """Relative change of the density."""
    slope: Number
    """Density change per ln(G/G0)."""


def defect_density_change(
    *,
    relaxation_volume: Value,
    alpha: Value,
    shear_susceptibility: Value,
    shear_modulus: Value,
    initial_modulus: Value,
) -> DefectDensityChange:
    """Density change on relaxation.

    Relative change of the density with that of the shear modulus.

    `Δρ/ρ = ((α_i - 1)/(α β)) ln(G/G0)`

    α_i = 1.6 and β = 17 give 0.0353; the measured slope of 0.037 needs β = 16.2.

    Arguments:
        relaxation_volume: volume of a defect over that of an atom, about 1.6 (α_i); above 0.
        alpha: formation enthalpy over G Ω, about 1 (α); above 0.
        shear_susceptibility: shear susceptibility, 15 to 21 (Pd-based glasses 17) (β); above 0.
        shear_modulus: shear modulus after (G), for instance in GPa; above 0.
        initial_modulus: shear modulus before (G0), for instance in GPa; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "defect_density_change",
        relaxation_volume=relaxation_volume,
        alpha=alpha,
        shear_susceptibility=shear_susceptibility,
        shear_modulus=shear_modulus,
        initial_modulus=initial_modulus,
    )
    return DefectDensityChange(results[0], results[1])


class LindemannRules(NamedTuple):
    """Lindemann and Richards rules."""

    product: Number
    """About constant over metals."""
    heat: Number
    """Heat of melting per atom, J."""


def lindemann_rules(
    *,
    thermal_expansion: Value,
    melting_temperature: Value,
    melting_entropy: Value,
) -> LindemannRules:
    """Lindemann and Richards rules.

    Product of expansion and melting temperature, and heat of melting from the entropy of Richards.

    `k = α_th Tm, L = ΔS kB Tm with ΔS about 1.2`

    Rules of thumb for metals.

    Arguments:
        thermal_expansion: linear thermal expansion coefficient (α_th), for instance in 1/K; above 0.
        melting_temperature: melting temperature (Tm), for instance in K; above 0.
        melting_entropy: entropy of melting per atom, about 1.2 (ΔS/kB); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "lindemann_rules",
        thermal_expansion=thermal_expansion,
        melting_temperature=melting_temperature,
        melting_entropy=melting_entropy,
    )
    return LindemannRules(results[0], results[1])


class InterstitialcyRoutes(NamedTuple):
    """Defect concentration by four routes."""

    from_modulus: Number
    """From the modulus."""
    from_heat: Number
    """From the heat of crystallisation."""
    from_density: Number
    """From the density."""
    from_spectrum: Number
    """From the spectrum; only what relaxes."""
    spread: Number
    """Largest over smallest of the first three."""


def interstitialcy_routes(
    *,
    crystal_modulus: Value,
    shear_modulus: Value,
    alpha: Value,
    shear_susceptibility: Value,
    heat: Value,
    density_change: Value,
    relaxation_volume: Value,
    spectrum_integral: Value,
) -> InterstitialcyRoutes:
    """Defect concentration by four routes.

    Concentrations from modulus, heat of crystallisation, density and spectrum, and their spread.

    `c_G = ln(μ/G)/(α β), c_Q = -ln(1 - ρQ β/μ)/(α β), c_ρ = -(Δρ/ρ)/(α_i - 1), c_n = ∫ n0 dE`

    One concentration if the theory holds; the spectrum counts only what relaxes (about one tenth).

    Arguments:
        crystal_modulus: shear modulus of the maternal crystal (μ), for instance in GPa; above 0.
        shear_modulus: shear modulus of the glass (G), for instance in GPa; above 0.
        alpha: formation enthalpy over G Ω, about 1 (α); above 0.
        shear_susceptibility: shear susceptibility, 15 to 21 (Pd-based glasses 17) (β); above 0.
        heat: heat of crystallisation per volume (ρQ), for instance in J/m^3; above 0.
        density_change: density of the glass over that of the crystal, minus 1 (Δρ/ρ); a finite number.
        relaxation_volume: volume of a defect over that of an atom, about 1.6 (α_i); above 0.
        spectrum_integral: integral of the activation energy spectrum (∫n0 dE), for instance in %; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Granato, Phys. Rev. Lett. 68, 974 (1992).
    """
    results = evaluate(
        "interstitialcy_routes",
        crystal_modulus=crystal_modulus,
        shear_modulus=shear_modulus,
        alpha=alpha,
        shear_susceptibility=shear_susceptibility,
        heat=heat,
        density_change=density_change,
        relaxation_volume=relaxation_volume,
        spectrum_integral=spectrum_integral,
    )
    return InterstitialcyRoutes(results[0], results[1], results[2], results[3], results[4])
