use approx::assert_relative_eq;
use serde_json::json;

use super::*;
use crate::method::{Constants, find};
use crate::methods::afm::dissipation::algorithm::Cantilever;

const TIP: Cantilever = Cantilever { spring_constant: 40.0, quality_factor: 60.0, frequency_ratio: 1.0, free_amplitude: 20e-9 };

fn constants() -> Constants {
    let quantities = [
        ("free_phase", "90 deg"),
        ("spring_constant", "40 N/m"),
        ("quality_factor", "60"),
        ("resonance_frequency", "300 kHz"),
        ("drive_frequency", "300 kHz"),
        ("free_amplitude", "20 nm"),
    ];
    let stated = Constants::default().with_choice("phase_convention", "lag").with_choice("phase_reference", "absolute");
    quantities.into_iter().fold(stated, |constants, (key, text)| constants.with_quantity(key, text).unwrap())
}

fn run(table: Table, constants: Constants, parameters: serde_json::Value) -> Result<Outcome, MethodError> {
    let dataset = Dataset { constants, ..Dataset::of_table(table) };
    find("dafm.amplitude_sweep").unwrap().run(&parameters, &dataset, &Ctx::new(1))
}

fn energies(outcome: &Outcome) -> Vec<f64> {
    outcome.table(TABLE).unwrap().numbers("dissipated_energy").unwrap().1.to_vec()
}

#[test]
fn phase_and_energy_give_the_same_sweep() {
    let (nm, lags) = (vec![18.0, 12.0, 6.0], vec![80.0, 50.0, 30.0]);
    let by_phase = Table::new("t", "").with_numbers("amplitude", "nm", nm.clone()).with_numbers("phase", "deg", lags.clone());
    let outcome = run(by_phase, constants(), json!({})).unwrap();
    let expected: Vec<f64> = nm.iter().zip(&lags).map(|(a, phi)| TIP.energy_by_lu_2016(a * 1e-9, *phi)).collect();
    for (found, expected) in energies(&outcome).iter().zip(&expected) {
        assert_relative_eq!(*found, *expected, max_relative = 1e-9);
    }
    assert!(outcome.notes.iter().any(|note| note.code == "phase_convention"));
    let ratios: Vec<f64> = nm.iter().map(|a| a / 20.0).collect();
    let by_energy = Table::new("t", "")
        .with_numbers("a_ratio", "", ratios)
        .with_numbers("mine", "aJ", expected.iter().map(|e| e * 1e18).collect())
        .with_numbers("energy_error", "aJ", vec![0.1; 3]);
    let outcome = run(by_energy, Constants::default(), json!({"energy": "mine"})).unwrap();
    for (found, expected) in energies(&outcome).iter().zip(&expected) {
        assert_relative_eq!(*found, *expected, max_relative = 1e-9);
    }
    assert_relative_eq!(outcome.table(TABLE).unwrap().numbers("std_error").unwrap().1[0], 1e-19, max_relative = 1e-9);
    assert_eq!(outcome.estimate("n_points").unwrap().value, 3.0);
    let largest = expected.iter().copied().fold(0.0, f64::max);
    assert_relative_eq!(outcome.estimate("dissipated_energy_max").unwrap().value, largest, max_relative = 1e-9);
}

#[test]
fn what_is_no_sweep_is_refused() {
    let table = |ratio: Vec<f64>, unit: &str, energy: Vec<f64>| {
        Table::new("t", "").with_numbers("amplitude", unit, ratio).with_numbers("energy", "eV", energy)
    };
    let message = |table: Table| {
        let error = run(table, Constants::default(), json!({})).unwrap_err();
        assert!(!error.hint().is_empty());
        error.to_string()
    };
    let good = || vec![10.0, 20.0, 15.0];
    assert!(message(table(vec![0.9, 0.5, f64::NAN], "", good())).contains("2 rows"));
    assert!(message(table(vec![0.9, 0.5, 1.5], "", good())).contains("row 3"));
    assert!(message(table(vec![0.9, 0.5, 0.3], "", vec![-1.0; 3])).contains("above zero"));
    assert!(message(table(vec![18.0, 9.0, 3.0], "nm", good())).contains("free_amplitude"));
    assert!(message(table(vec![18.0, 9.0, 3.0], "V", good())).contains("'m' is needed"));
    let none = Table::new("t", "").with_numbers("height", "nm", vec![1.0]);
    assert!(message(none).contains("amplitude"));
    let no_energy = Table::new("t", "").with_numbers("a_ratio", "", vec![0.5]).with_numbers("phase", "deg", vec![40.0]);
    assert!(message(no_energy).contains("phase_convention"));
}
