//! The search of one test, as a whole or part by part.

use std::convert::Infallible;
use std::ops::Range;

use rayon::prelude::*;

use super::super::trace::settled_after;
use super::algorithm::{Event, Piece, Searched, events, search};
use super::error::SpikesError;
use super::input::{Long, Short, WHOLE};
use super::searched::{Drawn, Line, SearchedTest, closeup, mean_and_rate, thinned};
use super::survey::{Survey, at_once, survey};
use super::{Rule, Spikes};
use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Segment, TraceQuantity};
use crate::core::outcome::Note;
use crate::core::random::derive_seed;
use crate::core::series::{Baseline, Calibration, Detected, Detector, FalseAlarms, SeriesError};
use crate::core::stats::median_in_place;
use crate::method::MethodError;

/// False alarms per sample among which the rules without a calibrated threshold choose.
const LOOSE: f64 = 1e-2;
/// Samples of a part.
const PART: usize = 1 << 20;

/// One detector per sampling step: rates are per second.
pub(super) fn detector(method: &Spikes, step: f64) -> Detector {
    let alarms = match (method.rule, &method.false_alarm_rate) {
        (Rule::FixedThreshold | Rule::FalseDiscovery, _) => FalseAlarms::PerSample(LOOSE),
        (Rule::Calibrated, Some(rate)) => FalseAlarms::PerSample(rate.value * step),
        (Rule::Calibrated, None) => FalseAlarms::PerRecord(method.false_alarms),
    };
    Detector::spikes(method.widest, alarms)
}

/// Why a piece gives no events.
enum Failure {
    /// It is left out.
    Piece(SeriesError),
    /// Nothing goes on.
    Test(MethodError),
}

impl From<SeriesError> for Failure {
    fn from(error: SeriesError) -> Self {
        match error {
            SeriesError::Cancelled(cancelled) => Self::Test(cancelled.into()),
            other => Self::Piece(other),
        }
    }
}

impl From<DataError> for Failure {
    fn from(error: DataError) -> Self {
        Self::Test(error.into())
    }
}

/// What became of the pieces of a test; those that are too short or do not scatter are noted and left out.
fn collected(
    name: &str,
    segments: &[Segment],
    pieces: &[Piece],
    notes: &mut Vec<Note>,
    mut one: impl FnMut(usize, &Piece) -> Result<Searched, Failure>,
) -> Result<Vec<Searched>, MethodError> {
    let mut found = Vec::with_capacity(pieces.len());
    let mut reason = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match one(index, piece) {
            Ok(searched) => found.push(searched),
            Err(Failure::Test(error)) => return Err(error),
            Err(Failure::Piece(skipped)) => {
                let kind = segments[piece.segment].kind.word();
                notes.push(Note::warning("piece_skipped", format!("a {kind} segment of '{name}' was not searched: {skipped}")));
                reason = skipped.to_string();
            }
        }
    }
    if found.is_empty() {
        return Err(SpikesError::TooShort { test: name.to_owned(), reason }.into());
    }
    Ok(found)
}

impl Short {
    pub fn search(&self, method: &Spikes, seed: u64, ctx: &Ctx, notes: &mut Vec<Note>) -> Result<SearchedTest, MethodError> {
        let (prepared, ln) = (&self.prepared, &self.ln_resistance);
        let (time, load) = (&prepared.time, &prepared.load);
        let pieces = collected(&self.name, &prepared.segments, &prepared.pieces, notes, |index, piece| {
            let detector = detector(method, piece.step);
            let mut searched = search(ln, piece, &detector, derive_seed(seed, &[index.into()]), ctx)?;
            for event in &mut searched.events {
                place(event, time, load, event.index);
            }
            searched.window = window(time, ln, piece.first..piece.end, piece.step);
            Ok(searched)
        })?;
        let largest = pieces.iter().flat_map(|piece| &piece.events).max_by(|a, b| a.size.total_cmp(&b.size));
        let drawn = Drawn {
            load: thinned(time, load),
            level: thinned(time, ln),
            reference: ln.iter().copied().find(|value| value.is_finite()).unwrap_or(0.0),
            closeup: largest.map(|event| closeup(time, ln, event.index)).unwrap_or_default(),
        };
        let of_segment = |segment: &Segment| {
            let rows = segment.first..segment.end;
            mean_and_rate(time.get(rows.clone()), load.get(rows))
        };
        Ok(SearchedTest {
            name: self.name.clone(),
            loads: prepared.segments.iter().map(of_segment).collect(),
            segments: prepared.segments.clone(),
            peak_load: load.iter().copied().fold(0.0, f64::max),
            settling: self.settling,
            pieces,
            drawn,
        })
    }
}

