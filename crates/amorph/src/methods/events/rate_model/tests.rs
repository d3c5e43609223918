#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use super::algorithm::{Known, Pillars, Plan, Rates, Row, rates};
use super::likelihood::{Cell, Counting};
use super::*;
use crate::core::data::Table;
use crate::method::Upstream;
use crate::methods::events::found::texts;
use crate::sim::events::PillarCounts;

/// Pillars loaded at a half, one and two times 10 MPa/s.
fn instrument(pillars: i32, scatter: f64, dispersion: f64) -> PillarCounts {
    PillarCounts {
        rates: [[2.0, 2.0], [0.5, 0.5], [1.0, 1.0]],
        stress_rates: (0..pillars).map(|k| 1e7 * 2f64.powi(k % 3 - 1)).collect(),
        exponent: 1.0,
        exposure: 10.0,
        pillar_scatter: scatter,
        dispersion,
        background: 0.5,
    }
}

fn rows(tests: &PillarCounts, seed: u64) -> Vec<Row> {
    let row = |one: &crate::sim::events::SegmentCounts| Row {
        pillar: one.pillar,
        kind: one.segment,
        exposure: tests.exposure,
        ln_drive: if one.segment == 1 { 0.0 } else { (one.stress_rate.abs() / 1e7).ln() },
        found: one.found,
        background: [tests.background; 2],
    };
    tests.measure(seed).unwrap().iter().map(row).collect()
}

fn holds(known: &Known, truth: f64) -> usize {
    usize::from(known.interval.0 <= truth && truth <= known.interval.1)
}

/// How often ratios, rates and the power are covered, and equal rates are rejected, over their numbers.
fn covered(tests: &PillarCounts, pillars: Pillars, trials: u64) -> [f64; 4] {
    let plan = Plan { kinds: 3, drive: true, pillars };
    let mut hits = [0; 4];
    for seed in 0..trials {
        let found: Rates = rates(&rows(tests, seed), &plan).unwrap();
        for (kind, truth) in tests.rates.iter().enumerate() {
            hits[0] += holds(&found.ratios[kind].0, (truth[0] / truth[1]).ln());
            hits[1] += (0..2).map(|sign| holds(&found.rates[kind][sign], truth[sign].ln())).sum::<usize>();
            hits[3] += usize::from(found.ratios[kind].1 < 0.05);
        }
        hits[2] += holds(&found.exponent.unwrap(), tests.exponent);
    }
    let n = trials as f64;
    [hits[0] as f64 / (3.0 * n), hits[1] as f64 / (6.0 * n), hits[2] as f64 / n, hits[3] as f64 / (3.0 * n)]
}

