//! Numbers, the test for a ring, notes and tables.

use std::f64::consts::{PI, TAU};

use super::algorithm::{Analysis, Excess, Ring, excess, half_plane, ring_edges, rings, second_moments, whole_plane};
use super::null::{Fitted, p_above};
use super::{Input, SidesKind, Spectrum, WindowKind, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Extent, Map, Table};
use crate::core::fft::{PowerSpectrum, Window};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::stats::quantiles;
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;

/// Quantity of the map of the spectrum.
pub(super) const SPECTRUM_MAP: &str = "power_spectrum";
/// Probability below which a ring is claimed.
const CLAIMED: f64 = 0.05;

/// The spectrum of a map, measured or simulated, as far as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Ring means.
    pub rings: Vec<Ring>,
    /// Mean density by sector over that of all sectors.
    pub sectors: Vec<f64>,
}

/// 95 % band of null values, with their mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Null {
    pub mean: f64,
    pub lo: f64,
    pub hi: f64,
}

/// Everything about a map that figures and tables show. Frequencies are cycles per metre.
pub(super) struct Found {
    pub shape: Shape,
    pub excess: Excess,
    /// Band of S(theta), 1/m.
    pub band: Option<(f64, f64)>,
    /// Second moments over the band.
    pub moments: [f64; 3],
    pub null_rings: Vec<Null>,
    pub null_sectors: Vec<Null>,
    pub p: Option<f64>,
}

pub(super) fn outcome(method: &Spectrum, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let valid = valid.view();
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let window = match method.window {
        WindowKind::Hann => Window::Hann,
        WindowKind::Rectangular => Window::Rectangular,
    };
    let analysis = Analysis { valid: &valid, pitch: input.pitch, window };
    let no_plane = || DataError::TooFewValues { map: input.map.quantity.clone(), valid: 0, total: values.len(), needed: 3 };
    let spectrum = analysis.spectrum(&values).ok_or_else(no_plane)?;
    let mean_square = analysis.mean_square(&values).ok_or_else(no_plane)?;
    let fitted = Fitted::of_map(&values, &valid, input.pitch, method.marginal);
    let band = band(input, fitted.as_ref().ok());
    let edges = ring_edges(input.size, input.pitch);
    let shape_of = |spectrum: &PowerSpectrum| Shape {
        rings: rings(spectrum, &edges),
        sectors: band.map_or_else(Vec::new, |(low, high)| relative(spectrum.angular(low, high, method.sectors))),
    };
    let shape = shape_of(&spectrum);
    let nulls: Vec<Shape> = match &fitted {
        Ok(fitted) => {
            fitted.draw(values.dim(), method.surrogates, ctx, |field| analysis.spectrum(field).map(|s| shape_of(&s)))?
        }
        Err(_) => Vec::new(),
    };
    let found = compare(shape, band.map_or([f64::NAN; 3], |band| second_moments(&spectrum, band)), band, &nulls);
    let symbol = squared_unit(&input.map.unit);
    let mut outcome = Outcome {
        estimates: estimates(&found, &spectrum, &symbol, nulls.len()),
        tables: tables(&found, method.sides, &symbol),
        notes: notes(method, input, &spectrum, mean_square),
        ..Outcome::default()
    };
    outcome.notes.extend(fitted.err());
    outcome.notes.extend(ring_note(&found));
    outcome.figures = figures::all(input, &found, &symbol);
    outcome.maps.push(spectrum_map(&spectrum, method.sides, &symbol));
    Ok(outcome)
}

/// The band of S(theta): wavelengths of ten to two correlation lengths where none are given.
fn band(input: &Input<'_>, fitted: Option<&Fitted>) -> Option<(f64, f64)> {
    let xi = fitted.map(|fitted| fitted.fit.xi());
    let longest = input.wavelengths.0.or(xi.map(|xi| 10.0 * xi))?;
    let shortest = input.wavelengths.1.or(xi.map(|xi| 2.0 * xi))?;
    let nyquist = 0.5 / input.pitch.0.max(input.pitch.1);
    Some((1.0 / longest, (1.0 / shortest).min(nyquist)))
}

