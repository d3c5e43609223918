#![allow(clippy::unwrap_used)]
use super::*;
use crate::ctx::Ctx;
use crate::random::{derive_seed, standard_normals};
use rayon::prelude::*;

/// What is new in a sample, from six normal deviates.
type Innovation = fn(&[f64]) -> f64;

fn normal(d: &[f64]) -> f64 {
    d[0]
}

/// Student's t with four degrees of freedom, unit variance.
fn heavy(d: &[f64]) -> f64 {
    let chi: f64 = d[1..5].iter().map(|x| x * x).sum();
    d[0] / (chi / 4.0).sqrt() / 2f64.sqrt()
}

/// Skew-normal of shape 3, centred.
fn skewed(d: &[f64]) -> f64 {
    let delta = 3.0 / 10f64.sqrt();
    delta * d[0].abs() + (1.0 - delta * delta).sqrt() * d[1] - delta * (2.0 / std::f64::consts::PI).sqrt()
}

/// Noise of memory `phi` on a parabola that is 50 `drift` high at its end.
fn noise(n: usize, phi: f64, innovation: Innovation, drift: f64, seed: u64) -> Vec<f64> {
    let deviates = standard_normals(seed, 6 * n);
    let mut x = 0.0;
    let mut next = |t: usize| {
        x = phi * x + innovation(&deviates[6 * t..6 * t + 6]);
        x + 50.0 * drift * (t as f64 / n as f64).powi(2)
    };
    (0..n).map(&mut next).collect()
}

const CASES: [(&str, f64, Innovation, f64); 6] = [
    ("white", 0.0, normal, 0.0),
    ("memory 0.7", 0.7, normal, 0.0),
    ("memory 0.95", 0.95, normal, 0.0),
    ("memory 0.7 and drift", 0.7, normal, 1.0),
    ("Student's t, 4", 0.0, heavy, 0.0),
    ("skewed", 0.0, skewed, 0.0),
];

const LENGTH: usize = 30_000;

/// False alarms, and records that have any.
fn false_alarms(case: usize, detector: &Detector, records: u64) -> (usize, usize) {
    let (_, phi, innovation, drift) = CASES[case];
    let of_record = |record: u64| {
        let values = noise(LENGTH, phi, innovation, drift, derive_seed(7, &[record.into()]));
        detector.detect(&values, record, &Ctx::new(1)).unwrap().spikes.len()
    };
    let counts: Vec<usize> = (0..records).into_par_iter().map(of_record).collect();
    (counts.iter().sum(), counts.iter().filter(|count| **count > 0).count())
}

#[test]
fn noise_alone_gives_the_stated_rate_of_false_alarms() {
    let detector = Detector { surrogates: 1 << 18, ..Detector::spikes(8, FalseAlarms::PerSample(1e-3)) };
    let records = 8;
    for (case, (name, ..)) in CASES.iter().enumerate() {
        let (count, _) = false_alarms(case, &detector, records);
        let expected = 1e-3 * (LENGTH * records as usize) as f64;
        let ratio = count as f64 / expected;
        println!("{name}: {count} of {expected}");
        // A fifth, and three standard errors of the count.
        assert!((ratio - 1.0).abs() < 0.2 + 3.0 / expected.sqrt(), "{name}: {count} of {expected}");
    }
}

#[test]
#[ignore = "an hour of processor time; make validate"]
fn false_alarms_at_full_size() {
    for (case, (name, ..)) in CASES.iter().enumerate() {
        for (rate, records) in [(1e-3, 200), (1e-5, 1000)] {
            let (count, _) = false_alarms(case, &Detector::spikes(8, FalseAlarms::PerSample(rate)), records);
            let expected = rate * (LENGTH * records as usize) as f64;
            println!("{name}, {rate:e} per sample: {count} of {expected}, {:.2}", count as f64 / expected);
            assert!((count as f64 / expected - 1.0).abs() < 0.2 + 3.0 / expected.sqrt());
        }
        let (_, any) = false_alarms(case, &Detector::spikes(8, FalseAlarms::PerRecord(0.05)), 2000);
        println!("{name}, 5 % per record: {:.2} % of 2000", any as f64 / 20.0);
        assert!((70..=130).contains(&any), "{name}: {any}");
    }
}

