#![allow(clippy::unwrap_used)]
use super::classes::PatternClass;
use super::filter::overlap;
use super::null::{Gumbel, adjusted, judge};
use super::*;
use crate::core::data::{Pixels, Table};
use crate::core::outcome::Severity;
use crate::core::stats::wilson_interval;
use crate::method::Constants;
use crate::sim::nbed::{BeamStop, Nbed, NbedScan, Order, OrderClass};

pub(super) fn small() -> Nbed {
    Nbed {
        scan: [10, 16],
        detector: [64, 60],
        centre: [31.4, 29.2],
        disk_radius: 3.0,
        halo_radius: 18.0,
        halo_width: 3.0,
        ..Nbed::default()
    }
}

pub(super) fn fraction(fraction: f64) -> Order {
    Order::Fraction { fraction, overdispersion: 0.0 }
}

fn method() -> BraggDetection {
    BraggDetection { disk_radius: Some(3.0), simulated: 200, ..BraggDetection::default() }
}

pub(super) fn run(method: &BraggDetection, scan: &Scan4d) -> Result<Outcome, MethodError> {
    run_with(method, scan, Constants::default())
}

fn run_with(method: &BraggDetection, scan: &Scan4d, constants: Constants) -> Result<Outcome, MethodError> {
    let dataset = Dataset::of_scan(scan.clone(), constants);
    method.run(&method.check(&dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

fn warnings(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().filter(|note| note.severity == Severity::Warning).map(|note| note.code.as_str()).collect()
}

fn counts(scan: &Scan4d) -> Vec<u16> {
    let mut pixels = Pixels::empty(scan.pixel);
    scan.read(0..scan.n_present, &mut pixels).unwrap();
    let Pixels::U16(values) = pixels else { panic!("the virtual camera writes u16") };
    values
}

/// False among flagged, found among true, right class among found.
pub(super) fn score(outcome: &Outcome, measured: &NbedScan) -> (f64, f64, f64) {
    let map = outcome.map("bragg_class").unwrap();
    let (mut flagged, mut wrong, mut found, mut right, mut ordered) = (0.0, 0.0, 0.0, 0.0, 0.0f64);
    for (class, truth) in map.values.iter().zip(&measured.truth) {
        let is_flagged = *class > 0.0;
        let is_ordered = truth.class != OrderClass::None;
        let expected = match truth.class {
            OrderClass::None => PatternClass::None,
            OrderClass::TwoBeam => PatternClass::TwoBeam,
            OrderClass::ThreeBeam => PatternClass::ThreeBeam,
            OrderClass::OnAxis => PatternClass::OnAxis,
        };
        flagged += f64::from(u8::from(is_flagged));
        ordered += f64::from(u8::from(is_ordered));
        wrong += f64::from(u8::from(is_flagged && !is_ordered));
        found += f64::from(u8::from(is_flagged && is_ordered));
        right += f64::from(u8::from(is_flagged && is_ordered && *class == expected.number() as f64));
    }
    (wrong / f64::max(flagged, 1.0), found / ordered, right / found)
}

#[test]
fn reflections_are_found_and_classed_and_the_geometry_with_them() {
    let nbed = Nbed { order: fraction(0.45), ellipse: (1.06, 0.8), ..small() };
    let measured = nbed.measure(3).unwrap();
    let outcome = run(&method(), &measured.scan).unwrap();
    let (fdr, found, right) = score(&outcome, &measured);
    // One scan of about 72 patterns with reflections: five standard errors of a rate of 0.05.
    assert!(fdr <= 0.05 + 5.0 * (0.05 * 0.95 / 72.0f64).sqrt(), "{fdr}");
    assert!(found >= 0.95 && right >= 0.9, "{found} {right}");
    for (key, expected, tolerance) in
        [("centre_y", 31.4, 0.15), ("centre_x", 29.2, 0.15), ("ellipse_ratio", 1.06, 0.015), ("halo_radius", 18.0, 0.7)]
    {
        assert!((value(&outcome, key) - expected).abs() < tolerance, "{key} {}", value(&outcome, key));
    }
    let modes = value(&outcome, "speckle_modes_M");
    assert!((modes / 3.5 - 1.0).abs() < 0.25, "{modes}");
    let share = measured.truth.iter().filter(|truth| truth.class != OrderClass::None).count() as f64 / 160.0;
    let interval = outcome.estimate("br_fraction_corrected").unwrap().interval.unwrap();
    assert!(interval.lo < share && share < interval.hi && interval.hi - interval.lo < 0.2, "{interval:?} {share}");
    assert!(warnings(&outcome).is_empty(), "{:?}", warnings(&outcome));
    assert_eq!(outcome.figures.len(), 4);
    let patterns = outcome.table("patterns").unwrap();
    assert_eq!(patterns.n_rows(), 160);
    let column = |name: &str| patterns.numbers(name).unwrap().1.to_vec();
    let (flagged, rates, peaks) = (column("flagged"), column("q"), column("reflections"));
    assert!((0..160).all(|i| (rates[i] <= 0.05) == (flagged[i] > 0.0) && (peaks[i] == 0.0 || flagged[i] > 0.0)));
    assert_eq!(peaks.iter().sum::<f64>(), outcome.table("reflections").unwrap().n_rows() as f64);
    assert!(BraggDetection::INFO.outputs.iter().all(|output| outcome.estimate(output.key).is_some()));
    assert!(
        outcome.estimates.iter().all(|estimate| BraggDetection::INFO.outputs.iter().any(|output| output.key == estimate.key))
    );
}

#[test]
fn speckle_alone_is_not_flagged_and_says_what_it_would_have_shown() {
    let nbed = Nbed { order: fraction(0.0), modes: 2.0, friedel_fraction: 1.0, ..small() };
    let outcome = run(&method(), &nbed.measure(1).unwrap().scan).unwrap();
    assert_eq!(value(&outcome, "n_flagged"), 0.0);
    assert!(outcome.estimate("br_fraction_corrected").is_none());
    assert!(value(&outcome, "friedel_correlation") > 0.7);
    assert!(outcome.notes.iter().any(|note| note.code == "meaning_of_none"));
    assert!(value(&outcome, "bragg_power") > 0.5);
}

/// Powers of two are exact in every step.
#[test]
fn thickness_and_dose_do_not_change_the_statistic() {
    let measured = Nbed { scan: [8, 10], ..small() }.measure(5).unwrap();
    let values = counts(&measured.scan);
    let frame_len = 64 * 60;
    let thick: Vec<u32> =
        values.iter().enumerate().map(|(i, value)| u32::from(*value) << (2 + 3 * (i / frame_len % 2))).collect();
    let shape = measured.scan.shape();
    let known = BraggDetection { centre: Some([31.4, 29.2]), ellipse: Some([1.0, 0.0]), halo: Some([18.0, 3.0]), ..method() };
    let thin =
        run(&known, &Scan4d::of_pixels(shape, Pixels::U32(values.iter().map(|v| u32::from(*v) << 2).collect()))).unwrap();
    let plain = run(&known, &measured.scan).unwrap();
    assert_eq!(thin.map("bragg_statistic"), plain.map("bragg_statistic"));
    // Frames of eightfold dose: the background is an average over frames with other weights, so only nearly the same.
    let mixed = run(&known, &Scan4d::of_pixels(shape, Pixels::U32(thick))).unwrap();
    let of = |outcome: &Outcome| outcome.map("bragg_statistic").unwrap().values.clone();
    for (a, b) in of(&mixed).iter().zip(&of(&plain)) {
        assert!((a / b - 1.0).abs() < 0.05, "{a} {b}");
    }
}

#[test]
fn threads_do_not_change_the_answer() {
    let measured = Nbed { scan: [8, 10], ..small() }.measure(6).unwrap();
    let with = |n: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        pool.install(|| run(&method(), &measured.scan)).unwrap()
    };
    let all = |outcome: &Outcome| {
        let bits = |map: &crate::core::data::Map| map.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        let maps: Vec<Vec<u64>> = outcome.maps.iter().map(bits).collect();
        (maps, format!("{:?} {:?} {:?}", outcome.estimates, outcome.tables, outcome.notes))
    };
    assert!(all(&with(1)) == all(&with(3)));
}

#[test]
fn the_stop_and_bad_pixels_are_found() {
    let nbed = Nbed { scan: [8, 12], beam_stop: Some(BeamStop { angle: 0.7, half_width: 2.5 }), bad_pixels: 12, ..small() };
    let measured = nbed.measure(7).unwrap();
    let sample = fold::sample(&measured.scan).unwrap();
    let known = Known { centre: None, ellipse: None, disk_radius: 3.0, halo: None };
    let background = background::Background::of(&sample, &known, &vec![false; 64 * 60]).unwrap();
    assert!(measured.masked.iter().zip(&background.masked).all(|(truth, found)| !truth || *found));
    let extra = measured.masked.iter().zip(&background.masked).filter(|(truth, found)| !**truth && **found).count();
    // The border of the stop, a pixel wide, is masked with it: about 130 pixels.
    assert!(extra < 160, "{extra}");
    assert!((background.geometry.centre[0] - 31.4).hypot(background.geometry.centre[1] - 29.2) < 0.3);
}

#[test]
fn a_scan_full_of_reflections_says_that_its_null_is_not_one() {
    let outcome = run(&method(), &Nbed { order: fraction(0.95), ..small() }.measure(1).unwrap().scan).unwrap();
    assert!(warnings(&outcome).contains(&"null_not_identified"), "{:?}", warnings(&outcome));
    assert!(outcome.map("bragg_class").is_none() && outcome.estimate("n_on_axis").is_none());
    assert!(outcome.estimate("br_fraction_corrected").is_none_or(|estimate| estimate.interval.is_none()));
}

#[test]
fn few_patterns_need_a_parametric_null() {
    let measured = Nbed { scan: [5, 8], order: fraction(0.3), ..small() }.measure(2).unwrap();
    let refused = run(&method(), &measured.scan).unwrap_err();
    assert_eq!(refused.to_string(), "40 patterns can be used, but 60 are needed for a null from the scan itself");
    assert!(refused.hint().contains("parametric"));
    let outcome = run(&BraggDetection { null: NullModel::Parametric, ..method() }, &measured.scan).unwrap();
    let (fdr, found, _) = score(&outcome, &measured);
    assert!(fdr <= 0.25 && found >= 0.9, "{fdr} {found}");
}

#[test]
fn frames_without_a_record_are_left_out_and_odd_pixels_are_counted() {
    let measured = Nbed { scan: [8, 10], ..small() }.measure(5).unwrap();
    let frame = 64 * 60;
    let mut values: Vec<f32> = counts(&measured.scan).iter().map(|value| f32::from(*value)).collect();
    values[3 * frame..4 * frame].fill(0.0);
    values[5 * frame..6 * frame].fill(7.0);
    values[6 * frame + 20 * 60 + 14] = f32::NAN;
    values[7 * frame + 20 * 60 + 14] = -3.0;
    values.truncate(78 * frame);
    let method = BraggDetection { accept_uncalibrated: true, ..method() };
    let outcome = run(&method, &Scan4d::of_pixels([8, 10, 64, 60], Pixels::F32(values.clone()))).unwrap();
    assert_eq!(value(&outcome, "n_patterns"), 76.0);
    for code in ["frames_missing", "unusable_patterns", "invalid_pixels", "negative_counts"] {
        assert!(warnings(&outcome).contains(&code), "{code}: {:?}", warnings(&outcome));
    }
    let map = &outcome.map("bragg_class").unwrap().values;
    assert_eq!((map[[0, 3]], map[[0, 5]]), (6.0, 6.0));
    assert!(map[[7, 8]].is_nan() && map[[7, 9]].is_nan());
    // One pixel in five of a third of the frames.
    values[..25 * frame].iter_mut().step_by(5).for_each(|value| *value = f32::NAN);
    let refused = run(&method, &Scan4d::of_pixels([8, 10, 64, 60], Pixels::F32(values))).unwrap_err();
    assert!(refused.to_string().contains("pixels are NaN or infinite (at most 5 % are accepted)"), "{refused}");
}

#[test]
fn saturated_patterns_are_counted() {
    let measured = Nbed { scan: [8, 10], ..small() }.measure(5).unwrap();
    let outcome = run(&BraggDetection { saturation: Some(150.0), ..method() }, &measured.scan).unwrap();
    assert!(warnings(&outcome).contains(&"saturated_patterns"));
}

#[test]
fn what_cannot_be_is_refused() {
    let scan = Nbed { scan: [6, 10], ..small() }.measure(1).unwrap().scan;
    let message = |method: BraggDetection| run(&method, &scan).unwrap_err().to_string();
    assert!(message(BraggDetection::default()).starts_with("the radius of a diffraction disk is not known"));
    assert!(message(BraggDetection { disk_radius: Some(0.2), ..method() }).starts_with("disk_radius is 0.2"));
    assert!(message(BraggDetection { fdr_q: 0.0, ..method() }).starts_with("fdr_q is 0"));
    assert!(message(BraggDetection { null_quantile: 0.9, ..method() }).starts_with("null_quantile is 0.9"));
    assert!(message(BraggDetection { simulated: 5, ..method() }).starts_with("simulated is 5"));
    assert!(message(BraggDetection { centre: Some([99.0, 3.0]), ..method() }).starts_with("centre is 99"));
    assert!(message(BraggDetection { ellipse: Some([0.5, 0.0]), ..method() }).starts_with("ellipse is 0.5"));
    assert!(message(BraggDetection { halo: Some([3.0, 5.0]), ..method() }).starts_with("halo is 3"));
    assert!(message(BraggDetection { masked_pixels: vec![[64, 0]], ..method() }).starts_with("masked_pixels names [64, 0]"));
    let large = message(BraggDetection { disk_radius: Some(14.0), halo: Some([18.0, 3.0]), ..method() });
    assert!(large.contains("26.6 pixels, the halo ends at 24.0 pixels"), "{large}");
    let flat = Scan4d::of_pixels([8, 10, 64, 60], Pixels::U8(vec![5; 80 * 64 * 60]));
    assert!(run(&method(), &flat).unwrap_err().to_string().starts_with("0 patterns can be used"));
    assert!(method().check(&Dataset::of_table(Table::new("sizes", "Sizes"))).is_err());
}

#[test]
fn published_numbers() {
    #[derive(Deserialize)]
    struct Golden {
        gumbel: Vec<Law>,
        benjamini_hochberg: Trial,
        overlap: Vec<Share>,
        disk_radius: Radius,
    }
    #[derive(Deserialize)]
    struct Law {
        t: f64,
        cumulative: f64,
        tail: f64,
    }
    #[derive(Deserialize)]
    struct Trial {
        p: Vec<f64>,
        q: f64,
        rejected: usize,
    }
    #[derive(Deserialize)]
    struct Share {
        d: f64,
        share: f64,
    }
    #[derive(Deserialize)]
    struct Radius {
        pixels: f64,
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    let null = Gumbel { location: 1.8, scale: 0.12 };
    for law in golden.gumbel {
        assert!((null.cumulative(law.t) - law.cumulative).abs() < 1e-8);
        assert!((null.tail(law.t) - law.tail).abs() < 1e-8);
        assert!((null.exceeded_with(law.tail) - law.t).abs() < 1e-6);
    }
    let trial = golden.benjamini_hochberg;
    let t: Vec<f64> = trial.p.iter().map(|p| null.exceeded_with(p.min(1.0 - 1e-12))).collect();
    let verdict = judge(&t, &[null], trial.q);
    assert_eq!(verdict.n_flagged, trial.rejected);
    assert_eq!(verdict.flagged.iter().filter(|flagged| **flagged).count(), trial.rejected);
    // A pattern is rejected at every rate from its own on.
    let rates = adjusted(&verdict.p);
    for q in [0.01, 0.05, 0.1, 0.3] {
        let at = judge(&t, &[null], q);
        assert!(rates.iter().zip(&at.flagged).all(|(rate, flagged)| (*rate <= q) == *flagged), "{q}: {rates:?}");
    }
    for share in golden.overlap {
        assert!((overlap(share.d) - share.share).abs() < 1e-8);
    }
    let constants = ["200 kV", "3.8 mrad", "0.3 1/nm"];
    let keys = ["beam_voltage", "convergence_semi_angle", "q_pixel"];
    let constants =
        keys.iter().zip(constants).fold(Constants::default(), |all, (key, text)| all.with_quantity(key, text).unwrap());
    let scan = Nbed { scan: [6, 10], ..small() }.measure(1).unwrap().scan;
    let dataset = Dataset::of_scan(scan, constants);
    let radius = BraggDetection::default().check(&dataset).unwrap().known.disk_radius;
    assert!((radius / golden.disk_radius.pixels - 1.0).abs() < 1e-4, "{radius}");
}

/// The law is recovered from values below a cut, within five standard errors of the mean of the fits.
#[test]
fn a_law_cut_off_is_recovered() {
    use rand::RngExt;
    let truth = Gumbel { location: 2.0, scale: 0.2 };
    let fits: Vec<Gumbel> = (0..60)
        .map(|seed| {
            let mut rng = crate::core::random::rng(seed);
            let mut t: Vec<f64> = (0..1500).map(|_| truth.exceeded_with(rng.random::<f64>())).collect();
            t.sort_by(f64::total_cmp);
            Gumbel::fit_below(&t, t[525]).unwrap()
        })
        .collect();
    let mean = |of: &dyn Fn(&Gumbel) -> f64| fits.iter().map(of).sum::<f64>() / 60.0;
    let (location, scale) = (mean(&|fit| fit.location), mean(&|fit| fit.scale));
    assert!((location - 2.0).abs() < 0.02 && (scale - 0.2).abs() < 0.015, "{location} {scale}");
}

/// Section 8 of the acceptance: rates and coverage over many scans.
#[test]
#[ignore = "about ten minutes"]
fn rates_and_coverage_in_full() {
    let n = 100;
    for (name, p, modes, amplitudes, dose) in [
        ("share 0.1", 0.1, 3.5, (2.5, 8.0), 20.0),
        ("share 0.3", 0.3, 3.5, (2.5, 8.0), 20.0),
        ("share 0.5", 0.5, 3.5, (2.5, 8.0), 20.0),
        ("share 0.5, 1 mode", 0.5, 1.0, (3.5, 8.0), 20.0),
        ("share 0.5, 8 modes, dose 4", 0.5, 8.0, (2.5, 8.0), 4.0),
    ] {
        let (mut covered, mut intervals, mut fdr, mut found, mut right) = (0, 0, 0.0, 0.0, 0.0);
        for seed in 1..=n {
            let nbed = Nbed { scan: [12, 20], order: fraction(p), modes, amplitudes, dose, ..small() };
            let measured = nbed.measure(seed).unwrap();
            let method = BraggDetection { simulated: 500, accept_uncalibrated: true, ..method() };
            let outcome = run(&method, &measured.scan).unwrap();
            let scores = score(&outcome, &measured);
            (fdr, found, right) = (fdr + scores.0, found + scores.1, right + scores.2);
            if let Some(interval) = outcome.estimate("br_fraction_corrected").and_then(|estimate| estimate.interval) {
                intervals += 1;
                covered += usize::from(interval.lo <= p && p <= interval.hi);
            }
        }
        let mean = |sum: f64| sum / n as f64;
        let (lo, hi) = wilson_interval(covered, intervals, 0.95).unwrap();
        println!(
            "{name}: {covered} of {intervals} covered ({lo:.3} to {hi:.3}), FDR {:.4}, found {:.4}, class {:.4}",
            mean(fdr),
            mean(found),
            mean(right)
        );
        assert!(hi >= 0.93 && mean(fdr) <= 0.07 && mean(found) >= 0.98 && mean(right) >= 0.95);
    }
}
