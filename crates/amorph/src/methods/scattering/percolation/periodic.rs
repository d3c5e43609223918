//! Clusters that continue at the other side of the volume.

use super::algorithm::{Cluster, Clusters, earlier};

/// Where clusters lie relative to the one that they are joined to.
struct Joins {
    parents: Vec<u32>,
    /// Whole volumes by which a cluster is displaced from its parent.
    displaced: Vec<[i32; 3]>,
    wraps: Vec<u8>,
}

impl Joins {
    fn new(n: usize) -> Self {
        Self { parents: (0..n as u32).collect(), displaced: vec![[0; 3]; n], wraps: vec![0; n] }
    }

    /// The root of a cluster, and its displacement from it.
    fn root(&self, mut cluster: u32) -> (u32, [i32; 3]) {
        let mut total = [0; 3];
        while self.parents[cluster as usize] != cluster {
            let step = self.displaced[cluster as usize];
            total = std::array::from_fn(|axis| total[axis] + step[axis]);
            cluster = self.parents[cluster as usize];
        }
        (cluster, total)
    }

    /// The image of `b` that is displaced by `by` touches `a`.
    fn unite(&mut self, a: u32, b: u32, by: [i32; 3]) {
        let ((root_a, of_a), (root_b, of_b)) = (self.root(a), self.root(b));
        let between: [i32; 3] = std::array::from_fn(|axis| of_a[axis] + by[axis] - of_b[axis]);
        if root_a == root_b {
            for (axis, difference) in between.iter().enumerate() {
                self.wraps[root_a as usize] |= u8::from(*difference != 0) << axis;
            }
            return;
        }
        // The earlier one stays a root.
        let (keep, gone, shift) =
            if root_a < root_b { (root_a, root_b, between) } else { (root_b, root_a, between.map(|shift| -shift)) };
        self.parents[gone as usize] = keep;
        self.displaced[gone as usize] = shift;
        self.wraps[keep as usize] |= self.wraps[gone as usize];
    }
}

/// Joins clusters across the faces of the volume, each moved to the image in which it hangs together.
pub(super) fn joined(shape: [usize; 3], clusters: Clusters, axes: usize) -> Clusters {
    let mut joins = Joins::new(clusters.all.len());
    let [depth, rows, columns] = shape;
    let offsets = earlier(axes);
    for z in 0..depth {
        for y in 0..rows {
            let whole_row = z == 0 || z + 1 == depth || y == 0 || y + 1 == rows;
            let stride = if whole_row || columns == 1 { 1 } else { columns - 1 };
            for x in (0..columns).step_by(stride) {
                let own = clusters.labels[(z * rows + y) * columns + x];
                for step in offsets.iter().filter(|_| own != 0) {
                    let (at, by) = image([z, y, x], *step, shape);
                    let other = clusters.labels[(at[0] * rows + at[1]) * columns + at[2]];
                    if by != [0; 3] && other != 0 {
                        joins.unite(own - 1, other - 1, by);
                    }
                }
            }
        }
    }
    merged(shape, clusters, &joins)
}

/// Where a step leads in a periodic volume, and by how many volumes the image lies away.
fn image(at: [usize; 3], step: [isize; 3], shape: [usize; 3]) -> ([usize; 3], [i32; 3]) {
    let place = |axis: usize| at[axis] as isize + step[axis];
    let within = std::array::from_fn(|axis| place(axis).rem_euclid(shape[axis] as isize) as usize);
    (within, std::array::from_fn(|axis| place(axis).div_euclid(shape[axis] as isize) as i32))
}

fn merged(shape: [usize; 3], clusters: Clusters, joins: &Joins) -> Clusters {
    let mut numbers = vec![0u32; clusters.all.len()];
    let mut all: Vec<Cluster> = Vec::new();
    for (index, cluster) in clusters.all.iter().enumerate() {
        let (root, by) = joins.root(index as u32);
        if root as usize == index {
            all.push(Cluster { wraps: joins.wraps[index], ..Cluster::default() });
            numbers[index] = all.len() as u32;
        } else {
            numbers[index] = numbers[root as usize];
        }
        let shift: [f64; 3] = std::array::from_fn(|axis| f64::from(by[axis]) * shape[axis] as f64);
        let into = &mut all[numbers[index] as usize - 1];
        into.size += cluster.size;
        for (axis, shift) in shift.into_iter().enumerate() {
            into.sums[axis] += cluster.sums[axis] + cluster.size * shift;
            into.squares += 2.0 * shift * cluster.sums[axis] + cluster.size * shift * shift;
        }
        into.squares += cluster.squares;
        into.touches |= cluster.touches;
    }
    let Clusters { mut labels, .. } = clusters;
    labels.iter_mut().filter(|label| **label != 0).for_each(|label| *label = numbers[*label as usize - 1]);
    Clusters::periodic(labels, all)
}
