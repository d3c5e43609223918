//! Readings of all frames of a scan, a few frames at a time.

use serde::{Deserialize, Serialize};

use super::background::Sample;
use super::filter::{DiskFilter, Reading, Scratch};
use crate::core::data::{DataError, PixelType, Pixels, Scan4d};
use crate::core::stream::{Fold, Tile};

/// Frames of the sample at most, and their bytes.
const SAMPLE_FRAMES: usize = 512;
const SAMPLE_BYTES: usize = 64 << 20;

/// The filter, and from which count on a pixel is saturated.
#[derive(Debug)]
pub struct ReadFrames<'a> {
    /// The matched filter.
    pub filter: &'a DiskFilter,
    /// The camera's highest count.
    pub saturation: f64,
}

/// What a frame gives.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FrameReading {
    /// Its reading; `None` where it cannot be used.
    pub reading: Option<Reading>,
    /// Seen pixels that are no numbers.
    pub invalid: u32,
    /// Seen pixels below zero.
    pub negative: u32,
    /// Seen pixels at the camera's limit.
    pub saturated: u32,
}

impl ReadFrames<'_> {
    fn collect<P: Copy + Into<f64>>(&self, values: &[P]) -> Vec<FrameReading> {
        let mut scratch = Scratch::default();
        let frames = values.chunks_exact(self.filter.weights().len().max(1));
        frames.map(|frame| self.read(frame, &mut scratch)).collect()
    }

    fn read<P: Copy + Into<f64>>(&self, frame: &[P], scratch: &mut Scratch) -> FrameReading {
        let mut found = FrameReading::default();
        for (value, weight) in frame.iter().zip(self.filter.weights()) {
            let value: f64 = (*value).into();
            let seen = *weight > 0.0;
            found.negative += u32::from(seen && value < 0.0);
            found.saturated += u32::from(seen && value >= self.saturation);
        }
        if is_constant(frame) {
            return found;
        }
        if !self.filter.disk_means(frame, scratch).is_finite() {
            let (mended, invalid) = self.mend(frame);
            found.invalid = invalid;
            if !self.filter.disk_means(&mended, scratch).is_finite() {
                return found;
            }
        }
        found.reading = self.filter.reading(scratch);
        found
    }

    /// A pixel that is no number is unknown, not zero: it counts as the mean of the others over the background.
    fn mend<P: Copy + Into<f64>>(&self, frame: &[P]) -> (Vec<f32>, u32) {
        let weights = self.filter.weights();
        let known = || frame.iter().zip(weights).map(|(value, weight)| ((*value).into(), f64::from(*weight)));
        let (sum, n) = known()
            .filter(|(value, weight): &(f64, f64)| *weight > 0.0 && value.is_finite())
            .fold((0.0, 0.0), |(sum, n), (value, weight)| (sum + value * weight, n + 1.0));
        let mut invalid = 0;
        let mend = |(value, weight): (f64, f64)| {
            if value.is_finite() {
                return value as f32;
            }
            invalid += u32::from(weight > 0.0);
            if weight > 0.0 { (sum / f64::max(n, 1.0) / weight) as f32 } else { 0.0 }
        };
        (known().map(mend).collect(), invalid)
    }
}

/// Whether nothing was recorded.
fn is_constant<P: Copy + Into<f64>>(frame: &[P]) -> bool {
    let first: f64 = frame.first().map_or(0.0, |value| (*value).into());
    frame.iter().all(|value| {
        let value: f64 = (*value).into();
        value == first || value.is_nan()
    })
}

impl Fold for ReadFrames<'_> {
    type Partial = Vec<FrameReading>;

    fn empty(&self) -> Vec<FrameReading> {
        Vec::new()
    }

    fn tile(&self, tile: &Tile<'_>) -> Vec<FrameReading> {
        match tile.pixels {
            Pixels::U8(values) => self.collect(values),
            Pixels::U16(values) => self.collect(values),
            Pixels::U32(values) => self.collect(values),
            Pixels::I16(values) => self.collect(values),
            Pixels::I32(values) => self.collect(values),
            Pixels::F32(values) => self.collect(values),
            Pixels::F64(values) => self.collect(values),
        }
    }

    fn merge(&self, mut left: Vec<FrameReading>, right: Vec<FrameReading>) -> Vec<FrameReading> {
        left.extend(right);
        left
    }
}

/// Highest count that the pixels of a scan can hold, where they are integers.
pub fn saturation(kind: PixelType) -> f64 {
    match kind {
        PixelType::U8 => f64::from(u8::MAX),
        PixelType::U16 => f64::from(u16::MAX),
        PixelType::U32 => f64::from(u32::MAX),
        PixelType::I16 => f64::from(i16::MAX),
        PixelType::I32 => f64::from(i32::MAX),
        PixelType::F32 | PixelType::F64 => f64::INFINITY,
    }
}

/// The pixels of a frame.
pub fn as_f32(pixels: &Pixels) -> Vec<f32> {
    fn convert<P: Copy + Into<f64>>(values: &[P]) -> Vec<f32> {
        values.iter().map(|value| (*value).into() as f32).collect()
    }
    match pixels {
        Pixels::U8(values) => convert(values),
        Pixels::U16(values) => convert(values),
        Pixels::U32(values) => convert(values),
        Pixels::I16(values) => convert(values),
        Pixels::I32(values) => convert(values),
        Pixels::F32(values) => convert(values),
        Pixels::F64(values) => convert(values),
    }
}

/// Frames at equal distances over the whole scan, those left out on which nothing was recorded.
pub fn sample(scan: &Scan4d) -> Result<Sample, DataError> {
    let [_, _, _, columns] = scan.shape();
    let frame_len = scan.frame_len();
    let n = scan.n_present.min(SAMPLE_FRAMES).min((SAMPLE_BYTES / (4 * frame_len.max(1))).max(64));
    let mut sample = Sample { values: Vec::with_capacity(n * frame_len), frame_len, columns };
    let mut pixels = Pixels::empty(scan.pixel);
    for i in 0..n {
        let index = i * scan.n_present / n;
        scan.read(index..index + 1, &mut pixels)?;
        let frame = as_f32(&pixels);
        if !is_constant(&frame) {
            sample.values.extend(frame);
        }
    }
    Ok(sample)
}
