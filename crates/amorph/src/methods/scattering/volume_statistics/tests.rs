#![allow(clippy::unwrap_used)]
use super::algorithm::*;
use super::chords::{Chords, mean};
use super::*;
use crate::core::random::standard_normals;
use crate::methods::scattering::percolation::algorithm::rank_p;
use crate::methods::scattering::random_fields::{amplitudes, gaussian};
use crate::methods::scattering::testing::dataset;

/// Side of the volumes, and radius of the ball in them.
const N: usize = 36;
const RADIUS: f64 = 16.5;

fn run(method: &VolumeStatistics, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap_or_else(|| panic!("{key}")).value
}

fn from_centre(i: usize) -> [f64; 3] {
    [i / (N * N), i / N % N, i % N].map(|k| k as f64 - 0.5 * (N as f64 - 1.0))
}

fn radius(i: usize) -> f64 {
    from_centre(i).iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn ball() -> Vec<bool> {
    (0..N.pow(3)).map(|i| radius(i) < RADIUS).collect()
}

/// A field with the correlation `exp(-(r/l)²)`, cut from a larger periodic one.
fn smooth(l: f64, seed: u64) -> Vec<f32> {
    let large = 60;
    let frequency = |k: usize| crate::core::fft::signed_frequency(k, large) / large as f64;
    let amplitudes = ndarray::ArrayD::from_shape_fn(ndarray::IxDyn(&[large; 3]), |k| {
        let squared: f64 = (0..3).map(|axis| frequency(k[axis]).powi(2)).sum();
        (-0.5 * std::f64::consts::PI.powi(2) * squared * l * l).exp() as f32
    });
    let field = gaussian(&amplitudes, seed);
    (0..N.pow(3)).map(|i| field[(i / (N * N) * large + i / N % N) * large + i % N]).collect()
}

/// A ball of grey value 10 in air, with a field of one and a change from the surface to the centre.
fn grey(l: f64, rise: f64, seed: u64) -> Vec<f32> {
    let field = smooth(l, seed);
    let sd = (field.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>() / field.len() as f64).sqrt();
    let at = |i: usize| {
        let inside = 10.0 + f64::from(field[i]) / sd + rise * (1.0 - radius(i) / RADIUS);
        if radius(i) < RADIUS { inside as f32 } else { 0.0 }
    };
    (0..N.pow(3)).map(at).collect()
}

#[test]
fn depths_are_those_found_by_looking_everywhere() {
    let object: Vec<bool> = (0..7 * 9 * 8).map(|i| (i * 7919 + 13) % 11 > 1 && i / 72 > 0).collect();
    let shape = [7, 9, 8];
    let at = |i: usize| [i / 72, i / 8 % 9, i % 8].map(|k| k as f64);
    for (i, found) in depth(shape, &object).into_iter().enumerate() {
        let squared = |j: usize| at(i).iter().zip(at(j)).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
        let nearest = (0..object.len()).filter(|j| !object[*j]).map(squared).fold(f64::INFINITY, f64::min).sqrt();
        assert!((f64::from(found) - nearest).abs() < 1e-5, "{i}: {found} {nearest}");
    }
    assert!(depth([2, 2, 2], &[true; 8]).iter().all(|depth| depth.is_infinite()));
}

#[test]
fn a_gradient_is_seen_and_none_is_not() {
    let method = VolumeStatistics { object_above: Some(3.0), ..VolumeStatistics::default() };
    let outcome = run(&method, &dataset([N; 3], grey(1.5, 1.0, 1))).unwrap();
    assert!(value(&outcome, "p_radial") <= 0.05 + 1e-9, "{:?}", outcome.estimates);
    // One in grey value over the radius, in voxels of 30 nm: the field alone changes by about 0.1.
    let slope = value(&outcome, "radial_slope") * RADIUS * 30e-9;
    assert!((slope - 1.0).abs() < 0.4, "{slope}");
    assert!((value(&outcome, "deepest") / (RADIUS * 30e-9) - 1.0).abs() < 0.06);
    assert!(outcome.notes.iter().any(|note| note.code == "gradient"));
    assert!((value(&outcome, "g_mean") - 10.25).abs() < 0.2 && (value(&outcome, "g_std_micro") - 0.1).abs() < 0.02);
    assert_eq!((outcome.figures.len(), outcome.tables.len()), (2, 4));
    let keys = |outcome: &Outcome| outcome.estimates.iter().map(|estimate| estimate.key.clone()).collect::<Vec<_>>();
    let missing: Vec<_> =
        VolumeStatistics::INFO.outputs.iter().filter(|output| !keys(&outcome).contains(&output.key.to_owned())).collect();
    let elsewhere = ["mixture_separation", "g_std_noise", "g_std_structure"];
    assert!(missing.iter().all(|output| elsewhere.contains(&output.key)), "{missing:?}");
    // Without air there is no surface.
    let outcome =
        run(&VolumeStatistics { surrogates: 3, ..VolumeStatistics::default() }, &dataset([N; 3], smooth(2.0, 3))).unwrap();
    assert!(outcome.estimate("radial_slope").is_none() && outcome.notes.iter().any(|note| note.code == "no_surface"));
}

#[test]
fn two_parts_are_told_apart() {
    let normals = standard_normals(5, 20_000);
    let values: Vec<f64> =
        normals.iter().enumerate().map(|(i, e)| if i % 10 < 3 { 2.0 + 0.5 * e } else { 6.0 + 0.8 * e }).collect();
    let found = Mixture::of(&values).unwrap();
    assert!((found.means[0] - 2.0).abs() < 0.05 && (found.means[1] - 6.0).abs() < 0.05, "{found:?}");
    assert!((found.deviations[0] - 0.5).abs() < 0.05 && (found.deviations[1] - 0.8).abs() < 0.05, "{found:?}");
    assert!((found.share - 0.3).abs() < 0.02 && (3.0..4.2).contains(&found.level) && found.separation() > 5.0, "{found:?}");
    assert!(Mixture::of(&[1.0; 50]).is_none());
    // By mixture and by the value that it finds the set is the same.
    let grey: Vec<f32> = values.iter().cycle().take(32usize.pow(3)).map(|value| *value as f32).collect();
    let few = VolumeStatistics { surrogates: 3, ..VolumeStatistics::default() };
    let by_mixture = run(&VolumeStatistics { level: Level::Mixture, ..few.clone() }, &dataset([32; 3], grey.clone())).unwrap();
    assert!((value(&by_mixture, "volume_fraction") - 0.7).abs() < 0.01);
    let level_value = Some(value(&by_mixture, "level"));
    let by_value = run(&VolumeStatistics { level: Level::Value, level_value, ..few.clone() }, &dataset([32; 3], grey)).unwrap();
    assert_eq!(value(&by_mixture, "volume_fraction"), value(&by_value, "volume_fraction"));
    // One normal part has one maximum.
    let one: Vec<f32> = standard_normals(6, 32usize.pow(3)).into_iter().map(|value| value as f32).collect();
    let outcome = run(&VolumeStatistics { level: Level::Mixture, ..few }, &dataset([32; 3], one));
    let told = match outcome {
        Ok(outcome) => outcome.notes.iter().any(|note| note.code == "one_maximum"),
        Err(error) => error.to_string().contains("nothing to measure"),
    };
    assert!(told);
}

#[test]
fn moments_and_lengths_of_simple_things() {
    let [mean, deviation, skewness, kurtosis] = moments(&[1.0, 1.0, 1.0, 5.0]);
    assert!((mean - 2.0).abs() < 1e-12 && (deviation - 3f64.sqrt()).abs() < 1e-12);
    // A coin with the share 1/4: (1 - 2p)/√(pq) and (1 - 6pq)/(pq).
    assert!((skewness - 0.5 / 0.1875f64.sqrt()).abs() < 1e-12 && (kurtosis - (1.0 - 1.125) / 0.1875).abs() < 1e-12);
    // Two bars of 12 x 2 x 3 voxels and a speck.
    let shape = [20, 9, 10];
    let label = |i: usize| {
        let at = [i / 90, i / 10 % 9, i % 10];
        match at {
            [z, 1 | 2, 1..=3] if (3..15).contains(&z) => 1,
            [z, 5 | 6, 5..=7] if (3..15).contains(&z) => 2,
            [19, 8, 9] => 3,
            _ => 0,
        }
    };
    let labels: Vec<u32> = (0..1800).map(label).collect();
    // The squared radius of gyration of a solid bar is a twelfth of its squared length.
    let found = extents(shape, &labels, 8).unwrap();
    for (found, length) in found.iter().zip([12.0f64, 2.0, 3.0]) {
        assert!((found - length * length / 12.0).abs() < 1e-9, "{found} {length}");
    }
    assert!(extents(shape, &labels, 100).is_none());
}

#[test]
fn chords_of_sets_that_are_known() {
    // Layers of three voxels every eight, over five periods.
    let shape = [6, 7, 41];
    let layers: Vec<bool> = (0..6 * 7 * 41).map(|i| i % 41 % 8 < 3).collect();
    let found = Chords::new(shape, &layers, &vec![true; layers.len()]);
    assert_eq!((found.set[2], found.rest[2]), (3.0, 5.0));
    assert!(found.set[0].is_infinite() && found.rest[1].is_infinite());
    assert!((mean(found.set) - 9.0).abs() < 1e-12);
    // Mixed voxels leave a set of share φ with the probability 1 - φ at every step; the object is a ball, which cuts chords.
    let object = ball();
    let share = 0.3;
    let chosen = crate::methods::scattering::random_fields::mixed(N.pow(3), 4);
    let set: Vec<bool> = chosen.iter().zip(&object).map(|(value, object)| *object && *value < share as f32).collect();
    let found = Chords::new([N; 3], &set, &object);
    assert!((mean(found.set) * (1.0 - share) - 1.0).abs() < 0.03, "{found:?}");
    assert!((mean(found.rest) * share - 1.0).abs() < 0.03, "{found:?}");
    // The part above its mean of a Gaussian field with the correlation ρ between neighbours: π/arccos ρ.
    let l = 3.0f64;
    let expected = std::f64::consts::PI / (-1.0 / (l * l)).exp().acos();
    let lengths = |seed: u64| {
        let set: Vec<bool> = smooth(l, seed).iter().zip(&object).map(|(value, object)| *object && *value > 0.0).collect();
        let chords = Chords::new([N; 3], &set, &object);
        [mean(chords.set), mean(chords.rest)]
    };
    let all: Vec<f64> = (0..8).flat_map(lengths).collect();
    let found = all.iter().sum::<f64>() / all.len() as f64;
    println!("chord of a field: {found:.3}, expected {expected:.3}");
    assert!((found / expected - 1.0).abs() < 0.06, "{found} {expected}");
}

#[test]
fn two_halves_tell_noise_from_structure() {
    let field = smooth(2.5, 8);
    let noise = standard_normals(9, 2 * N.pow(3));
    let half = |which: usize| -> Vec<f32> {
        field.iter().enumerate().map(|(i, value)| 10.0 + 3.0 * value + 0.8 * noise[which * N.pow(3) + i] as f32).collect()
    };
    let mut both = dataset([N; 3], half(0));
    both.data.push(dataset([N; 3], half(1)).data.remove(0));
    let alone = VolumeStatistics { surrogates: 3, ..VolumeStatistics::default() };
    let error = run(&alone, &both).unwrap_err();
    assert!(error.to_string().contains("second_file") && error.hint().contains("half"), "{error}");
    let method = VolumeStatistics { second_file: Some(SecondVolume::Half), ..alone };
    let outcome = run(&method, &both).unwrap();
    let structure = moments(&field.iter().map(|value| 3.0 * f64::from(*value)).collect::<Vec<f64>>())[1];
    assert!((value(&outcome, "g_std_structure") / structure - 1.0).abs() < 0.02, "{structure}");
    assert!((value(&outcome, "g_std_noise") / (0.8 / 2f64.sqrt()) - 1.0).abs() < 0.02);
    let total = value(&outcome, "g_std_structure").hypot(value(&outcome, "g_std_noise"));
    assert!((total / value(&outcome, "g_std") - 1.0).abs() < 1e-6);
    assert!(run(&method, &dataset([N; 3], half(0))).unwrap_err().to_string().contains("one volume"));
    let mut apart = dataset([N; 3], half(0));
    apart.data.push(dataset([N, N, 20], vec![1.0; N * N * 20]).data.remove(0));
    assert!(run(&method, &apart).unwrap_err().to_string().contains("the second"));
}

/// Cupping that an even body shows too is taken off, and what the object has of its own stays.
#[test]
fn a_phantom_takes_cupping_off() {
    let object = ball();
    let depths = depth([N; 3], &object);
    let cup = |i: usize| 1.0 + 0.2 * (-f64::from(depths[i]) / 5.0).exp();
    let cupped = |values: &[f32]| -> Vec<f32> {
        values.iter().enumerate().map(|(i, value)| if object[i] { value * cup(i) as f32 } else { 0.0 }).collect()
    };
    let even: Vec<f32> = object.iter().map(|inside| if *inside { 6.0 } else { 0.0 }).collect();
    let own = grey(1.5, 1.0, 1);
    let method = VolumeStatistics { object_above: Some(3.0), surrogates: 3, ..VolumeStatistics::default() };
    let of = |values: Vec<f32>| value(&run(&method, &dataset([N; 3], values)).unwrap(), "radial_slope");
    let (truth, wrong) = (of(own.clone()), of(cupped(&own)));
    let mut both = dataset([N; 3], cupped(&own));
    both.data.push(dataset([N; 3], cupped(&even)).data.remove(0));
    let with = VolumeStatistics { second_file: Some(SecondVolume::Phantom), ..method.clone() };
    let outcome = run(&with, &both).unwrap();
    let found = value(&outcome, "radial_slope");
    println!("slope {truth:.4e}, with cupping {wrong:.4e}, corrected {found:.4e}");
    assert!((found - truth).abs() < 0.15 * (wrong - truth).abs(), "{truth:e} {wrong:e} {found:e}");
    assert!(outcome.notes.iter().any(|note| note.code == "phantom"));
    // Without air there is no depth.
    let nowhere = VolumeStatistics { object_above: None, ..with };
    let error = run(&nowhere, &both).unwrap_err();
    assert!(error.to_string().contains("air around them") && !error.hint().is_empty());
}

#[test]
fn volumes_are_brought_to_one_resolution() {
    let noise: Vec<f32> = standard_normals(12, N.pow(3)).into_iter().map(|value| 10.0 + value as f32).collect();
    let method = VolumeStatistics { surrogates: 3, ..VolumeStatistics::default() };
    let with = |own: Option<&str>, common: &str| {
        let mut dataset = dataset([N; 3], noise.clone());
        dataset.constants = dataset.constants.with_quantity("common_resolution", common).unwrap();
        if let Some(own) = own {
            dataset.constants = dataset.constants.with_quantity("resolution", own).unwrap();
        }
        run(&method, &dataset)
    };
    let sharp = value(&with(Some("30 nm"), "30 nm").unwrap(), "g_std");
    assert!((sharp - 1.0).abs() < 0.02, "{sharp}");
    // A Gaussian of 1.2 voxels leaves (2 √π 1.2)^(-3/2) = 0.114 of white noise, more at the sides.
    let blurred = value(&with(Some("30 nm"), "90 nm").unwrap(), "g_std");
    assert!((0.10..0.16).contains(&blurred), "{blurred}");
    assert!(with(None, "90 nm").unwrap_err().to_string().contains("resolution"));
    assert!(with(Some("120 nm"), "90 nm").unwrap_err().to_string().contains("coarser than"));
}

#[test]
fn what_cannot_be_is_refused() {
    let flat = |shape: [usize; 3]| dataset(shape, vec![1.0; shape.iter().product()]);
    let refused = |method: &VolumeStatistics, dataset: &Dataset| run(method, dataset).unwrap_err().to_string();
    let plain = VolumeStatistics::default();
    assert!(refused(&plain, &flat([40, 12, 40])).contains("at least 16"));
    assert!(refused(&plain, &flat([32; 3])).contains("nothing to measure"));
    for (method, name) in [
        (VolumeStatistics { quantile: 1.0, ..plain.clone() }, "quantile"),
        (VolumeStatistics { level: Level::Value, ..plain.clone() }, "level_value"),
        (VolumeStatistics { smallest_region: 0, ..plain.clone() }, "smallest_region"),
        (VolumeStatistics { surrogates: 1, ..plain.clone() }, "surrogates"),
    ] {
        assert!(refused(&method, &flat([32; 3])).starts_with(name), "{name}");
    }
    let everywhere = VolumeStatistics { level: Level::Value, level_value: Some(0.5), ..plain };
    assert!(refused(&everywhere, &flat([32; 3])).contains("nothing to measure"));
}

/// How often a field without a gradient is said to have one.
fn alarms(volumes: u64, l: f64) -> [usize; 3] {
    let object = ball();
    let all = depth([N; 3], &object);
    let rows: Vec<usize> = (0..object.len()).filter(|i| object[*i]).collect();
    let depths: Vec<f64> = rows.iter().map(|row| f64::from(all[*row])).collect();
    let correlation = |values: &[f32]| slope(&depths, &rows.iter().map(|row| f64::from(values[*row])).collect::<Vec<f64>>()).1;
    let p = |seed: u64| {
        let values = smooth(l, seed);
        let mut spectrum = amplitudes([N; 3], &values, &object);
        undo_window(&mut spectrum, &object);
        fill_long_waves(&mut spectrum, 33);
        let others: Vec<f64> = (0..19).map(|k| correlation(&gaussian(&spectrum, 9000 + 19 * seed + k))).collect();
        rank_p(correlation(&values), &others)
    };
    let all: Vec<f64> = (0..volumes).map(p).collect();
    let found = [0.1, 0.2, 0.5].map(|level| all.iter().filter(|p| **p <= level + 1e-9).count());
    println!("length {l}: p <= 0.1, 0.2, 0.5 in {found:?} of {volumes}");
    found
}

#[test]
fn what_the_edge_of_the_object_does_to_a_spectrum_is_undone() {
    let object = ball();
    // Correlation of the waves five voxels apart along the axes.
    let at_five = |amplitudes: &ndarray::ArrayD<f32>| {
        let mut waves = amplitudes.mapv(|amplitude| crate::core::fft::Complex64::new(f64::from(amplitude).powi(2), 0.0));
        crate::core::fft::inverse_nd(waves.view_mut());
        let at = |place: [usize; 3]| waves[ndarray::IxDyn(&place)].re;
        (at([5, 0, 0]) + at([0, 5, 0]) + at([0, 0, 5])) / (3.0 * at([0, 0, 0]))
    };
    let (mut before, mut after) = (0.0, 0.0);
    for seed in 0..8 {
        let mut spectrum = amplitudes([N; 3], &smooth(5.0, seed), &object);
        before += at_five(&spectrum) / 8.0;
        undo_window(&mut spectrum, &object);
        after += at_five(&spectrum) / 8.0;
    }
    // 1/e without a window; 0.247 with it, 0.272 after.
    assert!(after > 1.05 * before && after < 0.368, "{before} {after}");
    let mut spectrum = amplitudes([N; 3], &smooth(5.0, 1), &vec![true; N.pow(3)]);
    let same = spectrum.clone();
    undo_window(&mut spectrum, &vec![true; N.pow(3)]);
    assert_eq!(spectrum, same);
}

#[test]
fn fields_without_a_gradient_raise_few_alarms() {
    // 3 and 15 are expected of 30; four standard deviations more.
    let [tenth, _, half] = alarms(30, 3.0);
    assert!(tenth <= 9 && half <= 26, "{tenth} {half}");
}

#[test]
#[ignore = "minutes"]
fn false_alarms_in_full() {
    for l in [1.5, 3.0, 5.0] {
        // 10, 20 and 50 are expected of 100; three standard deviations more.
        let [tenth, fifth, half] = alarms(100, l);
        assert!(tenth <= 19 && fifth <= 32 && half <= 65, "{l}");
    }
}
