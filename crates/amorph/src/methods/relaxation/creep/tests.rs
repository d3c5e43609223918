use serde_json::json;

use super::algorithm::{Law, fit, place};
use crate::core::data::{ColumnValues, Record, TraceQuantity};
use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset};
use crate::methods::relaxation::holds::Bins;
use crate::methods::relaxation::testing::{holds, refusal, run};
use crate::sim::relaxation::{Creep, Retardation};

const ID: &str = "relaxation.creep";

fn of(record: Record) -> Dataset {
    Dataset::of_record(record, Constants::default())
}

fn measured(creep: &Creep, seed: u64) -> Outcome {
    run(ID, json!({}), &of(creep.measure(seed).unwrap())).unwrap()
}

/// A tenth of the readings, for speed.
fn sparse() -> Creep {
    Creep { interval: 10.0, noise: 5e-6, ..Creep::default() }
}

fn best(outcome: &Outcome) -> String {
    let ColumnValues::Text(names) = &outcome.tables[0].columns[0].values else { panic!() };
    names[0].clone()
}

fn has(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

#[test]
fn viscosity_and_retardation_are_found() {
    let outcome = measured(&Creep::default(), 1);
    assert_eq!(best(&outcome), "stretched_flow");
    // Five standard errors: one failure in a million.
    for (key, truth) in [
        ("creep_viscosity", 1e15),
        ("creep_rate", 5e-7),
        ("retardation_time", 300.0),
        ("retardation_exponent", 0.6),
        ("retarded_compliance", 5e-12),
    ] {
        let found = outcome.estimate(key).unwrap();
        assert!((found.value - truth).abs() < 5.0 * found.std_error.unwrap(), "{found:?}");
    }
    assert!((outcome.estimate("creep_stress").unwrap().value / 500e6 - 1.0).abs() < 1e-9);
    assert!(has(&outcome, "ramp") && has(&outcome, "laws_open"));
}

#[test]
fn one_kelvin_element_is_told_from_spread_times() {
    let retardation = Retardation::Stretched { compliance: 5e-12, time: 300.0, exponent: 1.0 };
    let outcome = measured(&Creep { retardation, ..sparse() }, 2);
    assert_eq!(best(&outcome), "burgers");
    assert!(holds(outcome.estimate("creep_viscosity").unwrap(), 1e15));
}

#[test]
fn andrades_law_is_told_from_retardation_with_an_end() {
    let retardation = Retardation::Power { compliance: 5e-13, exponent: 1.0 / 3.0 };
    let outcome = measured(&Creep { retardation, noise: 5e-6, ..Creep::default() }, 3);
    assert_eq!(best(&outcome), "power_flow");
    let exponent = outcome.estimate("retardation_exponent").unwrap();
    assert!((exponent.value - 1.0 / 3.0).abs() < 5.0 * exponent.std_error.unwrap(), "{exponent:?}");
    assert!(outcome.estimate("retardation_time").is_none());
}

#[test]
fn a_hold_too_short_for_the_flow_gives_no_viscosity() {
    let outcome = measured(&Creep { viscosity: f64::INFINITY, ..sparse() }, 4);
    assert!(outcome.estimate("creep_viscosity").is_none() && outcome.estimate("creep_rate").is_none());
    assert!(has(&outcome, "flow_unidentified"));
    assert!(outcome.estimate("final_rate").unwrap().value > 0.0);
}

/// By another program: `golden.toml`.
#[test]
fn laws_are_those_that_scipy_finds() {
    let golden: toml::Table = include_str!("golden.toml").parse().unwrap();
    let column = |key: &str| -> Vec<f64> {
        let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|n| n as f64)).unwrap();
        golden["readings"][key].as_array().unwrap().iter().map(number).collect()
    };
    let bins = Bins { times: column("time"), values: column("strain"), counts: column("count") };
    for (law, name) in [(Law::StretchedFlow, "stretched_flow"), (Law::Burgers, "burgers")] {
        let found = fit(law, &bins).unwrap();
        let per_rate = found.scale / found.end;
        let all = [
            (place::A, "at_once", found.scale),
            (place::B, "late", found.scale),
            (place::C, "rate", per_rate),
            (place::LN_TIME, "ln_time", 1.0),
            (place::EXPONENT, "exponent", 1.0),
        ];
        for (index, key, unit) in all.into_iter().filter(|(index, ..)| *index != place::EXPONENT || law.has_exponent()) {
            let entry = |key: &str| golden[name][key].as_float().unwrap();
            let (value, error) = (unit * found.fit.params[index], unit * found.fit.std_errors[index]);
            // Both stop within a small share of the error; slopes by differences are good to four digits.
            assert!((value - entry(key)).abs() < 1e-3 * entry(&format!("{key}_error")), "{name} {key} {value}");
            assert!((error / entry(&format!("{key}_error")) - 1.0).abs() < 1e-3, "{name} {key} {error}");
        }
    }
}

