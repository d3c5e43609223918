//! From the map to the outcome.

use ndarray::{Array2, ArrayView2};

use super::algorithm::{Measured, Pipeline, lost_variance};
use super::bootstrap::Bootstrap;
use super::corrections::{self, Correction};
use super::spectral_bootstrap::{Number, SpectralBootstrap};
use super::{CorrelationLength, Estimator, Exponent, Input, estimates, figures};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::data::{DataError, Table};
use crate::core::image::{PairStatistics, RadialLag};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};
use crate::method::MethodError;
use crate::methods::afm::field::{
    FieldFit, LARGEST_LENGTH, RowsLevelled, SpectralFit, SpectralPipeline, SurrogateModel, integral_range_of,
};

/// The correlated part must make at least this share of the variance at a distance of one pixel.
const RESOLVED_SHARE: f64 = 0.05;
/// Surrogates of which the structure function is measured where it only serves figures and standard errors.
const BAND_SURROGATES: usize = 40;
/// The two estimates disagree beyond this number of joint standard errors.
const DISAGREEMENT: f64 = 2.0;

/// Everything found in a map.
pub(super) struct Found<'a> {
    pub input: &'a Input<'a>,
    pub measured: Measured,
    pub pairs: PairStatistics,
    pub spectral: Option<(SpectralPipeline, SpectralFit)>,
    /// The fit that is reported.
    pub field: Option<FieldFit>,
    pub bootstrap: Option<Bootstrap>,
    pub spectral_bootstrap: Option<SpectralBootstrap>,
    pub corrections: Vec<Correction>,
    /// Periodogram of the map in units of its variance.
    pub periodogram: Option<Array2<f64>>,
    /// Whether the surrogates have the distribution of the image.
    image_marginal: bool,
}

pub(super) fn outcome(method: &CorrelationLength, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let valid = input.map.valid();
    let valid = valid.view();
    let values = values(input, &valid);
    let pipeline = pipeline(input, &valid);
    let no_pairs = || DataError::TooFewValues { map: input.map.quantity.clone(), valid: 1, total: values.len(), needed: 2 };
    let measured = pipeline.measure(values.clone()).ok_or_else(no_pairs)?;
    let pairs = pipeline.pairs(&values).ok_or_else(no_pairs)?;
    let spectral =
        near(&measured, input).and_then(|near| fit_spectrum(input, &values, &valid, &near, measured.variance.sqrt()));
    let chosen = match method.estimator {
        Estimator::Whittle => spectral.as_ref().map(|(_, fit)| fit.field.clone()),
        Estimator::StructureFunction => measured.fit.clone(),
    };
    let refusal = refusal(&measured, chosen.as_ref(), input, pipeline.n_valid);
    let periodogram = spectral.as_ref().map(|(spectral, _)| spectral.periodogram(&values));
    let field = chosen.filter(|_| refusal.is_none());
    let mut found = Found {
        input,
        measured,
        pairs,
        spectral,
        field,
        bootstrap: None,
        spectral_bootstrap: None,
        corrections: Vec::new(),
        periodogram,
        image_marginal: false,
    };
    if let Some(field) = found.field.clone() {
        let window = 1.5 * field.r_max + 4.0 * input.rules.pixel;
        let pipeline = Pipeline { longest: pipeline.longest.min(window), reference: Some(&field), ..pipeline };
        found.draw(method, &field, &pipeline, &values, ctx)?;
    }
    Ok(found.outcome(method, refusal))
}

/// Values in SI (phases in degrees), rows levelled as they were before.
fn values(input: &Input<'_>, valid: &ArrayView2<'_, bool>) -> Array2<f64> {
    let scale = input.value_unit.scale();
    let mut values = input.map.values.mapv(|value| input.map.unit.to_si(value) / scale);
    input.spectral_rules.rows_levelled.level(&mut values, valid);
    values
}

pub(super) fn pipeline<'a>(input: &Input<'_>, valid: &'a ArrayView2<'a, bool>) -> Pipeline<'a> {
    let n_valid = valid.iter().filter(|valid| **valid).count() as f64;
    Pipeline {
        valid,
        n_valid,
        pitch: input.pitch,
        rules: input.rules,
        noise_variance: input.noise_variance,
        rows_levelled: input.spectral_rules.rows_levelled,
        longest: 0.5 * input.size.0.min(input.size.1),
        reference: None,
    }
}

