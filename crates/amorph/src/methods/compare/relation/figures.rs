use super::Input;
use super::algorithm::{Line, Point};
use super::input;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role};
use crate::core::stats::NORMAL_95;

/// Points of the line.
const POINTS: u32 = 80;

/// The states with their errors, the line through them and its band.
pub(super) fn relation(input: &Input, line: Option<&Line>) -> Figure {
    let drawn = |axis: &input::Axis| {
        let unit = axis.unit.clone();
        if axis.logarithmic { Axis::log(&axis.name(), unit) } else { Axis::linear(&axis.name(), unit) }
    };
    let value = |axis: &input::Axis, value: f64| if axis.logarithmic { 10f64.powf(value) } else { value };
    let interval = |axis: &input::Axis, of: f64, error: f64| {
        let half = if error.is_finite() { NORMAL_95 * error } else { 0.0 };
        [value(axis, of - half), value(axis, of + half)]
    };
    let column = |of: &dyn Fn(&Point) -> f64| input.points.iter().map(of).collect::<Vec<f64>>();
    let ends = |of: &dyn Fn(&Point) -> [f64; 2]| input.points.iter().map(of).collect::<Vec<[f64; 2]>>();
    let mut panel = Panel::new("", drawn(&input.x), drawn(&input.y));
    if let Some(line) = line {
        let (lo, hi) = input.points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), p| (p.x.min(lo), p.x.max(hi)));
        let grid: Vec<f64> = (0..=POINTS).map(|i| lo + (hi - lo) * f64::from(i) / f64::from(POINTS)).collect();
        let x: Vec<f64> = grid.iter().map(|x| value(&input.x, *x)).collect();
        let of = |side: f64| -> Vec<f64> {
            let at = |x: &f64| {
                let (middle, half) = line.at(*x);
                value(&input.y, middle + side * half)
            };
            grid.iter().map(at).collect()
        };
        panel.marks.push(Mark::Band { name: "95 %".to_owned(), role: Role::Model, x: x.clone(), lo: of(-1.0), hi: of(1.0) });
        panel.marks.push(Mark::line("straight line", Role::Model, x, of(0.0)));
    }
    panel.marks.push(Mark::Points {
        name: "states".to_owned(),
        role: Role::Data,
        x: column(&|point| value(&input.x, point.x)),
        y: column(&|point| value(&input.y, point.y)),
        x_interval: ends(&|point| interval(&input.x, point.x, point.x_error)),
        y_interval: ends(&|point| interval(&input.y, point.y, point.y_error)),
    });
    let states = input.points.iter().map(|point| point.state.as_str()).collect::<Vec<&str>>().join(", ");
    Figure {
        key: "relation".to_owned(),
        title: format!("{} over {}", input.y.name(), input.x.name()),
        caption: format!(
            "The states {states} with 95 % bars (between sites, or of the estimate), the straight line by least squares and its 95 % band."
        ),
        panels: vec![panel],
    }
}
