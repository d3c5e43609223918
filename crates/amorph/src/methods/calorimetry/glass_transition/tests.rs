use serde_json::json;

use super::*;
use crate::core::data::{Channel, Record, Recording, TraceQuantity};
use crate::core::outcome::Outcome;
use crate::methods::calorimetry::testing::{dataset, holds, refusal, run, value};
use crate::sim::calorimetry::{Crystallisation, Dsc, HeatSign, Program, Relaxing};

const ID: &str = GlassTransition::INFO.id;

fn quiet() -> Dsc {
    Dsc { noise: 0.05, ..Dsc::default() }
}

/// The fictive temperature that was frozen in, by another program; the limit of no step.
#[test]
fn the_fictive_temperature_is_that_of_the_textbook_sum() {
    let golden: toml::Table = include_str!("golden.toml").parse().unwrap();
    let of = |key: &str| golden["frozen_fictive_temperature"][key].as_float().unwrap();
    let limit = 2.0 * of("step_half") - of("step_1");
    let outcome = run(ID, json!({}), &dataset(vec![quiet().measure(3).unwrap().record], "endo_up")).unwrap();
    // Sought lines leave half a kelvin.
    assert!((value(&outcome, "glass_transition_fictive") - limit).abs() < 0.5);
}

#[test]
fn the_transition_of_a_virtual_glass_is_found() {
    let dsc = quiet();
    let test = dsc.measure(3).unwrap();
    let outcome = run(ID, json!({}), &dataset(vec![test.record.clone()], "endo_up")).unwrap();
    assert!((value(&outcome, "glass_transition_fictive") - test.fictive[0]).abs() < 0.5);
    let step = dsc.liquid_at(test.fictive[0]) - dsc.glass_at(test.fictive[0]);
    assert!((value(&outcome, "specific_heat_step") / step - 1.0).abs() < 0.02);
    assert!((value(&outcome, "glass_transition_onset") - 620.65).abs() < 0.6);
    assert!((value(&outcome, "glass_transition_half") - 629.8).abs() < 0.3);
    let top = test.heat_capacity.iter().zip(&test.temperature).map(|(c, t)| c - dsc.liquid_at(*t)).fold(0.0, f64::max);
    assert!((value(&outcome, "overshoot_height") / top - 1.0).abs() < 0.08);
    assert!((value(&outcome, "scan_rate") * 60.0 - 20.0).abs() < 0.01);
}

/// Share of intervals that hold the truth, with stated lines: half step, fictive temperature, step.
fn coverage(dsc: &Dsc, first: u64, trials: u64) -> [f64; 3] {
    let silent =
        Dsc { noise: 0.0, flicker: 0.0, baseline: [0.0; 3], interval: 0.1 * dsc.interval, ..dsc.clone() }.measure(1).unwrap();
    let share = |i: usize| {
        let t = silent.temperature[i];
        (silent.heat_capacity[i] - dsc.glass_at(t)) / (dsc.liquid_at(t) - dsc.glass_at(t))
    };
    let half = (0..silent.temperature.len()).find(|i| share(*i) > 0.5).map(|i| silent.temperature[i]).unwrap();
    let fictive = silent.fictive[0];
    let truth = [half, fictive, dsc.liquid_at(fictive) - dsc.glass_at(fictive)];
    let keys = ["glass_transition_half", "glass_transition_fictive", "specific_heat_step"];
    let lines = json!({"glass_from": 485.0, "glass_to": 555.0, "liquid_from": 677.0, "liquid_to": 699.0});
    let mut hits = [0.0; 3];
    for seed in first..first + trials {
        let outcome = run(ID, lines.clone(), &dataset(vec![dsc.measure(seed).unwrap().record], "endo_up")).unwrap();
        for k in 0..3 {
            hits[k] += f64::from(u8::from(holds(outcome.estimate(keys[k]).unwrap(), truth[k]))) / trials as f64;
        }
    }
    hits
}

