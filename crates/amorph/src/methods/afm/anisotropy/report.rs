//! Numbers and tables.

use std::f64::consts::{FRAC_PI_2, PI};

use ndarray::{Array2, ArrayView2};

use super::algorithm::{Measured, Probe, SECTORS};
use super::ellipse::Ellipse;
use super::inference::Deviations;
use super::pair::{Shift, shift};
use super::{Anisotropy, Input, figures, notes};
use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Map, Table};
use crate::core::fft::{Complex64, Window};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::method::MethodError;
use crate::methods::afm::spectrum::algorithm::{Analysis, directions as spectral_directions, ellipse_of};
use crate::methods::afm::spectrum::null::{Fitted, draw_from, p_above};

/// Probability below which isotropy counts as rejected.
pub(super) const REJECTED: f64 = 0.05;
/// Below this ratio of image side to correlation length the coverage of the intervals has not been shown.
const PROVEN_RATIO: f64 = 30.0;
/// Axial angles cannot be averaged or compared as numbers are.
const AXIAL: &str = "axial";

/// A map, its null model and its bootstrap.
pub(super) struct Found {
    pub measured: Measured,
    pub ellipse: Ellipse,
    pub nulls: Vec<Measured>,
    pub deviations: Option<Deviations>,
    pub p: Probabilities,
    pub shift: Option<Shift>,
    /// Multipoles of trace and retrace.
    pub pair: Option<[[Complex64; 2]; 2]>,
    /// Length of (e1, e2) that one in twenty isotropic maps exceeds.
    pub chance: f64,
}

/// Probabilities in isotropic noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Probabilities {
    pub ellipse: f64,
    pub a2: f64,
    pub a4: f64,
}

/// The outcome with as many bootstrap as null surrogates.
pub(super) fn outcome(method: &Anisotropy, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    outcome_with(method, input, method.surrogates, ctx)
}

/// The outcome with `replicates` fields of the bootstrap; none leaves the intervals out.
pub(super) fn outcome_with(
    method: &Anisotropy,
    input: &Input<'_>,
    replicates: usize,
    ctx: &Ctx,
) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let valid = valid.view();
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let mut outcome = Outcome::default();
    let fitted = match Fitted::of_map(&values, &valid, input.pitch, method.marginal) {
        Ok(fitted) => fitted,
        Err(refusal) => {
            outcome.notes.push(refusal);
            return Ok(outcome);
        }
    };
    let analysis = Analysis { valid: &valid, pitch: input.pitch, window: Window::Hann };
    let probe = Probe::new(analysis, &fitted, band(input, &fitted));
    let no_pairs = || DataError::TooFewValues { map: input.map.quantity.clone(), valid: 1, total: values.len(), needed: 2 };
    let start = Ellipse::isotropic(&fitted.fit.realisable());
    let measured = probe.measure(&values, &start).ok_or_else(no_pairs)?;
    let Some(ellipse) = measured.ellipse else {
        let message = "the structure function is not that of a stationary field: no ellipse could be fitted";
        outcome.notes.push(Note::refused("no_fit", message));
        return Ok(outcome);
    };
    let found = compare((method.surrogates, replicates), input, &probe, &fitted, (&values, measured, ellipse), ctx)?;
    outcome.estimates = estimates(input, &found);
    outcome.tables = tables(&found);
    outcome.notes = notes::all(input, &fitted, &found);
    outcome.maps = vec![figures::correlation_map(&fitted, &probe)];
    outcome.figures = figures::all(&fitted, &probe, &found);
    Ok(outcome)
}

/// The band: wavelengths of ten to two correlation lengths where none are given.
fn band(input: &Input<'_>, fitted: &Fitted) -> (f64, f64) {
    let xi = fitted.fit.xi();
    let (longest, shortest) = (input.wavelengths.0.unwrap_or(10.0 * xi), input.wavelengths.1.unwrap_or(2.0 * xi));
    (1.0 / longest, (1.0 / shortest).min(0.5 / input.pitch.0.max(input.pitch.1)))
}

