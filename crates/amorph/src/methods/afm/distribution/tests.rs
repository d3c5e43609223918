use approx::assert_relative_eq;
use ndarray::Array2;
use serde::Deserialize;
use serde_json::json;

use super::algorithm::shape;
use super::levels::Levels;
use super::*;
use crate::core::data::{Data, Extent};
use crate::core::figure::Mark;
use crate::core::image::label;
use crate::core::random::{FieldModel, FieldSampler};
use crate::core::unit::Unit;
use crate::method::{Constants, find};
use crate::sim::afm::Marginal;

#[derive(Deserialize)]
struct Golden {
    grf: Grf,
}

#[derive(Deserialize)]
struct Grf {
    variance_population: f64,
    skewness: f64,
}

const MEAN: f64 = 10.0;

fn field(size: usize, marginal: Marginal, seed: u64) -> Array2<f64> {
    let model = FieldModel::isotropic(1.0, 1.5, 0.5);
    FieldSampler::new(&model, (size, size), (1.0, 1.0)).unwrap().sample(seed).mapv(|z| MEAN + marginal.apply(z))
}

/// Share of images whose intervals hold mean, standard deviation, relative variation and skewness.
fn coverage(images: u64, size: usize, marginal: Marginal, skewness: f64) -> [f64; 4] {
    let mut covered = [0.0; 4];
    for seed in 0..images {
        let found = shape(&field(size, marginal, seed), (1.0, 1.0)).unwrap();
        let moments = [found.mean, found.sd, found.cv.unwrap(), found.skewness];
        for ((count, moment), truth) in covered.iter_mut().zip(moments).zip([MEAN, 1.0, 1.0 / MEAN, skewness]) {
            let (lo, hi) = moment.interval.unwrap();
            *count += if lo <= truth && truth <= hi { 1.0 / images as f64 } else { 0.0 };
        }
    }
    covered
}

/// Normal, and log-normal with skewness `(e^(s²) + 2) √(e^(s²) - 1)` = 0.95 for s = 0.3.
const MARGINALS: [(Marginal, f64); 2] = [(Marginal::Gaussian, 0.0), (Marginal::LogNormal { sd_of_log: 0.3 }, 0.949_5)];

#[test]
fn intervals_cover() {
    // 300 images: the standard error of a rate of 0.95 is 0.0126; three of them.
    for (marginal, skewness) in MARGINALS {
        let rates = coverage(300, 128, marginal, skewness);
        assert!(rates.iter().all(|rate| (0.912..=0.988).contains(rate)), "{marginal:?}: {rates:?}");
    }
}

#[test]
#[ignore = "full coverage, run by make validate"]
fn intervals_cover_in_full() {
    for (marginal, skewness) in MARGINALS {
        let rates = coverage(2000, 192, marginal, skewness);
        assert!(rates.iter().all(|rate| (0.92..=0.97).contains(rate)), "{marginal:?}: {rates:?}");
    }
}

fn run(parameters: serde_json::Value, dataset: &Dataset) -> Result<Outcome, MethodError> {
    find("dafm.distribution").unwrap().run(&parameters, dataset, &Ctx::new(1))
}

fn dataset(values: Array2<f64>) -> Dataset {
    let map = Map::new("dissipated_energy", values, Unit::of("J"), Some(Extent::metres(1e-7, 1e-7)));
    Dataset::of_maps(vec![map], Constants::default())
}

#[test]
fn reference_field() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/afm/grf_512_xi4px.npy");
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return;
    }
    let Data::Maps(maps) = crate::io::open(&path).unwrap().data else { panic!("no maps") };
    let found = shape(&maps[0].values, (1.0, 1.0)).unwrap();
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    // The sidecar of the file states electronvolts.
    let sd = Unit::of("eV").convert_si(found.sd.value);
    assert_relative_eq!(sd.powi(2), golden.grf.variance_population, max_relative = 1e-9);
    assert_relative_eq!(found.skewness.value, golden.grf.skewness, max_relative = 1e-6);
}

#[test]
fn everything_is_reported() {
    let outcome = run(json!({}), &dataset(field(96, Marginal::Gaussian, 3).mapv(|value| 1e-18 * value))).unwrap();
    for info in OUTPUTS.iter().filter(|info| !info.key.starts_with("phase")) {
        let estimate = outcome.estimate(info.key).unwrap();
        assert_eq!(estimate.interval.is_none(), estimate.no_interval.is_some());
        assert_eq!(estimate.interval.is_none(), info.key == "distribution_excess_kurtosis", "{}", info.key);
    }
    let (_, energies) = outcome.table("quantiles").unwrap().numbers("dissipated_energy").unwrap();
    assert!(energies.windows(2).all(|pair| pair[0] < pair[1]));
    let median = energies[4];
    assert!((median / 1e-17 - 1.0).abs() < 0.05);
    assert_eq!(outcome.figures[0].panels.len(), 2);
}

#[test]
fn units_do_not_matter() {
    let values = field(64, Marginal::LogNormal { sd_of_log: 0.3 }, 5);
    let (a, b) = (shape(&values, (1.0, 1.0)).unwrap(), shape(&(&values * 1e-18), (1e-9, 1e-9)).unwrap());
    assert_relative_eq!(a.skewness.value, b.skewness.value, max_relative = 1e-9);
    let relative = |m: super::algorithm::Moment| m.std_error.unwrap() / m.value;
    assert_relative_eq!(relative(a.sd), relative(b.sd), max_relative = 1e-9);
    assert_relative_eq!(a.excess_kurtosis, b.excess_kurtosis, max_relative = 1e-8);
}

