mod coverage;
mod virtual_instrument;

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use ndarray::Array2;

use super::algorithm::*;
use super::*;
use crate::core::outcome::{Note, Severity};
use crate::core::random::{FieldModel, FieldSampler, derive_seed, standard_normals};
use crate::method::{Constants, find};
use crate::methods::afm::testing::{NM, field, map_of};

fn ellipse(major: f64, minor: f64, angle: f64) -> FieldModel {
    FieldModel { xi_major: major * NM, xi_minor: minor * NM, angle, ..FieldModel::isotropic(1.0, NM, 0.75) }
}

fn run_with(map: Map, parameters: serde_json::Value, constants: Constants) -> Outcome {
    let dataset = Dataset::of_maps(vec![map], constants);
    find("dafm.orientation").unwrap().run(&parameters, &dataset, &Ctx::new(8)).unwrap()
}

fn run(map: Map, parameters: serde_json::Value) -> Outcome {
    run_with(map, parameters, Constants::default())
}

fn note<'a>(outcome: &'a Outcome, code: &str) -> Option<&'a Note> {
    outcome.notes.iter().find(|note| note.code == code)
}

/// A number of a test of all regions.
fn tested(outcome: &Outcome, key: &str, column: &str) -> f64 {
    let table = outcome.table("tests").unwrap();
    let crate::core::data::ColumnValues::Text(keys) = &table.columns[1].values else { panic!() };
    let row = keys.iter().position(|k| k == key).unwrap();
    table.numbers(column).unwrap().1[row]
}

fn axes(angles: &[f64]) -> Axes {
    Axes { angles: angles.iter().map(|angle| angle.rem_euclid(PI)).collect(), weights: vec![1.0; angles.len()] }
}

#[test]
fn harmonics_by_hand() {
    let two = axes(&[0.3, 0.3 + FRAC_PI_2]);
    assert!(two.harmonic(2.0).length() < 1e-12);
    let fourth = two.harmonic(4.0);
    assert!((fourth.length() - 1.0).abs() < 1e-12 && (fourth.direction() - 0.3).abs() < 1e-12);
    // At 45 degrees to the principal direction the fourth order is -1.
    assert!((fourth.along(0.3 + FRAC_PI_4).value + 1.0).abs() < 1e-12);
    let weighted = Axes { weights: vec![3.0, 1.0], ..two.clone() };
    assert!((weighted.harmonic(2.0).along(0.3).value - 0.5).abs() < 1e-12);
    assert_eq!(axes(&[0.1, 3.0, -0.1]).shares(4), [1.0 / 3.0, 0.0, 0.0, 2.0 / 3.0]);
    assert!((two.share(|angle| near_diagonal(angle, 0.3)).value).abs() < 1e-12);
    assert!((two.share(|angle| near_diagonal(angle, 0.3 + FRAC_PI_4)).value - 1.0).abs() < 1e-12);
    assert!((between(0.1, PI - 0.1) - 0.2).abs() < 1e-12 && near_cross(3.1, 0.0, 0.05) && !near_cross(0.8, 0.0, 0.1));
    assert!(axes(&[]).harmonic(2.0).mean[0].is_nan());
}

/// Angles drawn about an axis: the mean follows a turn of the sample, and its error follows from independent axes.
#[test]
fn the_mean_axis_turns_with_the_sample() {
    let z = standard_normals(3, 400);
    let drawn = |turn: f64| axes(&z.iter().map(|z| turn + 0.3 * z).collect::<Vec<f64>>()).harmonic(2.0);
    let (here, there) = (drawn(0.2), drawn(1.9));
    assert!((there.direction() - here.direction() - 1.7).abs() < 1e-12);
    let ((lo, hi), (low, high)) = (here.direction_interval(1.96).unwrap(), there.direction_interval(1.96).unwrap());
    assert!((low - lo - 1.7).abs() < 1e-12 && (high - hi - 1.7).abs() < 1e-12);
    // The error of a mean of 400 angles of spread 0.3, a little more for the mean on the circle.
    let half = 0.5 * (hi - lo);
    assert!(half > 1.96 * 0.3 / 20.0 && half < 1.2 * 1.96 * 0.3 / 20.0, "{half}");
    assert!(drawn(0.2).with_covariance_times(1e4).direction_interval(1.96).is_none());
}

