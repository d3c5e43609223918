use amorph_core::data::Map;
use amorph_core::figure::{ColourAxis, Figure, Mark, Palette, Role, RuleAxis, Scale};
use amorph_core::image::block_means;
use ndarray::Array2;

use super::{Conversion, Detail};
use crate::{ReportError, raster, typeset};

/// One mark in display units. NaN interrupts lines and hides points.
#[derive(Debug)]
pub struct Layer {
    /// Name for the legend; empty for none.
    pub name: String,
    /// Meaning.
    pub role: Role,
    /// Geometry.
    pub shape: Shape,
}

/// Geometry of a [`Layer`].
#[derive(Debug)]
pub enum Shape {
    /// A line.
    Line { x: Vec<f64>, y: Vec<f64>, dashed: bool },
    /// Points; intervals are empty where there are no error bars.
    Points { x: Vec<f64>, y: Vec<f64>, x_interval: Vec<[f64; 2]>, y_interval: Vec<[f64; 2]> },
    /// The area between two lines.
    Band { x: Vec<f64>, lo: Vec<f64>, hi: Vec<f64> },
    /// A histogram: one edge more than heights.
    Steps { edges: Vec<f64>, heights: Vec<f64> },
    /// A map.
    Image(Picture),
    /// Closed outlines.
    Outlines(Vec<Vec<[f64; 2]>>),
    /// A line across the panel.
    Rule { axis: RuleAxis, at: f64 },
}

/// A map with its colours, in display units.
#[derive(Debug)]
pub struct Picture {
    /// The quantity of the map.
    pub quantity: String,
    /// Rows and columns of the map itself.
    pub measured: (usize, usize),
    /// Values, first row at the top; NaN where missing.
    pub values: Array2<f64>,
    /// Left and right edge.
    pub x: [f64; 2],
    /// Bottom and top edge.
    pub y: [f64; 2],
    /// Label of the colour bar, with unit.
    pub label: String,
    /// Symbol of the unit alone.
    pub unit: String,
    /// What the colours span.
    pub range: [f64; 2],
    /// Kind of colour map.
    pub palette: Palette,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// Whether it has a colour bar of its own.
    pub has_bar: bool,
}

impl Picture {
    /// A map in display units with at most `side` pixels along a side, between the edges `x` and `y`.
    pub fn of(map: &Map, colour: &ColourAxis, side: usize, (x, y): ([f64; 2], [f64; 2])) -> Self {
        let convertible = map.unit.is_compatible(&colour.unit);
        let unit = if convertible { &colour.unit } else { &map.unit };
        let shown = |value: f64| if convertible { unit.convert_si(map.unit.to_si(value)) } else { value };
        let mut values = map.values.mapv(shown);
        if let Some(mask) = map.mask.as_ref().filter(|mask| mask.dim() == values.dim()) {
            values.zip_mut_with(mask, |value, masked| {
                if *masked {
                    *value = f64::NAN
                }
            });
        }
        let values = block_means(values.view(), side);
        let stated = colour.range.map(|[lo, hi]| [shown(lo), shown(hi)]).filter(|range| usable(*range, colour.scale));
        let range = stated.unwrap_or_else(|| raster::colour_range(values.view(), colour.palette, colour.scale));
        Self {
            quantity: map.quantity.clone(),
            measured: map.shape(),
            values,
            x,
            y,
            label: typeset::label(&colour.label, unit),
            unit: typeset::unit(unit),
            range,
            palette: colour.palette,
            scale: colour.scale,
            has_bar: true,
        }
    }

    /// Whether it has edges between which it can be drawn.
    pub fn has_place(&self) -> bool {
        [self.x, self.y].iter().all(|[lo, hi]| lo.is_finite() && hi.is_finite() && hi > lo)
    }
}

impl Layer {
    /// The picture, if it is one.
    pub fn picture(&self) -> Option<&Picture> {
        if let Shape::Image(picture) = &self.shape { Some(picture) } else { None }
    }

    /// Whether nothing of it can be seen.
    pub fn is_empty(&self) -> bool {
        let nothing = |x: &[f64], y: &[f64]| !x.iter().zip(y).any(|(x, y)| x.is_finite() && y.is_finite());
        match &self.shape {
            Shape::Line { x, y, .. } | Shape::Points { x, y, .. } => nothing(x, y),
            Shape::Band { x, lo, hi } => nothing(x, lo) || nothing(x, hi),
            Shape::Steps { edges, heights } => nothing(edges, heights),
            Shape::Image(picture) => !picture.values.iter().any(|value| value.is_finite()),
            Shape::Outlines(polygons) => polygons.iter().all(Vec::is_empty),
            Shape::Rule { at, .. } => !at.is_finite(),
        }
    }
}

/// What is needed to turn a mark into a layer.
pub(super) struct Builder<'a> {
    pub figure: &'a Figure,
    pub maps: &'a [Map],
    pub detail: Detail,
    pub x: Conversion<'a>,
    pub y: Conversion<'a>,
}