#[test]
fn the_intervals_cover_with_stated_lines() {
    // 8 trials at 95 %: fewer than 6 has a probability of 6e-3.
    let rates = coverage(&Dsc { noise: 0.5, flicker: 0.3, ..Dsc::default() }, 0, 8);
    assert!(rates.iter().all(|rate| *rate >= 0.6), "{rates:?}");
}

#[test]
#[ignore = "full coverage table, minutes"]
fn the_intervals_cover_in_full() {
    let rate = 20.0 / 60.0;
    let annealed = Program::annealed(700.0, 480.0, [rate, rate], 590.0, 3600.0);
    for (noise, flicker, program) in [(0.3, 0.0, None), (1.5, 0.0, None), (0.2, 0.6, None), (0.5, 0.0, Some(annealed))] {
        let program = program.unwrap_or_else(|| Dsc::default().program);
        let rates = coverage(&Dsc { noise, flicker, program, ..Dsc::default() }, 1000, 500);
        println!("| white {noise}, 1/f {flicker} W/kg | 500 | {rates:?} |");
        assert!(rates.iter().all(|rate| (0.92..=0.98).contains(rate)), "{rates:?}");
    }
}

#[test]
fn sign_unit_and_mass_of_the_file_do_not_matter() {
    let plain = quiet().measure(4).unwrap().record;
    let turned = Dsc { sign: HeatSign::ExoUp, per_mass: false, ..quiet() }.measure(4).unwrap().record;
    let first = run(ID, json!({}), &dataset(vec![plain], "endo_up")).unwrap();
    let mut other = dataset(vec![turned], "exo_up");
    other.constants = other.constants.with_quantity("sample_mass", "20 mg").unwrap();
    let second = run(ID, json!({}), &other).unwrap();
    for key in ["glass_transition_onset", "glass_transition_fictive", "specific_heat_step"] {
        assert!((value(&first, key) / value(&second, key) - 1.0).abs() < 1e-9, "{key}");
    }
}

#[test]
fn a_straight_baseline_changes_nothing() {
    let dsc = quiet();
    let steep = Dsc { baseline: [-40.0, 0.3, 0.0], ..dsc.clone() };
    let of = |dsc: &Dsc| run(ID, json!({}), &dataset(vec![dsc.measure(5).unwrap().record], "endo_up")).unwrap();
    let (a, b) = (of(&dsc), of(&steep));
    for key in ["glass_transition_half", "glass_transition_fictive"] {
        assert!((value(&a, key) - value(&b, key)).abs() < 0.05, "{key}");
    }
}

#[test]
fn a_scan_that_crystallises_is_used_up_to_that() {
    let reaction = Crystallisation { prefactor: 2e17, energy: 300e3, enthalpy: 60e3 };
    let dsc = Dsc { crystallisation: Some(reaction), program: Program::cycle(880.0, 480.0, 1.0 / 3.0, 1.0 / 3.0), ..quiet() };
    let test = dsc.measure(6).unwrap();
    let lines = json!({"glass_from": 485.0, "glass_to": 555.0, "liquid_from": 677.0, "liquid_to": 699.0});
    let outcome = run(ID, lines, &dataset(vec![test.record], "endo_up")).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "crystallisation"), "{:?}", outcome.notes);
    let found = value(&outcome, "glass_transition_fictive");
    assert!((found - test.fictive[0]).abs() < 1.0, "{found} {}", test.fictive[0]);
}

#[test]
fn of_several_scans_the_one_asked_for_is_used() {
    let rate = 1.0 / 3.0;
    let mut program = Program::annealed(700.0, 480.0, [rate, rate], 590.0, 7200.0);
    program.stages.extend(Program::cycle(700.0, 480.0, rate, rate).stages);
    let test = Dsc { program, ..quiet() }.measure(7).unwrap();
    let data = dataset(vec![test.record], "endo_up");
    let of = |parameters| value(&run(ID, parameters, &data).unwrap(), "glass_transition_fictive");
    let (first, last) = (of(json!({"scan": 1, "liquid_from": 678.0, "liquid_to": 699.0})), of(json!({})));
    assert!(last - first > 6.0, "{first} {last}");
    assert!(refusal(ID, json!({"scan": 3}), &data).contains("the files hold 2"));
}

