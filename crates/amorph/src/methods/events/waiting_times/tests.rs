use super::algorithm::{Stretch, Wait, fit};
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
