//! Cards as TOML, as [`parse`](super::parse) reads them.

use super::finding::{Bound, Card, Change, Finding, Reading, Sigma};
use crate::core::unit::Unit;

/// The text of a card.
pub fn to_toml(card: &Card) -> String {
    let settings = &card.settings;
    let mut lines = vec!["[card]".to_owned(), text("title", &card.title)];
    lines.extend(filled("description", &card.description));
    lines.extend(filled("alloy", &settings.alloy));
    lines.extend(filled("state", &settings.state));
    let reading = settings.reading.map(|reading| match reading {
        Reading::Single => "single",
        Reading::Distribution => "distribution",
    });
    lines.extend(reading.map(|reading| text("reading", reading)));
    lines.extend(amount("attempt_frequency", settings.attempt_frequency, "1/s"));
    lines.extend(settings.attempt_frequency_decades.map(|decades| format!("attempt_frequency_decades = {decades}")));
    lines.extend(amount("reference_frequency", settings.reference_frequency, "Hz"));
    lines.extend(amount("reference_temperature", settings.reference_temperature, "K"));
    lines.extend(amount("glass_transition", settings.glass_transition, "K"));
    for systematic in &card.systematics {
        lines.push(format!("\n[systematic.{}]", systematic.name));
        lines.extend(systematic.value.map(|value| text("value", &quantity(value, &systematic.unit))));
        lines.push(text(
            "sigma",
            &match systematic.sigma {
                Sigma::Absolute(sigma) => quantity(sigma, &systematic.unit),
                Sigma::Relative(sigma) => format!("{} %", rounded(100.0 * sigma)),
            },
        ));
    }
    lines.extend(card.findings.iter().flat_map(finding));
    lines.join("\n") + "\n"
}

fn finding(finding: &Finding) -> Vec<String> {
    let shown = |value: f64| quantity(value, &finding.unit);
    let mut lines = vec!["\n[[finding]]".to_owned(), text("id", &finding.id), text("quantity", finding.quantity.name)];
    lines.extend(finding.definition.map(|definition| text("definition", definition.name())));
    lines.push(text("value", &shown(finding.value)));
    lines.extend(finding.std_error.map(|error| text("std_error", &shown(error))));
    lines.extend(finding.bound.map(|bound| text("bound", if bound == Bound::Upper { "upper" } else { "lower" })));
    let context = &finding.context;
    lines.extend(amount("frequency", context.frequency, "Hz"));
    lines.extend(amount("temperature", context.temperature, "K"));
    lines.extend(amount("attempt_frequency", context.attempt_frequency, "1/s"));
    lines.extend(amount("attempt_time", context.attempt_time, "s"));
    lines.extend(context.dimension.map(|dimension| format!("dimension = {dimension}")));
    let change = |change: Change| match change {
        Change::Absolute(change) => shown(change),
        Change::Relative(change) => format!("{} %", rounded(100.0 * change)),
    };
    let changes: Vec<String> =
        finding.sensitivities.iter().map(|one| format!("{} = \"{}\"", one.systematic, change(one.change))).collect();
    if !changes.is_empty() {
        lines.push(format!("systematics = {{ {} }}", changes.join(", ")));
    }
    lines.push(text("technique", &finding.technique));
    for (key, value) in [("alloy", &finding.alloy), ("state", &finding.state), ("source", &finding.source)] {
        lines.extend(filled(key, value));
    }
    if !finding.files.is_empty() {
        let files: Vec<String> = finding.files.iter().map(|file| format!("{file:?}")).collect();
        lines.push(format!("file = [{}]", files.join(", ")));
    }
    lines.extend(filled("note", &finding.note));
    lines
}

fn text(key: &str, value: &str) -> String {
    format!("{key} = {value:?}")
}

fn filled(key: &str, value: &str) -> Option<String> {
    (!value.is_empty()).then(|| text(key, value))
}

fn amount(key: &str, value: Option<f64>, unit: &str) -> Option<String> {
    value.map(|value| text(key, &quantity(value, &Unit::of(unit))))
}

fn quantity(value: f64, unit: &Unit) -> String {
    let number = rounded(unit.convert_si(value));
    if unit.symbol().is_empty() { number.to_string() } else { format!("{number} {unit}") }
}

/// Nine digits: enough for any test, short enough to read.
fn rounded(value: f64) -> f64 {
    format!("{value:.8e}").parse().unwrap_or(value)
}
