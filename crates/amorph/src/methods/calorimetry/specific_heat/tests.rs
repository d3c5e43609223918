use serde_json::json;

use super::*;
use crate::core::data::{Channel, Record, Recording};
use crate::methods::calorimetry::testing::{dataset, refusal, run, value};
use crate::sim::calorimetry::{Dsc, Program};

const ID: &str = SpecificHeat::INFO.id;
/// Masses of sample and sapphire, kg.
const MASSES: [f64; 2] = [20e-6, 30e-6];
/// A virtual sapphire: J/(kg K) at 620 K, and per K.
const SAPPHIRE: [f64; 2] = [1110.0, 0.5];

fn sample() -> Dsc {
    let program = Program::cycle(700.0, 480.0, 1.0 / 3.0, 1.0 / 3.0);
    Dsc { noise: 0.1, baseline: [40.0, 0.2, 1e-3], per_mass: false, mass: MASSES[0], program, ..Dsc::default() }
}

fn table_of(x: Vec<f64>, y: Vec<f64>) -> Record {
    let channels = vec![Channel::new(TraceQuantity::Temperature, x), Channel::new(TraceQuantity::SpecificHeat, y)];
    Record::of_test("sapphire", Recording::of_test(channels))
}

fn sapphire_table() -> Record {
    let x: Vec<f64> = (0..30).map(|k| 450.0 + 10.0 * f64::from(k)).collect();
    let y = x.iter().map(|t| SAPPHIRE[0] + SAPPHIRE[1] * (t - 620.0)).collect();
    table_of(x, y)
}

/// The four files, with an instrument that shows `gain` of the heat.
fn files(dsc: &Dsc, gain: f64) -> Vec<Record> {
    let empty = Dsc { relaxing: Vec::new(), glass: [0.0; 2], ..dsc.clone() };
    // The baseline belongs to the instrument, not to a mass.
    let same = dsc.baseline.map(|value| value * MASSES[0] / MASSES[1]);
    let sapphire = Dsc { relaxing: Vec::new(), glass: SAPPHIRE, mass: MASSES[1], baseline: same, ..dsc.clone() };
    let mut records: Vec<Record> =
        [dsc, &empty, &sapphire].iter().enumerate().map(|(seed, dsc)| dsc.measure(seed as u64).unwrap().record).collect();
    for channel in records.iter_mut().flat_map(|record| &mut record.tests[0].tables[0].channels) {
        if channel.quantity == TraceQuantity::HeatFlow {
            channel.values.iter_mut().for_each(|value| *value *= gain);
        }
    }
    records.push(sapphire_table());
    records
}

fn data(records: Vec<Record>) -> Dataset {
    let mut data = dataset(records, "endo_up");
    data.constants =
        data.constants.with_quantity("sample_mass", "20 mg").unwrap().with_quantity("sapphire_mass", "30 mg").unwrap();
    data
}

#[test]
fn baseline_and_gain_of_the_instrument_cancel() {
    let dsc = sample();
    for (gain, temperature) in [(1.0, 520.0), (0.9, 520.0), (1.1, 690.0)] {
        let outcome = run(ID, json!({"temperature": temperature}), &data(files(&dsc, gain))).unwrap();
        let truth = if temperature < 600.0 { dsc.glass_at(temperature) } else { dsc.liquid_at(temperature) };
        let found = outcome.estimate("specific_heat").unwrap();
        // White noise of 0.1 W/kg is 0.3 J/(kg K) in a sample of 0.5 K, and the liquid is reached to a per cent.
        assert!((found.value / truth - 1.0).abs() < 0.01, "{found:?} {truth}");
        assert!(found.interval.is_none() && found.std_error.unwrap() > 0.0);
        assert!((value(&outcome, "calibration_factor") * gain - 1.0).abs() < 5e-3);
    }
}

#[test]
fn the_result_is_an_input_of_the_glass_transition() {
    let dsc = sample();
    let outcome = run(ID, json!({}), &data(files(&dsc, 0.95))).unwrap();
    let table = outcome.table("specific_heat").unwrap();
    let (x, y) = (table.numbers_in("temperature", "K").unwrap(), table.numbers_in("specific_heat", "J/(kg K)").unwrap());
    let mut again = dataset(vec![table_of(x, y)], "endo_up");
    again.constants = again.constants.with_quantity("heating_rate", "20 K/min").unwrap();
    let lines = json!({"glass_from": 485.0, "glass_to": 555.0, "liquid_from": 677.0, "liquid_to": 699.0});
    let found = run("calorimetry.glass_transition", lines, &again).unwrap();
    let fictive = dsc.measure(1).unwrap().fictive[0];
    assert!((value(&found, "glass_transition_fictive") - fictive).abs() < 1.0);
}

#[test]
fn an_unusual_factor_is_noticed() {
    let outcome = run(ID, json!({}), &data(files(&sample(), 0.5))).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "calibration_unusual"));
}

#[test]
fn curves_are_interpolated_between_neighbours() {
    let curve = Curve { x: vec![1.0, 2.0, 4.0], y: vec![10.0, 20.0, 0.0] };
    assert_eq!([1.0, 1.5, 3.0, 4.0].map(|t| curve.at(t)), [Some(10.0), Some(15.0), Some(10.0), Some(0.0)]);
    assert_eq!([0.9, 4.1].map(|t| curve.at(t)), [None, None]);
}

#[test]
fn bad_input_is_refused() {
    let good = files(&sample(), 1.0);
    assert!(refusal(ID, json!({}), &data(good[..3].to_vec())).contains("in this order"));
    assert!(refusal(ID, json!({}), &dataset(good.clone(), "endo_up")).contains("sapphire_mass"));
    assert!(refusal(ID, json!({"temperature": 720.0}), &data(good.clone())).contains("is missing"));
    assert!(refusal(ID, json!({"half_width": 0.0}), &data(good.clone())).contains("half_width"));
    let mut exchanged = good.clone();
    exchanged.swap(1, 2);
    assert!(refusal(ID, json!({}), &data(exchanged)).contains("exchanged"));
    let mut per_mass = good.clone();
    per_mass[1] = Dsc { per_mass: true, ..sample() }.measure(1).unwrap().record;
    assert!(refusal(ID, json!({}), &data(per_mass)).contains("per mass"));
    let mut slow = good.clone();
    let program = Program::cycle(700.0, 480.0, 1.0 / 3.0, 1.0 / 6.0);
    slow[1] = Dsc { program, ..sample() }.measure(1).unwrap().record;
    assert!(refusal(ID, json!({}), &data(slow)).contains("rates"));
    let mut molar = good.clone();
    molar[3] = table_of(vec![450.0, 750.0], vec![100.0 * 0.10196, 120.0 * 0.10196]);
    assert!(refusal(ID, json!({}), &data(molar)).contains("J/(mol K)"));
    let mut bare = good;
    bare[3] = table_of(vec![450.0], vec![1000.0]);
    assert!(refusal(ID, json!({}), &data(bare)).contains("at least 2"));
}
