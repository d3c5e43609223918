# Generated from the registry of models by `amorph generate`; change the model instead.
"""Flow units, quasi-point defects, free volume."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


class FlowUnitAgeing(NamedTuple):
    """Ageing by annihilation of flow units."""

    value: Number
    """Value, in the unit of M∞."""
    concentration: Number
    """Concentration of flow units."""


def flow_unit_ageing(
    *,
    final_value: Value,
    amplitude_time: Value,
    start_time: Value,
    exponent: Value,
    time: Value,
) -> FlowUnitAgeing:
    """Ageing by annihilation of flow units.

    How a property (enthalpy, density, modulus, strain, hardness) ages as flow units disappear.

    `M = M∞/(1 + c), c = (a/(b + t))^β`

    c(0) = (a/b)^β. In a fit, a, b and β are nearly collinear: use their logarithms and profiles.

    Arguments:
        final_value: value after all flow units are gone, in any unit (M∞); a finite number.
        amplitude_time: amplitude of the law (a), for instance in s; above 0.
        start_time: age at the start (b), for instance in s; above 0.
        exponent: exponent (β); above 0.
        time: ageing time (t), for instance in s; at least 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "flow_unit_ageing",
        final_value=final_value,
        amplitude_time=amplitude_time,
        start_time=start_time,
        exponent=exponent,
        time=time,
    )
    return FlowUnitAgeing(results[0], results[1])


def qpd_time(
    *,
    elementary_time: Value,
    scaling_time: Value,
    correlation: Value,
) -> Number:
    """Relaxation time of quasi-point defects.

    Time of the main relaxation from that of the elementary movement, hierarchically correlated.

    `τ = t0 (τβ/t0)^(1/χ)`

    τβ at least t0. The review writes once that mobility falls with χ; elsewhere, and here, it rises.

    Arguments:
        elementary_time: time of the elementary (β) movement (τβ), for instance in s; above 0.
        scaling_time: scaling time (t0), for instance in s; above 0.
        correlation: correlation factor: 0 for a crystal, 1 for a gas (χ); above 0 and at most 1.

    Returns:
        Relaxation time, s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "qpd_time",
        elementary_time=elementary_time,
        scaling_time=scaling_time,
        correlation=correlation,
    )
    return results[0]


def qpd_loss(
    *,
    energy: Value,
    temperature: Value,
    correlation: Value,
    angular_frequency: Value,
    limit_time: Value,
    strength: Value,
) -> Number:
    """Loss of quasi-point defects.

    Internal friction against frequency and temperature.

    `ln tan δ = -U/(kB T) - χ ln ω - χ ln τ0* + ln K`

    High-frequency side, tan δ well below 1.

    Arguments:
        energy: apparent energy of the elementary movement (U), for instance in eV; at least 0.
        temperature: temperature (T), for instance in K; above 0.
        correlation: correlation factor: 0 for a crystal, 1 for a gas (χ); above 0 and at most 1.
        angular_frequency: angular frequency (ω), for instance in 1/s; above 0.
        limit_time: t0 (τβ0/t0)^(1/χ) (τ0*), for instance in s; above 0.
        strength: relaxation strength over unrelaxed modulus (K); above 0.

    Returns:
        Internal friction.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "qpd_loss",
        energy=energy,
        temperature=temperature,
        correlation=correlation,
        angular_frequency=angular_frequency,
        limit_time=limit_time,
        strength=strength,
    )
    return results[0]


def qpd_chi(
    *,
    friction: Value,
    new_friction: Value,
    angular_frequency: Value,
    new_angular_frequency: Value,
) -> Number:
    """Correlation factor from two frequencies.

    Correlation factor from the slope of the loss.

    `χ = -ln(tan δ2/tan δ1)/ln(ω2/ω1)`

    0 to 1 where the model holds; frequencies at one temperature that differ.

    Arguments:
        friction: internal friction at the first frequency (tan δ1); above 0.
        new_friction: internal friction at the second frequency (tan δ2); above 0.
        angular_frequency: first angular frequency (ω1), for instance in 1/s; above 0.
        new_angular_frequency: second angular frequency (ω2), for instance in 1/s; above 0.

    Returns:
        Correlation factor.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "qpd_chi",
        friction=friction,
        new_friction=new_friction,
        angular_frequency=angular_frequency,
        new_angular_frequency=new_angular_frequency,
    )
    return results[0]


def doolittle_viscosity(
    *,
    limit_viscosity: Value,
    overlap: Value,
    free_volume_ratio: Value,
) -> Number:
    """Viscosity from the free volume.

    Free-volume viscosity of Doolittle.

    `η = A exp(B V0/Vf)`

    Free volume well above zero.

    Arguments:
        limit_viscosity: viscosity at infinite free volume (A), for instance in Pa s; above 0.
        overlap: overlap factor, about 1 (B); above 0.
        free_volume_ratio: free volume over occupied volume (Vf/V0); above 0.

    Returns:
        Viscosity, Pa s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "doolittle_viscosity",
        limit_viscosity=limit_viscosity,
        overlap=overlap,
        free_volume_ratio=free_volume_ratio,
    )
    return results[0]


