use rand::RngExt;
use rand_distr::{ChiSquared, Distribution, StandardNormal};
use std::ops::Range;

use super::{Autoregression, Sign};
use crate::fit::NelderMead;
use crate::random::{Rng, rng};
use crate::stats::median;

/// Cells of the histogram that the tails are fitted to.
const CELLS: usize = 96;
/// Where the tails begin: this many median absolute values, 1.2 standard deviations of normal noise.
const TAIL_START: f64 = 1.8;
/// Lightest and heaviest tails that are fitted, as inverse degrees of freedom.
const TAILS: [f64; 2] = [-0.15, 0.475];
/// Farthest that a tail begins from its centre, in its scales.
const FARTHEST: f64 = 2.5;
/// Tails this close to normal ones are taken as normal.
const NORMAL: f64 = 1e-5;
/// Walkers that draw tails, their steps, and how many steps lie between those that are kept.
const WALKERS: usize = 16;
const STEPS: usize = 120;
const KEPT_EVERY: usize = 15;
/// Samples that are drawn with the same tails.
const STRETCH: usize = 1 << 10;
/// A tail is followed to this power of the ratio of the last height that is known and the first.
const BEYOND: usize = 8;
/// Values that stand for the body of the distribution.
const BODY: usize = 1 << 16;

/// Noise of a stretch: memory, and the distribution of what is new in every sample.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseModel {
    /// Memory.
    pub memory: Autoregression,
    /// Tails of what is new, above and below.
    pub tails: [Side; 2],
    /// Tails that the record allows as well, drawn from their posterior under a flat prior.
    likely: [Vec<Side>; 2],
    /// Whether both tails are taken as the same.
    pub is_symmetric: bool,
    /// Where the tails begin.
    start: f64,
    /// What is new in samples outside the tails.
    body: Vec<f64>,
    /// Median absolute value of what is new.
    typical: f64,
}

