# Generated from the registry of models by `amorph generate`; change the model instead.
"""Instruments."""

from __future__ import annotations

from typing import NamedTuple

from .._theory import Number, Value, evaluate


class TappingDissipation(NamedTuple):
    """Energy dissipated per tap."""

    energy: Number
    """Energy per cycle, J."""
    scale: Number
    """Scale of the energy, J."""


def tapping_dissipation(
    *,
    spring_constant: Value,
    quality_factor: Value,
    free_amplitude: Value,
    setpoint_amplitude: Value,
    phase: Value,
) -> TappingDissipation:
    """Energy dissipated per tap.

    Energy per cycle of a tapping tip, at resonance.

    `E = (π k Asp A0/Q) (sin φ - Asp/A0)`

    Driven at resonance, lag measured with 90 deg off the surface; largest at 90 deg. The methods dafm.* do it for images with calibrated phase.

    Arguments:
        spring_constant: spring constant of the cantilever (k), for instance in N/m; above 0.
        quality_factor: quality factor (Q); above 0.
        free_amplitude: free amplitude (A0), for instance in nm; above 0.
        setpoint_amplitude: amplitude at the set point (Asp), for instance in nm; above 0.
        phase: lag of the tip behind the drive: 90 deg off the surface (φ), for instance in deg; at least 0 and at most 180.

    Returns:
        The results, by name.

    Source: Lu et al., Sci. Rep. 6, 29357 (2016); Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "tapping_dissipation",
        spring_constant=spring_constant,
        quality_factor=quality_factor,
        free_amplitude=free_amplitude,
        setpoint_amplitude=setpoint_amplitude,
        phase=phase,
    )
    return TappingDissipation(results[0], results[1])


class TappingForce(NamedTuple):
    """Mean force of a tapping tip."""

    scale: Number
    """Force scale, N."""
    force: Number
    """Mean elastic force, N."""


def tapping_force(
    *,
    spring_constant: Value,
    quality_factor: Value,
    free_amplitude: Value,
    phase: Value,
) -> TappingForce:
    """Mean force of a tapping tip.

    Force scale of a driven cantilever and the mean elastic force on the tip.

    `F0 = k A0/Q, F = (F0/2) cos φ`

    Rebuilt: the sign is lost in the text.

    Arguments:
        spring_constant: spring constant of the cantilever (k), for instance in N/m; above 0.
        quality_factor: quality factor (Q); above 0.
        free_amplitude: free amplitude (A0), for instance in nm; above 0.
        phase: lag of the tip behind the drive: 90 deg off the surface (φ), for instance in deg; at least 0 and at most 180.

    Returns:
        The results, by name.

    Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019).
    """
    results = evaluate(
        "tapping_force",
        spring_constant=spring_constant,
        quality_factor=quality_factor,
        free_amplitude=free_amplitude,
        phase=phase,
    )
    return TappingForce(results[0], results[1])


def electron_wavelength(
    *,
    voltage: Value,
) -> Number:
    """Wavelength of electrons.

    Relativistic wavelength at an accelerating voltage.

    `λ = h/sqrt(2 m e V (1 + e V/(2 m c^2)))`

    2.508 pm at 200 kV.

    Arguments:
        voltage: accelerating voltage (V), for instance in kV; above 0.

    Returns:
        Wavelength, m.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "electron_wavelength",
        voltage=voltage,
    )
    return results[0]


def probe_size(
    *,
    voltage: Value,
    convergence_angle: Value,
) -> Number:
    """Size of a diffraction-limited probe.

    Diameter of an electron probe from its convergence.

    `d = 0.61 λ/α`

    Without aberrations. 3.8 mrad at 200 kV: 0.40 nm.

    Arguments:
        voltage: accelerating voltage (V), for instance in kV; above 0.
        convergence_angle: convergence semi-angle (α), for instance in mrad; above 0.

    Returns:
        Diameter, m.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "probe_size",
        voltage=voltage,
        convergence_angle=convergence_angle,
    )
    return results[0]


def z_contrast_density_ratio(
    *,
    light_number: Value,
    heavy_number: Value,
    exponent: Value,
) -> Number:
    """Density needed to invert Z contrast.

    How much denser in atoms the lighter element must be to appear brighter.

    `n1/n2 = (Z2/Z1)^g`

    I ~ n Z^g. Ni over Zr: 1.83 for g = 1.7, 2.04 for 2.

    Arguments:
        light_number: atomic number of the lighter element (Z1); above 0.
        heavy_number: atomic number of the heavier element (Z2); above 0.
        exponent: exponent of the contrast, 1.6 to 2 (g); above 0.

    Returns:
        Ratio of number densities.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "z_contrast_density_ratio",
        light_number=light_number,
        heavy_number=heavy_number,
        exponent=exponent,
    )
    return results[0]


