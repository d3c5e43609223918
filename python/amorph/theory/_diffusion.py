# Generated from the registry of models by `amorph generate`; change the model instead.
"""Diffusion."""

from __future__ import annotations

from .._theory import Number, Value, evaluate


def stokes_einstein_viscosity(
    *,
    temperature: Value,
    diffusion_coefficient: Value,
    radius: Value,
) -> Number:
    """Viscosity from the diffusion coefficient.

    Viscosity by the Stokes-Einstein relation.

    `η = kB T/(6π D r)`

    Fails below about 1.2 Tg, where diffusion and flow decouple.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        diffusion_coefficient: diffusion coefficient (D), for instance in m^2/s; above 0.
        radius: radius of the diffusing atom (r), for instance in pm; above 0.

    Returns:
        Viscosity, Pa s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "stokes_einstein_viscosity",
        temperature=temperature,
        diffusion_coefficient=diffusion_coefficient,
        radius=radius,
    )
    return results[0]


def stokes_einstein_diffusion(
    *,
    temperature: Value,
    viscosity: Value,
    radius: Value,
) -> Number:
    """Diffusion coefficient from the viscosity.

    Inverse of stokes_einstein_viscosity.

    `D = kB T/(6π η r)`

    As stokes_einstein_viscosity.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        viscosity: viscosity (η), for instance in Pa s; above 0.
        radius: radius of the diffusing atom (r), for instance in pm; above 0.

    Returns:
        Diffusion coefficient, m^2/s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "stokes_einstein_diffusion",
        temperature=temperature,
        viscosity=viscosity,
        radius=radius,
    )
    return results[0]


def diffusion_beta_ratio(
    *,
    diffusion_energy: Value,
    beta_energy: Value,
) -> Number:
    """Energy of diffusion over that of the β relaxation.

    Whether small atoms diffuse by the events of the slow β relaxation.

    `r = E_D/Eβ`

    1 within the errors for small atoms.

    Arguments:
        diffusion_energy: activation energy of diffusion (E_D), for instance in eV; above 0.
        beta_energy: activation energy of the slow β relaxation (Eβ), for instance in eV; above 0.

    Returns:
        Ratio of the energies.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "diffusion_beta_ratio",
        diffusion_energy=diffusion_energy,
        beta_energy=beta_energy,
    )
    return results[0]
