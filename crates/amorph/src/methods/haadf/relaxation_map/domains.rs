//! How far apart places still relax alike, and how large the slow regions are.

use ndarray::Array2;
use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::core::image::{Connectivity, label};
use crate::core::random::{derive_seed, rng};

/// Fewest places that are compared.
pub const LEAST_PLACES: usize = 64;
/// Longest distance that is looked at: share of the shorter side, and places.
const REACH: (f64, usize) = (0.5, 32);
/// Share of the shorter side of the object that is the longest length.
pub const LONGEST_LENGTH: f64 = 0.25;
/// Share of the places that is slow.
const SLOW: f64 = 0.25;
/// Neighbours for the test: places no farther apart than this.
const NEIGHBOURS: f64 = 1.5;
/// Times that places are mixed.
const MIXED: usize = 999;
/// Times that places are mixed for the size of regions.
const MIXED_REGIONS: usize = 99;

/// What a place says: the index of its region, and ln tau of the whole record and of its two halves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Index of the region.
    pub region: usize,
    /// From the whole record.
    pub whole: f64,
    /// From its halves.
    pub halves: [f64; 2],
}

/// The map of relaxation times in space; lengths in places.
#[derive(Debug, Clone, PartialEq)]
pub struct Domains {
    /// Places.
    pub n: usize,
    /// Variance of ln tau within the regions that both halves of the record agree upon.
    pub variance: f64,
    /// Share of the variance of ln tau from the whole record that is chance.
    pub noise_share: f64,
    /// Distances and correlation there.
    pub profile: Vec<(f64, f64)>,
    /// Distance at which the correlation falls to 1/e; `None` where it does not within the map, or nothing varies.
    pub length: Option<f64>,
    /// Probability that neighbours are as much alike where places have no order.
    pub p: f64,
    /// Diameter of the disc as large as a slow region, in the mean over slow places.
    pub size: f64,
    /// The same where places are mixed: its mean.
    pub size_mixed: f64,
    /// Longest length that the map allows.
    pub longest: f64,
}

/// `C(d)`: half the mean of `x1(r) x2(r + d) + x2(r) x1(r + d)`, `x` of the halves with the mean of each region taken off. Chance of the halves is
/// independent, so that it is in no `C`, not even at zero. What the means take away is given back: `V = S/(N^2 - n)` with the sum `S` of the
/// products of the `n` pairs up to the first distance where `C` is not positive.
pub fn domains(places: &Array2<Option<Place>>, seed: u64) -> Option<Domains> {
    let known: Vec<((usize, usize), Place)> = places.indexed_iter().filter_map(|(at, place)| Some((at, (*place)?))).collect();
    let n = known.len();
    if n < LEAST_PLACES {
        return None;
    }
    let regions = 1 + known.iter().map(|(_, place)| place.region).max().unwrap_or(0);
    let centred = |of: &dyn Fn(&Place) -> f64| {
        let mut sums = vec![[0.0; 2]; regions];
        known.iter().for_each(|(_, place)| {
            sums[place.region][0] += of(place);
            sums[place.region][1] += 1.0;
        });
        known.iter().map(|(_, place)| of(place) - sums[place.region][0] / sums[place.region][1]).collect::<Vec<f64>>()
    };
    let (first, second, whole) =
        (centred(&|place| place.halves[0]), centred(&|place| place.halves[1]), centred(&|place| place.whole));
    let grid = Grid::new(places.dim(), &known.iter().map(|(at, _)| *at).collect::<Vec<_>>());
    let shortest = grid.shortest_side();
    let reach = ((shortest as f64 * REACH.0) as usize).clamp(2, REACH.1);
    let rings = grid.rings(&first, &second, reach);
    let at_zero = first.iter().zip(&second).map(|(a, b)| a * b).sum::<f64>() / n as f64;
    let taken = lost_with_the_mean(at_zero, &rings, n);
    let variance = at_zero + taken;
    let total = whole.iter().map(|x| x * x).sum::<f64>() / n as f64 + taken;
    let profile: Vec<(f64, f64)> =
        rings.iter().map(|ring| (ring.distance, (ring.sum / ring.pairs + taken) / variance)).collect();
    let longest = LONGEST_LENGTH * shortest as f64;
    let length = (variance > 0.0).then(|| fall(&profile)).flatten().filter(|length| *length <= longest);
    let p = grid.p_of_order(&first, &second, seed);
    let size = grid.slow_size(&whole);
    let mixed: Vec<f64> =
        (0..MIXED_REGIONS).into_par_iter().map(|k| grid.slow_size(&mixed(&whole, seed_of(seed, "regions", k)))).collect();
    let size_mixed = mixed.iter().sum::<f64>() / MIXED_REGIONS as f64;
    let noise_share = (1.0 - variance / total).clamp(0.0, 1.0);
    Some(Domains { n, variance, noise_share, profile, length, p, size, size_mixed, longest })
}

/// A ring of distances.
struct Ring {
    distance: f64,
    /// Pairs, each counted in both directions.
    pairs: f64,
    sum: f64,
}

fn lost_with_the_mean(at_zero: f64, rings: &[Ring], n: usize) -> f64 {
    let (mut sum, mut pairs) = (at_zero * n as f64, n as f64);
    for ring in rings.iter().take_while(|ring| ring.sum > 0.0) {
        sum += ring.sum;
        pairs += ring.pairs;
    }
    (sum / ((n * n) as f64 - pairs).max(1.0)).max(0.0)
}

