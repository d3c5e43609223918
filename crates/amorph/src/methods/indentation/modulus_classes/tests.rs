use ndarray::Array2;
use serde_json::json;

use super::*;
use crate::core::data::Extent;
use crate::core::unit::Unit;
use crate::method::Constants;
use crate::methods::indentation::testing::{refusal, run};
use crate::sim::indentation::{ClassMap, ModulusClass};

const ID: &str = ModulusClasses::INFO.id;

fn dataset(map: Map) -> Dataset {
    Dataset::of_maps(vec![map], Constants::default())
}

fn three(seed: u64, missing: f64) -> (Map, Array2<usize>) {
    let scan = ClassMap { shape: (60, 60), missing, ..ClassMap::default() }.measure(seed).unwrap();
    (scan.map, scan.labels)
}

#[test]
fn three_classes_are_found_with_their_truth() {
    for seed in 0..3 {
        let (map, labels) = three(seed, 0.02);
        let outcome = run(ID, json!({"starts": 6, "most_components": 4}), &dataset(map)).unwrap();
        assert_eq!(outcome.estimate("n_classes").unwrap().value, 3.0);
        let table = outcome.table("classes").unwrap();
        let column = |name: &str| table.numbers(name).unwrap().1.to_vec();
        for (i, class) in ClassMap::default().classes.iter().enumerate() {
            assert!((column("mean")[i] / class.mean - 1.0).abs() < 0.02);
            assert!((column("fraction")[i] - class.fraction).abs() < 0.05);
            assert!(column("fraction_std")[i] > 0.0 && column("fraction_std")[i] < 0.1);
        }
        let found = outcome.map("modulus_class").unwrap();
        let right = found.values.indexed_iter().filter(|(cell, value)| **value == labels[*cell] as f64).count();
        assert!(right as f64 > 0.95 * 0.98 * 3600.0, "{right}");
        assert!(found.values.iter().any(|value| value.is_nan()));
    }
}

#[test]
fn neighbours_help_where_classes_overlap() {
    let class = |mean: f64| ModulusClass { mean, sd: 6e9, fraction: 0.5 };
    let classes = vec![class(85e9), class(100e9)];
    let scan = ClassMap { shape: (60, 60), classes, missing: 0.02, ..ClassMap::default() }.measure(4).unwrap();
    let right = |prior: bool| {
        let parameters = json!({"starts": 4, "most_components": 2, "bootstrap": 0, "spatial_prior": prior});
        let outcome = run(ID, parameters, &dataset(scan.map.clone())).unwrap();
        let map = outcome.map("modulus_class").unwrap();
        assert_eq!(outcome.estimate("potts_beta").is_some(), prior);
        assert!(map.values.indexed_iter().all(|(cell, v)| v.is_nan() == scan.map.values[cell].is_nan()));
        map.values.indexed_iter().filter(|(cell, value)| **value == scan.labels[*cell] as f64).count() as f64 / 3600.0
    };
    let (alone, together) = (right(false), right(true));
    println!("{alone:.3} alone, {together:.3} with neighbours");
    assert!(together > alone + 0.02, "{alone} {together}");
    // White noise of two classes has no order.
    let z = crate::core::random::standard_normals(1, 3600);
    let values = Array2::from_shape_fn((60, 60), |(i, j)| {
        let n = i * 60 + j;
        if n * 7919 % 3600 < 1800 { 70e9 + 4e9 * z[n] } else { 110e9 + 4e9 * z[n] }
    });
    let mixture = crate::core::stats::MixtureFit { starts: 4, ..Default::default() };
    let shuffled: Vec<f64> = {
        let mut list: Vec<f64> = values.iter().copied().collect();
        rand::seq::SliceRandom::shuffle(&mut list[..], &mut crate::core::random::rng(2));
        list
    };
    let values = Array2::from_shape_vec((60, 60), shuffled).unwrap();
    let flat: Vec<f64> = values.iter().copied().collect();
    let field = spatial::Field::fit(&values, &mixture.fit(&flat, 2).unwrap());
    assert!(field.beta < 0.1, "{}", field.beta);
}

#[test]
#[ignore = "200 fields, minutes"]
fn the_number_of_classes_is_right_in_full() {
    let right = (0..200).filter(|seed| {
        let outcome = run(ID, json!({"bootstrap": 0}), &dataset(three(*seed, 0.0).0)).unwrap();
        outcome.estimate("n_classes").unwrap().value == 3.0
    });
    let right = right.count();
    println!("three classes in {right} of 200 fields");
    assert!(right >= 190);
}

#[test]
fn one_distribution_is_one_class() {
    let class = ModulusClass { mean: 90e9, sd: 3e9, fraction: 1.0 };
    let scan = ClassMap { classes: vec![class], shape: (40, 40), ..ClassMap::default() }.measure(1).unwrap();
    let outcome = run(ID, json!({"starts": 4, "most_components": 3, "noise": "3 GPa"}), &dataset(scan.map)).unwrap();
    assert_eq!(outcome.estimate("n_classes").unwrap().value, 1.0);
    for code in ["one_class", "noise_limited", "length_at_pixel"] {
        assert!(outcome.notes.iter().any(|note| note.code == code), "{code}: {:?}", outcome.notes);
    }
}

#[test]
fn constant_maps_and_bad_input() {
    let map = |n: usize, value: f64| {
        Map::new("storage_modulus", Array2::from_elem((n, n), value), Unit::of("Pa"), Some(Extent::metres(1e-6, 1e-6)))
    };
    let outcome = run(ID, json!({}), &dataset(map(12, 1e11))).unwrap();
    assert!(outcome.estimate("n_classes").unwrap().value == 1.0 && outcome.notes[0].code == "constant_map");
    assert!(refusal(ID, json!({}), &dataset(map(5, 1e11))).contains("at least 100"));
    assert!(refusal(ID, json!({"k_means": 0}), &dataset(map(12, 1.0))).contains("within 1 and 8"));
    assert!(refusal(ID, json!({"noise": "3 nm"}), &dataset(map(12, 1.0))).contains("nm"));
    assert!(refusal(ID, json!({"map": "loss_modulus"}), &dataset(map(12, 1.0))).contains("loss_modulus"));
}