fn relative(sectors: Vec<f64>) -> Vec<f64> {
    let finite: Vec<f64> = sectors.iter().copied().filter(|s| s.is_finite()).collect();
    let mean = finite.iter().sum::<f64>() / finite.len() as f64;
    sectors.into_iter().map(|s| s / mean).collect()
}

fn compare(shape: Shape, moments: [f64; 3], band: Option<(f64, f64)>, nulls: &[Shape]) -> Found {
    let found = excess(&shape.rings);
    let p = (!nulls.is_empty()).then(|| p_above(found.deviance, nulls.iter().map(|null| excess(&null.rings).deviance)));
    let null_rings = bands(shape.rings.len(), nulls, |null, i| null.rings.get(i).map(|ring| ring.density));
    let null_sectors = bands(shape.sectors.len(), nulls, |null, i| null.sectors.get(i).copied());
    Found { shape, excess: found, band, moments, null_rings, null_sectors, p }
}

/// Mean and 95 % band of each of `n` numbers.
fn bands(n: usize, nulls: &[Shape], number: impl Fn(&Shape, usize) -> Option<f64>) -> Vec<Null> {
    let one = |i: usize| {
        let values: Vec<f64> = nulls.iter().filter_map(|null| number(null, i)).filter(|v| v.is_finite()).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        match quantiles(&values, &[0.025, 0.975]).as_deref() {
            Ok([lo, hi]) => Null { mean, lo: *lo, hi: *hi },
            _ => Null { mean: f64::NAN, lo: f64::NAN, hi: f64::NAN },
        }
    };
    if nulls.is_empty() { Vec::new() } else { (0..n).map(one).collect() }
}

impl Found {
    /// Whether a ring is claimed.
    pub fn has_ring(&self) -> bool {
        self.p.is_some_and(|p| p < CLAIMED) && self.excess.frequency.is_finite()
    }
}

fn estimates(found: &Found, spectrum: &PowerSpectrum, symbol: &str, n: usize) -> Vec<Estimate> {
    let single = "one image: the scatter between sites gives the interval";
    let variance = Estimate::without_interval("spectral_variance", "σ_S²", spectrum.total_power(), symbol, single);
    let mut estimates = vec![variance];
    if let Some(p) = found.p {
        let why = "a probability of a test";
        estimates.push(Estimate::without_interval("spectral_ring_p", "p_ring", p, "", why).n(n as f64).flag("probability"));
    }
    if found.has_ring() {
        let why =
            "the place of a ring within its width was not tested for coverage; the scatter between sites gives the interval";
        let length = 1.0 / found.excess.frequency;
        estimates.push(Estimate::without_interval("spectral_ring_length", "L", length, "m", why));
        estimates.push(Estimate::without_interval("spectral_ring_ratio", "S_ring", found.excess.ratio, "", single));
    }
    estimates
}

fn notes(method: &Spectrum, input: &Input<'_>, spectrum: &PowerSpectrum, mean_square: f64) -> Vec<Note> {
    let (sides, integral) = match method.sides {
        SidesKind::Two => ("two-sided", "over the whole plane"),
        SidesKind::One => ("one-sided", "over the half plane kx >= 0"),
    };
    let window = match method.window {
        WindowKind::Hann => "Hann windows along both axes",
        WindowKind::Rectangular => "no window",
    };
    let text = format!(
        "{sides} density in {} m^2 after removal of the plane, {window}: the integral {integral} of S dkx dky / (2 pi)^2 is the \
         window-weighted variance, k in rad/m. Parseval: integral over mean square = {:.9}",
        squared_unit(&input.map.unit),
        spectrum.total_power() / mean_square
    );
    let axes = "rings, sectors and moments leave out kx = 0 and ky = 0 with the neighbours onto which the window spreads them: scan-line \
                noise lives there";
    vec![Note::info("definition", text), Note::info("axes_excluded", axes)]
}

