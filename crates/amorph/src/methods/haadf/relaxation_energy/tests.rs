#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use ndarray::{Array2, Array3, Axis, Slice};
use serde::Deserialize;

use super::algorithm::{arrhenius, expected_error, vogel};
use super::*;
use crate::core::constants::{BOLTZMANN, ELEMENTARY_CHARGE};
use crate::core::data::{AxisRole, Data, DataError, FrameSource, FrameStack, PixelType, Pixels, ScanAxis};
use crate::core::outcome::{Basis, Estimate};
use crate::core::random::standard_normals;
use crate::core::stats::coverage;
use crate::method::{Constants, Upstream};
use crate::methods::haadf::relaxation_map::{Beam, RelaxationMap};
use crate::sim::haadf::Flicker;

/// The temperatures of Zhang et al. (2018).
const TEMPERATURES: [f64; 5] = [507.0, 511.0, 515.0, 519.0, 523.0];

fn points(energy_ev: f64, temperatures: &[f64], error: f64, seed: u64) -> Vec<Point> {
    let noise = standard_normals(seed, temperatures.len());
    let energy = energy_ev * ELEMENTARY_CHARGE;
    let tau = |t: f64| 10.0 * (energy / BOLTZMANN * (1.0 / t - 1.0 / 515.0)).exp();
    let point = |(t, z): (&f64, f64)| Point { temperature: *t, tau: tau(*t) * (error * z).exp(), ln_error: error };
    temperatures.iter().zip(noise).map(point).collect()
}

fn upstream(item: &str, estimates: Vec<Estimate>) -> Upstream {
    Upstream {
        job: String::new(),
        method: "haadf.relaxation_map".to_owned(),
        state: String::new(),
        item: item.to_owned(),
        outcome: Arc::new(Outcome { estimates, ..Outcome::default() }),
    }
}

fn series(key: &str, points: &[Point]) -> Vec<Upstream> {
    let one = |point: &Point| {
        let tau = Estimate::with_interval(key, "", point.tau, "s", (0.0, 1e9), Basis::Bootstrap);
        let temperature = Estimate::without_interval("temperature", "T", point.temperature, "K", "");
        upstream(&format!("{} K", point.temperature), vec![tau.std_error(point.tau * point.ln_error), temperature])
    };
    points.iter().map(one).collect()
}

