//! What the method must do; biases and coverage in their own files.

mod bias;
mod coverage;

use ndarray::Array2;

use super::report;
use super::*;
use crate::core::data::{Direction, Extent};
use crate::core::outcome::{Estimate, Severity};
use crate::core::random::{FieldModel, FieldSampler, standard_normals};
use crate::method::{Constants, Upstream, find};
use crate::methods::afm::field::{SpectralFit, SpectralPipeline};

const NM: f64 = 1e-9;

fn map_of(values: Array2<f64>, pitch: (f64, f64)) -> Map {
    let (rows, columns) = values.dim();
    let extent = Extent::metres(columns as f64 * pitch.1, rows as f64 * pitch.0);
    Map::new("dissipated_energy", values, Unit::of("J"), Some(extent))
}

fn noisy(xi: f64, alpha: f64, noise: f64) -> FieldModel {
    FieldModel { nugget_sd: noise, ..FieldModel::isotropic(1.0, xi, alpha) }
}

/// The fit in frequency space of a map with pixels of 1 nm, and what it was made with.
fn spectral_fit(method: &CorrelationLength, map: &Map) -> (SpectralPipeline, SpectralFit) {
    let dataset = Dataset::of_maps(vec![map.clone()], Constants::default());
    let input = method.check(&dataset).unwrap();
    let valid = map.valid();
    let valid = valid.view();
    let pipeline = report::pipeline(&input, &valid);
    let measured = pipeline.measure(map.values.clone()).unwrap();
    let near = report::near(&measured, &input).unwrap();
    report::fit_spectrum(&input, &map.values, &valid, &near, measured.variance.sqrt()).unwrap()
}

fn run(map: Map) -> Outcome {
    let dataset = Dataset::of_maps(vec![map], Constants::default());
    find("dafm.correlation_length").unwrap().run(&serde_json::json!({}), &dataset, &Ctx::new(5)).unwrap()
}

fn field(shape: (usize, usize), pitch: (f64, f64), model: &FieldModel, seed: u64) -> Array2<f64> {
    FieldSampler::new(model, shape, pitch).unwrap().sample(seed)
}

fn refusals(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().filter(|n| n.severity == Severity::Refused).map(|n| n.code.as_str()).collect()
}

#[test]
fn what_the_image_cannot_support_is_refused() {
    let ramp = Array2::from_shape_fn((96, 96), |(r, c)| r as f64 + 0.3 * c as f64);
    let white = Array2::from_shape_vec((96, 96), standard_normals(3, 96 * 96)).unwrap();
    let long = field((96, 96), (NM, NM), &noisy(30.0 * NM, 0.5, 0.0), 2);
    for (values, code) in [(ramp, "xi_exceeds_image"), (white, "unresolved"), (long, "xi_exceeds_image")] {
        let outcome = run(map_of(values, (NM, NM)));
        assert!(outcome.estimates.iter().all(|estimate| estimate.interval.is_none()));
        assert_eq!(refusals(&outcome), [code]);
        assert!(outcome.estimate("correlation_length").is_none());
        assert!(outcome.table("structure_function").is_some());
    }
}

#[test]
fn pixels_need_not_be_square_and_units_do_not_matter() {
    let model = noisy(6.0 * NM, 0.5, 0.0);
    let pitch = (1.5 * NM, 1.0 * NM);
    let outcome = run(map_of(field((128, 192), pitch, &model, 4), pitch));
    let xi = outcome.estimate("correlation_length").unwrap();
    let interval = xi.interval.unwrap();
    assert!(interval.lo < 6.0 * NM && 6.0 * NM < interval.hi, "{interval:?}");
    let scaled = run(map_of(field((128, 192), pitch, &model, 4).mapv(|v| 1e-18 * v + 1e-17), pitch));
    let again = scaled.estimate("correlation_length").unwrap();
    assert!((again.value / xi.value - 1.0).abs() < 1e-4, "{} {}", again.value, xi.value);
    let turned = run(map_of(field((128, 192), pitch, &model, 4).reversed_axes(), (pitch.1, pitch.0)));
    let fitted = |outcome: &Outcome| outcome.estimate("integral_range").unwrap().value;
    assert!((fitted(&turned) / fitted(&outcome) - 1.0).abs() < 1e-4);
}

