use amorph_core::dossier::{Dossier, ResultRecord, StateRecord};
use amorph_core::outcome::Estimate;
use maud::{Markup, html};

use super::estimates;
use super::words::{counted, symbol};
use crate::typeset;

/// Estimates of a method that the headline shows.
const SHOWN_PER_METHOD: usize = 3;

/// The most important numbers: one row for each quantity, one column for each state.
pub fn headline(dossier: &Dossier) -> Markup {
    let states = states(dossier);
    let rows = rows(dossier);
    html! {
        @if rows.is_empty() {
            @let told = if dossier.results.is_empty() && !dossier.comparisons.is_empty() {
                "The numbers stand under Comparisons."
            } else {
                "No result holds a number."
            };
            p.faint { (told) }
        } @else {
            div.scroll { table.headline {
                thead { tr {
                    th colspan="2" { "Quantity" }
                    @for state in &states { th.number { (state_name(dossier, state)) } }
                } }
                tbody { @for (index, row) in rows.iter().enumerate() {
                    @if index == 0 || rows[index - 1].method != row.method {
                        tr.method { th colspan=(2 + states.len()) { (row.title) } }
                    }
                    tr {
                        td.symbol-cell { (symbol(&row.symbol)) }
                        td { (typeset::heading(&row.key)) }
                        @for state in &states { td.number { (cell(dossier, row, state)) } }
                    }
                } }
            } }
            p.faint { "Value ± standard error, 95 % interval, what the interval rests on. Every value links to how it was made." }
        }
    }
}

struct Row {
    method: String,
    title: String,
    key: String,
    symbol: String,
}

/// Samples and states in the order of the study; where it names none, in the order of the results.
fn states(dossier: &Dossier) -> Vec<(String, String)> {
    let named = dossier.states.iter().map(|state| (state.sample.clone(), state.state.clone()));
    let found = dossier.results.iter().map(|result| (result.sample.clone(), result.state.clone()));
    let mut unique = Vec::new();
    for state in named.chain(found) {
        if !unique.contains(&state) {
            unique.push(state);
        }
    }
    unique
}

fn state_name(dossier: &Dossier, (sample, state): &(String, String)) -> Markup {
    let first = dossier.states.first().map(|first| &first.sample);
    let one_sample = dossier.states.iter().all(|other| Some(&other.sample) == first);
    html! { @if !one_sample { span.faint { (sample) } br; } (state) }
}

/// The first estimates of every method, from the results of states where there are any.
fn rows(dossier: &Dossier) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for result in &dossier.results {
        let of_items = !result.item.is_empty();
        let has_states = dossier.results.iter().any(|other| other.method == result.method && other.item.is_empty());
        if of_items && has_states {
            continue;
        }
        for estimate in result.outcome.estimates.iter().take(SHOWN_PER_METHOD) {
            if !rows.iter().any(|row| row.method == result.method && row.key == estimate.key) {
                rows.push(Row {
                    method: result.method.clone(),
                    title: result.title.clone(),
                    key: estimate.key.clone(),
                    symbol: estimate.symbol.clone(),
                });
            }
        }
    }
    // Rows of one method stand together.
    let order: Vec<String> = rows.iter().map(|row| row.method.clone()).collect();
    rows.sort_by_key(|row| order.iter().position(|method| *method == row.method));
    rows
}

fn cell(dossier: &Dossier, row: &Row, (sample, state): &(String, String)) -> Markup {
    let here = |result: &&ResultRecord| result.method == row.method && result.sample == *sample && result.state == *state;
    let found: Vec<(&ResultRecord, &Estimate)> =
        dossier.results.iter().filter(here).filter_map(|result| Some((result, result.outcome.estimate(&row.key)?))).collect();
    let of_state = found.iter().find(|(result, _)| result.item.is_empty());
    match (of_state, found.as_slice()) {
        (Some((result, estimate)), _) | (None, [(result, estimate)]) => single(result, estimate),
        (None, []) => html! { span.faint { "–" } },
        (None, several) => range(several),
    }
}

fn single(result: &ResultRecord, estimate: &Estimate) -> Markup {
    let n = estimate.n.map(|n| format!("n = {}", typeset::count(n)));
    let parts = [estimates::basis(estimate).to_owned(), n.unwrap_or_default()];
    let support: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    html! {
        div.main-value { (estimates::value(estimate, &result.job)) }
        @if estimate.interval.is_some() { div.support { (estimates::interval(estimate)) } }
        @else if let Some(why) = &estimate.no_interval { div.support title=(why) { "no interval" } }
        div.support.faint { (support.join(", ")) }
    }
}

/// Several items without a result of their state: the range, and no claim about its error.
fn range(found: &[(&ResultRecord, &Estimate)]) -> Markup {
    let by_value = |a: &&(&ResultRecord, &Estimate), b: &&(&ResultRecord, &Estimate)| a.1.value.total_cmp(&b.1.value);
    let finite = || found.iter().filter(|(_, estimate)| estimate.value.is_finite());
    html! {
        @if let (Some((low, lowest)), Some((high, highest))) = (finite().min_by(by_value), finite().max_by(by_value)) {
            div.main-value { (estimates::value(&bare(lowest), &low.job)) " to " (estimates::value(&bare(highest), &high.job)) }
        }
        div.support.faint { "range of " (counted(found.len(), "item", "items")) }
    }
}

fn bare(estimate: &Estimate) -> Estimate {
    Estimate { std_error: None, ..estimate.clone() }
}

/// What was measured: samples, states and what the study says about them.
pub fn states_table(states: &[StateRecord]) -> Markup {
    html! {
        @if !states.is_empty() {
            div.scroll { table {
                thead { tr { th { "Sample" } th { "State" } th { "Facts" } th.number { "Items" } } }
                tbody { @for state in states {
                    tr {
                        td { (state.sample) }
                        td { (state.state) }
                        td { @for (index, (name, value)) in state.facts.iter().enumerate() {
                            @if index > 0 { ", " }
                            span.faint { (typeset::words(name)) } " " (value)
                        } }
                        td.number { (state.n_items) }
                    }
                } }
            } }
        }
    }
}