fn ring_note(found: &Found) -> Option<Note> {
    let p = found.p?;
    let length = 1.0 / found.excess.frequency;
    Some(if found.has_ring() {
        let text = format!(
            "a ring: the spectrum rises to {:.2} times the nearest falling one at a wavelength of {}, p = {p:.3} in noise without a ring",
            found.excess.ratio,
            metres(length)
        );
        Note::info("ring", text)
    } else {
        let text = format!(
            "no ring: the spectrum departs from a falling one no more than noise with the same correlation does (p = {p:.3}); no \
             characteristic length is given"
        );
        Note::info("no_ring", text)
    })
}

fn metres(value: f64) -> String {
    let unit = Unit::of("m").preferred(value);
    format!("{} {unit}", format_significant(unit.convert_si(value), 4))
}

/// SI unit of squared values: `J^2`.
pub(super) fn squared_unit(unit: &Unit) -> String {
    let base = ["J", "m", "rad", "V", "Hz", "Pa", "N", "A", "s"];
    base.iter().find(|symbol| unit.is_compatible(&Unit::of(symbol))).map_or_else(String::new, |symbol| format!("{symbol}^2"))
}

/// Unit of the density: that of squared values times m^2.
pub(super) fn density_unit(squared: &str) -> String {
    format!("{squared} m^2").trim().to_owned()
}

fn tables(found: &Found, sides: SidesKind, squared: &str) -> Vec<Table> {
    let factor = if sides == SidesKind::One { 2.0 } else { 1.0 };
    let ring = |number: fn(&Ring) -> f64| found.shape.rings.iter().map(number).collect::<Vec<f64>>();
    let null = |nulls: &[Null], number: fn(&Null) -> f64, factor: f64| nulls.iter().map(|n| factor * number(n)).collect();
    let density = density_unit(squared);
    let scaled = |values: Vec<f64>| values.into_iter().map(|v| factor * v).collect::<Vec<f64>>();
    let mut radial = Table::new("radial_spectrum", "Spectrum by wave number, mean over directions")
        .with_numbers("wave_number", "1/m", ring(|ring| TAU * ring.frequency))
        .with_numbers("wavelength", "m", ring(|ring| 1.0 / ring.frequency))
        .with_numbers("density", &density, scaled(ring(|ring| ring.density)))
        .with_numbers("points", "", ring(|ring| ring.n));
    if !found.null_rings.is_empty() {
        radial = radial
            .with_numbers("null_mean", &density, null(&found.null_rings, |n| n.mean, factor))
            .with_numbers("null_lo", &density, null(&found.null_rings, |n| n.lo, factor))
            .with_numbers("null_hi", &density, null(&found.null_rings, |n| n.hi, factor));
    }
    if found.shape.sectors.is_empty() {
        return vec![radial];
    }
    let n = found.shape.sectors.len() as f64;
    let centres = (0..found.shape.sectors.len()).map(|i| PI * (i as f64 + 0.5) / n).collect();
    let mut angular =
        Table::new("angular_spectrum", "Spectrum by direction over the band, relative to its mean; angles from +x to +y (up)")
            .with_numbers("direction", "rad", centres)
            .with_numbers("relative_density", "", found.shape.sectors.clone());
    if !found.null_sectors.is_empty() {
        angular = angular.with_numbers("null_lo", "", null(&found.null_sectors, |n| n.lo, 1.0)).with_numbers(
            "null_hi",
            "",
            null(&found.null_sectors, |n| n.hi, 1.0),
        );
    }
    vec![radial, angular]
}

/// The density over the plane, or its half, as a map over (kx, ky) in rad/m.
fn spectrum_map(spectrum: &PowerSpectrum, sides: SidesKind, squared: &str) -> Map {
    let [step_x, step_y] = spectrum.step.map(|step| TAU * step);
    let (values, first) = match sides {
        SidesKind::Two => (whole_plane(spectrum), (spectrum.columns / 2) as f64),
        SidesKind::One => (half_plane(spectrum), 0.0),
    };
    let rows = values.nrows();
    let left = -first - 0.5;
    let top = (rows / 2) as f64 + 0.5;
    let x = [left * step_x, (left + values.ncols() as f64) * step_x];
    let y = [(top - rows as f64) * step_y, top * step_y];
    let extent = Extent { x, y, unit: Unit::of("1/m") };
    Map::new(SPECTRUM_MAP, values, Unit::of(&density_unit(squared)), Some(extent))
}
