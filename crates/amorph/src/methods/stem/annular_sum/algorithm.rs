//! Sums over the pixels between two circles, frame by frame.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::core::data::Pixels;
use crate::core::stream::{Fold, Tile};

/// Pixels of one run that 32-bit sums of 16-bit pixels can hold.
const RUN: usize = 1 << 15;

/// The detector pixels whose centres lie at a distance `inner <= r < outer` from `centre`, as runs of neighbours.
///
/// Half-open, so that annuli that share a radius share no pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annulus {
    runs: Vec<Range<usize>>,
    frame_len: usize,
    n_pixels: usize,
}

impl Annulus {
    /// On a detector of `shape` (rows, columns), radii and `centre` (y, x) in pixels; the centre of pixel (0, 0) is (0, 0).
    pub fn new(shape: [usize; 2], centre: [f64; 2], inner: f64, outer: f64) -> Self {
        Self::of_pixels(shape, |y, x| {
            let r_squared = (y as f64 - centre[0]).powi(2) + (x as f64 - centre[1]).powi(2);
            r_squared >= inner * inner && r_squared < outer * outer
        })
    }

    /// Any pixels of a detector of `shape` (rows, columns).
    pub fn of_pixels(shape: [usize; 2], inside: impl Fn(usize, usize) -> bool) -> Self {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for y in 0..shape[0] {
            for x in (0..shape[1]).filter(|x| inside(y, *x)) {
                let pixel = y * shape[1] + x;
                match runs.last_mut() {
                    Some(run) if run.end == pixel && run.len() < RUN => run.end += 1,
                    _ => runs.push(pixel..pixel + 1),
                }
            }
        }
        let n_pixels = runs.iter().map(Range::len).sum();
        Self { runs, frame_len: shape[0] * shape[1], n_pixels }
    }

    /// Number of pixels.
    pub fn n_pixels(&self) -> usize {
        self.n_pixels
    }

    /// Sum of a frame of integers, exact.
    fn exact<P: Exact>(&self, frame: &[P]) -> FrameSum {
        let (mut sum, mut negative) = (0i64, 0);
        for run in &self.runs {
            let pixels = &frame[run.clone()];
            sum += P::sum(pixels);
            negative += P::negative(pixels);
        }
        FrameSum { sum: sum as f64, negative, ..FrameSum::default() }
    }

    /// Sum of a frame of floating-point numbers, NaN and infinities left out.
    fn floating<P: Into<f64> + Copy>(&self, frame: &[P]) -> FrameSum {
        let mut result = FrameSum::default();
        for run in &self.runs {
            for (offset, pixel) in frame[run.clone()].iter().enumerate() {
                let value: f64 = (*pixel).into();
                if value.is_finite() {
                    result.sum += value;
                    result.negative += usize::from(value < 0.0);
                } else {
                    result.first_invalid.get_or_insert(run.start + offset);
                    result.invalid += 1;
                }
            }
        }
        result
    }

    fn collect<P>(&self, tile: &Tile<'_>, values: &[P], sum: impl Fn(&Self, &[P]) -> FrameSum) -> AnnularPartial {
        let mut partial = AnnularPartial { sums: Vec::with_capacity(tile.n_frames), ..AnnularPartial::default() };
        for (index, frame) in values.chunks_exact(self.frame_len.max(1)).enumerate() {
            let frame_sum = sum(self, frame);
            let frame_index = tile.first_frame + index;
            let n_valid = self.n_pixels - frame_sum.invalid;
            partial.negative += frame_sum.negative;
            partial.invalid += frame_sum.invalid;
            if let (None, Some(pixel)) = (partial.first_invalid, frame_sum.first_invalid) {
                partial.first_invalid = Some((frame_index, pixel));
            }
            if n_valid == 0 {
                partial.blind.push(frame_index);
            }
            // A missing pixel is unknown, not zero: it counts as the mean of the others.
            let scale = if frame_sum.invalid == 0 { 1.0 } else { self.n_pixels as f64 / n_valid.max(1) as f64 };
            partial.sums.push(frame_sum.sum * scale);
        }
        partial
    }
}

/// What one frame gives.
#[derive(Debug, Clone, Copy, Default)]
struct FrameSum {
    sum: f64,
    negative: usize,
    invalid: usize,
    first_invalid: Option<usize>,
}

/// What a stretch of frames gives.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AnnularPartial {
    /// Sum of every frame, in scan order; integer pixels give integers, exact up to 2^53.
    pub sums: Vec<f64>,
    /// Frames without a single finite pixel in the annulus.
    pub blind: Vec<usize>,
    /// Pixels that are NaN or infinite.
    pub invalid: usize,
    /// Frame and pixel of the first of them.
    pub first_invalid: Option<(usize, usize)>,
    /// Pixels below zero.
    pub negative: usize,
}

impl Fold for Annulus {
    type Partial = AnnularPartial;

    fn empty(&self) -> AnnularPartial {
        AnnularPartial::default()
    }

    fn tile(&self, tile: &Tile<'_>) -> AnnularPartial {
        match tile.pixels {
            Pixels::U8(values) => self.collect(tile, values, Self::exact),
            Pixels::U16(values) => self.collect(tile, values, Self::exact),
            Pixels::U32(values) => self.collect(tile, values, Self::exact),
            Pixels::I16(values) => self.collect(tile, values, Self::exact),
            Pixels::I32(values) => self.collect(tile, values, Self::exact),
            Pixels::F32(values) => self.collect(tile, values, Self::floating),
            Pixels::F64(values) => self.collect(tile, values, Self::floating),
        }
    }

    fn merge(&self, mut left: AnnularPartial, right: AnnularPartial) -> AnnularPartial {
        left.sums.extend(right.sums);
        left.blind.extend(right.blind);
        left.invalid += right.invalid;
        left.first_invalid = left.first_invalid.or(right.first_invalid);
        left.negative += right.negative;
        left
    }
}

/// Integers, summed in the narrowest type that cannot overflow over [`RUN`] pixels.
trait Exact: Copy {
    fn sum(pixels: &[Self]) -> i64;
    fn negative(pixels: &[Self]) -> usize;
}

macro_rules! exact {
    ($pixel:ty, $wide:ty, $negative:expr) => {
        impl Exact for $pixel {
            fn sum(pixels: &[Self]) -> i64 {
                pixels.iter().map(|pixel| <$wide>::from(*pixel)).sum::<$wide>() as i64
            }

            fn negative(pixels: &[Self]) -> usize {
                let negative: fn(&[Self]) -> usize = $negative;
                negative(pixels)
            }
        }
    };
}

exact!(u8, u32, |_| 0);
exact!(u16, u32, |_| 0);
exact!(u32, u64, |_| 0);
exact!(i16, i32, |pixels| pixels.iter().filter(|pixel| **pixel < 0).count());
exact!(i32, i64, |pixels| pixels.iter().filter(|pixel| **pixel < 0).count());
