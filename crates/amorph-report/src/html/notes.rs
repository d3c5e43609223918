use amorph_core::dossier::FailureRecord;
use amorph_core::outcome::{Note, Severity};
use maud::{Markup, html};

/// Notes, the most serious first.
pub fn notes(notes: &[Note]) -> Markup {
    let mut sorted: Vec<&Note> = notes.iter().collect();
    sorted.sort_by_key(|note| std::cmp::Reverse(note.severity));
    html! {
        @if !sorted.is_empty() {
            ul.notes { @for note in sorted {
                li.note.(class(note.severity)) title=(note.code) { strong { (word(note.severity)) } " " (note.message) }
            } }
        }
    }
}

fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Refused => "refused",
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Note",
        Severity::Warning => "Caution",
        Severity::Refused => "Not given",
    }
}

/// What failed, and what to do.
pub fn failures(failures: &[FailureRecord]) -> Markup {
    html! {
        div.scroll { table.failures {
            thead { tr { th { "Where" } th { "Method" } th { "What happened" } th { "What to do" } } }
            tbody { @for failure in failures {
                tr {
                    td { (failure.state) @if !failure.item.is_empty() { br; span.faint { (super::words::file_name(&failure.item)) } } }
                    td { code { (failure.method) } }
                    td { (failure.message) }
                    td { (failure.hint) }
                }
            } }
        } }
    }
}
