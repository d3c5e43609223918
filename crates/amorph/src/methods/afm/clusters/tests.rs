use ndarray::Array2;
use rand::RngExt;
use serde_json::json;

use super::algorithm::{Cluster, Found, Search, box_count};
use super::sizes::{Rival, SizeFit};
use super::*;
use crate::core::data::Extent;
use crate::core::outcome::{Note, Severity};
use crate::core::random::{FieldModel, FieldSampler, rng, standard_normals};
use crate::core::stats::coverage;
use crate::method::{Constants, find};

const NM: f64 = 1e-9;
const ALPHA: f64 = 1.7;
const SMALLEST: f64 = 3.0;
const CUTOFF: f64 = 12.0;

/// Disks of radii from `R^-1.7 exp(-R/12)`, `R >= 3` pixels, that touch neither each other nor care about the border of the image of
/// `n` x `n` pixels: they are strewn over a larger area.
pub(crate) fn planted(seed: u64, n: usize) -> Array2<f64> {
    let margin = 3 * CUTOFF as usize;
    let size = n + 2 * margin;
    // Mean area of a disk: 217 pixels; a sixth of the area is covered.
    let count = size * size / 6 / 217;
    let mut radii = crate::sim::events::truncated_power_law(ALPHA, SMALLEST, CUTOFF, count, seed).unwrap();
    radii.sort_by(|a, b| b.total_cmp(a));
    let mut canvas = Array2::from_elem((size, size), false);
    let mut rng = rng(seed ^ 0xD15C);
    for radius in radii {
        for _ in 0..4000 {
            let (x, y): (f64, f64) = (rng.random::<f64>() * size as f64, rng.random::<f64>() * size as f64);
            let near = |reach: f64| {
                let range = move |c: f64| ((c - reach).max(0.0) as usize)..((c + reach + 2.0) as usize).min(size);
                range(y)
                    .flat_map(move |r| range(x).map(move |c| (r, c)))
                    .filter(move |(r, c)| (*r as f64 + 0.5 - y).powi(2) + (*c as f64 + 0.5 - x).powi(2) <= reach * reach)
            };
            if !near(radius + 1.5).any(|at| canvas[at]) {
                near(radius).for_each(|at| canvas[at] = true);
                break;
            }
        }
    }
    Array2::from_shape_fn((n, n), |(r, c)| if canvas[(r + margin, c + margin)] { 0.3 } else { 0.6 })
}

pub(crate) fn search(values: &Array2<f64>, level: f64) -> Found {
    let valid = values.mapv(f64::is_finite);
    let view = valid.view();
    Search { valid: &view, pitch: (1.0, 1.0), level: Level::At(level), connectivity: Connectivity::Four }.run(values).unwrap().0
}

/// Clusters of given radii in pixels, as the grid would count them.
pub(crate) fn counted(radii: &[f64]) -> Vec<Cluster> {
    let mut pixels: Vec<u64> = radii.iter().map(|r| (std::f64::consts::PI * r * r).round() as u64).collect();
    pixels.sort_unstable();
    let radius = |n: u64| (n as f64 / std::f64::consts::PI).sqrt();
    pixels.into_iter().map(|n| Cluster { n_pixels: n, radius: radius(n), weight: 1.0 }).collect()
}

fn map_of(values: Array2<f64>) -> Map {
    let (rows, columns) = values.dim();
    Map::new("normalised_dissipation", values, Unit::one(), Some(Extent::metres(columns as f64 * NM, rows as f64 * NM)))
}

fn noise(n: usize, seed: u64) -> Array2<f64> {
    let model = FieldModel::isotropic(0.1, 2.0 * NM, 0.5);
    FieldSampler::new(&model, (n, n), (NM, NM)).unwrap().sample(seed).mapv(|value| 0.6 + value)
}

