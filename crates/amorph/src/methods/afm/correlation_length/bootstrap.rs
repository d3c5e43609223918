//! Parametric bootstrap: surrogate images through the whole pipeline.

use std::sync::atomic::{AtomicU64, Ordering};

use super::algorithm::{Measured, Pipeline};
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::image::PairStatistics;
use crate::core::random::{FieldSampler, SeedPart, derive_seed};
use crate::methods::afm::field::{SurrogateModel, ring_width};

/// Surrogates and the truth they were made from.
#[derive(Debug, Clone)]
pub struct Bootstrap {
    /// What an infinitely large surrogate would give.
    pub truth: Measured,
    /// What the surrogates gave; without those that gave no fit.
    pub replicates: Vec<Measured>,
    /// Surrogates drawn.
    pub drawn: usize,
}

/// Share of the surrogates that must give a fit.
const NEEDED: f64 = 0.9;

impl Bootstrap {
    /// Draws `n` surrogates like `values` and measures them. `None` where the model cannot be sampled or has no truth of its own.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn draw(
        model: &SurrogateModel,
        pipeline: &Pipeline<'_>,
        pairs: &PairStatistics,
        n: usize,
        ctx: &Ctx,
    ) -> Result<Option<Self>, Cancelled> {
        let shape = pipeline.valid.dim();
        let Ok(sampler) = model.sampler(shape, pipeline.pitch) else { return Ok(None) };
        let truth = expected(model, &sampler, pipeline, pairs);
        let seeds: Vec<u64> = (0..n).map(|k| derive_seed(ctx.seed, &[SeedPart::Text("surrogate"), k.into()])).collect();
        let done = AtomicU64::new(0);
        let measured = sampler.sample_each(&seeds, |_, mut field| {
            if ctx.check_cancelled().is_err() {
                return None;
            }
            model.transform(&mut field);
            let measured = pipeline.measure(field);
            ctx.report(done.fetch_add(1, Ordering::Relaxed) + 1, n as u64);
            measured.filter(|measured| measured.fit.is_some())
        });
        ctx.check_cancelled()?;
        Ok(truth.fit.is_some().then(|| Self { truth, replicates: measured.into_iter().flatten().collect(), drawn: n }))
    }

    /// Whether enough surrogates gave a fit.
    pub fn is_sound(&self) -> bool {
        self.replicates.len() as f64 >= NEEDED * self.drawn as f64
    }

    /// Replicates of a number, with its truth; those without it are left out.
    pub fn of(&self, number: impl Fn(&Measured) -> Option<f64>) -> Option<Replicates> {
        let truth = number(&self.truth).filter(|value| value.is_finite())?;
        let values: Vec<f64> = self.replicates.iter().filter_map(&number).filter(|value| value.is_finite()).collect();
        (values.len() as f64 >= NEEDED * self.drawn as f64).then(|| Replicates::new(truth, values))
    }
}

/// Bootstrap distribution of a number.
#[derive(Debug, Clone)]
pub struct Replicates {
    /// Mean of the replicates minus the truth.
    pub bias: f64,
    /// Standard deviation of the replicates.
    pub std: f64,
    /// Deviations from the truth, in rising order.
    deviations: Vec<f64>,
}

impl Replicates {
    /// Replicates `values` of `truth`.
    pub fn new(truth: f64, values: Vec<f64>) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        let mut deviations: Vec<f64> = values.iter().map(|value| value - truth).collect();
        deviations.sort_unstable_by(f64::total_cmp);
        Self { bias: mean - truth, std: variance.sqrt(), deviations }
    }

    /// The deviation that is exceeded by a new one with probability `1 - p`: order statistics at `p (n + 1)`, which is exact for a
    /// pivot (Davison & Hinkley 1997, section 2.4).
    pub fn quantile(&self, p: f64) -> f64 {
        let last = self.deviations.len() - 1;
        let place = (p * (self.deviations.len() + 1) as f64 - 1.0).clamp(0.0, last as f64);
        let below = place as usize;
        let above = (below + 1).min(last);
        self.deviations[below] + (place - below as f64) * (self.deviations[above] - self.deviations[below])
    }

    /// Basic bootstrap interval of the truth behind `value`, with `scale` the ratio of its standard error to that of the surrogates'
    /// unit (1 unless the deviations are studentised).
    pub fn interval(&self, value: f64, scale: f64) -> (f64, f64) {
        (value - scale * self.quantile(0.975), value - scale * self.quantile(0.025))
    }
}

/// What the pipeline makes of the exact structure function of the surrogates, on the lags and pairs of the image.
pub(super) fn expected(
    model: &SurrogateModel,
    sampler: &FieldSampler,
    pipeline: &Pipeline<'_>,
    pairs: &PairStatistics,
) -> Measured {
    let gaussian = sampler.covariance();
    let variance = sampler.variance();
    let total = model.covariance(variance, variance);
    let mut exact = pairs.clone();
    for ((row, column), value) in exact.structure.indexed_iter_mut() {
        let lag = (row, column.abs_diff(pairs.max_lag.1));
        *value = 2.0 * (total - model.covariance(gaussian[lag], variance));
    }
    pipeline.of_radial(exact.radial(ring_width(pipeline.pitch)), total)
}
