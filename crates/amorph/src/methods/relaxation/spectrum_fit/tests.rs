use serde_json::json;

use super::*;
use crate::core::data::{Channel, Record, Recording, TraceQuantity};
use crate::methods::relaxation::testing::{dataset, holds, refusal, run, shared};
use crate::sim::relaxation::{Dma, DmaNoise, Process, Shape as Truth, TimeLaw};

const ID: &str = SpectrumFit::INFO.id;

fn sample(shape: Truth, strength: f64, noise: DmaNoise) -> Dma {
    let process = Process { strength, shape, time: TimeLaw::Constant(0.3) };
    Dma {
        processes: vec![process],
        temperatures: vec![470.0],
        frequencies: (0.003, 100.0),
        points: 60,
        noise,
        ..Dma::default()
    }
}

const HN: Truth = Truth::HavriliakNegami { alpha: 0.8, gamma: 0.6 };
const SENSORS: DmaNoise = DmaNoise::ModulusAndPhase { modulus: 0.005, phase: 0.002 };

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

#[test]
fn a_spectrum_is_recovered_and_its_function_found() {
    for (shape, model) in [
        (Truth::HavriliakNegami { alpha: 1.0, gamma: 1.0 }, "debye"),
        (Truth::HavriliakNegami { alpha: 0.6, gamma: 1.0 }, "cole_cole"),
        (Truth::HavriliakNegami { alpha: 1.0, gamma: 0.5 }, "cole_davidson"),
        (HN, "havriliak_negami"),
        (Truth::Kww { beta: 0.5 }, "kww"),
    ] {
        let outcome = run(ID, json!({}), &dataset(sample(shape, 0.7, SENSORS).measure(1).unwrap().record)).unwrap();
        let table = &outcome.tables[0];
        let crate::core::data::ColumnValues::Text(names) = &table.columns[0].values else { panic!() };
        assert_eq!(names[0], model);
        let key = if model == "kww" { "tau_kww" } else { "tau_hn" };
        assert!((value(&outcome, key) / 0.3).ln().abs() < 0.1, "{model}: {}", value(&outcome, key));
        assert!((value(&outcome, "modulus_unrelaxed") / 30e9 - 1.0).abs() < 0.01, "{model}");
        assert!((value(&outcome, "phase_noise") / 0.002 - 1.0).abs() < 0.4, "{model}: {}", value(&outcome, "phase_noise"));
    }
}

/// Three times that are three numbers, by the theory of the functions.
#[test]
fn the_three_times_have_their_published_ratios() {
    let quiet = DmaNoise::ModulusAndPhase { modulus: 1e-5, phase: 1e-5 };
    let outcome = |shape| run(ID, json!({}), &dataset(sample(shape, 0.7, quiet).measure(1).unwrap().record)).unwrap();
    let hn = outcome(Truth::HavriliakNegami { alpha: 0.95, gamma: 0.41 });
    assert!((value(&hn, "tau_hn") / value(&hn, "tau_peak") - 2.15406).abs() < 2e-3);
    assert!(hn.estimate("tau_mean").is_none());
    let kww = outcome(Truth::Kww { beta: 0.5 });
    assert!((value(&kww, "tau_kww") / value(&kww, "tau_peak") - 0.7371).abs() < 1e-3);
    assert!((value(&kww, "tau_mean") / value(&kww, "tau_kww") - 2.0).abs() < 2e-3);
    assert!((value(&kww, "loss_wing_high") - 0.5).abs() < 1e-3);
}

fn coverage(shape: Truth, keys: &[(&str, f64)], model: &str, noise: DmaNoise, first: u64, trials: u64) -> Vec<f64> {
    let mut hits = vec![0.0; keys.len()];
    for seed in first..first + trials {
        let outcome =
            run(ID, json!({ "model": model }), &dataset(sample(shape, 0.7, noise).measure(seed).unwrap().record)).unwrap();
        for (hit, (key, truth)) in hits.iter_mut().zip(keys) {
            *hit += f64::from(u8::from(holds(outcome.estimate(key).unwrap(), *truth)));
        }
    }
    hits.iter().map(|hit| hit / trials as f64).collect()
}

fn truths(shape: Truth) -> (&'static str, Vec<(&'static str, f64)>) {
    let common = [("modulus_unrelaxed", 30e9), ("relaxation_strength", 21e9)];
    let peak = |position: f64| ("tau_peak", 0.3 / position);
    match shape {
        Truth::HavriliakNegami { alpha, gamma } => {
            let position = crate::theory::viscoelastic_functions::havriliak_negami_loss_peak(alpha, gamma).unwrap().position;
            let own =
                [("tau_hn", 0.3), ("hn_alpha", alpha), ("hn_gamma", gamma), ("loss_wing_high", alpha * gamma), peak(position)];
            ("havriliak_negami", own.into_iter().chain(common).collect())
        }
        Truth::Kww { beta } => {
            let position = crate::theory::viscoelastic_functions::kww_loss_peak(beta).unwrap().position;
            let own = [("tau_kww", 0.3), ("beta_kww", beta), ("tau_mean", 0.3 * 2.0), peak(position)];
            ("kww", own.into_iter().chain(common).collect())
        }
        Truth::GaussianBarriers { .. } => panic!("no shape of the method"),
    }
}

#[test]
fn the_intervals_cover() {
    for shape in [HN, Truth::Kww { beta: 0.5 }] {
        let (model, keys) = truths(shape);
        // 20 trials of each number: 15 or fewer hits have a chance of 0.003.
        for (rate, (key, _)) in coverage(shape, &keys, model, SENSORS, 0, 20).iter().zip(&keys) {
            assert!(*rate >= 0.78, "{key}: {rate}");
        }
    }
}

