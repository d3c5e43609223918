//! Rows of a test that is not prepared as a whole.

use std::borrow::Cow;
use std::ops::Range;

use super::super::circuit::Circuit;
use super::super::trace::without_standstills;
use crate::core::data::{Channel, DataError, LongRecord, Recording, Segment, TraceQuantity};

/// Samples that tell what the whole is like.
const BEGINNING: usize = 1 << 16;

/// Where rows come from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rows<'a> {
    /// Memory.
    Held(&'a Recording),
    /// Their file.
    Filed(&'a LongRecord),
}

/// Consecutive rows.
#[derive(Debug, Clone)]
pub(super) struct Stretch<'a> {
    pub time: Cow<'a, [f64]>,
    /// Empty where none was recorded.
    pub load: Cow<'a, [f64]>,
    pub current: Vec<f64>,
}

impl<'a> Rows<'a> {
    pub fn len(&self) -> usize {
        match self {
            Self::Held(recording) => recording.n_rows(),
            Self::Filed(record) => record.n_rows,
        }
    }

    pub fn channels(&self) -> &'a [Channel] {
        match self {
            Self::Held(recording) => &recording.channels,
            Self::Filed(record) => &record.channels,
        }
    }

    /// Segments that the file or the user states.
    pub fn segments(&self) -> &'a [Segment] {
        match self {
            Self::Held(recording) => &recording.segments,
            Self::Filed(record) => &record.segments,
        }
    }

    /// The first rows.
    pub fn beginning(&self) -> Result<Cow<'a, Recording>, DataError> {
        match self {
            Self::Held(recording) => Ok(Cow::Borrowed(recording)),
            Self::Filed(record) => record.read(0..BEGINNING.min(record.n_rows)).map(Cow::Owned),
        }
    }

    pub fn read(&self, rows: Range<usize>) -> Result<Stretch<'a>, DataError> {
        match self {
            Self::Held(recording) => Ok(Stretch {
                time: Cow::Borrowed(&recording.values(TraceQuantity::Time)?[rows.clone()]),
                load: Cow::Borrowed(recording.values(TraceQuantity::Load).map_or(&[], |load| &load[rows.clone()])),
                current: recording.values(TraceQuantity::Current)?[rows].to_vec(),
            }),
            Self::Filed(record) => {
                let mut recording = record.read(rows)?;
                let load = recording.take(TraceQuantity::Load).unwrap_or_default();
                let time = recording.take(TraceQuantity::Time)?;
                Ok(Stretch { time: Cow::Owned(time), load: Cow::Owned(load), current: recording.take(TraceQuantity::Current)? })
            }
        }
    }
}

impl Stretch<'_> {
    /// ln R, without saturated and stuck samples and without those before `settled`.
    pub fn ln_resistance(mut self, circuit: &Circuit, sign: f64, settled: f64) -> Vec<f64> {
        without_standstills(&mut self.current);
        for (value, time) in self.current.iter_mut().zip(self.time.iter()) {
            *value = if *time < settled { f64::NAN } else { circuit.ln(sign, *value) };
        }
        self.current
    }
}
