use super::algorithm::{Fitted, Law, fit, place};
use super::{Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::method::MethodError;
use crate::methods::relaxation::RelaxationError;

/// Difference of the criterion within which a law stays open.
const OPEN: f64 = 6.0;
/// Correlation of neighbouring readings above which no interval is given.
const ALIKE: f64 = 0.3;

/// All laws by rising criterion.
struct Laws {
    fits: Vec<Fitted>,
    criteria: Vec<f64>,
}

impl Laws {
    fn of(input: &Input) -> Option<Self> {
        let mut fits: Vec<Fitted> = Law::ALL.into_iter().filter_map(|law| fit(law, &input.bins).ok()).collect();
        // The law that leaves least has the fewest reasons for residuals that are alike.
        let least = fits.iter().map(|fitted| fitted.inflation).fold(f64::INFINITY, f64::min);
        fits.sort_by(|a, b| a.aicc(least).total_cmp(&b.aicc(least)));
        let criteria = fits.iter().map(|fitted| fitted.aicc(least)).collect();
        (!fits.is_empty()).then_some(Self { fits, criteria })
    }

    fn above(&self, k: usize) -> f64 {
        self.criteria[k] - self.criteria[0]
    }

    fn open(&self) -> impl Iterator<Item = &Fitted> {
        self.fits.iter().enumerate().filter(|(k, _)| self.above(*k) <= OPEN).map(|(_, fitted)| fitted)
    }
}

pub(super) fn outcome(input: &Input) -> Result<Outcome, MethodError> {
    let failed = || RelaxationError::NotFitted { what: "a law".to_owned(), reason: "no fit converged".to_owned() };
    let laws = Laws::of(input).ok_or_else(failed)?;
    let best = &laws.fits[0];
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let why = "as applied; its own error is not known";
    outcome.estimates.push(Estimate::without_interval("creep_stress", "σ", input.stress, "Pa", why));
    flow(input, &laws, &mut outcome);
    retardation(input, &laws, &mut outcome);
    let why = "strain at once holds the machine and what was retarded before the first reading";
    let (at_once, error) = (best.fit.params[place::A], best.fit.std_errors[place::A] * best.inflation);
    let per_stress = best.scale / input.stress;
    outcome.estimates.push(
        Estimate::without_interval("compliance_unrelaxed", "J_u", at_once * per_stress, "1/Pa", why)
            .std_error(error * per_stress),
    );
    remarks(input, &laws, &mut outcome);
    outcome.tables.push(table(input, &laws));
    outcome.figures = figures::all(input, &laws.fits, laws.open().count());
    Ok(outcome)
}

fn drift(input: &Input) -> Option<String> {
    (input.correlation > ALIKE).then(|| {
        format!(
            "errors of neighbouring readings are alike (correlation {:.2}): drift or a filter, beyond what the intervals were tested for",
            input.correlation
        )
    })
}

/// Flow, strain per second: value and standard error under the best law that flows, and the hull over all laws still open; or why there
/// is none, with the largest flow that is still open.
enum Flow {
    Found { value: f64, error: f64, interval: (f64, f64) },
    Bounded { highest: Option<f64>, why: String },
}

fn hull(input: &Input, laws: &Laws) -> Flow {
    let per_second = |fitted: &Fitted, c: f64| c * fitted.scale / fitted.end;
    let mut found: Option<(f64, f64)> = None;
    let (mut lo, mut hi, mut without) = (f64::INFINITY, 0.0f64, None);
    for fitted in laws.open() {
        if !fitted.law.flows() {
            without = Some(format!("a law without flow ({}) describes the creep as well", fitted.law.word().replace('_', " ")));
            continue;
        }
        let c = fitted.fit.params[place::C];
        let error = fitted.fit.std_errors[place::C] * fitted.inflation;
        found.get_or_insert((per_second(fitted, c), per_second(fitted, error)));
        let (lower, upper) = fitted.interval(&input.bins, place::C);
        match upper {
            Some(upper) => hi = hi.max(per_second(fitted, upper)),
            None => hi = f64::INFINITY,
        }
        match lower {
            Some(lower) => lo = lo.min(per_second(fitted, lower)),
            None => without = Some("the flow may be zero within its error".to_owned()),
        }
    }
    match (without, found) {
        (None, Some((value, error))) if hi.is_finite() => Flow::Found { value, error, interval: (lo, hi) },
        (why, _) => {
            let why = why.unwrap_or_else(|| "its profile stays flat".to_owned());
            Flow::Bounded { highest: Some(hi).filter(|hi| *hi > 0.0 && hi.is_finite()), why }
        }
    }
}

fn flow(input: &Input, laws: &Laws, outcome: &mut Outcome) {
    let best = &laws.fits[0];
    match hull(input, laws) {
        Flow::Found { value, error, interval: (lo, hi) } => {
            let (eta, eta_error) = (input.stress / value, input.stress / value * error / value);
            let ends = (input.stress / hi, input.stress / lo);
            let shown = |key: &str, symbol: &str, value: f64, unit: &str, ends: (f64, f64)| match drift(input) {
                Some(why) => Estimate::without_interval(key, symbol, value, unit, &why).flag("drift"),
                None => Estimate::with_interval(key, symbol, value, unit, ends, Basis::Likelihood),
            };
            outcome.estimates.push(shown("creep_viscosity", "η", eta, "Pa s", ends).std_error(eta_error));
            outcome.estimates.push(shown("creep_rate", "ε̇", value, "1/s", (lo, hi)).std_error(error));
        }
        Flow::Bounded { highest, why } => {
            let bound = highest.map_or(String::new(), |highest| {
                format!("; a viscosity below {:.3e} Pa s is ruled out by every law that flows", input.stress / highest)
            });
            let text = format!("no viscosity: {why}{bound}. A longer hold, or the recovery after unloading, would tell");
            outcome.notes.push(Note::refused("flow_unidentified", text));
        }
    }
    let end = best.end;
    let spread = laws.open().map(|fitted| fitted.rate(end)).fold((f64::INFINITY, 0.0f64), |(lo, hi), r| (lo.min(r), hi.max(r)));
    let why = format!(
        "an upper bound of the flow; it differs between {:.3e} and {:.3e} 1/s among the laws still open",
        spread.0, spread.1
    );
    outcome
        .estimates
        .push(Estimate::without_interval("final_rate", "ε̇_end", best.rate(end), "1/s", &why).std_error(best.rate_error(end)));
}

fn retardation(input: &Input, laws: &Laws, outcome: &mut Outcome) {
    let best = &laws.fits[0];
    let rivals: Vec<&str> = laws.open().skip(1).map(|fitted| fitted.law.word()).collect();
    let per_stress = best.scale / input.stress;
    let entries = [
        (best.law.has_time(), place::LN_TIME, "retardation_time", "τ", "s"),
        (best.law.has_exponent(), place::EXPONENT, "retardation_exponent", "β", ""),
        (best.law.has_time(), place::B, "retarded_compliance", "J1", "1/Pa"),
    ];
    for (_, index, key, symbol, unit) in entries.into_iter().filter(|entry| entry.0) {
        let of = |p: f64| match index {
            place::LN_TIME => p.exp(),
            place::B => p * per_stress,
            _ => p,
        };
        let value = of(best.fit.params[index]);
        let slope = match index {
            place::LN_TIME => value,
            place::B => per_stress,
            _ => 1.0,
        };
        let error = best.fit.std_errors[index] * best.inflation * slope;
        let plain = |why: &str| Estimate::without_interval(key, symbol, value, unit, why);
        let estimate = match (drift(input), best.interval(&input.bins, index)) {
            (Some(why), _) => plain(&why).flag("drift"),
            _ if !rivals.is_empty() => {
                let why = format!("holds under the law '{}' only; not ruled out: {}", best.law.word(), rivals.join(", "));
                plain(&why).flag("law_open")
            }
            (None, (Some(lo), Some(hi))) => {
                Estimate::with_interval(key, symbol, value, unit, (of(lo), of(hi)), Basis::Likelihood)
            }
            _ => plain("not identified: its profile stays flat on one side at least"),
        };
        outcome.estimates.push(estimate.std_error(error).flag(&format!("law_{}", best.law.word())));
    }
}

fn remarks(input: &Input, laws: &Laws, outcome: &mut Outcome) {
    let best = &laws.fits[0];
    let open: Vec<&str> = laws.open().map(|fitted| fitted.law.word()).collect();
    let text = format!(
        "best law: {}; within {OPEN} of its criterion: {}",
        best.law.word(),
        if open.len() == 1 { "none other".to_owned() } else { open[1..].join(", ") }
    );
    outcome.notes.push(Note::info("laws_open", text));
    if best.inflation > 1.0 {
        let text = format!(
            "neighbouring residuals of the best law are alike (correlation {:.2}): errors are multiplied by {:.2}; drift, ageing, or a law that is not quite this one",
            best.correlation, best.inflation
        );
        outcome.notes.push(Note::warning("correlated_residuals", text));
    }
    if best.law.has_time() && best.fit.params[place::LN_TIME].exp() > 0.5 * best.end {
        let text = format!(
            "the retardation time {:.2e} s is no shorter than half of the hold ({:.2e} s): retarded strain and flow are told apart by their shapes only",
            best.fit.params[place::LN_TIME].exp(),
            best.end
        );
        outcome.notes.push(Note::warning("late_retardation", text));
    }
    if input.bins.values.last().zip(input.bins.values.first()).is_some_and(|(last, first)| *last <= first * (1.0 + 1e-9)) {
        outcome.notes.push(Note::warning("no_creep", "the strain does not grow within the hold"));
    }
}

fn table(input: &Input, laws: &Laws) -> Table {
    let column = |of: &dyn Fn(&Fitted) -> f64| laws.fits.iter().map(of).collect::<Vec<f64>>();
    let where_it =
        |has: fn(Law) -> bool, of: fn(&Fitted) -> f64| column(&|fitted| if has(fitted.law) { of(fitted) } else { f64::NAN });
    let per_stress = |index: usize| move |fitted: &Fitted| fitted.fit.params[index] * fitted.scale / input.stress;
    let viscosity = |fitted: &Fitted| {
        let rate = fitted.fit.params[place::C] * fitted.scale / fitted.end;
        if rate > 0.0 { input.stress / rate } else { f64::NAN }
    };
    let rms = |f: &Fitted| f.scale * (f.fit.residuals.iter().map(|r| r * r).sum::<f64>() / f.fit.n_data as f64).sqrt();
    Table::new("laws", "Laws of the strain at constant stress, the best first")
        .with_text("law", laws.fits.iter().map(|fitted| fitted.law.word().to_owned()).collect())
        .with_numbers("parameters", "", column(&|f| f.fit.n_free as f64))
        .with_numbers("aicc_above_best", "", (0..laws.fits.len()).map(|k| laws.above(k)).collect())
        .with_numbers("residual", "", column(&rms))
        .with_numbers("residual_correlation", "", column(&|f| f.correlation))
        .with_numbers("compliance_unrelaxed", "1/Pa", column(&per_stress(place::A)))
        .with_numbers("retarded_compliance", "1/Pa", column(&per_stress(place::B)))
        .with_numbers("retardation_time", "s", where_it(Law::has_time, |f| f.fit.params[place::LN_TIME].exp()))
        .with_numbers("exponent", "", where_it(Law::has_exponent, |f| f.fit.params[place::EXPONENT]))
        .with_numbers("viscosity", "Pa s", column(&viscosity))
}
