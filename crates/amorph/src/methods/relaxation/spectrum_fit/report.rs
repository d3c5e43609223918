use super::algorithm::{Fitted, Shape, fit};
use super::terms::{Measured, Terms};
use super::{Input, SpectrumFit, figures, tables};
use crate::core::ctx::Ctx;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::log_spectrum::{Curve, NoiseModel};

/// Difference of the Bayesian criterion from which on a term is needed.
const NEEDED: f64 = 6.0;
/// Permittivity of the vacuum, F/m (CODATA 2022).
const VACUUM_PERMITTIVITY: f64 = 8.854_187_818_8e-12;
/// Below this probability the signs of the residuals are not random.
const NOT_RANDOM: f64 = 0.05;

pub(super) fn outcome(method: &SpectrumFit, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let isotherm = &input.isotherms[input.chosen];
    let curve = isotherm.curve();
    let (mut fits, mut failures) = candidates(method, &curve, method.terms(input.measured));
    fits.sort_by(|a, b| a.bic.total_cmp(&b.bic));
    let Some(best) = fits.first() else {
        let reason = failures.pop().unwrap_or_else(|| "no relaxation function converged".to_owned());
        return Err(RelaxationError::NotFitted { what: isotherm.label(), reason }.into());
    };
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    estimates(best, &curve, &mut outcome);
    outcome.tables.push(tables::models(&fits, &curve));
    if input.isotherms.len() > 1 {
        outcome.tables.push(tables::isotherms(input, best, ctx)?);
    }
    outcome.tables.extend(tables::influence(best, &curve));
    outcome.tables.extend(tables::conversion(best, &curve));
    notes(input, best, &fits, failures, &mut outcome);
    term_notes(best, &curve, &mut outcome);
    outcome.figures = figures::all(isotherm, best, &fits);
    Ok(outcome)
}

/// Every function with the noise that suits it best, and why others failed.
fn candidates(method: &SpectrumFit, curve: &Curve, terms: Terms) -> (Vec<Fitted>, Vec<String>) {
    let noises = match method.noise.model() {
        Some(noise) => vec![noise],
        None => vec![NoiseModel::ModulusAndPhase, NoiseModel::Relative],
    };
    let (mut fits, mut failures) = (Vec::new(), Vec::new());
    for shape in method.model.shapes() {
        let mut of_shape: Vec<Fitted> = Vec::new();
        for noise in noises.iter().filter(|noise| noise.ln_density(std::slice::from_ref(curve)).is_some()) {
            match fit(curve, shape, *noise, terms) {
                Ok(found) => of_shape.push(found),
                Err(error) => failures.push(format!("{}: {error}", shape.word())),
            }
        }
        fits.extend(of_shape.into_iter().min_by(|a, b| a.bic.total_cmp(&b.bic)));
    }
    (fits, failures)
}

