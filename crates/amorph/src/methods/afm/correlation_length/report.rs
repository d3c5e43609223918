//! Numbers, notes and tables.

use ndarray::ArrayView2;

use super::algorithm::{Measured, Pipeline};
use super::bootstrap::{Bootstrap, Replicates};
use super::{CorrelationLength, Exponent, Input, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Table};
use crate::core::image::RadialLag;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Quantity, Unit};
use crate::method::MethodError;
use crate::methods::afm::field::{FieldFit, LARGEST_LENGTH, SurrogateModel, integral_range_of};

/// Below this ratio of image side to correlation length the coverage of the interval has not been shown.
const PROVEN_RATIO: f64 = 30.0;
/// The correlated part must make at least this share of the variance at a distance of one pixel.
const RESOLVED_SHARE: f64 = 0.05;

/// A result with a bootstrap behind it.
struct Fitted<'a> {
    input: &'a Input<'a>,
    measured: &'a Measured,
    fit: &'a FieldFit,
    bootstrap: Option<Bootstrap>,
    value_unit: String,
}

pub(super) fn outcome(method: &CorrelationLength, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let valid = valid.view();
    let values = input.map.values.mapv(|value| input.map.unit.to_si(value));
    let pipeline = pipeline(input, &valid);
    let no_pairs = || DataError::TooFewValues { map: input.map.quantity.clone(), valid: 1, total: values.len(), needed: 2 };
    let measured = pipeline.measure(&values).ok_or_else(no_pairs)?;
    let pairs = pipeline.pairs(&values).ok_or_else(no_pairs)?;
    let value_unit = base_unit(&input.map.unit);
    let mut outcome = Outcome { tables: vec![structure_table(&measured, &value_unit)], ..Outcome::default() };
    outcome.notes.push(exponent_note(method.exponent));
    let fit = match accepted(&measured, input, pipeline.n_valid) {
        Ok(fit) => fit,
        Err(refusal) => {
            outcome.notes.push(refusal);
            outcome.estimates.extend(model_free(&measured, None));
            outcome.maps.push(input.map.clone());
            outcome.figures = figures::all(input, &measured, &pairs, None, None);
            return Ok(outcome);
        }
    };
    let model = SurrogateModel::of_map(&values, &valid, input.pitch, fit, &input.rules, method.marginal);
    // The surrogates need no lags beyond those that a fit half as long again would use.
    let window = 1.5 * fit.r_max + 4.0 * input.rules.pixel;
    let pipeline = Pipeline { longest: pipeline.longest.min(window), ..pipeline };
    let short_pairs = pipeline.pairs(&values).ok_or_else(no_pairs)?;
    let bootstrap = Bootstrap::draw(&model, &pipeline, &short_pairs, method.surrogates, ctx)?;
    let fitted = Fitted { input, measured: &measured, fit, bootstrap: bootstrap.filter(Bootstrap::is_sound), value_unit };
    outcome.estimates = fitted.estimates();
    outcome.notes.extend(fitted.notes(model.marginal.is_some()));
    outcome.figures = figures::all(input, &measured, &pairs, Some(fit), fitted.bootstrap.as_ref());
    outcome.maps.push(input.map.clone());
    Ok(outcome)
}

fn pipeline<'a>(input: &Input<'_>, valid: &'a ArrayView2<'a, bool>) -> Pipeline<'a> {
    let n_valid = valid.iter().filter(|valid| **valid).count() as f64;
    let longest = 0.5 * input.size.0.min(input.size.1);
    Pipeline { valid, n_valid, pitch: input.pitch, rules: input.rules, longest }
}

/// Symbol of the SI unit of a map's values (`deg` stays).
fn base_unit(unit: &Unit) -> String {
    ["J", "m", "V", "Hz", "deg", "Pa", "N"]
        .into_iter()
        .find(|symbol| unit.is_compatible(&Unit::of(symbol)) && (Unit::of(symbol).scale() == 1.0 || unit.symbol() == *symbol))
        .unwrap_or_default()
        .to_owned()
}

fn metres(value: f64) -> String {
    let unit = Unit::of("m").preferred(value);
    Quantity::si(value, unit).to_string()
}

