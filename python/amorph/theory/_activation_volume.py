# Generated from the registry of models by `amorph generate`; change the model instead.
"""Activation volume and shear transformation zone."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


def activation_volume(
    *,
    rate_sensitivity: Value,
    stress: Value,
    temperature: Value,
    taylor_factor: Value,
) -> Number:
    """Activation volume from the rate sensitivity.

    Apparent activation volume of plastic flow.

    `V = M kB T/(m σ)`

    m = 0.03 at 3.25 GPa gives 73 Å^3 with sqrt(3) and 129 Å^3 with 3.06: the 100 to 200 Å^3 of Idrissi et al. need the Taylor factor of a polycrystal, which they do not state.

    Arguments:
        rate_sensitivity: strain-rate sensitivity d ln σ/d ln (strain rate) (m); above 0.
        stress: flow stress in the same sense as the Taylor factor (σ), for instance in GPa; above 0.
        temperature: temperature (T), for instance in K; above 0.
        taylor_factor: flow stress over shear stress: sqrt(3) for a glass (von Mises), 3.06 for a polycrystal, 1 for shear (M); above 0.

    Returns:
        Activation volume, m^3.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "activation_volume",
        rate_sensitivity=rate_sensitivity,
        stress=stress,
        temperature=temperature,
        taylor_factor=taylor_factor,
    )
    return results[0]


def rate_sensitivity(
    *,
    stress: Value,
    new_stress: Value,
    rate: Value,
    new_rate: Value,
) -> Number:
    """Rate sensitivity from two tests.

    Strain-rate sensitivity from two stresses and their strain rates.

    `m = ln(σ2/σ1)/ln(r2/r1)`

    The rates must differ.

    Arguments:
        stress: first stress (σ1), for instance in GPa; above 0.
        new_stress: second stress (σ2), for instance in GPa; above 0.
        rate: first strain rate (r1), for instance in 1/s; above 0.
        new_rate: second strain rate (r2), for instance in 1/s; above 0.

    Returns:
        Strain-rate sensitivity.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "rate_sensitivity",
        stress=stress,
        new_stress=new_stress,
        rate=rate,
        new_rate=new_rate,
    )
    return results[0]


def log_law_rate(
    *,
    log_strain: Value,
    time: Value,
) -> Number:
    """Plastic strain rate of logarithmic creep.

    Rate at a time after release, where the displacement follows u = A1 ln(A2 t).

    `r = (A1/L)/t`

    Derived from the law that Idrissi et al. fit; 1e-9 1/s at 51 days means A1/L = 4.4e-3.

    Arguments:
        log_strain: slope of the displacement over ln t, per gauge length (A1/L); above 0.
        time: time since release (t), for instance in h; above 0.

    Returns:
        Plastic strain rate, 1/s.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "log_law_rate",
        log_strain=log_strain,
        time=time,
    )
    return results[0]


def log_law_strain(
    *,
    log_strain: Value,
    time: Value,
    new_time: Value,
) -> Number:
    """Strain gained in logarithmic creep.

    Plastic strain between two times after release.

    `Δε = (A1/L) ln(t2/t1)`

    As log_law_rate.

    Arguments:
        log_strain: slope of the displacement over ln t, per gauge length (A1/L); above 0.
        time: first time (t1), for instance in h; above 0.
        new_time: second time (t2), for instance in h; above 0.

    Returns:
        Strain gained.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "log_law_strain",
        log_strain=log_strain,
        time=time,
        new_time=new_time,
    )
    return results[0]


def log_law_sensitivity(
    *,
    unloading_stiffness: Value,
    log_displacement: Value,
) -> Number:
    """Stress per logarithm of the rate in an on-chip test.

    Why logarithmic creep of a specimen on its actuator gives a constant rate sensitivity.

    `S = dσ/d ln r = K A1`

    m = S/σ, V = M kT/S.

    Arguments:
        unloading_stiffness: loss of stress per displacement of the actuator (K), for instance in MPa/nm; above 0.
        log_displacement: slope of the displacement over ln t (A1), for instance in nm; above 0.

    Returns:
        Stress per logarithm of the rate, Pa.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "log_law_sensitivity",
        unloading_stiffness=unloading_stiffness,
        log_displacement=log_displacement,
    )
    return results[0]


