use approx::assert_relative_eq;
use serde_json::json;

use super::*;
use crate::core::random::standard_normals;
use crate::method::Constants;
use crate::methods::indentation::testing::{holds, refusal, run};

const ID: &str = TransitionEnergy::INFO.id;
const EV: f64 = 1.602_176_634e-19;

/// Transitions of a barrier of 0.4 eV, ln rate known to `noise` times one to two.
fn transitions(n: usize, noise: f64, with_errors: bool, seed: u64) -> Dataset {
    let z = standard_normals(seed, n);
    let temperature: Vec<f64> = (0..n).map(|i| 500.0 + 120.0 * i as f64 / (n - 1) as f64).collect();
    let error = |i: usize| noise * (1.0 + (i % 2) as f64);
    let rate = |(i, t): (usize, &f64)| (12.0 - 0.4 * EV / (BOLTZMANN * t) + error(i) * z[i]).exp();
    let rates: Vec<f64> = temperature.iter().enumerate().map(rate).collect();
    let errors = rates.iter().enumerate().map(|(i, rate)| error(i) * rate).collect();
    let table = Table::new("transitions", "").with_numbers("temperature", "K", temperature).with_numbers("rate", "1/s", rates);
    let table = if with_errors { table.with_numbers("rate_std", "1/s", errors) } else { table };
    let constants = Constants::default().with_quantity("shear_modulus", "25.7 GPa").unwrap();
    Dataset { constants, ..Dataset::of_table(table) }
}

#[test]
fn the_energy_and_both_volumes_are_the_truth() {
    let outcome = run(ID, json!({"zone_volume": "1.5 nm^3"}), &transitions(6, 0.0, false, 1)).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert_relative_eq!(value("transition_energy"), 0.4 * EV, max_relative = 1e-9);
    // 0.3 to 0.5 eV are 1.05 to 1.76 nm^3, and 0.86 to 1.43 with the other prefactor.
    for (energy, volume, other) in [(0.3, 1.05, 0.86), (0.5, 1.76, 1.43)] {
        assert!((value("volume_of_energy") * energy / 0.4 * 1e27 - volume).abs() < 0.006);
        assert!((value("volume_of_energy_johnson_samwer") * energy / 0.4 * 1e27 - other).abs() < 0.006);
    }
    let ratio = value("transition_over_barrier") / value("transition_over_barrier_johnson_samwer");
    assert_relative_eq!(ratio, std::f64::consts::PI.powi(2) / 8.0, max_relative = 1e-9);
    assert_relative_eq!(value("zone_barrier") * value("transition_over_barrier"), 0.4 * EV, max_relative = 1e-9);
}

#[test]
fn the_interval_covers() {
    for (n, with_errors) in [(4, true), (10, true)] {
        let covered = |seed: &u64| {
            let outcome = run(ID, json!({}), &transitions(n, 0.2, with_errors, *seed)).unwrap();
            holds(outcome.estimate("transition_energy").unwrap(), 0.4 * EV)
        };
        let hits = (0..2000).filter(covered).count();
        println!("| {n} | {hits} of 2000 |");
        // Standard error 0.5 %.
        assert!((1870..=1930).contains(&hits), "{n}: {hits}");
    }
}

#[test]
fn bad_input_is_refused() {
    let table = |t: Vec<f64>, r: Vec<f64>| {
        Dataset::of_table(Table::new("t", "").with_numbers("temperature", "K", t).with_numbers("rate", "1/s", r))
    };
    assert!(refusal(ID, json!({}), &table(vec![300.0; 4], vec![1.0, 2.0, 3.0, 4.0])).contains("one temperature"));
    assert!(refusal(ID, json!({}), &table(vec![300.0, 310.0], vec![1.0, 2.0])).contains("at least 3"));
    assert!(refusal(ID, json!({"zeta": 0.0}), &transitions(5, 0.1, false, 1)).contains("above 0"));
    assert!(refusal(ID, json!({"zone_volume": "3 nm"}), &transitions(5, 0.1, false, 1)).contains("nm"));
    assert!(refusal(ID, json!({"rate": "speed"}), &transitions(5, 0.1, false, 1)).contains("'speed'"));
    let flat = table(vec![300.0, 350.0, 400.0, 450.0], vec![1.0, 2.0, 0.5, 1.4]);
    let outcome = run(ID, json!({}), &flat).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "no_barrier") && outcome.estimate("volume_of_energy").is_none());
}
