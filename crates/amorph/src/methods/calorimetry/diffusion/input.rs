use super::Diffusion;
use super::algorithm::Series;
use crate::core::data::Table;
use crate::core::outcome::Note;
use crate::method::{Dataset, Method, MethodError};
use crate::methods::calorimetry::CalorimetryError;
use crate::methods::calorimetry::constants::{DIFFUSING_RADIUS, optional};

/// Fewest different temperatures of a law.
const FEWEST: usize = 3;
/// Temperatures that differ by less are one, K.
const SAME: f64 = 0.05;
/// A relative error above this is none on the scale of logarithms.
const LARGE: f64 = 1.0;

/// What the method works on.
#[derive(Debug, Clone)]
pub struct Input {
    /// ln D, D in m²/s.
    pub(super) diffusion: Option<Series>,
    /// ln η, η in Pa s.
    pub(super) viscosity: Option<Series>,
    /// ln(D η/T) where both are read at one temperature.
    pub(super) pairs: Series,
    /// Radius of what diffuses, m.
    pub(super) radius: Option<f64>,
    /// Energy of the slow beta relaxation and its standard error, J/mol.
    pub(super) beta: Option<(f64, f64)>,
    pub(super) notes: Vec<Note>,
}

pub(super) fn input(dataset: &Dataset, beta: Option<(f64, f64)>) -> Result<Input, MethodError> {
    let table = dataset.table()?;
    let temperatures = table.numbers_in("temperature", "K")?;
    let read = |names: [&'static str; 2], unit: &str| {
        if table.has(names[0]) { readings(table, &temperatures, names, unit).map(Some) } else { Ok(None) }
    };
    let mut diffusion = read(["diffusion_coefficient", "diffusion_coefficient_error"], "m^2/s")?;
    let mut viscosity = read(["viscosity", "viscosity_error"], "Pa s")?;
    if diffusion.is_none() && viscosity.is_none() {
        let what = table.key.clone();
        return Err(CalorimetryError::NoColumn { what, column: "diffusion_coefficient or viscosity" }.into());
    }
    if beta.is_some() && diffusion.is_none() {
        let message = "beta_energy is compared with the energy of diffusion, and the table has no column diffusion_coefficient";
        return Err(MethodError::Parameters { method: Diffusion::INFO.id, message: message.to_owned() });
    }
    let mut notes = Vec::new();
    let pairs = match (&diffusion, &viscosity) {
        (Some(d), Some(eta)) => pairs(d, eta),
        _ => Series::default(),
    };
    for (name, series) in [("diffusion_coefficient", &mut diffusion), ("viscosity", &mut viscosity)] {
        let Some(rows) = series.take() else { continue };
        let left_out = temperatures.len() - rows.len();
        if left_out > 0 {
            let text = format!("{left_out} of {} rows have no number for {name} and its temperature", temperatures.len());
            notes.push(Note::info("rows_left_out", text));
        }
        *series = Some(enough(rows)?);
    }
    let series = |found: Option<Vec<Row>>| found.map(|rows| of_rows(&rows));
    let radius = optional(&dataset.constants, &DIFFUSING_RADIUS)?;
    Ok(Input { diffusion: series(diffusion), viscosity: series(viscosity), pairs, radius, beta, notes })
}

/// One reading with its place in the table.
#[derive(Debug, Clone, Copy)]
struct Row {
    place: usize,
    temperature: f64,
    value: f64,
    error: Option<f64>,
}

fn readings(table: &Table, temperatures: &[f64], names: [&'static str; 2], unit: &str) -> Result<Vec<Row>, MethodError> {
    let values = table.numbers_in(names[0], unit)?;
    let errors = if table.has(names[1]) { Some(table.numbers_in(names[1], unit)?) } else { None };
    let mut rows = Vec::new();
    for (place, (temperature, value)) in temperatures.iter().copied().zip(values).enumerate() {
        let error = errors.as_ref().map(|errors| errors[place]);
        if ![temperature, value, error.unwrap_or(0.0)].iter().all(|number| number.is_finite()) {
            continue;
        }
        let wrong =
            |column: &'static str, value: f64, rule| CalorimetryError::Impossible { row: place + 1, column, value, rule };
        if temperature <= 0.0 {
            return Err(wrong("temperature", temperature, "is not above zero").into());
        }
        if value <= 0.0 {
            return Err(wrong(names[0], value, "is not above zero").into());
        }
        if let Some(error) = error.filter(|error| *error <= 0.0 || *error > LARGE * value) {
            let rule = "is no error of its value: it must be above zero and at most as large";
            return Err(wrong(names[1], error, rule).into());
        }
        rows.push(Row { place, temperature, value: value.ln(), error: error.map(|error| error / value) });
    }
    Ok(rows)
}

fn enough(rows: Vec<Row>) -> Result<Vec<Row>, CalorimetryError> {
    let found = different(rows.iter().map(|row| row.temperature));
    let too_few = CalorimetryError::TooFewTemperatures { found, needed: FEWEST };
    if found < FEWEST { Err(too_few) } else { Ok(rows) }
}

fn different(temperatures: impl Iterator<Item = f64>) -> usize {
    let mut all: Vec<f64> = temperatures.collect();
    all.sort_by(f64::total_cmp);
    all.dedup_by(|a, b| (*a - *b).abs() < SAME);
    all.len()
}

fn of_rows(rows: &[Row]) -> Series {
    Series {
        temperatures: rows.iter().map(|row| row.temperature).collect(),
        values: rows.iter().map(|row| row.value).collect(),
        errors: rows.iter().map(|row| row.error).collect(),
    }
}

/// `ln(D η/T)` of the rows that hold both.
fn pairs(diffusion: &[Row], viscosity: &[Row]) -> Series {
    let both = diffusion.iter().filter_map(|d| Some((d, viscosity.iter().find(|eta| eta.place == d.place)?)));
    let rows: Vec<Row> = both
        .map(|(d, eta)| Row {
            value: d.value + eta.value - d.temperature.ln(),
            error: d.error.zip(eta.error).map(|(a, b)| a.hypot(b)),
            ..*d
        })
        .collect();
    of_rows(&rows)
}
