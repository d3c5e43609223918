//! Which law of relaxation the structures of a chip follow together, by Akaike's criterion.
//!
//! What is a property of the glass (an exponent, a time, the stress scale of the flow rule) is common to all structures; displacement and
//! amplitude are each structure's own.

use crate::core::fit::{NelderMead, brent_minimise};

/// Readings of one structure.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Ascending, s.
    pub times: Vec<f64>,
    /// m.
    pub displacements: Vec<f64>,
    /// Standard errors, m.
    pub errors: Vec<f64>,
    /// Fall of the stress per displacement, Pa/m.
    pub stiffness: f64,
}

/// A law of the displacement over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// u = u₀ + A₁ ln t.
    Logarithm,
    /// u = u₀ + A₁ ln(1 + A₂ t).
    LogarithmWithStart,
    /// u = u₀ + A t^p.
    Power,
    /// u = u₀ + A (1 - exp(-(t/τ)^β)).
    StretchedExponential,
    /// The flow rule rate = r sinh((σ - σ_th)/s) on an actuator that unloads, with the same s and r for all.
    SinhFlow,
}

/// A law at its best.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The law.
    pub law: Law,
    /// What is common to all structures: nothing, A₂ (1/s), p, τ (s) and β, or s (Pa) and r (1/s).
    pub common: Vec<f64>,
    /// Sum of the squares of what is left, in errors.
    pub misfit: f64,
    /// Number of parameters.
    pub parameters: usize,
}

impl Compared {
    /// Akaike's criterion of readings whose errors are known: misfit + 2 parameters.
    pub fn aic(&self) -> f64 {
        self.misfit + 2.0 * self.parameters as f64
    }
}

impl Law {
    /// Name in the field's terms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Logarithm => "logarithm",
            Self::LogarithmWithStart => "logarithm with start",
            Self::Power => "power",
            Self::StretchedExponential => "stretched exponential",
            Self::SinhFlow => "sinh flow rule",
        }
    }

    /// Whether it is one of the two logarithms.
    pub fn is_logarithm(self) -> bool {
        matches!(self, Self::Logarithm | Self::LogarithmWithStart)
    }

    /// What is common to all structures, in words, with units.
    pub fn common(self) -> &'static str {
        match self {
            Self::Logarithm => "",
            Self::LogarithmWithStart => "A2 (1/s)",
            Self::Power => "exponent",
            Self::StretchedExponential => "time (s), stretching exponent",
            Self::SinhFlow => "M kT/V (Pa), rate (1/s)",
        }
    }
}

/// All laws at their best, that of the least AIC first; empty where the readings leave fewer than three degrees of freedom beyond a line
/// per structure.
pub fn compare(all: &[Series]) -> Vec<Compared> {
    let free: usize = all.iter().map(|series| series.times.len().saturating_sub(2)).sum();
    let times = || all.iter().flat_map(|series| series.times.iter().copied());
    let (first, last) = (times().fold(f64::INFINITY, f64::min), times().fold(0.0, f64::max));
    if free < 3 || first.is_nan() || last <= first {
        return Vec::new();
    }
    let lines = 2 * all.len();
    let mut found =
        vec![Compared { law: Law::Logarithm, common: Vec::new(), misfit: of_lines(all, f64::ln), parameters: lines }];
    let start = |ln_rate: f64| of_lines(all, |time| (ln_rate.exp() * time).ln_1p());
    found.extend(scanned(start, (0.01 / last).ln(), (100.0 / first).ln()).map(|(ln_rate, misfit)| Compared {
        law: Law::LogarithmWithStart,
        common: vec![ln_rate.exp()],
        misfit,
        parameters: lines + 1,
    }));
    // An exponent of zero is the logarithm: the power is taken about the middle of the times, where it goes over into it.
    let middle = (first * last).sqrt();
    let power = |p: f64| of_lines(all, |time| if p == 0.0 { time.ln() } else { ((time / middle).ln() * p).exp_m1() / p });
    found.extend(scanned(power, -2.0, 2.0).map(|(p, misfit)| Compared {
        law: Law::Power,
        common: vec![p],
        misfit,
        parameters: lines + 1,
    }));
    found.extend(stretched(all, first, last));
    found.extend(sinh_flow(all, first, last));
    found.sort_by(|a, b| a.aic().total_cmp(&b.aic()));
    found
}

/// Misfit of u = u₀ + A g(t), both free in every structure.
fn of_lines(all: &[Series], g: impl Fn(f64) -> f64) -> f64 {
    all.iter().map(|series| line_misfit(series, &g)).sum()
}

fn line_misfit(series: &Series, g: &impl Fn(f64) -> f64) -> f64 {
    let readings = || series.times.iter().zip(&series.displacements).zip(&series.errors);
    let (mut w, mut x, mut y) = (0.0, 0.0, 0.0);
    for ((time, u), error) in readings() {
        let weight = error.powi(-2);
        w += weight;
        x += weight * g(*time);
        y += weight * u;
    }
    let (mean_x, mean_y) = (x / w, y / w);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for ((time, u), error) in readings() {
        let (dx, dy, weight) = (g(*time) - mean_x, u - mean_y, error.powi(-2));
        xx += weight * dx * dx;
        xy += weight * dx * dy;
        yy += weight * dy * dy;
    }
    if xx > 0.0 && xx.is_finite() { (yy - xy * xy / xx).max(0.0) } else { yy }
}

