# Generated from the registry of models by `amorph generate`; change the model instead.
"""Viscoelastic functions."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


def kww_relaxation(
    *,
    time: Value,
    relaxation_time: Value,
    stretching_exponent: Value,
) -> Number:
    """Stretched exponential in time.

    Relaxation function of Kohlrausch, Williams and Watts.

    `φ = exp(-(t/τ)^β)`

    0 < β <= 1; about 0.5 for the α relaxation of metallic glasses.

    Arguments:
        time: time (t), for instance in s; at least 0.
        relaxation_time: relaxation time (τ), for instance in s; above 0.
        stretching_exponent: stretching exponent (β); above 0 and at most 1.

    Returns:
        Relaxation function.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "kww_relaxation",
        time=time,
        relaxation_time=relaxation_time,
        stretching_exponent=stretching_exponent,
    )
    return results[0]


class KwwSpectrum(NamedTuple):
    """Stretched exponential in frequency."""

    storage: Number
    """Real part."""
    loss: Number
    """Loss: minus the imaginary part."""


def kww_spectrum(
    *,
    phase: Value,
    stretching_exponent: Value,
) -> KwwSpectrum:
    """Stretched exponential in frequency.

    Susceptibility of the stretched exponential, to twelve digits of its loss.

    `χ = ∫_0^∞ (-dφ/dt) exp(-iωt) dt = χ' - iχ'', φ = exp(-(t/τ)^β)`

    0.1 <= β <= 1. Slopes of the loss: +1 at low, -β at high frequency.

    Arguments:
        phase: angular frequency times relaxation time (ωτ); above 0.
        stretching_exponent: stretching exponent (β); at least 0.1 and at most 1.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Trefethen and Weideman, SIAM Rev. 56, 385 (2014).
    """
    results = evaluate(
        "kww_spectrum",
        phase=phase,
        stretching_exponent=stretching_exponent,
    )
    return KwwSpectrum(results[0], results[1])


class KwwLossPeak(NamedTuple):
    """Loss peak of the stretched exponential."""

    position: Number
    """Angular frequency of the peak times relaxation time."""
    height: Number
    """Height of the peak."""
    width: Number
    """Full width at half height, decades of frequency."""


def kww_loss_peak(
    *,
    stretching_exponent: Value,
) -> KwwLossPeak:
    """Loss peak of the stretched exponential.

    Position, height and width of the loss peak.

    `dχ''/dω = 0; χ'' = max χ''/2 at both ends of the width`

    0.1 <= β <= 1. β = 0.5: ωτ = 0.7370, height 0.2735, width 2.189 decades.

    Arguments:
        stretching_exponent: stretching exponent (β); at least 0.1 and at most 1.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "kww_loss_peak",
        stretching_exponent=stretching_exponent,
    )
    return KwwLossPeak(results[0], results[1], results[2])


class HavriliakNegamiSpectrum(NamedTuple):
    """Havriliak-Negami susceptibility."""

    storage: Number
    """Real part."""
    loss: Number
    """Loss: minus the imaginary part."""


def havriliak_negami_spectrum(
    *,
    phase: Value,
    width_exponent: Value,
    asymmetry_exponent: Value,
) -> HavriliakNegamiSpectrum:
    """Havriliak-Negami susceptibility.

    Susceptibility with a width and an asymmetry.

    `χ = (1 + (iωτ)^α)^(-γ) = χ' - iχ''`

    0 < α <= 1, 0 < α γ <= 1. Metallic glasses: α = 0.95, γ = 0.41.

    Arguments:
        phase: angular frequency times relaxation time (ωτ); above 0.
        width_exponent: exponent of the low-frequency wing (α); above 0 and at most 1.
        asymmetry_exponent: exponent of the asymmetry; α γ at most 1 (γ); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "havriliak_negami_spectrum",
        phase=phase,
        width_exponent=width_exponent,
        asymmetry_exponent=asymmetry_exponent,
    )
    return HavriliakNegamiSpectrum(results[0], results[1])


