//! What the specification asks of the test: its probability is uniform, its interval covers, it names the right estimate.

use super::super::*;
use crate::core::random::{derive_seed, standard_normals};

const ELECTRONVOLT: f64 = 1.602_176_634e-19;

fn trials(quick: u64) -> u64 {
    std::env::var("AMORPH_COVERAGE_CARDS").ok().and_then(|n| n.parse().ok()).unwrap_or(quick)
}

fn barrier_test(simulated: &SimulatedCard) -> (Card, Test) {
    let card = simulated.draw();
    let assessment = assess(&card).unwrap();
    let test = assessment.tests.into_iter().find(|test| test.quantity.name == "barrier").unwrap();
    (card, test)
}

/// Probability that uniform numbers lie as far from uniform (Kolmogorov, with Stephens' correction for small samples).
fn kolmogorov_p(mut p: Vec<f64>) -> f64 {
    p.sort_by(f64::total_cmp);
    let n = p.len() as f64;
    let distance = |(i, p): (usize, &f64)| (p - i as f64 / n).abs().max((p - (i + 1) as f64 / n).abs());
    let d = p.iter().enumerate().map(distance).fold(0.0, f64::max);
    let lambda = (n.sqrt() + 0.12 + 0.11 / n.sqrt()) * d;
    let term = |k: i32| (-1.0f64).powi(k - 1) * (-2.0 * f64::from(k * k) * lambda * lambda).exp();
    (2.0 * (1..100).map(term).sum::<f64>()).clamp(0.0, 1.0)
}

#[test]
fn five_hundred_cards_give_uniform_probabilities_and_cover() {
    let truth = SimulatedCard::default().barrier / ELECTRONVOLT;
    let (mut p, mut inside, mut shown, mut named) = (Vec::new(), 0, 0, 0);
    let n = trials(500);
    for seed in 0..n {
        let (_, test) = barrier_test(&SimulatedCard { seed, ..SimulatedCard::default() });
        p.push(test.result.p_value.unwrap());
        named += usize::from(test.result.outlier.is_some());
        if let Some((_, [lo, hi])) = test.result.common {
            shown += 1;
            inside += usize::from((lo..=hi).contains(&truth));
        }
    }
    let (ks, covered, named) = (kolmogorov_p(p), inside as f64 / shown as f64, named as f64 / n as f64);
    println!("KS p = {ks:.3}; {shown} intervals of {n} cards cover {covered:.3}; falsely named {named:.3}");
    assert!(ks > 0.01, "{ks}");
    assert!((0.92..=0.97).contains(&covered), "{covered}");
    assert!(named < 0.05, "{named}");
}

#[test]
fn an_outlier_of_five_sigma_is_named() {
    let techniques = ["afm", "creep", "simulation"];
    let mut named = [0; 3];
    let n = trials(500);
    for seed in 0..n {
        let (card, test) = barrier_test(&SimulatedCard { seed, ..SimulatedCard::default() });
        for (technique, named) in techniques.iter().zip(&mut named) {
            // Five of the errors with which the others predict it.
            let index = card.findings.iter().position(|finding| finding.technique == *technique).unwrap();
            let place = test.members.iter().position(|member| member.finding == index).unwrap();
            let mut estimates = test.estimates.clone();
            let before = test.result.without[place].unwrap();
            let error = (estimates.y[place] - predicted(&estimates, place)) / before.z;
            estimates.y[place] += 5.0 * error.abs();
            *named += usize::from(estimates.test().unwrap().outlier == Some(place));
        }
    }
    for (technique, named) in techniques.iter().zip(named) {
        let rate = named as f64 / n as f64;
        println!("{technique}: a shift of 5 sigma is named in {rate:.3}");
        assert!(rate > 0.95, "{technique}: {rate}");
    }
}

/// What the other estimates predict for one, systematics included: where the sum of squares is least.
fn predicted(estimates: &Estimates, place: usize) -> f64 {
    let chi2 = |y: f64| {
        let mut changed = estimates.clone();
        changed.y[place] = y;
        changed.test().unwrap().chi2
    };
    // A parabola: three values give its minimum.
    let (a, h) = (estimates.y[place], estimates.s[place]);
    let (left, middle, right) = (chi2(a - h), chi2(a), chi2(a + h));
    a - 0.5 * h * (right - left) / (right - 2.0 * middle + left)
}

