//! What is said about a judged scan.

use ndarray::Array2;

use super::classes::{PatternClass, reflections};
use super::fold::as_f32;
use super::judgement::Judged;
use super::null::adjusted;
use super::{BraggDetection, Input, figures};
use crate::core::data::{Extent, Map, Pixels, Table};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::wilson_interval;
use crate::core::unit::Unit;
use crate::method::MethodError;

const COUNTED: &str = "counted, without error";
const EXPECTED: &str = "an expectation over turns of the lines";
const DIAGNOSTIC: &str = "a property of this scan and of the rule, given to judge both";

pub(super) fn outcome(method: &BraggDetection, input: &Input<'_>, judged: &Judged) -> Result<Outcome, MethodError> {
    let mut maps = maps(input, judged);
    let gallery = gallery(input, judged)?;
    maps.extend(gallery.iter().cloned());
    let mut figures = vec![figures::statistic(judged), figures::check(judged), figures::classes(&maps[0])];
    figures.push(figures::gallery(&gallery));
    let trusted = judged.calibrated && judged.identified;
    let withheld = !(trusted || method.accept_uncalibrated);
    if withheld {
        maps.retain(|map| map.quantity != "bragg_class");
        figures.retain(|figure| figure.key != "class_map");
    }
    let mut estimates = fractions(judged);
    if !withheld {
        estimates.extend(class_counts(judged));
    }
    estimates.extend(diagnostics(method, input, judged));
    let tables = vec![patterns(input, judged, withheld), peaks(input, judged), shells(judged)];
    Ok(Outcome { estimates, maps, figures, tables, notes: notes(method, input, judged, withheld), ..Outcome::default() })
}

fn fractions(judged: &Judged) -> Vec<Estimate> {
    let (n, flagged) = (judged.t.len() as f64, judged.verdict.n_flagged as f64);
    let corrected = match judged.corrected {
        Some(corrected) if judged.calibrated && judged.identified && judged.complete => {
            let (key, symbol) = ("br_fraction_corrected", "f");
            let estimate = Estimate::with_interval(key, symbol, corrected.value, "", corrected.interval, Basis::Counting);
            vec![estimate.n(n).flag("independent_patterns")]
        }
        Some(corrected) => {
            let (why, flag) = if judged.calibrated && judged.identified {
                ("many reflections are hardly above the threshold: weaker ones are missed and counted nowhere", "low")
            } else {
                ("the self-check failed: see the notes", "not_calibrated")
            };
            vec![Estimate::without_interval("br_fraction_corrected", "f", corrected.value, "", why).n(n).flag(flag)]
        }
        None => Vec::new(),
    };
    let share = "the share in this scan; `br_fraction_corrected` and the scatter between regions say what it stands for";
    let mixture = "single values are off by up to 0.4, and no interval of them has been shown to cover";
    corrected
        .into_iter()
        .chain([
            Estimate::without_interval("br_fraction_flagged", "", flagged / n, "", share).n(n),
            Estimate::without_interval("br_fraction_mixture", "1 - π0", judged.mixture, "", mixture).n(n),
            Estimate::without_interval("n_flagged", "", flagged, "", COUNTED),
            Estimate::without_interval("n_patterns", "N", n, "", COUNTED),
        ])
        .collect()
}

fn class_counts(judged: &Judged) -> Vec<Estimate> {
    let count = |wanted: &[PatternClass]| judged.classes.iter().filter(|class| wanted.contains(class)).count() as f64;
    let unknown = [PatternClass::TwoOrThreeBeam, PatternClass::PartnerMasked];
    [
        ("n_on_axis", count(&[PatternClass::OnAxis])),
        ("n_zone_axis_nets", judged.nets.frames.len() as f64),
        ("n_three_beam", count(&[PatternClass::ThreeBeam])),
        ("n_two_beam", count(&[PatternClass::TwoBeam])),
        ("n_partner_unknown", count(&unknown)),
    ]
    .map(|(key, value)| Estimate::without_interval(key, "", value, "", COUNTED))
    .into_iter()
    .chain([Estimate::without_interval("n_zone_axis_nets_chance", "", judged.nets.by_chance, "", EXPECTED)])
    .collect()
}

