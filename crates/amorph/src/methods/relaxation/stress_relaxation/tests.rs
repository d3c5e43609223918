use serde_json::json;

use crate::core::data::Record;
use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset};
use crate::methods::relaxation::testing::{holds, refusal, run};
use crate::sim::relaxation::{StressLaw, StressRelaxation};
use crate::theory::constants::BOLTZMANN;

const ID: &str = "relaxation.stress_relaxation";

fn with(record: Record, taylor: &str) -> Dataset {
    let constants = Constants::default().with_quantity("temperature", "298 K").unwrap();
    Dataset::of_record(record, constants.with_quantity("taylor_factor", taylor).unwrap())
}

fn dataset(test: &StressRelaxation, seed: u64) -> Dataset {
    with(test.measure(seed).unwrap(), "1.732050808")
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap_or_else(|| panic!("{key}")).value
}

#[test]
fn the_activation_volume_is_found_to_two_percent() {
    let outcome = run(ID, json!({}), &dataset(&StressRelaxation::default(), 1)).unwrap();
    let truth = 3f64.sqrt() * BOLTZMANN * 298.0 / 20e6;
    assert!((value(&outcome, "activation_volume") / truth - 1.0).abs() < 0.02, "{:?}", outcome.estimate("activation_volume"));
    assert!(holds(outcome.estimate("activation_volume").unwrap(), truth));
    assert!(holds(outcome.estimate("stress_per_ln_t").unwrap(), 20e6));
    assert!(outcome.notes.iter().any(|note| note.code == "ramp"));
}

/// Published: `golden.toml`.
#[test]
fn the_published_volumes_follow_from_the_published_sensitivity() {
    let golden: toml::Table = include_str!("golden.toml").parse().unwrap();
    let entry = |key: &str| golden["idrissi_2019"][key].as_float().unwrap();
    let slope = entry("rate_sensitivity") * entry("stress");
    let test = StressRelaxation {
        initial_stress: entry("stress"),
        law: StressLaw::Logarithmic { slope, start: 2.0 },
        noise: 1e5,
        ..StressRelaxation::default()
    };
    for (taylor, key) in [("3.06", "volume_taylor_3_06"), ("1.732050808", "volume_taylor_sqrt3")] {
        let outcome = run(ID, json!({}), &with(test.measure(2).unwrap(), taylor)).unwrap();
        assert!((value(&outcome, "activation_volume") / entry(key) - 1.0).abs() < 0.005, "{key}");
    }
}

/// A slip that hardens: dε_p/dt = r exp(V (σ - K ε_p)/(M kT)), dσ = -M_E dε_p.
#[test]
fn work_hardening_is_taken_off_the_volume() {
    let (volume, hardening, unloading): (f64, f64, f64) = (200e-30, 20e9, 60e9);
    let thermal = 3f64.sqrt() * BOLTZMANN * 298.0;
    let slope = thermal / (volume * (1.0 + hardening / unloading));
    // The logarithmic law with this S is its solution: the rate over the first one is that of the law, 1/(1 + t/c).
    for t in [1.0f64, 100.0, 3000.0] {
        let fall = slope * (t / 2.0).ln_1p();
        let rate = (-volume * (fall + hardening * fall / unloading) / thermal).exp();
        assert!((rate * (1.0 + t / 2.0) - 1.0).abs() < 1e-9, "{t} {rate}");
    }
    let test = StressRelaxation { law: StressLaw::Logarithmic { slope, start: 2.0 }, ..StressRelaxation::default() };
    let record = test.measure(4).unwrap();
    let plain = run(ID, json!({}), &with(record.clone(), "1.732050808")).unwrap();
    assert!(plain.estimate("activation_volume_effective").is_none());
    assert!(value(&plain, "activation_volume") > 1.2 * volume);
    let mut stated = with(record, "1.732050808");
    stated.constants = stated.constants.with_quantity("hardening_modulus", "20 GPa").unwrap();
    // One without the other is asked for.
    assert!(refusal(ID, json!({}), &stated).contains("unloading_modulus"));
    stated.constants = stated.constants.with_quantity("unloading_modulus", "60 GPa").unwrap();
    let outcome = run(ID, json!({}), &stated).unwrap();
    // Five standard errors: one failure in a million.
    let found = outcome.estimate("activation_volume_effective").unwrap();
    assert!((found.value - volume).abs() < 5.0 * found.std_error.unwrap() && found.interval.is_some(), "{found:?}");
}

