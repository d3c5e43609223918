mod coverage;

use ndarray::Array2;

use super::algorithm::{Found, Measured, Search, Shape, Threshold, threshold_of};
use super::null::Comparison;
use super::*;
use crate::core::data::Extent;
use crate::core::image::{Connectivity, PixelModel};
use crate::core::outcome::{Note, Severity};
use crate::core::random::{FieldModel, FieldSampler, derive_seed};
use crate::core::unit::Unit;
use crate::method::{Constants, find};
use crate::methods::afm::testing::{NM, map_of};

fn golden(key: &str) -> f64 {
    let table: toml::Table = include_str!("golden.toml").parse().unwrap();
    let value = key.split('.').fold(toml::Value::Table(table), |value, part| value[part].clone());
    value.as_float().or(value.as_integer().map(|v| v as f64)).unwrap()
}

fn golden_map() -> Option<Array2<f64>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/afm/grf_512_xi4px.npy");
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: {path} is not there");
        return None;
    };
    let header = usize::from(bytes[8]) + 256 * usize::from(bytes[9]);
    let values = bytes[10 + header..].chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect();
    Some(Array2::from_shape_vec((512, 512), values).unwrap())
}

fn search_with(values: &Array2<f64>, connectivity: Connectivity, shape: Shape) -> Found {
    let valid = values.mapv(f64::is_finite);
    let valid = valid.view();
    let threshold = Threshold::AreaShare(0.05);
    Search { valid: &valid, pitch: (1.0, 1.0), threshold, connectivity, shape, min_pixels: 8 }.run(values).unwrap().0
}

fn plain_mean(found: &Found, read: impl Fn(&Measured) -> f64) -> f64 {
    let values: Vec<f64> = found.of_size(8).map(read).collect();
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn the_reference_map_gives_the_reference_regions() {
    let Some(map) = golden_map() else { return };
    for (name, connectivity) in [("four", Connectivity::Four), ("eight", Connectivity::Eight)] {
        for (key, model) in [("aspect_point", PixelModel::Point), ("aspect_box", PixelModel::Box)] {
            let found = search_with(&map, connectivity, Shape::Pixels(model));
            assert!((found.threshold - golden("percentile_95")).abs() < 1e-12);
            let all = golden(if connectivity == Connectivity::Four { "regions_4" } else { "regions_8" });
            assert_eq!(found.n_all as f64, all);
            assert_eq!(found.of_size(8).count() as f64, golden(&format!("{name}.count")));
            let aspect = plain_mean(&found, |r| r.moments.aspect());
            assert!((aspect - golden(&format!("{name}.{key}"))).abs() < 1e-9, "{name} {key}: {aspect}");
            let req = plain_mean(&found, |r| r.moments.equivalent_radius());
            assert!((req - golden(&format!("{name}.req_px"))).abs() < 1e-9);
        }
    }
}

/// Specification, section 8, item 5.
#[test]
fn isotropic_noise_has_the_aspect_ratios_of_the_specification() {
    for (key, xi, alpha) in [("null.exponential_xi4", 4.0, 0.5), ("null.gaussian_xi8", 8.0, 1.0)] {
        let sampler = FieldSampler::new(&FieldModel::isotropic(1.0, xi, alpha), (512, 512), (1.0, 1.0)).unwrap();
        let seeds: Vec<u64> = (0..8_u64).map(|k| derive_seed(3, &[k.into()])).collect();
        let means = sampler.sample_each(&seeds, |_, field| {
            plain_mean(&search_with(&field, Connectivity::Four, Shape::Pixels(PixelModel::Point)), |r| r.moments.aspect())
        });
        let mean = means.iter().sum::<f64>() / 8.0;
        let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / 7.0;
        // Three standard errors, and the two digits of the specification.
        let tolerance = 3.0 * (variance / 8.0).sqrt() + 0.005;
        assert!((mean - golden(key)).abs() < tolerance, "{key}: {mean} +- {tolerance}");
    }
}

fn noise(n: usize, seed: u64) -> Array2<f64> {
    FieldSampler::new(&FieldModel::isotropic(1.0, 4.0 * NM, 0.5), (n, n), (NM, NM)).unwrap().sample(seed)
}

fn run(map: Map, parameters: serde_json::Value) -> Outcome {
    let dataset = Dataset::of_maps(vec![map], Constants::default());
    find("dafm.regions").unwrap().run(&parameters, &dataset, &Ctx::new(8)).unwrap()
}

fn note<'a>(outcome: &'a Outcome, code: &str) -> Option<&'a Note> {
    outcome.notes.iter().find(|note| note.code == code)
}

