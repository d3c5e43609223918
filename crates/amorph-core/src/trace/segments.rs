use std::collections::BTreeSet;

use crate::data::{Segment, SegmentKind, SegmentOrigin};
use crate::stats::median_in_place;

/// A load that changes by less than this share of its greatest rate is held.
pub const HOLD_RATE: f64 = 0.05;
/// A hold is longer than so many samples.
pub const HOLD_SAMPLES: usize = 10;

/// The fewest samples from which a robust slope is taken.
const BLOCK_MIN: usize = 8;
/// Fewer blocks cannot show where the load turns.
const BLOCKS_MIN: usize = 24;
/// Noise of a slope, as a share of the rate that tells a hold from loading.
const NOISE_SHARE: f64 = 0.3;
/// Slopes of less than so many standard errors are none.
const SIGNIFICANT: f64 = 3.0;

/// Finds stretches of loading, holding and unloading in a load over time.
///
/// The load is cut into blocks, as short as noise allows; the slope of a block is the median slope between its halves
/// (Theil 1950), which a burst of fewer than a quarter of its samples does not move. A block is held where the
/// slope is below 5 % of the greatest that lasts, or within its noise;
/// neighbours of one kind are joined, and the boundary between two kinds is put where two straight lines fit best.
/// Missing samples are passed over.
pub fn detect(time: &[f64], load: &[f64]) -> Vec<Segment> {
    let rows: Vec<usize> =
        (0..time.len().min(load.len())).filter(|&row| time[row].is_finite() && load[row].is_finite()).collect();
    if rows.len() < 2 * BLOCK_MIN {
        return Vec::new();
    }
    let t: Vec<f64> = rows.iter().map(|&row| time[row]).collect();
    let p: Vec<f64> = rows.iter().map(|&row| load[row]).collect();
    let (block, error) = block_length(&t, &p);
    let slopes = slopes(&t, &p, block);
    let limit = (HOLD_RATE * greatest(&slopes)).max(SIGNIFICANT * error);
    let kinds: Vec<SegmentKind> = slopes.iter().map(|slope| kind(*slope, limit)).collect();
    let mut runs = runs(&kinds, block, t.len());
    drop_short(&mut runs, HOLD_SAMPLES.max(block));
    refine(&t, &p, block, &mut runs);
    let last = runs.len().saturating_sub(1);
    let row = |index: usize| rows.get(index).copied().unwrap_or(time.len());
    let segment = |(index, run): (usize, &Run)| Segment {
        kind: run.kind,
        first: if index == 0 { 0 } else { row(run.first) },
        end: if index == last { time.len().min(load.len()) } else { row(run.end) },
        origin: SegmentOrigin::Detected,
        demand: None,
    };
    runs.iter().enumerate().map(segment).collect()
}

#[derive(Debug, Clone, Copy)]
struct Run {
    kind: SegmentKind,
    first: usize,
    end: usize,
}

impl Run {
    fn length(&self) -> usize {
        self.end - self.first
    }
}

/// The greatest rate that lasts for two blocks: a burst of the load is shorter.
fn greatest(slopes: &[f64]) -> f64 {
    let lasting = slopes.windows(2).filter(|pair| pair[0] * pair[1] > 0.0).map(|pair| pair[0].abs().min(pair[1].abs()));
    let lasting = lasting.fold(0.0f64, f64::max);
    if lasting > 0.0 { lasting } else { slopes.iter().fold(0.0f64, |greatest, slope| greatest.max(slope.abs())) }
}

fn kind(slope: f64, limit: f64) -> SegmentKind {
    if slope.abs() < limit || slope == 0.0 {
        SegmentKind::Hold
    } else if slope > 0.0 {
        SegmentKind::Load
    } else {
        SegmentKind::Unload
    }
}