/// When and under which load an event begins.
fn place(event: &mut Event, time: &[f64], load: &[f64], row: usize) {
    event.time = time[row];
    event.load = load.get(row).copied().unwrap_or(f64::NAN);
}

/// Times between which a piece was searched; what was left out at the start, as the noise had not settled, is not in it.
fn window(time: &[f64], ln: &[f64], rows: Range<usize>, step: f64) -> [f64; 2] {
    let known = rows.clone().find(|row| ln[*row].is_finite()).unwrap_or(rows.start);
    [time[known], time[rows.end - 1] + step]
}

/// Rows of a long test, ready to be searched.
struct Ready {
    first: usize,
    time: Vec<f64>,
    load: Vec<f64>,
    ln: Vec<f64>,
}

/// What a part of a piece holds.
struct Part {
    events: Vec<Event>,
    exposure: usize,
    detected: Detected,
    scale: f64,
    window: Option<[f64; 2]>,
    largest: Option<(f64, Line)>,
}

/// A long test of which everything is known but its events.
struct Surveyed<'a> {
    test: &'a Long<'a>,
    survey: &'a Survey,
    /// Time before which nothing counts, s.
    settled: f64,
}

impl Long<'_> {
    pub fn search(&self, method: &Spikes, seed: u64, ctx: &Ctx, notes: &mut Vec<Note>) -> Result<SearchedTest, MethodError> {
        let survey = survey(self, ctx, notes)?;
        let mut surveyed = Surveyed { test: self, survey: &survey, settled: f64::NEG_INFINITY };
        let settling = match &method.settling_time {
            Some(time) => time.value,
            None => surveyed.settling()?,
        };
        surveyed.settled = survey.start + settling;
        let settled = surveyed.settled;
        let mut largest: Option<(f64, Line)> = None;
        let pieces = collected(&self.name, &survey.segments, &survey.pieces, notes, |index, piece| {
            let detector = detector(method, piece.step);
            let (searched, found) = surveyed.search_piece(piece, &detector, derive_seed(seed, &[index.into()]), ctx)?;
            largest = larger(largest.take(), found);
            Ok(searched)
        })?;
        let level = survey.current.line(settled, |current| self.circuit.ln(survey.sign, current));
        let reference = level.1.iter().copied().find(|value| value.is_finite()).unwrap_or(0.0);
        let has_load = self.rows.channels().iter().any(|channel| channel.quantity == TraceQuantity::Load);
        let load = if has_load { survey.load.line(f64::NEG_INFINITY, |load| load) } else { Line::default() };
        let drawn = Drawn { load, level, reference, closeup: largest.map(|(_, line)| line).unwrap_or_default() };
        Ok(SearchedTest {
            name: self.name.clone(),
            peak_load: survey.load.peak(),
            segments: survey.segments,
            loads: survey.loads,
            settling,
            pieces,
            drawn,
        })
    }
}

/// The look at the larger of two events.
fn larger(one: Option<(f64, Line)>, other: Option<(f64, Line)>) -> Option<(f64, Line)> {
    match (&one, &other) {
        (Some(a), Some(b)) if b.0 > a.0 => other,
        (None, _) => other,
        _ => one,
    }
}

