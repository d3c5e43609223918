use serde_json::json;

use super::kww_table::KwwTable;
use super::model::Composition;
use crate::core::data::Record;
use crate::core::fit::ResidualModel;
use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset};
use crate::methods::relaxation::testing::{constants, holds, refusal, run};
use crate::sim::relaxation::{Crystallisation, Dma, DmaNoise, Process, Shape, TimeLaw};
use crate::theory::constants::BOLTZMANN;

const ID: &str = "relaxation.surface";
const SLOW: f64 = 26.0 * BOLTZMANN * 423.0;

fn dataset(record: Record) -> Dataset {
    let constants = constants().with_quantity("glass_transition_temperature", "423 K").unwrap();
    Dataset::of_record(record, constants)
}

/// Three frequencies and 55 temperatures, for speed.
fn small() -> Dma {
    let temperatures = (0..55).map(|i| 250.0 + 4.0 * f64::from(i)).collect();
    Dma { temperatures, points: 3, ..Dma::ribbon() }
}

fn measured(dma: &Dma, seed: u64) -> Outcome {
    run(ID, json!({}), &dataset(dma.measure(seed).unwrap().record)).unwrap()
}

fn has(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap_or_else(|| panic!("{key}")).value
}

#[test]
fn a_ribbon_with_two_processes_shows_two() {
    let outcome = measured(&small(), 1);
    assert_eq!(value(&outcome, "relaxation_processes"), 2.0);
    assert!(holds(outcome.estimate("slow_beta_energy").unwrap(), SLOW), "{:?}", outcome.estimate("slow_beta_energy"));
    assert!(holds(outcome.estimate("slow_beta_energy_rtg").unwrap(), 26.0));
    assert!(holds(outcome.estimate("stretching_exponent").unwrap(), 0.5));
    assert!(outcome.estimate("fast_beta_energy").is_none());
    assert!(has(&outcome, "beta_separate_peak") || has(&outcome, "beta_shoulder"));
    assert_eq!(outcome.figures.len(), 3);
}

#[test]
fn a_ribbon_with_one_process_shows_one() {
    let dma = small();
    let alone = Process { strength: 1.0, ..dma.processes[0] };
    let outcome = measured(&Dma { processes: vec![alone], ..dma }, 2);
    assert_eq!(value(&outcome, "relaxation_processes"), 1.0);
    assert!(has(&outcome, "beta_unresolved") && outcome.estimate("slow_beta_energy").is_none());
}

#[test]
fn a_ribbon_with_three_processes_shows_three() {
    let dma = Dma::ribbon();
    let fast = Process {
        strength: 0.04,
        shape: Shape::HavriliakNegami { alpha: 0.4, gamma: 1.0 },
        time: TimeLaw::Arrhenius { prefactor: 1e-13, energy: 0.35 * SLOW },
    };
    let alpha = Process { strength: 0.9, ..dma.processes[0] };
    let temperatures = (0..70).map(|i| 120.0 + 5.0 * f64::from(i)).collect();
    let outcome = measured(&Dma { processes: vec![alpha, dma.processes[1], fast], temperatures, points: 4, ..dma }, 3);
    assert_eq!(value(&outcome, "relaxation_processes"), 3.0);
    assert!((value(&outcome, "fast_beta_energy") / (0.35 * SLOW) - 1.0).abs() < 0.2);
    assert!((value(&outcome, "slow_beta_energy") / SLOW - 1.0).abs() < 0.2);
}

#[test]
fn crystals_are_left_out() {
    let dma = Dma {
        temperatures: (0..65).map(|i| 250.0 + 4.0 * f64::from(i)).collect(),
        crystallisation: Some(Crystallisation { temperature: 500.0, width: 2.5, share: 0.3 }),
        ..small()
    };
    let outcome = measured(&dma, 4);
    let found = value(&outcome, "crystallisation_temperature");
    assert!((470.0..500.0).contains(&found), "{found}");
    assert!(has(&outcome, "crystallisation"));
    // What is left gives the energy within five standard errors (one failure in a million).
    let energy = outcome.estimate("slow_beta_energy").unwrap();
    assert!((energy.value - SLOW).abs() < 5.0 * energy.std_error.unwrap(), "{energy:?}");
}

#[test]
fn one_frequency_gives_no_energy() {
    let outcome =
        measured(&Dma { points: 1, temperatures: (0..110).map(|i| 250.0 + 2.0 * f64::from(i)).collect(), ..small() }, 5);
    assert!(has(&outcome, "no_energy"));
    assert!(outcome.estimate("slow_beta_energy").is_none() && outcome.estimate("alpha_energy").is_none());
    // The loss is largest where ωτ is about one.
    assert!((value(&outcome, "alpha_temperature") - 456.0).abs() < 8.0, "{:?}", outcome.estimate("alpha_temperature"));
}