/// Where the correlation, one at zero, falls to 1/e.
fn fall(profile: &[(f64, f64)]) -> Option<f64> {
    let level = (-1.0f64).exp();
    let mut before = (0.0, 1.0);
    for point in profile {
        if point.1 <= level {
            return Some(before.0 + (point.0 - before.0) * (before.1 - level) / (before.1 - point.1));
        }
        before = *point;
    }
    None
}

fn seed_of(seed: u64, what: &'static str, k: usize) -> u64 {
    derive_seed(seed, &[what.into(), k.into()])
}

/// The values in another order.
fn mixed(values: &[f64], seed: u64) -> Vec<f64> {
    let mut values = values.to_vec();
    values.shuffle(&mut rng(seed));
    values
}

/// Where places are.
struct Grid {
    at: Vec<(usize, usize)>,
    /// Index of the place, or `usize::MAX`.
    index: Array2<usize>,
}

impl Grid {
    fn new(shape: (usize, usize), at: &[(usize, usize)]) -> Self {
        let mut index = Array2::from_elem(shape, usize::MAX);
        at.iter().enumerate().for_each(|(i, at)| index[*at] = i);
        Self { at: at.to_vec(), index }
    }

    /// Of the rectangle around all places.
    fn shortest_side(&self) -> usize {
        let side = |of: &dyn Fn(&(usize, usize)) -> usize| {
            let all = || self.at.iter().map(of);
            all().max().unwrap_or(0) + 1 - all().min().unwrap_or(0)
        };
        side(&|at| at.0).min(side(&|at| at.1))
    }

    /// Indices of the pairs of places that lie `(dy, dx)` apart.
    fn pairs(&self, dy: usize, dx: isize) -> impl Iterator<Item = (usize, usize)> {
        self.at.iter().enumerate().filter_map(move |(i, (y, x))| {
            let j = *self.index.get((y + dy, x.checked_add_signed(dx)?))?;
            (j != usize::MAX).then_some((i, j))
        })
    }

    /// Products over rings one place wide, each pair in both directions.
    fn rings(&self, first: &[f64], second: &[f64], reach: usize) -> Vec<Ring> {
        let steps: Vec<(usize, isize)> = steps(reach as f64 + 0.5);
        let sums: Vec<(f64, f64, f64)> = steps
            .par_iter()
            .map(|(dy, dx)| {
                let (mut sum, mut pairs) = (0.0, 0.0);
                for (i, j) in self.pairs(*dy, *dx) {
                    sum += first[i] * second[j] + second[i] * first[j];
                    pairs += 2.0;
                }
                ((*dy as f64).hypot(*dx as f64), sum, pairs)
            })
            .collect();
        let mut rings: Vec<Ring> = (0..reach).map(|_| Ring { distance: 0.0, pairs: 0.0, sum: 0.0 }).collect();
        for (distance, sum, pairs) in sums {
            let ring = &mut rings[(distance.round() as usize - 1).min(reach - 1)];
            ring.distance += distance * pairs;
            ring.pairs += pairs;
            ring.sum += sum;
        }
        rings.retain(|ring| ring.pairs > 0.0);
        rings.iter_mut().for_each(|ring| ring.distance /= ring.pairs);
        rings
    }

    /// How often places in any order have neighbours as much alike: both halves of a place stay together.
    fn p_of_order(&self, first: &[f64], second: &[f64], seed: u64) -> f64 {
        let neighbours: Vec<(usize, usize)> = steps(NEIGHBOURS).into_iter().flat_map(|(dy, dx)| self.pairs(dy, dx)).collect();
        let alike = |order: &[usize]| {
            let product = |(i, j): &(usize, usize)| {
                let (i, j) = (order[*i], order[*j]);
                first[i] * second[j] + second[i] * first[j]
            };
            neighbours.iter().map(product).sum::<f64>()
        };
        let own: Vec<usize> = (0..self.at.len()).collect();
        let found = alike(&own);
        let above = (0..MIXED)
            .into_par_iter()
            .filter(|k| {
                let mut order = own.clone();
                order.shuffle(&mut rng(seed_of(seed, "order", *k)));
                alike(&order) >= found
            })
            .count();
        (above + 1) as f64 / (MIXED + 1) as f64
    }

    /// Diameter of the disc as large as the region of slow places that share sides, in the mean over slow places.
    fn slow_size(&self, values: &[f64]) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let level = sorted[((1.0 - SLOW) * sorted.len() as f64) as usize];
        let slow = self.index.mapv(|i| i != usize::MAX && values[i] >= level);
        let regions = label(&slow.view(), Connectivity::Four).regions();
        let (mut squares, mut all) = (0.0, 0.0);
        for region in regions {
            let n = region.n_pixels as f64;
            squares += n * n;
            all += n;
        }
        (4.0 / std::f64::consts::PI * squares / all).sqrt()
    }
}

/// Half of the steps to places no farther than `reach`: none is the reverse of another.
fn steps(reach: f64) -> Vec<(usize, isize)> {
    let n = reach as isize;
    (0..=n)
        .flat_map(|dy| (-n..=n).map(move |dx| (dy, dx)))
        .filter(|(dy, dx)| (*dy > 0 || *dx > 0) && (*dy as f64).hypot(*dx as f64) <= reach)
        .map(|(dy, dx)| (dy as usize, dx))
        .collect()
}
