use std::sync::Arc;

use super::*;
use crate::core::outcome::{Basis, Estimate};
use crate::core::unit::Quantity;
use crate::method::Upstream;

fn known(text: &str) -> KnownValue {
    KnownValue { state: "a".to_owned(), key: "length".to_owned(), quantity: Quantity::parse(text).unwrap() }
}

fn dataset(truth: &str, sites: &[f64]) -> Dataset {
    let upstream = sites.iter().enumerate().map(|(index, value)| {
        let interval = (value - 0.2e-9, value + 0.2e-9);
        let estimate = Estimate::with_interval("length", "l", *value, "m", interval, Basis::Bootstrap);
        Upstream {
            job: index.to_string(),
            method: "test.method".to_owned(),
            state: "a".to_owned(),
            item: format!("site {index}"),
            outcome: Arc::new(Outcome { estimates: vec![estimate], ..Outcome::default() }),
        }
    });
    Dataset { upstream: upstream.collect(), truth: vec![known(truth)], ..Dataset::default() }
}

fn verdict(dataset: &Dataset) -> Option<bool> {
    CompareTruth {}.check(dataset).unwrap()[0].is_inside()
}

#[test]
fn says_whether_the_interval_holds_the_truth() {
    assert_eq!(verdict(&dataset("4.1 nm", &[4.0e-9, 4.2e-9, 4.15e-9])), Some(true));
    assert_eq!(verdict(&dataset("5.1 nm", &[4.0e-9, 4.2e-9, 4.15e-9])), Some(false));
    assert_eq!(verdict(&dataset("4.1 nm", &[4.0e-9])), Some(true), "a single site brings its own interval");
    assert_eq!(verdict(&dataset("4.1 nm", &[4.0e-9, 4.2e-9])), None, "two sites have no interval");
}

#[test]
fn refuses_a_truth_of_another_dimension_or_without_estimate() {
    let wrong = CompareTruth {}.check(&dataset("4.1 eV", &[4.0e-9])).unwrap_err();
    assert!(wrong.to_string().contains("eV"), "{wrong}");
    let mut other = dataset("4.1 nm", &[4.0e-9]);
    other.truth[0].key = "width".to_owned();
    assert!(CompareTruth {}.check(&other).unwrap_err().to_string().contains("width"));
}

#[test]
fn many_misses_are_called_so() {
    assert!(!is_implausible(5, 5));
    assert!(!is_implausible(4, 5));
    assert!(is_implausible(2, 6));
    assert!(!is_implausible(0, 0));
}

/// An axis at 179.5 deg lies within 3 deg of one at 1 deg.
#[test]
fn axes_are_equal_modulo_half_a_turn() {
    let estimate = Estimate::with_interval("length", "θ", 1.0, "deg", (-2.0, 4.0), Basis::Replicate).flag("axial");
    let mut dataset = dataset("179.5 deg", &[]);
    dataset.upstream = vec![Upstream {
        job: "1".to_owned(),
        method: "test.method".to_owned(),
        state: "a".to_owned(),
        item: String::new(),
        outcome: Arc::new(Outcome { estimates: vec![estimate], ..Outcome::default() }),
    }];
    assert_eq!(verdict(&dataset), Some(true));
    dataset.truth = vec![known("170 deg")];
    assert_eq!(verdict(&dataset), Some(false));
}
