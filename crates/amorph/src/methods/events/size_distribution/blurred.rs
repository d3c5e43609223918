//! A truncated power law seen through rounding, errors of the sizes and incomplete detection.
//!
//! What is seen of an event is an integral over its true size `u`, in units of the smallest size that is fitted. Every one has the form
//! `I = Σ_j w_j exp(-α ln u_j - λ u_j)` with weights that do not depend on the law, so that the likelihood has exact derivatives at the price
//! of one exponential per node. Sizes enter through integrals on a grid, between which their logarithm is interpolated: the time of a fit
//! does not depend on the number of events.

use crate::core::fit::brent_minimise;
use crate::core::stats::normal_cdf;
use crate::core::stats::power_law::{GAUSS, LawMoments, Maximum, TruncatedPowerLaw};

/// Standard deviations of the error within which sizes are confused.
const REACH: f64 = 7.0;
/// Spacing of the grid in the logarithm of the size.
const SPACING: f64 = 0.04;
/// A cut-off this much larger than the smallest size cannot be told from none.
const LEAST_LAMBDA: f64 = 1e-12;
/// Steps of the Newton iterations.
const MAX_STEPS: usize = 100;

/// How sizes are detected and measured; sizes in units of the smallest that is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detection {
    /// Share of the largest events that are found.
    pub most: f64,
    /// Logarithm of the size of which half of them are found.
    pub mu: f64,
    /// Width of the rise, in the logarithm of the size; 0 for a sharp one.
    pub width: f64,
    /// Whether the chance depends on the true size, not on the measured one.
    pub of_true_size: bool,
    /// Mean relative error of a size.
    pub bias: f64,
    /// Standard deviation of a size.
    pub spread: f64,
    /// True sizes begin here.
    pub smallest: f64,
}

/// The likelihood of sizes that are not seen as they are.
#[derive(Debug, Clone)]
pub struct Blurred {
    n: f64,
    /// Weight of each integral in the log-likelihood.
    counts: Vec<f64>,
    integrals: Nodes,
    /// Sums of `ln u` and `u` of sizes that are seen exactly.
    exact: [f64; 2],
    normalisation: Nodes,
    /// Beyond this size all events are seen, with this chance.
    tail: (f64, f64),
}

/// Nodes of integrals, one after the other.
#[derive(Debug, Clone, Default)]
struct Nodes {
    ln_u: Vec<f64>,
    u: Vec<f64>,
    weight: Vec<f64>,
    ends: Vec<usize>,
}

/// Logarithm of an integral and the moments of `ln u` and `u` under it.
#[derive(Debug, Clone, Copy)]
struct Integral {
    ln: f64,
    mean: [f64; 2],
    /// Variance of `ln u`, covariance, variance of `u`.
    spread: [f64; 3],
}

/// The log-likelihood at a law, its slope and its curvature in `(α, λ)`.
#[derive(Debug, Clone, Copy)]
struct Local {
    value: f64,
    slope: [f64; 2],
    curvature: [f64; 3],
    /// Covariance of one event that is drawn from the law, times the number of events: a curvature that is never negative.
    fisher: [f64; 3],
}

/// Which parameters are fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Free {
    Both,
    Alpha,
    Lambda,
}

impl Detection {
    /// The chance to be found, of a size of the kind it depends on.
    pub fn share(&self, size: f64) -> f64 {
        if self.width <= 0.0 {
            return if size.ln() >= self.mu { self.most } else { 0.0 };
        }
        self.most * normal_cdf((size.ln() - self.mu) / self.width)
    }

    /// Sizes above which nothing is missed and errors of the size do not matter for being seen.
    fn complete_from(&self) -> f64 {
        let seen = (1.0 + (REACH + 1.0) * self.spread) / (1.0 + self.bias);
        seen.max((self.mu + 8.0 * self.width).exp()).max(1.5 * self.smallest)
    }
}

impl Nodes {
    fn push(&mut self, u: f64, weight: f64) {
        self.ln_u.push(u.ln());
        self.u.push(u);
        self.weight.push(weight);
    }

    fn close(&mut self) {
        self.ends.push(self.u.len());
    }

