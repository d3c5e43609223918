use super::algorithm::{Fitted, Shape, fit};
use super::{FEWEST, Input, SpectrumFit, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::log_spectrum::{Curve, NoiseModel};

/// Below this probability the signs of the residuals are not random.
const NOT_RANDOM: f64 = 0.05;

pub(super) fn outcome(method: &SpectrumFit, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let isotherm = &input.isotherms[input.chosen];
    let curve = isotherm.curve();
    let (mut fits, mut failures) = candidates(method, &curve);
    fits.sort_by(|a, b| a.bic.total_cmp(&b.bic));
    let Some(best) = fits.first() else {
        let reason = failures.pop().unwrap_or_else(|| "no relaxation function converged".to_owned());
        return Err(RelaxationError::NotFitted { what: isotherm.label(), reason }.into());
    };
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    estimates(best, &curve, &mut outcome);
    outcome.tables.push(model_table(&fits));
    if input.isotherms.len() > 1 {
        outcome.tables.push(isotherm_table(method, input, best, ctx)?);
    }
    notes(input, best, &fits, failures, &mut outcome);
    outcome.figures = figures::all(isotherm, best, &fits);
    Ok(outcome)
}

/// Every function with the noise that suits it best, and why others failed.
fn candidates(method: &SpectrumFit, curve: &Curve) -> (Vec<Fitted>, Vec<String>) {
    let noises = match method.noise.model() {
        Some(noise) => vec![noise],
        None => vec![NoiseModel::ModulusAndPhase, NoiseModel::Relative],
    };
    let (mut fits, mut failures) = (Vec::new(), Vec::new());
    for shape in method.model.shapes() {
        let mut of_shape: Vec<Fitted> = Vec::new();
        for noise in noises.iter().filter(|noise| noise.ln_density(std::slice::from_ref(curve)).is_some()) {
            match fit(curve, shape, *noise, method.liquid) {
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
    outcome.estimates.push(fitted("modulus_unrelaxed", "M_u", "Pa", 1 + k, f64::exp));
    let strength = best.derived(|p| Some(p[1 + k] + p[2 + k].ln()));
    outcome.estimates.extend(strength.map(|found| logarithmic("relaxation_strength", "ΔM", "Pa", found)));
    let relaxed = best.unrelaxed() * (1.0 - best.share());
    let why = "given by M_u and ΔM, whose errors go together; it may be zero, where no interval to first order holds";
    if !best.liquid {
        outcome.estimates.push(Estimate::without_interval("modulus_relaxed", "M_r", relaxed, "Pa", why));
    }
    let why = "a property of the instrument that the fit finds too; its own error is not carried";
    outcome.estimates.push(Estimate::without_interval("modulus_noise", "σ_r", best.noise[0], "", why));
    if best.noise_model == NoiseModel::ModulusAndPhase {
        outcome.estimates.push(Estimate::without_interval("phase_noise", "σ_δ", best.noise[1], "rad", why));
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

fn model_table(fits: &[Fitted]) -> Table {
    let number = |of: &dyn Fn(&Fitted) -> f64| fits.iter().map(of).collect::<Vec<f64>>();
    let lowest = fits.iter().map(|fit| fit.bic).fold(f64::INFINITY, f64::min);
    let least = fits.iter().map(|fit| fit.aicc).fold(f64::INFINITY, f64::min);
    Table::new("models", "Relaxation functions, the best first")
        .with_text("model", fits.iter().map(|fit| fit.shape.word().to_owned()).collect())
        .with_numbers("bic_difference", "", number(&|fit| fit.bic - lowest))
        .with_numbers("aicc_difference", "", number(&|fit| fit.aicc - least))
        .with_numbers("tau", "s", number(&|fit| fit.fit.params[0].exp()))
        .with_numbers("tau_peak", "s", number(&|fit| fit.ln_peak_time().map_or(f64::NAN, |found| found.0.exp())))
        .with_numbers("tau_mean", "s", number(&|fit| fit.ln_mean_time().map_or(f64::INFINITY, |found| found.0.exp())))
        .with_numbers("loss_wing_low", "", number(&|fit| fit.shape.wings(fit.shapes()).0))
        .with_numbers("loss_wing_high", "", number(&|fit| fit.shape.wings(fit.shapes()).1))
        .with_numbers("modulus_unrelaxed", "Pa", number(&Fitted::unrelaxed))
        .with_numbers("relaxed_share", "", number(&Fitted::share))
        .with_numbers("runs_p", "", number(&|fit| fit.runs_p.unwrap_or(f64::NAN)))
}

/// The chosen function at every temperature.
fn isotherm_table(method: &SpectrumFit, input: &Input, best: &Fitted, ctx: &Ctx) -> Result<Table, MethodError> {
    let mut rows: Vec<(f64, Fitted)> = Vec::new();
    for isotherm in input.isotherms.iter().filter(|isotherm| isotherm.readings.len() >= FEWEST) {
        ctx.check_cancelled()?;
        let curve = isotherm.curve();
        if best.noise_model.ln_density(std::slice::from_ref(&curve)).is_some()
            && let Ok(found) = fit(&curve, best.shape, best.noise_model, method.liquid)
        {
            rows.push((isotherm.temperature, found));
        }
    }
    let number = |of: &dyn Fn(&Fitted) -> f64| rows.iter().map(|(_, fit)| of(fit)).collect::<Vec<f64>>();
    let std = |index: usize| number(&|fit| fit.inflation * fit.fit.std_errors[index]);
    let mut table = Table::new("isotherms", "The same function at every temperature, errors to first order")
        .with_numbers("temperature", "K", rows.iter().map(|(t, _)| *t).collect())
        .with_numbers("tau", "s", number(&|fit| fit.fit.params[0].exp()))
        .with_numbers("ln_tau_std_error", "", std(0));
    for shape in 0..best.shape.n_shapes() {
        table = table.with_numbers(&format!("exponent_{}", shape + 1), "", number(&|fit| fit.shapes()[shape])).with_numbers(
            &format!("exponent_{}_std_error", shape + 1),
            "",
            std(1 + shape),
        );
    }
    Ok(table.with_numbers("modulus_unrelaxed", "Pa", number(&Fitted::unrelaxed)).with_numbers(
        "relaxed_share",
        "",
        number(&Fitted::share),
    ))
}

fn notes(input: &Input, best: &Fitted, fits: &[Fitted], failures: Vec<String>, outcome: &mut Outcome) {
    let label = input.isotherms[input.chosen].label();
    let text = format!("{label}, {} modulus: {} has the lowest criterion of {}", input.kind, best.shape.word(), fits.len());
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