/// A tail: that of Student's t and its continuation to tails lighter than normal ones, or a normal one that is centred elsewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Where its law is centred, positive on the side of the tail.
    pub centre: f64,
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
        let square = ((x - self.centre) / self.scale).powi(2);
        if self.weight.abs() < NORMAL {
            return -0.5 * square;
        }
        let inside = 1.0 + self.weight * square;
        if inside <= 0.0 { f64::NEG_INFINITY } else { -0.5 * (1.0 / self.weight + 1.0) * inside.ln() }
    }

    /// A value of the tail beyond `start`.
    fn draw(&self, start: f64, rng: &mut Rng) -> f64 {
        // Tails begin within 2.5 scales of their centre: one try in eighty succeeds at least.
        for _ in 0..2000 {
            let normal: f64 = StandardNormal.sample(rng);
            let value = if self.weight > NORMAL {
                let dof = 1.0 / self.weight;
                let chi: f64 = ChiSquared::new(dof).map_or(dof, |chi| chi.sample(rng));
                normal.abs() * (dof / chi).sqrt()
            } else {
                normal.abs()
            };
            let is_kept = self.weight >= -NORMAL || {
                // Density over the normal one, which is largest one scale from the centre.
                let over = |value: f64| self.ln_density(self.centre + value * self.scale) + 0.5 * value * value;
                rng.random::<f64>().ln() < over(value) - over(1.0)
            };
            if is_kept && self.centre + value * self.scale >= start {
                return self.centre + value * self.scale;
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
        let within = known.iter().filter(|value| value.abs() < reach).count().max(1) as f64;
        let cells = |sign: Sign| Cells::of(&known, sign, start, reach);
        let (up, down) = (cells(Sign::Positive), cells(Sign::Negative));
        let both = up.and(&down);
        let [of_up, of_down, of_both] = [&up, &down, &both].map(Cells::fit);
        let shares = [up.total() / within, down.total() / within];
        let difference = (shares[0] - shares[1]) / (2.0 * (shares[0] + shares[1]).max(1e-9) / within).sqrt() * 2f64.sqrt();
        let gain = of_up.ln_likelihood + of_down.ln_likelihood - of_both.ln_likelihood;
        // Three more parameters: 1 % of symmetric noise is called skewed.
        let is_symmetric = 2.0 * gain + difference * difference < 11.34;
        let of_side = |cells: &Cells, best: &Tail, share: f64| {
            let likely: Vec<Side> = cells.posterior(best).iter().map(|side| cells.with_share(side, share)).collect();
            (cells.with_share(&best.side, share), likely)
        };
        let [above, below] = if is_symmetric {
            let one = of_side(&both, &of_both, 0.5 * (shares[0] + shares[1]));
            [one.clone(), one]
        } else {
            [of_side(&up, &of_up, shares[0]), of_side(&down, &of_down, shares[1])]
        };
        let inside: Vec<f64> = known.iter().copied().filter(|value| value.abs() < start).collect();
        let stride = inside.len().div_ceil(BODY).max(1);
        let body = inside.into_iter().step_by(stride).collect();
        Self { memory, tails: [above.0, below.0], likely: [above.1, below.1], is_symmetric, start, body, typical }
    }

    /// Noise with the same memory and distribution, `n` samples; the tails change among those that the record allows, so that
    /// what is not known of them counts in how often noise is high.
    pub fn draw(&self, n: usize, seed: u64) -> Vec<f64> {
        let mut rng = rng(seed);
        let mut values = Vec::with_capacity(n);
        while values.len() < n {
            let one = rng.random_range(0..self.likely[0].len());
            let other = if self.is_symmetric { one } else { rng.random_range(0..self.likely[1].len()) };
            let tails = [self.likely[0][one], self.likely[1][other]];
            let end = n.min(values.len() + STRETCH);
            values.resize_with(end, || self.draw_one(&tails, &mut rng));
        }
        self.memory.colour(&mut values);
        values
    }

    fn draw_one(&self, [above, below]: &[Side; 2], rng: &mut Rng) -> f64 {
        let place: f64 = rng.random();
        if place < above.share {
            return above.draw(self.start, rng);
        }
        if place < above.share + below.share {
            return -below.draw(self.start, rng);
        }
        let value = self.body.get(rng.random_range(0..self.body.len().max(1))).copied().unwrap_or(0.0);
        if self.is_symmetric && rng.random::<bool>() { -value } else { value }
    }

    /// What brings whitened noise to the scale of that from which the model was learned, by its median absolute value.
    pub fn rescaling(&self, white: &[f64]) -> f64 {
        let sizes: Vec<f64> = white.iter().filter(|value| !value.is_nan()).map(|value| value.abs()).collect();
        median(&sizes).map_or(1.0, |found| if found > 0.0 { self.typical / found } else { 1.0 })
    }
}

/// How a tail can differ from that of normal noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Student's t and its continuation to lighter tails.
    Weighted,
    /// A normal tail that is centred elsewhere, as that of skewed noise.
    Shifted,
}

/// The likeliest tail.
struct Tail {
    family: Family,
    /// Logarithm of the scale, and the weight or the centre.
    at: [f64; 2],
    side: Side,
    ln_likelihood: f64,
}

/// Numbers of values of a sign between two heights, in cells whose widths grow in proportion.
struct Cells {
    start: f64,
    /// Logarithm of the ratio of the ends of a cell.
    growth: f64,
    counts: Vec<f64>,
}

impl Cells {
    fn of(white: &[f64], sign: Sign, start: f64, reach: f64) -> Self {
        let growth = (reach / start).ln() / CELLS as f64;
        let mut counts = vec![0.0; CELLS];
        for value in white.iter().map(|value| value * sign.value()).filter(|value| *value >= start && *value < reach) {
            counts[(((value / start).ln() / growth) as usize).min(CELLS - 1)] += 1.0;
        }
        Self { start, growth, counts }
    }

    fn and(&self, other: &Self) -> Self {
        let counts = self.counts.iter().zip(&other.counts).map(|(a, b)| a + b).collect();
        Self { counts, ..*self }
    }

