use super::algorithm::{Compared, Saturation, compare, saturation};
use super::{Cycling, Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::pearson;
use crate::method::MethodError;
use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::ratio::{Found, ratio};

/// Probability of the comparison of all means from which the law of saturation has no intervals: with less evidence those that close cover too seldom.
const EVIDENCE: f64 = 1e-4;
/// Fewest numbers of cycles for a correlation.
const STATES: usize = 4;

pub(super) fn outcome(method: &Cycling, input: &Input) -> Result<Outcome, MethodError> {
    let mut outcome = Outcome { notes: input.notes.clone(), ..Outcome::default() };
    let compared = compare(&input.groups).ok_or_else(|| {
        let reason =
            "all samples of one number of cycles have the same enthalpy, so that nothing tells how much samples differ"
                .to_owned();
        CalorimetryError::NotFitted { what: "the comparison".to_owned(), reason }
    })?;
    effect(method, input, &compared, &mut outcome);
    let law = saturation(&input.groups);
    match &law {
        Some(law) => saturates(method, law, &compared, &mut outcome),
        None => {
            let text = "no law of saturation: it needs four numbers of cycles, none among them";
            outcome.notes.push(Note::info("no_saturation", text));
        }
    }
    heterogeneity(input, &mut outcome);
    outcome.tables.push(counts(input, &compared));
    outcome.figures = figures::all(input, &compared, law.as_ref());
    Ok(outcome)
}

fn estimate(key: &str, symbol: &str, unit: &str, found: Found, basis: Basis, refused: Option<&str>) -> Estimate {
    match (refused, found.interval) {
        (Some(why), _) => Estimate::without_interval(key, symbol, found.value, unit, why),
        (None, Some(ends)) => Estimate::with_interval(key, symbol, found.value, unit, ends, basis).std_error(found.error),
        (None, None) => Estimate::without_interval(key, symbol, found.value, unit, "not identified: its interval stays open"),
    }
}

fn effect(method: &Cycling, input: &Input, compared: &Compared, outcome: &mut Outcome) {
    let n = input.groups.iter().map(|group| group.samples.len()).sum::<usize>() as f64;
    outcome.estimates.push(Estimate::without_interval("cycles_p", "p", compared.p, "", "a probability").n(n));
    outcome.estimates.push(estimate("sample_spread", "s", "J/kg", compared.spread, Basis::Likelihood, None));
    if let Some(last) = compared.against.last() {
        let flag = format!("after_{}_cycles", last.cycles);
        let found = estimate("excess_enthalpy", "ΔH", "J/kg", last.difference, Basis::Likelihood, None);
        outcome.estimates.push(found.n(n).flag(&flag));
        if let Some(reference) = input.reference {
            let share = ratio((last.difference.value, last.difference.error), Some(compared.dof), reference);
            outcome.estimates.push(estimate("excess_fraction", "ΔH/ΔH_ref", "", share, Basis::Likelihood, None).flag(&flag));
        }
    }
    let named: Vec<String> = compared
        .against
        .iter()
        .filter(|one| one.p_holm < method.significance)
        .map(|one| format!("{} ({:.3} J/g, p = {:.1e})", one.cycles, 1e-3 * one.difference.value, one.p_holm))
        .collect();
    let text = if named.is_empty() {
        "no number of cycles differs from none, all tests taken together".to_owned()
    } else {
        format!("numbers of cycles that differ from none, all tests taken together: {}", named.join(", "))
    };
    outcome.notes.push(Note::info("effects", text));
    if compared.against.iter().any(|one| one.p_holm < method.significance && one.difference.value < 0.0) {
        let text = "cycling took enthalpy out: the glass relaxed, or the difference of the scans has the other sign (reference less cycled counts)";
        outcome.notes.push(Note::warning("relaxed", text));
    }
}

fn saturates(method: &Cycling, law: &Saturation, compared: &Compared, outcome: &mut Outcome) {
    let off = law.lack_p.is_some_and(|p| p < method.significance);
    if let Some(p) = law.lack_p {
        outcome.estimates.push(Estimate::without_interval("saturation_lack_p", "p", p, "", "a probability"));
    }
    let weak = compared.p >= EVIDENCE;
    let refused = if off {
        let text = "the means do not follow a law of saturation; more cycles may relax what fewer put in";
        outcome.notes.push(Note::warning("not_saturating", text));
        Some("the means do not follow a law of saturation")
    } else {
        weak.then_some("the effect is too small beside what samples differ by")
    };
    outcome.estimates.push(estimate("saturation_enthalpy", "A", "J/kg", law.height, Basis::Likelihood, refused));
    outcome.estimates.push(estimate("saturation_cycles", "N0", "", law.constant, Basis::Likelihood, refused));
}

fn heterogeneity(input: &Input, outcome: &mut Outcome) {
    let Some(values) = &input.heterogeneity else { return };
    if values.len() < STATES {
        let text = format!("no correlation with the heterogeneity: {} numbers of cycles, {STATES} are needed", values.len());
        outcome.notes.push(Note::refused("no_correlation", text));
        return;
    }
    let means: Vec<f64> = input.groups.iter().map(super::algorithm::Group::mean).collect();
    let Ok(found) = pearson(&means, values, 0.95) else {
        let text = "no correlation with the heterogeneity: it is the same everywhere";
        outcome.notes.push(Note::refused("no_correlation", text));
        return;
    };
    let ends = (found.lower, found.upper);
    let n = values.len() as f64;
    let correlation = Estimate::with_interval("heterogeneity_correlation", "r", found.r, "", ends, Basis::Likelihood);
    outcome.estimates.push(correlation.n(n));
    outcome
        .estimates
        .push(Estimate::without_interval("heterogeneity_correlation_p", "p", found.p_value, "", "a probability").n(n));
}

fn counts(input: &Input, compared: &Compared) -> Table {
    // The first row, without cycles, is compared with nothing.
    let of = |pick: &dyn Fn(usize) -> f64| {
        std::iter::once(f64::NAN).chain((0..compared.against.len()).map(pick)).collect::<Vec<f64>>()
    };
    let one = |k: usize| &compared.against[k];
    let end = |k: usize, upper: bool| one(k).difference.interval.map_or(f64::NAN, |(lo, hi)| if upper { hi } else { lo });
    let mut table =
        Table::new("cycles", "Mean excess enthalpies, and their differences from samples without cycles with 95 % intervals")
            .with_numbers("cycles", "", input.groups.iter().map(|group| group.cycles).collect())
            .with_numbers("samples", "", input.groups.iter().map(|group| group.samples.len() as f64).collect())
            .with_numbers("excess_enthalpy", "J/kg", input.groups.iter().map(super::algorithm::Group::mean).collect())
            .with_numbers("difference", "J/kg", of(&|k| one(k).difference.value))
            .with_numbers("difference_lo", "J/kg", of(&|k| end(k, false)))
            .with_numbers("difference_hi", "J/kg", of(&|k| end(k, true)))
            .with_numbers("p", "", of(&|k| one(k).p))
            .with_numbers("p_holm", "", of(&|k| one(k).p_holm));
    if let Some(values) = &input.heterogeneity {
        table = table.with_numbers("heterogeneity", "", values.clone());
    }
    table
}
