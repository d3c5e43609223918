//! The slope of the mass in cubes around the voxels of a set, where it is constant, and what random sets show there.

use ndarray::ArrayD;
use rand::RngExt;
use rayon::prelude::*;

use super::super::random_fields::gaussian;
use super::super::voxels::{Counts, Sandbox};
use crate::core::random::{derive_seed, rng};

/// Resamplings of the blocks.
const RESAMPLED: usize = 200;

/// Single voxels: there the lattice bends the slope, so that no range begins with them.
const LATTICE: usize = 1;

/// Reaches of the cubes: 0, 1, 2, 3, 4, then a quarter more each time, to the largest cube of at most half of the shortest side.
pub fn reaches(shortest: usize) -> Vec<usize> {
    let mut reaches = vec![0, 1, 2, 3, 4];
    while let Some(last) = reaches.last() {
        let next = (*last as f64 * 1.3).round() as usize;
        if 2 * (2 * next + 1) > shortest {
            break;
        }
        reaches.push(next);
    }
    let largest = (shortest / 2).saturating_sub(1) / 2;
    reaches.retain(|reach| *reach <= largest);
    if reaches.last().is_some_and(|last| (2 * last + 1) * 6 < (2 * largest + 1) * 5) {
        reaches.push(largest);
    }
    reaches
}

/// Slopes between neighbouring points.
pub fn local_slopes(ln_edge: &[f64], ln_mass: &[f64]) -> Vec<f64> {
    ln_edge.windows(2).zip(ln_mass.windows(2)).map(|(x, y)| (y[1] - y[0]) / (x[1] - x[0])).collect()
}

/// A line through points, and how much its slope changes over them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Slope.
    pub slope: f64,
    /// Change of the slope from the first to the last point, by a parabola.
    pub bend: f64,
}

/// Least squares; every point counts as the logarithm of edges that it stands for.
pub fn line(x: &[f64], y: &[f64]) -> Option<Line> {
    let n = x.len();
    if n < 4 || y.iter().any(|y| !y.is_finite()) {
        return None;
    }
    let width = |i: usize| 0.5 * (x[(i + 1).min(n - 1)] - x[i.saturating_sub(1)]);
    let weights: Vec<f64> = (0..n).map(width).collect();
    let total: f64 = weights.iter().sum();
    let mean = |values: &[f64]| values.iter().zip(&weights).map(|(value, w)| value * w).sum::<f64>() / total;
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).zip(&weights).map(|((a, b), w)| a * b * w).sum::<f64>();
    let centred = |values: &[f64]| {
        let middle = mean(values);
        values.iter().map(|value| value - middle).collect::<Vec<f64>>()
    };
    let (u, v) = (centred(x), centred(y));
    let uu = dot(&u, &u);
    let squares: Vec<f64> = u.iter().map(|u| u * u).collect();
    // The part of the squares that neither a constant nor a line gives.
    let bent = centred(&squares);
    let along = dot(&bent, &u) / uu;
    let rest: Vec<f64> = bent.iter().zip(&u).map(|(bent, u)| bent - along * u).collect();
    let curvature = dot(&rest, &v) / dot(&rest, &rest);
    Some(Line { slope: dot(&u, &v) / uu, bend: 2.0 * curvature * (x[n - 1] - x[0]) })
}

/// A range of edges over which the slope is constant.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// First and last point.
    pub range: (usize, usize),
    /// The line through them.
    pub line: Line,
    /// Standard error of the slope, from blocks.
    pub std_error: f64,
    /// Slopes of the resampled blocks.
    pub slopes: Vec<f64>,
    /// Decades of edges.
    pub decades: f64,
}

/// The longest range from three voxels on over which the slope changes by less than `tolerance`, or by less than twice its standard error; of equally long ones the first.
pub fn longest_run(sandbox: &Sandbox, tolerance: f64, seed: u64) -> Option<Run> {
    let x: Vec<f64> = sandbox.edges().into_iter().map(f64::ln).collect();
    let logarithms = |mass: Vec<f64>| mass.into_iter().map(f64::ln).collect::<Vec<f64>>();
    let y = logarithms(sandbox.mass(|_| 1.0));
    let resampled = resampled(sandbox, seed);
    let n = x.len();
    let mut ranges: Vec<(usize, usize)> = (LATTICE..n).flat_map(|i| (i + 3..n).map(move |j| (i, j))).collect();
    ranges.sort_by(|a, b| (x[b.1] - x[b.0]).total_cmp(&(x[a.1] - x[a.0])).then(a.0.cmp(&b.0)));
    ranges.into_iter().find_map(|(i, j)| {
        let found = line(&x[i..=j], &y[i..=j])?;
        let lines: Vec<Line> = resampled.iter().filter_map(|y| line(&x[i..=j], &y[i..=j])).collect();
        let error = |of: &dyn Fn(&Line) -> f64| {
            let mean = lines.iter().map(of).sum::<f64>() / lines.len() as f64;
            (lines.iter().map(|line| (of(line) - mean).powi(2)).sum::<f64>() / (lines.len() as f64 - 1.0)).sqrt()
        };
        let straight = found.bend.abs() <= tolerance.max(2.0 * error(&|line| line.bend));
        straight.then(|| Run {
            range: (i, j),
            line: found,
            std_error: error(&|line| line.slope),
            slopes: lines.iter().map(|line| line.slope).collect(),
            decades: (x[j] - x[i]) / std::f64::consts::LN_10,
        })
    })
}

