//! Closed forms of instruments: tapping tip, electron probe, counting.

use std::f64::consts::PI;

use super::constants::{ELECTRON_MASS, ELEMENTARY_CHARGE, LIGHT_SPEED, PLANCK};
use super::model::{Argument, Model, POSITIVE, SHARE, argument, between, output};
use super::references::{IDRISSI, LU, QIAO, YANG};
use super::{Group, TheoryError};

const STIFFNESS: Argument = argument("spring_constant", "k", "N/m", "spring constant of the cantilever", POSITIVE);
const QUALITY: Argument = argument("quality_factor", "Q", "", "quality factor", POSITIVE);
const FREE: Argument = argument("free_amplitude", "A0", "nm", "free amplitude", POSITIVE);
const SETPOINT: Argument = argument("setpoint_amplitude", "Asp", "nm", "amplitude at the set point", POSITIVE);

static TAPPING: Model = Model {
    id: "tapping_dissipation",
    title: "Energy dissipated per tap",
    summary: "Energy per cycle of a tapping tip, at resonance.",
    equation: "E = (π k Asp A0/Q) (sin φ - Asp/A0)",
    arguments: &[
        STIFFNESS,
        QUALITY,
        FREE,
        SETPOINT,
        argument("phase", "φ", "deg", "lag of the tip behind the drive: 90 deg off the surface", between(0.0, PI)),
    ],
    outputs: &[output("energy", "E", "J", "energy per cycle"), output("scale", "π k Asp A0/Q", "J", "scale of the energy")],
    validity: "Driven at resonance, lag measured with 90 deg off the surface; largest at 90 deg. The methods dafm.* do it for images with calibrated phase.",
    references: &[LU, QIAO],
    covers: &["L16-01", "L16-02", "Q19-3.3.1-a"],
    variant_of: None,
    evaluate: |a| Ok(vec![tapping_dissipation(a[0], a[1], a[2], a[3], a[4])?, tapping_energy_scale(a[0], a[1], a[2], a[3])?]),
};

/// Energy dissipated per tap, `(πk Asp A0/Q)(sin φ - Asp/A0)`, J.
pub fn tapping_dissipation(
    spring_constant: f64,
    quality_factor: f64,
    free_amplitude: f64,
    setpoint_amplitude: f64,
    phase: f64,
) -> Result<f64, TheoryError> {
    TAPPING.check(&[spring_constant, quality_factor, free_amplitude, setpoint_amplitude, phase])?;
    let scale = PI * spring_constant * setpoint_amplitude * free_amplitude / quality_factor;
    TAPPING.finite(scale * (phase.sin() - setpoint_amplitude / free_amplitude))
}

/// Scale of the energy dissipated per tap, `πk Asp A0/Q`, J.
pub fn tapping_energy_scale(
    spring_constant: f64,
    quality_factor: f64,
    free_amplitude: f64,
    setpoint_amplitude: f64,
) -> Result<f64, TheoryError> {
    TAPPING.check(&[spring_constant, quality_factor, free_amplitude, setpoint_amplitude, 0.0])?;
    TAPPING.finite(PI * spring_constant * setpoint_amplitude * free_amplitude / quality_factor)
}

static TAPPING_FORCE: Model = Model {
    id: "tapping_force",
    title: "Mean force of a tapping tip",
    summary: "Force scale of a driven cantilever and the mean elastic force on the tip.",
    equation: "F0 = k A0/Q, F = (F0/2) cos φ",
    arguments: &[
        STIFFNESS,
        QUALITY,
        FREE,
        argument("phase", "φ", "deg", "lag of the tip behind the drive: 90 deg off the surface", between(0.0, PI)),
    ],
    outputs: &[output("scale", "F0", "N", "force scale"), output("force", "F", "N", "mean elastic force")],
    validity: "Rebuilt: the sign is lost in the text.",
    references: &[QIAO],
    covers: &["Q19-3.3.1-c"],
    variant_of: None,
    evaluate: |a| tapping_force_scale(a[0], a[1], a[2]).map(|scale| vec![scale, 0.5 * scale * a[3].cos()]),
};

/// Force scale of a driven cantilever, `k A0/Q`, N.
pub fn tapping_force_scale(spring_constant: f64, quality_factor: f64, free_amplitude: f64) -> Result<f64, TheoryError> {
    TAPPING_FORCE.check(&[spring_constant, quality_factor, free_amplitude, 0.0])?;
    TAPPING_FORCE.finite(spring_constant * free_amplitude / quality_factor)
}

static ELECTRON: Model = Model {
    id: "electron_wavelength",
    title: "Wavelength of electrons",
    summary: "Relativistic wavelength at an accelerating voltage.",
    equation: "λ = h/sqrt(2 m e V (1 + e V/(2 m c^2)))",
    arguments: &[argument("voltage", "V", "kV", "accelerating voltage", POSITIVE)],
    outputs: &[output("wavelength", "λ", "m", "wavelength")],
    validity: "2.508 pm at 200 kV.",
    references: &[IDRISSI],
    covers: &["I19-19"],
    variant_of: None,
    evaluate: |a| Ok(vec![electron_wavelength(a[0])?]),
};

