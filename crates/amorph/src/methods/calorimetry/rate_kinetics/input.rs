use super::algorithm::Readings;
use super::peaks::{Peak, conversions, exotherm};
use super::{Event, RateKinetics};
use crate::core::data::{Data, Table};
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};
use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::constants::RATE_EVENT;
use crate::methods::calorimetry::glass_transition::algorithm::{Search, transition};
use crate::methods::calorimetry::scans::{Masses, Scan, Scans};

/// Readings of one conversion, or of the event where there are no conversions.
#[derive(Debug, Clone)]
pub struct Series {
    /// Conversion.
    pub conversion: Option<f64>,
    /// Rates of heating and temperatures.
    pub readings: Readings,
    /// ln of the rates of conversion, where the table has them.
    pub ln_speeds: Option<Vec<f64>>,
}

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) event: Event,
    pub(super) series: Vec<Series>,
    pub(super) scans: Vec<(Scan, Peak)>,
    pub(super) notes: Vec<Note>,
}

/// Fewest rates.
const FEWEST: usize = 3;
/// Largest over smallest rate below which a slope is hardly one.
const NARROW: f64 = 4.0;
/// Conversions that differ by less are one.
const SAME: f64 = 1e-6;
/// Shortest line beside a step, K.
const LEAST_LINE: f64 = 12.0;
/// Coolings and heatings may differ by this share.
const OTHER_RATE: f64 = 0.1;
/// A rate counts once where it differs by less.
const SAME_RATE: f64 = 0.02;

pub(super) fn input(method: &RateKinetics, dataset: &Dataset) -> Result<Input, MethodError> {
    let missing = || MethodError::MissingConstants {
        method: <RateKinetics as crate::method::Method>::INFO.id,
        missing: vec![dataset.constants.missing(&RATE_EVENT)],
    };
    let word = dataset.constants.choice(&RATE_EVENT)?.ok_or_else(missing)?;
    let event = if word == "reaction" { Event::Reaction } else { Event::GlassTransition };
    let is_table = dataset.data.iter().any(|data| matches!(data, Data::Table(_)));
    let mut input = Input { event, series: Vec::new(), scans: Vec::new(), notes: Vec::new() };
    if is_table {
        of_table(method, dataset.table()?, &mut input)?;
    } else {
        of_scans(method, dataset, &mut input)?;
    }
    for series in &input.series {
        enough(series, &mut input.notes)?;
    }
    Ok(input)
}

fn enough(series: &Series, notes: &mut Vec<Note>) -> Result<(), MethodError> {
    let mut rates: Vec<f64> = series.readings.ln_rates.clone();
    rates.sort_by(f64::total_cmp);
    rates.dedup_by(|a, b| (*a - *b).abs() < SAME_RATE);
    if rates.len() < FEWEST {
        let what = "different heating rates with a temperature";
        return Err(CalorimetryError::TooFew { what, found: rates.len(), needed: FEWEST }.into());
    }
    let ratio = (rates[rates.len() - 1] - rates[0]).exp();
    if ratio < NARROW && !notes.iter().any(|note| note.code == "narrow_rates") {
        let text = format!("the rates span a factor of {ratio:.1}; an energy needs a factor of ten to be worth its error");
        notes.push(Note::warning("narrow_rates", text));
    }
    Ok(())
}

fn of_table(method: &RateKinetics, table: &Table, input: &mut Input) -> Result<(), MethodError> {
    let column = |name: &str, unit: &str| table.numbers_in(name, unit);
    let optional = |name: &str, unit: &str| if table.has(name) { column(name, unit).map(Some) } else { Ok(None) };
    let (rates, temperatures) = (column("heating_rate", "K/s")?, column("temperature", "K")?);
    let errors = optional("temperature_error", "K")?;
    let (conversions, speeds) = (optional("conversion", "")?, optional("conversion_rate", "1/s")?);
    let common = method.temperature_error.as_ref().map(|error| error.value);
    let mut left_out = 0;
    for row in 0..rates.len().min(temperatures.len()) {
        let all = [Some(rates[row]), Some(temperatures[row]), errors.as_ref().map(|e| e[row])];
        let more = [conversions.as_ref().map(|c| c[row]), speeds.as_ref().map(|s| s[row])];
        if all.iter().chain(&more).flatten().any(|value| !value.is_finite()) {
            left_out += 1;
            continue;
        }
        let wrong = |column: &'static str, value: f64, rule| CalorimetryError::Impossible { row: row + 1, column, value, rule };
        for (column, value) in [
            ("heating_rate", Some(rates[row].abs())),
            ("temperature", Some(temperatures[row])),
            ("temperature_error", errors.as_ref().map(|e| e[row])),
            ("conversion_rate", more[1]),
        ] {
            if let Some(value) = value.filter(|value| *value <= 0.0) {
                return Err(wrong(column, value, "is not above zero").into());
            }
        }
        if let Some(value) = more[0].filter(|value| !(*value > 0.0 && *value < 1.0)) {
            return Err(wrong("conversion", value, "is not between 0 and 1").into());
        }
        let place = input.series.iter().position(|series| match (series.conversion, more[0]) {
            (Some(a), Some(b)) => (a - b).abs() < SAME,
            (a, b) => a == b,
        });
        let place = place.unwrap_or_else(|| {
            let stated = errors.is_some() || common.is_some();
            let readings = Readings { errors: stated.then(Vec::new), ..Readings::default() };
            input.series.push(Series { conversion: more[0], readings, ln_speeds: speeds.as_ref().map(|_| Vec::new()) });
            input.series.len() - 1
        });
        let Series { readings, ln_speeds, .. } = &mut input.series[place];
        // A cooling rate may be written with its sign.
        readings.ln_rates.push(rates[row].abs().ln());
        readings.temperatures.push(temperatures[row]);
        if let Some(list) = &mut readings.errors {
            list.push(errors.as_ref().map_or(0.0, |e| e[row]).hypot(common.unwrap_or(0.0)));
        }
        if let (Some(list), Some(speed)) = (ln_speeds, more[1]) {
            list.push(speed.ln());
        }
    }
    if left_out > 0 {
        let text = format!("{left_out} rows without a number in one of the columns are left out");
        input.notes.push(Note::info("rows_left_out", text));
    }
    if input.series.is_empty() {
        let what = "different heating rates with a temperature";
        return Err(CalorimetryError::TooFew { what, found: 0, needed: FEWEST }.into());
    }
    input.series.sort_by(|a, b| a.conversion.unwrap_or(0.0).total_cmp(&b.conversion.unwrap_or(0.0)));
    Ok(())
}

