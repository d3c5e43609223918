use std::sync::Arc;

use super::*;
use crate::core::outcome::{Basis, ConstantRecord, Estimate, InputRecord, Note};
use crate::method::Upstream;

const EV: f64 = 1.602_176_634e-19;

fn upstream(method: &str, state: &str, item: &str, estimates: Vec<Estimate>) -> Upstream {
    let mut outcome = Outcome { estimates, ..Outcome::default() };
    let constant =
        |key: &str, value: &str| ConstantRecord { key: key.to_owned(), value: value.to_owned(), origin: String::new() };
    outcome.provenance.constants = vec![constant("temperature", "298 K"), constant("drive_frequency", "300 kHz")];
    outcome.provenance.inputs =
        vec![InputRecord { path: item.to_owned(), sha256: format!("{state} {item} {method}"), format: String::new() }];
    Upstream {
        job: format!("{method} {state} {item}"),
        method: method.to_owned(),
        state: state.to_owned(),
        item: item.to_owned(),
        outcome: Arc::new(outcome),
    }
}

fn length(nm: f64) -> Estimate {
    let interval = ((nm - 0.2) * 1e-9, (nm + 0.2) * 1e-9);
    Estimate::with_interval("correlation_length", "ξ", nm * 1e-9, "m", interval, Basis::Likelihood)
}

fn energy(key: &str, ev: f64, error: f64) -> Estimate {
    let interval = ((ev - 2.0 * error) * EV, (ev + 2.0 * error) * EV);
    Estimate::with_interval(key, "ε", ev * EV, "J", interval, Basis::Replicate).std_error(error * EV)
}

fn study() -> Dataset {
    let sites = ["a", "b", "c"].into_iter().zip([4.0, 4.2, 4.1]);
    let mut all: Vec<Upstream> =
        sites.map(|(item, nm)| upstream("dafm.correlation_length", "cast", item, vec![length(nm)])).collect();
    let energies = vec![energy("activation_energy_3d", 0.50, 0.02), energy("activation_energy_2d", 0.2, 0.02)];
    all.push(upstream("dafm.activation_energy", "cast", "", energies));
    Dataset { upstream: all, ..Dataset::default() }
}

fn published(text: &str) -> Arc<Card> {
    Arc::new(synthesis::parse(std::path::Path::new("card.toml"), text.to_owned()).map_err(|error| error.to_string()).unwrap())
}

const INDENTATION: &str = r#"
[card]
title = "published"
reading = "single"
attempt_frequency = "1.5e13 1/s"
dimension = 3

[[finding]]
id = "indentation"
quantity = "barrier"
value = "0.53 +- 0.03 eV"
frequency = "1 kHz"
temperature = "298 K"
technique = "cyclic_indentation"
state = "cast"
"#;

fn run(method: &CompareSynthesis, dataset: &Dataset) -> Outcome {
    method.run(&method.check(dataset).unwrap(), &Ctx::new(1)).unwrap()
}

#[test]
fn a_study_and_published_findings_meet_on_one_card() {
    let dataset = Dataset { card: Some(published(INDENTATION)), ..study() };
    let outcome = run(&CompareSynthesis::default(), &dataset);
    let barrier = outcome.estimate("barrier").unwrap();
    assert!((barrier.value / EV - 0.509).abs() < 0.005, "{}", barrier.value / EV);
    let verdicts = &outcome.table("findings").unwrap().columns[8].values;
    let crate::core::data::ColumnValues::Text(verdicts) = verdicts else { panic!("no text") };
    assert!(verdicts.iter().any(|verdict| verdict.contains("another dimension")), "{verdicts:?}");
    assert!(outcome.figures[0].panels.len() >= 2);
}

#[test]
fn without_a_reading_barriers_are_shown_and_the_key_is_named() {
    let outcome = run(&CompareSynthesis::default(), &study());
    assert!(outcome.estimate("barrier").is_none());
    let says = |note: &Note| note.message.contains("set attempt_frequency, reading");
    assert!(outcome.notes.iter().any(says), "{:?}", outcome.notes);
}

#[test]
fn every_state_has_a_card_and_states_meet_on_purpose() {
    let mut dataset = study();
    dataset.upstream.push(upstream("dafm.correlation_length", "pressed", "d", vec![length(9.3)]));
    let outcome = run(&CompareSynthesis::default(), &dataset);
    assert!(outcome.table("findings_1").is_some() && outcome.table("findings_2").is_some());
    let across = CompareSynthesis { across: vec![Across::State], ..CompareSynthesis::default() };
    assert!(run(&across, &dataset).table("findings").is_some());
    let one = CompareSynthesis { state: Some("pressed".to_owned()), ..CompareSynthesis::default() };
    assert_eq!(run(&one, &dataset).table("findings").unwrap().n_rows(), 1);
}

#[test]
fn nothing_to_compare_is_refused_with_what_to_do() {
    let error = CompareSynthesis::default().check(&Dataset::default()).unwrap_err();
    assert!(error.hint().contains("dafm.correlation_length"), "{}", error.hint());
}
