use amorph_core::dossier::{Dossier, ResultRecord};
use maud::{Markup, html};

use super::figures::Drawer;
use super::words::{counted, file_name};
use super::{estimates, notes, tables};
use crate::ReportError;

/// The results of every state: first those of the state, then those of its items, folded.
pub fn results(dossier: &Dossier, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let mut sections = Vec::new();
    for (index, (sample, state)) in places(dossier).into_iter().enumerate() {
        let here = |result: &&ResultRecord| result.sample == sample && result.state == state;
        let (of_items, of_state): (Vec<_>, Vec<_>) =
            dossier.results.iter().filter(here).partition(|result| !result.item.is_empty());
        let mut parts = Vec::new();
        for result in of_state {
            parts.push(titled(result, drawer)?);
        }
        parts.push(items(&of_items, drawer)?);
        sections.push(html! {
            section.state id={ "state-" (index + 1) } {
                h3 { @if !sample.is_empty() { span.faint { (sample) } " · " } (state) }
                @for part in &parts { (part) }
            }
        });
    }
    Ok(html! { @for section in &sections { (section) } })
}

/// Samples and states that have results, in the order of the study.
pub fn places(dossier: &Dossier) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for result in &dossier.results {
        let place = (result.sample.clone(), result.state.clone());
        if !found.contains(&place) {
            found.push(place);
        }
    }
    let rank =
        |place: &(String, String)| dossier.states.iter().position(|state| state.sample == place.0 && state.state == place.1);
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

fn titled(result: &ResultRecord, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let content = content(result, drawer)?;
    Ok(html! { article.result { h4 { (heading(result)) } (content) } })
}

fn heading(result: &ResultRecord) -> &str {
    if result.title.is_empty() { &result.method } else { &result.title }
}

fn content(result: &ResultRecord, drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let outcome = &result.outcome;
    let figures = outcome.figures.iter().map(|figure| drawer.figure(figure, &outcome.maps)).collect::<Result<Vec<_>, _>>()?;
    Ok(html! {
        (estimates::table(result))
        (notes::notes(&outcome.notes))
        @for figure in &figures { (figure) }
        @for table in &outcome.tables { (tables::table(table)) }
    })
}

/// The results of single items: open where there is one item alone.
fn items(results: &[&ResultRecord], drawer: &mut Drawer) -> Result<Markup, ReportError> {
    let mut names: Vec<&str> = results.iter().map(|result| result.item.as_str()).collect();
    names.dedup();
    let mut unique: Vec<&str> = Vec::new();
    names.into_iter().for_each(|name| {
        if !unique.contains(&name) {
            unique.push(name)
        }
    });
    let mut parts = Vec::new();
    for name in &unique {
        let of_item: Vec<_> = results.iter().filter(|result| result.item == **name).collect();
        let contents = of_item.iter().map(|result| titled(result, drawer)).collect::<Result<Vec<_>, _>>()?;
        parts.push(html! {
            details.item open[unique.len() == 1] {
                summary { span title=(name) { (file_name(name)) } " " span.faint { (counted(of_item.len(), "result", "results")) } }
                @for content in &contents { (content) }
            }
        });
    }
    Ok(html! {
        @if unique.len() > 1 { h4.items-heading { "Single items" } }
        @for part in &parts { (part) }
    })
}
