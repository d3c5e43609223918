//! Whether spikes and pop-ins happen together.

use rand::RngExt;

use crate::core::random::{Rng, rng};

/// Events of one test: times and the time over which each lasts, s.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Times {
    /// Onsets of spikes.
    pub spikes: Vec<f64>,
    /// First and last moment of every pop-in.
    pub pop_ins: Vec<[f64; 2]>,
    /// Time between which the test was searched.
    pub window: [f64; 2],
    /// How far apart two events may be and still belong together, s.
    pub tolerance: f64,
}

impl Times {
    /// The spike that belongs to every pop-in: the nearest within the tolerance of it.
    pub fn partners(&self, spikes: &[f64]) -> Vec<Option<usize>> {
        let distance = |pop_in: &[f64; 2], time: f64| (pop_in[0] - time).max(time - pop_in[1]).max(0.0);
        let nearest = |pop_in: &[f64; 2]| {
            (0..spikes.len())
                .map(|spike| (distance(pop_in, spikes[spike]), spike))
                .filter(|(far, _)| *far <= self.tolerance)
                .min_by(|a, b| a.0.total_cmp(&b.0))
                .map(|(_, spike)| spike)
        };
        self.pop_ins.iter().map(nearest).collect()
    }

    /// The spikes moved by one random time, those that leave the window coming in on the other side.
    fn shifted(&self, rng: &mut Rng) -> Vec<f64> {
        let length = self.window[1] - self.window[0];
        let by = length * rng.random::<f64>();
        self.spikes.iter().map(|time| self.window[0] + (time - self.window[0] + by).rem_euclid(length)).collect()
    }
}

/// How many pop-ins have a spike, and how many would by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Together {
    /// Pop-ins with a spike.
    pub found: usize,
    /// Mean of that over shifted spikes.
    pub expected: f64,
    /// Probability that shifted spikes give at least as many: (1 + k)/(1 + n).
    pub p: f64,
}

/// Compares the pop-ins that have a spike with those that spikes at shifted times have.
///
/// A shift keeps the waits between spikes and the rate of both; only the relation between the two is lost.
pub fn together(tests: &[Times], shifts: usize, seed: u64) -> Together {
    let count = |test: &Times, spikes: &[f64]| test.partners(spikes).iter().flatten().count();
    let found = tests.iter().map(|test| count(test, &test.spikes)).sum();
    let mut rng = rng(seed);
    let (mut total, mut at_least) = (0, 0);
    for _ in 0..shifts {
        let by_chance: usize = tests.iter().map(|test| count(test, &test.shifted(&mut rng))).sum();
        total += by_chance;
        at_least += usize::from(by_chance >= found);
    }
    Together { found, expected: total as f64 / shifts.max(1) as f64, p: (1 + at_least) as f64 / (1 + shifts) as f64 }
}

/// Slope of a line through pairs with known errors of both, by maximum likelihood; `None` for fewer than three pairs.
///
/// The slope minimises Σ (y - a - b x)²/(s_y² + b² s_x²) over its angle, a following from it (York 1966, doi:10.1139/p66-090).
pub fn slope(x: &[f64], y: &[f64], x_error: &[f64], y_error: &[f64]) -> Option<f64> {
    if x.len() < 3 {
        return None;
    }
    let spread = |values: &[f64]| {
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - values.iter().copied().fold(f64::INFINITY, f64::min)
    };
    let unit = spread(y) / spread(x);
    if !(unit.is_finite() && unit > 0.0) {
        return None;
    }
    let misfit = |angle: f64| {
        let b = unit * angle.tan();
        let weights: Vec<f64> = x_error.iter().zip(y_error).map(|(sx, sy)| 1.0 / (sy * sy + b * b * sx * sx)).collect();
        let total: f64 = weights.iter().sum();
        let rest = || x.iter().zip(y).map(|(x, y)| y - b * x);
        let a = rest().zip(&weights).map(|(rest, weight)| rest * weight).sum::<f64>() / total;
        rest().zip(&weights).map(|(rest, weight)| weight * (rest - a).powi(2)).sum::<f64>()
    };
    let limit = std::f64::consts::FRAC_PI_2 - 1e-3;
    let grid: Vec<f64> = (0..=200).map(|k| limit * (f64::from(k) / 100.0 - 1.0)).collect();
    let best = *grid.iter().min_by(|a, b| misfit(**a).total_cmp(&misfit(**b)))?;
    let step = limit / 100.0;
    let minimum = crate::core::fit::brent_minimise(misfit, best - step, best + step, 1e-9).ok()?;
    Some(unit * minimum.x.tan())
}
