use std::sync::Arc;

use rand::RngExt;

use super::algorithm::{Counts, dispersion, imbalance, mid_p};
use super::*;
use crate::core::data::Table;
use crate::core::random::{Rng, derive_seed, rng};
use crate::method::Upstream;

fn counts(rising: usize, falling: usize, background: [f64; 2]) -> Counts {
    Counts { found: [rising, falling], background }
}

/// Independent arrivals until the mean time is over.
fn draw(mean: f64, rng: &mut Rng) -> usize {
    let (mut time, mut n) = (-(1.0 - rng.random::<f64>()).ln(), 0);
    while time < mean {
        time -= (1.0 - rng.random::<f64>()).ln();
        n += 1;
    }
    n
}

/// A result of the search with these counts per test: three kinds of segment each.
fn dataset(tests: &[[[usize; 2]; 3]]) -> Dataset {
    let upstream = tests.iter().enumerate().map(|(index, test)| {
        let of = |side: usize| test.iter().map(|counts| counts[side] as f64).collect::<Vec<f64>>();
        let table = Table::new("segments", "")
            .with_text("test", vec![format!("pillar {index}"); 3])
            .with_text("segment", ["load", "hold", "unload"].map(str::to_owned).to_vec())
            .with_numbers("exposure", "s", vec![10.0; 3])
            .with_numbers("stress_rate", "Pa/s", vec![6e7, 0.0, -6e7])
            .with_numbers("rising", "", of(0))
            .with_numbers("falling", "", of(1))
            .with_numbers("expected_false_rising", "", vec![0.025; 3])
            .with_numbers("expected_false_falling", "", vec![0.025; 3]);
        Upstream {
            job: "spikes".to_owned(),
            method: "events.spikes".to_owned(),
            state: "cast".to_owned(),
            item: format!("{index}.txt"),
            outcome: Arc::new(Outcome { tables: vec![table], ..Outcome::default() }),
        }
    });
    Dataset { upstream: upstream.collect(), ..Dataset::default() }
}

fn run(dataset: &Dataset) -> Result<Outcome, MethodError> {
    let method = Imbalance::default();
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

#[test]
fn without_background_the_imbalance_is_that_of_the_counts() {
    let found = imbalance(&counts(60, 40, [0.0; 2]), 1.0).unwrap();
    assert!((found.value - 0.2).abs() < 1e-6, "{found:?}");
    // Wald's interval of a share of 0.6 of 100 is 0.504 to 0.696.
    assert!((found.interval.0 - 0.0035).abs() < 0.01 && (found.interval.1 - 0.388).abs() < 0.01, "{found:?}");
    assert!(imbalance(&counts(0, 0, [0.0; 2]), 1.0).is_none());
    let one = imbalance(&counts(5, 0, [0.0; 2]), 1.0).unwrap();
    assert!(one.value > 0.999 && one.interval.1 > 0.999 && one.interval.0 > 0.2, "{one:?}");
}

#[test]
fn the_probability_is_exact() {
    // Mid-p of 8 to 2: 2 (1 + 10)/1024 + 45/1024.
    assert!((mid_p(&counts(8, 2, [0.0; 2])) - 67.0 / 1024.0).abs() < 1e-12);
    assert!((mid_p(&counts(5, 5, [0.0; 2])) - 1.0).abs() < 1e-12);
    // More false alarms of one sign explain more of it.
    assert!(mid_p(&counts(30, 15, [12.0, 0.0])) > 3.0 * mid_p(&counts(30, 15, [0.0; 2])));
}

#[test]
fn intervals_cover_with_and_without_background() {
    for (total, d, background) in
        [(100.0, 0.0, [0.0; 2]), (60.0, 0.3, [5.0, 2.0]), (300.0, -0.2, [20.0; 2]), (30.0, 0.2, [1.0; 2])]
    {
        let mut inside = 0;
        let trials = 1000u64;
        for trial in 0..trials {
            let mut rng = rng(derive_seed(8, &[trial.into(), (total as u64).into()]));
            let rising = draw(0.5 * total * (1.0 + d) + background[0], &mut rng);
            let falling = draw(0.5 * total * (1.0 - d) + background[1], &mut rng);
            let Some(found) = imbalance(&counts(rising, falling, background), 1.0) else { continue };
            inside += u64::from(found.interval.0 <= d && d <= found.interval.1);
        }
        println!("{total} {d} {background:?}: {inside} of {trials}");
        assert!((925..=972).contains(&inside), "{total} {d} {background:?}: {inside}");
    }
}

#[test]
fn tests_that_differ_widen_the_interval() {
    let alike: Vec<Counts> = vec![counts(20, 20, [0.0; 2]); 6];
    assert!(dispersion(&alike).unwrap().0 < 0.1);
    let differing: Vec<Counts> =
        (0..6).map(|k| if k % 2 == 0 { counts(30, 10, [0.0; 2]) } else { counts(10, 30, [0.0; 2]) }).collect();
    let (factor, p) = dispersion(&differing).unwrap();
    assert!(factor > 5.0 && p < 1e-4);
    let total = Counts::sum(&differing);
    let (narrow, wide) = (imbalance(&total, 1.0).unwrap(), imbalance(&total, factor).unwrap());
    let width = |found: algorithm::Imbalance| found.interval.1 - found.interval.0;
    assert!((width(wide) / width(narrow) / factor.sqrt() - 1.0).abs() < 0.15);
    let outcome = run(&dataset(&[[[30, 10]; 3], [[10, 30]; 3], [[30, 10]; 3], [[10, 30]; 3]])).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "tests_differ"));
}

#[test]
fn segments_are_told_apart_and_corrected() {
    let outcome = run(&dataset(&[[[60, 30], [40, 42], [20, 50]]; 3])).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert!((value("imbalance_load") - 1.0 / 3.0).abs() < 0.01 && value("imbalance_unload") < -0.4);
    assert!(value("imbalance_hold").abs() < 0.05 && value("smallest_p") < 1e-4);
    let verdicts = crate::methods::events::found::texts(outcome.table("imbalance").unwrap(), "verdict");
    assert_eq!(verdicts[..3], ["more rising", "compatible with equal rates", "more falling"]);
    assert_eq!(outcome.table("tests").unwrap().numbers("rising").unwrap().1.len(), 9);
}

#[test]
fn missing_results_and_silent_tests_are_refused() {
    let error = run(&Dataset::default()).unwrap_err();
    assert!(error.to_string().contains("events.spikes") && error.hint().contains("among the methods"), "{error}");
    assert!(run(&dataset(&[[[0, 0]; 3]])).unwrap_err().to_string().contains("without an event"));
}