#[test]
fn spikes_are_found_with_sign_height_and_place() {
    let mut values = noise(40_000, 0.7, normal, 1.0, 3);
    let truth: Vec<(usize, f64, usize)> =
        (1..100).map(|k| (400 * k, if k % 2 == 0 { 15.0 } else { -15.0 }, 1 + k % 4)).collect();
    for (index, height, width) in &truth {
        values[*index..index + width].iter_mut().for_each(|value| *value += height);
    }
    let found = Detector::spikes(8, FalseAlarms::PerRecord(0.05)).detect(&values, 1, &Ctx::new(1)).unwrap();
    assert!((found.spikes.len() as isize - truth.len() as isize).abs() <= 2, "{}", found.spikes.len());
    for (index, height, _) in &truth {
        let hit = found.spikes.iter().find(|spike| spike.index.abs_diff(*index) <= 1).unwrap();
        assert_eq!(hit.sign.value(), height.signum());
        assert!((hit.height - height.abs()).abs() < 4.5 * hit.height_error, "{hit:?}");
    }
}

#[test]
fn records_without_noise_or_length_are_refused() {
    let detector = Detector::spikes(8, FalseAlarms::PerRecord(0.05));
    let error = |values: &[f64]| detector.detect(values, 1, &Ctx::new(1)).unwrap_err();
    assert_eq!(error(&[0.0; 10]), SeriesError::TooShort { found: 10, needed: 160 });
    assert_eq!(error(&[1.0; 5000]), SeriesError::NoNoise);
    assert_eq!(error(&[f64::NAN; 5000]), SeriesError::TooShort { found: 0, needed: 160 });
}

#[test]
fn missing_samples_are_left_out() {
    let mut values = noise(20_000, 0.7, normal, 0.0, 5);
    values[5000..6000].fill(f64::NAN);
    values[12_345] = f64::NAN;
    values[9000] += 20.0;
    let found = Detector::spikes(8, FalseAlarms::PerRecord(0.05)).detect(&values, 1, &Ctx::new(1)).unwrap();
    assert_eq!(found.exposure, 18_999);
    assert_eq!(found.spikes.iter().map(|spike| spike.index).collect::<Vec<_>>(), [9000]);
}

#[test]
fn the_median_follows_a_straight_drift_to_its_ends() {
    let values: Vec<f64> = (0..5000).map(|t| 3.0 + 0.01 * f64::from(t)).collect();
    let baseline = running_median(&values, 401);
    let mut curve = vec![0.0; 5000];
    baseline.fill(0, &mut curve);
    for t in [0, 1, 200, 2500, 4999] {
        assert!((curve[t] - values[t]).abs() < 1e-9 && (baseline.at(t) - values[t]).abs() < 1e-9, "{t}");
    }
}

#[test]
fn memory_is_found_and_whitening_undone() {
    let values = noise(100_000, 0.7, normal, 0.0, 9);
    let memory = Autoregression::fit(&values.iter().map(|value| value * 0.51f64.sqrt()).collect::<Vec<_>>());
    assert!((memory.coefficients[0] - 0.7).abs() < 0.02 && (memory.innovation - 0.51f64.sqrt()).abs() < 0.01, "{memory:?}");
    let mut white = Vec::new();
    memory.whiten(&values[..50], &mut white);
    memory.colour(&mut white);
    assert!(white.iter().zip(&values).all(|(a, b)| (a - b).abs() < 1e-9));
    // <A x, y> = <x, A' y>, up to the scale that the transpose leaves out.
    let (x, mut y) = (standard_normals(1, 30), standard_normals(2, 30));
    let mut forward = Vec::new();
    memory.whiten(&x, &mut forward);
    let left: f64 = forward.iter().zip(&y).map(|(a, b)| a * b * memory.innovation).sum();
    memory.adjoint(&mut y);
    let right: f64 = x.iter().zip(&y).map(|(a, b)| a * b).sum();
    assert!((left - right).abs() < 1e-9);
}

