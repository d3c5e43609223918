//! Detection of spikes in pieces of a record, and what each of them is.

use crate::core::ctx::Ctx;
use crate::core::series::{Autoregression, Detected, Detector, SeriesError, Sign, Spike};
use crate::core::stats::median_in_place;

/// Samples to either side of an event over which a spike is told from a step.
const SURROUNDINGS: usize = 40;

/// Consecutive samples of even sampling within one segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Piece {
    /// First sample.
    pub first: usize,
    /// One past the last.
    pub end: usize,
    /// Time between samples, s.
    pub step: f64,
    /// Index of the segment.
    pub segment: usize,
}

/// What an event leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The record returns.
    Spike,
    /// It stays.
    Step,
}

/// An event of a record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Sample of its onset.
    pub index: usize,
    /// Whether it returns.
    pub class: Class,
    /// Rise or fall of the record.
    pub sign: Sign,
    /// Height, positive.
    pub size: f64,
    /// Standard error of the height.
    pub size_error: f64,
    /// Samples above half of the height.
    pub width: usize,
    /// Sum above the baseline times the time between samples, s.
    pub area: f64,
    /// Height over its error.
    pub z: f64,
    /// False alarms of at least this height that noise gives in the whole piece, of this sign.
    pub expected_false: f64,
    /// Time of its onset, s.
    pub time: f64,
    /// Load at its onset, N; NaN where none was recorded.
    pub load: f64,
    /// The record at its onset.
    pub level: f64,
}

/// A piece that was searched.
#[derive(Debug, Clone)]
pub struct Searched {
    /// The piece.
    pub piece: Piece,
    /// The noise and the thresholds.
    pub detected: Detected,
    /// The events, in order; samples count from the start of the record.
    pub events: Vec<Event>,
    /// Times between which it was searched, s.
    pub window: [f64; 2],
}

impl Searched {
    /// How often a sample of noise is the start of something at least as clear, of the event's sign.
    pub fn rate(&self, event: &Event) -> f64 {
        event.expected_false / self.detected.exposure as f64
    }
}

/// Searches a piece of a record; NaN samples are left out.
///
/// # Errors
/// [`SeriesError`] where it is too short or does not scatter, and when stopped.
pub fn search(values: &[f64], piece: &Piece, detector: &Detector, seed: u64, ctx: &Ctx) -> Result<Searched, SeriesError> {
    let part = &values[piece.first..piece.end];
    let (detected, mut events) = events(part, piece.step, detector, |part| detector.detect(part, seed, ctx))?;
    events.iter_mut().for_each(|event| event.index += piece.first);
    Ok(Searched { piece: *piece, detected, events, window: [f64::NAN; 2] })
}

/// The events of a part of a record, counted from its start; `detect` finds them, and finds them anew once steps are off.
///
/// # Errors
/// Those of `detect`.
pub fn events<E>(
    part: &[f64],
    step: f64,
    detector: &Detector,
    detect: impl Fn(&[f64]) -> Result<Detected, E>,
) -> Result<(Detected, Vec<Event>), E> {
    let mut detected = detect(part)?;
    let mut events = merge_steps(part, &detected, step, detector);
    let steps: Vec<Event> = events.iter().filter(|event| event.class == Class::Step).copied().collect();
    if !steps.is_empty() {
        // A step leaves half a window of the drift askew on either side: it is taken off, and the rest is searched anew.
        let (level, jumps) = without_steps(part, &steps, detector);
        detected = detect(&level)?;
        events = merge_steps(&level, &detected, step, detector);
        events.iter_mut().for_each(|event| event.blur(&jumps));
        events.extend(steps);
        events.sort_by_key(|event| event.index);
        events.iter_mut().for_each(|event| event.level = part[event.index]);
    }
    Ok((detected, events))
}

/// A change of level: its flank, and how large it is.
struct Jump {
    flank: std::ops::Range<usize>,
    by: f64,
}

impl Event {
    /// On the flank of a step a spike may stand on the level before it or on that after it: its height is between.
    fn blur(&mut self, jumps: &[Jump]) {
        for jump in jumps.iter().filter(|jump| jump.flank.contains(&self.index)) {
            self.size += 0.5 * jump.by.abs();
            self.size_error = self.size_error.hypot(jump.by / 12f64.sqrt());
        }
    }
}

/// The record with its steps taken off: the difference of the medians before and after each, and on its flank all
/// that lies between the two levels. What goes beyond both is left: a spike on a step.
fn without_steps(values: &[f64], steps: &[Event], detector: &Detector) -> (Vec<f64>, Vec<Jump>) {
    let mut level = values.to_vec();
    let mut jumps = Vec::with_capacity(steps.len());
    let reach = detector.bank.apart();
    for step in steps {
        let flank = step.index.saturating_sub(reach)..(step.index + reach).min(values.len());
        let median = |from: usize, to: usize| {
            let mut known: Vec<f64> = level[from..to].iter().copied().filter(|value| value.is_finite()).collect();
            median_in_place(&mut known)
        };
        let before = median(flank.start.saturating_sub(SURROUNDINGS), flank.start);
        let after = median(flank.end, (flank.end + SURROUNDINGS).min(values.len()));
        let by = after - before;
        if by.is_finite() {
            let (low, high) = (before.min(after), before.max(after));
            level[flank.end..].iter_mut().for_each(|value| *value -= by);
            level[flank.clone()].iter_mut().for_each(|value| *value += before - value.clamp(low, high));
            jumps.push(Jump { flank, by });
        } else {
            level[flank].fill(f64::NAN);
        }
    }
    (level, jumps)
}

