//! Jumps of the depth and drops of the load, against the trend of the test and its noise.

use crate::core::ctx::Ctx;
use crate::core::random::derive_seed;
use crate::core::series::{Bank, Detected, Detector, FalseAlarms, SeriesError, Sign, Spike, running_median};

/// Increments above the trend by so many standard deviations belong to a jump.
const BELONGS: f64 = 3.0;
/// A jump of the depth and a drop of the load closer than this are one event, samples.
const TOGETHER: usize = 4;
/// Fewest windows of the slowest jump in a record.
const WINDOWS: usize = 24;

/// A jump of one channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jump {
    /// The last sample before it.
    pub before: usize,
    /// Its last sample.
    pub last: usize,
    /// How far, above the trend; positive.
    pub size: f64,
    /// Standard error of that.
    pub error: f64,
    /// Size over error at the best width.
    pub z: f64,
    /// False alarms of at least this height in the whole record.
    pub expected_false: f64,
}

/// An event of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PopIn {
    /// The last sample before it.
    pub before: usize,
    /// Its last sample.
    pub last: usize,
    /// Jump of the depth, m.
    pub depth: Option<Jump>,
    /// Drop of the load, N.
    pub load: Option<Jump>,
}

/// What was found, and how much of it noise alone gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<E> {
    /// In order of time.
    pub events: Vec<E>,
    /// False alarms to be expected among them.
    pub expected_false: f64,
}

impl<E> Default for Found<E> {
    fn default() -> Self {
        Self { events: Vec::new(), expected_false: 0.0 }
    }
}

/// Jumps of a channel of one sign, in a stretch of its samples.
///
/// The increments, less the running median of the rate times their time step, are searched for boxes: a step that takes `w` samples is
/// `w` increments of like size.
///
/// # Errors
/// [`SeriesError`] for records that are too short, or when stopped.
pub fn jumps(
    time: &[f64],
    values: &[f64],
    sign: Sign,
    slowest: usize,
    false_alarms: f64,
    seed: u64,
    ctx: &Ctx,
) -> Result<Found<Jump>, SeriesError> {
    let n = values.len();
    let slowest = slowest.min(n / WINDOWS).max(1);
    let window = (64 * slowest).min(n.max(2) / 2).max(8);
    let steps: Vec<f64> = time.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let rates: Vec<f64> = values.windows(2).zip(&steps).map(|(pair, step)| (pair[1] - pair[0]) / step).collect();
    let trend = running_median(&rates, window);
    let rest: Vec<f64> = values
        .windows(2)
        .zip(&steps)
        .enumerate()
        .map(|(t, (pair, step))| sign.value() * (pair[1] - pair[0] - trend.at(t) * step))
        .collect();
    let detector = Detector {
        bank: Bank::steps(slowest),
        window,
        false_alarms: FalseAlarms::PerRecord(false_alarms),
        surrogates: 1 << 19,
    };
    let found = detector.detect(&rest, seed, ctx)?;
    let mut jumps: Vec<Jump> = Vec::new();
    for spike in found.spikes.iter().filter(|spike| spike.sign == Sign::Positive) {
        let jump = measured(&rest, spike, &found);
        match jumps.last_mut() {
            // Two widths of one jump.
            Some(last) if jump.before <= last.last => {
                if jump.z > last.z {
                    *last = jump;
                }
            }
            _ => jumps.push(jump),
        }
    }
    // The other sign has the rest of the false alarms.
    Ok(Found { events: jumps, expected_false: found.expected_false[0] })
}

/// From the first to the last increment well above the trend around the best box; gaps of one sample belong to it.
fn measured(rest: &[f64], spike: &Spike, found: &Detected) -> Jump {
    let scale = found.scale.at(spike.index);
    let belongs = |t: usize| rest[t] > BELONGS * scale;
    let width = spike.template.width;
    let mut first = spike.index;
    let mut end = (spike.index + width).min(rest.len());
    while first > 0 && (belongs(first - 1) || (first > 1 && belongs(first - 2))) {
        first -= 1;
    }
    while end < rest.len() && (belongs(end) || (end + 1 < rest.len() && belongs(end + 1))) {
        end += 1;
    }
    // The best box may begin or end on samples of the trend.
    let is_trend = |t: usize| rest[t] < scale;
    while first + 1 < end && is_trend(first) {
        first += 1;
    }
    while end > first + 1 && is_trend(end - 1) {
        end -= 1;
    }
    let size = rest[first..end].iter().sum();
    Jump { before: first, last: end, size, error: scale, z: spike.z, expected_false: spike.expected_false }
}

/// Jumps of the depth and drops of the load as events; those at the same place are one.
pub fn join(depth: &[Jump], load: &[Jump]) -> Vec<PopIn> {
    let mut events: Vec<PopIn> =
        depth.iter().map(|jump| PopIn { before: jump.before, last: jump.last, depth: Some(*jump), load: None }).collect();
    for drop in load {
        let same = |event: &&mut PopIn| drop.before <= event.last + TOGETHER && event.before <= drop.last + TOGETHER;
        match events.iter_mut().find(same) {
            Some(event) => {
                event.before = event.before.min(drop.before);
                event.last = event.last.max(drop.last);
                event.load = Some(*drop);
            }
            None => events.push(PopIn { before: drop.before, last: drop.last, depth: None, load: Some(*drop) }),
        }
    }
    events.sort_by_key(|event| event.before);
    events
}

/// All events between two samples of a test.
///
/// # Errors
/// As [`jumps`].
pub fn pop_ins(
    time: &[f64],
    depth: Option<&[f64]>,
    load: Option<&[f64]>,
    slowest: usize,
    false_alarms: f64,
    seed: u64,
    ctx: &Ctx,
) -> Result<Found<PopIn>, SeriesError> {
    let of = |values: Option<&[f64]>, sign: Sign, what: &str| match values {
        Some(values) => match jumps(time, values, sign, slowest, false_alarms, derive_seed(seed, &[what.into()]), ctx) {
            // A channel that stands still has no jumps.
            Err(SeriesError::NoNoise) => Ok(Found::default()),
            other => other,
        },
        None => Ok(Found::default()),
    };
    let (depth, load) = (of(depth, Sign::Positive, "depth")?, of(load, Sign::Negative, "load")?);
    Ok(Found { events: join(&depth.events, &load.events), expected_false: depth.expected_false + load.expected_false })
}
