use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::radial::rings_within;
use crate::core::fit::{FitError, LeastSquares, Parameter, ResidualModel};
use crate::core::image::RadialLag;
use crate::core::random::FieldModel;
use crate::core::whittle::blurred_correlation;

/// How the structure function is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitRules {
    /// Fixed exponent; free where absent.
    pub exponent: Option<f64>,
    /// Whether white noise is part of the model.
    pub nugget: bool,
    /// Standard deviation of the blur, m; 0 for none.
    pub blur_sd: f64,
    /// Side of a pixel, m.
    pub pixel: f64,
    /// How much each ring counts.
    pub weights: Weights,
}

/// Weights of the rings in the fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// Pairs over the squared structure function: equal relative errors (Cressie 1985). Tells noise from a small exponent.
    Relative,
    /// Number of pairs.
    Pairs,
}

/// A fitted structure function.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldFit {
    /// The field. Its exponent may exceed 1 by sampling error; such a function is no covariance, see [`FieldFit::realisable`].
    pub model: FieldModel,
    /// Variance of the noise as fitted: negative by sampling error where there is little noise, while the model has none then.
    pub nugget_variance: f64,
    /// Largest distance used, m.
    pub r_max: f64,
    /// Rings used.
    pub n_points: usize,
}

impl FitRules {
    /// Weight of a ring.
    pub(super) fn weight(&self, lag: &RadialLag) -> f64 {
        match self.weights {
            Weights::Relative if lag.structure > 0.0 => lag.pairs / (lag.structure * lag.structure),
            Weights::Relative => 0.0,
            Weights::Pairs => lag.pairs,
        }
    }

    /// Which of variance, nugget, length and exponent are free.
    pub(super) fn free(&self) -> [bool; 4] {
        [true, self.nugget, true, self.exponent.is_none()]
    }
}

/// Exponents above 1 are no covariance, but a free fit scatters around 1 where the truth is 1.
const LARGEST_EXPONENT: f64 = 1.5;
const SMALLEST_EXPONENT: f64 = 0.05;
/// A variance of the noise below zero is allowed for the same reason: a fit that stops at zero would have a distribution that no
/// bootstrap reproduces. In units of the largest value of the structure function.
const SMALLEST_NUGGET: f64 = -0.25;

impl FieldFit {
    /// Correlation length, m.
    pub fn xi(&self) -> f64 {
        self.model.xi_major
    }

    /// The nearest field that exists: the exponent at most 1.
    pub fn realisable(&self) -> FieldModel {
        FieldModel { alpha: self.model.alpha.min(1.0), ..self.model }
    }

    /// The fitted structure function at `r` metres.
    pub fn structure_at(&self, r: f64) -> f64 {
        let m = &self.model;
        let rho = |r: f64| correlation(r, m.xi_major, m.alpha, m.blur_sd);
        2.0 * m.sigma.powi(2) * (rho(0.0) - rho(r)) + 2.0 * self.nugget_variance
    }
}

fn correlation(r: f64, xi: f64, alpha: f64, blur_sd: f64) -> f64 {
    blurred_correlation(|u| (-(u / xi).powf(2.0 * alpha)).exp(), r, blur_sd)
}

/// Fits `H(r) = 2 sigma^2 [rho(0) - rho(r)] + 2 s_n^2` over `r <= 6 xi + 4` pixels, `xi` first guessed (`xi_guess`, m)
/// and then fitted.
///
/// # Errors
/// [`FitError`], for instance when fewer rings than parameters lie in the range.
pub fn fit_structure_function(radial: &[RadialLag], xi_guess: f64, rules: &FitRules) -> Result<FieldFit, FitError> {
    let first = fit_within(radial, window(xi_guess, rules.pixel), xi_guess, None, rules)?;
    let r_max = window(first.xi(), rules.pixel);
    if rings_within(radial, r_max) == first.n_points {
        return Ok(FieldFit { r_max, ..first });
    }
    fit_within(radial, r_max, first.xi(), Some(&first), rules)
}

/// Largest distance that a fit uses.
pub(super) fn window(xi: f64, pixel: f64) -> f64 {
    6.0 * xi + 4.0 * pixel
}

/// Residuals in units where distances are of `length` and values of `height`.
struct Residuals<'a> {
    radial: &'a [RadialLag],
    blur_sd: f64,
    height: f64,
    length: f64,
}