/// Events with their class; the running median turns one step into two opposite flanks, which are one event.
fn merge_steps(values: &[f64], detected: &Detected, step: f64, detector: &Detector) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::with_capacity(detected.spikes.len());
    let near = detector.window / 2;
    for spike in &detected.spikes {
        let mut event = describe(values, spike, detected, step);
        if event.class == Class::Step {
            event.index = place_of_step(values, event.index, 2 * detector.bank.apart(), &detected.noise.memory);
            event.level = values[event.index];
        }
        match events.last_mut() {
            Some(last)
                if last.class == Class::Step && event.class == Class::Step && event.index.abs_diff(last.index) <= near =>
            {
                if event.z > last.z {
                    *last = event;
                }
            }
            _ => events.push(event),
        }
    }
    events
}

fn describe(values: &[f64], spike: &Spike, detected: &Detected, step: f64) -> Event {
    let sign = spike.sign.value();
    let half = 0.5 * spike.height;
    let above = |index: usize| sign * (values[index] - detected.baseline.at(index));
    let width = (spike.index..values.len()).take_while(|index| above(*index) >= half).count().max(1);
    let reach = spike.template.values().len().min(values.len() - spike.index);
    let area = (spike.index..spike.index + reach).map(above).filter(|value| value.is_finite()).sum::<f64>() * step;
    Event {
        index: spike.index,
        class: classify(values, spike, &detected.noise.memory),
        sign: spike.sign,
        size: spike.height,
        size_error: spike.height_error,
        width,
        area,
        z: spike.z,
        expected_false: spike.expected_false,
        time: f64::NAN,
        load: f64::NAN,
        level: values[spike.index],
    }
}

/// Whether a step on a straight line fits the surroundings better than the spike.
fn classify(values: &[f64], spike: &Spike, memory: &Autoregression) -> Class {
    let first = spike.index.saturating_sub(SURROUNDINGS);
    let end = (spike.index + SURROUNDINGS).min(values.len());
    let window = &values[first..end];
    let onset = spike.index - first;
    let template = spike.template.values();
    let shape = |t: usize| t.checked_sub(onset).and_then(|k| template.get(k)).copied().unwrap_or(0.0);
    let as_spike = residual_sum(window, memory, shape);
    let last = (onset + template.len().min(SURROUNDINGS / 2)).min(window.len());
    let as_step = (onset.saturating_sub(2)..last)
        .map(|at| residual_sum(window, memory, |t| f64::from(u8::from(t >= at))))
        .fold(f64::INFINITY, f64::min);
    if as_step < as_spike { Class::Step } else { Class::Spike }
}

/// The first sample after the change of level, within `reach` of where something was seen.
fn place_of_step(values: &[f64], seen: usize, reach: usize, memory: &Autoregression) -> usize {
    let first = seen.saturating_sub(SURROUNDINGS + reach);
    let end = (seen + SURROUNDINGS + reach).min(values.len());
    let window = &values[first..end];
    let places = seen.saturating_sub(reach).max(first + 1)..(seen + reach).min(end);
    let left = |place: &usize| residual_sum(window, memory, |t| f64::from(u8::from(first + t >= *place)));
    places.map(|place| (left(&place), place)).min_by(|a, b| a.0.total_cmp(&b.0)).map_or(seen, |(_, place)| place)
}

/// Sum of squares that a straight line and a shape leave of whitened values.
fn residual_sum(values: &[f64], memory: &Autoregression, shape: impl Fn(usize) -> f64) -> f64 {
    let n = values.len();
    let white = |column: Vec<f64>| {
        let mut out = Vec::new();
        memory.whiten(&column, &mut out);
        // The first samples have no past.
        out.drain(..memory.order().min(n));
        out
    };
    let y = white(values.to_vec());
    let mut columns =
        [white(vec![1.0; n]), white((0..n).map(|t| t as f64 / n as f64).collect()), white((0..n).map(&shape).collect())];
    let usable: Vec<bool> = y.iter().map(|value| value.is_finite()).collect();
    let dot =
        |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).zip(&usable).filter(|(_, ok)| **ok).map(|((a, b), _)| a * b).sum() };
    // Gram and Schmidt: the columns are made orthogonal, and their shares taken off.
    let mut rest = dot(&y, &y);
    for k in 0..columns.len() {
        let (before, after) = columns.split_at_mut(k);
        let column = &mut after[0];
        for known in before.iter() {
            let norm = dot(known, known);
            if norm > 0.0 {
                let share = dot(column, known) / norm;
                column.iter_mut().zip(known).for_each(|(value, known)| *value -= share * known);
            }
        }
        let norm = dot(column, column);
        if norm > 1e-300 {
            rest -= dot(&y, column).powi(2) / norm;
        }
    }
    rest
}
