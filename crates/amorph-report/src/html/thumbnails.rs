//! Small pictures of all maps of a state, in the colours of the large ones.

use amorph_core::data::Map;
use amorph_core::dossier::{Dossier, ResultRecord, Shown};
use amorph_core::figure::{ColourAxis, Figure, Mark};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use super::words::file_name;
use crate::frame::{ColourScales, Picture};
use crate::{ReportError, Theme, colour, raster};

/// Pixels along a side where the study does not say otherwise.
const SIDE: usize = 96;
/// Items with more maps than this are too many to be seen together.
const ITEMS_MAX: usize = 400;

/// One row of small pictures for each kind of map that several items have.
pub fn contact_sheet(dossier: &Dossier, results: &[&ResultRecord], scales: &ColourScales) -> Result<Markup, ReportError> {
    let mut rows = Vec::new();
    for kind in scales.kinds() {
        let Some(axis) = axis_of(dossier, &kind.quantity) else { continue };
        let maps = maps_of(results, &kind.quantity);
        if maps.len() < 2 || maps.len() > ITEMS_MAX {
            continue;
        }
        let mut pictures = Vec::new();
        for (item, map) in maps {
            let picture = Picture { range: kind.range, ..Picture::of(map, axis, side(dossier), ([0.0, 1.0], [0.0, 1.0])) };
            if picture.unit == kind.unit && picture.palette == kind.palette {
                pictures.push(thumbnail(item, &picture)?);
            }
        }
        if pictures.len() > 1 {
            rows.push(html! {
                div.sheet-row { h5 { (kind.label) } div.thumbnails { @for picture in &pictures { (picture) } } }
            });
        }
    }
    Ok(html! { @if !rows.is_empty() { h4.items-heading { "Maps of all items" } @for row in &rows { (row) } } })
}

/// How the figures show a quantity.
fn axis_of<'a>(dossier: &'a Dossier, quantity: &str) -> Option<&'a ColourAxis> {
    let figures = dossier.results.iter().flat_map(|result| &result.outcome.figures);
    let marks = figures.flat_map(|figure: &Figure| &figure.panels).flat_map(|panel| &panel.marks);
    marks.into_iter().find_map(|mark| match mark {
        Mark::Image { map, colour } if map == quantity => Some(colour),
        _ => None,
    })
}

/// The map of a quantity of every item, once per item.
fn maps_of<'a>(results: &[&'a ResultRecord], quantity: &str) -> Vec<(&'a str, &'a Map)> {
    let mut found: Vec<(&str, &Map)> = Vec::new();
    for result in results {
        let map = result.outcome.maps.iter().find(|map| map.quantity == quantity && !map.values.is_empty());
        if let Some(map) = map.filter(|_| found.iter().all(|(item, _)| *item != result.item)) {
            found.push((&result.item, map));
        }
    }
    found
}

/// The size to which the study has reduced the maps of most items.
fn side(dossier: &Dossier) -> usize {
    let in_short = dossier.results.iter().filter(|result| result.shown == Shown::InShort);
    let sides = in_short.flat_map(|result| &result.outcome.maps).map(|map| map.shape().0.max(map.shape().1));
    sides.max().filter(|side| *side > 0).unwrap_or(SIDE).min(SIDE)
}

fn thumbnail(item: &str, picture: &Picture) -> Result<Markup, ReportError> {
    let missing = colour::ink(Theme::Light).missing;
    let png = raster::png(picture.values.view(), picture.range, picture.palette, picture.scale, missing)?;
    let source = format!("data:image/png;base64,{}", STANDARD.encode(png));
    let name = file_name(item);
    Ok(html! { img src=(source) alt={ (picture.label) ", " (name) } title=(name); })
}
