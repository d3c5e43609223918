//! Static figures: one SVG with the panels side by side.

mod axes;
mod canvas;
mod colour_bar;
mod layout;
mod legend;
mod marks;
mod sheet;

pub(crate) use marks::runs;
pub use sheet::sheet;

use amorph_core::data::Map;
use amorph_core::figure::Figure;

use crate::frame::{Detail, Frame, frames};
use crate::{ReportError, Theme, colour};
use canvas::Canvas;
use layout::{Cell, Sheet};

/// Font of the text in figures, with what may stand in for it.
const FONT: &str = "Inter, 'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif";

/// A figure as an SVG file: two or three panels in a row, legends above the axes, maps embedded as pixels.
///
/// `outcome_maps` are the maps of the result that the figure belongs to. Panels without data say so.
///
/// # Errors
/// [`ReportError::MissingMap`], [`ReportError::EmptyMap`] and [`ReportError::UnequalLengths`] for a figure that does
/// not fit its data.
pub fn render(figure: &Figure, outcome_maps: &[Map], theme: Theme) -> Result<String, ReportError> {
    let frames = frames(figure, outcome_maps, Detail::FILE)?;
    draw(&frames, None, &Heading { title: &figure.title, caption: &figure.caption, prefix: "amorph" }, theme)
}

/// What an SVG file says about itself.
pub(crate) struct Heading<'a> {
    /// Heading of the figure.
    pub title: &'a str,
    /// Caption of the figure.
    pub caption: &'a str,
    /// Prefix of identifiers; must be unique in a page.
    pub prefix: &'a str,
}

/// Draws panels in rows of `columns`; as suits their number where it is absent.
pub(crate) fn draw(
    frames: &[Frame],
    columns: Option<usize>,
    heading: &Heading<'_>,
    theme: Theme,
) -> Result<String, ReportError> {
    let sheet = Sheet::new(frames, columns);
    let ink = colour::ink(theme);
    let mut canvas = Canvas::default();
    let (width, height) = (sheet.width, sheet.height);
    canvas.raw(&format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" font-family="{FONT}" font-size="{size}" fill="{text}" role="img">"#,
        w = canvas::number(width),
        h = canvas::number(height),
        size = layout::TICK_SIZE,
        text = ink.text,
    ));
    canvas.element("title", heading.title);
    canvas.element("desc", heading.caption);
    if let Some(ground) = ink.ground {
        canvas.raw(&format!(r#"<rect width="100%" height="100%" fill="{ground}"/>"#));
    }
    for (index, (frame, cell)) in frames.iter().zip(&sheet.cells).enumerate() {
        let painter = Painter { theme, ink: colour::ink(theme), cell, clip: format!("{}-clip{index}", heading.prefix) };
        painter.panel(&mut canvas, frame)?;
    }
    canvas.raw("</svg>");
    Ok(canvas.finish())
}

/// Draws one panel.
struct Painter<'a> {
    theme: Theme,
    ink: colour::Ink,
    cell: &'a Cell,
    clip: String,
}

impl Painter<'_> {
    fn panel(&self, canvas: &mut Canvas, frame: &Frame) -> Result<(), ReportError> {
        let plot = self.cell.plot;
        canvas.raw(&format!(r#"<clipPath id="{}"><rect {}/></clipPath>"#, self.clip, plot.attributes()));
        if !self.cell.pictured {
            self.grid(canvas, frame);
        }
        canvas.raw(&format!(r#"<g clip-path="url(#{})">"#, self.clip));
        for layer in &frame.layers {
            self.layer(canvas, frame, layer)?;
        }
        canvas.raw("</g>");
        self.axes(canvas, frame);
        self.colour_bars(canvas, frame)?;
        self.heading(canvas, frame);
        Ok(())
    }
}