    fn rows(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start..*end)
    }

    fn integral(&self, row: std::ops::Range<usize>, law: TruncatedPowerLaw) -> Option<Integral> {
        let exponent = |j: usize| -law.alpha * self.ln_u[j] - law.lambda * self.u[j];
        let peak = row.clone().map(exponent).fold(f64::NEG_INFINITY, f64::max);
        let (mut total, mut ln, mut one, mut ln2, mut both, mut two) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for j in row {
            let part = self.weight[j] * (exponent(j) - peak).exp();
            let (l, u) = (self.ln_u[j], self.u[j]);
            total += part;
            ln += part * l;
            one += part * u;
            ln2 += part * l * l;
            both += part * l * u;
            two += part * u * u;
        }
        let (ln, one) = (ln / total, one / total);
        (total > 0.0).then(|| Integral {
            ln: peak + total.ln(),
            mean: [ln, one],
            spread: [ln2 / total - ln * ln, both / total - ln * one, two / total - one * one],
        })
    }
}

impl Integral {
    /// Both together.
    fn with(self, other: Self) -> Self {
        let top = self.ln.max(other.ln);
        let ln = top + ((self.ln - top).exp() + (other.ln - top).exp()).ln();
        let share = (other.ln - ln).exp();
        let apart = [other.mean[0] - self.mean[0], other.mean[1] - self.mean[1]];
        let between = [apart[0] * apart[0], apart[0] * apart[1], apart[1] * apart[1]];
        let mean = [self.mean[0] + share * apart[0], self.mean[1] + share * apart[1]];
        let spread = std::array::from_fn(|k| {
            (1.0 - share) * self.spread[k] + share * other.spread[k] + share * (1.0 - share) * between[k]
        });
        Self { ln, mean, spread }
    }

    /// All sizes above `from`.
    fn beyond(from: f64, chance: f64, law: TruncatedPowerLaw) -> Option<Self> {
        if law.lambda == 0.0 && law.alpha <= 1.0 {
            return None;
        }
        let m = LawMoments::of(TruncatedPowerLaw { lambda: law.lambda * from, ..law });
        Some(Self {
            ln: chance.ln() + (1.0 - law.alpha) * from.ln() + m.ln_z,
            mean: [from.ln() + m.mean_ln, from * m.mean],
            spread: [m.var_ln, from * m.covariance, from * from * m.var],
        })
    }
}

/// Nodes and weights over `panels` equal parts of an interval.
fn gauss(from: f64, to: f64, panels: usize) -> impl Iterator<Item = (f64, f64)> {
    let half = 0.5 * (to - from) / panels as f64;
    (0..panels).flat_map(move |panel| {
        let middle = from + half * (2 * panel + 1) as f64;
        GAUSS
            .into_iter()
            .flat_map(move |(node, weight)| [(middle - half * node, half * weight), (middle + half * node, half * weight)])
    })
}

fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
}

impl Blurred {
    /// Sizes rounded to multiples of `step`, ascending; sizes begin half a step below `lowest`, the lowest multiple that is kept.
    pub fn rounded(sizes: &[f64], step: f64, lowest: f64) -> Self {
        let mut integrals = Nodes::default();
        let mut counts: Vec<f64> = Vec::new();
        let mut last = f64::NAN;
        for size in sizes {
            let cell = (size / step).round();
            if cell == last {
                if let Some(count) = counts.last_mut() {
                    *count += 1.0;
                }
                continue;
            }
            last = cell;
            counts.push(1.0);
            gauss((cell - 0.5) * step, (cell + 0.5) * step, 1).for_each(|(u, weight)| integrals.push(u, weight));
            integrals.close();
        }
        let tail = (lowest - 0.5 * step, 1.0);
        Self { n: sizes.len() as f64, counts, integrals, exact: [0.0; 2], normalisation: Nodes::default(), tail }
    }

    /// Sizes of at least one, ascending, that were detected and measured like this.
    pub fn detected(sizes: &[f64], detection: &Detection) -> Self {
        let mut normalisation = Nodes::default();
        let from = detection.complete_from();
        // Without errors nothing below the smallest size is seen.
        let edge = if detection.spread > 0.0 { 0.0 } else { 1.0 / (1.0 + detection.bias) };
        let (low, high) = (detection.smallest.max(edge).ln(), from.ln());
        for (ln_u, weight) in gauss(low, high, 24) {
            let u = ln_u.exp();
            normalisation.push(u, weight * u * seen(detection, u));
        }
        normalisation.close();
        let mut blurred = Self {
            n: sizes.len() as f64,
            counts: Vec::new(),
            integrals: Nodes::default(),
            exact: [0.0; 2],
            normalisation,
            tail: (from, detection.most),
        };
        if detection.spread <= 0.0 {
            let scale = 1.0 + detection.bias;
            blurred.exact = sizes.iter().fold([0.0; 2], |sum, size| [sum[0] + (size / scale).ln(), sum[1] + size / scale]);
            return blurred;
        }
        let grid = grid(detection, sizes.last().copied().unwrap_or(1.0));
        for size in &grid {
            confused(detection, *size, &mut blurred.integrals);
        }
        blurred.counts = interpolation(&grid, sizes);
        blurred
    }

