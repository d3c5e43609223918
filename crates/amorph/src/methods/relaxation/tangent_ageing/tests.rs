use serde_json::json;

use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset};
use crate::methods::relaxation::decay::{Form, Readings, fit, place};
use crate::methods::relaxation::testing::{holds, refusal, run};
use crate::sim::relaxation::AgeingTangent;

const ID: &str = "relaxation.tangent_ageing";

fn dataset(glass: &AgeingTangent, seed: u64) -> Dataset {
    Dataset::of_record(glass.measure(seed).unwrap(), Constants::default())
}

fn measured(glass: &AgeingTangent, seed: u64) -> Outcome {
    run(ID, json!({}), &dataset(glass, seed)).unwrap()
}

fn truths(glass: &AgeingTangent) -> [(&'static str, f64); 4] {
    [
        ("tangent_settled", glass.settled),
        ("tangent_lost", glass.lost),
        ("ageing_time", glass.time),
        ("ageing_exponent", glass.exponent),
    ]
}

/// By another program: `golden.toml`.
#[test]
fn the_decay_is_that_which_scipy_finds() {
    let golden: toml::Table = include_str!("golden.toml").parse().unwrap();
    let column = |key: &str| -> Vec<f64> {
        let number = |value: &toml::Value| value.as_float().or(value.as_integer().map(|n| n as f64)).unwrap();
        golden["readings"][key].as_array().unwrap().iter().map(number).collect()
    };
    let errors = column("count").iter().map(|n| 1.0 / n.sqrt()).collect();
    let readings = Readings { times: column("time"), values: column("loss_tangent"), errors, stated: false };
    let form = Form { rate: 1.0, amplitude: (-5.0, 5.0), base: Some((-2.0, 3.0)), exponent: (0.1, 1.5) };
    let found = fit(form, &readings).unwrap();
    for (index, key) in
        [(place::AMPLITUDE, "lost"), (place::BASE, "settled"), (place::LN_TIME, "ln_time"), (place::EXPONENT, "exponent")]
    {
        let entry = |key: &str| golden["decay"][key].as_float().unwrap();
        let (value, error) = (found.fit.params[index], found.fit.std_errors[index]);
        // Both stop within a small share of the error; slopes by differences are good to four digits.
        assert!((value - entry(key)).abs() < 1e-3 * entry(&format!("{key}_error")), "{key} {value}");
        assert!((error / entry(&format!("{key}_error")) - 1.0).abs() < 1e-3, "{key} {error}");
    }
}

#[test]
fn the_decay_is_found() {
    let glass = AgeingTangent::default();
    let outcome = measured(&glass, 1000);
    for (key, truth) in truths(&glass) {
        let found = outcome.estimate(key).unwrap();
        // Five standard errors: one failure in a million.
        assert!((found.value - truth).abs() < 5.0 * found.std_error.unwrap(), "{truth} {found:?}");
    }
    assert!(outcome.estimate("ageing_p").unwrap().value < 1e-6);
    assert_eq!(outcome.figures.len(), 1);
}

#[test]
fn a_loss_that_does_not_change_is_not_called_ageing() {
    let glass = AgeingTangent { lost: 0.0, ..AgeingTangent::default() };
    // An F test at 1 %: three of ten are one in ten thousand. A decay that is not there may also have no fit.
    let refused = (0..10).filter(|seed| {
        run(ID, json!({}), &dataset(&glass, 2000 + seed)).map_or(true, |outcome| {
            outcome.notes.iter().any(|note| note.code == "no_ageing") && outcome.estimate("ageing_time").is_none()
        })
    });
    assert!(refused.count() >= 8);
}

#[test]
fn a_start_is_subtracted() {
    let glass = AgeingTangent { noise: 0.0, ..AgeingTangent::default() };
    let mut late = dataset(&glass, 1);
    let crate::core::data::Data::Record(record) = &mut late.data[0] else { panic!() };
    for channel in &mut record.tests[0].tables[0].channels {
        if channel.quantity == crate::core::data::TraceQuantity::Time {
            channel.values.iter_mut().for_each(|time| *time += 500.0);
        }
    }
    let found = run(ID, json!({"start": "500 s"}), &late).unwrap();
    let plain = measured(&glass, 1);
    let time = |outcome: &Outcome| outcome.estimate("ageing_time").unwrap().value;
    assert!((time(&found) / time(&plain) - 1.0).abs() < 1e-6);
}

#[test]
fn the_intervals_cover() {
    // 40 trials of four numbers: fewer than 34 of 40 at 95 %, one failure in a thousand each.
    let glass = AgeingTangent { interval: 600.0, noise: 1e-4, ..AgeingTangent::default() };
    let outcomes: Vec<Outcome> = (0..40).map(|seed| measured(&glass, 1000 + seed)).collect();
    for (key, truth) in truths(&glass) {
        let given = outcomes.iter().filter_map(|outcome| outcome.estimate(key).filter(|found| found.interval.is_some()));
        let (hits, n) = given.fold((0, 0), |(hits, n), found| (hits + u32::from(holds(found, truth)), n + 1));
        assert!(n >= 30 && f64::from(hits) / f64::from(n) > 0.8, "{key}: {hits} of {n}");
    }
}

#[test]
fn bad_input_is_refused() {
    let glass = AgeingTangent::default();
    let change = |quantity, by: fn(usize, f64) -> f64| {
        let mut data = dataset(&glass, 1);
        let crate::core::data::Data::Record(record) = &mut data.data[0] else { panic!() };
        for channel in &mut record.tests[0].tables[0].channels {
            if channel.quantity == quantity {
                channel.values.iter_mut().enumerate().for_each(|(i, value)| *value = by(i, *value));
            }
        }
        refusal(ID, json!({}), &data)
    };
    use crate::core::data::TraceQuantity as Q;
    assert!(change(Q::Temperature, |i, t| t + 0.1 * i as f64).contains("followed at one"));
    assert!(change(Q::Frequency, |i, f| f * (1.0 + (i % 2) as f64)).contains("one frequency"));
    assert!(change(Q::Time, |_, _| f64::NAN).contains("readings with a time"));
    assert!(change(Q::Time, |i, _| 5000.0 + i as f64).contains("decades"));
}

#[test]
#[ignore = "full coverage table"]
fn the_intervals_cover_in_full() {
    let base = AgeingTangent::default();
    for (name, glass) in [
        ("default", base.clone()),
        ("phase 0.001", AgeingTangent { noise: 1e-3, ..base.clone() }),
        ("four hours", AgeingTangent { duration: 14_400.0, ..base.clone() }),
        ("b = 0.9", AgeingTangent { exponent: 0.9, ..base }),
    ] {
        let outcomes: Vec<Outcome> = (1000..1400).map(|seed| measured(&glass, seed)).collect();
        for (key, truth) in truths(&glass) {
            let given = outcomes.iter().filter_map(|outcome| outcome.estimate(key).filter(|found| found.interval.is_some()));
            let (hits, n) = given.fold((0, 0), |(hits, n), found| (hits + u32::from(holds(found, truth)), n + 1));
            println!("| {name} | {key} | {hits} of {n} |");
            assert!(n > 380 && f64::from(hits) / f64::from(n) > 0.92);
        }
    }
}
