use ndarray::Array2;
use serde_json::json;

use super::*;
use crate::core::data::{Data, Extent, Map};
use crate::core::random::standard_normals;
use crate::method::{Constants, find};

const ELECTRONVOLT: f64 = 1.602_176_634e-19;

fn run(dataset: &Dataset) -> Result<Outcome, MethodError> {
    find("dafm.phase_reference_scan").unwrap().run(&json!({}), dataset, &Ctx::new(1))
}

fn constants(drive: &str, free_phase: &str) -> Constants {
    let quantities = [
        ("free_phase", free_phase),
        ("spring_constant", "40 N/m"),
        ("quality_factor", "700"),
        ("resonance_frequency", "300 kHz"),
        ("drive_frequency", drive),
        ("free_amplitude", "20 nm"),
    ];
    let add = |constants: Constants, (key, text): (&str, &str)| constants.with_quantity(key, text).unwrap();
    quantities.into_iter().fold(Constants::default().with_choice("phase_convention", "lag"), add)
}

fn dataset(lag: f64, drive: &str, free_phase: &str) -> Dataset {
    let field = |seed: u64, mean: f64, sd: f64| {
        let values = standard_normals(seed, 64 * 64).into_iter().map(|z| mean + sd * z).collect();
        Array2::from_shape_vec((64, 64), values).unwrap()
    };
    let map = |quantity: &str, unit: &str, values| Map::new(quantity, values, Unit::of(unit), Some(Extent::metres(5e-7, 5e-7)));
    let maps = vec![map("phase", "deg", field(1, lag, 1.0)), map("amplitude", "m", field(2, 6e-9, 1e-11))];
    Dataset::of_maps(maps, constants(drive, free_phase))
}

#[test]
fn references_agree_where_the_phase_was_zeroed_at_resonance() {
    let outcome = run(&dataset(60.0, "300 kHz", "90 deg")).unwrap();
    assert!(outcome.estimate("phase_reference_spread").unwrap().value < 1e-12);
    assert_eq!(outcome.table("phase_references").unwrap().n_rows(), 3);
    assert!(outcome.estimate("dissipated_energy_free_is_90").unwrap().interval.is_some());
}

#[test]
fn an_unknown_zero_becomes_a_systematic_error() {
    let outcome = run(&dataset(50.0, "300 kHz", "80 deg")).unwrap();
    // π k A A0/Q [sin 50/sin 80 - 0.3] against [sin 60 - 0.3], in units of π k A A0/Q = 21.54 aJ.
    let scale = std::f64::consts::PI * 40.0 * 6e-9 * 20e-9 / 700.0;
    let energies = [50f64.to_radians().sin() / 80f64.to_radians().sin() - 0.3, 60f64.to_radians().sin() - 0.3];
    let centre = outcome.estimate("dissipated_energy_centre").unwrap();
    // Noise of 1 deg: the mean of the sine is lower by 1.5e-4 of it, and 1/64 deg of error of the mean.
    assert!((centre.value / (0.5 * scale * (energies[0] + energies[1])) - 1.0).abs() < 2e-3);
    assert!((centre.systematic_error.unwrap() / (0.5 * scale * (energies[1] - energies[0])) - 1.0).abs() < 0.02);
    assert!(centre.interval.is_none());
}

#[test]
fn what_does_not_apply_is_named() {
    // |f/f0 - 1| = 1e-3 exceeds 1/(2 Q) = 7.1e-4.
    let outcome = run(&dataset(60.0, "300.3 kHz", "90 deg")).unwrap();
    assert_eq!(outcome.table("phase_references").unwrap().n_rows(), 2);
    assert!(outcome.notes.iter().any(|note| note.code == "reference_does_not_apply" && note.message.contains("free_is_90")));
    // Hardly any power: the energy is negative everywhere.
    let negative = run(&dataset(5.0, "300 kHz", "90 deg")).unwrap();
    assert!(negative.notes.iter().any(|note| note.code == "negative_energy"));
    let mut missing = dataset(60.0, "300 kHz", "90 deg");
    missing.constants = Constants::default();
    let error = run(&missing).unwrap_err().to_string();
    assert!(error.contains("free_phase") && !error.contains("phase_reference,"), "{error}");
}

#[test]
fn the_asylum_image_has_the_published_readings() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/afm/AR_20211011.ibw");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return;
    }
    let loaded = crate::io::open(&path).unwrap();
    let mut constants = Constants::default().with_choice("phase_convention", "lag");
    for found in loaded.constants {
        constants.insert(&found.key, ConstantValue::Quantity(found.quantity), &found.place);
    }
    let Data::Maps(maps) = loaded.data else { panic!("no maps") };
    let outcome = run(&Dataset::of_maps(maps, constants)).unwrap();
    // Evaluated independently with numpy from the constants of the note.
    for (key, expected) in [
        ("dissipated_energy_absolute", 79.0986),
        ("dissipated_energy_free_is_90", 85.6285),
        ("dissipated_energy_free_is_model", 71.0226),
        ("dissipated_energy_centre", 0.5 * (85.6285 + 71.0226)),
    ] {
        assert!((outcome.estimate(key).unwrap().value / ELECTRONVOLT / expected - 1.0).abs() < 1e-3, "{key}");
    }
}
