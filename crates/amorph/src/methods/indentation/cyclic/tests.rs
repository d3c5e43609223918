use approx::assert_relative_eq;
use serde_json::json;

use super::algorithm::energy_of;
use super::*;
use crate::core::data::Record;
use crate::methods::indentation::testing::{dataset, holds, refusal, run};
use crate::sim::indentation::{Cycles, Loss};

const ID: &str = Cyclic::INFO.id;
const EV: f64 = 1.602_176_634e-19;
const STATED: [(&str, &str); 2] = [("temperature", "298 K"), ("attempt_frequency", "1.53e13 1/s")];

#[test]
fn energies_and_tangents_are_those_of_the_truth() {
    let setup = Cycles { depth_noise: 1e-15, ..Cycles::default() };
    let truth = setup.measure(1).unwrap();
    let outcome = run(ID, json!({}), &dataset(truth.record, &[])).unwrap();
    let table = outcome.table("frequencies").unwrap();
    let column = |name: &str| table.numbers(name).unwrap().1.to_vec();
    for (i, frequency) in setup.frequencies.iter().enumerate() {
        assert_relative_eq!(column("frequency")[i], *frequency, max_relative = 1e-4);
        assert_relative_eq!(column("loss_tangent")[i], truth.loss_tangents[i], max_relative = 0.01, epsilon = 1e-5);
        // 64 samples per cycle: the polygon has (π/64)²·2/3 less area.
        assert_relative_eq!(column("energy_per_cycle")[i], truth.energies[i], max_relative = 0.01);
    }
    assert_relative_eq!(energy_of(truth.loss_tangents[0], 100e-6, 100e-6 / 40e3), truth.energies[0], max_relative = 1e-12);
}

#[test]
fn the_intervals_of_time_and_energy_cover() {
    let mut hits = [0; 2];
    for seed in 0..150 {
        let truth = Cycles::default().measure(seed).unwrap();
        let outcome = run(ID, json!({}), &dataset(truth.record, &STATED)).unwrap();
        hits[0] += usize::from(holds(outcome.estimate("relaxation_time").unwrap(), 1e-3));
        let energy = 1.380649e-23 * 298.0 * (2.0f64 * 1.53e13 * 1e-3).ln();
        hits[1] += usize::from(holds(outcome.estimate("activation_energy").unwrap(), energy));
    }
    // 150 trials: standard error 1.8 %.
    assert!(hits.iter().all(|hits| (134..=150).contains(hits)), "{hits:?}");
}

#[test]
fn the_energies_of_the_paper_are_converted() {
    let parameters = json!({"known_energy": "0.62 eV", "known_frequency": "1 kHz", "new_frequency": "100 kHz"});
    let record = Cycles::default().measure(1).unwrap().record;
    let outcome = run(ID, parameters, &dataset(record.clone(), &STATED)).unwrap();
    let converted = outcome.estimate("converted_energy").unwrap().value / EV;
    assert!((converted - 0.5017).abs() < 0.0005, "{converted}");
    let of = |convention: &str| {
        let stated = [STATED[0], STATED[1], ("energy_convention", convention)];
        run(ID, json!({}), &dataset(record.clone(), &stated)).unwrap().estimate("activation_energy").unwrap().value / EV
    };
    assert_relative_eq!(of("paper") - of("peak"), 0.0472, max_relative = 2e-3);
}

#[test]
fn one_frequency_has_no_barrier_but_its_definition() {
    let truth = Cycles { frequencies: vec![1000.0], ..Cycles::default() }.measure(1).unwrap();
    let plain = run(ID, json!({}), &dataset(truth.record.clone(), &STATED)).unwrap();
    assert!(plain.estimate("activation_energy").is_none() && plain.estimate("activation_energy_by_definition").is_none());
    assert!(plain.notes.iter().any(|note| note.code == "no_peak"));
    assert!(holds(plain.estimate("loss_tangent").unwrap(), truth.loss_tangents[0]));
    let stated = [STATED[0], STATED[1], ("energy_convention", "paper")];
    let labelled = run(ID, json!({}), &dataset(truth.record, &stated)).unwrap();
    let value = labelled.estimate("activation_energy_by_definition").unwrap();
    assert!((value.value / EV - 0.62).abs() < 0.002 && value.interval.is_none());
}

#[test]
fn few_cycles_have_no_interval() {
    let truth = Cycles { n_cycles: 5, ..Cycles::default() }.measure(1).unwrap();
    let outcome = run(ID, json!({}), &dataset(truth.record, &STATED)).unwrap();
    for key in ["relaxation_time", "activation_energy"] {
        assert!(outcome.estimate(key).unwrap().interval.is_none(), "{key}");
    }
}

#[test]
fn a_distribution_of_times_is_noticed() {
    let loss = Loss { peak: 0.05, relaxation_time: 1e-3, spread: 1.5 };
    let truth = Cycles { loss, depth_noise: 0.005e-9, ..Cycles::default() }.measure(2).unwrap();
    let outcome = run(ID, json!({}), &dataset(truth.record, &[])).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "not_debye"));
}

#[test]
fn bad_input_is_refused() {
    let short = Cycles { n_cycles: 2, ..Cycles::default() }.measure(1).unwrap();
    assert!(refusal(ID, json!({}), &dataset(short.record, &[])).contains("whole cycles"));
    let record = Cycles::default().measure(1).unwrap().record;
    assert!(refusal(ID, json!({"known_energy": "0.62 eV"}), &dataset(record.clone(), &[])).contains("belong together"));
    assert!(refusal(ID, json!({}), &dataset(record, &[("temperature", "-3 K")])).contains("greater than zero"));
    assert!(refusal(ID, json!({}), &dataset(Record::default(), &[])).contains("none of 0 tests"));
}
