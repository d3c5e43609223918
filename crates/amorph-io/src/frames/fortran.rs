//! Frames of an array whose first axis is the fastest, as Fortran and MATLAB store it.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use amorph_core::data::{DataError, FrameSource, Pixels};

use super::pixels::decode;
use super::{Storage, unreadable};
use crate::bytes::Element;

/// Bytes of frames that are gathered in one pass over the file.
const GROUP: usize = 32 << 20;
/// Bytes that are read at a time.
const PIECE: usize = 4 << 20;

/// An array in Fortran order, of which the last two axes are those of a frame.
///
/// The values of one pixel in all frames lie together, so that frames are gathered in groups of up to 32 MiB: a pass over the file for
/// each. The last group is kept.
#[derive(Debug)]
pub(crate) struct FortranFrames {
    file: String,
    storage: Storage,
    first: u64,
    element: Element,
    big_endian: bool,
    /// Axes before those of the frame, and rows and columns of it.
    outer: Vec<usize>,
    frame: [usize; 2],
    kept: Mutex<Option<(usize, Arc<Vec<u8>>)>>,
}

impl FortranFrames {
    /// An array of three axes or more that begins at byte `first`; the product of the axes does not overflow.
    pub(crate) fn new(file: &str, storage: &Storage, first: u64, element: Element, big_endian: bool, shape: &[usize]) -> Self {
        let (outer, frame) = shape.split_at(shape.len().saturating_sub(2));
        Self {
            file: file.to_owned(),
            storage: storage.clone(),
            first,
            element,
            big_endian,
            outer: outer.to_vec(),
            frame: [frame.first().copied().unwrap_or(1), frame.last().copied().unwrap_or(1)],
            kept: Mutex::new(None),
        }
    }

    fn frame_len(&self) -> usize {
        self.frame[0] * self.frame[1]
    }

    fn n_frames(&self) -> usize {
        self.outer.iter().product()
    }

    /// All frames where the file holds the whole array, else none: every frame has pixels to the end of the file.
    pub(crate) fn n_complete(&self) -> u64 {
        let needed = (self.n_frames() as u64)
            .checked_mul(self.frame_len() as u64)
            .and_then(|count| count.checked_mul(self.element.size() as u64))
            .and_then(|bytes| bytes.checked_add(self.first));
        if needed.is_some_and(|needed| needed <= self.storage.length()) { self.n_frames() as u64 } else { 0 }
    }

    fn per_group(&self) -> usize {
        (GROUP / (self.frame_len() * self.element.size()).max(1)).clamp(1, self.n_frames().max(1))
    }

    /// Where a frame, counted with its last axis fastest, stands among the values of one pixel.
    fn place(&self, frame: usize) -> usize {
        let mut rest = frame;
        let mut places = vec![0; self.outer.len()];
        for (place, n) in places.iter_mut().zip(&self.outer).rev() {
            *place = rest % n;
            rest /= n;
        }
        let mut stride = 1;
        let mut at = 0;
        for (place, n) in places.iter().zip(&self.outer) {
            at += place * stride;
            stride *= n;
        }
        at
    }

    fn group(&self, group: usize) -> std::io::Result<Arc<Vec<u8>>> {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((found, bytes)) = &*kept
            && *found == group
        {
            return Ok(bytes.clone());
        }
        *kept = None;
        let (size, frame_len, n_frames) = (self.element.size(), self.frame_len(), self.n_frames());
        let frames = group * self.per_group()..((group + 1) * self.per_group()).min(n_frames);
        let places: Vec<usize> = frames.map(|frame| self.place(frame) * size).collect();
        let mut gathered = vec![0; places.len() * frame_len * size];
        let [rows, columns] = self.frame;
        let block = n_frames * size;
        let per_piece = (PIECE / block.max(1)).clamp(1, frame_len);
        let mut piece = vec![0; per_piece * block];
        // Blocks follow each other down the columns of the frame.
        for from in (0..frame_len).step_by(per_piece) {
            let count = per_piece.min(frame_len - from);
            let bytes = &mut piece[..count * block];
            self.storage.fill(bytes, self.first + (from * block) as u64)?;
            for (pixel, values) in (from..from + count).zip(bytes.chunks_exact(block)) {
                let to = ((pixel % rows) * columns + pixel / rows) * size;
                for (frame, at) in places.iter().enumerate() {
                    let to = frame * frame_len * size + to;
                    gathered[to..to + size].copy_from_slice(&values[*at..*at + size]);
                }
            }
        }
        let gathered = Arc::new(gathered);
        *kept = Some((group, gathered.clone()));
        Ok(gathered)
    }
}

impl FrameSource for FortranFrames {
    fn read(&self, frames: Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        let (per_group, frame_len) = (self.per_group(), self.frame_len());
        let frame_bytes = frame_len * self.element.size();
        for (index, frame) in frames.enumerate() {
            let group = self.group(frame / per_group).map_err(|error| unreadable(&self.file, frame, &error))?;
            let from = (frame % per_group) * frame_bytes;
            let place = index * frame_len..(index + 1) * frame_len;
            decode(self.element, self.big_endian, &group[from..from + frame_bytes], pixels, place)
                .map_err(|error| unreadable(&self.file, frame, &error))?;
        }
        Ok(())
    }
}
