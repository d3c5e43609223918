use std::sync::Arc;

use approx::{assert_abs_diff_eq, assert_relative_eq};
use serde::Deserialize;
use serde_json::json;

use super::algorithm::*;
use super::sites::{SiteLength, combine};
use super::*;
use crate::core::outcome::{Basis, Estimate};
use crate::core::random::standard_normals;
use crate::core::stats::coverage;
use crate::method::{Upstream, find};

const ELECTRONVOLT: f64 = 1.602_176_634e-19;
const LU: SizeScaling = SizeScaling { thermal_energy: BOLTZMANN * 298.0, interaction_length: 1e-9, exponent: 0.4 };

#[derive(Deserialize)]
struct Golden {
    table_1: Table1,
    inverse: Cases<3>,
    frequency: Frequency,
}

#[derive(Deserialize)]
struct Table1 {
    tolerance_nm: f64,
    energy: Vec<f64>,
    length_2d: Vec<f64>,
    length_3d: Vec<f64>,
}

#[derive(Deserialize)]
struct Cases<const N: usize> {
    #[serde(deserialize_with = "rows")]
    cases: Vec<[f64; N]>,
}

#[derive(Deserialize)]
struct Frequency {
    barrier_100_khz: f64,
    barrier_300_khz: f64,
    attempt_frequency: f64,
    particles_at_half_ev: f64,
}

fn rows<'de, D: serde::Deserializer<'de>, const N: usize>(deserializer: D) -> Result<Vec<[f64; N]>, D::Error> {
    let rows = Vec::<Vec<f64>>::deserialize(deserializer)?;
    rows.into_iter().map(|row| row.try_into().map_err(|_| serde::de::Error::custom("wrong number of columns"))).collect()
}

fn golden() -> Golden {
    toml::from_str(include_str!("golden.toml")).unwrap()
}

fn estimate(value: f64, interval: Option<(f64, f64)>) -> Estimate {
    match interval {
        Some(interval) => Estimate::with_interval("correlation_length", "ξ", value, "m", interval, Basis::Bootstrap),
        None => Estimate::without_interval("correlation_length", "ξ", value, "m", "unresolved"),
    }
}

fn dataset(lengths: &[Estimate]) -> Dataset {
    let upstream = |(i, estimate): (usize, &Estimate)| Upstream {
        state: "a".to_owned(),
        job: format!("job {i}"),
        method: "dafm.correlation_length".to_owned(),
        item: format!("site {i}"),
        outcome: Arc::new(Outcome { estimates: vec![estimate.clone()], ..Outcome::default() }),
    };
    Dataset {
        constants: Constants::default().with_quantity("temperature", "298 K").unwrap(),
        upstream: lengths.iter().enumerate().map(upstream).collect(),
        ..Dataset::default()
    }
}

fn run(parameters: serde_json::Value, dataset: &Dataset) -> Result<Outcome, MethodError> {
    find("dafm.activation_energy").unwrap().run(&parameters, dataset, &Ctx::new(1))
}

#[test]
fn table_1_of_lu_2016() {
    let table = golden().table_1;
    for (i, energy) in table.energy.iter().enumerate() {
        for (d, expected) in [(2.0, table.length_2d[i]), (3.0, table.length_3d[i])] {
            let length = LU.length_from_energy(energy * ELECTRONVOLT, d) * 1e9;
            // The table is printed to 0.01 nm.
            assert_abs_diff_eq!(length, expected, epsilon = table.tolerance_nm);
        }
    }
}

#[test]
fn lengths_of_lu_2016_inverted() {
    for [dimension, length, energy] in golden().inverse.cases {
        let found = LU.energy_from_length(length * 1e-9, dimension) / ELECTRONVOLT;
        assert_abs_diff_eq!(found, energy, epsilon = 5e-5);
        assert_relative_eq!(LU.length_from_energy(found * ELECTRONVOLT, dimension), length * 1e-9, max_relative = 1e-12);
        assert_relative_eq!(LU.dimension(found * ELECTRONVOLT, length * 1e-9), dimension, max_relative = 1e-12);
    }
    assert_abs_diff_eq!(LU.particles(0.5 * ELECTRONVOLT), golden().frequency.particles_at_half_ev, epsilon = 0.05);
}

