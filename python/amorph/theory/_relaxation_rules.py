# Generated from the registry of models by `amorph generate`; change the model instead.
"""Relaxation: times, viscosities and energies."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


def fragility_from_energy(
    *,
    energy: Value,
    glass_transition_temperature: Value,
) -> Number:
    """Fragility from the activation energy at the glass transition.

    Slope in the Angell plot from the apparent activation energy.

    `m = E/(kB Tg ln 10)`

    The apparent energy at Tg. 50 to 170 R Tg is m = 21.7 to 73.8.

    Arguments:
        energy: activation energy (E), for instance in eV; above 0.
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.

    Returns:
        Fragility.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "fragility_from_energy",
        energy=energy,
        glass_transition_temperature=glass_transition_temperature,
    )
    return results[0]


def energy_from_fragility(
    *,
    fragility: Value,
    glass_transition_temperature: Value,
) -> Number:
    """Activation energy at the glass transition from the fragility.

    Apparent activation energy of the supercooled liquid at Tg.

    `E = m kB Tg ln 10`

    At Tg only; a fragile liquid has no single energy.

    Arguments:
        fragility: slope of log10 η over Tg/T at Tg (m); above 0.
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.

    Returns:
        Apparent activation energy, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "energy_from_fragility",
        fragility=fragility,
        glass_transition_temperature=glass_transition_temperature,
    )
    return results[0]


def vft_viscosity(
    *,
    limit_viscosity: Value,
    vft_slope: Value,
    vft_temperature: Value,
    temperature: Value,
) -> Number:
    """Viscosity by the Vogel-Fulcher-Tammann law.

    Viscosity of a supercooled liquid.

    `η = η0 exp(B/(T - T0))`

    Above T0; used between Tg and 1.2 Tg. Below Tg the glass follows an Arrhenius law.

    Arguments:
        limit_viscosity: viscosity at infinite temperature (η0), for instance in Pa s; above 0.
        vft_slope: slope of the VFT law (B), for instance in K; above 0.
        vft_temperature: temperature at which the VFT law diverges (T0), for instance in K; above 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        Viscosity, Pa s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "vft_viscosity",
        limit_viscosity=limit_viscosity,
        vft_slope=vft_slope,
        vft_temperature=vft_temperature,
        temperature=temperature,
    )
    return results[0]


def vft_fragility(
    *,
    vft_slope: Value,
    vft_temperature: Value,
    glass_transition_temperature: Value,
) -> Number:
    """Fragility of a VFT law.

    Slope in the Angell plot of a Vogel-Fulcher-Tammann law.

    `m = B Tg/(ln 10 (Tg - T0)^2)`

    Tg above T0.

    Arguments:
        vft_slope: slope of the VFT law (B), for instance in K; above 0.
        vft_temperature: temperature at which the VFT law diverges (T0), for instance in K; above 0.
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.

    Returns:
        Fragility.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "vft_fragility",
        vft_slope=vft_slope,
        vft_temperature=vft_temperature,
        glass_transition_temperature=glass_transition_temperature,
    )
    return results[0]


def angell_viscosity(
    *,
    fragility: Value,
    glass_transition_temperature: Value,
    temperature: Value,
    glass_viscosity: Value = 1000000000000.0,
    limit_viscosity: Value,
) -> Number:
    """Viscosity from fragility and glass transition.

    The VFT law that has a given fragility and a given viscosity at Tg and at infinite temperature.

    `log10(η/η0) = D^2 x/(m - (m - D) x), x = Tg/T, D = log10(η(Tg)/η0)`

    m at least log10(η(Tg)/η0), the value of a strong liquid.

    Arguments:
        fragility: slope of log10 η over Tg/T at Tg (m); above 0.
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.
        temperature: temperature (T), for instance in K; above 0.
        glass_viscosity: viscosity at the glass transition (η(Tg)), for instance in Pa s; above 0; 1e12 by default.
        limit_viscosity: viscosity at infinite temperature (η0), for instance in Pa s; above 0.

    Returns:
        Viscosity, Pa s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "angell_viscosity",
        fragility=fragility,
        glass_transition_temperature=glass_transition_temperature,
        temperature=temperature,
        glass_viscosity=glass_viscosity,
        limit_viscosity=limit_viscosity,
    )
    return results[0]


