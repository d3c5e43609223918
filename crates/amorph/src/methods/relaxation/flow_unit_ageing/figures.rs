use super::Input;
use super::algorithm::Ageing;
use crate::core::figure::{Axis, Figure, Mark, Panel, Role, RuleAxis};
use crate::core::unit::Unit;
use crate::methods::relaxation::decay::Decay;

/// Points of a line.
const POINTS: u32 = 240;

pub(super) fn all(input: &Input, ageing: &Ageing, stretched: Option<&Decay>) -> Vec<Figure> {
    let series = &input.series;
    let unit = || input.unit.preferred(input.scale);
    let time = || Axis::log("ageing time", Unit::of("s"));
    // A reading at the start has no place on a logarithmic axis: it stands a little before the first.
    let first = series.times.iter().copied().find(|t| *t > 0.0).unwrap_or(1.0);
    let shown: Vec<f64> = series.times.iter().map(|t| if *t > 0.0 { *t } else { 0.5 * first }).collect();
    let last = shown[shown.len() - 1].ln();
    let begin = shown[0].ln();
    let grid: Vec<f64> = (0..=POINTS).map(|i| (begin + (last - begin) * f64::from(i) / f64::from(POINTS)).exp()).collect();
    let line = |model: &dyn Fn(f64) -> f64| grid.iter().map(|t| model(*t) * input.scale).collect::<Vec<f64>>();
    let interval = |values: &[f64]| -> Vec<[f64; 2]> {
        let Some(errors) = &series.errors else { return Vec::new() };
        values.iter().zip(errors).map(|(y, error)| [y - error * input.scale, y + error * input.scale]).collect()
    };
    let points = |name: &str, y: Vec<f64>| Mark::Points {
        name: name.to_owned(),
        role: Role::Data,
        x: shown.clone(),
        y_interval: interval(&y),
        x_interval: Vec::new(),
        y,
    };
    let measured = series.values.iter().map(|value| value * input.scale).collect();
    let left = series.times.iter().zip(&series.values).map(|(t, value)| (value - ageing.at(*t)) * input.scale).collect();
    let mut property = Panel::new("", time(), Axis::linear("property", unit()))
        .with(points("readings", measured))
        .with(Mark::line("flow units", Role::Model, grid.clone(), line(&|t| ageing.at(t))));
    if let Some(law) = stretched {
        property.marks.push(Mark::Line {
            name: "stretched exponential".to_owned(),
            role: Role::Series(2),
            x: grid.clone(),
            y: line(&|t| law.at(t)),
            dashed: true,
        });
    }
    let concentration = Panel::new("", time(), Axis::log("concentration of flow units", Unit::one())).with(Mark::line(
        "",
        Role::Model,
        grid.clone(),
        grid.iter().map(|t| ageing.concentration(*t)).collect(),
    ));
    let residual = Panel::new("", time(), Axis::linear("residual", unit())).with(points("", left)).with(Mark::Rule {
        name: String::new(),
        role: Role::Null,
        axis: RuleAxis::Y,
        at: 0.0,
    });
    vec![Figure {
        key: "ageing".to_owned(),
        title: "Ageing by annihilation of flow units".to_owned(),
        caption: "The property over ageing time with the law of flow units and a stretched exponential, what the first leaves, and the concentration of flow units that it tells. \
                  A reading at the start stands before the first later one."
            .to_owned(),
        panels: vec![property, residual, concentration],
    }]
}
