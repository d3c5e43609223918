//! The null model: Gaussian fields with the correlation and the values of the map, through the same search.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::{Array2, ArrayView2};

use crate::core::ctx::{Cancelled, Ctx};
use crate::core::image::pair_statistics;
use crate::core::random::{FieldModel, FieldSampler, SeedPart, derive_seed, impose_marginal};
use crate::core::stats::quantiles;
use crate::methods::afm::field::{
    FitRules, LARGEST_LENGTH, Weights, distance_at_correlation, fit_structure_function, normal_scores, ring_width,
};

/// Why there is no null model, for notes.
pub const NO_NULL: &str = "no stationary field fits this map (xi exceeds the image, or a trend), so there is no null model: nothing can be \
                           said about the shape of the regions";

/// Surrogates of one map: isotropic fields with its correlation and exactly its values.
#[derive(Debug)]
pub struct NullModel<'a> {
    /// The field of the normal scores of the map.
    pub model: FieldModel,
    valid: &'a ArrayView2<'a, bool>,
    sampler: FieldSampler,
    /// The values of the map in rising order.
    sorted: Vec<f64>,
}

impl<'a> NullModel<'a> {
    /// Fits the correlation of the normal scores of a map of pixels `pitch` (dy, dx), m; `None` where no stationary field fits.
    pub fn fit(values: &Array2<f64>, valid: &'a ArrayView2<'a, bool>, pitch: (f64, f64)) -> Option<Self> {
        let (rows, columns) = values.dim();
        let shorter = (rows as f64 * pitch.0).min(columns as f64 * pitch.1);
        let scores = normal_scores(values, valid);
        let pixel = ring_width(pitch);
        let pairs = pair_statistics(&scores.view(), Some(valid), pitch, Some(0.5 * shorter)).ok()?;
        let radial = pairs.radial(pixel);
        let rules = FitRules { exponent: None, nugget: true, blur_sd: 0.0, pixel, weights: Weights::Relative };
        let guess = distance_at_correlation(&radial, 1.0, (-1f64).exp())?;
        let fit = fit_structure_function(&radial, guess, &rules).ok()?;
        if fit.xi() > LARGEST_LENGTH * shorter {
            return None;
        }
        let model = fit.realisable();
        let sampler = FieldSampler::new(&model, values.dim(), pitch).ok()?;
        let mut sorted: Vec<f64> = values.iter().zip(valid).filter(|(_, valid)| **valid).map(|(value, _)| *value).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        Some(Self { model, valid, sampler, sorted })
    }

    /// Gives a Gaussian field the values of the map, rank by rank.
    pub fn impose(&self, field: &mut Array2<f64>) {
        impose_marginal(field, Some(self.valid), &self.sorted);
    }

    /// Standard deviation of a pixel of the Gaussian fields.
    pub fn std_dev(&self) -> f64 {
        self.sampler.variance().sqrt()
    }

    /// What `measure` makes of `n` Gaussian fields, in parallel and in order; it has to impose the values itself.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn each<T: Send>(&self, n: usize, ctx: &Ctx, measure: impl Fn(Array2<f64>) -> T + Sync) -> Result<Vec<T>, Cancelled> {
        let seeds: Vec<u64> = (0..n).map(|k| derive_seed(ctx.seed, &[SeedPart::Text("null"), k.into()])).collect();
        let done = AtomicU64::new(0);
        let measured = self.sampler.sample_each(&seeds, |_, field| {
            if ctx.check_cancelled().is_err() {
                return None;
            }
            let measured = measure(field);
            ctx.report(done.fetch_add(1, Ordering::Relaxed) + 1, n as u64);
            Some(measured)
        });
        measured.into_iter().collect::<Option<Vec<T>>>().ok_or(Cancelled)
    }

    /// In words, for notes.
    pub fn describe(&self, n: usize) -> String {
        format!(
            "null model: {n} isotropic Gaussian fields with the values of the map (rank by rank), xi = {:.3e} m, alpha = {:.2}; same mask, \
             threshold and smallest size",
            self.model.xi_major, self.model.alpha
        )
    }
}

/// Where a value stands among its null values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The value of the map.
    pub value: f64,
    /// Mean of the null values.
    pub mean: f64,
    /// 2.5 % and 97.5 % quantiles of the null values.
    pub band: (f64, f64),
    /// Two-sided Monte Carlo p-value, `2 (1 + smaller tail) / (n + 1)`, at most 1.
    pub p: f64,
}

impl Comparison {
    /// `None` without finite null values.
    pub fn new(value: f64, null: &[f64]) -> Option<Self> {
        let null: Vec<f64> = null.iter().copied().filter(|value| value.is_finite()).collect();
        let [low, high] = quantiles(&null, &[0.025, 0.975]).ok()?[..] else { return None };
        let above = null.iter().filter(|other| **other >= value).count();
        let below = null.iter().filter(|other| **other <= value).count();
        let p = (2.0 * (1 + above.min(below)) as f64 / (null.len() + 1) as f64).min(1.0);
        Some(Self { value, mean: null.iter().sum::<f64>() / null.len() as f64, band: (low, high), p })
    }

    /// The same with the one-sided p-value of values as large: `(1 + upper tail) / (n + 1)`.
    pub fn upper(value: f64, null: &[f64]) -> Option<Self> {
        let n = null.iter().filter(|other| other.is_finite()).count();
        let above = null.iter().filter(|other| **other >= value).count();
        Some(Self { p: (1 + above) as f64 / (n + 1) as f64, ..Self::new(value, null)? })
    }

    /// In words.
    pub fn verdict(&self) -> &'static str {
        match (self.p >= 0.05, self.value > self.mean) {
            (true, _) => "not distinguishable from isotropic noise with the same correlation",
            (false, true) => "larger than in isotropic noise with the same correlation",
            (false, false) => "smaller than in isotropic noise with the same correlation",
        }
    }
}
