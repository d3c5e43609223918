use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

use super::algorithm::{mean_vector, turned};
use super::*;
use crate::core::data::{Extent, Map, Table};
use crate::core::outcome::{Estimate, Note, Severity};
use crate::core::random::{FieldModel, FieldSampler, derive_seed, standard_normals};
use crate::core::stats::coverage;
use crate::method::{Constants, find};

/// Vectors of `n` sites about `mean` with correlated scatter.
fn vectors(seed: u64, n: usize, mean: [f64; 2]) -> Vec<[f64; 2]> {
    let z = standard_normals(seed, 2 * n);
    let scatter = |i: usize| [0.1 * z[2 * i], 0.05 * z[2 * i] + 0.03 * z[2 * i + 1]];
    (0..n).map(|i| [mean[0] + scatter(i)[0], mean[1] + scatter(i)[1]]).collect()
}

/// An outcome of `dafm.orientation` with this mean vector on the sample.
fn upstream(index: usize, vector: [f64; 2], scan_angle: f64, excess: Option<f64>) -> Upstream {
    let table = Table::new("harmonics", "")
        .with_numbers("order", "", vec![2.0, 4.0])
        .with_numbers("cosine", "", vec![vector[0] + 0.01, 0.0])
        .with_numbers("sine", "", vec![vector[1], 0.0])
        .with_numbers("null_cosine", "", vec![0.01, 0.0])
        .with_numbers("null_sine", "", vec![0.0, 0.0])
        .with_numbers("regions", "", vec![50.0, 50.0])
        .with_numbers("scan_angle", "rad", vec![scan_angle; 2]);
    let estimate = |key: &str, value: f64| Estimate::without_interval(key, "", value, "", "test");
    let order = estimate("hdr_axial_order", vector[0].hypot(vector[1]));
    let estimates = std::iter::once(order).chain(excess.map(|value| estimate("hdr_45_excess", value))).collect();
    Upstream {
        job: format!("job {index}"),
        method: "dafm.orientation".to_owned(),
        state: "a".to_owned(),
        item: format!("site {index}"),
        outcome: Arc::new(Outcome { estimates, tables: vec![table], ..Outcome::default() }),
    }
}

fn run(upstream: Vec<Upstream>) -> Result<Outcome, MethodError> {
    let dataset = Dataset { upstream, ..Dataset::default() };
    find("dafm.orientation_by_site").unwrap().run(&serde_json::json!({}), &dataset, &Ctx::new(1))
}

fn note<'a>(outcome: &'a Outcome, code: &str) -> &'a Note {
    outcome.notes.iter().find(|note| note.code == code).unwrap()
}

