use super::algorithm::Isotherm;
use super::{EnthalpyKinetics, Equilibrium};
use crate::core::data::Table;
use crate::core::outcome::Note;
use crate::method::{Dataset, Method, MethodError};
use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::constants::{ANNEALING_TEMPERATURE, FICTIVE_TEMPERATURE, SPECIFIC_HEAT_STEP, optional};

/// Fewest annealing times at one temperature.
const FEWEST: usize = 5;
/// Temperatures that differ by less are one, K.
const SAME: f64 = 0.05;

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) isotherms: Vec<Isotherm>,
    /// `Δcp (Tf - Ta)` of each, J/kg, where step and fictive temperature are stated.
    pub(super) bounds: Option<Vec<f64>>,
    pub(super) stated: bool,
    pub(super) notes: Vec<Note>,
}

struct Row {
    temperature: f64,
    time: f64,
    enthalpy: f64,
    error: Option<f64>,
}

pub(super) fn input(method: &EnthalpyKinetics, dataset: &Dataset) -> Result<Input, MethodError> {
    let table = dataset.table()?;
    let common = optional(&dataset.constants, &ANNEALING_TEMPERATURE)?;
    if common.is_none() && !table.has("annealing_temperature") {
        let missing = vec![dataset.constants.missing(&ANNEALING_TEMPERATURE)];
        return Err(MethodError::MissingConstants { method: EnthalpyKinetics::INFO.id, missing });
    }
    let mut notes = Vec::new();
    let rows = rows(table, common, &mut notes)?;
    let stated = table.has("recovery_enthalpy_error");
    let mut isotherms: Vec<Isotherm> = Vec::new();
    for row in rows {
        let place = isotherms.iter().position(|one| (one.temperature - row.temperature).abs() < SAME);
        let place = place.unwrap_or_else(|| {
            let errors = stated.then(Vec::new);
            isotherms.push(Isotherm { temperature: row.temperature, errors, ..Isotherm::default() });
            isotherms.len() - 1
        });
        let one = &mut isotherms[place];
        one.times.push(row.time);
        one.enthalpies.push(row.enthalpy);
        if let (Some(errors), Some(error)) = (&mut one.errors, row.error) {
            errors.push(error);
        }
    }
    isotherms.sort_by(|a, b| a.temperature.total_cmp(&b.temperature));
    for one in &isotherms {
        let mut times = one.times.clone();
        times.retain(|time| *time > 0.0);
        times.sort_by(f64::total_cmp);
        times.dedup();
        if times.len() < FEWEST {
            let what = "different annealing times at one temperature";
            return Err(CalorimetryError::TooFew { what, found: times.len(), needed: FEWEST }.into());
        }
        if !one.enthalpies.iter().any(|enthalpy| *enthalpy > 0.0) {
            let reason = "no recovery enthalpy is above zero; are the scans swapped?".to_owned();
            let what = format!("{:.1} K", one.temperature);
            return Err(CalorimetryError::NotFitted { what, reason }.into());
        }
    }
    if isotherms.is_empty() {
        let what = "different annealing times at one temperature";
        return Err(CalorimetryError::TooFew { what, found: 0, needed: FEWEST }.into());
    }
    let bounds = bounds(dataset, &isotherms)?;
    if method.equilibrium == Equilibrium::HeatCapacity {
        of_heat_capacity(method, dataset, stated, bounds.as_deref(), &mut isotherms)?;
    }
    Ok(Input { isotherms, bounds, stated, notes })
}

fn rows(table: &Table, common: Option<f64>, notes: &mut Vec<Note>) -> Result<Vec<Row>, MethodError> {
    let optional = |name: &str, unit: &str| if table.has(name) { table.numbers_in(name, unit).map(Some) } else { Ok(None) };
    let (times, enthalpies) = (table.numbers_in("annealing_time", "s")?, table.numbers_in("recovery_enthalpy", "J/kg")?);
    let (errors, temperatures) = (optional("recovery_enthalpy_error", "J/kg")?, optional("annealing_temperature", "K")?);
    let (mut found, mut left_out) = (Vec::new(), 0);
    for row in 0..times.len().min(enthalpies.len()) {
        let temperature = temperatures.as_ref().map(|t| t[row]).or(common).unwrap_or(f64::NAN);
        let (time, enthalpy, error) = (times[row], enthalpies[row], errors.as_ref().map(|e| e[row]));
        if ![temperature, time, enthalpy, error.unwrap_or(0.0)].iter().all(|value| value.is_finite()) {
            left_out += 1;
            continue;
        }
        let wrong = |column: &'static str, value: f64, rule| CalorimetryError::Impossible { row: row + 1, column, value, rule };
        if temperature <= 0.0 {
            return Err(wrong("annealing_temperature", temperature, "is not above zero").into());
        }
        if time < 0.0 {
            return Err(wrong("annealing_time", time, "is below zero").into());
        }
        if let Some(error) = error.filter(|error| *error <= 0.0) {
            return Err(wrong("recovery_enthalpy_error", error, "is not above zero").into());
        }
        found.push(Row { temperature, time, enthalpy, error });
    }
    if left_out > 0 {
        let text = format!("{left_out} rows without a number in one of the columns are left out");
        notes.push(Note::info("rows_left_out", text));
    }
    Ok(found)
}

fn bounds(dataset: &Dataset, isotherms: &[Isotherm]) -> Result<Option<Vec<f64>>, MethodError> {
    let step = optional(&dataset.constants, &SPECIFIC_HEAT_STEP)?;
    let fictive = optional(&dataset.constants, &FICTIVE_TEMPERATURE)?;
    let (Some(step), Some(fictive)) = (step, fictive) else { return Ok(None) };
    if let Some(hot) = isotherms.iter().find(|one| one.temperature >= fictive) {
        let reason = format!("it lies at or above the fictive temperature of {fictive:.1} K: nothing can be released there");
        return Err(CalorimetryError::NotFitted { what: format!("{:.1} K", hot.temperature), reason }.into());
    }
    Ok(Some(isotherms.iter().map(|one| step * (fictive - one.temperature)).collect()))
}

fn of_heat_capacity(
    method: &EnthalpyKinetics,
    dataset: &Dataset,
    stated: bool,
    bounds: Option<&[f64]>,
    isotherms: &mut [Isotherm],
) -> Result<(), MethodError> {
    let wrong = |message: &str| MethodError::Parameters { method: EnthalpyKinetics::INFO.id, message: message.to_owned() };
    let error = method.equilibrium_error.ok_or_else(|| {
        wrong("equilibrium = \"heat_capacity\" needs equilibrium_error, its relative standard error, for instance 0.05")
    })?;
    if !stated {
        return Err(wrong(
            "equilibrium = \"heat_capacity\" needs the column recovery_enthalpy_error: else the two cannot be weighed",
        ));
    }
    let Some(bounds) = bounds else {
        let missing = [&SPECIFIC_HEAT_STEP, &FICTIVE_TEMPERATURE].map(|info| dataset.constants.missing(info));
        return Err(MethodError::MissingConstants { method: EnthalpyKinetics::INFO.id, missing: missing.to_vec() });
    };
    for (one, bound) in isotherms.iter_mut().zip(bounds) {
        one.known = Some((*bound, error * bound));
    }
    Ok(())
}
