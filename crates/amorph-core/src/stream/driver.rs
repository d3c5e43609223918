use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{Fold, Shard, Tile};
use crate::ctx::{Cancelled, Ctx};
use crate::data::{DataError, Pixels, Scan4d};

/// Bytes of a tile: a few frames that stay in the cache between reading and summing.
const TILE_BYTES: usize = 512 << 10;

/// Tiles that a thread works through between two merges.
const TILES_PER_TURN: usize = 32;

/// Why a stream gives no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum StreamError {
    /// Part of the data cannot be read.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The user stopped it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// Not even one tile fits into the memory allowed.
    #[error(transparent)]
    Memory(#[from] MemoryLimit),
}

/// A memory limit below the size of one tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{n_frames} frame(s) at a time need {needed} bytes, but only {limit} bytes of memory are allowed")]
pub struct MemoryLimit {
    /// Frames of a tile.
    pub n_frames: usize,
    /// Bytes of a tile.
    pub needed: usize,
    /// Bytes allowed.
    pub limit: usize,
}

/// Frames of one tile of this scan; it depends on the size of a frame alone.
pub fn tile_frames(scan: &Scan4d) -> usize {
    (TILE_BYTES / scan.frame_bytes().max(1)).max(1)
}

/// Folds the present frames of one shard of a scan, with at most [`Ctx::memory_limit`] bytes of pixels in memory at a time.
///
/// # Errors
/// [`StreamError`].
pub fn fold_scan<F: Fold>(scan: &Scan4d, fold: &F, shard: Shard, ctx: &Ctx) -> Result<F::Partial, StreamError> {
    let n_frames = tile_frames(scan);
    let needed = n_frames * scan.frame_bytes();
    if needed > ctx.memory_limit {
        return Err(MemoryLimit { n_frames, needed, limit: ctx.memory_limit }.into());
    }
    let n_buffers = rayon::current_num_threads().min(ctx.memory_limit / needed.max(1)).max(1);
    let mut buffers = vec![Pixels::empty(scan.pixel); n_buffers];
    let tiles = shard.range(scan.n_present.div_ceil(n_frames));
    let (first, total) = (tiles.start, tiles.len() as u64);
    let done = AtomicU64::new(0);
    let one = |tile: usize, buffer: &mut Pixels| -> Result<F::Partial, StreamError> {
        ctx.check_cancelled()?;
        let frames = tile * n_frames..((tile + 1) * n_frames).min(scan.n_present);
        scan.read(frames.clone(), buffer)?;
        let partial = fold.tile(&Tile { first_frame: frames.start, n_frames: frames.len(), pixels: buffer });
        ctx.report(done.fetch_add(1, Ordering::Relaxed) + 1, total);
        Ok(partial)
    };
    let mut merged = fold.empty();
    for turn in (first..tiles.end).step_by(TILES_PER_TURN * n_buffers) {
        let turn = turn..(turn + TILES_PER_TURN * n_buffers).min(tiles.end);
        let per_buffer = turn.len().div_ceil(n_buffers);
        let work = |(lane, buffer): (usize, &mut Pixels)| -> Result<Vec<F::Partial>, StreamError> {
            let start = turn.start + lane * per_buffer;
            (start..(start + per_buffer).min(turn.end)).map(|tile| one(tile, buffer)).collect()
        };
        let partials: Vec<Vec<F::Partial>> = buffers.par_iter_mut().enumerate().map(work).collect::<Result<_, _>>()?;
        merged = partials.into_iter().flatten().fold(merged, |left, right| fold.merge(left, right));
    }
    Ok(merged)
}

/// One result from those of all shards, in the order of the shards.
pub fn merge_shards<F: Fold>(fold: &F, partials: impl IntoIterator<Item = F::Partial>) -> F::Partial {
    partials.into_iter().fold(fold.empty(), |left, right| fold.merge(left, right))
}
