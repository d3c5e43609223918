use std::path::Path;

use approx::assert_relative_eq;
use ndarray::Array2;
use serde::Deserialize;
use serde_json::json;

use super::algorithm::{Term, cross_talk, topography_terms};
use super::*;
use crate::core::data::{Data, Extent};
use crate::core::random::standard_normals;
use crate::method::{Constants, MapChoice, find};
use crate::sim::afm::{self as virtual_afm, EnergyField, Microscope, Specimen};

#[derive(Deserialize)]
struct Golden {
    r_squared: GoldenShares,
}

#[derive(Deserialize)]
struct GoldenShares {
    tolerance: f64,
    di_1: f64,
    di_4: f64,
    asylum: f64,
}

fn run(parameters: serde_json::Value, dataset: &Dataset) -> Result<Outcome, MethodError> {
    find("dafm.topography").unwrap().run(&parameters, dataset, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn specimen(energy_sd: f64) -> Specimen {
    let whole = Specimen { rows: 96, columns: 128, width: 125e-9, height: 93.75e-9, ..Specimen::default() };
    let topography = virtual_afm::Topography { tilt: (0.02, -0.01), ..whole.topography };
    Specimen { energy: EnergyField { sd: energy_sd, ..whole.energy }, topography, ..whole }
}

const LEAK: virtual_afm::CrossTalk = virtual_afm::CrossTalk { height: 8e8, slope_x: 5.0, slope_y: -3.0, curvature: 2e-9 };

fn scan(specimen: Specimen, microscope: Microscope) -> Dataset {
    let surface = specimen.surface(4).unwrap();
    Dataset::of_maps(microscope.scan(&surface, 4).unwrap().maps(), Constants::default())
}

fn coefficients(outcome: &Outcome) -> Vec<f64> {
    outcome.table("crosstalk_coefficients").unwrap().numbers("coefficient").unwrap().1.to_vec()
}

#[test]
fn known_leakage_is_found_and_removed() {
    // A uniform glass: every contrast of the phase is leakage. The tilt was in the height when it leaked, so it stays as a ramp.
    let flat =
        Specimen { topography: virtual_afm::Topography { tilt: (0.0, 0.0), ..specimen(0.0).topography }, ..specimen(0.0) };
    let dataset = scan(flat, Microscope { cross_talk: LEAK, phase_noise: 1e-3, ..Microscope::default() });
    let outcome = run(json!({"robust": false, "degree": 0}), &dataset).unwrap();
    for (found, truth) in coefficients(&outcome).iter().zip([LEAK.height, LEAK.slope_x, LEAK.slope_y, LEAK.curvature]) {
        assert_relative_eq!(*found, truth, max_relative = 2e-3);
    }
    assert!(value(&outcome, "crosstalk_r2") > 0.9999);
    assert!(value(&outcome, "crosstalk_r2_cross_validated") > 0.9999);
    let corrected = outcome.map("phase_corrected").unwrap();
    assert!(corrected.values.std(0.0) < 1.1e-3);
    let mean = |quantity: &str| dataset.map(quantity).unwrap().values.mean().unwrap();
    assert_relative_eq!(corrected.values.mean().unwrap(), mean("phase"), max_relative = 1e-9);
}

#[test]
fn independent_contrast_survives() {
    let energy_sd = specimen(0.0).energy.mean / 16.0;
    let clean = scan(specimen(energy_sd), Microscope::default());
    let leaky = scan(specimen(energy_sd), Microscope { cross_talk: LEAK, ..Microscope::default() });
    let outcome = run(json!({}), &leaky).unwrap();
    let (truth, found) = (&clean.map("phase").unwrap().values, &outcome.map("phase_corrected").unwrap().values);
    let deviation = |a: &Array2<f64>| a - a.mean().unwrap();
    let (truth, found) = (deviation(truth), deviation(found));
    let correlation = (&truth * &found).sum() / ((&truth * &truth).sum() * (&found * &found).sum()).sqrt();
    assert!(correlation > 0.99, "{correlation}");
    // Without leakage the topography predicts nothing that it has not seen.
    let nothing = run(json!({}), &clean).unwrap();
    assert!(value(&nothing, "crosstalk_r2") < 0.05);
    assert!(value(&nothing, "crosstalk_r2_cross_validated") < value(&nothing, "crosstalk_r2"));
}

#[test]
fn huber_weights_resist_dirt() {
    let height = noise(1, 64);
    let terms = topography_terms(height.view(), (1.0, 1.0));
    let mut phase = &height * 2.0 + noise(2, 64) * 0.1;
    for ((row, column), value) in phase.indexed_iter_mut() {
        if row < 6 && column < 20 {
            *value = 40.0 * height[[row, column]];
        }
    }
    let found = cross_talk(phase.view(), &terms, false).unwrap();
    assert!((found.coefficients[0] - 2.0).abs() < 0.1, "{}", found.coefficients[0]);
}

#[test]
fn row_offsets_belong_to_the_same_regression() {
    let height = noise(1, 64);
    let terms = topography_terms(height.view(), (1.0, 1.0));
    let mut phase = &height * 2.0 + noise(2, 64) * 0.01;
    for (mut row, offset) in phase.rows_mut().into_iter().zip(standard_normals(3, 64)) {
        row += 10.0 * offset;
    }
    let found = cross_talk(phase.view(), &terms, true).unwrap();
    // Residual 0.01 over 64² pixels of unit height: 1.6e-4.
    assert!((found.coefficients[0] - 2.0).abs() < 1e-3);
    assert!(found.corrected.std(0.0) < 0.011);
    assert!(found.r_squared > 0.999);
}

fn noise(seed: u64, n: usize) -> Array2<f64> {
    Array2::from_shape_vec((n, n), standard_normals(seed, n * n)).unwrap()
}

#[test]
fn transposition_exchanges_the_slopes() {
    let (height, phase) = (noise(1, 48), noise(2, 48) + noise(1, 48));
    let fit = |height: &Array2<f64>, phase: &Array2<f64>, pitch| {
        cross_talk(phase.view(), &topography_terms(height.view(), pitch), false).unwrap()
    };
    let a = fit(&height, &phase, (1.0, 2.0));
    let b = fit(&height.t().to_owned(), &phase.t().to_owned(), (2.0, 1.0));
    assert_relative_eq!(a.coefficients[0], b.coefficients[0], max_relative = 1e-6);
    // Along y up, a transposed x axis points down.
    assert_relative_eq!(a.coefficients[1], -b.coefficients[2], max_relative = 1e-6, epsilon = 1e-9);
    assert_relative_eq!(a.coefficients[2], -b.coefficients[1], max_relative = 1e-6, epsilon = 1e-9);
    assert_relative_eq!(a.coefficients[3], b.coefficients[3], max_relative = 1e-6);
    assert_relative_eq!(a.r_squared, b.r_squared, max_relative = 1e-9);
}

#[test]
fn roughness_is_that_over_a_plane() {
    let extent = Some(Extent::metres(64e-9, 64e-9));
    let rough = noise(1, 64) * 1e-9;
    let tilted = Array2::from_shape_fn((64, 64), |(row, column)| rough[[row, column]] + 1e-10 * (row + 3 * column) as f64);
    let map = Map::new("height", tilted, Unit::of("m"), extent);
    let dataset = Dataset::of_maps(vec![map], Constants::default());
    for degree in [1, 2] {
        let outcome = run(json!({"degree": degree, "robust": false}), &dataset).unwrap();
        // Three coefficients of 4096 pixels.
        assert_relative_eq!(value(&outcome, "roughness_rms"), rough.std(0.0), max_relative = 2e-3);
        assert!(outcome.notes.iter().any(|note| note.code == "no_phase"));
        assert!(outcome.map("height_levelled").unwrap().values.mean().unwrap().abs() < 1e-20);
    }
}

#[test]
fn what_cannot_be_used_is_refused() {
    let map = |quantity: &str, unit: &str, values| Map::new(quantity, values, Unit::of(unit), Some(Extent::metres(1e-7, 1e-7)));
    let error = |maps| run(json!({}), &Dataset::of_maps(maps, Constants::default())).unwrap_err().to_string();
    assert!(error(vec![map("phase", "deg", noise(1, 32))]).contains("no height map"));
    assert!(error(vec![map("height", "V", noise(1, 32))]).contains("'m' is needed"));
    assert!(error(vec![map("height", "m", Array2::from_elem((32, 32), 1.0))]).contains("constant"));
    assert!(error(vec![map("height", "m", noise(1, 32)), map("phase", "deg", noise(1, 16))]).contains("pixels"));
    let nowhere = Map::new("height", noise(1, 32), Unit::of("m"), None);
    assert!(error(vec![nowhere]).contains("lateral size"));
    let dataset = Dataset::of_maps(vec![map("height", "m", noise(1, 32))], Constants::default());
    assert!(run(json!({"degree": 9}), &dataset).unwrap_err().to_string().contains("at most 4"));
}

#[test]
fn dependent_terms_are_not_fitted() {
    let height = noise(1, 32);
    let twice = Term { name: "again", unit: "m", values: &height * 2.0 };
    let terms = [Term { name: "height", unit: "m", values: height.clone() }, twice];
    assert!(cross_talk(noise(2, 32).view(), &terms, false).is_none());
    let unknown = [Term { name: "height", unit: "m", values: Array2::from_elem((32, 32), f64::NAN) }];
    assert!(cross_talk(noise(2, 32).view(), &unknown, false).is_none());
}

/// Share explained in a shared reference file; `None` where the data folder is absent.
fn share_in_file(name: &str, height: usize) -> Option<f64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/afm").join(name);
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    let loaded = crate::io::open(&path).unwrap();
    let Data::Maps(maps) = loaded.data else { panic!("{name} holds no maps") };
    let mut dataset = Dataset::of_maps(maps, Constants::default());
    dataset.channels.push(("height".to_owned(), MapChoice::Index(height)));
    Some(value(&run(json!({"robust": false}), &dataset).unwrap(), "crosstalk_r2"))
}

#[test]
fn leakage_in_reference_files() {
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    let golden = golden.r_squared;
    for (name, expected) in [("di-1.di", golden.di_1), ("di-4.di", golden.di_4), ("AR_20211011.ibw", golden.asylum)] {
        if let Some(found) = share_in_file(name, 0) {
            assert!((found - expected).abs() < golden.tolerance, "{name}: {found} against {expected}");
        }
    }
}
