use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use ndarray::Array2;
use serde_json::json;

use super::algorithm::{CrossCorrelation, Lags, effective_pairs, p_value};
use super::*;
use crate::core::ctx::Cancelled;
use crate::core::data::Extent;
use crate::core::random::{FieldModel, FieldSampler, SeedPart, derive_seed};
use crate::method::{Constants, find};

const NM: f64 = 1e-9;
const N: usize = 64;
const XI: f64 = 3.0;

fn field(seed: u64, xi: f64) -> Array2<f64> {
    FieldSampler::new(&FieldModel::isotropic(1.0, xi, 0.5), (N, N), (1.0, 1.0)).unwrap().sample(seed)
}

fn map(quantity: &str, unit: &str, values: Array2<f64>) -> Map {
    let (rows, columns) = values.dim();
    Map::new(quantity, values, Unit::of(unit), Some(Extent::metres(columns as f64 * NM, rows as f64 * NM)))
}

fn pair(energy: &Array2<f64>, height: &Array2<f64>) -> Vec<Map> {
    vec![map("dissipated_energy", "J", energy * 1e-18), map("height", "m", height * 1e-10)]
}

fn run_with(maps: Vec<Map>, parameters: serde_json::Value, ctx: &Ctx) -> Result<Outcome, MethodError> {
    find("dafm.topography_correlation").unwrap().run(&parameters, &Dataset::of_maps(maps, Constants::default()), ctx)
}

