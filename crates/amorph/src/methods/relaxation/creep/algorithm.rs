//! Laws of a strain that grows at constant stress.

use crate::core::dense::Cholesky;
use crate::core::fit::{Fit, FitError, LeastSquares, Parameter};
use crate::methods::relaxation::holds::Bins;
use crate::methods::relaxation::numerics::{aicc, correlation_inflation};

/// Bins per decade of time: the mean of a flow over one differs from that at its middle by two parts in 100 000.
pub const PER_DECADE: f64 = 100.0;

/// A law of the strain, `a + b f(t) + c t/T`, T the end of the hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// Flow alone.
    Maxwell,
    /// One retardation time, `f = 1 - exp(-t/τ)`, and flow.
    Burgers,
    /// Spread retardation times, `f = 1 - exp(-(t/τ)^β)`, without flow.
    Stretched,
    /// The same with flow.
    StretchedFlow,
    /// `f = (t/T)^β` without flow.
    Power,
    /// The same with flow; Andrade's law for β = 1/3.
    PowerFlow,
}

/// Places of the parameters.
pub mod place {
    /// Strain at once.
    pub const A: usize = 0;
    /// Strain that comes later.
    pub const B: usize = 1;
    /// Strain by flow over the hold.
    pub const C: usize = 2;
    /// ln τ.
    pub const LN_TIME: usize = 3;
    /// β.
    pub const EXPONENT: usize = 4;
}
use place::{A, B, C, EXPONENT, LN_TIME};

impl Law {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Maxwell, Self::Burgers, Self::Stretched, Self::StretchedFlow, Self::Power, Self::PowerFlow];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Maxwell => "maxwell",
            Self::Burgers => "burgers",
            Self::Stretched => "stretched",
            Self::StretchedFlow => "stretched_flow",
            Self::Power => "power",
            Self::PowerFlow => "power_flow",
        }
    }

    /// Whether it flows.
    pub fn flows(self) -> bool {
        !matches!(self, Self::Stretched | Self::Power)
    }

    /// Whether its late part has a time.
    pub fn has_time(self) -> bool {
        matches!(self, Self::Burgers | Self::Stretched | Self::StretchedFlow)
    }

    /// Whether its late part has an exponent.
    pub fn has_exponent(self) -> bool {
        !matches!(self, Self::Maxwell | Self::Burgers)
    }

    /// `f`; zero where nothing comes later.
    pub fn shape(self, t: f64, end: f64, ln_time: f64, exponent: f64) -> f64 {
        match self {
            Self::Maxwell => 0.0,
            Self::Burgers => -(-(t.ln() - ln_time).exp()).exp_m1(),
            Self::Stretched | Self::StretchedFlow => -(-(exponent * (t.ln() - ln_time)).exp()).exp_m1(),
            Self::Power | Self::PowerFlow => (t / end).powf(exponent),
        }
    }

    fn at(self, p: &[f64], t: f64, end: f64) -> f64 {
        p[A] + p[B] * self.shape(t, end, p[LN_TIME], p[EXPONENT]) + p[C] * t / end
    }

    /// `(ln τ, β)` at which the linear parameters are tried.
    fn grid(self, first: f64, last: f64) -> Vec<(f64, f64)> {
        let ln_time = |part: f64| first.ln() + part * (last / first).ln();
        let exponents: &[f64] = if self.has_exponent() { &[0.25, 0.5, 0.8] } else { &[1.0] };
        let parts: &[f64] = if self.has_time() { &[0.1, 0.3, 0.5, 0.65, 0.8, 0.95, 1.2] } else { &[1.0] };
        parts.iter().flat_map(|part| exponents.iter().map(move |exponent| (ln_time(*part), *exponent))).collect()
    }

    fn parameters(self, start: &[f64; 5], first: f64, last: f64) -> Vec<Parameter> {
        let held = |parameter: Parameter, free: bool| if free { parameter } else { parameter.fixed() };
        let (a, b, c) = (start[A], start[B], start[C]);
        vec![
            Parameter::new("a", a).scale(1.0),
            held(Parameter::new("b", b.max(1e-9)).scale(0.1).within(0.0, 1e3), self != Self::Maxwell),
            held(Parameter::new("c", c.max(0.0)).scale(0.1).within(0.0, 1e3), self.flows()),
            held(
                Parameter::new("ln τ", start[LN_TIME]).scale(1.0).within((0.1 * first).ln(), (100.0 * last).ln()),
                self.has_time(),
            ),
            held(Parameter::new("β", start[EXPONENT]).scale(0.1).within(0.05, 1.0), self.has_exponent()),
        ]
    }
}

/// A fitted law.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Which.
    pub law: Law,
    /// The fit, in units of `scale`.
    pub fit: Fit,
    /// Strain that is one.
    pub scale: f64,
    /// End of the hold, s.
    pub end: f64,
    /// What errors are multiplied by for residuals that are alike.
    pub inflation: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
    problem: LeastSquares,
}

fn residuals(law: Law, bins: &Bins, scale: f64, end: f64) -> impl Fn(&[f64]) -> Vec<f64> {
    move |p: &[f64]| bins.times.iter().zip(&bins.values).map(|(t, strain)| law.at(p, *t, end) - strain / scale).collect()
}