#[test]
fn threads_do_not_change_the_result() {
    let map = map_of(field((96, 96), (NM, NM), &noisy(3.0 * NM, 0.5, 0.1), 9), (NM, NM));
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        serde_json::to_string(&pool.install(|| run(map.clone()))).unwrap()
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn cancelling_stops_the_bootstrap() {
    let map = map_of(field((96, 96), (NM, NM), &noisy(3.0 * NM, 0.5, 0.1), 9), (NM, NM));
    let cancel = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let stop = cancel.clone();
    let ctx = Ctx::new(1)
        .with_cancel(cancel)
        .with_progress(move |progress| stop.store(progress.done >= 3, std::sync::atomic::Ordering::Relaxed));
    let dataset = Dataset::of_maps(vec![map], Constants::default());
    let method = CorrelationLength::default();
    let input = method.check(&dataset).unwrap();
    assert!(matches!(method.run(&input, &ctx), Err(MethodError::Cancelled(_))));
}

#[test]
fn parameters_that_cannot_be_are_refused() {
    let map = map_of(field((64, 64), (NM, NM), &noisy(2.0 * NM, 0.5, 0.0), 1), (NM, NM));
    let dataset = Dataset::of_maps(vec![map], Constants::default());
    for parameters in [
        serde_json::json!({"surrogates": 50}),
        serde_json::json!({"blur_sd": "2 N"}),
        serde_json::json!({"blur_sd": "-2 nm"}),
        serde_json::json!({"taper": 0.7}),
        serde_json::json!({"tip_radius": "2 nm"}),
        serde_json::json!({"tip_radius": "2 nm", "contact_force": "1 nN", "reduced_modulus": "0 GPa"}),
        serde_json::json!({"noise_sd": "1 m"}),
    ] {
        assert!(find("dafm.correlation_length").unwrap().check(&parameters, &dataset).is_err());
    }
}

fn run_with(parameters: serde_json::Value, dataset: &Dataset) -> Outcome {
    find("dafm.correlation_length").unwrap().run(&parameters, dataset, &Ctx::new(5)).unwrap()
}

fn number(outcome: &Outcome, table: &str, row: &str, column: &str) -> f64 {
    use crate::core::data::ColumnValues;
    let table = outcome.table(table).unwrap();
    let ColumnValues::Text(names) = &table.columns[0].values else { panic!("no names") };
    let index = names.iter().position(|name| name == row).unwrap_or_else(|| panic!("no row {row} in {names:?}"));
    let values = &table.columns.iter().find(|found| found.name == column).unwrap().values;
    let ColumnValues::Numbers(values) = values else { panic!("{column} has no numbers") };
    values[index]
}

/// Both estimators, the corrections and the directions are in the outcome, and the other estimator can be the one reported.
#[test]
fn both_estimators_and_other_assumptions_are_reported() {
    let map = map_of(field((128, 128), (NM, NM), &noisy(3.0 * NM, 0.5, 0.3), 3), (NM, NM));
    let dataset = Dataset::of_maps(vec![map], Constants::default());
    let contact = serde_json::json!({"tip_radius": "2 nm", "contact_force": "2 nN", "reduced_modulus": "50 GPa"});
    let outcome = run_with(contact, &dataset);
    let length = outcome.estimate("correlation_length").unwrap();
    let whittle = number(&outcome, "estimators", "whittle", "correlation_length");
    assert!((length.value / whittle - 1.0).abs() < 0.1);
    let other = number(&outcome, "estimators", "structure_function", "correlation_length");
    assert!((other / whittle).ln().abs() < 0.5);
    let corrected = |row: &str| number(&outcome, "corrections", row, "correlation_length");
    assert!((corrected("without noise in the model") / corrected("as reported")).ln().abs() > 0.02);
    assert!(corrected("with the average over a pixel") < corrected("as reported"));
    // a = (3 x 2 nN x 2 nm / (4 x 50 GPa))^(1/3) = 0.391 nm: a blur of 0.196 nm, less than the 0.289 nm of a pixel.
    let blurred = corrected("with the blur of the contact, at most a/2");
    assert!(corrected("with the average over a pixel") < blurred && blurred < corrected("as reported"));
    let systematic = length.systematic_error.unwrap();
    assert!((systematic - (corrected("as reported") - blurred)).abs() < 1e-15 && systematic > 0.0);
    for key in ["structure_function", "periodogram", "direction", "corrections", "map"] {
        assert!(outcome.figures.iter().any(|figure| figure.key == key), "{key}");
    }
    assert!(outcome.notes.iter().any(|note| note.code == "estimators_agree"));
    assert!(outcome.notes.iter().all(|note| note.code != "estimators_disagree"));
    let turned = run_with(serde_json::json!({"estimator": "structure_function"}), &dataset);
    let again = number(&turned, "estimators", "structure_function", "correlation_length");
    assert_eq!(again, other);
    assert!((turned.estimate("correlation_length").unwrap().value / other - 1.0).abs() < 0.1);
    assert!(turned.estimate("correlation_length").unwrap().interval.is_some());
}

#[test]
fn estimates_far_apart_are_warned_of() {
    let code = |second: f64| report::agreement((4.0 * NM, 0.03), (second * NM, 0.04)).code;
    // Joint standard error 5 %: 9 and 11 % are 1.8 and 2.2 of them.
    assert_eq!(code(4.0 * 0.09f64.exp()), "estimators_agree");
    assert_eq!(code(4.0 * 0.11f64.exp()), "estimators_disagree");
    assert_eq!(code(4.0 * (-0.11f64).exp()), "estimators_disagree");
}

#[test]
fn trace_and_retrace_give_the_noise() {
    let clean = field((128, 128), (NM, NM), &noisy(4.0 * NM, 0.5, 0.0), 8);
    let scan = |seed: u64, shift: usize, direction: Direction| {
        let noise = standard_normals(seed, 128 * 128);
        let values = Array2::from_shape_fn((128, 128), |(r, c)| clean[(r, (c + shift).min(127))] + 0.4 * noise[128 * r + c]);
        Map { direction: Some(direction), ..map_of(values, (NM, NM)) }
    };
    let mut dataset =
        Dataset::of_maps(vec![scan(1, 0, Direction::Trace), scan(2, 2, Direction::Retrace)], Constants::default());
    dataset.channels = vec![("dissipated_energy".to_owned(), crate::method::MapChoice::Direction(Direction::Trace))];
    let outcome = run_with(serde_json::json!({}), &dataset);
    let noise = outcome.estimate("trace_retrace_noise_sd").unwrap().value;
    // 16 000 differences: 0.6 % standard error; three of it, and the two columns at the edge.
    assert!((noise / 0.4 - 1.0).abs() < 0.03, "{noise}");
    assert!(number(&outcome, "corrections", "with the noise of trace and retrace", "nugget_sd") == noise);
    let known = run_with(serde_json::json!({"noise_sd": "0.4 J"}), &dataset);
    assert_eq!(known.estimate("nugget_sd").unwrap().value, 0.4);
}

/// Cross-talk of a smooth topography lengthens the correlation; its removal brings the length back.
#[test]
fn cross_talk_is_removed_where_the_topography_is_known() {
    let (clean, height) = (
        field((160, 160), (NM, NM), &noisy(3.0 * NM, 0.5, 0.0), 5),
        field((160, 160), (NM, NM), &noisy(14.0 * NM, 1.0, 0.0), 6),
    );
    let map = map_of(&clean + &(1.0 * &height), (NM, NM));
    let levelled = Map { unit: Unit::of("m"), ..map_of(height * 1e-9, (NM, NM)) };
    let levelled = Map { quantity: "height_levelled".to_owned(), ..levelled };
    let mut dataset = Dataset::of_maps(vec![map], Constants::default());
    let outcome = Outcome { maps: vec![levelled], ..Outcome::default() };
    let (job, state, item) = (String::new(), String::new(), String::new());
    dataset.upstream =
        vec![Upstream { job, method: "dafm.topography".to_owned(), state, item, outcome: std::sync::Arc::new(outcome) }];
    let outcome = run_with(serde_json::json!({}), &dataset);
    let xi = |row: &str| number(&outcome, "corrections", row, "correlation_length") / NM;
    let (before, after) = (xi("as reported"), xi("after removal of what follows the topography"));
    let (_, of_clean) = spectral_fit(&CorrelationLength::default(), &map_of(clean, (NM, NM)));
    assert!((after * NM / of_clean.field.xi() - 1.0).abs() < 0.1, "{before} {after} {}", of_clean.field.xi() / NM);
    assert!(before > 1.5 * after, "{before} {after}");
}

#[test]
fn phases_stay_in_degrees() {
    let mut map = map_of(5.0 * field((128, 128), (NM, NM), &noisy(3.0 * NM, 0.5, 0.0), 2), (NM, NM));
    (map.unit, map.quantity) = (Unit::of("deg"), "phase".to_owned());
    let outcome = run_with(serde_json::json!({"map": "phase"}), &Dataset::of_maps(vec![map], Constants::default()));
    let sd = outcome.estimate("field_sd").unwrap();
    assert!(sd.unit.symbol() == "deg" && (3.5..7.0).contains(&sd.value), "{sd:?}");
}

/// Specification 10, section 8.9: within 0.3 standard errors of the public package, see `golden.toml`.
#[test]
fn the_public_package_agrees() {
    let golden: toml::Table = include_str!("golden.toml").parse().unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/afm/grf_512_xi4px.npy");
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: {path} is not there");
        return;
    };
    let header = usize::from(bytes[8]) + 256 * usize::from(bytes[9]);
    let values = bytes[10 + header..].chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
    let map = map_of(Array2::from_shape_vec((512, 512), values).unwrap(), (NM, NM));
    for (name, exponent, nugget) in [
        ("exponential", Exponent::Exponential, false),
        ("stretched", Exponent::Free, false),
        ("stretched_noise", Exponent::Free, true),
    ] {
        let peer = golden[name].as_table().unwrap();
        let of = |key: &str| peer[key].as_float().unwrap();
        // Without taper the two are the same estimator; the default taper is another one of the same field.
        for (taper, allowed) in [(0.0, 0.01), (0.1, 1.0)] {
            let method = CorrelationLength { exponent, nugget, taper, ..CorrelationLength::default() };
            let (_, fit) = spectral_fit(&method, &map);
            let difference = (fit.field.xi() / NM - of("length_px")) / of("length_std_error_px");
            println!("{name}, taper {taper}: {:.4} px, {difference:+.3} standard errors", fit.field.xi() / NM);
            assert!(difference.abs() < allowed, "{name} {taper}: {difference}");
        }
    }
}