def stress_after(
    *,
    stress: Value,
    time: Value,
    new_time: Value,
    rate_sensitivity: Value,
) -> Number:
    """Stress relaxation from the rate sensitivity.

    Stress at a later time, where the rate falls as 1/t.

    `σ2 = σ1 (t2/t1)^(-m)`

    A factor 612 in time and m = 0.03 leave 82.5 %.

    Arguments:
        stress: flow stress in the same sense as the Taylor factor (σ), for instance in GPa; above 0.
        time: first time (t1), for instance in h; above 0.
        new_time: second time (t2), for instance in h; above 0.
        rate_sensitivity: strain-rate sensitivity d ln σ/d ln (strain rate) (m); above 0.

    Returns:
        Stress at the second time, Pa.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "stress_after",
        stress=stress,
        time=time,
        new_time=new_time,
        rate_sensitivity=rate_sensitivity,
    )
    return results[0]


def stz_volume(
    *,
    volume: Value,
    factor: Value,
) -> Number:
    """Volume of a shear transformation zone from the activation volume.

    Zone volume as a multiple of the activation volume (Pan et al.).

    `Ω = C' V`

    A volume: 1 to 2 nm^3 is 1.24 to 1.56 nm across (sphere_diameter), not 2 nm. stz_volume_ratio gives the factor.

    Arguments:
        volume: activation volume (V), for instance in A^3; above 0.
        factor: zone volume over activation volume; Pan et al. take about 10 (C'); above 0.

    Returns:
        Volume of the zone, m^3.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019); Pan, Inoue, Sakurai, Chen, PNAS 105, 14769 (2008).
    """
    results = evaluate(
        "stz_volume",
        volume=volume,
        factor=factor,
    )
    return results[0]


def stz_volume_ratio(
    *,
    shape_factor: Value,
    zeta: Value,
    critical_strain: Value,
    modulus_ratio: Value,
    stress_ratio: Value,
) -> Number:
    """Zone volume over activation volume.

    The factor between the volume of a zone and its activation volume, from the barrier under stress.

    `C' = 1/(6 R ζ γc^2 (G0/τc) sqrt(1 - τ/τc))`

    V = -dW/dτ of W = 4 R G0 γc^2 ζ Ω (1 - τ/τc)^(3/2). Keeping the square root doubles the factor that Idrissi et al. use.

    Arguments:
        shape_factor: prefactor of the barrier, about 1/4 (R); above 0.
        zeta: correction for the confinement by the matrix, 2 to 4 (ζ); above 0.
        critical_strain: shear strain at which a zone yields, about 0.027 (γc); above 0.
        modulus_ratio: shear modulus over athermal shear strength (G0/τc); above 0.
        stress_ratio: shear stress over athermal shear strength (τ/τc); at least 0 and below 1.

    Returns:
        Zone volume over activation volume.

    Source: Johnson and Samwer, Phys. Rev. Lett. 95, 195501 (2005); Pan, Inoue, Sakurai, Chen, PNAS 105, 14769 (2008); Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "stz_volume_ratio",
        shape_factor=shape_factor,
        zeta=zeta,
        critical_strain=critical_strain,
        modulus_ratio=modulus_ratio,
        stress_ratio=stress_ratio,
    )
    return results[0]


class SphereDiameter(NamedTuple):
    """Diameter and atoms of a volume."""

    diameter: Number
    """Diameter of the sphere, m."""
    atoms: Number
    """Atoms in the volume."""


def sphere_diameter(
    *,
    zone_volume: Value,
    atomic_volume: Value,
) -> SphereDiameter:
    """Diameter and atoms of a volume.

    Sphere of the same volume, so that volumes are never compared with lengths.

    `d = (6 Ω/π)^(1/3), n = Ω/Ωa`

    1 to 2 nm^3 is 1.24 to 1.56 nm across; a diameter of 2 nm is 4.2 nm^3.

    Arguments:
        zone_volume: volume of the zone (Ω), for instance in nm^3; above 0.
        atomic_volume: volume of an atom; 17 to 18 Å^3 in Zr-based glasses (Ωa), for instance in A^3; above 0.

    Returns:
        The results, by name.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "sphere_diameter",
        zone_volume=zone_volume,
        atomic_volume=atomic_volume,
    )
    return SphereDiameter(results[0], results[1])


def activation_volume_density(
    *,
    volume: Value,
    mean_free_volume: Value,
    critical_volume: Value,
    liquid_like_fraction: Value,
) -> Number:
    """Distribution of activation volumes.

    Density of activation volumes of liquid-like cells (Cohen and Grest).

    `f(V) = (pLLR/Vf) exp(-(V - Vc)/Vf), V >= Vc`

    V at least Vc.

    Arguments:
        volume: activation volume (V), for instance in A^3; above 0.
        mean_free_volume: mean free volume of the cells (Vf), for instance in A^3; above 0.
        critical_volume: smallest volume of a liquid-like cell (Vc), for instance in A^3; at least 0.
        liquid_like_fraction: share of liquid-like regions (pLLR); at least 0 and at most 1.

    Returns:
        Density of activation volumes, 1/m^3.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "activation_volume_density",
        volume=volume,
        mean_free_volume=mean_free_volume,
        critical_volume=critical_volume,
        liquid_like_fraction=liquid_like_fraction,
    )
    return results[0]


class ActivationProbability(NamedTuple):
    """Probability of activation beyond a volume."""

    probability: Number
    """Net transitions of cells at least as large."""
    normalised: Number
    """Share of all net transitions."""


def activation_probability(
    *,
    volume: Value,
    mean_free_volume: Value,
    critical_volume: Value,
    liquid_like_fraction: Value,
    shear_stress: Value,
    temperature: Value,
) -> ActivationProbability:
    """Probability of activation beyond a volume.

    Net transitions of all cells larger than a volume, linear in stress, and its share of all transitions.

    `P(>=V) = (pLLR τ Vf exp(Vc/Vf)/(kB T)) (1 + V/Vf) exp(-V/Vf)`

    V at least Vc; equals the integral of (τV/kT) f(V). P is a probability only while τV/kT is small.

    Arguments:
        volume: activation volume (V), for instance in A^3; above 0.
        mean_free_volume: mean free volume of the cells (Vf), for instance in A^3; above 0.
        critical_volume: smallest volume of a liquid-like cell (Vc), for instance in A^3; at least 0.
        liquid_like_fraction: share of liquid-like regions (pLLR); at least 0 and at most 1.
        shear_stress: shear stress (half the uniaxial stress) (τ), for instance in MPa; at least 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        The results, by name.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "activation_probability",
        volume=volume,
        mean_free_volume=mean_free_volume,
        critical_volume=critical_volume,
        liquid_like_fraction=liquid_like_fraction,
        shear_stress=shear_stress,
        temperature=temperature,
    )
    return ActivationProbability(results[0], results[1])
