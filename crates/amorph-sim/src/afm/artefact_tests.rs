//! Every artefact of the virtual microscope does what it says.

use std::f64::consts::FRAC_PI_2;

use amorph_core::data::Direction;
use ndarray::Array2;

use super::*;
use crate::SimulationError;

const NM: f64 = 1e-9;

fn small() -> Specimen {
    Specimen { rows: 96, columns: 128, width: 128.0 * NM, height: 96.0 * NM, ..Specimen::default() }
}

fn with(scanning: Scanning) -> Microscope {
    Microscope { scanning, ..Microscope::default() }
}

/// A quadratic form around the centre of a patch, which cubic interpolation reads exactly; x and y in nm.
fn quadratic(x: f64, y: f64) -> f64 {
    50.0 + 0.2 * x - 0.1 * y + 0.01 * x * y + 0.005 * x * x
}

fn of_patch(patch: &Specimen, f: impl Fn(f64, f64) -> f64) -> Array2<f64> {
    let (pitch_y, pitch_x) = patch.pitch();
    Array2::from_shape_fn((patch.rows, patch.columns), |(row, column)| {
        let x = (column as f64 + 0.5) * pitch_x - 0.5 * patch.width;
        let y = 0.5 * patch.height - (row as f64 + 0.5) * pitch_y;
        f(x / NM, y / NM)
    })
}

#[test]
fn scan_angle_turns_and_drift_moves_the_specimen() {
    let drift = Drift { velocity: (0.02 * NM, -0.03 * NM), creep: (1.5 * NM, 2.0 * NM), creep_time: 20.0 };
    let scanning = Scanning { drift, line_time: 0.5, ..Scanning::default() };
    for angle in [0.0, 0.4, FRAC_PI_2] {
        let (patch, frame) = small().patch(&scanning, angle);
        let field = of_patch(&patch, quadratic);
        for direction in [None, Some(Direction::Trace), Some(Direction::Retrace)] {
            let image = scanning.passed(&field, &patch, &frame, direction).unwrap();
            for ((row, column), value) in image.indexed_iter() {
                let along = (column as f64 + 0.5) / 128.0;
                let share = if direction == Some(Direction::Retrace) { 1.0 - 0.5 * along } else { 0.5 * along };
                let time = (row as f64 + share) * 0.5;
                let faded = 1.0 - (-time / 20.0).exp();
                let (dx, dy) = match direction {
                    None => (0.0, 0.0),
                    Some(_) => (0.02 * time + 1.5 * faded, -0.03 * time + 2.0 * faded),
                };
                let (x, y) = (column as f64 + 0.5 - 64.0 + dx, 48.0 - row as f64 - 0.5 + dy);
                let expected = quadratic(x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos());
                assert!((value - expected).abs() < 1e-9, "{angle} {direction:?} {row} {column}: {value} {expected}");
            }
        }
    }
}

#[test]
fn a_scan_beyond_the_surface_is_refused() {
    let drift = Drift { velocity: (NM, 0.0), ..Drift::default() };
    let microscope = with(Scanning { drift, ..Scanning::default() });
    let error = microscope.scan(&small().surface(1).unwrap(), 1).unwrap_err();
    assert!(matches!(error, SimulationError::OutsideSurface { pixels } if pixels > 1000), "{error}");
}

#[test]
fn a_patch_keeps_the_glass_and_the_number_of_regions_per_area() {
    let regions = SoftRegions { count: 40, equivalent_radius: 3.0 * NM, aspect: 1.5, angle: None, energy: 1e-18 };
    let specimen = Specimen { regions: Some(regions), ..small() };
    let scanning = Scanning::default();
    let (patch, frame) = specimen.patch(&scanning, 0.7);
    let density = |s: &Specimen| s.regions.unwrap().count as f64 / (s.width * s.height);
    assert!((density(&patch) / density(&specimen) - 1.0).abs() < 0.02);
    assert_eq!((frame.rows, frame.columns, frame.angle), (96, 128, 0.7));
    let surface = patch.surface(2).unwrap();
    let microscope = with(Scanning { frame: Some(frame), ..scanning });
    let truth = microscope.true_energy(&surface).unwrap();
    assert_eq!(truth.shape(), (96, 128));
    // Half a pixel of interpolation on points half a pixel apart keeps the variance of an exponential field to some per cent.
    let energy = surface.energy.std(0.0);
    assert!((truth.values.std(0.0) / energy - 1.0).abs() < 0.15);
}

#[test]
fn the_response_is_exponential_in_the_direction_of_motion() {
    let scanning = Scanning { response_length: 3.0 * NM, ..Scanning::default() };
    let step = Array2::from_shape_fn((2, 40), |(_, column)| if column < 20 { 0.0 } else { 1.0 });
    let mut trace = step.clone();
    scanning.respond(&mut trace, NM, Direction::Trace);
    let mut retrace = step.clone();
    scanning.respond(&mut retrace, NM, Direction::Retrace);
    for after in 0..20 {
        let remaining = (-(after as f64 + 1.0) / 3.0).exp();
        assert!((trace[(1, 20 + after)] - (1.0 - remaining)).abs() < 1e-12);
        assert!((retrace[(1, 19 - after)] - remaining).abs() < 1e-12);
    }
    assert!(trace[(0, 19)] == 0.0 && retrace[(0, 20)] == 1.0);
}

