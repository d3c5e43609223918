use std::sync::Arc;

use super::algorithm::{Times, slope, together};
use super::*;
use crate::core::data::{Record, TraceQuantity};
use crate::core::random::standard_normals;
use crate::method::{Constants, Upstream};
use crate::methods::events::pop_ins::PopIns;
use crate::methods::events::spikes::Spikes;
use crate::sim::pillar::{EventLaw, LoadFunction, Pillar, TraceNoise};

fn upstream(method: &str, outcome: Outcome) -> Upstream {
    Upstream {
        job: method.to_owned(),
        method: method.to_owned(),
        state: String::new(),
        item: String::new(),
        outcome: Arc::new(outcome),
    }
}

/// A pillar whose pop-ins each dip the current in proportion to their depth, or not at all.
fn pressed(per_depth: f64) -> Result<Outcome, MethodError> {
    let law = EventLaw { pop_in_rate: 1.0, pop_in_depth: 15e-9, rates: [[1.0; 2]; 3], ..EventLaw::default() };
    let noise = TraceNoise { depth: 0.2e-9, ..TraceNoise::default() };
    let load = LoadFunction { segment: 20.0, ..LoadFunction::default() };
    let test = Pillar::default().press(&load, &noise, &law, 7).unwrap();
    let mut recording = test.recording.clone();
    let current = recording.channels.iter_mut().find(|channel| channel.quantity == TraceQuantity::Current).unwrap();
    for pop_in in &test.pop_ins {
        for value in &mut current.values[pop_in.index..pop_in.index + 3] {
            *value *= (-per_depth * pop_in.depth).exp();
        }
    }
    let constants = Constants::default().with_quantity("pillar_height", "5 um").unwrap();
    let mut dataset = Dataset::of_record(Record::of_test("pillar", recording), constants);
    let (spikes, pop_ins) = (Spikes { injections: 0, ..Spikes::default() }, PopIns::default());
    let spikes = spikes.run(&spikes.check(&dataset)?, &Ctx::new(1))?;
    let pop_ins = pop_ins.run(&pop_ins.check(&dataset)?, &Ctx::new(1))?;
    dataset.upstream = vec![upstream("events.spikes", spikes), upstream("events.pop_ins", pop_ins)];
    let method = Coincidence { shifts: 499, ..Coincidence::default() };
    method.run(&method.check(&dataset)?, &Ctx::new(2))
}

#[test]
fn pop_ins_with_a_spike_are_told_from_chance() {
    let outcome = pressed(4e5).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    println!("{:?}", outcome.estimates);
    assert!(value("coincident_share") > 0.7 && value("expected_by_chance") < 0.1 * value("coincident_count"));
    assert!(value("coincidence_p") < 0.01 && value("rank_correlation") > 0.6 && value("rank_correlation_p") < 0.01);
    assert!((value("change_per_strain") / (4e5 * 5e-6) - 1.0).abs() < 0.3, "{}", value("change_per_strain"));
    let roles = crate::methods::events::found::texts(outcome.table("spikes").unwrap(), "role");
    let primary = roles.iter().filter(|role| *role == "primary").count();
    assert!(primary as f64 >= 0.8 * value("coincident_count") && primary < roles.len());
    assert_eq!(outcome.figures.len(), 1);
}

#[test]
fn the_probability_of_chance_is_uniform() {
    let mut low = 0;
    for seed in 0..300u64 {
        let mut rng = crate::core::random::rng(seed);
        let mut draw = |n: usize| (0..n).map(|_| 30.0 * rand::RngExt::random::<f64>(&mut rng)).collect::<Vec<f64>>();
        let (spikes, pop_ins) = (draw(150), draw(20));
        let pop_ins = pop_ins.into_iter().map(|time| [time, time + 0.02]).collect();
        let times = Times { spikes, pop_ins, window: [0.0, 30.02], tolerance: 0.01 };
        low += u32::from(together(&[times], 199, seed).p <= 0.1);
    }
    // Ties make the test conservative; 30 are allowed, and three standard errors.
    assert!((10..=46).contains(&low), "{low}");
}

#[test]
fn a_slope_with_errors_of_both_is_not_flattened() {
    let noise = standard_normals(5, 900);
    let truth: Vec<f64> = (0..300).map(|k| f64::from(k) / 100.0).collect();
    let x: Vec<f64> = truth.iter().zip(&noise).map(|(x, noise)| x + 0.5 * noise).collect();
    let y: Vec<f64> = truth.iter().zip(&noise[300..]).map(|(x, noise)| 2.0 * x + 1.0 + 0.3 * noise).collect();
    let found = slope(&x, &y, &vec![0.5; 300], &vec![0.3; 300]).unwrap();
    // Least squares alone would give 1.5.
    assert!((found - 2.0).abs() < 0.15, "{found}");
}

#[test]
fn a_missing_result_is_named() {
    let error = Coincidence::default().check(&Dataset::default()).unwrap_err();
    assert!(error.to_string().contains("events.spikes") && error.hint().contains("among the methods"), "{error}");
}
