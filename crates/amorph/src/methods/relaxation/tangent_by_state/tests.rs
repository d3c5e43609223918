use std::sync::Arc;

use serde_json::json;

use super::algorithm::{Curve, difference};
use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset, Upstream};
use crate::methods::relaxation::testing::{holds, refusal, run};
use crate::sim::relaxation::{Dma, Process};

const ID: &str = "relaxation.tangent_by_state";

/// A ribbon at one frequency whose slow beta process has a strength.
fn ribbon(strength: f64, shift: f64) -> Dma {
    let base = Dma::ribbon();
    let [alpha, slow] = [base.processes[0], base.processes[1]];
    Dma {
        points: 1,
        frequencies: (1.0, 2.0),
        temperatures: (0..=100).map(|i| 250.0 + shift + 2.0 * f64::from(i)).collect(),
        processes: vec![Process { strength: 1.0 - strength, ..alpha }, Process { strength, ..slow }],
        ..base
    }
}

fn tangent(dma: &Dma, temperature: f64) -> f64 {
    let (storage, loss) = dma.modulus(2.0 * std::f64::consts::PI, temperature);
    loss / storage
}

/// Difference of the integrals from 270 to 400 K, by the midpoint rule.
fn area(a: &Dma, b: &Dma) -> f64 {
    (0..1300).map(|i| 270.05 + 0.1 * f64::from(i)).map(|t| 0.1 * (tangent(b, t) - tangent(a, t))).sum()
}

fn study(specimens: &[(&str, Dma, u64)]) -> Dataset {
    let of = |(index, (state, dma, seed)): (usize, &(&str, Dma, u64))| {
        let item = Dataset::of_record(dma.measure(*seed).unwrap().record, Constants::default());
        Upstream {
            job: String::new(),
            method: "relaxation.loss_tangent".to_owned(),
            state: (*state).to_owned(),
            item: format!("{index}"),
            outcome: Arc::new(run("relaxation.loss_tangent", json!({}), &item).unwrap()),
        }
    };
    Dataset { upstream: specimens.iter().enumerate().map(of).collect(), ..Dataset::default() }
}

fn compared(specimens: &[(&str, Dma, u64)]) -> Outcome {
    run(ID, json!({"from": "270 K", "to": "400 K"}), &study(specimens)).unwrap()
}

#[test]
fn a_weaker_process_is_seen() {
    let (cast, aged) = (ribbon(0.06, 0.0), ribbon(0.04, 0.7));
    let truth = area(&cast, &aged);
    let outcome = compared(&[("cast", cast, 1), ("aged", aged, 2)]);
    let found = outcome.estimate("tangent_area_change@aged-cast").unwrap();
    // Five standard errors: one failure in a million.
    assert!((found.value - truth).abs() < 5.0 * found.std_error.unwrap(), "{truth} {found:?}");
    // The difference is twelve standard errors.
    assert!(outcome.estimate("tangent_area_p@aged-cast").unwrap().value < 1e-6);
    assert!(outcome.estimate("tangent_area_ratio@aged-cast").unwrap().value < 1.0);
    assert!(outcome.notes.iter().any(|note| note.code == "one_specimen"));
    assert_eq!(outcome.figures.len(), 1);
}

#[test]
fn the_interval_of_the_area_covers() {
    let (cast, aged) = (ribbon(0.06, 0.0), ribbon(0.04, 0.7));
    let truth = area(&cast, &aged);
    let hit = |seed: &u64| {
        let outcome = compared(&[("cast", cast.clone(), 1000 + seed), ("aged", aged.clone(), 5000 + seed)]);
        holds(outcome.estimate("tangent_area_change@aged-cast").unwrap(), truth)
    };
    // 100 trials at 95 %: fewer than 86 are one in ten thousand.
    let hits = (0..100).filter(hit).count();
    assert!(hits >= 86, "{hits} of 100");
}

