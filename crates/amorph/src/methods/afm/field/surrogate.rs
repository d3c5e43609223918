use ndarray::{Array2, ArrayView2};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FieldFit, FitRules, Marginal, distance_at_correlation, fit_structure_function, normal_scores, ring_width};
use crate::core::image::pair_statistics;
use crate::core::random::{FieldError, FieldModel, FieldSampler};
use crate::core::stats::Moments;

/// Distribution of the values of a surrogate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MarginalKind {
    /// That of the image where it is far from Gaussian (skewness beyond 0.3 or excess kurtosis beyond 0.5), else Gaussian.
    Auto,
    /// Gaussian.
    Gaussian,
    /// That of the image: a Gaussian field with the correlation of the image's normal scores, transformed value by value.
    Image,
}

/// Limits of skewness and excess kurtosis within which values count as Gaussian.
const GAUSSIAN_SKEWNESS: f64 = 0.3;
const GAUSSIAN_KURTOSIS: f64 = 0.5;

/// A random field like a given map.
#[derive(Debug, Clone)]
pub struct SurrogateModel {
    /// The Gaussian field: of the map, or of its normal scores (of unit variance).
    pub gaussian: FieldModel,
    /// The transform from normal deviates to the values of the map, where the map is not Gaussian.
    pub marginal: Option<Marginal>,
}

impl SurrogateModel {
    /// The field of a map whose structure function was fitted as `fit` (by `rules`).
    ///
    /// Falls back on Gaussian values when the normal scores give no fit.
    pub fn of_map(
        values: &Array2<f64>,
        valid: &ArrayView2<'_, bool>,
        pitch: (f64, f64),
        fit: &FieldFit,
        rules: &FitRules,
        kind: MarginalKind,
    ) -> Self {
        Self::of_scores(values, valid, fit, kind, |scores| fit_scores(scores, valid, pitch, fit.r_max, rules))
    }

    /// The field of a map that was fitted as `fit`; where its values are not Gaussian, of its normal scores, which `fit_scores` fits.
    ///
    /// Falls back on Gaussian values when the normal scores give no fit.
    pub fn of_scores(
        values: &Array2<f64>,
        valid: &ArrayView2<'_, bool>,
        fit: &FieldFit,
        kind: MarginalKind,
        fit_scores: impl FnOnce(&Array2<f64>) -> Option<FieldFit>,
    ) -> Self {
        let gaussian = Self { gaussian: fit.realisable(), marginal: None };
        let mut sorted: Vec<f64> = values.iter().zip(valid).filter(|(_, valid)| **valid).map(|(value, _)| *value).collect();
        if kind == MarginalKind::Gaussian || kind == MarginalKind::Auto && is_gaussian(&sorted) {
            return gaussian;
        }
        let Some(scores) = fit_scores(&normal_scores(values, valid)) else { return gaussian };
        let mut model = scores.realisable();
        let total = (model.sigma.powi(2) + model.nugget_sd.powi(2)).sqrt();
        model.sigma /= total;
        model.nugget_sd /= total;
        sorted.sort_unstable_by(f64::total_cmp);
        Self { gaussian: model, marginal: Some(Marginal::of_sorted(&sorted)) }
    }

    /// Prepares fields on a grid of `shape` and `pitch`.
    ///
    /// # Errors
    /// [`FieldError`].
    pub fn sampler(&self, shape: (usize, usize), pitch: (f64, f64)) -> Result<FieldSampler, FieldError> {
        FieldSampler::new(&self.gaussian, shape, pitch)
    }

    /// Gives a Gaussian sample the values of the map.
    pub fn transform(&self, field: &mut Array2<f64>) {
        if let Some(marginal) = &self.marginal {
            marginal.apply(field);
        }
    }

    /// Covariance of the transformed field where that of the Gaussian field is `covariance` and its variance `variance`.
    pub fn covariance(&self, covariance: f64, variance: f64) -> f64 {
        self.marginal.as_ref().map_or(covariance, |marginal| marginal.covariance(covariance / variance))
    }
}

fn is_gaussian(values: &[f64]) -> bool {
    Moments::of(values).is_ok_and(|m| m.skewness.abs() <= GAUSSIAN_SKEWNESS && m.excess_kurtosis.abs() <= GAUSSIAN_KURTOSIS)
}

/// Structure function of the normal scores.
fn fit_scores(
    scores: &Array2<f64>,
    valid: &ArrayView2<'_, bool>,
    pitch: (f64, f64),
    r_max: f64,
    rules: &FitRules,
) -> Option<FieldFit> {
    let radial = pair_statistics(&scores.view(), Some(valid), pitch, Some(1.5 * r_max)).ok()?.radial(ring_width(pitch));
    let guess = distance_at_correlation(&radial, 1.0, (-1f64).exp())?;
    fit_structure_function(&radial, guess, rules).ok()
}
