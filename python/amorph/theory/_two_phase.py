# Generated from the registry of models by `amorph generate`; change the model instead.
"""A solid with soft regions."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


class RelaxedModulus(NamedTuple):
    """Relaxed modulus of a solid with liquid-like cores."""

    modulus: Number
    """Relaxed modulus, Pa."""
    coupling: Number
    """Softening G∞/G - 1."""


def relaxed_modulus(
    *,
    unrelaxed_modulus: Value,
    softening: Value,
    zone_volume: Value,
    temperature: Value,
) -> RelaxedModulus:
    """Relaxed modulus of a solid with liquid-like cores.

    Modulus after the cores have relaxed.

    `G = G∞/(1 + α), α = β G∞ Ω/(kB T)`

    A loss of 24 % is α = 0.316, which for 1 nm^3, 30 GPa and 298 K is β = 4.3e-5.

    Arguments:
        unrelaxed_modulus: unrelaxed modulus (G∞), for instance in GPa; above 0.
        softening: strength of the cores; its meaning is not stated by the source (β); above 0.
        zone_volume: volume of a zone (Ω), for instance in nm^3; above 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "relaxed_modulus",
        unrelaxed_modulus=unrelaxed_modulus,
        softening=softening,
        zone_volume=zone_volume,
        temperature=temperature,
    )
    return RelaxedModulus(results[0], results[1])


class CouplingFromModulusLoss(NamedTuple):
    """Softening from a loss of modulus."""

    coupling: Number
    """Softening G∞/G - 1."""
    softening: Number
    """Strength of the cores."""


def coupling_from_modulus_loss(
    *,
    loss: Value,
    unrelaxed_modulus: Value,
    zone_volume: Value,
    temperature: Value,
) -> CouplingFromModulusLoss:
    """Softening from a loss of modulus.

    Inverse of relaxed_modulus.

    `α = 1/(1 - x) - 1, β = α kB T/(G∞ Ω)`

    0 < x < 1.

    Arguments:
        loss: share of the modulus that is lost (x); above 0 and below 1.
        unrelaxed_modulus: unrelaxed modulus (G∞), for instance in GPa; above 0.
        zone_volume: volume of a zone (Ω), for instance in nm^3; above 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "coupling_from_modulus_loss",
        loss=loss,
        unrelaxed_modulus=unrelaxed_modulus,
        zone_volume=zone_volume,
        temperature=temperature,
    )
    return CouplingFromModulusLoss(results[0], results[1])


class ZenerSolid(NamedTuple):
    """Moduli of a solid with one relaxation."""

    storage_modulus: Number
    """Storage modulus, Pa."""
    loss_modulus: Number
    """Loss modulus, Pa."""
    effective_viscosity: Number
    """Viscosity of the Kelvin form, η (1 + G_I/G_II), Pa s."""


def zener_solid(
    *,
    elastic_modulus: Value,
    relaxing_modulus: Value,
    viscosity: Value,
    angular_frequency: Value,
) -> ZenerSolid:
    """Moduli of a solid with one relaxation.

    Storage and loss modulus of a spring beside a Maxwell element.

    `M' = G_I + G_II x^2/(1 + x^2), M'' = G_II x/(1 + x^2), x = ω η/G_II`

    G∞ = G_I + G_II. Differential form: τ + (η/G_II) dτ/dt = G_I γ + η (1 + G_I/G_II) dγ/dt.

    Arguments:
        elastic_modulus: modulus of the matrix alone (relaxed) (G_I), for instance in GPa; above 0.
        relaxing_modulus: modulus in series with the viscous cores (G_II), for instance in GPa; above 0.
        viscosity: viscosity of the cores (η), for instance in Pa s; above 0.
        angular_frequency: angular frequency (ω), for instance in 1/s; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "zener_solid",
        elastic_modulus=elastic_modulus,
        relaxing_modulus=relaxing_modulus,
        viscosity=viscosity,
        angular_frequency=angular_frequency,
    )
    return ZenerSolid(results[0], results[1], results[2])


class ZenerResponse(NamedTuple):
    """Creep and relaxation of a solid with one relaxation."""

    compliance: Number
    """Creep compliance, 1/Pa."""
    modulus: Number
    """Relaxation modulus, Pa."""
    relaxation_time: Number
    """Relaxation time at constant strain, s."""
    retardation_time: Number
    """Retardation time at constant stress, s."""


