use std::sync::Arc;

use rand::RngExt;

use super::algorithm::{Held, Law, Sizes, decay, draw_linear};
use super::*;
use crate::core::data::Table;
use crate::core::random::{derive_seed, rng};
use crate::core::stats::wilson_interval;
use crate::method::{Constants, Upstream};
use crate::sim::events::TwoState;

fn linear(from: f64, n: usize, seed: u64) -> Sizes {
    let mut rng = rng(seed);
    let drawn: Vec<f64> = (0..n).map(|_| 1e-3 * draw_linear(from, &mut rng)).collect();
    Sizes::new(&drawn, 1e-3 * from)
}

/// By rejection from exponential volumes.
fn exact(bias: f64, from: f64, n: usize, seed: u64) -> Sizes {
    let mut rng = rng(seed);
    let mut drawn = Vec::new();
    while drawn.len() < n {
        let v = from - (1.0 - rng.random::<f64>()).ln();
        if rng.random::<f64>() < (bias * v).tanh() {
            drawn.push(1e-3 * v);
        }
    }
    Sizes::new(&drawn, 1e-3 * from)
}

#[test]
fn the_laws_are_their_integrals() {
    // P(V)/P(Vc) at v = 1, vc = 0.3.
    let ratio = Law::Linear.tail(1.0) / Law::Linear.tail(0.3);
    assert!((ratio - 0.763_977).abs() < 1e-6, "{ratio}");
    let small = Law::Exact(1e-3);
    for v in [0.0, 0.3, 2.0, 6.0] {
        assert!((small.tail(v) / (1e-3 * Law::Linear.tail(v)) - 1.0).abs() < 1e-3, "{v}");
        // Full bias is an exponential.
        assert!((Law::Exact(1e6).tail(v) / (-v).exp() - 1.0).abs() < 1e-3);
    }
}

/// Intervals of the scale and of the bias against known truth: 300 sets of 200.
#[test]
fn intervals_of_scale_and_bias_cover() {
    for from in [0.3, 1.5] {
        let covers = |seed: u64| {
            let sizes = linear(from, 200, derive_seed(seed, &["sizes".into()]));
            let fitted = sizes.fit(Law::Linear).unwrap();
            let (lo, hi) = sizes.scale_interval(&fitted);
            lo.unwrap() <= 1e-3 && 1e-3 <= hi.unwrap()
        };
        let covered = (0..300).filter(|seed| covers(*seed)).count();
        println!("scale, from {from}: {covered} of 300");
        assert!(wilson_interval(covered, 300, 0.99).unwrap().0 < 0.97 && covered > 276, "{covered}");
    }
}

#[test]
fn the_bias_is_bounded_where_it_is_known() {
    let mut covered = [0; 2];
    for seed in 0..40 {
        for (place, bias) in [0.2, 1.5].into_iter().enumerate() {
            let (_, interval) = exact(bias, 0.05, 1500, seed).fit_exact().unwrap();
            let inside = interval[0].is_none_or(|lo| lo <= bias) && interval[1].is_none_or(|hi| bias <= hi);
            covered[place] += usize::from(inside);
        }
    }
    println!("bias 0.2 and 1.5: {covered:?} of 40");
    assert!(covered.iter().all(|covered| *covered >= 34), "{covered:?}");
}

#[test]
fn goodness_is_uniform_and_an_alien_law_is_noticed() {
    let p = |seed: u64| {
        let sizes = linear(0.5, 150, seed);
        sizes.goodness(&sizes.fit(Law::Linear).unwrap(), 99, seed)
    };
    let low = (0..100).filter(|seed| p(*seed) <= 0.1).count();
    assert!((2..=20).contains(&low), "{low}");
    // A power law.
    let mut rng = rng(1);
    let power: Vec<f64> = (0..300).map(|_| 1e-3 * (1.0 - rng.random::<f64>()).powf(-1.0)).collect();
    let sizes = Sizes::new(&power, 1e-3);
    assert!(sizes.goodness(&sizes.fit(Law::Linear).unwrap(), 199, 1) < 0.02);
}

/// Flips of independent sites from kinetic Monte Carlo: the imbalance decays with exp(-t/τ), τ = 1/(2 r cosh x).
fn held(seed: u64) -> (Vec<Held>, f64) {
    let model = TwoState { sites: 400, rate: 1.0, stress: 1.2, coupling: 0.0, smallest_volume: 1.0, spread: false };
    let flips = model.flips(1.2, seed).unwrap();
    let events = flips.iter().map(|flip| Held { time: flip.time, is_rising: flip.is_forward }).collect();
    (events, 0.5 / 1.2f64.cosh())
}