#[test]
fn hotelling_by_hand() {
    // Mean (2, 0), variances of the mean 1/3 and 1/3 uncorrelated: T^2 = 12, p = (1 + 12/3)^(-1).
    let four = [[2.0 + 1.0, 1.0], [2.0 - 1.0, 1.0], [2.0 + 1.0, -1.0], [2.0 - 1.0, -1.0]];
    let mean = mean_vector(&four).unwrap();
    assert!((mean.p - 0.2).abs() < 1e-12 && mean.harmonic.direction() < 1e-12);
    assert!(mean_vector(&four[..2]).is_none());
    assert!(mean_vector(&[[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]).is_none());
    let [x, y] = turned([1.0, 0.0], FRAC_PI_2);
    assert!((x + 1.0).abs() < 1e-12 && y.abs() < 1e-12);
}

/// The probability is uniform without a preferred axis, for 3 sites and for 10.
#[test]
fn the_probability_is_uniform_without_a_preferred_axis() {
    for n in [3, 10] {
        let trials = 2000;
        let p = |k: usize| mean_vector(&vectors(derive_seed(7, &[k.into()]), n, [0.0, 0.0])).unwrap().p;
        let small = (0..trials).filter(|k| p(*k) < 0.1).count() as f64;
        // Standard deviation 13.4.
        assert!((small - 200.0).abs() < 45.0, "{n} sites: {small}");
    }
}

#[test]
fn the_interval_of_the_axis_covers() {
    for (n, mean) in [(4, [0.3, 0.2]), (8, [0.05, 0.1])] {
        let truth = 0.5 * f64::atan2(mean[1], mean[0]);
        let trial = |seed| {
            let found = mean_vector(&vectors(seed, n, mean))?;
            // Where no direction is excluded the truth is not either.
            let (lo, hi) = found.direction_interval().unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
            let turns = ((0.5 * (lo + hi) - truth) / std::f64::consts::PI).round() * std::f64::consts::PI;
            if lo.is_finite() { Some((lo - turns, hi - turns)) } else { Some((lo, hi)) }
        };
        let found = coverage(2000, 11, truth, trial).unwrap();
        assert!((0.935..=0.965).contains(&found.fraction), "{n} sites: {found:?}");
    }
}

#[test]
fn sites_that_agree_give_an_axis_and_others_do_not() {
    let agree = |k: usize, v: [f64; 2]| upstream(k, v, 0.0, Some(0.2 + v[0] - 0.3));
    let sites = vectors(3, 6, [0.0, 0.4]).into_iter().enumerate().map(|(k, v)| agree(k, [v[0] + 0.3, v[1]])).collect();
    let outcome = run(sites).unwrap();
    let axis = outcome.estimate("hdr_mean_axis").unwrap();
    let interval = axis.interval.unwrap();
    let truth = 0.5 * f64::atan2(0.4, 0.3).to_degrees();
    assert!(interval.lo < truth && truth < interval.hi && interval.hi - interval.lo < 40.0);
    let excess = outcome.estimate("hdr_45_excess").unwrap();
    assert!(excess.interval.is_some_and(|i| i.lo < excess.value && excess.value < i.hi));
    assert!(note(&outcome, "sample_or_microscope").message.contains("nearly the same direction"));
    assert!(outcome.estimate("hdr_s4").is_none());
    let none = vectors(4, 6, [0.0, 0.0]).into_iter().enumerate().map(|(k, v)| upstream(k, v, 0.0, None)).collect();
    let outcome = run(none).unwrap();
    assert!(outcome.estimate("hdr_mean_axis").is_none() && outcome.estimate("hdr_axial_order").is_some());
}

/// Half of the scans are rotated by 90 degrees: an axis of the sample stays, one of the microscope turns by 90 degrees.
#[test]
fn rotated_scans_tell_sample_from_microscope() {
    let with = |of_microscope: bool| {
        let site = |(k, v): (usize, [f64; 2])| {
            let scan_angle = if k % 2 == 0 { 0.0 } else { FRAC_PI_2 };
            upstream(k, if of_microscope { turned(v, scan_angle) } else { v }, scan_angle, None)
        };
        run(vectors(5, 8, [0.4, 0.1]).into_iter().enumerate().map(site).collect()).unwrap()
    };
    let (sample, microscope) = (with(false), with(true));
    assert!(note(&sample, "sample_or_microscope").message.contains("turns with the sample"));
    let warning = note(&microscope, "sample_or_microscope");
    assert!(warning.severity == Severity::Warning && warning.message.contains("belongs to the microscope"));
    assert!(microscope.estimate("hdr_mean_axis").is_none());
}

#[test]
fn too_few_sites_are_refused() {
    let two = vectors(5, 2, [0.4, 0.1]).into_iter().enumerate().map(|(k, v)| upstream(k, v, 0.0, None)).collect();
    assert!(run(two).unwrap_err().to_string().contains("2 of 2 sites"));
    let Err(MethodError::Refused(refusal)) = run(Vec::new()) else { panic!() };
    assert!(refusal.hint().contains("dafm.orientation"));
}

/// Three maps that are stretched alike, through `dafm.orientation` and on.
#[test]
fn sites_of_a_stretched_glass_agree_on_its_axis() {
    let nm = 1e-9;
    let ellipse = FieldModel { xi_major: 5.0 * nm, xi_minor: 2.0 * nm, ..FieldModel::isotropic(1.0, nm, 0.75) };
    let sampler = FieldSampler::new(&ellipse, (96, 96), (nm, nm)).unwrap();
    let parameters = serde_json::json!({"min_pixels": 4, "principal_direction": "45 deg"});
    let site = |index: u64| {
        let extent = Some(Extent::metres(96.0 * nm, 96.0 * nm));
        let map = Map::new("dissipated_energy", sampler.sample(index), Unit::of("J"), extent);
        let dataset = Dataset::of_maps(vec![map], Constants::default());
        let outcome = find("dafm.orientation").unwrap().run(&parameters, &dataset, &Ctx::new(index)).unwrap();
        Upstream { outcome: Arc::new(outcome), ..upstream(index as usize, [0.0, 0.0], 0.0, None) }
    };
    let outcome = run((1..=4).map(site).collect()).unwrap();
    assert_eq!(outcome.table("sites").unwrap().n_rows(), 4);
    let axis = outcome.estimate("hdr_mean_axis").unwrap();
    // Four sites of some thirty regions each: a few degrees.
    assert!(axis.value.min(180.0 - axis.value) < 10.0, "{}", axis.value);
    // Along x is at 45 degrees to the principal direction.
    assert!(outcome.estimate("hdr_45_excess").unwrap().value > 0.0);
    assert!(outcome.estimate("hdr_s2").unwrap().value.abs() < 0.2);
}
