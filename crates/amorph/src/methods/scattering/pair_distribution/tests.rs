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

/// Errors of S become errors of g and of the number of neighbours, with every extrapolation.
#[test]
fn errors_are_carried_through() {
    let pattern = glass().measure(1).unwrap();
    let first = pattern.q.partition_point(|q| *q < 1.2e10);
    let (q, s) = (&pattern.q[first..], &pattern.s[first..]);
    for extrapolation in [Extrapolation::None, Extrapolation::LinearZero, Extrapolation::Quadratic] {
        let transform = Transform::new(q, Window::Lorch, extrapolation, 0.056e30);
        // Large at the first rows, from which the extrapolation is made.
        let errors: Vec<f64> = q.iter().map(|q| if *q < 1.9e10 { 0.2 } else { 0.01 }).collect();
        let (range, radius) = ([2e-10, 3.9e-10], [1e-10, 3e-10, 11e-10]);
        let truth = coordination(&transform, s, None, range, 0.056e30).number;
        let exact = distribution(&transform, s, None, &radius);
        let (mut covered, mut covered_g) = (0, [0; 3]);
        for seed in 0..300u64 {
            let noise = standard_normals(seed, q.len());
            let s: Vec<f64> = s.iter().zip(&noise).zip(&errors).map(|((s, noise), error)| s + error * noise).collect();
            let found = coordination(&transform, &s, Some(&errors), range, 0.056e30);
            covered += usize::from((found.number - truth).abs() < 1.96 * found.error);
            let found = distribution(&transform, &s, Some(&errors), &radius);
            for (k, covered) in covered_g.iter_mut().enumerate() {
                *covered += usize::from((found.g[k] - exact.g[k]).abs() < 1.96 * found.error[k]);
            }
        }
        println!("{extrapolation:?}: coordination number {covered} of 300; g {covered_g:?} of 300");
        for covered in [covered, covered_g[0], covered_g[1], covered_g[2]] {
            let (lo, hi) = wilson_interval(covered, 300, 0.999).unwrap();
            assert!(lo < 0.95 && 0.95 < hi, "{extrapolation:?}: {covered} of 300");
        }
    }
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