/// The least misfit over one number.
fn scanned(misfit: impl Fn(f64) -> f64, lo: f64, hi: f64) -> Option<(f64, f64)> {
    const GRID: usize = 40;
    let place = |k: usize| lo + (hi - lo) * k as f64 / GRID as f64;
    let values: Vec<f64> = (0..=GRID).map(|k| misfit(place(k))).collect();
    let k = (0..=GRID).min_by(|a, b| values[*a].total_cmp(&values[*b]))?;
    let minimum = brent_minimise(misfit, place(k.saturating_sub(1)), place((k + 1).min(GRID)), 1e-6).ok()?;
    Some((minimum.x, minimum.value))
}

fn search() -> NelderMead {
    NelderMead { x_tolerance: 1e-4, f_tolerance: 1e-4, restarts: 1, ..NelderMead::default() }
}

/// A number within limits, for searches without.
fn within(x: f64, lo: f64, hi: f64) -> f64 {
    lo + (hi - lo) / (1.0 + (-x).exp())
}

fn stretched(all: &[Series], first: f64, last: f64) -> Option<Compared> {
    let (lo, hi) = ((0.1 * first).ln(), (10.0 * last).ln());
    let misfit = |ln_tau: f64, beta: f64| of_lines(all, |time| -(-((time.ln() - ln_tau) * beta).exp()).exp_m1());
    let at = |x: &[f64]| misfit(within(x[0], lo, hi), within(x[1], 0.1, 1.5));
    let starts = [-1.5, 0.0, 1.5].into_iter().flat_map(|tau| [-1.5, 0.0].map(|beta| [tau, beta]));
    let best = starts.min_by(|a, b| at(a).total_cmp(&at(b)))?;
    let minimum = search().minimise(at, &best, &[0.5, 0.5]).ok()?;
    let common = vec![within(minimum.x[0], lo, hi).exp(), within(minimum.x[1], 0.1, 1.5)];
    Some(Compared { law: Law::StretchedExponential, common, misfit: minimum.value, parameters: 2 * all.len() + 2 })
}

/// y = (σ - σ_th)/s a time after it was `start`: tanh(y/2) = tanh(start/2) exp(-r t), exact.
fn excess(start: f64, fall: f64) -> f64 {
    // 1 - tanh(y/2) = 2/(exp(y) + 1), so that nothing is lost where tanh is close to one.
    let rest = 2.0 / (start.exp() + 1.0);
    let below = rest + fall - rest * fall;
    ((2.0 - below) / below).ln()
}

/// Misfit of the flow rule; the excess at the first reading and the displacement there are the structure's own.
fn flow_misfit(series: &Series, scale: f64, rate: f64) -> f64 {
    let amplitude = scale / series.stiffness;
    let first = series.times[0];
    let falls: Vec<f64> = series.times.iter().map(|time| -(-rate * (time - first)).exp_m1()).collect();
    let weights: Vec<f64> = series.errors.iter().map(|error| error.powi(-2)).collect();
    let total: f64 = weights.iter().sum();
    let misfit = |start: f64| {
        let left = |k: usize| series.displacements[k] - amplitude * (start - excess(start, falls[k]));
        let mean = (0..falls.len()).map(|k| weights[k] * left(k)).sum::<f64>() / total;
        (0..falls.len()).map(|k| weights[k] * (left(k) - mean).powi(2)).sum::<f64>()
    };
    const GRID: usize = 16;
    let place = |k: usize| 1e-3 + 48.0 * k as f64 / GRID as f64;
    let Some(k) = (0..=GRID).min_by(|a, b| misfit(place(*a)).total_cmp(&misfit(place(*b)))) else { return f64::INFINITY };
    brent_minimise(misfit, place(k.saturating_sub(1)), place((k + 1).min(GRID)), 1e-3)
        .map_or(f64::INFINITY, |minimum| minimum.value)
}

fn sinh_flow(all: &[Series], first: f64, last: f64) -> Option<Compared> {
    // The logarithmic law gives the scale: s = K A₁.
    let slope = |series: &Series| {
        let (from, to) = (series.displacements[0], *series.displacements.last()?);
        Some(series.stiffness * (to - from) / (series.times.last()? / series.times[0]).ln())
    };
    let mut scales: Vec<f64> = all.iter().filter_map(slope).filter(|scale| *scale > 0.0).collect();
    scales.sort_by(f64::total_cmp);
    let typical = *scales.get(scales.len() / 2)?;
    // From rates at which no structure ends to such at which all do.
    let (lo, hi) = ((1e-15 / (last - first)).ln(), (20.0 / (last - first)).ln());
    let at = |x: &[f64]| {
        let (scale, rate) = (typical * x[0].clamp(-3.0, 3.0).exp(), within(x[1], lo, hi).exp());
        all.iter().map(|series| flow_misfit(series, scale, rate)).sum::<f64>()
    };
    let starts = [-2.0, 0.0, 2.0].map(|rate| [0.0, rate]);
    let best = starts.into_iter().min_by(|a, b| at(a).total_cmp(&at(b)))?;
    let minimum = search().minimise(at, &best, &[0.2, 1.0]).ok()?;
    let common = vec![typical * minimum.x[0].clamp(-3.0, 3.0).exp(), within(minimum.x[1], lo, hi).exp()];
    Some(Compared { law: Law::SinhFlow, common, misfit: minimum.value, parameters: 2 * all.len() + 2 })
}
