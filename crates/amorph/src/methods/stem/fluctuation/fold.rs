//! Sums of all frames of a scan, by block of the scan, a few frames at a time.

use serde::{Deserialize, Serialize};

use super::algorithm::{Shells, Sums};
use crate::core::data::Pixels;
use crate::core::stream::{Fold, Tile};

/// What is summed and into which block each frame goes.
#[derive(Debug)]
pub struct AddFrames<'a> {
    /// The used pixels.
    pub shells: &'a Shells,
    /// Pixels of a frame.
    pub frame_len: usize,
    /// Scan positions (rows, columns).
    pub scan: [usize; 2],
    /// Blocks (rows, columns).
    pub blocks: [usize; 2],
    /// Counts without a beam.
    pub dark: f64,
}

/// What some frames give.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Partial {
    /// Sums of every block that has a frame, in the order in which they appear.
    pub blocks: Vec<(usize, Sums)>,
    /// Frames in which all used pixels are equal.
    pub constant: usize,
    /// Pixels that are no numbers.
    pub invalid: usize,
    /// The first frame with one.
    pub first_invalid: Option<usize>,
    /// Pixels below zero.
    pub negative: usize,
}

impl AddFrames<'_> {
    /// Block of a frame.
    pub fn block_of(&self, frame: usize) -> usize {
        let [rows, columns] = self.scan;
        let (y, x) = (frame / columns.max(1), frame % columns.max(1));
        (y * self.blocks[0] / rows.max(1)) * self.blocks[1] + x * self.blocks[1] / columns.max(1)
    }

    fn collect<P: Copy + Into<f64>>(&self, tile: &Tile<'_>, values: &[P]) -> Partial {
        let mut partial = Partial::default();
        let mut seen = vec![0.0; self.shells.pixels.len()];
        for (index, frame) in values.chunks_exact(self.frame_len.max(1)).enumerate() {
            let number = tile.first_frame + index;
            for (value, pixel) in seen.iter_mut().zip(&self.shells.pixels) {
                *value = frame[*pixel as usize].into() - self.dark;
            }
            let invalid = self.mend(&mut seen);
            if invalid > 0 {
                partial.invalid += invalid;
                partial.first_invalid.get_or_insert(number);
            }
            if seen.iter().all(|value| *value == seen[0]) {
                partial.constant += 1;
                continue;
            }
            partial.negative += seen.iter().filter(|value| **value < 0.0).count();
            let block = self.block_of(number);
            let at = partial.blocks.iter().position(|(known, _)| *known == block).unwrap_or_else(|| {
                partial.blocks.push((block, Sums::new(self.shells)));
                partial.blocks.len() - 1
            });
            partial.blocks[at].1.add(self.shells, &seen);
        }
        partial
    }

    /// A pixel that is no number is unknown, not zero: it counts as the mean of the others of its shell.
    fn mend(&self, values: &mut [f64]) -> usize {
        let invalid = values.iter().filter(|value| !value.is_finite()).count();
        if invalid == 0 {
            return 0;
        }
        let mut means = vec![(0.0, 0.0); self.shells.counts.len()];
        for (value, shell) in values.iter().zip(&self.shells.shell_of).filter(|(value, _)| value.is_finite()) {
            let mean = &mut means[usize::from(*shell)];
            *mean = (mean.0 + value, mean.1 + 1.0);
        }
        for (value, shell) in values.iter_mut().zip(&self.shells.shell_of) {
            if !value.is_finite() {
                let (sum, n) = means[usize::from(*shell)];
                *value = if n > 0.0 { sum / n } else { 0.0 };
            }
        }
        invalid
    }
}

impl Fold for AddFrames<'_> {
    type Partial = Partial;

    fn empty(&self) -> Partial {
        Partial::default()
    }

    fn tile(&self, tile: &Tile<'_>) -> Partial {
        match tile.pixels {
            Pixels::U8(values) => self.collect(tile, values),
            Pixels::U16(values) => self.collect(tile, values),
            Pixels::U32(values) => self.collect(tile, values),
            Pixels::I16(values) => self.collect(tile, values),
            Pixels::I32(values) => self.collect(tile, values),
            Pixels::F32(values) => self.collect(tile, values),
            Pixels::F64(values) => self.collect(tile, values),
        }
    }

    fn merge(&self, mut left: Partial, right: Partial) -> Partial {
        for (block, sums) in right.blocks {
            match left.blocks.iter_mut().find(|(known, _)| *known == block) {
                Some((_, known)) => known.merge(&sums),
                None => left.blocks.push((block, sums)),
            }
        }
        left.constant += right.constant;
        left.invalid += right.invalid;
        left.first_invalid = left.first_invalid.or(right.first_invalid);
        left.negative += right.negative;
        left
    }
}
