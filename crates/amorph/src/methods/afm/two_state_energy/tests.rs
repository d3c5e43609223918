use std::sync::Arc;

use approx::{assert_abs_diff_eq, assert_relative_eq};
use serde::Deserialize;
use serde_json::json;

use super::algorithm::*;
use super::*;
use crate::core::outcome::{Basis, Estimate};
use crate::core::random::standard_normals;
use crate::core::stats::coverage;
use crate::method::{Upstream, find};
use crate::methods::afm::activation_energy::sites::StateLength;

const ELECTRONVOLT: f64 = 1.602_176_634e-19;
const LU: TwoStates = TwoStates { thermal_energy: BOLTZMANN * 298.0, exponent: 0.4, lower: 2.0, upper: 3.0 };

#[derive(Deserialize)]
struct Golden {
    two_state: Cases,
    dimension: Cases,
    ratio: Cases,
}

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Vec<f64>>,
}

fn golden() -> Golden {
    toml::from_str(include_str!("golden.toml")).unwrap()
}

fn measured(length: f64, error: f64) -> Measured {
    let length = StateLength {
        length: length * 1e-9,
        relative_error: Some(error / length),
        interval: Some(((length - 2.0 * error) * 1e-9, (length + 2.0 * error) * 1e-9)),
        from_scatter: false,
    };
    Measured { length, n_sites: 1 }
}

fn upstream(state: &str, site: usize, estimate: Estimate) -> Upstream {
    Upstream {
        state: state.to_owned(),
        job: format!("job {state} {site}"),
        method: "dafm.correlation_length".to_owned(),
        item: format!("site {site}"),
        outcome: Arc::new(Outcome { estimates: vec![estimate], ..Outcome::default() }),
    }
}

fn length(nm: f64) -> Estimate {
    Estimate::without_interval("correlation_length", "ξ", nm * 1e-9, "m", "not needed here")
}

/// `n` sites per state at equal distances (in logarithm) around the given lengths, with these relative standard errors.
fn dataset(states: &[(&str, f64, f64)], n: usize) -> Dataset {
    let mut dataset = Dataset::default();
    for (state, mean, relative_error) in states {
        let spread: Vec<f64> = (0..n).map(|i| i as f64 - 0.5 * (n as f64 - 1.0)).collect();
        let variance = spread.iter().map(|v| v * v).sum::<f64>() / (n as f64 - 1.0) / n as f64;
        for (site, offset) in spread.iter().enumerate() {
            let nm = mean * (offset * relative_error / variance.sqrt()).exp();
            dataset.upstream.push(upstream(state, site, length(nm)));
        }
    }
    dataset
}

fn run(parameters: serde_json::Value, dataset: &Dataset) -> Result<Outcome, MethodError> {
    find("dafm.two_state_energy").unwrap().run(&parameters, dataset, &Ctx::new(1))
}

fn lu() -> serde_json::Value {
    json!({"localised": ["3 N"], "isotropic": "as-deposited", "temperature": "298 K"})
}

#[test]
fn two_states_need_no_interaction_length() {
    let three = measured(4.10, 0.05);
    for case in golden().two_state.cases {
        let [l2, error, energy, lambda, relative_error] = case[..] else { panic!("{case:?}") };
        let two = measured(l2, error);
        let found = LU.energy(&two, &three);
        let range = LU.interaction_length(&two, &three).value;
        assert_abs_diff_eq!(found.value / ELECTRONVOLT, energy, epsilon = 5e-4);
        assert_abs_diff_eq!(found.relative_error.unwrap(), relative_error, epsilon = 5e-4);
        assert_abs_diff_eq!(range * 1e9, lambda, epsilon = 5e-4);
        let scaling = SizeScaling { thermal_energy: LU.thermal_energy, interaction_length: range, exponent: 0.4 };
        assert_relative_eq!(scaling.energy_from_length(two.length.length, 2.0), found.value, max_relative = 1e-12);
        assert_relative_eq!(scaling.energy_from_length(three.length.length, 3.0), found.value, max_relative = 1e-12);
    }
}