#[test]
fn barriers_at_other_frequencies() {
    let golden = golden().frequency;
    let barrier = 0.62 * ELECTRONVOLT;
    let at = |frequency: f64| barrier_at_frequency(LU.thermal_energy, barrier, 1e3, frequency) / ELECTRONVOLT;
    assert_abs_diff_eq!(at(1e5), golden.barrier_100_khz, epsilon = 5e-5);
    assert_abs_diff_eq!(at(3e5), golden.barrier_300_khz, epsilon = 5e-4);
    let omega = attempt_frequency(LU.thermal_energy, barrier, 1e3);
    assert_relative_eq!(omega, golden.attempt_frequency, max_relative = 5e-3);
    assert_relative_eq!(barrier_from_frequency(LU.thermal_energy, omega, 1e3), barrier, max_relative = 1e-12);
}

#[test]
fn ten_sites_give_the_energy_with_the_scatter_between_them() {
    let lengths: Vec<Estimate> = (0..10).map(|i| estimate(1e-9 * (4.0 + 0.02 * f64::from(i)), None)).collect();
    let outcome = run(json!({}), &dataset(&lengths)).unwrap();
    let energy = outcome.estimate("activation_energy_3d").unwrap();
    let length = outcome.estimate("correlation_length").unwrap();
    assert_relative_eq!(energy.value, LU.energy_from_length(length.value, 3.0), max_relative = 1e-12);
    let relative = |estimate: &Estimate| estimate.std_error.unwrap() / estimate.value;
    assert_relative_eq!(relative(energy), 1.8 * relative(length), max_relative = 1e-6);
    let (of_energy, of_length) = (energy.interval.unwrap(), length.interval.unwrap());
    assert_relative_eq!(of_energy.lo, LU.energy_from_length(of_length.lo, 3.0), max_relative = 1e-12);
    assert_relative_eq!(of_energy.hi, LU.energy_from_length(of_length.hi, 3.0), max_relative = 1e-12);
    assert_eq!(energy.basis, Basis::Replicate);
    assert_eq!(energy.n, Some(10.0));
    assert!(energy.flags.contains(&"model_dependent".to_owned()));
    assert!(energy.systematic_error.is_none());
    assert_eq!(outcome.table("sites").unwrap().n_rows(), 10);
}

#[test]
fn one_image_carries_its_own_interval() {
    let outcome = run(json!({"dimensions": [2]}), &dataset(&[estimate(9.7e-9, Some((9.0e-9, 10.5e-9)))])).unwrap();
    let interval = outcome.estimate("activation_energy_2d").unwrap().interval.unwrap();
    assert_relative_eq!(interval.lo, LU.energy_from_length(9.0e-9, 2.0), max_relative = 1e-12);
    assert_relative_eq!(interval.hi, LU.energy_from_length(10.5e-9, 2.0), max_relative = 1e-12);
    assert!(outcome.estimate("activation_energy_3d").is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "few_sites"));
    let without = run(json!({}), &dataset(&[estimate(9.7e-9, None)])).unwrap();
    assert!(without.estimate("activation_energy_2d").unwrap().interval.is_none());
}

fn coverage_of_sites(n_sites: usize, trials: usize) -> f64 {
    let truth = 4.1e-9f64;
    let trial = |seed: u64| {
        let site = |z: f64| SiteLength { item: String::new(), length: truth * (0.05 * z).exp(), interval: None };
        let sites: Vec<SiteLength> = standard_normals(seed, n_sites).into_iter().map(site).collect();
        let (lo, hi) = combine(&sites)?.interval?;
        Some((LU.energy_from_length(lo, 3.0), LU.energy_from_length(hi, 3.0)))
    };
    coverage(trials, 7, LU.energy_from_length(truth, 3.0), trial).unwrap().fraction
}

