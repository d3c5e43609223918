use serde_json::json;

use crate::method::{Constants, Dataset};
use crate::methods::relaxation::testing::{refusal, run};
use crate::sim::relaxation::Dma;

const ID: &str = "relaxation.loss_tangent";

fn dataset(dma: &Dma, seed: u64) -> Dataset {
    Dataset::of_record(dma.measure(seed).unwrap().record, Constants::default())
}

#[test]
fn the_error_of_the_phase_is_found() {
    let outcome = run(ID, json!({}), &dataset(&Dma::ribbon(), 1)).unwrap();
    // 380 departures, each of which shares readings with eight others; the steps of 2.8 K add a little: 0.001 to 25 %.
    let found = outcome.estimate("phase_error").unwrap().value;
    assert!((found / 0.001 - 1.0).abs() < 0.25, "{found}");
    let (_, values) = outcome.table("loss_tangent").unwrap().numbers("loss_tangent").unwrap();
    assert!(values.len() > 390);
}

#[test]
fn a_stated_error_is_used() {
    let outcome = run(ID, json!({"phase_error": 0.002}), &dataset(&Dma::ribbon(), 1)).unwrap();
    let table = outcome.table("loss_tangent").unwrap();
    let (_, values) = table.numbers("loss_tangent").unwrap();
    let (_, errors) = table.numbers("std_error").unwrap();
    for (value, error) in values.iter().zip(errors) {
        assert!((error - 0.002 * (1.0 + value * value)).abs() < 1e-12);
    }
}

#[test]
fn bad_input_is_refused() {
    assert!(refusal(ID, json!({"phase_error": 0.0}), &dataset(&Dma::ribbon(), 1)).contains("phase_error"));
    let few = Dma { temperatures: vec![300.0, 310.0, 320.0], ..Dma::ribbon() };
    assert!(refusal(ID, json!({}), &dataset(&few, 1)).contains("temperatures at one frequency"));
    let mut record = Dma::ribbon().measure(1).unwrap().record;
    record.tests[0].tables[0].channels.remove(0);
    assert!(refusal(ID, json!({}), &Dataset::of_record(record, Constants::default())).contains("no column of temperature"));
}
