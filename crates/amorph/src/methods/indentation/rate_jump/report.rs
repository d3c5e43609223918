use super::algorithm::{Sensitivity, sensitivity};
use super::{IndentationError, Input, RateJump, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{Moments, student_t_quantile};
use crate::method::MethodError;
use crate::theory::activation_volume::{activation_volume, atoms_in_volume, sphere_diameter, stz_volume, stz_volume_ratio};

/// Taylor factor of a glass: shear stress is flow stress over the root of 3, flow stress a third of the hardness.
const TAYLOR: f64 = 1.732_050_807_568_877_2;

/// `m` and hardness of the file.
struct Mean {
    m: f64,
    m_std: f64,
    m_interval: (f64, f64),
    hardness: f64,
    hardness_std: f64,
    n: f64,
    basis: Basis,
}

pub(super) fn outcome(method: &RateJump, input: &Input) -> Result<Outcome, MethodError> {
    let mut fits = Vec::new();
    for (name, samples) in &input.tests {
        let fit = sensitivity(samples)
            .map_err(|error| IndentationError::NotFitted { what: "ln H over ln rate and depth", reason: error.to_string() })?;
        fits.push((name.clone(), fit));
    }
    let mean = mean(&fits)?;
    let mut outcome = Outcome {
        tables: vec![table(&fits)],
        figures: vec![figures::hardness(&input.tests, &fits)],
        notes: notes(&fits),
        ..Outcome::default()
    };
    outcome.estimates.push(
        Estimate::with_interval("rate_sensitivity", "m", mean.m, "", mean.m_interval, mean.basis)
            .std_error(mean.m_std)
            .n(mean.n),
    );
    let why = "the scale is that of the area function; the error of m does not know it";
    outcome
        .estimates
        .push(Estimate::without_interval("hardness", "H", mean.hardness, "Pa", why).std_error(mean.hardness_std).n(mean.n));
    volumes(method, input, &mean, &mut outcome)?;
    Ok(outcome)
}

fn mean(fits: &[(String, Sensitivity)]) -> Result<Mean, IndentationError> {
    let n = fits.len() as f64;
    let m: Vec<f64> = fits.iter().map(|(_, fit)| fit.value).collect();
    let hardness: Vec<f64> = fits.iter().map(|(_, fit)| fit.ln_hardness).collect();
    let failed = |error: crate::core::stats::StatsError| IndentationError::NotFitted {
        what: "the mean of m",
        reason: error.to_string(),
    };
    let hardness = crate::core::stats::mean(&hardness).map_err(failed)?.exp();
    // Two tests say little about their scatter: their own errors are kept then.
    if fits.len() < 3 {
        let value = crate::core::stats::mean(&m).map_err(failed)?;
        let variance: f64 = fits.iter().map(|(_, fit)| fit.std_error.powi(2)).sum::<f64>() / (n * n);
        let half = fits.iter().map(|(_, fit)| 0.5 * (fit.interval.1 - fit.interval.0)).map(|h| h * h).sum::<f64>().sqrt() / n;
        let hardness_std = hardness * fits.iter().map(|(_, fit)| fit.ln_hardness_std.powi(2)).sum::<f64>().sqrt() / n;
        let m_interval = (value - half, value + half);
        return Ok(Mean { m: value, m_std: variance.sqrt(), m_interval, hardness, hardness_std, n, basis: Basis::Likelihood });
    }
    let moments = Moments::of(&m).map_err(failed)?;
    let half = student_t_quantile(0.975, n - 1.0).map_err(failed)? * moments.std_error();
    let logs: Vec<f64> = fits.iter().map(|(_, fit)| fit.ln_hardness).collect();
    let hardness_std = hardness * Moments::of(&logs).map_err(failed)?.std_error();
    let (value, m_std) = (moments.mean, moments.std_error());
    Ok(Mean { m: value, m_std, m_interval: (value - half, value + half), hardness, hardness_std, n, basis: Basis::Replicate })
}

fn volumes(method: &RateJump, input: &Input, mean: &Mean, outcome: &mut Outcome) -> Result<(), MethodError> {
    if mean.m_interval.0 <= 0.0 {
        let text = format!(
            "activation volume and zone volume are not defined: the interval of m, {:.4} to {:.4}, holds zero or less; serrated flow is described by \
             its events",
            mean.m_interval.0, mean.m_interval.1
        );
        outcome.notes.push(Note::refused("volume_not_defined", text));
        return Ok(());
    }
    let Some(temperature) = input.temperature else {
        outcome.notes.push(Note::refused("no_temperature", "state temperature for the activation volume"));
        return Ok(());
    };
    let theory =
        |error: crate::theory::TheoryError| IndentationError::NotFitted { what: "the volume", reason: error.to_string() };
    let volume = |m: f64| activation_volume(m, mean.hardness / 3.0, temperature, TAYLOR).map_err(theory);
    let value = volume(mean.m)?;
    let interval = (volume(mean.m_interval.1)?, volume(mean.m_interval.0)?);
    let relative = mean.m_std / mean.m;
    let scaled = |key: &str, symbol: &str, factor: f64| {
        let interval = (factor * interval.0, factor * interval.1);
        Estimate::with_interval(key, symbol, factor * value, "m^3", interval, mean.basis).std_error(factor * value * relative)
    };
    outcome.estimates.push(scaled("activation_volume", "V*", 1.0));
    let by_factor = stz_volume(1e-28, method.zone_factor).map_err(theory)? / 1e-28;
    outcome.estimates.push(scaled("stz_volume_by_factor", "Ω", by_factor).flag("model_dependent"));
    let Some(glass_transition) = input.glass_transition else {
        outcome.notes.push(Note::refused(
            "no_glass_transition",
            "state glass_transition_temperature for the zone volume by the barrier",
        ));
        return Ok(());
    };
    let ratio = strength_ratio(method, temperature, glass_transition)?;
    let factor = zone_factor(method, ratio)?;
    outcome.estimates.push(scaled("stz_volume", "Ω", factor).flag("model_dependent"));
    let diameter = |volume: f64| sphere_diameter(volume).map_err(theory);
    let range = (diameter(factor * interval.0)?, diameter(factor * interval.1)?);
    outcome.estimates.push(
        Estimate::with_interval("stz_diameter", "d", diameter(factor * value)?, "m", range, mean.basis).flag("model_dependent"),
    );
    if let Some(atomic) = input.atomic_volume {
        let atoms = |volume: f64| atoms_in_volume(volume, atomic).map_err(theory);
        let range = (atoms(factor * interval.0)?, atoms(factor * interval.1)?);
        outcome.estimates.push(
            Estimate::with_interval("stz_atoms", "n", atoms(factor * value)?, "", range, mean.basis).flag("model_dependent"),
        );
    }
    let text = format!(
        "zone volume over activation volume is {factor:.2} by the barrier (R = {}, ζ = {}, γc = {}, τc/G = {}, τ/τc = {ratio:.4}) and {} by the stated \
         factor; these constants are inputs, and their error is not in the interval",
        method.barrier_prefactor, method.zeta, method.critical_strain, method.athermal_strength, method.zone_factor
    );
    outcome.notes.push(Note::info("zone_constants", text));
    Ok(())
}

/// Shear strength at a temperature over the athermal one, `1 - (b/a)(T/Tg)^(2/3)`.
pub(super) fn strength_ratio(method: &RateJump, temperature: f64, glass_transition: f64) -> Result<f64, IndentationError> {
    let ratio = 1.0 - method.thermal_slope / method.athermal_strength * (temperature / glass_transition).powf(2.0 / 3.0);
    let rule = "must lie above 0: the constants of the strength leave none at this temperature";
    if ratio > 0.0 { Ok(ratio) } else { Err(IndentationError::Impossible { what: "τ/τc", value: ratio, rule }) }
}

/// Zone volume over activation volume at a stress.
pub(super) fn zone_factor(method: &RateJump, stress_ratio: f64) -> Result<f64, IndentationError> {
    let modulus_ratio = 1.0 / method.athermal_strength;
    stz_volume_ratio(method.barrier_prefactor, method.zeta, method.critical_strain, modulus_ratio, stress_ratio)
        .map_err(|error| IndentationError::NotFitted { what: "the zone volume", reason: error.to_string() })
}

fn table(fits: &[(String, Sensitivity)]) -> Table {
    let column = |of: fn(&Sensitivity) -> f64| fits.iter().map(|(_, fit)| of(fit)).collect::<Vec<f64>>();
    Table::new("tests", "Rate sensitivity by test")
        .with_text("name", fits.iter().map(|(name, _)| name.clone()).collect())
        .with_numbers("rate_sensitivity", "", column(|fit| fit.value))
        .with_numbers("std_error", "", column(|fit| fit.std_error))
        .with_numbers("interval_lo", "", column(|fit| fit.interval.0))
        .with_numbers("interval_hi", "", column(|fit| fit.interval.1))
        .with_numbers("hardness", "Pa", column(|fit| fit.ln_hardness.exp()))
        .with_numbers("depth_trend", "1/m", column(|fit| fit.depth_trend))
        .with_numbers("residual_correlation", "", column(|fit| fit.correlation))
        .with_numbers("samples", "", column(|fit| fit.n as f64))
}

fn notes(fits: &[(String, Sensitivity)]) -> Vec<Note> {
    let mut notes = Vec::new();
    if fits.iter().any(|(_, fit)| fit.correlation > 0.95) {
        let text = "residuals hardly change from sample to sample: a trend that is not linear in depth passes for noise";
        notes.push(Note::warning("strong_correlation", text));
    }
    if fits.len() == 2 {
        notes.push(Note::info("two_tests", "two tests: the interval is that of their fits, not of their scatter"));
    }
    notes
}
