use std::ops::Range;
use std::sync::Arc;

use super::{AxisRole, DataError, ScanAxis};

/// A four-dimensional scan: at every position of a probe a detector frame.
///
/// The axes are always in the order scan y, scan x, detector y, detector x, each with the name that the file gives it. The
/// pixels stay in the file, in their stored type; [`Scan4d::read`] brings ranges of frames. Frame `i` belongs to the scan
/// position (`i / n_scan_x`, `i % n_scan_x`).
#[derive(Debug, Clone)]
pub struct Scan4d {
    /// What it is, for messages: the file.
    pub name: String,
    /// Scan y, scan x, detector y, detector x.
    pub axes: Box<[ScanAxis; 4]>,
    /// Type of one pixel.
    pub pixel: PixelType,
    /// Frames that can be read: fewer than the scan has where the file is cut short.
    pub n_present: usize,
    source: Arc<dyn FrameSource>,
}

/// How a pixel is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelType {
    /// Unsigned, 8 bits.
    U8,
    /// Unsigned, 16 bits.
    U16,
    /// Unsigned, 32 bits.
    U32,
    /// Signed, 16 bits.
    I16,
    /// Signed, 32 bits.
    I32,
    /// Floating point, 32 bits.
    F32,
    /// Floating point, 64 bits.
    F64,
}

/// Pixels of consecutive frames, row by row.
#[derive(Debug, Clone, PartialEq)]
pub enum Pixels {
    /// Unsigned, 8 bits.
    U8(Vec<u8>),
    /// Unsigned, 16 bits.
    U16(Vec<u16>),
    /// Unsigned, 32 bits.
    U32(Vec<u32>),
    /// Signed, 16 bits.
    I16(Vec<i16>),
    /// Signed, 32 bits.
    I32(Vec<i32>),
    /// Floating point, 32 bits.
    F32(Vec<f32>),
    /// Floating point, 64 bits.
    F64(Vec<f64>),
}

/// Where the frames of a scan are. Readers implement it; [`Scan4d::read`] calls it with ranges that exist.
pub trait FrameSource: std::fmt::Debug + Send + Sync {
    /// Fills `pixels`, which has the right type and length, with the frames of `frames`. May be called from several threads.
    ///
    /// # Errors
    /// [`DataError::Unreadable`].
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError>;
}

impl Scan4d {
    /// A scan of `shape` (scan y, scan x, detector y, detector x) whose first `n_present` frames `source` can read.
    pub fn new(name: &str, shape: [usize; 4], pixel: PixelType, n_present: usize, source: Arc<dyn FrameSource>) -> Self {
        let roles = [AxisRole::ScanY, AxisRole::ScanX, AxisRole::DetectorY, AxisRole::DetectorX];
        Self::with_axes(name, std::array::from_fn(|i| ScanAxis::new(roles[i], shape[i])), pixel, n_present, source)
    }

    /// A scan with these axes, in the order scan y, scan x, detector y, detector x.
    pub fn with_axes(
        name: &str,
        axes: [ScanAxis; 4],
        pixel: PixelType,
        n_present: usize,
        source: Arc<dyn FrameSource>,
    ) -> Self {
        let n_present = n_present.min(axes[0].n.saturating_mul(axes[1].n));
        Self { name: name.to_owned(), axes: Box::new(axes), pixel, n_present, source }
    }

    /// A scan that is in memory, for programs and tests. Frames beyond the pixels given are absent.
    pub fn of_pixels(shape: [usize; 4], pixels: Pixels) -> Self {
        let frame = shape[2] * shape[3];
        let n_present = pixels.len().checked_div(frame).unwrap_or(0);
        Self::new("scan", shape, pixels.kind(), n_present, Arc::new(InMemory { frame, pixels }))
    }

    /// Scan y, scan x, detector y, detector x.
    pub fn shape(&self) -> [usize; 4] {
        std::array::from_fn(|i| self.axes[i].n)
    }

    /// Scan positions, whether their frame is present or not.
    pub fn n_frames(&self) -> usize {
        self.axes[0].n * self.axes[1].n
    }

    /// Pixels of one frame.
    pub fn frame_len(&self) -> usize {
        self.axes[2].n * self.axes[3].n
    }

    /// Bytes of one frame.
    pub fn frame_bytes(&self) -> usize {
        self.frame_len() * self.pixel.size()
    }

    /// Brings the frames of `frames` into `pixels`, which is made to fit and keeps its memory between calls.
    ///
    /// # Errors
    /// [`DataError::NoSuchFrames`] or [`DataError::Unreadable`].
    pub fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        if frames.end > self.n_present || frames.start > frames.end {
            return Err(DataError::NoSuchFrames { first: frames.start, end: frames.end, n_present: self.n_present });
        }
        pixels.fit(self.pixel, frames.len() * self.frame_len());
        self.source.read(frames, pixels)
    }

    /// One line for lists and messages.
    pub fn describe(&self) -> String {
        let [scan_y, scan_x, det_y, det_x] = self.shape();
        format!("{scan_y} x {scan_x} positions, frames of {det_y} x {det_x} {}, {} present", self.pixel, self.n_present)
    }
}

impl PixelType {
    /// Bytes of one pixel.
    pub fn size(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Whether sums of pixels are exact.
    pub fn is_integer(self) -> bool {
        !matches!(self, Self::F32 | Self::F64)
    }
}

impl std::fmt::Display for PixelType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::F32 => "f32",
            Self::F64 => "f64",
        })
    }
}

macro_rules! with_pixels {
    ($pixels:expr, $values:ident => $body:expr) => {
        match $pixels {
            Pixels::U8($values) => $body,
            Pixels::U16($values) => $body,
            Pixels::U32($values) => $body,
            Pixels::I16($values) => $body,
            Pixels::I32($values) => $body,
            Pixels::F32($values) => $body,
            Pixels::F64($values) => $body,
        }
    };
}

