//! What the rows of a long test are like: one pass over them, before anything is looked for.

use rayon::prelude::*;

use super::super::circuit::Signs;
use super::super::trace::{note_standstills, pieces, segments, without_standstills};
use super::algorithm::Piece;
use super::error::SpikesError;
use super::input::Long;
use super::rows::Rows;
use super::searched::{Envelope, mean_and_rate};
use crate::core::ctx::Ctx;
use crate::core::data::{DataError, Segment};
use crate::core::outcome::Note;
use crate::core::trace::{Stretch, sampling};
use crate::method::MethodError;

/// Rows that are looked at together; a power of two.
const BLOCK: usize = 1 << 20;
/// Means of load and time from which segments are found, at most.
const COARSE: usize = 1 << 20;
/// Steps of time that differ by less are the same.
const SAME_STEP: f64 = 0.02;
/// Blocks that are in memory at a time, at most.
const AT_ONCE: usize = 4;

/// What is known of a test before the search.
pub(super) struct Survey {
    pub segments: Vec<Segment>,
    pub pieces: Vec<Piece>,
    /// Sign of the current.
    pub sign: f64,
    /// Time of the first row, s.
    pub start: f64,
    pub load: Envelope,
    pub current: Envelope,
    /// Mean load of each segment and its rate, N and N/s; NaN without a load.
    pub loads: Vec<[f64; 2]>,
}

/// What a block of rows tells.
#[derive(Default)]
struct Block {
    stretches: Vec<Stretch>,
    backwards: usize,
    signs: Signs,
    standing: [usize; 2],
    time: Vec<f64>,
    mean_load: Vec<f64>,
    load: Envelope,
    current: Envelope,
}

/// Looks at all rows once.
///
/// # Errors
/// [`MethodError`] for rows that cannot be read, currents of both signs, uneven sampling, and when stopped.
pub(super) fn survey(test: &Long<'_>, ctx: &Ctx, notes: &mut Vec<Note>) -> Result<Survey, MethodError> {
    let n = test.rows.len();
    let coarse = n.div_ceil(COARSE).next_power_of_two();
    let firsts: Vec<usize> = (0..n).step_by(BLOCK).collect();
    let mut all = Block { load: Envelope::of(n), current: Envelope::of(n), ..Block::default() };
    for (turn, together) in firsts.chunks(at_once()).enumerate() {
        ctx.check_cancelled()?;
        let blocks: Result<Vec<Block>, DataError> =
            together.par_iter().map(|first| block(&test.rows, *first, coarse)).collect();
        blocks?.into_iter().for_each(|block| all.append(block));
        ctx.report((turn * at_once() * BLOCK) as u64, 2 * n as u64);
    }
    note_standstills(all.standing, "current", notes);
    let sign = test.circuit.direction(&test.name, &all.signs, notes).map_err(SpikesError::from)?;
    let mut segments = segments(test.rows.segments(), &all.time, &all.mean_load, coarse, notes);
    segments.iter_mut().for_each(|segment| segment.end = segment.end.min(n));
    let pieces = pieces(&segments, &all.stretches, all.backwards, notes);
    if pieces.is_empty() {
        let reason = format!("{n} samples of uneven sampling");
        return Err(SpikesError::TooShort { test: test.name.clone(), reason }.into());
    }
    let within = |segment: &Segment| segment.first / coarse..segment.end.div_ceil(coarse).min(all.mean_load.len());
    let of_segment = |segment: &Segment| mean_and_rate(all.time.get(within(segment)), all.mean_load.get(within(segment)));
    let loads = segments.iter().map(of_segment).collect();
    let start = all.time.first().copied().unwrap_or(0.0);
    Ok(Survey { segments, pieces, sign, start, load: all.load, current: all.current, loads })
}

/// Blocks that threads work on side by side.
pub(super) fn at_once() -> usize {
    rayon::current_num_threads().clamp(1, AT_ONCE)
}

fn block(rows: &Rows<'_>, first: usize, coarse: usize) -> Result<Block, DataError> {
    let n = rows.len();
    let end = (first + BLOCK).min(n);
    // One row more, so that no step of time is lost between blocks.
    let mut stretch = rows.read(first..(end + 1).min(n))?;
    let sampled = sampling(&stretch.time);
    let inside = end - first;
    let mut block = Block { backwards: sampled.backwards, load: Envelope::of(n), current: Envelope::of(n), ..Block::default() };
    block.stretches = sampled
        .stretches
        .into_iter()
        .map(|found| Stretch { first: found.first + first, end: found.end + first, ..found })
        .collect();
    stretch.current.truncate(inside);
    block.signs.add(&stretch.current);
    block.standing = without_standstills(&mut stretch.current);
    let time = &stretch.time[..inside];
    block.current.add(first, time, &stretch.current);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    block.time = time.chunks(coarse).map(mean).collect();
    if first == 0 {
        // The record begins with its first row, not with a mean.
        block.time.iter_mut().take(usize::from(coarse > 1)).for_each(|first| *first = time[0]);
    }
    if let Some(load) = stretch.load.get(..inside) {
        block.load.add(first, time, load);
        block.mean_load = load.chunks(coarse).map(mean).collect();
    }
    Ok(block)
}

impl Block {
    /// What comes after.
    fn append(&mut self, next: Self) {
        let mut stretches = next.stretches.into_iter();
        if let Some(first) = stretches.next() {
            match self.stretches.last_mut() {
                // A stretch that runs on: they share the row between them.
                Some(last) if last.end == first.first + 1 && (last.step - first.step).abs() <= SAME_STEP * last.step => {
                    let (before, after) = ((last.end - last.first) as f64, (first.end - first.first) as f64);
                    last.step = (before * last.step + after * first.step) / (before + after);
                    last.end = first.end;
                }
                _ => self.stretches.push(first),
            }
        }
        self.stretches.extend(stretches);
        self.backwards += next.backwards;
        self.signs.merge(&next.signs);
        self.standing = [0, 1].map(|kind| self.standing[kind] + next.standing[kind]);
        self.time.extend(next.time);
        self.mean_load.extend(next.mean_load);
        self.load.merge(&next.load);
        self.current.merge(&next.current);
    }
}
