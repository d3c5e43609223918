//! Sets of voxels: how many lie in boxes, on every grid and around every voxel.

use rayon::prelude::*;

/// Voxels as bits: rows of words, one row per (z, y).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoxelSet {
    shape: [usize; 3],
    /// Words of a row.
    words: usize,
    bits: Vec<u64>,
}

impl VoxelSet {
    /// From one value per voxel, x fastest.
    pub fn new(shape: [usize; 3], inside: impl Fn(usize) -> bool) -> Self {
        let words = shape[2].div_ceil(64);
        let mut bits = vec![0; shape[0] * shape[1] * words];
        for row in 0..shape[0] * shape[1] {
            for x in 0..shape[2] {
                if inside(row * shape[2] + x) {
                    bits[row * words + x / 64] |= 1 << (x % 64);
                }
            }
        }
        Self { shape, words, bits }
    }

    /// Voxels along z, y, x.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// Number of voxels in the set.
    pub fn count(&self) -> usize {
        self.bits.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether a voxel is in the set.
    pub fn get(&self, [z, y, x]: [usize; 3]) -> bool {
        self.bits[(z * self.shape[1] + y) * self.words + x / 64] >> (x % 64) & 1 == 1
    }

    /// Where a box of this edge with its first corner at a voxel holds any of the set; boxes reach beyond the end.
    fn windows(&self, edge: usize) -> Self {
        let mut found = self.clone();
        let [depth, rows, _] = self.shape;
        // Unions of shifts, doubled each time: along x, then y, then z.
        doubled(edge, |by| {
            for row in 0..depth * rows {
                shift_in(&mut found.bits[row * self.words..(row + 1) * self.words], by);
            }
        });
        doubled(edge, |by| found.unite_rows(by, self.words, |row| row % rows + by < rows));
        doubled(edge, |by| found.unite_rows(by, self.words * rows, |row| row / rows + by < depth));
        found
    }

    /// Unites every row for which `fits` with the one `by` strides of words after it.
    fn unite_rows(&mut self, by: usize, stride: usize, fits: impl Fn(usize) -> bool) {
        for row in (0..self.shape[0] * self.shape[1]).filter(|row| fits(*row)) {
            for word in row * self.words..(row + 1) * self.words {
                self.bits[word] |= self.bits[word + by * stride];
            }
        }
    }

    /// Occupied boxes of the grid with its first corner at each of the `edge³` voxels, as `[z][y][x]`; only whole boxes.
    pub fn occupied(&self, edge: usize) -> Vec<u32> {
        let windows = self.windows(edge);
        let mut counts = vec![0u32; edge * edge * edge];
        let patterns: Vec<Vec<u64>> = (0..edge).map(|first| self.first_voxels(first, edge)).collect();
        for z in 0..(self.shape[0] + 1).saturating_sub(edge) {
            for y in 0..(self.shape[1] + 1).saturating_sub(edge) {
                let row = &windows.bits[(z * self.shape[1] + y) * self.words..][..self.words];
                if row.iter().all(|word| *word == 0) {
                    continue;
                }
                let place = ((z % edge) * edge + y % edge) * edge;
                for (count, pattern) in counts[place..place + edge].iter_mut().zip(&patterns) {
                    *count += row.iter().zip(pattern).map(|(word, pattern)| (word & pattern).count_ones()).sum::<u32>();
                }
            }
        }
        counts
    }

    /// Bits of the first voxels of whole boxes in a row.
    fn first_voxels(&self, first: usize, edge: usize) -> Vec<u64> {
        let mut pattern = vec![0; self.words];
        (first..(self.shape[2] + 1).saturating_sub(edge)).step_by(edge).for_each(|x| pattern[x / 64] |= 1 << (x % 64));
        pattern
    }

    /// As [`Self::cover`], of boxes of `edge` voxels along two axes and twice as many along `axis` (z, y, x); every grid of whole boxes
    /// that begins at a multiple of a quarter of the edges.
    pub fn cover_elongated(counts: &Counts, edge: usize, axis: usize) -> f64 {
        const STARTS: usize = 4;
        let shape = counts.shape();
        let edges: [usize; 3] = std::array::from_fn(|k| if k == axis { 2 * edge } else { edge });
        let volume: f64 = shape.iter().map(|n| *n as f64).product();
        let grid = |index: usize| {
            let start = [index / (STARTS * STARTS), index / STARTS % STARTS, index % STARTS];
            let first: [usize; 3] = std::array::from_fn(|k| start[k] * edges[k] / STARTS);
            let boxes: [usize; 3] = std::array::from_fn(|k| shape[k].saturating_sub(first[k]) / edges[k]);
            let all: usize = boxes.iter().product();
            let occupied = |index: &usize| {
                let at = [index / (boxes[1] * boxes[2]), index / boxes[2] % boxes[1], index % boxes[2]];
                let lo: [usize; 3] = std::array::from_fn(|k| first[k] + at[k] * edges[k]);
                counts.between(lo, std::array::from_fn(|k| lo[k] + edges[k])) > 0
            };
            let filled = (all * edges.iter().product::<usize>()) as f64;
            if all > 0 { (0..all).filter(occupied).count() as f64 * volume / filled } else { f64::INFINITY }
        };
        (0..STARTS.pow(3)).into_par_iter().map(grid).reduce(|| f64::INFINITY, f64::min)
    }

    /// Occupied boxes of the grid that covers the set with fewest, had the volume a whole number of boxes: over all grids, each in
    /// proportion to the part of the volume that its whole boxes fill.
    pub fn cover(&self, edge: usize) -> f64 {
        let volume: f64 = self.shape.iter().map(|n| *n as f64).product();
        let whole = |length: usize, first: usize| (length.saturating_sub(first) / edge) as f64;
        let counts = self.occupied(edge);
        let of = |(place, count): (usize, &u32)| {
            let first = [place / (edge * edge), place / edge % edge, place % edge];
            let boxes: f64 = (0..3).map(|axis| whole(self.shape[axis], first[axis])).product();
            if boxes > 0.0 { f64::from(*count) * volume / (boxes * (edge as f64).powi(3)) } else { f64::INFINITY }
        };
        counts.iter().enumerate().map(of).fold(f64::INFINITY, f64::min)
    }
}

/// Calls with the shifts that make a union of two voxels one of `edge` voxels.
fn doubled(edge: usize, mut unite: impl FnMut(usize)) {
    let mut covered = 1;
    while covered < edge {
        let by = covered.min(edge - covered);
        unite(by);
        covered += by;
    }
}

/// Unites a row with itself, shifted towards its beginning by some voxels.
fn shift_in(row: &mut [u64], by: usize) {
    let (words, bits) = (by / 64, by % 64);
    for k in 0..row.len() {
        let low = row.get(k + words).copied().unwrap_or(0);
        let high = row.get(k + words + 1).copied().unwrap_or(0);
        row[k] |= if bits == 0 { low } else { low >> bits | high << (64 - bits) };
    }
}

/// Numbers of voxels of a set in the corner below every voxel, from which that of any box follows.
#[derive(Debug, Clone)]
pub struct Counts {
    shape: [usize; 3],
    sums: Vec<u32>,
}

impl Counts {
    /// Of the voxels for which `inside`, x fastest.
    pub fn new(shape: [usize; 3], inside: impl Fn(usize) -> bool) -> Self {
        let [depth, rows, columns] = shape;
        let (line, plane) = (columns + 1, (rows + 1) * (columns + 1));
        let mut sums = vec![0u32; (depth + 1) * plane];
        for z in 0..depth {
            for y in 0..rows {
                let mut in_row = 0;
                for x in 0..columns {
                    in_row += u32::from(inside((z * rows + y) * columns + x));
                    let at = (z + 1) * plane + (y + 1) * line + x + 1;
                    sums[at] = in_row + sums[at - line] + sums[at - plane] - sums[at - plane - line];
                }
            }
        }
        Self { shape, sums }
    }