fn diagnostics(method: &BraggDetection, input: &Input<'_>, judged: &Judged) -> Vec<Estimate> {
    let (check, geometry) = (&judged.check, &judged.background.geometry);
    let rate = check.n_false as f64 / check.n as f64;
    let interval = wilson_interval(check.n_false, check.n, 0.95).unwrap_or((0.0, 1.0));
    let plain = |key, symbol, value| Estimate::without_interval(key, symbol, value, "", DIAGNOSTIC);
    let mut estimates = vec![
        plain("fdr_q", "q", method.fdr_q),
        plain("threshold", "T*", judged.verdict.threshold),
        plain("null_loc", "", judged.null.location),
        plain("null_scale", "", judged.null.scale),
        Estimate::with_interval("selfcheck_fpr", "", rate, "", interval, Basis::Counting).n(check.n as f64),
        plain("selfcheck_ks", "", check.ks_distance),
    ];
    if check.found.is_finite() {
        estimates.push(plain("found_share", "", check.found).std_error(check.found_std));
    }
    estimates.extend([
        plain("bragg_power", "A80", check.power),
        plain("speckle_modes_M", "M", 1.0 / judged.speckle.inverse_modes),
        plain("speckle_grain", "", judged.speckle.grain),
        plain("friedel_correlation", "C2", judged.speckle.friedel),
        plain("centre_y", "", geometry.centre[0]),
        plain("centre_x", "", geometry.centre[1]),
        plain("ellipse_ratio", "", geometry.ratio()),
        plain("halo_radius", "k0", judged.background.halo.radius),
        plain("disk_radius", "R", input.known.disk_radius),
    ]);
    estimates
}

fn maps(input: &Input<'_>, judged: &Judged) -> Vec<Map> {
    let [rows, columns, ..] = input.scan.shape();
    let extent = input.scan_step.map(|step| Extent::metres(columns as f64 * step, rows as f64 * step));
    let map = |quantity: &str, value: &dyn Fn(usize) -> Option<f64>| {
        let values = Array2::from_shape_fn((rows, columns), |(y, x)| value(y * columns + x).unwrap_or(f64::NAN));
        Map::new(quantity, values, Unit::one(), extent.clone())
    };
    let reading = |frame: usize| judged.frames.get(frame).and_then(|frame| frame.reading.as_ref());
    let class = |frame: usize| judged.classes.get(frame).map(|class| class.number() as f64);
    vec![
        map("bragg_class", &class),
        map("bragg_statistic", &|frame| reading(frame).map(|reading| f64::from(reading.t))),
        map("pattern_scale", &|frame| reading(frame).map(|reading| f64::from(reading.scale))),
    ]
}

/// The pattern with the highest statistic, the last flagged one, and the lowest.
fn gallery(input: &Input<'_>, judged: &Judged) -> Result<Vec<Map>, MethodError> {
    let mut order: Vec<usize> = (0..judged.t.len()).collect();
    order.sort_by(|a, b| judged.t[*b].total_cmp(&judged.t[*a]));
    let last = judged.verdict.n_flagged.saturating_sub(1).min(order.len() - 1);
    let picks =
        [("pattern_highest", order[0]), ("pattern_at_threshold", order[last]), ("pattern_lowest", order[order.len() - 1])];
    let [_, _, rows, columns] = input.scan.shape();
    let mut pixels = Pixels::empty(input.scan.pixel);
    let mut found = Vec::new();
    for (quantity, index) in picks {
        let frame = judged.judged[index];
        input.scan.read(frame..frame + 1, &mut pixels)?;
        let values = as_f32(&pixels);
        let weights = judged.background.filter.weights();
        let values = Array2::from_shape_fn((rows, columns), |(y, x)| {
            let i = y * columns + x;
            if weights[i] > 0.0 { f64::from(values[i]) } else { f64::NAN }
        });
        found.push(Map::new(quantity, values, Unit::one(), None));
    }
    Ok(found)
}

fn patterns(input: &Input<'_>, judged: &Judged, withheld: bool) -> Table {
    let columns = input.scan.shape()[1].max(1);
    let reading = |frame: &usize| judged.frames[*frame].reading.as_ref();
    let of = |value: &dyn Fn(&usize) -> f64| judged.judged.iter().map(value).collect::<Vec<f64>>();
    let word = |frame: &usize| if withheld { "withheld" } else { judged.classes[*frame].word() }.to_owned();
    let n_reflections = |frame: &usize| match reading(frame) {
        Some(found) if judged.classes[*frame] != PatternClass::None => reflections(found, &judged.thresholds).count() as f64,
        _ => 0.0,
    };
    let has_net = |frame: &usize| {
        if withheld { f64::NAN } else { f64::from(u8::from(judged.nets.frames.binary_search(frame).is_ok())) }
    };
    Table::new("patterns", "Every pattern that can be judged")
        .with_numbers("scan_y", "", of(&|frame| (frame / columns) as f64))
        .with_numbers("scan_x", "", of(&|frame| (frame % columns) as f64))
        .with_numbers("statistic", "", judged.t.clone())
        .with_numbers("p", "", judged.verdict.p.clone())
        .with_numbers("q", "", adjusted(&judged.verdict.p))
        .with_numbers("flagged", "", judged.verdict.flagged.iter().map(|flagged| f64::from(u8::from(*flagged))).collect())
        .with_text("class", judged.judged.iter().map(word).collect())
        .with_numbers("reflections", "", of(&n_reflections))
        .with_numbers("net", "", of(&has_net))
        .with_numbers("scale", "", of(&|frame| reading(frame).map_or(f64::NAN, |reading| f64::from(reading.scale))))
}