fn run(map: Map, parameters: serde_json::Value) -> Result<Outcome, MethodError> {
    let dataset = Dataset::of_maps(vec![map], Constants::default());
    find("dafm.clusters").unwrap().run(&parameters, &dataset, &Ctx::new(8))
}

fn note<'a>(outcome: &'a Outcome, code: &str) -> &'a Note {
    outcome.notes.iter().find(|note| note.code == code).unwrap_or_else(|| panic!("no note {code}"))
}

#[test]
fn clusters_of_a_drawing() {
    let blocks = [(10..14, 10..14), (20..22, 5..25), (30..31, 0..40), (30..40, 20..21)];
    let inside = |r: usize, c: usize| blocks.iter().any(|(rows, columns)| rows.contains(&r) && columns.contains(&c));
    let values = Array2::from_shape_fn((40, 40), |(r, c)| if inside(r, c) { 0.2 } else { 0.7 });
    let found = search(&values, 0.45);
    assert_eq!((found.clusters.len(), found.n_border), (2, 1));
    assert!(found.spans_x && !found.spans_y && !found.spans_both);
    assert!((found.area_fraction - (16.0 + 40.0 + 49.0) / 1600.0).abs() < 1e-12);
    assert!((found.largest_fraction - 49.0 / 105.0).abs() < 1e-12);
    let [square, bar] = found.clusters[..] else { panic!() };
    assert_eq!((square.n_pixels, bar.n_pixels), (16, 40));
    assert!((square.weight - (40.0f64 / 36.0).powi(2)).abs() < 1e-12 && (bar.weight - 40.0 / 38.0 * 2.0).abs() < 1e-12);
    assert!((found.cumulated(&[0.0, 3.0, 9.0])[1] - bar.weight).abs() < 1e-12);
    let tall = search(&values.t().to_owned(), 0.45);
    assert!(tall.spans_y && !tall.spans_x);
}

#[test]
fn box_dimensions_of_known_sets() {
    // Eight positions of the grid instead of all leave a few hundredths.
    let dimension = |labels: &Array2<u32>| box_count(labels, 1).unwrap().dimension;
    let square = Array2::from_elem((256, 256), 1u32);
    assert!((dimension(&square) - 2.0).abs() < 0.04);
    assert!((dimension(&Array2::from_elem((200, 200), 1u32)) - 2.0).abs() < 0.04);
    let line = Array2::from_shape_fn((256, 256), |(r, _)| u32::from(r == 100));
    assert!((dimension(&line) - 1.0).abs() < 0.04);
    let carpet = Array2::from_shape_fn((243, 243), |(mut r, mut c)| {
        while r > 0 || c > 0 {
            if r % 3 == 1 && c % 3 == 1 {
                return 0;
            }
            (r, c) = (r / 3, c / 3);
        }
        1
    });
    assert!((dimension(&carpet) - 8f64.ln() / 3f64.ln()).abs() < 0.04);
    let triangle = Array2::from_shape_fn((256, 256), |(r, c)| u32::from(r & c == 0));
    let found = box_count(&triangle, 1).unwrap();
    assert!((found.dimension - 3f64.log2()).abs() < 0.04, "{}", found.dimension);
    assert!(found.sides[0] == 2 && found.slopes.0 <= found.dimension && found.dimension <= found.slopes.1);
    assert!(box_count(&Array2::from_elem((20, 20), 1u32), 1).is_none() && box_count(&square, 5).is_none());
}

/// What counting pixels does to the exponent, from 8 pixels on.
#[test]
fn counting_pixels_hardly_moves_the_exponent() {
    let smallest = (7.5f64 / std::f64::consts::PI).sqrt();
    let radii = crate::sim::events::truncated_power_law(ALPHA, smallest, 8.0 * smallest, 40_000, 3).unwrap();
    let continuous: Vec<Cluster> = {
        let mut sorted = radii.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.iter().map(|r| Cluster { n_pixels: (1e6 * r) as u64, radius: *r, weight: 1.0 }).collect()
    };
    let (exact, grid) = (SizeFit::above(&continuous, smallest).unwrap(), SizeFit::above(&counted(&radii), smallest).unwrap());
    assert_eq!(grid.smallest, 8);
    assert!((exact.alpha() - grid.alpha()).abs() < 0.02, "{} {}", exact.alpha(), grid.alpha());
    assert!((exact.cutoff() / grid.cutoff() - 1.0).abs() < 0.02);
}

