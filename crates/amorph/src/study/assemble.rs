//! What a job is given: its file, the constants of its measurement, and the outcomes it uses.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::plan::{Item, JobScope, Plan};
use super::{Measurement, State, Study, content};
use crate::core::data::{ConstantStatus, Data, Loaded, Source};
use crate::core::dossier::FailureRecord;
use crate::io::{IoError, TraceOptions};
use crate::literature::Literature;
use crate::method::{ConstantValue, Constants, Dataset, Fact, KnownValue, Upstream};

/// State and item of a job, for people; empty where the job is about more than one.
pub(super) fn place(study: &Study, plan: &Plan, scope: JobScope) -> (String, String) {
    let state = |measurement: &Measurement| study.states[measurement.state].id.clone();
    match scope {
        JobScope::Item(item) => {
            let item = &plan.items[item];
            (state(&study.measurements[item.measurement]), item.label.clone())
        }
        JobScope::Measurement(index) => (state(&study.measurements[index]), String::new()),
        JobScope::Study => (String::new(), String::new()),
    }
}

/// Opens the files of an item; their maps are numbered through, so that an index names one of them. A long file of frames was read for
/// the digest of the item, and is not read for its own.
///
/// # Errors
/// What cannot be read, and files stated together whose images differ in pixels or size.
pub(super) fn open(study: &Study, item: &Item) -> Result<Vec<Loaded>, FailureRecord> {
    let mut files = look(study, item)?;
    let is_unread = item.sha256 == content::unread(&item.paths);
    for (file, path) in files.iter_mut().zip(&item.paths).filter(|(file, _)| file.source.sha256.is_empty()) {
        let own = || study.contents.digest(std::slice::from_ref(path), &AtomicBool::new(false));
        let digest = if is_unread { None } else { own() };
        file.source.sha256 = digest.unwrap_or_else(|| item.sha256.clone());
    }
    Ok(files)
}

/// As [`open`]; files of frames have a digest only where they are short.
pub(super) fn look(study: &Study, item: &Item) -> Result<Vec<Loaded>, FailureRecord> {
    let failure = |message: String, hint: String| FailureRecord {
        method: String::new(),
        state: String::new(),
        item: item.label.clone(),
        message,
        hint,
    };
    let mut files: Vec<Loaded> = Vec::new();
    let mut index = 0;
    for path in &item.paths {
        let measurement = &study.measurements[item.measurement];
        let loaded = read(path, measurement, &measurement.traces).or_else(|error| match error {
            // Beside a file that has the stated columns one may have names and units of its own: a table of sapphire beside three runs.
            IoError::NoSuchColumn { .. } if !files.is_empty() => {
                let own = TraceOptions { columns: Vec::new(), ..measurement.traces.clone() };
                read(path, measurement, &own).map_err(|_| error)
            }
            error => Err(error),
        });
        let mut loaded = loaded.map_err(|error| {
            let asked = if matches!(error, IoError::FramesMissing { .. }) { " --partial" } else { "" };
            failure(error.to_string(), format!("`amorph info{asked} {}` shows what can be read of it", path.display()))
        })?;
        if item.paths.len() > 1
            && let Data::Maps(maps) = &mut loaded.data
        {
            for map in maps.iter_mut() {
                map.index = index;
                index += 1;
            }
        }
        files.push(loaded);
    }
    let mut maps = files.iter().filter_map(|file| match &file.data {
        Data::Maps(maps) => maps.first(),
        _ => None,
    });
    if item.paths.len() > 1
        && let Some(first) = maps.next()
        && let Some(error) = maps.find_map(|map| first.require_same_grid(map).err())
    {
        let hint = "files of one item are of one scan: the same pixels, the same size".to_owned();
        return Err(failure(error.to_string(), hint));
    }
    Ok(files)
}

