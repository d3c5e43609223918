//! The numbers, with what their intervals rest on.

use super::Input;
use super::algorithm::Measured;
use super::bootstrap::{Bootstrap, Replicates};
use super::spectral_bootstrap::{Number, SpectralBootstrap};
use crate::core::outcome::{Basis, Estimate};
use crate::methods::afm::field::{FieldFit, NoiseModel, RowsLevelled, SpectralFit, integral_range_of};

/// Below this ratio of image side to correlation length the coverage of the intervals has not been shown.
pub const PROVEN_RATIO: f64 = 30.0;

/// Below this number of pixels per correlation length the two variances have no interval: it covers at 4 pixels and not at 2, where field
/// and noise are told apart by very few lags.
pub const PROVEN_PIXELS: f64 = 3.0;

/// Why the numbers of the structure function other than the length have no interval.
const NOT_TESTED: &str = "coverage was tested for the correlation length only";
/// Why the exponent of the likelihood has none.
const EXPONENT_NOT_COVERED: &str = "the interval was found to cover less than 92 % on masked and on anisotropic maps";
const TOO_FEW_FITS: &str = "fewer than nine in ten surrogates of the fitted field could be fitted";

/// Removes the known bias of ln xi.
fn unbiased(fitted: f64, bias: f64) -> f64 {
    fitted * (-bias).exp()
}

/// Why the variances of field and noise have no interval.
fn too_coarse(input: &Input<'_>, xi: f64) -> Option<String> {
    let pixels = xi / input.rules.pixel;
    (pixels < PROVEN_PIXELS).then(|| {
        format!("xi is only {pixels:.1} pixels; below {PROVEN_PIXELS:.0} field and noise are hard to tell apart and the interval does not cover")
    })
}

/// Why nothing of the map has an interval.
fn not_shown(input: &Input<'_>, xi: f64) -> Option<String> {
    if input.spectral_rules.rows_levelled == RowsLevelled::Parabola {
        return Some("coverage was not tested for rows levelled by a parabola".to_owned());
    }
    let ratio = input.size.0.min(input.size.1) / xi;
    (ratio < PROVEN_RATIO)
        .then(|| format!("the image is only {ratio:.0} correlation lengths wide; coverage was shown from {PROVEN_RATIO:.0} on"))
}

/// Number of independent areas.
fn areas(input: &Input<'_>, field: &FieldFit) -> f64 {
    input.size.0 * input.size.1 / integral_range_of(field.xi(), field.model.alpha)
}

/// Estimates of the fit in frequency space.
pub fn spectral(input: &Input<'_>, fit: &SpectralFit, bootstrap: Option<&SpectralBootstrap>) -> Vec<Estimate> {
    let field = &fit.field;
    let unit = input.value_unit.symbol();
    let hidden = not_shown(input, field.xi());
    let estimate = |key: &str, symbol: &str, value: f64, unit: &str, number: Number, back: &dyn Fn(f64) -> f64| {
        let Some(bootstrap) = bootstrap else { return Estimate::without_interval(key, symbol, value, unit, TOO_FEW_FITS) };
        let coarse = matches!(number, Number::LnVariance | Number::Nugget).then(|| too_coarse(input, field.xi())).flatten();
        match hidden.as_ref().or(coarse.as_ref()) {
            Some(why) => Estimate::without_interval(key, symbol, value, unit, why),
            None => {
                let (lo, hi) = bootstrap.errors(number).interval(number.of(&fit.whittle));
                Estimate::with_interval(key, symbol, value, unit, (back(lo), back(hi)), Basis::Bootstrap)
            }
        }
    };
    let std = |number: Number| bootstrap.map(|bootstrap| bootstrap.errors(number).std);
    let with_std = |estimate: Estimate, std: Option<f64>| match std {
        Some(std) => estimate.std_error(std),
        None => estimate,
    };
    let bias = bootstrap.map_or(0.0, |bootstrap| bootstrap.errors(Number::LnLength).bias);
    let value = unbiased(field.xi(), bias);
    let length = estimate("correlation_length", "ξ", value, "m", Number::LnLength, &f64::exp).n(areas(input, field));
    let mut estimates = vec![with_std(length, std(Number::LnLength).map(|std| value * std))];
    let alpha = field.model.alpha;
    let fixed = input.spectral_rules.exponent.is_some();
    let why = if fixed { "fixed by choice" } else { EXPONENT_NOT_COVERED };
    let exponent = Estimate::without_interval("hurst_like_exponent", "α", alpha, "", why);
    estimates.push(with_std(exponent, std(Number::Exponent).filter(|_| !fixed)));
    // Variances are fitted in the squared unit of the pipeline.
    let scale = field.model.sigma.powi(2) / fit.whittle.parameters.variance;
    let sigma = estimate("field_sd", "σ", field.model.sigma, unit, Number::LnVariance, &|ln| (scale * ln.exp()).sqrt());
    estimates.push(with_std(sigma, std(Number::LnVariance).map(|std| 0.5 * field.model.sigma * std)));
    estimates.extend(noise(input, field, |value| {
        estimate("nugget_sd", "s_n", value, unit, Number::Nugget, &|variance| (scale * variance.max(0.0)).sqrt())
    }));
    estimates
}

