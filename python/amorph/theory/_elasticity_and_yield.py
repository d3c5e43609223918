# Generated from the registry of models by `amorph generate`; change the model instead.
"""Elasticity, cooperative shear and yielding."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


class IsotropicConstants(NamedTuple):
    """Shear and bulk modulus of an isotropic solid."""

    shear_modulus: Number
    """Shear modulus, Pa."""
    bulk_modulus: Number
    """Bulk modulus, Pa."""
    ratio: Number
    """Shear over bulk modulus."""


def isotropic_constants(
    *,
    young_modulus: Value,
    poisson_ratio: Value,
) -> IsotropicConstants:
    """Shear and bulk modulus of an isotropic solid.

    Shear modulus, bulk modulus and their ratio from Young modulus and Poisson ratio.

    `G = E/(2 (1 + ν)), B = E/(3 (1 - 2ν)), G/B = 3 (1 - 2ν)/(2 (1 + ν))`

    Isotropic, -1 < ν < 1/2.

    Arguments:
        young_modulus: Young modulus (E), for instance in GPa; above 0.
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.

    Returns:
        The results, by name.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019); Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "isotropic_constants",
        young_modulus=young_modulus,
        poisson_ratio=poisson_ratio,
    )
    return IsotropicConstants(results[0], results[1], results[2])


def young_modulus(
    *,
    shear_modulus: Value,
    poisson_ratio: Value,
) -> Number:
    """Young modulus from shear modulus and Poisson ratio.

    Inverse of isotropic_constants.

    `E = 2 G (1 + ν)`

    Isotropic.

    Arguments:
        shear_modulus: shear modulus (G), for instance in GPa; above 0.
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.

    Returns:
        Young modulus, Pa.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "young_modulus",
        shear_modulus=shear_modulus,
        poisson_ratio=poisson_ratio,
    )
    return results[0]


def csm_barrier(
    *,
    shear_modulus: Value,
    critical_strain: Value,
    zeta: Value,
    zone_volume: Value,
) -> Number:
    """Barrier of cooperative shear.

    Barrier of a shear transformation zone without stress.

    `W = (8/π^2) G γc^2 ζ Ω`

    0.41 eV per nm^3 at G = 37 GPa, γc = 0.027, ζ = 3. ζ of 2 to 4 is a factor 2 in W or Ω.

    Arguments:
        shear_modulus: shear modulus (G), for instance in GPa; above 0.
        critical_strain: shear strain at which a zone yields; about 0.027, assumed where no paper gives it (γc); above 0.
        zeta: correction for the confinement of the zone by the matrix; 2 to 4, assumed where no paper gives it (ζ); above 0.
        zone_volume: volume of the zone (Ω), for instance in nm^3; above 0.

    Returns:
        Barrier, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Johnson and Samwer, Phys. Rev. Lett. 95, 195501 (2005).
    """
    results = evaluate(
        "csm_barrier",
        shear_modulus=shear_modulus,
        critical_strain=critical_strain,
        zeta=zeta,
        zone_volume=zone_volume,
    )
    return results[0]


def johnson_samwer_barrier(
    *,
    shear_modulus: Value,
    critical_strain: Value,
    zeta: Value,
    zone_volume: Value,
    shape_factor: Value,
    stress_ratio: Value,
) -> Number:
    """Barrier of cooperative shear, prefactor of Johnson and Samwer.

    The same barrier with the prefactor 4 R in place of 8/π^2, under stress.

    `W = 4 R G γc^2 ζ Ω (1 - τ/τc)^(3/2)`

    A variant of `csm_barrier`, which is the form to use.

    With R = 1/4 the prefactor is 1.00 against 0.81: volumes from one energy differ by 23 %.

    Arguments:
        shear_modulus: shear modulus (G), for instance in GPa; above 0.
        critical_strain: shear strain at which a zone yields; about 0.027, assumed where no paper gives it (γc); above 0.
        zeta: correction for the confinement of the zone by the matrix; 2 to 4, assumed where no paper gives it (ζ); above 0.
        zone_volume: volume of the zone (Ω), for instance in nm^3; above 0.
        shape_factor: prefactor of Johnson and Samwer, about 1/4 (R); above 0.
        stress_ratio: shear stress over the strength without thermal agitation (τ/τc); at least 0 and below 1.

    Returns:
        Barrier, J.

    Source: Johnson and Samwer, Phys. Rev. Lett. 95, 195501 (2005); Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "johnson_samwer_barrier",
        shear_modulus=shear_modulus,
        critical_strain=critical_strain,
        zeta=zeta,
        zone_volume=zone_volume,
        shape_factor=shape_factor,
        stress_ratio=stress_ratio,
    )
    return results[0]


