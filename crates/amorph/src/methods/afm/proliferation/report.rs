//! Numbers per state, differences, notes and table.

use super::algorithm::{Change, Count, Curves, Place, Rule, SiteMean};
use super::{Input, Proliferation, figures};
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::holm;
use crate::core::unit::Quantity;
use crate::method::MethodError;
use crate::methods::afm::distribution::levels::Levels;

/// What is counted, its keys and symbols.
pub(super) struct Counted {
    pub count: Count,
    pub key: &'static str,
    pub ratio_key: &'static str,
    pub symbol: &'static str,
    pub unit: &'static str,
    pub words: &'static str,
}

pub(super) const COUNTED: [Counted; 2] = [
    Counted {
        count: Count::Area,
        key: "hdr_area_fraction",
        ratio_key: "hdr_area_ratio",
        symbol: "A_f",
        unit: "",
        words: "area fraction",
    },
    Counted {
        count: Count::Number,
        key: "hdr_number_density",
        ratio_key: "hdr_number_ratio",
        symbol: "n",
        unit: "1/m^2",
        words: "number density of regions",
    },
];

/// One state against the reference in one count.
struct Compared<'a> {
    counted: &'a Counted,
    state: usize,
    change: Change,
    holm_p: f64,
}

pub(super) fn outcome(method: &Proliferation, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
    ctx.check_cancelled()?;
    let sites: Vec<Vec<&Levels>> =
        input.states.iter().map(|state| state.sites.iter().map(|site| &site.levels).collect()).collect();
    let curves = Curves::of(&sites);
    let rule = input.threshold.map_or(Rule::Share(method.area_fraction), Rule::At);
    let place = curves.place(&curves.below(input.reference), rule);
    let compared = compare(method, input, &curves, rule, ctx)?;
    let means = |counted: &Counted, state: usize| curves.sites(state, counted.count, place).map(|values| SiteMean::of(&values));
    let mut estimates = Vec::new();
    for counted in &COUNTED {
        for (index, state) in input.states.iter().enumerate() {
            estimates.extend(means(counted, index).map(|mean| state_estimate(counted, &state.name, &mean)));
        }
    }
    estimates.extend(compared.iter().flat_map(|compared| change_estimates(compared, input)));
    Ok(Outcome {
        estimates,
        tables: vec![sites_table(input, &curves, place), changes_table(input, &compared)],
        figures: figures::all(input, &curves, place),
        notes: notes(method, input, &curves, place, &compared),
        ..Outcome::default()
    })
}

fn compare<'a>(
    method: &Proliferation,
    input: &Input,
    curves: &Curves,
    rule: Rule,
    ctx: &Ctx,
) -> Result<Vec<Compared<'a>>, MethodError> {
    let mut compared = Vec::new();
    for counted in &COUNTED {
        for (state, named) in input.states.iter().enumerate().filter(|(state, _)| *state != input.reference) {
            ctx.check_cancelled()?;
            let seed = derive_seed(ctx.seed, &[counted.key.into(), (&named.name).into()]);
            let change = curves.change((state, input.reference), counted.count, rule, (method.permutations, seed));
            compared.extend(change.map(|change| Compared { counted, state, change, holm_p: f64::NAN }));
        }
    }
    let p: Vec<f64> = compared.iter().map(|compared| compared.change.permutation.p_value).collect();
    for (compared, corrected) in compared.iter_mut().zip(holm(&p).unwrap_or_default()) {
        compared.holm_p = corrected;
    }
    Ok(compared)
}

fn state_estimate(counted: &Counted, state: &str, mean: &SiteMean) -> Estimate {
    let key = format!("{}@{state}", counted.key);
    let estimate = match mean.interval {
        Some(interval) => Estimate::with_interval(&key, counted.symbol, mean.mean, counted.unit, interval, Basis::Replicate),
        None => Estimate::without_interval(&key, counted.symbol, mean.mean, counted.unit, "fewer than three sites"),
    };
    let estimate = estimate.n(mean.n as f64);
    match mean.std_error {
        Some(error) => estimate.std_error(error),
        None => estimate,
    }
}

fn pair(compared: &Compared<'_>, input: &Input) -> String {
    format!("{}-{}", input.states[compared.state].name, input.states[input.reference].name)
}

