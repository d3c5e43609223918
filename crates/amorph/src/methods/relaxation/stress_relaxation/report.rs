use super::algorithm::{Fitted, Law, fit};
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;
use crate::theory::constants::BOLTZMANN;

/// Difference of the criterion above which a law is rejected.
const REJECTED: f64 = 6.0;

/// Correlation of neighbouring readings above which no interval is given.
const ALIKE: f64 = 0.6;

fn alike(input: &Input) -> String {
    format!(
        "errors of neighbouring readings are alike (correlation {:.2}): drift or a filter, beyond what the intervals were tested for",
        input.correlation
    )
}

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let fits: Vec<Fitted> = Law::ALL.into_iter().filter_map(|law| fit(law, &input.bins).ok()).collect();
    let least = fits.iter().map(|fitted| fitted.inflation).fold(f64::INFINITY, f64::min);
    let criterion = |fitted: &Fitted| fitted.aicc(least);
    let best = fits.iter().min_by(|a, b| criterion(a).total_cmp(&criterion(b)));
    let failed = || RelaxationError::NotFitted { what: "a law".to_owned(), reason: "no fit converged".to_owned() };
    let best = best.ok_or_else(failed)?;
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let above = |fitted: &Fitted| criterion(fitted) - criterion(best);
    logarithmic(input, &fits, &above, &mut outcome);
    stretched(input, &fits, &above, &mut outcome);
    let last = input.bins.times[input.bins.times.len() - 1];
    let lost = 1.0 - best.stress(last) / input.initial;
    let why = "from the first stress of the hold, a single reading";
    outcome.estimates.push(Estimate::without_interval("relaxed_fraction", "F", lost, "", why));
    if best.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals of the best law are alike (correlation {:.2}): errors are multiplied by {:.2}; drift, or a law that is not quite this one",
            best.correlation, best.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    outcome.tables.push(table(&fits, &above));
    outcome.figures = figures::all(input, &fits, best);
    Ok(outcome)
}

fn table(fits: &[Fitted], above: &dyn Fn(&Fitted) -> f64) -> Table {
    let column = |of: &dyn Fn(&Fitted) -> f64| fits.iter().map(of).collect::<Vec<f64>>();
    Table::new("laws", "Laws of the stress at constant strain")
        .with_text("law", fits.iter().map(|fitted| fitted.law.word().to_owned()).collect())
        .with_numbers("parameters", "", column(&|f| f.fit.n_free as f64))
        .with_numbers("aicc_above_best", "", column(above))
        .with_numbers(
            "residual",
            "Pa",
            column(&|f| f.scale * (f.fit.residuals.iter().map(|r| r * r).sum::<f64>() / f.fit.n_data as f64).sqrt()),
        )
        .with_numbers("residual_correlation", "", column(&|f| f.correlation))
}

