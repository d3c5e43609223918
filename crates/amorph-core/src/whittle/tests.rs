use ndarray::Array2;

use super::*;
use crate::image::golden_map;
use crate::random::{FieldModel, FieldSampler, derive_seed, standard_normals};

const PITCH: (f64, f64) = (1.0, 1.0);

fn full(rows: usize, columns: usize) -> Array2<bool> {
    Array2::from_elem((rows, columns), true)
}

fn holes(rows: usize, columns: usize) -> Array2<bool> {
    Array2::from_shape_fn((rows, columns), |(r, c)| !((r + 2 * c) % 7 == 0 || (3..6).contains(&r) && c < 5))
}

fn exponential(rows: usize, columns: usize, length: f64) -> Array2<f64> {
    Array2::from_shape_fn((rows, columns), |(r, c)| (-(r as f64).hypot(c as f64) / length).exp())
}

/// The sum that defines it, over all pairs of pixels, without removal of the mean.
fn expected_by_definition(window: &Array2<f64>, covariance: &Array2<f64>, row: usize, column: usize) -> f64 {
    let (rows, columns) = window.dim();
    let mut sum = 0.0;
    for ((r, c), g) in window.indexed_iter() {
        for ((s, d), h) in window.indexed_iter() {
            let turns =
                row as f64 * (r as f64 - s as f64) / rows as f64 + column as f64 * (c as f64 - d as f64) / columns as f64;
            sum += g * h * covariance[(r.abs_diff(s), c.abs_diff(d))] * (std::f64::consts::TAU * turns).cos();
        }
    }
    sum / window.iter().map(|g| g * g).sum::<f64>()
}

#[test]
fn the_expectation_is_the_sum_over_all_pairs_of_pixels() {
    for (rows, columns, mask) in [(6, 8, full(6, 8)), (9, 7, full(9, 7)), (10, 9, holes(10, 9))] {
        let grid = SpectralGrid::new(&mask.view(), PITCH, 0.0, 0).unwrap();
        let covariance = exponential(rows, columns, 2.0);
        let window = mask.mapv(f64::from);
        let expected = grid.expected(&covariance);
        let (at_zero, sum) = (expected_by_definition(&window, &covariance, 0, 0), window.sum());
        for ((row, column), value) in expected.indexed_iter() {
            let mut leak = num_leak(&window, row, column) / (sum * sum);
            if mask.iter().all(|valid| *valid) && (row, column) != (0, 0) {
                leak = 0.0;
            }
            let definition = expected_by_definition(&window, &covariance, row, column) - leak * at_zero;
            assert!((value - definition).abs() < 1e-12, "{rows} x {columns} at {row}, {column}: {value} {definition}");
        }
    }
}

/// Without gaps the overlaps of a window are products of those of its two sides.
#[test]
fn a_tapered_window_gives_the_sum_over_all_pairs_too() {
    for (rows, columns) in [(10, 13), (12, 8)] {
        let taper = 0.3;
        let covariance = exponential(rows, columns, 2.0);
        let grid = SpectralGrid::new(&full(rows, columns).view(), PITCH, taper, 0).unwrap();
        let window = Array2::from_shape_fn((rows, columns), |(r, c)| {
            let bell = |i: usize, n: usize| {
                let edge = (i as f64 + 0.5).min(n as f64 - i as f64 - 0.5);
                let width = taper * n as f64;
                if edge < width { 0.5 - 0.5 * (std::f64::consts::PI * edge / width).cos() } else { 1.0 }
            };
            bell(r, rows) * bell(c, columns)
        });
        let (at_zero, sum) = (expected_by_definition(&window, &covariance, 0, 0), window.sum());
        for ((row, column), value) in grid.expected(&covariance).indexed_iter() {
            let leak = num_leak(&window, row, column) / (sum * sum);
            let definition = expected_by_definition(&window, &covariance, row, column) - leak * at_zero;
            assert!((value - definition).abs() < 1e-12, "{rows} x {columns} at {row}, {column}: {value} {definition}");
        }
    }
}

fn num_leak(window: &Array2<f64>, row: usize, column: usize) -> f64 {
    let (rows, columns) = window.dim();
    let (mut re, mut im) = (0.0, 0.0);
    for ((r, c), g) in window.indexed_iter() {
        let angle = std::f64::consts::TAU * (row as f64 * r as f64 / rows as f64 + column as f64 * c as f64 / columns as f64);
        re += g * angle.cos();
        im += g * angle.sin();
    }
    re * re + im * im
}

