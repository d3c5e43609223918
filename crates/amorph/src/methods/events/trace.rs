//! A pillar test as the methods on it need it: channels, pieces of even sampling within segments, what is masked and why.

use super::spikes::algorithm::Piece;
use crate::core::data::{Recording, Segment, SegmentKind, SegmentOrigin, TraceQuantity};
use crate::core::outcome::Note;
use crate::core::series::{running_median, running_scale};
use crate::core::trace::{StandstillKind, detect, sampling, standstills};

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
    let mut segments = recording.segments.clone();
    if segments.is_empty() && !load.is_empty() {
        segments = detect(time, &load);
        notes.push(Note::info(
            "segments_detected",
            format!("{} segments were found in the load; the file states none", segments.len()),
        ));
    }
    if segments.is_empty() {
        let whole =
            Segment { kind: SegmentKind::Other, first: 0, end: time.len(), origin: SegmentOrigin::Detected, demand: None };
        segments.push(whole);
        notes.push(Note::info("no_segments", "without load or segments the record is taken as one"));
    }
    let sampled = sampling(time);
    if sampled.backwards > 0 {
        let message = format!("time goes back at {} samples; the stretches between are searched apart", sampled.backwards);
        notes.push(Note::warning("time_backwards", message));
    }
    let mut pieces = Vec::new();
    let mut short = 0;
    for (segment, place) in segments.iter().enumerate() {
        for stretch in &sampled.stretches {
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
    Prepared { time: time.to_vec(), load, segments, pieces, notes }
}

/// Sets saturated and stuck samples to NaN; returns how many, by reason.
pub fn mask_standstills(values: &mut [f64], what: &str, notes: &mut Vec<Note>) {
    for (kind, word) in [(StandstillKind::Saturated, "saturated"), (StandstillKind::Stuck, "stuck")] {
        let found: Vec<_> = standstills(values).into_iter().filter(|stand| stand.kind == kind).collect();
        let count: usize = found.iter().map(|stand| stand.end - stand.first).sum();
        found.iter().for_each(|stand| values[stand.first..stand.end].fill(f64::NAN));
        if count > 0 {
            notes.push(Note::warning(
                &format!("{what}_{word}"),
                format!("{count} samples of the {what} are {word} and were left out"),
            ));
        }
    }
}

/// The first time after which the noise stays within 1.5 times its median over the test, for half a second.
pub fn settled_after(prepared: &Prepared, values: &[f64]) -> f64 {
    let Some(piece) = prepared.pieces.first() else { return 0.0 };
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