#[test]
fn equal_states_are_not_told_apart() {
    // 60 trials at 5 %: more than 11 are one in ten thousand.
    let low = (0..60u64).filter(|seed| {
        let outcome = compared(&[("a", ribbon(0.06, 0.0), 100 + seed), ("b", ribbon(0.06, 0.0), 700 + seed)]);
        outcome.estimate("tangent_area_p@b-a").unwrap().value < 0.05
    });
    assert!(low.count() <= 11);
}

#[test]
fn specimens_bring_their_scatter() {
    let specimens: Vec<(&str, Dma, u64)> = [0.055, 0.06, 0.065]
        .into_iter()
        .map(|strength| ("cast", ribbon(strength, 0.0)))
        .chain([0.036, 0.04, 0.044].into_iter().map(|strength| ("aged", ribbon(strength, 0.0))))
        .zip(1u64..)
        .map(|((state, dma), seed)| (state, dma, seed))
        .collect();
    let outcome = compared(&specimens);
    assert!(outcome.notes.iter().all(|note| note.code != "one_specimen"));
    let of_one = compared(&[("cast", ribbon(0.06, 0.0), 1), ("aged", ribbon(0.04, 0.0), 2)]);
    let error = |outcome: &Outcome| outcome.estimate("tangent_area_change@aged-cast").unwrap().std_error.unwrap();
    assert!(error(&outcome) > error(&of_one));
}

/// By hand: a straight line, and a parabola.
#[test]
fn areas_and_heights_are_exact() {
    let temperatures: Vec<f64> = (0..41).map(f64::from).collect();
    let errors = vec![0.1; 41];
    let line = Curve { values: temperatures.iter().map(|t| 1.0 + t).collect(), temperatures, errors };
    let (area, error) = line.area(2.5, 10.5).unwrap();
    assert!((area - 60.0).abs() < 1e-12 && (error - 0.071_875f64.sqrt()).abs() < 1e-12, "{area} {error}");
    assert!(line.height(0.0, 40.0).is_none() && line.at(41.0).is_none());
    let top = Curve { values: line.temperatures.iter().map(|t| 5.0 - 0.01 * (t - 20.3).powi(2)).collect(), ..line };
    let ((height, _), place) = top.height(0.0, 40.0).unwrap();
    assert!((height - 5.0).abs() < 1e-9 && (place - 20.3).abs() < 1e-6, "{height} {place}");
    let found = difference(&[(3.0, 0.3)], &[(2.0, 0.4)]).unwrap();
    assert!((found.error - 0.5).abs() < 1e-12 && (found.p - 0.0455).abs() < 1e-4, "{found:?}");
}

#[test]
fn bad_input_is_refused() {
    let one = study(&[("cast", ribbon(0.06, 0.0), 1)]);
    assert!(refusal(ID, json!({}), &one).contains("states with loss tangents"));
    let two = study(&[("cast", ribbon(0.06, 0.0), 1), ("aged", ribbon(0.04, 0.0), 2)]);
    assert!(refusal(ID, json!({"reference": "rolled"}), &two).contains("rolled"));
    assert!(refusal(ID, json!({"from": "300 K", "to": "302 K"}), &two).contains("range of temperatures"));
    let other = Dma { frequencies: (3.0, 4.0), ..ribbon(0.04, 0.0) };
    let apart = study(&[("cast", ribbon(0.06, 0.0), 1), ("aged", other, 2)]);
    assert!(refusal(ID, json!({}), &apart).contains("no frequency"));
}

#[test]
#[ignore = "full coverage table"]
fn the_interval_of_the_area_covers_in_full() {
    for shift in [0.0, 0.7, 1.3] {
        let (cast, aged) = (ribbon(0.06, 0.0), ribbon(0.04, shift));
        let truth = area(&cast, &aged);
        let hits = (0..400u64).filter(|seed| {
            let outcome = compared(&[("cast", cast.clone(), 1000 + seed), ("aged", aged.clone(), 5000 + seed)]);
            holds(outcome.estimate("tangent_area_change@aged-cast").unwrap(), truth)
        });
        let hits = hits.count();
        println!("| shift {shift} | {hits} of 400 |");
        assert!(hits > 368);
    }
}
