use super::algorithm::{Distances, Harmonics, Split, affine, affine_finite, harmonics, seen, split};
use super::{AnisotropicPdf, Input, PatternError, Stretch};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::scattering::transform::{ToDistances, Window};

/// Step and end of the grid of distances, m. The templates must reach beyond the range that is fitted.
const STEP: f64 = 0.02e-10;
const REACH: f64 = 30e-10;
/// Standard errors below which a strain is none.
const NONE: f64 = 3.0;
/// Share of the largest Q up to which everything is done again: what the end of the range does.
const LESS: f64 = 0.9;
/// Rounds of the finite form, whose template goes with its own factor.
const ROUNDS: usize = 3;
/// Relative difference of the strain by its finite form from first order, from which on it is named.
const NOT_SMALL: f64 = 0.01;

/// Everything over distances.
#[derive(Clone)]
struct Parts {
    distances: Distances,
    /// l = 0 part, and the same without a window.
    g: Vec<f64>,
    sharp_g: Vec<f64>,
    observed: Vec<f64>,
    error: Vec<f64>,
    /// As the measurement shows them, per unit of strain.
    affine: Vec<f64>,
    anelastic: Option<Vec<f64>>,
    /// First and last index of the fit.
    rows: std::ops::Range<usize>,
}

/// What one range of Q gives.
struct Fitted {
    found: Harmonics,
    parts: Parts,
    split: Split,
    /// Relative difference of the affine strain by its finite form from first order; zero where there is hardly any strain.
    beyond_first_order: f64,
}

impl Fitted {
    fn of(method: &AnisotropicPdf, input: &Input, q: &[f64], found: Harmonics) -> Result<Self, MethodError> {
        let to_distances = ToDistances::new(q, method.window, input.number_density);
        let mut parts = parts(method, input, q, &found, &to_distances);
        let fit =
            |parts: &Parts| {
                let mut templates = vec![parts.affine.clone()];
                templates.extend(parts.anelastic.clone());
                let (rows, errors) = (parts.rows.clone(), &found.quadrupole_error);
                split(&templates, &found.quadrupole, errors, rows, parts.distances, &to_distances).ok_or(
                    PatternError::Parameter { name: "anelastic_shape", found: 0.0, needed: "different from the affine shape" },
                )
            };
        let first_order = fit(&parts)?;
        let mut split = first_order.clone();
        let mut stretched = parts.affine.clone();
        // To tell whether first order is enough one round is.
        let rounds = if method.stretch == Stretch::Finite { ROUNDS } else { 1 };
        for _ in 0..rounds {
            // A strain within its error of none has no shape of its own.
            if split.factors[0].abs() > NONE * split.covariance[0][0].sqrt() {
                let sharp = affine_finite(&parts.sharp_g, parts.distances, input.poisson_ratio, split.factors[0]);
                stretched = seen(&sharp, parts.distances, &to_distances, input.number_density, q);
                split = fit(&Parts { affine: stretched.clone(), ..parts.clone() })?;
            }
        }
        let beyond_first_order = split.factors[0] / first_order.factors[0] - 1.0;
        match method.stretch {
            Stretch::Finite => parts.affine = stretched,
            Stretch::FirstOrder => split = first_order,
        }
        Ok(Self { found, parts, split, beyond_first_order })
    }

    fn estimates(&self, method: &AnisotropicPdf, notes: &mut Vec<Note>) -> Vec<Estimate> {
        match self.parts.anelastic {
            Some(_) => of_templates(&self.split, notes),
            None => of_far_field(method, &self.split, notes),
        }
    }
}

pub(super) fn outcome(method: &AnisotropicPdf, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let pattern = &input.pattern;
    let found = harmonics(&pattern.q, &pattern.azimuths, &pattern.values, pattern.errors.as_deref(), input.wavelength)
        .ok_or(PatternError::Coverage { sectors: pattern.azimuths.len(), covered: 0.0 })?;
    ctx.check_cancelled()?;
    let misfit = found.misfit;
    let shorter = pattern.q.partition_point(|q| *q <= LESS * pattern.q[pattern.q.len() - 1]);
    let less = Fitted::of(method, input, &pattern.q[..shorter], found.up_to(shorter))?;
    let fitted = Fitted::of(method, input, &pattern.q, found)?;
    ctx.check_cancelled()?;
    let mut notes = Vec::new();
    let of_less = less.estimates(method, &mut Vec::new());
    // What the end of the range of Q does to a number.
    let with_range = |estimate: Estimate| match of_less.iter().find(|other| other.key == estimate.key) {
        Some(other) => {
            let difference = (other.value - estimate.value).abs();
            estimate.systematic_error(difference)
        }
        None => estimate,
    };
    let mut estimates: Vec<Estimate> = fitted.estimates(method, &mut notes).into_iter().map(with_range).collect();
    if fitted.parts.anelastic.is_some() {
        estimates.extend(far_field_beside(method, input, &fitted)?);
    }
    notes.extend(of_stretch(method, &fitted));
    estimates.extend(
        input
            .applied_stress
            .map(|stress| Estimate::without_interval("applied_stress", "σ", stress, "Pa", "stated in the study")),
    );
    estimates.push(diagnostic(&fitted.found, &mut notes));
    if pattern.errors.is_none() {
        notes.push(Note::info("errors_from_scatter", "errors come from the scatter of the sectors about the fit"));
    } else if !(0.5..2.0).contains(&misfit) {
        let message = format!("the sectors scatter {misfit:.2} times as much as their errors say, in squares");
        notes.push(Note::warning("misfit", message));
    }
    Ok(Outcome {
        estimates,
        tables: vec![table_of_q(&pattern.q, &fitted.found), table_of_r(&fitted.parts, &fitted.split)],
        figures: vec![figure(&fitted.parts, &fitted.split)],
        notes,
        ..Outcome::default()
    })
}

