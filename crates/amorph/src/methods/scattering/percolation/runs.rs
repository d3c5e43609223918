//! Labels of clusters by runs of voxels: rows are cut into runs, runs that touch are united, slabs of the volume beside each other.

use rayon::prelude::*;

/// First voxel of a run in its row, and the first one behind it.
type Run = [u32; 2];

/// Runs of a set in the order of the volume, and which of them hang together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Runs {
    /// Rows along z and y.
    rows: [usize; 2],
    /// Place of the first run of every row (z, y), and the number of all.
    first: Vec<u32>,
    /// Runs, row by row.
    runs: Vec<Run>,
    /// An earlier run of the same cluster; the first run of a cluster is its own parent once all are found.
    parents: Vec<u32>,
}

/// A row of earlier runs that may touch, relative to a row: along z, along y, and by how many voxels runs may miss each other.
type Neighbour = (usize, isize, u32);

/// Rows before a row that hold neighbours, where touching voxels differ by one along at most `axes` axes.
fn neighbours(axes: usize) -> Vec<Neighbour> {
    let rows = [(0, -1), (1, -1), (1, 0), (1, 1)];
    let differs = |(z, y): (usize, isize)| z + usize::from(y != 0);
    rows.into_iter().filter(|row| differs(*row) <= axes).map(|row| (row.0, row.1, u32::from(differs(row) < axes))).collect()
}

/// The first run of its cluster, as far as is known; shortens the way there.
pub(super) fn root(parents: &mut [u32], mut run: u32) -> u32 {
    while parents[run as usize] != run {
        let above = parents[parents[run as usize] as usize];
        parents[run as usize] = above;
        run = above;
    }
    run
}

/// The earlier root becomes the parent of the later one: whatever the order, the root of a cluster is its first run.
fn unite(parents: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b) as usize] = a.min(b);
}

/// Sixty-four voxels as bits, or fewer at the end of a row.
fn word(voxels: &[bool]) -> u64 {
    let eight = |chunk: &[bool]| match chunk.first_chunk::<8>() {
        // Bytes of zero and one: the product gathers their lowest bits in its highest byte.
        Some(chunk) => u64::from_le_bytes(chunk.map(u8::from)).wrapping_mul(0x0102_0408_1020_4080) >> 56,
        None => chunk.iter().enumerate().fold(0, |bits, (k, inside)| bits | u64::from(*inside) << k),
    };
    voxels.chunks(8).enumerate().fold(0, |bits, (k, chunk)| bits | eight(chunk) << (8 * k))
}

/// Appends the runs of a row.
fn cut(row: &[bool], runs: &mut Vec<Run>) {
    let (mut before, mut start) = (0, 0);
    for (k, voxels) in row.chunks(64).enumerate() {
        let bits = word(voxels);
        // Where a voxel differs from the one before it.
        let mut changes = bits ^ (bits << 1 | before);
        before = bits >> 63;
        while changes != 0 {
            let bit = changes.trailing_zeros();
            let at = 64 * k as u32 + bit;
            if bits >> bit & 1 == 1 {
                start = at
            } else {
                runs.push([start, at])
            }
            changes &= changes - 1;
        }
    }
    // The last word of a row that it fills may end inside a run.
    if before == 1 {
        runs.push([start, row.len() as u32]);
    }
}

impl Runs {
    /// Runs of `set`, x fastest, united where they touch.
    pub(super) fn new(shape: [usize; 3], set: &[bool], axes: usize) -> Self {
        let slab = shape[0].div_ceil(rayon::current_num_threads());
        let parts: Vec<Self> =
            set.par_chunks((slab * shape[1] * shape[2]).max(1)).map(|set| Self::of_slab(shape, set, axes)).collect();
        let mut all = Self { rows: [0, shape[1]], first: vec![0], runs: Vec::new(), parents: Vec::new() };
        let n = parts.iter().map(|part| part.runs.len()).sum();
        all.runs.reserve(n);
        all.parents.reserve(n);
        for part in parts {
            let (before, border) = (all.runs.len() as u32, all.rows[0]);
            all.first.extend(part.first[1..].iter().map(|first| first + before));
            all.runs.extend(part.runs);
            all.parents.extend(part.parents.into_iter().map(|parent| parent + before));
            all.rows[0] += part.rows[0];
            all.unite_layer(border, axes, true);
        }
        all
    }

