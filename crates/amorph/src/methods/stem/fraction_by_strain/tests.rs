#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use rand::RngExt;

use super::algorithm::*;
use super::*;
use crate::core::data::Table;
use crate::core::outcome::{ConstantRecord, Estimate, Severity};
use crate::core::random::{Rng, rng};
use crate::core::stats::{Coverage, beta_quantile, coverage, wilson_interval};
use crate::method::Upstream;

/// By inversion.
fn beta(rng: &mut Rng, a: f64, b: f64) -> f64 {
    beta_quantile(rng.random::<f64>().clamp(1e-9, 1.0 - 1e-9), a, b).unwrap()
}

/// `regions` scans of `n` patterns per strain with mean share `p(strain)`.
fn simulated(seed: u64, strains: &[f64], regions: usize, n: usize, p: impl Fn(f64) -> f64, rho: f64) -> Vec<Count> {
    let mut rng = rng(seed);
    let mut counts = Vec::new();
    for strain in strains {
        for _ in 0..regions {
            let mean = p(*strain);
            let odds = if rho > 0.0 { 1.0 / rho - 1.0 } else { 0.0 };
            let share = if rho > 0.0 { beta(&mut rng, mean * odds, (1.0 - mean) * odds) } else { mean };
            let x = (0..n).filter(|_| rng.random::<f64>() < share).count() as f64;
            counts.push(Count { strain: *strain, x, n: n as f64 });
        }
    }
    counts
}

fn upstream(index: usize, count: &Count, foil: Option<usize>) -> Upstream {
    let mut outcome = Outcome::default();
    let plain = |key: &str, value: f64| Estimate::without_interval(key, "", value, "", "test");
    outcome.estimates = vec![plain("n_patterns", count.n), plain("n_flagged", count.x), plain("halo_radius", 3.0)];
    outcome.estimates.push(plain("br_fraction_corrected", count.share()));
    let n = count.n as usize;
    let row = |f: &dyn Fn(usize) -> f64| (0..n).map(f).collect::<Vec<f64>>();
    outcome.tables = vec![
        Table::new("patterns", "Patterns")
            .with_numbers("scan_y", "", row(&|i| (i / 10) as f64))
            .with_numbers("scan_x", "", row(&|i| (i % 10) as f64))
            .with_numbers("flagged", "", row(&|i| f64::from(u8::from((i as f64) < count.x))))
            .with_numbers("scale", "", row(&|i| 1.0 + 0.001 * ((i * 7) % 13) as f64)),
        Table::new("background", "Background").with_numbers("counts", "", vec![9.0, 8.0, 7.0, 20.0 + index as f64 % 3.0, 2.0]),
    ];
    let record = |key: &str, value: String| ConstantRecord { key: key.to_owned(), value, origin: "study".to_owned() };
    outcome.provenance.constants = vec![record("strain", count.strain.to_string())];
    if let Some(foil) = foil {
        outcome.provenance.constants.push(record("foil", foil.to_string()));
    }
    Upstream {
        job: format!("job {index}"),
        method: "stem.bragg_detection".to_owned(),
        state: format!("{}", count.strain),
        item: format!("scan {index}"),
        outcome: Arc::new(outcome),
    }
}

fn dataset(counts: &[Count], foil: impl Fn(usize) -> Option<usize>) -> Dataset {
    let upstream = counts.iter().enumerate().map(|(i, count)| upstream(i, count, foil(i))).collect();
    Dataset { upstream, ..Dataset::default() }
}

fn run(method: &FractionByStrain, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap_or_else(|| panic!("{key}")).value
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().filter(|note| note.severity != Severity::Info).map(|note| note.code.as_str()).collect()
}

const STRAINS: [f64; 4] = [0.0, 0.01, 0.05, 0.12];

