//! Images of several virtual detectors, the centre of mass of every pattern, and mean and scatter of every detector pixel: one pass.

use serde::{Deserialize, Serialize};

use super::super::annular_sum::algorithm::{AnnularPartial, Annulus};
use crate::core::data::Pixels;
use crate::core::stream::{Fold, Tile};

/// What is taken from every frame.
#[derive(Debug, Clone)]
pub struct Detectors {
    /// Detector pixels (rows, columns).
    pub shape: [usize; 2],
    /// Pixels of every virtual detector.
    pub sets: Vec<Annulus>,
    /// Pixels over which the centre of mass is taken.
    pub mass: Vec<bool>,
}

/// What some frames gave.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Partial {
    /// Sums of every detector.
    pub images: Vec<AnnularPartial>,
    /// Centre of mass (y, x) of every frame, detector pixels; NaN where there are no counts.
    pub centres: Vec<[f64; 2]>,
    /// Sum over the frames of every pixel; exact up to 2^53 for integers.
    pub sum: Vec<f64>,
    /// Sum of squares.
    pub squares: Vec<f64>,
    /// Frames in which a pixel is a number.
    pub counted: Vec<u32>,
}

impl Partial {
    /// Mean over the frames of every pixel; NaN where it never is a number.
    pub fn mean(&self) -> Vec<f64> {
        self.sum.iter().zip(&self.counted).map(|(sum, n)| sum / f64::from(*n)).collect()
    }

    /// Standard deviation over the frames of every pixel.
    pub fn deviation(&self) -> Vec<f64> {
        let of = |((sum, square), n): ((&f64, &f64), &u32)| {
            let n = f64::from(*n);
            ((square - sum * sum / n).max(0.0) / (n - 1.0)).sqrt()
        };
        self.sum.iter().zip(&self.squares).zip(&self.counted).map(of).collect()
    }
}

impl Detectors {
    fn patterns<P: Copy + Into<f64>>(&self, values: &[P], partial: &mut Partial) {
        let columns = self.shape[1];
        for frame in values.chunks_exact(self.mass.len().max(1)) {
            let mut mass = [0.0; 3];
            for (pixel, value) in frame.iter().enumerate() {
                let value: f64 = (*value).into();
                if !value.is_finite() {
                    continue;
                }
                partial.sum[pixel] += value;
                partial.squares[pixel] += value * value;
                partial.counted[pixel] += 1;
                if self.mass[pixel] {
                    mass[0] += value;
                    mass[1] += value * (pixel / columns) as f64;
                    mass[2] += value * (pixel % columns) as f64;
                }
            }
            let [all, y, x] = mass;
            partial.centres.push(if all > 0.0 { [y / all, x / all] } else { [f64::NAN; 2] });
        }
    }
}

impl Fold for Detectors {
    type Partial = Partial;

    fn empty(&self) -> Partial {
        let n = self.mass.len();
        Partial {
            images: self.sets.iter().map(Fold::empty).collect(),
            centres: Vec::new(),
            sum: vec![0.0; n],
            squares: vec![0.0; n],
            counted: vec![0; n],
        }
    }

    fn tile(&self, tile: &Tile<'_>) -> Partial {
        let mut partial = Partial { images: self.sets.iter().map(|set| set.tile(tile)).collect(), ..self.empty() };
        match tile.pixels {
            Pixels::U8(values) => self.patterns(values, &mut partial),
            Pixels::U16(values) => self.patterns(values, &mut partial),
            Pixels::U32(values) => self.patterns(values, &mut partial),
            Pixels::I16(values) => self.patterns(values, &mut partial),
            Pixels::I32(values) => self.patterns(values, &mut partial),
            Pixels::F32(values) => self.patterns(values, &mut partial),
            Pixels::F64(values) => self.patterns(values, &mut partial),
        }
        partial
    }

    fn merge(&self, left: Partial, right: Partial) -> Partial {
        let images = self.sets.iter().zip(left.images).zip(right.images).map(|((set, a), b)| set.merge(a, b)).collect();
        let add = |mut a: Vec<f64>, b: Vec<f64>| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            a
        };
        let mut counted = left.counted;
        counted.iter_mut().zip(right.counted).for_each(|(a, b)| *a += b);
        let mut centres = left.centres;
        centres.extend(right.centres);
        Partial { images, centres, sum: add(left.sum, right.sum), squares: add(left.squares, right.squares), counted }
    }
}

/// Change of `values` from one side of the scan to the other along y and along x, from the plane of least squares; `None` where too few
/// are numbers.
pub fn tilt(values: &[f64], [rows, columns]: [usize; 2]) -> Option<[f64; 2]> {
    let at = |index: usize| [(index / columns) as f64, (index % columns) as f64];
    let used: Vec<([f64; 2], f64)> =
        values.iter().enumerate().filter(|(_, v)| v.is_finite()).map(|(index, v)| (at(index), *v)).collect();
    let n = used.len() as f64;
    let mean = |of: fn(&([f64; 2], f64)) -> f64| used.iter().map(of).sum::<f64>() / n;
    let (y0, x0, v0) = (mean(|p| p.0[0]), mean(|p| p.0[1]), mean(|p| p.1));
    let sum = |of: &dyn Fn(f64, f64, f64) -> f64| used.iter().map(|(at, v)| of(at[0] - y0, at[1] - x0, v - v0)).sum::<f64>();
    let (yy, xx, yx) = (sum(&|y, _, _| y * y), sum(&|_, x, _| x * x), sum(&|y, x, _| y * x));
    let (yv, xv) = (sum(&|y, _, v| y * v), sum(&|_, x, v| x * v));
    let determinant = yy * xx - yx * yx;
    (determinant > 1e-9 * yy * xx).then(|| {
        let slopes = [(yv * xx - xv * yx) / determinant, (xv * yy - yv * yx) / determinant];
        [slopes[0] * (rows as f64 - 1.0), slopes[1] * (columns as f64 - 1.0)]
    })
}