/// Reads a file as its technique wants it: a table with a column of times looks like traces, and is one all the same where the methods
/// work on tables.
fn read(path: &Path, measurement: &Measurement, options: &TraceOptions) -> Result<Loaded, IoError> {
    let found = crate::io::look_with(path, options);
    let is_table = matches!(&found, Ok(Loaded { data: Data::Table(_), .. }));
    if is_table || measurement.technique.data != "table" || options.format.is_some() {
        return found;
    }
    let as_table = TraceOptions { format: Some("text".to_owned()), ..options.clone() };
    match crate::io::look_with(path, &as_table) {
        Ok(loaded) if matches!(loaded.data, Data::Table(_)) => Ok(loaded),
        _ => found,
    }
}

/// Puts together what a job works on; `files` are those of its item.
pub(super) fn dataset(study: &Study, plan: &Plan, scope: JobScope, files: &[Loaded], upstream: Vec<Upstream>) -> Dataset {
    let (state, item) = place(study, plan, scope);
    let measurement = match scope {
        JobScope::Item(item) => Some(&study.measurements[plan.items[item].measurement]),
        JobScope::Measurement(index) => Some(&study.measurements[index]),
        JobScope::Study => None,
    };
    let truth = match scope {
        JobScope::Study => study.states.iter().flat_map(known_values).collect(),
        _ => Vec::new(),
    };
    let folder = study.path.parent().unwrap_or(Path::new(""));
    let source = |loaded: &Loaded| {
        let path = Path::new(&loaded.source.path);
        Source { path: path.strip_prefix(folder).unwrap_or(path).display().to_string(), ..loaded.source.clone() }
    };
    Dataset {
        sources: files.iter().map(source).collect(),
        constants: constants(measurement, files, &item),
        label: if item.is_empty() { state } else { item },
        data: files.iter().map(|loaded| loaded.data.clone()).collect(),
        channels: measurement.map(|measurement| measurement.channels.clone()).unwrap_or_default(),
        upstream,
        truth,
        literature: match scope {
            JobScope::Study => study.literature.clone(),
            _ => Literature::default(),
        },
        alloys: match scope {
            JobScope::Study => study.states.iter().filter_map(alloy).collect(),
            _ => Vec::new(),
        },
        facts: match scope {
            JobScope::Study => study.states.iter().flat_map(facts).collect(),
            _ => Vec::new(),
        },
        card: study.card.clone().filter(|_| scope == JobScope::Study),
    }
}

/// The alloy of a state, where the study says it.
pub(crate) fn alloy(state: &State) -> Option<(String, String)> {
    let (_, alloy) = state.facts.iter().find(|(key, _)| key == "alloy")?;
    Some((state.id.clone(), alloy.clone()))
}

fn facts(state: &State) -> impl Iterator<Item = Fact> {
    state.facts.iter().map(|(key, text)| Fact { state: state.id.clone(), key: key.clone(), text: text.clone() })
}

fn known_values(state: &State) -> impl Iterator<Item = KnownValue> {
    let known = |(key, quantity): &(String, _)| KnownValue {
        state: state.id.clone(),
        key: key.clone(),
        quantity: Clone::clone(quantity),
    };
    state.truth.iter().map(known)
}

/// Constants that the file states, and over them what the study states.
fn constants(measurement: Option<&Measurement>, files: &[Loaded], item: &str) -> Constants {
    let mut constants = Constants::default();
    for found in files.iter().flat_map(|loaded| &loaded.constants) {
        match &found.status {
            ConstantStatus::Stated => {
                let origin = format!("{item}, {}", found.place);
                constants.insert(&found.key, ConstantValue::Quantity(found.quantity.clone()), &origin);
            }
            ConstantStatus::Placeholder { reason } => constants.insert_placeholder(&found.key, reason),
        }
    }
    for (key, constant) in measurement.iter().flat_map(|measurement| measurement.constants.iter()) {
        constants.insert(key, constant.value.clone(), &constant.origin);
    }
    constants
}
