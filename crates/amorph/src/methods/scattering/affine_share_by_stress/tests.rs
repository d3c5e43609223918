use super::algorithm::trend;
use super::*;
use crate::core::random::standard_normals;
use crate::core::stats::wilson_interval;
use crate::method::Upstream;

fn dataset(stress: &[f64], share: &[f64], error: f64) -> Dataset {
    let of = |(item, (stress, share)): (usize, (&f64, &f64))| {
        let estimates = vec![
            Estimate::with_interval("affine_fraction_z", "z", *share, "", (share - error, share + error), Basis::Propagated)
                .std_error(error),
            Estimate::without_interval("applied_stress", "σ", *stress, "Pa", "stated"),
        ];
        Upstream {
            job: item.to_string(),
            method: AnisotropicPdf::INFO.id.to_owned(),
            state: "loaded".to_owned(),
            item: item.to_string(),
            outcome: std::sync::Arc::new(Outcome { estimates, ..Outcome::default() }),
        }
    };
    Dataset { upstream: stress.iter().zip(share).enumerate().map(of).collect(), ..Dataset::default() }
}

fn run(dataset: &Dataset) -> Result<Outcome, MethodError> {
    let method = AffineShareByStress::default();
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

#[test]
fn a_line_by_hand() {
    // Weights 1, 1, 4.
    let found = trend(&[0.0, 1.0, 2.0], &[1.0, 2.0, 4.0], &[1.0, 1.0, 0.5]).unwrap();
    assert!((found.mean.0 - 19.0 / 6.0).abs() < 1e-12 && (found.mean.1 - 6f64.sqrt().recip()).abs() < 1e-12);
    // Σw x² - (Σw x)²/Σw = 17 - 81/6, Σw x y - Σw x Σw y/Σw = 34 - 9 · 19/6.
    assert!((found.slope.0 - 5.5 / 3.5).abs() < 1e-12 && (found.slope.1 - 3.5f64.sqrt().recip()).abs() < 1e-12);
    assert!(trend(&[1.0, 1.0], &[1.0, 2.0], &[1.0, 1.0]).is_none());
}

#[test]
fn a_share_that_changes_is_told_from_one_that_does_not() {
    let stress = [2e8, 4e8, 6e8, 8e8, 10e8];
    let outcome = run(&dataset(&stress, &[0.76, 0.755, 0.762, 0.758, 0.761], 0.004)).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "no_change"));
    let mean = outcome.estimate("affine_fraction_mean").unwrap();
    assert!((mean.value - 0.7592).abs() < 1e-9 && mean.interval.is_some());
    let outcome = run(&dataset(&stress, &[0.80, 0.78, 0.76, 0.74, 0.72], 0.004)).unwrap();
    assert!(outcome.notes.iter().any(|note| note.code == "changes"));
    assert!((outcome.estimate("affine_fraction_slope").unwrap().value + 1e-10).abs() < 1e-14);
    // Scatter beyond the errors: no interval.
    let outcome = run(&dataset(&stress, &[0.76, 0.70, 0.80, 0.72, 0.79], 0.004)).unwrap();
    assert!(outcome.estimate("affine_fraction_mean").unwrap().interval.is_none());
    assert!(outcome.notes.iter().any(|note| note.code == "scatter"));
    assert!(AffineShareByStress::INFO.outputs.iter().all(|output| outcome.estimate(output.key).is_some()));
}

#[test]
fn intervals_cover() {
    let stress = [1e8, 3e8, 5e8, 9e8];
    let errors = [0.01, 0.02, 0.01, 0.03];
    let (mut mean, mut slope, mut alarms, mut shown) = (0, 0, 0, 0);
    for seed in 0..2000u64 {
        let noise = standard_normals(seed, 4);
        let share: Vec<f64> = noise.iter().zip(errors).map(|(e, error)| 0.76 + error * e).collect();
        let found = trend(&stress, &share, &errors).unwrap();
        alarms += usize::from(found.p_slope < 0.05);
        if found.p_scatter >= NAMED {
            shown += 1;
            mean += usize::from((found.mean.0 - 0.76).abs() < NORMAL_95 * found.mean.1);
            slope += usize::from(found.slope.0.abs() < NORMAL_95 * found.slope.1);
        }
    }
    println!("mean {mean}, slope {slope} of {shown}; {alarms} alarms of 2000");
    for (covered, n) in [(mean, shown), (slope, shown), (2000 - alarms, 2000)] {
        let (lo, hi) = wilson_interval(covered, n, 0.999).unwrap();
        assert!(lo < 0.95 && 0.95 < hi, "{covered} of {n}");
    }
}

#[test]
fn too_few_loads_are_refused() {
    let error = run(&dataset(&[1e8, 1e8, 2e8], &[0.7, 0.7, 0.7], 0.01)).unwrap_err();
    assert!(error.to_string().contains("3 patterns") && error.hint().contains("applied_stress"), "{error}");
    assert!(run(&Dataset::default()).is_err());
}