#[test]
fn memory_that_a_treatment_takes_is_put_back() {
    let values = noise(200_000, 0.95, normal, 0.0, 4);
    let treat = |values: &[f64]| -> Vec<f64> {
        let mut drift = vec![0.0; values.len()];
        running_median(values, 128).fill(0, &mut drift);
        values.iter().zip(&drift).map(|(value, drift)| (value - drift) / 2.0).collect()
    };
    let wanted = Autoregression::fit(&treat(&values));
    assert!(wanted.coefficients[0] < 0.94, "{wanted:?}");
    let mut source = wanted.clone();
    for round in 0..3 {
        let mut drawn = standard_normals(round, 200_000);
        source.colour(&mut drawn);
        source = wanted.corrected(&source, &treat(&drawn.iter().map(|value| 3.2 * value).collect::<Vec<_>>()));
    }
    assert!(source.coefficients[0] > wanted.coefficients[0] + 0.005, "{source:?}");
    let mut drawn = standard_normals(9, 200_000);
    source.colour(&mut drawn);
    let again = Autoregression::fit(&treat(&drawn.iter().map(|value| 3.2 * value).collect::<Vec<_>>()));
    for (a, b) in wanted.coefficients.iter().zip(&again.coefficients) {
        assert!((a - b).abs() < 0.02, "{wanted:?} {again:?}");
    }
}

#[test]
fn a_short_record_leaves_its_tails_open() {
    let beyond = |seed: u64, n: usize| {
        let model = NoiseModel::fit(&standard_normals(seed, n), Autoregression::white(), 4.0);
        model.draw(1 << 19, 1).iter().filter(|value| value.abs() > 5.5).count()
    };
    // Normal noise exceeds 5.5 in 0.02 of half a million samples.
    let (short, long) = ((1..9).map(|seed| beyond(seed, 1000)).sum::<usize>(), beyond(1, 1_000_000));
    assert!(short > 20 && long < 5, "{short} {long}");
}

#[test]
fn the_tail_of_skewed_noise_is_a_shifted_normal_one() {
    let deviates = standard_normals(8, 6 << 20);
    let values: Vec<f64> = deviates.chunks_exact(6).map(|d| (skewed(d) + 0.083) / 0.62).collect();
    let model = NoiseModel::fit(&values, Autoregression::white(), 4.0);
    assert!(!model.is_symmetric && model.tails[0].weight == 0.0, "{:?}", model.tails);
    let share = |values: &[f64], sign: f64| values.iter().filter(|value| **value * sign > 4.5).count() as f64;
    let drawn = model.draw(1 << 20, 2);
    let (found, expected) = (share(&drawn, 1.0), share(&values, 1.0));
    assert!((found / expected - 1.0).abs() < 0.3, "{found} {expected}");
    assert_eq!(share(&drawn, -1.0), 0.0);
}

#[test]
fn the_tail_of_peaks_is_carried_on() {
    // Exponential heights: survival exp(-h).
    let heights: Vec<f64> = (0..20_000).map(|i| -((f64::from(i) + 0.5) / 20_000.0).ln()).collect();
    let tail = PeakTail::of(heights, 1e6);
    for height in [1.0, 3.0, 8.0, 15.0] {
        let expected = 0.02 * f64::exp(-height);
        assert!((tail.rate(height) / expected - 1.0).abs() < 0.15, "{height}");
        assert!((tail.height(expected) - height).abs() < 0.15);
    }
}