def zener_response(
    *,
    elastic_modulus: Value,
    relaxing_modulus: Value,
    viscosity: Value,
    time: Value,
) -> ZenerResponse:
    """Creep and relaxation of a solid with one relaxation.

    Compliance after a step of stress and modulus after a step of strain.

    `J = 1/G_I - G_II/(G_I (G_I + G_II)) exp(-t/τJ), M = G_I + G_II exp(-t/τM), τM = η/G_II, τJ = τM (1 + G_II/G_I)`

    As zener_solid.

    Arguments:
        elastic_modulus: modulus of the matrix alone (relaxed) (G_I), for instance in GPa; above 0.
        relaxing_modulus: modulus in series with the viscous cores (G_II), for instance in GPa; above 0.
        viscosity: viscosity of the cores (η), for instance in Pa s; above 0.
        time: time after the step (t), for instance in s; at least 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "zener_response",
        elastic_modulus=elastic_modulus,
        relaxing_modulus=relaxing_modulus,
        viscosity=viscosity,
        time=time,
    )
    return ZenerResponse(results[0], results[1], results[2], results[3])


def activated_fraction(
    *,
    zone_fraction: Value,
    liquid_fraction: Value,
) -> Number:
    """Share of the liquid-like regions that are active.

    Density of shear transformation zones over that of liquid-like regions.

    `f = c_STZ/c_liquid`

    1 % of 24.3 % is 4.1 %, not the 10 % of the review.

    Arguments:
        zone_fraction: share of the volume in active zones (c_STZ), for instance in %; at least 0 and at most 100.
        liquid_fraction: share of the volume that is liquid-like (c_liquid), for instance in %; above 0 and at most 100.

    Returns:
        Share that is active.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "activated_fraction",
        zone_fraction=zone_fraction,
        liquid_fraction=liquid_fraction,
    )
    return results[0]


class TwoPhasePoisson(NamedTuple):
    """Poisson ratio of a glass with soft spheres."""

    poisson_ratio: Number
    """Poisson ratio."""
    softening: Number
    """Softening of the shear modulus."""


def two_phase_poisson(
    *,
    matrix_poisson_ratio: Value,
    bulk_softening: Value,
    shear_softening: Value,
    fraction: Value,
) -> TwoPhasePoisson:
    """Poisson ratio of a glass with soft spheres.

    Poisson and shear modulus change with the share of soft regions (Eshelby, dilute).

    `ν = [(1+ν0)(1+B Vf) - (1-2ν0)(1+A Vf)]/[2(1+ν0)(1+B Vf) + (1-2ν0)(1+A Vf)], G0/G = 1 + B Vf`

    Dilute spheres. A/B below 1: shear softening, ν rises; above 1: dilatational, ν falls; 1: constant.

    Arguments:
        matrix_poisson_ratio: Poisson ratio of the matrix (ν0); above -1 and below 0.5.
        bulk_softening: softening of the bulk modulus per share (A); a finite number.
        shear_softening: softening of the shear modulus per share (B); a finite number.
        fraction: share of soft regions (Vf); at least 0 and at most 1.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Eshelby, Proc. R. Soc. A 241, 376 (1957).
    """
    results = evaluate(
        "two_phase_poisson",
        matrix_poisson_ratio=matrix_poisson_ratio,
        bulk_softening=bulk_softening,
        shear_softening=shear_softening,
        fraction=fraction,
    )
    return TwoPhasePoisson(results[0], results[1])


class TwoPhaseSoftening(NamedTuple):
    """Softening of both moduli by soft spheres."""

    bulk_softening: Number
    """Softening of the bulk modulus per share."""
    shear_softening: Number
    """Softening of the shear modulus per share."""
    ratio: Number
    """Below 1 shear softening, above 1 dilatational."""


def two_phase_softening(
    *,
    matrix_poisson_ratio: Value,
    bulk_ratio: Value,
    shear_ratio: Value,
) -> TwoPhaseSoftening:
    """Softening of both moduli by soft spheres.

    The coefficients A and B of two_phase_poisson from the moduli of matrix and soft regions (Eshelby).

    `A = (K1-K0)/((K0-K1) a - K0), B = (G1-G0)/((G0-G1) b - G0), a = (1+ν0)/(3(1-ν0)), b = 2(4-5ν0)/(15(1-ν0))`

    Dilute spheres; soft regions differ in shear.

    Arguments:
        matrix_poisson_ratio: Poisson ratio of the matrix (ν0); above -1 and below 0.5.
        bulk_ratio: bulk modulus of the soft regions over that of the matrix (K1/K0); at least 0.
        shear_ratio: shear modulus of the soft regions over that of the matrix (G1/G0); at least 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Eshelby, Proc. R. Soc. A 241, 376 (1957).
    """
    results = evaluate(
        "two_phase_softening",
        matrix_poisson_ratio=matrix_poisson_ratio,
        bulk_ratio=bulk_ratio,
        shear_ratio=shear_ratio,
    )
    return TwoPhaseSoftening(results[0], results[1], results[2])


def softening_type(
    *,
    matrix_poisson_ratio: Value,
    poisson_ratio: Value,
    softening: Value,
) -> Number:
    """Type of softening from two states.

    A/B from Poisson ratio and shear modulus of a reference state and of another.

    `A/B = ((1 + x) q - 1)/x, q = (1+ν0)(1-2ν)/((1-2ν0)(1+ν)), x = G0/G - 1`

    x different from 0. Errors of ν are amplified by 1/x: give them.

    Arguments:
        matrix_poisson_ratio: Poisson ratio of the reference (annealed) state (ν0); above -1 and below 0.5.
        poisson_ratio: Poisson ratio (ν); above -1 and below 0.5.
        softening: G0/G - 1 of the other state (x); above -1.

    Returns:
        Below 1 shear softening, above 1 dilatational.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "softening_type",
        matrix_poisson_ratio=matrix_poisson_ratio,
        poisson_ratio=poisson_ratio,
        softening=softening,
    )
    return results[0]