fn p_of(outcome: &Outcome, key: &str) -> f64 {
    let table = outcome.table("null_comparison").unwrap();
    let keys = &table.columns[0].values;
    let crate::core::data::ColumnValues::Text(keys) = keys else { panic!() };
    let row = keys.iter().position(|k| k == key).unwrap();
    table.numbers("p").unwrap().1[row]
}

#[test]
fn isotropic_noise_is_not_distinguished_and_stretched_noise_is() {
    let isotropic = run(map_of(noise(192, 1)), serde_json::json!({}));
    assert!(p_of(&isotropic, "hdr_aspect") > 0.01);
    let ellipse = FieldModel { xi_major: 10.0 * NM, xi_minor: 3.0 * NM, ..FieldModel::isotropic(1.0, NM, 0.5) };
    let stretched = FieldSampler::new(&ellipse, (192, 192), (NM, NM)).unwrap().sample(1);
    let outcome = run(map_of(stretched), serde_json::json!({}));
    // 200 surrogates: the smallest possible p is 2/201.
    assert!(p_of(&outcome, "hdr_aspect") < 0.01 && p_of(&outcome, "hdr_angle_order") < 0.01);
    assert!(note(&outcome, "hdr_aspect").unwrap().message.contains("larger than in isotropic noise"));
    let aspect = outcome.estimate("hdr_aspect").unwrap();
    let interval = aspect.interval.unwrap();
    assert!(interval.lo < aspect.value && aspect.value < interval.hi);
    assert!(outcome.estimate("hdr_angle_order").unwrap().interval.is_none());
}

#[test]
fn few_regions_give_a_count_and_no_shape() {
    let outcome = run(map_of(noise(48, 2)), serde_json::json!({"min_pixels": 30}));
    assert!(outcome.estimate("hdr_count").unwrap().value < 20.0);
    assert!(outcome.estimate("hdr_aspect").is_none());
    assert_eq!(note(&outcome, "few_regions").unwrap().severity, Severity::Refused);
}

#[test]
fn a_trend_has_no_null_model() {
    let ramp = Array2::from_shape_fn((64, 64), |(r, c)| (r + c) as f64);
    let outcome = run(map_of(ramp), serde_json::json!({}));
    assert_eq!(note(&outcome, "no_null_model").unwrap().severity, Severity::Refused);
    assert!(outcome.table("null_comparison").is_none());
}

#[test]
fn threads_and_units_do_not_change_the_result() {
    let with = |threads: usize, factor: f64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(map_of(noise(96, 4) * factor), serde_json::json!({"min_pixels": 4})))
    };
    let (one, three) = (with(1, 1.0), with(3, 1.0));
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&three).unwrap());
    let scaled = with(2, 1e-18);
    for (a, b) in one.estimates.iter().zip(&scaled.estimates) {
        assert!((a.value - b.value).abs() <= 1e-9 * a.value.abs(), "{}: {} {}", a.key, a.value, b.value);
    }
    assert_eq!(one.estimates.len(), 11);
}

#[test]
fn the_energy_mode_takes_the_pixels_that_hold_the_share() {
    let values = ndarray::arr2(&[[10.0, 1.0, 1.0], [5.0, 1.0, 2.0]]);
    let valid = values.mapv(|_| true);
    // 20 in all: 10 hold half of it.
    assert_eq!(threshold_of(&values, &valid.view(), Threshold::ValueShare(0.5)), Some(5.0));
    assert_eq!(threshold_of(&values, &valid.view(), Threshold::ValueShare(0.6)), Some(2.0));
    let negative = values.mapv(|v| -v);
    assert_eq!(threshold_of(&negative, &valid.view(), Threshold::ValueShare(0.5)), None);
}

