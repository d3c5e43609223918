use std::sync::Arc;

use ndarray::Array2;
use serde_json::json;

use super::algorithm::{Pool, mean_of, tail_distance};
use super::noise::{by_difference_of_directions, by_reference};
use super::*;
use crate::core::data::{Extent, Map};
use crate::core::image::Connectivity;
use crate::core::outcome::Estimate;
use crate::core::random::{FieldModel, FieldSampler, standard_normals};
use crate::core::stats::{Moments, coverage, permutation_test_of_items, student_t_quantile};
use crate::core::unit::Unit;
use crate::method::{Constants, Upstream, find};
use crate::methods::afm::distribution::levels::{Levels, RegionRule};

const RULE: RegionRule = RegionRule { connectivity: Connectivity::Four, min_pixels: 4 };

fn white(seed: u64, n: usize, mean: f64, sd: f64) -> Array2<f64> {
    Array2::from_shape_vec((n, n), standard_normals(seed, n * n)).unwrap().mapv(|z| mean + sd * z)
}

fn levels(values: &Array2<f64>) -> Levels {
    Levels::of_map(values, None, RULE).unwrap()
}

/// The outcomes that a study would hold: one distribution per site.
fn study(states: &[(&str, Vec<Array2<f64>>)]) -> Dataset {
    let mut dataset = Dataset::default();
    for (state, sites) in states {
        for (index, values) in sites.iter().enumerate() {
            let map = Map::new("dissipated_energy", values.clone(), Unit::of("J"), Some(Extent::metres(1e-7, 1e-7)));
            let item = Dataset::of_maps(vec![map], Constants::default());
            let outcome = find("dafm.distribution").unwrap().run(&json!({}), &item, &Ctx::new(1)).unwrap();
            dataset.upstream.push(Upstream {
                job: String::new(),
                method: "dafm.distribution".to_owned(),
                state: (*state).to_owned(),
                item: format!("{state}_{index}"),
                outcome: Arc::new(outcome),
            });
        }
    }
    dataset
}

fn sites(seed: u64, n: usize, change: impl Fn(f64) -> f64) -> Vec<Array2<f64>> {
    (0..n as u64).map(|site| white(100 * seed + site, 40, 10.0, 1.0).mapv(&change)).collect()
}

fn run(parameters: serde_json::Value, dataset: &Dataset) -> Outcome {
    find("dafm.distributions_by_state").unwrap().run(&parameters, dataset, &Ctx::new(5)).unwrap()
}

fn number(outcome: &Outcome, table: &str, column: &str) -> f64 {
    outcome.table(table).unwrap().numbers(column).unwrap().1[0]
}

fn estimate<'a>(outcome: &'a Outcome, key: &str) -> &'a Estimate {
    outcome.estimate(key).unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn pooling_is_exact() {
    let maps = [white(1, 24, 3.0, 1.0), white(2, 24, 3.5, 0.4), white(3, 24, 3.0, 1.1)];
    let all: Vec<Levels> = maps.iter().map(levels).collect();
    let pool = Pool::of(&[vec![&all[0], &all[1]], vec![&all[2]]]);
    let cumulated = pool.pooled(0);
    for place in (0..pool.indices.len()).step_by(11) {
        let share = |map: &Array2<f64>| map.iter().filter(|value| **value < pool.level(place)).count() as f64 / 576.0;
        assert!((cumulated[place] - 0.5 * (share(&maps[0]) + share(&maps[1]))).abs() < 1e-12);
    }
    let together: Vec<f64> = maps[0].iter().chain(&maps[1]).copied().collect();
    let exact = Moments::of(&together).unwrap();
    let [mean, sd, skewness, kurtosis] = pool.moments(&cumulated);
    // The values of a bin are taken at its centre: errors of a step over the root of twelve times the number of values.
    assert!((mean - exact.mean).abs() < pool.step && (sd / exact.std_dev - 1.0).abs() < 2e-3);
    assert!((skewness - exact.skewness).abs() < 0.02 && (kurtosis - exact.excess_kurtosis).abs() < 0.03);
    let area: f64 =
        pool.density(1).iter().zip(pool.bins.windows(2)).map(|((d, _), b)| d * (pool.level(b[1]) - pool.level(b[0]))).sum();
    assert!((area - 1.0).abs() < 1e-9);
    assert!((pool.quantile(&cumulated, 0.5) - crate::core::stats::median(&together).unwrap()).abs() < 2.0 * pool.step);
}

#[test]
fn distances_of_tails_by_hand() {
    // Shares below levels 0, 1, 2, 3, 4; the tail of the second ends at level 2 (20 %).
    let (a, b) = ([0.0, 0.2, 0.2, 0.6, 1.0], [0.0, 0.1, 0.2, 0.9, 1.0]);
    let found = tail_distance(&a, &b, &[0, 1, 2, 3, 4], 0.2);
    assert!((found.ks - 0.1).abs() < 1e-12 && (found.overlap - 2.0 * 0.1 / 0.4).abs() < 1e-12);
    let same = tail_distance(&b, &b, &[0, 2, 4], 0.2);
    assert_eq!((same.ks, same.overlap), (0.0, 1.0));
    let elsewhere = tail_distance(&[0.0, 0.0, 0.0, 0.5, 1.0], &b, &[0, 1, 2, 3, 4], 0.2);
    assert!((elsewhere.ks - 0.2).abs() < 1e-12 && elsewhere.overlap == 0.0);
}

