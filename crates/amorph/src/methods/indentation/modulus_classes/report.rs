use ndarray::Array2;

use super::algorithm::{block_errors, correlation_length};
use super::spatial::Field;
use super::{Input, ModulusClasses, figures};
use crate::core::ctx::Ctx;
use crate::core::data::{Map, Table};
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::random::derive_seed;
use crate::core::stats::{LineClusters, Mixture, MixtureFit, NORMAL_95, entropy, line_clusters};
use crate::core::unit::Unit;
use crate::method::MethodError;
use crate::methods::indentation::IndentationError;

pub(super) fn outcome(method: &ModulusClasses, input: &Input<'_>, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let valid = input.map.valid();
    let values = ndarray::Zip::from(&input.map.values).and(&valid).map_collect(|v, valid| if *valid { *v } else { f64::NAN });
    let finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    if finite.iter().all(|value| *value == finite[0]) {
        return Ok(constant(finite[0], input));
    }
    let failed = |what: &'static str| {
        move |error: crate::core::stats::StatsError| IndentationError::NotFitted { what, reason: error.to_string() }
    };
    let clusters = line_clusters(&finite, method.k_means).map_err(failed("k-means"))?;
    let fit = MixtureFit { starts: method.starts, seed: derive_seed(ctx.seed, &["mixture".into()]), ..MixtureFit::default() };
    let mut mixtures = Vec::new();
    for k in 1..=method.most_components {
        ctx.check_cancelled()?;
        ctx.report(k as u64, method.most_components as u64);
        mixtures.push(fit.fit(&finite, k).map_err(failed("the mixture"))?);
    }
    let icl: Vec<f64> = mixtures.iter().map(|mixture| mixture.icl(&finite)).collect();
    let chosen = least(&mixtures.iter().map(Mixture::bic).collect::<Vec<f64>>());
    let length = correlation_length(&values, input.pitch);
    let mixture = &mixtures[chosen];
    let errors = errors(method, input, &values, mixture, &fit, length, ctx);
    let total = finite.iter().map(|v| (v - finite.iter().sum::<f64>() / finite.len() as f64).powi(2)).sum::<f64>();
    let field = (method.spatial_prior && chosen > 0).then(|| Field::fit(&values, mixture));
    let maps = maps(input, &values, mixture, &clusters, field.as_ref());
    let why = "a choice by a criterion";
    let mut estimates = vec![
        Estimate::without_interval("n_classes", "k", (chosen + 1) as f64, "", why),
        Estimate::without_interval("n_classes_icl", "k", (least(&icl) + 1) as f64, "", why),
        Estimate::without_interval(
            "mean_entropy",
            "",
            mean_entropy(mixture, &finite),
            "",
            "a mean over the pixels of this map",
        ),
        Estimate::without_interval("k_means_inertia", "", clusters.inertia / total, "", "a share of this map"),
    ];
    estimates.extend(field.as_ref().map(|field| {
        let why = "mean field and pseudo-likelihood: that an interval covers has not been shown";
        Estimate::without_interval("potts_beta", "β", field.beta, "", why).std_error(field.beta_std)
    }));
    estimates.extend(length.map(|length| {
        let why = "the interval of a correlation length is that of dafm.correlation_length, which reads this map";
        Estimate::without_interval("correlation_length", "ξ", length, "m", why)
    }));
    Ok(Outcome {
        estimates,
        tables: vec![classes(input, mixture, errors.as_deref()), groups(input, &clusters), criteria(&mixtures, &icl)],
        figures: figures::all(input, &finite, mixture, &clusters),
        notes: notes(method, mixture, length, input),
        maps,
        ..Outcome::default()
    })
}

fn constant(value: f64, input: &Input<'_>) -> Outcome {
    let text = format!("every pixel is {value:e} {}: one class", input.map.unit);
    let estimate = Estimate::without_interval("n_classes", "k", 1.0, "", "a constant map");
    Outcome { estimates: vec![estimate], notes: vec![Note::info("constant_map", text)], ..Outcome::default() }
}

fn least(criteria: &[f64]) -> usize {
    criteria.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(index, _)| index)
}

fn mean_entropy(mixture: &Mixture, values: &[f64]) -> f64 {
    values.iter().map(|value| entropy(&mixture.posterior(*value))).sum::<f64>() / values.len() as f64
}

fn errors(
    method: &ModulusClasses,
    input: &Input<'_>,
    values: &Array2<f64>,
    mixture: &Mixture,
    fit: &MixtureFit,
    length: Option<f64>,
    ctx: &Ctx,
) -> Option<Vec<[f64; 3]>> {
    // Two lengths are enough to keep most of the correlation, a third of the map leaves something to draw.
    let side = |n: usize, pitch: f64| {
        let pixels = (2.0 * length? / pitch).ceil() as usize;
        (pixels <= n / 3).then_some(pixels.max(1))
    };
    let tile = (side(values.nrows(), input.pitch.0)?, side(values.ncols(), input.pitch.1)?);
    let seed = derive_seed(ctx.seed, &["blocks".into()]);
    (method.bootstrap > 0).then(|| block_errors(values, mixture, fit, tile, method.bootstrap, seed)).flatten()
}

