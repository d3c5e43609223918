use amorph_core::dossier::{Dossier, ResultRecord, Shown};
use maud::{Markup, html};

use super::beside::{Beside, side_by_side};
use super::figures::Drawer;
use super::words::{counted, file_name};
use super::{estimates, notes, tables, thumbnails};
use crate::ReportError;

/// Sample and state.
pub type Place = (String, String);

/// Figures of the states side by side; then the results of every state: first those of the state, then those of its
/// items, folded.
pub fn results(dossier: &Dossier, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let beside = side_by_side(dossier, drawer)?;
    let mut sections = Vec::new();
    for (index, (sample, state)) in places(dossier).into_iter().enumerate() {
        let here = |result: &&ResultRecord| result.sample == sample && result.state == state;
        let (of_items, of_state): (Vec<_>, Vec<_>) =
            dossier.results.iter().filter(here).partition(|result| !result.item.is_empty());
        let mut parts = Vec::new();
        for result in of_state {
            parts.push(titled(result, &beside, drawer)?);
        }
        parts.push(thumbnails::contact_sheet(dossier, &of_items, drawer.scales())?);
        parts.push(items(&of_items, &beside, drawer)?);
        sections.push(html! {
            section.state id={ "state-" (index + 1) } {
                h3 { @if !sample.is_empty() { span.faint { (sample) } " · " } (state) }
                @for part in &parts { (part) }
            }
        });
    }
    Ok(html! { (beside.section) @for section in &sections { (section) } })
}

/// Samples and states that have results, in the order of the study.
pub fn places(dossier: &Dossier) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    for result in &dossier.results {
        let place = (result.sample.clone(), result.state.clone());
        if !found.contains(&place) {
            found.push(place);
        }
    }
    let rank = |place: &Place| dossier.states.iter().position(|state| state.sample == place.0 && state.state == place.1);
    found.sort_by_key(|place| rank(place).unwrap_or(usize::MAX));
    found
}

/// Comparisons between states.
pub fn comparisons(comparisons: &[ResultRecord], drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let parts = comparisons.iter().map(|result| comparison(result, drawer)).collect::<Result<Vec<_>, _>>()?;
    Ok(html! { @for part in &parts { (part) } })
}

/// A comparison is read from its tables and figures; the single estimates are there for those who want to quote them.
fn comparison(result: &ResultRecord, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let outcome = &result.outcome;
    let figures = outcome.figures.iter().map(|figure| drawer.figure(figure, &outcome.maps)).collect::<Result<Vec<_>, _>>()?;
    Ok(html! {
        article.result {
            h4 { (heading(result)) }
            (notes::notes(&outcome.notes))
            @for table in &outcome.tables { (tables::open_table(table)) }
            @for figure in &figures { (figure) }
            @if !outcome.estimates.is_empty() {
                details { summary { "Single estimates" } (estimates::table(result)) }
            }
        }
    })
}

fn titled(result: &ResultRecord, beside: &Beside, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let content = content(result, beside, drawer)?;
    Ok(html! { article.result { h4 { (heading(result)) } (content) } })
}

/// Heading of a result.
pub fn heading(result: &ResultRecord) -> &str {
    if result.title.is_empty() { &result.method } else { &result.title }
}

fn content(result: &ResultRecord, beside: &Beside, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let outcome = &result.outcome;
    let mut figures = Vec::new();
    for figure in outcome.figures.iter().filter(|figure| !beside.holds(result, &figure.key)) {
        figures.push(drawer.figure(figure, &outcome.maps)?);
    }
    Ok(html! {
        (estimates::table(result))
        (notes::notes(&outcome.notes))
        @for figure in &figures { (figure) }
        @for table in &outcome.tables { (tables::table(table)) }
    })
}

/// The results of single items: open where there is one item alone, or where one stands for the others and its figures are nowhere else.
fn items(results: &[&ResultRecord], beside: &Beside, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let mut names: Vec<&str> = results.iter().map(|result| result.item.as_str()).collect();
    names.dedup();
    let mut unique: Vec<&str> = Vec::new();
    names.into_iter().for_each(|name| {
        if !unique.contains(&name) {
            unique.push(name)
        }
    });
    let has_figures = |result: &&&ResultRecord| {
        result.shown == Shown::InFull && result.outcome.figures.iter().any(|figure| !beside.holds(result, &figure.key))
    };
    let mut pictured: Vec<&str> = results.iter().filter(has_figures).map(|result| result.item.as_str()).collect();
    pictured.dedup();
    let mut parts = Vec::new();
    for name in &unique {
        let of_item: Vec<_> = results.iter().filter(|result| result.item == **name).collect();
        let is_open = unique.len() == 1 || pictured == [*name];
        let contents = of_item.iter().map(|result| titled(result, beside, drawer)).collect::<Result<Vec<_>, _>>()?;
        parts.push(html! {
            details.item open[is_open] {
                summary { span title=(name) { (file_name(name)) } " " span.faint { (counted(of_item.len(), "result", "results")) } }
                @for content in &contents { (content) }
            }
        });
    }
    Ok(html! {
        @if unique.len() > 1 {
            h4.items-heading { "Single items" }
            @if results.iter().any(|result| result.shown == Shown::InShort) {
                p.faint { "Numbers and notes; figures and tables of every item are in the exports, or here with " code { "amorph report --items all" } "." }
            }
        }
        @for part in &parts { (part) }
    })
}
