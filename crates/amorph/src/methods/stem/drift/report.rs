//! What is said about drift.

use ndarray::Array2;

use super::algorithm::{Drift as Found, chance_peaks, drift, shift};
use super::{Drift, Input, figures};
use crate::core::data::{Map, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::format_significant;

/// Probability above which the peak is chance.
const CHANCE: f64 = 0.05;

/// Height of the peak below which blocks scatter less than their mean: the interval covered in
/// 96 and 97 % with peaks of 0.44 and 0.41, in 77 and 87 % with 0.32 and 0.13.
pub(super) const LOWEST_PEAK: f64 = 0.4;

fn usable(map: &Map) -> Array2<f64> {
    ndarray::Zip::from(&map.values).and(&map.valid()).map_collect(|value, valid| if *valid { *value } else { f64::NAN })
}

/// `None` where an image is flat.
pub(super) fn outcome(method: &Drift, input: &Input<'_>, seed: u64) -> Option<Outcome> {
    let (before, after) = (usable(input.before), usable(input.after));
    let (rows, columns) = before.dim();
    let reach = method.reach * rows.min(columns) as f64;
    let (a, b) = (before.view(), after.view());
    let whole = shift(&a, &b, reach)?;
    let chance = chance_peaks(&a, &b, reach, method.surrogates, seed);
    let p = (1 + chance.iter().filter(|peak| **peak >= whole.peak).count()) as f64 / (1 + chance.len()) as f64;
    let found = if p <= CHANCE { drift(&a, &b, method.blocks, reach) } else { None };
    let plain = |key: &str, symbol: &str, value: f64, why: &str| Estimate::without_interval(key, symbol, value, "", why);
    let mut estimates = found.as_ref().map_or_else(
        || vec![plain("drift_accepted", "", 0.0, "a decision: without a match nothing says that the specimen stood still")],
        |found| measured(method, input, found),
    );
    let to_judge = "given to judge the match";
    estimates.push(plain("match_peak", "", whole.peak, to_judge));
    estimates.push(plain("match_p", "p", p, "a probability").n(chance.len() as f64));
    let images = [("image_before", input.before), ("image_after", input.after)];
    let maps: Vec<Map> = images.map(|(quantity, map)| Map { quantity: quantity.to_owned(), ..map.clone() }).into();
    let mut drawn = vec![figures::images(&maps)];
    drawn.extend(found.as_ref().map(|found| figures::blocks(found, method, input)));
    drawn.push(figures::peaks(&chance, whole.peak));
    Some(Outcome {
        estimates,
        notes: notes(method, input, found.as_ref(), p),
        tables: found.as_ref().map(blocks).into_iter().collect(),
        figures: drawn,
        maps,
        ..Outcome::default()
    })
}

/// Length of the shift and its error, both in steps of the scan: the larger error of both directions, so that none is hidden.
fn in_steps(input: &Input<'_>, found: &Found) -> (f64, f64) {
    let [dy, dx] = found.shift.by;
    let error = found.std_error[0].max(found.std_error[1]);
    (dy.hypot(dx) / input.pixels_per_step, error / input.pixels_per_step)
}

fn accepted(method: &Drift, input: &Input<'_>, found: &Found) -> bool {
    let (length, error) = in_steps(input, found);
    length + 2.0 * error < method.accepted_steps
}

fn measured(method: &Drift, input: &Input<'_>, found: &Found) -> Vec<Estimate> {
    let ([dy, dx], [half_y, half_x]) = (found.shift.by, found.half_width);
    let interval = |value: f64, half: f64| (value - half, value + half);
    let n = found.blocks.len() as f64;
    let along = |key: &str, symbol: &str, value: f64, half: f64, error: f64| {
        let estimate = if found.shift.peak >= LOWEST_PEAK {
            Estimate::with_interval(key, symbol, value, "", interval(value, half), Basis::Replicate)
        } else {
            let why = "the images have so little in common that the scatter of blocks is too small an error";
            Estimate::without_interval(key, symbol, value, "", why)
        };
        estimate.std_error(error).n(n)
    };
    let plain = |key: &str, value: f64, unit: &str, why: &str| Estimate::without_interval(key, "", value, unit, why);
    let (length, error) = in_steps(input, found);
    let positive = "a length of a noisy shift is too large where the shift is small: see drift_y_px and drift_x_px";
    let mut estimates = vec![
        along("drift_y_px", "Δy", dy, half_y, found.std_error[0]),
        along("drift_x_px", "Δx", dx, half_x, found.std_error[1]),
        plain("drift_sd_px", found.std_error[0].max(found.std_error[1]), "", "an error"),
        plain("drift_steps", length, "", positive).std_error(error),
        plain("drift_accepted", f64::from(u8::from(accepted(method, input, found))), "", "a decision"),
        plain("drift_limit_steps", (method.accepted_steps - 2.0 * error).max(0.0), "", "follows from the error"),
    ];
    estimates.extend(input.scan_step.map(|step| plain("drift_length", length * step, "m", positive).std_error(error * step)));
    estimates
}

fn blocks(found: &Found) -> Table {
    let of = |value: fn(&([f64; 2], [f64; 2])) -> f64| found.blocks.iter().map(value).collect::<Vec<f64>>();
    Table::new("blocks", "Shift of every block, image pixels")
        .with_numbers("middle_y", "", of(|block| block.0[0]))
        .with_numbers("middle_x", "", of(|block| block.0[1]))
        .with_numbers("shift_y", "", of(|block| block.1[0]))
        .with_numbers("shift_x", "", of(|block| block.1[1]))
}

fn notes(method: &Drift, input: &Input<'_>, found: Option<&Found>, p: f64) -> Vec<Note> {
    let digits = |value: f64| format_significant(value, 3);
    let mut notes = Vec::new();
    match found {
        None if p > CHANCE => notes.push(Note::warning(
            "no_match",
            format!("the images have no more in common than images without anything in common (p = {}): no shift is given, and the scan is not accepted", digits(p)),
        )),
        None => notes.push(Note::warning(
            "too_few_blocks",
            "the shift leaves fewer than nine blocks inside both images: no shift is given, and the scan is not accepted",
        )),
        Some(found) => {
            let (length, error) = in_steps(input, found);
            let rule = format!(
                "shift and twice its error are {} + {} steps; below {} the scan is accepted",
                digits(length),
                digits(2.0 * error),
                digits(method.accepted_steps)
            );
            if accepted(method, input, found) {
                notes.push(Note::info("drift_accepted", rule));
            } else if 2.0 * error >= method.accepted_steps {
                notes.push(Note::warning(
                    "too_blurred_to_tell",
                    format!("{rule}; the error alone exceeds that: these images cannot show that the specimen stood still"),
                ));
            } else {
                notes.push(Note::warning("drift_too_large", rule));
            }
        }
    }
    if found.is_some_and(|found| found.shift.peak < LOWEST_PEAK) {
        notes.push(Note::warning(
            "noisy_match",
            "the images have little in common beyond noise: the error of the shift may be half of what it should be; take longer exposures or larger images",
        ));
    }
    if input.n_images > 2 {
        notes.push(Note::info("first_and_last", format!("{} images: the first and the last are compared", input.n_images)));
    }
    if input.assumed {
        notes.push(Note::warning(
            "image_taken_as_field",
            "the images were taken to cover the field of the scan exactly; state pixels_per_step if they do not",
        ));
    }
    notes
}
