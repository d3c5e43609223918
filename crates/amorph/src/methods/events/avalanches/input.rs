use super::super::found::Found;
use super::Avalanches;
use super::error::{AvalancheError, FEWEST_EVENTS};
use crate::core::outcome::Note;
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, MethodError};

/// One event, SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Event {
    pub stress: f64,
    pub size: f64,
    /// NaN where it is not known or not resolved.
    pub duration: f64,
}

/// Events with a stress, above the smallest size.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) events: Vec<Event>,
    pub(super) size_unit: Unit,
    pub(super) xmin: f64,
    pub(super) critical: Option<f64>,
    pub(super) shortest: f64,
    pub(super) notes: Vec<Note>,
}

/// Samples of the shortest spike whose duration is known.
const RESOLVED: f64 = 3.0;
/// Stresses must span at least this share of the largest.
const LEAST_SPAN: f64 = 0.05;

pub(super) fn collect(method: &Avalanches, dataset: &Dataset) -> Result<Input, MethodError> {
    let found = Found::of(dataset).filter(|_| dataset.table().is_err());
    let (events, size_unit, lowest) = match &found {
        Some(found) => (of_spikes(method, found)?, Unit::one(), found.complete_from()),
        None => {
            let (events, unit) = of_list(method, dataset)?;
            (events, unit, None)
        }
    };
    let positive = |name: &'static str, quantity: Option<&Quantity>| match quantity {
        Some(quantity) if quantity.value.is_nan() || quantity.value <= 0.0 => {
            Err(AvalancheError::NotPositive { name, found: quantity.value })
        }
        other => Ok(other.map(|quantity| quantity.value)),
    };
    if let Some(quantity) = method.xmin.as_ref().filter(|_| size_unit.is_known()) {
        quantity.unit.require(&size_unit)?;
    }
    if let Some(quantity) = &method.critical_stress {
        quantity.unit.require(&Unit::of("Pa"))?;
    }
    let stated = positive("xmin", method.xmin.as_ref())?;
    let critical = positive("critical_stress", method.critical_stress.as_ref())?;
    let shortest = positive("shortest_duration", method.shortest_duration.as_ref())?;
    let smallest = events.iter().map(|event| event.size).fold(f64::INFINITY, f64::min);
    let xmin = stated.or(lowest).unwrap_or(smallest);
    let mut notes = Vec::new();
    if stated.is_none() && lowest.is_none() {
        let message = "the smallest size was taken as xmin; give xmin if small events are missed or cut off";
        notes.push(Note::info("xmin_smallest", message));
    }
    let events: Vec<Event> = events.into_iter().filter(|event| event.size >= xmin * (1.0 - 1e-12)).collect();
    if events.len() < FEWEST_EVENTS {
        return Err(AvalancheError::TooFew { n: events.len(), xmin, needed: FEWEST_EVENTS }.into());
    }
    let low = events.iter().map(|event| event.stress).fold(f64::INFINITY, f64::min);
    let high = events.iter().map(|event| event.stress).fold(f64::NEG_INFINITY, f64::max);
    if high - low < LEAST_SPAN * high {
        return Err(AvalancheError::OneStress { low, high }.into());
    }
    if let Some(critical) = critical.filter(|critical| *critical <= high) {
        return Err(AvalancheError::AboveCritical { critical, largest: high }.into());
    }
    let of_samples = if found.is_some() { RESOLVED } else { 0.0 };
    Ok(Input { events, size_unit, xmin, critical, shortest: shortest.unwrap_or(of_samples), notes })
}

/// Spikes that happened under stress; durations in samples.
fn of_spikes(method: &Avalanches, found: &Found<'_>) -> Result<Vec<Event>, MethodError> {
    let column = |name: &str| found.table.numbers(name).map(|(_, values)| values);
    let (sizes, stresses, widths) = (column("size")?, column("stress")?, column("width_samples")?);
    let rows = found.rows(method.sign).into_iter().filter(|row| stresses[*row] >= 0.0);
    Ok(rows.map(|row| Event { stress: stresses[row], size: sizes[row], duration: widths[row] }).collect())
}

fn of_list(method: &Avalanches, dataset: &Dataset) -> Result<(Vec<Event>, Unit), MethodError> {
    let table = dataset.table()?;
    let (unit, sizes) = table.numbers(&method.size_column)?;
    let (stress_unit, stresses) = table.numbers(&method.stress_column)?;
    if stress_unit.is_known() {
        stress_unit.require(&Unit::of("Pa"))?;
    }
    checked(&method.size_column, "no sizes", sizes, |size| size > 0.0 && size.is_finite())?;
    checked(&method.stress_column, "no stresses", stresses, |stress| stress >= 0.0 && stress.is_finite())?;
    let durations = match &method.duration_column {
        Some(column) => {
            let (_, durations) = table.numbers(column)?;
            checked(column, "no durations", durations, |duration| duration.is_nan() || duration > 0.0)?;
            durations.to_vec()
        }
        None => vec![f64::NAN; sizes.len()],
    };
    let event = |((stress, size), duration): ((&f64, &f64), f64)| Event { stress: *stress, size: *size, duration };
    Ok((stresses.iter().zip(sizes).zip(durations).map(event).collect(), unit.clone()))
}

fn checked(column: &str, what: &'static str, values: &[f64], is_good: impl Fn(f64) -> bool) -> Result<(), AvalancheError> {
    match values.iter().position(|value| !is_good(*value)) {
        None => Ok(()),
        Some(row) => Err(AvalancheError::BadEntry {
            column: column.to_owned(),
            what,
            count: values.iter().filter(|value| !is_good(**value)).count(),
            total: values.len(),
            value: values[row],
            row: row + 1,
        }),
    }
}
