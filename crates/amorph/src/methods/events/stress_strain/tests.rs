use super::algorithm::Pillar as Shape;
use super::*;
use crate::core::data::{ColumnValues, Record, Recording, TraceQuantity};
use crate::method::Constants;
use crate::sim::pillar::{EventLaw, LoadFunction, Pillar, TraceNoise};

fn constants() -> Constants {
    let mut constants = Constants::default();
    for (key, value) in [("top_diameter", "2.074 um"), ("pillar_height", "5 um"), ("poisson_ratio", "0.3333333333333333")] {
        constants = constants.with_quantity(key, value).unwrap();
    }
    constants
}

fn run(method: &StressStrain, recording: Recording, constants: Constants) -> Result<Outcome, MethodError> {
    let dataset = Dataset::of_record(Record::of_test("pillar", recording), constants);
    method.run(&method.check(&dataset)?, &Ctx::new(1))
}

fn numbers(outcome: &Outcome, table: &str, column: &str) -> Vec<f64> {
    outcome.table(table).unwrap().numbers(column).unwrap().1.to_vec()
}

fn shape(taper: f64) -> Shape {
    Shape { top_diameter: 2e-6, height: 5e-6, taper: taper.to_radians(), poisson_ratio: Some(1.0 / 3.0) }
}

#[test]
fn stresses_are_those_of_the_source_paper() {
    let pillar = Shape { top_diameter: 2.074e-6, ..shape(0.0) };
    for (load, stress) in [(1000.0, 296.0), (2000.0, 592.0), (2500.0, 740.0), (7000.0, 2072.0)] {
        assert!((pillar.stress(load * 1e-6) * 1e-6 - stress).abs() < 0.05 + 1e-5 * stress, "{load}");
    }
}

#[test]
fn a_taper_enhances_what_strain_does() {
    // Pillars five top radii long; values of the small-strain factor (q + 1 + 1/q)/3.
    for (taper, factor) in [(2.0, 1.0087), (3.0, 1.0181)] {
        let small = 1e-6;
        let ratio = shape(taper).ln_resistance(small, Geometry::Elastic) / shape(0.0).ln_resistance(small, Geometry::Elastic);
        assert!((ratio - factor).abs() < 1e-4, "{ratio}");
    }
    assert!((-shape(0.0).ln_resistance(0.02, Geometry::Elastic) - 0.033_449).abs() < 1e-4);
    assert!((-shape(0.0).ln_resistance(0.02, Geometry::AsPrinted) - 0.039_216).abs() < 1e-6);
    assert!((-shape(0.0).ln_resistance(0.02, Geometry::VolumeConserving) + 2.0 * 0.98f64.ln()).abs() < 1e-12);
}

#[test]
fn without_noise_stress_strain_and_resistivity_come_back() {
    let pillar = Pillar::default();
    let load = LoadFunction { segment: 1.0, ..LoadFunction::default() };
    let law = EventLaw { rates: [[0.0; 2], [3.0; 2], [3.0; 2]], pop_in_rate: 0.0, ..EventLaw::default() };
    // A current that does not move at all counts as stuck.
    let noise = TraceNoise { ln_current: 1e-13, ..TraceNoise::SILENT };
    let test = pillar.press(&load, &noise, &law, 3).unwrap();
    let method =
        StressStrain { settling_time: Some(crate::core::unit::Quantity::parse("0 s").unwrap()), ..StressStrain::default() };
    let outcome = run(&method, test.recording.clone(), constants()).unwrap();
    let change = numbers(&outcome, "series", "apparent_relative_resistivity_change");
    assert_eq!(change.len(), 3000);
    for (found, truth) in change.iter().zip(&test.ln_resistivity) {
        assert!((found - truth.exp_m1()).abs() < 1e-11, "{found} {truth}");
    }
    let strain = numbers(&outcome, "series", "strain");
    let depth = test.recording.values(TraceQuantity::Depth).unwrap();
    assert!(strain.iter().zip(depth).all(|(strain, depth)| (strain - depth / pillar.height).abs() < 1e-11));
    let modulus = outcome.estimate("loading_modulus").unwrap().value;
    assert!((modulus / 88e9 - 1.0).abs() < 1e-6, "{modulus}");
    assert!((outcome.estimate("peak_stress").unwrap().value / 592e6 - 1.0).abs() < 1e-3);
    let rates = numbers(&outcome, "segments", "stress_rate");
    assert!(
        (rates[0] / 592e6 - 1.0).abs() < 2e-3 && rates[1].abs() < 1.0 && (rates[2] / -592e6 - 1.0).abs() < 2e-3,
        "{rates:?}"
    );
    let ColumnValues::Text(kinds) = &outcome.table("segments").unwrap().columns[1].values else { panic!("no text") };
    assert_eq!(kinds, &["load", "hold", "unload"]);
}

