//! Shares of patterns in regions: how they scatter, and whether they change with strain.

use rand::seq::SliceRandom;
use rayon::prelude::*;

use crate::core::fit::{NelderMead, brent_minimise, brent_root};
use crate::core::random::{derive_seed, rng};
use crate::core::stats::{chi_squared_tail, student_t_quantile, student_t_tail};

/// Patterns of one unit of replication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    /// Strain.
    pub strain: f64,
    /// Patterns with reflections.
    pub x: f64,
    /// Patterns.
    pub n: f64,
}

impl Count {
    /// Share of patterns with reflections.
    pub fn share(&self) -> f64 {
        self.x / self.n
    }
}

/// Largest number of labellings that are all tried.
const EXHAUSTIVE: f64 = 2e5;

/// Labellings drawn otherwise.
const DRAWN: usize = 99_999;

/// Half of the fall of twice the log-likelihood at the ends of a 95 % interval.
const HALF_FALL: f64 = 1.920_729_4;

/// Largest correlation within a region that is looked at.
const LARGEST_RHO: f64 = 0.95;

/// Log-likelihood of a beta-binomial count, without the binomial coefficient, for mean `p` and correlation `rho` within the region.
///
/// `Σ ln(p + iθ) + Σ ln(1 - p + iθ) - Σ ln(1 + iθ)` with `θ = rho/(1 - rho)`; at `rho = 0` the binomial.
pub fn ln_likelihood(count: &Count, p: f64, rho: f64) -> f64 {
    let theta = rho / (1.0 - rho);
    let sum = |n: f64, from: f64| (0..n as usize).map(|i| (from + i as f64 * theta).ln()).sum::<f64>();
    sum(count.x, p) + sum(count.n - count.x, 1.0 - p) - sum(count.n, 1.0)
}

/// Maximum likelihood of a mean per group and one correlation.
#[derive(Debug, Clone, PartialEq)]
pub struct BetaBinomial {
    /// Mean of every group.
    pub p: Vec<f64>,
    /// Correlation of two patterns of one region.
    pub rho: f64,
    /// Where twice the logarithm of the profile falls by 3.84; not a 95 % interval: it covers in 90 to 99.8 %.
    pub rho_interval: (f64, f64),
    /// Log-likelihood, binomial coefficients left out.
    pub ln_likelihood: f64,
}

fn best_p(group: &[Count], rho: f64) -> (f64, f64) {
    let minus = |p: f64| -group.iter().map(|count| ln_likelihood(count, p, rho)).sum::<f64>();
    match brent_minimise(minus, 1e-6, 1.0 - 1e-6, 1e-9) {
        Ok(found) => (found.x, -found.value),
        Err(_) => (f64::NAN, f64::NEG_INFINITY),
    }
}

/// Log-likelihood at the best means for a correlation.
fn profile(groups: &[Vec<Count>], rho: f64) -> f64 {
    groups.iter().map(|group| best_p(group, rho).1).sum()
}

/// Fits a mean per group and a common correlation; `None` without groups.
pub fn beta_binomial(groups: &[Vec<Count>]) -> Option<BetaBinomial> {
    if groups.is_empty() || groups.iter().any(Vec::is_empty) {
        return None;
    }
    let at_zero = profile(groups, 0.0);
    let found = brent_minimise(|rho| -profile(groups, rho), 0.0, LARGEST_RHO, 1e-7).ok()?;
    let (rho, best) = if -found.value > at_zero { (found.x, -found.value) } else { (0.0, at_zero) };
    let fall = |at: f64| best - profile(groups, at) - HALF_FALL;
    let lo = if fall(0.0) <= 0.0 { 0.0 } else { brent_root(fall, 0.0, rho, 1e-7).unwrap_or(0.0) };
    let hi = if fall(LARGEST_RHO) <= 0.0 { 1.0 } else { brent_root(fall, rho, LARGEST_RHO, 1e-7).unwrap_or(1.0) };
    let p = groups.iter().map(|group| best_p(group, rho).0).collect();
    Some(BetaBinomial { p, rho, rho_interval: (lo, hi), ln_likelihood: best })
}

