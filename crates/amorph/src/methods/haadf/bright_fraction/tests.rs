#![allow(clippy::unwrap_used)]
use ndarray::{Array2, Axis, array};

use super::algorithm::{Phases, otsu};
use super::analysis::{Findings, LEAST_BLOCKS, analyse};
use super::geometry::{chords, euler_number, smooth};
use super::*;
use crate::core::data::Extent;
use crate::core::stats::normal_quantile;
use crate::core::unit::Unit;
use crate::method::Constants;
use crate::sim::haadf::PhaseNetwork;

fn dataset(values: Array2<f64>, constants: Constants) -> Dataset {
    let (rows, columns) = values.dim();
    let extent = Extent::metres(columns as f64 * 2e-9, rows as f64 * 2e-9);
    Dataset::of_maps(vec![Map::new("intensity", values, Unit::one(), Some(extent))], constants)
}

fn surface(side: &str) -> Constants {
    Constants::default().with_choice("surface_side", side)
}

fn run(method: &BrightFraction, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn has_note(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

fn expected(network: &PhaseNetwork, (from, to): (usize, usize)) -> f64 {
    (from..to).map(|row| network.fraction_at(row)).sum::<f64>() / (to - from) as f64
}

fn findings(network: &PhaseNetwork) -> Findings {
    let image = network.record().unwrap().counts;
    analyse(&image, PhaseModel::Mixture, Illumination::Quadratic, 64).unwrap()
}

#[test]
fn the_share_falls_with_depth_under_an_uneven_illumination() {
    let network = PhaseNetwork::default();
    let outcome = run(&BrightFraction::default(), &dataset(network.record().unwrap().counts, surface("top"))).unwrap();
    let (_, shares) = outcome.table("profile").unwrap().numbers("bright_fraction").unwrap();
    assert_eq!(shares.len(), 8);
    for (strip, share) in shares.iter().enumerate() {
        let truth = expected(&network, (64 * strip, 64 * strip + 64));
        assert!((share - truth).abs() < 0.04, "{strip}: {share} {truth}");
    }
    assert!((value(&outcome, "bright_fraction") - 0.415).abs() < 0.02);
    assert!(outcome.estimate("bright_fraction_surface").unwrap().interval.is_some());
    // Chords of both phases add up to about 1.4 wavelengths of 16 pixels of 2 nm.
    let period = value(&outcome, "bright_chord") + value(&outcome, "dark_chord");
    assert!((30e-9..65e-9).contains(&period), "{period}");
    assert!(value(&outcome, "phase_separation") > 5.0);
    assert!(has_note(&outcome, "section_assumed") && outcome.estimate("overlap_bound").is_none());
    assert_eq!(outcome.figures.len(), 3);
    let (_, sweep) = outcome.table("threshold_sweep").unwrap().numbers("share_above").unwrap();
    assert!(sweep.windows(2).all(|pair| pair[0] >= pair[1]));
}

#[test]
fn the_surface_may_lie_on_any_side() {
    let network = PhaseNetwork { shape: (128, 256), ..PhaseNetwork::default() };
    let image = network.record().unwrap().counts;
    let reference = run(&BrightFraction::default(), &dataset(image.clone(), surface("top"))).unwrap();
    let mut upside_down = image.clone();
    upside_down.invert_axis(Axis(0));
    let turned = image.t().to_owned();
    let mut mirrored = turned.clone();
    mirrored.invert_axis(Axis(1));
    for (values, side) in [(upside_down, "bottom"), (turned, "left"), (mirrored, "right")] {
        let outcome = run(&BrightFraction::default(), &dataset(values, surface(side))).unwrap();
        for key in ["bright_fraction_surface", "bright_fraction_deep", "bright_chord"] {
            assert!((value(&outcome, key) / value(&reference, key) - 1.0).abs() < 1e-9, "{side} {key}");
        }
    }
}

#[test]
fn brightness_may_be_scaled_and_have_a_dark_level() {
    let network = PhaseNetwork { shape: (128, 256), ..PhaseNetwork::default() };
    let image = network.record().unwrap().counts;
    let reference = run(&BrightFraction::default(), &dataset(image.clone(), surface("top"))).unwrap();
    let constants = surface("top").with_quantity("dark_level", "70").unwrap();
    let scaled = run(&BrightFraction::default(), &dataset(image * 3.0 + 70.0, constants)).unwrap();
    let change = value(&scaled, "bright_fraction_surface") - value(&reference, "bright_fraction_surface");
    assert!(change.abs() < 1e-3, "{change}");
}

#[test]
fn missing_pixels_are_left_out() {
    let network = PhaseNetwork { shape: (128, 256), ..PhaseNetwork::default() };
    let mut image = network.record().unwrap().counts;
    for ((row, column), value) in image.indexed_iter_mut() {
        if (row / 16 + column / 16) % 5 == 0 {
            *value = f64::NAN;
        }
    }
    let outcome = run(&BrightFraction::default(), &dataset(image, surface("top"))).unwrap();
    assert!((value(&outcome, "bright_fraction") - 0.415).abs() < 0.06);
    assert!(outcome.maps[0].values[(0, 0)].is_nan());
}

#[test]
fn otsu_and_the_bound_of_overlap() {
    let network = PhaseNetwork { shape: (128, 256), ..PhaseNetwork::default() };
    let image = network.record().unwrap().counts;
    let method = BrightFraction { phases: PhaseModel::Otsu, ..BrightFraction::default() };
    let constants = surface("top").with_quantity("foil_thickness", "200 nm").unwrap();
    let outcome = run(&method, &dataset(image, constants)).unwrap();
    let fraction = outcome.estimate("bright_fraction").unwrap();
    assert!((fraction.value - 0.415).abs() < 0.05 && fraction.no_interval.as_ref().unwrap().contains("threshold"));
    let layers = 200e-9 / value(&outcome, "bright_chord");
    let bound = 1.0 - (1.0 - fraction.value).powf(layers);
    assert!((value(&outcome, "overlap_bound") - bound).abs() < 1e-12 && has_note(&outcome, "phases_overlap_in_depth"));
}

#[test]
fn few_blocks_have_no_interval() {
    let network = PhaseNetwork { shape: (128, 192), length: 24.0, ..PhaseNetwork::default() };
    let found = findings(&network);
    assert!(found.blocks.0 < LEAST_BLOCKS && found.whole.error.is_none());
    let outcome = run(&BrightFraction::default(), &dataset(network.record().unwrap().counts, surface("top"))).unwrap();
    assert!(outcome.estimate("bright_fraction").unwrap().no_interval.as_ref().unwrap().contains("fewer than 6 blocks"));
}

#[test]
fn trouble_is_named() {
    let image = PhaseNetwork { shape: (64, 64), ..PhaseNetwork::default() }.record().unwrap().counts;
    let refused = |method: &BrightFraction, values: Array2<f64>, constants: Constants| {
        run(method, &dataset(values, constants)).unwrap_err().to_string()
    };
    let method = BrightFraction::default();
    assert!(refused(&method, image.clone(), Constants::default()).contains("surface_side"));
    let deep = BrightFraction { strip_px: 65, ..BrightFraction::default() };
    assert!(refused(&deep, image.clone(), surface("top")).contains("strip_px = 65"));
    let shallow = BrightFraction { strip_px: 16, ..BrightFraction::default() };
    assert!(
        refused(&shallow, image.slice_axis(Axis(0), ndarray::Slice::from(..20)).to_owned(), surface("top"))
            .contains("20 pixels deep")
    );
    assert!(refused(&method, Array2::from_elem((64, 64), 3.0), surface("top")).contains("every pixel has the value 3"));
    let mut empty = image;
    empty.iter_mut().skip(1000).for_each(|value| *value = f64::NAN);
    assert!(refused(&method, empty, surface("top")).contains("missing or masked"));
    let white = crate::core::random::standard_normals(5, 64 * 64);
    let white = Array2::from_shape_vec((64, 64), white).unwrap() + 50.0;
    let one = refused(&method, white, surface("top"));
    assert!(one.contains("apart") || one.contains("no two phases"), "{one}");
}

#[test]
fn a_mixture_counts_mixed_pixels_half() {
    let phases = Phases { dark: 10.0, step: 10.0, sd: [0.5, 0.5] };
    let values = || [10.0, 10.1, 9.9, 20.0, 15.0, 14.0, 16.0, 20.2].into_iter();
    let found = phases.fraction(values()).unwrap();
    // Three dark, two bright, three mixed.
    assert!((found - (2.0 + 1.5) / 8.0).abs() < 0.02, "{found}");
    assert!(phases.fraction(std::iter::empty()).is_none());
    let threshold = otsu(&[1.0, 1.1, 0.9, 5.0, 5.2]).unwrap();
    assert!((1.1..5.0).contains(&threshold));
    assert!(otsu(&[2.0, 2.0]).is_none());
}

#[test]
fn shapes_by_hand() {
    // A ring: one part, one hole.
    let ring = array![[true, true, true], [true, false, true], [true, true, true]];
    assert_eq!(euler_number(&ring.view()), 0.0);
    // Two pixels that touch at a corner are one part; two apart are two.
    assert_eq!(euler_number(&array![[true, false], [false, true]].view()), 1.0);
    assert_eq!(euler_number(&array![[true, false, true]].view()), 2.0);
    let row = [Some(true), Some(true), Some(false), Some(false), Some(false), Some(true), None, Some(true)];
    let row = Array2::from_shape_vec((1, 8), row.to_vec()).unwrap();
    // Two crossings; three dark and four bright pixels.
    assert_eq!(chords(&row.view()), Some([3.0, 4.0]));
    assert_eq!(chords(&Array2::from_elem((2, 2), Some(true)).view()), None);
    let smoothed = smooth(&array![[0.0, 4.0, f64::NAN]]);
    assert!((smoothed[(0, 0)] - 4.0 / 3.0).abs() < 1e-12 && (smoothed[(0, 1)] - 8.0 / 3.0).abs() < 1e-12);
    assert!(smoothed[(0, 2)].is_nan());
}

/// Strips whose interval covers, strips with one, and the largest error of a share.
fn coverage(network: &PhaseNetwork, n: u64) -> (usize, usize, f64) {
    let (mut covered, mut given, mut worst) = (0, 0, 0.0f64);
    for seed in 0..n {
        let network = PhaseNetwork { seed: 500 + seed, ..network.clone() };
        for share in findings(&network).strips {
            let Some((_, half)) = share.error else { continue };
            let error = (share.value - expected(&network, share.rows)).abs();
            given += 1;
            covered += usize::from(error < half);
            worst = worst.max(error);
        }
    }
    (covered, given, worst)
}

#[test]
fn the_interval_covers() {
    let network = PhaseNetwork { shape: (128, 512), ..PhaseNetwork::default() };
    let (covered, given, _) = coverage(&network, 20);
    // 40 of 95 %: below 34 with a probability of 0.3 %.
    assert!(given == 40 && covered >= 34, "{covered} of {given}");
}

/// The table of `docs/coverage.md`.
#[test]
#[ignore = "minutes"]
fn the_interval_covers_in_full() {
    for (shape, length, counts, illumination) in [
        ((512, 512), 16.0, [400.0, 600.0], 0.3),
        ((512, 512), 16.0, [400.0, 520.0], 0.6),
        ((512, 768), 24.0, [400.0, 600.0], 0.3),
        ((512, 512), 12.0, [100.0, 160.0], 0.3),
    ] {
        let network = PhaseNetwork { shape, length, counts, illumination, ..PhaseNetwork::default() };
        let (covered, given, worst) = coverage(&network, 40);
        let rate = covered as f64 / given as f64;
        println!(
            "{shape:?}, length {length}, counts {counts:?}, illumination {illumination}: {covered} of {given} ({rate:.3}), worst {worst:.3}"
        );
        assert!((0.915..=0.985).contains(&rate), "{rate}");
    }
}

#[test]
fn thresholds_shapes_and_shares_are_those_of_other_programs() {
    #[derive(serde::Deserialize)]
    struct Golden {
        otsu: f64,
        euler: f64,
        picture: Vec<String>,
        share: f64,
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    let value = |i: u32| {
        let at = f64::from(i);
        10.0 + 3.0 * (0.7 * at).sin() + if i.is_multiple_of(3) { 9.0 } else { 0.0 } + (0.011 * at) % 1.7
    };
    let values: Vec<f64> = (0..400).map(value).collect();
    assert!((otsu(&values).unwrap() - golden.otsu).abs() < 1e-6, "{:?}", otsu(&values));
    let lines: Vec<&[u8]> = golden.picture.iter().map(String::as_bytes).collect();
    let picture = Array2::from_shape_fn((lines.len(), lines[0].len()), |(row, column)| lines[row][column] == b'#');
    assert_eq!(euler_number(&picture.view()), golden.euler);
    let quantiles = |n: u32, mean: f64, sd: f64| {
        (0..n).map(move |i| mean + sd * normal_quantile((f64::from(i) + 0.5) / f64::from(n)).unwrap())
    };
    let even = (0..60).map(|i| 100.0 + 50.0 * (f64::from(i) + 0.5) / 60.0);
    let all = quantiles(300, 100.0, 6.0).chain(quantiles(140, 150.0, 8.0)).chain(even);
    let phases = Phases { dark: 100.0, step: 50.0, sd: [6.0, 8.0] };
    let share = phases.fraction(all).unwrap();
    assert!((share - golden.share).abs() < 5e-3, "{share}");
}
