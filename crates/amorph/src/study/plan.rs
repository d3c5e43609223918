use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Measurement, MethodCall, Study, check, content};
use crate::core::random::derive_seed;
use crate::io::TraceOptions;
use crate::method::{MapChoice, MethodInfo, Scope, TechniqueInfo};

/// Everything a study asks for, as jobs with content-addressed keys, in the order in which they can be run.
pub struct Plan {
    /// The items.
    pub items: Vec<Item>,
    /// The jobs; every job stands after those it uses.
    pub jobs: Vec<Job>,
}

/// One item of one measurement: a file, or the files of one scan.
pub struct Item {
    /// Index of the measurement.
    pub measurement: usize,
    /// The files.
    pub paths: Vec<PathBuf>,
    /// How it is called in results: the path as seen from the study; of further files their names.
    pub label: String,
    /// SHA-256 of the files and their sidecars; of the error text where one cannot be read; of path and length where nothing is read.
    pub sha256: String,
}

/// One run of one method.
pub struct Job {
    /// Content address: equal work has equal keys.
    pub key: String,
    /// Method and parameters.
    pub call: MethodCall,
    /// What it is run on.
    pub scope: JobScope,
    /// Indices of the jobs it uses.
    pub upstream: Vec<usize>,
    /// Seed of its random numbers.
    pub seed: u64,
}

/// What a job is run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobScope {
    /// An item, by index in [`Plan::items`].
    Item(usize),
    /// All items of a state, by the index in [`Study::measurements`] of the first of its measurements.
    Measurement(usize),
    /// The whole study.
    Study,
}

impl Plan {
    /// Plans a study; reads every file once to know its content, but for long ones that no method can use.
    pub fn of(study: &Study) -> Self {
        Self::until(study, &AtomicBool::new(false))
    }

    /// As [`Self::of`]; what is not read by the time `cancel` becomes true has no content.
    pub(super) fn until(study: &Study, cancel: &AtomicBool) -> Self {
        let outline = Self::outline(study);
        Self::with(study, &|item, paths| {
            let read = || study.contents.digest(paths, cancel);
            let digest = if check::is_useless(study, &outline, item) { None } else { read() };
            digest.unwrap_or_else(|| content::unread(paths))
        })
    }

    /// What there is to do, without reading the files: keys are not those of the store.
    pub(super) fn outline(study: &Study) -> Self {
        Self::with(study, &|_, paths| content::unread(paths))
    }

    /// With the digest of every item.
    fn with(study: &Study, digest: &dyn Fn(usize, &[PathBuf]) -> String) -> Self {
        let mut plan = Self { items: Vec::new(), jobs: Vec::new() };
        for (index, measurement) in study.measurements.iter().enumerate() {
            plan.add_measurement(study, index, measurement, digest);
        }
        for index in 0..study.measurements.len() {
            plan.add_state(study, index);
        }
        for call in &study.comparisons {
            let upstream = (0..plan.jobs.len()).collect();
            plan.add_job(study, call, JobScope::Study, upstream);
        }
        plan
    }

    fn add_measurement(
        &mut self,
        study: &Study,
        index: usize,
        measurement: &Measurement,
        digest: &dyn Fn(usize, &[PathBuf]) -> String,
    ) {
        let technique = measurement.technique;
        let calls = in_order(&measurement.methods, technique);
        let folder = study.path.parent().unwrap_or(Path::new(""));
        for paths in &measurement.items {
            let (label, sha256) = (item_label(folder, paths), digest(self.items.len(), paths));
            self.items.push(Item { measurement: index, paths: paths.clone(), label, sha256 });
            let item = self.items.len() - 1;
            let first_of_item = self.jobs.len();
            for call in calls.iter().filter(|call| call.method.info().scope == Scope::Item) {
                let upstream = self.used_by(call.method.info(), technique, first_of_item);
                self.add_job(study, call, JobScope::Item(item), upstream);
            }
        }
    }

    /// Methods over a state: one job for all its measurements that ask for the same with the same constants, as images of one
    /// area at several set points do, placed with the first of them.
    fn add_state(&mut self, study: &Study, index: usize) {
        let measurement = &study.measurements[index];
        for call in
            in_order(&measurement.methods, measurement.technique).iter().filter(|call| call.method.info().scope == Scope::State)
        {
            let info = call.method.info();
            let asks = |other: &&MethodCall| other.method.info().id == info.id && other.parameters == call.parameters;
            let belongs = |other: &Measurement| {
                other.state == measurement.state
                    && other.technique.id == measurement.technique.id
                    && other.constants.records(info.constants) == measurement.constants.records(info.constants)
                    && other.methods.iter().any(|other| asks(&other))
            };
            let members: Vec<usize> =
                (0..study.measurements.len()).filter(|&other| belongs(&study.measurements[other])).collect();
            if members.first() != Some(&index) {
                continue;
            }
            let is_member = |scope: JobScope| match scope {
                JobScope::Item(item) => members.contains(&self.items[item].measurement),
                JobScope::Measurement(other) => members.contains(&other),
                JobScope::Study => false,
            };
            let upstream = self
                .used_by(info, measurement.technique, 0)
                .into_iter()
                .filter(|&job| is_member(self.jobs[job].scope))
                .collect();
            self.add_job(study, call, JobScope::Measurement(index), upstream);
        }
    }

