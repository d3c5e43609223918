//! Figure specifications: what to draw, never how.
//!
//! A method says which lines, points, bands, bars and images belong together and what their axes mean; the report
//! decides on fonts, colours and file formats. Values are SI, angles in rad; each axis names the unit to show them in.

use serde::{Deserialize, Serialize};

use crate::unit::Unit;

/// One figure: one or more panels with a caption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Stable name, for instance `structure_function`.
    pub key: String,
    /// Heading.
    pub title: String,
    /// What is seen and what follows from it, in one or two sentences.
    pub caption: String,
    /// The panels, from left to right.
    pub panels: Vec<Panel>,
}

/// One pair of axes with what is drawn on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Panel {
    /// Heading of the panel; may be empty.
    pub title: String,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// Whether one unit of x is as long as one unit of y (maps).
    pub equal_aspect: bool,
    /// What is drawn, in order.
    pub marks: Vec<Mark>,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// What it measures, for instance `distance`.
    pub label: String,
    /// Unit to show the SI values in.
    pub unit: Unit,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// Range in SI; from the data where absent.
    pub range: Option<[f64; 2]>,
    /// Names of the positions 0, 1, 2 ... on a categorical axis; empty otherwise.
    pub categories: Vec<String>,
    /// The same values in another unit, along the opposite side; for linear horizontal axes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twin: Option<Twin>,
}

/// A second scale of an axis, in a unit of its own making.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Twin {
    /// What it counts, for instance `R Tg`.
    pub label: String,
    /// One of it in SI.
    #[serde(with = "crate::serde_float::scalar")]
    pub per: f64,
}

/// Scale of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Linear.
    Linear,
    /// Logarithmic, base 10.
    Log,
}

/// The meaning of a mark; the report chooses its colour by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Measured values.
    Data,
    /// A fitted or theoretical model.
    Model,
    /// A null model.
    Null,
    /// Literature or a known truth.
    Reference,
    /// Something to be noticed: a threshold, selected regions.
    Highlight,
    /// A limit: the value lies above or below.
    Bound,
    /// One of several series of equal standing (states, samples), by number.
    Series(u16),
}

/// Something drawn in a panel. Coordinates are SI.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum Mark {
    /// A line through points.
    Line {
        /// Name for the legend; empty for none.
        name: String,
        /// Meaning.
        role: Role,
        /// Horizontal positions.
        #[serde(with = "crate::serde_float::vector")]
        x: Vec<f64>,
        /// Vertical positions; NaN interrupts the line.
        #[serde(with = "crate::serde_float::vector")]
        y: Vec<f64>,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// Points, with error bars where given.
    Points {
        /// Name for the legend; empty for none.
        name: String,
        /// Meaning.
        role: Role,
        /// Horizontal positions.
        #[serde(with = "crate::serde_float::vector")]
        x: Vec<f64>,
        /// Vertical positions.
        #[serde(with = "crate::serde_float::vector")]
        y: Vec<f64>,
        /// Lower and upper ends of vertical error bars; empty for none.
        #[serde(with = "crate::serde_float::pairs")]
        y_interval: Vec<[f64; 2]>,
        /// Lower and upper ends of horizontal error bars; empty for none.
        #[serde(with = "crate::serde_float::pairs")]
        x_interval: Vec<[f64; 2]>,
    },
    /// The area between two lines.
    Band {
        /// Name for the legend; empty for none.
        name: String,
        /// Meaning.
        role: Role,
        /// Horizontal positions.
        #[serde(with = "crate::serde_float::vector")]
        x: Vec<f64>,
        /// Lower line.
        #[serde(with = "crate::serde_float::vector")]
        lo: Vec<f64>,
        /// Upper line.
        #[serde(with = "crate::serde_float::vector")]
        hi: Vec<f64>,
    },
    /// Bars between edges: a histogram.
    Bars {
        /// Name for the legend; empty for none.
        name: String,
        /// Meaning.
        role: Role,
        /// Edges, one more than heights.
        #[serde(with = "crate::serde_float::vector")]
        edges: Vec<f64>,
        /// Heights.
        #[serde(with = "crate::serde_float::vector")]
        heights: Vec<f64>,
    },
    /// A map of the same outcome, by its quantity.
    Image {
        /// `quantity` of the map.
        map: String,
        /// What the colours mean.
        colour: ColourAxis,
    },
    /// Closed outlines, for instance of regions.
    Outlines {
        /// Name for the legend; empty for none.
        name: String,
        /// Meaning.
        role: Role,
        /// Polygons of (x, y).
        polygons: Vec<Vec<[f64; 2]>>,
    },
    /// A straight line across the panel at a value of x or y.
    Rule {
        /// Name for the legend; empty for none.
        name: String,
        /// Meaning.
        role: Role,
        /// Which axis `at` is on.
        axis: RuleAxis,
        /// Position.
        #[serde(with = "crate::serde_float::scalar")]
        at: f64,
    },
}