def arrhenius_viscosity(
    *,
    limit_viscosity: Value,
    energy: Value,
    temperature: Value,
) -> Number:
    """Viscosity by an Arrhenius law.

    Viscosity of a strong liquid, or of a glass below Tg.

    `η = η0 exp(E/(kB T))`

    One barrier at all temperatures.

    Arguments:
        limit_viscosity: viscosity at infinite temperature (η0), for instance in Pa s; above 0.
        energy: activation energy (E), for instance in eV; above 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        Viscosity, Pa s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "arrhenius_viscosity",
        limit_viscosity=limit_viscosity,
        energy=energy,
        temperature=temperature,
    )
    return results[0]


def maxwell_time(
    *,
    viscosity: Value,
    shear_modulus: Value,
) -> Number:
    """Relaxation time from the viscosity.

    Maxwell relation of a liquid.

    `τ = η/G`

    1e12 Pa s and 30 GPa give 33 s: the conventions η(Tg) = 1e12 Pa s and τ(Tg) = 100 s differ by a factor 3.

    Arguments:
        viscosity: shear viscosity (η), for instance in Pa s; above 0.
        shear_modulus: shear modulus (G), for instance in GPa; above 0.

    Returns:
        Relaxation time, s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "maxwell_time",
        viscosity=viscosity,
        shear_modulus=shear_modulus,
    )
    return results[0]


def maxwell_modulus(
    *,
    viscosity: Value,
    relaxation_time: Value,
) -> Number:
    """Modulus that a viscosity and a relaxation time imply.

    Whether two conventions for the glass transition agree.

    `G = η/τ`

    1e12 Pa s and 100 s give 10 GPa; metallic glasses have about 30 GPa.

    Arguments:
        viscosity: shear viscosity (η), for instance in Pa s; above 0.
        relaxation_time: relaxation time (τ), for instance in s; above 0.

    Returns:
        Shear modulus, Pa.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "maxwell_modulus",
        viscosity=viscosity,
        relaxation_time=relaxation_time,
    )
    return results[0]


class EnergyFromGlassTransition(NamedTuple):
    """Energy in units of the glass transition."""

    energy: Number
    """Energy of one event, J."""
    molar_energy: Number
    """Energy per mole, J/mol."""


def energy_from_glass_transition(
    *,
    multiple: Value,
    glass_transition_temperature: Value,
) -> EnergyFromGlassTransition:
    """Energy in units of the glass transition.

    What `x R Tg` is for one event.

    `E = x kB Tg`

    α relaxation above Tg: 50 to 170; below Tg: 25 to 50; slow β: 26. 170 R Tg at 700 K is 10.3 eV, beyond the 2 to 8 eV of the review.

    Arguments:
        multiple: energy over R Tg (x); above 0.
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "energy_from_glass_transition",
        multiple=multiple,
        glass_transition_temperature=glass_transition_temperature,
    )
    return EnergyFromGlassTransition(results[0], results[1])


class BetaRule(NamedTuple):
    """Energy of the slow β relaxation."""

    energy: Number
    """Activation energy, J."""
    scatter: Number
    """Scatter of the rule, 2 kB Tg, J."""


def beta_rule(
    *,
    glass_transition_temperature: Value,
) -> BetaRule:
    """Energy of the slow β relaxation.

    Activation energy of the slow β relaxation from the glass transition.

    `Eβ = 26 kB Tg`

    26 ± 2 over metallic glasses. The printed window of 0.5 to 1.5 eV would need Tg from 223 to 669 K.

    Arguments:
        glass_transition_temperature: glass transition temperature (Tg), for instance in K; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "beta_rule",
        glass_transition_temperature=glass_transition_temperature,
    )
    return BetaRule(results[0], results[1])


def glass_transition_from_beta(
    *,
    energy: Value,
) -> Number:
    """Glass transition that a slow β energy implies.

    Inverse of the rule 26 R Tg.

    `Tg = Eβ/(26 kB)`

    0.5 eV would need 223 K.

    Arguments:
        energy: activation energy (E), for instance in eV; above 0.

    Returns:
        Glass transition temperature, K.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "glass_transition_from_beta",
        energy=energy,
    )
    return results[0]


