use approx::assert_relative_eq;
use serde_json::json;

use super::algorithm::{area, branch, power_law, reduced_modulus, sample_modulus};
use super::*;
use crate::core::data::{Channel, Record, Recording, TraceQuantity};
use crate::methods::indentation::testing::{dataset, holds, refusal, run};
use crate::sim::indentation::{Indenter, LoadFunction, Unloading};

const ID: &str = OliverPharr::INFO.id;

#[test]
fn a_power_law_gives_its_stiffness_and_the_textbook_numbers() {
    let test = Unloading { noise: (0.0, 0.0), ..Unloading::default() }.measure(1).unwrap();
    let stated = [("area_c0", "24.5"), ("tip_modulus", "1140 GPa"), ("tip_poisson_ratio", "0.07")];
    let outcome = run(ID, json!({}), &dataset(test.record, &stated)).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert_relative_eq!(value("contact_stiffness"), test.stiffness, max_relative = 1e-6);
    assert_relative_eq!(value("unloading_exponent"), 1.3, max_relative = 1e-6);
    let depth = 560e-9 - 0.75 * 50e-3 / test.stiffness;
    assert_relative_eq!(value("contact_depth"), depth, max_relative = 1e-6);
    let area = 24.5 * depth * depth;
    assert_relative_eq!(value("hardness"), 50e-3 / area, max_relative = 1e-6);
    let reduced = std::f64::consts::PI.sqrt() / 2.0 * test.stiffness / area.sqrt();
    assert_relative_eq!(value("reduced_modulus"), reduced, max_relative = 1e-6);
    let young = value("young_modulus");
    let back = 1.0 / ((1.0 - 0.363f64.powi(2)) / young + (1.0 - 0.07f64.powi(2)) / 1140e9);
    assert_relative_eq!(back, reduced, max_relative = 1e-9);
}

#[test]
fn the_interval_of_the_stiffness_covers() {
    for noise in [(2e-6, 0.2e-9), (20e-6, 1e-9)] {
        let mut hits = 0;
        for seed in 0..200 {
            let test = Unloading { noise, ..Unloading::default() }.measure(seed).unwrap();
            let outcome = run(ID, json!({}), &dataset(test.record, &[])).unwrap();
            hits += usize::from(holds(outcome.estimate("contact_stiffness").unwrap(), test.stiffness));
        }
        // At least nominal: the other windows only widen it.
        assert!(hits >= 182, "{noise:?}: {hits}");
    }
}

#[test]
fn without_area_function_there_is_stiffness_only() {
    let test = Unloading::default().measure(2).unwrap();
    let outcome = run(ID, json!({}), &dataset(test.record, &[])).unwrap();
    assert!(outcome.estimate("hardness").is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "no_area_function"));
}

#[test]
fn frame_and_drift_are_taken_off() {
    let test = Unloading { noise: (0.0, 0.0), ..Unloading::default() }.measure(1).unwrap();
    let mut soft = test.record.clone();
    let load = soft.tests[0].tables[0].values(TraceQuantity::Load).unwrap().to_vec();
    let time = soft.tests[0].tables[0].values(TraceQuantity::Time).unwrap().to_vec();
    let depth = &mut soft.tests[0].tables[0].channels[2].values;
    for (i, h) in depth.iter_mut().enumerate() {
        *h += 1e-6 * load[i] + 0.5e-9 * (time[i] - time[0]);
    }
    let stated = [("frame_compliance", "1e-6 m/N"), ("drift_rate", "0.5 nm/s")];
    let outcome = run(ID, json!({}), &dataset(soft, &stated)).unwrap();
    assert_relative_eq!(outcome.estimate("contact_stiffness").unwrap().value, test.stiffness, max_relative = 1e-5);
}