    fn used_by(&self, info: &MethodInfo, technique: &TechniqueInfo, from: usize) -> Vec<usize> {
        (from..self.jobs.len()).filter(|&job| uses(info, self.jobs[job].call.method.info(), technique)).collect()
    }

    fn add_job(&mut self, study: &Study, call: &MethodCall, scope: JobScope, upstream: Vec<usize>) {
        let info = call.method.info();
        let identity = match scope {
            JobScope::Item(item) => self.items[item].sha256.clone(),
            JobScope::Measurement(index) => study.states[study.measurements[index].state].id.clone(),
            JobScope::Study => "study".to_owned(),
        };
        let seed = derive_seed(study.seed, &[info.id.into(), (&identity).into()]);
        let measurement = match scope {
            JobScope::Item(item) => Some(&study.measurements[self.items[item].measurement]),
            JobScope::Measurement(index) => Some(&study.measurements[index]),
            JobScope::Study => None,
        };
        let truth: Vec<_> = match scope {
            JobScope::Study => study.states.iter().map(|state| (&state.id, &state.truth)).collect(),
            _ => Vec::new(),
        };
        let mut content = json!({
            "method": info.id,
            "version": info.version,
            "parameters": call.parameters,
            "identity": identity,
            "constants": measurement.map(|m| m.constants.records(info.constants)),
            "channels": measurement.map(|m| m.channels.iter().map(describe_channel).collect::<Vec<_>>()),
            "upstream": upstream.iter().map(|&job| self.jobs[job].key.as_str()).collect::<Vec<_>>(),
            "truth": truth,
            "seed": seed,
        });
        if let Some(measurement) = measurement.filter(|measurement| measurement.traces != TraceOptions::default()) {
            content["traces"] = json!(format!("{:?}", measurement.traces));
        }
        if scope == JobScope::Study {
            content["facts"] = study.states.iter().map(|state| json!([state.id, state.facts])).collect();
        }
        if scope == JobScope::Study && !study.literature.own().is_empty() {
            content["literature"] = json!(study.literature.own());
        }
        if let Some(card) = study.card.as_ref().filter(|_| scope == JobScope::Study) {
            content["card"] = json!(**card);
        }
        let key = hex(&Sha256::digest(content.to_string().as_bytes()));
        self.jobs.push(Job { key, call: call.clone(), scope, upstream, seed });
    }
}

fn describe_channel((quantity, choice): &(String, MapChoice)) -> String {
    format!("{quantity}: {choice:?}")
}

/// Whether a method uses the outcomes of another in a measurement of `technique`: those it names, and, where it comes from another
/// technique, the maps that the methods of this one make.
fn uses(info: &MethodInfo, other: &MethodInfo, technique: &TechniqueInfo) -> bool {
    let makes_maps = other.technique == technique.id && other.scope == Scope::Item;
    info.after.contains(&other.id) || info.technique != technique.id && makes_maps
}

/// The calls so that every method stands after those it uses; otherwise in the user's order.
fn in_order(calls: &[MethodCall], technique: &TechniqueInfo) -> Vec<MethodCall> {
    let mut waiting: Vec<MethodCall> = calls.to_vec();
    let mut ordered = Vec::with_capacity(calls.len());
    while !waiting.is_empty() {
        let is_ready = |call: &MethodCall| {
            let info = call.method.info();
            let others = waiting.iter().map(|other| other.method.info()).filter(|other| other.id != info.id);
            !others.into_iter().any(|other| uses(info, other, technique))
        };
        let ready = waiting.iter().position(is_ready).unwrap_or(0);
        ordered.push(waiting.remove(ready));
    }
    ordered
}

/// The first path as seen from the study, then the names of the other files.
fn item_label(folder: &Path, paths: &[PathBuf]) -> String {
    let name = |(index, path): (usize, &PathBuf)| match (index, path.file_name()) {
        (1.., Some(name)) => name.to_string_lossy().into_owned(),
        _ => path.strip_prefix(folder).unwrap_or(path).display().to_string(),
    };
    paths.iter().enumerate().map(name).collect::<Vec<_>>().join(" + ")
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
