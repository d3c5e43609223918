use std::ops::Range;
use std::sync::Arc;

use amorph_core::data::{DataError, FrameSource, Pixels};

use super::Storage;
use super::pixels::{flip, read_pixels};
use crate::bytes::Element;

/// Frames of one size at equal distances in a file.
#[derive(Debug)]
pub(crate) struct FileFrames {
    pub file: String,
    pub storage: Storage,
    /// Where the first pixel of the first frame is.
    pub first: u64,
    /// Bytes from one frame to the next.
    pub stride: u64,
    /// Pixels of a frame.
    pub frame_len: usize,
    pub element: Element,
    pub big_endian: bool,
    /// Pixels of a row, where rows are stored from the bottom.
    pub from_bottom: Option<usize>,
}

impl FileFrames {
    /// Complete frames among the bytes of the file.
    pub(crate) fn n_complete(&self) -> u64 {
        let frame = self.frame_len as u64 * self.element.size() as u64;
        let left = self.storage.length().saturating_sub(self.first);
        if frame == 0 || self.stride == 0 || left < frame { 0 } else { (left - frame) / self.stride + 1 }
    }
}

impl FrameSource for FileFrames {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let dense = self.stride == (self.frame_len * self.element.size()) as u64;
        let per_read = if dense { frames.len().max(1) } else { 1 };
        for (index, frame) in frames.clone().step_by(per_read).enumerate() {
            let start = self.first + frame as u64 * self.stride;
            let from = index * per_read * self.frame_len;
            let place = from..from + per_read.min(frames.end - frame) * self.frame_len;
            read_pixels(&self.storage, self.element, self.big_endian, start, pixels, place)
                .map_err(|error| unreadable(&self.file, frame, &error))?;
        }
        if let Some(columns) = self.from_bottom {
            (0..frames.len()).for_each(|i| flip(pixels, i * self.frame_len..(i + 1) * self.frame_len, columns));
        }
        Ok(())
    }
}

/// Why a frame cannot be read.
pub(crate) fn unreadable(file: &str, frame: usize, reason: &dyn std::fmt::Display) -> DataError {
    DataError::Unreadable { file: file.to_owned(), frame, reason: reason.to_string() }
}

/// A series of frames laid out as a scan: some at the beginning and some after every row belong to no position.
#[derive(Debug)]
pub(crate) struct Laid {
    pub source: Arc<dyn FrameSource>,
    /// Frames before the first position.
    pub skip: usize,
    /// Positions of a row.
    pub columns: usize,
    /// Frames between the rows.
    pub flyback: usize,
}

impl FrameSource for Laid {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let in_file = |frame: usize| self.skip + frame + self.flyback * (frame / self.columns);
        let Some(last) = frames.end.checked_sub(1).filter(|last| *last >= frames.start) else { return Ok(()) };
        if self.flyback == 0 || frames.start / self.columns == last / self.columns {
            return self.source.read(in_file(frames.start)..in_file(last) + 1, pixels);
        }
        let frame_len = pixels.len() / frames.len();
        let mut part = Pixels::empty(pixels.kind());
        let mut at = frames.start;
        while at < frames.end {
            let end = ((at / self.columns + 1) * self.columns).min(frames.end);
            part.fit(pixels.kind(), (end - at) * frame_len);
            self.source.read(in_file(at)..in_file(at) + (end - at), &mut part)?;
            pixels.copy_at((at - frames.start) * frame_len, &part);
            at = end;
        }
        Ok(())
    }
}

/// Frames that are described, but cannot be decoded.
#[derive(Debug)]
pub(crate) struct Undecoded {
    pub file: String,
    pub reason: String,
}

impl FrameSource for Undecoded {
    fn read(&self, frames: Range<usize>, _: &mut Pixels) -> Result<(), DataError> {
        Err(unreadable(&self.file, frames.start, &self.reason))
    }
}
