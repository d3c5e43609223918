//! Tables on the terminal.

use amorph::core::dossier::{Dossier, FailureRecord, ResultRecord};
use amorph::core::outcome::{Estimate, Severity};
use amorph::core::unit::{Quantity, format_significant};
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table, TableComponent};

/// Items of a state whose numbers are printed one by one; of more, a summary.
const ITEMS_SHOWN: usize = 6;
/// Rows of a table of a comparison that are printed.
const ROWS_SHOWN: usize = 40;

/// A table with one thin line under its header that fits the terminal.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    table.set_style(TableComponent::HeaderLines, '─').set_style(TableComponent::MiddleHeaderIntersections, '─');
    table
}

/// A quantity in the prefix that reads best.
pub fn quantity(quantity: &Quantity) -> String {
    let display = quantity.unit.preferred(quantity.value);
    let text = format_significant(display.convert_si(quantity.value), 6);
    if display.symbol().is_empty() { text } else { format!("{text} {display}") }
}

/// Rows of text under a header.
pub fn rows(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = table(header);
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

/// The estimates of a study and what must be known about them, state by state.
pub fn dossier(dossier: &Dossier) -> String {
    let mut text = format!("{}\n", dossier.title);
    for state in &dossier.states {
        let of_state: Vec<_> = dossier.results.iter().filter(|result| result.state == state.state).collect();
        if of_state.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{} · {}\n", state.sample, state.state));
        let (of_items, of_whole): (Vec<_>, Vec<_>) = of_state.into_iter().partition(|result| !result.item.is_empty());
        if state.n_items > ITEMS_SHOWN {
            text.push_str(&rows(&["quantity", "median", "range", "items"], summaries(&of_items)));
            text.push_str(&rows(&["quantity", "value", "95 % interval", "item"], estimates(&of_whole)));
        } else {
            let all = [of_items, of_whole].concat();
            text.push_str(&rows(&["quantity", "value", "95 % interval", "item"], estimates(&all)));
        }
        text.push('\n');
    }
    for comparison in &dossier.comparisons {
        for table in comparison.outcome.tables.iter() {
            text.push_str(&format!("\n{}\n{}\n", table.title, plain_table(&table.head(ROWS_SHOWN))));
            if table.n_rows() > ROWS_SHOWN {
                text.push_str(&format!("... {} more rows are in the report\n", table.n_rows() - ROWS_SHOWN));
            }
        }
    }
    text
}

fn name(estimate: &Estimate) -> String {
    format!("{} {}", estimate.key.replace('_', " "), estimate.symbol)
}

fn estimates(results: &[&ResultRecord]) -> Vec<Vec<String>> {
    let row = |result: &ResultRecord, estimate: &Estimate| {
        vec![name(estimate), estimate.display(), estimate.display_interval(), result.item.clone()]
    };
    results.iter().flat_map(|result| result.outcome.estimates.iter().map(|estimate| row(result, estimate))).collect()
}

/// Median and range of every number over the items of a state.
fn summaries(results: &[&ResultRecord]) -> Vec<Vec<String>> {
    let mut numbers: Vec<(&str, &str, Vec<&Estimate>)> = Vec::new();
    for result in results {
        for estimate in result.outcome.estimates.iter().filter(|estimate| estimate.value.is_finite()) {
            let known = numbers.iter_mut().find(|(method, key, _)| *method == result.method && *key == estimate.key);
            match known {
                Some((_, _, found)) => found.push(estimate),
                None => numbers.push((&result.method, &estimate.key, vec![estimate])),
            }
        }
    }
    let row = |(_, _, mut found): (&str, &str, Vec<&Estimate>)| {
        found.sort_by(|a, b| a.value.total_cmp(&b.value));
        let shown = |estimate: &Estimate| Estimate { std_error: None, ..estimate.clone() }.display();
        let (first, last) = (found[0], found[found.len() - 1]);
        let range = format!("{} … {}", shown(first), shown(last));
        vec![name(first), shown(found[found.len() / 2]), range, found.len().to_string()]
    };
    numbers.into_iter().map(row).collect()
}

/// A result table as text.
pub fn plain_table(table: &amorph::core::data::Table) -> String {
    use amorph::core::data::ColumnValues;
    let header: Vec<String> = table
        .columns
        .iter()
        .map(|column| match column.unit.symbol() {
            "" => column.name.clone(),
            unit => format!("{} ({unit})", column.name),
        })
        .collect();
    let cell = |column: &ColumnValues, row: usize| match column {
        ColumnValues::Numbers(values) if values[row].fract() == 0.0 && values[row].abs() < 1e6 => format!("{:.0}", values[row]),
        ColumnValues::Numbers(values) => format_significant(values[row], 3),
        ColumnValues::Text(values) => values[row].clone(),
    };
    let body = (0..table.n_rows()).map(|row| table.columns.iter().map(|column| cell(&column.values, row)).collect());
    rows(&header.iter().map(String::as_str).collect::<Vec<_>>(), body)
}

/// Warnings and refusals of a study, each once, to stderr.
pub fn warnings(dossier: &Dossier) {
    let mut seen = std::collections::BTreeSet::new();
    for result in dossier.results.iter().chain(&dossier.comparisons) {
        for note in result.outcome.notes.iter().filter(|note| note.severity >= Severity::Warning) {
            let place = if result.item.is_empty() { &result.state } else { &result.item };
            if seen.insert((result.method.clone(), note.code.clone())) {
                let of: Vec<&str> = [&*result.method, place].into_iter().filter(|name| !name.is_empty()).collect();
                eprintln!("note ({}): {}", of.join(", "), note.message);
            }
        }
    }
}

/// What gave no result, to stderr; the same failure of many items is told once.
pub fn failures(failures: &[FailureRecord]) {
    let mut told: Vec<(&FailureRecord, usize)> = Vec::new();
    for failure in failures {
        let same =
            |(other, _): &&mut (&FailureRecord, usize)| other.method == failure.method && other.message == failure.message;
        match told.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => told.push((failure, 1)),
        }
    }
    for (failure, count) in told {
        let place = [failure.state.as_str(), failure.item.as_str()].into_iter().filter(|part| !part.is_empty());
        let place = place.collect::<Vec<_>>().join(", ");
        let more = if count > 1 { format!(" (and {} more items)", count - 1) } else { String::new() };
        eprintln!("no result: {} · {place}{more}\n  {}", failure.method, failure.message);
        for line in failure.hint.lines() {
            eprintln!("  → {line}");
        }
    }
}