fn edited(edit: impl Fn(&mut Vec<Channel>)) -> Record {
    let mut channels = quiet().measure(1).unwrap().record.tests[0].tables[0].channels.clone();
    edit(&mut channels);
    Record::of_test("dsc", Recording::of_test(channels))
}

#[test]
fn bad_input_is_refused() {
    let record = quiet().measure(1).unwrap().record;
    let mut nobody = dataset(vec![record.clone()], "endo_up");
    nobody.constants = crate::method::Constants::default();
    assert!(refusal(ID, json!({}), &nobody).contains("heat_flow_sign"));
    let lines = json!({"glass_from": 485.0, "glass_to": 555.0, "liquid_from": 677.0, "liquid_to": 699.0});
    let turned = dataset(vec![record.clone()], "exo_up");
    for parameters in [lines, json!({})] {
        let message = refusal(ID, parameters, &turned);
        assert!(message.contains("heat_flow_sign"), "{message}");
    }
    let per_minute = dataset(vec![record.clone()], "endo_up");
    let mut stated = per_minute.clone();
    stated.constants = stated.constants.with_quantity("heating_rate", "20 K/s").unwrap();
    assert!(refusal(ID, json!({}), &stated).contains("per minute"));
    assert!(refusal(ID, json!({"glass_from": 500.0}), &per_minute).contains("glass_to"));
    let watts = edited(|channels| channels[2] = Channel::new(TraceQuantity::HeatFlow, channels[2].values.clone()));
    assert!(refusal(ID, json!({}), &dataset(vec![watts], "endo_up")).contains("sample_mass"));
    let timeless = edited(|channels| drop(channels.remove(0)));
    assert!(refusal(ID, json!({}), &dataset(vec![timeless], "endo_up")).contains("heating_rate"));
    let unnamed = edited(|channels| channels[2].quantity = TraceQuantity::Other);
    assert!(refusal(ID, json!({}), &dataset(vec![unnamed], "endo_up")).contains("specific_heat_flow"));
    let flat = edited(|channels| {
        channels[2].values.iter_mut().enumerate().for_each(|(i, v)| *v = 100.0 + 0.1 * (i as f64 * 7.3).sin())
    });
    let message = refusal(ID, json!({}), &dataset(vec![flat], "endo_up"));
    assert!(message.contains("step"), "{message}");
    let empty = edited(|channels| channels.iter_mut().for_each(|channel| channel.values.clear()));
    assert!(refusal(ID, json!({}), &dataset(vec![empty], "endo_up")).contains("no ramp"));
    let missing = edited(|channels| channels[2].values.iter_mut().for_each(|value| *value = f64::NAN));
    assert!(refusal(ID, json!({}), &dataset(vec![missing], "endo_up")).contains("no ramp"));
}

/// A signal that the instrument cuts off is left out, and refused where the transition is.
#[test]
fn a_signal_that_is_cut_off_is_named() {
    let cut = |first: usize| {
        edited(|channels| {
            let top = channels[2].values.iter().copied().fold(f64::NEG_INFINITY, f64::max) + 1.0;
            channels[2].values[first..first + 12].iter_mut().for_each(|value| *value = top);
        })
    };
    let outcome = run(ID, json!({}), &dataset(vec![cut(0)], "endo_up")).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "cut_off"), "{:?}", outcome.notes);
    let clean = run(ID, json!({}), &dataset(vec![edited(|_| ())], "endo_up")).unwrap();
    assert!(!clean.notes.iter().any(|note| note.code == "cut_off"));
    let temperature = edited(|_| ()).tests[0].measurement().unwrap().values(TraceQuantity::Temperature).unwrap().to_vec();
    let above = temperature.iter().position(|t| *t > value(&clean, "glass_transition_half") + 12.0).unwrap();
    let message = refusal(ID, json!({}), &dataset(vec![cut(above)], "endo_up"));
    assert!(message.contains("cut off") && message.contains("smaller sample"), "{message}");
}