/// Two images with the intervals of their own log-normal errors.
fn coverage_of_images(trials: usize) -> f64 {
    let (truth, sd) = (4.1e-9f64, 0.07);
    let trial = |seed: u64| {
        let site = |z: f64| {
            let length = truth * (sd * z).exp();
            let factor = (1.959_964 * sd).exp();
            SiteLength { item: String::new(), length, interval: Some((length / factor, length * factor)) }
        };
        let sites: Vec<SiteLength> = standard_normals(seed, 2).into_iter().map(site).collect();
        let (lo, hi) = combine(&sites)?.interval?;
        Some((LU.energy_from_length(lo, 2.0), LU.energy_from_length(hi, 2.0)))
    };
    coverage(trials, 8, LU.energy_from_length(truth, 2.0), trial).unwrap().fraction
}

#[test]
fn interval_of_the_energy_covers() {
    // 2000 trials: the standard error of a rate of 0.95 is 0.005; three of them.
    for n_sites in [3, 10] {
        let rate = coverage_of_sites(n_sites, 2000);
        assert!((0.935..=0.965).contains(&rate), "{n_sites} sites: {rate}");
    }
    let rate = coverage_of_images(2000);
    assert!((0.935..=0.965).contains(&rate), "two images: {rate}");
}

#[test]
fn a_known_energy_gives_the_dimension() {
    let parameters = json!({
        "reference_energy": "0.62 eV", "reference_frequency": "1 kHz", "measurement_frequency": "100 kHz",
        "attempt_frequency": "1.53e13 1/s", "interaction_length": "1.0 +- 0.1 nm"
    });
    let outcome = run(parameters, &dataset(&[estimate(9.7e-9, Some((9.5e-9, 9.9e-9)))])).unwrap();
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert_relative_eq!(value("reference_energy_at_measurement_frequency") / ELECTRONVOLT, 0.5017, max_relative = 1e-4);
    // Lu et al. with 0.5 eV: d = 2.18.
    assert_abs_diff_eq!(value("event_dimension"), 2.18, epsilon = 5e-3);
    assert_relative_eq!(value("barrier_from_frequency") / ELECTRONVOLT, 0.5017, max_relative = 1e-3);
    let energy = outcome.estimate("activation_energy_2d").unwrap();
    assert_relative_eq!(energy.systematic_error.unwrap() / energy.value, 0.12, max_relative = 1e-9);
    let interval = outcome.estimate("event_dimension").unwrap().interval.unwrap();
    assert!(interval.lo < value("event_dimension") && value("event_dimension") < interval.hi);
}

#[test]
fn what_cannot_be_answered_is_refused() {
    let lengths = [estimate(9.7e-9, None)];
    let error = run(json!({}), &dataset(&[])).unwrap_err();
    assert!(error.hint().contains("dafm.correlation_length"), "{}", error.hint());
    assert!(run(json!({}), &dataset(&[estimate(f64::NAN, None)])).unwrap_err().to_string().contains("none of the 1"));
    let mut cold = dataset(&lengths);
    cold.constants = Constants::default();
    assert!(run(json!({}), &cold).unwrap_err().to_string().contains("temperature"));
    cold.constants = Constants::default().with_quantity("temperature", "0 K").unwrap();
    assert!(run(json!({}), &cold).unwrap_err().to_string().contains("absolute zero"));
    for parameters in [
        json!({"exponent": 1.0}),
        json!({"dimensions": []}),
        json!({"dimensions": [4]}),
        json!({"interaction_length": "1 eV"}),
        json!({"interaction_length": "0 nm"}),
        json!({"attempt_frequency": "1 nm"}),
    ] {
        assert!(run(parameters.clone(), &dataset(&lengths)).is_err(), "{parameters}");
    }
}

#[test]
fn a_length_below_the_interaction_length_is_noticed() {
    let outcome = run(json!({}), &dataset(&[estimate(0.8e-9, Some((0.7e-9, 0.9e-9)))])).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "energy_below_thermal"));
    assert!(outcome.estimate("activation_energy_2d").unwrap().value < LU.thermal_energy);
}
