use rand::RngExt;
use rand_distr::{ChiSquared, Distribution, StandardNormal};

use super::{Autoregression, Sign};
use crate::fit::NelderMead;
use crate::random::{Rng, rng};
use crate::stats::median;

/// Cells of the histogram that the tails are fitted to.
const CELLS: usize = 96;
/// Where the tails begin: this many median absolute values, 1.2 standard deviations of normal noise.
const TAIL_START: f64 = 1.8;
/// Lightest and heaviest tails that are fitted, as inverse degrees of freedom.
const TAILS: [f64; 2] = [-0.02, 0.475];
/// Tails this close to normal ones are taken as normal.
const NORMAL: f64 = 1e-5;
/// Values that stand for the body of the distribution.
const BODY: usize = 1 << 16;

/// Noise of a stretch: memory, and the distribution of what is new in every sample.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseModel {
    /// Memory.
    pub memory: Autoregression,
    /// Tails of what is new, above and below.
    pub tails: [Side; 2],
    /// Whether both tails are taken as the same.
    pub is_symmetric: bool,
    /// Where the tails begin.
    start: f64,
    /// What is new in samples outside the tails.
    body: Vec<f64>,
    /// Median absolute value of what is new.
    typical: f64,
}

/// A tail: that of Student's t, and its continuation to tails lighter than normal ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Scale.
    pub scale: f64,
    /// Inverse degrees of freedom: zero for a normal tail, negative for lighter ones.
    pub weight: f64,
    /// Share of all samples in this tail.
    pub share: f64,
}

impl Side {
    /// Up to a factor.
    fn ln_density(&self, x: f64) -> f64 {
        let square = (x / self.scale).powi(2);
        if self.weight.abs() < NORMAL {
            return -0.5 * square;
        }
        let inside = 1.0 + self.weight * square;
        if inside <= 0.0 { f64::NEG_INFINITY } else { -0.5 * (1.0 / self.weight + 1.0) * inside.ln() }
    }

    /// A value of the tail beyond `start`.
    fn draw(&self, start: f64, rng: &mut Rng) -> f64 {
        // A few tries suffice: tails begin well inside the distribution.
        for _ in 0..200 {
            let normal: f64 = StandardNormal.sample(rng);
            let value = if self.weight > NORMAL {
                let dof = 1.0 / self.weight;
                let chi: f64 = ChiSquared::new(dof).map_or(dof, |chi| chi.sample(rng));
                normal.abs() * (dof / chi).sqrt()
            } else {
                normal.abs()
            };
            let is_kept = self.weight >= -NORMAL || {
                // Density over the normal one, which is nowhere above exp(-weight/4) times that at zero.
                let ratio = self.ln_density(value * self.scale) + 0.5 * value * value + 0.25 * self.weight;
                rng.random::<f64>().ln() < ratio
            };
            if is_kept && value * self.scale >= start {
                return value * self.scale;
            }
        }
        start
    }
}

impl NoiseModel {
    /// The distribution of whitened noise: its tails from the values below `reach`, as what lies beyond may be events.
    ///
    /// Both tails are fitted apart where the likelihood asks for it.
    pub fn fit(white: &[f64], memory: Autoregression, reach: f64) -> Self {
        let known: Vec<f64> = white.iter().copied().filter(|value| !value.is_nan()).collect();
        let sizes: Vec<f64> = known.iter().map(|value| value.abs()).collect();
        let typical = median(&sizes).unwrap_or(1.0);
        let start = (TAIL_START * typical).min(0.5 * reach);
        let tail = |sign: Sign| histogram(&known, sign, start, reach);
        let (up, down) = (tail(Sign::Positive), tail(Sign::Negative));
        let both: Vec<f64> = up.iter().zip(&down).map(|(a, b)| a + b).collect();
        let count = |sign: Sign| known.iter().filter(|value| **value * sign.value() >= start).count() as f64;
        let n = known.len().max(1) as f64;
        let shares = [count(Sign::Positive) / n, count(Sign::Negative) / n];
        let (one, together) = fit_tail(&both, start, reach);
        let (above, ln_above) = fit_tail(&up, start, reach);
        let (below, ln_below) = fit_tail(&down, start, reach);
        let difference = (shares[0] - shares[1]) / (2.0 * (shares[0] + shares[1]).max(1e-9) / n).sqrt() * 2f64.sqrt();
        // Three more parameters: 1 % of symmetric noise is called skewed.
        let is_symmetric = 2.0 * (ln_above + ln_below - together) + difference * difference < 11.34;
        let mean = 0.5 * (shares[0] + shares[1]);
        let tails = if is_symmetric {
            [Side { share: mean, ..one }; 2]
        } else {
            [Side { share: shares[0], ..above }, Side { share: shares[1], ..below }]
        };
        let inside: Vec<f64> = known.iter().copied().filter(|value| value.abs() < start).collect();
        let stride = inside.len().div_ceil(BODY).max(1);
        let body = inside.into_iter().step_by(stride).collect();
        Self { memory, tails, is_symmetric, start, body, typical }
    }

