use serde_json::json;

use super::algorithm::{Common, Isotherm, joint};
use super::*;
use crate::core::data::Table;
use crate::core::outcome::Outcome;
use crate::method::Constants;
use crate::methods::calorimetry::testing::{holds, refusal, run, value};
use crate::sim::calorimetry::AnnealingSeries;

const ID: &str = EnthalpyKinetics::INFO.id;

fn of(series: &AnnealingSeries, seed: u64) -> Dataset {
    Dataset::of_table(series.table(seed).unwrap())
}

/// One temperature, up to 200 relaxation times.
fn one() -> AnnealingSeries {
    AnnealingSeries { temperatures: vec![590.0], tau: 1.5e4, ..AnnealingSeries::default() }
}

fn with_step(mut dataset: Dataset, series: &AnnealingSeries) -> Dataset {
    let step = format!("{} J/(kg K)", series.specific_heat_step);
    let constants = Constants::default().with_quantity("specific_heat_step", &step).unwrap();
    dataset.constants = constants.with_quantity("fictive_temperature", &format!("{} K", series.fictive_temperature)).unwrap();
    dataset
}

fn has(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

#[test]
fn exact_readings_give_the_law_back() {
    let exact = AnnealingSeries { error: 0.0, stated: false, ..one() };
    let outcome = run(ID, json!({}), &of(&exact, 1)).unwrap();
    assert!((value(&outcome, "equilibrium_enthalpy") / 8_400.0 - 1.0).abs() < 1e-6);
    assert!((value(&outcome, "enthalpy_kww_tau") / 1.5e4 - 1.0).abs() < 1e-5);
    assert!((value(&outcome, "enthalpy_kww_beta") - 0.45).abs() < 1e-6);
    let three = AnnealingSeries { error: 0.0, stated: false, ..AnnealingSeries::default() };
    let outcome = run(ID, json!({}), &of(&three, 1)).unwrap();
    assert!((value(&outcome, "enthalpy_activation_energy") / 125e3 - 1.0).abs() < 1e-5, "{:?}", outcome.notes);
    let at_infinity = (4e4f64.ln() - 125e3 / (crate::theory::constants::GAS * 570.0)) / std::f64::consts::LN_10;
    assert!((value(&outcome, "enthalpy_prefactor_log10") - at_infinity).abs() < 1e-4);
    assert_eq!(outcome.figures.len(), 3);
}

/// Specification 45, section 8: noise of 1.5 % of the largest reading.
#[test]
fn readings_with_one_and_a_half_per_cent_noise_hold_the_truth() {
    let series = AnnealingSeries { error: 0.015 * 8_400.0, ..one() };
    let outcome = run(ID, json!({}), &of(&series, 3)).unwrap();
    for (key, truth) in [("equilibrium_enthalpy", 8_400.0), ("enthalpy_kww_tau", 1.5e4), ("enthalpy_kww_beta", 0.45)] {
        assert!(holds(outcome.estimate(key).unwrap(), truth), "{:?}", outcome.estimate(key));
    }
    assert!(!has(&outcome, "equilibrium_not_identified"));
}

/// Annealed for half a relaxation time: it must say so, and the bound helps.
#[test]
fn a_short_annealing_does_not_tell_its_equilibrium() {
    let short = AnnealingSeries { tau: 1e7, ..one() };
    let outcome = run(ID, json!({}), &of(&short, 2)).unwrap();
    assert!(has(&outcome, "equilibrium_not_identified"), "{:?}", outcome.notes);
    let wide = |outcome: &Outcome| {
        outcome.estimate("enthalpy_kww_tau").unwrap().interval.map_or(f64::INFINITY, |ends| (ends.hi / ends.lo).ln())
    };
    let data = with_step(of(&short, 2), &short);
    let parameters = json!({"equilibrium": "heat_capacity", "equilibrium_error": 0.05});
    let helped = run(ID, parameters, &data).unwrap();
    assert!(!has(&helped, "equilibrium_not_identified"));
    assert!(wide(&helped) < 0.5 * wide(&outcome), "{} {}", wide(&helped), wide(&outcome));
    assert!(holds(helped.estimate("enthalpy_kww_tau").unwrap(), 1e7));
}

#[test]
fn more_than_the_heat_capacity_can_hold_is_noticed() {
    let series = one();
    let small = AnnealingSeries { specific_heat_step: 60.0, ..series.clone() };
    assert!(has(&run(ID, json!({}), &with_step(of(&series, 1), &small)).unwrap(), "above_bound"));
    assert!(!has(&run(ID, json!({}), &with_step(of(&series, 1), &series)).unwrap(), "above_bound"));
}

/// Share of shown intervals that hold the truth, and how many were shown.
fn coverage(one: impl Fn(u64) -> Outcome, key: &str, truth: f64, seeds: std::ops::Range<u64>) -> (f64, usize) {
    let (mut hits, mut n) = (0, 0);
    for seed in seeds {
        if let Some(found) = one(seed).estimate(key).filter(|found| found.interval.is_some()) {
            hits += usize::from(holds(found, truth));
            n += 1;
        }
    }
    (hits as f64 / n.max(1) as f64, n)
}

type Case = (AnnealingSeries, &'static str, f64, bool);

fn cases() -> Vec<Case> {
    let (single, three) = (one(), AnnealingSeries::default());
    let scatter = AnnealingSeries { stated: false, ..single.clone() };
    let short = AnnealingSeries { tau: 2e6, ..single.clone() };
    vec![
        (single.clone(), "equilibrium_enthalpy", 8_400.0, false),
        (single.clone(), "enthalpy_kww_tau", 1.5e4, false),
        (single, "enthalpy_kww_beta", 0.45, false),
        (scatter.clone(), "enthalpy_kww_tau", 1.5e4, false),
        (scatter, "enthalpy_kww_beta", 0.45, false),
        (short.clone(), "equilibrium_enthalpy", 8_400.0, false),
        (short.clone(), "enthalpy_kww_tau", 2e6, false),
        (short.clone(), "enthalpy_kww_tau", 2e6, true),
        (short, "enthalpy_kww_beta", 0.45, false),
        (three.clone(), "enthalpy_activation_energy", 125e3, false),
        (AnnealingSeries { stated: false, ..three.clone() }, "enthalpy_activation_energy", 125e3, false),
        (three, "enthalpy_kww_beta", 0.45, false),
    ]
}

fn rate_of((series, key, truth, bound): &Case, seeds: std::ops::Range<u64>) -> (f64, usize) {
    let parameters = if *bound { json!({"equilibrium": "heat_capacity", "equilibrium_error": 1e-3}) } else { json!({}) };
    let data = |seed| if *bound { with_step(of(series, seed), series) } else { of(series, seed) };
    coverage(|seed| run(ID, parameters.clone(), &data(seed)).unwrap(), key, *truth, seeds)
}

#[test]
fn the_intervals_cover() {
    for case in cases() {
        // 40 at 95 %: fewer than 33 has a probability of 1e-3.
        let (rate, n) = rate_of(&case, 0..40);
        assert!(n >= 25 && rate > 0.8, "{} {rate} of {n}, bound {}", case.1, case.3);
    }
}

#[test]
#[ignore = "full coverage table, minutes"]
fn the_intervals_cover_in_full() {
    for case in cases() {
        let (rate, n) = rate_of(&case, 1000..1500);
        println!(
            "| {} | {} temperatures, tau {:.1e} s, errors stated: {}, bound: {} | {n} | {rate:.4} |",
            case.1,
            case.0.temperatures.len(),
            case.0.tau,
            case.0.stated,
            case.3
        );
        assert!((0.92..=0.98).contains(&rate), "{rate}");
    }
}

/// Exponents that differ are called so always, those that do not in one of twenty.
#[test]
fn exponents_that_differ_are_told_from_one() {
    let table = |seed: u64, second: f64| {
        let cold = AnnealingSeries { temperatures: vec![570.0], ..AnnealingSeries::default() }.table(seed).unwrap();
        let hot = AnnealingSeries { temperatures: vec![610.0], tau: 7e3, stretching: second, ..AnnealingSeries::default() };
        let hot = hot.table(seed + 1000).unwrap();
        let both =
            |name: &str, unit: &str| [cold.numbers_in(name, unit).unwrap(), hot.numbers_in(name, unit).unwrap()].concat();
        Dataset::of_table(
            Table::new("annealing", "")
                .with_numbers("annealing_temperature", "K", both("annealing_temperature", "K"))
                .with_numbers("annealing_time", "s", both("annealing_time", "s"))
                .with_numbers("recovery_enthalpy", "J/kg", both("recovery_enthalpy", "J/kg"))
                .with_numbers("recovery_enthalpy_error", "J/kg", both("recovery_enthalpy_error", "J/kg")),
        )
    };
    let called = |second: f64, seeds: u64| {
        (0..seeds).filter(|seed| has(&run(ID, json!({}), &table(*seed, second)).unwrap(), "no_common_exponent")).count()
    };
    assert_eq!(called(0.75, 10), 10);
    // 100 at 5 %: more than 12 has a probability of 1e-3.
    let chance = called(0.45, 100);
    assert!(chance <= 12, "{chance}");
}

#[test]
fn times_without_one_energy_are_noticed() {
    let table = |temperature: f64, tau: f64| {
        AnnealingSeries { temperatures: vec![temperature], tau, ..AnnealingSeries::default() }
            .table(temperature as u64)
            .unwrap()
    };
    let all = [table(570.0, 4e4), table(590.0, 3.5e4), table(610.0, 2e3)];
    let joined =
        |name: &str, unit: &str| all.iter().flat_map(|table| table.numbers_in(name, unit).unwrap()).collect::<Vec<f64>>();
    let data = Dataset::of_table(
        Table::new("annealing", "")
            .with_numbers("annealing_temperature", "K", joined("annealing_temperature", "K"))
            .with_numbers("annealing_time", "s", joined("annealing_time", "s"))
            .with_numbers("recovery_enthalpy", "J/kg", joined("recovery_enthalpy", "J/kg"))
            .with_numbers("recovery_enthalpy_error", "J/kg", joined("recovery_enthalpy_error", "J/kg")),
    );
    let outcome = run(ID, json!({}), &data).unwrap();
    assert!(has(&outcome, "not_one_energy"), "{:?}", outcome.notes);
    assert!(outcome.estimate("enthalpy_activation_energy").unwrap().interval.is_none());
}

/// A time of zero is a reading of zero whatever the law.
#[test]
fn a_reading_at_time_zero_changes_nothing() {
    let times = vec![60.0, 600.0, 6e3, 6e4, 6e5, 6e6];
    let enthalpies = times.iter().map(|t: &f64| 5e3 * (1.0 - (-(t / 8e3).powf(0.5)).exp())).collect::<Vec<f64>>();
    let plain = Isotherm { temperature: 600.0, times, enthalpies, ..Isotherm::default() };
    let mut more = plain.clone();
    more.times.push(0.0);
    more.enthalpies.push(0.0);
    let tau = |one: Isotherm| joint(&[one], Common::Nothing).unwrap().laws[0].tau.value;
    assert!((tau(plain) / tau(more) - 1.0).abs() < 1e-6);
}

#[test]
fn bad_input_is_refused() {
    let good = one().table(1).unwrap();
    let with = |name: &str, unit: &str, values: Vec<f64>| {
        let mut table = good.clone();
        table.columns.retain(|column| column.name != name);
        Dataset::of_table(table.with_numbers(name, unit, values))
    };
    let n = good.n_rows();
    let mut without = good.clone();
    without.columns.retain(|column| column.name != "annealing_temperature");
    assert!(refusal(ID, json!({}), &Dataset::of_table(without)).contains("annealing_temperature"));
    assert!(refusal(ID, json!({}), &with("annealing_time", "s", vec![60.0; n])).contains("at least 5"));
    assert!(refusal(ID, json!({}), &with("annealing_time", "s", vec![-60.0; n])).contains("below zero"));
    assert!(refusal(ID, json!({}), &with("annealing_time", "K", vec![60.0; n])).contains("annealing_time"));
    assert!(refusal(ID, json!({}), &with("recovery_enthalpy", "J/kg", vec![-5.0; n])).contains("swapped"));
    assert!(refusal(ID, json!({}), &with("recovery_enthalpy_error", "J/kg", vec![0.0; n])).contains("row 1"));
    assert!(refusal(ID, json!({}), &with("annealing_temperature", "K", vec![-1.0; n])).contains("above zero"));
    let data = Dataset::of_table(good.clone());
    assert!(refusal(ID, json!({"significance": 0.7}), &data).contains("significance"));
    assert!(refusal(ID, json!({"equilibrium": "heat_capacity"}), &data).contains("equilibrium_error"));
    let bound = json!({"equilibrium": "heat_capacity", "equilibrium_error": 0.1});
    assert!(refusal(ID, bound, &data).contains("specific_heat_step"));
    let cold = AnnealingSeries { fictive_temperature: 580.0, ..one() };
    assert!(refusal(ID, json!({}), &with_step(data, &cold)).contains("fictive temperature"));
}
