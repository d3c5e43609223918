//! The tip position at which two modes show the same contact stiffness.

use rayon::prelude::*;

use crate::core::fit::brent_root;
use crate::core::random::{derive_seed, rng};
use crate::core::stats::{Moments, quantiles};
use crate::methods::contact_resonance::lever::{Lever, free_wave_number};
use rand::RngExt;

/// Step of the tip position by which slopes are found.
const STEP_OF_SLOPE: f64 = 1e-6;
/// Relative step of the frequencies by which curvatures are found.
const STEP_OF_NOISE: f64 = 1e-3;
/// Steps of the search for crossings.
const STEPS: usize = 200;
const MAX_ITERATIONS: usize = 30;

/// Two modes and the free frequencies that belong to them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoModes {
    /// Numbers of the modes.
    pub modes: (usize, usize),
    /// Free frequencies, Hz.
    pub free: (f64, f64),
}

/// Frequencies of both modes at one place, Hz, and the tile that the place belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Of both modes.
    pub frequencies: (f64, f64),
    /// Number of the tile.
    pub tile: usize,
}

/// A tip position with its error.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// `γ = L1/L`.
    pub value: f64,
    /// Standard error, from the replicates.
    pub std_error: f64,
    /// 95 % interval.
    pub interval: (f64, f64),
    /// Root of the mean square of `ln k(mode 1) - ln k(mode 2)` that is left.
    pub residual: f64,
    /// Places used.
    pub n_places: usize,
}

impl TwoModes {
    /// `ln k*(mode 1) - ln k*(mode 2)` at a tip position, and the variance of it per squared relative noise of the frequencies;
    /// `None` where a frequency lies outside its branch.
    pub fn difference(&self, frequencies: (f64, f64), tip_position: f64) -> Option<(f64, f64)> {
        let lever = Lever { tip_position };
        let log = |mode: usize, free: f64, frequency: f64| {
            let x = free_wave_number(mode) * (frequency / free).sqrt();
            let inside = lever.branch(mode).is_some_and(|(low, high)| low < x && x < high);
            let found = lever.stiffness(x);
            (inside && found.ratio > 0.0).then(|| (found.ratio.ln(), found.sensitivity))
        };
        let (first, s1) = log(self.modes.0, self.free.0, frequencies.0)?;
        let (second, s2) = log(self.modes.1, self.free.1, frequencies.1)?;
        Some((first - second, s1 * s1 + s2 * s2))
    }

    /// The same without looking for the ends of the branches, for frequencies that are known to lie inside.
    fn inside(&self, frequencies: (f64, f64), lever: Lever) -> Option<f64> {
        let log = |mode: usize, free: f64, frequency: f64| {
            let ratio = lever.stiffness(free_wave_number(mode) * (frequency / free).sqrt()).ratio;
            (ratio > 0.0).then(|| ratio.ln())
        };
        Some(log(self.modes.0, self.free.0, frequencies.0)? - log(self.modes.1, self.free.1, frequencies.1)?)
    }

    /// The curve of the difference between two positions, without the places where a frequency is outside its branch.
    pub fn curve(&self, frequencies: (f64, f64), (lowest, highest): (f64, f64)) -> Vec<(f64, f64)> {
        let position = |i: usize| lowest + (highest - lowest) * i as f64 / STEPS as f64;
        (0..=STEPS).filter_map(|i| Some((position(i), self.difference(frequencies, position(i))?.0))).collect()
    }

    /// Positions at which the curves of typical frequencies cross.
    pub fn crossings(&self, frequencies: (f64, f64), range: (f64, f64)) -> Vec<f64> {
        let curve = self.curve(frequencies, range);
        let step = (range.1 - range.0) / STEPS as f64;
        let crosses = |pair: &&[(f64, f64)]| pair[0].1 * pair[1].1 <= 0.0 && pair[1].0 - pair[0].0 < 1.5 * step;
        let root = |pair: &[(f64, f64)]| {
            let at = |position: f64| self.difference(frequencies, position).map_or(f64::NAN, |(difference, _)| difference);
            brent_root(at, pair[0].0, pair[1].0, 1e-12).ok()
        };
        let mut found: Vec<f64> = curve.windows(2).filter(crosses).filter_map(root).collect();
        found.dedup_by(|a, b| (*a - *b).abs() < 1e-9);
        found
    }

