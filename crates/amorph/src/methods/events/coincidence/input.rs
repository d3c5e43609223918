use super::super::found::{Found, texts};
use super::Coincidence;
use super::algorithm::Times;
use crate::core::data::Table;
use crate::method::{Dataset, MethodError, Refusal};

/// Why nothing is compared.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(super) enum CoincidenceError {
    /// A result is missing.
    #[error("there is no result of {0} for this file")]
    NoResult(&'static str),
    /// A parameter out of range.
    #[error("{name} = {found} is not {needed}")]
    Parameter { name: &'static str, found: usize, needed: &'static str },
}

impl Refusal for CoincidenceError {
    fn hint(&self) -> String {
        match self {
            Self::NoResult(method) => format!("put \"{method}\" among the methods of the measurement"),
            Self::Parameter { .. } => "correct the parameter".to_owned(),
        }
    }
}

/// Spikes and pop-ins of a file, test by test.
#[derive(Debug, Clone)]
pub struct Input {
    pub(super) tests: Vec<String>,
    pub(super) times: Vec<Times>,
    pub(super) spikes: Vec<Vec<Spike>>,
    pub(super) pop_ins: Vec<Vec<PopIn>>,
}

/// A spike as `events.spikes` lists it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spike {
    pub time: f64,
    /// Relative change, positive where the resistivity rises.
    pub change: f64,
    pub error: f64,
}

/// A pop-in as `events.pop_ins` lists it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PopIn {
    pub time: f64,
    pub load: f64,
    /// Jump of the depth, m; NaN for a drop of the load alone.
    pub jump: f64,
    pub error: f64,
    pub strain: f64,
}

pub(super) fn collect(method: &Coincidence, dataset: &Dataset) -> Result<Input, MethodError> {
    if method.shifts < 99 {
        let needed = "a number from 99 on";
        return Err(CoincidenceError::Parameter { name: "shifts", found: method.shifts, needed }.into());
    }
    let spikes = Found::of(dataset).ok_or(CoincidenceError::NoResult("events.spikes"))?;
    let pop_ins = dataset
        .upstream
        .iter()
        .rev()
        .find(|upstream| upstream.method == "events.pop_ins")
        .and_then(|upstream| upstream.outcome.table("pop_ins"))
        .ok_or(CoincidenceError::NoResult("events.pop_ins"))?;
    let segments = spikes.outcome.table("segments").ok_or(CoincidenceError::NoResult("events.spikes"))?;
    let mut tests: Vec<String> = Vec::new();
    for name in texts(segments, "test") {
        if !tests.contains(name) {
            tests.push(name.clone());
        }
    }
    let of = |name: &String| {
        let spikes = spikes_of(spikes.table, name);
        let pop_ins = pop_ins_of(pop_ins, name);
        let rows = rows(segments, name);
        let ends = |column: &str| rows.iter().map(|row| numbers(segments, column)[*row]).collect::<Vec<f64>>();
        let window = [
            ends("start").into_iter().fold(f64::INFINITY, f64::min),
            ends("end").into_iter().fold(f64::NEG_INFINITY, f64::max),
        ];
        // Pop-ins outside of what was searched for spikes cannot have one.
        let searched: Vec<_> = pop_ins.into_iter().filter(|(_, span)| span[0] >= window[0] && span[1] <= window[1]).collect();
        let times = Times {
            spikes: spikes.iter().map(|spike| spike.time).collect(),
            pop_ins: searched.iter().map(|(_, span)| *span).collect(),
            window,
            tolerance: (method.within as f64 + 0.5) * step(segments, &rows),
        };
        (times, spikes, searched.into_iter().map(|(pop_in, _)| pop_in).collect())
    };
    let mut input = Input { tests: Vec::new(), times: Vec::new(), spikes: Vec::new(), pop_ins: Vec::new() };
    for name in tests {
        let (times, spikes, pop_ins) = of(&name);
        input.tests.push(name);
        input.times.push(times);
        input.spikes.push(spikes);
        input.pop_ins.push(pop_ins);
    }
    Ok(input)
}

fn numbers<'a>(table: &'a Table, column: &str) -> &'a [f64] {
    table.numbers(column).map_or(&[], |(_, values)| values)
}

fn rows(table: &Table, test: &String) -> Vec<usize> {
    let names = texts(table, "test");
    (0..names.len()).filter(|row| names[*row] == *test).collect()
}

/// Time between samples of a test.
fn step(segments: &Table, rows: &[usize]) -> f64 {
    rows.iter().map(|row| numbers(segments, "sampling_step")[*row]).fold(0.0, f64::max)
}

/// The spikes of a test; a step of the record at a pop-in says no more than that the shape of the pillar changed.
fn spikes_of(table: &Table, test: &String) -> Vec<Spike> {
    let (times, sizes, errors) = (numbers(table, "time"), numbers(table, "size"), numbers(table, "size_error"));
    let signs = texts(table, "sign");
    let spike = |row: usize| {
        let sign = if signs[row] == "rising" { 1.0 } else { -1.0 };
        Spike { time: times[row], change: sign * sizes[row], error: errors[row] }
    };
    let classes = texts(table, "class");
    rows(table, test).into_iter().filter(|row| classes[*row] == "spike").map(spike).collect()
}

fn pop_ins_of(table: &Table, test: &String) -> Vec<(PopIn, [f64; 2])> {
    let column = |name| numbers(table, name);
    let (times, durations) = (column("time"), column("duration"));
    let pop_in = |row: usize| {
        let pop_in = PopIn {
            time: times[row],
            load: column("load")[row],
            jump: column("depth_jump")[row],
            error: column("depth_jump_error")[row],
            strain: column("strain")[row],
        };
        (pop_in, [times[row], times[row] + durations[row]])
    };
    rows(table, test).into_iter().map(pop_in).collect()
}