def free_volume_loss(
    *,
    modulus: Value,
    angular_frequency: Value,
    limit_viscosity: Value,
    overlap: Value,
    first_fraction: Value,
    first_free_volume: Value,
    second_fraction: Value,
    second_free_volume: Value,
) -> Number:
    """Loss of two kinds of soft regions.

    Internal friction of a glass whose soft regions have two free volumes: two Maxwell elements with Doolittle times.

    `tan δ = M''/M', M = Σ f_i G x_i(x_i + i)/(1 + x_i^2) + (1 - f1 - f2) G, x_i = ω A exp(B/v_i)/G`

    f1 + f2 below 1. The review names the model without its equations: this is its generic form.

    Arguments:
        modulus: unrelaxed modulus (G), for instance in GPa; above 0.
        angular_frequency: angular frequency (ω), for instance in 1/s; above 0.
        limit_viscosity: viscosity at infinite free volume (A), for instance in Pa s; above 0.
        overlap: overlap factor, about 1 (B); above 0.
        first_fraction: share of the first kind (f1); above 0 and below 1.
        first_free_volume: its free volume over occupied volume (v1); above 0.
        second_fraction: share of the second kind (f2); above 0 and below 1.
        second_free_volume: its free volume over occupied volume (v2); above 0.

    Returns:
        Internal friction.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "free_volume_loss",
        modulus=modulus,
        angular_frequency=angular_frequency,
        limit_viscosity=limit_viscosity,
        overlap=overlap,
        first_fraction=first_fraction,
        first_free_volume=first_free_volume,
        second_fraction=second_fraction,
        second_free_volume=second_free_volume,
    )
    return results[0]


def stz_density_growth(
    *,
    density: Value,
    rate: Value,
) -> Number:
    """Growth of the density of zones.

    Rate at which the density of shear transformation zones grows with strain.

    `dΛ/dt = k Λ/(1 + Λ)`

    Exponential while Λ is small, linear when it is large.

    Arguments:
        density: density of zones (Λ); at least 0.
        rate: rate constant (k), for instance in 1/s; above 0.

    Returns:
        Growth of the density, 1/s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "stz_density_growth",
        density=density,
        rate=rate,
    )
    return results[0]


def stz_density(
    *,
    initial_density: Value,
    rate: Value,
    time: Value,
) -> Number:
    """Density of zones over time.

    Density of shear transformation zones after a time of growth.

    `Λ = W(Λ0 exp(Λ0 + k t))`

    Solution of dΛ/dt = k Λ/(1 + Λ), with Lambert's W: ln Λ + Λ = ln Λ0 + Λ0 + k t.

    Arguments:
        initial_density: density of zones at the start (Λ0); above 0.
        rate: rate constant (k), for instance in 1/s; above 0.
        time: time of growth (t), for instance in s; at least 0.

    Returns:
        Density of zones.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "stz_density",
        initial_density=initial_density,
        rate=rate,
        time=time,
    )
    return results[0]


class ConceptTable(NamedTuple):
    """Four defect concepts side by side."""

    flow_units: Number
    """Flow units."""
    interstitialcies: Number
    """Interstitialcies."""
    correlation: Number
    """Quasi-point defects."""
    free_volume: Number
    """Free volume."""


def concept_table(
    *,
    crystal_modulus: Value,
    shear_modulus: Value,
    alpha: Value,
    shear_susceptibility: Value,
    correlation: Value,
    viscosity: Value,
    limit_viscosity: Value,
    overlap: Value,
) -> ConceptTable:
    """Four defect concepts side by side.

    What one shear modulus, one loss and one viscosity say in the languages of flow units, interstitialcies, quasi-point defects and free volume.

    `c_flow = μ/G - 1, c_int = ln(μ/G)/(α β), χ, v_f = B/ln(η/A)`

    Four definitions; their numbers are not comparable in size, only in trend.

    Arguments:
        crystal_modulus: modulus without defects (μ), for instance in GPa; above 0.
        shear_modulus: modulus of the glass (G), for instance in GPa; above 0.
        alpha: about 1 (α); above 0.
        shear_susceptibility: 15 to 21 (β); above 0.
        correlation: correlation factor: 0 for a crystal, 1 for a gas (χ); above 0 and at most 1.
        viscosity: viscosity (η), for instance in Pa s; above 0.
        limit_viscosity: viscosity at infinite free volume (A), for instance in Pa s; above 0.
        overlap: overlap factor, about 1 (B); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "concept_table",
        crystal_modulus=crystal_modulus,
        shear_modulus=shear_modulus,
        alpha=alpha,
        shear_susceptibility=shear_susceptibility,
        correlation=correlation,
        viscosity=viscosity,
        limit_viscosity=limit_viscosity,
        overlap=overlap,
    )
    return ConceptTable(results[0], results[1], results[2], results[3])