    /// Voxels along z, y, x.
    pub fn shape(&self) -> [usize; 3] {
        self.shape
    }

    /// Voxels of the set at most `reach` from a voxel along every axis.
    pub fn around(&self, at: [usize; 3], reach: usize) -> u32 {
        let lo = at.map(|at| at.saturating_sub(reach));
        self.between(lo, std::array::from_fn(|axis| (at[axis] + reach + 1).min(self.shape[axis])))
    }

    /// Voxels of the set from `lo` up to, but not with, `hi` along every axis.
    pub fn between(&self, lo: [usize; 3], hi: [usize; 3]) -> u32 {
        let (line, plane) = (self.shape[2] + 1, (self.shape[1] + 1) * (self.shape[2] + 1));
        let sum = |z: usize, y: usize, x: usize| self.sums[z * plane + y * line + x];
        let face = |z: usize| {
            // Never below zero, in an order that shows it.
            (sum(z, hi[1], hi[2]) + sum(z, lo[1], lo[2])) - (sum(z, lo[1], hi[2]) + sum(z, hi[1], lo[2]))
        };
        face(hi[0]) - face(lo[0])
    }
}

/// For every block of centres and every reach, the voxels of the set and of the whole object around the set's voxels.
#[derive(Debug, Clone, PartialEq)]
pub struct Sandbox {
    /// Farthest voxel along an axis: cubes of `2 reach + 1`.
    pub reach: Vec<usize>,
    /// By block, by reach: voxels of the set, voxels of the object.
    pub blocks: Vec<Vec<[f64; 2]>>,
}

impl Sandbox {
    /// Cubes around every voxel of `set` that lies in the object; centres in `per_side³` blocks.
    pub fn new(
        shape: [usize; 3],
        set: &(impl Fn(usize) -> bool + Sync),
        object: &(impl Fn(usize) -> bool + Sync),
        reach: &[usize],
        per_side: usize,
    ) -> Self {
        let (in_set, in_object) = (Counts::new(shape, set), Counts::new(shape, object));
        let [depth, rows, columns] = shape;
        let block = |at: [usize; 3]| {
            let of = |axis: usize| (at[axis] * per_side / shape[axis]).min(per_side - 1);
            (of(0) * per_side + of(1)) * per_side + of(2)
        };
        let empty = || vec![vec![[0.0; 2]; reach.len()]; per_side.pow(3)];
        let slice = |z: usize| {
            let mut sums = empty();
            for y in 0..rows {
                for x in (0..columns).filter(|x| set((z * rows + y) * columns + x)) {
                    let at = [z, y, x];
                    for (sum, reach) in sums[block(at)].iter_mut().zip(reach) {
                        sum[0] += f64::from(in_set.around(at, *reach));
                        sum[1] += f64::from(in_object.around(at, *reach));
                    }
                }
            }
            sums
        };
        // Sums of whole numbers: the order does not matter.
        let add = |mut a: Vec<Vec<[f64; 2]>>, b: Vec<Vec<[f64; 2]>>| {
            a.iter_mut().flatten().zip(b.into_iter().flatten()).for_each(|(a, b)| {
                a[0] += b[0];
                a[1] += b[1];
            });
            a
        };
        let blocks = (0..depth).into_par_iter().map(slice).reduce(empty, add);
        let blocks = blocks.into_iter().filter(|block| block.iter().any(|sum| sum[1] > 0.0)).collect();
        Self { reach: reach.to_vec(), blocks }
    }