#[test]
fn a_strong_fall_is_found_and_described() {
    let counts = simulated(3, &STRAINS, 8, 100, |strain| 0.7 - 4.0 * strain, 0.02);
    let method = FractionByStrain { threshold_strain: Some(0.045), ..FractionByStrain::default() };
    let outcome = run(&method, &dataset(&counts, |_| None)).unwrap();
    let slope = outcome.estimate("br_fraction_slope").unwrap();
    assert!((slope.value + 4.0).abs() < 4.0 * slope.std_error.unwrap() && slope.interval.unwrap().hi < 0.0, "{slope:?}");
    let change = outcome.estimate("br_fraction_change").unwrap();
    assert!((change.value + 0.48).abs() < 4.0 * change.std_error.unwrap());
    for key in ["trend_p_permutation", "trend_p_betabinomial", "trend_p_above_threshold", "means_p_permutation"] {
        assert!(value(&outcome, key) < 1e-3, "{key} {}", value(&outcome, key));
    }
    assert!(value(&outcome, "trend_z_naive") < -8.0);
    assert_eq!((value(&outcome, "n_regions"), value(&outcome, "n_patterns")), (32.0, 3200.0));
    assert!(value(&outcome, "effective_patterns") < 3200.0);
    assert!(codes(&outcome).contains(&"strain_is_foil"));
    assert_eq!((outcome.figures.len(), outcome.table("strains").unwrap().n_rows()), (2, 4));
    assert_eq!(outcome.table("regions").unwrap().n_rows(), 32);
    let (strains, contrasts) = (outcome.table("strains").unwrap(), outcome.table("contrasts").unwrap());
    let column = |table: &Table, name: &str| table.numbers(name).unwrap().1.to_vec();
    let (share, changes) = (column(strains, "share"), column(contrasts, "change"));
    assert_eq!(changes.len(), 6);
    // The last strain against the first is the third pair, and the change that is estimated.
    assert!((changes[2] - (share[3] - share[0])).abs() < 1e-12 && (changes[2] - change.value).abs() < 1e-12);
    assert!((column(contrasts, "lo")[2] - change.interval.unwrap().lo).abs() < 1e-12);
    let (p, corrected) = (column(contrasts, "p"), column(contrasts, "p_holm"));
    assert!(p.iter().zip(&corrected).all(|(p, corrected)| p <= corrected) && p[2] < 1e-3, "{p:?} {corrected:?}");
    assert!(FractionByStrain::INFO.outputs.iter().all(|output| outcome.estimate(output.key).is_some()));
    assert!(outcome.estimates.iter().all(|found| FractionByStrain::INFO.outputs.iter().any(|output| output.key == found.key)));
    assert!(outcome.notes.iter().any(|note| note.code == "what_could_be_seen"));
}

/// With scatter between scans and no trend the exchange of scans keeps its level; the naive test does not.
#[test]
fn without_a_trend_the_valid_test_keeps_its_level() {
    let (mut valid, mut naive) = (0, 0);
    for seed in 0..120 {
        let counts = simulated(seed, &[0.0, 0.12], 4, 100, |_| 0.6, 0.05);
        let (strain, share): (Vec<f64>, Vec<f64>) = counts.iter().map(|count| (count.strain, count.share())).unzip();
        let (p, tried) = permutation_p(&strain, |labels| trend_statistic(labels, &share), seed);
        assert_eq!(tried, 70);
        valid += usize::from(p <= 0.05);
        naive += usize::from(cochran_armitage(&counts).unwrap().abs() > 1.96);
    }
    // A level of 4/70: at most 15 of 120 by chance (five standard errors); the naive test rejects more than a third.
    assert!(valid <= 18 && naive >= 40, "{valid} {naive}");
}

#[test]
fn foils_as_replicates_and_drifted_scans() {
    let counts = simulated(5, &[0.0, 0.05], 9, 60, |strain| 0.6 - 2.0 * strain, 0.03);
    let mut dataset = dataset(&counts, |i| Some(i / 3));
    let by_foil = FractionByStrain { unit: Replicate::Foil, ..FractionByStrain::default() };
    let outcome = run(&by_foil, &dataset).unwrap();
    assert_eq!((value(&outcome, "n_regions"), value(&outcome, "n_patterns")), (6.0, 1080.0));
    assert!(!codes(&outcome).contains(&"strain_is_foil"));
    assert!(codes(&run(&FractionByStrain::default(), &dataset).unwrap()).contains(&"foils_pooled"));
    let mut drift = Outcome::default();
    let plain = |key: &str, value: f64| Estimate::without_interval(key, "", value, "", "test");
    drift.estimates = vec![plain("drift_steps", 1.7), plain("drift_accepted", 0.0)];
    let first = dataset.upstream[0].clone();
    dataset.upstream.push(Upstream { method: "stem.drift".to_owned(), outcome: Arc::new(drift), ..first });
    let outcome = run(&FractionByStrain::default(), &dataset).unwrap();
    assert_eq!(value(&outcome, "n_regions"), 17.0);
    assert!(codes(&outcome).contains(&"drifted"));
    let with = outcome.table("strains_with_drifted").unwrap();
    assert_eq!(with.numbers("units").unwrap().1, [9.0, 9.0]);
    assert_eq!(outcome.table("regions").unwrap().n_rows(), 18);
}

