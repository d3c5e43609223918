use crate::core::data::{Recording, Segment, SegmentKind, SegmentOrigin, Test, TraceQuantity};
use crate::core::stats::median;
use crate::method::{Dataset, MethodError};

/// Time, load and depth of one test, rows without a number left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Name of the test.
    pub name: String,
    /// Where on the sample, m.
    pub position: Option<[f64; 2]>,
    /// Time, s, not falling.
    pub time: Vec<f64>,
    /// Load, N.
    pub load: Vec<f64>,
    /// Depth, m.
    pub depth: Vec<f64>,
    /// One past the last row before the unloading.
    pub loaded_end: usize,
    /// First row in contact where the file marks an approach.
    pub marked_contact: Option<usize>,
}

/// Share of the largest load above which the load counts as held.
const HELD: f64 = 0.98;

/// The curve of a test, or its name and why it has none.
pub type Tried = Result<Curve, (String, String)>;

impl Curve {
    /// From a test, or why it cannot be used.
    pub fn of(test: &Test) -> Result<Self, String> {
        let recording = test.measurement().map_err(|error| error.to_string())?;
        let values = |quantity| recording.values(quantity).map_err(|error| error.to_string());
        let (time, load, depth) = (values(TraceQuantity::Time)?, values(TraceQuantity::Load)?, values(TraceQuantity::Depth)?);
        let usable = |row: &usize| time[*row].is_finite() && load[*row].is_finite() && depth[*row].is_finite();
        let rows: Vec<usize> = (0..time.len()).filter(usable).collect();
        if rows.is_empty() {
            return Err(format!("{}: no row has time, load and depth", test.name));
        }
        let mut kept: Vec<usize> = Vec::with_capacity(rows.len());
        for row in rows {
            if kept.last().is_none_or(|last| time[row] >= time[*last]) {
                kept.push(row);
            }
        }
        let pick = |values: &[f64]| kept.iter().map(|row| values[*row]).collect::<Vec<f64>>();
        let load = pick(load);
        let marked = |kind: SegmentKind| recording.segments.iter().filter(move |segment| segment.kind == kind);
        let approach_end = marked(SegmentKind::Approach).map(|segment| segment.end).max();
        let contact = approach_end.map(|end| kept.partition_point(|row| *row < end));
        Ok(Self {
            name: test.name.clone(),
            position: test.position,
            loaded_end: loaded_end(&load, recording, &kept),
            time: pick(time),
            depth: pick(depth),
            load,
            marked_contact: contact,
        })
    }

    /// All tests that the instrument did not leave out, each with its curve or the reason why not.
    pub fn all(dataset: &Dataset) -> Result<Vec<Tried>, MethodError> {
        let tests = dataset.record()?.tests.iter().filter(|test| !test.ignored_by_instrument);
        Ok(tests.map(|test| Self::of(test).map_err(|why| (test.name.clone(), why))).collect())
    }

    /// Level of the load at its peak, N: the median of the highest hundredth of the samples.
    pub fn level(&self) -> f64 {
        level(&self.load)
    }

    /// Largest load, N.
    pub fn peak(&self) -> f64 {
        self.load.iter().fold(f64::NEG_INFINITY, |peak, load| peak.max(*load))
    }
}

/// The median of the highest hundredth, so that one noisy sample does not set it.
fn level(load: &[f64]) -> f64 {
    let mut sorted = load.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let top = sorted.len().div_ceil(100);
    median(&sorted[sorted.len() - top..]).unwrap_or(f64::NAN)
}

/// One past the last row before the load falls for good: from the segments of the file, else the last row near the peak.
///
/// Segments that were found in the load do not count: their borders are as coarse as the noise of the load asks.
fn loaded_end(load: &[f64], recording: &Recording, kept: &[usize]) -> usize {
    let peak = level(load);
    // Noise before contact can pass for an unloading: the one that counts comes after the peak was reached.
    let reached = load.iter().position(|load| *load >= HELD * peak).unwrap_or(0);
    let begins = |segment: &&Segment| {
        segment.kind == SegmentKind::Unload
            && segment.origin != SegmentOrigin::Detected
            && kept.get(reached).is_some_and(|row| segment.first > *row)
    };
    if let Some(segment) = recording.segments.iter().find(begins) {
        return kept.partition_point(|row| *row < segment.first);
    }
    load.iter().rposition(|load| *load >= HELD * peak).map_or(load.len(), |last| last + 1)
}
