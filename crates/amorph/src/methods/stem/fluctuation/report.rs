//! What is said about the variances of a scan.

use ndarray::Array2;

use super::algorithm::{Definition, Jackknifed, Sums, Variances, jackknifed};
use super::{Input, Summed, figures};
use crate::core::data::{Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_significant};

/// A curve with its band of one standard error, by shell; NaN where nothing is seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    pub definition: Definition,
    pub value: Vec<f64>,
    pub std_error: Vec<f64>,
    pub lo: Vec<f64>,
    pub hi: Vec<f64>,
}

/// Patterns and blocks from which on the interval has been shown to cover.
const PROVEN: (f64, usize) = (144.0, 16);

/// Why there are standard errors alone.
const UNPROVEN: &str = "the interval has been shown to cover from 144 patterns in 16 blocks on";

/// Share of the variance on the halo that variations of whole patterns may make up.
const BRIGHTNESS_SHARE: f64 = 0.1;

pub(super) fn outcome(input: &Input<'_>, summed: &Summed) -> Outcome {
    let whole = Variances::of(&summed.total, &summed.shells);
    let without: Vec<Variances> = (0..summed.blocks.len())
        .map(|left_out| {
            let mut sums = Sums::new(&summed.shells);
            summed.blocks.iter().enumerate().filter(|(i, _)| *i != left_out).for_each(|(_, block)| sums.merge(block));
            Variances::of(&sums, &summed.shells)
        })
        .collect();
    let gain = input.gain.unwrap_or(0.0);
    let curves: Vec<Curve> = (0..4).map(|d| curve(d, &whole, &without, gain)).collect();
    let window = window(summed);
    let estimates = estimates(input, summed, &whole, &without, &curves, &window);
    let map = variance_image(input, summed, gain);
    let distances: Vec<f64> = (0..whole.mean.len()).map(|k| (summed.shells.first + k) as f64).collect();
    Outcome {
        figures: vec![figures::curves(&curves, &distances, input, summed), figures::image(&map)],
        tables: vec![table(input, summed, &whole, &curves, &distances)],
        notes: notes(input, summed, &estimates),
        maps: vec![map],
        estimates,
        ..Outcome::default()
    }
}

/// Shells of the first halo, within a standard deviation of its middle.
fn window(summed: &Summed) -> Vec<usize> {
    let halo = summed.background.halo;
    let inside = |k: &usize| ((summed.shells.first + k) as f64 - halo.radius).abs() <= halo.width.max(0.5);
    (0..summed.shells.counts.len()).filter(inside).filter(|k| summed.shells.counts[*k] > 0.0).collect()
}

fn curve(d: usize, whole: &Variances, without: &[Variances], gain: f64) -> Curve {
    let n = whole.mean.len();
    let empty = || vec![f64::NAN; n];
    let mut curve = Curve { definition: Definition::ALL[d], value: empty(), std_error: empty(), lo: empty(), hi: empty() };
    for k in 0..n {
        let shot = gain * whole.shot[d][k];
        curve.value[k] = whole.raw[d][k] - shot;
        let others: Vec<f64> = without.iter().map(|variances| variances.raw[d][k]).collect();
        if let Some(found) = jackknifed(whole.raw[d][k], &others, shot) {
            (curve.value[k], curve.std_error[k]) = (found.value, found.std_error);
            (curve.lo[k], curve.hi[k]) = (found.value - found.std_error, found.value + found.std_error);
        }
    }
    curve
}

fn mean_over(values: &[f64], window: &[usize]) -> f64 {
    window.iter().map(|k| values[*k]).sum::<f64>() / window.len() as f64
}

fn on_halo(d: usize, whole: &Variances, without: &[Variances], gain: f64, window: &[usize]) -> Option<Jackknifed> {
    let others: Vec<f64> = without.iter().map(|variances| mean_over(&variances.raw[d], window)).collect();
    jackknifed(mean_over(&whole.raw[d], window), &others, gain * mean_over(&whole.shot[d], window))
}

