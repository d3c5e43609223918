use super::Painter;
use super::axes::stroke;
use super::canvas::{Anchor, Canvas, Font};
use super::layout::{LEGEND_LINE, NAME_LENGTH, TICK_SIZE};
use super::marks::{dashes, marker};
use crate::colour;
use crate::fonts::text_width;
use crate::frame::{Layer, Shape};
use crate::typeset::shorten;
use amorph_core::figure::Role;

/// Width of the sample beside a name, px.
const SAMPLE: f64 = 20.0;
/// Space after an entry, px.
const SPACE: f64 = 16.0;

/// One line of a legend.
pub type Row = Vec<Entry>;

/// One entry of a legend.
#[derive(Debug, Clone)]
pub struct Entry {
    name: String,
    role: Role,
    kind: Kind,
    left: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line { dashed: bool },
    Marker,
    Area,
}

/// The named layers, in lines no wider than the plot. A name that occurs twice with the same meaning is listed once.
pub fn rows(layers: &[Layer], width: f64) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut left = 0.0;
    let mut seen: Vec<(&str, Role)> = Vec::new();
    for layer in layers.iter().filter(|layer| !layer.name.is_empty()) {
        let known = (layer.name.as_str(), layer.role);
        if seen.contains(&known) {
            continue;
        }
        seen.push(known);
        let name = shorten(&layer.name, NAME_LENGTH);
        let needed = SAMPLE + 6.0 + text_width(&name, TICK_SIZE);
        if rows.is_empty() || left + needed > width {
            rows.push(Vec::new());
            left = 0.0;
        }
        if let Some(row) = rows.last_mut() {
            row.push(Entry { name, role: layer.role, kind: kind(&layer.shape), left });
        }
        left += needed + SPACE;
    }
    rows
}

fn kind(shape: &Shape) -> Kind {
    match shape {
        Shape::Line { dashed, .. } => Kind::Line { dashed: *dashed },
        Shape::Rule { .. } => Kind::Line { dashed: true },
        Shape::Outlines(_) => Kind::Line { dashed: false },
        Shape::Points { .. } => Kind::Marker,
        Shape::Band { .. } | Shape::Steps { .. } | Shape::Image(_) => Kind::Area,
    }
}

impl Painter<'_> {
    /// Draws the legend below a baseline.
    pub fn legend(&self, canvas: &mut Canvas, top: f64) {
        for (index, row) in self.cell.legend.iter().enumerate() {
            let middle = top + LEGEND_LINE * (index as f64 + 0.5);
            for entry in row {
                self.entry(canvas, entry, middle);
            }
        }
    }

    fn entry(&self, canvas: &mut Canvas, entry: &Entry, middle: f64) {
        let colour = colour::role(entry.role, self.theme);
        let left = self.cell.plot.left + entry.left;
        match entry.kind {
            Kind::Line { dashed } => {
                canvas.line([left, middle], [left + SAMPLE, middle], &stroke(colour, 1.8, dashes(entry.role, dashed)));
            }
            Kind::Marker => canvas.path(&marker(entry.role, [left + 0.5 * SAMPLE, middle], 3.2), &format!(r#"fill="{colour}""#)),
            Kind::Area => canvas.raw(&format!(
                r#"<rect x="{}" y="{}" width="{}" height="9" rx="1" fill="{colour}" fill-opacity="0.35" stroke="{colour}" stroke-width="0.8"/>"#,
                super::canvas::number(left + 2.0),
                super::canvas::number(middle - 4.5),
                SAMPLE - 4.0,
            )),
        }
        let font = Font::new(TICK_SIZE, self.ink.text, Anchor::Start);
        canvas.text([left + SAMPLE + 6.0, middle + 0.35 * TICK_SIZE], &entry.name, font);
    }
}