    fn total(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// Logarithm of the probability of a cell, up to a constant: its width is in proportion to its middle.
    fn ln_weight(&self, side: &Side, index: usize) -> f64 {
        let middle = self.start * ((index as f64 + 0.5) * self.growth).exp();
        side.ln_density(middle) + middle.ln()
    }

    /// Of the cells, given that a value is in one of them.
    fn ln_likelihood(&self, side: &Side) -> f64 {
        let (mut all, mut sum) = (0.0, 0.0);
        for (index, count) in self.counts.iter().enumerate() {
            let ln_weight = self.ln_weight(side, index);
            all += ln_weight.exp();
            sum += if *count > 0.0 { count * ln_weight } else { 0.0 };
        }
        sum - self.total() * all.max(1e-300).ln()
    }

    /// The law of a family at two parameters, and how far outside their range these are.
    fn side(&self, family: Family, [ln_scale, second]: [f64; 2]) -> (Side, f64) {
        let scale = ln_scale.exp();
        let allowed = match family {
            Family::Weighted => second.clamp(TAILS[0], TAILS[1]),
            Family::Shifted => second.clamp(self.start - FARTHEST * scale, self.start),
        };
        let side = Side { centre: 0.0, scale, weight: 0.0, share: 0.0 };
        let side = match family {
            Family::Weighted => Side { weight: allowed, ..side },
            Family::Shifted => Side { centre: allowed, ..side },
        };
        (side, (second - allowed).abs())
    }

    /// Maximum likelihood, of the likelier family.
    fn fit(&self) -> Tail {
        let of_family = |family: Family| {
            // Outside the range of tails the likelihood falls, so that the search comes back.
            let objective = |at: &[f64]| {
                let (side, outside) = self.side(family, [at[0], at[1]]);
                -self.ln_likelihood(&side) + 1e4 * outside
            };
            let search = NelderMead { x_tolerance: 1e-4, f_tolerance: 1e-9, restarts: 1, ..NelderMead::default() };
            let found = search.minimise(objective, &[0.0, 0.1], &[0.1, 0.08]);
            let at = found.map_or([0.0, 0.0], |minimum| [minimum.x[0], minimum.x[1]]);
            let side = self.side(family, at).0;
            Tail { family, at, side, ln_likelihood: self.ln_likelihood(&side) }
        };
        let [weighted, shifted] = [Family::Weighted, Family::Shifted].map(of_family);
        if shifted.ln_likelihood > weighted.ln_likelihood { shifted } else { weighted }
    }

    /// Laws of the same family that the cells allow, drawn from their posterior by walkers that stretch towards each other (Goodman and
    /// Weare 2010, doi:10.2140/camcos.2010.5.65).
    fn posterior(&self, best: &Tail) -> Vec<Side> {
        let ln_posterior = |at: [f64; 2]| {
            let (side, outside) = self.side(best.family, at);
            if outside > 0.0 { f64::NEG_INFINITY } else { self.ln_likelihood(&side) }
        };
        let mut rng = rng(0);
        let mut walkers: Vec<([f64; 2], f64)> = (0..WALKERS)
            .map(|_| {
                let at = best.at.map(|value| value + 1e-3 * Distribution::<f64>::sample(&StandardNormal, &mut rng));
                (at, ln_posterior(at))
            })
            .collect();
        let mut likely = Vec::new();
        for step in 0..STEPS {
            for index in 0..WALKERS {
                let (other, _) = walkers[(index + rng.random_range(1..WALKERS)) % WALKERS];
                let (own, height) = walkers[index];
                let stretch = (rng.random::<f64>() + 1.0).powi(2) / 2.0;
                let at = [0, 1].map(|k| other[k] + stretch * (own[k] - other[k]));
                let new = ln_posterior(at);
                if new > f64::NEG_INFINITY && stretch.ln() + new - height > rng.random::<f64>().ln() {
                    walkers[index] = (at, new);
                }
            }
            if step >= STEPS / 2 && step % KEPT_EVERY == 0 {
                likely.extend(walkers.iter().map(|(at, _)| self.side(best.family, *at).0));
            }
        }
        likely
    }

    /// The law with its share of all samples, where the cells hold a share `known` of what is below their end.
    fn with_share(&self, side: &Side, known: f64) -> Side {
        let weights = |cells: Range<usize>| cells.map(|index| self.ln_weight(side, index).exp()).sum::<f64>();
        let beyond = weights(CELLS..BEYOND * CELLS) / weights(0..CELLS).max(1e-300);
        Side { share: known * (1.0 + beyond) / (1.0 + known * beyond), ..*side }
    }
}
