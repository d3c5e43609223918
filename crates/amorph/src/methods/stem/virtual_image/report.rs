//! Maps and numbers of the virtual detectors.

use ndarray::Array2;

use super::algorithm::{Partial, tilt};
use super::{Input, figures};
use crate::core::data::{Extent, Map};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};

pub(super) fn outcome(input: &Input<'_>, partial: &Partial) -> Outcome {
    let [rows, columns, detector_rows, detector_columns] = input.scan.shape();
    let extent = input.calibration.scan_step.map(|step| Extent::metres(columns as f64 * step, rows as f64 * step));
    let of_scan = |quantity: &str, values: &dyn Fn(usize) -> Option<f64>| {
        let at = |(y, x)| values(y * columns + x).unwrap_or(f64::NAN);
        Map::new(quantity, Array2::from_shape_fn((rows, columns), at), Unit::one(), extent.clone())
    };
    let on_detector = |quantity: &str, values: &[f64]| {
        let at = |(y, x): (usize, usize)| values.get(y * detector_columns + x).copied().unwrap_or(f64::NAN);
        Map::new(quantity, Array2::from_shape_fn((detector_rows, detector_columns), at), Unit::one(), None)
    };
    let mut maps: Vec<Map> = Vec::new();
    for (name, image) in input.names.iter().zip(&partial.images) {
        let seen = |frame: usize| (!image.blind.contains(&frame)).then(|| image.sums.get(frame).copied()).flatten();
        maps.push(of_scan(&format!("virtual_{name}"), &seen));
    }
    maps.push(of_scan("centre_of_mass_y", &|frame| Some(partial.centres.get(frame)?[0])));
    maps.push(of_scan("centre_of_mass_x", &|frame| Some(partial.centres.get(frame)?[1])));
    maps.push(on_detector("mean_pattern", &partial.mean()));
    maps.push(on_detector("pattern_deviation", &partial.deviation()));
    let figures = vec![
        figures::images(&maps[1..input.names.len()]),
        figures::mass(&maps[input.names.len()..input.names.len() + 2]),
        figures::patterns(input),
    ];
    Outcome { estimates: estimates(input, partial), notes: notes(input, partial), figures, maps, ..Outcome::default() }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.filter(|value| value.is_finite()).fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    sum / n
}

fn estimates(input: &Input<'_>, partial: &Partial) -> Vec<Estimate> {
    let why = "a camera's counts are not Poisson without its gain, and the positions of one scan are not replicates";
    let plain = |key: &str, symbol: &str, value: f64| Estimate::without_interval(key, symbol, value, "", why);
    let of = |name: &str| {
        let index = input.names.iter().position(|found| found == name)?;
        Some(mean(partial.images.get(index)?.sums.iter().copied()))
    };
    let all = of("all").unwrap_or(f64::NAN);
    let mut estimates = vec![plain("mean_counts", "⟨I⟩", all)];
    estimates.extend(of("bright_field").map(|counts| plain("bright_field_share", "", counts / all)));
    estimates.extend(of("dark_field").map(|counts| plain("dark_field_share", "", counts / all)));
    let along = |axis: usize| partial.centres.iter().map(move |centre| centre[axis]);
    estimates.push(plain("centre_of_mass_y", "", mean(along(0))));
    estimates.push(plain("centre_of_mass_x", "", mean(along(1))));
    estimates.extend(descan(input, partial).map(|descan| plain("descan", "", descan)));
    let n = partial.centres.len() as f64;
    estimates.push(Estimate::without_interval("n_patterns", "N", n, "", "counted, without error"));
    estimates
}

/// Largest change of the centre of mass along either direction of the scan.
fn descan(input: &Input<'_>, partial: &Partial) -> Option<f64> {
    let [rows, columns, ..] = input.scan.shape();
    let of = |axis: usize| {
        let values: Vec<f64> = partial.centres.iter().map(|centre| centre[axis]).collect();
        tilt(&values, [rows, columns])
    };
    let (y, x) = (of(0)?, of(1)?);
    Some(y[0].hypot(x[0]).max(y[1].hypot(x[1])))
}

fn notes(input: &Input<'_>, partial: &Partial) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut warn = |code: &str, n: usize, message: String| {
        if n > 0 {
            notes.push(Note::warning(code, message));
        }
    };
    let [y, x] = input.centre;
    warn(
        "centre_assumed",
        usize::from(input.centre_assumed),
        format!(
            "the unscattered beam was taken to be in the middle of the detector, [{y}, {x}]; state centre = [y, x] if it is elsewhere"
        ),
    );
    let (present, expected) = (input.scan.n_present, input.scan.n_frames());
    warn(
        "frames_missing",
        expected - present,
        format!("{} of {expected} frames are missing in the file; their positions are empty", expected - present),
    );
    let invalid = partial.images.first().map_or(0, |all| all.invalid);
    warn(
        "invalid_pixels",
        invalid,
        format!("{invalid} pixels are NaN or infinite; each counts as the mean of the others of its detector and frame"),
    );
    let negative = partial.images.first().map_or(0, |all| all.negative);
    warn("negative_counts", negative, format!("{negative} pixels are negative; they are kept"));
    let moved = descan(input, partial).filter(|descan| *descan > 1.0);
    warn(
        "descan",
        usize::from(moved.is_some()),
        format!(
            "the centre of mass moves by {} detector pixels over the scan: detectors with sharp edges show that as contrast",
            format_significant(moved.unwrap_or(0.0), 2)
        ),
    );
    notes
}
