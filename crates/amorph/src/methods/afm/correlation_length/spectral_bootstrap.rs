//! Parametric bootstrap of the fit in frequency space.
//!
//! The score is linear in the periodogram, so that a surrogate costs its simulation, one transform and two steps of Fisher scoring
//! from the truth it was made from.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::Array2;

use super::bootstrap::Replicates;
use crate::core::ctx::{Cancelled, Ctx};
use crate::core::random::{FieldSampler, SeedPart, derive_seed};
use crate::core::whittle::{FieldParameters, WhittleFit};
use crate::methods::afm::field::{Rings, RowsLevelled, SpectralFit, SpectralPipeline, SurrogateModel};

/// Share of the surrogates that must give a fit.
const NEEDED: f64 = 0.9;
/// Surrogates are not larger than this, pixels per side, nor than that many correlation lengths where these are more: what is
/// taken from them is the error in units of its own estimate, which does not depend on the size.
const LARGEST_SIDE: usize = 1024;
const LARGEST_LENGTHS: f64 = 60.0;

/// The parameters in the order of the likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Logarithm of the variance of the field.
    LnVariance,
    /// Logarithm of the correlation length.
    LnLength,
    /// Exponent.
    Exponent,
    /// Variance of the noise.
    Nugget,
}

impl Number {
    /// Value and standard error of a fit.
    pub fn of(self, fit: &WhittleFit) -> (f64, f64) {
        (self.value(&fit.parameters), fit.covariance[self as usize][self as usize].sqrt())
    }

    fn value(self, parameters: &FieldParameters) -> f64 {
        match self {
            Self::LnVariance => parameters.variance.ln(),
            Self::LnLength => parameters.length.ln(),
            Self::Exponent => parameters.exponent,
            Self::Nugget => parameters.nugget,
        }
    }
}

/// Fits of surrogates and the truth they were made from.
#[derive(Debug, Clone)]
pub struct SpectralBootstrap {
    /// What the expected periodogram of the surrogates gives: what a fit of infinitely many surrogates would.
    truth: FieldParameters,
    fits: Vec<WhittleFit>,
    /// Mean wave number of the rings, rad/m.
    pub wave_number: Vec<f64>,
    /// Ring averages of the periodogram of each surrogate.
    pub rings: Vec<Vec<f64>>,
    drawn: usize,
    /// Standard error of ln length of the image over that of a surrogate: 1 unless the surrogates are smaller.
    scale: f64,
}

impl SpectralBootstrap {
    /// Draws `n` surrogates of `model` and fits them like the image, whose fit is `fitted`. `None` where the model cannot be sampled
    /// or has no truth of its own.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn draw(
        model: &SurrogateModel,
        pipeline: &SpectralPipeline,
        fitted: &SpectralFit,
        n: usize,
        ctx: &Ctx,
    ) -> Result<Option<Self>, Cancelled> {
        let shape = surrogate_shape(pipeline, fitted);
        let whole = shape == pipeline.grid.shape();
        let smaller = if whole { Some(pipeline.clone()) } else { pipeline.middle(shape) };
        let Some(pipeline) = smaller.map(SpectralPipeline::sequential) else { return Ok(None) };
        let Ok(sampler) = model.sampler(shape, pipeline.grid.pitch()) else { return Ok(None) };
        let Some(truth) = pipeline.fit(&expected(model, &sampler, &pipeline), &fitted.field) else { return Ok(None) };
        let whittle = pipeline.whittle();
        let Some(origin) = whittle.state(&truth.whittle.parameters) else { return Ok(None) };
        let rings = Rings::new(&pipeline.grid);
        let seeds: Vec<u64> = (0..n).map(|k| derive_seed(ctx.seed, &[SeedPart::Text("surrogate"), k.into()])).collect();
        let done = AtomicU64::new(0);
        let results = sampler.sample_each(&seeds, |_, mut field| {
            if ctx.check_cancelled().is_err() {
                return None;
            }
            model.transform(&mut field);
            let periodogram = pipeline.periodogram(&field);
            let fit = whittle.refine(&origin, &periodogram);
            ctx.report(done.fetch_add(1, Ordering::Relaxed) + 1, n as u64);
            Some((fit?, rings.average(&periodogram)))
        });
        ctx.check_cancelled()?;
        let (fits, averages) = results.into_iter().flatten().unzip();
        let scale = if whole { 1.0 } else { fitted.whittle.ln_length_std() / truth.whittle.ln_length_std() };
        Ok(Some(Self {
            truth: truth.whittle.parameters,
            fits,
            wave_number: rings.wave_number,
            rings: averages,
            drawn: n,
            scale,
        }))
    }

    /// Whether enough surrogates gave a fit.
    pub fn is_sound(&self) -> bool {
        self.fits.len() as f64 >= NEEDED * self.drawn as f64
    }

    /// Errors of a number, as they are and in units of their standard errors.
    pub fn errors(&self, number: Number) -> Errors {
        let truth = number.value(&self.truth);
        let values = self.fits.iter().map(|fit| number.value(&fit.parameters)).collect();
        let raw = Replicates::new(truth, values);
        let pivot = |fit: &WhittleFit| {
            let (value, std) = number.of(fit);
            (value - truth) / std
        };
        let pivots: Vec<f64> = self.fits.iter().map(pivot).filter(|pivot| pivot.is_finite()).collect();
        // A bias goes with the inverse number of independent areas, an error with its square root.
        Errors { bias: raw.bias * self.scale.powi(2), std: raw.std * self.scale, pivots: Replicates::new(0.0, pivots) }
    }
}

/// Errors of a number over the surrogates.
#[derive(Debug, Clone)]
pub struct Errors {
    /// Their mean.
    pub bias: f64,
    /// Their standard deviation.
    pub std: f64,
    pivots: Replicates,
}

impl Errors {
    /// Studentised interval of the truth behind a value with its standard error.
    pub fn interval(&self, (value, std): (f64, f64)) -> (f64, f64) {
        self.pivots.interval(value, std)
    }
}

fn surrogate_shape(pipeline: &SpectralPipeline, fitted: &SpectralFit) -> (usize, usize) {
    let (rows, columns) = pipeline.grid.shape();
    if pipeline.rules.rows_levelled != RowsLevelled::None {
        return (rows, columns);
    }
    let side = |n: usize, pitch: f64| n.min(LARGEST_SIDE.max((LARGEST_LENGTHS * fitted.field.xi() / pitch).ceil() as usize));
    let (pitch_y, pitch_x) = pipeline.grid.pitch();
    (side(rows, pitch_y), side(columns, pitch_x))
}

/// Expected periodogram of the surrogates before their rows are levelled, in the squared unit of the pipeline.
pub(super) fn expected(model: &SurrogateModel, sampler: &FieldSampler, pipeline: &SpectralPipeline) -> Array2<f64> {
    let (variance, square) = (sampler.variance(), pipeline.unit().powi(-2));
    let covariance = sampler.covariance().mapv(|gaussian| square * model.covariance(gaussian, variance));
    pipeline.grid.expected(&covariance)
}
