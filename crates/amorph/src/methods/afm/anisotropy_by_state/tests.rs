use std::f64::consts::{FRAC_PI_2, PI};
use std::sync::Arc;

use super::algorithm::common;
use super::*;
use crate::core::outcome::{ConstantRecord, Estimate, Provenance, Severity};
use crate::core::random::standard_normals;
use crate::method::find;

fn images(glass: Complex64, scanner: Complex64, angles: &[f64], sd: f64, seed: u64) -> Vec<ImageVector> {
    let normals = standard_normals(seed, 2 * angles.len());
    let one = |(pair, angle): (&[f64], &f64)| ImageVector {
        item: format!("{angle}"),
        e: glass * Complex64::from_polar(1.0, -2.0 * angle) + scanner + sd * Complex64::new(pair[0], pair[1]),
        scan_angle: *angle,
    };
    normals.chunks_exact(2).zip(angles).map(one).collect()
}

#[test]
fn turned_scans_tell_the_glass_from_the_scanner() {
    let (glass, scanner) = (Complex64::from_polar(0.4, 1.0), Complex64::from_polar(0.3, -0.2));
    for angles in [vec![0.0, FRAC_PI_2, 0.0], vec![0.1, 0.7, 1.9, 0.4]] {
        let found = common(&images(glass, scanner, &angles, 0.0, 1)).unwrap();
        assert!((found.glass.e - glass).norm() < 1e-12 && (found.scanner.unwrap().e - scanner).norm() < 1e-12);
        assert!(found.scatter < 1e-12);
    }
    let one_angle = common(&images(glass, scanner, &[0.3; 5], 0.0, 1)).unwrap();
    let expected = glass + scanner * Complex64::from_polar(1.0, 0.6);
    assert!(one_angle.scanner.is_none() && (one_angle.glass.e - expected).norm() < 1e-12);
    assert!(common(&images(glass, scanner, &[0.0, FRAC_PI_2], 0.0, 1)).is_none());
}

/// Direction, aspect and probability for normal sites; nothing else is assumed.
#[test]
fn intervals_cover_and_the_test_keeps_its_level() {
    let trials = 2000;
    for (length, angles) in
        [(0.0, vec![0.0; 4]), (0.15, vec![0.0; 6]), (0.5, vec![0.0; 3]), (0.3, vec![0.0, 0.0, 0.0, 1.5, 1.5, 1.6])]
    {
        let glass = Complex64::from_polar(length, 0.8);
        let (mut aspect, mut direction, mut rejected) = (0, 0, 0);
        for trial in 0..trials {
            let found = common(&images(glass, Complex64::default(), &angles, 0.1, 900 + trial)).unwrap();
            let (_, (lo, hi)) = found.aspect(&found.glass, trial);
            aspect += usize::from((lo..=hi).contains(&length.exp()));
            direction += usize::from(found.angle(&found.glass).is_none_or(|(lo, hi)| {
                let turn = (0.5 * (lo + hi) - 0.4).rem_euclid(PI);
                turn.min(PI - turn) <= 0.5 * (hi - lo)
            }));
            rejected += usize::from(found.p_value(&found.glass) < 0.05);
        }
        let rate = |count: usize| count as f64 / trials as f64;
        assert!((0.93..=0.985).contains(&rate(aspect)), "aspect {length}: {}", rate(aspect));
        assert!(length == 0.0 || (0.935..=0.985).contains(&rate(direction)), "direction {length}: {}", rate(direction));
        // 2000 trials: 0.005 per standard error.
        assert!(length > 0.0 || (rate(rejected) - 0.05).abs() < 0.02, "level {}", rate(rejected));
    }
}

fn upstream(e: Complex64, scan_angle: &str) -> Upstream {
    let estimate = |key: &str, value: f64| Estimate::without_interval(key, "", value, "", "test");
    let constants =
        vec![ConstantRecord { key: "scan_angle".to_owned(), value: scan_angle.to_owned(), origin: "study".to_owned() }];
    let outcome = Outcome {
        estimates: vec![estimate("anisotropy_e1", e.re), estimate("anisotropy_e2", e.im)],
        provenance: Provenance { constants, ..Provenance::default() },
        ..Outcome::default()
    };
    Upstream {
        job: String::new(),
        method: "dafm.anisotropy".to_owned(),
        state: "3 N".to_owned(),
        item: "a".to_owned(),
        outcome: Arc::new(outcome),
    }
}

#[test]
fn scan_angles_come_with_the_images() {
    // The long axis at 20 deg in the specimen: at 20 and, seen from a scan turned by 90 deg, at -70 deg.
    let seen = |degrees: f64, error: f64| Complex64::from_polar(0.5 + error, 2.0 * (degrees + 10.0 * error).to_radians());
    let upstreams = [(20.0, "0 deg", 0.02), (20.0, "0 deg", -0.02), (-70.0, "90 deg", 0.01), (-70.0, "90 deg", -0.01)];
    let dataset = Dataset {
        upstream: upstreams.iter().map(|(degrees, angle, error)| upstream(seen(*degrees, *error), angle)).collect(),
        ..Dataset::default()
    };
    let outcome = find("dafm.anisotropy_by_state").unwrap().run(&serde_json::json!({}), &dataset, &Ctx::new(1)).unwrap();
    let angle = outcome.estimate("anisotropy_angle").unwrap();
    let interval = angle.interval.unwrap();
    assert!((angle.value - 20.0).abs() < 0.5 && interval.lo < 20.0 && interval.hi > 20.0, "{angle:?}");
    assert!(angle.flags == ["axial"] && outcome.estimate("scanner_p").unwrap().value > 0.05);
    assert!((outcome.estimate("anisotropy_aspect").unwrap().value - 0.5f64.exp()).abs() < 0.05);
    assert!(!outcome.notes.iter().any(|note| note.severity == Severity::Warning));
}

#[test]
fn too_few_images_are_refused() {
    let dataset = Dataset { upstream: vec![upstream(Complex64::new(0.1, 0.0), "0 deg")], ..Dataset::default() };
    let error = AnisotropyByState::default().check(&dataset).unwrap_err();
    assert!(error.to_string().contains("1 images") && error.hint().contains("sites"));
    let empty = AnisotropyByState::default().check(&Dataset::default()).unwrap_err();
    assert!(empty.hint().contains("dafm.anisotropy"));
    let turned = [upstream(Complex64::new(0.1, 0.0), "0 deg"), upstream(Complex64::new(0.1, 0.0), "90 deg")];
    let dataset = Dataset { upstream: turned.to_vec(), ..Dataset::default() };
    let error = find("dafm.anisotropy_by_state").unwrap().run(&serde_json::json!({}), &dataset, &Ctx::new(1)).unwrap_err();
    assert!(error.to_string().contains("needs 3"));
}
