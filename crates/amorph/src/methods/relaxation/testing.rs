//! Virtual measurements and reference files for the tests of the family.

use crate::core::ctx::Ctx;
use crate::core::data::{Data, Record};
use crate::core::outcome::{Estimate, Outcome};
use crate::method::{Constants, Dataset, MethodError, find};

pub fn constants() -> Constants {
    Constants::default().with_choice("modulus_kind", "tensile")
}

pub fn dataset(record: Record) -> Dataset {
    Dataset::of_record(record, constants())
}

pub fn run(method: &str, parameters: serde_json::Value, dataset: &Dataset) -> Result<Outcome, MethodError> {
    find(method).unwrap().run(&parameters, dataset, &Ctx::new(1))
}

pub fn holds(estimate: &Estimate, truth: f64) -> bool {
    let interval = estimate.interval.unwrap();
    interval.lo <= truth && truth <= interval.hi
}

/// Message and hint of a refusal.
pub fn refusal(method: &str, parameters: serde_json::Value, dataset: &Dataset) -> String {
    let error = run(method, parameters, dataset).unwrap_err();
    format!("{error}; {}", error.hint())
}

/// A folder of the reference data; where it is not there the reason is printed and the test has nothing to do.
pub fn shared(name: &str) -> Option<std::path::PathBuf> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/relax").join(name);
    if !path.exists() {
        println!("skipped: {} is not here", path.display());
        return None;
    }
    Some(path)
}

/// A dataset of files of the reference data.
pub fn opened(paths: &[std::path::PathBuf], options: &crate::io::TraceOptions) -> Dataset {
    let data: Vec<Data> = paths.iter().map(|path| crate::io::open_with(path, options).unwrap().data).collect();
    Dataset { label: "files".to_owned(), data, constants: constants(), ..Dataset::default() }
}
