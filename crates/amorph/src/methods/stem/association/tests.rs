#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use ndarray::Array2;

use super::algorithm::*;
use super::*;
use crate::core::data::{Map, Table};
use crate::core::outcome::Estimate;
use crate::core::stats::{Coverage, coverage};
use crate::core::unit::Unit;
use crate::method::Upstream;
use crate::sim::nbed::OrderedDomains;

fn regions(domains: &OrderedDomains, n: usize, seed: u64) -> Vec<Region> {
    let one = |i: usize| {
        let sample = domains.sample(seed * 1000 + i as u64).unwrap();
        Region {
            shape: domains.scan,
            ordered: sample.ordered.iter().map(|ordered| Some(*ordered)).collect(),
            brightness: sample.binned.iter().copied().collect(),
        }
    };
    (0..n).map(one).collect()
}

fn classed(regions: &[Region]) -> Vec<Classed> {
    regions.iter().map(|region| Classed::new(region, Level::Quantile(0.5).of(region))).collect()
}

/// Outcomes of the methods before, as a study hands them over.
fn dataset(regions: &[Region]) -> Dataset {
    let mut upstream = Vec::new();
    for (index, region) in regions.iter().enumerate() {
        let [rows, columns] = region.shape;
        let judged: Vec<usize> = (0..rows * columns).filter(|at| region.ordered[*at].is_some()).collect();
        let of = |f: &dyn Fn(usize) -> f64| judged.iter().map(|at| f(*at)).collect::<Vec<f64>>();
        let patterns = Table::new("patterns", "Patterns")
            .with_numbers("scan_y", "", of(&|at| (at / columns) as f64))
            .with_numbers("scan_x", "", of(&|at| (at % columns) as f64))
            .with_numbers("flagged", "", of(&|at| f64::from(u8::from(region.ordered[at] == Some(true)))));
        let values = Array2::from_shape_vec((rows, columns), region.brightness.clone()).unwrap();
        let mut add = |method: &str, outcome: Outcome| {
            upstream.push(Upstream {
                job: String::new(),
                method: method.to_owned(),
                state: "12 %".to_owned(),
                item: format!("scan {index}"),
                outcome: Arc::new(outcome),
            });
        };
        add("stem.bragg_detection", Outcome { tables: vec![patterns], ..Outcome::default() });
        add("stem.scan_image", Outcome { maps: vec![Map::new("scan_image", values, Unit::one(), None)], ..Outcome::default() });
    }
    Dataset { upstream, ..Dataset::default() }
}

