#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use super::algorithm::{BY_SIZE, Burst, Known, by_size, complete_from, shape, size_duration};
use super::*;
use crate::core::data::{Channel, Record, Recording, Table, Test, TraceQuantity};
use crate::method::{Constants, Upstream};
use crate::sim::events::{Bursts, MeanField};

const PARABOLAS: Bursts = Bursts { exponent: 1.8, shape: [1.0, 1.0], samples: [8, 200], size_scatter: 0.5, roughness: 0.6 };

fn drawn(bursts: &Bursts, n: usize, seed: u64) -> Vec<Burst> {
    bursts.measure(n, seed).unwrap().into_iter().map(|velocity| Burst { velocity, step: 1e-3 }).collect()
}

/// One row per sample.
fn table(bursts: &[Burst]) -> Table {
    let (mut event, mut time, mut velocity) = (Vec::new(), Vec::new(), Vec::new());
    for (number, burst) in bursts.iter().enumerate() {
        event.extend(std::iter::repeat_n(number as f64, burst.velocity.len()));
        time.extend((0..burst.velocity.len()).map(|k| number as f64 + k as f64 * burst.step));
        velocity.extend(&burst.velocity);
    }
    Table::new("bursts", "Bursts")
        .with_numbers("event", "", event)
        .with_numbers("time", "s", time)
        .with_numbers("velocity", "m/s", velocity)
}

