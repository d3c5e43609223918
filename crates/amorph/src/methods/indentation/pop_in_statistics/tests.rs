use serde_json::json;

use super::*;
use crate::method::Constants;
use crate::methods::indentation::testing::{holds, refusal, run};
use crate::sim::indentation::{PopInLoads, Strength};

const ID: &str = PopInStatistics::INFO.id;

fn series(strength: Strength, n: usize, peak_load: f64, seed: u64) -> Dataset {
    let detection_limit = 0.05e-3;
    Dataset::of_table(PopInLoads { strength, n, peak_load, detection_limit }.sample(seed).unwrap().table)
}

const WEIBULL: Strength = Strength::Weibull { scale: 0.4e-3, shape: 5.0 };

#[test]
fn the_truth_is_covered_with_censored_tests() {
    let mut hits = [0; 2];
    for seed in 0..150 {
        let outcome = run(ID, json!({}), &series(WEIBULL, 40, 0.45e-3, seed)).unwrap();
        hits[0] += usize::from(holds(outcome.estimate("weibull_modulus").unwrap(), 5.0));
        hits[1] += usize::from(holds(outcome.estimate("weibull_scale").unwrap(), 0.4e-3));
    }
    // 150 trials: standard error 1.8 %.
    assert!(hits.iter().all(|hits| (134..=149).contains(hits)), "{hits:?}");
}

#[test]
fn the_law_is_told() {
    let normal = Strength::LogNormal { median: 0.4e-3, sd: 0.3 };
    let outcome = run(ID, json!({}), &series(normal, 500, 1.0, 1)).unwrap();
    assert!(outcome.estimate("bic_weibull_minus_log_normal").unwrap().value > 0.0);
    assert!(holds(outcome.estimate("popin_load").unwrap(), 0.4e-3));
    let two = Strength::TwoWeibull { share: 0.4, first: (0.2e-3, 8.0), second: (0.5e-3, 12.0) };
    let outcome = run(ID, json!({}), &series(two, 200, 1.0, 2)).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "two_populations"));
    let share = outcome.table("populations").unwrap().numbers("share").unwrap().1[0];
    assert!((share - 0.4).abs() < 0.12, "{share}");
    let one = run(ID, json!({}), &series(WEIBULL, 200, 1.0, 3)).unwrap();
    assert!(one.estimate("bic_two_minus_one_population").unwrap().value > 0.0);
}

/// The loads of twelve measured tests (mN).
const MEASURED: [f64; 12] = [0.3465, 0.3886, 0.3519, 0.3585, 0.2151, 0.3799, 0.4644, 0.3414, 0.5366, 0.2293, 0.5368, 0.5073];

#[test]
fn twelve_measured_loads_have_a_modulus_with_its_interval() {
    let table = Table::new("loads", "").with_numbers("load", "N", MEASURED.map(|load| load * 1e-3).to_vec());
    let outcome = run(ID, json!({}), &Dataset::of_table(table)).unwrap();
    let modulus = outcome.estimate("weibull_modulus").unwrap();
    let interval = modulus.interval.unwrap();
    assert!(modulus.value > 3.0 && modulus.value < 6.0 && interval.lo > 1.5 && interval.hi < 7.5, "{modulus:?}");
    assert!(outcome.notes.iter().any(|note| note.code == "no_thermal_volume"));
}

#[test]
fn stresses_follow_hertz() {
    let constants = Constants::default()
        .with_quantity("tip_radius", "2 um")
        .unwrap()
        .with_quantity("reduced_modulus", "94.2 GPa")
        .unwrap()
        .with_quantity("shear_modulus", "30 GPa")
        .unwrap();
    let data = Dataset { constants, ..series(Strength::Weibull { scale: 0.8e-3, shape: 40.0 }, 60, 1.0, 1) };
    let outcome = run(ID, json!({}), &data).unwrap();
    let stress = outcome.estimate("popin_shear_stress").unwrap().value;
    assert!((2.1e9..2.2e9).contains(&stress), "{stress:e}");
    assert!((outcome.estimate("popin_stress_over_modulus").unwrap().value * 30e9 - stress).abs() < 1.0);
}

#[test]
fn bad_input_is_refused() {
    let table = |loads: Vec<f64>, words: Vec<&str>| {
        let words = words.into_iter().map(str::to_owned).collect();
        Dataset::of_table(Table::new("l", "").with_numbers("load", "N", loads).with_text("status", words))
    };
    assert!(refusal(ID, json!({}), &table(vec![1.0, 2.0], vec!["event", "maybe"])).contains("'maybe'"));
    assert!(refusal(ID, json!({}), &table(vec![1.0, 2.0], vec!["event", "none"])).contains("at least 5"));
    assert!(refusal(ID, json!({}), &table(vec![-1.0], vec!["event"])).contains("greater than zero"));
    assert!(refusal(ID, json!({}), &table(vec![1.0; 6], vec!["event"; 6])).contains("could not be fitted"));
    assert!(refusal(ID, json!({"load": "P"}), &table(vec![1.0], vec!["event"])).contains("'P'"));
}
