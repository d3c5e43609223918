use serde_json::json;

use super::algorithm::cole_cole;
use crate::core::data::Record;
use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset};
use crate::methods::relaxation::testing::{constants, dataset, holds, refusal, run};
use crate::sim::relaxation::{AgeingWells, DmaNoise};
use crate::theory::constants::ELEMENTARY_CHARGE;

const ID: &str = "relaxation.well_ageing";

fn measured(glass: &AgeingWells, seed: u64) -> Outcome {
    run(ID, json!({}), &dataset(glass.measure(seed).unwrap())).unwrap()
}

fn has(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

/// Six sweeps, for speed.
fn small() -> AgeingWells {
    AgeingWells { ageing_times: vec![0.0, 100.0, 600.0, 3600.0, 20_000.0, 100_000.0], points: 20, ..AgeingWells::default() }
}

#[test]
fn slopes_are_slopes() {
    for (u, exponent) in [(-3.0, 0.4), (0.5, 0.9), (4.0, 0.2)] {
        let (_, by_u, by_exponent) = cole_cole(u, exponent);
        let step = 1e-6;
        let numeric = (cole_cole(u + step, exponent).0 - cole_cole(u - step, exponent).0) / (2.0 * step);
        assert!((numeric - by_u).abs() < 1e-8, "{u} {exponent}");
        let numeric = (cole_cole(u, exponent + step).0 - cole_cole(u, exponent - step).0) / (2.0 * step);
        assert!((numeric - by_exponent).abs() < 1e-8, "{u} {exponent}");
    }
    assert!((cole_cole(0.0, 0.5).0 - 1.0).abs() < 1e-15);
}

#[test]
fn the_slope_and_the_changes_are_found() {
    let glass = AgeingWells::default();
    let outcome = measured(&glass, 1);
    let (first, last) = (glass.wells(0.0), glass.wells(1e5));
    for (key, truth) in [
        ("adwp_slope", 2.0),
        ("asymmetry_change", last.1 - first.1),
        ("barrier_change", last.0 - first.0),
        ("cole_cole_exponent", 0.45),
    ] {
        let found = outcome.estimate(key).unwrap();
        // Five standard errors: one failure in a million.
        assert!((found.value - truth).abs() < 5.0 * found.std_error.unwrap(), "{truth} {found:?}");
    }
    // The acceptance of the specification: errors of one per cent of the smallest peak.
    let quiet = AgeingWells { noise: DmaNoise::ModulusAndPhase { modulus: 0.002, phase: 1.4e-4 }, ..glass };
    assert!((measured(&quiet, 1).estimate("adwp_slope").unwrap().value - 2.0).abs() < 0.12);
    assert!(has(&outcome, "no_absolute_wells") && outcome.estimate("barrier_first").is_none());
    assert_eq!(outcome.figures.len(), 2);
}

#[test]
fn stated_constants_give_the_wells() {
    let glass = AgeingWells { noise: DmaNoise::ModulusAndPhase { modulus: 1e-5, phase: 1e-5 }, ..small() };
    let constants = constants().with_quantity("well_attempt_time", "5e-14 s").unwrap();
    let constants = constants.with_quantity("well_loss_amplitude", "1e12 Pa").unwrap();
    let outcome = run(ID, json!({}), &Dataset::of_record(glass.measure(2).unwrap(), constants)).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value / ELEMENTARY_CHARGE;
    assert!((value("asymmetry_first") - 0.25).abs() < 1e-3 && (value("barrier_first") - 0.8).abs() < 1e-3);
}

#[test]
fn a_glass_that_does_not_age_has_no_slope() {
    let outcome = measured(&AgeingWells { asymmetry_gain: 0.0, ..small() }, 3);
    let slope = outcome.estimate("adwp_slope").unwrap();
    // Nothing changes: a closed interval has a probability of a few per cent, this seed has none.
    assert!(slope.interval.is_none(), "{slope:?}");
}

#[test]
fn a_peak_outside_the_window_gives_no_slope() {
    let outcome = measured(&AgeingWells { attempt_time: 5e-18, ..small() }, 4);
    assert!(has(&outcome, "no_slope") || outcome.estimate("adwp_slope").unwrap().interval.is_none(), "{:?}", outcome.notes);
}

#[test]
fn the_intervals_cover() {
    // 30 trials: standard error 0.04.
    let outcomes: Vec<Outcome> = (0..30).map(|seed| measured(&small(), 300 + seed)).collect();
    let gain = small().asymmetry_gain;
    for (key, truth) in [("adwp_slope", 2.0), ("asymmetry_change", gain)] {
        let given = outcomes.iter().filter_map(|outcome| outcome.estimate(key).filter(|found| found.interval.is_some()));
        let (hits, n) = given.fold((0, 0), |(hits, n), found| (hits + u32::from(holds(found, truth)), n + 1));
        assert!(n > 22 && f64::from(hits) / f64::from(n) > 0.82, "{key}: {hits} of {n}");
    }
}

#[test]
fn units_and_the_direction_of_sweeps_do_not_matter() {
    let record = small().measure(7).unwrap();
    let mut turned: Record = record.clone();
    for channel in &mut turned.tests[0].tables[0].channels {
        // Sweep by sweep from high to low frequencies.
        channel.values =
            channel.values.chunks(20).flat_map(|sweep| sweep.iter().rev().copied().collect::<Vec<f64>>()).collect();
        if channel.quantity.unit().is_some_and(|unit| unit.symbol() == "Pa") {
            channel.values.iter_mut().for_each(|value| *value *= 1e-3);
        }
    }
    let slope = |record| run(ID, json!({}), &dataset(record)).unwrap().estimate("adwp_slope").unwrap().value;
    assert!((slope(record) - slope(turned)).abs() < 1e-4);
}

#[test]
fn bad_input_is_refused() {
    let record = small().measure(1).unwrap();
    let bare = Dataset::of_record(record.clone(), Constants::default());
    assert!(run(ID, json!({}), &bare).unwrap_err().to_string().contains("modulus_kind"));
    let two = AgeingWells { ageing_times: vec![0.0, 100.0], ..small() };
    assert!(refusal(ID, json!({}), &dataset(two.measure(1).unwrap())).contains("at least 3"));
    let mut warming = record.clone();
    let temperatures = &mut warming.tests[0].tables[0].channels[1].values;
    temperatures.iter_mut().enumerate().for_each(|(i, t)| *t += 0.1 * i as f64);
    assert!(refusal(ID, json!({}), &dataset(warming)).contains("at one"));
    let mut cold = record.clone();
    cold.tests[0].tables[0].channels.remove(1);
    assert!(refusal(ID, json!({}), &dataset(cold)).contains("temperature"));
    let mut timeless = record;
    timeless.tests[0].tables[0].channels.remove(0);
    assert!(has(&run(ID, json!({}), &dataset(timeless)).unwrap(), "no_times"));
}

#[test]
#[ignore = "full coverage table"]
fn the_intervals_cover_in_full() {
    let base = AgeingWells::default();
    for (name, glass) in [
        ("default", base.clone()),
        ("phase 0.0015", AgeingWells { noise: DmaNoise::ModulusAndPhase { modulus: 0.002, phase: 0.0015 }, ..base.clone() }),
        ("relative 1 %", AgeingWells { noise: DmaNoise::Relative(0.01), ..base.clone() }),
        ("no background", AgeingWells { background: (0.0, 0.3), ..base.clone() }),
        ("a = 1", AgeingWells { slope: 1.0, ..base }),
    ] {
        let outcomes: Vec<Outcome> = (1000..1300).map(|seed| measured(&glass, seed)).collect();
        let change = glass.wells(1e5).0 - glass.wells(0.0).0;
        for (key, truth) in
            [("adwp_slope", glass.slope), ("asymmetry_change", glass.asymmetry_gain), ("barrier_change", change)]
        {
            let given = outcomes.iter().filter_map(|outcome| outcome.estimate(key).filter(|found| found.interval.is_some()));
            let (hits, n) = given.fold((0, 0), |(hits, n), found| (hits + u32::from(holds(found, truth)), n + 1));
            println!("| {name} | {key} | {hits} of {n} |");
            assert!(n < 100 || f64::from(hits) / f64::from(n) > 0.92);
        }
    }
}
