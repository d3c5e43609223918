//! Calculations over data that do not fit into memory: tile, merge, finish.
//!
//! A method says what it takes from a few frames ([`Fold::tile`]) and how two such results become one ([`Fold::merge`]).
//! [`fold_scan`] runs that over a scan of any size: on all threads, within a memory limit, stoppable, and as one of
//! several shards on other machines. What a merged result means is the method's business (its "finish").
//!
//! The answer is the same for any number of threads and any memory limit, to the last bit: tiles are cut by the size of a
//! frame alone and merged in scan order. With shards it is the same if `merge` is associative to the last bit, as integer
//! sums, extremes and concatenations are; a running sum of floating-point numbers is not, so keep such sums per frame.
//!
//! ```
//! use amorph_core::ctx::Ctx;
//! use amorph_core::data::{Pixels, Scan4d};
//! use amorph_core::stream::{Fold, Shard, Tile, fold_scan};
//!
//! struct BrightestPixel;
//!
//! impl Fold for BrightestPixel {
//!     type Partial = u8;
//!     fn empty(&self) -> u8 {
//!         0
//!     }
//!     fn tile(&self, tile: &Tile<'_>) -> u8 {
//!         match tile.pixels {
//!             Pixels::U8(values) => values.iter().copied().max().unwrap_or(0),
//!             _ => 0,
//!         }
//!     }
//!     fn merge(&self, left: u8, right: u8) -> u8 {
//!         left.max(right)
//!     }
//! }
//!
//! let scan = Scan4d::of_pixels([2, 2, 1, 2], Pixels::U8(vec![3, 1, 4, 1, 5, 9, 2, 6]));
//! let brightest = fold_scan(&scan, &BrightestPixel, Shard::WHOLE, &Ctx::new(0))?;
//! assert_eq!(brightest, 9);
//! # Ok::<(), amorph_core::stream::StreamError>(())
//! ```

mod driver;
mod shard;
#[cfg(test)]
mod tests;

pub use driver::{MemoryLimit, StreamError, fold_scan, merge_shards, tile_frames};
pub use shard::{Shard, ShardError};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::data::Pixels;

/// What is taken from a stream of frames.
pub trait Fold: Sync {
    /// What is known after some frames. Serialisable, so that shards can be merged elsewhere.
    type Partial: Send + Serialize + DeserializeOwned;

    /// What is known before any frame.
    fn empty(&self) -> Self::Partial;

    /// What a tile tells.
    fn tile(&self, tile: &Tile<'_>) -> Self::Partial;

    /// What two neighbouring stretches tell together; the frames of `left` come before those of `right`. Associative.
    fn merge(&self, left: Self::Partial, right: Self::Partial) -> Self::Partial;
}

/// Consecutive frames of a scan.
#[derive(Debug, Clone, Copy)]
pub struct Tile<'a> {
    /// Index of the first frame in the scan.
    pub first_frame: usize,
    /// How many frames.
    pub n_frames: usize,
    /// Their pixels: `n_frames` times the pixels of a frame, row by row.
    pub pixels: &'a Pixels,
}
