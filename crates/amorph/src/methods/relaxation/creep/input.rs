use super::Creep;
use super::algorithm::PER_DECADE;
use crate::core::data::TraceQuantity;
use crate::core::outcome::Note;
use crate::core::stats::median;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::constants::CREEP_STRESS;
use crate::methods::relaxation::holds::{Bins, Rows, bins, reading_correlation, rows};

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) bins: Bins,
    /// Stress of the hold, Pa.
    pub(super) stress: f64,
    /// Correlation of the errors of neighbouring readings late in the hold.
    pub(super) correlation: f64,
    pub(super) notes: Vec<Note>,
}

/// Fewest bins.
const FEWEST: usize = 20;
/// Stress over that of the hold at which the ramp ends.
const LOADED: f64 = 0.98;
/// Relative change of the stress within a hold.
const CHANGED: f64 = 0.03;

pub(super) fn input(method: &'static str, parameters: &Creep, dataset: &Dataset) -> Result<Input, MethodError> {
    let mut notes = Vec::new();
    let found = rows(dataset, TraceQuantity::Strain, Some(TraceQuantity::Stress), FEWEST, &mut notes)?;
    let stated = dataset.constants.positive(&CREEP_STRESS)?.map(|quantity| quantity.value);
    let stress = match (&found.driven, stated) {
        (Some(stresses), _) => median(&stresses[stresses.len() / 2..]).unwrap_or(f64::NAN),
        (None, Some(stress)) => stress,
        (None, None) => {
            return Err(MethodError::MissingConstants { method, missing: vec![dataset.constants.missing(&CREEP_STRESS)] });
        }
    };
    if stress.is_nan() || stress <= 0.0 {
        let reason = format!("the stress of the hold ({stress:.4e} Pa) is not above zero; count the loaded direction positive");
        return Err(failed(reason));
    }
    let loaded = found.driven.as_ref().and_then(|stresses| stresses.iter().position(|s| *s >= LOADED * stress)).unwrap_or(0);
    let start = parameters.hold_start.as_ref().map_or(found.times[loaded], |time| time.value);
    let from = found.times.iter().position(|t| *t >= start).unwrap_or(found.times.len());
    if let Some(stresses) = &found.driven {
        constant(&stresses[from..], stress)?;
        lingers(&stresses[..from])?;
    }
    let ramp = start - found.times[0];
    let first = parameters.discard * ramp;
    notes.push(ramp_note(start, ramp, first, parameters.discard));
    // From the middle of the ramp: what is left of its history is then of second order.
    let Rows { times, values, .. } = &found;
    let age: Vec<f64> = times.iter().map(|t| t - start + 0.5 * ramp).collect();
    let kept: Vec<usize> = (from..times.len()).filter(|i| age[*i] > 0.0 && times[*i] - start >= first).collect();
    let of = |values: &[f64]| kept.iter().map(|i| values[*i]).collect::<Vec<f64>>();
    let bins = bins(&of(&age), &of(values), PER_DECADE);
    let span = bins.times.first().zip(bins.times.last()).map_or(0.0, |(a, b)| (b / a).log10());
    if bins.times.len() < FEWEST || span < 1.0 {
        let what =
            format!("hundredths of a decade of time with readings after the ramp (they span {span:.2} decades; one is needed)");
        return Err(RelaxationError::TooFew { what, found: bins.times.len(), needed: FEWEST }.into());
    }
    let correlation = reading_correlation(&of(values));
    Ok(Input { bins, stress, correlation, notes })
}

fn failed(reason: String) -> MethodError {
    RelaxationError::NotFitted { what: "the creep".to_owned(), reason }.into()
}

/// Medians of the tenths of a hold: single bad readings do not count.
fn constant(stresses: &[f64], stress: f64) -> Result<(), MethodError> {
    let length = (stresses.len() / 10).max(1);
    let medians = stresses.chunks(length).filter_map(|part| median(part).ok());
    match medians.map(|part| (part / stress - 1.0).abs()).find(|change| *change > CHANGED) {
        None => Ok(()),
        Some(change) => {
            let reason = format!(
                "the stress changes by {:.1} % within the hold; give every step of the stress its own file, or correct it for the area of the specimen",
                100.0 * change
            );
            Err(failed(reason))
        }
    }
}

/// A stress that stood still before the hold: an earlier step.
fn lingers(before: &[f64]) -> Result<(), MethodError> {
    let Ok(level) = median(before) else { return Ok(()) };
    let near = before.iter().filter(|stress| (*stress / level - 1.0).abs() < CHANGED).count();
    if before.len() < FEWEST || 2 * near < before.len() {
        return Ok(());
    }
    Err(failed(format!("the stress stood at {level:.3e} Pa before the hold; give every step of the stress its own file")))
}

fn ramp_note(start: f64, ramp: f64, first: f64, discard: f64) -> Note {
    if ramp > 0.0 {
        let text = format!(
            "the stress is constant from {start:.4e} s; loading took {ramp:.3e} s, and the first {first:.3e} s of the hold are left out ({discard} times the loading); \
             times count from the middle of the loading"
        );
        Note::info("ramp", text)
    } else {
        let text = "the trace begins with the hold: how long loading took is not known, and nothing is left out";
        Note::warning("ramp_unknown", text)
    }
}