    /// The most likely law, on the edge `λ = 0` where the data ask for no cut-off.
    pub fn fit(&self) -> Maximum {
        let pure = self.fit_power_law();
        let mean = self.typical();
        let best = [0.1 / mean, 1.0 / mean, 0.01 / mean]
            .into_iter()
            .filter_map(|lambda| self.climb(TruncatedPowerLaw { alpha: 1.0, lambda }, Free::Both))
            .max_by(|a, b| a.ln_likelihood.total_cmp(&b.ln_likelihood));
        match best {
            Some(best) if best.ln_likelihood > pure.ln_likelihood && best.law.lambda > LEAST_LAMBDA => best,
            _ => pure,
        }
    }

    /// The most likely pure power law.
    pub fn fit_power_law(&self) -> Maximum {
        let at = |alpha: f64| -self.value(TruncatedPowerLaw { alpha, lambda: 0.0 });
        let least = Maximum { law: TruncatedPowerLaw { alpha: 2.0, lambda: 0.0 }, ln_likelihood: f64::NEG_INFINITY };
        let Ok(coarse) = brent_minimise(|ln| at(1.0 + ln.exp()), -7.0, 3.5, 1e-9) else { return least };
        let law = TruncatedPowerLaw { alpha: 1.0 + coarse.x.exp(), lambda: 0.0 };
        self.climb(law, Free::Alpha).unwrap_or(Maximum { law, ln_likelihood: -coarse.value })
    }

    /// The largest likelihood with this exponent.
    pub fn fit_at_alpha(&self, alpha: f64, lambda_guess: f64) -> Maximum {
        let pure = TruncatedPowerLaw { alpha, lambda: 0.0 };
        let pure = Maximum { law: pure, ln_likelihood: self.value(pure) };
        let guess = TruncatedPowerLaw { alpha, lambda: lambda_guess.max(1e-6 / self.typical()) };
        match self.climb(guess, Free::Lambda) {
            Some(best) if best.ln_likelihood > pure.ln_likelihood => best,
            _ => pure,
        }
    }

    /// The largest likelihood with this cut-off.
    pub fn fit_at_lambda(&self, lambda: f64, alpha_guess: f64) -> Maximum {
        if lambda == 0.0 {
            return self.fit_power_law();
        }
        let law = TruncatedPowerLaw { alpha: alpha_guess, lambda };
        self.climb(law, Free::Alpha).unwrap_or(Maximum { law, ln_likelihood: self.value(law) })
    }

    /// Number of events.
    pub fn n(&self) -> f64 {
        self.n
    }

    /// A size of the order of the mean, for starting values.
    pub fn typical(&self) -> f64 {
        if self.counts.is_empty() {
            return (self.exact[1] / self.n).max(1.0);
        }
        let rows = self.integrals.rows().zip(&self.counts);
        let sum: f64 = rows.map(|(row, count)| count * self.integrals.u[(row.start + row.end) / 2]).sum();
        (sum / self.n).max(1.0)
    }

    /// Covariance of `(α, λ)` from the curvature at a law: `[var α, cov, var λ]`.
    pub fn covariance(&self, law: TruncatedPowerLaw) -> Option<[f64; 3]> {
        let local = self.local(law)?;
        let [a, b, c] = local.curvature.map(|part| -part);
        let determinant = a * c - b * b;
        (determinant > 0.0 && a > 0.0).then(|| [c / determinant, -b / determinant, a / determinant])
    }

    /// Log-likelihood of a law; minus infinity where there is none.
    pub fn value(&self, law: TruncatedPowerLaw) -> f64 {
        self.local(law).map_or(f64::NEG_INFINITY, |local| local.value)
    }

    /// Logarithm of the integral over all sizes that are seen.
    pub fn ln_normalisation(&self, law: TruncatedPowerLaw) -> f64 {
        self.total(law).map_or(f64::INFINITY, |total| total.ln)
    }

