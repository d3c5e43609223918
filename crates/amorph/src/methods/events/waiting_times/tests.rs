#![allow(clippy::unwrap_used)]
use super::algorithm::{Stretch, Wait, fit};
use super::holds::rate_ratio;
use super::memory::{excitation, exponential_p, fano, gamma};
use super::*;
use crate::core::data::Table;
use crate::core::random::rng;
use rand::RngExt;

/// Events at a rate exp(slope t), none within the dead time of the one before that was seen.
fn events(rate: f64, slope: f64, length: f64, dead: f64, seed: u64) -> Stretch {
    let mut rng = rng(seed);
    let mut times: Vec<f64> = Vec::new();
    let most = rate * (slope * length).exp().max(1.0);
    let mut time = 0.0;
    loop {
        time -= rng.random::<f64>().ln() / most;
        if time >= length {
            return Stretch { window: [0.0, length], times };
        }
        let is_event = rng.random::<f64>() * most < rate * (slope * time).exp();
        if is_event && times.last().is_none_or(|last| time - last > dead) {
            times.push(time);
        }
    }
}

#[test]
fn dead_time_does_not_change_the_shape_and_intervals_cover() {
    for share in [0.0, 0.1, 0.3, 0.5] {
        let (mut inside, mut rates, mut shapes, mut rejected) = (0, 0, 0.0, 0);
        let trials = 300;
        for trial in 0..trials {
            let stretch = events(1.0, 0.0, 500.0, share, 100 * trial + (share * 10.0) as u64);
            let found = fit(&[stretch.waits(share)]).unwrap();
            inside += usize::from(found.shape_interval.0 <= 1.0 && 1.0 <= found.shape_interval.1);
            rates += usize::from(found.rate_interval.0 <= 1.0 && 1.0 <= found.rate_interval.1);
            shapes += found.shape / trials as f64;
            rejected += usize::from(found.p < 0.05);
        }
        let percent = |count: usize| 100.0 * count as f64 / trials as f64;
        println!(
            "dead time {share}: shape {shapes:.3}, covered {:.1} %, rate {:.1} %, rejected {:.1} %",
            percent(inside),
            percent(rates),
            percent(rejected)
        );
        assert!((shapes - 1.0).abs() < 0.03);
        assert!((91.5..98.0).contains(&percent(inside)) && (91.5..98.0).contains(&percent(rates)));
    }
}

#[test]
fn a_plain_fit_of_dead_time_is_wrong_as_stated() {
    let stretch = events(1.0, 0.0, 40_000.0, 0.3, 5);
    let plain: Vec<Wait> = stretch.waits(0.3).into_iter().map(|wait| Wait { dead: 0.0, ..wait }).collect();
    let shape = fit(&[plain]).unwrap().shape;
    // A dead time of 0.3 of the mean wait between tries is 0.23 of the mean wait between events.
    assert!((1.3..1.5).contains(&shape), "{shape}");
}

#[test]
fn a_growing_rate_is_not_called_clustering() {
    let stretch = events(0.3, 0.03, 100.0, 0.0, 8);
    let plain = fit(&[stretch.waits(0.0)]).unwrap();
    let (slope, p) = stretch.trend().unwrap();
    assert!((slope - 0.03).abs() < 0.01 && p < 1e-6 && plain.shape < 1.0, "{slope} {p}");
    let rescaled = fit(&[stretch.rescaled(slope, 0.0)]).unwrap();
    assert!(rescaled.shape_interval.0 < 1.0 && 1.0 < rescaled.shape_interval.1, "{rescaled:?}");
}

#[test]
fn trends_of_constant_rates_have_even_probabilities() {
    let mut below = 0;
    for trial in 0..500 {
        below += usize::from(events(1.0, 0.0, 80.0, 0.0, trial).trend().unwrap().1 < 0.1);
    }
    assert!((30..=72).contains(&below), "{below}");
}

#[test]
fn clusters_are_found() {
    let mut rng = rng(3);
    let mut times = Vec::new();
    let mut time = 0.0;
    for _ in 0..300 {
        time += if rng.random::<f64>() < 0.5 { 0.05 } else { 2.0 } * -rng.random::<f64>().ln();
        times.push(time);
    }
    let found = fit(&[Stretch { window: [0.0, time + 1.0], times }.waits(0.0)]).unwrap();
    assert!(found.shape < 0.7 && found.p < 1e-6);
}

#[test]
fn lists_of_events_work_and_bad_ones_are_refused() {
    let stretch = events(2.0, 0.0, 60.0, 0.0, 2);
    let list = |times: Vec<f64>| Dataset::of_table(Table::new("events", "events").with_numbers("time", "s", times));
    let method = WaitingTimes::default();
    let dataset = list(stretch.times.clone());
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    let rate = outcome.estimate("waiting_rate").unwrap();
    assert!(rate.interval.unwrap().lo < 2.0 && rate.interval.unwrap().hi > 2.0);
    assert!(outcome.notes.iter().any(|note| note.code == "no_dead_time"));
    let few = method.check(&list(vec![1.0, 2.0, 3.0])).unwrap_err();
    assert!(few.to_string().contains("n = 2"), "{few}");
    let missing = method.check(&list(vec![1.0, f64::NAN, 3.0])).unwrap_err();
    assert!(missing.to_string().contains("row 2") || missing.to_string().contains("is in row 2"), "{missing}");
    assert!(method.check(&Dataset::default()).unwrap_err().hint().contains("events.spikes"));
}