#[test]
fn a_wrong_technique_is_named_by_its_card() {
    let mut named = 0;
    let n = trials(100);
    for seed in 0..n {
        let wrong = SimulatedCard { seed, wrong: Some(("cyclic_indentation", 7.0)), ..SimulatedCard::default() };
        let (card, test) = barrier_test(&wrong);
        named += usize::from(test.driver().is_some_and(|index| card.findings[index].technique == "cyclic_indentation"));
    }
    println!("cyclic indentation wrong by seven of its own errors: named in {:.3}", named as f64 / n as f64);
    assert!(named as f64 / n as f64 > 0.9);
}

#[test]
fn the_order_of_the_findings_does_not_matter() {
    let card = SimulatedCard { seed: 3, ..SimulatedCard::default() }.draw();
    let mut turned = card.clone();
    turned.findings.reverse();
    turned.findings.swap(2, 5);
    let (one, other) = (assess(&card).unwrap(), assess(&turned).unwrap());
    for (a, b) in one.tests.iter().zip(&other.tests) {
        assert_eq!(a.result, b.result);
        assert_eq!((&a.remedies, &a.robust), (&b.remedies, &b.robust));
    }
    assert_eq!(one.missing, other.missing);
    assert!(one.links.iter().zip(&other.links).all(|(a, b)| a.text == b.text && a.verdict == b.verdict));
}

#[test]
fn the_robust_interval_covers_where_methods_scatter() {
    let (k, tau, n) = (6, 1.5, trials(300));
    let mut inside = 0;
    for seed in 0..n {
        let e = standard_normals(derive_seed(seed, &["robust".into()]), 2 * k + 1);
        let estimates = Estimates {
            y: (0..k).map(|i| e[i] + tau * e[k + i] + 0.5 * e[2 * k]).collect(),
            s: vec![1.0; k],
            a: vec![vec![0.5]; k],
            limits: Vec::new(),
        };
        let [lo, hi] = random_effects(&estimates).unwrap().interval;
        inside += usize::from(lo <= 0.0 && hi >= 0.0);
    }
    let covered = inside as f64 / n as f64;
    println!("robust intervals of six methods with spread 1.5 sigma cover {covered:.3}");
    assert!((0.92..=0.985).contains(&covered), "{covered}");
}

#[test]
fn a_limit_shortens_the_interval_from_its_side_and_covers() {
    let n = trials(1000);
    let (mut inside, mut shorter, mut shown) = (0, 0, 0i32);
    for seed in 0..n {
        let e = standard_normals(derive_seed(seed, &["limit".into()]), 4);
        // A limit at the truth: the hardest place.
        let limit = Limit { value: 0.3 * e[3], s: 0.3, a: vec![], bound: Bound::Upper };
        let free = Estimates { y: e[..3].to_vec(), s: vec![1.0; 3], a: vec![vec![]; 3], limits: Vec::new() };
        let bounded = Estimates { limits: vec![limit], ..free.clone() };
        let (Some((_, without)), Some((_, [lo, hi]))) = (free.test().unwrap().common, bounded.test().unwrap().common) else {
            continue;
        };
        shown += 1;
        shorter += i32::from(hi < without[1] + 1e-3 && lo < without[0] + 1e-3);
        inside += i32::from(lo <= 0.0 && hi >= 0.0);
    }
    let covered = f64::from(inside) / f64::from(shown);
    println!("intervals with a limit at the truth cover {covered:.3}");
    assert!(covered > 0.92, "{covered}");
    assert!(f64::from(shorter) > 0.99 * f64::from(shown), "{shorter}");
}

#[test]
#[ignore = "measures time; run with --ignored --nocapture"]
fn how_long_a_card_takes() {
    let card = SimulatedCard::default().draw();
    let start = std::time::Instant::now();
    for _ in 0..100 {
        assess(&card).unwrap();
    }
    println!("{:.2} ms per card", start.elapsed().as_secs_f64() * 10.0);
}