class ColeColeSpectrum(NamedTuple):
    """Cole-Cole susceptibility."""

    storage: Number
    """Real part."""
    loss: Number
    """Loss: minus the imaginary part."""


def cole_cole_spectrum(
    *,
    phase: Value,
    width_exponent: Value,
) -> ColeColeSpectrum:
    """Cole-Cole susceptibility.

    Symmetric broadening: Havriliak-Negami with γ = 1.

    `χ = 1/(1 + (iωτ)^α)`

    A variant of `havriliak_negami_spectrum`, which is the form to use.

    Symmetric; the α peak of metallic glasses is not.

    Arguments:
        phase: angular frequency times relaxation time (ωτ); above 0.
        width_exponent: exponent of the low-frequency wing (α); above 0 and at most 1.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "cole_cole_spectrum",
        phase=phase,
        width_exponent=width_exponent,
    )
    return ColeColeSpectrum(results[0], results[1])


class ColeDavidsonSpectrum(NamedTuple):
    """Cole-Davidson susceptibility."""

    storage: Number
    """Real part."""
    loss: Number
    """Loss: minus the imaginary part."""


def cole_davidson_spectrum(
    *,
    phase: Value,
    asymmetry_exponent: Value,
) -> ColeDavidsonSpectrum:
    """Cole-Davidson susceptibility.

    Broadening on the high-frequency side only: Havriliak-Negami with α = 1.

    `χ = (1 + iωτ)^(-γ)`

    A variant of `havriliak_negami_spectrum`, which is the form to use.

    0 < γ <= 1.

    Arguments:
        phase: angular frequency times relaxation time (ωτ); above 0.
        asymmetry_exponent: exponent of the asymmetry; α γ at most 1 (γ); above 0 and at most 1.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "cole_davidson_spectrum",
        phase=phase,
        asymmetry_exponent=asymmetry_exponent,
    )
    return ColeDavidsonSpectrum(results[0], results[1])


class DebyeSpectrum(NamedTuple):
    """Debye susceptibility."""

    storage: Number
    """Real part."""
    loss: Number
    """Loss: minus the imaginary part."""


def debye_spectrum(
    *,
    phase: Value,
) -> DebyeSpectrum:
    """Debye susceptibility.

    One relaxation time.

    `χ = 1/(1 + iωτ)`

    A variant of `havriliak_negami_spectrum`, which is the form to use.

    Peak at ωτ = 1, height 1/2, width 1.144 decades.

    Arguments:
        phase: angular frequency times relaxation time (ωτ); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "debye_spectrum",
        phase=phase,
    )
    return DebyeSpectrum(results[0], results[1])


class HavriliakNegamiLossPeak(NamedTuple):
    """Loss peak of Havriliak and Negami."""

    position: Number
    """Angular frequency of the peak times relaxation time."""
    height: Number
    """Height of the peak."""
    width: Number
    """Full width at half height, decades of frequency."""


def havriliak_negami_loss_peak(
    *,
    width_exponent: Value,
    asymmetry_exponent: Value,
) -> HavriliakNegamiLossPeak:
    """Loss peak of Havriliak and Negami.

    Position, height and width of the loss peak.

    `ωτ = (sin(π α/(2 + 2γ))/sin(π α γ/(2 + 2γ)))^(1/α)`

    0 < α <= 1, 0 < α γ <= 1. For 0.95/0.41: ωτ = 2.154, width 1.90 decades.

    Arguments:
        width_exponent: exponent of the low-frequency wing (α); above 0 and at most 1.
        asymmetry_exponent: exponent of the asymmetry; α γ at most 1 (γ); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "havriliak_negami_loss_peak",
        width_exponent=width_exponent,
        asymmetry_exponent=asymmetry_exponent,
    )
    return HavriliakNegamiLossPeak(results[0], results[1], results[2])


class HavriliakNegamiWings(NamedTuple):
    """Wings of the Havriliak-Negami loss."""

    low_frequency_exponent: Number
    """Slope below the peak."""
    high_frequency_exponent: Number
    """Minus the slope above the peak."""