/// The best a, b, c of a law for given ln τ and β, none of b and c below zero; and the weighted sum of squares.
fn linear(law: Law, bins: &Bins, scale: f64, end: f64, (ln_time, exponent): (f64, f64)) -> Option<(f64, [f64; 5])> {
    let solve = |with_late: bool, with_flow: bool| {
        let used: Vec<usize> =
            [(A, true), (B, with_late), (C, with_flow)].into_iter().filter(|(_, used)| *used).map(|(k, _)| k).collect();
        let n = used.len();
        let (mut matrix, mut right) = (vec![0.0; n * n], vec![0.0; n]);
        for ((t, strain), weight) in bins.times.iter().zip(&bins.values).zip(&bins.counts) {
            let all = [1.0, law.shape(*t, end, ln_time, exponent), t / end];
            let row: Vec<f64> = used.iter().map(|k| all[*k]).collect();
            for ((value, line), own) in right.iter_mut().zip(matrix.chunks_mut(n)).zip(&row) {
                *value += weight * own * strain / scale;
                line.iter_mut().zip(&row).for_each(|(cell, other)| *cell += weight * own * other);
            }
        }
        let found = Cholesky::of(&matrix, n)?.solve(&right);
        let mut p = [0.0, 0.0, 0.0, ln_time, exponent];
        used.iter().zip(found).for_each(|(k, value)| p[*k] = value);
        let left = |((t, strain), weight): ((&f64, &f64), &f64)| weight * (law.at(&p, *t, end) - strain / scale).powi(2);
        Some((bins.times.iter().zip(&bins.values).zip(&bins.counts).map(left).sum::<f64>(), p))
    };
    let late = law != Law::Maxwell;
    let tries = [(late, law.flows()), (late, false), (false, law.flows())].into_iter().filter_map(|(b, c)| solve(b, c));
    let possible = tries.filter(|(_, p)| p[B] >= 0.0 && p[C] >= 0.0);
    possible.min_by(|a, b| a.0.total_cmp(&b.0))
}

/// Starts that are followed.
const FOLLOWED: usize = 3;

/// Fits one law to bins, weighted by their readings.
///
/// # Errors
/// As [`LeastSquares::fit`].
pub fn fit(law: Law, bins: &Bins) -> Result<Fitted, FitError> {
    let (first, end) = (bins.times[0], bins.times[bins.times.len() - 1]);
    let scale = bins.values.iter().fold(0.0f64, |most, value| most.max(value.abs())).max(f64::MIN_POSITIVE);
    let model = residuals(law, bins, scale, end);
    let mut starts: Vec<(f64, [f64; 5])> =
        law.grid(first, end).into_iter().filter_map(|shape| linear(law, bins, scale, end, shape)).collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let problem = |start: &[f64; 5]| {
        LeastSquares::new(law.parameters(start, first, end)).weights(bins.counts.clone()).tolerance(1e-12).patience(300)
    };
    let (problem, fit) = LeastSquares::best_of(starts.iter().take(FOLLOWED).map(|(_, start)| problem(start)), &model)?;
    let weighted: Vec<f64> = fit.residuals.iter().zip(&bins.counts).map(|(r, n)| r * n.sqrt()).collect();
    let (inflation, correlation) = correlation_inflation(std::iter::once(weighted.as_slice()));
    Ok(Fitted { law, fit, scale, end, inflation, correlation, problem })
}

impl Fitted {
    /// 95 % profile interval of a parameter, widened for residuals that are alike; `None` for an end that is not there.
    pub fn interval(&self, bins: &Bins, index: usize) -> (Option<f64>, Option<f64>) {
        let model = residuals(self.law, bins, self.scale, self.end);
        let Ok(found) = self.problem.profile_interval(&model, &self.fit, index, 0.95) else { return (None, None) };
        let value = self.fit.params[index];
        let wide = |end: f64| value + self.inflation * (end - value);
        // Only a flow or a late strain can end at zero, which is "none".
        let lower = found.lower.map(wide).filter(|lo| !(matches!(index, B | C) && *lo <= 0.0));
        (lower, found.upper.map(wide))
    }

    /// Akaike's criterion; `inflation` of the best law counts bins that are alike once.
    pub fn aicc(&self, inflation: f64) -> f64 {
        aicc(&self.fit, inflation)
    }

    /// Strain.
    pub fn strain(&self, t: f64) -> f64 {
        self.scale * self.law.at(&self.fit.params, t, self.end)
    }

    /// Strain rate, 1/s.
    pub fn rate(&self, t: f64) -> f64 {
        let step = 1e-4 * t;
        (self.strain(t + step) - self.strain(t - step)) / (2.0 * step)
    }

    /// Standard error of the strain rate, 1/s, to first order.
    pub fn rate_error(&self, t: f64) -> f64 {
        let p = &self.fit.params;
        let step = 1e-4 * t;
        let rate = |p: &[f64]| (self.law.at(p, t + step, self.end) - self.law.at(p, t - step, self.end)) / (2.0 * step);
        let mut gradient = vec![0.0; p.len()];
        for (index, slope) in gradient.iter_mut().enumerate().filter(|(index, _)| self.fit.std_errors[*index] > 0.0) {
            let d = 1e-3 * self.fit.std_errors[index];
            let moved = |sign: f64| {
                let mut moved = p.clone();
                moved[index] += sign * d;
                rate(&moved)
            };
            *slope = (moved(1.0) - moved(-1.0)) / (2.0 * d);
        }
        let row = |i: usize| self.fit.covariance.row(i).iter().zip(&gradient).map(|(c, g)| c * g).sum::<f64>();
        let variance: f64 = gradient.iter().enumerate().filter(|(_, g)| **g != 0.0).map(|(i, g)| g * row(i)).sum();
        self.scale * self.inflation * variance.max(0.0).sqrt()
    }
}