#[test]
fn little_data_gives_shares_and_no_trend() {
    let one = simulated(1, &[0.05], 5, 100, |_| 0.4, 0.0);
    let outcome = run(&FractionByStrain::default(), &dataset(&one, |_| None)).unwrap();
    assert!(outcome.estimate("br_fraction_slope").is_none() && codes(&outcome).contains(&"no_trend"));
    let single = simulated(1, &[0.0, 0.05], 1, 100, |_| 0.4, 0.0);
    let outcome = run(&FractionByStrain::default(), &dataset(&single, |_| None)).unwrap();
    assert!(outcome.estimate("rho_overdispersion").is_none() && codes(&outcome).contains(&"no_trend"));
    let (lo, hi) = wilson_interval(single[0].x as usize, 100, 0.95).unwrap();
    let table = outcome.table("strains").unwrap();
    assert_eq!((table.numbers("lo_if_independent").unwrap().1[0], table.numbers("hi_if_independent").unwrap().1[0]), (lo, hi));
    let mut nameless = dataset(&one, |_| None);
    for upstream in &mut nameless.upstream {
        Arc::make_mut(&mut upstream.outcome).provenance.constants.clear();
    }
    let refused = run(&FractionByStrain::default(), &nameless).unwrap_err();
    assert!(refused.to_string().contains("5 have none stated") && refused.hint().contains("strain ="), "{refused}");
    assert!(run(&FractionByStrain::default(), &Dataset::default()).unwrap_err().hint().contains("stem.bragg_detection"));
    let by_foil = FractionByStrain { unit: Replicate::Foil, ..FractionByStrain::default() };
    assert!(run(&by_foil, &dataset(&one, |_| None)).unwrap_err().to_string().contains("5 scans do not say"));
    let threshold = FractionByStrain { threshold_strain: Some(f64::NAN), ..FractionByStrain::default() };
    assert!(run(&threshold, &dataset(&one, |_| None)).unwrap_err().to_string().contains("threshold_strain is NaN"));
}

