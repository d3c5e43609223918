//! A panel ready to be drawn: values in the units people read, ranges decided, maps found and reduced.
//!
//! Both renderers, static and interactive, start here, so that they show the same thing.

mod beside;
mod layer;
mod range;
mod scales;

pub use beside::beside;
pub use layer::{Layer, Picture, Shape};
pub use scales::ColourScales;

use amorph_core::data::Map;
use amorph_core::figure::{Axis, Figure, Mark, Panel, RuleAxis, Scale};
use amorph_core::unit::Unit;

use crate::{ReportError, typeset};

/// How much detail a picture can show.
#[derive(Debug, Clone, Copy)]
pub struct Detail {
    /// Most pixels along a side of an image.
    pub image_side: usize,
    /// Most points of a series.
    pub points: usize,
}

impl Detail {
    /// For a figure in a file of its own.
    pub const FILE: Self = Self { image_side: 1024, points: 20_000 };
}

/// A panel in display units.
#[derive(Debug)]
pub struct Frame {
    /// Heading; may be empty.
    pub title: String,
    /// Horizontal axis.
    pub x: FrameAxis,
    /// Vertical axis.
    pub y: FrameAxis,
    /// Whether both axes have the same length per unit.
    pub equal_aspect: bool,
    /// What is drawn, in order.
    pub layers: Vec<Layer>,
    /// What the reader must know about the drawing.
    pub remarks: Vec<String>,
}

/// An axis in display units.
#[derive(Debug, Clone)]
pub struct FrameAxis {
    /// Label with unit.
    pub label: String,
    /// Symbol of the unit alone.
    pub unit: String,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// What is visible; the lower end is below the upper one, and positive on a logarithmic axis.
    pub range: [f64; 2],
    /// Names of the positions 0, 1, 2 ...; empty unless categorical.
    pub categories: Vec<String>,
    /// Label of a second scale, and how much one of it is in the unit of the axis.
    pub twin: Option<(String, f64)>,
}

impl Frame {
    /// The pictures of the panel.
    pub fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.layers.iter().filter_map(Layer::picture)
    }

    /// The pictures of the panel, to be changed.
    pub fn pictures_mut(&mut self) -> impl Iterator<Item = &mut Picture> {
        self.layers.iter_mut().filter_map(|layer| match &mut layer.shape {
            Shape::Image(picture) => Some(picture),
            _ => None,
        })
    }
}

impl FrameAxis {
    /// Where a value lies along the axis, from 0 to 1 inside; NaN where it has no place.
    pub fn fraction(&self, value: f64) -> f64 {
        crate::raster::fraction(value, self.range, self.scale)
    }
}

/// From SI to the unit of an axis.
#[derive(Clone, Copy)]
pub struct Conversion<'a> {
    unit: &'a Unit,
    scale: Scale,
    plain: bool,
}

impl Conversion<'_> {
    fn value(&self, si: f64) -> f64 {
        let shown = if self.plain || !self.unit.is_known() { si } else { self.unit.convert_si(si) };
        let visible = shown.is_finite() && (self.scale == Scale::Linear || shown > 0.0);
        if visible { shown } else { f64::NAN }
    }

    fn values(&self, si: &[f64]) -> Vec<f64> {
        si.iter().map(|value| self.value(*value)).collect()
    }
}

/// Prepares every panel of a figure.
///
/// # Errors
/// [`ReportError`] when a map is missing or columns differ in length.
pub fn frames(figure: &Figure, maps: &[Map], detail: Detail) -> Result<Vec<Frame>, ReportError> {
    figure.panels.iter().map(|panel| frame(figure, panel, maps, detail)).collect()
}

fn frame(figure: &Figure, panel: &Panel, maps: &[Map], detail: Detail) -> Result<Frame, ReportError> {
    let in_pixels = panel.marks.iter().any(|mark| has_no_extent(mark, maps));
    let conversion = |axis| conversion(axis, in_pixels);
    let builder = layer::Builder { figure, maps, detail, x: conversion(&panel.x), y: conversion(&panel.y) };
    let mut remarks = Vec::new();
    let layers = panel.marks.iter().map(|mark| builder.layer(mark, &mut remarks)).collect::<Result<Vec<_>, _>>()?;
    let shown = |axis: &Axis, which: RuleAxis, conversion: Conversion| FrameAxis {
        label: if in_pixels { typeset::label(&axis.label, &Unit::of("px")) } else { axis_label(axis) },
        unit: if in_pixels { "px".to_owned() } else { typeset::unit(&axis.unit) },
        scale: axis.scale,
        range: range::range(axis, which, conversion, &layers),
        categories: axis.categories.clone(),
        twin: axis
            .twin
            .as_ref()
            .filter(|twin| axis.scale == Scale::Linear && twin.per > 0.0)
            .map(|twin| (twin.label.clone(), axis.unit.convert_si(twin.per))),
    };
    let (x, y) = (shown(&panel.x, RuleAxis::X, builder.x), shown(&panel.y, RuleAxis::Y, builder.y));
    if layers.iter().all(Layer::is_empty) {
        remarks.push("no data to show".to_owned());
    }
    remarks.dedup();
    Ok(Frame { title: panel.title.clone(), x, y, equal_aspect: panel.equal_aspect, layers, remarks })
}

fn conversion(axis: &Axis, in_pixels: bool) -> Conversion<'_> {
    Conversion { unit: &axis.unit, scale: axis.scale, plain: in_pixels || !axis.categories.is_empty() }
}

fn axis_label(axis: &Axis) -> String {
    if axis.categories.is_empty() { typeset::label(&axis.label, &axis.unit) } else { axis.label.clone() }
}

fn has_no_extent(mark: &Mark, maps: &[Map]) -> bool {
    match mark {
        Mark::Image { map, .. } => maps.iter().any(|found| found.quantity == *map && found.extent.is_none()),
        _ => false,
    }
}
