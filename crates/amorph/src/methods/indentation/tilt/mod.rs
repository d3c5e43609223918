//! `indentation.tilt`: tilt of punch and surface from touch points.

pub mod algorithm;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::IndentationError;
use super::constants::PUNCH_RADIUS;
use crate::core::ctx::Ctx;
use crate::core::data::Table;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::outcome::{Basis, Estimate, Note, Outcome};
use crate::core::stats::{normal_quantile, student_t_quantile};
use crate::core::unit::{Quantity, Unit};
use crate::method::{Dataset, Method, MethodError, MethodInfo, Scope, output};
use algorithm::{Plane, plane, spread};

/// Angle between a flat punch and the film from the heights at which the surface was touched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Tilt {
    /// Columns with the coordinates.
    pub columns: [String; 3],
    /// Standard deviation of a height; from the scatter about the plane where there are more than three points and it is not stated.
    pub height_noise: Option<Quantity>,
}

impl Default for Tilt {
    fn default() -> Self {
        Self { columns: ["x", "y", "z"].map(str::to_owned), height_noise: None }
    }
}

/// What [`Tilt`] works on.
#[derive(Debug, Clone)]
pub struct Input {
    points: [Vec<f64>; 3],
    punch_radius: Option<f64>,
    height_noise: Option<f64>,
}

/// Least area of the triangle over the square of its longest side.
const LEAST_SPREAD: f64 = 0.05;

impl Method for Tilt {
    const INFO: MethodInfo = MethodInfo {
        id: "indentation.tilt",
        family: "indentation",
        version: 1,
        title: "Tilt from touch points",
        summary: "Angle between punch and film from three or more touch points, and what it means across the punch.",
        doc: include_str!("doc.md"),
        technique: "indentation",
        scope: Scope::Item,
        after: &[],
        constants: &[PUNCH_RADIUS.key],
        outputs: &[
            output("tilt_angle", "θ", "deg", "angle between the plane of the touch points and the plane of the coordinates"),
            output("tilt_azimuth", "φ", "deg", "direction of steepest ascent from +x"),
            output("tilt_height_difference", "Δh", "m", "height difference across the punch"),
            output("touch_scatter", "s_z", "m", "scatter of the heights about the plane"),
        ],
        covers: &["L16-33"],
        references: &["Lu et al. (2016)"],
    };

    type Input<'a> = Input;

    fn check(&self, dataset: &Dataset) -> Result<Input, MethodError> {
        let table = dataset.table()?;
        let metre = Unit::of("m");
        let mut points: [Vec<f64>; 3] = Default::default();
        for (column, values) in self.columns.iter().zip(&mut points) {
            let (unit, found) = table.numbers(column)?;
            if unit.is_known() {
                unit.require(&metre)?;
            }
            *values = found.to_vec();
        }
        let finite: Vec<usize> = (0..points[0].len()).filter(|row| points.iter().all(|axis| axis[*row].is_finite())).collect();
        let points = points.map(|axis| finite.iter().map(|row| axis[*row]).collect::<Vec<f64>>());
        if points[0].len() < 3 {
            let (what, found) = ("touch points".to_owned(), points[0].len());
            return Err(IndentationError::TooFewPoints { what, found, needed: 3 }.into());
        }
        let share = spread(&points[0], &points[1]);
        if share.is_nan() || share < LEAST_SPREAD {
            return Err(IndentationError::Collinear { percent: 100.0 * share }.into());
        }
        if let Some(noise) = &self.height_noise {
            noise.unit.require(&metre)?;
        }
        let height_noise = self.height_noise.as_ref().map(|noise| noise.value).filter(|noise| *noise > 0.0);
        Ok(Input { points, punch_radius: dataset.constants.positive(&PUNCH_RADIUS)?.map(|radius| radius.value), height_noise })
    }