def fast_beta_rule(
    *,
    energy: Value,
    ratio: Value,
) -> Number:
    """Energy of the fast β relaxation.

    Activation energy of the fast β relaxation as a share of that of the slow one.

    `Eβ' = r Eβ`

    r = 0.5 is the rule; the ratios of the review correlate with ductility.

    Arguments:
        energy: activation energy (E), for instance in eV; above 0.
        ratio: 0.5 in brittle (Ce, Mg, La), 0.3 in ductile (Zr, Cu, Pd) glasses (r); above 0.

    Returns:
        Activation energy of the fast β relaxation, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "fast_beta_rule",
        energy=energy,
        ratio=ratio,
    )
    return results[0]


def fast_beta_frequency(
    *,
    energy: Value,
    temperature: Value,
    prefactor: Value,
) -> Number:
    """Angular frequency of the fast β peak.

    Peak frequency of a thermally activated process from its prefactor.

    `ω = ω∞ exp(-E/(kB T))`

    The review prints a plus sign and 2.7e14 rad/s; with minus and a prefactor of 1e14 Hz, 2π 1e14 exp(-E/kT) = 2.69e14 rad/s.

    Arguments:
        energy: activation energy (E), for instance in eV; above 0.
        temperature: temperature (T), for instance in K; above 0.
        prefactor: angular frequency at infinite temperature (2π times one in Hz) (ω∞), for instance in 1/s; above 0.

    Returns:
        Angular frequency of the peak, 1/s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "fast_beta_frequency",
        energy=energy,
        temperature=temperature,
        prefactor=prefactor,
    )
    return results[0]


def fast_beta_frequency_printed(
    *,
    energy: Value,
    temperature: Value,
    prefactor: Value,
) -> Number:
    """Angular frequency of the fast β peak, as printed.

    The form of the review, with the plus sign.

    `ω = ω∞ exp(+E/(kB T))`

    A variant of `fast_beta_frequency`, which is the form to use.

    A barrier slows a process: the sign is a slip.

    Arguments:
        energy: activation energy (E), for instance in eV; above 0.
        temperature: temperature (T), for instance in K; above 0.
        prefactor: angular frequency at infinite temperature (2π times one in Hz) (ω∞), for instance in 1/s; above 0.

    Returns:
        Angular frequency of the peak, 1/s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "fast_beta_frequency_printed",
        energy=energy,
        temperature=temperature,
        prefactor=prefactor,
    )
    return results[0]


def peak_frequency(
    *,
    energy: Value,
    temperature: Value,
    attempt_time: Value,
) -> Number:
    """Frequency of a loss peak from its energy.

    Frequency at which an Arrhenius process peaks.

    `f = exp(-E/(kB T))/(2π τ0)`

    Loss peaks at 2π f τ = 1.

    Arguments:
        energy: activation energy (E), for instance in eV; above 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_time: relaxation time at infinite temperature, without default (τ0), for instance in s; above 0.

    Returns:
        Frequency of the loss peak, 1/s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "peak_frequency",
        energy=energy,
        temperature=temperature,
        attempt_time=attempt_time,
    )
    return results[0]


def peak_energy(
    *,
    frequency: Value,
    temperature: Value,
    attempt_time: Value,
) -> Number:
    """Energy of a loss peak from its frequency.

    Activation energy of an Arrhenius process that peaks at a temperature and a frequency.

    `E = kB T ln(1/(2π f τ0))`

    2π f τ0 below 1.

    Arguments:
        frequency: frequency of the loss peak (f), for instance in Hz; above 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_time: relaxation time at infinite temperature, without default (τ0), for instance in s; above 0.

    Returns:
        Activation energy, J.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "peak_energy",
        frequency=frequency,
        temperature=temperature,
        attempt_time=attempt_time,
    )
    return results[0]


def attempt_time_from_peak(
    *,
    energy: Value,
    frequency: Value,
    temperature: Value,
) -> Number:
    """Attempt time that a loss peak needs.

    Whether one Arrhenius process can explain a peak: below 1e-16 s it cannot.

    `τ0 = exp(-E/(kB T))/(2π f)`

    1.0 eV at 250 K and 1 Hz needs 1e-21 s, which no vibration has.

    Arguments:
        energy: activation energy (E), for instance in eV; above 0.
        frequency: frequency of the loss peak (f), for instance in Hz; above 0.
        temperature: temperature (T), for instance in K; above 0.

    Returns:
        Relaxation time at infinite temperature, s.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "attempt_time_from_peak",
        energy=energy,
        frequency=frequency,
        temperature=temperature,
    )
    return results[0]