/// The shortest block whose slope is known well enough to tell a hold, and the standard error of its slope.
fn block_length(t: &[f64], p: &[f64]) -> (usize, f64) {
    // Of second differences the variance is six times that of the noise; a smooth load adds nothing.
    let mut curvature: Vec<f64> = p.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).collect();
    // Where the steps of the digitiser are coarser than the noise most differences are zero; their own noise is left.
    let digitiser = super::quantisation(p).unwrap_or(0.0) / 12.0f64.sqrt();
    let noise = (1.4826 * median_in_place(&mut curvature) / 6.0f64.sqrt()).max(digitiser);
    let step = (t[t.len() - 1] - t[0]).abs() / t.len() as f64;
    let error = |block: usize| {
        let half = block as f64 / 2.0;
        1.25 * noise * 2.0f64.sqrt() / (half * step) / half.sqrt()
    };
    let mut block = BLOCK_MIN;
    while t.len() / (2 * block) >= BLOCKS_MIN && error(block) >= NOISE_SHARE * HOLD_RATE * greatest(&slopes(t, p, block)) {
        block *= 2;
    }
    (block, error(block))
}

/// Robust slope of every block; the last block takes the rest.
fn slopes(t: &[f64], p: &[f64], block: usize) -> Vec<f64> {
    let count = (t.len() / block).max(1);
    let mut pairs = Vec::with_capacity(block);
    (0..count)
        .map(|index| {
            let first = index * block;
            let end = if index + 1 == count { t.len() } else { first + block };
            let half = (end - first) / 2;
            pairs.clear();
            let slope = |i: usize| (p[i + half] - p[i]) / (t[i + half] - t[i]);
            pairs.extend((first..end - half).map(slope).filter(|slope| slope.is_finite()));
            let median = median_in_place(&mut pairs);
            if median.is_finite() { median } else { 0.0 }
        })
        .collect()
}

/// Neighbouring blocks of one kind.
fn runs(kinds: &[SegmentKind], block: usize, n: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (index, &kind) in kinds.iter().enumerate() {
        let end = if index + 1 == kinds.len() { n } else { (index + 1) * block };
        match runs.last_mut() {
            Some(last) if last.kind == kind => last.end = end,
            _ => runs.push(Run { kind, first: index * block, end }),
        }
    }
    runs
}

/// Gives runs of no more than `shortest` samples to their neighbours, the shortest first. O(n log n).
fn drop_short(runs: &mut Vec<Run>, shortest: usize) {
    let mut row = Row::of(runs);
    while let Some(&(length, index)) = row.by_length.first() {
        if length > shortest || row.by_length.len() == 1 {
            break;
        }
        row.remove(index);
    }
    *runs = row.runs.into_iter().flatten().collect();
}

/// Runs in a row from which single ones are taken, each with the places of its neighbours.
struct Row {
    runs: Vec<Option<Run>>,
    before: Vec<Option<usize>>,
    after: Vec<Option<usize>>,
    /// Lengths and places.
    by_length: BTreeSet<(usize, usize)>,
}

impl Row {
    fn of(runs: &[Run]) -> Self {
        let n = runs.len();
        Self {
            runs: runs.iter().copied().map(Some).collect(),
            before: (0..n).map(|place| place.checked_sub(1)).collect(),
            after: (0..n).map(|place| Some(place + 1).filter(|after| *after < n)).collect(),
            by_length: runs.iter().enumerate().map(|(place, run)| (run.length(), place)).collect(),
        }
    }

    /// Its rows go to both neighbours; where these are of one kind they become one.
    fn remove(&mut self, place: usize) {
        let Some(run) = self.take(place) else { return };
        let (before, after) = (self.before[place], self.after[place]);
        let middle = match (before, after) {
            (None, _) => run.first,
            (_, None) => run.end,
            _ => run.first + run.length() / 2,
        };
        let left = before.and_then(|place| self.take(place)).map(|left| Run { end: middle, ..left });
        let right = after.and_then(|place| self.take(place)).map(|right| Run { first: middle, ..right });
        match (left, right, before, after) {
            (Some(left), Some(right), Some(b), Some(a)) if left.kind == right.kind => {
                self.put(b, Run { end: right.end, ..left });
                self.link(Some(b), self.after[a]);
            }
            _ => {
                for (place, run) in before.zip(left).into_iter().chain(after.zip(right)) {
                    self.put(place, run);
                }
                self.link(before, after);
            }
        }
    }

