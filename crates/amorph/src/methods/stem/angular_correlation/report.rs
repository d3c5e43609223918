//! What is said about the correlation along rings.

use super::algorithm::{Correlation, orders};
use super::{AngularCorrelation, Correlated, Input, figures};
use crate::core::data::Table;
use crate::core::outcome::{Estimate, Note, Outcome};

const UNPROVEN: &str =
    "the standard error takes patterns as independent; how often an interval from it would cover has not been measured";

/// What a curve is made of.
#[derive(Debug, Clone)]
pub(super) struct Curves {
    /// Every ring, shot noise subtracted at a lag of 0 where the gain is stated.
    pub rings: Vec<Correlation>,
    /// Mean over the rings of the first halo.
    pub halo: Correlation,
    /// Angle of every lag, degrees.
    pub angles: Vec<f64>,
}

pub(super) fn outcome(method: &AngularCorrelation, input: &Input<'_>, correlated: &Correlated) -> Outcome {
    let curves = curves(method, input, correlated);
    let power = orders(&curves.halo.values, method.cells, method.orders);
    Outcome {
        estimates: estimates(input, correlated, &curves, &power),
        figures: vec![figures::correlation(&curves, &power, correlated)],
        tables: vec![rings(input, correlated, &curves), symmetry(&power)],
        notes: notes(input, correlated),
        ..Outcome::default()
    }
}

fn curves(method: &AngularCorrelation, input: &Input<'_>, correlated: &Correlated) -> Curves {
    let mut rings = correlated.partial.correlations(correlated.rings.n_lags());
    for ring in &mut rings {
        if let Some(first) = ring.values.first_mut() {
            *first -= input.gain.unwrap_or(0.0) * ring.shot;
        }
    }
    let halo = &correlated.halo;
    let half = halo.width.max(0.5 * method.ring_width);
    let chosen: Vec<&Correlation> = rings
        .iter()
        .zip(&correlated.rings.radii)
        .filter(|(_, radius)| (*radius - halo.radius).abs() <= half)
        .map(|(ring, _)| ring)
        .collect();
    let n = chosen.len() as f64;
    let mean = |of: &dyn Fn(&Correlation, usize) -> f64| -> Vec<f64> {
        (0..correlated.rings.n_lags()).map(|lag| chosen.iter().map(|ring| of(ring, lag)).sum::<f64>() / n).collect()
    };
    let values = mean(&|ring, lag| ring.values[lag]);
    // Neighbouring rings share speckle: their errors are not reduced by averaging.
    let std_errors = mean(&|ring, lag| ring.std_errors[lag]);
    let shot = chosen.iter().map(|ring| ring.shot).sum::<f64>() / n;
    let angles = (0..correlated.rings.n_lags()).map(|lag| 360.0 * lag as f64 / method.cells as f64).collect();
    Curves { halo: Correlation { values, std_errors, shot }, rings, angles }
}

fn estimates(input: &Input<'_>, correlated: &Correlated, curves: &Curves, power: &[f64]) -> Vec<Estimate> {
    let n = correlated.partial.n;
    let of = |key: &str, symbol: &str, lag: Option<usize>| {
        let lag = lag?;
        let value = *curves.halo.values.get(lag)?;
        let error = *curves.halo.std_errors.get(lag)?;
        value.is_finite().then(|| Estimate::without_interval(key, symbol, value, "", UNPROVEN).std_error(error).n(n))
    };
    let contrast = of("angular_contrast", "C(0)", Some(0));
    let contrast = contrast.map(|found| if input.gain.is_some() { found } else { found.flag("includes_shot_noise") });
    let opposite = of("opposite_correlation", "C(π)", curves.angles.len().checked_sub(1));
    let sum = |odd: bool| {
        let chosen: Vec<f64> = power.iter().enumerate().filter(|(i, _)| (i % 2 == 0) == odd).map(|(_, power)| *power).collect();
        chosen.iter().sum::<f64>() / chosen.len().max(1) as f64
    };
    let why = "a ratio of powers that share patterns; no interval of it has been shown to cover";
    let share = sum(false) / (sum(false) + sum(true));
    let share = share.is_finite().then(|| Estimate::without_interval("even_share", "", share, "", why));
    let describes = "a property of this scan, given to judge it";
    contrast
        .into_iter()
        .chain(opposite)
        .chain(share)
        .chain([
            Estimate::without_interval("halo_radius", "k0", correlated.halo.radius, "", describes),
            Estimate::without_interval("n_patterns", "N", n, "", "counted, without error"),
        ])
        .collect()
}

fn rings(input: &Input<'_>, correlated: &Correlated, curves: &Curves) -> Table {
    let per_pixel = input.calibration.q_pixel.unwrap_or(f64::NAN);
    let seen = correlated.rings.seen();
    let mut columns: [Vec<f64>; 6] = Default::default();
    for ((ring, radius), seen) in curves.rings.iter().zip(&correlated.rings.radii).zip(seen) {
        for ((value, error), angle) in ring.values.iter().zip(&ring.std_errors).zip(&curves.angles) {
            let row = [*radius, radius * per_pixel, *angle, *value, *error, seen];
            columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        }
    }
    let [radius, k, angle, value, error, seen] = columns;
    Table::new("angular_correlation", "Correlation along every ring over the angle")
        .with_numbers("distance_px", "", radius)
        .with_numbers("k", "1/m", k)
        .with_numbers("angle", "deg", angle)
        .with_numbers("correlation", "", value)
        .with_numbers("correlation_se", "", error)
        .with_numbers("seen", "", seen)
}

fn symmetry(power: &[f64]) -> Table {
    Table::new("orders", "Power of every order of symmetry on the first halo")
        .with_numbers("order", "", (1..=power.len()).map(|order| order as f64).collect())
        .with_numbers("power", "", power.to_vec())
}

fn notes(input: &Input<'_>, correlated: &Correlated) -> Vec<Note> {
    let mut notes = Vec::new();
    if input.gain.is_none() {
        notes.push(Note::warning(
            "includes_shot_noise",
            "detector_gain is not stated: the correlation at an angle of 0 holds the shot noise of the camera; other angles do not",
        ));
    }
    notes.push(Note::info(
        "friedel_symmetry",
        "opposite intensities of a thin foil are alike whether it is ordered or not: even orders are not evidence of order by themselves, only their differences are",
    ));
    let (present, expected) = (input.scan.n_present, input.scan.n_frames());
    if present < expected {
        notes.push(Note::warning(
            "frames_missing",
            format!("{} of {expected} frames are missing in the file", expected - present),
        ));
    }
    let left_out = correlated.partial.left_out;
    if left_out > 0 {
        notes.push(Note::warning(
            "unusable_patterns",
            format!("{left_out} patterns are constant, or have a pixel that is no number or a ring without counts, and were left out"),
        ));
    }
    if input.calibration.q_pixel.is_none() {
        notes.push(Note::info("no_reciprocal_calibration", "q_pixel is missing or implausible: distances are detector pixels"));
    }
    notes
}
