//! Virtual measurements for the tests of the family.

use crate::core::ctx::Ctx;
use crate::core::data::Record;
use crate::core::outcome::{Estimate, Outcome};
use crate::method::{Constants, Dataset, MethodError, find};

/// Constants of the virtual indenter and of Vit105.
pub fn constants() -> Constants {
    Constants::default().with_quantity("tip_radius", "2 um").unwrap().with_quantity("poisson_ratio", "0.363").unwrap()
}

/// A dataset of a record with these constants on top.
pub fn dataset(record: Record, stated: &[(&str, &str)]) -> Dataset {
    let with = |constants: Constants, (key, text): &(&str, &str)| match *key {
        "energy_convention" => constants.with_choice(key, text),
        _ => constants.with_quantity(key, text).unwrap(),
    };
    Dataset::of_record(record, stated.iter().fold(constants(), with))
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