/// Mean over fields against the expectation: with mask, taper, blur-free exponential correlation and noise.
#[test]
fn the_mean_periodogram_of_many_fields_is_the_expected_one() {
    let (rows, columns, fields) = (24, 30, 4000usize);
    let mask = Array2::from_shape_fn((rows, columns), |(r, c)| !((8..12).contains(&r) && (5..15).contains(&c)));
    let grid = SpectralGrid::new(&mask.view(), PITCH, 0.1, 0).unwrap();
    let model = FieldModel { nugget_sd: 0.3, ..FieldModel::isotropic(1.0, 2.0, 0.5) };
    let sampler = FieldSampler::new(&model, (rows, columns), PITCH).unwrap();
    let seeds: Vec<u64> = (0..fields).map(|k| derive_seed(3, &[k.into()])).collect();
    let alone = grid.clone().sequential();
    let periodograms = sampler.sample_each(&seeds, |_, field| alone.periodogram(&(field + 100.0).view()));
    let mut covariance = exponential(rows, columns, 2.0);
    covariance[(0, 0)] += 0.09;
    let expected = grid.expected(&covariance);
    let mean = periodograms.iter().fold(Array2::<f64>::zeros(expected.dim()), |sum, one| sum + one) / fields as f64;
    let mut worst: f64 = 0.0;
    for ((index, expected), mean) in expected.indexed_iter().zip(&mean) {
        if index != (0, 0) {
            // A periodogram is nearly exponential, at the self-conjugate frequencies chi-squared of one degree: sd / mean <= sqrt 2.
            // What the removal of the mean takes is right to leading order only; the hole makes it matter by some 1 % at few frequencies.
            let error = (2.0 / fields as f64).sqrt();
            worst = worst.max((mean / expected - 1.0).abs());
            assert!((mean / expected - 1.0).abs() < 4.5 * error + 0.015, "{index:?}: {mean} {expected}");
        }
    }
    assert!(worst > 0.0 && expected[(0, 0)].abs() < 1e-12);
}

#[test]
fn the_score_is_the_gradient_and_the_information_its_mean_slope() {
    let mask = holes(32, 30);
    let grid = SpectralGrid::new(&mask.view(), PITCH, 0.1, 0).unwrap();
    let whittle = Whittle { grid: &grid, blur_sd: 0.7, free_exponent: true, free_nugget: true, floor: 1e-3 };
    let at = FieldParameters { variance: 1.3, length: 3.0, exponent: 0.6, nugget: 0.2 };
    let field = Array2::from_shape_vec((32, 30), standard_normals(4, 960)).unwrap();
    let periodogram = grid.periodogram(&field.view());
    let state = whittle.state(&at).unwrap();
    let score = whittle.score_for_tests(&state, &periodogram);
    let step = 1e-5;
    let moved = |index: usize, by: f64| {
        let mut p = at;
        match index {
            0 => p.variance *= by.exp(),
            1 => p.length *= by.exp(),
            2 => p.exponent += by,
            _ => p.nugget += by,
        }
        whittle.state(&p).unwrap()
    };
    for index in 0..4 {
        let (plus, minus) = (moved(index, step), moved(index, -step));
        let slope = |state: &State| whittle.objective_for_tests(state, &periodogram);
        let difference = -(slope(&plus) - slope(&minus)) / (2.0 * step);
        assert!((score[index] - difference).abs() < 1e-4 * (1.0 + difference.abs()), "{index}: {} {difference}", score[index]);
        // E[score at theta] under theta + step is information times step.
        let shifted = plus.expected().mapv(|e| e - whittle.floor);
        let mean_score = whittle.score_for_tests(&state, &shifted);
        for other in 0..4 {
            let expected = state.information_for_tests(other, index) * step;
            assert!(
                (mean_score[other] - expected).abs() < 1e-3 * step * state.information_for_tests(other, other).max(1.0),
                "{index} {other}"
            );
        }
    }
}

/// From the exact expectation the parameters come back, from far away.
#[test]
fn parameters_come_back_from_their_expectation() {
    let mask = full(64, 80);
    let grid = SpectralGrid::new(&mask.view(), (1.2, 0.9), 0.1, 0).unwrap();
    for (exponent, nugget, blur_sd) in [(0.5, 0.1, 0.0), (0.75, 0.0, 0.0), (1.0, 0.05, 0.0), (0.5, 0.02, 1.0)] {
        let truth = FieldParameters { variance: 2.0, length: 4.0, exponent, nugget };
        let whittle = Whittle { grid: &grid, blur_sd, free_exponent: true, free_nugget: true, floor: 1e-3 };
        let expected = whittle.state(&truth).unwrap().expected().mapv(|e| e - whittle.floor);
        let start = FieldParameters { variance: 1.0, length: 8.0, exponent: 0.6, nugget: 0.2 };
        let fit = whittle.fit(&expected, &start).unwrap();
        assert!(fit.converged, "{exponent} {fit:?}");
        let p = fit.parameters;
        for (found, truth) in [(p.variance, 2.0), (p.length, 4.0), (p.exponent, exponent), (1.0 + p.nugget, 1.0 + nugget)] {
            assert!((found / truth - 1.0).abs() < 1e-3, "{exponent} {blur_sd}: {p:?}");
        }
        let again = whittle.refine(&whittle.state(&p).unwrap(), &expected).unwrap();
        assert!((again.parameters.length / p.length - 1.0).abs() < 1e-4);
    }
}

