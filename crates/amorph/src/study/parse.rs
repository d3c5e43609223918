//! From the tree of the TOML file to a [`Study`], collecting every mistake on the way.

use std::path::Path;
use std::sync::Arc;

use super::content::Contents;
use super::node::{self, Entry, Node, Span, Table, Value};
use super::problem::{Problem, ProblemKind, StudyError};
use super::reader::Reader;
use super::{Measurement, MethodCall, State, Study, files, frames, overrides, traces};
use crate::core::unit::{Quantity, Unit};
use crate::literature::{self, Literature};
use crate::method::{self, ConstantInfo, ConstantKind, ConstantValue, Constants, MapChoice, MethodError, Scope, TechniqueInfo};
use crate::synthesis::{self, Card};

/// Keys of a measurement that are not constants of its technique.
pub(super) const MEASUREMENT_KEYS: &[&str] =
    &["sample", "state", "technique", "files", "channels", "methods", "method", "like"];

pub(super) fn study(path: &Path, text: &str, given: &[String]) -> Result<Study, Vec<Problem>> {
    let mut root = node::parse(text).map_err(|(message, span)| vec![Problem { span, kind: ProblemKind::Toml { message } }])?;
    let mut problems = overrides::apply(&mut root, given);
    let mut root = Reader::new("the study", root, 0..0, &mut problems);

    let head = root.table("study");
    let samples = root.tables("sample");
    let measurements = root.tables("measurement");
    let method_parameters = root.table("method").map(|(table, _)| table).unwrap_or_default();
    let compare = root.table("compare");
    root.require("study", head.is_some(), "[study]\ntitle = \"...\"");
    root.require("measurement", !measurements.is_empty(), "[[measurement]]");
    root.finish();

    let folder = path.parent().unwrap_or(Path::new(""));
    let Head { title, description, seed, literature } = read_head(head, folder, &mut problems);
    let states = read_samples(samples, &mut problems);
    let context = Context { folder, states: &states, method_parameters: &method_parameters };
    let measurements = context.read_measurements(measurements, &mut problems);
    let (comparisons, card) = read_comparisons(compare, &context, &mut problems);
    check_method_names(&method_parameters, &mut problems);

    if !problems.is_empty() {
        problems.sort_by_key(|problem| problem.span.start);
        // A mistake that other measurements take over with `like` is told once.
        problems.dedup();
        return Err(problems);
    }
    Ok(Study {
        path: path.to_owned(),
        text: text.to_owned(),
        title,
        description,
        seed,
        overrides: given.to_vec(),
        states,
        measurements,
        literature,
        card,
        comparisons,
        contents: Contents::default(),
    })
}

/// What stands under `[study]`.
struct Head {
    title: String,
    description: String,
    seed: u64,
    literature: Literature,
}

fn read_head(head: Option<(Table, Span)>, folder: &Path, problems: &mut Vec<Problem>) -> Head {
    let (table, span) = head.unwrap_or_default();
    let mut reader = Reader::new("[study]", table, span, problems);
    let title = reader.text("title");
    reader.require("title", title.is_some(), "title = \"...\"");
    let description = reader.text("description").unwrap_or_default();
    let seed = reader.whole_number("seed").unwrap_or(1);
    let file = reader.word("literature");
    reader.finish();
    let own = file.map(|(name, span)| match literature::open(&folder.join(name)) {
        Ok(own) => own,
        Err(error) => {
            problems.push(Problem { span, kind: ProblemKind::Literature { message: error.to_string() } });
            Vec::new()
        }
    });
    let literature = own.map(Literature::with).unwrap_or_default();
    Head { title: title.unwrap_or_default(), description, seed, literature }
}

fn read_samples(samples: Vec<(Table, Span)>, problems: &mut Vec<Problem>) -> Vec<State> {
    let mut states: Vec<State> = Vec::new();
    for (table, span) in samples {
        let mut reader = Reader::new("[[sample]]", table, span, problems);
        let sample = reader.text("id");
        reader.require("id", sample.is_some(), "id = \"film\"");
        let sample = sample.unwrap_or_default();
        let written = reader.tables("state");
        let sample_facts = reader.facts();
        for (table, span) in if written.is_empty() { vec![default_state()] } else { written } {
            let mut reader = Reader::new("[[sample.state]]", table, span.clone(), problems);
            let id = reader.text("id");
            reader.require("id", id.is_some(), "id = \"as-deposited\"");
            let id = id.unwrap_or_default();
            let truth = reader.table("truth").map(|(table, _)| table).unwrap_or_default();
            let facts = sample_facts.iter().cloned().chain(reader.facts()).collect();
            let truth = read_truth(&truth, problems);
            if states.iter().any(|state| state.id == id) {
                problems.push(Problem { span, kind: ProblemKind::Twice { what: "state", name: id.clone() } });
            }
            states.push(State { sample: sample.clone(), id, facts, truth });
        }
    }
    states
}