#[test]
fn border_regions_are_left_out_and_large_ones_weigh_more() {
    let blocks = [(10..14, 10..14), (20..22, 5..25), (0..4, 30..34)];
    let inside = |r: usize, c: usize| blocks.iter().any(|(rows, columns)| rows.contains(&r) && columns.contains(&c));
    let values = Array2::from_shape_fn((40, 40), |(r, c)| f64::from(u8::from(inside(r, c))));
    let valid = values.mapv(|_| true);
    let valid = valid.view();
    let (threshold, connectivity) = (Threshold::At(0.5), Connectivity::Four);
    let shape = Shape::Pixels(PixelModel::Box);
    let found =
        Search { valid: &valid, pitch: (2.0, 1.0), threshold, connectivity, shape, min_pixels: 8 }.run(&values).unwrap().0;
    assert_eq!((found.n_all, found.n_border, found.regions.len()), (3, 1, 2));
    let [square, bar] = found.regions[..] else { panic!() };
    assert!((square.weight - (40.0f64 / 36.0).powi(2)).abs() < 1e-12);
    assert!((bar.weight - 40.0 / 38.0 * 2.0).abs() < 1e-12);
    // Boxes of 4 x 8 and 20 x 4 metres.
    assert!((square.moments.aspect() - 2.0).abs() < 1e-12 && (bar.moments.aspect() - 5.0).abs() < 1e-12);
}

#[test]
fn monte_carlo_probabilities_count_the_map_itself() {
    let null: Vec<f64> = (0..199).map(f64::from).collect();
    assert_eq!(Comparison::new(500.0, &null).unwrap().p, 2.0 / 200.0);
    assert_eq!(Comparison::new(99.0, &null).unwrap().p, 1.0);
    assert!(Comparison::new(1.0, &[]).is_none());
}

#[test]
fn contradictory_parameters_are_refused() {
    let dataset = Dataset::of_maps(vec![map_of(noise(48, 2))], Constants::default());
    let wrong = [
        serde_json::json!({"connectivity": 6}),
        serde_json::json!({"mode": "absolute"}),
        serde_json::json!({"threshold": "1 J"}),
        serde_json::json!({"mode": "absolute", "threshold": "1 nm"}),
        serde_json::json!({"area_fraction": 0.9}),
        serde_json::json!({"surrogates": 10}),
    ];
    for parameters in wrong {
        assert!(find("dafm.regions").unwrap().check(&parameters, &dataset).is_err(), "{parameters}");
    }
}

/// The sizes 4, 8 and 16 stand in one table, each with its null model, and bounds hold the ellipse of equal moments.
#[test]
fn every_size_and_every_region_is_in_a_table() {
    let outcome = run(map_of(noise(128, 5)), serde_json::json!({}));
    let sizes = outcome.table("by_size").unwrap();
    assert_eq!(sizes.numbers("min_pixels").unwrap().1, [4.0, 8.0, 16.0]);
    for name in ["count", "aspect", "aspect_null", "aspect_p", "req_null_lo", "req_by_area_null_hi", "angle_order_p"] {
        assert!(sizes.numbers(name).unwrap().1[..2].iter().all(|v| v.is_finite()), "{name}");
    }
    assert_eq!(sizes.numbers("aspect_p").unwrap().1[1], p_of(&outcome, "hdr_aspect"));
    let regions = outcome.table("regions").unwrap();
    let column = |name: &str| regions.numbers(name).unwrap().1.to_vec();
    let (long, short) = (column("bounding_length"), column("bounding_width"));
    for (i, area) in column("area").into_iter().enumerate() {
        assert!(long[i] * short[i] >= area && long[i] >= short[i]);
        assert!(column("feret_max")[i] >= long[i] * (1.0 - 1e-9) && column("feret_min")[i] <= short[i] * (1.0 + 1e-9));
    }
    let mean = |values: &[f64]| values.iter().zip(column("border_weight")).map(|(v, w)| v * w).sum::<f64>();
    let total: f64 = column("border_weight").iter().sum();
    let bounding = outcome.estimate("hdr_bounding_length").unwrap().value;
    assert!((mean(&long) / total / bounding - 1.0).abs() < 1e-12);
}

/// At a given threshold the area above it is a measurement; in the other modes it is not.
#[test]
fn the_area_fraction_has_an_interval_at_a_given_threshold_only() {
    let absolute = serde_json::json!({"mode": "absolute", "threshold": "1.5 J"});
    let outcome = run(map_of(noise(128, 6)), absolute);
    let fraction = outcome.estimate("hdr_area_fraction").unwrap();
    let interval = fraction.interval.unwrap();
    assert!(0.0 < interval.lo && interval.lo < fraction.value && fraction.value < interval.hi);
    assert!(outcome.estimate("hdr_count").unwrap().interval.is_none());
    let area = run(map_of(noise(128, 6)), serde_json::json!({}));
    assert_eq!(area.estimate("hdr_area_fraction").unwrap().no_interval.as_deref(), Some("chosen"));
}
