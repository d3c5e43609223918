//! Chords: how long straight lines along the axes stay in the set, and in the rest of the object.

/// Lines along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Lines {
    /// Voxels of the object whose next voxel is in the object too; of these, those of the set.
    pairs: f64,
    of_set: f64,
    /// Such pairs with one end in the set and the other outside.
    borders: f64,
}

/// Mean chords along z, y and x, voxels: of the set and of the rest; infinite where lines never leave it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chords {
    /// Of the set.
    pub set: [f64; 3],
    /// Of the rest of the object.
    pub rest: [f64; 3],
}

impl Chords {
    /// Every chord has two ends. Where the object ends lines are cut, and an end is seen only between two of its voxels: the mean length is twice the length of
    /// all lines in the set over its borders, which has no bias from cut chords. Half of the length of a pair belongs to each of its voxels.
    pub fn new(shape: [usize; 3], set: &[bool], object: &[bool]) -> Self {
        let strides = [shape[1] * shape[2], shape[2], 1];
        let mut chords = Self { set: [f64::INFINITY; 3], rest: [f64::INFINITY; 3] };
        for axis in 0..3 {
            let lines = Lines::along(shape[axis], strides[axis], set, object);
            if lines.borders > 0.0 {
                chords.set[axis] = 2.0 * lines.of_set / lines.borders;
                chords.rest[axis] = 2.0 * (lines.pairs - lines.of_set) / lines.borders;
            }
        }
        chords
    }
}

impl Lines {
    fn along(length: usize, stride: usize, set: &[bool], object: &[bool]) -> Self {
        let mut lines = Self::default();
        for i in (0..set.len()).filter(|i| i / stride % length + 1 < length) {
            let next = i + stride;
            if object[i] && object[next] {
                lines.pairs += 1.0;
                lines.of_set += 0.5 * f64::from(u8::from(set[i]) + u8::from(set[next]));
                lines.borders += f64::from(u8::from(set[i] != set[next]));
            }
        }
        lines
    }
}

/// One length for all axes: borders along all of them count alike.
pub fn mean(along: [f64; 3]) -> f64 {
    3.0 / along.iter().map(|length| length.recip()).sum::<f64>()
}
