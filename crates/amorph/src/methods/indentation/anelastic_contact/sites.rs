//! From curves to fitted sites.

use rayon::prelude::*;

use super::algorithm::{ContactFit, KelvinIntervals, Loading, Model, Workspace, kelvin_intervals, neighbour_correlation};
use super::onset::{Contact, contact, pop_in};
use super::refined::{depth, refine};
use super::{AnelasticContact, Curve, Input, ModelChoice, SegmentChoice, Tried};
use crate::core::stats::student_t_quantile;

/// What became of a test.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub name: String,
    pub position: Option<[f64; 2]>,
    /// Why there is no fit.
    pub reason: Option<&'static str>,
    /// Share of negative loads or depths, where they are why.
    pub negative: Option<(&'static str, f64)>,
    pub fit: Option<Fitted>,
}

/// A fitted test.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    pub cut: Cut,
    pub fit: ContactFit,
    /// Depth of the fit, m.
    pub shown: Vec<f64>,
    pub values: Values,
    pub flags: Vec<&'static str>,
    /// The model that the Bayesian criterion prefers here.
    pub preferred: Model,
    pub kelvin_time_limit: f64,
}

/// The part of a curve that is fitted.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub time: Vec<f64>,
    pub load: Vec<f64>,
    pub depth: Vec<f64>,
    pub drift: bool,
    pub offset: bool,
    pub contact: Option<Contact>,
    pub points_on_rise: usize,
    pub popped: bool,
}

/// A value with its standard error and interval; an open end is infinite or zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Value {
    pub value: f64,
    pub std_error: f64,
    pub interval: (f64, f64),
}

impl Value {
    pub(super) const NONE: Self = Self { value: f64::NAN, std_error: f64::NAN, interval: (f64::NAN, f64::NAN) };