/// The fit if it stands for a stationary correlation length; else why not.
fn accepted<'a>(measured: &'a Measured, input: &Input<'_>, n_valid: f64) -> Result<&'a FieldFit, Note> {
    let largest = LARGEST_LENGTH * input.size.0.min(input.size.1);
    let exceeds = || {
        let message = format!(
            "no stationary correlation length: xi exceeds the image. It is at least {}, a tenth of the shorter side; \
             scan a larger area, or remove a trend (level the map) if there is one",
            metres(largest)
        );
        Note::refused("xi_exceeds_image", message)
    };
    if measured.r_1e.is_none_or(|r| r > largest) {
        return Err(exceeds());
    }
    let pixel = input.rules.pixel;
    let unresolved = || {
        let message = format!(
            "unresolved: nugget only. Neighbouring pixels are uncorrelated, so xi is at most about one pixel, {}; scan a smaller area",
            metres(pixel)
        );
        Note::refused("unresolved", message)
    };
    let Some(fit) = &measured.fit else {
        let no_fit = Note::refused("no_fit", "the structure function is not that of a stationary field: no fit converged");
        return Err(if measured.r_1e.is_some_and(|r| r < pixel) { unresolved() } else { no_fit });
    };
    let (field, noise) = (fit.model.sigma.powi(2), fit.model.nugget_sd.powi(2));
    let share_at_pixel = field / (field + noise) * (-(pixel / fit.xi()).powf(2.0 * fit.model.alpha)).exp();
    if fit.xi() < pixel || share_at_pixel < RESOLVED_SHARE.max(6.0 / n_valid.sqrt()) {
        return Err(unresolved());
    }
    if fit.xi() > largest { Err(exceeds()) } else { Ok(fit) }
}

fn exponent_note(exponent: Exponent) -> Note {
    let message = match exponent {
        Exponent::Free => "correlation exp(-(r/xi)^(2 alpha)) with a free exponent (stretched exponential, Qiao et al. 2019)",
        Exponent::Exponential => "correlation exp(-(r/xi)^(2 alpha)) with alpha fixed at 0.5 (exponential)",
        Exponent::Gaussian => {
            "correlation exp(-(r/xi)^(2 alpha)) with alpha fixed at 1 (Gaussian, as printed by Lu et al. 2016)"
        }
    };
    Note::info("exponent", message)
}

fn structure_table(measured: &Measured, value_unit: &str) -> Table {
    let column = |number: fn(&RadialLag) -> f64| measured.radial.iter().map(number).collect::<Vec<f64>>();
    let squared = if value_unit.is_empty() { String::new() } else { format!("{value_unit}^2") };
    Table::new("structure_function", "Radial structure function H(r) = <[E(x + r) - E(x)]^2>")
        .with_numbers("distance", "m", column(|lag| lag.distance))
        .with_numbers("structure_function", &squared, column(|lag| lag.structure))
        .with_numbers("pairs", "", column(|lag| lag.pairs))
}

/// `r_1e` and `Sal`, which need no model.
fn model_free(measured: &Measured, bootstrap: Option<&Bootstrap>) -> Vec<Estimate> {
    let find = |key: &str, symbol: &str, number: fn(&Measured) -> Option<f64>| {
        let value = number(measured)?;
        let log = |m: &Measured| number(m).map(f64::ln);
        Some(with_std_error(key, symbol, value, "m", bootstrap.and_then(|b| b.of(log)).as_ref()))
    };
    [find("r_1e", "r_1/e", |m| m.r_1e), find("sal", "S_al", |m| m.sal)].into_iter().flatten().collect()
}

/// Why only the correlation length has an interval.
const NOT_TESTED: &str = "coverage was tested for the correlation length only";

/// An estimate with the standard error of its logarithm's replicates.
fn with_std_error(key: &str, symbol: &str, value: f64, unit: &str, replicates: Option<&Replicates>) -> Estimate {
    match replicates {
        Some(r) => Estimate::without_interval(key, symbol, value, unit, NOT_TESTED).std_error(value * r.std),
        None => {
            Estimate::without_interval(key, symbol, value, unit, "no stationary field was fitted, so there are no surrogates")
        }
    }
}

