use amorph_core::data::Map;
use amorph_core::dossier::{Dossier, Shown};
use amorph_core::figure::Figure;
use maud::{Markup, PreEscaped, html};

use super::all_results;
use super::words::script_json;
use crate::frame::{ColourScales, Detail, Frame, beside, frames};
use crate::svg::Heading;
use crate::{ReportError, Theme, plotly, svg};

/// Draws the figures of a page one after the other and numbers them; maps of one kind have the same colours throughout.
pub struct Drawer {
    detail: Detail,
    scales: ColourScales,
    drawn: usize,
}

/// A figure of one state, to stand beside those of others.
pub struct Column<'a> {
    /// The state.
    pub heading: String,
    /// Its figure.
    pub figure: &'a Figure,
    /// The maps of the result that the figure belongs to.
    pub maps: &'a [Map],
}

impl Drawer {
    /// A drawer for the page of a study whose pictures have the given detail.
    pub fn new(dossier: &Dossier, detail: Detail) -> Self {
        let mut scales = ColourScales::default();
        for result in all_results(dossier).filter(|result| result.shown == Shown::InFull) {
            for figure in &result.outcome.figures {
                // A figure that cannot be drawn tells why where it is drawn.
                let drawable = frames(figure, &result.outcome.maps, detail).unwrap_or_default();
                drawable.iter().for_each(|frame| scales.include(frame));
            }
        }
        Self { detail, scales, drawn: 0 }
    }

    /// How many figures there are so far.
    pub fn drawn(&self) -> usize {
        self.drawn
    }

    /// The colours of every kind of map.
    pub fn scales(&self) -> &ColourScales {
        &self.scales
    }

    /// One figure with its buttons and caption, or the reason why it cannot be shown.
    pub fn figure(&mut self, figure: &Figure, maps: &[Map]) -> Result<Markup, ReportError> {
        let caption = html! { (figure.caption) };
        match self.frames(figure, maps) {
            Ok(frames) => self.draw(figure, &frames, None, caption),
            Err(error) => Ok(missing(figure, &error)),
        }
    }

    /// The same figure of several states, side by side.
    pub fn beside(&mut self, columns: &[Column<'_>]) -> Result<Markup, ReportError> {
        let Some(first) = columns.first() else { return Ok(html! {}) };
        let mut drawn = Vec::new();
        for column in columns {
            match self.frames(column.figure, column.maps) {
                Ok(frames) => drawn.push((column.heading.clone(), frames)),
                Err(error) => return Ok(missing(column.figure, &error)),
            }
        }
        self.draw(first.figure, &beside(drawn), Some(columns.len()), captions(columns))
    }

    fn frames(&self, figure: &Figure, maps: &[Map]) -> Result<Vec<Frame>, ReportError> {
        let mut frames = frames(figure, maps, self.detail)?;
        frames.iter_mut().for_each(|frame| self.scales.apply(frame));
        Ok(frames)
    }

    fn draw(
        &mut self,
        figure: &Figure,
        frames: &[Frame],
        columns: Option<usize>,
        caption: Markup,
    ) -> Result<Markup, ReportError> {
        let number = self.drawn + 1;
        let prefix = format!("figure{number}");
        let heading = Heading { title: &figure.title, caption: &figure.caption, prefix: &prefix };
        let picture = match svg::draw(frames, columns, &heading, Theme::Print) {
            Ok(picture) => picture,
            Err(error) => return Ok(missing(figure, &error)),
        };
        self.drawn = number;
        // Rows with names need the width of the page.
        let side_by_side = if frames.iter().any(|frame| !frame.y.categories.is_empty()) { 1 } else { frames.len().min(3) };
        let layout = columns.map_or_else(|| format!("panels-{side_by_side}"), |columns| format!("beside-{columns}"));
        Ok(html! {
            figure.figure id={ "figure-" (number) } {
                div.tools role="group" aria-label={ "Save figure " (number) } {
                    @for (kind, name) in [("svg", "SVG"), ("png", "PNG"), ("csv", "CSV")] {
                        button type="button" data-save=(kind) title={ "Save this figure as " (name) } { (name) }
                    }
                }
                div.still { (PreEscaped(picture)) }
                div.live.(layout) aria-hidden="true" {
                    @for frame in frames {
                        div.panel {
                            div.panel-title { (frame.title) }
                            div.plot {}
                        }
                    }
                }
                figcaption {
                    span.figure-number { "Figure " (number) } " "
                    @if !figure.title.is_empty() { strong { (figure.title) "." } " " }
                    (caption) (reduction(frames))
                }
                script type="application/json" { (PreEscaped(script_json(&plotly::payload(&figure.key, frames, columns)))) }
            }
        })
    }
}

/// What all captions say, then what only some of them say.
fn captions(columns: &[Column<'_>]) -> Markup {
    let sentences =
        |column: &Column<'_>| -> Vec<String> { column.figure.caption.split_inclusive(". ").map(str::to_owned).collect() };
    let all: Vec<Vec<String>> = columns.iter().map(sentences).collect();
    let is_common = |sentence: &&String| all.iter().all(|others| others.iter().any(|other| other.trim() == sentence.trim()));
    let common: String =
        all.iter().take(1).flatten().filter(is_common).map(|sentence| format!("{} ", sentence.trim())).collect();
    let own = |sentences: &[String]| sentences.iter().filter(|sentence| !is_common(sentence)).cloned().collect::<String>();
    html! {
        (common)
        @for (column, sentences) in columns.iter().zip(&all) {
            @let own = own(sentences);
            @if !own.is_empty() { span.faint { (column.heading) ":" } " " (own.trim()) " " }
        }
    }
}

/// Says when pictures have fewer pixels than their maps.
fn reduction(frames: &[Frame]) -> Markup {
    let reduced = |frame: &Frame| {
        frame.pictures().map(|picture| (picture.values.dim(), picture.measured)).find(|(shown, measured)| shown != measured)
    };
    html! {
        @if let Some((shown, measured)) = frames.iter().find_map(reduced) {
            " " span.faint {
                "Maps drawn with " (shown.1) " × " (shown.0) " of their " (measured.1) " × " (measured.0)
                " pixels (block means); the results store and exports hold all."
            }
        }
    }
}

fn missing(figure: &Figure, error: &ReportError) -> Markup {
    html! {
        p.note.refused { strong { "Figure not shown: " (figure.title) ". " } (error) "." }
    }
}