/// A sample without states has one.
fn default_state() -> (Table, Span) {
    let mut table = Table::default();
    table.set("id", Node { value: Value::Text("as measured".to_owned()), span: 0..0 });
    (table, 0..0)
}

fn read_truth(table: &Table, problems: &mut Vec<Problem>) -> Vec<(String, Quantity)> {
    let mut truth = Vec::new();
    for entry in &table.entries {
        match entry.node.as_text().map(|text| Quantity::parse(&text)) {
            Some(Ok(quantity)) => truth.push((entry.key.clone(), quantity)),
            Some(Err(error)) => problems.push(Problem {
                span: entry.node.span.clone(),
                kind: ProblemKind::Quantity { key: entry.key.clone(), error, expected: "as in \"4.1 nm\"".to_owned() },
            }),
            None => problems.push(wrong_kind(entry, "a quantity as in \"4.1 nm\"")),
        }
    }
    truth
}

fn wrong_kind(entry: &Entry, expected: &'static str) -> Problem {
    let kind = ProblemKind::WrongKind { key: entry.key.clone(), expected, found: entry.node.kind() };
    Problem { span: entry.node.span.clone(), kind }
}

/// What measurements refer to.
struct Context<'a> {
    folder: &'a Path,
    states: &'a [State],
    method_parameters: &'a Table,
}

impl Context<'_> {
    fn read_measurements(&self, tables: Vec<(Table, Span)>, problems: &mut Vec<Problem>) -> Vec<Measurement> {
        let mut earlier: Vec<Table> = Vec::new();
        let mut measurements = Vec::new();
        for (mut table, span) in tables {
            inherit(&mut table, &earlier, problems);
            earlier.push(table.clone());
            measurements.extend(self.read_measurement(table, span, problems));
        }
        measurements
    }

    fn read_measurement(&self, table: Table, span: Span, problems: &mut Vec<Problem>) -> Option<Measurement> {
        let mut reader = Reader::new("[[measurement]]", table, span.clone(), problems);
        let state = reader.word("state");
        let sample = reader.text("sample");
        let technique = reader.word("technique");
        let files = reader.groups("files");
        let channels = reader.table("channels").map(|(table, _)| table).unwrap_or_default();
        let on_tables =
            technique.as_ref().and_then(|(name, _)| method::technique(name)).is_some_and(|found| found.data == "table");
        let traces = traces::read(&mut reader, if on_tables { traces::Names::Free } else { traces::Names::Quantities });
        let methods = reader.texts("methods");
        let own_parameters = reader.table("method").map(|(table, _)| table).unwrap_or_default();
        reader.require("state", state.is_some(), "state = \"as-deposited\"");
        reader.require("technique", technique.is_some(), "technique = \"afm\"");
        reader.require("files", files.is_some(), "files = [\"scans/*.spm\"]");
        reader.require("methods", methods.is_some(), "methods = [\"dafm.dissipation\"]");
        let (name, name_span) = technique?;
        let Some(technique) = method::technique(&name) else {
            let known = method::techniques().iter().map(|technique| technique.id.to_owned()).collect();
            let kind = ProblemKind::UnknownWord { what: "technique", found: name, known };
            problems.push(Problem { span: name_span, kind });
            return None;
        };
        let rest = reader.into_rest();
        let constants = read_constants(technique, rest, problems);
        let state = self.find_state(state, sample.as_deref(), problems);
        Some(Measurement {
            state: state?,
            technique,
            items: files::find(self.folder, files.unwrap_or_default(), problems),
            constants,
            channels: read_channels(&channels, problems),
            traces,
            methods: self.read_methods(technique, methods.unwrap_or_default(), &own_parameters, problems),
        })
    }

    fn find_state(&self, state: Option<(String, Span)>, sample: Option<&str>, problems: &mut Vec<Problem>) -> Option<usize> {
        let (id, span) = state?;
        let fits = |state: &State| state.id == id && sample.is_none_or(|sample| state.sample == sample);
        let found = self.states.iter().position(fits);
        if found.is_none() {
            let known = self.states.iter().map(|state| state.id.clone()).collect();
            problems.push(Problem { span, kind: ProblemKind::UnknownWord { what: "state of a sample", found: id, known } });
        }
        found
    }

    fn read_methods(
        &self,
        technique: &'static TechniqueInfo,
        names: Vec<(String, Span)>,
        own: &Table,
        problems: &mut Vec<Problem>,
    ) -> Vec<MethodCall> {
        let mut calls = Vec::new();
        for (name, span) in names {
            let Some(method) = find_method(&name, &span, problems) else { continue };
            if method.info().scope == Scope::Study {
                problems.push(Problem { span, kind: ProblemKind::WrongPlace { method: name, place: "[compare] methods" } });
                continue;
            }
            if method.info().technique != technique.id && !technique.also.contains(&name.as_str()) {
                let kind =
                    ProblemKind::WrongTechnique { method: name, needed: method.info().technique, technique: technique.id };
                problems.push(Problem { span, kind });
                continue;
            }
            calls.extend(method_call(method, &[self.method_parameters, own], span, problems));
        }
        calls
    }
}

