//! Do estimates agree, given what they share? Generalised least squares with shared systematics.
//!
//! y = μ 1 + A b + e, with e ~ N(0, s²) and b ~ N(0, 1): C = diag(s²) + A Aᵀ. A limit says that the value lies somewhere
//! beyond it, which the likelihood takes at its best: nothing inside, the squared excess outside.

use ndarray::{Array1, Array2};

use super::finding::Bound;
use super::linear::symmetric_inverse;
use crate::core::fit::{brent_minimise, brent_root};
use crate::core::stats::{NORMAL_95, chi_squared_tail, normal_cdf};

/// Below this probability no common value is given.
pub const INCONSISTENT: f64 = 0.01;
/// An estimate is named as the one that stands apart below this probability, corrected for the number of estimates.
const STANDS_APART: f64 = 0.04;
/// A shift of a systematic counts as removing a tension when the rest is at least as probable as this.
const REMOVED: f64 = 0.05;
/// Where a limit lies this many standard errors beyond the mean it cannot be in conflict.
const SATISFIED: f64 = -2.0;

/// Estimates of one quantity, in the space in which they are compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Estimates {
    /// Values.
    pub y: Vec<f64>,
    /// Statistical standard errors, positive.
    pub s: Vec<f64>,
    /// Change of each value per sigma of each systematic.
    pub a: Vec<Vec<f64>>,
    /// Limits.
    pub limits: Vec<Limit>,
}

/// A limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Where it lies.
    pub value: f64,
    /// Its standard error; zero for a sharp one.
    pub s: f64,
    /// Change per sigma of each systematic.
    pub a: Vec<f64>,
    /// Which side is allowed.
    pub bound: Bound,
}

/// What the test finds.
#[derive(Debug, Clone, PartialEq)]
pub struct Consistency {
    /// Generalised least squares mean.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
    /// Weighted sum of squares about the mean, limits included.
    pub chi2: f64,
    /// Number of estimates less one.
    pub dof: f64,
    /// Probability of a larger sum if all estimates are of one value; absent where there is nothing to test.
    pub p_value: Option<f64>,
    /// Square root of `chi2` per degree of freedom.
    pub birge: Option<f64>,
    /// Deviation of each estimate from the mean, over the error of that difference.
    pub pulls: Vec<f64>,
    /// The others without each estimate.
    pub without: Vec<Option<Without>>,
    /// Index of the estimate that stands apart from the others.
    pub outlier: Option<usize>,
    /// For every systematic, the shift that fits best.
    pub shifts: Vec<Option<Shift>>,
    /// Deviation of the mean beyond each limit, over its error.
    pub excess: Vec<f64>,
    /// The common value with its 95 % interval; absent when the estimates do not agree.
    pub common: Option<(f64, [f64; 2])>,
}

/// The other estimates without one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Without {
    /// Their mean.
    pub mean: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Probability that they agree; absent for a single one.
    pub p_value: Option<f64>,
    /// Distance of the estimate left out from what the others predict for it, over its error.
    pub z: f64,
}

/// A shift of a systematic.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    /// In its own sigmas.
    pub sigmas: f64,
    /// Probability that the estimates agree after it.
    pub p_after: Option<f64>,
}

impl Shift {
    /// Whether it is enough to make the estimates agree.
    pub fn removes_the_tension(&self) -> bool {
        self.p_after.is_none_or(|p| p >= REMOVED)
    }
}

/// Least squares of one subset of the estimates.
struct Fit {
    mean: f64,
    variance: f64,
    chi2: f64,
    inverse: Array2<f64>,
    /// C⁻¹ (y - mean).
    weighted: Array1<f64>,
}

impl Estimates {
    /// Tests whether all estimates are of one value; `None` without estimates, or where errors are not positive.
    pub fn test(&self) -> Option<Consistency> {
        let fit = self.fit(&self.all(), None)?;
        let n = self.y.len();
        let dof = n as f64 - 1.0;
        let excess: Vec<f64> = self.limits.iter().map(|limit| self.excess(&fit, limit)).collect();
        let chi2 = fit.chi2 + excess.iter().map(|z| z.max(0.0).powi(2)).sum::<f64>();
        let close = excess.iter().filter(|z| **z > SATISFIED).count();
        // Limits that are far from being reached are kept, whatever else there is.
        let kept = (!excess.is_empty()).then_some(1.0);
        let p_value = mixed_tail(chi2, dof, close).or(kept);
        let without: Vec<Option<Without>> = (0..n).map(|index| self.without(index)).collect();
        let common = if p_value.is_some_and(|p| p < INCONSISTENT) { None } else { self.common(&fit) };
        Some(Consistency {
            mean: fit.mean,
            variance: fit.variance,
            chi2,
            dof,
            p_value,
            birge: (dof > 0.0).then(|| (fit.chi2 / dof).sqrt()),
            pulls: (0..n).map(|i| self.pull(&fit, i)).collect(),
            outlier: outlier(&without),
            without,
            shifts: (0..self.n_systematics()).map(|j| self.shift(j)).collect(),
            excess,
            common,
        })
    }