    fn total(&self, law: TruncatedPowerLaw) -> Option<Integral> {
        let tail = Integral::beyond(self.tail.0, self.tail.1, law)?;
        match self.normalisation.rows().next() {
            None => Some(tail),
            Some(row) => Some(self.normalisation.integral(row, law).map_or(tail, |part| part.with(tail))),
        }
    }

    fn local(&self, law: TruncatedPowerLaw) -> Option<Local> {
        let total = self.total(law)?;
        let mut value = -self.n * total.ln - law.alpha * self.exact[0] - law.lambda * self.exact[1];
        let mut slope = [self.n * total.mean[0] - self.exact[0], self.n * total.mean[1] - self.exact[1]];
        let fisher = total.spread.map(|part| self.n * part);
        let mut curvature = fisher.map(|part| -part);
        for (row, count) in self.integrals.rows().zip(&self.counts) {
            if *count == 0.0 {
                continue;
            }
            let one = self.integrals.integral(row, law)?;
            value += count * one.ln;
            slope.iter_mut().zip(one.mean).for_each(|(slope, mean)| *slope -= count * mean);
            curvature.iter_mut().zip(one.spread).for_each(|(sum, part)| *sum += count * part);
        }
        value.is_finite().then_some(Local { value, slope, curvature, fisher })
    }

    /// Newton's method with ever shorter steps; where the likelihood is not concave along the covariance of the law instead.
    fn climb(&self, start: TruncatedPowerLaw, free: Free) -> Option<Maximum> {
        let mut law = start;
        let mut here = self.local(law)?;
        for _ in 0..MAX_STEPS {
            let (step, gain) = step(&here, free);
            let mut fraction = 1.0;
            if law.lambda + step[1] < 0.2 * law.lambda {
                fraction = -0.8 * law.lambda / step[1];
            }
            let next = (0..50).find_map(|halvings| {
                let fraction = fraction * 0.5f64.powi(halvings);
                let law = TruncatedPowerLaw { alpha: law.alpha + fraction * step[0], lambda: law.lambda + fraction * step[1] };
                self.local(law).filter(|local| local.value > here.value).map(|local| (law, local))
            });
            let Some((better, local)) = next else { break };
            let rise = local.value - here.value;
            (law, here) = (better, local);
            if gain <= 1e-12 || rise <= 1e-12 * (1.0 + here.value.abs()) || (free != Free::Alpha && law.lambda < LEAST_LAMBDA) {
                break;
            }
        }
        Some(Maximum { law, ln_likelihood: here.value })
    }
}

/// Newton's step and what it promises.
fn step(here: &Local, free: Free) -> ([f64; 2], f64) {
    let [g_alpha, g_lambda] = here.slope;
    let solve = |[a, b, c]: [f64; 3]| -> Option<[f64; 2]> {
        let determinant = a * c - b * b;
        match free {
            Free::Alpha if a > 0.0 => Some([g_alpha / a, 0.0]),
            Free::Lambda if c > 0.0 => Some([0.0, g_lambda / c]),
            Free::Both if determinant > 0.0 && a > 0.0 => {
                Some([(c * g_alpha - b * g_lambda) / determinant, (a * g_lambda - b * g_alpha) / determinant])
            }
            _ => None,
        }
    };
    let step = solve(here.curvature.map(|part| -part)).or_else(|| solve(here.fisher)).unwrap_or([0.0; 2]);
    (step, step[0] * g_alpha + step[1] * g_lambda)
}

/// The chance that an event of true size `u` is seen with a size of at least one.
fn seen(detection: &Detection, u: f64) -> f64 {
    let (mean, spread) = (u * (1.0 + detection.bias), detection.spread);
    if spread <= 0.0 {
        let share = if detection.of_true_size { detection.share(u) } else { detection.share(mean) };
        return if mean >= 1.0 { share } else { 0.0 };
    }
    if detection.of_true_size {
        return detection.share(u) * normal_cdf((mean - 1.0) / spread);
    }
    let (low, high) = ((mean - 8.0 * spread).max(1.0), mean + 8.0 * spread);
    if high <= low {
        return 0.0;
    }
    gauss(low, high, 6).map(|(x, weight)| weight * detection.share(x) * normal_density((x - mean) / spread) / spread).sum()
}