/// Where the fit in frequency space starts: the fit of the structure function, else what needs no model.
pub(super) fn near(measured: &Measured, input: &Input<'_>) -> Option<FieldFit> {
    let largest = LARGEST_LENGTH * input.size.0.min(input.size.1);
    let of_distance = |r: f64| {
        let model = crate::core::random::FieldModel::isotropic(measured.variance.sqrt(), r.max(input.rules.pixel), 0.5);
        FieldFit { model, nugget_variance: 0.05 * measured.variance, r_max: largest, n_points: 0 }
    };
    let usable = |fit: &FieldFit| fit.xi().is_finite() && fit.xi() > 0.1 * input.rules.pixel && fit.xi() < 3.0 * largest;
    measured.fit.clone().filter(usable).or_else(|| measured.r_1e.map(of_distance))
}

pub(super) fn fit_spectrum(
    input: &Input<'_>,
    values: &Array2<f64>,
    valid: &ArrayView2<'_, bool>,
    near: &FieldFit,
    unit: f64,
) -> Option<(SpectralPipeline, SpectralFit)> {
    let pipeline = SpectralPipeline::new(valid, input.pitch, input.spectral_rules, unit)?;
    let fit = pipeline.fit(&pipeline.periodogram(values), near)?;
    Some((pipeline, fit))
}

/// Surrogates of the fit in frequency space.
pub(super) fn spectral_bootstrap(
    method: &CorrelationLength,
    (pipeline, fit): (&SpectralPipeline, &SpectralFit),
    values: &Array2<f64>,
    ctx: &Ctx,
) -> Result<(SurrogateModel, Option<SpectralBootstrap>), Cancelled> {
    let valid = pipeline.valid().view();
    let of_scores = |scores: &Array2<f64>| {
        let unit = SpectralPipeline::new(&valid, pipeline.grid.pitch(), pipeline.rules, 1.0)?;
        Some(unit.fit(&unit.periodogram(scores), &scaled(&fit.field, 1.0 / pipeline.unit()))?.field)
    };
    let model = SurrogateModel::of_scores(values, &valid, &fit.field, method.marginal, of_scores);
    let bootstrap = SpectralBootstrap::draw(&model, pipeline, fit, method.surrogates, ctx)?;
    Ok((model, bootstrap.filter(SpectralBootstrap::is_sound)))
}

/// A field of values in another unit.
fn scaled(field: &FieldFit, factor: f64) -> FieldFit {
    let mut scaled = field.clone();
    scaled.model.sigma *= factor;
    scaled.model.nugget_sd *= factor;
    scaled.nugget_variance *= factor * factor;
    scaled
}

fn metres(value: f64) -> String {
    shown(value, &Unit::of("m"))
}

/// An SI value to four digits, in the unit in which people will want to read it.
fn shown(value: f64, unit: &Unit) -> String {
    let unit = unit.preferred(value);
    format!("{} {unit}", format_significant(unit.convert_si(value), 4)).trim_end().to_owned()
}