impl Residuals<'_> {
    /// Parameters: variance, nugget variance, ln(xi / length), alpha.
    fn at(&self, p: &[f64], r: f64) -> f64 {
        let rho = |r: f64| correlation(r, self.length * p[2].exp(), p[3], self.blur_sd);
        2.0 * p[0] * (rho(0.0) - rho(r)) + 2.0 * p[1]
    }
}

impl ResidualModel for Residuals<'_> {
    fn residuals(&self, p: &[f64]) -> Vec<f64> {
        self.radial.iter().map(|lag| self.at(p, lag.distance) - lag.structure / self.height).collect()
    }

    fn jacobian(&self, p: &[f64]) -> Option<Array2<f64>> {
        if self.blur_sd > 0.0 {
            return None;
        }
        let xi = self.length * p[2].exp();
        let mut jacobian = Array2::zeros((self.radial.len(), 4));
        for (mut row, lag) in jacobian.rows_mut().into_iter().zip(self.radial) {
            let r = lag.distance;
            let u = (r / xi).powf(2.0 * p[3]);
            let rho = (-u).exp();
            row[0] = 2.0 * (1.0 - rho);
            row[1] = 2.0;
            row[2] = -4.0 * p[0] * p[3] * u * rho;
            row[3] = 4.0 * p[0] * u * rho * (r / xi).ln();
        }
        Some(jacobian)
    }
}

fn fit_within(
    radial: &[RadialLag],
    r_max: f64,
    xi_guess: f64,
    start: Option<&FieldFit>,
    rules: &FitRules,
) -> Result<FieldFit, FitError> {
    let n = rings_within(radial, r_max);
    let radial = &radial[..n];
    let height = radial.iter().map(|lag| lag.structure).fold(f64::MIN_POSITIVE, f64::max);
    // Any common factor of the weights drops out; with this one they are of order one for any unit of the map.
    let unit = if rules.weights == Weights::Relative { height * height } else { 1.0 };
    let weights: Vec<f64> = radial.iter().map(|lag| unit * rules.weight(lag)).collect();
    let model = Residuals { radial, blur_sd: rules.blur_sd, height, length: xi_guess };
    let alphas: &[f64] = if rules.exponent.is_some() || start.is_some() { &[0.5] } else { &[0.35, 0.8] };
    let mut best: Option<(f64, Vec<f64>)> = None;
    let mut failure = None;
    for alpha in alphas {
        let problem = LeastSquares::new(parameters(*alpha, start, height, rules)).weights(weights.clone()).tolerance(1e-9);
        match problem.fit(&model) {
            Ok(fit) if best.as_ref().is_none_or(|(sum, _)| fit.residual_sum < *sum) => {
                best = Some((fit.residual_sum, fit.params))
            }
            Ok(_) => {}
            Err(error) => failure = Some(error),
        }
    }
    let (_, p) = best.ok_or_else(|| failure.unwrap_or(FitError::NoFreeParameter { n_parameters: 4 }))?;
    let mut model = FieldModel::isotropic((p[0] * height).sqrt(), xi_guess * p[2].exp(), p[3]);
    let nugget_variance = p[1] * height;
    model.nugget_sd = nugget_variance.max(0.0).sqrt();
    model.blur_sd = rules.blur_sd;
    Ok(FieldFit { model, nugget_variance, r_max, n_points: n })
}

fn parameters(alpha: f64, start: Option<&FieldFit>, height: f64, rules: &FitRules) -> Vec<Parameter> {
    let alpha = rules.exponent.or(start.map(|fit| fit.model.alpha)).unwrap_or(alpha);
    let variance = start.map_or(0.5, |fit| fit.model.sigma.powi(2) / height);
    let nugget = start.map_or(0.02, |fit| (fit.nugget_variance / height).max(SMALLEST_NUGGET));
    let exponent = Parameter::new("alpha", alpha);
    let nugget = Parameter::new("nugget", if rules.nugget { nugget } else { 0.0 });
    vec![
        Parameter::new("variance", variance).at_least(0.0),
        if rules.nugget { nugget.at_least(SMALLEST_NUGGET) } else { nugget.fixed() },
        Parameter::new("ln xi", 0.0).within(-5.0, 5.0),
        if rules.exponent.is_some() { exponent.fixed() } else { exponent.within(SMALLEST_EXPONENT, LARGEST_EXPONENT) },
    ]
}
