use approx::assert_relative_eq;
use serde_json::json;

use super::*;
use crate::core::data::Extent;
use crate::core::random::standard_normals;
use crate::method::{Constants, find};
use crate::methods::afm::dissipation::algorithm::Cantilever;

fn excitation(mean: f64, sd: f64, unit: &str) -> Map {
    let values = standard_normals(1, 64 * 64).into_iter().map(|z| mean + sd * z).collect();
    let values = Array2::from_shape_vec((64, 64), values).unwrap();
    Map::new("excitation", values, Unit::of(unit), Some(Extent::metres(1e-8, 1e-8)))
}

fn constants() -> Constants {
    let quantities = [
        ("spring_constant", "1800 +- 90 N/m"),
        ("quality_factor", "20000"),
        ("oscillation_amplitude", "50 +- 1 pm"),
        ("excitation_free", "30 +- 0.3 mV"),
    ];
    let add = |constants: Constants, (key, text): (&str, &str)| constants.with_quantity(key, text).unwrap();
    quantities.into_iter().fold(Constants::default(), add)
}

fn run(map: Map, constants: Constants) -> Result<Outcome, MethodError> {
    find("dafm.frequency_modulation").unwrap().run(&json!({}), &Dataset::of_maps(vec![map], constants), &Ctx::new(1))
}

#[test]
fn the_energy_is_that_of_the_power_balance_at_resonance() {
    let cantilever = Cantilever { spring_constant: 1800.0, quality_factor: 2e4, frequency_ratio: 1.0, free_amplitude: 75e-12 };
    // A driven cantilever whose amplitude falls from 75 to 50 pm at resonance needs 1.5 times the excitation to keep it.
    let driven = SelfDriven { spring_constant: 1800.0, quality_factor: 2e4, amplitude: 50e-12 };
    assert_relative_eq!(driven.energy(1.5), cantilever.energy_by_power_balance(50e-12, 90.0, 90.0), max_relative = 1e-12);
    assert_eq!(driven.energy(1.0), 0.0);
}

#[test]
fn the_map_and_its_errors_come_out() {
    let outcome = run(excitation(45.0, 0.5, "mV"), constants()).unwrap();
    let loss = std::f64::consts::PI * 1800.0 * 50e-12f64.powi(2) / 2e4;
    let map = outcome.map("dissipated_energy").unwrap();
    let input = excitation(45.0, 0.5, "mV");
    for (pixel, energy) in map.values.indexed_iter() {
        assert_relative_eq!(*energy, loss * (input.values[pixel] / 30.0 - 1.0), max_relative = 1e-9);
    }
    let mean = outcome.estimate("dissipated_energy_mean").unwrap();
    assert!(mean.interval.is_some());
    // 5 % of k and twice 2 % of A on 0.5 E0; 1 % of Exc0 on 1.5 E0.
    let expected = loss * (0.5 * 0.05f64.hypot(0.04)).hypot(1.5 * 0.01);
    // The mean of the noise, 0.5/64 mV of 45.
    assert_relative_eq!(mean.systematic_error.unwrap(), expected, max_relative = 2e-3);
    let notes: Vec<&str> = outcome.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(notes, ["assumptions", "constants_without_error"]);
    let volts = run(excitation(45e-3, 0.5e-3, "V"), constants()).unwrap();
    assert_relative_eq!(volts.estimate("dissipated_energy_mean").unwrap().value, mean.value, max_relative = 1e-9);
}

#[test]
fn what_is_missing_or_impossible_is_refused() {
    let message = |map: Map, constants: Constants| {
        let error = run(map, constants).unwrap_err();
        assert!(!error.hint().is_empty());
        error.to_string()
    };
    let all = message(excitation(45.0, 0.5, "mV"), Constants::default());
    for key in ["spring_constant", "quality_factor", "oscillation_amplitude", "excitation_free"] {
        assert!(all.contains(key), "{all}");
    }
    assert!(message(excitation(29.0, 0.5, "mV"), constants()).contains("below that in free air"));
    assert!(message(excitation(45.0, 0.5, "nm"), constants()).contains("'V' is needed"));
    assert!(message(excitation(45.0, 0.0, "mV"), constants()).contains("constant"));
    let none = Map { quantity: "phase".to_owned(), ..excitation(45.0, 0.5, "mV") };
    assert!(message(none, constants()).contains("no excitation map"));
    let zero = constants().with_quantity("excitation_free", "0 V").unwrap();
    assert!(message(excitation(45.0, 0.5, "mV"), zero).contains("excitation_free"));
}

#[test]
fn the_excitation_of_a_nanonis_file_becomes_energy() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/afm/A151216.sxm");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return;
    }
    let loaded = crate::io::open(&path).unwrap();
    let crate::core::data::Data::Maps(maps) = loaded.data else { panic!("no maps") };
    let constants = constants().with_quantity("excitation_free", "5 mV").unwrap();
    let mut dataset = Dataset::of_maps(maps, constants);
    // Both directions are there: a choice is needed.
    let method = find("dafm.frequency_modulation").unwrap();
    let error = method.run(&json!({}), &dataset, &Ctx::new(1)).unwrap_err().to_string();
    assert!(error.contains("retrace"), "{error}");
    dataset.channels = vec![("excitation".to_owned(), crate::method::MapChoice::parse("trace"))];
    // No free excitation is known of this scan; with 5 mV some pixels are below it.
    assert!(method.run(&json!({}), &dataset, &Ctx::new(1)).unwrap_err().to_string().contains("below that in free air"));
    let outcome = method.run(&json!({"max_negative_fraction": 1.0}), &dataset, &Ctx::new(1)).unwrap();
    let loss = std::f64::consts::PI * 1800.0 * 50e-12f64.powi(2) / 2e4;
    // The mean of the channel by Gwyddion 2.62.
    let expected = loss * (7.79630762e-3 / 5e-3 - 1.0);
    assert_relative_eq!(outcome.estimate("dissipated_energy_mean").unwrap().value, expected, max_relative = 1e-5);
}
