use super::StressRelaxation;
use super::algorithm::PER_DECADE;
use crate::core::data::TraceQuantity;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::constants::{HARDENING_MODULUS, TAYLOR_FACTOR, TEMPERATURE, UNLOADING_MODULUS};
use crate::methods::relaxation::holds::{Bins, Rows, bins, reading_correlation, rows};

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) bins: Bins,
    /// Stress when the strain stood still, Pa.
    pub(super) initial: f64,
    /// Correlation of the errors of neighbouring readings late in the hold.
    pub(super) correlation: f64,
    pub(super) temperature: f64,
    pub(super) taylor_factor: f64,
    /// K/M_E, where both are stated.
    pub(super) hardening: Option<f64>,
    pub(super) notes: Vec<Note>,
}

/// Fewest bins and decades.
const FEWEST: usize = 12;

pub(super) fn input(method: &'static str, parameters: &StressRelaxation, dataset: &Dataset) -> Result<Input, MethodError> {
    let stated = [
        (&TEMPERATURE, dataset.constants.positive(&TEMPERATURE)?.map(|quantity| quantity.value)),
        (&TAYLOR_FACTOR, dataset.constants.positive(&TAYLOR_FACTOR)?.map(|quantity| quantity.value)),
    ];
    let missing: Vec<_> =
        stated.iter().filter(|(_, value)| value.is_none()).map(|(info, _)| dataset.constants.missing(info)).collect();
    let [(_, Some(temperature)), (_, Some(taylor_factor))] = stated else {
        return Err(MethodError::MissingConstants { method, missing });
    };
    let hardening = hardening(method, dataset)?;
    let mut notes = Vec::new();
    let Rows { times, values: stresses, .. } = rows(dataset, TraceQuantity::Stress, None, FEWEST, &mut notes)?;
    let top = (0..times.len()).max_by(|a, b| stresses[*a].total_cmp(&stresses[*b])).unwrap_or(0);
    let start = parameters.hold_start.as_ref().map_or(times[top], |time| time.value);
    let from = times.iter().position(|t| *t >= start).unwrap_or(times.len());
    let initial = stresses.get(from).copied().unwrap_or(f64::NAN);
    if initial.is_nan() || initial <= 0.0 {
        let reason = format!(
            "the stress at the start of the hold ({start:.4e} s) is not above zero; state hold_start, and count tension or compression positive"
        );
        return Err(RelaxationError::NotFitted { what: "the relaxation".to_owned(), reason }.into());
    }
    let ramp = start - times[0];
    let first = parameters.discard * ramp;
    let text = if ramp > 0.0 {
        format!(
            "the strain stands still from {start:.4e} s; loading took {ramp:.3e} s, and the first {first:.3e} s of the hold are left out ({} times the loading), \
             where its history still counts",
            parameters.discard
        )
    } else {
        "the trace begins with the hold: how long loading took is not known, and nothing is left out".to_owned()
    };
    notes.push(if ramp > 0.0 { Note::info("ramp", text) } else { Note::warning("ramp_unknown", text) });
    let hold: Vec<f64> = times[from..].iter().map(|t| t - start).collect();
    let kept: Vec<usize> = (0..hold.len()).filter(|i| hold[*i] > 0.0 && hold[*i] >= first).collect();
    let of = |values: &[f64]| kept.iter().map(|i| values[*i]).collect::<Vec<f64>>();
    let bins = bins(&of(&hold), &of(&stresses[from..]), PER_DECADE);
    let span = bins.times.first().zip(bins.times.last()).map_or(0.0, |(a, b)| (b / a).log10());
    if bins.times.len() < FEWEST || span < 1.0 {
        let what =
            format!("fortieths of a decade of time with readings after the ramp (they span {span:.2} decades; one is needed)");
        return Err(RelaxationError::TooFew { what, found: bins.times.len(), needed: FEWEST }.into());
    }
    let correlation = reading_correlation(&of(&stresses[from..]));
    Ok(Input { bins, initial, correlation, temperature, taylor_factor, hardening, notes })
}

/// Rise of the flow stress over fall of the stress, both per plastic strain; one without the other tells nothing.
fn hardening(method: &'static str, dataset: &Dataset) -> Result<Option<f64>, MethodError> {
    let constants = &dataset.constants;
    let stated = [
        (&HARDENING_MODULUS, constants.positive(&HARDENING_MODULUS)?),
        (&UNLOADING_MODULUS, constants.positive(&UNLOADING_MODULUS)?),
    ];
    if stated.iter().all(|(_, value)| value.is_none()) {
        return Ok(None);
    }
    let [hardening, unloading] = constants.required(method, stated)?;
    Ok(Some(hardening.value / unloading.value))
}
