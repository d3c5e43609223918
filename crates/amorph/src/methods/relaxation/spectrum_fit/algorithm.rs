//! Storage and loss of one spectrum fitted together by one relaxation function.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::core::fit::{Fit, FitError, LeastSquares, Parameter, ResidualModel};
use crate::core::special::ln_gamma;
use crate::methods::relaxation::kernels::{Slopes, havriliak_negami, stretched, stretched_alone};
use crate::methods::relaxation::log_spectrum::{Curve, NoiseModel};
use crate::methods::relaxation::numerics::{correlation_inflation, runs_test};
use crate::theory::viscoelastic_functions::{havriliak_negami_loss_peak, kww_loss_peak};

/// A relaxation function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One relaxation time.
    Debye,
    /// Symmetric.
    ColeCole,
    /// Broad on the high-frequency side.
    ColeDavidson,
    /// Both.
    HavriliakNegami,
    /// The stretched exponential.
    Kww,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Debye, Self::ColeCole, Self::ColeDavidson, Self::HavriliakNegami, Self::Kww];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Debye => "debye",
            Self::ColeCole => "cole_cole",
            Self::ColeDavidson => "cole_davidson",
            Self::HavriliakNegami => "havriliak_negami",
            Self::Kww => "kww",
        }
    }

    /// Number of shape parameters.
    pub fn n_shapes(self) -> usize {
        match self {
            Self::Debye => 0,
            Self::HavriliakNegami => 2,
            _ => 1,
        }
    }

    /// Exponents of the loss below and above its peak.
    pub fn wings(self, shapes: &[f64]) -> (f64, f64) {
        match (self, shapes) {
            (Self::ColeCole, [alpha, ..]) => (*alpha, *alpha),
            (Self::ColeDavidson | Self::Kww, [exponent, ..]) => (1.0, *exponent),
            (Self::HavriliakNegami, [alpha, kappa, ..]) => (*alpha, *kappa),
            _ => (1.0, 1.0),
        }
    }

    /// `χ` at many `ωτ`, with slopes where asked for; the first shape of Cole and Cole moves both exponents.
    fn slopes(self, x: &[f64], shapes: &[f64], with_slopes: bool) -> Vec<Slopes> {
        if self == Self::Kww {
            return if with_slopes { stretched(x, shapes[0]) } else { stretched_alone(x, shapes[0]) };
        }
        let (alpha, kappa) = self.wings(shapes);
        let of = |x: &f64| {
            let mut slopes = havriliak_negami(*x, alpha, kappa);
            match self {
                Self::ColeCole => {
                    let [a, b] = slopes.by_shape;
                    slopes.by_shape[0] = (a.0 + b.0, a.1 + b.1);
                }
                Self::ColeDavidson => slopes.by_shape[0] = slopes.by_shape[1],
                _ => {}
            }
            slopes
        };
        x.iter().map(of).collect()
    }

    /// ln of `ωτ` at the loss peak.
    pub fn ln_peak(self, shapes: &[f64]) -> Option<f64> {
        let position = match self {
            Self::Kww => kww_loss_peak(shapes[0].clamp(0.1, 1.0)).ok()?.position,
            _ => {
                let (alpha, kappa) = self.wings(shapes);
                havriliak_negami_loss_peak(alpha, (kappa / alpha).min(1.0 / alpha)).ok()?.position
            }
        };
        Some(position.ln())
    }

    /// ln of mean over model time; `None` where the mean is infinite.
    pub fn ln_mean(self, shapes: &[f64]) -> Option<f64> {
        match self {
            Self::Debye => Some(0.0),
            Self::ColeDavidson => Some(shapes[0].ln()),
            Self::Kww => Some(ln_gamma(1.0 / shapes[0]) - shapes[0].ln()),
            Self::ColeCole | Self::HavriliakNegami => None,
        }
    }
}

/// Smallest exponent.
const NARROWEST: f64 = 0.15;
/// Decades beyond the data where a relaxation time may lie.
const BEYOND: f64 = 2.0;
/// Start values that are screened, and those that are followed.
const STARTS: usize = 32;
const FOLLOWED: usize = 3;