fn estimates(
    input: &Input<'_>,
    summed: &Summed,
    whole: &Variances,
    without: &[Variances],
    curves: &[Curve],
    window: &[usize],
) -> Vec<Estimate> {
    let (gain, n) = (input.gain.unwrap_or(0.0), summed.total.n);
    let flagged = |estimate: Estimate| if input.gain.is_some() { estimate } else { estimate.flag("includes_shot_noise") };
    let mut estimates = Vec::new();
    for (d, (symbol, curve)) in ["V", "V_re", "V_r", "V_Ω"].iter().zip(curves).enumerate() {
        let key = format!("fluctuation_{}", curve.definition.key());
        let value = mean_over(&curve.value, window);
        let proven = n >= PROVEN.0 && without.len() >= PROVEN.1;
        let estimate = match on_halo(d, whole, without, gain, window) {
            Some(found) if proven => Estimate::with_interval(&key, symbol, found.value, "", found.interval, Basis::Replicate)
                .std_error(found.std_error)
                .n(without.len() as f64),
            Some(found) => Estimate::without_interval(&key, symbol, found.value, "", UNPROVEN)
                .std_error(found.std_error)
                .n(without.len() as f64),
            None => Estimate::without_interval(&key, symbol, value, "", "fewer than four blocks of the scan have patterns"),
        };
        if value.is_finite() {
            estimates.push(flagged(estimate.flag("one_region")));
        }
    }
    let plain = |key, symbol, value, why| Estimate::without_interval(key, symbol, value, "", why);
    if let Some(image) = estimates.first().filter(|image| image.key == "fluctuation_image" && image.value > 0.0) {
        let modes = 1.0 / image.value;
        let estimate = match image.interval.filter(|interval| interval.lo > 0.0) {
            Some(ends) => {
                Estimate::with_interval("speckle_modes_M", "M", modes, "", (1.0 / ends.hi, 1.0 / ends.lo), Basis::Replicate)
            }
            None => plain("speckle_modes_M", "M", modes, UNPROVEN),
        };
        estimates.push(flagged(estimate));
    }
    let highest = window.iter().copied().max_by(|a, b| curves[0].value[*a].total_cmp(&curves[0].value[*b]));
    if let Some(highest) = highest {
        let why = "the largest of several noisy values is too large by chance: use fluctuation_image";
        estimates.push(flagged(plain("fluctuation_peak", "", curves[0].value[highest], why)));
        let at = (summed.shells.first + highest) as f64;
        estimates.push(plain("fluctuation_peak_distance", "", at, "a whole shell"));
    }
    let describes = "a property of this scan, given to judge it";
    estimates.extend([
        plain("brightness_variance", "", summed.total.brightness_variance(), describes),
        plain("halo_radius", "k0", summed.background.halo.radius, describes),
        plain("n_patterns", "N", n, "counted, without error"),
    ]);
    if let Some(thickness) = &input.thickness {
        let stated = plain("relative_thickness", "t/λ", thickness.value, "stated, not measured on this scan");
        estimates.push(match thickness.std_error {
            Some(error) => stated.std_error(error),
            None => stated,
        });
    }
    estimates
}

/// Relative variance over positions at every used pixel, shot noise subtracted.
fn variance_image(input: &Input<'_>, summed: &Summed, gain: f64) -> Map {
    let [_, _, rows, columns] = input.scan.shape();
    let mut values = Array2::from_elem((rows, columns), f64::NAN);
    for ([first, second], pixel) in summed.total.pixels.iter().zip(&summed.shells.pixels) {
        if *first > 0.0 {
            let place = [*pixel as usize / columns, *pixel as usize % columns];
            values[place] = summed.total.n * second / (first * first) - 1.0 - gain * summed.total.n / first;
        }
    }
    Map::new("variance_image", values, Unit::one(), None)
}