/// Trace and retrace of a response are displaced against each other along the fast axis, by about twice its length.
#[test]
fn trace_and_retrace_lag_to_opposite_sides() {
    let surface = small().surface(4).unwrap();
    let microscope = with(Scanning { response_length: 2.0 * NM, ..Scanning::default() });
    let about_mean = |scan: Scan| &scan.phase.values - scan.phase.values.mean().unwrap();
    let [trace, retrace] = microscope.scan_pair(&surface, 1).unwrap().map(about_mean);
    let product = |shift: isize| {
        let columns = (6..122).map(|c: usize| (c, c.checked_add_signed(shift).unwrap()));
        columns.flat_map(|(a, b)| (0..96).map(move |r| (r, a, b))).map(|(r, a, b)| trace[(r, b)] * retrace[(r, a)]).sum::<f64>()
    };
    let best = (-6..=6).max_by(|a, b| product(*a).total_cmp(&product(*b))).unwrap();
    // The mean delay of keep = exp(-1/2) is keep / (1 - keep) = 1.5 pixels for each; a rough field shows less.
    assert!((1..=3).contains(&best), "{best}");
    let lag = Microscope { feedback_lag: 0.5 * NM, ..Microscope::default() };
    let [trace, retrace] = lag.scan_pair(&surface, 1).unwrap().map(|scan| scan.amplitude.values - 3.0 * NM);
    assert!((&trace + &retrace).iter().all(|sum| sum.abs() < 1e-22) && trace.std(0.0) > 0.0);
}

#[test]
fn directions_share_what_is_slow_and_nothing_else() {
    let surface = small().surface(1).unwrap();
    let ideal = Microscope::default().scan(&surface, 9).unwrap().phase.values;
    let noise = |microscope: Microscope| {
        microscope.scan_pair(&surface, 9).unwrap().map(|scan| {
            assert!(scan.phase.direction.is_some());
            scan.phase.values - &ideal
        })
    };
    let correlation = |[a, b]: &[Array2<f64>; 2]| {
        let mean = |m: &Array2<f64>| m.mean().unwrap();
        ((a - mean(a)) * (b - mean(b))).mean().unwrap() / (a.std(0.0) * b.std(0.0))
    };
    // 12288 pixels: 0.009 per standard error.
    let white = noise(Microscope { phase_noise: 0.4, ..Microscope::default() });
    assert!(correlation(&white).abs() < 0.04 && (white[0].std(0.0) / 0.4 - 1.0).abs() < 0.03);
    let rows = noise(Microscope { row_offset: 0.4, ..Microscope::default() });
    assert_eq!(rows[0], rows[1]);
    let flicker = noise(with(Scanning { flicker: 0.4, ..Scanning::default() }));
    let share = correlation(&flicker);
    assert!((0.3..0.95).contains(&share), "{share}");
    // Streaks: noise in time is closer to its neighbour in the line than to that in the next line.
    let noise = &flicker[0];
    let difference = |down: usize, right: usize| {
        let pairs = (0..95).flat_map(|r| (0..127).map(move |c| (r, c)));
        pairs.map(|(r, c)| (noise[(r, c)] - noise[(r + down, c + right)]).powi(2)).sum::<f64>()
    };
    assert!(difference(0, 1) < 0.7 * difference(1, 0), "{} {}", difference(0, 1), difference(1, 0));
}

#[test]
fn strokes_are_stretches_of_lines_and_dust_is_round() {
    let surface = small().surface(1).unwrap();
    let ideal = Microscope::default().scan(&surface, 9).unwrap().phase.values;
    let strokes = Strokes { count: 60, length: 10.0 * NM, offset: 5.0 };
    let microscope = with(Scanning { strokes, ..Scanning::default() });
    let [trace, retrace] = microscope.scan_pair(&surface, 9).unwrap().map(|scan| scan.phase.values - &ideal);
    let struck = |image: &Array2<f64>| image.iter().filter(|value| value.abs() > 1e-6).count();
    // 60 exponential lengths of mean 10, rounded up and cut at the border: 5 standard errors of 13 %.
    assert!((200..1000).contains(&struck(&trace)), "{}", struck(&trace));
    assert_ne!(trace, retrace);
    let dust = Dust { count: 3, radius: 5.0 * NM };
    let microscope = with(Scanning { dust, ..Scanning::default() });
    let [trace, retrace] = microscope.scan_pair(&surface, 9).unwrap();
    let lost = |scan: &Scan| scan.phase.values.mapv(f64::is_nan);
    assert_eq!(lost(&trace), lost(&retrace));
    assert_eq!(lost(&trace), trace.amplitude.values.mapv(f64::is_nan));
    let count = lost(&trace).iter().filter(|lost| **lost).count() as f64;
    // At most three discs of pi 25 pixels, at least a quarter of one in a corner.
    assert!(count > 15.0 && count < 3.0 * 79.0 + 12.0, "{count}");
}

#[test]
fn impossible_scans_are_refused_by_name() {
    let surface = small().surface(1).unwrap();
    let refused = |scanning: Scanning| match with(scanning).scan(&surface, 1).unwrap_err() {
        SimulationError::Parameter { name, .. } => name,
        other => panic!("{other}"),
    };
    let ideal = Scanning::default;
    assert_eq!(refused(Scanning { line_time: 0.0, ..ideal() }), "scanning.line_time");
    assert_eq!(refused(Scanning { response_length: -1.0, ..ideal() }), "scanning.response_length");
    let endless = Drift { velocity: (f64::NAN, 0.0), ..Drift::default() };
    assert_eq!(refused(Scanning { drift: endless, ..ideal() }), "scanning.drift");
    let line = Frame { rows: 1, ..Frame::of(&small()) };
    assert_eq!(refused(Scanning { frame: Some(line), ..ideal() }), "scanning.frame.rows");
}