/// A fitted spectrum. Parameters: `ln τ`, shapes, `ln Mu`, share of `Mu` that relaxes.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The function.
    pub shape: Shape,
    /// How readings err.
    pub noise_model: NoiseModel,
    /// Errors of both channels.
    pub noise: [f64; 2],
    /// The fit; its residuals are over their errors, both channels one after the other.
    pub fit: Fit,
    /// Akaike's criterion with the correction for few data.
    pub aicc: f64,
    /// Bayesian information criterion.
    pub bic: f64,
    /// Probability of so few or many runs of signs, the smaller of both channels times two.
    pub runs_p: Option<f64>,
    /// What errors are multiplied by for correlated residuals.
    pub inflation: f64,
    /// Whether everything relaxes.
    pub liquid: bool,
    problem: LeastSquares,
}

struct Model<'a> {
    curve: &'a Curve,
    shape: Shape,
    noise_model: NoiseModel,
    noise: [f64; 2],
    liquid: bool,
}

impl Model<'_> {
    fn each(&self, p: &[f64], with_slopes: bool, mut each: impl FnMut(usize, [f64; 2], [f64; 4], (f64, f64), &Slopes)) {
        let k = self.shape.n_shapes();
        let (unrelaxed, share) = (p[1 + k].exp(), p[2 + k]);
        let x: Vec<f64> = self.curve.ln_omega.iter().map(|w| (w + p[0]).exp()).collect();
        for (i, slopes) in self.shape.slopes(&x, &p[1..1 + k], with_slopes).iter().enumerate() {
            let modulus = (unrelaxed * (1.0 - share * slopes.chi.0), -unrelaxed * share * slopes.chi.1);
            let data = (self.curve.storage[i], self.curve.loss[i]);
            let ([a, b], factors) = self.noise_model.residual(modulus, data);
            each(i, [a / self.noise[0], b / self.noise[1]], factors, modulus, slopes);
        }
    }
}

impl ResidualModel for Model<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let n = self.curve.ln_omega.len();
        let mut residuals = vec![0.0; 2 * n];
        self.each(p, false, |i, both, _, _, _| (residuals[i], residuals[n + i]) = (both[0], both[1]));
        residuals
    }

    fn jacobian(&self, p: &[f64]) -> Option<Array2<f64>> {
        let (n, k) = (self.curve.ln_omega.len(), self.shape.n_shapes());
        let (unrelaxed, share) = (p[1 + k].exp(), p[2 + k]);
        let mut jacobian = Array2::zeros((2 * n, k + 3));
        self.each(p, true, |i, _, [a, b, c, d], modulus, slopes| {
            let mut put = |column: usize, change: (f64, f64)| {
                jacobian[[i, column]] = (a * change.0 + b * change.1) / self.noise[0];
                jacobian[[n + i, column]] = (c * change.0 + d * change.1) / self.noise[1];
            };
            // The kernels hold -χ''.
            let relaxed = |chi: (f64, f64), factor: f64| (-factor * chi.0, -factor * chi.1);
            put(0, relaxed(slopes.by_ln_tau, unrelaxed * share));
            (0..k).for_each(|shape| put(1 + shape, relaxed(slopes.by_shape[shape], unrelaxed * share)));
            put(1 + k, modulus);
            put(2 + k, relaxed(slopes.chi, unrelaxed));
        });
        Some(jacobian)
    }
}

/// Fits one function. `liquid`: everything relaxes.
///
/// # Errors
/// As [`LeastSquares::fit`].
pub fn fit(curve: &Curve, shape: Shape, noise_model: NoiseModel, liquid: bool) -> Result<Fitted, FitError> {
    let n = curve.ln_omega.len();
    let mut noise = [0.01; 2];
    let mut starts = starts(curve, shape, liquid);
    let mut last: Option<(LeastSquares, Fit)> = None;
    for round in 0..4 {
        let model = Model { curve, shape, noise_model, noise, liquid };
        let (problem, found) = best(&model, &starts)?;
        starts = vec![found.params.clone()];
        let used = leverage(&model, &found, n);
        let squares = |channel: usize| found.residuals[channel * n..(channel + 1) * n].iter().map(|r| r * r).sum::<f64>();
        let next: Vec<f64> = (0..2)
            .map(|channel| noise[channel] * (squares(channel) / (n as f64 - used[channel]).max(1.0)).sqrt().max(1e-6))
            .collect();
        last = Some((problem, found));
        if round < 3 {
            noise = [next[0].max(1e-9), next[1].max(1e-9)];
        }
    }
    let (problem, found) = last.ok_or(FitError::TooFewData { found: 2 * n, needed: 1, free: 0 })?;
    let model = Model { curve, shape, noise_model, noise, liquid };
    Ok(judged(&model, problem, found))
}

