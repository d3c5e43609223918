use approx::assert_relative_eq;
use serde_json::json;

use super::report::{strength_ratio, zone_factor};
use super::*;
use crate::core::data::Record;
use crate::methods::indentation::testing::{dataset, holds, refusal, run};
use crate::sim::indentation::{RateJump as Jumps, RateJumpTest};

const ID: &str = RateJump::INFO.id;
const STATED: [(&str, &str); 3] =
    [("temperature", "300 K"), ("glass_transition_temperature", "680 K"), ("atomic_volume", "17 A^3")];

fn measured(jumps: &Jumps, seed: u64) -> Record {
    let RateJumpTest { record, .. } = jumps.measure(seed).unwrap();
    record
}

#[test]
fn the_numbers_of_the_specification() {
    let method = RateJump::default();
    let ratio = strength_ratio(&method, 300.0, 680.0).unwrap();
    assert_relative_eq!(ratio, 0.7424, max_relative = 1e-4);
    assert_relative_eq!(zone_factor(&method, ratio).unwrap(), 21.6, max_relative = 2e-3);
    let jumps = Jumps { noise: 0.0, depth_trend: 0.0, transient: 0.0, ..Jumps::default() };
    let outcome = run(ID, json!({}), &dataset(measured(&jumps, 1), &STATED));
    // Without noise there is nothing to estimate a correlation from; a little noise is enough.
    let outcome =
        outcome.or_else(|_| run(ID, json!({}), &dataset(measured(&Jumps { noise: 1e-7, ..jumps }, 1), &STATED))).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert_relative_eq!(value("rate_sensitivity"), 0.02, max_relative = 1e-4);
    let expected = 3.0 * 3f64.sqrt() * 1.380649e-23 * 300.0 / (0.02 * value("hardness"));
    assert_relative_eq!(value("activation_volume"), expected, max_relative = 1e-4);
    assert_relative_eq!(value("activation_volume") * value("hardness") / 6e9, 0.1794e-27, max_relative = 5e-4);
    assert_relative_eq!(value("stz_volume") / value("activation_volume"), 21.62, max_relative = 1e-3);
    assert_relative_eq!(value("stz_atoms") * 17e-30, value("stz_volume"), max_relative = 1e-9);
}

fn coverage(correlation: f64, trials: u64) -> (f64, f64) {
    let jumps = Jumps { noise_correlation: correlation, samples: 60, ..Jumps::default() };
    let (mut hits, mut sum) = (0.0, 0.0);
    for seed in 0..trials {
        let outcome = run(ID, json!({}), &dataset(measured(&jumps, seed), &[])).unwrap();
        let m = outcome.estimate("rate_sensitivity").unwrap();
        hits += f64::from(u8::from(holds(m, 0.02)));
        sum += m.value;
    }
    (hits / trials as f64, sum / trials as f64)
}

#[test]
fn the_interval_of_m_covers() {
    for correlation in [0.0, 0.8] {
        // 120 trials: standard error 0.02.
        let (rate, mean) = coverage(correlation, 120);
        assert!((0.89..=0.995).contains(&rate), "{correlation}: {rate}");
        assert!((mean / 0.02 - 1.0).abs() < 0.02, "{correlation}: {mean}");
    }
}

#[test]
#[ignore = "full coverage table, minutes"]
fn the_interval_of_m_covers_in_full() {
    for correlation in [0.0, 0.5, 0.8, 0.95] {
        let (rate, mean) = coverage(correlation, 1000);
        println!("| {correlation} | {:.1} % | {:.2} % |", 100.0 * rate, 100.0 * (mean / 0.02 - 1.0));
        assert!((0.92..=0.97).contains(&rate));
        assert!((mean / 0.02 - 1.0).abs() < 0.01);
    }
}

#[test]
fn no_sensitivity_has_no_volume() {
    let flat = Jumps { rate_sensitivity: 0.0, ..Jumps::default() };
    let outcome = run(ID, json!({}), &dataset(measured(&flat, 3), &STATED)).unwrap();
    assert!(outcome.estimate("activation_volume").is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "volume_not_defined"));
}

#[test]
fn bad_input_is_refused() {
    let one = Jumps { rates: vec![0.05], ..Jumps::default() };
    assert!(refusal(ID, json!({}), &dataset(measured(&one, 1), &STATED)).contains("at several rates"));
    let hot = [("temperature", "700 K"), ("glass_transition_temperature", "680 K")];
    assert!(refusal(ID, json!({}), &dataset(measured(&Jumps::default(), 1), &hot)).contains("below the glass transition"));
    assert!(refusal(ID, json!({"zeta": 0.0}), &dataset(measured(&Jumps::default(), 1), &[])).contains("above 0"));
    assert!(refusal(ID, json!({}), &dataset(Record::default(), &[])).contains("rates"));
}