/// Adds the true sizes that may have been measured as `size`.
fn confused(detection: &Detection, size: f64, into: &mut Nodes) {
    let scale = 1.0 + detection.bias;
    let spread = detection.spread;
    let low = ((size - REACH * spread) / scale).max(detection.smallest);
    let high = ((size + REACH * spread) / scale).max(low * (1.0 + 1e-9));
    let of_measured = if detection.of_true_size { 1.0 } else { detection.share(size) };
    for (u, weight) in gauss(low, high, 4) {
        let of_true = if detection.of_true_size { detection.share(u) } else { 1.0 };
        let density = normal_density((size - u * scale) / spread) / spread;
        into.push(u, (weight * density * of_true * of_measured).max(f64::MIN_POSITIVE));
    }
    into.close();
}

/// Sizes at which integrals are done: closer where the lower edge of the law is within reach.
pub(super) fn grid(detection: &Detection, largest: f64) -> Vec<f64> {
    let edge = detection.smallest * (1.0 + detection.bias) + 2.0 * REACH * detection.spread;
    let mut grid = vec![1.0];
    let mut x = 1.0;
    while x < largest * (1.0 + SPACING) || grid.len() < 5 {
        let near = if x < edge { detection.spread / 3.0 } else { f64::INFINITY };
        x += (SPACING * x).min(near).max(1e-3 * x);
        grid.push(x);
    }
    grid
}

/// Weights with which the logarithms on a grid sum to those at sizes in between (cubic).
fn interpolation(grid: &[f64], sizes: &[f64]) -> Vec<f64> {
    let mut weights = vec![0.0; grid.len()];
    for size in sizes {
        let above = grid.partition_point(|x| x <= size);
        let first = above.saturating_sub(2).min(grid.len() - 4);
        let places = &grid[first..first + 4];
        for (k, at) in places.iter().enumerate() {
            let others = places.iter().enumerate().filter(|(other, _)| *other != k);
            weights[first + k] += others.map(|(_, other)| (size - other) / (at - other)).product::<f64>();
        }
    }
    weights
}

/// Cumulative distribution of measured sizes, tabulated on a grid.
#[derive(Debug, Clone)]
pub struct Measured {
    grid: Vec<f64>,
    density: Vec<f64>,
    below: Vec<f64>,
}

impl Measured {
    /// Of a law; a power law between neighbours on the grid.
    pub fn of(law: TruncatedPowerLaw, detection: &Detection, largest: f64) -> Self {
        let grid = grid(detection, largest);
        let mut nodes = Nodes::default();
        grid.iter().for_each(|size| confused(detection, *size, &mut nodes));
        let norm = Blurred::detected(&[], detection).ln_normalisation(law);
        let density: Vec<f64> =
            nodes.rows().map(|row| nodes.integral(row, law).map_or(0.0, |integral| (integral.ln - norm).exp())).collect();
        let mut below = vec![0.0];
        for k in 1..grid.len() {
            below.push(below[k - 1] + power_area(grid[k - 1], density[k - 1], grid[k], density[k]));
        }
        Self { grid, density, below }
    }

    /// Probability of a smaller size.
    pub fn below(&self, size: f64) -> f64 {
        let above = self.grid.partition_point(|x| *x <= size).clamp(1, self.grid.len() - 1);
        let (x0, x1) = (self.grid[above - 1], self.grid[above]);
        let (g0, g1) = (self.density[above - 1], self.density[above]);
        let g = if g0 > 0.0 && g1 > 0.0 { g0 * (size / x0).powf((g1 / g0).ln() / (x1 / x0).ln()) } else { 0.0 };
        (self.below[above - 1] + power_area(x0, g0, size, g)).clamp(0.0, 1.0)
    }

    /// Largest distance to data, ascending.
    pub fn distance(&self, sizes: &[f64]) -> f64 {
        let n = sizes.len() as f64;
        sizes.iter().enumerate().fold(0.0f64, |largest, (index, size)| {
            let below = self.below(*size);
            largest.max((index + 1) as f64 / n - below).max(below - index as f64 / n)
        })
    }
}

/// Area below a power law through two points.
fn power_area(x0: f64, g0: f64, x1: f64, g1: f64) -> f64 {
    let ratio = (x1 / x0).ln();
    if g0 <= 0.0 || g1 <= 0.0 || ratio <= 0.0 {
        return 0.5 * (g0 + g1) * (x1 - x0).max(0.0);
    }
    let p = (g1 / g0).ln() / ratio + 1.0;
    if (p * ratio).abs() < 1e-6 { x0 * g0 * ratio } else { (x1 * g1 - x0 * g0) / p }
}
