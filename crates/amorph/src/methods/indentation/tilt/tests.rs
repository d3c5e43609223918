use approx::assert_relative_eq;
use serde_json::json;

use super::*;
use crate::method::Constants;
use crate::methods::indentation::testing::{holds, refusal, run};
use crate::sim::indentation::TouchPoints;

const ID: &str = Tilt::INFO.id;

fn points(n: usize) -> Vec<[f64; 2]> {
    (0..n).map(|i| [40e-6 * (2.1 * i as f64).cos(), 40e-6 * (2.1 * i as f64).sin()]).collect()
}

fn touched(tilt: f64, azimuth: f64, n: usize, noise: f64, seed: u64) -> Dataset {
    let touch = TouchPoints { tilt: tilt.to_radians(), azimuth: azimuth.to_radians(), positions: points(n), noise };
    Dataset::of_table(touch.measure(seed).unwrap())
}

#[test]
fn planes_are_found_exactly() {
    for (tilt, azimuth) in [(0.1, 30.0), (2.0, -120.0), (20.0, 90.0)] {
        let outcome = run(ID, json!({}), &touched(tilt, azimuth, 3, 0.0, 1)).unwrap();
        assert!((outcome.estimate("tilt_angle").unwrap().value - tilt).abs() < 1e-9);
        assert!((outcome.estimate("tilt_azimuth").unwrap().value - azimuth).abs() < 1e-6);
        assert!(outcome.estimate("tilt_angle").unwrap().interval.is_none());
    }
    let constants = Constants::default().with_quantity("punch_radius", "5 um").unwrap();
    let data = Dataset { constants, ..touched(0.1, 0.0, 3, 0.0, 1) };
    let height = run(ID, json!({}), &data).unwrap().estimate("tilt_height_difference").unwrap().value;
    assert_relative_eq!(height, 17.45e-9, max_relative = 1e-3);
}

#[test]
fn the_intervals_cover() {
    for (n, parameters) in [(3, json!({"height_noise": "5 nm"})), (8, json!({}))] {
        let mut hits = 0;
        for seed in 0..1000 {
            let outcome = run(ID, parameters.clone(), &touched(0.2, 40.0, n, 5e-9, seed)).unwrap();
            hits += usize::from(holds(outcome.estimate("tilt_angle").unwrap(), 0.2));
        }
        // 1000 trials: standard error 0.7 %.
        assert!((930..=970).contains(&hits), "{n}: {hits}");
    }
    let small = run(ID, json!({"height_noise": "5 nm"}), &touched(0.001, 0.0, 3, 5e-9, 1)).unwrap();
    assert!(small.estimate("tilt_angle").unwrap().interval.is_none());
}

#[test]
fn bad_input_is_refused() {
    let line = TouchPoints { tilt: 0.01, azimuth: 0.0, positions: vec![[0.0, 0.0], [1e-5, 1e-8], [2e-5, 0.0]], noise: 0.0 };
    assert!(refusal(ID, json!({}), &Dataset::of_table(line.measure(1).unwrap())).contains("on a line"));
    assert!(refusal(ID, json!({}), &touched(0.1, 0.0, 2, 0.0, 1)).contains("at least 3"));
    assert!(refusal(ID, json!({"height_noise": "5 N"}), &touched(0.1, 0.0, 3, 0.0, 1)).contains('N'));
    assert!(refusal(ID, json!({"columns": ["x", "y", "h"]}), &touched(0.1, 0.0, 3, 0.0, 1)).contains("'h'"));
}