/// The affine strain of far distances alone, beside that of the shapes.
fn far_field_beside(method: &AnisotropicPdf, input: &Input, fitted: &Fitted) -> Result<Option<Estimate>, MethodError> {
    if method.affine_beyond.value >= method.range[1].value || method.affine_beyond.value < method.range[0].value {
        return Ok(None);
    }
    let alone = AnisotropicPdf { anelastic_shape: None, ..method.clone() };
    let far = Fitted::of(&alone, input, &input.pattern.q, fitted.found.clone())?;
    let why = "a check: what is anelastic beyond the distance counts as affine here";
    let error = far.split.covariance[0][0].sqrt();
    Ok(Some(Estimate::without_interval("eps_affine_far", "ε_far", far.split.factors[0], "", why).std_error(error)))
}

/// Whether first order is enough.
fn of_stretch(method: &AnisotropicPdf, fitted: &Fitted) -> Option<Note> {
    let beyond = format!("{:+.1} %", 100.0 * fitted.beyond_first_order);
    match method.stretch {
        Stretch::Finite => Some(Note::info(
            "finite_stretch",
            format!("the finite form changes the affine strain by {beyond} from first order"),
        )),
        Stretch::FirstOrder if fitted.beyond_first_order.abs() > NOT_SMALL => {
            let message = format!(
                "the strain is not small beside the width of the peaks: its finite form changes it by {beyond}; set stretch = \"finite\""
            );
            Some(Note::warning("not_first_order", message))
        }
        Stretch::FirstOrder => None,
    }
}

fn parts(method: &AnisotropicPdf, input: &Input, q: &[f64], found: &Harmonics, to_distances: &ToDistances) -> Parts {
    let distances = Distances { step: STEP, n: (REACH / STEP) as usize };
    let radii = || (0..distances.n).map(|k| distances.at(k));
    let radius: Vec<f64> = radii().collect();
    let interference: Vec<f64> = found.isotropic.iter().map(|s| s - 1.0).collect();
    let g = to_distances.isotropic_sums(&interference, &radius).into_iter().map(|sum| 1.0 + sum).collect();
    // Without a window first: every template goes to Q and comes back through the window of the data.
    let sharp = ToDistances::new(q, Window::None, input.number_density);
    let sharp_g = sharp.isotropic_sums(&interference, &radius).into_iter().map(|sum| 1.0 + sum).collect();
    let slope: Vec<f64> =
        radii().map(|r| sharp.isotropic_slope(r).zip(&interference).map(|(weight, s)| weight * s).sum()).collect();
    let through = |values: &[f64]| seen(values, distances, to_distances, input.number_density, q);
    let template = through(&affine(&slope, distances, input.poisson_ratio));
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
    Parts {
        distances,
        g,
        sharp_g,
        observed,
        error,
        affine: template,
        anelastic,
        rows: place(from)..place(method.range[1].value),
    }
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
        .with_numbers("g_00", "", parts.g.clone())
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
        let anelastic = scaled(shape, fitted.factors[1]);
        let total = scaled(&parts.affine, fitted.factors[0]).iter().zip(&anelastic).map(|(a, b)| a + b).collect();
        panel = panel.with(Mark::line("anelastic", Role::Reference, x.clone(), anelastic)).with(Mark::line(
            "total",
            Role::Null,
            x,
            total,
        ));
    }
    Figure {
        key: "anisotropic_pdf".to_owned(),
        title: "l = 2 part of the pair distribution".to_owned(),
        caption: "What the load makes of the pair distribution, with its 95 % band, and the parts that the fit takes for affine and anelastic."
            .to_owned(),
        panels: vec![panel],
    }
}
