//! What a paper prints against what its own formulas give.

use super::{Assumptions, Verdict, verdicts};
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;

/// Papers and their names.
const PAPERS: [(&str, &str); 4] =
    [("L16", "Lu et al."), ("Y12", "Yang et al."), ("I19", "Idrissi et al."), ("Q19", "Qiao et al.")];

/// One figure per paper.
pub(super) fn figures() -> Vec<(&'static str, Figure)> {
    // The assumptions are those of the papers: nothing leaves the range of a model, as a test asserts.
    let verdicts = verdicts(&Assumptions::default()).unwrap_or_default();
    PAPERS.into_iter().filter_map(|(tag, name)| Some((tag, of_paper(tag, name, &verdicts)?))).collect()
}

fn of_paper(tag: &'static str, name: &str, verdicts: &[Verdict]) -> Option<Figure> {
    let points: Vec<(f64, f64, bool)> = verdicts.iter().filter(|verdict| verdict.claim.is_of(tag)).filter_map(point).collect();
    if points.is_empty() {
        return None;
    }
    let y = Axis::log("recomputed / printed", Unit::one());
    let mut panel = Panel::new("", Axis::log("number as printed, in its own unit", Unit::one()), y);
    panel = panel.with(Mark::Rule { name: "equal".to_owned(), role: Role::Reference, axis: RuleAxis::Y, at: 1.0 });
    for (agrees, role, label) in [(true, Role::Data, "agrees"), (false, Role::Highlight, "does not agree")] {
        let chosen = || points.iter().filter(move |point| point.2 == agrees);
        if chosen().next().is_some() {
            let (x, y) = (chosen().map(|point| point.0).collect(), chosen().map(|point| point.1).collect());
            panel = panel.with(Mark::points(label, role, x, y));
        }
    }
    let apart = points.iter().filter(|point| !point.2).count();
    Some(Figure {
        key: format!("parity_{}", tag.to_lowercase()),
        title: format!("Printed and recomputed: {name}"),
        caption: format!(
            "Every number of {name} that has one value of one sign, recomputed from the formula that belongs to it, over the \
             number as printed: {apart} of {} lie outside what rounding allows. The table says why.",
            points.len()
        ),
        panels: vec![panel],
    })
}

/// Printed number and ratio; `None` for ranges, words, zero and changes of sign, which no ratio shows.
fn point(verdict: &Verdict) -> Option<(f64, f64, bool)> {
    let printed: f64 = verdict.claim.published.parse().ok()?;
    let ratio = verdict.computed / printed;
    (printed != 0.0 && ratio.is_finite() && ratio > 0.0).then(|| (printed.abs(), ratio, verdict.agrees))
}