def csm_barrier_under_stress(
    *,
    barrier: Value,
    stress_ratio: Value,
) -> Number:
    """Barrier of cooperative shear under stress.

    How a shear stress lowers the barrier.

    `W = W0 (1 - τ/τc)^(3/2)`

    0 <= τ/τc < 1.

    Arguments:
        barrier: barrier without stress (W0), for instance in eV; above 0.
        stress_ratio: shear stress over the strength without thermal agitation (τ/τc); at least 0 and below 1.

    Returns:
        Barrier under stress, J.

    Source: Johnson and Samwer, Phys. Rev. Lett. 95, 195501 (2005); Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "csm_barrier_under_stress",
        barrier=barrier,
        stress_ratio=stress_ratio,
    )
    return results[0]


def csm_volume(
    *,
    barrier: Value,
    shear_modulus: Value,
    critical_strain: Value,
    zeta: Value,
) -> Number:
    """Volume of a zone from its barrier.

    Inverse of csm_barrier.

    `Ω = W/((8/π^2) G γc^2 ζ)`

    26 R Tg at 623 K and 37 GPa gives 3.4 nm^3; 0.3 to 0.5 eV at 25.7 GPa gives 1.05 to 1.76 nm^3 (0.79 to 2.64 for ζ of 4 to 2).

    Arguments:
        barrier: barrier of the zone (W), for instance in eV; above 0.
        shear_modulus: shear modulus (G), for instance in GPa; above 0.
        critical_strain: shear strain at which a zone yields; about 0.027, assumed where no paper gives it (γc); above 0.
        zeta: correction for the confinement of the zone by the matrix; 2 to 4, assumed where no paper gives it (ζ); above 0.

    Returns:
        Volume of the zone, m^3.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Johnson and Samwer, Phys. Rev. Lett. 95, 195501 (2005).
    """
    results = evaluate(
        "csm_volume",
        barrier=barrier,
        shear_modulus=shear_modulus,
        critical_strain=critical_strain,
        zeta=zeta,
    )
    return results[0]


def csm_beta_ratio(
    *,
    shear_modulus: Value,
    critical_strain: Value,
    zeta: Value,
    zone_volume: Value,
    glass_transition_temperature: Value,
) -> Number:
    """Barrier of cooperative shear over that of the β relaxation.

    Test of the identity of both barriers.

    `r = (8/π^2) G γc^2 ζ Ω/(26 kB Tg)`

    1 within the 8 % of the rule 26 ± 2 if both are the same event.

    Arguments:
        shear_modulus: shear modulus (G), for instance in GPa; above 0.
        critical_strain: shear strain at which a zone yields; about 0.027, assumed where no paper gives it (γc); above 0.
        zeta: correction for the confinement of the zone by the matrix; 2 to 4, assumed where no paper gives it (ζ); above 0.
        zone_volume: volume of the zone (Ω), for instance in nm^3; above 0.
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.

    Returns:
        Ratio of the barriers.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "csm_beta_ratio",
        shear_modulus=shear_modulus,
        critical_strain=critical_strain,
        zeta=zeta,
        zone_volume=zone_volume,
        glass_transition_temperature=glass_transition_temperature,
    )
    return results[0]


class FrenkelYield(NamedTuple):
    """Yield stress of a periodic energy landscape."""

    energy: Number
    """Energy density at the strain, J/m^3."""
    yield_stress: Number
    """Yield stress, Pa."""


def frenkel_yield(
    *,
    energy_density: Value,
    critical_strain: Value,
    strain: Value,
) -> FrenkelYield:
    """Yield stress of a periodic energy landscape.

    Energy density of a zone under shear and the stress at which it yields (Frenkel).

    `φ = φ0 sin^2(π γ/(4 γC)), τc = π φ0/(4 γC)`

    Strains up to 2 γC.

    Arguments:
        energy_density: height of the energy density (φ0), for instance in J/m^3; above 0.
        critical_strain: shear strain at which the zone yields (γC); above 0.
        strain: shear strain (γ); at least 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Johnson and Samwer, Phys. Rev. Lett. 95, 195501 (2005).
    """
    results = evaluate(
        "frenkel_yield",
        energy_density=energy_density,
        critical_strain=critical_strain,
        strain=strain,
    )
    return FrenkelYield(results[0], results[1])


