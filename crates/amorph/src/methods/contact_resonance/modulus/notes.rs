//! What the reader must know.

use super::report::Results;
use super::{ContactModulus, Form, Input};
use crate::core::outcome::Note;
use crate::core::stats::median;
use crate::core::unit::format_significant;

/// `d ln f/d ln k` below which a mode hardly feels the contact.
const INSENSITIVE: f64 = 0.05;

pub(super) fn notes(method: &ContactModulus, input: &Input, results: &Results) -> Vec<Note> {
    let mut notes = vec![Note::info(
        "beam_assumptions",
        "a uniform rectangular lever; its tilt (about 11 deg), the mass of the tip and the lateral stiffness of the contact are left out",
    )];
    notes.extend(counts(results));
    notes.extend(insensitive_modes(results));
    notes.extend(modulus_notes(method, input, results));
    notes.extend(noise_notes(input));
    if results.common.failed > 0.01 {
        let message = format!(
            "{:.0} % of the draws of the constants have no solution: their stated errors are too large for a linear statement, the systematic error is a lower bound",
            100.0 * results.common.failed
        );
        notes.push(Note::warning("common_errors_too_large", message));
    }
    notes
}

fn counts(results: &Results) -> Vec<Note> {
    let mut notes = Vec::new();
    for (rejected, branch) in results.converted.rejected.iter().zip(&results.converter.branches) {
        if rejected.below + rejected.above > 0 {
            notes.push(Note::warning(
                "no_solution",
                format!(
                    "mode {}: {} frequencies below the free one ({:.6e} Hz) and {} above that of a pinned tip ({:.6e} Hz) have no stiffness",
                    branch.mode, rejected.below, branch.free, rejected.above, branch.pinned
                ),
            ));
        }
    }
    notes
}

fn insensitive_modes(results: &Results) -> Vec<Note> {
    let of_mode = |(branch, sensitivity): (&super::algorithm::ModeBranch, &f64)| {
        let insensitive = 1.0 / sensitivity < INSENSITIVE;
        insensitive.then(|| {
            Note::warning(
                "insensitive_mode",
                format!(
                    "mode {} hardly feels the contact: one per cent of stiffness is {} % of frequency (d ln f/d ln k = {}), so every error of the \
                     frequency is multiplied by {}",
                    branch.mode,
                    format_significant(1.0 / sensitivity, 2),
                    format_significant(1.0 / sensitivity, 2),
                    format_significant(*sensitivity, 2)
                ),
            )
        })
    };
    results.converter.branches.iter().zip(&results.sensitivities).filter_map(of_mode).collect()
}

fn modulus_notes(method: &ContactModulus, input: &Input, results: &Results) -> Vec<Note> {
    let mut notes = Vec::new();
    let Some(moduli) = &results.moduli else {
        let needs: Vec<String> =
            input.missing_for_modulus.iter().map(|missing| format!("{} ({})", missing.key, missing.found_by)).collect();
        let message = format!(
            "stiffness only: frequencies must not be compared across tips without a reference. For the modulus state {}",
            needs.join("; ")
        );
        return vec![Note::refused("no_modulus", message)];
    };
    if moduli.unresolved > 0 {
        notes.push(Note::warning(
            "stiffer_than_tip_resolves",
            format!(
                "{} pixels have 1/E* - 1/M_t <= 0: stiffer than the tip resolves. For them only M > E* is known",
                moduli.unresolved
            ),
        ));
    }
    let finite: Vec<f64> = moduli.indentation.iter().copied().filter(|value| value.is_finite()).collect();
    let typical = median(&finite).unwrap_or(f64::NAN);
    match (method.form, input.calibration.tip_modulus) {
        (Form::Paper, _) => notes.push(Note::warning(
            "paper_form",
            "M = M_ref (k*/k*_ref)^(3/2) as printed by Qiao et al. 2019 leaves out the compliance of the tip, which is of the order of that of the sample",
        )),
        (_, Some(tip)) if typical > tip => notes.push(Note::warning(
            "sample_stiffer_than_tip",
            format!(
                "the sample is {:.2} times as stiff as the tip: an error of E* is multiplied by (M/E*)^2 = {:.1} in M; use a stiffer tip",
                typical / tip,
                (1.0 + typical / tip).powi(2)
            ),
        )),
        _ => {}
    }
    if results.wear > 0.0 {
        notes.push(Note::warning(
            "wear_not_in_lines",
            format!(
                "the reference changed over the scan; state slow_scan to correct it line by line. The mean of both readings is used, and {:.2} % of systematic error added",
                100.0 * results.wear
            ),
        ));
    }
    if let Some((before, after)) = results.converter.reference
        && before == after
        && input.calibration.reference_ratio.after.is_none()
        && input.calibration.reference_frequency.iter().all(|reading| reading.after.is_none())
    {
        let message = "the reference was read before the scan only: wear of the tip goes unseen; read it again after the scan";
        notes.push(Note::warning("reference_read_once", message));
    }
    notes
}

fn noise_notes(input: &Input) -> Vec<Note> {
    if input.readings.noise_from_repeats {
        let message = "noise of the frequencies from the difference of trace and retrace; their mean is used";
        return vec![Note::info("noise_from_repeats", message)];
    }
    if input.readings.modes.iter().any(|mode| mode.noise.is_none()) {
        let message = "the noise of the frequencies is not stated (frequency_noise_mode_1 and so on, or trace and retrace maps): the spread \
                       over the map contains the measurement, and two modes are weighted as if their relative noise were equal";
        return vec![Note::warning("noise_not_stated", message)];
    }
    Vec::new()
}