fn compare(
    (n, replicates): (usize, usize),
    input: &Input<'_>,
    probe: &Probe<'_>,
    fitted: &Fitted,
    (values, measured, ellipse): (&Array2<f64>, Measured, Ellipse),
    ctx: &Ctx,
) -> Result<Found, MethodError> {
    let shape = values.dim();
    let report = |first: usize| move |done: u64| ctx.report(first as u64 + done, (n + replicates) as u64);
    let isotropic = Ellipse::isotropic(&fitted.fit.realisable());
    let nulls: Vec<Measured> = match fitted.model.sampler(shape, input.pitch) {
        Ok(sampler) => {
            draw_from(&sampler, &fitted.model, ("null", n), ctx, report(0), |field| probe.measure(field, &isotropic))?
        }
        Err(_) => Vec::new(),
    };
    let deviations = bootstrap(probe, fitted, (values, &measured, &ellipse), replicates, ctx, report(n))?;
    let (p, chance) = probabilities(&measured, &ellipse, &nulls);
    let (shift, pair) = match input.pair {
        Some(pair) => directions(pair, probe),
        None => (None, None),
    };
    Ok(Found { measured, ellipse, nulls, deviations, p, shift, pair, chance })
}

fn bootstrap(
    probe: &Probe<'_>,
    fitted: &Fitted,
    (values, measured, ellipse): (&Array2<f64>, &Measured, &Ellipse),
    n: usize,
    ctx: &Ctx,
    report: impl Fn(u64) + Sync,
) -> Result<Option<Deviations>, MethodError> {
    let Some(model) = probe.anisotropic(values, ellipse, fitted).filter(|_| n > 0) else { return Ok(None) };
    let (Ok(sampler), Some(truth)) = (model.sampler(values.dim(), probe.analysis.pitch), probe.truth(&model, ellipse)) else {
        return Ok(None);
    };
    let replicates = draw_from(&sampler, &model, ("bootstrap", n), ctx, report, |field| probe.measure(field, &truth))?;
    Ok(measured.ln_xi_std.and_then(|std| Deviations::new(*ellipse, std, &truth, &replicates, n)))
}

/// How often isotropic noise is as anisotropic, after taking off the mean that frame and mask give to it; and the length of
/// (e1, e2) that it exceeds in one of twenty.
fn probabilities(measured: &Measured, ellipse: &Ellipse, nulls: &[Measured]) -> (Probabilities, f64) {
    let test = |value: Complex64, nulls: Vec<Complex64>| {
        let mean = nulls.iter().sum::<Complex64>() / nulls.len().max(1) as f64;
        p_above((value - mean).norm(), nulls.iter().map(|null| (null - mean).norm()))
    };
    let of = |e: [f64; 2]| Complex64::new(e[0], e[1]);
    let ellipses: Vec<Complex64> = nulls.iter().filter_map(|null| Some(of(null.ellipse?.e))).collect();
    let lengths: Vec<f64> = ellipses.iter().map(|e| e.norm()).collect();
    let chance = crate::core::stats::quantile(&lengths, 1.0 - REJECTED).unwrap_or(f64::INFINITY);
    let p = Probabilities {
        ellipse: test(of(ellipse.e), ellipses),
        a2: test(measured.a2, nulls.iter().map(|null| null.a2).collect()),
        a4: test(measured.a4, nulls.iter().map(|null| null.a4).collect()),
    };
    (p, chance)
}

/// Displacement of trace and retrace, and the multipoles of both.
fn directions(pair: [&Map; 2], probe: &Probe<'_>) -> (Option<Shift>, Option<[[Complex64; 2]; 2]>) {
    let valid = ndarray::Zip::from(&pair[0].valid()).and(&pair[1].valid()).map_collect(|a, b| *a && *b);
    let valid: ArrayView2<'_, bool> = valid.view();
    let values = pair.map(|map| map.values.mapv(|value| map.unit.to_si(value)));
    let Ok(pitch) = pair[0].pixel_pitch() else { return (None, None) };
    let analysis = Analysis { valid: &valid, pitch, window: Window::Hann };
    let multipoles = |values: &Array2<f64>| {
        let found = spectral_directions(&analysis.spectrum(values)?, probe.band, SECTORS);
        Some([found.a2, found.a4])
    };
    let both = multipoles(&values[0]).zip(multipoles(&values[1])).map(|(trace, retrace)| [trace, retrace]);
    (shift(&values[0], &values[1], &valid, pitch), both)
}