fn run(upstream: Vec<Upstream>) -> Result<Outcome, MethodError> {
    let constants = Constants::default().with_quantity("glass_transition_temperature", "507 K").unwrap();
    let dataset = Dataset { upstream, constants, ..Dataset::default() };
    let method = RelaxationEnergy::default();
    method.run(&method.check(&dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

#[test]
fn the_energies_of_core_and_skin_come_back() {
    let mut all = series("tau0_core", &points(3.7, &TEMPERATURES, 1e-6, 1));
    all.extend(series("tau0_skin", &points(1.7, &TEMPERATURES, 1e-6, 2)));
    let outcome = run(all).unwrap();
    assert!((value(&outcome, "relaxation_energy_core") / ELEMENTARY_CHARGE - 3.7).abs() < 1e-4);
    assert!((value(&outcome, "relaxation_energy_skin") / ELEMENTARY_CHARGE - 1.7).abs() < 1e-4);
    assert!(outcome.estimate("relaxation_energy").is_none());
    assert_eq!(outcome.tables[0].n_rows(), 10);
    assert_eq!(outcome.notes.iter().filter(|note| note.code == "expected_error").count(), 2);
}

#[test]
fn reduced_energies_are_the_published_ones() {
    #[derive(Deserialize)]
    struct Golden {
        reduced: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        energy_ev: f64,
        ratio: f64,
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    for case in golden.reduced {
        let outcome = run(series("tau0", &points(case.energy_ev, &TEMPERATURES, 1e-9, 1))).unwrap();
        assert!((value(&outcome, "reduced_energy") / case.ratio - 1.0).abs() < 1e-6, "{}", value(&outcome, "reduced_energy"));
    }
}

#[test]
fn the_interval_of_the_energy_covers() {
    for (temperatures, error) in [(&TEMPERATURES[..], 0.05), (&TEMPERATURES[..3], 0.1)] {
        let trial = |seed: u64| {
            let line = arrhenius(&points(3.7, temperatures, error, seed))?;
            let half = line.half?;
            Some((line.energy - half, line.energy + half))
        };
        let found = coverage(2000, 3, 3.7 * ELEMENTARY_CHARGE, trial).unwrap();
        // 2000 trials at 95 % scatter by 0.5 %.
        assert!((0.935..=0.965).contains(&found.fraction), "{}", found.fraction);
    }
}

#[test]
fn the_error_before_the_fit_is_that_of_the_fit() {
    let all = points(3.7, &TEMPERATURES, 0.05, 4);
    let line = arrhenius(&all).unwrap();
    // By hand: k 0.05 / sqrt(sum (1/T - mean)^2).
    assert!((expected_error(&all) / ELEMENTARY_CHARGE - 0.0903).abs() < 1e-3);
    assert!((line.energy_error / line.scatter / expected_error(&all) - 1.0).abs() < 1e-6);
    let two = arrhenius(&all[..2]).unwrap();
    assert!(two.half.is_none() && two.energy_error > 0.0);
    assert!(arrhenius(&[all[0], all[0]]).is_none());
}

#[test]
fn a_curved_law_is_seen_from_five_temperatures_on() {
    let law = |t: f64| (-10.0 + 3000.0 / (t - 300.0)).exp();
    let all: Vec<Point> =
        (0..7).map(|i| 420.0 + 20.0 * f64::from(i)).map(|t| Point { temperature: t, tau: law(t), ln_error: 0.01 }).collect();
    let found = vogel(&all).unwrap();
    assert!((found.temperature - 300.0).abs() < 0.5 && (found.strength / 3000.0 - 1.0).abs() < 0.02, "{found:?}");
    assert!((found.intercept + 10.0).abs() < 0.2 && found.errors.iter().all(|error| *error > 0.0));
    assert!(vogel(&all[..4]).is_none());
    // A straight line needs no T0.
    assert!(vogel(&points(3.7, &TEMPERATURES, 1e-9, 1)).is_none_or(|law| law.temperature < 50.0));
}

#[test]
fn what_is_left_out_is_named() {
    let mut all = series("tau0", &points(3.7, &TEMPERATURES, 0.05, 5));
    let tau = Estimate::without_interval("tau0", "τ", 3.0, "s", "short");
    let temperature = Estimate::without_interval("temperature", "T", 500.0, "K", "");
    all.push(upstream("short", vec![tau, temperature.clone()]));
    all.push(upstream("cold", vec![temperature]));
    all.push(upstream("unknown", Vec::new()));
    let outcome = run(all).unwrap();
    let note = outcome.notes.iter().find(|note| note.code == "left_out").unwrap();
    for part in ["short: the time of the object has no error", "cold: its times are bounds", "unknown: no temperature"] {
        assert!(note.message.contains(part), "{}", note.message);
    }
    assert_eq!(outcome.estimate("relaxation_energy").unwrap().n, Some(5.0));
    let one = run(series("tau0", &points(3.7, &[510.0, 510.0], 0.05, 5))).unwrap_err().to_string();
    assert!(one.contains("1 temperatures have"), "{one}");
    assert!(run(Vec::new()).unwrap_err().to_string().contains("no series"));
}

#[derive(Debug)]
struct Frames(Array3<f64>);

impl FrameSource for Frames {
    fn read(&self, frames: std::ops::Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        *pixels = Pixels::F64(self.0.slice_axis(Axis(0), Slice::from(frames)).iter().copied().collect());
        Ok(())
    }
}

/// A wire with core and skin at a temperature, with the energies that are published, as `haadf.relaxation_map` sees it.
fn wire_at(index: usize, temperature: f64) -> Upstream {
    let law = |energy: f64, tau: f64| tau * (energy * ELEMENTARY_CHARGE / BOLTZMANN * (1.0 / temperature - 1.0 / 515.0)).exp();
    let tau = Array2::from_shape_fn((12, 16), |(_, x)| if (5..11).contains(&x) { law(3.7, 10.0) } else { law(1.7, 4.0) });
    let flicker = Flicker { tau, frames: 2000, interval: 1.0, counts: 200.0, drift: 0.0, seed: 40 + index as u64 };
    let mut frames = flicker.record().unwrap();
    for x in (0..3).chain(13..16) {
        frames.index_axis_mut(Axis(2), x).fill(3.0);
    }
    let axes = [(AxisRole::Time, 2000), (AxisRole::ScanY, 12), (AxisRole::ScanX, 16)];
    let axes = axes.map(|(role, n)| ScanAxis::new(role, n)).to_vec();
    let stack = FrameStack::new("series", axes, PixelType::F64, 2000, Arc::new(Frames(frames))).unwrap();
    let constants = Constants::default().with_quantity("frame_interval", "1 s").unwrap();
    let constants = constants.with_quantity("temperature", &format!("{temperature} K")).unwrap();
    let dataset = Dataset { data: vec![Data::Stack(stack)], constants, ..Dataset::default() };
    let method = RelaxationMap { object_above: Some(50.0), skin_px: Some(2.0), beam: Beam::Steady, ..RelaxationMap::default() };
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    Upstream { outcome: Arc::new(outcome), ..upstream("series", Vec::new()) }
}

/// One set of five series holds both energies.
#[test]
fn core_and_skin_of_one_set_have_their_own_energies() {
    let set = TEMPERATURES.iter().enumerate().map(|(index, temperature)| wire_at(index, *temperature));
    let outcome = run(set.collect()).unwrap();
    for (key, energy) in [("relaxation_energy_core", 3.7), ("relaxation_energy_skin", 1.7)] {
        let found = outcome.estimate(key).unwrap();
        let (value, error) = (found.value / ELEMENTARY_CHARGE, found.std_error.unwrap() / ELEMENTARY_CHARGE);
        assert!((value - energy).abs() < 3.0 * error && error < 0.3, "{key}: {value} +- {error}");
    }
    // The skin is faster everywhere, and all the more where it is cold.
    let (_, times) = outcome.table("times").unwrap().numbers("tau0").unwrap();
    let ratios: Vec<f64> = (0..5).map(|i| times[i] / times[5 + i]).collect();
    assert!(ratios[0] > 3.0 && ratios[0] > 2.0 * ratios[4], "{ratios:?}");
}

#[test]
fn lengths_over_temperature_have_a_slope() {
    // By hand: ln 4, 3, 2 at 500, 510, 520 K.
    let found = domains::growth(&[(500.0, 4.0), (510.0, 3.0), (520.0, 2.0)]).unwrap();
    assert!((found.slope - 0.5f64.ln() / 20.0).abs() < 1e-12);
    let (middle, mean) = (3f64.ln(), (24f64.ln()) / 3.0);
    let error = (1.5 * (middle - mean).powi(2) / 200.0).sqrt();
    assert!((found.error / error - 1.0).abs() < 1e-9 && found.p > 0.0 && found.p < 0.2, "{found:?}");
    assert!(domains::growth(&[(500.0, 4.0), (500.0, 3.0), (520.0, 2.0)]).is_none());
    let with = |unit: &str, lengths: [f64; 4]| {
        let mut all = series("tau0", &points(3.7, &TEMPERATURES[..4], 0.05, 5));
        for (upstream, length) in all.iter_mut().zip(lengths) {
            let mut estimates = upstream.outcome.estimates.clone();
            estimates.push(Estimate::without_interval("slow_domain_size", "", 2.0 * length, unit, ""));
            estimates.push(Estimate::without_interval("tau0_correlation_length", "", length, unit, ""));
            upstream.outcome = Arc::new(Outcome { estimates, ..Outcome::default() });
        }
        all
    };
    let outcome = run(with("m", [4.1e-9, 3.2e-9, 2.5e-9, 1.9e-9])).unwrap();
    assert!(value(&outcome, "domain_growth") < 0.0 && value(&outcome, "p_domain_growth") < 0.01);
    assert!(outcome.notes.iter().any(|note| note.message.contains("grows on cooling")) && outcome.figures.len() == 2);
    let mut mixed = with("m", [4.1e-9, 3.2e-9, 2.5e-9, 1.9e-9]);
    mixed[0] = with("", [3.0; 4]).remove(0);
    let outcome = run(mixed).unwrap();
    assert!(outcome.estimate("domain_growth").is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "lengths_in_two_units"));
}

/// A virtual experiment at the published temperatures: frames, times, energy.
#[test]
fn series_at_five_temperatures_give_the_energy() {
    let energy = 1.7 * ELEMENTARY_CHARGE;
    let all = TEMPERATURES.iter().enumerate().map(|(index, temperature)| {
        let tau = 8.0 * (energy / BOLTZMANN * (1.0 / temperature - 1.0 / 515.0)).exp();
        let tau = Array2::from_elem((5, 5), tau);
        let flicker = Flicker { tau, frames: 1000, interval: 1.0, counts: 200.0, drift: 0.0, seed: 40 + index as u64 };
        let frames = flicker.record().unwrap();
        let axes = [(AxisRole::Time, 1000), (AxisRole::ScanY, 5), (AxisRole::ScanX, 5)];
        let axes = axes.map(|(role, n)| ScanAxis::new(role, n)).to_vec();
        let stack = FrameStack::new("series", axes, PixelType::F64, 1000, Arc::new(Frames(frames))).unwrap();
        let constants = Constants::default().with_quantity("frame_interval", "1 s").unwrap();
        let constants = constants.with_quantity("temperature", &format!("{temperature} K")).unwrap();
        let dataset = Dataset { data: vec![Data::Stack(stack)], constants, ..Dataset::default() };
        let method = RelaxationMap::default();
        let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
        Upstream { outcome: Arc::new(outcome), ..upstream("series", Vec::new()) }
    });
    let outcome = run(all.collect()).unwrap();
    let found = outcome.estimate("relaxation_energy").unwrap();
    let allowed = 3.0 * found.std_error.unwrap();
    assert!((found.value - energy).abs() < allowed.max(0.3 * ELEMENTARY_CHARGE), "{}", found.value / ELEMENTARY_CHARGE);
}
