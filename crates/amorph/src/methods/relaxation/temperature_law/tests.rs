use serde_json::json;

use super::algorithm::{Law, Series, fit};
use crate::core::data::Table;
use crate::core::outcome::Outcome;
use crate::method::{Constants, Dataset};
use crate::methods::relaxation::testing::{holds, refusal, run};
use crate::sim::relaxation::{TimeLaw, TimesOverTemperature};

const ID: &str = "relaxation.temperature_law";

fn of(table: Table) -> Dataset {
    Dataset::of_table(table)
}

fn has(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap_or_else(|| panic!("{key}")).value
}

#[test]
fn exact_readings_give_the_law_back() {
    for (law, form, theta) in [
        (TimeLaw::Vft { prefactor: 1e-14, b: 5600.0, t0: 271.0 }, Law::Vft, 271.0),
        (TimeLaw::Mauro { prefactor: 1e-12, d: 800.0, c: 1300.0 }, Law::Myega, 1300.0),
    ] {
        let sample = TimesOverTemperature { law, error: 0.0, ..TimesOverTemperature::default() };
        let series = Series {
            temperatures: sample.temperatures.clone(),
            values: sample.truth(),
            errors: vec![1.0; sample.temperatures.len()],
            stated: false,
        };
        let found = fit(&series, form).unwrap();
        assert!((found.theta / theta - 1.0).abs() < 1e-5, "{found:?}");
        assert!(found.sum < 1e-8, "{found:?}");
    }
}

/// Fragility and both glass transitions of the known law, by its closed forms.
#[test]
fn fragility_and_transition_are_those_of_the_law() {
    let sample = TimesOverTemperature { error: 0.02, ..TimesOverTemperature::default() };
    let mut dataset = of(sample.times(3).unwrap());
    dataset.constants = Constants::default().with_quantity("shear_modulus", "10 GPa").unwrap();
    let outcome = run(ID, json!({}), &dataset).unwrap();
    let tg = 271.0 + 5600.0 / (100.0f64 / 1e-14).ln();
    let m = 5600.0 * tg / (std::f64::consts::LN_10 * (tg - 271.0).powi(2));
    // Five standard errors of two numbers: one failure in 800 000 seeds.
    let near = |key: &str, truth: f64| {
        let found = outcome.estimate(key).unwrap();
        assert!((found.value - truth).abs() < 5.0 * found.std_error.unwrap(), "{truth} {found:?}");
    };
    // Both bent laws fit this sample: the intervals hold both.
    assert!(holds(outcome.estimate("glass_transition_tau100s").unwrap(), tg), "{tg}");
    assert!(holds(outcome.estimate("fragility_index").unwrap(), m), "{m}");
    // 1e12 Pa s over 10 GPa is 100 s.
    assert!((value(&outcome, "glass_transition_eta1e12") / value(&outcome, "glass_transition_tau100s") - 1.0).abs() < 1e-9);
    near("vft_t0", 271.0);
    near("vft_b", 5600.0);
    let energy = value(&outcome, "fragility_index")
        * value(&outcome, "glass_transition_tau100s")
        * 8.314_462_618
        * std::f64::consts::LN_10;
    assert!((value(&outcome, "apparent_energy") / energy - 1.0).abs() < 1e-6);
    assert!(has(&outcome, "no_kink") && outcome.estimate("kink_temperature").is_none());
    assert!(outcome.estimate("arrhenius_energy").unwrap().interval.is_none());
    assert!(outcome.figures.iter().any(|figure| figure.key == "angell"));
}

/// 1.0 eV at 250 K and 1 Hz: a prefactor of 1e-21 s (closed form).
#[test]
fn one_arrhenius_process_with_an_impossible_prefactor_is_named() {
    let energy: f64 = 1.602_176_634e-19;
    let prefactor = 1.0f64 / (2.0f64 * std::f64::consts::PI) * (-energy / (1.380_649e-23 * 250.0)).exp();
    let law = TimeLaw::Arrhenius { prefactor, energy };
    let sample = TimesOverTemperature {
        law,
        temperatures: (0..9).map(|i| 230.0 + 5.0 * f64::from(i)).collect(),
        error: 0.05,
        ..TimesOverTemperature::default()
    };
    let outcome = run(ID, json!({}), &of(sample.times(2).unwrap())).unwrap();
    assert!(has(&outcome, "one_arrhenius_unphysical"));
    let found = outcome.estimate("arrhenius_energy").unwrap();
    assert!((found.value / 96_485.332 - 1.0).abs() < 0.05, "{found:?}");
    assert!((value(&outcome, "arrhenius_prefactor_log10") + 20.9).abs() < 0.6);
}

#[test]
fn frequencies_and_viscosities_say_the_same_as_times() {
    let sample = TimesOverTemperature { error: 0.0, ..TimesOverTemperature::default() };
    let times: Vec<f64> = sample.truth().iter().map(|y| y.exp()).collect();
    let frequencies = times.iter().map(|t| 1.0 / (2.0 * std::f64::consts::PI * t)).collect();
    let table = Table::new("f", "").with_numbers("temperature", "K", sample.temperatures.clone()).with_numbers(
        "peak_frequency",
        "Hz",
        frequencies,
    );
    let by_frequency = run(ID, json!({}), &of(table)).unwrap();
    let by_viscosity = run(ID, json!({}), &of(sample.viscosities(1).unwrap())).unwrap();
    let tau = value(&by_frequency, "glass_transition_tau100s");
    assert!((tau / value(&by_viscosity, "glass_transition_eta1e12") - 1.0).abs() < 1e-6, "{tau}");
    assert!((value(&by_frequency, "vft_t0") - 271.0).abs() < 0.01);
}

