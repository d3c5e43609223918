//! The length under other assumptions about blur, noise, levelling and cross-talk.

use ndarray::Array2;
use rayon::prelude::*;

use super::Input;
use crate::core::data::Table;
use crate::methods::afm::field::{FieldFit, NoiseModel, RowsLevelled, SpectralFit, SpectralPipeline, SpectralRules};
use crate::methods::afm::topography::algorithm::{cross_talk, topography_terms};

/// Variance of a uniform distribution over one pixel, in squared pixels.
pub const PIXEL_VARIANCE: f64 = 1.0 / 12.0;

/// A fit under other assumptions.
#[derive(Debug, Clone)]
pub struct Correction {
    /// What is different.
    pub label: &'static str,
    /// The field; absent where the fit failed.
    pub field: Option<FieldFit>,
}

/// Labels that others look for.
pub const AS_REPORTED: &str = "as reported";
pub const CONTACT_BLUR: &str = "with the blur of the contact, at most a/2";
pub const WITHOUT_CROSS_TALK: &str = "after removal of what follows the topography";

/// All fits in frequency space, the reported assumptions first.
pub fn all(input: &Input<'_>, pipeline: &SpectralPipeline, values: &Array2<f64>, main: &SpectralFit) -> Vec<Correction> {
    let rules = pipeline.rules;
    let pixel = input.rules.pixel;
    let mut variants: Vec<(&'static str, SpectralRules)> = Vec::new();
    if rules.noise != NoiseModel::Absent {
        variants.push(("without noise in the model", SpectralRules { noise: NoiseModel::Absent, ..rules }));
    }
    if rules.noise != NoiseModel::Fitted {
        variants.push(("with the noise fitted", SpectralRules { noise: NoiseModel::Fitted, ..rules }));
    }
    if let Some(noise) = input.trace_retrace_noise {
        variants.push(("with the noise of trace and retrace", SpectralRules { noise: NoiseModel::Known(noise), ..rules }));
    }
    if rules.blur_sd > 0.0 {
        variants.push(("without blur in the model", SpectralRules { blur_sd: 0.0, ..rules }));
    }
    if let Some(contact) = input.contact_radius {
        variants.push((CONTACT_BLUR, SpectralRules { blur_sd: rules.blur_sd.hypot(0.5 * contact), ..rules }));
    }
    if !input.pixel_average {
        let blur_sd = rules.blur_sd.hypot(PIXEL_VARIANCE.sqrt() * pixel);
        variants.push(("with the average over a pixel", SpectralRules { blur_sd, ..rules }));
    }
    if rules.rows_levelled != RowsLevelled::None {
        variants
            .push(("levelling of the rows not accounted for", SpectralRules { rows_levelled: RowsLevelled::None, ..rules }));
    }
    for (label, exponent) in [("exponent 0.5", 0.5), ("exponent 1", 1.0)] {
        if rules.exponent != Some(exponent) {
            variants.push((label, SpectralRules { exponent: Some(exponent), ..rules }));
        }
    }
    let as_reported = Correction { label: AS_REPORTED, field: Some(main.field.clone()) };
    let periodogram = pipeline.periodogram(values);
    let refit = |(label, rules): &(&'static str, SpectralRules)| {
        let fit = pipeline.with_rules(*rules).and_then(|other| {
            let same_window = other.rules.rows_levelled == pipeline.rules.rows_levelled;
            if same_window { other.fit(&periodogram, &main.field) } else { other.fit(&other.periodogram(values), &main.field) }
        });
        Correction { label, field: fit.map(|fit| fit.field) }
    };
    let mut corrections = vec![as_reported];
    corrections.extend(variants.par_iter().map(refit).collect::<Vec<_>>());
    corrections.extend(without_cross_talk(input, pipeline, values, main));
    corrections
}

/// The map freed of what follows levelled height, slopes and curvature, where `dafm.topography` was run before.
fn without_cross_talk(
    input: &Input<'_>,
    pipeline: &SpectralPipeline,
    values: &Array2<f64>,
    main: &SpectralFit,
) -> Option<Correction> {
    let height = input.height?;
    let metres = height.values.mapv(|value| height.unit.to_si(value));
    let mut usable = values.clone();
    ndarray::Zip::from(&mut usable).and(pipeline.valid()).for_each(|value, valid| {
        if !valid {
            *value = f64::NAN;
        }
    });
    let corrected = cross_talk(usable.view(), &topography_terms(metres.view(), input.pitch), false)?.corrected;
    let valid = ndarray::Zip::from(&corrected).and(pipeline.valid()).map_collect(|value, valid| *valid && value.is_finite());
    let other = SpectralPipeline::new(&valid.view(), input.pitch, pipeline.rules, pipeline.unit())?;
    let fit = other.fit(&other.periodogram(&corrected), &main.field);
    Some(Correction { label: WITHOUT_CROSS_TALK, field: fit.map(|fit| fit.field) })
}

/// The table of corrections.
pub fn table(corrections: &[Correction], value_unit: &str) -> Table {
    let number = |number: fn(&FieldFit) -> f64| -> Vec<f64> {
        corrections.iter().map(|correction| correction.field.as_ref().map_or(f64::NAN, number)).collect()
    };
    let reported = corrections.first().and_then(|first| first.field.as_ref()).map_or(f64::NAN, FieldFit::xi);
    let lengths = number(FieldFit::xi);
    let change = lengths.iter().map(|xi| xi / reported - 1.0).collect();
    Table::new("corrections", "Fits in frequency space under other assumptions; bias not removed")
        .with_text("assumption", corrections.iter().map(|correction| correction.label.to_owned()).collect())
        .with_numbers("correlation_length", "m", lengths)
        .with_numbers("change", "", change)
        .with_numbers("exponent", "", number(|fit| fit.model.alpha))
        .with_numbers("field_sd", value_unit, number(|fit| fit.model.sigma))
        .with_numbers("nugget_sd", value_unit, number(|fit| fit.model.nugget_sd))
}
