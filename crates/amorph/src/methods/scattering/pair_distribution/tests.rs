use super::algorithm::{Transform, coordination, distribution, first_peak};
use super::*;
use crate::core::data::Table;
use crate::core::random::standard_normals;
use crate::core::stats::wilson_interval;
use crate::method::Constants;
use crate::methods::scattering::transform::trapezoid;
use crate::sim::scattering::StrainedGlass;

fn glass() -> StrainedGlass {
    StrainedGlass { strain: 0.0, sectors: 1, n_q: 1200, noise: 0.0, ..StrainedGlass::default() }
}

fn dataset(glass: &StrainedGlass, unit: &str, seed: u64) -> Dataset {
    let pattern = glass.measure(seed).unwrap();
    let n = pattern.q.len();
    let table = Table::new("s", "").with_numbers("q", unit, pattern.q).with_numbers("s_q", "", pattern.s).with_numbers(
        "s_q_error",
        "",
        vec![glass.noise.max(1e-9); n],
    );
    let mut dataset = Dataset::of_table(table);
    dataset.constants = Constants::default().with_quantity("number_density", "0.056 1/A^3").unwrap();
    dataset
}

fn run(method: &PairDistribution, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

#[test]
fn what_was_transformed_comes_back() {
    let method = PairDistribution { window: Window::None, ..PairDistribution::default() };
    let outcome = run(&method, &dataset(&glass(), "1/m", 1)).unwrap();
    let table = outcome.table("g_r").unwrap();
    let (_, radius) = table.numbers("r").unwrap();
    let (_, g) = table.numbers("g").unwrap();
    let highest = g.iter().copied().fold(0.0, f64::max);
    // The step of the toy distribution is sharper than the resolution.
    let far = (0..g.len()).filter(|k| radius[*k] > 4e-10);
    let worst = far.map(|k| (g[k] - StrainedGlass::pair_distribution(radius[k])).abs()).fold(0.0, f64::max);
    println!("largest difference {worst:.2e} of {highest:.2}");
    assert!(worst < 0.02 * highest, "{worst}");
    let peak = outcome.estimate("first_peak_r").unwrap().value;
    assert!((peak / 2.8e-10 - 1.0).abs() < 0.03, "{peak}");
}

#[test]
fn neighbours_are_counted() {
    let outcome = run(&PairDistribution::default(), &dataset(&glass(), "1/m", 1)).unwrap();
    let found = outcome.estimate("coordination_number").unwrap().value;
    let note = outcome.notes.iter().find(|note| note.code == "coordination_range").unwrap();
    let numbers: Vec<f64> = note.message.split(' ').filter_map(|word| word.parse().ok()).collect();
    let radius: Vec<f64> =
        (0..=2000).map(|k| 1e-10 * (numbers[0] + (numbers[1] - numbers[0]) * f64::from(k) / 2000.0)).collect();
    let shell = |r: &f64| 4.0 * std::f64::consts::PI * r * r * 0.056e30 * StrainedGlass::pair_distribution(*r);
    let truth: f64 = radius.iter().map(shell).zip(trapezoid(&radius)).map(|(value, dr)| value * dr).sum();
    assert!((found / truth - 1.0).abs() < 0.03, "{found} {truth}");
    // The end of the range of Q moves it by less than the range of a real pattern would, but it does.
    for key in ["coordination_number", "first_peak_height"] {
        let estimate = outcome.estimate(key).unwrap();
        let share = estimate.systematic_error.unwrap() / estimate.value;
        assert!(share > 1e-6 && share < 0.1, "{key}: {share}");
    }
}

/// How many of so many noisy patterns have the coordination number, and g at three distances, within 1.96 errors of what the same transform gives without noise.
fn covered(extrapolation: Extrapolation, low_r_steps: usize, seeds: std::ops::Range<u64>) -> [usize; 4] {
    let pattern = glass().measure(1).unwrap();
    let first = pattern.q.partition_point(|q| *q < 1.2e10);
    let (q, s) = (&pattern.q[first..], &pattern.s[first..]);
    let shortest_distance = Quantity::si(2e-10, Unit::of("Å"));
    let method = PairDistribution { extrapolation, low_r_steps, shortest_distance, ..PairDistribution::default() };
    let transform = method.transform(q, 0.056e30);
    // Large at the first rows, from which the extrapolation is made.
    let errors: Vec<f64> = q.iter().map(|q| if *q < 1.9e10 { 0.2 } else { 0.01 }).collect();
    let (range, radius) = ([2e-10, 3.9e-10], [1e-10, 3e-10, 11e-10]);
    let truth = coordination(&transform, s, None, range, 0.056e30).number;
    let exact = distribution(&transform, s, None, &radius);
    let mut covered = [0; 4];
    for seed in seeds {
        let noise = standard_normals(seed, q.len());
        let s: Vec<f64> = s.iter().zip(&noise).zip(&errors).map(|((s, noise), error)| s + error * noise).collect();
        let found = coordination(&transform, &s, Some(&errors), range, 0.056e30);
        covered[0] += usize::from((found.number - truth).abs() < 1.96 * found.error);
        let found = distribution(&transform, &s, Some(&errors), &radius);
        for (k, covered) in covered[1..].iter_mut().enumerate() {
            *covered += usize::from((found.g[k] - exact.g[k]).abs() < 1.96 * found.error[k]);
        }
    }
    println!("{extrapolation:?}, {low_r_steps} steps: coordination number and g {covered:?}");
    covered
}

/// Errors of S become errors of g and of the number of neighbours, with every extrapolation, and with the correction of small distances.
#[test]
fn errors_are_carried_through() {
    let cases = [
        (Extrapolation::None, 0),
        (Extrapolation::LinearZero, 0),
        (Extrapolation::Quadratic, 0),
        (Extrapolation::LinearZero, 5),
        (Extrapolation::Quadratic, 30),
    ];
    for (extrapolation, steps) in cases {
        for covered in covered(extrapolation, steps, 0..300) {
            let (lo, hi) = wilson_interval(covered, 300, 0.999).unwrap();
            assert!(lo < 0.95 && 0.95 < hi, "{extrapolation:?}, {steps} steps: {covered} of 300");
        }
    }
}

/// A glass whose structure factor has a known error: the correction brings back S, g, and neighbours.
#[test]
fn a_known_error_is_taken_off_small_distances() {
    let pattern = glass().measure(1).unwrap();
    let first = pattern.q.partition_point(|q| *q < 0.6e10);
    let (q, truth) = (pattern.q[first..].to_vec(), &pattern.s[first..]);
    let background = |q: &f64| 0.1 * (-(q / 8e10).powi(2)).exp();
    let s: Vec<f64> = truth.iter().zip(&q).map(|(s, q)| s + background(q)).collect();
    let n = q.len();
    let table =
        Table::new("s", "").with_numbers("q", "1/m", q).with_numbers("s_q", "", s).with_numbers("s_q_error", "", vec![0.01; n]);
    let mut dataset = Dataset::of_table(table);
    dataset.constants = Constants::default().with_quantity("number_density", "0.056 1/A^3").unwrap();
    let extrapolation = Extrapolation::LinearZero;
    let shortest_distance = Quantity::si(2e-10, Unit::of("Å"));
    let plain = PairDistribution { extrapolation, shortest_distance, ..PairDistribution::default() };
    let off = run(&plain, &dataset).unwrap();
    let on = run(&PairDistribution { low_r_steps: 10, ..plain.clone() }, &dataset).unwrap();
    let value = |outcome: &Outcome, key: &str| outcome.estimate(key).unwrap().value;
    assert!((value(&on, "ripple_before") / value(&off, "ripple") - 1.0).abs() < 1e-9);
    assert!(value(&on, "ripple") < 0.01 * value(&off, "ripple"), "{}", value(&on, "ripple"));
    assert!(off.estimate("ripple_before").is_none() && off.table("corrected_structure_factor").is_none());
    let (_, corrected) = on.table("corrected_structure_factor").unwrap().numbers("s_q").unwrap();
    let rms =
        |values: &[f64]| (values.iter().zip(truth).map(|(a, b)| (a - b).powi(2)).sum::<f64>() / truth.len() as f64).sqrt();
    println!("S: {:.5}, removed {:.5}", rms(corrected), value(&on, "low_r_change"));
    assert!(rms(corrected) < 0.05 * value(&on, "low_r_change"), "{}", rms(corrected));
    let of_truth: Vec<f64> = pattern.q[first..].iter().map(background).collect();
    let expected = (of_truth.iter().map(|x| x * x).sum::<f64>() / n as f64).sqrt();
    assert!((value(&on, "low_r_change") / expected - 1.0).abs() < 0.05);
    assert!(on.notes.iter().any(|note| note.code == "low_r_correction"));
    let without = PairDistribution { low_r_steps: 10, extrapolation: Extrapolation::None, ..plain.clone() };
    assert!(run(&without, &dataset).unwrap().notes.iter().any(|note| note.code == "correction_without_extrapolation"));
    assert!(run(&PairDistribution { low_r_steps: 101, ..plain }, &dataset).unwrap_err().to_string().contains("low_r_steps"));
}

/// S = Q/Q₁ below Q₁ and one above, and a parabola Q²/Q₁²: their sine transforms are known, and the first rows are missing.
#[test]
fn what_lies_below_the_first_q_is_added() {
    const DENSITY: f64 = 0.05e30;
    let end = 1.5e10;
    let q: Vec<f64> = (0..2000).map(|k| 0.6e10 + 0.003e10 * f64::from(k)).collect();
    let radius: Vec<f64> = (1..=200).map(|k| 0.05e-10 * f64::from(k)).collect();
    let factor = 1.0 / (2.0 * std::f64::consts::PI.powi(2) * DENSITY);
    // ∫ Qⁿ sin Qr dQ from 0 to Q₁ for n = 1, 2, 3.
    let integrals = |r: f64| {
        let (sine, cosine) = (end * r).sin_cos();
        let one = sine / (r * r) - end * cosine / r;
        let of_cosine = end * sine / r + (cosine - 1.0) / (r * r);
        let two = -end * end * cosine / r + 2.0 / r * of_cosine;
        let three = -end.powi(3) * cosine / r + 3.0 / r * (end * end * sine / r - 2.0 / r * one);
        [one, two, three]
    };
    for (extrapolation, power) in [(Extrapolation::LinearZero, 1), (Extrapolation::Quadratic, 2)] {
        let s: Vec<f64> = q.iter().map(|q| (q / end).min(1.0).powi(power)).collect();
        let exact: Vec<f64> = radius
            .iter()
            .map(|r| {
                let [one, two, three] = integrals(*r);
                let product = if power == 1 { two / end } else { three / (end * end) };
                1.0 + factor / r * (product - one)
            })
            .collect();
        let worst = |extrapolation| {
            let found = distribution(&Transform::new(&q, Window::None, extrapolation, DENSITY), &s, None, &radius);
            found.g.iter().zip(&exact).map(|(g, exact)| (g - exact).abs()).fold(0.0, f64::max)
        };
        let (with, without) = (worst(extrapolation), worst(Extrapolation::None));
        println!("{extrapolation:?}: largest difference {with:.2e}, without {without:.2e}");
        assert!(with < 1e-3 * without, "{extrapolation:?}: {with:e} {without:e}");
    }
}

#[test]
fn peaks_are_refined_between_steps() {
    let radius: Vec<f64> = (0..100).map(|k| 0.1 * f64::from(k)).collect();
    let g: Vec<f64> = radius.iter().map(|r| 3.0 - (r - 4.237).powi(2)).collect();
    let (place, height) = first_peak(&radius, &g).unwrap();
    assert!((place - 4.237).abs() < 1e-9 && (height - 3.0).abs() < 1e-9);
}

#[test]
fn bad_input_is_refused() {
    let method = PairDistribution::default();
    let text = method.check(&dataset(&glass(), "", 1)).unwrap_err().to_string();
    assert!(text.contains("has no unit"), "{text}");
    let mut missing = dataset(&glass(), "1/m", 1);
    missing.constants = Constants::default();
    assert!(method.check(&missing).unwrap_err().to_string().contains("number_density"));
    let counts = Table::new("s", "").with_numbers("q", "1/m", (1..100).map(|k| 1e9 * f64::from(k)).collect()).with_numbers(
        "s_q",
        "",
        vec![700.0; 99],
    );
    let text = method.check(&Dataset::of_table(counts)).unwrap_err().to_string();
    assert!(text.contains("goes to one"), "{text}");
    let twisted = Table::new("s", "").with_numbers("q", "1/m", vec![1.0, 3.0, 2.0]).with_numbers("s_q", "", vec![1.0; 3]);
    let text = method.check(&Dataset::of_table(twisted)).unwrap_err().to_string();
    assert!(text.contains("does not ascend at row 3"), "{text}");
}
