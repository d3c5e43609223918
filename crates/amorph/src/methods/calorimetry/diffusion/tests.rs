use serde_json::json;

use super::*;
use crate::core::outcome::Outcome;
use crate::method::Constants;
use crate::methods::calorimetry::testing::{covered, holds, refusal, run, value};
use crate::sim::calorimetry::Transport;
use crate::theory::constants::{BOLTZMANN, GAS};

const ID: &str = Diffusion::INFO.id;

fn of(transport: &Transport, seed: u64) -> Dataset {
    Dataset::of_table(transport.table(seed).unwrap())
}

fn exact() -> Transport {
    Transport { error: 0.0, stated: false, ..Transport::default() }
}

/// Bends by far: Vogel, Fulcher and Tammann.
fn bent() -> Transport {
    let temperatures = (0..18).map(|k| 560.0 + 25.0 * f64::from(k)).collect();
    Transport { ln_prefactor: -16.0, b: 2500.0, t0: 450.0, temperatures, decoupled: None, ..Transport::default() }
}

fn has(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

#[test]
fn exact_readings_give_the_law_back() {
    let outcome = run(ID, json!({"law": "arrhenius"}), &of(&exact(), 1)).unwrap();
    assert!((value(&outcome, "diffusion_activation_energy") / 165e3 - 1.0).abs() < 1e-9);
    assert!((value(&outcome, "diffusion_prefactor_log10") + 13.0 / std::f64::consts::LN_10).abs() < 1e-9);
    let curved = Transport { error: 0.0, stated: false, ..bent() };
    let outcome = run(ID, json!({"law": "vft"}), &of(&curved, 1)).unwrap();
    assert!((value(&outcome, "diffusion_vft_t0") - 450.0).abs() < 1e-3);
    assert!((value(&outcome, "diffusion_prefactor_log10") + 16.0 / std::f64::consts::LN_10).abs() < 1e-3);
    let inverse = curved.temperatures.iter().map(|t| 1.0 / t).sum::<f64>() / curved.temperatures.len() as f64;
    let apparent = GAS * 2500.0 / (1.0 - 450.0 * inverse).powi(2);
    assert!((value(&outcome, "diffusion_apparent_energy") / apparent - 1.0).abs() < 1e-5);
}

/// Without decoupling the radius follows from any reading, and the viscosity by Stokes and Einstein is the measured one.
#[test]
fn stokes_and_einstein_hold_where_they_should() {
    let coupled = Transport { decoupled: None, ..exact() };
    let mut data = of(&coupled, 1);
    data.constants = Constants::default().with_quantity("diffusing_radius", "0.13 nm").unwrap();
    let outcome = run(ID, json!({"law": "arrhenius", "significance": 1e-4}), &data).unwrap();
    assert!((value(&outcome, "hydrodynamic_radius") / 1.3e-10 - 1.0).abs() < 1e-9);
    let table = outcome.table("transport").unwrap();
    let (einstein, measured) =
        (table.numbers_in("stokes_einstein_viscosity", "Pa s").unwrap(), table.numbers_in("viscosity", "Pa s").unwrap());
    assert!(einstein.iter().zip(&measured).all(|(a, b)| (a / b - 1.0).abs() < 1e-9));
    let slip = run(ID, json!({"law": "arrhenius", "boundary": "slip", "significance": 1e-4}), &data).unwrap();
    assert!((value(&slip, "hydrodynamic_radius") / 1.95e-10 - 1.0).abs() < 1e-9);
    let ratio = table.numbers_in("decoupling_ratio", "Pa m^2/K").unwrap();
    let expected = BOLTZMANN / (6.0 * std::f64::consts::PI * 1.3e-10);
    assert!(ratio.iter().all(|value| (value / expected - 1.0).abs() < 1e-9));
}

#[test]
fn the_break_is_found() {
    let small = Transport { error: 0.01, ..Transport::default() };
    let outcome = run(ID, json!({"law": "arrhenius"}), &of(&small, 2)).unwrap();
    assert!(value(&outcome, "decoupling_p") < 0.01);
    // Ten standard errors of the break and of the slope.
    assert!((value(&outcome, "decoupling_temperature") - 660.0).abs() < 15.0);
    assert!((value(&outcome, "decoupling_energy") / 60e3 - 1.0).abs() < 0.3);
    assert!((value(&outcome, "hydrodynamic_radius") / 1.3e-10 - 1.0).abs() < 0.1);
    assert_eq!(outcome.figures.len(), 2);
    let turned = Transport { decoupled: Some((660.0, -60e3)), ..small };
    assert!(has(&run(ID, json!({"law": "arrhenius"}), &of(&turned, 2)).unwrap(), "decoupling_falls"));
}

/// A constant product is called broken in one of twenty.
#[test]
fn chance_is_seldom_called_a_break() {
    let coupled = Transport { decoupled: None, ..Transport::default() };
    let parameters = json!({"law": "arrhenius", "draws": 199});
    let called = (0..200).filter(|seed| {
        let outcome = run(ID, parameters.clone(), &of(&coupled, *seed)).unwrap();
        outcome.estimate("decoupling_temperature").is_some()
    });
    // 200 at 5 %: more than 21 has a probability of 5e-4.
    let called = called.count();
    assert!(called <= 21, "{called}");
}

#[test]
fn the_law_that_bends_is_chosen() {
    let outcome = run(ID, json!({}), &of(&bent(), 3)).unwrap();
    assert!(outcome.estimate("diffusion_activation_energy").is_none());
    assert!(outcome.estimate("diffusion_vft_t0").unwrap().interval.is_some());
    assert!(has(&outcome, "law"));
}

type Case = (Transport, &'static str, f64);

fn cases() -> Vec<Case> {
    let plain = Transport::default();
    let scatter = Transport { stated: false, ..plain.clone() };
    let few = Transport { temperatures: vec![560.0, 600.0, 640.0, 690.0, 760.0], viscosity: false, ..scatter.clone() };
    let log10 = -13.0 / std::f64::consts::LN_10;
    let coupled = Transport { decoupled: None, ..plain.clone() };
    vec![
        (plain.clone(), "diffusion_activation_energy", 165e3),
        (plain.clone(), "diffusion_prefactor_log10", log10),
        (scatter.clone(), "diffusion_activation_energy", 165e3),
        (few, "diffusion_activation_energy", 165e3),
        (bent(), "diffusion_vft_t0", 450.0),
        (Transport { stated: false, ..bent() }, "diffusion_vft_t0", 450.0),
        (plain.clone(), "decoupling_temperature", 660.0),
        (plain.clone(), "decoupling_energy", 60e3),
        (plain, "hydrodynamic_radius", 1.3e-10),
        (scatter.clone(), "decoupling_temperature", 660.0),
        (scatter.clone(), "decoupling_energy", 60e3),
        (scatter, "hydrodynamic_radius", 1.3e-10),
        (coupled, "hydrodynamic_radius", 1.3e-10),
    ]
}

fn coverage((transport, key, truth): &Case, seeds: std::ops::Range<u64>) -> (f64, usize) {
    covered(seeds.map(|seed| run(ID, json!({"draws": 99}), &of(transport, seed)).unwrap()), key, *truth)
}

#[test]
fn the_intervals_cover() {
    for case in cases() {
        // 40 at 95 %: fewer than 33 has a probability of 1e-3.
        let (rate, n) = coverage(&case, 0..40);
        assert!(n >= 30 && rate > 0.8, "{} {rate} of {n}", case.1);
    }
}

#[test]
#[ignore = "full coverage table, a minute"]
fn the_intervals_cover_in_full() {
    for case in cases() {
        let (rate, n) = coverage(&case, 1000..2000);
        println!(
            "| {} | {} temperatures, errors stated: {} | {n} | {rate:.4} |",
            case.1,
            case.0.temperatures.len(),
            case.0.stated
        );
        assert!((0.92..=0.98).contains(&rate), "{rate}");
    }
}

/// Energies per mole and per atom are the same energy, and equal energies have a ratio that holds 1.
#[test]
fn energies_are_compared_with_both_errors() {
    let data = of(&Transport { viscosity: false, ..Transport::default() }, 5);
    let with = |energy: &str, error: &str| {
        run(ID, json!({"law": "arrhenius", "beta_energy": energy, "beta_energy_error": error}), &data).unwrap()
    };
    let (mole, atom) = (with("165 kJ/mol", "8 kJ/mol"), with("1.710110 eV", "0.0829144 eV"));
    let (a, b) = (mole.estimate("diffusion_beta_energy_ratio").unwrap(), atom.estimate("diffusion_beta_energy_ratio").unwrap());
    assert!((a.value / b.value - 1.0).abs() < 1e-5);
    assert!(holds(a, 1.0) && value(&mole, "diffusion_beta_energy_p") > 0.05);
    let wide = a.interval.unwrap();
    let narrow = with("165 kJ/mol", "0.1 kJ/mol").estimate("diffusion_beta_energy_ratio").unwrap().interval.unwrap();
    assert!(wide.hi - wide.lo > narrow.hi - narrow.lo);
    assert!(value(&with("250 kJ/mol", "8 kJ/mol"), "diffusion_beta_energy_p") < 1e-6);
    let curved = json!({"beta_energy": "165 kJ/mol", "beta_energy_error": "8 kJ/mol", "law": "vft"});
    assert!(has(&run(ID, curved, &of(&bent(), 1)).unwrap(), "no_energy_ratio"));
}

#[test]
fn units_order_and_empty_cells_do_not_matter() {
    let table = Transport::default().table(4).unwrap();
    let column = |name: &str, unit: &str| table.numbers_in(name, unit).unwrap();
    let reversed = |mut values: Vec<f64>, factor: f64| {
        values.reverse();
        values.push(f64::NAN);
        values.iter().map(|value| value * factor).collect::<Vec<f64>>()
    };
    let turned = crate::core::data::Table::new("t", "")
        .with_numbers("temperature", "K", reversed(column("temperature", "K"), 1.0))
        .with_numbers("diffusion_coefficient", "cm^2/s", reversed(column("diffusion_coefficient", "m^2/s"), 1e4))
        .with_numbers("diffusion_coefficient_error", "cm^2/s", reversed(column("diffusion_coefficient_error", "m^2/s"), 1e4))
        .with_numbers("viscosity", "Pa s", reversed(column("viscosity", "Pa s"), 1.0))
        .with_numbers("viscosity_error", "Pa s", reversed(column("viscosity_error", "Pa s"), 1.0));
    let (a, b) = (
        run(ID, json!({"law": "arrhenius"}), &Dataset::of_table(table.clone())).unwrap(),
        run(ID, json!({"law": "arrhenius"}), &Dataset::of_table(turned)).unwrap(),
    );
    for key in ["diffusion_activation_energy", "viscosity_activation_energy", "decoupling_temperature", "hydrodynamic_radius"] {
        assert!((value(&a, key) / value(&b, key) - 1.0).abs() < 1e-6, "{key}");
    }
    assert!(has(&b, "rows_left_out"));
}

#[test]
fn errors_that_are_too_small_take_the_intervals_away() {
    let table = Transport { error: 0.2, stated: false, viscosity: false, ..Transport::default() }.table(2).unwrap();
    let errors = table.numbers_in("diffusion_coefficient", "m^2/s").unwrap().iter().map(|d| 0.01 * d).collect();
    let table = table.with_numbers("diffusion_coefficient_error", "m^2/s", errors);
    let outcome = run(ID, json!({"law": "arrhenius"}), &Dataset::of_table(table)).unwrap();
    assert!(has(&outcome, "errors_too_small"));
    assert!(outcome.estimate("diffusion_activation_energy").unwrap().interval.is_none());
}

#[test]
fn bad_input_is_refused() {
    let good = Transport::default().table(1).unwrap();
    let n = good.n_rows();
    let with = |name: &str, unit: &str, values: Vec<f64>| {
        let mut table = good.clone();
        table.columns.retain(|column| column.name != name);
        Dataset::of_table(table.with_numbers(name, unit, values))
    };
    let mut without = good.clone();
    without.columns.retain(|column| column.name == "temperature");
    assert!(refusal(ID, json!({}), &Dataset::of_table(without)).contains("diffusion_coefficient"));
    assert!(refusal(ID, json!({}), &with("diffusion_coefficient", "m^2/s", vec![-1.0; n])).contains("row 1"));
    assert!(refusal(ID, json!({}), &with("diffusion_coefficient_error", "m^2/s", vec![1.0; n])).contains("at most as large"));
    assert!(refusal(ID, json!({}), &with("diffusion_coefficient", "m/s", vec![1.0; n])).contains("diffusion_coefficient"));
    assert!(refusal(ID, json!({}), &with("temperature", "K", vec![600.0; n])).contains("at least 3"));
    assert!(refusal(ID, json!({}), &with("temperature", "K", vec![-600.0; n])).contains("above zero"));
    let falling = (0..n).map(|k| 1e-15 * 0.5f64.powi(k as i32)).collect();
    let mut wrong = Transport { viscosity: false, stated: false, ..Transport::default() }.table(1).unwrap();
    wrong.columns.retain(|column| column.name == "temperature");
    let wrong = Dataset::of_table(wrong.with_numbers("diffusion_coefficient", "m^2/s", falling));
    assert!(refusal(ID, json!({}), &wrong).contains("does not rise"));
    let data = Dataset::of_table(good);
    assert!(refusal(ID, json!({"significance": 0.7}), &data).contains("significance"));
    assert!(refusal(ID, json!({"beta_energy": "150 kJ/mol"}), &data).contains("beta_energy_error"));
    let upside = json!({"beta_energy": "150 kJ/mol", "beta_energy_error": "200 kJ/mol"});
    assert!(refusal(ID, upside, &data).contains("below the energy"));
    let seconds = json!({"beta_energy": "150 s", "beta_energy_error": "8 s"});
    assert!(refusal(ID, seconds, &data).contains("J/mol"));
    let few = Transport { temperatures: vec![600.0, 650.0, 700.0], ..Transport::default() };
    assert!(refusal(ID, json!({"law": "vft"}), &of(&few, 1)).contains("too few readings"));
    assert!(has(&run(ID, json!({}), &of(&few, 1)).unwrap(), "no_decoupling"));
}