fn of_scans(method: &RateKinetics, dataset: &Dataset, input: &mut Input) -> Result<(), MethodError> {
    let scans = Scans::read(dataset, <RateKinetics as crate::method::Method>::INFO.id, Masses::OneSample)?;
    input.notes.extend(scans.notes.iter().cloned());
    if input.event == Event::GlassTransition {
        steps(method, &scans, input)?;
    } else {
        for scan in scans.heatings() {
            match exotherm(scan, method.smoothing) {
                Some(peak) => input.scans.push((scan.clone(), peak)),
                None => {
                    let text = format!("{}: no exotherm larger than the signal before it", scan.name);
                    input.notes.push(Note::info("no_exotherm", text));
                }
            }
        }
    }
    let common = method.temperature_error.as_ref().map(|error| error.value);
    let errors = |n: usize| common.map(|error| vec![error; n]);
    if input.event == Event::GlassTransition || method.conversions.is_empty() {
        let readings = Readings {
            ln_rates: input.scans.iter().map(|(scan, _)| scan.rate.ln()).collect(),
            temperatures: input.scans.iter().map(|(_, peak)| peak.temperature).collect(),
            errors: errors(input.scans.len()),
        };
        input.series.push(Series { conversion: None, readings, ln_speeds: None });
        return Ok(());
    }
    let mut read = Vec::new();
    for (scan, peak) in &input.scans {
        match conversions(scan, peak, method.smoothing, &method.conversions) {
            Some(reached) => read.push((scan.rate.ln(), reached)),
            None => {
                let text = format!("{}: the exotherm is cut off, so that its conversions are not known", scan.name);
                input.notes.push(Note::warning("cut_off", text));
            }
        }
    }
    for (k, conversion) in method.conversions.iter().enumerate() {
        let readings = Readings {
            ln_rates: read.iter().map(|(rate, _)| *rate).collect(),
            temperatures: read.iter().map(|(_, reached)| reached[k].temperature).collect(),
            errors: errors(read.len()),
        };
        let ln_speeds = Some(read.iter().map(|(_, reached)| reached[k].speed.ln()).collect());
        input.series.push(Series { conversion: Some(*conversion), readings, ln_speeds });
    }
    Ok(())
}

/// Half of the step of every heating, over its own rate: a glass that was cooled at the rate at which it is heated.
fn steps(method: &RateKinetics, scans: &Scans, input: &mut Input) -> Result<(), MethodError> {
    let least = LEAST_LINE.max(2.0 * method.smoothing);
    let search = Search { smoothing: method.smoothing, glass: None, liquid: None, least, significance: method.significance };
    for (number, scan) in scans.scans.iter().enumerate().filter(|(_, scan)| scan.is_heating()) {
        let before = number.checked_sub(1).map(|number| &scans.scans[number]);
        let cooling = before.filter(|before| before.record == scan.record && !before.is_heating());
        if let Some(cooling) = cooling.filter(|cooling| (scan.rate / -cooling.rate - 1.0).abs() > OTHER_RATE) {
            let text = format!(
                "{}: cooled at {:.4} K/s and heated at {:.4} K/s; the step on heating belongs to both, and an energy needs coolings at the rates of the heatings",
                scan.name, -cooling.rate, scan.rate
            );
            input.notes.push(Note::warning("other_cooling_rate", text));
        }
        let found = transition(&scan.temperature, &scan.heat_capacity, &search, 0, 0)?;
        let at = found.transition.half;
        let value = 0.5 * (found.transition.glass.at(at) + found.transition.liquid.at(at));
        input.scans.push((scan.clone(), Peak { temperature: at, half: method.smoothing, value }));
    }
    Ok(())
}
