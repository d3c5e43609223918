//! Storage and loss of one spectrum fitted together by one relaxation function.

use ndarray::Array2;

use super::terms::Terms;
use crate::core::fit::{Fit, FitError, LeastSquares, Parameter, ResidualModel};
use crate::methods::relaxation::kernels::Slopes;
use crate::methods::relaxation::log_spectrum::{Curve, NoiseModel};
use crate::methods::relaxation::numerics::{correlation_inflation, runs_test};

pub use super::shape::Shape;

/// Smallest exponent.
const NARROWEST: f64 = 0.15;
/// Decades beyond the data where a relaxation time may lie.
const BEYOND: f64 = 2.0;
/// Start values that are screened, and those that are followed.
const STARTS: usize = 32;
const FOLLOWED: usize = 3;

/// A fitted spectrum. Parameters: `ln τ`, shapes, `ln` of the value at high frequency, strength (of a modulus the share of it that relaxes, else
/// `ln` of the step over the value at high frequency), then flow and constant loss where they are fitted, both over [`Fitted::unit`].
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
    /// What was measured, and what stands beside the relaxation function.
    pub terms: Terms,
    /// ln of the angular frequency at which flow and constant loss are given, rad/s.
    pub ln_middle: f64,
    /// What flow and constant loss are multiples of: the largest loss of the data.
    pub unit: f64,
    problem: LeastSquares,
}

pub(super) struct Model<'a> {
    curve: &'a Curve,
    shape: Shape,
    noise_model: NoiseModel,
    noise: [f64; 2],
    terms: Terms,
    ln_middle: f64,
    unit: f64,
}

impl<'a> Model<'a> {
    fn new(curve: &'a Curve, shape: Shape, noise_model: NoiseModel, noise: [f64; 2], terms: Terms) -> Self {
        let (lo, hi) = ends(curve);
        let unit = curve.loss.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        Self { curve, shape, noise_model, noise, terms, ln_middle: 0.5 * (lo + hi), unit }
    }

    /// That of a fit, for the same readings.
    pub(super) fn of(curve: &'a Curve, fitted: &Fitted) -> Self {
        Self { unit: fitted.unit, ..Self::new(curve, fitted.shape, fitted.noise_model, fitted.noise, fitted.terms) }
    }

    fn each(&self, p: &[f64], with_slopes: bool, mut each: impl FnMut(usize, [f64; 2], [f64; 4], &Slopes)) {
        let k = self.shape.n_shapes();
        let x: Vec<f64> = self.curve.ln_omega.iter().map(|w| (w + p[0]).exp()).collect();
        for (i, slopes) in self.shape.slopes(&x, &p[1..1 + k], with_slopes).iter().enumerate() {
            let value = self.terms.value(&p[1 + k..], slopes.chi, self.curve.ln_omega[i] - self.ln_middle, self.unit);
            let data = (self.curve.storage[i], self.curve.loss[i]);
            let ([a, b], factors) = self.noise_model.residual(value, data);
            each(i, [a / self.noise[0], b / self.noise[1]], factors, slopes);
        }
    }
}

impl ResidualModel for Model<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        let n = self.curve.ln_omega.len();
        let mut residuals = vec![0.0; 2 * n];
        self.each(p, false, |i, both, _, _| (residuals[i], residuals[n + i]) = (both[0], both[1]));
        residuals
    }

    fn jacobian(&self, p: &[f64]) -> Option<Array2<f64>> {
        let (n, k) = (self.curve.ln_omega.len(), self.shape.n_shapes());
        let mut jacobian = Array2::zeros((2 * n, p.len()));
        self.each(p, true, |i, _, [a, b, c, d], slopes| {
            let mut put = |column: usize, change: (f64, f64)| {
                jacobian[[i, column]] = (a * change.0 + b * change.1) / self.noise[0];
                jacobian[[n + i, column]] = (c * change.0 + d * change.1) / self.noise[1];
            };
            let own = &p[1 + k..];
            put(0, self.terms.change(own, slopes.by_ln_tau));
            (0..k).for_each(|shape| put(1 + shape, self.terms.change(own, slopes.by_shape[shape])));
            let ln_reduced = self.curve.ln_omega[i] - self.ln_middle;
            for (column, change) in self.terms.slopes(own, slopes.chi, ln_reduced, self.unit).into_iter().enumerate() {
                put(1 + k + column, change);
            }
        });
        Some(jacobian)
    }
}

