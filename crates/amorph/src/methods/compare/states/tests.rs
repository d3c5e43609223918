use std::sync::Arc;

use super::algorithm::{comparisons, correct, descriptors, state_means};
use super::axes::axial_comparisons;
use super::*;
use crate::core::figure::{Mark, Role};
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

fn degrees(groups: &[(&str, &[f64])]) -> Dataset {
    let site = |state: &str, item: usize, value: f64| {
        let estimate = Estimate::without_interval("anisotropy_angle", "θ", value, "deg", "a test");
        let outcome = Arc::new(Outcome { estimates: vec![estimate], ..Outcome::default() });
        Upstream { outcome, ..self::site(state, item, "", 0.0) }
    };
    let sites = groups.iter().flat_map(|(state, values)| values.iter().enumerate().map(move |(i, v)| (state, i, *v)));
    Dataset { upstream: sites.map(|(state, i, v)| site(state, i, v)).collect(), ..Dataset::default() }
}

#[test]
fn lines_on_either_side_of_the_axis_are_alike() {
    // 178° and 2° are 4° apart, not 176°.
    let dataset = degrees(&[("a", &[178.0, 179.0, 1.0, 2.0, 0.5]), ("b", &[177.0, 1.5, 3.0, 179.5, 0.0])]);
    let method = CompareStates::default();
    let input = method.check(&dataset).unwrap();
    assert!(input.values.is_empty() && input.axes.len() == 1);
    let outcome = method.run(&input, &Ctx::new(1)).unwrap();
    let (_, turn) = outcome.table("state_turns").unwrap().numbers("turn").unwrap();
    let (_, p) = outcome.table("state_turns").unwrap().numbers("p (permutation)").unwrap();
    assert!(turn[0].abs() < 3.0 && p[0] > 0.2, "{turn:?} {p:?}");
    assert!(outcome.notes.iter().any(|note| note.code == "axial"));
    // Turned by 90°: the most extreme of all 126 divisions of ten sites into two unordered halves.
    let turned = degrees(&[("a", &[178.0, 179.0, 1.0, 2.0, 0.5]), ("b", &[88.0, 91.0, 90.5, 89.0, 92.0])]);
    let compared = axial_comparisons(&method.check(&turned).unwrap().axes, None, 9999, 1);
    assert!((compared[0].turn.to_degrees().abs() - 90.0).abs() < 2.0);
    assert!((compared[0].permutation_p - 2.0 / 252.0).abs() < 1e-12, "{}", compared[0].permutation_p);
}

#[test]
fn probabilities_and_null_values_are_not_descriptors() {
    let mut dataset = study(&[("a", &[1.0, 2.0, 3.0]), ("b", &[2.0, 3.0, 4.5])]);
    let tested = |state: &str, item: usize, value: f64| site(state, item, "hdr_aspect_p", value);
    dataset.upstream.extend([tested("a", 0, 0.2), tested("a", 1, 0.3), tested("b", 0, 0.5), tested("b", 1, 0.1)]);
    let input = CompareStates::default().check(&dataset).unwrap();
    assert_eq!(input.values.len(), 1);
    assert_eq!(input.left_out, ["hdr aspect p"]);
    let asked_for = CompareStates { quantities: vec!["hdr_aspect_p".to_owned()], ..CompareStates::default() };
    assert_eq!(asked_for.check(&dataset).unwrap().values.len(), 1, "what is asked for is compared");
}