fn run(maps: Vec<Map>) -> Outcome {
    run_with(maps, json!({}), &Ctx::new(5)).unwrap()
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn has_note(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

fn pearson(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let (a, b) = (a - a.mean().unwrap(), b - b.mean().unwrap());
    (&a * &b).sum() / ((&a * &a).sum() * (&b * &b).sum()).sqrt()
}

/// Of pairs of independent maps: whether they raise an alarm at 5 % at lag 0 and over the lags, the squared coefficient at lag 0,
/// and the variance of that coefficient which the surrogates claim.
fn independent_pairs(n_pairs: u64, n_surrogates: u64) -> Vec<(bool, bool, f64, f64)> {
    let sampler = FieldSampler::new(&FieldModel::isotropic(1.0, XI, 0.5), (N, N), (1.0, 1.0)).unwrap();
    let lags = Lags::up_to(5.0 * XI, (1.0, 1.0));
    let seeds: Vec<u64> = (0..n_pairs).map(|k| derive_seed(11, &[k.into()])).collect();
    sampler.sample_each(&seeds, |k, energy| {
        let height = sampler.sample(derive_seed(12, &[(k as u64).into()]));
        let correlation = CrossCorrelation::new(&energy, &height).unwrap();
        let surrogate = |s: u64| correlation.surrogate(derive_seed(seeds[k], &[SeedPart::Text("s"), s.into()])).read(&lags);
        let null: Vec<_> = (0..n_surrogates).map(surrogate).collect();
        let reading = correlation.read(&lags);
        let zero = p_value(reading.zero.abs(), null.iter().map(|other| other.zero.abs()));
        let largest = p_value(reading.largest.abs(), null.iter().map(|other| other.largest.abs()));
        let claimed = 1.0 / (effective_pairs(null.iter().map(|other| other.zero)) - 1.0);
        (zero <= 0.05, largest <= 0.05, reading.zero.powi(2), claimed)
    })
}

fn check_false_alarms(n_pairs: u64, n_surrogates: u64) {
    let found = independent_pairs(n_pairs, n_surrogates);
    let n = n_pairs as f64;
    let mean = |read: fn(&(bool, bool, f64, f64)) -> f64| found.iter().map(read).sum::<f64>() / n;
    let (zero, largest) = (mean(|f| f64::from(u8::from(f.0))), mean(|f| f64::from(u8::from(f.1))));
    let (scatter, claimed) = (mean(|f| f.2), mean(|f| f.3));
    println!(
        "false alarms at 5 %: {zero:.4} at lag 0, {largest:.4} over all lags; variance {scatter:.3e}, claimed {claimed:.3e}"
    );
    let three_sigma = 3.0 * (0.05 * 0.95 / n).sqrt();
    assert!((zero - 0.05).abs() < three_sigma && (largest - 0.05).abs() < three_sigma, "{zero} {largest}");
    // Standard error of a variance from n values.
    assert!((claimed / scatter - 1.0).abs() < 3.0 * (2.0 / n).sqrt(), "{claimed} against {scatter}");
}

#[test]
fn independent_maps_raise_false_alarms_at_the_stated_rate() {
    check_false_alarms(200, 99);
}

#[test]
#[ignore = "full coverage, run by make validate"]
fn full_false_alarm_rate() {
    check_false_alarms(1000, 999);
}

#[test]
fn independent_maps_are_not_said_to_correlate() {
    let outcome = run(pair(&field(1, XI), &field(2, XI)));
    assert!(has_note(&outcome, "not_correlated") && has_note(&outcome, "not_correlated_at_any_lag"));
    assert!(outcome.estimates.iter().all(|estimate| estimate.interval.is_none() && estimate.no_interval.is_some()));
    let (_, low) = outcome.table("null_comparison").unwrap().numbers("null_lo").unwrap();
    let (_, high) = outcome.table("null_comparison").unwrap().numbers("null_hi").unwrap();
    // The band is that of N_eff independent pairs: two standard deviations, from 999 surrogates.
    let sd = 1.0 / (value(&outcome, "corr_energy_height_n_eff") - 1.0).sqrt();
    assert!((high[0] / (1.96 * sd) - 1.0).abs() < 0.15 && (low[0] / (1.96 * sd) + 1.0).abs() < 0.15);
    assert!(high[1] > high[0]);
}

#[test]
fn known_leakage_is_found() {
    let height = field(2, XI);
    let energy = field(1, XI) + &height * 0.5;
    let outcome = run(pair(&energy, &height));
    // The plane that is taken from the height holds about 3 of 290 independent areas.
    let r = value(&outcome, "corr_energy_height");
    assert!((r - pearson(&energy, &height)).abs() < 0.02, "{r}");
    // Truth 0.447; scatter (1 - r^2) / sqrt(290).
    assert!((r - 0.447).abs() < 3.0 * 0.047);
    assert_eq!(value(&outcome, "corr_energy_height_p"), 0.001);
    assert_eq!(value(&outcome, "corr_energy_height_max_p"), 0.001);
    assert!(has_note(&outcome, "correlated_with_topography"));
}

#[test]
fn the_lag_of_shifted_topography_is_found() {
    let height = field(2, XI);
    let shifted = Array2::from_shape_fn((N, N), |(row, column)| height[[(row + N - 2) % N, (column + N - 5) % N]]);
    let outcome = run(pair(&(shifted + field(1, XI) * 0.3), &height));
    let table = outcome.table("null_comparison").unwrap();
    let lag = [table.numbers("lag_x").unwrap().1[1], table.numbers("lag_y").unwrap().1[1]];
    // 5 columns to the right and 2 rows down; y is up.
    assert!((lag[0] - 5.0 * NM).abs() < 1e-6 * NM && (lag[1] + 2.0 * NM).abs() < 1e-6 * NM, "{lag:?}");
    assert!(has_note(&outcome, "correlated_at_a_lag"));
}

#[test]
fn coefficients_are_those_of_the_definition() {
    let (a, mut b) = (field(1, XI), field(2, XI));
    let full = CrossCorrelation::new(&a, &b).unwrap();
    assert!((full.at((0, 0)) - pearson(&a, &b)).abs() < 1e-12);
    let moved = Array2::from_shape_fn((N, N), |(row, column)| a[[(row + 3) % N, (column + N - 4) % N]]);
    assert!((full.at((3, -4)) - pearson(&moved, &b)).abs() < 1e-12);
    // A surrogate keeps the sum of squares over all lags.
    let power = |of: &CrossCorrelation| {
        (0..N as isize).flat_map(|r| (0..N as isize).map(move |c| (r, c))).map(|l| of.at(l).powi(2)).sum::<f64>()
    };
    assert!((power(&full.surrogate(3)) / power(&full) - 1.0).abs() < 1e-10);
    b[[0, 0]] = f64::NAN;
    let (x, y): (Vec<f64>, Vec<f64>) = a.iter().copied().zip(b.iter().copied()).skip(1).unzip();
    let without = pearson(&Array2::from_shape_vec((1, x.len()), x).unwrap(), &Array2::from_shape_vec((1, y.len()), y).unwrap());
    assert!((CrossCorrelation::new(&a, &b).unwrap().at((0, 0)) - without).abs() < 1e-12);
}

#[test]
fn scale_and_sign_of_the_height_do_not_matter() {
    let (energy, height) = (field(1, XI), field(2, XI));
    let reference = run(pair(&energy, &height));
    // A plane, another scale and another unit.
    let tilted =
        Array2::from_shape_fn((N, N), |(row, column)| -7.0 * height[[row, column]] + 0.5 * row as f64 - 2.0 * column as f64);
    let other = run(vec![map("dissipated_energy", "eV", energy * 40.0), map("height", "nm", tilted)]);
    for (key, sign) in [("corr_energy_height", -1.0), ("corr_energy_height_max", 1.0), ("corr_energy_height_n_eff", 1.0)] {
        // The weights of the plane converge to 1e-6 or so.
        assert!((value(&other, key) / value(&reference, key) - sign).abs() < 1e-3, "{key}");
    }
    for key in ["corr_energy_height_p", "corr_energy_height_max_p"] {
        // One surrogate more or less.
        assert!((value(&other, key) - value(&reference, key)).abs() <= 0.0011, "{key}");
    }
}

#[test]
fn threads_do_not_matter() {
    let maps = || pair(&field(1, XI), &field(2, XI));
    let with = |n: usize| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(|| run(maps()));
    assert_eq!(with(1).estimates, with(3).estimates);
}

#[test]
fn what_cannot_be_used_is_refused() {
    let (energy, height) = (field(1, XI), field(2, XI));
    let failure = |maps, parameters| run_with(maps, parameters, &Ctx::new(1)).unwrap_err().to_string();
    let message = |maps| failure(maps, json!({}));
    let energy_map = || map("dissipated_energy", "J", energy.clone());
    assert!(message(vec![energy_map()]).contains("no height map"));
    assert!(message(vec![energy_map(), map("height", "V", height.clone())]).contains("'m' is needed"));
    let smaller = Array2::from_shape_fn((32, N), |at| height[at]);
    assert!(message(vec![energy_map(), map("height", "m", smaller)]).contains("pixels"));
    assert!(message(vec![energy_map(), map("height", "m", Array2::ones((N, N)))]).contains("constant"));
    // One row of 64 is less than 2 %, two are more.
    let without = |rows: usize| {
        let hole = |(row, column): (usize, usize)| if row < rows { f64::NAN } else { height[[row, column]] };
        map("height", "m", Array2::from_shape_fn((N, N), hole))
    };
    assert!(message(vec![energy_map(), without(2)]).contains("usable pixels"));
    assert!(run_with(vec![energy_map(), without(1)], json!({}), &Ctx::new(1)).is_ok());
    let nowhere = vec![Map::new("dissipated_energy", energy.clone(), Unit::of("J"), None), map("height", "m", height.clone())];
    assert!(message(nowhere).contains("lateral size"));
    assert!(message(pair(&field(1, 25.0), &height)).contains("more than a tenth"));
    let ramp = Array2::from_shape_fn((N, N), |(row, _)| row as f64);
    assert!(message(pair(&ramp, &height)).contains("more than a tenth"));
    let with = |parameters| failure(pair(&energy, &height), parameters);
    assert!(with(json!({"surrogates": 99})).contains("at least 999"));
    assert!(with(json!({"max_lag": "17 nm"})).contains("at most 1.600e-8 m"));
    assert!(with(json!({"max_lag": "0 nm"})).contains("above 0"));
    assert!(with(json!({"max_lag": "3 s"})).contains('s'));
}

#[test]
fn it_can_be_stopped() {
    let ctx = Ctx::new(1).with_cancel(Arc::new(AtomicBool::new(true)));
    let stopped = run_with(pair(&field(1, XI), &field(2, XI)), json!({}), &ctx);
    assert!(matches!(stopped, Err(MethodError::Cancelled(Cancelled))));
}
