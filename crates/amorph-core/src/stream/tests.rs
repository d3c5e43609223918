#![allow(clippy::unwrap_used)]
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use super::*;
use crate::ctx::{Cancelled, Ctx};
use crate::data::{PixelType, Scan4d};

/// Order-sensitive on purpose: the concatenated sum of every frame, and the frames in the order they were merged.
struct FrameSums {
    frame_len: usize,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Sums {
    frames: Vec<usize>,
    sums: Vec<u64>,
}

impl Fold for FrameSums {
    type Partial = Sums;

    fn empty(&self) -> Sums {
        Sums::default()
    }

    fn tile(&self, tile: &Tile<'_>) -> Sums {
        let Pixels::U16(values) = tile.pixels else { panic!("the scan is u16") };
        let sums = values.chunks_exact(self.frame_len).map(|frame| frame.iter().map(|v| u64::from(*v)).sum()).collect();
        Sums { frames: (tile.first_frame..tile.first_frame + tile.n_frames).collect(), sums }
    }

    fn merge(&self, mut left: Sums, right: Sums) -> Sums {
        left.frames.extend(right.frames);
        left.sums.extend(right.sums);
        left
    }
}

/// 16 frames to a tile.
const DETECTOR: usize = 128;

fn scan(n_scan: [usize; 2], n_present: usize) -> (Scan4d, Sums) {
    let frame_len = DETECTOR * DETECTOR;
    let values: Vec<u16> = (0..n_present * frame_len).map(|i| ((i * 2_654_435_761) >> 7) as u16).collect();
    let sums = values.chunks_exact(frame_len).map(|frame| frame.iter().map(|v| u64::from(*v)).sum()).collect();
    let expected = Sums { frames: (0..n_present).collect(), sums };
    (Scan4d::of_pixels([n_scan[0], n_scan[1], DETECTOR, DETECTOR], Pixels::U16(values)), expected)
}

fn with_threads<T: Send>(n: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(work)
}

#[test]
fn threads_memory_and_missing_frames_do_not_change_the_answer() {
    let fold = FrameSums { frame_len: DETECTOR * DETECTOR };
    for n_present in [0, 1, 15, 16, 17, 90] {
        let (scan, expected) = scan([9, 10], n_present);
        for threads in [1, 2, 5] {
            for limit in [512 << 10, 3 << 19, 1 << 30] {
                let run = || fold_scan(&scan, &fold, Shard::WHOLE, &Ctx::new(0).with_memory_limit(limit)).unwrap();
                assert_eq!(with_threads(threads, run), expected, "{n_present} frames, {threads} threads, {limit} bytes");
            }
        }
    }
}

#[test]
fn more_tiles_than_one_turn_are_merged_in_order() {
    let frame_len = 4;
    let n = 80 * 65_536; // frames of 8 bytes: 65536 to a tile; one buffer works through 32 tiles in a turn
    let scan = Scan4d::of_pixels([40, n / 40, 2, 2], Pixels::U16((0..n * frame_len).map(|i| i as u16).collect()));
    let run = || fold_scan(&scan, &FrameSums { frame_len }, Shard::WHOLE, &Ctx::new(0).with_memory_limit(512 << 10)).unwrap();
    let sums = with_threads(3, run);
    assert!(scan.n_present.div_ceil(tile_frames(&scan)) > 32);
    assert!(sums.frames.iter().copied().eq(0..n));
}

#[test]
fn progress_reaches_the_total_and_a_stop_is_obeyed() {
    let (scan, _) = scan([9, 10], 90);
    let fold = FrameSums { frame_len: DETECTOR * DETECTOR };
    let highest = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&highest);
    let ctx = Ctx::new(0).with_progress(move |progress| {
        assert_eq!(progress.total, 6);
        seen.fetch_max(progress.done, Ordering::Relaxed);
    });
    fold_scan(&scan, &fold, Shard::WHOLE, &ctx).unwrap();
    assert_eq!(highest.load(Ordering::Relaxed), 6);

    let cancel = Arc::new(AtomicBool::new(false));
    let trigger = Arc::clone(&cancel);
    let ctx = Ctx::new(0).with_cancel(cancel).with_progress(move |_| trigger.store(true, Ordering::Relaxed));
    let stopped = fold_scan(&scan, &fold, Shard::WHOLE, &ctx.with_memory_limit(512 << 10));
    assert_eq!(stopped, Err(StreamError::Cancelled(Cancelled)));
}

#[test]
fn a_limit_below_one_tile_is_refused_with_the_numbers() {
    let (scan, _) = scan([2, 2], 4);
    let refused = fold_scan(&scan, &FrameSums { frame_len: 1 }, Shard::WHOLE, &Ctx::new(0).with_memory_limit(1000));
    assert_eq!(refused, Err(MemoryLimit { n_frames: 16, needed: 512 << 10, limit: 1000 }.into()));
    assert_eq!(scan.pixel, PixelType::U16);
}

#[test]
fn shards_are_read_as_written() {
    assert_eq!("2/8".parse(), Shard::new(2, 8));
    assert_eq!(Shard::new(2, 8).unwrap().to_string(), "2/8");
    for wrong in ["0/3", "4/3", "3", "a/b", "1/0", ""] {
        assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn merged_shards_equal_the_whole(n_present in 0usize..100, of in 1usize..7) {
        let (scan, expected) = scan([10, 10], n_present);
        let fold = FrameSums { frame_len: DETECTOR * DETECTOR };
        let partial = |index: usize| {
            let shard = Shard::new(index, of).unwrap();
            let partial = fold_scan(&scan, &fold, shard, &Ctx::new(0)).unwrap();
            serde_json::from_str(&serde_json::to_string(&partial).unwrap()).unwrap()
        };
        prop_assert_eq!(merge_shards(&fold, (1..=of).map(partial)), expected);
    }

    #[test]
    fn shards_cover_everything_once(n in 0usize..1000, of in 1usize..50) {
        let ranges: Vec<_> = (1..=of).map(|index| Shard::new(index, of).unwrap().range(n)).collect();
        prop_assert!(ranges.iter().cloned().flatten().eq(0..n));
        let sizes = ranges.iter().map(|range| range.len());
        prop_assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1);
    }
}