#[test]
fn chi_square_by_hand() {
    assert!((chi_square(&[0.5, 0.3, 0.2, 0.0], &[0.25, 0.25, 0.5, 0.0], 10) - 10.0 * (0.25 + 0.01 + 0.18)).abs() < 1e-12);
    let surrogates = vec![(vec![0.5, 0.5], 10), (vec![0.6, 0.4], 10), (vec![0.4, 0.6], 10)];
    let (map, null) = chi_squares((&[0.7, 0.3], 10), &surrogates);
    assert!((map - 10.0 * 2.0 * 0.04 / 0.5).abs() < 1e-12);
    // The first against the mean of the others, (0.5, 0.5); the second against (0.45, 0.55).
    assert!(null[0] < 1e-12);
    assert!((null[1] - 10.0 * (0.0225 / 0.45 + 0.0225 / 0.55)).abs() < 1e-12);
}

#[test]
fn a_stretched_map_has_its_axis_and_an_isotropic_one_has_none() {
    // Along a diagonal of the pixels, which pull to neither side of it.
    let angle = 3.0 * FRAC_PI_4;
    let parameters = serde_json::json!({"principal_direction": "135 deg", "min_pixels": 5});
    let outcome = run(map_of(field(&ellipse(6.0, 2.0, angle), 160, 1)), parameters.clone());
    let axis = outcome.estimate("hdr_mean_axis").unwrap();
    let interval = axis.interval.unwrap();
    assert!(interval.lo < angle.to_degrees() && angle.to_degrees() < interval.hi, "{interval:?}");
    assert!(interval.hi - interval.lo < 20.0);
    assert!(tested(&outcome, "hdr_axial_order", "p") < 0.01 && tested(&outcome, "hdr_axis_chi_square", "p") < 0.01);
    // Along the principal direction: nothing prefers 45 degrees to it.
    assert!(outcome.estimate("hdr_s2").unwrap().value > 0.4 && outcome.estimate("hdr_s4").unwrap().value > 0.1);
    assert!(tested(&outcome, "hdr_45_excess", "p") > 0.9 && outcome.estimate("hdr_45_share").unwrap().value < 0.5);
    let round = run(map_of(field(&ellipse(2.5, 2.5, 0.0), 160, 1)), parameters);
    // The smallest possible p is 1/201; six tests of one map are as one, and the levels are tested over many maps elsewhere.
    for key in ["hdr_axial_order", "hdr_axis_chi_square", "hdr_s2", "hdr_s4", "hdr_45_excess", "hdr_45_share"] {
        assert!(tested(&round, key, "p") > 0.006, "{key}");
    }
    // An axis is stated where the order is significant, and only there.
    let is_stated = round.estimate("hdr_mean_axis").is_some();
    assert_eq!(is_stated, tested(&round, "hdr_axial_order", "p") < 0.05);
    assert!(round.estimate("hdr_axial_order").unwrap().value < 0.5 * outcome.estimate("hdr_axial_order").unwrap().value);
}

/// Small regions on square pixels are pulled to the rows, columns and diagonals: the null model pulls alike.
#[test]
fn the_pixels_pull_on_noise_too() {
    let outcome = run(
        map_of(field(&ellipse(2.0, 2.0, 0.0), 128, 3)),
        serde_json::json!({"principal_direction": "0 deg", "min_pixels": 4, "outline": "pixel"}),
    );
    let pull = tested(&outcome, "hdr_s4", "null_mean");
    let (lo, hi) = (tested(&outcome, "hdr_s4", "null_lo"), tested(&outcome, "hdr_s4", "null_hi"));
    // The error of the mean of 200 surrogates, from their 95 % band.
    let error = (hi - lo) / 3.92 / 200f64.sqrt();
    assert!(pull.abs() > 4.0 * error, "{pull} +- {error}");
}

