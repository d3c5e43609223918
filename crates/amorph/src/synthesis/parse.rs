//! From a card file to a [`Card`], collecting every mistake with its place on the way.

use std::path::Path;

use super::convert::{barrier_from_frequency, barrier_from_length};
use super::finding::{
    ATTEMPT_FREQUENCY, Across, Bound, Card, Change, Context, Finding, Reading, Sensitivity, Settings, Sigma, Systematic,
    TECHNIQUES,
};
use super::quantity::{Definition, QUANTITIES, QuantityInfo};
use crate::core::unit::{Quantity, Unit};
use crate::literature::{self, Literature};
use crate::study::node::{self, Node, Span, Table, Value};
use crate::study::reader::Reader;
use crate::study::{Problem, ProblemKind, StudyError};
use crate::theory::constants::BOLTZMANN;

/// Reads a card file.
///
/// # Errors
/// [`StudyError`] with every mistake and its place.
pub fn open(path: &Path) -> Result<Card, StudyError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| StudyError::Unreadable { path: path.display().to_string(), source })?;
    parse(path, text)
}

/// Reads the text of a card; `path` gives the folder that its files are relative to.
///
/// # Errors
/// [`StudyError::Invalid`] with every mistake and its place.
pub fn parse(path: &Path, text: String) -> Result<Card, StudyError> {
    read(path, &text).map_err(|problems| StudyError::Invalid { path: path.display().to_string(), text, problems })
}

fn read(path: &Path, text: &str) -> Result<Card, Vec<Problem>> {
    let root = node::parse(text).map_err(|(message, span)| vec![Problem { span, kind: ProblemKind::Toml { message } }])?;
    let mut problems = Vec::new();
    let mut root = Reader::new("the card", root, 0..0, &mut problems);
    let head = root.table("card");
    let systematics = root.table("systematic").map(|(table, _)| table).unwrap_or_default();
    let findings = root.tables("finding");
    root.require("card", head.is_some(), "[card]\ntitle = \"...\"");
    root.require("finding", !findings.is_empty(), "[[finding]]");
    root.finish();

    let mut card = Card::default();
    read_head(head, path.parent().unwrap_or(Path::new("")), &mut card, &mut problems);
    card.systematics = systematics.entries.into_iter().filter_map(|entry| read_systematic(entry, &mut problems)).collect();
    for (table, span) in findings {
        let Some(finding) = read_finding(table, span.clone(), &card, &mut problems) else { continue };
        if card.findings.iter().any(|known| known.id == finding.id) {
            problems.push(Problem { span, kind: ProblemKind::Twice { what: "finding", name: finding.id.clone() } });
        }
        card.findings.push(finding);
    }
    if problems.is_empty() {
        return Ok(card);
    }
    problems.sort_by_key(|problem| problem.span.start);
    problems.dedup();
    Err(problems)
}

fn read_head(head: Option<(Table, Span)>, folder: &Path, card: &mut Card, problems: &mut Vec<Problem>) {
    let (table, span) = head.unwrap_or_default();
    let mut reader = Reader::new("[card]", table, span, problems);
    let title = reader.text("title");
    reader.require("title", title.is_some(), "title = \"...\"");
    card.title = title.unwrap_or_default();
    card.description = reader.text("description").unwrap_or_default();
    let mut number = |key: &'static str, unit: &str, example: &str| reader.quantity(key, unit, example).map(|q| q.value);
    card.settings = Settings {
        attempt_frequency: number("attempt_frequency", "1/s", "\"1.5e13 1/s\""),
        attempt_frequency_decades: number("attempt_frequency_decades", "", "1 for an error of a factor of ten"),
        reference_frequency: number("reference_frequency", "Hz", "\"100 kHz\""),
        reference_temperature: number("reference_temperature", "K", "\"298 K\""),
        dimension: number("dimension", "", "3"),
        glass_transition: number("glass_transition", "K", "\"650 K\""),
        ..Settings::default()
    };
    card.settings.alloy = reader.text("alloy").unwrap_or_default();
    card.settings.state = reader.text("state").unwrap_or_default();
    let reading = reader.word("reading");
    let across = reader.texts("across").unwrap_or_default();
    let file = reader.word("literature");
    reader.finish();
    let readings = [("single", Reading::Single), ("distribution", Reading::Distribution)];
    card.settings.reading = reading.and_then(|word| choose("reading", word, &readings, problems));
    let ways = [("state", Across::State), ("alloy", Across::Alloy)];
    card.settings.across =
        across.into_iter().filter_map(|word| choose("thing to compare across", word, &ways, problems)).collect();
    if let Some((name, span)) = file {
        match literature::open(&folder.join(name)) {
            Ok(own) => card.literature = Literature::with(own),
            Err(error) => problems.push(Problem { span, kind: ProblemKind::Literature { message: error.to_string() } }),
        }
    }
}