    pub(super) fn is_closed(&self) -> bool {
        self.interval.0 > 0.0 && self.interval.1.is_finite()
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Values {
    pub modulus: Value,
    pub instantaneous: Value,
    pub time: Value,
    pub viscosity: Value,
}

/// Fewest samples of a fit.
const FEWEST: usize = 10;

impl Cut {
    pub(super) fn loading(&self) -> Loading<'_> {
        Loading { time: &self.time, load: &self.load, depth: &self.depth, drift: self.drift, offset: self.offset }
    }

    fn of(curve: &Curve, method: &AnelasticContact) -> Option<Self> {
        let end = curve.loaded_end.min(curve.load.len());
        let (load, depth) = (&curve.load[..end], &curve.depth[..end]);
        let peak = load.iter().fold(0.0, |peak: f64, load| peak.max(*load));
        // The load rises from the first sample on where nothing was recorded before contact.
        let quiet = load.iter().take_while(|load| **load < 0.02 * peak).count();
        let found = if quiet >= FEWEST { contact(load) } else { None };
        let first = found.map_or(0, |found| found.row);
        let offset = found.map_or(0.0, |found| found.load_offset);
        let rise = load.iter().position(|load| *load - offset > 0.97 * (peak - offset))?;
        let mut last = match method.segment {
            SegmentChoice::LoadAndHold => end,
            SegmentChoice::Loading => (rise + 1).min(end),
        };
        let popped = pop_in(&depth[first..last]);
        if let Some(row) = popped {
            last = first + row + 1;
        }
        if last < first + FEWEST {
            return None;
        }
        let constant = |values: &[f64]| values.iter().all(|value| *value == values[0]);
        if constant(&load[first..last]) || constant(&depth[first..last]) {
            return None;
        }
        let drift = method.drift && method.segment == SegmentChoice::LoadAndHold && last > rise + FEWEST;
        Some(Self {
            time: curve.time[first..last].to_vec(),
            load: load[first..last].iter().map(|load| load - offset).collect(),
            depth: depth[first..last].to_vec(),
            drift,
            offset: method.free_contact_depth,
            contact: found,
            points_on_rise: rise.saturating_sub(first),
            popped: popped.is_some(),
        })
    }
}

/// Fits every test; results do not depend on the threads.
pub(super) fn fit_all(method: &AnelasticContact, input: &Input) -> Vec<Site> {
    let cuts: Vec<Option<Cut>> =
        input.curves.par_iter().map(|curve| curve.as_ref().ok().and_then(|curve| Cut::of(curve, method))).collect();
    let candidates: Vec<Vec<ContactFit>> = cuts.par_iter().map(|cut| candidates(cut.as_ref(), method.model)).collect();
    let model = chosen(method.model, &candidates);
    let of = |((curve, cut), fits): ((&Tried, Option<Cut>), &Vec<ContactFit>)| {
        let (name, position) = match curve {
            Ok(curve) => (curve.name.clone(), curve.position),
            Err((name, _)) => (name.clone(), None),
        };
        let negative = cut.as_ref().and_then(|cut| negative(cut, fits.iter().find(|fit| fit.model == model)));
        let fit = cut.filter(|_| negative.is_none()).and_then(|cut| fitted(method, input, cut, fits, model));
        let reason = match (&fit, curve) {
            (Some(_), _) => None,
            (None, Err(_)) => Some("missing"),
            (None, Ok(_)) if negative.is_some() => Some("negative"),
            (None, Ok(_)) => Some("bad_fit"),
        };
        Site { name, position, reason, negative, fit }
    };
    input.curves.par_iter().zip(cuts).zip(&candidates).map(of).collect()
}

/// Share of the samples above which negative ones are no noise.
const MOST_NEGATIVE: f64 = 0.2;

/// Loads below zero, or depths above the surface that was found, where they are more than noise makes them.
fn negative(cut: &Cut, fit: Option<&ContactFit>) -> Option<(&'static str, f64)> {
    let n = cut.load.len() as f64;
    let share = |count: usize| Some(count as f64 / n).filter(|share| *share > MOST_NEGATIVE);
    if let Some(share) = share(cut.load.iter().filter(|load| **load < 0.0).count()) {
        return Some(("loads", share));
    }
    let fit = fit?;
    let below = |(h, t): &(&f64, &f64)| **h - fit.offset - fit.drift * (**t - cut.time[0]) < -3.0 * fit.noise();
    share(cut.depth.iter().zip(&cut.time).filter(below).count()).map(|share| ("depths", share))
}

fn candidates(cut: Option<&Cut>, choice: ModelChoice) -> Vec<ContactFit> {
    let Some(cut) = cut else { return Vec::new() };
    let mut space = Workspace::default();
    // The Kelvin fit is made in any case: its time is the limit of an elastic body.
    let models: &[Model] = match choice {
        ModelChoice::Best | ModelChoice::StandardLinear => &[Model::Elastic, Model::Kelvin, Model::StandardLinear],
        ModelChoice::Elastic | ModelChoice::Kelvin => &[Model::Elastic, Model::Kelvin],
    };
    models.iter().filter_map(|model| cut.loading().fit(*model, &mut space)).collect()
}

fn preferred(fits: &[ContactFit]) -> Option<Model> {
    fits.iter().min_by(|a, b| a.bic().total_cmp(&b.bic())).map(|fit| fit.model)
}

/// The model of the whole file: as stated, or by the sum of the criteria over the tests.
fn chosen(choice: ModelChoice, candidates: &[Vec<ContactFit>]) -> Model {
    match choice {
        ModelChoice::Elastic => Model::Elastic,
        ModelChoice::Kelvin => Model::Kelvin,
        ModelChoice::StandardLinear => Model::StandardLinear,
        ModelChoice::Best => {
            let votes = |model: Model| candidates.iter().filter(|fits| preferred(fits) == Some(model)).count();
            let order = [Model::Kelvin, Model::Elastic, Model::StandardLinear];
            order.into_iter().max_by_key(|model| (votes(*model), *model == Model::Kelvin)).unwrap_or(Model::Kelvin)
        }
    }
}

fn fitted(method: &AnelasticContact, input: &Input, cut: Cut, fits: &[ContactFit], model: Model) -> Option<Fitted> {
    let of = |model: Model| fits.iter().find(|fit| fit.model == model).copied();
    let fit = of(model)?;
    let mut space = Workspace::default();
    let loading = cut.loading();
    let kelvin = of(Model::Kelvin);
    let intervals = kelvin.and_then(|kelvin| kelvin_intervals(&loading, &kelvin, &mut space));
    let refinement = method.refinement(input);
    let fit = if refinement.is_plain() { fit } else { refine(&loading, &fit, &refinement)? };
    let values = match model {
        Model::Kelvin if refinement.is_plain() => kelvin_values(input.sphere.factor, &fit, intervals?),
        _ => plain_values(input.sphere.factor, &fit)?,
    };
    let shown = depth(&loading, &fit, &refinement);
    let residuals: Vec<f64> = shown.iter().zip(&cut.depth).map(|(model, depth)| depth - model).collect();
    let mut flags = Vec::new();
    if cut.popped {
        flags.push("popin");
    }
    if model != Model::Elastic && !values.time.is_closed() {
        flags.push("not_identified");
    }
    if input.transducer.is_none()
        && input.reference_time.is_some_and(|limit| model != Model::Elastic && values.time.value < 2.0 * limit)
    {
        flags.push("instrument_limited");
    }
    // Five standard errors of the correlation of white noise.
    if !refinement.correlated && neighbour_correlation(&residuals) > 5.0 / (residuals.len() as f64).sqrt() {
        flags.push("correlated_residuals");
    }
    if cut.points_on_rise < FEWEST {
        flags.push("coarse_sampling");
    }
    let kelvin_time_limit = intervals.map_or(f64::NAN, |found| found.time.1);
    Some(Fitted { fit, shown, values, flags, preferred: preferred(fits)?, kelvin_time_limit, cut })
}

fn kelvin_values(factor: f64, fit: &ContactFit, found: KelvinIntervals) -> Values {
    let modulus = |scale: f64| factor / scale.powf(1.5);
    let c = fit.covariance;
    let value = modulus(fit.scale);
    let time = fit.ln_time.exp();
    let of = |value: f64, relative: f64, interval: (f64, f64)| Value { value, std_error: value * relative, interval };
    let product = (c[1][1] + 2.25 * c[0][0] - 3.0 * c[0][1]).max(0.0).sqrt();
    Values {
        modulus: of(value, 1.5 * c[0][0].sqrt(), (modulus(found.scale.1), modulus(found.scale.0))),
        instantaneous: Value::NONE,
        time: of(time, c[1][1].sqrt(), found.time),
        viscosity: of(value * time, product, (factor * found.product.0, factor * found.product.1)),
    }
}

/// Intervals from the curvature of the likelihood in the logarithms.
fn plain_values(factor: f64, fit: &ContactFit) -> Option<Values> {
    let t = student_t_quantile(0.975, (fit.n - fit.parameters) as f64).ok()?;
    let c = fit.covariance;
    let of = |value: f64, relative: f64| {
        let interval = (value * (-t * relative).exp(), value * (t * relative).exp());
        Value { value, std_error: value * relative, interval }
    };
    let relaxed = factor / fit.scale.powf(1.5);
    let modulus = of(relaxed, 1.5 * c[0][0].sqrt());
    if fit.model == Model::Elastic {
        return Some(Values { modulus, instantaneous: modulus, time: Value::NONE, viscosity: Value::NONE });
    }
    let (time, w) = (fit.ln_time.exp(), fit.delayed_share);
    // 1/Gu = (1 - w)/Gr and 1/Gd = w/Gr.
    let rest = 1.0 - w;
    let first = (2.25 * c[0][0] - 3.0 * c[0][2] / rest + c[2][2] / (rest * rest)).max(0.0).sqrt();
    let product =
        (c[1][1] + 2.25 * c[0][0] + c[2][2] / (w * w) - 3.0 * c[0][1] - 2.0 * c[1][2] / w + 3.0 * c[0][2] / w).max(0.0);
    let instantaneous = if rest > 0.0 && first.is_finite() { of(relaxed / rest, first) } else { Value::NONE };
    let viscosity = if w > 0.0 { of(relaxed * time / w, product.sqrt()) } else { Value::NONE };
    Some(Values { modulus, instantaneous, time: of(time, c[1][1].sqrt()), viscosity })
}