/// Turning the map and the scan by 90 degrees leaves the directions on the sample as they are.
#[test]
fn directions_are_those_on_the_sample() {
    let values = field(&ellipse(6.0, 2.0, 0.5), 128, 2);
    // The same sample seen by a scan whose fast axis points along +y: image x is sample y, image y is -x of the sample.
    let n = values.nrows();
    let rotated = Array2::from_shape_fn((n, n), |(row, column)| values[(n - 1 - column, n - 1 - row)]);
    let rotated = Array2::from_shape_fn((n, n), |(row, column)| rotated[(row, n - 1 - column)]);
    let parameters = serde_json::json!({"principal_direction": "20 deg", "min_pixels": 5});
    let constants = Constants::default().with_quantity("scan_angle", "90 deg").unwrap();
    let (first, second) = (run(map_of(values), parameters.clone()), run_with(map_of(rotated), parameters, constants));
    let axis = |outcome: &Outcome| outcome.estimate("hdr_mean_axis").unwrap().value;
    let turn = (axis(&first) - axis(&second) + 90.0).rem_euclid(180.0) - 90.0;
    assert!(turn.abs() < 1e-6, "{} {}", axis(&first), axis(&second));
    let s2 = |outcome: &Outcome| outcome.estimate("hdr_s2").unwrap().value;
    assert!((s2(&first) - s2(&second)).abs() < 1e-9);
    assert!(note(&second, "frame").unwrap().message.contains("90.0 deg"));
}

/// Scan lines that are offset against each other give regions along the fast axis: a warning, and nothing once they are left out.
#[test]
fn line_noise_is_found_along_the_fast_axis() {
    let mut values = field(&ellipse(2.0, 2.0, 0.0), 160, 4);
    for (mut row, offset) in values.rows_mut().into_iter().zip(standard_normals(9, 160)) {
        row += 0.9 * offset;
    }
    let outcome = run(map_of(values.clone()), serde_json::json!({"min_pixels": 5}));
    assert_eq!(note(&outcome, "scan_axes").unwrap().severity, Severity::Warning);
    assert!(outcome.estimate("hdr_mean_axis").is_some_and(|axis| axis.value.min(180.0 - axis.value) < 5.0));
    let without = run(map_of(values), serde_json::json!({"min_pixels": 5, "scan_axes": "exclude"}));
    let regions = |outcome: &Outcome| outcome.estimate("hdr_axial_order").unwrap().n;
    assert!(regions(&without) < regions(&outcome));
    let clean = run(map_of(field(&ellipse(2.0, 2.0, 0.0), 160, 4)), serde_json::json!({"min_pixels": 5}));
    assert_eq!(note(&clean, "scan_axes").unwrap().severity, Severity::Info);
}

#[test]
fn threads_do_not_change_the_result() {
    let map = map_of(field(&ellipse(2.0, 2.0, 0.0), 80, 4));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let parameters = serde_json::json!({"min_pixels": 4, "principal_direction": "30 deg"});
        serde_json::to_string(&pool.install(|| run(map.clone(), parameters))).unwrap()
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn few_regions_and_trends_give_no_orientation() {
    let few = run(map_of(field(&ellipse(3.0, 3.0, 0.0), 48, 2)), serde_json::json!({"min_pixels": 30}));
    assert_eq!(note(&few, "few_regions").unwrap().severity, Severity::Refused);
    assert!(few.estimates.is_empty() && few.table("axes").is_some());
    let stripes = Array2::from_shape_fn((96, 96), |(r, c)| r as f64 + 30.0 * f64::from(u8::from(r % 8 < 4 && c % 8 < 3)));
    let trend = run(map_of(stripes), serde_json::json!({"min_pixels": 4, "area_fraction": 0.2}));
    assert!(trend.estimates.is_empty());
    assert!(note(&trend, "no_null_model").or(note(&trend, "few_regions")).is_some());
}

#[test]
fn contradictory_parameters_are_refused() {
    let dataset = Dataset::of_maps(vec![map_of(field(&ellipse(3.0, 3.0, 0.0), 48, 2))], Constants::default());
    let wrong = [
        serde_json::json!({"principal_direction": "3 nm"}),
        serde_json::json!({"bins": 3}),
        serde_json::json!({"scan_axis_tolerance": "30 deg"}),
        serde_json::json!({"scan_axis_tolerance": "1 nm"}),
        serde_json::json!({"threshold": "1 J"}),
        serde_json::json!({"surrogates": 10}),
    ];
    for parameters in wrong {
        assert!(find("dafm.orientation").unwrap().check(&parameters, &dataset).is_err(), "{parameters}");
    }
}

/// Seeds of one test.
fn seeds(what: &'static str, n: usize) -> Vec<u64> {
    (0..n).map(|k| derive_seed(41, &[what.into(), k.into()])).collect()
}
