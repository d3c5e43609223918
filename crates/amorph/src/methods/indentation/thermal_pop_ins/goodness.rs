//! Whether pop-ins follow the thermal law at all.

use rand::RngExt;

use super::algorithm::{Loaded, Thermal, fit_with};
use crate::core::random::{Rng, derive_seed, rng};
use crate::core::stats::Reading;

/// Parametric bootstrap of the largest distance from the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goodness {
    /// Series drawn from the fitted law, each fitted again.
    pub replicates: usize,
    /// Root of their seeds.
    pub seed: u64,
}

impl Goodness {
    /// Probability of a distance at least as large where the law holds: `(1 + number of larger ones)/(1 + replicates)`; `None` where no replicate
    /// has a maximum.
    pub fn p(&self, tests: &[Loaded], law: &Thermal, several_temperatures: bool) -> Option<f64> {
        let observed = distance(tests, law);
        let (mut larger, mut fitted) = (0, 0);
        for replicate in 0..self.replicates {
            let mut rng = rng(derive_seed(self.seed, &["goodness".into(), replicate.into()]));
            let drawn: Vec<Loaded> = tests.iter().map(|test| draw(test, tests, law, &mut rng)).collect();
            let Some(again) = fit_with(&drawn, several_temperatures, false) else { continue };
            fitted += 1;
            larger += usize::from(distance(&drawn, &again) >= observed);
        }
        (fitted > 0).then(|| (1 + larger) as f64 / (1 + fitted) as f64)
    }
}

/// Largest distance between the Kaplan-Meier curve of the expected numbers of events and `1 - exp(-Λ)`.
fn distance(tests: &[Loaded], law: &Thermal) -> f64 {
    let number = |test: &Loaded, load: f64| law.hazard(load, test.rate, test.temperature);
    // What is below the limit of detection has a number somewhere below: the largest possible one is taken in data and replicates alike.
    let mut numbers: Vec<(f64, bool)> = tests
        .iter()
        .map(|test| match test.reading {
            Reading::Value(load) | Reading::Below(load) => (number(test, load), true),
            Reading::Above(load) => (number(test, load), false),
        })
        .collect();
    numbers.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let (mut survival, mut largest) = (1.0, 0.0f64);
    let n = numbers.len();
    for (place, (number, is_event)) in numbers.iter().enumerate() {
        let expected = (-number).exp();
        largest = largest.max((survival - expected).abs());
        if *is_event {
            survival *= 1.0 - 1.0 / (n - place) as f64;
            largest = largest.max((survival - expected).abs());
        }
    }
    largest
}

/// Another reading of the same test by the law, up to the largest load of tests like it and from the limit of detection on.
fn draw(test: &Loaded, tests: &[Loaded], law: &Thermal, rng: &mut Rng) -> Loaded {
    let alike = || {
        let same = |other: &&Loaded| {
            (other.rate / test.rate - 1.0).abs() < 0.01 && (other.temperature / test.temperature - 1.0).abs() < 1e-3
        };
        tests.iter().filter(same)
    };
    let above = |other: &Loaded| if let Reading::Above(load) = other.reading { Some(load) } else { None };
    let below = |other: &Loaded| if let Reading::Below(load) = other.reading { Some(load) } else { None };
    let peak = alike().filter_map(above).fold(None, |most: Option<f64>, load| Some(most.map_or(load, |most| most.max(load))));
    let limit = alike().filter_map(below).fold(0.0, f64::max);
    let uniform: f64 = rng.random();
    let wanted = -(1.0 - uniform).ln();
    let load = load_at(wanted, test, law);
    let reading = match peak {
        Some(peak) if load > peak => Reading::Above(peak),
        _ if load < limit => Reading::Below(limit),
        _ => Reading::Value(load),
    };
    Loaded { reading, ..*test }
}

/// The load up to which the law expects so many events, N.
fn load_at(number: f64, test: &Loaded, law: &Thermal) -> f64 {
    let (mut lo, mut hi) = (1e-6 * law.reference_load, 1e3 * law.reference_load);
    for _ in 0..60 {
        let middle = (lo * hi).sqrt();
        if law.hazard(middle, test.rate, test.temperature) < number { lo = middle } else { hi = middle }
    }
    (lo * hi).sqrt()
}
