use amorph_core::dossier::ResultRecord;
use amorph_core::outcome::Estimate;
use amorph_core::unit::format_significant;
use maud::{Markup, html};

use super::words::{job_id, symbol};
use crate::typeset;

/// The estimates of a result.
pub fn table(result: &ResultRecord) -> Markup {
    let estimates = &result.outcome.estimates;
    let systematic = estimates.iter().any(|estimate| estimate.systematic_error.is_some());
    let counted = estimates.iter().any(|estimate| estimate.n.is_some());
    let remarks = estimates.iter().any(|estimate| estimate.interval.is_none() || !estimate.flags.is_empty());
    html! {
        @if !estimates.is_empty() {
            div.scroll { table.estimates {
                thead { tr {
                    th colspan="2" { "Quantity" }
                    th.number { "Value" }
                    th.number { "Interval" }
                    @if systematic { th.number title="Standard error that the calibration constants bring" { "Calibration" } }
                    th { "Rests on" }
                    @if counted { th.number title="Independent pieces of information" { "n" } }
                    @if remarks { th { "Remarks" } }
                } }
                tbody { @for estimate in estimates {
                    tr {
                        td.symbol-cell { (symbol(&estimate.symbol)) }
                        td { (typeset::heading(&estimate.key)) }
                        td.number { (value(estimate, &result.job)) }
                        td.number { (interval(estimate)) }
                        @if systematic { td.number { (calibration(estimate)) } }
                        td { (basis(estimate)) }
                        @if counted { td.number { @if let Some(n) = estimate.n { (typeset::count(n)) } } }
                        @if remarks { td.remarks { (remark(estimate)) } }
                    }
                } }
            } }
        }
    }
}

/// The value with its error and unit, linked to how it was made.
pub fn value(estimate: &Estimate, job: &str) -> Markup {
    let shown = if estimate.value.is_finite() { set(&estimate.display(), estimate) } else { "not available".to_owned() };
    html! {
        @if job.is_empty() { (shown) } @else { a.value href={ "#" (job_id(job)) } title="How this number was made" { (shown) } }
    }
}

/// The interval with its level where that is not 95 %.
pub fn interval(estimate: &Estimate) -> Markup {
    html! {
        @match estimate.interval {
            Some(interval) => {
                (set(&estimate.display_interval(), estimate))
                @if (interval.level - 0.95).abs() > 1e-9 { " " span.faint { "(" (typeset::significant(100.0 * interval.level, 3)) " %)" } }
            }
            None => span.faint { "none" }
        }
    }
}

/// Where an interval comes from, in a word or two.
pub fn basis(estimate: &Estimate) -> &'static str {
    if estimate.interval.is_none() { "" } else { estimate.basis.label() }
}

fn calibration(estimate: &Estimate) -> String {
    let unit = estimate.display_unit();
    let error = estimate.systematic_error.map(|error| error * estimate.unit.scale() / unit.scale());
    let shown = error.filter(|error| error.is_finite()).map(|error| format!("± {} {unit}", format_significant(error, 2)));
    shown.map(|text| set(&text, estimate)).unwrap_or_default()
}

fn remark(estimate: &Estimate) -> Markup {
    let why = estimate.no_interval.as_deref().filter(|_| estimate.interval.is_none());
    html! {
        @for flag in &estimate.flags { span.flag { (typeset::words(flag)) } " " }
        @if let Some(why) = why { "No interval: " (why) }
    }
}

/// A number with the unit that was written into it, typeset.
fn set(text: &str, estimate: &Estimate) -> String {
    let unit = estimate.display_unit();
    let symbol = unit.symbol();
    match text.strip_suffix(symbol).filter(|_| !symbol.is_empty()) {
        Some(number) => {
            let set = typeset::unit(&unit);
            let number = typeset::number(number.trim_end());
            let needs_brackets = number.contains('±') && !number.contains(['(', '[']) && !number.starts_with('±');
            let number = if needs_brackets && set == "°" { format!("({number})") } else { number };
            format!("{number}\u{a0}{set}")
        }
        None => typeset::number(text),
    }
}
