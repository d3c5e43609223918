use rand::RngExt;
use serde_json::json;

use super::*;
use crate::core::random::rng;
use crate::method::Constants;
use crate::methods::indentation::testing::{holds, refusal, run};

const ID: &str = ThermalPopIns::INFO.id;
const VOLUME: f64 = 0.02e-27;

fn stated(table: Table) -> Dataset {
    let with = |constants: Constants, (key, text): (&str, &str)| constants.with_quantity(key, text).unwrap();
    let constants = [("tip_radius", "0.5 um"), ("reduced_modulus", "90 GPa")].into_iter().fold(Constants::default(), with);
    Dataset { constants, ..Dataset::of_table(table) }
}

/// Loads drawn by stepping through the hazard, one test at a time.
fn thermal(rates: &[f64], temperatures: &[f64], n: usize, peak: f64, seed: u64) -> Dataset {
    let mut random = rng(seed);
    let root = 0.47 / std::f64::consts::PI * (4.0 * 90e9 / (3.0 * 0.5e-6f64)).powf(2.0 / 3.0);
    let (energy, attempts) = (0.8 * 1.602_176_634e-19, 1e8f64);
    let mut columns: [Vec<f64>; 3] = Default::default();
    let mut words = Vec::new();
    for rate in rates {
        for temperature in temperatures {
            for _ in 0..n {
                let mut left = -(1.0 - random.random::<f64>()).ln();
                let (mut load, step) = (0.0, 2e-7);
                while left > 0.0 && load < peak {
                    load += step;
                    let stress = root * f64::cbrt(load - 0.5 * step);
                    let exponent = (stress * VOLUME - energy) / (BOLTZMANN * temperature);
                    left -= attempts * exponent.exp() * step / rate;
                }
                columns.iter_mut().zip([load.min(peak), *rate, *temperature]).for_each(|(column, x)| column.push(x));
                words.push(if left > 0.0 { "none" } else { "event" }.to_owned());
            }
        }
    }
    let [loads, rates, temperatures] = columns;
    let table = Table::new("p", "")
        .with_numbers("load", "N", loads)
        .with_text("status", words)
        .with_numbers("loading_rate", "N/s", rates)
        .with_numbers("temperature", "K", temperatures);
    stated(table)
}

#[test]
fn the_volume_is_covered() {
    let (mut hits, mut better, n) = (0, 0, 100);
    for seed in 0..n {
        let alone = json!({"goodness_replicates": 0});
        let outcome = run(ID, alone, &thermal(&[1e-5, 1e-3], &[298.0], 25, 1e-3, seed)).unwrap();
        hits += usize::from(holds(outcome.estimate("activation_volume").unwrap(), VOLUME));
        better += usize::from(outcome.estimate("bic_thermal_minus_structure").unwrap().value < 0.0);
    }
    println!("{hits} and {better} of {n}");
    // 100 trials: standard error 2.2 %.
    assert!((88..=100).contains(&hits) && better > 90, "{hits} {better}");
    let outcome = run(ID, json!({"goodness_replicates": 0}), &thermal(&[1e-4], &[250.0, 298.0, 350.0], 40, 1e-3, 1)).unwrap();
    assert!(holds(outcome.estimate("activation_volume").unwrap(), VOLUME));
    assert!((outcome.estimate("activation_energy").unwrap().value / 1.602e-19 - 0.8).abs() < 0.3);
}

#[test]
fn scatter_of_the_structure_is_told_from_thermal_scatter() {
    let mut random = rng(3);
    let mut draw = || 0.3e-3 * (-(1.0 - random.random::<f64>()).ln()).powf(0.2);
    let loads: Vec<f64> = (0..80).map(|_| draw()).collect();
    let rates = (0..80).map(|i| if i < 40 { 1e-5 } else { 1e-3 }).collect();
    let table = Table::new("p", "").with_numbers("load", "N", loads).with_numbers("loading_rate", "N/s", rates);
    let data = stated(table.with_numbers("temperature", "K", vec![298.0; 80]));
    let outcome = run(ID, json!({"goodness_replicates": 0}), &data).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "structure"));
    assert!(outcome.estimate("bic_thermal_minus_structure").unwrap().value > 0.0);
}

/// How often the thermal law is rejected at 5 % where it holds, and where the loads are those of two kinds of sites.
fn rejected(trials: u64, replicates: usize) -> [usize; 2] {
    let p = |data: &Dataset| {
        run(ID, json!({"goodness_replicates": replicates}), data).unwrap().estimate("goodness_of_fit_p").unwrap().value
    };
    let mut counts = [0; 2];
    for seed in 0..trials {
        counts[0] += usize::from(p(&thermal(&[1e-5, 1e-3], &[298.0], 25, 1e-3, seed)) < 0.05);
        // A third of the sites yields at a third of the load.
        let mut mixed = thermal(&[1e-5, 1e-3], &[298.0], 25, 1e-3, 1000 + seed);
        if let crate::core::data::Data::Table(table) = &mut mixed.data[0]
            && let ColumnValues::Numbers(loads) = &mut table.columns[0].values
        {
            loads.iter_mut().step_by(3).for_each(|load| *load /= 3.0);
        }
        counts[1] += usize::from(p(&mixed) < 0.05);
    }
    counts
}

#[test]
fn a_law_that_holds_is_seldom_rejected_and_two_kinds_of_sites_are() {
    let [level, power] = rejected(3, 39);
    assert!(level <= 1 && power == 3, "{level} {power}");
}

#[test]
#[ignore = "minutes; run by `make validate`"]
fn the_level_of_the_goodness_of_fit_in_full() {
    let [level, power] = rejected(200, 199);
    println!("rejected {level} of 200 where the law holds, {power} of 200 where it does not");
    // 10 expected, standard deviation 3.1.
    assert!((2..=20).contains(&level) && power > 190, "{level} {power}");
}

#[test]
fn a_single_series_and_bad_input_are_refused() {
    assert!(refusal(ID, json!({}), &thermal(&[1e-4], &[298.0], 30, 1e-3, 1)).contains("single series"));
    assert!(refusal(ID, json!({}), &thermal(&[1e-4, 1e-3], &[298.0], 5, 1e-3, 1)).contains("at least 20"));
    let data = Dataset { constants: Constants::default(), ..thermal(&[1e-4, 1e-3], &[298.0], 30, 1e-3, 1) };
    assert!(refusal(ID, json!({}), &data).contains("reduced_modulus"));
    assert!(refusal(ID, json!({"rate": "speed"}), &thermal(&[1e-4, 1e-3], &[298.0], 30, 1e-3, 1)).contains("'speed'"));
}