    fn take(&mut self, place: usize) -> Option<Run> {
        let run = self.runs[place].take()?;
        self.by_length.remove(&(run.length(), place));
        Some(run)
    }

    fn put(&mut self, place: usize, run: Run) {
        self.by_length.insert((run.length(), place));
        self.runs[place] = Some(run);
    }

    fn link(&mut self, before: Option<usize>, after: Option<usize>) {
        if let Some(before) = before {
            self.after[before] = after;
        }
        if let Some(after) = after {
            self.before[after] = before;
        }
    }
}

/// Puts every boundary where two straight lines through the neighbourhood leave the least squares.
fn refine(t: &[f64], p: &[f64], block: usize, runs: &mut [Run]) {
    for index in 1..runs.len() {
        let boundary = runs[index].first;
        let low = boundary.saturating_sub(2 * block).max(runs[index - 1].first);
        let high = (boundary + 2 * block).min(runs[index].end);
        if let Some(best) = two_lines(&t[low..high], &p[low..high]) {
            runs[index - 1].end = low + best;
            runs[index].first = low + best;
        }
    }
}

/// Where two lines take turns with the least squares; each has three samples or more.
fn two_lines(t: &[f64], p: &[f64]) -> Option<usize> {
    let (t0, p0) = (*t.first()?, *p.first()?);
    let span = (t[t.len() - 1] - t0).abs();
    let height = p.iter().fold(0.0f64, |height, value| height.max((value - p0).abs()));
    if t.len() < 6 || span == 0.0 || height == 0.0 {
        return None;
    }
    let scaled = |i: usize| ((t[i] - t0) / span, (p[i] - p0) / height);
    let forward = residuals((0..t.len()).map(scaled));
    let mut backward = residuals((0..t.len()).rev().map(scaled));
    backward.reverse();
    (3..t.len() - 2).min_by(|&a, &b| (forward[a - 1] + backward[a]).total_cmp(&(forward[b - 1] + backward[b])))
}

