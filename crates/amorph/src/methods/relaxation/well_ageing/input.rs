use super::WellAgeing;
use super::algorithm::Sweep;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::constants::{WELL_ATTEMPT_TIME, WELL_LOSS_AMPLITUDE, modulus_kind};
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::methods::relaxation::spectra::{Reading, Spectra};

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) sweeps: Vec<Sweep>,
    /// Mean temperature, K.
    pub(super) temperature: f64,
    pub(super) noises: Vec<NoiseModel>,
    /// τ0 (s) and G0'' (Pa), where both are stated.
    pub(super) absolute: Option<(f64, f64)>,
    pub(super) notes: Vec<Note>,
}

/// Fewest readings of a sweep, and fewest sweeps.
const FEWEST: usize = 8;
const SWEEPS: usize = 3;
/// Widest range of temperatures, K.
const ISOTHERMAL: f64 = 2.0;

pub(super) fn input(method: &'static str, parameters: &WellAgeing, dataset: &Dataset) -> Result<Input, MethodError> {
    let _stated = modulus_kind(dataset, method)?;
    let stated = |info| Ok::<_, MethodError>(dataset.constants.positive(info)?.map(|quantity| quantity.value));
    let absolute = stated(&WELL_ATTEMPT_TIME)?.zip(stated(&WELL_LOSS_AMPLITUDE)?);
    let spectra = Spectra::read(dataset)?;
    let mut notes = spectra.notes.clone();
    let temperature = temperature(&spectra.readings)?;
    let all = sweeps(&spectra);
    let n_all = all.len();
    let sweeps: Vec<Sweep> = all.into_iter().filter(|sweep| sweep.loss.len() >= FEWEST).collect();
    if sweeps.len() < n_all {
        let text = format!("{} sweeps with fewer than {FEWEST} readings are left out", n_all - sweeps.len());
        notes.push(Note::warning("sweeps_short", text));
    }
    if sweeps.len() < SWEEPS {
        let what = format!("sweeps of {FEWEST} frequencies or more, after different ageing times");
        return Err(RelaxationError::TooFew { what, found: sweeps.len(), needed: SWEEPS }.into());
    }
    if sweeps.iter().any(|sweep| sweep.time.is_nan()) {
        notes.push(Note::info("no_times", "no column of times: sweeps are numbered in the order of the file"));
    }
    let lossless = sweeps.iter().flat_map(|sweep| &sweep.loss).any(|loss| *loss <= 0.0);
    let noises = match parameters.noise.model() {
        Some(noise) => vec![noise],
        None if lossless => vec![NoiseModel::ModulusAndPhase],
        None => vec![NoiseModel::ModulusAndPhase, NoiseModel::Relative],
    };
    Ok(Input { sweeps, temperature, noises, absolute, notes })
}

fn temperature(readings: &[Reading]) -> Result<f64, MethodError> {
    let (lo, hi) =
        readings.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), r| (r.temperature.min(lo), r.temperature.max(hi)));
    if !(lo.is_finite() && readings.iter().all(|reading| reading.temperature.is_finite())) {
        return Err(RelaxationError::NoTemperature.into());
    }
    if hi - lo > ISOTHERMAL {
        let reason = format!("the temperatures run from {lo:.1} to {hi:.1} K; the sweeps of an ageing series are made at one");
        return Err(RelaxationError::NotFitted { what: "the ageing series".to_owned(), reason }.into());
    }
    Ok(readings.iter().map(|reading| reading.temperature).sum::<f64>() / readings.len() as f64)
}

/// Readings in the order of the files, parted where the frequency jumps back by more than half of its range.
fn sweeps(spectra: &Spectra) -> Vec<Sweep> {
    let ln: Vec<f64> = spectra.readings.iter().map(|reading| reading.omega.ln()).collect();
    let (lo, hi) = ln.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), w| (w.min(lo), w.max(hi)));
    let jumps = |i: usize| (ln[i] - ln[i - 1]).abs() > 0.5 * (hi - lo);
    let mut starts: Vec<usize> = std::iter::once(0).chain((1..ln.len()).filter(|i| jumps(*i))).collect();
    starts.push(ln.len());
    let of = |ends: &[usize]| {
        let mut rows: Vec<usize> = (ends[0]..ends[1]).collect();
        rows.sort_by(|a, b| ln[*a].total_cmp(&ln[*b]));
        let times: Vec<f64> = rows.iter().map(|i| spectra.times[*i]).collect();
        Sweep {
            time: times.iter().sum::<f64>() / times.len() as f64,
            ln_omega: rows.iter().map(|i| ln[*i]).collect(),
            storage: rows.iter().map(|i| spectra.readings[*i].storage).collect(),
            loss: rows.iter().map(|i| spectra.readings[*i].loss).collect(),
        }
    };
    starts.windows(2).map(of).collect()
}