fn table(input: &Input<'_>, summed: &Summed, whole: &Variances, curves: &[Curve], distances: &[f64]) -> Table {
    let k = distances.iter().map(|distance| distance * input.calibration.q_pixel.unwrap_or(f64::NAN)).collect();
    let mut table = Table::new("v_k", "Normalised variance over the distance from the beam")
        .with_numbers("distance_px", "", distances.to_vec())
        .with_numbers("k", "1/m", k)
        .with_numbers("counts", "", whole.mean.clone())
        .with_numbers("pixels", "", summed.shells.counts.clone())
        .with_numbers("seen", "", summed.shells.seen.clone());
    for curve in curves {
        let key = curve.definition.key();
        table = table.with_numbers(&format!("v_{key}"), "", curve.value.clone()).with_numbers(
            &format!("v_{key}_se"),
            "",
            curve.std_error.clone(),
        );
    }
    table.with_numbers("modes", "", curves[0].value.iter().map(|v| if *v > 0.0 { 1.0 / v } else { f64::NAN }).collect())
}

fn notes(input: &Input<'_>, summed: &Summed, estimates: &[Estimate]) -> Vec<Note> {
    let mut notes = Vec::new();
    let (present, expected) = (input.scan.n_present, input.scan.n_frames());
    if input.gain.is_none() {
        notes.push(Note::warning(
            "includes_shot_noise",
            "detector_gain is not stated: the variances hold the shot noise of the camera, and cannot be compared between doses or with a model",
        ));
    } else {
        notes.push(Note::info(
            "shot_noise",
            "a camera that spreads an electron over several pixels has less noise in one pixel than detector_gain says: too much is then subtracted",
        ));
    }
    if !input.dark_stated {
        notes.push(Note::info(
            "no_dark_level",
            "dark_level is not stated and was taken as zero; an offset makes every variance too small",
        ));
    }
    let halo = estimates.iter().find(|estimate| estimate.key == "fluctuation_image").map_or(f64::NAN, |found| found.value);
    let brightness = summed.total.brightness_variance();
    if brightness > BRIGHTNESS_SHARE * halo {
        notes.push(Note::warning(
            "thickness_varies",
            format!("whole patterns vary by {brightness:.4} of their squared mean, against V = {halo:.4} on the halo: thickness and dose are in `image`, `re` and `omega`, not in `r`"),
        ));
    }
    notes.push(Note::info(
        "one_region",
        format!(
            "the errors come from {} blocks of this scan; other regions of the foil may differ by more: compare scans",
            summed.blocks.len()
        ),
    ));
    let thickness = match &input.thickness {
        Some(stated) => format!("compare foils of about t/λ = {}", format_significant(stated.value, 3)),
        None => "state relative_thickness (t/λ of haadf.thickness) to see it beside V, and compare foils of equal thickness"
            .to_owned(),
    };
    notes.push(Note::info("thickness", format!("V falls with thickness, and not by a reliable law: {thickness}")));
    let mut warn = |code: &str, n: usize, message: String| {
        if n > 0 {
            notes.push(Note::warning(code, message));
        }
    };
    let partial = &summed.partial;
    warn("frames_missing", expected - present, format!("{} of {expected} frames are missing in the file", expected - present));
    warn("unusable_patterns", partial.constant, format!("{} patterns are constant and were left out", partial.constant));
    warn(
        "invalid_pixels",
        partial.invalid,
        format!("{} pixels are NaN or infinite; each counts as the mean of the others of its shell", partial.invalid),
    );
    warn(
        "negative_counts",
        partial.negative,
        format!(
            "{} pixels are negative; they are kept: dropping one side of a dark-corrected zero would bias the variance",
            partial.negative
        ),
    );
    if input.calibration.q_pixel.is_none() {
        notes.push(Note::info("no_reciprocal_calibration", "q_pixel is missing or implausible: distances are detector pixels"));
    }
    notes
}
