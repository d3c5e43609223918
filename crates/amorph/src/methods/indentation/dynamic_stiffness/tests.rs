use approx::assert_relative_eq;
use serde_json::json;

use super::*;
use crate::core::data::{Channel, Record, Recording};
use crate::core::random::standard_normals;
use crate::methods::indentation::testing::{dataset, holds, refusal, run};
use crate::methods::testing::reference_record;

const ID: &str = DynamicStiffness::INFO.id;

/// A test of 100 GPa and 8 GPa below a perfect pyramid; the stiffness carries correlated noise.
fn oscillated(noise: f64, correlation: f64, seed: u64) -> Record {
    let n = 200;
    let mut z = standard_normals(seed, n);
    for i in 1..n {
        z[i] = correlation * z[i - 1] + (1.0 - correlation * correlation).sqrt() * z[i];
    }
    let contact: Vec<f64> = (1..=n).map(|i| 1e-6 * i as f64 / n as f64).collect();
    let area = |h: f64| 24.5 * h * h;
    let stiffness: Vec<f64> = contact
        .iter()
        .zip(&z)
        .map(|(h, z)| 2.0 * 100e9 * (area(*h) / std::f64::consts::PI).sqrt() * (1.0 + noise * z))
        .collect();
    let load: Vec<f64> = contact.iter().map(|h| 8e9 * area(*h)).collect();
    let depth = (0..n).map(|i| contact[i] + 0.75 * load[i] / stiffness[i]).collect();
    let loss = stiffness.iter().map(|s| 0.01 * s).collect();
    Record::of_test(
        "csm",
        Recording::of_test(vec![
            Channel::new(TraceQuantity::Depth, depth),
            Channel::new(TraceQuantity::Load, load),
            Channel::new(TraceQuantity::ContactStiffness, stiffness),
            Channel::new(TraceQuantity::LossStiffness, loss),
        ]),
    )
}

#[test]
fn moduli_and_hardness_are_the_truth() {
    let outcome = run(ID, json!({}), &dataset(oscillated(1e-9, 0.0, 1), &[("area_c0", "24.5")])).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert_relative_eq!(value("reduced_storage_modulus"), 100e9, max_relative = 1e-7);
    assert_relative_eq!(value("reduced_loss_modulus"), 1e9, max_relative = 1e-7);
    assert_relative_eq!(value("loss_tangent"), 0.01, max_relative = 1e-7);
    assert_relative_eq!(value("hardness"), 8e9, max_relative = 1e-7);
    assert!(outcome.notes.iter().any(|note| note.code == "machine_damping"));
}

#[test]
fn the_interval_of_the_modulus_covers() {
    for correlation in [0.0, 0.7] {
        let covered = |seed: &u64| {
            let outcome = run(ID, json!({}), &dataset(oscillated(0.01, correlation, *seed), &[("area_c0", "24.5")])).unwrap();
            holds(outcome.estimate("reduced_storage_modulus").unwrap(), 100e9)
        };
        let hits = (0..300).filter(covered).count();
        println!("| {correlation} | {hits} of 300 |");
        // 300 trials: standard error 1.3 %.
        assert!((275..=295).contains(&hits), "{correlation}: {hits}");
    }
}

/// The file holds stiffness, area, modulus and loss tangent with six decimals.
#[test]
fn a_measured_dynamic_test_is_recomputed() {
    let Some(record) = reference_record("hysitron_dma.txt") else { return };
    let recording = record.tests[0].measurement().unwrap();
    let stated = |quantity| recording.values(quantity).unwrap().to_vec();
    let (modulus, tangent) = (stated(TraceQuantity::ReducedStorageModulus), stated(TraceQuantity::TanDelta));
    let (loss, stiffness) = (stated(TraceQuantity::LossStiffness), stated(TraceQuantity::ContactStiffness));
    let outcome = run(ID, json!({}), &dataset(record.clone(), &[])).unwrap();
    let samples = outcome.table("samples").unwrap();
    let column = |name: &str| samples.numbers(name).unwrap().1.to_vec();
    let (own, own_tangent) = (column("reduced_storage_modulus"), column("loss_tangent"));
    let mut compared = 0;
    for row in 0..modulus.len() {
        if modulus[row].is_nan() || own[row].is_nan() {
            continue;
        }
        compared += 1;
        // Six decimals of the stiffness (uN/nm) and of the area (nm^2) bound what can be recomputed.
        let area = recording.values(TraceQuantity::ContactArea).unwrap()[row];
        let rounding = 0.5e-3 / stiffness[row] + 0.25e-24 / area + 0.5e3 / modulus[row];
        assert!((own[row] / modulus[row] - 1.0).abs() < rounding + 1e-6, "row {row}: {} {}", own[row], modulus[row]);
        let rounding = 0.5e-6 + 0.5e-3 / stiffness[row] * (1.0 + tangent[row]);
        assert!((own_tangent[row] - tangent[row]).abs() < rounding + 1e-6, "row {row}: {}", loss[row]);
    }
    assert!(compared > 3000, "{compared}");
    assert!(!outcome.notes.iter().any(|note| note.code == "file_moduli_differ"), "{:?}", outcome.notes);
}

/// Continuous stiffness of twelve indents; their own hardness tells the area function the instrument used.
#[test]
fn measured_continuous_stiffness_gives_a_modulus_over_depth() {
    let Some(record) = reference_record("agilent_Popin.xls") else { return };
    let parameters = json!({"from_depth": "200 nm", "to_depth": "900 nm"});
    let outcome = run(ID, parameters, &dataset(record, &[("area_c0", "24.5")])).unwrap();
    let modulus = outcome.estimate("reduced_storage_modulus").unwrap();
    println!("{modulus:?} {:?}", outcome.estimate("hardness"));
    assert_eq!(outcome.estimate("n_tests").unwrap().value, 12.0);
    assert!(modulus.interval.is_some() && (100e9..500e9).contains(&modulus.value));
    assert!(outcome.estimate("loss_tangent").is_none());
}

#[test]
fn bad_input_is_refused() {
    let record = oscillated(0.01, 0.0, 1);
    assert!(refusal(ID, json!({}), &dataset(record.clone(), &[])).contains("no area function"));
    assert!(refusal(ID, json!({"beta": 3.0}), &dataset(record.clone(), &[])).contains("beta"));
    let turned = json!({"from_depth": "2 um", "to_depth": "1 um"});
    assert!(refusal(ID, turned, &dataset(record.clone(), &[("area_c0", "24.5")])).contains("smaller"));
    let deep = json!({"from_depth": "5 um"});
    assert!(refusal(ID, deep, &dataset(record.clone(), &[("area_c0", "24.5")])).contains("from_depth"));
    assert!(refusal(ID, json!({}), &dataset(record, &[("area_c0", "-24.5")])).contains("fewer than 10 samples"));
    let bare = Record::of_test("t", Recording::of_test(vec![Channel::new(TraceQuantity::Depth, vec![1.0])]));
    assert!(refusal(ID, json!({}), &dataset(bare, &[])).contains("no channel of contact_stiffness"));
}
