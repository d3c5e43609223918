//! A study as one HTML file that opens without a network.
//!
//! Figures are interactive where scripts run, and static pictures in print and where they do not; everything is
//! embedded, nothing is loaded.

mod appendix;
mod beside;
mod estimates;
mod figures;
mod headline;
mod markdown;
mod notes;
mod page;
mod results;
mod tables;
mod thumbnails;
mod words;

use amorph_core::dossier::{Dossier, ResultRecord, Shown};
use amorph_core::figure::Mark;

use crate::ReportError;
use crate::frame::Detail;

/// Pixels that all images of a page may have together: about as many bytes.
const PIXEL_BUDGET: f64 = 4e6;

/// A self-contained page: what was measured, the estimates with their intervals, comparisons, figures, notes,
/// failures, methods, references, the study file and the provenance of every number.
///
/// Figures of several states stand side by side, and maps of one kind have the same colours in all of them. Where a state
/// has several items, one of them stands for its state; small pictures show the maps of all. Results that are
/// [`Shown::InFull`](amorph_core::dossier::Shown) have their figures beside their numbers, too.
///
/// A figure that cannot be drawn is replaced by the reason. Images are reduced by block means to at most 512 pixels
/// a side, less when there are many, and have 255 colours.
///
/// # Errors
/// [`ReportError::Json`] or [`ReportError::Encode`] when data cannot be embedded.
pub fn report(dossier: &Dossier) -> Result<String, ReportError> {
    let mut drawer = figures::Drawer::new(dossier, detail(dossier));
    let body = page::body(dossier, &mut drawer)?;
    Ok(page::document(dossier, &body, drawer.drawn() > 0).into_string())
}

/// Every result of a study: of items, of states, and of comparisons.
fn all_results(dossier: &Dossier) -> impl Iterator<Item = &ResultRecord> {
    dossier.results.iter().chain(&dossier.comparisons)
}

fn detail(dossier: &Dossier) -> Detail {
    let in_full = all_results(dossier).filter(|result| result.shown == Shown::InFull);
    let figures = in_full.flat_map(|result| &result.outcome.figures);
    let marks = figures.flat_map(|figure| &figure.panels).flat_map(|panel| &panel.marks);
    let images = marks.filter(|mark| matches!(mark, Mark::Image { .. })).count();
    let side = (PIXEL_BUDGET / images.max(1) as f64).sqrt();
    Detail { image_side: side.clamp(96.0, 512.0) as usize, points: 4000 }
}