#[test]
fn the_numbers_of_lu_2016_come_out_of_a_study() {
    let golden = golden();
    let mut parameters = lu();
    parameters["reference_energy"] = json!("0.5 eV");
    parameters["shear_transformation_barrier"] = json!("0.25 +- 0.05 eV");
    let outcome = run(parameters, &dataset(&[("as-deposited", 4.10, 0.05 / 4.10), ("3 N", 9.70, 0.20 / 9.70)], 10)).unwrap();
    let energy = outcome.estimate("two_state_energy").unwrap();
    let case = &golden.two_state.cases[1];
    assert_abs_diff_eq!(energy.value / ELECTRONVOLT, case[2], epsilon = 5e-4);
    assert_abs_diff_eq!(energy.std_error.unwrap() / energy.value, case[4], epsilon = 5e-4);
    assert_eq!((energy.basis, energy.n), (Basis::Replicate, Some(20.0)));
    let interval = energy.interval.unwrap();
    // Welch with unequal errors of ten sites each: fewer than 18 and more than 9 degrees of freedom.
    let half = (interval.hi / interval.lo).ln() / 2.0;
    let t = half / (energy.std_error.unwrap() / energy.value);
    assert!((2.101..2.262).contains(&t), "{t}");
    let value = |key: &str| outcome.estimate(key).unwrap().value;
    assert_abs_diff_eq!(value("two_state_interaction_length") * 1e9, case[3], epsilon = 5e-4);
    assert_abs_diff_eq!(value("dimension_isotropic"), golden.dimension.cases[0][1], epsilon = 5e-3);
    assert_abs_diff_eq!(value("dimension_localised"), golden.dimension.cases[1][1], epsilon = 5e-3);
    assert_abs_diff_eq!(value("length_ratio_isotropic"), golden.ratio.cases[0][2], epsilon = 5e-3);
    assert_abs_diff_eq!(value("length_ratio_localised"), golden.ratio.cases[1][2], epsilon = 5e-3);
    assert_relative_eq!(value("barrier_ratio"), energy.value / (0.25 * ELECTRONVOLT), max_relative = 1e-12);
    let ratio = outcome.estimate("barrier_ratio").unwrap();
    assert_relative_eq!(ratio.systematic_error.unwrap() / ratio.value, 0.2, max_relative = 1e-9);
    assert_eq!(outcome.figures.len(), 1);
}

#[test]
fn every_route_is_listed_with_its_attempt_frequency() {
    let mut parameters = lu();
    parameters["reference_energy"] = json!("0.62 eV");
    parameters["reference_frequency"] = json!("1 kHz");
    parameters["measurement_frequency"] = json!("100 kHz");
    parameters["attempt_frequency"] = json!("1.53e13 1/s");
    let outcome = run(parameters, &dataset(&[("as-deposited", 4.10, 0.01), ("3 N", 9.70, 0.02)], 4)).unwrap();
    let routes = outcome.table("energy_routes").unwrap();
    let (_, energies) = routes.numbers("energy").unwrap();
    let (_, attempts) = routes.numbers("attempt_frequency").unwrap();
    assert_eq!(routes.n_rows(), 5);
    let expected = [0.570, 0.3255, 0.3924, 0.5017, 0.5017];
    for (energy, expected) in energies.iter().zip(expected) {
        assert_relative_eq!(energy / ELECTRONVOLT, expected, max_relative = 1.5e-3);
    }
    assert_relative_eq!(attempts[3], 1.53e13, max_relative = 1e-12);
    // The same barrier at the same frequency implies the same attempt frequency (printed to three digits).
    assert_relative_eq!(attempts[4], 1.53e13, max_relative = 5e-3);
}

#[test]
fn several_localised_states_are_each_combined_with_the_other() {
    let parameters = json!({"localised": ["40 mN", "3 N"], "isotropic": "as-deposited", "temperature": "298 +- 3 K"});
    let states = [("as-deposited", 4.10, 0.01), ("40 mN", 9.27, 0.02), ("3 N", 9.70, 0.02)];
    let outcome = run(parameters, &dataset(&states, 4)).unwrap();
    let energy = |state: &str| outcome.estimate(&format!("two_state_energy@{state}")).unwrap();
    assert_abs_diff_eq!(energy("40 mN").value / ELECTRONVOLT, 0.484, epsilon = 5e-4);
    assert_abs_diff_eq!(energy("3 N").value / ELECTRONVOLT, 0.570, epsilon = 5e-4);
    assert_relative_eq!(energy("3 N").systematic_error.unwrap() / energy("3 N").value, 3.0 / 298.0, max_relative = 1e-9);
    assert_eq!(outcome.table("two_state_lengths").unwrap().n_rows(), 3);
}

#[test]
fn lengths_in_the_wrong_order_are_noticed() {
    let outcome = run(lu(), &dataset(&[("as-deposited", 9.70, 0.01), ("3 N", 4.10, 0.02)], 4)).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "energy_below_thermal"));
    assert!(outcome.estimate("two_state_energy").unwrap().value < LU.thermal_energy);
    let close = run(lu(), &dataset(&[("as-deposited", 4.0, 0.02), ("3 N", 4.1, 0.02)], 4)).unwrap();
    assert!(close.notes.iter().any(|note| note.code == "lengths_not_resolved"));
}

