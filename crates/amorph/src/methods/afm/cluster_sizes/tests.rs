use std::sync::Arc;

use serde_json::json;

use super::algorithm::{SiteSums, interval, pooled_law};
use super::*;
use crate::core::data::Table;
use crate::core::outcome::Estimate;
use crate::core::stats::{Bootstrap, Resampling, coverage};
use crate::method::{Upstream, find};
use crate::methods::afm::clusters::sizes::SizeFit;
use crate::methods::afm::clusters::tests::{counted, planted, search};

const ALPHA: f64 = 1.7;
/// Cut-off over smallest radius.
const RATIO: f64 = 6.0;

/// Sites of 30 to 90 clusters of one law, above a radius of 1.
fn sites(seed: u64, n: usize) -> Vec<Vec<Cluster>> {
    let site = |site: usize| {
        let seed = seed.wrapping_mul(131).wrapping_add(site as u64);
        let count = 30 + (seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize;
        let mut radii = crate::sim::events::truncated_power_law(ALPHA, 1.0, RATIO, count, seed).unwrap();
        radii.sort_by(f64::total_cmp);
        radii.into_iter().map(|radius| Cluster { n_pixels: (1e4 * radius) as u64, radius, weight: 1.0 }).collect()
    };
    (0..n).map(site).collect()
}

fn sums(sites: &[Vec<Cluster>]) -> Vec<SiteSums> {
    sites.iter().map(|clusters| SiteSums::of(clusters, 1.0)).collect()
}

fn coverages(trials: usize, n: usize) -> [f64; 2] {
    let alpha = coverage(trials, 31, ALPHA, |seed| interval(&sums(&sites(seed, n)), |law| law.alpha)).unwrap();
    let ln_lambda = coverage(trials, 32, -RATIO.ln(), |seed| interval(&sums(&sites(seed, n)), |law| law.lambda.ln())).unwrap();
    [alpha.fraction, ln_lambda.fraction]
}

#[test]
fn intervals_between_sites_cover() {
    let rates = coverages(300, 6);
    // Four standard errors of 0.95 in 300 trials.
    assert!(rates.iter().all(|rate| (0.90..=0.995).contains(rate)), "{rates:?}");
}

#[test]
#[ignore = "full coverage, run by make validate"]
fn intervals_between_sites_cover_in_full() {
    for n in [5, 8, 12] {
        let rates = coverages(2000, n);
        let bootstrap = coverage(400, 33, ALPHA, |seed| {
            let sums = sums(&sites(seed, n));
            let alpha = |named: &[usize]| pooled_law(&sums, named).map(|law| law.alpha);
            let found = Bootstrap::new(400, seed).interval(Resampling::Independent { n }, alpha).ok()?;
            Some((found.lower, found.upper))
        });
        println!("{n} sites: exponent, ln cut-off {rates:?}; bootstrap of the exponent {:.3}", bootstrap.unwrap().fraction);
        assert!(rates.iter().all(|rate| (0.92..=0.98).contains(rate)), "{n}: {rates:?}");
    }
}

#[test]
fn the_pooled_law_is_that_of_all_clusters() {
    let sites = sites(4, 5);
    let mut all = sites.concat();
    all.sort_by(|a, b| a.radius.total_cmp(&b.radius));
    let law = pooled_law(&sums(&sites), &[0, 1, 2, 3, 4]).unwrap();
    let fit = SizeFit::above(&all, 1.0).unwrap();
    assert!((law.alpha - fit.alpha()).abs() < 1e-6 && (1.0 / law.lambda - fit.cutoff()).abs() < 1e-4);
    assert!(interval(&sums(&sites[..4]), |law| law.alpha).is_none());
}

fn upstream(index: usize, clusters: &[Cluster], dimension: f64) -> Upstream {
    let column = |read: fn(&Cluster) -> f64| clusters.iter().map(read).collect::<Vec<f64>>();
    let table = Table::new("clusters", "")
        .with_numbers("pixels", "", column(|c| c.n_pixels as f64))
        .with_numbers("radius", "m", column(|c| c.radius))
        .with_numbers("border_weight", "", column(|c| c.weight));
    let null = Table::new("null_comparison", "").with_text("quantity", vec!["cluster_exponent".to_owned()]).with_numbers(
        "null_mean",
        "",
        vec![1.4],
    );
    let one = |key: &str, value: f64| Estimate::without_interval(key, "", value, "", "a test");
    let estimates = vec![one("box_dimension", dimension), one("spans_both", f64::from(u8::from(index == 0)))];
    let outcome = Outcome { tables: vec![table, null], estimates, ..Outcome::default() };
    let (job, method, state) = (String::new(), "dafm.clusters".to_owned(), "cast".to_owned());
    Upstream { job, method, state, item: format!("site {index}"), outcome: Arc::new(outcome) }
}

fn run(parameters: serde_json::Value, upstream: Vec<Upstream>) -> Result<Outcome, MethodError> {
    let dataset = Dataset { label: "cast".to_owned(), upstream, ..Dataset::default() };
    find("dafm.cluster_sizes").unwrap().run(&parameters, &dataset, &Ctx::new(1))
}

#[test]
fn sites_of_planted_clusters_give_the_planted_law() {
    let of_site = |site: usize| search(&planted(site as u64, 288), 0.45).of_size(8).to_vec();
    let all: Vec<Upstream> = (0..6).map(|site| upstream(site, &of_site(site), 1.5 + 0.1 * site as f64)).collect();
    let outcome = run(json!({"r_min": "3.5 m"}), all).unwrap();
    let (exponent, cutoff) =
        (outcome.estimate("state_cluster_exponent").unwrap(), outcome.estimate("state_cluster_cutoff").unwrap());
    let holds = |estimate: &Estimate, truth: f64| estimate.interval.is_some_and(|i| i.lo <= truth && truth <= i.hi);
    assert!(holds(exponent, 1.7) && holds(cutoff, 12.0), "{exponent:?} {cutoff:?}");
    assert_eq!(exponent.n, Some(6.0));
    assert!((outcome.estimate("state_box_dimension").unwrap().value - 1.75).abs() < 1e-12);
    let share = outcome.estimate("spanning_share").unwrap();
    assert!((share.value - 1.0 / 6.0).abs() < 1e-12 && share.interval.unwrap().hi > 0.5);
    assert!(outcome.notes.iter().any(|note| note.code == "null_model" && note.message.contains("1.40")));
    assert_eq!(outcome.notes.iter().filter(|note| note.code == "rival").count(), 2);
    assert_eq!(outcome.figures.len(), 1);
}

#[test]
fn too_little_is_refused() {
    assert!(run(json!({}), Vec::new()).unwrap_err().hint().contains("dafm.clusters"));
    let few = upstream(0, &counted(&[3.0, 4.0, 5.0]), 1.0);
    assert!(run(json!({}), vec![few]).unwrap_err().to_string().starts_with("3 clusters in 1 images; at least 50"));
    assert!(
        run(json!({"r_min": "2 eV"}), vec![upstream(0, &counted(&[3.0]), 1.0)]).unwrap_err().to_string().contains("length")
    );
    let two: Vec<Upstream> = (0..2).map(|site| upstream(site, &sites(1, 2)[site], 1.0)).collect();
    let outcome = run(json!({}), two).unwrap();
    assert!(outcome.estimate("state_cluster_exponent").unwrap().no_interval.as_ref().unwrap().contains("sites"));
}
