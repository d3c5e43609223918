//! Segments: as stated by the user, else as the file says, else as a column of the file counts, else as the load shows.

use amorph_core::data::{Recording, Segment, SegmentKind, SegmentOrigin, TraceQuantity};
use amorph_core::trace;

use super::options::{SegmentRange, StatedSegment};
use crate::IoError;

pub(crate) fn settle(file: &str, test: &str, recording: &mut Recording, stated: &[StatedSegment]) -> Result<(), IoError> {
    if !stated.is_empty() {
        recording.segments = as_stated(file, test, recording, stated)?;
        return Ok(());
    }
    if recording.segments.is_empty() {
        recording.segments = counted(recording);
    }
    if recording.segments.is_empty()
        && let (Ok(time), Ok(load)) = (recording.values(TraceQuantity::Time), recording.values(TraceQuantity::Load))
    {
        recording.segments = trace::detect(time, load);
    }
    Ok(())
}

fn as_stated(file: &str, test: &str, recording: &Recording, stated: &[StatedSegment]) -> Result<Vec<Segment>, IoError> {
    let n = recording.n_rows();
    let wrong = |problem: String| IoError::TraceOption { file: file.to_owned(), option: "segments", problem };
    let mut segments = Vec::new();
    for segment in stated {
        let (first, end) = match segment.range {
            SegmentRange::Rows(first, end) => (first, end),
            SegmentRange::Time(from, to) => {
                let time = recording.values(TraceQuantity::Time);
                let time = time.map_err(|error| wrong(format!("are stated by time, but in test '{test}' {error}")))?;
                let row = |limit: f64| time.iter().position(|t| *t >= limit).unwrap_or(n);
                (row(from), row(to))
            }
        };
        if first >= end || end > n {
            return Err(wrong(format!(
                "state a {} over rows {first} to {end}, but test '{test}' has {n} rows, counted from 0",
                segment.kind.word()
            )));
        }
        segments.push(Segment { kind: segment.kind, first, end, origin: SegmentOrigin::Stated, demand: None });
    }
    Ok(segments)
}

/// A column named `Segment` with whole numbers: a new number, a new segment; its kind by how the load goes.
fn counted(recording: &Recording) -> Vec<Segment> {
    let named = |name: &str| matches!(name.trim().to_lowercase().as_str(), "segment" | "segment number" | "segment no");
    let Some(column) = recording.channels.iter().find(|channel| named(&channel.name)) else { return Vec::new() };
    let numbers = &column.values;
    if numbers.iter().any(|value| value.fract() != 0.0 || value.is_nan()) {
        return Vec::new();
    }
    let load = recording.values(TraceQuantity::Load).unwrap_or(&[]);
    let range = |values: &[f64]| {
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - values.iter().copied().fold(f64::INFINITY, f64::min)
    };
    let total = range(load);
    let mut segments = Vec::new();
    let mut first = 0;
    for row in 1..=numbers.len() {
        if row == numbers.len() || numbers[row] != numbers[first] {
            let change = match (load.get(first), load.get(row - 1)) {
                (Some(begin), Some(end)) => (end - begin) / total,
                _ => f64::NAN,
            };
            let kind = match change {
                change if change > trace::HOLD_RATE => SegmentKind::Load,
                change if change < -trace::HOLD_RATE => SegmentKind::Unload,
                change if change.is_finite() => SegmentKind::Hold,
                _ => SegmentKind::Other,
            };
            segments.push(Segment { kind, first, end: row, origin: SegmentOrigin::Markers, demand: None });
            first = row;
        }
    }
    segments
}