fn run(method: &Association, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap_or_else(|| panic!("{key}")).value
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn an_association_is_found_with_its_size() {
    let domains = OrderedDomains { odds_ratio: 6.0, scan: [14, 16], ..OrderedDomains::default() };
    let method = Association { domains_through_foil: Some(6.0), ..Association::default() };
    let outcome = run(&method, &dataset(&regions(&domains, 6, 1))).unwrap();
    let interval = outcome.estimate("odds_ratio_mh").unwrap().interval.unwrap();
    assert!(interval.lo > 1.0 && interval.lo < 6.0 && 6.0 < interval.hi, "{interval:?}");
    assert!(value(&outcome, "p_spatial") < 0.01 && value(&outcome, "auc_p_spatial") < 0.01);
    let slope = outcome.estimate("brightness_slope").unwrap();
    assert!(slope.interval.unwrap().lo > 0.0 && slope.std_error.unwrap() > 0.05, "{slope:?}");
    assert!((100.0..0.7 * 6.0 * 14.0 * 16.0).contains(&value(&outcome, "n_effective")));
    assert!(value(&outcome, "auc") > 0.6 && value(&outcome, "design_effect") > 1.5);
    let table = outcome.table("intervals").unwrap();
    let width = |row: usize| (table.numbers("hi").unwrap().1[row] / table.numbers("lo").unwrap().1[row]).ln();
    assert!(width(0) > 1.2 * width(1) && (width(2) / width(1) - 1.0).abs() < 0.15);
    assert!(Association::INFO.outputs.iter().all(|output| outcome.estimate(output.key).is_some()));
    assert!(outcome.estimates.iter().all(|found| Association::INFO.outputs.iter().any(|output| output.key == found.key)));
    assert_eq!((outcome.figures.len(), outcome.maps.len()), (4, 6));
    assert_eq!(outcome.table("thresholds").unwrap().n_rows(), 9);
    assert!(codes(&outcome).contains(&"what_is_excluded") && codes(&outcome).contains(&"dilution"));
}

/// Unrelated maps with grains: the naive test sees an association far too often, the spatial one does not.
#[test]
fn unrelated_maps_keep_the_level_of_the_valid_test() {
    let domains = OrderedDomains::default();
    let (mut valid, mut naive, n) = (0, 0, 80);
    for seed in 0..n {
        let classed = classed(&regions(&domains, 3, seed));
        let tables: Vec<Table2x2> = classed.iter().map(Classed::table).collect();
        valid += usize::from(chance(&classed, 999, seed).p <= 0.05);
        naive += usize::from(naive_test(&tables).unwrap().1 <= 0.05);
    }
    // 5 % of 80 are 4: more than 12 have a probability below 0.0005; the naive test rejects about a third.
    assert!(valid <= 12 && naive >= 14, "{valid} {naive}");
}

/// Level of the valid and of the naive test.
fn levels(domains: &OrderedDomains, n_regions: usize, n: u64) -> [f64; 2] {
    let mut rejected = [0.0; 2];
    for seed in 0..n {
        let classed = classed(&regions(domains, n_regions, seed));
        let tables: Vec<Table2x2> = classed.iter().map(Classed::table).collect();
        rejected[0] += f64::from(u8::from(chance(&classed, 999, seed).p <= 0.05));
        rejected[1] += f64::from(u8::from(naive_test(&tables).is_ok_and(|(_, p)| p <= 0.05)));
    }
    rejected.map(|count| count / n as f64)
}

fn cases() -> [(&'static str, OrderedDomains, usize); 6] {
    let plain = OrderedDomains::default();
    [
        ("5 regions of 10 x 10, grains of 2 steps", plain.clone(), 5),
        (
            "5 regions of 10 x 10, grains of 1 step",
            OrderedDomains { brightness_length: 1.0, order_length: 1.0, ..plain.clone() },
            5,
        ),
        ("5 regions of 10 x 10, order without grains", OrderedDomains { order_length: 0.0, ..plain.clone() }, 5),
        ("1 region of 20 x 24, grains of 2 steps", OrderedDomains { scan: [20, 24], ..plain.clone() }, 1),
        (
            "8 regions of 10 x 10, grains of 3 steps",
            OrderedDomains { brightness_length: 3.0, order_length: 3.0, ..plain.clone() },
            8,
        ),
        ("5 regions of 10 x 10, grains of 2 steps, odds ratio 4", OrderedDomains { odds_ratio: 4.0, ..plain }, 5),
    ]
}

#[test]
#[ignore = "minutes"]
fn levels_in_full() {
    for (name, domains, n_regions) in &cases()[..5] {
        let [valid, naive] = levels(domains, *n_regions, 300);
        println!("{name}: valid {valid:.3}, naive {naive:.3}");
        assert!(valid <= 0.081, "{name}");
    }
}

type Interval<'a> = dyn Fn(&[Classed], u64) -> Option<(f64, f64)> + Sync + 'a;

fn cover(domains: &OrderedDomains, n_regions: usize, n: usize) -> (Coverage, Option<Coverage>) {
    let of = |salt: u64, interval: &Interval<'_>| {
        coverage(n, salt, domains.odds_ratio, |seed| {
            interval(&classed(&regions(domains, n_regions, seed % 1_000_000_007)), seed)
        })
    };
    let tables = |classed: &[Classed]| classed.iter().map(Classed::table).collect::<Vec<Table2x2>>();
    let common = of(5, &|classed, seed| {
        let ratio = odds_ratio(&tables(classed)).filter(|ratio| !ratio.corrected)?;
        Some(ratio.interval(chance(classed, 1, seed).design_effect.max(1.0)))
    });
    let by_region = of(5, &|classed, _| Some(mean_of_regions(&tables(classed))?.1));
    (common.unwrap(), by_region.ok())
}

#[test]
fn intervals_cover() {
    let (_, domains, n_regions) = &cases()[5];
    let (common, by_region) = cover(domains, *n_regions, 60);
    let by_region = by_region.unwrap();
    assert!(common.covered >= 50 && by_region.covered >= 50, "{common:?} {by_region:?}");
}

#[test]
#[ignore = "minutes"]
fn intervals_cover_in_full() {
    for (name, domains, n_regions) in cases() {
        let (common, by_region) = cover(&domains, n_regions, 300);
        println!("{name}: common {common:?}");
        println!("{name}: by region {by_region:?}");
        assert!(common.upper >= 0.92, "{name}");
    }
}

/// Moving both maps together, and calling dark bright, changes nothing but the sign.
#[test]
fn the_answer_does_not_depend_on_where_maps_begin() {
    let domains = OrderedDomains { odds_ratio: 3.0, scan: [8, 9], ..OrderedDomains::default() };
    let region = regions(&domains, 1, 4).remove(0);
    let roll = |by: [usize; 2], at: usize| (at / 9 + by[0]) % 8 * 9 + (at % 9 + by[1]) % 9;
    let moved = Region {
        ordered: (0..72).map(|at| region.ordered[roll([3, 5], at)]).collect(),
        brightness: (0..72).map(|at| region.brightness[roll([3, 5], at)]).collect(),
        ..region.clone()
    };
    let (a, b) = (chance(&classed(std::slice::from_ref(&region)), 9999, 1), chance(&classed(&[moved]), 9999, 1));
    assert!((a.z - b.z).abs() < 1e-12 && (a.design_effect - b.design_effect).abs() < 1e-12 && a.p == b.p);
    // Any monotonic change of the brightness leaves ranks and median.
    let gamma = Region { brightness: region.brightness.iter().map(|v| (0.8 * v).exp()).collect(), ..region.clone() };
    let c = chance(&classed(&[gamma]), 9999, 1);
    assert!((a.z - c.z).abs() < 1e-12 && (a.auc - c.auc).abs() < 1e-12);
    let negative = Region { brightness: region.brightness.iter().map(|v| -v).collect(), ..region };
    let d = chance(&classed(&[negative]), 9999, 1);
    assert!((a.z + d.z).abs() < 1e-12 && (a.auc + d.auc - 1.0).abs() < 1e-12);
}

#[test]
fn golden_numbers() {
    #[derive(Deserialize)]
    struct Golden {
        hand: Hand,
        plan: Plan,
        exact: Exact,
    }
    #[derive(Deserialize)]
    struct Hand {
        tables: Vec<[f64; 4]>,
        odds_ratio: f64,
        cmh: f64,
        std_error: f64,
    }
    #[derive(Deserialize)]
    struct Plan {
        std_error: [f64; 2],
        detectable: [f64; 2],
    }
    #[derive(Deserialize)]
    struct Exact {
        table: [f64; 4],
        lo: f64,
        hi: f64,
        p: f64,
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    let table = |[a, b, c, d]: [f64; 4]| Table2x2 { a, b, c, d };
    let tables: Vec<Table2x2> = golden.hand.tables.into_iter().map(table).collect();
    let found = odds_ratio(&tables).unwrap();
    assert!((found.ln.exp() - golden.hand.odds_ratio).abs() < 1e-5 && (found.naive_error - golden.hand.std_error).abs() < 1e-6);
    assert!((naive_test(&tables).unwrap().0 - golden.hand.cmh).abs() < 1e-4);
    let plan = [table([30.0, 20.0, 30.0, 20.0]); 5];
    let variance: f64 = plan.iter().map(|table| table.excess().1).sum();
    for (effect, (error, detectable)) in
        [1.0, 2.0].into_iter().zip(golden.plan.std_error.into_iter().zip(golden.plan.detectable))
    {
        // The specification counts n instead of n - 1.
        assert!(((effect / variance).sqrt() - error).abs() < 2e-3);
        assert!((detectable_odds_ratio(variance, effect) - detectable).abs() < 0.012);
    }
    let ((lo, hi), p) = exact_interval(&[table(golden.exact.table)]);
    assert!((lo / golden.exact.lo - 1.0).abs() < 1e-4 && (hi / golden.exact.hi - 1.0).abs() < 1e-4, "{lo} {hi}");
    assert!((p - golden.exact.p).abs() < 1e-5, "{p}");
}

#[test]
fn closed_forms() {
    // One domain is not diluted, many are almost entirely; two agree with the probability 1/2 + asin(1/√2)/π = 3/4.
    assert!((diluted(10.0, 1.0, 0.4) / 10.0 - 1.0).abs() < 1e-9);
    assert!((1.0..1.1).contains(&diluted(10.0, 1000.0, 0.4)));
    let (bright, dark) = shares(9.0, 0.5);
    assert!((bright - 0.75).abs() < 1e-9 && (dark - 0.25).abs() < 1e-9);
    let agree: f64 = 0.75 * 0.75 + 0.25 * 0.25;
    assert!((diluted(9.0, 2.0, 0.5) - (agree / (1.0 - agree)).powi(2)).abs() < 1e-9);
    let region = Region { shape: [1, 5], ordered: vec![Some(true); 5], brightness: vec![0.0, 1.0, 2.0, 3.0, 10.0] };
    assert_eq!(
        (Level::Quantile(0.5).of(&region), Level::Middle(0.0).of(&region), Level::Value(7.0).of(&region)),
        (2.0, 5.0, 7.0)
    );
    assert!(odds_ratio(&[Classed::new(&region, 2.0).table()]).is_none());
}

#[test]
fn empty_cells_drift_and_gaps() {
    let domains = OrderedDomains { odds_ratio: 3.0, scan: [8, 8], ..OrderedDomains::default() };
    let mut all = regions(&domains, 4, 2);
    all[1].ordered[5] = None;
    all[2].brightness[7] = f64::NAN;
    let mut dataset = dataset(&all);
    let outcome = run(&Association::default(), &dataset).unwrap();
    assert_eq!(value(&outcome, "n_patterns"), 4.0 * 64.0 - 2.0);
    assert!(outcome.estimate("odds_ratio_regions").unwrap().interval.is_none());
    let plain = |key: &str, value: f64| Estimate::without_interval(key, "", value, "", "test");
    let drift = Outcome { estimates: vec![plain("drift_steps", 0.8), plain("drift_accepted", 0.0)], ..Outcome::default() };
    let first = dataset.upstream[0].clone();
    dataset.upstream.push(Upstream { method: "stem.drift".to_owned(), outcome: Arc::new(drift), ..first });
    let without = run(&Association::default(), &dataset).unwrap();
    assert_eq!(value(&without, "n_regions"), 3.0);
    assert!(codes(&without).contains(&"drifted") && without.table("intervals_with_drifted").is_some());
    // All bright positions ordered, all dark ones not.
    let certain = Region {
        ordered: (0..64).map(|at| Some(at % 8 < 4)).collect(),
        brightness: (0..64).map(|at| -((at % 8) as f64)).collect(),
        shape: [8, 8],
    };
    let outcome = run(&Association::default(), &self::dataset(&[certain])).unwrap();
    let estimate = outcome.estimate("odds_ratio_mh").unwrap();
    assert!(estimate.interval.is_none() && estimate.value > 100.0 && codes(&outcome).contains(&"one_region"));
    assert!(outcome.estimate("brightness_slope").is_none() && codes(&outcome).contains(&"no_slope"));
    let exact = outcome.table("intervals").unwrap();
    assert!(exact.numbers("lo").unwrap().1[2] > 50.0 && exact.numbers("hi").unwrap().1[2].is_infinite());
}

#[test]
fn what_cannot_be_is_refused() {
    let domains = OrderedDomains { scan: [6, 6], ..OrderedDomains::default() };
    let mut all = regions(&domains, 2, 1);
    let whole = dataset(&all);
    let refused = |method: Association, dataset: &Dataset| run(&method, dataset).unwrap_err();
    let other = refused(Association { image: "annular_sum".to_owned(), ..Association::default() }, &whole);
    assert!(other.to_string().contains("2 have patterns alone") && other.hint().contains("stem.scan_image"));
    for region in &mut all {
        region.ordered = vec![Some(true); 36];
    }
    assert!(refused(Association::default(), &dataset(&all)).to_string().contains("all patterns are alike"));
    for (method, expected) in [
        (Association { surrogates: 10, ..Association::default() }, "surrogates is 10"),
        (Association { domains_through_foil: Some(0.5), ..Association::default() }, "domains_through_foil is 0.5"),
        (Association { threshold: Threshold::Value, ..Association::default() }, "needs value"),
        (Association { value: Some(f64::NAN), ..Association::default() }, "value is NaN"),
    ] {
        let message = refused(method, &whole).to_string();
        assert!(message.contains(expected), "{message}");
    }
}
