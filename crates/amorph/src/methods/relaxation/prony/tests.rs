use serde_json::json;

use super::*;
use crate::core::data::TraceQuantity;
use crate::io::{ColumnMapping, ColumnPlace, TraceOptions};
use crate::methods::relaxation::testing::{dataset, opened, refusal, run, shared};
use crate::sim::relaxation::{Dma, IsothermsOverTime, ResponseOverTime, TimeLaw};

const ID: &str = Prony::INFO.id;

/// 1 to 1e6 s around a relaxation time of 3000 s.
fn sample(exponent: f64, noise: f64) -> IsothermsOverTime {
    IsothermsOverTime {
        response: ResponseOverTime::Relaxation { at_rest: 1e8, relaxing: 1e9 },
        exponent,
        time: TimeLaw::Constant(3000.0),
        temperatures: vec![450.0],
        times: (1.0, 1e6),
        points: 61,
        noise,
        ..IsothermsOverTime::default()
    }
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

#[test]
fn one_exponential_is_found() {
    let outcome = run(ID, json!({}), &dataset(sample(1.0, 0.002).measure(1).unwrap())).unwrap();
    assert!((value(&outcome, "modulus_unrelaxed") / 1.1e9 - 1.0).abs() < 0.005);
    assert!((value(&outcome, "modulus_relaxed") / 1e8 - 1.0).abs() < 0.01);
    assert!(value(&outcome, "n_terms") <= 6.0, "{}", value(&outcome, "n_terms"));
    let numbers = |name: &str| outcome.tables[0].numbers(name).unwrap().1.to_vec();
    let (times, strengths) = (numbers("relaxation_time"), numbers("strength"));
    assert!(strengths.iter().all(|strength| *strength > 0.0));
    let mean = times.iter().zip(&strengths).map(|(t, m)| t.ln() * m).sum::<f64>() / strengths.iter().sum::<f64>();
    assert!((mean - 3000f64.ln()).abs() < 0.1, "{}", mean.exp());
}

/// The error does not know that times are chosen, so that it is no interval; 4.5 of them hold the truth in 40 of 40.
#[test]
fn the_modulus_at_the_first_reading_is_within_its_errors() {
    let sample = sample(0.5, 0.005);
    let truth = sample.value(1.0, 450.0);
    for seed in 0..40 {
        let outcome = run(ID, json!({}), &dataset(sample.measure(seed).unwrap())).unwrap();
        let first = outcome.estimate("modulus_first").unwrap();
        let error = first.std_error.unwrap();
        assert!(first.interval.is_none() && error < 0.01 * truth, "{error}");
        assert!((first.value - truth).abs() < 4.5 * error, "{} {truth} {error}", first.value);
        assert!(outcome.estimate("modulus_unrelaxed").unwrap().interval.is_none());
    }
}

#[test]
fn the_unit_of_the_modulus_does_not_matter() {
    let record = sample(0.5, 0.005).measure(2).unwrap();
    let mut scaled = record.clone();
    scaled.tests[0].tables[0].channels[2].values.iter_mut().for_each(|value| *value *= 1e-3);
    let of = |record| value(&run(ID, json!({}), &dataset(record)).unwrap(), "modulus_unrelaxed");
    assert!((of(record) / of(scaled) / 1e3 - 1.0).abs() < 1e-9);
}

#[test]
fn bad_input_is_refused() {
    let record = sample(0.5, 0.01).measure(1).unwrap();
    assert!(refusal(ID, json!({"terms_per_decade": 20.0}), &dataset(record.clone())).contains("within 0.2 and 6"));
    assert!(refusal(ID, json!({"temperature": 300.0}), &dataset(record.clone())).contains("no isotherm at 300"));
    let few = IsothermsOverTime { points: 11, ..sample(0.5, 0.01) };
    assert!(refusal(ID, json!({}), &dataset(few.measure(1).unwrap())).contains("at least 12"));
    assert!(refusal(ID, json!({}), &dataset(Dma::default().measure(1).unwrap().record)).contains("relaxation modulus"));
    let bare = Dataset::of_record(record, crate::method::Constants::default());
    assert!(run(ID, json!({}), &bare).unwrap_err().to_string().contains("modulus_kind"));
}

/// Shipped with pyvisco: a master curve of 481 points and the series of 31 terms that ANSYS made of it.
#[test]
fn the_series_is_closer_than_that_of_ansys() {
    let (Some(path), Some(terms)) = (shared("pyvisco_time_master.csv"), shared("pyvisco_time_master_prony_ANSYS.csv")) else {
        return;
    };
    let by_name = |quantity, name: &str| ColumnMapping {
        quantity,
        column: ColumnPlace::Name(name.to_owned()),
        unit: None,
        scale: 1.0,
        offset: 0.0,
    };
    // The file tells both columns and their units; saying so changes nothing.
    let stated = vec![by_name(TraceQuantity::Time, "t"), by_name(TraceQuantity::RelaxationModulus, "E_relax")];
    for columns in [Vec::new(), stated] {
        let data = opened(std::slice::from_ref(&path), &TraceOptions { columns, ..TraceOptions::default() });
        let outcome = run(ID, json!({}), &data).unwrap();
        let residual = value(&outcome, "relative_residual");
        assert!(residual < 0.0015, "{residual}");
        let (at_once, first) = (value(&outcome, "modulus_unrelaxed"), value(&outcome, "modulus_first"));
        assert!((1.714e9..1.76e9).contains(&at_once), "{at_once}");
        assert!((first / 1_714.266e6 - 1.0).abs() < 0.002, "{first}");
        let strengths = outcome.tables[0].numbers("strength").unwrap().1.to_vec();
        assert!(strengths.iter().all(|strength| *strength > 0.0));
        // As many terms as ANSYS has.
        let as_many = run(ID, json!({"terms_per_decade": 1.0}), &data).unwrap();
        assert!(value(&as_many, "n_terms") <= 31.0);
        let numbers = |line: &str| {
            let (share, time) = line.split_once(',')?;
            Some((share.trim().parse::<f64>().ok()?, time.trim().parse::<f64>().ok()?))
        };
        let text = std::fs::read_to_string(&terms).unwrap();
        let ansys: Vec<(f64, f64)> = text.lines().filter_map(numbers).collect();
        let rest = 1.0 - ansys.iter().map(|(share, _)| share).sum::<f64>();
        let table = std::fs::read_to_string(&path).unwrap();
        let squares: Vec<f64> = table
            .lines()
            .filter_map(numbers)
            .map(|(t, modulus)| {
                1739.03 * (rest + ansys.iter().map(|(s, tau)| s * (-t / tau).exp()).sum::<f64>()) / modulus - 1.0
            })
            .map(|residual| residual * residual)
            .collect();
        let theirs = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
        println!(
            "relative residual {residual:.5}, with ANSYS' number of terms {:.5}, ANSYS {theirs:.5}",
            value(&as_many, "relative_residual")
        );
        assert_eq!((ansys.len(), squares.len()), (31, 481));
        assert!(value(&as_many, "relative_residual") < theirs && theirs < 0.0026);
    }
}
