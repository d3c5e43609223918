//! What a job is given: its file, the constants of its measurement, and the outcomes it uses.

use super::plan::{Item, JobScope, Plan};
use super::{Measurement, State, Study};
use crate::core::data::{ConstantStatus, Loaded, Source};
use crate::core::dossier::FailureRecord;
use crate::method::{ConstantValue, Constants, Dataset, KnownValue, Upstream};

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

/// Opens the file of an item.
pub(super) fn open(item: &Item) -> Result<Loaded, FailureRecord> {
    crate::io::open(&item.path).map_err(|error| FailureRecord {
        method: String::new(),
        state: String::new(),
        item: item.label.clone(),
        message: error.to_string(),
        hint: format!("`amorph info {}` shows what can be read of it", item.path.display()),
    })
}

/// Puts together what a job works on.
pub(super) fn dataset(
    study: &Study,
    plan: &Plan,
    scope: JobScope,
    loaded: Option<&Loaded>,
    upstream: Vec<Upstream>,
) -> Dataset {
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
    Dataset {
        sources: loaded.iter().map(|loaded| Source { path: item.clone(), ..loaded.source.clone() }).collect(),
        constants: constants(measurement, loaded, &item),
        label: if item.is_empty() { state } else { item },
        data: loaded.iter().map(|loaded| loaded.data.clone()).collect(),
        channels: measurement.map(|measurement| measurement.channels.clone()).unwrap_or_default(),
        upstream,
        truth,
    }
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
fn constants(measurement: Option<&Measurement>, loaded: Option<&Loaded>, item: &str) -> Constants {
    let mut constants = Constants::default();
    for found in loaded.iter().flat_map(|loaded| &loaded.constants) {
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
