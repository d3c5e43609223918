use super::algorithm::{Found, Law, fit, relaxation};
use super::figures;
use super::history::{Prepared, different};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::method::MethodError;
use crate::methods::calorimetry::CalorimetryError;
use crate::theory::constants::GAS;

/// Histories that are needed to tell the parameters from each other.
const NEEDED: usize = 3;
/// Correlation from which two parameters are one.
const SAME: f64 = 0.99;
/// Misfit over the step from which the model does not describe the scans.
const POOR: f64 = 0.05;
/// Mean share of 1/f noise, over white, from which the intervals cover too little.
const FLICKER: f64 = 0.5;
const NAMES: [&str; 4] = ["glass_transition_tau100s", "tnm_enthalpy", "tnm_nonlinearity", "tnm_exponent"];
const SYMBOLS: [&str; 4] = ["Tg", "Δh*", "x", "β"];
const UNITS: [&str; 4] = ["K", "J/mol", "", ""];

pub(super) fn outcome(law: Law, prepared: &Prepared, notes: &[Note]) -> Result<Outcome, MethodError> {
    let failed = |error: crate::core::fit::FitError| CalorimetryError::NotFitted {
        what: "the relaxation".to_owned(),
        reason: error.to_string(),
    };
    let found = fit(law, &prepared.pieces, prepared.near).map_err(failed)?;
    let mut outcome = Outcome { notes: notes.to_vec(), ..Outcome::default() };
    let histories = different(&prepared.pasts);
    let misfit = misfit(&found);
    let refused = refusal(&found, histories, misfit, &mut outcome);
    estimates(law, &found, refused.as_deref(), &mut outcome);
    let why = "a measure of the fit";
    outcome.estimates.push(Estimate::without_interval("tnm_misfit", "", misfit, "", why));
    outcome.estimates.push(Estimate::without_interval("histories", "", histories as f64, "", "a count"));
    outcome.tables.push(correlations(&found));
    outcome.tables.push(curves(prepared, &found));
    outcome.figures = vec![figures::scans(prepared, &found)];
    Ok(outcome)
}

/// Root mean square of the residuals over the step.
fn misfit(found: &Found) -> f64 {
    let of = |shape: &super::algorithm::Shape| shape.left.iter().map(|r| (r / shape.linear[2]).powi(2)).sum::<f64>();
    let n: usize = found.shapes.iter().map(|shape| shape.left.len()).sum();
    (found.shapes.iter().map(of).sum::<f64>() / n as f64).sqrt()
}

/// Why no intervals are shown.
fn refusal(found: &Found, histories: usize, misfit: f64, outcome: &mut Outcome) -> Option<String> {
    let fit = &found.fit;
    let pairs = (0..4).flat_map(|a| (0..a).map(move |b| (a, b)));
    let strongest = pairs.max_by(|p, q| fit.correlation(p.0, p.1).abs().total_cmp(&fit.correlation(q.0, q.1).abs()));
    let (a, b) = strongest.unwrap_or((1, 0));
    let r = fit.correlation(a, b);
    let text = format!("{} and {} are correlated to {r:.3}; {histories} thermal histories differ", SYMBOLS[a], SYMBOLS[b]);
    outcome.notes.push(Note::info("correlation", text));
    if found.shapes.iter().any(|shape| shape.linear[2] <= 0.0) {
        return Some("the fitted step of the heat capacity is not above zero; check heat_flow_sign".to_owned());
    }
    if let Some(k) = (0..4).find(|k| fit.at_bound[*k]) {
        return Some(format!("{} stands at the end of its range", SYMBOLS[k]));
    }
    if histories < NEEDED {
        let text = format!(
            "{histories} thermal histories do not tell Δh*, x and β from each other; {NEEDED} are needed, best over a decade of cooling rates"
        );
        outcome.notes.push(Note::warning("degenerate", text.clone()));
        return Some(format!("degenerate: {text}"));
    }
    if r.abs() > SAME {
        return Some(format!("degenerate: {} and {} are correlated to {r:.3}", SYMBOLS[a], SYMBOLS[b]));
    }
    let share = found.noise.iter().map(|(white, flicker)| flicker / white).sum::<f64>() / found.noise.len() as f64;
    if share > FLICKER {
        let text =
            format!("1/f noise is {share:.1} times the white noise; intervals were shown to cover with white noise alone");
        outcome.notes.push(Note::warning("flicker", text.clone()));
        return Some(text);
    }
    if misfit > POOR {
        let text = format!(
            "the model leaves {:.1} % of the step: one set of parameters does not describe these scans",
            100.0 * misfit
        );
        outcome.notes.push(Note::warning("poor_fit", text.clone()));
        return Some(text);
    }
    None
}