/// The noise: fitted, known, or not in the model.
fn noise(input: &Input<'_>, field: &FieldFit, fitted: impl FnOnce(f64) -> Estimate) -> Option<Estimate> {
    let (key, symbol, value, unit) = ("nugget_sd", "s_n", field.model.nugget_sd, input.value_unit.symbol());
    match input.spectral_rules.noise {
        NoiseModel::Fitted => Some(fitted(value)),
        NoiseModel::Known(_) => Some(Estimate::without_interval(key, symbol, value, unit, "given")),
        NoiseModel::Absent => None,
    }
}

/// Estimates of the fit of the structure function.
pub fn structural(input: &Input<'_>, measured: &Measured, field: &FieldFit, bootstrap: Option<&Bootstrap>) -> Vec<Estimate> {
    let unit = input.value_unit.symbol();
    let mut estimates = vec![structural_length(input, measured, field, bootstrap)];
    let alpha = field.model.alpha;
    let free = input.rules.exponent.is_none();
    let why = if free { NOT_TESTED } else { "fixed by choice" };
    let exponent = Estimate::without_interval("hurst_like_exponent", "α", alpha, "", why);
    let scatter = bootstrap.filter(|_| free).and_then(|b| b.of(|m| m.fit.as_ref().map(|fit| fit.model.alpha)));
    estimates.push(match scatter {
        Some(replicates) => exponent.std_error(replicates.std),
        None => exponent,
    });
    let sd = bootstrap.and_then(|b| b.of(|m| m.fit.as_ref().map(|fit| fit.model.sigma.ln())));
    estimates.push(with_std_error("field_sd", "σ", field.model.sigma, unit, sd.as_ref()));
    estimates.extend(noise(input, field, |value| {
        let why = "the noise may be zero, where the bootstrap of this fit does not cover; compare trace and retrace";
        Estimate::without_interval("nugget_sd", "s_n", value, unit, why)
    }));
    estimates
}

/// The length by the structure function, its bias removed, with a studentised bootstrap interval of its logarithm.
fn structural_length(input: &Input<'_>, measured: &Measured, field: &FieldFit, bootstrap: Option<&Bootstrap>) -> Estimate {
    let (key, symbol, fitted, n) = ("correlation_length", "ξ", field.xi(), areas(input, field));
    let log_length = |m: &Measured| m.fit.as_ref().map(|fit| fit.xi().ln());
    let truth = bootstrap.and_then(|b| log_length(&b.truth));
    let pivot = |m: &Measured| Some((log_length(m)? - truth?) / m.ln_xi_std?);
    let of = |number: &dyn Fn(&Measured) -> Option<f64>| bootstrap.and_then(|b| b.of(number));
    let (Some(log), Some(pivots), Some(std)) = (of(&log_length), of(&pivot), measured.ln_xi_std) else {
        return Estimate::without_interval(key, symbol, fitted, "m", TOO_FEW_FITS).n(n);
    };
    let value = unbiased(fitted, log.bias);
    let estimate = match not_shown(input, fitted) {
        Some(why) => Estimate::without_interval(key, symbol, value, "m", &why),
        None => {
            let (lo, hi) = pivots.interval(fitted.ln(), std);
            Estimate::with_interval(key, symbol, value, "m", (lo.exp(), hi.exp()), Basis::Bootstrap)
        }
    };
    estimate.std_error(value * log.std).n(n)
}

/// `r_1e` and `Sal`, which need no model.
pub fn model_free(measured: &Measured, bootstrap: Option<&Bootstrap>) -> Vec<Estimate> {
    let find = |key: &str, symbol: &str, number: fn(&Measured) -> Option<f64>| {
        let value = number(measured)?;
        let log = |m: &Measured| number(m).map(f64::ln);
        Some(with_std_error(key, symbol, value, "m", bootstrap.and_then(|b| b.of(log)).as_ref()))
    };
    [find("r_1e", "r_1/e", |m| m.r_1e), find("sal", "S_al", |m| m.sal)].into_iter().flatten().collect()
}

/// The integral range of a fitted field.
pub fn integral_range(field: &FieldFit) -> Estimate {
    let range = integral_range_of(field.xi(), field.model.alpha);
    let why = "it follows from xi and alpha; their joint uncertainty was not tested for coverage";
    Estimate::without_interval("integral_range", "I", range, "m^2", why)
}

/// An estimate with the standard error of its logarithm's replicates.
fn with_std_error(key: &str, symbol: &str, value: f64, unit: &str, replicates: Option<&Replicates>) -> Estimate {
    match replicates {
        Some(r) => Estimate::without_interval(key, symbol, value, unit, NOT_TESTED).std_error(value * r.std),
        None => {
            Estimate::without_interval(key, symbol, value, unit, "no stationary field was fitted, so there are no surrogates")
        }
    }
}
