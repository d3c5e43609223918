//! Clusters of voxels: which belong together, how large they are, whether they span, and the share at which a field first spans.

use rayon::prelude::*;

use super::periodic::joined;
use super::runs::Runs;

/// Steps of the search for the share at which a field spans: to one part in 1024 of the object.
const STEPS: u32 = 10;

/// Voxels that hang together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Cluster {
    /// Number of voxels.
    pub size: f64,
    /// Sums of their places along z, y, x.
    pub sums: [f64; 3],
    /// Sum of their squared distances from the origin.
    pub squares: f64,
    /// Sides of the object that it touches: bits 2a and 2a + 1 are the first and last layer along axis a.
    pub touches: u8,
    /// Axes along which it meets its own image in a periodic volume, one bit each.
    pub wraps: u8,
}

impl Cluster {
    /// Squared radius of gyration, voxels².
    pub fn gyration(&self) -> f64 {
        let centre: f64 = self.sums.iter().map(|sum| (sum / self.size).powi(2)).sum();
        (self.squares / self.size - centre).max(0.0)
    }

    /// Adds the voxels of a run along x. Sums of whole numbers: the order does not matter.
    fn add(&mut self, [z, y]: [usize; 2], [start, end]: [u32; 2], ends: Ends) {
        let (z_at, y_at, lo, hi) = (z as f64, y as f64, f64::from(start), f64::from(end));
        let n = hi - lo;
        // Σ k² below m.
        let squares = |m: f64| m * (m - 1.0) * (2.0 * m - 1.0) / 6.0;
        self.size += n;
        self.sums[0] += n * z_at;
        self.sums[1] += n * y_at;
        self.sums[2] += 0.5 * n * (lo + hi - 1.0);
        self.squares += n * (z_at * z_at + y_at * y_at) + squares(hi) - squares(lo);
        let within = |layer: usize| (start as usize..end as usize).contains(&layer);
        let met = [z == ends[0].0, z == ends[0].1, y == ends[1].0, y == ends[1].1, within(ends[2].0), within(ends[2].1)];
        self.touches |= met.into_iter().enumerate().fold(0, |bits, (bit, met)| bits | u8::from(met) << bit);
    }
}

/// How voxels make clusters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Along how many axes two touching voxels may differ by one: 1 shares a face (6 neighbours), 2 an edge (18), 3 a corner (26).
    pub axes: usize,
    /// Whether the volume continues at its other side.
    pub periodic: bool,
}

/// All clusters of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// Cluster of every voxel, x fastest: 0 outside the set, else its place in `all` and one.
    pub labels: Vec<u32>,
    /// The clusters, by their first voxel.
    pub all: Vec<Cluster>,
    periodic: bool,
}

/// First and last layer of the object along z, y, x.
pub type Ends = [(usize, usize); 3];

/// Offsets to the neighbours that come earlier in the volume.
pub(super) fn earlier(axes: usize) -> Vec<[isize; 3]> {
    let step = |i: usize| [i / 9, i / 3 % 3, i % 3].map(|k| k as isize - 1);
    (0..13).map(step).filter(|step| step.iter().filter(|k| **k != 0).count() <= axes).collect()
}

impl Clusters {
    /// Clusters of `set`, x fastest, in an object with these first and last layers.
    pub fn new(shape: [usize; 3], set: &[bool], ends: Ends, rules: Rules) -> Self {
        let mut runs = Runs::new(shape, set, rules.axes);
        let mut all = vec![Cluster::default(); runs.number()];
        runs.each(|row, run, cluster| all[cluster as usize - 1].add(row, run, ends));
        let labels = runs.labels(shape[2]);
        let clusters = Self { labels, all, periodic: rules.periodic };
        if rules.periodic { joined(shape, clusters, rules.axes) } else { clusters }
    }

    pub(super) fn periodic(labels: Vec<u32>, all: Vec<Cluster>) -> Self {
        Self { labels, all, periodic: true }
    }

    fn cluster_spans(&self, cluster: &Cluster, axis: usize) -> bool {
        if self.periodic { cluster.wraps >> axis & 1 == 1 } else { cluster.touches >> (2 * axis) & 3 == 3 }
    }

    /// Whether any cluster reaches from end to end along z, y, x; in a periodic volume, whether one meets its own image.
    pub fn spans(&self) -> [bool; 3] {
        std::array::from_fn(|axis| self.all.iter().any(|cluster| self.cluster_spans(cluster, axis)))
    }

    /// Clusters that span along no axis.
    pub fn finite(&self) -> impl Iterator<Item = &Cluster> {
        self.all.iter().filter(|cluster| (0..3).all(|axis| !self.cluster_spans(cluster, axis)))
    }

    /// Share of the set in its largest cluster.
    pub fn largest_share(&self) -> f64 {
        let largest = self.all.iter().map(|cluster| cluster.size).fold(0.0, f64::max);
        largest / self.all.iter().map(|cluster| cluster.size).sum::<f64>()
    }

    /// Mean size of the finite cluster that a voxel belongs to; NaN where there is none.
    pub fn mean_size(&self) -> f64 {
        let sum = |power: i32| self.finite().map(|cluster| cluster.size.powi(power)).sum::<f64>();
        sum(2) / sum(1)
    }

    /// `ξ² = 2 Σ R² s² / Σ s²` over finite clusters, in voxels (Stauffer and Aharony 1994); NaN where there is none.
    pub fn correlation_length(&self) -> f64 {
        let weights = || self.finite().map(|cluster| cluster.size.powi(2));
        let moments: f64 = self.finite().zip(weights()).map(|(cluster, weight)| cluster.gyration() * weight).sum();
        (2.0 * moments / weights().sum::<f64>()).sqrt()
    }