/// S, V and m of the logarithmic law: the one with its start where that is told, else the late one.
fn logarithmic(input: &Input, fits: &[Fitted], above: &dyn Fn(&Fitted) -> f64, outcome: &mut Outcome) {
    // The form with its start holds the late one within it: choosing between them by the data would make intervals too narrow.
    let of = |law: Law| fits.iter().find(|fitted| fitted.law == law);
    let Some(found) = of(Law::Logarithmic).or(of(Law::LateLogarithmic)) else { return };
    let nearest = fits.iter().filter(|fitted| fitted.law != Law::Stretched).map(above).fold(f64::INFINITY, f64::min);
    let thermal = input.taylor_factor * BOLTZMANN * input.temperature;
    let (slope, error) = (found.fit.params[1] * found.scale, found.fit.std_errors[1] * found.scale * found.inflation);
    let last = found.stress(input.bins.times[input.bins.times.len() - 1]);
    let convention = format!("taylor_factor_{:.3}", input.taylor_factor);
    // While the stress falls by S the flow stress rises by K/M_E of it: the effective stress falls by both.
    let effective = thermal / (1.0 + input.hardening.unwrap_or(0.0));
    let numbers = |s: f64| [s, thermal / s, s / last, effective / s];
    let names = [
        ("stress_per_ln_t", "S", "Pa"),
        ("activation_volume", "V", "m^3"),
        ("rate_sensitivity_m", "m", ""),
        ("activation_volume_effective", "V_eff", "m^3"),
    ];
    let told = if input.hardening.is_some() { names.len() } else { names.len() - 1 };
    let interval = match found.interval(&input.bins, 1) {
        (Some(lo), Some(hi)) if lo > 0.0 => Some((lo * found.scale, hi * found.scale)),
        _ => None,
    };
    let rejected = nearest > REJECTED;
    for (k, (key, symbol, unit)) in names.into_iter().take(told).enumerate() {
        let value = numbers(slope)[k];
        let estimate = match interval {
            _ if rejected => {
                let why = format!("a stretched law describes the stress better (by {nearest:.1})");
                Estimate::without_interval(key, symbol, value, unit, &why).flag("law_rejected")
            }
            _ if input.correlation > ALIKE => Estimate::without_interval(key, symbol, value, unit, &alike(input)).flag("drift"),
            Some((lo, hi)) => {
                let (a, b) = (numbers(lo)[k], numbers(hi)[k]);
                Estimate::with_interval(key, symbol, value, unit, (a.min(b), a.max(b)), Basis::Likelihood)
                    .std_error(value.abs() * error / slope)
            }
            None => Estimate::without_interval(
                key,
                symbol,
                value,
                unit,
                "not identified: the stress does not fall beyond its error",
            ),
        };
        outcome.estimates.push(if unit == "m^3" { estimate.flag(&convention) } else { estimate });
    }
    let text = "only S is told by the logarithmic law; where it starts (c) and the stress there replace each other once t is much longer than c";
    outcome.notes.push(Note::info("logarithmic_law", text));
    if found.law == Law::Logarithmic {
        let c = found.fit.params[2].exp();
        if c > input.bins.times[input.bins.times.len() - 1] / 10.0 {
            let text = format!(
                "the logarithmic law starts at c = {c:.2e} s only, less than a decade before the end: S is extrapolated"
            );
            outcome.notes.push(Note::warning("late_start", text));
        }
    }
}

fn stretched(input: &Input, fits: &[Fitted], above: &dyn Fn(&Fitted) -> f64, outcome: &mut Outcome) {
    let Some(found) = fits.iter().find(|fitted| fitted.law == Law::Stretched) else { return };
    let rejected = above(found) > REJECTED;
    let initial = found.fit.params[0];
    type Transform = fn(f64, f64) -> f64;
    let transforms: [(usize, &str, &str, &str, Transform); 3] = [
        (2, "relaxation_time_kww", "τ", "s", |p, _| p.exp()),
        (3, "stretching_exponent", "β", "", |p, _| p),
        (1, "remnant_fraction", "σr/σ0", "", |p, initial| p / initial),
    ];
    for (index, key, symbol, unit, of) in transforms {
        let value = of(found.fit.params[index], initial);
        let estimate = if rejected {
            let why = format!("a logarithmic law describes the stress better (by {:.1})", above(found));
            Estimate::without_interval(key, symbol, value, unit, &why).flag("law_rejected")
        } else if index == 1 {
            Estimate::without_interval(key, symbol, value, unit, "goes together with τ and β; only within the hold is it told")
        } else {
            let open = matches!(found.interval(&input.bins, index), (None, _) | (_, None));
            let why = match open {
                true => "not identified: the hold ends before the stress settles",
                false => {
                    "its interval covered 90 to 95 % of simulated holds: too few where readings are many; the standard error is given"
                }
            };
            let error = found.fit.std_errors[index] * found.inflation * if index == 2 { value } else { 1.0 };
            Estimate::without_interval(key, symbol, value, unit, why).std_error(error)
        };
        outcome.estimates.push(estimate);
    }
}
