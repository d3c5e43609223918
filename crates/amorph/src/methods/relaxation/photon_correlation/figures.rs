use super::Input;
use super::input::Errors;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::relaxation::decay::Decay;

pub(super) fn all(input: &Input, decay: &Decay) -> Vec<Figure> {
    let readings = &input.readings;
    let time = || Axis::log("delay", Unit::of("s"));
    let (first, last) = (readings.times[0].ln(), readings.times[readings.times.len() - 1].ln());
    let grid: Vec<f64> = (0..=200).map(|i| (first + (last - first) * f64::from(i) / 200.0).exp()).collect();
    let line = grid.iter().map(|t| decay.at(*t)).collect();
    let errors = |middle: &[f64]| match input.errors {
        Errors::Scatter => Vec::new(),
        _ => middle.iter().zip(&readings.errors).map(|(y, error)| [y - error, y + error]).collect::<Vec<[f64; 2]>>(),
    };
    let points = |name: &str, y: Vec<f64>| Mark::Points {
        name: name.to_owned(),
        role: Role::Data,
        x: readings.times.clone(),
        y_interval: errors(&y),
        x_interval: Vec::new(),
        y,
    };
    let left = readings.times.iter().zip(&readings.values).map(|(t, value)| value - decay.at(*t)).collect();
    let panel = Panel::new("", time(), Axis::linear("g2 - 1", Unit::one()))
        .with(points("readings", readings.values.clone()))
        .with(Mark::line("A exp(-2 (t/τ)^b)", Role::Model, grid, line));
    let residual = Panel::new("", time(), Axis::linear("residual", Unit::one())).with(points("", left)).with(Mark::Rule {
        name: String::new(),
        role: Role::Null,
        axis: RuleAxis::Y,
        at: 0.0,
    });
    vec![Figure {
        key: "correlation".to_owned(),
        title: "Intensity correlation".to_owned(),
        caption: "Intensity correlation of speckles over the delay with its standard errors, the decay through it, and what that leaves.".to_owned(),
        panels: vec![panel, residual],
    }]
}