#[test]
#[ignore = "full coverage table, minutes"]
fn the_intervals_cover_in_full() {
    for shape in [HN, Truth::Kww { beta: 0.5 }] {
        let (model, keys) = truths(shape);
        for noise in [SENSORS, DmaNoise::ModulusAndPhase { modulus: 0.02, phase: 0.01 }, DmaNoise::Relative(0.01)] {
            for (rate, (key, _)) in coverage(shape, &keys, model, noise, 1000, 500).iter().zip(&keys) {
                println!("| {model} | {noise:?} | {key} | 500 | {:.1} % |", 100.0 * rate);
                assert!((0.92..=0.98).contains(rate), "{key}");
            }
        }
    }
}

#[test]
fn units_and_order_do_not_matter() {
    let record = sample(HN, 0.7, SENSORS).measure(3).unwrap().record;
    let mut turned: Record = record.clone();
    for channel in &mut turned.tests[0].tables[0].channels {
        channel.values.reverse();
        if channel.quantity == TraceQuantity::Frequency {
            // The same frequencies as a column of rad/s.
            let angular = channel.values.iter().map(|f| std::f64::consts::TAU * f).collect();
            *channel = Channel::new(TraceQuantity::AngularFrequency, angular);
        }
    }
    let tau = |record| value(&run(ID, json!({}), &dataset(record)).unwrap(), "tau_hn");
    assert!((tau(record) / tau(turned) - 1.0).abs() < 1e-6);
}

#[test]
fn two_processes_are_noticed() {
    let mut dma = sample(Truth::HavriliakNegami { alpha: 0.9, gamma: 1.0 }, 0.4, SENSORS);
    dma.processes.push(Process { strength: 0.3, time: TimeLaw::Constant(0.005), ..dma.processes[0] });
    let outcome = run(ID, json!({}), &dataset(dma.measure(1).unwrap().record)).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "residuals_not_random"), "{:?}", outcome.notes);
}

#[test]
fn bad_input_is_refused_or_said() {
    let record = sample(HN, 0.7, SENSORS).measure(1).unwrap().record;
    assert!(refusal(ID, json!({"model": "jonscher"}), &dataset(record.clone())).contains("not causal"));
    let few = Dma { points: 7, ..sample(HN, 0.7, SENSORS) };
    assert!(refusal(ID, json!({}), &dataset(few.measure(1).unwrap().record)).contains("at least 8"));
    assert!(refusal(ID, json!({}), &dataset(Record::default())).contains("none of 0 rows"));
    let mut spoiled = record.clone();
    let channels = &mut spoiled.tests[0].tables[0].channels;
    channels[1].values[4] = -1.0;
    channels[2].values[9] = f64::NAN;
    channels[3].values[20] = 0.0;
    let outcome = run(ID, json!({}), &dataset(spoiled)).unwrap();
    for code in ["rows_impossible", "rows_missing", "no_loss"] {
        assert!(outcome.notes.iter().any(|note| note.code == code), "{code}");
    }
    let mut tangent = record;
    let table = &mut tangent.tests[0].tables[0];
    let wrong = (0..60).map(|i| 1.02 * table.channels[3].values[i] / table.channels[2].values[i]).collect();
    table.channels.push(Channel::new(TraceQuantity::TanDelta, wrong));
    let outcome = run(ID, json!({}), &dataset(tangent)).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "tangent_differs" && note.message.contains("2.0 %")));
}

/// Numbers of a text, row by row.
fn rows(name: &str) -> Option<Vec<Vec<f64>>> {
    let text = std::fs::read_to_string(shared(name)?).unwrap();
    let numbers = |line: &str| line.split([' ', '\t', ',']).filter_map(|cell| cell.trim().parse().ok()).collect::<Vec<f64>>();
    Some(text.lines().map(numbers).filter(|row| row.len() >= 3).collect())
}

fn of_columns(angular: Vec<f64>, storage: Vec<f64>, loss: Vec<f64>) -> Record {
    let channels = vec![
        Channel::new(TraceQuantity::AngularFrequency, angular),
        Channel::new(TraceQuantity::StorageModulus, storage),
        Channel::new(TraceQuantity::LossModulus, loss),
    ];
    Record::of_test("file", Recording::of_test(channels))
}

/// A dielectric constant falls with the frequency; its inverse is a modulus with the same kind of spectrum: one Debye process again,
/// of relaxation time τ over 1 + strength where a constant 1 stands beside it. Published: `golden.toml`.
#[test]
fn a_debye_process_has_its_published_time() {
    let golden: toml::Table = include_str!("golden.toml").parse().unwrap();
    let golden = |key: &str| golden["debye"][key].as_float().unwrap();
    let Some(rows) = rows("reptate_Debye.dls") else { return };
    let column = |of: &dyn Fn(f64, f64) -> f64| rows.iter().map(|row| of(row[1], row[2])).collect::<Vec<f64>>();
    let square = |re: f64, im: f64| (1.0 + re).powi(2) + im * im;
    let record = of_columns(
        rows.iter().map(|row| row[0]).collect(),
        column(&|re, im| (1.0 + re) / square(re, im)),
        column(&|re, im| im / square(re, im)),
    );
    let outcome = run(ID, json!({"model": "debye"}), &dataset(record)).unwrap();
    let strength = golden("strength");
    assert!((value(&outcome, "tau_hn") * (1.0 + strength) / golden("tau") - 1.0).abs() < 1e-3);
    assert!((value(&outcome, "modulus_unrelaxed") - 1.0).abs() < 1e-3);
    assert!((value(&outcome, "relaxation_strength") - strength / (1.0 + strength)).abs() < 1e-3);
}