#[test]
fn ratios_need_positive_values_and_all_comparisons_share_holm() {
    let dataset = study(&[("a", &[4.0, 4.4, 3.6]), ("b", &[8.0, 8.8, 7.2])]);
    let mut found = comparisons(&descriptors(&dataset.upstream, &[]), None, 99, 1);
    assert!((found[0].ratio.unwrap().value() - 2.0).abs() < 1e-12);
    let signed = study(&[("a", &[-4.0, 4.4, 3.6]), ("b", &[8.0, 8.8, 7.2])]);
    assert!(comparisons(&descriptors(&signed.upstream, &[]), None, 99, 1)[0].ratio.is_none());
    let axes = degrees(&[("a", &[1.0, 2.0, 4.0]), ("b", &[80.0, 95.0, 91.0])]);
    let mut axial = axial_comparisons(&descriptors(&axes.upstream, &[]), None, 99, 1);
    let (p_value, p_axis) = (found[0].welch.p_value, axial[0].permutation_p);
    correct(&mut found, &mut axial);
    assert!(p_value < p_axis && (found[0].holm_p - 2.0 * p_value).abs() < 1e-15);
    assert!((axial[0].holm_p - p_axis.max(2.0 * p_value)).abs() < 1e-15);
}

fn figure<'a>(outcome: &'a Outcome, key: &str) -> &'a crate::core::figure::Figure {
    outcome.figures.iter().find(|figure| figure.key == key).unwrap()
}

#[test]
fn published_values_stand_behind_the_measured_ones() {
    let sites = |state: &'static str, values: [f64; 3]| {
        values.into_iter().enumerate().map(move |(item, value)| site(state, item, "correlation_length", value))
    };
    let upstream = sites("as-deposited", [4.0e-9, 4.1e-9, 4.3e-9]).chain(sites("3 N", [9.5e-9, 9.8e-9, 9.9e-9])).collect();
    let dataset = Dataset { upstream, ..Dataset::default() };
    let method = CompareStates::default();
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    let first = figure(&outcome, "states_1");
    let published: Vec<&Vec<f64>> = first.panels[0]
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Points { role: Role::Reference, y, .. } => Some(y),
            _ => None,
        })
        .collect();
    assert_eq!(published.len(), 2, "deformation and annealing");
    assert!(published[0].iter().zip([4.10e-9, 9.27e-9, 9.70e-9]).all(|(found, printed)| (found - printed).abs() < 1e-20));
    assert!(first.caption.contains("Lu et al. 2016") && first.caption.contains("Qiao et al. 2019"));
    assert_eq!(first.panels[0].x.categories.len(), 3, "the published succession has three states");
    assert!(figure(&outcome, "relative_changes").caption.contains("29357"));
}

#[test]
fn a_users_own_published_values_stand_behind_as_well() {
    let own = "quantity,alloy,value,unit,condition,paper,key\nlength,Zr50Cu50,4.4,nm,as cast,Doe 2024,length\n";
    let literature = crate::literature::Literature::with(crate::literature::parse(own).unwrap());
    let sites = study(&[("a", &[4.0e-9, 4.1e-9, 3.9e-9]), ("b", &[9.6e-9, 9.8e-9, 9.7e-9])]);
    let dataset = Dataset { literature, ..sites };
    let method = CompareStates::default();
    let outcome = method.run(&method.check(&dataset).unwrap(), &Ctx::new(1)).unwrap();
    let first = figure(&outcome, "states_1");
    let is_rule = |mark: &Mark| matches!(mark, Mark::Rule { role: Role::Reference, at, .. } if (at - 4.4e-9).abs() < 1e-20);
    assert!(first.panels[0].marks.iter().any(is_rule), "{first:?}");
    assert!(first.caption.contains("as cast: 4.4 nm (Doe 2024)"), "{}", first.caption);
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
    // Geometric means: log-normal sites whose logarithms have means 0 and 1.
    let ratio = |a: &[f64], b: &[f64]| {
        let positive = |values: &[f64]| values.iter().map(|value| value.exp()).collect::<Vec<f64>>();
        let descriptors = descriptors(&study(&[("a", &positive(a)), ("b", &positive(b))]).upstream, &[]);
        comparisons(&descriptors, None, 9, 1)[0].ratio.unwrap().interval()
    };
    let e = std::f64::consts::E;
    for coverage in [covered(2000, difference, 1.0), covered(2000, mean, 1.0), covered(2000, ratio, e)] {
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
