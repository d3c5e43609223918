use std::sync::Arc;

use approx::assert_relative_eq;
use serde_json::json;

use super::*;
use crate::core::random::standard_normals;
use crate::core::stats::coverage;
use crate::method::Upstream;
use crate::methods::contact_resonance::testing::run;

const ID: &str = Treatment::INFO.id;

fn upstream(method: &str, key: &str, state: &str, value: f64) -> Upstream {
    let estimate = Estimate::without_interval(key, "", value, "", "not needed here");
    Upstream {
        job: String::new(),
        method: method.to_owned(),
        state: state.to_owned(),
        item: format!("{value}"),
        outcome: Arc::new(Outcome { estimates: vec![estimate], ..Outcome::default() }),
    }
}

fn dataset(states: &[(&str, &[f64])]) -> Dataset {
    let moduli = states
        .iter()
        .flat_map(|(state, values)| values.iter().map(|gpa| upstream(MODULUS, "indentation_modulus", state, gpa * 1e9)));
    Dataset { upstream: moduli.collect(), ..Dataset::default() }
}

#[test]
fn states_are_compared_with_sites_as_replicates() {
    let data = dataset(&[("cast", &[100.0, 102.0, 98.0, 101.0]), ("crua", &[89.0, 92.0, 90.0, 91.0])]);
    let outcome = run(ID, json!({"untreated": "cast", "treated": ["crua"]}), &data).unwrap();
    let estimate = outcome.estimate("treatment_modulus_drop").unwrap();
    let geometric = |values: [f64; 4]| values.iter().map(|v| v.ln()).sum::<f64>() / 4.0;
    let expected = 1.0 - (geometric([89.0, 92.0, 90.0, 91.0]) - geometric([100.0, 102.0, 98.0, 101.0])).exp();
    assert_relative_eq!(estimate.value, expected, max_relative = 1e-12);
    let interval = estimate.interval.unwrap();
    assert!(interval.lo > 0.05 && interval.hi < 0.15);
    assert_eq!(estimate.n, Some(8.0));
}

#[test]
fn pairs_take_out_what_differs_between_sites() {
    let data = dataset(&[("before", &[80.0, 100.0, 120.0]), ("after", &[72.1, 89.9, 108.0])]);
    let of = |paired: bool| {
        let parameters = json!({"untreated": "before", "treated": ["after"], "paired": paired});
        run(ID, parameters, &data).unwrap().estimate("treatment_modulus_drop").unwrap().interval.unwrap()
    };
    let (paired, unpaired) = (of(true), of(false));
    assert!(paired.hi - paired.lo < 0.1 * (unpaired.hi - unpaired.lo));
    assert!(paired.lo < 0.1 && 0.1 < paired.hi);
}

#[test]
fn zones_need_no_untreated_state() {
    let upstream = [0.10, 0.12, 0.11].iter().map(|drop| upstream(ZONES, "modulus_drop", "crua", *drop)).collect();
    let outcome = run(ID, json!({}), &Dataset { upstream, ..Dataset::default() }).unwrap();
    let estimate = outcome.estimate("zone_modulus_drop").unwrap();
    assert_relative_eq!(estimate.value, 0.11, max_relative = 1e-12);
    assert!(estimate.interval.is_some());
}

#[test]
fn the_intervals_cover() {
    let truth = 0.1;
    let sites = |seed: u64, n: usize, mean: f64| -> Vec<f64> {
        standard_normals(seed, n).into_iter().map(|z| mean * (0.03 * z).exp()).collect()
    };
    for (n, m) in [(3, 3), (5, 8)] {
        let groups = |seed: u64| algorithm::drop(&sites(seed, n, 1.0), &sites(!seed, m, 0.9))?.interval;
        // 2000 trials: standard error 0.005; Welch with three sites each is conservative by up to 0.015.
        let rate = coverage(2000, 5, truth, groups).unwrap().fraction;
        assert!((0.935..=0.98).contains(&rate), "{n} and {m}: {rate}");
    }
    let pairs = |seed: u64| {
        let places = sites(seed, 4, 1.0);
        let noise = sites(!seed, 4, 0.9);
        let after: Vec<f64> = places.iter().zip(&noise).map(|(place, noise)| place * noise).collect();
        algorithm::paired_drop(&places, &after)?.interval
    };
    let rate = coverage(2000, 6, truth, pairs).unwrap().fraction;
    assert!((0.935..=0.965).contains(&rate), "{rate}");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let data = dataset(&[("cast", &[100.0, 102.0, 98.0]), ("crua", &[89.0, 92.0]), ("one", &[90.0])]);
    let refusal = |parameters: serde_json::Value| {
        let error = run(ID, parameters, &data).unwrap_err();
        format!("{error}; {}", error.hint())
    };
    assert!(refusal(json!({})).contains("cast, crua, one"));
    assert!(refusal(json!({"untreated": "cast"})).contains("`treated`"));
    assert!(refusal(json!({"untreated": "cast", "treated": ["gone"]})).contains("'gone'"));
    assert!(refusal(json!({"untreated": "cast", "treated": ["one"]})).contains("at least 2"));
    assert!(refusal(json!({"untreated": "cast", "treated": ["crua"], "paired": true})).contains("paired = false"));
    let two = run(ID, json!({"untreated": "cast", "treated": ["crua"]}), &data).unwrap();
    assert!(two.estimate("treatment_modulus_drop").unwrap().interval.is_none());
    assert!(two.notes.iter().any(|note| note.code == "few_sites"));
}
