use std::sync::Arc;

use super::algorithm::{comparisons, descriptors, state_means};
use super::*;
use crate::core::random::{derive_seed, standard_normals};
use crate::core::stats::coverage;
use crate::method::{MethodError, Upstream};

fn site(state: &str, item: usize, key: &str, value: f64) -> Upstream {
    let estimate = Estimate::without_interval(key, "x", value, "m", "a test");
    Upstream {
        job: format!("{state}-{item}"),
        method: "test.method".to_owned(),
        state: state.to_owned(),
        item: format!("site {item}"),
        outcome: Arc::new(Outcome { estimates: vec![estimate], ..Outcome::default() }),
    }
}

fn study(groups: &[(&str, &[f64])]) -> Dataset {
    let sites = groups.iter().flat_map(|(state, values)| values.iter().enumerate().map(|(i, v)| site(state, i, "length", *v)));
    Dataset { upstream: sites.collect(), ..Dataset::default() }
}

#[test]
fn a_clear_difference_is_found_and_quantified() {
    let dataset = study(&[("a", &[4.0, 4.1, 3.9, 4.05, 3.95]), ("b", &[9.6, 9.8, 9.7, 9.5, 9.9])]);
    let method = CompareStates::default();
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    let difference = outcome.estimate("length@b-a").unwrap();
    assert!((difference.value - 5.7).abs() < 1e-12);
    let interval = difference.interval.unwrap();
    assert!(interval.lo > 5.4 && interval.hi < 6.0, "{interval:?}");
    // Ten sites allow 252 divisions; the two that separate the groups are the most extreme.
    let (_, p) = outcome.table("state_differences").unwrap().numbers("p (permutation)").unwrap();
    assert!((p[0] - 2.0 / 252.0).abs() < 1e-12);
}

#[test]
fn the_reference_can_be_chosen_and_must_exist() {
    let dataset = study(&[("a", &[1.0, 2.0, 3.0]), ("b", &[2.0, 3.0, 4.5])]);
    let chosen = CompareStates { reference: Some("b".to_owned()), ..CompareStates::default() };
    let outcome = chosen.run(&chosen.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    assert!(outcome.estimate("length@a-b").is_some());
    let wrong = CompareStates { reference: Some("c".to_owned()), ..CompareStates::default() };
    assert!(wrong.check(&dataset).unwrap_err().to_string().contains("'c'"));
}

#[test]
fn single_sites_are_refused() {
    let one_each = study(&[("a", &[1.0]), ("b", &[2.0])]);
    let error = CompareStates::default().check(&one_each).unwrap_err();
    assert!(matches!(error, MethodError::Refused(_)), "{error}");
    let one_state = study(&[("a", &[1.0, 2.0, 3.0])]);
    assert!(CompareStates::default().check(&one_state).is_err());
}

#[test]
fn the_order_of_sites_does_not_matter() {
    let forward = study(&[("a", &[1.0, 2.5, 3.0]), ("b", &[2.0, 3.0, 4.5])]);
    let mut backward = forward.clone();
    backward.upstream[..3].reverse();
    let p = |dataset: &Dataset| {
        let descriptors = descriptors(&dataset.upstream, &[]);
        comparisons(&descriptors, None, 99, 1)[0].permutation_p
    };
    assert_eq!(p(&forward), p(&backward));
}

/// Site values drawn from a normal distribution: the interval of the mean and of the difference cover at their level.
fn covered(n_trials: usize, of: impl Fn(&[f64], &[f64]) -> (f64, f64) + Sync, truth: f64) -> crate::core::stats::Coverage {
    let trial = |seed: u64| {
        let a = standard_normals(derive_seed(seed, &["a".into()]), 5);
        let b: Vec<f64> = standard_normals(derive_seed(seed, &["b".into()]), 8).iter().map(|z| 1.0 + 2.0 * z).collect();
        Some(of(&a, &b))
    };
    coverage(n_trials, 7, truth, trial).unwrap()
}

#[test]
fn intervals_cover_at_their_level() {
    let difference = |a: &[f64], b: &[f64]| {
        let descriptors = descriptors(&study(&[("a", a), ("b", b)]).upstream, &[]);
        let welch = comparisons(&descriptors, None, 9, 1)[0].welch;
        (welch.lower, welch.upper)
    };
    let mean = |_: &[f64], b: &[f64]| {
        let descriptors = descriptors(&study(&[("b", b)]).upstream, &[]);
        state_means(&descriptors[0])[0].interval.unwrap()
    };
    for coverage in [covered(2000, difference, 1.0), covered(2000, mean, 1.0)] {
        // Three standard errors of 2000 trials at 95 % are 1.5 %.
        assert!((coverage.fraction - 0.95).abs() < 0.015, "{coverage:?}");
    }
}

#[test]
fn axes_and_probabilities_are_not_averaged() {
    for flag in ["axial", "probability"] {
        let mut dataset = study(&[("a", &[1.0, 179.0, 2.0]), ("b", &[90.0, 91.0, 92.0])]);
        for upstream in &mut dataset.upstream {
            let mut outcome = (*upstream.outcome).clone();
            outcome.estimates[0].flags.push(flag.to_owned());
            upstream.outcome = Arc::new(outcome);
        }
        assert!(descriptors(&dataset.upstream, &[]).is_empty());
        assert!(CompareStates::default().check(&dataset).is_err());
    }
}