#[test]
fn a_stretched_relaxation_is_told_from_a_logarithmic_one() {
    let law = StressLaw::Stretched { remnant: 0.4, time: 200.0, exponent: 0.6 };
    let outcome = run(ID, json!({}), &dataset(&StressRelaxation { law, ..StressRelaxation::default() }, 3)).unwrap();
    // Five standard errors: one failure in a million.
    for (key, truth) in [("relaxation_time_kww", 200.0), ("stretching_exponent", 0.6)] {
        let found = outcome.estimate(key).unwrap();
        assert!((found.value - truth).abs() < 5.0 * found.std_error.unwrap(), "{found:?}");
    }
    assert!((value(&outcome, "remnant_fraction") - 0.4).abs() < 0.03);
    assert!(outcome.estimate("activation_volume").unwrap().flags.contains(&"law_rejected".to_owned()));
}

#[test]
fn the_interval_of_the_volume_covers() {
    // 80 trials: standard error 0.025.
    let truth = 3f64.sqrt() * BOLTZMANN * 298.0 / 20e6;
    let covered = |correlation: f64| {
        let test = StressRelaxation { correlation, ..StressRelaxation::default() };
        let found = (0..80).step_by(if correlation > 0.0 { 10 } else { 1 }).filter_map(|seed| {
            let outcome = run(ID, json!({}), &dataset(&test, 100 + seed)).unwrap();
            let estimate = outcome.estimate("activation_volume").cloned().unwrap();
            estimate.interval.is_some().then(|| holds(&estimate, truth))
        });
        found.fold((0, 0), |(hits, n), hit| (hits + u32::from(hit), n + 1))
    };
    let (hits, n) = covered(0.0);
    assert!(n > 70 && f64::from(hits) / f64::from(n) > 0.87, "{hits} of {n}");
    // Drift: nothing is claimed.
    assert_eq!(covered(0.95).1, 0);
}

#[test]
fn units_do_not_matter() {
    let record = StressRelaxation::default().measure(5).unwrap();
    let mut scaled = record.clone();
    scaled.tests[0].tables[0].channels[1].values.iter_mut().for_each(|value| *value *= 1e-3);
    let m = |record| value(&run(ID, json!({}), &with(record, "3.06")).unwrap(), "rate_sensitivity_m");
    assert!((m(record) / m(scaled) - 1.0).abs() < 1e-6);
}

#[test]
fn bad_input_is_refused() {
    let record = StressRelaxation::default().measure(1).unwrap();
    let bare = Dataset::of_record(record.clone(), Constants::default());
    let message = refusal(ID, json!({}), &bare);
    assert!(message.contains("temperature") && message.contains("taylor_factor"), "{message}");
    assert!(refusal(ID, json!({"discard": -1.0}), &with(record.clone(), "3.06")).contains("discard"));
    let short = StressRelaxation { duration: 15.0, ..StressRelaxation::default() };
    assert!(refusal(ID, json!({}), &dataset(&short, 1)).contains("decade"));
    let mut lost = record.clone();
    lost.tests[0].tables[0].channels.remove(1);
    assert!(refusal(ID, json!({}), &with(lost, "3.06")).contains("stress"));
    let mut empty = record;
    empty.tests[0].tables[0].channels[1].values.fill(f64::NAN);
    assert!(refusal(ID, json!({}), &with(empty, "3.06")).contains("readings"));
}
