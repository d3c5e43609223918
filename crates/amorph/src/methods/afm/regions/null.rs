//! The null model: Gaussian fields with the correlation and the values of the map, through the same search.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::Array2;

use super::algorithm::{Found, Search};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::image::pair_statistics;
use crate::core::random::{FieldModel, FieldSampler, SeedPart, derive_seed, impose_marginal};
use crate::core::stats::quantiles;
use crate::methods::afm::field::{
    FitRules, LARGEST_LENGTH, Weights, distance_at_correlation, fit_structure_function, normal_scores, ring_width,
};

/// The field of the normal scores of a map; `None` where no stationary field fits.
pub fn fit(values: &Array2<f64>, search: &Search<'_>, size: (f64, f64)) -> Option<FieldModel> {
    let shorter = size.0.min(size.1);
    let scores = normal_scores(values, search.valid);
    let pixel = ring_width(search.pitch);
    let pairs = pair_statistics(&scores.view(), Some(search.valid), search.pitch, Some(0.5 * shorter)).ok()?;
    let radial = pairs.radial(pixel);
    let rules = FitRules { exponent: None, nugget: true, blur_sd: 0.0, pixel, weights: Weights::Relative };
    let guess = distance_at_correlation(&radial, 1.0, (-1f64).exp())?;
    let fit = fit_structure_function(&radial, guess, &rules).ok()?;
    (fit.xi() <= LARGEST_LENGTH * shorter).then(|| fit.realisable())
}

/// Regions of `n` surrogates: fields of `model` with exactly the values of the map, rank by rank.
///
/// # Errors
/// [`Cancelled`].
pub fn draw(
    values: &Array2<f64>,
    search: &Search<'_>,
    model: &FieldModel,
    n: usize,
    ctx: &Ctx,
) -> Result<Option<Vec<Found>>, Cancelled> {
    let Ok(sampler) = FieldSampler::new(model, values.dim(), search.pitch) else { return Ok(None) };
    let mut sorted: Vec<f64> = values.iter().zip(search.valid).filter(|(_, valid)| **valid).map(|(value, _)| *value).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let seeds: Vec<u64> = (0..n).map(|k| derive_seed(ctx.seed, &[SeedPart::Text("null"), k.into()])).collect();
    let done = AtomicU64::new(0);
    let found = sampler.sample_each(&seeds, |_, mut field| {
        if ctx.check_cancelled().is_err() {
            return None;
        }
        impose_marginal(&mut field, Some(search.valid), &sorted);
        let found = search.run(&field).map(|(found, ..)| found);
        ctx.report(done.fetch_add(1, Ordering::Relaxed) + 1, n as u64);
        found
    });
    ctx.check_cancelled()?;
    Ok(found.into_iter().collect())
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

    /// In words.
    pub fn verdict(&self) -> &'static str {
        match (self.p >= 0.05, self.value > self.mean) {
            (true, _) => "not distinguishable from isotropic noise with the same correlation",
            (false, true) => "larger than in isotropic noise with the same correlation",
            (false, false) => "smaller than in isotropic noise with the same correlation",
        }
    }
}
