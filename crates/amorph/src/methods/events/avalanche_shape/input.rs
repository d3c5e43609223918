use super::super::found::texts;
use super::AvalancheShape;
use super::algorithm::{Burst, FEWEST_SAMPLES};
use super::error::{FEWEST_BURSTS, ShapeError};
use crate::core::data::{Table, TraceQuantity};
use crate::core::outcome::Note;
use crate::core::unit::Unit;
use crate::method::{Dataset, MethodError};

/// Samples of one avalanche may be apart by so much more or less than their median.
const UNEVEN: f64 = 0.05;

/// Velocities of avalanches, the short ones too.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) bursts: Vec<Burst>,
    pub(super) velocity_unit: Unit,
    pub(super) notes: Vec<Note>,
}

pub(super) fn collect(method: &AvalancheShape, dataset: &Dataset) -> Result<Input, MethodError> {
    let (all, velocity_unit, mut notes) = if dataset.table().is_ok() {
        let (bursts, unit) = of_table(method, dataset.table()?)?;
        (bursts, unit, Vec::new())
    } else {
        let message = "velocities are those of the depth within pop-ins, less the rate before each; their ends come from the search, whose noise flattens shapes";
        (of_pop_ins(dataset)?, Unit::of("m/s"), vec![Note::info("of_pop_ins", message)])
    };
    let total = all.len();
    let bursts: Vec<Burst> = all.into_iter().filter(|burst| burst.size() > 0.0).collect();
    let n = bursts.iter().filter(|burst| burst.velocity.len() >= FEWEST_SAMPLES).count();
    if n < FEWEST_BURSTS {
        return Err(ShapeError::TooFew { n, total }.into());
    }
    if bursts.len() < total {
        let message = format!("{} of {total} avalanches have no size above zero and were left out", total - bursts.len());
        notes.push(Note::warning("no_size", message));
    }
    Ok(Input { bursts, velocity_unit, notes })
}

/// One row per sample; rows of one avalanche follow each other.
fn of_table(method: &AvalancheShape, table: &Table) -> Result<(Vec<Burst>, Unit), MethodError> {
    let (_, events) = table.numbers(&method.event_column)?;
    let times = table.numbers_in(&method.time_column, "s")?;
    let (unit, velocities) = table.numbers(&method.velocity_column)?;
    for (column, values) in
        [(&method.event_column, events), (&method.time_column, &times[..]), (&method.velocity_column, velocities)]
    {
        if let Some(row) = values.iter().position(|value| !value.is_finite()) {
            let (column, value) = (column.clone(), values[row]);
            return Err(ShapeError::BadEntry { column, value, row: row + 1, what: "it must be a finite number" }.into());
        }
    }
    let mut bursts = Vec::new();
    let mut first = 0;
    for end in 1..=events.len() {
        if end == events.len() || events[end] != events[first] {
            bursts.extend(burst(events[first], &times[first..end], &velocities[first..end])?);
            first = end;
        }
    }
    Ok((bursts, unit.clone()))
}

/// An avalanche of evenly sampled velocities; `None` for a single sample, whose duration is not known.
fn burst(event: f64, times: &[f64], velocities: &[f64]) -> Result<Option<Burst>, ShapeError> {
    let steps: Vec<f64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let Ok(step) = crate::core::stats::median(&steps) else { return Ok(None) };
    let least = steps.iter().copied().fold(f64::INFINITY, f64::min);
    let most = steps.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if least <= 0.0 || most - step > UNEVEN * step || step - least > UNEVEN * step {
        return Err(ShapeError::Uneven { event, least, most });
    }
    Ok(Some(Burst { velocity: velocities.to_vec(), step }))
}

/// Rates of the depth within pop-ins, less the mean rate over as many samples before.
fn of_pop_ins(dataset: &Dataset) -> Result<Vec<Burst>, MethodError> {
    let upstream = dataset.upstream.iter().rev().find(|upstream| upstream.method == "events.pop_ins");
    let table = upstream.and_then(|upstream| upstream.outcome.table("pop_ins")).ok_or(ShapeError::NoVelocities)?;
    let ((_, starts), (_, samples)) = (table.numbers("time")?, table.numbers("samples")?);
    let names = texts(table, "test");
    let mut bursts = Vec::new();
    for test in &dataset.record()?.tests {
        let recording = test.measurement()?;
        let (time, depth) = (recording.values(TraceQuantity::Time)?, recording.values(TraceQuantity::Depth)?);
        let own = (0..names.len()).filter(|row| names[*row] == test.name);
        for (start, n) in own.map(|row| (starts[row], samples[row] as usize)) {
            let before = time.partition_point(|at| *at < start - 1e-9);
            if n < 2 || before < n || before + n >= time.len() {
                continue;
            }
            let rate = |from: usize, to: usize| (depth[to] - depth[from]) / (time[to] - time[from]);
            let trend = rate(before - n, before);
            let velocity: Vec<f64> = (before..before + n).map(|k| rate(k, k + 1) - trend).collect();
            if velocity.iter().all(|v| v.is_finite()) {
                bursts.push(Burst { velocity, step: (time[before + n] - time[before]) / n as f64 });
            }
        }
    }
    Ok(bursts)
}