fn judged(model: &Model<'_>, problem: LeastSquares, found: Fit) -> Fitted {
    let Model { curve, shape, noise_model, noise, liquid } = *model;
    let n = curve.ln_omega.len();
    let channels: Vec<&[f64]> = found.residuals.chunks(n).collect();
    let (inflation, _) = correlation_inflation(channels.iter().copied());
    let of_channel = |c: usize| channels[c].iter().map(|r| (r * noise[c]).powi(2)).sum::<f64>() / n as f64;
    let density = noise_model.ln_density(std::slice::from_ref(curve)).unwrap_or(f64::NEG_INFINITY);
    let deviance = n as f64 * (of_channel(0).ln() + of_channel(1).ln()) - 2.0 * density;
    let (k, readings) = (found.n_free as f64 + 2.0, 2.0 * n as f64);
    let runs = channels.iter().filter_map(|channel| runs_test(channel)).fold(f64::NAN, f64::min);
    Fitted {
        shape,
        noise_model,
        noise,
        aicc: deviance + 2.0 * k + 2.0 * k * (k + 1.0) / (readings - k - 1.0).max(1.0),
        bic: deviance + k * readings.ln(),
        runs_p: runs.is_finite().then(|| (2.0 * runs).min(1.0)),
        inflation,
        liquid,
        problem,
        fit: found,
    }
}

/// The best fit from several starts: all are looked at, the lowest are followed.
fn best(model: &Model<'_>, starts: &[Vec<f64>]) -> Result<(LeastSquares, Fit), FitError> {
    let k = model.shape.n_shapes();
    let squares = |p: &[f64]| model.residuals(p).iter().map(|r| r * r).sum::<f64>();
    let mut ranked: Vec<(f64, &Vec<f64>)> = starts.iter().map(|start| (squares(start), start)).collect();
    ranked.retain(|(cost, _)| cost.is_finite());
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (lo, hi) = range(model.curve);
    let problem = |start: &[f64]| {
        let mut parameters = vec![Parameter::new("ln_tau", start[0].clamp(lo, hi)).scale(1.0).within(lo, hi)];
        for (shape, value) in start[1..1 + k].iter().enumerate() {
            parameters.push(Parameter::new(format!("shape {}", shape + 1), value.clamp(NARROWEST, 1.0)).within(NARROWEST, 1.0));
        }
        parameters.push(Parameter::new("ln_modulus", start[1 + k]).scale(1.0));
        let share = Parameter::new("share", start[2 + k]);
        parameters.push(if model.liquid { share.fixed() } else { share.within(0.0, 1.0) });
        LeastSquares::new(parameters).tolerance(1e-11).patience(300)
    };
    LeastSquares::best_of(ranked.into_iter().take(FOLLOWED).map(|(_, start)| problem(start)), model)
}

/// ln of the shortest and longest relaxation time that is looked for.
fn range(curve: &Curve) -> (f64, f64) {
    let beyond = BEYOND * std::f64::consts::LN_10;
    let ends = curve.ln_omega.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), w| (w.min(lo), w.max(hi)));
    (-ends.1 - beyond, -ends.0 + beyond)
}

/// Points of a sequence that fills the ranges evenly (Roberts 2018), with modulus and share from the data.
fn starts(curve: &Curve, shape: Shape, liquid: bool) -> Vec<Vec<f64>> {
    const STRIDES: [f64; 3] = [0.819_172_513_396_164_4, 0.671_043_606_703_789_2, 0.549_700_477_901_970_3];
    let k = shape.n_shapes();
    let (lo, hi) = range(curve);
    let largest = curve.storage.iter().copied().fold(0.0, f64::max);
    let smallest = curve.storage.iter().copied().fold(f64::INFINITY, f64::min);
    let point = |i: usize| {
        let part = |j: usize| (0.5 + STRIDES[j] * (i + 1) as f64).fract();
        let mut start = vec![lo + (hi - lo) * part(0)];
        start.extend((0..k).map(|j| 0.3 + 0.69 * part(1 + j)));
        let unrelaxed = largest * [1.02, 1.3][i % 2];
        let share = if liquid { 1.0 } else { (1.0 - [1.0, 0.3][(i / 2) % 2] * smallest / unrelaxed).clamp(0.02, 0.98) };
        start.extend([unrelaxed.ln(), share]);
        start
    };
    (0..STARTS).map(point).collect()
}