fn run(dataset: &Dataset) -> Result<Outcome, MethodError> {
    let method = AvalancheShape::default();
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn holds(known: &Known, truth: f64) -> usize {
    usize::from(known.interval.0 <= truth && truth <= known.interval.1)
}

/// How often power, asymmetry and power of the shape are covered, and a parabola is rejected.
fn covered(bursts: &Bursts, n: usize, trials: u64) -> [usize; 4] {
    let [first, second] = bursts.moments();
    let power = 0.5 * (0.25 / second - 3.0);
    let mut hits = [0; 4];
    for seed in 0..trials {
        let all = drawn(bursts, n, seed);
        let all: Vec<&Burst> = all.iter().collect();
        let slope = size_duration(&all).unwrap();
        let found = shape(&all, slope.value).unwrap();
        hits[0] += holds(&slope, bursts.exponent);
        hits[1] += holds(&found.asymmetry, first);
        hits[2] += holds(&found.power, power);
        hits[3] += usize::from(found.parabola_p < 0.05);
    }
    hits
}

#[test]
fn intervals_cover_and_parabolas_are_told_from_others() {
    let [slope, asymmetry, power, rejected] = covered(&PARABOLAS, 60, 100);
    println!("{slope} {asymmetry} {power} {rejected}");
    // 100 trials: standard error 2.2.
    assert!([slope, asymmetry, power].iter().all(|hits| (87..=100).contains(hits)) && rejected <= 13);
    let [_, asymmetry, power, rejected] = covered(&Bursts { shape: [0.6, 1.2], ..PARABOLAS }, 200, 50);
    assert!(asymmetry >= 42 && power >= 42 && rejected >= 48, "{asymmetry} {power} {rejected}");
}

#[test]
#[ignore = "a minute; run by `make validate`"]
fn intervals_cover_in_full() {
    for (n, shape) in [(50, [1.0, 1.0]), (200, [1.0, 1.0]), (100, [0.6, 1.2])] {
        let found = covered(&Bursts { shape, ..PARABOLAS }, n, 2000);
        println!("n {n}, shape {shape:?}: power, asymmetry, shape covered, parabola rejected {found:?} of 2000");
        assert!(found[..3].iter().all(|hits| (1840..=1960).contains(hits)));
    }
}

/// Without noise all numbers are those of the generator.
#[test]
fn shapes_without_scatter_are_exact() {
    let quiet = Bursts { size_scatter: 0.0, roughness: 0.0, ..PARABOLAS };
    let outcome = run(&Dataset::of_table(table(&drawn(&quiet, 200, 1)))).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert!((value("size_duration_exponent") - 1.8).abs() < 1e-6);
    assert!(value("shape_asymmetry").abs() < 1e-9);
    // 16 points within a sample stand for an integral.
    assert!((value("shape_exponent") - 1.0).abs() < 0.03, "{}", value("shape_exponent"));
    assert_eq!(outcome.figures.len(), 3);
    // Played backwards, the asymmetry turns over.
    let skewed = Bursts { shape: [0.5, 1.5], ..PARABOLAS };
    let forward = drawn(&skewed, 200, 2);
    let backward: Vec<Burst> =
        forward.iter().map(|burst| Burst { velocity: burst.velocity.iter().rev().copied().collect(), ..*burst }).collect();
    let of = |bursts: &[Burst]| shape(&bursts.iter().collect::<Vec<_>>(), 1.8).unwrap();
    let (forward, backward) = (of(&forward), of(&backward));
    assert!((forward.asymmetry.value + backward.asymmetry.value).abs() < 1e-12 && forward.asymmetry.interval.1 < 0.0);
    assert!((forward.width.value - backward.width.value).abs() < 1e-12);
}

/// Sites that all feel each other: sizes with durations to the power of two, symmetric shapes towards a parabola, and 4/π at a size.
#[test]
fn the_mean_field_model_has_the_shape_of_the_theory() {
    let avalanches = MeanField { sites: 40_000, reserve: 20.0 }.load(0.99, 5).unwrap();
    let burst =
        |one: &crate::sim::events::Avalanche| Burst { velocity: one.yielded.iter().map(|n| *n as f64).collect(), step: 1.0 };
    // Near the critical stress, where hardly any avalanche comes to its cut-off.
    let all: Vec<Burst> = avalanches.iter().filter(|one| one.stress > 0.9).map(burst).collect();
    let longer = |least: usize| all.iter().filter(|burst| burst.velocity.len() >= least).collect::<Vec<&Burst>>();
    let long = longer(32);
    let slope = size_duration(&long).unwrap();
    assert!((slope.value - 2.0).abs() < 0.15, "{slope:?}");
    let of = |least: usize| shape(&longer(least), 2.0).unwrap();
    let (short, long) = (of(8), of(32));
    // Discrete steps flatten short avalanches: the power rises towards one and the asymmetry falls to zero.
    assert!(long.power.value > short.power.value && long.power.value > 0.85 && long.power.value < 1.1, "{long:?}");
    assert!(long.asymmetry.value.abs() < 0.04 && long.asymmetry.value < short.asymmetry.value, "{long:?}");
    let from = complete_from(&all);
    let large: Vec<&Burst> = longer(8).into_iter().filter(|burst| burst.size() >= from).collect();
    let ratio = by_size(&large).unwrap();
    assert!((ratio.value / BY_SIZE - 1.0).abs() < 0.01, "{ratio:?}");
}

/// Pop-ins of 20 ms on a ramp: the rate before is taken off, what is left is the parabola.
#[test]
fn the_depth_within_pop_ins_is_used() {
    let (n, step) = (60_000, 1e-3);
    let mut depth: Vec<f64> = (0..n).map(|k| 1e-9 * f64::from(k)).collect();
    let starts: Vec<usize> = (0..60).map(|k| 500 + 950 * k).collect();
    for (number, start) in starts.iter().enumerate() {
        let length = 20 + number % 30;
        for (k, value) in depth.iter_mut().enumerate().skip(*start) {
            let x = ((k - start) as f64 / length as f64).min(1.0);
            *value += 2e-8 * (3.0 * x * x - 2.0 * x * x * x);
        }
    }
    let time: Vec<f64> = (0..n).map(|k| f64::from(k) * step).collect();
    let recording =
        Recording::of_test(vec![Channel::new(TraceQuantity::Time, time), Channel::new(TraceQuantity::Depth, depth)]);
    let found = Table::new("pop_ins", "")
        .with_text("test", vec!["pillar".to_owned(); starts.len()])
        .with_numbers("time", "s", starts.iter().map(|start| *start as f64 * step).collect())
        .with_numbers("samples", "", (0..starts.len()).map(|number| (20 + number % 30) as f64).collect());
    let upstream = Upstream {
        job: "pop_ins".to_owned(),
        method: "events.pop_ins".to_owned(),
        state: "cast".to_owned(),
        item: "1.txt".to_owned(),
        outcome: Arc::new(Outcome { tables: vec![found], ..Outcome::default() }),
    };
    let record = Record { tests: vec![Test { name: "pillar".to_owned(), tables: vec![recording], ..Test::default() }] };
    let dataset = Dataset { upstream: vec![upstream], ..Dataset::of_record(record, Constants::default()) };
    let outcome = run(&dataset).unwrap();
    assert!((outcome.estimate("shape_exponent").unwrap().value - 1.0).abs() < 1e-3, "{:?}", outcome.estimates);
    assert!(outcome.estimate("shape_asymmetry").unwrap().value.abs() < 1e-6);
    assert!(outcome.notes.iter().any(|note| note.code == "of_pop_ins"));
    let without = Dataset { upstream: Vec::new(), ..dataset };
    assert!(run(&without).unwrap_err().hint().contains("events.pop_ins"));
}

#[test]
fn what_has_no_shape_is_refused() {
    let message = |bursts: &[Burst]| run(&Dataset::of_table(table(bursts))).unwrap_err().to_string();
    assert!(message(&drawn(&PARABOLAS, 49, 1)).starts_with("49 of 49 avalanches have 8 samples"));
    let mut bursts = drawn(&PARABOLAS, 60, 1);
    bursts[3].velocity[2] = f64::NAN;
    assert!(message(&bursts).contains("it must be a finite number"));
    let mut uneven = table(&drawn(&PARABOLAS, 60, 1));
    if let crate::core::data::ColumnValues::Numbers(values) = &mut uneven.columns[1].values {
        values[2] += 3e-4;
    }
    assert!(run(&Dataset::of_table(uneven)).unwrap_err().to_string().contains("even sampling"));
    let one = Bursts { samples: [20, 21], ..PARABOLAS };
    let outcome = run(&Dataset::of_table(table(&drawn(&one, 100, 1)))).unwrap();
    assert!(
        outcome.notes.iter().any(|note| note.code == "one_duration") && outcome.estimate("size_duration_exponent").is_none()
    );
}