fn estimates(law: Law, found: &Found, refused: Option<&str>, outcome: &mut Outcome) {
    let fit = &found.fit;
    let mut push = |key: &str, symbol: &str, unit: &str, value: f64, std: f64| {
        let estimate = match refused {
            Some(why) => {
                let shown = Estimate::without_interval(key, symbol, value, unit, why);
                if why.starts_with("degenerate") { shown.flag("degenerate") } else { shown }
            }
            None => {
                let ends = (value - NORMAL_95 * std, value + NORMAL_95 * std);
                Estimate::with_interval(key, symbol, value, unit, ends, Basis::Likelihood).std_error(std)
            }
        };
        outcome.estimates.push(estimate);
    };
    for k in 0..4 {
        push(NAMES[k], SYMBOLS[k], UNITS[k], fit.params[k], fit.std_errors[k]);
    }
    let (t, h) = (fit.params[0], fit.params[1]);
    let m = h / (GAS * t * std::f64::consts::LN_10);
    let [st, sh] = [0, 1].map(|k| fit.std_errors[k] / fit.params[k]);
    let shared = fit.covariance[[0, 1]] / (t * h);
    push("fragility_index", "m", "", m, m * (st * st + sh * sh - 2.0 * shared).max(0.0).sqrt());
    let why = "it goes with Δh*: only both together mean something";
    outcome.estimates.push(Estimate::without_interval(
        "tnm_prefactor_ln",
        "ln A",
        relaxation(law, &fit.params).ln_prefactor,
        "",
        why,
    ));
    if law == Law::AdamGibbs {
        let x = fit.params[2];
        let why = "it goes with x and Tg";
        outcome.estimates.push(Estimate::without_interval("kauzmann_temperature", "T2", (1.0 - x) * t, "K", why));
    }
}

fn correlations(found: &Found) -> Table {
    let mut table = Table::new("correlation", "Correlation of the parameters");
    table = table.with_text("parameter", SYMBOLS.iter().map(|name| (*name).to_owned()).collect());
    for (b, name) in NAMES.iter().enumerate() {
        let of = |a: usize| if a == b { 1.0 } else { found.fit.correlation(a, b) };
        table = table.with_numbers(name, "", (0..4).map(of).collect());
    }
    table
}

/// Normalised heat capacity of every scan and of the model.
pub(super) fn normalised(prepared: &Prepared, found: &Found, k: usize) -> (Vec<f64>, Vec<f64>) {
    let (piece, shape) = (&prepared.pieces[k], &found.shapes[k]);
    let middles = piece.middles();
    let step = |i: usize| {
        let above = 0.5 * (shape.fictive[i] + shape.fictive[i + 1]) - shape.origin;
        shape.linear[2] + shape.linear[3] * above / 50.0
    };
    let data = (0..middles.len()).map(|i| shape.relaxing[i] + shape.left[i] / step(i)).collect();
    (middles, data)
}

fn curves(prepared: &Prepared, found: &Found) -> Table {
    let mut rows: Vec<(f64, f64, f64, f64, f64)> = Vec::new();
    for k in 0..prepared.pieces.len() {
        let (middles, data) = normalised(prepared, found, k);
        let shape = &found.shapes[k];
        let row = |i: usize| {
            (k as f64 + 1.0, middles[i], data[i], shape.relaxing[i], 0.5 * (shape.fictive[i] + shape.fictive[i + 1]))
        };
        rows.extend((0..middles.len()).map(row));
    }
    Table::new("normalised", "Normalised heat capacity dTf/dT of the scans and of the model, and the fictive temperature")
        .with_numbers("scan", "", rows.iter().map(|row| row.0).collect())
        .with_numbers("temperature", "K", rows.iter().map(|row| row.1).collect())
        .with_numbers("measured", "", rows.iter().map(|row| row.2).collect())
        .with_numbers("model", "", rows.iter().map(|row| row.3).collect())
        .with_numbers("fictive_temperature", "K", rows.iter().map(|row| row.4).collect())
}
