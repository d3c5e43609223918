//! Depth below the surface of an object, moments and mixtures of grey values, and how long regions are along each axis.

use ndarray::{ArrayD, Dimension};
use rayon::prelude::*;

use crate::core::fft::{Complex64, forward_nd, inverse_nd, signed_frequency};

/// Waves that fit into an object less than this often take their power from the law of the rings above.
const FEWEST: f64 = 1.25;
/// Width of a ring, and rings.
const RING: f64 = 0.5;
const RINGS: usize = 4;
/// Share of the object that overlaps itself, below which a correlation is raised no further.
const LEAST_OVERLAP: f64 = 1.0 / 3.0;

/// Distance of every voxel of the object from the nearest one outside of it, voxels; x fastest. Sides of the volume are no surface:
/// infinite where nothing lies outside.
pub fn depth(shape: [usize; 3], object: &[bool]) -> Vec<f32> {
    let mut squares: Vec<f32> = object.iter().map(|inside| if *inside { f32::INFINITY } else { 0.0 }).collect();
    let [_, rows, columns] = shape;
    squares.par_chunks_mut(columns).for_each(nearest);
    squares.par_chunks_mut(rows * columns).for_each(|layer| across(layer, columns));
    across(&mut squares, rows * columns);
    squares.into_par_iter().map(f32::sqrt).collect()
}

/// Along the slow axis of a block whose lines are `stride` apart.
fn across(block: &mut [f32], stride: usize) {
    let mut line = vec![0.0; block.len() / stride];
    for first in 0..stride {
        line.iter_mut().zip(block[first..].iter().step_by(stride)).for_each(|(to, from)| *to = *from);
        nearest(&mut line);
        block[first..].iter_mut().step_by(stride).zip(&line).for_each(|(to, from)| *to = *from);
    }
}

/// Least of f(k) + (k - i)² over k for every i: the lower envelope of parabolas (Felzenszwalb and Huttenlocher 2012).
fn nearest(line: &mut [f32]) {
    // Place and height of the parabolas of the envelope, and from where on each is the lowest.
    let mut lowest: Vec<(f64, f64, f64)> = Vec::new();
    for (k, height) in line.iter().enumerate().filter(|(_, height)| height.is_finite()) {
        let (at, height) = (k as f64, f64::from(*height));
        let mut from = f64::NEG_INFINITY;
        while let Some((other, low, begins)) = lowest.last() {
            from = (height + at * at - low - other * other) / (2.0 * (at - other));
            if from > *begins {
                break;
            }
            lowest.pop();
            from = f64::NEG_INFINITY;
        }
        lowest.push((at, height, from));
    }
    let mut place = 0;
    for (i, value) in line.iter_mut().enumerate() {
        while lowest.get(place + 1).is_some_and(|next| next.2 <= i as f64) {
            place += 1;
        }
        *value = lowest.get(place).map_or(f32::INFINITY, |(at, height, _)| (height + (i as f64 - at).powi(2)) as f32);
    }
}

/// Mean, standard deviation, skewness and excess kurtosis.
pub fn moments(values: &[f64]) -> [f64; 4] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let central = |power: i32| values.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / n;
    let variance = central(2);
    [mean, variance.sqrt(), central(3) / variance.powf(1.5), central(4) / (variance * variance) - 3.0]
}

/// Two normal parts of a distribution of grey values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixture {
    /// Their means, the smaller first.
    pub means: [f64; 2],
    /// Their standard deviations.
    pub deviations: [f64; 2],
    /// Share of the first.
    pub share: f64,
    /// Between the means, where both are equally likely.
    pub level: f64,
}

impl Mixture {
    /// Distance of the means over the root mean square of the standard deviations: below 2 there are no two maxima.
    pub fn separation(&self) -> f64 {
        let [a, b] = self.deviations;
        (self.means[1] - self.means[0]) / (0.5 * (a * a + b * b)).sqrt()
    }