fn estimates(best: &Fitted, curve: &Curve, outcome: &mut Outcome) {
    let k = best.shape.n_shapes();
    let params = &best.fit.params;
    let fitted = |key: &str, symbol: &str, unit: &str, index: usize, of: fn(f64) -> f64| {
        let (value, std) = (of(params[index]), best.fit.std_errors[index] * best.inflation);
        let bounds = if (1..=k).contains(&index) { (0.15, 1.0) } else { (f64::NEG_INFINITY, f64::INFINITY) };
        let estimate = match best.interval(curve, index) {
            Ok((None, None)) => Estimate::without_interval(key, symbol, value, unit, "not identified: the profile stays flat"),
            Ok((lo, hi)) => {
                let ends = (lo.map_or(f64::NAN, |lo| of(lo.max(bounds.0))), hi.map_or(f64::NAN, |hi| of(hi.min(bounds.1))));
                let closed =
                    (if ends.0.is_nan() { of(bounds.0) } else { ends.0 }, if ends.1.is_nan() { of(bounds.1) } else { ends.1 });
                let whole = closed.0.is_finite() && closed.1.is_finite();
                let ends = if whole { closed } else { ends };
                Estimate::with_interval(key, symbol, value, unit, ends, Basis::Likelihood)
            }
            Err(error) => Estimate::without_interval(key, symbol, value, unit, &error.to_string()),
        };
        let logarithm = (of(1.0) - 1.0).abs() > 0.5;
        let estimate = estimate.std_error(if logarithm { value * std } else { std }).n(curve.ln_omega.len() as f64);
        if best.fit.at_bound[index] { estimate.flag("at_bound") } else { estimate }
    };
    let plain = |x: f64| x;
    let name = if best.shape == Shape::Kww { ("tau_kww", "τ_KWW") } else { ("tau_hn", "τ_HN") };
    outcome.estimates.push(fitted(name.0, name.1, "s", 0, f64::exp));
    match best.shape {
        Shape::Debye => {}
        Shape::Kww => outcome.estimates.push(fitted("beta_kww", "β", "", 1, plain)),
        Shape::ColeDavidson => outcome.estimates.push(fitted("hn_gamma", "γ", "", 1, plain)),
        Shape::ColeCole => outcome.estimates.push(fitted("hn_alpha", "α", "", 1, plain)),
        Shape::HavriliakNegami => {
            outcome.estimates.push(fitted("hn_alpha", "α", "", 1, plain));
            outcome.estimates.push(fitted("loss_wing_high", "1-n", "", 2, plain));
            let gamma = best.derived(|p| Some((p[2] / p[1]).ln()));
            outcome.estimates.extend(gamma.map(|found| logarithmic("hn_gamma", "γ", "", found)));
        }
    }
    wings(best, outcome);
    let peak = best.ln_peak_time().map(|found| logarithmic("tau_peak", "1/ω_m", "s", found));
    let mean = best.ln_mean_time().map(|found| logarithmic("tau_mean", "<τ>", "s", found));
    outcome.estimates.extend(peak);
    outcome.estimates.extend(mean);
    let words = best.terms.measured.words();
    outcome.estimates.push(fitted(words.unrelaxed.0, words.unrelaxed.1, words.unit, 1 + k, f64::exp));
    let strength = best.ln_strength().map(|found| logarithmic(words.strength.0, words.strength.1, words.unit, found));
    outcome.estimates.extend(strength);
    match best.terms.measured {
        Measured::Modulus if best.terms.liquid => {}
        Measured::Modulus => {
            let why = "given by M_u and ΔM, whose errors go together; it may be zero, where no interval to first order holds";
            outcome.estimates.push(Estimate::without_interval(
                words.relaxed.0,
                words.relaxed.1,
                best.relaxed(),
                words.unit,
                why,
            ));
        }
        _ => {
            let relaxed = best.ln_relaxed().map(|found| logarithmic(words.relaxed.0, words.relaxed.1, words.unit, found));
            outcome.estimates.extend(relaxed);
        }
    }
    let (key, symbol, unit) = words.flow;
    let flow = best.flow_index().map(|index| amplitude(best, curve, index, (key, symbol, unit), |value| best.flow_of(value)));
    outcome.estimates.extend(flow);
    let name = (words.constant_loss, "C", words.unit);
    let constant = best.constant_loss_index().map(|index| amplitude(best, curve, index, name, |value| value * best.unit));
    outcome.estimates.extend(constant);
    let why = "a property of the instrument that the fit finds too; its own error is not carried";
    outcome.estimates.push(Estimate::without_interval("modulus_noise", "σ_r", best.noise[0], "", why));
    if best.noise_model == NoiseModel::ModulusAndPhase {
        outcome.estimates.push(Estimate::without_interval("phase_noise", "σ_δ", best.noise[1], "rad", why));
    }
}

/// A term beside the function; without an interval where it may be zero.
fn amplitude(
    best: &Fitted,
    curve: &Curve,
    index: usize,
    (key, symbol, unit): (&str, &str, &str),
    of: impl Fn(f64) -> f64,
) -> Estimate {
    let value = of(best.fit.params[index]);
    match best.interval(curve, index) {
        Ok((Some(lo), Some(hi))) if lo > 0.0 => {
            let ends = (of(lo).min(of(hi)), of(lo).max(of(hi)));
            Estimate::with_interval(key, symbol, value, unit, ends, Basis::Likelihood).n(curve.ln_omega.len() as f64)
        }
        Ok(_) => Estimate::without_interval(key, symbol, value, unit, "the readings do not tell this term from none"),
        Err(error) => Estimate::without_interval(key, symbol, value, unit, &error.to_string()),
    }
}

impl Fitted {
    /// Viscosity (Pa s) or conductivity (S/m) of an amplitude of the flow.
    pub(super) fn flow_of(&self, amplitude: f64) -> f64 {
        let (loss, omega) = (amplitude * self.unit, self.ln_middle.exp());
        match self.terms.measured {
            Measured::Modulus => loss / omega,
            Measured::Compliance => 1.0 / (loss * omega),
            Measured::Permittivity => VACUUM_PERMITTIVITY * loss * omega,
        }
    }
}

