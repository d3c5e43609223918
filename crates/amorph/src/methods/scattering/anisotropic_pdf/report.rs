use super::algorithm::{Distances, Harmonics, Split, affine, harmonics, seen, split};
use super::{AnisotropicPdf, Input, PatternError};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::scattering::transform::ToDistances;

/// Step and end of the grid of distances, m. The templates must reach beyond the range that is fitted.
const STEP: f64 = 0.02e-10;
const REACH: f64 = 30e-10;
/// Standard errors below which a strain is none.
const NONE: f64 = 3.0;
/// Everything over distances.
struct Parts {
    distances: Distances,
    observed: Vec<f64>,
    error: Vec<f64>,
    /// As the measurement shows them, per unit of strain.
    affine: Vec<f64>,
    anelastic: Option<Vec<f64>>,
    /// First and last index of the fit.
    rows: std::ops::Range<usize>,
}

pub(super) fn outcome(method: &AnisotropicPdf, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let pattern = &input.pattern;
    let found = harmonics(&pattern.q, &pattern.azimuths, &pattern.values, pattern.errors.as_deref(), input.wavelength)
        .ok_or(PatternError::Coverage { sectors: pattern.azimuths.len(), covered: 0.0 })?;
    ctx.check_cancelled()?;
    let to_distances = ToDistances::new(&pattern.q, method.window, input.number_density);
    let parts = parts(method, input, &found, &to_distances);
    ctx.check_cancelled()?;
    let mut templates = vec![parts.affine.clone()];
    templates.extend(parts.anelastic.clone());
    let fitted =
        split(&templates, &found.quadrupole, &found.quadrupole_error, parts.rows.clone(), parts.distances, &to_distances)
            .ok_or(PatternError::Parameter {
                name: "anelastic_shape",
                found: 0.0,
                needed: "different from the affine shape",
            })?;
    let mut notes = Vec::new();
    let mut estimates = match parts.anelastic {
        Some(_) => of_templates(&fitted, &mut notes),
        None => of_far_field(method, &fitted, &mut notes),
    };
    estimates.push(diagnostic(&found, &mut notes));
    if pattern.errors.is_none() {
        notes.push(Note::info("errors_from_scatter", "errors come from the scatter of the sectors about the fit"));
    } else if !(0.5..2.0).contains(&found.misfit) {
        let message = format!("the sectors scatter {:.2} times as much as their errors say, in squares", found.misfit);
        notes.push(Note::warning("misfit", message));
    }
    Ok(Outcome {
        estimates,
        tables: vec![table_of_q(&pattern.q, &found), table_of_r(&parts, &fitted)],
        figures: vec![figure(&parts, &fitted)],
        notes,
        ..Outcome::default()
    })
}

fn parts(method: &AnisotropicPdf, input: &Input, found: &Harmonics, to_distances: &ToDistances) -> Parts {
    let distances = Distances { step: STEP, n: (REACH / STEP) as usize };
    let radii = || (0..distances.n).map(|k| distances.at(k));
    let g: Vec<f64> = radii()
        .map(|r| 1.0 + to_distances.isotropic(r).zip(&found.isotropic).map(|(w, s)| w * (s - 1.0)).sum::<f64>())
        .collect();
    // g₀ has the window already; the affine shape of it is what a sharper one would show.
    let template = affine(&g, distances, input.poisson_ratio);
    let through = |values: &[f64]| seen(values, distances, to_distances, input.number_density, &input.pattern.q);
    let anelastic = method.anelastic_shape.as_ref().map(|shape| {
        let values: Vec<f64> = radii().map(|r| interpolated(shape, r)).collect();
        through(&values)
    });
    let from = if anelastic.is_some() { method.range[0].value } else { method.affine_beyond.value };
    let place = |r: f64| ((r / STEP).round() as usize).saturating_sub(1).min(distances.n);
    let observed = radii().map(|r| to_distances.quadrupole(r).zip(&found.quadrupole).map(|(w, s)| w * s).sum()).collect();
    let error = radii()
        .map(|r| to_distances.quadrupole(r).zip(&found.quadrupole_error).map(|(w, e)| (w * e).powi(2)).sum::<f64>().sqrt())
        .collect();
    Parts { distances, observed, error, affine: template, anelastic, rows: place(from)..place(method.range[1].value) }
}

/// Straight between pairs, zero outside of them.
fn interpolated(shape: &[[f64; 2]], radius: f64) -> f64 {
    let place = shape.partition_point(|pair| pair[0] <= radius);
    match (place.checked_sub(1).and_then(|before| shape.get(before)), shape.get(place)) {
        (Some(a), Some(b)) => a[1] + (b[1] - a[1]) * (radius - a[0]) / (b[0] - a[0]),
        _ => 0.0,
    }
}

fn strain(key: &str, symbol: &str, value: f64, error: f64) -> Estimate {
    let interval = (value - NORMAL_95 * error, value + NORMAL_95 * error);
    Estimate::with_interval(key, symbol, value, "", interval, Basis::Propagated).std_error(error)
}