    /// Number of clusters of at least each size.
    pub fn at_least(&self, sizes: &[f64]) -> Vec<f64> {
        let mut all: Vec<f64> = self.all.iter().map(|cluster| cluster.size).collect();
        all.sort_unstable_by(f64::total_cmp);
        sizes.iter().map(|size| (all.len() - all.partition_point(|s| s < size)) as f64).collect()
    }
}

/// As [`Clusters::spans`], without the clusters.
pub(super) fn spans(shape: [usize; 3], set: &[bool], ends: Ends, rules: Rules) -> [bool; 3] {
    if rules.periodic {
        return Clusters::new(shape, set, ends, rules).spans();
    }
    Runs::new(shape, set, rules.axes).reach(ends)
}

/// First and last layer of an object along z, y, x.
pub fn ends(shape: [usize; 3], object: &[bool]) -> Ends {
    let mut ends = shape.map(|n| (n, 0));
    for (i, _) in object.iter().enumerate().filter(|(_, object)| **object) {
        let at = [i / (shape[1] * shape[2]), i / shape[2] % shape[1], i % shape[2]];
        for (end, at) in ends.iter_mut().zip(at) {
            *end = (end.0.min(at), end.1.max(at));
        }
    }
    ends
}

/// A field on an object, and the order in which its voxels enter the set.
pub struct Ordered<'a> {
    /// Voxels along z, y, x.
    pub shape: [usize; 3],
    /// Values, larger ones first; x fastest.
    pub values: &'a [f32],
    /// Whether a voxel belongs to the object.
    pub object: &'a [bool],
    /// First and last layer of the object.
    pub ends: Ends,
    /// Values of the object, largest first.
    descending: Vec<f32>,
}

impl<'a> Ordered<'a> {
    /// Sorts the values of the object.
    pub fn new(shape: [usize; 3], values: &'a [f32], object: &'a [bool], ends: Ends) -> Self {
        let mut descending: Vec<f32> =
            values.iter().zip(object).filter(|(_, object)| **object).map(|(value, _)| *value).collect();
        descending.par_sort_unstable_by(|a, b| b.total_cmp(a));
        Self { shape, values, object, ends, descending }
    }

    /// The first `n` voxels, and those that equal the last of them.
    pub fn first(&self, n: usize) -> Vec<bool> {
        let Some(level) = n.checked_sub(1).and_then(|last| self.descending.get(last)) else {
            return vec![false; self.values.len()];
        };
        self.values.iter().zip(self.object).map(|(value, object)| *object && value >= level).collect()
    }

    /// Share of the object from which on clusters span along all axes; `None` where even the whole object does not.
    pub fn threshold(&self, rules: Rules) -> Option<f64> {
        let spans = |n: usize| spans(self.shape, &self.first(n), self.ends, rules) == [true; 3];
        let all = self.descending.len();
        if !spans(all) {
            return None;
        }
        let (mut below, mut above) = (0, all);
        for _ in 0..STEPS {
            let middle = usize::midpoint(below, above);
            if middle == below {
                break;
            }
            if spans(middle) { above = middle } else { below = middle }
        }
        // Equal values enter together.
        let level = self.descending[above - 1];
        Some(self.descending.partition_point(|value| *value >= level) as f64 / all as f64)
    }
}

/// Euler number of a set: bodies less tunnels plus cavities. Voxels that share a corner touch (26 neighbours), or only those that share
/// a face (6).
pub fn euler_number(shape: [usize; 3], set: &[bool], corners_touch: bool) -> f64 {
    let [depth, rows, columns] = shape;
    // By which of the eight voxels around a corner of the grid are in the set: cells that begin there, with their signs.
    let contribution = |code: usize| {
        let of = |axes: usize| {
            let block = (0..8).filter(|place| place & !axes == 0).fold(0, |bits, place| bits | 1 << place);
            let (present, odd) = match corners_touch {
                true => (code & block != 0, 3 - axes.count_ones()),
                false => (code & block == block, axes.count_ones()),
            };
            i64::from(present) * if odd % 2 == 1 { -1 } else { 1 }
        };
        (0..8).map(of).sum::<i64>()
    };
    let table: Vec<i64> = (0..256).map(contribution).collect();
    let inside = |z: usize, y: usize, x: usize| {
        // Places are one too large, so that the layer before the first is 0.
        let within = (1..=depth).contains(&z) && (1..=rows).contains(&y) && (1..=columns).contains(&x);
        within && set[((z - 1) * rows + y - 1) * columns + x - 1]
    };
    let layer = |z: usize| {
        let mut sum = 0;
        for y in 0..=rows {
            let column = |x: usize| {
                [(0, 0), (0, 1), (1, 0), (1, 1)]
                    .into_iter()
                    .fold(0usize, |bits, (dz, dy)| bits | usize::from(inside(z + dz, y + dy, x)) << (4 * dz + 2 * dy))
            };
            let mut left = column(0);
            for x in 0..=columns {
                let right = column(x + 1);
                sum += table[left | right << 1];
                left = right;
            }
        }
        sum
    };
    (0..=depth).into_par_iter().map(layer).sum::<i64>() as f64
}

/// Two-sided p value of a number among those of equal standing, itself counted: exact where they are exchangeable. Ties count against it.
pub fn rank_p(own: f64, others: &[f64]) -> f64 {
    let others: Vec<f64> = others.iter().copied().filter(|other| other.is_finite()).collect();
    if !own.is_finite() || others.is_empty() {
        return f64::NAN;
    }
    let share = |n: usize| (n + 1) as f64 / (others.len() + 1) as f64;
    let above = share(others.iter().filter(|other| **other >= own).count());
    let below = share(others.iter().filter(|other| **other <= own).count());
    (2.0 * above.min(below)).min(1.0)
}
