#![allow(clippy::unwrap_used)]
use ndarray::Array2;

use super::algorithm::{Effort, Model, teubner_strey_lengths};
use super::rings::RingSpectrum;
use super::*;
use crate::core::data::{Extent, Map};
use crate::core::outcome::Estimate;
use crate::core::random::{FieldModel, FieldSampler, standard_normals};
use crate::method::Constants;
use crate::sim::haadf::shell_field;

const NM: f64 = 1e-9;

fn noisy(mut field: Array2<f64>, noise: f64, ramp: f64, seed: u64) -> Array2<f64> {
    let white = standard_normals(seed, field.len());
    let columns = field.ncols() as f64;
    for (((_, column), value), white) in field.indexed_iter_mut().zip(white) {
        *value += noise * white + ramp * column as f64 / columns;
    }
    field
}

fn image(values: Array2<f64>, pixel: f64) -> Map {
    let (rows, columns) = values.dim();
    Map::new("intensity", values, Unit::one(), Some(Extent::metres(columns as f64 * pixel, rows as f64 * pixel)))
}

fn run(map: Map, constants: Constants) -> Result<Outcome, MethodError> {
    let method = CharacteristicLength { surrogates: 100, ..CharacteristicLength::default() };
    let dataset = Dataset::of_maps(vec![map], constants);
    method.run(&method.check(&dataset)?, &Ctx::new(7))
}