fn maps(
    input: &Input<'_>,
    values: &Array2<f64>,
    mixture: &Mixture,
    clusters: &LineClusters,
    field: Option<&Field>,
) -> Vec<Map> {
    let of = |quantity: &str, of: &dyn Fn(f64) -> f64| {
        let values = values.mapv(|value| if value.is_finite() { of(value) } else { f64::NAN });
        Map::new(quantity, values, Unit::one(), input.map.extent.clone())
    };
    let likeliest = |posterior: &[f64]| {
        let best = posterior.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        best.map_or((0, f64::NAN), |(class, p)| (class, *p))
    };
    // By the pixel alone, or with its neighbours.
    let posteriors = match field {
        Some(field) => field.posterior.clone(),
        None => values.mapv(|value| if value.is_finite() { mixture.posterior(value) } else { Vec::new() }),
    };
    let classed = |quantity: &str, of: &dyn Fn(&[f64]) -> f64| {
        let values = posteriors.map(|posterior| if posterior.is_empty() { f64::NAN } else { of(posterior) });
        Map::new(quantity, values, Unit::one(), input.map.extent.clone())
    };
    vec![
        of("modulus_group", &|value| clusters.group(value) as f64),
        classed("modulus_class", &|posterior| likeliest(posterior).0 as f64),
        classed("class_probability", &|posterior| likeliest(posterior).1),
        classed("class_entropy", &entropy),
    ]
}

fn classes(input: &Input<'_>, mixture: &Mixture, errors: Option<&[[f64; 3]]>) -> Table {
    let unit = input.map.unit.symbol();
    let parts = &mixture.components;
    let error = |which: usize| -> Vec<f64> {
        (0..parts.len()).map(|i| errors.and_then(|errors| errors.get(i)).map_or(f64::NAN, |e| e[which])).collect()
    };
    // How often this covers is in docs/coverage.md; of fractions and widths it would cover less often.
    let end = |sign: f64| -> Vec<f64> {
        parts.iter().zip(error(1)).map(|(part, error)| part.mean + sign * NORMAL_95 * error).collect()
    };
    Table::new("classes", "Components of the mixture; standard errors by the block bootstrap, means with 95 % intervals")
        .with_numbers("class", "", (0..parts.len()).map(|i| i as f64).collect())
        .with_numbers("fraction", "", parts.iter().map(|part| part.weight).collect())
        .with_numbers("fraction_std", "", error(0))
        .with_numbers("mean", unit, parts.iter().map(|part| part.mean).collect())
        .with_numbers("mean_std", unit, error(1))
        .with_numbers("mean_lo", unit, end(-1.0))
        .with_numbers("mean_hi", unit, end(1.0))
        .with_numbers("sd", unit, parts.iter().map(|part| part.sd).collect())
        .with_numbers("sd_std", unit, error(2))
}

fn groups(input: &Input<'_>, clusters: &LineClusters) -> Table {
    let unit = input.map.unit.symbol();
    let total: usize = clusters.counts.iter().sum();
    let mut edges = clusters.edges.clone();
    edges.push(f64::NAN);
    Table::new("groups", "Groups of k-means; edges between groups of unequal size or spread are biased")
        .with_numbers("group", "", (0..clusters.means.len()).map(|i| i as f64).collect())
        .with_numbers("fraction", "", clusters.counts.iter().map(|count| *count as f64 / total as f64).collect())
        .with_numbers("mean", unit, clusters.means.clone())
        .with_numbers("upper_edge", unit, edges)
}

fn criteria(mixtures: &[Mixture], icl: &[f64]) -> Table {
    let word = |mixture: &Mixture| if mixture.converged { "yes" } else { "no" }.to_owned();
    Table::new("criteria", "Mixtures of one to several components; smaller is better")
        .with_numbers("components", "", mixtures.iter().map(|m| m.components.len() as f64).collect())
        .with_numbers("ln_likelihood", "", mixtures.iter().map(|m| m.ln_likelihood).collect())
        .with_numbers("bic", "", mixtures.iter().map(Mixture::bic).collect())
        .with_numbers("icl", "", icl.to_vec())
        .with_text("converged", mixtures.iter().map(word).collect())
}

fn notes(method: &ModulusClasses, mixture: &Mixture, length: Option<f64>, input: &Input<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    match &method.noise {
        None => {
            let text = "the noise of a pixel is not stated: whether a component is wider than the measurement is unknown";
            notes.push(Note::info("noise_unknown", text));
        }
        Some(noise) => {
            let narrow = mixture.components.iter().filter(|part| input.map.unit.to_si(part.sd) < 1.2 * noise.value).count();
            if narrow > 0 {
                let text = format!("{narrow} components are no wider than the noise of a pixel");
                notes.push(Note::warning("noise_limited", text));
            }
        }
    }
    if mixture.components.len() == 1 {
        let text = "one component describes the map: groups of k-means cut a single distribution and are no classes";
        notes.push(Note::warning("one_class", text));
    }
    if !mixture.converged {
        notes.push(Note::warning("not_converged", "the mixture had not converged when it was stopped"));
    }
    let pixel = input.pitch.0.max(input.pitch.1);
    if length.is_some_and(|length| length < 2.0 * pixel) {
        notes.push(Note::warning(
            "length_at_pixel",
            "the correlation length is that of the pixels or of the contact, not of the glass",
        ));
    }
    if length.is_none() {
        notes.push(Note::warning(
            "no_length",
            "the correlation does not fall to 1/e within half the map: no length, no block bootstrap",
        ));
    }
    notes
}