fn peaks(input: &Input<'_>, judged: &Judged) -> Table {
    let columns = input.scan.shape()[1].max(1);
    let flagged = judged.judged.iter().zip(&judged.verdict.flagged).filter(|(_, flagged)| **flagged).map(|(frame, _)| *frame);
    let mut rows: Vec<[f64; 6]> = Vec::new();
    for frame in flagged {
        let Some(reading) = &judged.frames[frame].reading else { continue };
        for peak in reflections(reading, &judged.thresholds) {
            let [y, x] = peak.position.map(f64::from);
            let k = judged.background.geometry.distance(y, x) * input.q_pixel.unwrap_or(f64::NAN);
            rows.push([(frame / columns) as f64, (frame % columns) as f64, y, x, f64::from(peak.value) - 1.0, k]);
        }
    }
    let column = |i: usize| rows.iter().map(|row| row[i]).collect::<Vec<f64>>();
    Table::new("reflections", "Reflections of the flagged patterns")
        .with_numbers("scan_y", "", column(0))
        .with_numbers("scan_x", "", column(1))
        .with_numbers("detector_y", "", column(2))
        .with_numbers("detector_x", "", column(3))
        .with_numbers("amplitude", "", column(4))
        .with_numbers("k", "1/m", column(5))
}

fn shells(judged: &Judged) -> Table {
    let means = &judged.background.profile.means;
    Table::new("background", "Mean counts over the distance from the beam, for the median scale")
        .with_numbers("distance_px", "", (0..means.len()).map(|k| k as f64).collect())
        .with_numbers("counts", "", means.clone())
}

fn notes(method: &BraggDetection, input: &Input<'_>, judged: &Judged, withheld: bool) -> Vec<Note> {
    let check = &judged.check;
    let mut notes = Vec::new();
    let rest = if withheld { "; classes are withheld (accept_uncalibrated gives them)" } else { "" };
    if !judged.identified {
        notes.push(Note::warning(
            "null_not_identified",
            format!("the flattest patterns of this scan do not look like patterns without reflections: too many patterns may have some. Use a reference scan, or null = \"parametric\"{rest}"),
        ));
    }
    if !judged.calibrated {
        let (found, n, q) = (check.n_false, check.n, method.fdr_q);
        notes.push(Note::warning(
            "not_calibrated",
            format!("the rule flags {found} of {n} simulated patterns without reflections, more than twice q = {q}{rest}"),
        ));
    }
    let power = check.power;
    notes.push(Note::info(
        "meaning_of_none",
        format!("'none' means no disk above {power:.2} of the background (found in four of five patterns): random packing, or an ordered cluster that is not in orientation"),
    ));
    notes.push(Note::info(
        "friedel_symmetry",
        format!("opposite intensities of patterns without reflections correlate by {:.2}: a pair of reflections is not evidence twice", judged.speckle.friedel),
    ));
    let masked = judged.background.masked.iter().filter(|masked| **masked).count();
    if masked > 0 {
        notes.push(Note::info(
            "masked_pixels",
            format!("{masked} detector pixels tell nothing: stated, constant, or far from their shell"),
        ));
    }
    let mut warn = |code: &str, n: usize, message: String| {
        if n > 0 {
            notes.push(Note::warning(code, message));
        }
    };
    let (present, expected) = (input.scan.n_present, input.scan.n_frames());
    warn(
        "frames_missing",
        expected - present,
        format!("{} of {expected} frames are missing in the file; they are absent, not 'none'", expected - present),
    );
    let unusable = judged.frames.iter().filter(|frame| frame.reading.is_none()).count();
    warn("unusable_patterns", unusable, format!("{unusable} patterns are constant or empty and were left out"));
    let saturated = judged.frames.iter().filter(|frame| frame.saturated > 0).count();
    warn(
        "saturated_patterns",
        saturated,
        format!("{saturated} of {present} patterns have saturated pixels where reflections are looked for"),
    );
    let invalid: usize = judged.frames.iter().map(|frame| frame.invalid as usize).sum();
    warn(
        "invalid_pixels",
        invalid,
        format!("{invalid} pixels are NaN or infinite; each counts as the mean of the others over the background"),
    );
    let negative: usize = judged.frames.iter().map(|frame| frame.negative as usize).sum();
    warn(
        "negative_counts",
        negative,
        format!(
            "{negative} pixels are negative; they are kept, since dropping one side of a dark-corrected zero would bias the background"
        ),
    );
    if input.q_pixel.is_none() {
        notes.push(Note::info("no_reciprocal_calibration", "q_pixel is missing or implausible: distances are detector pixels"));
    }
    notes
}
