use approx::assert_relative_eq;
use serde_json::json;

use super::*;
use crate::methods::contact_resonance::testing::{dataset, microscope, run, specimen};
use crate::sim::beam::{ContactSpecimen, Disk, Geometry};

const ID: &str = Zones::INFO.id;

/// 96 x 96 pixels of 4 nm with disks of 48 nm radius in a glass that varies by a few per cent.
fn treated(drop: f64, n_disks: usize) -> ContactSpecimen {
    let mut specimen = specimen(128);
    specimen.stiffness_sd = 8.0;
    let centres = [(120e-9, 120e-9), (380e-9, 130e-9), (130e-9, 390e-9), (390e-9, 380e-9), (256e-9, 256e-9)];
    specimen.disks = centres.iter().take(n_disks).map(|&(x, y)| Disk { x, y, radius: 48e-9, modulus_drop: drop }).collect();
    specimen
}

fn modulus(specimen: &ContactSpecimen, seed: u64) -> Dataset {
    Dataset::of_maps(vec![specimen.site(seed).unwrap().modulus_map(Geometry::Sphere)], crate::method::Constants::default())
}

#[test]
fn disks_are_found_with_their_size_and_drop() {
    let outcome = run(ID, json!({}), &modulus(&treated(0.15, 5), 1)).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert_eq!(value("zone_count"), 5.0);
    // 452 pixels of a disk: its edge is known to a fraction of a pixel.
    assert_relative_eq!(value("zone_radius"), 48e-9, max_relative = 0.03);
    assert_relative_eq!(value("modulus_drop"), 0.15, max_relative = 0.1);
    assert!(outcome.notes.iter().any(|note| note.code == "zones_beyond_chance"));
    let table = outcome.table("zones").unwrap();
    // The lowest disks come last: rows run from the top.
    let (_, y) = table.numbers("y").unwrap();
    assert!(y[0] > 350e-9 && y[4] < 150e-9, "{y:?}");
    assert!(table.numbers("p").unwrap().1.iter().all(|p| *p < 0.02));
    let change = &outcome.map("modulus_change").unwrap().values;
    assert!(change[[64, 64]] < -0.08, "{}", change[[64, 64]]);
}

#[test]
fn an_untreated_glass_has_no_zones_to_speak_of() {
    let mut claimed = 0;
    let mut glass = specimen(64);
    glass.stiffness_sd = 8.0;
    for seed in 0..20 {
        let outcome = run(ID, json!({}), &modulus(&glass, seed)).unwrap();
        claimed += usize::from(outcome.notes.iter().any(|note| note.code == "zones_beyond_chance"));
    }
    // 5 % of the maps are expected; four of twenty have a probability of 1.6 %.
    assert!(claimed < 5, "{claimed}");
}

#[test]
fn stiffer_zones_are_the_mirror_image() {
    let mut stiff = treated(-0.15, 3);
    stiff.stiffness_sd = 8.0;
    let outcome = run(ID, json!({"kind": "stiffer"}), &modulus(&stiff, 2)).unwrap();
    assert_eq!(outcome.estimate("zone_count").unwrap().value, 3.0);
    assert_relative_eq!(outcome.estimate("modulus_drop").unwrap().value, -0.15, max_relative = 0.1);
    let softer = run(ID, json!({}), &modulus(&stiff, 2)).unwrap();
    assert!(softer.estimate("zone_count").unwrap().value < 3.0);
}

#[test]
fn frequencies_are_converted_and_then_segmented() {
    let site = treated(0.15, 4).site(3).unwrap();
    let data = dataset(&microscope(3e-4), &site, "sphere", 3);
    let modulus = run("contact_resonance.modulus", json!({}), &data).unwrap();
    let upstream = crate::method::Upstream {
        job: String::new(),
        method: "contact_resonance.modulus".to_owned(),
        state: "treated".to_owned(),
        item: "map".to_owned(),
        outcome: std::sync::Arc::new(modulus),
    };
    let data = Dataset { upstream: vec![upstream], ..data };
    let outcome = run(ID, json!({}), &data).unwrap();
    assert_eq!(outcome.estimate("zone_count").unwrap().value, 4.0);
    assert_relative_eq!(outcome.estimate("modulus_drop").unwrap().value, 0.15, max_relative = 0.1);
    let frequency = run(ID, json!({"map": "contact_resonance_frequency_mode_1"}), &data).unwrap();
    assert!(frequency.notes.iter().any(|note| note.code == "frequencies_not_modulus"));
}

fn coverage(trials: u64) -> f64 {
    let specimen = treated(0.15, 5);
    let covered = |seed: u64| {
        let outcome = run(ID, json!({}), &modulus(&specimen, seed)).unwrap();
        let interval = outcome.estimate("modulus_drop").unwrap().interval.unwrap();
        interval.lo <= 0.15 && 0.15 <= interval.hi
    };
    (0..trials).filter(|&seed| covered(seed)).count() as f64 / trials as f64
}

#[test]
fn the_interval_of_the_drop_covers() {
    // 20 maps: the standard error of a rate of 0.95 is 0.05; two of them below 92 %.
    let rate = coverage(20);
    assert!(rate >= 0.82, "{rate}");
}

#[test]
#[ignore = "full coverage, run by make validate"]
fn the_interval_of_the_drop_covers_in_full() {
    let rate = coverage(500);
    println!("{rate}");
    assert!((0.92..=0.98).contains(&rate), "{rate}");
}

#[test]
fn the_majority_counts_as_surroundings_and_nonsense_is_refused() {
    let values = ndarray::Array2::from_shape_fn((64, 64), |(i, j)| {
        let waves = 1e-3 * ((7 * i + 3 * j) % 11) as f64;
        if j < 25 { 1.0 + waves } else { 2.0 + waves + 0.3 * ((i * j) % 5) as f64 }
    });
    let extent = crate::core::data::Extent::metres(64e-9, 64e-9);
    let map = Map::new("indentation_modulus", values, crate::core::unit::Unit::of("Pa"), Some(extent));
    let data = Dataset::of_maps(vec![map.clone()], crate::method::Constants::default());
    // What counts as surroundings is the majority.
    let outcome = run(ID, json!({"threshold": 2.0}), &data).unwrap();
    assert!(outcome.estimate("zone_area_fraction").unwrap().value < 0.5);
    for wrong in [json!({"threshold": 0.5}), json!({"surrogates": 5}), json!({"smoothing": -1.0}), json!({"min_pixels": 0})] {
        assert!(run(ID, wrong.clone(), &data).is_err(), "{wrong}");
    }
    let constant = Map { values: ndarray::Array2::from_elem((64, 64), 1.0), ..map };
    assert!(run(ID, json!({}), &Dataset::of_maps(vec![constant], crate::method::Constants::default())).is_err());
}
