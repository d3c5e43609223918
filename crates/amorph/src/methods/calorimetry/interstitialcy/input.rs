use super::Interstitialcy;
use super::algorithm::Constants;
use crate::core::data::{Data, Recording, TraceQuantity};
use crate::core::outcome::Note;
use crate::method::{Dataset, Method, MethodError};
use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::constants::{
    ATTEMPT_FREQUENCY, DEFECT_ALPHA, DENSITY, HEATING_RATE, RELAXATION_VOLUME, SHEAR_SUSCEPTIBILITY, optional,
};
use crate::methods::calorimetry::scans::needed;

/// Fewest readings of a modulus.
const FEWEST: usize = 24;
/// Range that both must share, K.
const SHARED: f64 = 20.0;
/// A stated rate may differ by this share.
const RATE_SHARE: f64 = 0.02;

/// A number over temperature, by rising temperature.
pub(super) type Curve = (Vec<f64>, Vec<f64>);

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) glass: Curve,
    pub(super) crystal: Curve,
    /// Heat flow per mass taken up, W/kg, where a record holds one.
    pub(super) measured: Option<Curve>,
    pub(super) constants: Constants,
    pub(super) relaxation_volume: Option<f64>,
    pub(super) attempt_frequency: Option<f64>,
    /// Temperatures that both moduli cover, K.
    pub(super) range: (f64, f64),
    pub(super) notes: Vec<Note>,
}

pub(super) fn input(method: &Interstitialcy, dataset: &Dataset) -> Result<Input, MethodError> {
    let id = Interstitialcy::INFO.id;
    let given = &dataset.constants;
    let [beta, alpha, density] = given.required(
        id,
        [
            (&SHEAR_SUSCEPTIBILITY, given.positive(&SHEAR_SUSCEPTIBILITY)?),
            (&DEFECT_ALPHA, given.positive(&DEFECT_ALPHA)?),
            (&DENSITY, given.positive(&DENSITY)?),
        ],
    )?;
    let _is_traces = dataset.record()?;
    let mut tables: Vec<(&str, &Recording)> = Vec::new();
    for data in &dataset.data {
        let Data::Record(record) = data else { continue };
        for test in record.tests.iter().filter(|test| !test.ignored_by_instrument) {
            tables.push((&test.name, test.measurement().map_err(MethodError::Data)?));
        }
    }
    let moduli: Vec<&(&str, &Recording)> = tables.iter().filter(|(_, table)| table.has(TraceQuantity::ShearModulus)).collect();
    let [first, .., last] = moduli.as_slice() else {
        let what = "records of a shear modulus: the glass and then its crystal";
        return Err(CalorimetryError::TooFew { what, found: moduli.len(), needed: 2 }.into());
    };
    let mut notes = vec![Note::info("records", format!("{} is the glass, {} the crystal", first.0, last.0))];
    let rate = rate(dataset, first)?;
    let mut logarithms = |(name, table): &(&str, &Recording)| -> Result<Curve, MethodError> {
        let (t, modulus) = curve(name, table, TraceQuantity::ShearModulus, true)?;
        if t.len() < table.n_rows() {
            let text = format!("{name}: {} rows without numbers above zero are left out", table.n_rows() - t.len());
            notes.push(Note::info("rows_left_out", text));
        }
        if t.len() < FEWEST {
            return Err(CalorimetryError::TooFew { what: "readings of a shear modulus", found: t.len(), needed: FEWEST }.into());
        }
        Ok((t, modulus.iter().map(|value| value.ln()).collect()))
    };
    let (glass, crystal) = (logarithms(first)?, logarithms(last)?);
    let end = |curve: &Curve| (curve.0[0], curve.0[curve.0.len() - 1]);
    let (g, c) = (end(&glass), end(&crystal));
    let range = (g.0.max(c.0), g.1.min(c.1));
    if range.1 - range.0 < SHARED {
        let what = "the record of the crystal".to_owned();
        return Err(CalorimetryError::NotCovered { what, lo: c.0, hi: c.1, missing_lo: g.0, missing_hi: g.1 }.into());
    }
    if range != g {
        let text = format!("both moduli are known from {:.1} to {:.1} K only; nothing is extrapolated", range.0, range.1);
        notes.push(Note::warning("crystal_not_covered", text));
    }
    for (key, value) in [("annealed_from", method.annealed_from), ("annealed_to", method.annealed_to)] {
        if let Some(value) = value.filter(|value| !(range.0..=range.1).contains(value)) {
            let message =
                format!("{key} = {value:.1} K lies outside of the range of both moduli, {:.1} to {:.1} K", range.0, range.1);
            return Err(MethodError::Parameters { method: id, message });
        }
    }
    let flow = tables.iter().find(|(_, table)| table.has(TraceQuantity::SpecificHeatFlow));
    let measured = match flow {
        Some((name, table)) => Some(curve(name, table, TraceQuantity::SpecificHeatFlow, false)?),
        None => None,
    };
    Ok(Input {
        glass,
        crystal,
        measured,
        constants: Constants { alpha: alpha.value, beta: beta.value, density: density.value, rate },
        relaxation_volume: optional(given, &RELAXATION_VOLUME)?,
        attempt_frequency: optional(given, &ATTEMPT_FREQUENCY)?,
        range,
        notes,
    })
}

/// Rows with numbers by rising temperature; of equal temperatures the first.
fn curve(name: &str, table: &Recording, quantity: TraceQuantity, positive: bool) -> Result<Curve, CalorimetryError> {
    let (t, y) = (needed(name, table, TraceQuantity::Temperature)?, needed(name, table, quantity)?);
    let fine = |(t, y): &(f64, f64)| t.is_finite() && *t > 0.0 && y.is_finite() && (!positive || *y > 0.0);
    let mut rows: Vec<(f64, f64)> = t.iter().copied().zip(y.iter().copied()).filter(fine).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.dedup_by(|a, b| a.0 <= b.0);
    Ok(rows.into_iter().unzip())
}

/// Heating rate of the glass, K/s: from its columns, checked against what is stated.
fn rate(dataset: &Dataset, (name, table): &(&str, &Recording)) -> Result<f64, MethodError> {
    let stated = optional(&dataset.constants, &HEATING_RATE)?;
    let (Ok(time), Ok(t)) = (table.values(TraceQuantity::Time), table.values(TraceQuantity::Temperature)) else {
        return stated.ok_or_else(|| CalorimetryError::NoTime((*name).to_owned()).into());
    };
    let rows: Vec<usize> = (0..time.len().min(t.len())).filter(|i| time[*i].is_finite() && t[*i].is_finite()).collect();
    let found = match (rows.first(), rows.last()) {
        (Some(a), Some(b)) if time[*b] > time[*a] => (t[*b] - t[*a]) / (time[*b] - time[*a]),
        _ => 0.0,
    };
    match stated {
        _ if found <= 0.0 => {
            Err(CalorimetryError::NoRamp { what: (*name).to_owned(), needed: SHARED, rows: rows.len() }.into())
        }
        Some(stated) if (found / stated - 1.0).abs() > RATE_SHARE => Err(CalorimetryError::OtherRate { stated, found }.into()),
        _ => Ok(found),
    }
}
