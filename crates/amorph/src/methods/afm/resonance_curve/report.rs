//! Estimates, the paper's rule beside them, and the lines for the study.

use super::algorithm::{Curve, Resonance};
use super::{BackgroundKind, Input, ResonanceCurve, ResonanceError};
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::unit::{Unit, format_estimate};
use crate::method::MethodError;

/// The rule by the width is meant for narrow resonances.
const NARROW: f64 = 200.0;
/// A fit that misses more than this share of the peak is not trusted.
const LARGEST_MISFIT: f64 = 0.05;
/// Relative difference of the two quality factors that is mentioned.
const DISAGREEMENT: f64 = 0.05;

pub(super) fn outcome(method: &ResonanceCurve, input: &Input) -> Result<Outcome, MethodError> {
    let curve = &input.curve;
    let resonance = curve.fit(method.model()).map_err(ResonanceError::from)?;
    let peak = curve.amplitude.iter().copied().fold(0.0, f64::max);
    let background = if method.background == BackgroundKind::Power { resonance.background_share * peak } else { 0.0 };
    let by_width = curve.quality_by_width(background);
    Ok(Outcome {
        estimates: estimates(&resonance, by_width, curve.frequency.len()),
        tables: vec![
            Table::new("resonance_curve", "Measured and fitted amplitude")
                .with_numbers("frequency", "Hz", curve.frequency.clone())
                .with_numbers("amplitude", input.unit.symbol(), curve.amplitude.clone())
                .with_numbers("fitted", input.unit.symbol(), resonance.fitted.clone()),
        ],
        figures: vec![figure(curve, &resonance, input, peak)],
        notes: notes(method, input, &resonance, by_width),
        ..Outcome::default()
    })
}

fn estimates(resonance: &Resonance, by_width: Option<f64>, n: usize) -> Vec<Estimate> {
    let fitted = |key: &str, symbol: &str, value: f64, unit: &str, error: f64, interval: Option<(f64, f64)>| {
        let estimate = match interval {
            Some(ends) => Estimate::with_interval(key, symbol, value, unit, ends, Basis::Likelihood),
            None => Estimate::without_interval(key, symbol, value, unit, "the sweep does not bound it"),
        };
        estimate.std_error(error).n(n as f64)
    };
    let mut estimates = vec![
        fitted("quality_factor", "Q", resonance.quality, "", resonance.quality_error, resonance.quality_interval),
        fitted("resonance_frequency", "f0", resonance.frequency, "Hz", resonance.frequency_error, resonance.frequency_interval),
    ];
    if let Some(quality) = by_width {
        let why = "read off two points of the curve; the fit has the interval";
        let estimate = Estimate::without_interval("quality_factor_by_width", "f/FWHM", quality, "", why);
        estimates.push(if resonance.quality < NARROW { estimate.flag("broad_resonance") } else { estimate });
    }
    let why = "describes the fit";
    estimates.push(Estimate::without_interval("background_share", "b/A_max", resonance.background_share, "", why));
    estimates
}

fn notes(method: &ResonanceCurve, input: &Input, resonance: &Resonance, by_width: Option<f64>) -> Vec<Note> {
    let frequency = Unit::of("kHz");
    let khz = |value: f64| frequency.convert_si(value);
    let text = |value: f64, error: f64| format_estimate(value, Some(error)).replace('±', "+-");
    let mut notes = vec![Note::info(
        "constants_for_the_study",
        format!(
            "quality_factor = \"{}\", resonance_frequency = \"{} kHz\"",
            text(resonance.quality, resonance.quality_error),
            text(khz(resonance.frequency), khz(resonance.frequency_error))
        ),
    )];
    match by_width {
        None => notes.push(Note::info(
            "width_not_reached",
            "the sweep ends before the power is half of its maximum: no quality factor by the width",
        )),
        Some(quality) if (quality / resonance.quality - 1.0).abs() > DISAGREEMENT => {
            let message = format!(
                "the quality factor by the width is {quality:.1}, by the fit {:.1}: noise, coarse steps or a background decide; the fit uses all points",
                resonance.quality
            );
            notes.push(Note::warning("width_and_fit_differ", message));
        }
        Some(_) if resonance.quality < NARROW => {
            let message = format!(
                "Q = {:.1} is below {NARROW}: the rule f/FWHM holds for narrow resonances only; use the fit",
                resonance.quality
            );
            notes.push(Note::info("broad_resonance", message));
        }
        Some(_) => {}
    }
    if resonance.misfit > LARGEST_MISFIT {
        let message = format!(
            "the fit misses {:.1} % of the peak (rms): a second resonance, a non-linear response or another background than '{}'; the intervals assume \
             that the residuals are noise",
            100.0 * resonance.misfit,
            match method.background {
                BackgroundKind::None => "none",
                BackgroundKind::Power => "power",
                BackgroundKind::Coherent => "coherent",
            }
        );
        notes.push(Note::warning("poor_fit", message));
    }
    if input.n_dropped > 0 {
        notes.push(Note::info(
            "rows_left_out",
            format!("{} rows without a positive frequency and an amplitude were left out", input.n_dropped),
        ));
    }
    notes
}

fn figure(curve: &Curve, resonance: &Resonance, input: &Input, peak: f64) -> Figure {
    let unit = Unit::of("Hz").preferred(resonance.frequency);
    let residual = curve.amplitude.iter().zip(&resonance.fitted).map(|(a, b)| a - b).collect();
    let panel =
        |label: &str| Panel::new("", Axis::linear("frequency", unit.clone()), Axis::linear(label, input.unit.preferred(peak)));
    Figure {
        key: "resonance_curve".to_owned(),
        title: "Resonance curve".to_owned(),
        caption: "Amplitude against frequency with the fitted oscillator and its background; right: what the fit leaves."
            .to_owned(),
        panels: vec![
            panel("amplitude")
                .with(Mark::points("measured", Role::Data, curve.frequency.clone(), curve.amplitude.clone()))
                .with(Mark::line("fit", Role::Model, curve.frequency.clone(), resonance.fitted.clone()))
                .with(Mark::Rule { name: "f0".to_owned(), role: Role::Highlight, axis: RuleAxis::X, at: resonance.frequency }),
            panel("residual").with(Mark::line("", Role::Data, curve.frequency.clone(), residual)),
        ],
    }
}