/// Wavelength of electrons, m.
pub fn electron_wavelength(voltage: f64) -> Result<f64, TheoryError> {
    ELECTRON.check(&[voltage])?;
    let energy = ELEMENTARY_CHARGE * voltage;
    let relativistic = 1.0 + energy / (2.0 * ELECTRON_MASS * LIGHT_SPEED.powi(2));
    ELECTRON.finite(PLANCK / (2.0 * ELECTRON_MASS * energy * relativistic).sqrt())
}

static PROBE: Model = Model {
    id: "probe_size",
    title: "Size of a diffraction-limited probe",
    summary: "Diameter of an electron probe from its convergence.",
    equation: "d = 0.61 λ/α",
    arguments: &[
        argument("voltage", "V", "kV", "accelerating voltage", POSITIVE),
        argument("convergence_angle", "α", "mrad", "convergence semi-angle", POSITIVE),
    ],
    outputs: &[output("diameter", "d", "m", "diameter")],
    validity: "Without aberrations. 3.8 mrad at 200 kV: 0.40 nm.",
    references: &[IDRISSI],
    covers: &["I19-19"],
    variant_of: None,
    evaluate: |a| Ok(vec![probe_size(a[0], a[1])?]),
};

/// Size of a diffraction-limited probe, `0.61 λ/α`, m.
pub fn probe_size(voltage: f64, convergence_angle: f64) -> Result<f64, TheoryError> {
    PROBE.check(&[voltage, convergence_angle])?;
    PROBE.finite(0.61 * electron_wavelength(voltage)? / convergence_angle)
}

static Z_CONTRAST: Model = Model {
    id: "z_contrast_density_ratio",
    title: "Density needed to invert Z contrast",
    summary: "How much denser in atoms the lighter element must be to appear brighter.",
    equation: "n1/n2 = (Z2/Z1)^g",
    arguments: &[
        argument("light_number", "Z1", "", "atomic number of the lighter element", POSITIVE),
        argument("heavy_number", "Z2", "", "atomic number of the heavier element", POSITIVE),
        argument("exponent", "g", "", "exponent of the contrast, 1.6 to 2", POSITIVE),
    ],
    outputs: &[output("ratio", "n1/n2", "", "ratio of number densities")],
    validity: "I ~ n Z^g. Ni over Zr: 1.83 for g = 1.7, 2.04 for 2.",
    references: &[IDRISSI],
    covers: &["I19-33"],
    variant_of: None,
    evaluate: |a| Ok(vec![z_contrast_density_ratio(a[0], a[1], a[2])?]),
};

/// Density needed to invert Z contrast, `(Z2/Z1)^g`.
pub fn z_contrast_density_ratio(light_number: f64, heavy_number: f64, exponent: f64) -> Result<f64, TheoryError> {
    Z_CONTRAST.check(&[light_number, heavy_number, exponent])?;
    Z_CONTRAST.finite((heavy_number / light_number).powf(exponent))
}

static VISIBILITY: Model = Model {
    id: "foil_contrast",
    title: "Contrast of a thin band in a foil",
    summary: "Relative intensity change that a band of another density makes in projection.",
    equation: "ΔI/I = (w/t) Δρ/ρ",
    arguments: &[
        argument("band_width", "w", "nm", "extent of the band along the beam", POSITIVE),
        argument("thickness", "t", "nm", "thickness of the foil", POSITIVE),
        argument(
            "density_change",
            "Δρ/ρ",
            "%",
            "relative change of the density, 1 to 10 % in shear bands",
            between(-1.0, 10.0),
        ),
    ],
    outputs: &[output("contrast", "ΔI/I", "", "relative change of the intensity")],
    validity: "w at most t.",
    references: &[IDRISSI],
    covers: &["I19-39"],
    variant_of: None,
    evaluate: |a| Ok(vec![foil_contrast(a[0], a[1], a[2])?]),
};

/// Contrast of a thin band in a foil, `(w/t) Δρ/ρ`.
pub fn foil_contrast(band_width: f64, thickness: f64, density_change: f64) -> Result<f64, TheoryError> {
    VISIBILITY.check(&[band_width, thickness, density_change])?;
    let share = band_width / thickness;
    if share > 1.0 {
        return Err(VISIBILITY.relation("band_width/thickness", share, "at most", 1.0, "the band lies within the foil"));
    }
    Ok(share * density_change)
}