    /// Noise with the same memory and distribution, `n` samples.
    pub fn draw(&self, n: usize, seed: u64) -> Vec<f64> {
        let mut rng = rng(seed);
        let [above, below] = self.tails;
        let mut one = || {
            let place: f64 = rng.random();
            if place < above.share {
                return above.draw(self.start, &mut rng);
            }
            if place < above.share + below.share {
                return -below.draw(self.start, &mut rng);
            }
            let value = self.body.get(rng.random_range(0..self.body.len().max(1))).copied().unwrap_or(0.0);
            if self.is_symmetric && rng.random::<bool>() { -value } else { value }
        };
        let mut values: Vec<f64> = (0..n).map(|_| one()).collect();
        self.memory.colour(&mut values);
        values
    }

    /// Brings whitened noise to the scale of that from which the model was learned, by its median absolute value.
    pub fn rescale(&self, white: &mut [f64]) {
        let sizes: Vec<f64> = white.iter().filter(|value| !value.is_nan()).map(|value| value.abs()).collect();
        let factor = median(&sizes).map_or(1.0, |found| if found > 0.0 { self.typical / found } else { 1.0 });
        white.iter_mut().for_each(|value| *value *= factor);
    }
}

/// Numbers of values of a sign between `start` and `reach`, in cells whose widths grow in proportion.
fn histogram(white: &[f64], sign: Sign, start: f64, reach: f64) -> Vec<f64> {
    let mut cells = vec![0.0; CELLS];
    let per = CELLS as f64 / (reach / start).ln();
    for value in white.iter().map(|value| value * sign.value()).filter(|value| *value >= start && *value < reach) {
        cells[(((value / start).ln() * per) as usize).min(CELLS - 1)] += 1.0;
    }
    cells
}

/// Maximum likelihood of the cells, given that a value is between `start` and `reach`; returns the logarithm of the likelihood, too.
fn fit_tail(cells: &[f64], start: f64, reach: f64) -> (Side, f64) {
    let side = |at: &[f64]| Side { scale: at[0].exp(), weight: at[1].clamp(TAILS[0], TAILS[1]), share: 0.0 };
    let growth = (reach / start).ln() / cells.len() as f64;
    let total: f64 = cells.iter().sum();
    let ln_likelihood = |side: &Side| {
        let (mut all, mut sum) = (0.0, 0.0);
        for (index, count) in cells.iter().enumerate() {
            // The width of a cell is in proportion to its middle.
            let middle = start * ((index as f64 + 0.5) * growth).exp();
            let ln_density = side.ln_density(middle) + middle.ln();
            all += ln_density.exp();
            sum += if *count > 0.0 { count * ln_density } else { 0.0 };
        }
        sum - total * all.max(1e-300).ln()
    };
    // Outside the range of tails the likelihood falls, so that the search comes back.
    let objective = |at: &[f64]| {
        let outside = (at[1] - TAILS[1]).max(0.0) + (TAILS[0] - at[1]).max(0.0);
        -ln_likelihood(&side(at)) + 1e4 * outside
    };
    let search = NelderMead { x_tolerance: 1e-4, f_tolerance: 1e-9, restarts: 1, ..NelderMead::default() };
    let found = search.minimise(objective, &[0.0, 0.1], &[0.1, 0.08]);
    let best = found.map_or(Side { scale: 1.0, weight: 0.0, share: 0.0 }, |minimum| side(&minimum.x));
    (best, ln_likelihood(&best))
}