#[test]
fn bad_input_is_refused() {
    let load = LoadFunction::trapezoid(800e-6, 1e-3, 5e-3, 0.0);
    let body = crate::sim::indentation::Body::Elastic { shear_modulus: 30e9 };
    let record = Record { tests: vec![Indenter::default().indent(body, &load, 1).unwrap().test] };
    assert!(refusal(ID, json!({}), &dataset(record, &[])).contains("no unloading segment"));
    let test = Unloading::default().measure(1).unwrap();
    let negative = dataset(test.record.clone(), &[("area_c0", "-24.5")]);
    let message = refusal(ID, json!({}), &negative);
    assert!(message.contains("-24.5") && message.contains("contact depth"), "{message}");
    assert!(refusal(ID, json!({"window": [0.2, 0.9]}), &dataset(test.record.clone(), &[])).contains("window"));
    assert!(refusal(ID, json!({"epsilon": 3.0}), &dataset(test.record, &[])).contains("epsilon"));
    let only_time = Record::of_test("t", Recording::of_test(vec![Channel::new(TraceQuantity::Time, vec![0.0])]));
    assert!(refusal(ID, json!({}), &dataset(only_time, &[])).contains("there is no channel of load"));
    assert_relative_eq!(area(&[0.0, 0.0, 1.0], 16e-9), 4e-18, max_relative = 1e-12);
    assert!(sample_modulus(reduced_modulus(1e5, 1e-12, 1.0), 0.3, 1140e9, 0.07) > 0.0);
}

/// The test block of a Hysitron .hld file: columns of text below `Test Data Points`.
fn hld(name: &str) -> Option<(Vec<f64>, Vec<f64>, Vec<f64>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = ["../../../shared/data/events", "../../../../shared/data/events"].map(|place| folder.join(place).join(name));
    let Some(bytes) = places.iter().find_map(|path| std::fs::read(path).ok()) else {
        println!("skipped: {} is not there", places[0].display());
        return None;
    };
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let mut lines = text.lines().skip_while(|line| !line.contains("Test Data Points"));
    let n: usize = lines.next()?.split(':').nth(1)?.trim().parse().ok()?;
    let header: Vec<String> = lines.next()?.split('\t').map(|word| word.trim().to_owned()).collect();
    let column = |start: &str| header.iter().position(|word| word.starts_with(start));
    let (time, depth, load) = (column("Time")?, column("Disp_nm")?, column("Force")?);
    let rows: Vec<Vec<f64>> =
        lines.take(n).map(|line| line.split('\t').map(|word| word.trim().parse().unwrap_or(f64::NAN)).collect()).collect();
    let of = |index: usize, scale: f64| rows.iter().map(|row| scale * row.get(index).copied().unwrap_or(f64::NAN)).collect();
    Some((of(time, 1.0), of(load, 1e-6), of(depth, 1e-9)))
}

#[test]
fn a_measured_unloading_agrees_with_the_reference_program() {
    let Some((time, load, depth)) = hld("hysitron_Exp-50mN_0000.hld") else { return };
    let channels = vec![
        Channel::new(TraceQuantity::Time, time),
        Channel::new(TraceQuantity::Load, load),
        Channel::new(TraceQuantity::Depth, depth),
    ];
    let outcome = run(ID, json!({}), &dataset(Record::of_test("Exp-50mN", Recording::of_test(channels)), &[])).unwrap();
    let table = outcome.table("tests").unwrap();
    for column in ["contact_stiffness", "stiffness_95_50", "stiffness_90_40"] {
        let found = table.numbers(column).unwrap().1[0];
        assert_relative_eq!(found, 151.7e3, max_relative = 0.02);
    }
    let exponent = outcome.estimate("unloading_exponent").unwrap().value;
    assert!((exponent - 1.19).abs() < 0.03, "{exponent}");
}

#[test]
fn the_branch_starts_after_the_hold() {
    let test = Unloading { noise: (0.0, 0.0), ..Unloading::default() }.measure(1).unwrap();
    let curve = Curve::of(&test.record.tests[0]).unwrap();
    let found = branch(&curve.load, &curve.depth, curve.loaded_end, curve.level()).unwrap();
    assert!((found.first_depth - 560e-9).abs() < 8e-9, "{:e}", found.first_depth);
    assert!(power_law(&found, (0.5, 0.499)).is_err());
}
