#![allow(clippy::unwrap_used)]
use super::algorithm::{at_lag, orders};
use super::*;
use crate::core::data::{Pixels, Table};
use crate::core::outcome::Severity;
use crate::core::stream::merge_shards;
use crate::method::Constants;
use crate::sim::nbed::{BeamStop, Nbed, Order};

fn speckle() -> Nbed {
    Nbed {
        scan: [8, 10],
        detector: [64, 62],
        centre: [31.5, 30.5],
        disk_radius: 3.0,
        halo_radius: 18.0,
        halo_width: 3.0,
        order: Order::Fraction { fraction: 0.0, overdispersion: 0.0 },
        ..Nbed::default()
    }
}

fn known() -> AngularCorrelation {
    AngularCorrelation {
        disk_radius: Some(3.0),
        centre: Some([31.5, 30.5]),
        ellipse: Some([1.0, 0.0]),
        halo: Some([18.0, 3.0]),
        ..AngularCorrelation::default()
    }
}

fn run(method: &AngularCorrelation, scan: &Scan4d, gain: Option<&str>) -> Result<Outcome, MethodError> {
    let constants =
        gain.map_or_else(Constants::default, |gain| Constants::default().with_quantity("detector_gain", gain).unwrap());
    let dataset = Dataset::of_scan(scan.clone(), constants);
    method.run(&method.check(&dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().filter(|note| note.severity == Severity::Warning).map(|note| note.code.as_str()).collect()
}

/// A halo with a modulation of four and of five periods at phases of their own in every pattern: `C = Σ a²/2 cos(nΔ)`.
#[test]
fn the_symmetry_of_patterns_in_all_directions_is_found() {
    let nbed = speckle();
    let mut values = Vec::new();
    for pattern in 0..80 {
        let phase = 2.4 * f64::from(pattern);
        for pixel in 0..64 * 62 {
            let (y, x) = (f64::from(pixel / 62) - 31.5, f64::from(pixel % 62) - 30.5);
            let angle = y.atan2(x);
            let modulation = 1.0 + 0.4 * (4.0 * angle + phase).cos() + 0.2 * (5.0 * angle + 1.7 * phase).cos();
            values.push((100.0 * nbed.halo(y.hypot(x)) * modulation) as f32);
        }
    }
    let scan = Scan4d::of_pixels([8, 10, 64, 62], Pixels::F32(values));
    let outcome = run(&known(), &scan, None).unwrap();
    let (_, power) = outcome.table("orders").unwrap().numbers("power").unwrap();
    // A cell of 6 degrees averages over part of a period, twice: a few per cent.
    assert!((power[3] / 0.04 - 1.0).abs() < 0.06 && (power[4] / 0.01 - 1.0).abs() < 0.08, "{power:?}");
    let others = power.iter().enumerate().filter(|(i, _)| *i != 3 && *i != 4);
    assert!(others.into_iter().all(|(_, power)| power.abs() < 1e-3), "{power:?}");
    assert!((value(&outcome, "angular_contrast") / 0.1 - 1.0).abs() < 0.06);
    // Half a turn: + for four periods, - for five.
    assert!((value(&outcome, "opposite_correlation") / 0.06 - 1.0).abs() < 0.08);
    assert!(AngularCorrelation::INFO.outputs.iter().all(|output| outcome.estimate(output.key).is_some()));
    assert_eq!((outcome.figures.len(), outcome.tables.len()), (1, 2));
}

#[test]
fn friedel_symmetry_is_told_from_independent_speckle() {
    let with = |friedel_fraction| {
        let nbed = Nbed { friedel_fraction, modes: 2.0, dose: 100.0, ..speckle() };
        run(&known(), &nbed.measure(3).unwrap().scan, Some("1")).unwrap()
    };
    let (plain, alike) = (with(0.0), with(1.0));
    let opposite = |outcome: &Outcome| value(outcome, "opposite_correlation") / value(outcome, "angular_contrast");
    assert!(opposite(&alike) > 0.9, "{}", opposite(&alike));
    // About 55 speckles in the ring: the mean of the ring takes 2 % of the contrast from every angle.
    let error = plain.estimate("opposite_correlation").unwrap().std_error.unwrap();
    assert!((value(&plain, "opposite_correlation") + 0.02 * value(&plain, "angular_contrast")).abs() < 5.0 * error);
    let share = |outcome: &Outcome| value(outcome, "even_share");
    // 80 patterns of two modes, six orders of each parity: a standard error of about 0.02.
    assert!((share(&plain) - 0.5).abs() < 0.1 && share(&alike) > 0.95, "{} {}", share(&plain), share(&alike));
}

/// Shot noise is in the angle of zero alone, and is taken off where the gain is stated.
#[test]
fn dose_and_gain_do_not_change_the_contrast() {
    let with = |dose, gain: f64| {
        let scan = Nbed { scan: [12, 14], dose, gain, ..speckle() }.measure(4).unwrap().scan;
        (run(&known(), &scan, Some(&gain.to_string())).unwrap(), run(&known(), &scan, None).unwrap())
    };
    let ((weak, weak_raw), (strong, strong_raw)) = (with(4.0, 3.0), with(200.0, 1.0));
    let contrast = |outcome: &Outcome| outcome.estimate("angular_contrast").unwrap().clone();
    let (a, b) = (contrast(&weak), contrast(&strong));
    let error = a.std_error.unwrap().hypot(b.std_error.unwrap());
    assert!((a.value - b.value).abs() < 5.0 * error, "{a:?} {b:?}");
    assert!(contrast(&weak_raw).value > a.value + 10.0 * error && contrast(&strong_raw).value > b.value);
    assert!(contrast(&weak_raw).flags.contains(&"includes_shot_noise".to_owned()) && a.flags.is_empty());
    assert!(codes(&weak_raw).contains(&"includes_shot_noise") && codes(&weak).is_empty());
    assert_eq!(value(&weak, "opposite_correlation"), value(&weak_raw, "opposite_correlation"));
}

#[test]
fn a_beam_stop_is_left_out() {
    let nbed = Nbed { scan: [12, 14], modes: 2.0, ..speckle() };
    let stop = Nbed { beam_stop: Some(BeamStop { angle: 0.7, half_width: 2.5 }), bad_pixels: 8, ..nbed.clone() };
    let [plain, hidden] = [nbed, stop].map(|nbed| run(&known(), &nbed.measure(2).unwrap().scan, Some("1")).unwrap());
    let estimate = |outcome: &Outcome| outcome.estimate("angular_contrast").unwrap().clone();
    let (a, b) = (estimate(&plain), estimate(&hidden));
    assert!((a.value - b.value).abs() < 5.0 * a.std_error.unwrap(), "{a:?} {b:?}");
    let seen = |outcome: &Outcome| {
        let (_, seen) = outcome.table("angular_correlation").unwrap().numbers("seen").unwrap();
        seen.iter().copied().fold(1.0, f64::min)
    };
    assert!(seen(&hidden) < seen(&plain) && seen(&hidden) > 0.7);
}

#[test]
fn shards_add_up_and_masked_pairs_are_left_out() {
    let scan = speckle().measure(6).unwrap().scan;
    let place = |pixel: usize| {
        let (y, x) = ((pixel / 62) as f64 - 31.5, (pixel % 62) as f64 - 30.5);
        (!pixel.is_multiple_of(9)).then(|| (y.hypot(x), y.atan2(x), 0.05))
    };
    let rings = Rings::new(64 * 62, place, [8.0, 28.0], 2.0, 36, 0.0);
    let whole = fold_scan(&scan, &rings, Shard::WHOLE, &Ctx::new(0)).unwrap();
    let parts = (1..=3).map(|i| fold_scan(&scan, &rings, Shard::new(i, 3).unwrap(), &Ctx::new(0)).unwrap());
    let merged = merge_shards(&rings, parts);
    assert_eq!((whole.n, whole.left_out), (merged.n, merged.left_out));
    assert!(whole.sums.iter().zip(&merged.sums).all(|(a, b)| (a - b).abs() <= 1e-12 * a.abs().max(1e-3)));
    assert!((at_lag(&[1.0, f64::NAN, 3.0, -2.0], 1) - (3.0 * -2.0 - 2.0) / 2.0).abs() < 1e-12);
    assert_eq!(at_lag(&[f64::NAN; 4], 2), 0.0);
    // C = cos(3Δ) of a turn in 24 cells: half a unit of power at order three.
    let threefold: Vec<f64> = (0..=12).map(|lag| (std::f64::consts::TAU * 3.0 * f64::from(lag) / 24.0).cos()).collect();
    let power = orders(&threefold, 24, 4);
    assert!((power[2] - 0.5).abs() < 1e-12 && power[0].abs() + power[1].abs() + power[3].abs() < 1e-12, "{power:?}");
}

#[test]
fn odd_frames_are_left_out_and_what_cannot_be_is_refused() {
    let scan = speckle().measure(1).unwrap().scan;
    let mut pixels = Pixels::empty(scan.pixel);
    scan.read(0..80, &mut pixels).unwrap();
    let frame = 64 * 62;
    let mut values: Vec<f32> = pixels.to_f64().iter().map(|value| *value as f32).collect();
    values[3 * frame..4 * frame].fill(7.0);
    values[6 * frame + 20 * 62 + 14] = f32::NAN;
    values.truncate(78 * frame);
    let outcome = run(&known(), &Scan4d::of_pixels([8, 10, 64, 62], Pixels::F32(values)), Some("1")).unwrap();
    assert_eq!(value(&outcome, "n_patterns"), 76.0);
    assert_eq!(codes(&outcome), ["frames_missing", "unusable_patterns"]);
    let message = |method: AngularCorrelation| run(&method, &scan, None).unwrap_err().to_string();
    assert!(message(AngularCorrelation::default()).starts_with("the radius of a diffraction disk"));
    assert!(message(AngularCorrelation { cells: 13, ..known() }).starts_with("cells is 13"));
    assert!(message(AngularCorrelation { orders: 1, ..known() }).starts_with("orders is 1"));
    assert!(message(AngularCorrelation { ring_width: 0.5, ..known() }).starts_with("ring_width is 0.5"));
    assert!(message(AngularCorrelation { ring_width: 40.0, ..known() }).starts_with("no ring fits"));
    assert!(message(AngularCorrelation { masked_pixels: vec![[64, 0]], ..known() }).starts_with("masked_pixels is 64"));
    assert!(message(AngularCorrelation { halo: Some([3.0, 5.0]), ..known() }).starts_with("halo is 3"));
    assert!(run(&known(), &scan, Some("-1")).unwrap_err().to_string().starts_with("detector_gain is -1"));
    let few = Nbed { scan: [3, 5], ..speckle() }.measure(1).unwrap().scan;
    assert!(run(&known(), &few, None).unwrap_err().to_string().starts_with("15 patterns"));
    assert!(known().check(&Dataset::of_table(Table::new("sizes", "Sizes"))).is_err());
}