    /// Edges of the cubes, voxels.
    pub fn edges(&self) -> Vec<f64> {
        self.reach.iter().map(|reach| (2 * reach + 1) as f64).collect()
    }

    /// Mean number of voxels in a whole cube around a voxel of the set, from the density in the part of the cube that lies in the
    /// object; every block as often as `times` says.
    pub fn mass(&self, times: impl Fn(usize) -> f64) -> Vec<f64> {
        let of = |(index, edge): (usize, f64)| {
            let (set, object) = self.blocks.iter().enumerate().fold((0.0, 0.0), |(set, object), (block, sums)| {
                let [in_set, in_object] = sums[index];
                (set + times(block) * in_set, object + times(block) * in_object)
            });
            edge.powi(3) * set / object
        };
        self.edges().into_iter().enumerate().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(i: usize) -> bool {
        (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 60) < 5
    }

    #[test]
    fn boxes_and_cubes_are_counted_as_by_hand() {
        let shape = [7, 9, 70];
        let set = VoxelSet::new(shape, hashed);
        let counts = Counts::new(shape, hashed);
        let at = |z: usize, y: usize, x: usize| hashed((z * 9 + y) * 70 + x);
        for edge in [1, 2, 3, 5] {
            let found = set.occupied(edge);
            for (place, found) in found.iter().enumerate() {
                let first = [place / (edge * edge), place / edge % edge, place % edge];
                let corners = |axis: usize| (first[axis]..=shape[axis] - edge).step_by(edge);
                let mut expected = 0;
                for z in corners(0) {
                    for y in corners(1) {
                        for x in corners(2) {
                            let any = (0..edge.pow(3)).any(|i| at(z + i / (edge * edge), y + i / edge % edge, x + i % edge));
                            expected += u32::from(any);
                        }
                    }
                }
                assert_eq!(*found, expected, "edge {edge}, grid {first:?}");
            }
        }
        for (place, reach) in [([0usize, 0, 0], 2), ([6, 8, 69], 3), ([3, 4, 35], 1), ([3, 4, 35], 40)] {
            let near = |axis: usize| place[axis].saturating_sub(reach)..(place[axis] + reach + 1).min(shape[axis]);
            let mut expected = 0;
            for z in near(0) {
                for y in near(1) {
                    expected += near(2).filter(|x| at(z, y, *x)).count();
                }
            }
            assert_eq!(counts.around(place, reach) as usize, expected);
        }
        assert_eq!(set.count(), (0..7 * 9 * 70).filter(|i| hashed(*i)).count());
        assert!(set.get([0, 0, 0]) == hashed(0) && set.cover(1) == set.count() as f64);
    }

    /// Bars along x are covered with fewest boxes that are long along x.
    #[test]
    fn elongated_boxes_tell_the_axis() {
        let shape = [16, 16, 32];
        let counts = Counts::new(shape, |i| i / 32 % 16 % 4 == 0 && i / 512 % 4 == 0);
        let found = [0, 1, 2].map(|axis| VoxelSet::cover_elongated(&counts, 2, axis));
        // Sixteen bars of 32 voxels in boxes of 4 along x, or of 2: half as many, or fewer on grids that leave bars at a side out.
        assert!(found[2] <= 128.0 && found[0] > 1.5 * found[2] && found[0] == found[1], "{found:?}");
        let even = Counts::new(shape, |_| true);
        for axis in 0..3 {
            let found = VoxelSet::cover_elongated(&even, 2, axis);
            assert!((found - 512.0).abs() < 1e-9, "{found}");
        }
    }

    /// The whole object has the mass of a cube at every size, edges or not.
    #[test]
    fn edges_do_not_bend_the_mass() {
        let sandbox = Sandbox::new([12, 14, 10], &|_| true, &|_| true, &[0, 1, 2, 4], 2);
        assert_eq!(sandbox.mass(|_| 1.0), [1.0, 27.0, 125.0, 729.0]);
        assert_eq!(sandbox.blocks.len(), 8);
    }
}