def johnson_samwer_yield(
    *,
    temperature: Value,
    glass_transition_temperature: Value,
    limit_strain: Value = 0.036,
    slope: Value = 0.016,
) -> Number:
    """Yield strain against temperature.

    Shear stress at yielding over the shear modulus, as it falls with temperature.

    `τy/G = γC0 - γC1 (T/Tg)^(2/3)`

    T up to Tg. 0.0240 to 0.0274 at 298 K for Tg of 461 to 750 K.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.
        limit_strain: yield strain at zero temperature (γC0); above 0; 0.036 by default.
        slope: loss by thermal agitation; depends weakly on the strain rate (γC1); above 0; 0.016 by default.

    Returns:
        Yield strain.

    Source: Johnson and Samwer, Phys. Rev. Lett. 95, 195501 (2005); Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "johnson_samwer_yield",
        temperature=temperature,
        glass_transition_temperature=glass_transition_temperature,
        limit_strain=limit_strain,
        slope=slope,
    )
    return results[0]


def elastic_yield_strain(
    *,
    yield_stress: Value,
    young_modulus: Value,
) -> Number:
    """Elastic strain at yielding.

    Strain that is still elastic when a specimen yields in tension.

    `ε = σ/E`

    4.5 % for the film of Idrissi et al.

    Arguments:
        yield_stress: yield stress (σ), for instance in GPa; above 0.
        young_modulus: Young modulus (E), for instance in GPa; above 0.

    Returns:
        Elastic strain.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "elastic_yield_strain",
        yield_stress=yield_stress,
        young_modulus=young_modulus,
    )
    return results[0]


def shear_yield_strain(
    *,
    yield_stress: Value,
    shear_modulus: Value,
) -> Number:
    """Shear yield strain from a tensile strength.

    Shear stress at yielding over the shear modulus, to stand beside johnson_samwer_yield.

    `τ/G = σ/(2 G)`

    Tresca: τ = σ/2.

    Arguments:
        yield_stress: uniaxial yield stress (σ), for instance in GPa; above 0.
        shear_modulus: shear modulus (G), for instance in GPa; above 0.

    Returns:
        Shear yield strain.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "shear_yield_strain",
        yield_stress=yield_stress,
        shear_modulus=shear_modulus,
    )
    return results[0]


class CompositeModulus(NamedTuple):
    """Bounds of the modulus of a composite."""

    voigt: Number
    """Upper bound: equal strain, Pa."""
    reuss: Number
    """Lower bound: equal stress, Pa."""


def composite_modulus(
    *,
    first_modulus: Value,
    second_modulus: Value,
    fraction: Value,
) -> CompositeModulus:
    """Bounds of the modulus of a composite.

    Highest and lowest modulus of a mixture of two phases (Voigt and Reuss).

    `M_V = f M1 + (1 - f) M2, 1/M_R = f/M1 + (1 - f)/M2`

    Any arrangement lies between the bounds.

    Arguments:
        first_modulus: modulus of the first phase (M1), for instance in GPa; above 0.
        second_modulus: modulus of the second phase (M2), for instance in GPa; above 0.
        fraction: volume share of the first phase (f); at least 0 and at most 1.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "composite_modulus",
        first_modulus=first_modulus,
        second_modulus=second_modulus,
        fraction=fraction,
    )
    return CompositeModulus(results[0], results[1])


def pillar_stress(
    *,
    force: Value,
    diameter: Value,
) -> Number:
    """Engineering stress of a round pillar.

    Stress under a force on a round pillar.

    `σ = 4 P/(π d^2)`

    Diameter at the top of a tapered pillar. The stresses of Yang et al. are those of a diameter of 2.074 µm.

    Arguments:
        force: force (P), for instance in uN; above 0.
        diameter: diameter (d), for instance in um; above 0.

    Returns:
        Engineering stress, Pa.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "pillar_stress",
        force=force,
        diameter=diameter,
    )
    return results[0]


def punch_pressure(
    *,
    force: Value,
    radius: Value,
) -> Number:
    """Mean pressure under a flat punch.

    Force over contact area.

    `p = P/(π a^2)`

    40 mN and 3 N on a radius of 5 µm are 0.51 and 38 GPa: below the yield stress and above any hardness of a glass.

    Arguments:
        force: force (P), for instance in uN; above 0.
        radius: radius of the punch (a), for instance in um; above 0.

    Returns:
        Mean pressure, Pa.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016).
    """
    results = evaluate(
        "punch_pressure",
        force=force,
        radius=radius,
    )
    return results[0]


def hertz_depth(
    *,
    force: Value,
    radius: Value,
    shear_modulus: Value,
    poisson_ratio: Value,
) -> Number:
    """Elastic depth under a sphere.

    Indentation of a half space by a rigid sphere (Hertz).

    `h^(3/2) = 3 P (1 - ν)/(8 G sqrt(R))`

    Depth well below the radius. 800 µN, 2 µm, 30 GPa, 0.363: 27.3 nm.

    Arguments:
        force: force (P), for instance in uN; above 0.
        radius: radius of the sphere (R), for instance in um; above 0.
        shear_modulus: shear modulus (G), for instance in GPa; above 0.
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.

    Returns:
        Depth, m.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "hertz_depth",
        force=force,
        radius=radius,
        shear_modulus=shear_modulus,
        poisson_ratio=poisson_ratio,
    )
    return results[0]
