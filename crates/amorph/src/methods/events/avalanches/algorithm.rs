//! Sizes of avalanches whose cut-off grows with the stress, and how sizes go with durations.

use crate::core::fit::{FitError, brent_root};
use crate::core::stats::CHI_SQUARED_95;
use crate::core::stats::power_law::{LawMoments, TruncatedPowerLaw};

/// Nodes in `ln(1 - f)`.
const NODES: usize = 48;
/// Steps of the search for a maximum.
const MAX_STEPS: usize = 200;
/// Search steps towards the end of an interval.
const MAX_DOUBLINGS: usize = 30;

/// `D(S) ~ S^-κ exp(-S/S_max)` with `S_max = S0 (1 - f)^-p`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StressedLaw {
    /// `κ`.
    pub exponent: f64,
    /// `S0`, in units of the smallest size.
    pub scale: f64,
    /// `p`.
    pub power: f64,
}

/// A law and its log-likelihood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StressedFit {
    /// The law.
    pub law: StressedLaw,
    /// Its log-likelihood, of sizes in units of the smallest.
    pub ln_likelihood: f64,
}

/// Avalanches at stresses, condensed to sums at nodes: the time of a fit does not depend on their number.
///
/// With `y = S/S_min` and `λ(f) = (1 - f)^p S_min/S0`, `ln L = -κ Σ ln y - Σ λ(f) y - Σ ln Z(κ, λ(f))`. Both sums over `f` are those of smooth
/// functions of `ln(1 - f)`, interpolated between nodes.
#[derive(Debug, Clone)]
pub struct Stressed {
    n: f64,
    sum_ln: f64,
    nodes: Vec<f64>,
    /// Weights of `ln Z` at the nodes.
    events: Vec<f64>,
    /// Weights of `λ` at the nodes.
    sizes: Vec<f64>,
}

impl Stressed {
    /// From `(f, y)`, stress over the critical one and size over the smallest; `None` unless `0 <= f < 1` and `y >= 1` for all.
    pub fn of(avalanches: &[(f64, f64)]) -> Option<Self> {
        if avalanches.is_empty() || !avalanches.iter().all(|(f, y)| (0.0..1.0).contains(f) && *y >= 1.0 && y.is_finite()) {
            return None;
        }
        let distances: Vec<f64> = avalanches.iter().map(|(f, _)| (1.0 - f).ln()).collect();
        let low = distances.iter().copied().fold(f64::INFINITY, f64::min);
        let high = distances.iter().copied().fold(f64::NEG_INFINITY, f64::max).max(low + 1e-6);
        let step = (high - low) / (NODES - 1) as f64;
        let nodes: Vec<f64> = (0..NODES).map(|k| low + k as f64 * step).collect();
        let (mut events, mut sizes) = (vec![0.0; NODES], vec![0.0; NODES]);
        for (distance, (_, y)) in distances.iter().zip(avalanches) {
            let place = (distance - low) / step;
            let first = (place as usize).saturating_sub(1).min(NODES - 4);
            let t = place - first as f64;
            let weights = [
                -(t - 1.0) * (t - 2.0) * (t - 3.0) / 6.0,
                t * (t - 2.0) * (t - 3.0) / 2.0,
                -t * (t - 1.0) * (t - 3.0) / 2.0,
                t * (t - 1.0) * (t - 2.0) / 6.0,
            ];
            for (k, weight) in weights.into_iter().enumerate() {
                events[first + k] += weight;
                sizes[first + k] += weight * y;
            }
        }
        let sum_ln = avalanches.iter().map(|(_, y)| y.ln()).sum();
        Some(Self { n: avalanches.len() as f64, sum_ln, nodes, events, sizes })
    }

    /// Number of avalanches.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// Log-likelihood of a law.
    pub fn ln_likelihood(&self, law: StressedLaw) -> f64 {
        let mut sum = -law.exponent * self.sum_ln;
        for ((node, events), sizes) in self.nodes.iter().zip(&self.events).zip(&self.sizes) {
            let lambda = (law.power * node).exp() / law.scale;
            sum -= lambda * sizes + events * LawMoments::of(TruncatedPowerLaw { alpha: law.exponent, lambda }).ln_z;
        }
        sum
    }

    /// The most likely law.
    ///
    /// # Errors
    /// [`FitError`] where the search fails.
    pub fn fit(&self) -> Result<StressedFit, FitError> {
        let guess = StressedLaw { exponent: 1.5, scale: (2.0 * self.mean_size()).max(2.0), power: 1.5 };
        self.fit_with(guess, [None; 3])
    }

    fn mean_size(&self) -> f64 {
        self.sizes.iter().sum::<f64>() / self.n
    }

    /// The most likely law with some of `(κ, ln S0, p)` held: steps along the information of one event, halved until they gain.
    fn fit_with(&self, guess: StressedLaw, held: [Option<f64>; 3]) -> Result<StressedFit, FitError> {
        let start = [guess.exponent, guess.scale.ln(), guess.power];
        let mut at: [f64; 3] = std::array::from_fn(|place| held[place].unwrap_or(start[place]));
        let law = |at: [f64; 3]| StressedLaw { exponent: at[0], scale: at[1].exp(), power: at[2] };
        let mut value = self.ln_likelihood(law(at));
        for _ in 0..MAX_STEPS {
            let (slope, information) = self.slope(law(at));
            let Some(step) = solved(slope, information, held.map(|held| held.is_none())) else { break };
            let gain: f64 = step.iter().zip(slope).map(|(step, slope)| step * slope).sum();
            let next = (0..40).find_map(|halvings| {
                let fraction = 0.5f64.powi(halvings);
                let next: [f64; 3] = std::array::from_fn(|place| at[place] + (fraction * step[place]).clamp(-2.0, 2.0));
                let there = self.ln_likelihood(law(next));
                (there > value).then_some((next, there))
            });
            let Some((next, there)) = next else { break };
            (at, value) = (next, there);
            if gain < 1e-9 {
                break;
            }
        }
        if !value.is_finite() || at.iter().any(|value| value.abs() > 200.0) {
            return Err(FitError::BadInterval { lower: at[0], upper: at[2] });
        }
        Ok(StressedFit { law: law(at), ln_likelihood: value })
    }

