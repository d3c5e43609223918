//! Figures of several states side by side.

use amorph_core::dossier::{Dossier, ResultRecord};
use maud::{Markup, html};

use super::figures::{Column, Drawer};
use super::results::{Place, heading, places};
use super::words::file_name;
use crate::ReportError;

/// Most states beside each other; more stand below.
const COLUMNS: usize = 4;

/// The figures that stand side by side, and which those are.
#[derive(Default)]
pub struct Beside {
    /// The section; empty where there is one state alone.
    pub section: Markup,
    drawn: Vec<(String, String)>,
}

impl Beside {
    /// Whether a figure of a result stands among those side by side.
    pub fn holds(&self, result: &ResultRecord, key: &str) -> bool {
        self.drawn.iter().any(|(job, drawn)| *job == result.job && drawn == key)
    }
}

/// Draws every figure that at least two states have.
pub fn side_by_side(dossier: &Dossier, drawer: &mut Drawer) -> Result<Beside, ReportError> {
    let places = places(dossier);
    let mut beside = Beside::default();
    if places.len() < 2 {
        return Ok(beside);
    }
    let shown = shown(dossier, &places);
    let mut parts = Vec::new();
    let mut methods: Vec<&str> = Vec::new();
    for (_, result) in &shown {
        if methods.contains(&result.method.as_str()) {
            continue;
        }
        methods.push(&result.method);
        let of_method: Vec<&(String, &ResultRecord)> =
            shown.iter().filter(|(_, other)| other.method == result.method).collect();
        let figures = of_method_figures(&of_method, drawer, &mut beside.drawn)?;
        if !figures.is_empty() {
            parts.push(html! { article.result { h4 { (heading(result)) } @for figure in &figures { (figure) } } });
        }
    }
    if !parts.is_empty() {
        beside.section = html! {
            section.state id="side-by-side" {
                h3 { "States side by side" }
                (explanation(dossier, &places))
                @for part in &parts { (part) }
            }
        };
    }
    Ok(beside)
}

/// For every state its own results and those of the item that stands for it, one of each method.
fn shown<'a>(dossier: &'a Dossier, places: &[Place]) -> Vec<(String, &'a ResultRecord)> {
    let mut shown: Vec<(String, &ResultRecord)> = Vec::new();
    for place in places {
        let item = dossier.representative(&place.0, &place.1);
        let here = dossier.results.iter().filter(|result| result.sample == place.0 && result.state == place.1);
        for result in here.filter(|result| result.item.is_empty() || Some(result.item.as_str()) == item) {
            let name = name_of(places, place);
            if !shown.iter().any(|(other, known)| *other == name && known.method == result.method) {
                shown.push((name, result));
            }
        }
    }
    shown
}

/// State, with its sample where there are several.
fn name_of(places: &[Place], (sample, state): &Place) -> String {
    let one_sample = places.iter().all(|(other, _)| other == sample);
    if one_sample { state.clone() } else { format!("{sample}, {state}") }
}

fn of_method_figures(
    results: &[&(String, &ResultRecord)],
    drawer: &mut Drawer,
    drawn: &mut Vec<(String, String)>,
) -> Result<Vec<Markup>, ReportError> {
    let mut keys: Vec<&str> = Vec::new();
    for (_, result) in results {
        keys.extend(result.outcome.figures.iter().map(|figure| figure.key.as_str()));
    }
    let mut figures = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for key in keys {
        if done.contains(&key) {
            continue;
        }
        done.push(key);
        let columns = columns(results, key);
        let alike = columns.windows(2).all(|pair| pair[0].0.figure.panels.len() == pair[1].0.figure.panels.len());
        if columns.len() < 2 || !alike {
            continue;
        }
        drawn.extend(columns.iter().map(|(_, result)| (result.job.clone(), key.to_owned())));
        let columns: Vec<Column<'_>> = columns.into_iter().map(|(column, _)| column).collect();
        for group in columns.chunks(COLUMNS) {
            figures.push(drawer.beside(group)?);
        }
    }
    Ok(figures)
}

fn columns<'a>(results: &[&(String, &'a ResultRecord)], key: &str) -> Vec<(Column<'a>, &'a ResultRecord)> {
    let column = |(state, result): &&(String, &'a ResultRecord)| {
        let result: &'a ResultRecord = result;
        let figure = result.outcome.figures.iter().find(|figure| figure.key == key)?;
        Some((Column { heading: state.clone(), figure, maps: &result.outcome.maps }, result))
    };
    results.iter().filter_map(column).collect()
}

fn explanation(dossier: &Dossier, places: &[Place]) -> Markup {
    let items = |(sample, state): &Place| {
        let mut names: Vec<&str> = dossier
            .results
            .iter()
            .filter(|result| result.sample == *sample && result.state == *state && !result.item.is_empty())
            .map(|result| result.item.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    let chosen: Vec<(String, &str, usize)> = places
        .iter()
        .filter_map(|place| Some((name_of(places, place), dossier.representative(&place.0, &place.1)?, items(place))))
        .collect();
    html! {
        p.intro {
            "Maps of one quantity have the same colours in all states; axes along a row are alike. "
            @if chosen.iter().any(|(_, _, n)| *n > 1) {
                "Of each state the item whose numbers lie closest to the medians of the state is shown: "
                @for (index, (state, item, n)) in chosen.iter().enumerate() {
                    @if index > 0 { "; " }
                    (state) " " span.faint title=(item) { (file_name(item)) ", one of " (n) }
                }
                ". Small pictures of the others are below."
            }
        }
    }
}