fn kinked(share: f64) -> TimesOverTemperature {
    TimesOverTemperature {
        law: TimeLaw::Glass { prefactor: 1e-14, b: 5600.0, t0: 271.0, kink: 430.0, share },
        temperatures: (0..18).map(|i| 370.0 + 8.0 * f64::from(i)).collect(),
        error: 0.1,
        ..TimesOverTemperature::default()
    }
}

#[test]
fn a_kink_is_found_where_there_is_one() {
    let outcome = run(ID, json!({"draws": 100}), &of(kinked(0.4).times(4).unwrap())).unwrap();
    assert!(has(&outcome, "kink"));
    assert!(holds(outcome.estimate("kink_temperature").unwrap(), 430.0), "{:?}", outcome.estimate("kink_temperature"));
    let cold = 0.4 * 5600.0 * (430.0f64 / 159.0).powi(2) * 8.314_462_618;
    assert!(holds(outcome.estimate("energy_below_kink").unwrap(), cold), "{cold} {:?}", outcome.estimate("energy_below_kink"));
}

#[test]
fn a_bent_law_is_no_kink() {
    // Twelve series of a smooth law at a level of 5 %: three false kinks or more have a probability of 0.02.
    let sample = |seed| kinked(1.0 - 1e-9).times(seed).map(|_| ());
    assert!(sample(1).is_ok());
    let smooth = TimesOverTemperature {
        temperatures: (0..18).map(|i| 425.0 + 8.0 * f64::from(i)).collect(),
        ..TimesOverTemperature::default()
    };
    let named = (0..12).filter(|seed| has(&run(ID, json!({"draws": 60}), &of(smooth.times(*seed).unwrap())).unwrap(), "kink"));
    assert!(named.count() < 3);
}

#[test]
fn units_and_order_do_not_matter() {
    let table = TimesOverTemperature::default().times(5).unwrap();
    let mut turned = table.clone();
    for column in &mut turned.columns {
        if let crate::core::data::ColumnValues::Numbers(values) = &mut column.values {
            values.reverse();
        }
    }
    let (a, b) = (run(ID, json!({}), &of(table)).unwrap(), run(ID, json!({}), &of(turned)).unwrap());
    assert!((value(&a, "fragility_index") / value(&b, "fragility_index") - 1.0).abs() < 1e-9);
}

#[test]
fn bad_input_is_refused() {
    let good = TimesOverTemperature::default().times(1).unwrap();
    let with = |name: &str, unit: &str, values: Vec<f64>| {
        Table { columns: good.columns[..1].to_vec(), ..good.clone() }.with_numbers(name, unit, values)
    };
    assert!(refusal(ID, json!({}), &of(with("tau", "s", vec![1.0; 12]))).contains("relaxation_time"));
    assert!(refusal(ID, json!({}), &of(with("relaxation_time", "", vec![1.0; 12]))).contains("has no unit"));
    assert!(refusal(ID, json!({}), &of(with("relaxation_time", "Pa", vec![1.0; 12]))).contains("Pa"));
    assert!(refusal(ID, json!({}), &of(with("relaxation_time", "s", vec![-1.0; 12]))).contains("row 1"));
    assert!(refusal(ID, json!({}), &of(with("relaxation_time", "s", vec![f64::NAN; 12]))).contains("at least 4"));
    let flat = run(ID, json!({}), &of(with("relaxation_time", "s", vec![1.0; 12])));
    assert!(flat.is_ok() || flat.unwrap_err().to_string().contains("law"));
    assert!(refusal(ID, json!({"draws": 1}), &of(good.clone())).contains("draws"));
    let two = good.with_numbers("viscosity", "Pa s", vec![1.0; 12]);
    assert!(refusal(ID, json!({}), &of(two)).contains("relaxation_time and viscosity"));
}

/// The closed forms of the theory say the same.
#[test]
fn the_fragility_is_that_of_the_theory() {
    let sample = TimesOverTemperature { error: 0.0, ..TimesOverTemperature::default() };
    let outcome = run(ID, json!({}), &of(sample.viscosities(1).unwrap())).unwrap();
    let tg = value(&outcome, "glass_transition_eta1e12");
    let theory = crate::theory::relaxation_rules::vft_fragility(5600.0, 271.0, tg).unwrap();
    assert!((value(&outcome, "fragility_index") / theory - 1.0).abs() < 1e-4);
}

fn coverage(sample: &TimesOverTemperature, key: &str, truth: f64, first: u64, trials: u64) -> (f64, u64) {
    let (mut hits, mut n) = (0, 0);
    for seed in first..first + trials {
        let outcome = run(ID, json!({"draws": 50}), &of(sample.times(seed).unwrap())).unwrap();
        if let Some(found) = outcome.estimate(key).filter(|found| found.interval.is_some()) {
            hits += u64::from(holds(found, truth));
            n += 1;
        }
    }
    (hits as f64 / n as f64, n)
}

#[test]
fn the_interval_of_the_fragility_covers() {
    let sample = TimesOverTemperature::default();
    let tg = 271.0 + 5600.0 / (100.0f64 / 1e-14).ln();
    let m = 5600.0 * tg / (std::f64::consts::LN_10 * (tg - 271.0).powi(2));
    // 40 trials: standard error 0.035.
    let (rate, n) = coverage(&sample, "fragility_index", m, 0, 40);
    assert!(n >= 30 && rate >= 0.83, "{rate} of {n}");
}