/// Copies from the measurement named by `like` every key that this one lacks.
fn inherit(table: &mut Table, earlier: &[Table], problems: &mut Vec<Problem>) {
    let Some(like) = table.take("like") else { return };
    let named = |table: &&Table| table.get("state").and_then(Node::as_text) == like.node.as_text();
    let Some(model) = earlier.iter().find(named) else {
        let known = earlier.iter().filter_map(|table| table.get("state").and_then(Node::as_text)).collect();
        let found = like.node.as_text().unwrap_or_default();
        let kind = ProblemKind::UnknownWord { what: "state of an earlier measurement", found, known };
        problems.push(Problem { span: like.node.span, kind });
        return;
    };
    for entry in &model.entries {
        if table.get(&entry.key).is_none() {
            table.entries.push(entry.clone());
        }
    }
}

fn read_constants(technique: &TechniqueInfo, rest: Table, problems: &mut Vec<Problem>) -> Constants {
    let mut constants = Constants::default();
    for entry in rest.flattened() {
        let info = technique.constants.iter().find(|info| info.key == entry.key || info.aliases.contains(&&*entry.key));
        match info {
            Some(info) => match read_constant(info, &entry) {
                Ok(value) => constants.insert(info.key, value, "study"),
                Err(kind) => problems.push(Problem { span: entry.node.span, kind }),
            },
            None => {
                let keys = technique
                    .constants
                    .iter()
                    .map(|info| info.key)
                    .chain(MEASUREMENT_KEYS.iter().chain(traces::TRACE_KEYS).chain(frames::FRAME_KEYS).copied());
                let kind = ProblemKind::UnknownKey {
                    key: entry.key,
                    table: format!("[[measurement]] of technique '{}'", technique.id),
                    known: keys.map(str::to_owned).collect(),
                };
                problems.push(Problem { span: entry.key_span, kind });
            }
        }
    }
    constants
}

fn read_constant(info: &ConstantInfo, entry: &Entry) -> Result<ConstantValue, ProblemKind> {
    let expected = match info.kind {
        ConstantKind::Quantity("") => "as a number",
        ConstantKind::Quantity(_) => "a quantity with its unit, in quotes",
        ConstantKind::Choice(_) => "one of the words for it",
    };
    let text = entry.node.as_text().ok_or_else(|| ProblemKind::WrongKind {
        key: entry.key.clone(),
        expected,
        found: entry.node.kind(),
    })?;
    match info.kind {
        ConstantKind::Quantity(unit) => Quantity::parse_as(&text, &Unit::of(unit))
            .map(ConstantValue::Quantity)
            .map_err(|error| ProblemKind::Quantity { key: entry.key.clone(), error, expected: info.kind.describe() }),
        ConstantKind::Choice(choices) => match choices.iter().find(|choice| choice.name == text) {
            Some(choice) => Ok(ConstantValue::Choice(choice.name.to_owned())),
            None => Err(ProblemKind::UnknownWord {
                what: info.key,
                found: text,
                known: choices.iter().map(|choice| choice.name.to_owned()).collect(),
            }),
        },
    }
}

fn read_channels(table: &Table, problems: &mut Vec<Problem>) -> Vec<(String, MapChoice)> {
    let mut channels = Vec::new();
    for entry in &table.entries {
        let choice = match &entry.node.value {
            Value::Integer(index) => usize::try_from(*index).ok().map(MapChoice::Index),
            Value::Text(text) => Some(MapChoice::parse(text)),
            _ => None,
        };
        match choice {
            Some(choice) => channels.push((entry.key.clone(), choice)),
            None => problems.push(wrong_kind(entry, "an index, a channel name, or trace | retrace")),
        }
    }
    channels
}

