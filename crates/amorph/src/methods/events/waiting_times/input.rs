use super::super::found::{Found, texts};
use super::WaitingTimes;
use super::algorithm::Stretch;
use super::error::WaitingError;
use crate::core::data::Data;
use crate::core::outcome::Note;
use crate::method::{Dataset, MethodError};

/// Fewest waiting times that are fitted.
pub(super) const FEWEST: usize = 30;

/// Events by stretch.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) names: Vec<String>,
    pub(super) stretches: Vec<Stretch>,
    /// Mean stress of the events of each stretch, Pa; NaN where it is not known.
    pub(super) stresses: Vec<f64>,
    pub(super) dead_time: f64,
    pub(super) notes: Vec<Note>,
}

pub(super) fn collect(method: &WaitingTimes, dataset: &Dataset) -> Result<Input, MethodError> {
    let stated = method.dead_time.as_ref().map(|quantity| quantity.value);
    if let Some(found) = stated.filter(|time| *time < 0.0) {
        return Err(WaitingError::DeadTime { found }.into());
    }
    let input = match Found::of(dataset) {
        Some(found) => of_spikes(method, &found, stated)?,
        None => of_list(method, dataset, stated)?,
    };
    let n: usize = input.stretches.iter().map(|stretch| stretch.times.len().saturating_sub(1)).sum();
    if n < FEWEST {
        return Err(WaitingError::TooFew { n, needed: FEWEST }.into());
    }
    Ok(input)
}

/// Spikes of each segment of each test; a segment begins and ends where it was searched.
fn of_spikes(method: &WaitingTimes, found: &Found<'_>, stated: Option<f64>) -> Result<Input, MethodError> {
    let missing = || WaitingError::NoTimes { column: "time".to_owned() };
    let (spikes, outcome) = (found.table, found.outcome);
    let segments = outcome.table("segments").ok_or_else(missing)?;
    let (_, times) = spikes.numbers("time")?;
    let (_, starts) = segments.numbers("start")?;
    let (_, ends) = segments.numbers("end")?;
    let rows = found.rows(method.sign);
    let stress = spikes.numbers("stress").map(|(_, values)| values).ok();
    let (mut names, mut stretches, mut stresses) = (Vec::new(), Vec::new(), Vec::new());
    for (row, (start, end)) in starts.iter().zip(ends).enumerate() {
        let test = &texts(segments, "test")[row];
        let here = |place: &&usize| texts(spikes, "test")[**place] == *test && (*start..*end).contains(&times[**place]);
        let mut of_segment: Vec<f64> = rows.iter().filter(here).map(|place| times[*place]).collect();
        let of_events: Vec<f64> = rows.iter().filter(here).filter_map(|place| Some(stress?[*place])).collect();
        stresses.push(of_events.iter().sum::<f64>() / of_events.len() as f64);
        of_segment.sort_unstable_by(f64::total_cmp);
        names.push(format!("{}, {test}", texts(segments, "segment")[row]));
        stretches.push(Stretch { window: [*start, *end], times: of_segment });
    }
    let dead_time = outcome.estimate("dead_time").map_or(0.0, |estimate| estimate.value);
    Ok(Input { names, stretches, stresses, dead_time: stated.unwrap_or(dead_time), notes: Vec::new() })
}

/// One stretch from the first to the last event of a list.
fn of_list(method: &WaitingTimes, dataset: &Dataset, stated: Option<f64>) -> Result<Input, MethodError> {
    let column = method.column.clone().unwrap_or_else(|| "time".to_owned());
    if !dataset.data.iter().any(|data| matches!(data, Data::Table(_))) {
        return Err(WaitingError::NoTimes { column }.into());
    }
    let table = dataset.table()?;
    let (_, values) = table.numbers(&column)?;
    if let Some(row) = values.iter().position(|value| !value.is_finite()) {
        let count = values.iter().filter(|value| !value.is_finite()).count();
        return Err(WaitingError::NotTimes { column, count, row: row + 1 }.into());
    }
    let mut times = values.to_vec();
    times.sort_unstable_by(f64::total_cmp);
    let window = [times.first().copied().unwrap_or(0.0), times.last().copied().unwrap_or(0.0)];
    let mut notes = vec![Note::info(
        "window",
        "the record is taken from the first to the last event: the list does not say how long it was",
    )];
    if stated.is_none() {
        notes.push(Note::warning("no_dead_time", "dead_time is taken as zero; a dead time makes independent events look regular (shape 1.2 at a tenth of the mean wait)"));
    }
    Ok(Input {
        names: vec!["all".to_owned()],
        stretches: vec![Stretch { window, times }],
        stresses: vec![f64::NAN],
        dead_time: stated.unwrap_or(0.0),
        notes,
    })
}
