use std::sync::Arc;

use super::algorithm::{Profile, common};
use super::*;
use crate::core::data::Table;
use crate::core::stats::power_law::Sums;
use crate::core::unit::Quantity;
use crate::method::Upstream;
use crate::methods::events::size_distribution::SizeDistribution;
use crate::methods::events::size_distribution::profile::Likelihood;

fn profile(alpha: f64, cutoff: f64, n: usize, seed: u64) -> Profile {
    let sizes = crate::sim::events::truncated_power_law(alpha, 1.0, cutoff, n, seed).unwrap();
    let ln: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
    let likelihood = Likelihood::Exact(Sums::of_logarithms(&ln));
    let (alpha, value) = likelihood.profile(&likelihood.fit()).into_iter().unzip();
    Profile::new(alpha, value).unwrap()
}

/// The tabulated profile is that of the likelihood.
#[test]
fn between_its_points_the_profile_is_the_likelihood() {
    let sizes = crate::sim::events::truncated_power_law(1.5, 1.0, 20.0, 1000, 4).unwrap();
    let ln: Vec<f64> = sizes.iter().map(|size| size.ln()).collect();
    let sums = Sums::of_logarithms(&ln);
    let (fit, table) = (sums.fit(), profile(1.5, 20.0, 1000, 4));
    for offset in [-0.9, -0.21, -0.07, -0.003, 0.0007, 0.05, 0.13, 0.7] {
        let alpha = fit.law.alpha + offset;
        let exact = sums.fit_at_alpha(alpha, fit.law.lambda).ln_likelihood - fit.ln_likelihood;
        assert!((table.at(alpha) - exact).abs() < 2e-3 * exact.abs().max(0.05), "{offset}: {} {exact}", table.at(alpha));
    }
}

/// Intervals cover and the test has its level; the numbers are in docs/coverage.md.
fn trials(n_trials: u64, n: usize) -> (f64, f64) {
    let (mut covered, mut rejected) = (0, 0);
    for trial in 0..n_trials {
        let profiles: Vec<Profile> =
            [5.0, 20.0, 100.0].iter().enumerate().map(|(k, cutoff)| profile(1.5, *cutoff, n, 10 * trial + k as u64)).collect();
        let found = common(&profiles.iter().collect::<Vec<_>>()).unwrap();
        covered += usize::from(found.interval.0 <= 1.5 && 1.5 <= found.interval.1);
        rejected += usize::from(found.p < 0.05);
    }
    (covered as f64 / n_trials as f64, rejected as f64 / n_trials as f64)
}

#[test]
fn the_common_exponent_is_covered() {
    let (covered, rejected) = trials(200, 300);
    // Four standard errors of 0.95 in 200.
    assert!((covered - 0.95).abs() < 0.062 && (rejected - 0.05).abs() < 0.062, "{covered} {rejected}");
}

#[test]
#[ignore = "a minute; run by `make validate`"]
fn the_common_exponent_is_covered_in_full() {
    for n in [100, 300, 3000] {
        let (covered, rejected) = trials(2000, n);
        println!("n {n}: covered {covered:.4}, rejected {rejected:.4}");
        assert!((0.92..0.97).contains(&covered) && (0.03..0.08).contains(&rejected), "{n}: {covered} {rejected}");
    }
}

#[test]
fn different_exponents_are_told_apart() {
    let profiles = [profile(1.3, 50.0, 3000, 1), profile(1.8, 50.0, 3000, 2)];
    let found = common(&profiles.iter().collect::<Vec<_>>()).unwrap();
    assert!(found.p < 1e-4 && found.alpha > 1.3 && found.alpha < 1.8, "{found:?}");
}

#[test]
fn outcomes_of_size_distributions_are_joined() {
    let upstream = |seed: u64, state: &str| {
        let sizes = crate::sim::events::truncated_power_law(1.5, 1e-3, 2e-2, 400, seed).unwrap();
        let dataset = Dataset::of_table(Table::new("events", "Events").with_numbers("size", "", sizes));
        let method =
            SizeDistribution { bootstrap: 0, xmin: Some(Quantity::parse("0.001").unwrap()), ..SizeDistribution::default() };
        let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
        Upstream {
            job: String::new(),
            method: "events.size_distribution".to_owned(),
            state: state.to_owned(),
            item: "a".to_owned(),
            outcome: Arc::new(outcome),
        }
    };
    let method = CommonExponent::default();
    let dataset = Dataset { upstream: vec![upstream(1, "1 N"), upstream(2, "2 N"), upstream(3, "3 N")], ..Dataset::default() };
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    let found = outcome.estimate("common_exponent").unwrap();
    assert_eq!(found.n, Some(1200.0));
    assert!(found.interval.unwrap().lo < 1.5 && 1.5 < found.interval.unwrap().hi);
    assert_eq!(outcome.table("samples").unwrap().n_rows(), 3);
    let one = Dataset { upstream: vec![upstream(1, "1 N")], ..Dataset::default() };
    let error = method.check(&one).unwrap_err();
    assert!(error.to_string().contains("found: 1") && error.hint().contains("events.size_distribution"), "{error}");
}
