use super::algorithm::{Common, Found, Isotherm, Joint, against, joint};
use super::{EnthalpyKinetics, Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::chi_squared_tail;
use crate::core::unit::Probability;
use crate::method::MethodError;
use crate::methods::calorimetry::{CalorimetryError, DECADE, UNLIKELY};

/// The longest time in relaxation times below which equilibrium, time and exponent stand for each other.
const LONG: f64 = 2.0;
/// Fewest temperatures for an energy.
const FOR_ENERGY: usize = 3;

pub(super) fn outcome(method: &EnthalpyKinetics, input: &Input) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let isotherms = &input.isotherms;
    let failed = |what: &str| {
        let reason = "no stretched exponential goes through the readings".to_owned();
        CalorimetryError::NotFitted { what: what.to_owned(), reason }
    };
    let own = joint(isotherms, Common::Nothing).ok_or_else(|| failed("the isotherms"))?;
    let mut shown = own.clone();
    if isotherms.len() > 1 {
        let shared = joint(isotherms, Common::Exponent).ok_or_else(|| failed("the isotherms with one exponent"))?;
        let p = against(&shared, &own, input.stated);
        probability("common_exponent_p", p, &mut outcome);
        if p.is_some_and(|p| p < method.significance) {
            let text = format!(
                "the stretching exponents of the temperatures differ (p {:.1e}): each has its own",
                Probability(p.unwrap_or(0.0))
            );
            outcome.notes.push(Note::warning("no_common_exponent", text));
        } else {
            shown = shared;
        }
    }
    let refused = scatter(input, &shown, &mut outcome);
    unidentified(input, &shown, &mut outcome);
    let energy = energy(method, input, &shown, refused, &mut outcome);
    numbers(isotherms, &shown, refused, &mut outcome);
    above_bound(input, &shown, &mut outcome);
    outcome.tables.push(laws(input, &shown, refused.is_some()));
    outcome.tables.push(readings(isotherms, &shown));
    outcome.figures = figures::all(isotherms, &shown, energy.as_ref());
    Ok(outcome)
}

fn probability(key: &str, p: Option<f64>, outcome: &mut Outcome) {
    if let Some(p) = p {
        outcome.estimates.push(Estimate::without_interval(key, "p", p, "", "a probability"));
    }
}

/// Whether the readings scatter more than they may.
fn scatter(input: &Input, shown: &Joint, outcome: &mut Outcome) -> Option<&'static str> {
    if !input.stated {
        let text = "no errors of the enthalpies are stated: the scatter about the law gives their size";
        outcome.notes.push(Note::info("errors_from_scatter", text));
        return None;
    }
    let p = chi_squared_tail(shown.sum, shown.dof.max(1.0)).unwrap_or(1.0);
    if shown.dof < 1.0 || p >= UNLIKELY {
        return None;
    }
    let text =
        format!("the readings scatter more about the law than their stated errors allow (p {p:.1e})", p = Probability(p));
    outcome.notes.push(Note::warning("errors_too_small", text));
    Some("the readings scatter more than their stated errors allow")
}

/// The longest time over the relaxation time.
fn reach(one: &Isotherm, tau: f64) -> f64 {
    one.times.iter().copied().fold(0.0, f64::max) / tau
}

fn unidentified(input: &Input, shown: &Joint, outcome: &mut Outcome) {
    let short: Vec<String> = input
        .isotherms
        .iter()
        .zip(&shown.laws)
        .filter(|(one, law)| one.known.is_none() && reach(one, law.tau.value) < LONG)
        .map(|(one, _)| format!("{:.1} K", one.temperature))
        .collect();
    if !short.is_empty() {
        let text = format!(
            "equilibrium not identified at {}: the longest annealing is shorter than {LONG} relaxation times, so that equilibrium enthalpy, time and exponent stand for each other; \
             anneal longer, or state specific_heat_step and fictive_temperature and set equilibrium = \"heat_capacity\"",
            short.join(", ")
        );
        outcome.notes.push(Note::warning("equilibrium_not_identified", text));
    }
}

fn energy(
    method: &EnthalpyKinetics,
    input: &Input,
    shown: &Joint,
    refused: Option<&str>,
    outcome: &mut Outcome,
) -> Option<Joint> {
    let isotherms = &input.isotherms;
    if isotherms.len() < FOR_ENERGY {
        if isotherms.len() > 1 {
            let text = format!("{} temperatures give no activation energy; {FOR_ENERGY} are needed", isotherms.len());
            outcome.notes.push(Note::refused("no_energy", text));
        }
        return None;
    }
    if shown.common == Common::Nothing {
        let text = "no activation energy: relaxation times of different exponents are no times of one process";
        outcome.notes.push(Note::refused("no_energy", text));
        return None;
    }
    let found = joint(isotherms, Common::Energy)?;
    let p = against(&found, shown, input.stated);
    probability("one_energy_p", p, outcome);
    let bent = p.is_some_and(|p| p < method.significance);
    if bent {
        let text =
            format!("the relaxation times do not follow one activation energy (p {:.1e})", Probability(p.unwrap_or(0.0)));
        outcome.notes.push(Note::warning("not_one_energy", text));
    }
    let refused = refused.or(bent.then_some("the relaxation times do not follow one activation energy"));
    let energy = found.energy?;
    outcome.estimates.push(estimate("enthalpy_activation_energy", "E", "J/mol", energy, refused));
    if let Some(ln) = found.ln_prefactor {
        let why = "far outside of the temperatures: it goes with the energy";
        outcome.estimates.push(Estimate::without_interval("enthalpy_prefactor_log10", "log10 τ0", ln / DECADE, "", why));
    }
    Some(found)
}

