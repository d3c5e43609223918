//! The logarithmic law of every structure, and the stress above which structures relax.

use crate::core::fit::{brent_minimise, rise_towards};
use crate::core::stats::CHI_SQUARED_95;

/// The gain of displacement per unit of ln t of a structure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLaw {
    /// Displacement per unit of ln t, m.
    pub gain: f64,
    /// Its standard error from the errors of the displacements, m.
    pub error: f64,
    /// Displacement at ln t = 0 of the line, m.
    pub start: f64,
    /// Sum of the squares of what is left, in errors.
    pub misfit: f64,
    /// Number of times.
    pub n: usize,
    /// ln of the first time less the mean of all, and the variance of the displacement there over that of the gain.
    pub lever: [f64; 2],
}

/// u = u₀ + A₁ ln t by least squares; `None` for fewer than two different times.
pub fn log_law(times: &[f64], displacements: &[f64], errors: &[f64]) -> Option<LogLaw> {
    let weights: Vec<f64> = errors.iter().map(|error| error.powi(-2)).collect();
    let total: f64 = weights.iter().sum();
    let x: Vec<f64> = times.iter().map(|time| time.ln()).collect();
    let mean = |values: &[f64]| values.iter().zip(&weights).map(|(value, weight)| value * weight).sum::<f64>() / total;
    let (mean_x, mean_u) = (mean(&x), mean(displacements));
    let xx: f64 = x.iter().zip(&weights).map(|(x, weight)| weight * (x - mean_x).powi(2)).sum();
    if xx.is_nan() || xx <= 0.0 {
        return None;
    }
    let xu: f64 = x.iter().zip(displacements).zip(&weights).map(|((x, u), weight)| weight * (x - mean_x) * (u - mean_u)).sum();
    let gain = xu / xx;
    let start = mean_u - gain * mean_x;
    let misfit = x.iter().zip(displacements).zip(errors).map(|((x, u), error)| ((u - start - gain * x) / error).powi(2)).sum();
    let lever = x[0] - mean_x;
    let lever = [lever, lever * lever + xx / total];
    Some(LogLaw { gain, error: xx.powf(-0.5), start, misfit, n: times.len(), lever })
}

/// u = u₀ + A₁ ln(1 + A₂ t).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FullLaw {
    /// A₁, m.
    pub gain: f64,
    /// A₂, 1/s.
    pub rate: f64,
    /// 95 % interval of A₂; an end is missing where the likelihood never falls so far.
    pub rate_interval: (Option<f64>, Option<f64>),
    /// Sum of the squares of what is left, in errors.
    pub misfit: f64,
}

/// The law with its early part; `None` for fewer than five times.
pub fn full_law(times: &[f64], displacements: &[f64], errors: &[f64]) -> Option<FullLaw> {
    let (first, last) = (times.first().copied()?, times.last().copied()?);
    if times.len() < 5 {
        return None;
    }
    let linear = |ln_rate: f64| {
        // The line in ln(1 + A₂ t) is that in ln of shifted times.
        let shifted: Vec<f64> = times.iter().map(|time| 1.0 + ln_rate.exp() * time).collect();
        log_law(&shifted, displacements, errors)
    };
    let at = |ln_rate: f64| linear(ln_rate).map_or(f64::INFINITY, |law| law.misfit);
    let (lo, hi) = ((0.01 / last).ln(), (1000.0 / first).ln());
    const GRID: usize = 40;
    let place = |k: usize| lo + (hi - lo) * k as f64 / GRID as f64;
    let k = (0..=GRID).min_by(|a, b| at(place(*a)).total_cmp(&at(place(*b))))?;
    let minimum = brent_minimise(at, place(k.saturating_sub(1)), place((k + 1).min(GRID)), 1e-6).ok()?;
    let scale = (minimum.value / (times.len() as f64 - 3.0)).max(1.0);
    let level = minimum.value + CHI_SQUARED_95 * scale;
    let end = |to: f64| rise_towards(at, level, minimum.x, to, 1e-6).map(f64::exp);
    let law = linear(minimum.x)?;
    Some(FullLaw { gain: law.gain, rate: minimum.x.exp(), rate_interval: (end(lo), end(hi)), misfit: law.misfit })
}

/// A structure: its stress, and how much of it is lost per unit of ln t.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Relaxing {
    /// At the first reading, Pa.
    pub stress: f64,
    /// Its standard error, Pa.
    pub stress_error: f64,
    /// K A₁, Pa.
    pub loss: f64,
    /// Its standard error, Pa.
    pub error: f64,
}

/// The stress above which structures relax.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Pa.
    pub value: f64,
    /// 95 % interval, Pa.
    pub interval: (f64, f64),
    /// Rate sensitivity above it.
    pub sensitivity: f64,
    /// Gain in the likelihood over one sensitivity for all, in twice its logarithm.
    pub gain: f64,
}

fn ratio(points: &[Relaxing]) -> (f64, f64) {
    let sum = |of: &dyn Fn(&Relaxing) -> f64| points.iter().map(|point| of(point) / point.error.powi(2)).sum::<f64>();
    (sum(&|point| point.loss * point.stress), sum(&|point| point.stress * point.stress))
}

/// Sensitivity of structures, loss = m stress, by least squares, with its standard error.
pub fn sensitivity(points: &[Relaxing]) -> Option<(f64, f64)> {
    let (xy, xx) = ratio(points);
    (xx > 0.0).then(|| (xy / xx, xx.powf(-0.5)))
}

/// No loss below the threshold, loss = m stress above: every place between two structures is tried.
///
/// The interval joins all places whose misfit is within 3.84 of the least, to the next structure on either side and 1.96 standard
/// errors of its stress beyond. `None` for
/// fewer than three structures on either side.
pub fn threshold(points: &[Relaxing]) -> Option<Threshold> {
    const EACH_SIDE: usize = 3;
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.stress.total_cmp(&b.stress));
    if sorted.len() < 2 * EACH_SIDE {
        return None;
    }
    let square = |point: &Relaxing, law: f64| ((point.loss - law) / point.error).powi(2);
    let misfit = |split: usize| {
        let (below, above) = sorted.split_at(split);
        let m = sensitivity(above).map_or(0.0, |(m, _)| m);
        below.iter().map(|point| square(point, 0.0)).sum::<f64>()
            + above.iter().map(|point| square(point, m * point.stress)).sum::<f64>()
    };
    let all: Vec<f64> = (0..=sorted.len()).map(misfit).collect();
    let inside = EACH_SIDE..=sorted.len() - EACH_SIDE;
    let best = inside.min_by(|a, b| all[*a].total_cmp(&all[*b]))?;
    let within: Vec<usize> = (1..sorted.len()).filter(|split| all[*split] <= all[best] + CHI_SQUARED_95).collect();
    let (first, last) = (within.first().copied()?, within.last().copied()?);
    let (m, _) = sensitivity(&sorted[best..])?;
    // Errors may have put structures out of order: all that may lie beyond the next one count.
    let above = sorted[last..].iter().map(|point| point.stress + 1.96 * point.stress_error);
    let hi = above.fold(f64::INFINITY, f64::min).max(sorted[last].stress);
    let below = sorted[..first].iter().map(|point| point.stress - 1.96 * point.stress_error);
    let lo = below.fold(f64::NEG_INFINITY, f64::max).min(sorted[first - 1].stress);
    Some(Threshold {
        value: 0.5 * (sorted[best - 1].stress + sorted[best].stress),
        interval: (lo, hi),
        sensitivity: m,
        gain: all[0].min(all[sorted.len()]) - all[best],
    })
}
