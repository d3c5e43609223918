use serde_json::json;

use super::kww_table::KwwTable;
use super::model::{BetaShape, Combination, Composition, FastLoss, Forms};
use crate::core::data::{Record, TraceQuantity};
use crate::core::fit::ResidualModel;
use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset};
use crate::methods::relaxation::testing::{constants, holds, refusal, run};
use crate::sim::relaxation::{ConstantLoss, Crystallisation, Dma, DmaNoise, Process, Shape, TimeLaw};
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
    measured_with(json!({}), dma, seed)
}

fn measured_with(parameters: serde_json::Value, dma: &Dma, seed: u64) -> Outcome {
    run(ID, parameters, &dataset(dma.measure(seed).unwrap().record)).unwrap()
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

/// The same ribbon with barriers spread by a tenth of their mean.
fn with_barriers(dma: &Dma) -> Dma {
    let slow = Process { shape: Shape::GaussianBarriers { width: 0.1 * SLOW }, ..dma.processes[1] };
    Dma { processes: vec![dma.processes[0], slow], ..dma.clone() }
}

fn with_constant_loss(dma: &Dma) -> Dma {
    Dma { constant_loss: Some(ConstantLoss { share: 2e-3, temperature: 150.0 }), ..dma.clone() }
}

/// Within five standard errors: one failure in a million.
fn near(outcome: &Outcome, key: &str, truth: f64) {
    let found = outcome.estimate(key).unwrap_or_else(|| panic!("{key}"));
    assert!((found.value - truth).abs() < 5.0 * found.std_error.unwrap(), "{truth} {found:?}");
}

#[test]
fn spread_barriers_give_their_mean_and_width() {
    let outcome = measured_with(json!({"beta_shape": "gaussian_barriers"}), &with_barriers(&small()), 1000);
    assert_eq!(value(&outcome, "relaxation_processes"), 2.0);
    near(&outcome, "slow_beta_energy", SLOW);
    near(&outcome, "slow_beta_energy_width", 0.1 * SLOW);
    assert!(outcome.estimate("slow_beta_energy").unwrap().interval.is_none());
    assert!(outcome.estimate("slow_beta_width").is_none());
}

#[test]
fn processes_that_decay_together_are_found() {
    let together = Dma { williams_watts: true, ..small() };
    let outcome = measured_with(json!({"combination": "williams_watts"}), &together, 1000);
    assert_eq!(value(&outcome, "relaxation_processes"), 2.0);
    near(&outcome, "slow_beta_energy", SLOW);
    near(&outcome, "stretching_exponent", 0.5);
    assert!(has(&outcome, "williams_watts"));
}

#[test]
fn a_nearly_constant_loss_is_found_and_not_invented() {
    let parameters = json!({"fast_loss": "nearly_constant"});
    let outcome = measured_with(parameters.clone(), &with_constant_loss(&small()), 1000);
    near(&outcome, "slow_beta_energy", SLOW);
    // The share is stated at 300 K, found at the middle of 250 and 466 K.
    near(&outcome, "nearly_constant_loss", 2e-3 * (58.0f64 / 150.0).exp());
    near(&outcome, "nearly_constant_loss_growth", 150.0);
    assert!(measured_with(parameters, &small(), 1000).estimate("nearly_constant_loss").is_none());
}

const PLAIN: Forms = Forms { beta_shape: BetaShape::ColeCole, combination: Combination::Additive, fast: FastLoss::Process };

fn surface_of(dma: &Dma, forms: Forms) -> super::algorithm::Surface {
    let data = dataset(dma.measure(1).unwrap().record);
    let spectra = crate::methods::relaxation::spectra::Spectra::read(&data).unwrap();
    super::algorithm::Surface {
        starts: vec![0, spectra.readings.len()],
        readings: spectra.readings,
        noise_model: crate::methods::relaxation::log_spectrum::NoiseModel::ModulusAndPhase,
        glass_transition: Some(423.0),
        forms,
    }
}

/// Moduli against the virtual instrument, which sums exponentials under another integral.
#[test]
fn products_and_barriers_are_those_of_the_instrument() {
    let temperatures = vec![260.0, 340.0, 420.0, 450.0, 465.0];
    let noise = DmaNoise::ModulusAndPhase { modulus: 0.0, phase: 0.0 };
    let dma = Dma { points: 2, temperatures, noise, ..Dma::ribbon() };
    let table = KwwTable::new();
    let barriers = Forms { beta_shape: BetaShape::GaussianBarriers, ..PLAIN };
    let together = Forms { combination: Combination::WilliamsWatts, ..PLAIN };
    let both = Forms { combination: Combination::WilliamsWatts, ..barriers };
    let decaying = |dma: Dma| Dma { williams_watts: true, ..dma };
    for (forms, dma, width) in [
        (PLAIN, dma.clone(), 0.4),
        (barriers, with_barriers(&dma), 0.1),
        (together, decaying(dma.clone()), 0.4),
        (both, decaying(with_barriers(&dma)), 0.1),
        (Forms { fast: FastLoss::NearlyConstant, ..PLAIN }, with_constant_loss(&dma), 0.4),
    ] {
        let surface = surface_of(&dma, forms);
        let middle = surface.ln_middle();
        // The parameters of the ribbon: VFT and Arrhenius as the model writes them.
        let t_alpha = 271.0 + 5600.0 / (-middle - f64::ln(1e-14));
        let curvature = 271.0 / t_alpha;
        let steepness = 5600.0 / t_alpha / (1.0 - curvature).powi(2) / std::f64::consts::LN_10;
        let reference = 0.5 * (260.0 + 465.0);
        let soft: f64 = 1.0 - 2e-4 * (reference - 300.0);
        let u = -f64::ln(1e-15) - middle;
        let mut p = vec![f64::ln(30e9 * soft), 2e-4 / soft, 1.0, t_alpha, steepness, curvature, 0.5, 0.5];
        p.extend([0.06, SLOW / BOLTZMANN / u, u, width]);
        let mut composition = Composition::to_try(forms.fast)[2];
        if forms.fast == FastLoss::NearlyConstant {
            composition = Composition::to_try(forms.fast)[3];
            p.extend([f64::ln(2e-3) + (reference - 300.0) / 150.0, 1.0 / 150.0]);
        }
        let model = surface.model(&table, composition, [0.01, 0.002]);
        let exponent = model.stretched(&p);
        for reading in &surface.readings {
            let (storage, loss) = model.modulus(&exponent, &p, reading);
            let off = (storage - reading.storage).hypot(loss - reading.loss) / reading.storage.hypot(reading.loss);
            assert!(off < 1e-5, "{forms:?} {reading:?}: {off}");
        }
    }
}

/// Derivatives of the residuals against differences.
#[test]
fn slopes_are_slopes() {
    let dma = Dma { points: 2, temperatures: vec![260.0, 340.0, 420.0, 450.0, 465.0], ..Dma::ribbon() };
    let table = KwwTable::new();
    let alpha = [24.1, 2e-4, 0.95, 461.0, 31.0, 0.58, 0.5, 0.51];
    let slow = vec![0.06, 350.0, 30.0, 0.4];
    let spread = vec![0.06, 350.0, 30.0, 0.1];
    let [bare, wing, one, two] = Composition::to_try(FastLoss::Process);
    let constant = Composition::to_try(FastLoss::NearlyConstant)[3];
    let barriers = Forms { beta_shape: BetaShape::GaussianBarriers, ..PLAIN };
    let together = Forms { combination: Combination::WilliamsWatts, ..PLAIN };
    for (forms, composition, more) in [
        (PLAIN, bare, vec![]),
        (PLAIN, wing, vec![0.03, 0.3]),
        (PLAIN, one, slow.clone()),
        (PLAIN, two, [slow.clone(), vec![0.04, 150.0, 26.0, 0.5]].concat()),
        (barriers, one, spread.clone()),
        (together, one, slow.clone()),
        (Forms { combination: Combination::WilliamsWatts, ..barriers }, one, spread),
        (PLAIN, constant, [slow, vec![-6.2, 0.007]].concat()),
    ] {
        let surface = surface_of(&dma, forms);
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
                assert!((numeric - slope).abs() < 3e-4 * scale, "{forms:?} {composition:?} {index} {row}: {numeric} {slope}");
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

/// A loss three times too large at the highest frequency does nothing when that is left out.
#[test]
fn a_resonance_can_be_left_out() {
    let record = small().measure(6).unwrap().record;
    let mut resonant = record.clone();
    let frequencies = record.tests[0].measurement().unwrap().values(TraceQuantity::Frequency).unwrap().to_vec();
    for channel in resonant.tests[0].tables[0].channels.iter_mut().filter(|c| c.quantity == TraceQuantity::LossModulus) {
        for (loss, _) in channel.values.iter_mut().zip(&frequencies).filter(|(_, f)| **f > 10.0) {
            *loss *= 3.0;
        }
    }
    let below = |record| run(ID, json!({"highest_frequency": "10 Hz"}), &dataset(record)).unwrap();
    let (clean, kept) = (below(record.clone()), below(resonant));
    assert!(has(&clean, "resonance"));
    assert_eq!(value(&clean, "alpha_temperature").to_bits(), value(&kept, "alpha_temperature").to_bits());
    assert!(refusal(ID, json!({"highest_frequency": "1e-3 Hz"}), &dataset(record.clone())).contains("highest_frequency"));
    assert!(run(ID, json!({"highest_frequency": "10 K"}), &dataset(record)).is_err());
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

/// How often the interval of a number holds it, and how often there is one.
fn coverage(parameters: &serde_json::Value, dma: &Dma, (key, truth): (&str, f64), trials: u64) -> (u64, u64) {
    let found = (1000..1000 + trials).filter_map(|seed| {
        let outcome = measured_with(parameters.clone(), dma, seed);
        outcome.estimate(key).filter(|estimate| estimate.interval.is_some()).map(|estimate| holds(estimate, truth))
    });
    found.fold((0, 0), |(hits, n), hit| (hits + u64::from(hit), n + 1))
}

/// What has an interval in all forms.
const STRETCHING: (&str, f64) = ("stretching_exponent", 0.5);

/// Parameters and ribbons of the other forms.
fn forms(dma: &Dma) -> [(serde_json::Value, Dma); 2] {
    [
        (json!({"beta_shape": "gaussian_barriers"}), with_barriers(dma)),
        (json!({"combination": "williams_watts"}), Dma { williams_watts: true, ..dma.clone() }),
    ]
}

#[test]
fn the_interval_of_the_exponent_covers_in_all_forms() {
    let all = forms(&small()).map(|(parameters, dma)| coverage(&parameters, &dma, STRETCHING, 6));
    let (hits, n) = all.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    // Fewer than 9 of 12 at 95 %: one failure in five thousand.
    assert!(n == 12 && hits >= 9, "{all:?}");
}

#[test]
#[ignore = "full coverage table, minutes"]
fn the_interval_of_the_energy_covers_in_full() {
    for (modulus, phase) in [(0.005, 0.001), (0.002, 0.0005), (0.01, 0.0015)] {
        let dma = Dma { noise: DmaNoise::ModulusAndPhase { modulus, phase }, ..Dma::ribbon() };
        let (hits, n) = coverage(&json!({}), &dma, ("slow_beta_energy", SLOW), 300);
        println!("| modulus {modulus}, phase {phase} | {n} | {:.1} % |", 100.0 * hits as f64 / n as f64);
        assert!(n > 250 && (0.92..=0.98).contains(&(hits as f64 / n as f64)));
    }
}

#[test]
#[ignore = "full coverage table, an hour"]
fn the_interval_of_the_exponent_covers_in_all_forms_in_full() {
    for (parameters, dma) in forms(&small()) {
        let (hits, n) = coverage(&parameters, &dma, STRETCHING, 300);
        println!("| {parameters} | {n} | {:.1} % |", 100.0 * hits as f64 / n as f64);
        assert!(n > 250 && (0.91..=0.98).contains(&(hits as f64 / n as f64)));
    }
}