/// Coverage of exponent and inverse cut-off for disks planted on a grid of pixels and found again.
fn planted_coverage(trials: usize, n: usize, r_min: Option<f64>) -> [f64; 2] {
    let fit = |seed: u64| {
        let found = search(&planted(seed, n), 0.45);
        let fit = match r_min {
            Some(r_min) => SizeFit::above(&found.clusters, r_min),
            None => SizeFit::choose(&found.clusters, 8),
        }?;
        fit.intervals().map(|intervals| (fit.r_min, intervals))
    };
    let alpha = coverage(trials, 21, ALPHA, |seed| fit(seed).map(|(_, found)| found.alpha)).unwrap();
    let cutoff =
        coverage(trials, 21, 1.0 / CUTOFF, |seed| fit(seed).map(|(r, found)| (found.lambda.0 / r, found.lambda.1 / r)));
    [alpha, cutoff.unwrap()].map(|found| found.covered as f64 / trials as f64)
}

#[test]
fn intervals_of_planted_clusters_cover() {
    // Four standard errors of 0.95 in 60 trials are 0.11.
    let rates = planted_coverage(60, 448, Some(3.5));
    assert!(rates.iter().all(|rate| *rate >= 0.84), "{rates:?}");
}

#[test]
#[ignore = "full coverage, run by make validate"]
fn intervals_of_planted_clusters_cover_in_full() {
    for n in [448, 640] {
        let (given, chosen) = (planted_coverage(400, n, Some(3.5)), planted_coverage(200, n, None));
        println!("{n} px, exponent and cut-off: r_min given {given:?}, chosen {chosen:?}");
        assert!(given.iter().all(|rate| (0.92..=0.98).contains(rate)), "{n}: {given:?}");
    }
}

#[test]
fn the_smallest_radius_is_found_where_the_law_begins() {
    let mut radii = crate::sim::events::truncated_power_law(ALPHA, 6.0, 40.0, 1500, 5).unwrap();
    // Below it half as many as the law would have, evenly spread.
    radii.extend((0..600).map(|i| 2.0 + 4.0 * f64::from(i) / 600.0));
    let fit = SizeFit::choose(&counted(&radii), 8).unwrap();
    // The choice errs to the large side: above the true one every radius fits.
    assert!((5.2..=15.0).contains(&fit.r_min), "{}", fit.r_min);
    assert!(SizeFit::choose(&counted(&radii[..40]), 8).is_none());
}

#[test]
fn rivals_win_where_they_are_right() {
    let z = standard_normals(4, 3000);
    let verdict = |radii: Vec<f64>, r_min: f64, name: &str| {
        let clusters = counted(&radii);
        let fit = SizeFit::above(&clusters, r_min).unwrap();
        Rival::all(&clusters, &fit).into_iter().find(|rival| rival.name == name).unwrap()
    };
    let normal = verdict(z.iter().map(|z| 40.0 + 5.0 * z).collect(), 10.0, "Gaussian");
    assert!(normal.test.z < -3.0 && normal.verdict().contains("the Gaussian is closer"), "{normal:?}");
    let logarithmic = verdict(z.iter().map(|z| 40.0 * (0.8 * z).exp()).collect(), 3.0, "log-normal");
    assert!(logarithmic.test.z < -3.0, "{logarithmic:?}");
    let power = verdict(crate::sim::events::truncated_power_law(ALPHA, 4.0, 80.0, 3000, 1).unwrap(), 4.0, "Gaussian");
    assert!(power.test.z > 3.0 && power.verdict().contains("the power law with a cut-off is closer"), "{power:?}");
    assert!((power.survival(&[4.0], 4.0)[0] - 1.0).abs() < 1e-12);
}

