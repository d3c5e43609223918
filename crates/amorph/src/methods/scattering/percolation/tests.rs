#![allow(clippy::unwrap_used)]
use super::algorithm::*;
use super::*;
use crate::methods::scattering::random_fields::{amplitudes, gaussian, mixed};
use crate::methods::scattering::testing::dataset;
use crate::sim::fractal::Fractal;

const FACES: Rules = Rules { axes: 1, periodic: false };

fn run(method: &Percolation, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap_or_else(|| panic!("{key}")).value
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().map(|note| note.code.as_str()).collect()
}

/// Labels and sizes by walking from voxel to voxel.
fn walked(shape: [usize; 3], set: &[bool], rules: Rules) -> (Vec<u32>, Vec<f64>) {
    let (mut labels, mut sizes) = (vec![0; set.len()], Vec::new());
    let index = |at: [usize; 3]| (at[0] * shape[1] + at[1]) * shape[2] + at[2];
    for first in (0..set.len()).filter(|i| set[*i]) {
        if labels[first] != 0 {
            continue;
        }
        labels[first] = sizes.len() as u32 + 1;
        let (mut stack, mut size) = (vec![first], 0.0);
        while let Some(i) = stack.pop() {
            size += 1.0;
            let at = [i / (shape[1] * shape[2]), i / shape[2] % shape[1], i % shape[2]];
            for step in 0..27 {
                let step = [step / 9, step / 3 % 3, step % 3].map(|k: isize| k - 1);
                let to: [isize; 3] = std::array::from_fn(|a| at[a] as isize + step[a]);
                let outside = (0..3).any(|a| to[a] < 0 || to[a] >= shape[a] as isize);
                if step.iter().filter(|k| **k != 0).count() > rules.axes || outside && !rules.periodic {
                    continue;
                }
                let near = index(std::array::from_fn(|a| to[a].rem_euclid(shape[a] as isize) as usize));
                if set[near] && labels[near] == 0 {
                    labels[near] = sizes.len() as u32 + 1;
                    stack.push(near);
                }
            }
        }
        sizes.push(size);
    }
    (labels, sizes)
}

#[test]
fn clusters_are_those_of_a_walk() {
    let shape = [5, 6, 7];
    for seed in 0..30 {
        let share = [0.15, 0.3, 0.5][seed as usize % 3];
        let set: Vec<bool> = mixed(210, seed).into_iter().map(|value| value < share).collect();
        for axes in 1..=3 {
            for periodic in [false, true] {
                let rules = Rules { axes, periodic };
                let found = Clusters::new(shape, &set, [(0, 4), (0, 5), (0, 6)], rules);
                let (labels, sizes) = walked(shape, &set, rules);
                assert_eq!(found.labels, labels, "{seed} {rules:?}");
                assert_eq!(found.all.iter().map(|cluster| cluster.size).collect::<Vec<_>>(), sizes);
            }
        }
    }
}

/// Rows as long as words of bits and not, slabs of one layer and of many: the same labels whatever the threads.
#[test]
fn labels_do_not_depend_on_threads() {
    for (seed, shape) in [[9, 3, 64], [4, 5, 65], [7, 8, 128], [1, 1, 130], [16, 9, 71]].into_iter().enumerate() {
        let n: usize = shape.iter().product();
        for share in [0.2, 0.35, 0.8] {
            let set: Vec<bool> = mixed(n, seed as u64).into_iter().map(|value| value < share).collect();
            for axes in 1..=3 {
                let rules = Rules { axes, periodic: false };
                let ends = shape.map(|n| (0, n - 1));
                let (labels, sizes) = walked(shape, &set, rules);
                for threads in [1, 2, 5] {
                    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                    let found = pool.install(|| Clusters::new(shape, &set, ends, rules));
                    assert_eq!(found.labels, labels, "{shape:?} {rules:?}, {threads} threads");
                    assert_eq!(found.all.iter().map(|cluster| cluster.size).collect::<Vec<_>>(), sizes);
                    assert_eq!(pool.install(|| spans(shape, &set, ends, rules)), found.spans());
                }
            }
        }
    }
}