/// The meaning of a word among several.
fn choose<T: Copy>(
    what: &'static str,
    (found, span): (String, Span),
    known: &[(&str, T)],
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let chosen = known.iter().find(|(name, _)| *name == found).map(|(_, meaning)| *meaning);
    if chosen.is_none() {
        let known = known.iter().map(|(name, _)| (*name).to_owned()).collect();
        problems.push(Problem { span, kind: ProblemKind::UnknownWord { what, found, known } });
    }
    chosen
}

fn read_systematic(entry: node::Entry, problems: &mut Vec<Problem>) -> Option<Systematic> {
    let Value::Table(table) = entry.node.value else {
        let kind =
            ProblemKind::WrongKind { key: entry.key, expected: "a table, written [systematic.name]", found: entry.node.kind() };
        problems.push(Problem { span: entry.node.span, kind });
        return None;
    };
    let mut reader = Reader::new("[systematic.*]", table, entry.node.span, problems);
    let value = reader.any_quantity("value", "\"1 nm\"");
    let sigma = reader.any_quantity("sigma", "\"0.1 nm\" or \"10 %\"");
    let decades = reader.quantity("decades", "", "1 for an error of a factor of ten").map(|q| q.value);
    reader.require("sigma", sigma.is_some() || decades.is_some(), "sigma = \"10 %\"");
    reader.finish();
    let unit = value.as_ref().map_or_else(Unit::one, |value| value.unit.clone());
    let sigma = match (sigma, decades) {
        (_, Some(decades)) => Some(Sigma::Relative(decades * std::f64::consts::LN_10)),
        (Some(sigma), None) if sigma.unit.symbol() == "%" => Some(Sigma::Relative(sigma.value)),
        (Some(sigma), None) => Some(Sigma::Absolute(sigma.value)),
        (None, None) => None,
    };
    Some(Systematic { name: entry.key, value: value.map(|value| value.value), unit, sigma: sigma? })
}

/// What stands under one `[[finding]]`, before it is put together.
struct Written {
    kind: &'static QuantityInfo,
    value: Option<Quantity>,
    range: Option<(f64, f64, Unit)>,
    std_error: Option<f64>,
    context: Context,
    /// Relative error of the frequency or duration.
    frequency_error: Option<f64>,
    length: Option<Quantity>,
    interaction_length: Option<f64>,
}

