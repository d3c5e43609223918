use crate::fonts::text_width;
use crate::frame::Frame;
use crate::svg::canvas::number;
use crate::svg::legend::{self, Row};
use crate::ticks::{Tick, ticks};

/// Size of tick labels and legends, px.
pub const TICK_SIZE: f64 = 11.0;
/// Size of axis labels, px.
pub const LABEL_SIZE: f64 = 12.0;
/// Size of panel headings, px.
pub const TITLE_SIZE: f64 = 12.5;
/// Length of a tick, px.
pub const TICK_LENGTH: f64 = 4.0;
/// Height of a line of the legend, px.
pub const LEGEND_LINE: f64 = 17.0;
/// Space between the plot and its colour bar, px.
pub const BAR_GAP: f64 = 12.0;
/// Width of a colour bar, px.
pub const BAR_WIDTH: f64 = 11.0;
/// Space around everything, px.
const MARGIN: f64 = 10.0;
/// Space between panels, px.
const GAP: f64 = 22.0;
/// Most panels in a row.
pub const COLUMNS_MAX: usize = 4;
/// Names longer than this are shown with an ellipsis.
pub const NAME_LENGTH: usize = 48;
/// Height of a second scale above the plot, px.
const TWIN_HEIGHT: f64 = TICK_LENGTH + 3.0 + TICK_SIZE + 4.0;
/// Longest name of a category beside the horizontal axis.
const CATEGORY_LENGTH_X: usize = 24;
/// Longest name of a category beside the vertical axis.
const CATEGORY_LENGTH_Y: usize = 44;

/// A rectangle, px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

impl Rect {
    pub fn right(self) -> f64 {
        self.left + self.width
    }

    pub fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// As SVG attributes.
    pub fn attributes(self) -> String {
        let [x, y, width, height] = [self.left, self.top, self.width, self.height].map(number);
        format!(r#"x="{x}" y="{y}" width="{width}" height="{height}""#)
    }
}

/// Where the parts of one panel lie.
#[derive(Debug)]
pub struct Cell {
    /// The area between the axes.
    pub plot: Rect,
    /// Ticks of the horizontal axis.
    pub x_ticks: Vec<Tick>,
    /// Ticks of the vertical axis.
    pub y_ticks: Vec<Tick>,
    /// Ticks of a second horizontal scale above the plot, in the unit of the first.
    pub twin_ticks: Vec<Tick>,
    /// Whether the names of the horizontal axis stand aslant.
    pub slanted: bool,
    /// Lines of the legend.
    pub legend: Vec<Row>,
    /// Ticks of each colour bar, and its width with labels.
    pub bars: Vec<(Vec<Tick>, f64)>,
    /// Whether an image covers the panel.
    pub pictured: bool,
    /// Where the heading starts; the same in a row.
    pub title_top: f64,
    /// Space that the parts beside the plot need: left, right, top, bottom.
    margins: [f64; 4],
}

/// Where the panels of a figure lie.
pub struct Sheet {
    pub width: f64,
    pub height: f64,
    pub cells: Vec<Cell>,
}

impl Sheet {
    /// Rows of `columns` panels; else up to three panels in a row, four two by two.
    pub fn new(frames: &[Frame], columns: Option<usize>) -> Self {
        let columns = columns.map_or_else(|| columns_for(frames.len()), |columns| columns.clamp(1, COLUMNS_MAX));
        let width = [400.0, 330.0, 262.0, 215.0][columns - 1];
        let mut cells: Vec<Cell> = frames.iter().map(|frame| Cell::new(frame, width)).collect();
        let column_width = |column: usize| widest(cells.iter().skip(column).step_by(columns).map(Cell::width));
        let lefts: Vec<f64> = (0..columns)
            .scan(MARGIN, |left, column| {
                let this = *left;
                *left += column_width(column) + GAP;
                Some(this)
            })
            .collect();
        let full_width = (0..columns).map(column_width).sum::<f64>() + GAP * (columns - 1) as f64 + 2.0 * MARGIN;
        let mut top = MARGIN;
        for row in cells.chunks_mut(columns) {
            let [above, below] = [2, 3].map(|side| widest(row.iter().map(|cell| cell.margins[side])));
            let tallest = widest(row.iter().map(|cell| cell.plot.height));
            for (cell, left) in row.iter_mut().zip(&lefts) {
                cell.plot.left = left + cell.margins[0];
                cell.plot.top = top + above;
                cell.title_top = top;
            }
            top += above + tallest + below + GAP;
        }
        let height = if frames.is_empty() { 2.0 * MARGIN } else { top - GAP + MARGIN };
        Self { width: full_width.max(60.0), height, cells }
    }
}

/// Panels in a row where nothing else is asked for.
pub fn columns_for(panels: usize) -> usize {
    match panels {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    }
}

fn widest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

impl Cell {
    fn new(frame: &Frame, width: f64) -> Self {
        let (width, height) = plot_size(frame, width);
        let x_ticks = axis_ticks(&frame.x, (width / 62.0) as usize, CATEGORY_LENGTH_X);
        let y_ticks = axis_ticks(&frame.y, (height / 42.0) as usize, CATEGORY_LENGTH_Y);
        let twin_ticks = twin_ticks(&frame.x, (width / 62.0) as usize);
        let label_width = |tick: &Tick| text_width(&tick.label, TICK_SIZE);
        let needed: f64 = x_ticks.iter().map(|tick| label_width(tick) + 8.0).sum();
        let slanted = !frame.x.categories.is_empty() && needed > width;
        let bars: Vec<(Vec<Tick>, f64)> =
            frame.pictures().filter(|picture| picture.has_bar).map(|picture| colour_bar(picture, height)).collect();
        let legend = legend::rows(&frame.layers, width);
        let axis_title = |label: &str| if label.is_empty() { 0.0 } else { LABEL_SIZE + 7.0 };
        let widest_x = widest(x_ticks.iter().map(label_width));
        let left = TICK_LENGTH + 5.0 + widest(y_ticks.iter().map(label_width)) + axis_title(&frame.y.label);
        let right = bars.iter().map(|(_, width)| width).sum::<f64>().max(if slanted { 4.0 } else { 0.5 * widest_x });
        let heading = if frame.title.is_empty() { 0.0 } else { TITLE_SIZE + 10.0 };
        let twin = if twin_ticks.is_empty() { 0.0 } else { TWIN_HEIGHT };
        let twin_label = frame.x.twin.as_ref().map_or(0.0, |(label, _)| text_width(label, TICK_SIZE) + 12.0);
        let right = right.max(twin_label);
        let top = heading + LEGEND_LINE * legend.len() as f64 + 4.0 + twin;
        let x_labels = if slanted { 0.6 * widest_x + TICK_SIZE } else { TICK_SIZE + 4.0 };
        let remarks = (TICK_SIZE + 4.0) * frame.remarks.len() as f64;
        let bottom = TICK_LENGTH + 3.0 + x_labels + axis_title(&frame.x.label) + remarks;
        // Aslant, the first name reaches to the left of the plot.
        let left = if slanted { left.max(0.8 * widest_x) } else { left.max(12.0) };
        let pictured = frame.pictures().next().is_some();
        let plot = Rect { left: 0.0, top: 0.0, width, height };
        Self {
            plot,
            x_ticks,
            y_ticks,
            twin_ticks,
            slanted,
            legend,
            bars,
            pictured,
            title_top: 0.0,
            margins: [left, right, top, bottom],
        }
    }

