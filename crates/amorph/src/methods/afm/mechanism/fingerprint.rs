//! What a curve of energy against amplitude shows without a model: where it rises, peaks and levels off.

use super::spline::PenalisedSpline;
use crate::core::random::{SeedPart, derive_seed};
use crate::core::stats::Moments;

/// Segments of the spline.
const SEGMENTS: usize = 14;
/// Points of the grid on which the curve is read.
const GRID: usize = 400;
/// Share of the largest energy at which dissipation counts as begun.
pub const ONSET_LEVEL: f64 = 0.05;
/// Ratios over which the plateau index is averaged.
pub const PLATEAU: (f64, f64) = (0.2, 0.3);
/// Share of the draws that must give a number.
const DEFINED: f64 = 0.95;

/// A smooth curve `E(A/A0)`, fitted against `√(1 - A/A0)` because the energy starts as `1 - A/A0`.
#[derive(Debug, Clone)]
pub struct SmoothCurve {
    spline: PenalisedSpline,
    low: f64,
    high: f64,
}

/// A number with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The number.
    pub value: f64,
    /// Standard deviation over the posterior; absent where too many draws do not give it.
    pub std_error: Option<f64>,
}

/// What is read from a curve; `None` where the data do not reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fingerprint {
    /// Ratio at the maximum.
    pub ratio_of_maximum: Option<Reading>,
    /// Mean of `E/E_max` over [`PLATEAU`].
    pub plateau_index: Option<Reading>,
    /// Largest ratio at which the energy reaches [`ONSET_LEVEL`] of its maximum.
    pub onset_ratio: Option<Reading>,
}

fn coordinate(ratio: f64) -> f64 {
    (1.0 - ratio).max(0.0).sqrt()
}

impl SmoothCurve {
    /// Of points (ratio, energy) with relative weights; `None` for too few points.
    pub fn fit(ratios: &[f64], energies: &[f64], weights: &[f64]) -> Option<Self> {
        let x: Vec<f64> = ratios.iter().map(|ratio| coordinate(*ratio)).collect();
        let low = ratios.iter().copied().fold(f64::INFINITY, f64::min);
        let high = ratios.iter().copied().fold(f64::NEG_INFINITY, f64::max).min(1.0);
        Some(Self { spline: PenalisedSpline::fit(&x, energies, weights, SEGMENTS)?, low, high })
    }

    /// Ratios from the smallest to the largest of the data, dense where the energy rises fast.
    pub fn grid(&self) -> Vec<f64> {
        let (first, last) = (coordinate(self.low), coordinate(self.high));
        (0..GRID).map(|i| 1.0 - (first + (last - first) * i as f64 / (GRID - 1) as f64).powi(2)).collect()
    }

    /// Energy and its standard error.
    pub fn at(&self, ratio: f64) -> (f64, f64) {
        self.spline.at(coordinate(ratio))
    }

    /// `dE/d(A/A0)` and its standard error; not given within 0.001 of the free amplitude.
    pub fn derivative(&self, ratio: f64) -> Option<(f64, f64)> {
        let x = coordinate(ratio);
        let (slope, error) = self.spline.derivative(x);
        (ratio < 0.999).then_some((-0.5 * slope / x, 0.5 * error / x))
    }

    /// Reads the curve; standard errors from `draws` of its posterior.
    pub fn fingerprint(&self, draws: usize, seed: u64) -> Fingerprint {
        let grid = self.grid();
        let read = |coefficients: &[f64]| {
            let curve: Vec<f64> = grid.iter().map(|ratio| self.spline.value(coefficients, coordinate(*ratio))).collect();
            [ratio_of_maximum(&grid, &curve), plateau_index(&grid, &curve), onset_ratio(&grid, &curve)]
        };
        let drawn: Vec<[Option<f64>; 3]> =
            (0..draws).map(|draw| read(&self.spline.draw(derive_seed(seed, &[SeedPart::from("draw"), draw.into()])))).collect();
        let value = read(self.spline.coefficients());
        let reading = |which: usize| {
            let values: Vec<f64> = drawn.iter().filter_map(|draw| draw[which]).collect();
            let enough = values.len() as f64 >= DEFINED * draws as f64 && draws > 0;
            let std_error = if enough { Moments::of(&values).ok().map(|moments| moments.std_dev) } else { None };
            value[which].map(|value| Reading { value, std_error })
        };
        Fingerprint { ratio_of_maximum: reading(0), plateau_index: reading(1), onset_ratio: reading(2) }
    }
}

fn highest(curve: &[f64]) -> usize {
    (0..curve.len()).fold(0, |best, i| if curve[i] > curve[best] { i } else { best })
}

/// Vertex of the parabola through the highest points; `None` where the maximum lies at an end of the data.
fn ratio_of_maximum(grid: &[f64], curve: &[f64]) -> Option<f64> {
    let at = highest(curve);
    if at == 0 || at + 1 >= curve.len() {
        return None;
    }
    let (left, right) = (grid[at] - grid[at - 1], grid[at + 1] - grid[at]);
    let (rise, fall) = ((curve[at] - curve[at - 1]) / left, (curve[at + 1] - curve[at]) / right);
    let slope = (rise * right + fall * left) / (left + right);
    let curvature = 2.0 * (fall - rise) / (left + right);
    Some(if curvature < 0.0 { grid[at] - slope / curvature } else { grid[at] })
}

/// Mean over the plateau range by trapezia; `None` where the data do not cover it.
fn plateau_index(grid: &[f64], curve: &[f64]) -> Option<f64> {
    if grid[0] > PLATEAU.0 + 0.02 {
        return None;
    }
    let inside = |ratio: f64| ratio >= PLATEAU.0 && ratio <= PLATEAU.1;
    let (mut area, mut length) = (0.0, 0.0);
    for (ratio, energy) in grid.windows(2).zip(curve.windows(2)).filter(|(ratio, _)| inside(ratio[0]) && inside(ratio[1])) {
        area += 0.5 * (energy[0] + energy[1]) * (ratio[1] - ratio[0]);
        length += ratio[1] - ratio[0];
    }
    (length > 0.0).then(|| area / length / curve[highest(curve)])
}

/// From the largest ratio downwards; `None` where the energy is above the level there already.
fn onset_ratio(grid: &[f64], curve: &[f64]) -> Option<f64> {
    let level = ONSET_LEVEL * curve[highest(curve)];
    let last = curve.len() - 1;
    if curve[last] >= level {
        return None;
    }
    let below = (0..last).rev().find(|i| curve[*i] >= level)?;
    let share = (level - curve[below]) / (curve[below + 1] - curve[below]);
    Some(grid[below] + share * (grid[below + 1] - grid[below]))
}