/// Derivatives of the residuals against differences.
#[test]
fn slopes_are_slopes() {
    let dma = Dma { points: 2, temperatures: vec![260.0, 340.0, 420.0, 450.0, 465.0], ..Dma::ribbon() };
    let record = dma.measure(1).unwrap().record;
    let data = dataset(record);
    let spectra = crate::methods::relaxation::spectra::Spectra::read(&data).unwrap();
    let surface = super::algorithm::Surface {
        starts: vec![0, spectra.readings.len()],
        readings: spectra.readings,
        noise_model: crate::methods::relaxation::log_spectrum::NoiseModel::ModulusAndPhase,
        glass_transition: Some(423.0),
    };
    let table = KwwTable::new();
    let alpha = [24.1, 2e-4, 0.95, 461.0, 31.0, 0.58, 0.5, 0.51];
    for (composition, more) in Composition::ALL.into_iter().zip([
        vec![],
        vec![0.03, 0.3],
        vec![0.06, 350.0, 30.0, 0.4],
        vec![0.06, 350.0, 30.0, 0.4, 0.04, 150.0, 26.0, 0.5],
    ]) {
        let model = surface.model(&table, composition, [0.01, 0.002]);
        let p = [alpha.to_vec(), more].concat();
        let jacobian = model.jacobian(&p).unwrap();
        for index in 0..p.len() {
            let step = 1e-5 * p[index].abs();
            let at = |sign: f64| {
                let mut moved = p.clone();
                moved[index] += sign * step;
                model.residuals(&moved)
            };
            for (row, (up, down)) in at(1.0).iter().zip(at(-1.0)).enumerate() {
                let (numeric, slope) = ((up - down) / (2.0 * step), jacobian[[row, index]]);
                let scale = jacobian.column(index).iter().fold(0.0f64, |m, v| m.max(v.abs()));
                assert!((numeric - slope).abs() < 3e-4 * scale, "{composition:?} {index} {row}: {numeric} {slope}");
            }
        }
    }
}

#[test]
fn units_and_order_do_not_matter() {
    let record = small().measure(7).unwrap().record;
    let mut turned = record.clone();
    for channel in &mut turned.tests[0].tables[0].channels {
        channel.values.reverse();
        if channel.quantity.unit().is_some_and(|unit| unit.symbol() == "Pa") {
            channel.values.iter_mut().for_each(|value| *value *= 1e-3);
        }
    }
    let energy = |record| value(&run(ID, json!({}), &dataset(record)).unwrap(), "slow_beta_energy");
    assert!((energy(record) / energy(turned) - 1.0).abs() < 1e-3);
}

#[test]
fn bad_input_is_refused() {
    let record = small().measure(1).unwrap().record;
    let bare = Dataset::of_record(record.clone(), Constants::default());
    assert!(run(ID, json!({}), &bare).unwrap_err().to_string().contains("modulus_kind"));
    let few = Dma { temperatures: vec![400.0, 420.0, 440.0], ..small() };
    assert!(refusal(ID, json!({}), &dataset(few.measure(1).unwrap().record)).contains("temperatures at one frequency"));
    let mut cold = record.clone();
    cold.tests[0].tables[0].channels.remove(0);
    assert!(refusal(ID, json!({}), &dataset(cold)).contains("no column of temperature"));
    let wrong = Dataset::of_record(record, constants().with_quantity("glass_transition_temperature", "-3 K").unwrap());
    assert!(refusal(ID, json!({}), &wrong).contains("greater than zero"));
}

fn coverage(dma: &Dma, first: u64, trials: u64) -> (u64, u64) {
    let found = (first..first + trials).filter_map(|seed| {
        let outcome = measured(dma, seed);
        outcome
            .estimate("slow_beta_energy")
            .filter(|estimate| estimate.interval.is_some())
            .map(|estimate| holds(estimate, SLOW))
    });
    found.fold((0, 0), |(hits, n), hit| (hits + u64::from(hit), n + 1))
}

#[test]
#[ignore = "full coverage table, minutes"]
fn the_interval_of_the_energy_covers_in_full() {
    for (modulus, phase) in [(0.005, 0.001), (0.002, 0.0005), (0.01, 0.0015)] {
        let dma = Dma { noise: DmaNoise::ModulusAndPhase { modulus, phase }, ..Dma::ribbon() };
        let (hits, n) = coverage(&dma, 1000, 300);
        println!("| modulus {modulus}, phase {phase} | {n} | {:.1} % |", 100.0 * hits as f64 / n as f64);
        assert!(n > 250 && (0.92..=0.98).contains(&(hits as f64 / n as f64)));
    }
}
