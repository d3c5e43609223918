//! The outcome: weights, features of the curve, and what they may be used for.

use super::fingerprint::{Fingerprint, Reading, SmoothCurve};
use super::models::{Kind, ModelFit, Point, Shapes};
use super::{Input, Mechanism, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::method::MethodError;

/// Points above this ratio tell a long-range interaction from a hysteresis in contact.
const ONSET_REGION: f64 = 0.95;
/// A best model that misses by more than this share of the largest energy describes nothing.
const LARGEST_MISFIT: f64 = 0.1;

/// What the evidence allows to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// One mechanism.
    Decided(Kind),
    /// No model has enough weight.
    TooLittleWeight,
    /// The two that differ in the onset cannot be told apart.
    NoOnset,
    /// No model comes close.
    NoModel,
}

pub(super) fn outcome(method: &Mechanism, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let points = &input.points;
    let shapes = Shapes::new(input.setting, &points.iter().map(|point| point.ratio).collect::<Vec<_>>());
    ctx.report(1, 3);
    ctx.check_cancelled()?;
    let fits = shapes.fit(points, method.model_error);
    ctx.report(2, 3);
    ctx.check_cancelled()?;
    let curve = smooth(points, method.model_error);
    let fingerprint =
        curve.as_ref().map(|curve| curve.fingerprint(method.draws, derive_seed(ctx.seed, &["fingerprint".into()])));
    let verdict = verdict(&fits, points, method.decide_at);
    let mut outcome = Outcome {
        estimates: estimates(&fits, points, verdict, fingerprint.as_ref()),
        tables: vec![models_table(&fits, points)],
        notes: notes(method, input, &fits, verdict),
        ..Outcome::default()
    };
    outcome.figures = figures::energy(points, &fits, curve.as_ref());
    // Without them the depth is not determined: a stiffer and more viscous contact gives the same curve.
    if method.reduced_modulus.is_some() && method.tip_radius.is_some() {
        outcome.tables.push(contact_table(&fits, points));
        outcome.figures.extend(figures::contact(points, &fits));
        outcome.figures.extend(fits.first().and_then(|best| figures::loops(points, best, &input.setting)));
    }
    Ok(outcome)
}

/// A smooth curve through the points, weighted by their errors.
fn smooth(points: &[Point], model_error: f64) -> Option<SmoothCurve> {
    let ratios: Vec<f64> = points.iter().map(|point| point.ratio).collect();
    let energies: Vec<f64> = points.iter().map(|point| point.energy).collect();
    let largest = energies.iter().copied().fold(0.0, f64::max);
    let floor = (0.1 * model_error * largest).powi(2);
    let weight = |point: &Point| point.std_error.map_or(1.0, |error| largest.powi(2) / (error.powi(2) + floor));
    SmoothCurve::fit(&ratios, &energies, &points.iter().map(weight).collect::<Vec<_>>())
}

pub(super) fn verdict(fits: &[ModelFit], points: &[Point], decide_at: f64) -> Verdict {
    let Some(best) = fits.first() else { return Verdict::NoModel };
    let has_onset = points.iter().any(|point| point.ratio > ONSET_REGION);
    match best {
        _ if best.misfit(points) > LARGEST_MISFIT => Verdict::NoModel,
        _ if best.weight < decide_at => Verdict::TooLittleWeight,
        _ if !has_onset && best.kind != Kind::Viscoelastic => Verdict::NoOnset,
        _ => Verdict::Decided(best.kind),
    }
}

fn estimates(fits: &[ModelFit], points: &[Point], verdict: Verdict, fingerprint: Option<&Fingerprint>) -> Vec<Estimate> {
    let weight_of = |kind: Kind| fits.iter().find(|fit| fit.kind == kind).map_or(f64::NAN, |fit| fit.weight);
    let why = "a weight of evidence; see docs/coverage.md for how often a named mechanism is the true one";
    let n = points.len() as f64;
    let weight = |key: &str, symbol: &str, value: f64| Estimate::without_interval(key, symbol, value, "", why).n(n);
    let flag = match verdict {
        Verdict::Decided(kind) => kind.name(),
        _ => "undecided",
    };
    let best = fits.first();
    let mut estimates = vec![
        weight("mechanism_weight", "w", best.map_or(f64::NAN, |fit| fit.weight)).flag(flag),
        weight("mechanism_weight_viscoelastic", "w_ve", weight_of(Kind::Viscoelastic)),
        weight("mechanism_weight_surface_energy_hysteresis", "w_γ", weight_of(Kind::SurfaceEnergyHysteresis)),
        weight("mechanism_weight_long_range", "w_lr", weight_of(Kind::LongRange)),
    ];
    if let Some(fingerprint) = fingerprint {
        let features = [
            ("ratio_of_maximum", "(A/A0)_max", fingerprint.ratio_of_maximum),
            ("plateau_index", "P", fingerprint.plateau_index),
            ("onset_ratio", "(A/A0)_on", fingerprint.onset_ratio),
        ];
        estimates.extend(features.into_iter().filter_map(|(key, symbol, reading)| Some(feature(key, symbol, reading?).n(n))));
    }
    if let Some(best) = best {
        let described = "describes the fit";
        estimates.push(Estimate::without_interval("mechanism_misfit", "", best.misfit(points), "", described));
    }
    estimates
}

