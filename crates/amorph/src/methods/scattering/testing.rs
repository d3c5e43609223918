//! Volumes for the tests of the methods that read them.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use crate::core::data::{AxisRole, Data, DataError, FrameSource, FrameStack, PixelType, Pixels, ScanAxis};
use crate::method::{Constants, Dataset};

#[derive(Debug)]
struct InMemory {
    frame: usize,
    values: Vec<f32>,
}

impl FrameSource for InMemory {
    fn read(&self, frames: std::ops::Range<usize>, pixels: &mut Pixels) -> Result<(), DataError> {
        *pixels = Pixels::F32(self.values[frames.start * self.frame..frames.end * self.frame].to_vec());
        Ok(())
    }
}

/// A volume with voxels of 30 nm, x fastest.
pub fn dataset(shape: [usize; 3], values: Vec<f32>) -> Dataset {
    let roles = [AxisRole::Depth, AxisRole::Other, AxisRole::Other];
    let axes = roles.into_iter().zip(shape).map(|(role, n)| ScanAxis::new(role, n)).collect();
    let source = Arc::new(InMemory { frame: shape[1] * shape[2], values });
    let stack = FrameStack::new("volume", axes, PixelType::F32, shape[0], source).unwrap();
    let constants = Constants::default().with_quantity("voxel_size", "30 nm").unwrap();
    Dataset { label: "volume".to_owned(), data: vec![Data::Stack(stack)], constants, ..Dataset::default() }
}