fn of_templates(fitted: &Split, notes: &mut Vec<Note>) -> Vec<Estimate> {
    let (a, b) = (fitted.factors[0], fitted.factors[1]);
    let covariance = &fitted.covariance;
    let mut found = vec![
        strain("eps_affine", "ε_aff", a, covariance[0][0].sqrt()),
        strain("eps_anelastic", "ε_an", b, covariance[1][1].sqrt()),
    ];
    let total = a + b;
    let error = (covariance[0][0] + 2.0 * covariance[0][1] + covariance[1][1]).sqrt();
    if total.abs() < NONE * error {
        let message = "the strain is within three standard errors of none: its affine share is not determined";
        notes.push(Note::info("not_determined", message));
        return found;
    }
    // z = a/(a + b).
    let (da, db) = (b / (total * total), -a / (total * total));
    let variance = da * da * covariance[0][0] + 2.0 * da * db * covariance[0][1] + db * db * covariance[1][1];
    found.push(strain("affine_fraction_z", "z", a / total, variance.sqrt()));
    found
}

fn of_far_field(method: &AnisotropicPdf, fitted: &Split, notes: &mut Vec<Note>) -> Vec<Estimate> {
    let (value, error) = (fitted.factors[0], fitted.covariance[0][0].sqrt());
    let mut found = vec![strain("eps_affine", "ε_aff", value, error)];
    let message = format!("no anelastic_shape: strain beyond {:.1} Å is taken to be affine", 1e10 * method.affine_beyond.value);
    notes.push(Note::info("far_field", message));
    let Some(applied) = &method.applied_strain else { return found };
    let applied_error = applied.std_error.unwrap_or(0.0);
    if applied.value.abs() < NONE * applied_error.hypot(error) {
        notes.push(Note::info("not_determined", "the applied strain is within three standard errors of none"));
        return found;
    }
    let z = value / applied.value;
    let spread = (error / applied.value).hypot(z * applied_error / applied.value);
    let rest = applied.value - value;
    found.push(strain("eps_anelastic", "ε_an", rest, error.hypot(applied_error)));
    found.push(strain("affine_fraction_z", "z", z, spread));
    found
}

fn diagnostic(found: &Harmonics, notes: &mut Vec<Note>) -> Estimate {
    let mean = |values: &[f64]| (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt();
    let ratio = mean(&found.hexadecapole) / mean(&found.quadrupole);
    let noise = mean(&found.quadrupole_error) / mean(&found.quadrupole);
    if ratio > 3.0 * noise && ratio > 0.2 {
        let message = "the l = 4 part is large: is the azimuth zero along the load axis, or is there texture?";
        notes.push(Note::warning("hexadecapole", message));
    }
    Estimate::without_interval("hexadecapole_ratio", "S₄/S₂", ratio, "", "a diagnostic")
}

fn table_of_q(q: &[f64], found: &Harmonics) -> Table {
    Table::new("s_q", "Harmonics of the structure factor")
        .with_numbers("q", "1/m", q.to_vec())
        .with_numbers("s_00", "", found.isotropic.clone())
        .with_numbers("s_20", "", found.quadrupole.clone())
        .with_numbers("s_20_error", "", found.quadrupole_error.clone())
        .with_numbers("s_40", "", found.hexadecapole.clone())
}

fn table_of_r(parts: &Parts, fitted: &Split) -> Table {
    let scaled = |values: &[f64], factor: f64| values.iter().map(|value| factor * value).collect::<Vec<f64>>();
    let table = Table::new("g_r", "l = 2 part of the pair distribution")
        .with_numbers("r", "m", (0..parts.distances.n).map(|k| parts.distances.at(k)).collect())
        .with_numbers("g_20", "", parts.observed.clone())
        .with_numbers("g_20_error", "", parts.error.clone())
        .with_numbers("g_20_affine", "", scaled(&parts.affine, fitted.factors[0]));
    match &parts.anelastic {
        Some(shape) => table.with_numbers("g_20_anelastic", "", scaled(shape, fitted.factors[1])),
        None => table,
    }
}

fn figure(parts: &Parts, fitted: &Split) -> Figure {
    // What is below the first shell is noise of the transform.
    let first = (1.8e-10 / STEP) as usize;
    let last = parts.rows.end;
    let x: Vec<f64> = (first..last).map(|k| parts.distances.at(k)).collect();
    let end = |sign: f64| (first..last).map(|k| parts.observed[k] + sign * NORMAL_95 * parts.error[k]).collect();
    let scaled = |values: &[f64], factor: f64| values[first..last].iter().map(|value| factor * value).collect::<Vec<f64>>();
    let axes = (Axis::linear("distance", Unit::of("Å")), Axis::linear("g₂₀", Unit::one()));
    let mut panel = Panel::new("", axes.0, axes.1)
        .with(Mark::Band { name: "95 %".to_owned(), role: Role::Data, x: x.clone(), lo: end(-1.0), hi: end(1.0) })
        .with(Mark::line("measured", Role::Data, x.clone(), parts.observed[first..last].to_vec()))
        .with(Mark::line("affine", Role::Model, x.clone(), scaled(&parts.affine, fitted.factors[0])));
    if let Some(shape) = &parts.anelastic {
        panel = panel.with(Mark::line("anelastic", Role::Reference, x, scaled(shape, fitted.factors[1])));
    }
    Figure {
        key: "anisotropic_pdf".to_owned(),
        title: "l = 2 part of the pair distribution".to_owned(),
        caption: "What the load makes of the pair distribution, with its 95 % band, and the parts that the fit takes for affine and anelastic."
            .to_owned(),
        panels: vec![panel],
    }
}
