#![allow(clippy::unwrap_used)]
use super::algorithm::{Definition, Variances};
use super::*;
use crate::core::data::{Pixels, Table};
use crate::core::outcome::Severity;
use crate::core::stats::coverage;
use crate::core::stream::{merge_shards, tile_frames};
use crate::method::Constants;
use crate::sim::nbed::{BeamStop, Nbed, Order};

fn speckle() -> Nbed {
    Nbed {
        scan: [8, 10],
        detector: [64, 60],
        centre: [31.4, 29.2],
        disk_radius: 3.0,
        halo_radius: 18.0,
        halo_width: 3.0,
        order: Order::Fraction { fraction: 0.0, overdispersion: 0.0 },
        ..Nbed::default()
    }
}

fn known() -> Fluctuation {
    Fluctuation {
        disk_radius: Some(3.0),
        centre: Some([31.4, 29.2]),
        ellipse: Some([1.0, 0.0]),
        halo: Some([18.0, 3.0]),
        ..Fluctuation::default()
    }
}

fn gain(value: &str) -> Constants {
    Constants::default().with_quantity("detector_gain", value).unwrap().with_quantity("dark_level", "0").unwrap()
}

fn run(method: &Fluctuation, scan: &Scan4d, constants: Constants) -> Result<Outcome, MethodError> {
    let dataset = Dataset::of_scan(scan.clone(), constants);
    method.run(&method.check(&dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().filter(|note| note.severity == Severity::Warning).map(|note| note.code.as_str()).collect()
}

/// Speckle of M modes has V = 1/M at every k, whatever dose and gain: shot noise is taken off, and only then.
#[test]
fn the_modes_of_speckle_are_recovered_at_any_dose() {
    for (modes, dose, counts_per_electron) in [(2.0, 20.0, 1.0), (8.0, 5.0, 4.0)] {
        let nbed = Nbed { scan: [16, 16], modes, dose, gain: counts_per_electron, ..speckle() };
        let scan = nbed.measure(3).unwrap().scan;
        let stated = run(&known(), &scan, gain(&counts_per_electron.to_string())).unwrap();
        for key in ["fluctuation_image", "fluctuation_re"] {
            let estimate = stated.estimate(key).unwrap();
            let error = estimate.std_error.unwrap();
            assert!((estimate.value - 1.0 / modes).abs() < 5.0 * error && error < 0.1 / modes, "{key} {estimate:?}");
        }
        assert!(stated.estimate("speckle_modes_M").is_some());
        assert!(value(&stated, "fluctuation_r") < value(&stated, "fluctuation_re"));
        assert!(value(&stated, "fluctuation_omega") < 0.2 / modes);
        let without = run(&known(), &scan, Constants::default()).unwrap();
        assert!(codes(&without).contains(&"includes_shot_noise"));
        assert!(without.estimate("fluctuation_image").unwrap().flags.contains(&"includes_shot_noise".to_owned()));
        assert!(value(&without, "fluctuation_image") > value(&stated, "fluctuation_image"));
    }
}

/// Reflections raise V, and the geometry is found when it is not given.
#[test]
fn order_raises_the_variance() {
    let method = Fluctuation { disk_radius: Some(3.0), ..Fluctuation::default() };
    let with = |fraction| {
        let nbed = Nbed { order: Order::Fraction { fraction, overdispersion: 0.0 }, ellipse: (1.05, 0.5), ..speckle() };
        let stated = gain("1").with_quantity("relative_thickness", "0.45 +- 0.02").unwrap();
        run(&method, &nbed.measure(5).unwrap().scan, stated).unwrap()
    };
    let (without, ordered) = (with(0.0), with(0.5));
    for definition in Definition::ALL {
        let key = format!("fluctuation_{}", definition.key());
        assert!(value(&ordered, &key) > 1.3 * value(&without, &key), "{key}");
    }
    assert!((value(&ordered, "halo_radius") - 18.0).abs() < 1.0);
    let table = ordered.table("v_k").unwrap();
    let (_, distances) = table.numbers("distance_px").unwrap();
    let (_, curve) = table.numbers("v_image").unwrap();
    let highest = distances.iter().zip(curve).filter(|(_, v)| v.is_finite()).max_by(|a, b| a.1.total_cmp(b.1)).unwrap();
    assert!((highest.0 - 18.0).abs() <= 4.0, "{highest:?}");
    assert!(Fluctuation::INFO.outputs.iter().all(|output| ordered.estimate(output.key).is_some()));
    assert!(ordered.estimates.iter().all(|found| Fluctuation::INFO.outputs.iter().any(|output| output.key == found.key)));
    assert_eq!(ordered.figures.len(), 2);
    let thickness = ordered.estimate("relative_thickness").unwrap();
    assert_eq!((thickness.value, thickness.std_error), (0.45, Some(0.02)));
}

/// Only whole patterns change in brightness: V of the ring stays, the others are warned about.
#[test]
fn thickness_is_told_from_speckle() {
    let thickness: Vec<f64> = (0..80).map(|i| 0.5 + f64::from(i % 10) / 9.0).collect();
    let ramp = Nbed { thickness, modes: 8.0, dose: 60.0, ..speckle() };
    let flat = Nbed { thickness: Vec::new(), ..ramp.clone() };
    let [ramp, flat] = [ramp, flat].map(|nbed| run(&known(), &nbed.measure(2).unwrap().scan, gain("1")).unwrap());
    assert!(codes(&ramp).contains(&"thickness_varies") && !codes(&flat).contains(&"thickness_varies"));
    assert!((value(&ramp, "fluctuation_r") / value(&flat, "fluctuation_r") - 1.0).abs() < 0.05);
    assert!(value(&ramp, "fluctuation_image") > 1.5 * value(&flat, "fluctuation_image"));
}

/// A stop, found by itself or stated as a sector, hides pixels but does not move the variance.
#[test]
fn a_beam_stop_does_not_move_the_variance() {
    let stop = BeamStop { angle: 0.7, half_width: 2.5 };
    let nbed = Nbed { scan: [12, 14], ..speckle() };
    let plain = run(&known(), &nbed.measure(4).unwrap().scan, gain("1")).unwrap();
    let scan = Nbed { beam_stop: Some(stop), bad_pixels: 12, ..nbed }.measure(4).unwrap().scan;
    let hidden = run(&known(), &scan, gain("1")).unwrap();
    let sector = [0.7f64.to_degrees() - 15.0, 0.7f64.to_degrees() + 15.0];
    let stated = run(&Fluctuation { masked_sectors: vec![sector], ..known() }, &scan, gain("1")).unwrap();
    let seen = |outcome: &Outcome| outcome.table("v_k").unwrap().numbers("pixels").unwrap().1.iter().sum::<f64>();
    assert!(seen(&plain) > seen(&hidden) && seen(&hidden) > seen(&stated));
    for key in ["fluctuation_image", "fluctuation_re", "fluctuation_r"] {
        let error = plain.estimate(key).unwrap().std_error.unwrap();
        for outcome in [&hidden, &stated] {
            // Other pixels are another sample of the same speckle.
            let off = (value(outcome, key) - value(&plain, key)).abs();
            assert!(off < 2.0 * error, "{key}: {off:e}, standard error {error:e}");
        }
    }
}

#[test]
fn threads_shards_and_memory_do_not_change_the_sums() {
    let nbed =
        Nbed { detector: [128, 120], centre: [63.0, 60.0], halo_radius: 36.0, halo_width: 5.0, disk_radius: 5.0, ..speckle() };
    let scan = nbed.measure(6).unwrap().scan;
    assert!(tile_frames(&scan) < 80 / 3);
    let shells = Shells::new(128 * 120, |i| ((i / 120) as f64 - 63.0).hypot((i % 120) as f64 - 60.0), |i| i % 7 != 0, 10, 50);
    let fold = AddFrames { shells: &shells, frame_len: 128 * 120, scan: [8, 10], blocks: [4, 4], dark: 0.0 };
    let with = |n: usize, limit: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        pool.install(|| fold_scan(&scan, &fold, Shard::WHOLE, &Ctx::new(0).with_memory_limit(limit))).unwrap()
    };
    let (one, three) = (with(1, 1 << 20), with(3, 1 << 30));
    assert!(one == three);
    let parts = (1..=3).map(|i| fold_scan(&scan, &fold, Shard::new(i, 3).unwrap(), &Ctx::new(0)).unwrap());
    let merged = merge_shards(&fold, parts);
    assert_eq!(merged.blocks.len(), 16);
    for ((block, a), (other, b)) in one.blocks.iter().zip(&merged.blocks) {
        assert_eq!((block, &a.pixels), (other, &b.pixels), "sums of integers are exact");
        for (a, b) in a.shells.iter().flatten().zip(b.shells.iter().flatten()) {
            assert!((a - b).abs() <= 1e-12 * a.abs());
        }
    }
}

#[test]
fn golden_variances() {
    #[derive(Deserialize)]
    struct Golden {
        shell: Vec<Shell>,
    }
    #[derive(Deserialize)]
    struct Shell {
        distance: usize,
        pixels: f64,
        mean: f64,
        variance: [f64; 4],
        shot: [f64; 4],
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    let mut shells = Shells::new(143, |i| ((i / 11) as f64 - 6.0).hypot((i % 11) as f64 - 5.0), |_| true, 2, 5);
    let order: Vec<usize> = shells.pixels.iter().map(|pixel| *pixel as usize).collect();
    shells.seen.clear();
    let mut sums = Sums::new(&shells);
    for (y, x) in (0..5).flat_map(|y| (0..4).map(move |x| (y, x))) {
        let values: Vec<f64> =
            order.iter().map(|i| (20 + (4099 * y + 1009 * x + 131 * (i / 11) + 7 * (i % 11)) % 97) as f64).collect();
        sums.add(&shells, &values);
    }
    let found = Variances::of(&sums, &shells);
    for shell in golden.shell {
        let k = shell.distance - 2;
        assert_eq!(shells.counts[k], shell.pixels);
        assert!((found.mean[k] / shell.mean - 1.0).abs() < 1e-10);
        for d in 0..4 {
            assert!((found.raw[d][k] - shell.variance[d]).abs() < 1e-10, "{d} {k}");
            assert!((found.shot[d][k] / shell.shot[d] - 1.0).abs() < 1e-10);
        }
    }
}

#[test]
fn odd_frames_are_left_out_or_mended_and_counted() {
    let nbed = speckle();
    let scan = nbed.measure(5).unwrap().scan;
    let mut pixels = Pixels::empty(scan.pixel);
    scan.read(0..80, &mut pixels).unwrap();
    let frame = 64 * 60;
    let mut values: Vec<f32> = pixels.to_f64().iter().map(|value| *value as f32).collect();
    values[3 * frame..4 * frame].fill(7.0);
    values[6 * frame + 20 * 60 + 14] = f32::NAN;
    values[7 * frame + 20 * 60 + 14] = -3.0;
    values.truncate(78 * frame);
    let outcome = run(&known(), &Scan4d::of_pixels([8, 10, 64, 60], Pixels::F32(values.clone())), gain("1")).unwrap();
    assert_eq!(value(&outcome, "n_patterns"), 77.0);
    for code in ["frames_missing", "unusable_patterns", "invalid_pixels", "negative_counts"] {
        assert!(codes(&outcome).contains(&code), "{code}: {:?}", codes(&outcome));
    }
    let whole = run(&known(), &scan, gain("1")).unwrap();
    assert!((value(&outcome, "fluctuation_image") / value(&whole, "fluctuation_image") - 1.0).abs() < 0.1);
    values[..40 * frame].iter_mut().step_by(5).for_each(|value| *value = f32::NAN);
    let refused = run(&known(), &Scan4d::of_pixels([8, 10, 64, 60], Pixels::F32(values)), gain("1")).unwrap_err();
    assert!(refused.to_string().contains("NaN or infinite"), "{refused}");
}

#[test]
fn what_cannot_be_is_refused() {
    let scan = speckle().measure(1).unwrap().scan;
    let message = |method: Fluctuation| run(&method, &scan, gain("1")).unwrap_err().to_string();
    assert!(message(Fluctuation::default()).starts_with("the radius of a diffraction disk"));
    assert!(message(Fluctuation { blocks: 1, ..known() }).starts_with("blocks is 1"));
    assert!(message(Fluctuation { range: Some([9.0, 3.0]), ..known() }).starts_with("range is 9"));
    assert!(message(Fluctuation { range: Some([200.0, 300.0]), ..known() }).starts_with("no shell between"));
    assert!(message(Fluctuation { masked_pixels: vec![[64, 0]], ..known() }).starts_with("masked_pixels is 64"));
    assert!(message(Fluctuation { halo: Some([3.0, 5.0]), ..known() }).starts_with("halo is 3"));
    let thin = gain("1").with_quantity("relative_thickness", "-0.4").unwrap();
    assert!(run(&known(), &scan, thin).unwrap_err().to_string().contains("relative_thickness"));
    assert!(run(&known(), &scan, gain("-1")).unwrap_err().to_string().starts_with("detector_gain is -1"));
    let few = Nbed { scan: [3, 5], ..speckle() }.measure(1).unwrap().scan;
    assert!(run(&known(), &few, gain("1")).unwrap_err().to_string().starts_with("15 patterns"));
    assert!(known().check(&Dataset::of_table(Table::new("sizes", "Sizes"))).is_err());
}

/// How often the intervals hold the truth, of independent patterns and of patterns that overlap: 1/M pixel by pixel, and over the
/// ring with the unevenness of the halo in a shell.
fn covered(n: usize, overlap: f64, modes: f64) -> [crate::core::stats::Coverage; 2] {
    let nbed = Nbed {
        scan: [12, 12],
        detector: [48, 48],
        centre: [23.4, 23.8],
        disk_radius: 2.5,
        halo_radius: 13.0,
        halo_width: 2.5,
        overlap,
        modes,
        ..speckle()
    };
    let shells = 11..=15;
    let uneven = |shell: i32| {
        let pixels = (0..48 * 48).map(|i| nbed.distance([f64::from(i / 48), f64::from(i % 48)]));
        let halo: Vec<f64> = pixels.filter(|k| k.round() as i32 == shell).map(|k| nbed.halo(k)).collect();
        let mean = |power: i32| halo.iter().map(|value| value.powi(power)).sum::<f64>() / halo.len() as f64;
        mean(2) / mean(1).powi(2)
    };
    let ring = (1.0 + 1.0 / modes) * shells.clone().map(uneven).sum::<f64>() / shells.count() as f64 - 1.0;
    [("fluctuation_image", 1.0 / modes), ("fluctuation_re", ring)].map(|(key, truth)| {
        coverage(n, 5, truth, |seed| {
            let method = Fluctuation {
                disk_radius: Some(2.5),
                centre: Some([23.4, 23.8]),
                halo: Some([13.0, 2.5]),
                ellipse: Some([1.0, 0.0]),
                ..Fluctuation::default()
            };
            let found = run(&method, &nbed.measure(seed).unwrap().scan, gain("1")).unwrap();
            found.estimate(key).unwrap().interval.map(|ends| (ends.lo, ends.hi))
        })
        .unwrap()
    })
}

#[test]
fn intervals_cover() {
    for found in covered(24, 0.0, 3.0) {
        assert!(found.covered >= 19, "{found:?}");
    }
}

#[test]
#[ignore = "minutes"]
fn intervals_cover_in_full() {
    for (overlap, modes) in [(0.0, 3.0), (0.0, 12.0), (0.6, 3.0)] {
        for found in covered(400, overlap, modes) {
            println!("overlap {overlap}, {modes} modes: {found:?}");
            assert!(found.upper >= 0.92 && found.lower <= 0.98, "{found:?}");
        }
    }
}