static DETECTABLE_BAND: Model = Model {
    id: "detectable_band_width",
    title: "Narrowest band that shows in a foil",
    summary: "Extent along the beam from which on a band of another density stands out of the noise of an image.",
    equation: "w = (z_0.975 + z_0.8) s t/|Δρ/ρ|",
    arguments: &[
        argument(
            "noise",
            "s",
            "%",
            "standard error of the intensity averaged over the band, over the intensity: of pixels without shared noise, that of one over the root of their number",
            POSITIVE,
        ),
        argument("thickness", "t", "nm", "thickness of the foil", POSITIVE),
        argument(
            "density_change",
            "Δρ/ρ",
            "%",
            "relative change of the density, 1 to 10 % in shear bands",
            between(-1.0, 10.0),
        ),
    ],
    outputs: &[output("band_width", "w", "m", "extent of the band along the beam")],
    validity: "Found in four of five images by a test at 5 %, z_0.975 + z_0.8 = 2.80; a width above t cannot be.",
    references: &[IDRISSI],
    covers: &["I19-39"],
    variant_of: None,
    evaluate: |a| Ok(vec![detectable_band_width(a[0], a[1], a[2])?]),
};

/// Narrowest band that shows in a foil, `w = 2.80 s t/|Δρ/ρ|`, m: `noise` is the relative standard error of the mean intensity of the band.
pub fn detectable_band_width(noise: f64, thickness: f64, density_change: f64) -> Result<f64, TheoryError> {
    DETECTABLE_BAND.check(&[noise, thickness, density_change])?;
    // Normal quantiles of 0.975 and 0.8.
    let distance = 1.959_963_984_540_054 + 0.841_621_233_572_914_3;
    let share = distance * noise / density_change.abs();
    if share > 1.0 {
        return Err(DETECTABLE_BAND.relation("w/thickness", share, "at most", 1.0, "the band lies within the foil"));
    }
    DETECTABLE_BAND.finite(share * thickness)
}

static BINOMIAL: Model = Model {
    id: "binomial_error",
    title: "Standard error of a counted share",
    summary: "Standard error of a share of independent items.",
    equation: "s = sqrt(p (1 - p)/N)",
    arguments: &[argument("share", "p", "%", "share", SHARE), argument("number", "N", "", "number of items", POSITIVE)],
    outputs: &[output("std_error", "s", "", "standard error")],
    validity: "Independent items; neighbouring patterns are not.",
    references: &[IDRISSI],
    covers: &["I19-21"],
    variant_of: None,
    evaluate: |a| Ok(vec![binomial_error(a[0], a[1])?]),
};

/// Standard error of a counted share, `sqrt(p(1-p)/N)`.
pub fn binomial_error(share: f64, number: f64) -> Result<f64, TheoryError> {
    BINOMIAL.check(&[share, number])?;
    Ok((share * (1.0 - share) / number).sqrt())
}

static SAMPLES: Model = Model {
    id: "samples_in_event",
    title: "Samples within an event",
    summary: "Number of samples that resolve a duration.",
    equation: "n = Δt r",
    arguments: &[
        argument("duration", "Δt", "ms", "duration of the event", POSITIVE),
        argument("sampling_rate", "r", "1/s", "sampling rate", POSITIVE),
    ],
    outputs: &[output("samples", "n", "", "samples within the event")],
    validity: "Below 3 the duration is an upper bound, not a measurement: 1 to 1.5 ms at 1e3 points/s is not resolved.",
    references: &[YANG],
    covers: &["Y12-36"],
    variant_of: None,
    evaluate: |a| Ok(vec![samples_in_event(a[0], a[1])?]),
};

/// Samples within an event, `Δt r`.
pub fn samples_in_event(duration: f64, sampling_rate: f64) -> Result<f64, TheoryError> {
    SAMPLES.check(&[duration, sampling_rate])?;
    SAMPLES.finite(duration * sampling_rate)
}

static RASTER: Model = Model {
    id: "raster_patterns",
    title: "Patterns of a raster",
    summary: "Number of patterns of square scans.",
    equation: "n = scans (field/step)^2",
    arguments: &[
        argument("field", "L", "nm", "side of the field", POSITIVE),
        argument("step", "s", "nm", "step", POSITIVE),
        argument("scans", "scans", "", "number of scans", POSITIVE),
    ],
    outputs: &[output("patterns", "n", "", "patterns")],
    validity: "4 nm in steps of 0.4 nm, 8 scans at 4 strains: 3200, not the 3400 of a caption.",
    references: &[IDRISSI],
    covers: &["I19-18"],
    variant_of: None,
    evaluate: |a| Ok(vec![raster_patterns(a[0], a[1], a[2])?]),
};

/// Patterns of square scans, `scans (field/step)²`, rounded to whole patterns per scan.
pub fn raster_patterns(field: f64, step: f64, scans: f64) -> Result<f64, TheoryError> {
    RASTER.check(&[field, step, scans])?;
    RASTER.finite(scans * (field / step).round().powi(2))
}

pub(super) const GROUP: Group = Group {
    id: "instruments",
    title: "Instruments",
    summary: "Closed forms of instruments: tapping tip, electron probe, counting.",
    models: &[
        &TAPPING,
        &TAPPING_FORCE,
        &ELECTRON,
        &PROBE,
        &Z_CONTRAST,
        &VISIBILITY,
        &DETECTABLE_BAND,
        &BINOMIAL,
        &SAMPLES,
        &RASTER,
    ],
};