    /// Number of systematics.
    pub fn n_systematics(&self) -> usize {
        self.a.iter().chain(self.limits.iter().map(|limit| &limit.a)).map(Vec::len).max().unwrap_or(0)
    }

    /// Variance of the mean, limits not counted: the inverse of the Fisher information.
    pub fn variance(&self) -> Option<f64> {
        self.fit(&self.all(), None).map(|fit| fit.variance)
    }

    fn all(&self) -> Vec<usize> {
        (0..self.y.len()).collect()
    }

    fn slope(&self, i: usize, j: usize) -> f64 {
        self.a[i].get(j).copied().unwrap_or(0.0)
    }

    /// Covariance of a subset, one systematic left free.
    fn covariance(&self, of: &[usize], free: Option<usize>) -> Array2<f64> {
        Array2::from_shape_fn((of.len(), of.len()), |(row, column)| {
            let (i, k) = (of[row], of[column]);
            let shared = (0..self.n_systematics()).filter(|j| Some(*j) != free).map(|j| self.slope(i, j) * self.slope(k, j));
            shared.sum::<f64>() + if i == k { self.s[i].powi(2) } else { 0.0 }
        })
    }

    fn fit(&self, of: &[usize], free: Option<usize>) -> Option<Fit> {
        if of.is_empty() {
            return None;
        }
        let inverse = symmetric_inverse(&self.covariance(of, free))?;
        let y: Array1<f64> = of.iter().map(|i| self.y[*i]).collect();
        let sums = inverse.sum_axis(ndarray::Axis(0));
        let information = sums.sum();
        let mean = sums.dot(&y) / information;
        let weighted = inverse.dot(&(&y - mean));
        Some(Fit { mean, variance: 1.0 / information, chi2: (&y - mean).dot(&weighted), inverse, weighted })
    }

    fn pull(&self, fit: &Fit, i: usize) -> f64 {
        let own = self.s[i].powi(2) + self.a[i].iter().map(|a| a * a).sum::<f64>();
        // The mean shares the error of each estimate: Var(y - μ) = Var(y) - Var(μ).
        (self.y[i] - fit.mean) / (own - fit.variance).max(f64::MIN_POSITIVE).sqrt()
    }

    fn without(&self, index: usize) -> Option<Without> {
        let others: Vec<usize> = (0..self.y.len()).filter(|i| *i != index).collect();
        let fit = self.fit(&others, None)?;
        let whole = self.fit(&self.all(), None)?;
        // What the others predict, systematics included, differs from y by (P y)_i / P_ii with variance 1 / P_ii.
        let sums = whole.inverse.row(index).sum();
        let precision = whole.inverse[[index, index]] - sums * sums * whole.variance;
        let p_value = mixed_tail(fit.chi2, others.len() as f64 - 1.0, 0);
        let z = whole.weighted[index] / precision.max(f64::MIN_POSITIVE).sqrt();
        Some(Without { mean: fit.mean, std_error: fit.variance.sqrt(), p_value, z })
    }

    /// The value of one systematic at which the estimates agree best.
    fn shift(&self, j: usize) -> Option<Shift> {
        let slopes: Array1<f64> = (0..self.y.len()).map(|i| self.slope(i, j)).collect();
        let spread =
            slopes.iter().fold(f64::NEG_INFINITY, |m, a| m.max(*a)) - slopes.iter().fold(f64::INFINITY, |m, a| m.min(*a));
        // Moving all estimates alike does not bring them together.
        if self.y.len() < 2 || spread.is_nan() || spread <= 1e-12 * slopes.iter().fold(0.0, |m: f64, a| m.max(a.abs())) {
            return None;
        }
        let fit = self.fit(&self.all(), Some(j))?;
        let sums = fit.inverse.sum_axis(ndarray::Axis(0));
        let along = fit.inverse.dot(&slopes);
        let curvature = slopes.dot(&along) - sums.dot(&slopes).powi(2) * fit.variance;
        let sigmas = slopes.dot(&fit.weighted) / curvature;
        let after = (fit.chi2 - sigmas * sigmas * curvature).max(0.0);
        sigmas.is_finite().then(|| Shift { sigmas, p_after: mixed_tail(after, self.y.len() as f64 - 2.0, 0) })
    }