/// The estimate of many fields is centred on the truth and scatters as the information says, tapered.
#[test]
fn many_fields_are_centred_on_the_truth() {
    let (n, fields) = (96, 60usize);
    let model = FieldModel { nugget_sd: 0.3, ..FieldModel::isotropic(1.0, 3.0, 0.5) };
    let sampler = FieldSampler::new(&model, (n, n), PITCH).unwrap();
    let grid = SpectralGrid::new(&full(n, n).view(), PITCH, 0.1, 0).unwrap().sequential();
    let whittle = Whittle { grid: &grid, blur_sd: 0.0, free_exponent: true, free_nugget: true, floor: 1e-3 };
    let start = FieldParameters { variance: 1.0, length: 3.0, exponent: 0.5, nugget: 0.09 };
    let origin = whittle.state(&start).unwrap();
    let seeds: Vec<u64> = (0..fields).map(|k| derive_seed(8, &[k.into()])).collect();
    let fits = sampler.sample_each(&seeds, |_, field| {
        let periodogram = grid.periodogram(&field.view());
        (whittle.fit(&periodogram, &start).unwrap(), whittle.refine(&origin, &periodogram).unwrap())
    });
    let errors: Vec<f64> = fits.iter().map(|(fit, _)| fit.parameters.length.ln() - 3f64.ln()).collect();
    let mean = errors.iter().sum::<f64>() / fields as f64;
    let sd = (errors.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / (fields as f64 - 1.0)).sqrt();
    let std = fits.iter().map(|(fit, _)| fit.ln_length_std()).sum::<f64>() / fields as f64;
    assert!(mean.abs() < 3.5 * sd / (fields as f64).sqrt() + 0.5 * sd * sd, "{mean} {sd}");
    // The taper costs some 12 %; the sd of 60 fields is known to 9 %.
    assert!((0.75..1.45).contains(&(sd / std)), "{sd} {std}");
    for (fit, refined) in &fits {
        let difference = refined.parameters.length.ln() - fit.parameters.length.ln();
        assert!(difference.abs() < 0.15 * std, "{difference} {std}: {fit:?} {refined:?}");
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let mask = holes(40, 36);
    let grid = SpectralGrid::new(&mask.view(), PITCH, 0.1, 2).unwrap();
    let alone = grid.clone().sequential();
    let covariance = exponential(40, 36, 3.0);
    assert_eq!(grid.expected(&covariance), alone.expected(&covariance));
    let field = Array2::from_shape_vec((40, 36), standard_normals(6, 1440)).unwrap();
    assert_eq!(grid.periodogram(&field.view()), alone.periodogram(&field.view()));
    assert!(grid.weights().column(1).iter().all(|w| *w == 0.0) && grid.weights()[(0, 2)] == 1.0);
}

#[test]
fn what_cannot_be_is_refused() {
    let one = Array2::from_shape_fn((8, 8), |(r, c)| r == 3 && c == 4);
    assert!(SpectralGrid::new(&one.view(), PITCH, 0.1, 0).is_none());
    let grid = SpectralGrid::new(&full(16, 16).view(), PITCH, 0.1, 0).unwrap();
    let whittle = Whittle { grid: &grid, blur_sd: 0.0, free_exponent: true, free_nugget: true, floor: 0.0 };
    let impossible = FieldParameters { variance: 1.0, length: 2.0, exponent: 0.5, nugget: -5.0 };
    assert!(whittle.state(&impossible).is_none());
}

/// Public package debiased-spatial-whittle 2.2.0 (Python 3.11, numpy 1.26.4) on the shared map, without taper and without
/// frequency zero; minimised by Nelder-Mead, scipy 1.17.1. `(free exponent, free nugget, length, its standard error, sigma, exponent, nugget)`.
const PEER: [(bool, bool, f64, f64, f64, f64, f64); 3] = [
    (false, false, 3.978218938, 0.05525854, 0.995418547, 0.5, 0.0),
    (true, false, 3.921068246, 0.06528517, 0.993024002, 0.502893801, 0.0),
    (true, true, 3.904200247, 0.06471929, 0.989981925, 0.509710352, 0.004195399),
];

#[test]
fn the_public_package_agrees() {
    let Some(map) = golden_map() else { return };
    let grid = SpectralGrid::new(&full(512, 512).view(), PITCH, 0.0, 0).unwrap();
    let periodogram = grid.periodogram(&map.view());
    let start = FieldParameters { variance: 1.0, length: 5.0, exponent: 0.5, nugget: 0.0 };
    for (free_exponent, free_nugget, length, std_error, sigma, exponent, nugget) in PEER {
        let whittle = Whittle { grid: &grid, blur_sd: 0.0, free_exponent, free_nugget, floor: 0.0 };
        let fit = whittle.fit(&periodogram, &start).unwrap();
        let p = fit.parameters;
        // The simplex stops some 1e-4 standard errors from its minimum.
        assert!((p.length - length).abs() < 3e-3 * std_error, "{p:?}");
        assert!((p.length * fit.ln_length_std() / std_error - 1.0).abs() < 1e-3, "{fit:?}");
        assert!((p.variance.sqrt() - sigma).abs() < 2e-5 && (p.exponent - exponent).abs() < 2e-5, "{p:?}");
        assert!((p.nugget - nugget).abs() < 2e-5, "{p:?}");
        println!("{} steps", fit.steps);
    }
}