def havriliak_negami_wings(
    *,
    width_exponent: Value,
    asymmetry_exponent: Value,
) -> HavriliakNegamiWings:
    """Wings of the Havriliak-Negami loss.

    Exponents of the loss far below and far above the peak.

    `χ'' ~ (ωτ)^α below, (ωτ)^(-α γ) above`

    0.95/0.41 gives 0.39; the review says 0.4 to 0.5.

    Arguments:
        width_exponent: exponent of the low-frequency wing (α); above 0 and at most 1.
        asymmetry_exponent: exponent of the asymmetry; α γ at most 1 (γ); above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "havriliak_negami_wings",
        width_exponent=width_exponent,
        asymmetry_exponent=asymmetry_exponent,
    )
    return HavriliakNegamiWings(results[0], results[1])


def stretching_from_havriliak_negami(
    *,
    product: Value,
) -> Number:
    """Stretching exponent of a Havriliak-Negami shape.

    The stretched exponential closest to a Havriliak-Negami peak.

    `β = (α γ)^(1/1.23)`

    An empirical relation; 0.39 gives 0.465.

    Arguments:
        product: product of both exponents of Havriliak and Negami (α γ); above 0 and at most 1.

    Returns:
        Stretching exponent.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Alvarez, Alegría, Colmenero, Phys. Rev. B 44, 7306 (1991).
    """
    results = evaluate(
        "stretching_from_havriliak_negami",
        product=product,
    )
    return results[0]


def havriliak_negami_from_stretching(
    *,
    stretching_exponent: Value,
) -> Number:
    """Havriliak-Negami exponents of a stretched exponential.

    Product of the exponents that is closest to a stretched exponential.

    `α γ = β^1.23`

    An empirical relation; 0.5 gives 0.426.

    Arguments:
        stretching_exponent: stretching exponent (β); above 0 and at most 1.

    Returns:
        Product of both exponents.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Alvarez, Alegría, Colmenero, Phys. Rev. B 44, 7306 (1991).
    """
    results = evaluate(
        "havriliak_negami_from_stretching",
        stretching_exponent=stretching_exponent,
    )
    return results[0]


class MaxwellModuli(NamedTuple):
    """Storage and loss modulus of a Maxwell liquid."""

    storage_modulus: Number
    """Storage modulus, Pa."""
    loss_modulus: Number
    """Loss modulus, Pa."""


def maxwell_moduli(
    *,
    modulus: Value,
    angular_frequency: Value,
    relaxation_time: Value,
) -> MaxwellModuli:
    """Storage and loss modulus of a Maxwell liquid.

    One relaxation time, no modulus at rest.

    `E' = E x^2/(1 + x^2), E'' = E x/(1 + x^2), x = ωτ`

    One relaxation time.

    Arguments:
        modulus: modulus at high frequency (E), for instance in GPa; above 0.
        angular_frequency: angular frequency, 2π times one in Hz (ω), for instance in 1/s; above 0.
        relaxation_time: relaxation time (τ), for instance in s; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "maxwell_moduli",
        modulus=modulus,
        angular_frequency=angular_frequency,
        relaxation_time=relaxation_time,
    )
    return MaxwellModuli(results[0], results[1])


class ComplexModulus(NamedTuple):
    """Complex modulus from the susceptibility."""

    storage_modulus: Number
    """Storage modulus, Pa."""
    loss_modulus: Number
    """Loss modulus, Pa."""


