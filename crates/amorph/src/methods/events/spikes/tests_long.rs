//! Records that are searched part by part.

use std::ops::Range;
use std::sync::Arc;

use super::*;
use crate::core::data::{Data, DataError, LongRecord, Record, Recording, RowSource, TraceQuantity};
use crate::method::Constants;
use crate::sim::pillar::{EventLaw, LoadFunction, Pillar, TraceNoise};

#[derive(Debug)]
struct Held(Recording);

impl RowSource for Held {
    fn read(&self, rows: Range<usize>) -> Result<Recording, DataError> {
        let mut part = self.0.clone();
        part.segments.clear();
        part.channels.iter_mut().for_each(|channel| channel.values = channel.values[rows.clone()].to_vec());
        Ok(part)
    }
}

fn constants() -> Constants {
    Constants::default().with_quantity("top_diameter", "2.074 um").unwrap()
}

fn run(dataset: &Dataset) -> Outcome {
    let method = Spikes { injections: 200, ..Spikes::default() };
    method.run(&method.check(dataset).unwrap(), &Ctx::new(4)).unwrap()
}

#[test]
fn a_long_record_is_searched_part_by_part_with_the_same_answer_from_memory_and_from_its_file() {
    // 2.4 million samples: the hold is longer than a part, and cut within.
    let load = LoadFunction { segment: 800.0, ..LoadFunction::default() };
    let law = EventLaw { rates: [[0.2; 2]; 3], pop_in_rate: 0.0, ..EventLaw::default() };
    let test = Pillar::default().press(&load, &TraceNoise::default(), &law, 7).unwrap();
    let mut recording = test.recording;
    recording.segments.clear();
    let n = recording.n_rows();
    let wanted = [TraceQuantity::Time, TraceQuantity::Load, TraceQuantity::Current];
    recording.channels.retain(|channel| wanted.contains(&channel.quantity));
    let heads = recording.channels.iter().map(|channel| crate::core::data::Channel { values: Vec::new(), ..channel.clone() });
    let filed = LongRecord::new("pillar 1", n, heads.collect(), Arc::new(Held(recording.clone())));
    let filed = Dataset { data: vec![Data::LongRecord(filed)], constants: constants(), ..Dataset::default() };
    let held = Dataset::of_record(Record::of_test("pillar 1", recording), constants());
    let outcome = run(&held);
    let times = outcome.table("spikes").unwrap().numbers("time").unwrap().1;
    let clear: Vec<f64> = test
        .spikes
        .iter()
        .filter(|spike| spike.size.abs() > 1e-3 && spike.index > 5000)
        .map(|spike| spike.index as f64 * 1e-3)
        .collect();
    let is_near = |a: f64, b: f64| (a - b).abs() < 4.5e-3;
    let hits = clear.iter().filter(|time| times.iter().any(|found| is_near(*found, **time))).count();
    let wrong =
        times.iter().filter(|found| !test.spikes.iter().any(|spike| is_near(spike.index as f64 * 1e-3, **found))).count();
    println!("{hits} of {} clear ones, {wrong} of {} wrong, {n} samples", clear.len(), times.len());
    assert!(hits as f64 > 0.98 * clear.len() as f64 && clear.len() > 50, "{hits} of {}", clear.len());
    assert!(wrong <= 4, "{wrong} of {}", times.len());
    assert!(times.windows(2).all(|pair| pair[0] <= pair[1]));
    let (_, exposure) = outcome.table("segments").unwrap().numbers("exposure").unwrap();
    let total: f64 = exposure.iter().sum();
    assert!((total - 1e-3 * n as f64).abs() < 1.0 && exposure.len() == 3, "{exposure:?}");
    let from_file = run(&filed);
    assert_eq!(format!("{:?}", from_file.estimates), format!("{:?}", outcome.estimates));
    assert_eq!(from_file.table("spikes"), outcome.table("spikes"));
}

#[test]
fn methods_that_need_all_rows_say_what_to_do_with_a_long_record() {
    let recording = Recording::of_test(Vec::new());
    let long = LongRecord::new("pillar 1", 0, Vec::new(), Arc::new(Held(recording)));
    let dataset = Dataset { data: vec![Data::LongRecord(long)], ..Dataset::default() };
    let error = crate::methods::events::pop_ins::PopIns::default().check(&dataset).unwrap_err().to_string();
    assert!(error.contains("in_stretches = false"), "{error}");
    let error = Spikes::default().check(&dataset).unwrap_err();
    assert!(error.to_string().contains("no channel of current"), "{error}");
}