impl Builder<'_> {
    pub fn layer(&self, mark: &Mark, remarks: &mut Vec<String>) -> Result<Layer, ReportError> {
        let of = |name: &String, role: &Role, shape| Layer { name: name.clone(), role: *role, shape };
        Ok(match mark {
            Mark::Line { name, role, x, y, dashed } => {
                self.same_length(name, "y", y.len(), x.len())?;
                let (x, y) = self.visible(name, x, y, remarks);
                let (x, y) = (self.thin(name, x, remarks), self.thin(name, y, &mut Vec::new()));
                of(name, role, Shape::Line { x, y, dashed: *dashed })
            }
            Mark::Points { name, role, x, y, y_interval, x_interval } => {
                of(name, role, self.points(name, (x, y), (x_interval, y_interval), remarks)?)
            }
            Mark::Band { name, role, x, lo, hi } => {
                self.same_length(name, "the lower line", lo.len(), x.len())?;
                self.same_length(name, "the upper line", hi.len(), x.len())?;
                of(name, role, Shape::Band { x: self.x.values(x), lo: self.y.values(lo), hi: self.y.values(hi) })
            }
            Mark::Bars { name, role, edges, heights } => {
                self.same_length(name, "the edges", edges.len(), heights.len() + 1)?;
                of(name, role, Shape::Steps { edges: self.x.values(edges), heights: self.y.values(heights) })
            }
            Mark::Image { map, colour } => of(&String::new(), &Role::Data, Shape::Image(self.picture(map, colour)?)),
            Mark::Outlines { name, role, polygons } => {
                let vertex = |[x, y]: &[f64; 2]| [self.x.value(*x), self.y.value(*y)];
                let polygons = polygons.iter().map(|polygon| polygon.iter().map(vertex).collect()).collect();
                of(name, role, Shape::Outlines(polygons))
            }
            Mark::Rule { name, role, axis, at } => {
                let conversion = if *axis == RuleAxis::X { self.x } else { self.y };
                of(name, role, Shape::Rule { axis: *axis, at: conversion.value(*at) })
            }
        })
    }

    fn points(
        &self,
        name: &str,
        (x, y): (&[f64], &[f64]),
        (x_interval, y_interval): (&[[f64; 2]], &[[f64; 2]]),
        remarks: &mut Vec<String>,
    ) -> Result<Shape, ReportError> {
        self.same_length(name, "y", y.len(), x.len())?;
        for (what, interval) in [("the horizontal error bars", x_interval), ("the vertical error bars", y_interval)] {
            if !interval.is_empty() {
                self.same_length(name, what, interval.len(), x.len())?;
            }
        }
        let (x, y) = self.visible(name, x, y, remarks);
        let ends = |conversion: Conversion, interval: &[[f64; 2]]| -> Vec<[f64; 2]> {
            interval.iter().map(|[lo, hi]| [conversion.value(*lo), conversion.value(*hi)]).collect()
        };
        let quiet = &mut Vec::new();
        Ok(Shape::Points {
            x: self.thin(name, x, remarks),
            y: self.thin(name, y, quiet),
            x_interval: self.thin(name, ends(self.x, x_interval), quiet),
            y_interval: self.thin(name, ends(self.y, y_interval), quiet),
        })
    }

    fn same_length(&self, mark: &str, what: &'static str, found: usize, expected: usize) -> Result<(), ReportError> {
        if found == expected {
            return Ok(());
        }
        Err(ReportError::UnequalLengths { figure: self.figure.key.clone(), mark: mark.to_owned(), what, found, expected })
    }

    /// Converts, and tells when values cannot stand on a logarithmic axis.
    fn visible(&self, name: &str, x: &[f64], y: &[f64], remarks: &mut Vec<String>) -> (Vec<f64>, Vec<f64>) {
        let (shown_x, shown_y) = (self.x.values(x), self.y.values(y));
        let given = x.iter().zip(y).filter(|(x, y)| x.is_finite() && y.is_finite()).count();
        let shown = shown_x.iter().zip(&shown_y).filter(|(x, y)| x.is_finite() && y.is_finite()).count();
        if shown < given {
            remarks.push(format!(
                "{}{} of {given} values are not positive: no place on a logarithmic axis",
                prefix(name),
                given - shown
            ));
        }
        (shown_x, shown_y)
    }

    /// Every k-th value, so that not too many remain.
    fn thin<T: Copy>(&self, name: &str, values: Vec<T>, remarks: &mut Vec<String>) -> Vec<T> {
        let stride = values.len().div_ceil(self.detail.points.max(1)).max(1);
        if stride == 1 {
            return values;
        }
        remarks.push(format!("{}one in {stride} of {} points is drawn", prefix(name), values.len()));
        values.into_iter().step_by(stride).collect()
    }

    fn picture(&self, wanted: &str, colour: &ColourAxis) -> Result<Picture, ReportError> {
        let map = self.maps.iter().find(|map| map.quantity == wanted).ok_or_else(|| ReportError::MissingMap {
            figure: self.figure.key.clone(),
            wanted: wanted.to_owned(),
            found: self.maps.iter().map(|map| map.quantity.clone()).collect(),
        })?;
        let (rows, columns) = map.shape();
        if rows == 0 || columns == 0 {
            return Err(ReportError::EmptyMap { figure: self.figure.key.clone(), map: wanted.to_owned() });
        }
        let (x, y) = self.edges(map);
        Ok(Picture::of(map, colour, self.detail.image_side, (x, y)))
    }

    /// The edges of a map; in pixels where it has no size.
    fn edges(&self, map: &Map) -> ([f64; 2], [f64; 2]) {
        let (rows, columns) = map.shape();
        let Some(extent) = &map.extent else { return ([0.0, columns as f64], [0.0, rows as f64]) };
        let si = |value: f64| if extent.unit.is_known() { extent.unit.to_si(value) } else { value };
        (extent.x.map(|edge| self.x.value(si(edge))), extent.y.map(|edge| self.y.value(si(edge))))
    }
}

fn usable([lo, hi]: [f64; 2], scale: Scale) -> bool {
    lo.is_finite() && hi.is_finite() && hi > lo && (scale == Scale::Linear || lo > 0.0)
}

fn prefix(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!("{name}: ") }
}