/// Slope of logit p over `covariate` with a common correlation, and the probability of so large a likelihood ratio without one.
pub fn logistic_trend(counts: &[Count], covariate: &[f64]) -> Option<(f64, f64)> {
    let middle = covariate.iter().sum::<f64>() / covariate.len() as f64;
    let spread = (covariate.iter().map(|c| (c - middle).powi(2)).sum::<f64>() / covariate.len() as f64).sqrt();
    let share = counts.iter().map(|count| count.x).sum::<f64>() / counts.iter().map(|count| count.n).sum::<f64>();
    if spread <= 0.0 || !(0.0 < share && share < 1.0) {
        return None;
    }
    let minus = |intercept: f64, slope: f64, root: f64| {
        let rho = root * root;
        if rho > LARGEST_RHO || intercept.abs() > 30.0 || slope.abs() > 30.0 {
            return f64::INFINITY;
        }
        let one = |(count, c): (&Count, &f64)| {
            let p = 1.0 / (1.0 + (-intercept - slope * (c - middle) / spread).exp());
            ln_likelihood(count, p.clamp(1e-9, 1.0 - 1e-9), rho)
        };
        -counts.iter().zip(covariate).map(one).sum::<f64>()
    };
    let search = NelderMead { x_tolerance: 1e-6, f_tolerance: 1e-9, max_evaluations: 4000, restarts: 2 };
    let start = (share / (1.0 - share)).ln();
    let with = search.minimise(|x| minus(x[0], x[1], x[2]), &[start, 0.0, 0.2], &[0.3, 0.3, 0.15]).ok()?;
    let without = search.minimise(|x| minus(x[0], 0.0, x[1]), &[start, 0.2], &[0.3, 0.15]).ok()?;
    let ratio = 2.0 * (without.value - with.value);
    Some((with.x[1] / spread, chi_squared_tail(ratio.max(0.0), 1.0).ok()?))
}

/// Cochran and Armitage's z of a trend in pooled counts: patterns taken as independent.
pub fn cochran_armitage(counts: &[Count]) -> Option<f64> {
    let n: f64 = counts.iter().map(|count| count.n).sum();
    let p = counts.iter().map(|count| count.x).sum::<f64>() / n;
    let middle = counts.iter().map(|count| count.n * count.strain).sum::<f64>() / n;
    let score: f64 = counts.iter().map(|count| (count.strain - middle) * (count.x - count.n * p)).sum();
    let variance = p * (1.0 - p) * counts.iter().map(|count| count.n * (count.strain - middle).powi(2)).sum::<f64>();
    (variance > 0.0).then(|| score / variance.sqrt())
}

/// Pearson's statistic of equal shares in the regions of one group, and its degrees of freedom.
pub fn homogeneity(group: &[Count]) -> (f64, f64) {
    let p = group.iter().map(|c| c.x).sum::<f64>() / group.iter().map(|c| c.n).sum::<f64>();
    let one = |count: &Count| (count.x - count.n * p).powi(2) / (count.n * p * (1.0 - p));
    let sum = if p > 0.0 && p < 1.0 { group.iter().map(one).sum() } else { 0.0 };
    (sum, group.len() as f64 - 1.0)
}

/// A mean with Student's interval over the units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// The mean.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
}

/// Mean of the shares of units; `None` of fewer than three.
pub fn mean(values: &[f64]) -> Option<Mean> {
    let n = values.len() as f64;
    if values.len() < 3 {
        return None;
    }
    let value = values.iter().sum::<f64>() / n;
    let std_error = (values.iter().map(|v| (v - value).powi(2)).sum::<f64>() / (n - 1.0) / n).sqrt();
    let reach = student_t_quantile(0.975, n - 1.0).ok()? * std_error;
    Some(Mean { value, std_error, interval: (value - reach, value + reach) })
}