#[test]
fn bars_span_and_have_their_length() {
    let shape = [8, 9, 10];
    let bar = |lo: usize, hi: usize| {
        let at = |i: usize| (i / 90, i / 10 % 9, i % 10);
        (0..720).map(|i| at(i).0 == 3 && at(i).1 == 4 && (lo..hi).contains(&at(i).2)).collect::<Vec<bool>>()
    };
    let clusters = |set: &[bool], rules: Rules| Clusters::new(shape, set, [(0, 7), (0, 8), (0, 9)], rules);
    let whole = clusters(&bar(0, 10), FACES);
    assert_eq!(whole.spans(), [false, false, true]);
    assert!(whole.mean_size().is_nan() && whole.finite().count() == 0);
    // R² of a bar of n voxels is (n² - 1)/12, and ξ² twice that.
    let part = clusters(&bar(2, 7), FACES);
    assert!((part.correlation_length() - 2.0).abs() < 1e-12 && part.mean_size() == 5.0 && part.spans() == [false; 3]);
    let periodic = Rules { periodic: true, ..FACES };
    assert_eq!(clusters(&bar(0, 10), periodic).spans(), [false, false, true]);
    // Two pieces that meet across the face are one bar of five, without an image that it touches.
    let mut halves = bar(0, 2);
    halves.iter_mut().zip(bar(7, 10)).for_each(|(a, b)| *a |= b);
    let joined = clusters(&halves, periodic);
    assert!(joined.all.len() == 1 && joined.spans() == [false; 3]);
    assert!((joined.correlation_length() - 2.0).abs() < 1e-9, "{}", joined.correlation_length());
    assert_eq!(clusters(&halves, FACES).all.len(), 2);
}

#[test]
fn euler_numbers_of_simple_bodies() {
    let shape = [5; 3];
    let of = |inside: &dyn Fn(usize, usize, usize) -> bool, corners: bool| {
        let set: Vec<bool> = (0..125).map(|i| inside(i / 25, i / 5 % 5, i % 5)).collect();
        euler_number(shape, &set, corners)
    };
    let middle = |k: usize| (1..4).contains(&k);
    for corners in [false, true] {
        assert_eq!(of(&|z, y, x| middle(z) && middle(y) && middle(x), corners), 1.0);
        assert_eq!(of(&|z, y, x| z == 2 && middle(y) && middle(x) && (y, x) != (2, 2), corners), 0.0);
        assert_eq!(of(&|z, y, x| middle(z) && middle(y) && middle(x) && (z, y, x) != (2, 2, 2), corners), 2.0);
        assert_eq!(of(&|z, y, x| (z, y, x) == (0, 0, 0) || (z, y, x) == (4, 4, 4), corners), 2.0);
    }
    // Two voxels that share a corner are one body only where corners touch.
    assert_eq!(of(&|z, y, x| z == y && y == x && z < 2, false), 2.0);
    assert_eq!(of(&|z, y, x| z == y && y == x && z < 2, true), 1.0);
}

/// The share at which random sites span comes near that of the infinite lattice from above as volumes grow.
#[test]
fn random_sites_percolate_where_they_should() {
    let threshold = |n: usize, neighbours: Neighbours, seed: u64| {
        let (values, object) = (mixed(n * n * n, seed), vec![true; n * n * n]);
        let ordered = Ordered::new([n; 3], &values, &object, [(0, n - 1); 3]);
        ordered.threshold(Rules { axes: neighbours.axes(), periodic: false }).unwrap()
    };
    for neighbours in Neighbours::ALL {
        // At 40³ twelve volumes gave 0.322 ± 0.007, 0.145 ± 0.004 and 0.106 ± 0.003.
        let mean = (0..6).map(|seed| threshold(40, neighbours, seed)).sum::<f64>() / 6.0;
        let known = neighbours.lattice_threshold();
        assert!((known - 0.004..known + 0.022).contains(&mean), "{neighbours:?} {mean}");
    }
}