    fn run(&self, input: &Input, ctx: &Ctx) -> Result<Outcome, MethodError> {
        ctx.check_cancelled()?;
        let [x, y, z] = &input.points;
        let plane =
            plane(x, y, z).map_err(|error| IndentationError::NotFitted { what: "the plane", reason: error.to_string() })?;
        let mut outcome =
            Outcome { figures: vec![figure(input, &plane)], tables: vec![table(input, &plane)], ..Outcome::default() };
        outcome.estimates = estimates(input, &plane);
        if let Some(radius) = input.punch_radius {
            let height = 2.0 * radius * plane.angle().tan();
            let why = "its error is that of the angle";
            outcome.estimates.push(Estimate::without_interval("tilt_height_difference", "Δh", height, "m", why));
            let text = format!("across the punch the surface rises by {:.1} nm: compare with the depth", 1e9 * height);
            outcome.notes.push(Note::info("height_difference", text));
        }
        Ok(outcome)
    }
}

fn estimates(input: &Input, plane: &Plane) -> Vec<Estimate> {
    let (angle, azimuth) = (plane.angle().to_degrees(), plane.azimuth().to_degrees());
    let known = input.height_noise.map(|noise| (noise, normal_quantile(0.975)));
    let scatter = plane.residual_std.map(|scatter| (scatter, student_t_quantile(0.975, (plane.n - 3) as f64)));
    let mut estimates = Vec::new();
    estimates.push(match known.or(scatter) {
        Some((noise, Ok(quantile))) => {
            let error = plane.angle_std(noise).to_degrees();
            // Below this the error of a length of two components is no longer normal.
            if angle > 4.0 * error {
                let interval = (angle - quantile * error, angle + quantile * error);
                Estimate::with_interval("tilt_angle", "θ", angle, "deg", interval, Basis::Propagated).std_error(error)
            } else {
                let why = "within four standard errors of zero, where the error of an angle is not symmetric";
                Estimate::without_interval("tilt_angle", "θ", angle, "deg", why).std_error(error)
            }
        }
        _ => {
            let why = "three points and no height_noise: nothing tells the error";
            Estimate::without_interval("tilt_angle", "θ", angle, "deg", why)
        }
    });
    let why = "a direction; its error is that of the angle over the angle";
    estimates.push(Estimate::without_interval("tilt_azimuth", "φ", azimuth, "deg", why));
    if let Some(scatter) = plane.residual_std {
        let why = "a scatter, for comparison with height_noise";
        estimates.push(Estimate::without_interval("touch_scatter", "s_z", scatter, "m", why));
    }
    estimates
}

/// Heights less the plane.
fn residuals(input: &Input, plane: &Plane) -> Vec<f64> {
    let [x, y, z] = &input.points;
    let height = |i: usize| z[i] - plane.slope[0] * x[i] - plane.slope[1] * y[i];
    let mean = (0..z.len()).map(height).sum::<f64>() / z.len() as f64;
    (0..z.len()).map(|i| height(i) - mean).collect()
}

fn table(input: &Input, plane: &Plane) -> Table {
    let [x, y, z] = input.points.clone();
    Table::new("touch_points", "Touch points")
        .with_numbers("x", "m", x)
        .with_numbers("y", "m", y)
        .with_numbers("z", "m", z)
        .with_numbers("residual", "m", residuals(input, plane))
}

fn figure(input: &Input, plane: &Plane) -> Figure {
    let [x, y, z] = &input.points;
    let (sin, cos) = plane.azimuth().sin_cos();
    let along: Vec<f64> = x.iter().zip(y).map(|(x, y)| x * cos + y * sin).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (centre, level, slope) = (mean(&along), mean(z), plane.angle().tan());
    let ends = along.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |a: (f64, f64), s| (a.0.min(*s), a.1.max(*s)));
    let line = vec![ends.0, ends.1];
    let heights = line.iter().map(|s| level + slope * (s - centre)).collect();
    let panel =
        Panel::new("", Axis::linear("distance along the slope", Unit::of("um")), Axis::linear("height", Unit::of("nm")))
            .with(Mark::line("plane", Role::Model, line, heights))
            .with(Mark::points("touch points", Role::Data, along.clone(), z.clone()));
    Figure {
        key: "tilt".to_owned(),
        title: "Tilt".to_owned(),
        caption: "Touch points seen along the plane, in the direction of steepest ascent.".to_owned(),
        panels: vec![panel],
    }
}
