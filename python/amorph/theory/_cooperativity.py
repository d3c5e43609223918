# Generated from the registry of models by `amorph generate`; change the model instead.
"""Cooperative numbers."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


def donth_number(
    *,
    temperature: Value,
    temperature_width: Value,
    reciprocal_step: Value,
    molar_mass: Value,
) -> Number:
    """Cooperative number by thermal fluctuations.

    Number of units that relax together, from the width of the glass transition (Donth).

    `Nα = R T^2 Δ(1/cp)/(m0 δT^2)`

    T in kelvin: the column of the review is in degrees Celsius under a head that says K. Fails against three of its four rows.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        temperature_width: temperature fluctuation: width of the transition (δT), for instance in K; above 0.
        reciprocal_step: 1/cp of the glass minus 1/cp of the liquid; contradicts the printed cp in one row of the review (Δ(1/cp)), for instance in g K/J; above 0.
        molar_mass: mean molar mass of the atoms (m0), for instance in g/mol; above 0.

    Returns:
        Number of units.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Donth, J. Non-Cryst. Solids 53, 325 (1982).
    """
    results = evaluate(
        "donth_number",
        temperature=temperature,
        temperature_width=temperature_width,
        reciprocal_step=reciprocal_step,
        molar_mass=molar_mass,
    )
    return results[0]


class BerthierNumber(NamedTuple):
    """Cooperative number by dynamic susceptibility."""

    number: Number
    """Number of units."""
    susceptibility: Number
    """Largest susceptibility, 1/K."""


def berthier_number(
    *,
    temperature: Value,
    stretching_exponent: Value,
    time_slope: Value,
    heat_capacity_step: Value,
    molar_mass: Value,
) -> BerthierNumber:
    """Cooperative number by dynamic susceptibility.

    Lower bound of the number of units that relax together (Berthier).

    `Nc = (R/(m0 Δcp)) T^2 (max χT)^2, max χT = (β/e) |d ln τ/dT|`

    A lower bound. With the slope of donth_slope it gives 82 to 85 % of the printed values in all four rows.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        stretching_exponent: stretching exponent of the relaxation (β); at least 0.1 and at most 1.
        time_slope: logarithmic slope of the relaxation time (|d ln τ/dT|), for instance in 1/K; above 0.
        heat_capacity_step: heat capacity of the liquid minus that of the glass (Δcp), for instance in J/(g K); above 0.
        molar_mass: mean molar mass of the atoms (m0), for instance in g/mol; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Berthier et al., Science 310, 1797 (2005).
    """
    results = evaluate(
        "berthier_number",
        temperature=temperature,
        stretching_exponent=stretching_exponent,
        time_slope=time_slope,
        heat_capacity_step=heat_capacity_step,
        molar_mass=molar_mass,
    )
    return BerthierNumber(results[0], results[1])


class DonthSlope(NamedTuple):
    """Slope of the relaxation time from the width of the transition."""

    slope: Number
    """Slope of the relaxation time, 1/K."""
    fragility: Number
    """Fragility."""
    energy: Number
    """Apparent activation energy, J."""
    molar_energy: Number
    """Apparent activation energy per mole, J/mol."""


def donth_slope(
    *,
    temperature: Value,
    temperature_width: Value,
    stretching_exponent: Value,
    spectral_width: Value,
) -> DonthSlope:
    """Slope of the relaxation time from the width of the transition.

    How fast the relaxation time changes, from the width in temperature and the width in frequency; with energy and fragility.

    `|d ln τ/dT| = w/(β δT), m = T |d ln τ/dT|/ln 10, E = kB T^2 |d ln τ/dT|`

    w = 1.07 as in the review. The four Pd glasses give m of 58 to 70.

    Arguments:
        temperature: temperature (T), for instance in K; above 0.
        temperature_width: temperature fluctuation: width of the transition (δT), for instance in K; above 0.
        stretching_exponent: stretching exponent of the relaxation (β); at least 0.1 and at most 1.
        spectral_width: width of the loss peak in ln ω times β: 1.07 in the review (δ ln ω); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "donth_slope",
        temperature=temperature,
        temperature_width=temperature_width,
        stretching_exponent=stretching_exponent,
        spectral_width=spectral_width,
    )
    return DonthSlope(results[0], results[1], results[2], results[3])


class DonthBerthierRatio(NamedTuple):
    """Ratio of both cooperative numbers."""

    ratio: Number
    """Ratio of the numbers."""
    factor: Number
    """6.45 for w = 1.07."""


def donth_berthier_ratio(
    *,
    heat_capacity_step: Value,
    reciprocal_step: Value,
    spectral_width: Value,
) -> DonthBerthierRatio:
    """Ratio of both cooperative numbers.

    Factor between the numbers of Donth and Berthier.

    `Nα/Nc = (e/w)^2 Δcp Δ(1/cp)`

    w = 1.07 for every β, as in the review; spectral_width computes w from the loss peak.

    Arguments:
        heat_capacity_step: heat capacity of the liquid minus that of the glass (Δcp), for instance in J/(g K); above 0.
        reciprocal_step: 1/cp of the glass minus 1/cp of the liquid; contradicts the printed cp in one row of the review (Δ(1/cp)), for instance in g K/J; above 0.
        spectral_width: width of the loss peak in ln ω times β: 1.07 in the review (δ ln ω); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "donth_berthier_ratio",
        heat_capacity_step=heat_capacity_step,
        reciprocal_step=reciprocal_step,
        spectral_width=spectral_width,
    )
    return DonthBerthierRatio(results[0], results[1])


class SpectralWidth(NamedTuple):
    """Width of the loss peak in the sense of Donth."""

    spectral_width: Number
    """Width times β."""
    factor: Number
    """Factor between Nα and Nc."""


def spectral_width(
    *,
    stretching_exponent: Value,
) -> SpectralWidth:
    """Width of the loss peak in the sense of Donth.

    Standard deviation of ln ω of a Gaussian with the width of the loss peak, times β.

    `w = β FWHM ln 10/(2 sqrt(2 ln 2))`

    1.07 at β = 0.5, rounded; the factor is 6.45 only there.

    Arguments:
        stretching_exponent: stretching exponent of the relaxation (β); at least 0.1 and at most 1.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "spectral_width",
        stretching_exponent=stretching_exponent,
    )
    return SpectralWidth(results[0], results[1])


def cooperative_size(
    *,
    number: Value,
    unit_volume: Value,
) -> Number:
    """Size of a cooperative region.

    Diameter of a sphere that holds a number of units.

    `d = (6 N v/π)^(1/3)`

    570 to 1090 atoms are 2.4 to 3.2 nm.

    Arguments:
        number: number of units (N); above 0.
        unit_volume: volume of a unit (v), for instance in A^3; above 0.

    Returns:
        Diameter, m.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "cooperative_size",
        number=number,
        unit_volume=unit_volume,
    )
    return results[0]