#[test]
fn the_decay_of_two_state_sites_is_found() {
    let (mut covered, mut covered_unbiased) = (0, 0);
    for seed in 0..60 {
        let (events, truth) = held(seed);
        let found = decay(&events, 1.2, 99, seed).unwrap();
        assert!(found.p < 0.05 && found.start > 0.0);
        let covers = |(lo, hi): (Option<f64>, Option<f64>), truth: f64| lo.unwrap() <= truth && truth <= hi.unwrap();
        covered += usize::from(covers(found.interval, truth));
        covered_unbiased += usize::from(covers(found.unbiased_interval, 0.5));
    }
    println!("relaxation time: {covered} of 60, without stress {covered_unbiased}");
    assert!(covered >= 53 && covered_unbiased >= 53, "{covered} {covered_unbiased}");
}

#[test]
fn signs_that_do_not_change_have_no_decay() {
    let mut claimed = 0;
    for seed in 0..100 {
        let mut rng = rng(seed);
        let events: Vec<Held> =
            (0..60).map(|_| Held { time: 30.0 * rng.random::<f64>(), is_rising: rng.random::<f64>() < 0.6 }).collect();
        claimed += u32::from(decay(&events, 30.0, 99, seed).unwrap().p <= 0.05);
    }
    println!("{claimed} of 100 decays claimed");
    assert!(claimed <= 12);
}

fn dataset(sizes: &Sizes, events: &[Held]) -> Dataset {
    let n = sizes.n() + events.len();
    let time = (0..sizes.n()).map(|k| 0.01 * k as f64).chain(events.iter().map(|event| 10.0 + event.time)).collect();
    let sign = |is_rising: bool| if is_rising { "rising" } else { "falling" }.to_owned();
    let signs = (0..sizes.n()).map(|k| sign(k % 2 == 0)).chain(events.iter().map(|event| sign(event.is_rising))).collect();
    let size = sizes.values().iter().copied().chain(events.iter().map(|_| 1e-9)).collect();
    let spikes = Table::new("spikes", "")
        .with_text("test", vec!["1".to_owned(); n])
        .with_numbers("time", "s", time)
        .with_text("class", vec!["spike".to_owned(); n])
        .with_text("sign", signs)
        .with_numbers("size", "", size);
    let segments = Table::new("segments", "")
        .with_text("test", vec!["1".to_owned(); 2])
        .with_text("segment", vec!["load".to_owned(), "hold".to_owned()])
        .with_numbers("start", "s", vec![0.0, 10.0])
        .with_numbers("end", "s", vec![10.0, 11.2]);
    let outcome = Outcome { tables: vec![spikes, segments], ..Outcome::default() };
    let upstream = Upstream {
        job: "spikes".to_owned(),
        method: "events.spikes".to_owned(),
        state: String::new(),
        item: String::new(),
        outcome: Arc::new(outcome),
    };
    let constants = Constants::default().with_quantity("temperature", "298 K").unwrap();
    let constants = constants.with_quantity("attempt_frequency", "1e13 1/s").unwrap();
    Dataset { upstream: vec![upstream], constants, ..Dataset::default() }
}

#[test]
fn the_report_has_scale_bias_time_and_energy() {
    let (events, truth) = held(3);
    let dataset = dataset(&linear(0.4, 300, 5), &events);
    let method = TransitionKinetics { xmin: Some(4e-4), draws: 99, ..TransitionKinetics::default() };
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert!((value("size_scale") / 1e-3 - 1.0).abs() < 0.15 && value("linear_law_p") > 0.02);
    assert!(outcome.estimate("stress_bias_upper").is_some());
    assert!((value("relaxation_time") / truth - 1.0).abs() < 0.5, "{}", value("relaxation_time"));
    let expected = 1.380_649e-23 * 298.0 * (2e13 * 0.5f64).ln();
    let energy = outcome.estimate("activation_energy").unwrap();
    let interval = energy.interval.unwrap();
    assert!(interval.lo < expected && expected < interval.hi, "{energy:?}");
    assert_eq!(outcome.figures.len(), 1);
}

#[test]
fn bad_input_is_refused() {
    let method = TransitionKinetics::default();
    let missing = method.check(&Dataset::default()).unwrap_err();
    assert!(missing.to_string().contains("events.spikes"), "{missing}");
    let dataset = dataset(&linear(0.4, 30, 5), &[]);
    assert!(method.check(&dataset).unwrap_err().to_string().contains("from which size on"));
    let few = TransitionKinetics { xmin: Some(3e-3), ..method.clone() };
    assert!(few.check(&dataset).unwrap_err().to_string().contains("at least 20"));
    let wrong = TransitionKinetics { xmin: Some(-1.0), ..method };
    assert!(wrong.check(&dataset).unwrap_err().to_string().contains("xmin"));
}
