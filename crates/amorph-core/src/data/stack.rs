use std::ops::Range;
use std::sync::Arc;

use super::scan::InMemory;
use super::{AxisRole, DataError, FrameSource, PixelType, Pixels, Scan4d, ScanAxis};

/// Frames along any number of further axes: a series in time, the energies of a spectrum image, the slices of a volume, scans
/// at several depths.
///
/// The last two axes are those of a frame, the others count frames, the last of them fastest. As in a [`Scan4d`] the pixels
/// stay in the file.
#[derive(Debug, Clone)]
pub struct FrameStack {
    /// What it is, for messages: the file.
    pub name: String,
    /// At least three axes, slowest first.
    pub axes: Vec<ScanAxis>,
    /// Type of one pixel.
    pub pixel: PixelType,
    /// Frames that can be read: fewer than there should be where the file is cut short.
    pub n_present: usize,
    source: Arc<dyn FrameSource>,
}

impl FrameStack {
    /// A stack whose first `n_present` frames `source` can read.
    ///
    /// # Errors
    /// [`DataError::TooFewAxes`] below three axes.
    pub fn new(
        name: &str,
        axes: Vec<ScanAxis>,
        pixel: PixelType,
        n_present: usize,
        source: Arc<dyn FrameSource>,
    ) -> Result<Self, DataError> {
        if axes.len() < 3 {
            return Err(DataError::TooFewAxes { found: axes.len(), needed: 3 });
        }
        let stack = Self { name: name.to_owned(), axes, pixel, n_present, source };
        Ok(Self { n_present: n_present.min(stack.n_frames()), ..stack })
    }

    /// A stack that is in memory, for programs and tests. Frames beyond the pixels given are absent.
    ///
    /// # Errors
    /// [`DataError::TooFewAxes`] below three axes.
    pub fn of_pixels(name: &str, axes: Vec<ScanAxis>, pixels: Pixels) -> Result<Self, DataError> {
        let frame = axes.iter().rev().take(2).map(|axis| axis.n).product();
        let n_present = pixels.len().checked_div(frame).unwrap_or(0);
        Self::new(name, axes, pixels.kind(), n_present, Arc::new(InMemory { frame, pixels }))
    }

    /// Lengths of the axes, slowest first.
    pub fn shape(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.n).collect()
    }

    fn split(&self) -> (&[ScanAxis], &[ScanAxis]) {
        self.axes.split_at(self.axes.len().saturating_sub(2))
    }

    /// Frames, whether present or not.
    pub fn n_frames(&self) -> usize {
        self.split().0.iter().fold(1, |product, axis| product.saturating_mul(axis.n))
    }

    /// Pixels of one frame.
    pub fn frame_len(&self) -> usize {
        self.split().1.iter().fold(1, |product, axis| product.saturating_mul(axis.n))
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

    /// The four-dimensional scan at one position of the first axis; `None` unless there are five axes, the last four of them
    /// scan y, scan x, detector y, detector x, and the position exists.
    pub fn scan_at(&self, position: usize) -> Option<Scan4d> {
        let [outer, axes @ ..] = &self.axes[..] else { return None };
        let axes: [ScanAxis; 4] = axes.to_vec().try_into().ok()?;
        let roles = [AxisRole::ScanY, AxisRole::ScanX, AxisRole::DetectorY, AxisRole::DetectorX];
        if axes.each_ref().map(|axis| axis.role) != roles || position >= outer.n {
            return None;
        }
        let n = axes[0].n.checked_mul(axes[1].n)?;
        let first = position.checked_mul(n)?;
        let source = Arc::new(Part { first, source: self.source.clone() });
        Some(Scan4d::with_axes(&self.name, axes, self.pixel, self.n_present.saturating_sub(first).min(n), source))
    }

    /// One line for lists and messages.
    pub fn describe(&self) -> String {
        let axis = |axis: &ScanAxis| format!("{} {}", axis.n, axis.role.word());
        let axes: Vec<String> = self.axes.iter().map(axis).collect();
        format!("{} of {}, {} of {} frames present", axes.join(" x "), self.pixel, self.n_present, self.n_frames())
    }
}

/// Some of the frames of a longer series.
#[derive(Debug)]
struct Part {
    first: usize,
    source: Arc<dyn FrameSource>,
}

impl FrameSource for Part {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        self.source.read(self.first + frames.start..self.first + frames.end, pixels)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Every pixel is the number of its frame.
    #[derive(Debug)]
    struct Counting;

    impl FrameSource for Counting {
        fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
            let Pixels::U16(values) = pixels else { return Ok(()) };
            let len = values.len() / frames.len();
            values.chunks_mut(len).zip(frames).for_each(|(values, frame)| values.fill(frame as u16));
            Ok(())
        }
    }

    fn stack(roles: &[AxisRole], shape: &[usize], n_present: usize) -> FrameStack {
        let axes = roles.iter().zip(shape).map(|(role, n)| ScanAxis::new(*role, *n)).collect();
        FrameStack::new("stack", axes, PixelType::U16, n_present, Arc::new(Counting)).unwrap()
    }

    #[test]
    fn a_scan_at_one_depth_has_its_own_frames() {
        let roles = [AxisRole::Depth, AxisRole::ScanY, AxisRole::ScanX, AxisRole::DetectorY, AxisRole::DetectorX];
        let stack = stack(&roles, &[2, 3, 4, 2, 5], 20);
        assert_eq!((stack.n_frames(), stack.frame_len(), stack.n_present), (24, 10, 20));
        let scan = stack.scan_at(1).unwrap();
        assert_eq!((scan.shape(), scan.n_present), ([3, 4, 2, 5], 8));
        let mut pixels = Pixels::empty(PixelType::U16);
        scan.read(2..3, &mut pixels).unwrap();
        assert_eq!(pixels, Pixels::U16(vec![14; 10]));
        assert!(stack.scan_at(2).is_none() && scan.read(8..9, &mut pixels).is_err());
    }

    #[test]
    fn stacks_without_a_scan_give_none() {
        let stack = stack(&[AxisRole::Energy, AxisRole::ScanY, AxisRole::ScanX], &[7, 2, 3], 9);
        assert!(stack.scan_at(0).is_none());
        assert_eq!(stack.describe(), "7 energy x 2 scan_y x 3 scan_x of u16, 7 of 7 frames present");
        let axes = vec![ScanAxis::new(AxisRole::Time, 3); 2];
        let none = FrameStack::new("few", axes, PixelType::U8, 0, Arc::new(Counting));
        assert!(matches!(none, Err(DataError::TooFewAxes { found: 2, needed: 3 })));
    }
}
