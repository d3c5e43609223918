use amorph_core::dossier::{Dossier, MethodRecord, ResultRecord};
use amorph_core::outcome::Provenance;
use maud::{Markup, PreEscaped, html};

use super::words::{file_name, job_id, linked};
use super::{all_results, markdown};

/// What each method does, as its authors wrote it.
pub fn methods(methods: &[MethodRecord]) -> Markup {
    html! {
        @for method in methods {
            details.method {
                summary { span { (method.title) } " " code.faint { (method.id) " v" (method.version) } }
                @if !method.summary.is_empty() { p.lead { (method.summary) } }
                div.prose { (PreEscaped(markdown::render(&method.doc))) }
                @if !method.references.is_empty() {
                    h5 { "References" }
                    ul { @for reference in &method.references { li { (linked(reference)) } } }
                }
            }
        }
    }
}

/// The references of all methods, each once, in alphabetical order.
pub fn references(methods: &[MethodRecord]) -> Markup {
    let mut references: Vec<&String> = methods.iter().flat_map(|method| &method.references).collect();
    references.sort();
    references.dedup();
    html! { ol.references { @for reference in references { li { (linked(reference)) } } } }
}

/// The study as it was run.
pub fn study(dossier: &Dossier) -> Markup {
    html! {
        @if !dossier.study_path.is_empty() { p { code { (dossier.study_path) } } }
        @if !dossier.overrides.is_empty() {
            p { "Changed on the command line:" }
            ul { @for change in &dossier.overrides { li { code { (change) } } } }
        }
        @if !dossier.study_text.is_empty() { pre.study { code { (dossier.study_text) } } }
    }
}

/// How every result was made.
pub fn provenance(dossier: &Dossier) -> Markup {
    let mut seen: Vec<&str> = Vec::new();
    let mut unique: Vec<&ResultRecord> = Vec::new();
    for result in all_results(dossier) {
        if !seen.contains(&result.job.as_str()) {
            seen.push(&result.job);
            unique.push(result);
        }
    }
    html! {
        @for result in unique {
            details.job id=(job_id(&result.job)) {
                summary {
                    span { (result.title) } " "
                    span.faint {
                        (result.state) @if !result.item.is_empty() { " · " (file_name(&result.item)) }
                    }
                }
                (record(&result.job, &result.outcome.provenance))
            }
        }
    }
}

fn record(job: &str, provenance: &Provenance) -> Markup {
    html! {
        dl {
            dt { "Job" } dd { code { (job) } }
            dt { "Method" } dd { code { (provenance.method) } " version " (provenance.method_version) }
            @if !provenance.amorph_version.is_empty() { dt { "Amorph" } dd { (provenance.amorph_version) } }
            dt { "Seed" } dd { code { (provenance.seed) } }
            @if !provenance.inputs.is_empty() {
                dt { "Inputs" }
                @for input in &provenance.inputs {
                    dd { code { (input.path) } " " span.faint { (input.format) } br; code.hash { "sha256 " (input.sha256) } }
                }
            }
            @if !provenance.constants.is_empty() {
                dt { "Constants" }
                dd { table { tbody { @for constant in &provenance.constants {
                    tr { td { (crate::typeset::words(&constant.key)) } td.number { (constant.value) } td.faint { (constant.origin) } }
                } } } }
            }
            @if !provenance.overrides.is_empty() {
                dt { "Overrides" }
                @for change in &provenance.overrides { dd { code { (change) } } }
            }
            @if !provenance.upstream.is_empty() {
                dt { "Built on" }
                @for upstream in &provenance.upstream { dd { a href={ "#" (job_id(upstream)) } { code { (upstream) } } } }
            }
            @if !provenance.parameters.is_null() {
                dt { "Parameters" } dd { pre { code { (format!("{:#}", provenance.parameters)) } } }
            }
        }
    }
}
