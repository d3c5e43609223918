use std::sync::Arc;

use rand::RngExt;

use super::algorithm::{Lasting, mean_duration};
use super::*;
use crate::core::data::Table;
use crate::core::random::{derive_seed, rng};
use crate::method::{Constants, Upstream};

const STEP: f64 = 1e-3;

/// Exponential durations, sampled from a random phase; those between two samples are not seen.
fn lasting(mean: f64, n: usize, seed: u64) -> Vec<Lasting> {
    let mut rng = rng(seed);
    let mut found = Vec::new();
    while found.len() < n {
        let duration = -mean * (1.0 - rng.random::<f64>()).ln();
        let start: f64 = STEP * rng.random::<f64>();
        let samples = ((start + duration) / STEP).floor() as usize;
        if samples >= 1 {
            found.push(Lasting { samples, step: STEP });
        }
    }
    found
}

fn dataset(events: &[Lasting]) -> Dataset {
    let n = events.len();
    let table = Table::new("spikes", "")
        .with_text("class", vec!["spike".to_owned(); n])
        .with_text("sign", vec!["rising".to_owned(); n])
        .with_numbers("size", "", (0..n).map(|k| 1e-3 + 1e-6 * k as f64).collect())
        .with_numbers("width_samples", "", events.iter().map(|event| event.samples as f64).collect())
        .with_numbers("duration", "s", events.iter().map(|event| event.samples as f64 * event.step).collect());
    let outcome = Outcome { tables: vec![table], ..Outcome::default() };
    let upstream = Upstream {
        job: "spikes".to_owned(),
        method: "events.spikes".to_owned(),
        state: String::new(),
        item: String::new(),
        outcome: Arc::new(outcome),
    };
    let constants = Constants::default().with_quantity("temperature", "300 K").unwrap();
    let constants = constants.with_quantity("attempt_frequency", "1e13 1/s").unwrap();
    Dataset { upstream: vec![upstream], constants, ..Dataset::default() }
}

fn run(method: &ActivationEnergy, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

#[test]
fn resolved_durations_give_the_energy_and_its_interval() {
    let outcome = run(&ActivationEnergy::default(), &dataset(&lasting(8e-3, 400, 1))).unwrap();
    let duration = outcome.estimate("mean_duration").unwrap();
    assert!((duration.value / 8e-3 - 1.0).abs() < 0.15, "{duration:?}");
    let energy = outcome.estimate("activation_energy").unwrap();
    let expected = 1.380_649e-23 * 300.0 * (2.0 * 1e13 * duration.value).ln();
    assert!((energy.value / expected - 1.0).abs() < 1e-12, "{energy:?}");
    assert!(outcome.estimate("activation_energy_upper").is_none());
}

#[test]
fn unresolved_durations_give_a_bound() {
    let outcome = run(&ActivationEnergy::default(), &dataset(&lasting(0.5e-3, 300, 2))).unwrap();
    assert!(outcome.estimate("activation_energy").is_none());
    let bound = outcome.estimate("activation_energy_upper").unwrap();
    let electronvolts = bound.value / 1.602_176_634e-19;
    // 1 ms at 300 K and 1e13 1/s is 0.613 eV; the mean is half of that.
    assert!(electronvolts > 0.59 && electronvolts < 0.62, "{electronvolts}");
    assert!(outcome.notes.iter().any(|note| note.code == "resolution_limited"));
    // With no event resolved at all the bound still stands: none of 100 lasts three samples.
    let short = vec![Lasting { samples: 1, step: STEP }; 100];
    let found = mean_duration(&short, 3).unwrap();
    // (1 - e^(-2x))^100 falls to 5 % there.
    let expected = -2.0 * STEP / (1.0 - 0.05f64.powf(0.01)).ln();
    assert!((found.upper / expected - 1.0).abs() < 1e-6 && found.value == 0.0, "{found:?}");
}

#[test]
fn intervals_and_bounds_cover() {
    for (mean, n) in [(0.7e-3, 60), (2e-3, 60), (8e-3, 60), (8e-3, 20)] {
        let trials = 400usize;
        let (mut inside, mut below) = (0, 0);
        for trial in 0..trials {
            let events = lasting(mean, n, derive_seed(3, &[trial.into(), n.into()]));
            let found = mean_duration(&events, 3).unwrap();
            inside += usize::from(found.interval.0 <= mean && mean <= found.interval.1);
            below += usize::from(mean <= found.upper);
        }
        println!("mean {mean}, n {n}: {inside} inside, {below} below the bound, of {trials}");
        // 95 % of 400 are 380, with a standard error of 4.4; the exact bound covers at least that.
        assert!((365..=395).contains(&inside) && below >= 365, "{mean} {n}: {inside} {below}");
    }
}

#[test]
fn the_range_of_attempt_frequencies_is_a_table() {
    let range = ["1e12 1/s", "1e14 1/s"].map(|text| crate::core::unit::Quantity::parse(text).unwrap());
    let method = ActivationEnergy { attempt_range: Some(range), ..ActivationEnergy::default() };
    let outcome = run(&method, &dataset(&lasting(5e-3, 100, 4))).unwrap();
    let energies = outcome.table("attempt_frequencies").unwrap().numbers("activation_energy").unwrap().1.to_vec();
    let decade = 1.380_649e-23 * 300.0 * std::f64::consts::LN_10;
    assert!((energies[1] - energies[0] - decade).abs() < 1e-6 * decade && energies.len() == 3);
    assert_eq!(outcome.table("by_height").unwrap().numbers("events").unwrap().1.iter().sum::<f64>(), 100.0);
}

#[test]
fn what_is_missing_is_named() {
    let events = lasting(5e-3, 50, 5);
    let mut without = dataset(&events);
    without.constants = Constants::default();
    let error = run(&ActivationEnergy::default(), &without).unwrap_err().to_string();
    assert!(error.contains("temperature") && error.contains("attempt_frequency"), "{error}");
    let error = run(&ActivationEnergy::default(), &dataset(&events[..5])).unwrap_err();
    assert!(error.to_string().contains("5 events") && error.hint().contains("longer"), "{error}");
    let mut slow = dataset(&events);
    slow.constants = slow.constants.with_quantity("attempt_frequency", "10 1/s").unwrap();
    assert!(run(&ActivationEnergy::default(), &slow).unwrap_err().to_string().contains("faster than attempts"));
    let error = run(&ActivationEnergy { resolved: 1, ..ActivationEnergy::default() }, &dataset(&events)).unwrap_err();
    assert!(error.to_string().contains("resolved = 1"), "{error}");
}
