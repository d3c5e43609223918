use super::TangentAgeing;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::decay::Readings;
use crate::methods::relaxation::holds::{bins, reading_correlation};
use crate::methods::relaxation::spectra::{Reading, Spectra};

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    /// Means in steps of ln t, over `scale`.
    pub(super) readings: Readings,
    /// Largest mean of the loss tangent.
    pub(super) scale: f64,
    /// Correlation of the errors of neighbouring readings late in the series.
    pub(super) correlation: f64,
    /// Mean temperature, K; NaN where no column tells.
    pub(super) temperature: f64,
    pub(super) omega: f64,
    pub(super) notes: Vec<Note>,
}

/// Fewest means, and decades of time.
const FEWEST: usize = 12;
const DECADES: f64 = 1.0;
/// Means per decade: over one the decay is straight.
const PER_DECADE: f64 = 40.0;
/// Widest range of temperatures, K, and of frequencies, share.
const ISOTHERMAL: f64 = 2.0;
const SAME: f64 = 0.02;

pub(super) fn input(parameters: &TangentAgeing, dataset: &Dataset) -> Result<Input, MethodError> {
    let spectra = Spectra::read(dataset)?;
    let mut notes = spectra.notes.clone();
    let not_fitted = |reason: String| RelaxationError::NotFitted { what: "the ageing of the loss tangent".to_owned(), reason };
    let range = |of: fn(&Reading) -> f64| {
        spectra.readings.iter().map(of).fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (v.min(lo), v.max(hi)))
    };
    let (slowest, fastest) = range(|reading| reading.omega);
    if fastest > slowest * (1.0 + SAME) {
        let reason = format!(
            "the angular frequencies run from {slowest:.4} to {fastest:.4} rad/s; one frequency is needed, each in a file of its own"
        );
        return Err(not_fitted(reason).into());
    }
    let (coldest, hottest) = range(|reading| reading.temperature);
    if hottest - coldest > ISOTHERMAL {
        let reason = format!("the temperatures run from {coldest:.1} to {hottest:.1} K; ageing is followed at one");
        return Err(not_fitted(reason).into());
    }
    let start = parameters.start.as_ref().map_or(0.0, |start| start.value);
    let mut rows: Vec<(f64, f64)> = spectra
        .times
        .iter()
        .zip(&spectra.readings)
        .map(|(time, reading)| (time - start, reading.loss / reading.storage))
        .filter(|row| row.0.is_finite())
        .collect();
    if rows.is_empty() {
        let what = "readings with a time".to_owned();
        return Err(RelaxationError::TooFew { what, found: 0, needed: FEWEST }.into());
    }
    let n = rows.len();
    rows.retain(|row| row.0 > 0.0);
    if rows.len() < n {
        let text = format!("{} readings at or before the start of ageing are left out", n - rows.len());
        notes.push(Note::info("before_start", text));
    }
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (times, values): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
    let correlation = reading_correlation(&values);
    let means = bins(&times, &values, PER_DECADE);
    let span = means.times.first().zip(means.times.last()).map_or(0.0, |(a, b)| (b / a).log10());
    if means.times.len() < FEWEST || span < DECADES {
        let what = format!("fortieths of a decade of time with readings (they span {span:.2} decades; {DECADES} is needed)");
        return Err(RelaxationError::TooFew { what, found: means.times.len(), needed: FEWEST }.into());
    }
    let scale = means.values.iter().fold(0.0f64, |most, value| most.max(value.abs()));
    if scale == 0.0 {
        return Err(not_fitted("every loss tangent is zero".to_owned()).into());
    }
    let readings = Readings {
        times: means.times,
        values: means.values.iter().map(|value| value / scale).collect(),
        errors: means.counts.iter().map(|count| 1.0 / count.sqrt()).collect(),
        stated: false,
    };
    Ok(Input { readings, scale, correlation, temperature: 0.5 * (coldest + hottest), omega: slowest, notes })
}