/// Mean of shares with Student's interval on the scale of logits, where the scatter of units that differ is less skew; `None` of fewer than
/// three. Without an interval (NaN) where all are equal, or the mean lies outside [`SHARES`].
pub fn mean_share(shares: &[f64]) -> Option<Mean> {
    let plain = mean(shares)?;
    let value = plain.value;
    if !(SHARES.0..=SHARES.1).contains(&value) || plain.std_error <= 0.0 {
        return Some(Mean { interval: (f64::NAN, f64::NAN), ..plain });
    }
    let logit = (value / (1.0 - value)).ln();
    let reach = (plain.interval.1 - value) / (value * (1.0 - value));
    let share = |logit: f64| 1.0 / (1.0 + (-logit).exp());
    Some(Mean { interval: (share(logit - reach), share(logit + reach)), ..plain })
}

/// Mean shares whose interval covers.
pub const SHARES: (f64, f64) = (0.05, 0.95);

/// Difference of the means of two groups with Welch's interval; `None` where one has fewer than three.
pub fn difference(a: &[f64], b: &[f64]) -> Option<Mean> {
    contrast(a, b).map(|(mean, _)| mean)
}

/// As [`difference`], with Welch's two-sided probability of so large a one between equal means.
pub fn contrast(a: &[f64], b: &[f64]) -> Option<(Mean, f64)> {
    let (first, second) = (mean(a)?, mean(b)?);
    let squares = [first.std_error.powi(2), second.std_error.powi(2)];
    let std_error = (squares[0] + squares[1]).sqrt();
    if std_error <= 0.0 {
        return None;
    }
    let rest = squares[0].powi(2) / (a.len() as f64 - 1.0) + squares[1].powi(2) / (b.len() as f64 - 1.0);
    let dof = std_error.powi(4) / rest;
    let reach = student_t_quantile(0.975, dof).ok()? * std_error;
    let value = second.value - first.value;
    let p = 2.0 * student_t_tail((value / std_error).abs(), dof).ok()?;
    Some((Mean { value, std_error, interval: (value - reach, value + reach) }, p.min(1.0)))
}

/// Slope of `y` over `x` with the other covariates taken off both, and Student's interval; `None` without freedom.
pub fn slope(x: &[f64], y: &[f64], others: &[&[f64]]) -> Option<Mean> {
    let dof = x.len() as f64 - 2.0 - others.len() as f64;
    let (mut x, mut y) = (centred(x), centred(y));
    for other in others {
        let other = centred(other);
        x = without(&x, &other);
        y = without(&y, &other);
    }
    let square: f64 = x.iter().map(|x| x * x).sum();
    if dof < 1.0 || square <= 0.0 {
        return None;
    }
    let value = x.iter().zip(&y).map(|(x, y)| x * y).sum::<f64>() / square;
    let rest: f64 = x.iter().zip(&y).map(|(x, y)| (y - value * x).powi(2)).sum();
    let std_error = (rest / dof / square).sqrt();
    let reach = student_t_quantile(0.975, dof).ok()? * std_error;
    Some(Mean { value, std_error, interval: (value - reach, value + reach) })
}

fn centred(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter().map(|value| value - mean).collect()
}

fn without(values: &[f64], other: &[f64]) -> Vec<f64> {
    let square: f64 = other.iter().map(|o| o * o).sum();
    let factor = if square > 0.0 { values.iter().zip(other).map(|(v, o)| v * o).sum::<f64>() / square } else { 0.0 };
    values.iter().zip(other).map(|(v, o)| v - factor * o).collect()
}