impl Found {
    /// Whether the ellipse is more than isotropic noise shows.
    pub fn is_anisotropic(&self) -> bool {
        self.p.ellipse < REJECTED
    }
}

fn in_degrees(angle: f64) -> f64 {
    angle.rem_euclid(PI).to_degrees()
}

fn estimates(input: &Input<'_>, found: &Found) -> Vec<Estimate> {
    let mut estimates = vec![aspect(input, found)];
    let single = "one image: the scatter between sites gives the interval";
    let n = found.nulls.len() as f64;
    let probability = |key: &str, symbol: &str, p: f64| {
        Estimate::without_interval(key, symbol, p, "", "a probability of a test").n(n).flag("probability")
    };
    let number = |key: &str, symbol: &str, value: f64, unit: &str| Estimate::without_interval(key, symbol, value, unit, single);
    estimates.push(probability("anisotropy_p", "p_ξ", found.p.ellipse));
    estimates.push(angle(input, found));
    estimates.extend(lengths(input, found));
    let std = found.deviations.as_ref().map(Deviations::e_std);
    for (i, (key, symbol)) in [("anisotropy_e1", "ε cos 2θ"), ("anisotropy_e2", "ε sin 2θ")].into_iter().enumerate() {
        let estimate = number(key, symbol, found.ellipse.e[i], "");
        estimates.push(std.map_or(estimate.clone(), |std| estimate.std_error(std[i])));
    }
    estimates.push(number("a2", "a2", found.measured.a2.norm(), ""));
    estimates.push(probability("a2_p", "p_2", found.p.a2));
    estimates.push(number("a4", "a4", found.measured.a4.norm(), ""));
    estimates.push(probability("a4_p", "p_4", found.p.a4));
    let (long, short, across) = ellipse_of(found.measured.moments);
    estimates.push(number("spectral_aspect", "k1/k2", long / short, ""));
    // Structure is long where its spectrum is short.
    let why = "an axis; its interval is that of the correlation ellipse";
    let direction = in_degrees(across + FRAC_PI_2);
    estimates.push(Estimate::without_interval("spectral_angle", "θ_S", direction, "deg", why).flag(AXIAL));
    if let Some((shift, pitch)) = found.shift.zip(input.pair.and_then(|pair| pair[0].pixel_pitch().ok())) {
        estimates.extend(scanning(&shift, pitch.0));
    }
    estimates
}

/// Why a direction is not given.
const CHANCE: &str = "isotropy is not rejected: the axes of the fitted ellipse are chance";

fn proven(input: &Input<'_>, found: &Found) -> Option<String> {
    let ratio = input.size.0.min(input.size.1) / found.ellipse.xi_major();
    let why = || {
        format!(
            "the image is only {ratio:.0} correlation lengths wide along the long axis; coverage was shown from {PROVEN_RATIO:.0} on"
        )
    };
    (ratio < PROVEN_RATIO).then(why)
}

const NO_BOOTSTRAP: &str = "fewer than nine in ten surrogates of the fitted ellipse could be fitted";

fn aspect(input: &Input<'_>, found: &Found) -> Estimate {
    let (key, symbol) = ("anisotropy_aspect", "ξ1/ξ2");
    let Some(deviations) = &found.deviations else {
        return Estimate::without_interval(key, symbol, found.ellipse.log_aspect().exp(), "", NO_BOOTSTRAP);
    };
    let (value, interval) = deviations.aspect();
    match proven(input, found) {
        Some(why) => Estimate::without_interval(key, symbol, value, "", &why),
        None => Estimate::with_interval(key, symbol, value, "", interval, Basis::Bootstrap),
    }
}

