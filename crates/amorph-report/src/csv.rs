//! Results as comma-separated values: full precision, SI, missing numbers as empty fields.

use amorph_core::data::{ColumnValues, Table};
use amorph_core::dossier::ResultRecord;
use amorph_core::outcome::Estimate;

/// A table; the header carries the units, as in `area (m^2)`.
pub fn table(table: &Table) -> String {
    let header = table.columns.iter().map(|column| match column.unit.symbol() {
        "" => column.name.clone(),
        unit => format!("{} ({unit})", column.name),
    });
    let mut lines = vec![line(header)];
    for row in 0..table.columns.iter().map(|column| length(&column.values)).max().unwrap_or(0) {
        lines.push(line(table.columns.iter().map(|column| match &column.values {
            ColumnValues::Numbers(values) => values.get(row).map_or_else(String::new, |value| number(*value)),
            ColumnValues::Text(values) => values.get(row).cloned().unwrap_or_default(),
        })));
    }
    lines.concat()
}

const ESTIMATE_HEADER: [&str; 18] = [
    "sample",
    "state",
    "item",
    "method",
    "quantity",
    "symbol",
    "value",
    "unit",
    "std_error",
    "systematic_error",
    "interval_lo",
    "interval_hi",
    "interval_level",
    "basis",
    "n",
    "flags",
    "no_interval",
    "job",
];

/// The estimates of results, one a line.
pub fn estimates<'a>(results: impl IntoIterator<Item = &'a ResultRecord>) -> String {
    let mut lines = vec![line(ESTIMATE_HEADER.map(str::to_owned))];
    for result in results {
        lines.extend(result.outcome.estimates.iter().map(|estimate| line(estimate_fields(result, estimate))));
    }
    lines.concat()
}

fn estimate_fields(result: &ResultRecord, estimate: &Estimate) -> [String; 18] {
    let optional = |value: Option<f64>| value.map_or_else(String::new, number);
    let interval = estimate.interval;
    [
        result.sample.clone(),
        result.state.clone(),
        result.item.clone(),
        result.method.clone(),
        estimate.key.clone(),
        estimate.symbol.clone(),
        number(estimate.value),
        estimate.unit.symbol().to_owned(),
        optional(estimate.std_error),
        optional(estimate.systematic_error),
        optional(interval.map(|interval| interval.lo)),
        optional(interval.map(|interval| interval.hi)),
        optional(interval.map(|interval| interval.level)),
        estimate.basis.label().to_owned(),
        optional(estimate.n),
        estimate.flags.join("; "),
        estimate.no_interval.clone().unwrap_or_default(),
        result.job.clone(),
    ]
}

fn length(values: &ColumnValues) -> usize {
    match values {
        ColumnValues::Numbers(values) => values.len(),
        ColumnValues::Text(values) => values.len(),
    }
}

/// The shortest text that reads back as the same number.
fn number(value: f64) -> String {
    match value {
        value if !value.is_finite() => String::new(),
        0.0 => "0".to_owned(),
        value if (1e-3..1e9).contains(&value.abs()) => value.to_string(),
        value => format!("{value:e}"),
    }
}

/// One record (RFC 4180, with a bare line feed).
fn line(fields: impl IntoIterator<Item = String>) -> String {
    let mut line = fields.into_iter().map(|field| quoted(&field)).collect::<Vec<_>>().join(",");
    line.push('\n');
    line
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

#[cfg(test)]
mod tests {
    use amorph_core::outcome::{Basis, Outcome};

    use super::*;

    #[test]
    fn tables_keep_full_precision_and_quote_what_needs_it() {
        let regions = Table::new("regions", "Regions")
            .with_numbers("area", "m^2", vec![1.25e-16, f64::NAN])
            .with_text("kind", vec!["soft, \"large\"".to_owned(), "hard".to_owned()]);
        assert_eq!(super::table(&regions), "area (m^2),kind\n1.25e-16,\"soft, \"\"large\"\"\"\n,hard\n");
    }

    #[test]
    fn estimates_have_one_line_each() {
        let estimate = Estimate::with_interval("xi", "ξ", 4.1e-9, "m", (4e-9, 4.2e-9), Basis::Bootstrap).n(12.0);
        let record = ResultRecord {
            job: "j1".to_owned(),
            state: "3 N".to_owned(),
            outcome: Outcome { estimates: vec![estimate], ..Outcome::default() },
            ..ResultRecord::default()
        };
        let text = estimates([&record]);
        assert_eq!(text.lines().nth(1), Some(",3 N,,,xi,ξ,4.1e-9,m,,,4e-9,4.2e-9,0.95,bootstrap,12,,,j1"));
    }
}
