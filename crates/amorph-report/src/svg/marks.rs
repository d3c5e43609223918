use std::fmt::Write;

use amorph_core::figure::{Role, RuleAxis};

use super::Painter;
use super::axes::stroke;
use super::canvas::{Canvas, number, polyline};
use crate::frame::{Frame, Layer, Shape};
use crate::{ReportError, colour};

/// Half the width of the cap of an error bar, px.
const CAP: f64 = 2.5;

impl Painter<'_> {
    /// Draws one layer.
    pub fn layer(&self, canvas: &mut Canvas, frame: &Frame, layer: &Layer) -> Result<(), ReportError> {
        let colour = colour::role(layer.role, self.theme);
        let at = |x: f64, y: f64| [self.x(&frame.x, x), self.y(&frame.y, y)];
        match &layer.shape {
            Shape::Line { x, y, dashed } => {
                let width = if layer.role == Role::Model { 1.9 } else { 1.5 };
                let data = polyline(x.iter().zip(y).map(|(x, y)| at(*x, *y)));
                self.haloed(canvas, &data, colour, width, dashes(layer.role, *dashed));
            }
            Shape::Points { x, y, x_interval, y_interval } => {
                self.error_bars(canvas, frame, layer, (x, y), (x_interval, y_interval));
                self.points(canvas, layer.role, x.iter().zip(y).map(|(x, y)| at(*x, *y)));
            }
            Shape::Band { x, lo, hi } => {
                let style = format!(r#"fill="{colour}" fill-opacity="0.2""#);
                for run in runs(x, lo, hi) {
                    let lower = run.iter().map(|[x, lo, _]| at(*x, *lo));
                    let upper = run.iter().rev().map(|[x, _, hi]| at(*x, *hi));
                    canvas.path(&format!("{}Z", polyline(lower.chain(upper))), &style);
                }
            }
            Shape::Steps { edges, heights } => self.steps(canvas, frame, colour, edges, heights),
            Shape::Image(picture) => self.picture(canvas, frame, picture)?,
            Shape::Outlines(polygons) => {
                let closed = polygons.iter().map(|polygon| polyline(polygon.iter().map(|[x, y]| at(*x, *y))));
                let data: String = closed.filter(|data| !data.is_empty()).map(|data| format!("{data}Z")).collect();
                self.haloed(canvas, &data, colour, 1.1, "");
            }
            Shape::Rule { axis, at } => self.rule(canvas, frame, layer.role, (*axis, *at)),
        }
        Ok(())
    }

    /// A line; on images it has a halo, so that it is seen on any colour.
    fn haloed(&self, canvas: &mut Canvas, data: &str, colour: &str, width: f64, dashes: &str) {
        if self.cell.pictured {
            let halo = format!(r#"{} stroke-opacity="0.75""#, stroke(self.ink.halo, width + 1.4, ""));
            canvas.path(data, &halo);
        }
        canvas.path(data, &stroke(colour, width, dashes));
    }

    fn points(&self, canvas: &mut Canvas, role: Role, points: impl ExactSizeIterator<Item = [f64; 2]>) {
        let (radius, opacity) = match points.len() {
            0..=80 => (3.0, 1.0),
            81..=600 => (2.0, 0.75),
            _ => (1.2, 0.45),
        };
        let visible = points.filter(|[x, y]| x.is_finite() && y.is_finite());
        let data: String = visible.map(|place| marker(role, place, radius)).collect();
        let colour = colour::role(role, self.theme);
        canvas.path(&data, &format!(r#"fill="{colour}" fill-opacity="{opacity}""#));
    }

    fn error_bars(
        &self,
        canvas: &mut Canvas,
        frame: &Frame,
        layer: &Layer,
        (x, y): (&[f64], &[f64]),
        (x_interval, y_interval): (&[[f64; 2]], &[[f64; 2]]),
    ) {
        let mut data = String::new();
        for ((x, y), [lo, hi]) in x.iter().zip(y).zip(y_interval) {
            let (x, lo, hi) = (self.x(&frame.x, *x), self.y(&frame.y, *lo), self.y(&frame.y, *hi));
            if y.is_finite() && [x, lo, hi].iter().all(|place| place.is_finite()) {
                let segments = [[[x, lo], [x, hi]], [[x - CAP, lo], [x + CAP, lo]], [[x - CAP, hi], [x + CAP, hi]]];
                data.extend(segments.map(|segment| polyline(segment.into_iter())));
            }
        }
        for ((x, y), [lo, hi]) in x.iter().zip(y).zip(x_interval) {
            let (y, lo, hi) = (self.y(&frame.y, *y), self.x(&frame.x, *lo), self.x(&frame.x, *hi));
            if x.is_finite() && [y, lo, hi].iter().all(|place| place.is_finite()) {
                let segments = [[[lo, y], [hi, y]], [[lo, y - CAP], [lo, y + CAP]], [[hi, y - CAP], [hi, y + CAP]]];
                data.extend(segments.map(|segment| polyline(segment.into_iter())));
            }
        }
        canvas.path(&data, &stroke(colour::role(layer.role, self.theme), 1.0, ""));
    }

    /// A histogram as a filled staircase from the floor of the panel.
    fn steps(&self, canvas: &mut Canvas, frame: &Frame, colour: &str, edges: &[f64], heights: &[f64]) {
        let plot = self.cell.plot;
        let zero = self.y(&frame.y, 0.0);
        let floor = if zero.is_finite() { zero.clamp(plot.top, plot.bottom()) } else { plot.bottom() };
        let mut data = String::new();
        for (pair, height) in edges.windows(2).zip(heights) {
            let [left, right] = [pair[0], pair[1]].map(|edge| self.x(&frame.x, edge));
            let top = self.y(&frame.y, *height);
            if [left, right, top].iter().all(|place| place.is_finite()) {
                let [left, right, top, floor] = [left, right, top, floor].map(number);
                // Writing to a String cannot fail.
                let _ = write!(data, "M{left} {floor}V{top}H{right}V{floor}Z");
            }
        }
        let style = format!(r#"fill="{colour}" fill-opacity="0.38" stroke="{colour}" stroke-width="0.7""#);
        canvas.path(&data, &style);
    }

    fn rule(&self, canvas: &mut Canvas, frame: &Frame, role: Role, (axis, at): (RuleAxis, f64)) {
        let plot = self.cell.plot;
        let ends = match axis {
            RuleAxis::X => [[self.x(&frame.x, at), plot.top], [self.x(&frame.x, at), plot.bottom()]],
            RuleAxis::Y => [[plot.left, self.y(&frame.y, at)], [plot.right(), self.y(&frame.y, at)]],
        };
        if at.is_finite() {
            let data = polyline(ends.into_iter());
            self.haloed(canvas, &data, colour::role(role, self.theme), 1.2, dashes(role, true));
        }
    }
}

/// Dashes of a line.
pub fn dashes(role: Role, dashed: bool) -> &'static str {
    match (dashed, role) {
        (true, Role::Null) => "2 2.5",
        (true, _) => "5 3",
        (false, _) => "",
    }
}

/// Path data of the marker of a role, about a place: roles and series differ in shape as well as in colour.
pub fn marker(role: Role, [x, y]: [f64; 2], radius: f64) -> String {
    let shape = match role {
        Role::Data | Role::Model => 0,
        Role::Null => 1,
        Role::Reference => 3,
        Role::Highlight => 2,
        Role::Bound => 5,
        Role::Series(number) => number % 5,
    };
    let corners = |corners: &[[f64; 2]]| {
        let place = |[dx, dy]: &[f64; 2]| [x + radius * dx, y + radius * dy];
        format!("{}Z", polyline(corners.iter().map(place)))
    };
    match shape {
        1 => corners(&[[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
        2 => corners(&[[0.0, -1.2], [1.15, 0.85], [-1.15, 0.85]]),
        3 => corners(&[[0.0, -1.35], [1.35, 0.0], [0.0, 1.35], [-1.35, 0.0]]),
        5 => corners(&star()),
        4 => corners(&[[0.0, 1.2], [1.15, -0.85], [-1.15, -0.85]]),
        _ => {
            let [left, middle, r, d] = [x - radius, y, radius, 2.0 * radius].map(number);
            format!("M{left} {middle}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0Z")
        }
    }
}

/// Corners of a star with five points.
fn star() -> [[f64; 2]; 10] {
    std::array::from_fn(|corner| {
        let (angle, reach) = (std::f64::consts::PI * (corner as f64 / 5.0 - 0.5), if corner % 2 == 0 { 1.6 } else { 0.65 });
        [reach * angle.cos(), reach * angle.sin()]
    })
}

/// The stretches over which both lines of a band are finite.
pub fn runs(x: &[f64], lo: &[f64], hi: &[f64]) -> Vec<Vec<[f64; 3]>> {
    let points: Vec<[f64; 3]> = x.iter().zip(lo).zip(hi).map(|((x, lo), hi)| [*x, *lo, *hi]).collect();
    let stretches = points.split(|point| point.iter().any(|value| !value.is_finite()));
    stretches.filter(|run| run.len() > 1).map(<[[f64; 3]]>::to_vec).collect()
}
