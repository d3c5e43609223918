//! What the linear test of causality and the other rules for the strength of the prior say.

use super::algorithm::Spectrum;
use super::causality::Causality;
use crate::core::outcome::{Estimate, Note, Outcome};
use crate::core::unit::Probability;

/// Below this probability what is left over is no scatter.
const NOT_SCATTER: f64 = 0.01;
/// Decades by which two rules may differ.
const DECADES: f64 = 1.0;

pub(super) fn causality(test: &Causality, outcome: &mut Outcome) {
    let why = "a measure of misfit, not a property of the sample";
    outcome.estimates.push(Estimate::without_interval("causality_residual", "r_KK", test.rms, "", why));
    let scatter = match test.scatter {
        Some(scatter) => format!(", scatter among neighbours {:.2} %", 100.0 * scatter),
        None => String::new(),
    };
    let left = format!(
        "a ladder of {:.1} Maxwell elements per decade, strengths of either sign, leaves {:.2} % rms of storage and loss{scatter}",
        test.per_decade,
        100.0 * test.rms
    );
    let note = match test.p {
        Some(p) if p < NOT_SCATTER => Note::warning(
            "causality",
            format!("{left} (p {:.1e}): storage and loss are not tied by causality within their scatter", Probability(p)),
        ),
        Some(_) => Note::info("causality", format!("{left}: storage and loss are tied by causality")),
        None => Note::info("causality", format!("{left}; too few or too sparse readings to say whether that is scatter")),
    };
    outcome.notes.push(note);
}

pub(super) fn strengths(found: &Spectrum, outcome: &mut Outcome) {
    let Some(strengths) = &found.strengths else {
        outcome.notes.push(Note::info(
            "smoothing_checks",
            "no fit at other strengths of the prior succeeded: the evidence stands alone",
        ));
        return;
    };
    let rules = [
        ("smoothing_cross_validation", "λ_GCV", "cross-validation", strengths.cross_validation),
        ("smoothing_corner", "λ_L", "the corner of the L-curve", strengths.corner),
    ];
    let evidence = found.solution.strength;
    for (key, symbol, name, value) in rules {
        let Some(value) = value else {
            let (lo, hi) = strengths.range;
            let text = format!("{name} names no strength of the prior between {lo:.1e} and {hi:.1e}");
            outcome.notes.push(Note::info("smoothing_checks", text));
            continue;
        };
        let why = "a check of the strength by evidence; no error is known for it";
        outcome.estimates.push(Estimate::without_interval(key, symbol, value, "", why));
        let apart = (value / evidence).log10();
        if apart.abs() > DECADES {
            let text = format!(
                "{name} asks for a prior of strength {value:.1e}, the evidence for {evidence:.1e}: {:.1} decades apart; compare the spectrum at other nodes_per_decade and noise",
                apart.abs()
            );
            // The corner lies above the evidence for most good sweeps of many readings.
            let is_fault = key == "smoothing_cross_validation";
            let note = if is_fault { Note::warning("smoothing_checks", text) } else { Note::info("smoothing_checks", text) };
            outcome.notes.push(note);
        }
    }
}
