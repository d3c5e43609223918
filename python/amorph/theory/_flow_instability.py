# Generated from the registry of models by `amorph generate`; change the model instead.
"""Instability of flow and shear bands."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Class, Number, Value, classes, evaluate


def meniscus_wavelength(
    *,
    surface_tension: Value,
    opening: Value,
    stress: Value,
) -> Number:
    """Wavelength of the meniscus instability.

    Period of the corrugation that an advancing crack leaves, with the length of the plastic zone as opening.

    `λ = 2π sqrt(γ δ/σ)`

    The review takes δ of 0.1 to 0.4 nm and reports 65 and 92 nm, which these do not give: 0.75 to 2.0 nm (see meniscus_wavelength_printed).

    Arguments:
        surface_tension: surface tension (γ), for instance in J/m^2; above 0.
        opening: length over which the stress acts: the plastic zone (0.4 to 1.5 µm reproduces 65 and 92 nm) (δ), for instance in nm; above 0.
        stress: stress at the front (σ), for instance in GPa; above 0.

    Returns:
        Wavelength, m.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "meniscus_wavelength",
        surface_tension=surface_tension,
        opening=opening,
        stress=stress,
    )
    return results[0]


def meniscus_wavelength_printed(
    *,
    surface_tension: Value,
    opening: Value,
    young_modulus: Value,
) -> Number:
    """Wavelength of the meniscus instability, as printed.

    The same with the theoretical strength E/10.

    `λ = 2π sqrt(10 γ δ/E)`

    A variant of `meniscus_wavelength`, which is the form to use.

    0.75 to 2.0 nm for the printed constants, not the 65 and 92 nm that are observed.

    Arguments:
        surface_tension: surface tension (γ), for instance in J/m^2; above 0.
        opening: opening, 0.1 to 0.4 nm in the review (δ), for instance in nm; above 0.
        young_modulus: Young modulus (E), for instance in GPa; above 0.

    Returns:
        Wavelength, m.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "meniscus_wavelength_printed",
        surface_tension=surface_tension,
        opening=opening,
        young_modulus=young_modulus,
    )
    return results[0]


def critical_shear_rate(
    *,
    pressure_slope: Value,
) -> Number:
    """Critical shear rate of viscous flow.

    Shear rate at which a viscous liquid becomes unstable because its viscosity depends on pressure.

    `r_c = 1/(dη/dp)_T`

    p is pressure: the review prints a density, which has the wrong units.

    Arguments:
        pressure_slope: slope of the viscosity with pressure (dη/dp), for instance in Pa s/GPa; above 0.

    Returns:
        Critical shear rate, 1/s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "critical_shear_rate",
        pressure_slope=pressure_slope,
    )
    return results[0]


class InstabilityType(NamedTuple):
    """Type of a flow instability."""

    kind: Class
    """Type of the instability: liquid, viscoelastic, solid."""
    softening_time: Number
    """Lower end of the viscoelastic window, s."""


def instability_type(
    *,
    relaxation_time: Value,
    deformation_time: Value,
    modulus_slope: Value,
    time_slope: Value,
) -> InstabilityType:
    """Type of a flow instability.

    Liquid-like, solid-like or viscoelastic, by the times of relaxation and deformation.

    `t* = τ (dlnG/dlnρ)/(dlnτ/dlnρ); liquid τ < t0; viscoelastic t* < t0 <= τ; solid t0 <= t*`

    The review separates the regimes by much smaller than; the limits here are where they meet.

    Arguments:
        relaxation_time: relaxation time (τ), for instance in s; above 0.
        deformation_time: time of the deformation (t0), for instance in s; above 0.
        modulus_slope: logarithmic slope of the modulus with density (dlnG/dlnρ); above 0.
        time_slope: logarithmic slope of the relaxation time with density (dlnτ/dlnρ); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "instability_type",
        relaxation_time=relaxation_time,
        deformation_time=deformation_time,
        modulus_slope=modulus_slope,
        time_slope=time_slope,
    )
    return InstabilityType(classes(results[0], ("liquid", "viscoelastic", "solid",)), results[1])


def viscosity_from_test(
    *,
    shear_stress: Value,
    rate: Value,
) -> Number:
    """Viscosity of steady flow.

    Shear stress over shear rate.

    `η = τ/r`

    1e11 to 1e14 Pa s before shear bands form.

    Arguments:
        shear_stress: shear stress (τ), for instance in MPa; above 0.
        rate: shear rate (r), for instance in 1/s; above 0.

    Returns:
        Viscosity, Pa s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "viscosity_from_test",
        shear_stress=shear_stress,
        rate=rate,
    )
    return results[0]


def stress_exponent(
    *,
    stress: Value,
    new_stress: Value,
    rate: Value,
    new_rate: Value,
) -> Number:
    """Stress exponent of flow.

    Slope of the strain rate over the stress, both logarithmic, from two tests.

    `n = ln(r2/r1)/ln(σ2/σ1)`

    1 for Newtonian flow. For more than two points fit a line.

    Arguments:
        stress: first stress (σ1), for instance in MPa; above 0.
        new_stress: second stress (σ2), for instance in MPa; above 0.
        rate: first strain rate (r1), for instance in 1/s; above 0.
        new_rate: second strain rate (r2), for instance in 1/s; above 0.

    Returns:
        Stress exponent.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "stress_exponent",
        stress=stress,
        new_stress=new_stress,
        rate=rate,
        new_rate=new_rate,
    )
    return results[0]


def thermal_mismatch_stress(
    *,
    young_modulus: Value,
    expansion_difference: Value,
    temperature_change: Value,
    poisson_ratio: Value,
) -> Number:
    """Stress by a mismatch of thermal expansion.

    Stress between regions that expand differently, on cooling or cycling.

    `σ = E Δα ΔT/(1 - ν)`

    A constrained film or layer (equal biaxial stress).

    Arguments:
        young_modulus: Young modulus (E), for instance in GPa; above 0.
        expansion_difference: difference of the linear expansion coefficients (Δα), for instance in 1/K; a finite number.
        temperature_change: change of the temperature (ΔT), for instance in K; a finite number.
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.

    Returns:
        Stress, Pa.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "thermal_mismatch_stress",
        young_modulus=young_modulus,
        expansion_difference=expansion_difference,
        temperature_change=temperature_change,
        poisson_ratio=poisson_ratio,
    )
    return results[0]


def nanoglass_soft_fraction(
    *,
    interface_width: Value,
    grain_size: Value,
) -> Number:
    """Share of soft interfaces of a nanoglass.

    Share of the volume in the interfaces of grains.

    `f = 1 - (1 - w/d)^3`

    w below d. The 29 % of a nanoglass in the review exceed the 25 % above which, by the same review, it would be a liquid.

    Arguments:
        interface_width: width of the interfaces (w), for instance in nm; above 0.
        grain_size: size of the grains (d), for instance in nm; above 0.

    Returns:
        Share of soft interfaces.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "nanoglass_soft_fraction",
        interface_width=interface_width,
        grain_size=grain_size,
    )
    return results[0]
