//! A pillar test as the methods on it need it: channels, pieces of even sampling within segments, what is masked and why.

use super::spikes::algorithm::Piece;
use crate::core::data::{Recording, Segment, SegmentKind, SegmentOrigin, TraceQuantity};
use crate::core::outcome::Note;
use crate::core::series::{running_median, running_scale};
use crate::core::trace::{StandstillKind, Stretch, detect, sampling, standstills};

/// Stretches of even sampling shorter than this are not searched.
const SHORTEST: usize = 200;

/// Noise this many times its median over the test has not settled.
const SETTLED: f64 = 1.5;
/// Time over which it must have, s.
const SETTLED_FOR: f64 = 0.5;

/// One test, ready to be searched.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Time, s.
    pub time: Vec<f64>,
    /// Load, N; empty where it was not recorded.
    pub load: Vec<f64>,
    /// Loading, holding, unloading.
    pub segments: Vec<Segment>,
    /// Pieces of even sampling within a segment.
    pub pieces: Vec<Piece>,
    /// What was assumed or found wrong.
    pub notes: Vec<Note>,
}

/// Segments and pieces of a recording with a time.
pub fn prepare(recording: &Recording, time: &[f64]) -> Prepared {
    let load = recording.values(TraceQuantity::Load).map(<[f64]>::to_vec).unwrap_or_default();
    let mut notes = Vec::new();
    let segments = segments(&recording.segments, time, &load, 1, &mut notes);
    let sampled = sampling(time);
    let pieces = pieces(&segments, &sampled.stretches, sampled.backwards, &mut notes);
    Prepared { time: time.to_vec(), load, segments, pieces, notes }
}

/// The segments of a record: as stated, else as the load shows, else the whole. `time` and `load` may be means of `block` samples each.
pub fn segments(stated: &[Segment], time: &[f64], load: &[f64], block: usize, notes: &mut Vec<Note>) -> Vec<Segment> {
    let mut segments = stated.to_vec();
    if segments.is_empty() && !load.is_empty() {
        segments = detect(time, load);
        segments.iter_mut().for_each(|segment| {
            segment.first *= block;
            segment.end *= block;
        });
        notes.push(Note::info(
            "segments_detected",
            format!("{} segments were found in the load; the file states none", segments.len()),
        ));
    }
    if segments.is_empty() {
        let end = time.len() * block;
        segments.push(Segment { kind: SegmentKind::Other, first: 0, end, origin: SegmentOrigin::Detected, demand: None });
        notes.push(Note::info("no_segments", "without load or segments the record is taken as one"));
    }
    segments
}

/// Stretches of even sampling within the segments.
pub fn pieces(segments: &[Segment], stretches: &[Stretch], backwards: usize, notes: &mut Vec<Note>) -> Vec<Piece> {
    if backwards > 0 {
        let message = format!("time goes back at {backwards} samples; the stretches between are searched apart");
        notes.push(Note::warning("time_backwards", message));
    }
    let mut pieces = Vec::new();
    let mut short = 0;
    for (segment, place) in segments.iter().enumerate() {
        for stretch in stretches {
            let (first, end) = (stretch.first.max(place.first), stretch.end.min(place.end));
            if end > first + SHORTEST {
                pieces.push(Piece { first, end, step: stretch.step, segment });
            } else if end > first {
                short += end - first;
            }
        }
    }
    if short > 0 {
        notes.push(Note::info(
            "short_stretches",
            format!("{short} samples in stretches of even sampling shorter than {SHORTEST} were left out"),
        ));
    }
    pieces
}

/// Sets saturated and stuck samples to NaN, and says how many.
pub fn mask_standstills(values: &mut [f64], what: &str, notes: &mut Vec<Note>) {
    let counts = without_standstills(values);
    note_standstills(counts, what, notes);
}

/// Sets saturated and stuck samples to NaN; how many of each.
pub fn without_standstills(values: &mut [f64]) -> [usize; 2] {
    let mut counts = [0; 2];
    for stand in standstills(values) {
        let kind = match stand.kind {
            StandstillKind::Saturated => 0,
            StandstillKind::Stuck => 1,
            StandstillKind::Constant => continue,
        };
        counts[kind] += stand.end - stand.first;
        values[stand.first..stand.end].fill(f64::NAN);
    }
    counts
}

/// Says how many samples were saturated and stuck.
pub fn note_standstills(counts: [usize; 2], what: &str, notes: &mut Vec<Note>) {
    for (count, word) in counts.into_iter().zip(["saturated", "stuck"]).filter(|(count, _)| *count > 0) {
        notes.push(Note::warning(
            &format!("{what}_{word}"),
            format!("{count} samples of the {what} are {word} and were left out"),
        ));
    }
}

/// The first time after which the noise stays within 1.5 times its median over the first piece, for half a second.
pub fn settled_after(pieces: &[Piece], values: &[f64]) -> f64 {
    let Some(piece) = pieces.first() else { return 0.0 };
    let window = ((0.25 / piece.step) as usize).max(50);
    let part = &values[piece.first..piece.end];
    if part.len() < 8 * window {
        return 0.0;
    }
    let drift = running_median(part, window);
    let residual: Vec<f64> = part.iter().enumerate().map(|(t, value)| value - drift.at(t)).collect();
    let scale = running_scale(&residual, window);
    let local: Vec<f64> = (0..part.len() / window).map(|k| scale.at(k * window + window / 2)).collect();
    let Ok(usual) = crate::core::stats::median(&local) else { return 0.0 };
    let lasting = (SETTLED_FOR / (window as f64 * piece.step)).ceil() as usize;
    let is_quiet = |from: usize| local[from..(from + lasting).min(local.len())].iter().all(|scale| *scale <= SETTLED * usual);
    let first = (0..local.len()).find(|from| is_quiet(*from)).unwrap_or(0);
    (first * window) as f64 * piece.step
}
