use super::algorithm::Surface;
use super::model::Forms;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::relaxation::RelaxationError;
use crate::methods::relaxation::constants::{GLASS_TRANSITION, modulus_kind};
use crate::methods::relaxation::log_spectrum::NoiseModel;
use crate::methods::relaxation::spectra::{Reading, Spectra};

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) surface: Surface,
    /// Readings that crystallisation excludes.
    pub(super) excluded: Vec<Reading>,
    /// Temperature of the least storage modulus before it rises, K.
    pub(super) upturn: Option<f64>,
    pub(super) kind: &'static str,
    pub(super) notes: Vec<Note>,
}

/// Frequencies that differ by less than this share are one isochrone.
const SAME: f64 = 0.02;
/// Fewest readings of an isochrone, and in all.
const FEWEST: usize = 20;
/// Rise of ln M' after its least value that is no scatter: in errors, and at least.
const RISE: (f64, f64) = (8.0, 0.05);

pub(super) fn input(
    method: &'static str,
    dataset: &Dataset,
    noise: Option<NoiseModel>,
    (cut, highest): (bool, f64),
    forms: Forms,
) -> Result<Input, MethodError> {
    let kind = modulus_kind(dataset, method)?;
    let mut spectra = Spectra::read(dataset)?;
    if spectra.readings.iter().any(|reading| reading.temperature.is_nan()) {
        return Err(RelaxationError::NoTemperature.into());
    }
    resonance(&mut spectra, highest)?;
    let mut notes = spectra.notes;
    let isochrones = isochrones(spectra.readings, &mut notes)?;
    let least = isochrones.iter().filter_map(|isochrone| upturn(isochrone)).collect::<Vec<Upturn>>();
    let upturn = least.iter().map(|found| found.least).fold(f64::INFINITY, f64::min);
    let limit = least.iter().map(|found| found.limit).fold(f64::INFINITY, f64::min);
    let (mut readings, mut excluded, mut starts) = (Vec::new(), Vec::new(), vec![0]);
    for isochrone in isochrones {
        let (kept, hot): (Vec<Reading>, Vec<Reading>) =
            isochrone.into_iter().partition(|reading| !cut || reading.temperature <= limit);
        readings.extend(kept);
        excluded.extend(hot);
        starts.push(readings.len());
    }
    if cut && upturn.is_finite() {
        let text = format!(
            "the storage modulus is least at {upturn:.1} K and rises above it, as where crystals grow; {} readings above {limit:.1} K are left out",
            excluded.len()
        );
        notes.push(Note::warning("crystallisation", text));
    }
    if readings.len() < FEWEST {
        let what = "readings below the rise of the storage modulus".to_owned();
        return Err(RelaxationError::TooFew { what, found: readings.len(), needed: FEWEST }.into());
    }
    let lossless = readings.iter().any(|reading| reading.loss <= 0.0);
    let noise_model = noise.unwrap_or(NoiseModel::ModulusAndPhase);
    if lossless && noise_model == NoiseModel::Relative {
        let reason =
            "some readings have a loss of zero or less, which is no share of itself; use noise = \"modulus_and_phase\"";
        return Err(RelaxationError::NotFitted { what: "the surface".to_owned(), reason: reason.to_owned() }.into());
    }
    let glass_transition = dataset.constants.positive(&GLASS_TRANSITION)?.map(|quantity| quantity.value);
    let surface = Surface { readings, starts, noise_model, glass_transition, forms };
    Ok(Input { surface, excluded, upturn: upturn.is_finite().then_some(upturn), kind, notes })
}

/// Takes readings above the highest angular frequency (rad/s) out.
fn resonance(spectra: &mut Spectra, highest: f64) -> Result<(), RelaxationError> {
    let n = spectra.readings.len();
    spectra.readings.retain(|reading| reading.omega <= highest * (1.0 + 1e-9));
    let left = spectra.readings.len();
    if left == 0 {
        let what = "readings up to highest_frequency".to_owned();
        return Err(RelaxationError::TooFew { what, found: 0, needed: FEWEST });
    }
    if left < n {
        let text = format!("{} readings above highest_frequency are left out: the instrument resonates there", n - left);
        spectra.notes.push(Note::info("resonance", text));
    }
    Ok(())
}

/// Readings of one frequency by rising temperature; those of one temperature stay as replicates.
fn isochrones(mut readings: Vec<Reading>, notes: &mut Vec<Note>) -> Result<Vec<Vec<Reading>>, RelaxationError> {
    readings.sort_by(|a, b| a.omega.total_cmp(&b.omega));
    let mut groups: Vec<Vec<Reading>> = Vec::new();
    for reading in readings {
        match groups.last_mut() {
            Some(group) if reading.omega <= group[0].omega * (1.0 + SAME) => group.push(reading),
            _ => groups.push(vec![reading]),
        }
    }
    let n = groups.len();
    groups.retain(|group| group.len() >= FEWEST / 2);
    if groups.is_empty() {
        let what = "temperatures at one frequency".to_owned();
        return Err(RelaxationError::TooFew { what, found: 1, needed: FEWEST / 2 });
    }
    if groups.len() < n {
        let text = format!("{} frequencies with fewer than {} temperatures are left out", n - groups.len(), FEWEST / 2);
        notes.push(Note::warning("short_isochrones", text));
    }
    groups.iter_mut().for_each(|group| group.sort_by(|a, b| a.temperature.total_cmp(&b.temperature)));
    Ok(groups)
}

struct Upturn {
    /// Temperature of the least storage modulus, K.
    least: f64,
    /// Up to here readings count, K.
    limit: f64,
}

/// Where the storage modulus of an isochrone rises for good after its least value. Readings count up to half way between its
/// steepest fall and that, because crystals raise it before it turns.
fn upturn(isochrone: &[Reading]) -> Option<Upturn> {
    let ln: Vec<f64> = isochrone.iter().map(|reading| reading.storage.ln()).collect();
    let mut second: Vec<f64> = ln.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs() / 6f64.sqrt()).collect();
    let error = crate::core::stats::median_in_place(&mut second) / crate::core::stats::MEDIAN_OF_ABSOLUTE_NORMAL;
    let least = (0..ln.len()).min_by(|a, b| ln[*a].total_cmp(&ln[*b]))?;
    let needed = ln[least] + RISE.1.max(RISE.0 * error);
    let after = &ln[least + 1..];
    if after.len() < 3 || after[after.len() - 3..].iter().any(|value| *value < needed) {
        return None;
    }
    let fall = |i: &usize| (ln[*i] - ln[i - 1]) / (isochrone[*i].temperature - isochrone[i - 1].temperature).max(1e-9);
    let steepest = (1..=least).min_by(|a, b| fall(a).total_cmp(&fall(b)))?;
    let (from, to) = (isochrone[steepest].temperature, isochrone[least].temperature);
    Some(Upturn { least: to, limit: 0.5 * (from + to) })
}