    /// How far the mean lies beyond a limit, over the error of that distance.
    fn excess(&self, fit: &Fit, limit: &Limit) -> f64 {
        let shared = self.shared_with(limit);
        let covariance = fit.inverse.sum_axis(ndarray::Axis(0)).dot(&shared) * fit.variance;
        let own = limit.s.powi(2) + limit.a.iter().map(|a| a * a).sum::<f64>();
        let error = (fit.variance + own - 2.0 * covariance).max(f64::MIN_POSITIVE).sqrt();
        limit.bound.sign() * (fit.mean - limit.value) / error
    }

    /// Covariance of every estimate with a limit: A a.
    fn shared_with(&self, limit: &Limit) -> Array1<f64> {
        let with = |i: usize| limit.a.iter().enumerate().map(|(j, a)| a * self.slope(i, j)).sum::<f64>();
        (0..self.y.len()).map(with).collect()
    }

    /// The common value: of estimates alone the mean, with limits the maximum of the likelihood in which a limit counts only
    /// where it is exceeded.
    fn common(&self, fit: &Fit) -> Option<(f64, [f64; 2])> {
        let error = fit.variance.sqrt();
        if self.limits.is_empty() {
            return Some((fit.mean, [fit.mean - NORMAL_95 * error, fit.mean + NORMAL_95 * error]));
        }
        let y: Array1<f64> = self.y.iter().copied().collect();
        let conditioned: Vec<(Array1<f64>, f64)> = self
            .limits
            .iter()
            .map(|limit| {
                let shared = self.shared_with(limit);
                let gain = fit.inverse.dot(&shared);
                let own = limit.s.powi(2) + limit.a.iter().map(|a| a * a).sum::<f64>();
                // A sharp limit is smoothed by a thousandth of the error of the mean.
                let sd = (own - gain.dot(&shared)).max((1e-3 * error).powi(2)).sqrt();
                (gain, sd)
            })
            .collect();
        let objective = |mu: f64| {
            let residual = &y - mu;
            let one_sided = self.limits.iter().zip(&conditioned).map(|(limit, (gain, sd))| {
                let expected = mu + gain.dot(&residual);
                (limit.bound.sign() * (expected - limit.value) / sd).max(0.0).powi(2)
            });
            ((mu - fit.mean) / error).powi(2) + one_sided.sum::<f64>()
        };
        let reach = 12.0 * error;
        let best = brent_minimise(objective, fit.mean - reach, fit.mean + reach, 1e-6 * error).ok()?;
        let rise = |mu: f64| objective(mu) - best.value - NORMAL_95 * NORMAL_95;
        let lo = brent_root(rise, best.x - reach, best.x, 1e-12 * error.max(best.x.abs())).ok()?;
        let hi = brent_root(rise, best.x, best.x + reach, 1e-12 * error.max(best.x.abs())).ok()?;
        Some((best.x, [lo, hi]))
    }
}

impl Bound {
    /// +1 for an upper limit, -1 for a lower one.
    fn sign(self) -> f64 {
        match self {
            Self::Upper => 1.0,
            Self::Lower => -1.0,
        }
    }
}

/// The estimate farthest from what the others predict, where chance would rarely put one so far.
fn outlier(without: &[Option<Without>]) -> Option<usize> {
    // Of two estimates none is more apart than the other.
    if without.len() < 3 {
        return None;
    }
    let distances = without.iter().map(|without| without.map_or(0.0, |w| w.z.abs()));
    let (index, z) = distances.enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let p = 2.0 * normal_cdf(-z) * without.len() as f64;
    (p < STANDS_APART).then_some(index)
}

/// Probability of a larger chi-squared with `dof` degrees of freedom and `limits` one-sided terms, each of which counts half
/// of the time (chi-bar-squared).
fn mixed_tail(chi2: f64, dof: f64, limits: usize) -> Option<f64> {
    if dof + (limits as f64) < 0.5 {
        return None;
    }
    let mut p = 0.0;
    let mut ways = 0.5f64.powi(limits as i32);
    for active in 0..=limits {
        let dof = dof + active as f64;
        p += ways * if dof < 0.5 { f64::from(u8::from(chi2 <= 0.0)) } else { chi_squared_tail(chi2, dof).ok()? };
        ways *= (limits - active) as f64 / (active + 1) as f64;
    }
    Some(p)
}