fn feature(key: &str, symbol: &str, reading: Reading) -> Estimate {
    let why = "read off a smoothed curve: its standard error is about that of repeated sweeps, but 95 % intervals made from it covered in 86 to 100 %";
    let estimate = Estimate::without_interval(key, symbol, reading.value, "", why);
    match reading.std_error {
        Some(error) => estimate.std_error(error),
        None => estimate.flag("not_bounded"),
    }
}

fn models_table(fits: &[ModelFit], points: &[Point]) -> Table {
    let column = |value: &dyn Fn(&ModelFit) -> f64| fits.iter().map(value).collect::<Vec<f64>>();
    let strength = |fit: &ModelFit| {
        let (symbol, unit) = fit.kind.strength();
        format!("{symbol} = {:.3e} {unit}", fit.strength)
    };
    Table::new("mechanisms", "Models, from the most to the least likely")
        .with_text("mechanism", fits.iter().map(|fit| fit.kind.name().to_owned()).collect())
        .with_numbers("weight", "", column(&|fit| fit.weight))
        .with_numbers("bic", "", column(&|fit| fit.bic))
        .with_numbers("misfit", "", column(&|fit| fit.misfit(points)))
        .with_text("strength", fits.iter().map(strength).collect())
        .with_numbers("reduced_modulus", "Pa", column(&|fit| fit.modulus))
        .with_numbers("tip_radius", "m", column(&|fit| fit.radius))
}

/// Size of the contact at the deepest point, `2√(R δ)`, with and without dissipation at the same amplitude.
fn contact_table(fits: &[ModelFit], points: &[Point]) -> Table {
    let ratios = points.iter().map(|point| point.ratio).collect();
    let table =
        Table::new("contact_size", "Contact diameter of the best model, and of an elastic sample at the same amplitude")
            .with_numbers("amplitude_ratio", "", ratios);
    let Some(best) = fits.first() else { return table };
    let diameter = |depth: &f64| if depth.is_nan() { f64::NAN } else { 2.0 * (best.radius * depth.max(0.0)).sqrt() };
    table
        .with_numbers("indentation", "m", best.indentations.clone())
        .with_numbers("contact_diameter", "m", best.indentations.iter().map(diameter).collect())
        .with_numbers("contact_diameter_elastic", "m", best.elastic_indentations.iter().map(diameter).collect())
}

fn notes(method: &Mechanism, input: &Input, fits: &[ModelFit], verdict: Verdict) -> Vec<Note> {
    let Some(best) = fits.first() else { return Vec::new() };
    let weights: Vec<String> = fits.iter().map(|fit| format!("{} {:.3}", fit.kind.name(), fit.weight)).collect();
    let weights = weights.join(", ");
    let mut notes = vec![match verdict {
        Verdict::Decided(kind) => Note::info("mechanism", format!("{} ({weights})", kind.name())),
        Verdict::TooLittleWeight => {
            Note::refused("mechanism_undecided", format!("no model has a weight of {}: {weights}", method.decide_at))
        }
        Verdict::NoOnset => Note::refused(
            "mechanism_undecided",
            format!(
                "the hysteresis of the surface energy and the long-range interaction differ where dissipation begins, and no point lies above \
                 A/A0 = {ONSET_REGION}; without one they are not told apart ({weights})"
            ),
        ),
        Verdict::NoModel => Note::refused(
            "mechanism_undecided",
            format!(
                "the best model misses the energies by {:.0} % of the largest: none of the three describes this curve",
                100.0 * best.misfit(&input.points)
            ),
        ),
    }];
    if !input.points.iter().any(|point| point.ratio > ONSET_REGION) && verdict != Verdict::NoOnset {
        let message = format!(
            "no point lies above A/A0 = {ONSET_REGION}, where the onset would show whether energy is lost before contact"
        );
        notes.push(Note::warning("no_points_at_onset", message));
    }
    if input.points.iter().all(|point| point.std_error.is_none()) {
        notes.push(Note::info("no_errors", "not every point has an error: all count alike and their scatter is the error"));
    }
    if !input.drive_stated {
        notes.push(Note::info(
            "drive_at_resonance",
            "no drive frequency is stated: the cantilever is taken to be driven at resonance",
        ));
    }
    if method.reduced_modulus.is_none() || method.tip_radius.is_none() {
        let message = "modulus and tip radius in the table are those of the fit: a stiffer and more dissipative contact gives nearly the same curve. State \
                       reduced_modulus and tip_radius to get the strength of the mechanism and the size of the contact";
        notes.push(Note::info("depth_not_determined", message));
    }
    notes.push(Note::info(
        "models",
        format!(
            "points from {}; a spherical tip, harmonic balance (one harmonic); γ = {}, a0 = {}, λ = {}; \
             {:.0} % of the largest energy are allowed for what the models leave out",
            input.source,
            method.surface_energy,
            method.contact_distance,
            method.range,
            100.0 * method.model_error
        ),
    ));
    notes
}