/// The fit of the middle of the ramp: a long one must not bias the retardation.
#[test]
fn the_ramp_leaves_no_bias() {
    let creep = Creep { ramp_time: 20.0, noise: 1e-6, interval: 5.0, ..Creep::default() };
    let outcome = measured(&creep, 5);
    let time = outcome.estimate("retardation_time").unwrap();
    assert!((time.value - 300.0).abs() < 5.0 * time.std_error.unwrap(), "{time:?}");
}

#[test]
fn the_interval_of_the_viscosity_covers() {
    // 60 trials: standard error 0.03.
    let hits = (0..60).filter(|seed| holds(measured(&sparse(), 100 + seed).estimate("creep_viscosity").unwrap(), 1e15));
    let n = hits.count();
    assert!(n >= 51, "{n} of 60");
    let drifting = Creep { correlation: 0.95, interval: 2.0, ..Creep::default() };
    let outcome = measured(&drifting, 1);
    assert!(outcome.estimates.iter().all(|estimate| estimate.interval.is_none()), "{:?}", outcome.estimates);
}

#[test]
fn units_do_not_matter() {
    let record = sparse().measure(6).unwrap();
    let mut scaled = record.clone();
    for channel in &mut scaled.tests[0].tables[0].channels {
        if channel.quantity != TraceQuantity::Time {
            channel.values.iter_mut().for_each(|value| *value *= 1e-3);
        }
    }
    let eta = |record| run(ID, json!({}), &of(record)).unwrap().estimate("creep_viscosity").unwrap().value;
    assert!((eta(record) / eta(scaled) - 1.0).abs() < 1e-5);
}

#[test]
fn bad_input_is_refused() {
    let record = sparse().measure(1).unwrap();
    let without = |quantity: TraceQuantity| {
        let mut record = record.clone();
        record.tests[0].tables[0].channels.retain(|channel| channel.quantity != quantity);
        record
    };
    assert!(refusal(ID, json!({}), &of(without(TraceQuantity::Stress))).contains("creep_stress"));
    assert!(refusal(ID, json!({}), &of(without(TraceQuantity::Strain))).contains("strain"));
    let stated = Constants::default().with_quantity("creep_stress", "500 MPa").unwrap();
    let outcome = run(ID, json!({}), &Dataset::of_record(without(TraceQuantity::Stress), stated)).unwrap();
    assert!(has(&outcome, "ramp_unknown"));
    assert!(refusal(ID, json!({"discard": -1.0}), &of(record.clone())).contains("discard"));
    let short = Creep { duration: 100.0, ..sparse() };
    assert!(refusal(ID, json!({}), &of(short.measure(1).unwrap())).contains("needed"));
    let change = |of_row: fn(usize, f64) -> f64, k: usize| {
        let mut record = record.clone();
        let values = &mut record.tests[0].tables[0].channels[k].values;
        values.iter_mut().enumerate().for_each(|(i, value)| *value = of_row(i, *value));
        record
    };
    let mut twice = record.clone();
    twice.tests.push(record.tests[0].clone());
    assert!(refusal(ID, json!({}), &of(twice)).contains("without inner brackets"));
    let steps = change(|i, stress| if i > 400 { 1.2 * stress } else { stress }, 1);
    assert!(refusal(ID, json!({}), &of(steps)).contains("own file"));
    assert!(refusal(ID, json!({}), &of(change(|_, stress| -stress, 1))).contains("above zero"));
    assert!(refusal(ID, json!({}), &of(change(|_, _| f64::NAN, 2))).contains("readings"));
    let shrinking = run(ID, json!({}), &of(change(|i, _| 1e-3 - 1e-8 * i as f64, 2)));
    assert!(shrinking.is_err() || has(&shrinking.unwrap(), "no_creep"));
}

#[test]
#[ignore = "full coverage table, minutes"]
fn the_intervals_cover_in_full() {
    let stretched = |exponent: f64| Retardation::Stretched { compliance: 5e-12, time: 300.0, exponent };
    for (creep, keys) in [
        (Creep::default(), vec![("creep_viscosity", 1e15), ("retardation_time", 300.0), ("retardation_exponent", 0.6)]),
        (Creep { noise: 1e-4, ..Creep::default() }, vec![("creep_viscosity", 1e15)]),
        (Creep { correlation: 0.5, ..Creep::default() }, vec![("creep_viscosity", 1e15)]),
        (
            Creep { retardation: stretched(1.0), ..Creep::default() },
            vec![("creep_viscosity", 1e15), ("retardation_time", 300.0)],
        ),
    ] {
        let outcomes: Vec<Outcome> = (1000..1300).map(|seed| measured(&creep, seed)).collect();
        for (key, truth) in keys {
            let given = outcomes.iter().filter_map(|outcome| outcome.estimate(key).filter(|found| found.interval.is_some()));
            let (hits, n) = given.fold((0, 0), |(hits, n), found| (hits + u32::from(holds(found, truth)), n + 1));
            println!("| {:?}, {} | {key} | {hits} of {n} |", creep.retardation, creep.noise);
            assert!(n < 50 || f64::from(hits) / f64::from(n) > 0.92);
        }
    }
}