def foil_contrast(
    *,
    band_width: Value,
    thickness: Value,
    density_change: Value,
) -> Number:
    """Contrast of a thin band in a foil.

    Relative intensity change that a band of another density makes in projection.

    `ΔI/I = (w/t) Δρ/ρ`

    w at most t.

    Arguments:
        band_width: extent of the band along the beam (w), for instance in nm; above 0.
        thickness: thickness of the foil (t), for instance in nm; above 0.
        density_change: relative change of the density, 1 to 10 % in shear bands (Δρ/ρ), for instance in %; at least -100 and at most 1000.

    Returns:
        Relative change of the intensity.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "foil_contrast",
        band_width=band_width,
        thickness=thickness,
        density_change=density_change,
    )
    return results[0]


def detectable_band_width(
    *,
    noise: Value,
    thickness: Value,
    density_change: Value,
) -> Number:
    """Narrowest band that shows in a foil.

    Extent along the beam from which on a band of another density stands out of the noise of an image.

    `w = (z_0.975 + z_0.8) s t/|Δρ/ρ|`

    Found in four of five images by a test at 5 %, z_0.975 + z_0.8 = 2.80; a width above t cannot be.

    Arguments:
        noise: standard error of the intensity averaged over the band, over the intensity: of pixels without shared noise, that of one over the root of their number (s), for instance in %; above 0.
        thickness: thickness of the foil (t), for instance in nm; above 0.
        density_change: relative change of the density, 1 to 10 % in shear bands (Δρ/ρ), for instance in %; at least -100 and at most 1000.

    Returns:
        Extent of the band along the beam, m.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "detectable_band_width",
        noise=noise,
        thickness=thickness,
        density_change=density_change,
    )
    return results[0]


def binomial_error(
    *,
    share: Value,
    number: Value,
) -> Number:
    """Standard error of a counted share.

    Standard error of a share of independent items.

    `s = sqrt(p (1 - p)/N)`

    Independent items; neighbouring patterns are not.

    Arguments:
        share: share (p), for instance in %; at least 0 and at most 100.
        number: number of items (N); above 0.

    Returns:
        Standard error.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "binomial_error",
        share=share,
        number=number,
    )
    return results[0]


def samples_in_event(
    *,
    duration: Value,
    sampling_rate: Value,
) -> Number:
    """Samples within an event.

    Number of samples that resolve a duration.

    `n = Δt r`

    Below 3 the duration is an upper bound, not a measurement: 1 to 1.5 ms at 1e3 points/s is not resolved.

    Arguments:
        duration: duration of the event (Δt), for instance in ms; above 0.
        sampling_rate: sampling rate (r), for instance in 1/s; above 0.

    Returns:
        Samples within the event.

    Source: Yang et al., Sci. Rep. 4, 6699 (2014).
    """
    results = evaluate(
        "samples_in_event",
        duration=duration,
        sampling_rate=sampling_rate,
    )
    return results[0]


def raster_patterns(
    *,
    field: Value,
    step: Value,
    scans: Value,
) -> Number:
    """Patterns of a raster.

    Number of patterns of square scans.

    `n = scans (field/step)^2`

    4 nm in steps of 0.4 nm, 8 scans at 4 strains: 3200, not the 3400 of a caption.

    Arguments:
        field: side of the field (L), for instance in nm; above 0.
        step: step (s), for instance in nm; above 0.
        scans: number of scans (scans); above 0.

    Returns:
        Patterns.

    Source: Idrissi et al., Sci. Rep. 9, 13426 (2019).
    """
    results = evaluate(
        "raster_patterns",
        field=field,
        step=step,
        scans=scans,
    )
    return results[0]
