use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Measurement, MethodCall, Study};
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
    /// SHA-256 of the files and their sidecars; of the error text where one cannot be read.
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
    /// Plans a study; reads every file once to know its content.
    pub fn of(study: &Study) -> Self {
        let mut plan = Self { items: Vec::new(), jobs: Vec::new() };
        for (index, measurement) in study.measurements.iter().enumerate() {
            plan.add_measurement(study, index, measurement);
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

    fn add_measurement(&mut self, study: &Study, index: usize, measurement: &Measurement) {
        let technique = measurement.technique;
        let calls = in_order(&measurement.methods, technique);
        let folder = study.path.parent().unwrap_or(Path::new(""));
        for paths in &measurement.items {
            let (label, sha256) = (item_label(folder, paths), content_hash(paths));
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

/// SHA-256 of files, each followed by its sidecar, read in pieces.
fn content_hash(paths: &[PathBuf]) -> String {
    let mut hasher = Sha256::new();
    for path in paths {
        let mut sidecar = path.as_os_str().to_owned();
        sidecar.push(".json");
        if let Err(error) = hash_file(&mut hasher, path) {
            hasher.update(error.to_string());
        }
        // A missing sidecar is the usual case and adds nothing.
        let _absent = hash_file(&mut hasher, Path::new(&sidecar));
        for companion in crate::io::companions(path) {
            if let Err(error) = hash_file(&mut hasher, &companion) {
                hasher.update(error.to_string());
            }
        }
    }
    hex(&hasher.finalize())
}

fn hash_file(hasher: &mut Sha256, path: &Path) -> std::io::Result<()> {
    let mut file = std::fs::File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            n => hasher.update(&buffer[..n]),
        }
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::content_hash;

    #[test]
    fn what_stands_beside_a_file_is_part_of_its_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.mib");
        std::fs::write(&path, "frames").unwrap();
        let alone = content_hash(std::slice::from_ref(&path));
        std::fs::write(folder.path().join("scan.hdr"), "HDR, 4 frames").unwrap();
        let described = content_hash(std::slice::from_ref(&path));
        std::fs::write(folder.path().join("scan.hdr"), "HDR, 8 frames").unwrap();
        let otherwise = content_hash(std::slice::from_ref(&path));
        assert!(alone != described && described != otherwise);
        // A file of another instrument beside it changes nothing.
        std::fs::write(folder.path().join("scan.xml"), "<a/>").unwrap();
        assert_eq!(content_hash(std::slice::from_ref(&path)), otherwise);
    }
}