/// Logarithms of the mass of resampled blocks.
fn resampled(sandbox: &Sandbox, seed: u64) -> Vec<Vec<f64>> {
    let n = sandbox.blocks.len();
    let one = |index: usize| {
        let mut rng = rng(derive_seed(seed, &["blocks".into(), index.into()]));
        let mut times = vec![0.0; n];
        (0..n).for_each(|_| times[rng.random_range(0..n)] += 1.0);
        sandbox.mass(|block| times[block]).into_iter().map(f64::ln).collect()
    };
    (0..RESAMPLED).into_par_iter().map(one).collect()
}

/// A set of the same share of the object without any structure.
pub fn random_set(object: &[bool], fraction: f64, seed: u64) -> Vec<bool> {
    let mut rng = rng(derive_seed(seed, &["random set".into()]));
    object.iter().map(|object| *object && rng.random::<f64>() < fraction).collect()
}

/// A Gaussian field with these amplitudes, cut so that the same share of the object lies above.
pub fn level_set(amplitudes: &ArrayD<f32>, object: &[bool], fraction: f64, seed: u64) -> Vec<bool> {
    let values = gaussian(amplitudes, seed);
    let mut inside: Vec<f32> = values.iter().zip(object).filter(|(_, object)| **object).map(|(value, _)| *value).collect();
    let place = (((1.0 - fraction) * inside.len() as f64) as usize).min(inside.len().saturating_sub(1));
    let level = if inside.is_empty() { 0.0 } else { *inside.select_nth_unstable_by(place, f32::total_cmp).1 };
    values.iter().zip(object).map(|(value, object)| *object && *value >= level).collect()
}

/// Of the shares `p` of the set in boxes of this edge, `Σ p ln p` and `ln Σ p²`: over the logarithm of the edge their slopes are the
/// generalised dimensions of order 1 and 2. Whole boxes alone, mean over eight grids, each as if it filled the volume.
pub fn spread_over_boxes(counts: &Counts, edge: usize) -> [f64; 2] {
    let shape = counts.shape();
    let starts = if edge > 1 { 2 } else { 1 };
    let (mut sums, mut n) = ([0.0; 2], 0.0);
    for grid in 0..starts * starts * starts {
        let first = [grid / (starts * starts), grid / starts % starts, grid % starts].map(|k: usize| k * (edge / 2));
        let boxes: [usize; 3] = std::array::from_fn(|axis| (shape[axis] - first[axis]) / edge);
        let all: usize = boxes.iter().product();
        let mass = |index: usize| {
            let at = [index / (boxes[1] * boxes[2]), index / boxes[2] % boxes[1], index % boxes[2]];
            let lo: [usize; 3] = std::array::from_fn(|axis| first[axis] + at[axis] * edge);
            f64::from(counts.between(lo, lo.map(|lo| lo + edge)))
        };
        let masses: Vec<f64> = (0..all).map(mass).filter(|mass| *mass > 0.0).collect();
        let total: f64 = masses.iter().sum();
        if total > 0.0 {
            let filled = ((all * edge.pow(3)) as f64 / shape.iter().product::<usize>() as f64).ln();
            sums[0] += masses.iter().map(|mass| mass / total * (mass / total).ln()).sum::<f64>() + filled;
            sums[1] += masses.iter().map(|mass| (mass / total).powi(2)).sum::<f64>().ln() + filled;
            n += 1.0;
        }
    }
    sums.map(|sum| sum / n)
}

/// Mean squared over squared mean of the number of voxels in cubes anywhere in the object: 1 for an even set.
pub fn lacunarity(shape: [usize; 3], set: &[bool], edge: usize) -> f64 {
    let counts = Counts::new(shape, |i| set[i]);
    let reach = edge / 2;
    let whole = |axis: usize| reach..shape[axis].saturating_sub(reach);
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for z in whole(0) {
        for y in whole(1) {
            for x in whole(2) {
                let mass = f64::from(counts.around([z, y, x], reach));
                n += 1.0;
                sum += mass;
                squares += mass * mass;
            }
        }
    }
    squares * n / (sum * sum)
}