#[test]
fn volumes_are_told_from_chance_or_not() {
    // A smooth field spans at a smaller share than single voxels would.
    let field = Fractal::LevelSet { length: 8.0, share: 0.3 }.fill([32; 3], 4).unwrap();
    let method = Percolation { surrogates: 19, ..Percolation::default() };
    let outcome = run(&method, &dataset(field.shape, field.grey(0.0, 1))).unwrap();
    assert!((value(&outcome, "p_random_threshold") - 0.1).abs() < 1e-9, "{:?}", outcome.estimates);
    assert!(value(&outcome, "percolation_threshold") < value(&outcome, "null_random_threshold") - 0.1);
    assert!((value(&outcome, "volume_fraction") - 0.3).abs() < 1e-3);
    assert!((value(&outcome, "correlation_length_cluster") / 30e-9).is_finite());
    assert!(Percolation::INFO.outputs.iter().all(|output| outcome.estimate(output.key).is_some()), "{:?}", outcome.estimates);
    assert_eq!((outcome.figures.len(), outcome.maps.len(), outcome.tables.len()), (3, 1, 3));
    assert!(codes(&outcome).contains(&"few_surrogates"));
    // The dense phase of a volume turned around is its loose phase.
    let turned: Vec<f32> = field.grey(0.0, 1).into_iter().map(|value| -value).collect();
    let loose = Percolation { phase: Phase::Low, quantile: 0.3, ..method.clone() };
    let mirrored = run(&loose, &dataset(field.shape, turned)).unwrap();
    for key in ["percolation_threshold", "n_clusters", "largest_cluster_share", "euler_number"] {
        assert_eq!(value(&outcome, key), value(&mirrored, key), "{key}");
    }
}

#[test]
fn ranks_are_exact() {
    let others: Vec<f64> = (1..20).map(f64::from).collect();
    assert!((rank_p(50.0, &others) - 0.1).abs() < 1e-12 && (rank_p(-1.0, &others) - 0.1).abs() < 1e-12);
    assert_eq!(rank_p(10.0, &others), 1.0);
    // A volume whose numbers are all alike says nothing.
    assert_eq!(rank_p(3.0, &[3.0; 9]), 1.0);
    assert!(rank_p(f64::NAN, &others).is_nan());
}

#[test]
fn what_cannot_be_is_refused() {
    let flat = |shape: [usize; 3]| dataset(shape, vec![1.0; shape.iter().product()]);
    let refused = |method: &Percolation, dataset: &Dataset| run(method, dataset).unwrap_err().to_string();
    let plain = Percolation::default();
    assert!(refused(&plain, &flat([40, 12, 40])).contains("at least 16"));
    assert!(refused(&plain, &flat([32; 3])).contains("nothing to measure"));
    assert!(refused(&plain, &Dataset::default()).contains("a volume is needed"));
    for (method, name) in [
        (Percolation { quantile: 1.0, ..plain.clone() }, "quantile"),
        (Percolation { surrogates: 1, ..plain.clone() }, "surrogates"),
        (Percolation { periodic: true, object_above: Some(0.0), ..plain.clone() }, "object_above"),
    ] {
        assert!(refused(&method, &flat([32; 3])).starts_with(name), "{name}");
    }
}

/// Rates of small p values where there is nothing to find: voxels in random order, and random fields.
#[test]
#[ignore = "minutes"]
fn false_alarms_in_full() {
    let (shape, n) = ([32; 3], 32usize.pow(3));
    let object = vec![true; n];
    let measured = |values: &[f32]| {
        let ordered = Ordered::new(shape, values, &object, [(0, 31); 3]);
        let clusters = Clusters::new(shape, &ordered.first(n * 15 / 100), ordered.ends, FACES);
        [ordered.threshold(FACES).unwrap(), clusters.largest_share()]
    };
    let count = |p: &[[f64; 2]], at: usize| p.iter().filter(|p| p[at] <= 0.1 + 1e-9).count();
    let p_values = |own: [f64; 2], others: &[[f64; 2]]| -> [f64; 2] {
        std::array::from_fn(|k| rank_p(own[k], &others.iter().map(|other| other[k]).collect::<Vec<f64>>()))
    };
    let (mut random, mut fields) = (Vec::new(), Vec::new());
    for seed in 0..200 {
        let others: Vec<[f64; 2]> = (1..20).map(|k| measured(&mixed(n, seed * 100 + k))).collect();
        random.push(p_values(measured(&mixed(n, seed * 100)), &others));
        let field = Fractal::LevelSet { length: 8.0, share: 0.15 }.fill(shape, seed).unwrap();
        let values: Vec<f32> = field.field.iter().map(|value| *value as f32).collect();
        let spectrum = amplitudes(shape, &values, &object);
        let others: Vec<[f64; 2]> = (1..20).map(|k| measured(&gaussian(&spectrum, seed * 100 + k))).collect();
        fields.push(p_values(measured(&values), &others));
    }
    for (name, all) in [("mixed", &random), ("fields", &fields)] {
        println!("{name}: p <= 0.1 in {} and {} of 200", count(all, 0), count(all, 1));
        // 20 are expected; 37 are four standard deviations more.
        assert!(count(all, 0) <= 37 && count(all, 1) <= 37, "{name}");
    }
}