impl Fitted<'_> {
    fn estimates(&self) -> Vec<Estimate> {
        let model = &self.fit.model;
        let mut estimates = vec![self.length()];
        estimates.push(self.exponent());
        let sd = self.replicates(|m| m.fit.as_ref().map(|fit| fit.model.sigma.ln()));
        estimates.push(with_std_error("field_sd", "σ", model.sigma, &self.value_unit, sd.as_ref()));
        if self.input.rules.nugget {
            let why = "the noise may be zero, where a bootstrap interval does not cover; compare trace and retrace";
            estimates.push(Estimate::without_interval("nugget_sd", "s_n", model.nugget_sd, &self.value_unit, why));
        }
        estimates.extend(model_free(self.measured, self.bootstrap.as_ref()));
        let range = integral_range_of(self.fit.xi(), model.alpha);
        let why = "it follows from xi and alpha; their joint uncertainty was not tested for coverage";
        estimates.push(Estimate::without_interval("integral_range", "I", range, "m^2", why));
        estimates
    }

    /// The correlation length, its bias removed, with a studentised bootstrap interval of its logarithm.
    fn length(&self) -> Estimate {
        let (key, symbol, fitted) = ("correlation_length", "ξ", self.fit.xi());
        let area = self.input.size.0 * self.input.size.1;
        let n = area / integral_range_of(fitted, self.fit.model.alpha);
        let log_length = |m: &Measured| m.fit.as_ref().map(|fit| fit.xi().ln());
        let truth = self.bootstrap.as_ref().and_then(|b| log_length(&b.truth));
        let pivot = |m: &Measured| Some((log_length(m)? - truth?) / m.ln_xi_std?);
        let (Some(log), Some(pivots), Some(std)) =
            (self.replicates(log_length), self.replicates(pivot), self.measured.ln_xi_std)
        else {
            let why = "fewer than nine in ten surrogates of the fitted field could be fitted";
            return Estimate::without_interval(key, symbol, fitted, "m", why).n(n);
        };
        let value = fitted * (-log.bias).exp();
        let shorter = self.input.size.0.min(self.input.size.1);
        if shorter < PROVEN_RATIO * fitted {
            let why = format!(
                "the image is only {:.0} correlation lengths wide; coverage was shown from {PROVEN_RATIO:.0} on",
                shorter / fitted
            );
            return Estimate::without_interval(key, symbol, value, "m", &why).std_error(value * log.std).n(n);
        }
        let (lo, hi) = pivots.interval(fitted.ln(), std);
        Estimate::with_interval(key, symbol, value, "m", (lo.exp(), hi.exp()), Basis::Bootstrap).std_error(value * log.std).n(n)
    }

    fn exponent(&self) -> Estimate {
        let (key, symbol, value) = ("hurst_like_exponent", "α", self.fit.model.alpha);
        if self.input.rules.exponent.is_some() {
            return Estimate::without_interval(key, symbol, value, "", "fixed by choice");
        }
        let estimate = Estimate::without_interval(key, symbol, value, "", NOT_TESTED);
        match self.replicates(|m| m.fit.as_ref().map(|fit| fit.model.alpha)) {
            Some(replicates) => estimate.std_error(replicates.std),
            None => estimate,
        }
    }

    fn replicates(&self, number: impl Fn(&Measured) -> Option<f64>) -> Option<Replicates> {
        self.bootstrap.as_ref().and_then(|bootstrap| bootstrap.of(number))
    }

    fn notes(&self, image_marginal: bool) -> Vec<Note> {
        let mut notes = Vec::new();
        let (xi, alpha) = (self.fit.xi(), self.fit.model.alpha);
        if let Some(log) = self.replicates(|m| m.fit.as_ref().map(|fit| fit.xi().ln())) {
            let text = format!(
                "the fit gives xi = {}; surrogates of known xi show a bias of {:+.1} %, which is removed. Exponent alpha = {alpha:.3}",
                metres(xi),
                100.0 * log.bias.exp_m1()
            );
            notes.push(Note::info("bias", text));
        }
        if image_marginal {
            let text = "the values are not Gaussian: the surrogates have the distribution of the image";
            notes.push(Note::info("image_marginal", text));
        }
        if alpha > 1.0 {
            let text = format!("alpha = {alpha:.3} exceeds 1, beyond which no field exists; the surrogates use 1");
            notes.push(Note::info("exponent_above_one", text));
        }
        notes.extend(self.warnings(xi));
        notes
    }

    fn warnings(&self, xi: f64) -> Vec<Note> {
        let mut notes = Vec::new();
        let ratio = self.input.size.0.min(self.input.size.1) / xi;
        if ratio < 30.0 {
            let text = format!(
                "the image is {ratio:.0} correlation lengths wide; below 30 the length is uncertain, 60 or more are recommended"
            );
            notes.push(Note::warning("field_too_small", text));
        } else if ratio < 60.0 {
            let text = format!("the image is {ratio:.0} correlation lengths wide; 60 or more are recommended");
            notes.push(Note::info("field_small", text));
        }
        let pixels = xi / self.input.rules.pixel;
        if pixels < 3.0 {
            let text = format!("xi is {pixels:.1} pixels; below 3 the pixel size matters: scan a smaller area");
            notes.push(Note::warning("few_pixels", text));
        }
        let blur = self.input.rules.blur_sd;
        if blur > 0.0 && xi < 10.0 * blur {
            let text = format!(
                "xi is {:.1} times the blur of {}; below 10 the result depends on the blur model, which is in the fit",
                xi / blur,
                metres(blur)
            );
            notes.push(Note::warning("blur", text));
        } else if blur == 0.0 {
            let text = "no blur is modelled: a tip of contact radius a blurs by up to a/2, which lengthens xi unless xi is ten times that; see blur_sd";
            notes.push(Note::info("blur_not_modelled", text));
        }
        notes
    }
}