/// Sum of squares that the best line through the first `i + 1` points leaves.
fn residuals(points: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    let (mut n, mut mx, mut my, mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    points
        .map(|(x, y)| {
            n += 1.0;
            let (dx, dy) = (x - mx, y - my);
            mx += dx / n;
            my += dy / n;
            sxx += dx * (x - mx);
            sxy += dx * (y - my);
            syy += dy * (y - my);
            if sxx > 0.0 { f64::max(syy - sxy * sxy / sxx, 0.0) } else { syy }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt as _, SeedableRng as _};

    /// Load to 1 in 5 s, hold 3 s, unload in 2 s; 100 Hz.
    fn trapezoid(noise: f64, seed: u64) -> (Vec<f64>, Vec<f64>) {
        let mut random = rand_pcg::Pcg64::seed_from_u64(seed);
        let time: Vec<f64> = (0..1000).map(|i| 0.01 * f64::from(i)).collect();
        let demand = |t: f64| if t < 5.0 { t / 5.0 } else { (1.0 - (t - 8.0).max(0.0) / 2.0).min(1.0) };
        let load = time.iter().map(|&t| demand(t) + noise * random.sample::<f64, _>(rand_distr::StandardNormal)).collect();
        (time, load)
    }

    fn kinds(segments: &[Segment]) -> Vec<&'static str> {
        segments.iter().map(|segment| segment.kind.word()).collect()
    }

    #[test]
    fn load_hold_unload_are_found_at_their_places() {
        for (noise, tolerance) in [(0.0, 2), (1e-4, 3), (1e-3, 8), (1e-2, 25)] {
            for seed in 0..20 {
                let (time, load) = trapezoid(noise, seed);
                let segments = detect(&time, &load);
                assert_eq!(kinds(&segments), ["load", "hold", "unload"], "noise {noise}, seed {seed}: {segments:?}");
                assert!(segments[0].end.abs_diff(500) <= tolerance, "noise {noise}: {segments:?}");
                assert!(segments[1].end.abs_diff(800) <= tolerance, "noise {noise}: {segments:?}");
                assert_eq!((segments[0].first, segments[2].end), (0, 1000));
                assert!(segments.windows(2).all(|pair| pair[0].end == pair[1].first));
            }
        }
    }

    #[test]
    fn a_load_that_moves_by_single_steps_of_its_digitiser_is_one_segment() {
        let (time, load) = trapezoid(0.0, 1);
        let fine = |i: usize| (i / 400, (i % 400) as f64 / 400.0);
        let between = |values: &[f64], i: usize| {
            let (k, share) = fine(i);
            values[k] + share * (values[(k + 1).min(999)] - values[k])
        };
        let n = 400 * 999;
        let long: Vec<f64> = (0..n).map(|i| between(&time, i)).collect();
        // Sixteen samples and more to a step, as a balance with few digits writes them.
        let coarse: Vec<f64> = (0..n).map(|i| (between(&load, i) * 4e3).round() / 4e3).collect();
        let segments = detect(&long, &coarse);
        assert_eq!(kinds(&segments), ["load", "hold", "unload"], "{segments:?}");
        assert!(segments[0].end.abs_diff(200_000) < 2000, "{segments:?}");
    }

    #[test]
    fn short_runs_go_to_their_neighbours_the_shortest_first() {
        let run = |kind, first, end| Run { kind, first, end };
        use SegmentKind::{Hold, Load, Unload};
        let mut runs =
            vec![run(Load, 0, 100), run(Hold, 100, 103), run(Load, 103, 107), run(Unload, 107, 300), run(Hold, 300, 302)];
        drop_short(&mut runs, 10);
        let told: Vec<_> = runs.iter().map(|run| (run.kind, run.first, run.end)).collect();
        assert_eq!(told, [(Load, 0, 107), (Unload, 107, 302)]);
        let mut alternating: Vec<Run> =
            (0..200_000).map(|k| run(if k % 2 == 0 { Load } else { Hold }, 8 * k, 8 * k + 8)).collect();
        drop_short(&mut alternating, 16);
        assert_eq!(alternating.iter().map(Run::length).sum::<usize>(), 1_600_000);
    }

    #[test]
    fn bursts_and_missing_samples_do_not_cut_a_segment() {
        let (time, mut load) = trapezoid(1e-4, 5);
        for burst in [100, 230, 370] {
            load[burst..burst + 3].iter_mut().for_each(|value| *value -= 0.3);
        }
        load[640..650].fill(f64::NAN);
        let segments = detect(&time, &load);
        assert_eq!(kinds(&segments), ["load", "hold", "unload"], "{segments:?}");
    }

    #[test]
    fn units_and_shifts_do_not_matter() {
        let (time, load) = trapezoid(1e-3, 7);
        let scaled: Vec<f64> = load.iter().map(|value| 3e-6 * value + 1e-3).collect();
        let later: Vec<f64> = time.iter().map(|t| t + 1000.0).collect();
        assert_eq!(detect(&time, &load), detect(&later, &scaled));
    }

    #[test]
    fn short_or_empty_traces_have_no_segments() {
        assert_eq!(detect(&[], &[]), []);
        assert_eq!(detect(&[0.0, 1.0], &[0.0, 1.0]), []);
        assert_eq!(detect(&[f64::NAN; 100], &[1.0; 100]), []);
        assert_eq!(kinds(&detect(&(0..100).map(f64::from).collect::<Vec<_>>(), &[1.0; 100])), ["hold"]);
    }
}
