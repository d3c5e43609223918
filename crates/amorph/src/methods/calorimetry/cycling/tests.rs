use serde_json::json;

use super::algorithm::{Group, compare, saturation};
use super::*;
use crate::core::data::Table;
use crate::core::stats::student_t_quantile;
use crate::method::Constants;
use crate::methods::calorimetry::testing::{covered, refusal, run, value};
use crate::sim::calorimetry::CyclingSeries;

const ID: &str = Cycling::INFO.id;

fn of(series: &CyclingSeries, seed: u64) -> Dataset {
    Dataset::of_table(series.table(seed).unwrap())
}

fn has(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

/// Two groups: Student's t with the pooled variance, by hand.
#[test]
fn two_groups_are_compared_by_students_t() {
    let groups = [Group { cycles: 0.0, samples: vec![10.0, 14.0] }, Group { cycles: 5.0, samples: vec![20.0, 24.0, 28.0] }];
    let found = compare(&groups).unwrap();
    // Squares within: 8 and 32 over 3 degrees of freedom; means 12 and 24.
    let spread = (40.0f64 / 3.0).sqrt();
    let error = spread * (1.0f64 / 2.0 + 1.0 / 3.0).sqrt();
    let one = found.against[0];
    assert!((found.spread.value - spread).abs() < 1e-12 && (found.dof - 3.0).abs() < 1e-12);
    assert!((one.difference.value - 12.0).abs() < 1e-12 && (one.difference.error - error).abs() < 1e-12);
    let half = student_t_quantile(0.975, 3.0).unwrap() * error;
    assert!((one.difference.interval.unwrap().1 - 12.0 - half).abs() < 1e-9);
    // F of two groups is t squared.
    assert!((found.p - one.p).abs() < 1e-9);
}

#[test]
fn an_exact_law_of_saturation_is_found() {
    let groups: Vec<Group> = [0.0, 5.0, 10.0, 20.0, 60.0]
        .iter()
        .map(|cycles: &f64| {
            let law = 30.0 + 400.0 * (1.0 - (-cycles / 12.0).exp());
            Group { cycles: *cycles, samples: vec![law - 1.0, law + 1.0] }
        })
        .collect();
    let found = saturation(&groups).unwrap();
    assert!((found.height.value / 400.0 - 1.0).abs() < 1e-4);
    assert!((found.constant.value / 12.0 - 1.0).abs() < 1e-4);
    assert!((found.start - 30.0).abs() < 0.1);
    assert!(found.lack_p.unwrap() > 0.99);
    assert!(saturation(&groups[..3]).is_none());
}

#[test]
fn a_clear_effect_is_named() {
    let series = CyclingSeries { spread: 20.0, error: 20.0, ..CyclingSeries::default() };
    let mut data = of(&series, 1);
    data.constants = Constants::default().with_quantity("reference_enthalpy", "1.5 J/g").unwrap();
    let outcome = run(ID, json!({"reference_error": 0.02}), &data).unwrap();
    assert!(value(&outcome, "cycles_p") < 1e-4);
    // Five standard errors of a difference of two means of four.
    assert!((value(&outcome, "excess_enthalpy") - 447.0).abs() < 100.0);
    assert!((value(&outcome, "excess_fraction") - value(&outcome, "excess_enthalpy") / 1500.0).abs() < 1e-9);
    assert!(outcome.estimate("saturation_enthalpy").unwrap().interval.is_some());
    assert_eq!(outcome.table("cycles").unwrap().n_rows(), 6);
    let relaxed = CyclingSeries { saturation: -450.0, ..series.clone() };
    assert!(has(&run(ID, json!({}), &of(&relaxed, 1)).unwrap(), "relaxed"));
    assert!(!has(&run(ID, json!({}), &of(&series, 1)).unwrap(), "relaxed"));
}

/// Without an effect one table in twenty names one, however many scans each sample has: scans are no samples.
#[test]
fn scans_are_not_taken_for_samples() {
    let nothing = CyclingSeries { saturation: 0.0, samples: 2, scans: 6, error: 20.0, ..CyclingSeries::default() };
    let called = (0..200).filter(|seed| value(&run(ID, json!({}), &of(&nothing, *seed)).unwrap(), "cycles_p") < 0.05);
    // 200 at 5 %: more than 21 has a probability of 5e-4.
    let called = called.count();
    assert!(called <= 21, "{called}");
}

#[test]
fn more_cycles_that_relax_are_no_saturation() {
    let table = Table::new("cycling", "")
        .with_numbers("cycles", "", vec![0.0, 0.0, 5.0, 5.0, 20.0, 20.0, 60.0, 60.0])
        .with_numbers("excess_enthalpy", "J/kg", vec![0.0, 10.0, 300.0, 310.0, 500.0, 510.0, 50.0, 60.0]);
    let outcome = run(ID, json!({}), &Dataset::of_table(table)).unwrap();
    assert!(has(&outcome, "not_saturating"));
    assert!(outcome.estimate("saturation_enthalpy").unwrap().interval.is_none());
}

#[test]
fn heterogeneity_needs_four_states() {
    let with = CyclingSeries { heterogeneity: Some([2.0, 1e-3, 0.01]), spread: 10.0, error: 10.0, ..CyclingSeries::default() };
    let outcome = run(ID, json!({}), &of(&with, 1)).unwrap();
    assert!(value(&outcome, "heterogeneity_correlation") > 0.9);
    assert!(outcome.estimate("heterogeneity_correlation").unwrap().interval.unwrap().hi <= 1.0);
    let few = CyclingSeries { cycles: vec![0.0, 10.0, 60.0], ..with };
    let outcome = run(ID, json!({}), &of(&few, 1)).unwrap();
    assert!(has(&outcome, "no_correlation") && outcome.estimate("heterogeneity_correlation").is_none());
}

type Case = (CyclingSeries, &'static str, f64);

fn cases() -> Vec<Case> {
    let plain = CyclingSeries::default();
    let spread = 80f64.hypot(60.0);
    let two = CyclingSeries { samples: 2, ..plain.clone() };
    let scans = CyclingSeries { scans: 3, ..plain.clone() };
    let difference = plain.excess(60.0);
    vec![
        (plain.clone(), "excess_enthalpy", difference),
        (plain.clone(), "sample_spread", spread),
        (plain.clone(), "saturation_enthalpy", 450.0),
        (plain, "saturation_cycles", 12.0),
        (two, "excess_enthalpy", difference),
        (scans.clone(), "excess_enthalpy", difference),
        (scans, "saturation_cycles", 12.0),
    ]
}

fn coverage((series, key, truth): &Case, seeds: std::ops::Range<u64>) -> (f64, usize) {
    covered(seeds.map(|seed| run(ID, json!({}), &of(series, seed)).unwrap()), key, *truth)
}

#[test]
fn the_intervals_cover() {
    for case in cases() {
        // 60 at 95 %: fewer than 50 has a probability of 5e-4.
        let (rate, n) = coverage(&case, 0..60);
        assert!(n >= 40 && rate > 0.82, "{} {rate} of {n}", case.1);
    }
}

#[test]
#[ignore = "full coverage table, a minute"]
fn the_intervals_cover_in_full() {
    for case in cases() {
        let (rate, n) = coverage(&case, 1000..3000);
        println!("| {} | {} samples of each, {} scans | {n} | {rate:.4} |", case.1, case.0.samples, case.0.scans);
        assert!((0.92..=0.98).contains(&rate), "{rate}");
    }
}

#[test]
fn bad_input_is_refused() {
    let good = CyclingSeries::default().table(1).unwrap();
    let n = good.n_rows();
    let with = |name: &str, unit: &str, values: Vec<f64>| {
        let mut table = good.clone();
        table.columns.retain(|column| column.name != name);
        Dataset::of_table(table.with_numbers(name, unit, values))
    };
    assert!(refusal(ID, json!({}), &with("cycles", "", vec![5.0; n])).contains("without cycles"));
    assert!(refusal(ID, json!({}), &with("cycles", "", vec![0.0; n])).contains("numbers of cycles"));
    assert!(refusal(ID, json!({}), &with("cycles", "", vec![-1.0; n])).contains("below zero"));
    assert!(refusal(ID, json!({}), &with("excess_enthalpy", "K", vec![1.0; n])).contains("excess_enthalpy"));
    assert!(refusal(ID, json!({}), &with("excess_enthalpy", "J/kg", vec![1.0; n])).contains("same enthalpy"));
    assert!(refusal(ID, json!({}), &with("sample", "", vec![1.0; n])).contains("name another sample"));
    let lone = CyclingSeries { samples: 1, ..CyclingSeries::default() };
    assert!(refusal(ID, json!({}), &of(&lone, 1)).contains("without cycles"));
    let thin = Table::new("t", "").with_numbers("cycles", "", vec![0.0, 0.0, 5.0, 10.0]).with_numbers(
        "excess_enthalpy",
        "J/kg",
        vec![1.0, 2.0, 3.0, 4.0],
    );
    assert!(refusal(ID, json!({}), &Dataset::of_table(thin)).contains("how much samples differ"));
    let mut reference = Dataset::of_table(good.clone());
    reference.constants = Constants::default().with_quantity("reference_enthalpy", "1.5 J/g").unwrap();
    assert!(refusal(ID, json!({}), &reference).contains("reference_error"));
    assert!(refusal(ID, json!({"significance": 0.9}), &Dataset::of_table(good)).contains("significance"));
}
