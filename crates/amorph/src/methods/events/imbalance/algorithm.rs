//! How far the counts of two signs are from equal, with false alarms and missed events on either side.

use crate::core::fit::{brent_minimise, brent_root};
use crate::core::special::ln_gamma;
use crate::core::stats::{CHI_SQUARED_95, chi_squared_tail};

/// Counts of one segment of one test.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Counts {
    /// Rising and falling events.
    pub found: [usize; 2],
    /// False alarms expected among them.
    pub background: [f64; 2],
}

impl Counts {
    /// All segments of a kind together.
    pub fn sum(all: &[Self]) -> Self {
        all.iter().fold(Self::default(), |total, one| Self {
            found: [0, 1].map(|side| total.found[side] + one.found[side]),
            background: [0, 1].map(|side| total.background[side] + one.background[side]),
        })
    }

    /// Events of both signs.
    pub fn n(&self) -> usize {
        self.found[0] + self.found[1]
    }
}

/// The imbalance of true events.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Imbalance {
    /// (μ₊ - μ₋)/(μ₊ + μ₋) of the largest likelihood.
    pub value: f64,
    /// 95 % interval by the likelihood ratio.
    pub interval: (f64, f64),
}

/// Imbalance D of two Poisson rates under known backgrounds b: N± ~ Poisson(M (1 ± D)/2 + b±), M profiled out.
///
/// `dispersion` is the factor by which counts scatter more than Poisson's law (1 where they do not). `None` without events.
pub fn imbalance(counts: &Counts, dispersion: f64) -> Option<Imbalance> {
    if counts.n() == 0 {
        return None;
    }
    let [a, b] = counts.found.map(|n| n as f64);
    let scale = dispersion.max(1.0);
    let term = |n: f64, mean: f64| mean - if n > 0.0 { n * mean.ln() } else { 0.0 };
    let at_total = |d: f64, total: f64| {
        let means = [0.5 * total * (1.0 + d) + counts.background[0], 0.5 * total * (1.0 - d) + counts.background[1]];
        2.0 * (term(a, means[0].max(1e-12)) + term(b, means[1].max(1e-12))) / scale
    };
    let most = (a + b + 10.0) * 4.0;
    let at = |d: f64| brent_minimise(|total| at_total(d, total), 0.0, most, 1e-9).map_or(f64::INFINITY, |found| found.value);
    let edge = 1.0 - 1e-9;
    let best = brent_minimise(at, -edge, edge, 1e-10).ok()?;
    // The likelihood may be largest at an end, where one sign is all background.
    let (x, least) =
        [(-edge, at(-edge)), (edge, at(edge)), (best.x, best.value)].into_iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let end = |to: f64| {
        if at(to) - least <= CHI_SQUARED_95 || (to - x).abs() < 1e-8 {
            return to;
        }
        brent_root(|d| at(d) - least - CHI_SQUARED_95, x.min(to), x.max(to), 1e-9).unwrap_or(to)
    };
    Some(Imbalance { value: x, interval: (end(-edge), end(edge)) })
}

/// Pearson's statistic over its degrees of freedom of the shares of tests about their common share, with its probability; `None` for
/// fewer than two tests with events.
pub fn dispersion(tests: &[Counts]) -> Option<(f64, f64)> {
    let known: Vec<&Counts> = tests.iter().filter(|counts| counts.n() > 0).collect();
    let total = Counts::sum(tests);
    let share = total.found[0] as f64 / total.n() as f64;
    if known.len() < 2 || share <= 0.0 || share >= 1.0 {
        return None;
    }
    let each = |counts: &&Counts| {
        let n = counts.n() as f64;
        (counts.found[0] as f64 - n * share).powi(2) / (n * share * (1.0 - share))
    };
    let statistic: f64 = known.iter().map(each).sum();
    let dof = (known.len() - 1) as f64;
    Some((statistic / dof, chi_squared_tail(statistic, dof).ok()?))
}

/// Exact two-sided probability (mid-p) of such counts where both signs are as likely, backgrounds in proportion.
pub fn mid_p(counts: &Counts) -> f64 {
    let n = counts.n();
    let ln_choose = |k: usize| ln_gamma(n as f64 + 1.0) - ln_gamma(k as f64 + 1.0) - ln_gamma((n - k) as f64 + 1.0);
    // Under the null both signs share what is no background.
    let true_each = 0.5 * (n as f64 - counts.background.iter().sum::<f64>()).max(0.0);
    let share = (true_each + counts.background[0]) / (2.0 * true_each + counts.background.iter().sum::<f64>());
    let probability = |k: usize| (ln_choose(k) + k as f64 * share.ln() + (n - k) as f64 * (1.0 - share).ln()).exp();
    let observed = counts.found[0];
    let below: f64 = (0..observed).map(probability).sum();
    let here = probability(observed);
    let lower = below + 0.5 * here;
    (2.0 * lower.min(1.0 - lower)).min(1.0)
}
