//! What an even body of the same size looks like, taken off the object.

use super::algorithm::depth;

/// Mean grey value by depth below the surface, one voxel each, over the mean of the whole object; depths without a voxel lie between their neighbours.
#[derive(Debug, Clone, PartialEq)]
pub struct Phantom {
    relative: Vec<f64>,
}

impl Phantom {
    /// Of an object that has a surface and grey values of a positive mean; `None` otherwise.
    pub fn new(shape: [usize; 3], values: &[f32], object: &[bool]) -> Option<Self> {
        let depths = depth(shape, object);
        let mut sums: Vec<[f64; 2]> = Vec::new();
        for ((value, depth), _) in values.iter().zip(&depths).zip(object).filter(|(_, inside)| **inside) {
            if depth.is_infinite() {
                return None;
            }
            let shell = *depth as usize;
            if sums.len() <= shell {
                sums.resize(shell + 1, [0.0; 2]);
            }
            sums[shell][0] += f64::from(*value);
            sums[shell][1] += 1.0;
        }
        let (total, n) = sums.iter().fold((0.0, 0.0), |(total, n), sum| (total + sum[0], n + sum[1]));
        let mean = total / n;
        let known: Vec<(usize, f64)> =
            (0..sums.len()).filter(|k| sums[*k][1] > 0.0).map(|k| (k, sums[k][0] / sums[k][1] / mean)).collect();
        (mean > 0.0 && !known.is_empty())
            .then(|| Self { relative: (0..sums.len()).map(|k| between(&known, k as f64)).collect() })
    }

    /// Takes the departure of the phantom from its mean off an object, in proportion to the mean of the object; beyond the deepest voxel of the phantom its last
    /// value counts. The mean of the object stays nearly what it was.
    pub fn take_off(&self, shape: [usize; 3], values: &mut [f32], object: &[bool]) {
        let depths = depth(shape, object);
        let n = object.iter().filter(|inside| **inside).count() as f64;
        let mean =
            values.iter().zip(object).filter(|(_, inside)| **inside).map(|(value, _)| f64::from(*value)).sum::<f64>() / n;
        for ((value, depth), _) in values.iter_mut().zip(&depths).zip(object).filter(|(_, inside)| **inside) {
            let shell = (*depth as usize).min(self.relative.len() - 1);
            *value -= (mean * (self.relative[shell] - 1.0)) as f32;
        }
    }
}

/// On straight lines between known places, constant beyond them.
fn between(known: &[(usize, f64)], at: f64) -> f64 {
    let after = known.partition_point(|(place, _)| (*place as f64) < at).min(known.len() - 1);
    let before = after.saturating_sub(1);
    let ((a, from), (b, to)) = (known[before], known[after]);
    if before == after || at <= a as f64 { from } else { from + (to - from) * ((at - a as f64) / (b - a) as f64).min(1.0) }
}