/// Exponents of the wings that are not fitted themselves.
fn wings(best: &Fitted, outcome: &mut Outcome) {
    let (low, high) = best.shape.wings(best.shapes());
    let why = "follows from the function and its exponents, whose intervals are given";
    let found = |outcome: &Outcome, key: &str| outcome.estimate(key).is_some();
    if !found(outcome, "loss_wing_low") {
        outcome.estimates.push(Estimate::without_interval("loss_wing_low", "m", low, "", why));
    }
    if !found(outcome, "loss_wing_high") {
        outcome.estimates.push(Estimate::without_interval("loss_wing_high", "1-n", high, "", why));
    }
}

/// A positive number from its logarithm and the error of that.
fn logarithmic(key: &str, symbol: &str, unit: &str, (value, std): (f64, f64)) -> Estimate {
    let ends = ((value - 1.96 * std).exp(), (value + 1.96 * std).exp());
    Estimate::with_interval(key, symbol, value.exp(), unit, ends, Basis::Likelihood).std_error(value.exp() * std)
}

fn notes(input: &Input, best: &Fitted, fits: &[Fitted], failures: Vec<String>, outcome: &mut Outcome) {
    let label = input.isotherms[input.chosen].label();
    let text = format!(
        "{label}, {} {}: {} has the lowest criterion of {}",
        input.kind,
        input.measured.words().kind,
        best.shape.word(),
        fits.len()
    );
    outcome.notes.push(Note::info("chosen", text));
    outcome.notes.extend(failures.into_iter().map(|failure| Note::info("model_failed", failure)));
    if let Some(second) = fits.get(1).filter(|second| second.bic - best.bic < 6.0) {
        let text = format!(
            "{} is hardly worse (criterion {:.1} higher): the readings do not tell which function it is",
            second.shape.word(),
            second.bic - best.bic
        );
        outcome.notes.push(Note::warning("models_alike", text));
    }
    if matches!(best.shape, Shape::ColeCole | Shape::HavriliakNegami) {
        outcome.notes.push(Note::info("mean_infinite", "the mean relaxation time of this function is infinite for α < 1"));
    }
    if let Some(p) = best.runs_p.filter(|p| *p < NOT_RANDOM) {
        let text = format!(
            "the signs of the residuals are not random (p {p:.1e}): the function does not have the shape of the spectrum",
            p = Probability(p)
        );
        outcome.notes.push(Note::warning("residuals_not_random", text));
    }
    if best.inflation > 1.0 {
        let text = format!("neighbouring residuals are alike: all errors are multiplied by {:.2}", best.inflation);
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    let times = "model time, 1/ω of the peak and mean time are different numbers; compare only the same one";
    outcome.notes.push(Note::info("three_times", times));
}

/// Whether the terms beside the function are needed, and whether one reading decides.
fn term_notes(best: &Fitted, curve: &Curve, outcome: &mut Outcome) {
    let without = [
        (best.terms.flow, "flow", Terms { flow: false, ..best.terms }),
        (best.terms.constant_loss, "constant_loss", Terms { constant_loss: false, ..best.terms }),
    ];
    for (_, term, terms) in without.into_iter().filter(|(asked, _, _)| *asked) {
        let Ok(plain) = fit(curve, best.shape, best.noise_model, terms) else { continue };
        let gain = plain.bic - best.bic;
        let text = format!("without {term} the criterion of {} is {gain:.1} higher", best.shape.word());
        outcome.notes.push(if gain < NEEDED {
            Note::warning("term_not_needed", format!("{text}: the readings do not need this term; leave it out"))
        } else {
            Note::info("term_needed", text)
        });
    }
    let Some(left) = best.left_out(curve) else { return };
    let std = best.fit.std_errors[0] * best.inflation;
    let largest = (0..left.ln_tau.len()).max_by(|a, b| left.ln_tau[*a].abs().total_cmp(&left.ln_tau[*b].abs()));
    if let Some(row) = largest.filter(|row| left.ln_tau[*row].abs() > std) {
        let text = format!(
            "without the reading at {:.4e} rad/s ln τ changes by {:+.1} standard errors: see whether it is an outlier",
            curve.ln_omega[row].exp(),
            left.ln_tau[row] / std
        );
        outcome.notes.push(Note::warning("one_reading_decides", text));
    }
}