fn levels_of(values: &Array2<f64>) -> Levels {
    let rule = RegionRule { connectivity: Connectivity::Four, min_pixels: 4 };
    Levels::of_map(values, Some((1.0, 2.0)), rule).unwrap()
}

/// Every level at once says the same as labelling the pixels above each of them.
#[test]
fn level_by_level_equals_labelling() {
    let values = field(48, Marginal::Gaussian, 4);
    let found = levels_of(&values);
    let indices: Vec<i64> = found.edges(found.step).collect();
    let (below, regions) = (found.shares_below(&indices, found.step), found.regions_above(&indices, found.step).unwrap());
    for (at, index) in indices.iter().enumerate().step_by(7) {
        let level = *index as f64 * found.step;
        let inside = values.mapv(|value| value >= level);
        let share = 1.0 - inside.iter().filter(|inside| **inside).count() as f64 / 48.0 / 48.0;
        assert!((share - below[at]).abs() < 1e-12);
        let all = label(&inside.view(), Connectivity::Four).regions();
        let width = |(low, high): (usize, usize)| 48.0 / (48.0 - (high - low + 1) as f64);
        let counted = all.iter().filter(|region| !region.touches_border && region.n_pixels >= 4);
        let density = counted.map(|region| width(region.rows) * width(region.columns)).sum::<f64>() / (48.0 * 96.0);
        assert!((density - regions[at]).abs() < 1e-9, "{level}: {density} {}", regions[at]);
    }
}

#[test]
fn levels_survive_their_table_and_nest() {
    let values = field(32, Marginal::Gaussian, 5);
    let mut narrow = &values * 0.1;
    narrow[(3, 3)] = f64::NAN;
    let (wide, narrow) = (levels_of(&values), levels_of(&narrow));
    for levels in [&wide, &narrow] {
        let text = serde_json::to_string(&levels.to_table("J")).unwrap();
        assert_eq!(&Levels::from_table(&serde_json::from_str(&text).unwrap()).unwrap().unwrap(), levels);
    }
    // The coarse grid is part of the fine one: no pixel changes sides.
    let share = narrow.shares_below(&[0, 1], wide.step);
    let finite: Vec<f64> =
        values.iter().map(|value| 0.1 * value).enumerate().filter(|(i, _)| *i != 3 * 32 + 3).map(|(_, v)| v).collect();
    for (index, share) in [0.0, 1.0].into_iter().zip(share) {
        let exact = finite.iter().filter(|value| **value < index * wide.step).count() as f64 / finite.len() as f64;
        assert!((share - exact).abs() < 1e-12);
    }
    assert!(
        Levels::of_map(&Array2::from_elem((9, 9), 2.0), None, RegionRule { connectivity: Connectivity::Four, min_pixels: 1 })
            .is_none()
    );
}

#[test]
fn an_outlier_costs_one_line() {
    let mut values = field(32, Marginal::Gaussian, 6);
    let plain = levels_of(&values).to_table("J").n_rows();
    values[(5, 5)] = 1e12;
    assert!(levels_of(&values).to_table("J").n_rows() <= plain + 4);
}

#[test]
fn variations_of_energy_and_lag_stand_apart() {
    let extent = || Some(Extent::metres(1e-7, 1e-7));
    let energy = Map::new("dissipated_energy", field(96, Marginal::Gaussian, 3), Unit::of("eV"), extent());
    let lag = Map::new("phase_lag", energy.values.mapv(|value| 20.0 + 3.0 * value), Unit::of("deg"), extent());
    let dataset = Dataset::of_maps(vec![energy, lag], Constants::default());
    let outcome = run(json!({}), &dataset).unwrap();
    let (cv, phase) = (outcome.estimate("distribution_cv").unwrap(), outcome.estimate("phase_lag_cv").unwrap());
    assert!((cv.value / 0.1 - 1.0).abs() < 0.1 && (phase.value / 0.06 - 1.0).abs() < 0.1);
    assert!(outcome.notes.iter().any(|note| note.code == "cv_of_phase" && note.message.contains("not compared")));
    let of_lag = run(json!({"map": "phase_lag"}), &dataset).unwrap();
    assert_eq!(of_lag.estimate("distribution_mean").unwrap().unit.symbol(), "deg");
    // Figures are in SI.
    let Mark::Bars { edges, .. } = &of_lag.figures[0].panels[0].marks[0] else { panic!("no bars") };
    assert!(edges[0] > 0.5 && edges[edges.len() - 1] < 1.3);
}

#[test]
fn what_cannot_be_described_is_refused() {
    let error = |values| run(json!({}), &dataset(values)).unwrap_err().to_string();
    assert!(error(Array2::from_elem((32, 32), f64::NAN)).contains("usable pixels"));
    assert!(error(Array2::from_elem((32, 32), 1.0)).contains("constant"));
    let empty = Dataset::of_maps(Vec::new(), Constants::default());
    assert!(run(json!({}), &empty).unwrap_err().hint().contains("dafm.dissipation"));
    let good = dataset(field(32, Marginal::Gaussian, 1));
    assert!(run(json!({"probabilities": [1.5]}), &good).unwrap_err().to_string().contains("within 0 and 1"));
    // A ramp has no independent areas: values without intervals.
    let ramp = run(json!({}), &dataset(Array2::from_shape_fn((64, 64), |(j, i)| (1 + j + i) as f64))).unwrap();
    assert!(ramp.estimates.iter().all(|estimate| estimate.interval.is_none()));
}
