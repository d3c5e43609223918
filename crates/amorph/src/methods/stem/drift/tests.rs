#![allow(clippy::unwrap_used)]
use ndarray::Array2;

use super::algorithm::{drift, shift};
use super::*;
use crate::core::data::{Extent, Map};
use crate::core::stats::{Coverage, coverage};
use crate::core::unit::Unit;
use crate::method::Constants;
use crate::sim::haadf::ImagePair;

fn dataset(images: &[Array2<f64>]) -> Dataset {
    let map = |values: &Array2<f64>| {
        let (rows, columns) = values.dim();
        let extent = Extent::metres(columns as f64 * 0.1e-9, rows as f64 * 0.1e-9);
        Map::new("intensity", values.clone(), Unit::one(), Some(extent))
    };
    let constants = Constants::default().with_quantity("scan_step", "0.4 nm").unwrap();
    Dataset::of_maps(images.iter().map(map).collect(), constants)
}

fn run(method: &Drift, images: &[Array2<f64>]) -> Result<Outcome, MethodError> {
    let dataset = dataset(images);
    method.run(&method.check(&dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap_or_else(|| panic!("{key}")).value
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn a_shift_is_found_to_a_hundredth_of_a_pixel() {
    for by in [[0.0, 0.0], [1.3, -0.6], [-0.27, 0.44], [7.62, 3.1]] {
        let pair = ImagePair { shift: by, noise: 0.0, shape: (96, 112), ..ImagePair::default() };
        let [before, after] = pair.take(3).unwrap();
        let found = shift(&before.view(), &after.view(), 24.0).unwrap();
        // What enters and leaves at the edges, where the window is small, is all that differs.
        let edge = 0.012 * by[0].hypot(by[1]) + 0.01;
        assert!((found.by[0] - by[0]).abs() < edge && (found.by[1] - by[1]).abs() < edge, "{found:?} {by:?}");
        // Back is the same shift, turned.
        let back = shift(&after.view(), &before.view(), 24.0).unwrap();
        assert!((back.by[0] + found.by[0]).abs() < 2e-3 && (back.by[1] + found.by[1]).abs() < 2e-3);
        // Brightness and contrast do not matter.
        let brighter = after.mapv(|v| 300.0 + 12.0 * v);
        assert_eq!(shift(&before.view(), &brighter.view(), 24.0).unwrap().by, found.by);
    }
}

#[test]
fn the_gate_opens_and_shuts() {
    // A step of the scan is four pixels.
    let outcome = |by: [f64; 2], noise: f64| {
        run(&Drift::default(), &ImagePair { shift: by, noise, ..ImagePair::default() }.take(5).unwrap()).unwrap()
    };
    let small = outcome([0.8, -0.6], 0.5);
    assert_eq!(value(&small, "drift_accepted"), 1.0);
    assert!((value(&small, "drift_steps") - 0.25).abs() < 0.04, "{}", value(&small, "drift_steps"));
    assert!((value(&small, "drift_length") - 0.1e-9).abs() < 0.016e-9);
    assert!(value(&small, "drift_limit_steps") > 0.4 && codes(&small) == ["drift_accepted"]);
    assert_eq!((small.figures.len(), small.tables[0].n_rows()), (3, 25));
    let large = outcome([2.4, 1.8], 0.5);
    assert_eq!(value(&large, "drift_accepted"), 0.0);
    assert_eq!(codes(&large), ["drift_too_large"]);
    assert!(Drift::INFO.outputs.iter().all(|output| large.estimate(output.key).is_some()));
}

#[test]
fn images_of_other_places_give_no_shift() {
    let mut matched = 0;
    for seed in 0..20 {
        let pair = ImagePair { common: 0.0, shape: (64, 64), ..ImagePair::default() };
        let outcome = run(&Drift { surrogates: 19, ..Drift::default() }, &pair.take(seed).unwrap()).unwrap();
        matched += usize::from(outcome.estimate("drift_steps").is_some());
        assert!(outcome.estimate("drift_steps").is_some() || codes(&outcome) == ["no_match"]);
        assert!(outcome.estimate("drift_steps").is_some() || value(&outcome, "drift_accepted") == 0.0);
    }
    // 5 % by chance: at most five of twenty (probability 0.0003 above).
    assert!(matched <= 5, "{matched}");
}

#[test]
fn distortion_is_in_the_error() {
    let plain = ImagePair { shift: [0.5, 0.5], noise: 0.1, ..ImagePair::default() };
    let error = |pair: &ImagePair| value(&run(&Drift::default(), &pair.take(2).unwrap()).unwrap(), "drift_sd_px");
    let stretched = ImagePair { stretch: [0.8, 0.0], ..plain.clone() };
    assert!(error(&stretched) > 3.0 * error(&plain), "{} {}", error(&stretched), error(&plain));
}

#[test]
fn what_cannot_be_is_refused() {
    let [before, after] = ImagePair::default().take(1).unwrap();
    let images = [before.clone(), after];
    let refused = |method: Drift, images: &[Array2<f64>]| run(&method, images).unwrap_err();
    assert!(refused(Drift::default(), &images[..1]).to_string().starts_with("1 maps 'intensity'"));
    assert!(refused(Drift::default(), &images[..1]).hint().contains("before.dm4"));
    let small = [Array2::zeros((40, 60)), Array2::zeros((40, 60))];
    assert!(refused(Drift::default(), &small).to_string().contains("at least 48"));
    let flat = [Array2::zeros((64, 64)), Array2::zeros((64, 64))];
    assert!(refused(Drift::default(), &flat).to_string().contains("one value"));
    for (method, name) in [
        (Drift { accepted_steps: 0.0, ..Drift::default() }, "accepted_steps"),
        (Drift { reach: 0.9, ..Drift::default() }, "reach"),
        (Drift { blocks: 2, ..Drift::default() }, "blocks"),
        (Drift { surrogates: 3, ..Drift::default() }, "surrogates"),
        (Drift { pixels_per_step: Some(f64::NAN), ..Drift::default() }, "pixels_per_step"),
    ] {
        assert!(refused(method, &images).to_string().starts_with(name), "{name}");
    }
    let mut unknown = dataset(&images);
    unknown.constants = Constants::default();
    assert!(Drift::default().check(&unknown).unwrap_err().to_string().contains("not known"));
    let three = [images[0].clone(), images[1].clone(), images[0].clone()];
    let outcome = run(&Drift::default(), &three).unwrap();
    assert!(codes(&outcome).contains(&"first_and_last") && value(&outcome, "drift_steps") < 1e-3);
}

fn covered(n: usize, pair: &ImagePair, blocks: usize) -> Coverage {
    coverage(n, 11, pair.shift[1], |seed| {
        let [before, after] = pair.take(seed).ok()?;
        let found = drift(&before.view(), &after.view(), blocks, 16.0)?;
        let (at, half) = (found.shift.by[1], found.half_width[1]);
        Some((at - half, at + half))
    })
    .unwrap()
}

#[test]
fn the_interval_covers() {
    let pair = ImagePair { shape: (96, 96), ..ImagePair::default() };
    let found = covered(40, &pair, 5);
    assert!(found.covered >= 33, "{found:?}");
}

#[test]
#[ignore = "minutes"]
fn the_interval_covers_in_full() {
    for pair in cases() {
        let found = covered(300, &pair, 5);
        let [before, after] = pair.take(1).unwrap();
        let peak = shift(&before.view(), &after.view(), 16.0).unwrap().peak;
        println!("{pair:?}, peak {peak:.3}: {found:?}");
        // No interval is shown where the peak is low.
        assert!(peak < report::LOWEST_PEAK || (found.upper >= 0.92 && found.lower <= 0.98), "{found:?}");
    }
}

fn cases() -> [ImagePair; 4] {
    let plain = ImagePair::default();
    [
        plain.clone(),
        ImagePair { noise: 2.0, ..plain.clone() },
        ImagePair { length: 5.0, shift: [0.2, 0.15], noise: 1.0, ..plain.clone() },
        ImagePair { length: 16.0, shift: [4.6, -3.3], shape: (160, 128), ..plain },
    ]
}