#[test]
fn noise_is_its_own_null_model() {
    let outcome = run(map_of(noise(160, 3)), json!({"mode": "area", "area_fraction": 0.35})).unwrap();
    let table = outcome.table("null_comparison").unwrap();
    let (_, p) = table.numbers("p").unwrap();
    // Seven numbers, 200 surrogates: the smallest of them would fall below 0.005 in 3 % of all seeds.
    assert!(p.len() >= 6 && p.iter().all(|p| *p > 0.005), "{p:?}");
    let fraction = outcome.estimate("dense_area_fraction").unwrap().value;
    assert!((fraction - 0.35).abs() < 1e-3);
    let exponent = outcome.estimate("cluster_exponent").unwrap();
    assert!(exponent.value.is_finite() && exponent.no_interval.as_ref().unwrap().contains("chosen by the data"));
    assert!(outcome.table("clusters").unwrap().n_rows() >= 50 && outcome.table("size_histogram").unwrap().n_rows() > 3);
    assert!(
        note(&outcome, "sizes").message.contains("less than a decade") || note(&outcome, "sizes").message.contains("decades;")
    );
    let mask = outcome.map("dense_mask").unwrap();
    assert!(mask.values.iter().all(|value| *value == 0.0 || *value == 1.0));
    assert_eq!(outcome.figures.iter().map(|figure| &*figure.key).collect::<Vec<_>>(), ["dense_mask", "cluster_sizes", "boxes"]);
}

#[test]
fn threads_do_not_change_the_result_and_given_radii_have_intervals() {
    let map = || map_of(planted(7, 160).mapv(|value| value) + &(noise(160, 2) - 0.6).mapv(|value| 0.2 * value));
    let parameters = || json!({"r_min": "3 nm"});
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(map(), parameters()).unwrap())
    };
    let (one, three) = (with(1), with(3));
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&three).unwrap());
    match one.estimate("cluster_exponent") {
        Some(exponent) => assert!(exponent.interval.is_some()),
        None => assert_eq!(note(&one, "few_clusters").severity, Severity::Refused),
    }
}

#[test]
fn levels_outside_the_map_are_refused_with_its_range() {
    let error = |parameters| run(map_of(noise(64, 2)), parameters).unwrap_err();
    let nothing = error(json!({"level": -3}));
    assert!(nothing.to_string().contains("at or below -3.0000; its lowest value is 0.") && nothing.hint().contains("area"));
    assert!(error(json!({"level": 9})).to_string().contains("every pixel"));
    assert!(error(json!({"level": "45 eV"})).to_string().contains("energy"));
    assert!(error(json!({"r_min": "3 s"})).to_string().contains("time"));
    assert!(error(json!({"connectivity": 6})).to_string().contains("4 or 8"));
    assert!(error(json!({"surrogates": 3})).to_string().contains("200"));
    assert!(error(json!({"min_pixels": 1})).to_string().contains("grid"));
    let ramp = Array2::from_shape_fn((64, 64), |(r, c)| (r + c) as f64 / 128.0);
    let outcome = run(map_of(ramp), json!({})).unwrap();
    assert_eq!(note(&outcome, "no_null_model").severity, Severity::Refused);
    assert_eq!(note(&outcome, "few_clusters").severity, Severity::Refused);
    assert!(outcome.estimate("cluster_exponent").is_none());
    let mut gaps = noise(64, 2);
    gaps[(3, 4)] = f64::NAN;
    let outcome = run(map_of(gaps), json!({"mode": "area"})).unwrap();
    assert!(outcome.map("dense_mask").unwrap().values[(3, 4)].is_nan());
}
