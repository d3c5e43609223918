//! A card as an outcome: numbers, tables, figure and notes.

use super::assess::CardRefused;
use super::assess::{Assessment, Row, Status, Test, amount, assess};
use super::convert::{in_kilojoule_per_mole, in_r_tg};
use super::figures;
use super::finding::{Bound, Card, Finding, Reading};
use super::links::Verdict;
use crate::core::data::Table;
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::NORMAL_95;
use crate::core::unit::{Probability, Unit, format_significant};

/// Assesses a card and puts what it says into numbers, tables, a figure and notes.
///
/// # Errors
/// [`CardRefused`] as [`assess`] gives it.
pub fn outcome(card: &Card) -> Result<Outcome, CardRefused> {
    let assessment = assess(card)?;
    let mut tables = vec![findings(card, &assessment), consistency(card, &assessment), links(&assessment)];
    if !assessment.missing.is_empty() {
        tables.push(missing(&assessment));
    }
    Ok(Outcome {
        estimates: assessment.tests.iter().filter_map(estimate).collect(),
        tables,
        figures: figures::figures(card, &assessment),
        notes: notes(card, &assessment),
        ..Outcome::default()
    })
}

/// The common value of a test that found agreement.
fn estimate(test: &Test) -> Option<Estimate> {
    test.agrees()?;
    let (value, [lo, hi]) = test.common()?;
    let key = match test.meaning {
        "" | "volume" => test.quantity.name.to_owned(),
        meaning => format!("{}_{meaning}", test.quantity.name),
    };
    let error = if test.is_logarithmic { value * test.result.variance.sqrt() } else { (hi - lo) / (2.0 * NORMAL_95) };
    let estimate = Estimate::with_interval(&key, "", value, test.quantity.unit, (lo, hi), Basis::Likelihood);
    Some(estimate.std_error(error).n(test.estimates.y.len() as f64))
}

fn text<T>(items: &[T], of: impl Fn(&T) -> String) -> Vec<String> {
    items.iter().map(of).collect()
}

/// Total standard error, SI.
pub(super) fn total_error(row: &Row) -> Option<f64> {
    let found = row.comparable.as_ref()?;
    let shared: f64 = found.changes.iter().map(|(_, change)| change.of(found.value).powi(2)).sum();
    let total = (found.std_error.powi(2) + shared).sqrt();
    (total > 0.0).then_some(total)
}

fn findings(card: &Card, assessment: &Assessment) -> Table {
    let mut rows: Vec<&Row> = assessment.rows.iter().collect();
    rows.sort_by_key(|row| card.findings[row.finding].quantity.group);
    let finding = |row: &&Row| -> &Finding { &card.findings[row.finding] };
    let value = |row: &&Row| {
        let finding = finding(row);
        let sign = match finding.bound {
            Some(Bound::Upper) => "≤ ",
            Some(Bound::Lower) => "≥ ",
            None => "",
        };
        let error = finding.std_error.map(|error| format!(" ± {}", format_significant(error / finding.unit.scale(), 2)));
        let number = format_significant(finding.unit.convert_si(finding.value), 4);
        let unit = if finding.unit.symbol().is_empty() { String::new() } else { format!(" {}", finding.unit) };
        format!("{sign}{number}{}{unit}", error.unwrap_or_default())
    };
    let compared = |row: &&Row| {
        let Some(found) = &row.comparable else { return String::new() };
        let unit = super::convention::shown_unit(found.quantity);
        let how = if found.conversion.is_empty() { String::new() } else { format!(" ({})", found.conversion) };
        format!("{}{how}", amount(found.value, &unit))
    };
    let interval = |row: &&Row| match (&row.comparable, total_error(row)) {
        (Some(found), Some(error)) if found.bound.is_none() => {
            let unit = super::convention::shown_unit(found.quantity);
            let ends = [-NORMAL_95, NORMAL_95].map(|z| {
                if found.quantity.is_logarithmic {
                    found.value * (z * error / found.value).exp()
                } else {
                    found.value + z * error
                }
            });
            format!("{} … {}", format_significant(unit.convert_si(ends[0]), 3), amount(ends[1], &unit))
        }
        _ => String::new(),
    };
    Table::new("findings", "Findings")
        .with_text("quantity", text(&rows, |row| title(finding(row))))
        .with_text("finding", text(&rows, |row| finding(row).id.clone()))
        .with_text("value", text(&rows, value))
        .with_text("compared as", text(&rows, compared))
        .with_text("95 % interval, systematics in", text(&rows, interval))
        .with_text("in R Tg", text(&rows, |row| other_units(card, finding(row))))
        .with_text("conditions", text(&rows, |row| conditions(finding(row))))
        .with_text("pull", text(&rows, |row| row.pull.map(|pull| format!("{pull:+.1}")).unwrap_or_default()))
        .with_text("verdict", text(&rows, |row| verdict(&row.status)))
        .with_text("technique", text(&rows, |row| finding(row).technique.replace('_', " ")))
        .with_text("alloy", text(&rows, |row| finding(row).alloy.clone()))
        .with_text("state", text(&rows, |row| finding(row).state.clone()))
        .with_text("source", text(&rows, |row| source(finding(row))))
}