/// Sites that scatter, of one population divided at random into two states of four.
fn null_p(seed: u64) -> f64 {
    let shift = standard_normals(seed ^ 0xABCD, 8);
    let all: Vec<Levels> = (0..8)
        .map(|site| levels(&white(seed.wrapping_mul(31).wrapping_add(site), 12, 10.0 + 0.3 * shift[site as usize], 1.0)))
        .collect();
    let pool = Pool::of(&[all[..4].iter().collect(), all[4..].iter().collect()]);
    let sites: Vec<&[f64]> = pool.below.iter().flatten().map(Vec::as_slice).collect();
    let pick = |items: &[usize]| mean_of(&items.iter().map(|item| sites[*item]).collect::<Vec<_>>());
    let distance = |a: &[usize], b: &[usize]| tail_distance(&pick(a), &pick(b), &pool.bins, 0.2).ks;
    permutation_test_of_items(4, 4, distance, 999, seed).unwrap().p_value
}

fn false_alarms(trials: u64) -> f64 {
    (0..trials).filter(|seed| null_p(*seed) <= 0.05).count() as f64 / trials as f64
}

#[test]
fn the_false_alarm_rate_is_the_stated_one() {
    // 70 divisions: p can be 3/70 at most below 0.05. Four standard errors of that share in 300 trials.
    let expected = 3.0 / 70.0f64;
    let rate = false_alarms(300);
    assert!((rate - expected).abs() < 4.0 * (expected * (1.0 - expected) / 300.0).sqrt(), "{rate}");
}

#[test]
#[ignore = "full test, run by make validate"]
fn the_false_alarm_rate_in_full() {
    let (expected, trials) = (3.0 / 70.0f64, 5000);
    let rate = false_alarms(trials);
    println!("false alarms at 3/70 = {expected:.4}: {rate:.4} of {trials}");
    assert!((rate - expected).abs() < 3.0 * (expected * (1.0 - expected) / trials as f64).sqrt(), "{rate}");
}

#[test]
fn a_changed_low_side_is_found_and_a_changed_high_side_is_not() {
    let reference = ("cast", sites(1, 5, |e| e));
    let broader = study(&[reference.clone(), ("pressed", sites(2, 5, |e| if e > 10.0 { 10.0 + 1.6 * (e - 10.0) } else { e }))]);
    let outcome = run(json!({}), &broader);
    assert!(number(&outcome, "low_tail", "ks_p") > 0.05, "{:?}", outcome.table("low_tail"));
    assert!(estimate(&outcome, "low_tail_overlap@pressed-cast").value > 0.9);
    let sd = |state: &str| estimate(&outcome, &format!("distribution_sd@{state}")).value;
    assert!(sd("pressed") > 1.2 * sd("cast"));
    let lower = study(&[reference, ("pressed", sites(2, 5, |e| if e < 10.0 { 10.0 + 1.3 * (e - 10.0) } else { e }))]);
    let outcome = run(json!({}), &lower);
    // 252 divisions: the smallest possible probability.
    assert!(number(&outcome, "low_tail", "ks_p") < 0.01 && number(&outcome, "low_tail", "overlap_p") < 0.01);
    let note = outcome.notes.iter().find(|note| note.code == "low_tail").unwrap();
    assert!(note.message.contains("the low tails differ"), "{}", note.message);
    assert_eq!(outcome.figures.len(), 2);
}

#[test]
fn the_noise_of_a_reference_state_is_taken_off() {
    let cast = sites(1, 6, |e| e);
    let silicon: Vec<Array2<f64>> = (0..6).map(|site| white(900 + site, 40, 2.0, 0.6)).collect();
    let outcome = run(json!({"noise_state": "silicon"}), &study(&[("silicon", silicon), ("cast", cast)]));
    let found = estimate(&outcome, "material_sd@cast");
    assert!((found.value - 0.8).abs() < 0.03, "{}", found.value);
    assert!(found.interval.unwrap().lo < 0.8 && found.interval.unwrap().hi > 0.8);
    assert!(outcome.estimate("material_sd@silicon").is_none() && outcome.table("low_tail").is_none());
    let plain = run(json!({}), &study(&[("cast", sites(1, 3, |e| e))]));
    assert!(plain.notes.iter().any(|note| note.code == "noise_unknown"));
}