fn read_finding(table: Table, span: Span, card: &Card, problems: &mut Vec<Problem>) -> Option<Finding> {
    let told = problems.len();
    let mut reader = Reader::new("[[finding]]", table, span.clone(), problems);
    let id = reader.text("id");
    let kind = reader.word("quantity");
    let technique = reader.word("technique");
    reader.require("id", id.is_some(), "id = \"AFM, as deposited\"");
    reader.require("quantity", kind.is_some(), "quantity = \"barrier\"");
    reader.require("technique", technique.is_some(), "technique = \"afm\"");
    let kinds: Vec<(&str, &'static QuantityInfo)> = QUANTITIES.iter().map(|quantity| (quantity.name, quantity)).collect();
    let kind = choose("quantity of a card", kind?, &kinds, reader.problems())?;
    let techniques: Vec<(&str, &str)> = TECHNIQUES.iter().map(|name| (*name, *name)).collect();
    let technique = choose("technique", technique?, &techniques, reader.problems())?;
    let definition = reader.word("definition").and_then(|word| {
        let known: Vec<(&str, Definition)> = kind.definitions.iter().map(|one| (one.name(), *one)).collect();
        choose("definition of this quantity", word, &known, reader.problems())
    });
    let bounds = [("upper", Bound::Upper), ("lower", Bound::Lower)];
    let bound = reader.word("bound").and_then(|word| choose("bound", word, &bounds, reader.problems()));
    let source = reader.text("source").unwrap_or_default();
    let alloy = reader.text("alloy").unwrap_or_else(|| card.settings.alloy.clone());
    let state = reader.text("state").unwrap_or_else(|| card.settings.state.clone());
    let note = reader.text("note").unwrap_or_default();
    let files = reader.texts("file").unwrap_or_default().into_iter().map(|(name, _)| name).collect();
    let changes = reader.table("systematics").map(|(table, _)| table).unwrap_or_default();
    let written = read_numbers(&mut reader, kind, &card.settings);
    reader.finish();
    let (value, unit, std_error) = match value_of(&written, &card.settings) {
        Some(found) => found,
        // What was written wrongly was told already.
        None if problems.len() > told => return None,
        None => {
            let kind = ProblemKind::MissingKey {
                key: "value",
                table: "[[finding]]".to_owned(),
                example: "value = \"0.50 +- 0.02 eV\", or range = [\"0.3 eV\", \"0.5 eV\"]; of a barrier also a length with \
                          interaction_length, dimension and temperature, or a frequency or duration with attempt_frequency and temperature",
            };
            problems.push(Problem { span, kind });
            return None;
        }
    };
    let mut sensitivities = read_changes(changes, kind, card, problems);
    sensitivities.extend(of_interaction_length(&written, card));
    let mut context = written.context;
    // A barrier computed from a frequency rests on the attempt frequency; one with a value of its own says so itself.
    if kind.name == "barrier" && written.value.is_none() && written.length.is_none() && written.range.is_none() {
        context.attempt_frequency = context.attempt_frequency.or(card.settings.attempt_frequency);
    }
    Some(Finding {
        id: id?,
        quantity: kind,
        definition,
        value,
        unit,
        std_error,
        bound,
        sensitivities,
        context,
        technique: technique.to_owned(),
        source,
        alloy,
        state,
        files,
        note,
    })
}

fn read_numbers(reader: &mut Reader<'_>, kind: &'static QuantityInfo, settings: &Settings) -> Written {
    let unit = Unit::of(kind.unit);
    let (value, range) = (reader.node("value"), reader.node("range"));
    let value = value.and_then(|node| energy_or_other(reader, "value", &node, kind, settings));
    let ends = range.and_then(|node| {
        let Value::List(items) = &node.value else {
            reader.report(&node, ProblemKind::WrongKind { key: "range".to_owned(), expected: RANGE, found: node.kind() });
            return None;
        };
        let ends: Vec<Quantity> =
            items.iter().filter_map(|item| energy_or_other(reader, "range", item, kind, settings)).collect();
        match ends.as_slice() {
            [lo, hi] if lo.value < hi.value => Some((lo.value, hi.value, lo.unit.clone())),
            // Ends that cannot be read were told already.
            read if read.len() < items.len() => None,
            _ => {
                reader
                    .report(&node, ProblemKind::WrongKind { key: "range".to_owned(), expected: RANGE, found: "another list" });
                None
            }
        }
    });
    let std_error = reader.quantity("std_error", unit.symbol(), kind.display).map(|error| error.value.abs());
    let frequency = reader.quantity("frequency", "Hz", "\"100 kHz\"");
    let duration = reader.quantity("duration", "s", "\"1 ms\"");
    let clock = frequency.as_ref().or(duration.as_ref());
    let frequency_error = clock.and_then(Quantity::relative_error);
    let frequency = frequency.map(|q| q.value).or_else(|| duration.map(|q| 1.0 / q.value));
    let mut number = |key: &'static str, unit: &str, example: &str| reader.quantity(key, unit, example).map(|q| q.value);
    let context = Context {
        frequency,
        temperature: number("temperature", "K", "\"298 K\""),
        stress: number("stress", "Pa", "\"300 MPa\""),
        attempt_frequency: number("attempt_frequency", "1/s", "\"1.5e13 1/s\""),
        attempt_time: number("attempt_time", "s", "\"3e-14 s\""),
        dimension: number("dimension", "", "3"),
    };
    let interaction_length = number("interaction_length", "m", "\"1 nm\"");
    let length = reader.quantity("length", "m", "\"4.10 +- 0.05 nm\"");
    Written { kind, value, range: ends, std_error, context, frequency_error, length, interaction_length }
}

const RANGE: &str = "a list of its two ends, the lower first, as in [\"1 nm^3\", \"2 nm^3\"]";

/// A quantity of the kind that is wanted; energies also in units of R Tg.
fn energy_or_other(
    reader: &mut Reader<'_>,
    key: &'static str,
    node: &Node,
    kind: &'static QuantityInfo,
    settings: &Settings,
) -> Option<Quantity> {
    let text = node.as_text().unwrap_or_default();
    let parsed = match text.trim().strip_suffix("R Tg").filter(|_| kind.unit == "J") {
        Some(number) => {
            let Some(glass_transition) = settings.glass_transition else {
                reader.report(
                    node,
                    ProblemKind::MissingKey {
                        key: "glass_transition",
                        table: "[card]".to_owned(),
                        example: "glass_transition = \"650 K\"",
                    },
                );
                return None;
            };
            let per = BOLTZMANN * glass_transition;
            Quantity::parse_as(number.trim(), &Unit::one()).map(|number| Quantity {
                value: number.value * per,
                std_error: number.std_error.map(|error| error * per),
                unit: Unit::of("eV"),
            })
        }
        None => Quantity::parse_as(&text, &Unit::of(kind.unit)),
    };
    parsed
        .map_err(|error| {
            let expected = match kind.unit {
                "m" => "as a length, for instance \"1.5 nm\"; a volume is a quantity of its own: event_volume".to_owned(),
                "m^3" => "as a volume, for instance \"1.5 nm^3\"; a size is a quantity of its own: event_length".to_owned(),
                "" => "as a plain number or in %".to_owned(),
                _ => format!("with its unit, for instance \"0.5 +- 0.02 {}\"", kind.display),
            };
            reader.report(node, ProblemKind::Quantity { key: key.to_owned(), error, expected });
        })
        .ok()
}

/// Value, unit and standard error: as given, from a range, from a length, or from a time scale.
fn value_of(written: &Written, settings: &Settings) -> Option<(f64, Unit, Option<f64>)> {
    let display = Unit::of(written.kind.display);
    if let Some(value) = &written.value {
        return Some((value.value, value.unit.clone(), written.std_error.or(value.std_error)));
    }
    if let Some((lo, hi, unit)) = &written.range {
        // Equally likely between the ends.
        let (value, error) = if written.kind.is_logarithmic && *lo > 0.0 {
            let value = (lo * hi).sqrt();
            (value, value * (hi / lo).ln() / 12f64.sqrt())
        } else {
            (0.5 * (lo + hi), (hi - lo) / 12f64.sqrt())
        };
        return Some((value, unit.clone(), written.std_error.or(Some(error))));
    }
    if written.kind.name != "barrier" {
        return None;
    }
    let temperature = written.context.temperature?;
    if let Some(length) = &written.length {
        let (energy, power) =
            barrier_from_length(length.value, written.interaction_length?, written.context.dimension?, temperature);
        let error = length.relative_error().map(|relative| energy * power * relative);
        return Some((energy, display, written.std_error.or(error)));
    }
    let attempt = written.context.attempt_frequency.or(settings.attempt_frequency)?;
    let energy = barrier_from_frequency(written.context.frequency?, temperature, attempt);
    let error = written.frequency_error.map(|relative| BOLTZMANN * temperature * relative);
    Some((energy, display, written.std_error.or(error)))
}

/// How an energy from a length answers to the interaction length, where the card gives that an error.
fn of_interaction_length(written: &Written, card: &Card) -> Option<Sensitivity> {
    let value = written.length.as_ref().filter(|_| written.value.is_none()).and(written.interaction_length)?;
    let known = card.systematics.iter().find(|known| known.name == "interaction_length")?;
    let (_, power) = barrier_from_length(1.0, 1.0, written.context.dimension?, 1.0);
    let relative = match known.sigma {
        Sigma::Relative(relative) => relative,
        Sigma::Absolute(sigma) => sigma / value,
    };
    Some(Sensitivity { systematic: known.name.clone(), change: Change::Relative(-power * relative) })
}

fn read_changes(table: Table, kind: &QuantityInfo, card: &Card, problems: &mut Vec<Problem>) -> Vec<Sensitivity> {
    let mut changes = Vec::new();
    for entry in table.entries {
        let known: Vec<String> =
            card.systematics.iter().map(|known| known.name.clone()).chain([ATTEMPT_FREQUENCY.to_owned()]).collect();
        if !known.contains(&entry.key) {
            let kind = ProblemKind::UnknownWord { what: "systematic of the card", found: entry.key, known };
            problems.push(Problem { span: entry.key_span, kind });
            continue;
        }
        let text = entry.node.as_text().unwrap_or_default();
        let parsed = Quantity::parse(&text).and_then(|found| match (found.unit.symbol(), kind.unit) {
            ("%", unit) if !unit.is_empty() => Ok(Change::Relative(found.value)),
            _ => found.unit.require(&Unit::of(kind.unit)).map(|()| Change::Absolute(found.value)),
        });
        match parsed {
            Ok(change) => changes.push(Sensitivity { systematic: entry.key, change }),
            Err(error) => {
                let expected = "as the change of the value when the systematic grows by one sigma: \"0.02 eV\" or \"-5 %\"";
                let kind = ProblemKind::Quantity { key: entry.key, error, expected: expected.to_owned() };
                problems.push(Problem { span: entry.node.span, kind });
            }
        }
    }
    changes
}