fn find_method(name: &str, span: &Span, problems: &mut Vec<Problem>) -> Option<&'static dyn method::DynMethod> {
    let found = method::find(name);
    if found.is_none() {
        let known = method::registry().iter().map(|method| method.info().id.to_owned()).collect();
        let kind = ProblemKind::UnknownWord { what: "method", found: name.to_owned(), known };
        problems.push(Problem { span: span.clone(), kind });
    }
    found
}

/// Merges the parameter tables (later ones win) and checks them against the method.
fn method_call(
    method: &'static dyn method::DynMethod,
    tables: &[&Table],
    span: Span,
    problems: &mut Vec<Problem>,
) -> Option<MethodCall> {
    let mut merged = serde_json::Map::new();
    let mut place = span;
    for node in tables.iter().filter_map(|table| table.get(method.info().id)) {
        if let serde_json::Value::Object(object) = node.to_json() {
            merged.extend(object);
            place = node.span.clone();
        }
    }
    match method.canonical(&serde_json::Value::Object(merged)) {
        Ok(parameters) => Some(MethodCall { method, parameters }),
        Err(error) => {
            let message = match error {
                MethodError::Parameters { method, message } => format!("{method}: {message}"),
                other => other.to_string(),
            };
            problems
                .push(Problem { span: place, kind: ProblemKind::Parameters { method: method.info().id.to_owned(), message } });
            None
        }
    }
}

/// `[compare] across = "state"` runs the comparison of states and then the `methods` named there; known truths are compared
/// wherever states have them.
fn read_comparisons(
    compare: Option<(Table, Span)>,
    context: &Context<'_>,
    problems: &mut Vec<Problem>,
) -> (Vec<MethodCall>, Option<Arc<Card>>) {
    let mut card = None;
    let mut ids: Vec<(String, Span)> = Vec::new();
    if context.states.iter().any(|state| !state.truth.is_empty()) {
        ids.push(("compare.truth".to_owned(), 0..0));
    }
    if let Some((table, span)) = compare {
        let mut reader = Reader::new("[compare]", table, span.clone(), problems);
        let across = reader.word("across");
        let methods = reader.texts("methods").unwrap_or_default();
        let card_file = reader.word("card");
        reader.require("across", across.is_some(), "across = \"state\"");
        reader.finish();
        card = card_file.and_then(|(name, span)| read_card(&context.folder.join(name), span, problems));
        match across {
            Some((word, _)) if word == "state" => ids.push(("compare.states".to_owned(), span)),
            Some((found, span)) => {
                let kind = ProblemKind::UnknownWord { what: "thing to compare across", found, known: vec!["state".to_owned()] };
                problems.push(Problem { span, kind });
            }
            None => {}
        }
        for (id, span) in methods {
            if ids.iter().all(|(known, _)| *known != id) {
                ids.push((id, span));
            }
        }
    }
    let call = |(id, span): (String, Span), problems: &mut Vec<Problem>| {
        let method = find_method(&id, &span, problems)?;
        if method.info().scope != Scope::Study {
            problems.push(Problem { span, kind: ProblemKind::WrongPlace { method: id, place: "[[measurement]] methods" } });
            return None;
        }
        method_call(method, &[context.method_parameters], span, problems)
    };
    (ids.into_iter().filter_map(|id| call(id, problems)).collect(), card)
}

/// The card file of a study; its mistakes are told with their lines.
fn read_card(path: &Path, span: Span, problems: &mut Vec<Problem>) -> Option<Arc<Card>> {
    let wrong = |message: String| Problem { span: span.clone(), kind: ProblemKind::Card { message } };
    match synthesis::open(path) {
        Ok(card) => Some(Arc::new(card)),
        Err(StudyError::Invalid { path, text, problems: found }) => {
            problems.extend(found.iter().map(|problem| {
                let line = text.get(..problem.span.start).unwrap_or_default().matches('\n').count() + 1;
                wrong(format!("{path}, line {line}: {}", problem.kind))
            }));
            None
        }
        Err(error) => {
            problems.push(wrong(error.to_string()));
            None
        }
    }
}

fn check_method_names(parameters: &Table, problems: &mut Vec<Problem>) {
    for entry in &parameters.entries {
        find_method(&entry.key, &entry.key_span, problems);
    }
}
