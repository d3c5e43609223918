use amorph_core::data::Map;
use amorph_core::figure::Figure;
use maud::{Markup, PreEscaped, html};

use super::words::script_json;
use crate::frame::Detail;
use crate::{ReportError, Theme, plotly, svg};

/// Draws the figures of a page one after the other and numbers them.
pub struct Drawer {
    detail: Detail,
    drawn: usize,
}

impl Drawer {
    /// A drawer for a page whose pictures have the given detail.
    pub fn new(detail: Detail) -> Self {
        Self { detail, drawn: 0 }
    }

    /// How many figures there are so far.
    pub fn drawn(&self) -> usize {
        self.drawn
    }

    /// One figure with its buttons and caption, or the reason why it cannot be shown.
    pub fn figure(&mut self, figure: &Figure, maps: &[Map]) -> Result<Markup, ReportError> {
        let number = self.drawn + 1;
        let picture = svg::render_as(figure, maps, Theme::Print, self.detail, &format!("figure{number}"));
        let (picture, payload) = match (picture, plotly::payload(figure, maps, self.detail)) {
            (Ok(picture), Ok(payload)) => (picture, payload),
            (Err(error), _) | (_, Err(error)) => return Ok(missing(figure, &error)),
        };
        self.drawn = number;
        let panels = figure.panels.len();
        Ok(html! {
            figure.figure id={ "figure-" (number) } {
                div.tools role="group" aria-label={ "Save figure " (number) } {
                    @for (kind, name) in [("svg", "SVG"), ("png", "PNG"), ("csv", "CSV")] {
                        button type="button" data-save=(kind) title={ "Save this figure as " (name) } { (name) }
                    }
                }
                div.still { (PreEscaped(picture)) }
                div.live.{ "panels-" (panels.min(3)) } aria-hidden="true" {
                    @for panel in &figure.panels {
                        div.panel {
                            div.panel-title { (panel.title) }
                            div.plot {}
                        }
                    }
                }
                figcaption {
                    span.figure-number { "Figure " (number) } " "
                    @if !figure.title.is_empty() { strong { (figure.title) "." } " " }
                    (figure.caption)
                }
                script type="application/json" { (PreEscaped(script_json(&payload))) }
            }
        })
    }
}

fn missing(figure: &Figure, error: &ReportError) -> Markup {
    html! {
        p.note.refused { strong { "Figure not shown: " (figure.title) ". " } (error) "." }
    }
}