impl Surveyed<'_> {
    /// When the noise has settled, from the beginning of the first piece.
    fn settling(&self) -> Result<f64, DataError> {
        let Some(piece) = self.survey.pieces.first() else { return Ok(0.0) };
        let end = piece.end.min(piece.first + WHOLE);
        let ready = self.ready(piece.first..end)?;
        Ok(settled_after(&[Piece { first: 0, end: end - piece.first, ..*piece }], &ready.ln))
    }

    fn ready(&self, rows: Range<usize>) -> Result<Ready, DataError> {
        let first = rows.start;
        let stretch = self.test.rows.read(rows)?;
        let (time, load) = (stretch.time.to_vec(), stretch.load.to_vec());
        Ok(Ready { first, time, load, ln: stretch.ln_resistance(&self.test.circuit, self.survey.sign, self.settled) })
    }

    fn search_piece(
        &self,
        piece: &Piece,
        detector: &Detector,
        seed: u64,
        ctx: &Ctx,
    ) -> Result<(Searched, Option<(f64, Line)>), Failure> {
        let n = piece.end - piece.first;
        let (starts, length) = Calibration::windows(n);
        let windows: Result<Vec<Vec<f64>>, DataError> =
            starts.into_iter().map(|start| Ok(self.ready(piece.first + start..piece.first + start + length)?.ln)).collect();
        let known = detector.calibrate(&windows?, seed, ctx)?;
        let cores: Vec<usize> = (piece.first..piece.end).step_by(PART).collect();
        let (mut searched, mut largest) = (None, None);
        let mut scales = Vec::with_capacity(cores.len());
        for together in cores.chunks(at_once()) {
            ctx.check_cancelled().map_err(|cancelled| Failure::Test(cancelled.into()))?;
            let parts: Result<Vec<Part>, DataError> = together
                .par_iter()
                .map(|first| {
                    let core = *first..(first + PART).min(piece.end);
                    self.search_part(piece, core, detector, &known)
                })
                .collect();
            for part in parts? {
                scales.push(part.scale);
                largest = larger(largest, part.largest);
                join(&mut searched, piece, part.events, part.exposure, part.detected, part.window);
            }
            let done = self.test.rows.len() + together.last().map_or(0, |first| first + PART);
            ctx.report(done as u64, 2 * self.test.rows.len() as u64);
        }
        let mut searched: Searched = searched.ok_or(SeriesError::NoNoise)?;
        finish(&mut searched, n, &mut scales);
        Ok((searched, largest))
    }

    fn search_part(
        &self,
        piece: &Piece,
        core: Range<usize>,
        detector: &Detector,
        known: &Calibration,
    ) -> Result<Part, DataError> {
        let margin = detector.margin();
        let rows = core.start.saturating_sub(margin).max(piece.first)..(core.end + margin).min(piece.end);
        let ready = self.ready(rows)?;
        let n = piece.end - piece.first;
        let found =
            events(&ready.ln, piece.step, detector, |values| Ok::<_, Infallible>(detector.detect_part(values, known, n)));
        let (mut detected, mut events) = match found {
            Ok(found) => found,
            Err(never) => match never {},
        };
        events.retain(|event| core.contains(&(event.index + ready.first)));
        for event in &mut events {
            place(event, &ready.time, &ready.load, event.index);
        }
        let largest = events.iter().max_by(|a, b| a.size.total_cmp(&b.size));
        let largest = largest.map(|event| (event.size, closeup(&ready.time, &ready.ln, event.index)));
        let inside = core.start - ready.first..core.end - ready.first;
        let exposure = ready.ln[inside.clone()].iter().filter(|value| value.is_finite()).count();
        let window = (exposure > 0).then(|| window(&ready.time, &ready.ln, inside.clone(), piece.step));
        let scale = detected.scale.at(inside.start + inside.len() / 2);
        events.iter_mut().for_each(|event| event.index += ready.first);
        // The drift of a long record is long itself, and is needed no more.
        detected.baseline = Baseline::constant(f64::NAN);
        Ok(Part { events, exposure, detected, scale, window, largest })
    }
}

fn join(
    searched: &mut Option<Searched>,
    piece: &Piece,
    events: Vec<Event>,
    exposure: usize,
    detected: Detected,
    window: Option<[f64; 2]>,
) {
    match searched {
        None => {
            let detected = Detected { exposure, spikes: Vec::new(), ..detected };
            *searched = Some(Searched { piece: *piece, detected, events, window: window.unwrap_or([f64::NAN; 2]) });
        }
        Some(known) => {
            known.detected.exposure += exposure;
            known.events.extend(events);
            if let Some(window) = window {
                known.window = [known.window[0].min(window[0]), window[1]];
            }
        }
    }
}

/// What holds for the whole piece once its parts are known.
fn finish(searched: &mut Searched, n: usize, scales: &mut [f64]) {
    let detected = &mut searched.detected;
    // Thresholds are those of all samples; those without a value had no chance to look like an event.
    let share = detected.exposure as f64 / n as f64;
    detected.expected_false = [0, 1].map(|side| detected.expected_false[side] * share);
    detected.scale = Baseline::constant(median_in_place(scales));
    searched.events.iter_mut().for_each(|event| event.expected_false *= share);
}
