//! The largest disk mean of a pattern without reflections, and who differs from it.

use crate::core::fit::NelderMead;

/// Gumbel's law of a maximum: `F(t) = exp(-exp(-(t - location) / scale))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gumbel {
    /// Most probable value.
    pub location: f64,
    /// Width.
    pub scale: f64,
}

impl Gumbel {
    /// `F(t)`.
    pub fn cumulative(&self, t: f64) -> f64 {
        (-(-(t - self.location) / self.scale).exp()).exp()
    }

    /// `1 - F(t)`, accurate where it is small.
    pub fn tail(&self, t: f64) -> f64 {
        -(-(-(t - self.location) / self.scale).exp()).exp_m1()
    }

    /// Probability density.
    pub fn density(&self, t: f64) -> f64 {
        let z = (t - self.location) / self.scale;
        (-z - (-z).exp()).exp() / self.scale
    }

    /// The value exceeded with probability `tail`.
    pub fn exceeded_with(&self, tail: f64) -> f64 {
        self.location - self.scale * (-(-tail).ln_1p()).ln()
    }

    /// Maximum likelihood from the values up to `cut` alone, of a law cut off there.
    ///
    /// `ascending` holds all values; `None` where fewer than ten lie below the cut, or all are equal.
    pub fn fit_below(ascending: &[f64], cut: f64) -> Option<Self> {
        let low = &ascending[..ascending.partition_point(|t| *t <= cut)];
        let (first, last) = (*low.first()?, *low.last()?);
        if low.len() < 10 || last <= first {
            return None;
        }
        Self::maximise(low, Some(cut))
    }

    /// Maximum likelihood from all values; `None` where fewer than ten are given, or all are equal.
    pub fn fit(ascending: &[f64]) -> Option<Self> {
        let (first, last) = (*ascending.first()?, *ascending.last()?);
        if ascending.len() < 10 || last <= first { None } else { Self::maximise(ascending, None) }
    }

    fn maximise(ascending: &[f64], cut: Option<f64>) -> Option<Self> {
        let (first, last) = (*ascending.first()?, *ascending.last()?);
        let n = ascending.len() as f64;
        let minus_ln_likelihood = |x: &[f64]| {
            let scale = x[1].exp();
            let term = |t: &f64| {
                let z = (t - x[0]) / scale;
                z + (-z).exp()
            };
            // -ln F(cut) = exp(-z).
            let at_cut = cut.map_or(0.0, |cut| (-(cut - x[0]) / scale).exp());
            ascending.iter().map(term).sum::<f64>() + n * x[1] - n * at_cut
        };
        let spread = 0.5 * (last - first);
        // Far above the cut the law is an exponential, and location and scale say the same thing.
        let bounded = |x: &[f64]| {
            let possible = (x[0] - last).abs() < 40.0 * spread && x[1].exp() < 20.0 * spread && x[1].exp() > 1e-3 * spread;
            if possible { minus_ln_likelihood(x) } else { f64::INFINITY }
        };
        let search = NelderMead { x_tolerance: 1e-6, f_tolerance: 1e-11, max_evaluations: 2000, restarts: 1 };
        let start = if cut.is_some() { last } else { 0.5 * (first + last) };
        let minimum = search.minimise(bounded, &[start, (0.5 * spread).ln()], &[0.5 * spread, 0.4]).ok()?;
        Some(Self { location: minimum.x[0], scale: minimum.x[1].exp() })
    }
}

/// What the null says about a scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Probability of a pattern without reflections to look like this one or more so.
    pub p: Vec<f64>,
    /// Whether it is rejected.
    pub flagged: Vec<bool>,
    /// The statistic above which patterns are rejected.
    pub threshold: f64,
    /// Patterns rejected.
    pub n_flagged: usize,
}

/// Benjamini & Hochberg (1995) at false-discovery rate `q`, all patterns taken as possible nulls. The probability of a pattern is the
/// largest that one of the laws `nulls` (at least one) gives it.
pub fn judge(t: &[f64], nulls: &[Gumbel], q: f64) -> Verdict {
    let largest = |t: &f64| nulls.iter().map(|null| null.tail(*t)).fold(0.0, f64::max);
    let p: Vec<f64> = t.iter().map(largest).collect();
    let mut ascending = p.clone();
    ascending.sort_by(f64::total_cmp);
    let n = p.len() as f64;
    let n_flagged = (1..=p.len()).rev().find(|j| ascending[j - 1] <= q * *j as f64 / n).unwrap_or(0);
    let level = q * n_flagged.max(1) as f64 / n;
    let flagged = p.iter().map(|p| n_flagged > 0 && *p <= level).collect();
    let threshold = nulls.iter().map(|null| null.exceeded_with(level)).fold(f64::NEG_INFINITY, f64::max);
    Verdict { p, flagged, threshold, n_flagged }
}

/// For every probability the smallest false-discovery rate at which its pattern is rejected (Benjamini and Hochberg's adjusted probability).
pub fn adjusted(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|a, b| p[*b].total_cmp(&p[*a]));
    let (mut adjusted, mut least) = (vec![1.0; p.len()], 1.0f64);
    for (from_last, index) in order.into_iter().enumerate() {
        let rank = (p.len() - from_last) as f64;
        least = least.min(p[index] * p.len() as f64 / rank);
        adjusted[index] = least;
    }
    adjusted
}

/// Share of patterns that the part of the law below `cut` does not explain: `1 - min(1, share below / F(cut))`.
pub fn mixture_fraction(ascending: &[f64], cut: f64, null: &Gumbel) -> f64 {
    let below = ascending.partition_point(|t| *t <= cut) as f64 / ascending.len().max(1) as f64;
    1.0 - (below / null.cumulative(cut)).min(1.0)
}