#[test]
fn golden_numbers() {
    #[derive(Deserialize)]
    struct Golden {
        likelihood: Vec<Likelihood>,
        armitage: Armitage,
        design: Design,
    }
    #[derive(Deserialize)]
    struct Likelihood {
        x: f64,
        n: f64,
        p: f64,
        rho: f64,
        value: f64,
    }
    #[derive(Deserialize)]
    struct Armitage {
        z: f64,
    }
    #[derive(Deserialize)]
    struct Design {
        rho: Vec<f64>,
        half_width: Vec<f64>,
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    for row in golden.likelihood {
        let count = Count { strain: 0.0, x: row.x, n: row.n };
        assert!((ln_likelihood(&count, row.p, row.rho) / row.value - 1.0).abs() < 1e-10);
    }
    let pooled: Vec<Count> =
        STRAINS.iter().zip([480.0, 440.0, 430.0, 380.0]).map(|(s, x)| Count { strain: *s, x, n: 800.0 }).collect();
    assert!((cochran_armitage(&pooled).unwrap() / golden.armitage.z - 1.0).abs() < 1e-10);
    let (lo, hi) = wilson_interval(480, 800, 0.95).unwrap();
    for (rho, half_width) in golden.design.rho.iter().zip(golden.design.half_width) {
        assert!((0.5 * (hi - lo) * (1.0 + 99.0 * rho).sqrt() - half_width).abs() < 6e-4);
    }
}

/// The fit is a maximum, and without scatter it is the binomial one.
#[test]
fn the_beta_binomial_fit_is_a_maximum() {
    let counts = simulated(9, &[0.0, 0.1], 8, 100, |strain| 0.6 - strain, 0.08);
    let groups: Vec<Vec<Count>> = [&counts[..8], &counts[8..]].map(<[Count]>::to_vec).into();
    let fit = beta_binomial(&groups).unwrap();
    let at = |shift: f64, rho: f64| -> f64 {
        groups.iter().zip(&fit.p).map(|(group, p)| group.iter().map(|c| ln_likelihood(c, p + shift, rho)).sum::<f64>()).sum()
    };
    assert!((at(0.0, fit.rho) - fit.ln_likelihood).abs() < 1e-9);
    for (shift, rho) in [(1e-3, fit.rho), (-1e-3, fit.rho), (0.0, 1.03 * fit.rho), (0.0, 0.97 * fit.rho)] {
        assert!(at(shift, rho) < fit.ln_likelihood);
    }
    let (lo, hi) = fit.rho_interval;
    assert!(lo < fit.rho && fit.rho < hi);
    let even = vec![vec![Count { strain: 0.0, x: 60.0, n: 100.0 }; 5]];
    let fit = beta_binomial(&even).unwrap();
    assert_eq!((fit.rho, fit.rho_interval.0), (0.0, 0.0));
    assert!((fit.p[0] - 0.6).abs() < 1e-6);
}

#[test]
fn a_detectable_difference_is_detected_in_four_of_five() {
    let (n, mut found) = (400, 0);
    for seed in 0..n {
        let counts = simulated(seed, &[0.0, 1.0], 8, 100, |strain| 0.5 + 0.1 * strain, 0.0);
        let share = |at: std::ops::Range<usize>| counts[at].iter().map(Count::share).collect::<Vec<f64>>();
        let interval = difference(&share(0..8), &share(8..16)).unwrap().interval;
        found += usize::from(interval.0 > 0.0);
    }
    let deviation = (0.25f64 / 100.0).sqrt();
    let detectable = detectable_difference(deviation, 14.0, [8.0; 2]).unwrap();
    // 0.1 lies above the detectable difference, so it is found in more than four of five.
    assert!(detectable < 0.1 && found as f64 / f64::from(n as u32) > 0.8, "{detectable} {found}");
    // The number of the doc page: 0.07 of independent patterns.
    assert!((0.065..0.08).contains(&detectable), "{detectable}");
}

fn cover(n: usize, p: f64, rho: f64) -> [(&'static str, Coverage); 3] {
    let shares = |counts: &[Count]| counts.iter().map(Count::share).collect::<Vec<f64>>();
    let region = coverage(n, 1, p, |seed| Some(mean_share(&shares(&simulated(seed, &[0.0], 8, 100, |_| p, rho)))?.interval));
    let overdispersion = coverage(n, 2, rho, |seed| {
        let counts = simulated(seed, &STRAINS, 8, 100, |_| p, rho);
        Some(beta_binomial(&counts.chunks(8).map(<[Count]>::to_vec).collect::<Vec<_>>())?.rho_interval)
    });
    let trend = coverage(n, 3, -0.5 * p, |seed| {
        let counts = simulated(seed, &STRAINS, 8, 100, |strain| p * (1.0 - 0.5 * strain), rho);
        let strain: Vec<f64> = counts.iter().map(|count| count.strain).collect();
        Some(slope(&strain, &shares(&counts), &[])?.interval)
    });
    [("mean", region.unwrap()), ("rho", overdispersion.unwrap()), ("slope", trend.unwrap())]
}

#[test]
fn intervals_cover() {
    for (name, found) in cover(60, 0.5, 0.05) {
        assert!(found.covered >= 50, "{name} {found:?}");
    }
}

/// A skew law of shares: 95 % within the counting error of 600 trials; and an interval by hand.
#[test]
fn the_mean_of_skew_shares_covers() {
    let shares = |seed| simulated(seed, &[0.0], 8, 100, |_| 0.1, 0.1).iter().map(Count::share).collect::<Vec<f64>>();
    let found =
        coverage(600, 4, 0.1, |seed| Some(mean_share(&shares(seed))?.interval).filter(|ends| ends.0.is_finite())).unwrap();
    assert!(found.upper >= 0.93 && found.lower <= 0.985, "{found:?}");
    let (lo, hi) = mean_share(&[0.5, 0.6, 0.7]).unwrap().interval;
    // By hand: 0.6 ± 4.3027 · 0.1/√3 over 0.24 on the scale of logits.
    let reach = 4.302_652_729_7 * 0.1 / 3f64.sqrt() / 0.24;
    let logit = 1.5f64.ln();
    assert!(
        (lo - 1.0 / (1.0 + (reach - logit).exp())).abs() < 1e-9 && (hi - 1.0 / (1.0 + (-logit - reach).exp())).abs() < 1e-9
    );
    assert!(mean_share(&[0.01, 0.02, 0.03]).unwrap().interval.0.is_nan() && mean_share(&[0.4; 4]).unwrap().interval.0.is_nan());
}

#[test]
#[ignore = "minutes"]
fn intervals_cover_in_full() {
    for rho in [0.0, 0.05, 0.1] {
        for p in [0.1, 0.5, 0.9] {
            for (name, found) in cover(1000, p, rho) {
                println!("p {p}, rho {rho}, {name}: {found:?}");
                // What fails is not shown as an interval: rho.
                let shown = name == "slope" || name == "mean";
                assert!(!shown || (found.upper >= 0.92 && found.lower <= 0.98), "{name} {found:?}");
            }
        }
    }
}
