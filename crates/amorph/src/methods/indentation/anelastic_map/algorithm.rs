//! Values on scattered or gridded places: their grid, and whether neighbours are alike.

use crate::core::random::rng;
use rand::seq::SliceRandom;

/// Rows and columns of places that lie on a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Rows and columns.
    pub shape: (usize, usize),
    /// Distance of rows and of columns, m.
    pub pitch: (f64, f64),
    /// Left and lowest coordinate, m.
    pub origin: [f64; 2],
    /// Row (from the top) and column of every place.
    pub cells: Vec<(usize, usize)>,
}

/// Share of the spacing by which a place may lie off its node.
const OFF_NODE: f64 = 0.1;

/// The grid of these places; absent where they lie on none, on one line, or two on one node.
pub fn grid(places: &[[f64; 2]]) -> Option<Grid> {
    let (x, nx, pitch_x) = axis(&places.iter().map(|place| place[0]).collect::<Vec<f64>>())?;
    let (y, ny, pitch_y) = axis(&places.iter().map(|place| place[1]).collect::<Vec<f64>>())?;
    let cells: Vec<(usize, usize)> = y.0.iter().zip(&x.0).map(|(row, column)| (ny - 1 - row, *column)).collect();
    let mut sorted = cells.clone();
    sorted.sort_unstable();
    let twice = sorted.windows(2).any(|pair| pair[0] == pair[1]);
    // A grid that is mostly empty is no grid.
    let sparse = nx * ny > 4 * places.len();
    (!twice && !sparse).then_some(Grid { shape: (ny, nx), pitch: (pitch_y, pitch_x), origin: [x.1, y.1], cells })
}

/// Index of every coordinate and the origin, number of nodes, spacing.
type Axis = ((Vec<usize>, f64), usize, f64);

fn axis(values: &[f64]) -> Option<Axis> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let (first, last) = (*sorted.first()?, *sorted.last()?);
    let range = last - first;
    if range.is_nan() || range <= 0.0 {
        return None;
    }
    let mut gaps: Vec<f64> = sorted.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let largest = gaps.iter().copied().fold(0.0, f64::max);
    gaps.retain(|gap| *gap > 0.2 * largest);
    gaps.sort_unstable_by(f64::total_cmp);
    let guess = *gaps.get(gaps.len() / 2)?;
    let n = (range / guess).round() as usize + 1;
    let pitch = range / (n - 1) as f64;
    let index = |value: f64| ((value - first) / pitch).round();
    let on_nodes = values.iter().all(|value| (value - first - index(*value) * pitch).abs() <= OFF_NODE * pitch);
    on_nodes.then(|| ((values.iter().map(|value| index(*value) as usize).collect(), first), n, pitch))
}

/// Moran's I and its test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moran {
    /// `I`; -1/(n-1) without correlation.
    pub value: f64,
    /// Share of permutations with an `I` at least as large.
    pub p: f64,
    /// Pairs of neighbours.
    pub pairs: usize,
}

/// Moran's I of values at places, neighbours being those within 1.5 times the smallest distance.
pub fn moran(values: &[f64], places: &[[f64; 2]], permutations: usize, seed: u64) -> Option<Moran> {
    let n = values.len();
    let distance = |i: usize, j: usize| (places[i][0] - places[j][0]).hypot(places[i][1] - places[j][1]);
    let all = || (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
    let nearest = all().map(|(i, j)| distance(i, j)).filter(|d| *d > 0.0).fold(f64::INFINITY, f64::min);
    let pairs: Vec<(usize, usize)> = all().filter(|(i, j)| distance(*i, *j) <= 1.5 * nearest).collect();
    let mean = values.iter().sum::<f64>() / n as f64;
    let mut centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let variance: f64 = centred.iter().map(|value| value * value).sum::<f64>() / n as f64;
    if pairs.is_empty() || variance <= 0.0 {
        return None;
    }
    let index =
        |values: &[f64]| pairs.iter().map(|(i, j)| values[*i] * values[*j]).sum::<f64>() / (pairs.len() as f64 * variance);
    let value = index(&centred);
    let mut random = rng(seed);
    let above = (0..permutations)
        .filter(|_| {
            centred.shuffle(&mut random);
            index(&centred) >= value
        })
        .count();
    Some(Moran { value, p: (above + 1) as f64 / (permutations + 1) as f64, pairs: pairs.len() })
}

/// One point of a variogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// Mean distance, m.
    pub distance: f64,
    /// Half the mean squared difference.
    pub semivariance: f64,
    /// Pairs.
    pub pairs: f64,
}

/// Variogram in bins of the smallest distance, up to half the largest.
pub fn variogram(values: &[f64], places: &[[f64; 2]]) -> Vec<Lag> {
    let n = values.len();
    let all = || (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
    let distance = |(i, j): (usize, usize)| (places[i][0] - places[j][0]).hypot(places[i][1] - places[j][1]);
    let (nearest, farthest) =
        all().map(distance).filter(|d| *d > 0.0).fold((f64::INFINITY, 0.0), |a: (f64, f64), d| (a.0.min(d), a.1.max(d)));
    if !nearest.is_finite() {
        return Vec::new();
    }
    let bins = ((0.5 * farthest / nearest).ceil() as usize).clamp(1, 60);
    let mut sums = vec![(0.0, 0.0, 0.0); bins];
    for pair in all() {
        let d = distance(pair);
        let bin = (d / nearest - 0.5).max(0.0) as usize;
        if let Some(sum) = sums.get_mut(bin) {
            *sum = (sum.0 + d, sum.1 + 0.5 * (values[pair.0] - values[pair.1]).powi(2), sum.2 + 1.0);
        }
    }
    let lag = |(d, g, n): (f64, f64, f64)| Lag { distance: d / n, semivariance: g / n, pairs: n };
    sums.into_iter().filter(|sum| sum.2 > 0.0).map(lag).collect()
}