/// Parameters that each channel has determined: its trace of the hat matrix.
fn leverage(model: &Model<'_>, found: &Fit, n: usize) -> [f64; 2] {
    let Some(jacobian) = model.jacobian(&found.params) else { return [0.0; 2] };
    let through = jacobian.dot(&found.covariance) / found.variance;
    let of = |rows: std::ops::Range<usize>| {
        rows.map(|row| through.row(row).iter().zip(jacobian.row(row)).map(|(a, b)| a * b).sum::<f64>()).sum()
    };
    [of(0..n), of(n..2 * n)]
}

impl Fitted {
    /// Shape parameters.
    pub fn shapes(&self) -> &[f64] {
        &self.fit.params[1..1 + self.shape.n_shapes()]
    }

    /// Unrelaxed modulus, Pa.
    pub fn unrelaxed(&self) -> f64 {
        self.fit.params[1 + self.shape.n_shapes()].exp()
    }

    /// Share of it that relaxes.
    pub fn share(&self) -> f64 {
        self.fit.params[2 + self.shape.n_shapes()]
    }

    /// Storage and loss modulus, Pa.
    pub fn modulus(&self, ln_omega: f64) -> (f64, f64) {
        let x = (ln_omega + self.fit.params[0]).exp();
        let slopes = self.shape.slopes(&[x], self.shapes(), false);
        let (unrelaxed, share) = (self.unrelaxed(), self.share());
        let chi = slopes.first().map_or((0.0, 0.0), |slopes| slopes.chi);
        (unrelaxed * (1.0 - share * chi.0), -unrelaxed * share * chi.1)
    }

    /// 95 % interval of a parameter from its profile, widened for correlated residuals; an end is `None` where the profile stays
    /// below the threshold up to the bound.
    ///
    /// # Errors
    /// As [`LeastSquares::profile_interval`].
    pub fn interval(&self, curve: &Curve, index: usize) -> Result<(Option<f64>, Option<f64>), FitError> {
        let model = Model { curve, shape: self.shape, noise_model: self.noise_model, noise: self.noise, liquid: self.liquid };
        let found = self.problem.profile_interval(&model, &self.fit, index, 0.95)?;
        let value = self.fit.params[index];
        let wide = |end: f64| value + self.inflation * (end - value);
        Ok((found.lower.map(wide), found.upper.map(wide)))
    }

    /// Value and standard error of a function of the parameters, to first order.
    pub fn derived(&self, of: impl Fn(&[f64]) -> Option<f64>) -> Option<(f64, f64)> {
        let p = &self.fit.params;
        let value = of(p)?;
        let mut gradient = vec![0.0; p.len()];
        for (index, slope) in gradient.iter_mut().enumerate().filter(|(index, _)| self.fit.std_errors[*index] > 0.0) {
            let step = 1e-4 * self.fit.std_errors[index].max(1e-6);
            let mut moved = p.clone();
            moved[index] -= step;
            // Downward: exponents and shares end at 1.
            *slope = (value - of(&moved)?) / step;
        }
        let row = |i: usize| self.fit.covariance.row(i).iter().zip(&gradient).map(|(c, g)| c * g).sum::<f64>();
        let variance: f64 = gradient.iter().enumerate().map(|(i, g)| g * row(i)).sum();
        Some((value, self.inflation * variance.max(0.0).sqrt()))
    }

    /// ln of the time of the loss peak, `1/ω_m`.
    pub fn ln_peak_time(&self) -> Option<(f64, f64)> {
        let k = self.shape.n_shapes();
        self.derived(|p| Some(p[0] - self.shape.ln_peak(&p[1..1 + k])?))
    }

    /// ln of the mean relaxation time.
    pub fn ln_mean_time(&self) -> Option<(f64, f64)> {
        let k = self.shape.n_shapes();
        self.derived(|p| Some(p[0] + self.shape.ln_mean(&p[1..1 + k])?))
    }
}