/// A result of the search for every pillar.
fn dataset(tests: &PillarCounts, seed: u64) -> Dataset {
    let counts = tests.measure(seed).unwrap();
    let upstream = counts.chunks(3).enumerate().map(|(index, test)| {
        let column = |value: &dyn Fn(usize) -> f64| (0..3).map(value).collect::<Vec<f64>>();
        let table = Table::new("segments", "")
            .with_text("test", vec!["pillar".to_owned(); 3])
            .with_text("segment", ["load", "hold", "unload"].map(str::to_owned).to_vec())
            .with_numbers("exposure", "s", vec![tests.exposure; 3])
            .with_numbers("stress_rate", "Pa/s", column(&|k| test[k].stress_rate))
            .with_numbers("rising", "", column(&|k| test[k].found[0] as f64))
            .with_numbers("falling", "", column(&|k| test[k].found[1] as f64))
            .with_numbers("expected_false_rising", "", vec![tests.background; 3])
            .with_numbers("expected_false_falling", "", vec![tests.background; 3]);
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

fn run(method: &RateModel, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

/// Slope and value of the likelihood agree, and counts of one cell have their own maximum.
#[test]
fn the_likelihood_is_that_of_the_law() {
    let cell = |count: f64, sign: f64| Cell { pillar: 0, count, exposure: 2.0, background: 0.0, covariates: vec![1.0, sign] };
    let counting = Counting::new(&[cell(12.0, 0.5), cell(3.0, -0.5)], 2);
    let held = [counting.alike(), counting.counting_alone()];
    let found = counting.maximum(&[0.0, 0.0, 0.0, 0.0], &held).unwrap();
    // Saturated: means are the counts.
    assert!((found.parameters[1] - 4f64.ln()).abs() < 1e-4, "{found:?}");
    assert!((found.parameters[0] - (6.0f64 * 1.5).ln() / 2.0).abs() < 1e-4);
    // 12 ln 12 - 12 + 3 ln 3 - 3.
    assert!((found.ln_likelihood - (12.0 * 12f64.ln() - 12.0 + 3.0 * 3f64.ln() - 3.0)).abs() < 1e-6);
    // A negative binomial of α = 1 is geometric: ln P(n) = n ln m - (n + 1) ln(1 + m), here without ln of n!/n! = 1.
    let one = Counting::new(&[cell(7.0, 0.0)], 2);
    let at = one.maximum(&[5f64.ln() - 2f64.ln(), 0.0, 0.0, 0.0], &[(0, 2.5f64.ln()), (1, 0.0), (2, 0.0), (3, 0.0)]).unwrap();
    let factorial: f64 = (1..=7).map(|k| f64::from(k).ln()).sum();
    assert!((at.ln_likelihood - factorial - (7.0 * 5f64.ln() - 8.0 * 6f64.ln())).abs() < 1e-9, "{at:?}");
}

/// The integral over pillars against a fine sum.
#[test]
fn pillars_are_integrated_over() {
    let counts = [20.0, 14.0, 9.0];
    let cells: Vec<Cell> =
        counts.map(|count| Cell { pillar: 0, count, exposure: 1.0, background: 0.7, covariates: vec![1.0] }).to_vec();
    let (beta, tau, alpha) = (2.0f64, 0.8, 0.3f64);
    let found = Counting::new(&cells, 1).maximum(&[0.0; 3], &[(0, beta), (1, tau), (2, alpha.ln())]).unwrap();
    let ln_law = |count: f64, m: f64| {
        let rising: f64 = (0..count as usize).map(|k| (1.0 + alpha * k as f64).ln()).sum();
        rising + count * m.ln() - (count + 1.0 / alpha) * (1.0 + alpha * m).ln()
    };
    let at = |z: f64| {
        let m = (beta + tau * z).exp() + 0.7;
        (counts.iter().map(|count| ln_law(*count, m)).sum::<f64>() - 0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt()
    };
    let direct: f64 = (-8000..8000).map(|k| 1e-3 * at(f64::from(k) * 1e-3)).sum();
    assert!((found.ln_likelihood - direct.ln()).abs() < 1e-5, "{} {}", found.ln_likelihood, direct.ln());
}

#[test]
fn rates_ratios_and_power_are_recovered() {
    let tests = PillarCounts { rates: [[4.0, 2.0], [1.0, 1.0], [1.0, 3.0]], exposure: 40.0, ..instrument(9, 0.3, 0.02) };
    let outcome = run(&RateModel::default(), &dataset(&tests, 2)).unwrap();
    for (key, truth) in
        [("sign_ratio_load", 2.0), ("sign_ratio_hold", 1.0), ("sign_ratio_unload", 1.0 / 3.0), ("stress_rate_exponent", 1.0)]
    {
        let estimate = outcome.estimate(key).unwrap();
        let interval = estimate.interval.unwrap();
        // A 95 % interval may miss; twice its width may not.
        let half = 0.5 * (interval.hi - interval.lo);
        assert!((estimate.value - truth).abs() < 2.0 * half && half < 0.7, "{estimate:?}");
    }
    assert!(outcome.estimate("pillar_scatter").unwrap().value < 0.8);
    assert!(outcome.estimate("smallest_p").unwrap().value < 1e-3 && outcome.estimate("same_ratio_p").unwrap().value < 1e-3);
    let verdicts = texts(outcome.table("ratios").unwrap(), "verdict");
    assert_eq!(verdicts, ["more rising", "compatible with equal rates", "more falling"]);
    assert_eq!(outcome.figures.len(), 2);
}

#[test]
fn intervals_cover_and_equal_rates_are_seldom_rejected() {
    let [ratio, rate, exponent, level] = covered(&instrument(5, 0.4, 0.2), Pillars::Random, 12);
    println!("{ratio} {rate} {exponent} {level}");
    // 36 ratios, 72 rates of 12 tests, 12 powers.
    assert!(ratio > 0.83 && rate > 0.83 && exponent > 0.7 && level < 0.17);
}

#[test]
#[ignore = "minutes; run by `make validate`"]
fn intervals_cover_in_full() {
    for (pillars, scatter, dispersion) in [(8, 0.0, 0.0), (5, 0.4, 0.2), (8, 0.4, 0.2), (20, 0.4, 0.5)] {
        let found = covered(&instrument(pillars, scatter, dispersion), Pillars::Random, 1000);
        println!("{pillars} pillars, tau {scatter}, alpha {dispersion}: ratio, rate, power, level {found:?}");
        assert!(found[..3].iter().all(|rate| (0.92..=0.98).contains(rate)) && found[3] < 0.08, "{found:?}");
    }
}

/// Swapping the signs turns the ratios over; counting other pillars first changes nothing.
#[test]
fn signs_and_pillars_can_be_exchanged() {
    let tests = PillarCounts { rates: [[3.0, 2.0], [1.0, 0.5], [1.0, 2.0]], ..instrument(4, 0.2, 0.1) };
    let plan = Plan { kinds: 3, drive: true, pillars: Pillars::Random };
    let direct = rows(&tests, 4);
    let turned: Vec<Row> =
        direct.iter().map(|row| Row { pillar: 3 - row.pillar, found: [row.found[1], row.found[0]], ..*row }).collect();
    let (direct, turned) = (rates(&direct, &plan).unwrap(), rates(&turned, &plan).unwrap());
    for (one, other) in direct.ratios.iter().zip(&turned.ratios) {
        assert!((one.0.value + other.0.value).abs() < 1e-3 && (one.1 - other.1).abs() < 1e-2, "{one:?} {other:?}");
        assert!((one.0.interval.0 + other.0.interval.1).abs() < 0.02, "{one:?} {other:?}");
    }
}

#[test]
fn what_the_counts_cannot_tell_is_left_out() {
    let few = PillarCounts { rates: [[4.0, 4.0], [1e-6, 4.0], [4.0, 4.0]], background: 0.0, ..instrument(2, 0.0, 0.0) };
    let outcome = run(&RateModel::default(), &dataset(&few, 1)).unwrap();
    assert!(outcome.estimate("sign_ratio_hold").is_none() && outcome.estimate("sign_ratio_load").is_some());
    let has = |outcome: &Outcome, code: &str| outcome.notes.iter().any(|note| note.code == code);
    assert!(has(&outcome, "kind_left_out") && has(&outcome, "few_pillars") && outcome.estimate("pillar_scatter").is_none());
    let one_rate = PillarCounts { stress_rates: vec![1e7; 3], ..instrument(3, 0.0, 0.0) };
    let outcome = run(&RateModel::default(), &dataset(&one_rate, 1)).unwrap();
    assert!(has(&outcome, "one_stress_rate") && outcome.estimate("stress_rate_exponent").is_none());
    let alone = PillarCounts { exposure: 20.0, ..instrument(1, 0.0, 0.0) };
    let outcome = run(&RateModel { pillars: PillarEffect::Fixed, ..RateModel::default() }, &dataset(&alone, 1)).unwrap();
    assert!(outcome.estimate("overdispersion").is_none() && outcome.estimate("sign_ratio_load").unwrap().interval.is_some());
    let error = run(&RateModel::default(), &Dataset::default()).unwrap_err();
    assert!(error.to_string().contains("events.spikes") && error.hint().contains("among the methods"));
    let silent = PillarCounts { rates: [[1e-6; 2]; 3], background: 0.0, ..instrument(3, 0.0, 0.0) };
    assert!(run(&RateModel::default(), &dataset(&silent, 1)).unwrap_err().to_string().contains("no kind of segment"));
}