    /// One position for all places, by weighted least squares from `start`; the interval by resampling tiles.
    ///
    /// Minimises `Σ w (ln k1 - ln k2)²` with `w` the inverse variance at the start, by Gauss-Newton steps. The replicates take one
    /// such step each, from the sums of the tiles that they draw.
    pub fn fit(&self, places: &[Place], start: f64, replicates: usize, seed: u64) -> Option<Position> {
        let weighted: Vec<(Place, f64)> = places
            .iter()
            .filter_map(|place| Some((*place, self.difference_inside(place.frequencies, start)?)))
            .map(|(place, variance)| (place, 1.0 / variance))
            .collect();
        let n_tiles = places.iter().map(|place| place.tile + 1).max()?;
        let mut position = start;
        let mut sums = vec![TileSums::default(); n_tiles];
        for _ in 0..MAX_ITERATIONS {
            sums = self.sums(&weighted, position, n_tiles);
            let step = total(&sums).step()?;
            position = (position - step).clamp(0.01, 1.0);
            if step.abs() < 1e-12 {
                break;
            }
        }
        // What noise makes of curved functions does not average out: its expectation is taken off, to second order.
        let noise = total(&sums).squares / total(&sums).n;
        let bias = self.bias(&weighted, (position, start), noise, n_tiles);
        let unbiased = |position: f64| {
            let mut sums = self.sums(&weighted, position, n_tiles);
            sums.iter_mut().zip(&bias).for_each(|(sum, bias)| sum.gradient -= bias);
            sums
        };
        position = (position - total(&unbiased(position)).step()?).clamp(0.01, 1.0);
        let sums = unbiased(position);
        let all = total(&sums);
        let occupied: Vec<TileSums> = sums.into_iter().filter(|sum| sum.n > 0.0).collect();
        let steps: Vec<f64> = (0..replicates)
            .into_par_iter()
            .filter_map(|replicate| {
                let mut generator = rng(derive_seed(seed, &["tip position".into(), replicate.into()]));
                let drawn: Vec<TileSums> =
                    (0..occupied.len()).map(|_| occupied[generator.random_range(0..occupied.len())]).collect();
                total(&drawn).step()
            })
            .collect();
        let ends = quantiles(&steps, &[0.025, 0.975]).ok()?;
        // Basic interval: the replicates scatter about the estimate as the estimate does about the truth.
        Some(Position {
            value: position,
            std_error: Moments::of(&steps).ok()?.std_dev,
            interval: (position + ends[0], (position + ends[1]).min(1.0)),
            residual: (all.squares / all.weights).sqrt(),
            n_places: all.n as usize,
        })
    }

    /// The variance of the difference at a place that is known to lie inside.
    fn difference_inside(&self, frequencies: (f64, f64), tip_position: f64) -> Option<f64> {
        let lever = Lever { tip_position };
        let sensitivity = |mode: usize, free: f64, frequency: f64| {
            let found = lever.stiffness(free_wave_number(mode) * (frequency / free).sqrt());
            (found.ratio > 0.0 && frequency > free).then_some(found.sensitivity)
        };
        let (s1, s2) =
            (sensitivity(self.modes.0, self.free.0, frequencies.0)?, sensitivity(self.modes.1, self.free.1, frequencies.1)?);
        Some(s1 * s1 + s2 * s2)
    }

    /// Expectation of the gradient of every tile when all frequencies carry independent relative noise of this variance.
    fn bias(&self, weighted: &[(Place, f64)], (position, start): (f64, f64), noise: f64, n_tiles: usize) -> Vec<f64> {
        let (here, ahead) = (Lever { tip_position: position }, Lever { tip_position: position - STEP_OF_SLOPE });
        let gradient = |(first, second): (f64, f64), factors: (f64, f64)| {
            let frequencies = (first * factors.0, second * factors.1);
            let difference = self.inside(frequencies, here)?;
            let slope = (difference - self.inside(frequencies, ahead)?) / STEP_OF_SLOPE;
            Some(slope * difference / self.difference_inside(frequencies, start)?)
        };
        let curvature = |place: &Place| {
            let at = |factors| gradient(place.frequencies, factors);
            let (less, more) = (1.0 - STEP_OF_NOISE, 1.0 + STEP_OF_NOISE);
            let around = at((less, 1.0))? + at((more, 1.0))? + at((1.0, less))? + at((1.0, more))?;
            Some((around - 4.0 * at((1.0, 1.0))?) / (STEP_OF_NOISE * STEP_OF_NOISE))
        };
        let mut bias = vec![0.0; n_tiles];
        let of_places: Vec<(usize, f64)> = weighted
            .par_iter()
            .map(|(place, _)| (place.tile, curvature(place).map_or(0.0, |curvature| 0.5 * noise * curvature)))
            .collect();
        of_places.into_iter().for_each(|(tile, of_place)| bias[tile] += of_place);
        bias
    }

    fn sums(&self, weighted: &[(Place, f64)], position: f64, n_tiles: usize) -> Vec<TileSums> {
        let mut sums = vec![TileSums::default(); n_tiles];
        let (here, ahead) = (Lever { tip_position: position }, Lever { tip_position: position - STEP_OF_SLOPE });
        for (place, weight) in weighted {
            let Some(difference) = self.inside(place.frequencies, here) else { continue };
            let Some(before) = self.inside(place.frequencies, ahead) else { continue };
            let slope = (difference - before) / STEP_OF_SLOPE;
            let sum = &mut sums[place.tile];
            sum.normal += weight * slope * slope;
            sum.gradient += weight * slope * difference;
            sum.squares += weight * difference * difference;
            sum.weights += weight;
            sum.n += 1.0;
        }
        sums
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct TileSums {
    normal: f64,
    gradient: f64,
    squares: f64,
    weights: f64,
    n: f64,
}

impl TileSums {
    /// Gauss-Newton step to be taken off the position.
    fn step(&self) -> Option<f64> {
        (self.normal > 0.0).then(|| self.gradient / self.normal)
    }
}

fn total(sums: &[TileSums]) -> TileSums {
    sums.iter().fold(TileSums::default(), |a, b| TileSums {
        normal: a.normal + b.normal,
        gradient: a.gradient + b.gradient,
        squares: a.squares + b.squares,
        weights: a.weights + b.weights,
        n: a.n + b.n,
    })
}