    /// Slope of the log-likelihood in `(κ, ln S0, p)`, and the expected curvature, with its sign reversed.
    fn slope(&self, law: StressedLaw) -> ([f64; 3], [[f64; 3]; 3]) {
        let (mut slope, mut information) = ([-self.sum_ln, 0.0, 0.0], [[0.0; 3]; 3]);
        for ((node, events), sizes) in self.nodes.iter().zip(&self.events).zip(&self.sizes) {
            let lambda = (law.power * node).exp() / law.scale;
            let m = LawMoments::of(TruncatedPowerLaw { alpha: law.exponent, lambda });
            // How λ goes with (ln S0, p).
            let by = [-lambda, node * lambda];
            let excess = events * m.mean - sizes;
            slope[0] += events * m.mean_ln;
            information[0][0] += events * m.var_ln;
            for i in 0..2 {
                slope[i + 1] += excess * by[i];
                information[0][i + 1] += events * m.covariance * by[i];
                for j in 0..2 {
                    information[i + 1][j + 1] += events * m.var * by[i] * by[j];
                }
            }
        }
        information[1][0] = information[0][1];
        information[2][0] = information[0][2];
        (slope, information)
    }

    /// 95 % intervals of `κ`, `S0` and `p` from the profiles of the likelihood.
    ///
    /// # Errors
    /// [`FitError`] where a side has no end: the stresses or sizes span too little.
    pub fn intervals(&self, fit: &StressedFit) -> Result<[(f64, f64); 3], FitError> {
        let best = [fit.law.exponent, fit.law.scale.ln(), fit.law.power];
        let steps = [1.0, 2.0, 3.0].map(|size| size / self.n.sqrt());
        let end = |place: usize, direction: f64| -> Result<f64, FitError> {
            let guess = std::cell::Cell::new(fit.law);
            let excess = |value: f64| {
                let mut held = [None; 3];
                held[place] = Some(value);
                match self.fit_with(guess.get(), held) {
                    Ok(found) => {
                        guess.set(found.law);
                        2.0 * (fit.ln_likelihood - found.ln_likelihood) - CHI_SQUARED_95
                    }
                    Err(_) => f64::NAN,
                }
            };
            let (mut inner, mut step) = (best[place], direction * steps[place]);
            for _ in 0..MAX_DOUBLINGS {
                let outer = best[place] + step;
                if excess(outer) > 0.0 {
                    return brent_root(excess, inner.min(outer), inner.max(outer), 1e-4 * step.abs());
                }
                inner = outer;
                step *= 2.0;
            }
            Err(FitError::BadInterval { lower: best[place], upper: inner })
        };
        let of = |place: usize| Ok::<_, FitError>((end(place, -1.0)?, end(place, 1.0)?));
        let ((scale_lo, scale_hi), exponent, power) = (of(1)?, of(0)?, of(2)?);
        Ok([exponent, (scale_lo.exp(), scale_hi.exp()), power])
    }
}

/// Solves `information step = slope` for the free parameters; the others do not move.
fn solved(slope: [f64; 3], mut information: [[f64; 3]; 3], is_free: [bool; 3]) -> Option<[f64; 3]> {
    let mut right = slope;
    for place in 0..3 {
        if !is_free[place] {
            (0..3).for_each(|other| {
                information[place][other] = 0.0;
                information[other][place] = 0.0;
            });
            information[place][place] = 1.0;
            right[place] = 0.0;
        }
    }
    // Elimination of a positive definite matrix needs no exchange of rows.
    for column in 0..3 {
        let pivot = information[column][column];
        if pivot.is_nan() || pivot <= 0.0 {
            return None;
        }
        for row in column + 1..3 {
            let factor = information[row][column] / pivot;
            let above = information[column];
            information[row].iter_mut().zip(above).for_each(|(cell, above)| *cell -= factor * above);
            right[row] -= factor * right[column];
        }
    }
    let mut step = [0.0; 3];
    for row in (0..3).rev() {
        let known: f64 = (row + 1..3).map(|k| information[row][k] * step[k]).sum();
        step[row] = (right[row] - known) / information[row][row];
    }
    step.iter().all(|value| value.is_finite()).then_some(step)
}

/// Slope of `ln S` over `ln T` by least squares: `⟨S|T⟩ ~ T^slope`.
pub fn size_duration_slope(pairs: &[(f64, f64)]) -> f64 {
    let n = pairs.len() as f64;
    let logs = || pairs.iter().map(|(size, duration)| (duration.ln(), size.ln()));
    let (mx, my) = logs().fold((0.0, 0.0), |(x, y), (a, b)| (x + a / n, y + b / n));
    let (xy, xx) = logs().fold((0.0, 0.0), |(xy, xx), (a, b)| (xy + (a - mx) * (b - my), xx + (a - mx) * (a - mx)));
    xy / xx
}