fn self_exciting(branching: f64, dead: f64, length: f64, seed: u64) -> Stretch {
    let law = crate::sim::events::SelfExciting {
        rate: 1.0 - branching,
        branching,
        decay: 0.5,
        dead_time: dead,
        ..crate::sim::events::SelfExciting::default()
    };
    Stretch { window: [0.0, length], times: law.times(length, seed).unwrap() }
}

/// Covered, and zero excluded, of so many lists.
fn branching_trials(branching: f64, dead: f64, length: f64, trials: u64) -> [usize; 2] {
    let (mut covered, mut excluded) = (0, 0);
    for trial in 0..trials {
        let found = excitation(&[self_exciting(branching, dead, length, trial)], dead).unwrap();
        covered += usize::from(found.interval.0 <= branching && branching <= found.interval.1);
        excluded += usize::from(found.interval.0 > 0.0);
    }
    [covered, excluded]
}

#[test]
fn the_branching_ratio_is_covered() {
    let [covered, excluded] = branching_trials(0.4, 0.0, 150.0, 30);
    assert!(covered >= 25 && excluded >= 28, "{covered} {excluded}");
    let [covered, excluded] = branching_trials(0.0, 0.1, 150.0, 30);
    assert!(covered >= 26 && excluded <= 4, "{covered} {excluded}");
}

#[test]
#[ignore = "minutes; run by `make validate`"]
fn the_branching_ratio_is_covered_in_full() {
    for (branching, dead) in [(0.0, 0.0), (0.0, 0.1), (0.3, 0.0), (0.6, 0.0)] {
        for length in [150.0, 600.0] {
            let [covered, excluded] = branching_trials(branching, dead, length, 500);
            println!(
                "branching {branching}, dead time {dead}, {length} events: covered {covered}, zero excluded {excluded} of 500"
            );
            assert!((460..=495).contains(&covered), "{branching} {dead} {length}: {covered}");
        }
    }
}

#[test]
fn other_tests_of_independence_have_their_level_and_notice_clusters() {
    let (mut by_gamma, mut by_distance) = (0, 0);
    for trial in 0..100 {
        let waits = [self_exciting(0.0, 0.2, 120.0, trial).waits(0.2)];
        by_gamma += usize::from(gamma(&waits).unwrap().p < 0.05);
        by_distance += usize::from(exponential_p(&waits, 99, trial).1 < 0.05);
    }
    // Five of a hundred, and four standard errors.
    assert!(by_gamma <= 14 && by_distance <= 14, "{by_gamma} {by_distance}");
    let clustered = self_exciting(0.6, 0.0, 400.0, 3);
    let waits = [clustered.waits(0.0)];
    assert!(gamma(&waits).unwrap().shape < 0.9 && exponential_p(&waits, 99, 1).1 < 0.05);
    let ratio = fano(&[clustered], 10.0).unwrap();
    assert!(ratio.value > ratio.expected.1);
}

/// A rate that grows is not taken for events that bring each other.
#[test]
fn a_growing_rate_has_no_branching_once_it_is_rescaled() {
    let stretch = events(0.3, 0.03, 100.0, 0.0, 8);
    let (slope, _) = stretch.trend().unwrap();
    let found = excitation(&[stretch.steady(slope)], 0.0).unwrap();
    assert_eq!(found.interval.0, 0.0, "{found:?}");
    let table = Table::new("events", "events").with_numbers("time", "s", stretch.times);
    let method = WaitingTimes::default();
    let outcome = method.run(&method.check(&Dataset::of_table(table)).unwrap(), &Ctx::new(1)).unwrap();
    assert!(outcome.estimate("branching_ratio").unwrap().interval.is_none());
    assert!(outcome.notes.iter().all(|note| note.code != "self_exciting"));
    assert!(outcome.estimate("exponential_p").unwrap().value > 0.05);
}

#[test]
fn ratios_of_rates_are_exact() {
    let (ratio, (lo, hi)) = rate_ratio((40, 10.0), (60, 20.0)).unwrap();
    assert!((ratio - 0.75).abs() < 1e-12 && lo < 0.75 && 0.75 < hi);
    // Clopper-Pearson of 60 in 100: 0.4972 to 0.6967 (tables).
    assert!((lo - 0.4972 / 0.5028 * 0.5).abs() < 1e-3 && (hi - 0.6967 / 0.3033 * 0.5).abs() < 2e-3, "{lo} {hi}");
    assert!(rate_ratio((0, 1.0), (0, 1.0)).is_none());
}