#[test]
fn spikes_are_left_out_and_named() {
    let spiked = edited(|channels| channels[2].values[100] += 500.0);
    let outcome = run(ID, json!({}), &dataset(vec![spiked], "endo_up")).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "spikes"));
    assert!((value(&outcome, "glass_transition_fictive") - 624.57).abs() < 0.5);
}

/// Two processes with equal steps, the second one at a higher temperature by about `apart` (K).
fn double(apart: f64) -> Dsc {
    let first = Dsc::default().relaxing[0];
    let mut tnm = first.tnm;
    tnm.enthalpy *= 1.0 + apart / 650.0;
    let relaxing = vec![Relaxing { step: [90.0, -0.1], ..first }, Relaxing { tnm, step: [90.0, -0.1] }];
    Dsc { relaxing, program: Program::cycle(720.0, 480.0, 1.0 / 3.0, 1.0 / 3.0), ..Dsc::default() }
}

fn called_double(outcome: &Outcome) -> bool {
    outcome.notes.iter().any(|note| note.code == "two_steps")
}

#[test]
fn two_steps_are_told_from_one() {
    let of = |dsc: &Dsc, seed: u64| run(ID, json!({}), &dataset(vec![dsc.measure(seed).unwrap().record], "endo_up")).unwrap();
    // Alone their middles lie at 629.7 and 653.8 K, and at 591.3 and 629.7 K.
    for (apart, [first, second]) in [(25.0, [629.7, 653.8]), (-40.0, [591.3, 629.7])] {
        for seed in 0..3 {
            let outcome = of(&double(apart), seed);
            assert!(called_double(&outcome), "{apart} K");
            assert!((value(&outcome, "glass_transition_first") - first).abs() < 9.0);
            assert!((value(&outcome, "glass_transition_second") - second).abs() < 9.0);
            assert!(value(&outcome, "second_step_bic_gain") > 0.0);
        }
    }
    let rate = 1.0 / 3.0;
    let annealed = Program::annealed(720.0, 480.0, [rate, rate], 590.0, 3600.0);
    for (noise, program) in [(0.3, annealed.clone()), (0.05, annealed), (1.0, double(0.0).program)] {
        let one = Dsc { noise, program, ..Dsc::default() };
        assert!((0..3).all(|seed| !called_double(&of(&one, seed))), "{noise}");
    }
    // Ten kelvin apart they leave one maximum.
    assert!(!called_double(&of(&double(10.0), 1)));
    assert!(
        refusal(ID, json!({"significance": 0.6}), &dataset(vec![double(0.0).measure(1).unwrap().record], "endo_up"))
            .contains("significance")
    );
}

#[test]
fn slopes_of_a_known_curve_rise_where_they_should() {
    use super::steps::{Slope, chance, second};
    let x: Vec<f64> = (0..400).map(|i| 500.0 + 0.5 * f64::from(i)).collect();
    let slope = Slope::of(&x, 3.0, (503.0, 696.0));
    let step = |t: f64, at: f64| 1.0 / (1.0 + (-(t - at) / 4.0).exp());
    let two: Vec<f64> = x.iter().map(|t| step(*t, 580.0) + 0.6 * step(*t, 630.0)).collect();
    let found = second(&slope.along(&two), 0.0).unwrap();
    assert!((found.main - 580.0).abs() < 1.0 && (found.other - 630.0).abs() < 1.0);
    // The slope of a logistic step of width w is 1/(4 w); smoothing takes a tenth off at most.
    assert!((found.rise / (0.6 / 16.0) - 1.0).abs() < 0.1);
    let one: Vec<f64> = x.iter().map(|t| step(*t, 600.0)).collect();
    let found = second(&slope.along(&one), 0.0).unwrap();
    assert!(found.rise < 1e-6);
    // A line has one slope.
    let line: Vec<f64> = x.iter().map(|t| 0.3 * t).collect();
    assert!(chance(&slope.along(&line)) < 1e-9);
}