/// Fits one function and the `terms` beside it.
///
/// # Errors
/// As [`LeastSquares::fit`].
pub fn fit(curve: &Curve, shape: Shape, noise_model: NoiseModel, terms: Terms) -> Result<Fitted, FitError> {
    let n = curve.ln_omega.len();
    let mut noise = [0.01; 2];
    let mut starts = starts(curve, shape, terms);
    let mut last: Option<(LeastSquares, Fit)> = None;
    for round in 0..4 {
        let model = Model::new(curve, shape, noise_model, noise, terms);
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
    let model = Model::new(curve, shape, noise_model, noise, terms);
    Ok(judged(&model, problem, found))
}

fn judged(model: &Model<'_>, problem: LeastSquares, found: Fit) -> Fitted {
    let Model { curve, shape, noise_model, noise, terms, ln_middle, unit } = *model;
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
        terms,
        ln_middle,
        unit,
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
        parameters.extend(model.terms.parameters(&start[1 + k..]));
        LeastSquares::new(parameters).tolerance(1e-11).patience(300)
    };
    LeastSquares::best_of(ranked.into_iter().take(FOLLOWED).map(|(_, start)| problem(start)), model)
}

/// ln of the lowest and highest angular frequency.
fn ends(curve: &Curve) -> (f64, f64) {
    curve.ln_omega.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), w| (w.min(lo), w.max(hi)))
}

/// ln of the shortest and longest relaxation time that is looked for.
fn range(curve: &Curve) -> (f64, f64) {
    let beyond = BEYOND * std::f64::consts::LN_10;
    let (lo, hi) = ends(curve);
    (-hi - beyond, -lo + beyond)
}

/// Points of a sequence that fills the ranges evenly (Roberts 2018), with what stands beside the function from the data.
fn starts(curve: &Curve, shape: Shape, terms: Terms) -> Vec<Vec<f64>> {
    const STRIDES: [f64; 3] = [0.819_172_513_396_164_4, 0.671_043_606_703_789_2, 0.549_700_477_901_970_3];
    let k = shape.n_shapes();
    let (lo, hi) = range(curve);
    let point = |i: usize| {
        let part = |j: usize| (0.5 + STRIDES[j] * (i + 1) as f64).fract();
        let mut start = vec![lo + (hi - lo) * part(0)];
        start.extend((0..k).map(|j| 0.3 + 0.69 * part(1 + j)));
        start.extend(terms.start(curve, i));
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

    /// What follows the shapes: see [`Terms`].
    fn own<'p>(&self, p: &'p [f64]) -> &'p [f64] {
        &p[1 + self.shape.n_shapes()..]
    }

    /// Value at high frequency, Pa, 1/Pa or 1.
    pub fn unrelaxed(&self) -> f64 {
        self.own(&self.fit.params)[0].exp()
    }

    /// Step over the value at high frequency.
    pub fn share(&self) -> f64 {
        self.terms.share(self.own(&self.fit.params))
    }

    /// Value at low frequency without flow, Pa, 1/Pa or 1.
    pub fn relaxed(&self) -> f64 {
        self.unrelaxed() * (1.0 - self.terms.sign() * self.share())
    }

    /// Place of the flow among the parameters, where it is fitted.
    pub fn flow_index(&self) -> Option<usize> {
        self.terms.flow.then_some(3 + self.shape.n_shapes())
    }

    /// Place of the constant loss among the parameters, where it is fitted.
    pub fn constant_loss_index(&self) -> Option<usize> {
        self.terms.constant_loss.then_some(3 + self.shape.n_shapes() + usize::from(self.terms.flow))
    }

    /// Storage and loss.
    pub fn modulus(&self, ln_omega: f64) -> (f64, f64) {
        let x = (ln_omega + self.fit.params[0]).exp();
        let slopes = self.shape.slopes(&[x], self.shapes(), false);
        let chi = slopes.first().map_or((0.0, 0.0), |slopes| slopes.chi);
        self.terms.value(self.own(&self.fit.params), chi, ln_omega - self.ln_middle, self.unit)
    }

    /// 95 % interval of a parameter from its profile, widened for correlated residuals; an end is `None` where the profile stays
    /// below the threshold up to the bound.
    ///
    /// # Errors
    /// As [`LeastSquares::profile_interval`].
    pub fn interval(&self, curve: &Curve, index: usize) -> Result<(Option<f64>, Option<f64>), FitError> {
        let model = Model::of(curve, self);
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

    /// ln of the step.
    pub fn ln_strength(&self) -> Option<(f64, f64)> {
        self.derived(|p| Some(self.own(p)[0] + self.terms.share(self.own(p)).ln()))
    }

    /// ln of the value at low frequency; `None` where it is zero.
    pub fn ln_relaxed(&self) -> Option<(f64, f64)> {
        let rest = |p: &[f64]| 1.0 - self.terms.sign() * self.terms.share(self.own(p));
        self.derived(|p| Some(self.own(p)[0] + rest(p).ln()).filter(|value| value.is_finite()))
    }
}