def complex_modulus(
    *,
    unrelaxed_modulus: Value,
    relaxation_strength: Value,
    storage: Value,
    loss: Value,
) -> ComplexModulus:
    """Complex modulus from the susceptibility.

    Storage and loss modulus of a solid that relaxes from one modulus to a lower one.

    `M' = Mu - ΔM χ', M'' = ΔM χ''`

    ΔM at most Mu.

    Arguments:
        unrelaxed_modulus: unrelaxed modulus (Mu), for instance in GPa; above 0.
        relaxation_strength: relaxation strength, at most Mu (ΔM), for instance in GPa; above 0.
        storage: real part of the susceptibility (χ'); a finite number.
        loss: loss of the susceptibility (χ''); at least 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "complex_modulus",
        unrelaxed_modulus=unrelaxed_modulus,
        relaxation_strength=relaxation_strength,
        storage=storage,
        loss=loss,
    )
    return ComplexModulus(results[0], results[1])


class ComplianceFromModulus(NamedTuple):
    """Compliance from the modulus."""

    storage_compliance: Number
    """Storage compliance, 1/Pa."""
    loss_compliance: Number
    """Loss compliance, 1/Pa."""
    internal_friction: Number
    """Internal friction."""


def compliance_from_modulus(
    *,
    storage_modulus: Value,
    loss_modulus: Value,
) -> ComplianceFromModulus:
    """Compliance from the modulus.

    Storage and loss compliance from storage and loss modulus.

    `J' = M'/|M|^2, J'' = M''/|M|^2, tan δ = M''/M'`

    Linear viscoelasticity.

    Arguments:
        storage_modulus: storage modulus (M'), for instance in GPa; above 0.
        loss_modulus: loss modulus (M''), for instance in GPa; at least 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "compliance_from_modulus",
        storage_modulus=storage_modulus,
        loss_modulus=loss_modulus,
    )
    return ComplianceFromModulus(results[0], results[1], results[2])


def relaxation_modulus(
    *,
    relaxing_stress: Value,
    relaxation: Value,
    residual_stress: Value,
    strain: Value,
) -> Number:
    """Relaxation modulus from the relaxation function.

    Stress over strain while a step of strain relaxes.

    `M = (Δσ φ + σr)/ε`

    Linear: the modulus does not depend on the strain.

    Arguments:
        relaxing_stress: stress that relaxes (Δσ), for instance in MPa; at least 0.
        relaxation: relaxation function, 1 to 0 (φ); at least 0 and at most 1.
        residual_stress: stress that stays (σr), for instance in MPa; at least 0.
        strain: strain that is held (ε), for instance in %; above 0.

    Returns:
        Relaxation modulus, Pa.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "relaxation_modulus",
        relaxing_stress=relaxing_stress,
        relaxation=relaxation,
        residual_stress=residual_stress,
        strain=strain,
    )
    return results[0]


class AsymmetricDoubleWell(NamedTuple):
    """β relaxation of asymmetric double wells."""

    relaxation_time: Number
    """Relaxation time, s."""
    loss_modulus: Number
    """Loss modulus at the peak, Pa."""
    slope: Number
    """-d ln τβ/d ln G''max while only the asymmetry changes in proportion to the barrier: U/Δ for large Δ."""


def asymmetric_double_well(
    *,
    barrier: Value,
    asymmetry: Value,
    temperature: Value,
    attempt_time: Value,
    loss_scale: Value,
) -> AsymmetricDoubleWell:
    """β relaxation of asymmetric double wells.

    Relaxation time and loss of events between two wells of different depth.

    `τβ = τ0 exp((2U + Δ)/(2 kB T)) sech(Δ/(2 kB T)), G''max = G0'' sech^2(Δ/(2 kB T))`

    Equations dropped from the text of the review and rebuilt (Dyre-Olsen form). Ageing along U/Δ = const gives a of about 2.

    Arguments:
        barrier: smaller barrier between the wells (U), for instance in eV; above 0.
        asymmetry: difference of the depths (Δ), for instance in eV; above 0.
        temperature: temperature (T), for instance in K; above 0.
        attempt_time: relaxation time at infinite temperature (τ0), for instance in s; above 0.
        loss_scale: loss modulus of symmetric wells (G0''), for instance in GPa; above 0.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019); Dyre and Olsen, Phys. Rev. Lett. 91, 155703 (2003).
    """
    results = evaluate(
        "asymmetric_double_well",
        barrier=barrier,
        asymmetry=asymmetry,
        temperature=temperature,
        attempt_time=attempt_time,
        loss_scale=loss_scale,
    )
    return AsymmetricDoubleWell(results[0], results[1], results[2])