    /// By expectation and maximisation over a histogram; `None` where one part takes all.
    pub fn of(values: &[f64]) -> Option<Self> {
        const BINS: usize = 256;
        const ROUNDS: usize = 500;
        let (lo, hi) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(*v), hi.max(*v)));
        let width = (hi - lo) / BINS as f64;
        if width.is_nan() || width <= 0.0 {
            return None;
        }
        let mut counts = [0.0; BINS];
        values.iter().for_each(|value| counts[(((value - lo) / width) as usize).min(BINS - 1)] += 1.0);
        let at = |bin: usize| lo + (bin as f64 + 0.5) * width;
        let [mean, deviation, ..] = moments(values);
        let mut found =
            Self { means: [mean - deviation, mean + deviation], deviations: [0.5 * deviation; 2], share: 0.5, level: mean };
        let weight = |found: &Self, value: f64| {
            let of = |k: usize| {
                let share = if k == 0 { found.share } else { 1.0 - found.share };
                share / found.deviations[k] * (-0.5 * ((value - found.means[k]) / found.deviations[k]).powi(2)).exp()
            };
            let (first, second) = (of(0), of(1));
            // So far out that both are zero: the nearer mean.
            let nearer = f64::from(u8::from((value - found.means[0]).abs() < (value - found.means[1]).abs()));
            if first + second > 0.0 { first / (first + second) } else { nearer }
        };
        for _ in 0..ROUNDS {
            let mut sums = [[0.0; 3]; 2];
            for (bin, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
                let (value, first) = (at(bin), weight(&found, at(bin)));
                for (sum, part) in sums.iter_mut().zip([first, 1.0 - first]) {
                    let n = count * part;
                    sum.iter_mut().zip([n, n * value, n * value * value]).for_each(|(sum, term)| *sum += term);
                }
            }
            let total = sums[0][0] + sums[1][0];
            if sums.iter().any(|sum| sum[0] < 1e-3 * total) {
                return None;
            }
            found.means = sums.map(|sum| sum[1] / sum[0]);
            found.deviations = sums.map(|sum| (sum[2] / sum[0] - (sum[1] / sum[0]).powi(2)).max(width * width / 12.0).sqrt());
            found.share = sums[0][0] / total;
        }
        let [a, b] = found.means;
        let (mut low, mut high) = (a, b);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if weight(&found, middle) > 0.5 { low = middle } else { high = middle }
        }
        found.level = f64::midpoint(low, high);
        (b > a).then_some(found)
    }
}

/// Takes from the amplitudes of a volume what the edge of its object did to them: a spectrum of the object alone is that of a field whose correlation at
/// a distance is multiplied by the share of the object that overlaps itself when moved by it, `1 - 3 d/(4 R)` in a ball at first. The correlation is divided by that
/// share, where it is a third or more; negative powers become zero.
pub fn undo_window(amplitudes: &mut ArrayD<f32>, object: &[bool]) {
    if object.iter().all(|inside| *inside) {
        return;
    }
    let mask = object.iter().map(|inside| Complex64::new(f64::from(u8::from(*inside)), 0.0)).collect();
    let mut overlap = ArrayD::from_shape_vec(amplitudes.raw_dim(), mask).unwrap_or_default();
    forward_nd(overlap.view_mut());
    overlap.mapv_inplace(|wave| Complex64::new(wave.norm_sqr(), 0.0));
    inverse_nd(overlap.view_mut());
    let whole = overlap.first().map_or(0.0, |first| first.re);
    let mut correlation = amplitudes.mapv(|amplitude| Complex64::new(f64::from(amplitude).powi(2), 0.0));
    inverse_nd(correlation.view_mut());
    correlation.zip_mut_with(&overlap, |c, overlap| *c *= whole / overlap.re.max(LEAST_OVERLAP * whole));
    forward_nd(correlation.view_mut());
    amplitudes.zip_mut_with(&correlation, |amplitude, power| *amplitude = power.re.max(0.0).sqrt() as f32);
}

