use serde_json::json;

use super::*;
use crate::core::data::Record;
use crate::methods::indentation::testing::{dataset, holds, refusal, run};
use crate::sim::indentation::CreepHold;

const ID: &str = HoldViscosity::INFO.id;

const HOLD: CreepHold = CreepHold {
    stress: 1.2e9,
    viscosity: 2e12,
    primary_strain: 2e-3,
    primary_time: 3.0,
    duration: 60.0,
    samples: 300,
    noise: 5e-5,
};

#[test]
fn the_interval_of_the_viscosity_covers() {
    let mut hits = 0;
    for seed in 0..200 {
        let outcome = run(ID, json!({}), &dataset(HOLD.measure(seed).unwrap(), &[])).unwrap();
        hits += usize::from(holds(outcome.estimate("viscosity").unwrap(), 2e12));
    }
    // 200 trials: standard error 1.5 %.
    assert!((180..=199).contains(&hits), "{hits}");
}

#[test]
#[ignore = "full coverage table"]
fn the_interval_of_the_viscosity_covers_in_full() {
    let covered = |seed: &u64| {
        let outcome = run(ID, json!({}), &dataset(HOLD.measure(*seed).unwrap(), &[])).unwrap();
        holds(outcome.estimate("viscosity").unwrap(), 2e12)
    };
    let rate = (0..2000).filter(covered).count() as f64 / 2000.0;
    println!("{:.1} %", 100.0 * rate);
    assert!((0.92..=0.97).contains(&rate));
}

/// A hold that ends in the first creep has no steady rate to be sure of.
#[test]
fn a_hold_that_is_too_short_has_no_interval() {
    let short = CreepHold { duration: 8.0, ..HOLD };
    let outcome = run(ID, json!({}), &dataset(short.measure(1).unwrap(), &[])).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "not_steady"));
    assert!(outcome.estimate("viscosity").unwrap().interval.is_none());
}

#[test]
fn a_rate_below_drift_is_a_limit() {
    let data = dataset(HOLD.measure(1).unwrap(), &[]);
    let outcome = run(ID, json!({"drift_strain_rate": "1e-3 1/s"}), &data).unwrap();
    assert!(outcome.estimate("viscosity").is_none());
    assert!(outcome.estimate("viscosity_lower_limit").unwrap().value < 2e12);
}

#[test]
fn thinning_has_its_slope() {
    let stresses = [0.8e9, 1.0e9, 1.2e9, 1.4e9, 1.6e9];
    let hold = |stress: f64| CreepHold { stress, viscosity: 2e12 * (stress / 1.2e9).powi(-3), ..HOLD };
    let tests = stresses.iter().enumerate().map(|(seed, s)| hold(*s).measure(seed as u64).unwrap().tests.remove(0));
    let outcome = run(ID, json!({}), &dataset(Record { tests: tests.collect() }, &[])).unwrap();
    let slope = outcome.estimate("thinning_slope").unwrap();
    assert!((slope.value + 3.0).abs() < 0.3 && slope.interval.is_some(), "{slope:?}");
}

#[test]
fn what_is_no_hold_is_refused() {
    let mut ramp = HOLD.measure(1).unwrap();
    ramp.tests[0].tables[0].channels[1].values.iter_mut().enumerate().for_each(|(i, s)| *s *= 1.0 + 0.01 * i as f64);
    assert!(refusal(ID, json!({}), &dataset(ramp, &[])).contains("this is no hold"));
    let creeping = CreepHold { primary_time: 40.0, primary_strain: 0.05, ..HOLD };
    let outcome = run(ID, json!({}), &dataset(creeping.measure(1).unwrap(), &[])).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "not_steady"));
    assert!(refusal(ID, json!({"drift_strain_rate": "3 nm"}), &dataset(HOLD.measure(1).unwrap(), &[])).contains("nm"));
    let short = CreepHold { samples: 10, ..HOLD };
    assert!(refusal(ID, json!({}), &dataset(short.measure(1).unwrap(), &[])).contains("steady rate"));
}
