use amorph_core::dossier::Dossier;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Map as Object, Value, json};

use super::figures::Drawer;
use super::words::{counted, script_json};
use super::{appendix, headline, notes, results};
use crate::{ReportError, Theme, colour, fonts, plotly};

const PLOTLY: &str = include_str!("../../assets/plotly/plotly-cartesian.min.js");
const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// Nothing may be loaded from anywhere.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'";

/// A section of the page.
struct Section {
    id: &'static str,
    title: &'static str,
    content: Markup,
}

/// The sections that have something to say, after their table of contents.
pub fn body(dossier: &Dossier, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let summary = html! { (notes::notes(&dossier.notes)) (warning(dossier)) (headline::headline(dossier)) };
    let mut sections = vec![
        Section { id: "summary", title: "Summary", content: summary },
        Section { id: "measured", title: "What was measured", content: headline::states_table(&dossier.states) },
    ];
    let comparisons = results::comparisons(&dossier.comparisons, drawer)?;
    sections.push(Section { id: "comparisons", title: "Comparisons", content: comparisons });
    sections.push(Section { id: "results", title: "Results", content: results::results(dossier, drawer)? });
    if !dossier.failures.is_empty() {
        sections.push(Section { id: "failures", title: "What failed", content: notes::failures(&dossier.failures) });
    }
    sections.push(Section { id: "methods", title: "Methods", content: appendix::methods(&dossier.methods) });
    if dossier.methods.iter().any(|method| !method.references.is_empty()) {
        sections.push(Section { id: "references", title: "References", content: appendix::references(&dossier.methods) });
    }
    sections.push(Section { id: "study", title: "The study file", content: appendix::study(dossier) });
    sections.push(Section { id: "provenance", title: "Provenance", content: appendix::provenance(dossier) });
    sections.retain(|section| !section.content.0.is_empty());
    Ok(html! {
        nav.contents aria-label="Contents" {
            ol { @for section in &sections {
                li {
                    a href={ "#" (section.id) } { (section.title) }
                    @if section.id == "results" { (states_of(dossier)) }
                }
            } }
        }
        main { @for section in &sections {
            section id=(section.id) { h2 { (section.title) } (section.content) }
        } }
    })
}

fn states_of(dossier: &Dossier) -> Markup {
    let places = results::places(dossier);
    html! {
        @if places.len() > 1 { ol { @for (index, (_, state)) in places.iter().enumerate() {
            @if index == 0 && dossier.results.iter().any(|result| !result.outcome.figures.is_empty()) { li { a href="#side-by-side" { "Side by side" } } }
            li { a href={ "#state-" (index + 1) } { (state) } }
        } } }
    }
}

fn warning(dossier: &Dossier) -> Markup {
    let failed = dossier.failures.len();
    html! {
        @if failed > 0 {
            p.note.warning {
                strong { "Caution" } " "
                (counted(failed, "analysis was", "analyses were")) " not possible; "
                a href="#failures" { "see what failed and what to do" } "."
            }
        }
    }
}

/// The whole document around its body.
pub fn document(dossier: &Dossier, body: &Markup, has_figures: bool) -> Markup {
    let title = if dossier.title.is_empty() { "Amorph report" } else { &dossier.title };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "Amorph " (dossier.amorph_version) };
                title { (title) }
                style { (PreEscaped(font_faces())) (PreEscaped(STYLE)) }
            }
            body {
                (header(dossier, title))
                div.page { (body) }
                (footer(dossier))
                @if has_figures { script { (PreEscaped(PLOTLY)) } }
                script id="palette" type="application/json" { (PreEscaped(script_json(&palette()))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn header(dossier: &Dossier, title: &str) -> Markup {
    let items: usize = dossier.states.iter().map(|state| state.n_items).sum();
    let facts = [
        dossier.generated.clone(),
        counted(dossier.states.len(), "state", "states"),
        counted(items, "item", "items"),
        counted(dossier.results.len() + dossier.comparisons.len(), "result", "results"),
        if dossier.amorph_version.is_empty() { String::new() } else { format!("Amorph {}", dossier.amorph_version) },
    ];
    let facts: Vec<&String> = facts.iter().filter(|fact| !fact.is_empty()).collect();
    html! {
        header.masthead {
            div {
                h1 { (title) }
                @for paragraph in dossier.description.split("\n\n").filter(|text| !text.trim().is_empty()) { p.lead { (paragraph) } }
                p.facts { @for fact in facts { span { (fact) } } }
            }
            button #theme type="button" title="Light or dark" aria-label="Switch between light and dark" { "◐" }
        }
    }
}

fn footer(dossier: &Dossier) -> Markup {
    html! {
        footer {
            p {
                "Made with Amorph " (dossier.amorph_version) ". This file is complete: it loads nothing. "
                "It contains Plotly (© 2012–2026 Plotly Technologies Inc., MIT licence) and Inter (© The Inter Project Authors, SIL Open Font License 1.1)."
            }
        }
    }
}

fn font_faces() -> String {
    let face = |weight: u32, font: &[u8]| {
        format!(
            "@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/woff2;base64,{}) format('woff2')}}",
            STANDARD.encode(font)
        )
    };
    face(400, fonts::REGULAR_WOFF2) + &face(600, fonts::SEMIBOLD_WOFF2)
}

/// Colours for the script, by theme.
fn palette() -> Value {
    let of = |theme: Theme| {
        let ink = colour::ink(theme);
        let mut colours: Object<String, Value> =
            colour::tokens(theme).into_iter().map(|(token, colour)| (token, json!(colour))).collect();
        for (token, colour) in [("@text", ink.text), ("@faint", ink.faint), ("@grid", ink.grid), ("@halo", ink.halo)] {
            colours.insert(token.to_owned(), json!(colour));
        }
        colours.insert("@missing".to_owned(), json!(colour::hex(ink.missing)));
        Value::Object(colours)
    };
    json!({ "light": of(Theme::Light), "dark": of(Theme::Dark), "pictures": plotly::palettes() })
}