/// Gives waves longer than about the object (`extent` voxels) the power of the law `exp(a - b k^2)` through the next shorter ones: the mean that
/// was taken off took theirs, and a gradient adds to it.
pub fn fill_long_waves(amplitudes: &mut ArrayD<f32>, extent: usize) {
    let shape = amplitudes.shape().to_vec();
    let times = |index: &[usize]| {
        let squares = index.iter().zip(&shape).map(|(k, n)| (signed_frequency(*k, *n) / *n as f64).powi(2));
        extent as f64 * squares.sum::<f64>().sqrt()
    };
    // Power, squared frequency and number of the waves of each ring.
    let mut rings = [[0.0f64; 3]; RINGS];
    for (index, amplitude) in amplitudes.indexed_iter() {
        let k = times(index.slice());
        let ring = (k - FEWEST) / RING;
        if (0.0..RINGS as f64).contains(&ring) {
            rings[ring as usize]
                .iter_mut()
                .zip([f64::from(*amplitude).powi(2), k * k, 1.0])
                .for_each(|(sum, term)| *sum += term);
        }
    }
    let mut sums = [0.0; 5];
    for [power, square, n] in rings.into_iter().filter(|ring| ring[0] > 0.0) {
        let (x, y) = (square / n, (power / n).ln());
        sums.iter_mut().zip([1.0, x, y, x * x, x * y]).for_each(|(sum, term)| *sum += n * term);
    }
    let [n, x, y, xx, xy] = sums;
    let slope = (n * xy - x * y) / (n * xx - x * x);
    let intercept = (y - slope * x) / n;
    if !(slope.is_finite() && intercept.is_finite()) {
        return;
    }
    for (index, amplitude) in amplitudes.indexed_iter_mut() {
        let k = times(index.slice());
        if k < FEWEST {
            *amplitude = (0.5 * (intercept + slope * k * k)).exp() as f32;
        }
    }
}

/// Slope of values over depth by least squares, and their correlation.
pub fn slope(depth: &[f64], values: &[f64]) -> (f64, f64) {
    let n = depth.len() as f64;
    let (x, y) = (depth.iter().sum::<f64>() / n, values.iter().sum::<f64>() / n);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (depth, value) in depth.iter().zip(values) {
        xx += (depth - x).powi(2);
        xy += (depth - x) * (value - y);
        yy += (value - y).powi(2);
    }
    (xy / xx, xy / (xx * yy).sqrt())
}

/// Squared radii of gyration of regions along z, y, x, each weighted by its voxels, voxels²: twelfths are added, so that a single voxel
/// is a cube. Regions of fewer than `smallest` voxels are left out; `None` where there are no others.
pub fn extents(shape: [usize; 3], labels: &[u32], smallest: usize) -> Option<[f64; 3]> {
    let regions = labels.iter().copied().max().unwrap_or(0) as usize;
    let mut sums = vec![[0.0f64; 7]; regions];
    for (i, label) in labels.iter().enumerate().filter(|(_, label)| **label != 0) {
        let at = [i / (shape[1] * shape[2]), i / shape[2] % shape[1], i % shape[2]].map(|at| at as f64);
        let sum = &mut sums[*label as usize - 1];
        sum[0] += 1.0;
        for (axis, at) in at.into_iter().enumerate() {
            sum[1 + axis] += at;
            sum[4 + axis] += at * at;
        }
    }
    let (mut total, mut squares) = (0.0, [0.0; 3]);
    for sum in sums.iter().filter(|sum| sum[0] >= smallest as f64) {
        total += sum[0];
        for (axis, square) in squares.iter_mut().enumerate() {
            *square += sum[4 + axis] - sum[1 + axis].powi(2) / sum[0] + sum[0] / 12.0;
        }
    }
    (total > 0.0).then(|| squares.map(|square| square / total))
}
