//! Laws of a stress that falls at constant strain.

use crate::core::fit::{Fit, FitError, LeastSquares, Parameter};
use crate::methods::relaxation::holds::Bins;
use crate::methods::relaxation::numerics::{aicc, correlation_inflation};

/// Bins per decade of time: the mean over one then differs from the law at its middle by less than the error of many readings.
pub const PER_DECADE: f64 = 40.0;

/// A law of the stress; parameters are in units of the first stress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// `a - S ln t`: long after the start.
    LateLogarithmic,
    /// `σ0 - S ln(1 + t/c)`.
    Logarithmic,
    /// `(σ0 - σr) exp(-(t/τ)^β) + σr`.
    Stretched,
}

impl Law {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::LateLogarithmic, Self::Logarithmic, Self::Stretched];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::LateLogarithmic => "late_logarithmic",
            Self::Logarithmic => "logarithmic",
            Self::Stretched => "stretched",
        }
    }

    /// Stress over the first one. Logarithmic: σ0, S, ln c. Stretched: σ0, σr, ln τ, β.
    pub fn at(self, p: &[f64], t: f64) -> f64 {
        match self {
            Self::LateLogarithmic => p[0] - p[1] * t.ln(),
            Self::Logarithmic => p[0] - p[1] * (t / p[2].exp()).ln_1p(),
            Self::Stretched => p[1] + (p[0] - p[1]) * (-(p[3] * (t.ln() - p[2])).exp()).exp(),
        }
    }

    fn starts(self, bins: &Bins, scale: f64) -> Vec<Vec<Parameter>> {
        let (first, last) = (bins.times[0], bins.times[bins.times.len() - 1]);
        let (y0, y1) = (bins.values[0] / scale, bins.values[bins.values.len() - 1] / scale);
        let slope = ((y0 - y1) / (last / first).ln()).max(1e-6);
        let ln_time = |part: f64| first.ln() + part * (last / first).ln();
        match self {
            Self::LateLogarithmic => {
                vec![vec![Parameter::new("a", y0 + slope * first.ln()).scale(1.0), Parameter::new("S", slope).scale(0.01)]]
            }
            Self::Logarithmic => [0.0, 0.3, 0.6]
                .map(|part| {
                    let c = Parameter::new("ln c", ln_time(part)).scale(1.0).within((0.01 * first).ln(), (100.0 * last).ln());
                    vec![Parameter::new("σ0", y0).scale(1.0), Parameter::new("S", slope).scale(0.01), c]
                })
                .to_vec(),
            Self::Stretched => [(0.3, 0.5), (0.6, 0.5), (0.9, 0.5), (0.6, 0.9), (0.9, 0.3)]
                .map(|(part, beta)| {
                    let time = Parameter::new("ln τ", ln_time(part)).scale(1.0).within((0.01 * first).ln(), (1e4 * last).ln());
                    vec![
                        Parameter::new("σ0", y0 + 0.2 * (y0 - y1)).scale(1.0),
                        Parameter::new("σr", (y1 - 0.2 * (y0 - y1)).max(0.01)).scale(1.0).within(0.0, 1.05),
                        time,
                        Parameter::new("β", beta).within(0.05, 1.0),
                    ]
                })
                .to_vec(),
        }
    }
}

/// A fitted law.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Which.
    pub law: Law,
    /// The fit, in units of `scale`.
    pub fit: Fit,
    /// Stress that is one, Pa.
    pub scale: f64,
    /// What errors are multiplied by for residuals that are alike.
    pub inflation: f64,
    /// Correlation of neighbouring residuals.
    pub correlation: f64,
    problem: LeastSquares,
}

fn residuals(law: Law, bins: &Bins, scale: f64) -> impl Fn(&[f64]) -> Vec<f64> {
    move |p: &[f64]| bins.times.iter().zip(&bins.values).map(|(t, stress)| law.at(p, *t) - stress / scale).collect()
}

/// Fits one law to bins, weighted by their readings.
///
/// # Errors
/// As [`LeastSquares::fit`].
pub fn fit(law: Law, bins: &Bins) -> Result<Fitted, FitError> {
    let scale = bins.values[0].abs();
    let model = residuals(law, bins, scale);
    let problem = |start| LeastSquares::new(start).weights(bins.counts.clone()).tolerance(1e-12).patience(300);
    let (problem, fit) = LeastSquares::best_of(law.starts(bins, scale).into_iter().map(problem), &model)?;
    let weighted: Vec<f64> = fit.residuals.iter().zip(&bins.counts).map(|(r, n)| r * n.sqrt()).collect();
    let (inflation, correlation) = correlation_inflation(std::iter::once(weighted.as_slice()));
    Ok(Fitted { law, fit, scale, inflation, correlation, problem })
}

impl Fitted {
    /// 95 % profile interval of a parameter, widened for residuals that are alike.
    pub fn interval(&self, bins: &Bins, index: usize) -> (Option<f64>, Option<f64>) {
        let model = residuals(self.law, bins, self.scale);
        let Ok(found) = self.problem.profile_interval(&model, &self.fit, index, 0.95) else { return (None, None) };
        let value = self.fit.params[index];
        let wide = |end: f64| value + self.inflation * (end - value);
        (found.lower.map(wide), found.upper.map(wide))
    }

    /// Akaike's criterion with the correction for few bins; `inflation` of the best law counts bins that are alike once.
    pub fn aicc(&self, inflation: f64) -> f64 {
        aicc(&self.fit, inflation)
    }

    /// Stress, Pa.
    pub fn stress(&self, t: f64) -> f64 {
        self.scale * self.law.at(&self.fit.params, t)
    }
}