fn title(finding: &Finding) -> String {
    match finding.definition {
        Some(definition) => format!("{}: {}", finding.quantity.title, definition.name().replace('_', " ")),
        None => finding.quantity.title.to_owned(),
    }
}

fn source(finding: &Finding) -> String {
    let parts = [finding.source.as_str(), finding.note.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Energies also in kJ/mol and R Tg.
fn other_units(card: &Card, finding: &Finding) -> String {
    if finding.quantity.unit != "J" {
        return String::new();
    }
    let molar = format!("{} kJ/mol", format_significant(in_kilojoule_per_mole(finding.value), 3));
    match card.settings.glass_transition {
        Some(glass_transition) => format!("{} R Tg, {molar}", format_significant(in_r_tg(finding.value, glass_transition), 3)),
        None => molar,
    }
}

fn conditions(finding: &Finding) -> String {
    let context = &finding.context;
    let of = |value: Option<f64>, unit: &str, name: &str| {
        value.map(|value| {
            let unit = Unit::of(unit).preferred(value);
            format!("{name}{}", amount(value, &unit))
        })
    };
    let parts = [
        of(context.frequency, "Hz", ""),
        of(context.temperature, "K", ""),
        context.attempt_frequency.map(|w| format!("ω₀ {w:.2e} 1/s")),
        context.attempt_time.map(|t| format!("τ₀ {t:.1e} s")),
        of(context.stress, "Pa", ""),
        context.dimension.map(|dimension| format!("d = {dimension}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn verdict(status: &Status) -> String {
    match status {
        Status::Agrees => "agrees".to_owned(),
        Status::Inconsistent => "inconsistent".to_owned(),
        Status::NotTested(reason) => reason.describe(),
    }
}

/// Tests with something to test.
fn tested(assessment: &Assessment) -> Vec<&Test> {
    assessment.tests.iter().filter(|test| test.agrees().is_some()).collect()
}

/// A value with its interval in the unit of the quantity.
fn with_interval(test: &Test, value: f64, [lo, hi]: [f64; 2]) -> String {
    let unit = super::convention::shown_unit(test.quantity);
    let number = |value: f64| format_significant(unit.convert_si(value), 3);
    let unit_name = if unit.symbol().is_empty() { String::new() } else { format!(" {unit}") };
    format!("{} [{}, {}]{unit_name}", number(value), number(lo), number(hi))
}

fn consistency(card: &Card, assessment: &Assessment) -> Table {
    let tests = tested(assessment);
    let common = |test: &&Test| match test.common() {
        Some((value, interval)) => with_interval(test, value, interval),
        None => "none: the findings do not agree".to_owned(),
    };
    let robust = |test: &&Test| {
        let Some(robust) = &test.robust else { return String::new() };
        let ends = robust.interval.map(|end| test.to_si(end));
        with_interval(test, test.to_si(robust.mean), ends)
    };
    let apart = |test: &&Test| test.driver().map(|index| card.findings[index].id.clone()).unwrap_or_default();
    Table::new("consistency", "Do they agree?")
        .with_text("quantity", text(&tests, |test| test.title()))
        .with_text("findings", text(&tests, |test| test.members.len().to_string()))
        .with_text("p", text(&tests, |test| test.result.p_value.map(|p| format_significant(p, 2)).unwrap_or_default()))
        .with_text("Birge ratio", text(&tests, |test| test.result.birge.map(|r| format!("{r:.2}")).unwrap_or_default()))
        .with_text("common value", text(&tests, common))
        .with_text("with a spread between methods", text(&tests, robust))
        .with_text("stands apart", text(&tests, apart))
        .with_text("would agree", text(&tests, |test| test.remedies.join("; or ")))
        .with_text("without the one that stands apart", text(&tests, |test| without_driver(test)))
}

fn without_driver(test: &Test) -> String {
    let Some(without) = test.result.outlier.and_then(|index| test.result.without[index]) else { return String::new() };
    let ends = [-NORMAL_95, NORMAL_95].map(|z| test.to_si(without.mean + z * without.std_error));
    with_interval(test, test.to_si(without.mean), ends)
}

fn links(assessment: &Assessment) -> Table {
    let shown: Vec<_> = assessment.links.iter().collect();
    let verdict = |verdict: Verdict| match verdict {
        Verdict::Agree => "agree",
        Verdict::Disagree => "disagree",
        Verdict::SideBySide => "side by side",
        Verdict::Open => "open",
    };
    let known = |result: &&super::links::LinkResult| match result.verdict {
        Verdict::Open | Verdict::Agree => String::new(),
        _ => result.link.known.to_owned(),
    };
    Table::new("cross_links", "Cross-links between techniques")
        .with_text("link", text(&shown, |result| result.link.id.to_owned()))
        .with_text("quantity", text(&shown, |result| result.link.title.to_owned()))
        .with_text("techniques", text(&shown, |result| result.techniques.join(", ").replace('_', " ")))
        .with_text("verdict", text(&shown, |result| verdict(result.verdict).to_owned()))
        .with_text("numbers", text(&shown, |result| result.text.clone()))
        .with_text("expected", text(&shown, |result| result.link.expected.to_owned()))
        .with_text("known", text(&shown, known))
}

fn missing(assessment: &Assessment) -> Table {
    let rows = &assessment.missing;
    let brings = |reduction: Option<f64>| match reduction {
        Some(reduction) => format!("interval {:.0} % shorter", 100.0 * reduction),
        None => "a first value".to_owned(),
    };
    Table::new("missing_measurements", "What to measure next")
        .with_text("link", text(rows, |row| row.link.to_owned()))
        .with_text("quantity", text(rows, |row| row.title.to_owned()))
        .with_text("measurement", text(rows, |row| row.route.what.to_owned()))
        .with_text("technique", text(rows, |row| row.route.technique.replace('_', " ")))
        .with_text("expected error", text(rows, |row| format!("{:.0} %", 100.0 * row.route.relative_error)))
        .with_text("brings", text(rows, |row| brings(row.reduction)))
}

fn notes(card: &Card, assessment: &Assessment) -> Vec<Note> {
    let mut notes = Vec::new();
    for test in tested(assessment) {
        let p = test.result.p_value.unwrap_or(f64::NAN);
        if test.agrees() == Some(true) {
            continue;
        }
        let apart = test.driver().map(|index| format!(" '{}' stands apart.", card.findings[index].id)).unwrap_or_default();
        let remedy = test.remedies.first().map(|remedy| format!(" They would agree {remedy}.")).unwrap_or_default();
        notes.push(Note::warning(
            "inconsistent",
            format!(
                "The findings on the {} do not agree (p {}); no common value is given.{apart}{remedy}",
                test.title(),
                Probability(p)
            ),
        ));
    }
    let untested: Vec<String> = assessment
        .rows
        .iter()
        .filter_map(|row| match &row.status {
            Status::NotTested(super::convention::NotTested::Alone) => None,
            Status::NotTested(reason) => Some(format!("{}: {}", card.findings[row.finding].id, reason.describe())),
            _ => None,
        })
        .collect();
    if !untested.is_empty() {
        notes.push(Note::info("not_tested", format!("Shown but not counted: {}.", untested.join("; "))));
    }
    if let Some(reading) = card.settings.reading {
        let how = match reading {
            Reading::Single => "one event with one barrier: they must be equal as they stand, whatever the frequency",
            Reading::Distribution => "a broad distribution: they are converted to one frequency and temperature",
        };
        notes.push(Note::info("reading", format!("Barriers are read as those of {how}.")));
    }
    notes
}