/// Which axis a rule crosses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleAxis {
    /// A vertical line at a value of x.
    X,
    /// A horizontal line at a value of y.
    Y,
}

/// Colour bar of an image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColourAxis {
    /// What is shown.
    pub label: String,
    /// Unit to show the values in.
    pub unit: Unit,
    /// Range in the unit of the map; 0.5 to 99.5 % of the values where absent.
    pub range: Option<[f64; 2]>,
    /// Kind of colour map.
    pub palette: Palette,
    /// Linear or logarithmic.
    pub scale: Scale,
}

/// Kind of colour map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Palette {
    /// Dark to bright, for magnitudes.
    Sequential,
    /// Two hues from a neutral centre, for signed values.
    Diverging,
    /// Browns, for topography.
    Topography,
    /// Cyclic, for angles.
    Cyclic,
}

impl Axis {
    /// A linear axis.
    pub fn linear(label: &str, unit: Unit) -> Self {
        Self { label: label.to_owned(), unit, scale: Scale::Linear, range: None, categories: Vec::new(), twin: None }
    }

    /// A logarithmic axis.
    pub fn log(label: &str, unit: Unit) -> Self {
        Self { scale: Scale::Log, ..Self::linear(label, unit) }
    }

    /// A categorical axis: positions 0, 1, 2 ... carry names.
    pub fn categories(label: &str, categories: Vec<String>) -> Self {
        Self { categories, ..Self::linear(label, Unit::one()) }
    }

    /// Restricts the axis to a range in SI.
    #[must_use]
    pub fn within(mut self, lo: f64, hi: f64) -> Self {
        self.range = Some([lo, hi]);
        self
    }
}

impl Panel {
    /// An empty panel.
    pub fn new(title: &str, x: Axis, y: Axis) -> Self {
        Self { title: title.to_owned(), x, y, equal_aspect: false, marks: Vec::new() }
    }

    /// A panel for maps: equal aspect.
    pub fn map(title: &str, x: Axis, y: Axis) -> Self {
        Self { equal_aspect: true, ..Self::new(title, x, y) }
    }

    /// Adds a mark.
    #[must_use]
    pub fn with(mut self, mark: Mark) -> Self {
        self.marks.push(mark);
        self
    }
}

impl Mark {
    /// A solid line.
    pub fn line(name: &str, role: Role, x: Vec<f64>, y: Vec<f64>) -> Self {
        Self::Line { name: name.to_owned(), role, x, y, dashed: false }
    }

    /// Points without error bars.
    pub fn points(name: &str, role: Role, x: Vec<f64>, y: Vec<f64>) -> Self {
        Self::Points { name: name.to_owned(), role, x, y, y_interval: Vec::new(), x_interval: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_gap_survives_json() {
        let line = Mark::line("gap", Role::Data, vec![0.0, 1.0, 2.0], vec![1.0, f64::NAN, 3.0]);
        let json = serde_json::to_string(&line).unwrap();
        let Mark::Line { y, .. } = serde_json::from_str(&json).unwrap() else { panic!("{json}") };
        assert!(y[0] == 1.0 && y[1].is_nan() && y[2] == 3.0);
    }
}