fn estimate(key: &str, symbol: &str, unit: &str, found: Found, refused: Option<&str>) -> Estimate {
    match (refused, found.interval) {
        (Some(why), _) => Estimate::without_interval(key, symbol, found.value, unit, why),
        (None, Some(ends)) => Estimate::with_interval(key, symbol, found.value, unit, ends, Basis::Likelihood),
        (None, None) => Estimate::without_interval(key, symbol, found.value, unit, "not identified: its profile stays open"),
    }
}

fn numbers(isotherms: &[Isotherm], shown: &Joint, refused: Option<&str>, outcome: &mut Outcome) {
    let Some(law) = shown.laws.first() else { return };
    let n = isotherms.iter().map(|one| one.times.len()).sum::<usize>() as f64;
    if isotherms.len() == 1 {
        outcome.estimates.push(estimate("equilibrium_enthalpy", "ΔH∞", "J/kg", law.equilibrium, refused).n(n));
        outcome.estimates.push(estimate("enthalpy_kww_tau", "τ", "s", law.tau, refused).n(n));
    }
    if isotherms.len() == 1 || shown.common != Common::Nothing {
        outcome.estimates.push(estimate("enthalpy_kww_beta", "β", "", law.stretching, refused).n(n));
    }
}

fn above_bound(input: &Input, shown: &Joint, outcome: &mut Outcome) {
    let Some(bounds) = &input.bounds else { return };
    for ((one, law), bound) in input.isotherms.iter().zip(&shown.laws).zip(bounds) {
        let least = law.equilibrium.interval.map_or(law.equilibrium.value, |ends| ends.0);
        if least > *bound {
            let text = format!(
                "{:.1} K: the equilibrium enthalpy, {:.3} J/g, is above what the step of the heat capacity can hold between there and the fictive temperature, {:.3} J/g; \
                 step, fictive temperature or reference scan are wrong",
                one.temperature,
                1e-3 * law.equilibrium.value,
                1e-3 * bound
            );
            outcome.notes.push(Note::warning("above_bound", text));
        }
    }
}

fn laws(input: &Input, shown: &Joint, hidden: bool) -> Table {
    let of = |pick: &dyn Fn(usize) -> f64| (0..shown.laws.len()).map(pick).collect::<Vec<f64>>();
    let end = |found: Found, upper: bool| {
        let ends = found.interval.filter(|_| !hidden);
        ends.map_or(f64::NAN, |(lo, hi)| if upper { hi } else { lo })
    };
    let law = |i: usize| shown.laws[i];
    let mut table = Table::new("isotherms", "Stretched exponential at each annealing temperature, with 95 % intervals")
        .with_numbers("annealing_temperature", "K", of(&|i| input.isotherms[i].temperature))
        .with_numbers("equilibrium_enthalpy", "J/kg", of(&|i| law(i).equilibrium.value))
        .with_numbers("equilibrium_enthalpy_lo", "J/kg", of(&|i| end(law(i).equilibrium, false)))
        .with_numbers("equilibrium_enthalpy_hi", "J/kg", of(&|i| end(law(i).equilibrium, true)))
        .with_numbers("tau", "s", of(&|i| law(i).tau.value))
        .with_numbers("tau_lo", "s", of(&|i| end(law(i).tau, false)))
        .with_numbers("tau_hi", "s", of(&|i| end(law(i).tau, true)))
        .with_numbers("stretching", "", of(&|i| law(i).stretching.value))
        .with_numbers("stretching_lo", "", of(&|i| end(law(i).stretching, false)))
        .with_numbers("stretching_hi", "", of(&|i| end(law(i).stretching, true)))
        .with_numbers("longest_over_tau", "", of(&|i| reach(&input.isotherms[i], law(i).tau.value)))
        .with_numbers("correlation", "", of(&|i| law(i).correlation));
    if let Some(bounds) = &input.bounds {
        table = table.with_numbers("bound", "J/kg", bounds.clone());
    }
    table
}

fn readings(isotherms: &[Isotherm], shown: &Joint) -> Table {
    let flat = |pick: &dyn Fn(usize, usize) -> f64| {
        let rows = isotherms.iter().enumerate().flat_map(|(i, one)| (0..one.times.len()).map(move |row| (i, row)));
        rows.map(|(i, row)| pick(i, row)).collect::<Vec<f64>>()
    };
    Table::new("readings", "Recovery enthalpies and what the law leaves of them")
        .with_numbers("annealing_temperature", "K", flat(&|i, _| isotherms[i].temperature))
        .with_numbers("annealing_time", "s", flat(&|i, row| isotherms[i].times[row]))
        .with_numbers("recovery_enthalpy", "J/kg", flat(&|i, row| isotherms[i].enthalpies[row]))
        .with_numbers("residual", "J/kg", flat(&|i, row| shown.left[i][row]))
}