/// Probability, over labellings of the units with the same covariates, of a statistic at least as large; and how many were tried.
///
/// All labellings are tried where there are at most 2e5, else 1e5 are drawn.
pub fn permutation_p(covariate: &[f64], statistic: impl Fn(&[f64]) -> f64 + Sync, seed: u64) -> (f64, usize) {
    let observed = statistic(covariate);
    let reached = |value: f64| value >= observed - 1e-12 * observed.abs().max(1e-300);
    let mut labels: Vec<(f64, usize)> = Vec::new();
    for value in covariate {
        match labels.iter_mut().find(|(known, _)| known == value) {
            Some((_, n)) => *n += 1,
            None => labels.push((*value, 1)),
        }
    }
    let ln_factorial = |n: usize| crate::core::special::ln_gamma(n as f64 + 1.0);
    let total = (ln_factorial(covariate.len()) - labels.iter().map(|(_, n)| ln_factorial(*n)).sum::<f64>()).exp().round();
    if total <= EXHAUSTIVE {
        let (mut n, mut k) = (0usize, 0usize);
        every_labelling(&mut labels, &mut Vec::with_capacity(covariate.len()), covariate.len(), &mut |labelling| {
            n += 1;
            k += usize::from(reached(statistic(labelling)));
        });
        return (k as f64 / n as f64, n);
    }
    let drawn = (0..DRAWN).into_par_iter().filter(|i| {
        let mut shuffled = covariate.to_vec();
        shuffled.shuffle(&mut rng(derive_seed(seed, &["labelling".into(), (*i).into()])));
        reached(statistic(&shuffled))
    });
    ((drawn.count() + 1) as f64 / (DRAWN + 1) as f64, DRAWN + 1)
}

fn every_labelling(labels: &mut [(f64, usize)], so_far: &mut Vec<f64>, n: usize, visit: &mut impl FnMut(&[f64])) {
    if so_far.len() == n {
        visit(so_far);
        return;
    }
    for i in 0..labels.len() {
        if labels[i].1 == 0 {
            continue;
        }
        labels[i].1 -= 1;
        so_far.push(labels[i].0);
        every_labelling(labels, so_far, n, visit);
        so_far.pop();
        labels[i].1 += 1;
    }
}

/// `|Σ (c - mean)(y - mean)|`: the size of a trend.
pub fn trend_statistic(covariate: &[f64], y: &[f64]) -> f64 {
    centred(covariate).iter().zip(y).map(|(c, y)| c * y).sum::<f64>().abs()
}

/// Sum over groups of n (mean - grand mean)²: how far the groups are apart.
pub fn means_statistic(labels: &[f64], y: &[f64]) -> f64 {
    let grand = y.iter().sum::<f64>() / y.len() as f64;
    let mut groups: Vec<(f64, f64, f64)> = Vec::new();
    for (label, y) in labels.iter().zip(y) {
        match groups.iter_mut().find(|(known, ..)| known == label) {
            Some((_, n, sum)) => (*n, *sum) = (*n + 1.0, *sum + y),
            None => groups.push((*label, 1.0, *y)),
        }
    }
    groups.iter().map(|(_, n, sum)| n * (sum / n - grand).powi(2)).sum()
}

/// Standard deviation of shares within their groups, and its degrees of freedom.
pub fn pooled_deviation(groups: &[Vec<f64>]) -> Option<(f64, f64)> {
    let dof: f64 = groups.iter().map(|group| group.len() as f64 - 1.0).sum();
    let square: f64 = groups.iter().flat_map(|group| centred(group)).map(|value| value * value).sum();
    (dof >= 1.0).then(|| ((square / dof).sqrt(), dof))
}

/// Difference of two means of `n` units each that is found in four of five experiments, at 5 %.
pub fn detectable_difference(deviation: f64, dof: f64, n: [f64; 2]) -> Option<f64> {
    let quantiles = student_t_quantile(0.975, dof).ok()? + student_t_quantile(0.8, dof).ok()?;
    Some(quantiles * deviation * (1.0 / n[0] + 1.0 / n[1]).sqrt())
}