    fn width(&self) -> f64 {
        self.margins[0] + self.plot.width + self.margins[1]
    }

    /// Height of the second scale above the plot.
    pub fn twin_height(&self) -> f64 {
        if self.twin_ticks.is_empty() { 0.0 } else { TWIN_HEIGHT }
    }

    /// Bottom of the space below the plot where remarks end.
    pub fn remark_line(&self, index_from_last: usize) -> f64 {
        self.plot.bottom() + self.margins[3] - 3.0 - (TICK_SIZE + 4.0) * index_from_last as f64
    }
}

/// Maps keep their shape as long as it is not extreme.
fn plot_size(frame: &Frame, width: f64) -> (f64, f64) {
    if !frame.equal_aspect {
        return (width, (0.68 * width).max(190.0));
    }
    let span = |[lo, hi]: [f64; 2]| hi - lo;
    let ratio = span(frame.y.range) / span(frame.x.range);
    let ratio = if ratio.is_finite() && ratio > 0.0 { ratio.clamp(0.05, 20.0) } else { 1.0 };
    let side = 0.8 * if width < 250.0 { width } else { width.max(300.0) };
    if ratio > 1.0 { ((side / ratio).max(40.0), side) } else { (side, (side * ratio).max(40.0)) }
}

fn axis_ticks(axis: &crate::frame::FrameAxis, wanted: usize, longest: usize) -> Vec<Tick> {
    if axis.categories.is_empty() {
        return ticks(axis.scale, axis.range, wanted.clamp(3, 7));
    }
    let name = |(index, name): (usize, &String)| Tick { at: index as f64, label: crate::typeset::shorten(name, longest) };
    axis.categories.iter().enumerate().map(name).collect()
}

/// Ticks of the second scale of an axis, placed along the first.
fn twin_ticks(axis: &crate::frame::FrameAxis, wanted: usize) -> Vec<Tick> {
    let Some((_, per)) = axis.twin else { return Vec::new() };
    let own = ticks(axis.scale, axis.range.map(|end| end / per), wanted.clamp(3, 7));
    own.into_iter().map(|tick| Tick { at: tick.at * per, ..tick }).collect()
}

fn colour_bar(picture: &crate::frame::Picture, height: f64) -> (Vec<Tick>, f64) {
    let ticks = ticks(picture.scale, picture.range, ((height / 45.0) as usize).clamp(2, 6));
    let labels = widest(ticks.iter().map(|tick| text_width(&tick.label, TICK_SIZE)));
    let title = if picture.label.is_empty() { 0.0 } else { LABEL_SIZE + 7.0 };
    (ticks, BAR_GAP + BAR_WIDTH + TICK_LENGTH + 3.0 + labels + title)
}