    fn of_slab(shape: [usize; 3], set: &[bool], axes: usize) -> Self {
        let (mut runs, mut first) = (Vec::new(), vec![0]);
        for row in set.chunks(shape[2]) {
            cut(row, &mut runs);
            first.push(runs.len() as u32);
        }
        let parents = (0..runs.len() as u32).collect();
        let mut slab = Self { rows: [set.len() / (shape[1] * shape[2]), shape[1]], first, runs, parents };
        for z in 0..slab.rows[0] {
            slab.unite_layer(z, axes, false);
        }
        slab
    }

    /// Unites the runs of a layer with earlier ones; of the layer before it alone where `border`.
    fn unite_layer(&mut self, z: usize, axes: usize, border: bool) {
        let rows = self.rows[1] as isize;
        for (back, step, slack) in neighbours(axes) {
            if back > z || border && back == 0 {
                continue;
            }
            for y in (-step).max(0)..rows.min(rows - step) {
                let here = z * self.rows[1] + y as usize;
                self.unite_rows(here, (here as isize + step) as usize - back * self.rows[1], slack);
            }
        }
    }

    fn unite_rows(&mut self, here: usize, there: usize, slack: u32) {
        let (mut a, mut b) = (self.first[here], self.first[there]);
        let (end_a, end_b) = (self.first[here + 1], self.first[there + 1]);
        while a < end_a && b < end_b {
            let (own, other) = (self.runs[a as usize], self.runs[b as usize]);
            if own[0] < other[1] + slack && other[0] < own[1] + slack {
                unite(&mut self.parents, a, b);
            }
            if own[1] < other[1] { a += 1 } else { b += 1 }
        }
    }

    /// Number of runs.
    pub(super) fn len(&self) -> usize {
        self.runs.len()
    }

    /// Replaces every parent by the number of the cluster, counted from one in the order of their first voxels; how many there are.
    pub(super) fn number(&mut self) -> usize {
        let mut n = 0;
        for run in 0..self.parents.len() {
            let parent = self.parents[run] as usize;
            // An earlier run has its number already.
            self.parents[run] = if parent == run {
                n += 1;
                n
            } else {
                self.parents[parent]
            };
        }
        n as usize
    }

    /// Calls with row (z, y), run and what stands for its cluster, in the order of the volume.
    pub(super) fn each(&self, mut call: impl FnMut([usize; 2], Run, u32)) {
        for (row, ends) in self.first.windows(2).enumerate() {
            for run in ends[0] as usize..ends[1] as usize {
                call([row / self.rows[1], row % self.rows[1]], self.runs[run], self.parents[run]);
            }
        }
    }

    /// The number of the cluster of every voxel, x fastest; 0 outside the set.
    pub(super) fn labels(&self, columns: usize) -> Vec<u32> {
        let mut labels = vec![0; self.rows[0] * self.rows[1] * columns];
        let plane = self.rows[1] * columns;
        labels.par_chunks_mut(plane.max(1)).enumerate().for_each(|(z, layer)| {
            for (y, row) in layer.chunks_mut(columns).enumerate() {
                let at = z * self.rows[1] + y;
                for run in self.first[at] as usize..self.first[at + 1] as usize {
                    row[self.runs[run][0] as usize..self.runs[run][1] as usize].fill(self.parents[run]);
                }
            }
        });
        labels
    }

    /// Whether a cluster holds voxels of the first and of the last of these layers along z, y, x; before clusters are numbered.
    pub(super) fn reach(&mut self, ends: super::algorithm::Ends) -> [bool; 3] {
        let mut parents = std::mem::take(&mut self.parents);
        for run in 0..parents.len() {
            parents[run] = parents[parents[run] as usize];
        }
        self.parents = parents;
        std::array::from_fn(|axis| {
            let touches = |[z, y]: [usize; 2], run: Run, layer: usize| match axis {
                0 => z == layer,
                1 => y == layer,
                _ => (run[0] as usize..run[1] as usize).contains(&layer),
            };
            let mut first = vec![false; self.len()];
            self.each(|row, run, root| first[root as usize] |= touches(row, run, ends[axis].0));
            let mut met = false;
            self.each(|row, run, root| met |= touches(row, run, ends[axis].1) && first[root as usize]);
            met
        })
    }
}
