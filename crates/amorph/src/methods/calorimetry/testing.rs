//! Virtual measurements for the tests of the family.

use crate::core::ctx::Ctx;
use crate::core::data::{Data, Record};
use crate::core::outcome::{Estimate, Outcome};
use crate::method::{Constants, Dataset, MethodError, find};

pub fn dataset(records: Vec<Record>, sign: &str) -> Dataset {
    let data = records.into_iter().map(Data::Record).collect();
    let constants = Constants::default().with_choice("heat_flow_sign", sign);
    Dataset { label: "scans".to_owned(), data, constants, ..Dataset::default() }
}

pub fn run(method: &str, parameters: serde_json::Value, dataset: &Dataset) -> Result<Outcome, MethodError> {
    find(method).unwrap().run(&parameters, dataset, &Ctx::new(1))
}

pub fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
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

/// Share of the intervals of a number that hold its truth, and how many outcomes have one.
pub fn covered(outcomes: impl Iterator<Item = Outcome>, key: &str, truth: f64) -> (f64, usize) {
    let (mut hits, mut n) = (0, 0);
    for outcome in outcomes {
        if let Some(found) = outcome.estimate(key).filter(|found| found.interval.is_some()) {
            hits += usize::from(holds(found, truth));
            n += 1;
        }
    }
    (hits as f64 / n.max(1) as f64, n)
}