#[test]
fn lengths_in_another_unit_give_the_same_energy() {
    let scaled = |factor: f64| {
        let states = [("as-deposited", 4.1 * factor, 0.01), ("3 N", 9.7 * factor, 0.03)];
        run(lu(), &dataset(&states, 5)).unwrap()
    };
    let (a, b) = (scaled(1.0), scaled(1e3));
    let of = |outcome: &Outcome| outcome.estimate("two_state_energy").unwrap().clone();
    assert_relative_eq!(of(&a).value, of(&b).value, max_relative = 1e-12);
    assert_relative_eq!(of(&a).interval.unwrap().hi, of(&b).interval.unwrap().hi, max_relative = 1e-12);
}

/// Sites of a state with log-normal scatter of relative size `sd`, or one image that knows its own log-normal error.
fn simulated(seed: u64, truth: f64, sd: f64, n_sites: usize) -> Measured {
    let normals = standard_normals(seed, n_sites);
    let site = |z: &f64| {
        let length = truth * (sd * z).exp();
        let factor = (1.959_964 * sd).exp();
        SiteLength { item: String::new(), length, interval: Some((length / factor, length * factor)) }
    };
    let sites: Vec<SiteLength> = normals.iter().map(site).collect();
    Measured { length: combine(&sites).unwrap(), n_sites }
}

fn coverage_of(n: (usize, usize), sd: (f64, f64), trials: usize) -> [f64; 2] {
    let (l2, l3) = (9.7e-9, 4.1e-9);
    let exact = |length: f64| {
        let length = StateLength { length, relative_error: None, interval: None, from_scatter: false };
        Measured { length, n_sites: 1 }
    };
    let truth = (LU.energy(&exact(l2), &exact(l3)).value, LU.interaction_length(&exact(l2), &exact(l3)).value);
    let states = |seed: u64| (simulated(seed, l2, sd.0, n.0), simulated(!seed, l3, sd.1, n.1));
    let energy = |seed: u64| {
        let (two, three) = states(seed);
        LU.energy(&two, &three).interval
    };
    let range = |seed: u64| {
        let (two, three) = states(seed);
        LU.interaction_length(&two, &three).interval
    };
    [coverage(trials, 9, truth.0, energy).unwrap().fraction, coverage(trials, 9, truth.1, range).unwrap().fraction]
}

#[test]
fn the_intervals_cover() {
    // 2000 trials: the standard error of a rate is 0.005, three of them are added to 92-98 %. With three sites Welch's interval is
    // conservative where both states scatter alike (0.96) and liberal where the smaller group scatters more (0.93).
    let cases = [
        ((10, 10), (0.06, 0.04)),
        ((3, 3), (0.06, 0.04)),
        ((3, 10), (0.10, 0.04)),
        ((1, 1), (0.06, 0.04)),
        ((1, 5), (0.06, 0.04)),
    ];
    for (n, sd) in cases {
        for rate in coverage_of(n, sd, 2000) {
            assert!((0.905..=0.98).contains(&rate), "{n:?} sites, scatter {sd:?}: {rate}");
        }
    }
}

#[test]
#[ignore = "full coverage, run by make validate"]
fn the_intervals_cover_in_full() {
    for (n, sd) in [
        ((10, 10), (0.06, 0.04)),
        ((3, 3), (0.06, 0.04)),
        ((3, 10), (0.06, 0.04)),
        ((3, 10), (0.10, 0.04)),
        ((1, 5), (0.06, 0.04)),
    ] {
        for rate in coverage_of(n, sd, 40_000) {
            assert!((0.92..=0.98).contains(&rate), "{n:?} sites, scatter {sd:?}: {rate}");
        }
    }
}

#[test]
fn what_cannot_be_answered_is_refused() {
    let good = dataset(&[("as-deposited", 4.1, 0.01), ("3 N", 9.7, 0.02)], 3);
    let refused = |change: serde_json::Value, dataset: &Dataset| {
        let mut parameters = lu();
        for (key, value) in change.as_object().unwrap() {
            parameters[key] = value.clone();
        }
        let error = run(parameters, dataset).unwrap_err();
        format!("{error}; {}", error.hint())
    };
    assert!(refused(json!({"isotropic": null}), &good).contains("as-deposited, 3 N"));
    assert!(refused(json!({"localised": []}), &good).contains("`localised`"));
    assert!(refused(json!({"temperature": null}), &good).contains("298 K"));
    assert!(refused(json!({"localised": ["5 N"]}), &good).contains("'5 N'"));
    assert!(refused(json!({}), &Dataset::default()).contains("dafm.correlation_length"));
    assert!(refused(json!({"localised": ["as-deposited"]}), &good).contains("localised and as isotropic"));
    for wrong in [
        json!({"exponent": 1.0}),
        json!({"lower_dimension": 3.0}),
        json!({"upper_dimension": 4.0}),
        json!({"temperature": "0 K"}),
        json!({"temperature": "1 nm"}),
        json!({"shear_transformation_barrier": "-1 eV"}),
    ] {
        refused(wrong, &good);
    }
}