#[test]
fn intervals_of_the_material_spread_cover() {
    // Variances of sites: 1 for the material with a scatter of a fifth, 0.25 for the noise with a scatter of a tenth.
    let draw = |seed: u64, n: usize| {
        let z = standard_normals(seed, 2 * n);
        let noise: Vec<f64> = z[..n].iter().map(|z| (0.25 + 0.025 * z).sqrt()).collect();
        let sd: Vec<f64> = z[n..].iter().zip(&noise).map(|(z, noise)| (1.0 + 0.2 * z + noise * noise).sqrt()).collect();
        (sd, noise)
    };
    for n in [3, 5, 10] {
        let own = coverage(1500, 3, 1.0, |seed| {
            let (sd, noise) = draw(seed, n);
            by_difference_of_directions(&sd, &noise).unwrap().interval
        });
        let reference = coverage(1500, 4, 1.0, |seed| {
            let (sd, _) = draw(seed, n);
            let (_, noise) = draw(seed ^ 77, n);
            by_reference(&sd, &noise).unwrap().interval
        });
        for found in [own.unwrap(), reference.unwrap()] {
            // Four standard errors of 0.95 in 1500 trials; Welch's interval is a little long for three sites.
            assert!((0.927..=0.98).contains(&found.fraction), "{n}: {found:?}");
        }
    }
}

/// Coverage of the t interval of the mean over sites for sd, relative variation, skewness and kurtosis of correlated, skewed images.
fn site_coverage(trials: usize, n: usize) -> [f64; 4] {
    let sampler = FieldSampler::new(&FieldModel::isotropic(0.4, 2.0, 0.5), (40, 40), (1.0, 1.0)).unwrap();
    let site = |seed: u64| {
        let own = standard_normals(seed ^ 0x5EED, 1)[0];
        let field: Vec<f64> = sampler.sample(seed).iter().map(|z| 3.0 + 0.1 * own + z.exp()).collect();
        let m = Moments::of(&field).unwrap();
        [m.std_dev, m.std_dev / m.mean, m.skewness, m.excess_kurtosis]
    };
    let truths: Vec<[f64; 4]> = (0..4000).map(|seed| site(1 << 40 | seed)).collect();
    let mut rates = [0.0; 4];
    for (index, rate) in rates.iter_mut().enumerate() {
        let truth = truths.iter().map(|numbers| numbers[index]).sum::<f64>() / truths.len() as f64;
        let trial = |seed: u64| {
            let values: Vec<f64> = (0..n as u64).map(|k| site(seed.wrapping_add(k))[index]).collect();
            let m = Moments::of(&values).ok()?;
            let half = student_t_quantile(0.975, n as f64 - 1.0).ok()? * m.std_error();
            Some((m.mean - half, m.mean + half))
        };
        *rate = coverage(trials, 9, truth, trial).unwrap().fraction;
    }
    rates
}

#[test]
#[ignore = "full coverage, run by make validate"]
fn averages_over_sites_cover_in_full() {
    for n in [3, 5, 10] {
        let rates = site_coverage(1000, n);
        println!("{n} sites: sd, cv, skewness, kurtosis {rates:?}");
        assert!(rates.iter().take(3).all(|rate| (0.92..=0.97).contains(rate)), "{n}: {rates:?}");
    }
}

#[test]
fn units_do_not_matter_and_threads_neither() {
    let states = |factor: f64| study(&[("a", sites(1, 3, |e| factor * e)), ("b", sites(2, 3, |e| factor * e))]);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(json!({}), &states(1.0)))
    };
    let one = with(1);
    assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&with(3)).unwrap());
    // Half a power of two moves the levels against the values by less than a step.
    let other = run(json!({}), &states(1.5e-18));
    for column in ["ks", "overlap"] {
        let (a, b) = (number(&one, "low_tail", column), number(&other, "low_tail", column));
        assert!((a - b).abs() < 0.06, "{column}: {a} {b}");
    }
    let relative = |outcome: &Outcome| estimate(outcome, "distribution_cv@a").value;
    assert!((relative(&one) / relative(&other) - 1.0).abs() < 1e-9);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let method = find("dafm.distributions_by_state").unwrap();
    let error = |parameters: serde_json::Value, dataset: &Dataset| method.run(&parameters, dataset, &Ctx::new(1)).unwrap_err();
    let nothing = error(json!({}), &Dataset::default());
    assert!(nothing.hint().contains("dafm.distribution"), "{}", nothing.hint());
    let good = study(&[("a", sites(1, 2, |e| e)), ("b", sites(2, 1, |e| e))]);
    assert!(
        error(json!({"reference": "c"}), &good)
            .to_string()
            .contains("'c' has no distributions; states with distributions: a, b")
    );
    assert!(error(json!({"low_tail": 0.9}), &good).to_string().contains("low_tail"));
    assert!(error(json!({"permutations": 10}), &good).to_string().contains("999"));
    let outcome = run(json!({}), &good);
    assert!(outcome.notes.iter().any(|note| note.code == "too_few_sites" && note.message.contains("compared: b")));
    assert!(estimate(&outcome, "distribution_mean@b").no_interval.is_some());
    let mut mixed = good.clone();
    let mut other = (*mixed.upstream[2].outcome).clone();
    other.provenance.parameters = json!({"map": "phase_lag"});
    mixed.upstream[2].outcome = Arc::new(other);
    assert!(error(json!({}), &mixed).to_string().contains("dissipated_energy and phase_lag"));
}