fn angle(input: &Input<'_>, found: &Found) -> Estimate {
    let (key, symbol, value) = ("anisotropy_angle", "θ", in_degrees(found.ellipse.angle()));
    let without = |why: &str| Estimate::without_interval(key, symbol, value, "deg", why).flag(AXIAL);
    if !found.is_anisotropic() {
        return without(CHANCE).flag("undetermined");
    }
    match (proven(input, found), found.deviations.as_ref().map(Deviations::angle)) {
        (Some(why), _) => without(&why),
        (None, None) => without(NO_BOOTSTRAP),
        (None, Some(None)) => without("every direction is within the error").flag("undetermined"),
        (None, Some(Some((lo, hi)))) => {
            let interval =
                (value + (lo - found.ellipse.angle()).to_degrees(), value + (hi - found.ellipse.angle()).to_degrees());
            Estimate::with_interval(key, symbol, value, "deg", interval, Basis::Bootstrap).flag(AXIAL)
        }
    }
}

/// Value, standard error and interval of a length.
type OfLength = fn(&Deviations) -> (f64, f64, (f64, f64));

fn lengths(input: &Input<'_>, found: &Found) -> [Estimate; 2] {
    let estimate = |key: &str, symbol: &str, fitted: f64, of: OfLength| {
        let Some(deviations) = &found.deviations else {
            return Estimate::without_interval(key, symbol, fitted, "m", NO_BOOTSTRAP);
        };
        let (value, std, interval) = of(deviations);
        let why = if found.is_anisotropic() { proven(input, found) } else { Some(CHANCE.to_owned()) };
        match why {
            Some(why) => Estimate::without_interval(key, symbol, value, "m", &why).std_error(std),
            None => Estimate::with_interval(key, symbol, value, "m", interval, Basis::Bootstrap).std_error(std),
        }
    };
    [
        estimate("xi_major", "ξ1", found.ellipse.xi_major(), Deviations::xi_major),
        estimate("xi_minor", "ξ2", found.ellipse.xi_minor(), Deviations::xi_minor),
    ]
}

fn scanning(shift: &Shift, pitch_y: f64) -> Vec<Estimate> {
    let why = "its scatter between blocks of lines is the standard error";
    let (lag, lag_std) = shift.lag();
    let ([shear, stretch], [shear_std, stretch_std]) = (shift.distortion(pitch_y), shift.distortion_std(pitch_y));
    vec![
        Estimate::without_interval("trace_retrace_lag", "ℓ", lag, "m", why).std_error(lag_std),
        Estimate::without_interval("drift_shear", "γ", shear, "", why).std_error(shear_std),
        Estimate::without_interval("drift_stretch", "δ", stretch, "", why).std_error(stretch_std),
    ]
}

fn tables(found: &Found) -> Vec<Table> {
    let n = found.measured.sectors.len() as f64;
    let centres = (0..found.measured.sectors.len()).map(|i| PI * (i as f64 + 0.5) / n).collect();
    let (lo, hi) = figures::sector_band(&found.nulls, found.measured.sectors.len());
    let title =
        "Spectrum by direction over the band, every ring over its mean, and in isotropic noise; angles from +x to +y (up)";
    let mut tables = vec![
        Table::new("angular_spectrum", title)
            .with_numbers("direction", "rad", centres)
            .with_numbers("relative_density", "", found.measured.sectors.clone())
            .with_numbers("null_lo", "", lo)
            .with_numbers("null_hi", "", hi),
    ];
    if let Some(pair) = found.pair {
        let of = |number: fn(&[Complex64; 2]) -> f64| pair.iter().map(number).collect::<Vec<f64>>();
        // The power lies across the structure.
        let angle = |pair: &[Complex64; 2]| (0.5 * pair[0].arg() + FRAC_PI_2).rem_euclid(PI);
        tables.push(
            Table::new("trace_retrace", "Multipoles of the spectrum of trace and retrace")
                .with_text("direction", vec!["trace".to_owned(), "retrace".to_owned()])
                .with_numbers("a2", "", of(|pair| pair[0].norm()))
                .with_numbers("long_axis", "rad", of(angle))
                .with_numbers("a4", "", of(|pair| pair[1].norm())),
        );
    }
    tables
}