fn spinodal(side: usize, length: f64, seed: u64) -> Map {
    let field = shell_field((side, side), NM, length, 0.25, seed).unwrap();
    image(noisy(field, 0.5, 4.0, seed + 1000) + 50.0, NM)
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn has_note(outcome: &Outcome, code: &str) -> bool {
    outcome.notes.iter().any(|note| note.code == code)
}

#[test]
fn the_length_of_a_spinodal_structure_is_found() {
    let constants = Constants::default().with_quantity("dark_level", "10").unwrap().with_choice("geometry", "projection");
    let constants = constants.with_choice("intensity_scale", "linear");
    let outcome = run(spinodal(128, 10.0 * NM, 3), constants).unwrap();
    assert_eq!(value(&outcome, "has_characteristic_length"), 1.0);
    assert!((value(&outcome, "length_psd") / NM - 10.0).abs() < 0.35, "{}", value(&outcome, "length_psd"));
    assert!(value(&outcome, "p_no_length") < 0.01);
    assert!((value(&outcome, "noise_sd") - 0.5).abs() < 0.03);
    assert!((value(&outcome, "signal_sd") - 1.0).abs() < 0.15);
    // The mean is 50 + 2 of the ramp, 10 of it dark.
    assert!((value(&outcome, "contrast_sd") - 1.0 / 42.0).abs() < 0.005);
    // The correlation of a shell is nearly a Bessel function: its first maximum lies at 7.02/2pi, its zero at 2.405/2pi.
    assert!((value(&outcome, "length_acf") / NM - 11.2).abs() < 1.5);
    assert!((value(&outcome, "length_acf_zero") / NM - 15.3).abs() < 1.5);
    // The integral of the Bessel function up to there is 1.470/2pi.
    assert!((value(&outcome, "integral_length") / NM - 2.34).abs() < 0.4, "{}", value(&outcome, "integral_length"));
    assert!(outcome.estimate("teubner_strey_d").is_some());
    assert_eq!(outcome.figures.len(), 3);
}

/// A stretch with a known gamma changes neither length nor contrast; one that is not known, or not stated, leaves no contrast.
#[test]
fn a_known_gamma_is_undone_and_an_unknown_one_refused() {
    let linear = spinodal(96, 9.0 * NM, 3);
    let stated = |scale: &str, dark: &str| {
        Constants::default().with_quantity("dark_level", dark).unwrap().with_choice("intensity_scale", scale)
    };
    let reference = run(linear.clone(), stated("linear", "0")).unwrap();
    let shown = image(linear.values.mapv(|v| 7.0 + 20.0 * v.powf(0.4)), NM);
    let gamma = stated("display", "7").with_quantity("display_gamma", "0.4").unwrap();
    let outcome = run(shown.clone(), gamma).unwrap();
    assert!(has_note(&outcome, "gamma_undone"));
    for key in ["length_psd", "contrast_sd"] {
        assert!((value(&outcome, key) / value(&reference, key) - 1.0).abs() < 1e-2, "{key}");
    }
    let unknown = run(shown, stated("display", "7")).unwrap();
    assert!(unknown.estimate("contrast_sd").is_none() && has_note(&unknown, "display_values"));
    let silent = run(linear, Constants::default().with_quantity("dark_level", "0").unwrap()).unwrap();
    assert!(silent.estimate("contrast_sd").is_none() && has_note(&silent, "intensity_scale_not_stated"));
}

#[test]
fn two_phases_with_sharp_interfaces_have_a_length() {
    let field = shell_field((160, 160), NM, 10.0 * NM, 0.25, 5).unwrap().mapv(|v| if v > 0.4 { 1.5 } else { -0.5 });
    let outcome = run(image(noisy(field, 0.4, 2.0, 9), NM), Constants::default()).unwrap();
    assert_eq!(value(&outcome, "has_characteristic_length"), 1.0);
    assert!((value(&outcome, "length_psd") / NM - 10.0).abs() < 0.6, "{}", value(&outcome, "length_psd"));
    assert!(has_note(&outcome, "peak_on_background") && has_note(&outcome, "geometry_not_stated"));
}

/// A random structure seen through a probe has humps in its autocorrelation, but no peak in its spectrum.
#[test]
fn filtered_noise_has_no_length() {
    for seed in 0..6 {
        let sampler = FieldSampler::new(&FieldModel::isotropic(1.0, 4.0 * NM, 1.0), (128, 128), (NM, NM)).unwrap();
        let outcome = run(image(noisy(sampler.sample(seed), 0.3, 4.0, 50 + seed), NM), Constants::default()).unwrap();
        assert_eq!(value(&outcome, "has_characteristic_length"), 0.0);
        assert!(outcome.estimate("length_psd").is_none());
        assert!(has_note(&outcome, "no_characteristic_length"));
    }
}

#[test]
fn a_field_of_two_wavelengths_is_refused() {
    let pixel = NM;
    let wave = Array2::from_shape_fn((96, 96), |(row, column)| {
        let r = std::f64::consts::TAU / 38.0;
        (r * row as f64).sin() + (r * column as f64 * 1.01).cos()
    });
    let outcome = run(image(noisy(wave, 0.05, 0.0, 1), pixel), Constants::default()).unwrap();
    assert!(outcome.estimate("length_psd").is_none());
    assert!(has_note(&outcome, "insufficient_field") || has_note(&outcome, "no_characteristic_length"));
}

#[test]
fn turning_and_scaling_change_nothing_that_they_should_not() {
    let map = spinodal(96, 9.0 * NM, 11);
    let first = run(map.clone(), Constants::default()).unwrap();
    let turned = run(image(map.values.t().to_owned() * 1e6 + 3.0, 2.0 * NM), Constants::default()).unwrap();
    assert!((value(&turned, "length_psd") / value(&first, "length_psd") - 2.0).abs() < 1e-2);
    assert!((value(&turned, "signal_sd") / value(&first, "signal_sd") / 1e6 - 1.0).abs() < 1e-2);
}

#[test]
fn missing_pixels_are_unknown_and_not_zero() {
    let mut map = spinodal(128, 9.0 * NM, 12);
    for ((row, column), value) in map.values.indexed_iter_mut() {
        if (row / 20 + column / 20) % 4 == 0 {
            *value = f64::NAN;
        }
    }
    let outcome = run(map, Constants::default()).unwrap();
    assert!((value(&outcome, "length_psd") / NM - 9.0).abs() < 0.5);
    assert!(has_note(&outcome, "missing_pixels"));
}

#[test]
fn teubner_and_strey_by_coefficients() {
    // From d and xi to the coefficients and back.
    let (d, xi) = (9.0, 5.0);
    let (k2, x2) = ((std::f64::consts::TAU / d).powi(2), 1.0 / (xi * xi));
    let (found_d, found_xi) = teubner_strey_lengths((k2 + x2).powi(2), 2.0 * (x2 - k2), 1.0).unwrap();
    assert!((found_d / d - 1.0).abs() < 1e-12 && (found_xi / xi - 1.0).abs() < 1e-12);
    assert!(teubner_strey_lengths(1.0, 3.0, 1.0).is_none());
}

/// The slice of a spectrum is its integral along the beam; its correlation is `exp(-r/xi) sin(kr)/(kr)`, so that the value at zero
/// of the two-dimensional spectrum relative to that at `q` is known from the integral of the projection.
#[test]
fn a_slice_is_the_integral_along_the_beam() {
    let (d, xi) = (9.0, 5.0);
    let slice = Model::TeubnerStrey(Geometry::Slice);
    let projection = Model::TeubnerStrey(Geometry::Projection);
    let integral = |k: f64| {
        let step = 1e-4;
        (0..60_000).map(|i| projection.shape(k.hypot((f64::from(i) + 0.5) * step), &[d, xi])).sum::<f64>() * step
    };
    for k in [0.05, 0.1, 0.2] {
        let expected = integral(k) / integral(0.0);
        assert!((slice.shape(k, &[d, xi]) / expected - 1.0).abs() < 2e-3, "{k}");
    }
}

#[test]
fn a_spectrum_without_noise_gives_back_its_parameters() {
    let frequency: Vec<f64> = (2..80).map(|i| f64::from(i) * 0.01).collect();
    let power = frequency.iter().map(|k| 3.0 * (Model::Shell.shape(*k, &[0.2, 0.05]) + 0.02)).collect();
    let data =
        RingSpectrum { modes: frequency.iter().map(|k| 600.0 * k).collect(), power, frequency, view: view::View::default() };
    let fit = Model::Shell.fit(&data, Effort::Fine).unwrap();
    assert!((fit.shape[0] / 0.2 - 1.0).abs() < 1e-3 && (fit.shape[1] / 0.05 - 1.0).abs() < 1e-3);
    assert!((fit.scale / 3.0 - 1.0).abs() < 1e-3 && (fit.noise / 0.02 - 1.0).abs() < 1e-2);
}

#[test]
fn bad_input_is_named() {
    let small = run(image(Array2::from_elem((20, 300), 1.0), NM), Constants::default()).unwrap_err();
    assert!(small.to_string().contains("20 x 300 pixels"));
    let constant = run(image(Array2::from_elem((64, 64), 2.0), NM), Constants::default()).unwrap_err();
    assert!(constant.to_string().contains("every pixel has the value 2"));
    let mut empty = spinodal(64, 8.0 * NM, 1);
    empty.values.iter_mut().skip(1000).for_each(|value| *value = f64::NAN);
    assert!(run(empty, Constants::default()).unwrap_err().to_string().contains("missing or masked"));
    let mut unsized_map = spinodal(64, 8.0 * NM, 1);
    unsized_map.extent = None;
    assert!(run(unsized_map, Constants::default()).is_err());
    let method = CharacteristicLength { background: Background::Gaussian, ..CharacteristicLength::default() };
    assert!(method.check(&Dataset::of_maps(vec![spinodal(64, 8.0 * NM, 1)], Constants::default())).is_err());
}

/// A broad peak behind a broad probe: without the probe the length is too long, with it it is right, and the noise is not touched.
#[test]
fn a_probe_is_allowed_for() {
    let (length, sigma) = (8.0 * NM, 1.6 * NM);
    let lengths = |seed: u64| {
        let sharp = shell_field((192, 192), NM, length, 0.4, seed).unwrap();
        let fft = crate::core::fft::RealFft2::new(192, 192);
        let mut waves = fft.forward(&sharp.view());
        for ((row, column), wave) in waves.indexed_iter_mut() {
            let y = crate::core::fft::signed_frequency(row, 192) / (192.0 * NM);
            let k = y.hypot(column as f64 / (192.0 * NM));
            *wave *= view::transfer(k, sigma).sqrt();
        }
        let seen = fft.inverse(&waves.view());
        let image = image(noisy(seen, 0.05, 0.0, seed + 70), NM);
        let of = |probe: Option<f64>| {
            let probe_fwhm = probe.map(|fwhm| Quantity::si(fwhm, Unit::of("m")));
            let method = CharacteristicLength { probe_fwhm, ..CharacteristicLength::default() };
            let data = Dataset::of_maps(vec![image.clone()], Constants::default());
            let input = method.check(&data).unwrap();
            method.run(&input, &Ctx::new(seed)).unwrap().estimate("length_psd").unwrap().clone()
        };
        (of(None).value / length, of(Some(FWHM * sigma)))
    };
    let found: Vec<(f64, Estimate)> = (0..4).map(lengths).collect();
    let mean = |pick: &dyn Fn(&(f64, Estimate)) -> f64| found.iter().map(pick).sum::<f64>() / 4.0;
    let (blurred, corrected) = (mean(&|one| one.0), mean(&|one| one.1.value / length));
    assert!(blurred > 1.15, "{blurred}");
    assert!((corrected - 1.0).abs() < 0.03, "{corrected}");
    let holds = |one: &&(f64, Estimate)| {
        let interval = one.1.interval.unwrap();
        (interval.lo..=interval.hi).contains(&length)
    };
    assert!(found.iter().filter(holds).count() >= 3, "{found:?}");
}

/// The projection of a foil of six lengths: as if it had no end the length is too long, with its thickness it is right.
#[test]
fn a_foil_of_stated_thickness_is_allowed_for() {
    let lengths = |seed: u64| {
        let volume = crate::sim::haadf::shell_volume((30, 160, 192), (0.5 * NM, 0.3 * NM), 2.5 * NM, 0.25, seed).unwrap();
        let projected = volume.mean_axis(ndarray::Axis(0)).unwrap();
        let image = image(noisy(&projected / projected.std(0.0), 0.3, 1.0, seed + 77), 0.3 * NM);
        let of = |thickness: Option<&str>| {
            let constants = Constants::default().with_choice("geometry", "projection");
            let constants = match thickness {
                Some(thickness) => constants.with_quantity("foil_thickness", thickness).unwrap(),
                None => constants,
            };
            let outcome = run(image.clone(), constants).unwrap();
            assert_eq!(has_note(&outcome, "foil_thickness_not_stated"), thickness.is_none());
            value(&outcome, "length_psd") / (2.5 * NM)
        };
        [of(None), of(Some("15 nm"))]
    };
    let found: Vec<[f64; 2]> = (0..3).map(lengths).collect();
    let mean = |which: usize| found.iter().map(|pair| pair[which]).sum::<f64>() / 3.0;
    assert!(mean(0) > 1.01 && (mean(1) - 1.0).abs() < 0.01, "{found:?}");
    assert!(found.iter().all(|[_, with]| (with - 1.0).abs() < 0.02), "{found:?}");
}

/// What is smeared along the beam loses nothing, and a Gaussian keeps its form.
#[test]
fn smearing_along_the_beam_keeps_gaussians() {
    let view = view::View { probe: 0.0, thickness: 8.0 };
    let gaussian = |k: f64| (-0.5 * (k / 0.5).powi(2)).exp();
    let at = |k: f64| view.projected(k, gaussian) / gaussian(k);
    assert!((at(0.7) / at(0.0) - 1.0).abs() < 1e-12, "{} {}", at(0.0), at(0.7));
    // By Parseval's theorem the mean is ∫ (1 - |x|) w t √(2π) exp(-2 (π w t x)²) dx over -1 < x < 1.
    let width = 4.0;
    let exact: f64 = (0..100_000)
        .map(|i| {
            let x = (f64::from(i) + 0.5) * 1e-5;
            2e-5 * (1.0 - x) * width * std::f64::consts::TAU.sqrt() * (-2.0 * (std::f64::consts::PI * width * x).powi(2)).exp()
        })
        .sum();
    assert!((at(0.0) - exact).abs() < 2e-3, "{} {exact}", at(0.0));
    assert_eq!(view.without_thickness().projected(0.3, gaussian), gaussian(0.3));
}

/// 300 fields of each kind; the rates are in docs/coverage.md.
#[test]
#[ignore = "minutes; run by make validate"]
fn the_interval_covers_in_full() {
    for (length, width, noise) in [(8.0, 0.25, 0.5), (12.0, 0.35, 0.5)] {
        let covered = (0..300)
            .filter(|seed| {
                let field = shell_field((128, 128), NM, length * NM, width, *seed).unwrap();
                let outcome = run(image(noisy(field, noise, 2.0, seed + 5000), NM), Constants::default()).unwrap();
                let interval = outcome.estimate("length_psd").unwrap().interval.unwrap();
                (interval.lo..=interval.hi).contains(&(length * NM))
            })
            .count();
        let rate = covered as f64 / 300.0;
        println!("length {length}, width {width}, noise {noise}: {rate}");
        assert!((0.92..=0.985).contains(&rate));
    }
}
