//! The isotropic field with the correlation and the values of a map, of which surrogates are drawn.

use std::sync::atomic::{AtomicU64, Ordering};

use ndarray::{Array2, ArrayView2};

use crate::core::ctx::{Cancelled, Ctx};
use crate::core::image::{PairStatistics, pair_statistics};
use crate::core::outcome::Note;
use crate::core::random::{FieldSampler, SeedPart, derive_seed};
use crate::methods::afm::field::{
    FieldFit, FitRules, LARGEST_LENGTH, MarginalKind, SurrogateModel, Weights, distance_at_correlation, fit_structure_function,
    ring_width,
};

/// A map with the isotropic field that fits it.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// Structure function up to half the shorter side.
    pub pairs: PairStatistics,
    /// Its fit.
    pub fit: FieldFit,
    /// How it was fitted.
    pub rules: FitRules,
    /// The field of the surrogates.
    pub model: SurrogateModel,
}

impl Fitted {
    /// Fits a map.
    ///
    /// # Errors
    /// A note that says why no stationary field fits.
    pub fn of_map(
        values: &Array2<f64>,
        valid: &ArrayView2<'_, bool>,
        pitch: (f64, f64),
        kind: MarginalKind,
    ) -> Result<Self, Note> {
        let (rows, columns) = values.dim();
        let shorter = (rows as f64 * pitch.0).min(columns as f64 * pitch.1);
        let pixel = ring_width(pitch);
        let refused = |message: &str| Note::refused("no_null_model", message);
        let exceeds = || {
            refused(
                "no stationary field fits this map (xi exceeds the image, or a trend), so there is no null model; scan a larger area",
            )
        };
        let pairs = pair_statistics(&values.view(), Some(valid), pitch, Some(0.5 * shorter)).map_err(|_| exceeds())?;
        let radial = pairs.radial(pixel);
        let usable = || values.iter().zip(valid).filter(|(_, valid)| **valid).map(|(value, _)| *value);
        let n = usable().count() as f64;
        let mean = usable().sum::<f64>() / n;
        let variance = usable().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
        let rules = FitRules { exponent: None, nugget: true, blur_sd: 0.0, pixel, weights: Weights::Relative };
        let guess = distance_at_correlation(&radial, variance, (-1f64).exp()).ok_or_else(exceeds)?;
        let fit = fit_structure_function(&radial, guess, &rules).map_err(|_| exceeds())?;
        if fit.xi() > LARGEST_LENGTH * shorter {
            return Err(exceeds());
        }
        if fit.xi() < pixel {
            return Err(refused(
                "neighbouring pixels are uncorrelated: there is no structure to compare with noise; scan a smaller area",
            ));
        }
        let model = SurrogateModel::of_map(values, valid, pitch, &fit, &rules, kind);
        Ok(Self { pairs, fit, rules, model })
    }

    /// What `measure` makes of `n` surrogates of the isotropic field, without those that give nothing.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn draw<T: Send>(
        &self,
        shape: (usize, usize),
        n: usize,
        ctx: &Ctx,
        measure: impl Fn(&Array2<f64>) -> Option<T> + Sync,
    ) -> Result<Vec<T>, Cancelled> {
        let Ok(sampler) = self.model.sampler(shape, self.pairs.pitch) else { return Ok(Vec::new()) };
        let report = |done: u64| ctx.report(done, n as u64);
        draw_from(&sampler, &self.model, ("null", n), ctx, report, measure)
    }
}

/// What `measure` makes of fields of `sampler` with the values of `model`; `name` gives their seeds, `report` hears how many are done.
///
/// # Errors
/// [`Cancelled`].
pub fn draw_from<T: Send>(
    sampler: &FieldSampler,
    model: &SurrogateModel,
    (name, n): (&str, usize),
    ctx: &Ctx,
    report: impl Fn(u64) + Sync,
    measure: impl Fn(&Array2<f64>) -> Option<T> + Sync,
) -> Result<Vec<T>, Cancelled> {
    let seeds: Vec<u64> = (0..n).map(|k| derive_seed(ctx.seed, &[SeedPart::Text(name), k.into()])).collect();
    let done = AtomicU64::new(0);
    let measured = sampler.sample_each(&seeds, |_, mut field| {
        if ctx.check_cancelled().is_err() {
            return None;
        }
        model.transform(&mut field);
        let measured = measure(&field);
        report(done.fetch_add(1, Ordering::Relaxed) + 1);
        measured
    });
    ctx.check_cancelled()?;
    Ok(measured.into_iter().flatten().collect())
}

/// Monte Carlo probability that a null value is at least `value`: `(1 + number) / (n + 1)`.
pub fn p_above(value: f64, null: impl IntoIterator<Item = f64>) -> f64 {
    let (above, n) = null.into_iter().fold((0, 0), |(above, n), other| (above + usize::from(other >= value), n + 1));
    f64::from(above as u32 + 1) / f64::from(n as u32 + 1)
}