/// Why a fit does not stand for a stationary correlation length; nothing if it does.
fn refusal(measured: &Measured, fit: Option<&FieldFit>, input: &Input<'_>, n_valid: f64) -> Option<Note> {
    let largest = LARGEST_LENGTH * input.size.0.min(input.size.1);
    let exceeds = || {
        let message = format!(
            "no stationary correlation length: xi exceeds the image. It is at least {}, a tenth of the shorter side; \
             scan a larger area, or remove a trend (level the map) if there is one",
            metres(largest)
        );
        Some(Note::refused("xi_exceeds_image", message))
    };
    if measured.r_1e.is_none_or(|r| r > largest) {
        return exceeds();
    }
    let pixel = input.rules.pixel;
    let unresolved = || {
        let message = format!(
            "unresolved: nugget only. Neighbouring pixels are uncorrelated, so xi is at most about one pixel, {}; scan a smaller area",
            metres(pixel)
        );
        Some(Note::refused("unresolved", message))
    };
    let Some(fit) = fit else {
        let message = "the map is not that of a stationary field: no fit converged";
        let white = measured.r_1e.is_some_and(|r| r < pixel);
        return if white { unresolved() } else { Some(Note::refused("no_fit", message)) };
    };
    let (field, noise) = (fit.model.sigma.powi(2), fit.model.nugget_sd.powi(2));
    let share_at_pixel = field / (field + noise) * (-(pixel / fit.xi()).powf(2.0 * fit.model.alpha)).exp();
    if fit.xi() < pixel || share_at_pixel < RESOLVED_SHARE.max(6.0 / n_valid.sqrt()) {
        return unresolved();
    }
    if fit.xi() > largest { exceeds() } else { None }
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

impl Found<'_> {
    /// Draws the surrogates.
    fn draw(
        &mut self,
        method: &CorrelationLength,
        field: &FieldFit,
        pipeline: &Pipeline<'_>,
        values: &Array2<f64>,
        ctx: &Ctx,
    ) -> Result<(), Cancelled> {
        self.measured.by_direction = super::algorithm::by_direction(&self.pairs, field);
        let (model, n_structure) = match (method.estimator, &self.spectral) {
            (Estimator::Whittle, Some((spectral, fit))) => {
                let (model, bootstrap) = spectral_bootstrap(method, (spectral, fit), values, ctx)?;
                self.spectral_bootstrap = bootstrap;
                (model, BAND_SURROGATES)
            }
            _ => {
                let (valid, pitch) = (pipeline.valid, pipeline.pitch);
                let model = SurrogateModel::of_map(values, valid, pitch, field, &self.input.rules, method.marginal);
                (model, method.surrogates)
            }
        };
        if let Some((spectral, fit)) = &self.spectral {
            self.corrections = corrections::all(self.input, spectral, values, fit);
        }
        if let Some(pairs) = pipeline.pairs(values) {
            self.bootstrap = Bootstrap::draw(&model, pipeline, &pairs, n_structure, ctx)?.filter(Bootstrap::is_sound);
        }
        self.image_marginal = model.marginal.is_some();
        Ok(())
    }

    fn outcome(self, method: &CorrelationLength, refusal: Option<Note>) -> Outcome {
        let unit = self.input.value_unit.symbol();
        let mut outcome = Outcome { tables: vec![structure_table(&self.measured, unit)], ..Outcome::default() };
        outcome.notes.push(exponent_note(method.exponent));
        outcome.notes.extend(refusal);
        outcome.estimates = self.estimates(method);
        outcome.tables.push(axes_table(&self.pairs, unit));
        if self.field.is_some() {
            outcome.tables.push(self.estimators_table(unit));
            outcome.tables.push(corrections::table(&self.corrections, unit));
            outcome.tables.push(self.direction_table());
            outcome.notes.extend(self.notes());
        }
        outcome.figures = figures::all(&self);
        outcome.maps.push(self.input.map.clone());
        outcome
    }

    fn estimates(&self, method: &CorrelationLength) -> Vec<Estimate> {
        let mut list = match (&self.field, method.estimator, &self.spectral) {
            (None, ..) => Vec::new(),
            (Some(_), Estimator::Whittle, Some((_, fit))) => {
                estimates::spectral(self.input, fit, self.spectral_bootstrap.as_ref())
            }
            (Some(field), ..) => estimates::structural(self.input, &self.measured, field, self.bootstrap.as_ref()),
        };
        if let (Some(length), Some(systematic)) = (list.first_mut(), self.contact_change()) {
            length.systematic_error = Some(systematic);
        }
        list.extend(estimates::model_free(&self.measured, self.bootstrap.as_ref()));
        list.extend(self.field.as_ref().map(estimates::integral_range));
        if let Some(noise) = self.input.trace_retrace_noise {
            let why = "one pair of images; drift and feedback between the two directions count as noise";
            let unit = self.input.value_unit.symbol();
            list.push(Estimate::without_interval("trace_retrace_noise_sd", "s_tr", noise.sqrt(), unit, why));
        }
        list
    }

    /// What the largest blur that the contact allows changes, m.
    fn contact_change(&self) -> Option<f64> {
        let xi = |label: &str| {
            let correction = self.corrections.iter().find(|correction| correction.label == label)?;
            correction.field.as_ref().map(FieldFit::xi)
        };
        Some((xi(corrections::CONTACT_BLUR)? - xi(corrections::AS_REPORTED)?).abs())
    }

    /// Length and its standard error by the two estimators, as fitted.
    fn both(&self) -> [(&'static str, Option<&FieldFit>, Option<f64>); 2] {
        let spectral_std = self.spectral_bootstrap.as_ref().map(|bootstrap| bootstrap.errors(Number::LnLength).std);
        let fit = self.spectral.as_ref().map(|(_, fit)| fit);
        let spectral_std = spectral_std.or(fit.map(|fit| fit.whittle.ln_length_std()));
        [
            ("whittle", fit.map(|fit| &fit.field), spectral_std),
            ("structure_function", self.measured.fit.as_ref(), self.measured.ln_xi_std),
        ]
    }

    fn estimators_table(&self, unit: &str) -> Table {
        let both = self.both();
        let number = |number: fn(&FieldFit) -> f64| both.iter().map(|(_, fit, _)| fit.map_or(f64::NAN, number)).collect();
        let std = both.iter().map(|(_, fit, std)| fit.map_or(f64::NAN, FieldFit::xi) * std.unwrap_or(f64::NAN)).collect();
        Table::new("estimators", "Both estimators, bias not removed")
            .with_text("estimator", both.iter().map(|(name, ..)| (*name).to_owned()).collect())
            .with_numbers("correlation_length", "m", number(FieldFit::xi))
            .with_numbers("std_error", "m", std)
            .with_numbers("exponent", "", number(|fit| fit.model.alpha))
            .with_numbers("field_sd", unit, number(|fit| fit.model.sigma))
            .with_numbers("nugget_sd", unit, number(|fit| fit.model.nugget_sd))
    }

    fn direction_table(&self) -> Table {
        let n = self.measured.by_direction.len();
        let angles = (0..n).map(|sector| std::f64::consts::PI * sector as f64 / n as f64).collect();
        Table::new(
            "structure_by_direction",
            "Structure function over the fitted one, lags of half to two correlation lengths, by direction from +x towards +y",
        )
        .with_numbers("direction", "rad", angles)
        .with_numbers("ratio", "", self.measured.by_direction.clone())
    }

    fn notes(&self) -> Vec<Note> {
        let Some(field) = &self.field else { return Vec::new() };
        let (xi, alpha) = (field.xi(), field.model.alpha);
        let mut notes = Vec::new();
        if let Some(bias) = self.bias() {
            let text = format!(
                "the fit gives xi = {}; surrogates of known xi show a bias of {:+.1} %, which is removed. Exponent alpha = {alpha:.3}",
                metres(xi),
                100.0 * bias.exp_m1()
            );
            notes.push(Note::info("bias", text));
        }
        notes.extend(self.agreement());
        notes.push(self.variance_note(field));
        if self.image_marginal {
            let text = "the values are not Gaussian: the surrogates have the distribution of the image";
            notes.push(Note::info("image_marginal", text));
        }
        if alpha > 1.0 {
            let text = format!("alpha = {alpha:.3} exceeds 1, beyond which no field exists; the surrogates use 1");
            notes.push(Note::info("exponent_above_one", text));
        }
        notes.extend(self.warnings(xi));
        notes.extend(self.blur_notes(xi));
        notes
    }

    fn bias(&self) -> Option<f64> {
        let log = |m: &Measured| m.fit.as_ref().map(|fit| fit.xi().ln());
        let spectral = self.spectral_bootstrap.as_ref().map(|bootstrap| bootstrap.errors(Number::LnLength).bias);
        spectral.or_else(|| self.bootstrap.as_ref().and_then(|bootstrap| bootstrap.of(log)).map(|replicates| replicates.bias))
    }

    fn agreement(&self) -> Option<Note> {
        let [(_, Some(first), Some(first_std)), (_, Some(second), Some(second_std))] = self.both() else { return None };
        Some(agreement((first.xi(), first_std), (second.xi(), second_std)))
    }

    /// What the finite image and the levelling take from the variance.
    fn variance_note(&self, field: &FieldFit) -> Note {
        let (xi, alpha) = (field.xi(), field.model.alpha);
        let levelled = self.input.spectral_rules.rows_levelled;
        let lost = lost_variance(integral_range_of(xi, alpha), xi, alpha, self.input.size, levelled);
        let cause = if levelled == RowsLevelled::None { "the removal of the mean" } else { "the levelling of the rows" };
        let unit = &self.input.value_unit;
        let show = |value: f64| shown(value * unit.scale(), unit);
        let sample = self.measured.variance.sqrt();
        let text = format!(
            "the values scatter by {}; {cause} takes {:.1} % of the variance of such a field, so that the field scatters by {}",
            show(sample),
            100.0 * lost,
            show(sample / (1.0 - lost.min(0.9)).sqrt())
        );
        Note::info("variance", text)
    }

    fn warnings(&self, xi: f64) -> Vec<Note> {
        let mut notes = Vec::new();
        let ratio = self.input.size.0.min(self.input.size.1) / xi;
        if ratio < estimates::PROVEN_RATIO {
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
        if self.input.spectral_rules.rows_levelled != RowsLevelled::None {
            let text = "the rows were levelled: waves along the rows that the levelling takes are left out of the fit in frequency space, the surrogates are levelled alike, and the bias that remains is removed";
            notes.push(Note::info("rows_levelled", text));
        }
        notes
    }

    fn blur_notes(&self, xi: f64) -> Vec<Note> {
        let mut notes = Vec::new();
        let blur = self.input.rules.blur_sd;
        let contact = self.input.contact_radius.map(|radius| 0.5 * radius);
        let largest = blur.hypot(contact.unwrap_or(0.0));
        if largest > 0.0 && xi < 10.0 * largest {
            let text = format!(
                "xi is {:.1} times the blur of {}; below 10 the result depends on the blur model: see the table of corrections",
                xi / largest,
                metres(largest)
            );
            notes.push(Note::warning("blur", text));
        } else if largest == 0.0 {
            let text = "no blur is modelled: a tip of contact radius a blurs by up to a/2, which lengthens xi unless xi is ten times that; see blur_sd, or tip_radius with contact_force and reduced_modulus";
            notes.push(Note::info("blur_not_modelled", text));
        }
        if let (Some(contact), Some(change)) = (contact, self.contact_change()) {
            let text = format!(
                "the contact blurs by at most {} (half its radius); with that much blur xi changes by {}, given as systematic error",
                metres(contact),
                metres(change)
            );
            notes.push(Note::info("contact_blur", text));
        }
        notes
    }
}

/// Whether the lengths by likelihood and structure function, each with its relative standard error, agree.
pub(super) fn agreement(first: (f64, f64), second: (f64, f64)) -> Note {
    let distance = (first.0 / second.0).ln().abs() / first.1.hypot(second.1);
    let text = format!(
        "the likelihood gives {}, the structure function {}: {distance:.1} joint standard errors apart",
        metres(first.0),
        metres(second.0)
    );
    if distance > DISAGREEMENT {
        let text = format!("{text}. The map is not the field that was fitted: look at the periodogram and its expectation");
        Note::warning("estimators_disagree", text)
    } else {
        Note::info("estimators_agree", text)
    }
}

fn structure_table(measured: &Measured, value_unit: &str) -> Table {
    let column = |number: fn(&RadialLag) -> f64| measured.radial.iter().map(number).collect::<Vec<f64>>();
    Table::new("structure_function", "Radial structure function H(r) = <[E(x + r) - E(x)]^2>")
        .with_numbers("distance", "m", column(|lag| lag.distance))
        .with_numbers("structure_function", &squared(value_unit), column(|lag| lag.structure))
        .with_numbers("pairs", "", column(|lag| lag.pairs))
}

fn axes_table(pairs: &PairStatistics, value_unit: &str) -> Table {
    let (fast, slow) = (pairs.fast_axis(), pairs.slow_axis());
    let names = |name: &str, lags: &[RadialLag]| vec![name.to_owned(); lags.len()];
    let column = |number: fn(&RadialLag) -> f64| fast.iter().chain(&slow).map(number).collect::<Vec<f64>>();
    Table::new("structure_along_axes", "Structure function along the fast and the slow scan axis")
        .with_text("axis", [names("fast", &fast), names("slow", &slow)].concat())
        .with_numbers("distance", "m", column(|lag| lag.distance))
        .with_numbers("structure_function", &squared(value_unit), column(|lag| lag.structure))
        .with_numbers("pairs", "", column(|lag| lag.pairs))
}

fn squared(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!("{unit}^2") }
}