#[test]
fn an_offset_of_the_depth_and_what_yields_beside_the_pillar_are_taken_off() {
    let test = Pillar::default().press(&LoadFunction::default(), &TraceNoise::default(), &EventLaw::default(), 4).unwrap();
    let mut recording = test.recording;
    let load = recording.values(TraceQuantity::Load).unwrap().to_vec();
    let depth = recording.channels.iter_mut().find(|channel| channel.quantity == TraceQuantity::Depth).unwrap();
    // 40 nm of travel before contact, a frame of 2 nm/mN, and the base of the same glass.
    let sink = |load: f64| load * (1.0 - 0.36f64.powi(2)) / (2.0 * 88e9 * 1.037e-6);
    depth.values.iter_mut().zip(&load).for_each(|(depth, load)| *depth += 40e-9 + 2e-6 * load + sink(*load));
    let without = run(&StressStrain::default(), recording.clone(), constants()).unwrap();
    let mut stated = constants();
    for (key, value) in [("frame_compliance", "2 nm/mN"), ("base_modulus", "88 GPa"), ("base_poisson_ratio", "0.36")] {
        stated = stated.with_quantity(key, value).unwrap();
    }
    let outcome = run(&StressStrain::default(), recording, stated).unwrap();
    let modulus = |outcome: &Outcome| outcome.estimate("loading_modulus").unwrap().value;
    assert!((modulus(&outcome) / 88e9 - 1.0).abs() < 0.05, "{}", modulus(&outcome));
    assert!(modulus(&without) < 75e9 && without.notes.iter().any(|note| note.code == "compliance_not_taken_off"));
    let contact = outcome.estimate("contact_depth").unwrap().value;
    assert!((contact - 40e-9).abs() < 6e-9, "{contact}");
}

#[test]
fn a_pop_in_on_the_rise_does_not_move_the_contact() {
    let silent = EventLaw { rates: [[0.0; 2]; 3], pop_in_rate: 0.0, ..EventLaw::default() };
    let test = Pillar::default().press(&LoadFunction::default(), &TraceNoise::default(), &silent, 9).unwrap();
    let mut recording = test.recording;
    let depth = recording.channels.iter_mut().find(|channel| channel.quantity == TraceQuantity::Depth).unwrap();
    depth.values[2500..].iter_mut().for_each(|depth| *depth += 12e-9);
    let outcome = run(&StressStrain::default(), recording, constants()).unwrap();
    let contact = outcome.estimate("contact_depth").unwrap().value;
    assert!(contact.abs() < 1e-9, "{contact}");
    assert!(outcome.notes.iter().any(|note| note.code == "contact_before_pop_in"));
}

#[test]
fn what_is_missing_is_named() {
    let test = Pillar::default().press(&LoadFunction::default(), &TraceNoise::default(), &EventLaw::default(), 4).unwrap();
    let error = run(&StressStrain::default(), test.recording.clone(), Constants::default()).unwrap_err().to_string();
    assert!(["top_diameter", "pillar_height", "poisson_ratio"].iter().all(|key| error.contains(key)), "{error}");
    let mut recording = test.recording.clone();
    recording.channels.retain(|channel| channel.quantity != TraceQuantity::Current);
    let outcome = run(&StressStrain::default(), recording, constants()).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "no_current") && outcome.figures[0].panels.len() == 1);
    let mut recording = test.recording.clone();
    recording.channels.retain(|channel| channel.quantity != TraceQuantity::Depth);
    let error = run(&StressStrain::default(), recording, constants()).unwrap_err();
    assert!(error.to_string().contains("no channel of depth") && error.hint().contains("columns"), "{error}");
    let thin = Constants::default().with_quantity("top_diameter", "0.2 um").unwrap();
    let thin = thin.with_quantity("pillar_height", "5 um").unwrap().with_quantity("poisson_ratio", "0.33").unwrap();
    let outcome = run(&StressStrain::default(), test.recording, thin).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "stress_implausible"));
    assert!(outcome.notes.iter().any(|note| note.code == "current_density_implausible") == (2e-3 / 3.14e-14 > 1e11));
}