impl Pixels {
    /// No pixels, of this type.
    pub fn empty(kind: PixelType) -> Self {
        match kind {
            PixelType::U8 => Self::U8(Vec::new()),
            PixelType::U16 => Self::U16(Vec::new()),
            PixelType::U32 => Self::U32(Vec::new()),
            PixelType::I16 => Self::I16(Vec::new()),
            PixelType::I32 => Self::I32(Vec::new()),
            PixelType::F32 => Self::F32(Vec::new()),
            PixelType::F64 => Self::F64(Vec::new()),
        }
    }

    /// Their type.
    pub fn kind(&self) -> PixelType {
        match self {
            Self::U8(_) => PixelType::U8,
            Self::U16(_) => PixelType::U16,
            Self::U32(_) => PixelType::U32,
            Self::I16(_) => PixelType::I16,
            Self::I32(_) => PixelType::I32,
            Self::F32(_) => PixelType::F32,
            Self::F64(_) => PixelType::F64,
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        with_pixels!(self, values => values.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Overwrites the pixels from `start` on with those of `part`, as many as there are; pixels of another type are left out.
    pub fn copy_at(&mut self, start: usize, part: &Self) {
        fn put<T: Copy>(to: &mut [T], start: usize, from: &[T]) {
            to.iter_mut().skip(start).zip(from).for_each(|(to, from)| *to = *from);
        }
        match (self, part) {
            (Self::U8(to), Self::U8(from)) => put(to, start, from),
            (Self::U16(to), Self::U16(from)) => put(to, start, from),
            (Self::U32(to), Self::U32(from)) => put(to, start, from),
            (Self::I16(to), Self::I16(from)) => put(to, start, from),
            (Self::I32(to), Self::I32(from)) => put(to, start, from),
            (Self::F32(to), Self::F32(from)) => put(to, start, from),
            (Self::F64(to), Self::F64(from)) => put(to, start, from),
            _ => {}
        }
    }

    /// The pixels as 64-bit floats.
    pub fn to_f64(&self) -> Vec<f64> {
        match self {
            Self::U8(values) => values.iter().map(|value| f64::from(*value)).collect(),
            Self::U16(values) => values.iter().map(|value| f64::from(*value)).collect(),
            Self::U32(values) => values.iter().map(|value| f64::from(*value)).collect(),
            Self::I16(values) => values.iter().map(|value| f64::from(*value)).collect(),
            Self::I32(values) => values.iter().map(|value| f64::from(*value)).collect(),
            Self::F32(values) => values.iter().map(|value| f64::from(*value)).collect(),
            Self::F64(values) => values.clone(),
        }
    }

    /// Makes them `len` pixels of this type, keeping the memory; what they hold afterwards is of no meaning.
    pub fn fit(&mut self, kind: PixelType, len: usize) {
        if self.kind() != kind {
            *self = Self::empty(kind);
        }
        with_pixels!(self, values => values.resize(len, Default::default()));
    }
}

/// Frames of a number of pixels each, in memory.
#[derive(Debug)]
pub(super) struct InMemory {
    pub(super) frame: usize,
    pub(super) pixels: Pixels,
}

impl FrameSource for InMemory {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let range = frames.start * self.frame..frames.end * self.frame;
        match (&self.pixels, pixels) {
            (Pixels::U8(from), Pixels::U8(to)) => to.copy_from_slice(&from[range]),
            (Pixels::U16(from), Pixels::U16(to)) => to.copy_from_slice(&from[range]),
            (Pixels::U32(from), Pixels::U32(to)) => to.copy_from_slice(&from[range]),
            (Pixels::I16(from), Pixels::I16(to)) => to.copy_from_slice(&from[range]),
            (Pixels::I32(from), Pixels::I32(to)) => to.copy_from_slice(&from[range]),
            (Pixels::F32(from), Pixels::F32(to)) => to.copy_from_slice(&from[range]),
            (Pixels::F64(from), Pixels::F64(to)) => to.copy_from_slice(&from[range]),
            (from, to) => {
                let reason = format!("it holds {}, but {} was asked for", from.kind(), to.kind());
                return Err(DataError::Unreadable { file: "scan".to_owned(), frame: frames.start, reason });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn frames_come_in_scan_order_and_only_those_that_exist() {
        let values: Vec<u16> = (0..5 * 6).collect();
        let scan = Scan4d::of_pixels([2, 3, 2, 3], Pixels::U16(values));
        assert_eq!((scan.n_frames(), scan.n_present, scan.frame_len(), scan.frame_bytes()), (6, 5, 6, 12));
        let mut pixels = Pixels::empty(PixelType::F32);
        scan.read(1..3, &mut pixels).unwrap();
        assert_eq!(pixels, Pixels::U16((6..18).collect()));
        scan.read(4..5, &mut pixels).unwrap();
        assert_eq!(pixels, Pixels::U16((24..30).collect()));
        let absent = scan.read(4..6, &mut pixels);
        assert_eq!(absent, Err(DataError::NoSuchFrames { first: 4, end: 6, n_present: 5 }));
    }

    #[test]
    fn axes_have_their_roles() {
        let scan = Scan4d::of_pixels([2, 3, 4, 5], Pixels::U8(vec![0; 120]));
        assert_eq!(
            scan.axes.each_ref().map(|axis| axis.role),
            [AxisRole::ScanY, AxisRole::ScanX, AxisRole::DetectorY, AxisRole::DetectorX]
        );
        assert_eq!(scan.shape(), [2, 3, 4, 5]);
        assert_eq!(scan.describe(), "2 x 3 positions, frames of 4 x 5 u8, 6 present");
    }
}
