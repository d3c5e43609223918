use super::QuasiPointDefect;
use super::algorithm::Sweep;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::constants::{GLASS_TRANSITION, modulus_kind};
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::methods::relaxation::spectra::{Isotherm, Spectra};

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) isotherms: Vec<Isotherm>,
    /// Mean of ln ω.
    pub(super) pivot: f64,
    /// Ways in which readings may err.
    pub(super) noises: Vec<NoiseModel>,
    pub(super) glass_transition: Option<f64>,
    pub(super) notes: Vec<Note>,
}

/// Fewest frequencies of an isotherm: a curvature takes three, its error one more.
const FEWEST: usize = 5;

pub(super) fn input(method: &'static str, parameters: &QuasiPointDefect, dataset: &Dataset) -> Result<Input, MethodError> {
    let _stated = modulus_kind(dataset, method)?;
    let glass_transition = dataset.constants.positive(&GLASS_TRANSITION)?.map(|quantity| quantity.value);
    let spectra = Spectra::read(dataset)?;
    let mut notes = spectra.notes.clone();
    if spectra.readings.iter().any(|reading| !reading.temperature.is_finite()) {
        return Err(RelaxationError::NoTemperature.into());
    }
    let all = spectra.isotherms(parameters.temperature_tolerance)?;
    let n_all = all.len();
    let isotherms: Vec<Isotherm> = all.into_iter().filter(|isotherm| distinct(isotherm) >= FEWEST).collect();
    if isotherms.is_empty() {
        let what = "frequencies at one temperature".to_owned();
        return Err(RelaxationError::TooFew { what, found: 0, needed: FEWEST }.into());
    }
    if isotherms.len() < n_all {
        let text = format!("{} isotherms with fewer than {FEWEST} frequencies are left out", n_all - isotherms.len());
        notes.push(Note::warning("isotherms_short", text));
    }
    let readings = || isotherms.iter().flat_map(|isotherm| &isotherm.readings);
    let n = readings().count() as f64;
    let pivot = readings().map(|reading| reading.omega.ln()).sum::<f64>() / n;
    let lossless = readings().any(|reading| reading.loss <= 0.0);
    let noises = match parameters.noise.model() {
        Some(NoiseModel::Relative) if lossless => {
            let reason =
                "some readings have a loss of zero or less, which is no share of itself; use noise = \"modulus_and_phase\"";
            return Err(RelaxationError::NotFitted { what: "the loss".to_owned(), reason: reason.to_owned() }.into());
        }
        Some(noise) => vec![noise],
        None if lossless => vec![NoiseModel::ModulusAndPhase],
        None => vec![NoiseModel::ModulusAndPhase, NoiseModel::Relative],
    };
    Ok(Input { isotherms, pivot, noises, glass_transition, notes })
}

/// Frequencies that are a tenth of a per cent apart or more.
fn distinct(isotherm: &Isotherm) -> usize {
    isotherm.readings.len() - isotherm.replicates()
}

impl Input {
    pub(super) fn sweeps(&self, noise: NoiseModel) -> Vec<Sweep> {
        let of = |isotherm: &Isotherm| Sweep {
            temperature: isotherm.temperature,
            x: isotherm.readings.iter().map(|reading| reading.omega.ln() - self.pivot).collect(),
            y: isotherm
                .readings
                .iter()
                .map(|reading| match noise {
                    NoiseModel::ModulusAndPhase => reading.loss.atan2(reading.storage),
                    NoiseModel::Relative => (reading.loss / reading.storage).ln(),
                })
                .collect(),
        };
        self.isotherms.iter().map(of).collect()
    }
}