fn change_estimates(compared: &Compared<'_>, input: &Input) -> Vec<Estimate> {
    let Counted { key, ratio_key, symbol, unit, .. } = compared.counted;
    let n = (input.states[compared.state].sites.len() + input.states[input.reference].sites.len()) as f64;
    let (pair, change) = (pair(compared, input), compared.change);
    let few = "fewer than three sites in a state, or nothing above the level";
    let number = |key: &str, symbol: String, value: f64, unit: &str, interval: Option<(f64, f64)>| match interval {
        Some(interval) => Estimate::with_interval(key, &symbol, value, unit, interval, Basis::Replicate).n(n),
        None => Estimate::without_interval(key, &symbol, value, unit, few).n(n),
    };
    let key = format!("{key}@{pair}");
    let mut estimates = vec![number(&key, format!("Δ{symbol}"), change.difference, unit, change.interval)];
    if change.ratio.is_finite() {
        let key = format!("{ratio_key}@{pair}");
        estimates.push(number(&key, format!("{symbol}/{symbol},0"), change.ratio, "", change.ratio_interval));
    }
    estimates
}

fn notes(method: &Proliferation, input: &Input, curves: &Curves, place: Place, compared: &[Compared<'_>]) -> Vec<Note> {
    let si = if input.unit.is_known() { input.unit.clone() } else { crate::core::unit::Unit::one() };
    let level = si.to_si(curves.level(place));
    let shown = Quantity::si(level, si.preferred(level));
    let reference = &input.states[input.reference].name;
    let origin = match input.threshold {
        Some(_) => "the level given".to_owned(),
        None => format!("{:.1} % of the pixels of all sites of {reference} lie above it", 100.0 * method.area_fraction),
    };
    let text = format!(
        "level {:.4} {} of {}: {origin}; the same for all states",
        shown.unit.convert_si(shown.value),
        shown.unit.symbol(),
        input.quantity.replace('_', " ")
    );
    let mut notes = vec![Note::info("level", text)];
    notes.extend(compared.iter().map(|compared| {
        let change = &compared.change;
        let verdict = match (compared.holm_p < 0.05, change.ratio > 1.0) {
            (true, true) => "more than in the reference",
            (true, false) => "less than in the reference",
            (false, _) => "no difference is seen",
        };
        let interval = change.ratio_interval.map(|(low, high)| format!(" [{low:.2}, {high:.2}]")).unwrap_or_default();
        Note::info(
            compared.counted.key,
            format!(
                "{} of {}: {:.2} times{interval} that of {reference}; p = {:.4} by Student's t, {:.4} by permutation of sites ({:.4} after Holm): {verdict}",
                compared.counted.words,
                input.states[compared.state].name,
                change.ratio,
                change.p_value,
                change.permutation.p_value,
                compared.holm_p
            ),
        )
    }));
    if compared.is_empty() {
        notes.push(Note::refused(
            "not_compared",
            "a comparison needs two states with at least two sites each, and something above the level; single values are in the table",
        ));
    }
    if curves.regions.is_none() {
        notes.push(Note::refused("no_number_density", "some images have no lateral size, so regions per area cannot be given"));
    }
    notes
}

fn sites_table(input: &Input, curves: &Curves, place: Place) -> Table {
    let names = input.states.iter().flat_map(|state| state.sites.iter().map(|_| state.name.clone())).collect();
    let all = |count: Count| (0..input.states.len()).map(|state| curves.sites(state, count, place)).collect::<Option<Vec<_>>>();
    let table = Table::new("sites", "Every site: area and regions above the level").with_text("state", names);
    COUNTED.iter().fold(table, |table, counted| match all(counted.count) {
        Some(values) => table.with_numbers(counted.key, counted.unit, values.concat()),
        None => table,
    })
}

fn changes_table(input: &Input, compared: &[Compared<'_>]) -> Table {
    let numbers = |read: &dyn Fn(&Compared<'_>) -> f64| compared.iter().map(read).collect::<Vec<f64>>();
    Table::new("changes", "States against the reference above the same level, sites as replicates (SI)")
        .with_text("quantity", compared.iter().map(|c| c.counted.words.to_owned()).collect())
        .with_text("states", compared.iter().map(|c| pair(c, input)).collect())
        .with_numbers("difference", "", numbers(&|c| c.change.difference))
        .with_numbers("difference_lo", "", numbers(&|c| c.change.interval.map_or(f64::NAN, |interval| interval.0)))
        .with_numbers("difference_hi", "", numbers(&|c| c.change.interval.map_or(f64::NAN, |interval| interval.1)))
        .with_numbers("ratio", "", numbers(&|c| c.change.ratio))
        .with_numbers("ratio_lo", "", numbers(&|c| c.change.ratio_interval.map_or(f64::NAN, |interval| interval.0)))
        .with_numbers("ratio_hi", "", numbers(&|c| c.change.ratio_interval.map_or(f64::NAN, |interval| interval.1)))
        .with_numbers("p_t", "", numbers(&|c| c.change.p_value))
        .with_numbers("p_permutation", "", numbers(&|c| c.change.permutation.p_value))
        .with_numbers("p_holm", "", numbers(&|c| c.holm_p))
}
